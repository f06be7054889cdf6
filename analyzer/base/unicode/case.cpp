#include "analyzer/base/unicode/case.h"

#include "analyzer/base/unicode/records.h"

namespace krait::unicode {

char32_t toLower(char32_t c) { return c + static_cast<uint32_t>(typeOf(c).lower); }
char32_t toUpper(char32_t c) { return c + static_cast<uint32_t>(typeOf(c).upper); }
char32_t toTitle(char32_t c) { return c + static_cast<uint32_t>(typeOf(c).title); }

static int copySlice(uint16_t slice, char32_t out[3]) {
  int length = slice & 15;
  for (int i = 0; i < length; ++i) out[i] = kCaseSequences[(slice >> 4) + i];
  return length;
}

static int mapFull(char32_t c, int32_t delta, uint16_t SpecialCase::* mapping, uint8_t special, char32_t out[3]) {
  if (special != 0) return copySlice(kSpecialCases[special].*mapping, out);
  out[0] = c + static_cast<uint32_t>(delta);
  return 1;
}

int lowerFull(char32_t c, char32_t out[3]) {
  const TypeRecord& type = typeOf(c);
  return mapFull(c, type.lower, &SpecialCase::lower, type.special, out);
}

int upperFull(char32_t c, char32_t out[3]) {
  const TypeRecord& type = typeOf(c);
  return mapFull(c, type.upper, &SpecialCase::upper, type.special, out);
}

int titleFull(char32_t c, char32_t out[3]) {
  const TypeRecord& type = typeOf(c);
  return mapFull(c, type.title, &SpecialCase::title, type.special, out);
}

int foldFull(char32_t c, char32_t out[3]) {
  const TypeRecord& type = typeOf(c);
  return mapFull(c, type.lower, &SpecialCase::fold, type.special, out);
}

static void append(std::u32string& out, char32_t c, int (*map)(char32_t, char32_t[3])) {
  char32_t mapped[3];
  int length = map(c, mapped);
  out.append(mapped, static_cast<size_t>(length));
}

// Capital sigma: final when a cased character precedes and none follows, ignorable characters aside.
// ref: handle_capital_sigma.
static char32_t lowerSigma(std::u32string_view text, size_t at) {
  bool cased_before = false;
  for (size_t i = at; i-- > 0;) {
    if (isCaseIgnorable(text[i])) continue;
    cased_before = isCased(text[i]);
    break;
  }
  if (!cased_before) return 0x3c3;
  for (size_t i = at + 1; i < text.size(); ++i) {
    if (isCaseIgnorable(text[i])) continue;
    return isCased(text[i]) ? 0x3c3 : 0x3c2;
  }
  return 0x3c2;
}

static void appendLower(std::u32string& out, std::u32string_view text, size_t at) {
  if (text[at] == 0x3a3) out += lowerSigma(text, at);
  else append(out, text[at], lowerFull);
}

std::u32string lower(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) appendLower(out, text, i);
  return out;
}

static std::u32string mapEach(std::u32string_view text, int (*map)(char32_t, char32_t[3])) {
  std::u32string out;
  out.reserve(text.size());
  for (char32_t c : text) append(out, c, map);
  return out;
}

std::u32string upper(std::u32string_view text) { return mapEach(text, upperFull); }
std::u32string caseFold(std::u32string_view text) { return mapEach(text, foldFull); }

std::u32string title(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  bool previous_is_cased = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (previous_is_cased) appendLower(out, text, i);
    else append(out, text[i], titleFull);
    previous_is_cased = isCased(text[i]);
  }
  return out;
}

std::u32string capitalize(std::u32string_view text) {
  std::u32string out;
  if (text.empty()) return out;
  out.reserve(text.size());
  append(out, text[0], titleFull);
  for (size_t i = 1; i < text.size(); ++i) appendLower(out, text, i);
  return out;
}

std::u32string swapCase(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (isUpper(text[i])) appendLower(out, text, i);
    else if (isLower(text[i])) append(out, text[i], upperFull);
    else out += text[i];
  }
  return out;
}

}  // namespace krait::unicode
