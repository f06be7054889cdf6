// Any that options forbid in declarations: written out (--disallow-any-explicit), or what became of an import that was
// not followed (--disallow-any-unimported).
#include "checker/declare/any_rules.h"

namespace krait::declare {

// A type that mentions itself does so through an alias, which is not looked into.
template <class Wanted>
static bool mentions(World& w, TypeId type, const Wanted& wanted) {
  if (!type.valid() || !w.types[type].has(kHasAny)) return false;
  const Type& record = w.types[type];
  if (record.kind == TypeKind::kAny) return wanted(static_cast<AnyKind>(record.sub));
  // `...` for the parameters is written out.
  bool is_open = record.kind == TypeKind::kCallable && w.types.callable(type).has(kEllipsisArgs);
  if (is_open && record.items[0] == w.types.any(AnyKind::kSpecialForm) && wanted(AnyKind::kExplicit)) return true;
  for (TypeId arg : record.args()) {
    if (mentions(w, arg, wanted)) return true;
  }
  return false;
}

// Items of a TypedDict are told of where it is defined. ref: mypy HasAnyFromUnimportedType
static bool mentionsUnimported(World& w, TypeId type) {
  if (!type.valid() || !w.types[type].has(kHasAny) || w.types.is(type, TypeKind::kTypedDict)) return false;
  const Type& record = w.types[type];
  if (record.kind == TypeKind::kAny) return static_cast<AnyKind>(record.sub) == AnyKind::kFromUnimported;
  for (TypeId arg : record.args()) {
    if (mentionsUnimported(w, arg)) return true;
  }
  return false;
}

bool mentionsAny(World& w, TypeId type, AnyKind kind) {
  return mentions(w, type, [kind](AnyKind found) { return found == kind; });
}

bool mentionsRealAny(World& w, TypeId type) {
  return mentions(w, type, [](AnyKind found) { return found != AnyKind::kSpecialForm; });
}

void reportUnimported(World& w, ModuleId module, NodeId node, const std::string& what, TypeId type) {
  if (!w.modules[module].options.disallow_any_unimported || !mentionsUnimported(w, type)) return;
  report(w, module, node, Code::kNoAnyUnimported, what + " becomes " + formatType(w, type) + " due to an unfollowed import");
}

void reportExplicit(World& w, ModuleId module, NodeId node, TypeId type) {
  if (!w.modules[module].options.disallow_any_explicit || w.modules[module].is_library || !mentionsAny(w, type, AnyKind::kExplicit)) return;
  report(w, module, node, Code::kExplicitAny, "Explicit \"Any\" is not allowed");
}

}  // namespace krait::declare
