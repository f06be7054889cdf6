// D415: a summary without punctuation at its end. ref: pydocstyle
#include "analyzer/lint/rule.h"
#include "analyzer/lint/docstrings.h"

namespace krait::lint {

void checkSummaryPunctuation(LintContext& context) {
  for (const Docstring& docstring : docstringsOf(context)) {
    if (summaryEndsIn(docstring.content, ".!?")) continue;
    auto finding = context.sink.begin("D415"_rule, docstring.range);
    if (auto edit = endSummary(context, docstring, ".", ":;")) finding.fix("Add closing punctuation", {*edit}, FixSafety::kUnsafe);
  }
}

}  // namespace krait::lint
