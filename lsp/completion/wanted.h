// What a value is wanted to be at a place, as far as declarations tell: of the variable that it is assigned to, of the
// parameter that it is passed for, of what the function returns, of the item or key of a display that is wanted itself.
#pragma once

#include <string>
#include <vector>

#include "lsp/completion/completion.h"

namespace krait::lsp {

// One type that is wanted: no union, no alias.
struct Wanted {
  SourceModule* module = nullptr;      // where it is written
  uint32_t at = 0;                     // … and whose names it means
  std::string head;                    // `list`, `Literal`
  std::vector<std::string> arguments;  // of the brackets behind it
  std::vector<Target> classes;         // that the head names
};

// `at`: where the value begins. Empty: nothing is declared, or nobody can tell.
std::vector<Wanted> wantedAt(const CompletionPlace& place, uint32_t at);
// The texts of the str literals among the types.
std::vector<std::string> literalsOf(const std::vector<Wanted>& wanted);
// The keys that may be written at `at`, which stands in the display of a TypedDict; those that are written are left out.
std::vector<std::string> displayKeysAt(const CompletionPlace& place, uint32_t at);

}  // namespace krait::lsp
