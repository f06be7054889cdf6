// Splitting a type by a test: the part where the test holds, and the part where it does not. Follows the rules of
// mypy's conditional_types and restrict_subtype_away.
#include "checker/narrow/checker.h"

namespace krait::narrow {

static SubtypeOptions withoutPromotions(bool erase_instances = false) {
  SubtypeOptions o;
  o.ignore_promotions = true;
  o.erase_instances = erase_instances;
  return o;
}

// Is isinstance(item, supertype) always true when the program runs? Type arguments are not looked at then.
static bool coversAtRuntime(World& w, TypeId item, TypeId supertype) {
  item = proper(w, item);
  supertype = proper(w, supertype);
  bool is_class_object = w.types.is(supertype, TypeKind::kCallable) && w.types.callable(supertype).isTypeObject();
  TypeId erased = is_class_object ? supertype : eraseType(w, supertype);
  if (isProperSubtype(w, eraseType(w, item), erased, withoutPromotions(true))) return true;
  if (!w.types.is(erased, TypeKind::kInstance)) return false;
  if (w.header(w.types[erased].cls()).has(kClassProtocol) && isProperSubtype(w, item, erased, withoutPromotions())) return true;
  if (w.types.is(item, TypeKind::kTypedDict) && isNamed(w, erased, "builtins.dict")) return true;
  if (w.types.is(item, TypeKind::kTypeVar) && isPlainTypeVar(w, item)) {
    return isProperSubtype(w, upperBound(w, TypeVarId(w.types[item].ref)), erased, withoutPromotions());
  }
  return false;
}

TypeId restrictSubtypeAway(World& w, TypeId type, TypeId gone, bool at_runtime) {
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kUnion)) {
    std::vector<TypeId> items;
    std::vector<TypeId> members(w.types[plain].args().begin(), w.types[plain].args().end());
    for (TypeId member : members) {
      TypeId rest = restrictSubtypeAway(w, member, gone, at_runtime);
      if (!w.types.is(rest, TypeKind::kNever)) items.push_back(rest);
    }
    return items.empty() ? w.types.never() : w.types.unionOf(items);
  }
  if (isPlainTypeVar(w, plain)) {
    TypeId rest = restrictSubtypeAway(w, upperBound(w, TypeVarId(w.types[plain].ref)), gone, true);
    return w.types.is(rest, TypeKind::kNever) ? rest : narrowedVariable(w, plain, rest);
  }
  if (at_runtime) return coversAtRuntime(w, type, gone) ? w.types.never() : type;
  if (isProperSubtype(w, type, gone, withoutPromotions()) || isProperSubtype(w, type, gone, withoutPromotions(true))) return w.types.never();
  return type;
}

// Values of a NewType are only made by its call: a test never narrows to it.
static TypeId withoutNewType(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  while (w.types.is(plain, TypeKind::kInstance) && w.header(w.types[plain].cls()).has(kClassNewType)) {
    plain = type = proper(w, w.header(w.types[plain].cls()).bases[0]);
  }
  return type;
}

// Sub for Base[int]: Sub's type arguments where the base's tell all of them.
static TypeId withKnownArguments(World& w, TypeId current, TypeId proposed) {
  TypeId plain = proper(w, current), target = proper(w, proposed);
  if (!w.types.is(plain, TypeKind::kInstance) || !w.types.is(target, TypeKind::kInstance)) return proposed;
  ClassId base = w.types[plain].cls(), cls = w.types[target].cls();
  if (w.types[target].count == 0 || !isSubclass(w, cls, base)) return proposed;
  for (TypeId arg : w.types[target].args()) {
    if (!w.types.is(arg, TypeKind::kAny) && !w.types.is(arg, TypeKind::kUnpack)) return proposed;
  }
  const std::vector<TypeVarId> variables = w.header(cls).type_vars;
  TypeId own = selfInstanceOf(w, cls);
  std::vector<TypeId> solved = w.hooks.solve_pattern(w, variables, mapToSupertype(w, own, base), plain, true);
  Substitution map;
  for (size_t i = 0; i < variables.size(); ++i) {
    if (w.types.is(solved[i], TypeKind::kNever)) return proposed;
    map.add(variables[i], solved[i]);
  }
  return substitute(w, own, map);
}

