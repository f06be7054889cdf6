// re.Pattern. ref: Modules/_sre/sre.c, pattern_*.
#include "runtime/modules/sre/sre.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/gc.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"

namespace krait::object {
Ref newCallableIterator(Thread& t, Value callable, Value sentinel);
Ref newMappingProxy(Thread& t, Value mapping);
}  // namespace krait::object

namespace krait::modules {

static Pattern* self(const Value* a) { return a[0].as<Pattern>(); }

static void dealloc(Object* o) {
  Pattern* p = static_cast<Pattern*>(o);
  for (Value v : {p->source, p->groupindex, p->indexgroup}) decref(v);
  std::unique_ptr<regex::Matcher>(p->matcher).reset();
  std::unique_ptr<regex::Program>(p->program).reset();
}
static void traverse(Object* o, Visitor visitor, void* context) {
  Pattern* p = static_cast<Pattern*>(o);
  for (Value v : {p->source, p->groupindex, p->indexgroup}) visit(v, visitor, context);
}

enum class Way { kMatch, kFullMatch, kSearch };

template <Way way>
static Ref find(Thread& t, const Value* a) {
  int64_t pos = TRY(toPosition_py(t, a[2], 0));
  int64_t endpos = TRY(toPosition_py(t, a[3], INT64_MAX));
  Search search(t, self(a), a[1], pos, endpos, way == Way::kFullMatch);
  if (search.raised()) return kRaised;
  int found = search.run(t, search.pos(), way == Way::kSearch);
  if (found < 0) return kRaised;
  return found ? newMatch(t, self(a), a[1], search) : Ref::none();
}

// The text of a group of the search's current match, `missing` if it took no part.
static Ref foundGroup(Thread& t, Value string, Search& search, int64_t group, Value missing) {
  if (group == 0) return sliceOf(t, string, search.matcher().start(), search.matcher().end());
  int64_t begin = search.matcher().mark(static_cast<uint32_t>(2 * group - 2));
  int64_t end = search.matcher().mark(static_cast<uint32_t>(2 * group - 1));
  return begin < 0 || end < 0 ? Ref::of(missing) : sliceOf(t, string, begin, end);
}

static Ref findall(Thread& t, const Value* a) {
  Pattern* p = self(a);
  int64_t pos = TRY(toPosition_py(t, a[2], 0));
  int64_t endpos = TRY(toPosition_py(t, a[3], INT64_MAX));
  Search search(t, p, a[1], pos, endpos);
  if (search.raised()) return kRaised;
  Ref empty = sliceOf(t, a[1], 0, 0);
  Ref list = newList(t);
  int found;
  while ((found = search.next(t)) > 0) {
    if (p->groups <= 1) {
      listAppendSteal(list.as<List>(), foundGroup(t, a[1], search, p->groups, empty.get()).release());
      continue;
    }
    Ref item = newTuple(t, p->groups);
    for (int64_t i = 0; i < p->groups; ++i) {
      item.as<Tuple>()->items()[i] = foundGroup(t, a[1], search, i + 1, empty.get()).release();
    }
    listAppendSteal(list.as<List>(), item.release());
  }
  return found < 0 ? Ref() : list.take();
}

static Ref split(Thread& t, const Value* a) {
  Pattern* p = self(a);
  int64_t limit = TRY(toPosition_py(t, a[2], 0));
  Search search(t, p, a[1], 0, INT64_MAX);
  if (search.raised()) return kRaised;
  Ref list = newList(t);
  int64_t last = 0;
  for (int64_t count = 0; limit == 0 || count < limit; ++count) {
    int found = search.next(t);
    if (found < 0) return kRaised;
    if (found == 0) break;
    listAppendSteal(list.as<List>(), sliceOf(t, a[1], last, search.matcher().start()).release());
    for (int64_t i = 1; i <= p->groups; ++i) {
      listAppendSteal(list.as<List>(), foundGroup(t, a[1], search, i, Value::none()).release());
    }
    last = search.matcher().end();
  }
  listAppendSteal(list.as<List>(), sliceOf(t, a[1], last, search.endpos()).release());
  return list;
}

// What replaces a match: a text, a template's text or what a function answers.
struct Replacement {
  Ref literal;
  Ref tmpl;
  Value function;
};

static Status prepare_py(Thread& t, Pattern* p, Value given, Replacement& out) {
  if (isCallable(t, given)) {
    out.function = given;
    return kDone;
  }
  bool has_escape = isStr(given) ? strFind(given.as<Str>(), intern(*t.isolate, "\\"), 0, given.as<Str>()->length) >= 0 : true;
  if (isStr(given) && !has_escape) {
    out.literal = Ref::of(given);
    return kDone;
  }
  if (!isStr(given) && isBytesLike(given)) {
    Buffer bytes;
    TRY(bytes.acquire(t, given));
    std::string_view text = bytes.view();
    if (text.find('\\') == std::string_view::npos) {
      out.literal = isBytes(given) || isStr(p->source) ? Ref::of(given) : newBytes(t, text);
      return kDone;
    }
  }
  out.tmpl = TRY(compileTemplate_py(t, p, given));
  if (typeOf(t, out.tmpl.get()) != p->types.tmpl) {
    out.literal = std::move(out.tmpl);
    out.tmpl = Ref();
  } else if (out.tmpl.as<Template>()->parts.as<Tuple>()->size == 1) {
    out.literal = Ref::of(out.tmpl.as<Template>()->parts.as<Tuple>()->items()[0]);
    out.tmpl = Ref();
  }
  return kDone;
}

static Status addReplacement_py(Thread& t, Pattern* p, Value string, Search& search, const Replacement& replacement,
                                PieceBuilder& out) {
  if (replacement.literal) return out.add(t, replacement.literal.get());
  Ref match = TRY(newMatch(t, p, string, search));
  Value argument = match.get();
  Ref piece = replacement.tmpl ? expandTemplate(t, replacement.tmpl.as<Template>(), match.as<Match>())
                               : call_py(t, replacement.function, &argument, 1);
  if (!piece) return kRaised;
  return piece.get().isNone() ? Status(kDone) : out.add(t, piece.get());
}

// The text with matches replaced; `*count` of them. ref: pattern_subx.
static Ref substitute_py(Thread& t, const Value* a, int64_t* count) {
  Pattern* p = self(a);
  Value string = a[2];
  int64_t limit = TRY(toPosition_py(t, a[3], 0));
  Replacement replacement;
  TRY(prepare_py(t, p, a[1], replacement));
  Search search(t, p, string, 0, INT64_MAX);
  if (search.raised()) return kRaised;
  PieceBuilder out(string);
  int64_t last = 0;
  for (*count = 0; limit == 0 || *count < limit; ++*count) {
    int found = search.next(t);
    if (found < 0) return kRaised;
    if (found == 0) break;
    int64_t begin = search.matcher().start(), end = search.matcher().end();
    if (last < begin) out.addSlice(string, last, begin);
    TRY(addReplacement_py(t, p, string, search, replacement, out));
    last = end;
  }
  if (*count == 0) return sliceOf(t, string, 0, search.endpos());
  if (last < search.endpos()) out.addSlice(string, last, search.endpos());
  return out.finish(t);
}

static Ref sub(Thread& t, const Value* a) {
  int64_t count;
  return substitute_py(t, a, &count);
}
static Ref subn(Thread& t, const Value* a) {
  int64_t count;
  Ref text = TRY(substitute_py(t, a, &count));
  return tupleOf(t, {text.get(), Value::fromInt(count)});
}

static Ref scanner(Thread& t, const Value* a) {
  int64_t pos = TRY(toPosition_py(t, a[2], 0));
  int64_t endpos = TRY(toPosition_py(t, a[3], INT64_MAX));
  return newScanner(t, self(a), a[1], pos, endpos);
}
static Ref finditer(Thread& t, const Value* a) {
  Ref made = TRY(scanner(t, a));
  Ref search = TRY(getAttrNamed_py(t, made.get(), "search"));
  return newCallableIterator(t, search.get(), Value::none());
}
static Ref copy(Thread&, const Value* a) { return Ref::of(a[0]); }

static Ref getPattern(Thread&, Value v) { return Ref::of(v.as<Pattern>()->source); }
static Ref getFlags(Thread& t, Value v) { return newInt(t, v.as<Pattern>()->flags); }
static Ref getGroups(Thread& t, Value v) { return newInt(t, v.as<Pattern>()->groups); }
static Ref getGroupIndex(Thread& t, Value v) {
  Value names = v.as<Pattern>()->groupindex;
  return names.as<Dict>()->used == 0 ? newDict(t) : newMappingProxy(t, names);
}

// ref: pattern_repr: re.UNICODE is not shown where it is the default.
static Ref repr_py(Thread& t, Value v) {
  Pattern* p = v.as<Pattern>();
  struct Flag {
    int64_t bit;
    const char* name;
  };
  static constexpr Flag kFlags[] = {{2, "re.IGNORECASE"}, {4, "re.LOCALE"}, {8, "re.MULTILINE"}, {16, "re.DOTALL"},
                                    {64, "re.VERBOSE"},   {128, "re.DEBUG"}, {256, "re.ASCII"}, {32, "re.UNICODE"}};
  int64_t flags = p->flags;
  if (isStr(p->source) && (flags & (4 | 32 | 256)) == 32) flags &= ~32;
  Ref source = TRY(object::repr_py(t, p->source));
  StrBuilder out;
  out.addAscii("re.compile(");
  Str* text = source.as<Str>();
  out.addSlice(text, 0, text->length < 200 ? text->length : 200);
  std::string names;
  for (const Flag& flag : kFlags) {
    if (!(flags & flag.bit)) continue;
    names += (names.empty() ? "" : "|") + std::string(flag.name);
    flags &= ~flag.bit;
  }
  if (flags != 0) names += (names.empty() ? "" : "|") + format("0x%llx", static_cast<unsigned long long>(flags));
  if (!names.empty()) out.addAscii(", " + names);
  out.addAscii(")");
  return out.finish(t);
}

// Patterns are equal when they were made of equal texts with equal flags. ref: pattern_richcompare.
static Ref compare_py(Thread& t, Value left, Value right, CompareOp op) {
  if ((op != CompareOp::kEq && op != CompareOp::kNe) || typeOf(t, left) != typeOf(t, right)) return Ref::notImplemented();
  Pattern* a = left.as<Pattern>();
  Pattern* b = right.as<Pattern>();
  bool same = a == b;
  if (!same && a->flags == b->flags && isStr(a->source) == isStr(b->source)) {
    same = TRY(equals_py(t, a->source, b->source));
  }
  return Ref::boolean(same == (op == CompareOp::kEq));
}
static Fallible<int64_t> hash(Thread& t, Value v) {
  Pattern* p = v.as<Pattern>();
  int64_t h = TRY(hash_py(t, p->source)) ^ p->flags ^ (p->groups << 16);
  return h == -1 ? -2 : h;
}

static const NativeDef kMethods[] = {
    {"match", "($self, /, string, pos=0, endpos=sys.maxsize)", find<Way::kMatch>, "Matches zero or more characters at the beginning of the string."},
    {"fullmatch", "($self, /, string, pos=0, endpos=sys.maxsize)", find<Way::kFullMatch>, "Matches against all of the string."},
    {"search", "($self, /, string, pos=0, endpos=sys.maxsize)", find<Way::kSearch>, "Scan through string looking for a match, and return a corresponding match object instance.\n\nReturn None if no position in the string matches."},
    {"sub", "($self, /, repl, string, count=0)", sub, "Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string by the replacement repl."},
    {"subn", "($self, /, repl, string, count=0)", subn, "Return the tuple (new_string, number_of_subs_made) found by replacing the leftmost non-overlapping occurrences of pattern with the replacement repl."},
    {"findall", "($self, /, string, pos=0, endpos=sys.maxsize)", findall, "Return a list of all non-overlapping matches of pattern in string."},
    {"split", "($self, /, string, maxsplit=0)", split, "Split string by the occurrences of pattern."},
    {"finditer", "($self, /, string, pos=0, endpos=sys.maxsize)", finditer, "Return an iterator over all non-overlapping matches for the RE pattern in string.\n\nFor each match, the iterator returns a match object."},
    {"scanner", "($self, /, string, pos=0, endpos=sys.maxsize)", scanner},
    {"__copy__", "($self, /)", copy},
    {"__deepcopy__", "($self, memo, /)", copy},
    {"__class_getitem__", "($type, object, /)", aliasOf, "See PEP 585"},
    {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {{"pattern", getPattern, readOnlyMember, "The pattern string from which the RE object was compiled."},
                                     {"flags", getFlags, readOnlyMember, "The regex matching flags."},
                                     {"groups", getGroups, readOnlyMember, "The number of capturing groups in the pattern."},
                                     {"groupindex", getGroupIndex, nullptr, "A dictionary mapping group names to group numbers."},
                                     {nullptr, nullptr}};

Type* makePatternType(Isolate& isolate) {
  Type* type = makeType(isolate, {.name = "re.Pattern", .size = sizeof(Pattern),
                                  .flags = kTypeGc | kTypeWeakrefable | kTypeDisallowNew | kTypeImmutable,
                                  .methods = kMethods, .getsets = kGetSets, .doc = "Compiled regular expression object."});
  type->slots.dealloc = dealloc;
  type->slots.traverse = traverse;
  type->slots.repr = repr_py;
  type->slots.compare = compare_py;
  type->slots.hash = hash;
  readyType(isolate, type);
  return type;
}

}  // namespace krait::modules
