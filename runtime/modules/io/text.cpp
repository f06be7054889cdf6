// TextIOWrapper: construction, writing, state. Reading and positions are in text_read.cpp.
// UTF-8, ASCII and Latin-1 are coded here; other encodings by their codec objects. ref: Modules/_io/textio.c.
#include <cstring>

#include "runtime/modules/compile_hook.h"
#include "runtime/modules/io/text.h"
#include "runtime/modules/python_config.h"
#include "runtime/object/import.h"
#include "runtime/object/exception.h"
#include "runtime/object/instance.h"
#include "runtime/object/repr_guard.h"
#include "runtime/object/str_methods.h"

namespace krait::modules::io {

static void dealloc(Object* o) {
  TextIO* s = static_cast<TextIO*>(o);
  for (Value v : {s->buffer, s->encoding, s->errors, s->encoder, s->decoder, s->read_newline, s->decoded, s->snapshot_state}) decref(v);
  delete s->state;
  deallocDict(s);
}
static void traverse(Object* o, Visitor visitor, void* context) {
  TextIO* s = static_cast<TextIO*>(o);
  for (Value v : {s->buffer, s->encoder, s->decoder}) visit(v, visitor, context);
  visit(s->dict, visitor, context);
}
static Ref make(Thread&, Type* type, const Value*, uint32_t, Tuple*) {
  TextIO* s = allocate<TextIO>(type);
  s->state = new TextState();
  s->chunk_size = 8192;
  gcTrack(s);
  return Ref::steal(s);
}
void setField(Value& field, Value v) {
  Value old = field;
  field = share(v);
  decref(old);
}

Status checkAttached(Thread& t, const TextIO* s) {
  if (s->ok) return kDone;
  if (s->detached) return raiseValueError(t, "underlying buffer has been detached");
  return raiseValueError(t, "I/O operation on uninitialized object");
}
Status checkUsable_py(Thread& t, TextIO* s) {
  TRY(checkAttached(t, s));
  Value b = s->buffer;
  bool plain = b.isHeap() && (b.object()->type == types.reader || b.object()->type == types.writer || b.object()->type == types.random) && isPlainFile(b.as<Buffered>()->raw);
  bool is_closed = plain ? b.as<Buffered>()->raw.as<FileIO>()->fd < 0 : TRY(isClosed_py(t, b));
  if (is_closed) return raiseClosedFile(t);
  return kDone;
}

// --- construction
static TextCodec codecOf(std::string name) {
  for (char& c : name) c = c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c | 32 : c);
  if (name == "utf-8" || name == "utf8") return TextCodec::kUtf8;
  if (name == "ascii" || name == "us-ascii") return TextCodec::kAscii;
  if (name == "latin-1" || name == "iso-8859-1" || name == "latin1" || name == "iso8859-1" || name == "l1") return TextCodec::kLatin1;
  return TextCodec::kOther;
}
static Status checkNewline_py(Thread& t, Value newline) {
  if (newline.isNone()) return kDone;
  if (!isStr(newline)) return raiseTypeError(t, "illegal newline type: %s", typeNameOf(t, newline));
  std::string text = toUtf8(newline.as<Str>());
  if (text.empty() || text == "\n" || text == "\r" || text == "\r\n") return kDone;
  return raiseValueError(t, "illegal newline value: %s", text.c_str());
}
static void setNewline(TextIO* s, Value newline) {
  std::string text = newline.isNone() ? "" : toUtf8(newline.as<Str>());
  setField(s->read_newline, newline.isNone() || text.empty() ? Value() : newline);
  s->universal = text.empty();
  s->translate = newline.isNone();
  s->write_crlf = text == "\r\n";
  s->write_cr = text == "\r";
  s->write_translate = s->write_crlf || s->write_cr;
}
// Codec objects for encodings that are not coded here.
static Status setCodecs_py(Thread& t, TextIO* s) {
  clearField(s->encoder);
  clearField(s->decoder);
  s->codec = codecOf(toUtf8(s->encoding.as<Str>()));
  if (s->codec != TextCodec::kOther) return kDone;
  Ref name = newStr(t, "codecs");
  Ref codecs = importModule_py(t, name.get(), Value::none(), Value::none(), Value::none(), Value::fromInt(0));
  if (!codecs) return kRaised;
  Ref info = callName(t, codecs.get(), "lookup", s->encoding);
  if (!info) return kRaised;
  Ref is_text = findAttr_py(t, info.get(), intern(*t.isolate, "_is_text_encoding"));
  if (!is_text && isPending(t)) return kRaised;
  if (is_text && !TRY(isTrue_py(t, is_text.get()))) {
    return raise(t, errors(t).lookup_error, "'%s' is not a text encoding", toUtf8(s->encoding.as<Str>()).c_str());
  }
  if (TRY(asks_py(t, s->buffer, "readable"))) {
    Ref decoder = callName(t, info.get(), "incrementaldecoder", s->errors);
    if (!decoder) return kRaised;
    if (s->universal) {
      Ref wrapped = callArgs_py(t, types.newline_decoder, decoder.get(), Value::fromBool(s->translate));
      if (!wrapped) return kRaised;
      decoder = std::move(wrapped);
    }
    setField(s->decoder, decoder.get());
  }
  if (TRY(asks_py(t, s->buffer, "writable"))) {
    Ref encoder = callName(t, info.get(), "incrementalencoder", s->errors);
    if (!encoder) return kRaised;
    setField(s->encoder, encoder.get());
  }
  return kDone;
}
// A stream that does not begin here gets no byte order mark. ref: _textiowrapper_fix_encoder_state.
static Status fixEncoder_py(Thread& t, TextIO* s) {
  if (!s->seekable || s->encoder.isUndefined()) return kDone;
  Ref at = callName(t, s->buffer, "tell");
  if (!at) return kRaised;
  if (!isIntLike(at.get()) || intIsZero(at.get())) return kDone;
  Ref done = callName(t, s->encoder, "setstate", Value::fromInt(0));
  if (!done) return kRaised;
  return kDone;
}

