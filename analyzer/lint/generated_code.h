// An expression written out again from its tree: one blank around operators, one line, only the parentheses that
// precedence asks for. Messages and fixes that put an expression together anew show it in this form. Literals keep their
// quotes; whole numbers are decimal.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/lint/rule.h"

namespace krait::lint {

// The expression as a whole: no parentheses around it.
std::string generatedCode(const Ast& ast, NodeId expr);
// The expression as an argument, before or after `else`, as an operand of `and`, `or` and `not`, of a comparison, of anything
// that binds closer.
enum class Operand : uint8_t { kArgument, kChoice, kElse, kAnd, kOr, kNot, kComparison, kAtom };
std::string generatedOperand(const Ast& ast, NodeId expr, Operand operand);
// A call of the function with the expression as its argument: a generator needs no parentheses of its own.
std::string generatedCall(const Ast& ast, std::string_view function, NodeId argument);

}  // namespace krait::lint
