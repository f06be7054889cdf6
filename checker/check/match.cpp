// match statements: the variables that patterns capture, and how the subject narrows from case to case.
#include "checker/check/patterns.h"

namespace krait::check {

namespace {

// A captured variable with the type that it has in the whole function.
struct CapturedVariable {
  SymbolId symbol;
  TypeId type;  // none: a capture did not fit the variable's type
};

}  // namespace

static SymbolId capturedSymbol(Checker& c, const Capture& capture) { return lookupName(c.w, c.scope, capture.name); }

// The types of the variables that the cases capture: declared before, or the union of what is captured.
static std::vector<CapturedVariable> inferCaptured(Checker& c, const std::vector<PatternResult>& results) {
  World& w = c.w;
  std::vector<CapturedVariable> variables;
  std::vector<std::vector<const Capture*>> captures;
  for (const PatternResult& result : results) {
    for (const Capture& capture : result.captures) {
      SymbolId symbol = capturedSymbol(c, capture);
      if (!symbol.valid()) continue;
      size_t at = 0;
      while (at < variables.size() && variables[at].symbol != symbol) ++at;
      if (at == variables.size()) {
        variables.push_back({symbol, TypeId::none()});
        captures.emplace_back();
      }
      captures[at].push_back(&capture);
    }
  }
  for (size_t i = 0; i < variables.size(); ++i) {
    SymbolId symbol = variables[i].symbol;
    w.resolved(symbol);
    TypeId declared = declaredVariableType(w, symbol);
    bool is_known = declared.valid() || w.symbols[symbol].typed == Progress::kDone;
    if (!is_known) {
      std::vector<TypeId> types;
      for (const Capture* capture : captures[i]) types.push_back(capture->type);
      inferVariable(c, symbol, captures[i][0]->node, w.types.unionOf(types), captures[i][0]->node);
      variables[i].type = w.symbols[symbol].type;
      continue;
    }
    if (declared.valid() && w.symbols[symbol].typed != Progress::kDone) {
      w.symbols[symbol].type = declared;
      w.symbols[symbol].typed = Progress::kDone;
    }
    TypeId known = w.symbols[symbol].type;
    for (const Capture* capture : captures[i]) {
      if (w.symbols[symbol].has(kIsFinal)) {
        fail(c, capture->node, Code::kMisc, "Cannot assign to final name \"" + std::string(w.text(capture->name)) + "\"");
      }
      if (mayWiden(c, symbol)) {
        variables[i].type = widen(c, symbol, capture->type);
        continue;
      }
      bool fits = checkSubtype(c, capture->type, known, capture->node, "Incompatible types in capture pattern", "pattern captures type",
                               "variable has type", Code::kMisc);
      if (fits) variables[i].type = known;
    }
  }
  return variables;
}

static void bindCaptures(Checker& c, const Captures& captures, const std::vector<CapturedVariable>& variables) {
  World& w = c.w;
  for (const Capture& capture : captures) {
    SymbolId symbol = capturedSymbol(c, capture);
    for (const CapturedVariable& variable : variables) {
      if (variable.symbol != symbol || !variable.type.valid() || !isSubtype(w, capture.type, variable.type)) continue;
      KeyId key = c.keys.variable(symbol);
      c.binder->invalidateDependents(key, c.keys);
      c.binder->put(key, capture.type, variable.type, true);
    }
  }
}

// match a, b: a tuple that matched narrows a and b.
static void narrowItems(Checker& c, NodeId subject, TypeId type, TypeMap& map) {
  World& w = c.w;
  auto tuple = c.ast->tryAs<syntax::Tuple>(subject);
  TypeId plain = proper(w, type);
  if (!tuple || !w.types.is(plain, TypeKind::kTuple) || w.types[plain].count != tuple->elts().size()) return;
  for (size_t i = 0; i < tuple->elts().size(); ++i) {
    NodeId item = tuple->elts()[i];
    TypeId narrowed = w.types[plain].items[i];
    if (keyOf(c, item).valid()) map.entries.push_back({item, narrowed});
    narrowItems(c, item, narrowed, map);
  }
}

// match a, b: what no case matched so far narrows a and b, too.
static void narrowRemainders(Checker& c, NodeId subject, TypeId type, TypeMap& map) {
  World& w = c.w;
  auto tuple = c.ast->tryAs<syntax::Tuple>(subject);
  if (!tuple || isNever(w, type)) return;
  for (size_t i = 0; i < tuple->elts().size(); ++i) {
    NodeId item = tuple->elts()[i];
    std::vector<TypeId> types;
    for (TypeId each : unionItems(w, type)) {
      TypeId plain = proper(w, each);
      if (!w.types.is(plain, TypeKind::kTuple) || w.types[plain].count != tuple->elts().size()) return;
      types.push_back(w.types[plain].items[i]);
    }
    TypeId narrowed = simplifiedUnion(w, types);
    if (keyOf(c, item).valid()) map.entries.push_back({item, narrowed});
  }
}

// A mapping pattern that matched tells that its keys are there.
static void noteKeys(Checker& c, NodeId pattern, NodeId subject, TypeMap& map) {
  auto mapping = c.ast->tryAs<syntax::MatchMapping>(pattern);
  if (!mapping || !follows(*c.options, Divergence::kAbsentItems)) return;
  for (NodeId key : mapping->keys()) {
    std::vector<std::string> names = literalKeys(c, key);
    if (names.size() == 1) map.entries.push_back(presenceEntry(c, subject, names[0]));
  }
}

// What is known of the subject.
static TypeMap subjectMap(Checker& c, NodeId subject, TypeId type) {
  if (isNever(c.w, type)) return impossibleMap();
  TypeMap map;
  map.entries.push_back({subject, type});
  return withParents(c, std::move(map));
}

// `case x if isinstance(x, int)`: what the guard tells of the name holds of the subject.
static void copyFromName(Checker& c, NodeId pattern, NodeId subject, TypeMap& map) {
  auto as = c.ast->tryAs<syntax::MatchAs>(pattern);
  if (!as || as->pattern().valid() || !as->name().valid()) return;
  SymbolId symbol = lookupName(c.w, c.scope, syntax::nameOf(*c.ast, as->name()));
  if (!symbol.valid()) return;
  KeyId name = c.keys.variable(symbol);
  size_t count = map.entries.size();
  for (size_t i = 0; i < count; ++i) {
    if (keyOf(c, map.entries[i].node) == name) map.entries.push_back({subject, map.entries[i].type});
  }
}

static void guardedBody(Checker& c, const syntax::MatchCase& part, NodeId subject, TypeMap& otherwise) {
  FrameScope frame(*c.binder, {.can_skip = false, .fall_through = 3});
  inferExpr(c, part.guard());
  Conditions conditions = findConditions(c, part.guard());
  otherwise = orMaps(c, otherwise, conditions.if_false);
  copyFromName(c, part.pattern(), subject, conditions.if_true);
  copyFromName(c, part.pattern(), subject, otherwise);
  pushMap(c, conditions.if_true);
  checkBody(c, part.body());
}

static void checkCase(Checker& c, const syntax::MatchCase& part, NodeId subject, TypeId type,
                      const std::vector<CapturedVariable>& variables, TypeMap& otherwise) {
  World& w = c.w;
  TypeId current = narrowedByFlow(c, keyOf(c, subject), type);
  ++c.silent;
  PatternResult result = inferPattern(c, part.pattern(), current);
  --c.silent;
  FrameScope frame(*c.binder, {.can_skip = true, .fall_through = 2});
  otherwise = {};
  if (isUnreachable(w, c.module, part.body()[0]) || isNever(w, result.matched)) {
    c.binder->unreachable();
  } else {
    TypeMap matched = subjectMap(c, subject, result.matched);
    otherwise = subjectMap(c, subject, result.rest);
    narrowItems(c, subject, result.matched, matched);
    noteKeys(c, part.pattern(), subject, matched);
    if (!otherwise.is_impossible && follows(*c.options, Divergence::kTupleRemainders)) narrowRemainders(c, subject, result.rest, otherwise);
    pushMap(c, matched);
    bindCaptures(c, result.captures, variables);
  }
  if (part.guard().valid()) {
    guardedBody(c, part, subject, otherwise);
  } else {
    checkBody(c, part.body());
  }
}

void checkMatch(Checker& c, NodeId node) {
  World& w = c.w;
  auto view = c.ast->as<syntax::Match>(node);
  Binder& binder = *c.binder;
  FrameScope all(binder, {.can_skip = false, .fall_through = 0});
  NodeId subject = withoutWalrus(c, view.subject());
  TypeId type = inferExpr(c, view.subject());
  c.match_subjects.push_back(subject);
  std::vector<PatternResult> first;
  for (NodeId item : view.cases()) first.push_back(inferPattern(c, c.ast->as<syntax::MatchCase>(item).pattern(), type));
  std::vector<CapturedVariable> variables = inferCaptured(c, first);
  TypeMap unmatched;
  for (NodeId item : view.cases()) {
    checkCase(c, c.ast->as<syntax::MatchCase>(item), subject, type, variables, unmatched);
    pushMap(c, unmatched);
  }
  setMark(w.modules[c.module].exhaustive, node, binder.isUnreachable());
  if (config::isCodeEnabled(*c.options, Code::kExhaustiveMatch) && !binder.isUnreachable() && !isDynamic(c)) {
    TypeId left = narrowedByFlow(c, keyOf(c, subject), type);
    fail(c, node, Code::kExhaustiveMatch, "Match statement has unhandled case for values of type " + formatType(w, left));
    note(c, node, Code::kExhaustiveMatch, "If match statement is intended to be non-exhaustive, add `case _: pass`");
  }
  { FrameScope frame(binder, {.can_skip = false, .fall_through = 2}); }
  c.match_subjects.pop_back();
}

}  // namespace krait::check
