// What code compiled with contracts or to be watched does beside its work: tests of parameters, results, variables and
// attributes by their annotations (interp/contracts.h), and notes of what values come by (interp/observe.h). Everything here
// emits nothing when the options do not ask for it; a register that is looked at keeps its value.
#pragma once

#include "analyzer/syntax/ast.h"
#include "runtime/codegen/emit.h"

namespace krait::codegen {

// At the start of a function, before its parameters move into cells.
void watchParameters(CompileContext& c);
// Does the function look at what it returns? What a generator returns is no value of its annotated type.
bool watchesResult(CompileContext& c);
void watchResult(CompileContext& c, uint16_t reg);
// Is the variable that a Name stores to declared with a type that is tested?
bool isTestedVariable(CompileContext& c, NodeId name);
void testVariable(CompileContext& c, NodeId name, uint16_t reg);
// A value that `annotation` declares where it stands.
void testDeclared(CompileContext& c, NodeId annotation, uint16_t reg);
void testAttribute(CompileContext& c, const syntax::Attribute& attribute, uint16_t object, uint16_t reg);
void observeExpression(CompileContext& c, NodeId node, uint16_t reg);

}  // namespace krait::codegen
