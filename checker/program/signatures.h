// How a value may be called, as text for a person: parameters and result of each of its signatures as they are where it is
// used (type variables replaced, self bound), with what tells them from what the definition says.
#pragma once

#include <string>
#include <vector>

#include "checker/program/queries.h"
#include "checker/types/world.h"

namespace krait::program {

struct SignatureText {
  struct Parameter {
    std::string name;     // "" where it can only be passed by position
    types::ParamKind kind = types::ParamKind::kPos;
    std::string type;
    std::string value;    // its default as it was written; "" where it has none or nobody wrote it
    bool is_own = false;  // its type is not the one that the definition says: variables were replaced
  };
  std::vector<Parameter> parameters;
  std::string result;
  bool has_own_result = false;
  bool is_class = false;        // a class is called; `result` is its instance
  bool takes_anything = false;  // Callable[..., T]
  DefinitionPlace definition;   // of the function's name; "" as path: nobody wrote it
};

// The ways to call a value of the type: one for each overload, of a union's parts all; of an instance those of __call__.
// Empty: it cannot be called, or nobody knows how.
std::vector<SignatureText> signaturesOf(types::World& w, types::TypeId type);

// Source text with its blanks and line ends as single blanks.
std::string onOneLine(std::string_view text);

}  // namespace krait::program
