// The JSON of notebooks (nbformat 4), for those who read more of them than their code.
#pragma once

#include <string>

#include "lsp/json.h"

namespace krait::cli {

// Keeps the order of the members, for files that are written again.
using OrderedJson = nlohmann::ordered_json;

// Is it a notebook, with a list of cells?
template <typename Value>
bool hasCells(const Value& notebook) {
  return notebook.is_object() && notebook.contains("cells") && notebook["cells"].is_array();
}

// Are its cells Python? They are unless the notebook says another language.
template <typename Value>
bool isOfPython(const Value& notebook) {
  if (!notebook.contains("metadata") || !notebook["metadata"].is_object()) return true;
  const Value& metadata = notebook["metadata"];
  if (!metadata.contains("language_info") || !metadata["language_info"].is_object()) return true;
  const Value& language = metadata["language_info"];
  return !language.contains("name") || language["name"] == "python";
}

template <typename Value>
bool isCodeCell(const Value& cell) {
  return cell.is_object() && cell.contains("cell_type") && cell["cell_type"] == "code" && cell.contains("source");
}

// A text that is one string or a list of lines; empty: neither.
std::string joinedText(const lsp::Json& text);

}  // namespace krait::cli
