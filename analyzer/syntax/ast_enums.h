// The small enumerations of the syntax tree: node kinds, operators, contexts.
#pragma once

#include <cstdint>

namespace krait::syntax {

enum class NodeKind : uint8_t {
#define NODE(name, category) k##name,
#define END(name)
#define DETAIL(type, name)
#define FIELD_NODE(name, i)
#define FIELD_OPT(name, i)
#define FIELD_LIST(name, i)
#define FIELD_OPTS(name, i)
#define FIELD_NAME(name, i)
#define FIELD_INT(name, i)
#define FIELD_VALUES(name, i)
#include "analyzer/syntax/nodes.def"
};

enum class NodeCategory : uint8_t { kModule, kStmt, kExpr, kPart, kPattern };

enum class BinaryOp : uint8_t {
  kAdd, kSub, kMult, kMatMult, kDiv, kMod, kPow, kLShift, kRShift, kBitOr, kBitXor, kBitAnd, kFloorDiv
};
enum class UnaryOperator : uint8_t { kInvert, kNot, kUAdd, kUSub };
enum class BoolOperator : uint8_t { kAnd, kOr };
enum class CompareOperator : uint8_t { kEq, kNotEq, kLt, kLtE, kGt, kGtE, kIs, kIsNot, kIn, kNotIn };
enum class ExprContext : uint8_t { kLoad, kStore, kDel };
enum class ConstantKind : uint8_t { kNone, kTrue, kFalse, kEllipsis, kInt, kFloat, kComplex, kStr, kBytes };
enum class ParameterKind : uint8_t { kPositionalOnly, kPositionalOrKeyword, kVarPositional, kKeywordOnly, kVarKeyword };

// The operator as written: "+", "not", "is not", "and".
const char* spelling(BinaryOp op);
const char* spelling(UnaryOperator op);
const char* spelling(BoolOperator op);
const char* spelling(CompareOperator op);

// The kind's name as in nodes.def.
const char* kindName(NodeKind kind);
NodeCategory categoryOf(NodeKind kind);

}  // namespace krait::syntax
