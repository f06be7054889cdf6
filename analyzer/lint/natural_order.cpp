#include "analyzer/lint/natural_order.h"

namespace krait::lint {

static bool isDigit(char c) { return c >= '0' && c <= '9'; }

int compareNatural(std::string_view a, std::string_view b) {
  size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (isDigit(a[i]) && isDigit(b[j])) {
      size_t i_end = i, j_end = j;
      while (i_end < a.size() && isDigit(a[i_end])) ++i_end;
      while (j_end < b.size() && isDigit(b[j_end])) ++j_end;
      std::string_view left = a.substr(i, i_end - i), right = b.substr(j, j_end - j);
      while (left.size() > 1 && left[0] == '0') left.remove_prefix(1);
      while (right.size() > 1 && right[0] == '0') right.remove_prefix(1);
      if (left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
      if (int order = left.compare(right); order != 0) return order < 0 ? -1 : 1;
      i = i_end;
      j = j_end;
      continue;
    }
    if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]) ? -1 : 1;
    ++i;
    ++j;
  }
  size_t left = a.size() - i, right = b.size() - j;
  return left == right ? 0 : left < right ? -1 : 1;
}

}  // namespace krait::lint
