// The JSON of notebooks (nbformat 4), for those who read more of them than their code.
#pragma once

#include <string>

#include "lsp/json.h"

namespace krait::cli {

// A text that is one string or a list of lines; empty: neither.
std::string joinedText(const lsp::Json& text);

}  // namespace krait::cli
