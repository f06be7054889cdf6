#include <cstring>
#include <vector>

#include "analyzer/base/build_identity.h"
#include "analyzer/base/interner.h"
#include "runtime/modules/importing/marshal.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules::importing {

static constexpr int kMaxDepth = 2000;

uint32_t codeStamp() { return buildStamp(); }

struct Reader {
  Thread& t;
  std::string_view data;
  bool allow_code;
  bool lasts = false;  // the data are never freed
  size_t at = 0;
  int depth = 0, code_depth = 0;
  std::vector<Value> refs = {};  // owned; Undefined while being read
  ~Reader() {
    for (Value v : refs) decref(v);
  }

  size_t missing = 0;  // how many bytes more would have gone on
  bool has(size_t n) {
    if (data.size() - at >= n) return true;
    missing = n - (data.size() - at);
    return false;
  }
  template <class T>
  bool raw(T& out) {
    if (!has(sizeof out)) return false;
    std::memcpy(&out, data.data() + at, sizeof out);
    at += sizeof out;
    return true;
  }
  bool text(size_t n, std::string_view& out) {
    if (!has(n)) return false;
    out = data.substr(at, n);
    at += n;
    return true;
  }
};
static Ref read_py(Reader& r);
static RaisedTag tooShort(Reader& r) { return raise(r.t, errors(r.t).eof_error, "marshal data too short"); }
static RaisedTag bad(Reader& r, const char* what) { return raiseValueError(r.t, "bad marshal data (%s)", what); }
#define RAW(field) \
  if (!r.raw(field)) return tooShort(r)

