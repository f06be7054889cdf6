#include "analyzer/config/config.h"

#include <unistd.h>

#include <algorithm>

#include "analyzer/config/config_files.h"
#include "analyzer/config/lint_file.h"
#include "analyzer/config/settings_reader.h"

namespace krait::config {

// Per folder the first of these that has anything to say is the configuration.
static constexpr std::string_view kFileNames[] = {"krait.toml", "mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg"};

static std::string_view baseName(std::string_view path) {
  size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

static std::string folderOf(const std::string& path) {
  size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

static bool isShared(std::string_view path) {
  return baseName(path) == "pyproject.toml" || baseName(path) == "setup.cfg";
}

namespace {
struct FileSection {
  const ConfigSection* section;
  std::string shown;  // as messages name it
};
}  // namespace

// The name of the section with the global settings; empty when the file has none.
static std::string mainSection(const ConfigText& text, const std::string& path) {
  if (baseName(path) == "krait.toml") return "";
  if (path.ends_with(".toml")) return text.find("tool.krait") != nullptr ? "tool.krait" : "tool.mypy";
  return "mypy";
}

static bool saysSomething(const ConfigText& text, const std::string& path) {
  if (!isShared(path)) return true;
  for (const ConfigSection& section : text.sections) {
    if (section.name == "mypy" || section.name.starts_with("mypy-") || section.name.starts_with("tool.mypy") ||
        section.name.starts_with("tool.krait")) {
      return true;
    }
  }
  return false;
}

static void addMessages(Config& config, const std::string& shown, const std::vector<SectionMessage>& messages) {
  for (const SectionMessage& message : messages) {
    config.warnings.push_back(config.path + ":" + std::to_string(message.line) + ": " + shown + ": " + message.text);
  }
}

static bool isBadPattern(std::string_view pattern) {
  if (pattern.find_first_of("?[]!") != std::string_view::npos) return true;
  for (size_t begin = 0; begin <= pattern.size();) {
    size_t end = std::min(pattern.find('.', begin), pattern.size());
    std::string_view part = pattern.substr(begin, end - begin);
    if (part.find('*') != std::string_view::npos && part != "*") return true;
    begin = end + 1;
  }
  return false;
}

// One per-module section under each of its patterns.
static void addModuleSection(Config& config, const ConfigSection& section, const std::vector<std::string>& patterns,
                             const std::string& shown, const std::string& config_dir) {
  SectionSettings read = readSettings(section, config_dir);
  addMessages(config, shown, read.messages);
  std::string place = config.path + ":" + std::to_string(section.line) + ": " + shown + ": ";
  std::string reports;
  for (const std::string& report : read.reports) reports += (reports.empty() ? "" : ", ") + report + "_report";
  if (!reports.empty())
    config.warnings.push_back(place + "Per-module sections should not specify reports (" + reports + ")");
  std::set<std::string> global;
  if (read.is_strict) global.insert("strict");
  std::erase_if(read.settings, [&](const Setting& setting) {
    if (optionInfo(setting.id).scope == OptionScope::kModule) return false;
    global.emplace(optionInfo(setting.id).name);
    return true;
  });
  std::string names;
  for (const std::string& name : global) names += (names.empty() ? "" : ", ") + name;
  if (!names.empty()) {
    config.warnings.push_back(place + "Per-module sections should only specify per-module flags (" + names + ")");
  }
  for (std::string pattern : patterns) {
    std::replace(pattern.begin(), pattern.end(), '/', '.');
    if (isBadPattern(pattern)) {
      config.warnings.push_back(place +
                                "Patterns must be fully-qualified module names, optionally with '*' in some "
                                "components (e.g spam.*.eggs.*)");
      continue;
    }
    auto same = std::find_if(config.sections.begin(), config.sections.end(),
                             [&](const ModuleSection& other) { return other.pattern == pattern; });
    if (same == config.sections.end()) {
      config.sections.push_back({.pattern = pattern, .settings = read.settings});
    } else {
      same->settings.insert(same->settings.end(), read.settings.begin(), read.settings.end());
    }
  }
}

static void addModuleSections(Config& config, const ConfigText& text, const std::string& main_name,
                              const std::string& config_dir) {
  for (const ConfigSection& section : text.sections) {
    if (section.name.starts_with("mypy-") && !config.path.ends_with(".toml")) {
      std::vector<std::string> patterns;
      std::string list = section.name.substr(5);
      for (size_t begin = 0; begin <= list.size();) {
        size_t end = std::min(list.find(',', begin), list.size());
        patterns.push_back(list.substr(begin, end - begin));
        begin = end + 1;
      }
      addModuleSection(config, section, patterns, "[" + section.name + "]", config_dir);
    } else if (section.name == (main_name.empty() ? "overrides" : main_name + ".overrides")) {
      ConfigSection rest = section;
      const ConfigEntry* module = section.find("module");
      if (module == nullptr) {
        config.warnings.push_back(config.path + ":" + std::to_string(section.line) +
                                  ": toml config file contains a [[" + section.name +
                                  "]] section, but no module to override was specified.");
        continue;
      }
      std::vector<std::string> patterns =
          module->value.kind == ValueKind::kList ? module->value.items : std::vector<std::string>{module->value.text};
      std::string shown = "[module = \"" + (patterns.empty() ? "" : patterns[0]) + "\"]";
      std::erase_if(rest.entries, [](const ConfigEntry& entry) { return entry.key == "module"; });
      addModuleSection(config, rest, patterns, shown, config_dir);
    }
  }
}

static void applyAll(Options& options, const std::vector<Setting>& settings, ListMode mode) {
  for (const Setting& setting : settings) applySetting(options, setting, mode);
}

// Reads the found file into the config: global settings, module sections.
static void useFile(Config& config, const ConfigText& text, bool is_named) {
  std::string config_dir = realPath(folderOf(config.path));
  std::string main_name = mainSection(text, config.path);
  if (const ConfigSection* section = text.find(main_name)) {
    SectionSettings read = readSettings(*section, config_dir);
    bool is_own = main_name.empty() || main_name == "tool.krait";
    addMessages(config, main_name.empty() ? "[krait]" : "[" + (main_name == "tool.mypy" ? "mypy" : main_name) + "]",
                read.messages);
    if (read.is_strict) applyAll(config.base, strictSettings(), ListMode::kReplace);
    applyAll(config.base, read.settings, ListMode::kReplace);
    if (!is_own) config.base.mypy = true;
  } else if (is_named || !isShared(config.path)) {
    config.warnings.push_back(config.path + ": No [mypy] section in config file");
  }
  addModuleSections(config, text, main_name, config_dir);
}

static void findFile(Config& config) {
  for (const std::string& prefix : configFolders()) {
    for (std::string_view name : kFileNames) {
      std::string path = prefix + std::string(name);
      if (access(path.c_str(), F_OK) != 0) continue;
      Result<ConfigText> text = readConfigText(path);
      if (!text.ok()) {
        config.warnings.push_back(text.message());
        continue;
      }
      if (!saysSomething(text.value(), path)) continue;
      config.path = path;
      useFile(config, text.value(), false);
      return;
    }
  }
}

static std::optional<std::string> contradiction(const Options& options) {
  if (options.explicit_package_bases && !options.namespace_packages) {
    return "Can only use --explicit-package-bases with --namespace-packages, since otherwise examining __init__.py's "
           "is "
           "sufficient to determine module names for files";
  }
  std::string both;
  for (const std::string& name : options.always_true) {
    if (std::find(options.always_false.begin(), options.always_false.end(), name) != options.always_false.end()) {
      both += (both.empty() ? "" : ", ") + name;
    }
  }
  if (!both.empty()) return "You can't make a variable always true and always false (" + both + ")";
  return std::nullopt;
}

Result<Config> loadConfig(const CommandLine& command_line) {
  Config config;
  if (command_line.config_file && !command_line.config_file->empty()) {
    config.path = *command_line.config_file;
    if (access(config.path.c_str(), F_OK) != 0) return Failure{"Cannot find config file '" + config.path + "'"};
    Result<ConfigText> text = readConfigText(config.path);
    bool is_toml = config.path.ends_with(".toml");
    bool is_lint_file = text.ok() && is_toml && baseName(config.path) != "krait.toml" && !saysSomething(text.value(), "pyproject.toml");
    if (text.ok()) {
      if (!is_lint_file) useFile(config, text.value(), true);
      if (is_toml) readLintFile(config.path, config.lint, config.lint_warnings);
    } else {
      config.warnings.push_back(text.message());
    }
  } else if (!command_line.config_file) {
    findFile(config);
    config.lint_path = findLintFile("", config.lint_warnings);
    if (!config.lint_path.empty()) readLintFile(config.lint_path, config.lint, config.lint_warnings);
  }
  if (command_line.is_strict) applyAll(config.base, strictSettings(), ListMode::kReplace);
  applyAll(config.base, command_line.settings, ListMode::kAppend);
  if (std::optional<std::string> wrong = contradiction(config.base)) return Failure{*wrong};
  applyErrorCodes(config.base);
  if (config.base.show_error_end) config.base.show_column_numbers = true;
  for (const std::string& plugin : config.base.plugins) {
    config.warnings.push_back(config.path + ": plugin not run: " + plugin + " (krait does not run mypy plugins)");
  }
  return config;
}

}  // namespace krait::config