static Status init(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "TextIOWrapper", "(buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)", args, nargs, keywords, a));
  TextIO* s = self(v);
  s->ok = s->detached = false;
  if (!a[1].isNone() && !isStr(a[1])) return raiseTypeError(t, "TextIOWrapper() argument 'encoding' must be str or None, not %s", typeNameOf(t, a[1]));
  if (!a[2].isNone() && !isStr(a[2])) return raiseTypeError(t, "TextIOWrapper() argument 'errors' must be str or None, not %s", typeNameOf(t, a[2]));
  TRY(checkNewline_py(t, a[3]));
  if (isStr(a[1]) && toUtf8(a[1].as<Str>()).find('\0') != std::string::npos) return raiseValueError(t, "embedded null character");
  if (isStr(a[2]) && python_config.dev_mode) {
    Ref lookup = TRY(importAttr_py(t, "_codecs", "lookup_error")), found = TRY(callArgs_py(t, lookup.get(), a[2]));
  }
  if (a[1].isNone() && python_config.warn_default_encoding) TRY(warn_py(t, errors(t).encoding_warning, 1, "'encoding' argument not specified"));
  Ref encoding = a[1].isNone() ? newStr(t, python_config.utf8_mode ? "utf-8" : "UTF-8") : strEquals(a[1].as<Str>(), "locale") ? newStr(t, "UTF-8") : Ref::of(a[1]);
  Ref strict = newStr(t, "strict");
  setField(s->encoding, encoding.get());
  setField(s->errors, a[2].isNone() ? strict.get() : a[2]);
  s->line_buffering = TRY(isTrue_py(t, a[4]));
  s->write_through = TRY(isTrue_py(t, a[5]));
  setNewline(s, a[3]);
  setField(s->buffer, a[0]);
  clearField(s->decoded);
  s->used = 0;
  *s->state = TextState();
  s->seen_newlines = 0;
  TRY(setCodecs_py(t, s));
  Type* type = a[0].isHeap() ? a[0].object()->type : nullptr;
  bool is_known = type == types.reader || type == types.writer || type == types.random;
  s->has_read1 = is_known;
  if (!is_known) {
    TRY(asks_py(t, a[0], "readable"));
    Ref read1 = findAttr_py(t, a[0], intern(*t.isolate, "read1"));
    if (!read1 && isPending(t)) return kRaised;
    s->has_read1 = static_cast<bool>(read1);
  }
  s->seekable = s->telling = TRY(asks_py(t, a[0], "seekable"));
  TRY(fixEncoder_py(t, s));
  s->ok = true;
  return kDone;
}
Ref newTextIO_py(Thread& t, Value buffer, Value encoding, Value handlers, Value newline, Value line_buffering, Value write_through) {
  Value args[6] = {buffer, encoding, handlers, newline, line_buffering, write_through};
  Ref made = make(t, types.text, args, 6, nullptr);
  TRY(init(t, made.get(), args, 6, nullptr));
  return made;
}

