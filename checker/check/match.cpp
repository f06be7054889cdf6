// match statements: what each pattern captures, and how the subject narrows.
#include "checker/check/check.h"

namespace krait::check {

static TypeId any(Checker& c, AnyKind kind = AnyKind::kFromError) { return c.w.types.any(kind); }

namespace {

// What a pattern does to the subject: the type where it matches, and what is left where it does not.
struct PatternResult {
  TypeId matched;
  TypeId rest;
};

}  // namespace

static PatternResult checkPattern(Checker& c, NodeId pattern, TypeId subject);

static void capture(Checker& c, NodeId name, TypeId type) {
  World& w = c.w;
  SymbolId symbol = lookupName(w, c.scope, syntax::nameOf(*c.ast, name));
  if (!symbol.valid()) return;
  if (w.symbols[symbol].typed != Progress::kDone) {
    w.resolved(symbol);
    TypeId declared = declaredVariableType(w, symbol);
    w.symbols[symbol].type = declared.valid() ? declared : removeLastKnownValues(w, type);
    w.symbols[symbol].typed = Progress::kDone;
  }
  TypeId declared = w.symbols[symbol].type;
  if (!isSubtype(w, type, declared)) {
    bool captures_only = true;
    for (const Definition& definition : w.symbols[symbol].definitions) captures_only = captures_only && definition.kind == DefinitionKind::kMatch;
    if (captures_only) {
      w.symbols[symbol].type = declared = simplifiedUnion(w, declared, removeLastKnownValues(w, type));
    } else {
      auto texts = formatTwo(w, type, declared);
      fail(c, name, Code::kMisc, "Incompatible types in capture pattern (pattern captures type " + texts.first + ", variable has type " + texts.second + ")");
    }
  }
  c.binder->put(c.keys.variable(symbol), removeLastKnownValues(w, type), declared, true);
}

static PatternResult classPattern(Checker& c, NodeId node, TypeId subject) {
  World& w = c.w;
  auto view = c.ast->as<syntax::MatchClass>(node);
  TypeId type = proper(w, inferExpr(c, view.cls()));
  std::vector<TypeRange> ranges;
  if (w.types.is(type, TypeKind::kAny) || !typeRanges(c, type, ranges) || ranges.size() != 1) {
    if (!w.types.is(type, TypeKind::kAny)) fail(c, view.cls(), Code::kMisc, "Expected type in class pattern; found " + formatType(w, type));
    for (NodeId part : view.patterns()) checkPattern(c, part, any(c));
    for (NodeId part : view.kwdPatterns()) checkPattern(c, part, any(c));
    return {subject, subject};
  }
  Narrowed narrowed = conditionalTypes(c, subject, ranges);
  if (w.types.is(narrowed.yes, TypeKind::kNever)) {
    for (NodeId part : view.patterns()) checkPattern(c, part, w.types.never());
    for (NodeId part : view.kwdPatterns()) checkPattern(c, part, w.types.never());
    return {w.types.never(), subject};
  }
  bool total = true;
  std::vector<std::pair<NameId, NodeId>> keywords;
  TypeId cls_type = proper(w, ranges[0].item);
  if (!view.patterns().empty()) {
    static constexpr const char* kSelfMatching[] = {"builtins.bool", "builtins.bytearray", "builtins.bytes", "builtins.dict", "builtins.float",
                                                    "builtins.frozenset", "builtins.int", "builtins.list", "builtins.set", "builtins.str", "builtins.tuple"};
    bool self_matching = false;
    if (w.types.is(cls_type, TypeKind::kInstance)) {
      for (const char* name : kSelfMatching) self_matching = self_matching || isSubclass(w, w.types[cls_type].cls(), name);
    }
    TypeId match_args = w.types.is(cls_type, TypeKind::kTuple) ? findMemberType(w, w.names.__match_args__, w.types[cls_type].extra, w.types[cls_type].extra)
                                                                : findMemberType(w, w.names.__match_args__, cls_type, cls_type);
    if (match_args.valid() && w.types.is(proper(w, match_args), TypeKind::kTuple)) {
      TypeId tuple = proper(w, match_args);
      for (size_t i = 0; i < view.patterns().size(); ++i) {
        if (i >= w.types[tuple].count) {
          fail(c, node, Code::kMisc, "Too many positional patterns for class pattern");
          break;
        }
        TypeId literal = coerceToLiteral(w, w.types[tuple].items[i]);
        if (w.types.is(literal, TypeKind::kLiteral)) keywords.push_back({w.name(w.types.literalValue(literal).text), view.patterns()[i]});
      }
    } else if (self_matching && view.patterns().size() == 1) {
      PatternResult inner = checkPattern(c, view.patterns()[0], narrowed.yes);
      total = total && w.types.is(inner.rest, TypeKind::kNever);
      narrowed.yes = inner.matched;
    } else {
      if (!w.types.is(cls_type, TypeKind::kAny)) {
        std::string name = formatTypeBare(w, cls_type);
        fail(c, node, Code::kMisc, "Class \"" + (w.types.is(cls_type, TypeKind::kInstance) ? w.classes[w.types[cls_type].cls()].fullname : name) + "\" doesn't define \"__match_args__\"");
      }
      for (NodeId part : view.patterns()) checkPattern(c, part, any(c));
    }
  }
  for (size_t i = 0; i < view.kwdAttrs().size(); ++i) keywords.push_back({syntax::nameOf(*c.ast, view.kwdAttrs()[i]), view.kwdPatterns()[i]});
  bool impossible = false;
  for (const auto& keyword : keywords) {
    AttributeSite site;
    site.node = keyword.second;
    site.name = keyword.first;
    site.original = site.self_type = narrowed.yes;
    site.suppress_errors = true;
    TypeId value;
    if (hasMember(c, narrowed.yes, keyword.first)) {
      value = attributeType(c, narrowed.yes, site);
    } else {
      fail(c, keyword.second, Code::kAttrDefined, "Class " + formatType(w, cls_type) + " has no attribute \"" + std::string(w.text(keyword.first)) + "\"");
      value = any(c);
    }
    PatternResult inner = checkPattern(c, keyword.second, value);
    impossible = impossible || w.types.is(inner.matched, TypeKind::kNever);
    total = total && w.types.is(inner.rest, TypeKind::kNever);
  }
  TypeId rest = total ? narrowed.no : subject;
  return {impossible ? w.types.never() : narrowed.yes, rest};
}

static PatternResult sequencePattern(Checker& c, NodeId node, TypeId subject) {
  World& w = c.w;
  NodeList parts = c.ast->as<syntax::MatchSequence>(node).patterns();
  size_t star = parts.size();
  for (size_t i = 0; i < parts.size(); ++i) {
    if (c.ast->is(parts[i], NodeKind::kMatchStar)) star = i;
  }
  std::vector<TypeId> matched, rest;
  std::vector<std::vector<TypeId>> columns(parts.size());
  ClassId sequence = lookupClass(w, "typing", "Sequence");
  for (TypeId item : unionItems(w, subject)) {
    bool is_text = isNamed(w, item, "builtins.str") || isNamed(w, item, "builtins.bytes") || isNamed(w, item, "builtins.bytearray");
    if (is_text || w.types.is(item, TypeKind::kNone)) {
      rest.push_back(item);
      continue;
    }
    bool open = false;
    if (w.types.is(item, TypeKind::kTuple)) {
      for (TypeId element : w.types[item].args()) open = open || w.types.is(element, TypeKind::kUnpack);
    }
    if (w.types.is(item, TypeKind::kTuple) && !open) {
      size_t count = w.types[item].count;
      bool fits = star == parts.size() ? count == parts.size() : count + 1 >= parts.size();
      if (!fits) {
        rest.push_back(item);
        continue;
      }
      size_t middle = star == parts.size() ? 0 : count - (parts.size() - 1);
      for (size_t i = 0, at = 0; i < parts.size(); ++i) {
        if (i == star) {
          std::vector<TypeId> elements;
          for (size_t k = 0; k < middle; ++k) elements.push_back(w.types[item].items[at + k]);
          at += middle;
          columns[i].push_back(elements.empty() ? w.types.never() : simplifiedUnion(w, elements));
        } else {
          columns[i].push_back(w.types[item].items[at++]);
        }
      }
      matched.push_back(item);
      continue;
    }
    TypeId element;
    if (w.types.is(item, TypeKind::kAny)) {
      element = item;
    } else if (isObject(w, item)) {
      element = objectType(w);
      item = sequence.valid() ? w.types.instance(sequence, std::span<const TypeId>(&element, 1)) : item;
    } else if (sequence.valid() && w.types.is(item, TypeKind::kInstance) && isSubclass(w, w.types[item].cls(), sequence)) {
      element = w.types[mapToSupertype(w, item, sequence)].items[0];
    } else if (hasMember(c, item, w.names.__iter__) && w.types.is(item, TypeKind::kInstance) && sequence.valid() && isSubclass(w, sequence, w.types[item].cls())) {
      ++c.silent;
      element = iteratedType(c, item, node);
      --c.silent;
    } else {
      rest.push_back(item);
      continue;
    }
    for (auto& column : columns) column.push_back(element);
    matched.push_back(item);
    rest.push_back(item);
  }
  bool impossible = matched.empty();
  bool total = true;
  std::vector<TypeId> narrowed_items;
  for (size_t i = 0; i < parts.size(); ++i) {
    TypeId column = columns[i].empty() ? w.types.never() : simplifiedUnion(w, columns[i]);
    if (i == star) {
      NodeId name = c.ast->as<syntax::MatchStar>(parts[i]).name();
      if (name.valid()) capture(c, name, builtinType(w, "list", column));
      continue;
    }
    PatternResult inner = checkPattern(c, parts[i], column);
    impossible = impossible || (w.types.is(inner.matched, TypeKind::kNever) && !w.types.is(column, TypeKind::kNever));
    total = total && w.types.is(inner.rest, TypeKind::kNever);
    narrowed_items.push_back(inner.matched);
  }
  TypeId yes = impossible ? w.types.never() : simplifiedUnion(w, matched);
  if (!impossible && matched.size() == 1 && star == parts.size() && w.types.is(matched[0], TypeKind::kTuple)) {
    yes = w.types.tuple(narrowed_items, w.types[matched[0]].extra);
  }
  TypeId no = total ? (rest.empty() ? w.types.never() : simplifiedUnion(w, rest)) : subject;
  return {yes, no};
}

static PatternResult checkPattern(Checker& c, NodeId pattern, TypeId subject) {
  World& w = c.w;
  const Ast& ast = *c.ast;
  switch (ast.kind(pattern)) {
    case NodeKind::kMatchAs: {
      auto as = ast.as<syntax::MatchAs>(pattern);
      PatternResult result{subject, w.types.never()};
      if (as.pattern().valid()) result = checkPattern(c, as.pattern(), subject);
      if (as.name().valid()) capture(c, as.name(), result.matched);
      return result;
    }
    case NodeKind::kMatchOr: {
      std::vector<TypeId> yes;
      TypeId rest = subject;
      for (NodeId part : ast.as<syntax::MatchOr>(pattern).patterns()) {
        PatternResult inner = checkPattern(c, part, rest);
        if (!w.types.is(inner.matched, TypeKind::kNever)) yes.push_back(inner.matched);
        rest = inner.rest;
      }
      return {yes.empty() ? w.types.never() : simplifiedUnion(w, yes), rest};
    }
    case NodeKind::kMatchValue: {
      TypeId value = coerceToLiteral(w, inferExpr(c, ast.as<syntax::MatchValue>(pattern).value()));
      std::vector<TypeRange> ranges{{value, false}};
      bool literal = w.types.is(proper(w, value), TypeKind::kLiteral);
      Narrowed narrowed = conditionalTypes(c, subject, ranges, true);
      if (!literal) narrowed.no = subject;
      if (w.types.is(narrowed.yes, TypeKind::kNever) && isOverlapping(w, subject, value, false)) narrowed.yes = subject;
      return {narrowed.yes, narrowed.no};
    }
    case NodeKind::kMatchSingleton: {
      syntax::ConstantKind kind = ast.as<syntax::MatchSingleton>(pattern).constantKind();
      TypeId value = kind == syntax::ConstantKind::kNone
                         ? w.types.none()
                         : w.types.literal(LiteralKind::kBool, kind == syntax::ConstantKind::kTrue ? "True" : "False", builtinType(w, "bool"));
      std::vector<TypeRange> ranges{{value, false}};
      Narrowed narrowed = conditionalTypes(c, subject, ranges, true);
      return {narrowed.yes, narrowed.no};
    }
    case NodeKind::kMatchSequence: return sequencePattern(c, pattern, subject);
    case NodeKind::kMatchClass: return classPattern(c, pattern, subject);
    case NodeKind::kMatchMapping: {
      auto view = ast.as<syntax::MatchMapping>(pattern);
      std::vector<TypeId> matched;
      ClassId mapping = lookupClass(w, "typing", "Mapping");
      TypeId key_type = any(c), value_type = any(c);
      for (TypeId item : unionItems(w, subject)) {
        if (w.types.is(item, TypeKind::kTypedDict) || w.types.is(item, TypeKind::kAny)) {
          matched.push_back(item);
        } else if (mapping.valid() && w.types.is(item, TypeKind::kInstance) && isSubclass(w, w.types[item].cls(), mapping)) {
          TypeId mapped = mapToSupertype(w, item, mapping);
          key_type = w.types[mapped].items[0];
          value_type = w.types[mapped].items[1];
          matched.push_back(item);
        } else if (isObject(w, item)) {
          key_type = value_type = objectType(w);
          matched.push_back(item);
        }
      }
      for (size_t i = 0; i < view.keys().size(); ++i) {
        TypeId key = coerceToLiteral(w, inferExpr(c, view.keys()[i]));
        TypeId value = value_type;
        for (TypeId item : matched) {
          if (!w.types.is(item, TypeKind::kTypedDict) || !w.types.is(key, TypeKind::kLiteral)) continue;
          for (const TypedDictItem& each : w.types.typedDictItems(item)) {
            if (w.text(each.name) == w.types.literalValue(key).text) value = each.type;
          }
        }
        checkPattern(c, view.patterns()[i], value);
      }
      if (view.rest().valid()) {
        TypeId args[] = {key_type, value_type};
        capture(c, view.rest(), builtinType(w, "dict", args));
      }
      return {matched.empty() ? w.types.never() : simplifiedUnion(w, matched), subject};
    }
    default: return {subject, subject};
  }
}

void checkMatch(Checker& c, NodeId node) {
  World& w = c.w;
  auto view = c.ast->as<syntax::Match>(node);
  Binder& binder = *c.binder;
  FrameScope all(binder, {.can_skip = false, .fall_through = 0});
  NodeId subject_node = view.subject();
  TypeId subject = inferExpr(c, subject_node);
  KeyId key = keyOf(c, subject_node);
  TypeId declared = subject;
  TypeId current = subject;
  for (NodeId item : view.cases()) {
    auto part = c.ast->as<syntax::MatchCase>(item);
    TypeId rest = current;
    {
      FrameScope frame(binder, {.can_skip = true, .fall_through = 2});
      PatternResult result = checkPattern(c, part.pattern(), current);
      rest = result.rest;
      if (w.types.is(result.matched, TypeKind::kNever)) {
        binder.unreachable();
      } else if (key.valid() && result.matched != current) {
        binder.put(key, result.matched, declared, false);
        c.nodeType(subject_node) = result.matched;
      }
      if (part.guard().valid()) {
        inferExpr(c, part.guard());
        Conditions conditions = findConditions(c, part.guard());
        pushMap(c, conditions.if_true);
        if (!conditions.if_false.is_impossible) rest = current;
      }
      checkBody(c, part.body());
    }
    current = rest;
    if (w.types.is(current, TypeKind::kNever)) {
      binder.unreachable();
    } else if (key.valid() && current != subject) {
      binder.put(key, current, declared, false);
    }
  }
  // Nothing matched: the flow goes on behind the statement.
  if (c.options->enabled_codes.count(Code::kExhaustiveMatch) != 0 && !binder.isUnreachable() && !isDynamic(c)) {
    fail(c, node, Code::kExhaustiveMatch, "Match statement has unhandled case for values of type " + formatType(w, current));
    note(c, node, Code::kExhaustiveMatch, "If match statement is intended to be non-exhaustive, add `case _: pass`");
  }
  { FrameScope frame(binder, {.can_skip = false, .fall_through = 2}); }
}

}  // namespace krait::check
