// Universal newlines: translation, what was seen, and IncrementalNewlineDecoder. ref: Modules/_io/textio.c.
#include <cstring>

#include "runtime/modules/io/io.h"

namespace krait::modules::io {

Ref translateNewlines(Thread& t, Str* text, bool translate, uint8_t& seen) {
  bool has_return = false;
  if (text->kind == 1) {
    has_return = std::memchr(text->data1(), '\r', static_cast<size_t>(text->length)) != nullptr;
    if (!has_return) {
      if (!(seen & 2) && std::memchr(text->data1(), '\n', static_cast<size_t>(text->length)) != nullptr) seen |= 2;
      return Ref::of(text);
    }
  }
  StrBuilder out;
  for (int64_t i = 0; i < text->length; ++i) {
    char32_t c = text->at(i);
    if (c == '\n') seen |= 2;
    if (c != '\r') {
      out.add(c);
      continue;
    }
    bool is_pair = i + 1 < text->length && text->at(i + 1) == '\n';
    seen |= is_pair ? 4 : 1;
    if (!translate) {
      out.add(c);
      if (is_pair) out.add('\n'), ++i;
      continue;
    }
    out.add('\n');
    if (is_pair) ++i;
  }
  return out.finish(t);
}

Ref newlinesSeen(Thread& t, uint8_t seen) {
  Ref texts[3] = {newStr(t, "\r"), newStr(t, "\n"), newStr(t, "\r\n")};
  Value items[3];
  int count = 0;
  for (int i = 0; i < 3; ++i) {
    if (seen & (1 << i)) items[count++] = texts[i].get();
  }
  if (count == 0) return Ref::none();
  return count == 1 ? Ref::of(items[0]) : tupleFrom(t, items, count);
}

static int64_t findChar(const Str* s, int64_t from, char32_t c) {
  if (s->kind == 1) {
    const void* at = std::memchr(s->data1() + from, static_cast<int>(c), static_cast<size_t>(s->length - from));
    return at == nullptr ? -1 : static_cast<const uint8_t*>(at) - s->data1();
  }
  for (int64_t i = from; i < s->length; ++i) {
    if (s->at(i) == c) return i;
  }
  return -1;
}
int64_t findLineEnd(const Str* s, int64_t from, bool translate, bool universal, Value newline) {
  if (from >= s->length) return -1;
  if (translate || (!universal && newline.isUndefined())) {
    int64_t at = findChar(s, from, '\n');
    return at < 0 ? -1 : at + 1;
  }
  if (universal) {
    for (int64_t i = from; i < s->length; ++i) {
      char32_t c = s->at(i);
      if (c == '\n') return i + 1;
      if (c == '\r') return i + 1 < s->length && s->at(i + 1) == '\n' ? i + 2 : i + 1;
    }
    return -1;
  }
  Str* wanted = newline.as<Str>();
  int64_t at = strFind(s, wanted, from, s->length);
  return at < 0 ? -1 : at + wanted->length;
}

// --- IncrementalNewlineDecoder
struct NewlineDecoder : Object {
  Value decoder, errors;
  bool translate, pending_return, ready;
  uint8_t seen;
};
static NewlineDecoder* self(Value v) { return v.as<NewlineDecoder>(); }
static void dealloc(Object* o) {
  decref(static_cast<NewlineDecoder*>(o)->decoder);
  decref(static_cast<NewlineDecoder*>(o)->errors);
}
static void traverse(Object* o, Visitor visitor, void* context) { visit(static_cast<NewlineDecoder*>(o)->decoder, visitor, context); }
static Ref make(Thread&, Type* type, const Value*, uint32_t, Tuple*) {
  NewlineDecoder* d = allocate<NewlineDecoder>(type);
  gcTrack(d);
  return Ref::steal(d);
}
static Status init(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "IncrementalNewlineDecoder", "(decoder, translate, errors='strict')", args, nargs, keywords, a));
  NewlineDecoder* d = self(v);
  Value old = d->decoder, old_errors = d->errors;
  d->decoder = share(a[0]);
  d->errors = share(a[2]);
  decref(old);
  decref(old_errors);
  d->translate = TRY(isTrue_py(t, a[1]));
  d->pending_return = false;
  d->seen = 0;
  d->ready = true;
  return kDone;
}
static Status checkReady(Thread& t, Value v) {
  if (self(v)->ready) return kDone;
  return raiseValueError(t, "IncrementalNewlineDecoder.__init__() not called");
}
static Ref decode(Thread& t, const Value* a) {
  TRY(checkReady(t, a[0]));
  NewlineDecoder* d = self(a[0]);
  bool is_final = TRY(isTrue_py(t, a[2]));
  Ref text = d->decoder.isNone() ? Ref::of(a[1]) : TRY(callName(t, d->decoder, "decode", a[1], Value::fromBool(is_final)));
  if (!isStr(text.get())) return raiseTypeError(t, "decoder should return a string result, not '%s'", typeNameOf(t, text.get()));
  Str* s = text.as<Str>();
  if (d->pending_return && (is_final || s->length > 0)) {
    Ref one = newStr(t, "\r");
    text = strConcat(t, one.as<Str>(), s);
    s = text.as<Str>();
    d->pending_return = false;
  }
  if (!is_final && s->length > 0 && s->at(s->length - 1) == '\r') {
    text = strSlice(t, s, 0, s->length - 1);
    s = text.as<Str>();
    d->pending_return = true;
  }
  return translateNewlines(t, s, d->translate, d->seen);
}
static Ref getstate(Thread& t, const Value* a) {
  TRY(checkReady(t, a[0]));
  NewlineDecoder* d = self(a[0]);
  Ref buffer = newBytes(t, ""), flag = newIntSmall(0);
  if (!d->decoder.isNone()) {
    Ref state = TRY(callName(t, d->decoder, "getstate"));
    if (!isTuple(state.get()) || state.as<Tuple>()->size != 2) return raiseTypeError(t, "illegal decoder state");
    buffer = Ref::of(state.as<Tuple>()->items()[0]);
    flag = Ref::of(state.as<Tuple>()->items()[1]);
  }
  if (!isIntLike(flag.get())) return raiseTypeError(t, "illegal decoder state");
  Ref shifted = intShiftLeft(t, flag.get(), Value::fromInt(1));
  Ref all = intBitwise(t, shifted.get(), Value::fromInt(d->pending_return), '|');
  return tupleOf(t, {buffer.get(), all.get()});
}
static Ref setstate(Thread& t, const Value* a) {
  TRY(checkReady(t, a[0]));
  if (!isTuple(a[1])) return raiseTypeError(t, "state argument must be a tuple");
  if (a[1].as<Tuple>()->size != 2 || !isIntLike(a[1].as<Tuple>()->items()[1])) return raiseTypeError(t, "illegal decoder state");
  Value flag = a[1].as<Tuple>()->items()[1];
  Ref bit = intBitwise(t, flag, Value::fromInt(1), '&'), rest = intShiftRight(t, flag, Value::fromInt(1));
  self(a[0])->pending_return = !intIsZero(bit.get());
  if (self(a[0])->decoder.isNone()) return Ref::none();
  Ref state = tupleOf(t, {a[1].as<Tuple>()->items()[0], rest.get()});
  return callName(t, self(a[0])->decoder, "setstate", state.get());
}
static Ref reset(Thread& t, const Value* a) {
  TRY(checkReady(t, a[0]));
  self(a[0])->seen = 0;
  self(a[0])->pending_return = false;
  return self(a[0])->decoder.isNone() ? Ref::none() : callName(t, self(a[0])->decoder, "reset");
}
static Ref getNewlines(Thread& t, Value v) {
  TRY(checkReady(t, v));
  return newlinesSeen(t, self(v)->seen);
}
static const NativeDef kMethods[] = {{"decode", "($self, /, input, final=False)", decode}, {"getstate", "($self, /)", getstate},
    {"setstate", "($self, state, /)", setstate}, {"reset", "($self, /)", reset}, {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {{"newlines", getNewlines}, {nullptr, nullptr}};

void addNewlineDecoderType(Thread& t, Module* m) {
  Type* type = types.newline_decoder = makeType(*t.isolate, {.name = "_io.IncrementalNewlineDecoder", .size = sizeof(NewlineDecoder), .flags = kTypeGc | kTypeBaseable,
      .methods = kMethods, .getsets = kGetSets, .doc = "Codec used when reading a file in universal newlines mode."});
  type->slots.dealloc = dealloc;
  type->slots.traverse = traverse;
  type->slots.make = make;
  type->slots.init = init;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
}

}  // namespace krait::modules::io
