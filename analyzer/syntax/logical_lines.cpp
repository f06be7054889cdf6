#include "analyzer/syntax/logical_lines.h"

#include <array>
#include <cstring>

namespace krait::syntax {

namespace {

enum class CharacterClass : uint8_t { kPlain, kBlank, kLineEnd, kQuote, kHash, kOpen, kClose, kBackslash };

constexpr std::array<CharacterClass, 256> makeClasses() {
  std::array<CharacterClass, 256> out{};
  for (char c : {' ', '\t', '\f', '\r'}) out[static_cast<uint8_t>(c)] = CharacterClass::kBlank;
  for (char c : {'(', '[', '{'}) out[static_cast<uint8_t>(c)] = CharacterClass::kOpen;
  for (char c : {')', ']', '}'}) out[static_cast<uint8_t>(c)] = CharacterClass::kClose;
  for (char c : {'\'', '"'}) out[static_cast<uint8_t>(c)] = CharacterClass::kQuote;
  out['\n'] = CharacterClass::kLineEnd;
  out['#'] = CharacterClass::kHash;
  out['\\'] = CharacterClass::kBackslash;
  return out;
}

constexpr std::array<CharacterClass, 256> kClasses = makeClasses();

CharacterClass classOf(char c) { return kClasses[static_cast<uint8_t>(c)]; }

// Behind the string that starts with the quote at `at`. A string in single quotes ends with its line at the latest.
const char* skipString(const char* at, const char* end) {
  char quote = *at;
  bool is_triple = end - at >= 3 && at[1] == quote && at[2] == quote;
  for (at += is_triple ? 3 : 1; at < end; ++at) {
    if (*at == '\\') {
      ++at;
    } else if (*at == quote) {
      if (!is_triple) return at + 1;
      if (end - at >= 3 && at[1] == quote && at[2] == quote) return at + 3;
    } else if (*at == '\n' && !is_triple) {
      return at;
    }
  }
  return end;
}

}  // namespace

uint32_t countLogicalLines(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  uint32_t lines = 0;
  int32_t depth = 0;
  bool has_begun = false;
  while (at < end) {
    CharacterClass kind = classOf(*at);
    if (kind == CharacterClass::kBlank) {
      ++at;
      continue;
    }
    if (kind == CharacterClass::kLineEnd) {
      if (depth <= 0) has_begun = false;
      ++at;
      continue;
    }
    if (kind == CharacterClass::kHash) {
      const void* line_end = std::memchr(at, '\n', static_cast<size_t>(end - at));
      at = line_end != nullptr ? static_cast<const char*>(line_end) : end;
      continue;
    }
    if (!has_begun) {
      has_begun = true;
      ++lines;
    }
    switch (kind) {
      case CharacterClass::kQuote: at = skipString(at, end); break;
      case CharacterClass::kOpen: ++depth, ++at; break;
      case CharacterClass::kClose: --depth, ++at; break;
      case CharacterClass::kBackslash: at += end - at >= 3 && at[1] == '\r' && at[2] == '\n' ? 3 : 2; break;
      default:
        while (at < end && classOf(*at) <= CharacterClass::kBlank) ++at;
    }
  }
  return lines;
}

}  // namespace krait::syntax
