#include "analyzer/lint/pyproject/dependency.h"

#include <algorithm>
#include <cstdint>

#include "analyzer/lint/physical_lines.h"
#include "analyzer/lint/pyproject/version.h"

namespace krait::lint {

static constexpr uint32_t kTabWidth = 1;
// Parentheses in a marker may be nested so deep.
static constexpr int kDeepestMarker = 200;

static bool isBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool isLetterOrDigit(char c) { return isLetter(c) || (c >= '0' && c <= '9'); }
static bool isNameCharacter(char c) { return isLetterOrDigit(c) || c == '-' || c == '_' || c == '.'; }

namespace {
struct DependencyReader {
  std::string_view text;
  size_t at = 0;
  int depth = 0;
  std::string message;  // of the first fault; empty: none yet
  size_t fault_begin = 0, fault_size = 0;

  bool isDone() const { return at >= text.size(); }
  bool isAt(char c) const { return !isDone() && text[at] == c; }
  bool fail(std::string what, size_t begin, size_t size) {
    if (message.empty()) {
      message = std::move(what);
      fault_begin = begin;
      fault_size = size;
    }
    return false;
  }
  void skipBlanks() {
    while (!isDone() && isBlank(text[at])) ++at;
  }
  // The whole character at a place.
  std::string characterAt(size_t place) const {
    size_t end = place + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    return std::string(text.substr(place, end - place));
  }
  template <class Predicate>
  std::string_view takeWhile(Predicate predicate) {
    size_t begin = at;
    while (!isDone() && predicate(text[at])) ++at;
    return text.substr(begin, at - begin);
  }
};
}  // namespace

static bool isArchive(std::string_view name) {
  constexpr std::string_view kEndings[] = {".whl", ".tbz", ".txz", ".tlz", ".zip", ".tgz", ".tar", ".tar.bz2", ".tar.xz", ".tar.lz", ".tar.lzma", ".tar.gz"};
  return std::any_of(std::begin(kEndings), std::end(kEndings), [&](std::string_view ending) { return name.size() > ending.size() && name.ends_with(ending); });
}

// "C:" and "https:": letters, digits, "+", "-" and "." before a colon.
static bool hasScheme(std::string_view text) {
  size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !isLetter(text[0])) return false;
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) { return isLetterOrDigit(c) || c == '+' || c == '-' || c == '.'; });
}

// Whether the text up to a blank is a path or an address where a name should stand.
static bool isPlace(std::string_view text) {
  std::string_view place = text.substr(0, std::min(text.find_first_of(" \t\n\r\f\v"), text.size()));
  if (place.ends_with(']')) place = place.substr(0, std::min(place.rfind('['), place.size()));
  if (place.empty()) return false;
  bool is_path = place[0] == '\\' || place[0] == '/' || place[0] == '.';
  return is_path || hasScheme(place) || place.find_first_of("/\\") != std::string_view::npos || isArchive(place);
}

static bool failAsPlace(DependencyReader& reader, size_t begin, std::string_view example) {
  size_t size = std::min(reader.text.find_first_of(" \t\n\r\f\v", begin), reader.text.size()) - begin;
  return reader.fail("URL requirement must be preceded by a package name. Add the name of the package before the URL (e.g., `package_name @ " + std::string(example) + "`).", begin, size);
}

static bool readName(DependencyReader& reader) {
  size_t begin = reader.at;
  if (reader.isDone()) return reader.fail("Empty field is not allowed for PEP508", 0, 1);
  if (!isLetterOrDigit(reader.text[begin])) {
    if (isPlace(reader.text.substr(begin))) return failAsPlace(reader, begin, "/path/to/file");
    std::string found = reader.characterAt(begin);
    return reader.fail("Expected package name starting with an alphanumeric character, found `" + found + "`", begin, found.size());
  }
  std::string_view name = reader.takeWhile(isNameCharacter);
  if (reader.isDone() && !isLetterOrDigit(name.back())) {
    return reader.fail("Package name must end with an alphanumeric character, not '" + std::string(1, name.back()) + "'", reader.at - 1, 1);
  }
  return true;
}

// "[security, tests]"
static bool readExtras(DependencyReader& reader) {
  if (!reader.isAt('[')) return true;
  size_t bracket = reader.at++;
  reader.skipBlanks();
  for (bool is_first = true; !reader.isAt(']'); is_first = false) {
    if (reader.isAt(',') && is_first) {
      return reader.fail("Expected either alphanumerical character (starting the extra name) or `]` (ending the extras section), found `,`", reader.at, 1);
    }
    if (!is_first && !reader.isDone() && !reader.isAt(',')) {
      std::string found = reader.characterAt(reader.at);
      return reader.fail("Expected either `,` (separating extras) or `]` (ending the extras section), found `" + found + "`", reader.at, found.size());
    }
    if (!is_first && reader.isAt(',')) ++reader.at;
    reader.skipBlanks();
    if (reader.isDone()) return reader.fail("Missing closing bracket (expected ']', found end of dependency specification)", bracket, 1);
    std::string found = reader.characterAt(reader.at);
    if (!isLetterOrDigit(found[0])) return reader.fail("Expected an alphanumeric character starting the extra name, found `" + found + "`", reader.at, found.size());
    reader.takeWhile(isNameCharacter);
    if (!reader.isDone() && !reader.isAt(',') && !reader.isAt(']') && !isBlank(reader.text[reader.at])) {
      found = reader.characterAt(reader.at);
      return reader.fail("Invalid character in extras name, expected an alphanumeric character, `-`, `_`, `.`, `,` or `]`, found `" + found + "`", reader.at, found.size());
    }
    reader.skipBlanks();
  }
  ++reader.at;
  return true;
}

