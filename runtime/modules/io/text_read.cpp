// TextIOWrapper: reading and positions. `decoded` is text read ahead, of which `used` characters were given out; it came
// from the bytes in state->snapshot, so that tell() can count the bytes behind the characters. Native codecs translate
// newlines in the bytes, before decoding; codec objects are wrapped in an IncrementalNewlineDecoder.
#include <cstring>

#include "runtime/modules/io/text.h"
#include "runtime/object/str_methods.h"

namespace krait::modules::io {

void forgetDecoded(TextIO* s) {
  clearField(s->decoded);
  clearField(s->snapshot_state);
  s->used = 0;
  s->state->leftover.clear();
  s->state->snapshot.clear();
}

// How many bytes at the end are the beginning of a UTF-8 character.
static size_t cutUtf8(std::string_view s) {
  for (size_t back = 1; back <= 3 && back <= s.size(); ++back) {
    unsigned char c = static_cast<unsigned char>(s[s.size() - back]);
    if (c < 0x80) return 0;
    if (c < 0xC0) continue;
    size_t need = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    return need > back ? back : 0;
  }
  return 0;
}
static void noteNewlines(std::string_view s, uint8_t& seen) {
  for (size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '\n') {
      seen |= 2;
    } else if (s[i] == '\r') {
      bool is_pair = i + 1 < s.size() && s[i + 1] == '\n';
      seen |= is_pair ? 4 : 1;
      i += is_pair;
    }
  }
}
static std::string withoutReturns(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  for (size_t i = 0; i < s.size(); ++i) {
    if (s[i] != '\r') {
      out += s[i];
      continue;
    }
    out += '\n';
    if (i + 1 < s.size() && s[i + 1] == '\n') ++i;
  }
  return out;
}
static bool isAsciiText(std::string_view s) {
  size_t i = 0;
  for (; i + 8 <= s.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, s.data() + i, 8);
    if (word & 0x8080808080808080ull) return false;
  }
  for (; i < s.size(); ++i) {
    if (static_cast<unsigned char>(s[i]) >= 0x80) return false;
  }
  return true;
}

// Decodes leftover + data by a native codec into a Str; updates leftover and snapshot.
static Ref decodeNative_py(Thread& t, TextIO* s, std::string_view data, bool is_final) {
  TextState& state = *s->state;
  std::string joined;
  std::string_view all = data;
  if (!state.leftover.empty()) {
    joined = state.leftover + std::string(data);
    all = joined;
  }
  size_t cut = !is_final && s->codec == TextCodec::kUtf8 ? cutUtf8(all) : 0;
  if (!is_final && cut == 0 && s->universal && !all.empty() && all.back() == '\r') cut = 1;
  std::string_view taken = all.substr(0, all.size() - cut);
  std::string leftover(all.substr(all.size() - cut));
  state.snapshot.assign(taken);
  state.leftover = std::move(leftover);
  std::string translated;
  std::string_view text = state.snapshot;
  if (s->universal) {
    bool has_return = std::memchr(text.data(), '\r', text.size()) != nullptr;
    if (has_return || !(s->seen_newlines & 2)) noteNewlines(text, s->seen_newlines);
    if (has_return && s->translate) {
      translated = withoutReturns(text);
      text = translated;
    }
  }
  if (s->codec == TextCodec::kLatin1 || isAsciiText(text)) return newStrLatin1(t, reinterpret_cast<const uint8_t*>(text.data()), static_cast<int64_t>(text.size()));
  Ref bytes = newBytes(t, text);
  return decode_py(t, bytes.get(), s->encoding, s->errors);
}

