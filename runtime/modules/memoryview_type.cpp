// memoryview: one-dimensional views of any exporter of a buffer, of items of a native format. ref: Objects/memoryobject.c.
#include <bit>
#include <cstring>

#include "runtime/modules/compile_hook.h"
#include "runtime/modules/module_table.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

struct MemoryView : Object {
  Value base;      // the exporter; Undefined once released
  uint8_t* memory; // of exporters other than bytes and bytearray
  int64_t exports; // buffers taken from this view
  int64_t offset;  // bytes from the base's beginning to the first item
  int64_t length;  // items
  int64_t stride;  // bytes from item to item
  int64_t hash;    // 0: not computed
  char code;       // the format's letter
  bool is_frozen;  // read-only
};

static MemoryView* self(Value v) { return v.as<MemoryView>(); }
static MemoryView* self(const Value* a) { return a[0].as<MemoryView>(); }

static int64_t sizeOfCode(char code) {
  switch (code) {
    case 'b': case 'B': case 'c': case '?': return 1;
    case 'h': case 'H': return 2;
    case 'i': case 'I': case 'f': return 4;
    case 'l': case 'L': case 'q': case 'Q': case 'n': case 'N': case 'd': case 'P': return 8;
    default: return 0;
  }
}
static int64_t itemSize(const MemoryView* m) { return sizeOfCode(m->code); }
static uint8_t* dataOf(const MemoryView* m) {
  if (isByteArray(m->base)) return m->base.as<ByteArray>()->data + m->offset;
  if (isBytes(m->base)) return m->base.as<Bytes>()->data() + m->offset;
  return m->memory + m->offset;
}
static bool isReadOnly(const MemoryView* m) { return m->is_frozen; }
static Status checkLive(Thread& t, const MemoryView* m) {
  if (m->base.defined()) return kDone;
  return raiseValueError(t, "operation forbidden on released memoryview object");
}

static void releaseBase(MemoryView* m) {
  if (m->base.isUndefined()) return;
  releaseBuffer(m->base);
  clearField(m->base);
}
static void dealloc(Object* o) { releaseBase(static_cast<MemoryView*>(o)); }
static void traverse(Object* o, Visitor visitor, void* context) { visit(static_cast<MemoryView*>(o)->base, visitor, context); }

static Ref newView(Thread& t, Type* type, Value base, int64_t offset, int64_t length, int64_t stride, char code) {
  BufferInfo info;
  TRY(getBuffer(t, base, info));
  MemoryView* m = allocate<MemoryView>(type);
  m->base = share(base);
  m->memory = info.data;
  m->is_frozen = info.is_read_only;
  m->offset = offset;
  m->length = length >= 0 ? length : info.size / info.item_size;
  m->stride = length >= 0 ? stride : info.item_size;
  m->code = length >= 0 ? code : info.format;
  gcTrack(m);
  return Ref::steal(m);
}

// Another view of the same memory, read-only if this one is.
static Ref viewLike(Thread& t, const MemoryView* m, int64_t offset, int64_t length, int64_t stride, char code) {
  Ref view = TRY(newView(t, m->type, m->base, offset, length, stride, code));
  view.as<MemoryView>()->is_frozen = m->is_frozen;
  return view;
}

static Ref make(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "memoryview", "(object)", args, nargs, keywords, a));
  if (typeOf(t, a[0]) == type) {
    MemoryView* m = self(a[0]);
    TRY(checkLive(t, m));
    return viewLike(t, m, m->offset, m->length, m->stride, m->code);
  }
  if (!isBytesLike(a[0])) return raiseTypeError(t, "memoryview: a bytes-like object is required, not '%s'", typeNameOf(t, a[0]));
  return newView(t, type, a[0], 0, -1, 1, 'B');
}

// --- as an exporter itself
static Status exportBuffer(Thread& t, Value v, BufferInfo& out) {
  MemoryView* m = self(v);
  TRY(checkLive(t, m));
  if (m->length > 1 && m->stride != itemSize(m)) return raise(t, errors(t).buffer_error, "memoryview: underlying buffer is not C-contiguous");
  ++m->exports;
  out = {.data = dataOf(m), .size = m->length * itemSize(m), .is_read_only = isReadOnly(m), .format = m->code, .item_size = itemSize(m)};
  return kDone;
}
static void endExport(Value v) { --self(v)->exports; }

