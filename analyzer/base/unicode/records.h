// The generated per-character records (properties.inc) and access to them; private to this folder. Each source that
// includes this gets its own copy of what it uses, so only properties.cpp's accessors hand records out.
#pragma once

#include <cstdint>

#include "analyzer/base/unicode/character.h"

namespace krait::unicode {

// What unicodedata tells; order of fields: make_tables.py, write_properties.
struct PropertyRecord {
  uint8_t category;
  uint8_t bidirectional;
  uint8_t combining;
  uint8_t east_asian_width;
  uint8_t mirrored;
  uint8_t quick_checks;  // two bits each for NFD, NFKD, NFC, NFKC: 0 yes, 1 maybe, 2 no
};

// What str needs; order of fields: make_tables.py, write_types. Deltas lead to the simple mapping, which is the first
// character of the full one.
struct TypeRecord {
  uint16_t flags;
  int8_t decimal;
  int8_t digit;
  uint8_t numeric;  // index in kNumerics, 0: none
  uint8_t special;  // index in kSpecialCases, 0: the simple mappings are the full ones
  int32_t lower;
  int32_t upper;
  int32_t title;
};

// Full mappings as slices of kCaseSequences: offset << 4 | length.
struct SpecialCase {
  uint16_t lower;
  uint16_t title;
  uint16_t upper;
  uint16_t fold;
};

const PropertyRecord& propertiesOf(char32_t c);
const TypeRecord& typeOf(char32_t c);
extern const NumericValue* const kNumerics;
extern const SpecialCase* const kSpecialCases;
extern const char32_t* const kCaseSequences;

}  // namespace krait::unicode
