// The buffer protocol: how bytes-like objects (bytes, bytearray, memoryview, array, mmap …) show their memory to native code.
// A type takes part by its slots get_buffer and release_buffer; Buffer is the owner of one such view. Views are one block,
// first byte to last; while one is open its exporter neither moves nor shrinks.
#pragma once

#include <string_view>

#include "runtime/object/type.h"

namespace krait::object {

struct BufferInfo {
  uint8_t* data = nullptr;
  int64_t size = 0;            // in bytes
  int64_t item_size = 1;
  const char* format = "B";    // a struct format of one item, alive as long as the exporter
  bool is_read_only = true;
};

// Can `v` export its memory?
inline bool isBytesLike(const Thread& t, Value v) { return typeOf(t, v)->slots.get_buffer != nullptr; }

class Buffer {
 public:
  Buffer() = default;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { close(); }
  // Opens a view of `v`; TypeError "a bytes-like object is required, not 'T'", BufferError when it is read-only but
  // `writable` is asked for.
  Status open(Thread& t, Value v, bool writable = false);
  void close();
  std::string_view view() const { return {reinterpret_cast<const char*>(info.data), static_cast<size_t>(info.size)}; }
  uint8_t* data() const { return info.data; }
  int64_t size() const { return info.size; }

  BufferInfo info;

 private:
  Ref owner_;
};

}  // namespace krait::object
