// PYI009, PYI010, PYI012, PYI013, PYI015, PYI017, PYI026, PYI029, PYI035, PYI044, PYI048, PYI052: what a stub file holds.
// ref: flake8-pyi, typing specification "Stub files"
#include <algorithm>
#include <string>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/class_bases.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/visibility.h"
#include "analyzer/lint/stub_values.h"

namespace krait::lint {

using syntax::ConstantKind;

static bool isEllipsisStatement(const Ast& ast, NodeId statement) {
  auto expr = ast.tryAs<syntax::ExprStmt>(statement);
  return expr && isEllipsis(ast, expr->value());
}

static bool isDocstring(const Ast& ast, NodeId statement) {
  auto expr = ast.tryAs<syntax::ExprStmt>(statement);
  return expr && isConstant(ast, expr->value(), ConstantKind::kStr);
}

void checkStubFunction(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (!context.is_stub) return;
  auto function = ast.as<syntax::FunctionDef>(node);
  NodeList body = function.body();
  if (body.size() != 1) {
    bool is_plain = body.size() == 2 && isDocstring(ast, body[0]);
    if (!is_plain) context.sink.begin("PYI048"_rule, ast.range(function.name()));
  } else if (ast.is(body[0], NodeKind::kPass)) {
    context.sink.begin("PYI009"_rule, ast.range(body[0])).fix("Replace `pass` with `...`", {{ast.range(body[0]), "..."}});
  } else if (!isEllipsisStatement(ast, body[0]) && !isDocstring(ast, body[0])) {
    context.sink.begin("PYI010"_rule, ast.range(body[0])).fix("Replace function body with `...`", {{ast.range(body[0]), "..."}});
  }
  std::string_view name = syntax::nameText(ast, function.name());
  if ((name != "__str__" && name != "__repr__") || !classOfMethod(ast, node).valid()) return;
  size_t params = ast.as<syntax::Parameters>(function.params()).params().size();
  bool returns_str = function.returns().valid() && isBuiltin(context, function.returns(), "str");
  if (params == 1 && returns_str && !isAbstract(context, node)) {
    context.sink.begin("PYI029"_rule, ast.range(function.name()), {name})
        .fix("Remove definition of `" + std::string(name) + "`", {removeStatement(context, node)});
  }
}

void checkStubClass(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeList body = ast.as<syntax::ClassDef>(node).body();
  if (context.is_stub && body.size() == 1 && ast.is(body[0], NodeKind::kPass)) {
    context.sink.begin("PYI009"_rule, ast.range(body[0])).fix("Replace `pass` with `...`", {{ast.range(body[0]), "..."}});
  }
  if (body.size() < 2) return;
  for (NodeId statement : body) {
    if (context.is_stub && ast.is(statement, NodeKind::kPass)) {
      context.sink.begin("PYI012"_rule, ast.range(statement)).fix("Remove unnecessary `pass`", {removeStatement(context, statement)});
    } else if (isEllipsisStatement(ast, statement)) {
      FixEdit edit = deleteStatement(context, statement);
      size_t after = std::min(ast.text().find_first_not_of(" \t\f", ast.range(statement).end), ast.text().size());
      // A comment behind it stays.
      if (ast.text().substr(after).starts_with('#')) edit = {{ast.range(statement).begin, static_cast<uint32_t>(after)}, ""};
      context.sink.begin("PYI013"_rule, ast.range(statement)).fix("Remove unnecessary `...`", {edit});
    }
  }
}

static bool isVariableCall(const LintContext& context, NodeId value) {
  auto call = context.ast.tryAs<syntax::Call>(value);
  return call && isOneOf(typingName(context, call->func()), {"TypeVar", "ParamSpec", "TypeVarTuple", "NewType"});
}

static bool isInEnum(const LintContext& context, NodeId statement) {
  NodeId parent = context.ast.parent(statement);
  return context.ast.is(parent, NodeKind::kClassDef) && isEnum(context, parent);
}

// Variables whose values mean the same in a stub as at run time.
static bool isSpecialVariable(const Ast& ast, NodeId statement, NodeId target) {
  if (!ast.is(target, NodeKind::kName)) return false;
  std::string_view name = syntax::nameText(ast, target);
  NodeId scope = ast.parent(statement);
  while (scope.valid() && !ast.is(scope, NodeKind::kClassDef)) scope = ast.parent(scope);
  return scope.valid() ? isOneOf(name, {"__match_args__", "__slots__"}) : name == "__all__";
}

static bool isPlainAlias(const Ast& ast, NodeId value) {
  NodeKind kind = ast.kind(value);
  return kind == NodeKind::kCall || kind == NodeKind::kName || kind == NodeKind::kAttribute || kind == NodeKind::kSubscript ||
         isNone(ast, value) || isEllipsis(ast, value) || isUnionOfNames(ast, value);
}

static void checkStubAlias(LintContext& context, NodeId node, NodeId target, NodeId value) {
  const Ast& ast = context.ast;
  bool is_alias = ast.is(value, NodeKind::kSubscript) || isNone(ast, value) || isUnionOfNames(ast, value) || typingName(context, value) == "Any";
  if (!is_alias || isInEnum(context, node)) return;
  std::string name(syntax::nameText(ast, target));
  std::string_view module = context.options.target_minor >= 10 ? "typing" : "typing_extensions";
  auto finding = context.sink.begin("PYI026"_rule, ast.range(target), {module, name, ast.text(value)});
  std::optional<ImportedName> annotation = importName(context, module, "TypeAlias", target);
  if (!annotation) return;
  std::vector<FixEdit> edits;
  if (annotation->edit) edits.push_back(*annotation->edit);
  edits.push_back({ast.range(target), name + ": " + annotation->text});
  finding.fix("Add `TypeAlias` annotation", std::move(edits));
}

void checkStubAssignment(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (!context.is_stub || enclosingFunction(ast, node).valid()) return;
  auto assign = ast.as<syntax::Assign>(node);
  NodeId target = assign.targets()[0], value = assign.value();
  if (assign.targets().size() != 1 || !ast.is(target, NodeKind::kName)) {
    context.sink.begin("PYI017"_rule, ast.range(node));
    return;
  }
  checkStubAlias(context, node, target, value);
  if (isSpecialVariable(ast, node, target) || isPlainAlias(ast, value)) return;
  if (isStubValue(context, value)) {
    if (!isInEnum(context, node)) context.sink.begin("PYI052"_rule, ast.range(node), {syntax::nameText(ast, target)});
    return;
  }
  context.sink.begin("PYI015"_rule, ast.range(value)).fix("Replace default value with `...`", {{ast.range(value), "..."}});
}

void checkStubAnnotation(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (!context.is_stub) return;
  auto assign = ast.as<syntax::AnnAssign>(node);
  bool is_special = isSpecialVariable(ast, node, assign.target());
  NodeId value = assign.value();
  if (!value.valid()) {
    std::string_view name = syntax::nameText(ast, assign.target());
    if (is_special) context.sink.begin("PYI035"_rule, ast.range(node), {name, name});
    return;
  }
  if (is_special || enclosingFunction(ast, node).valid() || isStubValue(context, value) || isVariableCall(context, value)) return;
  std::string annotation = typingName(context, assign.annotation());
  bool is_named = ast.is(value, NodeKind::kName) || ast.is(value, NodeKind::kAttribute);
  if (annotation == "TypeAlias" || (annotation == "Final" && is_named)) return;
  context.sink.begin("PYI015"_rule, ast.range(value)).fix("Replace default value with `...`", {{ast.range(value), "..."}});
}

void checkStubFuture(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto import = ast.as<syntax::ImportFrom>(node);
  if (!context.is_stub || syntax::nameText(ast, import.module()) != "__future__") return;
  std::string kept;
  for (NodeId alias : import.names()) {
    if (syntax::nameText(ast, ast.as<syntax::Alias>(alias).name()) == "annotations") continue;
    kept += (kept.empty() ? "from __future__ import " : ", ") + std::string(ast.text(alias));
  }
  size_t count = static_cast<size_t>(std::count(kept.begin(), kept.end(), ',')) + !kept.empty();
  if (count == import.names().size()) return;
  FixEdit edit = kept.empty() ? removeStatement(context, node) : FixEdit{ast.range(node), kept};
  context.sink.begin("PYI044"_rule, ast.range(node)).fix("Remove `from __future__ import annotations`", {edit});
}

}  // namespace krait::lint
