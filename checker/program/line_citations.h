// Findings that say on which line something else stands ("already defined on line 12"): what they say after an edit.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checker/program/tree_change.h"
#include "checker/types/entities.h"

namespace krait::program {

// The messages of the module, by index, that cite a line which the edit moves, with their new texts. `module` is as it was
// before the edit. Nothing: what a message cites may be a line of the edit itself, or a class by its line (`C@12`).
std::optional<std::vector<std::pair<size_t, std::string>>> movedCitations(const types::Module& module, const TreeChange& change, const LineIndex& after);

}  // namespace krait::program