// Values of list[int] and list[str] can be equal: arguments do not count.
static TypeId erasedForEquality(World& w, TypeId type) {
  std::vector<TypeId> items;
  for (TypeId item : unionItems(w, type)) {
    TypeId plain = proper(w, item);
    items.push_back(w.types.is(plain, TypeKind::kInstance) && w.types[plain].count > 0 ? eraseType(w, plain) : item);
  }
  return items.size() == 1 ? items[0] : w.types.unionOf(items);
}

static bool isStructural(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  return w.types.is(plain, TypeKind::kCallable) ||
         (w.types.is(plain, TypeKind::kInstance) && w.header(w.types[plain].cls()).has(kClassProtocol));
}

static Narrowed splitUnion(Checker& c, TypeId plain, const std::vector<TypeRange>& ranges, SplitOptions options) {
  World& w = c.w;
  std::vector<TypeId> yes, no;
  std::vector<TypeId> members(w.types[plain].args().begin(), w.types[plain].args().end());
  for (TypeId member : members) {
    options.fallback = member;
    Narrowed one = splitType(c, member, ranges, options);
    if (!w.types.is(one.yes, TypeKind::kNever)) yes.push_back(one.yes);
    if (!w.types.is(one.no, TypeKind::kNever)) no.push_back(one.no);
  }
  return {yes.empty() ? w.types.never() : simplifiedUnion(w, yes), no.empty() ? w.types.never() : simplifiedUnion(w, no)};
}

// float in an annotation means int, too, and complex means both: the parts that a test against these classes takes
// apart. The float that is no int holds itself as what it is known to be. Empty: there is nothing to take apart.
static std::vector<TypeId> numbersOf(Checker& c, TypeId plain, const std::vector<TypeId>& tested, const SplitOptions& options) {
  World& w = c.w;
  bool is_complex = isNamed(w, plain, "builtins.complex");
  if ((!is_complex && !isNamed(w, plain, "builtins.float")) || w.types[plain].extra.valid()) return {};
  if (options.from_equality || !follows(*c.options, Divergence::kFloatPromotion)) return {};
  for (TypeId type : tested) {
    TypeId cls = proper(w, type);
    if (!isNamed(w, cls, "builtins.int") && !isNamed(w, cls, "builtins.float") && !isNamed(w, cls, "builtins.complex")) return {};
  }
  std::vector<TypeId> parts{w.types.instance(w.types[plain].cls(), {}, plain)};
  if (is_complex) {
    TypeId number = builtinType(w, "float");
    parts.push_back(w.types.instance(w.types[number].cls(), {}, number));
  }
  parts.push_back(builtinType(w, "int"));
  return parts;
}

// The part of one type (no union) that is of the proposed type, and the rest.
static Narrowed splitOne(Checker& c, TypeId current, TypeId proposed, const std::vector<TypeRange>& ranges, const SplitOptions& options) {
  World& w = c.w;
  TypeId plain = proper(w, current);
  // A TypedDict is a dict when the program runs.
  bool is_dict = options.at_runtime && !options.from_equality && w.types.is(plain, TypeKind::kTypedDict) && isNamed(w, proper(w, proposed), "builtins.dict");
  if (is_dict) return {options.fallback.valid() ? options.fallback : current, w.types.never()};
  bool is_exact = true;
  std::vector<TypeId> exact;
  for (const TypeRange& range : ranges) {
    is_exact = is_exact && !range.is_upper_bound;
    if (!range.is_upper_bound) exact.push_back(range.item);
  }
  if (is_exact) {
    std::vector<TypeId> numbers = numbersOf(c, plain, exact, options);
    if (!numbers.empty()) {
      Narrowed parts = splitUnion(c, w.types.unionOf(numbers), ranges, options);
      if (w.types.is(parts.no, TypeKind::kNever)) parts.yes = options.fallback;
      if (w.types.is(parts.yes, TypeKind::kNever)) parts.no = options.fallback;
      return parts;
    }
    if (isProperSubtype(w, current, proposed, withoutPromotions())) return {options.fallback, w.types.never()};
    if (isStructural(w, proposed) && isSubtype(w, current, proposed, withoutPromotions())) {
      TypeId rest = restrictSubtypeAway(w, current, options.fallback.valid() ? options.fallback : proposed, options.at_runtime);
      return {options.fallback, rest};
    }
  }
  if (options.from_equality) proposed = erasedForEquality(w, proposed);
  if (!isOverlapping(w, current, proposed, true)) return {w.types.never(), options.fallback};
  TypeId rest = exact.empty() ? current : restrictSubtypeAway(w, current, w.types.unionOf(exact), options.at_runtime);
  if (isProperSubtype(w, plain, proposed, withoutPromotions())) {
    proposed = options.fallback.valid() ? options.fallback : current;
  } else if (!options.from_equality) {
    proposed = withKnownArguments(w, current, proposed);
  }
  return {proposed, rest};
}

