// PatternKey: the constant that a key of a mapping pattern stands for: what it is equal to (1 == 1.0 == True) and its
// repr().
#pragma once

#include <optional>
#include <string>

#include "analyzer/syntax/ast.h"

namespace krait::semantic {

struct PatternKey {
  std::string identity;  // equal for keys that are equal in Python
  std::string shown;     // repr()
  bool is_number = false;
  bool is_complex = false;
  std::optional<int64_t> integer;  // of an int that fits
  double real = 0;
  double imaginary = 0;
};

// Nothing: the expression is not a constant (an attribute, an f-string).
std::optional<PatternKey> patternKey(const syntax::Ast& ast, syntax::NodeId key);

}  // namespace krait::semantic
