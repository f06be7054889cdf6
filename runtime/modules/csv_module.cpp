// The `_csv` module: dialects, reader and writer. ref: Modules/_csv.c (states and messages as there), PEP 305.
#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/float.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

enum Quoting : int64_t { kMinimal, kAll, kNonNumeric, kNoQuotes, kStrings, kNotNull };
static constexpr char32_t kNoChar = 0xFFFFFFFF;

struct Dialect : Object {
  bool double_quote, skip_initial_space, strict;
  char32_t delimiter, quote, escape;  // kNoChar: none
  int64_t quoting;
  Value terminator;
};
struct CsvReader : Object {
  Value lines;  // the iterator
  Value dialect;
  int64_t line_number;
};
struct CsvWriter : Object {
  Value write, dialect;
};
struct CsvState {
  Type *dialect, *reader, *writer, *error;
  Dict* dialects;
  int64_t field_limit = 128 * 1024;
};
static CsvState* state;

// --- dialects
static Status setChar(Thread& t, const char* name, char32_t& to, Value v, char32_t fallback, bool none_allowed) {
  to = fallback;
  if (v.isUndefined()) return kDone;
  if (v.isNone() && none_allowed) {
    to = kNoChar;
    return kDone;
  }
  if (!isStr(v)) return raiseTypeError(t, "\"%s\" must be a unicode character%s, not %s", name, none_allowed ? " or None" : "", typeNameOf(t, v));
  if (v.as<Str>()->length != 1) {
    return raiseTypeError(t, "\"%s\" must be a unicode character%s, not a string of length %ld", name, none_allowed ? " or None" : "",
                          static_cast<long>(v.as<Str>()->length));
  }
  to = v.as<Str>()->at(0);
  return kDone;
}
static Status checkChar(Thread& t, const char* name, char32_t c, const Dialect* d, bool space_allowed) {
  bool bad = c == '\r' || c == '\n' || (c == ' ' && !space_allowed);
  if (c != kNoChar && isStr(d->terminator)) {
    for (int64_t i = 0; i < d->terminator.as<Str>()->length; ++i) bad = bad || d->terminator.as<Str>()->at(i) == c;
  }
  if (bad && c != kNoChar) return raiseValueError(t, "bad %s value", name);
  return kDone;
}
static Status checkPair(Thread& t, const char* first, const char* second, char32_t a, char32_t b) {
  if (a == b && a != kNoChar) return raiseValueError(t, "bad %s or %s value", first, second);
  return kDone;
}
static constexpr const char* kDialectKeys[] = {"delimiter", "doublequote", "escapechar", "lineterminator", "quotechar", "quoting", "skipinitialspace", "strict"};
static Status fillDialect_py(Thread& t, Dialect* d, const Value* v) {
  d->double_quote = v[1].isUndefined() || TRY(isTrue_py(t, v[1]));
  d->skip_initial_space = v[6].defined() && TRY(isTrue_py(t, v[6]));
  d->strict = v[7].defined() && TRY(isTrue_py(t, v[7]));
  TRY(setChar(t, "delimiter", d->delimiter, v[0], ',', false));
  TRY(setChar(t, "escapechar", d->escape, v[2], kNoChar, true));
  TRY(setChar(t, "quotechar", d->quote, v[4], '"', true));
  if (v[3].defined() && !isStr(v[3])) return raiseTypeError(t, "\"lineterminator\" must be a string, not %s", typeNameOf(t, v[3]));
  d->terminator = v[3].defined() ? share(v[3]) : newStr(t, "\r\n").release();
  d->quoting = kMinimal;
  if (v[5].defined()) {
    if (!isExactInt(v[5])) return raiseTypeError(t, "\"quoting\" must be an integer, not %s", typeNameOf(t, v[5]));
    d->quoting = TRY(toInt64_py(t, v[5]));
  }
  if (d->quoting < 0 || d->quoting > kNotNull) return raiseTypeError(t, "bad \"quoting\" value");
  if (v[4].defined() && v[4].isNone() && v[5].isUndefined()) d->quoting = kNoQuotes;
  if (d->quoting != kNoQuotes && d->quote == kNoChar) return raiseTypeError(t, "quotechar must be set if quoting enabled");
  TRY(checkChar(t, "delimiter", d->delimiter, d, true));
  TRY(checkChar(t, "escapechar", d->escape, d, !d->skip_initial_space));
  TRY(checkChar(t, "quotechar", d->quote, d, !d->skip_initial_space));
  TRY(checkPair(t, "delimiter", "escapechar", d->delimiter, d->escape));
  TRY(checkPair(t, "delimiter", "quotechar", d->delimiter, d->quote));
  return checkPair(t, "escapechar", "quotechar", d->escape, d->quote);
}
static Ref dialectMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "Dialect", "(dialect=<unset>, delimiter=<unset>, doublequote=<unset>, escapechar=<unset>, lineterminator=<unset>, quotechar=<unset>, "
                       "quoting=<unset>, skipinitialspace=<unset>, strict=<unset>)", args, nargs, keywords, a));
  Ref base = Ref::of(a[0].isNone() ? Value() : a[0]);
  if (base && isStr(base.get())) {
    Value known = dictGet_py(t, state->dialects, base.get());
    if (known.isUndefined()) return isPending(t) ? Ref() : Ref(raise(t, state->error, "unknown dialect"));
    base = Ref::of(known);
  }
  Ref found[8];
  Value values[8];
  bool is_plain = true;
  for (size_t i = 0; i < 8; ++i) {
    values[i] = a[i + 1];
    is_plain = is_plain && values[i].isUndefined();
    if (values[i].defined() || !base) continue;
    found[i] = findAttr_py(t, base.get(), intern(*t.isolate, kDialectKeys[i]));
    if (!found[i]) {
      if (isPending(t)) return Ref();
      continue;
    }
    values[i] = found[i].get();
  }
  if (base && is_plain && typeOf(t, base.get()) == state->dialect) return base;
  Dialect* d = allocate<Dialect>(type);
  Ref r = Ref::steal(d);
  TRY(fillDialect_py(t, d, values));
  return r;
}
static Ref charValue(Thread& t, char32_t c) { return c == kNoChar ? Ref::none() : strFromChar(t, c); }
static Dialect* dialect(Value v) { return v.as<Dialect>(); }
static Ref getDelimiter(Thread& t, Value v) { return charValue(t, dialect(v)->delimiter); }
static Ref getQuote(Thread& t, Value v) { return charValue(t, dialect(v)->quote); }
static Ref getEscape(Thread& t, Value v) { return charValue(t, dialect(v)->escape); }
static Ref getTerminator(Thread&, Value v) { return Ref::of(dialect(v)->terminator); }
static Ref getQuoting(Thread&, Value v) { return newIntSmall(dialect(v)->quoting); }
static Ref getDoubleQuote(Thread&, Value v) { return Ref::boolean(dialect(v)->double_quote); }
static Ref getSkip(Thread&, Value v) { return Ref::boolean(dialect(v)->skip_initial_space); }
static Ref getStrict(Thread&, Value v) { return Ref::boolean(dialect(v)->strict); }
static const GetSetDef kDialectGetSets[] = {{"delimiter", getDelimiter}, {"quotechar", getQuote}, {"escapechar", getEscape}, {"lineterminator", getTerminator},
    {"quoting", getQuoting}, {"doublequote", getDoubleQuote}, {"skipinitialspace", getSkip}, {"strict", getStrict}, {nullptr, nullptr}};
