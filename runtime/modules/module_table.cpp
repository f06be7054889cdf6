#include "runtime/modules/module_table.h"

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

Ref makeNativeModule_py(Thread& t, const NativeModule& def) {
  Ref m = newModule(t, def.name);
  Module* module = m.as<Module>();
  if (def.doc != nullptr) dictSetStr(module->dict, t.names().d_doc, newStr(t, def.doc).get());
  Ref name = newStr(t, def.name);
  for (const NativeDef* f = def.functions; f != nullptr && f->name != nullptr; ++f) {
    moduleSet(t, module, f->name, newNativeFunction(t, f, m.get(), name.get()).get());
  }
  if (def.init != nullptr) TRY(def.init(t, module));
  return m;
}

}  // namespace krait::modules
