// The `_lsprof` module: cProfile's profiler, which measures the time between the profile events of a thread. Totals are kept per
// function and per pair of caller and function. ref: Modules/_lsprof.c.
#include <time.h>

#include <map>
#include <vector>

#include "runtime/interp/trace.h"
#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/frame.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"
#include "runtime/object/struct_sequence.h"

namespace krait::modules {

namespace lsprof {
struct Totals {
  int64_t calls = 0, recursive_calls = 0;
  double total = 0, inner = 0;  // in the timer's units
  int64_t depth = 0;            // activations now
};
struct Entry : Totals {
  Value code;  // owned: a code object, or the text that names a native function
  std::map<Entry*, Totals> callees;
};
struct Activation {
  Entry* entry;
  double began, inside = 0;  // inside: time spent in what it called
};
struct Records {
  std::map<const void*, Entry*> entries;  // by code object or native function definition
  std::vector<Activation> stack;
};
struct Profiler : Object {
  Records* records;
  Value timer;  // owned; Undefined: the monotonic clock
  double unit;
  bool is_on, wants_callees, wants_natives;
};
constexpr int kProfilerTool = 2;
static Type *entry_type, *callee_type;
static Profiler* self(Value v) { return v.as<Profiler>(); }

static double now_py(Thread& t, Profiler* p) {
  if (p->timer.isUndefined()) {
    timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  }
  Ref timer = Ref::of(p->timer), result = callArgs_py(t, timer.get());
  if (result && p->unit > 0 && isIntLike(result.get())) {
    Fallible<int64_t> ticks = toInt64_py(t, result.get());
    if (!ticks.raised()) return static_cast<double>(ticks.value);
  } else if (result) {
    Fallible<double> seconds = toDouble_py(t, result.get());
    if (!seconds.raised()) return seconds.value;
  }
  writeUnraisable_py(t, "Exception ignored while calling the profiler's timer", p->timer);
  return 0;
}
static Ref nativeText_py(Thread& t, NativeFunction* f) {
  bool is_bound = f->kind == NativeKind::kMethod && f->self.defined() && !isExact(f->self, TypeId::kModule);
  if (is_bound) {
    Value descriptor = typeLookup(typeOf(t, f->self), intern(*t.isolate, f->def->name));
    if (descriptor.defined()) return repr_py(t, descriptor);
    return strFormat(t, "<built-in method %s>", f->def->name);
  }
  if (isStr(f->module)) return strFormat(t, "<built-in method %s.%s>", toUtf8(f->module.as<Str>()).c_str(), f->def->name);
  return strFormat(t, "<built-in method %s>", f->def->name);
}
static Entry* entryFor_py(Thread& t, Profiler* p, Value code_or_native) {
  bool is_code = isExact(code_or_native, TypeId::kCode);
  const void* key = is_code ? static_cast<const void*>(code_or_native.object()) : code_or_native.as<NativeFunction>()->def;
  Entry*& entry = p->records->entries[key];
  if (entry == nullptr) {
    entry = new Entry;
    Ref code = is_code ? Ref::of(code_or_native) : nativeText_py(t, code_or_native.as<NativeFunction>());
    if (!code) {
      clearException(t);
      code = newStr(t, "<built-in method>");
    }
    entry->code = code.release();
  }
  return entry;
}
static void enter_py(Thread& t, Profiler* p, Value code) {
  Entry* entry = entryFor_py(t, p, code);
  if (p->wants_callees && !p->records->stack.empty()) ++p->records->stack.back().entry->callees[entry].depth;
  ++entry->depth;
  p->records->stack.push_back({entry, now_py(t, p)});
}
static void addCall(Totals& totals, double total, double inner) {
  --totals.depth;
  totals.inner += inner;
  ++totals.calls;
  if (totals.depth == 0) totals.total += total;
  else ++totals.recursive_calls;
}
static void leave_py(Thread& t, Profiler* p) {
  std::vector<Activation>& stack = p->records->stack;
  if (stack.empty()) return;
  double total = now_py(t, p) - stack.back().began, inner = total - stack.back().inside;
  Entry* entry = stack.back().entry;
  stack.pop_back();
  addCall(*entry, total, inner);
  if (stack.empty()) return;
  stack.back().inside += total;
  if (p->wants_callees) addCall(stack.back().entry->callees[entry], total, inner);
}
// The profile function: (frame, event, argument).
static Ref onEvent(Thread& t, const Value* a) {
  Profiler* p = self(a[0]);
  const Str* event = a[2].as<Str>();
  if (!p->is_on || !isStr(a[2])) return Ref::none();
  if (strEquals(event, "call")) enter_py(t, p, a[1].as<FrameObject>()->code);
  else if (strEquals(event, "return")) leave_py(t, p);
  else if (p->wants_natives && strEquals(event, "c_call")) enter_py(t, p, a[3]);
  else if (p->wants_natives) leave_py(t, p);
  return Ref::none();
}
static const NativeDef kOnEvent = {"_event", "($self, frame, event, arg, /)", onEvent};

static Ref enable(Thread& t, const Value* a) {
  Profiler* p = self(a[0]);
  interp::MonitorTool& tool = interp::monitor_tools[kProfilerTool];
  if (tool.name.defined()) return raiseValueError(t, "Another profiling tool is already active");
  if (!a[1].isNone()) p->wants_callees = TRY(isTrue_py(t, a[1]));
  if (!a[2].isNone()) p->wants_natives = TRY(isTrue_py(t, a[2]));
  tool.name = newStr(t, "cProfile").release();
  p->is_on = true;
  t.profile_function = newNativeFunction(t, &kOnEvent, a[0], Value()).release();
  interp::updateTracing(t);
  return Ref::none();
}
static void stop_py(Thread& t, Profiler* p) {
  if (!p->is_on) return;
  p->is_on = false;
  while (!p->records->stack.empty()) leave_py(t, p);
  Ref function = Ref::steal(t.profile_function), name = Ref::steal(interp::monitor_tools[kProfilerTool].name);
  t.profile_function = Value();
  interp::monitor_tools[kProfilerTool].name = Value();
  interp::updateTracing(t);
}
static Ref disable(Thread& t, const Value* a) {
  stop_py(t, self(a[0]));
  return Ref::none();
}
static void forget(Profiler* p) {
  std::map<const void*, Entry*> entries;
  entries.swap(p->records->entries);
  p->records->stack.clear();
  for (auto& [key, entry] : entries) {
    decref(entry->code);
    delete entry;
  }
}
static Ref clear(Thread&, const Value* a) {
  forget(self(a[0]));
  return Ref::none();
}
static Ref statsOf(Thread& t, Type* type, Value code, const Totals& totals, double unit, Ref callees) {
  Value fields[6] = {share(code), Value::fromInt(totals.calls), Value::fromInt(totals.recursive_calls), Value::fromDouble(totals.total * unit),
                     Value::fromDouble(totals.inner * unit), Value()};
  if (type == entry_type) fields[5] = callees.release();
  return structSequenceSteal(t, type, fields, type == entry_type ? 6 : 5);
}
static Ref getStats(Thread& t, const Value* a) {
  Profiler* p = self(a[0]);
  stop_py(t, p);
  double unit = p->timer.defined() && p->unit > 0 ? p->unit : 1;
  Ref list = newList(t);
  for (auto& [key, entry] : p->records->entries) {
    if (entry->calls == 0) continue;
    Ref callees = entry->callees.empty() ? Ref::none() : newList(t);
    for (auto& [callee, totals] : entry->callees) {
      if (totals.calls == 0) continue;
      listAppendSteal(callees.as<List>(), statsOf(t, callee_type, callee->code, totals, unit, Ref()).release());
    }
    listAppendSteal(list.as<List>(), statsOf(t, entry_type, entry->code, *entry, unit, std::move(callees)).release());
  }
  return list;
}
static Ref makeProfiler(Thread&, Type* type, const Value*, uint32_t, Tuple*) {
  Profiler* p = allocate<Profiler>(type);
  p->records = new Records;
  p->wants_callees = p->wants_natives = true;
  gcTrack(p);
  return Ref::steal(p);
}
static Status initProfiler(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "Profiler", "(timer=None, timeunit=0.0, subcalls=True, builtins=True)", args, nargs, keywords, a));
  Value old = self(v)->timer;
  self(v)->timer = a[0].isNone() ? Value() : share(a[0]);
  decref(old);
  self(v)->unit = a[1].isUndefined() ? 0 : TRY(toDouble_py(t, a[1]));
  self(v)->wants_callees = TRY(isTrue_py(t, a[2]));
  self(v)->wants_natives = TRY(isTrue_py(t, a[3]));
  return kDone;
}
static const NativeDef kMethods[] = {{"enable", "($self, /, subcalls=None, builtins=None)", enable, "Start collecting profiling information."},
    {"disable", "($self, /)", disable, "Stop collecting profiling information."}, {"clear", "($self, /)", clear, "Clear all profiling information collected so far."},
    {"getstats", "($self, /)", getStats, "Return a list of profiler_entry objects."}, {nullptr, nullptr, nullptr}};
