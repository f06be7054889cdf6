// The parsing machine: runs the grammar over tokens, first without and then with the rules for wrong programs.
//
// Takes tokens that end in EndMarker or Error. Gives accepted, an error, or rejected without a message. What always
// holds: time and memory grow linearly with the tokens (results of costly rules are remembered by place), and no
// input makes it recurse: calls live on a stack of its own, of at most kMaxRuleDepth rules.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "analyzer/syntax/grammar/grammar.h"
#include "analyzer/syntax/tokens/tokenizer.h"

namespace krait::syntax {

inline constexpr uint32_t kMaxRuleDepth = 50000;

// What a rule matched, as far as messages need it. Token numbers: first and last token, both inside.
struct SyntaxNode {
  SyntaxNodeKind kind = SyntaxNodeKind::kNode;
  uint32_t first_token = 0;
  uint32_t last_token = 0;
  uint32_t first_child = 0;
  uint32_t child_count = 0;
};

using NodeIndex = uint32_t;  // 0 is "nothing"

enum class RunResult : uint8_t { kAccepted, kRejected, kError };

struct StackEntry {
  uint32_t address;     // of a choice: where to go on; of a call: where to return to
  uint32_t mark;        // the token it began at
  uint32_t value_count;
  uint32_t call;        // of a call: the number of the caller's call entry
  uint16_t rule;
  bool is_call;
  bool is_quiet;        // whether invalid_ rules were off before the call
};

struct MemoEntry {
  uint32_t next;
  uint32_t end;
  NodeIndex value;
  uint16_t rule : 14;
  uint16_t matched : 1;
  uint16_t is_quiet : 1;
};

struct Recognizer {
  const Grammar& grammar;
  std::string_view text;
  const TokenList& list;

  uint32_t mark = 0;
  uint32_t fill = 0;          // how many tokens were looked at, in both runs
  bool allows_invalid = false;
  bool is_quiet = false;
  bool has_barry = false;     // `from __future__ import barry_as_FLUFL` was seen: `<>` instead of `!=` (PEP 401)
  uint32_t call = 0;          // number of the newest call entry
  uint32_t call_depth = 0;
  std::vector<StackEntry> stack;
  std::vector<NodeIndex> values;
  std::vector<SyntaxNode> nodes;
  std::vector<NodeIndex> children;
  std::vector<uint32_t> memo_heads;   // by token
  std::vector<MemoEntry> memos;
  uint32_t memo_end = 0;              // one past the last token with an entry
  std::optional<SyntaxError> error;
  bool error_is_from_tokenizer = false;

  const Token& token(uint32_t index) const { return list.tokens[index]; }
};

// One run over all tokens. `fill` stays from run to run; everything else begins anew.
RunResult run(Recognizer& recognizer, bool with_invalid_rules);

// What an action did.
enum class ActionResult : uint8_t { kDone, kFailRule, kError };

// recognizer_actions.cpp: performs `action`; its captures are the newest values and give way to the result.
ActionResult perform(Recognizer& recognizer, const Action& action, uint32_t start_mark);

// error_positions.cpp: errors at places that CPython's macros name.
// At tokens [first, last].
SyntaxError errorAtTokens(const Recognizer& recognizer, uint32_t first, uint32_t last, std::string message);
// At one token that has been looked at; `last` of CPython's RAISE_SYNTAX_ERROR is `fill - 1`.
SyntaxError errorAtToken(const Recognizer& recognizer, uint32_t index, std::string message);
// From token `first` to where the tokenizer stands.
SyntaxError errorFromToken(const Recognizer& recognizer, uint32_t first, std::string message);
// RAISE_ERROR_KNOWN_LOCATION(a->lineno, a->end_col_offset - 1, …, -1): the last character of the token.
SyntaxError errorAtEndOf(const Recognizer& recognizer, uint32_t first, uint32_t last, std::string message);

// literal_checks.cpp: errors that CPython finds when it makes constants. Empty: none.
std::optional<SyntaxError> checkNumber(const Recognizer& recognizer, uint32_t index);
std::optional<SyntaxError> checkStringToken(const Recognizer& recognizer, uint32_t index);
std::optional<SyntaxError> checkFormatString(const Recognizer& recognizer, uint32_t first, uint32_t last);
std::optional<SyntaxError> checkFormatSpecText(const Recognizer& recognizer, uint32_t index);
std::optional<SyntaxError> checkConcatenation(const Recognizer& recognizer, uint32_t first, uint32_t end);
bool isImaginary(std::string_view number);

}  // namespace krait::syntax
