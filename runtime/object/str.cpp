// Str: creation, conversion, hashing, comparison and interning. The methods are in str_methods*.cpp.
#include "runtime/object/str.h"

#include <cstdarg>
#include <cstring>

#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/heap.h"
#include "runtime/object/heap_trace.h"
#include "runtime/object/protocol.h"

namespace krait::object {

static int kindFor(char32_t widest) { return widest < 0x100 ? 1 : widest < 0x10000 ? 2 : 4; }

Ref newStrBuffer(Thread& t, int64_t length, char32_t widest) {
  int kind = kindFor(widest);
  if (length == 0) return Ref::of(t.isolate->empty_str);
  size_t size = sizeof(Str) + static_cast<size_t>(length + 1) * kind;
  if (!canAllocate(size)) return raiseMemoryError(t);
  Str* s = static_cast<Str*>(allocateBytes(size));
  initHeader(s, t.types().str);
  s->length = length;
  s->hash = 0;
  s->kind = static_cast<uint8_t>(kind);
  s->is_ascii = widest < 0x80;
  s->is_interned = false;
  s->put(length, 0);
  return Ref::steal(s);
}

// Decodes one character of (possibly malformed) UTF-8 and advances `at`.
static char32_t decodeUtf8(std::string_view s, size_t& at) {
  unsigned char c = s[at++];
  if (c < 0x80) return c;
  int more = c >= 0xF0 && c < 0xF8 ? 3 : c >= 0xE0 ? 2 : c >= 0xC2 ? 1 : 0;
  if (more == 0 || c >= 0xF8) return 0xFFFD;
  char32_t value = c & (0x3F >> more);
  for (int i = 0; i < more; ++i) {
    if (at >= s.size() || (static_cast<unsigned char>(s[at]) & 0xC0) != 0x80) return 0xFFFD;
    value = value << 6 | (s[at++] & 0x3F);
  }
  return value > 0x10FFFF ? 0xFFFD : value;
}

Ref newStr(Thread& t, std::string_view utf8) {
  int64_t length = 0;
  unsigned char bits = 0;
  for (unsigned char c : utf8) {
    bits |= c;
    length += (c & 0xC0) != 0x80;
  }
  if (bits < 0x80) {
    if (utf8.size() == 1) return Ref::of(t.isolate->latin1[bits]);
    Ref r = TRY(newStrBuffer(t, length, 0x7F));
    if (!utf8.empty()) std::memcpy(r.as<Str>()->data(), utf8.data(), utf8.size());
    return r;
  }
  StrBuilder builder;
  builder.addUtf8(utf8);
  return builder.finish(t);
}

Ref newStrLatin1(Thread& t, const uint8_t* data, int64_t length) {
  if (length == 1) return Ref::of(t.isolate->latin1[data[0]]);
  uint8_t bits = 0;
  for (int64_t i = 0; i < length; ++i) bits |= data[i];
  Ref r = TRY(newStrBuffer(t, length, bits < 0x80 ? 0x7F : 0xFF));
  if (length > 0) std::memcpy(r.as<Str>()->data(), data, length);
  return r;
}

Ref newStrUtf16(Thread& t, const uint16_t* data, int64_t length) {
  char32_t widest = 0;
  for (int64_t i = 0; i < length; ++i) widest |= data[i];
  if (length == 1 && widest < 256) return Ref::of(t.isolate->latin1[widest]);
  Ref r = TRY(newStrBuffer(t, length, widest));
  for (int64_t i = 0; i < length; ++i) r.as<Str>()->put(i, data[i]);
  return r;
}

Ref newStrUtf32(Thread& t, const uint32_t* data, int64_t length) {
  char32_t widest = 0;
  for (int64_t i = 0; i < length; ++i) widest |= data[i];
  if (length == 1 && widest < 256) return Ref::of(t.isolate->latin1[widest]);
  Ref r = TRY(newStrBuffer(t, length, widest));
  for (int64_t i = 0; i < length; ++i) r.as<Str>()->put(i, data[i]);
  return r;
}

Ref strFromChar(Thread& t, char32_t c) {
  if (c < 256) return Ref::of(t.isolate->latin1[c]);
  uint32_t one = c;
  return newStrUtf32(t, &one, 1);
}

Ref strSlice(Thread& t, Str* s, int64_t begin, int64_t end) {
  if (begin >= end) return Ref::of(t.isolate->empty_str);
  if (begin == 0 && end == s->length && s->type == t.types().str) return Ref::of(s);
  if (s->kind == 1) {
    if (!s->is_ascii || end - begin == 1) return newStrLatin1(t, s->data1() + begin, end - begin);
    Ref r = TRY(newStrBuffer(t, end - begin, 0x7F));
    std::memcpy(r.as<Str>()->data(), s->data1() + begin, end - begin);
    return r;
  }
  return s->kind == 2 ? newStrUtf16(t, s->data2() + begin, end - begin) : newStrUtf32(t, s->data4() + begin, end - begin);
}

void copyChars(Str* to, int64_t at, const Str* from) {
  if (to->kind == from->kind) {
    std::memcpy(static_cast<char*>(to->data()) + at * to->kind, from->data1(), from->length * from->kind);
    return;
  }
  for (int64_t i = 0; i < from->length; ++i) to->put(at + i, from->at(i));
}

static size_t blockSize(int64_t length, int kind) { return sizeof(Str) + static_cast<size_t>(length + 1) * static_cast<size_t>(kind); }
bool strCanGrow(const Str* a, const Str* b) {
  return a->kind >= b->kind && !a->is_interned && blockSize(a->length, a->kind) > kSmallSizeLimit;
}
Ref strGrow(Ref a, const Str* b) {
  Str* s = a.as<Str>();
  int64_t length = s->length;
  size_t size = blockSize(length + b->length, s->kind);
  void* moved = std::realloc(static_cast<void*>(s), size);
  if (moved == nullptr) return raiseMemoryError(*current_thread);
  noteMoved(s, moved, size);
  a.release();
  s = static_cast<Str*>(moved);
  s->length = length + b->length;
  s->hash = 0;
  s->is_ascii = s->is_ascii && b->is_ascii;
  copyChars(s, length, b);
  s->put(s->length, 0);
  return Ref::steal(s);
}

Ref strConcat(Thread& t, Str* a, Str* b) {
  if (a->length == 0 && b->type == t.types().str) return Ref::of(b);
  if (b->length == 0 && a->type == t.types().str) return Ref::of(a);
  uint8_t kind = a->kind > b->kind ? a->kind : b->kind;
  char32_t widest = kind == 4 ? 0x10FFFF : kind == 2 ? 0xFFFF : a->is_ascii && b->is_ascii ? 0x7F : 0xFF;
  Ref r = TRY(newStrBuffer(t, a->length + b->length, widest));
  if (a->length + b->length == 0) return r;
  copyChars(r.as<Str>(), 0, a);
  copyChars(r.as<Str>(), a->length, b);
  return r;
}

std::string format(const char* text, ...) {
  va_list args;
  va_start(args, text);
  char buffer[512];
  va_list copy;
  va_copy(copy, args);
  int n = vsnprintf(buffer, sizeof buffer, text, args);
  std::string out;
  if (n < static_cast<int>(sizeof buffer)) {
    out.assign(buffer, n < 0 ? 0 : n);
  } else {
    out.resize(n + 1);
    vsnprintf(out.data(), n + 1, text, copy);
    out.resize(n);
  }
  va_end(copy);
  va_end(args);
  return out;
}

Ref strFormat(Thread& t, const char* text, ...) {
  va_list args;
  va_start(args, text);
  char* out = nullptr;
  int n = vasprintf(&out, text, args);
  va_end(args);
  Ref r = newStr(t, n < 0 ? std::string_view() : std::string_view(out, n));
  std::free(out);
  return r;
}

void appendUtf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

void appendUtf8(std::string& out, const Str* s) {
  if (s->is_ascii) {
    out.append(s->ascii());
    return;
  }
  for (int64_t i = 0; i < s->length; ++i) appendUtf8(out, s->at(i));
}

std::string toUtf8(const Str* s) {
  std::string out;
  appendUtf8(out, s);
  return out;
}

char32_t widestChar(const Str* s) {
  if (s->is_ascii) return s->length > 0 ? 0x7F : 0;
  char32_t widest = 0;
  for (int64_t i = 0; i < s->length; ++i) widest |= s->at(i);
  return widest > 0x10FFFF ? 0x10FFFF : widest;
}

std::vector<char32_t> toChars(const Str* s) {
  std::vector<char32_t> out(s->length);
  for (int64_t i = 0; i < s->length; ++i) out[i] = s->at(i);
  return out;
}

bool strEqualSlow(const Str* a, const Str* b) {
  return std::memcmp(a->data1(), b->data1(), static_cast<size_t>(a->length) * a->kind) == 0;
}

bool strEquals(const Str* a, std::string_view text) { return a->is_ascii && a->ascii() == text; }

int strCompare(const Str* a, const Str* b) {
  int64_t n = a->length < b->length ? a->length : b->length;
  if (a->kind == 1 && b->kind == 1) {
    int order = std::memcmp(a->data1(), b->data1(), n);
    if (order != 0) return order;
  } else {
    for (int64_t i = 0; i < n; ++i) {
      char32_t x = a->at(i), y = b->at(i);
      if (x != y) return x < y ? -1 : 1;
    }
  }
  return a->length < b->length ? -1 : a->length > b->length;
}

// SipHash-1-3. ref: Python/pyhash.c, siphash13.
static uint64_t rotate(uint64_t x, int n) { return x << n | x >> (64 - n); }
static void sipRound(uint64_t v[4]) {
  v[0] += v[1]; v[2] += v[3];
  v[1] = rotate(v[1], 13) ^ v[0]; v[3] = rotate(v[3], 16) ^ v[2];
  v[0] = rotate(v[0], 32);
  v[2] += v[1]; v[0] += v[3];
  v[1] = rotate(v[1], 17) ^ v[2]; v[3] = rotate(v[3], 21) ^ v[0];
  v[2] = rotate(v[2], 32);
}

int64_t hashBytesKeyed(const void* data, size_t size) {
  if (size == 0) return 0;
  const uint64_t* key = current_thread->isolate->hash_key;
  uint64_t v[4] = {key[0] ^ 0x736f6d6570736575ull, key[1] ^ 0x646f72616e646f6dull, key[0] ^ 0x6c7967656e657261ull,
                   key[1] ^ 0x7465646279746573ull};
  const uint8_t* p = static_cast<const uint8_t*>(data);
  uint64_t last = static_cast<uint64_t>(size) << 56;
  for (; size >= 8; size -= 8, p += 8) {
    uint64_t m;
    std::memcpy(&m, p, 8);
    v[3] ^= m;
    sipRound(v);
    v[0] ^= m;
  }
  for (size_t i = 0; i < size; ++i) last |= static_cast<uint64_t>(p[i]) << (8 * i);
  v[3] ^= last;
  sipRound(v);
  v[0] ^= last;
  v[2] ^= 0xff;
  sipRound(v);
  sipRound(v);
  sipRound(v);
  int64_t hash = static_cast<int64_t>((v[0] ^ v[1]) ^ (v[2] ^ v[3]));
  return hash == -1 ? -2 : hash;
}

int64_t strHash(Str* s) {
  if (s->hash == 0 && s->length > 0) s->hash = hashBytesKeyed(s->data1(), static_cast<size_t>(s->length) * s->kind);
  return s->hash;
}

static bool matchesAt(const Str* s, int64_t at, const Str* needle) {
  if (s->kind == needle->kind) {
    return std::memcmp(s->data1() + at * s->kind, needle->data1(), static_cast<size_t>(needle->length) * needle->kind) == 0;
  }
  for (int64_t i = 0; i < needle->length; ++i) {
    if (s->at(at + i) != needle->at(i)) return false;
  }
  return true;
}

// memmem for what programs ask for most: a short needle in a short text.
static const void* findBytes(const uint8_t* text, size_t size, const uint8_t* needle, size_t n) {
  if (size > 256) return memmem(text, size, needle, n);
  const uint8_t* last = text + size - n;
  for (const uint8_t* at = text; at <= last; ++at) {
    at = static_cast<const uint8_t*>(std::memchr(at, needle[0], static_cast<size_t>(last - at) + 1));
    if (at == nullptr) return nullptr;
    if (at[n - 1] == needle[n - 1] && std::memcmp(at, needle, n) == 0) return at;
  }
  return nullptr;
}

int64_t strFind(const Str* s, const Str* needle, int64_t begin, int64_t end) {
  int64_t n = needle->length;
  if (end - begin < n) return -1;
  if (n == 0) return begin;
  if (needle->kind > s->kind) return -1;
  if (s->kind == 1) {
    const void* at = n == 1 ? std::memchr(s->data1() + begin, needle->data1()[0], end - begin)
                            : findBytes(s->data1() + begin, static_cast<size_t>(end - begin), needle->data1(), static_cast<size_t>(n));
    return at == nullptr ? -1 : static_cast<const uint8_t*>(at) - s->data1();
  }
  char32_t first = needle->at(0);
  for (int64_t i = begin; i + n <= end; ++i) {
    if (s->at(i) == first && matchesAt(s, i, needle)) return i;
  }
  return -1;
}

int64_t strFindLast(const Str* s, const Str* needle, int64_t begin, int64_t end) {
  int64_t n = needle->length;
  if (end - begin < n) return -1;
  if (n == 0) return end;
  if (needle->kind > s->kind) return -1;
  char32_t first = needle->at(0);
  for (int64_t i = end - n; i >= begin; --i) {
    if (s->at(i) == first && matchesAt(s, i, needle)) return i;
  }
  return -1;
}

Str* internStr(Isolate& isolate, Str* s) {
  if (s->is_interned) return s;
  Value found = dictGetStr(isolate.interned, s);
  if (found.defined()) return found.as<Str>();
  dictSetStr(isolate.interned, s, s);
  s->is_interned = true;
  return s;
}

Str* intern(Isolate& isolate, std::string_view utf8) {
  Ref s = newStr(isolate.main_thread, utf8);
  return internStr(isolate, s.as<Str>());
}

bool StrBuilder::hasRoomSlow(size_t size) {
  is_short_ |= !canAllocate(size);
  return !is_short_;
}

void StrBuilder::fill(char32_t c, int64_t count) {
  if (count <= 0 || !hasRoom(static_cast<size_t>(count))) return;
  if (kind_ == 1 && c < 256) {
    widest_ |= c;
    one_.append(static_cast<size_t>(count), static_cast<char>(c));
    return;
  }
  for (int64_t i = 0; i < count; ++i) add(c);
}

void StrBuilder::addWide(char32_t c) {
  if (kind_ == 1 && one_.size() > (size_t{1} << 17) && !hasRoomSlow(one_.size() * 4 + 64)) return;
  if (kind_ == 4 && !hasRoom(1)) return;
  if (kind_ == 1) {
    wide_.reserve(one_.size() + 16);
    for (char one : one_) wide_.push_back(static_cast<unsigned char>(one));
    one_.clear();
    kind_ = 4;
  }
  wide_.push_back(c);
}

void StrBuilder::addUtf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) add(decodeUtf8(text, at));
}

void StrBuilder::add(const Str* s) {
  if (!hasRoom(static_cast<size_t>(s->length))) return;
  if (kind_ == 1 && s->is_ascii) {
    one_.append(s->ascii());
    return;
  }
  for (int64_t i = 0; i < s->length; ++i) add(s->at(i));
}

void StrBuilder::addSlice(const Str* s, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; ++i) add(s->at(i));
}

Ref StrBuilder::finish(Thread& t) const {
  if (is_short_) return raiseMemoryError(t);
  if (kind_ == 1) return newStrLatin1(t, reinterpret_cast<const uint8_t*>(one_.data()), static_cast<int64_t>(one_.size()));
  return newStrUtf32(t, wide_.data(), static_cast<int64_t>(wide_.size()));
}

std::string reprText_py(Thread& t, Value v) {
  Ref r = repr_py(t, v);
  if (r) return toUtf8(r.as<Str>());
  clearException(t);
  return "<" + std::string(typeNameOf(t, v)) + " object>";
}

}  // namespace krait::object
