#include "analyzer/config/lint_settings.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "analyzer/config/required_version.h"

namespace krait::config {

namespace {
// kList: of texts. kValues: of texts and numbers. kChoices: of some of the words. kModules: "all" or a list, or a table that says more.
// kWidth: "dynamic" or a number.
enum class SettingKind : uint8_t { kBool, kNumber, kText, kChoice, kList, kValues, kChoices, kModules, kWidth, kTable, kAny };

struct SettingInfo {
  std::string_view table, key;
  SettingKind kind;
  std::string_view choices;
};
}  // namespace

static constexpr SettingInfo kSettings[] = {
#define SETTING(table, key, kind, choices) {table, key, SettingKind::k##kind, choices},
#include "analyzer/config/lint_settings.def"
};

static const SettingInfo* findSetting(std::string_view table, std::string_view key) {
  auto found = std::find_if(std::begin(kSettings), std::end(kSettings), [&](const SettingInfo& one) { return one.table == table && one.key == key; });
  return found == std::end(kSettings) ? nullptr : found;
}

static bool isTableOfSettings(std::string_view name) {
  return std::any_of(std::begin(kSettings), std::end(kSettings), [&](const SettingInfo& one) { return one.table == name; });
}

static bool isAmong(std::string_view words, std::string_view word) {
  return !word.empty() && word.find(' ') == std::string_view::npos && (" " + std::string(words) + " ").find(" " + std::string(word) + " ") != std::string::npos;
}

static std::string listed(std::string_view words) {
  std::string out;
  for (size_t begin = 0; begin < words.size();) {
    size_t end = std::min(words.find(' ', begin), words.size());
    out += (out.empty() ? "`" : ", `") + std::string(words.substr(begin, end - begin)) + "`";
    begin = end + 1;
  }
  return out;
}

static bool isWithin(std::string_view bounds, const std::string& text) {
  int64_t least = 0, greatest = 0, value = 0;
  size_t blank = bounds.find(' ');
  std::from_chars(bounds.data(), bounds.data() + blank, least);
  std::from_chars(bounds.data() + blank + 1, bounds.data() + bounds.size(), greatest);
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && least <= value && value <= greatest;
}

// What the value must be; nothing: it is.
static std::optional<std::string> wantedOf(const SettingInfo& setting, const ConfigValue& value) {
  switch (setting.kind) {
    case SettingKind::kBool:
      return value.kind == ValueKind::kBool ? std::nullopt : std::optional<std::string>("must be true or false");
    case SettingKind::kText:
      return value.kind == ValueKind::kText ? std::nullopt : std::optional<std::string>("must be a text");
    case SettingKind::kList:
      if (value.kind != ValueKind::kList) return "must be a list";
      return value.has_only_texts ? std::nullopt : std::optional<std::string>("must be a list of texts");
    case SettingKind::kValues:
      return value.kind == ValueKind::kList ? std::nullopt : std::optional<std::string>("must be a list");
    case SettingKind::kChoices: {
      bool is_fine = value.kind == ValueKind::kList && std::all_of(value.items.begin(), value.items.end(), [&](const std::string& item) { return isAmong(setting.choices, item); });
      return is_fine ? std::nullopt : std::optional<std::string>("must be a list of some of " + listed(setting.choices));
    }
    case SettingKind::kModules: {
      bool is_fine = value.kind == ValueKind::kOther || (value.kind == ValueKind::kList && value.has_only_texts) || (value.kind == ValueKind::kText && value.text == "all");
      return is_fine ? std::nullopt : std::optional<std::string>("must be `all` or a list of modules");
    }
    case SettingKind::kWidth: {
      bool is_fine = value.kind == ValueKind::kNumber ? isWithin(setting.choices, value.text) : value.kind == ValueKind::kText && value.text == "dynamic";
      return is_fine ? std::nullopt : std::optional<std::string>("must be `dynamic` or a whole number from 1 to 320");
    }
    case SettingKind::kTable:
      return "must be a table";
    case SettingKind::kAny:
      return std::nullopt;
    case SettingKind::kChoice:
      if (value.kind == ValueKind::kText && isAmong(setting.choices, value.text)) return std::nullopt;
      return "must be one of " + listed(setting.choices);
    case SettingKind::kNumber: {
      if (value.kind == ValueKind::kNumber && isWithin(setting.choices, value.text)) return std::nullopt;
      size_t blank = setting.choices.find(' ');
      bool is_open = setting.choices.ends_with("4294967295");
      std::string least(setting.choices.substr(0, blank));
      return "must be a whole number " + (is_open ? "from " + least + " on" : "from " + least + " to " + std::string(setting.choices.substr(blank + 1)));
    }
  }
  return std::nullopt;
}

// The setting that a key of a table names. What the linter's own table holds may stand in the uppermost too, as it once had to.
static const SettingInfo* settingOf(std::string_view table, std::string_view key) {
  if (const SettingInfo* found = findSetting(table, key)) return found;
  return table.empty() ? findSetting("lint", key) : nullptr;
}

// Where a table stands below the uppermost: "lint", "isort" for "lint.isort", "isort" too where it has no "lint" above.
static std::string tableBelow(std::string_view name, std::string_view table) {
  if (!table.empty()) name.remove_prefix(std::min(name.size(), table.size() + 1));
  if (name.starts_with("lint.")) name.remove_prefix(5);
  return std::string(name);
}

// The setting that a table is, by its name below the uppermost: "per-file-ignores", "isort.sections".
static const SettingInfo* settingOfTable(const std::string& below) {
  size_t dot = below.find('.');
  return dot == std::string::npos ? settingOf("", below) : findSetting(below.substr(0, dot), below.substr(dot + 1, below.find('.', dot + 1) - dot - 1));
}

// "lint.isort.sections" and the like: tables whose keys are the user's.
static bool isTableOfOwn(const std::string& below) {
  if (below.starts_with("analyze")) return true;
  const SettingInfo* setting = settingOfTable(below);
  if (setting == nullptr) return false;
  bool is_open = setting->kind == SettingKind::kAny || setting->kind == SettingKind::kModules;
  return is_open || (setting->kind == SettingKind::kTable && !isTableOfSettings(setting->key));
}

// What a value of such a table must be; nothing: it is.
static std::optional<std::string> wantedInTable(std::string_view values, const ConfigValue& value) {
  if (values == "texts" && value.kind != ValueKind::kText) return "must be a text";
  if (values == "lists" && (value.kind != ValueKind::kList || !value.has_only_texts)) return "must be a list of texts";
  if (values == "tables" && value.kind != ValueKind::kOther) return "must be a table with `msg`";
  if (values != "versions") return std::nullopt;
  const SettingInfo* version = findSetting("", "target-version");
  return wantedOf(*version, value);
}

// The table's own entries, not those of tables in it.
static void checkTableOfOwn(const ConfigSection& section, const std::string& below, const std::string& path, std::vector<std::string>& faults) {
  const SettingInfo* setting = settingOfTable(below);
  bool is_itself = setting != nullptr && setting->kind == SettingKind::kTable && below == (setting->table.empty() || setting->table == "lint" ? "" : std::string(setting->table) + ".") + std::string(setting->key);
  if (!is_itself) return;
  for (const ConfigEntry& entry : section.entries) {
    if (std::optional<std::string> wanted = wantedInTable(setting->choices, entry.value)) {
      faults.push_back(path + ":" + std::to_string(entry.line) + ": `" + entry.key + "` in `" + std::string(setting->key) + "` " + *wanted);
    }
  }
}

std::vector<std::string> faultsOfSettings(const ConfigText& text, const std::string& table, const std::string& path) {
  std::vector<std::string> faults;
  for (const ConfigSection& section : text.sections) {
    bool is_ours = table.empty() || section.name == table || section.name.starts_with(table + ".");
    if (!is_ours) continue;
    std::string below = tableBelow(section.name, table);
    if (isTableOfOwn(below) || isTableOfOwn(below.substr(0, below.rfind('.')))) {
      checkTableOfOwn(section, below, path, faults);
      continue;
    }
    auto placeOf = [&](uint32_t line) { return path + ":" + std::to_string(line) + ": "; };
    if (!isTableOfSettings(below)) {
      faults.push_back(placeOf(section.line) + "unknown table `" + below + "`");
      continue;
    }
    for (const ConfigEntry& entry : section.entries) {
      const SettingInfo* setting = settingOf(below, entry.key);
      if (setting == nullptr) {
        faults.push_back(placeOf(entry.line) + "unknown setting `" + entry.key + "`" + (below.empty() ? "" : " in `" + below + "`"));
      } else if (std::optional<std::string> wanted = wantedOf(*setting, entry.value)) {
        faults.push_back(placeOf(entry.line) + "`" + entry.key + "` " + *wanted);
      } else if (below.empty() && entry.key == "required-version") {
        if (std::optional<std::string> fault = faultOfRequiredVersion(entry.value.text)) faults.push_back(placeOf(entry.line) + "`required-version` " + *fault);
      }
    }
  }
  return faults;
}

}  // namespace krait::config
