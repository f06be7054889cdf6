// The `_string` module: the parts of format strings, for string.Formatter. ref: Objects/stringlib/unicode_format.h,
// formatter_parser and formatter_field_name_split.
#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

static Status needStr(Thread& t, Value v) {
  if (isStr(v)) return kDone;
  return raiseTypeError(t, "expected str, got %s", typeNameOf(t, v));
}

// The replacement field that begins at `at` (behind its brace): literal text's companion (name, spec, conversion).
// `at` moves behind the closing brace. ref: parse_field.
static Status parseField(Thread& t, Str* s, int64_t& at, Value* parts, Ref* owned) {
  int64_t begin = at, brackets = 0;
  int64_t name_end = at;
  for (; name_end < s->length; ++name_end) {
    char32_t c = s->at(name_end);
    if (c == '{') return raiseValueError(t, "unexpected '{' in field name");
    if (c == '[') brackets = 1;
    if (c == ']') brackets = 0;
    if (!brackets && (c == '}' || c == ':' || c == '!')) break;
  }
  if (name_end >= s->length) return raiseValueError(t, "expected '}' before end of string");
  owned[0] = strSlice(t, s, begin, name_end);
  owned[1] = strSlice(t, s, 0, 0);
  at = name_end;
  if (s->at(at) == '!') {
    if (at + 1 >= s->length) return raiseValueError(t, "end of string while looking for conversion specifier");
    owned[2] = strFromChar(t, s->at(at + 1));
    at += 2;
    if (at >= s->length) return raiseValueError(t, "unmatched '{' in format spec");
    if (s->at(at) != ':' && s->at(at) != '}') return raiseValueError(t, "expected ':' after conversion specifier");
  }
  if (s->at(at) == ':') {
    int64_t spec = ++at, depth = 1;
    for (; at < s->length; ++at) {
      if (s->at(at) == '{') ++depth;
      if (s->at(at) == '}' && --depth == 0) break;
    }
    if (at >= s->length) return raiseValueError(t, "unmatched '{' in format spec");
    owned[1] = strSlice(t, s, spec, at);
  }
  ++at;
  for (int i = 0; i < 3; ++i) parts[i + 1] = owned[i] ? owned[i].get() : Value::none();
  return kDone;
}

// The literal text from `at` on, doubled braces made single; `is_field`: a field follows. ref: MarkupIterator_next.
static Fallible<bool> parseLiteral(Thread& t, Str* s, int64_t& at, StrBuilder& out) {
  while (at < s->length) {
    char32_t c = s->at(at++);
    if (c != '{' && c != '}') {
      out.add(c);
      continue;
    }
    bool is_double = at < s->length && s->at(at) == c;
    if (is_double) {
      out.add(c);
      ++at;
      return false;
    }
    if (c == '}') return raiseValueError(t, "Single '}' encountered in format string");
    if (at >= s->length) return raiseValueError(t, "Single '{' encountered in format string");
    return true;
  }
  return false;
}

static Ref formatterParser(Thread& t, const Value* a) {
  TRY(needStr(t, a[0]));
  Str* s = a[0].as<Str>();
  Ref list = newList(t);
  for (int64_t at = 0; at < s->length;) {
    StrBuilder literal;
    Value parts[4] = {Value(), Value::none(), Value::none(), Value::none()};
    Ref owned[3];
    bool is_field = TRY(parseLiteral(t, s, at, literal));
    if (is_field) TRY(parseField(t, s, at, parts, owned));
    Ref text = literal.finish(t);
    parts[0] = text.get();
    listAppendSteal(list.as<List>(), tupleFrom(t, parts, 4).release());
  }
  return iter_py(t, list.get());
}

// A number if the text is all digits, else the text.
static Ref keyOf(Thread& t, Str* s, int64_t begin, int64_t end) {
  int64_t value = 0;
  bool is_number = begin < end;
  for (int64_t i = begin; i < end && is_number; ++i) {
    char32_t c = s->at(i);
    is_number = c >= '0' && c <= '9';
    if (is_number && value > (INT64_MAX - 9) / 10) return raiseValueError(t, "Too many decimal digits in format string");
    if (is_number) value = value * 10 + (c - '0');
  }
  return is_number ? newInt(t, value) : strSlice(t, s, begin, end);
}

// "a.b[0]" -> "a" and the steps (is attribute, name).
static Ref fieldNameSplit(Thread& t, const Value* a) {
  TRY(needStr(t, a[0]));
  Str* s = a[0].as<Str>();
  int64_t at = 0;
  while (at < s->length && s->at(at) != '.' && s->at(at) != '[') ++at;
  Ref first = TRY(keyOf(t, s, 0, at));
  Ref list = newList(t);
  while (at < s->length) {
    bool is_attribute = s->at(at) == '.';
    if (!is_attribute && s->at(at) != '[') return raiseValueError(t, "Only '.' or '[' may follow ']' in format field specifier");
    int64_t begin = ++at;
    while (at < s->length && (is_attribute ? s->at(at) != '.' && s->at(at) != '[' : s->at(at) != ']')) ++at;
    if (!is_attribute && at >= s->length) return raiseValueError(t, "Missing ']' in format string");
    if (at == begin) return raiseValueError(t, "Empty attribute in format string");
    Ref key = is_attribute ? strSlice(t, s, begin, at) : keyOf(t, s, begin, at);
    if (!key) return kRaised;
    if (!is_attribute) ++at;
    listAppendSteal(list.as<List>(), tupleOf(t, {Value::fromBool(is_attribute), key.get()}).release());
  }
  Ref rest = TRY(iter_py(t, list.get()));
  return tupleOf(t, {first.get(), rest.get()});
}

static const NativeDef kFunctions[] = {
    {"formatter_parser", "(format_string, /)", formatterParser, "parse the argument as a format string"},
    {"formatter_field_name_split", "(field_name, /)", fieldNameSplit, "split the argument as a field name"},
    {nullptr, nullptr, nullptr}};

extern const NativeModule kStringModule;
const NativeModule kStringModule = {"_string", "string helper module", kFunctions};

}  // namespace krait::modules
