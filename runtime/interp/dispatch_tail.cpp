// The interpreter as tail calls: every opcode is a function that jumps to the next one through a table. The state of
// the loop (pc, registers, thread, frame, constants) stays in machine registers because nothing is callee-saved.
#include <bit>
#include <cstring>

#include "runtime/interp/contracts.h"
#include "runtime/interp/ops/words.h"
#include "runtime/interp/slow.h"
#include "runtime/interp/trace.h"
#include "runtime/object/exception.h"
#include "runtime/object/gc.h"
#include "runtime/object/instance.h"
#include "runtime/object/iterators.h"
#include "runtime/object/native.h"
#include "runtime/object/str.h"

#if defined(__clang__) && __has_attribute(preserve_none)

namespace krait::interp {

#define PARAMS const Instruction *pc, Value *R, Thread *T, Frame *F, const Value *K, const OpTable *table
#define ARGS pc, R, T, F, K, table
#define CONVENTION __attribute__((preserve_none))
#define TAIL(call) [[clang::musttail]] return call
#define NOINLINE __attribute__((noinline))

struct OpTable;
using OpFunction = CONVENTION Value (*)(PARAMS);
struct OpTable {
  OpFunction ops[256];
};

// All places of the table have one function: `traced`.
static bool isTraced(const OpTable* table) { return table->ops[0] == table->ops[1]; }

// Declarations: the hot block of each opcode and its way out.
#define OP(Name, a, b, c)                  \
  static CONVENTION Value op##Name(PARAMS); \
  [[maybe_unused]] static CONVENTION NOINLINE Value cold##Name(PARAMS);
#include "runtime/bytecode/opcodes.def"
static CONVENTION NOINLINE Value unwind(PARAMS);

static CONVENTION NOINLINE Value releaseNext(PARAMS) {
  Object* dying = T->dying;
  F->pc = pc;
  destroyObject(dying);
  ++pc;
  TAIL(table->ops[static_cast<int>(pc->op)](ARGS));
}

#define DISPATCH() TAIL(table->ops[static_cast<int>(pc->op)](ARGS))
#define NEXT()  \
  {             \
    ++pc;       \
    DISPATCH(); \
  }
#define JUMP(distance)    \
  {                       \
    pc += 1 + (distance); \
    DISPATCH();           \
  }
#define RELEASE_NEXT(value)                                        \
  {                                                                \
    Value dead_ = (value);                                         \
    if (dead_.isHeap() && --dead_.object()->refs == 0) {           \
      T->dying = dead_.object();                                   \
      TAIL(releaseNext(ARGS));                                     \
    }                                                              \
    NEXT();                                                        \
  }
#define SET_NEXT(r, v)           \
  {                              \
    Value set_ = (v);            \
    Value before_ = R[r];        \
    R[r] = set_;                 \
    if (LIKELY(!before_.isHeap())) NEXT(); \
    RELEASE_NEXT(before_);       \
  }
#define UNWIND() TAIL(unwind(ARGS))
#define COLD_TO(Name) TAIL(cold##Name(ARGS))
#define SLOW(Name) TAIL(cold##Name(ARGS))
#define SLOW_JUMP(Name) TAIL(cold##Name(ARGS))
#define SAFE_POINT() TAIL(safePoint(ARGS))
#define INST(Name) static CONVENTION Value op##Name(PARAMS)
#define COLD_JUMP(Name, test, distance)                   \
  static CONVENTION NOINLINE Value cold##Name(PARAMS) {   \
    F->pc = pc;                                           \
    int truth_ = test;                                    \
    if (truth_ < 0) UNWIND();                             \
    if ((truth_ != 0) == WANTED()) JUMP(distance);        \
    NEXT();                                               \
  }
// Loads the loop's state for t.frame, which goes on after its saved instruction / at it.
#define LOAD_FRAME()          \
  F = T->frame;               \
  R = F->registers();         \
  K = F->code->constants;     \
  pc = F->pc
#define ENTER()  \
  {              \
    LOAD_FRAME(); \
    DISPATCH();  \
  }
#define RESUME() \
  {              \
    LOAD_FRAME(); \
    NEXT();      \
  }
