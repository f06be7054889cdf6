// The grammar as a tree, between its notation and its instructions. Used by grammar_reader and grammar_compiler only.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/syntax/grammar/grammar.h"

namespace krait::syntax {

enum class ElementKind : uint8_t {
  kToken, kSoft, kAnySoft, kRule, kGroup, kOptional, kStar, kPlus, kGather, kAnd, kNot, kCut, kForce,
};

struct Item {
  uint32_t element = 0;
  char capture = 0;  // the letter before '=', or 0
};

struct Alternative {
  std::vector<Item> items;
  int action = -1;  // index into RuleSet::actions
};

struct Element {
  ElementKind kind = ElementKind::kToken;
  uint16_t value = 0;      // token kind, soft keyword or rule
  uint32_t child = 0;      // of kOptional … kNot
  uint32_t separator = 0;  // of kGather: a token element
  std::vector<Alternative> alternatives;  // of kGroup
};

struct Rule {
  std::string_view name;
  Memo memo = Memo::kNone;
  bool is_left_recursive = false;
  bool is_quiet = false;
  bool has_shortcut = false;
  std::vector<Alternative> alternatives;
};

struct RuleSet {
  std::vector<Rule> rules;
  std::vector<Element> elements;
  std::vector<Action> actions;
  std::deque<std::string> messages;  // of the actions

  bool isInvalidRule(uint32_t element) const {
    const Element& e = elements[element];
    return e.kind == ElementKind::kRule && rules[e.value].name.starts_with("invalid_");
  }
};

// Reads the notation. A mistake in it is our bug: CHECK.
RuleSet readGrammar(std::string_view text);
// What a Grammar shows, while it is made. Refers to `rules` for the messages.
struct GrammarTables {
  std::vector<Instruction> code;
  std::vector<CompiledRule> rules;
  std::vector<Action> actions;
  std::vector<TokenSet> sets;
  std::vector<JumpTable> tables;
  uint16_t file_rule = 0;
  uint16_t statement_rule = 0;
};
GrammarTables compileGrammar(const RuleSet& rules);
// The *.gram.inc files.
std::string_view grammarText();

}  // namespace krait::syntax
