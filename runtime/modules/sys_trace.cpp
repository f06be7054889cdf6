// ref: Python/sysmodule.c, Python/instrumentation.c (sys.monitoring, PEP 669). Of the monitoring events these happen: PY_START, PY_RESUME,
// PY_RETURN, PY_YIELD, PY_UNWIND, LINE, INSTRUCTION, CALL, C_RETURN, C_RAISE and RAISE; the others can be asked for and do not occur.
#include "runtime/modules/audit.h"
#include "runtime/modules/sys_trace.h"

#include "runtime/interp/trace.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

using interp::monitor_tools;
using interp::MonitorTool;

static Ref setFunction(Thread& t, Value& slot, Value function) {
  Value old = slot;
  slot = function.isNone() ? Value() : share(function);
  decref(old);
  interp::updateTracing(t);
  return Ref::none();
}
static Ref setTrace(Thread& t, const Value* a) {
  TRY(audit_py(t, "sys.settrace"));
  return setFunction(t, t.trace_function, a[0]);
}
static Ref setProfile(Thread& t, const Value* a) {
  TRY(audit_py(t, "sys.setprofile"));
  return setFunction(t, t.profile_function, a[0]);
}
static Ref getTrace(Thread& t, const Value*) { return t.trace_function.defined() ? Ref::of(t.trace_function) : Ref::none(); }
static Ref getProfile(Thread& t, const Value*) { return t.profile_function.defined() ? Ref::of(t.profile_function) : Ref::none(); }
static Ref callTracing(Thread& t, const Value* a) {
  if (!isTuple(a[1])) return raiseTypeError(t, "call_tracing() argument 2 must be tuple, not %s", typeNameOf(t, a[1]));
  int32_t saved = t.tracing;
  t.tracing = 0;
  Ref result = callTuple_py(t, a[0], a[1].as<Tuple>(), nullptr);
  t.tracing = saved;
  return result;
}
static const NativeDef kSysFunctions[] = {{"settrace", "(function, /)", setTrace, "Set the global debug tracing function."},
    {"setprofile", "(function, /)", setProfile, "Set the profiling function."}, {"gettrace", "()", getTrace, "Return the global debug tracing function."},
    {"getprofile", "()", getProfile, "Return the profiling function."}, {"_settraceallthreads", "(function, /)", setTrace},
    {"_setprofileallthreads", "(function, /)", setProfile}, {"call_tracing", "(func, args, /)", callTracing}, {nullptr, nullptr, nullptr}};

