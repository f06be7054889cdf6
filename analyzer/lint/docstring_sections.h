// The sections of a docstring in the styles of Google and NumPy: "Args:", "Returns" with its underline. Takes a docstring,
// gives its sections in order. What always holds: a section reaches from the start of its heading's line to the next
// section or the docstring's end; all places are offsets of the file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/lint/docstrings.h"

namespace krait::lint {

struct DocLine {
  std::string_view text;  // without its line end
  uint32_t begin;
  uint32_t end;       // before the line end
  uint32_t full_end;  // after it
};

struct DocSection {
  std::string_view kind;  // the name as it should be written: "See Also"
  std::string_view name;  // as it is written
  TextRange name_range;
  TextRange range;
  uint32_t indent;
  size_t line;      // of the heading, in DocSections::lines
  size_t line_end;  // of what follows the section
};

struct DocSections {
  bool is_numpy = false;
  std::vector<DocLine> lines;
  std::vector<DocSection> sections;
};

std::vector<DocLine> docLinesOf(const LintContext& context, const Docstring& docstring);
// In the style that the configuration names, or the one that the sections tell.
DocSections readSections(const LintContext& context, const Docstring& docstring);
// Is it the name of a section, as it should be written?
bool isSectionName(std::string_view text);
bool isArgumentsSection(std::string_view kind);
// As many blanks as there are characters before the docstring in its line.
std::string docstringIndent(const LintContext& context, const Docstring& docstring);
// Without the blanks around it.
std::string_view trimmedText(std::string_view text);
// The length of the blanks at its start.
uint32_t indentSize(std::string_view line);

}  // namespace krait::lint
