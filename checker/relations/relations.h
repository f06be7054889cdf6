// Relations between types: subtype (assignable) and proper subtype, same, join, meet, overlap; and the operations that
// they are made of. All are pure questions to the World (which may complete entities on the way). They follow mypy's
// rules (subtypes.py, join.py, meet.py, typeops.py); `proper` means: Any is no wildcard.
#pragma once

#include <string>

#include "checker/types/substitute.h"
#include "checker/types/world.h"

namespace krait::relations {

using namespace types;

struct SubtypeOptions {
  bool proper = false;
  bool ignore_positional_names = false;
  bool ignore_promotions = false;
  bool always_covariant = false;
  bool erase_instances = false;
  bool keep_erased = false;
  bool strict_concatenate = false;
  bool ignore_declared_variance = false;
  bool operator==(const SubtypeOptions&) const = default;
};

bool isSubtype(World& w, TypeId left, TypeId right, const SubtypeOptions& options = {});
bool isProperSubtype(World& w, TypeId left, TypeId right, SubtypeOptions options = {});
// Mutually subtypes.
bool isEquivalent(World& w, TypeId a, TypeId b, const SubtypeOptions& options = {});
// The same type: unions compare as sets, callables by mutual proper subtyping.
bool isSameType(World& w, TypeId a, TypeId b, bool ignore_promotions = true);

// How callables compare (mypy's is_callable_compatible).
struct CallableOptions {
  SubtypeOptions base;
  bool ignore_return = false;
  bool check_args_covariantly = false;
  bool allow_partial_overlap = false;
  bool no_unify_none = false;
  bool (*compat)(World&, TypeId, TypeId, const SubtypeOptions&) = nullptr;  // of arguments; null: isSubtype
  bool (*compat_return)(World&, TypeId, TypeId, const SubtypeOptions&) = nullptr;
};
bool isCallableCompatible(World& w, TypeId left, TypeId right, const CallableOptions& options);
bool areParametersCompatible(World& w, TypeId left, TypeId right, const CallableOptions& options);
bool isProtocolImplementation(World& w, TypeId left, TypeId right, const SubtypeOptions& options, bool class_object = false,
                              NameId skip = {});
// The hook of World: sets the variance of a class's variable that declares none.
void inferVariance(World& w, TypeVarId variable);
// The names that make up a protocol, in order of MRO and definition.
std::vector<NameId> protocolMembers(World& w, ClassId cls);

// A parameter as the comparison of callables sees it.
struct FormalArgument {
  NameId name;      // none: positional only
  int32_t position = -1;  // -1: keyword only
  TypeId type;
  bool required = false;
  bool exists = false;
  bool operator==(const FormalArgument&) const = default;
};
FormalArgument argumentByName(World& w, TypeId callable, NameId name);
FormalArgument argumentByPosition(World& w, TypeId callable, int32_t position);
FormalArgument correspondingArgument(World& w, TypeId callable, const FormalArgument& model);
std::vector<FormalArgument> formalArguments(World& w, TypeId callable);
FormalArgument varArgument(World& w, TypeId callable);
FormalArgument keywordArgument(World& w, TypeId callable);
// **kwargs: Unpack[TD] written out as keyword-only parameters; other callables as they are.
TypeId withUnpackedKwargs(World& w, TypeId callable);
// *args: Unpack[tuple[…]] written out as positional parameters, as far as that can be.
TypeId withNormalizedVarArgs(World& w, TypeId callable);

// The supertype of `instance` that is an instance of `base` (a base class of its class).
TypeId mapToSupertype(World& w, TypeId instance, ClassId base);

// A union without members that another member covers. `keep_literals`: do not merge Literal[True] | Literal[False].
TypeId simplifiedUnion(World& w, std::span<const TypeId> items, bool contract_literals = true);
inline TypeId simplifiedUnion(World& w, TypeId a, TypeId b) {
  TypeId both[] = {a, b};
  return simplifiedUnion(w, both);
}
TypeId join(World& w, TypeId a, TypeId b);
TypeId joinAll(World& w, std::span<const TypeId> items);
// Join if the types are alike, else a union (what branches of an expression make of their types).
TypeId joinOrUnion(World& w, TypeId a, TypeId b);
TypeId joinSimple(World& w, TypeId declared, TypeId a, TypeId b);
TypeId meet(World& w, TypeId a, TypeId b);
// ---- TypedDicts ----
// What a key that the TypedDict does not name may hold: anything, read only (open); nothing (closed); or extra items.
TypedDictItem restOf(World& w, TypeId dict);
TypeId joinTypedDicts(World& w, TypeId a, TypeId b);
// None: no value is of both types.
TypeId meetTypedDicts(World& w, TypeId a, TypeId b);
// The declared type narrowed to `narrowed`.
TypeId narrowDeclared(World& w, TypeId declared, TypeId narrowed);
// Could a value be of both types?
bool isOverlapping(World& w, TypeId left, TypeId right, bool ignore_promotions = false, bool prohibit_none = false,
                   bool overlap_for_overloads = false);
// One of the integers of fixed width that mypyc knows (mypy_extensions.i64, i32, i16, u8)? They and int stand for each other, but a
// value of one is never taken for the other's. ref: mypy semanal_classprop.add_type_promotion
bool isNativeInt(World& w, TypeId type);
bool isOverlappingErased(World& w, TypeId left, TypeId right, bool ignore_promotions = false);

// Type arguments replaced by Any, callables by Callable[..., Any], literals kept, type variables by Any.
TypeId eraseType(World& w, TypeId type);
// Only type variables replaced (those of the list, or all): by Any or by `replacement`.
TypeId eraseTypeVars(World& w, TypeId type, const std::vector<TypeVarId>* only, TypeId replacement);
TypeId removeLastKnownValues(World& w, TypeId type);
// A union with its known values widened to their classes and then joined where they are the same; others as they are.
TypeId withoutKnownValues(World& w, TypeId type);

// What a value of this type is when it is used as an instance: the fallback class of tuples, literals, callables, None…
TypeId fallbackOf(World& w, TypeId type);
TypeId tupleFallback(World& w, TypeId tuple);

// The items of a union (flattened, recursive aliases resolved), or the type alone.
std::vector<TypeId> unionItems(World& w, TypeId type);
bool containsNone(World& w, TypeId type);
TypeId removeOptional(World& w, TypeId type);
bool isObject(World& w, TypeId type);
bool isLiteralLike(World& w, TypeId type);        // a literal, or an instance with a known literal
TypeId coerceToLiteral(World& w, TypeId type);    // the known literal of an instance, singleton enums, …
// An enum or bool as the union of its values; other types as they are.
TypeId expandSumType(World& w, TypeId type, std::string_view only_fullname = {});
TypeId contractLiterals(World& w, TypeId union_type);
std::vector<NameId> enumMembers(World& w, ClassId cls);
bool isSingleton(World& w, TypeId type);          // None, an enum member, a bool literal…

bool canBeTrue(World& w, TypeId type);
bool canBeFalse(World& w, TypeId type);
TypeId trueOnly(World& w, TypeId type);
TypeId falseOnly(World& w, TypeId type);

// The type of attribute `name` read from `instance` as a protocol check sees it, self bound; none: no such member.
TypeId findMemberType(World& w, NameId name, TypeId instance, TypeId self_type, bool class_object = false,
                      bool for_assignment = false);
struct MemberFlags {
  bool found = false, settable = false, class_var = false, class_or_static = false, variable = false, explicit_setter = false;
};
MemberFlags memberFlags(World& w, NameId name, TypeId instance, bool class_object = false);
// A method with its first parameter bound to `self_type`. `is_classmethod`: self_type is the class.
TypeId bindSelf(World& w, TypeId method, TypeId self_type, bool is_classmethod = false);
// The signature of a class used as a value: its __init__ or __new__ as a callable that returns the instance.
TypeId classCallable(World& w, ClassId cls);
// Where a class has both, __new__ and __init__ take the arguments of a call: the one that classCallable does not show, as
// a function that gives the instance. None: there is no second one, or it takes anything.
TypeId secondConstructor(World& w, ClassId cls);
// The class's own instance type, with its own type variables as arguments (a tuple or TypedDict where it is one).
TypeId selfTypeOf(World& w, ClassId cls);
TypeId selfInstanceOf(World& w, ClassId cls);
// The instance with Any for each type argument.
TypeId instanceWithAny(World& w, ClassId cls, AnyKind kind = AnyKind::kFromOmittedGenerics);
TypeId metaclassOf(World& w, ClassId cls);  // an Instance: of type when there is none
// The type of a function symbol as stored in its class: what its type is before binding.
bool isMetaclass(World& w, ClassId cls);

}  // namespace krait::relations
