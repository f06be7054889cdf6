// What a block needs of earlier blocks: the definitions and files that it uses and does not make itself. What an import
// statement of another section binds is imported, without the rest of its block; what stands below the guard
// `if __name__ == "__main__":` of an earlier block runs only when names or files of it are needed.
#pragma once

#include <string>
#include <vector>

#include "cli/verify/document.h"

namespace krait::cli {

// Fill in what the functions below ask of a block that parses.
void readImports(VerifiedBlock& verified, const syntax::Ast& ast);
void readGuard(VerifiedBlock& verified, const syntax::Ast& ast, Interner& names);

// Fills in the needs of a block, after those of all blocks before it; names that are found nowhere are findings.
void findNeeds(VerifiedDocument& document, const SourceFile& file, size_t index);

// The import statements that a block and what it needs take from other sections, each once.
std::vector<std::string> importsFor(const VerifiedDocument& document, size_t index);

// What of the earlier block `needed` runs before the block at `index`.
const std::string& textForLater(const VerifiedDocument& document, size_t needed, size_t index);

}  // namespace krait::cli
