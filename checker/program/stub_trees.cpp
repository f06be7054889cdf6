#include "checker/program/stub_trees.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <span>
#include <vector>

#include "analyzer/base/build_identity.h"
#include "analyzer/base/file_io.h"
#include "analyzer/config/installation.h"
#include "analyzer/syntax/tree_image.h"
#include "checker/program/program.h"

namespace krait::program {

namespace {

constexpr char kMagic[8] = {'k', 'r', 't', 'r', 'e', 'e', 's', '1'};

struct Header {
  char magic[8];
  uint32_t build;
  uint32_t count;
};

// One stub's place, in the order of contents.
struct Entry {
  uint64_t content;
  uint64_t begin, size;  // of its image, from the file's start
};

// The file, mapped for as long as the process lives.
class Archive {
 public:
  explicit Archive(const std::string& path) {
    int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    struct stat state;
    if (fstat(fd, &state) == 0 && static_cast<size_t>(state.st_size) >= sizeof(Header)) {
      void* memory = mmap(nullptr, static_cast<size_t>(state.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
      if (memory != MAP_FAILED) bytes_ = {static_cast<const char*>(memory), static_cast<size_t>(state.st_size)};
    }
    close(fd);
    if (!readIndex()) entries_ = {};
  }

  std::string_view imageOf(uint64_t content) const {
    auto found = std::lower_bound(entries_.begin(), entries_.end(), content, [](const Entry& entry, uint64_t wanted) { return entry.content < wanted; });
    if (found == entries_.end() || found->content != content) return {};
    if (found->begin > bytes_.size() || found->size > bytes_.size() - found->begin) return {};
    return bytes_.substr(found->begin, found->size);
  }

 private:
  bool readIndex() {
    if (bytes_.empty()) return false;
    Header header;
    std::memcpy(&header, bytes_.data(), sizeof header);
    if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0 || header.build != buildStamp()) return false;
    if ((bytes_.size() - sizeof header) / sizeof(Entry) < header.count) return false;
    entries_ = {reinterpret_cast<const Entry*>(bytes_.data() + sizeof header), header.count};
    return true;
  }

  std::string_view bytes_;
  std::span<const Entry> entries_;
};

}  // namespace

std::optional<syntax::Ast> stubTreeOf(std::string_view text, Interner& names) {
  static const Archive archive(config::shareFolder() + "/typeshed.trees");
  std::string_view image = archive.imageOf(contentHash(text));
  return image.empty() ? std::nullopt : syntax::readTreeImage(image, text, names);
}

std::string writeStubTrees(const std::string& folder, const std::string& file) {
  std::vector<std::pair<uint64_t, std::string>> images;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator it(folder, std::filesystem::directory_options::follow_directory_symlink, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() != ".pyi") continue;
    Result<std::string> text = readFile(it->path().string());
    if (!text.ok()) return text.message();
    Interner names;
    std::shared_ptr<ParsedText> parsed = ParsedTexts::parse(std::move(text.value()), names, true);
    if (parsed->error || parsed->has_type_comments || !parsed->problems.empty()) continue;
    images.push_back({contentHash(parsed->text), syntax::writeTreeImage(*parsed->ast)});
  }
  if (error) return folder + ": " + error.message();
  std::sort(images.begin(), images.end());
  images.erase(std::unique(images.begin(), images.end()), images.end());
  Header header;
  std::memcpy(header.magic, kMagic, sizeof kMagic);
  header.build = buildStamp();
  header.count = static_cast<uint32_t>(images.size());
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
  uint64_t begin = sizeof header + images.size() * sizeof(Entry);
  for (const auto& [content, image] : images) {
    Entry entry{content, begin, image.size()};
    bytes.append(reinterpret_cast<const char*>(&entry), sizeof entry);
    begin += image.size();
  }
  for (const auto& each : images) bytes += each.second;
  Result<size_t> written = writeFileAtomically(file, bytes);
  return written.ok() ? "" : written.message();
}

}  // namespace krait::program