// --- writing
static bool isBufferedType(Value b, Type* one) { return b.object()->type == one || b.object()->type == types.random; }
Status flushPendingText_py(Thread& t, TextIO* s) {
  if (s->state->pending.empty()) return kDone;
  std::string data;
  data.swap(s->state->pending);
  if (isBufferedType(s->buffer, types.writer)) return bufferedWrite_py(t, s->buffer.as<Buffered>(), data);
  Ref bytes = newBytes(t, data);
  Ref held = Ref::of(s->buffer);
  Ref done = callMethod_py(t, s->buffer, t.names().write, bytes.get());
  if (!done) return kRaised;
  return kDone;
}
static Status encodeInto_py(Thread& t, TextIO* s, Str* text) {
  if (text->is_ascii && s->codec != TextCodec::kOther) {
    s->state->pending.append(text->ascii());
    return kDone;
  }
  if (s->codec == TextCodec::kLatin1 && text->kind == 1) {
    s->state->pending.append(reinterpret_cast<const char*>(text->data1()), static_cast<size_t>(text->length));
    return kDone;
  }
  Ref bytes;
  if (s->codec != TextCodec::kOther) {
    bytes = encode_py(t, text, s->encoding, s->errors);
  } else if (s->encoder.defined()) {
    bytes = callName(t, s->encoder, "encode", text);
  } else {
    return raiseUnsupported(t, "not writable");
  }
  if (!bytes) return kRaised;
  if (!isBytes(bytes.get())) return raiseTypeError(t, "encoder should return a bytes object, not '%s'", typeNameOf(t, bytes.get()));
  s->state->pending.append(bytes.as<Bytes>()->view());
  return kDone;
}
static bool hasChar(const Str* s, char c) {
  if (s->kind == 1) return std::memchr(s->data1(), c, static_cast<size_t>(s->length)) != nullptr;
  for (int64_t i = 0; i < s->length; ++i) {
    if (s->at(i) == static_cast<char32_t>(c)) return true;
  }
  return false;
}
Fallible<int64_t> textWrite_py(Thread& t, Value stream, Value text) {
  TextIO* s = self(stream);
  TRY(checkUsable_py(t, s));
  if (!isStr(text)) return raiseTypeError(t, "write() argument must be str, not %s", typeNameOf(t, text));
  Ref held = Ref::of(text);
  int64_t length = text.as<Str>()->length;
  bool has_newline = (s->write_translate || s->line_buffering) && hasChar(text.as<Str>(), '\n');
  bool flush = s->line_buffering && (has_newline || hasChar(text.as<Str>(), '\r'));
  if (has_newline && s->write_translate) {
    Ref lf = newStr(t, "\n"), to = newStr(t, s->write_crlf ? "\r\n" : "\r");
    held = callName(t, text, "replace", lf.get(), to.get());
    if (!held) return kRaised;
  }
  if (s->codec != TextCodec::kOther && s->encoder.isUndefined() && s->state->pending.empty()) {
    // The first text after a flush: a buffer that only reads says so itself.
    bool plain = isBufferedType(s->buffer, types.writer);
    if (!plain && !TRY(asks_py(t, s->buffer, "writable"))) return raiseUnsupported(t, "not writable");
  }
  // What is kept back stays below the chunk size: a long text goes out behind it, on its own.
  if (!s->state->pending.empty() && static_cast<int64_t>(s->state->pending.size()) + held.as<Str>()->length > s->chunk_size) TRY(flushPendingText_py(t, s));
  TRY(encodeInto_py(t, s, held.as<Str>()));
  if (static_cast<int64_t>(s->state->pending.size()) >= s->chunk_size || flush || s->write_through) TRY(flushPendingText_py(t, s));
  if (flush) {
    if (isBufferedType(s->buffer, types.writer)) {
      TRY(bufferedFlush_py(t, s->buffer.as<Buffered>()));
    } else {
      Ref done = callMethod_py(t, s->buffer, t.names().flush);
      if (!done) return kRaised;
    }
  }
  if (s->decoded.defined() || !s->state->leftover.empty()) forgetDecoded(s);
  return length;
}
static Ref write(Thread& t, const Value* a) { return newIntSmall(TRY(textWrite_py(t, a[0], a[1]))); }
static Ref flush(Thread& t, const Value* a) {
  TextIO* s = self(a[0]);
  TRY(checkUsable_py(t, s));
  s->telling = s->seekable;
  TRY(flushPendingText_py(t, s));
  return callMethod_py(t, s->buffer, t.names().flush);
}

