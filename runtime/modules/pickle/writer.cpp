// The byte stream of a pickler: frames, memo references, numbers, text and bytes.
#include <cstring>

#include "runtime/modules/pickle/pickle.h"
#include "runtime/object/float.h"

namespace krait::modules::pickle {

void Memo::add(Object* o, int64_t index) {
  if (static_cast<size_t>(used_ + 1) * 3 > table_.size() * 2) {
    std::vector<Entry> old(table_.empty() ? 64 : table_.size() * 2);
    old.swap(table_);
    for (const Entry& e : old) {
      if (e.object == nullptr) continue;
      size_t i = slotOf(e.object);
      while (table_[i].object != nullptr) i = (i + 1) & (table_.size() - 1);
      table_[i] = e;
    }
  }
  size_t i = slotOf(o);
  while (table_[i].object != nullptr && table_[i].object != o) i = (i + 1) & (table_.size() - 1);
  if (table_[i].object == nullptr) {
    if (Value(o).isHeap()) incref(o);
    ++used_;
  }
  table_[i] = {o, index};
}
void Memo::clear() {
  std::vector<Entry> old;
  old.swap(table_);
  used_ = 0;
  for (const Entry& e : old) {
    if (e.object != nullptr && Value(e.object).isHeap()) decref(e.object);
  }
}

// --- frames
static void little(std::string& out, uint64_t n, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(n >> (8 * i));
}
void openFrame(PicklerData& d) {
  d.frame_start = static_cast<int64_t>(d.out.size());
  d.out.append(kFrameHeader, '\0');
}
void closeFrame(PicklerData& d) {
  if (d.frame_start < 0) return;
  size_t start = static_cast<size_t>(d.frame_start), length = d.out.size() - start - kFrameHeader;
  d.frame_start = -1;
  if (length < kFrameLeast) {
    d.out.erase(start, kFrameHeader);
    return;
  }
  std::string header(1, kFrame);
  little(header, length, 8);
  std::memcpy(d.out.data() + start, header.data(), kFrameHeader);
}
Status flush_py(Thread& t, Pickler* p) {
  Ref data = newBytes(t, p->d->out);
  p->d->out.clear();
  Ref done = callArgs_py(t, p->write, data.get());
  if (!done) return kRaised;
  return kDone;
}
Status boundary_py(Thread& t, Pickler* p) {
  PicklerData& d = *p->d;
  if (!d.is_framing || d.frame_start < 0) return kDone;
  if (d.out.size() - static_cast<size_t>(d.frame_start) - kFrameHeader < kFrameTarget) return kDone;
  closeFrame(d);
  return p->write.defined() ? flush_py(t, p) : Status(kDone);
}
Status putLarge_py(Thread& t, Pickler* p, std::string_view header, std::string_view payload) {
  PicklerData& d = *p->d;
  bool bypass = d.is_framing && header.size() + payload.size() > kFrameTarget;
  if (!bypass) {
    put(p, header);
    d.out += payload;
    return kDone;
  }
  closeFrame(d);
  d.is_framing = false;
  d.out += header;
  if (p->write.defined()) {
    TRY(flush_py(t, p));
    Ref data = newBytes(t, payload);
    if (!callArgs_py(t, p->write, data.get())) return kRaised;
  } else {
    d.out += payload;
  }
  d.is_framing = true;
  return kDone;
}

// --- memo
void putMemo(Pickler* p, Value v) {
  PicklerData& d = *p->d;
  if (d.fast || !canBeMemoized(v)) return;
  int64_t index = d.memo.size();
  d.memo.add(v.object(), index);
  std::string code;
  if (d.proto >= 4) {
    code += kMemoize;
  } else if (!d.bin) {
    code = std::string(1, kPut) + std::to_string(index) + "\n";
  } else if (index < 256) {
    code += kBinPut;
    little(code, static_cast<uint64_t>(index), 1);
  } else {
    code += kLongBinPut;
    little(code, static_cast<uint64_t>(index), 4);
  }
  put(p, code);
}
Status putGet(Thread&, Pickler* p, Value, int64_t index) {
  std::string code;
  if (!p->d->bin) {
    code = std::string(1, kGet) + std::to_string(index) + "\n";
  } else if (index < 256) {
    code += kBinGet;
    little(code, static_cast<uint64_t>(index), 1);
  } else {
    code += kLongBinGet;
    little(code, static_cast<uint64_t>(index), 4);
  }
  put(p, code);
  return kDone;
}

// --- values
// Two's complement, least significant byte first, as short as it can be.
static std::string longBytes(Value v) {
  IntView view(v);
  std::string out;
  unsigned carry = 1;
  for (int64_t i = 0; i < view.size * 8; ++i) {
    unsigned byte = static_cast<unsigned>(view.limbs[i / 8] >> (8 * (i % 8)) & 0xff);
    if (view.is_negative) {
      byte = (~byte & 0xff) + carry;
      carry = byte >> 8;
      byte &= 0xff;
    }
    out += static_cast<char>(byte);
  }
  unsigned sign = view.is_negative ? 0xff : 0;
  out += static_cast<char>(sign);
  while (out.size() > 1 && static_cast<unsigned char>(out.back()) == sign && (static_cast<unsigned char>(out[out.size() - 2]) & 0x80) == (sign & 0x80)) out.pop_back();
  return out;
}
Status saveInt(Thread& t, Pickler* p, Value v) {
  int64_t n;
  std::string code;
  if (intFits(v, n) && n >= INT32_MIN && n <= INT32_MAX) {
    if (!p->d->bin) {
      code = std::string(1, kInt) + std::to_string(n) + "\n";
    } else if (n >= 0 && n < 256) {
      code += kBinInt1;
      little(code, static_cast<uint64_t>(n), 1);
    } else if (n >= 0 && n < 65536) {
      code += kBinInt2;
      little(code, static_cast<uint64_t>(n), 2);
    } else {
      code += kBinInt;
      little(code, static_cast<uint64_t>(n), 4);
    }
  } else if (p->d->proto >= 2) {
    std::string bytes = longBytes(v);
    if (bytes.size() < 256) {
      code += kLong1;
      little(code, bytes.size(), 1);
    } else {
      if (bytes.size() > INT32_MAX) return raiseOverflowError(t, "int too large to pickle");
      code += kLong4;
      little(code, bytes.size(), 4);
    }
    code += bytes;
  } else {
    Ref text = TRY(intToStr_py(t, v));
    code = std::string(1, kLong) + toUtf8(text.as<Str>()) + "L\n";
  }
  put(p, code);
  return kDone;
}
Status saveStr_py(Thread& t, Pickler* p, Value v) {
  const Str* s = v.as<Str>();
  if (!p->d->bin) {
    std::string code(1, kUnicode);
    for (int64_t i = 0; i < s->length; ++i) {
      char32_t c = s->at(i);
      if (c >= 0x10000) code += format("\\U%08x", static_cast<unsigned>(c));
      else if (c >= 256 || c == '\\' || c == 0 || c == '\n' || c == '\r' || c == 0x1a) code += format("\\u%04x", static_cast<unsigned>(c));
      else code += static_cast<char>(c);
    }
    put(p, code + "\n");
    putMemo(p, v);
    return kDone;
  }
  std::string utf8;
  std::string_view text;
  if (s->is_ascii) {
    text = s->ascii();
  } else {
    utf8 = toUtf8(s);
    text = utf8;
  }
  std::string header;
  if (text.size() < 256 && p->d->proto >= 4) {
    header += kShortBinUnicode;
    little(header, text.size(), 1);
  } else if (text.size() <= UINT32_MAX) {
    header += kBinUnicode;
    little(header, text.size(), 4);
  } else if (p->d->proto >= 4) {
    header += kBinUnicode8;
    little(header, text.size(), 8);
  } else {
    return raiseOverflowError(t, "serializing a string larger than 4 GiB requires pickle protocol 4 or higher");
  }
  TRY(putLarge_py(t, p, header, text));
  putMemo(p, v);
  return kDone;
}
Status saveBytes_py(Thread& t, Pickler* p, Value v) {
  std::string_view data = v.as<Bytes>()->view();
  if (p->d->proto < 3) {
    if (data.empty()) {
      Ref args = newTuple(t, 0);
      return saveReduce_py(t, p, t.types().bytes, args.get(), v);
    }
    Ref text = newStrLatin1(t, v.as<Bytes>()->data(), v.as<Bytes>()->size), latin1 = newStr(t, "latin1"), args = tupleOf(t, {text.get(), latin1.get()});
    return saveReduce_py(t, p, state.codecs_encode, args.get(), v);
  }
  std::string header;
  if (data.size() < 256) {
    header += kShortBinBytes;
    little(header, data.size(), 1);
  } else if (data.size() <= UINT32_MAX) {
    header += kBinBytes;
    little(header, data.size(), 4);
  } else if (p->d->proto >= 4) {
    header += kBinBytes8;
    little(header, data.size(), 8);
  } else {
    return raiseOverflowError(t, "serializing a bytes object larger than 4 GiB requires pickle protocol 4 or higher");
  }
  TRY(putLarge_py(t, p, header, data));
  putMemo(p, v);
  return kDone;
}
Status saveByteArray_py(Thread& t, Pickler* p, Value v) {
  std::string_view data = v.as<ByteArray>()->view();
  if (p->d->proto < 5) {
    if (data.empty()) {
      Ref none = newTuple(t, 0);
      return saveReduce_py(t, p, t.types().bytearray, none.get(), v);
    }
    Ref bytes = newBytes(t, data), args = tupleOf(t, {bytes.get()});
    return saveReduce_py(t, p, t.types().bytearray, args.get(), v);
  }
  std::string header(1, kByteArray8);
  little(header, data.size(), 8);
  TRY(putLarge_py(t, p, header, data));
  putMemo(p, v);
  return kDone;
}

}  // namespace krait::modules::pickle
