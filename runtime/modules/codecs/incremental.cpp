// The classes of `_multibytecodec`: incremental encoders and decoders, readers and writers of streams.
// ref: Modules/cjkcodecs/multibytecodec.c.
#include <cstring>

#include "runtime/modules/codecs/multibyte.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"

namespace krait::modules::multibyte {

// An incremental encoder or decoder, or a stream: a codec with a state of its own.
struct Incremental : Object {
  const CodecDef* def;
  CodecState state;
  std::string* pending;  // bytes of a character that is not complete; UTF-8 of characters that wait for the next
  Value errors, stream;
};
constexpr size_t kMaxPending = 8;       // bytes
constexpr size_t kMaxPendingChars = 2;  // characters of an encoder
constexpr size_t kMaxPendingText = 4 * kMaxPendingChars;
static Type *encoder_type, *decoder_type, *reader_type, *writer_type;
static Incremental* self(Value v) { return v.as<Incremental>(); }

// --- incremental
static Ref incrementalMake(Thread& t, Type* type, Value stream, Value error_handler, bool decodes) {
  Ref codec = TRY(getAttrNamed_py(t, type, "codec"));
  if (typeOf(t, codec.get()) != codec_type) return raiseTypeError(t, "codec is unexpected type");
  Incremental* made = allocate<Incremental>(type);
  made->def = codec.as<Codec>()->def;
  made->state = firstState(made->def, decodes);
  made->pending = new std::string;
  made->errors = share(error_handler);
  made->stream = share(stream);
  return Ref::steal(made);
}
template <bool decodes>
static Ref plainMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "MultibyteIncrementalCodec", "(errors='strict')", args, nargs, keywords, a));
  return incrementalMake(t, type, Value(), a[0], decodes);
}
template <bool decodes>
static Ref streamMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "MultibyteStream", "(stream, errors='strict')", args, nargs, keywords, a));
  return incrementalMake(t, type, a[0], a[1], decodes);
}
static std::string finishState(Incremental* i, bool decodes) {
  std::string rest;
  if (i->def->finish != nullptr) i->def->finish(i->state, decodes ? nullptr : &rest);
  return rest;
}
static Ref encodeMoreOf(Thread& t, Incremental* i, Value input, bool is_final) {
  if (!isStr(input)) return raiseTypeError(t, "couldn't convert the object to str.");
  StrBuilder all;
  all.addUtf8(*i->pending);
  all.add(input.as<Str>());
  Ref text = TRY(all.finish(t));
  size_t used = 0;
  Ref bytes = TRY(encodeWith_py(t, i->def, i->state, text.get(), i->errors, is_final, used));
  std::vector<char32_t> chars = toChars(text.as<Str>());
  if (chars.size() - used > kMaxPendingChars) {
    Ref e = TRY(newEncodeError_py(t, i->def->name, text.get(), static_cast<int64_t>(used), static_cast<int64_t>(chars.size()), "pending buffer overflow"));
    return raiseException(t, e.get());
  }
  i->pending->clear();
  for (; used < chars.size(); ++used) appendUtf8(*i->pending, chars[used]);
  std::string rest = is_final ? finishState(i, false) : "";
  return rest.empty() ? std::move(bytes) : newBytes(t, std::string(bytes.as<Bytes>()->view()) + rest);
}
static Fallible<bool> isFinal_py(Thread& t, Value v) { return v.defined() && TRY(isTrue_py(t, v)); }
static Ref encodeMore(Thread& t, const Value* a) { return encodeMoreOf(t, self(a[0]), a[1], TRY(isFinal_py(t, a[2]))); }
static Ref decodeMoreOf(Thread& t, Incremental* i, Value data, bool is_final) {
  std::string_view view;
  TRY(viewOf_py(t, data, &view));
  std::string all = *i->pending + std::string(view);
  Ref bytes = newBytes(t, all);
  size_t used = 0;
  Ref text = TRY(decodeWith_py(t, i->def, i->state, bytes.get(), i->errors, is_final, used));
  if (all.size() - used > kMaxPending) return raise(t, errors(t).unicode_error, "pending buffer overflow");
  *i->pending = all.substr(used);
  return text;
}
static Ref decodeMore(Thread& t, const Value* a) { return decodeMoreOf(t, self(a[0]), a[1], TRY(isFinal_py(t, a[2]))); }
static Ref resetEncoder(Thread&, const Value* a) {
  finishState(self(a[0]), false);
  self(a[0])->pending->clear();
  return Ref::none();
}
static Ref resetDecoder(Thread&, const Value* a) {
  finishState(self(a[0]), true);
  self(a[0])->pending->clear();
  return Ref::none();
}

