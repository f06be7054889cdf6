// Iterators of the builtin containers.
#pragma once

#include "runtime/object/type.h"

namespace krait::object {

// Over a list, tuple, str, bytes or anything with __getitem__; `sequence` is Undefined once exhausted.
struct SequenceIterator : Object {
  Value sequence;
  int64_t at;
};
struct RangeIterator : Object {
  int64_t next, step, remaining;
};
struct DictIterator : Object {
  Value dict;
  int64_t at;
  int64_t used;     // size when it began
  int64_t left;     // items still to come
  Value kept;       // the last pair of items, or Undefined
  uint8_t what;     // 0 keys, 1 values, 2 items
  bool reversed;
};
// dict.keys(), .values() and .items().
struct DictView : Object {
  Value dict;
};
Ref newDictView(Thread& t, Type* type, Value dict);
Ref newSequenceIterator(Thread& t, Value sequence);
Ref newIterator(Thread& t, Type* type, Value sequence);

}  // namespace krait::object
