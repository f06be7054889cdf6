// Which files the linter reads, as ruff's `include`, `exclude`, `extend-exclude`, `force-exclude` and `respect-gitignore` say it. What is
// named on the command line itself is read all the same, unless `force-exclude` is on.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/config/lint_options.h"

namespace krait::config {

// Whoever walks through folders has asked about those above; for a path that was named they count as well, from the
// configuration's folder down.
enum class FoldersAbove : bool { kWereAsked, kCount };

// Do the patterns pass over the file or folder? A pattern without a slash is a name at any depth, one with a slash a path from
// the configuration's folder. `path`: from the working folder, or absolute.
bool isPassedOver(const LintOptions& options, std::string_view path, FoldersAbove above);

// Is a file of a folder one that is read, by `include` and `extend-include`? `path`: from the working folder, or absolute.
bool isIncluded(const LintOptions& options, std::string_view path);

// Reads one of the keys that say which files are read and what is done with their findings; false: it is none of them.
// `is_linters`: it stands in the linter's own table, where `exclude` adds to what is passed over anyway.
bool readFilesKey(const ConfigEntry& entry, bool is_linters, LintOptions& options);

}  // namespace krait::config
