// What asend(), __anext__(), athrow() and aclose() of an async generator give: awaitables that run it to its next yield. A value
// that the generator yields with `yield` arrives wrapped and becomes the awaitable's result; one that an `await` inside it
// yields goes on to the event loop. ref: Objects/genobject.c, async_gen_asend_send and async_gen_athrow_send.
#include "runtime/object/error.h"
#include "runtime/object/exception.h"
#include "runtime/object/frame.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

// generator_type.cpp
Ref asyncGeneratorSend_py(Thread& t, Value v, Value sent);
Ref generatorThrow_py(Thread& t, Value v, Value exception, bool close_on_exit);
Ref thrownException_py(Thread& t, const Value* a);
Status warnThrowArguments_py(Thread& t, const Value* a);

namespace {
enum class AwaitState : uint8_t { kInit, kRunning, kClosed };
enum class StepKind : uint8_t { kSend, kThrow, kClose };
struct AsyncStep : Object {
  Value generator, sent;
  Value thrown[3];  // athrow's arguments; [0] is Undefined otherwise
  AwaitState state;
  StepKind kind;
};
struct AsyncValue : Object {
  Value value;
};
}  // namespace
static Type *send_type = nullptr, *throw_type = nullptr, *value_type = nullptr;
static AsyncStep* step(Value v) { return v.as<AsyncStep>(); }
static Generator* generatorOf(Value v) { return step(v)->generator.as<Generator>(); }

Ref wrapAsyncValue(Thread&, Value v) {
  AsyncValue* w = allocate<AsyncValue>(value_type);
  w->value = share(v);
  return Ref::steal(w);
}
static bool isWrapped(const Ref& r) { return r && r.get().isHeap() && typeOfHeap(r.get()) == value_type; }
static Ref raiseBare(Thread& t, Type* type) {
  Ref e = TRY(newException_py(t, type, nullptr, 0));
  return raiseException(t, e.get());
}
static Ref newStep(Value generator, StepKind kind, Value sent, const Value* thrown) {
  AsyncStep* s = allocate<AsyncStep>(kind == StepKind::kSend ? send_type : throw_type);
  s->generator = share(generator);
  s->sent = share(sent);
  for (int i = 0; i < 3; ++i) s->thrown[i] = thrown != nullptr ? share(thrown[i]) : Value();
  s->kind = kind;
  gcTrack(s);
  return Ref::steal(s);
}
static Ref closeWith(Value v, Ref result) {
  if (!result) step(v)->state = AwaitState::kClosed;
  return result;
}
// ref: async_gen_unwrap_value.
static Ref unwrap(Thread& t, Generator* g, Ref r) {
  if (!r) {
    if (!isPending(t)) (void)raiseBare(t, errors(t).stop_async_iteration);
    if (pendingMatches(t, errors(t).stop_async_iteration) || pendingMatches(t, errors(t).generator_exit)) g->ag_closed = true;
    g->ag_running = false;
    return r;
  }
  if (!isWrapped(r)) return r;
  g->ag_running = false;
  return raiseStopIteration(t, r.as<AsyncValue>()->value);
}

// --- asend() and __anext__()
static Status beginSend(Thread& t, Value v) {
  if (generatorOf(v)->ag_running) {
    step(v)->state = AwaitState::kClosed;
    return raiseRuntimeError(t, "anext(): asynchronous generator is already running");
  }
  step(v)->state = AwaitState::kRunning;
  generatorOf(v)->ag_running = true;
  return kDone;
}
static RaisedTag reused(Thread& t, StepKind kind) {
  return raiseRuntimeError(t, "cannot reuse already awaited %s", kind == StepKind::kSend ? "__anext__()/asend()" : "aclose()/athrow()");
}
static Ref sendSend(Thread& t, Value v, Value sent) {
  Ref alive = Ref::of(v);
  if (step(v)->state == AwaitState::kClosed) return reused(t, StepKind::kSend);
  if (step(v)->state == AwaitState::kInit) {
    TRY(beginSend(t, v));
    if (sent.isNone()) sent = step(v)->sent;
  }
  generatorOf(v)->ag_running = true;
  return closeWith(v, unwrap(t, generatorOf(v), asyncGeneratorSend_py(t, step(v)->generator, sent)));
}
static Ref sendThrow(Thread& t, Value v, const Value* thrown) {
  Ref alive = Ref::of(v);
  if (step(v)->state == AwaitState::kClosed) return reused(t, StepKind::kSend);
  if (step(v)->state == AwaitState::kInit) TRY(beginSend(t, v));
  Ref exception = thrownException_py(t, thrown);
  return closeWith(v, unwrap(t, generatorOf(v), exception ? generatorThrow_py(t, step(v)->generator, exception.get(), true) : Ref()));
}

