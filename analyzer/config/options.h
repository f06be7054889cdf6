// Options: the settings of one module's check, generated from options.def. Takes values from flags, configuration files
// and inline comments (config.h puts them together); gives plain fields. A finished Options is only read.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/diagnostics/rule.h"

namespace krait::config {

enum class OptionId : uint16_t {
#define SWITCH(field, initial, strict, scope, group, help) k_##field,
#define TEXT(field, initial, scope, group, metavar, help) k_##field,
#define LIST(field, scope, group, metavar, help) k_##field,
#include "analyzer/config/options.def"
};

enum class OptionKind : uint8_t { kSwitch, kText, kList };
enum class OptionScope : uint8_t { kGlobal, kModule };
enum class OptionGroup : uint8_t {
  kHidden,
  kConfigFile,
  kImports,
  kPlatform,
  kAny,
  kUntyped,
  kNone,
  kWarnings,
  kStrictness,
  kMessages,
  kCache,
  kAdvanced,
  kMisc,
  kCode
};

struct OptionInfo {
  std::string_view name;  // with underscores, as in a configuration file
  OptionKind kind;
  OptionScope scope;
  OptionGroup group;
  bool initial;                // of a switch
  std::optional<bool> strict;  // what --strict makes of a switch
  std::string_view metavar;
  std::string_view help;
};

struct PythonVersion {
  uint8_t major = 3;
  uint8_t minor = 14;
  auto operator<=>(const PythonVersion&) const = default;
};

struct Options {
#define SWITCH(field, initial, strict, scope, group, help) bool field = initial;
#define TEXT(field, initial, scope, group, metavar, help) std::string field = initial;
#define LIST(field, scope, group, metavar, help) std::vector<std::string> field;
#include "analyzer/config/options.def"

  PythonVersion version;  // python_version, read
  // Codes switched on and off explicitly, after all configuration was applied in order.
  std::set<Code> enabled_codes;
  std::set<Code> disabled_codes;
  bool is_missing_import_ignored_per_module = false;
};

// Whether findings with the code are reported at all. ref: mypy Errors.is_error_code_enabled
bool isCodeEnabled(const Options& options, Code code);

// One value for one option, as read from somewhere.
struct Setting {
  OptionId id;
  bool flag = false;               // switch
  std::string text;                // text
  std::vector<std::string> items;  // list
};

const OptionInfo& optionInfo(OptionId id);
uint16_t optionCount();
// The option users call `name` (underscores), exactly.
std::optional<OptionId> findOption(std::string_view name);

// Puts the value in. Lists given on the command line add up (`append`), lists of a file replace.
enum class ListMode : uint8_t { kReplace, kAppend };
void applySetting(Options& options, const Setting& setting, ListMode mode);
// What --strict sets.
std::vector<Setting> strictSettings();
// Folds enable_error_code and disable_error_code, as they stand, into the code sets. For a module's own settings the
// later word wins; for the global ones enabling wins over disabling.
void applyErrorCodes(Options& options);

// One way to write an option on the command line.
struct Flag {
  std::string name;  // with its dashes
  OptionId id;
  bool value = true;     // what it sets a switch to
  bool is_shown = true;  // in the help text: the form that changes the default
};
std::vector<Flag> allFlags();

}  // namespace krait::config
