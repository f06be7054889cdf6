// Sequence patterns: tuples item by item, other sequences by their item type.
#include <algorithm>

#include "checker/check/patterns.h"

namespace krait::check {

static bool canMatchSequence(Checker& c, TypeId type) {
  World& w = c.w;
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kAny) || w.types.is(plain, TypeKind::kTuple)) return true;
  if (w.types.is(plain, TypeKind::kUnion)) {
    for (TypeId item : w.types[plain].args()) {
      if (canMatchSequence(c, item)) return true;
    }
    return false;
  }
  SubtypeOptions o;
  o.ignore_promotions = true;
  for (const char* name : {"str", "bytes", "bytearray"}) {
    TypeId text = builtinType(w, name);
    if (w.types.is(text, TypeKind::kInstance) && isSubtype(w, plain, text, o)) return false;
  }
  TypeId sequence = namedType(w, "typing", "Sequence");
  return isSubtype(w, plain, sequence) || isSubtype(w, sequence, plain);
}

namespace {

// The shape of the pattern: where its star is (parts: nowhere), and how many items it needs.
struct Shape {
  NodeList parts;
  size_t star = 0;
  size_t required = 0;
  bool hasStar() const { return star < parts.size(); }
};

}  // namespace

static size_t unpackIn(World& w, const std::vector<TypeId>& items) {
  for (size_t i = 0; i < items.size(); ++i) {
    if (w.types.is(items[i], TypeKind::kUnpack)) return i;
  }
  return items.size();
}

// The items of a subject as the parts of the pattern see them: those under the star as one.
static std::vector<TypeId> contract(Checker& c, const std::vector<TypeId>& items, const Shape& shape) {
  World& w = c.w;
  size_t unpack = unpackIn(w, items);
  if (unpack < items.size()) {
    TypeId element = w.types[proper(w, w.types[items[unpack]].items[0])].items[0];
    std::vector<TypeId> prefix(items.begin(), items.begin() + static_cast<ptrdiff_t>(unpack));
    std::vector<TypeId> suffix(items.begin() + static_cast<ptrdiff_t>(unpack) + 1, items.end());
    size_t before = shape.hasStar() ? shape.star : shape.required - std::min(shape.required, suffix.size());
    size_t after = shape.hasStar() ? shape.required - shape.star : std::min(shape.required, suffix.size());
    std::vector<TypeId> middle;
    while (prefix.size() < before) prefix.push_back(element);
    while (suffix.size() < after) suffix.insert(suffix.begin(), element);
    for (size_t i = before; i < prefix.size(); ++i) middle.push_back(prefix[i]);
    prefix.resize(before);
    middle.push_back(element);
    for (size_t i = 0; i + after < suffix.size(); ++i) middle.push_back(suffix[i]);
    suffix.erase(suffix.begin(), suffix.end() - static_cast<ptrdiff_t>(after));
    if (shape.hasStar()) prefix.push_back(simplifiedUnion(w, middle));
    prefix.insert(prefix.end(), suffix.begin(), suffix.end());
    return prefix;
  }
  if (!shape.hasStar()) return items;
  size_t length = items.size() - shape.required;
  auto star = items.begin() + static_cast<ptrdiff_t>(shape.star);
  std::vector<TypeId> result(items.begin(), star);
  std::vector<TypeId> under(star, star + static_cast<ptrdiff_t>(length));
  result.push_back(under.empty() ? w.types.never() : simplifiedUnion(w, under));
  result.insert(result.end(), star + static_cast<ptrdiff_t>(length), items.end());
  return result;
}

// The reverse: types of the parts as types of `count` items.
static std::vector<TypeId> expand(Checker& c, std::vector<TypeId> types, const Shape& shape, size_t count, bool is_variadic) {
  if (!shape.hasStar()) return types;
  World& w = c.w;
  if (is_variadic) {
    types[shape.star] = w.types.unpack(builtinType(w, "tuple", types[shape.star]));
    return types;
  }
  TypeId star = types[shape.star];
  auto at = types.erase(types.begin() + static_cast<ptrdiff_t>(shape.star));
  types.insert(at, count - shape.required, star);
  return types;
}

