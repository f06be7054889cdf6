#include "analyzer/base/unicode/character.h"

#include "analyzer/base/text.h"
#include "analyzer/base/unicode/records.h"
#include "analyzer/base/unicode/utf8.h"

namespace krait::unicode {

static constexpr const char* kCategories[] = {"Cn", "Lu", "Ll", "Lt", "Mn", "Mc", "Me", "Nd", "Nl", "No",
                                              "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Lm", "Lo", "Pc",
                                              "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So"};
static constexpr const char* kBidiClasses[] = {"",   "L",  "LRE", "LRO", "R", "AL", "RLE", "RLO", "PDF", "EN",  "ES", "ET",
                                               "AN", "CS", "NSM", "BN",  "B", "S",  "WS",  "ON",  "LRI", "RLI", "FSI", "PDI"};
static constexpr const char* kWidths[] = {"N", "F", "H", "W", "Na", "A"};

uint16_t characterFlags(char32_t c) { return typeOf(c).flags; }

bool isIdentifier(std::string_view utf8) {
  if (utf8.empty()) return false;
  for (size_t at = 0; at < utf8.size();) {
    bool first = at == 0;
    char32_t c = decodeUtf8(utf8, at);
    if (c == kMalformed || !(first ? isIdentifierStart(c) : isIdentifierContinue(c))) return false;
  }
  return true;
}

int decimalValue(char32_t c) { return typeOf(c).decimal; }
int digitValue(char32_t c) { return typeOf(c).digit; }

NumericValue numericValue(char32_t c) {
  uint8_t index = typeOf(c).numeric;
  return index == 0 ? NumericValue{0, 0} : kNumerics[index];
}

const char* categoryName(char32_t c) { return kCategories[propertiesOf(c).category]; }
const char* bidirectionalName(char32_t c) { return kBidiClasses[propertiesOf(c).bidirectional]; }
const char* eastAsianWidthName(char32_t c) { return kWidths[propertiesOf(c).east_asian_width]; }
uint8_t combiningClass(char32_t c) { return propertiesOf(c).combining; }
bool isMirrored(char32_t c) { return propertiesOf(c).mirrored; }

}  // namespace krait::unicode
