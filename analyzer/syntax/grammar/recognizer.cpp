#include "analyzer/syntax/grammar/recognizer.h"

#include <algorithm>

#include "analyzer/base/check.h"

namespace krait::syntax {

namespace {

constexpr NodeIndex kListSentinel = 0xffffffffu;
constexpr uint32_t kLongNumber = 4300;

// Looks at the current token for the first time. False: it is the tokenizer's error.
bool fetch(Recognizer& r) {
  r.fill = r.mark + 1;
  if (r.token(r.mark).kind != TokenKind::kError) return true;
  r.error = r.list.error->error;
  r.error_is_from_tokenizer = true;
  return false;
}

NodeIndex addTokenNode(Recognizer& r) {
  r.nodes.push_back({SyntaxNodeKind::kToken, r.mark, r.mark, 0, 0});
  return static_cast<NodeIndex>(r.nodes.size() - 1);
}

bool isSoft(const Recognizer& r, SoftKeyword soft) {
  static constexpr std::string_view kWords[] = {"match", "case", "type", "_"};
  const Token& token = r.token(r.mark);
  return token.kind == TokenKind::kName &&
         r.text.substr(token.begin, token.end - token.begin) == kWords[static_cast<uint8_t>(soft)];
}

bool isAnySoft(const Recognizer& r) {
  return isSoft(r, SoftKeyword::kMatch) || isSoft(r, SoftKeyword::kCase) || isSoft(r, SoftKeyword::kType) ||
         isSoft(r, SoftKeyword::kUnderscore);
}

bool isRemembered(const Recognizer& r, uint16_t rule) {
  Memo memo = r.grammar.rules[rule].memo;
  return memo != Memo::kNone && (memo != Memo::kSecondRun || r.allows_invalid);
}

const MemoEntry* findMemo(const Recognizer& r, uint16_t rule) {
  Memo kind = r.grammar.rules[rule].memo;
  for (uint32_t i = r.memo_heads[r.mark]; i != 0; i = r.memos[i].next) {
    const MemoEntry& memo = r.memos[i];
    if (memo.rule == rule && (kind == Memo::kShared || !memo.is_quiet || r.is_quiet)) return &memo;
  }
  return nullptr;
}

void addMemo(Recognizer& r, const StackEntry& entry, bool matched, NodeIndex value) {
  r.memos.push_back({r.memo_heads[entry.mark], r.mark, value, entry.rule, matched, r.is_quiet});
  r.memo_heads[entry.mark] = static_cast<uint32_t>(r.memos.size() - 1);
  r.memo_end = std::max(r.memo_end, entry.mark + 1);
}

void popCall(Recognizer& r, const StackEntry& entry) {
  r.call = entry.call;
  r.is_quiet = entry.is_quiet;
  --r.call_depth;
}

// Gives up the current try: goes on at the newest choice. False: there is none.
bool backtrack(Recognizer& r, uint32_t& pc) {
  while (!r.stack.empty()) {
    StackEntry entry = r.stack.back();
    r.stack.pop_back();
    if (!entry.is_call) {
      pc = entry.address;
      r.mark = entry.mark;
      r.values.resize(entry.value_count);
      return true;
    }
    if (isRemembered(r, entry.rule)) addMemo(r, entry, false, 0);
    popCall(r, entry);
  }
  return false;
}

void beginCall(Recognizer& r, uint16_t rule, uint32_t return_address, uint32_t& pc) {
  const CompiledRule& compiled = r.grammar.rules[rule];
  r.stack.push_back({return_address, r.mark, static_cast<uint32_t>(r.values.size()), r.call, rule, true, r.is_quiet});
  r.call = static_cast<uint32_t>(r.stack.size() - 1);
  if (compiled.is_quiet) r.is_quiet = true;
  ++r.call_depth;
  pc = compiled.start;
}

// Nothing before the end of a top-level statement is looked at again.
void forgetStatement(Recognizer& r) {
  for (uint32_t i = r.mark; i < r.memo_end; ++i) r.memo_heads[i] = 0;
  r.memo_end = 0;
  r.memos.resize(1);
  r.nodes.resize(1);
  r.children.clear();
  for (NodeIndex& value : r.values) value = value == kListSentinel ? value : 0;
}

constexpr uint32_t kTopLevelDepth = 3;  // file, statements, statement

void endCall(Recognizer& r, uint32_t& pc) {
  StackEntry entry = r.stack.back();
  r.stack.pop_back();
  NodeIndex value = r.values.back();
  if (isRemembered(r, entry.rule)) addMemo(r, entry, true, value);
  bool is_top_level = r.call_depth == kTopLevelDepth && entry.rule == r.grammar.statement_rule;
  popCall(r, entry);
  pc = entry.address;
  if (is_top_level) forgetStatement(r);
}

void endList(Recognizer& r) {
  size_t begin = r.values.size();
  while (r.values[begin - 1] != kListSentinel) --begin;
  uint32_t count = static_cast<uint32_t>(r.values.size() - begin);
  NodeIndex list = 0;
  if (count > 0) {
    SyntaxNode node{SyntaxNodeKind::kItems, 0, 0, static_cast<uint32_t>(r.children.size()), count};
    node.first_token = r.nodes[r.values[begin]].first_token;
    node.last_token = r.nodes[r.values.back()].last_token;
    r.children.insert(r.children.end(), r.values.begin() + static_cast<ptrdiff_t>(begin), r.values.end());
    r.nodes.push_back(node);
    list = static_cast<NodeIndex>(r.nodes.size() - 1);
  }
  r.values.resize(begin);
  r.values.back() = list;
}

SyntaxError forcedError(Recognizer& r, TokenKind expected) {
  return errorAtTokens(r, r.mark, r.mark, "expected '" + std::string(tokenKindText(expected)) + "'");
}

SyntaxError tooDeep(const Recognizer& r) {
  SyntaxError error;
  error.error_class = SyntaxErrorClass::kMemoryError;
  error.message = "Parser stack overflowed - Python source too complex to parse";
  error.range = r.token(r.mark).range();
  return error;
}

void reset(Recognizer& r, bool with_invalid_rules) {
  r.mark = 0;
  r.allows_invalid = with_invalid_rules;
  r.is_quiet = !with_invalid_rules;
  r.call = r.call_depth = 0;
  r.stack.clear();
  r.values.clear();
  r.nodes.assign(1, {});
  r.children.clear();
  r.memo_heads.assign(r.list.tokens.size() + 1, 0);
  r.memos.assign(1, {});
  r.memo_end = 0;
}

// How the machine goes on after an instruction.
enum class Step : uint8_t { kNext, kFail, kStop };

Step stop(Recognizer& r, SyntaxError error) {
  r.error = std::move(error);
  return Step::kStop;
}

// The current token is known, or the run stops with the tokenizer's error.
bool hasToken(Recognizer& r) { return r.mark < r.fill || fetch(r); }

Step takeToken(Recognizer& r, bool matches, bool captures) {
  if (!matches) return Step::kFail;
  if (captures) r.values.push_back(addTokenNode(r));
  ++r.mark;
  return Step::kNext;
}

Step matchToken(Recognizer& r, const Instruction& i) {
  if (!hasToken(r)) return Step::kStop;
  const Token& token = r.token(r.mark);
  bool is_long_number = token.kind == TokenKind::kNumber && token.end - token.begin > kLongNumber;
  if (is_long_number && static_cast<uint8_t>(token.kind) == i.operand) {
    if (auto error = checkNumber(r, r.mark)) return stop(r, std::move(*error));
  }
  return takeToken(r, static_cast<uint8_t>(token.kind) == i.operand, i.opcode == Opcode::kCaptureToken);
}

Step matchSoft(Recognizer& r, const Instruction& i) {
  if (!hasToken(r)) return Step::kStop;
  if (i.opcode == Opcode::kAnySoft) return takeToken(r, isAnySoft(r), false);
  return takeToken(r, isSoft(r, static_cast<SoftKeyword>(i.operand)), i.opcode == Opcode::kCaptureSoft);
}

Step matchSet(Recognizer& r, const Instruction& i) {
  if (!hasToken(r)) return Step::kStop;
  bool matches = contains(r.grammar.sets[i.operand], r.token(r.mark).kind);
  return takeToken(r, matches, i.opcode == Opcode::kCaptureTokenSet);
}

Step matchForced(Recognizer& r, const Instruction& i) {
  if (!hasToken(r)) return Step::kStop;
  bool matches = static_cast<uint8_t>(r.token(r.mark).kind) == i.operand;
  return matches ? takeToken(r, true, false) : stop(r, forcedError(r, static_cast<TokenKind>(i.operand)));
}

// Jumps that look at the token: guards and switches.
Step jumpByToken(Recognizer& r, const Instruction& i, uint32_t& pc) {
  if (!hasToken(r)) return Step::kStop;
  TokenKind kind = r.token(r.mark).kind;
  if (i.opcode == Opcode::kSwitch) {
    pc = r.grammar.tables[i.operand].targets[r.allows_invalid][static_cast<uint8_t>(kind)];
  } else if (contains(r.grammar.sets[i.operand], kind) == (i.opcode == Opcode::kTestNotSet)) {
    pc = i.target;
  }
  return Step::kNext;
}

// `pc` stands behind the call. A call's value that is not wanted is dropped when it returns: see returnFromRule.
Step callRule(Recognizer& r, const Instruction& i, uint32_t& pc) {
  const MemoEntry* memo = isRemembered(r, i.operand) ? findMemo(r, i.operand) : nullptr;
  if (memo == nullptr) {
    if (r.call_depth >= kMaxRuleDepth) return stop(r, tooDeep(r));
    beginCall(r, i.operand, pc - 1, pc);
    return Step::kNext;
  }
  if (!memo->matched) return Step::kFail;
  r.mark = memo->end;
  if (i.opcode == Opcode::kCall) r.values.push_back(memo->value);
  return Step::kNext;
}

void returnFromRule(Recognizer& r, uint32_t& pc) {
  endCall(r, pc);
  if (r.grammar.code[pc++].opcode == Opcode::kCallDrop) r.values.pop_back();
}

Step act(Recognizer& r, const Instruction& i) {
  switch (perform(r, r.grammar.actions[i.operand], r.stack[r.call].mark)) {
    case ActionResult::kDone: return Step::kNext;
    case ActionResult::kError: return Step::kStop;
    // The rule's entry is left on top for the failure to take it off.
    case ActionResult::kFailRule:
      while (!r.stack.back().is_call) r.stack.pop_back();
      return Step::kFail;
  }
  UNREACHABLE("an action has a result");
}

void choose(Recognizer& r, uint32_t address) {
  r.stack.push_back({address, r.mark, static_cast<uint32_t>(r.values.size()), 0, 0, false, false});
}

void backCommit(Recognizer& r) {
  r.mark = r.stack.back().mark;
  r.values.resize(r.stack.back().value_count);
  r.stack.pop_back();
}

}  // namespace

// The dispatch loop. An instruction that fails sends the machine back to its newest choice.
RunResult run(Recognizer& r, bool with_invalid_rules) {
  reset(r, with_invalid_rules);
  const Instruction* code = r.grammar.code.data();
  uint32_t pc = 0;
  beginCall(r, r.grammar.file_rule, 0, pc);
  for (;;) {
    const Instruction& i = code[pc++];
    Step step = Step::kNext;
    switch (i.opcode) {
      case Opcode::kFail: step = Step::kFail; break;
      case Opcode::kToken:
      case Opcode::kCaptureToken: step = matchToken(r, i); break;
      case Opcode::kSoft:
      case Opcode::kCaptureSoft:
      case Opcode::kAnySoft: step = matchSoft(r, i); break;
      case Opcode::kTokenSet:
      case Opcode::kCaptureTokenSet: step = matchSet(r, i); break;
      case Opcode::kForce: step = matchForced(r, i); break;
      case Opcode::kTestSet:
      case Opcode::kTestNotSet:
      case Opcode::kSwitch: step = jumpByToken(r, i, pc); break;
      case Opcode::kCall:
      case Opcode::kCallDrop: step = callRule(r, i, pc); break;
      case Opcode::kReturn:
        if (r.stack.size() == 1) return RunResult::kAccepted;
        returnFromRule(r, pc);
        break;
      case Opcode::kChoice: choose(r, i.target); break;
      case Opcode::kCommit:
        r.stack.pop_back();
        pc = i.target;
        break;
      case Opcode::kBackCommit:
        backCommit(r);
        pc = i.target;
        break;
      case Opcode::kFailTwice:
        r.stack.pop_back();
        step = Step::kFail;
        break;
      case Opcode::kCut: r.stack.back().address = 0; break;
      case Opcode::kGate:
        if (r.is_quiet) pc = i.target;
        break;
      case Opcode::kGateFirst:
        if (r.allows_invalid) pc = i.target;
        break;
      case Opcode::kPushNone: r.values.push_back(0); break;
      case Opcode::kListBegin: r.values.push_back(kListSentinel); break;
      case Opcode::kListEnd: endList(r); break;
      case Opcode::kAct: step = act(r, i); break;
      case Opcode::kDrop: r.values.pop_back(); break;
    }
    if (step == Step::kStop) return RunResult::kError;
    if (step == Step::kFail && !backtrack(r, pc)) return RunResult::kRejected;
  }
}

}  // namespace krait::syntax
