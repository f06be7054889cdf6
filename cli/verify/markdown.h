// The fenced blocks of a Markdown document (CommonMark 4.5), at any indent, inside lists and quotes, closed or not.
// Takes the document's text; gives blocks in order with the document's lines, so that everything said about a block can
// be said about the document.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace krait::cli {

struct MarkdownBlock {
  uint32_t line = 0;        // 1-based, of the opening fence
  std::string language;     // first word of the info string, lower-case; empty: none
  std::string text;         // without quote marks, dedented, lines ended by "\n"
  std::string section;      // headings above, joined by " > "
  uint32_t section_id = 0;  // blocks below the same heading share it
  bool is_closed = true;

  // The document's line of the text's first line.
  uint32_t firstLine() const { return line + 1; }
};

std::vector<MarkdownBlock> findMarkdownBlocks(std::string_view document);

}  // namespace krait::cli
