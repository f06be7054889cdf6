// FURB101, FURB103: a file that is opened to be read or written in one go. ref: refurb FURB101, FURB103
#include <string>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

namespace {
// One item of a `with`: a file by a name that the block uses once.
struct OpenedFile {
  NodeId item, call, path;     // path: what `open` opens, or the Path whose `open` it is
  bool is_path_method = false;
  bool is_bytes = false;
  bool is_written = false;
  NameId name;
  std::vector<NodeId> keywords;  // that go to the new call too
};
}  // namespace

// "r", "rb", "w", "wb"; false for other modes and those that are no literals.
static bool readMode(const Ast& ast, NodeId mode, OpenedFile& file) {
  std::optional<std::string_view> text = mode.valid() ? syntax::stringValue(ast, mode) : "r";
  if (!text || !isOneOf(*text, {"r", "rb", "w", "wb"})) return false;
  file.is_bytes = text->find('b') != std::string_view::npos;
  file.is_written = text->find('w') != std::string_view::npos;
  return true;
}

static bool readKeywords(const LintContext& context, OpenedFile& file) {
  const Ast& ast = context.ast;
  for (NodeId arg : ast.as<syntax::Call>(file.call).args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (ast.is(arg, NodeKind::kStarred)) return false;
    if (!keyword) continue;
    std::string_view name = keyword->arg().valid() ? syntax::nameText(ast, keyword->arg()) : std::string_view();
    if (name == "mode") continue;
    if (!isOneOf(name, {"encoding", "errors", "newline"})) return false;
    // `read_text` takes `newline` since 3.13, `write_text` since 3.10.
    if (name == "newline" && context.options.target_minor < (file.is_written ? 10u : 13u)) return false;
    if (file.is_bytes) return false;
    file.keywords.push_back(arg);
  }
  return true;
}

static bool isPathObject(const LintContext& context, NodeId value) {
  const Ast& ast = context.ast;
  auto made = ast.tryAs<syntax::Call>(value);
  if (ast.is(value, NodeKind::kName)) made = ast.tryAs<syntax::Call>(assignedValue(context, value));
  return made && qualifiedName(context, made->func()) == "pathlib.Path";
}

static std::optional<OpenedFile> openedFile(LintContext& context, NodeId item) {
  const Ast& ast = context.ast;
  auto parts = ast.as<syntax::WithItem>(item);
  auto call = ast.tryAs<syntax::Call>(parts.contextExpr());
  if (!call || !ast.is(parts.optionalVars(), NodeKind::kName)) return std::nullopt;
  OpenedFile file{.item = item, .call = call->id, .name = syntax::nameOf(ast, parts.optionalVars())};
  NodeId mode;
  if (calleeName(context, call->id) == "builtins.open") {
    if (positionalCount(ast, call->id) < 1 || positionalCount(ast, call->id) > 2) return std::nullopt;
    file.path = call->args()[0];
    mode = argumentOf(ast, call->id, "mode", 1);
    if (intValue(ast, file.path)) return std::nullopt;
  } else {
    auto method = ast.tryAs<syntax::Attribute>(call->func());
    if (!method || syntax::nameText(ast, method->attr()) != "open" || !isPathObject(context, method->value())) return std::nullopt;
    if (positionalCount(ast, call->id) > 1) return std::nullopt;
    file.path = method->value();
    file.is_path_method = true;
    mode = argumentOf(ast, call->id, "mode", 0);
  }
  if (!readMode(ast, mode, file) || !readKeywords(context, file)) return std::nullopt;
  return file;
}

// Does a comprehension evaluate it more than once? Only its first iterable is evaluated once.
static bool isRepeated(const Ast& ast, NodeId node) {
  NodeId parent = ast.parent(node);
  auto part = ast.tryAs<syntax::Comprehension>(parent);
  bool is_iterable = part && part->iter() == node;
  NodeId whole = part ? ast.parent(parent) : parent;
  bool is_comprehension = ast.is(whole, NodeKind::kListComp) || ast.is(whole, NodeKind::kSetComp) || ast.is(whole, NodeKind::kDictComp) || ast.is(whole, NodeKind::kGeneratorExp);
  if (!is_comprehension || ast.is(node, NodeKind::kComprehension)) return false;
  bool is_first = true;
  syntax::forEachChild(ast, whole, [&](NodeId child) {
    if (ast.is(child, NodeKind::kComprehension) && ast.range(child).begin < ast.range(parent).begin) is_first = false;
  });
  return !(is_iterable && is_first);
}

