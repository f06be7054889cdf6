// What changes a bytearray in place, and the methods of bytes and bytearray that cut and join. An argument's memory is read while
// nothing else runs, so a view of it needs no lasting hold. ref: Objects/bytearrayobject.c, Objects/bytesobject.c.
#include <cstdlib>
#include <cstring>
#include <string>

#include "runtime/object/bytes_methods.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/heap_trace.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

static ByteArray* self(const Value* a) { return a[0].as<ByteArray>(); }
static Ref sameKind(Thread& t, Value like, std::string_view data) { return isByteArray(like) ? newByteArray(t, data) : newBytes(t, data); }

// --- size
Status byteArrayResize(Thread& t, ByteArray* b, int64_t size) {
  if (b->exports > 0 && size != b->size) return raise(t, errors(t).buffer_error, "Existing exports of data: object cannot be re-sized");
  if (b->data == nullptr || size > b->capacity || size < b->capacity / 4) {
    int64_t capacity = size <= b->capacity ? size : size + (size >> 3) + (size < 9 ? 3 : 6);
    uint8_t* data = static_cast<uint8_t*>(std::realloc(b->data, static_cast<size_t>(capacity) + 1));
    if (data == nullptr) return raiseMemoryError(t);
    noteMoved(b->data, data, static_cast<size_t>(capacity) + 1);
    b->data = data;
    b->capacity = capacity;
  }
  b->size = size;
  b->data[size] = 0;
  return kDone;
}
// Puts `with` in the place of `removed` bytes at `at`.
Status byteArraySplice(Thread& t, ByteArray* b, int64_t at, int64_t removed, std::string_view with) {
  int64_t added = static_cast<int64_t>(with.size()), tail = b->size - at - removed;
  if (added == removed) {
    if (added > 0) std::memcpy(b->data + at, with.data(), with.size());
    return kDone;
  }
  if (b->exports > 0) return raise(t, errors(t).buffer_error, "Existing exports of data: object cannot be re-sized");
  if (added < removed) std::memmove(b->data + at + added, b->data + at + removed, static_cast<size_t>(tail));
  TRY(byteArrayResize(t, b, b->size - removed + added));
  if (added > removed) std::memmove(b->data + at + added, b->data + at + removed, static_cast<size_t>(tail));
  if (added > 0) std::memcpy(b->data + at, with.data(), with.size());
  return kDone;
}
static Fallible<uint8_t> byteOf(Thread& t, Value v) {
  Ref index = TRY(toIndex_py(t, v));
  int64_t n = TRY(toIndexClamped_py(t, index.get()));
  if (n < 0 || n > 255) {
    (void)raiseValueError(t, "byte must be in range(0, 256)");
    return kRaised;
  }
  return static_cast<uint8_t>(n);
}

