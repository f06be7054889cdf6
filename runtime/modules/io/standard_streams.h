// sys.stdin, sys.stdout and sys.stderr: made at start, flushed at the end.
#pragma once

#include "runtime/modules/module_table.h"

namespace krait::modules::io {

// Makes the three streams and puts them into sys. `encoding`: PYTHONIOENCODING's text or empty.
Status makeStandardStreams_py(Thread& t, bool unbuffered, const std::string& encoding);
// Flushes sys.stdout and sys.stderr; false when the first could not be, which `reports` makes known.
bool flushStandardStreams_py(Thread& t, bool reports);
// Writes to sys.stderr, or to the descriptor when that is missing or broken.
void writeStderr_py(Thread& t, const std::string& utf8);
// The same for any stream; nothing is written to None.
void writeMessage_py(Thread& t, Value stream, const std::string& utf8);

}  // namespace krait::modules::io
