#include "lsp/mend.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "analyzer/base/text.h"
#include "analyzer/syntax/keywords.h"
#include "analyzer/syntax/syntax_errors.h"

namespace krait::lsp {

using syntax::NodeId;
using syntax::NodeKind;
using syntax::SyntaxError;

// Each error costs a parse of the whole text, while somebody waits: so many bytes are parsed at most.
static constexpr size_t kMostBytes = size_t{1} << 22;
static constexpr size_t kMostErrors = 64;
static constexpr uint32_t kNothing = 0xffffffffu;  // no line is kept

namespace {
// What stands instead of a line's code: the names that it has, one behind the other; something that means nothing.
enum class Filling : uint8_t { kNames, kStatement, kComment };
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

static bool isNameByte(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80; }

// The names of a line, outside strings and comments.
static std::vector<TextRange> wordsOf(std::string_view code) {
  std::vector<TextRange> out;
  char quote = 0;
  for (size_t i = 0; i < code.size() && (quote != 0 || code[i] != '#');) {
    if (quote != 0 || code[i] == '"' || code[i] == '\'') {
      quote = quote == 0 ? code[i] : quote == code[i] ? '\0' : quote;
      ++i;
      continue;
    }
    size_t end = i;
    while (end < code.size() && isNameByte(code[end])) ++end;
    bool is_prefix = end < code.size() && (code[end] == '"' || code[end] == '\'');
    bool is_name = end > i && !(code[i] >= '0' && code[i] <= '9') && !syntax::isKeyword(code.substr(i, end - i)) && !is_prefix;
    if (is_name) out.push_back({static_cast<uint32_t>(i), static_cast<uint32_t>(end)});
    i = std::max(end, i + 1);
  }
  return out;
}

static bool isAttribute(std::string_view code, TextRange before, TextRange word) { return before.end + 1 == word.begin && code[before.end] == '.'; }

// `x = f(a.` -> `x = f;a `: what is asked about its names has an answer. "" where there are none.
static std::string namesOf(std::string_view code) {
  std::vector<TextRange> words = wordsOf(code);
  if (words.empty()) return {};
  size_t target = 0;  // the last name of what is assigned to
  while (target + 1 < words.size() && isAttribute(code, words[target], words[target + 1])) ++target;
  size_t sign = std::min(code.find_first_not_of(" \t", words[target].end), code.size());
  bool is_assignment = target + 1 < words.size() && words[0].begin == 0 && code.substr(sign, 1) == "=" && code.substr(sign, 2) != "==";
  std::string out(code.size(), ' ');
  for (size_t i = 0; i < words.size(); ++i) {
    out.replace(words[i].begin, words[i].size(), code.substr(words[i].begin, words[i].size()));
    if (i == 0) continue;
    if (isAttribute(code, words[i - 1], words[i])) out[words[i - 1].end] = '.';
    else if (is_assignment && i == target + 1) out[sign] = '=';
    else out[words[i - 1].end] = ';';
  }
  return out;
}

// What a line's code was replaced by.
static Filling replaceLine(std::string& text, const LineIndex& lines, uint32_t line, Filling filling) {
  std::string_view whole = lines.lineText(line);
  size_t indent = indentOf(whole), end = whole.size();
  while (end > indent && whole[end - 1] == '\r') --end;
  std::string_view code = whole.substr(indent, end - indent);
  bool has_block = hasBlock(lines, line);
  std::string filled = filling == Filling::kNames && !has_block ? namesOf(code) : std::string();
  if (filling == Filling::kNames && filled.empty()) filling = Filling::kStatement;
  if (filling != Filling::kNames) filled = filling == Filling::kComment ? "#" : replacementOf(code, has_block);
  if (filled.size() > code.size()) filled = "#", filling = Filling::kComment;
  filled.resize(code.size(), ' ');
  text.replace(lines.lineStart(line) + indent, filled.size(), filled);
  return filling;
}

static bool isBeginning(std::string_view code, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return code.starts_with(word); });
}

// The line whose code is in the way of what stands in the wrong line: that line, or the one before that wants another.
static uint32_t culpritOf(const LineIndex& lines, uint32_t line, const SyntaxError& error) {
  uint32_t before = line;
  while (before > 0 && (before == line || isBlank(lines.lineText(before)))) --before;
  // A header without a block: the header goes.
  if (error.message.starts_with("expected an indented block")) return before;
  std::string_view code = lines.lineText(line).substr(indentOf(lines.lineText(line)));
  std::string_view code_before = lines.lineText(before).substr(indentOf(lines.lineText(before)));
  bool is_undecorated = code_before.starts_with('@') && !isBeginning(code, {"@", "def ", "class ", "async "});
  bool is_no_case = isBeginning(code_before, {"match ", "match("}) && code_before.find(':') != std::string_view::npos && !code.starts_with("case");
  return is_undecorated || is_no_case ? before : line;
}

