// Which statements of a module's or a class's own body an edit changed, where it is more than the inside of a function.
#pragma once

#include <optional>
#include <vector>

#include "checker/program/tree_change.h"

namespace krait::program {

struct DeclaredChange {
  syntax::NodeId owner_before, owner;         // the Module or ClassDef in whose body they stand, in the old and the new tree
  std::vector<syntax::NodeId> before, after;  // the statements, in the old and in the new tree
};

// The smallest such statements: of a class in the body of a class, where nothing else changed. None: the head of a class changed.
std::optional<DeclaredChange> findDeclaredChange(const syntax::Ast& before, const syntax::Ast& after, const TreeChange& change);

// The first node of what the node holds: its own nodes are those from there up to it.
uint32_t firstNode(const syntax::Ast& ast, syntax::NodeId node);

// Is the function, by its nodes in both trees, the same but for its body?
bool differsInBodyOnly(const syntax::Ast& before, const syntax::Ast& after, const TreeChange& change, syntax::NodeId old_node, syntax::NodeId new_node);

}  // namespace krait::program
