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

static const PathFunction kPathFunctions[] = {
    {"os.path.abspath", "path", "PTH100"_rule},      {"os.rmdir", "path", "PTH106"_rule},
    {"os.remove", "path", "PTH107"_rule},            {"os.unlink", "path", "PTH108"_rule},
    {"os.path.exists", "path", "PTH110"_rule},       {"os.path.expanduser", "path", "PTH111"_rule},
    {"os.path.isdir", "s", "PTH112"_rule},           {"os.path.isfile", "path", "PTH113"_rule},
    {"os.path.islink", "path", "PTH114"_rule},       {"os.readlink", "path", "PTH115"_rule},
    {"os.path.isabs", "s", "PTH117"_rule},           {"os.path.basename", "p", "PTH119"_rule},
    {"os.path.dirname", "p", "PTH120"_rule},         {"os.path.getsize", "filename", "PTH202"_rule},
    {"os.path.getatime", "filename", "PTH203"_rule}, {"os.path.getmtime", "filename", "PTH204"_rule},
    {"os.path.getctime", "filename", "PTH205"_rule},
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