// The line of the `try` whose block ends before the line; kNothing: there is none.
static uint32_t tryBefore(const LineIndex& lines, uint32_t line) {
  while (line-- > 0) {
    std::string_view text = lines.lineText(line);
    if (text.substr(indentOf(text)).starts_with("try:")) return line;
  }
  return kNothing;
}

// A `try` without an `except` is read well enough as it stands: it becomes a comment until the rest is right.
static bool hideTry(std::string& text, const LineIndex& lines, uint32_t line, std::vector<TextRange>& hidden) {
  uint32_t first = tryBefore(lines, line);
  if (first == kNothing) return false;
  for (uint32_t i = first; i < line; ++i) {
    std::string_view whole = lines.lineText(i);
    TextRange range{lines.lineStart(i), lines.lineStart(i) + static_cast<uint32_t>(whole.size())};
    if (isBlank(whole)) continue;
    hidden.push_back(range);
    std::fill(text.begin() + range.begin, text.begin() + range.end, ' ');
    text[range.begin] = '#';
  }
  return true;
}

// The text without its wrong lines; `error`: what is still wrong with it.
static std::string mend(std::string text, uint32_t kept, size_t bytes, std::optional<SyntaxError>& error) {
  size_t most = std::clamp<size_t>(bytes / (text.size() + 1), 1, kMostErrors);
  LineIndex kept_lines(text);
  uint32_t kept_line = kept == kNothing ? kNothing : kept_lines.lineOf(kept);
  std::map<uint32_t, Filling> filled;  // by line
  std::vector<TextRange> hidden;
  const std::string original = text;
  for (size_t i = 0; i < most; ++i) {
    error = syntax::findSyntaxError(text);
    if (!error) break;
    LineIndex lines(text);
    uint32_t wrong = lines.lineOf(std::min<uint32_t>(error->range.begin, static_cast<uint32_t>(text.size())));
    if (error->message.starts_with("expected 'except' or 'finally'") && hideTry(text, lines, wrong, hidden)) continue;
    uint32_t line = culpritOf(lines, wrong, *error);
    if (line == kept_line) break;
    auto [found, is_new] = filled.try_emplace(line, Filling::kNames);
    if (!is_new && found->second == Filling::kComment) break;
    // Where no statement may stand, a comment may.
    bool is_decorator = lines.lineText(line).substr(indentOf(lines.lineText(line))).starts_with('@');
    if (is_decorator || error->message == "unexpected indent") found->second = Filling::kComment;
    else if (!is_new) found->second = found->second == Filling::kNames ? Filling::kStatement : Filling::kComment;
    found->second = replaceLine(text, lines, line, found->second);
  }
  for (TextRange range : hidden) text.replace(range.begin, range.size(), original, range.begin, range.size());
  return text;
}

static std::shared_ptr<program::ParsedText> parsed(std::string text, std::optional<SyntaxError> error, Interner& names) {
  std::shared_ptr<program::ParsedText> out = program::ParsedTexts::parse(std::move(text), names, false);
  out->error = std::move(error);
  return out;
}

std::shared_ptr<const program::ParsedText> parseMended(std::string text, uint32_t kept, Interner& names) {
  std::optional<SyntaxError> error;
  std::string mended = mend(std::move(text), kept, kMostBytes, error);
  return parsed(std::move(mended), std::move(error), names);
}

static size_t definitionsIn(const syntax::Ast& ast) {
  size_t out = 0;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) out += ast.is(NodeId(i), NodeKind::kFunctionDef) || ast.is(NodeId(i), NodeKind::kClassDef) ? 1 : 0;
  return out;
}

std::shared_ptr<const program::ParsedText> withMendedTree(std::shared_ptr<const program::ParsedText> broken, Interner& names) {
  std::optional<SyntaxError> error;
  std::string text = mend(broken->text, kNothing, kMostBytes / 4, error);
  std::shared_ptr<const program::ParsedText> mended = parsed(std::move(text), std::move(error), names);
  size_t defined = definitionsIn(*mended->ast), defined_before = definitionsIn(*broken->ast);
  bool is_better = defined != defined_before ? defined > defined_before : mended->ast->nodeCount() > broken->ast->nodeCount();
  if (!is_better) return broken;
  auto out = std::make_shared<program::ParsedText>();
  out->text = broken->text;
  out->error = broken->error;
  out->ast = std::shared_ptr<const syntax::Ast>(mended, mended->ast.get());  // the tree reads the other's text
  return out;
}

}  // namespace krait::lsp