static Ref notPicklable(Thread& t, const Value* a) { return raiseTypeError(t, "cannot pickle '%s' object", typeNameOf(t, a[0])); }
static const NativeDef kDialectMethods[] = {{"__reduce__", "($self, /)", notPicklable}, {"__reduce_ex__", "($self, protocol, /)", notPicklable}, {nullptr, nullptr, nullptr}};

// _csv.Dialect(dialect, **keywords)
static Ref makeDialect_py(Thread& t, Value base, Dict* keywords) {
  Ref args = base.defined() ? tupleOf(t, {base}) : newTuple(t, 0);
  return callTuple_py(t, state->dialect, args.as<Tuple>(), keywords);
}

// --- reader
namespace {
enum class At : uint8_t { kRecord, kEscapedChar, kField, kInField, kInQuoted, kEscapeInQuoted, kQuoteInQuoted, kEatLine, kAfterEscapedLine };
class RowParser {
 public:
  RowParser(Thread& t, const Dialect* d) : t_(t), d_(d), row_(newList(t)) { begin(); }
  Status feed(char32_t c);  // kNoChar: the line's end
  At at = At::kRecord;
  Status save();
  Ref takeRow() { return std::move(row_); }
  int64_t size() const { return field_.size(); }

 private:
  void begin() {
    field_.clear();
    was_quoted_ = false;
  }
  Status add(char32_t c) {
    if (field_.size() >= state->field_limit) return raise(t_, state->error, "field larger than field limit (%ld)", static_cast<long>(state->field_limit));
    field_.add(c);
    return kDone;
  }
  static bool isEnd(char32_t c) { return c == '\n' || c == '\r' || c == kNoChar; }
  Status start(char32_t c);
  Status inField(char32_t c);
  Status afterQuote(char32_t c);
  Status finishLine(char32_t c) {
    at = c == kNoChar ? At::kRecord : At::kEatLine;
    return kDone;
  }

