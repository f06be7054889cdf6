// The matcher: a loop over instructions with two stacks. `choices` holds the ways back; `trail` holds what marks and loop
// counters were before they changed, so that going back to a choice undoes what came after it. Cutting choices (atomic
// groups, looks) leaves the trail alone: an older choice still undoes it.
//
// Example: `(a|ab)(c|bcd)` on "abcd": kAlternative leaves a choice for `ab` and takes `a`; `c` fails at "b", its branch
// takes `bcd`; kAccept. Had that failed, the choice would have been popped, the first group's marks undone, and `ab` tried.
#include "runtime/regex/matcher.h"

#include <algorithm>
#include <cstring>

#include "analyzer/base/check.h"
#include "runtime/regex/opcodes.h"

namespace krait::regex {

static constexpr size_t kMaxChoices = size_t{1} << 26;
static constexpr uint32_t kTicksBetweenPolls = 1 << 14;
static constexpr int64_t kPlain = -1;  // the limit of a choice that leads to one position only

template <class Char>
struct Run {
  Matcher& m;
  const Program& program;
  const Instruction* code;
  const Char* text;
  int64_t length;

  explicit Run(Matcher& matcher)
      : m(matcher), program(matcher.program_), code(program.code.data()),
        text(static_cast<const Char*>(matcher.subject_.data)), length(matcher.subject_.length) {}

  // State changes, undone when a choice is taken. Without a choice nothing could be undone.
  void set(uint32_t slot, int64_t value) {
    if (!m.choices_.empty()) m.trail_.push_back({m.slots_[slot], slot});
    m.slots_[slot] = value;
  }
  void pushChoice(uint32_t pc, int64_t position, int64_t limit = kPlain) {
    m.choices_.push_back({position, limit, pc, static_cast<uint32_t>(m.trail_.size())});
  }
  void undoTo(uint32_t height) {
    while (m.trail_.size() > height) {
      m.slots_[m.trail_.back().slot] = m.trail_.back().old_value;
      m.trail_.pop_back();
    }
  }
  int64_t& registerWord(uint32_t index, uint32_t word) { return m.slots_[program.slotOfRegister(index) + word]; }
  void cutTo(int64_t height) { m.choices_.resize(static_cast<size_t>(height)); }