// --- items
template <class T>
static T load(const uint8_t* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}
static Ref readItem(Thread& t, const MemoryView* m, int64_t index) {
  const uint8_t* at = dataOf(m) + index * m->stride;
  switch (m->code) {
    case 'B': return newInt(t, *at);
    case 'b': return newInt(t, load<int8_t>(at));
    case 'c': return newBytes(t, {reinterpret_cast<const char*>(at), 1});
    case '?': return Ref::boolean(*at != 0);
    case 'h': return newInt(t, load<int16_t>(at));
    case 'H': return newInt(t, load<uint16_t>(at));
    case 'i': return newInt(t, load<int32_t>(at));
    case 'I': return newInt(t, load<uint32_t>(at));
    case 'f': return newFloat(load<float>(at));
    case 'd': return newFloat(load<double>(at));
    case 'L': case 'Q': case 'N': case 'P': return newIntUnsigned(t, load<uint64_t>(at));
    default: return newInt(t, load<int64_t>(at));
  }
}

static Status badType(Thread& t, char code) { return raiseTypeError(t, "memoryview: invalid type for format '%c'", code); }
static Status badValue(Thread& t, char code) { return raiseValueError(t, "memoryview: invalid value for format '%c'", code); }

static Status writeItem_py(Thread& t, MemoryView* m, int64_t index, Value v) {
  char code = m->code;
  uint8_t* at = dataOf(m) + index * m->stride;
  if (code == 'c') {
    if (!isBytes(v)) return badType(t, code);
    if (v.as<Bytes>()->size != 1) return badValue(t, code);
    *at = v.as<Bytes>()->data()[0];
    return kDone;
  }
  if (code == '?') {
    *at = TRY(isTrue_py(t, v));
    return kDone;
  }
  if (code == 'f' || code == 'd') {
    if (!v.isFloat() && !isIntLike(v)) return badType(t, code);
    double d = TRY(toDouble_py(t, v));
    float f = static_cast<float>(d);
    if (code == 'f') std::memcpy(at, &f, sizeof f);
    else std::memcpy(at, &d, sizeof d);
    return kDone;
  }
  if (!isIntLike(v)) return badType(t, code);
  int64_t size = itemSize(m);
  bool is_unsigned = code >= 'A' && code <= 'Z';
  uint64_t bits;
  if (is_unsigned) {
    if (!intFitsUnsigned(v, bits) || (size < 8 && bits >> (8 * size) != 0)) return badValue(t, code);
  } else {
    int64_t value;
    if (!intFits(v, value)) return badValue(t, code);
    int64_t limit = size < 8 ? int64_t{1} << (8 * size - 1) : 0;
    if (size < 8 && (value < -limit || value >= limit)) return badValue(t, code);
    bits = static_cast<uint64_t>(value);
  }
  std::memcpy(at, &bits, static_cast<size_t>(size));
  return kDone;
}

static std::string contents(const MemoryView* m) {
  std::string out;
  int64_t size = itemSize(m);
  out.reserve(static_cast<size_t>(m->length * size));
  for (int64_t i = 0; i < m->length; ++i) {
    out.append(reinterpret_cast<const char*>(dataOf(m) + i * m->stride), static_cast<size_t>(size));
  }
  return out;
}

static Ref getItem(Thread& t, Value v, Value key) {
  MemoryView* m = self(v);
  TRY(checkLive(t, m));
  if (isExact(key, TypeId::kSlice)) {
    SliceBounds s = TRY(sliceBounds_py(t, key, m->length));
    return viewLike(t, m, m->offset + s.start * m->stride, s.length, m->stride * s.step, m->code);
  }
  if (!isIntLike(key) && !findSpecial_py(t, key, intern(*t.isolate, "__index__"))) {
    return isPending(t) ? Ref() : Ref(raiseTypeError(t, "memoryview: invalid slice key"));
  }
  int64_t index = TRY(checkIndex_py(t, key, m->length, "index out of bounds on dimension 1"));
  return readItem(t, m, index);
}

