// Strings that stand for a name, other than annotations: entries of `__all__`, keys of TypedDicts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lsp/locate.h"

namespace krait::lsp {

struct NamedString {
  NodeId constant;
  TextRange range;  // of the name, inside the quotes
  std::string word;
};

// The string at the offset, when what it holds could be a name; one of the names in a string that names several fields.
std::optional<NamedString> namedStringAt(SourceModule& module, uint32_t offset);
// The same of a constant.
std::optional<NamedString> namedString(const syntax::Ast& ast, NodeId constant);
// What the string stands for: in `__all__` what the module binds, as a key of a display, a subscript or `get()` of a
// TypedDict where that is declared, in `Color["RED"]` the member, in `__slots__` and `__match_args__` the attribute, and in a
// call that makes a class the field itself. Empty: it is just a text. kNamesOnly: without asking the checker, which knows
// the keys.
enum class StringAsking : uint8_t { kEverybody, kNamesOnly };
std::vector<Target> stringTargets(Workspace& workspace, SourceModule& module, const NamedString& string, StringAsking asking = StringAsking::kEverybody);

}  // namespace krait::lsp
