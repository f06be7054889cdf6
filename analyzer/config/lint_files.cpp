#include "analyzer/config/lint_files.h"

#include <algorithm>

#include "analyzer/config/discovery.h"

namespace krait::config {

// What is passed over where `exclude` says nothing else. ref: ruff's settings, `exclude`
static constexpr std::string_view kPassedOver[] = {
    ".bzr", ".direnv", ".eggs", ".git", ".git-rewrite", ".hg", ".ipynb_checkpoints", ".mypy_cache", ".nox", ".pants.d", ".pyenv", ".pytest_cache",
    ".pytype", ".ruff_cache", ".svn", ".tox", ".venv", ".vscode", "__pypackages__", "_build", "buck-out", "dist", "node_modules", "site-packages", "venv"};

static bool matches(std::string_view pattern, std::string_view path) {
  if (pattern.starts_with("./")) pattern.remove_prefix(2);
  if (pattern.ends_with("/")) pattern.remove_suffix(1);
  return matchesGlob(pattern, path);
}

// The path itself, and each folder above it.
static bool matchesSomewhere(std::string_view pattern, std::string_view path) {
  for (size_t slash = path.find('/', 1); slash != std::string_view::npos; slash = path.find('/', slash + 1)) {
    if (matches(pattern, path.substr(0, slash))) return true;
  }
  return matches(pattern, path);
}

static bool isNamed(std::string_view path) {
  while (!path.empty()) {
    size_t slash = std::min(path.find('/'), path.size());
    if (std::find(std::begin(kPassedOver), std::end(kPassedOver), path.substr(0, slash)) != std::end(kPassedOver)) return true;
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return false;
}

bool isPassedOver(const LintOptions& options, std::string_view path) {
  std::string full = absolutePath(std::string(path));
  std::string root = absolutePath(options.root.empty() ? "." : options.root);
  if (!root.ends_with('/')) root += '/';
  // A file elsewhere is known by its names and by patterns that are absolute.
  bool is_below = full.starts_with(root);
  std::string_view below = is_below ? std::string_view(full).substr(root.size()) : std::string_view(full).substr(full.rfind('/') + 1);
  auto speaksOf = [&](const std::string& pattern) { return matchesSomewhere(pattern, pattern.starts_with('/') ? std::string_view(full) : below); };
  if (!options.exclude && isNamed(below)) return true;
  if (options.exclude && std::any_of(options.exclude->begin(), options.exclude->end(), speaksOf)) return true;
  return std::any_of(options.extend_exclude.begin(), options.extend_exclude.end(), speaksOf);
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
