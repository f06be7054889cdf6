#include "runtime/object/buffer.h"

#include "runtime/object/error.h"

namespace krait::object {

Status Buffer::open(Thread& t, Value v, bool writable) {
  close();
  auto get = typeOf(t, v)->slots.get_buffer;
  if (get == nullptr) return raiseTypeError(t, writable ? "a read-write bytes-like object is required, not '%s'"
                                                        : "a bytes-like object is required, not '%s'", typeNameOf(t, v));
  TRY(get(t, v, info));
  owner_ = Ref::of(v);
  if (writable && info.is_read_only) {
    close();
    return raiseTypeError(t, "a read-write bytes-like object is required, not '%s'", typeNameOf(t, v));
  }
  return kDone;
}

void Buffer::close() {
  if (!owner_) return;
  Object* object = owner_.get().object();
  if (object->type->slots.release_buffer != nullptr) object->type->slots.release_buffer(object);
  owner_ = Ref();
}

}  // namespace krait::object
