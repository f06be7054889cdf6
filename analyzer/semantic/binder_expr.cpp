#include "analyzer/semantic/binder_context.h"

namespace krait::semantic {

void bindExpressions(BindContext& c, NodeList nodes) {
  for (NodeId node : nodes) bindExpression(c, node);
}

static void bindNameUse(BindContext& c, NodeId node) {
  NameId name = c.ast.as<syntax::Name>(node).name();
  SymbolId symbol = addSymbol(c, name, kUsed);
  c.builder.setEntity(node, symbol.value);
  c.builder.references().push_back({node, symbol});
  // `super` counts as a use of __class__, so that the zero-argument form finds it.
  if (name == c.special.super && isFunctionLike(c.current().kind)) addSymbol(c, c.special.dunder_class, kUsed);
}

static void bindCall(BindContext& c, NodeId node) {
  auto call = c.ast.as<syntax::Call>(node);
  bindExpression(c, call.func());
  if (c.ast.is(call.func(), NodeKind::kName)) {
    NameId name = c.ast.as<syntax::Name>(call.func()).name();
    if (name == c.special.locals) c.current().flags |= kUsesLocals;
  }
  for (NodeId arg : call.args()) {
    if (!c.ast.is(arg, NodeKind::kKeyword)) bindExpression(c, arg);
  }
  for (NodeId arg : call.args()) {
    if (c.ast.is(arg, NodeKind::kKeyword)) bindExpression(c, c.ast.as<syntax::Keyword>(arg).value());
  }
}

static void bindDict(BindContext& c, NodeId node) {
  auto dict = c.ast.as<syntax::Dict>(node);
  for (NodeId key : dict.keys()) {
    if (key.valid()) bindExpression(c, key);
  }
  bindExpressions(c, dict.values());
}

void bindExpression(BindContext& c, NodeId node) {
  switch (c.ast.kind(node)) {
    case NodeKind::kName: return bindNameUse(c, node);
    case NodeKind::kConstant:
      // A type in quotes mentions its names here.
      if (c.quoted != nullptr) {
        NodeId type = c.quoted->typeOf(node);
        if (type.valid()) bindExpression(c, type);
      }
      return;
    case NodeKind::kAttribute: return bindExpression(c, c.ast.as<syntax::Attribute>(node).value());
    case NodeKind::kCall: return bindCall(c, node);
    case NodeKind::kDict: return bindDict(c, node);
    case NodeKind::kLambda: return bindLambda(c, node);
    case NodeKind::kListComp:
    case NodeKind::kSetComp:
    case NodeKind::kDictComp:
    case NodeKind::kGeneratorExp: return bindComprehension(c, node);
    case NodeKind::kNamedExpr: return bindNamedExpr(c, node);
    case NodeKind::kIfExp: {
      auto if_exp = c.ast.as<syntax::IfExp>(node);
      bindExpression(c, if_exp.test());
      bindExpression(c, if_exp.body());
      return bindExpression(c, if_exp.orelse());
    }
    case NodeKind::kYield:
    case NodeKind::kYieldFrom:
      syntax::forEachChild(c.ast, node, [&](NodeId child) { bindExpression(c, child); });
      c.current().flags |= kGeneratorCode;
      return;
    case NodeKind::kAwait:
      bindExpression(c, c.ast.as<syntax::Await>(node).value());
      c.current().flags |= kCoroutine;
      return;
    case NodeKind::kIdentifier: return;
    default:
      if (syntax::isStatement(c.ast, node)) return bindStatement(c, node);
      syntax::forEachChild(c.ast, node, [&](NodeId child) { bindExpression(c, child); });
  }
}

void bindTarget(BindContext& c, NodeId node, NodeId owner, DefinitionKind kind) {
  switch (c.ast.kind(node)) {
    case NodeKind::kName:
      define(c, node, owner, kind);
      return;
    case NodeKind::kTuple:
      for (NodeId element : c.ast.as<syntax::Tuple>(node).elts()) bindTarget(c, element, owner, kind);
      return;
    case NodeKind::kList:
      for (NodeId element : c.ast.as<syntax::List>(node).elts()) bindTarget(c, element, owner, kind);
      return;
    case NodeKind::kStarred: return bindTarget(c, c.ast.as<syntax::Starred>(node).value(), owner, kind);
    case NodeKind::kAttribute:
    case NodeKind::kSubscript: {
      bool before = c.is_iteration_target;
      bindExpression(c, node);
      c.is_iteration_target = before;
      return;
    }
    default: return bindExpression(c, node);
  }
}

void bindPattern(BindContext& c, NodeId node) {
  switch (c.ast.kind(node)) {
    case NodeKind::kMatchStar: {
      NodeId name = c.ast.as<syntax::MatchStar>(node).name();
      if (name.valid()) define(c, name, node, DefinitionKind::kPattern);
      return;
    }
    case NodeKind::kMatchMapping: {
      auto mapping = c.ast.as<syntax::MatchMapping>(node);
      bindExpressions(c, mapping.keys());
      for (NodeId pattern : mapping.patterns()) bindPattern(c, pattern);
      if (mapping.rest().valid()) define(c, mapping.rest(), node, DefinitionKind::kPattern);
      return;
    }
    case NodeKind::kMatchClass: {
      auto match_class = c.ast.as<syntax::MatchClass>(node);
      bindExpression(c, match_class.cls());
      for (NodeId pattern : match_class.patterns()) bindPattern(c, pattern);
      for (NodeId pattern : match_class.kwdPatterns()) bindPattern(c, pattern);
      return;
    }
    case NodeKind::kMatchAs: {
      auto match_as = c.ast.as<syntax::MatchAs>(node);
      if (match_as.pattern().valid()) bindPattern(c, match_as.pattern());
      if (match_as.name().valid()) define(c, match_as.name(), node, DefinitionKind::kPattern);
      return;
    }
    case NodeKind::kMatchSequence:
    case NodeKind::kMatchOr:
      syntax::forEachChild(c.ast, node, [&](NodeId child) { bindPattern(c, child); });
      return;
    case NodeKind::kMatchSingleton: return;
    case NodeKind::kMatchValue: return bindExpression(c, c.ast.as<syntax::MatchValue>(node).value());
    default: return bindExpression(c, node);
  }
}

// Opens the scope that `x := value` binds in from inside comprehensions (PEP 572): the nearest enclosing scope that is
// not a comprehension. There the name becomes local (or stays global); here it is nonlocal or global.
static void extendNamedExprScope(BindContext& c, NameId name) {
  for (ScopeId id = c.scope; id.valid(); id = c.at(id).parent) {
    ScopeKind kind = c.at(id).kind;
    if (isComprehension(kind)) continue;
    if (kind == ScopeKind::kFunction || kind == ScopeKind::kLambda) {
      SymbolId outer = addSymbol(c, id, name, 0);
      bool is_global = (c.builder.symbols()[outer.value].flags & kDefGlobal) != 0;
      addSymbol(c, c.scope, name, is_global ? kDefGlobal : kDefNonlocal);
      addSymbol(c, id, name, kDefLocal);
      if (is_global) addSymbol(c, SemanticModel::kModuleScope, name, kDefGlobal);
    } else if (kind == ScopeKind::kModule) {
      addSymbol(c, c.scope, name, kDefGlobal);
      addSymbol(c, id, name, kDefGlobal);
    }
    return;
  }
}

void bindNamedExpr(BindContext& c, NodeId node) {
  auto named = c.ast.as<syntax::NamedExpr>(node);
  bool is_name = c.ast.is(named.target(), NodeKind::kName);
  if (is_name && isComprehension(c.current().kind)) {
    extendNamedExprScope(c, c.ast.as<syntax::Name>(named.target()).name());
  }
  bindExpression(c, named.value());
  bindTarget(c, named.target(), node, DefinitionKind::kNamedExpr);
}

static void bindIterationTarget(BindContext& c, NodeId target, NodeId owner) {
  c.is_iteration_target = true;
  bindTarget(c, target, owner, DefinitionKind::kComprehension);
  c.is_iteration_target = false;
}

static void bindComprehensionBody(BindContext& c, NodeId node, NodeList generators) {
  auto first = c.ast.as<syntax::Comprehension>(generators[0]);
  if (first.isAsync()) c.current().flags |= kCoroutine;
  bindIterationTarget(c, first.target(), generators[0]);
  bindExpressions(c, first.ifs());
  for (NodeId id : generators.subspan(1)) {
    auto generator = c.ast.as<syntax::Comprehension>(id);
    bindIterationTarget(c, generator.target(), id);
    bindExpression(c, generator.iter());
    bindExpressions(c, generator.ifs());
    if (generator.isAsync()) c.current().flags |= kCoroutine;
  }
  if (c.ast.is(node, NodeKind::kDictComp)) {
    bindExpression(c, c.ast.as<syntax::DictComp>(node).value());
    bindExpression(c, c.ast.as<syntax::DictComp>(node).key());
  } else {
    bindExpression(c, c.ast.child(node, 0));  // elt
  }
}

void bindComprehension(BindContext& c, NodeId node) {
  ScopeKind kind = ScopeKind::kGenerator;
  NameId name = c.special.genexpr;
  NodeKind node_kind = c.ast.kind(node);
  if (node_kind == NodeKind::kListComp) {
    kind = ScopeKind::kListComp;
    name = c.special.listcomp;
  } else if (node_kind == NodeKind::kSetComp) {
    kind = ScopeKind::kSetComp;
    name = c.special.setcomp;
  } else if (node_kind == NodeKind::kDictComp) {
    kind = ScopeKind::kDictComp;
    name = c.special.dictcomp;
  }
  NodeList generators = c.ast.list(node, node_kind == NodeKind::kDictComp ? 2 : 1);
  if (generators.empty()) return;
  bool outer_target = c.is_iteration_target;
  c.is_iteration_target = false;
  // The first iterable is evaluated outside.
  bindExpression(c, c.ast.as<syntax::Comprehension>(generators[0]).iter());
  bool is_generator = kind == ScopeKind::kGenerator;
  bool outer_conditional = c.in_conditional;
  ScopeId scope = enterScope(c, kind, node, name);
  c.builder.setEntity(node, scope.value);
  bindComprehensionBody(c, node, generators);
  if (is_generator) c.current().flags |= kGeneratorCode;
  bool is_async = !is_generator && c.current().has(kCoroutine);
  leaveScope(c);
  if (is_async) c.current().flags |= kCoroutine;
  c.in_conditional = outer_conditional;
  c.is_iteration_target = outer_target;
}

}  // namespace krait::semantic
