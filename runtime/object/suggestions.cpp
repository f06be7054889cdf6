#include "runtime/object/suggestions.h"

#include <algorithm>
#include <string_view>

namespace krait::object {

constexpr size_t kMoveCost = 2, kCaseCost = 1, kMaxLength = 40, kMaxCandidates = 750;

static size_t substitution(char a, char b) {
  if (a == b) return 0;
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return lower(a) == lower(b) ? kCaseCost : kMoveCost;
}
// Levenshtein's distance with cheap changes of case; more than `limit` as soon as that is certain.
static size_t distance(std::string_view a, std::string_view b, size_t limit) {
  while (!a.empty() && !b.empty() && a.front() == b.front()) {
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  while (!a.empty() && !b.empty() && a.back() == b.back()) {
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
  if (a.empty() || b.empty()) return (a.size() + b.size()) * kMoveCost;
  if (a.size() > kMaxLength || b.size() > kMaxLength) return limit + 1;
  if (b.size() < a.size()) std::swap(a, b);
  if ((b.size() - a.size()) * kMoveCost > limit) return limit + 1;
  std::vector<size_t> row(a.size());
  for (size_t i = 0; i < a.size(); ++i) row[i] = (i + 1) * kMoveCost;
  size_t result = 0;
  for (size_t k = 0; k < b.size(); ++k) {
    size_t diagonal = result = k * kMoveCost, least = limit + 1;
    for (size_t i = 0; i < a.size(); ++i) {
      size_t replaced = diagonal + substitution(b[k], a[i]);
      diagonal = row[i];
      result = std::min(replaced, std::min(result, diagonal) + kMoveCost);
      row[i] = result;
      least = std::min(least, result);
    }
    if (least > limit) return limit + 1;
  }
  return result;
}

std::string nearestName(const std::vector<std::string>& candidates, const std::string& wrong) {
  std::string best;
  size_t best_distance = SIZE_MAX;
  if (candidates.size() >= kMaxCandidates) return best;
  for (const std::string& name : candidates) {
    if (name == wrong) continue;
    size_t limit = (name.size() + wrong.size() + 3) * kMoveCost / 6;
    if (best_distance != SIZE_MAX) limit = std::min(limit, best_distance - 1);
    size_t found = distance(wrong, name, limit);
    if (found > limit || found >= best_distance) continue;
    best = name;
    best_distance = found;
  }
  return best;
}

std::string unexpectedKeywordText(const std::string& function, const std::string& wrong, const std::vector<std::string>& candidates) {
  std::string meant = nearestName(candidates, wrong);
  return function + "() got an unexpected keyword argument '" + wrong + "'" + (meant.empty() ? "" : ". Did you mean '" + meant + "'?");
}

}  // namespace krait::object
