// Encodings other than UTF-8: Latin-1, ASCII and Windows-1252 by tables of our own, the rest by the system's iconv.
#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "analyzer/base/unicode/utf8.h"
#include "analyzer/syntax/source_text.h"

namespace krait::syntax {

// Code points of the bytes 0x80 to 0x9f; 0: undefined.
static constexpr uint16_t kWindows1252[] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
    0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
};

static std::string cannotDecode(std::string_view codec, unsigned char byte, size_t position, const char* why) {
  char shown[8];
  std::snprintf(shown, sizeof shown, "0x%02x", byte);
  return "'" + std::string(codec) + "' codec can't decode byte " + shown + " in position " + std::to_string(position) +
         ": " + why;
}

enum class SimpleCodec : uint8_t { kNone, kAscii, kLatin1, kWindows1252 };

static std::string normalized(std::string_view name) {
  std::string out;
  for (char c : name) out += c == '_' || c == ' ' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

static SimpleCodec simpleCodec(const std::string& name) {
  if (name == "ascii" || name == "us-ascii" || name == "646") return SimpleCodec::kAscii;
  if (name == "cp1252" || name == "windows-1252" || name == "1252") return SimpleCodec::kWindows1252;
  for (std::string_view latin : {"iso-8859-1", "latin-1", "latin1", "latin", "l1", "iso8859-1", "8859", "cp819"}) {
    if (name == latin) return SimpleCodec::kLatin1;
  }
  return SimpleCodec::kNone;
}

static std::optional<std::string> decodeSimple(std::string_view bytes, SimpleCodec codec, std::string& problem) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (size_t i = 0; i < bytes.size(); ++i) {
    unsigned char byte = static_cast<unsigned char>(bytes[i]);
    uint32_t c = byte;
    if (codec == SimpleCodec::kAscii && byte >= 0x80) {
      problem = cannotDecode("ascii", byte, i, "ordinal not in range(128)");
      return std::nullopt;
    }
    if (codec == SimpleCodec::kWindows1252 && byte >= 0x80 && byte < 0xa0) c = kWindows1252[byte - 0x80];
    if (c == 0 && byte != 0) {
      problem = cannotDecode("charmap", byte, i, "character maps to <undefined>");
      return std::nullopt;
    }
    unicode::appendUtf8(out, c);
  }
  return out;
}

// Python's names for encodings that iconv knows by other ones.
static std::string iconvName(const std::string& name) {
  if (name == "mac-roman") return "MACINTOSH";
  if (name == "utf8") return "UTF-8";
  if (name.starts_with("mac-")) return "MAC-" + name.substr(4);
  if (name.starts_with("windows-")) return "CP" + name.substr(8);
  return name;
}

static bool isTextTransform(const std::string& name) {
  for (std::string_view transform : {"rot13", "rot-13", "hex", "base64", "zlib", "bz2", "quopri", "uu"}) {
    if (name == transform) return true;
  }
  return false;
}

static std::string iconvProblem(std::string_view bytes, size_t bad, const std::string& name) {
  unsigned char byte = static_cast<unsigned char>(bytes[bad]);
  if (name == "utf8") return cannotDecode("utf-8", byte, bad, "invalid start byte");
  for (std::string_view charmap : {"cp", "windows-", "iso", "koi8", "mac", "latin"}) {
    bool is_multibyte = name == "cp932" || name == "cp949" || name == "cp950" || name.starts_with("iso-2022");
    if (name.starts_with(charmap) && !is_multibyte) {
      return cannotDecode("charmap", byte, bad, "character maps to <undefined>");
    }
  }
  std::string codec = name;  // CPython's codecs of this kind have underscores in their names
  std::replace(codec.begin(), codec.end(), '-', '_');
  return cannotDecode(codec, byte, bad, "illegal multibyte sequence");
}

static std::optional<std::string> decodeByIconv(std::string_view bytes, std::string_view encoding,
                                                const std::string& name, std::string& problem) {
  iconv_t converter = iconv_open("UTF-8", iconvName(name).c_str());
  if (converter == reinterpret_cast<iconv_t>(-1)) {
    problem = "unknown encoding: " + std::string(encoding);
    return std::nullopt;
  }
  std::string out;
  char* in = const_cast<char*>(bytes.data());
  size_t in_left = bytes.size();
  bool failed = false;
  while (in_left > 0 && !failed) {
    char buffer[4096];
    char* to = buffer;
    size_t to_left = sizeof buffer;
    size_t result = iconv(converter, &in, &in_left, &to, &to_left);
    out.append(buffer, sizeof buffer - to_left);
    failed = result == static_cast<size_t>(-1) && errno != E2BIG;
  }
  iconv_close(converter);
  if (!failed) return out;
  problem = iconvProblem(bytes, bytes.size() - in_left, name);
  return std::nullopt;
}

std::optional<std::string> decodeBytes(std::string_view bytes, std::string_view encoding, std::string& problem) {
  std::string name = normalized(encoding);
  if (isTextTransform(name)) {
    problem = "'" + std::string(encoding) + "' is not a text encoding; use codecs.decode() to handle arbitrary codecs";
    return std::nullopt;
  }
  SimpleCodec simple = simpleCodec(name);
  if (simple != SimpleCodec::kNone) return decodeSimple(bytes, simple, problem);
  return decodeByIconv(bytes, encoding, name, problem);
}

}  // namespace krait::syntax
