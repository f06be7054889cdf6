#include "analyzer/semantic/flow/cfg_builder.h"

namespace krait::semantic {

using namespace syntax;

void buildStatements(CfgBuilder& b, NodeList body) {
  for (NodeId statement : body) {
    if (b.knows(&FlowFacts::unreached, statement)) b.terminate(Terminator::kEnd, NodeId::none());
    buildStatement(b, statement);
  }
}

void buildCondition(CfgBuilder& b, NodeId condition, BlockId if_true, BlockId if_false) {
  if (auto bool_op = b.ast.tryAs<BoolOp>(condition)) {
    NodeList values = bool_op->values();
    bool is_and = bool_op->op() == BoolOperator::kAnd;
    for (size_t i = 0; i + 1 < values.size(); ++i) {
      BlockId rest = b.newBlock();
      if (is_and) {
        buildCondition(b, values[i], rest, if_false);
      } else {
        buildCondition(b, values[i], if_true, rest);
      }
      b.current = rest;
    }
    return buildCondition(b, values.back(), if_true, if_false);
  }
  auto unary = b.ast.tryAs<UnaryOp>(condition);
  if (unary && unary->op() == UnaryOperator::kNot) return buildCondition(b, unary->operand(), if_false, if_true);
  b.add(condition, ElementKind::kExpression);
  Truth truth = truthOf(b.ast, condition, b.target);
  if (isTrue(truth)) return b.terminate(Terminator::kJump, condition, if_true);
  if (isFalse(truth)) return b.terminate(Terminator::kJump, condition, if_false);
  b.terminate(Terminator::kBranch, condition, if_true, if_false);
}

static void buildIf(CfgBuilder& b, NodeId node) {
  auto statement = b.ast.as<If>(node);
  BlockId body = b.newBlock();
  BlockId after = b.newBlock();
  BlockId orelse = statement.orelse().empty() ? after : b.newBlock();
  bool is_exhaustive = statement.orelse().empty() && b.knows(&FlowFacts::exhaustive, node);
  buildCondition(b, statement.test(), body, is_exhaustive ? b.newBlock() : orelse);
  b.current = body;
  buildStatements(b, statement.body());
  b.jumpTo(after);
  if (!statement.orelse().empty()) {
    b.current = orelse;
    buildStatements(b, statement.orelse());
    b.jumpTo(after);
  }
  b.current = after;
}

// A display with an item that is no unpacking.
static bool hasSureItem(const Ast& ast, NodeId iterable) {
  NodeKind kind = ast.kind(iterable);
  if (kind != NodeKind::kList && kind != NodeKind::kTuple && kind != NodeKind::kSet) return false;
  bool found = false;
  forEachChild(ast, iterable, [&](NodeId item) { found |= !ast.is(item, NodeKind::kStarred); });
  return found;
}

static void buildLoopParts(CfgBuilder& b, NodeList body, NodeList orelse, BlockId head, BlockId exhausted,
                           BlockId after) {
  b.loops.push_back({after, head, b.finallies.size()});
  buildStatements(b, body);
  b.jumpTo(head);
  b.loops.pop_back();
  b.current = exhausted;
  buildStatements(b, orelse);
  b.continueIn(after);
}

static void buildWhile(CfgBuilder& b, NodeId node) {
  auto statement = b.ast.as<While>(node);
  BlockId head = b.newBlock();
  BlockId body = b.newBlock();
  BlockId exhausted = b.newBlock();
  BlockId after = b.newBlock();
  b.continueIn(head);
  buildCondition(b, statement.test(), body, exhausted);
  b.current = body;
  buildLoopParts(b, statement.body(), statement.orelse(), head, exhausted, after);
}

static void buildFor(CfgBuilder& b, NodeId node) {
  auto statement = b.ast.as<For>(node);
  b.add(statement.iter(), ElementKind::kExpression);
  BlockId head = b.newBlock();
  BlockId body = b.newBlock();
  BlockId exhausted = b.newBlock();
  BlockId after = b.newBlock();
  if (b.facts != nullptr && hasSureItem(b.ast, statement.iter())) {
    b.jumpTo(body);
    b.current = head;
  } else {
    b.continueIn(head);
  }
  b.terminate(Terminator::kLoop, node, body, exhausted);
  b.current = body;
  b.add(statement.target(), ElementKind::kTarget);
  buildLoopParts(b, statement.body(), statement.orelse(), head, exhausted, after);
}

static void buildWith(CfgBuilder& b, NodeId node) {
  auto statement = b.ast.as<With>(node);
  for (NodeId id : statement.items()) {
    auto item = b.ast.as<WithItem>(id);
    b.add(item.contextExpr(), ElementKind::kExpression);
    if (item.optionalVars().valid()) b.add(item.optionalVars(), ElementKind::kTarget);
  }
  // A manager that swallows exceptions continues after the statement; which ones do only types can tell.
  if (!b.knows(&FlowFacts::swallowing, node)) return buildStatements(b, statement.body());
  BlockId outer = b.exception;
  BlockId after = b.newBlock();
  b.exception = after;
  BlockId body = b.newBlock();
  b.continueIn(body);
  buildStatements(b, statement.body());
  b.exception = outer;
  b.continueIn(after);
}

static void buildMatch(CfgBuilder& b, NodeId node) {
  auto statement = b.ast.as<Match>(node);
  b.add(statement.subject(), ElementKind::kExpression);
  BlockId after = b.newBlock();
  for (NodeId id : statement.cases()) {
    auto match_case = b.ast.as<MatchCase>(id);
    BlockId body = b.newBlock();
    BlockId rest = b.newBlock();
    bool always_matches = false;
    if (auto match_as = b.ast.tryAs<MatchAs>(match_case.pattern())) always_matches = !match_as->pattern().valid();
    if (always_matches) {
      b.terminate(Terminator::kJump, id, body);
    } else {
      b.terminate(Terminator::kCase, id, body, rest);
    }
    b.current = body;
    b.add(match_case.pattern(), ElementKind::kPattern);
    if (match_case.guard().valid()) {
      BlockId guarded = b.newBlock();
      buildCondition(b, match_case.guard(), guarded, rest);
      b.current = guarded;
    }
    buildStatements(b, match_case.body());
    b.jumpTo(after);
    b.current = rest;
  }
  if (b.knows(&FlowFacts::exhaustive, node)) {
    b.terminate(Terminator::kEnd, NodeId::none());
    b.current = after;
    return;
  }
  b.continueIn(after);
}

static void buildAssert(CfgBuilder& b, NodeId node) {
  auto statement = b.ast.as<Assert>(node);
  BlockId holds = b.newBlock();
  BlockId fails = b.newBlock();
  Target target = b.target;
  b.target.constants = ConstantConditions::kKnown;  // `assert False` is how code says "not reached"
  buildCondition(b, statement.test(), holds, fails);
  b.target = target;
  b.current = fails;
  if (statement.msg().valid()) b.add(statement.msg(), ElementKind::kExpression);
  b.terminate(Terminator::kRaise, node);
  b.current = holds;
}

// Calls by names that are known not to return; other such functions only types can tell.
static bool neverReturns(const Ast& ast, NodeId statement) {
  auto expr = ast.tryAs<ExprStmt>(statement);
  auto call = expr ? ast.tryAs<Call>(expr->value()) : std::nullopt;
  if (!call) return false;
  std::string_view function = ast.text(call->func());
  return function == "sys.exit" || function == "exit" || function == "quit" || function == "os._exit" ||
         function == "os.abort";
}

static bool hasNamedExpr(const Ast& ast, NodeId node) {
  if (ast.is(node, NodeKind::kNamedExpr)) return true;
  bool found = false;
  forEachChild(ast, node, [&](NodeId child) { found = found || hasNamedExpr(ast, child); });
  return found;
}

// A value of which only parts may be evaluated, where that decides which names `:=` binds. False: it is none.
static bool buildChoice(CfgBuilder& b, NodeId value) {
  auto conditional = b.ast.tryAs<IfExp>(value);
  bool is_choice = b.facts != nullptr && (conditional || b.ast.is(value, NodeKind::kBoolOp)) && hasNamedExpr(b.ast, value);
  if (!is_choice) return false;
  BlockId after = b.newBlock();
  if (!conditional) {
    buildCondition(b, value, after, after);
  } else {
    BlockId chosen = b.newBlock();
    BlockId other = b.newBlock();
    buildCondition(b, conditional->test(), chosen, other);
    for (auto [block, part] : {std::pair(chosen, conditional->body()), std::pair(other, conditional->orelse())}) {
      b.current = block;
      if (!buildChoice(b, part)) b.add(part, ElementKind::kExpression);
      b.jumpTo(after);
    }
  }
  b.current = after;
  return true;
}

// The statement, its value first where that is a choice. False: it has no such value.
static bool buildWithChoice(CfgBuilder& b, NodeId node) {
  if (auto expr = b.ast.tryAs<ExprStmt>(node)) return buildChoice(b, expr->value());
  auto assign = b.ast.tryAs<Assign>(node);
  if (!assign || !buildChoice(b, assign->value())) return false;
  for (NodeId target : assign->targets()) b.add(target, ElementKind::kTarget);
  return true;
}

void buildStatement(CfgBuilder& b, NodeId node) {
  switch (b.ast.kind(node)) {
    case NodeKind::kIf: return buildIf(b, node);
    case NodeKind::kWhile: return buildWhile(b, node);
    case NodeKind::kFor: return buildFor(b, node);
    case NodeKind::kWith: return buildWith(b, node);
    case NodeKind::kMatch: return buildMatch(b, node);
    case NodeKind::kTry: return buildTry(b, node);
    case NodeKind::kAssert: return buildAssert(b, node);
    case NodeKind::kReturn:
      if (NodeId value = b.ast.as<Return>(node).value(); value.valid()) b.add(value, ElementKind::kExpression);
      return buildJump(b, node, 0, BlockId::none());
    case NodeKind::kRaise:
      b.add(node);
      return b.terminate(Terminator::kRaise, node);
    case NodeKind::kBreak:
      if (b.loops.empty()) return b.add(node);
      return buildJump(b, node, b.loops.back().finally_depth, b.loops.back().on_break);
    case NodeKind::kContinue:
      if (b.loops.empty()) return b.add(node);
      return buildJump(b, node, b.loops.back().finally_depth, b.loops.back().on_continue);
    default:
      if (buildWithChoice(b, node)) return;
      b.add(node);
      if (neverReturns(b.ast, node) || b.knows(&FlowFacts::endless, node)) b.terminate(Terminator::kRaise, node);
  }
}

static void markReachable(std::vector<Block>& blocks) {
  std::vector<uint32_t> work = {0};
  blocks[0].is_reachable = true;
  while (!work.empty()) {
    uint32_t id = work.back();
    work.pop_back();
    Cfg::forEachSuccessor(blocks[id], [&](BlockId next) {
      if (blocks[next.value].is_reachable) return;
      blocks[next.value].is_reachable = true;
      work.push_back(next.value);
    });
  }
}

Cfg CfgBuilder::finish(ScopeId scope) {
  if (current.valid()) terminate(Terminator::kEnd, NodeId::none());
  cfg.scope_ = scope;
  for (size_t i = 0; i < cfg.blocks_.size(); ++i) {
    Block& block = cfg.blocks_[i];
    block.first_element = static_cast<uint32_t>(cfg.elements_.size());
    block.element_count = static_cast<uint32_t>(elements[i].size());
    cfg.elements_.insert(cfg.elements_.end(), elements[i].begin(), elements[i].end());
    // A block without elements that merely passes on raises nothing.
    bool may_raise = block.element_count > 0 || block.terminator == Terminator::kRaise ||
                     block.terminator == Terminator::kLoop || block.terminator == Terminator::kCase;
    if (!may_raise) block.exception = BlockId::none();
  }
  markReachable(cfg.blocks_);
  return std::move(cfg);
}

Cfg buildCfg(const SemanticModel& model, ScopeId scope, const Target& target, const FlowFacts* facts) {
  CfgBuilder b{model, model.ast(), target, facts, {}, {}, {}, {}, {}, {}};
  b.start();
  buildStatements(b, bodyOf(model.ast(), model[scope].node));
  return b.finish(scope);
}

std::vector<Cfg> buildCfgs(const SemanticModel& model, const Target& target) {
  std::vector<Cfg> cfgs;
  for (uint32_t i = 0; i < model.scopes().size(); ++i) {
    ScopeKind kind = model[ScopeId(i)].kind;
    if (kind > ScopeKind::kFunction) continue;
    cfgs.push_back(buildCfg(model, ScopeId(i), target));
  }
  return cfgs;
}

bool Cfg::reachesEnd() const {
  for (const Block& block : blocks_) {
    if (block.is_reachable && block.terminator == Terminator::kEnd) return true;
  }
  return false;
}

}  // namespace krait::semantic