// --- the rest
static Ref close(Thread& t, const Value* a) {
  TextIO* s = self(a[0]);
  TRY(checkAttached(t, s));
  if (TRY(isClosed_py(t, a[0]))) return Ref::none();
  if (s->finalizing) {
    Ref warned = callName(t, s->buffer, "_dealloc_warn", a[0]);
    if (!warned) clearException(t);
  }
  Ref flushed = callMethod_py(t, a[0], t.names().flush);
  Ref error = flushed ? Ref() : takeException(t);
  Ref closed = callName(t, s->buffer, "close");
  if (!error) return closed ? Ref::none() : Ref();
  if (!closed) {
    Ref later = takeException(t);
    setContext(later.as<BaseException>(), error.get());
    error = std::move(later);
  }
  restoreException(t, std::move(error));
  return Ref();
}
static Ref detach(Thread& t, const Value* a) {
  TextIO* s = self(a[0]);
  TRY(checkAttached(t, s));
  Ref done = TRY(callMethod_py(t, a[0], t.names().flush));
  Ref buffer = Ref::steal(s->buffer);
  s->buffer = Value();
  s->detached = true;
  s->ok = false;
  return buffer;
}
static Ref reconfigure(Thread& t, const Value* a) {
  TextIO* s = self(a[0]);
  TRY(checkAttached(t, s));
  bool changes = !a[1].isNone() || !a[2].isNone() || a[3].defined();
  if (s->decoded.defined() && changes) return raiseUnsupported(t, "It is not possible to set the encoding or newline of stream after the first read");
  for (int i : {1, 2}) {
    if (!a[i].isNone() && !isStr(a[i])) return raiseTypeError(t, "reconfigure() argument '%s' must be str or None, not %s", i == 1 ? "encoding" : "errors", typeNameOf(t, a[i]));
  }
  if (a[3].defined()) TRY(checkNewline_py(t, a[3]));
  bool line_buffering = a[4].isNone() ? s->line_buffering : TRY(isTrue_py(t, a[4])), write_through = a[5].isNone() ? s->write_through : TRY(isTrue_py(t, a[5]));
  Ref done = TRY(callMethod_py(t, a[0], t.names().flush));
  if (!a[1].isNone()) {
    Ref locale = newStr(t, "UTF-8"), strict = newStr(t, "strict");
    setField(s->encoding, strEquals(a[1].as<Str>(), "locale") ? locale.get() : a[1]);
    if (a[2].isNone()) setField(s->errors, strict.get());
  }
  if (!a[2].isNone()) setField(s->errors, a[2]);
  if (a[3].defined()) setNewline(s, a[3]);
  if (changes) {
    TRY(setCodecs_py(t, s));
    TRY(fixEncoder_py(t, s));
  }
  s->line_buffering = line_buffering;
  s->write_through = write_through;
  return Ref::none();
}
template <int Name>
static Ref onBuffer(Thread& t, const Value* a) {
  static constexpr const char* kNames[] = {"fileno", "seekable", "readable", "writable", "isatty"};
  TRY(checkAttached(t, self(a[0])));
  return callName(t, self(a[0])->buffer, kNames[Name]);
}
static Ref truncate(Thread& t, const Value* a) {
  TRY(checkAttached(t, self(a[0])));
  Ref done = TRY(callMethod_py(t, a[0], t.names().flush));
  Ref at = Ref::of(a[1]);
  if (at.get().isNone()) at = TRY(callName(t, a[0], "tell"));
  return callName(t, self(a[0])->buffer, "truncate", at.get());
}
static Ref repr(Thread& t, Value v) {
  TextIO* s = self(v);
  if (!s->encoding.defined()) return raiseValueError(t, "I/O operation on uninitialized object");
  ReprGuard guard(t, v);
  if (guard.isNested()) return raiseRuntimeError(t, "reentrant call inside %s.__repr__", typeName(v.object()->type));
  std::string out = "<_io.TextIOWrapper" + nameText_py(t, v);
  if (isPending(t)) return Ref();
  Ref mode = findAttr_py(t, v, intern(*t.isolate, "mode"));
  if (!mode) clearException(t);
  if (mode) out += " mode=" + reprText_py(t, mode.get());
  return newStr(t, out + " encoding=" + reprText_py(t, s->encoding) + ">");
}
static Ref getBuffer(Thread&, Value v) { return self(v)->buffer.defined() ? Ref::of(self(v)->buffer) : Ref::none(); }
static Ref getEncoding(Thread&, Value v) { return self(v)->encoding.defined() ? Ref::of(self(v)->encoding) : Ref::none(); }
static Ref getErrors(Thread& t, Value v) {
  if (!self(v)->errors.defined()) return raiseValueError(t, "I/O operation on uninitialized object");
  return Ref::of(self(v)->errors);
}
static Ref getName(Thread& t, Value v) {
  TRY(checkAttached(t, self(v)));
  return getAttrNamed_py(t, self(v)->buffer, "name");
}
static Ref getClosed(Thread& t, Value v) {
  TRY(checkAttached(t, self(v)));
  return getAttrNamed_py(t, self(v)->buffer, "closed");
}
static Ref getNewlines(Thread& t, Value v) {
  TextIO* s = self(v);
  TRY(checkAttached(t, s));
  if (s->decoder.defined()) {
    Ref seen = findAttr_py(t, s->decoder, intern(*t.isolate, "newlines"));
    if (!seen && isPending(t)) return Ref();
    return seen ? std::move(seen) : Ref::none();
  }
  return s->universal ? newlinesSeen(t, s->seen_newlines) : Ref::none();
}
static Ref getLineBuffering(Thread&, Value v) { return Ref::boolean(self(v)->line_buffering); }
static Ref getWriteThrough(Thread&, Value v) { return Ref::boolean(self(v)->write_through); }
static Ref getFinalizing(Thread&, Value v) { return Ref::boolean(self(v)->finalizing); }
static Ref getChunkSize(Thread& t, Value v) {
  TRY(checkAttached(t, self(v)));
  return newInt(t, self(v)->chunk_size);
}
static Status setChunkSize(Thread& t, Value v, Value value) {
  TRY(checkAttached(t, self(v)));
  if (value.isUndefined()) return raise(t, errors(t).attribute_error, "cannot delete attribute");
  int64_t n = TRY(toInt64_py(t, value));
  if (n <= 0) return raiseValueError(t, "a strictly positive integer is required");
  self(v)->chunk_size = n;
  return kDone;
}

