// The `_random` module: the Mersenne Twister MT19937 behind random.Random. ref: Modules/_randommodule.c, and Matsumoto and
// Nishimura's published algorithm (init_by_array, genrand_uint32, genrand_res53).
#include <sys/random.h>

#include <cstring>
#include <ctime>
#include <vector>

#include "runtime/modules/module_table.h"
#include "runtime/object/clock.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"

namespace krait::modules {

static constexpr int kWords = 624, kMiddle = 397;

struct Random : Object {
  uint32_t state[kWords];
  int32_t index;
};
static Random* self(const Value* a) { return a[0].as<Random>(); }

static void seedWord(Random* r, uint32_t seed) {
  r->state[0] = seed;
  for (uint32_t i = 1; i < kWords; ++i) r->state[i] = 1812433253u * (r->state[i - 1] ^ (r->state[i - 1] >> 30)) + i;
  r->index = kWords;
}
static void seedArray(Random* r, const uint32_t* key, size_t size) {
  seedWord(r, 19650218u);
  uint32_t* mt = r->state;
  size_t i = 1, j = 0;
  for (size_t k = kWords > size ? kWords : size; k > 0; --k) {
    mt[i] = (mt[i] ^ ((mt[i - 1] ^ (mt[i - 1] >> 30)) * 1664525u)) + key[j] + static_cast<uint32_t>(j);
    if (++i >= kWords) mt[0] = mt[kWords - 1], i = 1;
    if (++j >= size) j = 0;
  }
  for (size_t k = kWords - 1; k > 0; --k) {
    mt[i] = (mt[i] ^ ((mt[i - 1] ^ (mt[i - 1] >> 30)) * 1566083941u)) - static_cast<uint32_t>(i);
    if (++i >= kWords) mt[0] = mt[kWords - 1], i = 1;
  }
  mt[0] = 0x80000000u;
}
static void refill(Random* r) {
  uint32_t* mt = r->state;
  auto twist = [](uint32_t high, uint32_t low) {
    uint32_t y = (high & 0x80000000u) | (low & 0x7fffffffu);
    return (y >> 1) ^ (y & 1 ? 0x9908b0dfu : 0u);
  };
  int k = 0;
  for (; k < kWords - kMiddle; ++k) mt[k] = mt[k + kMiddle] ^ twist(mt[k], mt[k + 1]);
  for (; k < kWords - 1; ++k) mt[k] = mt[k + kMiddle - kWords] ^ twist(mt[k], mt[k + 1]);
  mt[kWords - 1] = mt[kMiddle - 1] ^ twist(mt[kWords - 1], mt[0]);
  r->index = 0;
}
static uint32_t nextWord(Random* r) {
  if (r->index >= kWords) refill(r);
  uint32_t y = r->state[r->index++];
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680u;
  y ^= (y << 15) & 0xefc60000u;
  return y ^ (y >> 18);
}
static Status seedFrom_py(Thread& t, Random* r, Value seed) {
  if (seed.isUndefined() || seed.isNone()) {
    uint32_t key[kWords];
    if (!fillRandom(key, sizeof key, false)) {
      timespec now;
      readClock(CLOCK_REALTIME, &now);
      key[0] = static_cast<uint32_t>(now.tv_nsec);
      key[1] = static_cast<uint32_t>(now.tv_sec);
    }
    seedArray(r, key, kWords);
    return kDone;
  }
  Ref number;
  if (isIntLike(seed)) {
    number = intIsNegative(seed) ? TRY(intNegative(t, seed)) : Ref::of(seed);
  } else {
    number = newIntUnsigned(t, static_cast<uint64_t>(TRY(hash_py(t, seed))));
  }
  std::vector<uint32_t> key;
  IntView view(number.get());
  for (int64_t i = 0; i < view.size; ++i) {
    key.push_back(static_cast<uint32_t>(view.limbs[i]));
    key.push_back(static_cast<uint32_t>(view.limbs[i] >> 32));
  }
  while (key.size() > 1 && key.back() == 0) key.pop_back();
  if (key.empty()) key.push_back(0);
  seedArray(r, key.data(), key.size());
  return kDone;
}
static Ref make(Thread&, Type* type, const Value*, uint32_t, Tuple*) { return Ref::steal(allocate<Random>(type)); }
static Status init(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "Random", "(x=<unset>, /)", args, nargs, keywords, a));
  return seedFrom_py(t, v.as<Random>(), a[0]);
}
static Ref random(Thread&, const Value* a) {
  uint32_t high = nextWord(self(a)) >> 5, low = nextWord(self(a)) >> 6;
  return Ref::steal(Value::fromDouble((high * 67108864.0 + low) * (1.0 / 9007199254740992.0)));
}
static Ref seed(Thread& t, const Value* a) {
  TRY(seedFrom_py(t, self(a), a[1]));
  return Ref::none();
}
static Ref getState(Thread& t, const Value* a) {
  Ref out = newTuple(t, kWords + 1);
  for (int i = 0; i < kWords; ++i) out.as<Tuple>()->items()[i] = Value::fromInt(self(a)->state[i]);
  out.as<Tuple>()->items()[kWords] = Value::fromInt(self(a)->index);
  return out;
}
static Ref setState(Thread& t, const Value* a) {
  if (!isTuple(a[1])) return raiseTypeError(t, "state vector must be a tuple");
  Tuple* from = a[1].as<Tuple>();
  if (from->size != kWords + 1) return raiseValueError(t, "state vector is the wrong size");
  uint32_t words[kWords];
  for (int i = 0; i < kWords; ++i) {
    Ref index = TRY(toIndex_py(t, from->items()[i]));
    uint64_t word;
    if (!intFitsUnsigned(index.get(), word)) {
      return intIsNegative(index.get()) ? raiseOverflowError(t, "can't convert negative value to unsigned int")
                                        : raiseOverflowError(t, "Python int too large to convert to C unsigned long");
    }
    words[i] = static_cast<uint32_t>(word);
  }
  int64_t index = TRY(toInt64_py(t, from->items()[kWords]));
  if (index < 0 || index > kWords) return raiseValueError(t, "invalid state");
  self(a)->index = static_cast<int32_t>(index);
  std::memcpy(self(a)->state, words, sizeof words);
  return Ref::none();
}
static Ref getRandBits(Thread& t, const Value* a) {
  Ref asked = TRY(toIndex_py(t, a[1]));
  if (intIsNegative(asked.get())) return raiseValueError(t, "Cannot convert negative int");
  uint64_t count;
  if (!intFitsUnsigned(asked.get(), count)) return raiseOverflowError(t, "Python int too large for C uint64_t");
  if (count > uint64_t{1} << 37) return raiseMemoryError(t);
  int64_t bits = static_cast<int64_t>(count);
  if (bits == 0) return newIntSmall(0);
  if (bits <= 32) return newIntSmall(nextWord(self(a)) >> (32 - bits));
  int64_t words = (bits - 1) / 32 + 1;
  std::vector<uint64_t> limbs(static_cast<size_t>((words + 1) / 2));
  for (int64_t i = 0; i < words; ++i, bits -= 32) {
    uint32_t r = nextWord(self(a));
    if (bits < 32) r >>= 32 - bits;
    limbs[static_cast<size_t>(i / 2)] |= static_cast<uint64_t>(r) << (i % 2 * 32);
  }
  size_t size = limbs.size();
  while (size > 0 && limbs[size - 1] == 0) --size;
  return newIntFromLimbs(t, limbs.data(), static_cast<int64_t>(size), false);
}
static const NativeDef kMethods[] = {{"random", "($self, /)", random, "random() -> x in the interval [0, 1)."},
    {"seed", "($self, n=None, /)", seed, "seed([n]) -> None."}, {"getstate", "($self, /)", getState, "getstate() -> tuple containing the current state."},
    {"setstate", "($self, state, /)", setState, "setstate(state) -> None.  Restores generator state."},
    {"getrandbits", "($self, k, /)", getRandBits, "getrandbits(k) -> x.  Generates an int with k random bits."}, {nullptr, nullptr, nullptr}};

static Status initModule(Thread& t, Module* m) {
  Type* type = makeType(*t.isolate, {.name = "_random.Random", .size = sizeof(Random), .flags = kTypeBaseable, .methods = kMethods,
                                     .doc = "Random() -> create a random number generator with its own internal state."});
  type->slots.make = make;
  type->slots.init = init;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
  return kDone;
}
extern const NativeModule kRandomModule;
const NativeModule kRandomModule = {"_random", "Module implements the Mersenne Twister random number generator.", nullptr, initModule};

}  // namespace krait::modules
