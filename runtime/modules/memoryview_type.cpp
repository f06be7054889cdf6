// memoryview: views of any exporter of a buffer. Most have one dimension (`length` and `stride`); the others keep shape and
// strides in `dims`. Items of a format that is not native can be copied but not read. ref: Objects/memoryobject.c.
#include <bit>
#include <cstdlib>
#include <cstring>

#include "runtime/modules/compile_hook.h"
#include "runtime/modules/module_table.h"
#include "runtime/modules/pickle/pickle.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/import.h"
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
  int64_t item_size;
  int64_t* dims;   // shape, then strides, when there is not just one dimension
  int32_t dimensions;
  Value format;    // text of a format that is no native letter, or Undefined
  char code;       // the format's letter; '\0' when `format` is set
  bool is_frozen;  // read-only
};
constexpr int32_t kMaxDimensions = 64;

static MemoryView* self(Value v) { return v.as<MemoryView>(); }
static MemoryView* self(const Value* a) { return a[0].as<MemoryView>(); }

static int64_t sizeOfCode(char code) {
  switch (code) {
    case 'b': case 'B': case 'c': case '?': return 1;
    case 'h': case 'H': case 'e': return 2;
    case 'i': case 'I': case 'f': return 4;
    case 'l': case 'L': case 'q': case 'Q': case 'n': case 'N': case 'd': case 'P': return 8;
    default: return 0;
  }
}
static int64_t itemSize(const MemoryView* m) { return m->item_size; }
static int64_t shapeOf(const MemoryView* m, int32_t d) { return m->dims != nullptr ? m->dims[d] : m->length; }
static int64_t strideOf(const MemoryView* m, int32_t d) { return m->dims != nullptr ? m->dims[m->dimensions + d] : m->stride; }
static int64_t countOf(const MemoryView* m) {
  int64_t count = 1;
  for (int32_t d = 0; d < m->dimensions; ++d) count *= shapeOf(m, d);
  return count;
}
static bool isContiguous(const MemoryView* m, bool by_column) {
  int64_t wanted = itemSize(m);
  if (countOf(m) == 0) return true;
  for (int32_t i = 0; i < m->dimensions; ++i) {
    int32_t d = by_column ? i : m->dimensions - 1 - i;
    if (shapeOf(m, d) > 1 && strideOf(m, d) != wanted) return false;
    wanted *= shapeOf(m, d);
  }
  return true;
}
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
static void dealloc(Object* o) {
  MemoryView* m = static_cast<MemoryView*>(o);
  releaseBase(m);
  clearField(m->format);
  std::free(m->dims);
}
static void traverse(Object* o, Visitor visitor, void* context) { visit(static_cast<MemoryView*>(o)->base, visitor, context); }

static void setDims(MemoryView* m, int32_t dimensions, const int64_t* shape, const int64_t* strides) {
  std::free(m->dims);
  m->dims = nullptr;
  m->dimensions = dimensions;
  if (dimensions == 1) {
    m->length = shape[0];
    m->stride = strides != nullptr ? strides[0] : m->item_size;
    return;
  }
  m->dims = static_cast<int64_t*>(std::malloc(sizeof(int64_t) * static_cast<size_t>(2 * dimensions + 1)));
  int64_t step = m->item_size;
  for (int32_t d = dimensions - 1; d >= 0; --d) {
    m->dims[d] = shape[d];
    m->dims[dimensions + d] = strides != nullptr ? strides[d] : step;
    step *= shape[d];
  }
  m->length = dimensions > 0 ? m->dims[0] : 1;
  m->stride = dimensions > 0 ? m->dims[dimensions] : m->item_size;
}
// All of an exporter's memory.
static Ref newView(Thread& t, Type* type, Value base) {
  BufferInfo info;
  TRY(getBuffer(t, base, info));
  MemoryView* m = allocate<MemoryView>(type);
  m->base = share(base);
  m->format = Value();
  m->memory = info.data;
  m->is_frozen = info.is_read_only;
  m->code = info.format;
  m->item_size = info.item_size;
  if (info.format_text != nullptr) {
    m->code = '\0';
    m->format = newStr(t, info.format_text).release();
  }
  int64_t length = info.item_size > 0 ? info.size / info.item_size : 0;
  setDims(m, info.dimensions, info.shape != nullptr ? info.shape : &length, nullptr);
  gcTrack(m);
  return Ref::steal(m);
}

