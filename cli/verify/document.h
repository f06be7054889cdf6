// One document under verification: its blocks, what is Python among them, which earlier blocks each one needs, what the
// front end says of it, and what running it showed. Takes a Markdown text; every place is a line of the document.
#pragma once

#include <string>
#include <vector>

#include "analyzer/diagnostics/source_files.h"
#include "analyzer/semantic/star_names.h"
#include "cli/verify/claims.h"
#include "cli/verify/markdown.h"

namespace krait::cli {

enum class BlockStatus : uint8_t { kNotPython, kSyntaxError, kUnrun, kOk, kFailed, kTimeout, kCut };

struct VerifiedBlock {
  MarkdownBlock block;
  BlockStatus status = BlockStatus::kUnrun;
  std::string program;                // with markers; what is run
  std::vector<std::string> defined;   // names that it binds at module level
  std::vector<std::string> missing;   // names that it uses and nothing in it defines
  std::vector<TextRange> missing_at;  // the uses, one for each missing name, in the block
  std::vector<size_t> needs;          // earlier blocks to run before it, in order
  std::vector<Claim> claims;
  std::string stdout_text;
  std::string stderr_text;
  int exit_code = -1;
};

struct VerifiedDocument {
  FileId id;
  std::vector<VerifiedBlock> blocks;
  std::vector<Diagnostic> findings;
};

// The static part: blocks, syntax errors, names, claims. Recurses over trees: needs a deep stack.
VerifiedDocument readDocument(const SourceFile& file, FileId id, semantic::StarNames& star_names, Interner& names);

// The whole program of a block: what it needs, a marker, itself.
std::string programOf(const VerifiedDocument& document, size_t index);

// What the program printed after the marker.
std::string_view ownOutput(std::string_view output);

// Fills in a block's outcome and adds the findings that follow from it.
void recordRun(VerifiedDocument& document, const SourceFile& file, size_t index, std::string output);

// A range of a block's text as a range of the document.
TextRange documentRange(const SourceFile& file, const MarkdownBlock& block, TextRange range);

std::string_view statusName(BlockStatus status);

}  // namespace krait::cli