// --- athrow() and aclose()
static Status beginThrow(Thread& t, Value v) {
  AsyncStep* s = step(v);
  if (generatorOf(v)->ag_running) {
    s->state = AwaitState::kClosed;
    return raiseRuntimeError(t, "%s(): asynchronous generator is already running", s->kind == StepKind::kClose ? "aclose" : "athrow");
  }
  return kDone;
}
static Ref ignoredExit(Thread& t, Value v) {
  generatorOf(v)->ag_running = false;
  step(v)->state = AwaitState::kClosed;
  return raiseRuntimeError(t, "async generator ignored GeneratorExit");
}
// The end of the generator is the end of what aclose() waits for.
static Ref failedThrow(Thread& t, Value v) {
  generatorOf(v)->ag_running = false;
  step(v)->state = AwaitState::kClosed;
  bool is_end = pendingMatches(t, errors(t).stop_async_iteration) || pendingMatches(t, errors(t).generator_exit);
  if (!is_end || step(v)->kind != StepKind::kClose) return Ref();
  clearException(t);
  return raiseStopIteration(t, Value::none());
}
static Ref firstThrow(Thread& t, Value v, Value sent) {
  AsyncStep* s = step(v);
  Generator* g = generatorOf(v);
  TRY(beginThrow(t, v));
  if (g->ag_closed) {
    s->state = AwaitState::kClosed;
    return raiseBare(t, errors(t).stop_async_iteration);
  }
  if (!sent.isNone()) return raiseRuntimeError(t, "can't send non-None value to a just-started coroutine");
  s->state = AwaitState::kRunning;
  g->ag_running = true;
  Ref r;
  if (s->kind == StepKind::kClose) {
    g->ag_closed = true;
    Ref e = TRY(newException_py(t, errors(t).generator_exit, nullptr, 0));
    r = generatorThrow_py(t, s->generator, e.get(), false);
    if (isWrapped(r)) return ignoredExit(t, v);
  } else {
    Ref e = thrownException_py(t, s->thrown);
    r = unwrap(t, g, e ? generatorThrow_py(t, s->generator, e.get(), false) : Ref());
  }
  return r ? r.take() : failedThrow(t, v);
}
static Ref throwSend(Thread& t, Value v, Value sent) {
  Ref alive = Ref::of(v);
  AsyncStep* s = step(v);
  if (s->state == AwaitState::kClosed) return reused(t, StepKind::kThrow);
  if (generatorOf(v)->state == GeneratorState::kFinished) {
    s->state = AwaitState::kClosed;
    return raiseStopIteration(t, Value::none());
  }
  if (s->state == AwaitState::kInit) return firstThrow(t, v, sent);
  Ref r = asyncGeneratorSend_py(t, s->generator, sent);
  if (s->kind == StepKind::kThrow) return closeWith(v, unwrap(t, generatorOf(v), r.take()));
  if (isWrapped(r)) return ignoredExit(t, v);
  return r ? r.take() : failedThrow(t, v);
}
static Ref throwThrow(Thread& t, Value v, const Value* thrown) {
  Ref alive = Ref::of(v);
  AsyncStep* s = step(v);
  if (s->state == AwaitState::kClosed) return reused(t, StepKind::kThrow);
  if (s->state == AwaitState::kInit) {
    TRY(beginThrow(t, v));
    s->state = AwaitState::kRunning;
    generatorOf(v)->ag_running = true;
  }
  Ref exception = thrownException_py(t, thrown);
  Ref r = exception ? generatorThrow_py(t, s->generator, exception.get(), true) : Ref();
  if (s->kind == StepKind::kThrow) return closeWith(v, unwrap(t, generatorOf(v), r.take()));
  if (isWrapped(r)) return ignoredExit(t, v);
  return r ? r.take() : failedThrow(t, v);
}

