// The `_blake2` module: BLAKE2b and BLAKE2s with keys, salts, personalisation and tree parameters. ref: RFC 7693 and the BLAKE2
// paper's parameter block; Modules/blake2module.c for limits and messages.
#include <bit>
#include <cstring>

#include "runtime/modules/module_table.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

static constexpr uint8_t kSigma[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

struct Big {
  using Word = uint64_t;
  static constexpr int kRounds = 12, kR1 = 32, kR2 = 24, kR3 = 16, kR4 = 63;
  static constexpr Word kIv[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
                                  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
  static constexpr const char* kName = "blake2b";
};
struct Small {
  using Word = uint32_t;
  static constexpr int kRounds = 10, kR1 = 16, kR2 = 12, kR3 = 8, kR4 = 7;
  static constexpr Word kIv[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  static constexpr const char* kName = "blake2s";
};

template <class V>
struct State {
  using Word = typename V::Word;
  static constexpr size_t kBlock = 16 * sizeof(Word), kMaxDigest = 8 * sizeof(Word), kSalt = 2 * sizeof(Word);
  Word h[8];
  Word count[2];
  uint8_t block[kBlock];
  size_t filled;
  uint8_t digest_size;
  bool last_node;

  void start(const uint8_t* parameters) {
    for (int i = 0; i < 8; ++i) {
      Word word;
      std::memcpy(&word, parameters + static_cast<size_t>(i) * sizeof(Word), sizeof(Word));
      h[i] = V::kIv[i] ^ word;
    }
    count[0] = count[1] = 0;
    filled = 0;
  }
  void compress(bool last) {
    Word m[16], v[16];
    std::memcpy(m, block, kBlock);
    for (int i = 0; i < 8; ++i) v[i] = h[i], v[i + 8] = V::kIv[i];
    v[12] ^= count[0];
    v[13] ^= count[1];
    if (last) {
      v[14] = ~v[14];
      if (last_node) v[15] = ~v[15];
    }
    auto mix = [&](int a, int b, int c, int d, Word x, Word y) {
      v[a] += v[b] + x;
      v[d] = std::rotr(v[d] ^ v[a], V::kR1);
      v[c] += v[d];
      v[b] = std::rotr(v[b] ^ v[c], V::kR2);
      v[a] += v[b] + y;
      v[d] = std::rotr(v[d] ^ v[a], V::kR3);
      v[c] += v[d];
      v[b] = std::rotr(v[b] ^ v[c], V::kR4);
    };
    for (int r = 0; r < V::kRounds; ++r) {
      const uint8_t* s = kSigma[r % 10];
      for (int i = 0; i < 4; ++i) mix(i, 4 + i, 8 + i, 12 + i, m[s[2 * i]], m[s[2 * i + 1]]);
      for (int i = 0; i < 4; ++i) mix(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4, m[s[8 + 2 * i]], m[s[9 + 2 * i]]);
    }
    for (int i = 0; i < 8; ++i) h[i] ^= v[i] ^ v[i + 8];
  }
  void add(const uint8_t* data, size_t size) {
    while (size > 0) {
      if (filled == kBlock) {  // more follows: this block is not the last
        advance(kBlock);
        compress(false);
        filled = 0;
      }
      size_t n = std::min(size, kBlock - filled);
      std::memcpy(block + filled, data, n);
      filled += n;
      data += n;
      size -= n;
    }
  }
  void advance(size_t n) {
    count[0] += static_cast<Word>(n);
    if (count[0] < n) ++count[1];
  }
  std::string finish() const {
    State own = *this;
    own.advance(own.filled);
    std::memset(own.block + own.filled, 0, kBlock - own.filled);
    own.compress(true);
    return {reinterpret_cast<char*>(own.h), digest_size};
  }
};
template <class V>
struct Blake : Object {
  State<V> state;
};

template <class V>
static Status feed(Thread& t, Blake<V>* b, Value data) {
  if (isStr(data)) return raiseTypeError(t, "Strings must be encoded before hashing");
  if (!isBytesLike(data)) return raiseTypeError(t, "object supporting the buffer API required");
  Buffer buffer;
  TRY(buffer.acquire(t, data));
  b->state.add(buffer.data(), static_cast<size_t>(buffer.size()));
  return kDone;
}
static Status range(Thread& t, int64_t v, int64_t low, int64_t high, const char* message) {
  return v < low || v > high ? Status(raiseValueError(t, "%s", message)) : Status(kDone);
}
template <class V>
static Ref make(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  using S = State<V>;
  constexpr bool kBig = sizeof(typename V::Word) == 8;
  BoundArguments a;
  TRY(bindArguments_py(t, V::kName, "(data=<unset>, /, *, digest_size=<unset>, key=<unset>, salt=<unset>, person=<unset>, fanout=1, depth=1, leaf_size=0, node_offset=0, "
                       "node_depth=0, inner_size=0, last_node=False, usedforsecurity=True, string=<unset>)", args, nargs, keywords, a));
  int64_t size = a[1].isUndefined() ? static_cast<int64_t>(S::kMaxDigest) : TRY(toCInt_py(t, a[1]));
  if (size <= 0 || size > static_cast<int64_t>(S::kMaxDigest)) {
    return raiseValueError(t, "digest_size for %s must be between 1 and %d bytes, here it is %d", kBig ? "Blake2b" : "Blake2s", static_cast<int>(S::kMaxDigest), static_cast<int>(size));
  }
  Buffer parts[3];  // key, salt, person
  static constexpr const char* kNames[] = {"key", "salt", "person"};
  for (size_t i = 0; i < 3; ++i) {
    if (a[2 + i].isUndefined()) continue;
    TRY(parts[i].acquire(t, a[2 + i]));
    size_t limit = i == 0 ? S::kMaxDigest : S::kSalt;
    if (static_cast<size_t>(parts[i].size()) > limit) return raiseValueError(t, "maximum %s length is %zu bytes", kNames[i], limit);
  }
  int64_t fanout = TRY(toInt64_py(t, a[5])), depth = TRY(toInt64_py(t, a[6])), leaf = TRY(toInt64_py(t, a[7])),
          node_depth = TRY(toInt64_py(t, a[9])), inner = TRY(toInt64_py(t, a[10]));
  TRY(range(t, fanout, 0, 255, "fanout must be between 0 and 255"));
  TRY(range(t, depth, 1, 255, "depth must be between 1 and 255"));
  Ref where = TRY(toIndex_py(t, a[8]));
  uint64_t offset = 0;
  if (leaf < 0 || intIsNegative(where.get())) return raiseValueError(t, "value must be positive");
  if (leaf > UINT32_MAX) return raiseOverflowError(t, "leaf_size is too large");
  if (!intFitsUnsigned(where.get(), offset)) return raiseOverflowError(t, "Python int too large to convert to C unsigned long");
  if (!kBig && offset > 0xFFFFFFFFFFFF) return raiseOverflowError(t, "node_offset is too large");
  TRY(range(t, node_depth, 0, 255, "node_depth must be between 0 and 255"));
  TRY(range(t, inner, 0, static_cast<int64_t>(S::kMaxDigest), kBig ? "inner_size must be between 0 and is 64" : "inner_size must be between 0 and is 32"));
  uint8_t p[S::kMaxDigest] = {static_cast<uint8_t>(size), static_cast<uint8_t>(parts[0].size()), static_cast<uint8_t>(fanout), static_cast<uint8_t>(depth)};
  uint32_t leaf32 = static_cast<uint32_t>(leaf);
  std::memcpy(p + 4, &leaf32, 4);
  size_t at = kBig ? 16 : 14;
  std::memcpy(p + 8, &offset, kBig ? 8 : 6);
  p[at] = static_cast<uint8_t>(node_depth);
  p[at + 1] = static_cast<uint8_t>(inner);
  for (size_t i = 1; i < 3; ++i) {
    if (parts[i].size() > 0) std::memcpy(p + S::kMaxDigest - (3 - i) * S::kSalt, parts[i].data(), static_cast<size_t>(parts[i].size()));
  }
  Blake<V>* b = allocate<Blake<V>>(type);
  Ref r = Ref::steal(b);
  b->state.digest_size = static_cast<uint8_t>(size);
  b->state.last_node = TRY(isTrue_py(t, a[11]));
  b->state.start(p);
  if (parts[0].size() > 0) {
    uint8_t block[S::kBlock] = {};
    std::memcpy(block, parts[0].data(), static_cast<size_t>(parts[0].size()));
    b->state.add(block, S::kBlock);
  }
  Value data = a[0].defined() ? a[0] : a[13];
  if (data.defined()) TRY(feed(t, b, data));
  return r;
}
template <class V>
static Ref update(Thread& t, const Value* a) {
  TRY(feed(t, a[0].as<Blake<V>>(), a[1]));
  return Ref::none();
}
template <class V>
static Ref digest(Thread& t, const Value* a) { return newBytes(t, a[0].as<Blake<V>>()->state.finish()); }
template <class V>
static Ref hexDigest(Thread& t, const Value* a) {
  Ref bytes = digest<V>(t, a);
  return callMethod_py(t, bytes.get(), intern(*t.isolate, "hex"));
}
template <class V>
static Ref copy(Thread&, const Value* a) {
  Blake<V>* b = allocate<Blake<V>>(a[0].object()->type);
  b->state = a[0].as<Blake<V>>()->state;
  return Ref::steal(b);
}
template <class V>
static Ref getName(Thread& t, Value) { return newStr(t, V::kName); }
template <class V>
static Ref getDigestSize(Thread&, Value v) { return newIntSmall(v.as<Blake<V>>()->state.digest_size); }
template <class V>
static Ref getBlockSize(Thread&, Value) { return newIntSmall(static_cast<int64_t>(State<V>::kBlock)); }

template <class V>
static void addType(Thread& t, Module* m, const char* name) {
  using S = State<V>;
  static const NativeDef kMethods[] = {{"update", "($self, data, /)", update<V>}, {"digest", "($self, /)", digest<V>}, {"hexdigest", "($self, /)", hexDigest<V>},
      {"copy", "($self, /)", copy<V>}, {nullptr, nullptr, nullptr}};
  static const GetSetDef kGetSets[] = {{"name", getName<V>}, {"digest_size", getDigestSize<V>}, {"block_size", getBlockSize<V>}, {nullptr, nullptr}};
  Type* type = makeType(*t.isolate, {.name = name, .size = sizeof(Blake<V>), .flags = kTypeBaseable, .methods = kMethods, .getsets = kGetSets});
  type->slots.make = make<V>;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
  std::string prefix = sizeof(typename V::Word) == 8 ? "BLAKE2B_" : "BLAKE2S_";
  struct { const char* name; size_t value; } constants[] = {{"SALT_SIZE", S::kSalt}, {"PERSON_SIZE", S::kSalt}, {"MAX_KEY_SIZE", S::kMaxDigest}, {"MAX_DIGEST_SIZE", S::kMaxDigest}};
  for (auto& c : constants) {
    Value v = Value::fromInt(static_cast<int64_t>(c.value));
    dictSetStr(type->dict, intern(*t.isolate, c.name), v);
    moduleSet(t, m, (prefix + c.name).c_str(), v);
  }
}
static Status initModule(Thread& t, Module* m) {
  addType<Big>(t, m, "_blake2.blake2b");
  addType<Small>(t, m, "_blake2.blake2s");
  moduleSet(t, m, "_GIL_MINSIZE", Value::fromInt(2048));
  return kDone;
}
extern const NativeModule kBlake2Module;
const NativeModule kBlake2Module = {"_blake2", "_blake2b provides BLAKE2b for hashlib", nullptr, initModule};

}  // namespace krait::modules
