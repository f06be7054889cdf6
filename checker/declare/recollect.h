// Names that an edit of a module's or a class's own statements binds anew, in a World that is kept.
#pragma once

#include <span>
#include <unordered_set>

#include "checker/declare/declare.h"

namespace krait::declare {

// Binds what these statements of the scope's body (a module's or a class's) bind; symbols that are there get their definitions added.
void collectStatements(World& w, ScopeId scope, std::span<const NodeId> statements);

// Looks anew for the attributes that the methods of the class give to self. `is_touched` says of a definition whether an edit
// changed it. Attributes whose definitions are the same keep all that is known of them. Adds the names of the others, those that
// are gone, and new ones to `changed`.
void refreshSelfAttributes(World& w, ClassId cls, bool (*is_touched)(void* context, const Definition&), void* context, std::unordered_set<NameId>& changed);

}  // namespace krait::declare
