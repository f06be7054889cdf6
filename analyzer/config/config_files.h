// Where configuration files are looked for, and reading one, whatever its syntax.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/config/config_text.h"

namespace krait::config {

// So many folders above one are looked into at most.
inline constexpr size_t kMostConfigFolders = 64;

// A folder and its parents up to the repository's root, as prefixes of paths: "", "../", "../../" for the working folder;
// "a/b/", "a/", "" and so on for "a/b/".
std::vector<std::string> configFolders(std::string folder = "");
// The folder above one, both as prefixes of paths; nothing above a repository's root and the file system's.
std::optional<std::string> configFolderAbove(const std::string& folder);

// Reads a .toml file as TOML, others as configparser does. Failure: "path: what is wrong", with the line where it is known.
Result<ConfigText> readConfigText(const std::string& path);

// The path without links; the path itself where there is no such file.
std::string realPath(const std::string& path);

}  // namespace krait::config
