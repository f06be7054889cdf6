// A class used as a value: the callable made of its __init__ or __new__ (typeops.type_object_type in mypy).
#include "checker/relations/relations.h"

namespace krait::relations {

static TypeId universalConstructor(World& w, ClassId cls) {
  CallableParts parts;
  TypeId any = w.types.any(AnyKind::kSpecialForm);
  parts.add(NameId::none(), ParamKind::kStar, any);
  parts.add(NameId::none(), ParamKind::kStar2, any);
  parts.ret = selfTypeOf(w, cls);
  parts.set(kTypeObject);
  parts.name = w.classes[cls].name;
  for (TypeVarId variable : w.classes[cls].type_vars) parts.vars.push_back(typeVarType(w, variable));
  return w.types.callable(parts);
}

// Is what __new__ is declared to return, or self to be, an instance of the class or of one below it?
static bool isOwnInstance(World& w, ClassId cls, TypeId self, TypeId type) {
  switch (w.types.kind(type)) {
    case TypeKind::kNever: return true;
    case TypeKind::kInstance: return isSubclass(w, w.types[type].cls(), cls);
    case TypeKind::kTuple: return isSubtype(w, type, eraseType(w, self));
    case TypeKind::kLiteral: return isSubtype(w, type, self);
    case TypeKind::kTypeType: return isMetaclass(w, cls);
    default: return false;
  }
}

// Does a declared result of __new__ that is no instance of the class count? Not what says nothing (no annotation), nor
// what an inherited __new__ says of the class that defines it. ref: mypy typeops.class_callable
static bool decidesResult(World& w, ClassId cls, ClassId owner, TypeId bound, TypeId type) {
  if (w.types.is(type, TypeKind::kAny)) return w.types[type].sub == static_cast<uint8_t>(AnyKind::kExplicit);
  if (w.types.callable(bound).has(kImplicit) || isMetaclass(w, cls)) return false;
  if (w.types.is(type, TypeKind::kInstance) && owner != cls) return !isSubclass(w, cls, w.types[type].cls());
  return true;
}

namespace {

// Where a constructor comes from: `type` is what __new__ returns or __init__ declares for self (or none).
struct ConstructorSource {
  ClassId owner;
  bool is_new = false;
  TypeId type;
};

}  // namespace

// One constructor signature, bound, as the class's callable.
static TypeId constructorOf(World& w, ClassId cls, TypeId bound, const ConstructorSource& source) {
  CallableParts parts = w.types.parts(bound);
  TypeId ret = selfTypeOf(w, cls);
  TypeId self = ret;
  TypeId declared = source.type.valid() ? proper(w, source.type) : source.type;
  bool is_plain = w.types.is(self, TypeKind::kInstance) && !w.classes[cls].has(kClassProtocol);
  parts.guard = TypeId::none();
  parts.clear(kTypeGuard);
  parts.clear(kTypeIs);
  if (declared.valid() && is_plain && isOwnInstance(w, cls, self, declared)) {
    ret = declared;
  } else if (declared.valid() && is_plain && source.is_new && decidesResult(w, cls, source.owner, bound, declared)) {
    ret = source.type;
  }
  // C[int] of a class C tells more of the instance; any other result says nothing of it.
  bool is_same_class = w.types.is(proper(w, ret), TypeKind::kInstance) && w.types[proper(w, ret)].cls() == cls;
  if (source.is_new && ret != self && is_plain && !is_same_class && !w.types.is(proper(w, ret), TypeKind::kTuple)) {
    parts.set(kOtherResult);
    parts.guard = self;
  }
  // An __init__ that never ends makes nothing.
  if (!source.is_new && is_plain && w.types.is(proper(w, parts.ret), TypeKind::kNever)) {
    ret = parts.ret;
    parts.set(kOtherResult);
    parts.guard = self;
  }
  parts.ret = ret;
  parts.set(kTypeObject);
  parts.set(kBound);
  parts.name = w.classes[cls].name;
  std::vector<TypeId> vars;
  for (TypeVarId variable : w.classes[cls].type_vars) vars.push_back(typeVarType(w, variable));
  vars.insert(vars.end(), parts.vars.begin(), parts.vars.end());
  parts.vars = vars;
  return w.types.callable(parts);
}

static size_t mroIndex(World& w, ClassId cls, ClassId owner) {
  const ClassInfo& info = w.classes[cls];
  for (size_t i = 0; i < info.mro.size(); ++i) {
    if (info.mro[i] == owner) return i;
  }
  return info.mro.size();
}

// A TypedDict takes its items as named arguments.
static TypeId typedDictConstructor(World& w, ClassId cls) {
  CallableParts parts;
  for (const TypedDictItem& item : w.types.typedDictItems(w.classes[cls].typed_dict_type)) {
    parts.add(item.name, item.required ? ParamKind::kNamed : ParamKind::kNamedOpt, item.type);
  }
  if (TypeId extra = w.types.typedDictExtra(w.classes[cls].typed_dict_type); extra.valid()) parts.add(NameId::none(), ParamKind::kStar2, extra);
  parts.ret = w.classes[cls].typed_dict_type;
  parts.set(kTypeObject);
  parts.name = w.classes[cls].name;
  for (TypeVarId variable : w.classes[cls].type_vars) parts.vars.push_back(typeVarType(w, variable));
  return w.types.callable(parts);
}

// A class's __new__ (is_new) or __init__ as the callable that the class is.
static TypeId constructorFrom(World& w, ClassId cls, const FoundMember& method, bool is_new) {
  TypeId type = w.hooks.symbol_type(w, method.symbol);
  if (!type.valid()) return w.types.any();
  type = proper(w, type);
  if (!w.types.is(type, TypeKind::kCallable) && !w.types.is(type, TypeKind::kOverloaded)) {
    if (w.types.is(type, TypeKind::kAny)) return universalConstructor(w, cls);
    TypeId call = findMemberType(w, w.names.__call__, type, type);
    if (!call.valid()) return w.types.any();
    type = call;
  }
  TypeId self = selfTypeOf(w, cls);
  TypeId mapped = mapToSupertype(w, selfInstanceOf(w, cls), method.owner);
  std::vector<TypeId> items;
  if (w.types.is(type, TypeKind::kOverloaded)) {
    items.assign(w.types[type].args().begin(), w.types[type].args().end());
  } else {
    items.push_back(type);
  }
  std::vector<TypeId> result;
  for (TypeId item : items) {
    ConstructorSource source{method.owner, is_new, {}};
    CallableView view = w.types.callable(item);
    TypeId bound;
    bool says_self = !is_new && view.paramCount() > 0 && w.symbols[method.symbol].has(kIsExplicitSelf);
    if (says_self && w.types.is(proper(w, view.types()[0]), TypeKind::kInstance)) {
      // The class's result is what self is declared to be: its variables stay open.
      CallableParts parts = w.types.parts(item);
      parts.params.erase(parts.params.begin());
      parts.types.erase(parts.types.begin());
      parts.set(kBound);
      bound = w.types.callable(parts);
    } else {
      bound = bindSelf(w, item, is_new ? w.types.typeType(self) : self, is_new);
    }
    bound = substituteByInstance(w, bound, mapped);
    if (is_new) {
      source.type = w.types.callable(bound).ret();
    } else if (view.paramCount() > 0 && w.symbols[method.symbol].has(kIsExplicitSelf)) {
      TypeId declared = view.types()[0];
      TypeId default_self = selfInstanceOf(w, method.owner);
      if (method.owner == cls && declared != default_self) source.type = declared;
    }
    result.push_back(constructorOf(w, cls, bound, source));
  }
  return w.types.overloaded(result);
}

namespace {

// The __init__ and the __new__ of a class, and which of them its callable is made of: the one nearer to the class.
struct Constructors {
  FoundMember init, creator;
  size_t init_at = 0, new_at = 0;
  bool is_new = false;

