// PTH100, PTH106-PTH108, PTH110-PTH115, PTH117, PTH119, PTH120, PTH202-PTH205: functions that take a path and nothing
// else. ref: flake8-use-pathlib
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/paths.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

namespace {
struct PathFunction {
  std::string_view name;
  std::string_view parameter;
  Rule rule;
  std::string_view method;  // of a path
  bool is_same;             // it gives the same
};
}  // namespace

static const PathFunction kPathFunctions[] = {
    {"os.path.abspath", "path", "PTH100"_rule, "resolve()", false},
    {"os.rmdir", "path", "PTH106"_rule, "rmdir()", true},
    {"os.remove", "path", "PTH107"_rule, "unlink()", true},
    {"os.unlink", "path", "PTH108"_rule, "unlink()", true},
    {"os.path.exists", "path", "PTH110"_rule, "exists()", true},
    {"os.path.expanduser", "path", "PTH111"_rule, "expanduser()", false},
    {"os.path.isdir", "s", "PTH112"_rule, "is_dir()", true},
    {"os.path.isfile", "path", "PTH113"_rule, "is_file()", true},
    {"os.path.islink", "path", "PTH114"_rule, "is_symlink()", true},
    {"os.readlink", "path", "PTH115"_rule, "readlink()", false},
    {"os.path.isabs", "s", "PTH117"_rule, "is_absolute()", true},
    {"os.path.basename", "p", "PTH119"_rule, "name", false},
    {"os.path.dirname", "p", "PTH120"_rule, "parent", false},
    {"os.path.getsize", "filename", "PTH202"_rule, "stat().st_size", true},
    {"os.path.getatime", "filename", "PTH203"_rule, "stat().st_atime", true},
    {"os.path.getmtime", "filename", "PTH204"_rule, "stat().st_mtime", true},
    {"os.path.getctime", "filename", "PTH205"_rule, "stat().st_ctime", true},
};

void checkPathFunctions(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (call.args().size() != 1) return;
  NodeId argument = call.args()[0];
  if (ast.is(argument, NodeKind::kStarred)) return;
  std::string_view callee = calleeName(context, node);
  if (!callee.starts_with("os.")) return;
  for (const PathFunction& function : kPathFunctions) {
    if (function.name != callee) continue;
    // `Path.readlink` is of Python 3.9.
    if (callee == "os.readlink" && context.options.target_minor < 9) return;
    bool is_path = !ast.is(argument, NodeKind::kKeyword) || definedName(ast, argument) == function.parameter;
    if (!is_path) return;
    NodeId path = ast.is(argument, NodeKind::kKeyword) ? ast.as<syntax::Keyword>(argument).value() : argument;
    std::string method(function.method);
    // ruff names what stands behind `stat()` so, but for the size.
    bool is_time = callee != "os.path.getsize" && method.starts_with("stat().st_");
    std::string shown = is_time ? "Path.stat(...)." + method.substr(7) : "Path(...)." + method;
    fixWithPath(context, context.sink.begin(function.rule, ast.range(call.func())), node, path, method, shown, function.is_same);
    return;
  }
}

}  // namespace krait::lint
