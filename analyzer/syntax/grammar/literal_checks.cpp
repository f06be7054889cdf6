// Errors in the text of literals: escapes, bytes, mixed concatenation, huge decimal numbers. CPython finds them while
// parsing, when it makes the constant (Parser/action_helpers.c, Parser/string_parser.c).
#include <algorithm>
#include <cstdio>

#include "analyzer/base/unicode_names.h"
#include "analyzer/syntax/grammar/recognizer.h"

namespace krait::syntax {

namespace {

constexpr size_t kMaxIntDigits = 4300;

std::string_view textOf(const Recognizer& r, uint32_t index) {
  const Token& token = r.token(index);
  return r.text.substr(token.begin, token.end - token.begin);
}

struct StringParts {
  bool is_bytes = false;
  bool is_raw = false;
  std::string_view body;
};

StringParts splitString(std::string_view token) {
  StringParts parts;
  size_t at = 0;
  for (; token[at] != '"' && token[at] != '\''; ++at) {
    char letter = static_cast<char>(token[at] | 0x20);
    parts.is_bytes |= letter == 'b';
    parts.is_raw |= letter == 'r';
  }
  size_t quote = token.size() - at >= 6 && token[at + 1] == token[at] && token[at + 2] == token[at] ? 3 : 1;
  parts.body = token.substr(at + quote, token.size() - at - 2 * quote);
  return parts;
}

int hexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

struct EscapeError {
  const char* what = nullptr;
  size_t end = 0;
};

// The hexadecimal digits of \x, \u and \U at `at`.
EscapeError readHex(std::string_view body, size_t at, int count, const char* truncated) {
  uint64_t value = 0;
  for (; count > 0; --count, ++at) {
    if (at >= body.size() || hexValue(body[at]) < 0) return {truncated, at};
    value = value << 4 | static_cast<uint64_t>(hexValue(body[at]));
  }
  if (value > 0x10ffff) return {"illegal Unicode character", at};
  return {nullptr, at};
}

EscapeError readName(std::string_view body, size_t at) {
  const char* malformed = "malformed \\N character escape";
  if (at >= body.size() || body[at] != '{') return {malformed, at};
  size_t close = body.find('}', at);
  if (close == std::string_view::npos) return {malformed, body.size()};
  std::string_view name = body.substr(at + 1, close - at - 1);
  if (name.empty()) return {malformed, close};
  if (lookupUnicodeName(name) == kNoCodePoint) return {"unknown Unicode character name", close + 1};
  return {nullptr, close + 1};
}

// The escape whose letter is at `at`.
EscapeError readEscape(std::string_view body, size_t at) {
  switch (body[at]) {
    case 'x': return readHex(body, at + 1, 2, "truncated \\xXX escape");
    case 'u': return readHex(body, at + 1, 4, "truncated \\uXXXX escape");
    case 'U': return readHex(body, at + 1, 8, "truncated \\UXXXXXXXX escape");
    case 'N': return readName(body, at + 1);
    default: return {nullptr, at + 1};
  }
}

// CPython decodes a copy in which every character that is not ASCII takes ten bytes ("\U0001f600"), line ends are "\n",
// and a backslash before such a character is six; its message counts in that copy.
size_t copiedSize(std::string_view body, size_t end) {
  size_t size = 0;
  for (size_t i = 0; i < end; ++i) {
    unsigned char c = static_cast<unsigned char>(body[i]);
    if (c >= 0x80) {
      size += (c & 0xc0) != 0x80 ? 10 : 0;
    } else if (c == '\\' && i + 1 < body.size() && static_cast<unsigned char>(body[i + 1]) >= 0x80) {
      size += 6;
    } else {
      size += !(c == '\r' && i + 1 < body.size() && body[i + 1] == '\n');
    }
  }
  return size;
}

// The message for the first bad escape of a text literal, or empty.
std::string findTextEscapeError(std::string_view body) {
  for (size_t at = body.find('\\'); at != std::string_view::npos && at + 1 < body.size(); at = body.find('\\', at)) {
    EscapeError escape = readEscape(body, at + 1);
    if (escape.what != nullptr) {
      return "(unicode error) 'unicodeescape' codec can't decode bytes in position " +
             std::to_string(copiedSize(body, at)) + "-" + std::to_string(copiedSize(body, escape.end) - 1) + ": " +
             escape.what;
    }
    at = escape.end;
  }
  return {};
}

std::string findBytesEscapeError(std::string_view body) {
  for (size_t at = body.find('\\'); at != std::string_view::npos && at + 1 < body.size(); at = body.find('\\', at)) {
    if (body[at + 1] == 'x') {
      bool is_good = at + 3 < body.size() && hexValue(body[at + 2]) >= 0 && hexValue(body[at + 3]) >= 0;
      if (!is_good) return "(value error) invalid \\x escape at position " + std::to_string(copiedSize(body, at));
    }
    at += 2;
  }
  return {};
}

std::optional<SyntaxError> lastTokenError(const Recognizer& r, std::string message) {
  if (message.empty()) return std::nullopt;
  return errorAtToken(r, r.fill - 1, std::move(message));
}

bool isRawStart(std::string_view start) { return start.find_first_of("rR") != std::string_view::npos; }

}  // namespace

std::optional<SyntaxError> checkNumber(const Recognizer& r, uint32_t index) {
  std::string_view number = textOf(r, index);
  size_t digits = 0;
  for (char c : number) {
    if (c == '_') continue;
    if (c < '0' || c > '9') return std::nullopt;
    ++digits;
  }
  if (digits <= kMaxIntDigits) return std::nullopt;
  SyntaxError error = errorAtTokens(
      r, index, index,
      "Exceeds the limit (4300 digits) for integer string conversion: value has " + std::to_string(digits) +
          " digits; use sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer "
          "literals to avoid decimal conversion limits.");
  error.column = error.end_column = 0;
  return error;
}

bool isImaginary(std::string_view number) { return number.ends_with('j') || number.ends_with('J'); }

std::optional<SyntaxError> checkStringToken(const Recognizer& r, uint32_t index) {
  StringParts parts = splitString(textOf(r, index));
  if (!parts.is_bytes) {
    if (parts.is_raw) return std::nullopt;
    return lastTokenError(r, findTextEscapeError(parts.body));
  }
  bool is_ascii = std::all_of(parts.body.begin(), parts.body.end(), [](char c) { return (c & 0x80) == 0; });
  if (!is_ascii) return errorAtTokens(r, index, index, "bytes can only contain ASCII literal characters");
  if (parts.is_raw) return std::nullopt;
  return lastTokenError(r, findBytesEscapeError(parts.body));
}

std::optional<SyntaxError> checkFormatString(const Recognizer& r, uint32_t first, uint32_t last) {
  if (isRawStart(textOf(r, first))) return std::nullopt;
  int depth = 0;
  for (uint32_t i = first; i <= last; ++i) {
    TokenKind kind = r.token(i).kind;
    depth += kind == TokenKind::kFStringStart || kind == TokenKind::kTStringStart;
    depth -= kind == TokenKind::kFStringEnd || kind == TokenKind::kTStringEnd;
    bool is_text = kind == TokenKind::kFStringMiddle || kind == TokenKind::kTStringMiddle;
    if (!is_text || depth != 1) continue;
    if (auto error = lastTokenError(r, findTextEscapeError(textOf(r, i)))) return error;
  }
  return std::nullopt;
}

std::optional<SyntaxError> checkFormatSpecText(const Recognizer& r, uint32_t index) {
  return lastTokenError(r, findTextEscapeError(textOf(r, index)));
}

std::optional<SyntaxError> checkConcatenation(const Recognizer& r, uint32_t first, uint32_t end) {
  bool has_bytes = false;
  bool has_text = false;
  int depth = 0;
  for (uint32_t i = first; i < end; ++i) {
    TokenKind kind = r.token(i).kind;
    bool begins = kind == TokenKind::kFStringStart || kind == TokenKind::kTStringStart;
    if (depth == 0 && kind == TokenKind::kString) {
      (splitString(textOf(r, i)).is_bytes ? has_bytes : has_text) = true;
    }
    has_text |= begins;
    depth += begins;
    depth -= kind == TokenKind::kFStringEnd || kind == TokenKind::kTStringEnd;
  }
  if (!has_bytes || !has_text) return std::nullopt;
  return errorAtToken(r, r.fill - 1, "cannot mix bytes and nonbytes literals");
}

}  // namespace krait::syntax
