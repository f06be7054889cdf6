// The class Memory: a piece of memory with typed access, and the functions on bare addresses.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "runtime/modules/foreign/foreign.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"

namespace krait::modules::foreign {

State state;

static void dropOwner(Memory* m) {
  if (m->has_buffer) releaseBuffer(m->owner);
  m->has_buffer = false;
  clearField(m->owner);
}
static void dealloc(Object* o) {
  Memory* m = static_cast<Memory*>(o);
  if (m->is_allocated) std::free(m->address);
  dropOwner(m);
  clearField(m->objects);
  clearField(m->format);
}
static void traverse(Object* o, Visitor visitor, void* context) {
  Memory* m = static_cast<Memory*>(o);
  visit(m->owner, visitor, context);
  visit(m->objects, visitor, context);
}
static void clear(Object* o) {
  Memory* m = static_cast<Memory*>(o);
  clearField(m->objects);
}

static Memory* makeMemory(Type* type) {
  Memory* m = allocate<Memory>(type);
  m->address = m->local;
  m->owner = m->objects = m->format = Value();
  gcTrack(m);
  return m;
}
// Zeroed memory of its own.
static Status reserve(Thread& t, Memory* m, int64_t size) {
  if (size > static_cast<int64_t>(sizeof m->local)) {
    uint8_t* block = size > (int64_t{1} << 46) ? nullptr : static_cast<uint8_t*>(std::calloc(1, static_cast<size_t>(size)));
    if (block == nullptr) return raiseMemoryError(t);
    m->address = block;
    m->is_allocated = true;
  }
  m->size = size;
  return kDone;
}
Ref newMemoryAt(Thread&, Type* type, uint8_t* address, int64_t size, Value owner, int64_t index) {
  Memory* m = makeMemory(type);
  m->address = address;
  m->size = size;
  m->owner = share(owner);
  m->index = index;
  return Ref::steal(m);
}
Status checkMemory(Thread& t, Value v) {
  if (isMemory(v)) return kDone;
  return raiseTypeError(t, "expected a ctypes instance, not %s", typeNameOf(t, v));
}
static Fallible<Type*> memoryClass(Thread& t, Value v) {
  if (isType(v) && isSubtype(v.as<Type>(), state.memory)) return v.as<Type>();
  return raiseTypeError(t, "expected a ctypes class");
}
static Fallible<char> codeArg(Thread& t, Value v, bool& is_swapped) {
  is_swapped = false;
  if (isStr(v)) {
    std::string text = toUtf8(v.as<Str>());
    is_swapped = text.size() == 2 && text[0] == '>';
    if (!text.empty() && sizeOfCode(text.back()) > 0) return text.back();
  }
  return raiseValueError(t, "unknown type code");
}
static Fallible<uint8_t*> placeOf(Thread& t, Value v, Value offset, int64_t size) {
  TRY(checkMemory(t, v));
  int64_t at = TRY(toInt64_py(t, offset));
  if (at < 0 || at > memory(v)->size - size) return raiseValueError(t, "access outside of the memory of a ctypes instance");
  return memory(v)->address + at;
}

// (cls, size)
static Ref allocateFn(Thread& t, const Value* a) {
  Type* type = TRY(memoryClass(t, a[0]));
  int64_t size = TRY(toInt64_py(t, a[1]));
  Ref made = Ref::steal(makeMemory(type));
  TRY(reserve(t, made.as<Memory>(), size));
  return made;
}
// (cls, owner, offset, size, index): a part of another one's memory.
static Ref partFn(Thread& t, const Value* a) {
  Type* type = TRY(memoryClass(t, a[0]));
  int64_t size = TRY(toInt64_py(t, a[3])), index = TRY(toInt64_py(t, a[4]));
  uint8_t* at = TRY(placeOf(t, a[1], a[2], size));
  return newMemoryAt(t, type, at, size, a[1], index);
}
// (cls, address, size, owner)
static Ref atFn(Thread& t, const Value* a) {
  Type* type = TRY(memoryClass(t, a[0]));
  uint64_t address;
  if (!isIntLike(a[1])) return raiseTypeError(t, "integer expected");
  int64_t negative = 0;
  if (!intFitsUnsigned(a[1], address)) {
    if (!intFits(a[1], negative)) return raiseOverflowError(t, "Python int too large to convert to C long");
    address = static_cast<uint64_t>(negative);
  }
  return newMemoryAt(t, type, reinterpret_cast<uint8_t*>(address), TRY(toInt64_py(t, a[2])), a[3], 0);
}
// (cls, exporter, offset, size): the memory of a writable buffer.
static Ref onBufferFn(Thread& t, const Value* a) {
  Type* type = TRY(memoryClass(t, a[0]));
  int64_t offset = TRY(toInt64_py(t, a[2])), size = TRY(toInt64_py(t, a[3]));
  if (!isBytesLike(a[1])) return raiseTypeError(t, "a bytes-like object is required, not '%s'", typeNameOf(t, a[1]));
  BufferInfo info;
  TRY(getBuffer(t, a[1], info));
  const char* problem = info.is_read_only ? "underlying buffer is not writable" : nullptr;
  if (problem != nullptr) {
    releaseBuffer(a[1]);
    return raiseTypeError(t, "%s", problem);
  }
  if (offset < 0 || size > info.size - offset) {
    releaseBuffer(a[1]);
    if (offset < 0) return raiseValueError(t, "offset cannot be negative");
    return raiseValueError(t, "Buffer size too small (%ld instead of at least %ld bytes)", static_cast<long>(info.size), static_cast<long>(size + offset));
  }
  Ref made = newMemoryAt(t, type, info.data + offset, size, a[1], 0);
  made.as<Memory>()->has_buffer = true;
  return made;
}
static Ref loadFn(Thread& t, const Value* a) {
  bool is_swapped;
  char code = TRY(codeArg(t, a[2], is_swapped));
  uint8_t* at = TRY(placeOf(t, a[0], a[1], sizeOfCode(code)));
  return loadScalar(t, at, code, is_swapped);
}
// What has to be kept alive, or None.
static Ref storeFn(Thread& t, const Value* a) {
  bool is_swapped;
  char code = TRY(codeArg(t, a[2], is_swapped));
  uint8_t* at = TRY(placeOf(t, a[0], a[1], sizeOfCode(code)));
  Ref keep = Ref::none();
  TRY(storeScalar_py(t, at, code, is_swapped, a[3], keep));
  return keep;
}
static uint64_t wordAt(const uint8_t* at, int64_t size, bool is_swapped) {
  uint64_t word = 0;
  std::memcpy(&word, at, static_cast<size_t>(size));
  return is_swapped ? __builtin_bswap64(word) >> (64 - 8 * size) : word;
}
static bool isSigned(char code) { return code == 'b' || code == 'h' || code == 'i' || code == 'l' || code == 'q'; }
// (memory, offset, code, low bit, bits)
static Ref loadBitsFn(Thread& t, const Value* a) {
  bool is_swapped;
  char code = TRY(codeArg(t, a[2], is_swapped));
  int64_t size = sizeOfCode(code), low = TRY(toInt64_py(t, a[3])), bits = TRY(toInt64_py(t, a[4]));
  uint64_t word = wordAt(TRY(placeOf(t, a[0], a[1], size)), size, is_swapped) << (64 - low - bits);
  if (isSigned(code)) return newInt(t, static_cast<int64_t>(word) >> (64 - bits));
  word >>= 64 - bits;
  return code == '?' ? Ref::boolean(word != 0) : newIntUnsigned(t, word);
}
// (memory, offset, code, low bit, bits, value)
static Ref storeBitsFn(Thread& t, const Value* a) {
  bool is_swapped;
  char code = TRY(codeArg(t, a[2], is_swapped));
  int64_t size = sizeOfCode(code), low = TRY(toInt64_py(t, a[3])), bits = TRY(toInt64_py(t, a[4]));
  uint8_t native[32];
  Ref keep;
  TRY(storeScalar_py(t, native, code, false, a[5], keep));
  uint8_t* at = TRY(placeOf(t, a[0], a[1], size));
  uint64_t mask = (bits == 64 ? ~uint64_t{0} : (uint64_t{1} << bits) - 1) << low;
  uint64_t word = (wordAt(at, size, is_swapped) & ~mask) | ((wordAt(native, size, false) << low) & mask);
  if (is_swapped) word = __builtin_bswap64(word) >> (64 - 8 * size);
  std::memcpy(at, &word, static_cast<size_t>(size));
  return Ref::none();
}
// (memory, offset, size)
static Ref bytesFn(Thread& t, const Value* a) {
  int64_t size = TRY(toInt64_py(t, a[2]));
  uint8_t* at = TRY(placeOf(t, a[0], a[1], size));
  return newBytes(t, {reinterpret_cast<const char*>(at), static_cast<size_t>(size)});
}
static Ref wideFn(Thread& t, const Value* a) {
  int64_t length = TRY(toInt64_py(t, a[2]));
  uint8_t* at = TRY(placeOf(t, a[0], a[1], length * 4));
  // A packed structure may hold them at any address.
  std::vector<uint32_t> chars(static_cast<size_t>(std::max<int64_t>(length, 0)));
  if (length > 0) std::memcpy(chars.data(), at, chars.size() * sizeof(uint32_t));
  for (uint32_t each : chars) {
    if (each > 0x10FFFF) return raiseValueError(t, "character U+%x is not in range [U+0000; U+10ffff]", each);
  }
  return newStrUtf32(t, chars.data(), static_cast<int64_t>(chars.size()));
}
// (memory, offset, bytes-like)
static Ref writeFn(Thread& t, const Value* a) {
  Buffer data;
  TRY(data.acquire(t, a[2]));
  uint8_t* at = TRY(placeOf(t, a[0], a[1], data.size()));
  if (data.size() > 0) std::memmove(at, data.data(), static_cast<size_t>(data.size()));
  return Ref::none();
}
// (memory, size): a larger block of its own, with the contents.
static Ref resizeFn(Thread& t, const Value* a) {
  TRY(checkMemory(t, a[0]));
  Memory* m = memory(a[0]);
  int64_t size = TRY(toInt64_py(t, a[1]));
  uint8_t* block = size < 0 || size > (int64_t{1} << 46) ? nullptr : static_cast<uint8_t*>(std::calloc(1, static_cast<size_t>(size) + 1));
  if (block == nullptr) return raiseMemoryError(t);
  std::memcpy(block, m->address, static_cast<size_t>(size < m->size ? size : m->size));
  if (m->is_allocated) std::free(m->address);
  m->address = block;
  m->is_allocated = true;
  m->size = size;
  return Ref::none();
}
static Ref addressFn(Thread& t, const Value* a) {
  TRY(checkMemory(t, a[0]));
  return newIntUnsigned(t, reinterpret_cast<uint64_t>(memory(a[0])->address));
}
static Ref sizeFn(Thread& t, const Value* a) {
  TRY(checkMemory(t, a[0]));
  return newInt(t, memory(a[0])->size);
}

// Makes functions of Python members of the class.
static Ref adoptFn(Thread& t, const Value* a) {
  if (!isDict(a[0])) return raiseTypeError(t, "expected a dict");
  int64_t position = 0;
  for (Value name, value; dictNext(a[0].as<Dict>(), position, name, value);) dictSetStr(state.memory->dict, internStr(*t.isolate, name.as<Str>()), value);
  typeModified(state.memory);
  updateSlots(*t.isolate, state.memory, nullptr);
  return Ref::none();
}
// Makes a class immutable for Python, as native classes are.
static Ref freezeFn(Thread& t, const Value* a) {
  if (!isType(a[0])) return raiseTypeError(t, "expected a class");
  a[0].as<Type>()->flags |= kTypeImmutable;
  return Ref::none();
}
static Ref getBase(Thread&, Value v) { return memory(v)->owner.isUndefined() ? Ref::none() : Ref::of(memory(v)->owner); }
static Ref getNeedsFree(Thread&, Value v) { return newIntSmall(memory(v)->owner.isUndefined()); }
static Ref getObjects(Thread&, Value v) { return memory(v)->objects.isUndefined() ? Ref::none() : Ref::of(memory(v)->objects); }
static Status setObjects(Thread&, Value v, Value value) {
  Value old = memory(v)->objects;
  memory(v)->objects = share(value);
  decref(old);
  return kDone;
}
static Ref getIndex(Thread& t, Value v) { return newInt(t, memory(v)->index); }
static const GetSetDef kGetSets[] = {{"_b_base_", getBase, nullptr, "the base object"}, {"_b_needsfree_", getNeedsFree, nullptr, "whether the object owns the memory or not"},
    {"_keeps", getObjects, setObjects}, {"_index", getIndex}, {nullptr, nullptr}};

// What _ctypes noted for the class: (format, the shape's words, size of an item).
static Status getBufferOf(Thread& t, Value v, BufferInfo& out) {
  Memory* m = memory(v);
  out = {.data = m->address, .size = m->size, .is_read_only = false};
  Value layout = typeLookup(typeOf(t, v), intern(*t.isolate, "_buffer_layout"));
  if (!hasLayout(layout, TypeId::kTuple) || layout.as<Tuple>()->size != 3) return kDone;
  Tuple* parts = layout.as<Tuple>();
  int64_t item = parts->items()[2].asInt(), dimensions = parts->items()[1].as<Bytes>()->size / 8;
  out.format_text = reinterpret_cast<const char*>(parts->items()[0].as<Str>()->data1());
  // A view without dimensions is as large as its item: of a resized object all bytes are to be seen.
  out.item_size = dimensions == 0 && m->size > item ? m->size : item;
  out.dimensions = static_cast<int32_t>(dimensions);
  out.shape = reinterpret_cast<const int64_t*>(parts->items()[1].as<Bytes>()->data());
  return kDone;
}
static Ref make(Thread& t, Type* type, const Value*, uint32_t, Tuple*) {
  if (type == state.memory) return raiseTypeError(t, "cannot create '%s' instances", typeName(type));
  return Ref::steal(makeMemory(type));
}

static const NativeDef kFunctions[] = {{"allocate", "(cls, size, /)", allocateFn}, {"part", "(cls, owner, offset, size, index, /)", partFn},
    {"at", "(cls, address, size, owner, /)", atFn}, {"on_buffer", "(cls, exporter, offset, size, /)", onBufferFn}, {"load", "(memory, offset, code, /)", loadFn},
    {"store", "(memory, offset, code, value, /)", storeFn}, {"load_bits", "(memory, offset, code, low, bits, /)", loadBitsFn},
    {"store_bits", "(memory, offset, code, low, bits, value, /)", storeBitsFn}, {"load_bytes", "(memory, offset, size, /)", bytesFn},
    {"load_wide", "(memory, offset, length, /)", wideFn}, {"store_bytes", "(memory, offset, data, /)", writeFn}, {"resize", "(memory, size, /)", resizeFn},
    {"address", "(memory, /)", addressFn}, {"size", "(memory, /)", sizeFn}, {"adopt", "(members, /)", adoptFn}, {"freeze", "(cls, /)", freezeFn}, {nullptr, nullptr, nullptr}};

void addMemory(Thread& t, Module* m) {
  Type* type = state.memory = makeType(*t.isolate, {.name = "_ctypes._CData", .size = sizeof(Memory), .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable, .getsets = kGetSets});
  Slots& s = type->slots;
  s.dealloc = dealloc;
  s.traverse = traverse;
  s.clear = clear;
  s.make = make;
  s.init = [](Thread&, Value, const Value*, uint32_t, Tuple*) -> Status { return kDone; };
  s.get_buffer = getBufferOf;
  s.release_buffer = [](Value) {};
  readyType(*t.isolate, type);
  moduleSet(t, m, "Memory", Value(type));
  addFunctions(t, m, kFunctions);
}

}  // namespace krait::modules::foreign
