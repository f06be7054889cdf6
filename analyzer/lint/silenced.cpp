#include "analyzer/lint/silenced.h"

#include <algorithm>

#include "analyzer/diagnostics/suppressions.h"
#include "analyzer/syntax/tokens/tokenizer.h"

namespace krait::lint {

std::vector<std::pair<uint32_t, uint32_t>> joinedLines(const SourceFile& file) {
  std::vector<std::pair<uint32_t, uint32_t>> joined;
  auto join = [&](uint32_t first, uint32_t last) {
    if (first >= last) return;
    if (!joined.empty() && first <= joined.back().second) {
      joined.back().second = std::max(joined.back().second, last);
    } else {
      joined.push_back({first, last});
    }
  };
  uint32_t format_line = 0, last_line = 0;
  int format_depth = 0;
  for (const syntax::Token& token : syntax::tokenize(file.text, syntax::Trivia::kKeep).tokens) {
    uint32_t first = file.lines.lineOf(token.begin), last = file.lines.lineOf(token.end);
    if (token.kind == syntax::TokenKind::kFStringStart && format_depth++ == 0) format_line = first;
    if (token.kind == syntax::TokenKind::kFStringEnd && --format_depth == 0) join(format_line, last);
    if (token.kind == syntax::TokenKind::kString) join(first, last);
    bool is_backslashed = first > last_line && token.kind != syntax::TokenKind::kNl && file.lines.lineText(first - 1).ends_with("\\");
    if (is_backslashed && format_depth == 0) join(first - 1, first);
    last_line = std::max(last_line, last);
  }
  return joined;
}

bool isSilenced(const LintContext& context, Rule rule, TextRange range, TextRange origin) {
  std::vector<TextRange> comments;
  for (const syntax::Comment& comment : context.ast.comments()) comments.push_back({comment.begin, comment.end});
  Suppressions suppressions = readSuppressions(context.file, comments, static_cast<uint32_t>(context.file.text.size()));
  if (suppressions.all.empty()) return false;
  std::vector<Diagnostic> found(1);
  found[0].rule = rule;
  found[0].code = ruleInfo(rule).code;
  found[0].file = context.sink.file();
  found[0].range = range;
  found[0].origin = origin;
  SuppressionSettings settings{.tool = Tool::kLint, .joined_lines = joinedLines(context.file)};
  return applySuppressions(std::move(found), suppressions, context.file, context.sink.file(), settings).empty();
}

}  // namespace krait::lint
