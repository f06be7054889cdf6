// The variance of type variables that do not declare it (PEP 695, infer_variance): a class is covariant in T if each of
// its members and bases with T is a subtype of the same with object in its place, contravariant the other way round.
// Variables that are asked for while they are being inferred count as covariant.
#include <algorithm>

#include "checker/relations/relations.h"

namespace krait::relations {

static thread_local std::vector<TypeVarId> in_progress;

// Results that are just the class itself say nothing: values of its variables are handed on.
static TypeId withoutSelfResult(World& w, TypeId type, TypeId self) {
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kOverloaded)) {
    std::vector<TypeId> items;
    for (TypeId item : std::vector<TypeId>(w.types[plain].args().begin(), w.types[plain].args().end())) {
      items.push_back(withoutSelfResult(w, item, self));
    }
    return w.types.overloaded(items);
  }
  if (!w.types.is(plain, TypeKind::kCallable) || proper(w, w.types.callable(plain).ret()) != self) return type;
  CallableParts parts = w.types.parts(plain);
  parts.ret = w.types.any(AnyKind::kImplementationArtifact);
  return w.types.callable(parts);
}

namespace {
struct Findings {
  bool co = true, contra = true;
};
}  // namespace

static void compare(World& w, TypeId type, const Substitution& widened, Findings& out) {
  TypeId wide = substitute(w, type, widened);
  if (wide == type) return;
  if (!isSubtype(w, type, wide)) out.co = false;
  if (!isSubtype(w, wide, type)) out.contra = false;
}

// What everything is that the variable may stand for.
static TypeId widestFor(World& w, TypeVarId variable) {
  TypeId object = objectType(w);
  if (w.type_vars[variable].kind == TypeVarKind::kTypeVarTuple) {
    TypeId item = w.types.unpack(builtinType(w, "tuple", object));
    return w.types.tuple(std::span<const TypeId>(&item, 1), builtinType(w, "tuple"));
  }
  if (w.type_vars[variable].kind == TypeVarKind::kTypeVar) return object;
  CallableParts parts;
  parts.add(NameId::none(), ParamKind::kStar, object);
  parts.add(NameId::none(), ParamKind::kStar2, object);
  return w.types.parameters(parts);
}

static Variance inferOne(World& w, ClassId cls, TypeVarId variable) {
  Findings found;
  Substitution widened;
  widened.add(variable, widestFor(w, variable));
  TypeId self = selfInstanceOf(w, cls);
  std::vector<ClassId> mro = w.header(cls).mro;
  std::vector<NameId> seen;
  for (ClassId base : mro) {
    if (isNamed(w, base, "builtins.object")) continue;
    w.members(base);
    if (w.classes[base].self_attributes == Progress::kNot) w.hooks.complete_self_attributes(w, base);
    for (SymbolId symbol : std::vector<SymbolId>(w.scopes[w.classes[base].scope].names.in_order)) {
      NameId name = w.symbols[symbol].name;
      if (std::find(seen.begin(), seen.end(), name) != seen.end()) continue;
      seen.push_back(name);
      std::string_view text = w.text(name);
      SymbolKind kind = w.resolved(symbol).kind;
      if (text == "__init__" || text == "__new__" || text == "__slots__" || text == "__match_args__") continue;
      if (kind != SymbolKind::kVariable && kind != SymbolKind::kFunction) continue;
      if (text == "__replace__" && w.symbols[symbol].has(kIsSynthesised)) continue;
      // A method that says what self is does not speak of the class's own variables.
      bool says_self = w.symbols[symbol].has(kIsExplicitSelf);
      TypeId type = says_self ? substituteByInstance(w, w.hooks.symbol_type(w, symbol), mapToSupertype(w, self, base))
                              : findMemberType(w, name, self, self);
      if (!type.valid() || !w.types[type].has(kHasTypeVars)) continue;
      type = withoutSelfResult(w, type, self);
      compare(w, type, widened, found);
      bool mentions = substitute(w, type, widened) != type;
      bool is_private = text.starts_with("_") && !text.ends_with("__") && kind == SymbolKind::kVariable;
      if (mentions && !is_private && memberFlags(w, name, self).settable) {
        found.co = false;
        if (follows(w.options, Divergence::kVariadicVariance)) found.contra = false;
      }
    }
  }
  for (TypeId base : std::vector<TypeId>(w.header(cls).bases)) compare(w, base, widened, found);
  if (w.classes[cls].tuple_type.valid()) compare(w, w.classes[cls].tuple_type, widened, found);
  if (found.co) return Variance::kCovariant;
  return found.contra ? Variance::kContravariant : Variance::kInvariant;
}

void inferVariance(World& w, TypeVarId variable) {
  TypeVarInfo& info = w.type_vars[variable];
  if (info.variance != Variance::kNotReady) return;
  bool has_variance = info.kind == TypeVarKind::kTypeVar || follows(w.options, Divergence::kVariadicVariance);
  if (!has_variance || !info.class_scope.valid()) {
    if (info.function_scope.valid() || info.alias_scope.valid()) info.variance = Variance::kInvariant;
    if (info.kind != TypeVarKind::kTypeVar) info.variance = Variance::kCovariant;
    return;
  }
  if (std::find(in_progress.begin(), in_progress.end(), variable) != in_progress.end()) return;
  in_progress.push_back(variable);
  Variance variance = inferOne(w, info.class_scope, variable);
  in_progress.pop_back();
  w.type_vars[variable].variance = variance;
}

}  // namespace krait::relations
