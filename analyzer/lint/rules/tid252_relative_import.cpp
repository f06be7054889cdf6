// TID252: a relative import from a parent, or any. ref: flake8-tidy-imports
#include <optional>
#include <string>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// The whole name of what the relative import is from; none when the file's own place is not known or not deep enough.
static std::optional<std::string> absoluteModule(const LintContext& context, const syntax::ImportFrom& import) {
  std::string_view package = context.module;
  for (uint32_t level = context.is_init ? 1 : 0; level < import.level(); ++level) {
    if (package.empty()) return std::nullopt;
    size_t dot = package.rfind('.');
    package = dot == std::string_view::npos ? std::string_view() : package.substr(0, dot);
  }
  if (package.empty()) return std::nullopt;
  std::string name(package);
  if (import.module().valid()) name += "." + std::string(syntax::nameText(context.ast, import.module()));
  return name;
}

void checkRelativeImports(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto import = ast.as<syntax::ImportFrom>(node);
  bool bans_all = context.options.text("flake8-tidy-imports.ban-relative-imports", "parents") == "all";
  if (import.level() < (bans_all ? 1u : 2u)) return;
  std::optional<std::string> module = absoluteModule(context, import);
  std::string names;
  for (NodeId alias : import.names()) names += (names.empty() ? "" : ", ") + std::string(ast.text(alias));
  // Each name that is imported counts.
  for ([[maybe_unused]] NodeId name : import.names()) {
    auto finding = context.sink.begin(bans_all ? "TID252All"_rule : "TID252"_rule, ast.range(node));
    if (!module) continue;
    finding.fix(bans_all ? "Replace relative imports with absolute imports" : "Replace relative imports from parent modules with absolute imports",
                {{ast.range(node), "from " + *module + " import " + names}}, FixSafety::kUnsafe);
  }
}

}  // namespace krait::lint
