#include "runtime/regex/charset.h"

#include <cctype>

#include "analyzer/base/unicode/case.h"
#include "analyzer/base/unicode/character.h"
#include "runtime/regex/opcodes.h"

namespace krait::regex {

static bool isAsciiDigit(char32_t c) { return c >= '0' && c <= '9'; }
static bool isAsciiSpace(char32_t c) { return c == ' ' || (c >= 9 && c <= 13); }
static bool isAsciiWord(char32_t c) {
  return isAsciiDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
static bool isLocaleWord(char32_t c) { return c == '_' || (c < 256 && std::isalnum(static_cast<int>(c)) != 0); }
static bool isUnicodeWord(char32_t c) { return c == '_' || unicode::isAlnum(c); }

bool inCategory(uint32_t category, char32_t c) {
  switch (static_cast<SreCategory>(category)) {
    case SreCategory::kDigit: return isAsciiDigit(c);
    case SreCategory::kNotDigit: return !isAsciiDigit(c);
    case SreCategory::kSpace: return isAsciiSpace(c);
    case SreCategory::kNotSpace: return !isAsciiSpace(c);
    case SreCategory::kWord: return isAsciiWord(c);
    case SreCategory::kNotWord: return !isAsciiWord(c);
    case SreCategory::kLinebreak: return c == '\n';
    case SreCategory::kNotLinebreak: return c != '\n';
    case SreCategory::kLocWord: return isLocaleWord(c);
    case SreCategory::kLocNotWord: return !isLocaleWord(c);
    case SreCategory::kUniDigit: return unicode::isDecimal(c);
    case SreCategory::kUniNotDigit: return !unicode::isDecimal(c);
    case SreCategory::kUniSpace: return unicode::isSpace(c);
    case SreCategory::kUniNotSpace: return !unicode::isSpace(c);
    case SreCategory::kUniWord: return isUnicodeWord(c);
    case SreCategory::kUniNotWord: return !isUnicodeWord(c);
    case SreCategory::kUniLinebreak: return unicode::isLineBreak(c);
    case SreCategory::kUniNotLinebreak: return !unicode::isLineBreak(c);
    case SreCategory::kCount: break;
  }
  return false;
}

char32_t lowerOf(char32_t c, CaseMode mode) {
  switch (mode) {
    case CaseMode::kExact: return c;
    case CaseMode::kAscii: return c >= 'A' && c <= 'Z' ? c + 32 : c;
    case CaseMode::kUnicode: return unicode::toLower(c);
    case CaseMode::kLocale: return c < 256 ? static_cast<char32_t>(std::tolower(static_cast<int>(c))) : c;
  }
  return c;
}

static bool inBitmap(const uint32_t* words, char32_t c) { return words[c >> 5] >> (c & 31) & 1; }

// Chunk numbers are bytes of 64 words; each chunk is a bitmap of 256 characters.
static bool inBigCharset(const uint32_t* words, char32_t c) {
  if (c >= 65536) return false;
  uint32_t chunk = words[1 + (c >> 10)] >> (8 * (c >> 8 & 3)) & 0xff;
  return inBitmap(words + 65 + chunk * 8, c & 255);
}

bool inSetCode(std::span<const uint32_t> code, char32_t c) {
  bool found = true;
  for (size_t at = 0;;) {
    const uint32_t* args = code.data() + at + 1;
    switch (static_cast<SreOp>(code[at])) {
      case SreOp::kNegate: found = !found; at += 1; break;
      case SreOp::kLiteral: if (c == args[0]) return found; at += 2; break;
      case SreOp::kCategory: if (inCategory(args[0], c)) return found; at += 2; break;
      case SreOp::kRange: if (c >= args[0] && c <= args[1]) return found; at += 3; break;
      case SreOp::kRangeUniIgnore: {
        char32_t upper = unicode::toUpper(c);
        if ((c >= args[0] && c <= args[1]) || (upper >= args[0] && upper <= args[1])) return found;
        at += 3;
        break;
      }
      case SreOp::kCharset: if (c < 256 && inBitmap(args, c)) return found; at += 9; break;
      case SreOp::kBigCharset: if (inBigCharset(args, c)) return found; at += 66 + args[0] * 8; break;
      default: return !found;
    }
  }
}

size_t checkSetCode(std::span<const uint32_t> code) {
  for (size_t at = 0; at < code.size();) {
    size_t size = 0;
    switch (static_cast<SreOp>(code[at])) {
      case SreOp::kFailure: return at + 1;
      case SreOp::kNegate: size = 1; break;
      case SreOp::kLiteral: size = 2; break;
      case SreOp::kCategory:
        if (at + 1 >= code.size() || code[at + 1] >= static_cast<uint32_t>(SreCategory::kCount)) return 0;
        size = 2;
        break;
      case SreOp::kRange:
      case SreOp::kRangeUniIgnore: size = 3; break;
      case SreOp::kCharset: size = 9; break;
      case SreOp::kBigCharset: {
        if (at + 66 > code.size() || code[at + 1] > 256) return 0;
        size = 66 + code[at + 1] * 8;
        for (uint32_t i = 0; i < 256; ++i) {
          if ((code[at + 2 + i / 4] >> (8 * (i % 4)) & 0xff) >= code[at + 1]) return 0;
        }
        break;
      }
      default: return 0;
    }
    if (code.size() - at < size) return 0;
    at += size;
  }
  return 0;
}

bool CharSet::containsSlow(char32_t c) const {
  if (wide != Wide::kCode) return wide == Wide::kAll;
  if (mode != CaseMode::kLocale) return inSetCode(code, lowerOf(c, mode));
  bool found = inSetCode(code, lowerOf(c, mode)) ||
               (c < 256 && inSetCode(code, static_cast<char32_t>(std::toupper(static_cast<int>(c)))));
  return found != is_inverted;
}

static bool isLocaleDependent(std::span<const uint32_t> code) {
  if (static_cast<SreOp>(code[0]) == SreOp::kNegate) code = code.subspan(1);
  for (size_t at = 0; at + 1 < code.size(); at += 2) {  // categories stand among literals; a false alarm only costs time
    if (static_cast<SreOp>(code[at]) != SreOp::kCategory && static_cast<SreOp>(code[at]) != SreOp::kLiteral) break;
    if (static_cast<SreOp>(code[at]) == SreOp::kCategory &&
        (code[at + 1] == static_cast<uint32_t>(SreCategory::kLocWord) ||
         code[at + 1] == static_cast<uint32_t>(SreCategory::kLocNotWord))) {
      return true;
    }
  }
  return false;
}

// Whether the set's code says the same of all characters above 255, as it does when it has only low literals and ranges.
static bool isUniformAbove(std::span<const uint32_t> code) {
  for (size_t at = 0;;) {
    switch (static_cast<SreOp>(code[at])) {
      case SreOp::kFailure: return true;
      case SreOp::kNegate: at += 1; break;
      case SreOp::kLiteral: if (code[at + 1] > 255) return false; at += 2; break;
      case SreOp::kRange: if (code[at + 2] > 255) return false; at += 3; break;
      case SreOp::kCharset: at += 9; break;
      case SreOp::kCategory: if (code[at + 1] >= static_cast<uint32_t>(SreCategory::kUniDigit)) return false; at += 2; break;
      default: return false;
    }
  }
}

void CharSet::finish() {
  wide = Wide::kCode;
  is_dynamic = mode == CaseMode::kLocale || isLocaleDependent(code);
  if (is_dynamic) return;
  for (char32_t c = 0; c < 256; ++c) low[c] = containsSlow(c);
  bool may_fall = mode == CaseMode::kUnicode;  // U+0130 and others have lower-case letters below 256
  if (!may_fall && isUniformAbove(code)) wide = inSetCode(code, 0x10ffff) ? Wide::kAll : Wide::kNone;
}

CharSet literalSet(char32_t c, CaseMode mode, bool negated) {
  CharSet set;
  set.mode = mode;
  set.is_inverted = negated && mode == CaseMode::kLocale;
  if (negated && !set.is_inverted) set.code.push_back(static_cast<uint32_t>(SreOp::kNegate));
  set.code.insert(set.code.end(), {static_cast<uint32_t>(SreOp::kLiteral), c, static_cast<uint32_t>(SreOp::kFailure)});
  set.finish();
  return set;
}

}  // namespace krait::regex
