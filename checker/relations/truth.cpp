// Truthiness of types, and types narrowed by it.
#include <algorithm>

#include "checker/relations/relations.h"

namespace krait::relations {

static bool literalIsTrue(World& w, TypeId literal) {
  const LiteralValue& value = w.types.literalValue(literal);
  switch (value.kind) {
    case LiteralKind::kBool: return value.text == "True";
    case LiteralKind::kInt: return value.text != "0";
    case LiteralKind::kEnum:
    case LiteralKind::kSentinel: return true;
    default: return !value.text.empty();
  }
}

// What __bool__ is declared to return, if that is a literal: 1 true, 0 false, -1 unknown. -2: there is no __bool__.
static int declaredTruth(World& w, TypeId instance) {
  FoundMember found = findMember(w, w.types[instance].cls(), w.names.__bool__);
  if (!found.found()) return -2;
  TypeId type = findMemberType(w, w.names.__bool__, instance, instance);
  if (!type.valid() || !w.types.is(type, TypeKind::kCallable)) return -1;
  TypeId ret = proper(w, w.types.callable(type).ret());
  if (!w.types.is(ret, TypeKind::kLiteral)) return -1;
  return literalIsTrue(w, ret) ? 1 : 0;
}

// Does __len__ give a Literal of another number than 0?
static bool isNeverEmpty(World& w, TypeId instance) {
  TypeId type = findMemberType(w, w.names.__len__, instance, instance);
  if (!type.valid() || !w.types.is(type, TypeKind::kCallable)) return false;
  TypeId ret = proper(w, w.types.callable(type).ret());
  return w.types.is(ret, TypeKind::kLiteral) && literalIsTrue(w, ret);
}

static bool hasLength(World& w, ClassId cls) { return findMember(w, cls, w.names.__len__).found(); }

bool canBeTrue(World& w, TypeId type) {
  type = proper(w, type);
  const Type& record = w.types[type];
  switch (record.kind) {
    case TypeKind::kNone:
    case TypeKind::kNever: return false;
    case TypeKind::kLiteral:
      if (w.types.literalValue(type).kind == LiteralKind::kEnum) return canBeTrue(w, record.extra);
      return literalIsTrue(w, type);
    case TypeKind::kUnion:
      for (TypeId item : record.args()) {
        if (canBeTrue(w, item)) return true;
      }
      return false;
    case TypeKind::kInstance: return declaredTruth(w, type) != 0;
    case TypeKind::kTuple: return record.count > 0 || !isNamed(w, record.extra, "builtins.tuple");
    case TypeKind::kTypeVar: {
      if (!isPlainTypeVar(w, type)) return true;
      return canBeTrue(w, upperBound(w, TypeVarId(record.ref)));
    }
    default: return true;
  }
}

bool canBeFalse(World& w, TypeId type) {
  type = proper(w, type);
  const Type& record = w.types[type];
  switch (record.kind) {
    case TypeKind::kNever: return false;
    case TypeKind::kLiteral:
      if (w.types.literalValue(type).kind == LiteralKind::kEnum) return canBeFalse(w, record.extra);
      return !literalIsTrue(w, type);
    case TypeKind::kUnion:
      for (TypeId item : record.args()) {
        if (canBeFalse(w, item)) return true;
      }
      return false;
    case TypeKind::kInstance: {
      bool has_literal = w.types.is(record.extra, TypeKind::kLiteral);
      bool is_enum_literal = has_literal && w.types.literalValue(record.extra).kind == LiteralKind::kEnum;
      if (has_literal && !is_enum_literal) return true;
      const ClassInfo& info = w.header(record.cls());
      if (info.has(kClassEnum) && declaredTruth(w, type) == -2) {
        // A plain Enum is always true; one with a data type takes its truth from it (int, str).
        return hasLength(w, record.cls());
      }
      if (declaredTruth(w, type) == 1) return false;
      if (info.has(kClassFinal) && declaredTruth(w, type) == -2 && !info.has(kClassFallbackToAny)) {
        return hasLength(w, record.cls()) && !isNeverEmpty(w, type);
      }
      return true;
    }
    case TypeKind::kTuple: {
      if (record.count == 0) return true;
      for (TypeId item : record.args()) {
        if (!w.types.is(item, TypeKind::kUnpack)) {
          return !isNamed(w, record.extra, "builtins.tuple") && declaredTruth(w, record.extra) != -2;
        }
      }
      return true;
    }
    case TypeKind::kCallable:
    case TypeKind::kOverloaded:
    case TypeKind::kModule: return false;
    case TypeKind::kTypedDict: {
      auto items = w.types.typedDictItems(type);
      return std::none_of(items.begin(), items.end(), [](const TypedDictItem& item) { return item.required; });
    }
    case TypeKind::kTypeType: {
      TypeId item = proper(w, record.items[0]);
      TypeId metaclass = w.types.is(item, TypeKind::kInstance) ? metaclassOf(w, w.types[item].cls()) : TypeId::none();
      if (!follows(w.options, Divergence::kClassTruth) || !w.types.is(metaclass, TypeKind::kInstance)) return true;
      ClassId cls = w.types[metaclass].cls();
      return declaredTruth(w, metaclass) != 1 && (declaredTruth(w, metaclass) != -2 || hasLength(w, cls));
    }
    case TypeKind::kTypeVar: {
      if (!isPlainTypeVar(w, type)) return true;
      return canBeFalse(w, upperBound(w, TypeVarId(record.ref)));
    }
    default: return true;
  }
}

TypeId trueOnly(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  if (!canBeTrue(w, plain)) return w.types.never();
  if (!canBeFalse(w, plain)) return type;
  if (w.types.is(plain, TypeKind::kUnion)) {
    std::vector<TypeId> items;
    std::vector<TypeId> members(w.types[plain].args().begin(), w.types[plain].args().end());
    for (TypeId member : members) {
      TypeId narrowed = trueOnly(w, member);
      if (!w.types.is(narrowed, TypeKind::kNever)) items.push_back(narrowed);
    }
    return simplifiedUnion(w, items, false);
  }
  if (isNamed(w, plain, "builtins.bool")) return w.types.literal(LiteralKind::kBool, "True", w.types.withoutLiteral(plain));
  return type;
}

TypeId falseOnly(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  if (!canBeFalse(w, plain)) {
    return w.options.strict_optional ? w.types.never() : w.types.none();
  }
  if (!canBeTrue(w, plain)) return type;
  const Type& record = w.types[plain];
  if (record.kind == TypeKind::kUnion) {
    std::vector<TypeId> items;
    std::vector<TypeId> members(record.args().begin(), record.args().end());
    for (TypeId member : members) {
      TypeId narrowed = falseOnly(w, member);
      if (!w.types.is(narrowed, TypeKind::kNever)) items.push_back(narrowed);
    }
    return simplifiedUnion(w, items, false);
  }
  if (record.kind == TypeKind::kInstance) {
    const std::string& name = w.classes[record.cls()].fullname;
    TypeId fallback = w.types.withoutLiteral(plain);
    if (name == "builtins.bool") return w.types.literal(LiteralKind::kBool, "False", fallback);
    if (name == "builtins.int") return w.types.literal(LiteralKind::kInt, "0", fallback);
    if (name == "builtins.str") return w.types.literal(LiteralKind::kStr, "", fallback);
    if (name == "builtins.bytes") return w.types.literal(LiteralKind::kBytes, "", fallback);
  }
  return type;
}

}  // namespace krait::relations
