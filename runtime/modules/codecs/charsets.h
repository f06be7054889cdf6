// The tables of East Asian character sets, which code is which character and back: taken from the C library's converters when
// a codec is first asked for, with what Python has otherwise put right (charset_differences.def).
// ref: Modules/cjkcodecs, which has the same content as C arrays.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace krait::modules::multibyte {

// Two code points that one code stands for.
struct CharPair {
  char32_t first, second;
  uint32_t code;
};

class Charset {
 public:
  // What a byte is by itself: a character, nothing, or the first of several.
  static constexpr uint32_t kNothing = 0, kLead = 0xFFFFFFFE, kIllegal = 0xFFFFFFFF;
  static constexpr uint32_t kIsPair = 0x80000000;

  uint32_t single(uint8_t byte) const { return single_[byte]; }
  // The character of two bytes, or of those behind the byte 0x8F: kNothing, a code point, or an index into pairs() with kIsPair.
  uint32_t read(uint8_t first, uint8_t second) const { return two_[first << 8 | second]; }
  uint32_t readThird(uint8_t first, uint8_t second) const { return three_.empty() ? kNothing : three_[first << 8 | second]; }
  bool hasThird() const { return !three_.empty(); }
  // The code of a character in as many bytes as it has; 0 if there is none (and for U+0000).
  uint32_t write(char32_t c) const { return c < 0x30000 && pages_[c >> 8] != nullptr ? pages_[c >> 8][c & 0xFF] : 0; }
  const std::vector<CharPair>& pairs() const { return pairs_; }
  bool beginsPair(char32_t c) const;
  uint32_t writePair(char32_t first, char32_t second) const;

 private:
  friend struct CharsetMaker;
  std::array<uint32_t, 256> single_{};
  std::vector<uint32_t> two_, three_;
  std::array<std::unique_ptr<uint32_t[]>, 0x300> pages_;
  std::vector<CharPair> pairs_;
};

// The table of one of Python's codecs (`gbk`, `euc_jp` …) that need no state; null if the C library cannot convert it.
const Charset* charsetOf(const char* codec);

}  // namespace krait::modules::multibyte
