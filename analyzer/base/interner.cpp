#include "analyzer/base/interner.h"

#include <atomic>
#include <bit>
#include <cstring>
#include <mutex>
#include <vector>

#include "analyzer/base/arena.h"
#include "analyzer/base/check.h"

namespace krait {

static constexpr uint32_t kShardBits = 5;
static constexpr uint32_t kShards = 1u << kShardBits;
// Texts are stored in blocks of doubling size, so that text() needs no lock: a block never moves.
static constexpr uint32_t kFirstBlock = 256;
static constexpr uint32_t kBlocks = 20;

// Every bit of the product's both halves counts: bits that only go upwards would let a word cancel the one before it.
static uint64_t mixed(uint64_t value) {
  unsigned __int128 product = static_cast<unsigned __int128>(value) * 0xff51afd7ed558ccdull;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

uint64_t hashBytes(std::string_view bytes) {
  uint64_t hash = 0x9e3779b97f4a7c15ull ^ bytes.size();
  const char* p = bytes.data();
  size_t left = bytes.size();
  while (left >= 8) {
    uint64_t word;
    std::memcpy(&word, p, 8);
    hash = mixed(std::rotl(hash, 5) ^ word);
    p += 8;
    left -= 8;
  }
  if (left > 0) {
    uint64_t word = 0;
    std::memcpy(&word, p, left);
    hash = mixed(std::rotl(hash, 5) ^ word);
  }
  hash ^= hash >> 33;
  hash *= 0xc4ceb9fe1a85ec53ull;
  return hash ^ (hash >> 29);
}

struct Interner::Shard {
  mutable std::mutex lock;
  Arena arena;
  std::vector<uint32_t> table = std::vector<uint32_t>(64, 0);  // 1 + index of the text, 0: empty
  std::atomic<std::string_view*> blocks[kBlocks] = {};
  uint32_t count = 0;

  ~Shard() {
    for (auto& block : blocks) delete[] block.load();
  }
  static uint32_t blockOf(uint32_t index, uint32_t& offset) {
    uint32_t block = std::bit_width(index / kFirstBlock + 1) - 1;
    offset = index - kFirstBlock * ((1u << block) - 1);
    return block;
  }
  std::string_view at(uint32_t index) const {
    uint32_t offset;
    uint32_t block = blockOf(index, offset);
    return blocks[block].load(std::memory_order_acquire)[offset];
  }
  uint32_t* slotOf(std::string_view text, uint64_t hash) {
    size_t mask = table.size() - 1;
    size_t i = (hash >> kShardBits) & mask;
    while (table[i] != 0 && at(table[i] - 1) != text) i = (i + 1) & mask;
    return &table[i];
  }
  uint32_t addNew(std::string_view text, uint64_t hash) {
    uint32_t offset;
    uint32_t block = blockOf(count, offset);
    CHECK(block < kBlocks, "fewer than 2^28 distinct names in one shard");
    if (offset == 0) blocks[block].store(new std::string_view[kFirstBlock << block], std::memory_order_release);
    blocks[block].load(std::memory_order_relaxed)[offset] = arena.copy(text);
    uint32_t index = count++;
    if (count * 2 > table.size()) {
      table.assign(table.size() * 2, 0);
      for (uint32_t i = 0; i < count; ++i) *slotOf(at(i), hashBytes(at(i))) = i + 1;
    } else {
      *slotOf(text, hash) = index + 1;
    }
    return index;
  }
};

Interner::Interner() : shards_(new Shard[kShards]) {}
Interner::~Interner() = default;

NameId Interner::intern(std::string_view text) {
  uint64_t hash = hashBytes(text);
  uint32_t shard_index = hash & (kShards - 1);
  Shard& shard = shards_[shard_index];
  std::lock_guard<std::mutex> guard(shard.lock);
  uint32_t found = *shard.slotOf(text, hash);
  uint32_t index = found != 0 ? found - 1 : shard.addNew(text, hash);
  return NameId(index << kShardBits | shard_index);
}

NameId Interner::find(std::string_view text) const {
  uint64_t hash = hashBytes(text);
  uint32_t shard_index = hash & (kShards - 1);
  Shard& shard = shards_[shard_index];
  std::lock_guard<std::mutex> guard(shard.lock);
  uint32_t found = *shard.slotOf(text, hash);
  return found != 0 ? NameId((found - 1) << kShardBits | shard_index) : NameId::none();
}

std::string_view Interner::text(NameId id) const {
  return id.valid() ? shards_[id.value & (kShards - 1)].at(id.value >> kShardBits) : std::string_view();
}

}  // namespace krait
