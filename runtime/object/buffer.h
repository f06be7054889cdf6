// The buffer protocol: direct access to the memory of bytes-like objects. A Buffer holds the exporter, and keeps it from
// moving its memory, for as long as it lives. Native types export by the slots get_buffer and release_buffer; Python
// classes by __buffer__ (PEP 688). ref: PEP 3118, Objects/abstract.c (PyObject_GetBuffer).
#pragma once

#include <string_view>

#include "runtime/object/type.h"

namespace krait::object {

// What an exporter fills in: contiguous memory of items of one native format.
struct BufferInfo {
  uint8_t* data = nullptr;
  int64_t size = 0;  // bytes
  bool is_read_only = true;
  char format = 'B';  // struct's letter of an item
  int64_t item_size = 1;
  // Of exporters with more than one dimension, or items that no letter tells; valid as long as the exporter.
  const char* format_text = nullptr;
  int32_t dimensions = 1;
  const int64_t* shape = nullptr;
};

class Buffer {
 public:
  Buffer() = default;
  ~Buffer() { release(); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  // TypeError "a bytes-like object is required, not 'T'", or BufferError, when there is no such access.
  Status acquire(Thread& t, Value v);
  // The same for memory to write to; `what` names the parameter as in "readinto() argument".
  Status acquireWritable(Thread& t, Value v, const char* what);
  // Or with TypeError "a read-write bytes-like object is required, not 'T'".
  Status acquireWritable(Thread& t, Value v);
  void release();

  uint8_t* data() const { return info_.data; }
  int64_t size() const { return info_.size; }
  const BufferInfo& info() const { return info_; }
  std::string_view view() const { return {reinterpret_cast<const char*>(info_.data), static_cast<size_t>(info_.size)}; }

 private:
  BufferInfo info_;
  Ref owner_;
};

// True when acquire would find an exporter.
bool isBytesLike(Value v);
// The slots of classes that define __buffer__, and __buffer__ for the dictionary of a native exporter (buffer_python.cpp).
Status getPythonBuffer_py(Thread& t, Value v, BufferInfo& out);
void releasePythonBuffer(Value v);
void addBufferMethods(Isolate& isolate, Type* type);
// Asks the exporter without holding it: every success needs a releaseBuffer.
Status getBuffer(Thread& t, Value v, BufferInfo& out);
void releaseBuffer(Value v);

}  // namespace krait::object
