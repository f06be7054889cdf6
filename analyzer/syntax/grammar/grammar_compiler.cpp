// Rules to instructions.
//
// An alternative is guarded by the set of tokens that it can begin with (kTestSet), so that most choices are made by
// one look at one token. That changes nothing else: CPython too looks at that token before it gives an alternative up.
// A rule that begins with itself is compiled to its other alternatives followed by a loop, which gives the same
// matches as growing the match from a seed.
#include <algorithm>
#include <optional>

#include "analyzer/base/check.h"
#include "analyzer/syntax/grammar/grammar_rules.h"

namespace krait::syntax {

namespace {

constexpr uint32_t kFailAddress = 0;

struct First {
  TokenSet set = {};
  bool is_nullable = false;
};

struct GrammarCompiler {
  const RuleSet& source;
  GrammarTables grammar;
  std::vector<First> firsts;  // by rule

  uint32_t here() const { return static_cast<uint32_t>(grammar.code.size()); }
  uint32_t emit(Opcode opcode, uint16_t operand = 0, uint32_t target = kFailAddress) {
    grammar.code.push_back({opcode, operand, target});
    return here() - 1;
  }
  void patch(uint32_t instruction) { grammar.code[instruction].target = here(); }
};

bool unite(TokenSet& into, const TokenSet& from) {
  TokenSet before = into;
  into[0] |= from[0];
  into[1] |= from[1];
  return into != before;
}

void addToken(TokenSet& set, uint16_t kind) { set[kind >> 6] |= uint64_t{1} << (kind & 63); }

First firstOfAlternatives(const GrammarCompiler& compiler, const std::vector<Alternative>& alternatives);

First firstOf(const GrammarCompiler& compiler, uint32_t index) {
  const Element& element = compiler.source.elements[index];
  First first;
  switch (element.kind) {
    case ElementKind::kToken: addToken(first.set, element.value); return first;
    case ElementKind::kSoft:
    case ElementKind::kAnySoft: addToken(first.set, static_cast<uint16_t>(TokenKind::kName)); return first;
    case ElementKind::kRule: return compiler.firsts[element.value];
    case ElementKind::kGroup: return firstOfAlternatives(compiler, element.alternatives);
    case ElementKind::kPlus:
    case ElementKind::kGather: return firstOf(compiler, element.child);
    case ElementKind::kOptional:
    case ElementKind::kStar:
    case ElementKind::kNot:
      first = firstOf(compiler, element.child);
      first.is_nullable = true;
      return first;
    case ElementKind::kAnd: return firstOf(compiler, element.child);
    case ElementKind::kCut: first.is_nullable = true; return first;
    case ElementKind::kForce: first.set = {~uint64_t{0}, ~uint64_t{0}}; return first;
  }
  UNREACHABLE("every element kind has a first set");
}

First firstOfAlternative(const GrammarCompiler& compiler, const Alternative& alternative, size_t from = 0) {
  First first{.is_nullable = true};
  for (size_t i = from; i < alternative.items.size() && first.is_nullable; ++i) {
    First item = firstOf(compiler, alternative.items[i].element);
    unite(first.set, item.set);
    first.is_nullable = item.is_nullable;
  }
  return first;
}

First firstOfAlternatives(const GrammarCompiler& compiler, const std::vector<Alternative>& alternatives) {
  First all;
  for (const Alternative& alternative : alternatives) {
    First first = firstOfAlternative(compiler, alternative);
    unite(all.set, first.set);
    all.is_nullable |= first.is_nullable;
  }
  return all;
}

void computeFirsts(GrammarCompiler& compiler) {
  compiler.firsts.resize(compiler.source.rules.size());
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t i = 0; i < compiler.source.rules.size(); ++i) {
      First first = firstOfAlternatives(compiler, compiler.source.rules[i].alternatives);
      changed |= unite(compiler.firsts[i].set, first.set) || first.is_nullable != compiler.firsts[i].is_nullable;
      compiler.firsts[i].is_nullable = first.is_nullable;
    }
  }
}

uint16_t internSet(GrammarCompiler& compiler, const TokenSet& set) {
  auto& sets = compiler.grammar.sets;
  auto found = std::find(sets.begin(), sets.end(), set);
  if (found == sets.end()) found = sets.insert(sets.end(), set);
  return static_cast<uint16_t>(found - sets.begin());
}

// Emits the guard of something that begins with `first`; the result is to be patched, or kFailAddress for no guard.
uint32_t emitGuard(GrammarCompiler& compiler, const First& first) {
  if (first.is_nullable || first.set[0] == ~uint64_t{0}) return kFailAddress;
  return compiler.emit(Opcode::kTestSet, internSet(compiler, first.set));
}

void patchGuard(GrammarCompiler& compiler, uint32_t guard) {
  if (guard != kFailAddress) compiler.patch(guard);
}

