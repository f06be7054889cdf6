#include "analyzer/syntax/string_literal.h"

#include "analyzer/base/unicode_names.h"

namespace krait::syntax {

StringPrefix parseStringPrefix(std::string_view literal) {
  StringPrefix prefix;
  size_t i = 0;
  for (; i < literal.size() && literal[i] != '"' && literal[i] != '\''; ++i) {
    switch (literal[i] | 0x20) {
      case 'r': prefix.is_valid &= !prefix.is_raw; prefix.is_raw = true; break;
      case 'b': prefix.is_valid &= !prefix.is_bytes; prefix.is_bytes = true; break;
      case 'f': prefix.is_valid &= !prefix.is_format; prefix.is_format = true; break;
      case 't': prefix.is_valid &= !prefix.is_template; prefix.is_template = true; break;
      case 'u': prefix.is_valid &= !prefix.is_unicode; prefix.is_unicode = true; break;
      default: prefix.is_valid = false;
    }
  }
  int kinds = prefix.is_bytes + prefix.is_format + prefix.is_template + prefix.is_unicode;
  if (kinds > 1 || (prefix.is_unicode && prefix.is_raw)) prefix.is_valid = false;
  prefix.prefix_size = static_cast<uint32_t>(i);
  if (i + 2 < literal.size() && literal[i + 1] == literal[i] && literal[i + 2] == literal[i]) {
    prefix.is_triple = true;
    prefix.quote_size = 3;
  }
  return prefix;
}

void appendUtf8(std::string* out, uint32_t code_point) {
  auto put = [out](uint32_t byte) { *out += static_cast<char>(byte); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xc0 | code_point >> 6);
    put(0x80 | (code_point & 0x3f));
  } else if (code_point < 0x10000) {
    put(0xe0 | code_point >> 12);
    put(0x80 | (code_point >> 6 & 0x3f));
    put(0x80 | (code_point & 0x3f));
  } else {
    put(0xf0 | code_point >> 18);
    put(0x80 | (code_point >> 12 & 0x3f));
    put(0x80 | (code_point >> 6 & 0x3f));
    put(0x80 | (code_point & 0x3f));
  }
}

bool isPlainContent(std::string_view content, const StringPrefix& prefix, bool is_format) {
  for (char c : content) {
    if (c == '\r' || (c == '\\' && !prefix.is_raw) || (is_format && (c == '{' || c == '}')) ||
        (prefix.is_bytes && static_cast<unsigned char>(c) >= 0x80)) {
      return false;
    }
  }
  return true;
}

static int hexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Reads `count` hex digits at `at`; returns the number of them that are there.
static uint32_t readHex(std::string_view content, size_t at, uint32_t count, uint32_t* value) {
  uint32_t read = 0;
  *value = 0;
  while (read < count && at + read < content.size() && hexValue(content[at + read]) >= 0) {
    *value = *value * 16 + static_cast<uint32_t>(hexValue(content[at + read]));
    ++read;
  }
  return read;
}

// Decodes the escape whose letter stands at `at` (after the backslash); returns how many characters it takes.
static size_t decodeEscape(std::string_view content, size_t at, const StringPrefix& prefix, std::string* out,
                           bool* is_fine) {
  char c = content[at];
  static constexpr std::string_view kLetters = "\\'\"abfnrtv";
  static constexpr std::string_view kValues = "\\'\"\a\b\f\n\r\t\v";
  size_t simple = kLetters.find(c);
  if (simple != std::string_view::npos) {
    *out += kValues[simple];
    return 1;
  }
  if (c == '\n') return 1;
  if (c == '\r') return at + 1 < content.size() && content[at + 1] == '\n' ? 2 : 1;
  if (c >= '0' && c <= '7') {
    uint32_t value = 0;
    size_t size = 0;
    while (size < 3 && at + size < content.size() && content[at + size] >= '0' && content[at + size] <= '7') {
      value = value * 8 + static_cast<uint32_t>(content[at + size++] - '0');
    }
    if (prefix.is_bytes) *out += static_cast<char>(value & 0xff);
    else appendUtf8(out, value);
    return size;
  }
  uint32_t digits = c == 'x' ? 2 : prefix.is_bytes ? 0 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
  if (digits > 0) {
    uint32_t value;
    uint32_t read = readHex(content, at + 1, digits, &value);
    if (read < digits || value > 0x10ffff) *is_fine = false;
    else if (prefix.is_bytes) *out += static_cast<char>(value);
    else appendUtf8(out, value);
    return 1 + read;
  }
  if (c == 'N' && !prefix.is_bytes) {
    size_t close = at + 1 < content.size() && content[at + 1] == '{' ? content.find('}', at) : std::string_view::npos;
    if (close == std::string_view::npos) {
      *is_fine = false;
      return 1;
    }
    uint32_t code_point = lookupUnicodeName(content.substr(at + 2, close - at - 2));
    if (code_point == kNoCodePoint) *is_fine = false;
    else appendUtf8(out, code_point);
    return close - at + 1;
  }
  *out += '\\';
  return 0;  // not an escape: the character follows as itself
}

void decodeStringContent(std::string_view content, const StringPrefix& prefix, bool is_format, std::string* out,
                         bool* is_fine) {
  size_t i = 0;
  while (i < content.size()) {
    char c = content[i];
    if (c == '\r') {
      *out += '\n';
      i += i + 1 < content.size() && content[i + 1] == '\n' ? 2 : 1;
    } else if (c == '\\' && !prefix.is_raw && i + 1 < content.size()) {
      i += 1 + decodeEscape(content, i + 1, prefix, out, is_fine);
    } else if (is_format && (c == '{' || c == '}') && i + 1 < content.size() && content[i + 1] == c) {
      *out += c;
      i += 2;
    } else {
      if (prefix.is_bytes && static_cast<unsigned char>(c) >= 0x80) *is_fine = false;
      *out += c;
      ++i;
    }
  }
}

}  // namespace krait::syntax
