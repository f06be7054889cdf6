// The grammar of Python 3.14 as a program for a small parsing machine.
//
// The rules are the *.gram.inc files, in the notation of the language reference (PEP 617) plus "-> action" at the end
// of an alternative. grammar_reader.cpp turns them into Rules, grammar_compiler.cpp those into instructions, and
// recognizer.cpp runs the instructions over tokens. The build does the first two steps (cmake/tools/write_grammar.cpp). A rule whose name begins with "invalid_" matches wrong programs
// only and is tried only in the second run, which exists to find the message (CPython's pegen does the same).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "analyzer/syntax/tokens/token.h"

namespace krait::syntax {

enum class SyntaxNodeKind : uint8_t {
#define SYNTAX_NODE(Name, shown) k##Name,
#include "analyzer/syntax/grammar/actions.def"
};

enum class ActionKind : uint8_t {
  kPass,  // the result is one capture
  kNode,  // the result is a new node with the captures as children
#define SYNTAX_ERROR_ACTION(name) k_##name,
#define SYNTAX_CHECK(name) k_##name,
#include "analyzer/syntax/grammar/actions.def"
};

// Which part of a captured value an argument means.
enum class Selector : uint8_t { kWhole, kFirst, kLast, kLastClause };

struct ActionArg {
  Selector selector = Selector::kWhole;
  uint8_t capture = 0;  // index among the alternative's captures
};

struct Action {
  ActionKind kind = ActionKind::kNode;
  SyntaxNodeKind node_kind = SyntaxNodeKind::kNode;
  uint8_t capture_count = 0;
  uint8_t arg_count = 0;
  std::array<ActionArg, 2> args = {};
  std::string_view message;
};

// Names that are keywords only where the grammar says so.
enum class SoftKeyword : uint8_t { kMatch, kCase, kType, kUnderscore };

enum class Opcode : uint8_t {
  kFail,         // back to the newest choice
  kToken,        // operand: token kind
  kCaptureToken,
  kSoft,         // operand: SoftKeyword
  kCaptureSoft,
  kAnySoft,
  kTokenSet,     // operand: token set
  kCaptureTokenSet,
  kCall,         // operand: rule
  kCallDrop,     // … and forget its value
  kChoice,       // target: where to go on when what follows fails
  kCommit,       // forget the newest choice, go to target
  kBackCommit,   // forget the newest choice, return to its token, go to target
  kFailTwice,    // forget the newest choice, then fail
  kCut,          // the newest choice becomes a failure
  kTestSet,      // operand: token set; go to target when the token is not in it
  kTestNotSet,   // … when the token is in it
  kSwitch,       // operand: jump table; go to where the token's first possible alternative begins
  kGate,         // go to target in the first run
  kGateFirst,    // go to target in the second run
  kPushNone,
  kListBegin,
  kListEnd,
  kForce,        // operand: token kind; an error when the token is another one
  kAct,          // operand: action
  kDrop,
  kReturn,
};

struct Instruction {
  Opcode opcode = Opcode::kFail;
  uint16_t operand = 0;
  uint32_t target = 0;
};

// Whether results of a rule are remembered by place.
enum class Memo : uint8_t {
  kNone,
  kShared,    // for both runs and inside quiet rules alike, as CPython does: it decides which message comes
  kByMode,    // only to save time: a result found in a quiet rule is not used outside of it
  kSecondRun, // as kByMode, but not worth its cost in the first run
};

struct CompiledRule {
  uint32_t start = 0;
  Memo memo = Memo::kNone;
  bool is_quiet = false;  // no invalid_ rules below it
  std::string_view name;
};

using TokenSet = std::array<uint64_t, 2>;

// Code addresses by token kind: one half for the first run, one for the second.
struct JumpTable {
  std::array<std::array<uint16_t, kTokenKindCount>, 2> targets = {};
};

struct Grammar {
  std::span<const Instruction> code;  // code[0] is kFail
  std::span<const CompiledRule> rules;
  std::span<const Action> actions;
  std::span<const TokenSet> sets;
  std::span<const JumpTable> tables;
  uint16_t file_rule = 0;
  uint16_t statement_rule = 0;
};

inline bool contains(const TokenSet& set, TokenKind kind) {
  uint8_t bit = static_cast<uint8_t>(kind);
  return (set[bit >> 6] >> (bit & 63) & 1) != 0;
}

// The compiled grammar, as the build made it.
const Grammar& pythonGrammar();

}  // namespace krait::syntax
