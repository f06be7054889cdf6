// What the default of a parameter without annotation tells of it.
#include <algorithm>

#include "checker/infer/infer.h"

namespace krait::infer {

// Containers and functions are defaults for what is wider than they are; a plain object stands for "not given".
static bool tellsOfParameter(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  switch (w.types.kind(plain)) {
    case TypeKind::kInstance: {
      static constexpr std::string_view kOpen[] = {"builtins.list", "builtins.set", "builtins.dict", "builtins.tuple", "builtins.object"};
      const std::string& name = w.classes[w.types[plain].cls()].fullname;
      return std::find(std::begin(kOpen), std::end(kOpen), name) == std::end(kOpen) && !w.types[plain].has(kHasTypeVars);
    }
    case TypeKind::kTypeType: return !w.types[plain].has(kHasTypeVars);
    default: return false;
  }
}

TypeId typeOfDefault(Checker& c, NodeId value) {
  World& w = c.w;
  auto constant = c.ast->tryAs<syntax::Constant>(value);
  if (constant && constant->constantKind() == syntax::ConstantKind::kNone) {
    TypeId both[] = {w.types.any(AnyKind::kUnannotated), w.types.none()};
    return w.types.unionOf(both);
  }
  ++c.silent;
  TypeId type = removeLastKnownValues(w, inferExpr(c, value));
  --c.silent;
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kCallable) && w.types.callable(plain).isTypeObject() && !w.types.callable(plain).isGeneric()) {
    type = w.types.typeType(w.types.callable(plain).made());
  }
  return tellsOfParameter(w, type) ? type : TypeId::none();
}

}  // namespace krait::infer
