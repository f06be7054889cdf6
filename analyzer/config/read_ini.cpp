// Python's configparser.RawConfigParser, as far as mypy's files use it: sections, `key = value` or `key: value`, values
// continued on indented lines, whole-line comments with '#' or ';'. Keys are lower-cased.
#include "analyzer/config/config_text.h"

namespace krait::config {

static bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }

static std::string_view stripped(std::string_view text) {
  while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && isSpace(text.back())) text.remove_suffix(1);
  return text;
}

namespace {
struct IniReader {
  std::string_view path;
  ConfigText out;
  bool has_key = false;  // the last section's last entry may be continued
  size_t key_indent = 0;

  Failure failure(uint32_t line, const std::string& what) const {
    return Failure{std::string(path) + ":" + std::to_string(line) + ": " + what};
  }
};
}  // namespace

static std::optional<Failure> readLine(IniReader& reader, std::string_view raw, uint32_t line) {
  std::string_view text = stripped(raw);
  size_t indent = raw.find_first_not_of(" \t");
  if (text.empty()) {
    if (reader.has_key) reader.out.sections.back().entries.back().value.text += "\n";
    return std::nullopt;
  }
  if (text[0] == '#' || text[0] == ';') return std::nullopt;
  if (reader.has_key && indent > reader.key_indent) {
    reader.out.sections.back().entries.back().value.text += "\n" + std::string(text);
    return std::nullopt;
  }
  if (text[0] == '[') {
    size_t close = text.find(']');
    if (close == std::string_view::npos)
      return reader.failure(line, "section header has no closing bracket: " + std::string(text));
    reader.out.sections.push_back({.name = std::string(text.substr(1, close - 1)), .line = line, .entries = {}});
    reader.has_key = false;
    return std::nullopt;
  }
  if (reader.out.sections.empty()) return reader.failure(line, "no section header before: " + std::string(text));
  size_t delimiter = text.find_first_of("=:");
  if (delimiter == std::string_view::npos || delimiter == 0) {
    return reader.failure(line, "expected `key = value`, found: " + std::string(text));
  }
  ConfigEntry entry{.key = std::string(stripped(text.substr(0, delimiter))), .value = {}, .line = line};
  for (char& c : entry.key) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  entry.value.text = stripped(text.substr(delimiter + 1));
  reader.out.sections.back().entries.push_back(std::move(entry));
  reader.has_key = true;
  reader.key_indent = indent;
  return std::nullopt;
}

Result<ConfigText> readIni(std::string_view path, std::string_view text) {
  IniReader reader{.path = path, .out = {}};
  uint32_t line = 1;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  for (size_t begin = 0; begin < text.size(); ++line) {
    size_t end = std::min(text.find('\n', begin), text.size());
    if (std::optional<Failure> failure = readLine(reader, text.substr(begin, end - begin), line)) return *failure;
    begin = end + 1;
  }
  for (ConfigSection& section : reader.out.sections) {
    for (ConfigEntry& entry : section.entries) {
      while (entry.value.text.ends_with("\n")) entry.value.text.pop_back();
    }
  }
  return std::move(reader.out);
}

}  // namespace krait::config
