// What a document's blocks need besides their text: `verify.toml` beside the document, and comments in the block.
//
//   [files]                    # found by every block
//   "data.json" = '{"a": 1}'
//   [servers]                  # pages that stand in for those of the network; one that ends in "/" for all below it
//   "https://example.com/api/" = '{"a": 1}'
//   [[block]]
//   document = "notes.md"      # all documents of the folder without it
//   line = 12                  # of the block's fence, or: section = "Reading input"
//   input = "Ada\n36\n"        # for its standard input;  in the block: `# stdin: Ada`
//   args = ["--all"]           # sys.argv after the name; in the block: `# argv: --all`
//   skip = true                # it does not run
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/verify/document.h"

namespace krait::cli {

// Puts what the side file of the document's folder and the blocks' comments say into the document. Gives what is wrong with
// the file ("path:line: …"), or nothing; a folder without one is fine.
std::optional<std::string> readSideFile(const std::string& document_path, VerifiedDocument& document);

}  // namespace krait::cli
