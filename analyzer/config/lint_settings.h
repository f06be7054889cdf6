// The settings that a ruff configuration may hold, and what is wrong with those that one does hold: unknown names, values of
// another type, words that are no choice. What the names stand for is read elsewhere (lint_options.h).
#pragma once

#include <string>
#include <vector>

#include "analyzer/config/config_text.h"

namespace krait::config {

// `table` names the uppermost table of the settings: "tool.ruff", or "" in a file of their own. `path` is for the messages,
// each "path:line: what is wrong".
std::vector<std::string> faultsOfSettings(const ConfigText& text, const std::string& table, const std::string& path);

}  // namespace krait::config
