// What comparisons tell: `is` and `==` (also against each other in a chain), `in`, `type(x) is C`.
#include "checker/narrow/checker.h"

namespace krait::narrow {

using Op = syntax::CompareOperator;

static TypeId typeAt(Checker& c, NodeId node) {
  TypeId type = c.nodeType(node);
  return type.valid() ? type : c.w.types.any();
}

namespace {

struct Operand {
  NodeId node;
  TypeId type;
  bool is_narrowable = false;
};
using Operands = std::vector<Operand>;

}  // namespace

static bool isNoneLiteral(const Checker& c, NodeId node) {
  auto constant = c.ast->tryAs<syntax::Constant>(node);
  return constant && constant->constantKind() == syntax::ConstantKind::kNone;
}

// `Color.RED` where Color is the enum itself: a value, nothing to narrow.
static bool isEnumMember(Checker& c, NodeId node) {
  auto attribute = c.ast->tryAs<syntax::Attribute>(node);
  if (!attribute || !c.ast->is(attribute->value(), NodeKind::kName)) return false;
  World& w = c.w;
  TypeId member = proper(w, coerceToLiteral(w, typeAt(c, node)));
  if (!w.types.is(member, TypeKind::kLiteral) || w.types.literalValue(member).kind != LiteralKind::kEnum) return false;
  TypeId parent = proper(w, typeAt(c, attribute->value()));
  if (w.types.is(parent, TypeKind::kOverloaded)) parent = w.types[parent].items[0];
  return w.types.is(parent, TypeKind::kCallable) && w.types.callable(parent).isTypeObject();
}

static Operand operandOf(Checker& c, NodeId node) {
  Operand operand;
  operand.type = typeAt(c, node);
  operand.node = withoutWalrus(c, node);
  operand.is_narrowable = keyOf(c, operand.node).valid() && !isNoneLiteral(c, operand.node) && !isEnumMember(c, operand.node);
  return operand;
}

static bool isFinalClassObject(World& w, TypeId type) {
  if (w.types.is(type, TypeKind::kTypeType)) {
    TypeId item = proper(w, w.types[type].items[0]);
    return w.types.is(item, TypeKind::kInstance) && w.header(w.types[item].cls()).has(kClassFinal);
  }
  if (w.types.is(type, TypeKind::kOverloaded)) type = w.types[type].items[0];
  if (!w.types.is(type, TypeKind::kCallable) || !w.types.callable(type).isTypeObject()) return false;
  TypeId made = proper(w, w.types.callable(type).made());
  return w.types.is(made, TypeKind::kInstance) && w.header(w.types[made].cls()).has(kClassFinal);
}

// Is there one value of the type, as the operator sees it?
static bool isSingleValue(World& w, TypeId type, bool is_identity) {
  TypeId plain = proper(w, type);
  if (!is_identity && w.types.is(plain, TypeKind::kLiteral)) return true;
  return isSingleton(w, plain) || isFinalClassObject(w, plain);
}

static bool hasCustomEquality(World& w, TypeId type) {
  return hasCustomMethod(w, type, w.names.__eq__) || hasCustomMethod(w, type, w.names.__ne__);
}

// A type that a literal is expected to compare with: only then are values of `==` read as literals.
static bool callsForLiterals(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kUnion)) {
    for (TypeId item : w.types[plain].args()) {
      if (w.types.is(proper(w, item), TypeKind::kLiteral)) return true;
    }
    return false;
  }
  if (w.types.is(plain, TypeKind::kTypeVar) && isPlainTypeVar(w, plain)) return callsForLiterals(w, upperBound(w, TypeVarId(w.types[plain].ref)));
  if (w.types.is(plain, TypeKind::kLiteral)) return true;
  return w.types.is(plain, TypeKind::kInstance) && w.header(w.types[plain].cls()).has(kClassEnum);
}

// Has the type, or one of a union, the values True and False alone?
static bool hasBool(World& w, TypeId type) {
  for (TypeId item : unionItems(w, proper(w, type))) {
    TypeId plain = proper(w, item);
    if (w.types.is(plain, TypeKind::kInstance) && !w.types[plain].extra.valid() && isNamed(w, plain, "builtins.bool")) return true;
  }
  return false;
}

// What a class object of that type makes; none: it is no class object.
static TypeId instanceBehind(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kOverloaded)) plain = w.types[plain].items[0];
  if (!w.types.is(plain, TypeKind::kCallable) || !w.types.callable(plain).isTypeObject()) return TypeId::none();
  return eraseTypeVars(w, w.types.callable(plain).made(), nullptr, w.types.any(AnyKind::kFromOmittedGenerics));
}

