// Tracing: sys.settrace, sys.setprofile and sys.monitoring. While any of them is on, every instruction passes through
// traceStep_py first (the dispatch table's entries are exchanged, so untraced code pays nothing).
#pragma once

#include "runtime/object/frame.h"

namespace krait::interp {

using namespace krait::object;

// sys.monitoring's events, by bit number.
enum MonitorEvent : uint8_t {
  kPyStart, kPyResume, kPyReturn, kPyYield, kMonitorCall, kLine, kInstruction, kJump, kBranchLeft, kBranchRight, kStopIteration, kRaise,
  kExceptionHandled, kPyUnwind, kPyThrow, kReraise, kCReturn, kCRaise, kBranch, kMonitorEvents,
};
constexpr int kMonitorTools = 6;
struct MonitorTool {
  Value name;               // Undefined: free
  uint32_t events = 0;      // for all code
  Value local;              // dict: code -> events, or Undefined
  Value disabled;           // dict: (code, event, place) -> True where a callback gave DISABLE, or Undefined
  Value callbacks[kMonitorEvents];
};
extern MonitorTool monitor_tools[kMonitorTools];
extern Value monitor_disable;  // sys.monitoring.DISABLE
extern Value monitor_missing;  // sys.monitoring.MISSING

// To be called after any change of the thread's functions or of monitor_tools.
void updateTracing(Thread& t);
// Before the instruction `pc` of `f`: the events it means. False: a trace function raised.
bool traceStep_py(Thread& t, Frame* f, const Instruction* pc);
// The pending exception came to `f`; leaves it, for want of a handler. A trace function that raises replaces it.
void traceRaise_py(Thread& t, Frame* f);
// The next item for the loop at `f`; empty: its end, or an exception is pending. The StopIteration that ends a loop is told
// as an exception where there is one: generators that return None have none. ref: FOR_ITER.
Ref tracedNext_py(Thread& t, Frame* f, Value iterator);
void traceUnwind_py(Thread& t, Frame* f);
// A handler of `f` has taken the exception, where f->pc is now. False: a function of a tool raised.
bool traceHandled_py(Thread& t, Frame* f);

// The dispatch unit's: puts the traced or the plain table in place.
void exchangeTable(bool is_traced);

}  // namespace krait::interp
