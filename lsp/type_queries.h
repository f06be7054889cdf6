// What the checker knows about a place in an open document. Where the text is broken the checker still knows the last
// version that was right: answers are given for what stands unchanged in it.
#pragma once

#include <string>
#include <vector>

#include "checker/program/queries.h"
#include "lsp/locate.h"

namespace krait::lsp {

// The checker's type at a node of the document's tree, as text; empty where it is not known.
std::string typeTextAt(Workspace& workspace, SourceModule& document, syntax::NodeId node);
// The types that the function's own return statements give, joined; "" where that is not known.
std::string returnTypeText(Workspace& workspace, SourceModule& module, syntax::NodeId function);
// Where `-> T` goes in a function's header; 0: nowhere.
uint32_t resultPlace(const syntax::Ast& ast, syntax::NodeId function);
// What may follow the dot after this expression; empty where its type is not known.
std::vector<program::Member> membersAfter(Workspace& workspace, SourceModule& document, syntax::NodeId expression);
// Where the attribute is defined, by the type of what stands before the dot. `name`: the attribute's Identifier.
std::vector<Target> targetsByType(Workspace& workspace, SourceModule& document, syntax::NodeId name);

// Where the name leads: by the type of what stands before the dot where that is known, else by names alone.
std::vector<Target> definitionTargets(Workspace& workspace, SourceModule& document, syntax::NodeId name);

// Where the classes of the node's type are defined.
std::vector<Target> typeTargets(Workspace& workspace, SourceModule& document, syntax::NodeId node);

}  // namespace krait::lsp
