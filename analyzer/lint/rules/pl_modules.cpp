// N999, PLW0406: the module's own name. ref: pep8-naming N999, pylint import-self
#include <string>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isModuleName(std::string_view name, bool allows_digit) {
  if (name.empty() || (!allows_digit && name[0] >= '0' && name[0] <= '9')) return false;
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

void checkModuleName(LintContext& context) {
  // Only modules of packages are imported by their names.
  if (!context.is_init && context.module.find('.') == std::string_view::npos) return;
  std::string_view path = context.file.path;
  size_t slash = path.rfind('/');
  std::string_view folder = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
  std::string_view parent = folder.substr(folder.rfind('/') + 1);
  std::string_view file = path.substr(slash + 1);
  std::string_view name = context.is_init ? parent : file.substr(0, file.find('.'));
  if (name.empty() || name == "__main__") return;
  bool is_migration = parent == "migrations" || parent == "versions";
  if (!isModuleName(name, is_migration)) context.sink.begin("N999"_rule, {0, 0}, {name});
}

void checkSelfImport(LintContext& context, NodeId node) {
  if (context.module.empty()) return;
  const Ast& ast = context.ast;
  auto report = [&](NodeId alias) { context.sink.begin("PLW0406"_rule, ast.range(alias), {context.module}); };
  if (auto import = ast.tryAs<syntax::Import>(node)) {
    for (NodeId alias : import->names()) {
      if (syntax::nameText(ast, ast.as<syntax::Alias>(alias).name()) == context.module) report(alias);
    }
    return;
  }
  auto from = ast.as<syntax::ImportFrom>(node);
  // The package that a relative import counts from.
  std::string base;
  if (from.level() > 0) {
    base = context.module;
    for (uint32_t i = context.is_init ? 1 : 0; i < from.level(); ++i) {
      size_t dot = base.rfind('.');
      if (dot == std::string::npos) return;
      base.resize(dot);
    }
  }
  if (from.module().valid()) base += (base.empty() ? "" : ".") + std::string(syntax::nameText(ast, from.module()));
  for (NodeId alias : from.names()) {
    std::string_view name = syntax::nameText(ast, ast.as<syntax::Alias>(alias).name());
    bool is_self = !base.empty() ? base + "." + std::string(name) == context.module : false;
    if (is_self || (base == context.module && !context.is_init)) report(alias);
  }
}

}  // namespace krait::lint
