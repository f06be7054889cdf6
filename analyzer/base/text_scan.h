// TextScan: walks through a piece of source character by character, tells what stands in one-line strings and how deep in
// brackets a place is. For text that somebody is typing, where there is no tree to ask.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace krait {

struct TextScan {
  int depth = 0;   // brackets that are open
  char quote = 0;  // of the string that the place is in; 0: in none

  // Takes the character at `i`, with the one behind a backslash; of a comment all. False: it belongs to a string or comment.
  bool take(std::string_view text, size_t& i) {
    char c = text[i];
    if (quote != 0) {
      if (c == '\\') ++i;
      else if (c == quote) quote = 0;
      return false;
    }
    if (c == '"' || c == '\'') {
      quote = c;
      return false;
    }
    if (c == '#') {
      i = std::min(text.find('\n', i), text.size()) - 1;
      return false;
    }
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    return true;
  }
};

}  // namespace krait
