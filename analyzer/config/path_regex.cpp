// The only file that sees <regex>: it throws, so this file is compiled with exceptions and lets none out.
#include "analyzer/config/path_regex.h"

#include <regex>

namespace krait::config {

struct PathRegex::Compiled {
  std::regex regex;
};

PathRegex::PathRegex() = default;
PathRegex::PathRegex(PathRegex&&) noexcept = default;
PathRegex& PathRegex::operator=(PathRegex&&) noexcept = default;
PathRegex::~PathRegex() = default;

// Drops the blanks and comments that (?x) allows.
static std::string withoutBlanks(std::string_view pattern) {
  std::string out;
  bool is_class = false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size()) {
      out += c;
      out += pattern[++i];
      continue;
    }
    is_class = (is_class || c == '[') && c != ']';
    if (!is_class && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) continue;
    if (!is_class && c == '#') {
      while (i < pattern.size() && pattern[i] != '\n') ++i;
      continue;
    }
    out += c;
  }
  return out;
}

// Python's \A and \Z are this syntax's ^ and $, as no path has several lines.
static std::string translated(std::string pattern) {
  if (pattern.starts_with("(?x)")) pattern = withoutBlanks(std::string_view(pattern).substr(4));
  std::string out;
  for (size_t i = 0; i < pattern.size(); ++i) {
    bool is_escape = pattern[i] == '\\' && i + 1 < pattern.size();
    if (is_escape && (pattern[i + 1] == 'A' || pattern[i + 1] == 'Z')) {
      out += pattern[++i] == 'A' ? '^' : '$';
      continue;
    }
    out += pattern[i];
    if (is_escape) out += pattern[++i];
  }
  return out;
}

Result<PathRegex> PathRegex::compile(const std::string& pattern) {
  PathRegex out;
  bool ignores_case = pattern.starts_with("(?i)");
  std::regex::flag_type flags = std::regex::ECMAScript;
  if (ignores_case) flags |= std::regex::icase;
  try {
    out.compiled_ = std::make_unique<Compiled>(Compiled{std::regex(translated(ignores_case ? pattern.substr(4) : pattern), flags)});
  } catch (const std::regex_error& error) {
    return Failure{error.what()};
  }
  return std::move(out);
}

std::optional<size_t> PathRegex::endOfMatch(std::string_view text) const {
  try {
    std::match_results<std::string_view::const_iterator> match;
    if (!std::regex_search(text.begin(), text.end(), match, compiled_->regex)) return std::nullopt;
    return static_cast<size_t>(match.position() + match.length());
  } catch (const std::regex_error&) {
    return std::nullopt;
  }
}

bool PathRegex::isFoundIn(std::string_view path) const {
  try {
    return std::regex_search(path.begin(), path.end(), compiled_->regex);
  } catch (const std::regex_error&) {
    return false;
  }
}

}  // namespace krait::config
