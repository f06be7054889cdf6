// The blanks before a leaf that is not the first of its line.
#pragma once

#include "analyzer/format/line.h"

namespace krait::format {

// 0, 1 or 2. `line`: what stands before the leaf.
uint8_t spacesBefore(ConcreteTree& tree, const Line& line, ElementId leaf);

}  // namespace krait::format
