// functools.singledispatch: a call is checked against the function it was made from, and an implementation that is
// registered must be for a type that this function takes first. ref: mypy plugins/singledispatch.py
#include "checker/infer/library.h"

namespace krait::infer {

static bool isSingledispatch(World& w, FunctionId id) {
  const FunctionInfo& function = w.functions[id];
  if (!function.node.valid()) return false;
  const Ast& ast = *w.modules[function.module].ast;
  auto def = ast.tryAs<syntax::FunctionDef>(function.node);
  if (!def) return false;
  for (NodeId decorator : def->decorators()) {
    bool is_name = ast.is(decorator, NodeKind::kName) || ast.is(decorator, NodeKind::kAttribute);
    if (is_name && fullNameAt(w, function.module, function.parent, ast, decorator) == "functools.singledispatch") return true;
  }
  return false;
}

FunctionId singledispatchFunction(Checker& c, NodeId node) {
  World& w = c.w;
  if (!c.ast->is(node, NodeKind::kName) && !c.ast->is(node, NodeKind::kAttribute)) return FunctionId::none();
  SymbolId symbol = lookupDotted(w, c.module, c.scope, *c.ast, node);
  if (symbol.valid()) symbol = followImports(w, symbol);
  if (!symbol.valid() || w.resolved(symbol).kind != SymbolKind::kFunction || w.symbols[symbol].functions.empty()) return FunctionId::none();
  FunctionId function = w.symbols[symbol].functions[0];
  return isSingledispatch(w, function) ? function : FunctionId::none();
}

void checkSingledispatch(Checker& c, FunctionId id) {
  World& w = c.w;
  TypeId type = declaredSignature(w, id);
  if (!type.valid() || !w.types.is(type, TypeKind::kCallable)) return;
  CallableView view = w.types.callable(type);
  NodeId node = w.functions[id].node;
  if (view.paramCount() == 0) {
    fail(c, node, Code::kMisc, "Singledispatch function requires at least one argument");
  } else if (!isPositional(view.params()[0].kind) && view.params()[0].kind != ParamKind::kStar) {
    fail(c, node, Code::kMisc, "First argument to singledispatch function must be a positional argument");
  }
}

// The class that `register(cls)` names; none: it names none.
static TypeId registeredClass(Checker& c, NodeId argument) {
  World& w = c.w;
  TypeId type = proper(w, inferExpr(c, argument));
  if (w.types.is(type, TypeKind::kOverloaded)) type = w.types[type].items[0];
  if (w.types.is(type, TypeKind::kCallable) && w.types.callable(type).isTypeObject()) {
    return eraseTypeVars(w, w.types.callable(type).made(), nullptr, w.types.any(AnyKind::kFromOmittedGenerics));
  }
  return w.types.is(type, TypeKind::kTypeType) ? w.types[type].items[0] : TypeId::none();
}

bool checkRegistration(Checker& c, NodeId decorator, FunctionId id) {
  World& w = c.w;
  auto call = c.ast->tryAs<syntax::Call>(decorator);
  auto attribute = c.ast->tryAs<syntax::Attribute>(call ? call->func() : decorator);
  if (!attribute || w.text(syntax::nameOf(*c.ast, attribute->attr())) != "register") return false;
  FunctionId function = singledispatchFunction(c, attribute->value());
  if (!function.valid() || (call && call->args().size() != 1)) return false;
  TypeId own = declaredSignature(w, id);
  TypeId base = declaredSignature(w, function);
  if (!call && own.valid()) {
    // The function must be one that the dispatcher takes; it stays what it is.
    CallSite site;
    site.node = decorator;
    site.args.push_back({NodeId::none(), ArgKind::kPos, NameId::none(), own});
    checkCall(c, inferExpr(c, decorator), site);
  }
  if (!own.valid() || !base.valid() || !w.types.is(own, TypeKind::kCallable) || !w.types.is(base, TypeKind::kCallable)) return true;
  TypeId dispatch;
  if (call) {
    dispatch = registeredClass(c, call->args()[0]);
  } else if (w.types.callable(own).paramCount() > 0) {
    dispatch = w.types.callable(own).types()[0];
  }
  if (!dispatch.valid() || w.types.callable(base).paramCount() == 0) return true;
  TypeId wanted = w.types.callable(base).types()[0];
  if (!isSubtype(w, dispatch, wanted)) {
    auto texts = formatTwo(w, dispatch, wanted);
    fail(c, w.functions[id].node, Code::kMisc, "Dispatch type " + texts.first + " must be subtype of fallback function first argument " + texts.second);
  }
  return true;
}

}  // namespace krait::infer
