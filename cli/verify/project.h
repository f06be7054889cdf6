// What the programs of a document can import beside the standard library: the modules of the project that the document
// belongs to, what PYTHONPATH names, and what is installed in the active virtual environment. Found without running Python.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analyzer/semantic/imports/import_resolver.h"
#include "cli/sandbox/sandbox.h"

namespace krait::cli {

struct DocumentProject {
  std::vector<std::string> roots;      // folders with modules, as PYTHONPATH has them
  std::vector<std::string> modules;    // paths of what the roots have to import: files and packages
  std::vector<std::string> installed;  // folders with installed packages
  std::string module;                  // of a Python file in a package: its dotted name below the first root
};

// First parts of modules' names.
struct ImportedNames {
  std::set<std::string> named;  // that the document imports
  std::set<std::string> own;    // that its blocks are the files of
};

// `path`: of the document. A root that has nothing of what is imported is left out, unless the document is itself a module
// there. Modules with names of the standard library, or of the document's own files, are nobody's.
DocumentProject projectOf(std::string_view path, const ImportedNames& imported, const semantic::ImportResolver& library);

// The doctest options of the project's examples, `+ELLIPSIS`: what pytest's configuration says, and in documents what Sphinx
// takes for granted. ref: pytest, "doctest_optionflags"; sphinx.ext.doctest, "doctest_default_flags"
std::string exampleFlagsOf(std::string_view path);

// What the sandbox shows of it, and the variables that tell an interpreter where it is. `is_own`: krait, which takes what is
// installed behind its library.
void allowProject(const DocumentProject& project, bool is_own, SandboxRequest& request);

}  // namespace krait::cli
