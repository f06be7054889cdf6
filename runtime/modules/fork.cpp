#include "runtime/modules/fork.h"

#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/lock.h"
#include "runtime/object/protocol.h"

namespace krait::modules {

namespace thread {
void forgetOtherThreads(Thread& t);  // thread/threads.cpp
}
namespace asyncio {
void forgetRunningLoops();  // asyncio/running.cpp
}

// before (called last registered first), in the child, in the parent.
static Value lists[3];

void registerAtFork(Thread& t, Value before, Value after_in_child, Value after_in_parent) {
  Value functions[3] = {before, after_in_child, after_in_parent};
  for (int i = 0; i < 3; ++i) {
    if (functions[i].isUndefined()) continue;
    if (lists[i].isUndefined()) lists[i] = newList(t).release();
    listAppend(lists[i].as<List>(), functions[i]);
  }
}

static void runAll_py(Thread& t, Value list, bool is_reversed) {
  if (list.isUndefined()) return;
  Ref copy = listFrom(t, list.as<List>()->items, list.as<List>()->size);
  int64_t n = copy.as<List>()->size;
  for (int64_t i = 0; i < n; ++i) {
    Value f = copy.as<List>()->items[is_reversed ? n - 1 - i : i];
    Ref done = call_py(t, f, nullptr, 0);
    if (!done) writeUnraisable_py(t, nullptr, f);
  }
}

Status beforeFork_py(Thread& t) {
  runAll_py(t, lists[0], true);
  return kDone;
}
Status afterForkChild_py(Thread& t) {
  resetLockAfterFork(t);
  thread::forgetOtherThreads(t);
  asyncio::forgetRunningLoops();
  runAll_py(t, lists[1], false);
  return kDone;
}
Status afterForkParent_py(Thread& t) {
  runAll_py(t, lists[2], false);
  return kDone;
}

}  // namespace krait::modules
