#include "cli/lint_settings_text.h"

#include <vector>

#include "analyzer/base/json_text.h"
#include "analyzer/config/discovery.h"
#include "analyzer/config/lint_selection.h"
#include "analyzer/diagnostics/rule_names.h"

namespace krait::cli {

static std::string listText(const std::vector<std::string>& items) {
  if (items.empty()) return "[]\n";
  std::string out = "[\n";
  for (const std::string& item : items) out += "\t" + item + ",\n";
  return out + "]\n";
}

static std::string quotedList(const std::vector<std::string>& items) {
  std::vector<std::string> quoted;
  for (const std::string& item : items) quoted.push_back(jsonString(item));
  return listText(quoted);
}

static const char* word(bool flag) { return flag ? "true" : "false"; }

std::string settingsText(const config::LintOptions& options, const std::string& path) {
  std::vector<std::string> enabled, fixable, ignores;
  for (uint16_t i = 1; i < codeCount(); ++i) {
    Code code = static_cast<Code>(i);
    if (codeInfo(code).tool != Tool::kLint || !config::isLintCodeSelected(options, code)) continue;
    std::string_view text = codeInfo(code).text;
    std::string shown = std::string(lintRuleName(text)) + " (" + std::string(text) + ")";
    enabled.push_back(shown);
    if (config::isLintCodeFixable(options, code)) fixable.push_back(shown);
  }
  for (const config::PerFileIgnore& entry : options.per_file_ignores) {
    std::string codes;
    for (const std::string& code : entry.codes) codes += (codes.empty() ? "" : ", ") + code;
    ignores.push_back(jsonString(entry.pattern) + ": " + codes);
  }
  std::string root = config::absolutePath(options.root.empty() ? "." : options.root);
  std::string out = "Resolved settings for: " + jsonString(path) + "\n\n# General Settings\n";
  out += std::string("fix = ") + word(options.fixes) + "\nfix_only = " + word(options.fixes_only) + "\noutput_format = " + (options.output_format.empty() ? "full" : options.output_format) +
         "\nshow_fixes = " + word(options.shows_fixes) + "\nunsafe_fixes = " + (!options.unsafe_fixes ? "hint" : *options.unsafe_fixes ? "enabled" : "disabled") + "\n";
  out += "\n# File Resolver Settings\nfile_resolver.exclude = " + (options.exclude ? quotedList(*options.exclude) : "the usual ones\n");
  out += "file_resolver.extend_exclude = " + quotedList(options.extend_exclude);
  out += "file_resolver.include = " + (options.include ? quotedList(*options.include) : quotedList({"*.py", "*.pyi", "*.pyw", "*.ipynb", "**/pyproject.toml"}));
  out += "file_resolver.extend_include = " + quotedList(options.extend_include);
  out += std::string("file_resolver.force_exclude = ") + word(options.force_exclude) + "\nfile_resolver.respect_gitignore = " + word(options.respect_gitignore) +
         "\nfile_resolver.project_root = " + jsonString(root) + "\n";
  out += "\n# Linter Settings\nlinter.rules.enabled = " + listText(enabled) + "linter.rules.should_fix = " + listText(fixable) + "linter.per_file_ignores = " + listText(ignores);
  out += "linter.unresolved_target_version = " + (options.has_target ? "3." + std::to_string(options.target_minor) : std::string("none")) + "\nlinter.preview = " +
         (options.preview ? "enabled" : "disabled") + "\nlinter.explicit_preview_rules = " + word(options.explicit_preview) + "\nlinter.builtins = " + quotedList(options.builtins);
  out += "linter.tab_size = " + std::to_string(options.indent_width) + "\nlinter.line_length = " + std::to_string(options.line_length) + "\n";
  if (!options.plugins.empty()) out += "\n# Linter Plugins\n";
  for (const auto& [key, value] : options.plugins) out += "linter." + key + " = " + (value.kind == config::ValueKind::kList ? quotedList(value.items) : value.text + "\n");
  return out;
}

}  // namespace krait::cli
