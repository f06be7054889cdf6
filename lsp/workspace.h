// Workspace: the folders that the client opened, the documents in its editor and the files that they reach on disk.
// Answers with SourceModules; open documents come before what is on disk. One thread only.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "analyzer/base/interner.h"
#include "analyzer/config/discovery.h"
#include "analyzer/semantic/imports/import_resolver.h"
#include "analyzer/semantic/star_names.h"
#include "checker/program/kept_trees.h"
#include "checker/program/session.h"
#include "lsp/root_config.h"
#include "lsp/source_module.h"

namespace krait::lsp {

class Indexer;
struct FileIndex;

class Workspace {
 public:
  Workspace();
  ~Workspace();

  // Absolute paths of the workspace's folders; reads the configuration of each.
  void setRoots(std::vector<std::string> roots);
  const std::vector<std::string>& roots() const { return roots_; }
  // What a file below the roots follows, by the innermost of them; others follow the first.
  const config::Config& configOf(std::string_view path) const;
  // While somebody types: answers may come from the checker's World as it was before the last edits.
  bool is_quick = false;
  // Never empty: without a folder there is one configuration without a root.
  const std::vector<RootConfig>& configs() const { return configs_; }

  SourceModule& open(const std::string& uri, std::string text, int64_t version);
  void close(const std::string& uri);
  // Another uri (a notebook's cell) that means the document with this one; "" takes the alias away.
  void alias(const std::string& cell, const std::string& uri);
  // The open document, or null.
  SourceModule* document(const std::string& uri);
  std::vector<SourceModule*> openDocuments();

  // A file by its path: the open document or what is on disk; null when it cannot be read.
  SourceModule* load(const std::string& path);
  // Does the file's text hold these bytes? Tells without keeping the file.
  bool mayName(const std::string& path, std::string_view word);
  // The module that a dotted name means, or null.
  SourceModule* loadModule(std::string_view module);
  SourceModule* builtins() { return loadModule("builtins"); }
  // All Python files below the roots, sorted; listed anew after a change on disk was reported.
  const std::vector<std::string>& projectFiles();
  // Would projectFiles() answer without walking through folders?
  bool hasProjectFiles();
  // Is the file one of the user's: below a root, or open?
  bool isOwn(const SourceModule& module) const;
  enum class FileChange : uint8_t { kCreated = 1, kChanged = 2, kDeleted = 3 };
  // A file changed on disk. False: nothing that was derived depends on it.
  bool fileChanged(const std::string& path, FileChange change);
  // Did a file that was read change on disk? What was derived from it is forgotten then.
  bool hasChangedOnDisk();
  // ---- what is known of files that are not open, without their trees ----
  // Starts making it in the background; before, and for files that are not ready, indexOf() gives nothing.
  void startIndex();
  // Null: the file is open, or its index is not ready.
  const FileIndex* indexOf(const std::string& path);
  // By pathHash: the files whose index may not speak of what is, because they look into an open document that shows others
  // something else than its file, or into a file that is not ready; these too. Nothing: no file has an index.
  std::optional<std::unordered_set<uint32_t>> outdatedIndexes();
  // Stops the making of the index as long as true is the last word, and gives back what it holds.
  void holdIndex(bool is_held);
  void waitForIndex();
  // How much of it is ready, in percent; 100 also where there is none.
  size_t indexPercent();

  // Texts of so many bytes may have trees though nobody has them open.
  static constexpr size_t kMostAnalysed = size_t{3} << 20;
  // Between requests: gives back trees of files that are not open and were not asked for lately.
  void trim(size_t most_analysed = kMostAnalysed);
  // Forgets what the checker knows; it is made again when asked for.
  void forgetTypes();
  // The same where more than `most` bytes of source that is not open were checked: true. For quiet moments, and for whoever goes
  // through all files; each new World reads again what the files import.
  bool forgetManyTypes(size_t most = kMostChecked);
  static constexpr size_t kMostChecked = size_t{2} << 20;

  // Reads the configuration again and forgets all that was derived.
  void restart();

  Interner& names() { return names_; }
  // What is asked from here on is asked by this file: its folder's modules come before those of the others. Of files
  // outside the folders nothing changes.
  void askFor(std::string_view path);
  semantic::ImportResolver& resolver() { return *realm().resolver; }
  semantic::StarNames& starNames() { return *realm().star_names; }
  config::Source sourceOf(const SourceModule& module) const;
  // The checker, with the texts of all open documents.
  program::Session& session();
  // See Session::renewAfter, rebuilt; of all checkers.
  bool renewAfter(size_t most);
  size_t rebuilt() const;
  // Trees of earlier runs are found in this file, and left there for later ones; empty: none. Before anything is asked.
  void keepTreesIn(const std::string& file) { kept_trees_ = std::make_unique<program::KeptTrees>(file); }
  program::KeptTrees* keptTrees() { return kept_trees_.get(); }

 private:
  friend class Asker;
  // Where modules are found, and what the checker knows of them. Folders that have modules of the same name have one each.
  struct Realm {
    const RootConfig* config = nullptr;
    std::unique_ptr<semantic::ImportResolver> resolver;
    std::unique_ptr<semantic::StarNames> star_names;
    std::unique_ptr<program::Session> session;
  };
  Realm& realm() { return realms_[realm_]; }
  size_t realmOf(std::string_view path) const;
  Realm newRealm(size_t first);
  void prepare();
  std::unique_ptr<program::Session> newSession(const Realm& realm);
  void restartIndex();
  void readConfigs();
  // When the files that say how the roots are checked were written; 0: there is none of that name.
  std::vector<int64_t> configTimes() const;

  Interner names_;
  std::vector<std::string> roots_;
  std::vector<RootConfig> configs_;
  std::vector<int64_t> config_times_;
  std::unique_ptr<program::KeptTrees> kept_trees_;
  std::vector<Realm> realms_;  // one, or one for each root; empty before the roots are known
  size_t realm_ = 0;           // of who asks now
  std::vector<std::string> bases_;  // folders outside the roots that open documents' module names start below
  std::map<std::string, std::unique_ptr<SourceModule>> documents_;  // by uri
  std::map<std::string, SourceModule*> open_by_path_;
  std::map<std::string, std::string> aliases_;  // cell uri -> notebook uri
  std::map<std::string, std::unique_ptr<SourceModule>> disk_;  // by path
  std::unique_ptr<Indexer> indexer_;
  uint64_t uses_ = 0;  // counts the calls of load()
  std::vector<std::string> project_files_;
  bool has_project_files_ = false;
};

// As long as it lives the file asks; see Workspace::askFor.
class Asker {
 public:
  Asker(Workspace& workspace, const SourceModule& module) : workspace_(workspace), before_(workspace.realm_) { workspace.askFor(module.path()); }
  ~Asker() { workspace_.realm_ = before_; }
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;

 private:
  Workspace& workspace_;
  size_t before_;
};

// file:///a%20b.py -> /a b.py; other schemes stay as they are.
std::string pathOfUri(const std::string& uri);
std::string uriOfPath(const std::string& path);

}  // namespace krait::lsp
