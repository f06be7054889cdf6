#include "runtime/embed/embed.h"

#include "runtime/embed/finalize.h"

#include <cstdio>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "analyzer/base/file_io.h"
#include "runtime/compile/tokens_to_python.h"
#include "runtime/embed/hooks.h"
#include "runtime/embed/resident.h"
#include "runtime/interp/interpreter.h"
#include "runtime/interp/observe.h"
#include "runtime/modules/at_exit.h"
#include "runtime/modules/compile_hook.h"
#include "runtime/modules/io/standard_streams.h"
#include "runtime/embed/run_main.h"
#include "runtime/modules/fault_handler.h"
#include "runtime/modules/importing/frozen.h"
#include "runtime/modules/module_table.h"
#include "runtime/modules/signals.h"
#include "runtime/modules/python_config.h"
#include "runtime/modules/sys_info.h"
#include "runtime/object/clock.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/exception.h"
#include "runtime/object/heap_trace.h"
#include "runtime/object/import.h"
#include "runtime/object/int.h"
#include "runtime/object/isolate.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::embed {

using namespace krait::object;

static uint64_t hashSeed() {
  if (modules::python_config.seed >= 0) return static_cast<uint64_t>(modules::python_config.seed);
  const char* text = modules::python_config.ignore_environment || modules::python_config.is_randomized ? nullptr : std::getenv("PYTHONHASHSEED");
  if (text != nullptr && *text != 0 && std::strcmp(text, "random") != 0) {
    char* end = nullptr;
    unsigned long long seed = std::strtoull(text, &end, 10);
    if (text[0] >= '0' && text[0] <= '9' && *end == 0 && seed <= UINT32_MAX) return seed;
    std::fputs("Fatal Python error: config_init_hash_seed: PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]\n"
               "Python runtime state: preinitialized\n\n", stderr);
    std::exit(1);
  }
  uint64_t seed = 1;
  if (FILE* f = std::fopen("/dev/urandom", "rb")) {
    if (std::fread(&seed, sizeof seed, 1, f) != 1) seed = 1;
    std::fclose(f);
  }
  return seed | 1;
}

static Status startModules(Thread& t) {
  for (const char* name : {"builtins", "sys"}) {
    Ref m = modules::makeNativeModule_py(t, *modules::findNativeModule(name));
    if (!m) return kRaised;
    dictSetStr(t.isolate->modules, intern(*t.isolate, name), m.get());
  }
  Ref io = modules::makeNativeModule_py(t, *modules::findNativeModule("_io"));
  if (!io) return kRaised;
  dictSetStr(t.isolate->modules, intern(*t.isolate, "_io"), io.get());
  TRY(startImporting_py(t));
  TRY(modules::io::makeStandardStreams_py(t, modules::python_config.unbuffered, modules::python_config.io_encoding));
  modules::setVerboseFlags(t);
  if (modules::python_config.faulthandler) modules::enableFaultHandler();
  if (modules::python_config.traced_frames > 0) startTrace(static_cast<uint32_t>(modules::python_config.traced_frames));
  return kDone;
}

// The exit code of a SystemExit; prints a message that is not a number. ref: handle_system_exit.
static int exitCode_py(Thread& t, Value exception) {
  Value code = exception.as<BaseException>()->extra[kExitCode];
  if (code.isUndefined() || code.isNone()) return 0;
  int64_t n;
  if (isIntLike(code)) return intFits(code, n) ? static_cast<int>(n & 0xFF) : 255;
  Ref text = str_py(t, code);
  if (!text) clearException(t);
  modules::io::writeStderr_py(t, (text ? toUtf8(text.as<Str>()) : std::string()) + "\n");
  return 1;
}
// Reports what ended the program; its exit code. ref: _PyRun_SimpleFile, pymain_run_python.
static int endCode_py(Thread& t) {
  Ref exception = takeException(t);
  if (isInstanceOf(t, exception.get(), errors(t).system_exit)) return exitCode_py(t, exception.get());
  Ref wish = printException_py(t, exception.get());
  if (wish) return exitCode_py(t, wish.get());
  return isInstanceOf(t, exception.get(), errors(t).keyboard_interrupt) ? 130 : 1;
}
// Waits for threads, runs atexit, flushes, lets the modules die. ref: Py_FinalizeEx.
static int finish_py(Thread& t, int code) {
  Value threading = dictGetStr(t.isolate->modules, intern(*t.isolate, "threading"));
  if (threading.defined() && !threading.isNone()) {
    Ref done = callMethod_py(t, threading, intern(*t.isolate, "_shutdown"));
    if (!done) writeUnraisable_py(t, "Exception ignored on threading shutdown", threading);
  }
  modules::runAtExit_py(t);
  if (!modules::io::flushStandardStreams_py(t, true)) code = 120;
  finalizeModules_py(t);
  if (!modules::io::flushStandardStreams_py(t, code != 120) && code == 0) code = 120;
  return code;
}

