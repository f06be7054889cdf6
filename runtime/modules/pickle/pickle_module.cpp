// The `_pickle` module: its functions, its exceptions and PickleBuffer.
#include "runtime/modules/pickle/pickle.h"
#include "runtime/object/import.h"

namespace krait::modules {

namespace pickle {
State state;

// --- PickleBuffer: a view of memory that may be pickled out of band
struct PickleBuffer : Object {
  Value view;  // memoryview, Undefined once released
};
static PickleBuffer* self(Value v) { return v.as<PickleBuffer>(); }
static Ref bufferMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "PickleBuffer", "(object, /)", args, nargs, keywords, a));
  Ref view = callArgs_py(t, memoryviewType(t), a[0]);
  if (!view && pendingMatches(t, errors(t).type_error) && !isBytesLike(a[0])) {
    clearException(t);
    return raiseTypeError(t, "a bytes-like object is required, not '%s'", typeNameOf(t, a[0]));
  }
  if (!view) return Ref();
  PickleBuffer* b = allocate<PickleBuffer>(type);
  b->view = view.release();
  gcTrack(b);
  return Ref::steal(b);
}
static Ref checkedView(Thread& t, Value v) {
  if (self(v)->view.isUndefined()) return raiseValueError(t, "operation forbidden on released PickleBuffer object");
  return Ref::of(self(v)->view);
}
Value memoryOwner(Value v) {
  if (!v.isHeap() || v.object()->type != state.buffer || state.buffer == nullptr || self(v)->view.isUndefined()) return v;
  return viewedObject(self(v)->view);
}
static Ref bufferRaw(Thread& t, const Value* a) {
  Ref view = TRY(checkedView(t, a[0]));
  Ref contiguous = TRY(getAttrNamed_py(t, view.get(), "contiguous"));
  if (!contiguous.get().isTrue()) return raise(t, errors(t).buffer_error, "cannot extract raw buffer from non-contiguous buffer");
  Ref format = newStr(t, "B");
  return callMethod_py(t, view.get(), intern(*t.isolate, "cast"), format.get());
}
static Ref bufferRelease(Thread& t, const Value* a) {
  Ref view = Ref::steal(self(a[0])->view);
  self(a[0])->view = Value();
  if (view && !callMethod_py(t, view.get(), intern(*t.isolate, "release"))) return kRaised;
  return Ref::none();
}
static const NativeDef kBufferMethods[] = {{"raw", "($self, /)", bufferRaw, "Return a memoryview of the raw memory underlying this buffer."},
    {"release", "($self, /)", bufferRelease, "Release the underlying buffer exposed by the PickleBuffer object."}, {nullptr, nullptr, nullptr}};
void makeBufferType(Thread& t, Module* m) {
  Type* type = state.buffer = makeType(*t.isolate, {.name = "pickle.PickleBuffer", .size = sizeof(PickleBuffer), .flags = kTypeGc | kTypeWeakrefable, .methods = kBufferMethods,
      .doc = "Wrapper for potentially out-of-band buffers"});
  Slots& s = type->slots;
  s.dealloc = s.clear = [](Object* o) { clearField(static_cast<PickleBuffer*>(o)->view); };
  s.traverse = [](Object* o, Visitor visitor, void* context) { visit(static_cast<PickleBuffer*>(o)->view, visitor, context); };
  s.make = bufferMake;
  s.get_buffer = [](Thread& t2, Value v, BufferInfo& out) -> Status {
    Ref view = TRY(checkedView(t2, v));
    return getBuffer(t2, view.get(), out);
  };
  s.release_buffer = [](Value v) {
    if (self(v)->view.defined()) releaseBuffer(self(v)->view);
  };
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
}

Status initState_py(Thread& t) {
  struct Wanted {
    const char *module, *name;
    Value* into;
  };
  const Wanted wanted[] = {{"copyreg", "dispatch_table", &state.dispatch_table}, {"copyreg", "_extension_registry", &state.extension_registry},
      {"copyreg", "_inverted_registry", &state.inverted_registry}, {"copyreg", "_extension_cache", &state.extension_cache},
      {"_compat_pickle", "NAME_MAPPING", &state.name_2to3}, {"_compat_pickle", "IMPORT_MAPPING", &state.import_2to3},
      {"_compat_pickle", "REVERSE_NAME_MAPPING", &state.name_3to2}, {"_compat_pickle", "REVERSE_IMPORT_MAPPING", &state.import_3to2},
      {"_codecs", "encode", &state.codecs_encode}, {"builtins", "getattr", &state.getattr_function}, {"functools", "partial", &state.partial}};
  for (const Wanted& w : wanted) {
    Ref module = TRY(importByName_py(t, w.module));
    *w.into = TRY(getAttrNamed_py(t, module.get(), w.name)).release();
  }
  for (Value v : {state.dispatch_table, state.extension_registry, state.inverted_registry, state.extension_cache, state.name_2to3, state.import_2to3, state.name_3to2, state.import_3to2}) {
    if (!isDict(v)) return raiseRuntimeError(t, "copyreg and _compat_pickle tables should be dicts, not %s", typeNameOf(t, v));
  }
  return kDone;
}
static Ref dump(Thread& t, const Value* a) { return dumpTo_py(t, a[0], a[1], a[2], a[3], a[4]); }
static Ref dumps(Thread& t, const Value* a) { return dumps_py(t, a[0], a[1], a[2], a[3]); }
static Ref load(Thread& t, const Value* a) { return load_py(t, a); }
static Ref loads(Thread& t, const Value* a) { return loads_py(t, a); }
static const NativeDef kFunctions[] = {
    {"dump", "(obj, file, protocol=None, *, fix_imports=True, buffer_callback=None)", dump, "Write a pickled representation of obj to the open file object file."},
    {"dumps", "(obj, protocol=None, *, fix_imports=True, buffer_callback=None)", dumps, "Return the pickled representation of the object as a bytes object."},
    {"load", "(file, *, fix_imports=True, encoding=<unset>, errors=<unset>, buffers=None)", load, "Read and return an object from the pickle data stored in a file."},
    {"loads", "(data, /, *, fix_imports=True, encoding=<unset>, errors=<unset>, buffers=None)", loads, "Read and return an object from the given pickle data."},
    {nullptr, nullptr, nullptr}};

static Fallible<Type*> newError(Thread& t, Module* m, const char* name, Type* base) {
  Ref text = newStr(t, name), bases = tupleOf(t, {base}), ns = newDict(t), module = newStr(t, "_pickle");
  dictSetStr(ns.as<Dict>(), t.names().d_module, module.get());
  Ref made = TRY(callArgs_py(t, t.types().type, text.get(), bases.get(), ns.get()));
  moduleSet(t, m, name, made.get());
  return made.release().as<Type>();
}
static Status init(Thread& t, Module* m) {
  state.pickle_error = TRY(newError(t, m, "PickleError", errors(t).exception));
  state.pickling_error = TRY(newError(t, m, "PicklingError", state.pickle_error));
  state.unpickling_error = TRY(newError(t, m, "UnpicklingError", state.pickle_error));
  makePicklerType(t, m);
  makeUnpicklerType(t, m);
  makeBufferType(t, m);
  return initState_py(t);
}
}  // namespace pickle

extern const NativeModule kPickleModule;
const NativeModule kPickleModule = {"_pickle", "Optimized C implementation for the Python pickle module.", pickle::kFunctions, pickle::init};

}  // namespace krait::modules