  bool found() const { return init.found(); }
  const FoundMember& chosen() const { return is_new ? creator : init; }
};

}  // namespace

static Constructors constructorsOf(World& w, ClassId cls) {
  Constructors both{findMember(w, cls, w.names.__init__), findMember(w, cls, w.names.__new__)};
  if (!both.init.found()) both.init = both.creator;
  if (!both.creator.found()) both.creator = both.init;
  if (!both.found()) return both;
  both.init_at = mroIndex(w, cls, both.init.owner);
  both.new_at = mroIndex(w, cls, both.creator.owner);
  both.is_new = both.init_at > both.new_at;
  if (both.init.symbol == both.creator.symbol) both.is_new = w.symbols[both.init.symbol].name == w.names.__new__;
  return both;
}

TypeId classCallable(World& w, ClassId cls) {
  if (w.header(cls).typed_dict_type.valid()) return typedDictConstructor(w, cls);
  Constructors both = constructorsOf(w, cls);
  if (!both.found()) return universalConstructor(w, cls);
  bool is_open = w.classes[cls].has(kClassFallbackToAny);
  bool of_object = both.init_at == both.new_at && both.init.symbol != both.creator.symbol && isNamed(w, both.init.owner, "builtins.object");
  if (is_open && (of_object || isNamed(w, both.chosen().owner, "builtins.object"))) return universalConstructor(w, cls);
  return constructorFrom(w, cls, both.chosen(), both.is_new);
}

// Does the callable take anything?
static bool takesAnything(World& w, TypeId type) {
  CallableView view = w.types.callable(type);
  if (view.paramCount() < 2) return false;
  size_t first = view.paramCount() - 2;
  for (size_t i = first; i < view.paramCount(); ++i) {
    if (!isStar(view.params()[i].kind) || !w.types.is(proper(w, view.types()[i]), TypeKind::kAny)) return false;
  }
  return first <= 1;
}

TypeId secondConstructor(World& w, ClassId cls) {
  const ClassInfo& info = w.header(cls);
  if (info.has(kClassFallbackToAny) || info.has(kClassEnum) || info.has(kClassProtocol) || info.typed_dict_type.valid() || isMetaclass(w, cls)) return TypeId::none();
  Constructors both = constructorsOf(w, cls);
  if (!both.found() || both.init.symbol == both.creator.symbol) return TypeId::none();
  if (isNamed(w, both.init.owner, "builtins.object") || isNamed(w, both.creator.owner, "builtins.object")) return TypeId::none();
  const FoundMember& other = both.is_new ? both.init : both.creator;
  TypeId type = w.hooks.symbol_type(w, other.symbol);
  type = type.valid() ? proper(w, type) : type;
  bool is_function = type.valid() && (w.types.is(type, TypeKind::kCallable) || w.types.is(type, TypeKind::kOverloaded));
  if (!is_function || (w.types.is(type, TypeKind::kCallable) && takesAnything(w, type))) return TypeId::none();
  if (both.is_new) {
    // __init__ runs for instances of the class alone: a __new__ that does not say what it makes may make others.
    TypeId creator = w.hooks.symbol_type(w, both.creator.symbol);
    creator = creator.valid() ? proper(w, creator) : creator;
    if (!creator.valid() || !w.types.is(creator, TypeKind::kCallable) || w.types.callable(creator).has(kImplicit)) return TypeId::none();
    if (w.types.callable(constructorFrom(w, cls, both.creator, true)).has(kOtherResult)) return TypeId::none();
  }
  TypeId made = constructorFrom(w, cls, other, !both.is_new);
  std::vector<TypeId> items;
  for (TypeId item : w.types.is(made, TypeKind::kOverloaded) ? std::vector<TypeId>(w.types[made].args().begin(), w.types[made].args().end()) : std::vector<TypeId>{made}) {
    if (!w.types.is(item, TypeKind::kCallable)) return TypeId::none();
    CallableParts parts = w.types.parts(item);
    parts.clear(kTypeObject);
    items.push_back(w.types.callable(parts));
  }
  return items.size() == 1 ? items[0] : w.types.overloaded(items);
}

}  // namespace krait::relations
