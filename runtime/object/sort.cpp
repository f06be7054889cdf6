// list.sort: a stable merge sort of natural runs. Runs shorter than a minimum are grown by binary insertion; runs are
// merged by the powersort policy (as CPython's listsort does since 3.11), after galloping over what is in place already.
// Keys that are all ints, all floats or all narrow str are compared without a call; nothing else can run Python code then.
// The list is empty while it is sorted; changes to it are noticed. ref: Objects/listobject.c, listsort.txt.
#include <algorithm>
#include <cstring>
#include <memory>

#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

namespace {

// What a comparison says: whether a < b, or that it raised.
enum Answer : int { kRaisedAnswer = -1, kNo = 0, kYes = 1 };

struct LessInts {
  Answer operator()(Value a, Value b) const { return static_cast<int64_t>(a.bits << 15) < static_cast<int64_t>(b.bits << 15) ? kYes : kNo; }
};
struct LessFloats {
  Answer operator()(Value a, Value b) const { return a.asDouble() < b.asDouble() ? kYes : kNo; }
};
struct LessNarrow {  // str of one byte a character
  Answer operator()(Value a, Value b) const {
    const Str *x = a.as<Str>(), *y = b.as<Str>();
    size_t n = static_cast<size_t>(std::min(x->length, y->length));
    int order = std::memcmp(x->data1(), y->data1(), n);
    return (order != 0 ? order < 0 : x->length < y->length) ? kYes : kNo;
  }
};
struct LessAny {
  Thread& t;
  Answer operator()(Value a, Value b) const {
    if (a.isInt() && b.isInt()) return LessInts()(a, b);
    if (isExact(a, TypeId::kTuple) && isExact(b, TypeId::kTuple)) return lessTuples(a.as<Tuple>(), b.as<Tuple>());
    return ask(a, b);
  }

 private:
  Answer ask(Value a, Value b) const {
    Fallible<bool> less = compareTrue_py(t, a, b, CompareOp::kLt);
    return less.failed ? kRaisedAnswer : less.value ? kYes : kNo;
  }
  // Tuples of one key each time: the first items decide most often, by value.
  Answer lessTuples(Tuple* a, Tuple* b) const {
    int64_t n = std::min(a->size, b->size);
    for (int64_t i = 0; i < n; ++i) {
      Value x = a->items()[i], y = b->items()[i];
      if (x == y && !x.isFloat()) continue;
      if (x.isInt() && y.isInt()) return LessInts()(x, y);
      if (isExactStr(x) && isExactStr(y)) {
        int order = strCompare(x.as<Str>(), y.as<Str>());
        if (order == 0) continue;
        return order < 0 ? kYes : kNo;
      }
      return ask(a, b);
    }
    return a->size < b->size ? kYes : kNo;
  }
};

// The keys and, when they are not the values themselves, the values: moved together.
struct Columns {
  Value* keys;
  Value* values;  // null: the keys are the values
};

struct Run {
  int64_t begin, length;
  int power;
};

template <class Less>
class Sorter {
 public:
  Sorter(Columns all, int64_t size, Less less) : all_(all), size_(size), less_(less) {}

  // False when a comparison raised; the items are then some permutation.
  bool sort() {
    if (size_ < 2) return true;
    int64_t minimum = minimumRun(size_);
    for (int64_t at = 0; at < size_;) {
      int64_t length = countRun(at);
      if (length < 0) return false;
      if (length < minimum) {
        int64_t wanted = std::min(minimum, size_ - at);
        if (!insertInto(at, at + length, at + wanted)) return false;
        length = wanted;
      }
      if (!push({at, length, 0})) return false;
      at += length;
    }
    while (count_ > 1) {
      if (!mergeLast()) return false;
    }
    return true;
  }

