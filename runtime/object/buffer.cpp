#include "runtime/object/buffer.h"

#include "runtime/object/bytes.h"
#include "runtime/object/error.h"

namespace krait::object {

bool isBytesLike(Value v) { return isBytes(v) || isByteArray(v) || (v.isHeap() && v.object()->type->slots.get_buffer != nullptr); }

Status getBuffer(Thread& t, Value v, BufferInfo& out) {
  if (isBytes(v)) {
    out = {.data = v.as<Bytes>()->data(), .size = v.as<Bytes>()->size};
    return kDone;
  }
  if (isByteArray(v)) {
    ++v.as<ByteArray>()->exports;
    out = {.data = v.as<ByteArray>()->data, .size = v.as<ByteArray>()->size, .is_read_only = false};
    return kDone;
  }
  if (v.isHeap() && v.object()->type->slots.get_buffer != nullptr) return v.object()->type->slots.get_buffer(t, v, out);
  return raiseTypeError(t, "a bytes-like object is required, not '%s'", typeNameOf(t, v));
}

void releaseBuffer(Value v) {
  if (isBytes(v)) return;
  if (isByteArray(v)) --v.as<ByteArray>()->exports;
  else if (v.object()->type->slots.release_buffer != nullptr) v.object()->type->slots.release_buffer(v);
}

Status Buffer::acquire(Thread& t, Value v) {
  release();
  TRY(getBuffer(t, v, info_));
  owner_ = Ref::of(v);
  return kDone;
}

Status Buffer::acquireWritable(Thread& t, Value v, const char* what) {
  release();
  if (!isBytesLike(v)) return raiseTypeError(t, "%s must be read-write bytes-like object, not %s", what, typeNameOf(t, v));
  TRY(acquire(t, v));
  if (!info_.is_read_only) return kDone;
  release();
  return raiseTypeError(t, "%s must be read-write bytes-like object, not %s", what, typeNameOf(t, v));
}

Status Buffer::acquireWritable(Thread& t, Value v) {
  release();
  if (isBytesLike(v)) TRY(acquire(t, v));
  if (owner_ && !info_.is_read_only) return kDone;
  release();
  return raiseTypeError(t, "a read-write bytes-like object is required, not '%s'", typeNameOf(t, v));
}

void Buffer::release() {
  if (!owner_) return;
  releaseBuffer(owner_.get());
  owner_ = Ref();
  info_ = {};
}

}  // namespace krait::object