#define PUSH_FRAME(frame_, function_, code_, filled_)                      \
  {                                                                        \
    Frame* callee_ = (frame_);                                             \
    uint32_t filled_count_ = (filled_);                                    \
    ++T->depth;                                                            \
    callee_->code = (code_);                                               \
    callee_->back = F;                                                     \
    callee_->globals = (function_)->globals;                               \
    callee_->locals = Value();                                             \
    callee_->extra = Value();                                              \
    callee_->object = nullptr;                                             \
    callee_->generator = nullptr;                                          \
    callee_->flags = 0;                                                    \
    pc = (code_)->instructions;                                            \
    R = callee_->registers();                                              \
    for (uint32_t i_ = filled_count_, n_ = (code_)->local_count; i_ < n_; ++i_) R[i_] = Value();    \
    K = (code_)->constants;                                                \
    F = callee_;                                                           \
    T->frame = callee_;                                                    \
    DISPATCH();                                                            \
  }
// Of a frame that is left: its temporaries are dead already.
#define RELEASE_LOCALS()                                                                          \
  for (uint32_t i_ = 0, n_ = F->code->local_count + F->code->free_count; i_ < n_; ++i_) {         \
    Value old_ = R[i_];                                                                           \
    R[i_] = Value();                                                                              \
    if (old_.isHeap()) decref(old_);                                                              \
  }
// Leaves a plain frame whose registers are empty already; `result_` is owned.
#define POP_FRAME(result_)                                                      \
  {                                                                             \
    Value function_ = F->function;                                              \
    Frame* back_ = F->back;                                                     \
    Value* words_ = reinterpret_cast<Value*>(F);                                \
    for (uint32_t i_ = 0; i_ < kFrameWords; ++i_) words_[i_] = Value();         \
    --T->depth;                                                                 \
    T->frame = back_;                                                           \
    F = back_;                                                                  \
    R = F->registers();                                                         \
    K = F->code->constants;                                                     \
    pc = F->pc;                                                                 \
    decref(function_);                                                          \
    SET_NEXT(pc->a, (result_));                                                 \
  }

static CONVENTION NOINLINE Value safePoint(PARAMS) {
  F->pc = pc;
  if (!handleBreaker_py(*T)) UNWIND();
  JUMP(pc->bc());
}

#include "runtime/interp/ops/operators.inc"
#include "runtime/interp/ops/data.inc"
#include "runtime/interp/ops/calls.inc"

static Value nextValue(Thread& t, Value iterator) {
  auto next = typeOfHeap(iterator)->slots.next;
  if (LIKELY(next != nullptr)) {
    Value v = next(t, iterator).release();
    if (LIKELY(v.defined() || t.pending.isUndefined())) return v;
    if (pendingMatches(t, errors(t).stop_iteration)) clearException(t);
    return v;
  }
  return next_py(t, iterator).release();
}
static Value generatorValue(Thread& t, Frame* f) { return makeGenerator(t, f).release(); }

// --- cold blocks that do more than call their slow path
#define COLD(Name) static CONVENTION NOINLINE Value cold##Name(PARAMS)

#define COLD_CALL(Name, expression)                          \
  COLD(Name) {                                               \
    F->pc = pc;                                              \
    CallOutcome outcome = expression;                        \
    if (outcome == CallOutcome::kEntered) ENTER();           \
    if (outcome == CallOutcome::kRaised) UNWIND();           \
    NEXT();                                                  \
  }
