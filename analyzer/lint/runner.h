// The runner: one file's text and model in, its lint findings out, suppressed and filtered. Pure: the same input gives
// the same findings, whatever the thread. Whether a fix is safe may depend on what other files ask of the module (`asked`).
#pragma once

#include <string>
#include <vector>

#include "analyzer/config/lint_options.h"
#include "analyzer/diagnostics/source_files.h"
#include "analyzer/lint/module_links.h"
#include "analyzer/semantic/star_names.h"

namespace krait::lint {

struct LintInput {
  const SourceFile& file;
  FileId id;
  std::string module;  // dotted name; empty for a script
  const config::LintOptions& options;
  semantic::StarNames& star_names;
  Interner& names;
  // The text's tree and names, where somebody made them already; the text has no syntax error then.
  const syntax::Ast* ast = nullptr;
  const semantic::SemanticModel* model = nullptr;
  bool ignores_comments = false;  // what suppression comments silence is found too
  // The names that other files of the run ask this module for: a fix that takes one of them away is unsafe.
  const AskedNames* asked = nullptr;
  ModuleLinks* links = nullptr;  // where given: filled with what the file asks of others
};

// All findings of the rules that the options select for this file, in the order of rules.def.
std::vector<Diagnostic> lintFile(const LintInput& input);

}  // namespace krait::lint
