#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/builtin_names.h"

#include "analyzer/lint/qualified_names.h"

namespace krait::lint {

bool isShadowedBuiltin(const LintContext& context, NameId name) {
  if (!name.valid() || !context.builtins.has(name)) return false;
  std::string_view text = context.ast.name(name);
  if (isListed(context, "flake8-builtins.ignorelist", text) || isListed(context, "flake8-builtins.builtins-ignorelist", text)) return false;
  // Helpers of the stub file and names of other versions are no builtins of a running program.
  if (text.starts_with("_") || text.starts_with("reveal_")) return false;
  return !isOneOf(text, {"function", "ellipsis", "exit", "quit", "copyright", "credits", "license", "help",
                         "WindowsError", "EnvironmentError", "IOError"}) ||
         isOneOf(text, {"exit", "quit", "copyright", "credits", "license", "help", "EnvironmentError", "IOError"});
}

}  // namespace krait::lint
