// Is a value a pathlib.Path, as far as one binding tells?
#pragma once

#include "analyzer/lint/rule.h"

namespace krait::lint {

// A call of a path class, or a name whose only binding is one or is annotated as one.
bool isPath(const LintContext& context, NodeId expr);
// The same without annotations: a call of a path class, or a name whose only binding is one.
bool isMadePath(const LintContext& context, NodeId expr);

// An int, which stands for a file that is open already.
bool isFileDescriptor(const LintContext& context, NodeId expr);

}  // namespace krait::lint
