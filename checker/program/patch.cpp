// How an edit gets into a World. Three questions are asked first: what is the smallest run of nodes that differs
// (tree_change.h), which function or top level does it stand in, and can anything else see it. Then every place and
// node that the World holds of the module is moved, the function's own names are forgotten, and it is checked again.
// What its check tells others (types of attributes and module variables) must come out as before.
#include "checker/program/patch.h"

#include <algorithm>

#include "analyzer/semantic/flow/reachability.h"
#include "checker/check/check.h"
#include "checker/check/fact_questions.h"
#include "checker/program/line_citations.h"
#include "checker/program/tree_change.h"

namespace krait::program {

using namespace types;
namespace syn = krait::syntax;
using syn::NodeKind;

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

  bool findTargets();
  bool isHarmlessInBody(NodeId parent) const;
  bool isHarmlessAtTop(NodeId parent) const;
  bool hasKind(const Ast& ast, uint32_t begin, uint32_t end, bool (*is_wrong)(const Ast&, NodeId)) const;
  void moveNodes();
  bool moveMessages();
};

}  // namespace

// Inside a function: what others may see of it.
static bool isSeenOutside(const Ast& ast, NodeId node) {
  switch (ast.kind(node)) {
    case NodeKind::kGlobal:
    case NodeKind::kNonlocal:
    case NodeKind::kYield:
    case NodeKind::kYieldFrom:
    case NodeKind::kErrorStmt:
    case NodeKind::kErrorExpr: return true;
    case NodeKind::kAttribute: return ast.as<syn::Attribute>(node).context() != syn::ExprContext::kLoad;
    default: return false;
  }
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
    if (!def.typeParams().empty() || !isHarmlessInBody(parent) || !is_same_kind) return false;
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

// Findings of what is checked again go; the others move. False: nobody can tell where one of them went.
bool Patch::moveMessages() {
  std::vector<TextRange> bodies;
  for (FunctionId function : targets.functions) {
    NodeId node = w.functions[function].node;
    syn::NodeList body = after.as<syn::FunctionDef>(node).body();
    NodeId old_node(node.value - change.new_end + change.old_end);
    syn::NodeList old_body = before.as<syn::FunctionDef>(old_node).body();
    if (!body.empty() && !old_body.empty()) bodies.push_back({before.range(old_body[0]).begin, before.range(old_node).end});
  }
  std::vector<std::pair<TextRange, TextRange>> touched;
  for (uint32_t i = 0; i < before.nodeCount(); ++i) {
    NodeId to = change.map(NodeId(i));
    TextRange range = before.range(NodeId(i));
    if (to.valid() && range.begin <= change.text_old_end && range.end >= change.text_begin) touched.push_back({range, after.range(to)});
  }
  std::vector<Message> kept;
  for (Message& message : w.modules[id].messages) {
    if (message.phase == 3) continue;
    bool is_of_target = std::find(targets.functions.begin(), targets.functions.end(), message.target) != targets.functions.end();
    if (message.phase == 2 && (is_of_target || (targets.has_top_level && !message.target.valid()))) continue;
    bool is_in_body = false;
    bool is_declared = message.phase != 2 || message.target == World::kDeclaration;
    for (TextRange body : bodies) is_in_body |= is_declared && body.begin <= message.range.begin && message.range.begin < body.end;
    if (is_in_body) continue;
    bool has_origin = message.origin.size() != 0;
    if (!movePlace(touched, change, message.range) || (has_origin && !movePlace(touched, change, message.origin))) return false;
    kept.push_back(std::move(message));
  }
  w.modules[id].messages = std::move(kept);
  return true;
}

namespace {
// Types that others may have read, to be compared after the check.
struct Promise {
  SymbolId symbol;
  TypeId type, setter_type;
  Progress typed;
};
}  // namespace

static void forget(World& w, SymbolId symbol, std::vector<Promise>& promises) {
  Symbol& info = w.symbols[symbol];
  bool is_inferred = info.kind == SymbolKind::kVariable && !info.has(kIsDeclared) && !info.has(kIsParameter);
  if (!is_inferred || info.typed != Progress::kDone) return;
  promises.push_back({symbol, info.type, info.setter_type, info.typed});
  info.typed = Progress::kNot;
  info.type = TypeId::none();
}

namespace {
// What the body of a function told, to be compared after the check.
struct FactsPromise {
  FunctionId function;
  FactsAnswer answer;
};
}  // namespace

// Attributes that the method's own assignments define.
static void forgetAttributes(World& w, FunctionId function, std::vector<Promise>& promises) {
  ClassId owner = w.functions[function].owner;
  if (!owner.valid()) return;
  std::vector<SymbolId> members = w.scopes[w.classes[owner].scope].names.in_order;
  for (SymbolId member : members) {
    const Symbol& info = w.symbols[member];
    if (info.has(kIsSelfAttribute) && info.self_function == function) forget(w, member, promises);
  }
}

static void forgetTopLevel(World& w, ModuleId id, ScopeId scope, std::vector<Promise>& promises) {
  std::vector<SymbolId> symbols = w.scopes[scope].names.in_order;
  for (SymbolId symbol : symbols) {
    const Symbol& info = w.symbols[symbol];
    if (info.kind == SymbolKind::kVariable && info.module == id && !info.has(kIsSelfAttribute)) forget(w, symbol, promises);
    bool is_own_class = info.kind == SymbolKind::kClass && info.module == id && info.cls.valid() && w.classes[info.cls].module == id;
    if (is_own_class && w.classes[info.cls].scope.valid()) forgetTopLevel(w, id, w.classes[info.cls].scope, promises);
  }
}

// The function as if it had never been looked into.
static void forgetBody(World& w, FunctionId function) {
  FunctionInfo& info = w.functions[function];
  Module& module = w.modules[info.module];
  const Ast& ast = *module.ast;
  TextRange range = ast.range(info.node);
  auto isInside = [&](uint32_t node) {
    TextRange inner = ast.range(NodeId(node));
    return NodeId(node) != info.node && range.begin <= inner.begin && inner.end <= range.end;
  };
  std::erase_if(module.functions, [&](const auto& entry) { return isInside(entry.first); });
  std::erase_if(module.classes, [&](const auto& entry) { return isInside(entry.first); });
  info.scope = ScopeId::none();
  info.checked = Progress::kNot;
  declare::collectFunction(w, function);
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

Patched patchModule(Program::State& state, ModuleId id, const std::shared_ptr<const ParsedText>& parsed) {
  World& w = state.world;
  Module& module = w.modules[id];
  std::shared_ptr<const Ast> old_tree = module.ast;
  std::optional<TreeChange> change = compareTrees(*old_tree, *parsed->ast);
  if (!change || !parsed->problems.empty()) return Patched::kRefused;
  Patch patch{.w = w, .id = id, .before = *old_tree, .after = *parsed->ast, .change = std::move(*change)};
  if (!patch.findTargets()) return Patched::kRefused;
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
  if (!patch.moveMessages()) return Patched::kBroken;
  std::vector<Promise> promises;
  std::vector<FactsPromise> facts;
  // Functions that nothing reaches were not checked, and are not.
  std::vector<FunctionId> reached;
  for (FunctionId function : patch.targets.functions) {
    if (w.functions[function].checked != Progress::kNot) reached.push_back(function);
    if (auto told = w.body_facts.known.find(check::factsKey(function)); told != w.body_facts.known.end()) facts.push_back({function, told->second});
    forgetAttributes(w, function, promises);
    forgetBody(w, function);
  }
  if (patch.targets.has_top_level) {
    forgetTopLevel(w, id, module.scope, promises);
    module.checked = Progress::kNot;
    check::checkTopLevel(w, id);
  }
  for (FunctionId function : reached) check::checkFunction(w, function);
  for (const Promise& promise : promises) {
    if (w.symbols[promise.symbol].typed == Progress::kNot) w.hooks.symbol_type(w, promise.symbol);
    const Symbol& symbol = w.symbols[promise.symbol];
    if (symbol.typed != promise.typed || symbol.type != promise.type || symbol.setter_type != promise.setter_type) return Patched::kBroken;
  }
  for (const FactsPromise& promise : facts) {
    // The others' answers hold as long as this one is the same: those of a cycle, too.
    if (!check::isSameAnswer(w, check::evaluateBody(w, promise.function), promise.answer)) return Patched::kBroken;
  }
  check::checkDefinedness(w, id);
  return Patched::kYes;
}

}  // namespace krait::program
