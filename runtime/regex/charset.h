// Sets of characters of compiled patterns: a table for the characters below 256, and for the others the set's own code
// (the list of literals, ranges, bitmaps and categories that the library's pattern compiler wrote), interpreted.
// ref: the IN operators of re/_compiler.py, _compile_charset.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace krait::regex {

// How a character is changed before it is looked up.
enum class CaseMode : uint8_t { kExact, kAscii, kUnicode, kLocale };

char32_t lowerOf(char32_t c, CaseMode mode);
bool inCategory(uint32_t category, char32_t c);
// Whether `c` is in the set that `code` describes (up to its FAILURE); the code must have passed checkSetCode.
bool inSetCode(std::span<const uint32_t> code, char32_t c);
// The length of the set code at the front of `code`, FAILURE included; 0 if it is malformed.
size_t checkSetCode(std::span<const uint32_t> code);

struct CharSet {
  uint8_t low[256] = {};
  enum class Wide : uint8_t { kNone, kAll, kCode } wide = Wide::kNone;
  CaseMode mode = CaseMode::kExact;
  bool is_inverted = false; // the answer of code is turned around (a negated literal that ignores case by locale)
  bool is_dynamic = false;  // depends on the locale: `low` is not valid
  std::vector<uint32_t> code;

  bool contains(char32_t c) const {
    if (c < 256 && !is_dynamic) return low[c];
    return containsSlow(c);
  }
  bool containsSlow(char32_t c) const;
  // Fills `low` and `wide` from `code` and `mode`.
  void finish();
};

// One character; `negated`: all others. Ignoring case, it is the lower-case one.
CharSet literalSet(char32_t c, CaseMode mode, bool negated);

}  // namespace krait::regex
