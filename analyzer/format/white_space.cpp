#include "analyzer/format/white_space.h"

namespace krait::format {

// The bytes of the white space at `at`, as Python's str methods see it; 0 for anything else.
static size_t blankAt(std::string_view text, size_t at) {
  unsigned char c = static_cast<unsigned char>(text[at]);
  if (c == ' ' || (c >= 9 && c <= 13) || (c >= 0x1c && c <= 0x1f)) return 1;
  if (c < 0x80) return 0;
  std::string_view rest = text.substr(at);
  for (std::string_view blank : {"\xc2\x85", "\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82",
                                 "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87",
                                 "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8", "\xe2\x80\xa9",
                                 "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"}) {
    if (rest.starts_with(blank)) return blank.size();
  }
  return 0;
}

std::string_view stripLeft(std::string_view text) {
  while (!text.empty()) {
    size_t size = blankAt(text, 0);
    if (size == 0) break;
    text.remove_prefix(size);
  }
  return text;
}

std::string_view stripRight(std::string_view text) {
  while (!text.empty()) {
    size_t at = text.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) --at;
    size_t size = blankAt(text, at);
    if (size == 0 || at + size != text.size()) break;
    text.remove_suffix(size);
  }
  return text;
}

}  // namespace krait::format
