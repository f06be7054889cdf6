#include "analyzer/semantic/binder_context.h"

// Scopes of functions, classes, lambdas, type aliases, type parameters and annotations.
namespace krait::semantic {

namespace {
// What a new function-like scope or class resets and restores.
struct NestedState {
  explicit NestedState(BindContext& c)
      : c(c), conditional(c.in_conditional), target(c.is_iteration_target) {
    c.in_conditional = false;
    c.is_iteration_target = false;
  }
  ~NestedState() {
    c.in_conditional = conditional;
    c.is_iteration_target = target;
  }
  BindContext& c;
  bool conditional;
  bool target;
};
}  // namespace

static NodeList paramsOf(BindContext& c, NodeId params) { return c.ast.as<syntax::Parameters>(params).params(); }

static void bindDefaults(BindContext& c, NodeId params) {
  for (NodeId id : paramsOf(c, params)) {
    NodeId value = c.ast.as<syntax::Parameter>(id).defaultValue();
    if (value.valid()) bindExpression(c, value);
  }
}

// Parameters become symbols in the order of CPython's varnames: positional, keyword-only, *args, **kwargs.
static void bindParameters(BindContext& c, NodeId params) {
  using syntax::ParameterKind;
  auto visit = [&](auto&& wanted) {
    for (NodeId id : paramsOf(c, params)) {
      auto param = c.ast.as<syntax::Parameter>(id);
      if (wanted(param.parameterKind()) && syntax::nameOf(c.ast, param.name()).valid()) {
        define(c, param.name(), id, DefinitionKind::kParameter, kDefParam);
      }
    }
  };
  visit([](ParameterKind k) { return k == ParameterKind::kPositionalOnly || k == ParameterKind::kPositionalOrKeyword; });
  visit([](ParameterKind k) { return k == ParameterKind::kKeywordOnly; });
  visit([](ParameterKind k) { return k == ParameterKind::kVarPositional; });
  visit([](ParameterKind k) { return k == ParameterKind::kVarKeyword; });
  for (NodeId id : paramsOf(c, params)) {
    ParameterKind kind = c.ast.as<syntax::Parameter>(id).parameterKind();
    if (kind == ParameterKind::kVarPositional) c.current().flags |= kVarArgs;
    if (kind == ParameterKind::kVarKeyword) c.current().flags |= kVarKeywords;
  }
}

static void enterTypeParams(BindContext& c, NodeId node, NameId name) {
  bool in_class = c.current().kind == ScopeKind::kClass;
  enterScope(c, ScopeKind::kTypeParameters, node, name, in_class ? kSeesClass : 0);
  if (in_class) addSymbol(c, c.special.classdict, kUsed);
}

static void bindTypeParamPart(BindContext& c, NodeId param, NodeId part, NameId name) {
  if (!part.valid()) return;
  bool sees_class = c.current().has(kSeesClass);
  NestedState state(c);
  enterScope(c, ScopeKind::kTypeVariable, param, name, sees_class ? kSeesClass : 0);
  if (sees_class) addSymbol(c, c.special.classdict, kUsed);
  bindExpression(c, part);
  leaveScope(c);
}

static void bindTypeParams(BindContext& c, NodeList params) {
  for (NodeId id : params) {
    NodeId name_node = c.ast.child(id, 0);
    NameId name = syntax::nameOf(c.ast, name_node);
    // The scopes of bound and default hang off the parameter; its own name is the definition.
    if (c.mangled_scope == c.scope) c.mangled_type_params.push_back(name);
    define(c, name_node, id, DefinitionKind::kTypeParam, kTypeParam | kDefLocal);
    if (auto type_var = c.ast.tryAs<syntax::TypeVar>(id)) {
      bindTypeParamPart(c, id, type_var->bound(), name);
      bindTypeParamPart(c, id, type_var->defaultValue(), name);
    } else {
      bindTypeParamPart(c, id, c.ast.child(id, 1), name);
    }
  }
}

static void bindParameterAnnotations(BindContext& c, NodeId params) {
  using syntax::ParameterKind;
  auto visit = [&](auto&& wanted) {
    for (NodeId id : paramsOf(c, params)) {
      auto param = c.ast.as<syntax::Parameter>(id);
      if (param.annotation().valid() && wanted(param.parameterKind())) bindExpression(c, param.annotation());
    }
  };
  visit([](ParameterKind k) { return k <= ParameterKind::kVarPositional; });
  visit([](ParameterKind k) { return k == ParameterKind::kVarKeyword; });
  visit([](ParameterKind k) { return k == ParameterKind::kKeywordOnly; });
}

static bool hasAnnotations(BindContext& c, NodeId params, NodeId returns) {
  if (returns.valid()) return true;
  for (NodeId id : paramsOf(c, params)) {
    if (c.ast.as<syntax::Parameter>(id).annotation().valid()) return true;
  }
  return false;
}

// The scope of a function's annotations; none when it has no annotation.
static ScopeId bindFunctionAnnotations(BindContext& c, NodeId node, NodeId params, NodeId returns) {
  bool sees_class = c.current().has(kSeesClass) || c.current().kind == ScopeKind::kClass;
  if (!hasAnnotations(c, params, returns)) {
    if (c.current().kind == ScopeKind::kClass) c.current().flags |= kNeedsClassDict;
    return ScopeId::none();
  }
  NestedState state(c);
  uint32_t flags = sees_class ? kSeesClass : 0;
  if (c.builder.model.hasFutureAnnotations()) flags |= kDetached;
  ScopeId scope = enterScope(c, ScopeKind::kAnnotations, node, c.special.annotate, flags);
  if (sees_class) addSymbol(c, c.special.classdict, kUsed);
  bindParameterAnnotations(c, params);
  if (returns.valid()) bindExpression(c, returns);
  leaveScope(c);
  return scope;
}

static bool hasKeywordOnlyDefault(BindContext& c, NodeId params) {
  for (NodeId id : paramsOf(c, params)) {
    auto param = c.ast.as<syntax::Parameter>(id);
    if (param.defaultValue().valid() && param.parameterKind() == syntax::ParameterKind::kKeywordOnly) return true;
  }
  return false;
}

void bindFunction(BindContext& c, NodeId node) {
  auto function = c.ast.as<syntax::FunctionDef>(node);
  NameId name = syntax::nameOf(c.ast, function.name());
  define(c, function.name(), node, DefinitionKind::kFunction);
  bindDefaults(c, function.params());
  bindExpressions(c, function.decorators());
  NestedState state(c);
  bool is_generic = !function.typeParams().empty();
  if (is_generic) {
    enterTypeParams(c, node, name);
    // The tuple of defaults comes in as a parameter even when it is empty; the keyword-only ones only when there are any.
    addSymbol(c, c.special.defaults, kDefParam);
    if (hasKeywordOnlyDefault(c, function.params())) addSymbol(c, c.special.kwdefaults, kDefParam);
    bindTypeParams(c, function.typeParams());
  }
  ScopeId annotations = bindFunctionAnnotations(c, node, function.params(), function.returns());
  ScopeId scope = enterScope(c, ScopeKind::kFunction, node, name, function.isAsync() ? kCoroutine : 0);
  c.builder.setEntity(node, scope.value);
  c.current().own_annotations = annotations;
  if (annotations.valid()) c.current().flags |= kAnnotated;
  if (syntax::docstringOf(c.ast, function.body()).valid()) c.current().flags |= kHasDocstring;
  bindParameters(c, function.params());
  bindStatements(c, function.body());
  leaveScope(c);
  if (is_generic) leaveScope(c);
}

void bindLambda(BindContext& c, NodeId node) {
  auto lambda = c.ast.as<syntax::Lambda>(node);
  bindDefaults(c, lambda.params());
  NestedState state(c);
  ScopeId scope = enterScope(c, ScopeKind::kLambda, node, c.special.lambda);
  c.builder.setEntity(node, scope.value);
  bindParameters(c, lambda.params());
  bindExpression(c, lambda.body());
  leaveScope(c);
}

static void bindClassArguments(BindContext& c, NodeList args) {
  for (NodeId arg : args) {
    if (!c.ast.is(arg, NodeKind::kKeyword)) bindExpression(c, arg);
  }
  for (NodeId arg : args) {
    if (c.ast.is(arg, NodeKind::kKeyword)) bindExpression(c, c.ast.as<syntax::Keyword>(arg).value());
  }
}

void bindClass(BindContext& c, NodeId node) {
  auto cls = c.ast.as<syntax::ClassDef>(node);
  NameId name = syntax::nameOf(c.ast, cls.name());
  define(c, cls.name(), node, DefinitionKind::kClass);
  bindExpressions(c, cls.decorators());
  NestedState state(c);
  NameId outer_private = c.private_class;
  ScopeId outer_mangled_scope = c.mangled_scope;
  std::vector<NameId> outer_params;
  bool is_generic = !cls.typeParams().empty();
  if (is_generic) {
    enterTypeParams(c, node, name);
    c.private_class = name;
    outer_params.swap(c.mangled_type_params);
    c.mangled_scope = c.scope;
    addSymbol(c, c.special.dot_type_params, kDefLocal | kUsed);
    addSymbol(c, c.special.generic_base, kDefLocal | kUsed);
    bindTypeParams(c, cls.typeParams());
  }
  bindClassArguments(c, cls.args());
  ScopeId scope = enterScope(c, ScopeKind::kClass, node, name);
  c.builder.setEntity(node, scope.value);
  c.private_class = name;
  if (is_generic) {
    addSymbol(c, c.special.type_params, kDefLocal);
    addSymbol(c, c.special.dot_type_params, kUsed);
  }
  if (syntax::docstringOf(c.ast, cls.body()).valid()) c.current().flags |= kHasDocstring;
  bindStatements(c, cls.body());
  leaveScope(c);
  if (is_generic) {
    leaveScope(c);
    c.mangled_type_params.swap(outer_params);
    c.mangled_scope = outer_mangled_scope;
  }
  c.private_class = outer_private;
}

void bindTypeAlias(BindContext& c, NodeId node) {
  auto alias = c.ast.as<syntax::TypeAlias>(node);
  NameId name = syntax::nameOf(c.ast, alias.name());
  define(c, alias.name(), node, DefinitionKind::kTypeAlias);
  NestedState state(c);
  bool in_class = c.current().kind == ScopeKind::kClass;
  bool is_generic = !alias.typeParams().empty();
  if (is_generic) {
    enterTypeParams(c, node, name);
    bindTypeParams(c, alias.typeParams());
  }
  ScopeId scope = enterScope(c, ScopeKind::kTypeAlias, node, name, in_class ? kSeesClass : 0);
  c.builder.setEntity(node, scope.value);
  if (in_class) addSymbol(c, c.special.classdict, kUsed);
  bindExpression(c, alias.value());
  leaveScope(c);
  if (is_generic) leaveScope(c);
}

void bindVariableAnnotation(BindContext& c, NodeId annotation) {
  ScopeKind kind = c.current().kind;
  bool is_frame = kind == ScopeKind::kClass || kind == ScopeKind::kModule;
  // A module keeps the set of annotations that ran in any case: it can be read while it still executes.
  bool may_be_skipped = kind == ScopeKind::kModule || (kind == ScopeKind::kClass && c.in_conditional);
  if (may_be_skipped && !c.current().has(kConditionalAnnotations)) {
    c.current().flags |= kConditionalAnnotations;
    addSymbol(c, c.special.conditional_annotations, kUsed);
  }
  NestedState state(c);
  ScopeId outer = c.scope;
  if (c.current().annotations.isNone()) {
    bool is_postponed = c.builder.model.hasFutureAnnotations();
    uint32_t flags = kind == ScopeKind::kClass ? kSeesClass : 0;
    // Annotations of a function's variables are never evaluated.
    if (is_postponed || !is_frame) flags |= kDetached;
    ScopeId scope = enterScope(c, ScopeKind::kAnnotations, annotation, c.special.annotate, flags);
    c.at(outer).annotations = scope;
    if (kind == ScopeKind::kClass && !is_postponed) addSymbol(c, c.special.classdict, kUsed);
  } else {
    c.scope = c.current().annotations;
  }
  bindExpression(c, annotation);
  c.scope = outer;
}

}  // namespace krait::semantic
