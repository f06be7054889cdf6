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

static void checkOpening(LintContext& context, NodeId node, DiagnosticBuilder finding) {
  const Ast& ast = context.ast;
  NodeId path = argumentOf(ast, node, "file", 0);
  if (!path.valid() || hasStarredArgument(ast, node)) return;
  if (!hasOnlyKeywords(ast, node, {"file", "mode", "buffering", "encoding", "errors", "newline", "closefd", "opener"})) return;
  std::string args;
  uint32_t position = 0;
  for (NodeId arg : ast.as<syntax::Call>(node).args()) {
    bool is_keyword = ast.is(arg, NodeKind::kKeyword);
    // A path's method has neither `closefd` nor `opener`.
    bool is_out = is_keyword ? isOneOf(definedName(ast, arg), {"file", "closefd", "opener"}) : position == 0 || position > 5;
    if (!is_keyword) ++position;
    if (!is_out) args += (args.empty() ? "" : ", ") + std::string(ast.text(arg));
  }
  fixWithPath(context, finding, node, path, "open(" + args + ")", "Path.open()");
}

static void checkSameFile(LintContext& context, NodeId node, DiagnosticBuilder finding) {
  const Ast& ast = context.ast;
  NodeId first = argumentOf(ast, node, "f1", 0), second = argumentOf(ast, node, "f2", 1);
  if (!first.valid() || !second.valid() || hasStarredArgument(ast, node) || ast.as<syntax::Call>(node).args().size() != 2) return;
  fixWithPath(context, finding, node, first, "samefile(" + std::string(ast.text(second)) + ")", "Path(...).samefile()");
}

// `os.chmod` and `os.stat`, which take more than the path.
static void checkStatus(LintContext& context, NodeId node, const std::string& method, DiagnosticBuilder finding) {
  const Ast& ast = context.ast;
  NodeId path = argumentOf(ast, node, "path", 0);
  if (!path.valid() || hasStarredArgument(ast, node)) return;
  bool is_chmod = method == "chmod";
  if (is_chmod && !argumentOf(ast, node, "mode", 1).valid()) return;
  bool is_known = is_chmod ? hasOnlyKeywords(ast, node, {"path", "mode", "dir_fd", "follow_symlinks"})
                           : hasOnlyKeywords(ast, node, {"path", "dir_fd", "follow_symlinks"});
  if (!is_known) return;
  fixWithPath(context, finding, node, path, method + "(" + otherArguments(ast, node, 1, {"path", "dir_fd"}) + ")",
              "Path(...)." + method + (is_chmod ? "(...)" : "()"));
}

static void checkLink(LintContext& context, NodeId node, DiagnosticBuilder finding) {
  const Ast& ast = context.ast;
  NodeId from = argumentOf(ast, node, "src", 0), to = argumentOf(ast, node, "dst", 1), folder = argumentOf(ast, node, "target_is_directory", 2);
  if (!from.valid() || !to.valid() || hasStarredArgument(ast, node) || isGiven(context, node, "dir_fd")) return;
  if (ast.as<syntax::Call>(node).args().size() > 3 || !hasOnlyKeywords(ast, node, {"src", "dst", "target_is_directory", "dir_fd"})) return;
  std::string args(ast.text(from));
  bool is_file = folder.valid() && isConstant(ast, folder, syntax::ConstantKind::kFalse);
  if (folder.valid() && !is_file) args += ", target_is_directory=" + std::string(ast.text(folder));
  fixWithPath(context, finding, node, to, "symlink_to(" + args + ")", "Path(...).symlink_to(...)");
}

void checkFileCalls(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId func = ast.as<syntax::Call>(node).func();
  if (splitsBySeparator(context, node)) context.sink.begin("PTH206"_rule, ast.range(ast.as<syntax::Attribute>(func).attr()));
  std::string_view name = calleeName(context, node);
  DiagnosticSink& sink = context.sink;
  TextRange range = ast.range(func);
  if (name == "builtins.open") {
    if (opensPath(context, node)) checkOpening(context, node, sink.begin("PTH123"_rule, range));
  } else if (name == "pathlib.Path" || name == "pathlib.PurePath" || (context.options.preview && isPathClass(name))) {
    checkCurrentFolder(context, node);
  } else if (name.starts_with("os.path.")) {
    if (name == "os.path.samefile") checkSameFile(context, node, sink.begin("PTH121"_rule, range));
  } else if (name.starts_with("os.") && !isGiven(context, node, "dir_fd")) {
    if (name == "os.chmod" && !isFileDescriptor(context, argumentOf(ast, node, "path", 0))) checkStatus(context, node, "chmod", sink.begin("PTH101"_rule, range));
    NodeId path = argumentOf(ast, node, "path", 0);
    if (name == "os.stat" && path.valid() && !isFileDescriptor(context, path)) checkStatus(context, node, "stat", sink.begin("PTH116"_rule, range));
    if (name == "os.symlink") checkLink(context, node, sink.begin("PTH211"_rule, range));
  }
}

}  // namespace krait::lint
