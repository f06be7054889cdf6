// Operators: arithmetic with reflected methods, comparisons, boolean and unary operators. ref: data model 3.3.8
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "analyzer/semantic/flow/condition.h"
#include "checker/infer/infer.h"
#include "checker/infer/partial_types.h"
#include "checker/infer/redundant.h"

namespace krait::infer {

using syntax::BinaryOp;
using syntax::CompareOperator;

static TypeId any(Checker& c, AnyKind kind = AnyKind::kFromError) { return c.w.types.any(kind); }

static const char* methodOf(BinaryOp op) {
  static constexpr const char* kMethods[] = {"add", "sub", "mul", "matmul", "truediv", "mod", "pow", "lshift", "rshift", "or", "xor", "and", "floordiv"};
  return kMethods[static_cast<size_t>(op)];
}

std::string inplaceMethod(BinaryOp op) { return std::string("__i") + methodOf(op) + "__"; }

static bool reportUnsupported(Checker& c, const std::string& op, TypeId left, TypeId right, NodeId node) {
  World& w = c.w;
  if (isDynamic(c)) return false;
  auto texts = formatTwo(w, left, right);
  fail(c, node, Code::kOperator, "Unsupported operand types for " + op + " (" + texts.first + " and " + texts.second + ")");
  return true;
}

namespace {
// A call of one operator method, made silently.
struct Attempt {
  bool is_found = false;  // there is such a method
  bool fits = false;
  TypeId result;          // also where the argument does not fit
  std::vector<Message> messages;
};
}  // namespace

// type[Any]: nobody knows what its metaclass has.
static bool isUnknownClass(World& w, TypeId type) {
  return w.types.is(type, TypeKind::kTypeType) && !w.types.isTypeForm(type) && w.types.is(proper(w, w.types[type].items[0]), TypeKind::kAny);
}

static Attempt tryMethod(Checker& c, NameId method, TypeId base, TypeId arg, NodeId arg_node, NodeId node, TypeId context) {
  World& w = c.w;
  Attempt attempt;
  TypeId plain = proper(w, base);
  TypeId instance = w.types.is(plain, TypeKind::kInstance) ? plain : fallbackOf(w, plain);
  bool is_class = w.types.is(plain, TypeKind::kTypeType) || (w.types.is(plain, TypeKind::kCallable) && w.types.callable(plain).isTypeObject());
  if (is_class) instance = fallbackOf(w, plain);
  if (!w.types.is(instance, TypeKind::kInstance)) return attempt;
  if (!findMember(w, w.types[instance].cls(), method).found()) {
    attempt.is_found = attempt.fits = w.classes[w.types[instance].cls()].has(kClassFallbackToAny) || isUnknownClass(w, plain);
    if (attempt.fits) attempt.result = any(c, AnyKind::kSpecialForm);
    return attempt;
  }
  attempt.is_found = true;
  Watch watch = startWatch(c);
  int was = c.silent;
  c.silent = 0;
  AttributeSite attribute;
  attribute.node = node;
  attribute.name = method;
  attribute.original = base;
  attribute.self_type = base;
  attribute.is_operator = true;
  TypeId type = is_class ? findMemberType(w, method, instance, plain) : attributeType(c, base, attribute);
  if (w.types.is(plain, TypeKind::kTypedDict)) type = typedDictCallee(c, plain, method, type, arg_node, arg);
  CallSite site;
  site.node = node;
  site.object_type = base;
  site.args.push_back({arg_node, ArgKind::kPos, NameId::none(), arg});
  attempt.result = checkCall(c, type, site, context).ret;
  attempt.fits = !hasNewErrors(c, watch);
  c.silent = was;
  std::vector<Message> taken = takeBack(c, watch);
  if (!attempt.fits) {
    attempt.messages = std::move(taken);
  } else if (was == 0) {
    putBack(c, std::move(taken));
  }
  return attempt;
}

static bool isSubInstance(World& w, TypeId right, TypeId left) {
  right = proper(w, right);
  left = proper(w, left);
  if (!w.types.is(right, TypeKind::kInstance) || !w.types.is(left, TypeKind::kInstance)) return false;
  return w.types[right].cls() != w.types[left].cls() && isSubclass(w, w.types[right].cls(), w.types[left].cls());
}

namespace {
struct Operator {
  std::string text;       // "+"
  NameId method, reverse;
  NodeId left_node, right_node, node;
  TypeId context;
  bool is_comparison = false;  // reflected by its counterpart, also between operands of one type
  NodeId place;                // the right operand: what the left one's method says of it is said there
};
struct Outcome {
  TypeId type;
  bool fits = true;
  std::vector<Message> messages;  // what to say where the operands do not fit
};
}  // namespace

// Would the operand have the method if it were awaited? ref: mypy checkmember.may_be_awaitable_attribute
static void operandAwaitNote(Checker& c, TypeId operand, NameId method, NodeId node) {
  World& w = c.w;
  TypeId plain = proper(w, operand);
  ClassId awaitable = lookupClass(w, "typing", "Awaitable");
  if (!awaitable.valid() || !w.types.is(plain, TypeKind::kInstance) || !isSubclass(w, w.types[plain].cls(), awaitable)) return;
  TypeId mapped = mapToSupertype(w, plain, awaitable);
  bool has_method = w.types[mapped].count == 1 && hasMember(c, w.types[mapped].items[0], method);
  if (has_method) note(c, node, Code::kOperator, "Maybe you forgot to use \"await\"?");
}

// One pair of operand types, the left one no union: the left operand's method, then the reflected one of the right
// operand. Where only one of them exists its result counts even if it does not fit. ref: mypy check_op_reversible
// What the left operand's method does not take is said at the right operand.
static void sayAtOperand(Checker& c, std::vector<Message>& messages, NodeId operation, NodeId operand) {
  for (Message& message : messages) {
    bool is_own = operand.valid() && (message.code == Code::kOperator || message.code == Code::kArgType) && message.range == c.ast->range(operation);
    if (is_own) message.range = c.ast->range(operand);
  }
}

static Outcome operatePair(Checker& c, const Operator& op, TypeId left, TypeId right, NodeId right_node, NodeId place) {
  World& w = c.w;
  Outcome outcome;
  TypeId pl = proper(w, left), pr = proper(w, right);
  if (w.types.is(pl, TypeKind::kAny) || w.types.is(pr, TypeKind::kAny)) {
    outcome.type = any(c, AnyKind::kFromAnotherAny);
    return outcome;
  }
  if (w.types.is(pl, TypeKind::kNever) || w.types.is(pr, TypeKind::kNever)) {
    outcome.type = w.types.never();
    return outcome;
  }
  bool reversed_first = isSubInstance(w, right, left) || (isNativeInt(w, pr) && isNamed(w, pl, "builtins.int"));
  if (reversed_first) {
    FoundMember own = findMember(w, w.types[pr].cls(), op.reverse);
    FoundMember base = findMember(w, w.types[pl].cls(), op.reverse);
    reversed_first = own.found() && own.symbol != base.symbol;
  }
  bool same = !op.is_comparison && isSameType(w, removeLastKnownValues(w, left), removeLastKnownValues(w, right));
  Attempt forward, backward;
  auto tryBackward = [&] { backward = tryMethod(c, op.reverse, right, left, NodeId::none(), op.node, op.context); };
  if (reversed_first) tryBackward();
  if (!backward.fits) forward = tryMethod(c, op.method, left, right, right_node, op.node, op.context);
  if (!forward.fits && !reversed_first && !same) tryBackward();
  for (const Attempt* attempt : {&forward, &backward}) {
    if (!attempt->fits) continue;
    outcome.type = attempt->result;
    return outcome;
  }
  outcome.fits = false;
  bool both = forward.is_found && backward.is_found;
  bool is_unknown = both || (!forward.is_found && follows(*c.options, Divergence::kFailedOperators));
  outcome.type = is_unknown || !(forward.is_found || backward.is_found) ? any(c) : forward.is_found ? forward.result : backward.result;
  Watch watch = startWatch(c);
  int was = c.silent;
  c.silent = 0;
  if (!forward.is_found && !backward.is_found) {
    fail(c, op.node, Code::kOperator, "Unsupported left operand type for " + op.text + " (" + formatType(w, left) + ")");
    operandAwaitNote(c, left, op.method, op.node);
  } else if (forward.is_found && !forward.messages.empty()) {
    sayAtOperand(c, forward.messages, op.node, place);
    putBack(c, std::move(forward.messages));
  } else if (op.is_comparison && backward.is_found && !backward.messages.empty()) {
    putBack(c, std::move(backward.messages));  // `None < 1` asks 1 > None
    if (!forward.is_found) operandAwaitNote(c, left, op.method, op.node);
  } else {
    reportUnsupported(c, op.text, left, right, op.node);
    if (!forward.is_found) operandAwaitNote(c, left, op.method, op.node);
  }
  c.silent = was;
  outcome.messages = takeBack(c, watch);
  return outcome;
}

static bool hasMethod(Checker& c, TypeId type, NameId method) {
  World& w = c.w;
  type = proper(w, type);
  TypeId instance = w.types.is(type, TypeKind::kInstance) ? type : fallbackOf(w, type);
  return w.types.is(instance, TypeKind::kInstance) && (isUnknownClass(w, type) || findMember(w, w.types[instance].cls(), method).found() || w.classes[w.types[instance].cls()].has(kClassFallbackToAny));
}

// First with the whole right side, then member by member of both. ref: mypy checkexpr.check_op
static TypeId operate(Checker& c, const Operator& op, TypeId left, TypeId right) {
  World& w = c.w;
  // Of a lambda's parameters nothing may be known yet.
  if (w.types.is(left, TypeKind::kErased) || w.types.is(right, TypeKind::kErased)) return any(c);
  if (follows(*c.options, Divergence::kRedefinition)) {
    // Which values they have is no question of their classes' methods.
    left = withoutKnownValues(w, left);
    right = withoutKnownValues(w, right);
  }
  std::vector<TypeId> lefts = unionItems(w, left);
  if (w.types.is(proper(w, left), TypeKind::kTypeVar) && isPlainTypeVar(w, proper(w, left))) {
    TypeId bound = proper(w, upperBound(w, TypeVarId(w.types[proper(w, left)].ref)));
    if (w.types.is(bound, TypeKind::kUnion)) lefts = unionItems(w, bound);
  }
  std::vector<TypeId> rights = unionItems(w, right);
  std::vector<Message> messages;
  std::vector<TypeId> results;
  auto attempt = [&](TypeId l, TypeId r, NodeId right_node, NodeId place) {
    Outcome outcome = operatePair(c, op, l, r, right_node, place);
    results.push_back(outcome.type);
    for (Message& message : outcome.messages) messages.push_back(std::move(message));
    return outcome.fits;
  };
  bool fits = true;
  for (TypeId l : lefts) fits = attempt(l, right, op.right_node, op.place) && fits;
  if (!fits && rights.size() > 1) {
    fits = true;
    messages.clear();
    results.clear();
    for (TypeId l : lefts) {
      for (TypeId r : rights) fits = attempt(l, r, NodeId::none(), NodeId::none()) && fits;
    }
  }
  TypeId result = results.size() == 1 ? results[0] : simplifiedUnion(w, results);
  if (fits) return result;
  if (isDynamic(c)) return any(c);
  bool is_right = op.place.valid() && !messages.empty() && messages.back().range == c.ast->range(op.place);
  putBack(c, std::move(messages));
  if (lefts.size() > 1 && rights.size() > 1) {
    note(c, op.node, Code::kOperator, "Both left and right operands are unions");
  } else if (lefts.size() > 1) {
    note(c, is_right ? op.place : op.node, Code::kOperator, "Left operand is of type " + formatType(w, left));
  } else if (rights.size() > 1) {
    note(c, op.node, Code::kOperator, "Right operand is of type " + formatType(w, right));
  }
  return result;
}

// The sum of two tuples as far as their items are known; none: it is something else.
static TypeId tupleAddition(Checker& c, TypeId left, TypeId right) {
  World& w = c.w;
  TypeId pl = proper(w, left), pr = proper(w, right);
  if (isNamed(w, pl, "builtins.tuple") && w.types.is(pr, TypeKind::kTuple) && follows(*c.options, Divergence::kTupleSums)) {
    std::vector<TypeId> items{w.types.unpack(pl)};
    for (TypeId item : w.types[pr].args()) {
      if (w.types.is(item, TypeKind::kUnpack)) return TypeId::none();
      items.push_back(item);
    }
    return w.types.tuple(items, builtinType(w, "tuple"));
  }
  if (!w.types.is(pl, TypeKind::kTuple)) return TypeId::none();
  if (!isNamed(w, w.types[pl].extra, "builtins.tuple")) {
    FoundMember add = findMember(w, w.types[w.types[pl].extra].cls(), w.names.__add__);
    if (add.found() && !isNamed(w, add.owner, "builtins.tuple")) return TypeId::none();
  }
  std::vector<TypeId> items(w.types[pl].args().begin(), w.types[pl].args().end());
  bool left_open = false;
  for (TypeId item : items) left_open = left_open || w.types.is(item, TypeKind::kUnpack);
  if (w.types.is(pr, TypeKind::kTuple)) {
    bool right_open = false;
    for (TypeId item : w.types[pr].args()) right_open = right_open || w.types.is(item, TypeKind::kUnpack);
    if (left_open && right_open) return TypeId::none();
    items.insert(items.end(), w.types[pr].args().begin(), w.types[pr].args().end());
    return w.types.tuple(items, builtinType(w, "tuple"));
  }
  if (!left_open && isNamed(w, pr, "builtins.tuple")) {
    items.push_back(w.types.unpack(pr));
    return w.types.tuple(items, builtinType(w, "tuple"));
  }
  return TypeId::none();
}

TypeId binaryOperation(Checker& c, BinaryOp op, TypeId left, TypeId right, NodeId left_node, NodeId right_node, NodeId node, TypeId context, bool is_inplace) {
  World& w = c.w;
  if (TypeId plain = proper(w, left); w.types.is(plain, TypeKind::kDeleted)) {
    NameId source(w.types[plain].ref);
    fail(c, node, Code::kMisc, "Trying to read deleted variable" + (source.valid() ? " \"" + std::string(w.text(source)) + "\"" : std::string()));
    return any(c);
  }
  std::string base = methodOf(op);
  std::string symbol = syntax::spelling(op);
  NodeId place;
  if (auto written = c.ast->tryAs<syntax::BinOp>(node)) place = written->right();
  if (auto written = c.ast->tryAs<syntax::AugAssign>(node)) place = written->value();
  NameId method = w.name("__" + base + "__");
  NameId reverse = w.name("__r" + base + "__");
  if (is_inplace && op == BinaryOp::kAdd && c.ast->is(left_node, NodeKind::kName) && follows(*c.options, Divergence::kTupleSums)) {
    if (TypeId sum = tupleAddition(c, left, right); sum.valid()) return sum;
  }
  if (is_inplace) {
    NameId inplace = w.name("__i" + base + "__");
    if (hasMethod(c, left, inplace) && !w.types.is(proper(w, left), TypeKind::kUnion)) {
      Attempt attempt = tryMethod(c, inplace, left, right, right_node, node, context);
      sayAtOperand(c, attempt.messages, node, place);
      if (!attempt.fits) putBack(c, std::move(attempt.messages));
      return attempt.result;
    }
  }
  return operate(c, {symbol, method, reverse, left_node, right_node, node, context, false, place}, left, right);
}

TypeId divmodOf(Checker& c, NodeId node) {
  NodeList args = c.ast->as<syntax::Call>(node).args();
  TypeId left = inferExpr(c, args[0]);
  TypeId right = inferExpr(c, args[1], left);
  return operate(c, {"divmod", c.w.name("__divmod__"), c.w.name("__rdivmod__"), args[0], args[1], node, TypeId::none(), false, args[1]}, left, right);
}

// A tuple of known length times a known int; none: it is something else.
static TypeId tupleTimes(Checker& c, TypeId tuple, TypeId count) {
  World& w = c.w;
  TypeId plain = proper(w, tuple), times = proper(w, count);
  if (!w.types.is(plain, TypeKind::kTuple) || !isNamed(w, w.types[plain].extra, "builtins.tuple")) return TypeId::none();
  TypeId literal = w.types.is(times, TypeKind::kInstance) ? w.types[times].extra : times;
  if (!w.types.is(literal, TypeKind::kLiteral) || w.types.literalValue(literal).kind != LiteralKind::kInt) return TypeId::none();
  std::string_view text = w.types.literalValue(literal).text;
  if (text.size() > 3) return TypeId::none();
  int number = std::max(0, std::atoi(std::string(text).c_str()));
  std::vector<TypeId> items;
  for (TypeId item : w.types[plain].args()) {
    if (w.types.is(item, TypeKind::kUnpack)) return TypeId::none();
  }
  if (w.types[plain].count * static_cast<uint32_t>(number) > 64) return TypeId::none();
  std::vector<TypeId> once(w.types[plain].args().begin(), w.types[plain].args().end());
  for (TypeId& item : once) item = removeLastKnownValues(w, item);
  for (int i = 0; i < number; ++i) items.insert(items.end(), once.begin(), once.end());
  return w.types.tuple(items, builtinType(w, "tuple"));
}

// Is it a class object whose metaclass says itself what `|` gives?
static bool hasOwnUnion(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kOverloaded)) plain = w.types[plain].items[0];
  if (!w.types.is(plain, TypeKind::kCallable) || !w.types.callable(plain).isTypeObject()) return false;
  TypeId metaclass = fallbackOf(w, plain);
  if (!w.types.is(metaclass, TypeKind::kInstance)) return false;
  FoundMember method = findMember(w, w.types[metaclass].cls(), w.names.__or__);
  return method.found() && w.classes[method.owner].fullname != "builtins.type";
}

