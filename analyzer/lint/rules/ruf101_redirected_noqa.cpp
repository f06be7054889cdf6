// RUF101: a `# noqa` that names a code by an old name. ref: ruff
#include <vector>

#include "analyzer/diagnostics/code_redirects.h"
#include "analyzer/diagnostics/suppressions.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkRedirectedNoqa(LintContext& context) {
  std::vector<TextRange> comments;
  for (const syntax::Comment& comment : context.ast.comments()) comments.push_back({comment.begin, comment.end});
  std::string_view text = context.ast.text();
  Suppressions found = readSuppressions(context.file, comments, static_cast<uint32_t>(text.size()));
  for (const Suppression& suppression : found.all) {
    if (suppression.kind != SuppressionKind::kNoqa) continue;
    size_t at = suppression.range.begin;
    for (const std::string& code : suppression.codes) {
      at = text.find(code, at);
      if (at >= suppression.range.end) break;
      TextRange range{static_cast<uint32_t>(at), static_cast<uint32_t>(at + code.size())};
      at = range.end;
      std::string today(redirectedCode(code));
      if (today.empty()) continue;
      context.sink.begin("RUF101"_rule, range, {code, today}).fix("Replace with `" + today + "`", {{range, today}});
    }
  }
}

}  // namespace krait::lint
