// __import__ over the library's own importlib, and its start. A module that is in sys.modules costs a dictionary lookup;
// everything else is _frozen_importlib's business. ref: Python/import.c (PyImport_ImportModuleLevelObject).
#include <time.h>

#include <cstdio>
#include <utility>

#include "analyzer/base/file_io.h"
#include "runtime/embed/hooks.h"
#include "runtime/modules/importing/frozen.h"
#include "runtime/modules/module_table.h"
#include "runtime/modules/python_config.h"
#include "runtime/object/audit.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/exception.h"
#include "runtime/object/frame.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::embed {

using namespace krait::object;

static Value bootstrap;           // the module _frozen_importlib
static Value find_and_load, handle_fromlist;

// Entries of importlib between the import statement and the failing module are not shown. ref: remove_importlib_frames.
static void trimTraceback(Thread& t) {
  BaseException* e = t.pending.as<BaseException>();
  bool always = isInstanceOf(t, t.pending, errors(t).import_error);
  if (modules::python_config.verbose > 0) return;
  Value* previous = &e->traceback;
  Value* chunk = nullptr;
  bool in_importlib = false;
  for (Value tb = e->traceback; tb.defined();) {
    Traceback* entry = tb.as<Traceback>();
    Code* code = entry->frame.as<FrameObject>()->code;
    bool now = strEquals(code->filename, "<frozen importlib._bootstrap>") || strEquals(code->filename, "<frozen importlib._bootstrap_external>");
    if (now && !in_importlib) chunk = previous;
    in_importlib = now;
    Value next = entry->next;
    if (now && (always || strEquals(code->name, "_call_with_frames_removed"))) {
      Value old = *chunk;
      *chunk = next.defined() ? share(next) : Value();
      decref(old);
      previous = chunk;
    } else {
      previous = &entry->next;
    }
    tb = next;
  }
}

static Status importNative(Thread& t, const char* name, Ref& out) {
  out = modules::makeNativeModule_py(t, *modules::findNativeModule(name));
  if (!out) return kRaised;
  dictSetStr(t.isolate->modules, intern(*t.isolate, name), out.get());
  return kDone;
}

static const NativeDef kZipHook = {"zip_importer", "(path, /)",
    [](Thread& t, const Value* a) -> Ref {
      Ref module_name = newStr(t, "zipimport"), from = tupleOf(t, {module_name.get()});
      // Only files can be archives; zipimport is not loaded for folders.
      if (isStr(a[0]) && isDirectory(toUtf8(a[0].as<Str>()))) return raise(t, errors(t).import_error, "not a Zip file");
      Ref module = TRY(importHook(t, module_name.get(), Value::none(), Value::none(), from.get(), Value::fromInt(0)));
      Ref hook = TRY(getAttrNamed_py(t, module.get(), "zipimporter"));
      return callArgs_py(t, hook.get(), a[0]);
    }};

Status startImporting_py(Thread& t) {
  Ref imp;
  TRY(importNative(t, "_imp", imp));
  Ref code = modules::importing::frozenCode_py(t, *modules::importing::findFrozen("_frozen_importlib"));
  if (!code) return kRaised;
  Ref module = newModule(t, "_frozen_importlib");
  Dict* dict = module.as<Module>()->dict;
  dictSetStr(dict, t.names().d_builtins, t.isolate->builtins);
  Ref original = newStr(t, "importlib._bootstrap");
  dictSetStr(dict, intern(*t.isolate, "__origname__"), original.get());
  dictSetStr(t.isolate->modules, intern(*t.isolate, "_frozen_importlib"), module.get());
  Ref done = run_hooks.run(t, code.as<Code>(), dict, Value(), Value());
  if (!done) return kRaised;
  bootstrap = share(module.get());
  find_and_load = dictGetStr(dict, intern(*t.isolate, "_find_and_load"));
  handle_fromlist = dictGetStr(dict, intern(*t.isolate, "_handle_fromlist"));
  Value sys = dictGetStr(t.isolate->modules, t.names().sys);
  done = callMethod_py(t, module.get(), intern(*t.isolate, "_install"), sys, imp.get());
  if (!done) return kRaised;
  done = callMethod_py(t, module.get(), intern(*t.isolate, "_install_external_importers"));
  if (!done) return kRaised;
  Ref name = newStr(t, "zipimport"), hook = newNativeFunction(t, &kZipHook, Value(), name.get());
  Value hooks = dictGetStr(t.isolate->sys, intern(*t.isolate, "path_hooks"));
  if (isList(hooks)) listInsert(hooks.as<List>(), 0, hook.get());
  return kDone;
}

