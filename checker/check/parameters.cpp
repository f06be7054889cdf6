// Parameters without annotation: what is known of them where the body begins. An argument's type, while a call is asked
// for its result (check/call_results.cpp); what a method of a base class declares under the same name; what the default
// tells. As any variable without a declaration they take values of all types.
#include <algorithm>

#include "checker/check/check.h"

namespace krait::check {

// The method that this one overrides, as its class sees it, where both have the same parameters; none: there is none.
static TypeId overriddenSignature(Checker& c, FunctionId id) {
  World& w = c.w;
  const FunctionInfo& function = w.functions[id];
  if (!function.owner.valid() || w.text(function.name).starts_with("__")) return TypeId::none();
  TypeId own = declaredSignature(w, id);
  if (!w.types.is(own, TypeKind::kCallable)) return TypeId::none();
  const std::vector<ClassId>& mro = w.header(function.owner).mro;
  for (size_t i = 1; i < mro.size(); ++i) {
    ClassId cls = mro[i];
    SymbolId symbol = ownMember(w, cls, function.name);
    if (!symbol.valid()) continue;
    if (w.resolved(symbol).kind != SymbolKind::kFunction || w.symbols[symbol].functions.size() != 1) return TypeId::none();
    TypeId base = declaredSignature(w, w.symbols[symbol].functions[0]);
    if (!w.types.is(base, TypeKind::kCallable) || w.types.callable(base).isGeneric() || w.types.callable(base).has(kImplicit)) return TypeId::none();
    std::span<const ParamShape> params = w.types.callable(own).params(), others = w.types.callable(base).params();
    auto hasSameName = [](const ParamShape& a, const ParamShape& b) { return a.name == b.name; };
    if (!std::equal(params.begin(), params.end(), others.begin(), others.end(), hasSameName)) return TypeId::none();
    return substituteByInstance(w, base, mapToSupertype(w, selfInstanceOf(w, function.owner), cls));
  }
  return TypeId::none();
}

void beginParameters(Checker& c, FunctionId id, Binder* around) {
  World& w = c.w;
  if (!follows(*c.options, Divergence::kParameterDefaults)) return;
  const FunctionInfo& function = w.functions[id];
  NodeList params = c.ast->as<syntax::Parameters>(c.ast->as<syntax::FunctionDef>(function.node).params()).params();
  const std::vector<TypeId>* given = c.facts != nullptr && c.facts->function == id ? c.facts->given : nullptr;
  TypeId overridden;
  bool is_asked = false;
  for (size_t i = 0; i < params.size(); ++i) {
    auto param = c.ast->as<syntax::Parameter>(params[i]);
    bool is_star = param.parameterKind() == syntax::ParameterKind::kVarPositional || param.parameterKind() == syntax::ParameterKind::kVarKeyword;
    if (param.annotation().valid() || is_star) continue;
    SymbolId symbol = w.scopes[function.scope].names.find(syntax::nameOf(*c.ast, param.name()));
    if (!symbol.valid() || !w.types.is(w.symbols[symbol].type, TypeKind::kAny)) continue;
    TypeId known = given != nullptr && i < given->size() ? (*given)[i] : TypeId::none();
    if (!known.valid() && !std::exchange(is_asked, true)) overridden = overriddenSignature(c, id);
    if (!known.valid() && overridden.valid()) known = w.types.callable(overridden).types()[i];
    if (known.valid() && given == nullptr && (w.types[known].has(kHasSelf) || w.types.is(proper(w, known), TypeKind::kAny))) known = TypeId::none();
    auto constant = param.defaultValue().valid() ? c.ast->tryAs<syntax::Constant>(param.defaultValue()) : std::nullopt;
    // A call that leaves it out gives it the default itself.
    if (!known.valid() && given != nullptr && constant && constant->constantKind() == syntax::ConstantKind::kNone) known = w.types.none();
    if (!known.valid() && param.defaultValue().valid()) {
      ScopeId scope = std::exchange(c.scope, function.parent);
      Binder* own = std::exchange(c.binder, around != nullptr ? around : c.binder);
      known = typeOfDefault(c, param.defaultValue());
      c.scope = scope;
      c.binder = own;
    }
    TypeId declared = w.symbols[symbol].type;
    c.binder->assign(c.keys.variable(symbol), known.valid() ? known : declared, declared, true);
  }
}

}  // namespace krait::check
