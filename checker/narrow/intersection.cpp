// Made-up classes: what isinstance() leaves of two classes where neither derives from the other.
#include "checker/narrow/checker.h"

namespace krait::narrow {

TypeId intersectClasses(Checker& c, TypeId left, TypeId right) {
  World& w = c.w;
  if (!w.types.is(left, TypeKind::kInstance) || !w.types.is(right, TypeKind::kInstance)) return w.types.never();
  ClassId a = w.types[left].cls(), b = w.types[right].cls();
  if (w.header(a).has(kClassFinal) || w.header(b).has(kClassFinal)) return w.types.never();
  static constexpr const char* kSolid[] = {"builtins.int", "builtins.str", "builtins.bytes", "builtins.float", "builtins.tuple",
                                           "builtins.list", "builtins.dict", "builtins.set", "builtins.bool", "builtins.frozenset"};
  ClassId solid_a, solid_b;
  for (const char* name : kSolid) {
    for (ClassId base : w.header(a).mro) {
      if (w.classes[base].fullname == name) solid_a = solid_a.valid() ? solid_a : base;
    }
    for (ClassId base : w.header(b).mro) {
      if (w.classes[base].fullname == name) solid_b = solid_b.valid() ? solid_b : base;
    }
  }
  if (solid_a.valid() && solid_b.valid() && !isSubclass(w, solid_a, solid_b) && !isSubclass(w, solid_b, solid_a)) {
    return w.types.never();
  }
  if (w.header(a).has(kClassEnum) && !enumMembers(w, a).empty()) return w.types.never();
  if (w.header(b).has(kClassEnum) && !enumMembers(w, b).empty()) return w.types.never();
  std::string name = "<subclass of \"" + std::string(w.text(w.classes[a].name)) + "\" and \"" + std::string(w.text(w.classes[b].name)) + "\">";
  NameId name_id = w.name(name);
  std::string fullname = std::string(w.text(w.modules[c.module].name)) + "." + name;
  for (uint32_t i = 0; i < w.classes.size(); ++i) {
    const ClassInfo& other = w.classes[ClassId(i)];
    if (other.name == name_id && other.has(kClassIntersection) && other.bases.size() == 2 && other.bases[0] == left &&
        other.bases[1] == right) {
      return w.types.instance(ClassId(i));
    }
  }
  ClassInfo info;
  info.name = name_id;
  info.fullname = fullname;
  info.module = c.module;
  info.parent = w.modules[c.module].scope;
  info.set(kClassIntersection);
  info.bases = {left, right};
  info.headed = info.membered = info.self_attributes = Progress::kDone;
  ClassId id = w.classes.add(std::move(info));
  Scope scope;
  scope.kind = ScopeKind::kClass;
  scope.parent = w.modules[c.module].scope;
  scope.module = c.module;
  scope.cls = id;
  scope.collected = Progress::kDone;
  w.classes[id].scope = w.scopes.add(std::move(scope));
  if (!computeMro(w, id)) {
    w.classes[id].bases = {right, left};
    if (!computeMro(w, id)) return w.types.never();
  }
  w.classes[id].metaclass = w.classes[a].metaclass.valid() ? w.classes[a].metaclass : w.classes[b].metaclass;
  return w.types.instance(id);
}

}  // namespace krait::narrow
