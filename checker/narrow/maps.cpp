// Combining what conditions say, and putting it into the flow.
#include "checker/narrow/checker.h"

namespace krait::narrow {

static TypeMap impossible() {
  TypeMap map;
  map.is_impossible = true;
  return map;
}

TypeMap andMaps(Checker& c, const TypeMap& a, const TypeMap& b) {
  if (a.is_impossible || b.is_impossible) return impossible();
  TypeMap result = b;
  for (const auto& entry : a.entries) {
    KeyId key = keyOf(c, entry.first);
    bool found = false;
    for (auto& other : result.entries) {
      if (keyOf(c, other.first) == key) found = true;
    }
    if (!found) result.entries.push_back(entry);
  }
  return result;
}

TypeMap orMaps(Checker& c, const TypeMap& a, const TypeMap& b) {
  if (a.is_impossible) return b;
  if (b.is_impossible) return a;
  TypeMap result;
  for (const auto& x : a.entries) {
    for (const auto& y : b.entries) {
      if (keyOf(c, x.first) != keyOf(c, y.first)) continue;
      if (c.w.types.is(proper(c.w, x.second), TypeKind::kAny)) {
        result.entries.push_back(x);
      } else {
        TypeId both[] = {x.second, y.second};
        result.entries.push_back({x.first, simplifiedUnion(c.w, both)});
      }
    }
  }
  return result;
}

void pushMap(Checker& c, const TypeMap& map) {
  if (map.is_impossible) {
    c.binder->unreachable();
    return;
  }
  for (const auto& entry : map.entries) {
    KeyId key = keyOf(c, entry.first);
    if (!key.valid()) continue;
    TypeId declared = c.nodeType(entry.first);
    c.binder->put(key, entry.second, declared, false);
  }
}

}  // namespace krait::narrow