// --- sys.monitoring
static Fallible<MonitorTool*> toolOf(Thread& t, Value id, bool must_be_used) {
  int64_t n = TRY(toInt64_py(t, id));
  if (n < 0 || n >= interp::kMonitorTools) {
    (void)raiseValueError(t, "invalid tool %ld (must be between 0 and 5)", static_cast<long>(n));
    return kRaised;
  }
  if (must_be_used && monitor_tools[n].name.isUndefined()) {
    (void)raiseValueError(t, "tool %ld is not in use", static_cast<long>(n));
    return kRaised;
  }
  return &monitor_tools[n];
}
static Ref useTool(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseValueError(t, "tool name must be a str");
  MonitorTool* tool = TRY(toolOf(t, a[0], false));
  if (tool->name.defined()) return raiseValueError(t, "tool %ld is already in use", static_cast<long>(a[0].asInt()));
  tool->name = share(a[1]);
  return Ref::none();
}
static void clearTool(Thread& t, MonitorTool* tool) {
  tool->events = 0;
  Ref local = Ref::steal(tool->local);
  tool->local = Value();
  Ref disabled = Ref::steal(tool->disabled);
  tool->disabled = Value();
  for (Value& callback : tool->callbacks) {
    Ref gone = Ref::steal(callback);
    callback = Value();
  }
  interp::updateTracing(t);
}
static Ref clearToolFn(Thread& t, const Value* a) {
  clearTool(t, TRY(toolOf(t, a[0], true)));
  return Ref::none();
}
static Ref freeTool(Thread& t, const Value* a) {
  MonitorTool* tool = TRY(toolOf(t, a[0], false));
  clearTool(t, tool);
  Ref name = Ref::steal(tool->name);
  tool->name = Value();
  return Ref::none();
}
static Ref getTool(Thread& t, const Value* a) {
  MonitorTool* tool = TRY(toolOf(t, a[0], false));
  return tool->name.defined() ? Ref::of(tool->name) : Ref::none();
}
static Ref registerCallback(Thread& t, const Value* a) {
  MonitorTool* tool = TRY(toolOf(t, a[0], false));
  int64_t event = TRY(toInt64_py(t, a[1]));
  if (event <= 0 || (event & (event - 1)) != 0) return raiseValueError(t, "The callback can only be set for one event at a time");
  int bit = __builtin_ctzll(static_cast<uint64_t>(event));
  if (bit >= interp::kMonitorEvents) return raiseValueError(t, "invalid event %ld", static_cast<long>(event));
  Ref old = Ref::steal(tool->callbacks[bit]);
  tool->callbacks[bit] = a[2].isNone() ? Value() : share(a[2]);
  if (bit == interp::kBranch) {  // the event of old: both ways
    for (int way : {interp::kBranchLeft, interp::kBranchRight}) {
      Ref gone = Ref::steal(tool->callbacks[way]);
      tool->callbacks[way] = share(tool->callbacks[bit]);
    }
  }
  return old ? std::move(old) : Ref::none();
}
static Fallible<uint32_t> eventSet(Thread& t, Value v, bool is_local) {
  int64_t events = TRY(toInt64_py(t, v));
  if (events > INT32_MAX || events < INT32_MIN) return raiseOverflowError(t, "Python int too large to convert to C int");
  if (events < 0 || events >= 1 << interp::kMonitorEvents) {
    (void)raiseValueError(t, "invalid %sevent set 0x%lx", is_local ? "local " : "", static_cast<unsigned long>(static_cast<uint32_t>(events)));
    return kRaised;
  }
  constexpr int64_t kNativeEnds = 1 << interp::kCReturn | 1 << interp::kCRaise, kCalls = kNativeEnds | 1 << interp::kMonitorCall;
  if ((events & kNativeEnds) != 0 && (events & kCalls) != kCalls) {
    (void)raiseValueError(t, "cannot set C_RETURN or C_RAISE events independently");
    return kRaised;
  }
  events &= ~kNativeEnds;
  if (events & 1 << interp::kBranch) events = (events & ~(1 << interp::kBranch)) | 1 << interp::kBranchLeft | 1 << interp::kBranchRight;
  if (is_local && events >= 1 << (interp::kStopIteration + 1)) {
    (void)raiseValueError(t, "invalid local event set 0x%lx", static_cast<unsigned long>(events));
    return kRaised;
  }
  return static_cast<uint32_t>(events);
}
static Ref setEvents(Thread& t, const Value* a) {
  MonitorTool* tool = TRY(toolOf(t, a[0], true));
  tool->events = TRY(eventSet(t, a[1], false));
  interp::updateTracing(t);
  return Ref::none();
}
static Ref getEvents(Thread& t, const Value* a) { return newInt(t, TRY(toolOf(t, a[0], true))->events); }
static Ref setLocalEvents(Thread& t, const Value* a) {
  MonitorTool* tool = TRY(toolOf(t, a[0], true));
  if (!isExact(a[1], TypeId::kCode)) return raiseTypeError(t, "code must be a code object");
  uint32_t events = TRY(eventSet(t, a[2], true));
  if (tool->local.isUndefined()) tool->local = newDict(t).release();
  TRY(dictSet_py(t, tool->local.as<Dict>(), a[1], Value::fromInt(events)));
  interp::updateTracing(t);
  return Ref::none();
}
static Ref getLocalEvents(Thread& t, const Value* a) {
  MonitorTool* tool = TRY(toolOf(t, a[0], true));
  Value own = tool->local.defined() ? dictGet_py(t, tool->local.as<Dict>(), a[1]) : Value();
  return own.defined() ? Ref::of(own) : newIntSmall(0);
}
static Ref restartEvents(Thread&, const Value*) {
  for (MonitorTool& tool : monitor_tools) {
    Ref gone = Ref::steal(tool.disabled);
    tool.disabled = Value();
  }
  return Ref::none();
}
constexpr const char* kEvents[] = {"PY_START", "PY_RESUME", "PY_RETURN", "PY_YIELD", "CALL", "LINE", "INSTRUCTION", "JUMP", "BRANCH_LEFT", "BRANCH_RIGHT",
    "STOP_ITERATION", "RAISE", "EXCEPTION_HANDLED", "PY_UNWIND", "PY_THROW", "RERAISE", "C_RETURN", "C_RAISE", "BRANCH"};
