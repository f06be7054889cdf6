// Methods of str; those that ask Unicode are in str_case.cpp. ref: Objects/unicodeobject.c.
#include "runtime/object/str_methods.h"

#include <algorithm>
#include <cstring>

#include "analyzer/base/unicode/character.h"

#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/format.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"
#include "runtime/object/str_case.h"

namespace krait::object {

static Str* self(const Value* a) { return a[0].as<Str>(); }
static Status needStr(Thread& t, Value v, const char* what) {
  if (isStr(v)) return kDone;
  return raiseTypeError(t, "%s must be str, not %s", what, typeNameOf(t, v));
}

template <class Map>
static Ref mapChars(Thread& t, Str* s, Map map) {
  StrBuilder out;
  for (int64_t i = 0; i < s->length; ++i) map(out, s->at(i), i);
  return out.finish(t);
}
static Ref isascii(Thread&, const Value* a) { return Ref::boolean(self(a)->is_ascii); }

// --- searching
struct Window {
  int64_t begin, end;
};
static Fallible<Window> window(Thread& t, Str* s, Value begin, Value end) {
  Window w = {0, s->length};
  if (!begin.isNone()) w.begin = TRY(toIndexClamped_py(t, begin));
  if (!end.isNone()) w.end = TRY(toIndexClamped_py(t, end));
  if (w.begin < 0) w.begin = w.begin + s->length < 0 ? 0 : w.begin + s->length;
  if (w.end < 0) w.end += s->length;
  if (w.end > s->length) w.end = s->length;
  return w;
}
static Fallible<int64_t> search(Thread& t, const Value* a, bool last, const char* name) {
  if (!isStr(a[1])) return raiseTypeError(t, "%s() argument 1 must be str, not %s", name, typeNameOf(t, a[1]));
  Window w = TRY(window(t, self(a), a[2], a[3]));
  if (w.begin > w.end) return -1;
  return last ? strFindLast(self(a), a[1].as<Str>(), w.begin, w.end) : strFind(self(a), a[1].as<Str>(), w.begin, w.end);
}
static Ref find(Thread& t, const Value* a) { return newIntSmall(TRY(search(t, a, false, "find"))); }
static Ref rfind(Thread& t, const Value* a) { return newIntSmall(TRY(search(t, a, true, "rfind"))); }
static Ref orRaise(Thread& t, int64_t i) {
  if (i < 0) return raiseValueError(t, "substring not found");
  return newIntSmall(i);
}
static Ref index(Thread& t, const Value* a) { return orRaise(t, TRY(search(t, a, false, "index"))); }
static Ref rindex(Thread& t, const Value* a) { return orRaise(t, TRY(search(t, a, true, "rindex"))); }
static Ref count(Thread& t, const Value* a) {
  TRY(needStr(t, a[1], "count() argument 1"));
  Window w = TRY(window(t, self(a), a[2], a[3]));
  Str* needle = a[1].as<Str>();
  if (w.begin > w.end) return newIntSmall(0);
  if (needle->length == 0) return newIntSmall(w.end - w.begin + 1);
  int64_t n = 0;
  for (int64_t at = w.begin; (at = strFind(self(a), needle, at, w.end)) >= 0; at += needle->length) ++n;
  return newIntSmall(n);
}
static Fallible<bool> tailMatch(Thread& t, const Value* a, Value part, bool at_end, const char* name) {
  if (!isStr(part)) return raiseTypeError(t, "tuple for %s must only contain str, not %s", name, typeNameOf(t, part));
  Window w = TRY(window(t, self(a), a[2], a[3]));
  Str* p = part.as<Str>();
  if (w.end - w.begin < p->length) return false;
  int64_t at = at_end ? w.end - p->length : w.begin;
  return strFind(self(a), p, at, at + p->length) == at;
}
static Ref affix(Thread& t, const Value* a, bool at_end, const char* name) {
  (void)TRY(window(t, self(a), a[2], a[3]));  // wrong bounds are told first
  if (isTuple(a[1])) {
    for (int64_t i = 0; i < a[1].as<Tuple>()->size; ++i) {
      if (TRY(tailMatch(t, a, a[1].as<Tuple>()->items()[i], at_end, name))) return Ref::boolean(true);
    }
    return Ref::boolean(false);
  }
  if (!isStr(a[1])) return raiseTypeError(t, "%s first arg must be str or a tuple of str, not %s", name, typeNameOf(t, a[1]));
  return Ref::boolean(TRY(tailMatch(t, a, a[1], at_end, name)));
}
static Ref startswith(Thread& t, const Value* a) { return affix(t, a, false, "startswith"); }
static Ref endswith(Thread& t, const Value* a) { return affix(t, a, true, "endswith"); }
static Ref removeprefix(Thread& t, const Value* a) {
  TRY(needStr(t, a[1], "removeprefix() argument"));
  int64_t n = a[1].as<Str>()->length;
  bool has = self(a)->length >= n && strFind(self(a), a[1].as<Str>(), 0, n) == 0;
  return strSlice(t, self(a), has ? n : 0, self(a)->length);
}
static Ref removesuffix(Thread& t, const Value* a) {
  TRY(needStr(t, a[1], "removesuffix() argument"));
  int64_t n = a[1].as<Str>()->length, length = self(a)->length;
  bool has = n > 0 && length >= n && strFind(self(a), a[1].as<Str>(), length - n, length) == length - n;
  return strSlice(t, self(a), 0, has ? length - n : length);
}

// --- stripping, padding
static Ref stripEnds(Thread& t, const Value* a, bool left, bool right, const char* name) {
  Str* s = self(a);
  if (!a[1].isNone() && !isStr(a[1])) return raiseTypeError(t, "%s arg must be None or str", name);
  auto drop = [&](char32_t c) {
    if (a[1].isNone()) return isSpaceChar(c);
    Str* set = a[1].as<Str>();
    for (int64_t i = 0; i < set->length; ++i) {
      if (set->at(i) == c) return true;
    }
    return false;
  };
  int64_t begin = 0, end = s->length;
  while (left && begin < end && drop(s->at(begin))) ++begin;
  while (right && begin < end && drop(s->at(end - 1))) --end;
  return strSlice(t, s, begin, end);
}
static Ref strip(Thread& t, const Value* a) { return stripEnds(t, a, true, true, "strip"); }
static Ref lstrip(Thread& t, const Value* a) { return stripEnds(t, a, true, false, "lstrip"); }
static Ref rstrip(Thread& t, const Value* a) { return stripEnds(t, a, false, true, "rstrip"); }
// Whether a text of so many characters could be had.
static bool hasRoom(int64_t length) { return length <= 0 || (length < int64_t{1} << 46 && canAllocate(static_cast<size_t>(length))); }
// `s` between so many fillers.
static Ref padded(Thread& t, char32_t filler, int64_t left, const Str* s, int64_t right) {
  if (!hasRoom(left + right)) return raiseMemoryError(t);
  Ref r = TRY(newStrBuffer(t, left + s->length + right, left + right == 0 ? widestChar(s) : std::max(filler, widestChar(s))));
  Str* out = r.as<Str>();
  if (s->length > 0) copyChars(out, left, s);
  for (int64_t begin : {int64_t{0}, left + s->length}) {
    int64_t count = begin == 0 ? left : right;
    if (out->kind == 1) std::memset(static_cast<char*>(out->data()) + begin, static_cast<int>(filler), static_cast<size_t>(count));
    else for (int64_t i = 0; i < count; ++i) out->put(begin + i, filler);
  }
  return r;
}
static Ref justify(Thread& t, const Value* a, int mode) {
  Str* s = self(a);
  int64_t width = TRY(toInt64_py(t, a[1]));
  if (!isStr(a[2])) return raiseTypeError(t, "The fill character must be a unicode character, not %s", typeNameOf(t, a[2]));
  if (a[2].as<Str>()->length != 1) return raiseTypeError(t, "The fill character must be exactly one character long");
  int64_t missing = width > s->length ? width - s->length : 0;
  if (missing == 0 && isExactStr(a[0])) return Ref::of(a[0]);
  int64_t left = mode < 0 ? 0 : mode > 0 ? missing : missing / 2 + (missing & width & 1);
  return padded(t, a[2].as<Str>()->at(0), left, s, missing - left);
}
static Ref ljust(Thread& t, const Value* a) { return justify(t, a, -1); }
static Ref rjust(Thread& t, const Value* a) { return justify(t, a, 1); }
static Ref center(Thread& t, const Value* a) { return justify(t, a, 0); }
static Ref zfill(Thread& t, const Value* a) {
  Str* s = self(a);
  int64_t width = TRY(toInt64_py(t, a[1]));
  if (width <= s->length && isExactStr(a[0])) return Ref::of(a[0]);
  int64_t missing = width > s->length ? width - s->length : 0;
  Ref out = TRY(padded(t, '0', missing, s, 0));
  if (missing > 0 && s->length > 0 && (s->at(0) == '+' || s->at(0) == '-')) {
    out.as<Str>()->put(0, s->at(0));
    out.as<Str>()->put(missing, '0');
  }
  return out;
}
static Ref expandtabs(Thread& t, const Value* a) {
  int64_t size = TRY(toCInt_py(t, a[1])), column = 0, tabs = 0;
  for (int64_t i = 0; i < self(a)->length; ++i) tabs += self(a)->at(i) == '\t';
  if (size > 0 && tabs > 0 && (size > (int64_t{1} << 46) / tabs || !hasRoom(size * tabs))) return raiseMemoryError(t);
  return mapChars(t, self(a), [&](StrBuilder& o, char32_t c, int64_t) {
    if (c == '\t') {
      int64_t n = size > 0 ? size - column % size : 0;
      o.fill(' ', n);
      column += n;
      return;
    }
    o.add(c);
    column = c == '\n' || c == '\r' ? 0 : column + 1;
  });
}

// --- splitting and joining
static Ref split(Thread& t, const Value* a) {
  Str* s = self(a);
  int64_t limit = TRY(toInt64_py(t, a[2]));
  if (limit < 0) limit = INT64_MAX;
  Ref list = newList(t);
  auto add = [&](int64_t begin, int64_t end) { listAppendSteal(list.as<List>(), strSlice(t, s, begin, end).release()); };
  if (a[1].isNone()) {
    int64_t i = 0;
    for (;;) {
      while (i < s->length && isSpaceChar(s->at(i))) ++i;
      if (i == s->length) return list;
      int64_t begin = i;
      if (limit-- == 0) {  // the rest, blanks at its end included
        add(begin, s->length);
        return list;
      }
      while (i < s->length && !isSpaceChar(s->at(i))) ++i;
      add(begin, i);
    }
  }
  if (!isStr(a[1])) return raiseTypeError(t, "must be str or None, not %s", typeNameOf(t, a[1]));
  Str* sep = a[1].as<Str>();
  if (sep->length == 0) return raiseValueError(t, "empty separator");
  int64_t begin = 0;
  while (limit-- > 0) {
    int64_t at = strFind(s, sep, begin, s->length);
    if (at < 0) break;
    add(begin, at);
    begin = at + sep->length;
  }
  add(begin, s->length);
  return list;
}
static Ref rsplit(Thread& t, const Value* a) {
  Str* s = self(a);
  int64_t limit = TRY(toInt64_py(t, a[2]));
  if (limit < 0 && a[1].isNone()) return split(t, a);
  if (limit < 0) limit = INT64_MAX;  // separators may overlap: from the right all the same
  Ref list = newList(t);
  auto add = [&](int64_t begin, int64_t end) { listAppendSteal(list.as<List>(), strSlice(t, s, begin, end).release()); };
  int64_t end = s->length;
  if (a[1].isNone()) {
    for (;;) {
      while (end > 0 && isSpaceChar(s->at(end - 1))) --end;
      if (end == 0) break;
      if (limit-- == 0) {
        add(0, end);
        break;
      }
      int64_t begin = end;
      while (begin > 0 && !isSpaceChar(s->at(begin - 1))) --begin;
      add(begin, end);
      end = begin;
    }
  } else {
    if (!isStr(a[1])) return raiseTypeError(t, "must be str or None, not %s", typeNameOf(t, a[1]));
    Str* sep = a[1].as<Str>();
    if (sep->length == 0) return raiseValueError(t, "empty separator");
    while (limit-- > 0) {
      int64_t at = strFindLast(s, sep, 0, end);
      if (at < 0) break;
      add(at + sep->length, end);
      end = at;
    }
    add(0, end);
  }
  List* l = list.as<List>();
  for (int64_t i = 0, j = l->size - 1; i < j; ++i, --j) std::swap(l->items[i], l->items[j]);
  return list;
}
static bool isLineBreak(char32_t c) { return unicode::isLineBreak(c); }
static Ref splitlines(Thread& t, const Value* a) {
  Str* s = self(a);
  bool keep = TRY(isTrue_py(t, a[1]));
  Ref list = newList(t);
  for (int64_t begin = 0; begin < s->length;) {
    int64_t end = begin;
    while (end < s->length && !isLineBreak(s->at(end))) ++end;
    int64_t next = end < s->length ? end + 1 : end;
    if (end + 1 < s->length && s->at(end) == '\r' && s->at(end + 1) == '\n') ++next;
    listAppendSteal(list.as<List>(), strSlice(t, s, begin, keep ? next : end).release());
    begin = next;
  }
  return list;
}
static Ref partitionAt(Thread& t, const Value* a, bool last) {
  if (!isStr(a[1])) return raiseTypeError(t, "must be str, not %s", typeNameOf(t, a[1]));
  Str *s = self(a), *sep = a[1].as<Str>();
  if (sep->length == 0) return raiseValueError(t, "empty separator");
  int64_t at = last ? strFindLast(s, sep, 0, s->length) : strFind(s, sep, 0, s->length);
  Value empty = t.isolate->empty_str;
  if (at < 0) return last ? tupleOf(t, {empty, empty, a[0]}) : tupleOf(t, {a[0], empty, empty});
  Ref head = strSlice(t, s, 0, at), tail = strSlice(t, s, at + sep->length, s->length);
  return tupleOf(t, {head.get(), a[1], tail.get()});
}
static Ref partition(Thread& t, const Value* a) { return partitionAt(t, a, false); }
static Ref rpartition(Thread& t, const Value* a) { return partitionAt(t, a, true); }
static Ref join(Thread& t, const Value* a) {
  Ref held;
  if (!isExact(a[1], TypeId::kList) && !isExact(a[1], TypeId::kTuple)) {
    Ref items = iter_py(t, a[1]);  // nobody asks for the length
    held = items ? listFromIterable_py(t, items.get()) : Ref();
    if (!held) {
      if (pendingMatches(t, errors(t).type_error) && typeOf(t, a[1])->slots.iter == nullptr && typeOf(t, a[1])->slots.get_item == nullptr) {
        clearException(t);
        return raiseTypeError(t, "can only join an iterable");
      }
      return held;
    }
  } else {
    held = Ref::of(a[1]);
  }
  bool is_list = isList(held.get());
  const Value* items = is_list ? held.as<List>()->items : held.as<Tuple>()->items();
  int64_t n = is_list ? held.as<List>()->size : held.as<Tuple>()->size;
  Str* sep = self(a);
  if (n == 1 && isExactStr(items[0])) return Ref::of(items[0]);
  int64_t length = n > 0 ? sep->length * (n - 1) : 0;
  char32_t widest = n > 1 ? (sep->is_ascii ? 0x7F : sep->kind == 1 ? 0xFF : sep->kind == 2 ? 0xFFFF : 0x10FFFF) : 0;
  for (int64_t i = 0; i < n; ++i) {
    if (!isStr(items[i])) return raiseTypeError(t, "sequence item %ld: expected str instance, %s found", static_cast<long>(i), typeNameOf(t, items[i]));
    Str* s = items[i].as<Str>();
    length += s->length;
    widest |= s->is_ascii ? 0x7F : s->kind == 1 ? 0xFF : s->kind == 2 ? 0xFFFF : 0x10FFFF;
  }
  Ref r = TRY(newStrBuffer(t, length, widest));
  Str* out = r.as<Str>();
  int64_t at = 0;
  auto put = [&](Str* s) {
    if (s->kind == out->kind) {
      std::memcpy(static_cast<char*>(out->data()) + at * out->kind, s->data1(), static_cast<size_t>(s->length) * s->kind);
      at += s->length;
    } else {
      for (int64_t i = 0; i < s->length; ++i) out->put(at++, s->at(i));
    }
  };
  for (int64_t i = 0; length > 0 && i < n; ++i) {
    if (i > 0) put(sep);
    put(items[i].as<Str>());
  }
  return r;
}
// Of one-byte texts: the matches are counted first, so that the result is written once.
static Ref replaceNarrow(Thread& t, Value text, Str* from, Str* to, int64_t limit) {
  Str* s = text.as<Str>();
  static constexpr int64_t kFew = 16;
  int64_t count = 0, places[kFew];
  for (int64_t at = 0; count < limit && (at = strFind(s, from, at, s->length)) >= 0; at += from->length) {
    if (count < kFew) places[count] = at;
    ++count;
  }
  if (count == 0) return str_py(t, text);
  Ref out = TRY(newStrBuffer(t, s->length + count * (to->length - from->length), s->is_ascii && to->is_ascii ? 0x7F : 0xFF));
  auto* write = static_cast<uint8_t*>(out.as<Str>()->data());
  int64_t begin = 0;
  for (int64_t i = 0; i < count; ++i) {
    int64_t at = i < kFew ? places[i] : strFind(s, from, begin, s->length);
    std::memcpy(write, s->data1() + begin, static_cast<size_t>(at - begin));
    write += at - begin;
    std::memcpy(write, to->data1(), static_cast<size_t>(to->length));
    write += to->length;
    begin = at + from->length;
  }
  std::memcpy(write, s->data1() + begin, static_cast<size_t>(s->length - begin));
  // A text that lost its last wide character is narrow ASCII.
  Str* made = out.as<Str>();
  if (!made->is_ascii && widestChar(made) < 0x80) made->is_ascii = true;
  return out;
}
static Ref replace(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "replace() argument 1 must be str, not %s", typeNameOf(t, a[1]));
  if (!isStr(a[2])) return raiseTypeError(t, "replace() argument 2 must be str, not %s", typeNameOf(t, a[2]));
  Str *s = self(a), *from = a[1].as<Str>(), *to = a[2].as<Str>();
  int64_t limit = TRY(toInt64_py(t, a[3]));
  if (limit < 0) limit = INT64_MAX;
  StrBuilder out;
  if (from->length == 0) {
    for (int64_t i = 0; i <= s->length; ++i) {
      if (limit-- > 0) out.add(to);
      if (i < s->length) out.add(s->at(i));
    }
    return out.finish(t);
  }
  if (s->kind == 1 && from->kind == 1 && to->kind == 1) return replaceNarrow(t, a[0], from, to, limit);
  int64_t begin = 0;
  for (int64_t at; limit > 0 && (at = strFind(s, from, begin, s->length)) >= 0; --limit) {
    out.addSlice(s, begin, at);
    out.add(to);
    begin = at + from->length;
  }
  if (begin == 0) return str_py(t, a[0]);
  out.addSlice(s, begin, s->length);
  return out.finish(t);
}
static Ref translate(Thread& t, const Value* a) {
  StrBuilder out;
  for (int64_t i = 0; i < self(a)->length; ++i) {
    char32_t c = self(a)->at(i);
    Ref r = getItem_py(t, a[1], Value::fromInt(c));
    if (!r) {
      if (!pendingMatches(t, errors(t).lookup_error)) return r;
      clearException(t);
      out.add(c);
    } else if (isStr(r.get())) {
      out.add(r.as<Str>());
    } else if (isIntLike(r.get())) {
      int64_t n;
      if (!intFits(r.get(), n) || n < 0 || n > 0x10FFFF) return raiseValueError(t, "character mapping must be in range(0x110000)");
      out.add(static_cast<char32_t>(n));
    } else if (!r.get().isNone()) {
      return raiseTypeError(t, "character mapping must return integer, None or str");
    }
  }
  return out.finish(t);
}
static Ref maketrans(Thread& t, const Value* a) {
  Ref d = newDict(t);
  if (a[1].isUndefined()) {
    if (!isDict(a[0])) return raiseTypeError(t, "if you give only one argument to maketrans it must be a dict");
    Value key, value;
    for (int64_t at = 0; dictNext(a[0].as<Dict>(), at, key, value);) {
      if (!isStr(key) && !isIntLike(key)) return raiseTypeError(t, "keys in translate table must be strings or integers");
      if (isStr(key) && key.as<Str>()->length != 1) return raiseValueError(t, "string keys in translate table must be of length 1");
      Value k = isStr(key) ? Value::fromInt(key.as<Str>()->at(0)) : key;
      TRY(dictSet_py(t, d.as<Dict>(), k, value));
    }
    return d;
  }
  for (int i = 1; i < 3; ++i) {
    if (a[i].defined() && !isStr(a[i])) return raiseTypeError(t, "maketrans() argument %d must be str, not %s", i + 1, a[i].isNone() ? "None" : typeNameOf(t, a[i]));
  }
  if (!isStr(a[0])) return raiseTypeError(t, "first maketrans argument must be a string if there is a second argument");
  Str *x = a[0].as<Str>(), *y = a[1].as<Str>();
  if (x->length != y->length) return raiseValueError(t, "the first two maketrans arguments must have equal length");
  for (int64_t i = 0; i < x->length; ++i) TRY(dictSet_py(t, d.as<Dict>(), Value::fromInt(x->at(i)), Value::fromInt(y->at(i))));
  if (a[2].defined()) {
    for (int64_t i = 0; i < a[2].as<Str>()->length; ++i) TRY(dictSet_py(t, d.as<Dict>(), Value::fromInt(a[2].as<Str>()->at(i)), Value::none()));
  }
  return d;
}
static Ref formatSpecMethod(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "__format__() argument must be str, not %s", typeNameOf(t, a[1]));
  return formatStr_py(t, a[0], a[1]);
}
static Ref encode(Thread& t, const Value* a) {
  static constexpr const char* kNames[] = {"encoding", "errors"};
  for (int i = 1; i <= 2; ++i) {
    if (a[i].defined() && !isStr(a[i])) return raiseTypeError(t, "encode() argument '%s' must be str, not %s", kNames[i - 1], typeNameOf(t, a[i]));
  }
  return encode_py(t, a[0], a[1], a[2]);
}
static Ref newArgs(Thread& t, const Value* a) {
  StrBuilder copy;
  copy.add(self(a));
  Ref s = copy.finish(t);
  return tupleOf(t, {s.get()});
}
Ref strFormatMethod(Thread& t, const Value* a);
Ref strFormatMap(Thread& t, const Value* a);

