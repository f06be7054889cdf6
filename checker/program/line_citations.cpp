#include "checker/program/line_citations.h"

#include <algorithm>
#include <charconv>

namespace krait::program {

static constexpr std::string_view kCitation = " already defined on line ";

static bool isDigit(char c) { return c >= '0' && c <= '9'; }

// A class in a function is printed with its line.
static bool namesByLine(std::string_view text) {
  for (size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    if (at + 1 < text.size() && isDigit(text[at + 1])) return true;
  }
  return false;
}

// The line (from 0) after the edit of what stands on a line before it.
static std::optional<uint32_t> movedLine(const types::Module& module, const TreeChange& change, const LineIndex& after, uint32_t line) {
  if (line >= module.lines.lineCount()) return std::nullopt;
  uint32_t begin = module.lines.lineStart(line);
  std::string_view text = module.text;
  size_t first = std::min(text.find_first_not_of(" \t", begin), text.size());
  size_t end = std::min(text.find('\n', begin), text.size());
  if (first >= change.text_old_end) return after.lineOf(static_cast<uint32_t>(first) - change.text_old_end + change.text_new_end);
  if (end <= change.text_begin) return line;
  return std::nullopt;
}

std::optional<std::vector<std::pair<size_t, std::string>>> movedCitations(const types::Module& module, const TreeChange& change, const LineIndex& after) {
  std::vector<std::pair<size_t, std::string>> out;
  for (size_t i = 0; i < module.messages.size(); ++i) {
    const types::Message& message = module.messages[i];
    bool is_named_by_line = namesByLine(message.text) || std::any_of(message.notes.begin(), message.notes.end(), namesByLine);
    if (is_named_by_line) return std::nullopt;
    size_t at = message.code == Code::kNoRedef ? message.text.rfind(kCitation) : std::string::npos;
    if (at == std::string::npos) continue;
    at += kCitation.size();
    uint32_t cited = 0;
    const char* end = message.text.data() + message.text.size();
    if (std::from_chars(message.text.data() + at, end, cited).ptr != end || cited == 0) return std::nullopt;
    std::optional<uint32_t> moved = movedLine(module, change, after, cited - 1);
    if (!moved) return std::nullopt;
    if (*moved + 1 != cited) out.emplace_back(i, message.text.substr(0, at) + std::to_string(*moved + 1));
  }
  return out;
}

}  // namespace krait::program