// The only use of the file's name, when the block holds it.
static NodeId onlyUse(LintContext& context, const OpenedFile& file, NodeId with) {
  const Ast& ast = context.ast;
  NodeId target = ast.as<syntax::WithItem>(file.item).optionalVars(), use;
  const NameFlow& flow = context.tokens.nameFlow(context);
  for (uint32_t id = 0; id < flow.bindings.size(); ++id) {
    if (flow.bindings[id].node != target) continue;
    for (uint32_t at = flow.bindings[id].references; at != kNoBinding; at = flow.references[at].next) {
      NodeId node = flow.references[at].node;
      if (flow.resolved[node.value] != id) continue;
      if (use.valid()) return {};
      use = node;
    }
  }
  for (NodeId at = use; at.valid() && at != with; at = ast.parent(at)) {
    if (ast.is(at, NodeKind::kFunctionDef) || ast.is(at, NodeKind::kLambda) || isRepeated(ast, at)) return {};
    if (file.is_written && (ast.is(at, NodeKind::kFor) || ast.is(at, NodeKind::kWhile))) return {};
  }
  return use.valid() && ast.range(use).begin < ast.range(with).end ? use : NodeId();
}

static NodeId contentCall(const Ast& ast, const OpenedFile& file, NodeId use) {
  auto method = ast.tryAs<syntax::Attribute>(use.valid() ? ast.parent(use) : NodeId());
  auto call = method ? ast.tryAs<syntax::Call>(ast.parent(method->id)) : std::nullopt;
  if (!call || call->func() != method->id) return {};
  if (syntax::nameText(ast, method->attr()) != (file.is_written ? "write" : "read")) return {};
  if (!file.is_written) return call->args().size() == 0 ? call->id : NodeId();
  bool is_one = call->args().size() == 1 && !ast.is(call->args()[0], NodeKind::kKeyword);
  return is_one ? call->id : NodeId();
}

static std::string methodCall(const Ast& ast, const OpenedFile& file, NodeId content) {
  std::string text = file.is_written ? "write_" : "read_";
  text += file.is_bytes ? "bytes(" : "text(";
  bool is_first = true;
  auto add = [&](NodeId arg) {
    std::string_view own = ast.text(arg);
    bool is_generator = ast.is(arg, NodeKind::kGeneratorExp) && file.is_written && file.keywords.empty();
    if (is_generator && own.starts_with('(')) own = own.substr(1, own.size() - 2);
    text += (is_first ? "" : ", ") + std::string(own);
    is_first = false;
  };
  if (file.is_written) add(ast.as<syntax::Call>(content).args()[0]);
  for (NodeId keyword : file.keywords) add(keyword);
  return text + ")";
}

static std::string cutText(std::string text) { return text.size() > 50 || text.find('\n') != std::string::npos ? "..." : text; }

static void reportFile(LintContext& context, NodeId with, const OpenedFile& file, NodeId content) {
  const Ast& ast = context.ast;
  std::string method = methodCall(ast, file, content), path(ast.text(file.path));
  std::string shown = (file.is_path_method ? cutText(path) : "Path(" + cutText(path) + ")") + "." + cutText(method);
  Rule rule = file.is_written ? (file.is_path_method ? "FURB103Path"_rule : "FURB103"_rule)
                              : (file.is_path_method ? "FURB101Path"_rule : "FURB101"_rule);
  auto finding = context.sink.begin(rule, {ast.range(file.call).begin, ast.range(ast.as<syntax::WithItem>(file.item).optionalVars()).end}, {shown});
  auto statement = ast.as<syntax::With>(with);
  if (statement.items().size() != 1 || statement.body().size() != 1) return;
  NodeId body = statement.body()[0];
  std::string prefix;
  if (file.is_written) {
    if (ast.parent(content) != body || !ast.is(body, NodeKind::kExprStmt)) return;
  } else {
    auto assign = ast.tryAs<syntax::Assign>(body);
    auto annotated = ast.tryAs<syntax::AnnAssign>(body);
    if (assign && assign->targets().size() == 1 && assign->value() == content && ast.is(assign->targets()[0], NodeKind::kName)) {
      prefix = std::string(ast.text(assign->targets()[0])) + " = ";
    } else if (annotated && annotated->value() == content && ast.is(annotated->target(), NodeKind::kName)) {
      prefix = std::string(ast.text(TextRange{ast.range(body).begin, ast.range(annotated->annotation()).end})) + " = ";
    } else {
      return;
    }
  }
  std::vector<FixEdit> edits;
  std::string replacement = prefix + path + "." + method;
  std::optional<ImportedName> name = importName(context, "pathlib", "Path", with, true);
  if (!name) return;
  if (!file.is_path_method) replacement = prefix + name->text + "(" + path + ")." + method;
  if (name->edit) edits.push_back(*name->edit);
  bool loses_comment = hasComment(context, ast.range(with));
  edits.push_back({ast.range(with), std::move(replacement)});
  finding.fix("Replace with `" + shown + "`", std::move(edits), loses_comment ? FixSafety::kUnsafe : FixSafety::kSafe);
}

void checkWholeFiles(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (ast.as<syntax::With>(node).isAsync()) return;
  for (NodeId item : ast.as<syntax::With>(node).items()) {
    std::optional<OpenedFile> file = openedFile(context, item);
    if (!file) continue;
    NodeId content = contentCall(ast, *file, onlyUse(context, *file, node));
    if (content.valid()) reportFile(context, node, *file, content);
  }
}

}  // namespace krait::lint
