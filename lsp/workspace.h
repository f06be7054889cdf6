// Workspace: the folders that the client opened, the documents in its editor and the files that they reach on disk.
// Answers with SourceModules; open documents come before what is on disk. One thread only.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "analyzer/base/interner.h"
#include "analyzer/config/config.h"
#include "analyzer/config/discovery.h"
#include "analyzer/semantic/imports/import_resolver.h"
#include "analyzer/semantic/star_names.h"
#include "checker/program/session.h"
#include "lsp/source_module.h"

namespace krait::lsp {

class Indexer;
struct FileIndex;

class Workspace {
 public:
  Workspace();
  ~Workspace();

  // Absolute paths of the workspace's folders; reads the configuration of the first one.
  void setRoots(std::vector<std::string> roots);
  const std::vector<std::string>& roots() const { return roots_; }
  const config::Config& config() const { return config_; }
  const std::vector<std::string>& configWarnings() const { return config_.warnings; }
  // Why the configuration could not be read, or "".
  const std::string& configError() const { return config_error_; }

  SourceModule& open(const std::string& uri, std::string text, int64_t version);
  void close(const std::string& uri);
  // Another uri (a notebook's cell) that means the document with this one; "" takes the alias away.
  void alias(const std::string& cell, const std::string& uri);
  // The open document, or null.
  SourceModule* document(const std::string& uri);
  std::vector<SourceModule*> openDocuments();

  // A file by its path: the open document or what is on disk; null when it cannot be read.
  SourceModule* load(const std::string& path);
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
  // The index speaks of what is: all files are ready, and no open document shows others anything else than its file.
  bool isIndexExact();
  void waitForIndex();
  // How much of it is ready, in percent; 100 also where there is none.
  size_t indexPercent();

  // Between requests: gives back trees of files that are not open and were not asked for lately.
  void trim();
  // Forgets what the checker knows; it is made again when asked for.
  void forgetTypes();

  // Reads the configuration again and forgets all that was derived.
  void restart();

  Interner& names() { return names_; }
  semantic::ImportResolver& resolver() { return *resolver_; }
  semantic::StarNames& starNames() { return *star_names_; }
  config::Source sourceOf(const SourceModule& module) const;
  // The checker, with the texts of all open documents.
  program::Session& session();

 private:
  void prepare();
  void restartIndex();
  void readConfig();

  Interner names_;
  std::vector<std::string> roots_;
  config::Config config_;
  std::string config_error_;
  std::unique_ptr<semantic::ImportResolver> resolver_;
  std::unique_ptr<semantic::StarNames> star_names_;
  std::unique_ptr<program::Session> session_;
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

// file:///a%20b.py -> /a b.py; other schemes stay as they are.
std::string pathOfUri(const std::string& uri);
std::string uriOfPath(const std::string& path);

}  // namespace krait::lsp
