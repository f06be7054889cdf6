// D400: a summary that does not end in a period. ref: pydocstyle
#include "analyzer/lint/rule.h"
#include "analyzer/lint/docstrings.h"

namespace krait::lint {

void checkSummaryPeriod(LintContext& context) {
  for (const Docstring& docstring : docstringsOf(context)) {
    if (summaryEndsIn(docstring.content, ".")) continue;
    auto finding = context.sink.begin("D400"_rule, docstring.range);
    if (auto edit = endSummary(context, docstring, ".", ":;?!")) finding.fix("Add period", {*edit}, FixSafety::kUnsafe);
  }
}

}  // namespace krait::lint
