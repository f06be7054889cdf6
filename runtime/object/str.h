// Str: immutable text in one, two or four bytes per character (the narrowest that holds its widest character),
// followed by a zero character. Lone surrogates are characters like others; as UTF-8 they are three bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/object/type.h"

namespace krait::object {

struct Str : Object {
  int64_t length;  // in characters
  int64_t hash;    // 0: not computed yet
  uint8_t kind;    // bytes per character
  bool is_ascii;
  bool is_interned;

  const uint8_t* data1() const { return reinterpret_cast<const uint8_t*>(this + 1); }
  const uint16_t* data2() const { return reinterpret_cast<const uint16_t*>(this + 1); }
  const uint32_t* data4() const { return reinterpret_cast<const uint32_t*>(this + 1); }
  void* data() { return this + 1; }
  char32_t at(int64_t i) const {
    return kind == 1 ? data1()[i] : kind == 2 ? data2()[i] : data4()[i];
  }
  // Only while the string is being built.
  void put(int64_t i, char32_t c) {
    if (kind == 1) reinterpret_cast<uint8_t*>(this + 1)[i] = static_cast<uint8_t>(c);
    else if (kind == 2) reinterpret_cast<uint16_t*>(this + 1)[i] = static_cast<uint16_t>(c);
    else reinterpret_cast<uint32_t*>(this + 1)[i] = c;
  }
  // The text of an ASCII string.
  std::string_view ascii() const { return {reinterpret_cast<const char*>(data1()), static_cast<size_t>(length)}; }
};

// An uninitialised string for characters up to `widest`; fill it with put() before anybody sees it.
Ref newStrBuffer(Thread& t, int64_t length, char32_t widest);
// Writes `from` into `to`, which is wide enough, from the position `at` on.
void copyChars(Str* to, int64_t at, const Str* from);
// From UTF-8; malformed bytes become U+FFFD, encoded surrogates stay.
Ref newStr(Thread& t, std::string_view utf8);
Ref newStrLatin1(Thread& t, const uint8_t* data, int64_t length);
Ref newStrUtf16(Thread& t, const uint16_t* data, int64_t length);
Ref newStrUtf32(Thread& t, const uint32_t* data, int64_t length);
Ref strFromChar(Thread& t, char32_t c);
Ref strSlice(Thread& t, Str* s, int64_t begin, int64_t end);
Ref strConcat(Thread& t, Str* a, Str* b);
// Whether strGrow may add b to a: a is in a block of its own, wide enough, and no table knows it.
bool strCanGrow(const Str* a, const Str* b);
// Appends b to a string that nobody else holds.
Ref strGrow(Ref a, const Str* b);
// ref: printf into a string.
[[gnu::format(printf, 2, 3)]] Ref strFormat(Thread& t, const char* format, ...);

// UTF-8 with surrogates as three bytes.
std::string toUtf8(const Str* s);
void appendUtf8(std::string& out, const Str* s);
void appendUtf8(std::string& out, char32_t c);
// The widest character, 0 for "".
char32_t widestChar(const Str* s);
std::vector<char32_t> toChars(const Str* s);

bool strEqualSlow(const Str* a, const Str* b);  // of equal length and kind
inline bool strEqual(const Str* a, const Str* b) {
  if (a == b) return true;
  if (a->length != b->length || a->kind != b->kind || (a->is_interned && b->is_interned)) return false;
  if (a->length != 0 && *a->data1() != *b->data1()) return false;
  return strEqualSlow(a, b);
}
bool strEquals(const Str* a, std::string_view ascii);
int strCompare(const Str* a, const Str* b);  // <0, 0, >0 by code points
int64_t strHash(Str* s);                     // never 0 or -1
// SipHash-1-3 with the isolate's key, as CPython hashes str and bytes.
int64_t hashBytesKeyed(const void* data, size_t size);
// The index of `needle` in s[begin:end], or -1.
int64_t strFind(const Str* s, const Str* needle, int64_t begin, int64_t end);
int64_t strFindLast(const Str* s, const Str* needle, int64_t begin, int64_t end);
inline bool strContains(const Str* s, const Str* needle) { return strFind(s, needle, 0, s->length) >= 0; }

// The isolate's one Str of this text; lives as long as the isolate (borrowed).
Str* intern(Isolate& isolate, std::string_view utf8);
// Interns `s`: the Str to use from now on (borrowed, lives as long as the isolate).
Str* internStr(Isolate& isolate, Str* s);

// Collects characters; widens as needed.
class StrBuilder {
 public:
  void add(char32_t c) {
    widest_ |= c;
    if (kind_ == 1 && c < 256) {
      if (__builtin_expect(one_.size() < one_.capacity(), 1) || hasRoom(1)) one_.push_back(static_cast<char>(c));
    } else {
      addWide(c);
    }
  }
  void addAscii(std::string_view text) {
    if (!hasRoom(text.size())) return;
    if (kind_ == 1) one_.append(text);
    else for (char c : text) wide_.push_back(static_cast<unsigned char>(c));
  }
  void addUtf8(std::string_view text);
  void add(const Str* s);
  void addSlice(const Str* s, int64_t begin, int64_t end);
  void fill(char32_t c, int64_t count);
  int64_t size() const { return static_cast<int64_t>(kind_ == 1 ? one_.size() : wide_.size()); }
  void clear() { one_.clear(); wide_.clear(); kind_ = 1; widest_ = 0; is_short_ = false; }
  // The text; MemoryError when there was no room for it.
  Ref finish(Thread& t) const;

 private:
  void addWide(char32_t c);
  // Whether so many more characters can be added: asked before a large request. What does not fit is left out.
  bool hasRoom(size_t more) {
    size_t size = kind_ == 1 ? one_.size() : wide_.size() * 4, room = kind_ == 1 ? one_.capacity() : wide_.capacity() * 4;
    more *= kind_ == 1 ? 1 : 4;
    return size + more <= room || (size + more) * 2 < (size_t{1} << 20) || hasRoomSlow(size + more > room * 2 ? size + more : room * 2);
  }
  bool hasRoomSlow(size_t size);
  std::string one_;
  std::vector<uint32_t> wide_;
  int kind_ = 1;
  char32_t widest_ = 0;
  bool is_short_ = false;
};

// str(v) and repr(v) as UTF-8 for messages; on failure clears the exception and gives a placeholder.
std::string reprText_py(Thread& t, Value v);
// repr of a string as a builder addition. ref: unicode_repr.
void addStrRepr(StrBuilder& out, const Str* s);
bool isPrintable(char32_t c);

}  // namespace krait::object
