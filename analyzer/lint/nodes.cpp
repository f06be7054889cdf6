#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/nodes.h"

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"

namespace krait::lint {

using syntax::ConstantKind;

bool isConstant(const Ast& ast, NodeId node, ConstantKind kind) {
  auto constant = ast.tryAs<syntax::Constant>(node);
  return constant && constant->constantKind() == kind;
}

bool isBool(const Ast& ast, NodeId node) {
  return isConstant(ast, node, ConstantKind::kTrue) || isConstant(ast, node, ConstantKind::kFalse);
}

NodeId keywordOf(const Ast& ast, NodeId call, std::string_view name) {
  for (NodeId arg : ast.as<syntax::Call>(call).args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (keyword && syntax::nameText(ast, keyword->arg()) == name) return keyword->value();
  }
  return NodeId::none();
}

NodeId argumentOf(const Ast& ast, NodeId call, std::string_view name, uint32_t position) {
  uint32_t at = 0;
  for (NodeId arg : ast.as<syntax::Call>(call).args()) {
    if (ast.is(arg, NodeKind::kStarred)) break;
    if (ast.is(arg, NodeKind::kKeyword)) continue;
    if (at++ == position) return arg;
  }
  return keywordOf(ast, call, name);
}

uint32_t positionalCount(const Ast& ast, NodeId call) {
  uint32_t count = 0;
  for (NodeId arg : ast.as<syntax::Call>(call).args()) count += !ast.is(arg, NodeKind::kKeyword);
  return count;
}

bool hasStarredArgument(const Ast& ast, NodeId call) {
  for (NodeId arg : ast.as<syntax::Call>(call).args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (ast.is(arg, NodeKind::kStarred) || (keyword && !keyword->arg().valid())) return true;
  }
  return false;
}

NodeId enclosingFunction(const Ast& ast, NodeId node) {
  for (node = ast.parent(node); node.valid(); node = ast.parent(node)) {
    if (ast.is(node, NodeKind::kFunctionDef) || ast.is(node, NodeKind::kLambda)) return node;
    if (ast.is(node, NodeKind::kClassDef)) return NodeId::none();
  }
  return NodeId::none();
}

static bool yields(const Ast& ast, NodeId node) {
  NodeKind kind = ast.kind(node);
  if (kind == NodeKind::kYield || kind == NodeKind::kYieldFrom) return true;
  if (kind == NodeKind::kFunctionDef || kind == NodeKind::kLambda || kind == NodeKind::kClassDef) return false;
  bool is_found = false;
  syntax::forEachChild(ast, node, [&](NodeId child) { is_found = is_found || yields(ast, child); });
  return is_found;
}

bool isGenerator(const Ast& ast, NodeId function) {
  if (!ast.is(function, NodeKind::kFunctionDef)) return false;
  for (NodeId statement : ast.as<syntax::FunctionDef>(function).body()) {
    if (yields(ast, statement)) return true;
  }
  return false;
}

NodeId classOfMethod(const Ast& ast, NodeId function) {
  for (NodeId node = ast.parent(function); node.valid(); node = ast.parent(node)) {
    NodeKind kind = ast.kind(node);
    if (kind == NodeKind::kClassDef) return node;
    if (kind == NodeKind::kFunctionDef || kind == NodeKind::kModule) return NodeId::none();
  }
  return NodeId::none();
}

bool hasDecorator(const Ast& ast, NodeId function, std::string_view name) {
  for (NodeId decorator : ast.list(function, 0)) {
    if (auto call = ast.tryAs<syntax::Call>(decorator)) decorator = call->func();
    if (auto attribute = ast.tryAs<syntax::Attribute>(decorator)) decorator = attribute->attr();
    if (syntax::nameText(ast, decorator) == name) return true;
  }
  return false;
}

// Does a decorator that the setting lists stand on the function?
static bool hasListedDecorator(const LintContext& context, NodeId function, std::string_view key) {
  if (context.options.list(key) == nullptr) return false;
  for (NodeId decorator : context.ast.as<syntax::FunctionDef>(function).decorators()) {
    NodeId func = decorator;
    if (auto call = context.ast.tryAs<syntax::Call>(decorator)) func = call->func();
    // What no import gives is known by the last part of its name.
    std::string written = dottedText(context.ast, func);
    if (listsQualified(context, key, qualifiedName(context, func)) || isListed(context, key, std::string_view(written).substr(written.rfind('.') + 1))) return true;
  }
  return false;
}

// Does one of the two decorators that Python has for it, or one that the setting lists, stand on the function?
static bool isDecoratedAs(const LintContext& context, NodeId function, std::string_view builtin, std::string_view abstract, std::string_view key) {
  for (NodeId decorator : context.ast.as<syntax::FunctionDef>(function).decorators()) {
    if (auto call = context.ast.tryAs<syntax::Call>(decorator)) decorator = call->func();
    std::string name = qualifiedName(context, decorator);
    if (name.starts_with("builtins.") ? name.substr(9) == builtin : name.starts_with("abc.") && name.substr(4) == abstract) return true;
  }
  return hasListedDecorator(context, function, key);
}

MethodKind methodKind(const LintContext& context, NodeId function) {
  NodeId cls = classOfMethod(context.ast, function);
  if (!cls.valid()) return MethodKind::kFunction;
  std::string_view name = syntax::nameText(context.ast, context.ast.as<syntax::FunctionDef>(function).name());
  if (name == "__new__" || isDecoratedAs(context, function, "staticmethod", "abstractstaticmethod", "pep8-naming.staticmethod-decorators")) {
    return MethodKind::kStatic;
  }
  if (name == "__init_subclass__" || name == "__class_getitem__" ||
      isDecoratedAs(context, function, "classmethod", "abstractclassmethod", "pep8-naming.classmethod-decorators")) {
    return MethodKind::kClass;
  }
  return MethodKind::kInstance;
}

bool isEmptyBody(const LintContext& context, NodeList body) {
  const Ast& ast = context.ast;
  for (NodeId statement : body) {
    if (ast.is(statement, NodeKind::kPass)) continue;
    if (auto expr = ast.tryAs<syntax::ExprStmt>(statement)) {
      if (isEllipsis(ast, expr->value()) || isConstant(ast, expr->value(), ConstantKind::kStr)) continue;
      return false;
    }
    auto raise = ast.tryAs<syntax::Raise>(statement);
    if (!raise || !raise->exc().valid()) return false;
    NodeId exc = raise->exc();
    if (auto call = ast.tryAs<syntax::Call>(exc)) exc = call->func();
    std::string name = qualifiedName(context, exc);
    if (name != "builtins.NotImplementedError" && name != "builtins.NotImplemented") return false;
  }
  return true;
}

TextRange keywordRange(const Ast& ast, NodeId node, uint32_t length) {
  uint32_t begin = ast.range(node).begin;
  return {begin, begin + length};
}

}  // namespace krait::lint
