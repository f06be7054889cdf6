// The `sys` module: functions and values about the interpreter. Structures of numbers are in sys_info.cpp.
// ref: Python/sysmodule.c.
#include <unistd.h>

#include <cstdio>

#include "runtime/modules/audit.h"
#include "runtime/modules/io/standard_streams.h"
#include "runtime/modules/module_table.h"
#include "runtime/modules/python_config.h"
#include "runtime/modules/sys_info.h"
#include "runtime/modules/sys_trace.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/exception.h"
#include "runtime/object/frame.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/instance.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"
#include "runtime/object/str_methods.h"
#include "runtime/object/struct_sequence.h"
#include "runtime/object/float.h"
#include "runtime/object/lock.h"
#include "runtime/modules/compile_hook.h"

namespace krait::object {
extern int64_t coroutine_origin_depth;  // generator_type.cpp
Type* unraisableType(Thread& t);  // error.cpp
}  // namespace krait::object

namespace krait::modules {

// --- functions
static Ref excInfo(Thread& t, const Value*) {
  Value e = handledException(t);
  if (e.isUndefined() || e.isNone()) return tupleOf(t, {Value::none(), Value::none(), Value::none()});
  Value tb = e.as<BaseException>()->traceback;
  return tupleOf(t, {typeOfHeap(e), e, tb.defined() ? tb : Value::none()});
}
static Ref exceptionFn(Thread& t, const Value*) {
  Value e = handledException(t);
  return e.defined() ? Ref::of(e) : Ref::none();
}
// ref: PyErr_SetObject: a tuple is the arguments of the exception, and an exception of the class is raised itself.
static Ref exitFn(Thread& t, const Value* a) {
  if (isException(a[0]) && isSubtype(typeOfHeap(a[0]), errors(t).system_exit)) return raiseException(t, a[0]);
  bool is_several = isTuple(a[0]);
  Ref e = TRY(newException_py(t, errors(t).system_exit, is_several ? a[0].as<Tuple>()->items() : a, is_several ? static_cast<uint32_t>(a[0].as<Tuple>()->size) : a[0].isNone() ? 0 : 1));
  return raiseException(t, e.get());
}
static Ref getFrame(Thread& t, const Value* a) {
  int depth = TRY(toCInt_py(t, a[0]));
  Frame* f = t.frame;
  while (f != nullptr && depth-- > 0) f = f->back;
  if (f == nullptr) return raiseValueError(t, "call stack is not deep enough");
  if (audit_hooks != nullptr) TRY(audit_py(t, "sys._getframe", {frameObject(t, f)}));
  return Ref::of(frameObject(t, f));
}
static Ref getRecursionLimit(Thread& t, const Value*) { return newInt(t, t.recursion_limit); }
static Ref setRecursionLimit(Thread& t, const Value* a) {
  int limit = TRY(toCInt_py(t, a[0]));
  if (limit < 1) return raiseValueError(t, "recursion limit must be greater or equal than 1");
  if (limit <= t.depth) return raise(t, errors(t).recursion_error, "cannot set the recursion limit to %d at the recursion depth %d: the limit is too low", limit, t.depth);
  t.recursion_limit = limit;
  return Ref::none();
}
static Ref internFn(Thread& t, const Value* a) {
  if (!isStr(a[0])) return raiseTypeError(t, "intern() argument must be str, not %s", typeNameOf(t, a[0]));
  if (!isExactStr(a[0])) return raiseTypeError(t, "can't intern %s", typeNameOf(t, a[0]));
  return Ref::of(internStr(*t.isolate, a[0].as<Str>()));
}
static Ref getRefCount(Thread& t, const Value* a) { return newInt(t, a[0].isHeap() ? a[0].object()->refs : kImmortalRefs); }
// ref: sys_getsizeof.
static Ref getSizeOf(Thread& t, const Value* a) {
  Ref method = findSpecial_py(t, a[0], intern(*t.isolate, "__sizeof__"));
  Ref size = method ? call_py(t, method.get(), nullptr, 0) : isPending(t) ? Ref() : raiseTypeError(t, "Type %s doesn't define __sizeof__", typeNameOf(t, a[0]));
  Fallible<int64_t> bytes = size ? toInt64_py(t, size.get()) : Fallible<int64_t>(kRaised);
  if (bytes.failed) {
    if (a[1].isUndefined() || !pendingMatches(t, errors(t).type_error)) return Ref();
    clearException(t);
    return Ref::of(a[1]);
  }
  if (bytes.value < 0) return raiseValueError(t, "__sizeof__() should return >= 0");
  return newInt(t, bytes.value);
}
static Ref getDefaultEncoding(Thread& t, const Value*) { return newStr(t, "utf-8"); }
// Writes what the stream's encoding lacks in escapes. ref: sys_displayhook_unencodable.
static Status displayUnencodable_py(Thread& t, Value out, Value text) {
  Ref encoding = TRY(getAttrNamed_py(t, out, "encoding")), escaping = newStr(t, "backslashreplace");
  Ref encoded = TRY(encode_py(t, text, encoding.get(), escaping.get())), buffer = getAttrNamed_py(t, out, "buffer");
  if (buffer) {
    TRY(callMethod_py(t, out, t.names().flush));
    TRY(callMethod_py(t, buffer.get(), t.names().write, encoded.get()));
    return kDone;
  }
  if (!pendingMatches(t, errors(t).attribute_error)) return kRaised;
  clearException(t);
  Ref decoded = TRY(decode_py(t, encoded.get(), encoding.get(), Value()));
  TRY(callMethod_py(t, out, t.names().write, decoded.get()));
  return kDone;
}
static Ref displayHook(Thread& t, const Value* a) {
  if (a[0].isNone()) return Ref::none();
  dictSetStr(t.isolate->builtins, t.names().underscore, Value::none());
  Ref text = TRY(repr_py(t, a[0]));
  Ref out = Ref::of(dictGetStr(t.isolate->sys, t.names().stdout_));
  if (!out || out.get().isNone()) return raiseRuntimeError(t, "lost sys.stdout");
  Ref done = callMethod_py(t, out.get(), t.names().write, text.get());
  if (!done) {
    if (!pendingMatches(t, errors(t).unicode_encode_error)) return Ref();
    clearException(t);
    TRY(displayUnencodable_py(t, out.get(), text.get()));
  }
  Ref newline = newStr(t, "\n");
  done = TRY(callMethod_py(t, out.get(), t.names().write, newline.get()));
  dictSetStr(t.isolate->builtins, t.names().underscore, a[0]);
  return Ref::none();
}
// ref: write_unraisable_exc_file.
static Ref unraisableHook(Thread& t, const Value* a) {
  if (typeOf(t, a[0]) != unraisableType(t)) return raiseTypeError(t, "sys.unraisablehook argument type must be UnraisableHookArgs");
  const Tuple& fields = *a[0].as<Tuple>();
  Value type = fields[0], value = fields[1], traceback = fields[2], message = fields[3], object = fields[4];
  std::string text;
  if (!object.isNone()) {
    text = isStr(message) ? toUtf8(message.as<Str>()) + ": " : "Exception ignored in: ";
    if (isStr(message)) text = toUtf8(message.as<Str>()) + (toUtf8(message.as<Str>()).ends_with(" ") ? "" : ": ");
    text += reprText_py(t, object) + "\n";
  } else if (isStr(message)) {
    text = toUtf8(message.as<Str>()) + ":\n";
  }
  text += unraisableText_py(t, type, value, traceback);
  io::writeStderr_py(t, text);
  return Ref::none();
}
static Ref getDigits(Thread& t, const Value*) { return newInt(t, t.isolate->int_max_str_digits); }
static Ref setDigits(Thread& t, const Value* a) {
  int n = TRY(toCInt_py(t, a[0]));
  if (n != 0 && n < 640) return raiseValueError(t, "maxdigits must be >= 640 or 0 for unlimited");
  t.isolate->int_max_str_digits = n;
  return Ref::none();
}
static Ref exceptHook(Thread& t, const Value* a) {
  displayException_py(t, a[1], a[2]);
  return Ref::none();
}
static Ref getSwitchInterval(Thread&, const Value*) { return newFloat(switchInterval()); }
static Ref setSwitchIntervalFn(Thread& t, const Value* a) {
  double d = TRY(toDouble_py(t, a[0]));
  if (!(d > 0)) return raiseValueError(t, "switch interval must be strictly positive");
  setSwitchInterval(d);
  return Ref::none();
}
// The frames of all threads by identity.
static Ref currentFrames(Thread& t, const Value*) {
  TRY(audit_py(t, "sys._current_frames"));
  Ref out = newDict(t);
  for (Thread* other = &t.isolate->main_thread; other != nullptr; other = other->next) {
    if (other->frame == nullptr) continue;
    Ref key = newIntUnsigned(t, other->ident);
    TRY(dictSet_py(t, out.as<Dict>(), key.get(), frameObject(t, other->frame)));
  }
  return out;
}
static Ref currentExceptions(Thread& t, const Value*) {
  TRY(audit_py(t, "sys._current_exceptions"));
  Ref out = newDict(t);
  for (Thread* other = &t.isolate->main_thread; other != nullptr; other = other->next) {
    Ref key = newIntUnsigned(t, other->ident);
    Value e = handledException(*other);
    TRY(dictSet_py(t, out.as<Dict>(), key.get(), e.defined() ? e : Value::none()));
  }
  return out;
}
static Ref getOriginDepth(Thread& t, const Value*) { return newInt(t, coroutine_origin_depth); }
static Ref setOriginDepth(Thread& t, const Value* a) {
  int depth = TRY(toCInt_py(t, a[0]));
  if (depth < 0) return raiseValueError(t, "depth must be >= 0");
  coroutine_origin_depth = depth;
  return Ref::none();
}
static Ref zero(Thread&, const Value*) { return newIntSmall(0); }
static Ref nothing(Thread&, const Value*) { return Ref::none(); }
static Ref isTrueFn(Thread&, const Value*) { return Ref::boolean(true); }
static Ref isFalseFn(Thread&, const Value*) { return Ref::boolean(false); }
static Ref remoteExec(Thread& t, const Value*) { return raiseRuntimeError(t, "Remote debugging is not enabled"); }
static const NativeDef kJitFunctions[] = {{"is_available", "()", isFalseFn, "Return True if the current Python executable supports JIT compilation, and False otherwise."},
    {"is_enabled", "()", isFalseFn, "Return True if JIT compilation is enabled for the current Python process (implies sys._jit.is_available()), and False otherwise."},
    {"is_active", "()", isFalseFn, "Return True if the topmost Python frame is currently executing JIT code (implies sys._jit.is_enabled()), and False otherwise."},
    {nullptr, nullptr, nullptr}};
// The module sys._jit.
static void addJit(Thread& t, Module* sys) {
  Ref jit = newModule(t, "sys._jit"), name = newStr(t, "sys._jit");
  for (const NativeDef* f = kJitFunctions; f->name != nullptr; ++f) moduleSet(t, jit.as<Module>(), f->name, newNativeFunction(t, f, jit.get(), name.get()).get());
  moduleSet(t, sys, "_jit", jit.get());
}
static Ref isImmortal(Thread&, const Value* a) { return Ref::boolean(!a[0].isHeap() || a[0].object()->refs >= object::kImmortalRefs / 2); }
static Ref isInterned(Thread& t, const Value* a) {
  if (!isStr(a[0])) return raiseTypeError(t, "_is_interned() argument must be str, not %s", typeNameOf(t, a[0]));
  return Ref::boolean(a[0].as<Str>()->is_interned);
}
static Ref frameModuleName(Thread& t, const Value* a) {
  int depth = TRY(toCInt_py(t, a[0]));
  Frame* f = t.frame;
  while (f != nullptr && depth-- > 0) f = f->back;
  if (f == nullptr) return Ref::none();
  Value name = dictGetStr(f->globals, t.names().d_name);
  return name.defined() ? Ref::of(name) : Ref::none();
}
static Ref callTracing(Thread& t, const Value* a) {
  if (!isTuple(a[1])) return raiseTypeError(t, "call_tracing() argument 2 must be tuple, not %s", typeNameOf(t, a[1]));
  return callTuple_py(t, a[0], a[1].as<Tuple>(), nullptr);
}
// PYTHONBREAKPOINT, pdb.set_trace by default. ref: sys_breakpointhook.
static Ref breakpointHook(Thread& t, const Value* a) {
  const char* setting = python_config.ignore_environment ? nullptr : std::getenv("PYTHONBREAKPOINT");
  std::string target = setting == nullptr || *setting == 0 ? "pdb.set_trace" : setting;
  if (target == "0") return Ref::none();
  size_t dot = target.rfind('.');
  Ref module_name = newStr(t, dot == std::string::npos ? "builtins" : target.substr(0, dot));
  Ref from = tupleOf(t, {module_name.get()});
  Ref module = importModule_py(t, module_name.get(), Value::none(), Value::none(), from.get(), Value::fromInt(0));
  Ref hook = module ? getAttrNamed_py(t, module.get(), target.substr(dot == std::string::npos ? 0 : dot + 1).c_str()) : Ref();
  if (!hook) {
    clearException(t);
    TRY(warn_py(t, errors(t).runtime_warning, 1, "Ignoring unimportable $PYTHONBREAKPOINT: \"%s\"", target.c_str()));
    return Ref::none();
  }
  return callTuple_py(t, hook.get(), a[0].as<Tuple>(), a[1].as<Dict>());
}
static const StructSequenceDef kAsyncGenHooks = {"asyncgen_hooks", 2, 2, {"firstiter", "finalizer"}, "asyncgen_hooks"};
static Ref getAsyncGenHooks(Thread& t, const Value*) {
  static Type* type = makeStructSequence(*t.isolate, kAsyncGenHooks);
  Value values[2];
  int i = 0;
  for (Value v : {t.asyncgen_first, t.asyncgen_finalizer}) values[i++] = v.defined() ? share(v) : Value::none();
  return structSequenceSteal(t, type, values, 2);
}
static Ref setAsyncGenHooks(Thread& t, const Value* a) {
  Value* fields[2] = {&t.asyncgen_first, &t.asyncgen_finalizer};
  for (int i = 1; i >= 0; --i) {
    if (a[i].defined() && !a[i].isNone() && !isCallable(t, a[i])) return raiseTypeError(t, "callable %s expected, got %s", i == 0 ? "firstiter" : "finalizer", typeNameOf(t, a[i]));
  }
  for (int i = 0; i < 2; ++i) {
    if (a[i].isUndefined()) continue;
    Value old = *fields[i];
    *fields[i] = a[i].isNone() ? Value() : share(a[i]);
    decref(old);
  }
  return Ref::none();
}
static int dlopen_flags = 2;  // RTLD_NOW
static Ref getOpenFlags(Thread&, const Value*) { return newIntSmall(dlopen_flags); }
static Ref setOpenFlags(Thread& t, const Value* a) {
  int64_t flags = TRY(toInt64_py(t, a[0]));
  if (flags > INT32_MAX || flags < INT32_MIN) return raiseOverflowError(t, "Python int too large to convert to C int");
  dlopen_flags = static_cast<int>(flags);
  return Ref::none();
}
static Ref activateTrampoline(Thread& t, const Value* a) {
  if (!isStr(a[0])) return raiseTypeError(t, "activate_stack_trampoline() argument must be str, not %s", typeNameOf(t, a[0]));
  return raiseValueError(t, "perf trampoline not available");
}
// Removes the descriptors of __dict__ and __weakref__ from a class that is being replaced. ref: sys__clear_type_descriptors.
static Ref clearTypeDescriptors(Thread& t, const Value* a) {
  if (!isType(a[0])) return raiseTypeError(t, "_clear_type_descriptors() argument must be type, not %s", typeNameOf(t, a[0]));
  Type* type = a[0].as<Type>();
  if (!type->has(kTypeHeap)) return raiseTypeError(t, "argument is immutable");
  dictDeleteStr(type->dict, t.names().d_dict);
  dictDeleteStr(type->dict, t.names().d_weakref);
  typeModified(type);
  return Ref::none();
}
static Ref collect(Thread& t, const Value*) { return newInt(t, gcCollect_py(t, 2)); }
static const NativeDef kFunctions[] = {
    {"exc_info", "()", excInfo}, {"exception", "()", exceptionFn}, {"exit", "(status=None, /)", exitFn}, {"_getframe", "(depth=0, /)", getFrame},
    {"getrecursionlimit", "()", getRecursionLimit}, {"setrecursionlimit", "(limit, /)", setRecursionLimit}, {"intern", "(string, /)", internFn},
    {"getrefcount", "(object, /)", getRefCount}, {"getsizeof", "(object, default=<unset>)", getSizeOf}, {"getdefaultencoding", "()", getDefaultEncoding},
    {"getfilesystemencoding", "()", getDefaultEncoding},
    {"getfilesystemencodeerrors", "()", [](Thread& t, const Value*) -> Ref { return newStr(t, "surrogateescape"); }},
    {"is_finalizing", "()", [](Thread& t, const Value*) -> Ref { return Ref::boolean(t.isolate->finalizing); }},
    {"_get_cpu_count_config", "()", [](Thread& t, const Value*) -> Ref { return newInt(t, python_config.cpu_count > 0 ? python_config.cpu_count : -1); }},
    {"displayhook", "(object, /)", displayHook},
    {"unraisablehook", "(unraisable, /)", unraisableHook},
    {"excepthook", "(exctype, value, traceback, /)", exceptHook}, {"getswitchinterval", "()", getSwitchInterval}, {"setswitchinterval", "(interval, /)", setSwitchIntervalFn},
    {"_current_frames", "()", currentFrames}, {"_current_exceptions", "()", currentExceptions}, {"getallocatedblocks", "()", zero}, {"_debugmallocstats", "()", nothing},
    {"getunicodeinternedsize", "(*, _only_immortal=False)", [](Thread& t, const Value* a) -> Ref { return newInt(t, TRY(isTrue_py(t, a[0])) ? 0 : t.isolate->interned->used); }}, {"_is_gil_enabled", "()", isTrueFn}, {"remote_exec", "(pid, script)", remoteExec}, {"_is_interned", "(string, /)", isInterned}, {"_is_immortal", "(op, /)", isImmortal}, {"_clear_type_cache", "()", nothing}, {"get_asyncgen_hooks", "()", getAsyncGenHooks}, {"set_asyncgen_hooks", "(firstiter=<unset>, finalizer=<unset>)", setAsyncGenHooks}, {"_clear_type_descriptors", "(type, /)", clearTypeDescriptors},
    {"_clear_internal_caches", "()", nothing}, {"activate_stack_trampoline", "(backend, /)", activateTrampoline}, {"is_stack_trampoline_active", "()", isFalseFn}, {"deactivate_stack_trampoline", "()", nothing},
    {"getdlopenflags", "()", getOpenFlags}, {"setdlopenflags", "(flags, /)", setOpenFlags}, {"breakpointhook", "(*args, **kws)", breakpointHook},
    {"get_coroutine_origin_tracking_depth", "()", getOriginDepth}, {"set_coroutine_origin_tracking_depth", "(depth)", setOriginDepth}, {"_getframemodulename", "(depth=0)", frameModuleName},
    {"call_tracing", "(func, args, /)", callTracing}, {"is_remote_debug_enabled", "()", isFalseFn},
    {"get_int_max_str_digits", "()", getDigits}, {"set_int_max_str_digits", "(maxdigits)", setDigits}, {"_collect", "()", collect}, {nullptr, nullptr, nullptr}};

static Status init(Thread& t, Module* module) {
  Dict* dict = t.isolate->sys;
  TRY(dictMerge_py(t, dict, module->dict));
  Dict* old = module->dict;
  module->dict = share(Value(dict)).as<Dict>();
  decref(static_cast<Object*>(old));
  moduleSet(t, module, "modules", t.isolate->modules);
  Ref name = newStr(t, "sys");
  for (const NativeDef* f = kAuditFunctions; f->name != nullptr; ++f) moduleSet(t, module, f->name, newNativeFunction(t, f, Value(module), name.get()).get());
  moduleSet(t, module, "UnraisableHookArgs", unraisableType(t));
  TRY(addSysTrace(t, module));
  addJit(t, module);
  return addSysInfo(t, module);
}

extern const NativeModule kSysModule;
const NativeModule kSysModule = {"sys", "This module provides access to some objects used or maintained by the\ninterpreter and to functions that interact strongly with the interpreter.", kFunctions, init};

}  // namespace krait::modules
