// Files that a document's blocks hold: `# shapes.py` on a block's first line, `title="shapes.py"` behind its fence, a name
// in the text above. Later blocks may import and open them.
#pragma once

#include <string>
#include <vector>

#include "cli/verify/blocks.h"

namespace krait::cli {

struct NamedFile {
  std::string path;  // relative
  std::string text;
};

// The relative path of the file that a block holds; empty: it is no file.
std::string fileNameOf(const TextBlock& block);

// The files of earlier blocks that a program imports or names, and what they need in turn; a later text of a file counts.
std::vector<NamedFile> filesFor(const std::vector<NamedFile>& earlier, std::string_view program);

}  // namespace krait::cli
