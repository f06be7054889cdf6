#include "runtime/object/module_errors.h"

#include <unistd.h>

#include <climits>
#include <optional>

#include "runtime/object/code.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

static std::optional<std::string> first_folder;

void setFirstImportFolder(std::string folder) { first_folder = std::move(folder); }

// Whether the module in `file` stands where the start looks first, before the library.
static bool maybeHides(std::string_view file) {
  if (!first_folder) return false;
  size_t slash = file.rfind('/');
  if (slash != std::string_view::npos && file.substr(slash + 1) == "__init__.py") {
    file = file.substr(0, slash);
    slash = file.rfind('/');
  }
  if (slash == std::string_view::npos) return false;
  std::string_view folder = file.substr(0, slash);
  char here[PATH_MAX];
  if (!first_folder->empty()) return folder == *first_folder;
  return getcwd(here, sizeof here) != nullptr && folder == here;
}

static bool isLibraryName(Thread& t, Value name) {
  Ref names = Ref::of(dictGetStr(t.isolate->sys, intern(*t.isolate, "stdlib_module_names")));
  if (!isSet(names.get())) return false;
  Fallible<bool> found = setContains_py(t, names.as<Set>(), name);
  clearException(t);
  return !found.failed && found.value;
}

// What is known about a module: its spec tells.
struct Circumstances {
  Ref spec, origin;
  bool is_initializing = false, maybe_hides = false, hides_library = false;
};
static Ref attributeOf(Thread& t, const Ref& of, const char* name) {
  if (!of || of.get().isNone()) return Ref();
  Ref r = findAttr_py(t, of.get(), intern(*t.isolate, name));
  clearException(t);
  return r;
}
static Circumstances look(Thread& t, Ref spec, Value name) {
  Circumstances c;
  c.spec = std::move(spec);
  Ref busy = attributeOf(t, c.spec, "_initializing");
  c.is_initializing = busy && busy.get().isTrue();
  Ref origin = attributeOf(t, c.spec, "origin");
  Ref is_located = origin && isStr(origin.get()) ? attributeOf(t, c.spec, "has_location") : Ref();
  if (is_located && is_located.get().isTrue()) c.origin = std::move(origin);
  c.maybe_hides = c.origin && maybeHides(toUtf8(c.origin.as<Str>()));
  c.hides_library = c.maybe_hides && isStr(name) && isLibraryName(t, name);
  return c;
}

static std::string renaming(const std::string& origin, const std::string& name) {
  return " (consider renaming " + origin + " since it has the same name as the standard library module named " + name + " and prevents importing that standard library module)";
}
static std::string renamingMaybe(const std::string& origin) { return " (consider renaming " + origin + " if it has the same name as a library you intended to import)"; }

// Whether the submodule `name` is being imported and not yet an attribute of its package.
static bool isUnfinishedSubmodule(Thread& t, const Ref& spec, Value name) {
  Ref unfinished = attributeOf(t, spec, "_uninitialized_submodules");
  if (!unfinished || !isList(unfinished.get())) return false;
  for (int64_t i = 0; i < unfinished.as<List>()->size; ++i) {
    Value item = unfinished.as<List>()->items[i];
    if (isStr(item) && strEqual(item.as<Str>(), name.as<Str>())) return true;
  }
  return false;
}

RaisedTag raiseNoModuleAttribute(Thread& t, Value module, Str* name) {
  Dict* dict = module.as<Module>()->dict;
  std::string attribute = "'" + toUtf8(name) + "'";
  Value module_name = dictGetStr(dict, t.names().d_name);
  if (!isStr(module_name)) return raiseAttributeError(t, module, name, "module has no attribute " + attribute);
  std::string shown = "'" + toUtf8(module_name.as<Str>()) + "'", text = "module " + shown + " has no attribute " + attribute;
  Value spec = dictGetStr(dict, t.names().d_spec);
  if (spec.isUndefined() || spec.isNone()) return raiseAttributeError(t, module, name, text);
  Ref held = Ref::of(module_name);
  Circumstances c = look(t, Ref::of(spec), module_name);
  std::string origin = c.origin ? "'" + toUtf8(c.origin.as<Str>()) + "'" : "";
  constexpr const char* kCircular = " (most likely due to a circular import)";
  if (c.hides_library) text += renaming(origin, shown);
  else if (c.is_initializing && c.maybe_hides) text += renamingMaybe(origin);
  else if (c.is_initializing) text = "partially initialized module " + shown + (c.origin ? " from " + origin : "") + " has no attribute " + attribute + kCircular;
  else if (isUnfinishedSubmodule(t, c.spec, name)) text = "cannot access submodule " + attribute + " of module " + shown + kCircular;
  return raiseAttributeError(t, module, name, text);
}

RaisedTag raiseCannotImportName(Thread& t, Value module, Str* name) {
  Ref held = Ref::of(module);
  Ref module_name = attributeOf(t, held, "__name__");
  std::string shown = module_name && isStr(module_name.get()) ? reprText_py(t, module_name.get()) : "'<unknown module name>'";
  Circumstances c = look(t, attributeOf(t, held, "__spec__"), module_name ? module_name.get() : Value());
  // A frozen module says "frozen" there; where it is kept as text its __file__ tells.
  if (!c.origin) c.origin = attributeOf(t, held, "__file__");
  if (c.origin && !isStr(c.origin.get())) c.origin = Ref();
  std::string origin = c.origin ? reprText_py(t, c.origin.get()) : "";
  std::string where = c.origin ? " (" + toUtf8(c.origin.as<Str>()) + ")" : " (unknown location)";
  std::string text = "cannot import name " + reprText_py(t, name) + " from ";
  if (c.hides_library) text += shown + renaming(origin, shown);
  else if (c.is_initializing && c.maybe_hides) text += shown + renamingMaybe(origin);
  else if (c.is_initializing) text += "partially initialized module " + shown + " (most likely due to a circular import)" + where;
  else text += shown + where;
  Ref message = newStr(t, text);
  Value arg = message.get();
  Ref names = tupleOf(t, {intern(*t.isolate, "name"), intern(*t.isolate, "path"), intern(*t.isolate, "name_from")});
  Value args[4] = {arg, module_name ? module_name.get() : Value::none(), c.origin ? c.origin.get() : Value::none(), name};
  Ref e = call_py(t, errors(t).import_error, args, 1, names.as<Tuple>());
  if (e) (void)raiseException(t, e.get());
  return kRaised;
}

}  // namespace krait::object
