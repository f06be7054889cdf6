// Packed source positions: most code never raises and is never traced, so that its positions are never unpacked.
#include <cstdlib>

#include "runtime/object/code.h"

namespace krait::object {

static void putNumber(std::string& out, uint32_t n) {
  for (; n >= 0x80; n >>= 7) out += static_cast<char>(n | 0x80);
  out += static_cast<char>(n);
}
// The number at `at`, which stops at `end`: malformed data give some number.
static uint32_t takeNumber(const uint8_t*& at, const uint8_t* end) {
  uint32_t n = 0;
  for (int shift = 0; at < end && shift < 32; shift += 7) {
    uint8_t byte = *at++;
    n |= static_cast<uint32_t>(byte & 0x7F) << shift;
    if (byte < 0x80) break;
  }
  return n;
}

std::string packPositions(const SourcePosition* positions, size_t count) {
  std::string out;
  SourcePosition last = {};
  for (size_t i = 0; i < count; ++i) {
    const SourcePosition& p = positions[i];
    bool same = i > 0 && p.line == last.line && p.end_line == last.end_line && p.column == last.column && p.end_column == last.end_column;
    if (same) {
      out += '\0';
      continue;
    }
    int64_t step = static_cast<int64_t>(p.line) - last.line;
    uint64_t zigzag = step < 0 ? static_cast<uint64_t>(-step) * 2 - 1 : static_cast<uint64_t>(step) * 2;
    if (zigzag < 253 && p.end_line == p.line) {
      out += static_cast<char>(1 + zigzag);
    } else {
      out += '\xFF';
      putNumber(out, p.line);
      putNumber(out, p.end_line);
    }
    putNumber(out, static_cast<uint16_t>(p.column + 1));
    putNumber(out, static_cast<uint16_t>(p.end_column + 1));
    last = p;
  }
  return out;
}

// What the bytes from `at` say; instructions behind their end have no place.
static void unpack(const uint8_t* at, const uint8_t* end, SourcePosition* out, uint32_t count) {
  SourcePosition p = {};
  for (uint32_t i = 0; i < count; ++i) {
    if (at >= end) {
      out[i] = {0, 0, 0xFFFF, 0xFFFF};
      continue;
    }
    uint8_t head = *at++;
    if (head == 0xFF) {
      p.line = takeNumber(at, end);
      p.end_line = takeNumber(at, end);
    } else if (head != 0) {
      int32_t zigzag = head - 1;
      p.line += static_cast<uint32_t>(zigzag & 1 ? -((zigzag + 1) >> 1) : zigzag >> 1);
      p.end_line = p.line;
    }
    if (head != 0) {
      p.column = static_cast<uint16_t>(takeNumber(at, end) - 1);
      p.end_column = static_cast<uint16_t>(takeNumber(at, end) - 1);
    }
    out[i] = p;
  }
}

std::vector<SourcePosition> unpackPositions(std::string_view packed, uint32_t count) {
  std::vector<SourcePosition> out(count);
  const uint8_t* at = reinterpret_cast<const uint8_t*>(packed.data());
  unpack(at, at + packed.size(), out.data(), count);
  return out;
}

const SourcePosition* positionsOf(const Code* code) {
  if (code->positions != nullptr) return code->positions;
  SourcePosition* out = static_cast<SourcePosition*>(std::calloc(code->instruction_count + 1, sizeof(SourcePosition)));
  unpack(code->packed_positions, code->packed_positions + code->packed_size, out, code->instruction_count);
  const_cast<Code*>(code)->positions = out;
  return out;
}

void makeCaches(Code* code) {
  if (code->caches != nullptr) return;
  code->caches = static_cast<InlineCache*>(std::calloc(code->cache_count + 1, sizeof(InlineCache)));
  for (uint32_t i = 0; i < code->cache_count; ++i) code->caches[i].name = code->cache_names[i];
}

}  // namespace krait::object
