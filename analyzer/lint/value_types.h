// The builtin type that an expression certainly has, from its form alone: literals, displays, and operators on them.
// Names and calls are unknown.
#pragma once

#include "analyzer/lint/rule.h"

namespace krait::lint {

enum class ValueType : uint8_t {
  kUnknown,
  kError,  // evaluating it raises a TypeError
  kStr,
  kBytes,
  kBool,
  kInt,
  kFloat,
  kComplex,
  kNone,
  kEllipsis,
  kDict,
  kSet,
  kList,
  kTuple,
  kGenerator,
  kUnion,  // one of several known ones
};

ValueType valueTypeOf(const Ast& ast, NodeId expr);
// Two types that a conditional expression or a chain of `and` or `or` may have, both unknown when a part is; of anything else its type twice.
struct ValueTypes {
  ValueType first;
  ValueType second;
};
ValueTypes valueTypesOf(const Ast& ast, NodeId expr);

}  // namespace krait::lint
