// `-m MODULE` and `-p PACKAGE`: modules named as an import would name them, to sources. Takes the names and the
// configuration; gives sources, or the message of what cannot be found.
#pragma once

#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/config/config.h"
#include "analyzer/config/discovery.h"

namespace krait::cli {

// ref: mypy main.process_options, "Set target"
Result<std::vector<config::Source>> findModuleSources(const std::vector<std::string>& modules,
                                                      const std::vector<std::string>& packages, const config::Config& config);

}  // namespace krait::cli
