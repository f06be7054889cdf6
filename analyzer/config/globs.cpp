#include "analyzer/config/globs.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace krait::config {

namespace {
enum class Stars : uint8_t { kWithinNames, kAcrossFolders };
}  // namespace

// `[abc]`, `[a-z]`, `[!x]` at pattern[at]; moves past it. A bracket without its end matches itself.
static bool matchesClass(std::string_view pattern, size_t& at, char c) {
  size_t close = pattern.find(']', at + 2);
  if (close == std::string_view::npos) return pattern[at++] == c;
  size_t i = at + 1;
  bool is_negated = pattern[i] == '!' || pattern[i] == '^';
  if (is_negated) ++i;
  bool found = false;
  for (; i < close; ++i) {
    if (i + 2 < close && pattern[i + 1] == '-') {
      found |= pattern[i] <= c && c <= pattern[i + 2];
      i += 2;
    } else {
      found |= pattern[i] == c;
    }
  }
  at = close + 1;
  return found != is_negated && c != '/';
}

// Backtracks to the last star only, and to the last double star when that fails: linear enough for any pattern.
static bool matchesWhole(std::string_view pattern, std::string_view text, Stars stars) {
  bool is_across = stars == Stars::kAcrossFolders;
  size_t p = 0, t = 0;
  size_t star = std::string_view::npos, star_t = 0, deep = std::string_view::npos, deep_t = 0;
  while (t < text.size() || p < pattern.size()) {
    if (p < pattern.size() && pattern.substr(p).starts_with("**")) {
      p += pattern.substr(p).starts_with("**/") ? 3 : 2;
      deep = p;
      deep_t = t;
      star = std::string_view::npos;
      continue;
    }
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      star_t = t;
      continue;
    }
    bool is_match = false;
    size_t next = p;
    if (p < pattern.size() && t < text.size()) {
      if (pattern[p] == '[') {
        is_match = matchesClass(pattern, next, text[t]);
      } else {
        is_match = pattern[p] == text[t] || (pattern[p] == '?' && (is_across || text[t] != '/'));
        ++next;
      }
    }
    if (is_match) {
      p = next;
      ++t;
    } else if (star != std::string_view::npos && star_t < text.size() && (is_across || text[star_t] != '/')) {
      p = star;
      t = ++star_t;
    } else if (deep != std::string_view::npos && deep_t < text.size()) {
      p = deep;
      t = ++deep_t;
      star = std::string_view::npos;
    } else {
      return false;
    }
  }
  return true;
}

static bool matchesPathOrName(std::string_view pattern, std::string_view path, Stars stars) {
  if (matchesWhole(pattern, path, stars)) return true;
  size_t slash = path.rfind('/');
  return slash != std::string_view::npos && pattern.find('/') == std::string_view::npos && matchesWhole(pattern, path.substr(slash + 1), stars);
}

bool matchesGlob(std::string_view pattern, std::string_view path) { return matchesPathOrName(pattern, path, Stars::kWithinNames); }

// What is between the brace at `open` and its closing one; nothing: it has none.
static std::optional<std::vector<std::string_view>> alternativesAt(std::string_view pattern, size_t open, size_t& close) {
  std::vector<std::string_view> parts;
  size_t begin = open + 1, depth = 0;
  for (close = open; close < pattern.size(); ++close) {
    if (pattern[close] == '{') ++depth;
    bool ends = pattern[close] == '}' && --depth == 0;
    if (!ends && (pattern[close] != ',' || depth != 1)) continue;
    parts.push_back(pattern.substr(begin, close - begin));
    begin = close + 1;
    if (ends) return parts;
  }
  return std::nullopt;
}

bool matchesPathGlob(std::string_view pattern, std::string_view path) {
  constexpr size_t kMostAlternatives = 1000;
  std::vector<std::string> patterns = {std::string(pattern)};
  for (size_t i = 0; i < patterns.size(); ++i) {
    size_t open = patterns[i].find('{'), close = 0;
    std::string one = patterns[i];
    auto parts = open == std::string::npos ? std::nullopt : alternativesAt(one, open, close);
    if (!parts || patterns.size() > kMostAlternatives) {
      if (matchesPathOrName(one, path, Stars::kAcrossFolders)) return true;
      continue;
    }
    for (std::string_view part : *parts) patterns.push_back(one.substr(0, open) + std::string(part) + one.substr(close + 1));
  }
  return false;
}

}  // namespace krait::config
