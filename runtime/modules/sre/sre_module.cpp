// The `_sre` module: makes patterns from the code that re/_compiler.py writes, and the character functions that it uses.
// ref: Modules/_sre/sre.c.
#include "analyzer/base/unicode/case.h"
#include "runtime/modules/module_table.h"
#include "runtime/modules/sre/sre.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/regex/opcodes.h"

namespace krait::modules {

static Fallible<Type*> typeNamed(Thread& t, Value module, const char* name) {
  Value found = dictGetStr(module.as<Module>()->dict, intern(*t.isolate, name));
  if (!isType(found)) return raiseRuntimeError(t, "_sre.%s is missing", name);
  return found.as<Type>();
}

static Status readCode(Thread& t, Value list, std::vector<uint32_t>* out) {
  if (!isList(list)) return raiseTypeError(t, "compile() argument 'code' must be list, not %s", typeNameOf(t, list));
  for (int64_t i = 0; i < list.as<List>()->size; ++i) {
    Value item = list.as<List>()->items[i];
    uint64_t value;
    if (!isIntLike(item)) return raiseTypeError(t, "an integer is required");
    if (!intFitsUnsigned(item, value) || value > UINT32_MAX) {
      return raiseOverflowError(t, "regular expression code size limit exceeded");
    }
    out->push_back(static_cast<uint32_t>(value));
  }
  return kDone;
}

// a: module, pattern, flags, code, groups, groupindex, indexgroup.
static Ref compile(Thread& t, const Value* a) {
  std::vector<uint32_t> code;
  TRY(readCode(t, a[3], &code));
  int64_t groups = TRY(toPosition_py(t, a[4], 0));
  int flags = TRY(toCInt_py(t, a[2]));
  if (!isDict(a[5]) || !isTuple(a[6])) return raiseTypeError(t, "compile() needs a dict and a tuple of group names");
  std::unique_ptr<regex::Program> program;
  if (groups >= 0 && groups < INT32_MAX) program = regex::translate(code, static_cast<uint32_t>(groups));
  if (program == nullptr) return raiseRuntimeError(t, "invalid SRE code");
  SreTypes types = {TRY(typeNamed(t, a[0], "SRE_Pattern")), TRY(typeNamed(t, a[0], "SRE_Match")),
                    TRY(typeNamed(t, a[0], "SRE_Scanner")), TRY(typeNamed(t, a[0], "SRE_Template"))};
  Pattern* p = allocate<Pattern>(types.pattern);
  p->source = share(a[1]);
  p->groupindex = share(a[5]);
  p->indexgroup = share(a[6]);
  p->flags = flags;
  p->groups = groups;
  p->program = program.release();
  p->types = types;
  gcTrack(p);
  return Ref::steal(p);
}

// a: module, pattern, template list.
static Ref makeTemplate(Thread& t, const Value* a) {
  if (!isList(a[2]) || a[2].as<List>()->size % 2 == 0) return raiseTypeError(t, "invalid template");
  Type* type = TRY(typeNamed(t, a[0], "SRE_Template"));
  Ref parts = tupleFrom(t, a[2].as<List>()->items, a[2].as<List>()->size);
  Template* made = allocate<Template>(type);
  made->parts = parts.release();
  return Ref::steal(made);
}

static Fallible<char32_t> toCharacter_py(Thread& t, Value v) {
  int c = TRY(toCInt_py(t, v));
  return static_cast<char32_t>(c);
}
static Ref asciiIsCased(Thread& t, const Value* a) {
  char32_t c = TRY(toCharacter_py(t, a[0]));
  return Ref::boolean(c < 128 && ((c | 32) >= 'a' && (c | 32) <= 'z'));
}
static Ref unicodeIsCased(Thread& t, const Value* a) {
  char32_t c = TRY(toCharacter_py(t, a[0]));
  return Ref::boolean(unicode::toLower(c) != c || unicode::toUpper(c) != c);
}
static Ref asciiToLower(Thread& t, const Value* a) {
  char32_t c = TRY(toCharacter_py(t, a[0]));
  return newInt(t, c >= 'A' && c <= 'Z' ? c + 32 : c);
}
static Ref unicodeToLower(Thread& t, const Value* a) { return newInt(t, unicode::toLower(TRY(toCharacter_py(t, a[0])))); }
static Ref getCodeSize(Thread& t, const Value*) { return newInt(t, sizeof(uint32_t)); }

static Status init(Thread& t, Module* module) {
  moduleSet(t, module, "SRE_Pattern", makePatternType(*t.isolate));
  moduleSet(t, module, "SRE_Match", makeMatchType(*t.isolate));
  moduleSet(t, module, "SRE_Scanner", makeScannerType(*t.isolate));
  moduleSet(t, module, "SRE_Template", makeTemplateType(*t.isolate));
  moduleSet(t, module, "MAGIC", Value::fromInt(regex::kMagic));
  moduleSet(t, module, "CODESIZE", Value::fromInt(sizeof(uint32_t)));
  moduleSet(t, module, "MAXREPEAT", Value::fromInt(regex::kMaxRepeat));
  moduleSet(t, module, "MAXGROUPS", Value::fromInt(regex::kMaxGroups));
  return kDone;
}

static const NativeDef kFunctions[] = {
    {"compile", "($self, /, pattern, flags, code, groups, groupindex, indexgroup)", compile},
    {"template", "($self, pattern, template, /)", makeTemplate},
    {"ascii_iscased", "(character, /)", asciiIsCased},
    {"unicode_iscased", "(character, /)", unicodeIsCased},
    {"ascii_tolower", "(character, /)", asciiToLower},
    {"unicode_tolower", "(character, /)", unicodeToLower},
    {"getcodesize", "()", getCodeSize},
    {nullptr, nullptr, nullptr}};

extern const NativeModule kSreModule;
const NativeModule kSreModule = {"_sre", nullptr, kFunctions, init};

}  // namespace krait::modules
