#include "analyzer/config/options.h"

namespace krait::config {

static constexpr std::optional<bool> kSame = std::nullopt;
static constexpr std::optional<bool> kTrue = true;
static constexpr std::optional<bool> kFalse = false;

static constexpr OptionInfo kOptions[] = {
#define SWITCH(field, initial, strict, scope, group, help) \
  {#field, OptionKind::kSwitch, OptionScope::scope, OptionGroup::group, initial, strict, "", help},
#define TEXT(field, initial, scope, group, metavar, help) \
  {#field, OptionKind::kText, OptionScope::scope, OptionGroup::group, false, kSame, metavar, help},
#define LIST(field, scope, group, metavar, help) \
  {#field, OptionKind::kList, OptionScope::scope, OptionGroup::group, false, kSame, metavar, help},
#include "analyzer/config/options.def"
};

const OptionInfo& optionInfo(OptionId id) { return kOptions[static_cast<uint16_t>(id)]; }
uint16_t optionCount() { return static_cast<uint16_t>(std::size(kOptions)); }

std::optional<OptionId> findOption(std::string_view name) {
  for (uint16_t i = 0; i < optionCount(); ++i) {
    if (kOptions[i].name == name) return static_cast<OptionId>(i);
  }
  return std::nullopt;
}

static void put(bool& field, const Setting& setting, ListMode) { field = setting.flag; }
static void put(std::string& field, const Setting& setting, ListMode) { field = setting.text; }
static void put(std::vector<std::string>& field, const Setting& setting, ListMode mode) {
  if (mode == ListMode::kReplace) field.clear();
  field.insert(field.end(), setting.items.begin(), setting.items.end());
}

static PythonVersion readVersion(std::string_view text) {
  PythonVersion version;
  if (size_t dot = text.find('.'); dot != std::string_view::npos) {
    version.minor = 0;
    for (char c : text.substr(dot + 1)) version.minor = static_cast<uint8_t>(version.minor * 10 + (c - '0'));
  }
  return version;
}

void applySetting(Options& options, const Setting& setting, ListMode mode) {
  switch (setting.id) {
#define SWITCH(field, initial, strict, scope, group, help) \
  case OptionId::k_##field:                                \
    put(options.field, setting, mode);                     \
    break;
#define TEXT(field, initial, scope, group, metavar, help) SWITCH(field, 0, 0, 0, 0, 0)
#define LIST(field, scope, group, metavar, help) SWITCH(field, 0, 0, 0, 0, 0)
#include "analyzer/config/options.def"
  }
  if (setting.id == OptionId::k_python_version) options.version = readVersion(setting.text);
}

std::vector<Setting> strictSettings() {
  std::vector<Setting> settings;
  for (uint16_t i = 0; i < optionCount(); ++i) {
    if (kOptions[i].strict) settings.push_back({.id = static_cast<OptionId>(i), .flag = *kOptions[i].strict});
  }
  return settings;
}

void applyErrorCodes(Options& options) {
  for (const std::string& text : options.disable_error_code) {
    if (std::optional<Code> code = findCode(text)) {
      options.disabled_codes.insert(*code);
      options.enabled_codes.erase(*code);
    }
  }
  for (const std::string& text : options.enable_error_code) {
    if (std::optional<Code> code = findCode(text)) {
      options.enabled_codes.insert(*code);
      options.disabled_codes.erase(*code);
    }
  }
}

bool isCodeEnabled(const Options& options, Code code) {
  if (options.disabled_codes.contains(code)) return false;
  if (options.enabled_codes.contains(code)) return true;
  // The typing specification wants every use of something deprecated to be told; where control flow follows types,
  // names that may be unbound are mistakes mostly.
  if ((code == Code::kDeprecated || code == Code::kPossiblyUndefined) && !options.mypy) return true;
  const CodeInfo& info = codeInfo(code);
  if (info.parent != Code::kNone && options.disabled_codes.contains(info.parent)) return false;
  return info.is_enabled_by_default;
}

// The opposite of a flag: --no-x and --x, --allow-x and --disallow-x, --show-x and --hide-x.
static std::string inverseFlag(const std::string& flag) {
  std::string_view name = std::string_view(flag).substr(2);
  static constexpr std::string_view kPairs[][2] = {
      {"allow-", "disallow-"}, {"disallow-", "allow-"}, {"show-", "hide-"}, {"hide-", "show-"}, {"no-", ""}};
  for (const auto& pair : kPairs) {
    if (name.starts_with(pair[0])) return "--" + std::string(pair[1]) + std::string(name.substr(pair[0].size()));
  }
  return "--no-" + std::string(name);
}

static std::string dashed(std::string_view name) {
  std::string out(name);
  for (char& c : out) c = c == '_' ? '-' : c;
  return out;
}

static void addAliases(std::vector<Flag>& flags) {
  flags.push_back({"-i", OptionId::k_incremental, true, false});
  flags.push_back({"--tb", OptionId::k_show_traceback, true, false});
  flags.push_back({"--stats", OptionId::k_dump_type_stats, true, false});
  flags.push_back({"--inferstats", OptionId::k_dump_inference_stats, true, false});
  flags.push_back({"--interactive", OptionId::k_non_interactive, false, false});
  flags.push_back({"--soft-error-limit", OptionId::k_many_errors_threshold, true, false});
  flags.push_back({"--allow-redefinition-new", OptionId::k_allow_redefinition, true, false});
  flags.push_back({"--disallow-redefinition-new", OptionId::k_allow_redefinition, false, false});
  flags.push_back({"-n", OptionId::k_num_workers, true, false});
  flags.push_back({"-j", OptionId::k_num_workers, true, false});
  flags.push_back({"--jobs", OptionId::k_num_workers, true, false});
}

std::vector<Flag> allFlags() {
  std::vector<Flag> flags;
  flags.reserve(size_t{2} * optionCount() + 16);
  for (uint16_t i = 0; i < optionCount(); ++i) {
    const OptionInfo& info = kOptions[i];
    OptionId id = static_cast<OptionId>(i);
    bool is_shown = info.group != OptionGroup::kHidden;
    std::string name = "--" + dashed(info.name);
    if (info.kind != OptionKind::kSwitch) {
      flags.push_back({name, id, true, is_shown});
      continue;
    }
    std::string inverse = inverseFlag(name);
    flags.push_back({name, id, true, is_shown && !info.initial});
    flags.push_back({inverse, id, false, is_shown && info.initial});
  }
  addAliases(flags);
  return flags;
}

}  // namespace krait::config
