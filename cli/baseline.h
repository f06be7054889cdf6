// A baseline: the findings of a code base that are accepted for now, kept in a file so that only new ones are reported.
// One line for each kind of finding of a file: how many times, the code, the path, the message, separated by tabs; no line
// numbers, so that edits elsewhere in the file change nothing. Sorted, for version control.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analyzer/base/result.h"
#include "analyzer/diagnostics/source_files.h"

namespace krait::cli {

class Baseline {
 public:
  // Fails when the file cannot be read or is no baseline; the message says which line.
  static Result<Baseline> read(const std::string& path);
  static Baseline of(const SourceFiles& files, const std::vector<Diagnostic>& diagnostics);

  Result<size_t> write(const std::string& path) const;
  // Takes out the findings that the baseline has, as often as it has them. What it has and nobody found is counted.
  struct Compared {
    std::vector<Diagnostic> left;
    size_t accepted = 0;
    size_t gone = 0;
  };
  Compared compare(const SourceFiles& files, std::vector<Diagnostic> diagnostics) const;
  // What both have, as often as both have it.
  Baseline shrunkTo(const Baseline& found) const;
  size_t size() const;

 private:
  std::map<std::string, size_t> counts_;  // by "code\tpath\tmessage"
};

}  // namespace krait::cli