const NativeDef kStrMethods[] = {
    {"lower", "($self, /)", strLower, "Return a copy of the string converted to lowercase."}, {"upper", "($self, /)", strUpper, "Return a copy of the string converted to uppercase."},
    {"casefold", "($self, /)", strCaseFold}, {"swapcase", "($self, /)", strSwapCase}, {"capitalize", "($self, /)", strCapitalize}, {"title", "($self, /)", strTitle},
    {"isalpha", "($self, /)", strIsAlpha}, {"isdigit", "($self, /)", strIsDigit}, {"isdecimal", "($self, /)", strIsDecimal}, {"isnumeric", "($self, /)", strIsNumeric},
    {"isalnum", "($self, /)", strIsAlnum}, {"isspace", "($self, /)", strIsSpace}, {"isascii", "($self, /)", isascii}, {"isprintable", "($self, /)", strIsPrintable},
    {"islower", "($self, /)", strIsLower}, {"isupper", "($self, /)", strIsUpper}, {"istitle", "($self, /)", strIsTitle}, {"isidentifier", "($self, /)", strIsIdentifier},
    {"find", "($self, sub, start=None, end=None, /)", find}, {"rfind", "($self, sub, start=None, end=None, /)", rfind},
    {"index", "($self, sub, start=None, end=None, /)", index}, {"rindex", "($self, sub, start=None, end=None, /)", rindex},
    {"count", "($self, sub, start=None, end=None, /)", count}, {"startswith", "($self, prefix, start=None, end=None, /)", startswith},
    {"endswith", "($self, suffix, start=None, end=None, /)", endswith}, {"removeprefix", "($self, prefix, /)", removeprefix},
    {"removesuffix", "($self, suffix, /)", removesuffix}, {"strip", "($self, chars=None, /)", strip}, {"lstrip", "($self, chars=None, /)", lstrip},
    {"rstrip", "($self, chars=None, /)", rstrip}, {"ljust", "($self, width, fillchar=' ', /)", ljust}, {"rjust", "($self, width, fillchar=' ', /)", rjust},
    {"center", "($self, width, fillchar=' ', /)", center}, {"zfill", "($self, width, /)", zfill}, {"expandtabs", "($self, /, tabsize=8)", expandtabs},
    {"split", "($self, /, sep=None, maxsplit=-1)", split}, {"rsplit", "($self, /, sep=None, maxsplit=-1)", rsplit},
    {"splitlines", "($self, /, keepends=False)", splitlines}, {"partition", "($self, sep, /)", partition}, {"rpartition", "($self, sep, /)", rpartition},
    {"join", "($self, iterable, /)", join}, {"replace", "($self, old, new, /, count=-1)", replace}, {"translate", "($self, table, /)", translate},
    {"maketrans", "(x, y=<unset>, z=<unset>, /)", maketrans, "A table for translate()."}, {"encode", "($self, /, encoding='utf-8', errors='strict')", encode},
    {"format", "($self, /, *args, **kwargs)", strFormatMethod}, {"format_map", "($self, mapping, /)", strFormatMap},
    {"__format__", "($self, format_spec, /)", formatSpecMethod}, {"__getnewargs__", "($self, /)", newArgs}, {nullptr, nullptr, nullptr}};

}  // namespace krait::object
