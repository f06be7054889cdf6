// The code cells of a Jupyter notebook (nbformat 4). Every cell runs after those before it.
#include <algorithm>

#include "cli/notebook.h"
#include "cli/notebook_json.h"
#include "cli/verify/blocks.h"

namespace krait::cli {

// What a cell printed, and what it showed as its value.
static void readOutputs(const lsp::Json& cell, std::string& printed, std::string& result) {
  auto outputs = cell.find("outputs");
  if (outputs == cell.end() || !outputs->is_array()) return;
  for (const lsp::Json& output : *outputs) {
    if (!output.is_object()) continue;
    std::string kind = output.value("output_type", "");
    if (kind == "stream" && output.value("name", "") == "stdout" && output.contains("text")) printed += joinedText(output["text"]);
    bool has_text = kind == "execute_result" && output.contains("data") && output["data"].is_object() && output["data"].contains("text/plain");
    if (has_text) result = joinedText(output["data"]["text/plain"]);
  }
}

bool findNotebookCells(std::string_view document, std::vector<TextBlock>& blocks) {
  lsp::Json notebook = lsp::Json::parse(document, nullptr, false);
  if (!hasCells(notebook)) return false;
  size_t at = 0;
  uint32_t number = 0;
  for (const lsp::Json& cell : notebook["cells"]) {
    if (!isCodeCell(cell)) continue;
    // Where the cell's text begins in the file: after its "source" key.
    size_t type = document.find("\"code\"", at);
    size_t source = document.find("\"source\"", type == std::string_view::npos ? at : type);
    if (source == std::string_view::npos) source = at;
    auto line = static_cast<uint32_t>(std::count(document.begin(), document.begin() + static_cast<std::ptrdiff_t>(source), '\n')) + 1;
    at = source + 1;
    std::string printed, result;
    readOutputs(cell, printed, result);
    ++number;
    blocks.push_back({.line = line, .first_line = line + 1, .language = "python", .info = "", .text = joinedText(cell["source"]), .section = "cell " + std::to_string(number), .section_id = 1,
                      .lead = printed, .lead_line = line, .is_continued = true, .is_magic = true, .group = "", .flags = "", .result = std::move(result)});
  }
  return true;
}

}  // namespace krait::cli