static Status setItem(Thread& t, Value v, Value key, Value value) {
  MemoryView* m = self(v);
  TRY(checkLive(t, m));
  if (isReadOnly(m)) return raiseTypeError(t, "cannot modify read-only memory");
  if (value.isUndefined()) return raiseTypeError(t, "cannot delete memory");
  if (!isExact(key, TypeId::kSlice)) {
    int64_t index = TRY(checkIndex_py(t, key, m->length, "index out of bounds on dimension 1"));
    return writeItem_py(t, m, index, value);
  }
  SliceBounds s = TRY(sliceBounds_py(t, key, m->length));
  Ref source = TRY(callArgs_py(t, m->type, value));
  MemoryView* from = source.as<MemoryView>();
  if (from->code != m->code || from->length != s.length) {
    return raiseValueError(t, "memoryview assignment: lvalue and rvalue have different structures");
  }
  std::string copy = contents(from);
  int64_t size = itemSize(m);
  for (int64_t i = 0; i < s.length; ++i) {
    std::memcpy(dataOf(m) + (s.start + i * s.step) * m->stride, copy.data() + i * size, static_cast<size_t>(size));
  }
  return kDone;
}
static Fallible<int64_t> length(Thread& t, Value v) {
  TRY(checkLive(t, self(v)));
  return self(v)->length;
}

static Ref tolist(Thread& t, const Value* a) {
  TRY(checkLive(t, self(a)));
  Ref list = newList(t, self(a)->length);
  for (int64_t i = 0; i < self(a)->length; ++i) listAppendSteal(list.as<List>(), readItem(t, self(a), i).release());
  return list;
}
static Ref iter(Thread& t, Value v) {
  Ref list = TRY(tolist(t, &v));
  return iter_py(t, list.get());
}
static Ref tobytes(Thread& t, const Value* a) {
  TRY(checkLive(t, self(a)));
  return newBytes(t, contents(self(a)));
}
static Ref hex(Thread& t, const Value* a) {
  Ref bytes = TRY(tobytes(t, a));
  return callMethod_py(t, bytes.get(), intern(*t.isolate, "hex"));
}

static Ref cast(Thread& t, const Value* a) {
  MemoryView* m = self(a);
  TRY(checkLive(t, m));
  if (!isStr(a[1])) return raiseTypeError(t, "cast() argument 'format' must be str, not %s", typeNameOf(t, a[1]));
  const Str* format = a[1].as<Str>();
  bool has_at = format->length == 2 && format->at(0) == '@';
  char code = format->length == (has_at ? 2 : 1) && format->is_ascii ? static_cast<char>(format->at(has_at ? 1 : 0)) : '\0';
  int64_t size = sizeOfCode(code);
  if (size == 0) {
    return raiseValueError(t, "memoryview: destination format must be a native single character format prefixed with an optional '@'");
  }
  if (m->stride != itemSize(m)) return raiseTypeError(t, "memoryview: casts are restricted to C-contiguous views");
  if (itemSize(m) != 1 && size != 1) return raiseTypeError(t, "memoryview: cannot cast between two non-byte formats");
  int64_t bytes = m->length * itemSize(m);
  if (bytes % size != 0) return raiseTypeError(t, "memoryview: length is not a multiple of itemsize");
  if (a[2].defined()) return raise(t, errors(t).not_implemented_error, "memoryview: views of several dimensions are not implemented");
  return viewLike(t, m, m->offset, bytes / size, size, code);
}
static Ref toreadonly(Thread& t, const Value* a) {
  MemoryView* m = self(a);
  TRY(checkLive(t, m));
  Ref view = TRY(newView(t, m->type, m->base, m->offset, m->length, m->stride, m->code));
  view.as<MemoryView>()->is_frozen = true;
  return view;
}
static Ref release(Thread& t, const Value* a) {
  if (int64_t n = self(a)->exports; n > 0) return raise(t, errors(t).buffer_error, "memoryview has %ld exported buffer%s", static_cast<long>(n), n == 1 ? "" : "s");
  releaseBase(self(a));
  return Ref::none();
}
static Ref enter(Thread& t, const Value* a) {
  TRY(checkLive(t, self(a)));
  return Ref::of(a[0]);
}

static Ref compare(Thread& t, Value left, Value right, CompareOp op) {
  if (op != CompareOp::kEq && op != CompareOp::kNe) return Ref::notImplemented();
  bool same = left == right;
  if (!same && self(left)->base.defined()) {
    Ref other = callArgs_py(t, typeOf(t, left), right);
    if (!other) {
      clearException(t);
      return Ref::notImplemented();
    }
    const MemoryView *a = self(left), *b = other.as<MemoryView>();
    same = a->length == b->length;
    for (int64_t i = 0; same && i < a->length; ++i) {
      Ref x = TRY(readItem(t, a, i)), y = TRY(readItem(t, b, i));
      same = TRY(equals_py(t, x.get(), y.get()));
    }
  }
  return Ref::boolean(same == (op == CompareOp::kEq));
}
static Fallible<int64_t> hash(Thread& t, Value v) {
  MemoryView* m = self(v);
  if (m->hash != 0) return m->hash;
  TRY(checkLive(t, m));
  if (!isReadOnly(m)) return raiseValueError(t, "cannot hash writable memoryview object");
  if (itemSize(m) != 1) return raiseValueError(t, "memoryview: hashing is restricted to formats 'B', 'b' or 'c'");
  Ref bytes = newBytes(t, contents(m));
  return m->hash = TRY(hash_py(t, bytes.get()));
}
static Ref repr(Thread& t, Value v) {
  return newStr(t, format(self(v)->base.defined() ? "<memory at %p>" : "<released memory at %p>", static_cast<void*>(v.object())));
}