// The package that a relative import starts from. ref: resolve_name.
static Ref packageOf_py(Thread& t, Dict* globals) {
  Value package = dictGetStr(globals, t.names().d_package), spec = dictGetStr(globals, t.names().d_spec);
  if (package.defined() && !package.isNone()) {
    if (!isStr(package)) return raiseTypeError(t, "package must be a string");
    return Ref::of(package);
  }
  if (spec.defined() && !spec.isNone()) {
    Ref parent = TRY(getAttrNamed_py(t, spec, "parent"));
    if (!isStr(parent.get())) return raiseTypeError(t, "__spec__.parent must be a string");
    return parent;
  }
  TRY(warn_py(t, errors(t).import_warning, 1, "can't resolve package from __spec__ or __package__, falling back on __name__ and __path__"));
  Value name = dictGetStr(globals, t.names().d_name);
  if (name.isUndefined()) return raiseKeyError(t, t.names().d_name);
  if (!isStr(name)) return raiseTypeError(t, "__name__ must be a string");
  if (dictGetStr(globals, t.names().d_path).defined()) return Ref::of(name);
  std::string text = toUtf8(name.as<Str>());
  size_t dot = text.rfind('.');
  return newStr(t, dot == std::string::npos ? "" : text.substr(0, dot));
}
static Ref resolveName_py(Thread& t, const std::string& name, Value globals, int64_t level) {
  if (!isDict(globals)) return raiseKeyError(t, newStr(t, "'__name__' not in globals").get());
  Ref package = TRY(packageOf_py(t, globals.as<Dict>()));
  std::string base = toUtf8(package.as<Str>());
  if (base.empty()) return raise(t, errors(t).import_error, "attempted relative import with no known parent package");
  for (; level > 1; --level) {
    size_t dot = base.rfind('.');
    if (dot == std::string::npos) return raise(t, errors(t).import_error, "attempted relative import beyond top-level package");
    base.resize(dot);
  }
  return newStr(t, name.empty() ? base : base + "." + name);
}

