// Methods of str that ask Unicode: case mappings and the is… tests. ASCII text goes without the tables.
// ref: Objects/unicodeobject.c; the tables are analyzer/base/unicode.
#include "runtime/object/str_case.h"

#include <vector>

#include "analyzer/base/unicode/case.h"
#include "runtime/object/str.h"

namespace krait::object {

static Str* self(const Value* a) { return a[0].as<Str>(); }

// --- case
static Ref mapAscii(Thread& t, const Str* s, uint8_t (*map)(uint8_t, int64_t)) {
  Ref out = TRY(newStrBuffer(t, s->length, 127));
  uint8_t* data = static_cast<uint8_t*>(out.as<Str>()->data());
  for (int64_t i = 0; i < s->length; ++i) data[i] = map(s->data1()[i], i);
  return out;
}

static Ref mapWide(Thread& t, const Str* s, std::u32string (*map)(std::u32string_view)) {
  std::vector<char32_t> chars = toChars(s);
  std::u32string mapped = map({chars.data(), chars.size()});
  std::vector<uint32_t> out(mapped.begin(), mapped.end());
  return newStrUtf32(t, out.data(), static_cast<int64_t>(out.size()));
}

static uint8_t asciiLower(uint8_t c) { return c >= 'A' && c <= 'Z' ? static_cast<uint8_t>(c + 32) : c; }
static uint8_t asciiUpper(uint8_t c) { return c >= 'a' && c <= 'z' ? static_cast<uint8_t>(c - 32) : c; }

Ref strLower(Thread& t, const Value* a) {
  if (self(a)->is_ascii) return mapAscii(t, self(a), [](uint8_t c, int64_t) { return asciiLower(c); });
  return mapWide(t, self(a), unicode::lower);
}
Ref strUpper(Thread& t, const Value* a) {
  if (self(a)->is_ascii) return mapAscii(t, self(a), [](uint8_t c, int64_t) { return asciiUpper(c); });
  return mapWide(t, self(a), unicode::upper);
}
Ref strCaseFold(Thread& t, const Value* a) {
  if (self(a)->is_ascii) return strLower(t, a);
  return mapWide(t, self(a), unicode::caseFold);
}
Ref strSwapCase(Thread& t, const Value* a) {
  if (!self(a)->is_ascii) return mapWide(t, self(a), unicode::swapCase);
  return mapAscii(t, self(a), [](uint8_t c, int64_t) { return asciiLower(c) != c ? asciiLower(c) : asciiUpper(c); });
}
Ref strCapitalize(Thread& t, const Value* a) {
  if (!self(a)->is_ascii) return mapWide(t, self(a), unicode::capitalize);
  return mapAscii(t, self(a), [](uint8_t c, int64_t i) { return i == 0 ? asciiUpper(c) : asciiLower(c); });
}
Ref strTitle(Thread& t, const Value* a) { return mapWide(t, self(a), unicode::title); }

// --- tests
static bool allHave(const Str* s, uint16_t flags) {
  for (int64_t i = 0; i < s->length; ++i) {
    if (!(unicode::characterFlags(s->at(i)) & flags)) return false;
  }
  return true;
}

static Ref allAndAny(const Value* a, uint16_t flags) { return Ref::boolean(self(a)->length > 0 && allHave(self(a), flags)); }

Ref strIsAlpha(Thread&, const Value* a) { return allAndAny(a, unicode::kAlpha); }
Ref strIsDecimal(Thread&, const Value* a) { return allAndAny(a, unicode::kDecimal); }
Ref strIsDigit(Thread&, const Value* a) { return allAndAny(a, unicode::kDigit); }
Ref strIsNumeric(Thread&, const Value* a) { return allAndAny(a, unicode::kNumeric); }
Ref strIsSpace(Thread&, const Value* a) { return allAndAny(a, unicode::kSpace); }
Ref strIsAlnum(Thread&, const Value* a) {
  return allAndAny(a, unicode::kAlpha | unicode::kDecimal | unicode::kDigit | unicode::kNumeric);
}
Ref strIsPrintable(Thread&, const Value* a) { return Ref::boolean(allHave(self(a), unicode::kPrintable)); }

// At least one character has `wanted` and none has `unwanted`. ref: unicode_islower_impl.
static Ref isCased(const Value* a, uint16_t wanted, uint16_t unwanted) {
  bool any = false;
  for (int64_t i = 0; i < self(a)->length; ++i) {
    uint16_t flags = unicode::characterFlags(self(a)->at(i));
    if (flags & unwanted) return Ref::boolean(false);
    any |= (flags & wanted) != 0;
  }
  return Ref::boolean(any);
}
Ref strIsLower(Thread&, const Value* a) { return isCased(a, unicode::kLower, unicode::kUpper | unicode::kTitle); }
Ref strIsUpper(Thread&, const Value* a) { return isCased(a, unicode::kUpper, unicode::kLower | unicode::kTitle); }

// ref: unicode_istitle_impl.
Ref strIsTitle(Thread&, const Value* a) {
  bool any = false;
  bool previous_is_cased = false;
  for (int64_t i = 0; i < self(a)->length; ++i) {
    uint16_t flags = unicode::characterFlags(self(a)->at(i));
    if (flags & (unicode::kUpper | unicode::kTitle)) {
      if (previous_is_cased) return Ref::boolean(false);
      previous_is_cased = any = true;
    } else if (flags & unicode::kLower) {
      if (!previous_is_cased) return Ref::boolean(false);
      any = true;
    } else {
      previous_is_cased = false;
    }
  }
  return Ref::boolean(any);
}

Ref strIsIdentifier(Thread&, const Value* a) {
  const Str* s = self(a);
  if (s->length == 0 || !unicode::isIdentifierStart(s->at(0))) return Ref::boolean(false);
  return Ref::boolean(allHave(s, unicode::kXidContinue));
}

}  // namespace krait::object