// The C++ function that a call of `callee` with `count` arguments from `arguments` on is a call of, with these and defaults; or null.
static inline const NativeFunction* nativeInPlace(const Thread& t, Value callee, const Value* arguments, uint32_t count) {
  TypeId id = callee.object()->type->id;
  if (id != TypeId::kNativeFunction && id != TypeId::kNativeDescriptor && id != TypeId::kClassMethodDescriptor) return nullptr;
  const NativeFunction* fn = callee.as<NativeFunction>();
  const object::NativeSignature* s = fn->signature;
  if (s == nullptr || !s->only_positional || count > s->total || count < s->required || fn->def->fn == nullptr) return nullptr;
  bool fits;
  if (id == TypeId::kClassMethodDescriptor) fits = count > 0 && isType(arguments[0]) && isSubtype(arguments[0].as<Type>(), fn->owner);
  else if (fn->owner != nullptr) fits = count > 0 && typeOf(t, arguments[0]) == fn->owner;
  else fits = s->kind == object::NativeKind::kFunction || s->kind == object::NativeKind::kStaticMethod;
  return fits ? fn : nullptr;
}
static NOINLINE Value callWithDefaults(Thread& t, const NativeFunction* fn, const Value* arguments, uint32_t count) {
  const object::NativeSignature* s = fn->signature;
  object::NativeArguments bound;
  for (uint32_t i = 0; i < count; ++i) bound.values[i] = arguments[i];
  for (uint32_t i = count; i < s->total; ++i) bound.values[i] = s->parameters[i].default_value;
  return fn->def->fn(t, bound.values).release();
}
static NOINLINE Value attendTo(Thread& t, Value result) {
  if (!result.defined() || handleBreaker_py(t)) return result;
  decref(result);
  return Value();
}
// Calls it and empties the window; Undefined when it raised.
static inline __attribute__((always_inline)) Value callInPlace(Thread& t, Value* window, uint32_t count, const NativeFunction* fn) {
  Value* arguments = window + kFrameWords;
  Value result = LIKELY(fn->signature->total == count) ? fn->def->fn(t, arguments).release() : callWithDefaults(t, fn, arguments, count);
  for (uint32_t i = 0; i < count; ++i) {
    Value old = arguments[i];
    arguments[i] = Value();
    decref(old);
  }
  Value callee = window[0];
  window[0] = Value();
  decref(callee.object());
  // Signals and other threads are attended to after native calls as after each round of a loop.
  return UNLIKELY(__atomic_load_n(&t.eval_breaker, __ATOMIC_RELAXED) != 0) ? attendTo(t, result) : result;
}
// The window of a call of a Python function by position whose other parameters have defaults, filled; in a generator it is moved to
// the thread's stack. Null: the long way.
static inline Value* filledWindow(Thread& t, Frame* f, Value* window, uint32_t count) {
  const Function* function = window[0].as<Function>();
  const Code* code = function->code;
  if ((code->flags & (kCodeVarargs | kCodeVarkeywords)) != 0 || code->keyword_only != 0 || code->caches == nullptr || count > code->arg_count) return nullptr;
  Value* to = f->flags & kFrameGenerator ? f->stack_top : window;
  if (t.depth >= t.recursion_limit || to + 2 * kFrameWords + code->register_count + 64 > t.stack_end) return nullptr;
  uint32_t missing = code->arg_count - count;
  if (missing > 0 && (!function->defaults.defined() || function->defaults.as<Tuple>()->size < missing)) return nullptr;
  if (to != window) {
    to[0] = window[0];
    window[0] = Value();
    for (uint32_t i = 0; i < count; ++i) {
      to[kFrameWords + i] = window[kFrameWords + i];
      window[kFrameWords + i] = Value();
    }
  }
  if (missing > 0) {
    const Tuple* defaults = function->defaults.as<Tuple>();
    for (uint32_t i = 0; i < missing; ++i) to[kFrameWords + count + i] = share(const_cast<Tuple*>(defaults)->items()[defaults->size - missing + i]);
  }
  return to;
}
#define COLD_POSITIONAL(Name, condition, count, expression)                                       \
  COLD(Name) {                                                                                    \
    F->pc = pc;                                                                                   \
    Value* window = R + pc->b;                                                                    \
    if (LIKELY((condition) && window[0].isHeap())) {                                              \
      if (window[0].object()->type->id == TypeId::kFunction) {                                    \
        Value* filled = filledWindow(*T, F, window, (count));                                     \
        if (LIKELY(filled != nullptr)) {                                                          \
          Function* function = filled[0].as<Function>();                                          \
          PUSH_FRAME(reinterpret_cast<Frame*>(filled), function, function->code, function->code->arg_count); \
        }                                                                                         \
      } else if (const NativeFunction* fn = nativeInPlace(*T, window[0], window + kFrameWords, (count))) { \
        Value result = callInPlace(*T, window, (count), fn);                                      \
        if (UNLIKELY(!result.defined())) UNWIND();                                                \
        SET_NEXT(pc->a, result);                                                                  \
      }                                                                                           \
    }                                                                                             \
    CallOutcome outcome = expression;                                                             \
    if (outcome == CallOutcome::kEntered) ENTER();                                                \
    if (outcome == CallOutcome::kRaised) UNWIND();                                                \
    NEXT();                                                                                       \
  }
