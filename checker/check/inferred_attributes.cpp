// Attributes of self and variables that no declaration types: what the functions that assign to them tell.
#include <algorithm>
#include <utility>

#include "checker/check/check.h"
#include "checker/check/fact_questions.h"

namespace krait::check {

void recordAssigned(Checker& c, SymbolId symbol, TypeId type) {
  if (c.facts != nullptr) c.facts->assigned.push_back({symbol, asSeen(c.w, removeLastKnownValues(c.w, type))});
}

// The functions in which the definitions stand that are not at the variable's own level: methods of its class, or of
// the functions around the outermost one.
static std::vector<FunctionId> definers(World& w, SymbolId id) {
  std::vector<FunctionId> out;
  const Module& module = w.modules[w.symbols[id].module];
  for (const Definition& definition : w.symbols[id].definitions) {
    FunctionId found;
    for (NodeId node = definition.node; node.valid(); node = module.ast->parent(node)) {
      auto function = module.functions.find(node.value);
      if (function == module.functions.end()) continue;
      found = function->second;
      if (w.symbols[id].owner.valid() && w.functions[found].owner == w.symbols[id].owner) break;
    }
    if (found.valid() && std::find(out.begin(), out.end(), found) == out.end()) out.push_back(found);
  }
  return out;
}

// The value that the class body gives.
static TypeId ownDefault(World& w, SymbolId id) {
  if (w.symbols[id].definitions[0].kind == DefinitionKind::kSelf) return TypeId::none();
  TypeId type = w.hooks.infer_value(w, id);
  return type.valid() ? asSeen(w, type) : type;
}

static bool isDescriptor(World& w, TypeId type) {
  TypeId plain = type.valid() ? proper(w, type) : type;
  if (!w.types.is(plain, TypeKind::kInstance)) return false;
  ClassId cls = w.types[plain].cls();
  return findMember(w, cls, w.names.__get__).found() || findMember(w, cls, w.names.__set__).found();
}

FactsAnswer evaluateAttribute(World& w, SymbolId id, bool is_asked) {
  BodyFactsStore& store = w.body_facts;
  size_t index = store.open.size() - 1;
  std::vector<TypeId> all;
  auto add = [&](TypeId type) {
    bool is_unfinished = is_asked && isUnfinished(store.open[index]);
    if (!is_unfinished || !isUnknownFact(w, type)) all.push_back(type);
    if (is_asked) store.open[index].so_far = all.empty() ? TypeId::none() : simplifiedUnion(w, all);
  };
  TypeId own = ownDefault(w, id);
  if (own.valid()) add(own);
  // What is assigned over a descriptor, it takes.
  std::vector<FunctionId> functions = isDescriptor(w, own) ? std::vector<FunctionId>() : definers(w, id);
  for (FunctionId function : functions) {
    for (const auto& [symbol, type] : factsOfBody(w, function).assigned) {
      if (symbol == id) add(type);
    }
  }
  FactsAnswer answer;
  answer.type = all.empty() ? w.types.any(AnyKind::kUnannotated) : simplifiedUnion(w, all);
  return answer;
}

TypeId inferInferredAttribute(World& w, SymbolId id) {
  BodyFactsStore& store = w.body_facts;
  uint64_t key = factsKey(id);
  TypeId unknown = w.types.any(AnyKind::kUnannotated);
  auto told = [&](const FactsAnswer& answer) {
    TypeId type = answer.type.valid() ? answer.type : unknown;
    if (!store.known.contains(key)) return type;
    w.symbols[id].type = type;
    w.symbols[id].typed = Progress::kDone;
    return type;
  };
  if (const FactsAnswer* known = factsAnswer(store, key)) return told(*known);
  if (FactsFrame* open = openFactsFrame(store, key)) return open->so_far.valid() ? open->so_far : unknown;
  if (isTooDeep(store, key)) return unknown;
  openQuestion(store, key);
  FactsAnswer answer = evaluateAttribute(w, id, true);
  return told(closeQuestion(w, std::move(answer), answerAgain));
}

SymbolId inferredAttributeAt(Checker& c, NodeId target) {
  World& w = c.w;
  SymbolId symbol;
  if (auto attribute = c.ast->tryAs<syntax::Attribute>(target)) {
    if (!c.cls.valid() || !c.function.id.valid() || !c.ast->is(attribute->value(), NodeKind::kName)) return symbol;
    symbol = ownMember(w, c.cls, syntax::nameOf(*c.ast, attribute->attr()));
  } else if (c.cls.valid() && w.scopes[c.scope].kind == ScopeKind::kClass) {
    symbol = w.scopes[c.scope].names.find(syntax::nameOf(*c.ast, target));
  }
  if (!symbol.valid() || w.symbols[symbol].module != c.module) return SymbolId::none();
  bool is_own = false;
  for (const Definition& definition : w.symbols[symbol].definitions) is_own = is_own || definition.target == target;
  if (!is_own || !isInferredAttribute(w, symbol)) return SymbolId::none();
  return isDescriptor(w, ownDefault(w, symbol)) ? SymbolId::none() : symbol;
}

void assignInferredAttribute(Checker& c, SymbolId symbol, NodeId target, TypeId type, NodeId rvalue) {
  World& w = c.w;
  TypeId declared;
  if (c.facts != nullptr) {
    if (rvalue.valid()) type = inferExpr(c, rvalue);
    recordAssigned(c, symbol, type);
    type = asSeen(w, type);
    declared = removeLastKnownValues(w, type);
  } else {
    declared = inferInferredAttribute(w, symbol);
    if (rvalue.valid()) {
      Watch watch = startWatch(c);
      type = inferExpr(c, rvalue, w.types.is(proper(w, declared), TypeKind::kAny) ? TypeId::none() : declared);
      if (hasNewErrors(c, watch) || !isSubtype(w, type, declared)) {
        takeBack(c, watch);
        type = inferExpr(c, rvalue);
      }
    }
    type = asSeen(w, type);
    TypeId both[] = {declared, removeLastKnownValues(w, type)};
    declared = simplifiedUnion(w, both);
  }
  c.nodeType(target) = declared;
  KeyId key = narrow::keyOf(c, target);
  if (!key.valid()) return;
  c.binder->invalidateDependents(key, c.keys);
  c.binder->assign(key, type, declared, true);
}

// Is it a variable of the module that only functions assign to, by `global`, and nobody declares?
static bool isMadeByFunctions(Checker& c, SymbolId id) {
  const Symbol& symbol = c.w.symbols[id];
  if (symbol.kind != SymbolKind::kVariable || symbol.typed == Progress::kDone || symbol.definitions.empty() || symbol.has(kIsFinal)) return false;
  for (const Definition& definition : symbol.definitions) {
    if (definition.kind != DefinitionKind::kAssign) return false;
    bool in_function = false;
    for (NodeId node = definition.node; node.valid() && !in_function; node = c.ast->parent(node)) in_function = c.ast->is(node, NodeKind::kFunctionDef);
    if (!in_function) return false;
  }
  return true;
}

// Adds what functions assign to the variable.
static void addAssigned(World& w, SymbolId id, std::vector<TypeId>& all) {
  for (FunctionId function : definers(w, id)) {
    for (const auto& [symbol, type] : factsOfBody(w, function).assigned) {
      if (symbol == id) all.push_back(type);
    }
  }
}

// Its type is the union of what they assign.
static bool typeByFunctions(Checker& c, SymbolId id) {
  World& w = c.w;
  std::vector<TypeId> all;
  addAssigned(w, id, all);
  if (all.empty()) return false;
  w.symbols[id].type = simplifiedUnion(w, all);
  w.symbols[id].typed = Progress::kDone;
  w.symbols[id].set(kIsInferred);
  return true;
}

void widenByFunctions(Checker& c) {
  World& w = c.w;
  if (!follows(*c.options, Divergence::kRedefinition) || w.modules[c.module].is_stub || w.modules[c.module].is_library) return;
  bool is_widened = false;
  for (SymbolId id : std::vector<SymbolId>(w.scopes[c.scope].names.in_order)) {
    if (isMadeByFunctions(c, id)) {
      is_widened = typeByFunctions(c, id) || is_widened;
      continue;
    }
    if (w.symbols[id].kind != SymbolKind::kVariable || !w.symbols[id].has(kIsInferred) || w.symbols[id].typed != Progress::kDone) continue;
    if (w.symbols[id].has(kIsFinal) || w.symbols[id].definitions.size() < 2) continue;
    std::vector<TypeId> all{w.symbols[id].type};
    addAssigned(w, id, all);
    if (all.size() < 2) continue;
    TypeId before = std::exchange(w.symbols[id].type, simplifiedUnion(w, all));
    is_widened = is_widened || w.symbols[id].type != before;
  }
  if (!is_widened) return;
  // What the module's functions told while its top level was running was told of narrower variables.
  for (const auto& entry : w.modules[c.module].functions) w.body_facts.known.erase(factsKey(entry.second));
}

}  // namespace krait::check
