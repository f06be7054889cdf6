// The comments in a gap between two tokens: their text in its standard form and how they stand.
#pragma once

#include <vector>

#include "analyzer/format/concrete.h"

namespace krait::format {

struct GapComment {
  std::string_view text;  // with its '#', one blank after it
  bool is_trailing;       // on the line of the code before it
  uint32_t newlines;      // empty lines before it
  TextRange range;        // in the source, without blanks at its end
  uint32_t end;           // offset after its line end
};

// `ends_file`: the gap is the end of the text; nothing there is trailing.
std::vector<GapComment> commentsIn(ConcreteTree& tree, TextRange gap, bool ends_file);

// The empty lines between the gap's last comment (or its begin) and its end.
uint32_t newlinesBefore(std::string_view gap);

inline bool isFormatOff(std::string_view comment) {
  return comment == "# fmt: off" || comment == "# fmt:off" || comment == "# yapf: disable";
}
inline bool isFormatOn(std::string_view comment) {
  return comment == "# fmt: on" || comment == "# fmt:on" || comment == "# yapf: enable";
}
inline bool isFormatSkip(std::string_view comment) { return comment == "# fmt: skip" || comment == "# fmt:skip"; }
// `# type: …`
bool isTypeComment(const Element& comment);
bool isTypeIgnore(const Element& comment);

}  // namespace krait::format
