// Any where options forbid it in functions: in a signature, and in what decorators make of one.
#pragma once

#include "checker/check/check.h"

namespace krait::check {

void checkSignatureAny(Checker& c, FunctionId function, TypeId signature);
// --disallow-any-decorated.
void checkDecoratedAny(Checker& c, FunctionId function);

}  // namespace krait::check