static const NativeDef kMethods[] = {
    {"write", "($self, text, /)", write}, {"flush", "($self, /)", flush}, {"close", "($self, /)", close}, {"detach", "($self, /)", detach},
    {"reconfigure", "($self, /, *, encoding=None, errors=None, newline=<unset>, line_buffering=None, write_through=None)", reconfigure},
    {"read", "($self, size=-1, /)", textRead}, {"readline", "($self, size=-1, /)", textReadline}, {"tell", "($self, /)", textTell},
    {"seek", "($self, cookie, whence=0, /)", textSeek}, {"truncate", "($self, pos=None, /)", truncate}, {"fileno", "($self, /)", onBuffer<0>},
    {"seekable", "($self, /)", onBuffer<1>}, {"readable", "($self, /)", onBuffer<2>}, {"writable", "($self, /)", onBuffer<3>}, {"isatty", "($self, /)", onBuffer<4>},
    {"__getstate__", "($self, /)", cannotPickle}, {"__reduce__", "($self, /)", cannotPickle}, {"__reduce_ex__", "($self, protocol, /)", cannotPickle}, {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {{"buffer", getBuffer}, {"encoding", getEncoding}, {"errors", getErrors}, {"name", getName}, {"closed", getClosed}, {"newlines", getNewlines},
    {"line_buffering", getLineBuffering}, {"write_through", getWriteThrough}, {"_finalizing", getFinalizing}, {"_CHUNK_SIZE", getChunkSize, setChunkSize}, {nullptr, nullptr}};

void addTextType(Thread& t, Module* m) {
  Type* type = types.text = makeType(*t.isolate, {.name = "_io.TextIOWrapper", .size = sizeof(TextIO), .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable, .base = types.text_base,
      .methods = kMethods, .getsets = kGetSets, .doc = "Character and line based layer over a BufferedIOBase object, buffer.", .dict_offset = kDictOffset});
  type->slots.dealloc = dealloc;
  type->slots.traverse = traverse;
  type->slots.make = make;
  type->slots.init = init;
  type->slots.repr = repr;
  type->slots.next = textNext;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
}

}  // namespace krait::modules::io
