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
// May assignments give a variable without a declaration values of other types?
inline bool mayRedefine(const CheckOptions& options) { return options.allow_redefinition || follows(options, Divergence::kRedefinition); }

}  // namespace krait::types