COLD_POSITIONAL(Call, true, pc->c, callWindow(*T, F, pc, pc->b, pc->c, nullptr))
COLD_POSITIONAL(CallMethod, window[kFrameWords].defined(), pc->c + 1u, callMethodWindow(*T, F, pc))
COLD_CALL(CallKw, callKeywords(*T, F, pc, false))
COLD_CALL(CallMethodKw, callKeywords(*T, F, pc, true))
COLD_CALL(CallEx, callExpanded(*T, F, pc))
COLD_CALL(WithEnter, enterContext(*T, F, pc))
COLD_CALL(WithExit, exitWith(*T, F, pc))
COLD_CALL(LoadAttrProperty, loadProperty(*T, F, pc))

// A frame that C++ entered and nothing else knows: back to there.
static Value leaveEntry(Thread* T, Frame* F, Value result) {
  Value* R = F->registers();
  RELEASE_LOCALS();
  Value function = F->function;
  Frame* back = F->back;
  Value* words = reinterpret_cast<Value*>(F);
  for (uint32_t i = 0; i < kFrameWords; ++i) words[i] = Value();
  --T->depth;
  T->frame = back;
  decref(function);
  return result;
}
// The end of an __init__ that a call of its class entered: the instance is the call's result.
static bool isPlainInit(const Frame* f, Value result) { return f->flags == kFrameInit && f->object == nullptr && !f->locals.isHeap() && result.isNone(); }
COLD(Return) {
  F->pc = pc;
  Value result = R[pc->a];
  R[pc->a] = Value();
  if (F->flags == kFrameEntry && F->object == nullptr && !F->locals.isHeap()) return leaveEntry(T, F, result);
  switch (leaveFrame(*T, F, result)) {
    case LeaveOutcome::kExit: return T->exit_value;
    case LeaveOutcome::kResume: RESUME();
    case LeaveOutcome::kJump: {
      LOAD_FRAME();
      JUMP(static_cast<int16_t>(pc->c));
    }
    case LeaveOutcome::kRaised: {
      LOAD_FRAME();
      UNWIND();
    }
  }
  __builtin_unreachable();
}
COLD(ReturnConst) {
  F->pc = pc;
  if (F->flags == kFrameEntry && F->object == nullptr && !F->locals.isHeap()) return leaveEntry(T, F, share(K[pc->a]));
  if (isPlainInit(F, K[pc->a])) {
    Value instance = F->extra;
    F->extra = Value();
    RELEASE_LOCALS();
    POP_FRAME(instance);
  }
  switch (leaveFrame(*T, F, share(K[pc->a]))) {
    case LeaveOutcome::kExit: return T->exit_value;
    case LeaveOutcome::kResume: RESUME();
    case LeaveOutcome::kJump: {
      LOAD_FRAME();
      JUMP(static_cast<int16_t>(pc->c));
    }
    case LeaveOutcome::kRaised: {
      LOAD_FRAME();
      UNWIND();
    }
  }
  __builtin_unreachable();
}
COLD(ReturnGenerator) {
  F->pc = pc;
  bool is_entry = F->flags & kFrameEntry;
  Value g = generatorValue(*T, F);
  if (is_entry) return g;
  LOAD_FRAME();
  SET_NEXT(pc->a, g);
}
COLD(Yield) {
  F->pc = pc;
  Value v = R[pc->a];
  R[pc->a] = Value();
  bool is_entry = F->flags & kFrameEntry;
  Generator* g = F->generator;
  suspendGenerator(*T, g);
  if (is_entry) {
    decref(static_cast<Object*>(g));
    return v;
  }
  LOAD_FRAME();
  decref(static_cast<Object*>(g));
  SET_NEXT(pc->a, v);
}
COLD(ForIter) {
  F->pc = pc;
  Value it = R[pc->b];
  if (isTraced(table)) {
    Value item = tracedNext_py(*T, F, it).release();
    if (item.defined()) SET_NEXT(pc->a, item);
    if (isPending(*T)) UNWIND();
    freeReg(F, pc->b);
    JUMP(static_cast<int16_t>(pc->c));
  }
  if (it.object()->type->id == TypeId::kGenerator && it.as<Generator>()->state != GeneratorState::kFinished) {
    if (!enterGenerator(*T, it.as<Generator>(), Value::none(), 0)) UNWIND();
    RESUME();
  }
  const Instruction* following = pc + 1;
  Type* type = it.object()->type;
  if (type->id == TypeId::kStrIterator || type->id == TypeId::kStrAsciiIterator) {
    SequenceIterator* chars = it.as<SequenceIterator>();
    object::Str* text = chars->sequence.defined() ? chars->sequence.as<object::Str>() : nullptr;
    char32_t c = text != nullptr && chars->at < text->length ? text->at(chars->at) : 256;
    if (LIKELY(c < 256)) {
      ++chars->at;
      Value one = T->isolate->latin1[c];
      incref(one);
      SET_NEXT(pc->a, one);
    }
  }
  // `for a, b in pairs`: straight into the two registers.
  if (type->slots.next_pair != nullptr && !type->has(kTypeHeap) && following->op == Op::kUnpackSequence && following->c == 2 && following->b == pc->a &&
      (following->flags & bytecode::kFreeB)) {
    Value items[2];
    int outcome = type->slots.next_pair(*T, it, items);
    if (outcome > 0) {
      pc = following;
      Value old = R[pc->a];
      R[pc->a] = items[0];
      decref(old);
      SET_NEXT(pc->a + 1, items[1]);
    }
    if (outcome == 0) {
      if (isPending(*T)) {
        if (!pendingMatches(*T, errors(*T).stop_iteration)) UNWIND();
        clearException(*T);
      }
      freeReg(F, pc->b);
      JUMP(static_cast<int16_t>(pc->c));
    }
  }
  Value item = nextValue(*T, it);
  if (item.defined()) SET_NEXT(pc->a, item);
  if (isPending(*T)) UNWIND();
  freeReg(F, pc->b);
  JUMP(static_cast<int16_t>(pc->c));
}
COLD(Send) {
  F->pc = pc;
  Value it = R[pc->b];
  TypeId id = it.object()->type->id;
  if ((id == TypeId::kGenerator || id == TypeId::kCoroutine) && it.as<Generator>()->state != GeneratorState::kFinished) {
    Value sent = R[pc->a];
    R[pc->a] = Value();
    if (!enterGenerator(*T, it.as<Generator>(), sent, 0)) UNWIND();
    RESUME();
  }
  int outcome = sendSlow(*T, F, pc);
  if (outcome < 0) UNWIND();
  if (outcome == 0) NEXT();
  JUMP(static_cast<int16_t>(pc->c));
}
// An exception that goes on keeps the traceback it has. ref: ceval's exception_unwind, which RERAISE enters behind `error`.
static bool goesOn(const Instruction* pc) {
  return pc->op == Op::kReraise || pc->op == Op::kCleanupThrow || pc->op == Op::kEndAsyncFor || (pc->op == Op::kRaise && pc->c == 0);
}
static CONVENTION NOINLINE Value unwind(PARAMS) {
  for (;;) {
    F = T->frame;
    bool has_traceback = T->pending.as<BaseException>()->traceback.isHeap();
    bool keeps = goesOn(F->pc) && (has_traceback || F->pc->op == Op::kReraise);  // a bare raise may find nothing to raise
    if (!keeps) addTraceback(*T, T->pending.as<BaseException>(), F);
    bool is_traced = isTraced(table);
    if (is_traced) traceRaise_py(*T, F);
    const Instruction* handler = findHandler(*T, F);
    standWhereRaised(F);
    if (is_traced && handler == nullptr) traceUnwind_py(*T, F);
    if (handler != nullptr) {
      F->raised_at = instructionIndex(F);
      F->pc = handler;
      if (is_traced && !traceHandled_py(*T, F)) continue;
      ENTER();
    }
    bool is_entry = F->flags & kFrameEntry;
    popRaisedFrame(*T, F);
    if (is_entry) return Value();
  }
}

