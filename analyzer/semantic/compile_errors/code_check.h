// CodeCheck: what CPython's code generator rejects, visited in the order in which it generates code: a class's body
// before its bases, an assignment's value before its targets, a function's defaults before its body.
#pragma once

#include <vector>

#include "analyzer/semantic/compile_errors/compile_check.h"

namespace krait::semantic {

enum class UnitKind : uint8_t { kModule, kClass, kFunction, kAsyncFunction, kLambda };

// What a `break`, `continue` or `return` has to leave.
enum class FrameBlock : uint8_t { kLoop, kExceptStar, kOther };

struct CodeUnit {
  UnitKind kind = UnitKind::kModule;
  bool is_generator = false;  // of an async function: the body has a yield of its own
  syntax::NodeId function;    // of a function
  std::vector<FrameBlock> blocks;
};

struct CodeCheck {
  CompileCheck& check;
  const syntax::Ast& ast;
  std::vector<CodeUnit> units = {CodeUnit{}};

  CodeUnit& unit() { return units.back(); }
};

inline bool isFunctionUnit(UnitKind kind) { return kind != UnitKind::kModule && kind != UnitKind::kClass; }

// code_check_stmt.cpp
bool checkCodeOf(CodeCheck& c, syntax::NodeList statements);
// CPython's limit on nested loops, with and try statements.
bool enterFrameBlock(CodeCheck& c, FrameBlock block, syntax::NodeId id);
void leaveFrameBlock(CodeCheck& c);
// code_check_expr.cpp
bool checkCodeOfExpression(CodeCheck& c, syntax::NodeId id);
bool checkCodeOfExpressions(CodeCheck& c, syntax::NodeList list);
bool checkCodeOfDefaults(CodeCheck& c, syntax::NodeId parameters);
bool checkRepeatedKeywords(CodeCheck& c, syntax::NodeList args);
// The arguments of a call or class: starred ones are allowed.
bool checkCodeOfArguments(CodeCheck& c, syntax::NodeList args);
// code_check_pattern.cpp
bool checkCodeOfMatch(CodeCheck& c, const syntax::Match& match);

}  // namespace krait::semantic
