// Session: the checker for somebody who keeps asking about texts that keep changing (an editor). Holds one World. An
// edit that nothing outside the edited function can see is patched into it: the tree is exchanged, places move, and that
// function alone (or the module's top level) is checked again. Any other edit makes a new World, which parses nothing
// that did not change and checks open documents only. What always holds: findings equal those of a fresh session.
// One thread, with a deep stack.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "checker/program/program.h"
#include "checker/program/read_ahead.h"
#include "checker/types/world.h"

namespace krait::program {

class Session {
 public:
  // Config, resolver, names and kept trees (null: none) must live as long as the session, or until reset(). `folders`: see ProgramInput.
  Session(const config::Config& config, semantic::ImportResolver& resolver, Interner& names, std::vector<FolderConfig> folders = {}, KeptTrees* kept = nullptr);
  ~Session();

  // A document is open with this text, now; `module` is its dotted name ("" for a script).
  void setText(const std::string& path, const std::string& module, std::string text);
  // The same, parsed already, with the session's interner.
  void setParsed(const std::string& path, const std::string& module, std::shared_ptr<const ParsedText> parsed);
  void close(const std::string& path);
  // Files on disk or the configuration changed: everything is made anew.
  void reset();

  // What was found in an open document, unsuppressed; `file` becomes its FileId.
  std::vector<Diagnostic> findings(const std::string& path, FileId file);
  semantic::ParsedView parsed(const std::string& path);
  // The same for a file that is not open, as the disk has it and the resolver finds it by its module name.
  std::vector<Diagnostic> findingsOfClosed(const std::string& path, const std::string& module, FileId file);

  // The World with the document's module loaded and checked, for questions about types; the module is none where the
  // document is not open. Valid until the next change.
  struct View {
    types::World* world = nullptr;
    types::ModuleId module;
  };
  View view(const std::string& path);
  // The same, of the World as it is: before the last edits where those would need a new one, and with what was probed last.
  View lastView(const std::string& path);
  // The text of an open document that the World holds: the last that was right, or one before it; null: none.
  std::shared_ptr<const ParsedText> textInWorld(const std::string& path) const;
  // The World with another text for the document, made of textInWorld() by an edit that others cannot see, until the
  // next question; none: others can see it.
  View probe(const std::string& path, const std::shared_ptr<const ParsedText>& parsed);
  // Of a file that is not open; the module is none where its name leads elsewhere.
  View viewOfClosed(const std::string& path, const std::string& module);
  // The same for a question about one node of its tree: only the module's own statements and the function around the node
  // are checked (none: no function).
  View viewOfClosed(const std::string& path, const std::string& module, syntax::NodeId node);

  // A file of the disk as the World read it, or null.
  std::shared_ptr<const ParsedText> parsedFile(const std::string& path) const;

  // Would an answer about the texts as they are now need a new World?
  bool isStale() const { return is_stale_; }

  // How many bytes of source that is not open were checked in this World: they stay with it.
  size_t closedBytes() const { return closed_bytes_; }

  // Edits that were patched in leave parts of the World behind, which nobody can free. Where `most` were, all that is open is
  // checked again in a new World: true. For quiet moments; after very many edits it is done without.
  bool renewAfter(size_t most);

  // What the last change of a text led to, in a few words; "" before the first.
  const std::string& lastChange() const { return last_change_; }
  // How often a new World was made, and how often an edit was patched into one.
  size_t rebuilt() const { return rebuilt_; }
  size_t patched() const { return patched_; }

 private:
  struct Document {
    std::string module;
    std::shared_ptr<const ParsedText> parsed;
    std::optional<syntax::SyntaxError> error;  // of parsing
    std::vector<syntax::SyntaxError> late_errors;  // that CPython finds after parsing
    types::ModuleId id;                        // in the World, when it was entered
    bool is_checked = false;
    std::shared_ptr<const ParsedText> in_world;  // what was checked
    bool is_probed = false;                      // the World holds another text for a while
  };
  // With which the World is made.
  ProgramInput input();
  void rebuild();
  Document* ready(const std::string& path);
  bool patch(Document& document, const std::shared_ptr<const ParsedText>& parsed);
  void endProbes();
  types::ModuleId findClosed(const std::string& path, const std::string& module);
  types::ModuleId readyClosed(const std::string& path, const std::string& module);
  void countClosed(types::ModuleId id);
  types::ModuleId enter(const std::string& path, Document& document);

  const config::Config& config_;
  semantic::ImportResolver& resolver_;
  Interner& names_;
  std::vector<FolderConfig> folders_;
  KeptTrees* kept_trees_;
  ParsedTexts texts_;
  ReadAhead read_ahead_;
  std::map<std::string, Document> documents_;
  std::set<std::string> checked_closed_;  // paths of files that are not open and were checked in this World
  std::set<uint32_t> counted_closed_;     // modules in closed_bytes_
  size_t closed_bytes_ = 0;
  // What Program::State wants to borrow.
  std::vector<config::Source> no_sources_;
  SourceFiles no_files_;
  std::vector<FileId> no_ids_;
  std::unique_ptr<Program::State> state_;
  bool is_stale_ = true;
  bool is_sound_ = false;  // the World may be asked, even where it is stale
  std::string last_change_;
  size_t rebuilt_ = 0, patched_ = 0;
  size_t patched_before_ = 0;  // when the World was made
};

}  // namespace krait::program
