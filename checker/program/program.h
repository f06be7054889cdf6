// Program: the modules of one run and the World they share. Takes the sources, the configuration and the import
// resolver; loads modules (sources and libraries) on the first question, and checks the sources one by one. Findings
// come out per source, unsuppressed, in mypy's order of phases.
#pragma once

#include <memory>
#include <vector>

#include "analyzer/config/config.h"
#include "analyzer/config/discovery.h"
#include "analyzer/diagnostics/source_files.h"
#include "analyzer/semantic/imports/import_resolver.h"

namespace krait::program {

struct ProgramInput {
  const config::Config& config;
  // Modules that the sources import are appended, with their files; all are put into the order in which findings are
  // printed: what is imported comes first.
  std::vector<config::Source>& sources;
  semantic::ImportResolver& resolver;
  SourceFiles& files;          // texts of the sources
  std::vector<FileId>& ids;    // the sources' files
};

class Program {
 public:
  explicit Program(const ProgramInput& input);
  ~Program();
  // Checks every source whose text parses. Recurses deeply: call on a deep stack.
  void check();
  // What was found in source `index`, as diagnostics of its file.
  std::vector<Diagnostic> diagnosticsOf(size_t index);

  struct State;  // internal

 private:
  std::unique_ptr<State> state_;
};

}  // namespace krait::program
