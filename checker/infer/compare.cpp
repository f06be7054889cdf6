// Comparisons, membership, identity, and --strict-equality.
#include "checker/infer/forms.h"
#include "checker/infer/member.h"
#include "checker/infer/messages.h"

namespace krait::infer {

using syntax::CompareOperator;

static bool hasCustomEq(World& w, TypeId type) {
  type = proper(w, type);
  switch (w.types.kind(type)) {
    case TypeKind::kAny: return true;
    case TypeKind::kUnion:
      for (TypeId item : unionItems(w, type)) {
        if (hasCustomEq(w, item)) return true;
      }
      return false;
    case TypeKind::kTypeVar: return false;
    default: break;
  }
  if (isTypeObject(w, type)) {
    TypeId made = fallbackOf(w, proper(w, w.types.callable(callableItems(w, type)[0]).ret()));
    if (!w.types.is(made, TypeKind::kInstance)) return false;
    type = metaclassOf(w, w.types[made].cls());
  } else if (w.types.is(type, TypeKind::kTypeType)) {
    TypeId item = proper(w, w.types[type].items[0]);
    if (isAny(w, item)) return true;
    if (!w.types.is(item, TypeKind::kInstance)) return false;
    type = metaclassOf(w, w.types[item].cls());
  } else if (!w.types.is(type, TypeKind::kInstance)) {
    type = fallbackOf(w, type);
  }
  if (!w.types.is(type, TypeKind::kInstance)) return false;
  if (w.header(w.types[type].cls()).has(kClassFallbackToAny)) return true;
  FoundMember found = findMember(w, w.types[type].cls(), w.names.__eq__);
  if (!found.found()) return false;
  const std::string& owner = w.classes[found.owner].fullname;
  return !owner.starts_with("builtins.") && !owner.starts_with("typing.") && !owner.starts_with("types.") &&
         !owner.starts_with("_collections_abc.");
}

static bool isOneOf(const std::string& name, std::initializer_list<std::string_view> names) {
  for (std::string_view each : names) {
    if (name == each) return true;
  }
  return false;
}

static bool hasBytes(World& w, TypeId type) {
  for (TypeId item : unionItems(w, type)) {
    TypeId plain = proper(w, item);
    if (w.types.is(plain, TypeKind::kLiteral)) plain = fallbackOf(w, plain);
    if (w.types.is(plain, TypeKind::kInstance) &&
        isOneOf(w.classes[w.types[plain].cls()].fullname, {"builtins.bytes", "builtins.bytearray", "builtins.memoryview"})) {
      return true;
    }
  }
  return false;
}

// Can the two never be equal (or identical)? `container`: of `in`, the container's type; none otherwise.
static bool isDangerous(Context& c, TypeId left, TypeId right, bool identity, TypeId container, bool prefer_literal, int depth = 0) {
  World& w = c.w;
  if (!c.options().strict_equality || depth > 10) return false;
  if (c.frames->hidesUnreachable()) return false;
  left = proper(w, left);
  right = proper(w, right);
  if (!identity && (hasCustomEq(w, left) || hasCustomEq(w, right))) return false;
  if (isAny(w, left) || isAny(w, right)) return false;
  if (prefer_literal) {
    left = coerceToLiteral(w, left);
    right = coerceToLiteral(w, right);
  }
  if (isNone(w, left) || isNone(w, right)) {
    if (!c.options().strict_equality_for_none) return false;
    TypeId other = isNone(w, left) ? right : left;
    if (!identity && w.types.is(other, TypeKind::kTypeVar)) return false;
    return !isOverlapping(w, left, right, false, true) && !isNone(w, other) && !isObject(w, other);
  }
  if (w.types.is(left, TypeKind::kUnion) && w.types.is(right, TypeKind::kUnion)) {
    left = proper(w, removeOptional(w, left));
    right = proper(w, removeOptional(w, right));
  }
  if (container.valid() && hasBytes(w, container) && hasBytes(w, left)) return false;
  if (w.types.is(left, TypeKind::kInstance) && w.types.is(right, TypeKind::kInstance)) {
    const std::string& l = w.classes[w.types[left].cls()].fullname;
    const std::string& r = w.classes[w.types[right].cls()].fullname;
    auto isSet = [](const std::string& name) {
      return isOneOf(name, {"builtins.set", "builtins.frozenset", "typing.KeysView", "typing.ItemsView", "builtins._dict_keys",
                            "builtins._dict_items", "_collections_abc.dict_keys", "_collections_abc.dict_items"});
    };
    auto inner = [&](ClassId base, uint32_t index) {
      TypeId a = mapToSupertype(w, left, base), b = mapToSupertype(w, right, base);
      if (w.types[a].count <= index || w.types[b].count <= index) return false;
      return isDangerous(c, w.types[a].items[index], w.types[b].items[index], false, TypeId::none(), prefer_literal, depth + 1);
    };
    if (isSet(l) && isSet(r)) {
      ClassId base = lookupClass(w, "typing", "AbstractSet");
      return base.valid() && inner(base, 0);
    }
    if (isSubclass(w, w.types[left].cls(), "typing.Mapping") && isSubclass(w, w.types[right].cls(), "typing.Mapping")) {
      ClassId base = lookupClass(w, "typing", "Mapping");
      return inner(base, 0) || inner(base, 1);
    }
    if (l == r && isOneOf(l, {"builtins.list", "builtins.tuple"})) return inner(w.types[left].cls(), 0);
    if (hasBytes(w, left) && hasBytes(w, right)) return false;
  }
  if (w.types.is(left, TypeKind::kLiteral) && w.types.is(right, TypeKind::kLiteral)) {
    if (w.types.literalValue(left).kind == LiteralKind::kBool && w.types.literalValue(right).kind == LiteralKind::kBool) return false;
  }
  return !isOverlapping(w, left, right);
}

static void reportOverlap(Context& c, TypeId left, TypeId right, std::string_view kind, NodeId at) {
  auto [l, r] = formatTwo(c.w, left, right);
  bool container = kind == "container";
  fail(c, at, Code::kComparisonOverlap, "Non-overlapping " + std::string(kind) + " check (" + (container ? "element" : "left operand") +
                                            " type: " + l + ", " + (container ? "container item" : "right operand") + " type: " + r + ")");
}

// What `x in container` compares x to, where the container says so nominally; or none.
static TypeId containerItem(World& w, TypeId type) {
  type = proper(w, type);
  if (w.types.is(type, TypeKind::kUnion)) {
    std::vector<TypeId> items;
    for (TypeId item : unionItems(w, type)) {
      TypeId each = containerItem(w, item);
      if (each.valid()) items.push_back(each);
    }
    return items.empty() ? TypeId::none() : w.types.unionOf(items);
  }
  if (w.types.is(type, TypeKind::kTuple)) {
    std::vector<TypeId> items;
    for (TypeId item : w.types[type].args()) {
      if (w.types.is(item, TypeKind::kUnpack)) return TypeId::none();
      items.push_back(item);
    }
    return items.empty() ? TypeId::none() : simplifiedUnion(w, items);
  }
  ClassId container = lookupClass(w, "typing", "Container");
  if (!w.types.is(type, TypeKind::kInstance) || !container.valid() || !isSubclass(w, w.types[type].cls(), container)) return TypeId::none();
  TypeId mapped = mapToSupertype(w, type, container);
  return w.types[mapped].count > 0 ? w.types[mapped].items[0] : TypeId::none();
}

static TypeId checkIn(Context& c, NodeId left, TypeId left_type, NodeId right, NodeId at) {
  World& w = c.w;
  TypeId right_type = proper(w, inferExpr(c, right));
  for (TypeId item : unionItems(w, right_type)) {
    item = proper(w, item);
    std::vector<Message> errors;
    bool failed = false;
    {
      MessageFilter filter(c);
      MemberOptions options;
      options.is_operator = true;
      options.original = right_type;
      options.self_type = item;
      TypeId method = memberType(c, item, w.names.__contains__, at, options);
      std::string name = w.types.is(item, TypeKind::kInstance) ? w.classes[w.types[item].cls()].fullname + ".__contains__" : "__contains__";
      checkCall(c, method, {Argument{.node = left}}, at, name, item);
      failed = filter.hasErrors();
      errors = filter.messages;
    }
    if (failed && isValidStarArgument(c, item) && !hasMember(c, item, w.names.__contains__)) {
      TypeId element = iterableItem(c, item, at);
      if (!isSubtype(w, left_type, element)) reportUnsupportedOperands(c, "in", left_type, right_type, at);
    } else {
      addMessages(c, std::move(errors));
      TypeId element = containerItem(w, item);
      if (!failed && element.valid() && isDangerous(c, left_type, element, false, item, false)) {
        reportOverlap(c, left_type, element, "container", at);
      }
    }
  }
  return builtinType(w, "bool");
}

TypeId inferCompare(Context& c, NodeId node) {
  World& w = c.w;
  auto compare = c.ast->as<syntax::Compare>(node);
  NodeList ops = compare.ops();
  NodeList comparators = compare.comparators();
  NodeId left = compare.left();
  TypeId result;
  for (size_t i = 0; i < comparators.size(); ++i) {
    auto op = static_cast<CompareOperator>(ops[i].value);
    NodeId right = comparators[i];
    TypeId left_type = inferExpr(c, left);
    TypeId part;
    if (op == CompareOperator::kIn || op == CompareOperator::kNotIn) {
      part = checkIn(c, left, left_type, right, node);
    } else if (op == CompareOperator::kIs || op == CompareOperator::kIsNot) {
      TypeId right_type = inferExpr(c, right);
      part = builtinType(w, "bool");
      if (isDangerous(c, left_type, right_type, true, TypeId::none(), true)) {
        reportOverlap(c, coerceToLiteral(w, proper(w, left_type)), coerceToLiteral(w, proper(w, right_type)), "identity", node);
      }
    } else {
      NameId methods[] = {w.names.__eq__, w.names.__ne__, w.names.__lt__, w.names.__le__, w.names.__gt__, w.names.__ge__};
      std::vector<Message> errors;
      bool failed = false;
      {
        MessageFilter filter(c);
        part = checkOperator(c, methods[static_cast<int>(op)], left_type, right, TypeId::none(), node, true);
        failed = filter.hasErrors();
        errors = std::move(filter.messages);
      }
      addMessages(c, std::move(errors));
      if (!failed && (op == CompareOperator::kEq || op == CompareOperator::kNotEq)) {
        TypeId right_type = recordedType(c, right);
        if (!right_type.valid()) right_type = inferExpr(c, right);
        if (isDangerous(c, left_type, right_type, false, TypeId::none(), true)) {
          reportOverlap(c, coerceToLiteral(w, proper(w, left_type)), coerceToLiteral(w, proper(w, right_type)), "equality", node);
        }
      }
    }
    result = result.valid() ? join(w, result, part) : part;
    left = right;
  }
  return result;
}

}  // namespace krait::infer
