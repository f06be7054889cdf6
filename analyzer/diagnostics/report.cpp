#include "analyzer/diagnostics/report.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace krait {

static ReportLine lineOf(const SourceFiles& files, const Diagnostic& diagnostic, const Note* note) {
  ReportLine line;
  line.diagnostic = &diagnostic;
  line.note = note;
  line.file = note != nullptr && note->file.valid() ? note->file : diagnostic.file;
  TextRange range = note != nullptr && note->range ? *note->range : diagnostic.range;
  const LineIndex& index = files[line.file].lines;
  LineColumn begin = index.locate(range.begin);
  LineColumn end = index.locate(std::max(range.begin, range.end));
  line.line = begin.line + 1;
  line.column = begin.column;
  line.end_line = end.line + 1;
  line.end_column = end.column;
  line.severity = note != nullptr ? Severity::kNote : diagnostic.severity;
  line.message = note != nullptr ? note->message : diagnostic.message;
  return line;
}

Report::Report(const SourceFiles& files, std::vector<Diagnostic> diagnostics)
    : files_(files), diagnostics_(std::move(diagnostics)) {
  // A note that is said once stands in the file that was named first, where it was found first.
  for (const Diagnostic& diagnostic : diagnostics_) {
    for (const Note& note : diagnostic.notes) {
      if (!note.is_said_once) continue;
      auto [entry, is_new] = said_once_.try_emplace(note.message, &diagnostic);
      if (!is_new && diagnostic.file.value < entry->second->file.value) entry->second = &diagnostic;
    }
  }
  for (size_t begin = 0; begin < diagnostics_.size();) {
    size_t end = begin + 1;
    while (end < diagnostics_.size() && diagnostics_[end].file == diagnostics_[begin].file) ++end;
    addFile(begin, end);
    begin = end;
  }
}

void Report::addFile(size_t begin, size_t end) {
  std::vector<ReportLine> found;
  for (size_t i = begin; i < end; ++i) {
    const Diagnostic& diagnostic = diagnostics_[i];
    found.push_back(lineOf(files_, diagnostic, nullptr));
    for (const Note& note : diagnostic.notes) found.push_back(lineOf(files_, diagnostic, &note));
    has_blocker_ |= diagnostic.is_blocker;
  }
  // What concerns a `type: ignore` itself comes first on its line. ref: mypy errors.generate_unused_ignore_errors
  auto columnOf = [](const ReportLine& line) {
    Rule rule = line.diagnostic->rule;
    bool is_of_comment = rule == Rule::kUnusedTypeIgnore || rule == Rule::kInvalidTypeIgnore || rule == Rule::kIgnoreWithoutCode;
    return is_of_comment ? int64_t{-1} : int64_t{line.column};
  };
  std::stable_sort(found.begin(), found.end(), [&](const ReportLine& a, const ReportLine& b) {
    return std::tuple(a.line, columnOf(a)) < std::tuple(b.line, columnOf(b));
  });
  // The checker says a thing once a line, as mypy does; the linter says all that its rules found.
  auto keyOf = [](const ReportLine& line) {
    bool is_lint = codeInfo(line.diagnostic->code).tool == Tool::kLint;
    return std::tuple(line.line, line.severity, line.message, is_lint ? line.diagnostic : nullptr);
  };
  std::set<std::tuple<uint32_t, Severity, std::string_view, const Diagnostic*>> seen;
  std::set<const Diagnostic*> dropped;
  uint32_t errors = 0;
  for (const ReportLine& line : found) {
    if (line.note == nullptr && !seen.insert(keyOf(line)).second) {
      dropped.insert(line.diagnostic);
    }
  }
  for (const ReportLine& line : found) {
    if (dropped.contains(line.diagnostic) && line.note != nullptr) continue;
    if (line.note != nullptr && line.note->is_said_once) {
      auto entry = said_once_.find(line.message);
      if (entry == said_once_.end() || entry->second != line.diagnostic) continue;
      said_once_.erase(entry);
    }
    if (line.note == nullptr && seen.erase(keyOf(line)) == 0) continue;
    errors += !line.isNote();
    lines_.push_back(line);
  }
  error_count_ += errors;
  error_file_count_ += errors != 0;
}

static std::string counted(size_t count, const char* noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string summaryLine(const Report& report, size_t checked_files) {
  if (report.errorCount() == 0) return "Success: no issues found in " + counted(checked_files, "source file");
  std::string text =
      "Found " + counted(report.errorCount(), "error") + " in " + counted(report.errorFileCount(), "file");
  if (report.hasBlocker()) return text + " (errors prevented further checking)";
  return text + " (checked " + counted(checked_files, "source file") + ")";
}

}  // namespace krait
