#include "cli/verify/block_program.h"

#include <algorithm>

#include "analyzer/base/text.h"
#include "cli/verify/needs.h"

namespace krait::cli {

BlockProgram plainProgramOf(const SourceFile& file, const VerifiedDocument& document, size_t index) {
  if (index == kWholeFile) return {std::string(file.text), {}};
  BlockProgram program;
  uint32_t line = 1;
  for (const std::string& import : importsFor(document, index)) {
    program.text += import;
    line += static_cast<uint32_t>(std::count(import.begin(), import.end(), '\n'));
  }
  auto add = [&](size_t block) {
    program.parts.push_back({block, line});
    std::string_view text = document.blocks[block].plain;
    program.text += text;
    if (!text.ends_with("\n")) program.text += '\n';
    line += static_cast<uint32_t>(std::count(text.begin(), text.end(), '\n')) + (text.ends_with("\n") ? 0 : 1);
  };
  for (size_t needed : document.blocks[index].needs) add(needed);
  add(index);
  return program;
}

std::optional<TextRange> ownRange(const SourceFile& file, const VerifiedDocument& document, const BlockProgram& program, TextRange range) {
  if (program.parts.empty()) return range;
  const ProgramPart& own = program.parts.back();
  size_t begin = program.text.size() - document.blocks[own.block].plain.size();
  if (!document.blocks[own.block].plain.ends_with("\n")) --begin;
  if (range.begin < begin) return std::nullopt;
  auto offset = static_cast<uint32_t>(begin);
  return documentRange(file, document.blocks[own.block].block, {range.begin - offset, range.end - offset});
}

}  // namespace krait::cli
