// PYI009, PYI010, PYI012, PYI013, PYI015, PYI017, PYI029, PYI035, PYI044, PYI048, PYI052: what a stub file holds.
// ref: flake8-pyi, typing specification "Stub files"
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

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
  if (params == 1 && returns_str && !hasDecorator(ast, node, "abstractmethod")) {
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
      context.sink.begin("PYI013"_rule, ast.range(statement)).fix("Remove unnecessary `...`", {removeStatement(context, statement)});
    }
  }
}

// Literals, small displays of them, and names: what a stub may show as a value.
static bool isSimpleValue(const LintContext& context, NodeId node, int depth) {
  const Ast& ast = context.ast;
  switch (ast.kind(node)) {
    case NodeKind::kConstant: {
      if (isConstant(ast, node, ConstantKind::kStr) || isConstant(ast, node, ConstantKind::kBytes)) return ast.text(node).size() <= 50;
      return true;
    }
    case NodeKind::kList:
    case NodeKind::kTuple:
    case NodeKind::kSet:
      if (depth > 2 || ast.list(node, 0).size() > 10) return false;
      for (NodeId elt : ast.list(node, 0)) {
        if (!isSimpleValue(context, elt, depth + 1)) return false;
      }
      return true;
    case NodeKind::kDict: {
      auto dict = ast.as<syntax::Dict>(node);
      if (depth > 2 || dict.values().size() > 10) return false;
      for (size_t i = 0; i < dict.values().size(); ++i) {
        if (!dict.keys()[i].valid() || !isSimpleValue(context, dict.keys()[i], depth + 1) || !isSimpleValue(context, dict.values()[i], depth + 1)) return false;
      }
      return true;
    }
    case NodeKind::kUnaryOp:
      return ast.as<syntax::UnaryOp>(node).op() == syntax::UnaryOperator::kUSub && ast.is(ast.as<syntax::UnaryOp>(node).operand(), NodeKind::kConstant);
    case NodeKind::kBinOp: {
      auto operation = ast.as<syntax::BinOp>(node);
      bool is_sum = operation.op() == syntax::BinaryOp::kAdd || operation.op() == syntax::BinaryOp::kSub;
      return is_sum && isConstant(ast, operation.right(), ConstantKind::kComplex);
    }
    case NodeKind::kAttribute:
      return isOneOf(qualifiedName(context, node), {"sys.base_prefix", "sys.byteorder", "sys.exec_prefix", "sys.executable", "sys.maxsize", "sys.path",
                                                    "sys.platform", "sys.prefix", "sys.stdin", "sys.stdout", "sys.stderr", "sys.version", "sys.version_info",
                                                    "sys.winver", "math.inf", "math.nan", "math.e", "math.pi", "math.tau"});
    default:
      return false;
  }
}

static bool isAliasLike(const LintContext& context, NodeId value) {
  const Ast& ast = context.ast;
  NodeKind kind = ast.kind(value);
  return kind == NodeKind::kName || kind == NodeKind::kAttribute || kind == NodeKind::kSubscript || isNone(ast, value) ||
         (kind == NodeKind::kBinOp && ast.as<syntax::BinOp>(value).op() == syntax::BinaryOp::kBitOr);
}

static bool isTypeVariableCall(const LintContext& context, NodeId value) {
  auto call = context.ast.tryAs<syntax::Call>(value);
  return call && isOneOf(typingName(context, call->func()), {"TypeVar", "ParamSpec", "TypeVarTuple", "NewType", "NamedTuple", "TypedDict", "TypeAliasType"});
}

static bool isInEnum(const LintContext& context, NodeId statement) {
  auto cls = context.ast.tryAs<syntax::ClassDef>(context.ast.parent(statement));
  if (!cls) return false;
  for (NodeId base : cls->args()) {
    if (isOneOf(qualifiedName(context, base), {"enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag"})) return true;
  }
  return false;
}

static bool isSpecialName(std::string_view name) { return isOneOf(name, {"__all__", "__match_args__", "__slots__"}); }

void checkStubAssignment(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (!context.is_stub || enclosingFunction(ast, node).valid()) return;
  auto assign = ast.as<syntax::Assign>(node);
  if (assign.targets().size() != 1 || !ast.is(assign.targets()[0], NodeKind::kName)) {
    context.sink.begin("PYI017"_rule, ast.range(node));
    return;
  }
  std::string_view name = syntax::nameText(ast, assign.targets()[0]);
  NodeId value = assign.value();
  if (isSpecialName(name) || isTypeVariableCall(context, value) || isInEnum(context, node)) return;
  if (isAliasLike(context, value)) {
    bool is_alias = !ast.is(value, NodeKind::kName) && !ast.is(value, NodeKind::kAttribute);
    if (is_alias && !isNone(ast, value)) context.sink.begin("PYI026"_rule, ast.range(assign.targets()[0]), {"typing", name, ast.text(value)});
    return;
  }
  if (isSimpleValue(context, value, 0)) {
    if (!isEllipsis(ast, value)) context.sink.begin("PYI052"_rule, ast.range(node), {name});
    return;
  }
  context.sink.begin("PYI015"_rule, ast.range(value)).fix("Replace default value with `...`", {{ast.range(value), "..."}});
}

void checkStubAnnotation(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (!context.is_stub) return;
  auto assign = ast.as<syntax::AnnAssign>(node);
  if (!assign.value().valid()) {
    std::string_view name = syntax::nameText(ast, assign.target());
    if (isSpecialName(name)) context.sink.begin("PYI035"_rule, ast.range(node), {name, name});
    return;
  }
  std::string annotation = typingName(context, assign.annotation());
  if (annotation == "TypeAlias" || annotation == "Final" || isInEnum(context, node)) return;
  if (isSimpleValue(context, assign.value(), 0)) return;
  context.sink.begin("PYI015"_rule, ast.range(assign.value())).fix("Replace default value with `...`", {{ast.range(assign.value()), "..."}});
}

void checkStubFuture(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto import = ast.as<syntax::ImportFrom>(node);
  if (!context.is_stub || syntax::nameText(ast, import.module()) != "__future__") return;
  for (NodeId alias : import.names()) {
    if (syntax::nameText(ast, ast.as<syntax::Alias>(alias).name()) != "annotations") continue;
    auto finding = context.sink.begin("PYI044"_rule, ast.range(node));
    if (import.names().size() == 1) finding.fix("Remove `from __future__ import annotations`", {removeStatement(context, node)});
  }
}

}  // namespace krait::lint
