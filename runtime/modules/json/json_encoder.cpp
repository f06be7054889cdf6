// Writing JSON: the two string quoters, and the encoder object behind JSONEncoder.iterencode. It gives a tuple with one str.
// ref: Modules/_json.c.
#include "runtime/modules/json/json.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

struct Encoder : Object {
  Value markers, fallback, quote, indent, key_separator, item_separator;
  bool sort_keys, skip_keys, allow_nan;
  int quoter;  // 1: ASCII, 2: any character, 0: a Python function
};

static void addUnit(StrBuilder& out, char32_t unit) {
  char text[8];
  std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned>(unit));
  out.addAscii(text);
}
static void addQuoted(StrBuilder& out, const Str* s, bool ascii) {
  out.add('"');
  int64_t from = 0, i = 0;
  for (; i < s->length; ++i) {
    char32_t c = s->at(i);
    if (c >= 0x20 && c != '"' && c != '\\' && (c < 0x7F || !ascii)) continue;
    if (i > from) out.addSlice(s, from, i);
    from = i + 1;
    switch (c) {
      case '"': out.addAscii("\\\""); break;
      case '\\': out.addAscii("\\\\"); break;
      case '\b': out.addAscii("\\b"); break;
      case '\f': out.addAscii("\\f"); break;
      case '\n': out.addAscii("\\n"); break;
      case '\r': out.addAscii("\\r"); break;
      case '\t': out.addAscii("\\t"); break;
      default:
        if (c >= 0x10000) {
          addUnit(out, 0xD800 + ((c - 0x10000) >> 10));
          addUnit(out, 0xDC00 + ((c - 0x10000) & 0x3FF));
        } else {
          addUnit(out, c);
        }
    }
  }
  if (i > from) out.addSlice(s, from, i);
  out.add('"');
}
static Ref quoted(Thread& t, const Value* a, bool ascii) {
  if (!isStr(a[0])) return raiseTypeError(t, "first argument must be a string, not %s", typeNameOf(t, a[0]));
  StrBuilder out;
  addQuoted(out, a[0].as<Str>(), ascii);
  return out.finish(t);
}
Ref jsonQuoteAscii(Thread& t, const Value* a) { return quoted(t, a, true); }
Ref jsonQuote(Thread& t, const Value* a) { return quoted(t, a, false); }

namespace {
class Writer {
 public:
  Writer(Thread& t, const Encoder* e) : t_(t), e_(e) {}
  Status value(Value v, int64_t level);
  Ref finish() { return out_.finish(t_); }

 private:
  Status text(Str* s) {
    if (e_->quoter != 0) {
      addQuoted(out_, s, e_->quoter == 1);
      return kDone;
    }
    Ref r = TRY(callArgs_py(t_, e_->quote, s));
    if (!isStr(r.get())) return raiseTypeError(t_, "encoder() must return a string, not %s", typeNameOf(t_, r.get()));
    out_.add(r.as<Str>());
    return kDone;
  }
  Status number(double d) {
    if (d - d == 0) {
      out_.addAscii(floatRepr(d));
      return kDone;
    }
    if (!e_->allow_nan) return raiseValueError(t_, "Out of range float values are not JSON compliant: %s", floatRepr(d).c_str());
    out_.addAscii(d != d ? "NaN" : d > 0 ? "Infinity" : "-Infinity");
    return kDone;
  }
  Status integer(Value v) {
    if (v.isInt()) {
      out_.addAscii(std::to_string(v.asInt()));
      return kDone;
    }
    Ref plain = TRY(intToStr_py(t_, v));
    out_.add(plain.as<Str>());
    return kDone;
  }
  Status enter(Value v, Ref& id) {
    if (e_->markers.isNone()) return kDone;
    id = newInt(t_, static_cast<int64_t>(v.bits));
    if (TRY(contains_py(t_, e_->markers, id.get()))) return raiseValueError(t_, "Circular reference detected");
    return dictSet_py(t_, e_->markers.as<Dict>(), id.get(), v);
  }
  Status leave(const Ref& id) {
    if (id) (void)TRY(dictDelete_py(t_, e_->markers.as<Dict>(), id.get()));
    return kDone;
  }
  void newline(int64_t level) {
    if (e_->indent.isNone()) return;
    out_.add('\n');
    for (int64_t i = 0; i < level; ++i) out_.add(e_->indent.as<Str>());
  }
  Status list(Value v, int64_t level);
  Status dict(Value v, int64_t level);
  Status pair(Value key, Value v, bool& first, int64_t level);

