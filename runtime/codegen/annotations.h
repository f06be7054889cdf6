// Annotations (PEP 649, 749): a function `__annotate__` for a function's parameters and result, and one for the variables of a
// module or class. With `from __future__ import annotations` the values are strings.
#pragma once

#include "runtime/codegen/emit.h"

namespace krait::codegen {

// A register with the `__annotate__` function of a def, or kNoRegister when nothing is annotated.
uint16_t annotateFunction(CompileContext& c, ScopeId scope, NodeId node, NodeId params, NodeId returns);
// At the start of a module or class body: the set of annotations that ran, and for modules `__annotate__` itself.
void setUpAnnotations(CompileContext& c, NodeId node);
// At the end of a class body: `__annotate_func__`.
void finishAnnotations(CompileContext& c, NodeId node);
// Where `name: annotation` stands in a module or class body.
void noteAnnotation(CompileContext& c, NodeId ann_assign);
// `if format > 2: raise NotImplementedError`, for the parameter in register 0.
void checkFormat(CompileContext& c);

// The text of an expression as ast.unparse writes it. ref: Python/ast_unparse.c.
std::string unparse(const Ast& ast, NodeId node);

}  // namespace krait::codegen
