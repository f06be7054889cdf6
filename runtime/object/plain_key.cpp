#include "runtime/object/plain_key.h"

#include "runtime/object/containers.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"

namespace krait::object {

static Ref plainBound_py(Thread& t, Value v) { return v.isInt() || typeOf(t, v)->slots.index == nullptr ? Ref::of(v) : toIndex_py(t, v); }

Ref plainKey_py(Thread& t, Value key) {
  if (key.isInt()) return Ref::of(key);
  if (isExact(key, TypeId::kSlice)) {
    Slice* s = key.as<Slice>();
    auto isPlain = [](Value v) { return v.isInt() || v.isNone(); };
    if (isPlain(s->start) && isPlain(s->stop) && isPlain(s->step)) return Ref::of(key);
    Ref held = Ref::of(key), step = TRY(plainBound_py(t, s->step)), start = TRY(plainBound_py(t, s->start)), stop = TRY(plainBound_py(t, s->stop));
    return newSlice(t, start.get(), stop.get(), step.get());
  }
  Ref index = TRY(plainBound_py(t, key));
  int64_t value;
  bool is_index = index.get() != key || isIntLike(key);
  if (is_index && !intFits(index.get(), value)) return raiseIndexError(t, "cannot fit '%s' into an index-sized integer", typeNameOf(t, key));
  return index;
}

}  // namespace krait::object
