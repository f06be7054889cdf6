#include "analyzer/lint/pyproject/version.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>

namespace krait::lint {

static bool isBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static bool isDigit(char c) { return c >= '0' && c <= '9'; }
static bool isSeparator(char c) { return c == '.' || c == '-' || c == '_'; }

static char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

static bool isLetterOrDigit(char c) { return isDigit(c) || (lowered(c) >= 'a' && lowered(c) <= 'z'); }

namespace {
struct VersionReader {
  std::string_view text;
  size_t at = 0;
  uint32_t release_parts = 0;
  std::string local;  // behind the plus
  bool has_wildcard = false;
  std::optional<std::string> fault;

  bool isDone() const { return at >= text.size(); }
  bool take(std::string_view word) {
    if (text.size() - std::min(at, text.size()) < word.size()) return false;
    bool is_there = std::equal(word.begin(), word.end(), text.begin() + static_cast<std::ptrdiff_t>(at), [](char a, char b) { return a == lowered(b); });
    if (is_there) at += word.size();
    return is_there;
  }
  bool takeAny(std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return take(word); });
  }
  void takeSeparator() {
    if (!isDone() && isSeparator(text[at])) ++at;
  }
};
}  // namespace

// Digits, where there are any. A number must fit 64 bits.
static bool takeNumber(VersionReader& reader) {
  size_t begin = reader.at;
  uint64_t value = 0;
  bool is_too_big = false;
  for (; !reader.isDone() && isDigit(reader.text[reader.at]); ++reader.at) {
    uint64_t digit = static_cast<uint64_t>(reader.text[reader.at] - '0');
    is_too_big |= value > (UINT64_MAX - digit) / 10;
    value = value * 10 + digit;
  }
  if (is_too_big && !reader.fault) {
    std::string digits(reader.text.substr(begin, reader.at - begin));
    reader.fault = "expected number less than or equal to 18446744073709551615, but number found in \"" + digits + "\" exceeds it";
  }
  return reader.at > begin;
}

static void readRelease(VersionReader& reader) {
  if (!takeNumber(reader)) {
    reader.fault = "expected version to start with a number, but no leading ASCII digits were found";
    return;
  }
  if (reader.take("!") && !takeNumber(reader)) {
    reader.fault = "expected version to have a non-empty release component after an epoch, but no ASCII digits after the epoch were found";
    return;
  }
  reader.release_parts = 1;
  while (reader.take(".")) {
    if (!takeNumber(reader)) {
      --reader.at;
      return;
    }
    ++reader.release_parts;
  }
}

// A word with separators around it and a number behind it; back where it is another.
static bool readMarked(VersionReader& reader, std::initializer_list<std::string_view> words) {
  size_t begin = reader.at;
  reader.takeSeparator();
  if (!reader.takeAny(words)) {
    reader.at = begin;
    return false;
  }
  reader.takeSeparator();
  takeNumber(reader);
  return true;
}

static void readPostRelease(VersionReader& reader) {
  size_t begin = reader.at;
  if (reader.take("-") && takeNumber(reader)) return;
  reader.at = begin;
  readMarked(reader, {"post", "rev", "r"});
}

static void readLocal(VersionReader& reader) {
  if (!reader.take("+")) return;
  size_t begin = reader.at;
  for (char before = '+';; before = reader.text[reader.at++]) {
    size_t segment = reader.at;
    while (!reader.isDone() && isLetterOrDigit(reader.text[reader.at])) ++reader.at;
    if (reader.at == segment) {
      std::string mark(1, before);
      reader.fault = "found a `" + mark + "` indicating the start of a local component in a version, but did not find any alphanumeric ASCII segment following the `" + mark + "`";
      return;
    }
    if (reader.isDone() || !isSeparator(reader.text[reader.at])) break;
  }
  reader.local = reader.text.substr(begin, reader.at - begin);
  std::transform(reader.local.begin(), reader.local.end(), reader.local.begin(), [](char c) { return c == '-' || c == '_' ? '.' : lowered(c); });
}

// A version that may end in ".*".
static VersionReader readPattern(std::string_view text) {
  VersionReader reader{.text = text};
  while (!reader.isDone() && isBlank(text[reader.at])) ++reader.at;
  reader.take("v");
  readRelease(reader);
  if (reader.fault) return reader;
  if (reader.take(".*")) {
    reader.has_wildcard = true;
    if (!reader.isDone()) reader.fault = "wildcards in versions must be at the end";
    return reader;
  }
  readMarked(reader, {"alpha", "beta", "preview", "pre", "rc", "a", "b", "c"});
  readPostRelease(reader);
  readMarked(reader, {"dev"});
  readLocal(reader);
  if (reader.fault) return reader;
  while (!reader.isDone() && isBlank(text[reader.at])) ++reader.at;
  if (!reader.isDone()) {
    reader.fault = "after parsing `" + std::string(text.substr(0, reader.at)) + "`, found `" + std::string(text.substr(reader.at)) + "`, which is not part of a valid version";
  }
  return reader;
}

std::optional<std::string> faultOfVersion(std::string_view text) {
  VersionReader reader = readPattern(text);
  if (reader.has_wildcard) return "wildcards are not allowed in a version";
  return reader.fault;
}

std::optional<std::string> faultOfSpecifier(std::string_view text) {
  size_t at = 0;
  auto skipBlanks = [&] {
    while (at < text.size() && isBlank(text[at])) ++at;
  };
  skipBlanks();
  size_t begin = at;
  at = std::min(text.find_first_not_of("=!~<>", at), text.size());
  std::string op(text.substr(begin, at - begin));
  if (op.empty()) return "Unexpected end of version specifier, expected operator";
  constexpr std::string_view kOperators[] = {"~=", "==", "!=", "<=", ">=", "<", ">", "==="};
  if (std::find(std::begin(kOperators), std::end(kOperators), op) == std::end(kOperators)) {
    return "no such comparison operator \"" + op + "\", must be one of ~= == != <= >= < > ===";
  }
  skipBlanks();
  begin = at;
  while (at < text.size() && !isBlank(text[at])) ++at;
  if (at == begin) return "Unexpected end of version specifier, expected version";
  VersionReader version = readPattern(text.substr(begin, at - begin));
  if (version.fault) return version.fault;
  bool is_equality = op == "==" || op == "!=";
  if (version.has_wildcard && !is_equality) return "Operator " + op + " cannot be used with a wildcard version specifier";
  if (!version.local.empty() && !is_equality && op != "===") {
    return "Operator " + op + " is incompatible with versions containing non-empty local segments (`+" + version.local + "`)";
  }
  if (op == "~=" && version.release_parts < 2) return "The ~= operator requires at least two segments in the release version";
  skipBlanks();
  if (at < text.size()) return "Trailing `" + std::string(text.substr(at)) + "` is not allowed";
  return std::nullopt;
}

std::optional<SpecifierFault> faultOfSpecifiers(std::string_view text) {
  if (text.empty()) return std::nullopt;
  for (size_t begin = 0; begin <= text.size();) {
    size_t end = std::min(text.find(',', begin), text.size());
    if (std::optional<std::string> fault = faultOfSpecifier(text.substr(begin, end - begin))) {
      return SpecifierFault{std::move(*fault), {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)}};
    }
    begin = end + 1;
  }
  return std::nullopt;
}

}  // namespace krait::lint
