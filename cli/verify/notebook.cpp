// The code cells of a Jupyter notebook (nbformat 4). Every cell runs after those before it.
#include <algorithm>

#include "cli/notebook.h"
#include "cli/notebook_json.h"
#include "cli/verify/blocks.h"

namespace krait::cli {

static std::string outputOf(const lsp::Json& cell) {
  std::string out;
  auto outputs = cell.find("outputs");
  if (outputs == cell.end() || !outputs->is_array()) return out;
  for (const lsp::Json& output : *outputs) {
    if (output.value("output_type", "") == "stream" && output.value("name", "") == "stdout" && output.contains("text")) out += joinedText(output["text"]);
  }
  return out;
}

bool findNotebookCells(std::string_view document, std::vector<TextBlock>& blocks) {
  lsp::Json notebook = lsp::Json::parse(document, nullptr, false);
  if (!notebook.is_object() || !notebook.contains("cells") || !notebook["cells"].is_array()) return false;
  size_t at = 0;
  uint32_t number = 0;
  for (const lsp::Json& cell : notebook["cells"]) {
    if (!cell.is_object() || cell.value("cell_type", "") != "code" || !cell.contains("source")) continue;
    // Where the cell's text begins in the file: after its "source" key.
    size_t type = document.find("\"code\"", at);
    size_t source = document.find("\"source\"", type == std::string_view::npos ? at : type);
    if (source == std::string_view::npos) source = at;
    auto line = static_cast<uint32_t>(std::count(document.begin(), document.begin() + static_cast<std::ptrdiff_t>(source), '\n')) + 1;
    at = source + 1;
    std::string text = pythonOfCell(joinedText(cell["source"]));
    ++number;
    blocks.push_back({.line = line, .first_line = line + 1, .language = "python", .info = "", .text = text, .section = "cell " + std::to_string(number), .section_id = 1,
                      .lead = outputOf(cell), .lead_line = line, .is_continued = true});
  }
  return true;
}

}  // namespace krait::cli
