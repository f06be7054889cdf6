#include "runtime/embed/run_main.h"

#include <limits.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "analyzer/base/file_io.h"
#include "runtime/embed/hooks.h"
#include "runtime/embed/resident.h"
#include "runtime/modules/compile_hook.h"
#include "runtime/modules/io/standard_streams.h"
#include "runtime/modules/os_support.h"
#include "runtime/modules/python_config.h"
#include "runtime/object/module_errors.h"
#include "runtime/object/audit.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/exception.h"
#include "runtime/object/frame.h"
#include "runtime/object/import.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"
#include "runtime/object/str_methods.h"

namespace krait::embed {

using namespace krait::object;

static Value sysList(Thread& t, const char* name) { return dictGetStr(t.isolate->sys, intern(*t.isolate, name)); }
static void insertPath(Thread& t, const std::string& folder) {
  Value path = sysList(t, "path");
  Ref text = modules::fsDecode(t, folder);
  if (isList(path)) listInsert(path.as<List>(), 0, text.get());
  if (!modules::python_config.safe_path) setFirstImportFolder(folder);
}
static std::string absolutePath(const std::string& path) {
  if (path.starts_with("/")) return path;
  char folder[PATH_MAX];
  return getcwd(folder, sizeof folder) == nullptr ? path : std::string(folder) + "/" + path;
}
static std::string folderOf(const std::string& path) {
  char resolved[PATH_MAX];
  std::string real = realpath(path.c_str(), resolved) != nullptr ? resolved : absolutePath(path);
  size_t slash = real.rfind('/');
  return slash == 0 ? "/" : real.substr(0, slash);
}

// A new __main__, in sys.modules. ref: add_main_module.
static Dict* makeMain_py(Thread& t) {
  Ref module = newModule(t, "__main__");
  Dict* dict = module.as<Module>()->dict;
  dictSetStr(dict, t.names().d_builtins, dictGetStr(t.isolate->modules, t.names().builtins));
  dictSetStr(t.isolate->modules, t.names().main, module.get());
  Value bootstrap = dictGetStr(t.isolate->modules, intern(*t.isolate, "_frozen_importlib"));
  Ref loader = getAttrNamed_py(t, bootstrap, "BuiltinImporter");
  if (loader) dictSetStr(dict, t.names().d_loader, loader.get());
  else clearException(t);
  return dict;
}
static Ref runText_py(Thread& t, Value source, const std::string& filename, Dict* dict) {
  Ref name = modules::fsDecode(t, filename);
  Ref code = TRY(modules::compileSource_py(t, source, name.get(), "exec", 0, true));
  releaseConstants();  // the parser's tables
  return run_hooks.run(t, code.as<Code>(), dict, Value(), Value());
}
static Ref runModule_py(Thread& t, const std::string& name, bool set_argv0) {
  Ref text = modules::fsDecode(t, name);
  TRY(audit_py(t, "cpython.run_module", {text.get()}));
  Ref runpy = TRY(importByName_py(t, "runpy"));
  return callMethod_py(t, runpy.get(), intern(*t.isolate, "_run_module_as_main"), text.get(), Value::fromBool(set_argv0));
}
// True when an import hook takes the path: a folder with __main__.py, or an archive.
static Fallible<bool> isImportable_py(Thread& t, const std::string& path) {
  if (isDirectory(path)) return true;
  FILE* f = std::fopen(path.c_str(), "rb");
  if (f == nullptr) return false;
  // An archive ends with its directory: look for the mark in the last bytes.
  char tail[65557];
  std::fseek(f, 0, SEEK_END);
  long size = std::ftell(f), from = size > static_cast<long>(sizeof tail) ? size - static_cast<long>(sizeof tail) : 0;
  std::fseek(f, from, SEEK_SET);
  size_t n = std::fread(tail, 1, sizeof tail, f);
  std::fclose(f);
  if (std::string_view(tail, n).find("PK\5\6") == std::string_view::npos) return false;
  Value hooks = sysList(t, "path_hooks");
  Ref name = modules::fsDecode(t, path);
  Ref hook = isList(hooks) && hooks.as<List>()->size > 0 ? callArgs_py(t, hooks.as<List>()->items[0], name.get()) : Ref();
  bool found = static_cast<bool>(hook);
  clearException(t);
  return found;
}
static Ref setFileLoader_py(Thread& t, Dict* dict, const std::string& file) {
  Value external = dictGetStr(t.isolate->modules, intern(*t.isolate, "_frozen_importlib_external"));
  if (external.isUndefined()) return Ref::none();
  Ref name = modules::fsDecode(t, file), main = Ref::of(t.names().main);
  Ref loader = TRY(callMethod_py(t, external, intern(*t.isolate, file.ends_with(".pyc") ? "SourcelessFileLoader" : "SourceFileLoader"), main.get(), name.get()));
  dictSetStr(dict, t.names().d_loader, loader.get());
  return loader;
}
static Ref runFile_py(Thread& t, const RunRequest& request) {
  std::string file = absolutePath(request.target);
  TRY(audit_py(t, "cpython.run_file", {modules::fsDecode(t, request.target).get()}));
  if (TRY(isImportable_py(t, request.target))) {
    insertPath(t, request.target);
    makeMain_py(t);  // which runpy looks for
    return runModule_py(t, "__main__", false);
  }
  errno = 0;
  Result<std::string> text = readFile(request.target);
  if (!text.ok()) {
    int error = errno != 0 ? errno : ENOENT;
    Ref shown = modules::fsDecode(t, file);
    std::fprintf(stderr, "%s: can't open file %s: [Errno %d] %s\n", request.program.c_str(), reprText_py(t, shown.get()).c_str(), error, std::strerror(error));
    Value code = Value::fromInt(2);
    Ref e = TRY(newException_py(t, errors(t).system_exit, &code, 1));
    return raiseException(t, e.get());
  }
  if (!modules::python_config.safe_path) insertPath(t, folderOf(request.target));
  Dict* dict = makeMain_py(t);
  Ref name = modules::fsDecode(t, file);
  dictSetStr(dict, t.names().d_file, name.get());
  dictSetStr(dict, t.names().d_cached, Value::none());
  Ref loader = TRY(setFileLoader_py(t, dict, file));
  if (file.ends_with(".pyc")) {
    Ref main = Ref::of(t.names().main);
    Ref code = TRY(callMethod_py(t, loader.get(), intern(*t.isolate, "get_code"), main.get()));
    return run_hooks.run(t, code.as<Code>(), dict, Value(), Value());
  }
  std::string_view read = text.value();
  if (modules::python_config.skips_first_line) read.remove_prefix(std::min(read.find('\n'), read.size()));
  Ref source = newBytes(t, read);
  return runText_py(t, source.get(), file, dict);
}

// Without the blanks that every line begins with; lines of nothing else are empty then. ref: _PyUnicode_Dedent.
static std::string dedented(const std::string& text) {
  std::string margin;
  bool has_margin = false;
  for (size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    size_t end = text.find('\n', at), first = std::min(text.find_first_not_of(" \t", at), end);
    if (first == end) continue;
    std::string own = text.substr(at, first - at);
    size_t same = std::mismatch(own.begin(), own.end(), margin.begin(), margin.end()).first - own.begin();
    margin = has_margin ? own.substr(0, same) : own;
    has_margin = true;
  }
  if (margin.empty()) return text;
  std::string out;
  for (size_t at = 0, end; at < text.size(); at = end + 1) {
    end = text.find('\n', at);
    if (text.find_first_not_of(" \t", at) < end) out.append(text, at + margin.size(), end - at - margin.size());
    out += '\n';
  }
  return out;
}

// The text of -c, whose lines tracebacks show: the module linecache learns what they are. ref: run_mod, linecache._register_code.
static Ref runCommand_py(Thread& t, const std::string& text) {
  Ref raw = modules::fsDecode(t, text + "\n");
  Ref checked = encode_py(t, raw.get(), t.names().utf8, Value());
  if (!checked) {
    std::fputs("Unable to decode the command from the command line:\n", stderr);
    return checked;
  }
  TRY(audit_py(t, "cpython.run_command", {raw.get()}));
  Ref source = newStr(t, dedented(text + "\n"));
  Dict* dict = makeMain_py(t);
  Ref name = newStr(t, "<string>");
  Ref code = TRY(modules::compileSource_py(t, source.get(), name.get(), "exec", 0, true)), lines = importByName_py(t, "linecache");
  Ref done = lines ? callMethod_py(t, lines.get(), intern(*t.isolate, "_register_code"), code.get(), source.get(), name.get()) : Ref();
  if (!done) clearException(t);
  return run_hooks.run(t, code.as<Code>(), dict, Value(), Value());
}

// The interactive loop of runtime/library/_basic_repl.py; PYTHONSTARTUP first.
static Ref interact_py(Thread& t, Dict* dict, bool has_banner) {
  const char* startup = modules::python_config.ignore_environment ? nullptr : std::getenv("PYTHONSTARTUP");
  if (startup != nullptr && *startup != 0) {
    Result<std::string> text = readFile(startup);
    if (text.ok()) {
      Ref source = newBytes(t, text.value());
      Ref done = runText_py(t, source.get(), startup, dict);
      if (!done) {
        if (pendingMatches(t, errors(t).system_exit)) return Ref();
        Ref e = takeException(t);
        printException_py(t, e.get());
      }
    } else {
      modules::io::writeStderr_py(t, "Could not open PYTHONSTARTUP\n" + text.message() + "\n");
    }
  }
  Ref loop = TRY(importAttr_py(t, "_basic_repl", "run"));
  Ref banner = newStr(t, modules::python_config.quiet || !has_banner ? "" : "Python 3.14.0 (krait " KRAIT_VERSION ") on linux\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information.");
  return callArgs_py(t, loop.get(), dict, banner.get());
}
static Ref runInput_py(Thread& t) {
  if (!modules::python_config.safe_path) insertPath(t, "");
  Dict* dict = makeMain_py(t);
  if (isatty(0) == 1 || modules::python_config.interactive) return interact_py(t, dict, true);
  TRY(audit_py(t, "cpython.run_stdin"));
  Value in = dictGetStr(t.isolate->sys, t.names().stdin_);
  Ref buffer = TRY(getAttrNamed_py(t, in, "buffer")), source = TRY(callMethod_py(t, buffer.get(), t.names().read));
  return runText_py(t, source.get(), "<stdin>", dict);
}

static Ref runTarget_py(Thread& t, const RunRequest& request) {
  switch (request.kind) {
    case RunRequest::Kind::kFile: return runFile_py(t, request);
    case RunRequest::Kind::kInput: return runInput_py(t);
    case RunRequest::Kind::kCommand: {
      if (!modules::python_config.safe_path) insertPath(t, "");
      return runCommand_py(t, request.target);
    }
    case RunRequest::Kind::kModule: {
      char folder[PATH_MAX];
      if (!modules::python_config.safe_path && getcwd(folder, sizeof folder) != nullptr) insertPath(t, folder);
      makeMain_py(t);
      return runModule_py(t, request.target, true);
    }
  }
  return Ref::none();
}

Ref runMain_py(Thread& t, const RunRequest& request) {
  warns_of_bytes = modules::python_config.bytes_warning > 0;
  checks_codec_names = modules::python_config.dev_mode;
  if (!modules::python_config.warn_options.empty()) TRY(importByName_py(t, "warnings"));
  if (!modules::python_config.no_site) {
    Ref site = importByName_py(t, "site");
    if (!site) {
      modules::io::writeStderr_py(t, "Fatal Python error: init_import_site: Failed to import the site module\n");
      return Ref();
    }
    for (const std::string& folder : modules::python_config.site_folders) TRY(callMethod_py(t, site.get(), intern(*t.isolate, "addsitedir"), newStr(t, folder).get()));
  }
  Ref done = runTarget_py(t, request);
  bool inspects = modules::python_config.inspect && request.kind != RunRequest::Kind::kInput;
  if (!inspects) return done;
  if (!done) {
    Ref e = takeException(t);
    if (!isInstanceOf(t, e.get(), errors(t).system_exit)) printException_py(t, e.get());
  }
  Value main = dictGetStr(t.isolate->modules, t.names().main);
  return interact_py(t, main.as<Module>()->dict, false);
}

}  // namespace krait::embed
