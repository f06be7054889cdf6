// Reading JSON: scanstring and the scanner object that json.decoder calls. Positions are characters of the text.
// ref: Modules/_json.c; messages of Lib/json/decoder.py.
#include "runtime/modules/json/json.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/import.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

struct Scanner : Object {
  Value object_hook, object_pairs_hook, parse_float, parse_int, parse_constant;
  bool strict;
};
static Type* scanner_type;

static RaisedTag decodeError(Thread& t, const char* message, Value text, int64_t at) {
  Ref said = newStr(t, message), type = importAttr_py(t, "json.decoder", "JSONDecodeError");
  Ref e = type ? callArgs_py(t, type.get(), said.get(), text, Value::fromInt(at)) : Ref();
  return e ? raiseException(t, e.get()) : kRaised;
}

namespace {
class Reader {
 public:
  Reader(Thread& t, Str* text, const Scanner* s) : t_(t), text_(text), s_(s), length_(text->length) {}
  Ref value(int64_t& at);
  Ref string(int64_t& at, bool strict);

 private:
  char32_t peek(int64_t at) const { return at < length_ ? text_->at(at) : 0; }
  void skipSpace(int64_t& at) const {
    while (at < length_ && (peek(at) == ' ' || peek(at) == '\n' || peek(at) == '\t' || peek(at) == '\r')) ++at;
  }
  bool isWord(int64_t at, const char* word) const {
    for (; *word != '\0'; ++word, ++at) {
      if (peek(at) != static_cast<unsigned char>(*word)) return false;
    }
    return true;
  }
  RaisedTag fail(const char* message, int64_t at) { return decodeError(t_, message, text_, at); }
  RaisedTag stop(int64_t at) { return raiseStopIteration(t_, Value::fromInt(at)); }
  // A value inside a container: its absence is an error of the text.
  Ref member(int64_t& at) {
    Ref v = value(at);
    if (!v && pendingMatches(t_, errors(t_).stop_iteration)) {
      Ref stopped = takeException(t_), where = getAttr_py(t_, stopped.get(), t_.names().value);
      return fail("Expecting value", where && where.get().isInt() ? where.get().asInt() : at);
    }
    return v;
  }
  Ref object(int64_t& at);
  Ref array(int64_t& at);
  Ref number(int64_t& at);
  Ref constant(const char* name, int64_t& at, int64_t size) {
    Ref text = newStr(t_, name), r = callArgs_py(t_, s_->parse_constant, text.get());
    at += size;
    return r;
  }
  Fallible<char32_t> escapedUnit(int64_t at) {
    char32_t c = 0;
    for (int i = 0; i < 4; ++i) {
      char32_t d = peek(at + i);
      int digit = d >= '0' && d <= '9' ? static_cast<int>(d - '0') : (d | 32) >= 'a' && (d | 32) <= 'f' ? static_cast<int>((d | 32) - 'a' + 10) : -1;
      if (digit < 0) {
        (void)fail("Invalid \\uXXXX escape", at - 1);
        return kRaised;
      }
      c = c << 4 | static_cast<char32_t>(digit);
    }
    return c;
  }

