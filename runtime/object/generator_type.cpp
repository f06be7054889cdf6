// Generators, coroutines and async generators as objects. ref: Objects/genobject.c.
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/exception.h"
#include "runtime/object/frame.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/import.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

// Async generators' part: async_generator.cpp.
extern const NativeDef kAsyncMethods[];
Ref asyncNext(Thread& t, Value v);
void makeAsyncStepTypes(Isolate& isolate);

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
// One step of an async generator; its end is StopAsyncIteration. ref: gen_send_ex.
Ref asyncGeneratorSend_py(Thread& t, Value v, Value sent) {
  Ref returned;
  Ref r = step(t, v, sent, returned);
  if (r || isPending(t)) return r;
  Ref stop = TRY(newException_py(t, errors(t).stop_async_iteration, nullptr, 0));
  return raiseException(t, stop.get());
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
// What the end of the generator raises.
static Ref raiseReturned(Thread& t, Generator* g, const Ref& returned) {
  if (g->type->id != TypeId::kAsyncGenerator) return raiseStopIteration(t, returned ? returned.get() : Value::none());
  Ref stop = TRY(newException_py(t, errors(t).stop_async_iteration, nullptr, 0));
  return raiseException(t, stop.get());
}
static Ref raiseInside(Thread& t, Value v) {  // the exception is pending
  Generator* g = self(v);
  if (g->state == GeneratorState::kFinished) {
    if (g->type->id != TypeId::kCoroutine) return Ref();
    clearException(t);
    return raiseRuntimeError(t, "cannot reuse already awaited coroutine");
  }
  if (g->state == GeneratorState::kCreated) {
    g->state = GeneratorState::kFinished;
    Ref e = takeException(t);
    releaseFrame(g);
    restoreException(t, std::move(e));
    return Ref();
  }
  Ref returned;
  Ref r = run_hooks.resume(t, g, Value(), returned);
  if (!r && !isPending(t)) return raiseReturned(t, g, returned);
  return r;
}
static Status closeDelegate(Thread& t, Value d) {
  if (isExact(d, TypeId::kGenerator) || isExact(d, TypeId::kCoroutine)) {
    TRY(callMethod_py(t, d, t.names().close));
    return kDone;
  }
  Ref method = findAttr_py(t, d, t.names().close);
  if (!method) {
    if (isPending(t)) writeUnraisable_py(t, "Exception ignored while closing generator ", d);
    return kDone;
  }
  TRY(call_py(t, method.get(), nullptr, 0));
  return kDone;
}
// The frame of a generator whose delegate is called is part of the stack meanwhile.
class DelegateScope {
 public:
  DelegateScope(Thread& t, Generator* g) : t_(t), g_(g), saved_(g->state) {
    Frame* f = &g->frame;
    f->stack_top = t.frame == nullptr ? t.stack_begin : (t.frame->flags & kFrameGenerator) ? t.frame->stack_top : t.frame->end();
    f->back = t.frame;
    t.frame = f;
    g->state = GeneratorState::kRunning;
  }
  ~DelegateScope() {
    g_->state = saved_;
    t_.frame = g_->frame.back;
    g_->frame.back = nullptr;
  }

 private:
  Thread& t_;
  Generator* g_;
  GeneratorState saved_;
};
// What the generator was handling when it yielded is the context of what is thrown in.
static void raiseThrown(Thread& t, Generator* g, Value exception) {
  if (!g->handled.value.isHeap()) return restoreException(t, Ref::of(exception));
  g->handled.outer = t.handled;
  t.handled = &g->handled;
  (void)raiseException(t, exception);
  t.handled = g->handled.outer;
  g->handled.outer = nullptr;
}
// What a delegate raised goes on in the generator that waited for it. ref: gen_send_ex2 (_PyErr_ChainStackItem).
static Ref raiseChained(Thread& t, Generator* g) {
  Ref e = takeException(t);
  raiseThrown(t, g, e.get());
  return raiseInside(t, g);
}
// ref: _gen_throw.
Ref generatorThrow_py(Thread& t, Value v, Value exception, bool close_on_exit) {
  Generator* g = self(v);
  if (g->state == GeneratorState::kRunning) return raiseValueError(t, "%s already executing", kindName(g));
  Ref d = Ref::of(delegate(g));
  if (d) {
    if (close_on_exit && isInstanceOf(t, exception, errors(t).generator_exit)) {
      bool failed;
      {
        DelegateScope inside(t, g);
        failed = closeDelegate(t, d.get()).failed;
      }
      if (failed) return raiseChained(t, g);
    } else {
      Ref method = findAttr_py(t, d.get(), t.names().throw_);
      if (!method && isPending(t)) return Ref();
      if (method) {
        Ref r;
        {
          DelegateScope inside(t, g);
          r = call_py(t, method.get(), &exception, 1);
        }
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
          if (!next_value && !isPending(t)) return raiseReturned(t, g, returned);
          return next_value;
        }
        return raiseChained(t, g);
      }
    }
  }
  raiseThrown(t, g, exception);
  return raiseInside(t, v);
}
// The exception that throw(type, value, traceback) means.
Ref thrownException_py(Thread& t, const Value* a) {
  Value type = a[0], value = a[1], traceback = a[2];
  if (traceback.defined() && !traceback.isNone() && !isExact(traceback, TypeId::kTraceback)) return raiseTypeError(t, "throw() third argument must be a traceback object");
  Ref exception;
  if (isType(type) && isSubtype(type.as<Type>(), errors(t).base_exception)) {
    if (value.defined() && isException(value)) exception = Ref::of(value);
    else exception = value.defined() && !value.isNone() ? TRY(callArgs_py(t, type, value)) : TRY(call_py(t, type, nullptr, 0));
    if (!isException(exception.get())) {
      (void)raiseTypeError(t, "calling %s should have returned an instance of BaseException, not %s", reprText_py(t, type).c_str(), typeNameOf(t, exception.get()));
      exception = takeException(t);
    }
  } else if (isException(type)) {
    if (value.defined() && !value.isNone()) return raiseTypeError(t, "instance exception may not have a separate value");
    exception = Ref::of(type);
  } else {
    return raiseTypeError(t, "exceptions must be classes or instances deriving from BaseException, not %s", typeNameOf(t, type));
  }
  if (traceback.defined() && isExact(traceback, TypeId::kTraceback)) {
    decref(exception.as<BaseException>()->traceback);
    exception.as<BaseException>()->traceback = share(traceback);
  }
  return exception;
}
Status warnThrowArguments_py(Thread& t, const Value* a) {
  if (a[1].isUndefined()) return kDone;
  return warn_py(t, errors(t).deprecation_warning, 1, "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead.");
}
static Ref throwMethod(Thread& t, const Value* a) {
  TRY(warnThrowArguments_py(t, a + 1));
  Ref exception = thrownException_py(t, a + 1);
  if (exception) return generatorThrow_py(t, a[0], exception.get(), true);
  // What cannot be thrown into the generator that this one waits for is raised where it waits. ref: _gen_throw.
  Generator* g = self(a[0]);
  Value inner = g->state == GeneratorState::kSuspended ? delegate(g) : Value();
  if (!inner.isHeap() || !hasLayout(inner, TypeId::kGenerator)) return Ref();
  exception = takeException(t);
  raiseThrown(t, g, exception.get());
  return raiseInside(t, a[0]);
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
  Ref r = generatorThrow_py(t, a[0], e.get(), true);
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
// warnings._warn_unawaited_coroutine tells where the coroutine was made, too. ref: _PyErr_WarnUnawaitedCoroutine.
static void warnUnawaited_py(Thread& t, Value v) {
  Ref warn = importAttr_py(t, "warnings", "_warn_unawaited_coroutine"), done;
  if (!warn) clearException(t);
  if (warn) done = callArgs_py(t, warn.get(), v);
  if (!warn && !warn_py(t, errors(t).runtime_warning, 1, "coroutine '%s' was never awaited", toUtf8(self(v)->qualname.as<Str>()).c_str()).failed) return;
  if (isPending(t)) writeUnraisable_py(t, "Exception ignored while finalizing coroutine ", v);
}
static Status finalize(Thread& t, Value v) {
  Generator* g = self(v);
  if (g->state == GeneratorState::kCreated && g->type->id == TypeId::kCoroutine) warnUnawaited_py(t, v);
  if (g->state != GeneratorState::kSuspended) return kDone;
  if (!close(t, &v)) writeUnraisable_py(t, "Exception ignored while closing generator ", v);
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
static Ref getOrigin(Thread&, Value v) { return self(v)->origin_or_hooks.defined() ? Ref::of(self(v)->origin_or_hooks) : Ref::none(); }
static const NativeDef kCoroutineMethods[] = {CLASS_GETITEM, {"send", "($self, value, /)", send, "Send a value into coroutine and run it to its next yield, or raise StopIteration."},
    {"throw", "($self, type, value=<unset>, traceback=<unset>, /)", throwMethod, "Raise an exception in coroutine and run it to its next yield, or raise StopIteration."},
    {"close", "($self, /)", close, "Raise GeneratorExit inside coroutine."}, {nullptr, nullptr, nullptr}};
static const NativeDef kMethods[] = {CLASS_GETITEM, {"send", "($self, value, /)", send}, {"throw", "($self, type, value=<unset>, traceback=<unset>, /)", throwMethod},
    {"close", "($self, /)", close}, {nullptr, nullptr, nullptr}};
static const GetSetDef kGeneratorGetSets[] = {{"__name__", getName, setName, "name of the generator"}, {"__qualname__", getQualname, setQualname, "qualified name of the generator"}, {"gi_frame", getFrame}, {"gi_running", getRunning},
    {"gi_suspended", getSuspended}, {"gi_code", getCode}, {"gi_yieldfrom", getDelegate}, {nullptr, nullptr}};
static const GetSetDef kCoroutineGetSets[] = {{"__name__", getName, setName, "name of the coroutine"}, {"__qualname__", getQualname, setQualname, "qualified name of the coroutine"}, {"cr_frame", getFrame}, {"cr_running", getRunning},
    {"cr_suspended", getSuspended}, {"cr_code", getCode}, {"cr_await", getDelegate}, {"cr_origin", getOrigin}, {nullptr, nullptr}};

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
      .flags = kTypeGc | kTypeWeakrefable | kTypeDisallowNew, .methods = kCoroutineMethods, .getsets = kCoroutineGetSets});
  type->layout = TypeId::kGenerator;
  setSlots(type);
  type->slots.await = wrapCoroutine;
  type->slots.next = next;
}