// --- bytearray's own
Ref byteArrayAppend(Thread& t, const Value* a) {
  uint8_t byte = TRY(byteOf(t, a[1]));
  TRY(byteArrayResize(t, self(a), self(a)->size + 1));
  self(a)->data[self(a)->size - 1] = byte;
  return Ref::none();
}
Ref byteArrayInsert(Thread& t, const Value* a) {
  int64_t at = TRY(toInt64_py(t, a[1]));
  char byte = static_cast<char>(TRY(byteOf(t, a[2])));  // may run code that changes the array
  int64_t size = self(a)->size;
  if (at < 0) at = at + size < 0 ? 0 : at + size;
  TRY(byteArraySplice(t, self(a), at > size ? size : at, 0, {&byte, 1}));
  return Ref::none();
}
Ref byteArrayPop(Thread& t, const Value* a) {
  int64_t at = TRY(toInt64_py(t, a[1]));
  if (self(a)->size == 0) return raiseIndexError(t, "pop from empty bytearray");
  if (at < 0) at += self(a)->size;
  if (at < 0 || at >= self(a)->size) return raiseIndexError(t, "pop index out of range");
  uint8_t byte = self(a)->data[at];
  TRY(byteArraySplice(t, self(a), at, 1, {}));
  return newIntSmall(byte);
}
Ref byteArrayRemove(Thread& t, const Value* a) {
  char byte = static_cast<char>(TRY(byteOf(t, a[1])));
  size_t at = self(a)->view().find(byte);
  if (at == std::string_view::npos) return raiseValueError(t, "value not found in bytearray");
  TRY(byteArraySplice(t, self(a), static_cast<int64_t>(at), 1, {}));
  return Ref::none();
}
Ref byteArrayReverse(Thread&, const Value* a) {
  for (int64_t i = 0, j = self(a)->size - 1; i < j; ++i, --j) std::swap(self(a)->data[i], self(a)->data[j]);
  return Ref::none();
}
Ref byteArrayClear(Thread& t, const Value* a) {
  TRY(byteArrayResize(t, self(a), 0));
  return Ref::none();
}
Ref byteArrayResizeMethod(Thread& t, const Value* a) {
  int64_t size = TRY(toInt64_py(t, a[1])), old = self(a)->size;
  if (size < 0) return raiseValueError(t, "Can only resize to positive sizes, got %ld", static_cast<long>(size));
  TRY(byteArrayResize(t, self(a), size));
  if (size > old) std::memset(self(a)->data + old, 0, static_cast<size_t>(size - old));
  return Ref::none();
}
Ref byteArrayCopy(Thread& t, const Value* a) { return newByteArray(t, self(a)->view()); }
Ref byteArrayExtend(Thread& t, const Value* a) {
  std::string more;
  if (isStr(a[1])) return raiseTypeError(t, "expected iterable of integers; got: 'str'");
  if (!isBytesLike(a[1]) && typeOf(t, a[1])->slots.iter == nullptr && typeOf(t, a[1])->slots.get_item == nullptr) {
    return raiseTypeError(t, "can't extend bytearray with %s", typeNameOf(t, a[1]));
  }
  if (isBytesLike(a[1])) {  // ref: bytearray_setslice
    Buffer data;
    if (data.acquire(t, a[1]).failed) {
      clearException(t);
      return raiseTypeError(t, "can't set bytearray slice from %s", typeNameOf(t, a[1]));
    }
    more = data.view();
  } else {
    TRY(bytesCollect_py(t, a[1], more));
  }
  TRY(byteArraySplice(t, self(a), self(a)->size, 0, more));
  return Ref::none();
}
// Old protocols know no bytes: the text of the same code points stands for them. ref: _common_reduce.
static Ref byteArrayReduceFor(Thread& t, Value v, int64_t protocol) {
  Ref state = TRY(callMethod_py(t, v, t.names().d_getstate)), bytes = newBytes(t, v.as<ByteArray>()->view());
  Ref args = tupleOf(t, {bytes.get()});
  if (protocol < 3) {
    Value latin = intern(*t.isolate, "latin-1");
    Ref text = TRY(callMethod_py(t, bytes.get(), intern(*t.isolate, "decode"), latin));
    args = tupleOf(t, {text.get(), latin});
  }
  if (v.as<ByteArray>()->size == 0) args = newTuple(t, 0);
  return tupleOf(t, {Value(typeOf(t, v)), args.get(), state.get()});
}
Ref byteArrayReduce(Thread& t, const Value* a) {
  return byteArrayReduceFor(t, a[0], 2);
}
Ref byteArrayReduceEx(Thread& t, const Value* a) { return byteArrayReduceFor(t, a[0], TRY(toInt64_py(t, a[1]))); }
Ref byteArrayAlloc(Thread& t, const Value* a) { return newInt(t, self(a)->capacity + 1); }

