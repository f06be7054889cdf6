#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/builtin_names.h"

#include "analyzer/lint/qualified_names.h"

namespace krait::lint {

bool isModuleDunder(std::string_view name) { return isOneOf(name, {"__doc__", "__name__", "__loader__", "__package__", "__spec__"}); }

// The first Python 3 that has the builtin.
static unsigned firstMinor(std::string_view name) {
  if (isOneOf(name, {"aiter", "anext", "EncodingWarning"})) return 10;
  if (isOneOf(name, {"BaseExceptionGroup", "ExceptionGroup"})) return 11;
  return name == "PythonFinalizationError" ? 13 : 0;
}

bool isShadowedBuiltin(const LintContext& context, NameId name) {
  if (!name.valid()) return false;
  std::string_view text = context.ast.name(name);
  bool is_dunder = isModuleDunder(text) || isOneOf(text, {"__import__", "__build_class__", "__debug__"});
  if (!is_dunder && !context.builtins.has(name)) return false;
  bool is_renamed = context.options.list("flake8-builtins.ignorelist") != nullptr;
  if (isListed(context, is_renamed ? "flake8-builtins.ignorelist" : "flake8-builtins.builtins-ignorelist", text)) return false;
  if (context.options.target_minor < firstMinor(text)) return false;
  // Helpers of the stub file and names of other versions are no builtins of a running program.
  if (!is_dunder && (text.starts_with("_") || text.starts_with("reveal_"))) return false;
  return !isOneOf(text, {"function", "ellipsis", "WindowsError"});
}

}  // namespace krait::lint
