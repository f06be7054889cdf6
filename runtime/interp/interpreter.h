// The interpreter's door: installing it, running frames, entering and leaving them. A frame pushed here runs until it
// returns to its caller; Python-to-Python calls inside need no C++ stack.
#pragma once

#include "runtime/object/exception.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/frame.h"
#include "runtime/object/protocol.h"

namespace krait::interp {

using namespace krait::object;
using bytecode::Op;

// Sets object::run_hooks and the slots of function, generator and coroutine types that run code.
void installInterpreter(Isolate& isolate);

// Runs from frame->pc until `frame` (marked kFrameEntry) returns, yields or raises; Undefined when it raised, and, for
// generators, when it returned (value in t.returned).
Value runFrame(Thread& t, Frame* frame);

// The first free word above the current frame.
inline Value* stackTop(Thread& t) {
  Frame* f = t.frame;
  if (f == nullptr) return t.stack_begin;
  return f->flags & kFrameGenerator ? f->stack_top : f->end();
}
// Fills the header and empties the registers from `filled` on; false when the stack is full (RecursionError pending).
bool initFrame(Thread& t, Frame* frame, Function* function, uint32_t filled);
// Arranges the arguments (owned, in regs[0..nargs+keywords)) as the function's parameters, in place; on failure
// releases them all and raises. ref: initialize_locals.
bool bindParameters(Thread& t, Function* function, Value* regs, uint32_t nargs, Tuple* keywords);
// Releases everything that a finished frame owns and empties its words.
void clearFrame(Thread& t, Frame* frame);
// What to do after a pending exception in `frame`: the handler's first instruction, with registers released and the
// exception in place, or null when the frame has none.
const Instruction* findHandler(Thread& t, Frame* frame);

// A call from a window (see Frame): R[w] the callable, nargs positional arguments and the keywords' values behind it.
// kEntered: t.frame is a new frame to run. kDone: the result is stored in pc->a.
enum class CallOutcome { kRaised, kDone, kEntered };
CallOutcome callWindow(Thread& t, Frame* f, const Instruction* pc, uint16_t w, uint32_t nargs, Tuple* keywords);
CallOutcome callMethodWindow(Thread& t, Frame* f, const Instruction* pc);
CallOutcome callKeywords(Thread& t, Frame* f, const Instruction* pc, bool is_method);
// CallEx: the window holds the callable, a tuple of arguments and, when c is 1, a dict of named ones.
CallOutcome callExpanded(Thread& t, Frame* f, const Instruction* pc);
// Enters `function` with owned arguments on top of the current frame; the result goes to the current instruction's a.
CallOutcome enterWith(Thread& t, Function* function, const Value* arguments, uint32_t count);
// WithEnter: the exit method of b goes before a, and a = what its enter method gives.
CallOutcome enterContext(Thread& t, Frame* f, const Instruction* pc);
// WithExit: a = the exit method b, called with what the exception c says.
CallOutcome exitWith(Thread& t, Frame* f, const Instruction* pc);
// LoadAttr of a property or another data descriptor (its cache says which), or of whatever is there now.
CallOutcome loadProperty(Thread& t, Frame* f, const Instruction* pc);

// Makes a suspended generator's frame the current one, to go on after its yield (or at its start); `sent` is stolen.
// Raises ValueError when it is running already.
bool enterGenerator(Thread& t, Generator* generator, Value sent, uint32_t flags);
// Leaves the current generator frame at a Yield: the generator is suspended, t.frame is its resumer.
void suspendGenerator(Thread& t, Generator* generator);
// Leaves it for good (after clearFrame).
void finishGenerator(Thread& t, Generator* generator);
// The generator object that takes over the current frame (ReturnGenerator). The frame is popped.
Ref makeGenerator(Thread& t, Frame* frame);
// What a suspended generator delegates to (yield from, await), borrowed; Undefined for nothing.
Value delegateOf(Generator* generator);
// Adds the frame's line to the pending exception's traceback.
void addTraceback(Thread& t, object::BaseException* exception, Frame* frame);
// After a Reraise without a place of its own the frame stands where the exception entered the handler. ref: RERAISE, which restores lasti.
void standWhereRaised(Frame* frame);
// Pops a frame that an exception leaves; generators finish, StopIteration out of them becomes RuntimeError.
void popRaisedFrame(Thread& t, Frame* frame);

// Leaves the current frame with an owned result. kResume: t.frame goes on after its saved instruction, the result stored;
// kJump: its ForIter or Send ends; kExit: back to C++, t.exit_value holds the result.
enum class LeaveOutcome { kExit, kResume, kJump, kRaised };
LeaveOutcome leaveFrame(Thread& t, Frame* frame, Value result);
// Send to anything but a generator: 0 yielded (value in a), 1 returned (value in a), -1 raised.
int sendSlow(Thread& t, Frame* f, const Instruction* pc);
// Signals, pending calls, collection, other threads; false when an exception is pending.
bool handleBreaker_py(Thread& t);
// Goes on after the frame's saved instruction / raises the pending exception there.
Value resumeFrame(Thread& t, Frame* frame);
Value raiseInFrame(Thread& t, Frame* frame);

// --- for the slow paths: registers and operands
inline Value& reg(Frame* f, uint16_t i) { return f->registers()[i]; }
inline void freeReg(Frame* f, uint16_t i) {
  Value old = reg(f, i);
  reg(f, i) = Value();
  decref(old);
}
inline void freeOperands(Frame* f, const Instruction* pc) {
  if (pc->flags & bytecode::kFreeB) freeReg(f, pc->b);
  if (pc->flags & bytecode::kFreeC) freeReg(f, pc->c);
  if (pc->flags & bytecode::kFreeA) freeReg(f, pc->a);
}
// Frees the operands and stores the result; false when there is none.
inline bool finish(Frame* f, const Instruction* pc, Ref result) {
  if (!result) return false;
  if (pc->flags & (bytecode::kFreeA | bytecode::kFreeB | bytecode::kFreeC)) freeOperands(f, pc);
  Value old = reg(f, pc->a);
  reg(f, pc->a) = result.release();
  decref(old);
  return true;
}
inline bool finishStatus(Frame* f, const Instruction* pc, Status status) {
  if (status.failed) return false;
  freeOperands(f, pc);
  return true;
}
inline InlineCache& cacheOf(Frame* f, const Instruction* pc) { return f->code->caches[pc->c]; }

}  // namespace krait::interp
