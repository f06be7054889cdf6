// Generators, coroutines and async generators as objects. ref: Objects/genobject.c.
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/exception.h"
#include "runtime/object/frame.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

size_t generatorObjectSize(const Object* o) { return sizeof(Generator) + static_cast<const Generator*>(o)->frame_bytes; }
static Generator* self(Value v) { return v.as<Generator>(); }

static void releaseFrame(Generator* g) {
  Frame* f = &g->frame;
  if (f->code == nullptr) return;
  if (f->object != nullptr) detachFrame(f);
  for (uint32_t i = 0; i < f->code->register_count; ++i) clearField(f->registers()[i]);
  for (Value* v : {&f->locals, &f->extra, &f->function}) clearField(*v);
}
static void dealloc(Object* o) {
  Generator* g = static_cast<Generator*>(o);
  if (g->state != GeneratorState::kFinished) releaseFrame(g);
  for (Value v : {g->name, g->qualname, g->origin_or_hooks, g->handled.value}) decref(v);
}
static void traverse(Object* o, Visitor visitor, void* context) {
  Generator* g = static_cast<Generator*>(o);
  if (g->state == GeneratorState::kFinished) return;
  for (uint32_t i = 0; i < g->frame.code->register_count; ++i) visit(g->frame.registers()[i], visitor, context);
  visit(g->frame.function, visitor, context);
}
static const char* kindName(Generator* g) {
  return g->type->id == TypeId::kCoroutine ? "coroutine" : g->type->id == TypeId::kAsyncGenerator ? "async generator" : "generator";
}

// One step: the yielded value; empty with StopIteration-free state and `returned` when it ended.
static Ref step(Thread& t, Value v, Value sent, Ref& returned) {
  Generator* g = self(v);
  if (g->state == GeneratorState::kFinished) {
    if (g->type->id == TypeId::kCoroutine) return raiseRuntimeError(t, "cannot reuse already awaited coroutine");
    returned = Ref::none();
    return Ref();
  }
  if (g->state == GeneratorState::kCreated && sent.defined() && !sent.isNone()) {
    return raiseTypeError(t, "can't send non-None value to a just-started %s", kindName(g));
  }
  return run_hooks.resume(t, g, sent, returned);
}
static Ref next(Thread& t, Value v) {
  Ref returned;
  Ref r = step(t, v, Value::none(), returned);
  if (!r && !isPending(t) && returned && !returned.get().isNone()) return raiseStopIteration(t, returned.get());
  return r;
}
static Ref send(Thread& t, const Value* a) {
  Ref returned;
  Ref r = step(t, a[0], a[1], returned);
  if (!r && !isPending(t)) return raiseStopIteration(t, returned ? returned.get() : Value::none());
  return r;
}