// {event: bits of the tools that want it in all code}.
static Ref allEvents(Thread& t, const Value*) {
  Ref all = newDict(t);
  for (size_t event = 0; event < std::size(kEvents); ++event) {
    int64_t tools = 0;
    for (int i = 0; i < interp::kMonitorTools; ++i) tools |= (interp::monitor_tools[i].events >> event & 1) << i;
    if (tools != 0) dictSetStr(all.as<Dict>(), intern(*t.isolate, kEvents[event]), Value::fromInt(tools));
  }
  return all;
}
static const NativeDef kMonitoringFunctions[] = {{"use_tool_id", "(tool_id, name, /)", useTool}, {"clear_tool_id", "(tool_id, /)", clearToolFn}, {"free_tool_id", "(tool_id, /)", freeTool},
    {"get_tool", "(tool_id, /)", getTool}, {"register_callback", "(tool_id, event, func, /)", registerCallback}, {"set_events", "(tool_id, event_set, /)", setEvents},
    {"get_events", "(tool_id, /)", getEvents}, {"set_local_events", "(tool_id, code, event_set, /)", setLocalEvents}, {"get_local_events", "(tool_id, code, /)", getLocalEvents},
    {"restart_events", "()", restartEvents}, {"_all_events", "()", allEvents}, {nullptr, nullptr, nullptr}};

Status addSysTrace(Thread& t, Module* sys) {
  Ref name = newStr(t, "sys");
  for (const NativeDef* f = kSysFunctions; f->name != nullptr; ++f) moduleSet(t, sys, f->name, newNativeFunction(t, f, sys, name.get()).get());
  Ref monitoring = newModule(t, "sys.monitoring");
  Module* m = monitoring.as<Module>();
  for (const NativeDef* f = kMonitoringFunctions; f->name != nullptr; ++f) moduleSet(t, m, f->name, newNativeFunction(t, f, m, name.get()).get());
  Ref events = TRY(call_py(t, t.types().simple_namespace, nullptr, 0));
  for (size_t i = 0; i < std::size(kEvents); ++i) TRY(setAttr_py(t, events.get(), intern(*t.isolate, kEvents[i]), Value::fromInt(int64_t{1} << i)));
  TRY(setAttr_py(t, events.get(), intern(*t.isolate, "NO_EVENTS"), Value::fromInt(0)));
  moduleSet(t, m, "events", events.get());
  for (const char* constant : {"DISABLE", "MISSING"}) {
    Ref object = TRY(call_py(t, t.types().object, nullptr, 0));
    moduleSet(t, m, constant, object.get());
    if (constant[0] == 'D') interp::monitor_disable = object.release();
    else interp::monitor_missing = object.release();
  }
  static constexpr struct { const char* name; int id; } kTools[] = {{"DEBUGGER_ID", 0}, {"COVERAGE_ID", 1}, {"PROFILER_ID", 2}, {"OPTIMIZER_ID", 5}};
  for (auto& tool : kTools) moduleSet(t, m, tool.name, Value::fromInt(tool.id));
  moduleSet(t, sys, "monitoring", monitoring.get());
  Ref modules_name = newStr(t, "sys.monitoring");
  dictSetStr(t.isolate->modules, internStr(*t.isolate, modules_name.as<Str>()), monitoring.get());
  return kDone;
}

}  // namespace krait::modules