  Thread& t_;
  const Dialect* d_;
  Ref row_;
  StrBuilder field_;
  bool was_quoted_ = false;
};
Status RowParser::save() {
  Ref text = field_.finish(t_);
  bool is_empty = field_.size() == 0;
  if (!was_quoted_ && is_empty && (d_->quoting == kNotNull || d_->quoting == kStrings)) text = Ref::none();
  else if (!was_quoted_ && !is_empty && (d_->quoting == kNonNumeric || d_->quoting == kStrings)) text = TRY(callArgs_py(t_, t_.types().float_, text.get()));
  listAppend(row_.as<List>(), text.get());
  begin();
  return kDone;
}
Status RowParser::start(char32_t c) {
  if (isEnd(c)) {
    TRY(save());
    return finishLine(c);
  }
  if (c == d_->quote && d_->quoting != kNoQuotes) {
    was_quoted_ = true;
    at = At::kInQuoted;
    return kDone;
  }
  if (c == d_->escape) {
    at = At::kEscapedChar;
    return kDone;
  }
  if (c == ' ' && d_->skip_initial_space) return kDone;
  if (c == d_->delimiter) {
    at = At::kField;
    return save();
  }
  at = At::kInField;
  return add(c);
}
Status RowParser::inField(char32_t c) {
  if (isEnd(c)) {
    TRY(save());
    return finishLine(c);
  }
  if (c == d_->escape) {
    at = At::kEscapedChar;
    return kDone;
  }
  if (c == d_->delimiter) {
    at = At::kField;
    return save();
  }
  return add(c);
}
Status RowParser::afterQuote(char32_t c) {
  if (d_->quoting != kNoQuotes && c == d_->quote) {
    at = At::kInQuoted;
    return add(c);
  }
  if (c == d_->delimiter) {
    at = At::kField;
    return save();
  }
  if (isEnd(c)) {
    TRY(save());
    return finishLine(c);
  }
  if (!d_->strict) {
    at = At::kInField;
    return add(c);
  }
  Ref delimiter = strFromChar(t_, d_->delimiter), quote = strFromChar(t_, d_->quote);
  return raise(t_, state->error, "'%s' expected after '%s'", toUtf8(delimiter.as<Str>()).c_str(), toUtf8(quote.as<Str>()).c_str());
}
Status RowParser::feed(char32_t c) {
  switch (at) {
    case At::kRecord:
      if (c == kNoChar) return kDone;
      if (isEnd(c)) return finishLine(c);
      at = At::kField;
      return start(c);
    case At::kField: return start(c);
    case At::kEscapedChar:
      if (c == '\n' || c == '\r') {
        at = At::kAfterEscapedLine;
        return add(c);
      }
      at = At::kInField;
      return add(c == kNoChar ? '\n' : c);
    case At::kAfterEscapedLine:
      if (c == kNoChar) return kDone;
      at = At::kInField;
      return inField(c);
    case At::kInField: return inField(c);
    case At::kInQuoted:
      if (c == kNoChar) return kDone;
      if (c == d_->escape) at = At::kEscapeInQuoted;
      else if (c == d_->quote && d_->quoting != kNoQuotes) at = d_->double_quote ? At::kQuoteInQuoted : At::kInField;
      else return add(c);
      return kDone;
    case At::kEscapeInQuoted:
      at = At::kInQuoted;
      return add(c == kNoChar ? '\n' : c);
    case At::kQuoteInQuoted: return afterQuote(c);
    case At::kEatLine:
      if (c == '\n' || c == '\r') return kDone;
      if (c == kNoChar) {
        at = At::kRecord;
        return kDone;
      }
      return raise(t_, state->error, "new-line character seen in unquoted field - do you need to open the file with newline=''?");
  }
  return kDone;
}
}  // namespace

