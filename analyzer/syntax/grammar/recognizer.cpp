#include "analyzer/syntax/grammar/recognizer.h"

#include <algorithm>

#include "analyzer/base/check.h"

namespace krait::syntax {

namespace {

constexpr NodeIndex kListSentinel = 0xffffffffu;
constexpr uint32_t kLongNumber = 4300;

RunResult failWith(Recognizer& r, SyntaxError error) {
  r.error = std::move(error);
  return RunResult::kError;
}

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

// Gives up the current rule, whatever alternatives it has left.
bool failRule(Recognizer& r, uint32_t& pc) {
  while (!r.stack.empty() && !r.stack.back().is_call) r.stack.pop_back();
  return backtrack(r, pc);
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

}  // namespace

// The dispatch loop: one case an opcode, each short. `failed` sends the machine back to its newest choice.
RunResult run(Recognizer& r, bool with_invalid_rules) {
  reset(r, with_invalid_rules);
  const Instruction* code = r.grammar.code.data();
  uint32_t pc = 0;
  beginCall(r, r.grammar.file_rule, 0, pc);
  for (;;) {
    const Instruction& i = code[pc++];
    bool failed = false;
    switch (i.opcode) {
      case Opcode::kFail: failed = true; break;
      case Opcode::kToken:
      case Opcode::kCaptureToken: {
        if (r.mark >= r.fill && !fetch(r)) return RunResult::kError;
        const Token& token = r.token(r.mark);
        if (static_cast<uint8_t>(token.kind) != i.operand) {
          failed = true;
          break;
        }
        if (token.kind == TokenKind::kNumber && token.end - token.begin > kLongNumber) {
          if (auto error = checkNumber(r, r.mark)) return failWith(r, std::move(*error));
        }
        if (i.opcode == Opcode::kCaptureToken) r.values.push_back(addTokenNode(r));
        ++r.mark;
        break;
      }
      case Opcode::kSoft:
      case Opcode::kCaptureSoft:
        if (r.mark >= r.fill && !fetch(r)) return RunResult::kError;
        failed = !isSoft(r, static_cast<SoftKeyword>(i.operand));
        if (failed) break;
        if (i.opcode == Opcode::kCaptureSoft) r.values.push_back(addTokenNode(r));
        ++r.mark;
        break;
      case Opcode::kAnySoft:
        if (r.mark >= r.fill && !fetch(r)) return RunResult::kError;
        failed = !isAnySoft(r);
        r.mark += !failed;
        break;
      case Opcode::kTokenSet:
      case Opcode::kCaptureTokenSet:
        if (r.mark >= r.fill && !fetch(r)) return RunResult::kError;
        failed = !contains(r.grammar.sets[i.operand], r.token(r.mark).kind);
        if (failed) break;
        if (i.opcode == Opcode::kCaptureTokenSet) r.values.push_back(addTokenNode(r));
        ++r.mark;
        break;
      case Opcode::kCall:
      case Opcode::kCallDrop: {
        const MemoEntry* memo = isRemembered(r, i.operand) ? findMemo(r, i.operand) : nullptr;
        if (memo == nullptr) {
          if (r.call_depth >= kMaxRuleDepth) return failWith(r, tooDeep(r));
          // A dropped value is popped by the instruction that the call returns to.
          beginCall(r, i.operand, pc - 1, pc);
          break;
        }
        failed = !memo->matched;
        if (failed) break;
        r.mark = memo->end;
        if (i.opcode == Opcode::kCall) r.values.push_back(memo->value);
        break;
      }
      case Opcode::kReturn: {
        if (r.stack.size() == 1) return RunResult::kAccepted;
        endCall(r, pc);
        if (code[pc++].opcode == Opcode::kCallDrop) r.values.pop_back();
        break;
      }
      case Opcode::kChoice:
        r.stack.push_back({i.target, r.mark, static_cast<uint32_t>(r.values.size()), 0, 0, false, false});
        break;
      case Opcode::kCommit:
        r.stack.pop_back();
        pc = i.target;
        break;
      case Opcode::kBackCommit:
        r.mark = r.stack.back().mark;
        r.values.resize(r.stack.back().value_count);
        r.stack.pop_back();
        pc = i.target;
        break;
      case Opcode::kFailTwice:
        r.stack.pop_back();
        failed = true;
        break;
      case Opcode::kCut: r.stack.back().address = 0; break;
      case Opcode::kTestSet:
        if (r.mark >= r.fill && !fetch(r)) return RunResult::kError;
        if (!contains(r.grammar.sets[i.operand], r.token(r.mark).kind)) pc = i.target;
        break;
      case Opcode::kTestNotSet:
        if (r.mark >= r.fill && !fetch(r)) return RunResult::kError;
        if (contains(r.grammar.sets[i.operand], r.token(r.mark).kind)) pc = i.target;
        break;
      case Opcode::kSwitch:
        if (r.mark >= r.fill && !fetch(r)) return RunResult::kError;
        pc = r.grammar.tables[i.operand].targets[r.allows_invalid][static_cast<uint8_t>(r.token(r.mark).kind)];
        break;
      case Opcode::kGate:
        if (!r.allows_invalid || r.is_quiet) pc = i.target;
        break;
      case Opcode::kGateFirst:
        if (r.allows_invalid) pc = i.target;
        break;
      case Opcode::kPushNone: r.values.push_back(0); break;
      case Opcode::kListBegin: r.values.push_back(kListSentinel); break;
      case Opcode::kListEnd: endList(r); break;
      case Opcode::kForce:
        if (r.mark >= r.fill && !fetch(r)) return RunResult::kError;
        if (static_cast<uint8_t>(r.token(r.mark).kind) != i.operand) {
          return failWith(r, forcedError(r, static_cast<TokenKind>(i.operand)));
        }
        ++r.mark;
        break;
      case Opcode::kAct: {
        ActionResult result = perform(r, r.grammar.actions[i.operand], r.stack[r.call].mark);
        if (result == ActionResult::kError) return RunResult::kError;
        if (result == ActionResult::kFailRule && !failRule(r, pc)) return RunResult::kRejected;
        break;
      }
      case Opcode::kDrop: r.values.pop_back(); break;
    }
    if (failed && !backtrack(r, pc)) return RunResult::kRejected;
  }
}

}  // namespace krait::syntax
