// Items of TypedDicts that may be absent: which are known to be there. `"key" in d`, an assignment to the item and a
// display tell that; what is known of an item goes when the dict is given another value.
#include "checker/narrow/checker.h"

namespace krait::narrow {

static NameId markOf(World& w, std::string_view item) { return w.name("[" + std::string(item) + "]"); }

static KeyId presenceKey(Checker& c, NodeId dict, std::string_view item) {
  KeyId key = keyOf(c, withoutWalrus(c, dict));
  return key.valid() ? c.keys.attribute(key, markOf(c.w, item)) : key;
}

MapEntry presenceEntry(Checker& c, NodeId dict, std::string_view item) {
  return {dict, c.w.types.any(AnyKind::kSpecialForm), true, markOf(c.w, item)};
}

void notePresent(Checker& c, NodeId dict, std::string_view item) {
  KeyId key = presenceKey(c, dict, item);
  if (c.binder == nullptr || !key.valid()) return;
  TypeId any = c.w.types.any(AnyKind::kSpecialForm);
  c.binder->put(key, any, any, true);
}

void noteAbsent(Checker& c, NodeId dict, std::string_view item) {
  KeyId key = presenceKey(c, dict, item);
  if (c.binder != nullptr && key.valid()) c.binder->forget(key);
}

// Is the expression a part of a variable of another function, or of the module? What holds for it when this function
// runs is not known here.
static bool isForeign(Checker& c, NodeId node) {
  const Ast& ast = *c.ast;
  while (!ast.is(node, NodeKind::kName)) {
    if (auto attribute = ast.tryAs<syntax::Attribute>(node)) {
      node = attribute->value();
    } else if (auto subscript = ast.tryAs<syntax::Subscript>(node)) {
      node = subscript->value();
    } else {
      return false;
    }
  }
  SymbolId symbol = symbolAt(c, node);
  return symbol.valid() && enclosingFunction(c.w, c.w.symbols[symbol].scope) != enclosingFunction(c.w, c.scope);
}

// Does the expression stand in the body of a `try`, which may catch the KeyError?
static bool isTried(const Ast& ast, NodeId node) {
  for (NodeId child = node, at = ast.parent(node); at.valid(); child = at, at = ast.parent(at)) {
    if (ast.is(at, NodeKind::kFunctionDef) || ast.is(at, NodeKind::kLambda) || ast.is(at, NodeKind::kClassDef)) return false;
    auto attempt = ast.tryAs<syntax::Try>(at);
    if (!attempt) continue;
    for (NodeId statement : attempt->body()) {
      if (statement == child) return true;
    }
  }
  return false;
}

bool mayBeAbsent(Checker& c, NodeId dict, std::string_view item) {
  if (c.binder == nullptr || isForeign(c, dict) || isTried(*c.ast, dict)) return false;
  KeyId key = presenceKey(c, dict, item);
  return !key.valid() || !c.binder->get(key).valid();
}

}  // namespace krait::narrow