  Thread& t_;
  Str* text_;
  const Scanner* s_;
  int64_t length_;
  Ref memo_;  // keys seen: equal keys share one str
};

// From after the opening quote; `at` becomes the place after the closing one.
Ref Reader::string(int64_t& at, bool strict) {
  int64_t begin = at - 1, from = at;
  while (at < length_) {
    char32_t c = text_->at(at);
    if (c == '"') {
      ++at;
      return strSlice(t_, text_, from, at - 1);
    }
    if (c == '\\' || (c < 0x20 && strict)) break;
    ++at;
  }
  StrBuilder out;
  out.addSlice(text_, from, at);
  while (at < length_) {
    char32_t c = text_->at(at++);
    if (c == '"') return out.finish(t_);
    if (c != '\\') {
      if (c < 0x20 && strict) return fail("Invalid control character at", at - 1);
      out.add(c);
      continue;
    }
    if (at >= length_) break;
    c = text_->at(at++);
    switch (c) {
      case '"': case '\\': case '/': out.add(c); break;
      case 'b': out.add('\b'); break;
      case 'f': out.add('\f'); break;
      case 'n': out.add('\n'); break;
      case 'r': out.add('\r'); break;
      case 't': out.add('\t'); break;
      case 'u': {
        char32_t unit = TRY(escapedUnit(at));
        at += 4;
        if (unit >= 0xD800 && unit < 0xDC00 && peek(at) == '\\' && peek(at + 1) == 'u') {
          char32_t low = TRY(escapedUnit(at + 2));
          if (low >= 0xDC00 && low < 0xE000) {
            unit = 0x10000 + ((unit - 0xD800) << 10 | (low - 0xDC00));
            at += 6;
          }
        }
        out.add(unit);
        break;
      }
      default: return fail("Invalid \\escape", at - 2);
    }
  }
  return fail("Unterminated string starting at", begin);
}

Ref Reader::object(int64_t& at) {
  bool pairs = !s_->object_pairs_hook.isNone();
  Ref out = pairs ? newList(t_) : newDict(t_);
  skipSpace(at);
  if (peek(at) == '}' && at < length_) ++at;
  else for (;;) {
    if (peek(at) != '"') return fail("Expecting property name enclosed in double quotes", at);
    Ref key = string(++at, s_->strict);
    if (!key) return Ref();
    if (!memo_) memo_ = newDict(t_);
    Value known = dictGetStr(memo_.as<Dict>(), key.as<Str>());
    if (known.defined()) key = Ref::of(known);
    else dictSetStr(memo_.as<Dict>(), key.as<Str>(), key.get());
    skipSpace(at);
    if (peek(at) != ':') return fail("Expecting ':' delimiter", at);
    skipSpace(++at);
    Ref v = member(at);
    if (!v) return Ref();
    if (pairs) listAppendSteal(out.as<List>(), tupleOf(t_, {key.get(), v.get()}).release());
    else dictSetStr(out.as<Dict>(), key.as<Str>(), v.get());
    skipSpace(at);
    if (peek(at) == '}') {
      ++at;
      break;
    }
    if (peek(at) != ',') return fail("Expecting ',' delimiter", at);
    int64_t comma = at;
    skipSpace(++at);
    if (peek(at) == '}') return fail("Illegal trailing comma before end of object", comma);
  }
  if (pairs) return callArgs_py(t_, s_->object_pairs_hook, out.get());
  return s_->object_hook.isNone() ? std::move(out) : callArgs_py(t_, s_->object_hook, out.get());
}

Ref Reader::array(int64_t& at) {
  Ref out = newList(t_);
  skipSpace(at);
  if (peek(at) == ']') {
    ++at;
    return out;
  }
  for (;;) {
    Ref v = member(at);
    if (!v) return Ref();
    listAppendSteal(out.as<List>(), v.release());
    skipSpace(at);
    if (peek(at) == ']') {
      ++at;
      return out;
    }
    if (peek(at) != ',') return fail("Expecting ',' delimiter", at);
    int64_t comma = at;
    skipSpace(++at);
    if (peek(at) == ']') return fail("Illegal trailing comma before end of array", comma);
  }
}

Ref Reader::number(int64_t& at) {
  int64_t i = at, start = at;
  auto isDigit = [&](int64_t k) { return peek(k) >= '0' && peek(k) <= '9'; };
  auto digits = [&] {
    while (isDigit(i)) ++i;
  };
  if (peek(i) == '-') ++i;
  if (!isDigit(i)) return stop(start);
  if (peek(i) == '0') ++i;
  else digits();
  bool is_float = false;
  if (peek(i) == '.' && isDigit(i + 1)) {
    is_float = true;
    ++i;
    digits();
  }
  if ((peek(i) | 32) == 'e') {
    int64_t e = i + 1 + (peek(i + 1) == '+' || peek(i + 1) == '-');
    if (isDigit(e)) {
      is_float = true;
      i = e;
      digits();
    }
  }
  at = i;
  Value parse = is_float ? s_->parse_float : s_->parse_int;
  bool is_plain = parse == Value(is_float ? t_.types().float_ : t_.types().int_);
  if (is_plain && text_->is_ascii) {
    std::string_view digits_text = text_->ascii().substr(static_cast<size_t>(start), static_cast<size_t>(i - start));
    double d;
    if (is_float && floatFromText(digits_text, d)) return newFloat(d);
    if (!is_float && digits_text.size() < 18) {
      int64_t n = 0;
      bool negative = digits_text[0] == '-';
      for (char c : digits_text.substr(negative)) n = n * 10 + (c - '0');
      return newInt(t_, negative ? -n : n);
    }
  }
  Ref piece = strSlice(t_, text_, start, i);
  return callArgs_py(t_, parse, piece.get());
}

Ref Reader::value(int64_t& at) {
  if (at >= length_) return stop(at);
  if (checkRecursion(t_, " while decoding a JSON document from a unicode string").failed) return Ref();
  switch (text_->at(at)) {
    case '"': return string(++at, s_->strict);
    case '{': return object(++at);
    case '[': return array(++at);
    case 'n': if (isWord(at, "null")) { at += 4; return Ref::none(); } break;
    case 't': if (isWord(at, "true")) { at += 4; return Ref::boolean(true); } break;
    case 'f': if (isWord(at, "false")) { at += 5; return Ref::boolean(false); } break;
    case 'N': if (isWord(at, "NaN")) return constant("NaN", at, 3); break;
    case 'I': if (isWord(at, "Infinity")) return constant("Infinity", at, 8); break;
    case '-': if (isWord(at, "-Infinity")) return constant("-Infinity", at, 9); break;
    default: break;
  }
  return number(at);
}
}  // namespace