static Ref readBytes_py(Thread& t, TextIO* s, int64_t size) {
  Value b = s->buffer;
  Type* type = b.object()->type;
  if (type == types.reader || type == types.random) return bufferedReadOne_py(t, b.as<Buffered>(), size);
  Ref data = TRY(callName(t, b, s->has_read1 ? "read1" : "read", Value::fromInt(size)));
  if (!isBytesLike(data.get())) {
    return raiseTypeError(t, "underlying %s() should have returned a bytes-like object, not '%s'", s->has_read1 ? "read1" : "read", typeNameOf(t, data.get()));
  }
  if (isBytes(data.get())) return data;
  Buffer view;
  TRY(view.acquire(t, data.get()));
  return newBytes(t, view.view());
}
static Status checkReadable_py(Thread& t, TextIO* s) {
  if (s->decoder.defined()) return kDone;
  Type* type = s->buffer.object()->type;
  if (s->codec != TextCodec::kOther && (type == types.reader || type == types.random)) return kDone;
  if (s->codec == TextCodec::kOther || !TRY(asks_py(t, s->buffer, "readable"))) return raiseUnsupported(t, "not readable");
  return kDone;
}
// Reads and decodes one more chunk; false at the end of the file.
static Fallible<bool> readChunk_py(Thread& t, TextIO* s, int64_t hint) {
  TRY(checkReadable_py(t, s));
  Ref saved_state;
  if (s->telling && s->decoder.defined()) {
    saved_state = callName(t, s->decoder, "getstate");
    if (!saved_state) return kRaised;
    if (!isTuple(saved_state.get()) || saved_state.as<Tuple>()->size != 2) return raiseTypeError(t, "illegal decoder state");
    if (!isBytes(saved_state.as<Tuple>()->items()[0])) {
      return raiseTypeError(t, "illegal decoder state: the first item should be a bytes object, not '%s'", typeNameOf(t, saved_state.as<Tuple>()->items()[0]));
    }
  }
  int64_t size = s->chunk_size > hint ? s->chunk_size : hint;
  Ref data = readBytes_py(t, s, size);
  if (!data) return kRaised;
  bool is_final = data.as<Bytes>()->size == 0;
  Ref text;
  if (s->codec != TextCodec::kOther) {
    text = decodeNative_py(t, s, data.as<Bytes>()->view(), is_final);
  } else {
    text = callName(t, s->decoder, "decode", data.get(), Value::fromBool(is_final));
    if (text && !isStr(text.get())) return raiseTypeError(t, "decoder should return a string result, not '%s'", typeNameOf(t, text.get()));
    if (saved_state) {
      Value before = saved_state.as<Tuple>()->items()[0];
      s->state->snapshot = std::string(isBytes(before) ? before.as<Bytes>()->view() : "") + std::string(data.as<Bytes>()->view());
      s->state->snapshot_ends = is_final;
      setField(s->snapshot_state, saved_state.as<Tuple>()->items()[1]);
    }
  }
  if (!text) return kRaised;
  setField(s->decoded, text.get());
  s->used = 0;
  return !is_final || text.as<Str>()->length > 0;
}

// --- reading
static Ref takeDecoded(Thread& t, TextIO* s, int64_t n) {
  if (s->decoded.isUndefined()) return newStr(t, "");
  Str* text = s->decoded.as<Str>();
  int64_t left = text->length - s->used;
  if (n < 0 || n > left) n = left;
  Ref r = s->used == 0 && n == text->length ? Ref::of(text) : strSlice(t, text, s->used, s->used + n);
  s->used += n;
  return r;
}
static Ref readAll_py(Thread& t, TextIO* s) {
  TRY(checkReadable_py(t, s));
  Ref rest = TRY(callMethod_py(t, s->buffer, t.names().read));
  if (!isBytesLike(rest.get())) return raiseTypeError(t, "underlying read() should have returned a bytes object, not '%s'", typeNameOf(t, rest.get()));
  Buffer view;
  TRY(view.acquire(t, rest.get()));
  Ref text;
  if (s->codec != TextCodec::kOther) {
    Ref before = takeDecoded(t, s, -1);
    text = TRY(decodeNative_py(t, s, view.view(), true));
    if (before.as<Str>()->length > 0) text = strConcat(t, before.as<Str>(), text.as<Str>());
  } else {
    text = TRY(callName(t, s->decoder, "decode", rest.get(), Value::fromBool(true)));
    Ref before = takeDecoded(t, s, -1);
    if (!isStr(text.get())) return raiseTypeError(t, "decoder should return a string result, not '%s'", typeNameOf(t, text.get()));
    if (before.as<Str>()->length > 0) text = strConcat(t, before.as<Str>(), text.as<Str>());
  }
  forgetDecoded(s);
  return text;
}
Ref textRead(Thread& t, const Value* a) {
  TextIO* s = self(a[0]);
  TRY(checkUsable_py(t, s));
  int64_t n = TRY(sizeArg_py(t, a[1]));
  TRY(flushPendingText_py(t, s));
  if (n < 0) return readAll_py(t, s);
  Ref result = takeDecoded(t, s, n);
  if (result.as<Str>()->length == n) return result;
  StrBuilder out;
  out.add(result.as<Str>());
  while (out.size() < n) {
    int64_t missing = n - out.size();
    if (!TRY(readChunk_py(t, s, missing))) break;
    Ref part = takeDecoded(t, s, missing);
    out.add(part.as<Str>());
  }
  return out.finish(t);
}