// What `t is C` tells of t where it holds, for a t that may be many classes: type, a metaclass, type[T]. None: `type` is none of these.
static TypeId asClass(Checker& c, TypeId type, TypeId target) {
  World& w = c.w;
  TypeId made = follows(*c.options, Divergence::kClassIdentity) ? instanceBehind(w, target) : TypeId::none();
  if (!made.valid()) return TypeId::none();
  TypeId plain = proper(w, type);
  bool is_metaclass = w.types.is(plain, TypeKind::kInstance) && isMetaclass(w, w.types[plain].cls());
  if (is_metaclass) return isSubtype(w, target, plain) ? w.types.typeType(made) : TypeId::none();
  if (!w.types.is(plain, TypeKind::kTypeType)) return TypeId::none();
  TypeId item = proper(w, w.types[plain].items[0]);
  if (w.types.is(item, TypeKind::kAny)) return w.types.typeType(made);
  bool is_open = isPlainTypeVar(w, item) && valuesOf(w, TypeVarId(w.types[item].ref)).empty();
  if (!is_open || !isSubtype(w, made, upperBound(w, TypeVarId(w.types[item].ref)))) return TypeId::none();
  return w.types.typeType(narrowedVariable(w, item, made));
}

static Narrowed compareOne(Checker& c, TypeId type, TypeId target, bool is_identity);

// As compareOne, for a union of which some items may be many classes.
static bool compareClasses(Checker& c, TypeId type, TypeId target, bool is_identity, Narrowed& out) {
  World& w = c.w;
  std::vector<TypeId> yes, no, items = unionItems(w, type);
  if (std::none_of(items.begin(), items.end(), [&](TypeId item) { return asClass(c, item, target).valid(); })) return false;
  for (TypeId item : items) {
    TypeId same = asClass(c, item, target);
    Narrowed one = same.valid() ? Narrowed{same, item} : compareOne(c, item, target, is_identity);
    for (TypeId* part : {&one.yes, &one.no}) {
      if (!part->valid()) *part = item;
      if (!w.types.is(*part, TypeKind::kNever)) (part == &one.yes ? yes : no).push_back(*part);
    }
  }
  auto part = [&](const std::vector<TypeId>& parts) { return parts.empty() ? w.types.never() : simplifiedUnion(w, parts); };
  out = {part(yes), part(no)};
  return true;
}

// What `x OP y` tells about x, which is of type `type`, when y is of type `target`; none: nothing.
static Narrowed compareOne(Checker& c, TypeId type, TypeId target, bool is_identity) {
  World& w = c.w;
  if (Narrowed classes; compareClasses(c, type, target, is_identity, classes)) return classes;
  if (asClass(c, target, type).valid()) return {type, TypeId::none()};
  std::vector<TypeId> narrowable, ambiguous;
  for (TypeId item : unionItems(w, type)) {
    bool unclear = !is_identity && isEqualityAmbiguous(w, item, target);
    (unclear ? ambiguous : narrowable).push_back(item);
  }
  if (narrowable.empty()) return {};
  TypeId rest = narrowable.size() == 1 && ambiguous.empty() ? type : w.types.unionOf(narrowable);
  TypeId expanded = expandSumType(w, coerceToLiteral(w, rest));
  Narrowed split = splitType(c, expanded, {{target, false}}, {.from_equality = true});
  if (!ambiguous.empty()) {
    auto add = [&](TypeId part) {
      if (!part.valid()) part = rest;
      std::vector<TypeId> items = ambiguous;
      if (!w.types.is(part, TypeKind::kNever)) items.insert(items.begin(), part);
      return simplifiedUnion(w, items);
    };
    split = {add(split.yes), add(split.no)};
  }
  if (!isSingleValue(w, target, is_identity)) split.no = TypeId::none();
  return split;
}

// As compareOne, for a union of which some items have an equality of their own: these stay on both sides.
static Narrowed compareCustom(Checker& c, TypeId type, TypeId target) {
  World& w = c.w;
  std::vector<TypeId> yes, no;
  auto add = [&](std::vector<TypeId>& items, TypeId part, TypeId item) {
    if (!part.valid()) part = item;
    if (!w.types.is(part, TypeKind::kNever)) items.push_back(part);
  };
  for (TypeId item : unionItems(w, type)) {
    Narrowed one;
    if (!hasCustomEquality(w, item)) one = compareOne(c, item, target, false);
    add(yes, one.yes, item);
    add(no, one.no, item);
  }
  auto part = [&](const std::vector<TypeId>& items) { return items.empty() ? w.types.never() : simplifiedUnion(w, items); };
  return {part(yes), part(no)};
}

