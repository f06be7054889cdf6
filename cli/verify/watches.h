// Remarks about what a statement does besides its output: `# cache hit`, `# uses the cache`, `# loads everything into
// memory`, `# nothing in memory`. The function's own body is counted, or the memory in use is measured, while it runs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/verify/claims.h"

namespace krait::cli {

// What a remark speaks of.
Watch watchOf(std::string_view remark);

// Fills in what is to be watched while the statement runs. Back to kNone: nothing of it can be.
void readWatch(const syntax::Ast& ast, syntax::NodeId statement, Claim& claim);

// Does the remark hold of what was seen? None: nothing was seen that decides it.
std::optional<bool> judgeWatch(const Claim& claim);

// What was seen, for people; empty: nothing.
std::string watchedText(const Claim& claim);

}  // namespace krait::cli
