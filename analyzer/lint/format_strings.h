// The two little languages of string formatting: `"%s" % x` and `"{}".format(x)`. Takes a string's text; gives its
// parts in order, or what is wrong with it. Literal text is kept as it stands.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace krait::lint {

// `%(key)#08.3f`. ref: library reference "printf-style String Formatting"
struct PercentPart {
  bool is_literal = false;
  std::string_view text;  // the whole part
  std::optional<std::string_view> key;
  std::string_view flags, width, precision;  // width and precision: digits or `*`; precision without its dot
  bool has_precision = false;
  char conversion = 0;
};

struct PercentFormat {
  std::vector<PercentPart> parts;
  std::string error;       // "incomplete format"; empty when the text is right
  std::string bad_character;  // the conversion that is none
};
PercentFormat parsePercentFormat(std::string_view text);

// `{name.attr[0]!r:>10}`. ref: library reference "Format String Syntax"
struct BracePart {
  bool is_literal = false;
  std::string_view text;      // literal text, braces still doubled; or the whole field with its braces
  std::string_view name;      // before the first `.` or `[`
  std::string_view accessors;  // from there to the conversion
  std::string_view conversion;  // with its `!`, or empty
  std::string_view spec;        // after the `:`
  bool has_spec = false;
};

struct BraceFormat {
  std::vector<BracePart> parts;
  std::string error;
};
BraceFormat parseBraceFormat(std::string_view text);
inline bool isDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Are some fields numbered and others not, those in specifications included?
bool mixesNumbering(std::string_view text);

}  // namespace krait::lint
