// The complexity part of metrics.h.
#pragma once

#include "analyzer/lint/metrics/metrics.h"

namespace krait::lint {

// Adds the blocks of the module and returns its total complexity.
uint32_t measureComplexity(const syntax::Ast& ast, const LineIndex& lines, std::vector<BlockMetrics>& blocks);

}  // namespace krait::lint
