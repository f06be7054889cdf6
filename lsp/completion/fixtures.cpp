// The fixtures of pytest where their names are written: as parameters of tests and fixtures, in `usefixtures("…")`.
#include "lsp/completion/completion.h"
#include "lsp/pytest_fixtures.h"
#include "lsp/word_search.h"

namespace krait::lsp {

using namespace krait::syntax;

// The word that ends at the place.
static std::string_view wordBefore(std::string_view text, size_t end) {
  size_t begin = end;
  while (begin > 0 && isWordByte(text[begin - 1])) --begin;
  return text.substr(begin, end - begin);
}

// Is the line of a `def` below a decorator that makes a fixture?
static bool isBelowFixture(SourceModule& module, uint32_t line) {
  while (line-- > 0) {
    std::string_view text = module.lines().lineText(line);
    size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos || text[first] != '@') return false;
    if (text.find("fixture") != std::string_view::npos) return true;
  }
  return false;
}

// Is a parameter's name written there, of a function that pytest gives its values?
static bool isAskedFor(const CompletionPlace& place) {
  if (!namesSomethingNew(place) || place.ends.parentheses.empty()) return false;
  std::string_view text = place.module.text();
  uint32_t open = place.ends.parentheses[0];
  std::string_view name = wordBefore(text, open);
  return isTest(place.module, name) || isBelowFixture(place.module, place.module.lines().lineOf(open));
}

static bool isUsed(const CompletionPlace& place) {
  return place.ends.in_string && !place.ends.parentheses.empty() && wordBefore(place.module.text(), place.ends.parentheses[0]) == "usefixtures";
}

bool addFixtures(const CompletionPlace& place, Items& items) {
  if (!isUsed(place) && (place.ends.in_string || !isAskedFor(place))) return false;
  NodeId node = nodesAt(place.module.ast(), place.cursor).back();
  for (const NamedFixture& fixture : fixturesAt(place.server.workspace(), place.module, node)) {
    bool is_near = fixture.function.module == &place.module;
    items.add(fixture.name, kVariableItem, is_near ? 1 : 2, "fixture of " + fixture.function.module->module_name);
  }
  return true;
}

}  // namespace krait::lsp
