// Trees that one run of a language server leaves for the next, in a file of the user's cache folder: what it read from the disk
// and found right need not be parsed again when the editor starts again. A tree is found by what its file holds, and each one
// carries a sum of its own: a file that somebody changed, or a cache that is damaged or of another build, is as good as none.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "checker/program/program.h"

namespace krait::program {

class KeptTrees {
 public:
  // `file` is written in one step, with its folder where there is none; empty: nothing is kept.
  explicit KeptTrees(std::string file);
  ~KeptTrees();
  KeptTrees(const KeptTrees&) = delete;

  // The tree of this text, or null. `is_exact`: the text was looked through for every error, as the user's own files are.
  std::shared_ptr<ParsedText> find(std::string& text, bool is_exact, Interner& names);
  // Something was parsed; it is written if nothing is wrong with it, there is not too much already and somebody still has it then.
  void note(const std::shared_ptr<const ParsedText>& parsed, bool is_exact);
  // Writes what was noted, and of the older trees as many as there is room for, those that were used last, on a thread of its own;
  // not again within a minute.
  void save();
  // Waits for what is being written.
  void finish();

 private:
  struct Entry {
    uint64_t content, sum;  // of the text, and of the image
    uint64_t begin, size;   // of the image, in the file
    int64_t used;           // seconds since the epoch
  };
  // Waits to be written; one that nobody uses any more is not.
  struct Noted {
    uint64_t content;
    size_t size;  // of the text
    std::weak_ptr<const ParsedText> parsed;
  };
  struct Tree {
    uint64_t content;
    std::shared_ptr<const ParsedText> parsed;
  };

  void open();
  std::string imageOf(const Entry& entry) const;
  void write(std::vector<Tree> noted);

  std::string file_;
  int fd_ = -1;
  std::unordered_map<uint64_t, Entry> entries_;
  mutable std::mutex mutex_;
  // Guarded by the mutex.
  std::unordered_set<uint64_t> used_;
  std::vector<Noted> noted_;
  size_t noted_bytes_ = 0;  // of their texts
  int64_t saved_ = 0;  // when, in seconds since the epoch
  std::thread writer_;
};

// Where an editor's server keeps trees: below $XDG_CACHE_HOME or ~/.cache; empty where neither is known.
std::string keptTreesFile();

}  // namespace krait::program
