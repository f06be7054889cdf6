// Which events an instruction stands for is read off the frame: a frame that was not seen before and stands at its beginning is
// called, one that was suspended is resumed, a change of line (or a jump backwards) begins a line. ref: Python/legacy_tracing.c.
#include "runtime/interp/trace.h"

#include <string_view>

#include "runtime/bytecode/effects.h"
#include "runtime/object/containers.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/error.h"
#include "runtime/object/exception.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::interp {

using bytecode::Op;

MonitorTool monitor_tools[kMonitorTools];
Value monitor_disable, monitor_missing;
static bool monitors;  // some tool wants some event

void updateTracing(Thread& t) {
  monitors = false;
  for (const MonitorTool& tool : monitor_tools) {
    if (tool.name.defined()) monitors = monitors || tool.events != 0 || (tool.local.defined() && tool.local.as<Dict>()->used > 0);
  }
  bool others = false;
  for (Thread* other = &t.isolate->main_thread; other != nullptr; other = other->next) {
    others = others || other->trace_function.defined() || other->profile_function.defined();
  }
  exchangeTable(monitors || others || t.trace_function.defined() || t.profile_function.defined());
}

namespace {
// While a function of a tool runs, nothing is traced.
class Paused {
 public:
  explicit Paused(Thread& t) : t_(t) { ++t_.tracing; }
  ~Paused() { --t_.tracing; }

 private:
  Thread& t_;
};
}  // namespace

// What trace functions are being told now, the innermost first: f_lineno may be set only there.
namespace {
struct Telling {
  const Thread* thread;
  const FrameObject* frame;
  const char* event;
  Telling* outer;
};
}  // namespace
static Telling* telling = nullptr;
Status checkJumpEvent(Thread& t, FrameObject* o) {
  const Telling* found = telling;
  while (found != nullptr && (found->thread != &t || found->frame != o)) found = found->outer;
  if (found == nullptr || o->frame == nullptr) return raiseValueError(t, "f_lineno can only be set in a trace function");
  std::string_view event = found->event;
  if (event == "call") return raiseValueError(t, "can't jump from the 'call' trace event of a new frame");
  if (event != "line") return raiseValueError(t, "can only jump from a 'line' trace event");
  return kDone;
}
void finishJump(Thread& t, Frame* f, const Instruction* from);  // jump.cpp

static void stopTracing(Thread& t) {
  Ref trace = Ref::steal(t.trace_function), profile = Ref::steal(t.profile_function);
  t.trace_function = t.profile_function = Value();
  updateTracing(t);
}
// function(frame, event, argument); empty when it raised, which ends the tracing.
static Ref callTracer_py(Thread& t, Value function, FrameObject* frame, const char* event, Value argument) {
  Paused paused(t);
  Ref held = Ref::of(function), own = Ref::of(frame);
  Telling now{&t, frame, event, telling};
  telling = &now;
  Ref result = callArgs_py(t, function, frame, intern(*t.isolate, event), argument);
  for (Telling** link = &telling; *link != nullptr; link = &(*link)->outer) {  // other threads may have begun meanwhile
    if (*link != &now) continue;
    *link = now.outer;
    break;
  }
  if (!result) stopTracing(t);
  return result.take();
}
// An event of the local trace function; what it returns takes its place.
static bool localEvent_py(Thread& t, FrameObject* frame, const char* event, Value argument) {
  if (t.trace_function.isUndefined() || frame->trace.isUndefined()) return true;
  Ref held = Ref::of(frame), result = callTracer_py(t, frame->trace, frame, event, argument);
  if (!result) return false;
  if (!result.get().isNone()) {
    Value old = frame->trace;
    frame->trace = result.release();
    decref(old);
  }
  return true;
}
static bool profileEvent_py(Thread& t, FrameObject* frame, const char* event, Value argument) {
  if (t.profile_function.isUndefined()) return true;
  Ref result = callTracer_py(t, t.profile_function, frame, event, argument);
  return static_cast<bool>(result);
}
// Calls the tools that want `event` of `code` with (code, a[, b]).
static bool monitorEvent_py(Thread& t, Code* code, MonitorEvent event, Value a, Value b = Value(), Value c = Value()) {
  if (!monitors) return true;
  Paused paused(t);
  Ref held = Ref::of(code);
  for (MonitorTool& tool : monitor_tools) {
    if (tool.name.isUndefined() || tool.callbacks[event].isUndefined()) continue;
    uint32_t wanted = tool.events;
    if (tool.local.defined()) {
      Value own = dictGet_py(t, tool.local.as<Dict>(), code);
      if (own.isInt()) wanted |= static_cast<uint32_t>(own.asInt());
    }
    bool is_native_end = event == kCReturn || event == kCRaise;  // these come with CALL
    if (!(wanted & (1u << (is_native_end ? kMonitorCall : event)))) continue;
    Ref place = event < kStopIteration ? tupleOf(t, {Value(code), Value::fromInt(event), a}) : Ref();
    if (place && tool.disabled.defined() && dictGet_py(t, tool.disabled.as<Dict>(), place.get()).defined()) continue;
    Ref callback = Ref::of(tool.callbacks[event]);
    Value args[4] = {code, a, b, c};
    Ref result = call_py(t, callback.get(), args, c.defined() ? 4 : b.defined() ? 3 : a.defined() ? 2 : 1);
    if (!result) return false;
    if (result.get() != monitor_disable || !place) continue;
    if (tool.disabled.isUndefined()) tool.disabled = newDict(t).release();
    if (dictSet_py(t, tool.disabled.as<Dict>(), place.get(), Value::fromBool(true)).raised()) return false;
  }
  return true;
}

