// A Jupyter notebook (nbformat 4) as one Python module: its code cells one after the other, as they would run from the top. Takes
// the file's JSON; gives the module's text and where each cell begins in it. What always holds: a cell's line n is n lines below
// its first; what only a notebook understands becomes comments or values of unknown type and moves no line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/diagnostics/source_files.h"

namespace krait::cli {

bool isNotebook(std::string_view path);
// What is wrong with a text that readNotebook refuses.
inline constexpr const char* kNoNotebook = "not a notebook (JSON with a list \"cells\")";
// A cell's source as Python, line by line.
std::string pythonOfCell(std::string_view source);
// False: the text is no notebook.
bool readNotebook(std::string_view json, std::string& text, std::vector<CellStart>& cells);

}  // namespace krait::cli
