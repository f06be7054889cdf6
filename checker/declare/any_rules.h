// Any that options forbid in declarations: written out (--disallow-any-explicit), or what became of an import that was
// not followed (--disallow-any-unimported). Takes the type and where it stands; reports, or says nothing.
#pragma once

#include "checker/declare/declare.h"

namespace krait::declare {

// Does the type mention an Any of this kind? What an alias of itself stands for is not looked into.
bool mentionsAny(World& w, TypeId type, AnyKind kind);
// … any Any, but for special forms?
bool mentionsRealAny(World& w, TypeId type);
// "WHAT becomes T due to an unfollowed import".
void reportUnimported(World& w, ModuleId module, NodeId node, const std::string& what, TypeId type);
void reportExplicit(World& w, ModuleId module, NodeId node, TypeId type);

}  // namespace krait::declare
