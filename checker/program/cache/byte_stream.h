// Bytes of a cache file: plain little-endian numbers and texts, one after the other. A reader that runs past the end
// fails for good and gives zeros and empty texts from then on: check failed() once, at the end.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace krait::program {

class ByteWriter {
 public:
  void number(uint64_t value) { bytes_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void small(uint32_t value) { bytes_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void flag(bool value) { bytes_.push_back(value ? 1 : 0); }
  void text(std::string_view value) {
    small(static_cast<uint32_t>(value.size()));
    bytes_.append(value);
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  uint64_t number() { return plain<uint64_t>(); }
  uint32_t small() { return plain<uint32_t>(); }
  bool flag() { return plain<uint8_t>() != 0; }
  std::string_view text() {
    size_t size = small();
    if (size > bytes_.size()) has_failed_ = true;
    if (has_failed_) return {};
    std::string_view value = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return value;
  }
  // How many elements follow; each takes at least one byte, so that a wrong number cannot ask for much memory.
  uint32_t count() {
    uint32_t value = small();
    if (value > bytes_.size()) has_failed_ = true;
    return has_failed_ ? 0 : value;
  }
  bool failed() const { return has_failed_; }
  bool isAtEnd() const { return bytes_.empty(); }

 private:
  template <class T>
  T plain() {
    T value = 0;
    if (sizeof(T) > bytes_.size()) has_failed_ = true;
    if (has_failed_) return 0;
    std::memcpy(&value, bytes_.data(), sizeof(T));
    bytes_.remove_prefix(sizeof(T));
    return value;
  }
  std::string_view bytes_;
  bool has_failed_ = false;
};

}  // namespace krait::program