static bool checkSpecifier(DependencyReader& reader, size_t begin, size_t end) {
  std::optional<std::string> fault = faultOfSpecifier(reader.text.substr(begin, end - begin));
  return !fault || reader.fail(std::move(*fault), begin, end - begin);
}

// ">=1.19, <2.0", up to a semicolon, or in parentheses up to the closing one.
static bool readSpecifiers(DependencyReader& reader) {
  bool has_parentheses = reader.isAt('(');
  size_t parenthesis = reader.at;
  if (has_parentheses) {
    ++reader.at;
    reader.skipBlanks();
  }
  for (size_t begin = reader.at;; ++reader.at) {
    bool is_end = reader.isDone() || reader.isAt(has_parentheses ? ')' : ';');
    if (has_parentheses && reader.isDone()) return reader.fail("Missing closing parenthesis (expected ')', found end of dependency specification)", parenthesis, 1);
    if (!is_end && !reader.isAt(',')) continue;
    if (!checkSpecifier(reader, begin, reader.at)) return false;
    begin = reader.at + 1;
    if (!is_end) continue;
    if (has_parentheses) ++reader.at;
    return true;
  }
}

// Behind the "@": up to a line's end, or a blank before a semicolon or a hash.
static bool readAddress(DependencyReader& reader) {
  reader.skipBlanks();
  size_t begin = reader.at, end = begin;
  while (!reader.isDone() && reader.text[reader.at] != '\r' && reader.text[reader.at] != '\n') {
    if (isBlank(reader.text[reader.at])) {
      size_t next = reader.text.find_first_not_of(" \t\n\r\f\v", reader.at);
      if (next == std::string_view::npos || reader.text[next] == ';' || reader.text[next] == '#') break;
    }
    char c = reader.text[reader.at++];
    end = reader.at;
    if ((c == ';' || c == '#') && !reader.isDone() && isBlank(reader.text[reader.at])) break;
  }
  std::string_view address = reader.text.substr(begin, end - begin);
  if (address.empty()) return reader.fail("Expected URL", begin, 0);
  if (hasScheme(address) || address[0] == '/' || address[0] == '$') return true;
  return reader.fail("relative path without a working directory: " + std::string(address), begin, address.size());
}

