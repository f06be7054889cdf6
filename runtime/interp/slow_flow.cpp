// Exceptions, with, iteration protocol and intrinsics.
#include "runtime/interp/slow.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/exception.h"
#include "runtime/object/gc.h"
#include "runtime/object/import.h"
#include "runtime/object/str.h"

namespace krait::object {
Ref exceptionGroupSplit_py(Thread& t, Value group, Value condition);
Ref exceptionGroupProject_py(Thread& t, Value group, List* parts);
Ref wrapAsyncValue(Thread& t, Value v);
}

namespace krait::interp {

// --- raise. ref: do_raise.
static Ref makeException(Thread& t, Value v, bool is_cause) {
  if (isType(v) && isSubtype(v.as<Type>(), errors(t).base_exception)) {
    Ref e = TRY(call_py(t, v, nullptr, 0));
    if (isException(e.get())) return e;
    return raiseTypeError(t, "calling %s should have returned an instance of BaseException, not %s", reprText_py(t, v).c_str(), typeNameOf(t, e.get()));
  }
  if (isException(v)) return Ref::of(v);
  return raiseTypeError(t, is_cause ? "exception causes must derive from BaseException" : "exceptions must derive from BaseException");
}

bool RaiseSlow(Thread& t, Frame* f, const Instruction* pc) {
  if (pc->c == 0) {
    Value handled = handledException(t);
    if (handled.isUndefined() || handled.isNone()) (void)raiseRuntimeError(t, "No active exception to reraise");
    else restoreException(t, Ref::of(handled));
    return false;
  }
  Ref e = makeException(t, reg(f, pc->a), false);
  if (!e) return false;
  if (pc->c == 2) {
    Value cause_value = reg(f, pc->b);
    Ref cause = cause_value.isNone() ? Ref() : makeException(t, cause_value, true);
    if (!cause && isPending(t)) return false;
    setCause(e.as<BaseException>(), cause.get());
  }
  (void)raiseException(t, e.get());
  return false;
}
bool ReraiseSlow(Thread& t, Frame* f, const Instruction* pc) {
  restoreException(t, Ref::steal(reg(f, pc->a)));
  reg(f, pc->a) = Value();
  return false;
}
bool PushHandledSlow(Thread& t, Frame* f, const Instruction* pc) {
  Value old = reg(f, pc->a);
  reg(f, pc->a) = t.handled->value.defined() ? t.handled->value : Value::none();
  t.handled->value = share(reg(f, pc->b));
  decref(old);
  return true;
}
bool PopHandledSlow(Thread& t, Frame* f, const Instruction* pc) {
  Value old = t.handled->value;
  Value saved = reg(f, pc->a);
  t.handled->value = saved.isNone() ? Value() : saved;
  reg(f, pc->a) = Value();
  decref(old);
  return true;
}

static Fallible<bool> matchesClass(Thread& t, Value e, Value cls) {
  if (isType(cls)) {
    if (!isSubtype(cls.as<Type>(), errors(t).base_exception)) return raiseTypeError(t, "catching classes that do not inherit from BaseException is not allowed");
    return isSubtype(typeOfHeap(e), cls.as<Type>());
  }
  if (!isTuple(cls)) return raiseTypeError(t, "catching classes that do not inherit from BaseException is not allowed");
  TRY(checkRecursion(t, ""));
  Tuple* classes = cls.as<Tuple>();
  bool any = false;
  for (int64_t i = 0; i < classes->size; ++i) {
    if (TRY(matchesClass(t, e, classes->items()[i]))) any = true;
  }
  return any;
}
bool CheckMatchSlow(Thread& t, Frame* f, const Instruction* pc) {
  Fallible<bool> r = matchesClass(t, reg(f, pc->b), reg(f, pc->c));
  return finish(f, pc, r.failed ? Ref() : Ref::boolean(r.value));
}

// ref: _PyEval_ExceptionGroupMatch.
static bool groupMatch(Thread& t, Frame* f, Value e, Value cls, Ref& match, Ref& rest) {
  Tuple* classes = isTuple(cls) ? cls.as<Tuple>() : nullptr;
  for (int64_t i = 0; i < (classes != nullptr ? classes->size : 1); ++i) {
    Value one = classes != nullptr ? classes->items()[i] : cls;
    if (isType(one) && isSubtype(one.as<Type>(), errors(t).base_exception_group)) {
      (void)raiseTypeError(t, "catching ExceptionGroup with except* is not allowed. Use except instead.");
      return false;
    }
  }
  Fallible<bool> whole = matchesClass(t, e, cls);
  if (whole.failed) return false;
  match = Ref::none();
  rest = Ref::of(e);
  if (whole.value) {
    if (isInstanceOf(t, e, errors(t).base_exception_group)) {
      match = Ref::of(e);
    } else {
      Ref list = tupleOf(t, {e});
      Value args[2] = {t.isolate->empty_str, list.get()};
      match = call_py(t, errors(t).base_exception_group, args, 2);
      if (!match) return false;
      addTraceback(t, match.as<BaseException>(), f);  // the group was made here
    }
    rest = Ref::none();
  } else if (isInstanceOf(t, e, errors(t).base_exception_group)) {
    Ref parts = exceptionGroupSplit_py(t, e, cls);
    if (!parts) return false;
    match = Ref::of(parts.as<Tuple>()->items()[0]);
    rest = Ref::of(parts.as<Tuple>()->items()[1]);
  }
  return true;
}
bool CheckGroupMatchSlow(Thread& t, Frame* f, const Instruction* pc) {
  Ref match, rest;
  if (reg(f, pc->b).isNone()) {
    match = Ref::none();
    rest = Ref::none();
  } else if (!groupMatch(t, f, reg(f, pc->b), reg(f, pc->c), match, rest)) {
    return false;
  }
  freeReg(f, pc->b);
  reg(f, pc->b) = rest.release();
  freeOperands(f, pc);
  Value old = reg(f, pc->a);
  reg(f, pc->a) = match.release();
  decref(old);
  return true;
}

// What is left of a group after except* handlers: exceptions raised in them and the unmatched rest (list a, original b).
static Ref prepareReraise(Thread& t, Value original, Value list_value) {
  List* list = list_value.as<List>();
  Ref kept = newList(t);
  for (int64_t i = 0; i < list->size; ++i) {
    if (!list->items[i].isNone()) listAppend(kept.as<List>(), list->items[i]);
  }
  List* items = kept.as<List>();
  if (items->size == 0) return Ref::none();
  if (!isInstanceOf(t, original, errors(t).base_exception_group)) return Ref::of(items->items[0]);
  // Parts of the original (same traceback and metadata) go back together; what was newly raised stays by itself.
  Ref raised = newList(t), same = newList(t);
  for (int64_t i = 0; i < items->size; ++i) {
    BaseException* e = items->items[i].as<BaseException>();
    bool part = isInstanceOf(t, items->items[i], errors(t).base_exception_group) && e->traceback == original.as<BaseException>()->traceback &&
                e->cause == original.as<BaseException>()->cause && e->context == original.as<BaseException>()->context;
    listAppend(part ? same.as<List>() : raised.as<List>(), items->items[i]);
  }
  Ref reraised;
  if (same.as<List>()->size == 1 && raised.as<List>()->size == 0) return Ref::of(same.as<List>()->items[0]);
  if (same.as<List>()->size > 0) {
    reraised = TRY(exceptionGroupProject_py(t, original, same.as<List>()));
    listAppend(raised.as<List>(), reraised.get());
  }
  if (raised.as<List>()->size == 1 && !reraised) return Ref::of(raised.as<List>()->items[0]);
  if (raised.as<List>()->size == 1) return Ref::of(raised.as<List>()->items[0]);
  Value args[2] = {t.isolate->empty_str, raised.get()};
  return call_py(t, errors(t).base_exception_group, args, 2);
}

// b: 0 AssertionError, 1 NotImplementedError (an unknown format in __annotate__).
bool LoadAssertionErrorSlow(Thread& t, Frame* f, const Instruction* pc) {
  return finish(f, pc, Ref::of(pc->b == 1 ? errors(t).not_implemented_error : errors(t).assertion_error));
}
bool CleanupThrowSlow(Thread& t, Frame* f, const Instruction* pc) {
  Value e = reg(f, pc->a);
  if (!isInstanceOf(t, e, errors(t).stop_iteration)) return ReraiseSlow(t, f, pc);
  Value v = e.as<BaseException>()->extra[kStopValue];
  Ref value = v.defined() ? Ref::of(v) : Ref::none();
  freeReg(f, pc->a);
  reg(f, pc->a) = value.release();
  return true;
}

// --- with
static Ref specialOf(Thread& t, Value v, Str* name, bool& missing) {
  Ref r = findSpecial_py(t, v, name);
  missing = !r && !isPending(t);
  return r;
}
CallOutcome enterContext(Thread& t, Frame* f, const Instruction* pc) {
  bool async = pc->c != 0, missing = false;
  Value manager = reg(f, pc->b);
  const Names& n = t.names();
  Ref exit = specialOf(t, manager, async ? n.d_aexit : n.d_exit, missing), enter;
  Value found = exit ? typeLookup(typeOf(t, manager), async ? n.d_aenter : n.d_enter) : Value();
  bool is_method = found.isHeap() && typeOfHeap(found)->has(kTypeMethodDescriptor);
  if (exit) enter = is_method ? Ref::of(found) : specialOf(t, manager, async ? n.d_aenter : n.d_enter, missing);
  if (missing) {
    const char* protocol = async ? "asynchronous context manager" : "context manager";
    bool other = typeLookup(typeOf(t, manager), async ? n.d_enter : n.d_aenter).defined() && typeLookup(typeOf(t, manager), async ? n.d_exit : n.d_aexit).defined();
    std::string hint = !other ? "" : async ? " but it supports the context manager protocol. Did you mean to use 'with'?"
                                           : " but it supports the asynchronous context manager protocol. Did you mean to use 'async with'?";
    const char* which = !exit ? (async ? "__aexit__" : "__exit__") : async ? "__aenter__" : "__enter__";
    (void)raiseTypeError(t, "'%s' object does not support the %s protocol (missed %s method)%s", typeNameOf(t, manager), protocol, which, hint.c_str());
    return CallOutcome::kRaised;
  }
  if (!enter || !exit) return CallOutcome::kRaised;
  uint16_t exit_place = static_cast<uint16_t>(pc->a - 1);
  freeReg(f, exit_place);
  reg(f, exit_place) = exit.release();
  if (is_method && isExact(enter.get(), TypeId::kFunction)) {
    if (pc->flags & bytecode::kFreeB) reg(f, pc->b) = Value();
    else incref(manager);
    return enterWith(t, enter.as<Function>(), &manager, 1);
  }
  return finish(f, pc, call_py(t, enter.get(), &manager, is_method ? 1 : 0)) ? CallOutcome::kDone : CallOutcome::kRaised;
}
bool WithExitSlow(Thread& t, Frame* f, const Instruction* pc) {
  Value e = reg(f, pc->c);
  Value args[3] = {Value::none(), Value::none(), Value::none()};
  if (isException(e)) {
    Value tb = e.as<BaseException>()->traceback;
    args[0] = typeOfHeap(e);
    args[1] = e;
    args[2] = tb.defined() ? tb : Value::none();
  }
  Value exit = reg(f, pc->b);
  return finish(f, pc, call_py(t, exit, args, 3));
}
CallOutcome exitWith(Thread& t, Frame* f, const Instruction* pc) {
  Value exit = reg(f, pc->b), e = reg(f, pc->c);
  if (!isExact(exit, TypeId::kMethod) || !isExact(exit.as<Method>()->function, TypeId::kFunction) || isException(e)) {
    return WithExitSlow(t, f, pc) ? CallOutcome::kDone : CallOutcome::kRaised;
  }
  Value args[4] = {share(exit.as<Method>()->self), Value::none(), Value::none(), Value::none()};
  Ref function = Ref::of(exit.as<Method>()->function);
  freeOperands(f, pc);
  return enterWith(t, function.as<Function>(), args, 4);
}

// --- iteration
bool GetIterSlow(Thread& t, Frame* f, const Instruction* pc) { return finish(f, pc, iter_py(t, reg(f, pc->b))); }
bool GetYieldFromIterSlow(Thread& t, Frame* f, const Instruction* pc) {
  Value v = reg(f, pc->b);
  if (isExact(v, TypeId::kCoroutine)) {
    if (!(f->code->flags & (kCodeCoroutine | kCodeIterableCoroutine))) {
      (void)raiseTypeError(t, "cannot 'yield from' a coroutine object in a non-coroutine generator");
      return false;
    }
    return finish(f, pc, Ref::of(v));
  }
  if (isExact(v, TypeId::kGenerator)) return finish(f, pc, Ref::of(v));
  return finish(f, pc, iter_py(t, v));
}
static Ref awaitable(Thread& t, Value v) {
  if (isExact(v, TypeId::kCoroutine)) {
    if (delegateOf(v.as<Generator>()).defined() && v.as<Generator>()->state == GeneratorState::kSuspended) return raiseRuntimeError(t, "coroutine is being awaited already");
    return Ref::of(v);
  }
  if (isExact(v, TypeId::kGenerator) && (v.as<Generator>()->frame.code->flags & kCodeIterableCoroutine)) return Ref::of(v);
  auto slot = typeOf(t, v)->slots.await;
  if (slot == nullptr) return raiseTypeError(t, "'%s' object can't be awaited", typeNameOf(t, v));
  Ref r = TRY(slot(t, v));
  if (isExact(r.get(), TypeId::kCoroutine)) return raiseTypeError(t, "__await__() returned a coroutine");
  if (typeOf(t, r.get())->slots.next == nullptr) return raiseTypeError(t, "__await__() returned non-iterator of type '%s'", typeNameOf(t, r.get()));
  return r;
}
bool GetAwaitableSlow(Thread& t, Frame* f, const Instruction* pc) {
  Value v = reg(f, pc->b);
  if (pc->c != 0 && typeOf(t, v)->slots.await == nullptr && !isExact(v, TypeId::kCoroutine) && !isExact(v, TypeId::kGenerator)) {
    (void)raiseTypeError(t, "'async with' received an object from %s that does not implement __await__: %s", pc->c == 1 ? "__aenter__" : "__aexit__", typeNameOf(t, v));
    return false;
  }
  return finish(f, pc, awaitable(t, v));
}
bool GetAIterSlow(Thread& t, Frame* f, const Instruction* pc) {
  Value v = reg(f, pc->b);
  auto slot = typeOf(t, v)->slots.aiter;
  if (slot == nullptr) {
    (void)raiseTypeError(t, "'async for' requires an object with __aiter__ method, got %s", typeNameOf(t, v));
    return false;
  }
  Ref r = slot(t, v);
  if (r && typeOf(t, r.get())->slots.anext == nullptr) {
    (void)raiseTypeError(t, "'async for' received an object from __aiter__ that does not implement __anext__: %s", typeNameOf(t, r.get()));
    return false;
  }
  return finish(f, pc, std::move(r));
}
bool GetANextSlow(Thread& t, Frame* f, const Instruction* pc) {
  Value v = reg(f, pc->b);
  auto slot = typeOf(t, v)->slots.anext;
  if (slot == nullptr) {
    (void)raiseTypeError(t, "'async for' requires an iterator with __anext__ method, got %s", typeNameOf(t, v));
    return false;
  }
  Ref r = slot(t, v);
  if (!r) return false;
  Ref a = awaitable(t, r.get());
  if (!a) {  // whatever it was
    Ref cause = takeException(t);
    (void)raiseTypeError(t, "'async for' received an invalid object from __anext__: %s", typeNameOf(t, r.get()));
    setCause(t.pending.as<BaseException>(), cause.get());
  }
  return finish(f, pc, std::move(a));
}
bool EndAsyncForSlow(Thread& t, Frame* f, const Instruction* pc) {
  if (!isInstanceOf(t, reg(f, pc->a), errors(t).stop_async_iteration)) return ReraiseSlow(t, f, pc);
  freeReg(f, pc->a);
  return true;
}

bool AsyncGenWrapSlow(Thread& t, Frame* f, const Instruction* pc) {
  Ref wrapped = wrapAsyncValue(t, reg(f, pc->a));
  freeReg(f, pc->a);
  reg(f, pc->a) = wrapped.release();
  return true;
}

// --- intrinsics
using bytecode::Intrinsic;

static Ref typingCall(Thread& t, const char* function, const Value* args, uint32_t n) {
  Ref callee = TRY(importAttr_py(t, "_typing", function));
  return call_py(t, callee.get(), args, n);
}
static Ref intrinsic1(Thread& t, Frame* f, Intrinsic which, Value v) {
  switch (which) {
    case Intrinsic::kPrint: {
      Ref hook = Ref::of(dictGetStr(t.isolate->sys, t.names().displayhook));
      if (!hook) return raiseRuntimeError(t, "lost sys.displayhook");
      return call_py(t, hook.get(), &v, 1);
    }
    case Intrinsic::kTypeVar: return typingCall(t, "_typevar", &v, 1);
    case Intrinsic::kParamSpec: return typingCall(t, "_paramspec", &v, 1);
    case Intrinsic::kTypeVarTuple: return typingCall(t, "_typevartuple", &v, 1);
    case Intrinsic::kSubscriptGeneric: return typingCall(t, "_subscript_generic", &v, 1);
    case Intrinsic::kTypeAlias: return typingCall(t, "_make_alias", v.as<Tuple>()->items(), static_cast<uint32_t>(v.as<Tuple>()->size));
    case Intrinsic::kTemplate: case Intrinsic::kInterpolation: {
      Ref callee = TRY(importAttr_py(t, "_string_templatelib", which == Intrinsic::kTemplate ? "Template" : "Interpolation"));
      Tuple* parts = v.as<Tuple>();
      return call_py(t, callee.get(), parts->items(), static_cast<uint32_t>(parts->size));
    }
    case Intrinsic::kSetupAnnotations: {
      Value ns = f->locals.defined() ? f->locals : Value(f->globals);
      Ref found = getItem_py(t, ns, t.names().d_annotations);
      if (found) return Ref::none();
      if (!pendingMatches(t, errors(t).key_error)) return Ref();
      clearException(t);
      Ref dict = newDict(t);
      TRY(setItem_py(t, ns, t.names().d_annotations, dict.get()));
      return Ref::none();
    }
    default: return raise(t, errors(t).system_error, "unknown intrinsic %d", static_cast<int>(which));
  }
}
bool IntrinsicSlow(Thread& t, Frame* f, const Instruction* pc) {
  return finish(f, pc, intrinsic1(t, f, static_cast<Intrinsic>(pc->c), reg(f, pc->b)));
}
bool Intrinsic2Slow(Thread& t, Frame* f, const Instruction* pc) {
  Value x = reg(f, pc->b), y = reg(f, static_cast<uint16_t>(pc->b + 1));
  Value args[2] = {x, y};
  Ref r;
  switch (static_cast<Intrinsic>(pc->c)) {
    case Intrinsic::kPrepareReraiseStar: r = prepareReraise(t, x, y); break;
    case Intrinsic::kTypeVarWithBound: r = typingCall(t, "_typevar_with_bound", args, 2); break;
    case Intrinsic::kTypeVarWithConstraints: r = typingCall(t, "_typevar_with_constraints", args, 2); break;
    case Intrinsic::kSetDefault: r = typingCall(t, "_set_typeparam_default", args, 2); break;
    default: (void)raise(t, errors(t).system_error, "unknown intrinsic %d", pc->c);
  }
  if (!r) return false;
  freeReg(f, pc->b);
  freeReg(f, static_cast<uint16_t>(pc->b + 1));
  return finish(f, pc, std::move(r));
}

}  // namespace krait::interp
