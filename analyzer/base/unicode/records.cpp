#include "analyzer/base/unicode/records.h"

namespace krait::unicode {

namespace generated {
#include "unicode/properties.inc"
}  // namespace generated

const PropertyRecord& propertiesOf(char32_t c) {
  using namespace generated;
  if (c > kLastCodePoint) return kPropertyRecords[0];
  uint32_t block = kPropertyIndex[c >> kPropertyShift];
  return kPropertyRecords[kPropertyBlocks[(block << kPropertyShift) + (c & ((1u << kPropertyShift) - 1))]];
}

const TypeRecord& typeOf(char32_t c) {
  using namespace generated;
  if (c > kLastCodePoint) return kTypeRecords[0];
  uint32_t block = kTypeIndex[c >> kTypeShift];
  return kTypeRecords[kTypeBlocks[(block << kTypeShift) + (c & ((1u << kTypeShift) - 1))]];
}

constinit const NumericValue* const kNumerics = generated::kNumerics;
constinit const SpecialCase* const kSpecialCases = generated::kSpecialCases;
constinit const char32_t* const kCaseSequences = generated::kCaseSequences;

}  // namespace krait::unicode
