// PTH102-PTH105, PTH109, PTH118, PTH122, PTH207, PTH208: folders made, listed and searched, files renamed, paths joined
// and split. ref: flake8-use-pathlib
#include <algorithm>

#include "analyzer/lint/calls.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/paths.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// A folder that the paths are relative to, which a pathlib.Path does not take.
static bool hasFolderArgument(const LintContext& context, NodeId call, std::initializer_list<std::string_view> keywords) {
  for (std::string_view keyword : keywords) {
    NodeId folder = keywordOf(context.ast, call, keyword);
    if (folder.valid() && !isNone(context.ast, folder)) return true;
  }
  return false;
}

static void checkListing(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId folder = argumentOf(ast, node, "path", 0);
  if (isFileDescriptor(context, folder)) return;
  auto finding = context.sink.begin("PTH208"_rule, ast.range(ast.as<syntax::Call>(node).func()));
  auto path = folder.valid() ? importName(context, "pathlib", "Path", node, true) : std::nullopt;
  if (!path) return;
  std::vector<FixEdit> edits = {{ast.range(node), path->text + "(" + std::string(ast.text(folder)) + ").iterdir()"}};
  if (path->edit) edits.insert(edits.begin(), *path->edit);
  finding.fix("Replace with `Path(...).iterdir()`", std::move(edits), FixSafety::kUnsafe);
}

static void checkMakingFolder(LintContext& context, NodeId node, DiagnosticBuilder finding) {
  const Ast& ast = context.ast;
  NodeId path = argumentOf(ast, node, "path", 0);
  if (!path.valid() || hasStarredArgument(ast, node) || keywordOf(ast, node, "dir_fd").valid() || positionalCount(ast, node) > 2) return;
  if (!hasOnlyKeywords(ast, node, {"path", "mode"})) return;
  NodeId mode = argumentOf(ast, node, "mode", 1);
  std::string args = mode.valid() ? "mode=" + std::string(ast.text(mode)) : "";
  fixWithPath(context, finding, node, path, "mkdir(" + args + ")", "Path(...).mkdir()");
}

static void checkMakingFolders(LintContext& context, NodeId node, DiagnosticBuilder finding) {
  const Ast& ast = context.ast;
  NodeId path = argumentOf(ast, node, "name", 0), mode = argumentOf(ast, node, "mode", 1), exist_ok = argumentOf(ast, node, "exist_ok", 2);
  uint32_t count = positionalCount(ast, node);
  if (!path.valid() || hasStarredArgument(ast, node) || count > 3 || !hasOnlyKeywords(ast, node, {"name", "mode", "exist_ok"})) return;
  std::string args;
  if (count > 1) {
    // Where folders above are made stands between the mode and whether the folder may exist.
    args = std::string(ast.text(mode));
    if (count > 2) {
      args += ", True, " + std::string(ast.text(exist_ok));
    } else {
      if (exist_ok.valid()) args += ", exist_ok=" + std::string(ast.text(exist_ok));
      args += ", parents=True";
    }
  } else {
    if (mode.valid()) args += "mode=" + std::string(ast.text(mode)) + ", ";
    if (exist_ok.valid()) args += "exist_ok=" + std::string(ast.text(exist_ok)) + ", ";
    args += "parents=True";
  }
  fixWithPath(context, finding, node, path, "mkdir(" + args + ")", "Path(...).mkdir(parents=True)");
}

static void checkRenaming(LintContext& context, NodeId node, std::string_view method, DiagnosticBuilder finding) {
  const Ast& ast = context.ast;
  NodeId from = argumentOf(ast, node, "src", 0), to = argumentOf(ast, node, "dst", 1);
  if (!from.valid() || !to.valid() || hasStarredArgument(ast, node) || positionalCount(ast, node) > 2) return;
  if (!hasOnlyKeywords(ast, node, {"src", "dst", "src_dir_fd", "dst_dir_fd"})) return;
  bool is_alone = ast.is(ast.parent(node), NodeKind::kExprStmt);
  std::string name(method);
  fixWithPath(context, finding, node, from, name + "(" + std::string(ast.text(to)) + ")", "Path(...)." + name + "(...)", is_alone);
}

void checkFolderCalls(LintContext& context, NodeId node) {
  std::string_view name = calleeName(context, node);
  if (!name.starts_with("os.") && !name.starts_with("glob.")) return;
  DiagnosticSink& sink = context.sink;
  TextRange func = context.ast.range(context.ast.as<syntax::Call>(node).func());
  if (name == "os.mkdir") {
    if (!hasFolderArgument(context, node, {"dir_fd"})) checkMakingFolder(context, node, sink.begin("PTH102"_rule, func));
  } else if (name == "os.makedirs") {
    checkMakingFolders(context, node, sink.begin("PTH103"_rule, func));
  } else if (name == "os.rename" || name == "os.replace") {
    if (hasFolderArgument(context, node, {"src_dir_fd", "dst_dir_fd"})) return;
    checkRenaming(context, node, name.substr(3), sink.begin(name == "os.rename" ? "PTH104"_rule : "PTH105"_rule, func));
  } else if (name == "os.getcwd" || name == "os.getcwdb") {
    auto finding = sink.begin("PTH109"_rule, func);
    if (context.ast.as<syntax::Call>(node).args().empty()) fixWithPath(context, finding, node, NodeId::none(), "cwd()", "Path.cwd()", false);
  } else if (name == "os.path.join" || name == "os.sep.join") {
    NodeList args = context.ast.as<syntax::Call>(node).args();
    bool is_join = std::none_of(args.begin(), args.end(), [&](NodeId arg) { return context.ast.is(arg, NodeKind::kStarred); });
    sink.begin("PTH118"_rule, func, {name, is_join ? "`Path` with `/` operator" : "`Path.joinpath()`"});
  } else if (name == "os.path.splitext") {
    sink.begin("PTH122"_rule, func);
  } else if (name == "glob.glob" || name == "glob.iglob") {
    if (!hasFolderArgument(context, node, {"dir_fd"})) sink.begin("PTH207"_rule, func, {name.substr(5)});
  } else if (name == "os.listdir") {
    checkListing(context, node);
  }
}

}  // namespace krait::lint
