// TypeFacts: what the checker knows and the runtime's compiler can use, as plain data by NodeId. The checker fills it,
// the compiler reads it; neither sees the other. A fact is a prediction, never a promise: code compiled with it
// guards it.
#pragma once

#include <vector>

#include "analyzer/syntax/ast.h"

namespace krait::semantic {

// The builtin type that a value is expected to have exactly (not a subclass).
enum class FactKind : uint8_t {
  kUnknown,
  kNone,
  kBool,
  kInt,
  kFloat,
  kComplex,
  kStr,
  kBytes,
  kList,
  kTuple,
  kDict,
  kSet,
  kRange,
  kFunction,
  kClass,     // a class object
  kInstance,  // of the user class that `definition` names
};

struct TypeFact {
  FactKind kind = FactKind::kUnknown;
  FactKind element = FactKind::kUnknown;  // of a list, set or tuple with one type of element; of a dict: its values
  bool is_optional = false;               // or None
  syntax::NodeId definition;              // of kInstance and kClass, when the class stands in the same file
};

class TypeFacts {
 public:
  explicit TypeFacts(uint32_t node_count = 0) : facts_(node_count) {}
  // The fact about an expression, a Parameter or the Identifier of a definition; unknown by default.
  const TypeFact& of(syntax::NodeId node) const {
    static constexpr TypeFact kNothing;
    return node.value < facts_.size() ? facts_[node.value] : kNothing;
  }
  void set(syntax::NodeId node, TypeFact fact) { facts_[node.value] = fact; }

 private:
  std::vector<TypeFact> facts_;
};

}  // namespace krait::semantic
