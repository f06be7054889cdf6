// Which codes a suppression comment may name: those of the rules here, the codes they had before, and those that ruff
// has or had besides. Takes a code as it is written, gives whether some rule has it; prefixes name none.
#pragma once

#include <string_view>

#include "analyzer/config/lint_options.h"

namespace krait::lint {

bool isKnownLintCode(std::string_view code);
// Whether the settings leave codes that begin so to other tools (`external`).
bool isExternalCode(const config::LintOptions& options, std::string_view code);

}  // namespace krait::lint
