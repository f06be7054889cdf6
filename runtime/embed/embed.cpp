#include "runtime/embed/embed.h"

#include <cstdio>
#include <cstdlib>

#include "analyzer/base/file_io.h"
#include "runtime/embed/hooks.h"
#include "runtime/interp/interpreter.h"
#include "runtime/modules/compile_hook.h"
#include "runtime/modules/module_table.h"
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
  for (const char* name : {"builtins", "sys"}) {
    Ref m = TRY(modules::makeNativeModule_py(t, *modules::findNativeModule(name)));
    dictSetStr(t.isolate->modules, intern(*t.isolate, name), m.get());
  }
  return kDone;
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
      std::fprintf(stderr, "krait: can't open file: %s\n", file.message().c_str());
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
static int exitCode(Thread& t, Value exception) {
  Value code = exception.as<BaseException>()->extra[kExitCode];
  if (code.isUndefined() || code.isNone()) return 0;
  int64_t n;
  if (isIntLike(code) && intFits(code, n)) return static_cast<int>(n & 0xFF);
  Ref text = str_py(t, code);
  if (text) std::fprintf(stderr, "%s\n", toUtf8(text.as<Str>()).c_str());
  return 1;
}

int runProgram(const RunRequest& request) {
  Isolate* isolate = startIsolate(hashSeed());
  Thread& t = isolate->main_thread;
  interp::installInterpreter(*isolate);
  modules::compile_hooks.compile = compileHook;
  modules::compile_hooks.import = importHook;
  int code = 0;
  Ref done;
  if (!startModules(t).failed) done = runMain(t, request);
  if (!done) {
    Ref exception = takeException(t);
    if (isInstanceOf(t, exception.get(), errors(t).system_exit)) {
      code = exitCode(t, exception.get());
    } else {
      printException_py(t, exception.get());
      code = isInstanceOf(t, exception.get(), errors(t).keyboard_interrupt) ? 130 : 1;
    }
  }
  if (std::fflush(stdout) != 0 && code == 0) code = 120;
  std::fflush(stderr);
  return code;
}

}  // namespace krait::embed