TypeId inferBinary(Checker& c, NodeId node, TypeId context) {
  World& w = c.w;
  auto op = c.ast->as<syntax::BinOp>(node);
  bool is_union = op.op() == BinaryOp::kBitOr && isTypeExpression(w, c.module, c.scope, *c.ast, node);
  if (is_union && follows(*c.options, Divergence::kMetaclassUnions)) is_union = !hasOwnUnion(w, inferExpr(c, op.left()));
  if (is_union) {
    inferExpr(c, op.left());
    inferExpr(c, op.right());
    TypeId method = findMemberType(w, w.names.__or__, builtinType(w, "type"), builtinType(w, "type"));
    if (method.valid() && w.types.is(proper(w, method), TypeKind::kCallable)) {
      TypeId ret = proper(w, w.types.callable(proper(w, method)).ret());
      if (isObject(w, ret)) return ret;
    }
    AnnotationContext denoted{w, c.module, c.scope, c.ast};
    denoted.is_silent = true;
    TypeId written = analyzeType(denoted, node);
    TypeId union_type = unionObject(w, written.valid() ? proper(w, written) : written);
    if (w.types.is(union_type, TypeKind::kInstance)) return union_type;
  }
  if (op.op() == BinaryOp::kMod) {
    if (TypeId formatted = inferPercentFormat(c, node); formatted.valid()) return formatted;
  }
  // A list display takes the context of the sum.
  TypeId left_context;
  if (op.op() == BinaryOp::kAdd && c.ast->is(op.left(), NodeKind::kList)) left_context = context;
  // [...] * n is what the list is. ref: mypy check_list_multiply
  if (op.op() == BinaryOp::kMult && context.valid() && c.ast->is(op.left(), NodeKind::kList) && isSubtype(w, inferExpr(c, op.right()), builtinType(w, "int"))) {
    left_context = context;
  }
  TypeId left = inferExpr(c, op.left(), left_context);
  if (op.op() == BinaryOp::kAdd && (w.types.is(proper(w, left), TypeKind::kTuple) || isNamed(w, proper(w, left), "builtins.tuple"))) {
    TypeId right = inferExpr(c, op.right());
    TypeId sum = tupleAddition(c, left, right);
    if (sum.valid()) return sum;
  }
  if (op.op() == BinaryOp::kMult) {
    bool is_left = w.types.is(proper(w, left), TypeKind::kTuple);
    TypeId other = is_left || c.ast->is(op.right(), NodeKind::kTuple) ? inferExpr(c, op.right()) : TypeId::none();
    TypeId product = !other.valid() ? other : is_left ? tupleTimes(c, left, other) : tupleTimes(c, other, left);
    if (product.valid()) return product;
  }
  TypeId right;
  bool retried = c.ast->is(op.right(), NodeKind::kList) || c.ast->is(op.right(), NodeKind::kDict) || c.ast->is(op.right(), NodeKind::kSet) ||
                 c.ast->is(op.right(), NodeKind::kTuple) || c.ast->is(op.right(), NodeKind::kLambda);
  Watch watch = startWatch(c);
  right = inferExpr(c, op.right());
  if (TypeId computed = literalMath(c, op.op(), left, right, node); computed.valid()) return computed;
  std::vector<Message> right_messages;
  if (retried) right_messages = takeBack(c, watch);
  TypeId result = binaryOperation(c, op.op(), left, right, op.left(), retried ? op.right() : NodeId::none(), node, context);
  return result;
}

