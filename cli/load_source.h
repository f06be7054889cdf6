// Reading a source file: bytes to valid UTF-8 text. What cannot be decoded still gives a text, so that the error has a
// place to stand on.
#pragma once

#include <optional>
#include <string>

#include "analyzer/diagnostics/source_files.h"
#include "analyzer/syntax/tokens/syntax_error.h"
#include "checker/program/cache/disk_state.h"

namespace krait::cli {

struct LoadOutcome {
  std::string failure;  // why the file cannot be read: "No such file or directory"; empty when it can
  std::optional<syntax::SyntaxError> error;  // CPython's, when the bytes are not a source text
  program::DiskState disk;                   // of the file when it was read
};

// Fills file.text from the file at `path` (which may differ from the path that is shown).
LoadOutcome loadSource(const std::string& path, SourceFile& file);

// The same; of a notebook (by file.path) the code of its cells, which file.cells then tells apart.
LoadOutcome loadPython(const std::string& path, SourceFile& file);

}  // namespace krait::cli
