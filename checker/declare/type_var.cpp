// Type variables: TypeVar, ParamSpec and TypeVarTuple calls and PEP 695 type parameters.
#include "checker/declare/annotation_internal.h"
#include "checker/declare/field_transform.h"
#include "checker/declare/scope_expressions.h"
#include "checker/declare/any_rules.h"

namespace krait::declare {

static const char* kindName(TypeVarKind kind) {
  switch (kind) {
    case TypeVarKind::kTypeVar: return "TypeVar";
    case TypeVarKind::kParamSpec: return "ParamSpec";
    case TypeVarKind::kTypeVarTuple: return "TypeVarTuple";
  }
  return "";
}

// Is the keyword argument the constant True?
static bool isTrueConstant(const Ast& ast, NodeId node) {
  auto constant = ast.tryAs<syntax::Constant>(node);
  return constant && constant->constantKind() == syntax::ConstantKind::kTrue;
}

bool resolveTypeVarCall(World& w, SymbolId id, const Ast& ast, NodeId call_node, const std::string& callee) {
  size_t dot = callee.rfind('.');
  std::string_view form = std::string_view(callee).substr(dot + 1);
  std::string_view from = std::string_view(callee).substr(0, dot);
  if (from != "typing" && from != "typing_extensions") return false;
  TypeVarKind kind;
  if (form == "TypeVar") {
    kind = TypeVarKind::kTypeVar;
  } else if (form == "ParamSpec") {
    kind = TypeVarKind::kParamSpec;
  } else if (form == "TypeVarTuple") {
    kind = TypeVarKind::kTypeVarTuple;
  } else {
    return false;
  }
  const Symbol symbol = w.symbols[id];
  NodeId statement = ast.parent(call_node);
  auto call = ast.as<syntax::Call>(call_node);
  if (call.args().empty()) {
    report(w, symbol.module, statement, Code::kMisc, std::string("Too few arguments for ") + kindName(kind) + "()");
    return false;
  }
  auto name = syntax::stringValue(ast, call.args()[0]);
  if (!name) {
    report(w, symbol.module, statement, Code::kMisc, std::string(kindName(kind)) + "() expects a string literal as first argument");
    return false;
  }
  if (*name != w.text(symbol.name)) {
    report(w, symbol.module, statement, Code::kMisc,
           std::string("String argument 1 \"") + std::string(*name) + "\" to " + kindName(kind) + "(...) does not match variable name \"" +
               std::string(w.text(symbol.name)) + "\"");
    return false;
  }
  TypeVarInfo info;
  info.kind = kind;
  info.name = symbol.name;
  info.fullname = enclosingFunction(w, symbol.scope).valid() ? std::string(w.text(symbol.name)) : fullNameOf(w, id);
  info.module = symbol.module;
  info.scope = symbol.scope;
  info.node = call_node;
  bool covariant = false, contravariant = false;
  for (NodeId arg : call.args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (!keyword || !keyword->arg().valid()) continue;
    NameId keyword_name = syntax::nameOf(ast, keyword->arg());
    bool is_variance = keyword_name == w.names.covariant || keyword_name == w.names.contravariant;
    if (kind == TypeVarKind::kTypeVar && is_variance && !boolLiteral(ast, keyword->value())) {
      report(w, symbol.module, statement, Code::kMisc, "TypeVar \"" + std::string(w.text(keyword_name)) + "\" may only be a literal bool");
      return false;
    }
    if (keyword_name == w.names.covariant) covariant = isTrueConstant(ast, keyword->value());
    if (keyword_name == w.names.contravariant) contravariant = isTrueConstant(ast, keyword->value());
    static constexpr std::string_view kKnown[] = {"covariant", "contravariant", "infer_variance", "bound", "default"};
    std::string_view said = w.text(keyword_name);
    if (kind == TypeVarKind::kTypeVar && said == "values") {
      report(w, symbol.module, statement, Code::kMisc, "TypeVar \"values\" argument not supported");
      report(w, symbol.module, statement, Code::kMisc, "Use TypeVar('T', t, ...) instead of TypeVar('T', values=(t, ...))");
      return false;
    }
    if (kind == TypeVarKind::kTypeVar && std::find(std::begin(kKnown), std::end(kKnown), said) == std::end(kKnown)) {
      report(w, symbol.module, statement, Code::kMisc, "Unexpected argument to \"TypeVar()\": \"" + std::string(said) + "\"");
      return false;
    }
    if (keyword_name == w.names.infer_variance && isTrueConstant(ast, keyword->value())) info.variance = Variance::kNotReady;
  }
  if (covariant && contravariant) {
    report(w, symbol.module, statement, Code::kMisc, "TypeVar cannot be both covariant and contravariant");
    return false;
  }
  bool declares = covariant || contravariant;
  if (declares && info.variance == Variance::kNotReady) {
    report(w, symbol.module, statement, Code::kMisc, std::string(kindName(kind)) + " with infer_variance cannot declare a variance");
  }
  bool has_bound = false;
  for (NodeId arg : call.args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    has_bound = has_bound || (keyword && keyword->arg().valid() && syntax::nameOf(ast, keyword->arg()) == w.names.bound);
  }
  if (kind == TypeVarKind::kParamSpec && (declares || has_bound) && !follows(w.options, Divergence::kVariadicVariance)) {
    report(w, symbol.module, statement, Code::kMisc, "The variance and bound arguments to ParamSpec do not have defined semantics yet");
  }
  if (covariant) info.variance = Variance::kCovariant;
  if (contravariant) info.variance = Variance::kContravariant;
  TypeVarId made = w.type_vars.add(std::move(info));
  w.symbols[id].kind = SymbolKind::kTypeVar;
  w.symbols[id].type_var = made;
  return true;
}

// The type that `bound=` or `default=` of a TypeVar names. ref: mypy semanal.get_typevarlike_argument
static TypeId typeArgument(World& w, AnnotationContext& c, const TypeVarInfo& info, NameId name, NodeId node) {
  const Ast& ast = *w.modules[info.module].ast;
  syntax::NodeKind kind = ast.kind(node);
  auto constant = ast.tryAs<syntax::Constant>(node);
  bool is_value = kind == syntax::NodeKind::kCall || kind == syntax::NodeKind::kLambda || kind == syntax::NodeKind::kIfExp;
  if (constant) {
    syntax::ConstantKind form = constant->constantKind();
    is_value = form != syntax::ConstantKind::kStr && form != syntax::ConstantKind::kNone && form != syntax::ConstantKind::kEllipsis;
  }
  TypeId type = is_value ? w.types.any(AnyKind::kFromError) : analyzeType(c, node);
  // What a name means was said where it is looked up.
  bool is_named = kind == syntax::NodeKind::kName || kind == syntax::NodeKind::kAttribute || constant;
  bool is_wrong = is_value || (!is_named && type.valid() && w.types.is(type, TypeKind::kAny) && static_cast<AnyKind>(w.types[type].sub) == AnyKind::kFromError);
  if (is_wrong) report(w, info.module, node, Code::kMisc, "TypeVar \"" + std::string(w.text(name)) + "\" must be a type");
  return type;
}

static TypeId defaultType(World& w, AnnotationContext& c, const TypeVarInfo& info, NodeId node) {
  switch (info.kind) {
    case TypeVarKind::kTypeVar: return typeArgument(w, c, info, w.names.default_, node);
    case TypeVarKind::kParamSpec: {
      TypeId params = analyzeParameters(c, node);
      if (params.valid()) return params;
      report(w, info.module, node, Code::kMisc, "The default argument to ParamSpec must be a list expression, ellipsis, or a ParamSpec");
      return ellipsisParameters(w);
    }
    case TypeVarKind::kTypeVarTuple: {
      c.allows_unpack = true;
      TypeId type = analyzeType(c, node);
      if (w.types.is(type, TypeKind::kUnpack)) {
        TypeId inner = proper(w, w.types[type].items[0]);
        if (w.types.is(inner, TypeKind::kTuple)) return inner;
        return w.types.tuple(std::span<const TypeId>(&type, 1), builtinType(w, "tuple"));
      }
      report(w, info.module, node, Code::kMisc, "The default argument to TypeVarTuple must be an Unpacked tuple");
      return builtinType(w, "tuple", w.types.any());
    }
  }
  return w.types.any();
}

// A default must be what the variable may be.
static void checkDefault(World& w, TypeVarId id) {
  const TypeVarInfo info = w.type_vars[id];
  if (info.kind != TypeVarKind::kTypeVar || !info.default_type.valid()) return;
  TypeId type = proper(w, info.default_type);
  if (w.types.is(type, TypeKind::kAny)) return;
  if (!info.values.empty()) {
    std::vector<TypeId> choices{type};
    if (isPlainTypeVar(w, type)) {
      TypeVarId other(w.types[type].ref);
      choices = valuesOf(w, other);
      if (choices.empty()) choices.push_back(upperBound(w, other));
    }
    for (TypeId choice : choices) {
      bool found = false;
      for (TypeId value : info.values) found = found || relations::isSameType(w, choice, value);
      if (found) continue;
      report(w, info.module, info.node, Code::kMisc, "TypeVar default must be one of the constraint types");
      return;
    }
  } else if (info.bound.valid() && !relations::isSubtype(w, type, info.bound)) {
    report(w, info.module, info.node, Code::kMisc, "TypeVar default must be a subtype of the bound type");
  }
}

static void resolveFromCall(World& w, TypeVarId id, AnnotationContext& c) {
  const TypeVarInfo info = w.type_vars[id];
  const Ast& ast = *c.ast;
  auto call = ast.as<syntax::Call>(info.node);
  std::vector<TypeId> values;
  for (size_t i = 1; i < call.args().size(); ++i) {
    NodeId arg = call.args()[i];
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (!keyword) {
      if (info.kind != TypeVarKind::kTypeVar) {
        report(w, info.module, info.node, Code::kMisc, std::string("Too many positional arguments for \"") + kindName(info.kind) + "\"");
        break;
      }
      if (ast.is(arg, NodeKind::kStarred)) continue;
      TypeId value = analyzeType(c, arg);
      if (value.valid() && w.types[value].has(kHasTypeVars)) {
        report(w, info.module, arg, Code::kMisc, "TypeVar constraint type cannot be parametrized by type variables");
        value = w.types.any();
      }
      values.push_back(value);
      reportUnimported(w, info.module, info.node, "Constraint " + std::to_string(values.size()), value);
      continue;
    }
    if (!keyword->arg().valid()) continue;
    NameId name = syntax::nameOf(ast, keyword->arg());
    if (name == w.names.bound && info.kind == TypeVarKind::kTypeVar) {
      TypeId bound = typeArgument(w, c, info, name, keyword->value());
      if (bound.valid() && w.types[bound].has(kHasTypeVars)) {
        report(w, info.module, keyword->value(), Code::kMisc, "TypeVar bound type cannot be parametrized by type variables");
        bound = w.types.any();
      }
      w.type_vars[id].bound = bound;
      reportUnimported(w, info.module, info.node, "Upper bound of type variable", bound);
    } else if (name == w.names.bound && info.kind == TypeVarKind::kTypeVarTuple) {
      report(w, info.module, info.node, Code::kMisc, "Unexpected keyword argument \"bound\" for \"TypeVarTuple\"");
    } else if (name == w.names.default_) {
      TypeId type = defaultType(w, c, info, keyword->value());
      w.type_vars[id].default_type = type;
    }
  }
  if (values.size() == 1) {
    report(w, info.module, info.node, Code::kMisc, "TypeVar cannot have only a single constraint");
  } else if (!values.empty() && w.type_vars[id].bound.valid()) {
    report(w, info.module, info.node, Code::kMisc, "TypeVar cannot have both values and an upper bound");
  } else {
    w.type_vars[id].values = values;
  }
  checkDefault(w, id);
}

void resolveTypeVar(World& w, TypeVarId id) {
  TypeVarInfo& info = w.type_vars[id];
  if (info.resolved != Progress::kNot || !info.node.valid()) return;
  info.resolved = Progress::kRunning;
  const Ast& ast = *w.modules[info.module].ast;
  AnnotationContext c{w, info.module, info.scope, &ast};
  std::vector<TypeVarId> ignored;
  switch (ast.kind(info.node)) {
    case NodeKind::kCall:
      // A default may refer to other type variables, which are bound where this one is.
      c.collects = &ignored;
      resolveFromCall(w, id, c);
      break;
    case NodeKind::kTypeVar: {
      auto param = ast.as<syntax::TypeVar>(info.node);
      if (param.bound().valid() && !rejectScopeExpression(w, info.module, ast, param.bound(), "as a type variable bound")) {
        if (auto tuple = ast.tryAs<syntax::Tuple>(param.bound())) {
          std::vector<TypeId> values;
          for (NodeId item : tuple->elts()) {
            TypeId value = analyzeType(c, item);
            if (value.valid() && w.types[value].has(kHasTypeVars)) {
              report(w, info.module, item, Code::kMisc, "TypeVar constraint type cannot be parametrized by type variables");
              value = w.types.any();
            }
            values.push_back(value);
          }
          if (values.size() < 2) {
            report(w, info.module, info.node, Code::kMisc, "Type variable must have at least two constrained types");
          } else {
            w.type_vars[id].values = values;
          }
        } else {
          TypeId bound = analyzeType(c, param.bound());
          if (bound.valid() && w.types[bound].has(kHasTypeVars)) {
            report(w, info.module, param.bound(), Code::kMisc, "TypeVar bound type cannot be parametrized by type variables");
            bound = w.types.any();
          }
          w.type_vars[id].bound = bound;
        }
      }
      if (param.defaultValue().valid()) w.type_vars[id].default_type = defaultType(w, c, w.type_vars[id], param.defaultValue());
      checkDefault(w, id);
      break;
    }
    case NodeKind::kParamSpec:
      if (NodeId value = ast.as<syntax::ParamSpec>(info.node).defaultValue(); value.valid()) {
        w.type_vars[id].default_type = defaultType(w, c, w.type_vars[id], value);
      }
      break;
    case NodeKind::kTypeVarTuple:
      if (NodeId value = ast.as<syntax::TypeVarTuple>(info.node).defaultValue(); value.valid()) {
        w.type_vars[id].default_type = defaultType(w, c, w.type_vars[id], value);
      }
      break;
    default: break;
  }
  w.type_vars[id].resolved = Progress::kDone;
}

void addTypeParams(World& w, ModuleId module, ScopeId scope, NodeList params, ClassId cls, FunctionId function, AliasId alias) {
  const Ast& ast = *w.modules[module].ast;
  int32_t index = 0;
  int32_t nested = 0;
  if (function.valid()) {
    for (ScopeId at = w.functions[function].parent; at.valid(); at = w.scopes[at].parent) {
      if (w.scopes[at].kind == ScopeKind::kFunction) nested += static_cast<int32_t>(w.functions[w.scopes[at].function].type_vars.size());
    }
  }
  for (NodeId node : params) {
    NodeId name_node;
    TypeVarInfo info;
    switch (ast.kind(node)) {
      case NodeKind::kTypeVar: name_node = ast.as<syntax::TypeVar>(node).name(); break;
      case NodeKind::kParamSpec:
        name_node = ast.as<syntax::ParamSpec>(node).name();
        info.kind = TypeVarKind::kParamSpec;
        break;
      default:
        name_node = ast.as<syntax::TypeVarTuple>(node).name();
        info.kind = TypeVarKind::kTypeVarTuple;
        break;
    }
    ++index;
    info.name = syntax::nameOf(ast, name_node);
    info.fullname = std::string(w.text(w.modules[module].name)) + "." + std::string(w.text(info.name));
    bool is_inferred = info.kind == TypeVarKind::kTypeVar || follows(w.options, Divergence::kVariadicVariance);
    info.variance = (cls.valid() || alias.valid()) && is_inferred ? Variance::kNotReady : Variance::kInvariant;
    info.raw_id = cls.valid() ? index : -(index + nested);
    info.class_scope = cls;
    info.function_scope = function;
    info.alias_scope = alias;
    info.module = module;
    info.scope = scope;
    info.node = node;
    TypeVarId made = w.type_vars.add(std::move(info));
    Symbol symbol;
    symbol.kind = SymbolKind::kTypeVar;
    symbol.name = syntax::nameOf(ast, name_node);
    symbol.scope = scope;
    symbol.module = module;
    symbol.resolved = Progress::kDone;
    symbol.type_var = made;
    symbol.definitions.push_back({DefinitionKind::kTypeParam, node, name_node});
    NameId name = symbol.name;
    SymbolId id = w.symbols.add(std::move(symbol));
    w.scopes[scope].names.add(name, id);
    if (cls.valid()) w.classes[cls].type_vars.push_back(made);
    if (function.valid()) w.functions[function].type_vars.push_back(made);
    if (alias.valid()) w.aliases[alias].type_vars.push_back(made);
  }
}

}  // namespace krait::declare
