// The command line of CPython (krait-python). ref: Python/initconfig.c, Python/getopt.c.
#include "cli/python.h"

#include <limits.h>
#include <pthread.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "analyzer/base/file_io.h"
#include "analyzer/config/installation.h"
#include "cli/python_help.h"
#include "runtime/embed/embed.h"
#include "runtime/modules/python_config.h"
#include "runtime/object/sandbox_note.h"

namespace krait::cli {

using modules::PythonConfig;
using modules::python_config;

bool isPythonName(std::string_view program) {
  size_t slash = program.rfind('/');
  std::string_view name = slash == std::string_view::npos ? program : program.substr(slash + 1);
  return name.starts_with("krait-python") || name.starts_with("python");
}

// A link of any name to krait-python is one, too.
static bool isPythonLink(std::string path) {
  char target[PATH_MAX];
  for (int i = 0; i < 40; ++i) {
    ssize_t n = readlink(path.c_str(), target, sizeof target);
    if (n <= 0) return false;
    std::string next(target, static_cast<size_t>(n));
    path = next[0] == '/' ? next : path.substr(0, path.rfind('/') + 1) + next;
    if (isPythonName(path)) return true;
  }
  return false;
}

static const char* variable(const char* name) {
  const char* text = python_config.ignore_environment ? nullptr : std::getenv(name);
  return text != nullptr && *text != 0 ? text : nullptr;
}
[[noreturn]] static void endWith(const std::string& what) {
  std::fprintf(stderr, "Fatal Python error: %s\nPython runtime state: preinitialized\n\nCurrent thread 0x%016lx (most recent call first):\n  <no Python frame>\n", what.c_str(),
               static_cast<unsigned long>(pthread_self()));
  std::exit(1);
}
// A whole number in [low, high], or the end of the process: `what` says what is wrong.
static int64_t numberIn(const std::string& text, int64_t low, int64_t high, const std::string& what) {
  char* end = nullptr;
  errno = 0;
  int64_t n = std::strtoll(text.c_str(), &end, 10);
  if (text.empty() || *end != 0 || errno != 0 || n < low || n > high) endWith(what);
  return n;
}
static int64_t digitsLimit(const std::string& text, const char* from) {
  std::string what = std::string("config_init_int_max_str_digits: ") + from + ": invalid limit; must be >= 640 or 0 for unlimited.";
  int64_t n = numberIn(text, 0, INT32_MAX, what);
  if (n != 0 && n < 640) endWith(what);
  return n;
}
// Only a build without the lock could do without it. ref: config_read_gil.
static void needLock(const std::string& value) {
  if (value == "0") endWith("config_read_gil: Disabling the GIL is not supported by this build");
  if (value != "1") endWith("config_read_gil: PYTHON_GIL / -X gil must be \"0\" or \"1\"");
}
static constexpr int64_t kMostTracedFrames = 65535;
// A number, or 1 for any other text.
static int level(const char* text) {
  char* end;
  long n = std::strtol(text, &end, 10);
  return *end != 0 || n < 1 ? 1 : static_cast<int>(n);
}
// Whether the locale is the one of a system that says nothing.
static bool isPosixLocale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* text = std::getenv(name);
    if (text != nullptr && *text != 0) return std::string_view(text) == "C" || std::string_view(text) == "POSIX";
  }
  return true;
}
static void splitInto(std::vector<std::string>& out, const std::string& text, char separator) {
  for (size_t at = 0; at <= text.size();) {
    size_t end = text.find(separator, at);
    if (end == std::string::npos) end = text.size();
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
}

void readPythonEnvironment() {
  PythonConfig& c = python_config;
  auto raise = [](int& field, const char* name) {
    if (const char* text = variable(name)) field = std::max(field, level(text));
  };
  raise(c.optimize, "PYTHONOPTIMIZE");
  raise(c.verbose, "PYTHONVERBOSE");
  raise(c.inspect, "PYTHONINSPECT");
  raise(c.debug, "PYTHONDEBUG");
  if (const char* text = variable("KRAIT_SANDBOX"); text != nullptr) {
    object::noteSandbox(text);
    unsetenv("KRAIT_SANDBOX");
  }
  if (variable("PYTHONDONTWRITEBYTECODE")) c.dont_write_bytecode = true;
  if (variable("PYTHONNOUSERSITE")) c.no_user_site = true;
  if (variable("PYTHONUNBUFFERED")) c.unbuffered = true;
  if (variable("PYTHONSAFEPATH")) c.safe_path = true;
  if (variable("PYTHONWARNDEFAULTENCODING")) c.warn_default_encoding = true;
  if (const char* text = variable("PYTHONDEVMODE"); text != nullptr) c.dev_mode = true;
  if (const char* text = variable("PYTHONUTF8"); text != nullptr && !c.is_utf8_set) {
    c.utf8_mode = numberIn(text, 0, 1, "preconfig_init_utf8_mode: invalid PYTHONUTF8 environment variable value") == 1;
  } else if (!c.is_utf8_set && isPosixLocale()) {
    c.utf8_mode = true;  // ref: PEP 540
  }
  if (const char* text = variable("PYTHONIOENCODING")) c.io_encoding = text;
  if (const char* text = variable("PYTHONPYCACHEPREFIX"); text != nullptr && !c.is_prefix_set) c.pycache_prefix = text;
  if (const char* text = variable("PYTHONINTMAXSTRDIGITS"); text != nullptr && !c.is_digits_limit_set) c.int_max_str_digits = digitsLimit(text, "PYTHONINTMAXSTRDIGITS");
  if (variable("PYTHONFAULTHANDLER") || c.dev_mode) c.faulthandler = true;
  if (variable("PYTHONNODEBUGRANGES")) c.debug_ranges = false;
  if (const char* text = variable("PYTHONTRACEMALLOC"); text != nullptr && c.traced_frames < 0) {
    c.traced_frames = numberIn(text, 0, kMostTracedFrames, "config_init_tracemalloc: PYTHONTRACEMALLOC: invalid number of frames");
  }
  if (const char* text = variable("PYTHON_CPU_COUNT"); text != nullptr && c.cpu_count == 0 && std::string_view(text) != "default") {
    c.cpu_count = numberIn(text, 1, INT32_MAX, "config_init_cpu_count: PYTHON_CPU_COUNT=<CPU>: n is missing or an invalid number");
  }
  if (const char* text = variable("PYTHONPROFILEIMPORTTIME"); text != nullptr && c.import_time == 0) {
    bool is_number = std::isdigit(static_cast<unsigned char>(text[0])) != 0;
    c.import_time = is_number ? numberIn(text, 0, 2, "config_init_import_time: PYTHONPROFILEIMPORTTIME: numeric values other than 1 and 2 are reserved for future use.") : 1;
  }
  if (const char* text = variable("PYTHON_THREAD_INHERIT_CONTEXT"); text != nullptr && !c.is_inheritance_set) {
    c.inherits_context = numberIn(text, 0, 1, "config_init_thread_inherit_context: PYTHON_THREAD_INHERIT_CONTEXT=N: N is missing or invalid") == 1;
  }
  if (const char* text = variable("PYTHON_CONTEXT_AWARE_WARNINGS"); text != nullptr && !c.are_context_warnings_set) {
    c.context_warnings = numberIn(text, 0, 1, "config_init_context_aware_warnings: PYTHON_CONTEXT_AWARE_WARNINGS=N: N is missing or invalid") == 1;
  }
  if (const char* text = variable("PYTHON_GIL")) needLock(text);
  if (const char* text = variable("PYTHONHASHSEED"); text != nullptr && !c.is_randomized) c.hash_randomization = std::string_view(text) != "0";
  if (const char* text = variable("PYTHONPATH")) splitInto(c.path, text, ':');
  std::vector<std::string> warnings;
  if (c.dev_mode) warnings.push_back("default");
  if (const char* text = variable("PYTHONWARNINGS")) splitInto(warnings, text, ',');
  c.warn_options.insert(c.warn_options.begin(), warnings.begin(), warnings.end());
  if (c.bytes_warning > 0) c.warn_options.push_back(c.bytes_warning > 1 ? "error::BytesWarning" : "default::BytesWarning");
}

// The value of `home = …` in a virtual environment's pyvenv.cfg; empty when there is none.
static std::string homeOf(const std::string& file) {
  Result<std::string> text = readFile(file);
  if (!text.ok()) return "";
  std::vector<std::string> lines;
  splitInto(lines, text.value(), '\n');
  for (const std::string& line : lines) {
    size_t equals = line.find('=');
    if (equals == std::string::npos) continue;
    std::string key = line.substr(0, equals), value = line.substr(equals + 1);
    while (!key.empty() && key.back() == ' ') key.pop_back();
    while (!value.empty() && value.front() == ' ') value.erase(0, 1);
    while (!value.empty() && (value.back() == ' ' || value.back() == '\r')) value.pop_back();
    if (key == "home") return value;
  }
  return "";
}
static std::string parentOf(const std::string& path) {
  size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : slash == 0 ? "/" : path.substr(0, slash);
}
// The program's own path as the user named it: links are kept, so that a virtual environment is recognised. ref: getpath.py.
static std::string programPath(const std::string& argv0) {
  if (argv0.find('/') != std::string::npos) {
    if (argv0[0] == '/') return argv0;
    char folder[PATH_MAX];
    return getcwd(folder, sizeof folder) == nullptr ? argv0 : std::string(folder) + "/" + (argv0.starts_with("./") ? argv0.substr(2) : argv0);
  }
  std::vector<std::string> folders;
  if (const char* path = std::getenv("PATH")) splitInto(folders, path, ':');
  for (const std::string& folder : folders) {
    std::string file = folder + "/" + argv0;
    if (isFile(file) && access(file.c_str(), X_OK) == 0) return file;
  }
  char real[PATH_MAX];
  ssize_t n = readlink("/proc/self/exe", real, sizeof real);
  return n > 0 ? std::string(real, static_cast<size_t>(n)) : argv0;
}

// The file that was started when that is this binary under a name (argv[0] may be anything), else nothing: a script's file is no such.
static std::string startedFile() {
  const char* file = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
  struct stat started, own;
  if (file == nullptr || stat(file, &started) != 0 || stat("/proc/self/exe", &own) != 0) return "";
  return started.st_ino == own.st_ino && started.st_dev == own.st_dev ? file : "";
}
static bool isNamedPython(const std::string& argv0) { return isPythonName(argv0) || (!argv0.ends_with("krait") && isPythonLink(programPath(argv0))); }
bool isPythonProgram(const std::string& argv0) { return isNamedPython(argv0) || isPythonName(startedFile()); }

void findPythonPaths(const std::string& argv0) {
  PythonConfig& c = python_config;
  char real[PATH_MAX];
  ssize_t n = readlink("/proc/self/exe", real, sizeof real);
  std::string own_folder = n > 0 ? parentOf(std::string(real, static_cast<size_t>(n))) : "";
  c.library = config::stdlibFolder();
  c.executable = isNamedPython(argv0) ? programPath(argv0) : isPythonName(startedFile()) ? programPath(startedFile()) : own_folder + "/krait-python";
  c.base_executable = own_folder + "/krait-python";
  c.base_prefix = c.prefix = parentOf(own_folder);
  std::string folder = parentOf(c.executable);
  for (const std::string& candidate : {folder, parentOf(folder)}) {
    if (homeOf(candidate + "/pyvenv.cfg").empty()) continue;
    c.prefix = candidate;
    break;
  }
  c.path.push_back(c.library);
  if (!isFile(c.library + "/os.py")) {
    std::fprintf(stderr, "krait: the standard library is not found in %s; is share/krait installed beside bin/?\n", c.library.c_str());
  }
}

static int usageError(const std::string& what) {
  std::fprintf(stderr, "%s\nusage: krait-python [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `krait-python -h' for more information.\n", what.c_str());
  return 2;
}

// Reads the options; -1 to go on, else the exit code. `at`: the first argument that is not an option's.
static int readOptions(const std::vector<std::string>& args, size_t& at, embed::RunRequest& request) {
  PythonConfig& c = python_config;
  for (; at < args.size(); ++at) {
    const std::string& arg = args[at];
    if (arg.size() < 2 || arg[0] != '-') return -1;
    if (arg == "--help" || arg == "-h" || arg == "-?") return std::fputs(kPythonHelp, stdout), 0;
    if (arg == "--help-env") return std::fputs(kPythonEnvironmentHelp, stdout), 0;
    if (arg == "--help-xoptions") return std::fputs(kPythonXOptionsHelp, stdout), 0;
    if (arg == "--help-all") return std::printf("%s\n%s\n%s", kPythonHelp, kPythonEnvironmentHelp, kPythonXOptionsHelp), 0;
    if (arg == "--version" || arg == "-V" || arg == "-VV") return std::printf("Python 3.14.0%s\n", arg == "-VV" ? " (krait " KRAIT_VERSION ")" : ""), 0;
    if (arg == "--check-hash-based-pycs") {
      std::string mode = ++at < args.size() ? args[at] : "";
      if (mode != "default" && mode != "always" && mode != "never") return usageError("--check-hash-based-pycs must be one of 'default', 'always', or 'never'");
      continue;
    }
    if (arg == "--") return ++at, -1;
    if (arg.starts_with("--")) return usageError("unknown option " + arg);
    for (size_t i = 1; i < arg.size(); ++i) {
      char option = arg[i];
      if (option == 'c' || option == 'm' || option == 'W' || option == 'X') {
        std::string value = arg.substr(i + 1);
        if (value.empty()) {
          if (++at >= args.size()) return usageError(std::string("Argument expected for the -") + option + " option");
          value = args[at];
        }
        if (option == 'W') c.warn_options.push_back(value);
        if (option == 'X') c.x_options.push_back(value);
        if (option == 'c' || option == 'm') {
          request.kind = option == 'c' ? embed::RunRequest::Kind::kCommand : embed::RunRequest::Kind::kModule;
          request.target = value;
          ++at;
          return -1;
        }
        break;
      }
      switch (option) {
        case 'b': ++c.bytes_warning; break;
        case 'B': c.dont_write_bytecode = true; break;
        case 'd': ++c.debug; break;
        case 'E': c.ignore_environment = true; break;
        case 'i': ++c.inspect, ++c.interactive; break;
        case 'I': c.isolated = c.ignore_environment = c.no_user_site = c.safe_path = true; break;
        case 'O': ++c.optimize; break;
        case 'P': c.safe_path = true; break;
        case 'q': ++c.quiet; break;
        case 's': c.no_user_site = true; break;
        case 'S': c.no_site = true; break;
        case 'u': c.unbuffered = true; break;
        case 'v': ++c.verbose; break;
        case 'x': c.skips_first_line = true; break;
        case 'R': c.is_randomized = true; break;
        case 't': break;
        default: return usageError(std::string("Unknown option: -") + option);
      }
    }
  }
  return -1;
}
static void readXOptions() {
  for (const std::string& option : python_config.x_options) {
    size_t equals = option.find('=');
    std::string name = option.substr(0, equals), value = equals == std::string::npos ? "" : option.substr(equals + 1);
    if (name == "dev") python_config.dev_mode = true;
    if (name == "utf8") {
      python_config.utf8_mode = equals == std::string::npos || numberIn(value, 0, 1, "preconfig_init_utf8_mode: invalid -X utf8 option value") == 1;
      python_config.is_utf8_set = true;
    }
    if (name == "int_max_str_digits") {
      python_config.int_max_str_digits = digitsLimit(value, "-X int_max_str_digits");
      python_config.is_digits_limit_set = true;
    }
    if (name == "faulthandler") python_config.faulthandler = true;
    if (name == "no_debug_ranges") python_config.debug_ranges = false;
    if (name == "tracemalloc") {
      python_config.traced_frames = equals == std::string::npos ? 1 : numberIn(value, 0, kMostTracedFrames, "config_init_tracemalloc: -X tracemalloc=NFRAME: invalid number of frames");
    }
    if (name == "cpu_count" && value != "default") {
      python_config.cpu_count = numberIn(value, 1, INT32_MAX, "config_init_cpu_count: -X cpu_count=n option: n is missing or an invalid number, n must be greater than 0");
    }
    if (name == "importtime") {
      python_config.import_time = equals == std::string::npos ? 1 : numberIn(value, 0, 2, "config_init_import_time: -X importtime: values other than 1 and 2 are reserved for future use.");
    }
    if (name == "thread_inherit_context") {
      python_config.inherits_context = numberIn(value, 0, 1, "config_init_thread_inherit_context: -X thread_inherit_context=n: n is missing or invalid") == 1;
      python_config.is_inheritance_set = true;
    }
    if (name == "context_aware_warnings") {
      python_config.context_warnings = numberIn(value, 0, 1, "config_init_context_aware_warnings: -X context_aware_warnings=n: n is missing or invalid") == 1;
      python_config.are_context_warnings_set = true;
    }
    if (name == "gil") needLock(value);
    if (name == "pycache_prefix") {
      python_config.pycache_prefix = value;
      python_config.is_prefix_set = true;
    }
    if (name == "frozen_modules") python_config.uses_frozen = value != "off";
    if (name == "warn_default_encoding") python_config.warn_default_encoding = true;
  }
}

int runPython(int argc, char** argv) {
  embed::RunRequest request;
  std::vector<std::string> args(argv, argv + argc);
  PythonConfig& c = python_config;
  c.orig_argv = args;
  request.kind = embed::RunRequest::Kind::kInput;
  request.program = args[0];
  size_t at = 1;
  int code = readOptions(args, at, request);
  if (code >= 0) return code;
  readXOptions();
  readPythonEnvironment();
  findPythonPaths(args[0]);
  using Kind = embed::RunRequest::Kind;
  if (request.kind == Kind::kInput) {
    c.argv = {at < args.size() ? args[at] : ""};
    if (at < args.size() && args[at] != "-") {
      request.kind = Kind::kFile;
      request.target = args[at];
    }
    ++at;
  } else {
    c.argv = {request.kind == Kind::kCommand ? "-c" : "-m"};
  }
  if (at < args.size()) c.argv.insert(c.argv.end(), args.begin() + static_cast<ptrdiff_t>(at), args.end());
  return embed::runProgram(request);
}

}  // namespace krait::cli