// An unfinished async generator is closed by whoever set the finalizer hook, without one here. ref: _PyGen_Finalize.
static Status finalizeAsync(Thread& t, Value v) {
  Generator* g = self(v);
  if (g->state == GeneratorState::kFinished) return kDone;
  Ref hook = g->ag_closed || g->state != GeneratorState::kSuspended ? Ref() : Ref::of(g->origin_or_hooks);
  if (!hook) return finalize(t, v);
  Ref done = callArgs_py(t, hook.get(), v);
  if (!done) return kRaised;
  return kDone;
}
static Ref getAsyncRunning(Thread&, Value v) { return Ref::boolean(self(v)->ag_running); }
static const GetSetDef kAsyncGetSets[] = {{"__name__", getName, setName, "name of the async generator"}, {"__qualname__", getQualname, setQualname, "qualified name of the async generator"}, {"ag_frame", getFrame}, {"ag_running", getAsyncRunning},
    {"ag_suspended", getSuspended}, {"ag_code", getCode}, {"ag_await", getDelegate}, {nullptr, nullptr}};
void initAsyncGeneratorType(Isolate& isolate) {
  Type* type = isolate.types.async_generator = makeType(isolate, {.name = "async_generator", .id = TypeId::kAsyncGenerator, .size = sizeof(Generator),
      .flags = kTypeGc | kTypeWeakrefable | kTypeDisallowNew, .methods = kAsyncMethods, .getsets = kAsyncGetSets});
  type->layout = TypeId::kGenerator;
  setSlots(type);
  type->slots.finalize = finalizeAsync;
  type->slots.aiter = iterSelf;
  type->slots.anext = asyncNext;
}
// --- where coroutines are made. ref: sys.set_coroutine_origin_tracking_depth, compute_cr_origin.
int64_t coroutine_origin_depth = 0;
Ref coroutineOrigin(Thread& t) {
  Ref places = newList(t);
  for (Frame* f = t.frame; f != nullptr && places.as<List>()->size < coroutine_origin_depth; f = f->back) {
    Ref line = newInt(t, lineOf(f->code, f->pc));
    listAppendSteal(places.as<List>(), tupleOf(t, {f->code->filename, line.get(), f->code->name}).release());
  }
  return tupleFrom(t, places.as<List>()->items, places.as<List>()->size);
}

// After the types of types.def are ready.
void makeAsyncTypes(Isolate& isolate) {
  makeWrapperType(isolate);
  makeAsyncStepTypes(isolate);
}

}  // namespace krait::object
