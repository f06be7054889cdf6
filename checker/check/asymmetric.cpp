// Assignments to attributes that take another type than they give: properties, descriptors, fields with converters.
#include "checker/check/check.h"

namespace krait::check {

// Is the target a property whose setter takes another type than its getter gives?
static bool isAsymmetric(Checker& c, NodeId target) {
  World& w = c.w;
  auto attribute = c.ast->tryAs<syntax::Attribute>(target);
  if (!attribute) return false;
  TypeId owner = c.nodeType(attribute->value()).valid() ? proper(w, c.nodeType(attribute->value())) : TypeId::none();
  if (!w.types.is(owner, TypeKind::kInstance)) return false;
  FoundMember found = findMember(w, w.types[owner].cls(), syntax::nameOf(*c.ast, attribute->attr()));
  if (found.found() && w.resolved(found.symbol).kind == SymbolKind::kVariable && !w.symbols[found.symbol].has(kIsProperty)) {
    // A descriptor that takes another type than it gives.
    TypeId held = w.hooks.symbol_type(w, found.symbol);
    held = held.valid() ? proper(w, held) : held;
    bool is_descriptor = w.types.is(held, TypeKind::kInstance) && findMember(w, w.types[held].cls(), w.names.__set__).found();
    // A field with a converter takes another type, too.
    TypeId converted = w.symbols[found.symbol].setter_type;
    if (!is_descriptor) return converted.valid() && held.valid() && !isSameType(w, held, converted);
    NameId name = w.symbols[found.symbol].name;
    TypeId given = findMemberType(w, name, owner, owner);
    TypeId taken = findMemberType(w, name, owner, owner, false, true);
    return given.valid() && taken.valid() && !isSameType(w, given, taken);
  }
  if (!found.found() || !w.resolved(found.symbol).has(kIsProperty) || !w.symbols[found.symbol].setter_type.valid()) return false;
  TypeId getter = w.hooks.symbol_type(w, found.symbol);
  return !getter.valid() || !w.types.is(getter, TypeKind::kCallable) || w.types.callable(getter).ret() != w.symbols[found.symbol].setter_type;
}

// What is read after an assignment to what takes another type than it gives. To mypy it is the value where reading it may
// give nothing that could not be assigned. ref: mypy checker.check_member_assignment
bool narrowAsymmetric(Checker& c, NodeId target, KeyId key, TypeId type, TypeId taken) {
  World& w = c.w;
  if (!isAsymmetric(c, target)) return false;
  c.binder->forget(key);
  if (follows(*c.options, Divergence::kAsymmetricAssignment)) return true;
  auto attribute = c.ast->as<syntax::Attribute>(target);
  TypeId owner = proper(w, c.nodeType(attribute.value()));
  AttributeSite site;
  site.node = target;
  site.name = syntax::nameOf(*c.ast, attribute.attr());
  site.original = site.self_type = owner;
  site.is_silent = true;
  Watch watch = startWatch(c);
  TypeId given = attributeType(c, owner, site);
  takeBack(c, watch);
  if (!isSubtype(w, given, taken)) return true;
  c.binder->invalidateDependents(key, c.keys);
  c.binder->assign(key, isSubtype(w, type, given) ? type : given, given, false);
  return true;
}

}  // namespace krait::check
