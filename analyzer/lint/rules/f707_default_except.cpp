// F707: a bare `except:` before other handlers. ref: pyflakes, language reference 8.4
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkDefaultExcept(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeList handlers = ast.as<syntax::Try>(node).handlers();
  for (size_t i = 0; i + 1 < handlers.size(); ++i) {
    auto handler = ast.as<syntax::ExceptHandler>(handlers[i]);
    if (!handler.type().valid()) context.sink.begin("F707"_rule, {ast.range(handlers[i]).begin, ast.range(handlers[i]).begin + 6});
  }
}

}  // namespace krait::lint
