// What can come first: for every choice that the matcher makes, the characters that the ways on can begin with. They let
// the search skip, branches jump, and repeats go without ways back.
//
// The characters that can follow an instruction are those of all consuming instructions that it reaches without
// consuming. Example: in `(?:a|b)*c` the loop's body begins with a or b, what follows with c; the sets are disjoint, so an
// iteration that fails need not try `c` at its start: the loop is deterministic.
#include <algorithm>
#include <iterator>

#include "runtime/regex/opcodes.h"
#include "runtime/regex/program.h"

namespace krait::regex {

namespace {

constexpr size_t kMaxReached = 2000;  // instructions looked at for one question; beyond: anything may come
constexpr size_t kMaxAlternatives = 1000;
constexpr ptrdiff_t kMaxCompared = 32;  // the last sets kept, which another one may equal

struct Analysis {
  Program& program;
  std::vector<uint32_t> seen;  // the question at which an instruction was last reached
  uint32_t question = 0;
  std::vector<uint32_t> work;

  FirstSet firstOf(uint32_t pc);
  void reach(uint32_t pc, FirstSet& out);
  void reachLoopEnd(const Loop& loop, uint32_t after);
  void push(uint32_t pc) { work.push_back(pc); }
};

void addSet(const Program& program, const Instruction& in, FirstSet& out) {
  switch (in.op) {
    case Op::kChar:
      if (in.a < 256) out.add(in.a);
      else out.wide = true;
      return;
    case Op::kNotChar:
      out.addAllBut(in.a);
      out.wide = true;
      return;
    case Op::kAny:
      out.addAllBut('\n');
      out.wide = true;
      return;
    case Op::kSet: {
      const CharSet& set = program.sets[in.a];
      for (uint32_t c = 0; c < 256; ++c) {
        if (set.is_dynamic || set.low[c]) out.add(c);
      }
      out.wide |= set.wide != CharSet::Wide::kNone;
      return;
    }
    case Op::kAnyAll:
      out.addAllBut(256);
      out.wide = true;
      return;
    default: return;
  }
}

// An iteration has ended at this loop: another one, or on to `after`.
void Analysis::reachLoopEnd(const Loop& loop, uint32_t after) {
  push(loop.body);
  push(after);
}

void Analysis::reach(uint32_t pc, FirstSet& out) {
  const Instruction& in = program.code[pc];
  switch (in.op) {
    case Op::kFail: return;
    case Op::kAccept:
    case Op::kGroupRef:
    case Op::kGroupEnd:  // what is behind an atomic group must not make the group itself fail
    case Op::kPossessiveNext:
    case Op::kLookEnd:
    case Op::kLookNotEnd: out.may_be_empty = true; return;
    case Op::kChar:
    case Op::kNotChar:
    case Op::kSet:
    case Op::kAny:
    case Op::kAnyAll: addSet(program, in, out); return;
    case Op::kString: addSet(program, {.op = Op::kChar, .a = program.strings[in.a]}, out); return;
    case Op::kAt:
    case Op::kMark:
    case Op::kGroupBegin: push(pc + 1); return;
    case Op::kIfGroup: push(pc + 1); push(in.b); return;
    case Op::kJump: push(in.a); return;
    case Op::kBranch: push(pc + 1); return;
    case Op::kAlternative:
      push(pc + 1);
      if (in.b != 0) push(in.b);
      return;
    case Op::kRepeatOne:
    case Op::kLazyOne:
    case Op::kPossessiveOne:
      addSet(program, program.code[pc + 1], out);
      if (in.b == 0) push(pc + 2);
      return;
    case Op::kLoopEnter:
      push(pc + 1);
      if (program.loops[program.code[in.b].a].min == 0) push(in.b);
      return;
    case Op::kPossessiveEnter:
      push(pc + 1);
      if (program.loops[program.code[in.b].a].min == 0) push(in.b + 1);
      return;
    case Op::kLoopMax: reachLoopEnd(program.loops[in.a], pc + 1); return;
    case Op::kLoopMin: reachLoopEnd(program.loops[in.a], pc + 2); return;
    case Op::kLoopRetry: reachLoopEnd(program.loops[in.a], pc + 1); return;
    case Op::kLookBegin:
    case Op::kLookNotBegin: push(in.c); return;
  }
}

FirstSet Analysis::firstOf(uint32_t pc) {
  FirstSet out;
  ++question;
  work.assign(1, pc);
  size_t reached = 0;
  while (!work.empty()) {
    uint32_t next = work.back();
    work.pop_back();
    if (seen[next] == question) continue;
    seen[next] = question;
    if (++reached > kMaxReached) {
      out.may_be_empty = true;
      break;
    }
    reach(next, out);
  }
  return out;
}

bool areDisjoint(const FirstSet& a, const FirstSet& b) {
  if (a.may_be_empty || b.may_be_empty || (a.wide && b.wide)) return false;
  for (size_t i = 0; i < std::size(a.low); ++i) {
    if ((a.low[i] & b.low[i]) != 0) return false;
  }
  return true;
}

uint32_t keep(Program& program, const FirstSet& first) {
  if (first.may_be_empty) return kNone;
  auto looked_at = std::min<ptrdiff_t>(std::ssize(program.firsts), kMaxCompared);
  auto same = std::find(program.firsts.end() - looked_at, program.firsts.end(), first);
  if (same != program.firsts.end()) return static_cast<uint32_t>(same - program.firsts.begin());
  program.firsts.push_back(first);
  return static_cast<uint32_t>(program.firsts.size()) - 1;
}

void analyzeBranch(Analysis& analysis, uint32_t pc) {
  Program& program = analysis.program;
  std::vector<uint32_t> alternatives;
  for (uint32_t at = pc + 1; at != 0; at = program.code[at].b) alternatives.push_back(at);
  if (alternatives.size() > kMaxAlternatives || program.code.size() >= BranchTable::kFailTarget) return;
  BranchTable table;
  for (uint16_t& target : table.target) target = BranchTable::kFailTarget;
  for (uint32_t at : alternatives) {
    FirstSet first = analysis.firstOf(at + 1);
    program.code[at].a = keep(program, first);
    for (uint32_t c = 0; c < 256; ++c) {
      if (!first.may_be_empty && !first.has(c)) continue;
      uint16_t& target = table.target[c];
      if (target == BranchTable::kFailTarget) target = static_cast<uint16_t>((at + 1) | BranchTable::kOnly);
      else if (target & BranchTable::kOnly) target = static_cast<uint16_t>((target & ~BranchTable::kOnly) - 1);
    }
  }
  program.code[pc].a = static_cast<uint32_t>(program.branch_tables.size());
  program.branch_tables.push_back(table);
}

void analyzeOneRepeat(Analysis& analysis, uint32_t pc) {
  Program& program = analysis.program;
  FirstSet item;
  addSet(program, program.code[pc + 1], item);
  program.code[pc].is_possessive = areDisjoint(item, analysis.firstOf(pc + 2));
  uint32_t next = pc + 2;
  while (program.code[next].op == Op::kMark) ++next;
  const Instruction& follows = program.code[next];
  if (follows.op == Op::kChar) program.code[pc].next_char = follows.a;
  if (follows.op == Op::kString) program.code[pc].next_char = program.strings[follows.a];
}

void analyzeLoop(Analysis& analysis, uint32_t pc) {
  Program& program = analysis.program;
  Loop& loop = program.loops[program.code[pc].a];
  FirstSet body = analysis.firstOf(loop.body);
  loop.is_deterministic = areDisjoint(body, analysis.firstOf(pc + 1));
  loop.first = keep(program, body);
}

void analyzeSearch(Analysis& analysis) {
  Program& program = analysis.program;
  program.search_first = keep(program, analysis.firstOf(0));
  bool has_mark = false;
  uint32_t pc = 0, begin = 0;
  while (program.code[begin].op == Op::kMark) ++begin;
  SreAt at = static_cast<SreAt>(program.code[begin].a);
  program.is_anchored = program.code[begin].op == Op::kAt && (at == SreAt::kBeginning || at == SreAt::kBeginningString);
  for (;; ++pc) {
    const Instruction& in = program.code[pc];
    if (in.op == Op::kChar) {
      program.search_prefix.push_back(in.a);
    } else if (in.op == Op::kString) {
      auto begin = program.strings.begin() + in.a;
      program.search_prefix.insert(program.search_prefix.end(), begin, begin + in.b);
    } else if (in.op == Op::kMark) {
      has_mark = true;
    } else {
      program.is_literal = in.op == Op::kAccept && !has_mark && !program.search_prefix.empty();
      return;
    }
  }
}

}  // namespace

void FirstSet::addAllBut(uint32_t c) {
  for (uint32_t i = 0; i < std::size(low); ++i) low[i] |= c / 64 == i ? ~(uint64_t{1} << (c % 64)) : ~uint64_t{0};
}

void analyzeFirsts(Program& program) {
  Analysis analysis{program, std::vector<uint32_t>(program.code.size(), 0)};
  for (uint32_t pc = 0; pc < program.code.size(); ++pc) {
    switch (program.code[pc].op) {
      case Op::kBranch: analyzeBranch(analysis, pc); break;
      case Op::kRepeatOne:
      case Op::kLazyOne: analyzeOneRepeat(analysis, pc); break;
      case Op::kLoopMax: analyzeLoop(analysis, pc); break;
      default: break;
    }
  }
  analyzeSearch(analysis);
  if (program.search_first == kNone || !program.search_prefix.empty()) return;
  program.search_low.resize(256);
  for (uint32_t c = 0; c < 256; ++c) program.search_low[c] = program.firsts[program.search_first].has(c);
}

}  // namespace krait::regex
