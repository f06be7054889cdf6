// Divergence: one point where the specification and mypy differ; see divergences.def.
#pragma once

#include "checker/types/options.h"

namespace krait::types {

enum class Divergence : uint8_t {
#define DIVERGENCE(name, text) k##name,
#include "checker/types/divergences.def"
#undef DIVERGENCE
};

// Does the program follow the specification here? False: mypy.
inline bool follows(const CheckOptions& options, Divergence) { return !options.mypy; }

}  // namespace krait::types