// What the suspended generator waits for in `yield from` / `await`, or Undefined.
static Value delegate(Generator* g) {
  if (g->state != GeneratorState::kSuspended) return Value();
  const Instruction* pc = g->frame.pc;
  if (pc == g->frame.code->instructions || pc[-1].op != bytecode::Op::kSend) return Value();
  return g->frame.registers()[pc[-1].b];
}
static Ref raiseInside(Thread& t, Value v) {  // the exception is pending
  Generator* g = self(v);
  if (g->state == GeneratorState::kFinished) return Ref();
  if (g->state == GeneratorState::kCreated) {
    g->state = GeneratorState::kFinished;
    Ref e = takeException(t);
    releaseFrame(g);
    restoreException(t, std::move(e));
    return Ref();
  }
  Ref returned;
  Ref r = run_hooks.resume(t, g, Value(), returned);
  if (!r && !isPending(t)) return raiseStopIteration(t, returned ? returned.get() : Value::none());
  return r;
}
static Status closeDelegate(Thread& t, Value d) {
  if (isExact(d, TypeId::kGenerator) || isExact(d, TypeId::kCoroutine)) {
    TRY(callMethod_py(t, d, t.names().close));
    return kDone;
  }
  Ref method = findAttr_py(t, d, t.names().close);
  if (!method) {
    if (isPending(t)) return kRaised;
    return kDone;
  }
  TRY(call_py(t, method.get(), nullptr, 0));
  return kDone;
}
// ref: _gen_throw.
static Ref throwException(Thread& t, Value v, Value exception) {
  Generator* g = self(v);
  if (g->state == GeneratorState::kRunning) return raiseValueError(t, "%s already executing", kindName(g));
  Ref d = Ref::of(delegate(g));
  if (d) {
    if (isInstanceOf(t, exception, errors(t).generator_exit)) {
      if (closeDelegate(t, d.get()).failed) return raiseInside(t, v);
    } else {
      Ref method = findAttr_py(t, d.get(), t.names().throw_);
      if (!method && isPending(t)) return Ref();
      if (method) {
        GeneratorState saved = g->state;
        g->state = GeneratorState::kRunning;
        Ref r = call_py(t, method.get(), &exception, 1);
        g->state = saved;
        if (r) return r;
        // The delegate ended: its value is the result of `yield from`, or its exception goes on here.
        if (pendingMatches(t, errors(t).stop_iteration)) {
          Ref stop = takeException(t);
          Value value = stop.as<BaseException>()->extra[kStopValue];
          Ref sent = value.defined() ? Ref::of(value) : Ref::none();
          // Leave the loop: go on after Send's jump with the value in its register.
          const Instruction* pc = g->frame.pc;
          const Instruction* send_pc = pc - 1;
          Value* regs = g->frame.registers();
          clearField(regs[send_pc->b]);
          clearField(regs[send_pc->a]);
          regs[send_pc->a] = sent.release();
          g->frame.pc = send_pc + static_cast<int16_t>(send_pc->c);
          Ref returned;
          // resume() stores what is sent into the instruction at pc: there is none to store here.
          Ref next_value = run_hooks.resume(t, g, Value::ellipsis(), returned);
          if (!next_value && !isPending(t)) return raiseStopIteration(t, returned ? returned.get() : Value::none());
          return next_value;
        }
        return raiseInside(t, v);
      }
    }
  }
  (void)raiseException(t, exception);
  return raiseInside(t, v);
}
static Ref throwMethod(Thread& t, const Value* a) {
  Value type = a[1], value = a[2];
  Ref exception;
  if (isType(type) && isSubtype(type.as<Type>(), errors(t).base_exception)) {
    if (value.defined() && isException(value)) exception = Ref::of(value);
    else exception = value.defined() && !value.isNone() ? TRY(callArgs_py(t, type, value)) : TRY(call_py(t, type, nullptr, 0));
    if (!isException(exception.get())) {
      (void)raiseTypeError(t, "calling %s should have returned an instance of BaseException, not %s", reprText_py(t, type).c_str(), typeNameOf(t, exception.get()));
      exception = takeException(t);
    }
  } else if (isException(type)) {
    exception = Ref::of(type);
  } else {
    return raiseTypeError(t, "exceptions must be classes or instances deriving from BaseException, not %s", typeNameOf(t, type));
  }
  if (a[3].defined() && isExact(a[3], TypeId::kTraceback)) exception.as<BaseException>()->traceback = share(a[3]);
  return throwException(t, a[0], exception.get());
}
static Ref close(Thread& t, const Value* a) {
  Generator* g = self(a[0]);
  if (g->state == GeneratorState::kFinished) return Ref::none();
  if (g->state == GeneratorState::kCreated) {
    g->state = GeneratorState::kFinished;
    releaseFrame(g);
    return Ref::none();
  }
  Ref e = TRY(newException_py(t, errors(t).generator_exit, nullptr, 0));
  Ref r = throwException(t, a[0], e.get());
  if (r) return raiseRuntimeError(t, "%s ignored GeneratorExit", kindName(g));
  if (pendingMatches(t, errors(t).stop_iteration)) {
    Ref stop = takeException(t);
    Value value = stop.as<BaseException>()->extra[kStopValue];
    return value.defined() ? Ref::of(value) : Ref::none();
  }
  if (!pendingMatches(t, errors(t).generator_exit)) return Ref();
  clearException(t);
  return Ref::none();
}
static Status finalize(Thread& t, Value v) {
  Generator* g = self(v);
  if (g->state == GeneratorState::kCreated && g->type->id == TypeId::kCoroutine && !t.isolate->finalizing) {
    TRY(warn_py(t, errors(t).runtime_warning, 1, "coroutine '%s' was never awaited", toUtf8(g->qualname.as<Str>()).c_str()));
  }
  if (g->state != GeneratorState::kSuspended) return kDone;
  TRY(close(t, &v));
  return kDone;
}
static Ref repr(Thread& t, Value v) {
  const char* kind = self(v)->type->id == TypeId::kAsyncGenerator ? "async_generator" : kindName(self(v));
  return strFormat(t, "<%s object %s at %p>", kind, toUtf8(self(v)->qualname.as<Str>()).c_str(), static_cast<void*>(v.object()));
}
static Ref iterSelf(Thread&, Value v) { return Ref::of(v); }
static Ref aliasFor(Thread& t, const Value* a) { return callArgs_py(t, t.types().generic_alias, a[0], a[1]); }
#define CLASS_GETITEM {"__class_getitem__", "($type, object, /)", aliasFor, "See PEP 585"}
static Ref getName(Thread&, Value v) { return Ref::of(self(v)->name); }
static Ref getQualname(Thread&, Value v) { return Ref::of(self(v)->qualname); }
static Status setField(Thread& t, Value& field, Value x, const char* name) {
  if (!isStr(x)) return raiseTypeError(t, "%s must be set to a string object", name);
  Value old = field;
  field = share(x);
  decref(old);
  return kDone;
}
static Status setName(Thread& t, Value v, Value x) { return setField(t, self(v)->name, x, "__name__"); }
static Status setQualname(Thread& t, Value v, Value x) { return setField(t, self(v)->qualname, x, "__qualname__"); }
static Ref getFrame(Thread& t, Value v) { return self(v)->state == GeneratorState::kFinished ? Ref::none() : Ref::of(frameObject(t, &self(v)->frame)); }
static Ref getRunning(Thread&, Value v) { return Ref::boolean(self(v)->state == GeneratorState::kRunning); }
static Ref getSuspended(Thread&, Value v) { return Ref::boolean(self(v)->state == GeneratorState::kSuspended); }
static Ref getCode(Thread&, Value v) { return Ref::of(self(v)->frame.code); }
static Ref getDelegate(Thread&, Value v) {
  Value d = delegate(self(v));
  return d.defined() ? Ref::of(d) : Ref::none();
}
static Ref getNone(Thread&, Value) { return Ref::none(); }
static const NativeDef kMethods[] = {CLASS_GETITEM, {"send", "($self, value, /)", send}, {"throw", "($self, type, value=<unset>, traceback=<unset>, /)", throwMethod},
    {"close", "($self, /)", close}, {nullptr, nullptr, nullptr}};
