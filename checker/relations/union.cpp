// Unions: simplified, taken apart, and the sum types (bool, enums) that are unions of their values.
#include "checker/relations/relations.h"

namespace krait::relations {

// `seen` holds the recursive aliases on the way: an alias that is a union item of itself adds nothing.
static void addUnionItems(World& w, TypeId type, std::vector<TypeId>& seen, std::vector<TypeId>& result) {
  if (w.types.is(type, TypeKind::kAlias)) {
    for (TypeId other : seen) {
      if (other == type) return;
    }
    if (seen.size() > 50) return;
    seen.push_back(type);
  }
  TypeId plain = proper(w, type);
  if (!w.types.is(plain, TypeKind::kUnion)) {
    result.push_back(plain);
    return;
  }
  std::vector<TypeId> items(w.types[plain].args().begin(), w.types[plain].args().end());
  for (TypeId item : items) addUnionItems(w, item, seen, result);
}

std::vector<TypeId> unionItems(World& w, TypeId type) {
  std::vector<TypeId> seen, result;
  addUnionItems(w, type, seen, result);
  return result;
}

bool containsNone(World& w, TypeId type) {
  for (TypeId item : unionItems(w, type)) {
    if (w.types.is(item, TypeKind::kNone)) return true;
  }
  return false;
}

TypeId removeOptional(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  if (!w.types.is(plain, TypeKind::kUnion)) return type;
  std::vector<TypeId> items;
  for (TypeId item : w.types[plain].args()) {
    if (!w.types.is(proper(w, item), TypeKind::kNone)) items.push_back(item);
  }
  return w.types.unionOf(items);
}

static bool covers(World& w, TypeId wide, TypeId narrow) {
  // Any does not swallow other members, and an instance that is known to be a literal does not swallow the plain one.
  SubtypeOptions o;
  o.ignore_promotions = true;
  o.keep_erased = true;
  if (!isProperSubtype(w, narrow, wide, o)) return false;
  const Type& a = w.types[wide];
  const Type& b = w.types[narrow];
  bool is_same = b.kind == TypeKind::kInstance && a.extra == b.extra;
  if (a.kind == TypeKind::kInstance && (w.types.is(a.extra, TypeKind::kLiteral) || w.types.isExact(wide)) && !is_same) return false;
  return true;
}

TypeId simplifiedUnion(World& w, std::span<const TypeId> raw, bool contract) {
  std::vector<TypeId> items;
  for (TypeId item : raw) {
    TypeId plain = w.types.is(item, TypeKind::kAlias) ? item : item;
    if (w.types.is(plain, TypeKind::kUnion)) {
      for (TypeId member : w.types[plain].args()) items.push_back(member);
    } else if (w.types.is(plain, TypeKind::kAlias) && w.types.is(proper(w, plain), TypeKind::kUnion)) {
      for (TypeId member : w.types[proper(w, plain)].args()) items.push_back(member);
    } else {
      items.push_back(plain);
    }
  }
  std::vector<TypeId> kept;
  bool may_contract = false;
  for (TypeId item : items) {
    bool is_repeated = false;
    for (TypeId other : kept) is_repeated = is_repeated || other == item;
    if (!is_repeated && !w.types.is(item, TypeKind::kNever)) kept.push_back(item);
    may_contract = may_contract || w.types.is(item, TypeKind::kLiteral);
  }
  if (kept.size() > 1) {
    std::vector<TypeId> result;
    for (size_t i = 0; i < kept.size(); ++i) {
      bool covered = false;
      for (size_t j = 0; j < kept.size() && !covered; ++j) {
        if (i == j || !kept[j].valid()) continue;
        if (w.types.is(kept[i], TypeKind::kLiteral) && w.types.is(kept[j], TypeKind::kLiteral)) continue;
        if (!covers(w, kept[j], kept[i])) continue;
        // Of two equal types the first stays, without the values that only it is known to have.
        covered = !(j > i && covers(w, kept[i], kept[j]));
        bool is_other = covered && kept[i] != kept[j] && !w.types.is(kept[i], TypeKind::kInstance) && follows(w.options, Divergence::kRedefinition);
        if (!is_other) continue;
        TypeId plain = removeLastKnownValues(w, kept[j]);
        if (plain == removeLastKnownValues(w, kept[i])) kept[j] = plain;
      }
      if (!covered) result.push_back(kept[i]);
      if (covered) kept[i] = TypeId::none();
      if (covered) {
        // Later comparisons skip it: a none id is never valid.
      }
    }
    kept = result;
  }
  if (kept.empty()) return items.empty() ? w.types.never() : items[0];
  TypeId result = w.types.unionOf(kept);
  if (contract && may_contract && w.types.is(result, TypeKind::kUnion)) return contractLiterals(w, result);
  return result;
}

std::vector<NameId> enumMembers(World& w, ClassId cls) {
  std::vector<NameId> result;
  w.members(cls);
  std::vector<SymbolId> symbols = w.scopes[w.classes[cls].scope].names.in_order;
  for (SymbolId symbol : symbols) {
    w.resolved(symbol);
    if (w.symbols[symbol].has(kIsEnumMember)) result.push_back(w.symbols[symbol].name);
  }
  return result;
}

TypeId expandSumType(World& w, TypeId type, std::string_view only) {
  TypeId plain = proper(w, type);
  const Type& record = w.types[plain];
  if (record.kind == TypeKind::kUnion) {
    std::vector<TypeId> items;
    std::vector<TypeId> members(record.args().begin(), record.args().end());
    for (TypeId member : members) items.push_back(expandSumType(w, member, only));
    return w.types.unionOf(items);
  }
  if (record.kind != TypeKind::kInstance) return type;
  const ClassInfo& info = w.header(record.cls());
  if (!only.empty() && info.fullname != only) return type;
  TypeId fallback = w.types.instance(record.cls(), record.args());
  if (info.fullname == "builtins.bool") {
    TypeId both[] = {w.types.literal(LiteralKind::kBool, "True", fallback), w.types.literal(LiteralKind::kBool, "False", fallback)};
    return w.types.unionOf(both);
  }
  if (!info.has(kClassEnum)) return type;
  // A flag may be any combination of its members.
  if (follows(w.options, Divergence::kFlagValues) && isSubclass(w, record.cls(), "enum.Flag")) return type;
  std::vector<TypeId> items;
  for (NameId member : enumMembers(w, record.cls())) {
    items.push_back(w.types.literal(LiteralKind::kEnum, w.text(member), fallback));
  }
  return items.empty() ? type : w.types.unionOf(items);
}

TypeId contractLiterals(World& w, TypeId union_type) {
  if (!w.types.is(union_type, TypeKind::kUnion)) return union_type;
  std::vector<TypeId> items(w.types[union_type].args().begin(), w.types[union_type].args().end());
  for (size_t i = 0; i < items.size(); ++i) {
    if (!w.types.is(items[i], TypeKind::kLiteral)) continue;
    TypeId fallback = w.types[items[i]].extra;
    const ClassInfo& info = w.header(w.types[fallback].cls());
    if (!info.has(kClassEnum) && info.fullname != "builtins.bool") continue;
    TypeId expanded = expandSumType(w, fallback);
    if (!w.types.is(expanded, TypeKind::kUnion)) continue;
    bool all = true;
    for (TypeId value : w.types[expanded].args()) {
      bool found = false;
      for (TypeId item : items) found = found || item == value;
      all = all && found;
    }
    if (!all) continue;
    std::vector<TypeId> contracted;
    for (size_t j = 0; j < items.size(); ++j) {
      bool is_value = w.types.is(items[j], TypeKind::kLiteral) && w.types[items[j]].extra == fallback;
      if (j == i) contracted.push_back(fallback);
      if (!is_value) contracted.push_back(items[j]);
    }
    items = contracted;
  }
  return w.types.unionOf(items);
}

bool isLiteralLike(World& w, TypeId type) {
  type = proper(w, type);
  return w.types.is(type, TypeKind::kLiteral) || (w.types.is(type, TypeKind::kInstance) && w.types.is(w.types[type].extra, TypeKind::kLiteral));
}

TypeId coerceToLiteral(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  const Type& record = w.types[plain];
  if (record.kind == TypeKind::kUnion) {
    std::vector<TypeId> items;
    std::vector<TypeId> members(record.args().begin(), record.args().end());
    for (TypeId member : members) items.push_back(coerceToLiteral(w, member));
    return w.types.unionOf(items);
  }
  if (record.kind != TypeKind::kInstance) return type;
  if (w.types.is(record.extra, TypeKind::kLiteral)) return record.extra;
  if (w.header(record.cls()).has(kClassEnum)) {
    std::vector<NameId> members = enumMembers(w, record.cls());
    if (members.size() == 1) return w.types.literal(LiteralKind::kEnum, w.text(members[0]), plain);
  }
  return type;
}

bool isSingleton(World& w, TypeId type) {
  type = proper(w, type);
  const Type& record = w.types[type];
  if (record.kind == TypeKind::kNone) return true;
  if (record.kind == TypeKind::kLiteral) {
    LiteralKind kind = w.types.literalValue(type).kind;
    return kind == LiteralKind::kEnum || kind == LiteralKind::kBool || kind == LiteralKind::kSentinel;
  }
  if (record.kind == TypeKind::kInstance) {
    const ClassInfo& info = w.header(record.cls());
    if (info.has(kClassEnum)) return enumMembers(w, record.cls()).size() == 1;
    return info.fullname == "builtins.ellipsis" || info.fullname == "types.EllipsisType";
  }
  return false;
}

TypeId withoutKnownValues(World& w, TypeId type) {
  std::vector<TypeId> choices = unionItems(w, type);
  bool has_known = choices.size() > 1 && std::any_of(choices.begin(), choices.end(), [&](TypeId item) { return isLiteralLike(w, item); });
  return has_known ? simplifiedUnion(w, unionItems(w, removeLastKnownValues(w, type))) : type;
}

}  // namespace krait::relations
