// Results of methods that declare none, where a protocol asks for them.
#include "checker/solve/solver_internal.h"

namespace krait::solve {

TypeId withBodyResult(World& w, TypeId method, TypeId self_type) {
  if (!method.valid() || !w.types.is(method, TypeKind::kCallable) || w.hooks.infer_result == nullptr) return method;
  CallableView view = w.types.callable(method);
  FunctionId function = view.shape->definition;
  bool is_open = function.valid() && !view.isTypeObject() && w.types.is(proper(w, view.ret()), TypeKind::kAny) && static_cast<AnyKind>(w.types[proper(w, view.ret())].sub) == AnyKind::kUnannotated;
  TypeId result = is_open ? w.hooks.infer_result(w, function) : TypeId::none();
  ClassId owner = result.valid() ? w.functions[function].owner : ClassId::none();
  if (owner.valid() && w.types[result].has(kHasSelf) && w.classes[owner].self_var.valid()) {
    Substitution map;
    map.add(w.classes[owner].self_var, self_type);
    result = substitute(w, result, map);
  }
  if (!result.valid() || w.types[result].has(kHasTypeVars) || w.types[result].has(kHasSelf)) return method;
  CallableParts parts = w.types.parts(method);
  parts.ret = result;
  return w.types.callable(parts);
}

}  // namespace krait::solve
