// Definitions: functions, lambdas, classes, type parameters and aliases, decorators. Shared pieces of the def_*.cpp files.
#pragma once

#include "runtime/codegen/expr.h"
#include "runtime/codegen/unit.h"

namespace krait::codegen {

// Evaluates decorators into nested call windows; applyDecorators calls them, innermost first, on the value that stands in the
// register that beginDecorators returned, and leaves the result in the first window.
struct Decorators {
  std::vector<uint16_t> windows;
  NodeList nodes;
  uint16_t value = 0;  // where the decorated object belongs
};
Decorators beginDecorators(CompileContext& c, NodeList decorators);
// The register that holds the decorated object.
uint16_t applyDecorators(CompileContext& c, const Decorators& decorators);

// Registers that hold a function's defaults, or kNoRegister.
struct Defaults {
  uint16_t positional = kNoRegister;  // tuple
  uint16_t keyword = kNoRegister;     // dict
};
Defaults evaluateDefaults(CompileContext& c, NodeId params);
void setFunctionPart(CompileContext& c, uint16_t function, bytecode::FunctionPart part, uint16_t value);
// dst (a temporary) = the function of a FunctionDef; `defaults` are consumed.
void functionTo(CompileContext& c, NodeId node, const Defaults& defaults, uint16_t dst);

// def_type_params.cpp
// dst = the tuple of new type parameters, each bound to its name in the current (type-parameter) unit.
void typeParamsTo(CompileContext& c, NodeList params, uint16_t dst);
std::string genericName(CompileContext& c, NodeId name);
// dst (a temporary) = a function of `.format` that evaluates the expression later. `scope` is its scope.
void evaluatorTo(CompileContext& c, ScopeId scope, NodeId expr, std::string_view name, uint16_t dst);

// docstring.cpp
// ref: _PyCompile_CleanDoc.
std::string cleanDocstring(std::string_view text);

}  // namespace krait::codegen
