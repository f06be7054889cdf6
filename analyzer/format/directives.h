// `# fmt: off` … `# fmt: on` and `# fmt: skip`: what they cover becomes one leaf, a comment that stands alone, whose text
// is the source's.
#pragma once

#include "analyzer/format/concrete.h"

namespace krait::format {

void applyDirectives(ConcreteTree& tree);

}  // namespace krait::format
