// ref: Objects/bytesobject.c, Objects/bytes_methods.c.
#include "runtime/object/bytes_methods.h"

#include <algorithm>
#include <string>

#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"

namespace krait::object {

static std::string_view viewOf(Value v) { return bytesView(v); }
static Ref sameKind(Thread& t, Value like, std::string_view data) { return isByteArray(like) ? newByteArray(t, data) : newBytes(t, data); }

// --- mapping. a: self, table or None, delete.
Ref bytesTranslate(Thread& t, const Value* a) {
  std::string_view table, removed;
  Buffer table_data, removed_data;
  if (!a[1].isNone()) {
    TRY(table_data.acquire(t, a[1]));
    table = table_data.view();
    if (table.size() != 256) return raiseValueError(t, "translation table must be 256 characters long");
  }
  if (a[2].defined()) {
    TRY(removed_data.acquire(t, a[2]));
    removed = removed_data.view();
  }
  bool is_removed[256] = {};
  for (unsigned char c : removed) is_removed[c] = true;
  std::string out;
  out.reserve(viewOf(a[0]).size());
  for (unsigned char c : viewOf(a[0])) {
    if (!is_removed[c]) out += table.empty() ? static_cast<char>(c) : table[c];
  }
  return sameKind(t, a[0], out);
}
Ref bytesMakeTrans(Thread& t, const Value* a) {
  Buffer keys, values;
  TRY(keys.acquire(t, a[0]));
  TRY(values.acquire(t, a[1]));
  std::string_view from = keys.view(), to = values.view();
  if (from.size() != to.size()) return raiseValueError(t, "maketrans arguments must have same length");
  std::string table(256, '\0');
  for (int c = 0; c < 256; ++c) table[static_cast<size_t>(c)] = static_cast<char>(c);
  for (size_t i = 0; i < from.size(); ++i) table[static_cast<unsigned char>(from[i])] = to[i];
  return newBytes(t, table);
}

static bool isAlphaByte(unsigned char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
static bool isDigitByte(unsigned char c) { return c >= '0' && c <= '9'; }
static bool isSpaceByte(unsigned char c) { return c == ' ' || (c >= 9 && c <= 13); }
static bool isLowerByte(unsigned char c) { return c >= 'a' && c <= 'z'; }
static bool isUpperByte(unsigned char c) { return c >= 'A' && c <= 'Z'; }
static char flipped(unsigned char c) { return static_cast<char>(isAlphaByte(c) ? c ^ 32 : c); }
static char lowered(unsigned char c) { return static_cast<char>(isUpperByte(c) ? c + 32 : c); }
static char raised(unsigned char c) { return static_cast<char>(isLowerByte(c) ? c - 32 : c); }

Ref bytesSwapCase(Thread& t, const Value* a) {
  std::string out;
  for (unsigned char c : viewOf(a[0])) out += flipped(c);
  return sameKind(t, a[0], out);
}
Ref bytesCapitalize(Thread& t, const Value* a) {
  std::string out;
  for (unsigned char c : viewOf(a[0])) out += out.empty() ? raised(c) : lowered(c);
  return sameKind(t, a[0], out);
}
Ref bytesTitle(Thread& t, const Value* a) {
  std::string out;
  bool is_inside = false;
  for (unsigned char c : viewOf(a[0])) {
    out += is_inside ? lowered(c) : raised(c);
    is_inside = isAlphaByte(c);
  }
  return sameKind(t, a[0], out);
}

// --- tests
template <class Test>
static Ref all(const Value* a, Test test) {
  std::string_view data = viewOf(a[0]);
  return Ref::boolean(!data.empty() && std::all_of(data.begin(), data.end(), test));
}
Ref bytesIsAlpha(Thread&, const Value* a) { return all(a, isAlphaByte); }
Ref bytesIsDigit(Thread&, const Value* a) { return all(a, isDigitByte); }
Ref bytesIsSpace(Thread&, const Value* a) { return all(a, isSpaceByte); }
Ref bytesIsAlnum(Thread&, const Value* a) { return all(a, [](unsigned char c) { return isAlphaByte(c) || isDigitByte(c); }); }
Ref bytesIsAscii(Thread&, const Value* a) {
  std::string_view data = viewOf(a[0]);
  return Ref::boolean(std::all_of(data.begin(), data.end(), [](unsigned char c) { return c < 128; }));
}
static Ref isCased(const Value* a, bool (*wanted)(unsigned char), bool (*unwanted)(unsigned char)) {
  std::string_view data = viewOf(a[0]);
  return Ref::boolean(std::any_of(data.begin(), data.end(), wanted) && std::none_of(data.begin(), data.end(), unwanted));
}
Ref bytesIsLower(Thread&, const Value* a) { return isCased(a, isLowerByte, isUpperByte); }
Ref bytesIsUpper(Thread&, const Value* a) { return isCased(a, isUpperByte, isLowerByte); }

// --- searching. a: self, sub (bytes or an int), start, end.
struct Query {
  std::string text;
  std::string_view window;
  int64_t begin = 0;
};
static Status makeQuery_py(Thread& t, const Value* a, Query& query) {
  // The bounds first: what they run may change the bytes.
  auto bound = [&](Value v, int64_t missing) -> Fallible<int64_t> {
    if (v.isNone() || v.isUndefined()) return missing;
    return toIndexClamped_py(t, v);
  };
  int64_t begin = TRY(bound(a[2], 0)), end = TRY(bound(a[3], INT64_MAX));
  bool is_number = isIntLike(a[1]) || (!isBytesLike(a[1]) && typeOf(t, a[1])->slots.index != nullptr);
  Ref number = is_number ? TRY(toIndex_py(t, a[1])) : Ref();
  if (number && isIntLike(number.get())) {
    int64_t value;
    if (!intFits(number.get(), value) || value < 0 || value > 255) return raiseValueError(t, "byte must be in range(0, 256)");
    query.text = static_cast<char>(value);
  } else if (isBytesLike(a[1])) {
    Buffer sub;
    TRY(sub.acquire(t, a[1]));
    query.text = sub.view();
  } else {
    return raiseTypeError(t, "argument should be integer or bytes-like object, not '%s'", typeNameOf(t, a[1]));
  }
  std::string_view data = viewOf(a[0]);
  int64_t size = static_cast<int64_t>(data.size());
  auto inside = [&](int64_t at) { return at < 0 ? std::max<int64_t>(at + size, 0) : at; };
  begin = inside(begin);
  end = std::min(inside(end), size);
  query.begin = begin;
  if (begin > end) {
    query.begin = -1;  // not even an empty text is found
    return kDone;
  }
  query.window = data.substr(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
  return kDone;
}
// The position, -1 if there is none.
static Fallible<int64_t> positionOf_py(Thread& t, const Value* a, bool is_last) {
  Query query;
  TRY(makeQuery_py(t, a, query));
  if (query.begin < 0) return int64_t{-1};
  size_t found = is_last ? query.window.rfind(query.text) : query.window.find(query.text);
  return found == std::string_view::npos ? int64_t{-1} : query.begin + static_cast<int64_t>(found);
}
Ref bytesFind(Thread& t, const Value* a) { return newInt(t, TRY(positionOf_py(t, a, false))); }
Ref bytesRFind(Thread& t, const Value* a) { return newInt(t, TRY(positionOf_py(t, a, true))); }
static Ref indexOf_py(Thread& t, const Value* a, bool is_last) {
  int64_t found = TRY(positionOf_py(t, a, is_last));
  if (found < 0) return raiseValueError(t, "subsection not found");
  return newInt(t, found);
}
Ref bytesIndex(Thread& t, const Value* a) { return indexOf_py(t, a, false); }
Ref bytesRIndex(Thread& t, const Value* a) { return indexOf_py(t, a, true); }
Ref bytesCount(Thread& t, const Value* a) {
  Query query;
  TRY(makeQuery_py(t, a, query));
  if (query.begin < 0) return newInt(t, 0);
  if (query.text.empty()) return newInt(t, static_cast<int64_t>(query.window.size()) + 1);
  int64_t count = 0;
  for (size_t at = query.window.find(query.text); at != std::string_view::npos; at = query.window.find(query.text, at + query.text.size())) {
    ++count;
  }
  return newInt(t, count);
}

// --- parts
static Ref strip_py(Thread& t, const Value* a, bool left) {
  Buffer given;
  if (!a[1].isNone()) TRY(given.acquire(t, a[1]));
  std::string_view data = viewOf(a[0]), chars = a[1].isNone() ? " \t\n\r\f\v" : given.view();
  if (left) data.remove_prefix(std::min(data.find_first_not_of(chars), data.size()));
  else data = data.substr(0, data.find_last_not_of(chars) + 1);
  return sameKind(t, a[0], data);
}
Ref bytesLStrip(Thread& t, const Value* a) { return strip_py(t, a, true); }
Ref bytesRStrip(Thread& t, const Value* a) { return strip_py(t, a, false); }

static Ref partition_py(Thread& t, const Value* a, bool is_last) {
  Buffer divider;
  TRY(divider.acquire(t, a[1]));
  std::string_view data = viewOf(a[0]), separator = divider.view();
  if (separator.empty()) return raiseValueError(t, "empty separator");
  size_t at = is_last ? data.rfind(separator) : data.find(separator);
  bool is_found = at != std::string_view::npos;
  std::string_view before = is_found ? data.substr(0, at) : is_last ? "" : data;
  std::string_view after = is_found ? data.substr(at + separator.size()) : is_last ? data : "";
  Ref first = sameKind(t, a[0], before), middle = sameKind(t, a[0], is_found ? separator : ""), last = sameKind(t, a[0], after);
  return tupleOf(t, {first.get(), middle.get(), last.get()});
}
Ref bytesPartition(Thread& t, const Value* a) { return partition_py(t, a, false); }
Ref bytesRPartition(Thread& t, const Value* a) { return partition_py(t, a, true); }

Ref bytesRemovePrefix(Thread& t, const Value* a) {
  Buffer prefix;
  TRY(prefix.acquire(t, a[1]));
  std::string_view data = viewOf(a[0]);
  if (data.starts_with(prefix.view())) data.remove_prefix(prefix.view().size());
  return sameKind(t, a[0], data);
}
Ref bytesRemoveSuffix(Thread& t, const Value* a) {
  Buffer suffix;
  TRY(suffix.acquire(t, a[1]));
  std::string_view data = viewOf(a[0]);
  if (data.ends_with(suffix.view())) data.remove_suffix(suffix.view().size());
  return sameKind(t, a[0], data);
}

Ref bytesSplitLines(Thread& t, const Value* a) {
  bool keeps_ends = TRY(isTrue_py(t, a[1]));
  std::string_view data = viewOf(a[0]);
  Ref list = newList(t);
  for (size_t begin = 0; begin < data.size();) {
    size_t end = std::min(data.find_first_of("\r\n", begin), data.size());
    size_t next = end < data.size() ? end + (data.substr(end, 2) == "\r\n" ? 2 : 1) : end;
    listAppendSteal(list.as<List>(), sameKind(t, a[0], data.substr(begin, (keeps_ends ? next : end) - begin)).release());
    begin = next;
  }
  return list;
}

// --- joining and splitting
// The items of a list or tuple, those that are neither bytes nor bytearray as copies of what they hold.
static Ref joinable_py(Thread& t, Ref items) {
  const Value* all = isList(items.get()) ? items.as<List>()->items : items.as<Tuple>()->items();
  int64_t count = isList(items.get()) ? items.as<List>()->size : items.as<Tuple>()->size;
  if (std::all_of(all, all + count, [](Value v) { return isBytes(v) || isByteArray(v); })) return items;
  Ref copies = tupleFrom(t, all, count);
  for (int64_t i = 0; i < count; ++i) {
    Value item = (*copies.as<Tuple>())[i];
    if (isBytes(item) || isByteArray(item)) continue;
    Buffer data;
    if (!isBytesLike(item) || data.acquire(t, item).failed) {
      clearException(t);
      return raiseTypeError(t, "sequence item %ld: expected a bytes-like object, %s found", static_cast<long>(i), typeNameOf(t, item));
    }
    Value& place = copies.as<Tuple>()->items()[i];
    Ref held = newBytes(t, data.view()), old = Ref::of(item);
    data.release();
    decref(place);
    place = held.release();
  }
  return copies;
}
// ref: stringlib_bytes_join: the items are gathered first, so that the size is known.
Ref bytesJoin(Thread& t, const Value* a) {
  if (typeOf(t, a[1])->slots.iter == nullptr && typeOf(t, a[1])->slots.get_item == nullptr) return raiseTypeError(t, "can only join an iterable");
  Ref items = isExact(a[1], TypeId::kList) ? Ref::of(a[1]) : TRY(tupleFromIterable_py(t, a[1]));
  items = TRY(joinable_py(t, std::move(items)));
  const Value* all = isList(items.get()) ? items.as<List>()->items : items.as<Tuple>()->items();
  int64_t count = isList(items.get()) ? items.as<List>()->size : items.as<Tuple>()->size;
  size_t total = viewOf(a[0]).size(), separators = 0;
  if (count == 0) return sameKind(t, a[0], {});
  bool is_too_long = __builtin_mul_overflow(total, static_cast<size_t>(count - 1), &separators);
  total = separators;
  for (int64_t i = 0; i < count; ++i) {
    is_too_long |= __builtin_add_overflow(total, viewOf(all[i]).size(), &total);
  }
  if (is_too_long || total > size_t{1} << 46 || !canAllocate(total * 2)) return raiseMemoryError(t);
  std::string out;
  out.reserve(total);
  for (int64_t i = 0; i < count; ++i) {
    if (i > 0) out += viewOf(a[0]);
    out += viewOf(all[i]);
  }
  return sameKind(t, a[0], out);
}
Ref bytesStrip(Thread& t, const Value* a) {
  Buffer chars;
  if (!a[1].isNone()) TRY(chars.acquire(t, a[1]));
  std::string_view s = viewOf(a[0]), set = a[1].isNone() ? std::string_view(" \t\n\r\v\f") : chars.view();
  size_t begin = s.find_first_not_of(set), end = s.find_last_not_of(set);
  return sameKind(t, a[0], begin == std::string_view::npos ? std::string_view() : s.substr(begin, end - begin + 1));
}
Ref bytesSplit(Thread& t, const Value* a) {
  int64_t limit = TRY(toInt64_py(t, a[2]));
  Ref list = newList(t);
  Buffer separator;
  if (!a[1].isNone()) TRY(separator.acquire(t, a[1]));
  std::string_view s = viewOf(a[0]);
  auto add = [&](std::string_view part) { listAppendSteal(list.as<List>(), sameKind(t, a[0], part).release()); };
  if (a[1].isNone()) {
    constexpr std::string_view kSpace = " \t\n\r\v\f";
    for (size_t at = s.find_first_not_of(kSpace); at != std::string_view::npos;) {
      size_t end = limit-- == 0 ? std::string_view::npos : s.find_first_of(kSpace, at);
      add(s.substr(at, end == std::string_view::npos ? end : end - at));
      at = end == std::string_view::npos ? end : s.find_first_not_of(kSpace, end);
    }
    return list;
  }
  std::string_view sep = separator.view();
  if (sep.empty()) return raiseValueError(t, "empty separator");
  size_t begin = 0;
  for (size_t at; limit-- != 0 && (at = s.find(sep, begin)) != std::string_view::npos; begin = at + sep.size()) add(s.substr(begin, at - begin));
  add(s.substr(begin));
  return list;
}

// --- padding. a: self, width, fill. `before`: how much of what is missing goes to the left.
static Ref pad_py(Thread& t, const Value* a, const char* name, int64_t (*before)(int64_t missing, int64_t width)) {
  int64_t width = TRY(toInt64_py(t, a[1]));
  if (a[2].defined() && !isBytes(a[2]) && !isByteArray(a[2])) {
    return raiseTypeError(t, "%s() argument 2 must be a byte string of length 1, not %s", name, typeNameOf(t, a[2]));
  }
  if (a[2].defined() && viewOf(a[2]).size() != 1) {
    return raiseTypeError(t, "%s(): argument 2 must be a byte string of length 1, not a %s object of length %zu", name,
                          typeNameOf(t, a[2]), viewOf(a[2]).size());
  }
  std::string_view data = viewOf(a[0]);
  int64_t missing = std::max<int64_t>(width - static_cast<int64_t>(data.size()), 0);
  if (missing > int64_t{1} << 46 || !canAllocate(static_cast<size_t>(missing) * 2)) return raiseMemoryError(t);
  size_t left = static_cast<size_t>(before(missing, width));
  char fill = a[2].defined() ? viewOf(a[2])[0] : ' ';
  return sameKind(t, a[0], std::string(left, fill) + std::string(data) + std::string(static_cast<size_t>(missing) - left, fill));
}
Ref bytesLJust(Thread& t, const Value* a) { return pad_py(t, a, "ljust", [](int64_t, int64_t) -> int64_t { return 0; }); }
Ref bytesRJust(Thread& t, const Value* a) { return pad_py(t, a, "rjust", [](int64_t missing, int64_t) { return missing; }); }
Ref bytesCenter(Thread& t, const Value* a) {
  return pad_py(t, a, "center", [](int64_t missing, int64_t width) { return missing / 2 + (missing & width & 1); });
}
Ref bytesZFill(Thread& t, const Value* a) {
  int64_t width = TRY(toInt64_py(t, a[1]));
  if (width > int64_t{1} << 46 || (width > 0 && !canAllocate(static_cast<size_t>(width) * 2))) return raiseMemoryError(t);
  std::string out(viewOf(a[0]));
  bool has_sign = !out.empty() && (out[0] == '+' || out[0] == '-');
  int64_t missing = std::max<int64_t>(width - static_cast<int64_t>(out.size()), 0);
  out.insert(has_sign ? 1 : 0, std::string(static_cast<size_t>(missing), '0'));
  return sameKind(t, a[0], out);
}

}  // namespace krait::object
