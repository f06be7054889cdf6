// Constant folding: what an expression is worth when it is known before it runs. Follows what CPython's optimizer makes
// visible (Python/flowgraph.c): literals, signs, arithmetic of numbers, joined strings, tuples of constants, __debug__.
#pragma once

#include "runtime/codegen/context.h"

namespace krait::codegen {

// False when the value is not known.
bool foldConstant(const CompileContext& c, NodeId node, Constant& out);
// One step: `left op right`. False when it is not folded (it may raise, or be large).
bool foldBinary(syntax::BinaryOp op, const Constant& left, const Constant& right, Constant& out);
// 1, 0, or -1 when not known.
int constantTruth(const CompileContext& c, NodeId node);

Constant makeInt(int64_t value);
Constant makeString(std::string_view text);
Constant makeKind(ConstantKind kind);

}  // namespace krait::codegen
