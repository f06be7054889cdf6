// Class patterns: Point(x, y=0).
#include "checker/check/patterns.h"

namespace krait::check {

// Builtin classes take one positional pattern, which is matched with the whole subject.
static bool matchesItself(Checker& c, TypeId type) {
  World& w = c.w;
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kInstance) && findMember(w, w.types[plain].cls(), w.names.__match_args__).found()) {
    const std::string& owner = w.classes[findMember(w, w.types[plain].cls(), w.names.__match_args__).owner].fullname;
    if (owner != "builtins.object") return false;
  }
  if (w.types.is(plain, TypeKind::kTuple) && !isNamed(w, w.types[plain].extra, "builtins.tuple")) return false;
  for (const char* name : {"bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"}) {
    TypeId builtin = builtinType(w, name);
    if (w.types.is(builtin, TypeKind::kInstance) && isSubtype(w, plain, builtin)) return true;
  }
  return false;
}

// What the class expression stands for; false: no class (reported).
static bool classRange(Checker& c, NodeId node, TypeRange& range) {
  World& w = c.w;
  NodeId cls = c.ast->as<syntax::MatchClass>(node).cls();
  TypeId type = proper(w, inferExpr(c, cls));
  SymbolId symbol = c.ast->is(cls, NodeKind::kName) ? symbolAt(c, cls) : SymbolId::none();
  if (symbol.valid()) symbol = followImports(w, symbol);
  if (symbol.valid() && w.symbols[symbol].kind == SymbolKind::kAlias) {
    const AliasInfo& alias = w.aliases[w.symbols[symbol].alias];
    TypeId target = alias.target.valid() ? proper(w, alias.target) : TypeId::none();
    bool has_args = target.valid() && w.types.is(target, TypeKind::kInstance) && w.types[target].count > 0;
    if (has_args && c.ast->is(alias.node, NodeKind::kSubscript)) {
      fail(c, node, Code::kMisc, "Class pattern class must not be a type alias with type parameters");
      return false;
    }
  }
  if (w.types.is(type, TypeKind::kAny)) {
    range = {type, false};
    return true;
  }
  std::vector<TypeRange> ranges;
  if (w.types.is(type, TypeKind::kTuple) || w.types.is(type, TypeKind::kUnion) || !typeRanges(c, type, ranges) || ranges.size() != 1) {
    fail(c, node, Code::kMisc, "Expected type in class pattern; found \"" + revealType(w, type) + "\"");
    return false;
  }
  range = ranges[0];
  return true;
}

namespace {

struct Part {
  NameId name;  // none: not known
  NodeId pattern;
};

}  // namespace

// The attributes that positional patterns stand for; false: the pattern is wrong (reported).
static bool positionalParts(Checker& c, NodeId node, TypeId cls, std::vector<Part>& parts) {
  World& w = c.w;
  NodeList patterns = c.ast->as<syntax::MatchClass>(node).patterns();
  TypeId fallback = w.types.is(proper(w, cls), TypeKind::kTuple) ? w.types[proper(w, cls)].extra : cls;
  TypeId args = w.types.is(proper(w, cls), TypeKind::kAny) ? cls : findMemberType(w, w.names.__match_args__, fallback, fallback);
  if (!args.valid()) {
    fail(c, node, Code::kMisc, "Class \"" + revealType(w, cls) + "\" doesn't define \"__match_args__\"");
    return false;
  }
  TypeId tuple = proper(w, args);
  if (!w.types.is(tuple, TypeKind::kTuple)) {
    for (NodeId pattern : patterns) parts.push_back({NameId::none(), pattern});
    return true;
  }
  if (patterns.size() > w.types[tuple].count) {
    fail(c, node, Code::kMisc, "Too many positional patterns for class pattern");
    return false;
  }
  for (size_t i = 0; i < patterns.size(); ++i) {
    TypeId literal = coerceToLiteral(w, w.types[tuple].items[i]);
    bool is_known = w.types.is(literal, TypeKind::kLiteral) && w.types.literalValue(literal).kind == LiteralKind::kStr;
    parts.push_back({is_known ? w.name(w.types.literalValue(literal).text) : NameId::none(), patterns[i]});
  }
  return true;
}

