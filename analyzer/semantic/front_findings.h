// What the front end alone finds in one file: syntax errors, imports that cannot be found, undefined names, mistakes in
// `# mypy:` comments; suppressed as the file's comments say. And the search paths that a configuration asks for.
#pragma once

#include <string>
#include <vector>

#include "analyzer/config/config.h"
#include "analyzer/config/discovery.h"
#include "analyzer/diagnostics/source_files.h"
#include "analyzer/semantic/imports/import_resolver.h"
#include "analyzer/semantic/star_names.h"
#include "analyzer/syntax/parser.h"

namespace krait::semantic {

// Shared by all files of a run; safe to use from many threads.
struct FrontContext {
  const config::Config& config;
  ImportResolver& resolver;
  StarNames& star_names;
  Interner& names;
  // Where a type checker runs too: its findings for a source take the place of the undefined names. Null: none.
  std::vector<Diagnostic> (*checker)(void* data, FileId file) = nullptr;
  void* checker_data = nullptr;
  // What was given to check: imports of anything else may be refused (`follow_imports = error`). Null: nobody knows.
  const std::vector<config::Source>* given = nullptr;
};

// What somebody else parsed already of a file.
struct ParsedView {
  const syntax::Ast* ast = nullptr;
  const std::optional<syntax::SyntaxError>* error = nullptr;
  const std::vector<bool>* unreachable = nullptr;  // null: to be found
  // What CPython finds after parsing; null: to be found.
  const std::vector<syntax::SyntaxError>* compile_errors = nullptr;
  // Of a text with an error nothing else is said: how much of the tree there is depends on what it was before.
  bool stops_at_error = false;
};

// Diagnostics of `file` (whose text is set), in the order of the text's stages. Recurses over the tree: needs a deep stack.
std::vector<Diagnostic> frontFindings(const FrontContext& context, const config::Source& source, const SourceFile& file,
                                      FileId id, const ParsedView* parsed = nullptr);

// Resolver options for a run: MYPYPATH, mypy_path, the folders above the sources, typeshed, site-packages.
ResolverOptions resolverOptionsFor(const config::Config& config, const std::vector<config::Source>& sources);

}  // namespace krait::semantic
