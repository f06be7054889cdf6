#include "runtime/embed/finalize.h"

#include <string>
#include <vector>

#include "runtime/modules/python_config.h"
#include "runtime/object/code.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/import.h"
#include "runtime/object/lock.h"
#include "runtime/object/str.h"
#include "runtime/object/weakref.h"

namespace krait::embed {

using namespace krait::object;

namespace {
// A module that was taken out of sys.modules.
struct Removed {
  Ref name, reference;  // the reference is a weak one
};
}  // namespace

// `__main__`, and whatever has a file outside of the library.
static bool isOfProgram(Thread& t, Value name, Module* module) {
  if (name == Value(t.names().main)) return true;
  Value file = dictGetStr(module->dict, t.names().d_file);
  if (!file.defined() || !isStr(file)) return false;
  return !toUtf8(file.as<Str>()).starts_with(modules::python_config.library);
}

static std::vector<Removed> removeModules_py(Thread& t) {
  std::vector<Ref> names;
  Value name, module;
  for (int64_t at = 0; dictNext(t.isolate->modules, at, name, module);) {
    if (isStr(name) && module.isHeap() && hasLayout(module, TypeId::kModule) && isOfProgram(t, name, module.as<Module>())) names.push_back(Ref::of(name));
  }
  std::vector<Removed> all;
  Ref type = importAttr_py(t, "_weakref", "ref");
  for (Ref& each : names) {
    Ref reference;
    if (type) reference = newWeakref(t, type.as<Type>(), dictGetStr(t.isolate->modules, each.as<Str>()), Value(), type.as<Type>());
    if (!reference) clearException(t);
    else all.push_back({Ref::of(each.get()), std::move(reference)});
  }
  for (Removed& each : all) dictDeleteStr(t.isolate->modules, each.name.as<Str>());
  return all;
}

// Names with one underscore first, then the others; `__builtins__` stays.
static void clearModule_py(Thread& t, Dict* dict) {
  Ref held = Ref::of(Value(dict));
  for (bool is_private : {true, false}) {
    std::vector<Ref> names;
    Value name, value;
    for (int64_t at = 0; dictNext(dict, at, name, value);) {
      if (!isStr(name) || value.isNone()) continue;
      std::string text = toUtf8(name.as<Str>());
      bool starts_private = text.starts_with('_') && !text.starts_with("__");
      if (is_private ? starts_private : text != "__builtins__") names.push_back(Ref::of(name));
    }
    for (Ref& each : names) dictSetStr(dict, each.as<Str>(), Value::none());
  }
}

void finalizeModules_py(Thread& t) {
  keepLockForever(t);
  t.isolate->finalizing = true;
  for (const char* name : {"last_exc", "last_type", "last_value", "last_traceback"}) {
    Str* text = intern(*t.isolate, name);
    if (dictGetStr(t.isolate->sys, text).defined()) dictSetStr(t.isolate->sys, text, Value::none());
  }
  std::vector<Removed> removed = removeModules_py(t);
  gcCollect_py(t, 2);
  bool any_left = false;
  while (!removed.empty()) {
    Ref module = weakrefGet(removed.back().reference.as<Weakref>());
    removed.pop_back();
    if (!module || module.get().isNone()) continue;
    clearModule_py(t, module.as<Module>()->dict);
    any_left = true;
  }
  if (any_left) gcCollect_py(t, 2);
}

}  // namespace krait::embed
