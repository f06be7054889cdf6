// EXE001, EXE002, EXE003, EXE004, EXE005: a file's first line and whether it can be run. ref: flake8-executable
#include <sys/stat.h>

#include "analyzer/lint/rule.h"

namespace krait::lint {

enum class Permission : uint8_t { kUnknown, kRun, kNoRun };

static Permission permissionOf(const std::string& path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return Permission::kUnknown;
  return (status.st_mode & 0111) != 0 ? Permission::kRun : Permission::kNoRun;
}

void checkShebang(LintContext& context) {
  std::string_view text = context.ast.text();
  Permission permission = permissionOf(context.file.path);
  bool has_shebang = false;
  for (const syntax::Comment& comment : context.ast.comments()) {
    if (!text.substr(comment.begin).starts_with("#!")) continue;
    TextRange range{comment.begin, comment.end};
    std::string_view before = text.substr(0, comment.begin);
    std::string_view shebang = text.substr(range.begin, range.size());
    bool is_python = false;
    for (std::string_view program : {"python", "pytest", "uv run"}) is_python |= shebang.find(program) != std::string_view::npos;
    if (!is_python) context.sink.begin("EXE003"_rule, range);
    if (comment.begin == 0) {
      has_shebang = true;
      if (permission == Permission::kNoRun) context.sink.begin("EXE001"_rule, range);
    } else if (before.find_first_not_of(" \t\r\n\f") == std::string_view::npos) {
      context.sink.begin("EXE004"_rule, {0, comment.begin}).fix("Remove whitespace before shebang", {{{0, comment.begin}, ""}});
    } else {
      context.sink.begin("EXE005"_rule, range);
    }
  }
  if (!has_shebang && permission == Permission::kRun) context.sink.begin("EXE002"_rule, {0, 0});
}

}  // namespace krait::lint
