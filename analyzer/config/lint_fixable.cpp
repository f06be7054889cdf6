#include "analyzer/config/lint_fixable.h"

#include <algorithm>

namespace krait::config {

bool isLintCodeFixable(const LintOptions& options, Code code) {
  std::string_view text = codeInfo(code).text;
  size_t fixable = codeSpecificity(options.fixable, text);
  if (const std::vector<std::string>* more = options.list("extend-fixable")) fixable = std::max(fixable, codeSpecificity(*more, text));
  return fixable > 0 && fixable > codeSpecificity(options.unfixable, text);
}

bool addPerFileIgnores(LintOptions& options, std::string_view pairs) {
  while (!pairs.empty()) {
    std::string_view pair = pairs.substr(0, pairs.find(','));
    size_t colon = pair.rfind(':');
    if (colon == std::string_view::npos || colon + 1 >= pair.size()) return false;
    std::string pattern(pair.substr(0, colon));
    auto known = std::find_if(options.per_file_ignores.begin(), options.per_file_ignores.end(),
                              [&](const PerFileIgnore& entry) { return entry.pattern == pattern; });
    if (known == options.per_file_ignores.end()) {
      options.per_file_ignores.push_back({.pattern = pattern, .codes = {}});
      known = options.per_file_ignores.end() - 1;
    }
    known->codes.emplace_back(pair.substr(colon + 1));
    pairs.remove_prefix(std::min(pair.size() + 1, pairs.size()));
  }
  return true;
}

}  // namespace krait::config
