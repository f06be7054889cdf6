// B019, B024, B027: caches on methods, and abstract classes that are not abstract. ref: flake8-bugbear
#include <string>

#include "analyzer/lint/calls.h"
#include "analyzer/lint/class_bases.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isCache(const LintContext& context, NodeId decorator) {
  if (auto call = context.ast.tryAs<syntax::Call>(decorator)) decorator = call->func();
  return isOneOf(qualifiedName(context, decorator), {"functools.lru_cache", "functools.cache"});
}

void checkCachedMethods(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  if (function.decorators().empty()) return;
  NodeId cls = classOfMethod(ast, node);
  if (!cls.valid() || methodKind(context, node) != MethodKind::kInstance) return;
  for (NodeId decorator : function.decorators()) {
    std::string name = qualifiedName(context, decorator);
    if (name == "builtins.staticmethod" || name == "builtins.classmethod") return;
  }
  for (NodeId decorator : function.decorators()) {
    if (!isCache(context, decorator)) continue;
    // Members of an enum live as long as the program.
    if (isEnum(context, cls)) return;
    context.sink.begin("B019"_rule, decoratorRange(ast, decorator));
  }
}

static bool isAbstractClass(const LintContext& context, syntax::ClassDef cls) {
  const Ast& ast = context.ast;
  for (NodeId arg : cls.args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (!keyword && qualifiedName(context, arg) == "abc.ABC") return true;
    if (keyword && syntax::nameText(ast, keyword->arg()) == "metaclass" && qualifiedName(context, keyword->value()) == "abc.ABCMeta") {
      return true;
    }
  }
  return false;
}

static bool isAbstract(const LintContext& context, NodeId function) {
  for (NodeId decorator : context.ast.as<syntax::FunctionDef>(function).decorators()) {
    std::string name = qualifiedName(context, decorator);
    if (isOneOf(name, {"abc.abstractmethod", "abc.abstractclassmethod", "abc.abstractstaticmethod", "abc.abstractproperty"})) return true;
  }
  return false;
}

static bool isEmptyMethod(const Ast& ast, NodeList body) {
  for (NodeId statement : body) {
    if (ast.is(statement, NodeKind::kPass)) continue;
    auto expr = ast.tryAs<syntax::ExprStmt>(statement);
    if (!expr || !(isStr(ast, expr->value()) || isEllipsis(ast, expr->value()))) return false;
  }
  return true;
}

static bool hasAnyDecorator(const LintContext& context, NodeId function, std::initializer_list<std::string_view> names) {
  for (NodeId decorator : context.ast.as<syntax::FunctionDef>(function).decorators()) {
    if (isOneOf(qualifiedName(context, decorator), names)) return true;
  }
  return false;
}

void checkAbstractClasses(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto cls = ast.as<syntax::ClassDef>(node);
  if (cls.args().size() != 1 || !isAbstractClass(context, cls)) return;
  bool has_abstract = false;
  for (NodeId statement : cls.body()) {
    // An attribute that is declared but not set is for subclasses to fill.
    if (auto annotated = ast.tryAs<syntax::AnnAssign>(statement); annotated && !annotated->value().valid()) {
      has_abstract = true;
      continue;
    }
    if (!ast.is(statement, NodeKind::kFunctionDef)) continue;
    if (isAbstract(context, statement)) {
      has_abstract = true;
      continue;
    }
    auto function = ast.as<syntax::FunctionDef>(statement);
    bool is_overload = hasAnyDecorator(context, statement, {"typing.overload", "typing_extensions.overload"});
    // The methods of a stub are all empty.
    if (is_overload || context.is_stub || !isEmptyMethod(ast, function.body())) continue;
    std::string name = std::string(definedName(ast, node)) + "." + std::string(definedName(ast, statement));
    context.sink.begin("B027"_rule, syntax::fullRange(ast, statement), {name});
  }
  if (!has_abstract) context.sink.begin("B024"_rule, nameRange(ast, node), {definedName(ast, node)});
}

}  // namespace krait::lint