enum class Want : uint8_t { kValue, kNothing };

// The kinds, when the alternatives are single tokens and yield them.
std::optional<TokenSet> asTokenSet(const GrammarCompiler& compiler, const std::vector<Alternative>& alternatives) {
  TokenSet set = {};
  for (const Alternative& alternative : alternatives) {
    if (alternative.items.size() != 1) return std::nullopt;
    const Element& element = compiler.source.elements[alternative.items[0].element];
    bool is_plain = element.kind == ElementKind::kToken && element.value != static_cast<uint16_t>(TokenKind::kNumber) &&
                    compiler.source.actions[static_cast<size_t>(alternative.action)].kind == ActionKind::kPass;
    if (!is_plain) return std::nullopt;
    addToken(set, element.value);
  }
  return set;
}

std::optional<TokenSet> asTokenSet(const GrammarCompiler& compiler, uint32_t index) {
  const Element& element = compiler.source.elements[index];
  if (element.kind == ElementKind::kGroup) return asTokenSet(compiler, element.alternatives);
  if (element.kind == ElementKind::kRule) return asTokenSet(compiler, compiler.source.rules[element.value].alternatives);
  if (element.kind != ElementKind::kToken) return std::nullopt;
  TokenSet set = {};
  addToken(set, element.value);
  return set;
}

// Which alternative a token leads to: that of the first entry whose set has it. `is_gated`: not in the first run.
struct SwitchEntry {
  First first;
  uint32_t address;
  bool is_gated;
};

void fillTable(GrammarCompiler& compiler, uint32_t instruction, const std::vector<SwitchEntry>& entries,
               uint32_t otherwise) {
  JumpTable table;
  for (uint16_t kind = 0; kind < kTokenKindCount; ++kind) {
    for (size_t run = 0; run < 2; ++run) {
      uint32_t target = otherwise;
      for (size_t i = entries.size(); i-- > 0;) {
        bool may_begin = entries[i].first.is_nullable || contains(entries[i].first.set, static_cast<TokenKind>(kind));
        if (may_begin && !(run == 0 && entries[i].is_gated)) target = entries[i].address;
      }
      CHECK(target <= 0xffff, "code addresses fit a jump table");
      table.targets[run][kind] = static_cast<uint16_t>(target);
    }
  }
  compiler.grammar.code[instruction].operand = static_cast<uint16_t>(compiler.grammar.tables.size());
  compiler.grammar.tables.push_back(table);
}

void emitElement(GrammarCompiler& compiler, uint32_t index, Want want);

enum class Place : uint8_t { kLast, kNotLast };

// A cut in the last alternative has nothing to cut off.
void emitItems(GrammarCompiler& compiler, const Alternative& alternative, size_t from, Place place) {
  for (size_t i = from; i < alternative.items.size(); ++i) {
    const Item& item = alternative.items[i];
    if (place == Place::kLast && compiler.source.elements[item.element].kind == ElementKind::kCut) continue;
    emitElement(compiler, item.element, item.capture != 0 ? Want::kValue : Want::kNothing);
  }
}

// Emits the alternatives as an ordered choice; each leaves its action's value.
void emitAlternatives(GrammarCompiler& compiler, const std::vector<const Alternative*>& alternatives) {
  std::vector<uint32_t> commits;
  std::vector<SwitchEntry> entries;
  bool has_switch = alternatives.size() > 1;
  uint32_t jump = has_switch ? compiler.emit(Opcode::kSwitch) : kFailAddress;
  for (size_t i = 0; i < alternatives.size(); ++i) {
    const Alternative& alternative = *alternatives[i];
    bool is_last = i + 1 == alternatives.size();
    bool is_gated = compiler.source.isInvalidRule(alternative.items[0].element);
    uint32_t start = compiler.here();
    uint32_t gate = is_gated ? compiler.emit(Opcode::kGate) : kFailAddress;
    First first = firstOfAlternative(compiler, alternative);
    uint32_t guard = emitGuard(compiler, first);
    entries.push_back({first, is_gated ? start : compiler.here(), is_gated});
    uint32_t choice = is_last ? kFailAddress : compiler.emit(Opcode::kChoice);
    emitItems(compiler, alternative, 0, is_last ? Place::kLast : Place::kNotLast);
    compiler.emit(Opcode::kAct, static_cast<uint16_t>(alternative.action));
    if (is_last) break;
    commits.push_back(compiler.emit(Opcode::kCommit));
    compiler.patch(choice);
    patchGuard(compiler, guard);
    patchGuard(compiler, gate);
  }
  for (uint32_t commit : commits) compiler.patch(commit);
  if (has_switch) fillTable(compiler, jump, entries, kFailAddress);
}

