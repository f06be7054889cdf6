// Codes that the settings leave to other tools (`external`).
#pragma once

#include <string_view>

#include "analyzer/config/lint_options.h"

namespace krait::lint {

// Does the code, as a comment names it, begin like one of theirs?
bool isExternalCode(const config::LintOptions& options, std::string_view code);

}  // namespace krait::lint
