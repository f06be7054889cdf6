// Calls of C functions by libffi, shared libraries, and what an argument of a call is. ref: Modules/_ctypes/callproc.c.
#include <dlfcn.h>

#include <cctype>
#include <cstring>
#include <vector>

#include "runtime/modules/audit.h"
#include "runtime/modules/foreign/foreign.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"

namespace krait::modules::foreign {

enum CallFlags { kPythonApi = 4, kUseErrno = 8 };  // ref: ctypes.h
static thread_local int saved_errno = 0;           // the thread's own copy, get_errno() reads it
thread_local bool outside_lock = false;
static constexpr int kMaxArguments = 1024;

// --- structures by value
static Ref aggregateFn(Thread& t, const Value* a) {
  if (!isTuple(a[2])) return raiseTypeError(t, "expected a tuple of types");
  Tuple* parts = a[2].as<Tuple>();
  Aggregate* g = allocate<Aggregate>(state.aggregate);
  Ref made = Ref::steal(g);
  g->type.size = static_cast<size_t>(TRY(toInt64_py(t, a[0])));
  g->type.alignment = static_cast<uint16_t>(TRY(toInt64_py(t, a[1])));
  g->type.type = FFI_TYPE_STRUCT;
  g->elements = new ffi_type*[static_cast<size_t>(parts->size) + 1]();
  g->type.elements = g->elements;
  for (int64_t i = 0; i < parts->size; ++i) {
    char code;
    g->elements[i] = TRY(ffiTypeArg_py(t, parts->items()[i], code));
  }
  return made;
}
Fallible<ffi_type*> ffiTypeArg_py(Thread& t, Value v, char& code) {
  if (v.isHeap() && v.object()->type == state.aggregate) {
    code = 'V';
    incref(v);  // an aggregate lives as long as the class of its structure: for good
    return &v.as<Aggregate>()->type;
  }
  if (!isStr(v) || v.as<Str>()->length < 1) return raiseTypeError(t, "expected a type code");
  code = static_cast<char>(v.as<Str>()->at(v.as<Str>()->length - 1));
  return ffiTypeOf(code);
}

// --- arguments
static Argument* makeArgument(char code) {
  Argument* made = allocate<Argument>(state.argument);
  made->code = code;
  made->object = made->aggregate = Value();
  gcTrack(made);
  return made;
}
static void deallocArgument(Object* o) {
  clearField(static_cast<Argument*>(o)->object);
  clearField(static_cast<Argument*>(o)->aggregate);
}
// (code, value, keep)
static Ref argumentFn(Thread& t, const Value* a) {
  if (!isStr(a[0]) || a[0].as<Str>()->length != 1) return raiseTypeError(t, "expected a type code");
  Argument* made = makeArgument(static_cast<char>(a[0].as<Str>()->at(0)));
  Ref result = Ref::steal(made), keep;
  TRY(storeScalar_py(t, made->value, made->code, false, a[1], keep));
  made->object = share(a[2].isNone() && keep ? keep.get() : a[2]);
  return result;
}
// (memory, code, keep): the value that the memory holds.
static Ref argumentFromFn(Thread& t, const Value* a) {
  TRY(checkMemory(t, a[0]));
  char code;
  TRY(ffiTypeArg_py(t, a[1], code));
  Argument* made = makeArgument(code);
  made->object = share(a[2]);
  if (code == 'V') made->aggregate = share(a[1]);
  else std::memcpy(made->value, memory(a[0])->address, static_cast<size_t>(sizeOfCode(code)));
  return Ref::steal(made);
}
static Ref byrefFn(Thread& t, const Value* a) {
  int64_t offset = TRY(toInt64_py(t, a[1]));
  if (!isMemory(a[0])) return raiseTypeError(t, "byref() argument 1 must be _ctypes._CData, not %s", typeNameOf(t, a[0]));
  Argument* made = makeArgument('P');
  uint8_t* address = memory(a[0])->address + offset;
  std::memcpy(made->value, &address, sizeof address);
  made->object = share(a[0]);
  return Ref::steal(made);
}
static Ref reprArgument(Thread& t, Value v) {
  Argument* a = v.as<Argument>();
  bool is_text = a->code == 'c' && *a->value < 128 && std::isprint(*a->value) && *a->value != '\'' && *a->value != '\\';
  if (is_text) return strFormat(t, "<cparam '%c' ('%c')>", a->code, *a->value);
  switch (a->code) {
    case 'c': return strFormat(t, "<cparam '%c' ('\\x%02x')>", a->code, *a->value);
    case 'z': case 'Z': case 'P': {
      uint64_t word;
      std::memcpy(&word, a->value, sizeof word);
      return strFormat(t, "<cparam '%c' (0x%lx)>", a->code, static_cast<unsigned long>(word));
    }
    case 'V': case 'O': case 'u': case '?': case 'v': case 'g': case 'F': case 'D': case 'G': return strFormat(t, "<cparam '%c' at %p>", a->code, static_cast<void*>(a));
    default: {
      Ref value = TRY(loadScalar(t, a->value, a->code, false)), text = TRY(repr_py(t, value.get()));
      return strFormat(t, "<cparam '%c' (%s)>", a->code, toUtf8(text.as<Str>()).c_str());
    }
  }
}

// --- the call
struct CallValues {
  std::vector<ffi_type*> types;
  std::vector<void*> values;
};
static Status collect(Thread& t, Value list, CallValues& out) {
  if (!isList(list)) return raiseTypeError(t, "expected a list of arguments");
  List* args = list.as<List>();
  if (args->size > kMaxArguments) return raise(t, errors(t).value_error, "too many arguments (%ld), maximum is %d", static_cast<long>(args->size), kMaxArguments);
  for (int64_t i = 0; i < args->size; ++i) {
    if (!args->items[i].isHeap() || args->items[i].object()->type != state.argument) return raiseTypeError(t, "expected an argument");
    Argument* a = args->items[i].as<Argument>();
    bool is_aggregate = a->code == 'V';
    out.types.push_back(is_aggregate ? &a->aggregate.as<Aggregate>()->type : ffiTypeOf(a->code));
    out.values.push_back(is_aggregate ? static_cast<void*>(memory(a->object)->address) : a->value);
  }
  return kDone;
}
static void swapErrno() { std::swap(errno, saved_errno); }

// (address, flags, fixed, result type or None, arguments, memory for the result or None)
static Ref callFn(Thread& t, const Value* a) {
  uint64_t address;
  if (!isIntLike(a[0]) || !intFitsUnsigned(a[0], address)) return raiseTypeError(t, "expected an address");
  int flags = TRY(toCInt_py(t, a[1]));
  int64_t fixed = TRY(toInt64_py(t, a[2]));
  char result_code = 'i';
  ffi_type* result_type = &ffi_type_void;
  if (!a[3].isNone()) result_type = TRY(ffiTypeArg_py(t, a[3], result_code));
  CallValues call;
  TRY(collect(t, a[4], call));
  ffi_cif cif;
  unsigned count = static_cast<unsigned>(call.types.size());
  ffi_status status = fixed >= 0 && fixed < count ? ffi_prep_cif_var(&cif, FFI_DEFAULT_ABI, static_cast<unsigned>(fixed), count, result_type, call.types.data())
                                                  : ffi_prep_cif(&cif, FFI_DEFAULT_ABI, count, result_type, call.types.data());
  if (status != FFI_OK) return raiseRuntimeError(t, "ffi_prep_cif failed");
  std::vector<uint64_t> space(result_type->size / 8 + 4);
  auto function = reinterpret_cast<void (*)()>(address);
  if (flags & kUseErrno) swapErrno();
  if (flags & kPythonApi) {
    ffi_call(&cif, function, space.data(), call.values.data());
  } else {
    WithoutLock unlocked(t);
    outside_lock = true;
    ffi_call(&cif, function, space.data(), call.values.data());
    outside_lock = false;
  }
  if (flags & kUseErrno) swapErrno();
  if ((flags & kPythonApi) && isPending(t)) return Ref();
  if (a[3].isNone()) return Ref::none();
  if (isMemory(a[5])) {
    int64_t size = result_code == 'V' ? static_cast<int64_t>(result_type->size) : sizeOfCode(result_code);
    std::memcpy(memory(a[5])->address, space.data(), static_cast<size_t>(std::min(size, memory(a[5])->size)));
    return Ref::of(a[5]);
  }
  Ref result = TRY(loadScalar(t, reinterpret_cast<uint8_t*>(space.data()), result_code, false));
  if (result_code == 'O') decref(result.get());  // the function gave its reference away
  return result;
}

// --- shared libraries
static Ref dlopenFn(Thread& t, const Value* a) {
  PathArg path;
  TRY(pathArg_py(t, a[0], kNullable, "dlopen", "name", path));
  TRY(audit_py(t, "ctypes.dlopen", {a[0]}));
  int mode = TRY(toCInt_py(t, a[1]));
  void* handle;
  {
    WithoutLock unlocked(t);
    handle = dlopen(path.c(), mode | RTLD_NOW);
  }
  if (handle == nullptr) return raise(t, errors(t).os_error, "%s", dlerror());
  return newIntUnsigned(t, reinterpret_cast<uint64_t>(handle));
}
static Fallible<void*> handleArg(Thread& t, Value v) {
  uint64_t word;
  if (isIntLike(v) && intFitsUnsigned(v, word)) return reinterpret_cast<void*>(word);
  return raiseTypeError(t, "the _handle attribute of the second argument must be an integer");
}
// The address, or OSError.
static Ref dlsymFn(Thread& t, const Value* a) {
  void* handle = TRY(handleArg(t, a[0]));
  std::string name = TRY(fsEncode_py(t, a[1]));
  dlerror();
  void* address = dlsym(handle, name.c_str());
  if (address != nullptr) return newIntUnsigned(t, reinterpret_cast<uint64_t>(address));
  const char* problem = dlerror();
  if (problem == nullptr) return raise(t, errors(t).os_error, "symbol '%s' not found", name.c_str());
  return raise(t, errors(t).os_error, "%s", problem);
}
static Ref dlcloseFn(Thread& t, const Value* a) {
  if (dlclose(TRY(handleArg(t, a[0]))) != 0) return raise(t, errors(t).os_error, "%s", dlerror());
  return Ref::none();
}
static Ref getErrno(Thread& t, const Value*) {
  TRY(audit_py(t, "ctypes.get_errno", {}));
  return newIntSmall(saved_errno);
}
static Ref setErrno(Thread& t, const Value* a) {
  TRY(audit_py(t, "ctypes.set_errno", {a[0]}));
  int old = saved_errno;
  saved_errno = TRY(toCInt_py(t, a[0]));
  return newIntSmall(old);
}

// --- memory anywhere
static Fallible<const char*> addressArg(Thread& t, Value v) {
  uint64_t word;
  if (v.isNone()) return static_cast<const char*>(nullptr);
  if (!isIntLike(v) || !intFitsUnsigned(v, word)) return raiseTypeError(t, "expected an address");
  return reinterpret_cast<const char*>(word);
}
static Ref bytesAtFn(Thread& t, const Value* a) {
  const char* at = TRY(addressArg(t, a[0]));
  int64_t size = TRY(toInt64_py(t, a[1]));
  if (at == nullptr && size != 0) return raiseValueError(t, "NULL pointer access");
  if (size < 0) size = static_cast<int64_t>(std::strlen(at));
  if (!canAllocate(static_cast<size_t>(size))) return raiseMemoryError(t);
  return newBytes(t, {at, static_cast<size_t>(size)});
}
static Ref wideAtFn(Thread& t, const Value* a) {
  const char* at = TRY(addressArg(t, a[0]));
  int64_t size = TRY(toInt64_py(t, a[1]));
  if (at == nullptr && size != 0) return raiseValueError(t, "NULL pointer access");
  if (size < 0) size = static_cast<int64_t>(wcslen(reinterpret_cast<const wchar_t*>(at)));
  if (size > (int64_t{1} << 60) || !canAllocate(static_cast<size_t>(size) * 4)) return raiseMemoryError(t);
  return newStrUtf32(t, reinterpret_cast<const uint32_t*>(at), size);
}
// PyThreadState_SetAsyncExc: the number of threads that were sent the exception (None takes it back).
static Ref setAsyncException(Thread& t, const Value* a) {
  uint64_t ident;
  if (!isIntLike(a[0]) || !intFitsUnsigned(a[0], ident)) return newIntSmall(0);
  for (Thread* other = &t.isolate->main_thread; other != nullptr; other = other->next) {
    if (other->ident != ident) continue;
    decref(other->async_exception);
    other->async_exception = a[1].isNone() ? Value() : share(a[1]);
    if (!a[1].isNone()) requestBreak(*other, kBreakAsync);
    return newIntSmall(1);
  }
  return newIntSmall(0);
}
static Ref getArgumentObject(Thread&, Value v) { return v.as<Argument>()->object.isUndefined() ? Ref::none() : Ref::of(v.as<Argument>()->object); }
static const GetSetDef kArgumentGetSets[] = {{"_obj", getArgumentObject, nullptr, "the wrapped object"}, {nullptr, nullptr}};

static const NativeDef kFunctions[] = {{"aggregate", "(size, alignment, parts, /)", aggregateFn}, {"argument", "(code, value, keep=None, /)", argumentFn},
    {"argument_from", "(memory, type, keep, /)", argumentFromFn}, {"byref", "(obj, offset=0, /)", byrefFn}, {"call", "(address, flags, fixed, result, arguments, out, /)", callFn},
    {"dlopen", "(name, flag=2, /)", dlopenFn}, {"dlsym", "(handle, name, /)", dlsymFn}, {"dlclose", "(handle, /)", dlcloseFn}, {"get_errno", "()", getErrno},
    {"set_errno", "(value, /)", setErrno}, {"bytes_at", "(address, size, /)", bytesAtFn}, {"wide_at", "(address, size, /)", wideAtFn},
    {"set_async_exception", "(ident, exception, /)", setAsyncException}, {nullptr, nullptr, nullptr}};

void addCalls(Thread& t, Module* m) {
  Type* aggregate = state.aggregate = makeType(*t.isolate, {.name = "_foreign.Aggregate", .size = sizeof(Aggregate), .flags = kTypeDisallowNew});
  aggregate->slots.dealloc = [](Object* o) { delete[] static_cast<Aggregate*>(o)->elements; };
  readyType(*t.isolate, aggregate);
  Type* argument = state.argument = makeType(*t.isolate, {.name = "CArgObject", .size = sizeof(Argument), .flags = kTypeDisallowNew | kTypeGc, .getsets = kArgumentGetSets});
  argument->slots.dealloc = deallocArgument;
  argument->slots.traverse = [](Object* o, Visitor visitor, void* context) { visit(static_cast<Argument*>(o)->object, visitor, context); };
  argument->slots.repr = reprArgument;
  readyType(*t.isolate, argument);
  moduleSetType(t, m, argument);
  addFunctions(t, m, kFunctions);
  for (auto [name, function] : {std::pair{"memmove_address", reinterpret_cast<void*>(&memmove)}, {"memset_address", reinterpret_cast<void*>(&memset)}}) {
    moduleSet(t, m, name, newIntUnsigned(t, reinterpret_cast<uint64_t>(function)).get());
  }
}

}  // namespace krait::modules::foreign
