// Class attributes are inferred in the context of what base classes have under their names.
// ref: mypy checker.get_variable_type_context
#include "checker/check/check.h"

namespace krait::check {

TypeId inheritedContext(Checker& c, SymbolId defined) {
  World& w = c.w;
  ClassId owner = w.symbols[defined].owner;
  if (!owner.valid() || w.symbols[defined].has(kIsSelfAttribute)) return TypeId::none();
  NameId name = w.symbols[defined].name;
  bool takes_all = !follows(*c.options, Divergence::kInheritedDeclarations) && !w.classes[owner].has(kClassEnum) && !w.text(name).starts_with("__");
  const std::vector<ClassId> mro = w.header(owner).mro;
  for (size_t i = 1; i < mro.size(); ++i) {
    SymbolId inherited = ownMember(w, mro[i], name);
    if (!inherited.valid()) continue;
    const Symbol& base = w.resolved(inherited);
    bool is_variable = base.kind == SymbolKind::kVariable && (base.has(kIsDeclared) || takes_all);
    bool is_method = base.kind == SymbolKind::kFunction && takes_all;
    bool is_property = base.has(kIsProperty);
    if (!is_variable && !is_method) continue;
    TypeId type = w.hooks.symbol_type(w, inherited);
    if (is_property && type.valid() && w.types.is(type, TypeKind::kCallable)) type = w.types.callable(type).ret();
    if (!type.valid() || w.types.is(type, TypeKind::kPartial) || w.types.is(type, TypeKind::kDeleted)) continue;
    return substituteByInstance(w, type, mapToSupertype(w, selfInstanceOf(w, owner), mro[i]));
  }
  return TypeId::none();
}

}  // namespace krait::check
