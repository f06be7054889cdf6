// One section of configuration turned into settings, with mypy's wording for what is wrong with it. Used for the
// [mypy] section, the per-module sections, [tool.krait] and the inline `# mypy:` comments alike.
#pragma once

#include <string>
#include <vector>

#include "analyzer/config/config_text.h"
#include "analyzer/config/options.h"

namespace krait::config {

struct SectionMessage {
  uint32_t line;
  std::string text;
};

struct SectionSettings {
  std::vector<Setting> settings;
  bool is_strict = false;            // `strict = true` was there
  std::vector<std::string> reports;  // report kinds that were asked for
  std::vector<SectionMessage> messages;
};

// `config_dir`: the folder of the file, for $MYPY_CONFIG_FILE_DIR; may be empty.
SectionSettings readSettings(const ConfigSection& section, const std::string& config_dir);

// The value of one option from text, as on the command line. Gives the message of what is wrong, or nothing.
std::optional<std::string> readSetting(OptionId id, const ConfigValue& value, const std::string& config_dir,
                                       Setting& out);

// Python's truth words of configparser: 1/yes/true/on and 0/no/false/off.
std::optional<bool> readBool(std::string_view text);

}  // namespace krait::config
