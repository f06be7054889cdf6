#include "lsp/indexer.h"

#include <malloc.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <unordered_map>

#include "analyzer/base/file_io.h"
#include "analyzer/base/task_pool.h"

namespace krait::lsp {

// Workspaces with more files have no index.
static constexpr size_t kMostFiles = 20000;
// The first answers to an editor come before this, in milliseconds.
static constexpr int kStartDelay = 400;
// So long after the last change the thread gives back what it holds.
static constexpr int kRestDelay = 1500;
// Texts of so many bytes keep their trees.
static constexpr size_t kMostTrees = size_t{1} << 20;
// A World in which so many bytes of source were checked is exchanged for a new one.
static constexpr size_t kMostChecked = size_t{1} << 20;
// … and earlier, after so many, when the process holds more than so many megabytes.
static constexpr size_t kFewestChecked = size_t{64} << 10;
static constexpr size_t kMostMegabytes = 140;

// What the process holds in memory; 0: nobody says.
static size_t residentMegabytes() {
  Result<std::string> text = readFile("/proc/self/statm");
  size_t space = text.ok() ? text.value().find(' ') : std::string::npos;
  if (space == std::string::npos) return 0;
  auto pages = static_cast<size_t>(std::strtoull(text.value().c_str() + space, nullptr, 10));
  return pages * static_cast<size_t>(sysconf(_SC_PAGESIZE)) >> 20;
}

void Indexer::start(std::vector<std::string> roots, std::unique_ptr<Indexer> before) {
  before_ = std::move(before);
  if (before_ != nullptr) before_->end();
  thread_ = std::thread([this, roots = std::move(roots)] {
    // It may be in the middle of a file.
    before_.reset();
    runOnDeepStack([&] { work(roots); });
  });
}

void Indexer::end() {
  {
    std::lock_guard<std::mutex> guard(lock_);
    is_stopped_ = true;
  }
  changed_.notify_all();
}

void Indexer::stop() {
  if (!thread_.joinable()) return;
  end();
  thread_.join();
}

const FileIndex* Indexer::find(const std::string& path) const {
  auto found = done_.find(path);
  return found != done_.end() ? &found->second : nullptr;
}

void Indexer::collect() {
  if (isComplete()) return;
  std::vector<std::pair<std::string, std::unique_ptr<FileIndex>>> results;
  {
    std::lock_guard<std::mutex> guard(lock_);
    if (listed_) {
      files_ = std::move(listed_);
      listed_.reset();
      is_listed_ = true;
      if (files_->size() <= kMostFiles) {
        for (const std::string& path : *files_) pending_ += waiting_.try_emplace(path, true).second ? 1 : 0;
      }
    }
    results.swap(results_);
  }
  for (auto& [path, index] : results) {
    auto waiting = waiting_.find(path);
    if (waiting == waiting_.end() || !waiting->second) continue;
    waiting->second = false;
    --pending_;
    if (index != nullptr) done_[path] = std::move(*index);
  }
}

std::optional<std::vector<std::string>> Indexer::takeFiles() {
  collect();
  std::optional<std::vector<std::string>> out = std::move(files_);
  files_.reset();
  return out;
}

void Indexer::waitUntilComplete() {
  collect();
  while (isStarted() && !isComplete()) {
    {
      std::unique_lock<std::mutex> guard(lock_);
      changed_.wait(guard, [&] { return !results_.empty() || listed_; });
    }
    collect();
  }
}

void Indexer::enqueue(const std::string& path) {
  bool& is_waiting = waiting_[path];
  done_.erase(path);
  if (!is_waiting) ++pending_;
  is_waiting = true;
}

std::unordered_set<uint32_t> Indexer::outdatedBy(std::vector<uint32_t> changed) const {
  std::unordered_map<uint32_t, std::vector<uint32_t>> lookers;
  for (const auto& [path, index] : done_) {
    uint32_t looker = pathHash(path);
    for (uint32_t file : index.looks_into) lookers[file].push_back(looker);
  }
  std::unordered_set<uint32_t> outdated(changed.begin(), changed.end());
  while (!changed.empty()) {
    auto found = lookers.find(changed.back());
    changed.pop_back();
    if (found == lookers.end()) continue;
    for (uint32_t looker : found->second) {
      if (outdated.insert(looker).second) changed.push_back(looker);
    }
  }
  return outdated;
}

std::vector<uint32_t> Indexer::withoutIndex() const {
  std::vector<uint32_t> out;
  for (const auto& [path, is_waiting] : waiting_) {
    if (is_waiting) out.push_back(pathHash(path));
  }
  return out;
}

void Indexer::rest(bool is_resting) {
  {
    std::lock_guard<std::mutex> guard(lock_);
    is_resting_ = is_resting;
  }
  changed_.notify_all();
}

void Indexer::fileChanged(const std::string& path) {
  if (!isStarted()) return;
  collect();
  std::unordered_set<uint32_t> outdated = outdatedBy({pathHash(path)});
  std::vector<std::string> changed = {path};
  for (const auto& [other, index] : done_) {
    if (other != path && outdated.count(pathHash(other)) != 0) changed.push_back(other);
  }
  for (const std::string& one : changed) enqueue(one);
  {
    std::lock_guard<std::mutex> guard(lock_);
    // What was made before the change is of no use.
    std::erase_if(results_, [&](const auto& result) { return std::find(changed.begin(), changed.end(), result.first) != changed.end(); });
    for (const std::string& one : changed) queue_.push_back({one, one == path});
  }
  changed_.notify_all();
}

bool Indexer::next(Waiting* file, int milliseconds) {
  std::unique_lock<std::mutex> guard(lock_);
  changed_.wait_for(guard, std::chrono::milliseconds(milliseconds), [&] { return is_stopped_ || is_resting_ || !queue_.empty(); });
  if (is_stopped_ || is_resting_ || queue_.empty()) return false;
  *file = std::move(queue_.front());
  queue_.pop_front();
  return true;
}

void Indexer::indexOne(Workspace& workspace, const Waiting& file) {
  if (file.is_changed) workspace.fileChanged(file.path, Workspace::FileChange::kChanged);
  SourceModule* module = workspace.load(file.path);
  std::unique_ptr<FileIndex> index;
  if (module != nullptr) index = std::make_unique<FileIndex>(indexFile(workspace, *module));
  {
    std::lock_guard<std::mutex> guard(lock_);
    // Asked for once more meanwhile: that answer counts.
    bool is_outdated = std::any_of(queue_.begin(), queue_.end(), [&](const Waiting& one) { return one.path == file.path; });
    if (!is_outdated) results_.emplace_back(file.path, std::move(index));
  }
  changed_.notify_all();
}

void Indexer::workUntilIdle(Workspace& workspace) {
  size_t checked = 0;
  Waiting file;
  while (next(&file, kRestDelay)) {
    indexOne(workspace, file);
    SourceModule* module = workspace.load(file.path);
    checked += module != nullptr ? module->text().size() : 0;
    bool is_large = checked > kFewestChecked && residentMegabytes() > kMostMegabytes;
    if (checked > kMostChecked || is_large) {
      workspace.forgetTypes();
      checked = 0;
      workspace.trim(0);
      malloc_trim(0);
    }
    workspace.trim(kMostTrees);
  }
}

// What there is: known before anything of it is indexed, because others wait for it.
void Indexer::list(Workspace& workspace) {
  std::vector<std::string> files = workspace.projectFiles();
  std::lock_guard<std::mutex> guard(lock_);
  if (files.size() <= kMostFiles) {
    for (const std::string& path : files) queue_.push_back({path});
  }
  listed_ = std::move(files);
  changed_.notify_all();
}

void Indexer::work(std::vector<std::string> roots) {
  if (is_stopped_) return;
  auto workspace = std::make_unique<Workspace>();
  workspace->setRoots(roots);
  list(*workspace);
  // The editor's thread comes first.
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), 10);
  {
    std::unique_lock<std::mutex> guard(lock_);
    changed_.wait_for(guard, std::chrono::milliseconds(kStartDelay), [&] { return is_stopped_.load(); });
  }
  while (!is_stopped_) {
    workUntilIdle(*workspace);
    workspace.reset();
    malloc_trim(0);
    {
      std::unique_lock<std::mutex> guard(lock_);
      changed_.wait(guard, [&] { return is_stopped_ || (!queue_.empty() && !is_resting_); });
    }
    workspace = std::make_unique<Workspace>();
    workspace->setRoots(roots);
  }
}

}  // namespace krait::lsp