static Ref readLong(Reader& r) {
  int32_t count;
  RAW(count);
  bool negative = count < 0;
  int64_t n = negative ? -static_cast<int64_t>(count) : count;
  std::string_view digits;
  if (!r.text(static_cast<size_t>(n) * 2, digits)) return tooShort(r);
  std::vector<uint64_t> limbs(static_cast<size_t>(n * 15 / 64 + 2));
  for (int64_t i = 0; i < n; ++i) {
    uint16_t d;
    std::memcpy(&d, digits.data() + i * 2, 2);
    if (d > 0x7fff) return bad(r, "digit out of range in long");
    size_t limb = static_cast<size_t>(i * 15 / 64), shift = static_cast<size_t>(i * 15 % 64);
    limbs[limb] |= static_cast<uint64_t>(d) << shift;
    if (shift > 49) limbs[limb + 1] |= static_cast<uint64_t>(d) >> (64 - shift);
    if (i == n - 1 && d == 0) return bad(r, "unnormalized long data");
  }
  return newIntFromLimbs(r.t, limbs.data(), static_cast<int64_t>(limbs.size()), negative);
}
static Ref readAscii(Reader& r, bool is_short, bool is_interned) {
  uint32_t size;
  if (is_short) {
    uint8_t n;
    RAW(n);
    size = n;
  } else {
    RAW(size);
  }
  std::string_view text;
  if (!r.text(size, text)) return tooShort(r);
  if (is_interned) {
    for (char c : text) {
      if (static_cast<unsigned char>(c) >= 0x80) return newStrLatin1(r.t, reinterpret_cast<const uint8_t*>(text.data()), size);
    }
    return Ref::of(intern(*r.t.isolate, text));
  }
  return newStrLatin1(r.t, reinterpret_cast<const uint8_t*>(text.data()), size);
}
static Ref readTuple(Reader& r, size_t n) {
  if (!r.has(n)) return tooShort(r);
  Ref tuple = newTuple(r.t, static_cast<int64_t>(n));
  for (size_t i = 0; i < n; ++i) {
    Ref item = TRY(read_py(r));
    tuple.as<Tuple>()->items()[i] = item.release();
  }
  return tuple;
}
template <class T>
static bool readArray(Reader& r, uint32_t count, std::vector<T>& out) {
  std::string_view bytes;
  if (!r.text(static_cast<size_t>(count) * sizeof(T), bytes)) return false;
  out.resize(count);
  if (count > 0) std::memcpy(static_cast<void*>(out.data()), bytes.data(), bytes.size());
  return true;
}
static Fallible<bool> readNames_py(Reader& r, std::vector<Value>& out, std::vector<Ref>& holders) {
  Ref names = read_py(r);
  if (!names) return kRaised;
  if (!isTuple(names.get())) return bad(r, "code");
  for (int64_t i = 0; i < names.as<Tuple>()->size; ++i) {
    Value name = names.as<Tuple>()->items()[i];
    if (!isExactStr(name)) return bad(r, "code");
    out.push_back(name);
  }
  holders.push_back(std::move(names));
  return true;
}
static Ref readCode_py(Reader& r) {
  CodeParts p;
  uint32_t instructions, handlers, caches, cells, packed;
  for (uint32_t* n : {&p.flags, &p.register_count, &p.arg_count, &p.positional_only, &p.keyword_only, &p.first_line, &instructions, &handlers, &caches}) RAW(*n);
  if (!readArray(r, instructions, p.instructions) || !r.raw(packed) || !r.text(packed, p.packed_positions) || !readArray(r, handlers, p.handlers)) return tooShort(r);
  p.packed_lasts = r.lasts;
  for (uint32_t i = 0; i < caches; ++i) {
    Ref name = TRY(read_py(r));
    if (!isExactStr(name.get())) return bad(r, "code");
    p.cache_names.push_back(internStr(*r.t.isolate, name.as<Str>()));
  }
  std::vector<Ref> holders;
  Ref constants = TRY(read_py(r));
  if (!isTuple(constants.get())) return bad(r, "code");
  TRY(readNames_py(r, p.local_names, holders));
  TRY(readNames_py(r, p.cell_names, holders));
  TRY(readNames_py(r, p.free_names, holders));
  Ref texts[3];
  for (Ref& text : texts) {
    text = TRY(read_py(r));
    if (!isExactStr(text.get())) return bad(r, "code");
  }
  RAW(cells);
  if (!readArray(r, cells, p.cell_registers) || cells != p.cell_names.size()) return tooShort(r);
  for (int64_t i = 0; i < constants.as<Tuple>()->size; ++i) p.constants.push_back(share(constants.as<Tuple>()->items()[i]));
  p.name = internStr(*r.t.isolate, texts[0].as<Str>());
  p.qualname = internStr(*r.t.isolate, texts[1].as<Str>());
  p.filename = texts[2].as<Str>();
  return newCode(r.t, p);
}
// Compares the bytes with the hash behind them (see the writer). Data that last are the program's own image and not compared.
static Ref readCheckedCode_py(Reader& r) {
  size_t begin = r.at;
  ++r.code_depth;
  Ref code = readCode_py(r);
  if (--r.code_depth > 0 || !code) return code;
  size_t end = r.at;
  uint64_t hash;
  RAW(hash);
  if (!r.lasts && hash != hashBytes(r.data.substr(begin, end - begin))) return bad(r, "damaged code");
  return code;
}
static Ref readDict_py(Reader& r, int64_t slot) {
  Ref dict = newDict(r.t);
  if (slot >= 0) r.refs[static_cast<size_t>(slot)] = share(dict.get());
  for (;;) {
    if (!r.has(1)) return tooShort(r);
    if (r.data[r.at] == '0') {
      ++r.at;
      return dict;
    }
    Ref key = TRY(read_py(r)), value = TRY(read_py(r));
    TRY(dictSet_py(r.t, dict.as<Dict>(), key.get(), value.get()));
  }
}
static Ref readList_py(Reader& r, int64_t slot) {
  uint32_t n;
  RAW(n);
  if (!r.has(n)) return tooShort(r);
  Ref list = newList(r.t, n);
  if (slot >= 0) r.refs[static_cast<size_t>(slot)] = share(list.get());
  for (uint32_t i = 0; i < n; ++i) {
    Ref item = TRY(read_py(r));
    listAppendSteal(list.as<List>(), item.release());
  }
  return list;
}
static Ref readValue_py(Reader& r, char kind, int64_t slot) {
  switch (kind) {
    case 'N': return Ref::none();
    case 'T': return Ref::boolean(true);
    case 'F': return Ref::boolean(false);
    case '.': return Ref::steal(Value::ellipsis());
    case 'S': return Ref::of(Value(errors(r.t).stop_iteration));
    case 'i': {
      int32_t n;
      RAW(n);
      return newInt(r.t, n);
    }
    case 'I': {
      int64_t n;
      RAW(n);
      return newInt(r.t, n);
    }
    case 'l': return readLong(r);
    case 'g': {
      double d;
      RAW(d);
      return newFloat(d);
    }
    case 'f': case 'x': {
      uint8_t n;
      RAW(n);
      std::string_view text;
      double d;
      if (!r.text(n, text)) return tooShort(r);
      if (!floatFromText(text, d)) return bad(r, "float");
      if (kind == 'f') return newFloat(d);
      double imag;
      RAW(n);
      if (!r.text(n, text)) return tooShort(r);
      if (!floatFromText(text, imag)) return bad(r, "complex");
      return newComplex(r.t, d, imag);
    }
    case 'y': {
      double re, im;
      RAW(re);
      RAW(im);
      return newComplex(r.t, re, im);
    }
    case 's': case 'u': case 't': {
      uint32_t n;
      std::string_view text;
      RAW(n);
      if (!r.text(n, text)) return tooShort(r);
      if (kind == 's') return newBytes(r.t, text);
      if (kind == 't') return Ref::of(intern(*r.t.isolate, text));
      return newStr(r.t, text);
    }
    case 'z': return readAscii(r, true, false);
    case 'Z': return readAscii(r, true, true);
    case 'a': return readAscii(r, false, false);
    case 'A': return readAscii(r, false, true);
    case ')': {
      uint8_t n;
      RAW(n);
      return readTuple(r, n);
    }
    case '(': {
      uint32_t n;
      RAW(n);
      return readTuple(r, n);
    }
    case '[': return readList_py(r, slot);
    case '{': return readDict_py(r, slot);
    case '<': case '>': {
      uint32_t n;
      RAW(n);
      Ref items = TRY(readTuple(r, n));
      return setFromIterable_py(r.t, kind == '<' ? r.t.types().set : r.t.types().frozenset, items.get());
    }
    case ':': {
      Ref a = TRY(read_py(r)), b = TRY(read_py(r)), c = TRY(read_py(r));
      return newSlice(r.t, a.get(), b.get(), c.get());
    }
    case 'c':
      if (!r.allow_code) return raiseValueError(r.t, "unmarshalling code objects is disallowed");
      return readCheckedCode_py(r);
    default: return bad(r, "unknown type code");
  }
}
static Ref read_py(Reader& r) {
  uint8_t byte;
  if (!r.raw(byte)) return raise(r.t, errors(r.t).eof_error, "EOF read where object expected");
  char kind = static_cast<char>(byte & 0x7f);
  if (kind == 'r') {
    uint32_t index;
    RAW(index);
    if (index >= r.refs.size() || r.refs[index].isUndefined()) return bad(r, "invalid reference");
    return Ref::of(r.refs[index]);
  }
  if (kind == '0') return raiseTypeError(r.t, "NULL object in marshal data for object");
  if (++r.depth > kMaxDepth) return raiseValueError(r.t, "recursion limit exceeded");
  int64_t slot = -1;
  if (byte & 0x80) {
    slot = static_cast<int64_t>(r.refs.size());
    r.refs.push_back(Value());
  }
  Ref v = readValue_py(r, kind, slot);
  --r.depth;
  if (v && slot >= 0 && r.refs[static_cast<size_t>(slot)].isUndefined()) r.refs[static_cast<size_t>(slot)] = share(v.get());
  return v;
}

Ref marshalRead_py(Thread& t, std::string_view data, bool allow_code, size_t* used, bool lasts, size_t* missing) {
  Reader r{t, data, allow_code, lasts};
  Ref v = read_py(r);
  if (missing != nullptr) *missing = r.missing;
  if (used != nullptr) *used = r.at;
  return v;
}

}  // namespace krait::modules::importing