static Thread& start() {
  modules::importing::openFrozenImage(modules::python_config.library.substr(0, modules::python_config.library.rfind('/') + 1) + "frozen.image");  // the folder may be a link
  if (modules::python_config.seed >= 0) useOwnTime(static_cast<uint64_t>(modules::python_config.seed));
  Isolate* isolate = startIsolate(hashSeed());
  interp::installInterpreter(*isolate);
  modules::compile_hooks.compile = compileHook;
  modules::compile_hooks.tokenize = compile::tokensToPython_py;
  modules::compile_hooks.symtable = symtableHook;
  modules::compile_hooks.import = importHook;
  modules::exception_text_hook = exceptionText;
  modules::traceback_text_hook = tracebackText;
  modules::startSignals(isolate->main_thread);
  releaseConstants();
  return isolate->main_thread;
}

// What a program needs that is compiled with tests or to be watched.
static Status prepareWatching_py(Thread& t) {
  if (!modules::python_config.contracts && modules::python_config.observations.empty()) return kDone;
  Ref library = newStr(t, modules::python_config.library + "/");
  Ref install = TRY(importAttr_py(t, "_contracts", modules::python_config.contracts ? "install" : "compile_anew"));
  Value argument = library.get();
  Ref done = TRY(call_py(t, install.get(), &argument, 1));
  return kDone;
}

// How many violations were reported.
static int64_t brokenContracts_py(Thread& t) {
  Value module = dictGetStr(t.isolate->modules, intern(*t.isolate, "_contracts"));
  if (!module.defined()) return 0;
  Ref count = callMethod_py(t, module, intern(*t.isolate, "violations"));
  int64_t n = 0;
  if (!count) clearException(t);
  return count && intFits(count.get(), n) ? n : 0;
}

int runProgram(const RunRequest& request) {
  Thread& t = start();
  int code = 0;
  bool is_interrupted = false;
  Ref done;
  if (!startModules(t).failed && !prepareWatching_py(t).failed) done = runMain_py(t, request);
  if (!done) {
    is_interrupted = pendingMatches(t, errors(t).keyboard_interrupt);
    code = endCode_py(t);
  }
  if (modules::python_config.contracts && code == 0 && brokenContracts_py(t) > 0) code = 1;
  const std::string& observations = modules::python_config.observations;
  if (!observations.empty() && !writeFileAtomically(observations, interp::observationsText(t)).ok()) {
    std::fprintf(stderr, "krait: cannot write %s\n", observations.c_str());
    code = 2;
  }
  code = finish_py(t, code);
  if (is_interrupted) {  // the shell is told by which signal the program ended
    std::signal(SIGINT, SIG_DFL);
    kill(getpid(), SIGINT);
  }
  return code;
}

int writeFrozen(const std::string& library, const std::string& file) {
  modules::python_config.library = library;
  Thread& t = start();
  if (!startModules(t).failed && modules::importing::writeFrozenImage_py(t, library, file)) return 0;
  if (isPending(t)) return endCode_py(t);
  std::fprintf(stderr, "krait: cannot write %s\n", file.c_str());
  return 2;
}

}  // namespace krait::embed