// An encoder's state as a number: how many bytes of UTF-8 wait, these, and the codec's state, the first byte lowest.
constexpr size_t kLimbs = (1 + kMaxPendingText + sizeof(CodecState) + 7) / 8;
static Ref encoderState(Thread& t, const Value* a) {
  Incremental* i = self(a[0]);
  if (i->pending->size() > kMaxPendingText) return raise(t, errors(t).unicode_error, "pending buffer too large");
  unsigned char bytes[kLimbs * 8] = {static_cast<unsigned char>(i->pending->size())};
  std::memcpy(bytes + 1, i->pending->data(), i->pending->size());
  std::memcpy(bytes + 1 + i->pending->size(), &i->state, sizeof i->state);
  uint64_t limbs[kLimbs];
  std::memcpy(limbs, bytes, sizeof limbs);
  return newIntFromLimbs(t, limbs, kLimbs, false);
}
static Ref setEncoderState(Thread& t, const Value* a) {
  if (!isIntLike(a[1])) return raiseTypeError(t, "setstate() argument must be int, not %s", typeNameOf(t, a[1]));
  IntView view(a[1]);
  if (view.is_negative) return raise(t, errors(t).overflow_error, "can't convert negative int to unsigned");
  if (intBitLength(a[1]) > static_cast<int64_t>(8 * (1 + kMaxPendingText + sizeof(CodecState)))) return raise(t, errors(t).overflow_error, "int too big to convert");
  unsigned char bytes[kLimbs * 8] = {};
  std::memcpy(bytes, view.limbs, static_cast<size_t>(view.size) * 8);
  if (bytes[0] > kMaxPendingText) return raise(t, errors(t).unicode_error, "pending buffer too large");
  Incremental* i = self(a[0]);
  std::string waiting(reinterpret_cast<char*>(bytes) + 1, bytes[0]);
  Ref encoded = newBytes(t, waiting);
  if (!callMethod_py(t, encoded.get(), intern(*t.isolate, "decode"))) return kRaised;
  *i->pending = waiting;
  std::memcpy(&i->state, bytes + 1 + bytes[0], sizeof i->state);
  return Ref::none();
}
static Ref decoderState(Thread& t, const Value* a) {
  uint64_t number;
  std::memcpy(&number, &self(a[0])->state, sizeof number);
  Ref bytes = newBytes(t, *self(a[0])->pending), state = newIntUnsigned(t, number);
  return tupleOf(t, {bytes.get(), state.get()});
}
static Ref setDecoderState(Thread& t, const Value* a) {
  if (!isTuple(a[1])) return raiseTypeError(t, "setstate() argument must be tuple, not %s", typeNameOf(t, a[1]));
  if (a[1].as<Tuple>()->size != 2) return raiseTypeError(t, "setstate(): illegal state argument");
  Value bytes = (*a[1].as<Tuple>())[0], state = (*a[1].as<Tuple>())[1];
  if (!isBytes(bytes) || !isIntLike(state)) return raiseTypeError(t, "setstate(): illegal state argument");
  uint64_t number;
  if (intIsNegative(state)) return raise(t, errors(t).overflow_error, "can't convert negative int to unsigned");
  if (!intFitsUnsigned(state, number)) return raise(t, errors(t).overflow_error, "int too big to convert");
  if (static_cast<size_t>(bytes.as<Bytes>()->size) > kMaxPending) return raise(t, errors(t).unicode_error, "pending buffer too large");
  *self(a[0])->pending = bytes.as<Bytes>()->view();
  std::memcpy(&self(a[0])->state, &number, sizeof number);
  return Ref::none();
}
static Ref getErrors(Thread&, Value v) { return Ref::of(self(v)->errors); }
static Status setErrors(Thread& t, Value v, Value value) {
  if (value.isUndefined()) return raise(t, errors(t).attribute_error, "cannot delete attribute");
  if (!isStr(value)) return raiseTypeError(t, "errors must be a string");
  Value old = self(v)->errors;
  self(v)->errors = share(value);
  decref(old);
  return kDone;
}
static Ref getStream(Thread&, Value v) { return self(v)->stream.defined() ? Ref::of(self(v)->stream) : Ref::none(); }

