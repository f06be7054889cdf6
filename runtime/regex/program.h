// A compiled pattern as the matcher runs it: instructions, the sets and literal runs they use, and what is known about
// where a match can begin. translate() makes it from the code list that re/_compiler.py writes and checks that list:
// a Program never makes the matcher read outside its arrays.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "runtime/regex/charset.h"

namespace krait::regex {

// OP(name): what it does with its operands a, b, c; "next" is the following instruction.
enum class Op : uint8_t {
  kFail,            // never matches
  kAccept,          // the whole pattern has matched
  kChar,            // the character a
  kNotChar,         // any character but a
  kString,          // b characters from strings[a]
  kSet,             // a character of sets[a]
  kAny,             // any character but a newline
  kAnyAll,          // any character
  kAt,              // the position condition a (SreAt)
  kMark,            // slots[a] = position; odd: closes group b
  kGroupRef,        // the text of group a again; case mode b
  kIfGroup,         // next if group a has matched, else goto b
  kJump,            // goto a
  kBranch,          // by the next character: branch_tables[a]; its first kAlternative is next
  kAlternative,     // next, and on failure goto b (0: none); only if the next character is in firsts[a] (kNone: always)
  kRepeatOne,       // as many as possible of one-character item (below), from b to c times, then next + 1
  kLazyOne,         // as few as possible
  kPossessiveOne,   // as many as possible, never fewer
  kLoopEnter,       // starts loop a, goto b (its kLoopMax or kLoopMin)
  kLoopMax,         // end of an iteration of loops[a]: again, else next
  kLoopMin,         // ... next, else again; followed by kLoopRetry
  kLoopRetry,
  kGroupBegin,      // starts an atomic group: registers a
  kGroupEnd,        // no way back into the group that has registers a
  kPossessiveEnter, // starts possessive loop a, goto b
  kPossessiveNext,  // end of an iteration of loops[a]
  kLookBegin,       // lookahead or, b > 0, a look b characters behind; registers a; c: where the negated look continues
  kLookEnd,         // of a positive look
  kLookNotBegin,
  kLookNotEnd,
};

inline constexpr uint32_t kNone = 0xffffffffu;

struct Instruction {
  Op op = Op::kFail;
  bool is_possessive = false;  // kRepeatOne: what follows cannot match any of the item's characters
  uint32_t a = 0;
  uint32_t b = 0;
  uint32_t c = 0;
  uint32_t next_char = kNone;  // kRepeatOne, kLazyOne: the character that must follow
};

struct Loop {
  uint32_t min;
  uint32_t max;          // kMaxRepeat: no limit
  uint32_t body;         // instruction
  uint32_t first;        // index in firsts of what the body can begin with, kNone: anything
  bool is_deterministic; // an iteration and what follows the loop never begin with the same character
};

// Which characters can come first; `wide` for those above 255.
struct FirstSet {
  uint64_t low[4] = {};  // a bit for each character below 256
  bool wide = false;
  bool may_be_empty = false;  // may match without a character: then any character may come

  bool has(char32_t c) const { return c < 256 ? (low[c / 64] >> (c % 64) & 1) != 0 : wide; }
  void add(uint32_t c) { low[c / 64] |= uint64_t{1} << (c % 64); }
  void addAllBut(uint32_t c);  // 256: all
  bool operator==(const FirstSet&) const = default;
};

// For each character below 256 the first alternative that can begin with it; kFailTarget if none can.
struct BranchTable {
  static constexpr uint16_t kOnly = 0x8000u;  // no later alternative can: no way back is needed
  static constexpr uint16_t kFailTarget = 0x7fffu;  // so many instructions, and there are no tables
  uint16_t target[256];
};

struct Program {
  std::vector<Instruction> code;
  std::vector<CharSet> sets;
  std::vector<uint32_t> strings;
  std::vector<FirstSet> firsts;
  std::vector<BranchTable> branch_tables;
  std::vector<Loop> loops;
  uint32_t groups = 0;
  uint32_t registers = 0;      // two 64-bit words each, behind the groups' marks
  uint32_t min_width = 0;
  uint32_t search_first = kNone;          // index in firsts: what a match begins with
  std::vector<uint8_t> search_low;        // the same for the characters below 256, a byte for each
  std::vector<uint32_t> search_prefix;    // literal characters that every match begins with
  bool is_literal = false;                // the pattern is nothing but search_prefix
  bool is_anchored = false;               // a match begins at the beginning or nowhere

  uint32_t slotOfRegister(uint32_t index) const { return groups * 2 + 1 + index * 2; }
  uint32_t lastIndexSlot() const { return groups * 2; }
  uint32_t slotCount() const { return groups * 2 + 1 + registers * 2; }
};

// Null if the code is malformed. `groups`: how many capturing groups it has.
std::unique_ptr<Program> translate(std::span<const uint32_t> code, uint32_t groups);

// Fills what the search and the loops know about first characters; part of translate().
void analyzeFirsts(Program& program);

}  // namespace krait::regex