Narrowed splitByEquality(Checker& c, TypeId type, TypeId value) {
  World& w = c.w;
  Narrowed split;
  if (!hasCustomEquality(w, value)) {
    if (!hasCustomEquality(w, type)) {
      split = compareOne(c, type, value, false);
    } else if (w.types.is(proper(w, type), TypeKind::kUnion)) {
      split = compareCustom(c, type, value);
    }
  }
  return {split.yes.valid() ? split.yes : type, split.no.valid() ? split.no : type};
}

// All operands of the group are compared with one operator, `==` or `is`.
static Conditions equality(Checker& c, const Operands& group, bool is_identity) {
  World& w = c.w;
  bool reads_literals = is_identity;
  std::vector<bool> custom(group.size());
  size_t custom_count = 0;
  for (size_t i = 0; i < group.size(); ++i) {
    reads_literals = reads_literals || callsForLiterals(w, group[i].type);
    reads_literals = reads_literals || (hasBool(w, group[i].type) && follows(*c.options, Divergence::kBoolEquality));
    custom[i] = !is_identity && hasCustomEquality(w, group[i].type);
    custom_count += custom[i] ? 1 : 0;
  }
  if (custom_count == group.size()) return {};
  Conditions all;
  all.if_false = impossibleMap();
  bool has_else = false;
  for (size_t i = 0; i < group.size(); ++i) {
    if (!group[i].is_narrowable) continue;
    bool is_union = w.types.is(proper(w, group[i].type), TypeKind::kUnion);
    if (custom[i] && !is_union) continue;
    for (size_t j = 0; j < group.size(); ++j) {
      if (j == i || custom[j]) continue;
      TypeId target = reads_literals ? coerceToLiteral(w, group[j].type) : group[j].type;
      Narrowed one = custom[i] ? compareCustom(c, group[i].type, target) : compareOne(c, group[i].type, target, is_identity);
      all.if_true = andMaps(c, all.if_true, mapOf(c, group[i].node, one.yes), true);
      if (!isSingleValue(w, target, is_identity)) continue;
      TypeMap otherwise = mapOf(c, group[i].node, one.no);
      all.if_false = has_else ? orMaps(c, all.if_false, otherwise) : otherwise;
      has_else = true;
    }
  }
  if (!has_else) all.if_false = {};
  return all;
}

// `type(x) is C`, `type(x) == type(y) == C`.
static bool typeCheck(Checker& c, const Operands& group, Conditions& out) {
  World& w = c.w;
  std::vector<NodeId> asked;
  std::vector<TypeRange> ranges;
  bool is_final = false, has_class = false;
  for (const Operand& operand : group) {
    auto call = c.ast->tryAs<syntax::Call>(operand.node);
    if (auto attribute = c.ast->tryAs<syntax::Attribute>(operand.node); attribute && syntax::nameOf(*c.ast, attribute->attr()) == w.name("__class__")) {
      asked.push_back(attribute->value());
      continue;
    }
    if (call && call->args().size() == 1 && fullNameAt(w, c.module, c.scope, *c.ast, call->func()) == "builtins.type") {
      asked.push_back(call->args()[0]);
      continue;
    }
    std::vector<TypeRange> one;
    if (!typeRanges(c, operand.type, one)) continue;
    if (has_class && (one.size() != 1 || ranges.size() != 1 || one[0].item != ranges[0].item)) return false;
    has_class = true;
    ranges = one;
    TypeId plain = proper(w, operand.type);
    if (w.types.is(plain, TypeKind::kOverloaded)) plain = w.types[plain].items[0];
    if (w.types.is(plain, TypeKind::kCallable) && w.types.callable(plain).isTypeObject()) {
      TypeId made = proper(w, w.types.callable(plain).made());
      if (w.types.is(made, TypeKind::kTuple)) made = tupleFallback(w, made);
      is_final = w.types.is(made, TypeKind::kInstance) && w.header(w.types[made].cls()).has(kClassFinal);
    }
  }
  if (asked.empty() || !has_class) return false;
  TypeMap yes, no;
  for (NodeId node : asked) {
    Narrowed split = splitWithIntersections(c, typeAt(c, node), ranges, node);
    TypeMap one = mapOf(c, node, split.yes);
    yes = andMaps(c, yes, one);
    no = andMaps(c, no, mapOf(c, node, split.no));
  }
  out.if_true = yes;
  // An instance of a subclass has another type: nothing is known then.
  out.if_false = is_final ? no : TypeMap{};
  return true;
}

