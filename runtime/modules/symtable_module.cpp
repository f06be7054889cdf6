// The `_symtable` module: the compiler's symbol table as a tree of entries. ref: Modules/symtablemodule.c.
#include "runtime/modules/compile_hook.h"
#include "runtime/modules/os_support.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"

namespace krait::modules {

struct SymtableEntry : Object {
  Value type_number, name, nested, line, symbols, parameters, children;  // owned
};
static Type* entry_type = nullptr;
static SymtableEntry* entry(Value v) { return v.as<SymtableEntry>(); }

// From the tuple that the compiler gives; children first, so that a tree is never half made.
static Ref newEntry(Thread& t, Value tuple) {
  const Value* parts = tuple.as<Tuple>()->items();
  Ref children = newList(t);
  for (int64_t i = 0; i < parts[6].as<List>()->size; ++i) {
    listAppendSteal(children.as<List>(), TRY(newEntry(t, parts[6].as<List>()->items[i])).release());
  }
  SymtableEntry* e = allocate<SymtableEntry>(entry_type);
  Value* fields[] = {&e->type_number, &e->name, &e->nested, &e->line, &e->symbols, &e->parameters};
  for (int i = 0; i < 6; ++i) *fields[i] = share(parts[i]);
  e->children = children.release();
  gcTrack(e);
  return Ref::steal(e);
}
template <Value SymtableEntry::*Field>
static Ref get(Thread&, Value v) { return Ref::of(entry(v)->*Field); }
static Ref getId(Thread& t, Value v) { return newIntUnsigned(t, reinterpret_cast<uint64_t>(v.object())); }
static const GetSetDef kGetSets[] = {{"id", getId}, {"name", get<&SymtableEntry::name>}, {"symbols", get<&SymtableEntry::symbols>}, {"varnames", get<&SymtableEntry::parameters>},
    {"children", get<&SymtableEntry::children>}, {"nested", get<&SymtableEntry::nested>}, {"type", get<&SymtableEntry::type_number>}, {"lineno", get<&SymtableEntry::line>},
    {nullptr, nullptr}};

static Ref symtable(Thread& t, const Value* a) {
  PathArg filename;
  TRY(pathArg_py(t, a[1], kPathOnly, "", "filename", filename));
  std::string mode = isStr(a[2]) ? toUtf8(a[2].as<Str>()) : "";
  if (!isStr(a[2])) return raiseTypeError(t, "symtable() argument 3 must be str, not %s", typeNameOf(t, a[2]));
  if (mode != "exec" && mode != "eval" && mode != "single") return raiseValueError(t, "symtable() arg 3 must be 'exec' or 'eval' or 'single'");
  Ref file = fsDecode(t, filename.text), top = TRY(compile_hooks.symtable(t, a[0], file.get(), mode));
  return newEntry(t, top.get());
}
static const NativeDef kFunctions[] = {{"symtable", "(source, filename, startstr, /)", symtable, "Return symbol and scope dictionaries used internally by compiler."}, {nullptr, nullptr, nullptr}};

static Status init(Thread& t, Module* m) {
  Type* type = entry_type = makeType(*t.isolate, {.name = "symtable entry", .size = sizeof(SymtableEntry), .flags = kTypeGc | kTypeWeakrefable | kTypeDisallowNew, .getsets = kGetSets});
  type->slots.dealloc = [](Object* o) {
    SymtableEntry* e = static_cast<SymtableEntry*>(o);
    for (Value v : {e->type_number, e->name, e->nested, e->line, e->symbols, e->parameters, e->children}) decref(v);
  };
  type->slots.traverse = [](Object* o, Visitor visitor, void* context) {
    SymtableEntry* e = static_cast<SymtableEntry*>(o);
    for (Value v : {e->symbols, e->parameters, e->children}) visit(v, visitor, context);
  };
  type->slots.repr = [](Thread& now, Value v) -> Ref {
    return strFormat(now, "<symtable entry %s(%lu), line %ld>", toUtf8(entry(v)->name.as<Str>()).c_str(), reinterpret_cast<unsigned long>(v.object()), static_cast<long>(entry(v)->line.asInt()));
  };
  readyType(*t.isolate, type);
  for (auto [name, value] : {std::pair{"USE", 16}, {"DEF_GLOBAL", 1}, {"DEF_NONLOCAL", 8}, {"DEF_LOCAL", 2}, {"DEF_PARAM", 4}, {"DEF_TYPE_PARAM", 1024}, {"DEF_FREE_CLASS", 64},
                             {"DEF_IMPORT", 128}, {"DEF_BOUND", 134}, {"DEF_ANNOT", 256}, {"DEF_COMP_ITER", 512}, {"DEF_COMP_CELL", 2048}, {"TYPE_FUNCTION", 0},
                             {"TYPE_CLASS", 1}, {"TYPE_MODULE", 2}, {"TYPE_ANNOTATION", 3}, {"TYPE_TYPE_ALIAS", 4}, {"TYPE_TYPE_PARAMETERS", 5}, {"TYPE_TYPE_VARIABLE", 6},
                             {"LOCAL", 1}, {"GLOBAL_EXPLICIT", 2}, {"GLOBAL_IMPLICIT", 3}, {"FREE", 4}, {"CELL", 5}, {"SCOPE_OFF", 12}, {"SCOPE_MASK", 15}}) {
    moduleSet(t, m, name, Value::fromInt(value));
  }
  return kDone;
}
extern const NativeModule kSymtableModule;
const NativeModule kSymtableModule = {"_symtable", nullptr, kFunctions, init};

}  // namespace krait::modules