void emitAlternatives(GrammarCompiler& compiler, const std::vector<Alternative>& alternatives) {
  std::vector<const Alternative*> pointers;
  for (const Alternative& alternative : alternatives) pointers.push_back(&alternative);
  emitAlternatives(compiler, pointers);
}

// (prefix e)*, where `prefix` may be missing.
void emitLoop(GrammarCompiler& compiler, const uint32_t* separator, uint32_t child, Want want) {
  uint32_t loop = compiler.here();
  uint32_t guard = emitGuard(compiler, firstOf(compiler, separator != nullptr ? *separator : child));
  uint32_t choice = compiler.emit(Opcode::kChoice);
  if (separator != nullptr) emitElement(compiler, *separator, Want::kNothing);
  emitElement(compiler, child, want);
  compiler.emit(Opcode::kCommit, 0, loop);
  compiler.patch(choice);
  patchGuard(compiler, guard);
}

void emitRepetition(GrammarCompiler& compiler, const Element& element, Want want) {
  if (want == Want::kValue) compiler.emit(Opcode::kListBegin);
  if (element.kind != ElementKind::kStar) emitElement(compiler, element.child, want);
  emitLoop(compiler, element.kind == ElementKind::kGather ? &element.separator : nullptr, element.child, want);
  if (want == Want::kValue) compiler.emit(Opcode::kListEnd);
}

void emitOptional(GrammarCompiler& compiler, const Element& element, Want want) {
  uint32_t guard = emitGuard(compiler, firstOf(compiler, element.child));
  uint32_t choice = compiler.emit(Opcode::kChoice);
  emitElement(compiler, element.child, want);
  uint32_t commit = compiler.emit(Opcode::kCommit);
  compiler.patch(choice);
  patchGuard(compiler, guard);
  if (want == Want::kValue) compiler.emit(Opcode::kPushNone);
  compiler.patch(commit);
}

void emitLookahead(GrammarCompiler& compiler, const Element& element) {
  bool is_negative = element.kind == ElementKind::kNot;
  if (std::optional<TokenSet> set = asTokenSet(compiler, element.child)) {
    compiler.emit(is_negative ? Opcode::kTestNotSet : Opcode::kTestSet, internSet(compiler, *set));
    return;
  }
  uint32_t guard = is_negative ? emitGuard(compiler, firstOf(compiler, element.child)) : kFailAddress;
  uint32_t choice = compiler.emit(Opcode::kChoice);
  emitElement(compiler, element.child, Want::kNothing);
  if (is_negative) {
    compiler.emit(Opcode::kFailTwice);
    compiler.patch(choice);
    patchGuard(compiler, guard);
    return;
  }
  uint32_t commit = compiler.emit(Opcode::kBackCommit);
  compiler.patch(choice);
  compiler.emit(Opcode::kFail);
  compiler.patch(commit);
}

void emitElement(GrammarCompiler& compiler, uint32_t index, Want want) {
  const Element& element = compiler.source.elements[index];
  bool wanted = want == Want::kValue;
  switch (element.kind) {
    case ElementKind::kToken: compiler.emit(wanted ? Opcode::kCaptureToken : Opcode::kToken, element.value); return;
    case ElementKind::kSoft: compiler.emit(wanted ? Opcode::kCaptureSoft : Opcode::kSoft, element.value); return;
    case ElementKind::kAnySoft: compiler.emit(Opcode::kAnySoft); return;
    case ElementKind::kRule:
      if (std::optional<TokenSet> set = asTokenSet(compiler, index)) {
        compiler.emit(wanted ? Opcode::kCaptureTokenSet : Opcode::kTokenSet, internSet(compiler, *set));
        return;
      }
      compiler.emit(wanted ? Opcode::kCall : Opcode::kCallDrop, element.value); return;
    case ElementKind::kGroup:
      if (std::optional<TokenSet> set = asTokenSet(compiler, index)) {
        compiler.emit(wanted ? Opcode::kCaptureTokenSet : Opcode::kTokenSet, internSet(compiler, *set));
        return;
      }
      emitAlternatives(compiler, element.alternatives);
      if (!wanted) compiler.emit(Opcode::kDrop);
      return;
    case ElementKind::kOptional: emitOptional(compiler, element, want); return;
    case ElementKind::kStar:
    case ElementKind::kPlus:
    case ElementKind::kGather: emitRepetition(compiler, element, want); return;
    case ElementKind::kAnd:
    case ElementKind::kNot: emitLookahead(compiler, element); return;
    case ElementKind::kCut: compiler.emit(Opcode::kCut); return;
    case ElementKind::kForce: compiler.emit(Opcode::kForce, element.value); return;
  }
}

bool beginsWithRule(const GrammarCompiler& compiler, const Alternative& alternative, uint16_t rule) {
  const Element& element = compiler.source.elements[alternative.items[0].element];
  return element.kind == ElementKind::kRule && element.value == rule;
}