#define GETSETS(prefix, wait)                                                                                                  \
  {{"__name__", getName, setName}, {"__qualname__", getQualname, setQualname}, {prefix "_frame", getFrame}, {prefix "_running", getRunning}, \
   {prefix "_suspended", getSuspended}, {prefix "_code", getCode}, {prefix "_" wait, getDelegate}, {"cr_origin", getNone}, {nullptr, nullptr}}
static const GetSetDef kGeneratorGetSets[] = GETSETS("gi", "yieldfrom");
static const GetSetDef kCoroutineGetSets[] = GETSETS("cr", "await");
static const GetSetDef kAsyncGetSets[] = GETSETS("ag", "await");

static void setSlots(Type* type) {
  type->slots.dealloc = dealloc;
  type->slots.traverse = traverse;
  type->slots.finalize = finalize;
  type->slots.repr = repr;
}
void initGeneratorType(Isolate& isolate) {
  Type* type = isolate.types.generator = makeType(isolate, {.name = "generator", .id = TypeId::kGenerator, .size = sizeof(Generator),
      .flags = kTypeGc | kTypeWeakrefable | kTypeDisallowNew, .methods = kMethods, .getsets = kGeneratorGetSets});
  setSlots(type);
  type->slots.iter = iterSelf;
  type->slots.next = next;
}
// --- coroutine_wrapper: what coroutine.__await__() gives; `await` itself iterates the coroutine.
struct CoroutineWrapper : Object {
  Value coroutine;
};
static Type* coroutine_wrapper_type = nullptr;
static Value wrapped(Value v) { return v.as<CoroutineWrapper>()->coroutine; }
static Ref wrapCoroutine(Thread&, Value v) {
  CoroutineWrapper* w = allocate<CoroutineWrapper>(coroutine_wrapper_type);
  w->coroutine = share(v);
  gcTrack(w);
  return Ref::steal(w);
}
static Ref wrapperNext(Thread& t, Value v) { return next(t, wrapped(v)); }
static Ref wrapperSend(Thread& t, const Value* a) { return callMethod_py(t, wrapped(a[0]), t.names().send, a[1]); }
static Ref wrapperThrow(Thread& t, const Value* a) {
  Value args[3] = {a[1], a[2], a[3]};
  return callMethodArgs_py(t, wrapped(a[0]), t.names().throw_, args, a[3].defined() ? 3 : a[2].defined() ? 2 : 1);
}
static Ref wrapperClose(Thread& t, const Value* a) { return callMethod_py(t, wrapped(a[0]), t.names().close); }
static const NativeDef kWrapperMethods[] = {{"send", "($self, arg, /)", wrapperSend}, {"throw", "($self, type, value=<unset>, traceback=<unset>, /)", wrapperThrow},
    {"close", "($self, /)", wrapperClose}, {nullptr, nullptr, nullptr}};
