// Generic classes and aliases in annotations: counting and analysing their arguments, defaults, ParamSpecs and
// TypeVarTuples; and the binding of type variables to the scope that they belong to.
#include <utility>
#include "checker/declare/annotation_internal.h"

namespace krait::declare {

TypeVarId boundCopy(World& w, TypeVarId definition, ClassId cls, FunctionId function, int32_t raw_id) {
  TypeVarInfo copy = w.type_vars[definition];
  copy.definition = definition;
  copy.class_scope = cls;
  copy.function_scope = function;
  copy.raw_id = raw_id;
  // Bound, values and default are taken from the definition when they are asked for.
  copy.resolved = Progress::kNot;
  copy.bound = TypeId::none();
  copy.default_type = TypeId::none();
  copy.values.clear();
  return w.type_vars.add(std::move(copy));
}

static TypeVarId findBound(World& w, const std::vector<TypeVarId>& variables, TypeVarId definition) {
  for (TypeVarId variable : variables) {
    if (w.type_vars[variable].definition == definition || variable == definition) return variable;
  }
  return TypeVarId::none();
}

// The copy of the variable that a scope around binds. What an outer class binds is out of reach in an inner class.
TypeVarId findEnclosing(World& w, ScopeId from, TypeVarId definition, bool crosses_classes) {
  bool in_class = false;
  for (ScopeId at = from; at.valid(); at = w.scopes[at].parent) {
    const Scope& scope = w.scopes[at];
    if (scope.kind == ScopeKind::kFunction && scope.function.valid()) {
      TypeVarId found = findBound(w, w.functions[scope.function].type_vars, definition);
      if (found.valid()) return found;
    }
    if (scope.kind != ScopeKind::kClass || (in_class && !crosses_classes)) continue;
    in_class = true;
    TypeVarId found = findBound(w, w.classes[scope.cls].headed == Progress::kRunning ? w.classes[scope.cls].type_vars
                                                                                     : w.header(scope.cls).type_vars,
                                definition);
    if (found.valid()) return found;
  }
  return TypeVarId::none();
}

TypeVarId bindTypeVar(AnnotationContext& c, TypeVarId definition, NodeId node) {
  World& w = c.w;
  // A type parameter (PEP 695) is bound where it stands.
  if (w.type_vars[definition].raw_id != 0) return definition;
  if (c.extra != nullptr) {
    TypeVarId found = findBound(w, *c.extra, definition);
    if (found.valid()) return found;
  }
  if (c.collects != nullptr) {
    for (TypeVarId seen : *c.collects) {
      if (seen == definition) return definition;
    }
    c.collects->push_back(definition);
    return definition;
  }
  TypeVarId enclosing = findEnclosing(w, c.scope, definition, false);
  if (enclosing.valid()) return enclosing;
  if (c.function.valid()) {
    FunctionInfo& function = w.functions[c.function];
    TypeVarId found = findBound(w, function.type_vars, definition);
    if (found.valid()) return found;
    int32_t raw = -1;
    for (ScopeId at = function.parent; at.valid(); at = w.scopes[at].parent) {
      if (w.scopes[at].kind == ScopeKind::kFunction && w.scopes[at].function.valid()) {
        raw -= static_cast<int32_t>(w.functions[w.scopes[at].function].type_vars.size());
      }
    }
    raw -= static_cast<int32_t>(function.type_vars.size());
    TypeVarId made = boundCopy(w, definition, ClassId::none(), c.function, raw);
    // To mypy it has the name that was written. ref: mypy tvar_scope.TypeVarLikeScope.bind_new
    auto dotted = node.valid() && w.options.mypy ? c.ast->tryAs<syntax::Attribute>(node) : std::nullopt;
    if (dotted && syntax::nameOf(*c.ast, dotted->attr()) == w.type_vars[made].name) w.type_vars[made].name = w.name(dottedText(*c.ast, node));
    w.functions[c.function].type_vars.push_back(made);
    return made;
  }
  const TypeVarInfo& info = w.type_vars[definition];
  std::string name(w.text(info.name));
  bool in_alias = c.alias.valid() && w.aliases[c.alias].is_new_style;
  bool in_header = c.class_header.valid() && w.classes[c.class_header].has(kClassHasTypeParams);
  if (in_alias || in_header) {
    fail(c, node, Code::kMisc, "All type parameters should be declared (\"" + name + "\" not declared)");
    return TypeVarId::none();
  }
  if (info.kind == TypeVarKind::kParamSpec) {
    fail(c, node, Code::kValidType, "ParamSpec \"" + name + "\" is unbound");
  } else if (info.kind == TypeVarKind::kTypeVarTuple) {
    fail(c, node, Code::kValidType, "TypeVarTuple \"" + name + "\" is unbound");
  } else {
    fail(c, node, Code::kValidType, "Type variable \"" + info.fullname + "\" is unbound");
    failNote(c, node, Code::kValidType,
             "(Hint: Use \"Generic[" + name + "]\" or \"Protocol[" + name + "]\" base class to bind \"" + name + "\" inside a class)");
    failNote(c, node, Code::kValidType, "(Hint: Use \"" + name + "\" in function signature to bind \"" + name + "\" inside a function)");
  }
  return TypeVarId::none();
}

static std::string plural(size_t count, const char* word) {
  return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

static TypeId defaultArgument(World& w, TypeVarId variable, const Substitution& known, AnyKind kind) {
  TypeId default_type = defaultOf(w, variable);
  if (default_type.valid()) return substitute(w, default_type, known);
  TypeId any = w.types.any(kind);
  switch (w.type_vars[variable].kind) {
    case TypeVarKind::kParamSpec: {
      CallableParts parts = w.types.parts(ellipsisParameters(w));
      parts.types.assign(parts.types.size(), any);
      return w.types.parameters(parts);
    }
    case TypeVarKind::kTypeVarTuple: return w.types.unpack(builtinType(w, "tuple", any));
    case TypeVarKind::kTypeVar: return any;
  }
  return any;
}

static void addToMap(World& w, Substitution& map, TypeVarId variable, TypeId value) {
  if (w.type_vars[variable].kind == TypeVarKind::kTypeVarTuple && !w.types.is(value, TypeKind::kTuple)) {
    value = w.types.tuple(std::span<const TypeId>(&value, 1), builtinType(w, "tuple"));
  }
  map.add(variable, value);
}

// One written argument for a ParamSpec; none: it is no such thing, which was reported.
static TypeId paramSpecArgument(AnnotationContext& c, NodeId node) {
  TypeId params = analyzeParameters(c, node);
  if (params.valid()) return params;
  TypeId type = analyzeInner(c, node, false, true);
  if (isParamSpec(c.w, type) || c.w.types.is(type, TypeKind::kParameters)) return type;
  if (c.w.types.is(type, TypeKind::kAny)) return ellipsisParameters(c.w);
  fail(c, node, Code::kValidType,
       "Can only replace ParamSpec with a parameter types list or another ParamSpec, got " + formatType(c.w, type));
  return TypeId::none();
}

// Parameters written where the class, which has a ParamSpec, takes none. True: they are, which was reported.
// ref: mypy semanal_typeargs.validate_args
static bool isMisplacedParameters(AnnotationContext& c, NodeId node, std::span<const TypeVarId> variables, bool is_variadic) {
  if (!c.ast->is(node, NodeKind::kList)) return false;
  auto isSpec = [&](TypeVarId each) { return c.w.type_vars[each].kind == TypeVarKind::kParamSpec; };
  if (std::none_of(variables.begin(), variables.end(), isSpec)) return false;
  TypeId params = analyzeParameters(c, node);
  if (!params.valid()) return false;
  fail(c, node, Code::kValidType,
       "Cannot use " + formatType(c.w, params) + " for " + (is_variadic ? "TypeVarTuple" : "regular type variable") + ", only for ParamSpec");
  return true;
}

// What stands for arguments of which one is of another kind than its variable.
static std::vector<TypeId> anyArguments(World& w, std::span<const TypeVarId> variables) {
  std::vector<TypeId> args;
  for (TypeVarId each : variables) {
    TypeId any = w.types.any(AnyKind::kFromError);
    if (w.type_vars[each].kind == TypeVarKind::kTypeVarTuple) any = w.types.unpack(builtinType(w, "tuple", any));
    if (w.type_vars[each].kind == TypeVarKind::kParamSpec) {
      CallableParts parts = w.types.parts(ellipsisParameters(w));
      parts.types.assign(parts.types.size(), any);
      any = w.types.parameters(parts);
    }
    args.push_back(any);
  }
  return args;
}

// Where an unpacked tuple[X, ...] reaches over the variables around a TypeVarTuple, it gives each of them an X. Any other
// unpacked part has no place there.
static void spreadUnpacked(AnnotationContext& c, NodeId node, size_t before, size_t after, std::vector<TypeId>& types) {
  World& w = c.w;
  auto itemOf = [&](TypeId type) {
    TypeId inner = w.types.is(type, TypeKind::kUnpack) ? proper(w, w.types[type].items[0]) : TypeId::none();
    return inner.valid() && isNamed(w, inner, "builtins.tuple") ? w.types[inner].items[0] : TypeId::none();
  };
  size_t open_at = 0;
  while (open_at < types.size() && !w.types.is(types[open_at], TypeKind::kUnpack)) ++open_at;
  if (open_at == types.size()) return;
  TypeId item = itemOf(types[open_at]);
  size_t behind = types.size() - open_at - 1;
  bool reaches = open_at < before || behind < after;
  if (!reaches) return;
  if (!item.valid()) {
    fail(c, node, Code::kMisc, "Unpack is only valid in a variadic position");
    item = w.types.any(AnyKind::kFromError);
  }
  for (; open_at < before; ++open_at) types.insert(types.begin() + static_cast<ptrdiff_t>(open_at), item);
  for (; behind < after; ++behind) types.insert(types.begin() + static_cast<ptrdiff_t>(open_at) + 1, item);
}

std::vector<TypeId> analyzeTypeArguments(AnnotationContext& c, std::span<const TypeVarId> variables, NodeList args, NodeId node,
                                         const std::string& name) {
  World& w = c.w;
  size_t required = 0;
  size_t variadic = variables.size();
  for (size_t i = 0; i < variables.size(); ++i) {
    if (w.type_vars[variables[i]].kind == TypeVarKind::kTypeVarTuple) {
      variadic = i;
    } else if (!defaultOf(w, variables[i]).valid()) {
      ++required;
    }
  }
  std::vector<TypeId> result;
  Substitution known;
  bool is_wrong = false;  // an argument is of another kind than its variable
  // C[int, str] for a class with a single ParamSpec means C[[int, str]].
  if (variables.size() == 1 && w.type_vars[variables[0]].kind == TypeVarKind::kParamSpec) {
    TypeId params = args.size() == 1 ? analyzeParameters(c, args[0]) : TypeId::none();
    if (!params.valid()) {
      CallableParts parts;
      bool other_spec = false;
      for (NodeId arg : args) {
        if (args.size() == 1 && c.ast->is(arg, NodeKind::kTuple)) break;
        TypeId type = analyzeInner(c, arg, true, true);
        if (isParamSpec(w, type)) {
          other_spec = true;
          params = type;
        }
        parts.add(NameId::none(), w.types.is(type, TypeKind::kUnpack) ? ParamKind::kStar : ParamKind::kPos, type);
      }
      if (!other_spec) params = w.types.parameters(parts);
      if (args.size() == 1 && w.types.is(parts.types.empty() ? params : parts.types[0], TypeKind::kAny)) params = ellipsisParameters(w);
    }
    return {params};
  }
  if (variadic < variables.size()) {
    size_t after = variables.size() - variadic - 1;
    std::vector<TypeId> types;
    // A ParamSpec with a default behind the TypeVarTuple is given only where parameters are written.
    TypeId last_default;
    if (after > 0 && w.type_vars[variables.back()].kind == TypeVarKind::kParamSpec && defaultOf(w, variables.back()).valid()) {
      AnnotationContext silent = c;
      silent.is_silent = true;
      if (args.empty() || !analyzeParameters(silent, args[args.size() - 1]).valid()) last_default = defaultOf(w, variables.back());
      if (last_default.valid()) --after;
    }
    if (!(args.size() == 1 && c.ast->is(args[0], NodeKind::kTuple))) {
      for (size_t i = 0; i < args.size(); ++i) {
        bool from_end = args.size() - i <= after;
        size_t slot = i < variadic ? i : (from_end ? variadic + 1 + after - (args.size() - i) : variadic);
        if (slot != variadic && w.type_vars[variables[slot]].kind == TypeVarKind::kParamSpec) {
          types.push_back(paramSpecArgument(c, args[i]));
          is_wrong |= !types.back().valid();
          continue;
        }
        if (isMisplacedParameters(c, args[i], variables, slot == variadic)) {
          types.push_back(w.types.any(AnyKind::kFromError));
          is_wrong = true;
          continue;
        }
        TypeId type = analyzeInner(c, args[i], true);
        if (w.types.is(type, TypeKind::kUnpack) && w.types.is(proper(w, w.types[type].items[0]), TypeKind::kTuple)) {
          TypeId inner = proper(w, w.types[type].items[0]);
          for (TypeId item : w.types[inner].args()) types.push_back(item);
        } else {
          types.push_back(type);
        }
      }
    }
    size_t open_parts = 0;
    for (size_t i = 0; i < types.size() && !is_wrong;) {
      if (!w.types.is(types[i], TypeKind::kUnpack) || ++open_parts == 1) {
        ++i;
        continue;
      }
      types.erase(types.begin() + static_cast<ptrdiff_t>(i));
    }
    if (is_wrong) return anyArguments(w, variables);
    if (open_parts > 1) fail(c, node, Code::kMisc, "More than one variadic Unpack in a type is not allowed");
    spreadUnpacked(c, node, variadic, after, types);
    if (types.size() < required) {
      fail(c, node, Code::kTypeArg,
           "Bad number of arguments, expected: at least " + std::to_string(required) + ", given: " + std::to_string(types.size()));
      types.assign(variables.size(), w.types.any());
      types[variadic] = w.types.unpack(builtinType(w, "tuple", w.types.any()));
      return types;
    }
    bool is_left_out = args.size() <= variadic + after && !(args.size() == 1 && c.ast->is(args[0], NodeKind::kTuple));
    if (after == 0 && open_parts == 0 && types.size() < variadic) {
      // What stands before the TypeVarTuple and is not given has its default.
      for (size_t i = 0; i < types.size(); ++i) addToMap(w, known, variables[i], types[i]);
      while (types.size() < variadic) {
        TypeVarId variable = variables[types.size()];
        types.push_back(defaultArgument(w, variable, known, AnyKind::kFromOmittedGenerics));
        addToMap(w, known, variable, types.back());
      }
    }
    TypeId variadic_default = is_left_out && follows(w.modules[c.module].options, Divergence::kVariadicDefaults) ? defaultOf(w, variables[variadic]) : TypeId::none();
    if (w.types.is(variadic_default, TypeKind::kTuple)) {
      std::span<const TypeId> items = w.types[variadic_default].args();
      types.insert(types.begin() + static_cast<ptrdiff_t>(variadic), items.begin(), items.end());
    }
    if (last_default.valid()) types.push_back(last_default);
    return types;
  }
  size_t given = args.size();
  if (given > variables.size() || given < required) {
    std::string expected;
    if (variables.empty()) {
      expected = "no type arguments";
    } else if (required == variables.size()) {
      expected = plural(variables.size(), "type argument");
    } else {
      expected = "between " + std::to_string(required) + " and " + std::to_string(variables.size()) + " type arguments";
    }
    fail(c, node, Code::kTypeArg, "\"" + name + "\" expects " + expected + ", but " + (given == 0 ? "none" : std::to_string(given)) + " given");
    for (NodeId arg : args) {
      AnnotationContext silent = c;
      silent.is_silent = true;
      analyzeInner(silent, arg, true, true);
    }
    for (TypeVarId variable : variables) result.push_back(defaultArgument(w, variable, Substitution{}, AnyKind::kFromError));
    return result;
  }
  for (size_t i = 0; i < variables.size(); ++i) {
    TypeId type;
    if (i >= given) {
      type = defaultArgument(w, variables[i], known, AnyKind::kFromOmittedGenerics);
    } else if (w.type_vars[variables[i]].kind == TypeVarKind::kParamSpec) {
      type = paramSpecArgument(c, args[i]);
    } else if (isMisplacedParameters(c, args[i], variables, false)) {
      type = TypeId::none();
    } else {
      type = analyzeInner(c, args[i], true);
      if (w.types.is(type, TypeKind::kUnpack)) {
        fail(c, args[i], Code::kValidType, "Unpack is only valid in a variadic position");
        type = w.types.any(AnyKind::kFromError);
      }
    }
    is_wrong |= !type.valid();
    if (!type.valid()) type = w.types.any(AnyKind::kFromError);
    addToMap(w, known, variables[i], type);
    result.push_back(type);
  }
  return is_wrong ? anyArguments(w, variables) : result;
}

static std::vector<TypeId> omittedArguments(AnnotationContext& c, std::span<const TypeVarId> variables) {
  Substitution known;
  std::vector<TypeId> args;
  for (TypeVarId variable : variables) {
    TypeId arg = defaultArgument(c.w, variable, known, AnyKind::kFromOmittedGenerics);
    addToMap(c.w, known, variable, arg);
    if (c.w.type_vars[variable].kind == TypeVarKind::kTypeVarTuple && c.w.types.is(arg, TypeKind::kTuple)) {
      std::span<const TypeId> items = c.w.types[arg].args();
      args.insert(args.end(), items.begin(), items.end());
    } else {
      args.push_back(arg);
    }
  }
  return args;
}

// A type that mentions itself where that cannot be.
static TypeId cyclic(AnnotationContext& c, NameId name, NodeId node) {
  fail(c, node, Code::kMisc, "Cannot resolve name \"" + std::string(c.w.text(name)) + "\" (possible cyclic definition)");
  failNote(c, node, Code::kMisc, "Recursive types are not allowed at function scope");
  return c.w.types.any(AnyKind::kFromError);
}

// The class whose items are just being read, named by them: a recursive alias, which becomes its type when it is known.
static TypeId unfinishedClass(World& w, ClassId cls, std::span<const TypeId> args) {
  if (!w.classes[cls].self_alias.valid()) {
    const ClassInfo& info = w.classes[cls];
    AliasInfo alias;
    alias.name = info.name;
    alias.fullname = info.fullname;
    alias.module = info.module;
    alias.type_vars = info.type_vars;
    alias.resolved = Progress::kDone;
    alias.is_recursive = true;
    AliasId made = w.aliases.add(std::move(alias));
    w.classes[cls].self_alias = made;
  }
  return w.types.alias(w.classes[cls].self_alias, args);
}

void finishSelfAlias(World& w, ClassId cls) {
  AliasId alias = w.classes[cls].self_alias;
  if (alias.valid()) w.aliases[alias].target = selfTypeOf(w, cls);
}

// Are the items of the named tuple or TypedDict just being read?
static bool isUnfinished(World& w, ClassId cls) {
  const ClassInfo& info = w.header(cls);
  return (info.has(kClassNamedTuple) && !info.tuple_type.valid()) || (info.has(kClassTypedDict) && !info.typed_dict_type.valid());
}

static TypeId instanceOf(World& w, ClassId cls, std::span<const TypeId> args) {
  TypeId instance = w.types.instance(cls, args);
  const ClassInfo& info = w.header(cls);
  if ((isUnfinished(w, cls) && !info.in_function) || info.self_alias.valid()) return unfinishedClass(w, cls, args);
  if (info.tuple_type.valid()) {
    TypeId tuple = substituteByInstance(w, info.tuple_type, instance);
    return w.types.tuple(w.types[tuple].args(), instance);
  }
  if (info.typed_dict_type.valid()) {
    TypeId dict = substituteByInstance(w, info.typed_dict_type, instance);
    return w.types.rebuild(w.types[dict], w.types[dict].args(), instance);
  }
  return instance;
}

static void sayWrongValue(AnnotationContext& c, TypeVarId variable, TypeId type, const std::string& name, NodeId at) {
  World& w = c.w;
  fail(c, at, Code::kTypeVar, "Value of type variable \"" + std::string(w.text(w.type_vars[variable].name)) + "\" of \"" + name + "\" cannot be " + formatType(w, type));
}

// Does the argument keep to the bound or the constraints of the variable? What does not is reported at `at`. Variables in
// the definition of an alias are judged where the alias is used. ref: mypy semanal_typeargs.validate_args
static bool checkBound(AnnotationContext& c, TypeVarId variable, TypeId argument, const std::string& name, NodeId at, NodeId node) {
  World& w = c.w;
  if (w.type_vars[variable].kind != TypeVarKind::kTypeVar) return true;
  TypeId type = proper(w, argument);
  bool is_ready = !w.types.is(type, TypeKind::kInstance) || w.classes[w.types[type].cls()].headed == Progress::kDone;
  if (!is_ready || w.types.is(type, TypeKind::kAny) || w.types.is(type, TypeKind::kUnpack)) return true;
  bool is_variable = isPlainTypeVar(w, type);
  if (is_variable && c.alias.valid()) return true;
  const std::vector<TypeId> values = valuesOf(w, variable);
  if (c.is_applied && !is_variable && !values.empty()) {
    // As a call would take it.
    for (TypeId value : values) {
      if (isSubtype(w, type, value)) return true;
    }
    sayWrongValue(c, variable, type, name, node);
    if (!c.alias.valid()) return false;
  }
  if (values.empty()) {
    TypeId bound = upperBound(w, variable);
    if (isObject(w, bound) || w.types[bound].has(kHasTypeVars) || isSubtype(w, type, bound)) return true;
    if (c.is_applied) sayWrongValue(c, variable, type, name, node);
    if (c.is_applied && !c.alias.valid()) return false;
    fail(c, at, Code::kTypeVar, "Type argument " + formatType(w, type) + " of \"" + name + "\" must be a subtype of " + formatType(w, bound));
    return false;
  }
  std::vector<TypeId> own{type};
  if (is_variable) own = valuesOf(w, TypeVarId(w.types[type].ref));
  if (own.empty()) {
    fail(c, at, Code::kTypeVar, "Type variable \"" + std::string(w.text(typeVarOf(w, type).name)) + "\" not valid as type argument value for \"" + name + "\"");
    return false;
  }
  for (TypeId one : own) {
    bool found = w.types.is(proper(w, one), TypeKind::kAny);
    for (TypeId value : values) found = found || isSameType(w, one, value);
    if (found) continue;
    if (own.size() > 1 || !w.types.is(proper(w, one), TypeKind::kInstance)) {
      fail(c, at, Code::kTypeVar, "Invalid type argument value for \"" + name + "\"");
    } else {
      sayWrongValue(c, variable, type, name, at);
    }
    return false;
  }
  return true;
}

// Do the arguments keep to the bounds and constraints of the class's or alias's variables?
static bool checkBounds(AnnotationContext& c, const std::vector<TypeVarId>& variables, const std::vector<TypeId>& types,
                        const std::string& name, NodeList args, NodeId node) {
  World& w = c.w;
  size_t variadic = variables.size();
  for (size_t i = 0; i < variables.size(); ++i) {
    if (w.type_vars[variables[i]].kind == TypeVarKind::kTypeVarTuple) variadic = i;
  }
  bool is_variadic = variadic < variables.size();
  if (c.is_silent || (!is_variadic && variables.size() != types.size()) || (is_variadic && types.size() + 1 < variables.size())) return true;
  bool fits = true;
  for (size_t i = 0; i < variables.size(); ++i) {
    if (i == variadic) continue;
    size_t at = i < variadic ? i : types.size() - (variables.size() - i);
    if (at >= types.size()) break;
    bool is_written = args.size() == types.size() && at < args.size();
    if (!is_written && !is_variadic && at >= args.size()) break;
    fits = checkBound(c, variables[i], types[at], name, is_written || !is_variadic ? args[at] : node, node) && fits;
  }
  return fits;
}

// The same of the classes inside of what an alias stands for, after its arguments are put in.
static void checkExpansion(AnnotationContext& c, TypeId type, const std::vector<TypeId>& given, NodeList args, NodeId node) {
  World& w = c.w;
  std::vector<TypeId> inside(w.types[type].args().begin(), w.types[type].args().end());
  if (w.types.is(type, TypeKind::kInstance)) {
    const ClassInfo info = w.header(w.types[type].cls());
    for (size_t i = 0; i < info.type_vars.size() && info.type_vars.size() == inside.size(); ++i) {
      NodeId at = node;
      for (size_t k = 0; k < given.size() && k < args.size(); ++k) at = given[k] == inside[i] ? args[k] : at;
      checkBound(c, info.type_vars[i], inside[i], std::string(w.text(info.name)), at, node);
    }
  }
  if (w.types.is(type, TypeKind::kAlias)) return;
  for (TypeId item : inside) checkExpansion(c, item, given, args, node);
}

TypeId instantiate(AnnotationContext& c, ClassId cls, NodeList args, NodeId node, bool has_args) {
  World& w = c.w;
  const std::string& full = w.classes[cls].fullname;
  if (full == "builtins.tuple" && has_args) return analyzeSpecial(c, w.name("Tuple"), args, node, true);
  if (full == "builtins.type" && has_args) return analyzeSpecial(c, w.name("Type"), args, node, true);
  if (w.classes[cls].in_function && !follows(w.modules[c.module].options, Divergence::kLocalRecursion) && isUnfinished(w, cls)) return cyclic(c, w.classes[cls].name, node);
  if (full == "builtins.type" && !c.is_base && follows(w.options, Divergence::kBareType)) return w.types.typeType(w.types.any(AnyKind::kFromOmittedGenerics));
  if (full == "typing.Any") return w.types.any(AnyKind::kExplicit);
  if ((full == "collections.abc.Callable" || full == "typing.Callable")) return analyzeSpecial(c, w.name("Callable"), args, node, has_args);
  if (full == "types.NoneType" || full == "_typeshed.NoneType") {
    if (full == "types.NoneType") {
      fail(c, node, Code::kNoneTypeType, "NoneType should not be used as a type, please use None instead");
    }
    return w.types.none();
  }
  ClassInfo& info = w.header(cls);
  // While its own header is being read, a class has no known variables yet: arguments are taken as they are.
  if (info.headed == Progress::kRunning && info.type_vars.empty()) {
    std::vector<TypeId> types;
    for (NodeId arg : args) {
      TypeId params = analyzeParameters(c, arg);
      types.push_back(params.valid() ? params : analyzeInner(c, arg, true, true));
    }
    return w.types.instance(cls, types);
  }
  std::string name(w.text(info.name));
  if (!has_args) {
    if (info.type_vars.empty()) return instanceOf(w, cls, {});
    bool all_default = true;
    for (TypeVarId variable : info.type_vars) all_default = all_default && defaultOf(w, variable).valid();
    bool wants_args = w.modules[c.module].options.disallow_any_generics && !all_default && !w.modules[c.module].is_library;
    // `L = List` leaves them to the use of L.
    if (wants_args && !(c.alias.valid() && c.is_base)) {
      // typing.List is named as it was written.
      std::string written = dottedText(*c.ast, node);
      bool is_alias = isSpecialFormName(written.substr(written.rfind('.') + 1));
      fail(c, node, Code::kTypeArg, "Missing type arguments for generic type \"" + (is_alias ? written : name) + "\"");
    }
    return instanceOf(w, cls, omittedArguments(c, info.type_vars));
  }
  std::vector<TypeVarId> variables = info.type_vars;
  bool is_applied = std::exchange(c.is_applied, false);
  std::vector<TypeId> types = analyzeTypeArguments(c, variables, args, node, name);
  c.is_applied = is_applied;
  checkBounds(c, variables, types, name, args, node);
  c.is_applied = false;
  return instanceOf(w, cls, types);
}

TypeId analyzeAliasUse(AnnotationContext& c, AliasId alias_id, NodeList args, NodeId node, bool has_args) {
  World& w = c.w;
  if (w.aliases[alias_id].resolved == Progress::kNot) resolveAlias(w, alias_id);
  AliasInfo& alias = w.aliases[alias_id];
  bool is_fixed = alias.is_explicit && has_args && follows(w.options, Divergence::kExplicitBareAlias);
  if (alias.no_args && alias.target.valid() && !is_fixed) {
    // X = list: X[int] is list[int].
    TypeId target = alias.target;
    if (w.types.is(target, TypeKind::kInstance) && has_args) return instantiate(c, w.types[target].cls(), args, node, true);
    if (!has_args && w.types.is(target, TypeKind::kInstance)) {
      size_t before = w.modules[c.module].messages.size();
      TypeId made = instantiate(c, w.types[target].cls(), {}, node, false);
      // The alias is what was written.
      std::vector<Message>& messages = w.modules[c.module].messages;
      for (size_t i = before; i < messages.size(); ++i) {
        if (messages[i].code == Code::kTypeArg) messages[i].text = "Missing type arguments for generic type \"" + dottedText(*c.ast, node) + "\"";
      }
      return made;
    }
    if (!has_args) return target;
  }
  if (alias.resolved == Progress::kRunning) {
    // The arguments of a call are evaluated before the name is bound.
    bool is_call = alias.is_new_style && w.modules[alias.module].ast->is(alias.statement, NodeKind::kCall);
    if (is_call && !c.anchor.valid() && alias.module == c.module) {
      fail(c, node, Code::kUsedBeforeDef, "Name \"" + std::string(w.text(alias.name)) + "\" is used before definition");
    }
    if (enclosingFunction(w, alias.scope).valid()) {
      alias.is_recursive = true;  // until it is resolved, as Any
      return cyclic(c, alias.name, node);
    }
    alias.is_recursive = true;
    std::vector<TypeId> types;
    for (NodeId arg : args) {
      TypeId params = analyzeParameters(c, arg);
      types.push_back(params.valid() ? params : analyzeInner(c, arg, true, true));
    }
    return w.types.alias(alias_id, types);
  }
  // Before its definition nothing was found under its name.
  bool is_early = alias.is_cyclic && alias.statement.valid() && alias.module == c.module && !c.anchor.valid() && (*c.ast)[node].begin < (*c.ast)[alias.statement].begin;
  if (is_early) return cyclic(c, alias.name, node);
  std::string name(w.text(alias.name));
  std::vector<TypeVarId> variables = alias.type_vars;
  std::vector<TypeId> types;
  bool fits = true;
  if (has_args) {
    size_t required = 0;
    bool variadic = false, spec = false;
    for (TypeVarId variable : variables) {
      variadic = variadic || w.type_vars[variable].kind == TypeVarKind::kTypeVarTuple;
      spec = spec || w.type_vars[variable].kind == TypeVarKind::kParamSpec;
      required += defaultOf(w, variable).valid() ? 0 : 1;
    }
    if (!variadic && !(spec && variables.size() == 1) && (args.size() > variables.size() || args.size() < required)) {
      if (variables.empty() && alias.target.valid() && w.types.is(alias.target, TypeKind::kAny)) return alias.target;
      std::string expected = required == variables.size()
                                 ? std::to_string(variables.size())
                                 : "between " + std::to_string(required) + " and " + std::to_string(variables.size());
      fail(c, node, Code::kTypeArg,
           "Bad number of arguments for type alias, expected " + expected + ", given " + std::to_string(args.size()));
      types = omittedArguments(c, variables);
    } else {
      types = analyzeTypeArguments(c, variables, args, node, name);
      fits = checkBounds(c, variables, types, name, args, node);
    }
  } else {
    bool all_default = true;
    for (TypeVarId variable : variables) all_default = all_default && defaultOf(w, variable).valid();
    if (!variables.empty() && !all_default && w.modules[c.module].options.disallow_any_generics && !w.modules[c.module].is_library) {
      fail(c, node, Code::kTypeArg, "Missing type arguments for generic type \"" + dottedText(*c.ast, node) + "\"");
    }
    types = omittedArguments(c, variables);
  }
  if (w.aliases[alias_id].is_recursive) return w.types.alias(alias_id, types);
  Substitution map;
  size_t variadic = variables.size();
  for (size_t i = 0; i < variables.size(); ++i) {
    if (w.type_vars[variables[i]].kind == TypeVarKind::kTypeVarTuple) variadic = i;
  }
  if (variadic < variables.size()) {
    size_t after = variables.size() - variadic - 1;
    size_t middle = types.size() >= variadic + after ? types.size() - variadic - after : 0;
    for (size_t i = 0; i < variadic && i < types.size(); ++i) map.add(variables[i], types[i]);
    map.add(variables[variadic], w.types.tuple(std::span<const TypeId>(types).subspan(std::min(variadic, types.size()), middle), builtinType(w, "tuple")));
    for (size_t i = 0; i < after; ++i) {
      if (variadic + middle + i < types.size()) map.add(variables[variadic + 1 + i], types[variadic + middle + i]);
    }
  } else {
    for (size_t i = 0; i < variables.size() && i < types.size(); ++i) map.add(variables[i], types[i]);
  }
  TypeId target = w.aliases[alias_id].target;
  if (!target.valid()) return w.types.any();
  TypeId made = substitute(w, target, map);
  if (has_args && fits && !c.is_silent && w.types[target].has(kHasTypeVars)) checkExpansion(c, made, types, args, node);
  return made;
}

}  // namespace krait::declare
