// PTH100, PTH106-PTH108, PTH110-PTH115, PTH117, PTH119, PTH120, PTH202-PTH205: functions that take a path and nothing
// else. ref: flake8-use-pathlib
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

namespace {
struct PathFunction {
  std::string_view name;
  std::string_view parameter;
  Rule rule;
};
}  // namespace

static constexpr PathFunction kPathFunctions[] = {
    {"os.path.abspath", "path", Rule::kPTH100},      {"os.rmdir", "path", Rule::kPTH106},
    {"os.remove", "path", Rule::kPTH107},            {"os.unlink", "path", Rule::kPTH108},
    {"os.path.exists", "path", Rule::kPTH110},       {"os.path.expanduser", "path", Rule::kPTH111},
    {"os.path.isdir", "s", Rule::kPTH112},           {"os.path.isfile", "path", Rule::kPTH113},
    {"os.path.islink", "path", Rule::kPTH114},       {"os.readlink", "path", Rule::kPTH115},
    {"os.path.isabs", "s", Rule::kPTH117},           {"os.path.basename", "p", Rule::kPTH119},
    {"os.path.dirname", "p", Rule::kPTH120},         {"os.path.getsize", "filename", Rule::kPTH202},
    {"os.path.getatime", "filename", Rule::kPTH203}, {"os.path.getmtime", "filename", Rule::kPTH204},
    {"os.path.getctime", "filename", Rule::kPTH205},
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
    bool is_path = !ast.is(argument, NodeKind::kKeyword) || definedName(ast, argument) == function.parameter;
    if (is_path) context.sink.begin(function.rule, ast.range(call.func()));
    return;
  }
}

}  // namespace krait::lint
