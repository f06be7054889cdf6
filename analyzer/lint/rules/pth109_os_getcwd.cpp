// PTH109: a call of os.getcwd. ref: flake8-use-pathlib
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkOsGetcwd(LintContext& context, NodeId node) {
  NodeId func = context.ast.as<syntax::Call>(node).func();
  if (isOneOf(qualifiedName(context, func), {"os.getcwd", "os.getcwdb"})) context.sink.begin(Rule::kPTH109, context.ast.range(func));
}

}  // namespace krait::lint