static bool keywordParts(Checker& c, NodeId node, std::vector<Part>& parts) {
  World& w = c.w;
  auto view = c.ast->as<syntax::MatchClass>(node);
  size_t positional = parts.size();
  bool is_right = true;
  for (size_t i = 0; i < view.kwdAttrs().size(); ++i) {
    NameId name = syntax::nameOf(*c.ast, view.kwdAttrs()[i]);
    for (size_t k = 0; k < parts.size(); ++k) {
      if (parts[k].name != name) continue;
      std::string shown = "\"" + std::string(w.text(name)) + "\"";
      fail(c, view.kwdPatterns()[i], Code::kMisc,
           k < positional ? "Keyword " + shown + " already matches a positional pattern" : "Duplicate keyword pattern " + shown);
      is_right = false;
      break;
    }
    parts.push_back({name, view.kwdPatterns()[i]});
  }
  return is_right;
}

static TypeId partType(Checker& c, TypeId subject, TypeId cls, const Part& part) {
  World& w = c.w;
  if (!part.name.valid()) return w.types.any(AnyKind::kFromError);
  AttributeSite site;
  site.node = part.pattern;
  site.name = part.name;
  site.original = site.self_type = subject;
  Watch watch = startWatch(c);
  TypeId type = attributeType(c, subject, site);
  bool is_wrong = hasNewErrors(c, watch);
  takeBack(c, watch);
  if (!is_wrong && c.silent == 0) return type;
  if (hasMember(c, subject, part.name)) return type;
  if (!isNamed(w, proper(w, cls), "builtins.object")) {
    fail(c, part.pattern, Code::kMisc, "Class \"" + revealType(w, cls) + "\" has no attribute \"" + std::string(w.text(part.name)) + "\"");
  }
  return w.types.any(AnyKind::kFromError);
}

// Of a union, the members whose attributes all parts can match, and those for which a part can fail.
static Narrowed choicesOf(Checker& c, TypeId subject, TypeId cls, const std::vector<Part>& parts) {
  World& w = c.w;
  std::vector<TypeId> matched, rest;
  Watch watch = startWatch(c);
  ++c.silent;
  for (TypeId member : unionItems(w, subject)) {
    bool can_match = true, can_fail = false;
    for (const Part& part : parts) {
      PatternResult inner = inferPattern(c, part.pattern, partType(c, member, cls, part));
      can_match = can_match && !isNever(w, inner.matched);
      can_fail = can_fail || !isNever(w, inner.rest);
    }
    if (can_match) matched.push_back(member);
    if (can_fail || !can_match) rest.push_back(member);
  }
  --c.silent;
  takeBack(c, watch);
  auto whole = [&](const std::vector<TypeId>& types) { return types.empty() ? w.types.never() : w.types.unionOf(types); };
  return {whole(matched), whole(rest)};
}

PatternResult inferClassPattern(Checker& c, NodeId node, TypeId subject) {
  World& w = c.w;
  auto view = c.ast->as<syntax::MatchClass>(node);
  PatternResult none{w.types.never(), subject, {}};
  TypeRange range;
  if (!classRange(c, node, range)) return none;
  Narrowed split = splitWithIntersections(c, subject, {range}, node);
  if (isNever(w, split.yes)) return none;
  TypeId narrowed = narrowDeclared(w, subject, split.yes);
  PatternResult result{split.yes, split.no, {}};
  std::vector<Part> parts;
  if (!view.patterns().empty()) {
    if (matchesItself(c, range.item)) {
      if (view.patterns().size() > 1) fail(c, node, Code::kMisc, "Too many positional patterns for class pattern");
      PatternResult inner = inferPattern(c, view.patterns()[0], narrowed);
      if (!isNever(w, inner.matched)) return {inner.matched, join(w, split.no, inner.rest), std::move(inner.captures)};
      result.captures = std::move(inner.captures);
    } else if (!positionalParts(c, node, range.item, parts)) {
      return none;
    }
  }
  if (!keywordParts(c, node, parts)) return none;
  bool can_match = true;
  bool is_chosen = false;
  if (!parts.empty() && w.types.is(proper(w, narrowed), TypeKind::kUnion) && follows(*c.options, Divergence::kPatternChoices)) {
    Narrowed choices = choicesOf(c, narrowed, range.item, parts);
    is_chosen = !isNever(w, choices.yes);
    if (is_chosen) {
      result.matched = narrowed = choices.yes;
      TypeId left[] = {split.no, choices.no};
      result.rest = simplifiedUnion(w, left);
    }
  }
  for (const Part& part : parts) {
    PatternResult inner = inferPattern(c, part.pattern, partType(c, narrowed, range.item, part));
    if (isNever(w, inner.matched)) {
      can_match = false;
      continue;
    }
    addCaptures(c, result.captures, std::move(inner.captures));
    if (!isNever(w, inner.rest) && !is_chosen) result.rest = subject;
  }
  if (!can_match) result.matched = w.types.never();
  return result;
}

}  // namespace krait::check
