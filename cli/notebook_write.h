// Writing the changed code of a notebook's cells back into its file.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"
#include "analyzer/diagnostics/source_files.h"

namespace krait::cli {

// The code of the cell at an index of file.cells, with the line end behind it.
std::string_view codeOfCell(const SourceFile& file, size_t at);

// Does the fix change one cell, or several each for itself: no edit goes over a cell's end?
bool staysInCells(const SourceFile& file, const Fix& fix);

// Where the cells begin after the edits, which are in order; none goes over a cell's end. `text`: what they make of the file.
std::vector<CellStart> movedCells(const SourceFile& file, const std::vector<FixEdit>& edits, std::string_view text);

// Of each code cell, in order: is it Python as it stands, without magics and commands? Empty: the text is no notebook.
std::vector<bool> plainCells(std::string_view json);

// The notebook's JSON with the cells' code as the file has it now, laid out as Jupyter writes it; the lines that only a notebook
// understands stay what they were. Nothing: one of those was changed, or the file is another notebook by now.
std::optional<std::string> notebookWith(std::string_view json, const SourceFile& file);

// What the cells' code differs in, a unified diff for each cell that does. Both are notebooks with the same cells.
std::string notebookDiff(std::string_view old_json, std::string_view new_json, const std::string& path);

}  // namespace krait::cli
