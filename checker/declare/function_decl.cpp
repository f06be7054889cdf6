// Functions: what their decorators say about them, their signature as written, and the type of a function symbol
// (one def, overloads, or a property with its accessors).
#include "checker/declare/field_transform.h"

namespace krait::declare {

// `x = property`: the name that a name stands for, if that is all that is assigned to it.
static NodeId otherName(const World& w, SymbolId symbol) {
  const Symbol& info = w.symbols[symbol];
  if (info.definitions.size() != 1 || info.definitions[0].kind != DefinitionKind::kAssign || !w.modules[info.module].ast) return NodeId::none();
  const Ast& ast = *w.modules[info.module].ast;
  auto assign = ast.tryAs<syntax::Assign>(info.definitions[0].node);
  if (!assign || assign->targets()[0] != info.definitions[0].target) return NodeId::none();
  NodeId value = assign->value();
  return ast.is(value, NodeKind::kName) || ast.is(value, NodeKind::kAttribute) ? value : NodeId::none();
}

static std::string decoratorName(World& w, const FunctionInfo& function, NodeId decorator) {
  const Ast& ast = *w.modules[function.module].ast;
  if (auto call = ast.tryAs<syntax::Call>(decorator)) decorator = call->func();
  if (!ast.is(decorator, NodeKind::kName) && !ast.is(decorator, NodeKind::kAttribute)) return "";
  SymbolId symbol = lookupDotted(w, function.module, function.parent, ast, decorator);
  if (symbol.valid()) symbol = followImports(w, symbol);
  NodeId other = symbol.valid() ? otherName(w, symbol) : NodeId::none();
  if (!other.valid()) return fullNameAt(w, function.module, function.parent, ast, decorator);
  return fullNameAt(w, w.symbols[symbol].module, w.symbols[symbol].scope, *w.modules[w.symbols[symbol].module].ast, other);
}

bool hasDecorator(World& w, FunctionId id, std::string_view fullname) {
  const FunctionInfo& function = w.functions[id];
  if (!function.node.valid()) return false;
  const Ast& ast = *w.modules[function.module].ast;
  if (!ast.is(function.node, NodeKind::kFunctionDef)) return false;
  for (NodeId decorator : ast.as<syntax::FunctionDef>(function.node).decorators()) {
    if (decoratorName(w, function, decorator) == fullname) return true;
  }
  return false;
}

// The flags that a decorator of this name stands for; 0: an ordinary decorator.
static uint32_t flagsOfDecorator(const std::string& name, bool& is_known) {
  is_known = true;
  if (name == "typing.overload" || name == "typing_extensions.overload") return kFnOverload;
  if (name == "builtins.staticmethod") return kFnStatic;
  if (name == "builtins.classmethod") return kFnClass;
  if (name == "builtins.property" || name == "abc.abstractproperty" || name == "enum.property" || name == "types.DynamicClassAttribute") {
    return kFnProperty | (name == "abc.abstractproperty" ? static_cast<uint32_t>(kFnAbstract) : 0);
  }
  if (name == "functools.cached_property") return kFnProperty | kFnCachedProperty;
  if (name == "abc.abstractmethod") return kFnAbstract;
  if (name == "typing.final" || name == "typing_extensions.final") return kFnFinal;
  if (name == "typing.override" || name == "typing_extensions.override") return kFnOverride;
  if (name == "typing.no_type_check") return kFnNoTypeCheck;
  if (name == "typing.type_check_only") return 0;
  if (name == "asyncio.coroutines.coroutine" || name == "types.coroutine") {
    is_known = false;
    return 0;
  }
  is_known = false;
  return 0;
}

static std::string deprecatedText(const Ast& ast, NodeId decorator) {
  auto call = ast.tryAs<syntax::Call>(decorator);
  if (!call || call->args().empty()) return "";
  auto text = syntax::stringValue(ast, call->args()[0]);
  return text ? std::string(*text) : "";
}

// The property of another class of which `@Base.name.setter` (or getter, or deleter) makes a new one; none: another decorator.
static SymbolId propertyBehind(World& w, FunctionId id, NodeId decorator) {
  const FunctionInfo& function = w.functions[id];
  if (!function.owner.valid() || !follows(w.modules[function.module].options, Divergence::kSeparateParts)) return SymbolId::none();
  const Ast& ast = *w.modules[function.module].ast;
  auto accessor = ast.tryAs<syntax::Attribute>(decorator);
  if (!accessor || !ast.is(accessor->value(), NodeKind::kAttribute)) return SymbolId::none();
  NameId attr = syntax::nameOf(ast, accessor->attr());
  if (attr != w.names.setter && attr != w.names.getter && attr != w.names.deleter) return SymbolId::none();
  SymbolId found = lookupDotted(w, function.module, function.parent, ast, accessor->value());
  if (!found.valid() || found == function.symbol || w.resolved(found).kind != SymbolKind::kFunction || !w.symbols[found].owner.valid()) return SymbolId::none();
  std::vector<FunctionId> functions = w.symbols[found].functions;
  if (functions.empty()) return SymbolId::none();
  readDecorators(w, functions[0]);
  return w.functions[functions[0]].has(kFnProperty) && !w.functions[functions[0]].has(kFnCachedProperty) ? found : SymbolId::none();
}

// `@Base.name.setter` above the first function of the symbol: what else the property of the base says. None: it is no such function.
static TypeId inheritedAccessors(World& w, SymbolId id, FunctionId first) {
  NodeId node = w.functions[first].node;
  const Ast& ast = *w.modules[w.functions[first].module].ast;
  if (!node.valid() || !ast.is(node, NodeKind::kFunctionDef)) return TypeId::none();
  for (NodeId decorator : ast.as<syntax::FunctionDef>(node).decorators()) {
    SymbolId base = propertyBehind(w, first, decorator);
    TypeId getter = base.valid() ? w.hooks.symbol_type(w, base) : TypeId::none();
    if (!getter.valid()) continue;
    TypeId mapped = mapToSupertype(w, selfInstanceOf(w, w.functions[first].owner), w.symbols[base].owner);
    if (w.symbols[base].has(kIsSettable)) {
      w.symbols[id].set(kIsSettable);
      TypeId setter = w.symbols[base].setter_type;
      if (setter.valid()) w.symbols[id].setter_type = substituteByInstance(w, setter, mapped);
    }
    return substituteByInstance(w, getter, mapped);
  }
  return TypeId::none();
}

void readDecorators(World& w, FunctionId id) {
  if (w.functions[id].has(kFnFlagsKnown)) return;
  w.functions[id].set(kFnFlagsKnown);
  NodeId node = w.functions[id].node;
  if (!node.valid()) return;
  ModuleId module = w.functions[id].module;
  const Ast& ast = *w.modules[module].ast;
  if (!ast.is(node, NodeKind::kFunctionDef)) {
    w.functions[id].set(kFnLambda);
    return;
  }
  auto def = ast.as<syntax::FunctionDef>(node);
  for (NodeId decorator : def.decorators()) {
    if (auto attribute = ast.tryAs<syntax::Attribute>(decorator)) {
      NameId attr = syntax::nameOf(ast, attribute->attr());
      if (syntax::nameOf(ast, attribute->value()) == w.functions[id].name && ast.is(attribute->value(), NodeKind::kName)) {
        if (attr == w.names.setter) w.functions[id].flags |= kFnSetter;
        if (attr == w.names.deleter) w.functions[id].flags |= kFnDeleter;
        if (attr == w.names.setter || attr == w.names.deleter || attr == w.names.getter) continue;
      } else if (propertyBehind(w, id, decorator).valid()) {
        w.functions[id].flags |= attr == w.names.setter ? kFnSetter : attr == w.names.deleter ? kFnDeleter : kFnProperty;
        continue;
      }
    }
    std::string name = decoratorName(w, w.functions[id], decorator);
    bool is_deprecation = name == "warnings.deprecated" || name == "typing_extensions.deprecated";
    if (is_deprecation && ast.is(decorator, NodeKind::kCall)) {
      w.functions[id].deprecated = deprecatedText(ast, decorator);
      continue;
    }
    if (isTransformName(name)) {
      readTransform(w, module, w.functions[id].parent, ast, decorator, !w.modules[module].is_library);
      continue;
    }
    if (isFieldDecorator(w, w.functions[id], decorator)) continue;
    bool is_known = false;
    w.functions[id].flags |= flagsOfDecorator(name, is_known);
    if (!is_known) w.functions[id].set(kFnDecorated);
  }
  NameId name = w.functions[id].name;
  if (w.functions[id].owner.valid()) {
    if (name == w.names.__new__) w.functions[id].set(kFnStatic);
    if (name == w.names.__init_subclass__ || name == w.names.__class_getitem__) w.functions[id].set(kFnClass);
  }
  if (isTrivialBody(ast, def.body())) w.functions[id].set(kFnTrivialBody);
}

bool isTrivialBody(const Ast& ast, NodeList body) {
  size_t at = syntax::docstringOf(ast, body).valid() ? 1 : 0;
  if (body.size() == at) return true;
  if (body.size() > at + 1) return false;
  NodeId only = body[at];
  if (ast.is(only, NodeKind::kPass)) return true;
  if (auto expr = ast.tryAs<syntax::ExprStmt>(only)) {
    auto constant = ast.tryAs<syntax::Constant>(expr->value());
    return constant && constant->constantKind() == syntax::ConstantKind::kEllipsis;
  }
  if (auto raise = ast.tryAs<syntax::Raise>(only)) {
    NodeId exc = raise->exc();
    if (!exc.valid()) return false;
    if (auto call = ast.tryAs<syntax::Call>(exc)) exc = call->func();
    return syntax::nameText(ast, exc) == "NotImplementedError";
  }
  return false;
}

static bool containsYield(const Ast& ast, NodeId node) {
  switch (ast.kind(node)) {
    case NodeKind::kYield:
    case NodeKind::kYieldFrom: return true;
    case NodeKind::kFunctionDef:
    case NodeKind::kClassDef:
    case NodeKind::kLambda: return false;
    default: break;
  }
  bool found = false;
  syntax::forEachChild(ast, node, [&](NodeId child) { found = found || containsYield(ast, child); });
  return found;
}

static bool isGenerator(const Ast& ast, NodeList body) {
  if (body.empty()) return false;
  TextRange range{ast.range(body.front()).begin, ast.range(body.back()).end};
  if (ast.text(range).find("yield") == std::string_view::npos) return false;
  for (NodeId statement : body) {
    if (containsYield(ast, statement)) return true;
  }
  return false;
}

namespace {

// A signature while it is being built.
struct SignatureBuilder {
  World& w;
  FunctionId id;
  const Ast& ast;
  AnnotationContext context;
  CallableParts parts;
  bool annotated = false;

