#include "analyzer/base/text_diff.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace krait {

using Lines = std::vector<std::string_view>;

static constexpr size_t kContext = 3;
// Changed lines in one text beyond which the search for common lines stops.
static constexpr int32_t kMostEdits = 4000;

std::vector<std::string_view> linesWithEnds(std::string_view text) {
  Lines lines;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    lines.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return lines;
}

namespace {
// Steps of the shortest edit script: where each diagonal got to, for every number of edits.
struct EditSearch {
  const Lines& old_lines;
  const Lines& new_lines;
  size_t skip;  // equal lines at the begin
  int32_t old_count, new_count;
  std::vector<std::vector<int32_t>> rounds = {};
};
}  // namespace

static int32_t reach(const EditSearch& search, const std::vector<int32_t>& before, int32_t edits, int32_t diagonal) {
  auto at = [&](int32_t d) { return before[static_cast<size_t>(d + edits)]; };
  int32_t x = 0;
  if (edits > 0) {
    bool is_down = diagonal == -edits || (diagonal != edits && at(diagonal - 1) < at(diagonal + 1));
    x = is_down ? at(diagonal + 1) : at(diagonal - 1) + 1;
  }
  int32_t y = x - diagonal;
  while (x < search.old_count && y < search.new_count && y >= 0 &&
         search.old_lines[search.skip + static_cast<size_t>(x)] == search.new_lines[search.skip + static_cast<size_t>(y)]) {
    ++x;
    ++y;
  }
  return x;
}

// ref: E. Myers, "An O(ND) Difference Algorithm and Its Variations". False: too many edits.
static bool searchEdits(EditSearch& search) {
  std::vector<int32_t> before(3, 0);
  for (int32_t edits = 0; edits <= kMostEdits; ++edits) {
    // Shifted by one on both sides, so that the next round finds its neighbours.
    std::vector<int32_t> now(static_cast<size_t>(2 * edits + 3), -1);
    for (int32_t diagonal = -edits; diagonal <= edits; diagonal += 2) {
      int32_t x = reach(search, before, edits, diagonal);
      now[static_cast<size_t>(diagonal + edits + 1)] = x;
      if (x >= search.old_count && x - diagonal >= search.new_count) {
        search.rounds.push_back(std::move(now));
        return true;
      }
    }
    before = now;
    search.rounds.push_back(std::move(now));
  }
  return false;
}

// Walks the found script back from its end.
static std::vector<LineChange> changesOf(const EditSearch& search) {
  std::vector<LineChange> changes;
  int32_t x = search.old_count, y = search.new_count;
  for (int32_t edits = static_cast<int32_t>(search.rounds.size()) - 1; edits > 0; --edits) {
    const std::vector<int32_t>& before = search.rounds[static_cast<size_t>(edits - 1)];
    auto at = [&](int32_t d) { return before[static_cast<size_t>(d + edits)]; };
    int32_t diagonal = x - y;
    bool is_down = diagonal == -edits || (diagonal != edits && at(diagonal - 1) < at(diagonal + 1));
    int32_t from_diagonal = is_down ? diagonal + 1 : diagonal - 1;
    int32_t from_x = at(from_diagonal), from_y = from_x - from_diagonal;
    size_t old_at = search.skip + static_cast<size_t>(from_x), new_at = search.skip + static_cast<size_t>(from_y);
    LineChange change{old_at, old_at + (is_down ? 0u : 1u), new_at, new_at + (is_down ? 1u : 0u)};
    bool touches = !changes.empty() && changes.back().old_begin == change.old_end &&
                   changes.back().new_begin == change.new_end;
    if (touches) {
      changes.back().old_begin = change.old_begin;
      changes.back().new_begin = change.new_begin;
    } else {
      changes.push_back(change);
    }
    x = from_x;
    y = from_y;
  }
  std::reverse(changes.begin(), changes.end());
  return changes;
}

std::vector<LineChange> lineChanges(const Lines& old_lines, const Lines& new_lines) {
  size_t shortest = std::min(old_lines.size(), new_lines.size());
  size_t begin = 0, end = 0;
  while (begin < shortest && old_lines[begin] == new_lines[begin]) ++begin;
  while (end < shortest - begin && old_lines[old_lines.size() - 1 - end] == new_lines[new_lines.size() - 1 - end]) ++end;
  EditSearch search{old_lines, new_lines, begin, static_cast<int32_t>(old_lines.size() - begin - end),
                    static_cast<int32_t>(new_lines.size() - begin - end)};
  if (searchEdits(search)) return changesOf(search);
  return {{begin, old_lines.size() - end, begin, new_lines.size() - end}};
}

static void appendLine(std::string& out, char sign, std::string_view line) {
  out += sign;
  out += line;
  if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
}

static std::string rangeText(size_t begin, size_t count) {
  size_t first = count == 0 ? begin : begin + 1;
  return std::to_string(first) + (count == 1 ? "" : "," + std::to_string(count));
}

static void appendHunk(std::string& out, const Lines& old_lines, const Lines& new_lines, const LineChange* first,
                       const LineChange* last) {
  size_t lead = std::min(first->old_begin, kContext);
  size_t trail = std::min(old_lines.size() - last->old_end, kContext);
  size_t old_at = first->old_begin - lead, new_at = first->new_begin - lead;
  out += "@@ -" + rangeText(old_at, last->old_end + trail - old_at) + " +" +
         rangeText(new_at, last->new_end + trail - new_at) + " @@\n";
  for (const LineChange* change = first; change <= last; ++change) {
    while (old_at < change->old_begin) appendLine(out, ' ', old_lines[old_at++]);
    while (old_at < change->old_end) appendLine(out, '-', old_lines[old_at++]);
    for (size_t i = change->new_begin; i < change->new_end; ++i) appendLine(out, '+', new_lines[i]);
  }
  while (trail-- > 0) appendLine(out, ' ', old_lines[old_at++]);
}

std::string unifiedDiff(std::string_view old_text, std::string_view new_text, const std::string& old_name,
                        const std::string& new_name) {
  if (old_text == new_text) return "";
  Lines old_lines = linesWithEnds(old_text), new_lines = linesWithEnds(new_text);
  std::vector<LineChange> changes = lineChanges(old_lines, new_lines);
  std::string out = "--- " + old_name + "\n+++ " + new_name + "\n";
  for (size_t i = 0; i < changes.size();) {
    size_t last = i;
    while (last + 1 < changes.size() && changes[last + 1].old_begin - changes[last].old_end <= 2 * kContext) ++last;
    appendHunk(out, old_lines, new_lines, &changes[i], &changes[last]);
    i = last + 1;
  }
  return out;
}

}  // namespace krait