// The items of `x in [a, b]` as they are written; none: no display, or one with `*rest` in it.
static TypeId displayedItems(Checker& c, NodeId node) {
  NodeList elements;
  if (auto list = c.ast->tryAs<syntax::List>(node)) {
    elements = list->elts();
  } else if (auto set = c.ast->tryAs<syntax::Set>(node)) {
    elements = set->elts();
  }
  std::vector<TypeId> items;
  for (NodeId element : elements) {
    if (c.ast->is(element, NodeKind::kStarred)) return TypeId::none();
    items.push_back(typeAt(c, element));
  }
  return items.empty() ? TypeId::none() : c.w.types.unionOf(items);
}

// The type of the items that `in` compares with; none: cannot tell.
static TypeId itemType(Checker& c, const Operand& container) {
  World& w = c.w;
  if (TypeId items = displayedItems(c, container.node); items.valid()) return items;
  TypeId plain = proper(w, container.type);
  if (w.types.is(plain, TypeKind::kTuple)) {
    std::vector<TypeId> items;
    for (TypeId item : w.types[plain].args()) {
      if (w.types.is(item, TypeKind::kUnpack)) {
        TypeId inner = proper(w, w.types[item].items[0]);
        if (!isNamed(w, inner, "builtins.tuple")) return TypeId::none();
        item = w.types[inner].items[0];
      }
      if (w.types.is(proper(w, item), TypeKind::kAny)) return TypeId::none();
      items.push_back(item);
    }
    return items.empty() ? TypeId::none() : simplifiedUnion(w, items, false);
  }
  if (w.types.is(plain, TypeKind::kTypedDict)) return builtinType(w, "str");
  if (!w.types.is(plain, TypeKind::kInstance)) return TypeId::none();
  static constexpr const char* kContainers[] = {"builtins.list", "builtins.tuple", "builtins.dict", "builtins.set", "builtins.frozenset",
                                                "_collections_abc.dict_keys", "typing.KeysView"};
  for (const char* name : kContainers) {
    if (!isNamed(w, plain, name)) continue;
    if (w.types[plain].count == 0) return TypeId::none();
    TypeId item = w.types[plain].items[0];
    return w.types.is(proper(w, item), TypeKind::kAny) ? TypeId::none() : item;
  }
  return TypeId::none();
}

// `"key" in d` for a union of TypedDicts.
static Conditions keyCheck(Checker& c, const Operand& key, const Operand& dict) {
  World& w = c.w;
  TypeId literal = proper(w, coerceToLiteral(w, key.type));
  std::vector<std::string> names;
  for (TypeId item : unionItems(w, literal)) {
    if (!w.types.is(item, TypeKind::kLiteral) || w.types.literalValue(item).kind != LiteralKind::kStr) return {};
    names.push_back(std::string(w.types.literalValue(item).text));
  }
  std::vector<TypeId> yes, no;
  bool has_dicts = false;
  for (TypeId item : unionItems(w, dict.type)) {
    TypeId plain = proper(w, item);
    if (isPlainTypeVar(w, plain)) plain = proper(w, upperBound(w, TypeVarId(w.types[plain].ref)));
    if (!w.types.is(plain, TypeKind::kTypedDict)) {
      yes.push_back(item);
      no.push_back(item);
      continue;
    }
    has_dicts = true;
    bool may = false, may_not = false;
    for (const std::string& name : names) {
      bool known = false;
      for (const TypedDictItem& entry : w.types.typedDictItems(plain)) {
        if (w.text(entry.name) != name) continue;
        known = true;
        // NotRequired[Never]: such a key cannot be there.
        may = may || entry.required || !w.types.is(proper(w, entry.type), TypeKind::kNever);
        may_not = may_not || !entry.required;
      }
      if (known) continue;
      TypeId fallback = w.types[plain].extra;
      bool is_final = w.types.is(fallback, TypeKind::kInstance) && w.header(w.types[fallback].cls()).has(kClassFinal);
      is_final = is_final || w.types.typedDictShape(plain).is_closed || follows(*c.options, Divergence::kKeysNarrow);
      may_not = true;
      may = may || !is_final || w.types.typedDictExtra(plain).valid();
    }
    if (may) yes.push_back(item);
    if (may_not) no.push_back(item);
  }
  if (!has_dicts) return {};
  auto part = [&](const std::vector<TypeId>& items) { return items.empty() ? w.types.never() : simplifiedUnion(w, items); };
  Conditions result;
  result.if_true = mapOf(c, dict.node, part(yes));
  result.if_false = mapOf(c, dict.node, part(no));
  if (names.size() == 1 && !result.if_true.is_impossible && follows(*c.options, Divergence::kAbsentItems)) result.if_true.entries.push_back(presenceEntry(c, dict.node, names[0]));
  return result;
}

