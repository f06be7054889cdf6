// The raw part of metrics.h.
#pragma once

#include "analyzer/lint/metrics/metrics.h"

namespace krait::lint {

// Counts the lines of a text whose syntax is right.
RawMetrics measureRaw(std::string_view text);

}  // namespace krait::lint
