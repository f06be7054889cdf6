#include "analyzer/lint/known_codes.h"

#include <algorithm>

#include "analyzer/diagnostics/code_redirects.h"
#include "analyzer/diagnostics/rule_names.h"

namespace krait::lint {

// Sorted. Codes of rules that ruff had once: a comment may still name them.
static constexpr std::string_view kRemoved[] = {
    "ANN101", "ANN102", "E999", "PD901", "PLR1706", "PT004", "PT005", "S320", "S410", "TRY200", "UP027", "UP038",
};

bool isKnownLintCode(std::string_view code) {
  if (!redirectedCode(code).empty() || std::binary_search(std::begin(kRemoved), std::end(kRemoved), code)) return true;
  return !lintRuleName(code).empty();
}

bool isExternalCode(const config::LintOptions& options, std::string_view code) {
  const std::vector<std::string>* external = options.list("external");
  return external != nullptr && std::any_of(external->begin(), external->end(), [&](const auto& prefix) { return code.starts_with(prefix); });
}

}  // namespace krait::lint
