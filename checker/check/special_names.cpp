// Names with a meaning of their own: what `__getattr__`, `__setattr__` and `__slots__` may be, and that nobody assigns to
// the `__match_args__` of an object. ref: mypy checker.check_assignment, check_getattr_method, check_slots_definition
#include "checker/check/check.h"

namespace krait::check {

// A signature of positional parameters.
static TypeId signatureOf(World& w, std::initializer_list<TypeId> types, TypeId ret) {
  CallableParts parts;
  for (TypeId type : types) parts.add(NameId::none(), ParamKind::kPos, type);
  parts.ret = ret;
  return w.types.callable(parts);
}

void checkAttributeHook(Checker& c, NameId name, TypeId type, NodeId at, bool in_module) {
  World& w = c.w;
  std::string_view text = w.text(name);
  bool is_setter = text == "__setattr__", is_getter = text == "__getattr__" || text == "__getattribute__";
  if (!is_setter && !is_getter) return;
  if (is_setter && in_module) return;
  if (in_module && text == "__getattribute__") return fail(c, at, Code::kMisc, "__getattribute__ is not valid at the module level");
  TypeId any_type = w.types.any(AnyKind::kSpecialForm), str = builtinType(w, "str");
  TypeId wanted = in_module ? signatureOf(w, {str}, any_type)
                  : is_setter ? signatureOf(w, {any_type, str, any_type}, w.types.none()) : signatureOf(w, {any_type, str}, any_type);
  if (!isSubtype(w, type, wanted)) fail(c, at, Code::kMisc, "Invalid signature " + formatType(w, type) + " for \"" + std::string(text) + "\"");
}

void checkSpecialName(Checker& c, NodeId target, NodeId value) {
  World& w = c.w;
  if (auto attribute = c.ast->tryAs<syntax::Attribute>(target)) {
    if (syntax::nameOf(*c.ast, attribute->attr()) == w.names.__match_args__) fail(c, target, Code::kMisc, "Cannot assign to \"__match_args__\"");
    return;
  }
  std::string_view text = c.ast->is(target, NodeKind::kName) ? syntax::nameText(*c.ast, target) : std::string_view();
  if (!text.starts_with("__") || isDynamic(c)) return;
  ScopeKind scope = w.scopes[c.scope].kind;
  if (scope != ScopeKind::kModule && scope != ScopeKind::kClass) return;
  TypeId type = c.nodeType(value);
  if (!type.valid()) return;
  checkAttributeHook(c, w.name(text), type, target, scope == ScopeKind::kModule);
  if (text != "__slots__" || scope != ScopeKind::kClass) return;
  TypeId str = builtinType(w, "str");
  TypeId both[] = {str, namedType(w, "typing", "Iterable", std::span<const TypeId>(&str, 1))};
  TypeId wanted = w.types.unionOf(both);
  TypeId plain = proper(w, type);
  bool is_tuple = w.types.is(plain, TypeKind::kTuple);
  bool fits = is_tuple || isSubtype(w, type, wanted);
  for (TypeId item : is_tuple ? w.types[plain].args() : std::span<const TypeId>()) fits = fits && isSubtype(w, item, str);
  if (fits) return;
  fail(c, target, Code::kAssignment, "Invalid type for \"__slots__\" (actual type " + formatType(w, type) + ", expected type " + formatType(w, wanted) + ")");
}

}  // namespace krait::check
