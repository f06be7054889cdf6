// Which build of the program this is: what it writes for itself (code, trees) is good for the same build only.
#pragma once

#include <cstdint>

namespace krait {

// The first four bytes of the build identity that the linker put into the program, with the lowest bit set; 1 where it has none.
uint32_t buildStamp();

}  // namespace krait