// --- streams
// ref: mbstreamreader_iread: reads on, a byte at a time, until there is a character.
static Ref readWith(Thread& t, Value v, const char* method, Value size) {
  Incremental* i = self(v);
  int64_t hint = size.isUndefined() || size.isNone() ? -1 : TRY(toInt64_py(t, size));
  if (hint == 0) return newStr(t, "");
  for (;;) {
    Str* name = intern(*t.isolate, method);
    Ref data = hint < 0 ? callMethod_py(t, i->stream, name) : callMethod_py(t, i->stream, name, Value::fromInt(hint));
    if (!data) return kRaised;
    if (!isBytes(data.get())) return raiseTypeError(t, "stream function returned a non-bytes object (%s)", typeNameOf(t, data.get()));
    bool is_end = data.as<Bytes>()->size == 0;
    bool had_none = is_end && i->pending->empty();
    Ref text = TRY(decodeMoreOf(t, i, data.get(), is_end || hint < 0));
    if (hint < 0 || had_none || text.as<Str>()->length > 0) return text;
    hint = 1;
  }
}
static Ref readAll(Thread& t, const Value* a) { return readWith(t, a[0], "read", a[1]); }
static Ref readLine(Thread& t, const Value* a) { return readWith(t, a[0], "readline", a[1]); }
static Ref readLines(Thread& t, const Value* a) {
  Ref text = TRY(readWith(t, a[0], "read", a[1]));
  return callMethod_py(t, text.get(), intern(*t.isolate, "splitlines"), Value::fromBool(true));
}
static Ref write(Thread& t, const Value* a) {
  Ref bytes = TRY(encodeMoreOf(t, self(a[0]), a[1], false));
  if (!callMethod_py(t, self(a[0])->stream, intern(*t.isolate, "write"), bytes.get())) return kRaised;
  return Ref::none();
}
static Ref writeLines(Thread& t, const Value* a) {
  Iteration it(t, a[1]);
  while (it.next()) {
    Value args[2] = {a[0], it.value()};
    TRY(write(t, args));
  }
  if (it.raised()) return kRaised;
  return Ref::none();
}
static const GetSetDef kGetSets[] = {{"errors", getErrors, setErrors}, {"stream", getStream}, {nullptr, nullptr}};
// What waits is written, and what brings the stream back to its first state.
static Ref resetWriter(Thread& t, const Value* a) {
  Incremental* i = self(a[0]);
  Ref nothing = newStr(t, ""), rest = TRY(encodeMoreOf(t, i, nothing.get(), true));
  if (rest.as<Bytes>()->size > 0 && !callMethod_py(t, i->stream, intern(*t.isolate, "write"), rest.get())) return kRaised;
  return Ref::none();
}
static const NativeDef kEncoderMethods[] = {{"encode", "($self, /, input, final=False)", encodeMore}, {"reset", "($self, /)", resetEncoder}, {"getstate", "($self, /)", encoderState}, {"setstate", "($self, state, /)", setEncoderState}, {nullptr, nullptr, nullptr}};
static const NativeDef kDecoderMethods[] = {{"decode", "($self, /, input, final=False)", decodeMore}, {"reset", "($self, /)", resetDecoder}, {"getstate", "($self, /)", decoderState}, {"setstate", "($self, state, /)", setDecoderState}, {nullptr, nullptr, nullptr}};
static const NativeDef kReaderMethods[] = {{"read", "($self, size=None, /)", readAll}, {"readline", "($self, size=None, /)", readLine}, {"readlines", "($self, size=None, /)", readLines}, {"reset", "($self, /)", resetDecoder}, {nullptr, nullptr, nullptr}};
static const NativeDef kWriterMethods[] = {{"write", "($self, strobj, /)", write}, {"writelines", "($self, lines, /)", writeLines}, {"reset", "($self, /)", resetWriter}, {nullptr, nullptr, nullptr}};

static Type* makeIncremental(Thread& t, const char* name, const NativeDef* methods, Ref (*make)(Thread&, Type*, const Value*, uint32_t, Tuple*)) {
  Type* type = makeType(*t.isolate, {.name = name, .size = sizeof(Incremental), .flags = kTypeBaseable, .methods = methods, .getsets = kGetSets});
  type->slots.make = make;
  type->slots.init = [](Thread&, Value, const Value*, uint32_t, Tuple*) -> Status { return kDone; };
  type->slots.dealloc = [](Object* o) {
    Incremental* i = static_cast<Incremental*>(o);
    delete i->pending;
    decref(i->errors);
    decref(i->stream);
  };
  readyType(*t.isolate, type);
  return type;
}
void makeIncrementalTypes(Thread& t) {
  encoder_type = makeIncremental(t, "_multibytecodec.MultibyteIncrementalEncoder", kEncoderMethods, plainMake<false>);
  decoder_type = makeIncremental(t, "_multibytecodec.MultibyteIncrementalDecoder", kDecoderMethods, plainMake<true>);
  reader_type = makeIncremental(t, "_multibytecodec.MultibyteStreamReader", kReaderMethods, streamMake<true>);
  writer_type = makeIncremental(t, "_multibytecodec.MultibyteStreamWriter", kWriterMethods, streamMake<false>);
}
void addIncrementalTypes(Thread& t, Module* m) {
  for (Type* type : {encoder_type, decoder_type, reader_type, writer_type}) moduleSetType(t, m, type);
}

}  // namespace krait::modules::multibyte
