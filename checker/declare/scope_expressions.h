// Expressions that Python forbids in the scopes of type parameters and aliases: yield, await and `:=`.
#pragma once

#include "checker/declare/declare.h"

namespace krait::declare {

// Is there one of them in the expression? Reports it as what `where` says ("as a type variable bound").
bool rejectScopeExpression(World& w, ModuleId module, const Ast& ast, NodeId node, std::string_view where);

}  // namespace krait::declare
