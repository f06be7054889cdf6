// Reads and parses files on a thread of its own that the World will likely ask for next: what the modules that it asked
// for import. It changes nothing but the time: a file that was not read ahead is read when it is asked for.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>

#include "checker/program/program.h"

namespace krait::program {

class ReadAhead {
 public:
  // All must outlive it, and be safe to use from several threads (they are). `kept` may be null.
  ReadAhead(semantic::ImportResolver& resolver, Interner& names, KeptTrees* kept);
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;

  // A file is being checked: only then what is loaded is followed, and at the end what nobody took is forgotten.
  class While {
   public:
    explicit While(ReadAhead& reader) : reader_(reader) { reader_.begin(); }
    ~While() { reader_.rest(); }
    While(const While&) = delete;

   private:
    ReadAhead& reader_;
  };
  // This module was loaded: what it imports may be asked for soon.
  void follow(std::string_view module, bool is_package, std::shared_ptr<const syntax::Ast> ast);
  // The file's text and tree, if it was read ahead (waits while that is being done); null: whoever asks reads it himself.
  std::shared_ptr<ParsedText> take(const std::string& path);

 private:
  struct Loaded {
    std::string module;
    bool is_package = false;
    std::shared_ptr<const syntax::Ast> ast;
  };
  struct Wanted {
    std::string path;
    bool is_library = false;
  };

  void begin();
  void rest();
  void work();
  void resolveImports(const Loaded& loaded);
  void read(const Wanted& wanted);

  semantic::ImportResolver& resolver_;
  Interner& names_;
  KeptTrees* kept_;
  std::mutex mutex_;
  std::condition_variable has_work_, has_read_;
  // Guarded by the mutex.
  std::deque<Loaded> loaded_;
  std::deque<Wanted> wanted_;
  std::unordered_set<std::string> seen_;  // paths that were taken, or are wanted
  std::string reading_;                   // the path
  std::unordered_map<std::string, std::shared_ptr<ParsedText>> read_;
  bool is_resting_ = true, is_working_ = false, is_ending_ = false;
  std::thread thread_;  // started by the first follow()
};

}  // namespace krait::program
