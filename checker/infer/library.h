// What the checker knows of library functions and classes whose stubs cannot say it: items of ctypes arrays,
// functools.partial and functools.singledispatch, range() of integers of fixed width.
#pragma once

#include "checker/infer/infer.h"

namespace krait::infer {

// An attribute of a ctypes array as Python sees it; of other objects `type` itself.
TypeId arrayAttribute(Checker& c, TypeId instance, const AttributeSite& site, TypeId type);
// The function that a functools.partial object calls; none: it is no such object, or it is not known.
TypeId partialFunction(World& w, TypeId type);
// What the call partial(f, …) made, with the function that is left; checks the arguments. Others as they are.
// `context`: the type that is wanted, or none.
TypeId partialObject(Checker& c, const CallSite& site, TypeId made, TypeId context = {});
// A call of a functools.partial object whose function is known.
CallResult callPartial(Checker& c, TypeId object, CallSite& site, TypeId context);
// Reports the positional arguments that a call lacks.
void tooFewArguments(Checker& c, TypeId callee, const CallSite& site, NodeId node);
// Is a value of the type written as b'...' where a text is made of it: bytes without a __str__ of their own?
bool isShownAsBytes(World& w, TypeId type);
void reportBytesInText(Checker& c, NodeId node);
// The constructor behind type[C[…]], with the arguments of C put in.
TypeId constructorOf(World& w, TypeId instance);
void checkArrayConstructor(Checker& c, TypeId made, const CallSite& site);
// The function behind a name that @functools.singledispatch decorates; none: it is another thing.
FunctionId singledispatchFunction(Checker& c, NodeId node);
void checkSingledispatch(Checker& c, FunctionId function);
// Does the decorator register an implementation of such a function? Its type is checked, and stays as it is.
bool checkRegistration(Checker& c, NodeId decorator, FunctionId function);

}  // namespace krait::infer
