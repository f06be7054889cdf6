// Type aliases: the target, and the variables that it is generic in (in order of first use).
#include "checker/declare/annotation_internal.h"
#include "checker/declare/scope_expressions.h"
#include "checker/declare/any_rules.h"

namespace krait::declare {

// The variables that type_params=(…) lists.
static std::vector<TypeVarId> listedVariables(World& w, const AliasInfo& alias, const Ast& ast) {
  std::vector<TypeVarId> result;
  auto tuple = ast.tryAs<syntax::Tuple>(alias.type_params);
  if (!tuple) {
    if (alias.type_params.valid()) {
      report(w, alias.module, alias.type_params, Code::kMisc, "Tuple literal expected as the type_params argument to TypeAliasType");
    }
    return result;
  }
  for (NodeId item : tuple->elts()) {
    SymbolId symbol = ast.is(item, NodeKind::kName) || ast.is(item, NodeKind::kAttribute)
                          ? followImports(w, lookupDotted(w, alias.module, alias.scope, ast, item))
                          : SymbolId::none();
    if (symbol.valid() && w.resolved(symbol).kind == SymbolKind::kTypeVar) {
      result.push_back(w.symbols[symbol].type_var);
    } else {
      report(w, alias.module, item, Code::kMisc, "Free type variable expected in type_params argument to TypeAliasType");
    }
  }
  return result;
}

// Is the alias a direct member of its own union?
static bool isItemOfItself(World& w, AliasId id, TypeId type, std::vector<AliasId>& seen) {
  const Type& record = w.types[type];
  if (record.kind == TypeKind::kUnion) {
    for (TypeId item : record.args()) {
      if (isItemOfItself(w, id, item, seen)) return true;
    }
    return false;
  }
  if (record.kind == TypeKind::kTuple) {
    for (TypeId item : record.args()) {
      if (w.types.is(item, TypeKind::kUnpack) && isItemOfItself(w, id, w.types[item].items[0], seen)) return true;
    }
    return false;
  }
  if (record.kind != TypeKind::kAlias) return false;
  AliasId other(record.ref);
  if (other == id) return true;
  for (AliasId before : seen) {
    if (before == other) return false;
  }
  seen.push_back(other);
  TypeId target = w.aliases[other].target;
  return target.valid() && isItemOfItself(w, id, target, seen);
}

// Does the alias use itself with arguments that grow: X = list[X[list[T]]]? Its expansion would have no end.
static bool growsInItself(World& w, AliasId id, TypeId type) {
  const Type& record = w.types[type];
  if (!record.has(kHasAlias)) return false;
  for (TypeId arg : record.args()) {
    bool is_own = record.kind == TypeKind::kAlias && AliasId(record.ref) == id;
    if (is_own && w.types[arg].has(kHasTypeVars) && !w.types.is(arg, TypeKind::kTypeVar)) return true;
    if (growsInItself(w, id, arg)) return true;
  }
  return false;
}

// What was said of an alias is not said again of what uses it. ref: mypy types.make_any_non_unimported
static TypeId withoutUnimported(World& w, TypeId type) {
  if (!type.valid() || !w.types[type].has(kHasAny) || w.types.is(type, TypeKind::kAlias)) return type;
  if (w.types.is(type, TypeKind::kAny)) {
    bool is_unimported = static_cast<AnyKind>(w.types[type].sub) == AnyKind::kFromUnimported;
    return is_unimported ? w.types.any(AnyKind::kSpecialForm) : type;
  }
  const Type record = w.types[type];
  std::vector<TypeId> args(record.args().begin(), record.args().end());
  for (TypeId& arg : args) arg = withoutUnimported(w, arg);
  return w.types.rebuild(record, args, record.extra);
}

// Where the names of the value are looked up: `type X = X` in a class body means an X that was defined before the class.
static ScopeId scopeOfValue(World& w, const AliasInfo& alias, const Ast& ast) {
  if (!ast.is(alias.statement, NodeKind::kTypeAlias) || !ast.is(alias.node, NodeKind::kName)) return alias.scope;
  if (w.scopes[alias.scope].kind != ScopeKind::kClass || syntax::nameOf(ast, alias.node) != alias.name) return alias.scope;
  ScopeId around = w.scopes[alias.scope].parent;
  SymbolId outer = lookupName(w, around, alias.name);
  if (!outer.valid() || w.symbols[outer].definitions.empty() || w.symbols[outer].module != alias.module) return alias.scope;
  return ast.range(w.symbols[outer].definitions[0].node).begin < ast.range(alias.statement).begin ? around : alias.scope;
}

void resolveAlias(World& w, AliasId id) {
  AliasInfo& alias = w.aliases[id];
  if (alias.resolved != Progress::kNot) return;
  alias.resolved = Progress::kRunning;
  const Ast& ast = *w.modules[alias.module].ast;
  std::vector<TypeVarId> definitions;
  AnnotationContext c{w, alias.module, alias.scope, &ast};
  c.alias = id;
  c.is_base = false;
  bool is_call = alias.is_new_style && ast.is(alias.statement, NodeKind::kCall);
  if (is_call) definitions = listedVariables(w, alias, ast);
  size_t listed = definitions.size();
  if (!alias.is_new_style || is_call) c.collects = &definitions;
  NodeId value = alias.node;
  bool bare = ast.is(value, NodeKind::kName) || ast.is(value, NodeKind::kAttribute);
  c.is_base = bare;
  if (auto subscript = ast.tryAs<syntax::Subscript>(value); subscript && !alias.is_new_style) {
    // As an expression it is a class with type arguments, too.
    SymbolId symbol = lookupDotted(w, alias.module, alias.scope, ast, subscript->value());
    if (symbol.valid()) symbol = followImports(w, symbol);
    c.is_applied = symbol.valid() && w.resolved(symbol).kind == SymbolKind::kClass;
  }
  c.scope = scopeOfValue(w, w.aliases[id], ast);
  bool is_rejected = w.aliases[id].is_new_style && !is_call && rejectScopeExpression(w, alias.module, ast, value, "within a type alias");
  TypeId target = is_rejected ? w.types.any() : analyzeType(c, value);
  AliasInfo& again = w.aliases[id];
  if (!target.valid()) target = w.types.any();
  bool is_statement = alias.is_new_style && !is_call;
  if (bare && !is_statement && w.types.is(target, TypeKind::kInstance) && !w.header(w.types[target].cls()).type_vars.empty()) {
    // X = list, not X = list[Any]: written bare, it takes arguments as the class does.
    SymbolId symbol = lookupDotted(w, again.module, again.scope, ast, value);
    if (symbol.valid()) symbol = followImports(w, symbol);
    if (symbol.valid() && (w.resolved(symbol).kind == SymbolKind::kClass || w.symbols[symbol].kind == SymbolKind::kSpecialForm)) {
      again.no_args = true;
    }
    if (symbol.valid() && w.symbols[symbol].kind == SymbolKind::kAlias) again.no_args = w.aliases[w.symbols[symbol].alias].no_args;
  }
  // What an enclosing class binds may be used as it is.
  Substitution map;
  for (size_t i = listed; is_call && i < definitions.size() && follows(w.options, Divergence::kClassVariablesInAlias);) {
    TypeVarId bound = findEnclosing(w, alias.scope, definitions[i], false);
    if (!bound.valid()) {
      ++i;
      continue;
    }
    map.add(definitions[i], typeVarType(w, bound));
    definitions.erase(definitions.begin() + static_cast<ptrdiff_t>(i));
  }
  for (size_t i = listed; is_call && i < definitions.size(); ++i) {
    const TypeVarInfo& info = w.type_vars[definitions[i]];
    const char* kind = info.kind == TypeVarKind::kTypeVar ? "Type variable" : (info.kind == TypeVarKind::kParamSpec ? "ParamSpec" : "TypeVarTuple");
    report(w, alias.module, value, Code::kValidType, std::string(kind) + " \"" + std::string(w.text(info.name)) + "\" is not included in type_params");
  }
  for (size_t i = listed; is_call && i < definitions.size(); ++i) {
    TypeId any = w.types.any(AnyKind::kFromError);
    bool is_tuple = w.type_vars[definitions[i]].kind == TypeVarKind::kTypeVarTuple;
    map.add(definitions[i], is_tuple ? builtinType(w, "tuple", any) : any);
  }
  if (is_call) definitions.resize(listed);
  for (size_t i = 0; !is_call && i < definitions.size();) {
    if (w.type_vars[definitions[i]].raw_id != 0 || !findEnclosing(w, alias.scope, definitions[i], false).valid()) {
      ++i;
      continue;
    }
    const TypeVarInfo& info = w.type_vars[definitions[i]];
    report(w, alias.module, alias.statement, Code::kValidType,
           "Can't use bound type variable \"" + std::string(w.text(info.name)) + "\" to define generic alias");
    TypeId any = w.types.any(AnyKind::kFromError);
    map.add(definitions[i], info.kind == TypeVarKind::kTypeVarTuple ? builtinType(w, "tuple", any) : any);
    definitions.erase(definitions.begin() + static_cast<ptrdiff_t>(i));
  }
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
  reportUnimported(w, alias.module, alias.statement.valid() ? alias.statement : value, "Type alias target", w.aliases[id].target);
  if (w.modules[alias.module].options.disallow_any_unimported) w.aliases[id].target = withoutUnimported(w, w.aliases[id].target);
  reportExplicit(w, alias.module, alias.statement.valid() ? alias.statement : value, w.aliases[id].target);
  std::vector<AliasId> seen;
  bool is_union = w.types.is(w.aliases[id].target, TypeKind::kUnion);
  bool has_items = is_union || w.types.is(w.aliases[id].target, TypeKind::kTuple);
  if (w.aliases[id].is_recursive && has_items && isItemOfItself(w, id, w.aliases[id].target, seen)) {
    report(w, alias.module, alias.statement, Code::kMisc, std::string("Invalid recursive alias: a ") + (is_union ? "union" : "tuple") + " item of itself");
    w.aliases[id].target = w.types.any();
  }
  if (w.aliases[id].is_recursive && growsInItself(w, id, w.aliases[id].target)) {
    report(w, alias.module, alias.statement, Code::kMisc, "Invalid recursive alias: type variable nesting on right hand side");
    w.aliases[id].target = w.types.any();
  }
  if (w.aliases[id].is_recursive && enclosingFunction(w, alias.scope).valid()) {
    w.aliases[id].target = w.types.any();
    w.aliases[id].is_recursive = false;
    w.aliases[id].is_cyclic = true;
  }
  // An alias of itself alone is no type.
  if (w.aliases[id].is_recursive && w.types.is(w.aliases[id].target, TypeKind::kAlias)) {
    report(w, alias.module, alias.statement, Code::kMisc,
           "Cannot resolve name \"" + std::string(w.text(alias.name)) + "\" (possible cyclic definition)");
    w.aliases[id].target = w.types.any();
  }
  w.aliases[id].resolved = Progress::kDone;
}

}  // namespace krait::declare