static bool isWanted(const Thread& t) { return t.tracing == 0 && (t.trace_function.defined() || t.profile_function.defined() || monitors); }
static Value offsetOf(const Frame* f, const Instruction* pc) { return Value::fromInt(2 * (pc - f->code->instructions)); }

static bool enterEvents_py(Thread& t, Frame* f, FrameObject* o, const Instruction* pc, bool resumed, MonitorEvent event, Value thrown = Value()) {
  o->trace_state = kTraceActive;
  if (!resumed) o->traced_line = kLineOfCall;
  if (t.trace_function.defined()) {
    Ref local = callTracer_py(t, t.trace_function, o, "call", Value::none());
    if (!resumed) o->traced_line = -1;
    if (!local) return false;
    if (!local.get().isNone()) {  // else a frame that goes on keeps what it has
      Value old = o->trace;
      o->trace = local.release();
      decref(old);
    }
  }
  if (!resumed) o->traced_line = -1;
  return profileEvent_py(t, o, "call", Value::none()) && monitorEvent_py(t, f->code, event, offsetOf(f, pc), thrown);
}
static bool lineEvents_py(Thread& t, Frame* f, FrameObject* o, const Instruction* pc) {
  int32_t line = static_cast<int32_t>(positionsOf(f->code)[pc - f->code->instructions].line);
  bool is_back = o->traced_pc != nullptr && pc < o->traced_pc && bytecode::plainOp(pc->op) != Op::kSend && positionsOf(f->code)[pc - f->code->instructions].line != 0;
  bool is_new = line > 0 && (line != o->traced_line || is_back);
  o->traced_pc = pc;
  // What a function begins with belongs to no line of it.
  bool is_entry = pc->op == Op::kMakeCell || (pc->op == Op::kLoadClosure && line == static_cast<int32_t>(f->code->first_line));
  if (!is_new || is_entry) return true;
  bool is_same_line = line == o->traced_line;
  o->traced_line = line;
  if (is_same_line) return o->skips_lines || localEvent_py(t, o, "line", Value::none());  // tools are told of new lines alone
  if (o->skips_lines) return monitorEvent_py(t, f->code, kLine, Value::fromInt(line));
  return localEvent_py(t, o, "line", Value::none()) && monitorEvent_py(t, f->code, kLine, Value::fromInt(line));
}
static bool leaveEvents_py(Thread& t, Frame* f, FrameObject* o, const Instruction* pc, Value value) {
  bool is_yield = pc->op == Op::kYield;
  o->trace_state = is_yield ? kTraceSuspended : kTraceActive;
  Ref held = Ref::of(value);
  return localEvent_py(t, o, "return", held.get()) && profileEvent_py(t, o, "return", held.get()) &&
         monitorEvent_py(t, f->code, is_yield ? kPyYield : kPyReturn, offsetOf(f, pc), held.get());
}