// The seed's value stays on the stack; an alternative of the loop that matches puts its own value in its place.
void emitLeftRecursion(GrammarCompiler& compiler, uint16_t rule) {
  std::vector<const Alternative*> seeds;
  std::vector<const Alternative*> growths;
  for (const Alternative& alternative : compiler.source.rules[rule].alternatives) {
    (beginsWithRule(compiler, alternative, rule) ? growths : seeds).push_back(&alternative);
  }
  emitAlternatives(compiler, seeds);
  uint32_t loop = compiler.emit(Opcode::kSwitch);
  std::vector<SwitchEntry> entries;
  for (const Alternative* growth : growths) {
    First first = firstOfAlternative(compiler, *growth, 1);
    uint32_t guard = emitGuard(compiler, first);
    entries.push_back({first, compiler.here(), false});
    uint32_t choice = compiler.emit(Opcode::kChoice);
    emitItems(compiler, *growth, 1, Place::kNotLast);
    compiler.emit(Opcode::kDrop);
    compiler.emit(Opcode::kAct, static_cast<uint16_t>(growth->action));
    compiler.emit(Opcode::kCommit, 0, loop);
    compiler.patch(choice);
    patchGuard(compiler, guard);
  }
  fillTable(compiler, loop, entries, compiler.here());
}

// The tokens that may follow a primary inside of an expression.
TokenSet continuationTokens() {
  TokenSet set = {};
  for (uint32_t i = static_cast<uint32_t>(TokenKind::kPlus); i <= static_cast<uint32_t>(TokenKind::kDoubleSlash); ++i) {
    TokenKind kind = static_cast<TokenKind>(i);
    if (kind != TokenKind::kEqual && kind != TokenKind::kExclamation) addToken(set, static_cast<uint16_t>(i));
  }
  for (TokenKind kind : {TokenKind::kKwIf, TokenKind::kKwOr, TokenKind::kKwAnd, TokenKind::kKwNot, TokenKind::kKwIn,
                         TokenKind::kKwIs}) {
    addToken(set, static_cast<uint16_t>(kind));
  }
  return set;
}

uint16_t findRule(const RuleSet& rules, std::string_view name) {
  for (size_t i = 0; i < rules.rules.size(); ++i) {
    if (rules.rules[i].name == name) return static_cast<uint16_t>(i);
  }
  UNREACHABLE("the grammar has the rule");
}

// Most expressions are a primary and nothing else. In the first run a rule above `primary` tries that before it goes
// down all levels of operators; when an operator follows, the levels find the primary remembered.
void emitShortcut(GrammarCompiler& compiler) {
  uint16_t primary = findRule(compiler.source, "primary");
  uint32_t gate = compiler.emit(Opcode::kGateFirst);
  uint32_t guard = emitGuard(compiler, compiler.firsts[findRule(compiler.source, "atom")]);
  uint32_t choice = compiler.emit(Opcode::kChoice);
  compiler.emit(Opcode::kCall, primary);
  uint32_t end = compiler.emit(Opcode::kTestSet, internSet(compiler, continuationTokens()));
  compiler.emit(Opcode::kFail);
  compiler.patch(end);
  compiler.emit(Opcode::kCommit, 0, compiler.here() + 1);
  compiler.emit(Opcode::kReturn);
  compiler.patch(choice);
  patchGuard(compiler, guard);
  compiler.patch(gate);
}

}  // namespace

GrammarTables compileGrammar(const RuleSet& rules) {
  GrammarCompiler compiler{.source = rules};
  compiler.grammar.actions = rules.actions;
  computeFirsts(compiler);
  compiler.emit(Opcode::kFail);
  for (size_t i = 0; i < rules.rules.size(); ++i) {
    const Rule& rule = rules.rules[i];
    uint16_t id = static_cast<uint16_t>(i);
    compiler.grammar.rules.push_back({compiler.here(), rule.memo, rule.is_quiet, rule.name});
    if (rule.name == "file") compiler.grammar.file_rule = id;
    if (rule.name == "statement") compiler.grammar.statement_rule = id;
    if (rule.has_shortcut) emitShortcut(compiler);
    if (rule.is_left_recursive) {
      emitLeftRecursion(compiler, id);
    } else {
      emitAlternatives(compiler, rule.alternatives);
    }
    compiler.emit(Opcode::kReturn);
  }
  return std::move(compiler.grammar);
}

static constexpr std::string_view kGrammarText =
#include "analyzer/syntax/grammar/statements.gram.inc"
#include "analyzer/syntax/grammar/patterns.gram.inc"
#include "analyzer/syntax/grammar/expressions.gram.inc"
#include "analyzer/syntax/grammar/invalid_statements.gram.inc"
#include "analyzer/syntax/grammar/invalid_expressions.gram.inc"
    ;

std::string_view grammarText() { return kGrammarText; }

}  // namespace krait::syntax
