// The parts of the `_collections` module, one type a file; collections_module.cpp joins them.
#pragma once

#include "runtime/modules/module_table.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"

namespace krait::modules {

// Makes an empty dict of a type that has more than a dict: the slot `make` of DefaultDict and OrderedDict.
template <typename DictType>
Ref makeDictOf(Thread&, Type* type, const Value*, uint32_t, Tuple*) {
  DictType* d = allocate<DictType>(type);
  d->only_str = true;
  gcTrack(d);
  return Ref::steal(d);
}

void addDefaultDict(Thread& t, Module* m);
void addDeque(Thread& t, Module* m);
void addOrderedDict(Thread& t, Module* m);
void addTupleGetter(Thread& t, Module* m);

}  // namespace krait::modules
