// Classes and aliases with type arguments as values: C[int], an alias by its name, and C[int](…) bound to what the
// constructor declares for self or cls.
#include <algorithm>

#include "checker/infer/infer.h"

namespace krait::infer {

static TypeId any(Checker& c, AnyKind kind = AnyKind::kFromError) { return c.w.types.any(kind); }

// The class as a value with the instance's arguments put in; `own` are the variables that it is generic over now.
static TypeId applied(World& w, TypeId callable, TypeId instance, const std::vector<TypeVarId>& own) {
  if (w.types.is(callable, TypeKind::kOverloaded)) {
    std::vector<TypeId> items;
    for (TypeId one : std::vector<TypeId>(w.types[callable].args().begin(), w.types[callable].args().end())) items.push_back(applied(w, one, instance, own));
    return w.types.overloaded(items);
  }
  if (!w.types.is(callable, TypeKind::kCallable)) return callable;
  const std::vector<TypeVarId> of_class = w.header(w.types[instance].cls()).type_vars;
  CallableParts parts = w.types.parts(callable);
  std::vector<TypeId> rest;
  for (TypeId var : parts.vars) {
    bool is_gone = std::any_of(of_class.begin(), of_class.end(), [&](TypeVarId variable) { return variable.value == w.types[var].ref; });
    if (!is_gone) rest.push_back(var);
  }
  parts.vars = rest;
  parts = w.types.parts(substituteByInstance(w, w.types.callable(parts), instance));
  std::vector<TypeId> vars;
  for (TypeVarId variable : own) vars.push_back(typeVarType(w, variable));
  vars.insert(vars.end(), parts.vars.begin(), parts.vars.end());
  parts.vars = vars;
  return w.types.callable(parts);
}

// C[int] where C wants another number of arguments; false: it is right, or another rule says so.
static bool wrongApplication(Checker& c, ClassId cls, NodeId node) {
  World& w = c.w;
  const std::vector<TypeVarId> variables = w.header(cls).type_vars;
  NodeId slice = c.ast->as<syntax::Subscript>(node).slice();
  size_t given = 1;
  if (auto tuple = c.ast->tryAs<syntax::Tuple>(slice)) {
    given = tuple->elts().size();
    for (NodeId item : tuple->elts()) {
      if (c.ast->is(item, NodeKind::kStarred)) return false;
    }
  }
  if (isNamed(w, cls, "builtins.tuple")) return false;
  size_t required = 0;
  for (TypeVarId variable : variables) {
    if (w.type_vars[variable].kind == TypeVarKind::kTypeVarTuple) return false;
    required += defaultOf(w, variable).valid() ? 0 : 1;
  }
  bool is_only_spec = variables.size() == 1 && w.type_vars[variables[0]].kind == TypeVarKind::kParamSpec;
  if (variables.empty() || is_only_spec || (given >= required && given <= variables.size())) return false;
  std::string expected = required == variables.size() ? std::to_string(required) + " expected"
                                                      : "expected between " + std::to_string(required) + " and " + std::to_string(variables.size());
  fail(c, node, Code::kTypeArg, std::string("Type application has too ") + (given < required ? "few" : "many") + " types (" + expected + ")");
  return true;
}

// Is the name, or an attribute of it, what a call calls?
static bool isCalled(Checker& c, NodeId node) {
  while (auto attribute = c.ast->tryAs<syntax::Attribute>(c.ast->parent(node))) node = c.ast->parent(node);
  auto call = c.ast->tryAs<syntax::Call>(c.ast->parent(node));
  return call && call->func() == node;
}

TypeId aliasValue(Checker& c, AliasId alias_id, NodeId node) {
  World& w = c.w;
  if (w.aliases[alias_id].resolved == Progress::kNot) resolveAlias(w, alias_id);
  const AliasInfo& alias = w.aliases[alias_id];
  if (alias.is_new_style) {
    // TypeAliasType() gives one of the module that it is taken from.
    auto call = w.modules[alias.module].ast->tryAs<syntax::Call>(alias.statement);
    bool is_extension = call && fullNameAt(w, alias.module, alias.scope, *w.modules[alias.module].ast, call->func()).starts_with("typing_extensions.");
    TypeId type = namedType(w, is_extension ? "typing_extensions" : "typing", "TypeAliasType");
    if (w.types.is(type, TypeKind::kInstance)) return type;
    return namedType(w, "typing_extensions", "TypeAliasType");
  }
  const Ast& ast = *w.modules[alias.module].ast;
  if (auto subscript = ast.tryAs<syntax::Subscript>(alias.node); subscript && follows(*c.options, Divergence::kAnnotatedAlias)) {
    if (fullNameAt(w, alias.module, alias.scope, ast, subscript->value()).ends_with(".Annotated")) return namedType(w, "typing", "_SpecialForm");
  }
  TypeId target = alias.target.valid() ? proper(w, alias.target) : any(c);
  switch (w.types.kind(target)) {
    case TypeKind::kInstance:
    case TypeKind::kTuple:
    case TypeKind::kTypedDict: {
      TypeId instance = w.types.is(target, TypeKind::kInstance) ? target : w.types[target].extra;
      if (!w.types.is(instance, TypeKind::kInstance)) return any(c);
      // A tuple type is no class that makes tuples.
      bool is_plain_tuple = w.types.is(target, TypeKind::kTuple) && isNamed(w, instance, "builtins.tuple");
      if (is_plain_tuple && !follows(*c.options, Divergence::kUnionObjects)) return namedType(w, "typing", "_SpecialForm");
      TypeId callable = classCallable(w, w.types[instance].cls());
      if (alias.no_args) return callable;
      if (alias.type_vars.empty() || follows(*c.options, Divergence::kAliasCalls)) {
        // The alias's own variables stay variables.
        return applied(w, callable, instance, alias.type_vars);
      }
      Substitution omitted;
      bool has_defaults = true;
      for (TypeVarId variable : std::vector<TypeVarId>(alias.type_vars)) {
        TypeId value = defaultOf(w, variable);
        has_defaults = has_defaults && value.valid();
        bool is_plain = w.type_vars[variable].kind == TypeVarKind::kTypeVar;
        if (!value.valid() && !is_plain) return applied(w, callable, instance, alias.type_vars);
        omitted.add(variable, value.valid() ? substitute(w, value, omitted) : w.types.any(AnyKind::kFromOmittedGenerics));
      }
      if (!has_defaults && c.options->disallow_any_generics && node.valid() && !isDynamic(c) && isCalled(c, node)) {
        fail(c, node, Code::kTypeArg, "Missing type arguments for generic type \"" + std::string(w.text(w.aliases[alias_id].name)) + "\"");
      }
      return applied(w, callable, substitute(w, instance, omitted), {});
    }
    case TypeKind::kUnion: {
      // Union[…] is no types.UnionType to mypy.
      bool is_old = ast.is(alias.node, NodeKind::kSubscript) && !follows(*c.options, Divergence::kUnionObjects);
      TypeId type = is_old ? TypeId::none() : unionObject(w, target);
      return w.types.is(type, TypeKind::kInstance) ? type : namedType(w, "typing", "_SpecialForm");
    }
    case TypeKind::kAny: return target;
    case TypeKind::kTypeType: return builtinType(w, "type");
    case TypeKind::kNone: return w.types.typeType(target);
    default: return namedType(w, "typing", "_SpecialForm");
  }
}

// C[int] used as a value.
TypeId typeApplication(Checker& c, NodeId node) {
  World& w = c.w;
  auto subscript = c.ast->as<syntax::Subscript>(node);
  AnnotationContext context{w, c.module, c.scope, c.ast};
  context.is_silent = isDynamic(c);
  SymbolId symbol = followImports(w, lookupDotted(w, c.module, c.scope, *c.ast, subscript.value()));
  const Symbol& info = w.resolved(symbol);
  if (info.kind == SymbolKind::kSpecialForm) {
    std::string_view form = w.text(info.special);
    static constexpr std::string_view kClasses[] = {"Tuple", "Type", "List", "Dict", "Set", "FrozenSet", "Union", "Optional",
                                                    "DefaultDict", "OrderedDict", "Counter", "ChainMap", "Deque"};
    if (std::find(std::begin(kClasses), std::end(kClasses), form) == std::end(kClasses)) {
      analyzeType(context, node);
      return namedType(w, "typing", "_SpecialForm");
    }
  }
  if (info.kind == SymbolKind::kClass && wrongApplication(c, info.cls, node)) return any(c);
  if (info.kind == SymbolKind::kAlias && w.aliases[info.alias].is_new_style) {
    // X[int] of a `type` statement is no class.
    AliasId alias = info.alias;
    analyzeType(context, node);
    return aliasValue(c, alias, node);
  }
  context.is_applied = info.kind == SymbolKind::kClass;
  bool is_alias = info.kind == SymbolKind::kAlias;
  TypeId type = c.withValues(analyzeType(context, node));
  type = type.valid() ? proper(w, type) : any(c);
  if (is_alias && !isDynamic(c) && !follows(*c.options, Divergence::kUnionObjects)) {
    bool is_class = w.types.is(type, TypeKind::kInstance) || w.types.is(type, TypeKind::kTypedDict) ||
                    (w.types.is(type, TypeKind::kTuple) && !isNamed(w, w.types[type].extra, "builtins.tuple"));
    if (!is_class) {
      fail(c, node, Code::kMisc, "Type application is only supported for generic classes");
      return any(c);
    }
  }
  if (w.types.is(type, TypeKind::kUnion)) {
    TypeId union_type = unionObject(w, type);
    return w.types.is(union_type, TypeKind::kInstance) ? union_type : namedType(w, "typing", "_SpecialForm");
  }
  TypeId instance = w.types.is(type, TypeKind::kInstance) ? type : TypeId::none();
  if (w.types.is(type, TypeKind::kTuple) || w.types.is(type, TypeKind::kTypedDict)) instance = w.types[type].extra;
  if (!instance.valid() || !w.types.is(instance, TypeKind::kInstance)) return w.types.is(type, TypeKind::kAny) ? type : namedType(w, "typing", "_SpecialForm");
  TypeId callable = classCallable(w, w.types[instance].cls());
  return applied(w, callable, instance, {});
}

TypeId classInContext(Checker& c, NodeId node, TypeId type, TypeId context) {
  World& w = c.w;
  if (context.valid() && w.types.is(type, TypeKind::kInstance) && w.types.is(w.types[type].extra, TypeKind::kLiteral)) {
    return wantsLiteral(w, context) ? w.types[type].extra : type;
  }
  if (context.valid() && follows(*c.options, Divergence::kConstructorsDecide) && w.types.is(type, TypeKind::kCallable) &&
      w.types.callable(type).isTypeObject() && w.types.is(proper(w, context), TypeKind::kCallable)) {
    // A class converted to a callable.
    TypeId made = proper(w, w.types.callable(type).made());
    TypeId deciding = w.types.is(made, TypeKind::kInstance) ? decidingConstructor(w, w.types[made].cls()) : TypeId::none();
    if (deciding.valid()) return deciding;
  }
  if (!context.valid() || !w.types[type].has(kHasTypeVars)) return type;
  bool wants_class = false;
  for (TypeId item : unionItems(w, context)) wants_class = wants_class || w.types.is(item, TypeKind::kTypeType);
  if (!wants_class) return type;
  SymbolId symbol = lookupDotted(w, c.module, c.scope, *c.ast, node);
  if (symbol.valid()) symbol = followImports(w, symbol);
  if (!symbol.valid() || w.resolved(symbol).kind != SymbolKind::kClass) return type;
  if (!w.types.is(type, TypeKind::kCallable) && !w.types.is(type, TypeKind::kOverloaded)) return type;
  Substitution map;
  for (TypeVarId variable : std::vector<TypeVarId>(w.header(w.symbols[symbol].cls).type_vars)) {
    TypeId value = follows(*c.options, Divergence::kClassArgumentDefaults) ? defaultOf(w, variable) : TypeId::none();
    if (w.type_vars[variable].kind != TypeVarKind::kTypeVar) continue;
    map.add(variable, value.valid() ? substitute(w, value, map) : w.types.any(AnyKind::kSpecialForm));
  }
  return substitute(w, type, map);
}

// The instance that C[int] makes; none: the node is no class with type arguments.
static TypeId appliedInstance(Checker& c, NodeId node) {
  World& w = c.w;
  auto subscript = c.ast->tryAs<syntax::Subscript>(node);
  if (!subscript) return TypeId::none();
  if (!c.ast->is(subscript->value(), NodeKind::kName) && !c.ast->is(subscript->value(), NodeKind::kAttribute)) return TypeId::none();
  SymbolId symbol = lookupDotted(w, c.module, c.scope, *c.ast, subscript->value());
  if (symbol.valid()) symbol = followImports(w, symbol);
  if (!symbol.valid() || w.resolved(symbol).kind != SymbolKind::kClass || w.header(w.symbols[symbol].cls).type_vars.empty()) return TypeId::none();
  AnnotationContext context{w, c.module, c.scope, c.ast};
  context.is_silent = true;
  TypeId type = proper(w, analyzeType(context, node));
  return w.types.is(type, TypeKind::kInstance) ? type : TypeId::none();
}

// `wanted` with its own variables solved so that `instance` fits; none: it does not.
static bool fitsDeclared(World& w, std::span<const TypeId> vars, TypeId wanted, TypeId instance, Substitution& map) {
  std::vector<TypeVarId> variables;
  for (TypeId var : vars) variables.push_back(TypeVarId(w.types[var].ref));
  Constraints constraints = inferConstraints(w, wanted, instance, Direction::kSupertypeOf);
  Solution solution = solveConstraints(w, variables, constraints);
  for (size_t i = 0; i < variables.size(); ++i) {
    bool known = solution.types[i].valid() && !(w.types.is(solution.types[i], TypeKind::kNever) && w.types[solution.types[i]].sub == 1);
    if (known) map.add(variables[i], solution.types[i]);
  }
  return isSubtype(w, instance, substitute(w, wanted, map));
}

// What `cls` of __new__ is declared to be an object of; none where it says nothing of its own.
static TypeId declaredClassParameter(World& w, ClassId cls, TypeId instance) {
  FoundMember creator = findMember(w, cls, w.names.__new__);
  FoundMember init = findMember(w, cls, w.names.__init__);
  if (!creator.found() || !w.symbols[creator.symbol].has(kIsExplicitSelf)) return TypeId::none();
  if (init.found() && !isNamed(w, init.owner, "builtins.object") && isSubclass(w, init.owner, creator.owner) && init.owner != creator.owner) return TypeId::none();
  TypeId type = w.hooks.symbol_type(w, creator.symbol);
  if (!type.valid() || !w.types.is(proper(w, type), TypeKind::kCallable)) return TypeId::none();
  CallableView view = w.types.callable(proper(w, type));
  if (view.paramCount() == 0) return TypeId::none();
  TypeId first = proper(w, view.types()[0]);
  if (!w.types.is(first, TypeKind::kTypeType)) return TypeId::none();
  TypeId item = proper(w, w.types[first].items[0]);
  if (!w.types.is(item, TypeKind::kInstance)) return TypeId::none();
  return substituteByInstance(w, item, mapToSupertype(w, instance, creator.owner));
}

TypeId boundConstructor(Checker& c, NodeId func, TypeId callee) {
  World& w = c.w;
  if (!follows(*c.options, Divergence::kConstructorSelf)) return callee;
  TypeId instance = appliedInstance(c, func);
  if (!instance.valid()) return callee;
  ClassId cls = w.types[instance].cls();
  TypeId plain = proper(w, callee);
  if (TypeId wanted = declaredClassParameter(w, cls, instance); wanted.valid()) {
    Substitution map;
    TypeId creator = proper(w, w.hooks.symbol_type(w, findMember(w, cls, w.names.__new__).symbol));
    if (!fitsDeclared(w, w.types.callable(creator).vars(), wanted, instance, map)) {
      fail(c, func, Code::kMisc,
           "Invalid self argument " + formatType(w, w.types.typeType(instance)) + " to attribute function \"__new__\" with type " + formatType(w, creator));
    }
    return callee;
  }
  FoundMember init = findMember(w, cls, w.names.__init__);
  if (!init.found() || init.owner != cls || !w.symbols[init.symbol].has(kIsExplicitSelf)) return callee;
  std::vector<TypeId> items;
  if (w.types.is(plain, TypeKind::kOverloaded)) {
    items.assign(w.types[plain].args().begin(), w.types[plain].args().end());
  } else if (w.types.is(plain, TypeKind::kCallable)) {
    items.push_back(plain);
  }
  std::vector<TypeId> kept;
  for (TypeId item : items) {
    CallableView view = w.types.callable(item);
    TypeId made = proper(w, view.ret());
    if (!w.types.is(made, TypeKind::kInstance) || w.types[made].cls() != cls) return callee;
    Substitution map;
    if (made != instance && !fitsDeclared(w, view.vars(), made, instance, map)) continue;
    CallableParts parts = w.types.parts(item);
    std::erase_if(parts.vars, [&](TypeId var) { return map.find(TypeVarId(w.types[var].ref)).valid(); });
    kept.push_back(substitute(w, w.types.callable(parts), map));
  }
  if (!kept.empty()) return kept.size() == 1 ? kept[0] : w.types.overloaded(kept);
  fail(c, func, Code::kMisc,
       "Invalid self argument " + formatType(w, instance) + " to attribute function \"__init__\" with type " +
           formatType(w, w.hooks.symbol_type(w, init.symbol)));
  return callee;
}

}  // namespace krait::infer
