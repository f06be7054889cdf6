#include "analyzer/semantic/binder_context.h"

namespace krait::semantic {

namespace {
// Names annotated under a conditional statement make the scope keep a set of the annotations that ran (PEP 649).
struct ConditionalBlock {
  explicit ConditionalBlock(BindContext& c) : c(c), before(c.in_conditional) { c.in_conditional = true; }
  ~ConditionalBlock() { c.in_conditional = before; }
  BindContext& c;
  bool before;
};
}  // namespace

void bindStatements(BindContext& c, NodeList body) {
  for (NodeId statement : body) bindStatement(c, statement);
}

static void bindAnnAssign(BindContext& c, NodeId node) {
  auto assign = c.ast.as<syntax::AnnAssign>(node);
  if (c.ast.is(assign.target(), NodeKind::kName)) {
    bool binds = assign.value().valid();
    DefinitionKind kind = binds ? DefinitionKind::kAnnAssign : DefinitionKind::kAnnotation;
    uint32_t flags = assign.isSimple() ? kDefAnnot | kDefLocal : binds ? kDefLocal : 0;
    if (assign.isSimple() || binds) define(c, assign.target(), node, kind, flags);
  } else {
    bindTarget(c, assign.target(), node, DefinitionKind::kAnnAssign);
  }
  bindVariableAnnotation(c, assign.annotation());
  if (assign.value().valid()) bindExpression(c, assign.value());
}

static void bindImports(BindContext& c, NodeList aliases, DefinitionKind kind) {
  for (NodeId id : aliases) {
    auto alias = c.ast.as<syntax::Alias>(id);
    NodeId named = alias.asname().valid() ? alias.asname() : alias.name();
    NameId name = syntax::nameOf(c.ast, named);
    if (name == c.special.star) {
      c.current().flags |= kStarImport;
      continue;
    }
    std::string_view text = c.ast.name(name);
    size_t dot = text.find('.');
    if (dot != std::string_view::npos) name = c.names.intern(text.substr(0, dot));
    SymbolId symbol = addSymbol(c, name, kDefImport);
    c.builder.setEntity(named, symbol.value);
    c.builder.definitions().push_back({named, id, symbol, kind});
  }
}

static void bindScopeDirective(BindContext& c, NodeList names, uint32_t flag) {
  for (NodeId id : names) {
    NameId name = syntax::nameOf(c.ast, id);
    SymbolId symbol = addSymbol(c, name, flag);
    c.builder.setEntity(id, symbol.value);
    if (flag == kDefGlobal) addSymbol(c, SemanticModel::kModuleScope, name, kDefGlobal);
  }
}

static void bindTry(BindContext& c, NodeId node) {
  auto statement = c.ast.as<syntax::Try>(node);
  ConditionalBlock block(c);
  bindStatements(c, statement.body());
  for (NodeId id : statement.handlers()) {
    auto handler = c.ast.as<syntax::ExceptHandler>(id);
    if (handler.type().valid()) bindExpression(c, handler.type());
    if (handler.name().valid()) define(c, handler.name(), id, DefinitionKind::kExcept);
    bindStatements(c, handler.body());
  }
  bindStatements(c, statement.orelse());
  bindStatements(c, statement.finalbody());
}

static void bindWith(BindContext& c, NodeId node) {
  auto statement = c.ast.as<syntax::With>(node);
  if (statement.isAsync()) c.current().flags |= kCoroutine;
  ConditionalBlock block(c);
  for (NodeId id : statement.items()) {
    auto item = c.ast.as<syntax::WithItem>(id);
    bindExpression(c, item.contextExpr());
    if (item.optionalVars().valid()) bindTarget(c, item.optionalVars(), id, DefinitionKind::kWith);
  }
  bindStatements(c, statement.body());
}

static void bindMatch(BindContext& c, NodeId node) {
  auto statement = c.ast.as<syntax::Match>(node);
  bindExpression(c, statement.subject());
  ConditionalBlock block(c);
  for (NodeId id : statement.cases()) {
    auto match_case = c.ast.as<syntax::MatchCase>(id);
    bindPattern(c, match_case.pattern());
    if (match_case.guard().valid()) bindExpression(c, match_case.guard());
    bindStatements(c, match_case.body());
  }
}

static void bindFor(BindContext& c, NodeId node) {
  auto statement = c.ast.as<syntax::For>(node);
  if (statement.isAsync()) c.current().flags |= kCoroutine;
  bindTarget(c, statement.target(), node, DefinitionKind::kFor);
  bindExpression(c, statement.iter());
  ConditionalBlock block(c);
  bindStatements(c, statement.body());
  bindStatements(c, statement.orelse());
}

static void bindIf(BindContext& c, NodeId node) {
  auto statement = c.ast.as<syntax::If>(node);
  bindExpression(c, statement.test());
  ConditionalBlock block(c);
  bindStatements(c, statement.body());
  bindStatements(c, statement.orelse());
}

static void bindWhile(BindContext& c, NodeId node) {
  auto statement = c.ast.as<syntax::While>(node);
  bindExpression(c, statement.test());
  ConditionalBlock block(c);
  bindStatements(c, statement.body());
  bindStatements(c, statement.orelse());
}

void bindStatement(BindContext& c, NodeId node) {
  switch (c.ast.kind(node)) {
    case NodeKind::kFunctionDef: return bindFunction(c, node);
    case NodeKind::kClassDef: return bindClass(c, node);
    case NodeKind::kTypeAlias: return bindTypeAlias(c, node);
    case NodeKind::kAnnAssign: return bindAnnAssign(c, node);
    case NodeKind::kImport: return bindImports(c, c.ast.as<syntax::Import>(node).names(), DefinitionKind::kImport);
    case NodeKind::kImportFrom:
      return bindImports(c, c.ast.as<syntax::ImportFrom>(node).names(), DefinitionKind::kImportFrom);
    case NodeKind::kGlobal: return bindScopeDirective(c, c.ast.as<syntax::Global>(node).names(), kDefGlobal);
    case NodeKind::kNonlocal: return bindScopeDirective(c, c.ast.as<syntax::Nonlocal>(node).names(), kDefNonlocal);
    case NodeKind::kTry: return bindTry(c, node);
    case NodeKind::kWith: return bindWith(c, node);
    case NodeKind::kMatch: return bindMatch(c, node);
    case NodeKind::kFor: return bindFor(c, node);
    case NodeKind::kIf: return bindIf(c, node);
    case NodeKind::kWhile: return bindWhile(c, node);
    case NodeKind::kAssign: {
      auto assign = c.ast.as<syntax::Assign>(node);
      for (NodeId target : assign.targets()) bindTarget(c, target, node, DefinitionKind::kAssign);
      return bindExpression(c, assign.value());
    }
    case NodeKind::kAugAssign: {
      auto assign = c.ast.as<syntax::AugAssign>(node);
      bindTarget(c, assign.target(), node, DefinitionKind::kAugAssign);
      return bindExpression(c, assign.value());
    }
    case NodeKind::kDelete:
      for (NodeId target : c.ast.as<syntax::Delete>(node).targets()) {
        bindTarget(c, target, node, DefinitionKind::kDelete);
      }
      return;
    case NodeKind::kReturn: {
      NodeId value = c.ast.as<syntax::Return>(node).value();
      if (!value.valid()) return;
      c.current().flags |= kReturnsValue;
      return bindExpression(c, value);
    }
    case NodeKind::kExprStmt: return bindExpression(c, c.ast.as<syntax::ExprStmt>(node).value());
    case NodeKind::kPass:
    case NodeKind::kBreak:
    case NodeKind::kContinue: return;
    default:  // Raise, Assert, ErrorStmt: expressions, and statements inside a broken region
      syntax::forEachChild(c.ast, node, [&](NodeId child) {
        if (syntax::isStatement(c.ast, child)) {
          bindStatement(c, child);
        } else {
          bindExpression(c, child);
        }
      });
  }
}

}  // namespace krait::semantic
