// The values of the `sys` module: versions, limits, flags, paths.
#pragma once

#include <string>

#include "runtime/modules/module_table.h"

namespace krait::modules {

Status addSysInfo(Thread& t, Module* module);
// What -v asked for is said from now on: before the standard streams are there nobody could say it.
void setVerboseFlags(Thread& t);
// Prints an exception to sys.stderr as the module `traceback` does, in plain text where that cannot be had; nothing is printed
// to None. ref: _PyErr_Display.
void displayException_py(Thread& t, Value exception, Value traceback);
// The same where sys.stderr is None, too: the module prints to sys.__stderr__ then.
void printException_py(Thread& t, Value exception, Value traceback);
// What sys.unraisablehook prints of an exception: its traceback and one line, nothing of causes, notes and parts.
std::string unraisableText_py(Thread& t, Value type, Value exception, Value traceback);
// What is printed for an exception that nobody caught: traceback, causes, the line with its type. The hooks are installed by runtime/embed.
extern std::string (*exception_text_hook)(Thread& t, Value exception, Value traceback);
extern std::string (*traceback_text_hook)(Thread& t, Value traceback);

}  // namespace krait::modules
