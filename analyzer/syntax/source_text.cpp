#include "analyzer/syntax/source_text.h"

#include <algorithm>
#include <cstdio>

namespace krait::syntax {

SourceText& SourceText::operator=(SourceText&& other) noexcept {
  text = other.text;
  encoding = std::move(other.encoding);
  has_bom = other.has_bom;
  error = std::move(other.error);
  decoded_ = std::move(other.decoded_);
  if (decoded_) text = *decoded_;  // a short string moves its bytes
  return *this;
}

void SourceText::own(std::string owned) {
  decoded_ = std::move(owned);
  text = *decoded_;
}

static bool isEncodingChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

// The name behind "coding:" or "coding=" in a comment line, or empty (CPython: get_coding_spec).
static std::string_view encodingInLine(std::string_view line) {
  size_t hash = line.find_first_not_of(" \t\f");
  if (hash == std::string_view::npos || line[hash] != '#') return {};
  for (size_t at = line.find("coding", hash); at != std::string_view::npos; at = line.find("coding", at + 1)) {
    size_t sign = at + 6;
    if (sign >= line.size() || (line[sign] != ':' && line[sign] != '=')) continue;
    size_t begin = std::min(line.find_first_not_of(" \t", sign + 1), line.size());
    size_t end = begin;
    while (end < line.size() && isEncodingChar(line[end])) ++end;
    if (end > begin) return line.substr(begin, end - begin);
  }
  return {};
}

static std::string_view firstLine(std::string_view bytes) { return bytes.substr(0, bytes.find_first_of("\r\n")); }

static std::string_view afterFirstLine(std::string_view bytes) {
  size_t end = bytes.find_first_of("\r\n");
  if (end == std::string_view::npos) return {};
  bool is_pair = bytes[end] == '\r' && end + 1 < bytes.size() && bytes[end + 1] == '\n';
  return bytes.substr(end + (is_pair ? 2 : 1));
}

std::string_view findEncodingDeclaration(std::string_view bytes) {
  std::string_view line = firstLine(bytes);
  std::string_view found = encodingInLine(line);
  if (!found.empty()) return found;
  size_t first = line.find_first_not_of(" \t\f");
  bool may_go_on = first == std::string_view::npos || line[first] == '#';
  return may_go_on ? encodingInLine(firstLine(afterFirstLine(bytes))) : std::string_view();
}

// "utf-8" and "iso-8859-1" have many spellings; other names stay (CPython: get_normal_name).
static std::string normalizeEncoding(std::string_view name) {
  std::string start;
  for (char c : name.substr(0, 12)) start += c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (start == "utf-8" || start.starts_with("utf-8-")) return "utf-8";
  for (std::string_view latin : {"latin-1", "iso-8859-1", "iso-latin-1"}) {
    if (start == latin || (start.starts_with(latin) && start[latin.size()] == '-')) return "iso-8859-1";
  }
  return std::string(name);
}

static SyntaxError unplacedError(std::string message) {
  SyntaxError error;
  error.message = std::move(message);
  error.column = -1;
  return error;
}

static SyntaxError notUtf8(std::string_view bytes, size_t bad) {
  uint32_t offset = static_cast<uint32_t>(bad);
  LinePlace place = linePlaceOf(bytes, offset);
  char shown[8];
  std::snprintf(shown, sizeof shown, "\\x%02x", static_cast<unsigned char>(bytes[bad]));
  SyntaxError error;
  error.message = std::string("Non-UTF-8 code starting with '") + shown + "' on line " + std::to_string(place.line) +
                  ", but no encoding declared; see https://peps.python.org/pep-0263/ for details";
  error.line = error.end_line = place.line;
  error.column = error.end_column =
      static_cast<int32_t>(countUnits(bytes.substr(place.start, bad - place.start), ColumnUnit::kUtf32)) + 1;
  error.range = {offset, offset + 1};
  return error;
}

static SyntaxError bomProblem(std::string_view bytes, const std::string& encoding) {
  bool in_first_line = !encodingInLine(firstLine(bytes)).empty();
  std::string_view line = in_first_line ? firstLine(bytes) : firstLine(afterFirstLine(bytes));
  SyntaxError error;
  error.message = "encoding problem: " + encoding + " with BOM";
  error.line = error.end_line = in_first_line ? 1 : 2;
  error.end_column = static_cast<int32_t>(line.size());
  error.range = {0, static_cast<uint32_t>(line.size())};
  return error;
}

SourceText decodeSource(std::string_view bytes) {
  SourceText source;
  source.has_bom = bytes.starts_with("\xef\xbb\xbf");
  if (source.has_bom) bytes.remove_prefix(3);
  std::string_view declared = findEncodingDeclaration(bytes);
  source.encoding = declared.empty() ? "utf-8" : normalizeEncoding(declared);
  bool is_utf8 = source.encoding == "utf-8";
  if (source.has_bom && !is_utf8) {
    source.error = bomProblem(bytes, source.encoding);
    return source;
  }
  if (is_utf8) {
    size_t bad = findInvalidUtf8(bytes);
    if (bad != std::string_view::npos) {
      source.error = notUtf8(bytes, bad);
    } else {
      source.text = bytes;
    }
    return source;
  }
  std::string problem;
  std::optional<std::string> decoded = decodeBytes(bytes, source.encoding, problem);
  if (decoded) {
    source.own(std::move(*decoded));
  } else {
    source.error = unplacedError(std::move(problem));
  }
  return source;
}

}  // namespace krait::syntax
