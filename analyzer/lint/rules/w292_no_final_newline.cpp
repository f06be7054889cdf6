// W292: no line end at the end of the file. ref: pycodestyle W292
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

void checkFinalNewline(LintContext& context) {
  std::string_view text = context.ast.text();
  if (text.empty() || text.back() == '\n' || text.back() == '\r') return;
  uint32_t end = static_cast<uint32_t>(text.size());
  context.sink.begin("W292"_rule, {end, end}).fix("Add trailing newline", {{{end, end}, std::string(lineEndText(context))}});
}

}  // namespace krait::lint
