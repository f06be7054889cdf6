// A block's program as a reader would write it: the text of what it needs and its own, without marks, so that the checker can
// read it and every line is one of the document.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/verify/document.h"

namespace krait::cli {

struct ProgramPart {
  size_t block;         // of the document
  uint32_t first_line;  // 1-based, in the program
};

struct BlockProgram {
  std::string text;
  std::vector<ProgramPart> parts;  // in order of their lines; the last one is the block itself; none: the whole file
};

// Stands for a block's index where the program is the Python file itself whose doctests the document is.
inline constexpr size_t kWholeFile = ~size_t{0};

BlockProgram plainProgramOf(const SourceFile& file, const VerifiedDocument& document, size_t index);

// A range of the program's text as one of the document; none: it is not the block's own.
std::optional<TextRange> ownRange(const SourceFile& file, const VerifiedDocument& document, const BlockProgram& program, TextRange range);

}  // namespace krait::cli
