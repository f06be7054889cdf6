// Counting the stores to class attributes.
#include "runtime/object/stored_attributes.h"

#include <unordered_map>
#include <vector>

#include "runtime/object/containers.h"
#include "runtime/object/str.h"

namespace krait::object {

namespace {
struct Stores {
  Str* name;  // interned: they live as long as the isolate
  uint32_t count;
};
}  // namespace

static constexpr uint32_t kOften = 16;
static std::unordered_map<const Type*, std::vector<Stores>> all_stores;
static bool is_any_often = false;

bool keepsVersion(Type* type, Str* name) {
  for (Stores& s : all_stores[type]) {
    if (s.name != name) continue;
    if (s.count >= kOften) return true;
    // What was remembered so far ends with this store.
    if (++s.count >= kOften) is_any_often = true;
    return false;
  }
  all_stores[type].push_back({name, 1});
  return false;
}

bool isStoredOften(const Type* type, const Str* name) {
  if (!is_any_often) return false;
  auto found = all_stores.find(type);
  if (found == all_stores.end()) return false;
  for (const Stores& s : found->second) {
    if (s.name == name) return s.count >= kOften;
  }
  return false;
}

bool isFoundStoredOften(const Type* type, Str* name) {
  if (!is_any_often || type->mro == nullptr) return false;
  for (int64_t i = 0; i < type->mro->size; ++i) {
    const Type* at = type->mro->items()[i].as<Type>();
    if (dictFindStr(at->dict, name) >= 0) return isStoredOften(at, name);
  }
  return false;
}

void forgetStores(Type* type) { all_stores.erase(type); }

}  // namespace krait::object
