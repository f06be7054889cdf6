// PTH101, PTH116, PTH121, PTH123, PTH201, PTH206, PTH211: what a pathlib.Path does itself.
// ref: flake8-use-pathlib
#include <string>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/paths.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isGiven(const LintContext& context, NodeId call, std::string_view keyword) {
  NodeId value = keywordOf(context.ast, call, keyword);
  return value.valid() && !isNone(context.ast, value);
}

static bool opensPath(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId closes = argumentOf(ast, node, "closefd", 6), opener = argumentOf(ast, node, "opener", 7);
  if (closes.valid() && !isConstant(ast, closes, syntax::ConstantKind::kTrue)) return false;
  if (opener.valid() && !isNone(ast, opener)) return false;
  return !isFileDescriptor(context, argumentOf(ast, node, "file", 0));
}

static void checkCurrentFolder(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (call.args().size() != 1) return;
  NodeId argument = call.args()[0];
  auto text = syntax::stringValue(ast, argument);
  if (!text || (!text->empty() && *text != ".")) return;
  TextRange func = ast.range(call.func());
  FixEdit edit{{func.end, ast.range(node).end}, "()"};
  auto division = ast.tryAs<syntax::BinOp>(ast.parent(node));
  if (division && division->op() == syntax::BinaryOp::kDiv) {
    edit = {ast.range(division->id), std::string(ast.text(call.func())) + "(" + std::string(ast.text(division->right())) + ")"};
  }
  context.sink.begin("PTH201"_rule, ast.range(argument))
      .fix("Remove the current directory argument", {edit}, hasComment(context, edit.range) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

static bool splitsBySeparator(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  auto method = ast.tryAs<syntax::Attribute>(call.func());
  if (!method || syntax::nameText(ast, method->attr()) != "split" || call.args().size() != 1) return false;
  NodeId separator = argumentOf(ast, node, "sep", 0);
  return separator.valid() && qualifiedName(context, separator) == "os.sep";
}

void checkFileCalls(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId func = ast.as<syntax::Call>(node).func();
  if (splitsBySeparator(context, node)) context.sink.begin("PTH206"_rule, ast.range(ast.as<syntax::Attribute>(func).attr()));
  std::string_view name = calleeName(context, node);
  DiagnosticSink& sink = context.sink;
  TextRange range = ast.range(func);
  if (name == "builtins.open") {
    if (opensPath(context, node)) sink.begin("PTH123"_rule, range);
  } else if (name == "pathlib.Path" || name == "pathlib.PurePath") {
    checkCurrentFolder(context, node);
  } else if (name.starts_with("os.path.")) {
    if (name == "os.path.samefile") sink.begin("PTH121"_rule, range);
  } else if (name.starts_with("os.") && !isGiven(context, node, "dir_fd")) {
    if (name == "os.chmod" && !isFileDescriptor(context, argumentOf(ast, node, "path", 0))) sink.begin("PTH101"_rule, range);
    NodeId path = argumentOf(ast, node, "path", 0);
    if (name == "os.stat" && path.valid() && !isFileDescriptor(context, path)) sink.begin("PTH116"_rule, range);
    if (name == "os.symlink") sink.begin("PTH211"_rule, range);
  }
}

}  // namespace krait::lint
