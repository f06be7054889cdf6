// The clocks and the randomness of the running program: the system's, or its own. With clocks of its own time starts at a
// date that a seed gives, passes by a microsecond a look and by what is slept, and nothing waits; randomness follows from the
// seed. So a run repeats.
#pragma once

#include <time.h>

#include <cstddef>
#include <cstdint>

namespace krait::object {

// From now on. Called before the isolate starts.
void useOwnTime(uint64_t seed);
bool hasOwnTime();

// As clock_gettime: 0, or -1 with errno.
int readClock(clockid_t clock, timespec* now);

// With clocks of its own: lets so much time pass. Nanoseconds.
void passTime(int64_t nanos);

// Unpredictable bytes, or those that follow from the seed. False: the system has none (errno), or none yet and nobody may wait.
bool fillRandom(void* bytes, size_t size, bool may_wait = true);

}  // namespace krait::object
