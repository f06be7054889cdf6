// TID252: a relative import from a parent, or any. ref: flake8-tidy-imports
#include <string>

#include "analyzer/lint/rule.h"
#include "analyzer/semantic/imports/import_resolver.h"

namespace krait::lint {

void checkRelativeImports(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto import = ast.as<syntax::ImportFrom>(node);
  bool bans_all = context.options.text("flake8-tidy-imports.ban-relative-imports", "parents") == "all";
  if (import.level() < (bans_all ? 1u : 2u)) return;
  std::string module = semantic::absoluteModule(context.module, context.is_init, import.level(), import.module().valid() ? syntax::nameText(ast, import.module()) : "");
  std::string names;
  for (NodeId alias : import.names()) names += (names.empty() ? "" : ", ") + std::string(ast.text(alias));
  // Each name that is imported counts.
  for ([[maybe_unused]] NodeId name : import.names()) {
    auto finding = context.sink.begin(bans_all ? "TID252All"_rule : "TID252"_rule, ast.range(node));
    if (module.empty()) continue;
    finding.fix(bans_all ? "Replace relative imports with absolute imports" : "Replace relative imports from parent modules with absolute imports",
                {{ast.range(node), "from " + module + " import " + names}}, FixSafety::kUnsafe);
  }
}

}  // namespace krait::lint