static Ref readLine_py(Thread& t, TextIO* s, int64_t limit) {
  TRY(checkUsable_py(t, s));
  TRY(flushPendingText_py(t, s));
  Ref begin;  // what chunks before this one gave
  for (;;) {
    if (s->decoded.isUndefined() || s->used >= s->decoded.as<Str>()->length) {
      bool more = true;
      do {
        more = TRY(readChunk_py(t, s, 0));
      } while (more && s->decoded.as<Str>()->length == 0);
      if (!more) {
        forgetDecoded(s);
        return begin ? std::move(begin) : newStr(t, "");
      }
    }
    Str* text = s->decoded.as<Str>();
    Ref joined;
    int64_t from = s->used, skip = 0;
    if (begin && s->read_newline.defined() && s->read_newline.as<Str>()->length == 2 && text->length > 0 && from == 0 && text->at(0) == '\n' &&
        begin.as<Str>()->at(begin.as<Str>()->length - 1) == '\r') {
      s->used = 1;  // a \r\n across chunks
      Ref lf = newStr(t, "\n");
      return strConcat(t, begin.as<Str>(), lf.as<Str>());
    }
    int64_t end = findLineEnd(text, from + skip, s->translate, s->universal, s->read_newline);
    bool is_line = end >= 0;
    if (end < 0) end = text->length;
    int64_t before = begin ? begin.as<Str>()->length : 0;
    if (limit >= 0 && before + end - from >= limit) {
      end = from + limit - before;
      is_line = true;
    }
    Ref part = from == 0 && end == text->length ? Ref::of(text) : strSlice(t, text, from, end);
    s->used = end;
    begin = begin ? strConcat(t, begin.as<Str>(), part.as<Str>()) : std::move(part);
    if (is_line) return begin;
  }
}
Ref textReadline(Thread& t, const Value* a) {
  TRY(checkAttached(t, self(a[0])));
  return readLine_py(t, self(a[0]), TRY(toInt64_py(t, a[1])));
}
Ref textNext(Thread& t, Value v) {
  TextIO* s = self(v);
  TRY(checkAttached(t, s));
  s->telling = false;
  Ref line = v.object()->type == types.text ? readLine_py(t, s, -1) : callMethod_py(t, v, t.names().readline);
  if (!line) return Ref();
  if (!isStr(line.get())) return raise(t, errors(t).os_error, "readline() should have returned a str object, not '%s'", typeNameOf(t, line.get()));
  if (line.as<Str>()->length > 0) return line;
  s->telling = s->seekable;
  return Ref();
}