// (string, end, strict=True) -> (string, end)
Ref jsonScanString(Thread& t, const Value* a) {
  int64_t at = TRY(toInt64_py(t, a[1]));
  if (!isStr(a[0])) return raiseTypeError(t, "first argument must be a string, not %s", typeNameOf(t, a[0]));
  if (at < 0 || at > a[0].as<Str>()->length) return raiseValueError(t, "end is out of bounds");
  Ref s = TRY(Reader(t, a[0].as<Str>(), nullptr).string(at, TRY(isTrue_py(t, a[2]))));
  return tupleOf(t, {s.get(), Value::fromInt(at)});
}

static Ref scannerMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "make_scanner", "(context)", args, nargs, keywords, a));
  Scanner* s = allocate<Scanner>(type);
  Ref r = Ref::steal(s);
  gcTrack(s);
  static constexpr const char* kNames[] = {"object_hook", "object_pairs_hook", "parse_float", "parse_int", "parse_constant"};
  Value* slots[] = {&s->object_hook, &s->object_pairs_hook, &s->parse_float, &s->parse_int, &s->parse_constant};
  for (int i = 0; i < 5; ++i) *slots[i] = TRY(getAttrNamed_py(t, a[0], kNames[i])).release();
  Ref strict = TRY(getAttr_py(t, a[0], t.names().strict));
  s->strict = TRY(isTrue_py(t, strict.get()));
  return r;
}
static Ref scannerCall(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "scan_once", "(string, idx)", args, nargs, keywords, a));
  if (!isStr(a[0])) return raiseTypeError(t, "first argument must be a string, not %s", typeNameOf(t, a[0]));
  int64_t at = TRY(toInt64_py(t, a[1]));
  if (at < 0) return raiseValueError(t, "idx cannot be negative");
  Ref value = TRY(Reader(t, a[0].as<Str>(), v.as<Scanner>()).value(at));
  return tupleOf(t, {value.get(), Value::fromInt(at)});
}
template <Value Scanner::*Field>
static Ref getField(Thread&, Value v) { return Ref::of(v.as<Scanner>()->*Field); }
static Ref getStrict(Thread&, Value v) { return Ref::boolean(v.as<Scanner>()->strict); }
static const GetSetDef kGetSets[] = {{"strict", getStrict}, {"object_hook", getField<&Scanner::object_hook>},
    {"object_pairs_hook", getField<&Scanner::object_pairs_hook>}, {"parse_float", getField<&Scanner::parse_float>},
    {"parse_int", getField<&Scanner::parse_int>}, {"parse_constant", getField<&Scanner::parse_constant>}, {nullptr, nullptr}};

void addJsonScanner(Thread& t, Module* m) {
  Type* type = scanner_type = makeType(*t.isolate, {.name = "_json.Scanner", .size = sizeof(Scanner), .flags = kTypeGc | kTypeBaseable, .getsets = kGetSets});
  type->slots.dealloc = [](Object* o) {
    Scanner* s = static_cast<Scanner*>(o);
    for (Value v : {s->object_hook, s->object_pairs_hook, s->parse_float, s->parse_int, s->parse_constant}) decref(v);
  };
  type->slots.traverse = [](Object* o, Visitor visitor, void* context) {
    Scanner* s = static_cast<Scanner*>(o);
    for (Value v : {s->object_hook, s->object_pairs_hook, s->parse_float, s->parse_int, s->parse_constant}) visit(v, visitor, context);
  };
  type->slots.make = scannerMake;
  type->slots.call = scannerCall;
  readyType(*t.isolate, type);
  moduleSet(t, m, "make_scanner", type);
}

}  // namespace krait::modules
