// The collector's list, inline for the places that make and end objects all the time: see gc.h for what it is.
#pragma once

#include "runtime/object/gc.h"

namespace krait::object {

// The collector of the isolate that runs.
extern Collector* the_collector;

// Takes a tracked object off the list. Most objects die young: the last one is.
inline void gcTakeOff(Object* object) {
  Collector& c = *the_collector;
  size_t index = object->gc >> kGcFlagBits;
  if (__builtin_expect(index + 1 != c.young.size() || index < c.old_count, 0)) return gcUntrackSlow(object);
  c.young.pop_back();
  object->gc &= ((1u << kGcFlagBits) - 1) & ~static_cast<uint32_t>(kGcTracked);
}

}  // namespace krait::object