static const StructSequenceDef kEntryDef = {"_lsprof.profiler_entry", 6, 6, {"code", "callcount", "reccallcount", "totaltime", "inlinetime", "calls"}};
static const StructSequenceDef kCalleeDef = {"_lsprof.profiler_subentry", 5, 5, {"code", "callcount", "reccallcount", "totaltime", "inlinetime"}};

static Status init(Thread& t, Module* m) {
  entry_type = makeStructSequence(*t.isolate, kEntryDef);
  callee_type = makeStructSequence(*t.isolate, kCalleeDef);
  moduleSetType(t, m, entry_type);
  moduleSetType(t, m, callee_type);
  Type* type = makeType(*t.isolate, {.name = "_lsprof.Profiler", .size = sizeof(Profiler), .flags = kTypeGc | kTypeBaseable, .methods = kMethods,
      .doc = "Build a profiler object using the specified timer function."});
  type->slots.make = makeProfiler;
  type->slots.init = initProfiler;
  type->slots.dealloc = [](Object* o) {
    Profiler* p = static_cast<Profiler*>(o);
    forget(p);
    delete p->records;
    decref(p->timer);
  };
  type->slots.traverse = [](Object* o, Visitor visitor, void* context) { visit(static_cast<Profiler*>(o)->timer, visitor, context); };
  type->slots.clear = [](Object* o) { clearField(static_cast<Profiler*>(o)->timer); };
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
  return kDone;
}
}  // namespace lsprof

extern const NativeModule kLsprofModule;
const NativeModule kLsprofModule = {"_lsprof", "Fast profiler", nullptr, lsprof::init};

}  // namespace krait::modules
