// The trees of the installation's stubs, made when krait was built: share/krait/typeshed.trees. A stub is found by what it
// holds, so that one that somebody changed is simply parsed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analyzer/syntax/ast.h"

namespace krait::program {

// The tree of this text, if it is one of the stubs' (type comments applied; there are none). Any thread may ask.
std::optional<syntax::Ast> stubTreeOf(std::string_view text, Interner& names);
// Writes the trees of all stubs below `folder` to `file`. Returns what is wrong, or nothing.
std::string writeStubTrees(const std::string& folder, const std::string& file);

}  // namespace krait::program
