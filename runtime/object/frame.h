// Frame: an activation of Python code: a header followed by its registers, on the thread's register stack or, for
// generators, inside the generator. A call window in the caller's registers is laid out as the callee's Frame:
//
//   R[w + 0]              the callable          = Frame::function
//   R[w + 1]              keyword names         (scratch until the call)
//   R[w + 2 … kFrameWords) room for the header
//   R[w + kFrameWords + i] argument i           = the callee's register i
//
// so that a call moves nothing. Registers that hold nothing live are never heap Values (they may be stale numbers), and so
// are all words of the register stack above the current frame: entering a frame empties only its locals.
//
// Method windows (LoadMethod) keep self as argument 0.
#pragma once

#include "runtime/object/code.h"

namespace krait::object {

struct Generator;
struct FrameObject;

enum FrameFlag : uint32_t {
  kFrameEntry = 1,        // returning leaves the dispatch loop: called from C++
  kFrameInit = 2,         // __init__ called for its instance: `extra` is the result
  kFrameGenerator = 4,    // lives inside a Generator
  kFrameDiscard = 8,      // result is dropped
};

struct Frame {
  Value function;              // owned
  Code* code;                  // borrowed from function or owner
  Frame* back;
  const Instruction* pc;       // saved before anything that can run Python code or raise
  Dict* globals;               // borrowed from the function
  Value locals;                // mapping of class bodies, modules and exec; owned; Undefined in functions
  Value extra;                 // kFrameInit: the instance, owned. Builtins dictionary otherwise Undefined
  FrameObject* object;         // frame object made for this frame, owned; or null
  Generator* generator;        // the owner, when kFrameGenerator
  uint32_t flags;
  uint32_t raised_at;          // the instruction from which the handler was entered that was entered last
  Value* stack_top;            // kFrameGenerator: first free word of the thread's stack while it runs

  Value* registers() { return reinterpret_cast<Value*>(this + 1); }
  Value* end() { return registers() + code->register_count; }
};
constexpr uint32_t kFrameWords = sizeof(Frame) / sizeof(Value);
static_assert(sizeof(Frame) == kFrameWords * sizeof(Value));

constexpr int32_t kLineOfCall = -2;  // traced_line while the call event is reported: the frame stands at its first line
enum FrameTraceState : uint8_t { kTraceNew, kTraceActive, kTraceSuspended };
// sys._getframe's object. While the frame runs, `frame` points to it; afterwards the locals live in `values`.
struct FrameObject : Object {
  Frame* frame;       // null once finished
  Code* code;
  Dict* globals;
  Value locals;       // mapping, or Undefined
  Value function;
  FrameObject* back;  // set when the frame ends
  Value* values;      // copies of the registers after the end
  uint32_t value_count;
  int32_t line;
  uint32_t instruction;
  Value trace;
  Dict* local_dict;   // extra locals
  int32_t traced_line;
  FrameTraceState trace_state;
  bool skips_lines, wants_opcodes;  // f_trace_lines is False; f_trace_opcodes is True
  const Instruction* traced_pc;
  Value native_callee;  // owned: the native function whose c_call was reported and which has not returned
};
// The frame's object, made on first use (borrowed).
FrameObject* frameObject(Thread& t, Frame* frame);
// Must be called before a frame's registers go away: moves what its FrameObject needs.
void detachFrame(Frame* frame);
int32_t lineOf(const Code* code, const Instruction* pc);
inline uint32_t instructionIndex(const Frame* frame) { return static_cast<uint32_t>(frame->pc - frame->code->instructions); }

enum class GeneratorState : uint8_t { kCreated, kSuspended, kRunning, kFinished };
struct Generator : Object {   // and coroutine, async generator
  GeneratorState state;
  bool is_closed_by_throw;
  bool hooks_inited, ag_running, ag_closed;
  uint32_t frame_bytes;
  Value name, qualname;
  Value origin_or_hooks;      // coroutine: cr_origin; async generator: finalizer
  Value* yield_from;          // register that holds the iterator delegated to, or null
  HandledException handled;
  Frame frame;                // registers follow
};

// What running Python code needs, installed by the interpreter (runtime/interp).
struct RunHooks {
  // Calls a Python function from C++.
  Ref (*call)(Thread& t, Function* function, const Value* args, uint32_t nargs, Tuple* keywords) = nullptr;
  // Resumes a generator with `sent` (Undefined: throw the pending exception into it). Empty without exception: it returned,
  // and the value is in `returned`.
  Ref (*resume)(Thread& t, Generator* generator, Value sent, Ref& returned) = nullptr;
  // Runs code with the given namespaces (module, exec, class body). ref: PyEval_EvalCode.
  Ref (*run)(Thread& t, Code* code, Dict* globals, Value locals, Value closure) = nullptr;
};
extern RunHooks run_hooks;

}  // namespace krait::object
