// What happens around fork(): the functions of os.register_at_fork, the lock, the threads that are gone in the child.
#pragma once

#include "runtime/object/thread.h"

namespace krait::modules {

using namespace krait::object;

void registerAtFork(Thread& t, Value before, Value after_in_child, Value after_in_parent);
Status beforeFork_py(Thread& t);
Status afterForkChild_py(Thread& t);
Status afterForkParent_py(Thread& t);

}  // namespace krait::modules
