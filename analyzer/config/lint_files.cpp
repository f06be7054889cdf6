#include "analyzer/config/lint_files.h"

#include <algorithm>

#include "analyzer/config/discovery.h"
#include "analyzer/config/globs.h"
#include "analyzer/config/path_prefixes.h"

namespace krait::config {

// What is passed over where `exclude` says nothing else. ref: ruff's settings, `exclude`
static constexpr std::string_view kPassedOver[] = {
    ".bzr", ".direnv", ".eggs", ".git", ".git-rewrite", ".hg", ".ipynb_checkpoints", ".mypy_cache", ".nox", ".pants.d", ".pyenv", ".pytest_cache",
    ".pytype", ".ruff_cache", ".svn", ".tox", ".venv", ".vscode", "__pypackages__", "_build", "buck-out", "dist", "node_modules", "site-packages", "venv"};

// By its path from the configuration's folder, or its whole path where a pattern is absolute, or its name.
static bool speaksOf(std::string_view pattern, std::string_view path, std::string_view full) {
  if (pattern.starts_with("./")) pattern.remove_prefix(2);
  if (pattern.ends_with("/")) pattern.remove_suffix(1);
  return matchesPathGlob(pattern, pattern.starts_with('/') ? full : path);
}

static bool isEntryPassedOver(const LintOptions& options, std::string_view path, std::string_view full) {
  auto speaksOfIt = [&](std::string_view pattern) { return speaksOf(pattern, path, full); };
  std::string_view name = path.substr(path.rfind('/') + 1);
  if (!options.exclude && std::find(std::begin(kPassedOver), std::end(kPassedOver), name) != std::end(kPassedOver)) return true;
  if (options.exclude && std::any_of(options.exclude->begin(), options.exclude->end(), speaksOfIt)) return true;
  return std::any_of(options.extend_exclude.begin(), options.extend_exclude.end(), speaksOfIt);
}

// Where in the absolute path the path from the configuration's folder begins. A file elsewhere is known by its name.
static size_t beginBelowRoot(const LintOptions& options, const std::string& full) {
  std::string root = absolutePath(options.root.empty() ? "." : options.root);
  if (!root.ends_with('/')) root += '/';
  return full.starts_with(root) ? root.size() : full.rfind('/') + 1;
}

bool isIncluded(const LintOptions& options, std::string_view path) {
  constexpr std::string_view kRead[] = {".py", ".pyi", ".pyw", ".ipynb"};
  bool is_usual = std::any_of(std::begin(kRead), std::end(kRead), [&](std::string_view suffix) { return path.ends_with(suffix); });
  is_usual |= path == "pyproject.toml" || path.ends_with("/pyproject.toml");
  if (!options.include && (is_usual || options.extend_include.empty())) return is_usual;
  std::string full = absolutePath(std::string(path));
  std::string_view below = std::string_view(full).substr(beginBelowRoot(options, full));
  auto speaksOfIt = [&](std::string_view pattern) { return speaksOf(pattern, below, full); };
  if (std::any_of(options.extend_include.begin(), options.extend_include.end(), speaksOfIt)) return true;
  return options.include && std::any_of(options.include->begin(), options.include->end(), speaksOfIt);
}

std::optional<uint32_t> targetOfFile(const LintOptions& options, std::string_view path) {
  if (options.per_file_targets.empty()) return std::nullopt;
  std::string full = absolutePath(std::string(path));
  std::string_view below = std::string_view(full).substr(beginBelowRoot(options, full));
  std::optional<uint32_t> minor;
  for (const auto& [pattern, target] : options.per_file_targets) {
    bool is_negated = pattern.starts_with("!");
    if (speaksOf(std::string_view(pattern).substr(is_negated ? 1 : 0), below, full) != is_negated) minor = target;
  }
  return minor;
}

bool isPassedOver(const LintOptions& options, std::string_view path, FoldersAbove above) {
  std::string full = absolutePath(std::string(path));
  size_t begin = beginBelowRoot(options, full);
  std::string_view below = std::string_view(full).substr(begin);
  if (above == FoldersAbove::kWereAsked) return isEntryPassedOver(options, below, full);
  return anyOnTheWayTo(below, [&](std::string_view entry) { return isEntryPassedOver(options, entry, std::string_view(full).substr(0, begin + entry.size())); });
}

static void append(std::vector<std::string>& to, std::vector<std::string> from) {
  for (std::string& one : from) to.push_back(std::move(one));
}

bool readFilesKey(const ConfigEntry& entry, bool is_linters, LintOptions& options) {
  const std::string& key = entry.key;
  const std::vector<std::string> items = entry.value.kind == ValueKind::kList ? entry.value.items : std::vector<std::string>{entry.value.text};
  if (key == "exclude" && !is_linters) {
    options.exclude = items;
  } else if (key == "exclude" || key == "extend-exclude") {
    append(options.extend_exclude, items);
  } else if (key == "include") {
    options.include = items;
  } else if (key == "extend-include") {
    append(options.extend_include, items);
  } else if (key == "force-exclude") {
    options.force_exclude = entry.value.flag;
  } else if (key == "respect-gitignore") {
    options.respect_gitignore = entry.value.flag;
  } else if (key == "fix") {
    options.fixes = entry.value.flag;
  } else if (key == "fix-only") {
    options.fixes_only = entry.value.flag;
  } else if (key == "unsafe-fixes") {
    options.unsafe_fixes = entry.value.flag;
  } else if (key == "show-fixes") {
    options.shows_fixes = entry.value.flag;
  } else if (key == "output-format") {
    options.output_format = entry.value.text;
  } else {
    return false;
  }
  return true;
}

}  // namespace krait::config
