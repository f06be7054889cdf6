// Generators, coroutines and async generators: making them from a frame, resuming, suspending and finishing.
// While a generator runs, its resumer holds one reference to it (taken by enterGenerator).
#include <cstddef>
#include <cstring>

#include "runtime/interp/interpreter.h"
#include "runtime/object/exception.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"

namespace krait::object {
extern int64_t coroutine_origin_depth;  // generator_type.cpp
Ref coroutineOrigin(Thread& t);
}  // namespace krait::object

namespace krait::interp {

static Type* generatorType(Thread& t, uint32_t flags) {
  if (flags & kCodeCoroutine) return t.types().coroutine;
  if (flags & kCodeAsyncGenerator) return t.types().async_generator;
  return t.types().generator;
}

Ref makeGenerator(Thread& t, Frame* frame) {
  Code* code = frame->code;
  Function* function = frame->function.as<Function>();
  uint32_t bytes = code->register_count * sizeof(Value);
  // One word more: a call moves its arguments up by one to make room for self, and its window may end with the registers.
  Generator* g = static_cast<Generator*>(allocateBytes(sizeof(Generator) + bytes + sizeof(Value)));
  std::memset(static_cast<void*>(g), 0, offsetof(Generator, frame));
  initHeader(g, generatorType(t, code->flags));
  g->frame_bytes = bytes + static_cast<uint32_t>(sizeof(Value));
  g->state = GeneratorState::kCreated;
  g->name = share(function->name);
  g->qualname = share(function->qualname);
  g->origin_or_hooks = Value();
  g->handled.value = Value();
  Frame* own = &g->frame;
  std::memcpy(static_cast<void*>(own), static_cast<void*>(frame), sizeof(Frame) + bytes);
  own->registers()[code->register_count] = Value();
  own->flags = kFrameGenerator;
  own->generator = g;
  if (own->object != nullptr) own->object->frame = own;
  own->back = nullptr;
  t.frame = frame->back;
  --t.depth;
  Value* words = reinterpret_cast<Value*>(frame);
  uint32_t total = kFrameWords + code->register_count;
  for (uint32_t i = 0; i < total; ++i) words[i] = Value();
  if (__builtin_expect(object::coroutine_origin_depth > 0, 0) && (code->flags & kCodeCoroutine)) g->origin_or_hooks = object::coroutineOrigin(t).release();
  gcTrack(g);
  return Ref::steal(g);
}

// Why a generator cannot be entered now.
static __attribute__((noinline)) bool refuseToEnter(Thread& t, Generator* g, Value sent) {
  decref(sent);
  if (g->state == GeneratorState::kRunning) {
    const char* kind = g->type->id == TypeId::kCoroutine ? "coroutine" : g->type->id == TypeId::kAsyncGenerator ? "async generator" : "generator";
    (void)raiseValueError(t, "%s already executing", kind);
  } else {
    (void)raiseTooManyFrames(t);
  }
  return false;
}
bool enterGenerator(Thread& t, Generator* g, Value sent, uint32_t flags) {
  Frame* f = &g->frame;
  Value* top = stackTop(t);
  bool can_run = g->state != GeneratorState::kRunning && t.depth < t.recursion_limit && top + kFrameWords + 4096 <= t.stack_end;
  if (__builtin_expect(!can_run, 0)) return refuseToEnter(t, g, sent);
  f->stack_top = top;
  incref(static_cast<Object*>(g));
  ++t.depth;
  if (g->state != GeneratorState::kCreated && sent.defined()) {
    Value& target = f->registers()[f->pc->a];
    Value old = target;
    target = sent;
    decref(old);
  } else {
    decref(sent);
  }
  g->state = GeneratorState::kRunning;
  f->flags = kFrameGenerator | flags;
  f->back = t.frame;
  t.frame = f;
  g->handled.outer = t.handled;
  t.handled = &g->handled;
  return true;
}

void suspendGenerator(Thread& t, Generator* g) {
  Frame* f = &g->frame;
  --t.depth;
  t.frame = f->back;
  f->back = nullptr;
  t.handled = g->handled.outer;
  g->handled.outer = nullptr;
  g->state = GeneratorState::kSuspended;
}

void finishGenerator(Thread& t, Generator* g) {
  t.handled = g->handled.outer;
  g->handled.outer = nullptr;
  Value old = g->handled.value;
  g->handled.value = Value();
  g->state = GeneratorState::kFinished;
  g->frame.back = nullptr;
  decref(old);
}

LeaveOutcome leaveFrame(Thread& t, Frame* frame, Value result) {
  uint32_t flags = frame->flags;
  Frame* back = frame->back;
  --t.depth;
  if (flags & kFrameGenerator) {
    Generator* g = frame->generator;
    clearFrame(t, frame);
    finishGenerator(t, g);
    t.frame = back;
    decref(static_cast<Object*>(g));
    if (flags & kFrameEntry) {
      Value old = t.returned;
      t.returned = result;
      decref(old);
      t.exit_value = Value();
      return LeaveOutcome::kExit;
    }
    const Instruction* pc = back->pc;
    freeReg(back, pc->b);
    if (pc->op == Op::kForIter) {
      decref(result);
    } else {
      Value old = reg(back, pc->a);
      reg(back, pc->a) = result;
      decref(old);
    }
    return LeaveOutcome::kJump;
  }
  if (flags & kFrameInit) {
    bool is_none = result.isNone();
    Value instance = share(frame->extra);
    clearFrame(t, frame);
    t.frame = back;
    if (!is_none) {
      (void)raiseTypeError(t, "__init__() should return None, not '%s'", typeNameOf(t, result));
      decref(instance);
      decref(result);
      return LeaveOutcome::kRaised;
    }
    result = instance;
  } else {
    clearFrame(t, frame);
    t.frame = back;
  }
  if (flags & kFrameEntry) {
    t.exit_value = result;
    return LeaveOutcome::kExit;
  }
  Value old = reg(back, back->pc->a);
  reg(back, back->pc->a) = result;
  decref(old);
  return LeaveOutcome::kResume;
}

// The value inside a StopIteration that is pending, which is cleared.
static Ref takeStopValue(Thread& t) {
  Ref e = takeException(t);
  Value v = e.as<BaseException>()->extra[kStopValue];
  return v.defined() ? Ref::of(v) : Ref::none();
}

int sendSlow(Thread& t, Frame* f, const Instruction* pc) {
  Value it = reg(f, pc->b), sent = reg(f, pc->a);
  Ref r = sent.isNone() ? nextOrStop_py(t, it) : callMethod_py(t, it, t.names().send, sent);
  int outcome = 0;
  if (!r) {
    if (isPending(t) && !pendingMatches(t, errors(t).stop_iteration)) return -1;
    r = isPending(t) ? takeStopValue(t) : Ref::none();
    outcome = 1;
    freeReg(f, pc->b);
  }
  Value old = reg(f, pc->a);
  reg(f, pc->a) = r.release();
  decref(old);
  return outcome;
}

Value delegateOf(Generator* g) {
  if (g->state != GeneratorState::kSuspended) return Value();
  const Instruction* pc = g->frame.pc;
  if (pc == g->frame.code->instructions || pc[-1].op != Op::kSend) return Value();
  return g->frame.registers()[pc[-1].b];
}

}  // namespace krait::interp
