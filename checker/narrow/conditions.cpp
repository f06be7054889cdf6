// Conditions: which narrowings follow where a test is true and where it is false. Dispatch over the forms of tests.
#include "checker/narrow/checker.h"

namespace krait::narrow {

static TypeMap impossible() {
  TypeMap map;
  map.is_impossible = true;
  return map;
}

static TypeMap entry(Checker& c, NodeId node, TypeId type) {
  if (c.w.types.is(type, TypeKind::kNever)) return impossible();
  TypeMap map;
  if (keyOf(c, node).valid()) map.entries.push_back({node, type});
  return map;
}

static TypeId typeAt(Checker& c, NodeId node) {
  TypeId type = c.nodeType(node);
  return type.valid() ? type : c.w.types.any();
}

static NodeId target(Checker& c, NodeId node) { return node; }

static Conditions truthiness(Checker& c, NodeId node) {
  TypeId type = typeAt(c, node);
  Conditions result;
  TypeId yes = trueOnly(c.w, type);
  TypeId no = falseOnly(c.w, type);
  result.if_true = yes == type ? TypeMap{} : entry(c, node, yes);
  result.if_false = no == type ? TypeMap{} : entry(c, node, no);
  if (c.w.types.is(yes, TypeKind::kNever)) result.if_true = impossible();
  if (c.w.types.is(no, TypeKind::kNever)) result.if_false = impossible();
  return result;
}

static Conditions fromRanges(Checker& c, NodeId node, const std::vector<TypeRange>& ranges) {
  TypeId current = typeAt(c, node);
  Narrowed narrowed = conditionalTypes(c, current, ranges);
  Conditions result;
  result.if_true = entry(c, node, narrowed.yes);
  result.if_false = narrowed.no == current ? TypeMap{} : entry(c, node, narrowed.no);
  return result;
}

static Conditions isinstanceCall(Checker& c, NodeId node, NodeId classes) {
  std::vector<TypeRange> ranges;
  if (c.ast->is(classes, NodeKind::kBinOp)) {
    // X | Y
    std::vector<NodeId> parts{classes};
    bool known = true;
    while (!parts.empty()) {
      NodeId part = parts.back();
      parts.pop_back();
      auto op = c.ast->tryAs<syntax::BinOp>(part);
      if (op) {
        parts.push_back(op->right());
        parts.push_back(op->left());
      } else if (auto constant = c.ast->tryAs<syntax::Constant>(part)) {
        ranges.push_back({c.w.types.none(), false});
      } else {
        known = known && typeRanges(c, typeAt(c, part), ranges);
      }
    }
    if (!known) return {};
    return fromRanges(c, node, ranges);
  }
  if (!typeRanges(c, typeAt(c, classes), ranges)) return {};
  for (TypeRange& range : ranges) {
    if (isNamed(c.w, range.item, "types.NoneType") || isNamed(c.w, range.item, "_typeshed.NoneType")) range.item = c.w.types.none();
  }
  return fromRanges(c, node, ranges);
}

static Conditions issubclassCall(Checker& c, NodeId node, NodeId classes) {
  World& w = c.w;
  std::vector<TypeRange> ranges;
  if (!typeRanges(c, typeAt(c, classes), ranges)) return {};
  std::vector<TypeId> items;
  for (TypeId item : unionItems(w, typeAt(c, node))) {
    if (w.types.is(item, TypeKind::kTypeType)) {
      items.push_back(w.types[item].items[0]);
    } else if (w.types.is(item, TypeKind::kCallable) && w.types.callable(item).isTypeObject()) {
      items.push_back(w.types.callable(item).ret());
    } else if (isNamed(w, item, "builtins.type")) {
      items.push_back(objectType(w));
    } else if (w.types.is(item, TypeKind::kAny)) {
      items.push_back(item);
    } else {
      return {};
    }
  }
  TypeId current = w.types.unionOf(items);
  Narrowed narrowed = conditionalTypes(c, current, ranges);
  auto wrap = [&](TypeId type) { return w.types.is(type, TypeKind::kNever) ? type : w.types.typeType(type); };
  Conditions result;
  result.if_true = entry(c, node, wrap(narrowed.yes));
  result.if_false = narrowed.no == current ? TypeMap{} : entry(c, node, wrap(narrowed.no));
  return result;
}

static Conditions callableCall(Checker& c, NodeId node) {
  World& w = c.w;
  std::vector<TypeId> yes, no;
  for (TypeId item : unionItems(w, typeAt(c, node))) {
    switch (w.types.kind(item)) {
      case TypeKind::kCallable:
      case TypeKind::kOverloaded:
      case TypeKind::kTypeType: yes.push_back(item); break;
      case TypeKind::kAny:
        yes.push_back(item);
        no.push_back(item);
        break;
      case TypeKind::kInstance:
        if (findMember(w, w.types[item].cls(), w.names.__call__).found()) {
          yes.push_back(item);
        } else if (w.classes[w.types[item].cls()].has(kClassFallbackToAny) || isObject(w, item)) {
          yes.push_back(item);
          no.push_back(item);
        } else {
          no.push_back(item);
        }
        break;
      default: no.push_back(item); break;
    }
  }
  Conditions result;
  result.if_true = yes.empty() ? impossible() : entry(c, node, simplifiedUnion(w, yes));
  result.if_false = no.empty() ? impossible() : entry(c, node, simplifiedUnion(w, no));
  return result;
}

static Conditions guardCall(Checker& c, NodeId call_node) {
  World& w = c.w;
  auto call = c.ast->as<syntax::Call>(call_node);
  TypeId callee = proper(w, typeAt(c, call.func()));
  if (w.types.is(callee, TypeKind::kInstance)) {
    TypeId method = findMemberType(w, w.names.__call__, callee, callee);
    if (method.valid()) callee = proper(w, method);
  }
  if (w.types.is(callee, TypeKind::kOverloaded)) callee = w.types[callee].items[0];
  if (!w.types.is(callee, TypeKind::kCallable)) return truthiness(c, call_node);
  // infer stores the guard of the resolved call with the callee's node.
  CallableView view = w.types.callable(callee);
  if (!view.guard().valid() || call.args().empty()) return truthiness(c, call_node);
  NodeId arg = call.args()[0];
  if (auto keyword = c.ast->tryAs<syntax::Keyword>(arg)) arg = keyword->value();
  Conditions result;
  if (view.has(kTypeGuard)) {
    result.if_true = entry(c, arg, view.guard());
    return result;
  }
  std::vector<TypeRange> ranges;
  for (TypeId item : unionItems(w, view.guard())) ranges.push_back({item, false});
  return fromRanges(c, arg, ranges);
}

static Conditions call(Checker& c, NodeId node) {
  World& w = c.w;
  auto view = c.ast->as<syntax::Call>(node);
  NodeList args = view.args();
  NodeId func = view.func();
  if (c.ast->is(func, NodeKind::kName) || c.ast->is(func, NodeKind::kAttribute)) {
    std::string name = fullNameAt(w, c.module, c.scope, *c.ast, func);
    if (name == "builtins.isinstance" && args.size() == 2) return isinstanceCall(c, target(c, args[0]), args[1]);
    if (name == "builtins.issubclass" && args.size() == 2) return issubclassCall(c, target(c, args[0]), args[1]);
    if (name == "builtins.callable" && args.size() == 1) return callableCall(c, target(c, args[0]));
    if (name == "builtins.bool" && args.size() == 1) return findConditions(c, args[0]);
  }
  return guardCall(c, node);
}

// `x is V`, `x == V`: narrows x to V where V is a single value, and away from it otherwise.
static Conditions equality(Checker& c, NodeId left, NodeId right, bool is_identity) {
  World& w = c.w;
  Conditions result;
  auto one = [&](NodeId node, NodeId other) {
    TypeId current = typeAt(c, node);
    TypeId value = coerceToLiteral(w, typeAt(c, other));
    if (w.types.is(proper(w, value), TypeKind::kAny)) return;
    if (!keyOf(c, node).valid()) return;
    bool all_literal = true;
    std::vector<TypeRange> ranges;
    for (TypeId item : unionItems(w, value)) {
      bool literal = w.types.is(item, TypeKind::kLiteral) || w.types.is(item, TypeKind::kNone) || (is_identity && isSingleton(w, item));
      all_literal = all_literal && literal;
      ranges.push_back({item, false});
    }
    TypeId plain = proper(w, current);
    if (w.types.is(plain, TypeKind::kAny)) return;
    if (!all_literal) {
      // x == y with y not None: x is not None either, if nothing else of x can be equal.
      if (!is_identity && !containsNone(w, value) && containsNone(w, current)) {
        TypeId rest = removeOptional(w, current);
        bool overlapping = isOverlapping(w, rest, value, true);
        if (overlapping) result.if_true = andMaps(c, result.if_true, entry(c, node, rest));
      }
      if (is_identity) {
        TypeId narrowed = narrowDeclared(w, current, value);
        if (!w.types.is(narrowed, TypeKind::kNever) && narrowed != current) {
          result.if_true = andMaps(c, result.if_true, entry(c, node, narrowed));
        }
      }
      return;
    }
    if (!is_identity) {
      // == may be overloaded: only types that compare by value can be narrowed.
      for (TypeId item : unionItems(w, current)) {
        if (!w.types.is(item, TypeKind::kInstance)) continue;
        FoundMember eq = findMember(w, w.types[item].cls(), w.names.__eq__);
        bool known = !eq.found();
        if (eq.found()) {
          const std::string& owner = w.classes[eq.owner].fullname;
          known = owner.starts_with("builtins.") || owner.starts_with("enum.");
        }
        if (!known) return;
      }
    }
    bool is_sum = false;
    for (TypeId item : unionItems(w, current)) {
      is_sum = is_sum || w.types.is(item, TypeKind::kLiteral) || w.types.is(item, TypeKind::kNone) || isNamed(w, item, "builtins.bool") ||
               (w.types.is(item, TypeKind::kInstance) && w.header(w.types[item].cls()).has(kClassEnum));
    }
    bool has_none = false;
    for (const TypeRange& range : ranges) has_none = has_none || w.types.is(range.item, TypeKind::kNone);
    if (!is_sum && !is_identity && !has_none) return;
    Narrowed narrowed = conditionalTypes(c, current, ranges, true);
    // Several possible values of the other side: this one may still be any of them where they differ.
    bool single = ranges.size() == 1 && (is_identity ? isSingleton(w, ranges[0].item) : true);
    if (w.types.is(narrowed.yes, TypeKind::kNever) && !is_identity && !has_none) {
      bool none_overlap = true;
      for (TypeId item : unionItems(w, current)) {
        for (const TypeRange& range : ranges) none_overlap = none_overlap && !isOverlapping(w, item, range.item, true);
      }
      if (!none_overlap) return;
    }
    result.if_true = andMaps(c, result.if_true, entry(c, node, narrowed.yes));
    if (single && narrowed.no != current) result.if_false = orMaps(c, impossible(), andMaps(c, result.if_false, entry(c, node, narrowed.no)));
  };
  one(left, right);
  one(right, left);
  return result;
}

static Conditions membership(Checker& c, NodeId item_node, NodeId container) {
  World& w = c.w;
  Conditions result;
  TypeId type = proper(w, typeAt(c, container));
  TypeId current = typeAt(c, item_node);
  std::vector<TypeId> members;
  bool is_exact = false;
  if (w.types.is(type, TypeKind::kTuple)) {
    for (TypeId item : w.types[type].args()) {
      if (w.types.is(item, TypeKind::kUnpack)) return result;
      members.push_back(coerceToLiteral(w, item));
    }
    is_exact = true;
  } else if (w.types.is(type, TypeKind::kTypedDict)) {
    return result;
  } else if (w.types.is(type, TypeKind::kInstance) && w.types[type].count >= 1) {
    static constexpr const char* kContainers[] = {"builtins.list", "builtins.tuple", "builtins.dict", "builtins.set", "builtins.frozenset"};
    bool known = false;
    for (const char* name : kContainers) known = known || isNamed(w, type, name);
    if (!known) return result;
    members.push_back(w.types[type].items[0]);
  } else {
    return result;
  }
  if (members.empty()) return result;
  TypeId element = simplifiedUnion(w, members, false);
  if (!keyOf(c, item_node).valid() || w.types.is(proper(w, element), TypeKind::kAny)) return result;
  if (containsNone(w, current) && !containsNone(w, element)) {
    TypeId rest = removeOptional(w, current);
    if (isOverlapping(w, rest, element, true)) result.if_true = entry(c, item_node, rest);
    current = rest;
  }
  bool literals = true;
  std::vector<TypeRange> ranges;
  for (TypeId member : unionItems(w, element)) {
    literals = literals && (w.types.is(member, TypeKind::kLiteral) || w.types.is(member, TypeKind::kNone));
    ranges.push_back({member, false});
  }
  if (!literals) return result;
  Narrowed narrowed = conditionalTypes(c, current, ranges, true);
  bool sum = false;
  for (TypeId item : unionItems(w, current)) {
    sum = sum || w.types.is(item, TypeKind::kLiteral) || (w.types.is(item, TypeKind::kInstance) && w.header(w.types[item].cls()).has(kClassEnum));
  }
  if (!sum) return result;
  result.if_true = entry(c, item_node, narrowed.yes);
  if (is_exact) {
    Narrowed away = conditionalTypes(c, typeAt(c, item_node), ranges, true);
    result.if_false = entry(c, item_node, away.no);
  }
  return result;
}

// `len(x) == n` and `type(x) is C` have a call on one side.
static bool specialComparison(Checker& c, NodeId left, NodeId right, bool is_identity, Conditions& out) {
  World& w = c.w;
  for (int side = 0; side < 2; ++side) {
    NodeId call_side = side == 0 ? left : right;
    NodeId other = side == 0 ? right : left;
    auto call = c.ast->tryAs<syntax::Call>(call_side);
    if (!call || call->args().size() != 1 || !(c.ast->is(call->func(), NodeKind::kName))) continue;
    std::string name = fullNameAt(w, c.module, c.scope, *c.ast, call->func());
    if (name == "builtins.type") {
      std::vector<TypeRange> ranges;
      if (!typeRanges(c, typeAt(c, other), ranges)) continue;
      Conditions narrowed = fromRanges(c, call->args()[0], ranges);
      bool is_final = ranges.size() == 1 && w.types.is(ranges[0].item, TypeKind::kInstance) &&
                      w.header(w.types[ranges[0].item].cls()).has(kClassFinal);
      if (!is_final) narrowed.if_false = {};
      out = narrowed;
      return true;
    }
  }
  return false;
}

static Conditions comparison(Checker& c, NodeId node) {
  auto compare = c.ast->as<syntax::Compare>(node);
  Conditions all;
  bool is_first = true;
  NodeId left = compare.left();
  NodeList comparators = compare.comparators();
  for (size_t i = 0; i < comparators.size(); ++i) {
    auto op = static_cast<syntax::CompareOperator>(compare.ops()[i].value);
    NodeId right = comparators[i];
    Conditions one;
    bool negated = false;
    switch (op) {
      case syntax::CompareOperator::kIsNot:
      case syntax::CompareOperator::kNotEq:
        negated = true;
        [[fallthrough]];
      case syntax::CompareOperator::kIs:
      case syntax::CompareOperator::kEq: {
        bool identity = op == syntax::CompareOperator::kIs || op == syntax::CompareOperator::kIsNot;
        if (!specialComparison(c, left, right, identity, one)) one = equality(c, left, right, identity);
        break;
      }
      case syntax::CompareOperator::kNotIn:
        negated = true;
        [[fallthrough]];
      case syntax::CompareOperator::kIn: one = membership(c, left, right); break;
      default: break;
    }
    if (negated) std::swap(one.if_true, one.if_false);
    if (is_first) {
      all = one;
    } else {
      all.if_true = andMaps(c, all.if_true, one.if_true);
      all.if_false = orMaps(c, all.if_false, one.if_false);
    }
    is_first = false;
    left = right;
  }
  return all;
}

Conditions findConditions(Checker& c, NodeId node) {
  const Ast& ast = *c.ast;
  switch (ast.kind(node)) {
    case NodeKind::kCall: return call(c, node);
    case NodeKind::kCompare: return comparison(c, node);
    case NodeKind::kUnaryOp: {
      auto unary = ast.as<syntax::UnaryOp>(node);
      if (unary.op() != syntax::UnaryOperator::kNot) break;
      Conditions inner = findConditions(c, unary.operand());
      std::swap(inner.if_true, inner.if_false);
      return inner;
    }
    case NodeKind::kBoolOp: {
      auto op = ast.as<syntax::BoolOp>(node);
      Conditions all = findConditions(c, op.values()[0]);
      for (size_t i = 1; i < op.values().size(); ++i) {
        bool skipped = op.op() == syntax::BoolOperator::kAnd ? all.if_true.is_impossible : all.if_false.is_impossible;
        if (skipped) break;
        Conditions right = findConditions(c, op.values()[i]);
        if (op.op() == syntax::BoolOperator::kAnd) {
          all.if_true = andMaps(c, all.if_true, right.if_true);
          all.if_false = orMaps(c, all.if_false, right.if_false);
        } else {
          all.if_true = orMaps(c, all.if_true, right.if_true);
          all.if_false = andMaps(c, all.if_false, right.if_false);
        }
      }
      return all;
    }
    case NodeKind::kNamedExpr: {
      auto named = ast.as<syntax::NamedExpr>(node);
      Conditions value = findConditions(c, named.value());
      Conditions name = truthiness(c, named.target());
      return {andMaps(c, value.if_true, name.if_true), andMaps(c, value.if_false, name.if_false)};
    }
    case NodeKind::kConstant: {
      auto constant = ast.as<syntax::Constant>(node);
      Conditions result;
      if (constant.constantKind() == syntax::ConstantKind::kTrue) result.if_false = impossible();
      if (constant.constantKind() == syntax::ConstantKind::kFalse || constant.constantKind() == syntax::ConstantKind::kNone) {
        result.if_true = impossible();
      }
      if (constant.constantKind() == syntax::ConstantKind::kInt) {
        const syntax::IntConstant& value = ast.integer(constant.payload());
        (value.fits && value.value == 0 ? result.if_true : result.if_false) = impossible();
      }
      return result;
    }
    default: break;
  }
  return truthiness(c, node);
}

}  // namespace krait::narrow
