// Type aliases: the target, and the variables that it is generic in (in order of first use).
#include "checker/declare/annotation_internal.h"

namespace krait::declare {

void resolveAlias(World& w, AliasId id) {
  AliasInfo& alias = w.aliases[id];
  if (alias.resolved != Progress::kNot) return;
  alias.resolved = Progress::kRunning;
  const Ast& ast = *w.modules[alias.module].ast;
  std::vector<TypeVarId> definitions;
  AnnotationContext c{w, alias.module, alias.scope, &ast};
  c.alias = id;
  c.is_base = false;
  if (!alias.is_new_style) c.collects = &definitions;
  NodeId value = alias.node;
  bool bare = ast.is(value, NodeKind::kName) || ast.is(value, NodeKind::kAttribute);
  c.is_base = bare;
  TypeId target = analyzeType(c, value);
  AliasInfo& again = w.aliases[id];
  if (!target.valid()) target = w.types.any();
  if (bare && w.types.is(target, TypeKind::kInstance) && !w.header(w.types[target].cls()).type_vars.empty()) {
    // X = list, not X = list[Any]: written bare, it takes arguments as the class does.
    SymbolId symbol = lookupDotted(w, again.module, again.scope, ast, value);
    if (symbol.valid()) symbol = followImports(w, symbol);
    if (symbol.valid() && (w.resolved(symbol).kind == SymbolKind::kClass || w.symbols[symbol].kind == SymbolKind::kSpecialForm)) {
      again.no_args = true;
    }
    if (symbol.valid() && w.symbols[symbol].kind == SymbolKind::kAlias) again.no_args = w.aliases[w.symbols[symbol].alias].no_args;
  }
  Substitution map;
  int32_t raw = 1;
  for (TypeVarId definition : definitions) {
    TypeVarId bound = boundCopy(w, definition, ClassId::none(), FunctionId::none(), -raw++);
    w.type_vars[bound].alias_scope = id;
    TypeId type = typeVarType(w, bound);
    if (w.type_vars[bound].kind == TypeVarKind::kTypeVarTuple) {
      TypeId item = w.types.unpack(type);
      type = w.types.tuple(std::span<const TypeId>(&item, 1), builtinType(w, "tuple"));
    }
    map.add(definition, type);
    w.aliases[id].type_vars.push_back(bound);
  }
  w.aliases[id].target = substitute(w, target, map);
  // An alias of itself alone is no type.
  if (w.aliases[id].is_recursive && w.types.is(w.aliases[id].target, TypeKind::kAlias)) {
    report(w, alias.module, alias.statement, Code::kMisc,
           "Cannot resolve name \"" + std::string(w.text(alias.name)) + "\" (possible cyclic definition)");
    w.aliases[id].target = w.types.any();
  }
  w.aliases[id].resolved = Progress::kDone;
}

}  // namespace krait::declare