static void makeWrapperType(Isolate& isolate) {
  Type* type = coroutine_wrapper_type = makeType(isolate, {.name = "coroutine_wrapper", .size = sizeof(CoroutineWrapper), .flags = kTypeGc | kTypeDisallowNew, .methods = kWrapperMethods,
      .doc = "A wrapper object implementing __await__ for coroutines."});
  type->slots.dealloc = type->slots.clear = [](Object* o) { clearField(static_cast<CoroutineWrapper*>(o)->coroutine); };
  type->slots.traverse = [](Object* o, Visitor visitor, void* context) { visit(static_cast<CoroutineWrapper*>(o)->coroutine, visitor, context); };
  type->slots.iter = iterSelf;
  type->slots.next = wrapperNext;
  readyType(isolate, type);
}
void initCoroutineType(Isolate& isolate) {
  Type* type = isolate.types.coroutine = makeType(isolate, {.name = "coroutine", .id = TypeId::kCoroutine, .size = sizeof(Generator),
      .flags = kTypeGc | kTypeWeakrefable | kTypeDisallowNew, .methods = kMethods, .getsets = kCoroutineGetSets});
  type->layout = TypeId::kGenerator;
  setSlots(type);
  type->slots.await = wrapCoroutine;
  type->slots.next = next;
}

// --- async generators: asend and athrow objects. ref: async_gen_asend_send, async_gen_unwrap_value.
struct AsyncStep : Object {
  Value generator, sent, exception;
  bool started, finished;
};
struct AsyncValue : Object {
  Value value;
};
static Type* async_step_type = nullptr;
static Type* async_value_type = nullptr;

