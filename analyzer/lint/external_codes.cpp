#include "analyzer/lint/external_codes.h"

#include <algorithm>

namespace krait::lint {

bool isExternalCode(const config::LintOptions& options, std::string_view code) {
  const std::vector<std::string>* external = options.list("external");
  return external != nullptr && std::any_of(external->begin(), external->end(), [&](const auto& prefix) { return code.starts_with(prefix); });
}

}  // namespace krait::lint
