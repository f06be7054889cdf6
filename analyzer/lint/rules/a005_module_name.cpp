// A005: a module named like one of the standard library. ref: flake8-builtins
#include <string>
#include <string_view>

#include "analyzer/lint/imports/import_block.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// The path from the project's folder, or from its `src`, without what says that it is Python.
static std::string modulePath(const LintContext& context) {
  std::string_view path = context.file.path;
  if (!context.options.root.empty() && path.starts_with(context.options.root)) path.remove_prefix(context.options.root.size());
  while (path.starts_with("./")) path.remove_prefix(2);
  if (path.starts_with("src/")) path.remove_prefix(4);
  path.remove_suffix(3);
  if (path.ends_with("/__init__") || path.ends_with("/__main__")) path.remove_suffix(9);
  return std::string(path);
}

void checkLibraryModuleName(LintContext& context) {
  if (!context.file.path.ends_with(".py")) return;
  std::string path = modulePath(context);
  size_t slash = path.rfind('/');
  std::string_view name = std::string_view(path).substr(slash == std::string::npos ? 0 : slash + 1);
  // Private modules of the standard library are nobody's to import.
  bool is_private = name.starts_with('_') && !name.starts_with("__");
  if (is_private || !isStandardLibrary(name, context.options.target_minor)) return;
  if (isListed(context, "flake8-builtins.allowed-modules", name) || isListed(context, "flake8-builtins.builtins-allowed-modules", name)) return;
  // Inside a package it has another name.
  bool is_strict = context.options.flag("flake8-builtins.strict-checking") || context.options.flag("flake8-builtins.builtins-strict-checking");
  if (slash != std::string::npos && slash > 0 && !is_strict) return;
  context.sink.begin("A005"_rule, {0, 0}, {name});
}

}  // namespace krait::lint