Ref wrapAsyncValue(Thread&, Value v) {
  AsyncValue* w = allocate<AsyncValue>(async_value_type);
  w->value = share(v);
  return Ref::steal(w);
}
static Ref newStep(Value generator, Value sent, Value exception) {
  AsyncStep* s = allocate<AsyncStep>(async_step_type);
  s->generator = share(generator);
  s->sent = share(sent);
  s->exception = share(exception);
  return Ref::steal(s);
}
static Ref unwrap(Thread& t, AsyncStep* s, Ref r, Ref returned) {
  if (r && r.get().isHeap() && typeOfHeap(r.get()) == async_value_type) {
    s->finished = true;
    return raiseStopIteration(t, r.as<AsyncValue>()->value);
  }
  if (r) return r;
  s->finished = true;
  if (!isPending(t)) return raise(t, errors(t).stop_async_iteration, "%s", "");
  (void)returned;
  return Ref();
}
static Ref stepSend(Thread& t, Value v, Value sent) {
  AsyncStep* s = v.as<AsyncStep>();
  if (s->finished) return raiseRuntimeError(t, "cannot reuse already awaited __anext__()/asend()");
  Generator* g = self(s->generator);
  if (!s->started) {
    s->started = true;
    if (g->state == GeneratorState::kFinished) {
      s->finished = true;
      if (s->exception.defined() && isInstanceOf(t, s->exception, errors(t).generator_exit)) return raiseStopIteration(t, Value::none());
      Ref e = TRY(newException_py(t, errors(t).stop_async_iteration, nullptr, 0));
      return raiseException(t, e.get());
    }
    if (s->exception.defined()) {
      Ref r = throwException(t, s->generator, s->exception);
      if (!r && isInstanceOf(t, s->exception, errors(t).generator_exit)) {  // aclose()
        s->finished = true;
        if (pendingMatches(t, errors(t).stop_async_iteration) || pendingMatches(t, errors(t).generator_exit) || pendingMatches(t, errors(t).stop_iteration)) {
          clearException(t);
          return raiseStopIteration(t, Value::none());
        }
        return r;
      }
      if (!r && pendingMatches(t, errors(t).stop_iteration)) {
        clearException(t);
        Ref e = TRY(newException_py(t, errors(t).stop_async_iteration, nullptr, 0));
        return raiseException(t, e.get());
      }
      return unwrap(t, s, std::move(r), Ref());
    }
    sent = s->sent;
  }
  Ref returned;
  Ref r = step(t, s->generator, sent, returned);
  if (!r && !isPending(t)) {
    s->finished = true;
    Ref e = TRY(newException_py(t, errors(t).stop_async_iteration, nullptr, 0));
    return raiseException(t, e.get());
  }
  return unwrap(t, s, std::move(r), std::move(returned));
}
static Ref stepNext(Thread& t, Value v) { return stepSend(t, v, Value::none()); }
static Ref stepSendMethod(Thread& t, const Value* a) { return stepSend(t, a[0], a[1]); }
static Ref stepThrow(Thread& t, const Value* a) {
  AsyncStep* s = a[0].as<AsyncStep>();
  s->started = true;
  Ref exception = isException(a[1]) ? Ref::of(a[1]) : TRY(call_py(t, a[1], nullptr, 0));
  return unwrap(t, s, throwException(t, s->generator, exception.get()), Ref());
}
static Ref stepClose(Thread&, const Value* a) {
  a[0].as<AsyncStep>()->finished = true;
  return Ref::none();
}
static void stepDealloc(Object* o) {
  AsyncStep* s = static_cast<AsyncStep*>(o);
  for (Value v : {s->generator, s->sent, s->exception}) decref(v);
}
static void valueDealloc(Object* o) { decref(static_cast<AsyncValue*>(o)->value); }
static const NativeDef kStepMethods[] = {{"send", "($self, value, /)", stepSendMethod}, {"throw", "($self, type, value=<unset>, traceback=<unset>, /)", stepThrow},
    {"close", "($self, /)", stepClose}, {nullptr, nullptr, nullptr}};