// --- what both have
static Ref stepSend(Thread& t, const Value* a) { return step(a[0])->kind == StepKind::kSend ? sendSend(t, a[0], a[1]) : throwSend(t, a[0], a[1]); }
static Ref stepNext(Thread& t, Value v) { return step(v)->kind == StepKind::kSend ? sendSend(t, v, Value::none()) : throwSend(t, v, Value::none()); }
static Ref stepThrow(Thread& t, const Value* a) {
  TRY(warnThrowArguments_py(t, a + 1));
  return step(a[0])->kind == StepKind::kSend ? sendThrow(t, a[0], a + 1) : throwThrow(t, a[0], a + 1);
}
static Ref stepClose(Thread& t, const Value* a) {
  if (step(a[0])->state == AwaitState::kClosed) return Ref::none();
  Value exit[3] = {Value(errors(t).generator_exit), Value(), Value()};
  Ref r = step(a[0])->kind == StepKind::kSend ? sendThrow(t, a[0], exit) : throwThrow(t, a[0], exit);
  if (r) return raiseRuntimeError(t, "coroutine ignored GeneratorExit");
  if (pendingMatches(t, errors(t).stop_iteration) || pendingMatches(t, errors(t).stop_async_iteration) || pendingMatches(t, errors(t).generator_exit)) {
    clearException(t);
    return Ref::none();
  }
  return r;
}
static Status stepFinalize(Thread& t, Value v) {
  AsyncStep* s = step(v);
  if (s->state != AwaitState::kInit || t.isolate->finalizing) return kDone;
  const char* method = s->kind == StepKind::kSend ? "asend" : s->kind == StepKind::kThrow ? "athrow" : "aclose";
  Ref name = TRY(repr_py(t, s->generator.as<Generator>()->qualname));
  return warn_py(t, errors(t).runtime_warning, 1, "coroutine method '%s' of %s was never awaited", method, toUtf8(name.as<Str>()).c_str());
}
static void stepDealloc(Object* o) {
  AsyncStep* s = static_cast<AsyncStep*>(o);
  for (Value v : {s->generator, s->sent, s->thrown[0], s->thrown[1], s->thrown[2]}) decref(v);
}
static void stepTraverse(Object* o, Visitor visitor, void* context) {
  AsyncStep* s = static_cast<AsyncStep*>(o);
  for (Value v : {s->generator, s->sent, s->thrown[0], s->thrown[1], s->thrown[2]}) visit(v, visitor, context);
}
static void valueDealloc(Object* o) { decref(static_cast<AsyncValue*>(o)->value); }
static Ref iterSelf(Thread&, Value v) { return Ref::of(v); }
static const NativeDef kStepMethods[] = {{"send", "($self, value, /)", stepSend}, {"throw", "($self, type, value=<unset>, traceback=<unset>, /)", stepThrow},
    {"close", "($self, /)", stepClose}, {nullptr, nullptr, nullptr}};

// --- the generator's methods
// The hooks of sys.set_asyncgen_hooks, at the first use. ref: async_gen_init_hooks.
static Status startHooks_py(Thread& t, Value v) {
  Generator* g = v.as<Generator>();
  if (g->hooks_inited) return kDone;
  g->hooks_inited = true;
  if (t.asyncgen_finalizer.defined()) g->origin_or_hooks = share(t.asyncgen_finalizer);
  if (t.asyncgen_first.isUndefined()) return kDone;
  Ref held = Ref::of(t.asyncgen_first);
  Ref done = callArgs_py(t, held.get(), v);
  if (!done) return kRaised;
  return kDone;
}
Ref asyncNext(Thread& t, Value v) {
  TRY(startHooks_py(t, v));
  return newStep(v, StepKind::kSend, Value::none(), nullptr);
}
static Ref asend(Thread& t, const Value* a) {
  TRY(startHooks_py(t, a[0]));
  return newStep(a[0], StepKind::kSend, a[1], nullptr);
}
static Ref athrow(Thread& t, const Value* a) {
  if (a[2].defined()) {
    TRY(warn_py(t, errors(t).deprecation_warning, 1, "the (type, exc, tb) signature of athrow() is deprecated, use the single-arg signature instead."));
  }
  TRY(startHooks_py(t, a[0]));
  return newStep(a[0], StepKind::kThrow, Value::none(), a + 1);
}
static Ref aclose(Thread& t, const Value* a) {
  TRY(startHooks_py(t, a[0]));
  return newStep(a[0], StepKind::kClose, Value::none(), nullptr);
}
static Ref aliasFor(Thread& t, const Value* a) { return callArgs_py(t, t.types().generic_alias, a[0], a[1]); }
extern const NativeDef kAsyncMethods[];
const NativeDef kAsyncMethods[] = {{"__class_getitem__", "($type, object, /)", aliasFor, "See PEP 585"}, {"asend", "($self, value, /)", asend},
    {"athrow", "($self, type, value=<unset>, traceback=<unset>, /)", athrow}, {"aclose", "($self, /)", aclose}, {nullptr, nullptr, nullptr}};

void makeAsyncStepTypes(Isolate& isolate) {
  for (auto [place, name] : {std::pair{&send_type, "async_generator_asend"}, {&throw_type, "async_generator_athrow"}}) {
    Type* type = *place = makeType(isolate, {.name = name, .size = sizeof(AsyncStep), .flags = kTypeGc | kTypeDisallowNew, .methods = kStepMethods});
    type->slots.dealloc = stepDealloc;
    type->slots.traverse = stepTraverse;
    type->slots.finalize = stepFinalize;
    type->slots.await = iterSelf;
    type->slots.iter = iterSelf;
    type->slots.next = stepNext;
    readyType(isolate, type);
  }
  value_type = makeType(isolate, {.name = "async_generator_wrapped_value", .size = sizeof(AsyncValue), .flags = kTypeDisallowNew});
  value_type->slots.dealloc = valueDealloc;
  readyType(isolate, value_type);
}

}  // namespace krait::object
