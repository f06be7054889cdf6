// The order in which followNames meets names. Recursion goes as deep as the tree, as in the binder.
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/name_flow_state.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/syntax/quoted_types.h"

namespace krait::lint {

static bool defersAnnotations(const LintContext& context) {
  return context.model.hasFutureAnnotations() || context.options.target_minor >= 14 || context.is_stub;
}

void FlowState::putOff(Put put, NodeId node) {
  deferred[static_cast<size_t>(put)].push_back({put, node, scope, statement, branch, is_string, is_future, is_typing_annotation, is_typing_block, is_type_param});
}

void FlowState::restore(const Deferred& later) {
  scope = later.scope;
  statement = later.statement;
  branch = statement_branch = later.branch;
  is_string = later.is_string;
  is_future = later.is_future;
  is_typing_annotation = later.is_typing_annotation;
  is_typing_block = later.is_typing_block;
  is_type_param = later.is_type_param;
}

void FlowState::visitDeferred() {
  for (bool is_done = false; !is_done;) {
    is_done = true;
    for (Put put : {Put::kBases, Put::kFunction, Put::kLazy, Put::kLambda, Put::kType, Put::kString}) {
      std::deque<Deferred>& queue = deferred[static_cast<size_t>(put)];
      while (!queue.empty()) {
        is_done = false;
        Deferred later = queue.front();
        queue.pop_front();
        restore(later);
        switch (put) {
          case Put::kFunction: visitFunctionBody(later.node); break;
          case Put::kLambda:
            bindParameters(c.ast.as<syntax::Lambda>(later.node).params());
            visitExpression(c.ast.as<syntax::Lambda>(later.node).body());
            break;
          case Put::kLazy:
            is_type_param = true;
            visitExpression(later.node);
            break;
          case Put::kType:
            is_future = true;
            visitExpression(later.node);
            break;
          case Put::kString:
            is_string = true;
            visitExpression(c.tokens.quotedTypes().typeOf(later.node));
            break;
          case Put::kBases: visitExpression(later.node); break;
        }
      }
    }
  }
}

void FlowState::visitBody(NodeList body) {
  for (NodeId node : body) visitStatement(node);
}

void FlowState::visitBranch(NodeList body) {
  uint32_t before = branch;
  branch = newBranch(before);
  visitBody(body);
  branch = before;
}

void FlowState::visitExpressions(NodeList nodes) {
  for (NodeId node : nodes) visitExpression(node);
}

void FlowState::visitAnnotation(NodeId node, bool is_evaluated) {
  bool before = is_typing_annotation;
  is_typing_annotation |= !is_evaluated;
  if (defersAnnotations(c) && !c.ast.is(node, NodeKind::kConstant)) {
    putOff(Put::kType, node);
  } else {
    visitExpression(node);
  }
  is_typing_annotation = before;
}

void FlowState::visitTypeParams(NodeList params) {
  for (NodeId id : params) {
    NodeId name = c.ast.child(id, 0);
    bind(name, statement, BindKind::kTypeParam, false);
    size_t parts = c.ast.is(id, NodeKind::kTypeVar) ? 3 : 2;
    for (size_t i = 1; i < parts; ++i) {
      NodeId part = c.ast.child(id, static_cast<uint32_t>(i));
      if (part.valid()) putOff(Put::kLazy, part);
    }
  }
}

// Where the function or class first calls the symbol of its scope global.
static NodeId globalName(const FlowState& s, NodeId definition, ScopeId inner, NameId name) {
  NodeId found;
  anyOver(s.c.ast, definition, [&](NodeId node) {
    auto global = s.c.ast.tryAs<syntax::Global>(node);
    if (!global || s.c.model.enclosingScope(node) != inner) return false;
    for (NodeId id : global->names()) {
      if (syntax::nameOf(s.c.ast, id) == name) found = id;
    }
    return found.valid();
  });
  return found;
}

// Names that a function or class calls global are the module's from its definition on.
static void declareGlobals(FlowState& s, NodeId definition) {
  ScopeId inner = s.c.model.scopeOf(definition);
  if (!inner.valid()) return;
  for (SymbolId symbol : s.c.model.symbolsOf(inner)) {
    if ((s.c.model[symbol].flags & semantic::kDefGlobal) == 0) continue;
    SymbolId global = s.c.model.find(SemanticModel::kModuleScope, s.c.model[symbol].name);
    if (!global.valid()) continue;
    uint32_t& latest = s.flow.latest[global.value];
    bool is_known = latest != kNoBinding && s.flow.bindings[latest].kind != BindKind::kAnnotation &&
                    s.flow.bindings[latest].kind != BindKind::kDeletion && s.flow.bindings[latest].kind != BindKind::kUnboundException;
    if (is_known) continue;
    FlowBinding binding{.kind = BindKind::kAssignment, .node = globalName(s, definition, inner, s.c.model[symbol].name), .statement = definition,
                        .scope = SemanticModel::kModuleScope, .symbol = global, .branch = s.branch, .shadowed = latest};
    latest = static_cast<uint32_t>(s.flow.bindings.size());
    s.flow.bindings.push_back(binding);
  }
}

void FlowState::visitFunction(NodeId node) {
  auto function = c.ast.as<syntax::FunctionDef>(node);
  visitExpressions(function.decorators());
  ScopeId outer = scope, inner = c.model.scopeOf(node);
  if (!function.typeParams().empty()) {
    scope = c.model[inner].parent;
    visitTypeParams(function.typeParams());
  }
  bool is_evaluated = !defersAnnotations(c);
  for (NodeId id : c.ast.as<syntax::Parameters>(function.params()).params()) {
    auto param = c.ast.as<syntax::Parameter>(id);
    if (param.annotation().valid()) visitAnnotation(param.annotation(), is_evaluated);
    if (param.defaultValue().valid()) {
      ScopeId here = scope;
      scope = outer;
      visitExpression(param.defaultValue());
      scope = here;
    }
  }
  if (function.returns().valid()) visitAnnotation(function.returns(), is_evaluated);
  scope = inner;
  putOff(Put::kFunction, node);
  declareGlobals(*this, node);
  scope = outer;
  bind(function.name(), node, BindKind::kFunction, false);
}

void FlowState::bindParameters(NodeId params) {
  for (NodeId id : c.ast.as<syntax::Parameters>(params).params()) {
    auto param = c.ast.as<syntax::Parameter>(id);
    if (syntax::nameOf(c.ast, param.name()).valid()) bind(param.name(), NodeId::none(), BindKind::kParameter, false);
  }
}

void FlowState::visitFunctionBody(NodeId node) {
  auto function = c.ast.as<syntax::FunctionDef>(node);
  bindParameters(function.params());
  visitBody(function.body());
}

void FlowState::visitLambda(NodeId node) {
  auto lambda = c.ast.as<syntax::Lambda>(node);
  for (NodeId id : c.ast.as<syntax::Parameters>(lambda.params()).params()) {
    NodeId value = c.ast.as<syntax::Parameter>(id).defaultValue();
    if (value.valid()) visitExpression(value);
  }
  ScopeId outer = scope;
  scope = c.model.scopeOf(node);
  putOff(Put::kLambda, node);
  scope = outer;
}

void FlowState::visitClass(NodeId node) {
  auto cls = c.ast.as<syntax::ClassDef>(node);
  visitExpressions(cls.decorators());
  ScopeId outer = scope, inner = c.model.scopeOf(node);
  if (!cls.typeParams().empty()) {
    scope = c.model[inner].parent;
    visitTypeParams(cls.typeParams());
  }
  for (NodeId arg : cls.args()) {
    if (c.is_stub) {
      putOff(Put::kBases, arg);
    } else {
      visitExpression(arg);
    }
  }
  scope = inner;
  declareGlobals(*this, node);
  visitBody(cls.body());
  scope = outer;
  enterStatement(node, branch);
  bind(cls.name(), node, BindKind::kClass, false);
}

void FlowState::visitComprehension(NodeId node) {
  bool is_dict = c.ast.is(node, NodeKind::kDictComp);
  NodeList generators = c.ast.list(node, is_dict ? 2 : 1);
  if (generators.empty()) return;
  ScopeId outer = scope;
  for (size_t i = 0; i < generators.size(); ++i) {
    auto generator = c.ast.as<syntax::Comprehension>(generators[i]);
    visitExpression(generator.iter());
    if (i == 0) scope = c.model.scopeOf(node);
    visitExpression(generator.target());
    visitExpressions(generator.ifs());
  }
  visitExpression(c.ast.child(node, 0));
  if (is_dict) visitExpression(c.ast.child(node, 1));
  scope = outer;
}

void FlowState::visitImports(NodeId node, NodeList aliases, bool is_from) {
  const Ast& ast = c.ast;
  bool is_future = is_from && syntax::nameText(ast, ast.as<syntax::ImportFrom>(node).module()) == "__future__";
  for (NodeId id : aliases) {
    auto alias = ast.as<syntax::Alias>(id);
    std::string_view name = syntax::nameText(ast, alias.name());
    if (name == "*") {
      has_star[scope.value] = true;
      continue;
    }
    NodeId named = alias.asname().valid() ? alias.asname() : alias.name();
    bool is_submodule = !is_from && !alias.asname().valid() && name.find('.') != std::string_view::npos;
    BindKind kind = is_future ? BindKind::kFutureImport : is_from ? BindKind::kFromImport : is_submodule ? BindKind::kSubmoduleImport : BindKind::kImport;
    uint32_t made = bind(named, node, kind, false);
    if (is_future && made != kNoBinding) refer(made, named, scope);
  }
}

void FlowState::visitGlobal(NodeId node, NodeList names) {
  if (scope == SemanticModel::kModuleScope) return;
  for (NodeId id : names) {
    uint32_t global = latestIn(SemanticModel::kModuleScope, syntax::nameOf(c.ast, id));
    uint32_t made = bind(id, node, BindKind::kGlobal, false);
    if (made == kNoBinding) continue;
    flow.bindings[made].is_global = true;
    flow.bindings[made].target = global;
    flow.bindings[made].references = kNoBinding;
    flow.bindings[made].outer = kNoBinding;
  }
}

void FlowState::visitNonlocal(NodeId node, NodeList names) {
  for (NodeId id : names) {
    NameId name = c.model[c.model.symbolAt(id)].name;
    uint32_t target = kNoBinding;
    for (ScopeId at = c.model[scope].parent; at.valid() && target == kNoBinding; at = c.model[at].parent) {
      if (c.model[at].kind == ScopeKind::kFunction || c.model[at].kind == ScopeKind::kLambda) target = latestIn(at, name);
    }
    if (target != kNoBinding) refer(target, id, scope);
    uint32_t made = bind(id, node, BindKind::kNonlocal, false);
    if (made == kNoBinding) continue;
    flow.bindings[made].is_nonlocal = true;
    flow.bindings[made].outer = kNoBinding;
    flow.bindings[made].target = target;
  }
}

static bool handlesNameError(const Ast& ast, NodeList handlers) {
  auto isNameError = [&](NodeId type) { return syntax::nameText(ast, type) == "NameError"; };
  for (NodeId id : handlers) {
    NodeId type = ast.as<syntax::ExceptHandler>(id).type();
    if (!type.valid()) continue;
    if (isNameError(type)) return true;
    auto tuple = ast.tryAs<syntax::Tuple>(type);
    for (size_t i = 0; tuple && i < tuple->elts().size(); ++i) {
      if (isNameError(tuple->elts()[i])) return true;
    }
  }
  return false;
}

void FlowState::visitHandler(NodeId node) {
  auto handler = c.ast.as<syntax::ExceptHandler>(node);
  uint32_t made = kNoBinding, before = kNoBinding;
  if (handler.name().valid()) {
    before = latestIn(scope, c.model[c.model.symbolAt(handler.name())].name);
    // After an earlier handler the name means what it meant before that one.
    while (before != kNoBinding && flow.bindings[before].kind == BindKind::kUnboundException) before = flow.bindings[before].target;
    made = bind(handler.name(), statement, BindKind::kException, false);
  }
  NodeId outer = statement;
  uint32_t outer_branch = statement_branch;
  if (handler.type().valid()) visitExpression(handler.type());
  visitBody(handler.body());
  enterStatement(outer, outer_branch);
  if (made == kNoBinding) return;
  if (!flow.bindings[made].isUsed()) flow.unused_exceptions.push_back(made);
  uint32_t unbound = bind(handler.name(), statement, BindKind::kUnboundException, false);
  flow.bindings[unbound].target = before;
}

void FlowState::visitTry(NodeId node) {
  auto attempt = c.ast.as<syntax::Try>(node);
  uint32_t outer = branch, body = newBranch(outer);
  bool is_guarded = handlesNameError(c.ast, attempt.handlers());
  branch = body;
  name_error_depth += is_guarded ? 1 : 0;
  visitBody(attempt.body());
  name_error_depth -= is_guarded ? 1 : 0;
  for (NodeId handler : attempt.handlers()) {
    branch = newBranch(outer);
    enterStatement(node, outer);
    visitHandler(handler);
  }
  branch = body;
  visitBody(attempt.orelse());
  branch = outer;
  visitBranch(attempt.finalbody());
}

void FlowState::visitIf(NodeId node) {
  auto choice = c.ast.as<syntax::If>(node);
  visitExpression(choice.test());
  uint32_t outer = branch;
  bool before = is_typing_block;
  is_typing_block |= isTypingBlock(c, node);
  visitBranch(choice.body());
  is_typing_block = before;
  if (choice.orelse().empty()) return;
  branch = newBranch(outer);
  auto next = choice.orelse().size() == 1 ? c.ast.tryAs<syntax::If>(choice.orelse()[0]) : std::nullopt;
  if (next && next->isElif()) {
    // Each `elif` is a branch beside the first one, its test included.
    visitIf(choice.orelse()[0]);
  } else {
    visitBody(choice.orelse());
  }
  branch = outer;
}

void FlowState::visitStatement(NodeId node) {
  const Ast& ast = c.ast;
  enterStatement(node, branch);
  switch (ast.kind(node)) {
    case NodeKind::kFunctionDef: return visitFunction(node);
    case NodeKind::kClassDef: return visitClass(node);
    case NodeKind::kImport: return visitImports(node, ast.as<syntax::Import>(node).names(), false);
    case NodeKind::kImportFrom: return visitImports(node, ast.as<syntax::ImportFrom>(node).names(), true);
    case NodeKind::kGlobal: return visitGlobal(node, ast.as<syntax::Global>(node).names());
    case NodeKind::kNonlocal: return visitNonlocal(node, ast.as<syntax::Nonlocal>(node).names());
    case NodeKind::kTry: return visitTry(node);
    case NodeKind::kIf: return visitIf(node);
    case NodeKind::kAssign: {
      auto assign = ast.as<syntax::Assign>(node);
      visitExpression(assign.value());
      return visitExpressions(assign.targets());
    }
    case NodeKind::kAugAssign: {
      auto assign = ast.as<syntax::AugAssign>(node);
      if (ast.is(assign.target(), NodeKind::kName)) load(assign.target());
      visitExpression(assign.value());
      return visitExpression(assign.target());
    }
    case NodeKind::kAnnAssign: {
      auto assign = ast.as<syntax::AnnAssign>(node);
      ScopeKind kind = c.model[scope].kind;
      bool is_frame = kind == ScopeKind::kClass || kind == ScopeKind::kModule;
      visitAnnotation(assign.annotation(), is_frame && !defersAnnotations(c));
      if (assign.value().valid()) visitExpression(assign.value());
      return visitExpression(assign.target());
    }
    case NodeKind::kFor: {
      auto loop = ast.as<syntax::For>(node);
      visitExpression(loop.iter());
      visitExpression(loop.target());
      visitBody(loop.body());
      return visitBody(loop.orelse());
    }
    case NodeKind::kTypeAlias: {
      auto alias = ast.as<syntax::TypeAlias>(node);
      ScopeId outer = scope;
      if (!alias.typeParams().empty()) scope = c.model[c.model.scopeOf(node)].parent;
      visitTypeParams(alias.typeParams());
      putOff(Put::kLazy, alias.value());
      scope = outer;
      bind(alias.name(), node, BindKind::kAssignment, false);
      return;
    }
    case NodeKind::kMatch: {
      auto choice = ast.as<syntax::Match>(node);
      visitExpression(choice.subject());
      for (NodeId id : choice.cases()) {
        auto match_case = ast.as<syntax::MatchCase>(id);
        uint32_t outer = branch;
        branch = newBranch(outer);
        enterStatement(node, outer);
        visitPattern(match_case.pattern());
        if (match_case.guard().valid()) visitExpression(match_case.guard());
        visitBody(match_case.body());
        branch = outer;
      }
      return;
    }
    case NodeKind::kWith: {
      auto with = ast.as<syntax::With>(node);
      for (NodeId id : with.items()) {
        auto item = ast.as<syntax::WithItem>(id);
        visitExpression(item.contextExpr());
        if (item.optionalVars().valid()) visitExpression(item.optionalVars());
      }
      return visitBranch(with.body());
    }
    default:
      syntax::forEachChild(ast, node, [&](NodeId child) {
        if (syntax::isStatement(ast, child)) {
          visitStatement(child);
        } else {
          visitExpression(child);
        }
      });
  }
}

void FlowState::visitPattern(NodeId node) {
  const Ast& ast = c.ast;
  auto bindName = [&](NodeId name) {
    if (name.valid()) bind(name, statement, BindKind::kAssignment, false);
  };
  switch (ast.kind(node)) {
    case NodeKind::kMatchStar: return bindName(ast.as<syntax::MatchStar>(node).name());
    case NodeKind::kMatchAs:
      if (ast.as<syntax::MatchAs>(node).pattern().valid()) visitPattern(ast.as<syntax::MatchAs>(node).pattern());
      return bindName(ast.as<syntax::MatchAs>(node).name());
    case NodeKind::kMatchMapping: {
      auto mapping = ast.as<syntax::MatchMapping>(node);
      visitExpressions(mapping.keys());
      for (NodeId pattern : mapping.patterns()) visitPattern(pattern);
      return bindName(mapping.rest());
    }
    default:
      syntax::forEachChild(ast, node, [&](NodeId child) {
        if (syntax::categoryOf(ast.kind(child)) == syntax::NodeCategory::kPattern) {
          visitPattern(child);
        } else {
          visitExpression(child);
        }
      });
  }
}

void FlowState::visitCall(NodeId node) {
  auto call = c.ast.as<syntax::Call>(node);
  ScopeKind kind = c.model[scope].kind;
  if ((kind == ScopeKind::kFunction || kind == ScopeKind::kLambda) && syntax::nameText(c.ast, call.func()) == "locals") {
    flow.uses_locals[scope.value] = true;
  }
  visitExpression(call.func());
  visitExpressions(call.args());
}

void FlowState::visitExpression(NodeId node) {
  const Ast& ast = c.ast;
  switch (ast.kind(node)) {
    case NodeKind::kName:
      switch (ast.as<syntax::Name>(node).context()) {
        case syntax::ExprContext::kLoad: return load(node);
        case syntax::ExprContext::kStore: return store(node);
        default: return remove(node);
      }
    case NodeKind::kConstant:
      if (c.tokens.quotedTypes().typeOf(node).valid()) putOff(Put::kString, node);
      return;
    case NodeKind::kIdentifier: return;
    case NodeKind::kCall: return visitCall(node);
    case NodeKind::kLambda: return visitLambda(node);
    case NodeKind::kListComp:
    case NodeKind::kSetComp:
    case NodeKind::kDictComp:
    case NodeKind::kGeneratorExp: return visitComprehension(node);
    case NodeKind::kNamedExpr:
      visitExpression(ast.as<syntax::NamedExpr>(node).value());
      return visitExpression(ast.as<syntax::NamedExpr>(node).target());
    default:
      if (syntax::isStatement(ast, node)) return visitStatement(node);
      syntax::forEachChild(ast, node, [&](NodeId child) { visitExpression(child); });
  }
}

}  // namespace krait::lint
