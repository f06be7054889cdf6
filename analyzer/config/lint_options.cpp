#include "analyzer/config/lint_options.h"

#include <algorithm>
#include <charconv>

#include "analyzer/config/globs.h"
#include "analyzer/config/lint_files.h"
#include "analyzer/config/lint_selection.h"
#include "analyzer/config/lint_settings.h"

namespace krait::config {

static std::vector<std::string> listOf(const ConfigValue& value) {
  if (value.kind == ValueKind::kList) return value.items;
  return {value.text};
}

static uint32_t numberOf(const std::string& text, uint32_t fallback) {
  uint32_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : fallback;
}

std::optional<uint32_t> targetMinor(std::string_view text) {
  if (!text.starts_with("py3")) return std::nullopt;
  uint32_t minor = numberOf(std::string(text.substr(3)), 0);
  return minor < 7 || minor > 15 ? std::nullopt : std::optional(minor);
}

bool setTargetVersion(LintOptions& options, std::string_view text) {
  std::optional<uint32_t> minor = targetMinor(text);
  if (!minor) return false;
  options.target_minor = *minor;
  options.has_target = true;
  return true;
}

bool LintOptions::flag(std::string_view key, bool fallback) const {
  auto found = plugins.find(key);
  return found == plugins.end() ? fallback : found->second.flag;
}

std::string LintOptions::text(std::string_view key, std::string_view fallback) const {
  auto found = plugins.find(key);
  return found == plugins.end() ? std::string(fallback) : found->second.text;
}

uint32_t LintOptions::number(std::string_view key, uint32_t fallback) const {
  auto found = plugins.find(key);
  return found == plugins.end() ? fallback : numberOf(found->second.text, fallback);
}

const std::vector<std::string>* LintOptions::list(std::string_view key) const {
  auto found = plugins.find(key);
  return found == plugins.end() ? nullptr : &found->second.items;
}

// The tables below the linter's own, one for each plugin: [tool.ruff.lint.isort] and the like.
static void readPlugins(const ConfigText& text, const std::string& name, LintOptions& options) {
  std::string prefix = name + ".";
  for (const ConfigSection& section : text.sections) {
    if (!std::string_view(section.name).starts_with(prefix)) continue;
    std::string plugin = section.name.substr(prefix.size());
    for (const ConfigEntry& entry : section.entries) options.plugins[plugin + "." + entry.key] = entry.value;
  }
}

// Settings that several rules, or what is said about comments and fixes, read by their names.
static bool isRuleSetting(std::string_view key) {
  static constexpr std::string_view kKeys[] = {"src", "task-tags", "external", "allowed-confusables", "logger-objects", "typing-modules", "typing-extensions", "future-annotations",
                                               "namespace-packages", "output-prefer-rule-codes", "extend-safe-fixes", "extend-unsafe-fixes"};
  return std::find(std::begin(kKeys), std::end(kKeys), key) != std::end(kKeys);
}

// ruff's keys that say nothing to the rules that exist here are known and skipped.
static bool readKey(const ConfigEntry& entry, bool is_linters, LintOptions& options) {
  const std::string& key = entry.key;
  if (key == "select") {
    options.selection.select = listOf(entry.value);
  } else if (key == "ignore" || key == "extend-ignore") {
    for (std::string& code : listOf(entry.value)) options.selection.ignore.push_back(std::move(code));
  } else if (key == "extend-select") {
    for (std::string& code : listOf(entry.value)) options.selection.extend_select.push_back(std::move(code));
  } else if (key == "fixable") {
    options.selection.fixable = listOf(entry.value);
  } else if (key == "extend-fixable") {
    for (std::string& code : listOf(entry.value)) options.selection.extend_fixable.push_back(std::move(code));
  } else if (key == "unfixable" || key == "extend-unfixable") {
    for (std::string& code : listOf(entry.value)) options.selection.unfixable.push_back(std::move(code));
  } else if (key == "builtins") {
    options.builtins = listOf(entry.value);
  } else if (key == "dummy-variable-rgx") {
    options.dummy_variable_rgx = entry.value.text;
  } else if (isRuleSetting(key)) {
    options.plugins[key] = entry.value;
  } else if (key == "line-length") {
    options.line_length = numberOf(entry.value.text, options.line_length);
  } else if (key == "indent-width") {
    options.indent_width = std::max(1u, numberOf(entry.value.text, options.indent_width));
  } else if (key == "preview") {
    options.preview = entry.value.flag;
  } else if (key == "explicit-preview-rules") {
    options.explicit_preview = entry.value.flag;
  } else if (key == "target-version") {
    setTargetVersion(options, entry.value.text);
  } else {
    return readFilesKey(entry, is_linters, options);
  }
  return true;
}

// A rule that is gone may be ignored, which does nothing; to select it, or what never was a rule, is a mistake.
static void checkSelectors(const std::string& place, const std::vector<std::string>& selectors, bool ignores, LintOptions& options, std::vector<std::string>& warnings) {
  for (const std::string& selector : selectors) {
    if (isRemovedLintCode(selector)) {
      warnings.push_back(place + "the rule " + selector + " is gone" + (ignores ? ": to ignore it does nothing" : " and cannot be selected"));
      options.fault_count += ignores ? 0 : 1;
    } else if (!isKnownLintSelector(selector)) {
      warnings.push_back(place + "no rule is called " + selector);
      // ref: ruff in its preview goes on
      options.fault_count += options.preview ? 0 : 1;
    }
  }
}

static bool holdsCodes(std::string_view key) {
  static constexpr std::string_view kKeys[] = {"select", "ignore", "extend-select", "extend-ignore", "fixable", "unfixable", "extend-fixable", "extend-unfixable", "extend-safe-fixes", "extend-unsafe-fixes"};
  return std::find(std::begin(kKeys), std::end(kKeys), key) != std::end(kKeys);
}

// Only these turn a rule on that may not exist any more.
static bool selects(std::string_view key) { return key == "select" || key == "extend-select"; }

static void readTable(const ConfigText& text, const std::string& name, LintOptions& options,
                      std::vector<std::string>& warnings, bool is_own, const std::string& path) {
  auto placeOf = [&](const ConfigEntry& entry) { return path + ":" + std::to_string(entry.line) + ": [" + name + "]: "; };
  if (const ConfigSection* section = text.find(name)) {
    for (const ConfigEntry& entry : section->entries) {
      if (!readKey(entry, name.ends_with("lint"), options) && is_own) {
        warnings.push_back(placeOf(entry) + "Unrecognized option: " + entry.key + " = " + entry.value.text);
      }
      if (holdsCodes(entry.key)) checkSelectors(placeOf(entry), listOf(entry.value), !selects(entry.key), options, warnings);
    }
  }
  readPlugins(text, name, options);
  if (const ConfigSection* section = text.find(name.empty() ? "per-file-target-version" : name + ".per-file-target-version")) {
    for (const ConfigEntry& entry : section->entries) {
      if (std::optional<uint32_t> minor = targetMinor(entry.value.text)) options.per_file_targets.emplace_back(entry.key, *minor);
    }
  }
  for (const char* table : {"per-file-ignores", "extend-per-file-ignores"}) {
    const ConfigSection* section = text.find(name.empty() ? table : name + "." + table);
    if (section == nullptr) continue;
    bool is_extending = std::string_view(table).starts_with("extend");
    if (!is_extending) std::erase_if(options.per_file_ignores, [](const PerFileIgnore& entry) { return !entry.is_extending; });
    for (const ConfigEntry& entry : section->entries) {
      checkSelectors(placeOf(entry), listOf(entry.value), true, options, warnings);
      options.per_file_ignores.push_back({.pattern = entry.key, .codes = listOf(entry.value), .is_extending = is_extending});
    }
  }
}

void readRequiredPython(const ConfigText& text, LintOptions& options) {
  const ConfigSection* project = text.find("project");
  const ConfigEntry* entry = project == nullptr ? nullptr : project->find("requires-python");
  if (entry == nullptr) return;
  for (std::string_view bound : {">=3.", ">= 3.", "~=3.", "~= 3.", "==3.", "== 3.", ">3.", "> 3."}) {
    size_t at = entry->value.text.find(bound);
    if (at == std::string::npos) continue;
    size_t begin = at + bound.size();
    size_t end = std::min(entry->value.text.find_first_not_of("0123456789", begin), entry->value.text.size());
    setTargetVersion(options, "py3" + entry->value.text.substr(begin, end - begin));
    return;
  }
}

bool isRuffFile(const ConfigText& text) {
  return std::none_of(text.sections.begin(), text.sections.end(), [](const ConfigSection& section) { return section.name.starts_with("tool."); });
}

void readLintOptions(const ConfigText& text, const std::string& path, LintOptions& options,
                     std::vector<std::string>& warnings) {
  size_t slash = path.rfind('/');
  options.root = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  bool is_own_file = path.ends_with("krait.toml"), is_ruff_file = !is_own_file && isRuffFile(text);
  std::string own = is_own_file ? "lint" : "tool.krait.lint";
  readRequiredPython(text, options);
  if (!is_ruff_file && text.find(own) != nullptr) {
    readTable(text, own, options, warnings, true, path);
    return;
  }
  if (is_own_file) return;
  for (std::string& fault : faultsOfSettings(text, is_ruff_file ? "" : "tool.ruff", path)) {
    warnings.push_back(std::move(fault));
    ++options.fault_count;
  }
  readTable(text, is_ruff_file ? "" : "tool.ruff", options, warnings, false, path);
  readTable(text, is_ruff_file ? "lint" : "tool.ruff.lint", options, warnings, false, path);
}

bool setPerFileIgnores(LintOptions& options, std::string_view pairs, bool is_extending) {
  if (!is_extending) std::erase_if(options.per_file_ignores, [](const PerFileIgnore& entry) { return !entry.is_extending; });
  while (!pairs.empty()) {
    std::string_view pair = pairs.substr(0, pairs.find(','));
    size_t colon = pair.rfind(':');
    if (colon == std::string_view::npos || colon + 1 >= pair.size()) return false;
    options.per_file_ignores.push_back({.pattern = std::string(pair.substr(0, colon)), .codes = {std::string(pair.substr(colon + 1))}, .is_extending = is_extending});
    pairs.remove_prefix(std::min(pair.size() + 1, pairs.size()));
  }
  return true;
}

bool isIgnoredInFile(const LintOptions& options, Code code, const std::string& path) {
  std::string_view relative = path;
  if (!options.root.empty() && relative.starts_with(options.root)) relative.remove_prefix(options.root.size());
  while (relative.starts_with("./")) relative.remove_prefix(2);
  for (const PerFileIgnore& entry : options.per_file_ignores) {
    bool is_negated = entry.pattern.starts_with("!");
    std::string_view pattern = std::string_view(entry.pattern).substr(is_negated ? 1 : 0);
    if (codeSpecificity(entry.codes, codeInfo(code).text) > 0 && matchesPathGlob(pattern, relative) != is_negated) return true;
  }
  return false;
}

}  // namespace krait::config
