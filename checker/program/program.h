// Program: the modules of one run and the World they share. Takes the sources, the configuration and the import
// resolver; loads modules (sources and libraries) on the first question, and checks the sources one by one. Findings
// come out per source, unsuppressed, in mypy's order of phases.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analyzer/config/config.h"
#include "analyzer/config/discovery.h"
#include "analyzer/diagnostics/source_files.h"
#include "analyzer/semantic/front_findings.h"
#include "analyzer/semantic/imports/import_resolver.h"
#include "analyzer/syntax/parser.h"
#include "analyzer/syntax/type_comments.h"
#include "checker/program/cache/run_record.h"

namespace krait::program {

// One text with its tree, as several programs, one after the other, may use it.
struct ParsedText {
  std::string text;
  std::shared_ptr<const syntax::Ast> ast;  // type comments applied; of `text`
  std::vector<syntax::TypeCommentProblem> problems;
  std::optional<syntax::SyntaxError> error;
  bool has_type_comments = false;  // the tree is not as it was written: annotations stand in it that are comments
  DiskState disk;  // of files
};

class KeptTrees;

// Parsed texts by path: first those of an editor, then what was read from the disk before and did not change since.
class ParsedTexts {
 public:
  // A library's text is taken to be right where nothing in it looks wrong. `tree`: of this text, where there is one.
  static std::shared_ptr<ParsedText> parse(std::string text, Interner& names, bool is_library, const syntax::SyntaxTree* tree = nullptr);
  // Of a file that the disk holds, with the tree that an earlier run may have kept (null: none are kept).
  static std::shared_ptr<ParsedText> parseFile(const std::string& path, std::string text, Interner& names, bool is_library, KeptTrees* kept);
  // Of a text that an edit made from another one, with work for the edited statements only; null: only parse() can tell.
  // `is_wrong` becomes true where that would hardly find the text right.
  static std::shared_ptr<ParsedText> parseEdited(const ParsedText& before, const syntax::TextEdit& edit, std::string text, Interner& names,
                                                 bool* is_wrong = nullptr);

  std::unordered_map<std::string, std::shared_ptr<const ParsedText>> open;
  std::unordered_map<std::string, std::shared_ptr<const ParsedText>> on_disk;
};

// A folder whose files follow a configuration of their own.
struct FolderConfig {
  std::string folder;  // absolute
  const config::Config* config = nullptr;
};

class ReadAhead;

struct ProgramInput {
  const config::Config& config;
  // Modules that the sources import are appended, with their files; all are put into the order in which findings are
  // printed: what is imported comes first.
  std::vector<config::Source>& sources;
  semantic::ImportResolver& resolver;
  SourceFiles& files;          // texts of the sources
  std::vector<FileId>& ids;    // the sources' files
  // Files (sources, or what they import) whose findings are known from an earlier run, by keyOf: they are read only when another
  // file asks for what they define, and not checked. May be null.
  const std::unordered_map<std::string, const FileRecord*>* known = nullptr;
  // Where names are interned; null: in a table of the program's own.
  Interner* names = nullptr;
  // Texts that are parsed already. May be null.
  ParsedTexts* parsed = nullptr;
  // Read the second path for the first. May be null.
  const std::vector<std::pair<std::string, std::string>>* shadow_files = nullptr;
  // The innermost one that holds a file counts instead of `config`, as far as options of modules go. May be null.
  const std::vector<FolderConfig>* folders = nullptr;
  // Who reads files before they are asked for. May be null.
  ReadAhead* read_ahead = nullptr;
  // Trees of earlier runs. May be null.
  KeptTrees* kept_trees = nullptr;
};

// The configuration that the file follows.
const config::Config& configOf(const ProgramInput& input, std::string_view path);

class Program {
 public:
  explicit Program(const ProgramInput& input);
  ~Program();
  // Checks every source that is not known, by that many processes. Recurses deeply: call on a deep stack.
  void check(unsigned workers = 1);
  bool isKnown(size_t index) const;
  // Of a source that is not known.
  semantic::ParsedView parsedSource(size_t index) const;
  // What was found in source `index`, as diagnostics of its file.
  std::vector<Diagnostic> diagnosticsOf(size_t index);
  // What is to be remembered of the source besides its findings: how it looks to others, what it imports.
  void describe(size_t index, FileRecord& record) const;
  // Files that were read beside the sources.
  std::vector<ReadPath> libraries() const;
  // Folders that were searched for imports.
  std::vector<std::string> foldersRead() const;

  struct State;  // internal

 private:
  std::unique_ptr<State> state_;
};

}  // namespace krait::program
