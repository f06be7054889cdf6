#include "lsp/mend.h"

#include <algorithm>
#include <map>

#include "analyzer/base/text.h"

namespace krait::lsp {

// Each error costs a parse of the whole text, while somebody waits.
static constexpr size_t kMostErrors = 8;
static constexpr size_t kLongestText = size_t{1} << 19;

namespace {
enum class Filling : uint8_t { kStatement, kComment };
}  // namespace

static size_t indentOf(std::string_view line) { return std::min(line.find_first_not_of(" \t\r"), line.size()); }

static bool isBlank(std::string_view line) { return indentOf(line) == line.size() || line[indentOf(line)] == '#'; }

// Does a block that the line begins follow?
static bool hasBlock(const LineIndex& lines, uint32_t line) {
  size_t own = indentOf(lines.lineText(line));
  for (uint32_t next = line + 1; next < lines.lineCount(); ++next) {
    std::string_view other = lines.lineText(next);
    if (!isBlank(other)) return indentOf(other) > own;
  }
  return false;
}

// What stands instead of a line's code: a statement, or the beginning of a block like the one that it was.
static std::string_view replacementOf(std::string_view code, bool has_block) {
  if (!has_block) return "0";
  static constexpr std::pair<std::string_view, std::string_view> kHeaders[] = {
      {"elif", "elif _:"}, {"else", "else:"}, {"except", "except:"}, {"finally", "finally:"}, {"case", "case _:"}, {"try", "try:"}};
  for (const auto& [word, header] : kHeaders) {
    if (code.starts_with(word)) return header;
  }
  return "if _:";
}

static void replaceLine(std::string& text, const LineIndex& lines, uint32_t line, Filling filling) {
  std::string_view whole = lines.lineText(line);
  size_t indent = indentOf(whole), end = whole.size();
  while (end > indent && whole[end - 1] == '\r') --end;
  std::string_view code = whole.substr(indent, end - indent);
  std::string_view instead = filling == Filling::kComment ? "#" : replacementOf(code, hasBlock(lines, line));
  if (instead.size() > code.size()) instead = "#";
  std::string filled(instead);
  filled.resize(code.size(), ' ');
  text.replace(lines.lineStart(line) + indent, filled.size(), filled);
}

std::shared_ptr<const program::ParsedText> parseMended(std::string text, uint32_t kept, Interner& names) {
  if (text.size() > kLongestText) return nullptr;
  std::map<uint32_t, Filling> filled;  // by line
  for (size_t i = 0; i <= kMostErrors; ++i) {
    std::shared_ptr<const program::ParsedText> parsed = program::ParsedTexts::parse(text, names, false);
    if (!parsed->error) return parsed;
    LineIndex lines(text);
    uint32_t line = lines.lineOf(std::min<uint32_t>(parsed->error->range.begin, static_cast<uint32_t>(text.size())));
    // A header without a block: the header goes.
    if (parsed->error->message.starts_with("expected an indented block")) {
      do {
        if (line == 0) return nullptr;
        --line;
      } while (isBlank(lines.lineText(line)));
    }
    if (line == lines.lineOf(kept)) return nullptr;
    auto [found, is_new] = filled.try_emplace(line, Filling::kStatement);
    if (!is_new && found->second == Filling::kComment) return nullptr;
    // Where no statement may stand, a comment may.
    if (!is_new || parsed->error->message == "unexpected indent") found->second = Filling::kComment;
    replaceLine(text, lines, line, found->second);
  }
  return nullptr;
}

}  // namespace krait::lsp
