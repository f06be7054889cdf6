// PYI011, PYI014, PYI021, PYI053, PYI054: defaults, docstrings and literals of stubs; PYI056: calls that change
// `__all__`. ref: flake8-pyi
#include <string>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/stub_values.h"

namespace krait::lint {

using syntax::ConstantKind;

void checkAllCalls(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto method = ast.tryAs<syntax::Attribute>(ast.as<syntax::Call>(node).func());
  if (!method || !ast.is(method->value(), NodeKind::kName) || syntax::nameText(ast, method->value()) != "__all__") return;
  std::string_view name = syntax::nameText(ast, method->attr());
  if (isOneOf(name, {"append", "extend", "remove"})) context.sink.begin("PYI056"_rule, ast.range(method->id), {"." + std::string(name) + "()"});
}

void checkStubDefaults(LintContext& context, NodeId node) {
  if (!context.is_stub) return;
  const Ast& ast = context.ast;
  auto param = ast.as<syntax::Parameter>(node);
  NodeId value = param.defaultValue();
  if (!value.valid() || isStubValue(context, value)) return;
  Rule rule = param.annotation().valid() ? "PYI011"_rule : "PYI014"_rule;
  context.sink.begin(rule, ast.range(value)).fix("Replace default value with `...`", {{ast.range(value), "..."}});
}

static void checkStubDocstring(LintContext& context, NodeId owner) {
  const Ast& ast = context.ast;
  NodeList body = syntax::bodyOf(ast, owner);
  NodeId docstring = syntax::docstringOf(ast, body);
  if (!docstring.valid()) return;
  TextRange range = ast.range(docstring);
  context.sink.begin("PYI021"_rule, range).fix("Remove docstring", {{range, body.size() == 1 ? "..." : ""}}, FixSafety::kUnsafe);
}

void checkStubDocstrings(LintContext& context) {
  if (!context.is_stub) return;
  for (uint32_t i = 0; i < context.ast.nodeCount(); ++i) {
    NodeKind kind = context.ast.kind(NodeId(i));
    if (kind == NodeKind::kModule || kind == NodeKind::kClassDef || kind == NodeKind::kFunctionDef) checkStubDocstring(context, NodeId(i));
  }
}

// PYI053 for a string of so many characters.
static void checkStubString(LintContext& context, NodeId node, size_t size) {
  const Ast& ast = context.ast;
  NodeId parent = ast.parent(node);
  if (size <= 50 || (ast.is(parent, NodeKind::kExprStmt) && isConstant(ast, node, ConstantKind::kStr))) return;
  if (isInAnnotation(context, node) || isTypeDefinition(context, node)) return;
  if (ast.is(parent, NodeKind::kKeyword)) parent = ast.parent(parent);
  auto call = ast.tryAs<syntax::Call>(parent);
  if (call && isOneOf(qualifiedName(context, call->func()), {"warnings.deprecated", "typing_extensions.deprecated"})) return;
  TextRange range = ast.range(node);
  context.sink.begin("PYI053"_rule, range).fix("Replace with `...`", {{range, "..."}});
}

static bool isPartOfString(const Ast& ast, NodeId node) {
  return ast.is(ast.parent(node), NodeKind::kJoinedStr) || ast.is(ast.parent(node), NodeKind::kTemplateStr);
}

void checkStubLiterals(LintContext& context, NodeId node) {
  if (!context.is_stub) return;
  const Ast& ast = context.ast;
  TextRange range = ast.range(node);
  if (isNumber(ast, node)) {
    if (range.size() > 10) context.sink.begin("PYI054"_rule, range).fix("Replace with `...`", {{range, "..."}});
    return;
  }
  ConstantKind kind = ast.as<syntax::Constant>(node).constantKind();
  if ((kind != ConstantKind::kStr && kind != ConstantKind::kBytes) || isPartOfString(ast, node)) return;
  std::string_view text = ast.string(ast.as<syntax::Constant>(node).payload());
  checkStubString(context, node, kind == ConstantKind::kBytes ? text.size() : countUnits(text, ColumnUnit::kUtf32));
}

void checkStubFormattedStrings(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (!context.is_stub || ast.is(ast.parent(node), NodeKind::kFormattedValue)) return;
  size_t size = 0;
  for (NodeId part : ast.as<syntax::JoinedStr>(node).values()) {
    bool is_text = isConstant(ast, part, ConstantKind::kStr);
    size += is_text ? countUnits(ast.string(ast.as<syntax::Constant>(part).payload()), ColumnUnit::kUtf32) : ast.range(part).size();
  }
  checkStubString(context, node, size);
}

}  // namespace krait::lint
