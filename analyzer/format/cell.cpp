#include "analyzer/format/cell.h"

namespace krait::format {

FormatOutcome formatCell(std::string_view code, const FormatOptions& options) {
  std::string_view trimmed = code.substr(0, code.find_last_not_of(" \t\n") + 1);
  std::string_view last = trimmed.substr(trimmed.rfind('\n') + 1);
  bool is_silent = last.ends_with(';'), has_comment = last.find('#') != std::string_view::npos;
  if (trimmed.empty() || (has_comment && last.find(';') != std::string_view::npos)) return {};
  FormatOutcome outcome = formatText(code, options);
  if (outcome.is_changed && is_silent) outcome.text.insert(outcome.text.size() - 1, ";");
  return outcome;
}

}  // namespace krait::format
