#include "analyzer/config/lint_file.h"

#include <unistd.h>

#include <map>
#include <optional>

#include "analyzer/config/config_files.h"
#include "analyzer/config/lint_selection.h"

namespace krait::config {

static constexpr int kMostExtends = 16;

namespace {
struct Candidate {
  std::string_view file;
  std::string_view table;  // the file counts where it has this table or one below; empty: always
};
}  // namespace

static constexpr Candidate kCandidates[] = {
    {"krait.toml", "lint"}, {"pyproject.toml", "tool.krait.lint"}, {".ruff.toml", ""}, {"ruff.toml", ""}, {"pyproject.toml", "tool.ruff"}};

static bool hasTable(const ConfigText& text, std::string_view table) {
  if (table.empty()) return true;
  for (const ConfigSection& section : text.sections) {
    std::string_view name = section.name;
    if (name.starts_with(table) && (name.size() == table.size() || name[table.size()] == '.')) return true;
  }
  return false;
}

// The file that a ruff configuration extends is read before it.
static void readExtended(const ConfigText& text, const std::string& path, LintOptions& options, std::vector<std::string>& warnings, int depth) {
  const ConfigSection* section = text.find(isRuffFile(text) ? "" : "tool.ruff");
  const ConfigEntry* extend = section == nullptr ? nullptr : section->find("extend");
  if (extend == nullptr) return;
  size_t slash = path.rfind('/');
  const std::string& named = extend->value.text;
  std::string base = named.starts_with("/") || slash == std::string::npos ? named : path.substr(0, slash + 1) + named;
  std::string place = path + ":" + std::to_string(extend->line) + ": ";
  if (depth >= kMostExtends) {
    warnings.push_back(place + "too many files extend each other");
    return;
  }
  Result<ConfigText> read = readConfigText(base);
  if (!read.ok()) {
    warnings.push_back(place + "extend: " + read.message());
    return;
  }
  readExtended(read.value(), base, options, warnings, depth + 1);
  readLintOptions(read.value(), base, options, warnings);
  beginSelection(options);
}

// Nothing: there is no such file, or it cannot be read, which is told.
static std::optional<ConfigText> readIfThere(const std::string& path, std::vector<std::string>& warnings) {
  if (access(path.c_str(), F_OK) != 0) return std::nullopt;
  Result<ConfigText> text = readConfigText(path);
  if (text.ok()) return std::move(text.value());
  warnings.push_back(text.message());
  return std::nullopt;
}

std::string lintFileIn(const std::string& folder, std::vector<std::string>& warnings) {
  std::map<std::string_view, std::optional<ConfigText>> texts;  // each file is asked for once
  for (const Candidate& candidate : kCandidates) {
    std::string path = folder + std::string(candidate.file);
    auto [text, is_new] = texts.try_emplace(candidate.file);
    if (is_new) text->second = readIfThere(path, warnings);
    if (text->second && hasTable(*text->second, candidate.table)) return path;
  }
  return "";
}

std::string findLintFile(const std::string& from, std::vector<std::string>& warnings) {
  for (const std::string& folder : configFolders(from)) {
    if (std::string found = lintFileIn(folder, warnings); !found.empty()) return found;
  }
  return "";
}

void readLintFile(const std::string& path, LintOptions& options, std::vector<std::string>& warnings) {
  Result<ConfigText> text = readConfigText(path);
  if (!text.ok()) {
    warnings.push_back(text.message());
    return;
  }
  readExtended(text.value(), path, options, warnings, 0);
  readLintOptions(text.value(), path, options, warnings);
}

Result<bool> readLintSetting(const std::string& setting, LintOptions& options, std::vector<std::string>& warnings) {
  Result<ConfigText> text = readToml("--config", setting + "\n");
  if (!text.ok()) return Failure{text.message()};
  std::string root = options.root;
  beginSelection(options);
  readLintOptions(text.value(), "--config", options, warnings);
  options.root = root;
  return true;
}

}  // namespace krait::config