  void addParameter(NodeId node, bool is_first);
  void checkComponent(NodeId annotation, bool is_star);
  void checkParamSpec();
  void checkKeywordItems();
  TypeId selfParameterType();
};

}  // namespace

// Special methods are called by position: their parameters have no names for callers.
static bool takesPositionsOnly(std::string_view name) {
  if (!name.starts_with("__") || !name.ends_with("__")) return false;
  static constexpr std::string_view kMethods[] = {
      "__abs__",       "__add__",       "__and__",       "__complex__",  "__contains__",
      "__del__",       "__delattr__",   "__delitem__",   "__divmod__",   "__enter__",    "__eq__",       "__exit__",     "__float__",
      "__floordiv__",  "__ge__",        "__getattr__",  "__getattribute__", "__getitem__", "__gt__",
      "__iadd__",      "__iand__",      "__ifloordiv__", "__ilshift__",  "__imatmul__",  "__imod__",     "__imul__",     
      "__int__",       "__invert__",    "__ior__",       "__ipow__",     "__irshift__",  "__isub__",     "__iter__",     "__itruediv__",
      "__ixor__",      "__le__",        "__len__",       "__lshift__",   "__lt__",       "__matmul__",   "__mod__",      "__mul__",
      "__ne__",        "__neg__",       "__or__",       "__pos__",      "__pow__",      "__radd__",     "__rand__",
      "__rdivmod__",   "__repr__",      "__reversed__",  "__rfloordiv__", "__rlshift__", "__rmatmul__",  "__rmod__",     "__rmul__",
      "__ror__",       "__rpow__",      "__rrshift__",  "__rshift__",   "__rsub__",     "__rtruediv__", "__rxor__",
      "__setattr__",   "__setitem__",   "__str__",       "__sub__",      "__truediv__",  "__xor__"};
  for (std::string_view one : kMethods) {
    if (one == name) return true;
  }
  return false;
}

TypeId SignatureBuilder::selfParameterType() {
  const FunctionInfo& function = w.functions[id];
  ClassId cls = function.owner;
  TypeId self = selfTypeOf(w, cls);
  bool is_class = function.has(kFnClass) || function.name == w.names.__new__;
  return is_class ? w.types.typeType(self) : self;
}

// *args takes P.args, **kwargs P.kwargs, and nothing else of P.
void SignatureBuilder::checkComponent(NodeId annotation, bool is_star) {
  auto attribute = ast.tryAs<syntax::Attribute>(annotation);
  if (!attribute) return;
  SymbolId base = lookupDotted(w, context.module, context.scope, ast, attribute->value());
  if (base.valid()) base = followImports(w, base);
  if (!base.valid() || w.resolved(base).kind != SymbolKind::kTypeVar) return;
  const TypeVarInfo& info = w.type_vars[w.symbols[base].type_var];
  if (info.kind != TypeVarKind::kParamSpec || syntax::nameText(ast, attribute->attr()) == (is_star ? "args" : "kwargs")) return;
  fail(context, annotation, Code::kValidType,
       "Use \"" + std::string(w.text(info.name)) + (is_star ? ".args\" for variadic \"*\" parameter" : ".kwargs\" for variadic \"**\" parameter"));
}

// Does the ParamSpec occur other than as P.args and P.kwargs?
static bool mentionsWhole(World& w, TypeId type, TypeVarId spec) {
  const Type& record = w.types[type];
  if (!record.has(kHasTypeVars)) return false;
  if (record.kind == TypeKind::kTypeVar && record.ref == spec.value) return true;
  for (TypeId arg : record.args()) {
    if (mentionsWhole(w, arg, spec)) return true;
  }
  return false;
}

// Has the parameter list a `/`?
static bool hasSlash(const Ast& ast, NodeId parameter) {
  for (NodeId each : ast.as<syntax::Parameters>(ast.parent(parameter)).params()) {
    if (ast.as<syntax::Parameter>(each).parameterKind() == syntax::ParameterKind::kPositionalOnly) return true;
  }
  return false;
}

// P.args and P.kwargs come together, last, and only where P is known from elsewhere.
void SignatureBuilder::checkParamSpec() {
  size_t count = parts.params.size();
  TypeVarId spec;
  size_t star = count, star2 = count;
  for (size_t i = 0; i < count; ++i) {
    if (!isStar(parts.params[i].kind)) continue;
    if (isParamSpec(w, parts.types[i])) spec = TypeVarId(w.types[parts.types[i]].ref);
    (parts.params[i].kind == ParamKind::kStar ? star : star2) = i;
  }
  if (!spec.valid()) return;
  auto isPart = [&](size_t i, TypeVarForm form) {
    return i < count && isParamSpec(w, parts.types[i]) && w.types[parts.types[i]].ref == spec.value &&
           w.types[parts.types[i]].sub == static_cast<uint8_t>(form);
  };
  bool fits = isPart(star, TypeVarForm::kArgs) && isPart(star2, TypeVarForm::kKwargs);
  NodeId node = w.functions[id].node;
  std::string name(w.text(w.type_vars[spec].name));
  if (!fits) {
    fail(context, node, Code::kValidType,
         "ParamSpec must have \"*args\" typed as \"" + name + ".args\" and \"**kwargs\" typed as \"" + name + ".kwargs\"");
  } else if (star2 != star + 1) {
    fail(context, node, Code::kValidType, "Arguments not allowed after ParamSpec.args");
    fits = false;
  } else if (w.type_vars[spec].function_scope == id && w.type_vars[spec].definition.valid()) {
    bool known = false;
    for (size_t i = 0; i < star; ++i) known = known || mentionsWhole(w, parts.types[i], spec);
    if (parts.ret.valid()) known = known || mentionsWhole(w, parts.ret, spec);
    if (!known) fail(context, node, Code::kValidType, "ParamSpec \"" + name + "\" is unbound");
    fits = known;
  }
  if (fits) return;
  for (size_t i : {star, star2}) {
    if (i < count && isParamSpec(w, parts.types[i])) parts.types[i] = w.types.any(AnyKind::kFromError);
  }
}

// **kwargs: Unpack[TD] must not repeat a parameter.
void SignatureBuilder::checkKeywordItems() {
  if (!parts.has(kUnpackKwargs) || parts.types.empty()) return;
  TypeId dict = proper(w, parts.types.back());
  if (!w.types.is(dict, TypeKind::kTypedDict)) return;
  std::string overlap;
  for (const TypedDictItem& item : w.types.typedDictItems(dict)) {
    for (const ParamShape& param : parts.params) {
      if (isStar(param.kind) || param.name != item.name) continue;
      overlap += (overlap.empty() ? "\"" : ", \"") + std::string(w.text(item.name)) + "\"";
    }
  }
  if (!overlap.empty()) {
    fail(context, w.functions[id].node, Code::kMisc, "Overlap between parameter names and ** TypedDict items: " + overlap);
  }
}

// Does the annotation speak of Self outside a metaclass's, static method's or explicitly typed self's reach?
static void checkSelfUse(World& w, FunctionId id, AnnotationContext& c, const CallableParts& parts, bool has_explicit_self) {
  const FunctionInfo& function = w.functions[id];
  NodeId node = function.node;
  if (function.has(kFnStatic) && function.name != w.names.__new__) {
    fail(c, node, Code::kMisc, "Static methods cannot use Self type");
  } else if (isMetaclass(w, function.owner)) {
    fail(c, node, Code::kMisc, "Self type cannot be used in a metaclass");
  } else if (has_explicit_self && !parts.types.empty() && !w.types[parts.types[0]].has(kHasSelf)) {
    fail(c, node, Code::kMisc, "Method cannot have explicit self annotation and Self type");
  } else if (has_explicit_self) {
    fail(c, node, Code::kRedundantSelf, "Redundant \"Self\" annotation for the first method argument");
  }
}

void SignatureBuilder::addParameter(NodeId node, bool is_first) {
  auto param = ast.as<syntax::Parameter>(node);
  const FunctionInfo& function = w.functions[id];
  TypeId type;
  if (param.annotation().valid() && !function.has(kFnNoTypeCheck)) {
    annotated = true;
    bool is_star = param.parameterKind() == syntax::ParameterKind::kVarPositional;
    context.allows_unpack = is_star || param.parameterKind() == syntax::ParameterKind::kVarKeyword;
    context.allows_param_parts = context.allows_unpack;
    context.unpacks_keywords = param.parameterKind() == syntax::ParameterKind::kVarKeyword;
    if (context.allows_unpack) checkComponent(param.annotation(), is_star);
    type = analyzeType(context, param.annotation());
    context.allows_unpack = context.allows_param_parts = context.unpacks_keywords = false;
    if (!type.valid()) type = w.types.any();
  } else if (is_first && function.owner.valid() && (!function.has(kFnStatic) || function.name == w.names.__new__)) {
    type = selfParameterType();
  } else {
    type = w.types.any(AnyKind::kUnannotated);
  }
  bool has_default = param.defaultValue().valid();
  if (has_default && param.annotation().valid() && !function.has(kFnNoTypeCheck) && w.modules[function.module].options.implicit_optional) {
    auto constant = ast.tryAs<syntax::Constant>(param.defaultValue());
    if (constant && constant->constantKind() == syntax::ConstantKind::kNone) {
      TypeId both[] = {type, w.types.none()};
      type = w.types.unionOf(both);
    }
  }
  NameId name = syntax::nameOf(ast, param.name());
  ParamKind kind = ParamKind::kPos;
  switch (param.parameterKind()) {
    case syntax::ParameterKind::kPositionalOnly:
      kind = has_default ? ParamKind::kOpt : ParamKind::kPos;
      name = NameId::none();
      break;
    case syntax::ParameterKind::kPositionalOrKeyword: {
      kind = has_default ? ParamKind::kOpt : ParamKind::kPos;
      std::string_view text = w.text(name);
      // PEP 484: a leading double underscore makes a parameter positional-only, if no ordinary one came before.
      bool dunder = text.starts_with("__") && !text.ends_with("__");
      bool all_before = true;
      if (dunder && follows(w.options, Divergence::kHistoricalPositional) && hasSlash(ast, node)) dunder = false;
      for (size_t i = 0; i < parts.params.size(); ++i) {
        bool is_self = i == 0 && function.owner.valid() && !function.has(kFnStatic);
        if (parts.params[i].name.valid() && !is_self) all_before = false;
      }
      if (dunder && !all_before && follows(w.options, Divergence::kHistoricalPositional)) {
        fail(context, node, Code::kMisc, "Positional-only parameter \"" + std::string(text) + "\" follows a parameter that may be given by keyword");
      }
      if ((dunder && all_before) || takesPositionsOnly(w.text(function.name))) name = NameId::none();
      break;
    }
    case syntax::ParameterKind::kVarPositional:
      kind = ParamKind::kStar;
      type = plainStar(w, type);
      break;
    case syntax::ParameterKind::kKeywordOnly: kind = has_default ? ParamKind::kNamedOpt : ParamKind::kNamed; break;
    case syntax::ParameterKind::kVarKeyword:
      kind = ParamKind::kStar2;
      if (w.types.is(type, TypeKind::kUnpack)) {
        TypeId inner = proper(w, w.types[type].items[0]);
        if (w.types.is(inner, TypeKind::kTypedDict)) {
          type = inner;
          parts.set(kUnpackKwargs);
        } else {
          fail(context, param.annotation(), Code::kMisc, "Unpack item in ** parameter must be a TypedDict");
          type = w.types.any();
        }
      }
      break;
  }
  parts.add(name, kind, type);
}

static NameId shownName(World& w, const FunctionInfo& function) {
  if (!function.owner.valid()) return function.name;
  const ClassInfo& owner = w.classes[function.owner];
  bool is_typed_dict_base = owner.fullname == "typing._TypedDict" || owner.fullname == "typing_extensions._TypedDict" ||
                            owner.fullname == "mypy_extensions._TypedDict";
  std::string owner_name = is_typed_dict_base ? "TypedDict" : std::string(w.text(owner.name));
  return w.name(std::string(w.text(function.name)) + " of " + owner_name);
}

static TypeId wrapReturn(World& w, const FunctionInfo& function, TypeId ret, bool is_generator) {
  if (!function.has(kFnAsync) || is_generator) return ret;
  TypeId any = w.types.any(AnyKind::kSpecialForm);
  TypeId args[] = {any, any, ret};
  return namedType(w, "typing", "Coroutine", args);
}

static bool mentionsSelf(World& w, const CallableParts& parts) {
  for (TypeId type : parts.types) {
    if (w.types[type].has(kHasSelf)) return true;
  }
  return w.types[parts.ret].has(kHasSelf) || (parts.guard.valid() && w.types[parts.guard].has(kHasSelf));
}

TypeId declaredSignature(World& w, FunctionId id) {
  if (w.functions[id].declared == Progress::kDone) return w.functions[id].type;
  if (w.functions[id].declared == Progress::kRunning) return TypeId::none();
  w.functions[id].declared = Progress::kRunning;
  readDecorators(w, id);
  collectFunction(w, id);
  ModuleId module = w.functions[id].module;
  const Ast& ast = *w.modules[module].ast;
  auto def = ast.as<syntax::FunctionDef>(w.functions[id].node);
  ScopeId annotation_scope = w.scopes[w.functions[id].scope].parent;
  SignatureBuilder builder{w, id, ast, AnnotationContext{w, module, annotation_scope, &ast}, {}};
  builder.context.function = id;
  NodeList params = ast.as<syntax::Parameters>(def.params()).params();
  for (size_t i = 0; i < params.size(); ++i) builder.addParameter(params[i], i == 0);
  bool is_generator = isGenerator(ast, def.body());
  if (is_generator) w.functions[id].set(kFnGenerator);
  CallableParts& parts = builder.parts;
  if (def.returns().valid() && !w.functions[id].has(kFnNoTypeCheck)) {
    builder.annotated = true;
    // TypeGuard and TypeIs are results only of functions.
    NodeId returns = def.returns();
    if (auto subscript = ast.tryAs<syntax::Subscript>(returns)) {
      std::string name = fullNameAt(w, module, annotation_scope, ast, subscript->value());
      if (name.ends_with(".TypeGuard") || name.ends_with(".TypeIs")) {
        auto several = ast.tryAs<syntax::Tuple>(subscript->slice());
        if (several) fail(builder.context, returns, Code::kValidType, name.substr(name.rfind('.') + 1) + " must have exactly one type argument");
        parts.guard = several ? w.types.any(AnyKind::kFromError) : analyzeInner(builder.context, subscript->slice());
        parts.set(name.ends_with(".TypeIs") ? kTypeIs : kTypeGuard);
      }
    }
    TypeId ret = parts.guard.valid() ? builtinType(w, "bool") : analyzeType(builder.context, returns);
    if (!ret.valid()) ret = w.types.any();
    parts.ret = wrapReturn(w, w.functions[id], ret, is_generator);
  } else if (builder.annotated && w.functions[id].name == w.names.__init__ && w.functions[id].owner.valid()) {
    parts.ret = w.types.none();
  } else if (!builder.annotated) {
    parts.ret = wrapReturn(w, w.functions[id], w.types.any(AnyKind::kUnannotated), is_generator);
  } else {
    parts.ret = wrapReturn(w, w.functions[id], w.types.any(AnyKind::kUnannotated), is_generator);
  }
  if (!builder.annotated) {
    w.functions[id].set(kFnUnannotated);
    parts.set(kImplicit);
    if (w.functions[id].name == w.names.__init_subclass__ || w.functions[id].name == w.names.__class_getitem__) parts.clear(kImplicit);
  }
  builder.checkParamSpec();
  builder.checkKeywordItems();
  // Self in a signature makes the method generic in the type of self.
  ClassId owner = w.functions[id].owner;
  if (owner.valid() && mentionsSelf(w, parts)) {
    bool has_explicit_self = !params.empty() && ast.as<syntax::Parameter>(params[0]).annotation().valid();
    checkSelfUse(w, id, builder.context, parts, has_explicit_self);
  }
  if (owner.valid() && mentionsSelf(w, parts) && !parts.types.empty()) {
    bool bare = params.empty() || !ast.as<syntax::Parameter>(params[0]).annotation().valid();
    TypeId self_var = typeVarType(w, w.classes[owner].self_var);
    if (bare && (!w.functions[id].has(kFnStatic) || w.functions[id].name == w.names.__new__)) {
      bool is_class = w.functions[id].has(kFnClass) || w.functions[id].name == w.names.__new__;
      parts.types[0] = is_class ? w.types.typeType(self_var) : self_var;
    }
    parts.vars.push_back(self_var);
  }
  if (owner.valid() && !params.empty() && ast.as<syntax::Parameter>(params[0]).annotation().valid()) {
    SymbolId symbol = w.functions[id].symbol;
    if (symbol.valid()) w.symbols[symbol].set(kIsExplicitSelf);
  }
  for (TypeVarId variable : w.functions[id].type_vars) parts.vars.push_back(typeVarType(w, variable));
  parts.name = shownName(w, w.functions[id]);
  parts.definition = id;
  if (w.functions[id].has(kFnAsync)) parts.set(kIsCoroutine);
  TypeId type = w.types.callable(parts);
  w.functions[id].type = type;
  w.functions[id].declared = Progress::kDone;
  return type;
}

static TypeId decoratedType(World& w, FunctionId id) {
  FunctionInfo& function = w.functions[id];
  if (function.declared != Progress::kDone && !function.node.valid()) return function.type;
  readDecorators(w, id);
  if (!w.functions[id].has(kFnDecorated) || w.hooks.infer_decorated == nullptr) return declaredSignature(w, id);
  if (w.functions[id].decorated == Progress::kDone) return w.functions[id].decorated_type;
  if (w.functions[id].decorated == Progress::kRunning) return TypeId::none();
  w.functions[id].decorated = Progress::kRunning;
  TypeId type = w.hooks.infer_decorated(w, id);
  w.functions[id].decorated = type.valid() ? Progress::kDone : Progress::kNot;
  w.functions[id].decorated_type = type;
  return type;
}

static void copyFlags(World& w, SymbolId id, const FunctionInfo& function) {
  Symbol& symbol = w.symbols[id];
  if (function.has(kFnStatic)) symbol.set(kIsStaticMethod);
  if (function.has(kFnClass)) symbol.set(kIsClassMethod);
  if (function.has(kFnAbstract)) symbol.set(kIsAbstract);
  if (function.has(kFnFinal)) symbol.set(kIsFinal);
  if (function.has(kFnDecorated)) symbol.set(kIsDecorated);
}

// Where LiteralString is str, as in mypy's builtins, the overloads of str's methods for it say nothing of their own.
static void dropLiteralStringItems(World& w, SymbolId id) {
  Symbol& symbol = w.symbols[id];
  const Module& module = w.modules[symbol.module];
  if (follows(w.options, Divergence::kLiteralStrings) || symbol.module != w.builtins || symbol.functions.size() < 2) return;
  std::erase_if(symbol.functions, [&](FunctionId function) {
    NodeId node = w.functions[function].node;
    if (!node.valid() || !module.ast->is(node, NodeKind::kFunctionDef)) return false;
    NodeList parameters = module.ast->as<syntax::Parameters>(module.ast->as<syntax::FunctionDef>(node).params()).params();
    if (parameters.empty()) return false;
    NodeId annotation = module.ast->as<syntax::Parameter>(parameters[0]).annotation();
    return annotation.valid() && module.ast->is(annotation, NodeKind::kName) && syntax::nameText(*module.ast, annotation) == "LiteralString";
  });
}

TypeId typeOfFunctionSymbol(World& w, SymbolId id) {
  dropLiteralStringItems(w, id);
  std::vector<FunctionId> functions = w.symbols[id].functions;
  if (functions.empty()) return w.types.any();
  for (FunctionId function : functions) readDecorators(w, function);
  TypeId inherited = inheritedAccessors(w, id, functions[0]);
  const FunctionInfo& first = w.functions[functions[0]];
  if (first.has(kFnProperty) || inherited.valid()) {
    w.symbols[id].set(kIsProperty);
    copyFlags(w, id, first);
    for (FunctionId function : functions) {
      if (!w.functions[function].has(kFnSetter)) continue;
      w.symbols[id].set(kIsSettable);
      TypeId setter = decoratedType(w, function);
      if (setter.valid() && w.types.is(setter, TypeKind::kCallable) && w.types.callable(setter).paramCount() > 1) {
        w.symbols[id].setter_type = w.types.callable(setter).types()[1];
      }
      bool takes_one = setter.valid() && w.types.is(setter, TypeKind::kCallable) && w.types.callable(setter).paramCount() == 2;
      if (!takes_one) w.symbols[id].setter_type = w.types.any();
    }
    if (first.has(kFnCachedProperty)) w.symbols[id].set(kIsSettable);
    return inherited.valid() && !first.has(kFnProperty) ? inherited : decoratedType(w, functions[0]);
  }
  if (first.has(kFnNoTypeCheck) && !follows(w.modules[first.module].options, Divergence::kNoTypeCheckCalls)) return w.types.any(AnyKind::kSpecialForm);
  bool overloads = first.has(kFnOverload) && functions.size() > 1;
  copyFlags(w, id, first);
  if (!overloads) return decoratedType(w, functions[0]);
  w.symbols[id].set(kIsOverloaded);
  std::vector<TypeId> items;
  for (FunctionId function : functions) {
    if (!w.functions[function].has(kFnOverload)) {
      w.symbols[id].implementation = function;
      copyFlags(w, id, w.functions[function]);
      continue;
    }
    copyFlags(w, id, w.functions[function]);
    TypeId item = decoratedType(w, function);
    if (!item.valid()) return item;
    if (w.types.is(item, TypeKind::kCallable)) items.push_back(item);
    if (w.types.is(item, TypeKind::kOverloaded)) items.push_back(w.types[item].items[0]);
  }
  if (items.empty()) return w.types.any();
  return w.types.overloaded(items);
}

}  // namespace krait::declare
