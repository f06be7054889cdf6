#include "analyzer/lint/pyproject/lint_pyproject.h"

#include <algorithm>

#include "analyzer/config/toml_tree.h"
#include "analyzer/diagnostics/code_redirects.h"
#include "analyzer/diagnostics/rule_names.h"

namespace krait::lint {

using config::TomlKind;
using config::TomlValue;

static std::string_view nameOf(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool isSettingsFile(std::string_view path) {
  std::string_view name = nameOf(path);
  return name == "pyproject.toml" || name == "ruff.toml" || name == ".ruff.toml";
}

// A selector that is the code of one rule, in its quotes.
static void checkSelector(const TomlValue& value, std::string_view text, DiagnosticSink& sink) {
  if (value.kind != TomlKind::kText || value.range.size() < 2) return;
  std::string_view name = lintRuleName(value.text);
  if (name.empty()) return;
  char quote = text[value.range.begin];
  std::string replacement = quote + std::string(name) + quote;
  sink.begin("RUF201"_rule, value.range).fix("Replace rule code with name", {{value.range, std::move(replacement)}});
}

static void checkSelectors(const TomlValue* list, std::string_view text, DiagnosticSink& sink) {
  if (list == nullptr) return;
  for (const TomlValue& item : list->items) checkSelector(item, text, sink);
}

static void checkTable(const TomlValue& table, std::string_view text, DiagnosticSink& sink) {
  for (std::string_view key : {"select", "ignore", "extend-select", "extend-ignore", "fixable", "extend-fixable", "unfixable", "extend-unfixable", "extend-safe-fixes", "extend-unsafe-fixes"}) {
    checkSelectors(table.find(key), text, sink);
  }
  for (std::string_view key : {"per-file-ignores", "extend-per-file-ignores"}) {
    const TomlValue* files = table.find(key);
    if (files == nullptr) continue;
    for (const auto& [pattern, selectors] : files->entries) checkSelectors(&selectors, text, sink);
  }
}

void checkSelectorNames(std::string_view path, std::string_view text, DiagnosticSink& sink) {
  config::TomlTree tree = config::readTomlTree(text);
  const TomlValue* ruff = &tree.root;
  for (std::string_view key : {"tool", "ruff"}) ruff = nameOf(path) != "pyproject.toml" || ruff == nullptr ? ruff : ruff->find(key);
  if (ruff == nullptr) return;
  checkTable(*ruff, text, sink);
  if (const TomlValue* lint = ruff->find("lint")) checkTable(*lint, text, sink);
}

std::vector<Diagnostic> lintSettingsFile(const LintInput& input) {
  auto isWanted = [&](Code code) { return config::isLintCodeSelected(input.options, code) && !config::isIgnoredInFile(input.options, code, input.file.path); };
  DiagnosticSink sink(input.id);
  if (nameOf(input.file.path) == "pyproject.toml" && isWanted("RUF200"_code)) checkPyproject(input.file.text, sink);
  if (isWanted("RUF201"_code)) checkSelectorNames(input.file.path, input.file.text, sink);
  return sink.take();
}

}  // namespace krait::lint
