#include "analyzer/diagnostics/lint_finding.h"

#include "analyzer/diagnostics/rule_names.h"

namespace krait {

bool isOffered(const Fix& fix, const RenderOptions& options) {
  if (fix.edits.empty()) return false;
  return fix.safety == FixSafety::kSafe || (fix.safety == FixSafety::kUnsafe && options.offers_unsafe_fixes);
}

std::string bodyOf(const ReportLine& line, const RenderOptions& options) {
  bool is_fixable = line.diagnostic->fix && isOffered(*line.diagnostic->fix, options);
  std::string_view code = shownCode(line);
  return std::string(code) + (code == "invalid-syntax" ? ": " : is_fixable ? " [*] " : " ") + std::string(line.message) + "\n";
}

std::string fullPathOf(const SourceFile& file, const RenderOptions& options) {
  std::string_view path = file.path;
  if (path.starts_with('/') || options.working_folder.empty()) return file.path;
  while (path.starts_with("./")) path.remove_prefix(2);
  return options.working_folder + (options.working_folder.ends_with('/') ? "" : "/") + std::string(path);
}

std::string addressOfRule(const ReportLine& line) {
  std::string_view name = lintRuleName(codeInfo(line.diagnostic->code).text);
  return name.empty() ? "" : "https://docs.astral.sh/ruff/rules/" + std::string(name);
}

std::string nameOfRule(const ReportLine& line) {
  std::string_view code = codeInfo(line.diagnostic->code).text, name = lintRuleName(code);
  return std::string(name.empty() ? code : name);
}

uint32_t characterColumn(const SourceFile& file, uint32_t offset) { return file.lines.locate(offset, ColumnUnit::kUtf32).column + 1; }

uint32_t shownRow(const SourceFile& file, uint32_t offset) {
  uint32_t line = file.lines.lineOf(offset) + 1;
  const CellStart* cell = file.cellOf(line);
  return line - (cell != nullptr ? cell->line : 0);
}

}  // namespace krait
