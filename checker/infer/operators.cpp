// Binary and unary operators: the left operand's method, the right one's reflected method, in the order of the
// language (reference 3.3.8), on each combination of union items. Follows mypy's check_op and check_op_reversible.
#include "checker/infer/forms.h"
#include "checker/infer/member.h"
#include "checker/infer/messages.h"

namespace krait::infer {

using syntax::BinaryOp;

struct OperatorMethods {
  BinaryOp op;
  const char* method;
  const char* reverse;
  const char* inplace;
};
static constexpr OperatorMethods kMethods[] = {
    {BinaryOp::kAdd, "__add__", "__radd__", "__iadd__"},       {BinaryOp::kSub, "__sub__", "__rsub__", "__isub__"},
    {BinaryOp::kMult, "__mul__", "__rmul__", "__imul__"},      {BinaryOp::kMatMult, "__matmul__", "__rmatmul__", "__imatmul__"},
    {BinaryOp::kDiv, "__truediv__", "__rtruediv__", "__itruediv__"}, {BinaryOp::kMod, "__mod__", "__rmod__", "__imod__"},
    {BinaryOp::kPow, "__pow__", "__rpow__", "__ipow__"},       {BinaryOp::kLShift, "__lshift__", "__rlshift__", "__ilshift__"},
    {BinaryOp::kRShift, "__rshift__", "__rrshift__", "__irshift__"}, {BinaryOp::kBitOr, "__or__", "__ror__", "__ior__"},
    {BinaryOp::kBitXor, "__xor__", "__rxor__", "__ixor__"},    {BinaryOp::kBitAnd, "__and__", "__rand__", "__iand__"},
    {BinaryOp::kFloorDiv, "__floordiv__", "__rfloordiv__", "__ifloordiv__"}};

NameId methodOf(World& w, BinaryOp op) {
  for (const OperatorMethods& entry : kMethods) {
    if (entry.op == op) return w.name(entry.method);
  }
  return NameId::none();
}

NameId reverseMethodOf(World& w, NameId method) {
  std::string_view text = w.text(method);
  for (const OperatorMethods& entry : kMethods) {
    if (text == entry.method) return w.name(entry.reverse);
  }
  if (text == "__divmod__") return w.name("__rdivmod__");
  if (method == w.names.__eq__ || method == w.names.__ne__) return method;
  if (method == w.names.__lt__) return w.names.__gt__;
  if (method == w.names.__gt__) return w.names.__lt__;
  if (method == w.names.__le__) return w.names.__ge__;
  if (method == w.names.__ge__) return w.names.__le__;
  return NameId::none();
}

NameId inplaceMethodOf(World& w, NameId method) {
  std::string_view text = w.text(method);
  for (const OperatorMethods& entry : kMethods) {
    if (text == entry.method) return w.name(entry.inplace);
  }
  return NameId::none();
}

// The method of an operand, looked up on its class without a word; none: it has none.
static TypeId operatorMethod(Context& c, TypeId base, NameId method) {
  if (!hasMember(c, base, method)) return TypeId::none();
  MessageFilter filter(c);
  MemberOptions options;
  options.is_operator = true;
  options.original = base;
  options.self_type = base;
  Access access{c, method, NodeId(0), options, base, base, false};
  TypeId type = accessMember(access, base);
  return filter.hasErrors() ? TypeId::none() : type;
}

static ClassId definingClass(World& w, TypeId type, NameId method) {
  type = proper(w, type);
  if (!w.types.is(type, TypeKind::kInstance)) return ClassId::none();
  return findMember(w, w.types[type].cls(), method).owner;
}

struct Variant {
  TypeId method;
  TypeId object;
  TypeId arg;
  NodeId arg_node;
  NameId name;
};

static bool tryVariant(Context& c, const Variant& variant, NodeId at, CallResult& result, std::vector<Message>& errors) {
  World& w = c.w;
  MessageFilter filter(c);
  Argument argument = typedArgument(variant.arg, variant.arg_node.valid() ? variant.arg_node : at);
  if (variant.arg_node.valid()) argument.type = TypeId::none();
  TypeId plain = proper(w, variant.object);
  std::string name = w.types.is(plain, TypeKind::kInstance)
                         ? w.classes[w.types[plain].cls()].fullname + "." + std::string(w.text(variant.name))
                         : std::string(w.text(variant.name));
  result = checkCall(c, variant.method, {argument}, at, name, variant.object);
  if (!filter.hasErrors()) return true;
  errors = filter.messages;
  return false;
}

// One left type with one right type.
static TypeId checkReversible(Context& c, NameId method, TypeId left, TypeId right, NodeId right_node, NodeId at, CallResult* callee) {
  World& w = c.w;
  TypeId l = proper(w, left), r = proper(w, right);
  if (isAny(w, l)) return anyFrom(w, l);
  if (isAny(w, r)) return anyFrom(w, r);
  NameId reverse = reverseMethodOf(w, method);
  TypeId left_method = operatorMethod(c, l, method);
  TypeId right_method = reverse.valid() ? operatorMethod(c, r, reverse) : TypeId::none();
  bool literal_str = false;
  (void)literal_str;
  std::vector<Variant> variants;
  Variant forward{left_method, l, r, right_node, method};
  Variant backward{right_method, r, l, NodeId::none(), reverse};
  bool same_class = w.types.is(l, TypeKind::kInstance) && w.types.is(r, TypeKind::kInstance) && w.types[l].cls() == w.types[r].cls();
  bool shortcut = same_class && reverse != method && method != w.names.__lt__ && method != w.names.__gt__ &&
                  method != w.names.__le__ && method != w.names.__ge__ && method != w.names.__eq__ && method != w.names.__ne__;
  bool right_first = false;
  if (!shortcut && w.types.is(l, TypeKind::kInstance) && w.types.is(r, TypeKind::kInstance) && right_method.valid() &&
      !same_class && isSubtype(w, r, l)) {
    // A subclass that overrides the reflected method goes first.
    ClassId left_owner = definingClass(w, l, reverse);
    ClassId right_owner = definingClass(w, r, reverse);
    right_first = left_owner != right_owner && isSubclass(w, w.types[r].cls(), w.types[l].cls());
  }
  if (right_first) {
    variants = {backward, forward};
  } else if (shortcut) {
    variants = {forward};
  } else {
    variants = {forward, backward};
  }
  std::erase_if(variants, [](const Variant& variant) { return !variant.method.valid(); });
  std::vector<std::vector<Message>> errors;
  std::vector<CallResult> results;
  for (const Variant& variant : variants) {
    CallResult result;
    std::vector<Message> found;
    if (tryVariant(c, variant, at, result, found)) {
      if (callee != nullptr) *callee = result;
      return result.type;
    }
    errors.push_back(std::move(found));
    results.push_back(result);
  }
  std::string_view symbol = operatorSymbol(w.text(method));
  if (variants.empty() || (errors.size() >= 2 && variants.size() >= 2)) {
    // Neither operand has the operator, or both reject the other.
    if (!left_method.valid() && !variants.empty()) {
      reportUnsupportedLeft(c, symbol, left, at);
    } else if (variants.empty()) {
      bool right_nullable = false;
      for (TypeId item : unionItems(w, right)) right_nullable = right_nullable || isNone(w, item);
      if (!left_method.valid() && !reverse.valid()) {
        reportUnsupportedLeft(c, symbol, left, at);
      } else {
        reportUnsupportedLeft(c, symbol, left, at);
      }
    } else {
      reportUnsupportedOperands(c, symbol, left, right, at);
    }
    return w.types.any(AnyKind::kFromError);
  }
  // One method was tried and says why it does not fit.
  if (variants.size() == 1 && left_method.valid()) {
    addMessages(c, std::move(errors[0]));
    return results[0].type;
  }
  reportUnsupportedLeft(c, symbol, left, at);
  return w.types.any(AnyKind::kFromError);
}

static bool hasUnion(World& w, TypeId type) { return w.types.is(proper(w, type), TypeKind::kUnion); }

TypeId checkOperator(Context& c, NameId method, TypeId left, NodeId right_node, TypeId right, NodeId at, bool allow_reverse) {
  World& w = c.w;
  if (!allow_reverse) {
    Argument argument = typedArgument(right, right_node.valid() ? right_node : at);
    if (right_node.valid()) argument.type = TypeId::none();
    return checkMethodCallByName(c, method, left, {argument}, at).type;
  }
  TypeId left_plain = proper(w, left);
  std::vector<TypeId> lefts = hasUnion(w, left_plain) ? unionItems(w, left_plain) : std::vector<TypeId>{left};
  // The right operand is inferred with each left method's parameter as its context; first without splitting it.
  std::vector<Message> first_errors;
  if (!right.valid()) {
    MessageFilter filter(c);
    std::vector<TypeId> results;
    for (TypeId item : lefts) {
      TypeId given = inferExpr(c, right_node);
      results.push_back(checkReversible(c, method, item, given, right_node, at, nullptr));
    }
    if (!filter.hasErrors()) return simplifiedUnion(w, results);
    first_errors = filter.messages;
    right = inferExpr(c, right_node);
  } else {
    MessageFilter filter(c);
    std::vector<TypeId> results;
    for (TypeId item : lefts) results.push_back(checkReversible(c, method, item, right, NodeId::none(), at, nullptr));
    if (!filter.hasErrors()) return simplifiedUnion(w, results);
    first_errors = filter.messages;
  }
  if (right_node.valid()) {
    // Findings inside the right operand itself.
    inferExpr(c, right_node);
  }
  TypeId right_plain = proper(w, right);
  bool left_union = hasUnion(w, left_plain), right_union = hasUnion(w, right_plain);
  if (!left_union && !right_union) {
    addMessages(c, std::move(first_errors));
    return w.types.any(AnyKind::kFromError);
  }
  std::vector<TypeId> rights = right_union ? unionItems(w, right_plain) : std::vector<TypeId>{right};
  std::vector<TypeId> results;
  std::vector<Message> pair_errors;
  bool failed = false;
  {
    MessageFilter filter(c);
    for (TypeId l : lefts) {
      for (TypeId r : rights) results.push_back(checkReversible(c, method, l, r, NodeId::none(), at, nullptr));
    }
    failed = filter.hasErrors();
    pair_errors = filter.messages;
  }
  if (!failed) return simplifiedUnion(w, results);
  // One finding for the first pair that does not fit, and a note about the unions.
  Code code = Code::kOperator;
  std::string text;
  for (const Message& message : pair_errors) {
    if (message.severity != Severity::kError) continue;
    text = message.text;
    code = message.code;
    break;
  }
  fail(c, at, code, text);
  if (left_union && right_union) {
    note(c, at, code, "Both left and right operands are unions");
  } else if (left_union) {
    note(c, at, code, "Left operand is of type " + formatType(w, left));
  } else {
    note(c, at, code, "Right operand is of type " + formatType(w, right));
  }
  return simplifiedUnion(w, results);
}

// `[x] * n` and `(1, 2) + (3,)`.
static TypeId tupleArithmetic(Context& c, NodeId node, BinaryOp op, TypeId left) {
  World& w = c.w;
  auto binary = c.ast->as<syntax::BinOp>(node);
  TypeId plain = proper(w, left);
  if (!w.types.is(plain, TypeKind::kTuple)) return TypeId::none();
  if (op == BinaryOp::kAdd) {
    TypeId right = proper(w, inferExpr(c, binary.right()));
    bool plain_left = isNamed(w, tupleFallback(w, plain), "builtins.tuple");
    bool right_tuple = w.types.is(right, TypeKind::kTuple) && isNamed(w, tupleFallback(w, right), "builtins.tuple");
    FoundMember reverse;
    if (!plain_left) {
      ClassId cls = w.types[tupleFallback(w, plain)].cls();
      reverse = findMember(w, cls, w.names.__add__);
      if (reverse.found() && !isNamed(w, reverse.owner, "builtins.tuple")) return TypeId::none();
    }
    if (right_tuple || (w.types.is(right, TypeKind::kTuple))) {
      std::vector<TypeId> items(w.types[plain].args().begin(), w.types[plain].args().end());
      items.insert(items.end(), w.types[right].args().begin(), w.types[right].args().end());
      int unpacks = 0;
      for (TypeId item : items) unpacks += w.types.is(item, TypeKind::kUnpack) ? 1 : 0;
      if (unpacks > 1) return TypeId::none();
      return w.types.tuple(items, builtinType(w, "tuple", objectType(w)));
    }
    if (isNamed(w, right, "builtins.tuple") && w.types[right].count == 1) {
      std::vector<TypeId> items(w.types[plain].args().begin(), w.types[plain].args().end());
      for (TypeId item : items) {
        if (w.types.is(item, TypeKind::kUnpack)) return TypeId::none();
      }
      items.push_back(w.types.unpack(right));
      return w.types.tuple(items, builtinType(w, "tuple", objectType(w)));
    }
    return TypeId::none();
  }
  if (op != BinaryOp::kMult) return TypeId::none();
  std::vector<int64_t> counts;
  {
    MessageFilter filter(c);
    if (!literalInts(c, binary.right(), counts) || counts.size() != 1 || counts[0] < 0 || counts[0] > 100) return TypeId::none();
  }
  std::vector<TypeId> items;
  for (int64_t i = 0; i < counts[0]; ++i) {
    items.insert(items.end(), w.types[plain].args().begin(), w.types[plain].args().end());
  }
  return w.types.tuple(items, w.types[plain].extra);
}

static TypeId inferBinOpOnce(Context& c, NodeId node, TypeId left, TypeId expected) {
  World& w = c.w;
  auto binary = c.ast->as<syntax::BinOp>(node);
  if (binary.op() == BinaryOp::kMod) {
    if (c.ast->is(binary.left(), syntax::NodeKind::kConstant)) {
      syntax::ConstantKind kind = c.ast->as<syntax::Constant>(binary.left()).constantKind();
      if (kind == syntax::ConstantKind::kStr || kind == syntax::ConstantKind::kBytes) {
        return checkPercentFormat(c, node, binary.left(), binary.right());
      }
    }
  }
  TypeId tuple = tupleArithmetic(c, node, binary.op(), left);
  if (tuple.valid()) return tuple;
  // `[] + [x]`, `[None] * n`: the expected type reaches the operands.
  if (expected.valid() && (binary.op() == BinaryOp::kAdd) && c.ast->is(binary.left(), syntax::NodeKind::kList)) {
    TypeId plain = proper(w, expected);
    if (isNamed(w, plain, "builtins.list")) {
      MessageFilter filter(c);
      TypeId again = inferExpr(c, binary.left(), expected);
      if (!filter.hasErrors()) left = again;
    }
  }
  // X | Y of classes makes a union type.
  if (binary.op() == BinaryOp::kBitOr) {
    TypeId l = proper(w, left);
    if (isTypeObject(w, l) || isNone(w, l)) {
      TypeId right;
      {
        MessageFilter filter(c);
        right = proper(w, inferExpr(c, binary.right()));
      }
      bool both = (isTypeObject(w, l) || isNone(w, l)) && (isTypeObject(w, right) || isNone(w, right)) && !(isNone(w, l) && isNone(w, right));
      if (both) {
        TypeId union_type = namedType(w, "types", "UnionType");
        if (!isAny(w, union_type)) return union_type;
      }
    }
  }
  return checkOperator(c, methodOf(w, binary.op()), left, binary.right(), TypeId::none(), node, true);
}

TypeId inferBinOp(Context& c, NodeId node, TypeId expected) {
  // A chain `a + b + c …` leans to the left: a loop, not recursion.
  std::vector<NodeId> chain = {node};
  while (c.ast->is(c.ast->as<syntax::BinOp>(chain.back()).left(), syntax::NodeKind::kBinOp)) {
    chain.push_back(c.ast->as<syntax::BinOp>(chain.back()).left());
  }
  TypeId left;
  for (size_t i = chain.size(); i-- > 0;) {
    auto binary = c.ast->as<syntax::BinOp>(chain[i]);
    if (!left.valid()) left = inferExpr(c, binary.left());
    left = inferBinOpOnce(c, chain[i], left, i == 0 ? expected : TypeId::none());
    recordType(c, chain[i], left);
  }
  return left;
}

TypeId checkInplaceOperator(Context& c, BinaryOp op, TypeId left, NodeId left_node, NodeId right, NodeId at) {
  World& w = c.w;
  NameId method = methodOf(w, op);
  NameId inplace = inplaceMethodOf(w, method);
  if (op == BinaryOp::kMod && c.ast->is(left_node, syntax::NodeKind::kConstant)) return checkPercentFormat(c, at, left_node, right);
  if (op == BinaryOp::kAdd && w.types.is(proper(w, left), TypeKind::kTuple)) {
    TypeId given = proper(w, inferExpr(c, right));
    if (w.types.is(given, TypeKind::kTuple)) {
      std::vector<TypeId> items(w.types[proper(w, left)].args().begin(), w.types[proper(w, left)].args().end());
      items.insert(items.end(), w.types[given].args().begin(), w.types[given].args().end());
      return w.types.tuple(items, builtinType(w, "tuple", objectType(w)));
    }
  }
  if (hasMember(c, left, inplace) && !isAny(w, proper(w, left))) {
    return checkMethodCallByName(c, inplace, left, {Argument{.node = right}}, at).type;
  }
  return checkOperator(c, method, left, right, TypeId::none(), at, true);
}

TypeId inferUnaryOp(Context& c, NodeId node, TypeId expected) {
  World& w = c.w;
  auto unary = c.ast->as<syntax::UnaryOp>(node);
  if (unary.op() == syntax::UnaryOperator::kNot) {
    inferExpr(c, unary.operand());
    return builtinType(w, "bool");
  }
  bool wants_literal = expected.valid() && w.types.is(proper(w, expected), TypeKind::kLiteral);
  TypeId operand = inferExpr(c, unary.operand(), wants_literal ? TypeId::none() : TypeId::none());
  const char* method = unary.op() == syntax::UnaryOperator::kUSub ? "__neg__" : unary.op() == syntax::UnaryOperator::kUAdd ? "__pos__" : "__invert__";
  // The literal value of -1 and ~1.
  TypeId plain = proper(w, operand);
  if (w.types.is(plain, TypeKind::kInstance) && w.types[plain].extra.valid() && unary.op() != syntax::UnaryOperator::kInvert) {
    const LiteralValue& value = w.types.literalValue(w.types[plain].extra);
    if (value.kind == LiteralKind::kInt) {
      std::string text(value.text);
      if (unary.op() == syntax::UnaryOperator::kUSub) text = text.starts_with("-") ? text.substr(1) : text == "0" ? text : "-" + text;
      TypeId instance = builtinType(w, "int");
      TypeId literal = w.types.literal(LiteralKind::kInt, text, instance);
      if (expected.valid()) {
        for (TypeId item : unionItems(w, expected)) {
          if (w.types.is(proper(w, item), TypeKind::kLiteral)) return literal;
        }
      }
      return w.types.instance(w.types[instance].cls(), {}, literal);
    }
  }
  return checkMethodCallByName(c, w.name(method), operand, {}, node).type;
}

}  // namespace krait::infer
