// CacheStore: the folder that keeps the results of earlier runs, one file for each kind of run (its options and
// targets). A file is replaced in one step, carries the version of the program and a checksum of its bytes, and is
// taken for absent when either does not fit: a killed run, a full disk or flipped bytes cost time, never truth. A
// folder that cannot be written is left alone without a word.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace krait::program {

class CacheStore {
 public:
  // An empty folder or /dev/null: nothing is read or kept.
  explicit CacheStore(std::string folder) : folder_(std::move(folder)) {}

  bool isOff() const { return folder_.empty() || folder_ == "/dev/null" || folder_ == "nul"; }
  std::optional<std::string> load(uint64_t key) const;
  void save(uint64_t key, std::string_view payload) const;

 private:
  std::string pathOf(uint64_t key) const;
  bool prepare() const;
  void dropOldest() const;

  std::string folder_;
};

// Tells builds of this program apart: equal numbers mean equal code.
uint64_t programVersion();

}  // namespace krait::program
