// The subtype relation, one function for each kind on the left. Recursion (recursive aliases, recursive protocols) is
// cut by assuming what is being asked: `assumptions` holds the questions that are open.
#include <unordered_map>

#include "checker/relations/literal_string.h"
#include "checker/relations/subtype_internal.h"

namespace krait::relations {

static bool subtypeOfUnion(World& w, TypeId left, TypeId right, const SubtypeOptions& o, bool& decided) {
  decided = true;
  for (TypeId item : w.types[right].args()) {
    if (isSubtype(w, left, item, o)) return true;
  }
  const Type& type = w.types[left];
  if (type.kind == TypeKind::kInstance) {
    const ClassInfo& info = w.header(type.cls());
    if (info.has(kClassEnum) || info.fullname == "builtins.bool") {
      TypeId expanded = expandSumType(w, left, {});
      if (w.types.is(expanded, TypeKind::kUnion)) {
        bool all = true;
        for (TypeId value : w.types[expanded].args()) {
          bool found = false;
          for (TypeId item : w.types[right].args()) found = found || value == item;
          all = all && found;
        }
        return all;
      }
    }
  }
  decided = type.kind != TypeKind::kTypeVar && type.kind != TypeKind::kUnpack;
  return false;
}

// The variance with which arguments for the variable compare. Parameters compare as functions do: what takes more is the
// subtype, so that a ParamSpec's variance is turned round.
static Variance argumentVariance(World& w, TypeVarId variable) {
  TypeVarKind kind = w.type_vars[variable].kind;
  if (kind == TypeVarKind::kTypeVar) return varianceOf(w, variable);
  if (follows(w.options, Divergence::kVariadicVariance)) {
    Variance declared = varianceOf(w, variable);
    if (kind == TypeVarKind::kTypeVarTuple || declared == Variance::kInvariant) return declared;
    return declared == Variance::kCovariant ? Variance::kContravariant : Variance::kCovariant;
  }
  bool is_contravariant = kind == TypeVarKind::kParamSpec && varianceOf(w, variable) == Variance::kContravariant;
  return is_contravariant ? Variance::kContravariant : Variance::kCovariant;
}

// Do the arguments of two instances of one class fit its variances?
static bool argumentsFit(World& w, TypeId left, TypeId right, const SubtypeOptions& o) {
  const Type& a = w.types[left];
  const Type& b = w.types[right];
  const ClassInfo& info = w.header(b.cls());
  if (a.count == 0 || b.count == 0) return true;
  std::vector<TypeId> left_args(a.args().begin(), a.args().end());
  std::vector<TypeId> right_args(b.args().begin(), b.args().end());
  std::vector<TypeVarId> variables(info.type_vars);
  for (size_t i = 0; i < variables.size(); ++i) {
    if (w.type_vars[variables[i]].kind != TypeVarKind::kTypeVarTuple) continue;
    Substitution left_map = argumentMap(w, b.cls(), left_args);
    Substitution right_map = argumentMap(w, b.cls(), right_args);
    left_args.clear();
    right_args.clear();
    for (TypeVarId variable : variables) {
      left_args.push_back(left_map.find(variable));
      right_args.push_back(right_map.find(variable));
    }
    break;
  }
  size_t count = std::min({variables.size(), left_args.size(), right_args.size()});
  for (size_t i = 0; i < count; ++i) {
    if (left_args[i] == right_args[i]) continue;
    Variance variance = argumentVariance(w, variables[i]);
    if (o.ignore_declared_variance || o.always_covariant) {
      if (o.always_covariant && variance == Variance::kInvariant) variance = Variance::kCovariant;
    }
    if (!fitsVariance(w, left_args[i], right_args[i], variance, o)) return false;
  }
  return true;
}

bool fitsVariance(World& w, TypeId left, TypeId right, Variance variance, const SubtypeOptions& o) {
  if (variance == Variance::kInvariant) {
    TypeId plain = proper(w, left);
    if (w.types.is(plain, TypeKind::kNever) && w.types[plain].sub == 1) return true;
    if (o.proper) return isSameType(w, left, right, o.ignore_promotions);
    return isSubtype(w, left, right, o) && isSubtype(w, right, left, o);
  }
  if (variance == Variance::kContravariant) return isSubtype(w, right, left, o);
  return isSubtype(w, left, right, o);
}

static bool promotes(World& w, TypeId left, TypeId right, const SubtypeOptions& o) {
  const ClassInfo& info = w.header(w.types[left].cls());
  for (size_t i = 0; i < info.mro.size(); ++i) {
    std::vector<ClassId> targets = w.header(info.mro[i]).promotes;
    for (ClassId target : targets) {
      bool strict = w.options.strict_bytes;
      if ((strict || w.options.disable_bytearray_promotion) && w.classes[info.mro[i]].fullname == "builtins.bytearray") continue;
      if ((strict || w.options.disable_memoryview_promotion) && w.classes[info.mro[i]].fullname == "builtins.memoryview") continue;
      if (isSubtype(w, w.types.instance(target), right, o)) return true;
    }
  }
  return false;
}

static bool instanceOfInstance(World& w, TypeId left, TypeId right, const SubtypeOptions& o) {
  const Type& a = w.types[left];
  const Type& b = w.types[right];
  const ClassInfo& right_info = w.header(b.cls());
  if (!o.ignore_promotions && !right_info.has(kClassProtocol) && promotes(w, left, right, o)) return true;
  if (right_info.fullname == "builtins.object") return true;
  if (!o.ignore_promotions && isNativeInt(w, left) && right_info.fullname == "builtins.int") return true;
  if (b.sub == 1) return isLiteralText(w, left);
  if (isSubclass(w, a.cls(), b.cls()) && !(o.ignore_declared_variance && right_info.has(kClassProtocol))) {
    TypeId mapped = mapToSupertype(w, left, b.cls());
    if (o.erase_instances) mapped = eraseType(w, mapped);
    if (argumentsFit(w, mapped, right, o)) return true;
    return false;
  }
  if (right_info.has(kClassProtocol)) return isProtocolImplementation(w, left, right, o);
  return false;
}

static bool instanceOfType(World& w, TypeId left, TypeId right, const SubtypeOptions& o) {
  if (o.proper) return false;
  TypeId item = proper(w, w.types[right].items[0]);
  if (w.types.is(item, TypeKind::kTuple)) item = fallbackOf(w, item);
  if (isNamed(w, left, "builtins.type")) return isSubtype(w, w.types.typeType(w.types.any()), right, o);
  if (isMetaclass(w, w.types[left].cls())) {
    if (w.types.is(item, TypeKind::kAny)) return true;
    if (w.types.is(item, TypeKind::kInstance)) return isObject(w, item);
  }
  return false;
}

bool isNamedTupleOf(World& w, TypeId left, TypeId right) {
  if (!w.types.is(left, TypeKind::kInstance) || (!isNamed(w, right, "typing.NamedTuple") && !isNamed(w, right, "typing_extensions.NamedTuple"))) return false;
  for (ClassId base : w.header(w.types[left].cls()).mro) {
    if (w.classes[base].has(kClassNamedTuple)) return true;
  }
  return false;
}

// Self of a class that has no class below it: just that class.
static bool isSelfOfFinal(World& w, TypeId type) {
  if (!isPlainTypeVar(w, type) || !typeVarOf(w, type).is_self) return false;
  TypeId bound = proper(w, upperBound(w, TypeVarId(w.types[type].ref)));
  if (!w.types.is(bound, TypeKind::kInstance)) return false;
  const ClassInfo& info = w.header(w.types[bound].cls());
  return info.has(kClassFinal) || (info.has(kClassEnum) && !enumMembers(w, w.types[bound].cls()).empty());
}

static bool leftInstance(World& w, TypeId left, TypeId right, const SubtypeOptions& o) {
  const Type& a = w.types[left];
  const Type& b = w.types[right];
  if (w.header(a.cls()).has(kClassFallbackToAny) && !o.proper) {
    // No class can be a subtype of None, not even through an unknown base.
    return b.kind != TypeKind::kNone;
  }
  switch (b.kind) {
    case TypeKind::kInstance: return instanceOfInstance(w, left, right, o) || isNamedTupleOf(w, left, right);
    case TypeKind::kTuple: return instanceOfTuple(w, left, right, o);
    case TypeKind::kTypeType: return instanceOfType(w, left, right, o);
    case TypeKind::kLiteral: return a.extra.valid() && isSubtype(w, a.extra, right, o);
    case TypeKind::kTypeVar:
      if (isSelfOfFinal(w, right)) return isSubtype(w, left, upperBound(w, TypeVarId(b.ref)), o);
      return isTypeVarTuple(w, right) && isNamed(w, left, "builtins.tuple") && a.count == 1 &&
             w.types.is(proper(w, a.items[0]), TypeKind::kAny) && !o.proper;
    case TypeKind::kCallable: {
      TypeId call = findMemberType(w, w.names.__call__, left, left);
      return call.valid() && isSubtype(w, call, right, o);
    }
    case TypeKind::kOverloaded: {
      TypeId call = findMemberType(w, w.names.__call__, left, left);
      return call.valid() && isSubtype(w, call, right, o);
    }
    default: return false;
  }
}

// Parameters that end with `...`, as of Concatenate[int, ...].
static bool isOpenBehindPrefix(World& w, TypeId parameters) {
  CallableView view = w.types.callable(parameters);
  if (view.paramCount() < 2 || view.params().back().kind != ParamKind::kStar2) return false;
  if (view.params()[view.paramCount() - 2].kind != ParamKind::kStar) return false;
  return w.types.is(proper(w, view.types()[view.paramCount() - 2]), TypeKind::kAny) && w.types.is(proper(w, view.types().back()), TypeKind::kAny);
}

// A ParamSpec, perhaps behind a prefix, with `...` in its place.
static TypeId withEllipsisFor(World& w, TypeId spec) {
  Substitution map;
  map.add(TypeVarId(w.types[spec].ref), ellipsisParameters(w));
  return substitute(w, spec, map);
}

static bool leftTypeVar(World& w, TypeId left, TypeId right, const SubtypeOptions& o) {
  const Type& a = w.types[left];
  const Type& b = w.types[right];
  TypeVarId variable(a.ref);
  const TypeVarInfo& info = w.type_vars[variable];
  if (b.kind == TypeKind::kTypeVar && b.ref != a.ref && rootVariable(w, variable) == rootVariable(w, TypeVarId(b.ref))) {
    return isSubtype(w, upperBound(w, variable), upperBound(w, TypeVarId(b.ref)), o);
  }
  if (b.kind == TypeKind::kTypeVar && b.ref == a.ref) {
    if (info.kind != TypeVarKind::kParamSpec) return true;
    if (a.sub != b.sub) return false;
    TypeId empty = w.types.parameters({});
    CallableOptions options{o};
    return areParametersCompatible(w, a.count > 0 ? a.items[0] : empty, b.count > 0 ? b.items[0] : empty, options);
  }
  if (info.kind == TypeVarKind::kParamSpec) {
    if (b.kind == TypeKind::kParameters && w.types.callable(right).has(kEllipsisArgs)) return true;
    if (b.kind == TypeKind::kParameters && isOpenBehindPrefix(w, right)) return isSubtype(w, withEllipsisFor(w, left), right, o);
    return isSubtype(w, fallbackOf(w, left), right, o);
  }
  std::vector<TypeId> values = valuesOf(w, variable);
  if (!values.empty() && isSubtype(w, simplifiedUnion(w, values), right, o)) return true;
  return isSubtype(w, upperBound(w, variable), right, o);
}

// At run time, what NewType() makes is a function.
static bool isNewTypeObject(World& w, const CallableView& view) {
  if (!view.isTypeObject()) return false;
  TypeId made = proper(w, view.made());
  if (w.types.is(made, TypeKind::kTuple)) made = w.types[made].extra;
  return w.types.is(made, TypeKind::kInstance) && w.classes[w.types[made].cls()].has(kClassNewType);
}

// `type` itself, or type[Any].
static bool isBareType(World& w, TypeId type) {
  if (!w.types.is(type, TypeKind::kTypeType)) return isNamed(w, type, "builtins.type");
  TypeId item = proper(w, w.types[type].items[0]);
  return w.types.is(item, TypeKind::kAny) || isObject(w, item);
}

static bool leftCallable(World& w, TypeId left, TypeId right, const SubtypeOptions& o) {
  CallableView a = w.types.callable(left);
  const Type& b = w.types[right];
  if (isBareType(w, right) && isNewTypeObject(w, a) && follows(w.options, Divergence::kNewTypeObject)) return false;
  switch (b.kind) {
    case TypeKind::kCallable: {
      CallableView other = w.types.callable(right);
      if (a.has(kTypeGuard) && other.has(kTypeGuard)) {
        if (!isSubtype(w, a.guard(), other.guard(), o)) return false;
      } else if (a.has(kTypeIs) && other.has(kTypeIs)) {
        if (!isSameType(w, a.guard(), other.guard())) return false;
      } else if (other.guard().valid()) {
        // An ordinary function that returns bool is no type guard.
        return false;
      }
      CallableOptions options{o};
      return isCallableCompatible(w, left, right, options);
    }
    case TypeKind::kOverloaded:
      for (TypeId item : b.args()) {
        if (!isSubtype(w, left, item, o)) return false;
      }
      return true;
    case TypeKind::kInstance: return functionOfInstance(w, left, right, o);
    case TypeKind::kTypeType: return a.isTypeObject() && isSubtype(w, a.made(), b.items[0], o);
    default: return false;
  }
}

static bool overloadedOfOverloaded(World& w, TypeId left, TypeId right, const SubtypeOptions& o) {
  std::span<const TypeId> left_items = w.types[left].args();
  size_t previous = 0;
  std::vector<bool> matched(left_items.size());
  CallableOptions options{o};
  options.ignore_return = true;
  if (!o.proper && follows(w.options, Divergence::kOverloadOrder)) {
    for (TypeId right_item : w.types[right].args()) {
      if (!isSubtype(w, left, right_item, o)) return false;
    }
    return true;
  }
  for (TypeId right_item : w.types[right].args()) {
    bool found = false;
    for (size_t i = 0; i < left_items.size() && !found; ++i) {
      if (isSubtype(w, left_items[i], right_item, o) && previous <= i) {
        previous = i;
        matched[i] = true;
        found = true;
      } else if (!matched[i] && (isCallableCompatible(w, left_items[i], right_item, options) ||
                                 isCallableCompatible(w, right_item, left_items[i], options))) {
        return false;
      }
    }
    if (!found) return false;
  }
  return true;
}

static bool leftOverloaded(World& w, TypeId left, TypeId right, const SubtypeOptions& o) {
  const Type& a = w.types[left];
  const Type& b = w.types[right];
  switch (b.kind) {
    case TypeKind::kInstance: return functionOfInstance(w, left, right, o);
    case TypeKind::kCallable:
      for (TypeId item : a.args()) {
        if (isSubtype(w, item, right, o)) return true;
      }
      return false;
    case TypeKind::kOverloaded: return overloadedOfOverloaded(w, left, right, o);
    case TypeKind::kTypeType: {
      CallableView first = w.types.callable(a.items[0]);
      return first.isTypeObject() && isSubtype(w, first.made(), b.items[0], o);
    }
    default: return false;
  }
}

// Does the protocol ask how its values are called? Of a class that is its constructor, not what `type` says of all classes.
static bool asksForCall(World& w, TypeId protocol, TypeId metaclass) {
  ClassId cls = w.types[protocol].cls();
  if (!w.header(cls).has(kClassProtocol) || !isNamed(w, metaclass, "builtins.type")) return false;
  for (NameId member : protocolMembers(w, cls)) {
    if (member == w.names.__call__) return true;
  }
  return false;
}

bool functionOfInstance(World& w, TypeId left, TypeId right, const SubtypeOptions& o) {
  ClassId cls = w.types[right].cls();
  const ClassInfo& info = w.header(cls);
  if (info.has(kClassProtocol)) {
    std::vector<NameId> members = protocolMembers(w, cls);
    bool has_call = false;
    for (NameId member : members) has_call = has_call || member == w.names.__call__;
    if (has_call) {
      TypeId call = findMemberType(w, w.names.__call__, right, right);
      SubtypeOptions call_options = o;
      call_options.ignore_positional_names = false;
      if (call.valid() && isSubtype(w, left, call, call_options)) {
        if (members.size() == 1) return true;
        if (isProtocolImplementation(w, fallbackOf(w, left), right, o, false, w.names.__call__)) return true;
      }
    }
    TypeId first = w.types.is(left, TypeKind::kOverloaded) ? w.types[left].items[0] : left;
    CallableView view = w.types.callable(first);
    if (view.isTypeObject()) {
      TypeId ret = proper(w, view.made());
      if (w.types.is(ret, TypeKind::kTuple) || w.types.is(ret, TypeKind::kTypedDict)) ret = fallbackOf(w, ret);
      if (w.types.is(ret, TypeKind::kInstance) && isProtocolImplementation(w, ret, right, o, true)) return true;
      if (asksForCall(w, right, fallbackOf(w, left))) return false;
    }
  }
  return isSubtype(w, fallbackOf(w, left), right, o);
}

static bool leftTypeType(World& w, TypeId left, TypeId right, const SubtypeOptions& o) {
  const Type& a = w.types[left];
  const Type& b = w.types[right];
  // A type form may be no class: it is an object, and only what takes type forms takes it.
  if (a.sub == 1 && b.kind != TypeKind::kTypeType) return b.kind == TypeKind::kInstance && isObject(w, right);
  if (a.sub == 1 && b.sub == 0) return false;
  switch (b.kind) {
    case TypeKind::kTypeType: return isSubtype(w, a.items[0], b.items[0], o);
    case TypeKind::kOverloaded: {
      CallableView first = w.types.callable(b.items[0]);
      return first.isTypeObject() && isSubtype(w, left, b.items[0], o);
    }
    case TypeKind::kCallable: {
      CallableView other = w.types.callable(right);
      if (o.proper && !other.isTypeObject()) return false;
      TypeId item = proper(w, a.items[0]);
      if (w.types.is(item, TypeKind::kInstance) && !other.isTypeObject()) {
        // A class whose call gives something else.
        TypeId constructor = classCallable(w, w.types[item].cls());
        if (w.types.is(constructor, TypeKind::kCallable) && w.types.callable(constructor).has(kOtherResult)) {
          return isSubtype(w, w.types.callable(constructor).ret(), other.ret(), o);
        }
      }
      return isSubtype(w, a.items[0], other.ret(), o);
    }
    case TypeKind::kInstance: {
      if (isObject(w, right) || isNamed(w, right, "builtins.type")) return true;
      TypeId item = proper(w, a.items[0]);
      if (w.types.is(item, TypeKind::kTypeVar)) item = proper(w, upperBound(w, TypeVarId(w.types[item].ref)));
      if (w.types.is(item, TypeKind::kTuple)) item = fallbackOf(w, item);
      if (w.types.is(item, TypeKind::kAny) && !o.proper) {
        return isSubtype(w, builtinType(w, "type"), right, o) || isMetaclass(w, b.cls()) ||
               w.header(b.cls()).has(kClassProtocol);
      }
      if (!w.types.is(item, TypeKind::kInstance)) return false;
      if (w.header(b.cls()).has(kClassProtocol) && isProtocolImplementation(w, item, right, o, true)) return true;
      TypeId metaclass = w.header(w.types[item].cls()).metaclass;
      if (!metaclass.valid()) metaclass = builtinType(w, "type");
      return !asksForCall(w, right, metaclass) && isSubtype(w, metaclass, right, o);
    }
    default: return false;
  }
}

static bool leftNone(World& w, TypeId right, const SubtypeOptions& o) {
  const Type& b = w.types[right];
  if (!w.options.strict_optional && !o.proper) return true;
  if (b.kind == TypeKind::kNone) return true;
  if (b.kind != TypeKind::kInstance) return false;
  if (isObject(w, right)) return true;
  const ClassInfo& info = w.header(b.cls());
  if (!info.has(kClassProtocol)) return false;
  ClassId object = lookupClass(w, "builtins", "object");
  for (NameId member : protocolMembers(w, b.cls())) {
    if (member == w.names.__bool__ || member == w.names.__hash__ || member == w.names.__eq__) continue;
    if (object.valid() && ownMember(w, object, member).valid()) continue;
    return false;
  }
  return true;
}

static bool dispatch(World& w, TypeId left, TypeId right, const SubtypeOptions& o) {
  const Type& a = w.types[left];
  const Type& b = w.types[right];
  switch (a.kind) {
    case TypeKind::kAny: return !o.proper || b.kind == TypeKind::kAny;
    case TypeKind::kNone: return leftNone(w, right, o);
    case TypeKind::kNever:
    case TypeKind::kDeleted: return true;
    case TypeKind::kErased: return !o.keep_erased || b.kind == TypeKind::kErased;
    case TypeKind::kUnbound: return true;
    case TypeKind::kInstance: return leftInstance(w, left, right, o);
    case TypeKind::kTypeVar: return leftTypeVar(w, left, right, o);
    case TypeKind::kUnpack:
      if (b.kind == TypeKind::kUnpack) return isSubtype(w, a.items[0], b.items[0], o);
      return isObject(w, right);
    case TypeKind::kTuple: return leftTuple(w, left, right, o);
    case TypeKind::kUnion: {
      for (TypeId item : a.args()) {
        if (!isSubtype(w, item, right, o)) return false;
      }
      return true;
    }
    case TypeKind::kLiteral:
      if (b.kind == TypeKind::kLiteral) return left == right;
      if (isLiteralString(w, right)) return isLiteralText(w, left);
      return isSubtype(w, a.extra, right, o);
    case TypeKind::kCallable: return leftCallable(w, left, right, o);
    case TypeKind::kParameters: {
      if (b.kind != TypeKind::kParameters) {
        bool is_spec = b.kind == TypeKind::kTypeVar && w.type_vars[TypeVarId(b.ref)].kind == TypeVarKind::kParamSpec;
        if (is_spec && !o.proper && w.types.callable(left).has(kEllipsisArgs)) return true;
        if (is_spec && !o.proper && isOpenBehindPrefix(w, left)) return isSubtype(w, left, withEllipsisFor(w, right), o);
        return b.kind == TypeKind::kInstance && isObject(w, right);
      }
      CallableOptions options{o};
      options.base.ignore_positional_names = false;
      return areParametersCompatible(w, left, right, options);
    }
    case TypeKind::kOverloaded: return leftOverloaded(w, left, right, o);
    case TypeKind::kTypeType: return leftTypeType(w, left, right, o);
    case TypeKind::kTypedDict: return leftTypedDict(w, left, right, o);
    case TypeKind::kModule:
      if (b.kind == TypeKind::kModule) return true;  // all are types.ModuleType
      if (b.kind == TypeKind::kInstance && w.header(b.cls()).has(kClassProtocol)) {
        return isProtocolImplementation(w, left, right, o);
      }
      return isSubtype(w, a.extra, right, o);
    case TypeKind::kPartial: return true;
    case TypeKind::kAlias: UNREACHABLE("aliases are resolved before");
  }
  return false;
}

namespace {

struct Question {
  TypeId left, right;
  bool proper;
};
// The open questions about recursive types of this thread.
thread_local std::vector<Question> assumptions;

// A question about unions, for the answers that are kept.
struct UnionQuestion {
  uint64_t types;
  SubtypeOptions options;
  bool operator==(const UnionQuestion&) const = default;
};
struct UnionQuestionHash {
  size_t operator()(const UnionQuestion& q) const { return (q.types ^ q.types >> 29) * 0xff51afd7ed558ccdull; }
};
// Unions nested in unions ask for the same pairs again and again: inside the outermost question about unions each pair
// is answered once.
thread_local std::unordered_map<UnionQuestion, bool, UnionQuestionHash> answered;
thread_local int open_unions = 0;

}  // namespace

static bool subtypeOfProper(World& w, TypeId left, TypeId right, const SubtypeOptions& o);

bool isSubtype(World& w, TypeId left, TypeId right, const SubtypeOptions& o) {
  if (left == right) return true;
  if (w.types.is(left, TypeKind::kAlias) || w.types.is(right, TypeKind::kAlias)) {
    for (const Question& open : assumptions) {
      if (open.left == left && open.right == right && open.proper == o.proper) return true;
    }
    if (assumptions.size() > 100) return true;
    assumptions.push_back({left, right, o.proper});
    bool result = isSubtype(w, proper(w, left), proper(w, right), o);
    assumptions.pop_back();
    return result;
  }
  if (!w.types.is(left, TypeKind::kUnion) && !w.types.is(right, TypeKind::kUnion)) return subtypeOfProper(w, left, right, o);
  UnionQuestion question{uint64_t{left.value} << 32 | right.value, o};
  bool is_kept = open_unions > 0 && assumptions.empty();
  if (is_kept) {
    auto known = answered.find(question);
    if (known != answered.end()) return known->second;
  }
  ++open_unions;
  bool result = subtypeOfProper(w, left, right, o);
  --open_unions;
  if (open_unions == 0) {
    if (!answered.empty()) answered.clear();
  } else if (is_kept) {
    answered.emplace(question, result);
  }
  return result;
}

// The question itself, about anything but aliases.
static bool subtypeOfProper(World& w, TypeId left, TypeId right, const SubtypeOptions& o) {
  const Type& b = w.types[right];
  if (!o.proper && (b.kind == TypeKind::kAny || b.kind == TypeKind::kUnbound)) return true;
  if (b.kind == TypeKind::kErased && !o.keep_erased) return true;
  if (b.kind == TypeKind::kUnion && w.types.kind(left) != TypeKind::kUnion) {
    bool decided = false;
    bool result = subtypeOfUnion(w, left, right, o, decided);
    if (result || decided) return result || (w.types.is(left, TypeKind::kAny) && !o.proper) ||
                                  w.types.is(left, TypeKind::kNever) || w.types.is(left, TypeKind::kDeleted);
  }
  return dispatch(w, left, right, o);
}

bool isProperSubtype(World& w, TypeId left, TypeId right, SubtypeOptions o) {
  o.proper = true;
  return isSubtype(w, left, right, o);
}

bool isEquivalent(World& w, TypeId a, TypeId b, const SubtypeOptions& o) {
  return isSubtype(w, a, b, o) && isSubtype(w, b, a, o);
}

bool isSameType(World& w, TypeId a, TypeId b, bool ignore_promotions) {
  if (a == b) return true;
  const Type& x = w.types[a];
  const Type& y = w.types[b];
  if (x.kind == TypeKind::kInstance && y.kind == TypeKind::kInstance) {
    if (x.ref != y.ref || x.count != y.count || x.sub != y.sub) return false;
    if (x.extra != y.extra && x.extra.valid() && y.extra.valid()) return false;
    for (uint32_t i = 0; i < x.count; ++i) {
      if (!isSameType(w, x.items[i], y.items[i], ignore_promotions)) return false;
    }
    return true;
  }
  if (x.kind == TypeKind::kTypeVar && y.kind == TypeKind::kTypeVar && x.ref != y.ref) return false;
  if (x.kind == TypeKind::kAny && y.kind == TypeKind::kAny) return true;
  SubtypeOptions o;
  o.ignore_promotions = ignore_promotions;
  return isProperSubtype(w, a, b, o) && isProperSubtype(w, b, a, o);
}

}  // namespace krait::relations
