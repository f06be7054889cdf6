// `krait lint --show-settings`: what holds for a file, as text.
#pragma once

#include <string>

#include "analyzer/config/lint_options.h"

namespace krait::cli {

// `options`: finished, with the command line on top.
std::string settingsText(const config::LintOptions& options, const std::string& path);

}  // namespace krait::cli