// What + or - makes of a known integer: a known one; none: the operand is none.
static TypeId signedInteger(World& w, TypeId operand, bool is_negated) {
  TypeId plain = proper(w, operand);
  TypeId literal = w.types.is(plain, TypeKind::kLiteral) ? plain : (w.types.is(plain, TypeKind::kInstance) ? w.types[plain].extra : TypeId::none());
  if (!w.types.is(literal, TypeKind::kLiteral)) return TypeId::none();
  LiteralKind kind = w.types.literalValue(literal).kind;
  std::string text(w.types.literalValue(literal).text);
  if (kind != LiteralKind::kInt) return TypeId::none();
  if (is_negated && text != "0") text = text[0] == '-' ? text.substr(1) : "-" + text;
  TypeId made = w.types.literal(LiteralKind::kInt, text, w.types[literal].extra);
  return w.types.is(plain, TypeKind::kLiteral) ? made : w.types.instance(w.types[plain].cls(), {}, made);
}

TypeId inferUnary(Checker& c, NodeId node, TypeId context) {
  World& w = c.w;
  auto unary = c.ast->as<syntax::UnaryOp>(node);
  TypeId operand = inferExpr(c, unary.operand(), unary.op() == syntax::UnaryOperator::kNot ? TypeId::none() : context);
  if (unary.op() == syntax::UnaryOperator::kNot) {
    checkTruthiness(c, unary.operand(), operand);
    return builtinType(w, "bool");
  }
  static constexpr const char* kMethods[] = {"__invert__", "", "__pos__", "__neg__"};
  NameId method = w.name(kMethods[static_cast<size_t>(unary.op())]);
  bool is_negated = unary.op() == syntax::UnaryOperator::kUSub;
  if (is_negated || unary.op() == syntax::UnaryOperator::kUAdd) {
    std::vector<TypeId> signed_items;
    for (TypeId item : unionItems(w, operand)) {
      TypeId made = signedInteger(w, item, is_negated);
      if (made.valid()) signed_items.push_back(made);
    }
    if (!signed_items.empty() && signed_items.size() == unionItems(w, operand).size()) return simplifiedUnion(w, signed_items);
  }
  if (unary.op() == syntax::UnaryOperator::kInvert) {
    // ~x is -1 - x.
    TypeId number = builtinType(w, "int");
    TypeId minus_one = w.types.instance(w.types[number].cls(), {}, w.types.literal(LiteralKind::kInt, "-1", number));
    if (TypeId inverted = literalMath(c, BinaryOp::kSub, minus_one, proper(w, operand), node); inverted.valid()) return inverted;
  }
  for (TypeId item : unionItems(w, operand)) {
    if (!hasMethod(c, item, method) && !w.types.is(item, TypeKind::kAny) && !w.types.is(item, TypeKind::kNever)) {
      fail(c, node, Code::kOperator, "Unsupported operand type for " + std::string(unary.op() == syntax::UnaryOperator::kUSub ? "unary -" : (unary.op() == syntax::UnaryOperator::kUAdd ? "unary +" : "~")) + " (" + formatType(w, operand) + ")");
      return any(c);
    }
  }
  return callMethod(c, method, operand, {}, node, context).ret;
}

