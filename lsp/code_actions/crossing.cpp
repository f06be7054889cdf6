#include "lsp/code_actions/crossing.h"

#include <algorithm>
#include <map>
#include <set>

#include "analyzer/semantic/flow/use_def.h"

namespace krait::lsp {

using namespace krait::syntax;
using semantic::Definition;
using semantic::DefinitionKind;
using semantic::SemanticModel;
using semantic::SymbolId;

static bool leaves(const Ast& ast, NodeList body) {
  if (body.empty()) return false;
  NodeKind kind = ast.kind(body[body.size() - 1]);
  return kind == NodeKind::kReturn || kind == NodeKind::kRaise || kind == NodeKind::kContinue || kind == NodeKind::kBreak;
}

namespace {
struct Binding {
  const SemanticModel& model;
  SymbolId symbol;

  bool inStatement(NodeId statement) const;
  bool inList(NodeList body) const;
  bool isDefinedBy(NodeId statement) const;
};
}  // namespace

// Does the statement itself bind the symbol: no part of it that may not run?
bool Binding::isDefinedBy(NodeId statement) const {
  const Ast& ast = model.ast();
  for (const Definition& definition : model.definitions(symbol)) {
    if (definition.kind == DefinitionKind::kAugAssign) continue;
    NodeId at = definition.node;
    while (at.valid() && at != statement && !(isStatement(ast, at) && at != definition.owner)) at = ast.parent(at);
    if (at == statement) return true;
  }
  return false;
}

bool Binding::inList(NodeList body) const {
  return std::any_of(body.begin(), body.end(), [&](NodeId statement) { return inStatement(statement); });
}

// Is the symbol bound whenever the statement has run to its end?
bool Binding::inStatement(NodeId statement) const {
  const Ast& ast = model.ast();
  switch (ast.kind(statement)) {
    case NodeKind::kAssign: case NodeKind::kFunctionDef: case NodeKind::kClassDef: case NodeKind::kImport: case NodeKind::kImportFrom:
      return isDefinedBy(statement);
    case NodeKind::kAnnAssign: return ast.as<AnnAssign>(statement).value().valid() && isDefinedBy(statement);
    case NodeKind::kWith: {
      if (inList(ast.as<With>(statement).body())) return true;
      NodeList items = ast.as<With>(statement).items();
      return std::any_of(items.begin(), items.end(), [&](NodeId item) {
        std::span<const Definition> definitions = model.definitions(symbol);
        return std::any_of(definitions.begin(), definitions.end(), [&](const Definition& one) { return inside(ast.range(one.node), ast.range(item)); });
      });
    }
    case NodeKind::kIf: {
      If branch = ast.as<If>(statement);
      bool has_both = !branch.orelse().empty();
      return has_both && (inList(branch.body()) || leaves(ast, branch.body())) && (inList(branch.orelse()) || leaves(ast, branch.orelse()));
    }
    case NodeKind::kTry: {
      Try block = ast.as<Try>(statement);
      if (inList(block.finalbody())) return true;
      NodeList handlers = block.handlers();
      bool is_handled = std::all_of(handlers.begin(), handlers.end(), [&](NodeId handler) {
        NodeList body = ast.as<ExceptHandler>(handler).body();
        return inList(body) || leaves(ast, body);
      });
      return is_handled && (inList(block.body()) || inList(block.orelse()));
    }
    default: return false;
  }
}

namespace {
// What may be bound when control comes to the area.
struct Entry {
  bool is_bound = false;    // on some way
  bool is_unbound = false;  // on some way
};

struct Flow {
  const SemanticModel& model;
  semantic::Cfg cfg;
  semantic::UseDef use_def;
  std::map<uint32_t, std::vector<uint32_t>> before;  // predecessors of blocks
  uint32_t block = 0;       // in which the area begins
  size_t event = 0;         // … before this one of its events
  bool is_found = false;
  bool is_in_loop = false;  // a loop of the frame goes through the area again and again
  std::set<uint32_t> tracked;  // uses in the frame itself

