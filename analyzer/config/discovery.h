// From the paths of a command line to the files to check, each with its module name. Takes files and folders; gives
// sources in mypy's order, or the message of what is wrong with a path. ref: mypy find_sources.create_source_list
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/config/options.h"

namespace krait::config {

struct Source {
  std::string path;      // as it is shown
  std::string module;    // "" for a script: __main__
  std::string base_dir;  // absolute folder that the module name starts below; "" for a script
};

struct DiscoverySettings {
  bool includes_notebooks = false;  // .ipynb files in folders
  bool uses_gitignore = false;
  bool allows_empty_folders = false;
  // Which files and folders below the given ones are passed over, by their paths as they are shown; empty: the usual ones, and
  // names that begin with a dot.
  std::function<bool(const std::string& path)> passes_over;
  // Which files of folders are read, by their paths as they are shown; empty: Python's.
  std::function<bool(const std::string& path)> includes;
  bool keeps_all_files = false;  // also modules that a stub or package hides, and those in folders that no import can name
};

// Finds the sources below `paths`. Folders named __pycache__, site-packages and node_modules and names that begin with
// a dot are passed over, as is what options.exclude matches.
Result<std::vector<Source>> findSources(const std::vector<std::string>& paths, const Options& options,
                                        const DiscoverySettings& settings);

// The module name of a file, from the __init__.py files above it. ref: mypy SourceFinder.crawl_up
Result<Source> sourceOfFile(const std::string& path, const Options& options);

// The path from the root, without `.`, `..` and doubled slashes. Links are not followed.
std::string absolutePath(const std::string& path);

// Whether `name` can be a Python identifier: ASCII rules; bytes of 0x80 and more count as letters.
bool isIdentifier(std::string_view name);

}  // namespace krait::config
