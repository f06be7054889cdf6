// TypeStore: the owner of all types of a program. Constructors make types canonical: equal types have equal ids.
// A union keeps the order in which its members were written, because messages print it; `sameType` in relations
// compares unions as sets.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "analyzer/base/arena.h"
#include "checker/types/type.h"

namespace krait::types {

// The parts of a callable, for building one or taking one apart.
struct CallableParts {
  std::vector<ParamShape> params;
  std::vector<TypeId> types;  // one for each of params
  TypeId ret;
  TypeId guard;  // the type of TypeGuard[…] or TypeIs[…], the instance with kOtherResult, or none
  std::vector<TypeId> vars;
  uint16_t flags = 0;
  NameId name;
  FunctionId definition;

  bool has(CallableFlags flag) const { return (flags & flag) != 0; }
  void set(CallableFlags flag) { flags = static_cast<uint16_t>(flags | flag); }
  void clear(CallableFlags flag) { flags = static_cast<uint16_t>(flags & ~flag); }
  void add(NameId param_name, ParamKind kind, TypeId type) {
    params.push_back({param_name, kind});
    types.push_back(type);
  }
};

// A read-only view of a callable (or Parameters) type.
struct CallableView {
  const Type* type = nullptr;
  const CallableShape* shape = nullptr;

  uint32_t paramCount() const { return static_cast<uint32_t>(shape->params.size()); }
  std::span<const ParamShape> params() const { return shape->params; }
  std::span<const TypeId> types() const { return {type->items, shape->params.size()}; }
  TypeId ret() const { return type->items[shape->params.size()]; }
  TypeId guard() const {
    bool guarded = shape->has(kTypeGuard) || shape->has(kTypeIs);
    return guarded ? afterReturn() : TypeId::none();
  }
  // Of a class: its instance, which is mostly what a call gives.
  TypeId made() const { return shape->has(kOtherResult) ? afterReturn() : ret(); }
  bool hasAfterReturn() const { return shape->has(kTypeGuard) || shape->has(kTypeIs) || shape->has(kOtherResult); }
  TypeId afterReturn() const { return type->items[shape->params.size() + 1]; }
  std::span<const TypeId> vars() const {
    return {type->items + (type->count - shape->var_count), shape->var_count};
  }
  bool has(CallableFlags flag) const { return shape->has(flag); }
  bool isTypeObject() const { return shape->has(kTypeObject); }
  bool isGeneric() const { return shape->var_count > 0; }
};

struct TypedDictItem {
  NameId name;
  TypeId type;
  bool required = true;
  bool read_only = false;
};

class TypeStore {
 public:
  explicit TypeStore(Interner& names);
  ~TypeStore();

  const Type& operator[](TypeId id) const { return *types_[id.value]; }
  TypeKind kind(TypeId id) const { return types_[id.value]->kind; }
  bool is(TypeId id, TypeKind kind) const { return id.valid() && types_[id.value]->kind == kind; }
  uint32_t size() const { return static_cast<uint32_t>(types_.size()); }

  TypeId any(AnyKind kind = AnyKind::kFromError) const { return any_[static_cast<size_t>(kind)]; }
  TypeId none() const { return none_; }
  TypeId never() const { return never_; }
  TypeId ambiguousNever() const { return ambiguous_never_; }
  TypeId erased() const { return erased_; }
  TypeId deleted(NameId source);
  TypeId unbound(NameId name);
  TypeId instance(ClassId cls, std::span<const TypeId> args = {}, TypeId last_known_value = {});
  TypeId typeVar(TypeVarId id, uint16_t flags, TypeVarForm form = TypeVarForm::kPlain, TypeId prefix = {});
  TypeId unpack(TypeId item);
  TypeId tuple(std::span<const TypeId> items, TypeId fallback);
  // The union as written: flattens and drops repeated members; one member is returned itself, none gives Never.
  TypeId unionOf(std::span<const TypeId> items);
  TypeId literal(LiteralKind kind, std::string_view text, TypeId fallback);
  TypeId callable(const CallableParts& parts);
  TypeId parameters(const CallableParts& parts);
  TypeId overloaded(std::span<const TypeId> items);
  TypeId typeType(TypeId item);
  TypeId typeForm(TypeId item);
  bool isTypeForm(TypeId type) const { return kind(type) == TypeKind::kTypeType && (*this)[type].sub == 1; }
  TypeId typedDict(std::span<const TypedDictItem> items, TypeId fallback, bool closed = false, TypeId extra_items = {},
                   bool extra_read_only = false);
  TypeId alias(AliasId id, std::span<const TypeId> args);
  TypeId partial(ClassId cls, TypeId value = {});
  TypeId module(ModuleId id, TypeId fallback);

  CallableView callable(TypeId id) const;
  CallableParts parts(TypeId id) const;
  const LiteralValue& literalValue(TypeId id) const { return literals_[(*this)[id].ref]; }
  const TypedDictShape& typedDictShape(TypeId id) const { return typed_dicts_[(*this)[id].ref]; }
  std::vector<TypedDictItem> typedDictItems(TypeId id) const;
  TypeId typedDictExtra(TypeId id) const;

  // The same type with other types inside; `extra` and `args` must be as many as before.
  TypeId rebuild(const Type& like, std::span<const TypeId> args, TypeId extra);
  // An instance without what is known of its literal value.
  TypeId withoutLiteral(TypeId instance);
  // Is it the instance of a class without what annotations let pass for it: a float that is no int?
  bool isExact(TypeId type) const {
    const Type& record = (*this)[type];
    return record.kind == TypeKind::kInstance && record.extra.valid() && (*this)[record.extra].kind == TypeKind::kInstance && (*this)[record.extra].ref == record.ref && record.sub == 0;
  }

 private:
  TypeId intern(Type type, std::span<const TypeId> args);
  uint32_t internShape(const CallableParts& parts);
  uint32_t internBytes(std::string_view key, uint32_t next);
  TypeId addCallable(TypeKind kind, const CallableParts& parts);
  struct Tables;

  Interner& names_;
  Arena arena_;
  std::vector<const Type*> types_;
  std::deque<CallableShape> shapes_;
  std::deque<LiteralValue> literals_;
  std::deque<TypedDictShape> typed_dicts_;
  std::unique_ptr<Tables> tables_;
  TypeId any_[8];
  TypeId none_, never_, ambiguous_never_, erased_;
};

}  // namespace krait::types
