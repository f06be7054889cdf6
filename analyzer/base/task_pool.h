// Parallel loops whose results do not depend on the number of threads: each job writes to its own slot.
#pragma once

#include <cstddef>
#include <functional>

namespace krait {

// The number of hardware threads, at least 1.
unsigned hardwareThreads();

// The stack of every thread that is made here, in bytes: enough to recurse over the deepest tree that the front end
// makes. It is reserved, not used, until needed.
inline constexpr size_t kDeepStackBytes = size_t{256} << 20;

// Runs `job` on a thread with a deep stack and returns when it is done.
void runOnDeepStack(const std::function<void()>& job);

// Calls job(i) once for each i in [0, count), on up to `threads` threads, and returns when all are done.
// Jobs are started in index order. One thread: runs in the caller.
void parallelFor(size_t count, unsigned threads, const std::function<void(size_t)>& job);

}  // namespace krait
