// PatternKey: the constant that a key of a mapping pattern stands for, comparable as Python compares (1 == 1.0 == True)
// and with its repr().
#pragma once

#include <optional>
#include <string>

#include "analyzer/syntax/ast.h"

namespace krait::semantic {

struct PatternKey {
  enum class Kind : uint8_t { kSingleton, kNumber, kStr, kBytes };
  Kind kind = Kind::kSingleton;
  std::string text;      // of a str or bytes, a singleton's name, or the digits of an int beyond 64 bits
  bool is_integer = false;
  int64_t integer = 0;
  double real = 0;
  double imaginary = 0;
  std::string shown;

  bool operator==(const PatternKey& other) const;
};

// Nothing: the expression is not a constant (an attribute, an f-string).
std::optional<PatternKey> patternKey(const syntax::Ast& ast, syntax::NodeId key);

}  // namespace krait::semantic
