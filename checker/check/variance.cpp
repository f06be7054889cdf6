// Declared variance against use: type variables of protocols, covariant parameters and contravariant results, and (by the
// typing specification) the places in which a class hands its variables to its bases.
#include "checker/check/check.h"

namespace krait::check {

static const char* nameOf(Variance variance) {
  switch (variance) {
    case Variance::kCovariant: return "covariant";
    case Variance::kContravariant: return "contravariant";
    default: return "invariant";
  }
}

// A protocol's variable must have the variance that the members ask for.
static void checkProtocol(Checker& c, ClassId cls, NodeId node) {
  World& w = c.w;
  std::vector<TypeVarId> variables = w.header(cls).type_vars;
  SubtypeOptions o;
  o.ignore_declared_variance = true;
  for (size_t i = 0; i < variables.size(); ++i) {
    const TypeVarInfo& info = w.type_vars[variables[i]];
    if (info.kind != TypeVarKind::kTypeVar) continue;
    TypeVarId definition = info.definition.valid() ? info.definition : variables[i];
    if (w.type_vars[definition].variance == Variance::kNotReady) continue;
    std::vector<TypeId> up_args(variables.size(), w.types.any(AnyKind::kSpecialForm)), down_args = up_args;
    bool has_other = false;
    for (size_t j = 0; j < variables.size(); ++j) {
      has_other = has_other || w.type_vars[variables[j]].kind == TypeVarKind::kTypeVarTuple;
      if (w.type_vars[variables[j]].kind == TypeVarKind::kParamSpec) up_args[j] = down_args[j] = ellipsisParameters(w);
    }
    if (has_other) return;
    up_args[i] = objectType(w);
    down_args[i] = w.types.never();
    TypeId up = w.types.instance(cls, up_args), down = w.types.instance(cls, down_args);
    Variance expected = Variance::kInvariant;
    if (isProtocolImplementation(w, down, up, o)) {
      expected = Variance::kCovariant;
    } else if (isProtocolImplementation(w, up, down, o)) {
      expected = Variance::kContravariant;
    }
    if (expected == info.variance) continue;
    std::string actual = nameOf(info.variance);
    actual[0] = static_cast<char>(actual[0] - 32);
    fail(c, node, Code::kMisc,
         actual + " type variable \"" + std::string(w.text(info.name)) + "\" used in protocol where " + nameOf(expected) + " one is expected");
  }
}

static Variance composed(Variance outer, Variance inner) {
  if (outer == Variance::kInvariant || inner == Variance::kInvariant) return Variance::kInvariant;
  return outer == inner ? Variance::kCovariant : Variance::kContravariant;
}

// Does every declared variable of the class occur in the type where its variance allows?
static bool variablesFit(World& w, TypeId type, ClassId cls, Variance place) {
  const Type& record = w.types[proper(w, type)];
  if (!record.has(kHasTypeVars)) return true;
  if (record.kind == TypeKind::kTypeVar) {
    const TypeVarInfo& info = w.type_vars[TypeVarId(record.ref)];
    if (info.kind != TypeVarKind::kTypeVar || info.class_scope != cls || info.is_self) return true;
    if (info.variance != Variance::kCovariant && info.variance != Variance::kContravariant) return true;
    return info.variance == place;
  }
  if (record.kind == TypeKind::kInstance) {
    std::vector<TypeVarId> variables = w.header(record.cls()).type_vars;
    for (size_t i = 0; i < variables.size() && i < record.count; ++i) {
      if (w.type_vars[variables[i]].kind != TypeVarKind::kTypeVar) continue;
      if (!variablesFit(w, record.items[i], cls, composed(place, varianceOf(w, variables[i])))) return false;
    }
    return true;
  }
  if (record.kind == TypeKind::kTuple || record.kind == TypeKind::kUnion) {
    for (TypeId item : record.args()) {
      if (!variablesFit(w, item, cls, place)) return false;
    }
  }
  return true;
}

// A variable with a variance must have that of the base's variable for which it stands. ref: mypy checker.visit_class_def
static void checkBaseArguments(Checker& c, ClassId cls, NodeId node) {
  World& w = c.w;
  if (w.header(cls).type_vars.empty()) return;
  for (TypeId base : std::vector<TypeId>(w.header(cls).bases)) {
    TypeId plain = proper(w, base);
    if (w.types.is(plain, TypeKind::kTuple) || w.types.is(plain, TypeKind::kTypedDict)) plain = w.types[plain].extra;
    if (!w.types.is(plain, TypeKind::kInstance)) continue;
    const std::vector<TypeVarId> variables = w.header(w.types[plain].cls()).type_vars;
    for (size_t i = 0; i < variables.size() && i < w.types[plain].count; ++i) {
      TypeId argument = proper(w, w.types[plain].items[i]);
      if (!isPlainTypeVar(w, argument) || w.type_vars[variables[i]].kind != TypeVarKind::kTypeVar) continue;
      Variance own = typeVarOf(w, argument).variance;
      bool declares = own == Variance::kCovariant || own == Variance::kContravariant;
      Variance theirs = w.type_vars[variables[i]].variance;
      if (!declares || theirs == own || (theirs != Variance::kCovariant && theirs != Variance::kContravariant && theirs != Variance::kInvariant)) continue;
      fail(c, node, Code::kTypeVar, "Variance of TypeVar \"" + std::string(w.text(typeVarOf(w, argument).name)) + "\" incompatible with variance in parent type");
    }
  }
}

void checkClassVariance(Checker& c, ClassId cls, NodeId node) {
  World& w = c.w;
  const ClassInfo& info = w.header(cls);
  checkClassTypeParams(c, cls, node);
  if (info.has(kClassHasTypeParams)) return;
  if (info.has(kClassProtocol)) checkProtocol(c, cls, node);
  if (!follows(*c.options, Divergence::kBaseVariance)) return checkBaseArguments(c, cls, node);
  for (TypeId base : std::vector<TypeId>(info.bases)) {
    if (variablesFit(w, base, cls, Variance::kCovariant)) continue;
    fail(c, node, Code::kTypeVar, "Variance of a type variable is incompatible with base class " + formatType(w, base));
    return;
  }
}

// Does the type use the class's ParamSpecs and TypeVarTuples only as their declared variances allow in this place?
static bool variadicsFit(World& w, TypeId type, ClassId cls, Variance place) {
  type = proper(w, type);
  const Type& record = w.types[type];
  if (!record.has(kHasTypeVars)) return true;
  if (record.kind == TypeKind::kTypeVar) {
    const TypeVarInfo& info = w.type_vars[TypeVarId(record.ref)];
    bool declares = info.variance == Variance::kCovariant || info.variance == Variance::kContravariant;
    if (info.kind == TypeVarKind::kTypeVar || info.class_scope != cls || !declares) return true;
    return info.variance == place;
  }
  Variance turned = place == Variance::kCovariant ? Variance::kContravariant : Variance::kCovariant;
  if (record.kind == TypeKind::kCallable) {
    CallableView view = w.types.callable(type);
    for (TypeId param : view.types()) {
      if (!variadicsFit(w, param, cls, turned)) return false;
    }
    return variadicsFit(w, view.ret(), cls, place);
  }
  if (record.kind != TypeKind::kTuple && record.kind != TypeKind::kUnion && record.kind != TypeKind::kUnpack) return true;
  for (TypeId item : record.args()) {
    if (!variadicsFit(w, item, cls, place)) return false;
  }
  return true;
}

static void checkVariadicUse(Checker& c, const FunctionInfo& function, const CallableView& view) {
  World& w = c.w;
  std::string_view name = w.text(function.name);
  if (!function.owner.valid() || name == "__init__" || name == "__new__" || !follows(*c.options, Divergence::kVariadicVariance)) return;
  bool fits = variadicsFit(w, view.ret(), function.owner, Variance::kCovariant);
  for (TypeId type : view.types()) fits = fits && variadicsFit(w, type, function.owner, Variance::kContravariant);
  if (!fits) fail(c, function.node, Code::kMisc, "Variance of a type variable does not allow its use in this signature");
}

void checkSignatureVariance(Checker& c, FunctionId id, TypeId signature) {
  World& w = c.w;
  const FunctionInfo& function = w.functions[id];
  std::string_view name = w.text(function.name);
  CallableView view = w.types.callable(signature);
  checkVariadicUse(c, function, view);
  auto def = c.ast->as<syntax::FunctionDef>(function.node);
  TypeId ret = proper(w, view.ret());
  if (isPlainTypeVar(w, ret) && typeVarOf(w, ret).variance == Variance::kContravariant) {
    fail(c, def.returns().valid() ? def.returns() : function.node, Code::kMisc, "Cannot use a contravariant type variable as return type");
  }
  bool is_private = name.starts_with("__") && !name.ends_with("__");
  if (!function.owner.valid() || name == "__init__" || name == "__new__" || name == "__post_init__" || is_private) return;
  NodeList params = c.ast->as<syntax::Parameters>(def.params()).params();
  for (size_t i = function.has(kFnStatic) ? 0 : 1; i < params.size() && i < view.paramCount(); ++i) {
    TypeId type = proper(w, view.types()[i]);
    if (!isPlainTypeVar(w, type) || typeVarOf(w, type).is_self || typeVarOf(w, type).variance != Variance::kCovariant) continue;
    NodeId where = c.ast->as<syntax::Parameter>(params[i]).annotation();
    fail(c, where.valid() ? where : params[i], Code::kMisc, "Cannot use a covariant type variable as a parameter");
  }
}

}  // namespace krait::check
