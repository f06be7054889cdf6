// The Python files and notebooks below folders, as files: each one, whatever module it is (discovery.h finds modules). Names that
// begin with a dot, caches, build results, virtual environments and what .gitignore ignores are passed over.
#pragma once

#include <string>
#include <vector>

#include "analyzer/base/result.h"

namespace krait::config {

struct WalkedFile {
  std::string path;     // as it is shown: below the given path
  bool is_named;        // given itself, not found in a folder
};

// Files in order of their names, each folder's files and folders together. A path that is no folder is taken as it is;
// one that is not there is a failure.
Result<std::vector<WalkedFile>> walkPythonFiles(const std::vector<std::string>& paths);

}  // namespace krait::config
