// Functions in functions: which variables of the outer one they see, and what is known of these.
#include "checker/check/inner_functions.h"

#include <algorithm>

#include "checker/check/fact_questions.h"

namespace krait::check {

// The function whose statements hold the node.
static NodeId functionAround(const Ast& ast, NodeId node) {
  NodeId at = ast.parent(node);
  while (at.valid() && !ast.is(at, NodeKind::kFunctionDef)) at = ast.parent(at);
  return at;
}

// Is the variable assigned to nowhere behind the nested function, in the functions around it, nor by `nonlocal` in others?
static bool isSettled(Checker& c, SymbolId symbol, NodeId nested, TextRange around) {
  const Symbol& info = c.w.symbols[symbol];
  if (info.kind != SymbolKind::kVariable || info.module != c.module || info.owner.valid()) return false;
  uint32_t begin = c.ast->range(nested).begin;
  const Scope& home = c.w.scopes[info.scope];
  bool is_local = home.kind == ScopeKind::kFunction && follows(*c.options, Divergence::kRedefinition);
  for (const Definition& definition : info.definitions) {
    uint32_t at = c.ast->range(definition.target).begin;
    if (is_local && definition.kind == DefinitionKind::kAssign && functionAround(*c.ast, definition.target) != c.w.functions[home.function].node) return false;
    if (definition.kind != DefinitionKind::kParameter && at >= begin && at < around.end) return false;
  }
  return true;
}

// Is the scope, of a function or the module, the inner one or around it?
static bool isAround(World& w, ScopeId scope, ScopeId inner) {
  for (ScopeId at = inner; at.valid(); at = w.scopes[at].parent) {
    if (at == scope) return w.scopes[at].kind == ScopeKind::kFunction || w.scopes[at].kind == ScopeKind::kModule;
  }
  return false;
}

// What is known of variables that do not change any more holds in a nested function, too. ref: mypy
// is_var_redefined_in_outer_context
std::vector<std::pair<KeyId, KnownType>> keptKnown(Checker& c, const Binder& outer, FunctionId id) {
  World& w = c.w;
  std::vector<std::pair<KeyId, KnownType>> kept;
  NodeId outermost;
  for (ScopeId at = w.functions[id].parent; at.valid(); at = w.scopes[at].parent) {
    if (w.scopes[at].kind == ScopeKind::kFunction) outermost = w.functions[w.scopes[at].function].node;
  }
  if (!outermost.valid()) return kept;
  for (const auto& [value, known] : outer.all()) {
    SymbolId symbol = c.keys.variableOf(KeyId(value));
    if (!symbol.valid() || !known.type.valid() || !isAround(w, w.symbols[symbol].scope, w.functions[id].parent)) continue;
    if (!isSettled(c, symbol, w.functions[id].node, c.ast->range(outermost))) continue;
    kept.emplace_back(KeyId(value), known);
  }
  return kept;
}

void putKnown(Checker& c, const std::vector<std::pair<KeyId, KnownType>>& kept) {
  for (const auto& [key, known] : kept) c.binder->put(key, known.type, c.w.symbols[c.keys.variableOf(key)].type, known.from_assignment, known.is_guard);
}

// Functions that assign by `nonlocal` are read before any of those beside them is checked.
void collectSharing(Checker& c, NodeId node) {
  if (c.ast->text(node).find("nonlocal") == std::string_view::npos) return;
  syntax::forEachChild(*c.ast, node, [&](NodeId child) {
    auto found = c.ast->is(child, NodeKind::kFunctionDef) ? c.w.modules[c.module].functions.find(child.value) : c.w.modules[c.module].functions.end();
    if (found != c.w.modules[c.module].functions.end()) collectFunction(c.w, found->second);
    collectSharing(c, child);
  });
}

static void readNames(const Ast& ast, NodeId node, std::unordered_set<uint32_t>& names) {
  if (ast.is(node, NodeKind::kName)) names.insert(syntax::nameOf(ast, node).value);
  syntax::forEachChild(ast, node, [&](NodeId child) { readNames(ast, child, names); });
}

// Notes what the function, which was just checked, read of variables of the functions around it that may become wider.
static void noteInnerCheck(Checker& c, FunctionId id) {
  World& w = c.w;
  InnerCheck check{id, c.scope, {}, {}};
  for (ScopeId at = w.functions[id].parent; at.valid(); at = w.scopes[at].parent) {
    if (w.scopes[at].kind != ScopeKind::kFunction) continue;
    for (SymbolId symbol : w.scopes[at].names.in_order) {
      const Symbol& info = w.symbols[symbol];
      bool may_widen = info.kind == SymbolKind::kVariable && info.has(kIsInferred) && info.definitions.size() > 1;
      if (may_widen) check.read.emplace_back(symbol, info.type);
    }
  }
  if (check.read.empty()) return;
  std::unordered_set<uint32_t> names;
  readNames(*c.ast, w.functions[id].node, names);
  std::erase_if(check.read, [&](const auto& entry) { return names.count(w.symbols[entry.first].name.value) == 0; });
  if (check.read.empty()) return;
  check.known = keptKnown(c, *c.binder, id);
  c.inner_checks.push_back(std::move(check));
}

// Variables may have become wider since functions in this one read them: these are checked again.
void checkInnerAgain(Checker& c) {
  World& w = c.w;
  if (c.facts != nullptr || c.silent > 0) return;
  for (const InnerCheck& check : std::vector<InnerCheck>(std::move(c.inner_checks))) {
    bool is_wider = std::any_of(check.read.begin(), check.read.end(), [&](const auto& entry) { return w.symbols[entry.first].type != entry.second; });
    if (!is_wider || check.parent != c.scope) continue;
    NodeId node = w.functions[check.function].node;
    NodeList body = c.ast->as<syntax::FunctionDef>(node).body();
    if (body.empty()) continue;
    uint32_t begin = c.ast->range(body[0]).begin, end = c.ast->range(node).end;
    std::erase_if(*c.messages, [&](const Message& message) { return message.range.begin >= begin && message.range.end <= end; });
    w.body_facts.known.erase(factsKey(check.function));
    forgetLocals(c, w.functions[check.function].scope);
    Binder* around = c.binder;
    Binder binder = binderFor(c);
    c.binder = &binder;
    putKnown(c, check.known);
    size_t before = c.messages->size();
    checkFunctionBody(c, check.function);
    c.binder = around;
    // What is said of the signature was said.
    std::vector<Message> again(c.messages->begin() + static_cast<ptrdiff_t>(before), c.messages->end());
    c.messages->resize(before);
    for (Message& message : again) {
      bool is_known = message.range.begin < begin && std::any_of(c.messages->begin(), c.messages->end(), [&](const Message& other) {
        return other.range == message.range && other.code == message.code && other.text == message.text;
      });
      if (!is_known) c.messages->push_back(std::move(message));
    }
  }
}

// The types of the variables that the function assigns to by `nonlocal`.
static std::vector<TypeId> sharedTypes(World& w, FunctionId id) {
  std::vector<TypeId> types;
  if (!w.functions[id].scope.valid()) return types;
  for (NameId name : w.scopes[w.functions[id].scope].nonlocals) {
    SymbolId symbol = lookupName(w, w.functions[id].parent, name);
    types.push_back(symbol.valid() ? w.symbols[symbol].type : TypeId::none());
  }
  return types;
}

// A function in a function is checked where it stands. What it assigns to the other's variables, it may find there when
// it is called again: then its body is checked once more.
void checkInnerBody(Checker& c, FunctionId id) {
  collectFunction(c.w, id);
  std::vector<TypeId> before = sharedTypes(c.w, id);
  Watch watch = startWatch(c);
  bool is_shared = follows(*c.options, Divergence::kSharedVariables) && c.facts == nullptr && c.silent == 0 && c.binder != nullptr;
  checkFunctionBody(c, id);
  if (is_shared) noteInnerCheck(c, id);
  if (before.empty() || !follows(*c.options, Divergence::kRedefinition) || sharedTypes(c.w, id) == before) return;
  takeBack(c, watch);
  forgetLocals(c, c.w.functions[id].scope);
  checkFunctionBody(c, id);
}

}  // namespace krait::check
