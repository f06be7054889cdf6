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

TypeId resultOfCall(World& w, const CheckOptions& options, TypeId callee, const CallSite& site, const std::vector<TypeId>& types, const ArgumentMap& map, TypeId result) {
  CallableView view = w.types.callable(callee);
  FunctionId function = view.shape->definition;
  if (!function.valid() || !w.types[result].has(kHasAny) || view.isTypeObject() || !follows(options, Divergence::kCallResults)) return result;
  const FunctionInfo& info = w.functions[function];
  if (info.has(kFnDecorated) || w.hooks.infer_call_result == nullptr || !w.types.is(info.type, TypeKind::kCallable)) return result;
  CallableView written = w.types.callable(info.type);
  if (written.paramCount() < view.paramCount() || info.name == w.names.__new__) return result;
  size_t bound = written.paramCount() - view.paramCount();
  std::vector<TypeId> given(written.paramCount());
  bool tells = site.args.empty();
  for (size_t i = 0; i < map.size(); ++i) {
    if (map[i].empty()) continue;
    ArgKind kind = site.args[map[i][0]].kind;
    if (map[i].size() != 1 || isStar(view.params()[i].kind) || kind == ArgKind::kStar || kind == ArgKind::kStar2) return result;
    TypeId type = types[map[i][0]];
    if (!w.types.is(written.types()[i + bound], TypeKind::kAny)) continue;
    if (!type.valid()) type = w.types.any();
    if (w.types[type].has(kHasTypeVars) || w.types[type].has(kHasErased)) return result;
    given[i + bound] = removeLastKnownValues(w, type);
    tells = tells || !w.types.is(proper(w, type), TypeKind::kAny);
  }
  if (!tells) return result;
  TypeId found = w.hooks.infer_call_result(w, function, given);
  // What speaks of the object's own class is not bound to it here.
  bool is_usable = found.valid() && !w.types[found].has(kHasTypeVars) && !w.types[found].has(kHasSelf);
  return is_usable ? found : result;
}

}  // namespace krait::infer
