// Lambdas: their parameters from the callable that is wanted, their result from the body.
// ref: mypy checkexpr.visit_lambda_expr, infer_lambda_type_using_context
#include "checker/infer/infer.h"

namespace krait::infer {

static ParamKind kindOf(const syntax::Parameter& param) {
  bool has_default = param.defaultValue().valid();
  switch (param.parameterKind()) {
    case syntax::ParameterKind::kVarPositional: return ParamKind::kStar;
    case syntax::ParameterKind::kVarKeyword: return ParamKind::kStar2;
    case syntax::ParameterKind::kKeywordOnly: return has_default ? ParamKind::kNamedOpt : ParamKind::kNamed;
    default: return has_default ? ParamKind::kOpt : ParamKind::kPos;
  }
}

// Are the lambda's parameters of the kinds that the wanted callable has? Stars fit any; so does what has no parameters yet.
static bool hasParametersOf(Checker& c, TypeId wanted, const CallableParts& parts, NodeList params) {
  if (parts.has(kEllipsisArgs) || paramSpecOf(c.w, wanted).valid()) return true;
  bool is_same = params.size() == parts.params.size();
  for (size_t i = 0; i < params.size(); ++i) {
    ParamKind kind = kindOf(c.ast->as<syntax::Parameter>(params[i]));
    if (kind == ParamKind::kStar || kind == ParamKind::kStar2) return true;
    is_same = is_same && kind == parts.params[i].kind;
  }
  return is_same;
}

TypeId calledLambdaContext(Checker& c, NodeId node, const CallSite& site) {
  World& w = c.w;
  CallableParts parts;
  for (NodeId each : c.ast->as<syntax::Parameters>(c.ast->as<syntax::Lambda>(node).params()).params()) {
    auto param = c.ast->as<syntax::Parameter>(each);
    parts.add(syntax::nameOf(*c.ast, param.name()), kindOf(param), w.types.any());
    if (isStar(kindOf(param))) return TypeId::none();
  }
  parts.ret = objectType(w);
  std::vector<TypeId> given(site.args.size(), w.types.any());
  for (size_t i = 0; i < given.size(); ++i) {
    if (site.args[i].node.valid()) given[i] = inferExpr(c, site.args[i].node);
  }
  ArgumentMap map = mapArguments(c, site, given, w.types.callable(parts));
  for (size_t i = 0; i < map.size(); ++i) {
    std::vector<TypeId> types;
    for (size_t ai : map[i]) types.push_back(given[ai]);
    parts.types[i] = types.empty() ? w.types.any(AnyKind::kUnannotated) : joinAll(w, types);
  }
  return w.types.callable(parts);
}

TypeId inferLambda(Checker& c, NodeId node, TypeId context) {
  World& w = c.w;
  auto lambda = c.ast->as<syntax::Lambda>(node);
  // The callable that is wanted.
  TypeId wanted;
  if (context.valid()) {
    std::vector<TypeId> callables;
    for (TypeId item : unionItems(w, context)) {
      if (w.types.is(item, TypeKind::kInstance)) {
        TypeId call = findMemberType(w, w.names.__call__, item, item);
        if (call.valid() && w.header(w.types[item].cls()).has(kClassProtocol)) item = proper(w, call);
      }
      if (w.types.is(item, TypeKind::kCallable)) callables.push_back(item);
    }
    if (callables.size() == 1) wanted = callables[0];
  }
  auto& functions = w.modules[c.module].functions;
  FunctionId function;
  auto found = functions.find(node.value);
  if (found == functions.end() || w.functions[found->second].parent != c.scope) {
    FunctionInfo info;
    info.module = c.module;
    info.node = node;
    info.parent = c.scope;
    info.set(kFnLambda);
    info.declared = info.decorated = info.checked = Progress::kDone;
    function = w.functions.add(std::move(info));
    functions[node.value] = function;
    collectFunction(w, function);
  } else {
    function = found->second;
  }
  ScopeId scope = w.functions[function].scope;
  NodeList params = c.ast->as<syntax::Parameters>(lambda.params()).params();
  CallableParts parts;
  CallableParts wanted_parts;
  bool usable = wanted.valid();
  if (usable) wanted_parts = w.types.parts(wanted);
  bool keeps_order = !follows(*c.options, Divergence::kLambdaContext);
  bool is_checked = keeps_order && usable && !isDynamic(c);
  if (is_checked && !hasParametersOf(c, wanted, wanted_parts, params)) {
    fail(c, node, Code::kMisc, "Cannot infer type of lambda");
    usable = is_checked = false;
  }
  bool ellipsis = usable && (wanted_parts.has(kEllipsisArgs) || paramSpecOf(w, wanted).valid());
  bool is_variadic = false;
  for (NodeId each : params) is_variadic = is_variadic || isStar(kindOf(c.ast->as<syntax::Parameter>(each)));
  // With stars it is what is wanted, and its parameters may be anything.
  bool takes_types = usable && !ellipsis && !(keeps_order && is_variadic);
  for (size_t i = 0; i < params.size(); ++i) {
    auto param = c.ast->as<syntax::Parameter>(params[i]);
    TypeId type = w.types.any(AnyKind::kUnannotated);
    ParamKind kind = kindOf(param);
    bool has_default = param.defaultValue().valid();
    if (takes_types && keeps_order && !isPositional(kind) && i < wanted_parts.types.size()) type = wanted_parts.types[i];
    if (takes_types && isPositional(kind) && i < wanted_parts.params.size() && isPositional(wanted_parts.params[i].kind)) type = wanted_parts.types[i];
    if (!keeps_order && usable && kind == ParamKind::kStar && i < wanted_parts.params.size() && wanted_parts.params[i].kind == ParamKind::kStar && !w.types.is(wanted_parts.types[i], TypeKind::kUnpack)) type = wanted_parts.types[i];
    if (has_default) {
      inferExpr(c, param.defaultValue());
      if (w.types.is(type, TypeKind::kAny)) type = w.types.any(AnyKind::kUnannotated);
    }
    NameId name = syntax::nameOf(*c.ast, param.name());
    parts.add(name, kind, type);
    SymbolId symbol = w.scopes[scope].names.find(name);
    if (symbol.valid()) {
      TypeId inside = type;
      if (has_default && w.types.is(type, TypeKind::kAny) && follows(*c.options, Divergence::kParameterDefaults)) {
        TypeId told = typeOfDefault(c, param.defaultValue());
        if (told.valid()) inside = told;
      }
      if (kind == ParamKind::kStar) inside = builtinType(w, "tuple", type);
      if (kind == ParamKind::kStar2) {
        TypeId args[] = {builtinType(w, "str"), type};
        inside = builtinType(w, "dict", args);
      }
      w.symbols[symbol].type = inside;
      w.symbols[symbol].typed = Progress::kDone;
    }
  }
  TypeId ret_context;
  if (usable && w.types.is(wanted, TypeKind::kCallable)) ret_context = wanted_parts.ret;
  if (ret_context.valid() && (w.types.is(proper(w, ret_context), TypeKind::kAny) || w.types[ret_context].has(kHasErased))) ret_context = TypeId::none();
  if (ret_context.valid() && w.types.is(proper(w, ret_context), TypeKind::kNone)) ret_context = TypeId::none();
  ScopeId outer = c.scope;
  FunctionState outer_function = c.function;
  c.scope = scope;
  c.function.is_lambda = true;
  TypeId ret;
  {
    FrameScope frame(*c.binder, {.can_skip = true, .fall_through = 0});
    ret = inferDiscarded(c, lambda.body());
    if (ret_context.valid()) {
      c.allows_none = true;
      ret = inferExpr(c, lambda.body(), ret_context);
      c.allows_none = false;
    }
    if (ret_context.valid() && is_checked && !is_variadic && !w.types.is(proper(w, ret), TypeKind::kAny)) {
      checkSubtype(c, ret, ret_context, lambda.body(), "Incompatible return value type", "got", "expected", Code::kReturnValue);
    }
  }
  c.scope = outer;
  c.function = outer_function;
  if (keeps_order && usable && is_variadic && !ellipsis) parts = wanted_parts;
  // Where a generic function is wanted it is one.
  else if (takes_types) parts.vars = wanted_parts.vars;
  parts.ret = ret;
  parts.name = NameId::none();
  return w.types.callable(parts);
}

}  // namespace krait::infer
