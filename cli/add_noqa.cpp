#include "cli/add_noqa.h"

#include <algorithm>
#include <map>
#include <set>

#include "analyzer/diagnostics/rule_names.h"
#include "analyzer/diagnostics/suppressions.h"
#include "analyzer/lint/silenced.h"
#include "analyzer/syntax/tokens/tokenizer.h"

namespace krait::cli {

static std::string joined(const std::set<std::string>& codes) {
  std::string out;
  for (const std::string& code : codes) out += (out.empty() ? "" : ", ") + code;
  return out;
}

// The codes to silence by the line (from 0) on which a comment can stand.
static std::map<uint32_t, std::set<std::string>> codesByLine(const SourceFile& file, const std::vector<Diagnostic>& diagnostics, const AddedComments& style) {
  std::map<uint32_t, std::set<std::string>> codes;
  auto joined_lines = lint::joinedLines(file);
  for (const Diagnostic& diagnostic : diagnostics) {
    // What is wrong with a comment another one does not mend.
    if (diagnostic.code == Code::kInvalidSyntax || diagnostic.code == "RUF100"_code) continue;
    uint32_t line = file.lines.lineOf(diagnostic.range.begin);
    for (const auto& [first, last] : joined_lines) {
      if (first <= line && line <= last) line = last;
    }
    std::string_view code = codeInfo(diagnostic.code).text, name = style.names_rules ? lintRuleName(code) : std::string_view();
    codes[line].insert(std::string(name.empty() ? code : name));
  }
  return codes;
}

std::vector<FixEdit> silencingEdits(const SourceFile& file, const std::vector<Diagnostic>& diagnostics, const AddedComments& style) {
  std::vector<TextRange> comments;
  for (const syntax::Token& token : syntax::tokenize(file.text, syntax::Trivia::kKeep).tokens) {
    if (token.kind == syntax::TokenKind::kComment) comments.push_back({token.begin, token.end});
  }
  Suppressions known = readSuppressions(file, comments, static_cast<uint32_t>(file.text.size()));
  std::string reason = style.reason.empty() ? "" : " " + style.reason;
  std::vector<FixEdit> edits;
  for (auto& [line, codes] : codesByLine(file, diagnostics, style)) {
    auto same = std::find_if(known.all.begin(), known.all.end(), [&, at = line](const Suppression& each) {
      return each.kind == SuppressionKind::kNoqa && !each.is_file_level && each.line == at && !each.codes.empty();
    });
    if (same != known.all.end() && !style.are_ignores) {
      std::set<std::string> all = codes;
      all.insert(same->codes.begin(), same->codes.end());
      edits.push_back({same->range, "# noqa: " + joined(all) + reason});
      continue;
    }
    std::string_view text = file.lines.lineText(line);
    uint32_t start = file.lines.lineStart(line), end = static_cast<uint32_t>(text.find_last_not_of(" \t") + 1);
    std::string comment = (end == 0 ? "# " : "  # ") + (style.are_ignores ? "ruff: ignore[" + joined(codes) + "]" : "noqa: " + joined(codes)) + reason;
    edits.push_back({{start + end, start + static_cast<uint32_t>(text.size())}, std::move(comment)});
  }
  return edits;
}

}  // namespace krait::cli
