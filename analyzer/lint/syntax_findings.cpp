#include "analyzer/lint/syntax_findings.h"

#include <algorithm>

#include "analyzer/semantic/compile_errors/compile_errors.h"

namespace krait::lint {

// Parts of CPython's messages whose errors have rules of their own: F404, F406, F407, F621, F622, F701, F702, F704, F706, F707,
// PLE0115, PLE0117, PLE0118, PLE1142, PLE1700.
static constexpr std::string_view kRuled[] = {
    "from __future__ imports must",  "import * only allowed",    "future feature ",          "not a chance",
    "too many expressions in star",  "multiple starred",         "'break' outside loop",     "'continue' not properly",
    "' outside function",            "default 'except:' must",   " is nonlocal and global",  "no binding for nonlocal",
    " used prior to ",               " assigned to before ",     " outside async function",  " inside async function",
    "outside of an asynchronous",
};

void reportSyntaxError(const syntax::SyntaxError& error, DiagnosticSink& sink) {
  sink.begin(Rule::kLintSyntaxError, error.range, {error.message});
}

void reportCompileErrors(const syntax::Ast& ast, Interner& names, DiagnosticSink& sink) {
  for (const syntax::SyntaxError& error : semantic::findCompileErrors(ast, names)) {
    bool is_ruled = std::any_of(std::begin(kRuled), std::end(kRuled),
                                [&](std::string_view part) { return error.message.find(part) != std::string::npos; });
    if (!is_ruled) reportSyntaxError(error, sink);
  }
}

}  // namespace krait::lint