static Ref readerNext(Thread& t, Value v) {
  CsvReader* r = v.as<CsvReader>();
  RowParser parser(t, dialect(r->dialect));
  do {
    Ref line = next_py(t, r->lines);
    if (!line) {
      if (isPending(t)) return Ref();
      if (parser.size() == 0 && parser.at != At::kInQuoted) return Ref();
      if (dialect(r->dialect)->strict) return raise(t, state->error, "unexpected end of data");
      TRY(parser.save());
      return parser.takeRow();
    }
    if (!isStr(line.get())) {
      return raise(t, state->error, "iterator should return strings, not %s (the file should be opened in text mode)", typeNameOf(t, line.get()));
    }
    ++r->line_number;
    const Str* s = line.as<Str>();
    for (int64_t i = 0; i < s->length; ++i) TRY(parser.feed(s->at(i)));
    TRY(parser.feed(kNoChar));
  } while (parser.at != At::kRecord);
  return parser.takeRow();
}
static Ref readerFn(Thread& t, const Value* a) {
  Ref lines = TRY(iter_py(t, a[0])), d = TRY(makeDialect_py(t, a[1], a[2].as<Dict>()));
  CsvReader* r = allocate<CsvReader>(state->reader);
  r->lines = lines.release();
  r->dialect = d.release();
  gcTrack(r);
  return Ref::steal(r);
}
static Ref readerDialect(Thread&, Value v) { return Ref::of(v.as<CsvReader>()->dialect); }
static Ref readerLine(Thread&, Value v) { return newIntSmall(v.as<CsvReader>()->line_number); }
static const GetSetDef kReaderGetSets[] = {{"dialect", readerDialect}, {"line_num", readerLine}, {nullptr, nullptr}};

