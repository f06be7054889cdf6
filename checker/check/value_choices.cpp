// Functions with type variables of a few values (`T = TypeVar("T", int, str)`): their bodies are checked once for each
// choice of values, as mypy does.
#include <algorithm>

#include "checker/check/check.h"

namespace krait::check {

// More choices than this are not tried: the variables stay as they are.
static constexpr size_t kMaxChoices = 256;

std::vector<Substitution> valueChoices(World& w, FunctionId id, const Substitution& outer) {
  std::vector<TypeVarId> variables = w.functions[id].type_vars;
  if (ClassId owner = w.functions[id].owner; owner.valid()) {
    const std::vector<TypeVarId>& of_class = w.header(owner).type_vars;
    variables.insert(variables.end(), of_class.begin(), of_class.end());
  }
  std::vector<Substitution> choices{outer};
  for (TypeVarId variable : variables) {
    if (w.type_vars[variable].kind != TypeVarKind::kTypeVar || outer.find(variable).valid()) continue;
    const std::vector<TypeId> values = valuesOf(w, variable);
    if (values.empty()) continue;
    if (choices.size() * values.size() > kMaxChoices) return {outer};
    std::vector<Substitution> more;
    for (const Substitution& choice : choices) {
      for (TypeId value : values) {
        more.push_back(choice);
        more.back().add(variable, value);
      }
    }
    choices = std::move(more);
  }
  return choices;
}

void forgetLocals(Checker& c, ScopeId scope) {
  World& w = c.w;
  for (SymbolId symbol : std::vector<SymbolId>(w.scopes[scope].names.in_order)) {
    Symbol& info = w.symbols[symbol];
    for (FunctionId function : info.functions) {
      if (w.functions[function].scope.valid() && w.functions[function].scope != scope) forgetLocals(c, w.functions[function].scope);
    }
    if (info.kind != SymbolKind::kVariable || info.has(kIsParameter) || info.has(kIsDeclared)) continue;
    info.typed = Progress::kNot;
    info.type = TypeId::none();
  }
  for (const auto& entry : c.comprehension_scopes) {
    if (w.scopes[entry.second].parent == scope && entry.second != scope) forgetLocals(c, entry.second);
  }
}

void dropRepeated(Checker& c, Watch since) {
  std::vector<Message> messages = takeBack(c, since);
  for (size_t i = 0; i < messages.size(); ++i) {
    bool is_known = false;
    for (size_t k = since.mark; k < c.messages->size() && !is_known; ++k) {
      const Message& other = (*c.messages)[k];
      is_known = other.range == messages[i].range && other.severity == messages[i].severity && other.text == messages[i].text;
    }
    if (!is_known) c.messages->push_back(std::move(messages[i]));
  }
}

}  // namespace krait::check
