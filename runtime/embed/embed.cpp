#include "runtime/embed/embed.h"

#include <cstdio>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "analyzer/base/file_io.h"
#include "runtime/compile/tokens_to_python.h"
#include "runtime/embed/hooks.h"
#include "runtime/interp/interpreter.h"
#include "runtime/modules/at_exit.h"
#include "runtime/modules/compile_hook.h"
#include "runtime/modules/io/standard_streams.h"
#include "runtime/modules/module_table.h"
#include "runtime/modules/signals.h"
#include "runtime/modules/python_config.h"
#include "runtime/modules/sys_info.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/exception.h"
#include "runtime/object/int.h"
#include "runtime/object/isolate.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::embed {

using namespace krait::object;

static uint64_t hashSeed() {
  const char* text = std::getenv("PYTHONHASHSEED");
  if (text != nullptr && text[0] >= '0' && text[0] <= '9') return std::strtoull(text, nullptr, 10);
  uint64_t seed = 1;
  if (FILE* f = std::fopen("/dev/urandom", "rb")) {
    if (std::fread(&seed, sizeof seed, 1, f) != 1) seed = 1;
    std::fclose(f);
  }
  return seed | 1;
}

static Status startModules(Thread& t) {
  for (const char* name : {"builtins", "sys", "_io"}) {
    Ref m = modules::makeNativeModule_py(t, *modules::findNativeModule(name));
    if (!m) return kRaised;
    dictSetStr(t.isolate->modules, intern(*t.isolate, name), m.get());
  }
  return modules::io::makeStandardStreams_py(t, modules::python_config.unbuffered, modules::python_config.io_encoding);
}

static void appendText(Thread& t, Value list, const std::string& text) { listAppendSteal(list.as<List>(), newStr(t, text).release()); }

static std::string folderOf(const std::string& path) {
  size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

static Ref runMain(Thread& t, const RunRequest& request) {
  Value argv = dictGetStr(t.isolate->sys, intern(*t.isolate, "argv")), path = dictGetStr(t.isolate->sys, t.names().path);
  bool is_command = request.kind == RunRequest::Kind::kCommand;
  appendText(t, argv, is_command ? "-c" : request.target);
  for (const std::string& a : request.arguments) appendText(t, argv, a);
  appendText(t, path, request.kind == RunRequest::Kind::kFile ? folderOf(request.target) : "");
  if (!request.library.empty()) appendText(t, path, request.library);
  std::string text = request.target, filename = "<string>";
  if (request.kind == RunRequest::Kind::kFile) {
    Result<std::string> file = readFile(request.target);
    if (!file.ok()) {
      std::fprintf(stderr, "%s: can't open file '%s': [Errno %d] %s\n", "krait", request.target.c_str(), errno, std::strerror(errno));
      std::exit(2);
    }
    text = file.value();
    filename = request.target;
  } else if (request.kind == RunRequest::Kind::kModule) {
    text = "import runpy; runpy._run_module_as_main(" + reprText_py(t, newStr(t, request.target).get()) + ")";
  }
  Ref module = newModule(t, "__main__");
  Dict* dict = module.as<Module>()->dict;
  dictSetStr(dict, t.names().d_builtins, dictGetStr(t.isolate->modules, t.names().builtins));
  if (!is_command) dictSetStr(dict, t.names().d_file, newStr(t, filename).get());
  dictSetStr(t.isolate->modules, t.names().main, module.get());
  Ref code = TRY(compileText(t, text, filename, "exec", 0));
  return run_hooks.run(t, code.as<Code>(), dict, Value(), Value());
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
  printException_py(t, exception.get());
  return isInstanceOf(t, exception.get(), errors(t).keyboard_interrupt) ? 130 : 1;
}
// Waits for threads, runs atexit, flushes. ref: Py_FinalizeEx.
static int finish_py(Thread& t, int code) {
  Value threading = dictGetStr(t.isolate->modules, intern(*t.isolate, "threading"));
  if (threading.defined() && !threading.isNone()) {
    Ref done = callMethod_py(t, threading, intern(*t.isolate, "_shutdown"));
    if (!done) writeUnraisable_py(t, "Exception ignored on threading shutdown", threading);
  }
  modules::runAtExit_py(t);
  if (!modules::io::flushStandardStreams_py(t)) code = 120;
  return code;
}

int runProgram(const RunRequest& request) {
  Isolate* isolate = startIsolate(hashSeed());
  Thread& t = isolate->main_thread;
  interp::installInterpreter(*isolate);
  modules::compile_hooks.compile = compileHook;
  modules::compile_hooks.tokenize = compile::tokensToPython_py;
  modules::compile_hooks.import = importHook;
  modules::exception_text_hook = exceptionText;
  modules::startSignals(t);
  int code = 0;
  Ref done;
  if (!startModules(t).failed) done = runMain(t, request);
  if (!done) code = endCode_py(t);
  return finish_py(t, code);
}

}  // namespace krait::embed
