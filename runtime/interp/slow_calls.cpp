// Calls that the hot block does not do itself: bound methods, classes, natives, keywords, * and **.
#include <cstring>

#include "runtime/interp/slow.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/instance.h"
#include "runtime/object/native.h"
#include "runtime/object/str.h"

namespace krait::interp {

// Releases `n` owned values and empties their registers.
static void dropAll(Value* regs, uint32_t n) {
  for (uint32_t i = 0; i < n; ++i) {
    Value old = regs[i];
    regs[i] = Value();
    decref(old);
  }
}

// A frame in a generator has no stack above its window: the callee's frame goes to the thread's stack.
static Value* relocate(Thread& t, Frame* f, Value* window, uint32_t count) {
  Value* top = f->stack_top;
  std::memcpy(static_cast<void*>(top), static_cast<void*>(window), (kFrameWords + count) * sizeof(Value));
  for (uint32_t i = 0; i < kFrameWords + count; ++i) window[i] = Value();
  return top;
}

static CallOutcome enterAt(Thread& t, Value* window, uint32_t nargs, Tuple* keywords, uint32_t flags, Value extra) {
  uint32_t count = nargs + (keywords != nullptr ? static_cast<uint32_t>(keywords->size) : 0);
  Function* function = window[0].as<Function>();
  Code* code = function->code;
  Value* args = window + kFrameWords;
  uint32_t params = code->arg_count + code->keyword_only + ((code->flags & kCodeVarargs) != 0) + ((code->flags & kCodeVarkeywords) != 0);
  bool room = args + count + params + code->register_count + 64 < t.stack_end;
  if (!room) (void)raiseTooManyFrames(t);
  if (!room || !bindParameters(t, function, args, nargs, keywords)) {
    if (!room) dropAll(args, count);
    dropAll(window, 1);
    decref(extra);
    return CallOutcome::kRaised;
  }
  Frame* callee = reinterpret_cast<Frame*>(window);
  if (!initFrame(t, callee, function, params)) {
    dropAll(args, params);
    dropAll(window, 1);
    decref(extra);
    return CallOutcome::kRaised;
  }
  callee->flags = flags;
  callee->extra = extra;
  t.frame = callee;
  return CallOutcome::kEntered;
}

static CallOutcome enterFunction(Thread& t, Frame* f, Value* window, uint32_t nargs, Tuple* keywords, uint32_t flags, Value extra) {
  uint32_t count = nargs + (keywords != nullptr ? static_cast<uint32_t>(keywords->size) : 0);
  if (f->flags & kFrameGenerator) window = relocate(t, f, window, count);
  return enterAt(t, window, nargs, keywords, flags, extra);
}
CallOutcome enterWith(Thread& t, Function* function, const Value* arguments, uint32_t count) {
  Value* window = stackTop(t);
  if (window + kFrameWords + 64 > t.stack_end) {
    for (uint32_t i = 0; i < count; ++i) decref(arguments[i]);
    (void)raiseTooManyFrames(t);
    return CallOutcome::kRaised;
  }
  window[0] = share(Value(function));
  for (uint32_t i = 0; i < count; ++i) window[kFrameWords + i] = arguments[i];
  return enterAt(t, window, count, nullptr, 0, Value());
}

static void shiftArguments(Value* args, uint32_t count, Value first) {
  std::memmove(static_cast<void*>(args + 1), static_cast<void*>(args), count * sizeof(Value));
  args[0] = first;
}

// A class whose instances are made by object.__new__ and set up by a Python __init__ needs no C++ frame.
static bool isPlainClass(Thread& t, Type* type, Function*& init) {
  if (typeOfHeap(type) != t.types().type || !type->has(kTypeHeap) || type->has(kTypeAbstract)) return false;
  if (type->slots.make != t.types().object->slots.make) return false;
  if (type->init_version == 0 || type->init_version != type->version) {
    Value found = typeLookup(type, t.names().d_init);
    if (!isExact(found, TypeId::kFunction)) return false;
    type->init_function = found;
    type->init_version = typeVersion(type);
  }
  init = type->init_function.as<Function>();
  return (init->code->flags & (kCodeGenerator | kCodeCoroutine | kCodeAsyncGenerator)) == 0;
}

static CallOutcome storeResult(Frame* f, const Instruction* pc, Ref r) {
  if (!r) return CallOutcome::kRaised;
  Value old = reg(f, pc->a);
  reg(f, pc->a) = r.release();
  decref(old);
  return CallOutcome::kDone;
}

// A native function or method whose arguments are all given in place: called with the window's registers as they are.
// Empty without exception when it is not that.
static inline __attribute__((always_inline)) bool callNativeInPlace(Thread& t, NativeFunction* fn, const Value* args, uint32_t nargs, Ref& result) {
  const NativeSignature* s = fn->signature;
  if (s == nullptr || !s->only_positional || nargs > s->total || nargs < s->required) return false;
  bool is_method = fn->owner != nullptr;
  if (is_method ? nargs == 0 || (typeOf(t, args[0]) != fn->owner && !isSubtype(typeOf(t, args[0]), fn->owner)) : s->kind == NativeKind::kMethod || s->kind == NativeKind::kClassMethod) return false;
  if (nargs == s->total) {
    result = fn->def->fn(t, args);
    return true;
  }
  object::NativeArguments bound;
  uint32_t i = 0;
  for (; i < nargs; ++i) bound.values[i] = args[i];
  for (; i < s->total; ++i) bound.values[i] = s->parameters[i].default_value;
  result = fn->def->fn(t, bound.values);
  return true;
}
static inline __attribute__((always_inline)) CallOutcome finishCall(Thread& t, Frame* f, const Instruction* pc, Value* window, uint32_t count, Ref r) {
  Value* args = window + kFrameWords;
  dropAll(args, count);
  dropAll(window, 1);
  // Signals and other threads are attended to after native calls as after each round of a loop.
  if (__builtin_expect(__atomic_load_n(&t.eval_breaker, __ATOMIC_RELAXED) != 0, 0) && r && !handleBreaker_py(t)) r = Ref();
  return storeResult(f, pc, std::move(r));
}

CallOutcome callWindow(Thread& t, Frame* f, const Instruction* pc, uint16_t w, uint32_t nargs, Tuple* keywords) {
  Value* window = f->registers() + w;
  Value* args = window + kFrameWords;
  if (keywords == nullptr && window[0].isHeap()) {
    TypeId id = window[0].object()->type->id;
    Ref result;
    bool is_native = id == TypeId::kNativeFunction || id == TypeId::kNativeDescriptor;
    if (is_native && callNativeInPlace(t, window[0].as<NativeFunction>(), args, nargs, result)) {
      return finishCall(t, f, pc, window, nargs, std::move(result));
    }
  }
  uint32_t count = nargs + (keywords != nullptr ? static_cast<uint32_t>(keywords->size) : 0);
  Value callee = window[0];
  if (isExact(callee, TypeId::kMethod)) {
    Method* m = callee.as<Method>();
    shiftArguments(args, count, share(m->self));
    window[0] = share(m->function);
    decref(callee);
    ++nargs;
    ++count;
    callee = window[0];
  }
  if (isExact(callee, TypeId::kFunction)) return enterFunction(t, f, window, nargs, keywords, 0, Value());
  if (callee == Value(t.types().type) && nargs == 1 && keywords == nullptr) return finishCall(t, f, pc, window, 1, Ref::of(typeOf(t, args[0])));
  Function* init = nullptr;
  if (isType(callee) && isPlainClass(t, callee.as<Type>(), init)) {
    Ref instance = newInstance(t, callee.as<Type>());
    shiftArguments(args, count, share(instance.get()));
    window[0] = share(Value(init));
    decref(callee);
    return enterFunction(t, f, window, nargs + 1, keywords, kFrameInit, instance.release());
  }
  return finishCall(t, f, pc, window, count, call_py(t, callee, args, nargs, keywords));
}

CallOutcome callMethodWindow(Thread& t, Frame* f, const Instruction* pc) {
  Value* window = f->registers() + pc->b;
  if (window[kFrameWords].defined()) return callWindow(t, f, pc, pc->b, pc->c + 1u, nullptr);
  window[1] = window[0];
  window[0] = Value();
  return callWindow(t, f, pc, static_cast<uint16_t>(pc->b + 1), pc->c, nullptr);
}

CallOutcome callKeywords(Thread& t, Frame* f, const Instruction* pc, bool is_method) {
  Value* window = f->registers() + pc->b;
  Ref keywords = Ref::steal(window[1]);
  window[1] = Value();
  uint32_t named = static_cast<uint32_t>(keywords.as<Tuple>()->size);
  uint32_t nargs = pc->c - named;
  if (!is_method) return callWindow(t, f, pc, pc->b, nargs, keywords.as<Tuple>());
  if (window[kFrameWords].defined()) return callWindow(t, f, pc, pc->b, nargs + 1, keywords.as<Tuple>());
  window[1] = window[0];
  window[0] = Value();
  return callWindow(t, f, pc, static_cast<uint16_t>(pc->b + 1), nargs, keywords.as<Tuple>());
}

// A Python function, or a method that is one, is entered; everything else is called.
CallOutcome callExpanded(Thread& t, Frame* f, const Instruction* pc) {
  Value* window = f->registers() + pc->b;
  Value* from = window + kFrameWords;
  Value callee = window[0];
  Value self = isExact(callee, TypeId::kMethod) ? callee.as<Method>()->self : Value();
  Value function = self.defined() ? callee.as<Method>()->function : callee;
  Dict* named = pc->c ? from[1].as<Dict>() : nullptr;
  bool is_plain = isExact(function, TypeId::kFunction) && isExact(from[0], TypeId::kTuple) && (named == nullptr || named->only_str);
  int64_t positional = is_plain ? from[0].as<Tuple>()->size + self.defined() : 0, named_count = is_plain && named != nullptr ? named->used : 0;
  Value* to = f->flags & kFrameGenerator ? f->stack_top : window;
  if (!is_plain || to + kFrameWords + positional + named_count + 64 >= t.stack_end) return CallExSlow(t, f, pc) ? CallOutcome::kDone : CallOutcome::kRaised;
  Ref held_callee = Ref::steal(callee), arguments = Ref::steal(from[0]), keywords = Ref::steal(named != nullptr ? from[1] : Value());
  window[0] = from[0] = Value();
  if (named != nullptr) from[1] = Value();
  to[0] = share(function);
  Value* out = to + kFrameWords;
  if (self.defined()) *out++ = share(self);
  for (int64_t i = 0; i < arguments.as<Tuple>()->size; ++i) *out++ = share(arguments.as<Tuple>()->items()[i]);
  Ref names;
  if (named_count > 0) {
    names = newTuple(t, named_count);
    Value key, value;
    for (int64_t at = 0, n = 0; dictNext(named, at, key, value); ++n) {
      names.as<Tuple>()->items()[n] = share(key);
      *out++ = share(value);
    }
  }
  return enterAt(t, to, static_cast<uint32_t>(positional), names ? names.as<Tuple>() : nullptr, 0, Value());
}
bool CallExSlow(Thread& t, Frame* f, const Instruction* pc) {
  Value* window = f->registers() + pc->b;
  Value* args = window + kFrameWords;
  Ref tuple = Ref::of(args[0]);
  if (!isExact(tuple.get(), TypeId::kTuple)) {
    Type* type = typeOf(t, args[0]);
    if (type->slots.iter == nullptr && type->slots.get_item == nullptr) {
      (void)raiseTypeError(t, "%s argument after * must be an iterable, not %s", calleeText(t, window[0]).c_str(), typeNameOf(t, args[0]));
      return false;
    }
    tuple = tupleFromIterable_py(t, args[0]);
  }
  if (!tuple) return false;
  Ref r = callTuple_py(t, window[0], tuple.as<Tuple>(), pc->c ? args[1].as<Dict>() : nullptr);
  if (!r) return false;
  dropAll(args, 1u + pc->c);
  dropAll(window, 1);
  return storeResult(f, pc, std::move(r)) == CallOutcome::kDone;
}

bool MakeFunctionSlow(Thread& t, Frame* f, const Instruction* pc) {
  Code* code = reg(f, pc->b).as<Code>();
  Ref r = newFunction(t, code, f->globals);
  Function* function = r.as<Function>();
  if (isExact(f->function, TypeId::kFunction)) function->builtins = share(f->function.as<Function>()->builtins);
  return finish(f, pc, std::move(r));
}

bool SetFunctionSlow(Thread&, Frame* f, const Instruction* pc) {
  Function* function = reg(f, pc->a).as<Function>();
  Value* fields[] = {&function->defaults, &function->kw_defaults, &function->annotations, &function->closure, &function->annotate, &function->type_params};
  Value& field = *fields[pc->c];
  Value old = field;
  field = share(reg(f, pc->b));
  decref(old);
  if (pc->flags & bytecode::kFreeB) freeReg(f, pc->b);
  return true;
}

}  // namespace krait::interp
