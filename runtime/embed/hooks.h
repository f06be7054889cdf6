// Inside the embedding: what compile_source.cpp and import.cpp give to embed.cpp.
#pragma once

#include <string>

#include "runtime/object/code.h"
#include "runtime/object/thread.h"

namespace krait::embed {

using object::Ref;
using object::Thread;
using object::Value;

Ref compileHook(Thread& t, Value source, Value filename, const std::string& mode, int flags, bool dont_inherit, int optimize, int feature_version);
Ref symtableHook(Thread& t, Value source, Value filename, const std::string& mode);
Ref importHook(Thread& t, Value name, Value globals, Value locals, Value fromlist, Value level);
// Starts importlib: after `builtins` and `sys`, before any import.
object::Status startImporting_py(Thread& t);
// Shows an exception with its traceback, as Python does when a program ends with it. Gives the SystemExit that sys.excepthook
// answered with, else nothing.
object::Ref printException_py(Thread& t, Value exception);
std::string exceptionText(Thread& t, Value exception, Value traceback);
// The frames of a traceback, a line of the source for each.
std::string tracebackText(Thread& t, Value traceback);

}  // namespace krait::embed
