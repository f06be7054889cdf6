// Codes and names of rules in comments that silence findings: `# noqa: F401`, `# type: ignore[attr-defined]`, `# ruff: ignore[...]`.
#pragma once

#include <optional>
#include <string>

#include "analyzer/base/text.h"
#include "lsp/source_module.h"

namespace krait::lsp {

struct CommentCode {
  TextRange range;          // of the code as it is written
  std::string title;        // "F401 (unused-import)"
  std::string explanation;  // what it finds, as Markdown
};

// The code at the offset; nothing where none stands there or nobody knows it.
std::optional<CommentCode> commentCodeAt(SourceModule& module, uint32_t offset);

}  // namespace krait::lsp
