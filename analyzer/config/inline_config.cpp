#include "analyzer/config/inline_config.h"

#include <algorithm>

namespace krait::config {

static constexpr std::string_view kMarker = "# mypy: ";

static std::string_view stripped(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// Splits at commas outside of double quotes; the quotes are dropped.
static std::vector<std::string> splitDirective(std::string_view text, bool& is_unterminated) {
  std::vector<std::string> parts;
  std::string part;
  bool is_quoted = false;
  for (char c : text) {
    if (c == '"') {
      is_quoted = !is_quoted;
    } else if (c == ',' && !is_quoted) {
      parts.emplace_back(stripped(part));
      part.clear();
    } else {
      part += c;
    }
  }
  is_unterminated = is_quoted;
  if (!is_quoted && !part.empty()) parts.emplace_back(stripped(part));
  return parts;
}

static ConfigEntry entryOf(const std::string& part, uint32_t line) {
  size_t equals = part.find('=');
  ConfigEntry entry;
  entry.line = line;
  entry.key = stripped(std::string_view(part).substr(0, equals));
  entry.value.text =
      equals == std::string::npos ? "True" : std::string(stripped(std::string_view(part).substr(equals + 1)));
  for (char& c : entry.key) c = c == '-' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return entry;
}

static void readComment(std::string_view text, uint32_t line, InlineConfig& out) {
  bool is_unterminated = false;
  ConfigSection section{.name = "", .line = line, .entries = {}};
  for (const std::string& part : splitDirective(text, is_unterminated)) section.entries.push_back(entryOf(part, line));
  if (is_unterminated) out.messages.push_back({line, "Unterminated quote in configuration comment"});
  SectionSettings read = readSettings(section, "");
  out.messages.insert(out.messages.end(), read.messages.begin(), read.messages.end());
  if (!read.reports.empty()) out.messages.push_back({line, "Reports not supported in inline configuration"});
  if (read.is_strict) {
    out.messages.push_back(
        {line,
         "Setting \"strict\" not supported in inline configuration: specify it in a configuration file "
         "instead, or set individual inline flags (see \"mypy -h\" for the list of flags enabled in "
         "strict mode)"});
  }
  // Each line's code lists replace those of earlier lines only by being applied after them.
  out.settings.insert(out.settings.end(), read.settings.begin(), read.settings.end());
}

InlineConfig readInlineConfig(std::string_view text) {
  InlineConfig out;
  if (text.find(kMarker) == std::string_view::npos) return out;
  uint32_t line = 1;
  for (size_t begin = 0; begin < text.size(); ++line) {
    size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view raw = text.substr(begin, end - begin);
    if (raw.starts_with(kMarker)) readComment(stripped(raw.substr(kMarker.size())), line, out);
    begin = end + 1;
  }
  return out;
}

}  // namespace krait::config
