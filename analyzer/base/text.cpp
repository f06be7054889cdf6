#include "analyzer/base/text.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace krait {

static uint32_t sequenceLength(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

uint32_t countUnits(std::string_view bytes, ColumnUnit unit) {
  if (unit == ColumnUnit::kUtf8) return static_cast<uint32_t>(bytes.size());
  constexpr uint64_t kOnes = 0x0101010101010101ull;
  uint32_t count = static_cast<uint32_t>(bytes.size());
  size_t at = 0;
  // Eight bytes at once: lines of data are long, and each finding on them asks for its column.
  for (; at + 8 <= bytes.size(); at += 8) {
    uint64_t word;
    std::memcpy(&word, bytes.data() + at, 8);
    if ((word & (kOnes << 7)) == 0) continue;
    count -= static_cast<uint32_t>(std::popcount((word >> 7) & ~(word >> 6) & kOnes));
    if (unit == ColumnUnit::kUtf16) count += static_cast<uint32_t>(std::popcount((word >> 7) & (word >> 6) & (word >> 5) & (word >> 4) & kOnes));
  }
  for (; at < bytes.size(); ++at) {
    unsigned char c = static_cast<unsigned char>(bytes[at]);
    count -= (c & 0xc0) == 0x80;
    if (unit == ColumnUnit::kUtf16) count += c >= 0xf0;
  }
  return count;
}

uint32_t bytesOfUnits(std::string_view bytes, uint32_t units, ColumnUnit unit) {
  if (unit == ColumnUnit::kUtf8) return std::min(units, static_cast<uint32_t>(bytes.size()));
  size_t at = 0;
  uint32_t counted = 0;
  while (at < bytes.size() && counted < units) {
    uint32_t length = sequenceLength(static_cast<unsigned char>(bytes[at]));
    counted += unit == ColumnUnit::kUtf16 && length == 4 ? 2 : 1;
    at += length;
  }
  return static_cast<uint32_t>(std::min(at, bytes.size()));
}

static bool isContinuation(unsigned char c) { return (c & 0xc0) == 0x80; }

size_t findInvalidUtf8(std::string_view bytes) {
  const auto* p = reinterpret_cast<const unsigned char*>(bytes.data());
  size_t n = bytes.size();
  size_t i = 0;
  while (i < n) {
    if (i + 8 <= n) {
      uint64_t word;
      std::memcpy(&word, p + i, 8);
      if ((word & 0x8080808080808080ull) == 0) {
        i += 8;
        continue;
      }
    }
    unsigned char c = p[i];
    if (c < 0x80) {
      ++i;
    } else if (c >= 0xc2 && c < 0xe0 && i + 1 < n && isContinuation(p[i + 1])) {
      i += 2;
    } else if (c >= 0xe0 && c < 0xf0 && i + 2 < n && isContinuation(p[i + 1]) && isContinuation(p[i + 2]) &&
               (c != 0xe0 || p[i + 1] >= 0xa0) && (c != 0xed || p[i + 1] < 0xa0)) {
      i += 3;
    } else if (c >= 0xf0 && c < 0xf5 && i + 3 < n && isContinuation(p[i + 1]) && isContinuation(p[i + 2]) &&
               isContinuation(p[i + 3]) && (c != 0xf0 || p[i + 1] >= 0x90) && (c != 0xf4 || p[i + 1] < 0x90)) {
      i += 4;
    } else {
      return i;
    }
  }
  return std::string_view::npos;
}

LineIndex::LineIndex(std::string_view text) : text_(text) {
  starts_.clear();
  starts_.reserve(text.size() / 32 + 1);
  starts_.push_back(0);
  const char* begin = text.data();
  const char* end = begin + text.size();
  bool has_cr = std::memchr(begin, '\r', text.size()) != nullptr;
  for (const char* p = begin; p < end;) {
    if (!has_cr) {
      p = static_cast<const char*>(std::memchr(p, '\n', static_cast<size_t>(end - p)));
      if (p == nullptr) break;
      ++p;
    } else if (*p == '\r') {
      p += p + 1 < end && p[1] == '\n' ? 2 : 1;
    } else if (*p++ != '\n') {
      continue;
    }
    starts_.push_back(static_cast<uint32_t>(p - begin));
  }
}

uint32_t LineIndex::lineOf(uint32_t offset) const {
  auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  return static_cast<uint32_t>(after - starts_.begin()) - 1;
}

std::string_view LineIndex::lineText(uint32_t line) const {
  if (line >= lineCount()) return {};
  uint32_t begin = starts_[line];
  size_t end = line + 1 < lineCount() ? starts_[line + 1] : text_.size();
  std::string_view full = text_.substr(begin, end - begin);
  while (!full.empty() && (full.back() == '\n' || full.back() == '\r')) full.remove_suffix(1);
  return full;
}

LineColumn LineIndex::locate(uint32_t offset, ColumnUnit unit) const {
  offset = std::min(offset, static_cast<uint32_t>(text_.size()));
  uint32_t line = lineOf(offset);
  return {line, countUnits(text_.substr(starts_[line], offset - starts_[line]), unit)};
}

uint32_t LineIndex::offsetOf(LineColumn position, ColumnUnit unit) const {
  if (position.line >= lineCount()) return static_cast<uint32_t>(text_.size());
  return starts_[position.line] + bytesOfUnits(lineText(position.line), position.column, unit);
}

}  // namespace krait
