// Tracing of memory: which block was made where, while somebody wants to know (tracemalloc). As long as it is on, the free
// lists stand empty and freed blocks are parked, so that every allocation and release comes by here; when it is off, it costs
// one test for each release. Blocks of C libraries and of C++ containers are not seen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "runtime/object/object.h"

namespace krait::object {

struct Str;

// Where a block was made: the frames from the innermost outwards, as many as startTrace was asked for.
struct TracePlace {
  std::vector<std::pair<Str*, int32_t>> frames;  // file name (owned), line
  uint32_t depth = 0;                            // how many frames there were
};
struct TracedBlock {
  size_t size;
  const TracePlace* place;  // lives until clearTrace
};

// Begins, or does nothing when it runs; `frames` at most for each block.
void startTrace(uint32_t frames);
// Ends and forgets everything.
void stopTrace();
bool isTracing();
uint32_t traceFrames();
void clearTrace();
// Bytes of the traced blocks that live, and the most there were since the start or resetTracePeak.
std::pair<size_t, size_t> tracedMemory();
void resetTracePeak();
// Bytes that tracing itself takes.
size_t traceOverhead();
// Of an object, null when it is not traced.
const TracePlace* placeOf(const void* block);
// What lives, in no order.
std::vector<TracedBlock> tracedBlocks();

// For heap.h: a small block while tracing.
void* allocateTraced(size_t size);
// A block was moved by realloc: `from` is no longer valid.
void noteMoved(const void* from, void* to, size_t size);

}  // namespace krait::object
