// What a narrowed `x.tag` or `x["tag"]` or `x[0]` tells about the union `x`.
#include "checker/narrow/checker.h"

namespace krait::narrow {

// The values that an index may have, as literals of one kind; empty: not known.
static std::vector<std::string> literalValues(World& w, TypeId index, LiteralKind kind) {
  std::vector<std::string> values;
  for (TypeId item : unionItems(w, coerceToLiteral(w, index))) {
    if (!w.types.is(item, TypeKind::kLiteral) || w.types.literalValue(item).kind != kind) return {};
    values.emplace_back(w.types.literalValue(item).text);
  }
  return values;
}

static TypeId itemOf(Checker& c, TypeId parent, TypeId index) {
  World& w = c.w;
  std::vector<TypeId> found;
  if (w.types.is(parent, TypeKind::kTypedDict)) {
    std::vector<std::string> keys = literalValues(w, index, LiteralKind::kStr);
    for (const std::string& key : keys) {
      bool is_known = false;
      for (const TypedDictItem& item : w.types.typedDictItems(parent)) {
        if (w.text(item.name) != key) continue;
        is_known = true;
        found.push_back(item.type);
      }
      if (!is_known) return TypeId::none();
    }
  } else if (w.types.is(parent, TypeKind::kTuple)) {
    std::span<const TypeId> items = w.types[parent].args();
    for (const std::string& text : literalValues(w, index, LiteralKind::kInt)) {
      if (text.size() > 9) return TypeId::none();
      int64_t at = std::atoll(text.c_str());
      if (at < 0) at += static_cast<int64_t>(items.size());
      if (at < 0 || at >= static_cast<int64_t>(items.size())) return TypeId::none();
      if (w.types.is(items[static_cast<size_t>(at)], TypeKind::kUnpack)) return TypeId::none();
      found.push_back(items[static_cast<size_t>(at)]);
    }
  }
  // mypy takes the items of lists and of tuples of any length for distinct, as those of other tuples.
  bool is_list = (isNamed(w, parent, "builtins.list") || isNamed(w, parent, "builtins.tuple")) && w.types[parent].count == 1;
  if (is_list && !follows(*c.options, Divergence::kDistinctItems) && !literalValues(w, index, LiteralKind::kInt).empty()) found.push_back(w.types[parent].items[0]);
  return found.empty() ? TypeId::none() : simplifiedUnion(w, found);
}

// The type of the part `node` (an attribute or an item) of a value of this type; none: it has no such part.
static TypeId partOf(Checker& c, NodeId node, TypeId parent) {
  World& w = c.w;
  TypeId plain = proper(w, parent);
  if (auto attribute = c.ast->tryAs<syntax::Attribute>(node)) {
    NameId name = syntax::nameOf(*c.ast, attribute->attr());
    if (w.types.is(plain, TypeKind::kAny)) return plain;
    bool is_class = false;
    TypeId instance = plain;
    if (w.types.is(plain, TypeKind::kTypeType)) {
      instance = proper(w, w.types[plain].items[0]);
      is_class = true;
    } else if (w.types.is(plain, TypeKind::kCallable) && w.types.callable(plain).isTypeObject()) {
      instance = proper(w, w.types.callable(plain).made());
      is_class = true;
    }
    return findMemberType(w, name, instance, instance, is_class);
  }
  if (w.types.is(plain, TypeKind::kAny)) return plain;
  TypeId index = c.nodeType(c.ast->as<syntax::Subscript>(node).slice());
  return index.valid() ? itemOf(c, plain, index) : TypeId::none();
}

static void addParents(Checker& c, NodeId node, TypeId type, TypeMap& out) {
  World& w = c.w;
  for (;;) {
    NodeId parent;
    if (auto attribute = c.ast->tryAs<syntax::Attribute>(node)) {
      parent = attribute->value();
    } else if (auto subscript = c.ast->tryAs<syntax::Subscript>(node)) {
      parent = subscript->value();
    } else {
      return;
    }
    parent = withoutWalrus(c, parent);
    TypeId parent_type = c.nodeType(parent);
    if (!parent_type.valid() || !w.types.is(proper(w, parent_type), TypeKind::kUnion)) return;
    std::vector<TypeId> kept;
    for (TypeId item : unionItems(w, parent_type)) {
      TypeId part = partOf(c, node, item);
      if (!part.valid()) return;
      if (isOverlapping(w, part, type)) kept.push_back(item);
    }
    if (kept.empty()) return;
    type = simplifiedUnion(w, kept);
    KeyId key = keyOf(c, parent);
    if (!key.valid()) return;
    for (const MapEntry& entry : out.entries) {
      if (keyOf(c, entry.node) == key) return;
    }
    out.entries.push_back({parent, type});
    node = parent;
  }
}

TypeMap withParents(Checker& c, TypeMap map) {
  if (map.is_impossible) return map;
  size_t count = map.entries.size();
  for (size_t i = 0; i < count; ++i) {
    MapEntry entry = map.entries[i];
    addParents(c, entry.node, entry.type, map);
  }
  return map;
}

}  // namespace krait::narrow
