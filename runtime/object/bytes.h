// Bytes (immutable) and ByteArray.
#pragma once

#include <string_view>

#include "runtime/object/type.h"

namespace krait::object {

struct Bytes : Object {
  int64_t size;
  int64_t hash;  // 0: not computed
  const uint8_t* data() const { return reinterpret_cast<const uint8_t*>(this + 1); }
  uint8_t* data() { return reinterpret_cast<uint8_t*>(this + 1); }
  std::string_view view() const { return {reinterpret_cast<const char*>(this + 1), static_cast<size_t>(size)}; }
};

struct ByteArray : Object {
  int64_t size, capacity;
  uint8_t* data;
  int64_t exports;  // memory views that forbid resizing
  std::string_view view() const { return {reinterpret_cast<const char*>(data), static_cast<size_t>(size)}; }
};

// -b: a BytesWarning when bytes are shown by str() or compared with text or ints.
extern bool warns_of_bytes;
// -X dev: names of codecs and error handlers are looked up even where they are not needed.
extern bool checks_codec_names;

Ref newBytes(Thread& t, std::string_view data);
Ref newBytesBuffer(Thread& t, int64_t size);  // uninitialised, with a zero byte after it
Ref newByteArray(Thread& t, std::string_view data);

}  // namespace krait::object
