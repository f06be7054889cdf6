#include <algorithm>
#include <cstring>
#include <string>
#include <unordered_map>
#include <vector>

#include "analyzer/base/interner.h"
#include "runtime/modules/importing/marshal.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules::importing {

static constexpr int kMaxDepth = 2000;
static constexpr char kRefFlag = static_cast<char>(0x80);

struct Writer {
  Thread& t;
  std::string& out;
  int version;
  bool allow_code;
  int depth = 0, code_depth = 0;
  std::unordered_map<uint64_t, uint32_t> seen = {};

  void byte(char c) { out += c; }
  template <class T>
  void raw(T value) { out.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void sized(std::string_view text) {
    raw(static_cast<uint32_t>(text.size()));
    out += text;
  }
};
static Status write_py(Writer& w, Value v);

static void writeInt(Writer& w, Value v) {
  int64_t n;
  if (intFits(v, n) && n >= INT32_MIN && n <= INT32_MAX) {
    w.out += 'i';
    w.raw(static_cast<int32_t>(n));
    return;
  }
  IntView view(v);
  std::string digits;
  int64_t count = 0, last = 0;
  int64_t bits = intBitLength(v);
  for (int64_t at = 0; at < bits; at += 15) {
    int64_t limb = at / 64, shift = at % 64;
    uint64_t d = view.limbs[limb] >> shift;
    if (shift > 49 && limb + 1 < view.size) d |= view.limbs[limb + 1] << (64 - shift);
    uint16_t digit = static_cast<uint16_t>(d & 0x7fff);
    digits.append(reinterpret_cast<const char*>(&digit), 2);
    last = ++count;
  }
  w.out += 'l';
  w.raw(static_cast<int32_t>(view.is_negative ? -last : last));
  w.out += digits;
}
static void writeStr(Writer& w, const Str* s, char flag) {
  if (s->is_ascii) {
    bool is_short = s->length < 256;
    w.byte(static_cast<char>((s->is_interned ? (is_short ? 'Z' : 'A') : is_short ? 'z' : 'a') | flag));
    if (is_short) w.byte(static_cast<char>(s->length));
    else w.raw(static_cast<uint32_t>(s->length));
    w.out += s->ascii();
    return;
  }
  w.byte(static_cast<char>((s->is_interned ? 't' : 'u') | flag));
  w.sized(toUtf8(s));
}
static Status writeCode_py(Writer& w, Code* c) {
  for (uint32_t n : {c->flags, c->register_count, c->arg_count, c->positional_only, c->keyword_only, c->first_line, c->instruction_count, c->handler_count, c->cache_count}) w.raw(n);
  for (uint32_t i = 0; i < c->instruction_count; ++i) {
    Instruction instruction = c->instructions[i];
    instruction.op = bytecode::plainOp(instruction.op);
    w.raw(instruction);
  }
  w.raw(c->packed_size);
  w.out.append(reinterpret_cast<const char*>(c->packed_positions), c->packed_size);
  w.out.append(reinterpret_cast<const char*>(c->handlers), c->handler_count * sizeof(HandlerRange));
  for (uint32_t i = 0; i < c->cache_count; ++i) TRY(write_py(w, c->cache_names[i]));
  Ref constants = tupleFrom(w.t, c->constants, c->constant_count);
  for (Value v : {constants.get(), Value(c->local_names), Value(c->cell_names), Value(c->free_names), Value(c->name), Value(c->qualname), Value(c->filename)}) TRY(write_py(w, v));
  w.raw(static_cast<uint32_t>(c->cell_names->size));
  for (int64_t i = 0; i < c->cell_names->size; ++i) w.raw(c->cell_registers[i]);
  return kDone;
}
// The outermost code is followed by the hash of its bytes: what was damaged since is not run.
static Status writeCheckedCode_py(Writer& w, Code* c) {
  size_t begin = w.out.size();
  ++w.code_depth;
  Status status = writeCode_py(w, c);
  if (--w.code_depth == 0 && !status.failed) w.raw(hashBytes(std::string_view(w.out).substr(begin)));
  return status;
}
static Status writeItems_py(Writer& w, const Value* items, int64_t n) {
  for (int64_t i = 0; i < n; ++i) TRY(write_py(w, items[i]));
  return kDone;
}
static Status writeSet_py(Writer& w, Value v, char flag) {
  w.byte(static_cast<char>((hasLayout(v, TypeId::kSet) ? '<' : '>') | flag));
  w.raw(static_cast<uint32_t>(v.as<Set>()->used));
  Value key;
  // The order must not depend on addresses: sorted by bytes.
  std::vector<std::string> parts;
  for (int64_t at = 0; setNext(v.as<Set>(), at, key);) {
    std::string part;
    TRY(marshalWrite_py(w.t, key, w.version < 3 ? w.version : 2, w.allow_code, part));
    parts.push_back(std::move(part));
  }
  std::sort(parts.begin(), parts.end());
  for (const std::string& part : parts) w.out += part;
  return kDone;
}
static RaisedTag unmarshallable(Writer& w) { return raiseValueError(w.t, "unmarshallable object"); }

static Status writeHeap_py(Writer& w, Value v) {
  char flag = 0;
  if (w.version >= 3 && v.object()->refs > 1) {
    auto [at, is_new] = w.seen.try_emplace(v.bits, static_cast<uint32_t>(w.seen.size()));
    if (!is_new) {
      w.byte('r');
      w.raw(at->second);
      return kDone;
    }
    flag = kRefFlag;
  }
  Type* type = typeOfHeap(v);
  switch (type->id) {
    case TypeId::kInt: {
      size_t at = w.out.size();
      writeInt(w, v);
      w.out[at] = static_cast<char>(w.out[at] | flag);
      return kDone;
    }
    case TypeId::kStr: writeStr(w, v.as<Str>(), flag); return kDone;
    case TypeId::kBytes:
      w.byte(static_cast<char>('s' | flag));
      w.sized(v.as<Bytes>()->view());
      return kDone;
    case TypeId::kComplex:
      w.byte(static_cast<char>('y' | flag));
      w.raw(v.as<Complex>()->real);
      w.raw(v.as<Complex>()->imag);
      return kDone;
    case TypeId::kTuple: {
      Tuple* tuple = v.as<Tuple>();
      bool is_short = w.version >= 4 && tuple->size < 256;
      w.byte(static_cast<char>((is_short ? ')' : '(') | flag));
      if (is_short) w.byte(static_cast<char>(tuple->size));
      else w.raw(static_cast<uint32_t>(tuple->size));
      return writeItems_py(w, tuple->items(), tuple->size);
    }
    case TypeId::kList:
      w.byte(static_cast<char>('[' | flag));
      w.raw(static_cast<uint32_t>(v.as<List>()->size));
      return writeItems_py(w, v.as<List>()->items, v.as<List>()->size);
    case TypeId::kDict: {
      w.byte(static_cast<char>('{' | flag));
      Value key, value;
      for (int64_t at = 0; dictNext(v.as<Dict>(), at, key, value);) {
        TRY(write_py(w, key));
        TRY(write_py(w, value));
      }
      w.byte('0');
      return kDone;
    }
    case TypeId::kSet: case TypeId::kFrozenSet: return writeSet_py(w, v, flag);
    case TypeId::kSlice:
      if (w.version < 5) return unmarshallable(w);
      w.byte(static_cast<char>(':' | flag));
      for (Value part : {v.as<Slice>()->start, v.as<Slice>()->stop, v.as<Slice>()->step}) TRY(write_py(w, part));
      return kDone;
    case TypeId::kCode:
      if (!w.allow_code) return raiseValueError(w.t, "marshalling code objects is disallowed");
      w.byte(static_cast<char>('c' | flag));
      return writeCheckedCode_py(w, v.as<Code>());
    default: break;
  }
  if (v == Value(errors(w.t).stop_iteration)) {
    w.byte('S');
    return kDone;
  }
  if (isBytesLike(v) && type->id == TypeId::kOther) {
    Buffer view;
    TRY(view.acquire(w.t, v));
    w.byte(static_cast<char>('s' | flag));
    w.sized(view.view());
    return kDone;
  }
  if (type->id == TypeId::kByteArray) {
    w.byte(static_cast<char>('s' | flag));
    w.sized(v.as<ByteArray>()->view());
    return kDone;
  }
  return unmarshallable(w);
}
static Status write_py(Writer& w, Value v) {
  if (++w.depth > kMaxDepth) return raiseValueError(w.t, "object too deeply nested to marshal");
  if (v.isNone()) w.byte('N');
  else if (v.isBool()) w.byte(v.isTrue() ? 'T' : 'F');
  else if (v.isEllipsis()) w.byte('.');
  else if (v.isInt()) writeInt(w, v);
  else if (v.isFloat()) w.byte('g'), w.raw(v.asDouble());
  else if (!v.isHeap()) return unmarshallable(w);
  else TRY(writeHeap_py(w, v));
  --w.depth;
  return kDone;
}

Status marshalWrite_py(Thread& t, Value v, int version, bool allow_code, std::string& out) {
  Writer w{t, out, version, allow_code};
  return write_py(w, v);
}

}  // namespace krait::modules::importing
