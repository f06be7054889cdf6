// Running Python code from C++: the hooks that runtime/object calls.
#include <cstring>

#include "runtime/interp/interpreter.h"
#include "runtime/object/gc.h"
#include "runtime/object/lock.h"
#include "runtime/object/str.h"

namespace krait::interp {

static Ref callFunction(Thread& t, Function* function, const Value* args, uint32_t nargs, Tuple* keywords) {
  TRY(checkRecursion(t, ""));
  Value* top = stackTop(t);
  Frame* frame = reinterpret_cast<Frame*>(top);
  Value* regs = frame->registers();
  Code* code = function->code;
  uint32_t count = nargs + (keywords != nullptr ? static_cast<uint32_t>(keywords->size) : 0);
  uint32_t params = code->arg_count + code->keyword_only + ((code->flags & kCodeVarargs) != 0) + ((code->flags & kCodeVarkeywords) != 0);
  if (regs + count + params + code->register_count + 64 > t.stack_end) return raiseTooManyFrames(t);
  for (uint32_t i = 0; i < count; ++i) regs[i] = share(args[i]);
  if (!bindParameters(t, function, regs, nargs, keywords)) return Ref();
  frame->function = share(Value(function));
  if (!initFrame(t, frame, function, params)) {
    for (uint32_t i = 0; i < params; ++i) {
      decref(regs[i]);
      regs[i] = Value();
    }
    decref(frame->function);
    frame->function = Value();
    return Ref();
  }
  t.frame = frame;
  return Ref::steal(runFrame(t, frame));
}

static Ref resume(Thread& t, Generator* g, Value sent, Ref& returned) {
  if (__builtin_expect(sent.isNone() && g->state == GeneratorState::kSuspended && g->frame.pc->op == Op::kYield, 1)) {
    if (!enterGenerator(t, g, sent, kFrameEntry)) return Ref();
    Value v = resumeFrame(t, &g->frame);
    if (v.isUndefined() && !isPending(t)) {
      returned = Ref::steal(t.returned);
      t.returned = Value();
    }
    return Ref::steal(v);
  }
  bool throwing = sent.isUndefined();
  Ref exception = throwing ? takeException(t) : Ref();
  bool at_start = g->state == GeneratorState::kCreated;
  // Ellipsis with a frame that stands on no yield: the value is in place already.
  bool in_place = !throwing && !at_start && g->frame.pc->op != Op::kYield;
  if (!enterGenerator(t, g, throwing || in_place ? Value() : share(sent), kFrameEntry)) return Ref();
  Value v;
  if (throwing) {
    restoreException(t, std::move(exception));
    v = raiseInFrame(t, &g->frame);
  } else {
    v = resumeFrame(t, &g->frame);
  }
  if (v.isUndefined() && !isPending(t)) {
    returned = Ref::steal(t.returned);
    t.returned = Value();
  }
  return Ref::steal(v);
}

// ref: PyEval_EvalCodeEx for code without parameters.
static Ref runCode(Thread& t, Code* code, Dict* globals, Value locals, Value closure) {
  TRY(checkRecursion(t, ""));
  Ref function = newFunction(t, code, globals);
  function.as<Function>()->closure = share(closure);
  Frame* frame = reinterpret_cast<Frame*>(stackTop(t));
  frame->function = share(function.get());
  if (!initFrame(t, frame, function.as<Function>(), 0)) {
    decref(frame->function);
    frame->function = Value();
    return Ref();
  }
  if (!(code->flags & kCodeOptimized)) frame->locals = share(locals.defined() ? locals : Value(globals));
  t.frame = frame;
  return Ref::steal(runFrame(t, frame));
}

// Raises what PyThreadState_SetAsyncExc sent: a class, of which an exception is made. ref: _PyErr_SetNone.
static RaisedTag raiseSent_py(Thread& t, Value sent) {
  if (!isType(sent) || !isSubtype(sent.as<Type>(), errors(t).base_exception)) {
    return raise(t, errors(t).system_error, "_PyErr_SetObject: exception %s is not a BaseException subclass", reprText_py(t, sent).c_str());
  }
  Ref made = call_py(t, sent, nullptr, 0);
  if (!made) return kRaised;
  if (!isException(made.get())) {
    return raiseTypeError(t, "calling %s should have returned an instance of BaseException, not %s", reprText_py(t, sent).c_str(), typeNameOf(t, made.get()));
  }
  return raiseException(t, made.get());
}

bool handleBreaker_py(Thread& t) {
  auto takes = [&](EvalBreaker bit) { return (__atomic_fetch_and(&t.eval_breaker, ~static_cast<uint32_t>(bit), __ATOMIC_SEQ_CST) & bit) != 0; };
  if (takes(kBreakLock)) yieldLock(t);
  if (takes(kBreakCollect)) gcMaybeCollect_py(t);
  if (takes(kBreakSignal) && t.isolate->signal_hook != nullptr && t.isolate->signal_hook(t).failed) return false;
  if (takes(kBreakMemory)) {
    requestBreak(t, kBreakCollect);  // which refills the reserve
    (void)raiseMemoryError(t);
    return false;
  }
  if (takes(kBreakAsync) && t.async_exception.defined()) {
    Value e = t.async_exception;
    t.async_exception = Value();
    Ref held = Ref::steal(e);
    raiseSent_py(t, e);
    return false;
  }
  return true;
}

void installJumps();  // jump.cpp

void installInterpreter(Isolate&) {
  installJumps();
  run_hooks.call = callFunction;
  run_hooks.resume = resume;
  run_hooks.run = runCode;
}

}  // namespace krait::interp
