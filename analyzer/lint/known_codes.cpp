#include "analyzer/lint/known_codes.h"

#include <algorithm>

#include "analyzer/diagnostics/code_redirects.h"
#include "analyzer/diagnostics/rule.h"

namespace krait::lint {

// Sorted. Codes that a comment may name though no rule here has them; a code moves out when its rule is written.
static constexpr std::string_view kElsewhere[] = {
    "AIR001", "AIR002", "AIR003", "AIR004", "AIR201", "AIR202", "AIR301", "AIR302", "AIR303", "AIR304", "AIR311",
    "AIR312", "AIR321", "ANN101", "ANN102", "ASYNC119", "B901", "B903", "B909", "D420", "D421", "DJ001", "DJ003",
    "DJ006", "DJ007", "DJ008", "DJ012", "DJ013", "DOC102", "DOC201", "DOC202", "DOC402", "DOC403", "DOC501", "DOC502",
    "E999", "FAST001", "FAST002", "FAST003", "FURB101", "FURB103", "FURB113", "FURB118", "FURB131", "FURB140",
    "FURB142", "FURB145", "FURB148", "FURB152", "FURB154", "FURB156", "FURB180", "FURB189", "NPY001", "NPY002",
    "NPY003", "NPY201", "PD002", "PD003", "PD004", "PD007", "PD008", "PD009", "PD010", "PD011", "PD012", "PD013",
    "PD015", "PD101", "PD901", "PLC1901", "PLC2701", "PLC2801", "PLE1141", "PLE4703", "PLR0202", "PLR0203", "PLR0904",
    "PLR0914", "PLR0916", "PLR1702", "PLR1706", "PLR1712", "PLR6104", "PLR6301", "PLW0244", "PLW0717", "PLW1514",
    "PLW3201", "PT004", "PT005", "RUF027", "RUF029", "RUF031", "RUF038", "RUF039", "RUF045", "RUF047", "RUF050",
    "RUF052", "RUF054", "RUF055", "RUF056", "RUF065", "RUF066", "RUF067", "RUF069", "RUF070", "RUF071", "RUF072",
    "RUF074", "RUF075", "RUF103", "RUF104", "RUF105", "RUF106", "RUF200", "RUF201", "S320", "S410", "TC008", "TID254",
    "TID255", "TRY200", "UP027", "UP038", "UP051",
};

bool isKnownLintCode(std::string_view code) {
  if (!redirectedCode(code).empty() || std::binary_search(std::begin(kElsewhere), std::end(kElsewhere), code)) return true;
  std::optional<Code> own = findCode(code);
  return own && codeInfo(*own).tool == Tool::kLint;
}

}  // namespace krait::lint