// --- calls of native functions (c_call …) and, for sys.monitoring, of anything
// The native function that a call of `callee` with `self` (or Undefined) runs, bound as the program would see it; else empty.
static Ref nativeCallee_py(Thread& t, Value callee, Value self) {
  if (isExact(callee, TypeId::kNativeFunction)) return Ref::of(callee);
  if (!isExact(callee, TypeId::kNativeDescriptor) || self.isUndefined()) return Ref();
  return callArgs_py(t, getAttrNamed_py(t, callee, "__get__").get(), self, Value(typeOf(t, self)));
}
// Whether a call of `callee` goes on in Python code of its own, whose start and return are told.
static bool runsPython(Value callee) {
  if (isExact(callee, TypeId::kMethod)) callee = callee.as<Method>()->function;
  return isExact(callee, TypeId::kFunction);
}
static bool callEvents_py(Thread& t, Frame* f, FrameObject* o, const Instruction* pc) {
  Value* window = f->registers() + pc->b;
  bool is_method = pc->op == Op::kCallMethod || pc->op == Op::kCallMethodKw, is_ex = pc->op == Op::kCallEx;
  Value callee = window[0], first = is_ex ? Value() : window[kFrameWords];
  if (!is_ex && !is_method && pc->c == 0) first = Value();
  if (is_method && first.isUndefined() && pc->c > 0) first = window[kFrameWords + 1];  // found without self
  if (is_ex && isTuple(window[kFrameWords]) && window[kFrameWords].as<Tuple>()->size > 0) first = (*window[kFrameWords].as<Tuple>())[0];
  if (callee.isUndefined()) return true;
  Ref native = nativeCallee_py(t, callee, first);
  if (isPending(t)) clearException(t);
  Ref shown_first = first.defined() ? Ref::of(first) : Ref::of(monitor_missing.defined() ? monitor_missing : Value::none());
  if (!monitorEvent_py(t, f->code, kMonitorCall, offsetOf(f, pc), native ? native.get() : callee, shown_first.get())) return false;
  if (!native && runsPython(callee)) return true;
  if (native && !profileEvent_py(t, o, "c_call", native.get())) return false;
  Ref kept = tupleOf(t, {native ? native.get() : callee, shown_first.get(), offsetOf(f, pc), Value::fromBool(static_cast<bool>(native))});
  Value old = o->native_callee;
  o->native_callee = kept.release();
  decref(old);
  return true;
}
// What `o` called and is no Python function is back at `pc`; an exception is pending or not. One that was called when events
// were wanted last, and came back unseen, is forgotten.
static bool nativeReturn_py(Thread& t, Frame* f, FrameObject* o, const Instruction* pc, bool raised) {
  if (o->native_callee.isUndefined()) return true;
  Ref kept = Ref::steal(o->native_callee);
  o->native_callee = Value();
  const Value* call = kept.as<Tuple>()->items();
  if (call[2] != offsetOf(f, pc) && call[2] != offsetOf(f, pc - 1)) return true;
  if (call[3].isTrue() && !profileEvent_py(t, o, raised ? "c_exception" : "c_return", call[0])) return false;
  return monitorEvent_py(t, f->code, raised ? kCRaise : kCReturn, call[2], call[0], call[1]);
}
static bool isCall(Op op) { return op == Op::kCall || op == Op::kCallMethod || op == Op::kCallKw || op == Op::kCallMethodKw || op == Op::kCallEx; }

// The generator or coroutine that `o` delegated to has ended: the StopIteration that nobody raised is told of.
// ref: INSTRUMENTED_END_SEND.
static bool delegationEvents_py(Thread& t, Frame* f, FrameObject* o, const Instruction* pc) {
  const Instruction* from = o->traced_pc;
  if (from == nullptr || bytecode::plainOp(from->op) != Op::kSend || o->trace_state != kTraceActive) return true;
  int64_t target;
  uint32_t at = static_cast<uint32_t>(from - f->code->instructions);
  if (!bytecode::jumpTarget(*from, at, target) || pc != f->code->instructions + target) return true;
  Value value = f->registers()[from->a];
  Ref stop = newException_py(t, errors(t).stop_iteration, &value, value.isNone() ? 0 : 1);
  if (!stop) return false;
  Ref info = tupleOf(t, {Value(errors(t).stop_iteration), stop.get(), Value::none()});
  return localEvent_py(t, o, "exception", info.get()) && monitorEvent_py(t, f->code, kStopIteration, offsetOf(f, from), stop.get());
}

// sys.monitoring's events of jumps: which way the instruction before went shows where the frame stands now.
static bool jumpEvents_py(Thread& t, Frame* f, FrameObject* o, const Instruction* pc) {
  const Instruction* from = o->traced_pc;
  if (!monitors || from == nullptr || o->trace_state != kTraceActive) return true;
  Instruction i = *from;
  i.op = bytecode::plainOp(i.op);
  uint32_t at = static_cast<uint32_t>(from - f->code->instructions);
  int64_t target;
  if (!bytecode::jumpTarget(i, at, target)) return true;
  bool is_taken = pc == f->code->instructions + target;
  if (!is_taken && pc != from + 1) return true;  // an exception led here
  if (i.op == Op::kJump || i.op == Op::kJumpBack) return monitorEvent_py(t, f->code, kJump, offsetOf(f, from), offsetOf(f, pc));
  if (i.op == Op::kSend) return true;
  return monitorEvent_py(t, f->code, is_taken ? kBranchRight : kBranchLeft, offsetOf(f, from), offsetOf(f, pc));
}

