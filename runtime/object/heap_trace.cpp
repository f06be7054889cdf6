#include "runtime/object/heap_trace.h"

#include <map>
#include <unordered_map>

#include "runtime/object/frame.h"
#include "runtime/object/heap.h"
#include "runtime/object/str.h"

namespace krait::object {

namespace {
using Frames = std::vector<std::pair<Str*, int32_t>>;
struct Trace {
  std::map<std::pair<Frames, uint32_t>, TracePlace> places;
  std::unordered_map<const void*, TracedBlock> blocks;
  void* parked[kSmallSizeLimit / 16 + 1] = {};
  uint32_t wanted = 1;
  size_t size = 0, peak = 0;
};
// Made at the first start and never destroyed: blocks are released until the process ends.
Trace* trace = nullptr;

const TracePlace* placeNow() {
  std::pair<Frames, uint32_t> key;
  for (const Frame* frame = current_thread->frame; frame != nullptr; frame = frame->back) {
    if (frame->code == nullptr) continue;
    if (key.first.size() < trace->wanted) {
      key.first.push_back({frame->code->filename, frame->pc == nullptr ? static_cast<int32_t>(frame->code->first_line) : lineOf(frame->code, frame->pc)});
    }
    if (key.second < UINT16_MAX) ++key.second;
  }
  auto [at, is_new] = trace->places.try_emplace(std::move(key));
  if (is_new) {
    at->second.frames = at->first.first;
    at->second.depth = at->first.second;
    for (auto& [file, line] : at->second.frames) incref(file);
  }
  return &at->second;
}
// Hands what was freed meanwhile back to the free lists, or takes what is free away from them.
void exchangeLists() {
  for (size_t i = 0; i < std::size(trace->parked); ++i) std::swap(trace->parked[i], free_lists.heads[i]);
}
}  // namespace

void startTrace(uint32_t frames) {
  if (trace == nullptr) trace = new Trace;
  if (free_lists.is_traced) return;
  trace->wanted = frames;
  exchangeLists();
  free_lists.is_traced = true;
}
void stopTrace() {
  if (!isTracing()) return;
  clearTrace();
  free_lists.is_traced = false;
  exchangeLists();
}
bool isTracing() { return free_lists.is_traced; }
uint32_t traceFrames() { return trace == nullptr ? 1 : trace->wanted; }
void clearTrace() {
  if (trace == nullptr) return;
  trace->blocks.clear();
  trace->size = trace->peak = 0;
  auto places = std::move(trace->places);
  trace->places.clear();
  for (auto& [key, place] : places) {
    for (auto& [file, line] : place.frames) decref(file);
  }
}
std::pair<size_t, size_t> tracedMemory() { return trace == nullptr ? std::pair<size_t, size_t>() : std::pair(trace->size, trace->peak); }
void resetTracePeak() {
  if (trace != nullptr) trace->peak = trace->size;
}
size_t traceOverhead() {
  if (trace == nullptr) return 0;
  size_t place = sizeof(TracePlace) + (sizeof(Frames) + 2 * sizeof(std::pair<Str*, int32_t>) * trace->wanted) + 64;
  return sizeof(Trace) + trace->places.size() * place + trace->blocks.size() * (sizeof(TracedBlock) + 32) + trace->blocks.bucket_count() * sizeof(void*);
}
const TracePlace* placeOf(const void* block) {
  if (trace == nullptr) return nullptr;
  auto at = trace->blocks.find(block);
  return at == trace->blocks.end() ? nullptr : at->second.place;
}
std::vector<TracedBlock> tracedBlocks() {
  std::vector<TracedBlock> out;
  if (trace == nullptr) return out;
  out.reserve(trace->blocks.size());
  for (auto& [address, block] : trace->blocks) out.push_back(block);
  return out;
}

void noteBlock(void* block, size_t size) {
  if (current_thread == nullptr) return;
  forgetBlock(block);  // freed by a way that is not seen, and made anew
  trace->blocks[block] = {size, placeNow()};
  trace->size += size;
  if (trace->size > trace->peak) trace->peak = trace->size;
}
void forgetBlock(void* block) {
  auto at = trace->blocks.find(block);
  if (at == trace->blocks.end()) return;
  trace->size -= at->second.size;
  trace->blocks.erase(at);
}
void noteMoved(const void* from, void* to, size_t size) {
  if (!free_lists.is_traced) return;
  forgetBlock(const_cast<void*>(from));
  noteBlock(to, size);
}
void* allocateTraced(size_t size) {
  size_t size_class = (size + 15) / 16;
  void* block = trace->parked[size_class];
  if (block != nullptr) {
    trace->parked[size_class] = *static_cast<void**>(block);
  } else {
    free_lists.is_traced = false;
    block = allocateSlow(size);
    free_lists.is_traced = true;
  }
  noteBlock(block, size);
  return block;
}
void freeTraced(void* block, size_t size) {
  forgetBlock(block);
#ifndef KRAIT_PLAIN_MALLOC
  if (size <= kSmallSizeLimit) {
    size_t size_class = (size + 15) / 16;
    *static_cast<void**>(block) = trace->parked[size_class];
    trace->parked[size_class] = block;
    return;
  }
#endif
  (void)size;
  std::free(block);
}

}  // namespace krait::object