 private:
  static int64_t minimumRun(int64_t n) {
    int64_t rest = 0;
    while (n >= 64) {
      rest |= n & 1;
      n >>= 1;
    }
    return n + rest;
  }
  void swapRange(int64_t begin, int64_t end) {
    std::reverse(all_.keys + begin, all_.keys + end);
    if (all_.values != nullptr) std::reverse(all_.values + begin, all_.values + end);
  }
  // The run that begins at `at`, put in ascending order when it descends strictly; -1 raised.
  int64_t countRun(int64_t at) {
    if (at + 1 == size_) return 1;
    Value* k = all_.keys;
    Answer less = less_(k[at + 1], k[at]);
    if (less < 0) return -1;
    int64_t end = at + 2;
    bool descends = less == kYes;
    for (; end < size_; ++end) {
      less = less_(k[end], k[end - 1]);
      if (less < 0) return -1;
      if ((less == kYes) != descends) break;
    }
    if (descends) swapRange(at, end);
    return end - at;
  }
  bool insertInto(int64_t begin, int64_t from, int64_t end) {
    Value *k = all_.keys, *v = all_.values;
    for (; from < end; ++from) {
      Value key = k[from];
      int64_t low = begin, high = from;
      while (low < high) {
        int64_t middle = low + ((high - low) >> 1);
        Answer less = less_(key, k[middle]);
        if (less < 0) return false;
        if (less == kYes) high = middle;
        else low = middle + 1;
      }
      std::memmove(static_cast<void*>(k + low + 1), static_cast<void*>(k + low), static_cast<size_t>(from - low) * sizeof(Value));
      k[low] = key;
      if (v == nullptr) continue;
      Value value = v[from];
      std::memmove(static_cast<void*>(v + low + 1), static_cast<void*>(v + low), static_cast<size_t>(from - low) * sizeof(Value));
      v[low] = value;
    }
    return true;
  }
  // ref: powerloop: how deep in a balanced merge tree the border between two runs lies.
  int powerOf(int64_t begin, int64_t first, int64_t second) const {
    int power = 0;
    int64_t a = 2 * begin + first, b = a + first + second;
    for (;;) {
      ++power;
      if (a >= size_) {
        a -= size_;
        b -= size_;
      } else if (b >= size_) {
        return power;
      }
      a <<= 1;
      b <<= 1;
    }
  }
  bool push(Run run) {
    if (count_ > 0) {
      int power = powerOf(runs_[count_ - 1].begin, runs_[count_ - 1].length, run.length);
      while (count_ > 1 && runs_[count_ - 2].power > power) {
        if (!mergeLast()) return false;
      }
      runs_[count_ - 1].power = power;
    }
    runs_[count_++] = run;
    return true;
  }
  // How many of `length` keys from `base` go before `key`: those not greater (right) or those less (left); -1 raised.
  int64_t gallopRight(Value key, int64_t base, int64_t length) {
    int64_t step = 1, low = 0;
    while (low + step <= length) {
      Answer less = less_(key, all_.keys[base + low + step - 1]);
      if (less < 0) return -1;
      if (less == kYes) break;
      low += step;
      step <<= 1;
    }
    int64_t high = std::min(low + step - 1, length);
    while (low < high) {
      int64_t middle = low + ((high - low) >> 1);
      Answer less = less_(key, all_.keys[base + middle]);
      if (less < 0) return -1;
      if (less == kYes) high = middle;
      else low = middle + 1;
    }
    return low;
  }
  // From the end: how many of the keys are less than `key`.
  int64_t gallopLeftFromEnd(Value key, int64_t base, int64_t length) {
    int64_t step = 1, high = length;
    while (high - step >= 0) {
      Answer less = less_(all_.keys[base + high - step], key);
      if (less < 0) return -1;
      if (less == kYes) break;
      high -= step;
      step <<= 1;
    }
    int64_t low = std::max<int64_t>(high - step + 1, 0);
    while (low < high) {
      int64_t middle = low + ((high - low) >> 1);
      Answer less = less_(all_.keys[base + middle], key);
      if (less < 0) return -1;
      if (less == kYes) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  bool mergeLast() {
    Run a = runs_[count_ - 2], b = runs_[count_ - 1];
    --count_;
    runs_[count_ - 1].length = a.length + b.length;
    int64_t skip = gallopRight(all_.keys[b.begin], a.begin, a.length);
    if (skip < 0) return false;
    a.begin += skip;
    a.length -= skip;
    if (a.length == 0) return true;
    b.length = gallopLeftFromEnd(all_.keys[a.begin + a.length - 1], b.begin, b.length);
    if (b.length <= 0) return b.length == 0;
    return a.length <= b.length ? mergeLow(a, b) : mergeHigh(a, b);
  }
  Columns scratch(int64_t length) {
    if (length > scratch_size_) {
      scratch_size_ = length;
      scratch_.reset(new Value[static_cast<size_t>(length) * (all_.values != nullptr ? 2 : 1)]);
    }
    return {scratch_.get(), all_.values != nullptr ? scratch_.get() + length : nullptr};
  }
  static void copy(Columns to, int64_t at, Columns from, int64_t begin, int64_t length) {
    std::memmove(static_cast<void*>(to.keys + at), static_cast<void*>(from.keys + begin), static_cast<size_t>(length) * sizeof(Value));
    if (to.values == nullptr) return;
    std::memmove(static_cast<void*>(to.values + at), static_cast<void*>(from.values + begin), static_cast<size_t>(length) * sizeof(Value));
  }
  void move(int64_t to, Columns from, int64_t at) {
    all_.keys[to] = from.keys[at];
    if (all_.values != nullptr) all_.values[to] = from.values[at];
  }
  // The left run is the shorter one: it waits in the scratch space.
  bool mergeLow(Run a, Run b) {
    Columns left = scratch(a.length);
    copy(left, 0, all_, a.begin, a.length);
    int64_t to = a.begin, i = 0, j = b.begin, end = b.begin + b.length;
    bool ok = true;
    while (i < a.length && j < end) {
      Answer less = less_(all_.keys[j], left.keys[i]);
      if (less < 0) {
        ok = false;
        break;
      }
      if (less == kYes) move(to++, all_, j++);
      else move(to++, left, i++);
    }
    copy(all_, to, left, i, a.length - i);
    return ok;
  }
  bool mergeHigh(Run a, Run b) {
    Columns right = scratch(b.length);
    copy(right, 0, all_, b.begin, b.length);
    int64_t to = b.begin + b.length - 1, i = a.begin + a.length - 1, j = b.length - 1;
    bool ok = true;
    while (i >= a.begin && j >= 0) {
      Answer less = less_(right.keys[j], all_.keys[i]);
      if (less < 0) {
        ok = false;
        break;
      }
      if (less == kYes) move(to--, all_, i--);
      else move(to--, right, j--);
    }
    copy(all_, to - j, right, 0, j + 1);
    return ok;
  }

  static constexpr int kMostRuns = 96;
  Columns all_;
  int64_t size_;
  Less less_;
  Run runs_[kMostRuns];
  int count_ = 0;
  std::unique_ptr<Value[]> scratch_;
  int64_t scratch_size_ = 0;
};

template <class Less>
bool sortWith(Columns all, int64_t size, Less less) {
  return Sorter<Less>(all, size, less).sort();
}

// Equal ints cannot be told apart, so that without a key order is all that counts.
bool sortPlainInts(Value* keys, int64_t size) {
  if (!std::is_sorted(keys, keys + size, LessInts())) std::sort(keys, keys + size, [](Value a, Value b) { return LessInts()(a, b) == kYes; });
  return true;
}

bool sortSlice(Thread& t, Columns all, int64_t size) {
  bool ints = true, floats = true, narrow = true;
  for (int64_t i = 0; i < size && (ints || floats || narrow); ++i) {
    Value k = all.keys[i];
    ints &= k.isInt();
    floats &= k.isFloat();
    narrow = narrow && isExactStr(k) && k.as<Str>()->kind == 1;
  }
  if (ints && all.values == nullptr && size > 64) {
    bool descends = std::is_sorted(all.keys, all.keys + size, [](Value a, Value b) { return LessInts()(b, a) == kYes; });
    if (descends) std::reverse(all.keys, all.keys + size);
    return sortPlainInts(all.keys, size);
  }
  if (ints) return sortWith(all, size, LessInts());
  if (floats) return sortWith(all, size, LessFloats());
  if (narrow) return sortWith(all, size, LessNarrow());
  return sortWith(all, size, LessAny{t});
}

}  // namespace

// Replaces the items by their keys in a new array; null when the key function raised.
static std::unique_ptr<Value[]> makeKeys_py(Thread& t, Value key, Value* items, int64_t size) {
  std::unique_ptr<Value[]> keys(new Value[static_cast<size_t>(size) + 1]);
  for (int64_t i = 0; i < size; ++i) {
    keys[i] = call_py(t, key, &items[i], 1).release();
    if (keys[i].defined()) continue;
    while (i-- > 0) decref(keys[i]);
    return nullptr;
  }
  return keys;
}

Status listSort_py(Thread& t, List* list, Value key, bool reverse) {
  Value* items = list->items;
  int64_t size = list->size, capacity = list->capacity;
  list->items = nullptr;
  list->size = list->capacity = 0;
  bool ok = true;
  std::unique_ptr<Value[]> keys;
  if (!key.isNone()) {
    keys = makeKeys_py(t, key, items, size);
    ok = keys != nullptr;
  }
  if (ok && size > 1) {
    Columns all = keys != nullptr ? Columns{keys.get(), items} : Columns{items, nullptr};
    // Reversing before and after keeps equal items in their order.
    if (reverse) {
      std::reverse(items, items + size);
      if (keys != nullptr) std::reverse(keys.get(), keys.get() + size);
    }
    ok = sortSlice(t, all, size);
    if (reverse) std::reverse(items, items + size);
  }
  for (int64_t i = 0; keys != nullptr && i < size; ++i) decref(keys[i]);
  bool modified = list->items != nullptr || list->size != 0;
  Value* other = list->items;
  int64_t other_size = list->size, other_capacity = list->capacity;
  list->items = items;
  list->size = size;
  list->capacity = capacity;
  for (int64_t i = 0; i < other_size; ++i) decref(other[i]);
  freeListItems(other, other_capacity);
  if (ok && modified) return raiseValueError(t, "list modified during sort");
  if (!ok) return kRaised;
  return kDone;
}

}  // namespace krait::object