// --- writer
static bool contains(const Str* s, char32_t c) {
  for (int64_t i = 0; i < s->length; ++i) {
    if (s->at(i) == c) return true;
  }
  return false;
}
static Status addField(Thread& t, StrBuilder& out, const Dialect* d, const Str* s, bool quoted, bool is_null, bool is_only) {
  for (int64_t i = 0; !is_null && i < s->length && !quoted; ++i) {
    char32_t c = s->at(i);
    bool special = c == d->delimiter || c == d->escape || c == d->quote || c == '\r' || c == '\n' || contains(d->terminator.as<Str>(), c);
    if (!special || d->quoting == kNoQuotes) continue;
    if (c == d->quote && !d->double_quote) continue;  // escaped below
    if (c == d->escape && d->quoting != kNoQuotes && c != d->quote) continue;
    quoted = true;
  }
  bool is_empty = is_null || s->length == 0;
  if (is_empty && is_only) {
    if (d->quoting == kNoQuotes || (is_null && (d->quoting == kStrings || d->quoting == kNotNull))) {
      return raise(t, state->error, "single empty field record must be quoted");
    }
    quoted = true;
  }
  if (quoted) out.add(d->quote);
  for (int64_t i = 0; !is_null && i < s->length; ++i) {
    char32_t c = s->at(i);
    bool escape = false;
    if (c == d->quote && d->quoting != kNoQuotes) {
      if (d->double_quote) out.add(d->quote);
      else escape = true;
    } else if (c == d->escape) {
      escape = true;
    } else if (d->quoting == kNoQuotes) {
      escape = c == d->delimiter || c == d->quote || c == '\r' || c == '\n' || contains(d->terminator.as<Str>(), c);
    }
    if (escape) {
      if (d->escape == kNoChar) return raise(t, state->error, "need to escape, but no escapechar set");
      out.add(d->escape);
    }
    out.add(c);
  }
  if (quoted) out.add(d->quote);
  return kDone;
}
static Ref writeRow(Thread& t, const Value* a) {
  CsvWriter* w = a[0].as<CsvWriter>();
  const Dialect* d = dialect(w->dialect);
  if (typeOf(t, a[1])->slots.iter == nullptr && typeOf(t, a[1])->slots.get_item == nullptr) {
    return raise(t, state->error, "iterable expected, not %s", typeNameOf(t, a[1]));
  }
  Ref fields = TRY(tupleFromIterable_py(t, a[1]));
  int64_t n = fields.as<Tuple>()->size;
  StrBuilder out;
  for (int64_t i = 0; i < n; ++i) {
    Value v = fields.as<Tuple>()->items()[i];
    bool quoted = d->quoting == kAll || (d->quoting == kNonNumeric && !isIntLike(v) && !isFloatLike(v)) || (d->quoting == kStrings && isStr(v)) ||
                  (d->quoting == kNotNull && !v.isNone());
    if (i > 0) out.add(d->delimiter);
    Ref text = v.isNone() ? newStr(t, "") : isStr(v) ? Ref::of(v) : TRY(str_py(t, v));
    bool space = text.as<Str>()->length == 0 && d->delimiter == ' ' && d->skip_initial_space && n > 1;
    if (space) {
      if (d->quoting == kNoQuotes || (v.isNone() && (d->quoting == kStrings || d->quoting == kNotNull))) {
        return raise(t, state->error, "empty field must be quoted if delimiter is a space and skipinitialspace is true");
      }
      quoted = true;
    }
    TRY(addField(t, out, d, text.as<Str>(), quoted, v.isNone(), n == 1));
  }
  out.add(d->terminator.as<Str>());
  Ref line = out.finish(t);
  return callArgs_py(t, w->write, line.get());
}
static Ref writeRows(Thread& t, const Value* a) {
  Iteration it(t, a[1]);
  while (it.next()) {
    Value args[2] = {a[0], it.value()};
    Ref done = TRY(writeRow(t, args));
  }
  return it.raised() ? Ref() : Ref::none();
}
static Ref writerFn(Thread& t, const Value* a) {
  Ref write = findAttr_py(t, a[0], t.names().write);
  if (!write || !isCallable(t, write.get())) {
    if (isPending(t)) return Ref();
    return raiseTypeError(t, "argument 1 must have a \"write\" method");
  }
  Ref d = TRY(makeDialect_py(t, a[1], a[2].as<Dict>()));
  CsvWriter* w = allocate<CsvWriter>(state->writer);
  w->write = write.release();
  w->dialect = d.release();
  gcTrack(w);
  return Ref::steal(w);
}
static Ref writerDialect(Thread&, Value v) { return Ref::of(v.as<CsvWriter>()->dialect); }
static const NativeDef kWriterMethods[] = {{"writerow", "($self, row, /)", writeRow}, {"writerows", "($self, rows, /)", writeRows}, {nullptr, nullptr, nullptr}};
static const GetSetDef kWriterGetSets[] = {{"dialect", writerDialect}, {nullptr, nullptr}};

// --- functions
static Ref registerDialect(Thread& t, const Value* a) {
  if (!isStr(a[0])) return raiseTypeError(t, "dialect name must be a string");
  Ref d = TRY(makeDialect_py(t, a[1], a[2].as<Dict>()));
  TRY(dictSet_py(t, state->dialects, a[0], d.get()));
  return Ref::none();
}
static Ref unregisterDialect(Thread& t, const Value* a) {
  if (!TRY(dictDelete_py(t, state->dialects, a[0]))) return raise(t, state->error, "unknown dialect");
  return Ref::none();
}
static Ref getDialect(Thread& t, const Value* a) {
  Value found = dictGet_py(t, state->dialects, a[0]);
  if (found.defined()) return Ref::of(found);
  return isPending(t) ? Ref() : Ref(raise(t, state->error, "unknown dialect"));
}
static Ref listDialects(Thread& t, const Value*) { return listFromIterable_py(t, state->dialects); }
static Ref fieldLimit(Thread& t, const Value* a) {
  int64_t old = state->field_limit;
  if (a[0].defined()) {
    if (!isExactInt(a[0])) return raiseTypeError(t, "limit must be an integer");
    state->field_limit = TRY(toInt64_py(t, a[0]));
  }
  return newInt(t, old);
}
static const NativeDef kFunctions[] = {{"reader", "(iterable, dialect=<unset>, /, **fmtparams)", readerFn}, {"writer", "(fileobj, dialect=<unset>, /, **fmtparams)", writerFn},
    {"register_dialect", "(name, dialect=<unset>, /, **fmtparams)", registerDialect}, {"unregister_dialect", "(name)", unregisterDialect},
    {"get_dialect", "(name)", getDialect}, {"list_dialects", "()", listDialects}, {"field_size_limit", "(new_limit=<unset>)", fieldLimit}, {nullptr, nullptr, nullptr}};