// The subject's type with this item type, where its class can say so.
static TypeId sequenceOf(Checker& c, TypeId outer, TypeId item) {
  World& w = c.w;
  TypeId plain = proper(w, outer);
  if (w.types.is(plain, TypeKind::kAny)) return outer;
  ClassId sequence = lookupClass(w, "typing", "Sequence");
  if (!sequence.valid()) return outer;  // a typing module of the user's own
  TypeId wanted = w.types.instance(sequence, std::span<const TypeId>(&item, 1));
  if (!w.types.is(plain, TypeKind::kInstance) || !isSubclass(w, w.types[plain].cls(), sequence)) return wanted;
  ClassId cls = w.types[plain].cls();
  TypeId own = selfInstanceOf(w, cls);
  const std::vector<TypeVarId> variables = w.header(cls).type_vars;
  if (variables.empty()) return plain;
  std::vector<TypeId> solved = w.hooks.solve_pattern(w, variables, mapToSupertype(w, own, sequence), wanted, false);
  Substitution map;
  for (size_t i = 0; i < variables.size(); ++i) {
    map.add(variables[i], w.types.is(solved[i], TypeKind::kNever) ? w.types[plain].items[i] : solved[i]);
  }
  return substitute(w, own, map);
}

static TypeId narrowItems(Checker& c, TypeId outer, TypeId item, NodeId node) {
  TypeId made = sequenceOf(c, outer, item);
  if (!isSubtype(c.w, made, outer)) return outer;
  return splitByPattern(c, outer, made, node).yes;
}

// More alternatives than this are not told apart.
constexpr size_t kMaxRemainders = 32;

// The tuples whose items before the n-th matched and whose n-th did not, for each n.
static TypeId tupleRemainders(Checker& c, TypeId plain, const std::vector<TypeId>& items, const std::vector<TypeId>& narrowed,
                              const std::vector<TypeId>& left) {
  World& w = c.w;
  std::vector<TypeId> all;
  std::vector<TypeId> before(items);
  for (size_t i = 0; i < items.size(); ++i) {
    if (!isNever(w, left[i])) {
      std::vector<TypeId> one = before;
      one[i] = left[i];
      all.push_back(w.types.tuple(one, w.types[plain].extra));
    }
    before[i] = narrowed[i];
    if (isNever(w, narrowed[i])) break;
  }
  TypeId rest = simplifiedUnion(w, all);
  return unionItems(w, rest).size() > kMaxRemainders ? plain : rest;
}

static PatternResult fixedTuple(Checker& c, NodeId node, TypeId plain, const std::vector<TypeId>& items, const std::vector<TypeId>& matched,
                                std::vector<TypeId> left, Captures captures) {
  World& w = c.w;
  std::vector<TypeId> narrowed;
  bool is_impossible = false;
  size_t can_fail = 0;
  for (size_t i = 0; i < items.size(); ++i) {
    Narrowed one = splitByPattern(c, items[i], matched[i], node);
    narrowed.push_back(one.yes);
    is_impossible = is_impossible || isNever(w, one.yes);
    can_fail += isNever(w, left[i]) ? 0 : 1;
  }
  PatternResult result{w.types.never(), plain, std::move(captures)};
  if (!is_impossible) result.matched = w.types.tuple(narrowed, w.types[plain].extra);
  if (can_fail == 0) {
    result.rest = w.types.never();
  } else if (can_fail == 1) {
    // Only one item can be why the pattern failed.
    for (size_t i = 0; i < items.size(); ++i) left[i] = isNever(w, left[i]) ? items[i] : left[i];
    result.rest = w.types.tuple(left, w.types[plain].extra);
  } else if (can_fail <= 4 && follows(*c.options, Divergence::kTupleRemainders)) {
    result.rest = tupleRemainders(c, plain, items, narrowed, left);
  }
  return result;
}

