// What the cells of a notebook change for the rules: each begins anew with its imports, and shows what its last expression gives.
#pragma once

#include "analyzer/lint/rule.h"

namespace krait::lint {

// Is it the last statement of a notebook's cell? False in other files.
bool endsCell(const LintContext& context, NodeId statement);

// Does a cell begin at the statement, a direct one of the module? False in other files.
bool beginsCell(const LintContext& context, NodeId before, NodeId statement);

}  // namespace krait::lint
