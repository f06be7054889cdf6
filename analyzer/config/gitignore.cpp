#include "analyzer/config/gitignore.h"

#include "analyzer/base/file_io.h"
#include "analyzer/config/lint_options.h"

namespace krait::config {

void GitIgnore::enter(const std::string& folder, bool has_file) {
  Level level{.folder = folder, .patterns = {}};
  Result<std::string> text = has_file ? readFile(folder + ".gitignore") : Failure{""};
  std::string_view rest = text.ok() ? std::string_view(text.value()) : std::string_view();
  while (!rest.empty()) {
    size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with("\r")) line.remove_suffix(1);
    while (line.ends_with(" ") && !line.ends_with("\\ ")) line.remove_suffix(1);
    if (line.empty() || line[0] == '#') continue;
    Pattern pattern{.text = "", .is_negated = line[0] == '!', .is_folder_only = false, .is_anchored = false};
    if (line[0] == '!' || line[0] == '\\') line.remove_prefix(1);
    if (line.ends_with("/")) {
      pattern.is_folder_only = true;
      line.remove_suffix(1);
    }
    pattern.is_anchored = line.find('/') != std::string_view::npos;
    if (line.starts_with("/")) line.remove_prefix(1);
    pattern.text = line;
    if (!line.empty()) level.patterns.push_back(std::move(pattern));
  }
  levels_.push_back(std::move(level));
}

void GitIgnore::leave() { levels_.pop_back(); }

bool GitIgnore::ignores(std::string_view path, bool is_folder) const {
  for (size_t i = levels_.size(); i-- > 0;) {
    const Level& level = levels_[i];
    if (!path.starts_with(level.folder)) continue;
    std::string_view relative = path.substr(level.folder.size());
    for (size_t j = level.patterns.size(); j-- > 0;) {
      const Pattern& pattern = level.patterns[j];
      if (pattern.is_folder_only && !is_folder) continue;
      size_t slash = relative.rfind('/');
      std::string_view name = slash == std::string_view::npos ? relative : relative.substr(slash + 1);
      if (matchesGlob(pattern.text, pattern.is_anchored ? relative : name)) return !pattern.is_negated;
    }
  }
  return false;
}

}  // namespace krait::config
