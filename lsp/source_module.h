// SourceModule: one file as the server knows it, open in the editor or read from disk: text, lines, tree, Ast, names.
// It is analysed when first asked for after a change; an edit reuses tree-sitter's tree.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/diagnostics/diagnostic.h"
#include "analyzer/diagnostics/source_files.h"
#include "analyzer/semantic/semantic_model.h"
#include "analyzer/syntax/parser.h"
#include "checker/program/program.h"

namespace krait::lsp {

// One cell of a notebook, as lines of the module that all its cells make together.
struct NotebookCell {
  std::string uri;
  std::string text;  // as the client has it
  uint32_t first_line = 0;
  uint32_t line_count = 0;
  bool is_code = true;
};

class SourceModule {
 public:
  SourceModule(std::string path, std::string text, Interner& names);

  const std::string& path() const { return file_.path; }
  const SourceFile& file() const { return file_; }
  Interner& names() { return names_; }
  std::string_view text() const { return file_.text; }
  const LineIndex& lines() const { return file_.lines; }
  const syntax::Ast& ast() { return *analysis().parsed->ast; }
  const semantic::SemanticModel& model() { return analysis().model; }
  const std::optional<syntax::SyntaxError>& syntaxError() { return analysis().parsed->error; }
  // The same tree for the checker; it stays what it is when the text changes.
  std::shared_ptr<const program::ParsedText> parsed() { return analysis().parsed; }

  // The tree of the text as it would be after a replacement; the module stays as it is. Null: the text would be wrong, and
  // a look at the edited statements was enough to tell.
  std::shared_ptr<const program::ParsedText> parsedWith(TextRange range, std::string_view replacement);

  // Forgets all that can be made again from the text.
  void release();
  bool isAnalysed() const { return analysis_ != nullptr; }
  // The tree that the checker made of the same text, to be used where there is none yet; others are passed over.
  void adopt(const std::shared_ptr<const program::ParsedText>& parsed);

  void replaceAll(std::string text);
  // Replaces the bytes of `range`, which lies inside the text.
  void replace(TextRange range, std::string_view replacement);

  // The cell that holds the offset, or that has the uri; null where the module is no notebook.
  const NotebookCell* cellAt(uint32_t offset) const;
  const NotebookCell* cellOf(const std::string& uri) const;
  // Makes the text of `cells`: their lines one after the other; lines that only a notebook understands become comments.
  void joinCells();

  std::vector<NotebookCell> cells;  // of a notebook, in order
  // What the linter found in this text; made when first asked for.
  std::optional<std::vector<Diagnostic>> lint_findings;
  bool is_open = false;
  int64_t version = 0;
  std::string uri;          // as the client wrote it, for open files
  std::string module_name;  // dotted; empty for a script
  int64_t modified = 0;     // the file's time stamp on disk, for closed files
  uint64_t last_use = 0;    // when a request last asked for it, for closed files

 private:
  struct Analysis {
    std::shared_ptr<const program::ParsedText> parsed;
    semantic::SemanticModel model;
  };
  // The last version that was right, and what was edited since.
  struct Base {
    std::shared_ptr<const program::ParsedText> parsed;
    syntax::TextEdit edit;
    bool is_edited = false;
    syntax::TextEdit editWith(TextRange range, size_t new_size) const;
  };
  Analysis& analysis();

  SourceFile file_;
  Interner& names_;
  syntax::SyntaxTree tree_;
  bool has_tree_ = false;
  std::unique_ptr<Analysis> analysis_;
  std::shared_ptr<const program::ParsedText> adopted_;
  Base base_;  // of an open document
};

}  // namespace krait::lsp
