// Lambdas: parameters get their types from the expected callable; the body gives the result.
#include "checker/infer/forms.h"

namespace krait::infer {

static TypeId eraseMeta(World& w, TypeId type, void*) {
  const Type& record = w.types[type];
  if (!record.has(kHasMetaVars)) return type;
  return record.kind == TypeKind::kTypeVar ? w.types.erased() : TypeId::none();
}

static FunctionId functionOf(Context& c, NodeId node) {
  World& w = c.w;
  auto found = w.modules[c.module].functions.find(node.value);
  if (found != w.modules[c.module].functions.end()) return found->second;
  FunctionInfo info;
  info.name = w.name("<lambda>");
  info.module = c.module;
  info.node = node;
  info.parent = c.scope;
  info.set(kFnLambda);
  FunctionId id = w.functions.add(std::move(info));
  w.modules[c.module].functions[node.value] = id;
  declare::collectFunction(w, id);
  return id;
}

static ParamKind kindOf(syntax::Parameter param) {
  bool has_default = param.defaultValue().valid();
  switch (param.parameterKind()) {
    case syntax::ParameterKind::kVarPositional: return ParamKind::kStar;
    case syntax::ParameterKind::kVarKeyword: return ParamKind::kStar2;
    case syntax::ParameterKind::kKeywordOnly: return has_default ? ParamKind::kNamedOpt : ParamKind::kNamed;
    default: return has_default ? ParamKind::kOpt : ParamKind::kPos;
  }
}

// The expected callable with its parameters in the lambda's form; none: there is none that fits.
static bool contextCallable(Context& c, NodeId node, TypeId expected, const CallableParts& own, CallableParts& context) {
  World& w = c.w;
  if (!expected.valid()) return false;
  TypeId wanted = proper(w, expected);
  if (w.types.is(wanted, TypeKind::kUnion)) {
    std::vector<TypeId> callables;
    for (TypeId item : unionItems(w, wanted)) {
      if (w.types.is(proper(w, item), TypeKind::kCallable)) callables.push_back(proper(w, item));
    }
    if (callables.size() == 1) wanted = callables[0];
  }
  if (w.types.is(wanted, TypeKind::kInstance) && w.header(w.types[wanted].cls()).has(kClassProtocol)) {
    TypeId call = findMemberType(w, w.names.__call__, wanted, wanted);
    if (call.valid()) wanted = proper(w, call);
  }
  if (!w.types.is(wanted, TypeKind::kCallable)) return false;
  bool open = w.types.callable(wanted).has(kEllipsisArgs) || paramSpecOf(w, wanted).valid();
  TypeId erased = mapTypes(w, wanted, &eraseMeta, nullptr);
  if (!w.types.is(erased, TypeKind::kCallable)) return false;
  context = w.types.parts(erased);
  if (context.guard.valid()) {
    context.guard = TypeId::none();
    context.clear(kTypeGuard);
    context.clear(kTypeIs);
    context.ret = builtinType(w, "bool");
  }
  if (open || context.has(kEllipsisArgs)) {
    context.params = own.params;
    context.types.assign(own.params.size(), w.types.any(AnyKind::kSpecialForm));
    context.clear(kEllipsisArgs);
    return true;
  }
  bool has_star = false;
  for (const ParamShape& param : own.params) has_star = has_star || isStar(param.kind);
  if (has_star) {
    // The parameters keep the types that are written: none.
    context.params = own.params;
    context.types = own.types;
    return true;
  }
  bool same = context.params.size() == own.params.size();
  for (size_t i = 0; same && i < own.params.size(); ++i) {
    ParamKind a = context.params[i].kind, b = own.params[i].kind;
    same = a == b;
  }
  if (!same) {
    // Optional parameters of the lambda take required ones of the context.
    same = context.params.size() <= own.params.size();
    for (size_t i = 0; same && i < own.params.size(); ++i) {
      if (i < context.params.size()) {
        same = isPositional(context.params[i].kind) && isPositional(own.params[i].kind) &&
               !(context.params[i].kind == ParamKind::kOpt && own.params[i].kind == ParamKind::kPos);
      } else {
        same = !isRequired(own.params[i].kind);
      }
    }
    if (!same || context.params.size() != own.params.size()) {
      fail(c, node, Code::kMisc, "Cannot infer type of lambda");
      return false;
    }
  }
  context.params = own.params;
  context.vars.clear();
  return true;
}

TypeId inferLambda(Context& c, NodeId node, TypeId expected) {
  World& w = c.w;
  auto lambda = c.ast->as<syntax::Lambda>(node);
  FunctionId function = functionOf(c, node);
  CallableParts own;
  std::vector<SymbolId> symbols;
  for (NodeId param : c.ast->as<syntax::Parameters>(lambda.params()).params()) {
    auto view = c.ast->as<syntax::Parameter>(param);
    NameId name = syntax::nameOf(*c.ast, view.name());
    symbols.push_back(w.scopes[w.functions[function].scope].names.find(name));
    bool positional_only = view.parameterKind() == syntax::ParameterKind::kPositionalOnly;
    own.add(positional_only ? NameId::none() : name, kindOf(view), w.types.any(AnyKind::kUnannotated));
    if (view.defaultValue().valid()) inferExpr(c, view.defaultValue());
  }
  own.name = w.name("<lambda>");
  own.definition = function;
  own.set(kImplicit);
  CallableParts parts = own;
  CallableParts context;
  bool has_context = contextCallable(c, node, expected, own, context);
  if (has_context) {
    parts.types = context.types;
    parts.params = context.params;
  }
  for (size_t i = 0; i < symbols.size() && i < parts.types.size(); ++i) {
    if (!symbols[i].valid()) continue;
    TypeId type = parts.types[i];
    if (parts.params[i].kind == ParamKind::kStar) type = builtinType(w, "tuple", type);
    if (parts.params[i].kind == ParamKind::kStar2) {
      TypeId args[] = {builtinType(w, "str"), type};
      type = builtinType(w, "dict", args);
    }
    Symbol& symbol = w.symbols[symbols[i]];
    symbol.type = type;
    symbol.typed = symbol.resolved = Progress::kDone;
    symbol.kind = SymbolKind::kVariable;
    c.frames->forget(c.frames->keyOfSymbol(symbols[i]));
  }
  ScopeId outer_scope = c.scope;
  FunctionId outer_function = c.function;
  TypeId outer_return = c.return_type;
  c.scope = w.functions[function].scope;
  c.return_type = has_context ? context.ret : w.types.any(AnyKind::kSpecialForm);
  c.return_types.push_back(c.return_type);
  bool was_lambda = c.in_lambda;
  c.in_lambda = true;
  TypeId ret;
  {
    narrow::FrameScope frame(*c.frames, {.can_skip = true, .fall_through = 0});
    TypeId wanted = has_context ? context.ret : TypeId::none();
    ret = inferExpr(c, lambda.body(), wanted, {.allow_none_return = true});
    if (has_context && !isNone(w, proper(w, wanted)) && !isAny(w, proper(w, ret))) {
      if (!isSubtype(w, ret, wanted)) {
        auto [got, need] = formatTwo(w, ret, wanted);
        fail(c, lambda.body(), Code::kReturnValue, "Incompatible return value type (got " + got + ", expected " + need + ")");
      }
    }
  }
  c.in_lambda = was_lambda;
  c.return_types.pop_back();
  c.scope = outer_scope;
  c.function = outer_function;
  c.return_type = outer_return;
  parts.ret = ret;
  parts.guard = TypeId::none();
  return w.types.callable(parts);
}

}  // namespace krait::infer