Narrowed splitType(Checker& c, TypeId current, const std::vector<TypeRange>& ranges, const SplitOptions& options) {
  World& w = c.w;
  if (ranges.empty()) return {w.types.never(), options.fallback};
  if (ranges.size() == 1) {
    TypeId target = proper(w, ranges[0].item);
    if (w.types.is(target, TypeKind::kLiteral)) {
      LiteralKind kind = w.types.literalValue(target).kind;
      if (kind == LiteralKind::kEnum || kind == LiteralKind::kBool) {
        current = expandSumType(w, current, w.classes[w.types[w.types[target].extra].cls()].fullname);
      }
    }
  }
  TypeId plain = proper(w, current);
  if (w.types.is(plain, TypeKind::kUnion)) return splitUnion(c, plain, ranges, options);
  std::vector<TypeId> items;
  for (const TypeRange& range : ranges) items.push_back(range.item);
  std::vector<TypeId> unwrapped;
  for (TypeId item : unionItems(w, simplifiedUnion(w, items))) unwrapped.push_back(withoutNewType(w, item));
  TypeId proposed = unwrapped.size() == 1 ? unwrapped[0] : w.types.unionOf(unwrapped);
  if (w.types.is(plain, TypeKind::kAny)) return {proposed, current};
  if (w.types.is(proper(w, proposed), TypeKind::kAny)) return {proposed, options.fallback};
  return splitOne(c, current, proposed, ranges, options);
}

Narrowed splitWithIntersections(Checker& c, TypeId current, const std::vector<TypeRange>& ranges, NodeId node, bool at_runtime) {
  World& w = c.w;
  Narrowed initial = splitType(c, current, ranges, {.fallback = current, .at_runtime = at_runtime});
  if (!w.types.is(initial.yes, TypeKind::kNever) || ranges.empty()) return initial;
  std::vector<TypeId> made, targets;
  std::vector<const Intersection*> impossible;
  for (const TypeRange& range : ranges) {
    if (w.types.is(proper(w, range.item), TypeKind::kInstance)) targets.push_back(proper(w, range.item));
  }
  if (targets.empty()) return initial;
  for (TypeId item : unionItems(w, current)) {
    TypeId plain = proper(w, item);
    if (isPlainTypeVar(w, plain)) plain = proper(w, upperBound(w, TypeVarId(w.types[plain].ref)));
    if (!w.types.is(plain, TypeKind::kInstance)) return initial;
    for (TypeId target : targets) {
      TypeId both = intersectClasses(c, w.types.withoutLiteral(plain), target, impossible);
      if (both.valid()) made.push_back(both);
    }
  }
  if (made.empty()) {
    reportImpossible(c, impossible, node);
    return {w.types.never(), current};
  }
  return {simplifiedUnion(w, made), current};
}

Narrowed conditionalTypes(Checker& c, TypeId current, const std::vector<TypeRange>& ranges, bool from_equality) {
  return splitType(c, current, ranges, {.fallback = current, .from_equality = from_equality});
}

}  // namespace krait::narrow
