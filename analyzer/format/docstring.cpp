// Docstrings: indentation, blanks, and where the closing quotes go.
#include <algorithm>
#include <vector>

#include "analyzer/format/concrete.h"
#include "analyzer/format/literals.h"
#include "analyzer/format/white_space.h"

namespace krait::format {

// The bytes of the line end at `at`, as str.splitlines sees it; 0 for anything else.
static size_t lineEndAt(std::string_view text, size_t at) {
  unsigned char c = static_cast<unsigned char>(text[at]);
  if ((c >= 10 && c <= 13) || (c >= 0x1c && c <= 0x1e)) return 1;
  std::string_view rest = text.substr(at);
  if (rest.starts_with("\xc2\x85")) return 2;
  return rest.starts_with("\xe2\x80\xa8") || rest.starts_with("\xe2\x80\xa9") ? 3 : 0;
}

static std::vector<std::string_view> splitLines(std::string_view text) {
  std::vector<std::string_view> lines;
  size_t begin = 0;
  for (size_t at = 0; at < text.size();) {
    size_t size = lineEndAt(text, at);
    if (size == 0) {
      ++at;
      continue;
    }
    lines.push_back(text.substr(begin, at - begin));
    begin = at += size;
  }
  if (begin < text.size()) lines.push_back(text.substr(begin));
  return lines;
}

// The line with the tabs before its text as blanks, to columns of eight.
static std::string expandLeadingTabs(std::string_view line) {
  size_t text = line.size() - stripLeft(line).size();
  size_t tab = line.substr(0, text).find('\t');
  if (tab == std::string_view::npos || text == line.size()) return std::string(line);
  std::string out;
  size_t column = 0;
  for (char c : line.substr(0, text)) {
    size_t count = c == '\t' ? 8 - column % 8 : 1;
    out.append(count, c == '\t' ? ' ' : c);
    column += count;
  }
  return out.append(line.substr(text));
}

// The lines without their common indentation, with that of the code in its place.
static std::string reindent(std::string_view text, const DocstringPlace& place) {
  std::vector<std::string> lines;
  for (std::string_view line : splitLines(text)) lines.push_back(expandLeadingTabs(line));
  if (lines.empty()) return "";
  size_t common = std::string::npos;
  for (size_t i = 1; i < lines.size(); ++i) {
    std::string_view content = stripLeft(lines[i]);
    if (!content.empty()) common = std::min<size_t>(common, widthOf(lines[i]) - widthOf(content));
  }
  std::string out(stripRight(stripLeft(lines[0])));
  if (common == std::string::npos) return out;
  for (size_t i = 1; i < lines.size(); ++i) {
    std::string_view line = lines[i];
    for (size_t cut = 0; cut < common && !line.empty(); ++cut) {
      line.remove_prefix(1);
      while (!line.empty() && (static_cast<unsigned char>(line[0]) & 0xc0) == 0x80) line.remove_prefix(1);
    }
    line = stripRight(line);
    out += '\n';
    if (line.empty() && i + 1 < lines.size()) continue;
    place.indents.append(out, place.levels);
    out.append(line);
  }
  return out;
}

// Blanks keep a quote or a backslash at either end off the closing and opening quotes.
static bool padEnds(std::string& body, char quote) {
  if (body.front() == quote) body.insert(body.begin(), ' ');
  if (body.back() == quote) body += ' ';
  size_t last = body.find_last_not_of('\\');
  size_t backslashes = body.size() - (last == std::string::npos ? 0 : last + 1);
  if (backslashes % 2 == 0) return false;
  body += ' ';
  return true;
}

std::string standardDocstring(std::string_view literal, const DocstringPlace& place) {
  std::string_view prefix = literal.substr(0, prefixSize(literal));
  std::string_view value = literal.substr(prefix.size());
  char quote = value[0];
  // An empty one is written with three quotes.
  if (value.size() == 2) return std::string(prefix).append(6, quote);
  size_t quote_size = value[1] == quote ? 3 : 1;
  std::string_view content = value.substr(quote_size, value.size() - 2 * quote_size);
  bool is_multiline = quote_size == 3 && content.find('\n') != std::string_view::npos;
  std::string body = is_multiline ? reindent(content, place) : std::string(stripRight(stripLeft(content)));
  bool ends_in_backslash = false;
  if (!body.empty()) {
    ends_in_backslash = padEnds(body, quote);
  } else if (!content.empty()) {
    body = " ";
  }
  std::string quotes(quote_size, quote);
  std::string out = std::string(prefix) + quotes + body;
  std::vector<std::string_view> lines = splitLines(body);
  // A tab is as wide as its level.
  size_t last_width = lines.size() > 1 ? widthOf(lines.back()) + place.indents.columns(place.levels) - place.indents.size(place.levels) : 0;
  bool is_too_long = quote_size == 3 && lines.size() > 1 && last_width + 3 > place.line_length &&
                     place.indents.columns(place.levels) + 3 <= place.line_length && !ends_in_backslash;
  if (is_too_long) place.indents.append(out += '\n', place.levels);
  return out + quotes;
}

}  // namespace krait::format
