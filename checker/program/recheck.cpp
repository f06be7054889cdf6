#include "checker/program/recheck.h"

#include <algorithm>

#include "checker/check/check.h"
#include "checker/check/fact_questions.h"

namespace krait::program {

using namespace types;

bool isSeenByMentions(const World& w, const NameIds& names) {
  for (NameId name : names) {
    std::string_view text = w.text(name);
    if (text.size() > 4 && text.starts_with("__") && text.ends_with("__")) return false;
  }
  for (uint32_t i = 0; i < w.classes.size(); ++i) {
    const ClassInfo& info = w.classes[ClassId(i)];
    if (!info.has(kClassProtocol)) continue;
    const NameTable& members = w.scopes[info.scope].names;
    if (std::any_of(names.begin(), names.end(), [&](NameId name) { return members.find(name).valid(); })) return false;
  }
  return true;
}

void Recheck::forgetSymbol(SymbolId symbol) {
  Symbol& info = w_.symbols[symbol];
  bool is_inferred = info.kind == SymbolKind::kVariable && !info.has(kIsDeclared) && !info.has(kIsParameter);
  if (!is_inferred || info.typed != Progress::kDone) return;
  promises_.push_back({symbol, info.type, info.setter_type, info.typed});
  info.typed = Progress::kNot;
  info.type = TypeId::none();
}

// Attributes that the method's own assignments define, alone or with other methods.
void Recheck::forgetAttributes(FunctionId function) {
  ClassId owner = w_.functions[function].owner;
  if (!owner.valid()) return;
  const Ast& ast = *w_.modules[id_].ast;
  TextRange place = ast.range(w_.functions[function].node);
  auto isInside = [&](const Definition& definition) {
    if (definition.kind != DefinitionKind::kSelf || !definition.node.valid()) return false;
    uint32_t begin = ast.range(definition.node).begin;
    return place.begin <= begin && begin < place.end;
  };
  std::vector<SymbolId> members = w_.scopes[w_.classes[owner].scope].names.in_order;
  for (SymbolId member : members) {
    const std::vector<Definition>& definitions = w_.symbols[member].definitions;
    if (w_.symbols[member].self_function != function && std::none_of(definitions.begin(), definitions.end(), isInside)) continue;
    w_.body_facts.known.erase(check::factsKey(member));
    forgetSymbol(member);
  }
}

void Recheck::forgetTopLevel(ScopeId scope) {
  std::vector<SymbolId> symbols = w_.scopes[scope].names.in_order;
  for (SymbolId symbol : symbols) {
    const Symbol& info = w_.symbols[symbol];
    if (info.kind == SymbolKind::kVariable && info.module == id_ && !info.has(kIsSelfAttribute)) forgetSymbol(symbol);
    bool is_own_class = info.kind == SymbolKind::kClass && info.module == id_ && info.cls.valid() && w_.classes[info.cls].module == id_;
    // What an enum's members are does not come from the check of its body.
    if (is_own_class && w_.classes[info.cls].scope.valid() && !w_.classes[info.cls].has(kClassEnum)) forgetTopLevel(w_.classes[info.cls].scope);
  }
}

void Recheck::forgetBody(FunctionId function) {
  FunctionInfo& info = w_.functions[function];
  Module& module = w_.modules[info.module];
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
  declare::collectFunction(w_, function);
}

void Recheck::forget(const std::vector<FunctionId>& functions, bool has_top_level, bool forgets_facts) {
  has_top_level_ = has_top_level;
  for (FunctionId function : functions) {
    // Functions that nothing reaches were not checked, and are not.
    if (w_.functions[function].checked != Progress::kNot) reached_.push_back(function);
    if (auto told = w_.body_facts.known.find(check::factsKey(function)); told != w_.body_facts.known.end()) {
      facts_.push_back({function, told->second});
      if (forgets_facts) w_.body_facts.known.erase(told);
    }
    if (auto calls = w_.body_facts.calls.find(function.value); calls != w_.body_facts.calls.end()) {
      calls_.push_back({function, std::move(calls->second)});
      w_.body_facts.calls.erase(calls);
    }
    forgetAttributes(function);
    forgetBody(function);
  }
  if (has_top_level) forgetTopLevel(w_.modules[id_].scope);
}

void Recheck::check() {
  if (has_top_level_) {
    w_.modules[id_].checked = Progress::kNot;
    check::checkTopLevel(w_, id_);
  }
  for (FunctionId function : reached_) check::checkFunction(w_, function);
}

std::optional<NameIds> Recheck::changedNames(const NameIds& redeclared) {
  NameIds changed;
  auto isAny = [&](TypeId type) { return type.valid() && w_.types.is(type, TypeKind::kAny); };
  for (const Promise& promise : promises_) {
    NameId name = w_.symbols[promise.symbol].name;
    if (redeclared.contains(name)) continue;
    if (w_.symbols[promise.symbol].typed == Progress::kNot) w_.hooks.symbol_type(w_, promise.symbol);
    Symbol& symbol = w_.symbols[promise.symbol];
    // An Any of another origin, as it comes from an attribute that was known already: it stays the first one.
    if (symbol.typed == promise.typed && isAny(symbol.type) && isAny(promise.type)) symbol.type = promise.type;
    if (symbol.typed != promise.typed || symbol.type != promise.type || symbol.setter_type != promise.setter_type) changed.insert(name);
  }
  for (const FactsPromise& promise : facts_) {
    // The others' answers hold as long as this one is the same: those of a cycle, too.
    FactsAnswer now = check::evaluateBody(w_, promise.function), before = promise.answer;
    auto isRedeclared = [&](const auto& each) { return redeclared.contains(w_.symbols[each.first].name); };
    std::erase_if(now.assigned, isRedeclared);
    std::erase_if(before.assigned, isRedeclared);
    if (check::isSameAnswer(w_, now, before)) continue;
    w_.body_facts.known.erase(check::factsKey(promise.function));
    if (now.type != before.type) changed.insert(w_.functions[promise.function].name);
    if (now.assigned == before.assigned) continue;
    for (const auto* answer : {&now, &before}) {
      for (const auto& [symbol, type] : answer->assigned) {
        w_.body_facts.known.erase(check::factsKey(symbol));
        changed.insert(w_.symbols[symbol].name);
        Symbol& info = w_.symbols[symbol];
        if (info.has(kIsDeclared)) continue;
        info.typed = Progress::kNot;
        info.type = TypeId::none();
      }
    }
  }
  for (const auto& [function, calls] : calls_) {
    bool is_same = std::all_of(calls.begin(), calls.end(), [&](const BodyFactsStore::Call& call) {
      return check::isSameAnswer(w_, {check::callResult(w_, function, call.given, call.depth), {}}, {call.result, {}});
    });
    if (!is_same) changed.insert(w_.functions[function].name);
  }
  return changed;
}

}  // namespace krait::program
