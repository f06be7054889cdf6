#include "cli/add_noqa.h"

#include <algorithm>
#include <map>
#include <set>

#include "analyzer/syntax/tokens/tokenizer.h"

namespace krait::cli {

// The line on which a comment can stand that covers this one: strings and backslashes carry it on.
static std::vector<uint32_t> commentLines(const SourceFile& file) {
  std::vector<uint32_t> lines(file.lines.lineCount());
  for (uint32_t i = 0; i < lines.size(); ++i) lines[i] = i;
  for (const syntax::Token& token : syntax::tokenize(file.text, syntax::Trivia::kKeep).tokens) {
    uint32_t last = file.lines.lineOf(token.end);
    for (uint32_t line = file.lines.lineOf(token.begin); line < last && token.kind == syntax::TokenKind::kString; ++line) lines[line] = last;
  }
  for (uint32_t i = static_cast<uint32_t>(lines.size()); i-- > 0;) {
    if (lines[i] == i && file.lines.lineText(i).ends_with('\\') && i + 1 < lines.size()) lines[i] = lines[i + 1];
    if (lines[i] > i && lines[lines[i]] != lines[i]) lines[i] = lines[lines[i]];
  }
  return lines;
}

std::string addNoqaComments(const SourceFile& file, const std::vector<Diagnostic>& diagnostics, uint32_t* count) {
  std::vector<uint32_t> lines = commentLines(file);
  std::map<uint32_t, std::set<std::string>> codes;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.code == Code::kInvalidSyntax) continue;
    uint32_t line = file.lines.lineOf(diagnostic.range.begin);
    codes[lines[line]].insert(std::string(codeInfo(diagnostic.code).text));
  }
  std::string out;
  uint32_t done = 0;
  for (const auto& [line, names] : codes) {
    std::string_view text = file.lines.lineText(line);
    uint32_t start = file.lines.lineStart(line);
    size_t known = text.find("# noqa:");
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
    size_t end = text.find_last_not_of(" \t");
    uint32_t at = start + static_cast<uint32_t>(end == std::string_view::npos ? 0 : end + 1);
    out += std::string_view(file.text).substr(done, at - done);
    out += known != std::string_view::npos ? ", " + list : "  # noqa: " + list;
    done = known != std::string_view::npos ? at : start + static_cast<uint32_t>(text.size());
    ++*count;
  }
  return out + file.text.substr(done);
}

}  // namespace krait::cli
