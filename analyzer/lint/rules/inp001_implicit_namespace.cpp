// INP001: a file in a folder without `__init__.py`. ref: flake8-no-pep420
#include <sys/stat.h>

#include <algorithm>

#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static std::string_view bareFolder(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  while (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

// Is the folder one of those, which are named from the configuration's?
static bool isListedFolder(const LintContext& context, const std::vector<std::string>& list, std::string_view folder) {
  folder = bareFolder(folder);
  std::string_view root = bareFolder(context.options.root);
  if (!root.empty() && folder.starts_with(root) && folder.size() > root.size()) folder = folder.substr(root.size() + 1);
  return std::any_of(list.begin(), list.end(), [&](const std::string& one) { return bareFolder(one) == folder; });
}

void checkImplicitNamespace(LintContext& context) {
  const std::string& path = context.file.path;
  size_t slash = path.rfind('/');
  std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  std::string name = path.substr(folder.size());
  bool is_exempt = name == "__init__.py" || name == "__init__.pyi" || name == "__main__.py" || !name.ends_with(".py");
  // Scripts and the files of the project's own folder belong to no package.
  if (is_exempt || folder.empty() || folder == "./" || folder == context.options.root) return;
  if (context.ast.text().starts_with("#!") || context.ast.text().find("# /// script") != std::string_view::npos) return;
  // Files of the source folders are modules of no package; a namespace package says that it is one.
  const std::vector<std::string>* namespaces = context.options.list("namespace-packages");
  if (isListedFolder(context, sourceFolders(context), folder) || (namespaces != nullptr && isListedFolder(context, *namespaces, folder))) return;
  struct stat status;
  for (const char* init : {"__init__.py", "__init__.pyi"}) {
    if (stat((folder + init).c_str(), &status) == 0) return;
  }
  context.sink.begin("INP001"_rule, {0, 0}, {path});
}

}  // namespace krait::lint
