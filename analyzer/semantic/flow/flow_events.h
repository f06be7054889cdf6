// The uses and definitions of a frame's variables inside one element of a block, in the order of evaluation. Internal to
// use_def.cpp.
#pragma once

#include <vector>

#include "analyzer/semantic/flow/use_def.h"

namespace krait::semantic {

// Appends the element's events for variables owned by `frame`.
void appendEvents(const SemanticModel& model, ScopeId frame, const Element& element, std::vector<FlowEvent>& events);

}  // namespace krait::semantic
