// Substitution of type variables in types. A ParamSpec is replaced by Parameters, another ParamSpec or Any; a
// TypeVarTuple by a Tuple type whose items take its place, by another TypeVarTuple, by tuple[X, ...] or Any.
#pragma once

#include <vector>

#include "checker/types/world.h"

namespace krait::types {

struct Substitution {
  std::vector<std::pair<TypeVarId, TypeId>> entries;

  void add(TypeVarId from, TypeId to) { entries.push_back({from, to}); }
  TypeId find(TypeVarId id) const {
    for (const auto& entry : entries) {
      if (entry.first == id) return entry.second;
    }
    return TypeId::none();
  }
  bool empty() const { return entries.empty(); }
};

// The type with each variable of the map replaced.
TypeId substitute(World& w, TypeId type, const Substitution& map);
// The type as a member of `instance`'s class sees it: that class's variables replaced by instance's arguments.
TypeId substituteByInstance(World& w, TypeId type, TypeId instance);
// The map from a class's variables to these arguments.
Substitution argumentMap(World& w, ClassId cls, std::span<const TypeId> args);

// The type with `map(t)` applied to each part, deepest parts last: map returns none to descend.
using MapFunction = TypeId (*)(World&, TypeId, void*);
TypeId mapTypes(World& w, TypeId type, MapFunction map, void* data);

// The ParamSpec of a callable that ends in `*args: P.args, **kwargs: P.kwargs`, without a prefix; or none.
TypeId paramSpecOf(World& w, TypeId callable);
// The tuple type with a single unpacked `tuple[X, ...]` inside made that instance; other tuples as they are.
TypeId normalizedTuple(World& w, std::span<const TypeId> items, TypeId fallback);
// The type of `*args` as declared: of `*args: *tuple[X, ...]` it is X.
TypeId plainStar(World& w, TypeId type);
// `*args: Any, **kwargs: Any` as Parameters.
TypeId ellipsisParameters(World& w);

}  // namespace krait::types
