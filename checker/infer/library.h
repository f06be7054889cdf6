// What the checker knows of library functions and classes whose stubs cannot say it: items of ctypes arrays, and
// functools.singledispatch.
#pragma once

#include "checker/infer/infer.h"

namespace krait::infer {

// An attribute of a ctypes array as Python sees it; of other objects `type` itself.
TypeId arrayAttribute(Checker& c, TypeId instance, const AttributeSite& site, TypeId type);
void checkArrayConstructor(Checker& c, TypeId made, const CallSite& site);
// The function behind a name that @functools.singledispatch decorates; none: it is another thing.
FunctionId singledispatchFunction(Checker& c, NodeId node);
void checkSingledispatch(Checker& c, FunctionId function);
// Does the decorator register an implementation of such a function? Its type is checked, and stays as it is.
bool checkRegistration(Checker& c, NodeId decorator, FunctionId function);

}  // namespace krait::infer