TypeId inferCompare(Checker& c, NodeId node) {
  World& w = c.w;
  auto compare = c.ast->as<syntax::Compare>(node);
  TypeId result;
  NodeId left_node = compare.left();
  TypeId left = inferExpr(c, left_node);
  NodeList comparators = compare.comparators();
  for (size_t i = 0; i < comparators.size(); ++i) {
    auto op = static_cast<CompareOperator>(compare.ops()[i].value);
    NodeId right_node = comparators[i];
    TypeId one;
    TypeId right;
    switch (op) {
      case CompareOperator::kIn:
      case CompareOperator::kNotIn: {
        if (SymbolId open = partialVariable(c, right_node); open.valid()) {
          // What it will hold is not known; asking for an annotation here would be noise.
          if (ClassId cls(w.types[w.symbols[open].type].ref); cls.valid()) {
            right = instanceWithAny(w, cls, AnyKind::kFromError);
            c.nodeType(right_node) = right;
            one = builtinType(w, "bool");
            break;
          }
        }
        right = inferExpr(c, right_node);
        one = builtinType(w, "bool");
        for (TypeId item : unionItems(w, right)) {
          if (w.types.is(item, TypeKind::kAny)) continue;
          if (!hasMethod(c, item, w.names.__contains__)) {
            // Iteration stands in for __contains__.
            if (hasMethod(c, item, w.names.__iter__)) {
              TypeId element = iteratedType(c, item, right_node);
              if (!isSubtype(w, left, element)) reportUnsupported(c, "in", left, right, node);
              continue;
            }
            AttributeSite site;
            site.node = node;
            site.name = w.names.__contains__;
            if (!isDynamic(c)) noAttribute(c, right, item, w.names.__contains__, node);
            continue;
          }
          std::vector<Arg> args{{NodeId::none(), ArgKind::kPos, NameId::none(), left}};
          AttributeSite attribute;
          attribute.node = node;
          attribute.name = w.names.__contains__;
          attribute.original = right;
          attribute.self_type = item;
          CallSite site;
          site.args = args;
          site.node = node;
          site.object_type = item;
          // Whatever __contains__ gives, the operator makes a bool of it.
          checkCall(c, attributeType(c, item, attribute), site);
          if (c.options->strict_equality) {
            // list[str] never contains an int.
            checkContainer(c, left, item, node);
          }
        }
        break;
      }
      case CompareOperator::kIs:
      case CompareOperator::kIsNot:
        right = inferExpr(c, right_node);
        one = builtinType(w, "bool");
        checkComparable(c, left, right, true, node);
        break;
      case CompareOperator::kEq:
      case CompareOperator::kNotEq: {
        right = inferExpr(c, right_node);
        NameId method = op == CompareOperator::kEq ? w.names.__eq__ : w.names.__ne__;
        if (hasMethod(c, left, method)) {
          std::string symbol = op == CompareOperator::kEq ? "==" : "!=";
          one = operate(c, {symbol, method, method, left_node, NodeId::none(), node, TypeId::none(), true, right_node}, left, right);
        } else {
          one = builtinType(w, "bool");
        }
        checkComparable(c, left, right, false, node);
        break;
      }
      default: {
        right = inferExpr(c, right_node);
        NameId method, reverse;
        switch (op) {
          case CompareOperator::kLt: method = w.names.__lt__; reverse = w.names.__gt__; break;
          case CompareOperator::kLtE: method = w.names.__le__; reverse = w.names.__ge__; break;
          case CompareOperator::kGt: method = w.names.__gt__; reverse = w.names.__lt__; break;
          default: method = w.names.__ge__; reverse = w.names.__le__; break;
        }
        one = operate(c, {syntax::spelling(op), method, reverse, left_node, NodeId::none(), node, TypeId::none(), true, right_node}, left, right);
        break;
      }
    }
    result = result.valid() ? joinOrUnion(w, result, one) : one;
    left = right;
    left_node = right_node;
  }
  return result;
}