static void makeTypes(Thread& t) {
  Type* d = state->dialect = makeType(*t.isolate, {.name = "_csv.Dialect", .size = sizeof(Dialect), .flags = kTypeBaseable, .methods = kDialectMethods,
                                                   .getsets = kDialectGetSets, .doc = "CSV dialect"});
  d->slots.dealloc = [](Object* o) { decref(static_cast<Dialect*>(o)->terminator); };
  d->slots.make = dialectMake;
  readyType(*t.isolate, d);
  Type* r = state->reader = makeType(*t.isolate, {.name = "_csv.reader", .size = sizeof(CsvReader), .flags = kTypeGc | kTypeDisallowNew, .getsets = kReaderGetSets});
  r->slots.dealloc = [](Object* o) {
    decref(static_cast<CsvReader*>(o)->lines);
    decref(static_cast<CsvReader*>(o)->dialect);
  };
  r->slots.traverse = [](Object* o, Visitor visitor, void* context) { visit(static_cast<CsvReader*>(o)->lines, visitor, context); };
  r->slots.iter = [](Thread&, Value v) -> Ref { return Ref::of(v); };
  r->slots.next = readerNext;
  readyType(*t.isolate, r);
  Type* w = state->writer = makeType(*t.isolate, {.name = "_csv.writer", .size = sizeof(CsvWriter), .flags = kTypeGc | kTypeDisallowNew, .methods = kWriterMethods,
                                                  .getsets = kWriterGetSets});
  w->slots.dealloc = [](Object* o) {
    decref(static_cast<CsvWriter*>(o)->write);
    decref(static_cast<CsvWriter*>(o)->dialect);
  };
  w->slots.traverse = [](Object* o, Visitor visitor, void* context) { visit(static_cast<CsvWriter*>(o)->write, visitor, context); };
  readyType(*t.isolate, w);
}
static Status initModule(Thread& t, Module* m) {
  state = new CsvState();
  Ref bases = tupleOf(t, {errors(t).exception}), ns = newDict(t), name = newStr(t, "Error"), module = newStr(t, "_csv");
  dictSetStr(ns.as<Dict>(), t.names().d_module, module.get());
  Ref error = TRY(callArgs_py(t, t.types().type, name.get(), bases.get(), ns.get()));
  state->error = error.as<Type>();
  moduleSet(t, m, "Error", error.release());
  makeTypes(t);
  state->dialects = newDict(t).release().as<Dict>();
  for (Type* type : {state->dialect, state->reader, state->writer}) {
    moduleSet(t, m, type == state->reader ? "Reader" : type == state->writer ? "Writer" : "Dialect", type);
  }
  moduleSet(t, m, "_dialects", state->dialects);
  static constexpr struct { const char* name; int value; } kConstants[] = {{"QUOTE_MINIMAL", kMinimal}, {"QUOTE_ALL", kAll}, {"QUOTE_NONNUMERIC", kNonNumeric},
      {"QUOTE_NONE", kNoQuotes}, {"QUOTE_STRINGS", kStrings}, {"QUOTE_NOTNULL", kNotNull}};
  for (auto& c : kConstants) moduleSet(t, m, c.name, Value::fromInt(c.value));
  Ref version = newStr(t, "1.0");
  moduleSet(t, m, "__version__", version.get());
  return kDone;
}
extern const NativeModule kCsvModule;
const NativeModule kCsvModule = {"_csv", "CSV parsing and writing.", kFunctions, initModule};

}  // namespace krait::modules
