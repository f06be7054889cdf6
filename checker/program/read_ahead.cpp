#include "checker/program/read_ahead.h"

#include <iterator>

#include "analyzer/base/file_io.h"
#include "analyzer/base/task_pool.h"
#include "analyzer/semantic/imports/imports_of.h"

namespace krait::program {

// So many files wait at most for somebody to take them.
static constexpr size_t kMostAhead = 64;

ReadAhead::ReadAhead(semantic::ImportResolver& resolver, Interner& names, KeptTrees* kept) : resolver_(resolver), names_(names), kept_(kept) {}

ReadAhead::~ReadAhead() {
  {
    std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  has_work_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ReadAhead::begin() {
  std::lock_guard lock(mutex_);
  is_resting_ = false;
}

void ReadAhead::follow(std::string_view module, bool is_package, std::shared_ptr<const syntax::Ast> ast) {
  {
    std::lock_guard lock(mutex_);
    if (is_resting_) return;
    loaded_.push_back({std::string(module), is_package, std::move(ast)});
  }
  if (!thread_.joinable()) thread_ = std::thread([this] { runOnDeepStack([this] { work(); }); });
  has_work_.notify_one();
}

std::shared_ptr<ParsedText> ReadAhead::take(const std::string& path) {
  std::unique_lock lock(mutex_);
  seen_.insert(path);
  has_read_.wait(lock, [&] { return reading_ != path; });
  auto found = read_.find(path);
  if (found == read_.end()) return nullptr;
  std::shared_ptr<ParsedText> parsed = std::move(found->second);
  read_.erase(found);
  has_work_.notify_one();
  return parsed;
}

void ReadAhead::rest() {
  std::unique_lock lock(mutex_);
  is_resting_ = true;
  loaded_.clear();
  wanted_.clear();
  has_read_.wait(lock, [&] { return !is_working_; });
  wanted_.clear();
  for (const auto& each : read_) seen_.erase(each.first);
  read_.clear();
}

void ReadAhead::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    has_work_.wait(lock, [&] { return is_ending_ || !loaded_.empty() || (!wanted_.empty() && read_.size() < kMostAhead); });
    if (is_ending_) return;
    is_working_ = true;
    // The newest first: what a module that was just loaded imports is asked for next.
    if (loaded_.empty()) {
      Wanted wanted = std::move(wanted_.front());
      wanted_.pop_front();
      // Somebody could not wait for it.
      if (seen_.insert(wanted.path).second) {
        reading_ = wanted.path;
        lock.unlock();
        read(wanted);
        lock.lock();
      }
    } else {
      Loaded loaded = std::move(loaded_.back());
      loaded_.pop_back();
      lock.unlock();
      resolveImports(loaded);
      lock.lock();
    }
    is_working_ = false;
    has_read_.notify_all();
  }
}

void ReadAhead::resolveImports(const Loaded& loaded) {
  std::vector<Wanted> found;
  for (const semantic::ImportedModule& imported : semantic::importsOf(*loaded.ast, loaded.module, loaded.is_package, {})) {
    if (imported.name.empty()) continue;
    const semantic::ResolvedModule& module = resolver_.resolve(imported.name);
    bool is_file = module.found() && !module.is_namespace;
    if (is_file) found.push_back({module.path, module.origin != semantic::ModuleOrigin::kSource});
  }
  std::lock_guard lock(mutex_);
  std::erase_if(found, [&](const Wanted& wanted) { return seen_.contains(wanted.path); });
  wanted_.insert(wanted_.begin(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
}

void ReadAhead::read(const Wanted& wanted) {
  DiskState disk = statOf(wanted.path);
  Result<std::string> text = readFile(wanted.path);
  std::shared_ptr<ParsedText> parsed;
  if (text.ok()) {
    disk.content = contentHash(text.value());
    parsed = ParsedTexts::parseFile(wanted.path, std::move(text.value()), names_, wanted.is_library, kept_);
    parsed->disk = disk;
  }
  std::lock_guard lock(mutex_);
  if (parsed != nullptr) read_[wanted.path] = std::move(parsed);
  reading_.clear();
  has_read_.notify_all();
}

}  // namespace krait::program
