// A report: the findings of a run brought into the order and form that every renderer prints. Takes the diagnostics of
// all files, grouped by file in the order in which the files are to appear; gives flat lines with 1-based places.
// Order inside a file is mypy's: by line, then column, otherwise as reported; repeated messages of a line are dropped
// together with their notes.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"
#include "analyzer/diagnostics/source_files.h"

namespace krait {

struct ReportLine {
  const Diagnostic* diagnostic = nullptr;  // the finding, or the one that the note belongs to
  const Note* note = nullptr;              // null: the finding itself
  FileId file;
  uint32_t line = 0;        // 1-based
  uint32_t column = 0;      // 0-based, bytes, as Python's ast counts
  uint32_t end_line = 0;    // 1-based
  uint32_t end_column = 0;  // 0-based, exclusive
  Severity severity = Severity::kError;
  std::string_view message;

  bool isNote() const { return severity == Severity::kNote; }
};

class Report {
 public:
  Report(const SourceFiles& files, std::vector<Diagnostic> diagnostics);
  Report(const Report&) = delete;

  const SourceFiles& files() const { return files_; }
  const std::vector<ReportLine>& lines() const { return lines_; }
  // Findings of severity error or warning.
  uint32_t errorCount() const { return error_count_; }
  uint32_t errorFileCount() const { return error_file_count_; }
  bool hasBlocker() const { return has_blocker_; }

 private:
  void addFile(size_t begin, size_t end);

  const SourceFiles& files_;
  std::vector<Diagnostic> diagnostics_;
  std::vector<ReportLine> lines_;
  std::map<std::string_view, const Diagnostic*> said_once_;  // notes that stand in one place only, with what they belong to
  uint32_t error_count_ = 0;
  uint32_t error_file_count_ = 0;
  bool has_blocker_ = false;
};

// `Found 2 errors in 1 file (checked 3 source files)` or `Success: no issues found in 3 source files`, as mypy words
// it.
std::string summaryLine(const Report& report, size_t checked_files);

}  // namespace krait
