// Interner: text <-> NameId, shared by every file of a program and safe to use from many threads.
// Equal texts have equal ids. The numbers depend on thread timing: never order output by them.
#pragma once

#include <memory>
#include <string_view>

#include "analyzer/base/id.h"

namespace krait {

struct NameTag;
using NameId = Id<NameTag>;

class Interner {
 public:
  Interner();
  ~Interner();
  Interner(const Interner&) = delete;
  Interner& operator=(const Interner&) = delete;

  NameId intern(std::string_view text);
  // The id of `text` if it was interned before, none otherwise.
  NameId find(std::string_view text) const;
  // The text of `id`; lives as long as the interner.
  std::string_view text(NameId id) const;

 private:
  struct Shard;
  std::unique_ptr<Shard[]> shards_;
};

// Hash of a byte string (wyhash-like, not for hostile hash-table input that must resist collisions).
uint64_t hashBytes(std::string_view bytes);

}  // namespace krait
