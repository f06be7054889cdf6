#include "analyzer/diagnostics/code_redirects.h"

#include <algorithm>
#include <array>

#include "analyzer/diagnostics/rule_names.h"

namespace krait {

namespace {
struct Redirect {
  std::string_view old_code, code;
};
}  // namespace

// Sorted by the old name.
static constexpr Redirect kRedirects[] = {
    {"I252", "TID252"},
    {"IC001", "ICN001"},
    {"IC002", "ICN001"},
    {"IC003", "ICN001"},
    {"IC004", "ICN001"},
    {"M001", "RUF100"},
    {"PDV002", "PD002"},
    {"PDV003", "PD003"},
    {"PDV004", "PD004"},
    {"PDV007", "PD007"},
    {"PDV008", "PD008"},
    {"PDV009", "PD009"},
    {"PDV010", "PD010"},
    {"PDV011", "PD011"},
    {"PDV012", "PD012"},
    {"PDV013", "PD013"},
    {"PDV015", "PD015"},
    {"PDV901", "PD901"},
    {"PGH001", "S307"},
    {"PGH002", "G010"},
    {"PIE802", "C419"},
    {"PLR1701", "SIM101"},
    {"R501", "RET501"},
    {"R502", "RET502"},
    {"R503", "RET503"},
    {"R504", "RET504"},
    {"R505", "RET505"},
    {"R506", "RET506"},
    {"R507", "RET507"},
    {"R508", "RET508"},
    {"RUF004", "B026"},
    {"RUF011", "B035"},
    {"RUF025", "C420"},
    {"RUF035", "S704"},
    {"SIM111", "SIM110"},
    {"T001", "FIX001"},
    {"T002", "FIX002"},
    {"T003", "FIX003"},
    {"T004", "FIX004"},
    {"TCH001", "TC001"},
    {"TCH002", "TC002"},
    {"TCH003", "TC003"},
    {"TCH004", "TC004"},
    {"TCH005", "TC005"},
    {"TCH006", "TC010"},
    {"TCH010", "TC010"},
    {"TRIO100", "ASYNC100"},
    {"TRIO105", "ASYNC105"},
    {"TRIO109", "ASYNC109"},
    {"TRIO110", "ASYNC110"},
    {"TRIO115", "ASYNC115"},
    {"TRY200", "B904"},
    {"TRY302", "TRY203"},
    {"U001", "UP001"},
    {"U003", "UP003"},
    {"U004", "UP004"},
    {"U005", "UP005"},
    {"U006", "UP006"},
    {"U007", "UP007"},
    {"U008", "UP008"},
    {"U009", "UP009"},
    {"U010", "UP010"},
    {"U011", "UP011"},
    {"U012", "UP012"},
    {"U013", "UP013"},
    {"U014", "UP014"},
    {"U015", "UP015"},
    {"U016", "UP016"},
    {"U017", "UP017"},
    {"U019", "UP019"},
};

std::string_view redirectedCode(std::string_view code) {
  const Redirect* end = std::end(kRedirects);
  const Redirect* found = std::lower_bound(std::begin(kRedirects), end, code,
                                           [](const Redirect& row, std::string_view text) { return row.old_code < text; });
  return found != end && found->old_code == code ? found->code : std::string_view();
}

static std::string_view lettersOf(std::string_view code) {
  size_t end = 0;
  while (end < code.size() && code[end] >= 'A' && code[end] <= 'Z') ++end;
  return code.substr(0, end);
}

bool namesLintCode(std::string_view entry, std::string_view code) {
  if (entry.empty()) return false;
  std::string_view today = entry == "TCH" ? "TC" : redirectedCode(entry);
  if (!today.empty()) entry = today;
  if (lettersOf(entry).size() < entry.size() || entry == "PL") return code.starts_with(entry);
  return lettersOf(code) == entry;
}

// Sorted. Codes of rules that ruff had once: a comment may still name them.
static constexpr std::string_view kRemoved[] = {
    "ANN101", "ANN102", "E999", "PD901", "PLR1706", "PT004", "PT005", "S320", "S410", "TRY200", "UP027", "UP038",
};

bool isKnownLintCode(std::string_view code) {
  if (!redirectedCode(code).empty() || std::binary_search(std::begin(kRemoved), std::end(kRemoved), code)) return true;
  return !lintRuleName(code).empty();
}

}  // namespace krait
