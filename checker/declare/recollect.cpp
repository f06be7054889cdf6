#include "checker/declare/recollect.h"

#include <algorithm>

namespace krait::declare {

static bool isSame(const Definition& a, const Definition& b) { return a.kind == b.kind && a.node == b.node && a.target == b.target; }

static bool isOfSelf(const Definition& definition) { return definition.kind == DefinitionKind::kSelf; }

static std::vector<Definition> ofSelf(const Symbol& symbol) {
  std::vector<Definition> out;
  std::copy_if(symbol.definitions.begin(), symbol.definitions.end(), std::back_inserter(out), isOfSelf);
  return out;
}

// Nothing is known of the value any more.
static void forgetType(Symbol& symbol) {
  symbol.typed = Progress::kNot;
  symbol.type = TypeId::none();
  symbol.setter_type = TypeId::none();
}

void refreshSelfAttributes(World& w, ClassId cls, bool (*is_touched)(void*, const Definition&), void* context, std::unordered_set<NameId>& changed) {
  ClassInfo& info = w.classes[cls];
  if (info.self_attributes != Progress::kDone) return;
  NameTable& table = w.scopes[info.scope].names;
  struct Known {
    SymbolId symbol;
    std::vector<Definition> definitions;
    bool is_own;  // nothing but methods defines it
  };
  std::vector<Known> known;
  for (SymbolId symbol : std::vector<SymbolId>(table.in_order)) {
    std::vector<Definition> definitions = ofSelf(w.symbols[symbol]);
    bool is_own = w.symbols[symbol].has(kIsSelfAttribute);
    if (definitions.empty() && !is_own) continue;
    known.push_back({symbol, std::move(definitions), is_own});
    if (is_own) {
      table.by_name.erase(w.symbols[symbol].name);
      std::erase(table.in_order, symbol);
    } else {
      std::erase_if(w.symbols[symbol].definitions, isOfSelf);
    }
  }
  std::vector<SymbolId> others = table.in_order;
  info.self_assigned.clear();
  info.self_attributes = Progress::kNot;
  completeSelfAttributes(w, cls);
  for (const Known& before : known) {
    NameId name = w.symbols[before.symbol].name;
    SymbolId found = table.find(name);
    if (!found.valid()) {
      changed.insert(name);
      continue;
    }
    std::vector<Definition> now = ofSelf(w.symbols[found]);
    bool is_same = std::equal(now.begin(), now.end(), before.definitions.begin(), before.definitions.end(), isSame);
    for (const Definition& definition : now) is_same = is_same && !is_touched(context, definition);
    if (!is_same) changed.insert(name);
    if (!before.is_own) {
      if (!is_same) forgetType(w.symbols[found]);
      continue;
    }
    // The symbol stays the one that others know.
    if (!is_same) w.symbols[before.symbol] = w.symbols[found];
    w.symbols[before.symbol].self_function = w.symbols[found].self_function;
    table.by_name[name] = before.symbol;
    std::replace(table.in_order.begin(), table.in_order.end(), found, before.symbol);
  }
  for (SymbolId symbol : table.in_order) {
    bool is_new = std::find(others.begin(), others.end(), symbol) == others.end() &&
                  std::none_of(known.begin(), known.end(), [&](const Known& before) { return before.symbol == symbol; });
    bool has_more = !is_new && !w.symbols[symbol].has(kIsSelfAttribute) && !ofSelf(w.symbols[symbol]).empty() &&
                    std::none_of(known.begin(), known.end(), [&](const Known& before) { return before.symbol == symbol; });
    if (has_more) forgetType(w.symbols[symbol]);
    if (is_new || has_more) changed.insert(w.symbols[symbol].name);
  }
}

}  // namespace krait::declare
