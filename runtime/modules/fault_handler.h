// faulthandler.enable() for whoever starts the program.
#pragma once

namespace krait::modules {

// Fatal signals write the tracebacks of all threads to the standard error stream from now on.
void enableFaultHandler();

}  // namespace krait::modules
