// The reserve: address space that is held for the moment when memory runs out. The functions that make objects cannot fail
// half-way, so a failed request is served from the reserve and MemoryError is raised at the thread's next safe point; what is
// freed then refills the reserve. Requests whose size a program chose are asked about before (canAllocate in heap.h).
#pragma once

#include <cstddef>

namespace krait::object {

// Takes the reserve, less where the process's address space is limited; nothing on failure.
void keepReserve();
// Takes back what was given away, as far as that is possible by now.
void refillReserve();
bool reserveIsShort();
// `size` bytes after std::malloc (or, with `old`, std::realloc of it) failed. Not even the reserve suffices: says so on
// stderr and ends the process with status 1.
void* allocateFromReserve(size_t size, void* old = nullptr);

}  // namespace krait::object
