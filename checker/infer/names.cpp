// Names, and what a symbol of any kind is worth as a value (mypy's analyze_ref_expr, analyze_var_ref).
#include "checker/infer/forms.h"
#include "checker/infer/messages.h"

namespace krait::infer {

TypeId currentExpected(const Context& c) { return c.type_context.empty() ? TypeId::none() : c.type_context.back(); }
bool isAny(World& w, TypeId type) { return w.types.is(type, TypeKind::kAny); }
bool isNone(World& w, TypeId type) { return w.types.is(type, TypeKind::kNone); }
TypeId anyFrom(World& w, TypeId source) { return w.types.any(AnyKind::kFromAnotherAny); }
TypeId instanceOf(World& w, std::string_view cls, TypeId arg) { return builtinType(w, cls, arg); }

static TypeId undetermined(Context& c, SymbolId symbol, NodeId at) {
  if (c.callbacks->defer != nullptr && c.callbacks->defer(c, at)) return c.w.types.any(AnyKind::kSpecialForm);
  fail(c, at, Code::kHasType, "Cannot determine type of \"" + std::string(c.w.text(c.w.symbols[symbol].name)) + "\"");
  return c.w.types.any(AnyKind::kSpecialForm);
}

PartialScope* findPartial(Context& c, SymbolId symbol, bool* is_local) {
  for (size_t i = c.partials.size(); i-- > 0;) {
    for (const PartialVariable& variable : c.partials[i].variables) {
      if (variable.symbol != symbol) continue;
      if (is_local != nullptr) *is_local = i + 1 == c.partials.size() || !c.partials.back().is_function;
      return &c.partials[i];
    }
  }
  return nullptr;
}

// What a variable is annotated with when its first value did not tell: list[Any] and the like.
static TypeId fixedPartial(Context& c, TypeId partial) {
  uint32_t ref = c.w.types[partial].ref;
  if (ref == TypeId::kNone) return c.w.types.any(AnyKind::kFromError);
  return instanceWithAny(c.w, ClassId(ref), AnyKind::kFromError);
}

static std::string partialHint(Context& c, SymbolId symbol) {
  TypeId type = c.w.symbols[symbol].type;
  if (!c.w.types.is(type, TypeKind::kPartial)) return "";
  uint32_t ref = c.w.types[type].ref;
  std::string name(c.w.text(c.w.symbols[symbol].name));
  if (ref == TypeId::kNone) return " (hint: \"" + name + ": <type> | None = ...\")";
  const std::string& fullname = c.w.classes[ClassId(ref)].fullname;
  std::string short_name = fullname.starts_with("builtins.") ? fullname.substr(9) : fullname.substr(fullname.rfind('.') + 1);
  static constexpr std::string_view kKnown[] = {"builtins.list", "builtins.dict", "builtins.set", "builtins.frozenset",
                                                "collections.OrderedDict", "collections.defaultdict"};
  for (std::string_view known : kKnown) {
    if (fullname != known) continue;
    size_t count = c.w.header(ClassId(ref)).type_vars.size();
    std::string args = "<type>";
    for (size_t i = 1; i < count; ++i) args += ", <type>";
    return " (hint: \"" + name + ": " + short_name + "[" + args + "] = ...\")";
  }
  return "";
}

void needAnnotation(Context& c, SymbolId symbol, NodeId at) {
  fail(c, at, Code::kVarAnnotated,
       "Need type annotation for \"" + std::string(c.w.text(c.w.symbols[symbol].name)) + "\"" + partialHint(c, symbol));
}

bool completePartial(Context& c, SymbolId symbol, TypeId type) {
  PartialScope* scope = findPartial(c, symbol);
  if (scope == nullptr) return false;
  c.w.symbols[symbol].type = type;
  c.w.symbols[symbol].typed = Progress::kDone;
  std::erase_if(scope->variables, [&](const PartialVariable& variable) { return variable.symbol == symbol; });
  return true;
}

// A partial variable that is read before its type is complete.
static TypeId readPartial(Context& c, SymbolId symbol, NodeId at, bool as_target) {
  if (as_target) return c.w.symbols[symbol].type;
  TypeId partial = c.w.symbols[symbol].type;
  bool is_local = false;
  PartialScope* scope = findPartial(c, symbol, &is_local);
  if (c.w.types[partial].ref == TypeId::kNone) {
    // `x = None` read before another assignment: None for now.
    if (scope != nullptr && is_local) return c.w.types.none();
    if (scope == nullptr) return undetermined(c, symbol, at);
    return c.w.types.none();
  }
  if (scope == nullptr) return undetermined(c, symbol, at);
  NodeId where = at;
  for (const PartialVariable& variable : scope->variables) {
    if (variable.symbol == symbol) where = variable.node;
  }
  if (!c.options().allow_untyped_globals) needAnnotation(c, symbol, where);
  TypeId fixed = fixedPartial(c, partial);
  completePartial(c, symbol, fixed);
  return fixed;
}

static TypeId variableValue(Context& c, SymbolId symbol, NodeId at, bool as_target) {
  Symbol& info = c.w.symbols[symbol];
  bool is_local = c.function.valid() && info.scope == c.w.functions[c.function].scope;
  TypeId type = info.type;
  if (!type.valid() && !(is_local && !info.has(kIsDeclared)) && c.w.hooks.symbol_type != nullptr) {
    type = c.w.hooks.symbol_type(c.w, symbol);
  }
  if (!type.valid()) {
    if (as_target) return type;
    if (c.w.symbols[symbol].typed == Progress::kDone) return c.w.types.any(AnyKind::kFromError);
    return undetermined(c, symbol, at);
  }
  if (c.w.types.is(type, TypeKind::kPartial)) return readPartial(c, symbol, at, as_target);
  // A final variable with a literal value keeps what is known of it.
  if (info.final_value.valid() && !as_target) {
    TypeId declared = proper(c.w, type);
    if (info.has(kIsInferred) && c.w.types.is(declared, TypeKind::kInstance)) {
      const Type& instance = c.w.types[declared];
      return c.w.types.instance(instance.cls(), instance.args(), info.final_value);
    }
  }
  return type;
}

static TypeId aliasValue(Context& c, SymbolId symbol, NodeId at) {
  World& w = c.w;
  AliasId alias = w.symbols[symbol].alias;
  if (w.aliases[alias].resolved == Progress::kNot) w.hooks.resolve_alias(w, alias);
  const AliasInfo& info = w.aliases[alias];
  if (info.is_new_style) return namedType(w, "typing", "TypeAliasType");
  TypeId target = info.target.valid() ? proper(w, info.target) : TypeId::none();
  if (!target.valid()) return w.types.any(AnyKind::kFromError);
  switch (w.types.kind(target)) {
    case TypeKind::kInstance: {
      TypeId object = classObjectType(c, w.types[target].cls(), at);
      if (w.types[target].args().empty() || info.no_args) return object;
      // The alias fixes (some of) the class's arguments: `A = list[int]; A()`.
      Substitution erased;
      for (TypeVarId var : info.type_vars) erased.add(var, w.types.any(AnyKind::kFromOmittedGenerics));
      TypeId fixed = substitute(w, target, erased);
      std::vector<TypeId> args(w.types[fixed].args().begin(), w.types[fixed].args().end());
      auto apply = [&](TypeId item) {
        return w.types.callable(item).vars().size() == args.size() ? applyGenericArguments(c, item, args, at) : item;
      };
      if (w.types.is(object, TypeKind::kCallable)) return apply(object);
      if (w.types.is(object, TypeKind::kOverloaded)) {
        std::vector<TypeId> items;
        std::vector<TypeId> members(w.types[object].args().begin(), w.types[object].args().end());
        for (TypeId item : members) items.push_back(apply(item));
        return w.types.overloaded(items);
      }
      return object;
    }
    case TypeKind::kTuple: {
      TypeId fallback = tupleFallback(w, target);
      return classObjectType(c, w.types[fallback].cls(), at);
    }
    case TypeKind::kTypedDict: return classObjectType(c, w.types[w.types[target].extra].cls(), at);
    case TypeKind::kAny: return w.types.any(AnyKind::kFromAnotherAny);
    case TypeKind::kNone: return w.types.typeType(target);
    case TypeKind::kUnion: return namedType(w, "types", "UnionType");
    case TypeKind::kTypeType: return builtinType(w, "type");
    default: return namedType(w, "typing", "_SpecialForm");
  }
}

TypeId symbolValueType(Context& c, SymbolId symbol, NodeId at, bool as_target) {
  World& w = c.w;
  symbol = followImports(w, symbol);
  if (!symbol.valid()) return w.types.any(AnyKind::kFromUnimported);
  Symbol& info = w.resolved(symbol);
  switch (info.kind) {
    case SymbolKind::kVariable: return variableValue(c, symbol, at, as_target);
    case SymbolKind::kFunction: {
      TypeId type = w.hooks.symbol_type(w, symbol);
      return type.valid() ? type : undetermined(c, symbol, at);
    }
    case SymbolKind::kClass: return classObjectType(c, info.cls, at);
    case SymbolKind::kAlias: return aliasValue(c, symbol, at);
    case SymbolKind::kTypeVar: {
      TypeVarKind kind = w.type_vars[info.type_var].kind;
      const char* name = kind == TypeVarKind::kTypeVar ? "TypeVar" : kind == TypeVarKind::kParamSpec ? "ParamSpec" : "TypeVarTuple";
      TypeId type = namedType(w, "typing", name);
      return isAny(w, type) ? objectType(w) : type;
    }
    case SymbolKind::kModule: return w.types.module(info.target_module, namedType(w, "types", "ModuleType"));
    case SymbolKind::kImport: return w.types.any(AnyKind::kFromUnimported);
    case SymbolKind::kSpecialForm: {
      TypeId type = w.hooks.symbol_type(w, symbol);
      if (type.valid()) return type;
      if (w.text(info.special) == "Any") return w.types.any(AnyKind::kSpecialForm);
      return namedType(w, "typing", "_SpecialForm");
    }
  }
  return w.types.any(AnyKind::kFromError);
}

TypeId narrowedType(Context& c, NodeId reference, TypeId declared, bool skip_non_overlapping) {
  RefKey key = keyOf(c, reference);
  if (!key.valid()) return declared;
  TypeId known = c.frames->get(key);
  if (!known.valid() || known == declared) return declared;
  World& w = c.w;
  if (isAny(w, proper(w, declared))) return known;
  if (isAny(w, proper(w, known))) return known;
  if (skip_non_overlapping && !isOverlapping(w, declared, known, false, true)) return TypeId::none();
  return narrowDeclared(w, declared, known);
}

TypeId inferName(Context& c, NodeId node) {
  World& w = c.w;
  NameId name = c.ast->as<syntax::Name>(node).name();
  SymbolId symbol = declare::lookupName(w, c.scope, name);
  if (!symbol.valid()) symbol = declare::moduleAttribute(w, c.module, name);
  if (!symbol.valid()) return w.types.any(AnyKind::kFromError);  // reported when names were bound
  TypeId type = symbolValueType(c, symbol, node);
  TypeId narrowed = narrowedType(c, node, type);
  if (w.types.is(narrowed, TypeKind::kDeleted)) {
    fail(c, node, Code::kMisc, "Trying to read deleted variable \"" + std::string(w.text(name)) + "\"");
    return w.types.any(AnyKind::kFromError);
  }
  return narrowed;
}

TypeId inferTarget(Context& c, NodeId target) {
  World& w = c.w;
  if (auto name = c.ast->tryAs<syntax::Name>(target)) {
    SymbolId symbol = declare::lookupName(w, c.scope, name->name());
    if (!symbol.valid()) return TypeId::none();
    TypeId type = symbolValueType(c, symbol, target, true);
    return type;
  }
  if (c.ast->is(target, syntax::NodeKind::kAttribute)) return inferAttribute(c, target, true);
  return inferExpr(c, target);
}

}  // namespace krait::infer
