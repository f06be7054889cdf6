// The buffer protocol as Python sees it (PEP 688): __buffer__ of native exporters, and classes that define __buffer__. Of these
// the memory is that of the memoryview they give, which is kept until the buffer is released.
#include <unordered_map>
#include <vector>

#include "runtime/object/buffer.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/int.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

static constexpr int64_t kWritable = 1, kFullReadOnly = 284;  // inspect.BufferFlags

static Ref viewOf_py(Thread& t, Value v) {
  Value type = dictGetStr(t.isolate->builtins, intern(*t.isolate, "memoryview"));
  return callArgs_py(t, type, v);
}
static Ref nativeBuffer(Thread& t, const Value* a) {
  int64_t flags = TRY(toInt64_py(t, a[1]));
  Buffer probe;
  TRY(probe.acquire(t, a[0]));
  if ((flags & kWritable) && probe.info().is_read_only) return raise(t, errors(t).buffer_error, "Object is not writable.");
  return viewOf_py(t, a[0]);
}
static Ref nativeRelease(Thread& t, const Value* a) {
  if (Value(typeOf(t, a[1])) != dictGetStr(t.isolate->builtins, intern(*t.isolate, "memoryview"))) return raiseTypeError(t, "expected a memoryview object");
  Ref exporter = TRY(getAttrNamed_py(t, a[1], "obj"));
  if (exporter.get() != a[0]) return raiseValueError(t, "memoryview's buffer is not this object");
  Ref r = TRY(callMethod_py(t, a[1], intern(*t.isolate, "release")));
  return Ref::none();
}
static const NativeDef kBufferMethods[] = {{"__buffer__", "($self, flags, /)", nativeBuffer, "Return a buffer object that exposes the underlying memory of the object."},
    {"__release_buffer__", "($self, buffer, /)", nativeRelease, "Release the buffer object that exposes the underlying memory of the object."}};

void addBufferMethods(Isolate& isolate, Type* type) {
  for (const NativeDef& def : kBufferMethods) {
    if (&def == &kBufferMethods[1] && type->id == TypeId::kBytes) continue;
    Str* name = intern(isolate, def.name);
    if (dictGetStr(type->dict, name).isUndefined()) dictSetStr(type->dict, name, newNativeDescriptor(isolate, &def, type).get());
  }
}

static std::unordered_map<Object*, std::vector<Value>>& givenViews() {
  static auto* views = new std::unordered_map<Object*, std::vector<Value>>;  // owned references
  return *views;
}
Status getPythonBuffer_py(Thread& t, Value v, BufferInfo& out) {
  Ref method = TRY(findSpecial_py(t, v, intern(*t.isolate, "__buffer__")));
  Ref view = TRY(callArgs_py(t, method.get(), Value::fromInt(kFullReadOnly)));
  Value type = dictGetStr(t.isolate->builtins, intern(*t.isolate, "memoryview"));
  if (Value(typeOf(t, view.get())) != type) return raiseTypeError(t, "__buffer__ returned non-memoryview object");
  TRY(getBuffer(t, view.get(), out));
  givenViews()[v.object()].push_back(view.release());
  return kDone;
}
void releasePythonBuffer(Value v) {
  Thread& t = *current_thread;
  auto found = givenViews().find(v.object());
  if (found == givenViews().end()) return;
  Ref view = Ref::steal(found->second.back());
  found->second.pop_back();
  if (found->second.empty()) givenViews().erase(found);
  releaseBuffer(view.get());
  Ref saved = isPending(t) ? takeException(t) : Ref();
  Ref method = findSpecial_py(t, v, intern(*t.isolate, "__release_buffer__"));
  Ref done = method ? callArgs_py(t, method.get(), view.get()) : Ref();
  if (isPending(t)) writeUnraisable_py(t, "Exception ignored in __release_buffer__ of", v);
  if (saved) restoreException(t, std::move(saved));
}

}  // namespace krait::object