PatternResult inferSequencePattern(Checker& c, NodeId node, TypeId subject) {
  World& w = c.w;
  TypeId plain = proper(w, subject);
  PatternResult none{w.types.never(), subject, {}};
  if (!canMatchSequence(c, plain)) return none;
  if (w.types.is(plain, TypeKind::kUnion)) return inferForEach(c, node, plain, inferSequencePattern);
  Shape shape;
  shape.parts = c.ast->as<syntax::MatchSequence>(node).patterns();
  shape.star = shape.parts.size();
  for (size_t i = 0; i < shape.parts.size(); ++i) {
    if (c.ast->is(shape.parts[i], NodeKind::kMatchStar)) shape.star = i;
  }
  shape.required = shape.parts.size() - (shape.hasStar() ? 1 : 0);

  std::vector<TypeId> items;
  bool is_tuple = w.types.is(plain, TypeKind::kTuple);
  size_t unpack = 0;
  if (is_tuple) {
    items.assign(w.types[plain].args().begin(), w.types[plain].args().end());
    unpack = unpackIn(w, items);
    bool is_fixed = unpack == items.size();
    if (!is_fixed && isTypeVarTuple(w, proper(w, w.types[items[unpack]].items[0]))) {
      items[unpack] = w.types.unpack(builtinType(w, "tuple", objectType(w)));
      plain = w.types.tuple(items, w.types[plain].extra);
    }
    size_t least = is_fixed ? items.size() : items.size() - 1;
    if (is_fixed && (items.size() < shape.required || (items.size() > shape.required && !shape.hasStar()))) return none;
    if (!is_fixed && least > shape.required && !shape.hasStar()) return none;
  } else {
    TypeId item = objectType(w);
    if (w.types.is(plain, TypeKind::kAny)) {
      item = w.types.any(AnyKind::kFromAnotherAny);
    } else if (TypeId base = isPlainTypeVar(w, plain) ? proper(w, upperBound(w, TypeVarId(w.types[plain].ref))) : plain;
               !isObject(w, base) && hasMember(c, base, w.names.__iter__)) {
      ++c.silent;
      item = iteratedType(c, base, node);
      --c.silent;
    }
    items.assign(shape.parts.size(), item);
  }
  bool is_variadic = is_tuple && unpack < items.size();

  std::vector<TypeId> seen = is_tuple ? contract(c, items, shape) : items;
  std::vector<TypeId> matched, left;
  Captures captures;
  for (size_t i = 0; i < shape.parts.size(); ++i) {
    PatternResult one = inferPattern(c, shape.parts[i], seen[i]);
    matched.push_back(one.matched);
    left.push_back(one.rest);
    addCaptures(c, captures, std::move(one.captures));
  }
  if (is_tuple) {
    std::vector<TypeId> wide = expand(c, matched, shape, items.size(), is_variadic);
    if (!is_variadic) return fixedTuple(c, node, plain, items, wide, expand(c, left, shape, items.size(), false), std::move(captures));
    bool is_impossible = false, never_left = true;
    for (size_t i = 0; i < matched.size(); ++i) {
      is_impossible = is_impossible || (isNever(w, matched[i]) && i != shape.star);
      never_left = never_left && isNever(w, left[i]);
    }
    bool is_total = never_left && shape.hasStar() && shape.required + 1 <= items.size();
    TypeId made = is_impossible ? w.types.never() : w.types.tuple(wide, w.types[plain].extra);
    return {made, is_total ? w.types.never() : plain, std::move(captures)};
  }
  if (isNamed(w, plain, "builtins.tuple") && !shape.hasStar() && follows(*c.options, Divergence::kPreciseLengths)) {
    if (std::any_of(matched.begin(), matched.end(), [&](TypeId type) { return isNever(w, type); })) return none;
    return {w.types.tuple(matched, plain), subject, std::move(captures)};
  }
  TypeId item = w.types.never();
  for (size_t i = 0; i < matched.size(); ++i) {
    // What no element can be, no element matches.
    bool is_impossible = isNever(w, matched[i]) && i != shape.star && !isNever(w, items[i]);
    if (is_impossible && follows(*c.options, Divergence::kTupleRemainders)) return none;
    item = join(w, item, matched[i]);
  }
  if (matched.empty()) return {isObject(w, plain) ? namedType(w, "typing", "Sequence") : subject, subject, {}};
  if (isPlainTypeVar(w, plain)) {
    TypeId bound = upperBound(w, TypeVarId(w.types[plain].ref));
    return {narrowedVariable(w, plain, narrowItems(c, bound, item, node)), subject, std::move(captures)};
  }
  bool is_star_only = shape.parts.size() == 1 && shape.hasStar() && !isObject(w, plain) && !w.types.is(plain, TypeKind::kAny) &&
                      isSubtype(w, plain, namedType(w, "typing", "Sequence"));
  return {narrowItems(c, plain, item, node), is_star_only ? w.types.never() : subject, std::move(captures)};
}

}  // namespace krait::check