// Another view of the same memory, from `offset` bytes after its beginning.
static Ref viewLike(Thread& t, const MemoryView* m, int64_t offset) {
  Ref view = TRY(newView(t, m->type, m->base));
  MemoryView* made = view.as<MemoryView>();
  made->is_frozen = m->is_frozen;
  made->offset = offset;
  made->code = m->code;
  made->item_size = m->item_size;
  decref(made->format);
  made->format = share(m->format);
  setDims(made, m->dimensions, m->dims != nullptr ? m->dims : &m->length, m->dims != nullptr ? m->dims + m->dimensions : &m->stride);
  return view;
}

static Ref make(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "memoryview", "(object)", args, nargs, keywords, a));
  if (typeOf(t, a[0]) == type) {
    MemoryView* m = self(a[0]);
    TRY(checkLive(t, m));
    return viewLike(t, m, m->offset);
  }
  if (!isBytesLike(a[0])) return raiseTypeError(t, "memoryview: a bytes-like object is required, not '%s'", typeNameOf(t, a[0]));
  return newView(t, type, a[0]);
}

// --- as an exporter itself
static Status exportBuffer(Thread& t, Value v, BufferInfo& out) {
  MemoryView* m = self(v);
  TRY(checkLive(t, m));
  if (!isContiguous(m, false)) return raise(t, errors(t).buffer_error, "memoryview: underlying buffer is not C-contiguous");
  ++m->exports;
  out = {.data = dataOf(m), .size = countOf(m) * itemSize(m), .is_read_only = isReadOnly(m), .format = m->code, .item_size = itemSize(m)};
  if (m->format.defined()) out.format_text = m->format.as<Str>()->ascii().data();
  out.dimensions = m->dimensions;
  out.shape = m->dims != nullptr ? m->dims : &m->length;
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
static RaisedTag noSuchFormat(Thread& t, const MemoryView* m) {
  return raise(t, errors(t).not_implemented_error, "memoryview: format %s not supported", toUtf8(m->format.as<Str>()).c_str());
}
static Ref readAt(Thread& t, const MemoryView* m, const uint8_t* at) {
  switch (m->code) {
    case '\0': return noSuchFormat(t, m);
    case 'B': return newInt(t, *at);
    case 'b': return newInt(t, load<int8_t>(at));
    case 'c': return newBytes(t, {reinterpret_cast<const char*>(at), 1});
    case '?': return Ref::boolean(*at != 0);
    case 'h': return newInt(t, load<int16_t>(at));
    case 'H': return newInt(t, load<uint16_t>(at));
    case 'i': return newInt(t, load<int32_t>(at));
    case 'I': return newInt(t, load<uint32_t>(at));
    case 'e': return newFloat(static_cast<double>(load<_Float16>(at)));
    case 'f': return newFloat(load<float>(at));
    case 'd': return newFloat(load<double>(at));
    case 'L': case 'Q': case 'N': case 'P': return newIntUnsigned(t, load<uint64_t>(at));
    default: return newInt(t, load<int64_t>(at));
  }
}

static Ref readItem(Thread& t, const MemoryView* m, int64_t index) { return readAt(t, m, dataOf(m) + index * m->stride); }
static Status badType(Thread& t, char code) { return raiseTypeError(t, "memoryview: invalid type for format '%c'", code); }
static Status badValue(Thread& t, char code) { return raiseValueError(t, "memoryview: invalid value for format '%c'", code); }

// A conversion's error as one of the format. ref: fix_error_int.
static Status badItem(Thread& t, char code) {
  bool is_type = pendingMatches(t, errors(t).type_error), is_value = pendingMatches(t, errors(t).overflow_error) || pendingMatches(t, errors(t).value_error);
  if (!is_type && !is_value) return kRaised;
  clearException(t);
  return is_type ? badType(t, code) : badValue(t, code);
}
// The conversion of the item may run code that releases the view. ref: pack_single.
static Status writeFloat_py(Thread& t, MemoryView* m, uint8_t* at, Value v) {
  Fallible<double> number = toDouble_py(t, v);
  if (number.raised()) return badItem(t, m->code);
  TRY(checkLive(t, m));
  double d = number.value;
  float f = static_cast<float>(d);
  _Float16 half = static_cast<_Float16>(d);
  if (m->code == 'e') std::memcpy(at, &half, sizeof half);
  else if (m->code == 'f') std::memcpy(at, &f, sizeof f);
  else std::memcpy(at, &d, sizeof d);
  return kDone;
}
static Status writeAt_py(Thread& t, MemoryView* m, uint8_t* at, Value v) {
  char code = m->code;
  if (code == '\0') return noSuchFormat(t, m);
  if (code == 'c') {
    if (!isBytes(v)) return badType(t, code);
    if (v.as<Bytes>()->size != 1) return badValue(t, code);
    *at = v.as<Bytes>()->data()[0];
    return kDone;
  }
  if (code == '?') {
    bool is_true = TRY(isTrue_py(t, v));
    TRY(checkLive(t, m));
    *at = is_true;
    return kDone;
  }
  if (code == 'f' || code == 'd' || code == 'e') return writeFloat_py(t, m, at, v);
  if (code == 'P' && !isIntLike(v)) return badType(t, code);
  Ref index = isIntLike(v) ? Ref::of(v) : toIndex_py(t, v);
  if (!index) return badItem(t, code);
  TRY(checkLive(t, m));
  int64_t size = itemSize(m);
  bool is_unsigned = code >= 'A' && code <= 'Z';
  uint64_t bits;
  if (is_unsigned) {
    if (!intFitsUnsigned(index.get(), bits) || (size < 8 && bits >> (8 * size) != 0)) return badValue(t, code);
  } else {
    int64_t value;
    if (!intFits(index.get(), value)) return badValue(t, code);
    int64_t limit = size < 8 ? int64_t{1} << (8 * size - 1) : 0;
    if (size < 8 && (value < -limit || value >= limit)) return badValue(t, code);
    bits = static_cast<uint64_t>(value);
  }
  std::memcpy(at, &bits, static_cast<size_t>(size));
  return kDone;
}

// The items from dimension `d` on, in C's order.
static void appendItems(std::string& out, const MemoryView* m, int32_t d, const uint8_t* at) {
  if (d == m->dimensions) {
    out.append(reinterpret_cast<const char*>(at), static_cast<size_t>(itemSize(m)));
    return;
  }
  for (int64_t i = 0; i < shapeOf(m, d); ++i) appendItems(out, m, d + 1, at + i * strideOf(m, d));
}
static std::string contents(const MemoryView* m) {
  std::string out;
  if (isContiguous(m, false)) {
    out.assign(reinterpret_cast<const char*>(dataOf(m)), static_cast<size_t>(countOf(m) * itemSize(m)));
  } else {
    appendItems(out, m, 0, dataOf(m));
  }
  return out;
}
// The same with the first dimension running fastest.
static std::string contentsByColumn(const MemoryView* m) {
  std::string out;
  int64_t place[kMaxDimensions] = {};
  for (int64_t left = countOf(m); left > 0; --left) {
    const uint8_t* at = dataOf(m);
    for (int32_t d = 0; d < m->dimensions; ++d) at += place[d] * strideOf(m, d);
    out.append(reinterpret_cast<const char*>(at), static_cast<size_t>(itemSize(m)));
    for (int32_t d = 0; d < m->dimensions && ++place[d] == shapeOf(m, d); ++d) place[d] = 0;
  }
  return out;
}
static bool isIndexLike(Thread& t, Value key) { return isIntLike(key) || typeOf(t, key)->slots.index != nullptr; }
static Ref sliceOf(Thread& t, MemoryView* m, Value key) {
  Ref view = TRY(viewLike(t, m, m->offset));  // first: an index may run code that releases this one
  SliceBounds s = TRY(sliceBounds_py(t, key, m->length));
  view.as<MemoryView>()->offset += s.start * m->stride;
  MemoryView* made = view.as<MemoryView>();
  made->length = s.length;
  made->stride = m->stride * s.step;
  if (made->dims != nullptr) made->dims[0] = made->length, made->dims[made->dimensions] = made->stride;
  return view;
}
// The item that a tuple of indices names. ref: ptr_from_tuple, memory_subscript.
static Fallible<uint8_t*> placeOfTuple_py(Thread& t, MemoryView* m, Tuple* key) {
  bool all_slices = key->size > 0;
  for (int64_t i = 0; i < key->size; ++i) {
    all_slices = all_slices && isExact(key->items()[i], TypeId::kSlice);
    if (!isIndexLike(t, key->items()[i]) && !all_slices) return raiseTypeError(t, "memoryview: invalid slice key");
  }
  if (all_slices) return raise(t, errors(t).not_implemented_error, "multi-dimensional slicing is not implemented");
  if (key->size < m->dimensions) return raise(t, errors(t).not_implemented_error, "sub-views are not implemented");
  if (key->size > m->dimensions) return raiseTypeError(t, "cannot index %d-dimension view with %ld-element tuple", m->dimensions, static_cast<long>(key->size));
  int64_t offset = 0;
  for (int32_t d = 0; d < m->dimensions; ++d) {
    std::string message = format("index out of bounds on dimension %d", d + 1);
    offset += TRY(checkIndex_py(t, key->items()[d], shapeOf(m, d), message.c_str())) * strideOf(m, d);
  }
  TRY(checkLive(t, m));  // an index may have run code that released it
  return dataOf(m) + offset;
}
// The item that `key` names in a view of one dimension, or of none.
static Fallible<uint8_t*> placeOf_py(Thread& t, MemoryView* m, Value key) {
  if (isTuple(key)) return placeOfTuple_py(t, m, key.as<Tuple>());
  if (m->dimensions == 0) return raiseTypeError(t, "invalid indexing of 0-dim memory");
  if (!isIndexLike(t, key)) return raiseTypeError(t, "memoryview: invalid slice key");
  if (m->dimensions > 1) return raise(t, errors(t).not_implemented_error, "multi-dimensional sub-views are not implemented");
  int64_t index = TRY(checkIndex_py(t, key, m->length, "index out of bounds on dimension 1"));
  TRY(checkLive(t, m));
  return dataOf(m) + index * m->stride;
}

static Ref getItem(Thread& t, Value v, Value key) {
  MemoryView* m = self(v);
  TRY(checkLive(t, m));
  if (isExact(key, TypeId::kSlice) && m->dimensions > 0) return sliceOf(t, m, key);
  if (m->dimensions == 0 && key == Value::ellipsis()) return Ref::of(v);
  return readAt(t, m, TRY(placeOf_py(t, m, key)));
}

static Status setItem(Thread& t, Value v, Value key, Value value) {
  MemoryView* m = self(v);
  TRY(checkLive(t, m));
  if (isReadOnly(m)) return raiseTypeError(t, "cannot modify read-only memory");
  if (value.isUndefined()) return raiseTypeError(t, "cannot delete memory");
  bool is_whole = m->dimensions == 0 && key == Value::ellipsis();
  if (!isExact(key, TypeId::kSlice)) {
    uint8_t* at = is_whole ? dataOf(m) : TRY(placeOf_py(t, m, key));
    return writeAt_py(t, m, at, value);
  }
  if (m->dimensions != 1) return raise(t, errors(t).not_implemented_error, "memoryview slice assignments are currently restricted to ndim = 1");
  SliceBounds s = TRY(sliceBounds_py(t, key, m->length));
  Ref source = TRY(callArgs_py(t, m->type, value));
  MemoryView* from = source.as<MemoryView>();
  bool same_format = from->code == m->code && (from->code != '\0' || strEqual(from->format.as<Str>(), m->format.as<Str>()));
  if (!same_format || from->dimensions != 1 || from->length != s.length) {
    return raiseValueError(t, "memoryview assignment: lvalue and rvalue have different structures");
  }
  TRY(checkLive(t, m));
  std::string copy = contents(from);
  int64_t size = itemSize(m);
  for (int64_t i = 0; i < s.length; ++i) {
    std::memcpy(dataOf(m) + (s.start + i * s.step) * m->stride, copy.data() + i * size, static_cast<size_t>(size));
  }
  return kDone;
}
static Fallible<int64_t> length(Thread& t, Value v) {
  TRY(checkLive(t, self(v)));
  if (self(v)->dimensions == 0) return raiseTypeError(t, "0-dim memory has no length");
  return self(v)->length;
}

static Ref listFrom(Thread& t, const MemoryView* m, int32_t d, const uint8_t* at) {
  if (d == m->dimensions) return readAt(t, m, at);
  Ref list = newList(t, shapeOf(m, d));
  for (int64_t i = 0; i < shapeOf(m, d); ++i) listAppendSteal(list.as<List>(), TRY(listFrom(t, m, d + 1, at + i * strideOf(m, d))).release());
  return list;
}
static Ref tolist(Thread& t, const Value* a) {
  TRY(checkLive(t, self(a)));
  return listFrom(t, self(a), 0, dataOf(self(a)));
}
static Ref iter(Thread& t, Value v) {
  TRY(checkLive(t, self(v)));
  if (self(v)->dimensions == 0) return raiseTypeError(t, "invalid indexing of 0-dim memory");
  if (self(v)->dimensions > 1) return raise(t, errors(t).not_implemented_error, "multi-dimensional sub-views are not implemented");
  Ref list = TRY(tolist(t, &v));
  return iter_py(t, list.get());
}
static Ref tobytes(Thread& t, const Value* a) {
  const MemoryView* m = self(a);
  TRY(checkLive(t, m));
  bool by_column = false;
  if (!a[1].isNone()) {
    if (!isStr(a[1])) return raiseTypeError(t, "tobytes() argument 'order' must be str or None, not %s", typeNameOf(t, a[1]));
    std::string order = toUtf8(a[1].as<Str>());
    if (order != "C" && order != "F" && order != "A") return raiseValueError(t, "order must be 'C', 'F' or 'A'");
    by_column = order == "F" || (order == "A" && isContiguous(m, true) && !isContiguous(m, false));
  }
  return newBytes(t, by_column ? contentsByColumn(m) : contents(m));
}
static Ref hex(Thread& t, const Value* a) {
  TRY(checkLive(t, self(a)));
  Ref bytes = newBytes(t, contents(self(a)));
  Str* name = intern(*t.isolate, "hex");
  if (a[1].isUndefined()) return callMethod_py(t, bytes.get(), name);
  return a[2].isUndefined() ? callMethod_py(t, bytes.get(), name, a[1]) : callMethod_py(t, bytes.get(), name, a[1], a[2]);
}
// ref: memoryview.count, memoryview.index (new in 3.14).
static Ref countMethod(Thread& t, const Value* a) {
  int64_t count = 0;
  Iteration it(t, a[0]);
  while (it.next()) count += TRY(equals_py(t, it.value(), a[1]));
  return it.raised() ? Ref() : newInt(t, count);
}
static Ref indexMethod(Thread& t, const Value* a) {
  MemoryView* m = self(a);
  TRY(checkLive(t, m));
  if (m->dimensions == 0) return raiseTypeError(t, "invalid lookup on 0-dim memory");
  if (m->dimensions > 1) return raise(t, errors(t).not_implemented_error, "multi-dimensional lookup is not implemented");
  int64_t begin = TRY(toIndexClamped_py(t, a[2])), end = a[3].isUndefined() ? INT64_MAX : TRY(toIndexClamped_py(t, a[3]));
  if (begin < 0) begin = begin + m->length < 0 ? 0 : begin + m->length;
  if (end < 0) end += m->length;
  for (int64_t i = begin; i < end && i < m->length; ++i) {
    TRY(checkLive(t, m));
    Ref item = TRY(readItem(t, m, i));
    if (TRY(equals_py(t, item.get(), a[1]))) return newInt(t, i);
  }
  return raiseValueError(t, "memoryview.index(x): x not found");
}

// The lengths of a list or tuple; their product in `product`. ref: copy_shape.
static Fallible<int32_t> shapeArg_py(Thread& t, Value v, int64_t item_size, int64_t* shape, int64_t& product) {
  if (!isList(v) && !isTuple(v)) return raiseTypeError(t, "shape must be a list or a tuple");
  Ref items = TRY(tupleFromIterable_py(t, v));
  int64_t n = items.as<Tuple>()->size;
  if (n > kMaxDimensions) return raiseValueError(t, "memoryview: number of dimensions must not exceed 64");
  product = item_size;
  for (int64_t i = 0; i < n; ++i) {
    Value item = items.as<Tuple>()->items()[i];
    if (!isIntLike(item)) return raiseTypeError(t, "memoryview.cast(): elements of shape must be integers");
    if (!intFits(item, shape[i]) || shape[i] <= 0) return raiseValueError(t, "memoryview.cast(): elements of shape must be integers > 0");
    if (__builtin_mul_overflow(product, shape[i], &product)) return raiseValueError(t, "memoryview.cast(): product(shape) > SSIZE_MAX");
  }
  return static_cast<int32_t>(n);
}
static Ref cast(Thread& t, const Value* a) {
  MemoryView* m = self(a);
  TRY(checkLive(t, m));
  if (!isStr(a[1])) return raiseTypeError(t, "cast() argument 'format' must be str, not %s", typeNameOf(t, a[1]));
  if (!isContiguous(m, false)) return raiseTypeError(t, "memoryview: casts are restricted to C-contiguous views");
  bool has_shape = a[2].defined();
  if ((has_shape || m->dimensions != 1) && m->dimensions > 0) {
    for (int32_t d = 0; d < m->dimensions; ++d) {
      if (shapeOf(m, d) == 0) return raiseTypeError(t, "memoryview: cannot cast view with zeros in shape or strides");
    }
  }
  if (has_shape && !isList(a[2]) && !isTuple(a[2])) return raiseTypeError(t, "shape must be a list or a tuple");
  int64_t shape[kMaxDimensions + 1] = {}, product = 1;
  int64_t wanted = has_shape ? TRY(length_py(t, a[2])) : 1;
  if (has_shape && wanted > 1 && m->dimensions > 1) return raiseTypeError(t, "memoryview: cast must be 1D -> ND or ND -> 1D");
  const Str* format = a[1].as<Str>();
  bool has_at = format->length == 2 && format->at(0) == '@';
  char code = format->length == (has_at ? 2 : 1) && format->is_ascii ? static_cast<char>(format->at(has_at ? 1 : 0)) : '\0';
  int64_t size = sizeOfCode(code);
  if (size == 0) {
    return raiseValueError(t, "memoryview: destination format must be a native single character format prefixed with an optional '@'");
  }
  auto is_byte = [](char c) { return c == 'B' || c == 'b' || c == 'c'; };
  if (!is_byte(m->code) && !is_byte(code)) return raiseTypeError(t, "memoryview: cannot cast between two non-byte formats");
  int64_t bytes = countOf(m) * itemSize(m);
  if (bytes % size != 0) return raiseTypeError(t, "memoryview: length is not a multiple of itemsize");
  int32_t dimensions = 1;
  shape[0] = bytes / size;
  if (has_shape) {
    dimensions = TRY(shapeArg_py(t, a[2], size, shape, product));
    if (product != bytes) return raiseTypeError(t, "memoryview: product(shape) * itemsize != buffer size");
  }
  Ref view = TRY(viewLike(t, m, m->offset));
  MemoryView* made = view.as<MemoryView>();
  clearField(made->format);
  made->code = code;
  if (has_at) made->format = Value();
  made->item_size = size;
  setDims(made, dimensions, shape, nullptr);
  return view;
}
static Ref toreadonly(Thread& t, const Value* a) {
  MemoryView* m = self(a);
  TRY(checkLive(t, m));
  Ref view = TRY(viewLike(t, m, m->offset));
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

// Items as Python values, those of a format that is not native by the struct module. Empty without exception: unknown format.
static Ref comparable_py(Thread& t, const MemoryView* m) {
  if (m->code != '\0') return listFrom(t, m, 0, dataOf(m));
  Ref unpack = TRY(importAttr_py(t, "struct", "iter_unpack")), bytes = newBytes(t, contents(m));
  Ref items = callArgs_py(t, unpack.get(), m->format, bytes.get());
  if (items) return listFromIterable_py(t, items.get());
  clearException(t);
  return Ref();
}
static bool sameShape(const MemoryView* a, const MemoryView* b) {
  if (a->dimensions != b->dimensions) return false;
  for (int32_t d = 0; d < a->dimensions; ++d) {
    if (shapeOf(a, d) != shapeOf(b, d)) return false;
  }
  return true;
}
static Fallible<bool> sameItems_py(Thread& t, const MemoryView* a, const MemoryView* b) {
  if (a->code == b->code && a->code != '\0' && a->code != 'f' && a->code != 'd' && a->code != 'e') return contents(a) == contents(b);
  Ref x = comparable_py(t, a);
  if (isPending(t)) return kRaised;
  Ref y = comparable_py(t, b);
  if (isPending(t)) return kRaised;
  if (!x || !y) return false;
  bool mixed = (a->code == '\0') != (b->code == '\0') && a->dimensions != 1;
  if (mixed) return raise(t, errors(t).not_implemented_error, "memoryview: comparison of structures of several dimensions");
  // Lists compare identical items as equal; a nan is no item of its own.
  if (a->dimensions == 1 && a->code != '\0' && b->code != '\0') {
    for (int64_t i = 0; i < x.as<List>()->size; ++i) {
      if (!TRY(compareTrue_py(t, x.as<List>()->items[i], y.as<List>()->items[i], CompareOp::kEq))) return false;
    }
    return true;
  }
  return equals_py(t, x.get(), y.get());
}
static Ref compare(Thread& t, Value left, Value right, CompareOp op) {
  if (op != CompareOp::kEq && op != CompareOp::kNe) return Ref::notImplemented();
  bool same = left == right;
  if (self(left)->base.defined()) {
    Ref other = callArgs_py(t, typeOf(t, left), right);
    if (!other) {
      clearException(t);
      return same ? Ref::boolean(op == CompareOp::kEq) : Ref::notImplemented();
    }
    const MemoryView *a = self(left), *b = other.as<MemoryView>();
    same = sameShape(a, b) && TRY(sameItems_py(t, a, b));
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

Value viewedObject(Value v) { return self(v)->base.defined() ? pickle::memoryOwner(self(v)->base) : Value::none(); }
static Ref getObj(Thread& t, Value v) { TRY(checkLive(t, self(v))); return Ref::of(viewedObject(v)); }
static Ref getBytes(Thread& t, Value v) { TRY(checkLive(t, self(v))); return newInt(t, countOf(self(v)) * itemSize(self(v))); }
static Ref getItemSize(Thread& t, Value v) { TRY(checkLive(t, self(v))); return newInt(t, itemSize(self(v))); }
static Ref getFormat(Thread& t, Value v) {
  TRY(checkLive(t, self(v)));
  return self(v)->format.defined() ? Ref::of(self(v)->format) : newStr(t, {&self(v)->code, 1});
}
static Ref getReadOnly(Thread& t, Value v) { TRY(checkLive(t, self(v))); return Ref::boolean(isReadOnly(self(v))); }
static Ref getDimensions(Thread& t, Value v) { TRY(checkLive(t, self(v))); return newInt(t, self(v)->dimensions); }
static Ref dimsTuple(Thread& t, const MemoryView* m, bool strides) {
  Ref all = newTuple(t, m->dimensions);
  for (int32_t d = 0; d < m->dimensions; ++d) all.as<Tuple>()->items()[d] = Value::fromInt(strides ? strideOf(m, d) : shapeOf(m, d));
  return all;
}
static Ref getShape(Thread& t, Value v) { TRY(checkLive(t, self(v))); return dimsTuple(t, self(v), false); }
static Ref getStrides(Thread& t, Value v) { TRY(checkLive(t, self(v))); return dimsTuple(t, self(v), true); }
static Ref getSubOffsets(Thread& t, Value v) { TRY(checkLive(t, self(v))); return newTuple(t, 0); }
template <bool C, bool Fortran>
static Ref getContiguous(Thread& t, Value v) {
  TRY(checkLive(t, self(v)));
  return Ref::boolean((C && isContiguous(self(v), false)) || (Fortran && isContiguous(self(v), true)));
}
static Ref aliasFor(Thread& t, const Value* a) { return callArgs_py(t, t.types().generic_alias, a[0], a[1]); }

static const NativeDef kMethods[] = {
    {"release", "($self, /)", release, "Release the underlying buffer exposed by the memoryview object."},
    {"tobytes", "($self, /, order='C')", tobytes, "Return the data in the buffer as a byte string."},
    {"tolist", "($self, /)", tolist, "Return the data in the buffer as a list of elements."},
    {"hex", "($self, /, sep=<unset>, bytes_per_sep=<unset>)", hex, "Return the data in the buffer as a str of hexadecimal numbers."},
    {"cast", "($self, /, format, shape=<unset>)", cast, "Cast a memoryview to a new format or shape."},
    {"count", "($self, value, /)", countMethod, "Count the number of occurrences of a value."},
    {"index", "($self, value, start=0, stop=<unset>, /)", indexMethod, "Return the index of the first occurrence of a value."},
    {"toreadonly", "($self, /)", toreadonly, "Return a readonly version of the memoryview."},
    {"__enter__", "($self, /)", enter},
    {"__exit__", "($self, *exc_info)", release},
    {"__class_getitem__", "($type, object, /)", aliasFor, "See PEP 585"},
    {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {
    {"obj", getObj}, {"nbytes", getBytes}, {"itemsize", getItemSize}, {"format", getFormat}, {"readonly", getReadOnly},
    {"ndim", getDimensions}, {"shape", getShape}, {"strides", getStrides}, {"suboffsets", getSubOffsets},
    {"c_contiguous", getContiguous<true, false>}, {"f_contiguous", getContiguous<false, true>}, {"contiguous", getContiguous<true, true>}, {nullptr, nullptr}};

void addMemoryViewType(Thread& t, Module* module) {
  Type* type = makeType(*t.isolate, {.name = "memoryview", .size = sizeof(MemoryView),
                                     .flags = kTypeGc | kTypeMatchSequence | kTypeWeakrefable, .methods = kMethods, .getsets = kGetSets,
                                     .doc = "Create a new memoryview object which references the given object."});
  Slots& s = type->slots;
  s.dealloc = dealloc;
  s.traverse = traverse;
  s.clear = [](Object* o) {
    if (static_cast<MemoryView*>(o)->exports == 0) releaseBase(static_cast<MemoryView*>(o));
  };
  s.make = make;
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