// The right operand of `and` and `or`: what the left one is suggests what it is, where that fits.
static TypeId inferBeside(Checker& c, NodeId node, TypeId left) {
  if (!follows(*c.options, Divergence::kRedefinition)) return inferExpr(c, node, left);
  int silent = std::exchange(c.silent, 0);
  Watch watch = startWatch(c);
  TypeId type = inferExpr(c, node, left);
  c.silent = silent;
  std::vector<Message> messages = takeBack(c, watch);
  bool is_misfit = std::any_of(messages.begin(), messages.end(), [](const Message& message) {
    return message.code == Code::kListItem || message.code == Code::kDictItem || message.code == Code::kArgType || message.code == Code::kCallOverload;
  });
  if (is_misfit) return inferExpr(c, node);
  if (silent == 0) putBack(c, std::move(messages));
  return type;
}

TypeId inferBool(Checker& c, NodeId node, TypeId context) {
  World& w = c.w;
  auto op = c.ast->as<syntax::BoolOp>(node);
  bool is_and = op.op() == syntax::BoolOperator::kAnd;
  NodeList values = op.values();
  TypeId left = inferExpr(c, values[0], context);
  Binder& binder = *c.binder;
  std::vector<std::unique_ptr<FrameScope>> frames;
  for (size_t i = 1; i < values.size(); ++i) {
    TypeId right;
    // Conditions so far, as one.
    Conditions conditions = findConditions(c, values[i - 1]);
    frames.push_back(std::make_unique<FrameScope>(binder, FrameScope::Options{.can_skip = true, .fall_through = 0}));
    semantic::Truth known = semantic::truthOf(*c.ast, values[i - 1], semantic::targetOf(*c.options));
    bool is_true = known == semantic::Truth::kTrue || known == semantic::Truth::kCheckingTrue;
    bool is_false = known == semantic::Truth::kFalse || known == semantic::Truth::kCheckingFalse;
    // What the target decides is no question of types: the left side or the right one is the value.
    if (i == 1 && (is_and ? is_false : is_true)) {
      ++c.silent;
      for (size_t k = 1; k < values.size(); ++k) inferExpr(c, values[k]);
      --c.silent;
      break;
    }
    bool is_redundant = is_and ? conditions.if_false.is_impossible : conditions.if_true.is_impossible;
    if (is_redundant && !is_true && !is_false) redundantCondition(c, values[i - 1], is_and ? "Left operand of \"and\"" : "Left operand of \"or\"", is_and);
    bool is_passed_over = i == 1 && (is_and ? is_true : is_false);
    bool impossible = is_and ? conditions.if_true.is_impossible : conditions.if_false.is_impossible;
    // What never ends leaves nothing to the right side.
    TypeId before = c.nodeType(values[i - 1]).valid() ? proper(w, c.nodeType(values[i - 1])) : proper(w, left);
    for (TypeId side : {proper(w, left), before}) impossible = impossible || (w.types.is(side, TypeKind::kNever) && w.types[side].sub == 0);
    pushMap(c, is_and ? conditions.if_true : conditions.if_false);
    TypeId right_context = context.valid() ? context : left;
    if (impossible) {
      if (c.options->enabled_codes.count(Code::kRedundantExpr) != 0 || c.options->warn_unreachable) {
        std::string label = is_and ? "and" : "or";
        binder.top().is_unreachable = false;
        if (c.options->warn_unreachable && !isDynamic(c) && !binder.isWarningSuppressed()) fail(c, values[i], Code::kUnreachable, "Right operand of \"" + label + "\" is never evaluated");
        binder.top().is_unreachable = true;
      }
      ++c.silent;
      inferExpr(c, values[i], right_context);
      --c.silent;
    } else {
      right = context.valid() ? inferExpr(c, values[i], context) : inferBeside(c, values[i], left);
    }
    if (is_passed_over && !impossible) {
      left = right;
      continue;
    }
    if (impossible) continue;
    TypeId restricted = is_and ? falseOnly(w, left) : trueOnly(w, left);
    bool left_decides = is_and ? !canBeTrue(w, left) : !canBeFalse(w, left);
    if (left_decides) continue;
    if (w.types.is(proper(w, restricted), TypeKind::kNever)) {
      left = right;
    } else if (w.types.is(proper(w, right), TypeKind::kNever)) {
      left = restricted;
    } else {
      TypeId both[] = {restricted, right};
      left = simplifiedUnion(w, both);
    }
  }
  while (!frames.empty()) frames.pop_back();
  return left;
}

}  // namespace krait::infer
