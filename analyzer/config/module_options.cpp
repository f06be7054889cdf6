// Which per-module sections speak to a module, and in which order. Three kinds, later ones win (mypy's precedence):
//   1. well-structured wildcards `a.*`, `a.b.*`: from the outermost inwards; `a.*` matches `a` too;
//   2. other wildcards `*.tests.*`: in the file's order;
//   3. the module's own name.
#include <algorithm>
#include <span>

#include "analyzer/config/config.h"
#include "analyzer/config/inline_config.h"

namespace krait::config {

static bool isStructured(std::string_view pattern) {
  return pattern.substr(0, pattern.size() - 1).find('*') == std::string_view::npos;
}
static bool isWildcard(std::string_view pattern) { return pattern.ends_with(".*"); }

static bool matchesPrefix(std::string_view wildcard, std::string_view module) {
  std::string_view package = wildcard.substr(0, wildcard.size() - 2);
  return module.starts_with(package) && (module.size() == package.size() || module[package.size()] == '.');
}

static std::vector<std::string_view> splitParts(std::string_view text) {
  std::vector<std::string_view> parts;
  for (size_t begin = 0; begin <= text.size();) {
    size_t end = std::min(text.find('.', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

// A `*` at the front stands for one or more parts, elsewhere for any number of parts. ref: mypy Options.compile_glob
static bool matchesParts(std::span<const std::string_view> pattern, std::span<const std::string_view> module,
                         bool is_first) {
  if (pattern.empty()) return module.empty();
  if (pattern[0] != "*") {
    return !module.empty() && module[0] == pattern[0] && matchesParts(pattern.subspan(1), module.subspan(1), false);
  }
  for (size_t taken = is_first ? 1 : 0; taken <= module.size(); ++taken) {
    if (matchesParts(pattern.subspan(1), module.subspan(taken), false)) return true;
  }
  return false;
}

static bool matches(const ModuleSection& section, std::string_view module) {
  if (!isStructured(section.pattern)) {
    std::vector<std::string_view> pattern = splitParts(section.pattern);
    std::vector<std::string_view> parts = splitParts(module);
    return matchesParts(pattern, parts, true);
  }
  return isWildcard(section.pattern) ? matchesPrefix(section.pattern, module) : section.pattern == module;
}

static std::vector<const ModuleSection*> matchingSections(const Config& config, std::string_view module) {
  std::vector<const ModuleSection*> wildcards, others, exact;
  for (const ModuleSection& section : config.sections) {
    if (section.pattern.empty() || !matches(section, module)) continue;
    if (!isStructured(section.pattern) || section.pattern == "*") {
      others.push_back(&section);
    } else if (isWildcard(section.pattern)) {
      wildcards.push_back(&section);
    } else {
      exact.push_back(&section);
    }
  }
  std::stable_sort(wildcards.begin(), wildcards.end(), [](const ModuleSection* a, const ModuleSection* b) {
    return a->pattern.size() < b->pattern.size();
  });
  wildcards.insert(wildcards.end(), others.begin(), others.end());
  wildcards.insert(wildcards.end(), exact.begin(), exact.end());
  return wildcards;
}

void applyModuleSettings(Options& options, const std::vector<Setting>& settings) {
  options.disable_error_code.clear();
  options.enable_error_code.clear();
  for (const Setting& setting : settings) {
    applySetting(options, setting, ListMode::kReplace);
    if (setting.id == OptionId::k_ignore_missing_imports && setting.flag)
      options.is_missing_import_ignored_per_module = true;
  }
  applyErrorCodes(options);
}

Options optionsForModule(const Config& config, std::string_view module) {
  Options options = config.base;
  for (const ModuleSection* section : matchingSections(config, module)) applyModuleSettings(options, section->settings);
  return options;
}

std::vector<std::string> unusedSections(const Config& config, const std::vector<std::string>& modules) {
  std::vector<std::string> unused;
  for (const ModuleSection& section : config.sections) {
    bool is_used =
        std::any_of(modules.begin(), modules.end(), [&](const std::string& m) { return matches(section, m); });
    if (!is_used) unused.push_back(section.pattern);
  }
  return unused;
}

}  // namespace krait::config
