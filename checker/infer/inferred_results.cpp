// Results of functions that declare none.
#include "checker/infer/infer.h"

namespace krait::infer {

// Is the result one that nobody declared?
static bool isOpenResult(World& w, TypeId result) {
  TypeId plain = proper(w, result);
  if (w.types.is(plain, TypeKind::kAny)) return true;
  // Of an async function.
  return w.types.is(plain, TypeKind::kInstance) && w.types[plain].count == 3 && w.types.is(proper(w, w.types[plain].items[2]), TypeKind::kAny);
}

TypeId withInferredResult(World& w, TypeId callable) {
  if (!callable.valid() || w.hooks.infer_result == nullptr || !w.types.is(callable, TypeKind::kCallable)) return callable;
  FunctionId function = w.types.callable(callable).shape->definition;
  if (!function.valid() || w.types.callable(callable).isTypeObject() || !isOpenResult(w, w.types.callable(callable).ret())) return callable;
  // What is called on a class gives an instance of the class that is handed on: infer/call.cpp knows what else.
  if (w.functions[function].name == w.names.__new__) return callable;
  TypeId result = w.hooks.infer_result(w, function);
  if (!result.valid()) return callable;
  CallableParts parts = w.types.parts(callable);
  parts.ret = result;
  return w.types.callable(parts);
}

}  // namespace krait::infer
