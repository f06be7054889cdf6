// Common lines at both ends are cut off; of the middle, the longest common subsequence is kept (table of lengths), or
// nothing when the middle is too large for a table.
#include "analyzer/base/line_diff.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace krait {

static constexpr size_t kLargestTable = 16u << 20;
static constexpr size_t kContext = 3;

namespace {
struct DiffLine {
  char mark;  // ' ', '-' or '+'
  std::string_view text;
};
}  // namespace

static std::vector<std::string_view> splitLines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    size_t end = text.find('\n');
    size_t size = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

static void diffMiddle(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b, size_t begin, size_t a_end,
                       size_t b_end, std::vector<DiffLine>& out) {
  size_t n = a_end - begin, m = b_end - begin;
  std::vector<uint32_t> lengths;
  bool has_table = (n + 1) * (m + 1) <= kLargestTable;
  if (has_table) {
    lengths.assign((n + 1) * (m + 1), 0);
    for (size_t i = n; i-- > 0;) {
      for (size_t j = m; j-- > 0;) {
        lengths[i * (m + 1) + j] = a[begin + i] == b[begin + j] ? lengths[(i + 1) * (m + 1) + j + 1] + 1
                                                                 : std::max(lengths[(i + 1) * (m + 1) + j], lengths[i * (m + 1) + j + 1]);
      }
    }
  }
  size_t i = 0, j = 0;
  while (i < n || j < m) {
    if (has_table && i < n && j < m && a[begin + i] == b[begin + j]) {
      out.push_back({' ', a[begin + i]});
      ++i, ++j;
    } else if (i < n && (j >= m || !has_table || lengths[(i + 1) * (m + 1) + j] >= lengths[i * (m + 1) + j + 1])) {
      out.push_back({'-', a[begin + i++]});
    } else {
      out.push_back({'+', b[begin + j++]});
    }
  }
}

static void appendHunk(std::string& out, const std::vector<DiffLine>& lines, size_t begin, size_t end, size_t a_line, size_t b_line) {
  size_t a_count = 0, b_count = 0;
  for (size_t i = begin; i < end; ++i) {
    a_count += lines[i].mark != '+';
    b_count += lines[i].mark != '-';
  }
  auto place = [](size_t line, size_t count) {
    std::string text = std::to_string(count == 0 ? line : line + 1);
    return count == 1 ? text : text + "," + std::to_string(count);
  };
  out += "@@ -" + place(a_line, a_count) + " +" + place(b_line, b_count) + " @@\n";
  for (size_t i = begin; i < end; ++i) {
    (out += lines[i].mark) += lines[i].text;
    if (!lines[i].text.ends_with('\n')) out += "\n\\ No newline at end of file\n";
  }
}

std::string unifiedDiff(std::string_view path, std::string_view before, std::string_view after) {
  if (before == after) return {};
  std::vector<std::string_view> a = splitLines(before), b = splitLines(after);
  size_t head = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  size_t a_end = a.size(), b_end = b.size();
  while (a_end > head && b_end > head && a[a_end - 1] == b[b_end - 1]) --a_end, --b_end;
  std::vector<DiffLine> lines;
  for (size_t i = 0; i < head; ++i) lines.push_back({' ', a[i]});
  diffMiddle(a, b, head, a_end, b_end, lines);
  for (size_t i = a_end; i < a.size(); ++i) lines.push_back({' ', a[i]});
  std::string out = "--- " + std::string(path) + "\n+++ " + std::string(path) + "\n";
  size_t a_line = 0, b_line = 0, done = 0;
  for (size_t at = 0; at < lines.size();) {
    if (lines[at].mark == ' ') {
      ++at;
      continue;
    }
    size_t begin = std::max(done, at - std::min(at, kContext));
    size_t end = at, last_change = at;
    while (end < lines.size() && end <= last_change + 2 * kContext) {
      if (lines[end].mark != ' ') last_change = end;
      ++end;
    }
    end = std::min(lines.size(), last_change + 1 + kContext);
    for (; done < begin; ++done) {
      a_line += lines[done].mark != '+';
      b_line += lines[done].mark != '-';
    }
    appendHunk(out, lines, begin, end, a_line, b_line);
    at = end;
  }
  return out;
}

}  // namespace krait
