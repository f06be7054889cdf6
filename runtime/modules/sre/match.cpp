// re.Match, templates, and scanners. ref: Modules/_sre/sre.c, match_*, expand_template, scanner_*.
#include <cstdlib>

#include "runtime/modules/sre/sre.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/gc.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"

namespace krait::modules {

static Match* self(const Value* a) { return a[0].as<Match>(); }
static Pattern* patternOf(const Match* m) { return m->pattern.as<Pattern>(); }

static void dealloc(Object* o) {
  Match* m = static_cast<Match*>(o);
  for (Value v : {m->string, m->pattern}) decref(v);
  if (m->marks != m->inline_marks) std::free(m->marks);
}
static void traverse(Object* o, Visitor visitor, void* context) {
  Match* m = static_cast<Match*>(o);
  for (Value v : {m->string, m->pattern}) visit(v, visitor, context);
}

Ref newMatch(Thread& t, Pattern* pattern, Value string, Search& search) {
  const regex::Matcher& found = search.matcher();
  Match* m = allocate<Match>(pattern->types.match);
  m->string = share(string);
  m->pattern = share(Value(pattern));
  m->groups = pattern->groups;
  m->pos = search.pos();
  m->endpos = search.endpos();
  m->lastindex = found.lastIndex();
  size_t size = static_cast<size_t>(2 * (m->groups + 1));
  m->marks = m->groups < Match::kInlineGroups ? m->inline_marks : static_cast<int64_t*>(std::malloc(size * sizeof(int64_t)));
  m->marks[0] = found.start();
  m->marks[1] = found.end();
  for (uint32_t i = 0; i < static_cast<uint32_t>(m->groups); ++i) {
    bool took_part = found.mark(2 * i) >= 0 && found.mark(2 * i + 1) >= 0;
    m->marks[2 * i + 2] = took_part ? found.mark(2 * i) : -1;
    m->marks[2 * i + 3] = took_part ? found.mark(2 * i + 1) : -1;
  }
  gcTrack(m);
  return Ref::steal(m);
}

Ref matchGroup(Thread& t, Match* m, int64_t group, Value missing) {
  if (m->marks[2 * group] < 0) return Ref::of(missing);
  return sliceOf(t, m->string, m->marks[2 * group], m->marks[2 * group + 1]);
}

// A group by number or name. ref: match_getindex.
static Fallible<int64_t> groupNumber_py(Thread& t, Match* m, Value key) {
  int64_t number = -1;
  if (key.isUndefined()) return 0;
  Value found = key;
  if (!isIntLike(key) && !findSpecial_py(t, key, intern(*t.isolate, "__index__"))) {
    if (isPending(t)) return kRaised;
    found = dictGet_py(t, patternOf(m)->groupindex.as<Dict>(), key);
    if (isPending(t)) clearException(t);
  }
  if (found.defined()) {
    Ref index = TRY(toIndex_py(t, found));
    if (!intFits(index.get(), number)) number = -1;
  }
  if (number < 0 || number > m->groups) return raiseIndexError(t, "no such group");
  return number;
}

static Ref groupOf_py(Thread& t, Match* m, Value key) {
  int64_t number = TRY(groupNumber_py(t, m, key));
  return matchGroup(t, m, number, Value::none());
}
static Ref group(Thread& t, const Value* a) {
  Tuple* keys = a[1].as<Tuple>();
  if (keys->size == 0) return matchGroup(t, self(a), 0, Value::none());
  if (keys->size == 1) return groupOf_py(t, self(a), keys->items()[0]);
  Ref result = newTuple(t, keys->size);
  for (int64_t i = 0; i < keys->size; ++i) {
    result.as<Tuple>()->items()[i] = TRY(groupOf_py(t, self(a), keys->items()[i])).release();
  }
  return result;
}
static Ref getItem_py(Thread& t, Value v, Value key) { return groupOf_py(t, v.as<Match>(), key); }

static Ref groups(Thread& t, const Value* a) {
  Match* m = self(a);
  Ref result = newTuple(t, m->groups);
  for (int64_t i = 0; i < m->groups; ++i) result.as<Tuple>()->items()[i] = matchGroup(t, m, i + 1, a[1]).release();
  return result;
}
static Ref groupdict(Thread& t, const Value* a) {
  Match* m = self(a);
  Ref result = newDict(t);
  Value key, number;
  for (int64_t position = 0; dictNext(patternOf(m)->groupindex.as<Dict>(), position, key, number);) {
    Ref text = TRY(groupOf_py(t, m, key));
    int64_t index = TRY(groupNumber_py(t, m, key));
    TRY(dictSet_py(t, result.as<Dict>(), key, m->marks[2 * index] < 0 ? a[1] : text.get()));
  }
  return result;
}
static Ref start(Thread& t, const Value* a) { return newInt(t, self(a)->marks[2 * TRY(groupNumber_py(t, self(a), a[1]))]); }
static Ref end(Thread& t, const Value* a) { return newInt(t, self(a)->marks[2 * TRY(groupNumber_py(t, self(a), a[1])) + 1]); }
static Ref spanOf(Thread& t, Match* m, int64_t group) {
  return tupleOf(t, {Value::fromInt(m->marks[2 * group]), Value::fromInt(m->marks[2 * group + 1])});
}
static Ref span(Thread& t, const Value* a) { return spanOf(t, self(a), TRY(groupNumber_py(t, self(a), a[1]))); }

Ref compileTemplate_py(Thread& t, Pattern* pattern, Value text) {
  Value module = dictGetStr(t.isolate->modules, intern(*t.isolate, "re"));
  if (module.isUndefined()) return raiseRuntimeError(t, "the module re is not imported");
  Ref function = TRY(getAttrNamed_py(t, module, "_compile_template"));
  Ref made = callArgs_py(t, function.get(), Value(pattern), text);
  if (made || !pendingMatches(t, errors(t).type_error) || isStr(text) || isBytes(text) || !isBytesLike(text)) return made;
  // What has no hash is tried again as bytes. ref: compile_template.
  clearException(t);
  Buffer bytes;
  TRY(bytes.acquire(t, text));
  Ref plain = TRY(newBytes(t, bytes.view()));
  return callArgs_py(t, function.get(), Value(pattern), plain.get());
}
static Ref expand(Thread& t, const Value* a) {
  Match* m = self(a);
  Ref made = TRY(compileTemplate_py(t, patternOf(m), a[1]));
  if (typeOf(t, made.get()) != patternOf(m)->types.tmpl) return made;
  return expandTemplate(t, made.as<Template>(), m);
}
static Ref copy(Thread&, const Value* a) { return Ref::of(a[0]); }

static Ref getString(Thread&, Value v) { return Ref::of(v.as<Match>()->string); }
static Ref getRe(Thread&, Value v) { return Ref::of(v.as<Match>()->pattern); }
static Ref getPos(Thread& t, Value v) { return newInt(t, v.as<Match>()->pos); }
static Ref getEndPos(Thread& t, Value v) { return newInt(t, v.as<Match>()->endpos); }
static Ref getLastIndex(Thread& t, Value v) {
  int64_t index = v.as<Match>()->lastindex;
  return index < 0 ? Ref::none() : newInt(t, index);
}
static Ref getLastGroup(Thread& t, Value v) {
  Match* m = v.as<Match>();
  Tuple* names = patternOf(m)->indexgroup.as<Tuple>();
  return m->lastindex < 0 || m->lastindex >= names->size ? Ref::none() : Ref::of(names->items()[m->lastindex]);
}
static Ref getRegs(Thread& t, Value v) {
  Match* m = v.as<Match>();
  Ref result = newTuple(t, m->groups + 1);
  for (int64_t i = 0; i <= m->groups; ++i) result.as<Tuple>()->items()[i] = spanOf(t, m, i).release();
  return result;
}

static Ref repr_py(Thread& t, Value v) {
  Match* m = v.as<Match>();
  Ref text = matchGroup(t, m, 0, Value::none());
  Ref shown = TRY(object::repr_py(t, text.get()));
  StrBuilder out;
  out.addAscii(format("<re.Match object; span=(%lld, %lld), match=", static_cast<long long>(m->marks[0]),
                      static_cast<long long>(m->marks[1])));
  out.addSlice(shown.as<Str>(), 0, shown.as<Str>()->length < 50 ? shown.as<Str>()->length : 50);
  out.addAscii(">");
  return out.finish(t);
}

static const NativeDef kMethods[] = {
    {"group", "($self, *groups)", group, "group([group1, ...]) -> str or tuple.\nReturn subgroup(s) of the match by indices or names.\nFor 0 returns the entire match."},
    {"groups", "($self, /, default=None)", groups, "Return a tuple containing all the subgroups of the match, from 1."},
    {"groupdict", "($self, /, default=None)", groupdict, "Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name."},
    {"start", "($self, group=0, /)", start, "Return index of the start of the substring matched by group."},
    {"end", "($self, group=0, /)", end, "Return index of the end of the substring matched by group."},
    {"span", "($self, group=0, /)", span, "For match object m, return the 2-tuple (m.start(group), m.end(group))."},
    {"expand", "($self, /, template)", expand, "Return the string obtained by doing backslash substitution on the string template, as done by the sub() method."},
    {"__copy__", "($self, /)", copy},
    {"__deepcopy__", "($self, memo, /)", copy},
    {"__class_getitem__", "($type, object, /)", aliasOf, "See PEP 585"},
    {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {
    {"string", getString, readOnlyMember, "The string passed to match() or search()."},
    {"re", getRe, readOnlyMember, "The regular expression object."},
    {"pos", getPos, readOnlyMember, "The index into the string at which the RE engine started looking for a match."},
    {"endpos", getEndPos, readOnlyMember, "The index into the string beyond which the RE engine will not go."},
    {"lastindex", getLastIndex, nullptr, "The integer index of the last matched capturing group."},
    {"lastgroup", getLastGroup, nullptr, "The name of the last matched capturing group."},
    {"regs", getRegs},
    {nullptr, nullptr}};

Type* makeMatchType(Isolate& isolate) {
  Type* type = makeType(isolate, {.name = "re.Match", .size = sizeof(Match),
                                  .flags = kTypeGc | kTypeDisallowNew | kTypeImmutable,
                                  .methods = kMethods, .getsets = kGetSets,
                                  .doc = "The result of re.match() and re.search().\nMatch objects always have a boolean value of True."});
  type->slots.dealloc = dealloc;
  type->slots.traverse = traverse;
  type->slots.repr = repr_py;
  type->slots.get_item = getItem_py;
  readyType(isolate, type);
  return type;
}

// --- templates
static void templateDealloc(Object* o) { decref(static_cast<Template*>(o)->parts); }

Ref expandTemplate(Thread& t, Template* tmpl, Match* match) {
  Tuple* parts = tmpl->parts.as<Tuple>();
  PieceBuilder out(match->string);
  for (int64_t i = 0; i < parts->size; ++i) {
    if (i % 2 == 0) {
      TRY(out.add(t, parts->items()[i]));
      continue;
    }
    int64_t group = TRY(groupNumber_py(t, match, parts->items()[i]));
    if (match->marks[2 * group] >= 0) out.addSlice(match->string, match->marks[2 * group], match->marks[2 * group + 1]);
  }
  return out.finish(t);
}

Type* makeTemplateType(Isolate& isolate) {
  Type* type = makeType(isolate, {.name = "_sre.SRE_Template", .size = sizeof(Template), .flags = kTypeDisallowNew | kTypeImmutable});
  type->slots.dealloc = templateDealloc;
  readyType(isolate, type);
  return type;
}

// --- scanners: each call goes on where the match before it ended.
static void scannerDealloc(Object* o) {
  Scanner* s = static_cast<Scanner*>(o);
  if (s->holds_memory) releaseBuffer(s->string);
  for (Value v : {s->pattern, s->string}) decref(v);
}
static void scannerTraverse(Object* o, Visitor visitor, void* context) {
  Scanner* s = static_cast<Scanner*>(o);
  for (Value v : {s->pattern, s->string}) visit(v, visitor, context);
}

Ref newScanner(Thread& t, Pattern* pattern, Value string, int64_t pos, int64_t endpos) {
  Search check(t, pattern, string, pos, endpos);
  if (check.raised()) return kRaised;
  Scanner* s = allocate<Scanner>(pattern->types.scanner);
  s->pattern = share(Value(pattern));
  s->string = share(string);
  s->pos = s->at = check.pos();
  s->endpos = check.endpos();
  s->must_not_end_at = -1;
  if (!isStr(string) && !isExact(string, TypeId::kBytes)) {  // it keeps its place until the scanner goes
    BufferInfo info;
    s->holds_memory = !getBuffer(t, string, info).failed;
    if (!s->holds_memory) clearException(t);
  }
  gcTrack(s);
  return Ref::steal(s);
}

template <bool is_search>
static Ref scan(Thread& t, const Value* a) {
  Scanner* s = a[0].as<Scanner>();
  if (s->at < 0) return Ref::none();
  Pattern* pattern = s->pattern.as<Pattern>();
  Search search(t, pattern, s->string, s->pos, s->endpos);
  if (search.raised()) return kRaised;
  search.resumeFrom(s->at, s->must_not_end_at);
  int found = search.run(t, s->at, is_search);
  if (found < 0) return kRaised;
  s->at = found ? search.resumeAt() : -1;
  s->must_not_end_at = search.mustNotEndAt();
  return found ? newMatch(t, pattern, s->string, search) : Ref::none();
}
static Ref scannerPattern(Thread&, Value v) { return Ref::of(v.as<Scanner>()->pattern); }

static const NativeDef kScannerMethods[] = {
    {"match", "($self, /)", scan<false>}, {"search", "($self, /)", scan<true>}, {nullptr, nullptr, nullptr}};
static const GetSetDef kScannerGetSets[] = {{"pattern", scannerPattern}, {nullptr, nullptr}};

Type* makeScannerType(Isolate& isolate) {
  Type* type = makeType(isolate, {.name = "_sre.SRE_Scanner", .size = sizeof(Scanner),
                                  .flags = kTypeGc | kTypeDisallowNew | kTypeImmutable,
                                  .methods = kScannerMethods, .getsets = kScannerGetSets});
  type->slots.dealloc = scannerDealloc;
  type->slots.traverse = scannerTraverse;
  readyType(isolate, type);
  return type;
}

}  // namespace krait::modules
