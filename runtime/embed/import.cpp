// __import__: absolute and relative imports of native modules and of packages and modules in the folders of sys.path.
// ref: reference 5 "The import system"; Lib/importlib/_bootstrap.py for the order of steps.
#include "analyzer/base/file_io.h"
#include "runtime/embed/hooks.h"
#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/frame.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::embed {

using namespace krait::object;

static RaisedTag raiseNotFound(Thread& t, const std::string& name, const std::string& not_package) {
  std::string text = "No module named '" + name + "'" + (not_package.empty() ? "" : "; '" + not_package + "' is not a package");
  Ref message = newStr(t, text), name_ref = newStr(t, name), key = tupleOf(t, {t.names().name});
  Value args[2] = {message.get(), name_ref.get()};
  Ref e = call_py(t, errors(t).module_not_found_error, args, 1, key.as<Tuple>());
  if (!e) return kRaised;
  return raiseException(t, e.get());
}

struct Found {
  std::string file;     // source, or empty for a namespace package
  std::string folder;   // of a package
};
static bool findIn(const std::string& entry, const std::string& tail, Found& found, List* portions, Thread& t) {
  std::string base = (entry.empty() ? "." : entry) + "/" + tail;
  if (isFile(base + "/__init__.py")) {
    found = {base + "/__init__.py", base};
    return true;
  }
  if (isFile(base + ".py")) {
    found = {base + ".py", ""};
    return true;
  }
  if (isDirectory(base)) listAppendSteal(portions, newStr(t, base).release());
  return false;
}

// A spec like importlib's: what `__spec__` users read.
static Ref makeSpec(Thread& t, Value name, Value origin, Value path) {
  Ref spec = TRY(call_py(t, t.types().simple_namespace, nullptr, 0));
  auto set = [&](const char* key, Value v) { return setAttr_py(t, spec.get(), intern(*t.isolate, key), v); };
  TRY(set("name", name));
  TRY(set("origin", origin));
  TRY(set("submodule_search_locations", path));
  TRY(set("_initializing", Value::fromBool(true)));
  TRY(set("loader", Value::none()));
  std::string text = toUtf8(name.as<Str>());
  size_t dot = text.rfind('.');
  Ref parent = path.isNone() ? newStr(t, dot == std::string::npos ? "" : text.substr(0, dot)) : Ref::of(name);
  TRY(set("parent", parent.get()));
  return spec;
}

static Ref runModule(Thread& t, const std::string& name, const Found& found, Value portions) {
  Ref m = newModule(t, name);
  Dict* dict = m.as<Module>()->dict;
  Ref name_ref = newStr(t, name), file = newStr(t, found.file);
  bool is_package = !found.folder.empty() || found.file.empty();
  size_t dot = name.rfind('.');
  Ref package = newStr(t, is_package ? name : dot == std::string::npos ? "" : name.substr(0, dot));
  dictSetStr(dict, t.names().d_package, package.get());
  Ref path = Ref::none();
  if (is_package) {
    path = found.file.empty() ? Ref::of(portions) : newList(t);
    if (!found.file.empty()) listAppendSteal(path.as<List>(), newStr(t, found.folder).release());
    dictSetStr(dict, t.names().d_path, path.get());
  }
  Ref spec = TRY(makeSpec(t, name_ref.get(), found.file.empty() ? Value::none() : file.get(), path.get()));
  dictSetStr(dict, t.names().d_spec, spec.get());
  dictSetStr(t.isolate->modules, internStr(*t.isolate, name_ref.as<Str>()), m.get());
  if (found.file.empty()) return m;
  dictSetStr(dict, t.names().d_file, file.get());
  dictSetStr(dict, t.names().d_builtins, t.isolate->builtins);
  Result<std::string> text = readFile(found.file);
  if (!text.ok()) return raise(t, errors(t).import_error, "%s", text.message().c_str());
  Ref code = compileText(t, text.value(), found.file, "exec", 0);
  Ref done = code ? run_hooks.run(t, code.as<Code>(), dict, Value(), Value()) : Ref();
  if (!done) {
    Ref saved = takeException(t);
    dictDeleteStr(t.isolate->modules, internStr(*t.isolate, name_ref.as<Str>()));
    restoreException(t, std::move(saved));
    return Ref();
  }
  TRY(setAttr_py(t, spec.get(), t.names().initializing, Value::fromBool(false)));
  Value now = dictGet_py(t, t.isolate->modules, name_ref.get());  // a module may replace itself
  return Ref::of(now.defined() ? now : m.get());
}

