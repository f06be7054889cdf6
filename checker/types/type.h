// Type: the one record that every type is made of. A type is immutable and lives in a TypeStore, which gives equal
// types equal ids. Which fields a kind uses is written at the kind; `args` holds all types inside it, so that a
// transformation (substitution, erasure) is one map over `args` and `extra`.
#pragma once

#include <span>

#include "checker/types/ids.h"

namespace krait::types {

enum class TypeKind : uint8_t {
  kAny,        // sub: AnyKind
  kNone,       // the type of None
  kNever,      // the bottom type; sub 1: ambiguous (what an unsolved type variable becomes)
  kDeleted,    // a deleted variable; ref: NameId of the source, or none
  kErased,     // stands for a type that is not known yet while solving; compatible with everything
  kUnbound,    // a name in a type that could not be resolved; ref: NameId
  kInstance,   // ref: ClassId; args: type arguments; extra: the literal that an expression is known to have, or none
  kTypeVar,    // ref: TypeVarId; sub: TypeVarForm; args[0]: prefix (Parameters) of a ParamSpec, if any
  kUnpack,     // args[0]: a TypeVarTuple, Tuple or tuple instance
  kTuple,      // args: items; extra: fallback instance
  kUnion,      // args: two or more different types, in the order written, none a union
  kLiteral,    // ref: index of a LiteralValue; extra: fallback instance
  kCallable,   // ref: index of a CallableShape; args: parameter types, return type, [guard], type variables
  kParameters, // as kCallable, without a meaning for the return type: the value of a ParamSpec
  kOverloaded, // args: callables
  kTypeType,   // args[0]: the item of type[item]; sub 1: of TypeForm[item]
  kTypedDict,  // ref: index of a TypedDictShape; args: item types; extra: fallback instance
  kAlias,      // ref: AliasId; args: a reference to an alias that is recursive
  kPartial,    // ref: ClassId (list, dict, set, …) or none for a partial None; items: what a defaultdict makes; sub: 0
  kModule,     // ref: ModuleId; extra: instance of types.ModuleType
};

enum class AnyKind : uint8_t {
  kUnannotated,
  kExplicit,
  kFromUnimported,
  kFromOmittedGenerics,
  kFromError,
  kSpecialForm,
  kFromAnotherAny,
  kImplementationArtifact,
};

enum class TypeVarForm : uint8_t { kPlain, kArgs, kKwargs };

enum TypeFlags : uint16_t {
  kHasTypeVars = 1,    // a type variable occurs somewhere inside
  kHasAny = 2,         // Any occurs somewhere inside (not counting what classes' members have)
  kHasErased = 4,
  kHasAlias = 8,       // a recursive alias occurs
  kHasMetaVars = 16,   // a type variable that is being solved occurs
  kHasNever = 32,
  kHasPartial = 64,
  kHasSelf = 128,      // typing.Self occurs
};

struct Type {
  TypeKind kind;
  uint8_t sub = 0;
  uint16_t flags = 0;
  uint32_t ref = 0xffffffffu;
  TypeId extra;
  uint32_t count = 0;
  const TypeId* items = nullptr;

  std::span<const TypeId> args() const { return {items, count}; }
  bool has(TypeFlags flag) const { return (flags & flag) != 0; }
  ClassId cls() const { return ClassId(ref); }
};

enum class ParamKind : uint8_t { kPos, kOpt, kStar, kNamed, kNamedOpt, kStar2 };
inline bool isPositional(ParamKind kind) { return kind == ParamKind::kPos || kind == ParamKind::kOpt; }
inline bool isRequired(ParamKind kind) { return kind == ParamKind::kPos || kind == ParamKind::kNamed; }
inline bool isNamed(ParamKind kind) { return kind == ParamKind::kNamed || kind == ParamKind::kNamedOpt; }
inline bool isStar(ParamKind kind) { return kind == ParamKind::kStar || kind == ParamKind::kStar2; }

struct ParamShape {
  NameId name;  // none: the parameter can only be passed by position
  ParamKind kind = ParamKind::kPos;
  bool operator==(const ParamShape&) const = default;
};

enum CallableFlags : uint16_t {
  kTypeObject = 1,      // a class used as a value: its return type is the instance
  kEllipsisArgs = 2,    // Callable[..., T]
  kImplicit = 4,        // made from an unannotated function
  kTypeGuard = 8,       // the guard type follows the return type
  kTypeIs = 16,
  kUnpackKwargs = 32,   // **kwargs: Unpack[TypedDict]
  kFromConcatenate = 64,
  kImpreciseArgs = 128,
  kBound = 256,         // self was already bound
  kFromTypeType = 512,  // made from type[T]
  kIsCoroutine = 1024,
  kPartialForm = 2048,  // functools.partial
  kOtherResult = 4096,  // a class whose call does not give its instance: the instance follows the return type
};

struct CallableShape {
  std::span<const ParamShape> params;
  uint16_t flags = 0;
  uint16_t var_count = 0;
  NameId name;            // "f" or "f of C", for messages; or none
  FunctionId definition;  // where it was defined, or none
  bool has(CallableFlags flag) const { return (flags & flag) != 0; }
};

enum class LiteralKind : uint8_t { kInt, kBool, kStr, kBytes, kEnum, kSentinel };

struct LiteralValue {
  LiteralKind kind;
  std::string_view text;  // decimal digits, "True"/"False", the string's bytes, the member's name, or "module:name" of a sentinel
};

enum TypedDictItemFlags : uint8_t { kItemRequired = 1, kItemReadOnly = 2 };

struct TypedDictShape {
  std::span<const NameId> names;
  std::span<const uint8_t> flags;
  bool is_closed = false;
  bool has_extra = false;  // then args has one more type, after the items'
  bool extra_read_only = false;
};

}  // namespace krait::types
