#include "analyzer/lint/paths.h"

#include <algorithm>
#include <vector>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/bindings.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"

namespace krait::lint {

bool isPathClass(std::string_view name) {
  return isOneOf(name, {"pathlib.Path", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.PurePath", "pathlib.PurePosixPath", "pathlib.PureWindowsPath"});
}

static bool isPathClass(const LintContext& context, NodeId expr) { return isPathClass(qualifiedName(context, expr)); }

// `Path`, `Path | None`, `Optional[Path]`.
static bool isPathAnnotation(const LintContext& context, NodeId annotation) {
  auto subscript = context.ast.tryAs<syntax::Subscript>(annotation);
  if (subscript && typingName(context, subscript->value()) == "Optional") annotation = subscript->slice();
  std::vector<NodeId> members;
  unionMembers(context, annotation, members);
  bool is_path = false;
  for (NodeId member : members) {
    if (isNone(context.ast, member)) continue;
    if (!isPathClass(context, member)) return false;
    is_path = true;
  }
  return is_path;
}

bool isMadePath(const LintContext& context, NodeId expr) {
  if (context.ast.is(expr, NodeKind::kName)) {
    const Definition* definition = lastDefinition(context, expr);
    expr = definition != nullptr ? definedValue(context, *definition) : NodeId::none();
  }
  auto call = context.ast.tryAs<syntax::Call>(expr);
  return call && isPathClass(context, call->func());
}

// The annotation or the value that tells what the name is; none for a variadic parameter, whose annotation is that of its
// items, and for a name that is annotated only.
static NodeId tellingPart(const LintContext& context, NodeId name, bool& is_annotation) {
  const Definition* definition = onlyDefinition(context, name);
  if (definition == nullptr || definition->kind == DefinitionKind::kAnnotation) return NodeId::none();
  auto param = context.ast.tryAs<syntax::Parameter>(definition->owner);
  bool is_variadic = param && (param->parameterKind() == syntax::ParameterKind::kVarPositional || param->parameterKind() == syntax::ParameterKind::kVarKeyword);
  if (is_variadic) return NodeId::none();
  NodeId annotation = definedAnnotation(context, *definition);
  is_annotation = annotation.valid();
  return is_annotation ? annotation : definedValue(context, *definition);
}

static bool isPathOr(const LintContext& context, NodeId expr, bool allows_none) {
  bool is_annotation = false;
  NodeId part = context.ast.is(expr, NodeKind::kName) ? tellingPart(context, expr, is_annotation) : expr;
  if (is_annotation) return allows_none ? isPathAnnotation(context, part) : isPathClass(context, part);
  auto call = context.ast.tryAs<syntax::Call>(part);
  return call && isPathClass(context, call->func());
}

bool isPath(const LintContext& context, NodeId expr) { return isPathOr(context, expr, true); }

bool isPlainPath(const LintContext& context, NodeId expr) { return isPathOr(context, expr, false); }

bool isFileDescriptor(const LintContext& context, NodeId expr) {
  if (!expr.valid()) return false;
  if (isConstant(context.ast, expr, syntax::ConstantKind::kInt)) return true;
  return context.ast.is(expr, NodeKind::kName) && isKnownAs(context, expr, Container::kInt);
}

void fixWithPath(const LintContext& context, DiagnosticBuilder finding, NodeId call, NodeId argument, const std::string& rest,
                 const std::string& shown, bool is_same) {
  const Ast& ast = context.ast;
  auto path = context.options.preview ? importName(context, "pathlib", "Path", call, true) : std::nullopt;
  if (!path) return;
  auto made = argument.valid() ? ast.tryAs<syntax::Call>(argument) : std::nullopt;
  bool is_path = made && qualifiedName(context, made->func()) == "pathlib.Path";
  std::string text = !argument.valid() ? path->text : is_path ? std::string(ast.text(argument)) : path->text + "(" + std::string(argumentText(ast, call, argument)) + ")";
  std::vector<FixEdit> edits = {{ast.range(call), text + "." + rest}};
  if (path->edit && !is_path) edits.insert(edits.begin(), *path->edit);
  finding.fix("Replace with `" + shown + "`", std::move(edits), is_same && !hasComment(context, ast.range(call)) ? FixSafety::kSafe : FixSafety::kUnsafe);
}

std::string otherArguments(const Ast& ast, NodeId call, uint32_t skipped, std::initializer_list<std::string_view> names) {
  std::string out;
  uint32_t position = 0;
  for (NodeId arg : ast.as<syntax::Call>(call).args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    bool is_out = keyword ? isOneOf(definedName(ast, arg), names) : position++ < skipped;
    if (!is_out) out += (out.empty() ? "" : ", ") + std::string(ast.text(arg));
  }
  return out;
}

bool hasOnlyKeywords(const Ast& ast, NodeId call, std::initializer_list<std::string_view> names) {
  for (NodeId arg : ast.as<syntax::Call>(call).args()) {
    if (ast.is(arg, NodeKind::kKeyword) && std::find(names.begin(), names.end(), definedName(ast, arg)) == names.end()) return false;
  }
  return true;
}

}  // namespace krait::lint