// --- positions
// The bytes of `snapshot` behind the first `chars` decoded characters (native codecs).
static int64_t bytesBehind(const TextIO* s, int64_t chars) {
  std::string_view bytes = s->state->snapshot;
  size_t at = 0;
  for (; chars > 0 && at < bytes.size(); --chars) {
    unsigned char c = static_cast<unsigned char>(bytes[at]);
    if (c == '\r' && s->translate && at + 1 < bytes.size() && bytes[at + 1] == '\n') at += 2;
    else if (s->codec != TextCodec::kUtf8 || c < 0xC2) at += 1;
    else at += c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
  }
  return static_cast<int64_t>(at < bytes.size() ? at : bytes.size());
}
Ref textTell(Thread& t, const Value* a) {
  TextIO* s = self(a[0]);
  TRY(checkUsable_py(t, s));
  if (!s->seekable) return raiseUnsupported(t, "underlying stream is not seekable");
  if (!s->telling) return raise(t, errors(t).os_error, "telling position disabled by next() call");
  TRY(flushPendingText_py(t, s));
  Ref flushed = TRY(callMethod_py(t, a[0], t.names().flush));
  Ref at = TRY(callName(t, s->buffer, "tell"));
  if (s->decoded.isUndefined()) return at;
  int64_t position = TRY(toInt64_py(t, at.get()));
  if (s->codec != TextCodec::kOther) {
    int64_t snapshot = static_cast<int64_t>(s->state->snapshot.size());
    return newInt(t, position - static_cast<int64_t>(s->state->leftover.size()) - snapshot + bytesBehind(s, s->used));
  }
  // position | decoder flags << 64 | bytes to feed << 128 | characters to skip << 192 | whether that is the end of the file << 256
  position -= static_cast<int64_t>(s->state->snapshot.size());
  Ref cookie = newInt(t, position);
  int shift = 64;
  Value parts[4] = {s->snapshot_state.defined() ? s->snapshot_state : Value::fromInt(0), Value::fromInt(static_cast<int64_t>(s->state->snapshot.size())), Value::fromInt(s->used),
                    Value::fromInt(s->state->snapshot_ends ? 1 : 0)};
  for (Value part : parts) {
    Ref moved = TRY(intShiftLeft(t, part, Value::fromInt(shift)));
    cookie = TRY(intBitwise(t, cookie.get(), moved.get(), '|'));
    shift += 64;
  }
  return cookie;
}
static Status resetEncoder_py(Thread& t, TextIO* s, bool at_start) {
  if (s->encoder.isUndefined()) return kDone;
  Ref done = at_start ? callName(t, s->encoder, "reset") : callName(t, s->encoder, "setstate", Value::fromInt(0));
  if (!done) return kRaised;
  return kDone;
}
static Ref cookiePart(Thread& t, Value cookie, int shift) {
  Ref mask = newIntUnsigned(t, UINT64_MAX);
  Ref moved = intShiftRight(t, cookie, Value::fromInt(shift));
  return intBitwise(t, moved.get(), mask.get(), '&');
}
static Ref seekTo_py(Thread& t, TextIO* s, Value self_value, Value cookie) {
  Ref flushed = TRY(callMethod_py(t, self_value, t.names().flush));
  Ref position = cookiePart(t, cookie, 0), flags = cookiePart(t, cookie, 64), feed = cookiePart(t, cookie, 128), skip = cookiePart(t, cookie, 192), ends = cookiePart(t, cookie, 256);
  Ref moved = TRY(callName(t, s->buffer, "seek", position.get()));
  forgetDecoded(s);
  if (s->decoder.defined()) {
    Ref empty = newBytes(t, ""), state = tupleOf(t, {empty.get(), flags.get()});
    bool is_start = intIsZero(cookie);
    Ref done = TRY(is_start ? callName(t, s->decoder, "reset") : callName(t, s->decoder, "setstate", state.get()));
    if (!intIsZero(feed.get())) {
      Ref data = TRY(callMethod_py(t, s->buffer, t.names().read, feed.get()));
      Ref text = TRY(callName(t, s->decoder, "decode", data.get(), Value::fromBool(!intIsZero(ends.get()))));
      if (!isStr(text.get())) return raiseTypeError(t, "decoder should return a string result, not '%s'", typeNameOf(t, text.get()));
      s->state->snapshot.assign(isBytes(data.get()) ? data.as<Bytes>()->view() : "");
      s->state->snapshot_ends = !intIsZero(ends.get());
      setField(s->snapshot_state, flags.get());
      setField(s->decoded, text.get());
      s->used = TRY(toInt64_py(t, skip.get()));
      if (s->used > text.as<Str>()->length) return raise(t, errors(t).os_error, "can't restore logical file position");
    }
  }
  TRY(resetEncoder_py(t, s, intIsZero(cookie)));
  return Ref::of(cookie);
}
Ref textSeek(Thread& t, const Value* a) {
  TextIO* s = self(a[0]);
  TRY(checkUsable_py(t, s));
  int whence = TRY(toCInt_py(t, a[2]));
  if (!s->seekable) return raiseUnsupported(t, "underlying stream is not seekable");
  if (!isIntLike(a[1])) return raiseTypeError(t, "'%s' object cannot be interpreted as an integer", typeNameOf(t, a[1]));
  if (whence == 1) {
    if (!intIsZero(a[1])) return raiseUnsupported(t, "can't do nonzero cur-relative seeks");
    Ref here = TRY(callName(t, a[0], "tell"));
    return seekTo_py(t, s, a[0], here.get());
  }
  if (whence == 2) {
    if (!intIsZero(a[1])) return raiseUnsupported(t, "can't do nonzero end-relative seeks");
    Ref flushed = TRY(callMethod_py(t, a[0], t.names().flush));
    forgetDecoded(s);
    if (s->decoder.defined()) {
      Ref done = TRY(callName(t, s->decoder, "reset"));
    }
    Ref at = TRY(callName(t, s->buffer, "seek", Value::fromInt(0), Value::fromInt(2)));
    TRY(resetEncoder_py(t, s, isIntLike(at.get()) && intIsZero(at.get())));
    return at;
  }
  if (whence != 0) return raiseValueError(t, "invalid whence (%d, should be %d, %d or %d)", whence, 0, 1, 2);
  if (intIsNegative(a[1])) return raiseValueError(t, "negative seek position %s", reprText_py(t, a[1]).c_str());
  return seekTo_py(t, s, a[0], a[1]);
}

}  // namespace krait::modules::io