  Thread& t_;
  const Encoder* e_;
  StrBuilder out_;
};

// Tells the pending exception what was being written.
static Status addNote(Thread& t, const std::string& text) {
  if (!pendingMatches(t, errors(t).exception)) return kRaised;
  Ref e = takeException(t), note = newStr(t, text);
  Ref done = callMethod_py(t, e.get(), intern(*t.isolate, "add_note"), note.get());
  if (!done) clearException(t);
  restoreException(t, std::move(e));
  return kRaised;
}

Status Writer::list(Value v, int64_t level) {
  // A list may change while what it holds is written.
  Ref held = Ref::of(v), id;
  auto size = [&] { return isTuple(v) ? v.as<Tuple>()->size : v.as<List>()->size; };
  if (size() == 0) {
    out_.addAscii("[]");
    return kDone;
  }
  TRY(enter(v, id));
  out_.add('[');
  for (int64_t i = 0; i < size(); ++i) {
    if (i > 0) out_.add(e_->item_separator.as<Str>());
    newline(level + 1);
    Ref item = Ref::of(isTuple(v) ? v.as<Tuple>()->items()[i] : v.as<List>()->items[i]);
    if (value(item.get(), level + 1).failed) return addNote(t_, format("when serializing %s item %ld", typeNameOf(t_, v), static_cast<long>(i)));
  }
  TRY(leave(id));
  newline(level);
  out_.add(']');
  return kDone;
}

Status Writer::pair(Value key, Value v, bool& first, int64_t level) {
  Ref name;
  if (isStr(key)) name = Ref::of(key);
  else if (isFloatLike(key)) {
    double d = floatValue(key);
    if (d - d != 0 && !e_->allow_nan) return raiseValueError(t_, "Out of range float values are not JSON compliant: %s", floatRepr(d).c_str());
    name = newStr(t_, d - d == 0 ? floatRepr(d) : d != d ? "NaN" : d > 0 ? "Infinity" : "-Infinity");
  } else if (key.isNone() || key.isBool()) name = newStr(t_, key.isNone() ? "null" : key.isTrue() ? "true" : "false");
  else if (isIntLike(key)) name = TRY(intToStr_py(t_, key));
  else if (e_->skip_keys) return kDone;
  else return raiseTypeError(t_, "keys must be str, int, float, bool or None, not %s", typeNameOf(t_, key));
  if (!first) out_.add(e_->item_separator.as<Str>());
  first = false;
  newline(level + 1);
  TRY(text(name.as<Str>()));
  out_.add(e_->key_separator.as<Str>());
  if (!value(v, level + 1).failed) return kDone;
  Ref e = takeException(t_);
  std::string shown = reprText_py(t_, key);
  restoreException(t_, std::move(e));
  return addNote(t_, "when serializing dict item " + shown);
}

Status Writer::dict(Value v, int64_t level) {
  Ref id;
  if (v.as<Dict>()->used == 0) {
    out_.addAscii("{}");
    return kDone;
  }
  TRY(enter(v, id));
  out_.add('{');
  bool first = true;
  bool is_plain = isExact(v, TypeId::kDict) && !e_->sort_keys;
  if (is_plain) {
    Value key, item;
    for (int64_t at = 0; dictNext(v.as<Dict>(), at, key, item);) {
      Ref held_key = Ref::of(key), held = Ref::of(item);
      TRY(pair(key, item, first, level));
    }
  } else {
    Ref view = TRY(callMethod_py(t_, v, t_.names().items)), items = TRY(listFromIterable_py(t_, view.get()));
    if (e_->sort_keys) TRY(listSort_py(t_, items.as<List>(), Value::none(), false));
    for (int64_t i = 0; i < items.as<List>()->size; ++i) {
      Ref one = Ref::of(items.as<List>()->items[i]);
      if (!isTuple(one.get()) || one.as<Tuple>()->size != 2) return raiseValueError(t_, "items must return 2-tuples");
      TRY(pair(one.as<Tuple>()->items()[0], one.as<Tuple>()->items()[1], first, level));
    }
  }
  TRY(leave(id));
  if (!first) newline(level);
  out_.add('}');
  return kDone;
}

Status Writer::value(Value v, int64_t level) {
  if (v.isNone()) return out_.addAscii("null"), Status(kDone);
  if (v.isBool()) return out_.addAscii(v.isTrue() ? "true" : "false"), Status(kDone);
  if (isStr(v)) return text(v.as<Str>());
  if (isIntLike(v)) return integer(v);
  if (isFloatLike(v)) return number(floatValue(v));
  TRY(checkRecursion(t_, " while encoding a JSON object"));
  if (isDict(v)) return dict(v, level);
  if (isList(v) || isTuple(v)) return list(v, level);
  Ref id;
  TRY(enter(v, id));
  Ref other = TRY(callArgs_py(t_, e_->fallback, v));
  Status done = value(other.get(), level);
  if (done.failed) return addNote(t_, std::string("when serializing ") + typeNameOf(t_, v) + " object");
  return leave(id);
}
}  // namespace

