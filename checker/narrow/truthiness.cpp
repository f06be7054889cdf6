// Tests for truth that say nothing: of functions, and of objects with neither __bool__ nor __len__. Follows mypy's
// check_for_truthy_type.
#include "checker/narrow/checker.h"

namespace krait::narrow {

// A function; a class is no forgotten call, but to mypy.
static bool isFunction(World& w, TypeId type) {
  if (w.types.is(type, TypeKind::kOverloaded)) type = w.types[type].items[0];
  return w.types.is(type, TypeKind::kCallable) && (w.options.mypy || !w.types.callable(type).isTypeObject());
}

static bool isAlwaysTrue(World& w, TypeId type) {
  type = proper(w, type);
  if (isFunction(w, type)) return true;
  if (w.types.is(type, TypeKind::kUnion)) {
    for (TypeId item : w.types[type].args()) {
      if (!isAlwaysTrue(w, item)) return false;
    }
    return true;
  }
  if (w.types.is(type, TypeKind::kModule)) return w.options.mypy;
  if (!w.types.is(type, TypeKind::kInstance) || isObject(w, type)) return false;
  ClassId cls = w.types[type].cls();
  if (w.header(cls).has(kClassFallbackToAny)) return false;
  return !findMember(w, cls, w.names.__bool__).found() && !findMember(w, cls, w.names.__len__).found();
}

// "x" has type …, f() returns …
static std::string subject(Checker& c, NodeId node, const std::string& type) {
  World& w = c.w;
  const Ast& ast = *c.ast;
  auto fullName = [&](NodeId name) {
    SymbolId symbol = symbolAt(c, name);
    if (!symbol.valid() || enclosingFunction(w, w.symbols[symbol].scope).valid()) return std::string(syntax::nameText(ast, name));
    return fullNameAt(w, c.module, c.scope, ast, name);
  };
  if (auto attribute = ast.tryAs<syntax::Attribute>(node)) {
    return "Member \"" + std::string(syntax::nameText(ast, attribute->attr())) + "\" has type " + type;
  }
  if (ast.is(node, NodeKind::kName)) return "\"" + fullName(node) + "\" has type " + type;
  auto call = ast.tryAs<syntax::Call>(node);
  if (!call) return "Expression has type " + type;
  if (auto method = ast.tryAs<syntax::Attribute>(call->func())) {
    return "\"" + std::string(syntax::nameText(ast, method->attr())) + "\" returns " + type;
  }
  if (ast.is(call->func(), NodeKind::kName)) return "\"" + fullName(call->func()) + "\" returns " + type;
  return "Call returns " + type;
}

void checkTruthiness(Checker& c, NodeId node, TypeId type) {
  World& w = c.w;
  type = proper(w, type);
  if (!w.options.strict_optional || isDynamic(c) || !isAlwaysTrue(w, type)) return;
  std::string shown = formatType(w, type);
  if (isFunction(w, type)) {
    std::string name = c.ast->is(node, NodeKind::kName) ? std::string(syntax::nameText(*c.ast, node)) : "";
    if (auto attribute = c.ast->tryAs<syntax::Attribute>(node)) name = syntax::nameText(*c.ast, attribute->attr());
    fail(c, node, Code::kTruthyFunction, "Function " + (name.empty() ? shown : "\"" + name + "\"") + " could always be true in boolean context");
  } else if (w.types.is(type, TypeKind::kUnion)) {
    fail(c, node, Code::kTruthyBool,
         subject(c, node, shown) + " of which no members implement __bool__ or __len__ so it could always be true in boolean context");
  } else if (isNamed(w, type, "typing.Iterable")) {
    std::string collection = "\"Collection[" + (w.types[type].count > 0 ? formatTypeBare(w, w.types[type].items[0]) : "Any") + "]\"";
    fail(c, node, Code::kTruthyIterable,
         subject(c, node, shown) + " which can always be true in boolean context. Consider using " + collection + " instead.");
  } else {
    fail(c, node, Code::kTruthyBool,
         subject(c, node, shown) + " which does not implement __bool__ or __len__ so it could always be true in boolean context");
  }
}

}  // namespace krait::narrow
