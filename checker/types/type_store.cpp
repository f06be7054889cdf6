#include "checker/types/type_store.h"

#include <string>
#include <unordered_map>

namespace krait::types {

struct TypeStore::Tables {
  std::vector<uint32_t> slots = std::vector<uint32_t>(4096, Id<int>::kNone);  // open addressing over types_
  struct Hash {
    size_t operator()(std::string_view text) const { return hashBytes(text); }
  };
  std::unordered_map<std::string_view, uint32_t, Hash> bytes;  // keys of shapes, literals and TypedDict shapes; in the arena
};

static uint64_t hashType(const Type& type, std::span<const TypeId> args) {
  uint64_t hash = mixBits((uint64_t(type.kind) << 40) ^ (uint64_t(type.sub) << 32) ^ type.ref);
  hash = mixBits(hash ^ type.extra.value);
  for (TypeId arg : args) hash = mixBits(hash * 31 + arg.value);
  return hash;
}

static bool sameStructure(const Type& a, const Type& b, std::span<const TypeId> args) {
  if (a.kind != b.kind || a.sub != b.sub || a.ref != b.ref || a.extra != b.extra || a.count != args.size()) return false;
  for (uint32_t i = 0; i < a.count; ++i) {
    if (a.items[i] != args[i]) return false;
  }
  return true;
}

TypeStore::TypeStore(Interner& names) : names_(names), tables_(new Tables) {
  for (int i = 0; i < 8; ++i) {
    Type type{TypeKind::kAny, static_cast<uint8_t>(i)};
    type.flags = kHasAny;
    any_[i] = intern(type, {});
  }
  none_ = intern(Type{TypeKind::kNone}, {});
  never_ = intern(Type{TypeKind::kNever, 0, kHasNever}, {});
  ambiguous_never_ = intern(Type{TypeKind::kNever, 1, kHasNever}, {});
  erased_ = intern(Type{TypeKind::kErased, 0, kHasErased}, {});
}

TypeStore::~TypeStore() = default;

TypeId TypeStore::intern(Type type, std::span<const TypeId> args) {
  std::vector<uint32_t>& slots = tables_->slots;
  if ((types_.size() + 1) * 2 > slots.size()) {
    std::vector<uint32_t> bigger(slots.size() * 2, TypeId::kNone);
    for (uint32_t i = 0; i < types_.size(); ++i) {
      size_t at = hashType(*types_[i], types_[i]->args()) & (bigger.size() - 1);
      while (bigger[at] != TypeId::kNone) at = (at + 1) & (bigger.size() - 1);
      bigger[at] = i;
    }
    slots.swap(bigger);
  }
  size_t at = hashType(type, args) & (slots.size() - 1);
  while (slots[at] != TypeId::kNone) {
    if (sameStructure(*types_[slots[at]], type, args)) return TypeId(slots[at]);
    at = (at + 1) & (slots.size() - 1);
  }
  uint16_t inherited = type.flags;
  for (TypeId arg : args) inherited |= (*this)[arg].flags;
  if (type.extra.valid()) inherited |= (*this)[type.extra].flags;
  // A ParamSpec's args and kwargs and a prefix do not hide what is inside; all kinds inherit all flags.
  type.flags = inherited;
  type.count = static_cast<uint32_t>(args.size());
  type.items = arena_.copy(args).data();
  slots[at] = static_cast<uint32_t>(types_.size());
  types_.push_back(arena_.make<Type>(type));
  return TypeId(slots[at]);
}

TypeId TypeStore::deleted(NameId source) { return intern(Type{TypeKind::kDeleted, 0, 0, source.value}, {}); }
TypeId TypeStore::unbound(NameId name) { return intern(Type{TypeKind::kUnbound, 0, 0, name.value}, {}); }

TypeId TypeStore::instance(ClassId cls, std::span<const TypeId> args, TypeId last_known_value) {
  return intern(Type{TypeKind::kInstance, 0, 0, cls.value, last_known_value}, args);
}

TypeId TypeStore::typeVar(TypeVarId id, uint16_t flags, TypeVarForm form, TypeId prefix) {
  Type type{TypeKind::kTypeVar, static_cast<uint8_t>(form), static_cast<uint16_t>(kHasTypeVars | flags), id.value};
  if (!prefix.valid()) return intern(type, {});
  return intern(type, std::span<const TypeId>(&prefix, 1));
}

TypeId TypeStore::unpack(TypeId item) { return intern(Type{TypeKind::kUnpack}, std::span<const TypeId>(&item, 1)); }

TypeId TypeStore::tuple(std::span<const TypeId> items, TypeId fallback) {
  return intern(Type{TypeKind::kTuple, 0, 0, TypeId::kNone, fallback}, items);
}

TypeId TypeStore::unionOf(std::span<const TypeId> items) {
  std::vector<TypeId> flat;
  auto add = [&](TypeId item) {
    for (TypeId seen : flat) {
      if (seen == item) return;
    }
    flat.push_back(item);
  };
  for (TypeId item : items) {
    if (kind(item) == TypeKind::kUnion) {
      for (TypeId member : (*this)[item].args()) add(member);
    } else {
      add(item);
    }
  }
  if (flat.empty()) return never_;
  if (flat.size() == 1) return flat[0];
  return intern(Type{TypeKind::kUnion}, flat);
}

uint32_t TypeStore::internBytes(std::string_view key, uint32_t next) {
  auto found = tables_->bytes.find(key);
  if (found != tables_->bytes.end()) return found->second;
  tables_->bytes.emplace(arena_.copy(key), next);
  return next;
}

TypeId TypeStore::literal(LiteralKind kind, std::string_view text, TypeId fallback) {
  std::string key = "L";
  key.push_back(static_cast<char>('0' + static_cast<int>(kind)));
  key.append(text);
  uint32_t index = internBytes(key, static_cast<uint32_t>(literals_.size()));
  if (index == literals_.size()) literals_.push_back({kind, arena_.copy(text)});
  return intern(Type{TypeKind::kLiteral, 0, 0, index, fallback}, {});
}

static void appendNumber(std::string& key, uint32_t number) {
  key.append(reinterpret_cast<const char*>(&number), sizeof number);
}

uint32_t TypeStore::internShape(const CallableParts& parts) {
  std::string key = "C";
  for (const ParamShape& param : parts.params) {
    appendNumber(key, param.name.value);
    key.push_back(static_cast<char>(param.kind));
  }
  key.push_back('|');
  appendNumber(key, parts.flags);
  appendNumber(key, static_cast<uint32_t>(parts.vars.size()));
  appendNumber(key, parts.name.value);
  appendNumber(key, parts.definition.value);
  uint32_t index = internBytes(key, static_cast<uint32_t>(shapes_.size()));
  if (index == shapes_.size()) {
    CallableShape shape;
    shape.params = arena_.copy(std::span<const ParamShape>(parts.params));
    shape.flags = parts.flags;
    shape.var_count = static_cast<uint16_t>(parts.vars.size());
    shape.name = parts.name;
    shape.definition = parts.definition;
    shapes_.push_back(shape);
  }
  return index;
}

TypeId TypeStore::addCallable(TypeKind kind, const CallableParts& parts) {
  DCHECK(parts.params.size() == parts.types.size(), "a callable has one type for each parameter");
  DCHECK(parts.guard.valid() == (parts.has(kTypeGuard) || parts.has(kTypeIs) || parts.has(kOtherResult)), "a guard type goes with its flag");
  std::vector<TypeId> args(parts.types);
  args.push_back(parts.ret.valid() ? parts.ret : any(AnyKind::kImplementationArtifact));
  if (parts.guard.valid()) args.push_back(parts.guard);
  args.insert(args.end(), parts.vars.begin(), parts.vars.end());
  return intern(Type{kind, 0, 0, internShape(parts)}, args);
}

TypeId TypeStore::callable(const CallableParts& parts) { return addCallable(TypeKind::kCallable, parts); }
TypeId TypeStore::parameters(const CallableParts& parts) { return addCallable(TypeKind::kParameters, parts); }

TypeId TypeStore::overloaded(std::span<const TypeId> items) {
  if (items.size() == 1) return items[0];
  return intern(Type{TypeKind::kOverloaded}, items);
}

TypeId TypeStore::typeType(TypeId item) {
  if (kind(item) == TypeKind::kUnion) {
    std::vector<TypeId> items;
    std::vector<TypeId> members((*this)[item].args().begin(), (*this)[item].args().end());
    for (TypeId member : members) items.push_back(typeType(member));
    return unionOf(items);
  }
  return intern(Type{TypeKind::kTypeType}, std::span<const TypeId>(&item, 1));
}

TypeId TypeStore::typeForm(TypeId item) { return intern(Type{TypeKind::kTypeType, 1}, std::span<const TypeId>(&item, 1)); }

TypeId TypeStore::typedDict(std::span<const TypedDictItem> items, TypeId fallback, bool closed, TypeId extra_items,
                            bool extra_read_only) {
  std::string key = closed ? "Dc" : "Do";
  if (extra_items.valid()) key.push_back(extra_read_only ? 'r' : 'x');
  key.push_back('|');
  std::vector<NameId> names;
  std::vector<uint8_t> flags;
  std::vector<TypeId> args;
  for (const TypedDictItem& item : items) {
    names.push_back(item.name);
    flags.push_back(static_cast<uint8_t>((item.required ? kItemRequired : 0) | (item.read_only ? kItemReadOnly : 0)));
    args.push_back(item.type);
    appendNumber(key, item.name.value);
    key.push_back(static_cast<char>(flags.back()));
  }
  if (extra_items.valid()) args.push_back(extra_items);
  uint32_t index = internBytes(key, static_cast<uint32_t>(typed_dicts_.size()));
  if (index == typed_dicts_.size()) {
    typed_dicts_.push_back({arena_.copy(std::span<const NameId>(names)), arena_.copy(std::span<const uint8_t>(flags)),
                            closed, extra_items.valid(), extra_read_only});
  }
  return intern(Type{TypeKind::kTypedDict, 0, 0, index, fallback}, args);
}

TypeId TypeStore::alias(AliasId id, std::span<const TypeId> args) {
  return intern(Type{TypeKind::kAlias, 0, kHasAlias, id.value}, args);
}

TypeId TypeStore::partial(ClassId cls, TypeId value) {
  return intern(Type{TypeKind::kPartial, 0, kHasPartial, cls.value}, std::span<const TypeId>(&value, value.valid() ? 1 : 0));
}

TypeId TypeStore::module(ModuleId id, TypeId fallback) {
  return intern(Type{TypeKind::kModule, 0, 0, id.value, fallback}, {});
}

CallableView TypeStore::callable(TypeId id) const {
  const Type& type = (*this)[id];
  DCHECK(type.kind == TypeKind::kCallable || type.kind == TypeKind::kParameters, "the type is a callable");
  return {&type, &shapes_[type.ref]};
}

CallableParts TypeStore::parts(TypeId id) const {
  CallableView view = callable(id);
  CallableParts parts;
  parts.params.assign(view.params().begin(), view.params().end());
  parts.types.assign(view.types().begin(), view.types().end());
  parts.ret = view.ret();
  if (view.hasAfterReturn()) parts.guard = view.afterReturn();
  parts.vars.assign(view.vars().begin(), view.vars().end());
  parts.flags = view.shape->flags;
  parts.name = view.shape->name;
  parts.definition = view.shape->definition;
  return parts;
}

std::vector<TypedDictItem> TypeStore::typedDictItems(TypeId id) const {
  const TypedDictShape& shape = typedDictShape(id);
  std::vector<TypedDictItem> items;
  for (size_t i = 0; i < shape.names.size(); ++i) {
    items.push_back({shape.names[i], (*this)[id].items[i], (shape.flags[i] & kItemRequired) != 0,
                     (shape.flags[i] & kItemReadOnly) != 0});
  }
  return items;
}

TypeId TypeStore::typedDictExtra(TypeId id) const {
  const TypedDictShape& shape = typedDictShape(id);
  return shape.has_extra ? (*this)[id].items[shape.names.size()] : TypeId::none();
}

TypeId TypeStore::rebuild(const Type& like, std::span<const TypeId> args, TypeId extra) {
  switch (like.kind) {
    case TypeKind::kUnion: return unionOf(args);
    case TypeKind::kTypeType: return like.sub == 1 ? typeForm(args[0]) : typeType(args[0]);
    case TypeKind::kOverloaded: return overloaded(args);
    default: break;
  }
  Type type = like;
  type.extra = extra;
  // Flags of its own that the kind gives; what came from inside is computed anew.
  type.flags = like.kind == TypeKind::kTypeVar ? like.flags : static_cast<uint16_t>(0);
  if (like.kind == TypeKind::kAlias) type.flags = kHasAlias;
  if (like.kind == TypeKind::kPartial) type.flags = kHasPartial;
  if (like.kind == TypeKind::kAny || like.kind == TypeKind::kNever || like.kind == TypeKind::kErased) {
    type.flags = like.flags;
  }
  TypeId made = intern(type, args);
  if (like.kind != TypeKind::kCallable || shapes_[like.ref].var_count == 0) return made;
  // Variables that were replaced are no variables of the callable any more.
  CallableParts left = parts(made);
  size_t before = left.vars.size();
  std::erase_if(left.vars, [&](TypeId var) { return !is(var, TypeKind::kTypeVar); });
  return left.vars.size() == before ? made : callable(left);
}

TypeId TypeStore::withoutLiteral(TypeId instance) {
  const Type& type = (*this)[instance];
  if (type.kind != TypeKind::kInstance || (!is(type.extra, TypeKind::kLiteral) && !isExact(instance))) return instance;
  return this->instance(type.cls(), type.args());
}

}  // namespace krait::types