// The module from sys.modules when it is ready; empty without an exception when it must be loaded.
static Ref knownModule_py(Thread& t, Value name) {
  Value known = dictGet_py(t, t.isolate->modules, name);
  if (known.isUndefined() || known.isNone()) return Ref();
  Ref module = Ref::of(known);
  if (!isExact(known, TypeId::kModule)) return module;
  Value spec = dictGetStr(known.as<Module>()->dict, t.names().d_spec);
  if (spec.isUndefined() || spec.isNone()) return module;
  Ref held = Ref::of(spec), busy = findAttr_py(t, held.get(), t.names().initializing);
  if (!busy) {
    clearException(t);
    return module;
  }
  if (busy.get().isFalse() || busy.get().isNone()) return module;
  Ref done = callMethod_py(t, bootstrap, intern(*t.isolate, "_lock_unlock_module"), name);
  return done ? std::move(module) : Ref();
}
// What -X importtime shows: how deep the import is, how long what it imported took.
static int import_depth = 0;
static int64_t imported_nanos = 0;
static int64_t nanosNow() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<int64_t>(now.tv_sec) * 1000000000 + now.tv_nsec;
}
static void showImportHeader() {
  static bool is_shown = false;
  if (!std::exchange(is_shown, true)) std::fputs("import time: self [us] | cumulative | imported package\n", stderr);
}
static int64_t roundedMicros(int64_t nanos) { return (nanos + 999) / 1000; }
// Imports by `_find_and_load` and says on stderr how long it took. ref: import_find_and_load.
static Ref timedImport_py(Thread& t, Value name, Value import) {
  showImportHeader();
  int64_t begin = nanosNow(), before = std::exchange(imported_nanos, 0);
  ++import_depth;
  Ref m = callArgs_py(t, find_and_load, name, import);
  --import_depth;
  int64_t cumulative = nanosNow() - begin;
  std::fprintf(stderr, "import time: %9ld | %10ld | %*s%s\n", static_cast<long>(roundedMicros(cumulative - imported_nanos)),
               static_cast<long>(roundedMicros(cumulative)), import_depth * 2, "", toUtf8(name.as<Str>()).c_str());
  imported_nanos = before + cumulative;
  return m;
}
static Ref loadModule_py(Thread& t, Value name) {
  Ref m = knownModule_py(t, name);
  if (m && modules::python_config.import_time == 2) {
    showImportHeader();
    std::fprintf(stderr, "import time: cached    | cached     | %*s%s\n", import_depth * 2, "", toUtf8(name.as<Str>()).c_str());
  }
  if (m || isPending(t)) return m;
  if (audit_hooks != nullptr) {
    auto ofSys = [&](const char* field) { return dictGetStr(t.isolate->sys, intern(*t.isolate, field)); };
    TRY(audit_py(t, "import", {name, Value(), ofSys("path"), ofSys("meta_path"), ofSys("path_hooks")}));
  }
  Value import = dictGetStr(t.isolate->builtins, t.names().d_import);
  bool is_timed = modules::python_config.import_time > 0;
  m = is_timed ? timedImport_py(t, name, import) : callArgs_py(t, find_and_load, name, import);
  if (!m) trimTraceback(t);
  return m;
}

Ref importHook(Thread& t, Value name_value, Value globals, Value, Value fromlist, Value level_value) {
  if (!isStr(name_value)) return raiseTypeError(t, "module name must be a string");
  int level = TRY(toCInt_py(t, level_value));
  if (level < 0) return raiseValueError(t, "level must be >= 0");
  if (level == 0 && name_value.as<Str>()->length == 0) return raiseValueError(t, "Empty module name");
  std::string name;
  if (level > 0) name = toUtf8(name_value.as<Str>());
  Ref full = level > 0 ? TRY(resolveName_py(t, name, globals, level)) : Ref::of(name_value);
  Ref m = TRY(loadModule_py(t, full.get()));
  bool has_from = fromlist.defined() && !fromlist.isNone() && TRY(isTrue_py(t, fromlist));
  if (has_from) {
    Ref path = findAttr_py(t, m.get(), t.names().d_path);
    if (!path) {
      if (isPending(t)) return Ref();
      return m;
    }
    Value import = dictGetStr(t.isolate->builtins, t.names().d_import);
    Ref r = callArgs_py(t, handle_fromlist, m.get(), fromlist, import);
    if (!r) trimTraceback(t);
    return r;
  }
  if (name_value.as<Str>()->length == 0) return m;
  name = toUtf8(name_value.as<Str>());
  size_t dot = name.find('.');
  if (dot == std::string::npos) return m;
  std::string text = toUtf8(full.as<Str>());
  Ref front = newStr(t, level == 0 ? name.substr(0, dot) : text.substr(0, text.size() - (name.size() - dot)));
  if (level == 0) return loadModule_py(t, front.get());
  Value known = dictGet_py(t, t.isolate->modules, front.get());
  if (known.defined()) return Ref::of(known);
  return raiseKeyError(t, front.get());
}

}  // namespace krait::embed
