// The truth of an expression, where its form tells it: literals, displays, empty constructor calls.
#pragma once

#include "analyzer/lint/rule.h"

namespace krait::lint {

enum class Truth : uint8_t { kUnknown, kTrue, kTruthy, kFalse, kFalsy };  // kTrue, kFalse: the constants themselves

Truth truthOf(const LintContext& context, NodeId expr);
inline bool isTruthy(Truth truth) { return truth == Truth::kTrue || truth == Truth::kTruthy; }
inline bool isFalsy(Truth truth) { return truth == Truth::kFalse || truth == Truth::kFalsy; }
// Is only the truth of the expression asked for: the test of an if, while, assert or comprehension, or an operand of
// `not`, `and`, `or` in one?
bool isBooleanTest(const LintContext& context, NodeId expr);

}  // namespace krait::lint
