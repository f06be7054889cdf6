// Source text and places in it: byte ranges, lines, and columns in the units that consumers count in.
// A TextRange is half-open, in bytes, inside the text and on UTF-8 boundaries. Lines and columns are 0-based
// here; whoever prints adds one. A line ends at "\n", "\r\n" or "\r" (language reference 2.1.2).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace krait {

struct TextRange {
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t size() const { return end - begin; }
  bool contains(uint32_t offset) const { return begin <= offset && offset < end; }
  bool operator==(const TextRange&) const = default;
};

struct LineColumn {
  uint32_t line = 0;    // 0-based
  uint32_t column = 0;  // 0-based, in the unit that was asked for
  auto operator<=>(const LineColumn&) const = default;
};

enum class ColumnUnit : uint8_t { kUtf8, kUtf16, kUtf32 };

// The number of `unit`s that `bytes` (valid UTF-8) takes.
uint32_t countUnits(std::string_view bytes, ColumnUnit unit);
// The byte length of the first `units` units of `bytes`; stops at its end.
uint32_t bytesOfUnits(std::string_view bytes, uint32_t units, ColumnUnit unit);
// The offset of the first byte that is not valid UTF-8, or npos. Surrogates and overlong forms are invalid.
size_t findInvalidUtf8(std::string_view bytes);

// Line starts of a text. Keeps a borrow of the text: the text must outlive it and stay where it is.
class LineIndex {
 public:
  LineIndex() = default;
  explicit LineIndex(std::string_view text);

  uint32_t lineCount() const { return static_cast<uint32_t>(starts_.size()); }
  uint32_t lineOf(uint32_t offset) const;
  uint32_t lineStart(uint32_t line) const { return starts_[line]; }
  // The line's text without its line end. Lines past the last are empty.
  std::string_view lineText(uint32_t line) const;
  // Offsets past the end are clamped.
  LineColumn locate(uint32_t offset, ColumnUnit unit = ColumnUnit::kUtf8) const;
  // Positions outside the text are clamped to the line's end or the text's end.
  uint32_t offsetOf(LineColumn position, ColumnUnit unit = ColumnUnit::kUtf8) const;
  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
  std::vector<uint32_t> starts_ = {0};
};

}  // namespace krait