static Ref getObj(Thread& t, Value v) { TRY(checkLive(t, self(v))); return Ref::of(self(v)->base); }
static Ref getBytes(Thread& t, Value v) { TRY(checkLive(t, self(v))); return newInt(t, self(v)->length * itemSize(self(v))); }
static Ref getItemSize(Thread& t, Value v) { TRY(checkLive(t, self(v))); return newInt(t, itemSize(self(v))); }
static Ref getFormat(Thread& t, Value v) { TRY(checkLive(t, self(v))); return newStr(t, {&self(v)->code, 1}); }
static Ref getReadOnly(Thread& t, Value v) { TRY(checkLive(t, self(v))); return Ref::boolean(isReadOnly(self(v))); }
static Ref getDimensions(Thread& t, Value v) { TRY(checkLive(t, self(v))); return newInt(t, 1); }
static Ref getShape(Thread& t, Value v) { TRY(checkLive(t, self(v))); return tupleOf(t, {Value::fromInt(self(v)->length)}); }
static Ref getStrides(Thread& t, Value v) { TRY(checkLive(t, self(v))); return tupleOf(t, {Value::fromInt(self(v)->stride)}); }
static Ref getSubOffsets(Thread& t, Value v) { TRY(checkLive(t, self(v))); return newTuple(t, 0); }
static Ref getContiguous(Thread& t, Value v) {
  TRY(checkLive(t, self(v)));
  return Ref::boolean(self(v)->length <= 1 || self(v)->stride == itemSize(self(v)));
}
static Ref aliasFor(Thread& t, const Value* a) { return callArgs_py(t, t.types().generic_alias, a[0], a[1]); }

static const NativeDef kMethods[] = {
    {"release", "($self, /)", release, "Release the underlying buffer exposed by the memoryview object."},
    {"tobytes", "($self, /, order='C')", tobytes, "Return the data in the buffer as a byte string."},
    {"tolist", "($self, /)", tolist, "Return the data in the buffer as a list of elements."},
    {"hex", "($self, /)", hex, "Return the data in the buffer as a str of hexadecimal numbers."},
    {"cast", "($self, /, format, shape=<unset>)", cast, "Cast a memoryview to a new format or shape."},
    {"toreadonly", "($self, /)", toreadonly, "Return a readonly version of the memoryview."},
    {"__enter__", "($self, /)", enter},
    {"__exit__", "($self, *exc_info)", release},
    {"__class_getitem__", "($type, object, /)", aliasFor, "See PEP 585"},
    {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {
    {"obj", getObj}, {"nbytes", getBytes}, {"itemsize", getItemSize}, {"format", getFormat}, {"readonly", getReadOnly},
    {"ndim", getDimensions}, {"shape", getShape}, {"strides", getStrides}, {"suboffsets", getSubOffsets},
    {"c_contiguous", getContiguous}, {"f_contiguous", getContiguous}, {"contiguous", getContiguous}, {nullptr, nullptr}};

void addMemoryViewType(Thread& t, Module* module) {
  Type* type = makeType(*t.isolate, {.name = "memoryview", .size = sizeof(MemoryView),
                                     .flags = kTypeGc | kTypeMatchSequence, .methods = kMethods, .getsets = kGetSets,
                                     .doc = "Create a new memoryview object which references the given object."});
  Slots& s = type->slots;
  s.dealloc = dealloc;
  s.traverse = traverse;
  s.make = make;
  s.init = [](Thread&, Value, const Value*, uint32_t, Tuple*) -> Status { return kDone; };
  s.repr = repr;
  s.hash = hash;
  s.compare = compare;
  s.iter = iter;
  s.length = length;
  s.get_item = getItem;
  s.set_item = setItem;
  s.get_buffer = exportBuffer;
  s.release_buffer = endExport;
  readyType(*t.isolate, type);
  moduleSetType(t, module, type);
}

}  // namespace krait::modules