static bool isMarkerName(std::string_view name) {
  constexpr std::string_view kNames[] = {
      "implementation_name", "implementation_version", "os_name", "platform_machine", "platform_python_implementation", "platform_release", "platform_system",
      "platform_version", "python_full_version", "python_version", "sys_platform", "extra",
      // What setuptools took before there was a standard.
      "os.name", "sys.platform", "platform.version", "platform.machine", "platform.python_implementation", "python_implementation",
      // ref: PEP 751
      "extras", "dependency_groups"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

static bool expect(DependencyReader& reader, char c, size_t begin) {
  std::string wanted = "Expected '" + std::string(1, c) + "', found ";
  if (reader.isDone()) return reader.fail(wanted + "end of dependency specification", begin, 1);
  std::string found = reader.characterAt(reader.at);
  if (found[0] != c) return reader.fail("Expected `" + std::string(1, c) + "`, found `" + found + "`", reader.at, found.size());
  ++reader.at;
  return true;
}

static bool readMarkerValue(DependencyReader& reader) {
  reader.skipBlanks();
  if (reader.isDone()) return reader.fail("Expected marker value, found end of dependency specification", reader.text.size(), 1);
  size_t begin = reader.at;
  char quote = reader.text[begin];
  if (quote == '"' || quote == '\'') {
    ++reader.at;
    reader.takeWhile([&](char c) { return c != quote; });
    return expect(reader, quote, begin);
  }
  std::string_view name = reader.takeWhile([](char c) { return !isBlank(c) && std::string_view("><=!~)").find(c) == std::string_view::npos; });
  return isMarkerName(name) || reader.fail("Expected a quoted string or a valid marker name, found `" + std::string(name) + "`", begin, name.size());
}

static bool readMarkerOperator(DependencyReader& reader) {
  reader.skipBlanks();
  size_t begin = reader.at;
  bool is_word = !reader.isDone() && isLetter(reader.text[begin]);
  std::string_view op = is_word ? reader.takeWhile([](char c) { return !isBlank(c) && c != '\'' && c != '"'; })
                                : reader.takeWhile([](char c) { return std::string_view("<=>~!").find(c) != std::string_view::npos; });
  if (op == "not") {
    if (reader.isDone()) return reader.fail("Expected whitespace after 'not', found end of input", reader.at, 1);
    std::string found = reader.characterAt(reader.at);
    if (!isBlank(found[0])) return reader.fail("Expected whitespace after `not`, found `" + found + "`", reader.at, found.size());
    reader.skipBlanks();
    return expect(reader, 'i', reader.at) && expect(reader, 'n', reader.at);
  }
  constexpr std::string_view kOperators[] = {"==", "!=", ">", ">=", "<", "<=", "~=", "===", "in"};
  if (std::find(std::begin(kOperators), std::end(kOperators), op) != std::end(kOperators)) return true;
  return reader.fail("Expected a valid marker operator (such as `>=` or `not in`), found `" + std::string(op) + "`", begin, op.size());
}

static bool readAlternatives(DependencyReader& reader);

static bool readComparison(DependencyReader& reader) {
  reader.skipBlanks();
  if (!reader.isAt('(')) return readMarkerValue(reader) && readMarkerOperator(reader) && readMarkerValue(reader);
  size_t parenthesis = reader.at++;
  if (++reader.depth > kDeepestMarker) return reader.fail("Too many parentheses in a marker", parenthesis, 1);
  bool is_read = readAlternatives(reader) && expect(reader, ')', parenthesis);
  --reader.depth;
  return is_read;
}

static bool takeWord(DependencyReader& reader, std::string_view word) {
  reader.skipBlanks();
  std::string_view rest = reader.text.substr(std::min(reader.at, reader.text.size()));
  if (rest.substr(0, std::min(rest.find_first_of(" \t\n\r\f\v"), rest.size())) != word) return false;
  reader.at += word.size();
  return true;
}

static bool readConditions(DependencyReader& reader) {
  do {
    if (!readComparison(reader)) return false;
  } while (takeWord(reader, "and"));
  return true;
}

static bool readAlternatives(DependencyReader& reader) {
  do {
    if (!readConditions(reader)) return false;
  } while (takeWord(reader, "or"));
  return true;
}

// Behind the semicolon.
static bool readMarker(DependencyReader& reader) {
  if (!readAlternatives(reader)) return false;
  reader.skipBlanks();
  if (reader.isDone()) return true;
  std::string found = reader.characterAt(reader.at);
  // The marks stand from here to the end, one character less.
  return reader.fail("Unexpected character '" + found + "', expected 'and', 'or' or end of input", reader.at, reader.text.size() - reader.at - found.size());
}

static bool readDependency(DependencyReader& reader) {
  reader.skipBlanks();
  size_t begin = reader.at;
  if (!readName(reader)) return false;
  std::string_view name = reader.text.substr(begin, reader.at - begin);
  reader.skipBlanks();
  if (!readExtras(reader)) return false;
  reader.skipBlanks();
  bool has_address = reader.isAt('@');
  size_t address = reader.at;
  if (has_address) {
    ++reader.at;
    if (!readAddress(reader)) return false;
  } else if (!reader.isDone() && std::string_view("(<=>~!").find(reader.text[reader.at]) != std::string_view::npos) {
    if (!readSpecifiers(reader)) return false;
  } else if (reader.isDone() || reader.isAt(';')) {
    if (isArchive(name)) return failAsPlace(reader, begin, "https://...");
  } else {
    if (isPlace(reader.text.substr(begin))) return failAsPlace(reader, begin, "https://...");
    std::string found = reader.characterAt(reader.at);
    return reader.fail("Expected one of `@`, `(`, `<`, `=`, `>`, `~`, `!`, `;`, found `" + found + "`", reader.at, found.size());
  }
  size_t end = reader.at;
  reader.skipBlanks();
  if (reader.isAt(';')) {
    ++reader.at;
    return readMarker(reader);
  }
  if (reader.isDone()) return true;
  std::string found = reader.characterAt(reader.at);
  char last = end > address ? reader.text[end - 1] : ' ';
  if (has_address && (last == ';' || last == '#')) return reader.fail("Missing space before '" + std::string(1, last) + "', the end of the URL is ambiguous", end - 1, 1);
  return reader.fail("Expected end of input or `;`, found `" + found + "`", reader.at, found.size());
}

std::optional<std::string> faultOfDependency(std::string_view text) {
  DependencyReader reader{.text = text};
  if (readDependency(reader)) return std::nullopt;
  size_t begin = std::min(reader.fault_begin, text.size()), size = std::min(reader.fault_size, text.size() - begin);
  uint32_t marks = begin == text.size() ? 1 : lineWidth(text.substr(begin, size), kTabWidth);
  return reader.message + "\n" + std::string(text) + "\n" + std::string(lineWidth(text.substr(0, begin), kTabWidth), ' ') + std::string(marks, '^');
}

}  // namespace krait::lint
