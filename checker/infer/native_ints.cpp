// Integers of fixed width, as mypyc knows them: what range() of them gives. Follows mypy checker.analyze_range_native_int_type.
#include "checker/infer/library.h"

namespace krait::infer {

TypeId nativeRangeItem(Checker& c, NodeId iterable) {
  World& w = c.w;
  auto call = c.ast->tryAs<syntax::Call>(iterable);
  if (!call || call->args().empty() || call->args().size() > 3) return TypeId::none();
  bool is_name = c.ast->is(call->func(), NodeKind::kName) || c.ast->is(call->func(), NodeKind::kAttribute);
  TypeId found;
  for (NodeId arg : call->args()) {
    if (c.ast->is(arg, NodeKind::kKeyword) || c.ast->is(arg, NodeKind::kStarred)) return TypeId::none();
    TypeId type = c.nodeType(arg).valid() ? proper(w, c.nodeType(arg)) : TypeId::none();
    if (!type.valid() || !isNativeInt(w, type)) continue;
    if (found.valid() && found != type) return TypeId::none();
    found = type;
  }
  if (!found.valid() || !is_name) return TypeId::none();
  return fullNameAt(w, c.module, c.scope, *c.ast, call->func()) == "builtins.range" ? found : TypeId::none();
}

}  // namespace krait::infer
