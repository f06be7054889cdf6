// Combining what conditions say, and putting it into the flow.
#include <algorithm>

#include "checker/narrow/checker.h"

namespace krait::narrow {

TypeMap impossibleMap() {
  TypeMap map;
  map.is_impossible = true;
  return map;
}

NodeId withoutWalrus(const Checker& c, NodeId node) {
  while (auto named = c.ast->tryAs<syntax::NamedExpr>(node)) node = named->target();
  return node;
}

TypeMap mapOf(Checker& c, NodeId node, TypeId type) {
  if (!type.valid()) return {};
  if (c.w.types.is(proper(c.w, type), TypeKind::kNever)) return impossibleMap();
  TypeMap map;
  node = withoutWalrus(c, node);
  if (keyOf(c, node).valid()) map.entries.push_back({node, type});
  return map;
}

static KeyId entryKey(Checker& c, const MapEntry& entry) {
  KeyId key = keyOf(c, entry.node);
  return key.valid() && entry.attribute.valid() ? c.keys.attribute(key, entry.attribute) : key;
}

static MapEntry* findEntry(Checker& c, TypeMap& map, KeyId key) {
  for (MapEntry& entry : map.entries) {
    if (entryKey(c, entry) == key) return &entry;
  }
  return nullptr;
}

TypeMap andMaps(Checker& c, const TypeMap& a, const TypeMap& b, bool uses_meet) {
  if (a.is_impossible || b.is_impossible) return impossibleMap();
  TypeMap result = b;
  for (const MapEntry& entry : a.entries) {
    MapEntry* other = findEntry(c, result, entryKey(c, entry));
    if (other == nullptr) {
      result.entries.push_back(entry);
    } else if (uses_meet) {
      other->type = meet(c.w, entry.type, other->type);
      if (c.w.types.is(other->type, TypeKind::kNever)) return impossibleMap();
    } else if (c.w.types.is(proper(c.w, other->type), TypeKind::kAny) && !c.w.types.is(proper(c.w, entry.type), TypeKind::kAny)) {
      // Any says nothing; the other test does.
      *other = entry;
    }
  }
  return result;
}

TypeMap orMaps(Checker& c, const TypeMap& a, const TypeMap& b, bool coalesces_any) {
  if (a.is_impossible) return b;
  if (b.is_impossible) return a;
  TypeMap result;
  TypeMap others = b;
  for (const MapEntry& entry : a.entries) {
    MapEntry* other = findEntry(c, others, entryKey(c, entry));
    if (other == nullptr) continue;
    if (coalesces_any && c.w.types.is(proper(c.w, entry.type), TypeKind::kAny)) {
      result.entries.push_back(entry);
    } else {
      TypeId both[] = {entry.type, other->type};
      result.entries.push_back({entry.node, simplifiedUnion(c.w, both), false, entry.attribute});
    }
  }
  return result;
}

void pushMap(Checker& c, const TypeMap& map, bool stays) {
  if (map.is_impossible) {
    c.binder->unreachable();
    return;
  }
  for (const MapEntry& entry : map.entries) {
    KeyId key = entryKey(c, entry);
    if (!key.valid()) continue;
    TypeId declared = entry.attribute.valid() ? entry.type : c.nodeType(entry.node);
    c.binder->put(key, entry.type, declared, stays, entry.is_guard);
  }
}

// Two unions of the same types, in whatever order they were written.
static bool isSameUnion(World& w, TypeId a, TypeId b) {
  std::span<const TypeId> first = w.types[a].args(), second = w.types[b].args();
  return first.size() == second.size() && std::is_permutation(first.begin(), first.end(), second.begin());
}

// The members of `known` in the order in which the declared union has them.
static TypeId inDeclaredOrder(World& w, TypeId declared, TypeId known) {
  std::vector<TypeId> items;
  std::span<const TypeId> members = w.types[known].args();
  for (TypeId item : w.types[declared].args()) {
    if (std::find(members.begin(), members.end(), item) != members.end()) items.push_back(item);
  }
  items.insert(items.end(), members.begin(), members.end());
  return w.types.unionOf(items);
}

TypeId narrowedByFlow(Checker& c, KeyId key, TypeId type) {
  if (c.binder == nullptr || !key.valid()) return type;
  KnownType known = c.binder->find(key);
  if (!known.type.valid() || known.type == type) return type;
  // An attribute that hasattr() found: Any where the type does not have it.
  bool is_tested = known.is_guard && type.valid() && c.w.types.is(known.type, TypeKind::kAny);
  if (is_tested) return type;
  if (known.is_guard) {
    // A guard is believed, unless what is declared is more precise.
    SubtypeOptions o;
    o.ignore_promotions = true;
    return isProperSubtype(c.w, type, known.type, o) ? type : known.type;
  }
  if (!type.valid() || c.w.types.is(known.type, TypeKind::kDeleted) || c.w.types.is(type, TypeKind::kPartial)) return known.type;
  bool unions = c.w.types.is(type, TypeKind::kUnion) && c.w.types.is(known.type, TypeKind::kUnion);
  if (unions && isSameUnion(c.w, type, known.type)) return type;
  if (unions && c.options->allow_redefinition && !c.keys.baseOf(key).valid()) return inDeclaredOrder(c.w, type, known.type);
  bool is_plain = c.w.types.is(known.type, TypeKind::kInstance) && c.w.types.is(type, TypeKind::kInstance);
  if (is_plain && (isNativeInt(c.w, type) || isNativeInt(c.w, known.type))) return narrowDeclared(c.w, type, known.type);
  if (known.from_assignment && isSubtype(c.w, known.type, type)) return known.type;
  TypeId narrowed = narrowDeclared(c.w, type, known.type);
  // What the flow knows cannot be said of the declared type: the flow is right.
  bool is_lost = c.w.types.is(narrowed, TypeKind::kNever) && !c.w.types.is(known.type, TypeKind::kNever);
  return is_lost ? known.type : narrowed;
}

}  // namespace krait::narrow
