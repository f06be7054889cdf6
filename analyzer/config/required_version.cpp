#include "analyzer/config/required_version.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <vector>

namespace krait::config {

namespace {
struct Release {
  std::vector<uint32_t> numbers;
  bool is_prefix = false;  // "0.17.*"
};
}  // namespace

static std::string_view trimmed(std::string_view text) {
  size_t begin = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

// Numbers between dots. Versions of ruff have nothing else.
static std::optional<Release> readRelease(std::string_view text) {
  Release out;
  if (text.ends_with(".*")) {
    out.is_prefix = true;
    text.remove_suffix(2);
  }
  for (;;) {
    uint32_t number = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return std::nullopt;
    out.numbers.push_back(number);
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    if (text.empty()) return out;
    if (text[0] != '.') return std::nullopt;
    text.remove_prefix(1);
  }
}

static int compared(std::vector<uint32_t> left, std::vector<uint32_t> right) {
  size_t size = std::max(left.size(), right.size());
  left.resize(size);
  right.resize(size);
  return left < right ? -1 : left > right ? 1 : 0;
}

static bool beginsWith(const std::vector<uint32_t>& own, const std::vector<uint32_t>& prefix) {
  return own.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), own.begin());
}

// Whether one specifier holds of the version; nothing: it is none.
static std::optional<bool> holds(std::string_view specifier, const std::vector<uint32_t>& own) {
  std::string_view sign = specifier.substr(0, std::min(specifier.find_first_not_of("=!<>~"), specifier.size()));
  std::optional<Release> release = readRelease(trimmed(specifier.substr(sign.size())));
  bool is_equality = sign.empty() || sign == "==" || sign == "===" || sign == "!=";
  if (!release || (release->is_prefix && !is_equality)) return std::nullopt;
  int order = compared(own, release->numbers);
  bool is_equal = release->is_prefix ? beginsWith(own, release->numbers) : order == 0;
  if (sign == "!=") return !is_equal;
  if (is_equality) return is_equal;
  if (sign == ">=") return order >= 0;
  if (sign == "<=") return order <= 0;
  if (sign == ">") return order > 0;
  if (sign == "<") return order < 0;
  if (sign != "~=" || release->numbers.size() < 2) return std::nullopt;
  std::vector<uint32_t> series(release->numbers.begin(), release->numbers.end() - 1);
  return order >= 0 && beginsWith(own, series);
}

std::optional<std::string> faultOfRequiredVersion(std::string_view specifiers) {
  std::vector<uint32_t> own = readRelease(kRuffVersion)->numbers;
  for (size_t begin = 0; begin <= specifiers.size();) {
    size_t end = std::min(specifiers.find(',', begin), specifiers.size());
    std::string_view one = trimmed(specifiers.substr(begin, end - begin));
    std::optional<bool> does = holds(one, own);
    if (!does) return "must be versions such as `>=" + std::string(kRuffVersion) + "`, not `" + std::string(specifiers) + "`";
    if (!*does) return "wants `" + std::string(one) + "`, but the rules here are those of ruff " + std::string(kRuffVersion);
    begin = end + 1;
  }
  return std::nullopt;
}

}  // namespace krait::config