// --- both kinds
Ref bytesReplace(Thread& t, const Value* a) {
  Buffer old, replacement;
  TRY(old.acquire(t, a[1]));
  TRY(replacement.acquire(t, a[2]));
  int64_t limit = TRY(toInt64_py(t, a[3]));
  std::string_view s = bytesView(a[0]), from = old.view(), to = replacement.view();
  if (to.size() > from.size()) {
    size_t places = from.empty() ? s.size() + 1 : 0;
    for (size_t at = 0; !from.empty() && (at = s.find(from, at)) != std::string_view::npos; at += from.size()) ++places;
    if (limit >= 0 && static_cast<size_t>(limit) < places) places = static_cast<size_t>(limit);
    size_t more = 0;
    if (__builtin_mul_overflow(places, to.size() - from.size(), &more) || more > size_t{1} << 46 || !canAllocate(2 * (s.size() + more))) return raiseMemoryError(t);
  }
  std::string out;
  size_t begin = 0;
  if (from.empty()) {
    for (; begin < s.size() && limit != 0; --limit) {
      out += to;
      out += s[begin++];
    }
    if (limit != 0) out += to;
    return sameKind(t, a[0], out.append(s.substr(begin)));
  }
  for (size_t at; limit-- != 0 && (at = s.find(from, begin)) != std::string_view::npos; begin = at + from.size()) {
    out += s.substr(begin, at - begin);
    out += to;
  }
  return sameKind(t, a[0], out.append(s.substr(begin)));
}
static Ref affix(Thread& t, const Value* a, bool at_end) {
  // The bounds first: what they run may change the bytes.
  int64_t begin = a[2].isNone() ? 0 : TRY(toIndexClamped_py(t, a[2])), end = a[3].isNone() ? INT64_MAX : TRY(toIndexClamped_py(t, a[3]));
  int64_t size = static_cast<int64_t>(bytesView(a[0]).size());
  if (begin < 0) begin = begin + size < 0 ? 0 : begin + size;
  if (end < 0) end = end + size < 0 ? 0 : end + size;
  if (end > size) end = size;
  Ref options = isTuple(a[1]) ? Ref::of(a[1]) : tupleOf(t, {a[1]});
  for (int64_t i = 0; i < options.as<Tuple>()->size; ++i) {
    Value p = options.as<Tuple>()->items()[i];
    if (!isBytesLike(p)) {
      if (isTuple(a[1])) return raiseTypeError(t, "a bytes-like object is required, not '%s'", typeNameOf(t, p));
      return raiseTypeError(t, "%s first arg must be bytes or a tuple of bytes, not %s", at_end ? "endswith" : "startswith", typeNameOf(t, p));
    }
    Buffer wanted;
    TRY(wanted.acquire(t, p));
    std::string_view s = bytesView(a[0]);  // again: the class of `p` may have changed it
    if (begin > end || static_cast<size_t>(end) > s.size()) continue;
    std::string_view part = s.substr(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
    if (at_end ? part.ends_with(wanted.view()) : part.starts_with(wanted.view())) return Ref::boolean(true);
  }
  return Ref::boolean(false);
}
Ref bytesStartsWith(Thread& t, const Value* a) { return affix(t, a, false); }
Ref bytesEndsWith(Thread& t, const Value* a) { return affix(t, a, true); }
Ref bytesRSplit(Thread& t, const Value* a) {
  constexpr std::string_view kSpace = " \t\n\r\v\f";
  int64_t limit = TRY(toInt64_py(t, a[2]));
  Buffer divider;
  if (!a[1].isNone()) TRY(divider.acquire(t, a[1]));
  std::string_view s = bytesView(a[0]);
  Ref list = newList(t);
  auto add = [&](std::string_view part) { listAppendSteal(list.as<List>(), sameKind(t, a[0], part).release()); };
  if (a[1].isNone()) {
    while (true) {
      size_t end = s.find_last_not_of(kSpace);
      if (end == std::string_view::npos) break;
      s = s.substr(0, end + 1);
      size_t begin = limit-- == 0 ? std::string_view::npos : s.find_last_of(kSpace);
      if (begin == std::string_view::npos) {
        add(limit == -1 ? s : s);
        break;
      }
      add(s.substr(begin + 1));
      s = s.substr(0, begin);
    }
  } else {
    std::string_view separator = divider.view();
    if (separator.empty()) return raiseValueError(t, "empty separator");
    for (size_t at; limit-- != 0 && (at = s.rfind(separator)) != std::string_view::npos; s = s.substr(0, at)) add(s.substr(at + separator.size()));
    add(s);
  }
  TRY(callMethod_py(t, list.get(), t.names().reverse));
  return list;
}
Ref bytesIsTitle(Thread&, const Value* a) {
  bool any = false, in_word = false;
  for (unsigned char c : bytesView(a[0])) {
    bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
    if ((upper && in_word) || (lower && !in_word)) return Ref::boolean(false);
    in_word = upper || lower;
    any = any || upper || lower;
  }
  return Ref::boolean(any);
}
// hex(sep, bytes_per_sep): groups counted from the right, from the left when negative.
Ref bytesHex(Thread& t, const Value* a) {
  char separator = 0;
  int64_t group = TRY(toCInt_py(t, a[2]));
  bool has_separator = a[1].defined();
  if (a[1].defined()) {
    if (!isStr(a[1]) && !isBytesLike(a[1])) {  // CPython asks for the length first
      if (TRY(length_py(t, a[1])) != 1) return raiseValueError(t, "sep must be length 1.");
    }
    bool ok = isStr(a[1]) ? a[1].as<Str>()->length == 1 : isBytesLike(a[1]) && bytesView(a[1]).size() == 1;
    if (!isStr(a[1]) && !isBytesLike(a[1])) return raiseTypeError(t, "sep must be str or bytes.");
    if (!ok) return raiseValueError(t, "sep must be length 1.");
    char32_t c = isStr(a[1]) ? a[1].as<Str>()->at(0) : static_cast<unsigned char>(bytesView(a[1])[0]);
    if (c >= 128) return raiseValueError(t, "sep must be ASCII.");
    separator = static_cast<char>(c);
  }
  std::string_view s = bytesView(a[0]);
  int64_t size = static_cast<int64_t>(s.size());
  std::string out;
  for (int64_t i = 0; i < size; ++i) {
    bool cut = i > 0 && has_separator && group != 0 && (group > 0 ? (size - i) % group == 0 : i % -group == 0);
    if (cut) out += separator;
    unsigned char c = static_cast<unsigned char>(s[static_cast<size_t>(i)]);
    out += "0123456789abcdef"[c >> 4];
    out += "0123456789abcdef"[c & 15];
  }
  return newStr(t, out);
}

}  // namespace krait::object
