#include "runtime/object/import.h"

#include "runtime/object/containers.h"
#include "runtime/object/isolate.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

Ref importByName_py(Thread& t, std::string_view dotted) {
  Value found = dictGetStr(t.isolate->modules, intern(*t.isolate, dotted));
  if (found.defined() && !found.isNone()) return Ref::of(found);
  Ref name = newStr(t, dotted);
  Value arguments[1] = {name.get()};
  Ref first = TRY(call_py(t, dictGetStr(t.isolate->builtins, t.names().d_import), arguments, 1));
  if (dotted.find('.') == std::string_view::npos) return first;
  found = dictGetStr(t.isolate->modules, intern(*t.isolate, dotted));
  if (found.defined()) return Ref::of(found);
  return first;
}

Ref importAttr_py(Thread& t, std::string_view dotted, std::string_view attribute) {
  Ref module = TRY(importByName_py(t, dotted));
  return getAttr_py(t, module.get(), intern(*t.isolate, attribute));
}

}  // namespace krait::object
