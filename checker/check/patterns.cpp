// Patterns: values, singletons, captures, alternatives and mappings.
#include "checker/check/patterns.h"

namespace krait::check {

Narrowed splitByPattern(Checker& c, TypeId type, TypeId wanted, NodeId pattern) {
  return splitWithIntersections(c, type, {{wanted, false}}, pattern);
}

void addCaptures(Checker& c, Captures& captures, Captures more) {
  for (Capture& capture : more) {
    bool is_known = false;
    for (const Capture& other : captures) is_known = is_known || other.name == capture.name;
    if (is_known) {
      fail(c, capture.node, Code::kMisc, "Multiple assignments to name \"" + std::string(c.w.text(capture.name)) + "\" in pattern");
    } else {
      captures.push_back(capture);
    }
  }
}

PatternResult inferForEach(Checker& c, NodeId pattern, TypeId union_type, PatternFunction infer) {
  World& w = c.w;
  std::vector<TypeId> matched, rest;
  Captures captures;
  for (TypeId item : unionItems(w, union_type)) {
    PatternResult one = infer(c, pattern, item);
    if (!isNever(w, one.rest)) rest.push_back(one.rest);
    if (isNever(w, one.matched)) continue;
    matched.push_back(one.matched);
    for (Capture& capture : one.captures) {
      bool is_known = false;
      for (Capture& known : captures) {
        if (known.name != capture.name) continue;
        is_known = true;
        known.type = simplifiedUnion(w, known.type, capture.type);
      }
      if (!is_known) captures.push_back(capture);
    }
  }
  auto all = [&](const std::vector<TypeId>& items) { return items.empty() ? w.types.never() : simplifiedUnion(w, items); };
  return {all(matched), all(rest), std::move(captures)};
}

static PatternResult inferAs(Checker& c, NodeId node, TypeId subject) {
  World& w = c.w;
  auto as = c.ast->as<syntax::MatchAs>(node);
  PatternResult result{subject, w.types.never(), {}};
  if (as.pattern().valid()) result = inferPattern(c, as.pattern(), subject);
  if (!as.name().valid() || isNever(w, result.matched)) return result;
  if (result.matched != subject) {
    result.matched = splitByPattern(c, subject, result.matched, node).yes;
    if (isNever(w, result.matched)) return result;
  }
  addCaptures(c, result.captures, {{as.name(), syntax::nameOf(*c.ast, as.name()), result.matched}});
  return result;
}

static PatternResult inferOr(Checker& c, NodeId node, TypeId subject) {
  World& w = c.w;
  NodeList parts = c.ast->as<syntax::MatchOr>(node).patterns();
  std::vector<TypeId> matched;
  Captures all;
  TypeId rest = subject;
  for (size_t i = 0; i < parts.size(); ++i) {
    PatternResult one = inferPattern(c, parts[i], rest);
    if (!isNever(w, one.matched)) {
      matched.push_back(one.matched);
      rest = one.rest;
    }
    if (i == 0) {
      all = std::move(one.captures);
      continue;
    }
    size_t shared = 0;
    for (Capture& capture : one.captures) {
      for (Capture& known : all) {
        if (known.name != capture.name) continue;
        ++shared;
        known.type = simplifiedUnion(w, known.type, capture.type);
      }
    }
    if (shared != all.size() || shared != one.captures.size()) {
      fail(c, parts[i - 1], Code::kMisc, "Alternative patterns bind different names");
    }
    for (Capture& capture : one.captures) {
      bool is_known = false;
      for (const Capture& known : all) is_known = is_known || known.name == capture.name;
      if (!is_known) all.push_back(capture);
    }
  }
  return {matched.empty() ? w.types.never() : simplifiedUnion(w, matched), rest, std::move(all)};
}

static PatternResult inferValue(Checker& c, NodeId node, TypeId subject) {
  World& w = c.w;
  TypeId value = coerceToLiteral(w, inferExpr(c, c.ast->as<syntax::MatchValue>(node).value()));
  Narrowed split = splitByEquality(c, subject, value);
  return {split.yes, split.no, {}};
}

static PatternResult inferSingleton(Checker& c, NodeId node, TypeId subject) {
  World& w = c.w;
  syntax::ConstantKind kind = c.ast->as<syntax::MatchSingleton>(node).constantKind();
  TypeId value = w.types.none();
  if (kind != syntax::ConstantKind::kNone) {
    value = w.types.literal(LiteralKind::kBool, kind == syntax::ConstantKind::kTrue ? "True" : "False", builtinType(w, "bool"));
  }
  Narrowed split = splitByPattern(c, subject, value, node);
  return {split.yes, split.no, {}};
}

// The type of subject[key]; none: there is none.
static TypeId mappedValue(Checker& c, TypeId subject, NodeId key, NodeId pattern) {
  World& w = c.w;
  TypeId plain = proper(w, subject);
  TypeId key_type = inferExpr(c, key);
  if (w.types.is(plain, TypeKind::kAny)) return plain;
  if (w.types.is(plain, TypeKind::kTypedDict)) {
    TypeId literal = coerceToLiteral(w, key_type);
    if (w.types.is(literal, TypeKind::kLiteral)) {
      for (const TypedDictItem& item : w.types.typedDictItems(plain)) {
        if (w.text(item.name) == w.types.literalValue(literal).text) return item.type;
      }
      if (TypeId extra = w.types.typedDictExtra(plain); extra.valid()) return extra;
    }
  }
  NameId method = w.name("__getitem__");
  if (!hasMember(c, plain, method)) return TypeId::none();
  Watch watch = startWatch(c);
  CallResult result = callMethod(c, method, plain, {Arg{.type = key_type}}, pattern);
  bool is_wrong = hasNewErrors(c, watch);
  takeBack(c, watch);
  return is_wrong ? TypeId::none() : result.ret;
}

// Is the key one that the TypedDict surely has?
static bool isRequiredKey(Checker& c, TypeId dict, NodeId key) {
  World& w = c.w;
  TypeId literal = coerceToLiteral(w, c.nodeType(key));
  if (!w.types.is(literal, TypeKind::kLiteral)) return false;
  for (const TypedDictItem& item : w.types.typedDictItems(dict)) {
    if (w.text(item.name) == w.types.literalValue(literal).text) return item.required;
  }
  return false;
}

// Can the TypedDict lack a key of the pattern for sure: it is not among its items, and it may have no others?
static bool lacksKey(Checker& c, NodeId pattern, TypeId dict) {
  World& w = c.w;
  if (w.types.typedDictExtra(dict).valid()) return false;
  for (NodeId key : c.ast->as<syntax::MatchMapping>(pattern).keys()) {
    TypeId literal = coerceToLiteral(w, inferExpr(c, key));
    if (!w.types.is(literal, TypeKind::kLiteral)) continue;
    bool is_known = false;
    for (const TypedDictItem& item : w.types.typedDictItems(dict)) is_known = is_known || w.text(item.name) == w.types.literalValue(literal).text;
    if (!is_known) return true;
  }
  return false;
}

// One TypedDict of several is told from the others by its keys.
static PatternResult inferMappingMember(Checker& c, NodeId node, TypeId subject) {
  TypeId plain = proper(c.w, subject);
  if (c.w.types.is(plain, TypeKind::kTypedDict) && lacksKey(c, node, plain)) return {c.w.types.never(), subject, {}};
  return inferMappingPattern(c, node, subject);
}

PatternResult inferMappingPattern(Checker& c, NodeId node, TypeId subject) {
  World& w = c.w;
  TypeId plain = proper(w, subject);
  if (w.types.is(plain, TypeKind::kUnion)) {
    PatternFunction infer = follows(*c.options, Divergence::kKeysNarrow) ? inferMappingMember : inferMappingPattern;
    return inferForEach(c, node, plain, infer);
  }
  auto view = c.ast->as<syntax::MatchMapping>(node);
  ClassId mapping = lookupClass(w, "typing", "Mapping");
  TypeId any_mapping = mapping.valid() ? instanceWithAny(w, mapping) : objectType(w);
  bool is_any = w.types.is(plain, TypeKind::kAny);
  // What is no mapping, and can have no subclass that is one, does not match.
  bool can_match = is_any || !mapping.valid() || isOverlapping(w, plain, any_mapping);
  PatternResult result{subject, subject, {}};
  bool always_matches = w.types.is(plain, TypeKind::kTypedDict) && follows(*c.options, Divergence::kMappingRemainders);
  for (size_t i = 0; i < view.keys().size(); ++i) {
    TypeId value = mappedValue(c, plain, view.keys()[i], node);
    always_matches = always_matches && isRequiredKey(c, plain, view.keys()[i]);
    if (!value.valid()) {
      can_match = can_match && isObject(w, plain);
      value = objectType(w);
    }
    PatternResult inner = inferPattern(c, view.patterns()[i], value);
    always_matches = always_matches && isNever(w, inner.rest);
    if (isNever(w, inner.matched)) {
      can_match = false;
    } else {
      addCaptures(c, result.captures, std::move(inner.captures));
    }
  }
  if (view.rest().valid()) {
    TypeId args[] = {objectType(w), objectType(w)};
    TypeId rest = builtinType(w, "dict", args);
    if (mapping.valid() && w.types.is(plain, TypeKind::kInstance) && isSubclass(w, w.types[plain].cls(), mapping)) {
      TypeId mapped = mapToSupertype(w, plain, mapping);
      rest = builtinType(w, "dict", w.types[mapped].args());
    } else if (is_any) {
      TypeId anything[] = {plain, plain};
      rest = builtinType(w, "dict", anything);
    }
    addCaptures(c, result.captures, {{view.rest(), syntax::nameOf(*c.ast, view.rest()), rest}});
  }
  if (!can_match) {
    result.matched = w.types.never();
  } else if (always_matches) {
    result.rest = w.types.never();
  } else if (view.keys().empty() && mapping.valid() && isSubtype(w, plain, any_mapping) && !is_any) {
    result.rest = w.types.never();  // {}: any mapping
  }
  return result;
}

PatternResult inferPattern(Checker& c, NodeId pattern, TypeId subject) {
  World& w = c.w;
  switch (c.ast->kind(pattern)) {
    case NodeKind::kMatchAs: return inferAs(c, pattern, subject);
    case NodeKind::kMatchOr: return inferOr(c, pattern, subject);
    case NodeKind::kMatchValue: return inferValue(c, pattern, subject);
    case NodeKind::kMatchSingleton: return inferSingleton(c, pattern, subject);
    case NodeKind::kMatchSequence: return inferSequencePattern(c, pattern, subject);
    case NodeKind::kMatchMapping: return inferMappingPattern(c, pattern, subject);
    case NodeKind::kMatchClass: return inferClassPattern(c, pattern, subject);
    case NodeKind::kMatchStar: {
      PatternResult result{subject, w.types.never(), {}};
      NodeId name = c.ast->as<syntax::MatchStar>(pattern).name();
      if (name.valid()) result.captures.push_back({name, syntax::nameOf(*c.ast, name), builtinType(w, "list", subject)});
      return result;
    }
    default: return {subject, subject, {}};
  }
}

}  // namespace krait::check
