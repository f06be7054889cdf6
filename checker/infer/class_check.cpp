// isinstance(x, C) and issubclass(x, C): what C may be. Follows mypy's rules.
#include "checker/infer/infer.h"

namespace krait::infer {

static void flatten(const Ast& ast, NodeId node, std::vector<NodeId>& out) {
  if (auto tuple = ast.tryAs<syntax::Tuple>(node)) {
    for (NodeId item : tuple->elts()) flatten(ast, item, out);
  } else if (auto star = ast.tryAs<syntax::Starred>(node)) {
    flatten(ast, star->value(), out);
  } else {
    out.push_back(node);
  }
}

static void cannotUse(Checker& c, NodeId call, const std::string& function, const char* what) {
  fail(c, call, Code::kMisc, "Cannot use " + function + "() with " + what + " type");
}

// The class that a class object makes, or none.
static ClassId classOfObject(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kOverloaded)) plain = w.types[plain].items[0];
  if (!w.types.is(plain, TypeKind::kCallable) || !w.types.callable(plain).isTypeObject()) return ClassId::none();
  TypeId made = proper(w, w.types.callable(plain).made());
  if (w.types.is(made, TypeKind::kTuple)) made = tupleFallback(w, made);
  if (w.types.is(made, TypeKind::kTypedDict)) made = fallbackOf(w, made);
  return w.types.is(made, TypeKind::kInstance) ? w.types[made].cls() : ClassId::none();
}

// Is the alias one with type arguments written out (`A = list[int]`)?
static bool hasArguments(World& w, const AliasInfo& alias) {
  const Ast& ast = *w.modules[alias.module].ast;
  return ast.is(alias.node, NodeKind::kSubscript) && !w.types.is(proper(w, alias.target), TypeKind::kUnion);
}

void checkClassArgument(Checker& c, NodeId call_node, const std::string& function) {
  World& w = c.w;
  auto call = c.ast->as<syntax::Call>(call_node);
  if (call.args().size() != 2 || isDynamic(c)) return;
  std::vector<NodeId> classes;
  flatten(*c.ast, call.args()[1], classes);
  for (NodeId node : classes) {
    SymbolId symbol = c.ast->is(node, NodeKind::kName) ? symbolAt(c, node) : SymbolId::none();
    if (symbol.valid()) symbol = followImports(w, symbol);
    if (symbol.valid() && w.resolved(symbol).kind == SymbolKind::kAlias) {
      AliasInfo& alias = w.aliases[w.symbols[symbol].alias];
      if (alias.target.valid() && w.types.is(proper(w, alias.target), TypeKind::kAny)) {
        cannotUse(c, call_node, function, "Any");
        continue;
      }
      if (hasArguments(w, alias)) {
        fail(c, call_node, Code::kMisc, "Parameterized generics cannot be used with class or instance checks");
        continue;
      }
    }
    if (auto subscript = c.ast->tryAs<syntax::Subscript>(node)) {
      ClassId generic = classOfObject(w, c.nodeType(node).valid() ? c.nodeType(node) : w.types.any());
      bool is_name = c.ast->is(subscript->value(), NodeKind::kName) || c.ast->is(subscript->value(), NodeKind::kAttribute);
      if (generic.valid() && is_name) fail(c, call_node, Code::kMisc, "Parameterized generics cannot be used with class or instance checks");
      continue;
    }
    TypeId type = c.nodeType(node);
    ClassId cls = type.valid() ? classOfObject(w, type) : ClassId::none();
    if (!cls.valid()) continue;
    bool is_class_name = symbol.valid() && w.symbols[symbol].kind == SymbolKind::kClass;
    if (is_class_name && w.header(cls).has(kClassTypedDict)) cannotUse(c, call_node, function, "TypedDict");
    if (is_class_name && w.header(cls).has(kClassNewType)) cannotUse(c, call_node, function, "NewType");
  }
}

}  // namespace krait::infer