static Ref load(Thread& t, const std::string& name, Value parent) {
  size_t dot = name.rfind('.');
  std::string tail = dot == std::string::npos ? name : name.substr(dot + 1);
  if (const modules::NativeModule* native = modules::findNativeModule(name)) {
    Ref m = TRY(modules::makeNativeModule_py(t, *native));
    Ref name_ref = newStr(t, name);
    dictSetStr(t.isolate->modules, internStr(*t.isolate, name_ref.as<Str>()), m.get());
    return m;
  }
  Ref path = parent.defined() ? findAttr_py(t, parent, t.names().d_path) : Ref::of(dictGetStr(t.isolate->sys, t.names().path));
  if (!path) {
    if (isPending(t)) return Ref();
    return raiseNotFound(t, name, name.substr(0, dot));
  }
  Ref entries = TRY(listFromIterable_py(t, path.get())), portions = newList(t);
  Found found;
  for (int64_t i = 0; i < entries.as<List>()->size; ++i) {
    Value entry = entries.as<List>()->items[i];
    if (isStr(entry) && findIn(toUtf8(entry.as<Str>()), tail, found, portions.as<List>(), t)) return runModule(t, name, found, portions.get());
  }
  if (portions.as<List>()->size > 0) return runModule(t, name, {}, portions.get());
  return raiseNotFound(t, name, "");
}

// The module of a dotted name, its packages imported first and it set as their attribute.
static Ref importDotted(Thread& t, const std::string& name) {
  Ref name_ref = newStr(t, name);
  Value known = dictGet_py(t, t.isolate->modules, name_ref.get());
  if (known.defined()) {
    if (known.isNone()) return raise(t, errors(t).module_not_found_error, "import of %s halted; None in sys.modules", name.c_str());
    return Ref::of(known);
  }
  size_t dot = name.rfind('.');
  Ref parent;
  if (dot != std::string::npos) {
    parent = TRY(importDotted(t, name.substr(0, dot)));
    known = dictGet_py(t, t.isolate->modules, name_ref.get());
    if (known.defined()) return Ref::of(known);
  }
  Ref m = TRY(load(t, name, parent.get()));
  if (parent) TRY(setAttr_py(t, parent.get(), intern(*t.isolate, name.substr(dot + 1)), m.get()));
  return m;
}

static Fallible<bool> packageOf(Thread& t, Value globals, int64_t level, std::string& out) {
  Value package = isDict(globals) ? dictGetStr(globals.as<Dict>(), t.names().d_package) : Value();
  if (isStr(package)) {
    out = toUtf8(package.as<Str>());
  } else {
    Value name = isDict(globals) ? dictGetStr(globals.as<Dict>(), t.names().d_name) : Value();
    if (isStr(name)) out = toUtf8(name.as<Str>());
    if (isDict(globals) && dictGetStr(globals.as<Dict>(), t.names().d_path).isUndefined()) out = out.find('.') == std::string::npos ? "" : out.substr(0, out.rfind('.'));
  }
  if (out.empty()) return raise(t, errors(t).import_error, "attempted relative import with no known parent package");
  for (; level > 1; --level) {
    size_t dot = out.rfind('.');
    if (dot == std::string::npos) return raise(t, errors(t).import_error, "attempted relative import beyond top-level package");
    out.resize(dot);
  }
  return true;
}

static Status importNames(Thread& t, Value module, const std::string& name, Value fromlist) {
  Iteration it(t, fromlist);
  while (it.next()) {
    if (!isStr(it.value())) return raiseTypeError(t, "Item in ``from list'' must be str, not %s", typeNameOf(t, it.value()));
    std::string item = toUtf8(it.value().as<Str>());
    if (item == "*") {
      Ref all = findAttr_py(t, module, t.names().d_all);
      if (!all && isPending(t)) return kRaised;
      if (all) TRY(importNames(t, module, name, all.get()));
      continue;
    }
    Ref have = findAttr_py(t, module, it.value().as<Str>());
    if (!have && isPending(t)) return kRaised;
    if (have) continue;
    Ref sub = importDotted(t, name + "." + item);
    if (sub) continue;
    if (!pendingMatches(t, errors(t).module_not_found_error)) return kRaised;
    Ref e = takeException(t);
    Ref missing = findAttr_py(t, e.get(), t.names().name);
    clearException(t);
    if (!(missing && isStr(missing.get()) && toUtf8(missing.as<Str>()) == name + "." + item)) {
      restoreException(t, std::move(e));
      return kRaised;
    }
  }
  if (it.raised()) return kRaised;
  return kDone;
}

Ref importHook(Thread& t, Value name_value, Value globals, Value, Value fromlist, Value level_value) {
  if (!isStr(name_value)) return raiseTypeError(t, "__import__() argument 1 must be str, not %s", typeNameOf(t, name_value));
  int64_t level = TRY(toInt64_py(t, level_value));
  std::string name = toUtf8(name_value.as<Str>()), full = name;
  if (level > 0) {
    std::string package;
    TRY(packageOf(t, globals, level, package));
    full = name.empty() ? package : package + "." + name;
  } else if (name.empty()) {
    return raiseValueError(t, "Empty module name");
  }
  Ref m = TRY(importDotted(t, full));
  bool has_from = fromlist.defined() && !fromlist.isNone() && TRY(isTrue_py(t, fromlist));
  if (has_from) {
    Ref path = findAttr_py(t, m.get(), t.names().d_path);
    if (!path && isPending(t)) return Ref();
    if (path) TRY(importNames(t, m.get(), full, fromlist));
    return m;
  }
  size_t dot = name.find('.');
  if (dot == std::string::npos) return m;
  return importDotted(t, full.substr(0, full.size() - (name.size() - dot)));
}

}  // namespace krait::embed
