#include "runtime/modules/module_table.h"

#include <iterator>

#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/str.h"

namespace krait::modules {

#define MODULE(Identifier) extern const NativeModule k##Identifier##Module;
#include "runtime/modules/modules.def"

static const NativeModule* const kModules[] = {
#define MODULE(Identifier) &k##Identifier##Module,
#include "runtime/modules/modules.def"
};

const NativeModule* findNativeModule(std::string_view name) {
  for (const NativeModule* m : kModules) {
    if (name == m->name) return m;
  }
  return nullptr;
}

Ref nativeModuleNames(Thread& t) {
  Ref list = newList(t);
  for (const NativeModule* m : kModules) listAppendSteal(list.as<List>(), newStr(t, m->name).release());
  TRY(listSort_py(t, list.as<List>(), Value::none(), false));
  return tupleFrom(t, list.as<List>()->items, list.as<List>()->size);
}

void moduleSet(Thread& t, Module* module, const char* name, Value value) { dictSetStr(module->dict, intern(*t.isolate, name), value); }
void moduleSetType(Thread& t, Module* module, Type* type) { dictSetStr(module->dict, type->name, type); }

// What each module had when it was made first. A module imported again, after it was taken out of sys.modules, is a new
// object with the same contents: its types exist once, as in a CPython module of one phase. Owned for the process's life.
static Value first_contents[std::size(kModules)];

Ref makeNativeModule_py(Thread& t, const NativeModule& def) {
  size_t index = 0;
  while (index < std::size(kModules) && kModules[index] != &def) ++index;
  if (index < std::size(kModules) && first_contents[index].defined()) {
    Ref again = newModule(t, def.name);
    Ref copied = TRY(dictCopy(t, first_contents[index].as<Dict>()));
    TRY(dictMerge_py(t, again.as<Module>()->dict, copied.get()));
    return again;
  }
  Ref m = newModule(t, def.name);
  Module* module = m.as<Module>();
  if (def.doc != nullptr) dictSetStr(module->dict, t.names().d_doc, newStr(t, def.doc).get());
  Ref name = newStr(t, def.name);
  for (const NativeDef* f = def.functions; f != nullptr && f->name != nullptr; ++f) {
    moduleSet(t, module, f->name, newNativeFunction(t, f, m.get(), name.get()).get());
  }
  if (def.init != nullptr) TRY(def.init(t, module));
  if (index < std::size(kModules)) first_contents[index] = dictCopy(t, module->dict).release();
  return m;
}

}  // namespace krait::modules