bool traceStep_py(Thread& t, Frame* f, const Instruction* pc) {
  if (!isWanted(t) || pc->op == Op::kReturnGenerator) return true;
  bool makes_generator = f->code->flags & (kCodeGenerator | kCodeCoroutine | kCodeAsyncGenerator);
  if (makes_generator && !(f->flags & kFrameGenerator)) return true;  // it is called when it first runs
  FrameObject* o = frameObject(t, f);
  Ref held = Ref::of(o);
  if (o->native_callee.defined() && !nativeReturn_py(t, f, o, pc, false)) return false;
  bool at_start = pc == f->code->instructions || pc[-1].op == Op::kReturnGenerator;
  if (o->trace_state == kTraceNew && !at_start) {  // tracing began in the middle of its line
    o->trace_state = kTraceActive;
    o->traced_line = lineOf(f->code, pc - 1);
  }
  if ((o->trace_state == kTraceNew && at_start) || o->trace_state == kTraceSuspended) {
    bool resumed = o->trace_state == kTraceSuspended;
    if (!enterEvents_py(t, f, o, pc, resumed, resumed ? kPyResume : kPyStart)) return false;
  }
  if (!delegationEvents_py(t, f, o, pc) || !jumpEvents_py(t, f, o, pc) || !lineEvents_py(t, f, o, pc)) return false;
  if (f->pc != pc) {
    finishJump(t, f, pc);
    o->traced_line = -1;
    return true;
  }
  if (o->wants_opcodes && !localEvent_py(t, o, "opcode", Value::none())) return false;
  if (monitors && !monitorEvent_py(t, f->code, kInstruction, offsetOf(f, pc))) return false;
  Value* registers = f->registers();
  if (isCall(pc->op)) return callEvents_py(t, f, o, pc);
  if (pc->op == Op::kReturn || pc->op == Op::kYield) return leaveEvents_py(t, f, o, pc, registers[pc->a]);
  if (pc->op == Op::kReturnConst) return leaveEvents_py(t, f, o, pc, f->code->constants[pc->a]);
  return true;
}

void traceRaise_py(Thread& t, Frame* f) {
  if (!isWanted(t)) return;
  FrameObject* o = frameObject(t, f);
  Ref held = Ref::of(o), exception = takeException(t);
  if (!nativeReturn_py(t, f, o, f->pc, true)) return;
  // throw() and close() resume a frame, too.
  bool is_thrown = o->trace_state == kTraceSuspended, delegates = is_thrown && f->pc > f->code->instructions && bytecode::plainOp(f->pc[-1].op) == Op::kSend;
  if (is_thrown && !enterEvents_py(t, f, o, f->pc, true, kPyThrow, exception.get())) return;
  Value traceback = exception.as<BaseException>()->traceback;
  Ref info = tupleOf(t, {Value(typeOf(t, exception.get())), exception.get(), traceback.isHeap() ? traceback : Value::none()});
  bool again = f->pc->op == Op::kReraise || f->pc->op == Op::kCleanupThrow;
  bool ok = (again || localEvent_py(t, o, "exception", info.get())) && monitorEvent_py(t, f->code, again ? kReraise : kRaise, offsetOf(f, f->pc), exception.get());
  if (ok && delegates) ok = localEvent_py(t, o, "line", Value::none());
  if (ok) restoreException(t, std::move(exception));
}

Ref tracedNext_py(Thread& t, Frame* f, Value iterator) {
  Ref item = nextOrStop_py(t, iterator);
  if (item || !isPending(t) || !pendingMatches(t, errors(t).stop_iteration)) return item;
  Value stop = t.pending;
  traceRaise_py(t, f);
  if (t.pending == stop) clearException(t);
  return {};
}

bool traceHandled_py(Thread& t, Frame* f) {
  if (!isWanted(t) || !monitors) return true;
  uint32_t at = instructionIndex(f);
  for (uint32_t i = 0; i < f->code->handler_count; ++i) {
    if (f->code->handlers[i].handler != at) continue;
    Ref exception = Ref::of(f->registers()[f->code->handlers[i].target]);
    return monitorEvent_py(t, f->code, kExceptionHandled, offsetOf(f, f->pc), exception.get());
  }
  return true;
}

void traceUnwind_py(Thread& t, Frame* f) {
  if (!isWanted(t)) return;
  FrameObject* o = frameObject(t, f);
  Ref held = Ref::of(o), exception = takeException(t);
  bool ok = localEvent_py(t, o, "return", Value::none()) && profileEvent_py(t, o, "return", Value::none()) &&
            monitorEvent_py(t, f->code, kPyUnwind, offsetOf(f, f->pc), exception.get());
  if (ok) restoreException(t, std::move(exception));
}

}  // namespace krait::interp
