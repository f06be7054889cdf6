// Source excerpts and wrapping for --pretty, with the widths that mypy's users see.
#include <algorithm>

#include "analyzer/diagnostics/render.h"

namespace krait {

static constexpr size_t kIndent = 4;
static constexpr size_t kTabStop = 8;
static constexpr size_t kLeastWidth = 20;

static std::string expandTabs(std::string_view text) {
  std::string out;
  size_t column = 0;
  for (char c : text) {
    if (c == '\t') {
      size_t width = kTabStop - column % kTabStop;
      out.append(width, ' ');
      column += width;
    } else {
      out += c;
      column += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }
  }
  return out;
}

// Columns on screen before the byte `column` of the line, tabs expanded.
static size_t shownColumn(std::string_view line, size_t column) {
  std::string before = expandTabs(line.substr(0, std::min(column, line.size())));
  return countUnits(before, ColumnUnit::kUtf32);
}

namespace {
struct Trimmed {
  std::string text;
  int64_t offset;  // columns that the text moved to the left
};
}  // namespace

// Cuts a long line around `column`, leaving at least kLeastWidth columns on its sides.
static Trimmed trimLine(const std::string& line, size_t width, size_t column) {
  width = std::max(width, 2 * kLeastWidth + 1);
  bool is_ascii = countUnits(line, ColumnUnit::kUtf32) == line.size();
  if (line.size() <= width || !is_ascii) return {line, 0};
  if (column + kLeastWidth < width) return {line.substr(0, width) + "...", 0};
  if (column + kLeastWidth + 1 < line.size()) {
    size_t offset = column + kLeastWidth + 1 - width;
    return {"..." + line.substr(offset, width) + "...", static_cast<int64_t>(offset) - 3};
  }
  return {"..." + line.substr(line.size() - width), static_cast<int64_t>(line.size() - width) - 3};
}

std::string sourceExcerpt(const ReportLine& line, const SourceFile& file, unsigned width) {
  std::string_view source = file.lines.lineText(line.line - 1);
  size_t first = source.find_first_not_of(" \t\f");
  size_t begin = std::max<size_t>(line.column, first == std::string_view::npos ? source.size() : first);
  std::string shown = expandTabs(source);
  size_t shown_width = countUnits(shown, ColumnUnit::kUtf32);
  size_t column = shownColumn(source, begin);
  size_t end = line.end_line == line.line ? shownColumn(source, line.end_column) : shown_width;
  std::string marker = "^";
  if (end > column + 1) marker.append(end - column - 1, '~');

  Trimmed trimmed = trimLine(shown, width > kIndent + 6 ? width - kIndent - 6 : 0, column);
  std::string text_line = std::string(kIndent, ' ') + trimmed.text;
  std::string marker_line(static_cast<size_t>(static_cast<int64_t>(kIndent + column) - trimmed.offset), ' ');
  marker_line += marker;
  size_t text_width = countUnits(text_line, ColumnUnit::kUtf32);
  if (marker_line.size() > text_width && marker.size() > 3 && text_width > 3) {
    marker_line.resize(text_width - 3);
    marker_line += "...";
  }
  return text_line + "\n" + marker_line + "\n";
}

std::string softWrap(std::string_view message, unsigned width, unsigned first_offset) {
  std::vector<std::string> words(1);
  bool inside_quotes = false;
  for (char c : message) {
    if (c == ' ' && !inside_quotes) {
      words.emplace_back();
      continue;
    }
    inside_quotes ^= c == '"';
    words.back() += c;
  }
  std::string out;
  std::string line = words[0];
  size_t room = width > first_offset ? width - first_offset : 0;
  for (size_t i = 1; i < words.size(); ++i) {
    if (line.size() + words[i].size() + 1 <= room) {
      line += " " + words[i];
      continue;
    }
    out += line + "\n" + std::string(kIndent, ' ');
    line = words[i];
    room = width > kIndent ? width - kIndent : 0;
  }
  return out + line;
}

}  // namespace krait