static Conditions membership(Checker& c, const Operand& item, const Operand& container) {
  World& w = c.w;
  Conditions result;
  if (item.is_narrowable) {
    TypeId plain = proper(w, container.type);
    bool is_fixed = w.types.is(plain, TypeKind::kTuple);
    if (is_fixed) {
      for (TypeId element : w.types[plain].args()) is_fixed = is_fixed && !w.types.is(element, TypeKind::kUnpack);
    }
    if (is_fixed) {
      // x in (a, b): x == a or x == b.
      result.if_true = impossibleMap();
      std::vector<TypeId> elements(w.types[plain].args().begin(), w.types[plain].args().end());
      for (TypeId element : elements) {
        if (follows(*c.options, Divergence::kLiteralMembership)) element = coerceToLiteral(w, element);
        Conditions one = equality(c, {item, {container.node, element, false}}, false);
        if (!isSingleValue(w, element, false)) one.if_false = {};
        result.if_true = orMaps(c, result.if_true, one.if_true);
        result.if_false = andMaps(c, result.if_false, one.if_false, true);
      }
    } else if (TypeId element = itemType(c, container); element.valid()) {
      result.if_true = equality(c, {item, {container.node, element, false}}, false).if_true;
    }
  }
  if (container.is_narrowable) {
    Conditions keys = keyCheck(c, item, container);
    result.if_true = andMaps(c, result.if_true, keys.if_true);
    result.if_false = andMaps(c, result.if_false, keys.if_false);
  }
  return result;
}

static Conditions group(Checker& c, const Operands& operands, bool is_identity) {
  Conditions result;
  if (typeCheck(c, operands, result)) return result;
  return equality(c, operands, is_identity);
}

Conditions findComparison(Checker& c, NodeId node) {
  World& w = c.w;
  auto compare = c.ast->as<syntax::Compare>(node);
  NodeList comparators = compare.comparators();
  Operands operands{operandOf(c, compare.left())};
  for (NodeId comparator : comparators) operands.push_back(operandOf(c, comparator));
  Conditions all;
  all.if_false = impossibleMap();
  bool is_trivial = true;
  for (size_t i = 0; i < comparators.size(); ++i) {
    auto op = static_cast<Op>(compare.ops()[i].value);
    Conditions one;
    if (op == Op::kEq || op == Op::kIs) {
      // x == y == z: each is equal to each.
      Operands chain{operands[i], operands[i + 1]};
      while (i + 1 < comparators.size() && static_cast<Op>(compare.ops()[i + 1].value) == op) chain.push_back(operands[++i + 1]);
      one = group(c, chain, op == Op::kIs);
    } else if (op == Op::kNotEq || op == Op::kIsNot) {
      one = group(c, {operands[i], operands[i + 1]}, op == Op::kIsNot);
      std::swap(one.if_true, one.if_false);
    } else if (op == Op::kIn || op == Op::kNotIn) {
      one = membership(c, operands[i], operands[i + 1]);
      if (op == Op::kNotIn) std::swap(one.if_true, one.if_false);
    }
    is_trivial = is_trivial && one.isEmpty();
    one = {withParents(c, std::move(one.if_true)), withParents(c, std::move(one.if_false))};
    // a < b == c: what the first comparison tells holds in the next.
    for (const MapEntry& entry : one.if_true.entries) {
      if (entry.attribute.valid()) continue;
      for (size_t k = i + 1; k < operands.size(); ++k) {
        if (operands[k].is_narrowable && keyOf(c, operands[k].node) == keyOf(c, entry.node)) operands[k].type = narrowDeclared(w, operands[k].type, entry.type);
      }
    }
    all.if_true = andMaps(c, all.if_true, one.if_true);
    all.if_false = orMaps(c, all.if_false, one.if_false);
  }
  return is_trivial ? findLengthChecks(c, node) : all;
}

}  // namespace krait::narrow
