// `# mypy: option=value, option` comments: settings of one module inside its own text.
#pragma once

#include <string_view>
#include <vector>

#include "analyzer/config/options.h"
#include "analyzer/config/settings_reader.h"

namespace krait::config {

struct InlineConfig {
  std::vector<Setting> settings;         // in order
  std::vector<SectionMessage> messages;  // with 1-based lines: errors of the module
};

// Reads every line that begins with "# mypy: ". ref: mypy config_parser.parse_mypy_comments
InlineConfig readInlineConfig(std::string_view text);

// Puts settings of one source (a module section, the inline comments) on top of what a module has.
void applyModuleSettings(Options& options, const std::vector<Setting>& settings);

}  // namespace krait::config
