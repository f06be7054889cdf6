// Indexer: makes the FileIndex of every file of the workspace, on a thread of its own with a Workspace of its own, which
// sees the disk and no open documents. The files' trees and types are dropped as it goes. When a file changes, it and all
// that look into it are indexed again.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

#include "lsp/file_index.h"

namespace krait::lsp {

class Indexer {
 public:
  Indexer() = default;
  ~Indexer() { stop(); }
  Indexer(const Indexer&) = delete;
  Indexer& operator=(const Indexer&) = delete;

  // Lists and indexes the files of the workspace with these folders. Once. `before` is another one that is not needed any
  // more: it is ended, and the thread waits for its end, so that the caller need not.
  void start(std::vector<std::string> roots, std::unique_ptr<Indexer> before = nullptr);
  void stop();
  bool isStarted() const { return thread_.joinable(); }
  // The workspace's files, once; nothing: they are not listed yet, or were taken.
  std::optional<std::vector<std::string>> takeFiles();
  bool isListed() const { return is_listed_; }
  // A file of the workspace has other contents now.
  void fileChanged(const std::string& path);

  // The file as it was when last indexed; null: it is not yet, or will be made anew. Valid until the next call of
  // collect(), fileChanged() or start().
  const FileIndex* find(const std::string& path) const;
  // Takes over what the thread has made since.
  void collect();
  // Has every file been indexed as it is now?
  bool isComplete() const { return is_listed_ && pending_ == 0 && isStarted(); }
  void waitUntilComplete();
  // By pathHash: the files whose index may be wrong when those with these hashes say something else than they did, those
  // themselves included. All that look into them, and into those: their types may come from there.
  std::unordered_set<uint32_t> outdatedBy(std::vector<uint32_t> changed) const;
  // By pathHash: the files that have no index yet, and so may look into anything.
  std::vector<uint32_t> withoutIndex() const;
  // While true the thread holds nothing and does nothing: for work that needs the room itself.
  void rest(bool is_resting);
  size_t percent() const { return !is_listed_ ? 0 : waiting_.empty() ? 100 : 100 - pending_ * 100 / waiting_.size(); }

 private:
  struct Waiting {
    std::string path;
    bool is_changed = false;  // on disk, since the thread may have read it
  };
  // Tells the thread to end.
  void end();
  void work(std::vector<std::string> roots);
  void list(Workspace& workspace);
  void workUntilIdle(Workspace& workspace);
  void indexOne(Workspace& workspace, const Waiting& file);
  bool next(Waiting* file, int milliseconds);
  void enqueue(const std::string& path);

  // The caller's own.
  std::map<std::string, FileIndex> done_;
  std::map<std::string, bool> waiting_;  // paths whose index is to come
  size_t pending_ = 0;                   // of waiting_
  bool is_listed_ = false;               // the files are known
  std::optional<std::vector<std::string>> files_;
  // Shared.
  std::mutex lock_;
  std::condition_variable changed_;
  std::optional<std::vector<std::string>> listed_;
  std::deque<Waiting> queue_;
  std::vector<std::pair<std::string, std::unique_ptr<FileIndex>>> results_;  // null: the file cannot be read
  std::atomic<bool> is_stopped_ = false;
  bool is_resting_ = false;
  std::unique_ptr<Indexer> before_;  // the thread's
  std::thread thread_;
};

}  // namespace krait::lsp
