// StringIO: text in memory. While only appending, the text grows in a builder; any other use turns it into a Str that is
// read by slices. ref: Modules/_io/stringio.c.
#include "runtime/modules/io/io.h"
#include "runtime/object/heap.h"
#include "runtime/object/instance.h"
#include "runtime/object/int_conversions.h"

namespace krait::modules::io {

struct StringIO : IOBase {
  Value text;           // Str; the beginning of the contents when `builder` holds more
  StrBuilder* builder;  // not null while appending
  int64_t position;
  Value newline;        // Str or None, as given
  bool universal, translate, write_translate, ready;
  uint8_t seen;
};
static StringIO* self(Value v) { return v.as<StringIO>(); }
static StringIO* self(const Value* a) { return a[0].as<StringIO>(); }

static void dealloc(Object* o) {
  StringIO* s = static_cast<StringIO*>(o);
  decref(s->text);
  decref(s->newline);
  delete s->builder;
  deallocDict(s);
}
static Ref make(Thread& t, Type* type, const Value*, uint32_t, Tuple*) {
  StringIO* s = allocate<StringIO>(type);
  s->text = share(t.isolate->empty_str);
  s->newline = Value::none();
  gcTrack(s);
  return Ref::steal(s);
}
static Status checkOpen(Thread& t, const StringIO* s) {
  if (!s->ready) return raiseValueError(t, "I/O operation on uninitialized object");
  if (s->is_closed) return raiseClosedFile(t);
  return kDone;
}
// The whole text as one Str (borrowed).
static Str* whole(Thread& t, StringIO* s) {
  if (s->builder != nullptr) {
    Value old = s->text;
    s->text = s->builder->finish(t).release();
    decref(old);
    delete s->builder;
    s->builder = nullptr;
  }
  return s->text.as<Str>();
}
static int64_t lengthOf(const StringIO* s) { return s->builder != nullptr ? s->builder->size() : s->text.as<Str>()->length; }

static void put(Thread& t, StringIO* s, Str* text) {
  if (text->length == 0) return;
  if (s->position == lengthOf(s)) {
    if (s->builder == nullptr) {
      s->builder = new StrBuilder();
      s->builder->add(s->text.as<Str>());
    }
    s->builder->add(text);
    s->position += text->length;
    return;
  }
  Ref old = Ref::of(whole(t, s));
  StrBuilder out;
  int64_t n = old.as<Str>()->length;
  out.addSlice(old.as<Str>(), 0, s->position < n ? s->position : n);
  if (s->position > n) out.fill(0, s->position - n);
  out.add(text);
  s->position += text->length;
  if (s->position < n) out.addSlice(old.as<Str>(), s->position, n);
  decref(s->text);
  s->text = out.finish(t).release();
}
static Status writeText_py(Thread& t, StringIO* s, Value v) {
  Ref text = Ref::of(v);
  if (s->universal) text = translateNewlines(t, v.as<Str>(), s->translate, s->seen);
  if (s->write_translate) {
    Ref lf = newStr(t, "\n");
    text = callName(t, text.get(), "replace", lf.get(), s->newline);
    if (!text) return kRaised;
  }
  int64_t end = s->position + text.as<Str>()->length;
  if (end > int64_t{1} << 44 || !canAllocate(static_cast<size_t>(end))) return raiseMemoryError(t);
  put(t, s, text.as<Str>());
  return kDone;
}

static Status init(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "StringIO", "(initial_value='', newline='\n')", args, nargs, keywords, a));
  StringIO* s = self(v);
  Value newline = a[1];
  if (!newline.isNone() && !isStr(newline)) return raiseTypeError(t, "newline must be str or None, not %s", typeNameOf(t, newline));
  std::string text = newline.isNone() ? "" : toUtf8(newline.as<Str>());
  if (!newline.isNone() && text != "" && text != "\n" && text != "\r" && text != "\r\n") return raiseValueError(t, "illegal newline value: %s", reprText_py(t, newline).c_str());
  if (!a[0].isNone() && !isStr(a[0])) return raiseTypeError(t, "initial_value must be str or None, not %s", typeNameOf(t, a[0]));
  delete s->builder;
  s->builder = nullptr;
  Value old = s->text, old_newline = s->newline;
  s->text = share(t.isolate->empty_str);
  s->newline = share(newline);
  decref(old);
  decref(old_newline);
  s->position = 0;
  s->seen = 0;
  s->is_closed = false;
  s->translate = newline.isNone();
  s->universal = text.empty();
  s->write_translate = !text.empty() && text[0] == '\r';
  s->ready = true;
  if (a[0].isNone() || a[0].as<Str>()->length == 0) return kDone;
  if (isExactStr(a[0]) && !s->universal && !s->write_translate) {
    decref(s->text);
    s->text = share(a[0]);
  } else {
    TRY(writeText_py(t, s, a[0]));
  }
  s->position = 0;
  return kDone;
}