  bool matchString(const Instruction& in, int64_t position) const;
  bool matchItem(const Instruction& item, char32_t c) const;
  int64_t runOf(const Instruction& item, int64_t from, int64_t to) const;
  int64_t runOfChar(char32_t c, int64_t from, int64_t to) const;
  int64_t findChar(char32_t c, int64_t from, int64_t to) const;
  bool isWordAt(SreAt at, int64_t position) const;
  bool matchAt(SreAt at, int64_t position) const;
  bool matchGroupRef(const Instruction& in, int64_t& position) const;
  bool beginRepeatOne(uint32_t pc, int64_t& position);
  bool beginLazyOne(uint32_t pc, int64_t& position);
  bool retryRepeatOne(Choice& choice, int64_t& position);
  bool retryLazyOne(Choice& choice, int64_t& position);
  int64_t advanceLazy(const Instruction& in, int64_t position, int64_t limit) const;
  bool branch(uint32_t& pc, int64_t position);
  bool alternative(uint32_t& pc, int64_t position);
  uint32_t nextIteration(uint32_t pc, int64_t position);
  uint32_t nextLazyIteration(uint32_t pc, int64_t position);
  bool retryLazyIteration(uint32_t& pc, int64_t position);
  uint32_t nextPossessive(uint32_t pc, int64_t position);
  bool beginLook(uint32_t& pc, int64_t& position);
  void failNegatedLook(const Instruction& in);
  bool accepts(int64_t position) const;
  bool backtrack(uint32_t& pc, int64_t& position);
  Outcome attempt(int64_t start);
  int64_t nextStart(int64_t from, int64_t last) const;
  int64_t findPrefix(int64_t from, int64_t last) const;
  Outcome search(int64_t start);
};

template <class Char>
bool Run<Char>::matchString(const Instruction& in, int64_t position) const {
  const uint32_t* string = program.strings.data() + in.a;
  if (length - position < static_cast<int64_t>(in.b)) return false;
  for (uint32_t i = 0; i < in.b; ++i) {
    if (text[position + i] != string[i]) return false;
  }
  return true;
}

template <class Char>
bool Run<Char>::matchItem(const Instruction& item, char32_t c) const {
  switch (item.op) {
    case Op::kChar: return c == item.a;
    case Op::kNotChar: return c != item.a;
    case Op::kAny: return c != '\n';
    case Op::kAnyAll: return true;
    case Op::kSet: return program.sets[item.a].contains(c);
    default: return false;
  }
}

// The first place in [from, to) with this character, `to` if there is none.
template <class Char>
int64_t Run<Char>::findChar(char32_t c, int64_t from, int64_t to) const {
  if constexpr (sizeof(Char) == 1) {
    if (c > 255 || from >= to) return to;
    const void* found = std::memchr(text + from, static_cast<int>(c), static_cast<size_t>(to - from));
    return found != nullptr ? static_cast<const Char*>(found) - text : to;
  } else {
    while (from < to && text[from] != c) ++from;
    return from;
  }
}

template <class Char>
int64_t Run<Char>::runOfChar(char32_t c, int64_t from, int64_t to) const {
  while (from < to && text[from] == c) ++from;
  return from;
}

// The end of the run of characters that the item matches, at most `to`.
template <class Char>
int64_t Run<Char>::runOf(const Instruction& item, int64_t from, int64_t to) const {
  switch (item.op) {
    case Op::kChar: return runOfChar(item.a, from, to);
    case Op::kNotChar: return findChar(item.a, from, to);
    case Op::kAny: return findChar('\n', from, to);
    case Op::kAnyAll: return to;
    case Op::kSet: {
      const CharSet& set = program.sets[item.a];
      if (sizeof(Char) == 1 && !set.is_dynamic) {
        while (from < to && set.low[static_cast<uint8_t>(text[from])]) ++from;
      } else {
        while (from < to && set.contains(text[from])) ++from;
      }
      return from;
    }
    default: return from;
  }
}

template <class Char>
bool Run<Char>::isWordAt(SreAt at, int64_t position) const {
  if (position < 0 || position >= length) return false;
  SreCategory category = at == SreAt::kUniBoundary || at == SreAt::kUniNonBoundary   ? SreCategory::kUniWord
                         : at == SreAt::kLocBoundary || at == SreAt::kLocNonBoundary ? SreCategory::kLocWord
                                                                                     : SreCategory::kWord;
  return inCategory(static_cast<uint32_t>(category), text[position]);
}

template <class Char>
bool Run<Char>::matchAt(SreAt at, int64_t position) const {
  switch (at) {
    case SreAt::kBeginning:
    case SreAt::kBeginningString: return position == 0;
    case SreAt::kBeginningLine: return position == 0 || text[position - 1] == '\n';
    case SreAt::kEnd: return position == length || (position == length - 1 && text[position] == '\n');
    case SreAt::kEndLine: return position == length || text[position] == '\n';
    case SreAt::kEndString: return position == length;
    case SreAt::kBoundary:
    case SreAt::kLocBoundary:
    case SreAt::kUniBoundary: return isWordAt(at, position - 1) != isWordAt(at, position);
    case SreAt::kNonBoundary:
    case SreAt::kLocNonBoundary:
    case SreAt::kUniNonBoundary: return isWordAt(at, position - 1) == isWordAt(at, position);
    case SreAt::kCount: break;
  }
  return false;
}

template <class Char>
bool Run<Char>::matchGroupRef(const Instruction& in, int64_t& position) const {
  int64_t begin = m.slots_[in.a * 2];
  int64_t end = m.slots_[in.a * 2 + 1];
  if (begin < 0 || end < begin || length - position < end - begin) return false;
  CaseMode mode = static_cast<CaseMode>(in.b);
  for (int64_t i = begin; i < end; ++i, ++position) {
    char32_t a = text[i];
    char32_t b = text[position];
    if (a != b && (mode == CaseMode::kExact || lowerOf(a, mode) != lowerOf(b, mode))) return false;
  }
  return true;
}

static int64_t limitOf(uint32_t max, int64_t position, int64_t length) {
  return max == kMaxRepeat || static_cast<int64_t>(max) > length - position ? length : position + max;
}

template <class Char>
bool Run<Char>::beginRepeatOne(uint32_t pc, int64_t& position) {
  const Instruction& in = code[pc];
  int64_t least = position + in.b;
  int64_t end = runOf(code[pc + 1], position, limitOf(in.c, position, length));
  if (end < least) return false;
  position = end;
  if (in.is_possessive) return true;
  if (in.next_char != kNone) {
    while (position >= least && (position == length || text[position] != in.next_char)) --position;
    if (position < least) return false;
  }
  if (position > least) pushChoice(pc, position, least);
  return true;
}

// One character less; the choice stays while there are more to give back.
template <class Char>
bool Run<Char>::retryRepeatOne(Choice& choice, int64_t& position) {
  const Instruction& in = code[choice.pc];
  int64_t least = choice.limit;
  position = choice.position - 1;
  if (in.next_char != kNone) {
    while (position >= least && text[position] != in.next_char) --position;
  }
  if (position > least) choice.position = position;
  else m.choices_.pop_back();
  return position >= least;
}

// The next position from which what follows may match, or -1. All characters before it match the item.
template <class Char>
int64_t Run<Char>::advanceLazy(const Instruction& in, int64_t position, int64_t limit) const {
  if (in.next_char == kNone) return position;
  const Instruction& item = (&in)[1];
  if (item.op == Op::kAnyAll) {
    position = findChar(in.next_char, position, std::min(limit + 1, length));
    return position <= limit && position < length ? position : -1;
  }
  bool is_any = item.op == Op::kAny;
  for (; position < length; ++position) {
    char32_t c = text[position];
    if (c == in.next_char) return position;
    if (position >= limit || (is_any ? c == '\n' : !matchItem(item, c))) return -1;
  }
  return -1;
}

template <class Char>
bool Run<Char>::beginLazyOne(uint32_t pc, int64_t& position) {
  const Instruction& in = code[pc];
  int64_t limit = limitOf(in.c, position, length);
  if (static_cast<int64_t>(in.b) > length - position) return false;
  int64_t least = position + in.b;
  if (runOf(code[pc + 1], position, least) != least) return false;
  position = advanceLazy(in, least, limit);
  if (position < 0) return false;
  if (position < limit) pushChoice(pc, position, limit);
  return true;
}

template <class Char>
bool Run<Char>::retryLazyOne(Choice& choice, int64_t& position) {
  uint32_t pc = choice.pc;
  int64_t limit = choice.limit;
  bool goes_on = choice.position < limit && matchItem(code[pc + 1], text[choice.position]);
  position = goes_on ? advanceLazy(code[pc], choice.position + 1, limit) : -1;
  if (position >= 0 && position < limit) choice.position = position;
  else m.choices_.pop_back();
  return position >= 0;
}

template <class Char>
bool Run<Char>::branch(uint32_t& pc, int64_t position) {
  uint32_t table = code[pc].a;
  if (table == kNone || position == length || (sizeof(Char) > 1 && text[position] > 255)) {
    ++pc;
    return true;
  }
  uint32_t target = program.branch_tables[table].target[static_cast<uint8_t>(text[position])];
  if (target == BranchTable::kFailTarget) return false;
  pc = target & ~BranchTable::kOnly;
  return true;
}

template <class Char>
bool Run<Char>::alternative(uint32_t& pc, int64_t position) {
  for (;;) {
    const Instruction& in = code[pc];
    if (in.a == kNone || (position < length && program.firsts[in.a].has(text[position]))) {
      if (in.b != 0) pushChoice(in.b, position);
      ++pc;
      return true;
    }
    if (in.b == 0) return false;
    pc = in.b;
  }
}

// ref: MAX_UNTIL in CPython's sre_lib.h: an iteration that began where the one before it did ends the loop.
template <class Char>
uint32_t Run<Char>::nextIteration(uint32_t pc, int64_t position) {
  const Loop& loop = program.loops[code[pc].a];
  uint32_t slot = program.slotOfRegister(code[pc].b);
  int64_t count = m.slots_[slot] + 1;
  if (count < static_cast<int64_t>(loop.min)) {
    set(slot, count);
    return loop.body;
  }
  bool is_full = loop.max != kMaxRepeat && count >= static_cast<int64_t>(loop.max);
  if (is_full || position == m.slots_[slot + 1]) return pc + 1;
  if (loop.first != kNone && (position == length || !program.firsts[loop.first].has(text[position]))) return pc + 1;
  if (!loop.is_deterministic) pushChoice(pc + 1, position);
  set(slot, count);
  set(slot + 1, position);
  return loop.body;
}

template <class Char>
uint32_t Run<Char>::nextLazyIteration(uint32_t pc, int64_t position) {
  const Loop& loop = program.loops[code[pc].a];
  uint32_t slot = program.slotOfRegister(code[pc].b);
  int64_t count = m.slots_[slot] + 1;
  set(slot, count);
  if (count < static_cast<int64_t>(loop.min)) return loop.body;
  pushChoice(pc + 1, position);
  return pc + 2;
}

template <class Char>
bool Run<Char>::retryLazyIteration(uint32_t& pc, int64_t position) {
  const Loop& loop = program.loops[code[pc].a];
  uint32_t slot = program.slotOfRegister(code[pc].b);
  bool is_full = loop.max != kMaxRepeat && m.slots_[slot] >= static_cast<int64_t>(loop.max);
  if (is_full || position == m.slots_[slot + 1]) return false;
  set(slot + 1, position);
  pc = loop.body;
  return true;
}

template <class Char>
uint32_t Run<Char>::nextPossessive(uint32_t pc, int64_t position) {
  const Instruction& in = code[pc];
  const Loop& loop = program.loops[in.a];
  cutTo(registerWord(in.c, 0));
  int64_t count = ++registerWord(in.b, 0);
  if (count < static_cast<int64_t>(loop.min)) return loop.body;
  bool is_full = loop.max != kMaxRepeat && count >= static_cast<int64_t>(loop.max);
  if (is_full || position == registerWord(in.b, 1)) return pc + 1;
  pushChoice(pc + 1, position);
  registerWord(in.b, 1) = position;
  return loop.body;
}

// Negated looks leave a choice that continues behind them.
template <class Char>
bool Run<Char>::beginLook(uint32_t& pc, int64_t& position) {
  const Instruction& in = code[pc];
  bool is_negated = in.op == Op::kLookNotBegin;
  if (position < static_cast<int64_t>(in.b)) {
    pc = in.c;
    return is_negated;
  }
  registerWord(in.a, 0) = static_cast<int64_t>(m.choices_.size());
  registerWord(in.a, 1) = position;
  if (is_negated) pushChoice(in.c, position);
  position -= in.b;
  ++pc;
  return true;
}

template <class Char>
void Run<Char>::failNegatedLook(const Instruction& in) {
  int64_t height = registerWord(in.a, 0);
  undoTo(m.choices_[static_cast<size_t>(height)].trail);
  cutTo(height);
}

template <class Char>
bool Run<Char>::accepts(int64_t position) const {
  return (!m.options_.must_reach_end || position == length) && position != m.options_.must_not_end_at;
}

// Takes the latest way back; false if there is none.
template <class Char>
bool Run<Char>::backtrack(uint32_t& pc, int64_t& position) {
  while (!m.choices_.empty()) {
    Choice& choice = m.choices_.back();
    undoTo(choice.trail);
    pc = choice.pc;
    if (choice.limit == kPlain) {
      position = choice.position;
      m.choices_.pop_back();
      return true;
    }
    bool is_greedy = code[pc].op == Op::kRepeatOne;
    pc += 2;
    if (is_greedy ? retryRepeatOne(choice, position) : retryLazyOne(choice, position)) return true;
  }
  return false;
}

template <class Char>
Outcome Run<Char>::attempt(int64_t start) {
  if (m.is_dirty_) std::fill(m.slots_.begin(), m.slots_.end(), -1);
  m.is_dirty_ = false;
  m.choices_.clear();
  m.trail_.clear();
  uint32_t pc = 0;
  int64_t at = start;
  for (;;) {
    const Instruction& in = code[pc];
    bool ok = true;
    switch (in.op) {
      case Op::kChar: ok = at < length && text[at] == in.a; ++at; ++pc; break;
      case Op::kNotChar: ok = at < length && text[at] != in.a; ++at; ++pc; break;
      case Op::kAny: ok = at < length && text[at] != '\n'; ++at; ++pc; break;
      case Op::kAnyAll: ok = at < length; ++at; ++pc; break;
      case Op::kSet: ok = at < length && program.sets[in.a].contains(text[at]); ++at; ++pc; break;
      case Op::kString: ok = matchString(in, at); at += in.b; ++pc; break;
      case Op::kFail: ok = false; break;
      case Op::kAt: ok = matchAt(static_cast<SreAt>(in.a), at); ++pc; break;
      case Op::kMark:
        m.is_dirty_ = true;
        set(in.a, at);
        if (in.a & 1) set(program.lastIndexSlot(), in.b);
        ++pc;
        break;
      case Op::kGroupRef: ok = matchGroupRef(in, at); ++pc; break;
      case Op::kIfGroup: pc = m.slots_[in.a * 2] >= 0 && m.slots_[in.a * 2 + 1] >= 0 ? pc + 1 : in.b; break;
      case Op::kJump: pc = in.a; break;
      case Op::kBranch: ok = branch(pc, at); break;
      case Op::kAlternative: ok = alternative(pc, at); break;
      case Op::kRepeatOne: ok = beginRepeatOne(pc, at); pc += 2; break;
      case Op::kLazyOne: ok = beginLazyOne(pc, at); pc += 2; break;
      case Op::kPossessiveOne: {
        int64_t end = runOf(code[pc + 1], at, limitOf(in.c, at, length));
        ok = end - at >= static_cast<int64_t>(in.b);
        at = end;
        pc += 2;
        break;
      }
      case Op::kLoopEnter:
        m.is_dirty_ = true;
        set(program.slotOfRegister(in.a), -1);
        set(program.slotOfRegister(in.a) + 1, -1);
        pc = in.b;
        break;
      case Op::kLoopMax: pc = nextIteration(pc, at); break;
      case Op::kLoopMin: pc = nextLazyIteration(pc, at); break;
      case Op::kLoopRetry: ok = retryLazyIteration(pc, at); break;
      case Op::kPossessiveEnter:
        registerWord(in.a, 0) = -1;
        registerWord(in.a, 1) = -1;
        registerWord(in.c, 0) = static_cast<int64_t>(m.choices_.size());
        pc = in.b;
        break;
      case Op::kPossessiveNext: pc = nextPossessive(pc, at); break;
      case Op::kGroupBegin: registerWord(in.a, 0) = static_cast<int64_t>(m.choices_.size()); ++pc; break;
      case Op::kGroupEnd: cutTo(registerWord(in.a, 0)); ++pc; break;
      case Op::kLookBegin:
      case Op::kLookNotBegin: ok = beginLook(pc, at); break;
      case Op::kLookEnd:
        cutTo(registerWord(in.a, 0));
        at = registerWord(in.a, 1);
        ++pc;
        break;
      case Op::kLookNotEnd: failNegatedLook(in); ok = false; break;
      case Op::kAccept:
        ok = accepts(at);
        if (ok) {
          m.start_ = start;
          m.end_ = at;
          m.is_dirty_ = true;
          return Outcome::kMatch;
        }
        break;
    }
    if (ok) continue;
    if (++m.ticks_ % kTicksBetweenPolls == 0) {
      if (m.options_.poll != nullptr && m.options_.poll(m.options_.poll_context)) return Outcome::kInterrupted;
      if (m.choices_.size() > kMaxChoices) return Outcome::kNoMemory;
    }
    if (!backtrack(pc, at)) return Outcome::kNoMatch;
  }
}

// Where the literal prefix stands next; -1 if nowhere up to `last`.
template <class Char>
int64_t Run<Char>::findPrefix(int64_t from, int64_t last) const {
  const std::vector<uint32_t>& prefix = program.search_prefix;
  while (from <= last) {
    from = findChar(prefix[0], from, last + 1);
    if (from > last) return -1;
    size_t same = 1;
    while (same < prefix.size() && text[from + static_cast<int64_t>(same)] == prefix[same]) ++same;
    if (same == prefix.size()) return from;
    ++from;
  }
  return -1;
}

// The next position in [from, last] where a match can begin; -1.
template <class Char>
int64_t Run<Char>::nextStart(int64_t from, int64_t last) const {
  if (from > last) return -1;
  if (program.is_anchored) return from == 0 ? 0 : -1;
  if (!program.search_prefix.empty()) {
    return findPrefix(from, std::min(last, length - static_cast<int64_t>(program.search_prefix.size())));
  }
  if (program.search_first != kNone) {
    const uint8_t* low = program.search_low.data();
    bool wide = program.firsts[program.search_first].wide;
    while (from < length && !(sizeof(Char) == 1 || text[from] < 256 ? low[static_cast<uint8_t>(text[from])] != 0 : wide)) ++from;
    return from < length && from <= last ? from : -1;
  }
  if (code[0].op == Op::kAt) {
    SreAt at = static_cast<SreAt>(code[0].a);
    if (at == SreAt::kBeginningLine && from > 0 && text[from - 1] != '\n') {
      from = findChar('\n', from, length) + 1;
      return from <= last ? from : -1;
    }
  }
  return from;
}

template <class Char>
Outcome Run<Char>::search(int64_t start) {
  int64_t last = length - static_cast<int64_t>(program.min_width);
  for (int64_t at = nextStart(start, last); at >= 0; at = nextStart(at + 1, last)) {
    Outcome outcome = attempt(at);
    if (outcome != Outcome::kNoMatch) return outcome;
    if (++m.ticks_ % kTicksBetweenPolls == 0 && m.options_.poll != nullptr && m.options_.poll(m.options_.poll_context)) {
      return Outcome::kInterrupted;
    }
  }
  return Outcome::kNoMatch;
}

Matcher::Matcher(const Program& program, Subject subject, MatchOptions options)
    : program_(program), subject_(subject), options_(options), slots_(program.slotCount(), -1) {}

Outcome Matcher::match(int64_t start) {
  switch (subject_.kind) {
    case 1: return Run<uint8_t>(*this).attempt(start);
    case 2: return Run<uint16_t>(*this).attempt(start);
    case 4: return Run<uint32_t>(*this).attempt(start);
    default: UNREACHABLE("the character size is 1, 2 or 4");
  }
}

Outcome Matcher::search(int64_t start) {
  switch (subject_.kind) {
    case 1: return Run<uint8_t>(*this).search(start);
    case 2: return Run<uint16_t>(*this).search(start);
    case 4: return Run<uint32_t>(*this).search(start);
    default: UNREACHABLE("the character size is 1, 2 or 4");
  }
}

}  // namespace krait::regex