  Flow(const SemanticModel& model, semantic::ScopeId frame, const semantic::Target& target, TextRange area);
  Entry entryOf(SymbolId symbol) const;
  // Is it a use in the frame itself, not in a function inside?
  bool isTracked(NodeId use) const;
};
}  // namespace

Flow::Flow(const SemanticModel& given, semantic::ScopeId frame, const semantic::Target& target, TextRange area)
    : model(given), cfg(semantic::buildCfg(given, frame, target)), use_def(semantic::computeUseDef(cfg, given)) {
  const Ast& ast = model.ast();
  // What is evaluated first in the area; of an expression what holds it.
  TextRange best{0, 0xffffffffu};
  for (NodeId at = nodesAt(ast, area.begin).back(); at.valid() && model.scopeOf(at).isNone(); at = ast.parent(at)) {
    is_in_loop |= (ast.is(at, NodeKind::kFor) || ast.is(at, NodeKind::kWhile)) && !inside(ast.range(at), area);
  }
  for (uint32_t i = 0; i < cfg.blocks().size(); ++i) {
    for (const semantic::FlowEvent& one : use_def.eventsOf(semantic::BlockId(i))) {
      if (one.kind != semantic::FlowEvent::kDefine) tracked.insert(one.node.value);
    }
    semantic::Cfg::forEachSuccessor(cfg.blocks()[i], [&](semantic::BlockId next) { before[next.value].push_back(i); });
    for (const semantic::Element& element : cfg.elements(cfg.blocks()[i])) {
      TextRange range = ast.range(element.node);
      bool is_inside = inside(range, area), is_around = inside(area, range) && element.kind != semantic::ElementKind::kHandlerEnd && element.kind != semantic::ElementKind::kHandlerName;
      bool has_inside = is_found && inside(best, area);
      bool is_better = is_inside ? !has_inside || range.begin < best.begin : is_around && !has_inside && range.size() < best.size();
      if (!is_better || !cfg.blocks()[i].is_reachable) continue;
      best = range;
      block = i;
      is_found = true;
      std::span<const semantic::FlowEvent> events = use_def.eventsOf(semantic::BlockId(i));
      event = 0;
      while (event < events.size() && !inside(ast.range(events[event].node), range) && ast.range(events[event].node).begin < range.begin) ++event;
    }
  }
}

Entry Flow::entryOf(SymbolId symbol) const {
  Entry out;
  std::vector<uint32_t> pending = {block};
  std::vector<bool> seen(cfg.blocks().size(), false);
  bool is_first = true;
  while (!pending.empty()) {
    uint32_t at = pending.back();
    pending.pop_back();
    std::span<const semantic::FlowEvent> events = use_def.eventsOf(semantic::BlockId(at));
    size_t end = is_first ? event : events.size();
    if (!is_first && seen[at]) continue;
    if (!is_first) seen[at] = true;
    is_first = false;
    bool is_decided = false;
    for (size_t i = end; i-- > 0 && !is_decided;) {
      if (events[i].symbol != symbol || events[i].kind == semantic::FlowEvent::kUse) continue;
      is_decided = true;
      (events[i].kind == semantic::FlowEvent::kDefine ? out.is_bound : out.is_unbound) = true;
    }
    if (is_decided) continue;
    bool is_parameter = (model[symbol].flags & semantic::kDefParam) != 0;
    if (at == semantic::Cfg::kEntry.value) (is_parameter ? out.is_bound : out.is_unbound) = true;
    if (auto found = before.find(at); found != before.end()) pending.insert(pending.end(), found->second.begin(), found->second.end());
  }
  return out;
}

bool Flow::isTracked(NodeId use) const { return tracked.count(use.value) != 0; }

// Does what the area binds reach the use behind it?
static bool readsFromArea(const Flow& flow, NodeId use, TextRange area) {
  // A function reads it some time.
  if (!flow.isTracked(use)) return true;
  bool may_be_unbound = false;
  std::vector<NodeId> definitions = flow.use_def.definitionsReaching(use, may_be_unbound);
  return std::any_of(definitions.begin(), definitions.end(), [&](NodeId one) { return inside(flow.model.ast().range(one), area); });
}

// Is what was bound before the area, or in it a turn of the loop ago, read in it?
static bool readsFromBefore(const Flow& flow, NodeId use, SymbolId symbol, TextRange area) {
  const Ast& ast = flow.model.ast();
  if (!flow.isTracked(use)) return flow.entryOf(symbol).is_bound;
  bool may_be_unbound = false;
  std::vector<NodeId> definitions = flow.use_def.definitionsReaching(use, may_be_unbound);
  if (may_be_unbound && (flow.model[symbol].flags & semantic::kDefParam) != 0) return true;
  return std::any_of(definitions.begin(), definitions.end(), [&](NodeId one) { return !inside(ast.range(one), area) || (flow.is_in_loop && ast.range(one).begin > ast.range(use).begin); });
}

Crossing crossingOf(Workspace& workspace, SourceModule& module, TextRange area, semantic::ScopeId frame, const std::vector<NodeId>& statements) {
  Crossing out;
  const SemanticModel& model = module.model();
  const Ast& ast = module.ast();
  Flow flow(model, model.enclosingFrame(frame), semantic::targetOf(workspace.configOf(module.path()).base), area);
  std::vector<SymbolId> symbols(model.symbolsOf(frame).begin(), model.symbolsOf(frame).end());
  auto firstPlace = [&](SymbolId symbol) {
    std::span<const Definition> definitions = model.definitions(model.resolve(symbol));
    return definitions.empty() ? 0xffffffffu : ast.range(definitions[0].node).begin;
  };
  std::stable_sort(symbols.begin(), symbols.end(), [&](SymbolId a, SymbolId b) { return firstPlace(a) < firstPlace(b); });
  bool is_module = model[frame].kind == semantic::ScopeKind::kModule;
  for (SymbolId symbol : symbols) {
    SymbolId owner = model.resolve(symbol);
    bool is_local = model[model[owner].scope].kind != semantic::ScopeKind::kModule && model.isBound(owner);
    bool is_own = owner == symbol;  // of the frame, whose flow is known
    bool bound_inside = false, bound_outside = false, reads = false, is_read_behind = false;
    NodeId inner, outer;
    std::vector<NodeId> augmented;
    for (const Definition& definition : model.definitions(owner)) {
      bool is_inside = inside(ast.range(definition.node), area);
      bound_inside |= is_inside;
      bound_outside |= !is_inside;
      // `x += 1` reads, too.
      if (!is_inside && definition.kind == DefinitionKind::kAugAssign) augmented.push_back(definition.node);
      if (!is_inside || definition.kind != DefinitionKind::kAugAssign) continue;
      if (inner.isNone()) inner = definition.node;
      reads |= !is_own || readsFromBefore(flow, definition.node, owner, area);
    }
    for (const semantic::Reference& reference : model.references(owner)) {
      bool is_inside = inside(ast.range(reference.node), area);
      NodeId& place = is_inside ? inner : outer;
      bool is_better = place.isNone() || (!is_inside && ast.range(place).end <= area.begin) || ast.is(ast.parent(place), NodeKind::kAugAssign);
      if (is_better) place = reference.node;
      if (!is_inside && bound_inside) is_read_behind |= !is_own || readsFromArea(flow, reference.node, area);
      if (is_inside) reads |= is_own && (is_local || bound_inside) ? readsFromBefore(flow, reference.node, owner, area) : bound_outside;
    }
    for (NodeId use : bound_inside ? augmented : std::vector<NodeId>()) is_read_behind |= !is_own || readsFromArea(flow, use, area);
    std::string name(model.nameOf(owner));
    // Others see what a module binds, and what is declared to be another function's.
    semantic::ScopeKind home = model[model[owner].scope].kind;
    bool is_foreign = !is_own && (home == semantic::ScopeKind::kModule || home == semantic::ScopeKind::kFunction);
    bool is_seen_elsewhere = bound_inside && (is_module ? home == semantic::ScopeKind::kModule : is_foreign);
    bool goes_out = bound_inside && (is_read_behind || is_seen_elsewhere);
    // What only some ways through the statements bind is what it was on the others.
    Binding binding{model, owner};
    bool may_keep = goes_out && std::none_of(statements.begin(), statements.end(), [&](NodeId one) { return binding.inStatement(one); });
    Entry entry = is_own && flow.is_found ? flow.entryOf(owner) : Entry{.is_bound = bound_outside};
    bool becomes_local = is_local || bound_inside;
    if (becomes_local && (reads || may_keep) && entry.is_bound) out.in.push_back({name, inner.valid() ? inner : outer});
    if (may_keep && (entry.is_unbound || !entry.is_bound)) out.is_possible = false;
    if (goes_out) out.out.push_back({name, outer.valid() ? outer : inner});
  }
  return out;
}

}  // namespace krait::lsp