// --- opcodes without a hot block of their own, and slow paths without a cold block of their own
#define PLAIN_COLD(Name)                     \
  COLD(Name) {                               \
    F->pc = pc;                              \
    if (!Name##Slow(*T, F, pc)) UNWIND();    \
    NEXT();                                  \
  }
#define PLAIN(Name) \
  PLAIN_COLD(Name)  \
  INST(Name) { TAIL(cold##Name(ARGS)); }
#define COLD_PAIR(Name) PLAIN_COLD(Name) PLAIN_COLD(Name##K)
COLD_PAIR(Add) COLD_PAIR(Sub) COLD_PAIR(Mul) COLD_PAIR(TrueDiv) COLD_PAIR(FloorDiv) COLD_PAIR(Mod) COLD_PAIR(And) COLD_PAIR(Or) COLD_PAIR(Xor)
COLD_PAIR(LShift) COLD_PAIR(RShift) COLD_PAIR(Pow) COLD_PAIR(MatMul)
COLD_PAIR(Lt) COLD_PAIR(Le) COLD_PAIR(Eq) COLD_PAIR(Ne) COLD_PAIR(Gt) COLD_PAIR(Ge)
PLAIN_COLD(Is) PLAIN_COLD(IsNot) PLAIN_COLD(Not) PLAIN_COLD(Negative) PLAIN_COLD(CheckBound) PLAIN_COLD(LoadGlobal) PLAIN_COLD(StoreGlobal)
PLAIN_COLD(LoadName) PLAIN_COLD(StoreName)
PLAIN_COLD(LoadDeref) PLAIN_COLD(LoadAttrSlot) PLAIN_COLD(LoadAttrModule) PLAIN_COLD(LoadAttrClass) PLAIN_COLD(LoadAttrMember)
PLAIN_COLD(StoreAttrSlot) PLAIN_COLD(StoreAttrMember)
PLAIN_COLD(LoadAttrDict) PLAIN_COLD(StoreAttrDict) PLAIN_COLD(LoadAttrStored) PLAIN_COLD(LoadAttrStoredOfType) PLAIN_COLD(StoreAttrOfType) PLAIN_COLD(LoadMethodDict) PLAIN_COLD(LoadAttrOfType) PLAIN_COLD(LoadMethodSlot) PLAIN_COLD(LoadMethodModule) PLAIN_COLD(LoadMethodStatic) PLAIN_COLD(LoadMethodOfType)
PLAIN_COLD(LoadMethodCached) PLAIN_COLD(GetItem) PLAIN_COLD(GetItemK) PLAIN_COLD(SetItem) PLAIN_COLD(ListAppend)
PLAIN_COLD(UnpackSequence) PLAIN_COLD(MatchSequence) PLAIN_COLD(MatchMapping) PLAIN_COLD(GetLength) PLAIN_COLD(CheckType) PLAIN_COLD(CheckAttr)
#include "runtime/interp/ops/plain.inc"

static constexpr OpTable makeTable() {
  OpTable table{};
#define OP(Name, a, b, c) table.ops[static_cast<int>(Op::k##Name)] = op##Name;
#include "runtime/bytecode/opcodes.def"
  return table;
}
static constexpr OpTable kTable = makeTable();
// What running code goes by: kTable's functions, or `traced` in every place.
static OpTable active_table = makeTable();

static CONVENTION NOINLINE Value traced(PARAMS) {
  F->pc = pc;
  if (!traceStep_py(*T, F, pc)) UNWIND();
  if (F->pc != pc) {  // the trace function sent the frame to another line
    pc = F->pc;
    TAIL(traced(ARGS));
  }
  TAIL(kTable.ops[static_cast<int>(pc->op)](ARGS));
}
void exchangeTable(bool is_traced) {
  for (int i = 0; i < 256; ++i) active_table.ops[i] = is_traced && kTable.ops[i] != nullptr ? traced : kTable.ops[i];
}

Value runFrame(Thread& t, Frame* frame) {
  frame->flags |= kFrameEntry;
  const Instruction* pc = frame->pc;
  return active_table.ops[static_cast<int>(pc->op)](pc, frame->registers(), &t, frame, frame->code->constants, &active_table);
}

Value resumeFrame(Thread& t, Frame* frame) {
  const Instruction* pc = frame->pc + 1;
  return active_table.ops[static_cast<int>(pc->op)](pc, frame->registers(), &t, frame, frame->code->constants, &active_table);
}

// Raises the pending exception at the frame's instruction.
Value raiseInFrame(Thread& t, Frame* frame) {
  return unwind(frame->pc, frame->registers(), &t, frame, frame->code->constants, &active_table);
}

}  // namespace krait::interp

#endif