static Ref take(Thread& t, StringIO* s, int64_t end) {
  Str* text = whole(t, s);
  int64_t from = s->position < text->length ? s->position : text->length;
  if (end < from) end = from;
  Ref r = from == 0 && end == text->length ? Ref::of(text) : strSlice(t, text, from, end);
  if (end > s->position) s->position = end;
  return r;
}
static Ref read(Thread& t, const Value* a) {
  TRY(checkOpen(t, self(a)));
  int64_t n = TRY(sizeArg_py(t, a[1])), length = lengthOf(self(a));
  int64_t left = length - self(a)->position;
  return take(t, self(a), n < 0 || n > left ? length : self(a)->position + n);
}
static int64_t lineEnd(Thread& t, StringIO* s, int64_t limit) {
  Str* text = whole(t, s);
  Value newline = s->newline.isNone() || s->newline.as<Str>()->length == 0 ? Value() : s->newline;
  int64_t end = findLineEnd(text, s->position, s->translate, s->universal, newline);
  if (end < 0) end = text->length;
  if (limit >= 0 && end - s->position > limit) end = s->position + limit;
  return end;
}
static Ref readline(Thread& t, const Value* a) {
  TRY(checkOpen(t, self(a)));
  int64_t limit = TRY(sizeArg_py(t, a[1]));
  return take(t, self(a), lineEnd(t, self(a), limit));
}
static Ref next(Thread& t, Value v) {
  TRY(checkOpen(t, self(v)));
  Ref line = v.object()->type == types.string_io ? take(t, self(v), lineEnd(t, self(v), -1)) : callMethod_py(t, v, t.names().readline);
  if (!line || !isStr(line.get())) {
    if (line) return raise(t, errors(t).os_error, "readline() should have returned a str object, not '%s'", typeNameOf(t, line.get()));
    return Ref();
  }
  if (line.as<Str>()->length == 0) return Ref();
  return line;
}
static Ref write(Thread& t, const Value* a) {
  TRY(checkOpen(t, self(a)));
  if (!isStr(a[1])) return raiseTypeError(t, "string argument expected, got '%s'", typeNameOf(t, a[1]));
  TRY(writeText_py(t, self(a), a[1]));
  return newIntSmall(a[1].as<Str>()->length);
}
static Ref getvalue(Thread& t, const Value* a) {
  TRY(checkOpen(t, self(a)));
  return Ref::of(whole(t, self(a)));
}
static Ref tell(Thread& t, const Value* a) {
  TRY(checkOpen(t, self(a)));
  return newInt(t, self(a)->position);
}
static Ref seek(Thread& t, const Value* a) {
  StringIO* s = self(a);
  TRY(checkOpen(t, s));
  int64_t offset = TRY(toInt64_py(t, a[1]));
  int whence = TRY(toCInt_py(t, a[2]));
  if (whence != 0 && whence != 1 && whence != 2) return raiseValueError(t, "Invalid whence (%i, should be 0, 1 or 2)", whence);
  if (offset < 0 && whence == 0) return raiseValueError(t, "Negative seek position %ld", static_cast<long>(offset));
  if (whence != 0 && offset != 0) return raise(t, errors(t).os_error, "Can't do nonzero cur-relative seeks");
  if (whence == 1) offset = s->position;
  if (whence == 2) offset = lengthOf(s);
  s->position = offset;
  return newInt(t, offset);
}
static Ref truncate(Thread& t, const Value* a) {
  StringIO* s = self(a);
  TRY(checkOpen(t, s));
  int64_t size = a[1].isNone() ? s->position : TRY(toSize_py(t, a[1]));
  if (size < 0) return raiseValueError(t, "Negative size value %ld", static_cast<long>(size));
  if (size < lengthOf(s)) {
    Ref cut = strSlice(t, whole(t, s), 0, size);
    decref(s->text);
    s->text = cut.release();
  }
  return newInt(t, size);
}
static Ref yes(Thread& t, const Value* a) {
  TRY(checkOpen(t, self(a)));
  return Ref::boolean(true);
}
static Ref close(Thread&, const Value* a) {
  self(a)->is_closed = true;
  delete self(a)->builder;
  self(a)->builder = nullptr;
  return Ref::none();
}
static Ref getClosed(Thread&, Value v) { return Ref::boolean(self(v)->is_closed); }
static Ref getLineBuffering(Thread& t, Value v) {
  TRY(checkOpen(t, self(v)));
  return Ref::boolean(false);
}
static Ref getNewlines(Thread& t, Value v) {
  TRY(checkOpen(t, self(v)));
  return self(v)->universal ? newlinesSeen(t, self(v)->seen) : Ref::none();
}
static Ref getstate(Thread& t, const Value* a) {
  TRY(checkOpen(t, self(a)));
  Ref dict = self(a)->dict != nullptr ? dictCopy(t, self(a)->dict) : Ref::none();
  return tupleOf(t, {whole(t, self(a)), self(a)->newline, Value::fromInt(self(a)->position), dict.get()});
}
static Ref setstate(Thread& t, const Value* a) {
  if (self(a)->is_closed) return raiseClosedFile(t);
  if (!isTuple(a[1]) || a[1].as<Tuple>()->size < 4) return raiseTypeError(t, "%s.__setstate__ argument should be 4-tuple, got %s", typeNameOf(t, a[0]), typeNameOf(t, a[1]));
  const Value* s = a[1].as<Tuple>()->items();
  Ref empty = newStr(t, "");
  Value args[2] = {empty.get(), s[1]};
  TRY(init(t, a[0], args, 2, nullptr));
  if (!isStr(s[0]) && !s[0].isNone()) return raiseTypeError(t, "initial_value must be str or None, not %s", typeNameOf(t, s[0]));
  if (isStr(s[0])) put(t, self(a), s[0].as<Str>());
  int64_t at = TRY(toInt64_py(t, s[2]));
  if (at < 0) return raiseValueError(t, "position value cannot be negative");
  self(a)->position = at;
  if (!isDict(s[3]) && !s[3].isNone()) return raiseTypeError(t, "fourth item of state should be a dict, got a %s", typeNameOf(t, s[3]));
  if (isDict(s[3])) TRY(dictMerge_py(t, objectDict(t, a[0].object()), s[3]));
  return Ref::none();
}
static const NativeDef kMethods[] = {
    {"read", "($self, size=-1, /)", read}, {"readline", "($self, size=-1, /)", readline}, {"write", "($self, s, /)", write}, {"getvalue", "($self, /)", getvalue},
    {"tell", "($self, /)", tell}, {"seek", "($self, pos, whence=0, /)", seek}, {"truncate", "($self, pos=None, /)", truncate}, {"readable", "($self, /)", yes},
    {"writable", "($self, /)", yes}, {"seekable", "($self, /)", yes}, {"close", "($self, /)", close}, {"__getstate__", "($self, /)", getstate},
    {"__setstate__", "($self, state, /)", setstate}, {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {{"closed", getClosed}, {"line_buffering", getLineBuffering}, {"newlines", getNewlines}, {nullptr, nullptr}};

void addStringIOType(Thread& t, Module* m) {
  Type* type = types.string_io = makeType(*t.isolate, {.name = "_io.StringIO", .size = sizeof(StringIO), .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable, .base = types.text_base,
      .methods = kMethods, .getsets = kGetSets, .doc = "Text I/O implementation using an in-memory buffer.", .dict_offset = kDictOffset});
  type->slots.dealloc = dealloc;
  type->slots.make = make;
  type->slots.init = init;
  type->slots.next = next;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
}

}  // namespace krait::modules::io
