// The pieces of code in a document: the fenced blocks of Markdown (CommonMark 4.5), at any indent, inside lists and quotes,
// closed or not; the code blocks and sessions of reStructuredText; the doctests of a Python file; the cells of a notebook.
// Each reader takes the document's text and gives blocks in order with the document's lines, so that everything said about a
// block can be said about the document.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/base/interner.h"
#include "analyzer/syntax/ast.h"

namespace krait::cli {

// kTest is code whose output the next kOutput of its group is. ref: sphinx.ext.doctest
enum class BlockRole : uint8_t { kPlain, kTest, kOutput };

struct TextBlock {
  uint32_t line = 0;        // 1-based, of the opening fence, directive or first line
  uint32_t first_line = 0;  // 1-based, of the text's first line
  std::string language;     // first word of the info string, lower-case; empty: none
  std::string info;         // the rest of it
  std::string text;         // without quote marks, dedented, lines ended by "\n"
  std::string section;      // headings above, joined by " > "
  uint32_t section_id = 0;  // blocks below the same heading share it
  std::string lead;         // the last line of text above
  uint32_t lead_line = 0;   // its line, 1-based
  bool is_next = false;     // only the lead stands between the block before and this one
  bool is_closed = true;
  bool is_continued = false;  // runs after all blocks before it: a notebook's cell
  bool is_magic = false;      // IPython's, where `%` and `!` begin lines that are no Python
  bool is_file = false;       // the whole of a Python file, which runs as a program
  BlockRole role = BlockRole::kPlain;
  std::string group;          // of a test: which ones belong together
  std::string flags;          // doctest's, of all its examples: `+SKIP`
  std::string result;         // of a notebook's cell: what it shows as the value of its last line
};

// A directive of Sphinx or MyST by its name, `code-block`, and what stands behind it; none: it holds no code.
struct Directive {
  std::string language;  // empty: not said
  std::string group;
  BlockRole role = BlockRole::kPlain;
  bool is_magic = false;
};
std::optional<Directive> directiveOf(std::string_view name, std::string_view argument);

std::vector<TextBlock> findMarkdownBlocks(std::string_view document);
std::vector<TextBlock> findRestBlocks(std::string_view document);
// The docstrings that hold sessions. A file that does not parse has none.
std::vector<TextBlock> findDoctests(const syntax::Ast& ast);
std::vector<TextBlock> findDoctests(std::string_view source, Interner& names);
// The doctests of a Python file, and the file itself where it makes claims, or where it is no Python.
std::vector<TextBlock> findPythonBlocks(const std::string& text, Interner& names);
// Code cells; lines are those of the JSON text. False: not a notebook.
bool findNotebookCells(std::string_view document, std::vector<TextBlock>& blocks);

// One example of a session: `>>> …` with what it must print.
struct SessionExample {
  uint32_t line = 0;       // 1-based, in the block
  std::string source;      // without prompts
  std::string expected;    // up to the next blank line or prompt
  uint32_t expected_line = 0;
  uint32_t expected_count = 0;  // lines
};
bool isSession(std::string_view text);
std::vector<SessionExample> examplesOf(std::string_view text);

}  // namespace krait::cli
