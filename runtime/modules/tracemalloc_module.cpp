// The `_tracemalloc` module: what tracemalloc reads of the memory that is being traced (object/heap_trace.h).
// ref: the library's reference, `tracemalloc`; Modules/_tracemalloc.c.
#include <unordered_map>

#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/heap_trace.h"
#include "runtime/object/int.h"
#include "runtime/object/str.h"

namespace krait::modules {

static constexpr int64_t kMostFrames = 65535;

static Ref framesOf(Thread& t, const TracePlace* place) {
  Ref out = newTuple(t, static_cast<int64_t>(place->frames.size()));
  for (size_t i = 0; i < place->frames.size(); ++i) {
    out.as<Tuple>()->items()[i] = tupleOf(t, {place->frames[i].first, Value::fromInt(place->frames[i].second)}).release();
  }
  return out;
}
static Ref isTracingFn(Thread&, const Value*) { return Ref::boolean(isTracing()); }
static Ref clearTraces(Thread&, const Value*) {
  clearTrace();
  return Ref::none();
}
// The blocks are copied first: making the list makes more of them.
static Ref getTraces(Thread& t, const Value*) {
  Ref list = newList(t);
  if (!isTracing()) return list;
  std::vector<TracedBlock> blocks = tracedBlocks();
  std::unordered_map<const TracePlace*, Ref> frames;
  for (const TracedBlock& block : blocks) {
    Ref& known = frames[block.place];
    if (!known) known = framesOf(t, block.place);
    Ref size = newInt(t, static_cast<int64_t>(block.size));
    listAppendSteal(list.as<List>(), tupleOf(t, {Value::fromInt(0), size.get(), known.get(), Value::fromInt(block.place->depth)}).release());
  }
  return list;
}
static Ref getObjectTraceback(Thread& t, const Value* a) {
  const TracePlace* place = a[0].isHeap() ? placeOf(a[0].object()) : nullptr;
  return place == nullptr ? Ref::none() : framesOf(t, place);
}
static Ref start(Thread& t, const Value* a) {
  int64_t frames = TRY(toCInt_py(t, a[0]));
  if (frames < 1 || frames > kMostFrames) return raiseValueError(t, "the number of frames must be in range [1; %lld]", static_cast<long long>(kMostFrames));
  startTrace(static_cast<uint32_t>(frames));
  return Ref::none();
}
static Ref stop(Thread&, const Value*) {
  stopTrace();
  return Ref::none();
}
static Ref getTracebackLimit(Thread& t, const Value*) { return newInt(t, traceFrames()); }
static Ref getTracemallocMemory(Thread& t, const Value*) { return newInt(t, static_cast<int64_t>(traceOverhead())); }
static Ref getTracedMemory(Thread& t, const Value*) {
  auto [size, peak] = tracedMemory();
  return tupleOf(t, {newInt(t, static_cast<int64_t>(size)).get(), newInt(t, static_cast<int64_t>(peak)).get()});
}
static Ref resetPeak(Thread&, const Value*) {
  resetTracePeak();
  return Ref::none();
}
static const NativeDef kFunctions[] = {{"is_tracing", "()", isTracingFn, "Return True if the tracemalloc module is tracing Python memory allocations."},
    {"clear_traces", "()", clearTraces, "Clear traces of memory blocks allocated by Python."}, {"_get_traces", "()", getTraces},
    {"_get_object_traceback", "(obj, /)", getObjectTraceback}, {"start", "(nframe=1, /)", start, "Start tracing Python memory allocations."},
    {"stop", "()", stop, "Stop tracing Python memory allocations."},
    {"get_traceback_limit", "()", getTracebackLimit, "Get the maximum number of frames stored in the traceback of a trace."},
    {"get_tracemalloc_memory", "()", getTracemallocMemory, "Get the memory usage in bytes of the tracemalloc module."},
    {"get_traced_memory", "()", getTracedMemory, "Get the current size and peak size of memory blocks traced by tracemalloc."},
    {"reset_peak", "()", resetPeak, "Set the peak size of memory blocks traced by tracemalloc to the current size."}, {nullptr, nullptr, nullptr}};
extern const NativeModule kTracemallocModule;
const NativeModule kTracemallocModule = {"_tracemalloc", "Debug module to trace memory blocks allocated by Python.", kFunctions};

}  // namespace krait::modules
