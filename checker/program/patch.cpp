// How an edit gets into a World. Three questions are asked first: what is the smallest run of nodes that differs
// (tree_change.h), which function or top level does it stand in, and can anything else see it. Then every place and
// node that the World holds of the module is moved, the function's own names are forgotten, and it is checked again.
// What its check tells others (types of attributes and module variables) must come out as before.
#include "checker/program/patch.h"

#include <algorithm>

#include "analyzer/semantic/flow/reachability.h"
#include "checker/check/check.h"
#include "checker/program/declared_change.h"
#include "checker/program/line_citations.h"
#include "checker/program/recheck.h"
#include "checker/program/redeclare.h"
#include "checker/program/tree_change.h"

namespace krait::program {

using namespace types;
namespace syn = krait::syntax;
using syn::NodeKind;

// How often what an edit changed may change more.
static constexpr int kMostRounds = 6;

namespace {

// What is to be checked again.
struct Targets {
  std::vector<FunctionId> functions;  // outermost ones
  bool has_top_level = false;
};

struct Patch {
  World& w;
  ModuleId id;
  const Ast& before;
  const Ast& after;
  TreeChange change;
  Targets targets;
  Redeclaration declared;
  bool is_declared = false;  // more than bodies of functions changed

  bool findTargets();
  bool isHarmlessInBody(NodeId parent) const;
  bool isHarmlessAtTop(NodeId parent) const;
  bool hasKind(const Ast& ast, uint32_t begin, uint32_t end, bool (*is_wrong)(const Ast&, NodeId)) const;
  void moveNodes();
  bool moveMessages();
  void dropMessages();
  void addSuggestions();
  bool isFoundAgain(const Message& message, const std::vector<TextRange>& bodies) const;
  std::vector<TextRange> bodiesIn(const Ast& ast) const;
  std::optional<NameIds> follow(Program::State& state, const NameIds& names, int round);
};

}  // namespace

// Inside a function: what others may see of it.
static bool isSeenOutside(const Ast& ast, NodeId node) {
  if (auto attribute = ast.tryAs<syn::Attribute>(node)) return attribute->context() != syn::ExprContext::kLoad;
  return reachesOut(ast, node);
}

// At module or class level: what binds a name or decides what is there.
static bool isDeclaring(const Ast& ast, NodeId node) {
  switch (ast.kind(node)) {
    case NodeKind::kName:
      // `__all__.append(…)` binds nothing, but says what is passed on.
      return ast.as<syn::Name>(node).context() != syn::ExprContext::kLoad || syn::nameText(ast, node) == "__all__";
    case NodeKind::kExprStmt:
    case NodeKind::kPass:
    case NodeKind::kAssert: return false;
    case NodeKind::kAttribute: return isSeenOutside(ast, node);
    default: return syn::isStatement(ast, node) || isSeenOutside(ast, node) || ast.is(node, NodeKind::kNamedExpr);
  }
}

bool Patch::hasKind(const Ast& ast, uint32_t begin, uint32_t end, bool (*is_wrong)(const Ast&, NodeId)) const {
  for (uint32_t i = begin; i < end; ++i) {
    if (is_wrong(ast, NodeId(i))) return true;
  }
  return false;
}

bool Patch::isHarmlessInBody(NodeId parent) const {
  // A part of what defines an attribute, or of its annotation.
  for (NodeId node = parent; node.valid(); node = after.parent(node)) {
    if (after.is(node, NodeKind::kAnnAssign) || after.is(node, NodeKind::kGlobal) || after.is(node, NodeKind::kNonlocal)) return false;
    if (after.is(node, NodeKind::kAttribute) && isSeenOutside(after, node)) return false;
    if (syn::isStatement(after, node)) break;
  }
  return !hasKind(before, change.begin, change.old_end, isSeenOutside) && !hasKind(after, change.begin, change.new_end, isSeenOutside);
}

// Whole statements in a list of module or class level, or a part of an expression statement there.
bool Patch::isHarmlessAtTop(NodeId parent) const {
  if (hasKind(before, change.begin, change.old_end, isDeclaring) || hasKind(after, change.begin, change.new_end, isDeclaring)) return false;
  for (NodeId node = parent; node.valid(); node = after.parent(node)) {
    NodeKind kind = after.kind(node);
    if (kind == NodeKind::kExprStmt || kind == NodeKind::kAssert) return true;
    if (kind == NodeKind::kModule || kind == NodeKind::kClassDef) {
      if (node != parent) return false;
      // In the body, not among decorators or bases: there only whole statements stand.
      for (uint32_t i = change.begin; i < change.new_end; ++i) {
        NodeId at(i);
        if (after.parent(at) == parent && !syn::isStatement(after, at)) return false;
      }
      NodeId old_parent(parent.value - change.new_end + change.old_end);
      for (uint32_t i = change.begin; i < change.old_end; ++i) {
        NodeId at(i);
        if (before.parent(at) == old_parent && !syn::isStatement(before, at)) return false;
      }
      return true;
    }
    if (syn::isStatement(after, node)) return false;
  }
  return false;
}

// Is `inner`, a node or a child of the function, in its body (not in its decorators, parameters or annotations)?
static bool isInBody(const Ast& ast, NodeId function, uint32_t offset) {
  syn::NodeList body = ast.as<syn::FunctionDef>(function).body();
  return !body.empty() && ast.range(body[0]).begin <= offset;
}

bool Patch::findTargets() {
  Module& module = w.modules[id];
  for (NodeId parent : change.parents) {
    NodeId outermost;
    NodeId child;
    bool is_in_function = false;
    for (NodeId node = parent; node.valid(); child = node, node = after.parent(node)) {
      if (!after.is(node, NodeKind::kFunctionDef)) continue;
      is_in_function = true;
      // Where does the way up come from?
      uint32_t place = child.valid() ? after.range(child).begin : change.text_begin;
      outermost = isInBody(after, node, place) ? node : NodeId::none();
    }
    if (!outermost.valid()) {
      // In a function, but not in its body: a part of its signature.
      if (is_in_function || !isHarmlessAtTop(parent)) return false;
      targets.has_top_level = true;
      continue;
    }
    NodeId old_node(outermost.value - change.new_end + change.old_end);
    auto function = module.functions.find(old_node.value);
    if (function == module.functions.end()) return false;
    auto def = after.as<syn::FunctionDef>(outermost);
    bool was_trivial = declare::isTrivialBody(before, before.as<syn::FunctionDef>(old_node).body());
    bool is_same_kind = was_trivial == declare::isTrivialBody(after, def.body());
    // What methods of a protocol must not assign is told where its members are collected.
    ClassId owner = w.functions[function->second].owner;
    bool is_of_protocol = owner.valid() && w.classes[owner].has(kClassProtocol);
    if (!def.typeParams().empty() || !isHarmlessInBody(parent) || !is_same_kind || is_of_protocol) return false;
    if (std::find(targets.functions.begin(), targets.functions.end(), function->second) == targets.functions.end()) {
      targets.functions.push_back(function->second);
    }
  }
  return true;
}

// The ids of a store that belong to the module.
template <class EntityId, class Store>
static std::vector<EntityId> ownedBy(const Store& store, ModuleId id) {
  std::vector<EntityId> own;
  for (uint32_t i = 0; i < store.size(); ++i) {
    if (store[EntityId(i)].module == id) own.push_back(EntityId(i));
  }
  return own;
}

void Patch::moveNodes() {
  Module& module = w.modules[id];
  auto move = [&](NodeId& node) { node = change.map(node); };
  for (SymbolId symbol : ownedBy<SymbolId>(w.symbols, id)) {
    for (Definition& definition : w.symbols[symbol].definitions) {
      move(definition.node);
      move(definition.target);
    }
  }
  for (FunctionId function : ownedBy<FunctionId>(w.functions, id)) move(w.functions[function].node);
  for (ScopeId scope : ownedBy<ScopeId>(w.scopes, id)) move(w.scopes[scope].node);
  for (TypeVarId variable : ownedBy<TypeVarId>(w.type_vars, id)) move(w.type_vars[variable].node);
  for (AliasId alias : ownedBy<AliasId>(w.aliases, id)) {
    move(w.aliases[alias].node);
    move(w.aliases[alias].statement);
    move(w.aliases[alias].type_params);
  }
  for (ClassId cls : ownedBy<ClassId>(w.classes, id)) {
    ClassInfo& info = w.classes[cls];
    move(info.node);
    if (info.node.valid() && info.line != 0) info.line = static_cast<int>(module.lines.locate(after.range(info.node).begin).line) + 1;
  }
  std::unordered_map<uint32_t, FunctionId> moved_functions;
  for (auto [node, function] : module.functions) {
    if (NodeId to = change.map(NodeId(node)); to.valid()) moved_functions[to.value] = function;
  }
  module.functions = std::move(moved_functions);
  std::unordered_map<uint32_t, ClassId> moved_classes;
  for (auto [node, cls] : module.classes) {
    if (NodeId to = change.map(NodeId(node)); to.valid()) moved_classes[to.value] = cls;
  }
  module.classes = std::move(moved_classes);
  for (std::unordered_set<uint32_t>* nodes : {&module.exhaustive, &module.swallowing, &module.unreached}) {
    std::unordered_set<uint32_t> moved;
    for (uint32_t node : *nodes) {
      if (NodeId to = change.map(NodeId(node)); to.valid()) moved.insert(to.value);
    }
    *nodes = std::move(moved);
  }
  if (module.node_types.empty()) return;
  std::vector<TypeId> types(after.nodeCount());
  std::copy(module.node_types.begin(), module.node_types.begin() + change.begin, types.begin());
  std::copy(module.node_types.begin() + change.old_end, module.node_types.end(), types.begin() + change.new_end);
  module.node_types = std::move(types);
}

// The place of a finding in the new text. Text alone does not tell where a node at the edit's borders went.
static bool movePlace(const std::vector<std::pair<TextRange, TextRange>>& touched, const TreeChange& change, TextRange& place) {
  auto isAtEdit = [&](uint32_t offset) { return change.text_begin <= offset && offset <= change.text_old_end; };
  if (!isAtEdit(place.begin) && !isAtEdit(place.end)) {
    place = change.map(place);
    return true;
  }
  for (const auto& [from, to] : touched) {
    if (from != place) continue;
    place = to;
    return true;
  }
  return false;
}

// Is the finding one that the check of the targets finds again? Their bodies are those places.
bool Patch::isFoundAgain(const Message& message, const std::vector<TextRange>& bodies) const {
  if (message.phase == 3) return true;
  bool is_of_target = std::find(targets.functions.begin(), targets.functions.end(), message.target) != targets.functions.end();
  if (message.phase == 2 && (is_of_target || (targets.has_top_level && !message.target.valid()))) return true;
  // Said where the members of the protocol are collected, which is done once.
  if (message.code == Code::kMisc && message.text.starts_with("Protocol members cannot be defined via")) return false;
  bool is_declared_there = message.phase != 2 || message.target == World::kDeclaration;
  return is_declared_there && std::any_of(bodies.begin(), bodies.end(), [&](TextRange body) {
    return body.begin <= message.range.begin && message.range.begin < body.end;
  });
}

// The bodies of the targets in one of the trees.
std::vector<TextRange> Patch::bodiesIn(const Ast& ast) const {
  std::vector<TextRange> bodies;
  for (FunctionId function : targets.functions) {
    NodeId node = w.functions[function].node;
    if (&ast == &before && node.value >= change.begin) node = NodeId(node.value - change.new_end + change.old_end);
    syn::NodeList body = ast.as<syn::FunctionDef>(node).body();
    if (!body.empty()) bodies.push_back({ast.range(body[0]).begin, ast.range(node).end});
  }
  return bodies;
}

// Functions where a name was missed: what is suggested in its place may be another one now.
void Patch::addSuggestions() {
  for (const Message& message : w.modules[id].messages) {
    bool is_missing = message.text.find(" is not defined") != std::string::npos || message.text.find(" has no attribute ") != std::string::npos;
    bool is_in_function = message.target.valid() && message.target != World::kDeclaration && !declared.isGone(message);
    if (!is_missing || !is_in_function) continue;
    if (std::find(targets.functions.begin(), targets.functions.end(), message.target) == targets.functions.end()) targets.functions.push_back(message.target);
  }
}

void Patch::dropMessages() {
  std::vector<TextRange> bodies = bodiesIn(after);
  std::erase_if(w.modules[id].messages, [&](const Message& message) { return isFoundAgain(message, bodies); });
}

// Findings of what is checked again go; the others move. False: nobody can tell where one of them went.
bool Patch::moveMessages() {
  std::vector<TextRange> bodies = bodiesIn(before);
  std::vector<std::pair<TextRange, TextRange>> touched;
  for (uint32_t i = 0; i < before.nodeCount(); ++i) {
    NodeId to = change.map(NodeId(i));
    TextRange range = before.range(NodeId(i));
    if (to.valid() && range.begin <= change.text_old_end && range.end >= change.text_begin) touched.push_back({range, after.range(to)});
  }
  std::vector<Message> kept;
  for (Message& message : w.modules[id].messages) {
    if ((is_declared && declared.isGone(message)) || isFoundAgain(message, bodies)) continue;
    bool has_origin = message.origin.size() != 0;
    if (!movePlace(touched, change, message.range) || (has_origin && !movePlace(touched, change, message.origin))) return false;
    kept.push_back(std::move(message));
  }
  w.modules[id].messages = std::move(kept);
  return true;
}

// Annotated members of an enum read otherwise when they are checked once more: their type is then the enum.
static bool hasAnnotatedMembers(World& w, ModuleId id) {
  for (ClassId cls : ownedBy<ClassId>(w.classes, id)) {
    if (!w.classes[cls].has(kClassEnum)) continue;
    for (SymbolId member : w.scopes[w.classes[cls].scope].names.in_order) {
      if (w.symbols[member].kind == SymbolKind::kVariable && w.symbols[member].has(kIsDeclared)) return true;
    }
  }
  return false;
}

// Types have come out otherwise: who mentions them is checked again. The names whose types then differ; none: nobody can tell.
std::optional<NameIds> Patch::follow(Program::State& state, const NameIds& names, int round) {
  if (round == kMostRounds || !isSeenByMentions(w, names) || hasAnnotatedMembers(w, id)) return std::nullopt;
  std::optional<std::vector<FunctionId>> functions = findMentions(state, id, names, {});
  if (!functions) return std::nullopt;
  targets = {.functions = std::move(*functions), .has_top_level = true};
  dropMessages();
  Recheck again(w, id);
  again.forget(targets.functions, true, true);
  again.check();
  return again.changedNames({});
}

Patched patchModule(Program::State& state, ModuleId id, const std::shared_ptr<const ParsedText>& parsed) {
  World& w = state.world;
  Module& module = w.modules[id];
  std::shared_ptr<const Ast> old_tree = module.ast;
  std::optional<TreeChange> change = compareTrees(*old_tree, *parsed->ast);
  if (!change || !parsed->problems.empty()) return Patched::kRefused;
  Patch patch{.w = w, .id = id, .before = *old_tree, .after = *parsed->ast, .change = std::move(*change)};
  if (!patch.findTargets()) {
    patch.targets = {.functions = {}, .has_top_level = true};
    patch.is_declared = true;
    if (!patch.declared.plan(state, id, patch.before, patch.after, patch.change)) return Patched::kRefused;
  }
  if (patch.targets.has_top_level && hasAnnotatedMembers(w, id)) return Patched::kRefused;
  LineIndex lines(parsed->text);
  if (lines.lineCount() != module.lines.lineCount()) {
    auto cited = movedCitations(module, patch.change, lines);
    if (!cited) return Patched::kRefused;
    for (auto& [index, text] : *cited) module.messages[index].text = std::move(text);
  }
  module.text = parsed->text;
  module.lines = std::move(lines);
  module.ast = std::shared_ptr<const Ast>(parsed, parsed->ast.get());
  module.unreachable = semantic::findUnreachable(*module.ast, semantic::targetOf(module.options)).marks();
  patch.moveNodes();
  if (patch.is_declared) {
    if (!patch.declared.apply(state)) return Patched::kBroken;
    patch.targets.functions = patch.declared.functions();
    patch.addSuggestions();
  }
  if (!patch.moveMessages()) return Patched::kBroken;
  Recheck first(w, id);
  first.forget(patch.targets.functions, patch.targets.has_top_level, patch.is_declared);
  first.check();
  if (patch.is_declared) {
    for (FunctionId function : patch.declared.newFunctions(w)) check::checkFunction(w, function);
  }
  std::optional<NameIds> changed = first.changedNames(patch.is_declared ? patch.declared.names() : NameIds());
  for (int round = 0; changed && !changed->empty(); ++round) changed = patch.follow(state, *changed, round);
  if (!changed) return Patched::kBroken;
  check::checkDefinedness(w, id);
  return Patched::kYes;
}

}  // namespace krait::program
