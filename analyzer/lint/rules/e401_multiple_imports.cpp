// E401: several modules in one import. ref: pycodestyle imports_on_separate_lines
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkMultipleImports(LintContext& context, NodeId node) {
  auto import = context.ast.as<syntax::Import>(node);
  if (import.names().size() < 2) return;
  auto finding = context.sink.begin("E401"_rule, context.ast.range(node));
  uint32_t start = context.file.lines.lineStart(context.file.lines.lineOf(context.ast.range(node).begin));
  std::string indent(context.ast.text().substr(start, context.ast.range(node).begin - start));
  if (indent.find_first_not_of(" \t") != std::string::npos) return;
  std::string text;
  for (NodeId alias : import.names()) {
    if (!text.empty()) text += "\n" + indent;
    text += "import " + std::string(context.ast.text(alias));
  }
  finding.fix("Split imports", {{context.ast.range(node), text}});
}

}  // namespace krait::lint