// The hooks of sys.set_asyncgen_hooks, at the first use. ref: async_gen_init_hooks.
static Status startHooks_py(Thread& t, Value v) {
  Generator* g = self(v);
  if (g->hooks_inited) return kDone;
  g->hooks_inited = true;
  if (t.asyncgen_finalizer.defined()) g->origin_or_hooks = share(t.asyncgen_finalizer);
  if (t.asyncgen_first.isUndefined()) return kDone;
  Ref held = Ref::of(t.asyncgen_first);
  Ref done = callArgs_py(t, held.get(), v);
  if (!done) return kRaised;
  return kDone;
}
static Ref asyncNext(Thread& t, Value v) {
  TRY(startHooks_py(t, v));
  return newStep(v, Value::none(), Value());
}
// An unfinished async generator is closed by whoever set the finalizer hook. ref: _PyGen_Finalize.
static Status finalizeAsync(Thread& t, Value v) {
  Generator* g = self(v);
  if (g->state != GeneratorState::kSuspended || g->origin_or_hooks.isUndefined()) return kDone;
  Ref done = callArgs_py(t, g->origin_or_hooks, v);
  if (!done) return kRaised;
  return kDone;
}
static Ref asend(Thread& t, const Value* a) {
  TRY(startHooks_py(t, a[0]));
  return newStep(a[0], a[1], Value());
}
static Ref athrow(Thread& t, const Value* a) {
  TRY(startHooks_py(t, a[0]));
  Ref e = isException(a[1]) ? Ref::of(a[1]) : TRY(call_py(t, a[1], a[2].defined() ? &a[2] : nullptr, a[2].defined() ? 1 : 0));
  return newStep(a[0], Value::none(), e.get());
}
static Ref aclose(Thread& t, const Value* a) {
  TRY(startHooks_py(t, a[0]));
  Ref e = TRY(newException_py(t, errors(t).generator_exit, nullptr, 0));
  return newStep(a[0], Value::none(), e.get());
}
static const NativeDef kAsyncMethods[] = {CLASS_GETITEM, {"asend", "($self, value, /)", asend}, {"athrow", "($self, type, value=<unset>, traceback=<unset>, /)", athrow},
    {"aclose", "($self, /)", aclose}, {nullptr, nullptr, nullptr}};
void initAsyncGeneratorType(Isolate& isolate) {
  Type* type = isolate.types.async_generator = makeType(isolate, {.name = "async_generator", .id = TypeId::kAsyncGenerator, .size = sizeof(Generator),
      .flags = kTypeGc | kTypeWeakrefable | kTypeDisallowNew, .methods = kAsyncMethods, .getsets = kAsyncGetSets});
  type->layout = TypeId::kGenerator;
  setSlots(type);
  type->slots.finalize = finalizeAsync;
  type->slots.aiter = iterSelf;
  type->slots.anext = asyncNext;
}
// After the types of types.def are ready.
void makeAsyncTypes(Isolate& isolate) {
  makeWrapperType(isolate);
  async_step_type = makeType(isolate, {.name = "async_generator_asend", .size = sizeof(AsyncStep), .flags = kTypeDisallowNew, .methods = kStepMethods});
  async_step_type->slots.dealloc = stepDealloc;
  async_step_type->slots.await = iterSelf;
  async_step_type->slots.iter = iterSelf;
  async_step_type->slots.next = stepNext;
  readyType(isolate, async_step_type);
  async_value_type = makeType(isolate, {.name = "async_generator_wrapped_value", .size = sizeof(AsyncValue), .flags = kTypeDisallowNew});
  async_value_type->slots.dealloc = valueDealloc;
  readyType(isolate, async_value_type);
}

}  // namespace krait::object
