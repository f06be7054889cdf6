// INP001: a file in a folder without `__init__.py`. ref: flake8-no-pep420
#include <sys/stat.h>

#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkImplicitNamespace(LintContext& context) {
  const std::string& path = context.file.path;
  size_t slash = path.rfind('/');
  std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  std::string name = path.substr(folder.size());
  bool is_exempt = name == "__init__.py" || name == "__init__.pyi" || name == "__main__.py" || !name.ends_with(".py");
  // Scripts and the files of the project's own folder belong to no package.
  if (is_exempt || folder.empty() || folder == "./" || folder == context.options.root) return;
  if (context.ast.text().starts_with("#!") || context.ast.text().find("# /// script") != std::string_view::npos) return;
  struct stat status;
  for (const char* init : {"__init__.py", "__init__.pyi"}) {
    if (stat((folder + init).c_str(), &status) == 0) return;
  }
  context.sink.begin("INP001"_rule, {0, 0}, {path});
}

}  // namespace krait::lint
