// Signals between the C handler and Python: what arrives is noted and handled by the main thread at its next safe point.
#pragma once

#include "runtime/object/thread.h"

namespace krait::modules {

// Installs SIGINT -> KeyboardInterrupt, ignores SIGPIPE, and sets the isolate's signal hook.
void startSignals(object::Thread& t);
// The thread that handles signals, from now on (after a fork).
void setSignalThread(object::Thread& t);
// As if the signal had arrived.
void simulateSignal(object::Thread& t, int number);

}  // namespace krait::modules
