#include "checker/program/kept_trees.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>

#include "analyzer/base/build_identity.h"
#include "analyzer/base/file_io.h"
#include "analyzer/syntax/tree_image.h"

namespace krait::program {

// The images come first, then their entries, then this.
namespace {
constexpr char kMagic[8] = {'k', 'r', 'k', 'e', 'p', 't', '0', '1'};
struct Footer {
  char magic[8];
  uint32_t build;
  uint32_t count;
  uint64_t entries;  // where they begin
  uint64_t sum;      // of the entries
};
}  // namespace

// Larger files lose the trees that were not used for the longest time.
static constexpr uint64_t kMostBytes = uint64_t{160} << 20;
// Of texts whose trees wait to be written.
static constexpr size_t kMostNoted = size_t{12} << 20;
static constexpr int64_t kPause = 60;
// A text that was found right by the quick check may yet be wrong.
static constexpr uint64_t kExact = 0x9e3779b97f4a7c15;

static uint64_t keyOf(std::string_view text, bool is_exact) { return contentHash(text) ^ (is_exact ? kExact : 0); }

static bool readAt(int fd, void* to, size_t size, uint64_t at) {
  auto* bytes = static_cast<char*>(to);
  while (size > 0) {
    ssize_t got = pread(fd, bytes, size, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    bytes += got;
    at += static_cast<uint64_t>(got);
    size -= static_cast<size_t>(got);
  }
  return true;
}

KeptTrees::KeptTrees(std::string file) : file_(std::move(file)) {
  if (!file_.empty()) open();
}

KeptTrees::~KeptTrees() {
  finish();
  if (fd_ >= 0) close(fd_);
}

void KeptTrees::open() {
  fd_ = ::open(file_.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat state;
  Footer footer;
  bool is_file = fd_ >= 0 && fstat(fd_, &state) == 0 && S_ISREG(state.st_mode) && static_cast<size_t>(state.st_size) >= sizeof footer;
  if (!is_file) return;
  auto end = static_cast<uint64_t>(state.st_size) - sizeof footer;
  bool is_ours = readAt(fd_, &footer, sizeof footer, end) && std::memcmp(footer.magic, kMagic, sizeof kMagic) == 0 && footer.build == buildStamp();
  if (!is_ours || footer.entries > end || end - footer.entries != uint64_t{footer.count} * sizeof(Entry)) return;
  std::vector<Entry> entries(footer.count);
  std::string_view bytes(reinterpret_cast<const char*>(entries.data()), entries.size() * sizeof(Entry));
  if (!readAt(fd_, entries.data(), bytes.size(), footer.entries) || contentHash(bytes) != footer.sum) return;
  for (const Entry& entry : entries) {
    bool is_inside = entry.begin <= footer.entries && entry.size <= footer.entries - entry.begin;
    if (is_inside) entries_[entry.content] = entry;
  }
}

std::string KeptTrees::imageOf(const Entry& entry) const {
  std::string image(entry.size, '\0');
  bool is_right = readAt(fd_, image.data(), image.size(), entry.begin) && contentHash(image) == entry.sum;
  return is_right ? image : std::string();
}

std::shared_ptr<ParsedText> KeptTrees::find(std::string& text, bool is_exact, Interner& names) {
  if (entries_.empty()) return nullptr;
  auto found = entries_.find(keyOf(text, is_exact));
  if (found == entries_.end()) return nullptr;
  std::string image = imageOf(found->second);
  if (image.empty()) return nullptr;
  auto out = std::make_shared<ParsedText>();
  out->text = std::move(text);
  std::optional<syntax::Ast> ast = syntax::readTreeImage(image, out->text, names);
  if (!ast) {
    text = std::move(out->text);
    return nullptr;
  }
  out->ast = std::make_shared<const syntax::Ast>(std::move(*ast));
  std::lock_guard lock(mutex_);
  used_.insert(found->first);
  return out;
}

void KeptTrees::note(const std::shared_ptr<const ParsedText>& parsed, bool is_exact) {
  bool is_right = !parsed->error && parsed->problems.empty() && !parsed->has_type_comments && !parsed->text.empty();
  if (file_.empty() || !is_right) return;
  uint64_t key = keyOf(parsed->text, is_exact);
  std::lock_guard lock(mutex_);
  if (noted_bytes_ + parsed->text.size() > kMostNoted) {
    std::erase_if(noted_, [](const Noted& each) { return each.parsed.expired(); });
    noted_bytes_ = 0;
    for (const Noted& each : noted_) noted_bytes_ += each.size;
  }
  if (noted_bytes_ + parsed->text.size() > kMostNoted) return;
  noted_bytes_ += parsed->text.size();
  noted_.push_back({key, parsed->text.size(), parsed});
}

void KeptTrees::finish() {
  if (writer_.joinable()) writer_.join();
}

void KeptTrees::save() {
  auto now = static_cast<int64_t>(std::time(nullptr));
  std::vector<Tree> noted;
  {
    std::lock_guard lock(mutex_);
    bool is_early = saved_ != 0 && now < saved_ + kPause;
    if (noted_.empty() || is_early) return;
    for (const Noted& each : noted_) {
      if (std::shared_ptr<const ParsedText> parsed = each.parsed.lock()) noted.push_back({each.content, std::move(parsed)});
    }
    noted_.clear();
    noted_bytes_ = 0;
  }
  saved_ = now;
  finish();
  writer_ = std::thread([this, noted = std::move(noted)]() mutable { write(std::move(noted)); });
}

// The file to write into, emptied: one process at a time has it; what a killed one left is written over. -1: another has it.
static int openAlone(const std::string& path) {
  int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return -1;
  struct stat held, named;
  // Whoever had it before may have given it its final name.
  bool is_alone = flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &held) == 0 && stat(path.c_str(), &named) == 0 && held.st_ino == named.st_ino && held.st_dev == named.st_dev;
  if (is_alone && ftruncate(fd, 0) == 0) return fd;
  close(fd);
  return -1;
}

// What another server wrote meanwhile is lost: it is parsed again, and no more.
void KeptTrees::write(std::vector<Tree> noted) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(file_).parent_path(), error);
  std::string partial = file_ + ".new";
  int out = openAlone(partial);
  if (out < 0) return;
  auto now = static_cast<int64_t>(std::time(nullptr));
  std::vector<Entry> old, entries;
  {
    std::lock_guard lock(mutex_);
    for (auto& [content, entry] : entries_) {
      if (used_.contains(content)) entry.used = now;
      old.push_back(entry);
    }
  }
  std::sort(old.begin(), old.end(), [](const Entry& a, const Entry& b) { return a.used != b.used ? a.used > b.used : a.content < b.content; });
  std::unordered_set<uint64_t> written;
  uint64_t at = 0;
  bool is_well = true;
  auto add = [&](uint64_t content, const std::string& image, int64_t used) {
    bool is_wanted = is_well && !image.empty() && at + image.size() <= kMostBytes && written.insert(content).second;
    if (!is_wanted) return;
    is_well = writeAll(out, image);
    entries.push_back({.content = content, .sum = contentHash(image), .begin = at, .size = image.size(), .used = used});
    at += image.size();
  };
  for (Tree& each : noted) {
    add(each.content, syntax::writeTreeImage(*each.parsed->ast), now);
    each.parsed = nullptr;
  }
  for (const Entry& entry : old) add(entry.content, imageOf(entry), entry.used);
  std::string_view bytes(reinterpret_cast<const char*>(entries.data()), entries.size() * sizeof(Entry));
  Footer footer{.magic = {}, .build = buildStamp(), .count = static_cast<uint32_t>(entries.size()), .entries = at, .sum = contentHash(bytes)};
  std::memcpy(footer.magic, kMagic, sizeof kMagic);
  is_well = is_well && writeAll(out, bytes) && writeAll(out, {reinterpret_cast<const char*>(&footer), sizeof footer});
  if (!is_well || rename(partial.c_str(), file_.c_str()) != 0) unlink(partial.c_str());
  close(out);
}

std::string keptTreesFile() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  // ref: XDG Base Directory Specification: a path that is not absolute is ignored.
  if (cache != nullptr && cache[0] == '/') return std::string(cache) + "/krait/trees";
  return home != nullptr && home[0] == '/' ? std::string(home) + "/.cache/krait/trees" : "";
}

}  // namespace krait::program
