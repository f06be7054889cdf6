// The JSON of notebooks (nbformat 4), for those who read more of them than their code.
#pragma once

#include <string>

#include "lsp/json.h"

namespace krait::cli {

// Keeps the order of the members, for files that are written again.
using OrderedJson = nlohmann::ordered_json;

// A text that is one string or a list of lines; empty: neither.
std::string joinedText(const lsp::Json& text);

}  // namespace krait::cli
