// RootConfig: the configuration of one folder of the workspace, as `krait check` would find it there, with all its paths
// made absolute, so that it means the same wherever the server stands.
#pragma once

#include <string>

#include "analyzer/config/config.h"
#include "analyzer/config/discovery.h"
#include "analyzer/semantic/imports/import_resolver.h"

namespace krait::lsp {

struct RootConfig {
  std::string root;  // absolute; empty: no folder is open
  config::Config config;
  std::string error;  // why it could not be read, or ""
};

// Reads what the folder or one above it says. Goes into the folder for that and back into `home`.
RootConfig readRootConfig(const std::string& root, const std::string& home);

// Where a workspace of these folders finds modules: what the first one's configuration says, and the search paths of the
// others after it. Goes into the folders and back into `home`.
semantic::ResolverOptions resolverOptionsOf(const std::vector<const RootConfig*>& roots, const std::vector<config::Source>& sources, const std::string& home);

}  // namespace krait::lsp
