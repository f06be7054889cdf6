// C functions that call Python: a libffi closure for each. A call may come on any thread, with the isolate's lock or without it.
// ref: Modules/_ctypes/callbacks.c.
#include <sys/mman.h>

#include <cstring>
#include <vector>

#include "runtime/modules/foreign/foreign.h"
#include "runtime/modules/thread/thread.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"

namespace krait::modules::foreign {

struct Parameter {
  ffi_type* type;
  char code;
  Value cls;  // owned: arrives as an instance of it; Undefined: as a plain value
};
struct Prototype {
  ffi_cif cif;
  std::vector<ffi_type*> types;
  std::vector<Parameter> parameters;
  char result_code = 0;  // 0: void
};
struct Callback : Object {
  Value function;
  Prototype* prototype;
  ffi_closure* closure;
  void* address;
  Isolate* isolate;
  bool raises;  // an exception goes to the caller, which is ours
};

static Ref argumentOf(Thread& t, const Parameter& p, void* at) {
  uint8_t* bytes = static_cast<uint8_t*>(at);
  if (p.cls.isUndefined()) return loadScalar(t, bytes, p.code, false);
  Ref made = TRY(callMethod_py(t, p.cls, intern(*t.isolate, "__new__"), p.cls));
  if (!isMemory(made.get())) return raiseTypeError(t, "expected a ctypes class");
  int64_t size = p.code == 'V' ? static_cast<int64_t>(p.type->size) : sizeOfCode(p.code);
  std::memcpy(memory(made.get())->address, bytes, static_cast<size_t>(std::min(size, memory(made.get())->size)));
  return made;
}
static Status storeResult_py(Thread& t, const Prototype& p, void* out, Value result) {
  if (p.result_code == 0) return kDone;
  if (p.result_code != 'O' && isMemory(result)) {
    std::memcpy(out, memory(result)->address, static_cast<size_t>(memory(result)->size));
    return kDone;
  }
  if (p.result_code == 'V') return raiseTypeError(t, "expected a ctypes instance, got '%s' instance", typeNameOf(t, result));
  uint8_t bytes[32] = {};
  Ref keep;
  TRY(storeScalar_py(t, bytes, p.result_code, false, result, keep));
  bool is_signed = p.result_code == 'b' || p.result_code == 'h' || p.result_code == 'i';
  int64_t size = sizeOfCode(p.result_code);
  if (is_signed && (bytes[size - 1] & 0x80)) std::memset(bytes + size, 0xff, static_cast<size_t>(8 - size));  // the caller reads a whole word
  std::memcpy(out, bytes, static_cast<size_t>(size < 8 ? 8 : size));
  if (p.result_code == 'O') (void)keep.release();  // the caller gets the reference
  return kDone;
}
static void run(Thread& t, Callback* c, void* out, void** args) {
  Ref alive = Ref::of(Value(c));
  const Prototype& p = *c->prototype;
  if (p.result_code != 0) std::memset(out, 0, std::max<size_t>(p.cif.rtype->size, 8));
  std::vector<Value> values;
  bool failed = false;
  for (size_t i = 0; i < p.parameters.size() && !failed; ++i) {
    Ref v = argumentOf(t, p.parameters[i], args[i]);
    failed = v.raised();
    values.push_back(v.release());
  }
  Ref result = failed ? Ref() : call_py(t, c->function, values.data(), static_cast<uint32_t>(values.size()));
  for (Value v : values) decref(v);
  if (!result) {
    if (c->raises) return;
    writeUnraisable_py(t, "Exception ignored while calling ctypes callback function ", c->function);
  } else if (storeResult_py(t, p, out, result.get()).failed && !c->raises) {
    writeUnraisable_py(t, "Exception ignored while converting result of ctypes callback function ", c->function);
  }
}
static void enter(ffi_cif*, void* out, void** args, void* data) {
  Callback* c = static_cast<Callback*>(data);
  if (current_thread == nullptr) {  // a thread that Python did not start
    thread::CallingThread own(*c->isolate);
    run(own.thread(), c, out, args);
    return;
  }
  bool was_outside = outside_lock;
  if (was_outside) takeLock(*current_thread);
  outside_lock = false;
  run(*current_thread, c, out, args);
  outside_lock = was_outside;
  if (was_outside) giveLock(*current_thread);
}

static void deallocCallback(Object* o) {
  Callback* c = static_cast<Callback*>(o);
  if (c->closure != nullptr) ffi_closure_free(c->closure);
  if (c->prototype != nullptr) {
    for (Parameter& p : c->prototype->parameters) decref(p.cls);
    delete c->prototype;
  }
  clearField(c->function);
}
static void traverseCallback(Object* o, Visitor visitor, void* context) { visit(static_cast<Callback*>(o)->function, visitor, context); }

// (function, result type or None, ((type, class or None), ...), raises)
static Ref callbackFn(Thread& t, const Value* a) {
  if (!isTuple(a[2])) return raiseTypeError(t, "expected a tuple of types");
  Callback* c = allocate<Callback>(state.callback);
  c->isolate = t.isolate;
  Ref made = Ref::steal(c);
  c->function = share(a[0]);
  Prototype* p = c->prototype = new Prototype;
  c->raises = a[3].isTrue();
  ffi_type* result = &ffi_type_void;
  if (!a[1].isNone()) result = TRY(ffiTypeArg_py(t, a[1], p->result_code));
  for (int64_t i = 0; i < a[2].as<Tuple>()->size; ++i) {
    Value pair = a[2].as<Tuple>()->items()[i];
    if (!isTuple(pair) || pair.as<Tuple>()->size != 2) return raiseTypeError(t, "expected a pair");
    Parameter parameter{};
    parameter.type = TRY(ffiTypeArg_py(t, pair.as<Tuple>()->items()[0], parameter.code));
    Value cls = pair.as<Tuple>()->items()[1];
    parameter.cls = cls.isNone() ? Value() : share(cls);
    p->parameters.push_back(parameter);
    p->types.push_back(parameter.type);
  }
  c->closure = static_cast<ffi_closure*>(ffi_closure_alloc(sizeof(ffi_closure), &c->address));
  if (c->closure == nullptr) return raiseMemoryError(t);
  if (ffi_prep_cif(&p->cif, FFI_DEFAULT_ABI, static_cast<unsigned>(p->types.size()), result, p->types.data()) != FFI_OK ||
      ffi_prep_closure_loc(c->closure, &p->cif, enter, c, c->address) != FFI_OK) {
    return raiseRuntimeError(t, "ffi_prep_closure_loc failed");
  }
  gcTrack(c);
  return made;
}
static Ref getAddress(Thread& t, Value v) { return newIntUnsigned(t, reinterpret_cast<uint64_t>(v.as<Callback>()->address)); }
static const GetSetDef kGetSets[] = {{"address", getAddress}, {nullptr, nullptr}};

static const NativeDef kFunctions[] = {{"callback", "(function, result, parameters, raises=False, /)", callbackFn}, {nullptr, nullptr, nullptr}};
void addCallback(Thread& t, Module* m) {
  Type* type = state.callback = makeType(*t.isolate, {.name = "_ctypes.CThunkObject", .size = sizeof(Callback), .flags = kTypeDisallowNew | kTypeGc, .getsets = kGetSets});
  type->slots.dealloc = deallocCallback;
  type->slots.traverse = traverseCallback;
  type->slots.clear = [](Object* o) { clearField(static_cast<Callback*>(o)->function); };
  readyType(*t.isolate, type);
  addFunctions(t, m, kFunctions);
}

}  // namespace krait::modules::foreign
