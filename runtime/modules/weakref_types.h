// Weak references for native modules that keep some themselves.
#pragma once

#include "runtime/object/weakref.h"

namespace krait::modules {

// weakref.ref(referent, callback), the object's shared one when there is no callback (Undefined). TypeError when the
// referent cannot be referred to weakly.
object::Ref weakReferenceTo_py(object::Thread& t, object::Value referent, object::Value callback);

}  // namespace krait::modules
