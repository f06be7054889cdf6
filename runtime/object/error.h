// Raising, inspecting and clearing Python exceptions. A function raises by making an exception pending on the
// thread and returning kRaised; exactly one exception is pending between a raise and its handler.
#pragma once

#include <string>
#include <string_view>

#include "runtime/object/type.h"

namespace krait::object {

struct Errors {
#define EXCEPTION(field, Name, base, layout) Type* field = nullptr;
#include "runtime/object/exceptions.def"
};
// The exception classes of the thread's isolate.
Errors& errors(Thread& t);

// Raises `type` with a message: printf's format, texts in UTF-8.
[[gnu::format(printf, 3, 4)]] RaisedTag raise(Thread& t, Type* type, const char* format, ...);
// Raises `type(value)`; the value may be any object, Undefined for none.
RaisedTag raiseWith(Thread& t, Type* type, Value value);
// Makes an existing exception pending (as `raise e` does: sets its __context__).
RaisedTag raiseException(Thread& t, Value exception);
// Makes it pending as it is: no context, no traceback entry.
void restoreException(Thread& t, Ref exception);
// Takes the pending exception off the thread.
Ref takeException(Thread& t);
inline bool isPending(const Thread& t) { return t.pending.defined(); }
inline bool pendingMatches(const Thread& t, const Type* type) {
  return t.pending.defined() && isSubtype(typeOfHeap(t.pending), type);
}
void clearException(Thread& t);
// The exception that `except:` would see now (sys.exception()), borrowed; Undefined for none.
Value handledException(const Thread& t);

[[gnu::format(printf, 2, 3)]] RaisedTag raiseTypeError(Thread& t, const char* format, ...);
[[gnu::format(printf, 2, 3)]] RaisedTag raiseValueError(Thread& t, const char* format, ...);
[[gnu::format(printf, 2, 3)]] RaisedTag raiseIndexError(Thread& t, const char* format, ...);
[[gnu::format(printf, 2, 3)]] RaisedTag raiseOverflowError(Thread& t, const char* format, ...);
[[gnu::format(printf, 2, 3)]] RaisedTag raiseRuntimeError(Thread& t, const char* format, ...);
RaisedTag raiseKeyError(Thread& t, Value key);
RaisedTag raiseAttributeError(Thread& t, Value object, Str* name, const std::string& message);
// `'T' object has no attribute 'name'`, with name and obj set.
RaisedTag raiseNoAttribute(Thread& t, Value object, Str* name);
RaisedTag raiseNameError(Thread& t, Type* type, Str* name, const std::string& message);
// OSError (or its subclass) for `error_number`, with up to two file names.
RaisedTag raiseOSError(Thread& t, int error_number, Value filename = Value(), Value filename2 = Value());
RaisedTag raiseStopIteration(Thread& t, Value value);
RaisedTag raiseMemoryError(Thread& t);
// Raises RecursionError when the end of the C stack is near; `where` as in " while calling a Python object". Only Python frames
// count for sys.setrecursionlimit. ref: _Py_CheckRecursiveCall
Status checkRecursion(Thread& t, const char* where);
// Raises the RecursionError of too many Python frames.
RaisedTag raiseTooManyFrames(Thread& t);
// Reports the pending exception through sys.unraisablehook and clears it.
void writeUnraisable_py(Thread& t, const char* message, Value object);
// The same for a finalizer: its `__del__` is named, or the object when that is not Python code. ref: slot_tp_finalize.
void writeDeallocatorFailure_py(Thread& t, Object* object);
// Warns through the warnings module; fails when a filter turns the warning into an exception.
[[gnu::format(printf, 4, 5)]] Status warn_py(Thread& t, Type* category, int stack_level, const char* format, ...);

// printf to a string.
[[gnu::format(printf, 1, 2)]] std::string format(const char* format, ...);

}  // namespace krait::object