static Ref encoderMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "make_encoder", "(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)", args,
                       nargs, keywords, a));
  if (!a[0].isNone() && !isDict(a[0])) return raiseTypeError(t, "make_encoder() argument 1 must be dict or None, not %s", typeNameOf(t, a[0]));
  for (int i = 4; i < 6; ++i) {
    if (!isStr(a[static_cast<size_t>(i)])) return raiseTypeError(t, "make_encoder() argument %d must be str, not %s", i + 1, typeNameOf(t, a[static_cast<size_t>(i)]));
  }
  bool flags[3];
  for (size_t i = 0; i < 3; ++i) flags[i] = TRY(isTrue_py(t, a[6 + i]));
  Encoder* e = allocate<Encoder>(type);
  Value* slots[] = {&e->markers, &e->fallback, &e->quote, &e->indent, &e->key_separator, &e->item_separator};
  for (size_t i = 0; i < 6; ++i) *slots[i] = share(a[i]);
  e->sort_keys = flags[0];
  e->skip_keys = flags[1];
  e->allow_nan = flags[2];
  if (isExact(a[2], TypeId::kNativeFunction)) {
    NativeFn fn = a[2].as<NativeFunction>()->def->fn;
    e->quoter = fn == jsonQuoteAscii ? 1 : fn == jsonQuote ? 2 : 0;
  }
  gcTrack(e);
  return Ref::steal(e);
}
static Ref encoderCall(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "_iterencode", "(obj, _current_indent_level)", args, nargs, keywords, a));
  Writer writer(t, v.as<Encoder>());
  TRY(writer.value(a[0], TRY(toInt64_py(t, a[1]))));
  Ref text = writer.finish();
  return tupleOf(t, {text.get()});
}
void addJsonEncoder(Thread& t, Module* m) {
  Type* type = makeType(*t.isolate, {.name = "_json.Encoder", .size = sizeof(Encoder), .flags = kTypeGc | kTypeBaseable});
  type->slots.dealloc = [](Object* o) {
    Encoder* e = static_cast<Encoder*>(o);
    for (Value v : {e->markers, e->fallback, e->quote, e->indent, e->key_separator, e->item_separator}) decref(v);
  };
  type->slots.traverse = [](Object* o, Visitor visitor, void* context) {
    Encoder* e = static_cast<Encoder*>(o);
    for (Value v : {e->markers, e->fallback, e->quote}) visit(v, visitor, context);
  };
  type->slots.make = encoderMake;
  type->slots.call = encoderCall;
  readyType(*t.isolate, type);
  moduleSet(t, m, "make_encoder", type);
}

static const NativeDef kFunctions[] = {{"scanstring", "(string, end, strict=True, /)", jsonScanString},
    {"encode_basestring_ascii", "(string, /)", jsonQuoteAscii}, {"encode_basestring", "(string, /)", jsonQuote}, {nullptr, nullptr, nullptr}};
static Status initModule(Thread& t, Module* m) {
  addJsonScanner(t, m);
  addJsonEncoder(t, m);
  return kDone;
}
extern const NativeModule kJsonModule;
const NativeModule kJsonModule = {"_json", "json speedups", kFunctions, initModule};

}  // namespace krait::modules
