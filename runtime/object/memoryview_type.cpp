// `memoryview` over bytes and bytearray: one dimension of unsigned bytes. Other formats and shapes raise
// NotImplementedError. ref: Objects/memoryobject.c.
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/iterators.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

struct MemoryView : Object {
  Value owner;  // Bytes or ByteArray; Undefined once released
  int64_t start, length, step;
};
static MemoryView* self(Value v) { return v.as<MemoryView>(); }
static uint8_t* base(MemoryView* m) { return isBytes(m->owner) ? m->owner.as<Bytes>()->data() : m->owner.as<ByteArray>()->data; }
static Status check(Thread& t, Value v) {
  if (self(v)->owner.isUndefined()) return raiseValueError(t, "operation forbidden on released memoryview object");
  return kDone;
}
static Ref newView(Thread& t, Value owner, int64_t start, int64_t length, int64_t step) {
  MemoryView* m = allocate<MemoryView>(t.types().memoryview);
  m->owner = share(owner);
  m->start = start;
  m->length = length;
  m->step = step;
  if (isByteArray(owner)) ++owner.as<ByteArray>()->exports;
  gcTrack(m);
  return Ref::steal(m);
}
static void release(MemoryView* m) {
  if (isByteArray(m->owner)) --m->owner.as<ByteArray>()->exports;
  clearField(m->owner);
}
static void dealloc(Object* o) { release(static_cast<MemoryView*>(o)); }
static void traverse(Object* o, Visitor visitor, void* context) { visit(static_cast<MemoryView*>(o)->owner, visitor, context); }
static std::string contents(MemoryView* m) {
  std::string out;
  for (int64_t i = 0; i < m->length; ++i) out += static_cast<char>(base(m)[m->start + i * m->step]);
  return out;
}
static Ref make(Thread& t, Type*, const Value* a, uint32_t n, Tuple*) {
  if (n != 1) return raiseTypeError(t, "memoryview() takes exactly one argument (%u given)", n);
  if (isBytes(a[0])) return newView(t, a[0], 0, a[0].as<Bytes>()->size, 1);
  if (isByteArray(a[0])) return newView(t, a[0], 0, a[0].as<ByteArray>()->size, 1);
  if (isExact(a[0], TypeId::kMemoryView)) return newView(t, self(a[0])->owner, self(a[0])->start, self(a[0])->length, self(a[0])->step);
  return raiseTypeError(t, "memoryview: a bytes-like object is required, not '%s'", typeNameOf(t, a[0]));
}
static Fallible<int64_t> length(Thread& t, Value v) {
  TRY(check(t, v));
  return self(v)->length;
}
static Ref getItem(Thread& t, Value v, Value key) {
  TRY(check(t, v));
  MemoryView* m = self(v);
  if (isExact(key, TypeId::kSlice)) {
    SliceBounds b = TRY(sliceBounds_py(t, key, m->length));
    return newView(t, m->owner, m->start + b.start * m->step, b.length, m->step * b.step);
  }
  int64_t i = TRY(checkIndex_py(t, key, m->length, "index out of bounds on dimension 1"));
  return newIntSmall(base(m)[m->start + i * m->step]);
}
static Status setItem(Thread& t, Value v, Value key, Value value) {
  TRY(check(t, v));
  MemoryView* m = self(v);
  if (!isByteArray(m->owner)) return raiseTypeError(t, "cannot modify read-only memory");
  if (value.isUndefined()) return raiseTypeError(t, "cannot delete memory");
  if (isExact(key, TypeId::kSlice)) {
    SliceBounds b = TRY(sliceBounds_py(t, key, m->length));
    Ref data = TRY(callArgs_py(t, t.types().bytes, value));
    if (data.as<Bytes>()->size != b.length) return raiseValueError(t, "memoryview assignment: lvalue and rvalue have different structures");
    for (int64_t i = 0; i < b.length; ++i) base(m)[m->start + (b.start + i * b.step) * m->step] = data.as<Bytes>()->data()[i];
    return kDone;
  }
  int64_t i = TRY(checkIndex_py(t, key, m->length, "index out of bounds on dimension 1")), byte = TRY(toInt64_py(t, value));
  if (byte < 0 || byte > 255) return raiseValueError(t, "memoryview: invalid value for format 'B'");
  base(m)[m->start + i * m->step] = static_cast<uint8_t>(byte);
  return kDone;
}
static Ref compare(Thread& t, Value a, Value b, CompareOp op) {
  if (op != CompareOp::kEq && op != CompareOp::kNe) return Ref::notImplemented();
  TRY(check(t, a));
  std::string other;
  if (isBytes(b)) other = b.as<Bytes>()->view();
  else if (isByteArray(b)) other = b.as<ByteArray>()->view();
  else if (isExact(b, TypeId::kMemoryView)) other = contents(self(b));
  else return Ref::notImplemented();
  return Ref::boolean((contents(self(a)) == other) == (op == CompareOp::kEq));
}
static Fallible<int64_t> hash(Thread& t, Value v) {
  TRY(check(t, v));
  if (!isBytes(self(v)->owner)) return raiseValueError(t, "cannot hash writable memoryview object");
  std::string s = contents(self(v));
  return hashBytesKeyed(s.data(), s.size());
}
static Ref repr(Thread& t, Value v) { return strFormat(t, "<memory at %p>", static_cast<void*>(v.object())); }
static Ref toBytes(Thread& t, const Value* a) {
  TRY(check(t, a[0]));
  return newBytes(t, contents(self(a[0])));
}
static Ref toList(Thread& t, const Value* a) {
  Ref bytes = TRY(toBytes(t, a));
  return listFromIterable_py(t, bytes.get());
}
static Ref releaseMethod(Thread&, const Value* a) {
  release(self(a[0]));
  return Ref::none();
}
static Ref enter(Thread& t, const Value* a) {
  TRY(check(t, a[0]));
  return Ref::of(a[0]);
}
static Ref cast(Thread& t, const Value* a) {
  if (isStr(a[1]) && (strEquals(a[1].as<Str>(), "B") || strEquals(a[1].as<Str>(), "b") || strEquals(a[1].as<Str>(), "c"))) return Ref::of(a[0]);
  return raise(t, errors(t).not_implemented_error, "memoryview.cast() to this format");
}
static Ref getObj(Thread& t, Value v) {
  TRY(check(t, v));
  return Ref::of(self(v)->owner);
}
static Ref getBytes(Thread&, Value v) { return newIntSmall(self(v)->length); }
static Ref getOne(Thread&, Value) { return newIntSmall(1); }
static Ref getFormat(Thread& t, Value) { return newStr(t, "B"); }
static Ref getReadonly(Thread&, Value v) { return Ref::boolean(isBytes(self(v)->owner)); }
static Ref getShape(Thread& t, Value v) { return tupleOf(t, {Value::fromInt(self(v)->length)}); }
static Ref getStrides(Thread& t, Value v) { return tupleOf(t, {Value::fromInt(self(v)->step)}); }
static Ref getContiguous(Thread&, Value v) { return Ref::boolean(self(v)->step == 1); }
static const NativeDef kMethods[] = {{"tobytes", "($self, /, order='C')", toBytes}, {"tolist", "($self, /)", toList}, {"release", "($self, /)", releaseMethod},
    {"cast", "($self, /, format, shape=<unset>)", cast}, {"__enter__", "($self, /)", enter}, {"__exit__", "($self, /, *exc_info)", releaseMethod}, {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {{"obj", getObj}, {"nbytes", getBytes}, {"itemsize", getOne}, {"ndim", getOne}, {"format", getFormat}, {"readonly", getReadonly},
    {"shape", getShape}, {"strides", getStrides}, {"contiguous", getContiguous}, {"c_contiguous", getContiguous}, {nullptr, nullptr}};
void initMemoryViewType(Isolate& isolate) {
  Type* type = isolate.types.memoryview = makeType(isolate, {.name = "memoryview", .id = TypeId::kMemoryView, .size = sizeof(MemoryView),
      .flags = kTypeGc | kTypeWeakrefable | kTypeMatchSequence, .methods = kMethods, .getsets = kGetSets, .doc = "Create a new memoryview object which references the given object."});
  Slots& s = type->slots;
  s.dealloc = dealloc;
  s.traverse = traverse;
  s.make = make;
  s.length = length;
  s.get_item = getItem;
  s.set_item = setItem;
  s.compare = compare;
  s.hash = hash;
  s.repr = repr;
  s.iter = newSequenceIterator;
}

}  // namespace krait::object
