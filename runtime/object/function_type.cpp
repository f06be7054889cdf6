// Functions, code objects, cells and modules. ref: Objects/funcobject.c, codeobject.c, cellobject.c, moduleobject.c.
#include <cstring>

#include "runtime/bytecode/effects.h"
#include "runtime/object/module_errors.h"
#include "runtime/object/audit.h"
#include "runtime/object/code.h"
#include "runtime/object/code_bytes.h"
#include "runtime/object/code_replace.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/error.h"
#include "runtime/object/frame.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/instance.h"
#include "runtime/object/int.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"
#include "runtime/object/suggestions.h"

namespace krait::object {

RunHooks run_hooks;

static Ref orNone(Value v) { return v.defined() ? Ref::of(v) : Ref::none(); }
static void store(Value& field, Value v) {
  Value old = field;
  field = v.isNone() ? Value() : share(v);
  decref(old);
}
static Ref getDict(Thread& t, Value v) { return Ref::of(objectDict(t, v.object())); }
static Status setDict(Thread& t, Value v, Value d) {
  if (d.isUndefined()) return raiseTypeError(t, "cannot delete __dict__");
  return setObjectDict(t, v.object(), d);
}

// --- function
static Function* self(Value v) { return v.as<Function>(); }

Ref newFunction(Thread& t, Code* code, Dict* globals) {
  Function* f = allocate<Function>(t.types().function);
  f->code = share(Value(code)).as<Code>();
  f->globals = share(Value(globals)).as<Dict>();
  f->name = share(Value(code->name));
  f->qualname = share(Value(code->qualname));
  Value doc = (code->flags & kCodeHasDocstring) && code->constant_count > 0 ? code->constants[0] : Value();
  f->doc = share(doc);
  f->module = share(dictGetStr(globals, t.names().d_name));
  Value builtins = dictGetStr(globals, t.names().d_builtins);
  if (builtins.isUndefined() && t.frame != nullptr) {  // as whoever makes it has them
    bool is_function = isExact(t.frame->function, TypeId::kFunction);
    builtins = is_function ? t.frame->function.as<Function>()->builtins : dictGetStr(t.frame->globals, t.names().d_builtins);
  }
  if (builtins.isUndefined()) builtins = t.isolate->builtins;
  if (hasLayout(builtins, TypeId::kModule)) builtins = builtins.as<Module>()->dict;
  f->builtins = share(builtins);
  gcTrack(f);
  return Ref::steal(f);
}
static void functionVisit(Object* o, Visitor visitor, void* context) {
  Function* f = static_cast<Function*>(o);
  visit(f->globals, visitor, context);
  for (Value v : {f->builtins, f->defaults, f->kw_defaults, f->closure, f->name, f->qualname, f->doc, f->module, f->annotations, f->annotate, f->type_params}) visit(v, visitor, context);
  visit(f->dict, visitor, context);
}
static void functionDealloc(Object* o) {
  Function* f = static_cast<Function*>(o);
  decref(static_cast<Object*>(f->code));
  if (f->globals != nullptr) decref(static_cast<Object*>(f->globals));
  for (Value v : {f->builtins, f->defaults, f->kw_defaults, f->closure, f->name, f->qualname, f->doc, f->module, f->annotations, f->annotate, f->type_params}) decref(v);
  if (f->dict != nullptr) decref(static_cast<Object*>(f->dict));
}
static void functionClear(Object* o) {
  Function* f = static_cast<Function*>(o);
  for (Value* v : {&f->defaults, &f->kw_defaults, &f->closure, &f->annotations, &f->annotate, &f->type_params}) clearField(*v);
  clearField(f->dict);
}
static Ref functionCall(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) { return run_hooks.call(t, self(v), args, nargs, keywords); }
static Ref functionGet(Thread& t, Value v, Value object, Value) { return object.isUndefined() ? Ref::of(v) : newMethod(t, v, object); }
static Ref functionRepr(Thread& t, Value v) {
  return strFormat(t, "<function %s at %p>", toUtf8(self(v)->qualname.as<Str>()).c_str(), static_cast<void*>(v.object()));
}
static Ref functionMake(Thread& t, Type*, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "function", "(code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)", args, nargs, keywords, a));
  if (!isExact(a[0], TypeId::kCode)) return raiseTypeError(t, "function() argument 'code' must be code, not %s", typeNameOf(t, a[0]));
  if (!isDict(a[1])) return raiseTypeError(t, "function() argument 'globals' must be dict, not %s", typeNameOf(t, a[1]));
  Code* code = a[0].as<Code>();
  if (!a[2].isNone() && !isStr(a[2])) return raiseTypeError(t, "arg 3 (name) must be None or string");
  if (!a[3].isNone() && !isTuple(a[3])) return raiseTypeError(t, "arg 4 (defaults) must be None or tuple");
  if (!a[5].isNone() && !isDict(a[5])) return raiseTypeError(t, "arg 6 (kwdefaults) must be None or dict");
  if (!a[4].isNone() && !isTuple(a[4])) return raiseTypeError(t, "arg 5 (closure) must be None or tuple");
  int64_t given = a[4].isNone() ? 0 : a[4].as<Tuple>()->size;
  if (code->free_count > 0 && a[4].isNone()) return raiseTypeError(t, "arg 5 (closure) must be tuple");
  if (given != code->free_count) return raiseValueError(t, "%s requires closure of length %u, not %ld", toUtf8(code->name).c_str(), code->free_count, static_cast<long>(given));
  Ref r = newFunction(t, code, a[1].as<Dict>());
  Function* f = r.as<Function>();
  if (!a[2].isNone()) store(f->name, a[2]);
  store(f->defaults, a[3]);
  store(f->closure, a[4]);
  store(f->kw_defaults, a[5]);
  return r;
}
static Ref getCode(Thread& t, Value v) {
  TRY(audit_py(t, "object.__getattr__", {v, intern(*t.isolate, "__code__")}));
  return Ref::of(self(v)->code);
}
static Status setCode(Thread& t, Value v, Value code) {
  TRY(audit_py(t, "object.__setattr__", {v, intern(*t.isolate, "__code__"), code}));
  if (!isExact(code, TypeId::kCode)) return raiseTypeError(t, "__code__ must be set to a code object");
  Code* old = self(v)->code;
  if (code.as<Code>()->free_count != old->free_count) {
    return raiseValueError(t, "%s() requires a code object with %u free vars, not %u", toUtf8(self(v)->name.as<Str>()).c_str(), old->free_count, code.as<Code>()->free_count);
  }
  self(v)->code = share(code).as<Code>();
  decref(static_cast<Object*>(old));
  return kDone;
}
static Ref getDefaults(Thread&, Value v) { return orNone(self(v)->defaults); }
static Status setDefaults(Thread& t, Value v, Value x) {
  TRY(audit_py(t, "object.__setattr__", {v, intern(*t.isolate, "__defaults__"), x}));
  if (x.defined() && !x.isNone() && !isTuple(x)) return raiseTypeError(t, "__defaults__ must be set to a tuple object");
  store(self(v)->defaults, x.isUndefined() ? Value::none() : x);
  return kDone;
}
static Ref getKwDefaults(Thread&, Value v) { return orNone(self(v)->kw_defaults); }
static Status setKwDefaults(Thread& t, Value v, Value x) {
  TRY(audit_py(t, "object.__setattr__", {v, intern(*t.isolate, "__kwdefaults__"), x}));
  if (x.defined() && !x.isNone() && !isDict(x)) return raiseTypeError(t, "__kwdefaults__ must be set to a dict object");
  store(self(v)->kw_defaults, x.isUndefined() ? Value::none() : x);
  return kDone;
}
static Ref getClosure(Thread&, Value v) { return orNone(self(v)->closure); }
static Ref getGlobals(Thread&, Value v) { return Ref::of(self(v)->globals); }
static Ref getBuiltins(Thread&, Value v) { return Ref::of(self(v)->builtins); }
static Ref getName(Thread&, Value v) { return Ref::of(self(v)->name); }
static Status setName(Thread& t, Value v, Value x) {
  if (!isStr(x)) return raiseTypeError(t, "__name__ must be set to a string object");
  store(self(v)->name, x);
  return kDone;
}
static Ref getQualname(Thread&, Value v) { return Ref::of(self(v)->qualname); }
static Status setQualname(Thread& t, Value v, Value x) {
  if (!isStr(x)) return raiseTypeError(t, "__qualname__ must be set to a string object");
  store(self(v)->qualname, x);
  return kDone;
}
static Ref getDoc(Thread&, Value v) { return orNone(self(v)->doc); }
static Status setDoc(Thread&, Value v, Value x) {
  store(self(v)->doc, x.isUndefined() ? Value::none() : x);
  return kDone;
}
static Ref getModule(Thread&, Value v) { return orNone(self(v)->module); }
static Status setModule(Thread&, Value v, Value x) {
  store(self(v)->module, x.isUndefined() ? Value::none() : x);
  return kDone;
}
static Ref getAnnotate(Thread&, Value v) { return orNone(self(v)->annotate); }
static Status setAnnotate(Thread& t, Value v, Value x) {
  if (x.isUndefined()) return raiseTypeError(t, "__annotate__ cannot be deleted");
  if (!x.isNone() && !isCallable(t, x)) return raiseTypeError(t, "__annotate__ must be callable or None");
  store(self(v)->annotate, x);
  if (!x.isNone()) clearField(self(v)->annotations);
  return kDone;
}
static Ref getAnnotations(Thread& t, Value v) {
  Function* f = self(v);
  if (f->annotations.isUndefined()) {
    Ref d;
    if (f->annotate.defined()) {
      Value format = Value::fromInt(1);
      d = TRY(call_py(t, f->annotate, &format, 1));
      if (!isDict(d.get())) return raiseTypeError(t, "__annotate__ returned non-dict of type '%s'", typeNameOf(t, d.get()));
    } else {
      d = newDict(t);
    }
    f->annotations = d.release();
  }
  return Ref::of(f->annotations);
}
static Status setAnnotations(Thread& t, Value v, Value x) {
  if (x.defined() && !x.isNone() && !isDict(x)) return raiseTypeError(t, "__annotations__ must be set to a dict object");
  store(self(v)->annotations, x.isUndefined() ? Value::none() : x);
  clearField(self(v)->annotate);
  return kDone;
}
static Ref getTypeParams(Thread& t, Value v) { return self(v)->type_params.defined() ? Ref::of(self(v)->type_params) : newTuple(t, 0); }
static Status setTypeParams(Thread& t, Value v, Value x) {
  if (!isTuple(x)) return raiseTypeError(t, "__type_params__ must be set to a tuple");
  store(self(v)->type_params, x);
  return kDone;
}
static const GetSetDef kFunctionGetSets[] = {
    {"__code__", getCode, setCode}, {"__defaults__", getDefaults, setDefaults}, {"__kwdefaults__", getKwDefaults, setKwDefaults},
    {"__closure__", getClosure, readOnlyMember}, {"__globals__", getGlobals, readOnlyMember}, {"__builtins__", getBuiltins, readOnlyMember}, {"__name__", getName, setName},
    {"__qualname__", getQualname, setQualname}, {"__doc__", getDoc, setDoc}, {"__module__", getModule, setModule},
    {"__annotate__", getAnnotate, setAnnotate}, {"__annotations__", getAnnotations, setAnnotations},
    {"__type_params__", getTypeParams, setTypeParams}, {"__dict__", getDict, setDict}, {nullptr, nullptr}};
void initFunctionType(Isolate& isolate) {
  Type* type = isolate.types.function = makeType(isolate, {.name = "function", .id = TypeId::kFunction, .size = sizeof(Function),
      .flags = kTypeGc | kTypeMethodDescriptor | kTypeWeakrefable, .getsets = kFunctionGetSets, .dict_offset = offsetof(Function, dict)});
  Slots& s = type->slots;
  s.dealloc = functionDealloc;
  s.traverse = functionVisit;
  s.clear = functionClear;
  s.call = functionCall;
  s.descr_get = functionGet;
  s.repr = functionRepr;
  s.make = functionMake;
}

// --- cell
Ref newCell(Thread& t, Value contents) {
  Cell* c = static_cast<Cell*>(allocateBytes(sizeof(Cell)));
  initHeader(c, t.types().cell);
  c->value = share(contents);
  gcTrack(c);
  return Ref::steal(c);
}
static void cellDealloc(Object* o) { decref(static_cast<Cell*>(o)->value); }
static void cellTraverse(Object* o, Visitor visitor, void* context) { visit(static_cast<Cell*>(o)->value, visitor, context); }
static void cellClear(Object* o) { clearField(static_cast<Cell*>(o)->value); }
static Ref cellRepr(Thread& t, Value v) {
  Value x = v.as<Cell>()->value;
  if (x.isUndefined()) return strFormat(t, "<cell at %p: empty>", static_cast<void*>(v.object()));
  return strFormat(t, "<cell at %p: %s object at %p>", static_cast<void*>(v.object()), typeNameOf(t, x), x.isHeap() ? static_cast<void*>(x.object()) : reinterpret_cast<void*>(x.bits));
}
static Ref cellGet(Thread& t, Value v) {
  if (v.as<Cell>()->value.isUndefined()) return raiseValueError(t, "Cell is empty");
  return Ref::of(v.as<Cell>()->value);
}
static Status cellSet(Thread&, Value v, Value x) {
  Value old = v.as<Cell>()->value;
  v.as<Cell>()->value = share(x);
  decref(old);
  return kDone;
}
// By contents, an empty one before all others. ref: cell_richcompare.
static Ref cellCompare(Thread& t, Value a, Value b, CompareOp op) {
  if (!isExact(a, TypeId::kCell) || !isExact(b, TypeId::kCell)) return Ref::notImplemented();
  Ref x = Ref::of(a.as<Cell>()->value), y = Ref::of(b.as<Cell>()->value);
  if (x && y) return compare_py(t, x.get(), y.get(), op);
  return compare_py(t, Value::fromInt(x ? 1 : 0), Value::fromInt(y ? 1 : 0), op);
}
static Ref cellMake(Thread& t, Type*, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (keywords != nullptr && keywords->size > 0) return raiseTypeError(t, "cell() takes no keyword arguments");
  if (nargs > 1) return raiseTypeError(t, "cell expected at most 1 argument, got %u", nargs);
  return newCell(t, nargs > 0 ? args[0] : Value());
}
static const GetSetDef kCellGetSets[] = {{"cell_contents", cellGet, cellSet}, {nullptr, nullptr}};
void initCellType(Isolate& isolate) {
  Type* type = isolate.types.cell = makeType(isolate, {.name = "cell", .id = TypeId::kCell, .size = sizeof(Cell), .flags = kTypeGc, .getsets = kCellGetSets});
  type->slots.dealloc = cellDealloc;
  type->slots.traverse = cellTraverse;
  type->slots.clear = cellClear;
  type->slots.repr = cellRepr;
  type->slots.compare = cellCompare;
  type->slots.make = cellMake;
}

// --- code
// Puts a copy behind what `block` holds already.
template <class T>
static T* copyArray(const std::vector<T>& from, char*& block) {
  T* to = reinterpret_cast<T*>(block);
  if (!from.empty()) std::memcpy(static_cast<void*>(to), from.data(), from.size() * sizeof(T));
  block += from.size() * sizeof(T);
  return to;
}
template <class T>
static size_t bytesOf(const std::vector<T>& of) { return of.size() * sizeof(T); }
static Tuple* tupleOfNames(Thread& t, const std::vector<Value>& names) {
  return tupleFrom(t, names.data(), static_cast<int64_t>(names.size())).release().as<Tuple>();
}
Ref newCode(Thread& t, const CodeParts& p) {
  Code* c = allocate<Code>(t.types().code);
  c->instruction_count = static_cast<uint32_t>(p.instructions.size());
  std::string packed = p.positions.empty() ? std::string() : packPositions(p.positions.data(), p.positions.size());
  std::string_view kept = p.positions.empty() ? p.packed_positions : std::string_view(packed);
  c->packed_size = static_cast<uint32_t>(kept.size());
  bool owns_packed = !p.packed_lasts;
  // One block for all arrays, those of the strictest alignment first.
  size_t needed = bytesOf(p.constants) + bytesOf(p.cache_names) + bytesOf(p.handlers) + bytesOf(p.cell_registers) + bytesOf(p.instructions) + (owns_packed ? kept.size() : 0);
  char* block = static_cast<char*>(std::malloc(needed + 1));
  c->arrays = block;
  c->constants = copyArray(p.constants, block);
  c->cache_names = copyArray(p.cache_names, block);
  c->handlers = copyArray(p.handlers, block);
  c->cell_registers = copyArray(p.cell_registers, block);
  c->instructions = copyArray(p.instructions, block);
  c->packed_positions = reinterpret_cast<uint8_t*>(owns_packed ? block : const_cast<char*>(kept.data()));
  if (owns_packed && !kept.empty()) std::memcpy(block, kept.data(), kept.size());
  c->constant_count = static_cast<uint32_t>(p.constants.size());
  c->handler_count = static_cast<uint32_t>(p.handlers.size());
  c->cache_count = static_cast<uint32_t>(p.cache_names.size());
  c->flags = p.flags;
  c->register_count = p.register_count;
  c->local_count = static_cast<uint32_t>(p.local_names.size());
  c->free_count = static_cast<uint32_t>(p.free_names.size());
  c->arg_count = p.arg_count;
  c->positional_only = p.positional_only;
  c->keyword_only = p.keyword_only;
  c->first_line = p.first_line;
  c->local_names = tupleOfNames(t, p.local_names);
  c->cell_names = tupleOfNames(t, p.cell_names);
  c->free_names = tupleOfNames(t, p.free_names);
  c->name = share(Value(p.name)).as<Str>();
  c->qualname = share(Value(p.qualname)).as<Str>();
  c->filename = share(Value(p.filename)).as<Str>();
  return Ref::steal(c);
}
static void codeDealloc(Object* o) {
  Code* c = static_cast<Code*>(o);
  for (uint32_t i = 0; i < c->constant_count; ++i) decref(c->constants[i]);
  for (Object* held : {static_cast<Object*>(c->local_names), static_cast<Object*>(c->cell_names), static_cast<Object*>(c->free_names),
                       static_cast<Object*>(c->name), static_cast<Object*>(c->qualname), static_cast<Object*>(c->filename)}) decref(held);
  std::free(c->arrays);
  std::free(c->positions);
  std::free(c->caches);
}
static Code* code(Value v) { return v.as<Code>(); }
int32_t lineOf(const Code* c, const Instruction* pc) {
  const SourcePosition* positions = positionsOf(c);
  for (int64_t i = pc - c->instructions; i >= 0; --i) {
    if (positions[i].line != 0) return static_cast<int32_t>(positions[i].line);
  }
  return static_cast<int32_t>(c->first_line);
}
static Ref codeRepr(Thread& t, Value v) {
  return strFormat(t, "<code object %s at %p, file \"%s\", line %u>", toUtf8(code(v)->name).c_str(), static_cast<void*>(v.object()), toUtf8(code(v)->filename).c_str(), code(v)->first_line);
}
#define CODE_INT(function, field) \
  static Ref function(Thread& t, Value v) { return newInt(t, code(v)->field); }
CODE_INT(codeFlags, flags) CODE_INT(codeArgs, arg_count) CODE_INT(codePosOnly, positional_only) CODE_INT(codeKwOnly, keyword_only)
CODE_INT(codeLine, first_line) CODE_INT(codeStack, register_count)
static Ref codeName(Thread&, Value v) { return Ref::of(code(v)->name); }
static Ref codeQualname(Thread&, Value v) { return Ref::of(code(v)->qualname); }
static Ref codeFile(Thread&, Value v) { return Ref::of(code(v)->filename); }
static bool isCellOnly(Code* c, uint32_t i) {
  uint32_t params = c->arg_count + c->keyword_only + ((c->flags & kCodeVarargs) != 0) + ((c->flags & kCodeVarkeywords) != 0);
  if (i < params) return false;
  for (int64_t k = 0; k < c->cell_names->size; ++k) {
    if (c->cell_registers[k] == i) return true;
  }
  return false;
}
static Ref codeVarnames(Thread& t, Value v) {
  Ref list = newList(t);
  for (uint32_t i = 0; i < code(v)->local_count; ++i) {
    if (!isCellOnly(code(v), i)) listAppend(list.as<List>(), code(v)->local_names->items()[i]);
  }
  return tupleFrom(t, list.as<List>()->items, list.as<List>()->size);
}
static Ref codeLocals(Thread& t, Value v) {
  Ref names = codeVarnames(t, v);
  return newInt(t, names.as<Tuple>()->size);
}
static Ref codeCells(Thread&, Value v) { return Ref::of(code(v)->cell_names); }
static Ref codeFrees(Thread&, Value v) { return Ref::of(code(v)->free_names); }
static Ref codeConsts(Thread& t, Value v) { return codeConstants(t, code(v)); }
static Ref codeNames(Thread& t, Value v) { return codeNameTuple(t, code(v)); }
static Ref codePositions(Thread& t, const Value* a) {
  Ref list = newList(t);
  Code* c = code(a[0]);
  for (uint32_t i = 0; i < c->instruction_count && c->packed_size > 0; ++i) {
    const SourcePosition& p = positionsOf(c)[i];
    auto shown = [](uint32_t n, bool is_known) { return is_known ? Value::fromInt(n) : Value::none(); };
    bool has_line = p.line != 0, has_column = p.column != 0xFFFF;
    listAppendSteal(list.as<List>(), tupleOf(t, {shown(p.line, has_line), shown(p.end_line, has_line), shown(p.column, has_column), shown(p.end_column, has_column)}).release());
  }
  return iter_py(t, list.get());
}
// (start, end, line) of each run of instructions of one line; offsets as in f_lasti. ref: PEP 626.
// CPython begins all code with an instruction on the line of the definition (0 for a module), where debuggers look whether
// a function begins on a line: an empty run stands for it.
static Ref codeLines(Thread& t, const Value* a) {
  Ref list = newList(t);
  Code* c = code(a[0]);
  const SourcePosition* positions = positionsOf(c);
  uint32_t first = strEquals(c->name, "<module>") ? 0 : c->first_line;
  if (c->packed_size == 0) return iter_py(t, list.get());
  if (c->instruction_count > 0 && positions[0].line != first)
    listAppendSteal(list.as<List>(), tupleOf(t, {Value::fromInt(0), Value::fromInt(0), Value::fromInt(first)}).release());
  for (uint32_t begin = 0, end; begin < c->instruction_count; begin = end) {
    for (end = begin + 1; end < c->instruction_count && positions[end].line == positions[begin].line; ++end) {}
    Value line = positions[begin].line != 0 ? Value::fromInt(positions[begin].line) : Value::none();
    listAppendSteal(list.as<List>(), tupleOf(t, {Value::fromInt(2 * begin), Value::fromInt(2 * end), line}).release());
  }
  return iter_py(t, list.get());
}
static Ref codeLineTable(Thread& t, Value v) { return newBytes(t, locationTable(code(v))); }
// Pairs of steps in bytes and lines. ref: Objects/lnotab_notes.txt of 3.9.
static Ref codeOldLineTable(Thread& t, Value v) {
  TRY(warn_py(t, errors(t).deprecation_warning, 1, "co_lnotab is deprecated, use co_lines instead."));
  std::string table;
  auto emit = [&table](int64_t bytes, int64_t lines) {
    table += static_cast<char>(bytes);
    table += static_cast<char>(lines);
  };
  Code* c = code(v);
  const SourcePosition* positions = positionsOf(c);
  int64_t begin = 0, line = c->first_line;
  for (uint32_t i = 0; i < c->instruction_count; ++i) {
    if (positions[i].line == 0 || positions[i].line == line) continue;
    int64_t bytes = 2 * i - begin, lines = positions[i].line - line;
    for (; bytes > 255; bytes -= 255) emit(255, 0);
    for (; lines > 127; lines -= 127, bytes = 0) emit(bytes, 127);
    for (; lines < -128; lines += 128, bytes = 0) emit(bytes, -128);
    emit(bytes, lines);
    begin = 2 * i;
    line = positions[i].line;
  }
  return newBytes(t, table);
}
static Ref codeVarName(Thread& t, const Value* a) {
  Code* c = code(a[0]);
  int64_t i = TRY(toInt64_py(t, a[1]));
  if (i < 0 || i >= c->local_count + c->free_count) return raiseIndexError(t, "tuple index out of range");
  return Ref::of(i < c->local_count ? (*c->local_names)[i] : (*c->free_names)[i - c->local_count]);
}
static Ref codeBytes(Thread& t, Value v) { return codeUnits(t, code(v)); }
static const GetSetDef kCodeGetSets[] = {{"co_flags", codeFlags, readOnlyMember}, {"co_argcount", codeArgs, readOnlyMember}, {"co_posonlyargcount", codePosOnly, readOnlyMember}, {"co_kwonlyargcount", codeKwOnly, readOnlyMember},
    {"co_firstlineno", codeLine, readOnlyMember}, {"co_stacksize", codeStack, readOnlyMember}, {"co_name", codeName, readOnlyMember}, {"co_qualname", codeQualname, readOnlyMember}, {"co_filename", codeFile, readOnlyMember},
    {"co_varnames", codeVarnames}, {"co_nlocals", codeLocals, readOnlyMember}, {"co_cellvars", codeCells}, {"co_freevars", codeFrees}, {"co_consts", codeConsts, readOnlyMember},
    {"co_names", codeNames, readOnlyMember}, {"co_code", codeBytes}, {"_co_code_adaptive", codeBytes}, {"co_linetable", codeLineTable, readOnlyMember}, {"co_lnotab", codeOldLineTable},
    {"co_exceptiontable", codeImage, readOnlyMember}, {nullptr, nullptr}};
// Each branch as (from, to when it goes on, to when it jumps), in units of co_code. ref: code_branchesiterator.
static Ref codeBranches(Thread& t, const Value* a) {
  Code* c = a[0].as<Code>();
  Ref list = newList(t);
  for (uint32_t i = 0; i < c->instruction_count; ++i) {
    Instruction instruction = c->instructions[i];
    instruction.op = bytecode::plainOp(instruction.op);
    int64_t target;
    bool is_branch = bytecode::jumpTarget(instruction, i, target) && instruction.op != bytecode::Op::kJump && instruction.op != bytecode::Op::kJumpBack &&
                     instruction.op != bytecode::Op::kSend;
    if (!is_branch) continue;
    listAppendSteal(list.as<List>(), tupleOf(t, {Value::fromInt(2 * int64_t{i}), Value::fromInt(2 * int64_t{i} + 2), Value::fromInt(2 * target)}).release());
  }
  return iter_py(t, list.get());
}
static const NativeDef kCodeMethods[] = {{"co_positions", "($self, /)", codePositions}, {"replace", "($self, /, **changes)", codeReplace}, {"__replace__", "($self, /, **changes)", codeReplace},
    {"co_lines", "($self, /)", codeLines}, {"co_branches", "($self, /)", codeBranches}, {"_varname_from_oparg", "($self, /, oparg)", codeVarName}, {nullptr, nullptr, nullptr}};
void initCodeType(Isolate& isolate) {
  Type* type = isolate.types.code = makeType(isolate, {.name = "code", .id = TypeId::kCode, .size = sizeof(Code), .flags = kTypeWeakrefable,
      .methods = kCodeMethods, .getsets = kCodeGetSets});
  type->slots.make = codeMake;
  type->slots.init = [](Thread&, Value, const Value*, uint32_t, Tuple*) -> Status { return kDone; };
  type->slots.dealloc = codeDealloc;
  type->slots.repr = codeRepr;
  fillCodeSlots(type);
}

// --- module
Ref newModule(Thread& t, std::string_view name) {
  Module* m = allocate<Module>(t.types().module);
  m->dict = newDict(t).release().as<Dict>();
  Ref text = newStr(t, name);
  dictSetStr(m->dict, t.names().d_name, text.get());
  for (Str* key : {t.names().d_doc, t.names().d_package, t.names().d_loader, t.names().d_spec}) dictSetStr(m->dict, key, Value::none());
  gcTrack(m);
  return Ref::steal(m);
}
static Module* module(Value v) { return v.as<Module>(); }
static void moduleDealloc(Object* o) {
  if (static_cast<Module*>(o)->dict != nullptr) decref(static_cast<Object*>(static_cast<Module*>(o)->dict));
}
static void moduleTraverse(Object* o, Visitor visitor, void* context) { visit(static_cast<Module*>(o)->dict, visitor, context); }
static void moduleClear(Object* o) { clearField(static_cast<Module*>(o)->dict); }
static Ref moduleMake(Thread& t, Type* type, const Value*, uint32_t, Tuple*) {
  Module* m = allocate<Module>(type);
  m->dict = newDict(t).release().as<Dict>();
  gcTrack(m);
  return Ref::steal(m);
}
static Status moduleInit(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "module", "(name, doc=None)", args, nargs, keywords, a));
  if (!isStr(a[0])) return raiseTypeError(t, "module() argument 'name' must be str, not %s", typeNameOf(t, a[0]));
  Dict* d = module(v)->dict;
  dictSetStr(d, t.names().d_name, a[0]);
  dictSetStr(d, t.names().d_doc, a[1]);
  for (Str* key : {t.names().d_package, t.names().d_loader, t.names().d_spec}) dictSetStr(d, key, Value::none());
  return kDone;
}
static Ref moduleRepr(Thread& t, Value v) {
  Ref name = newStr(t, "importlib._bootstrap");
  Value bootstrap = dictGet_py(t, t.isolate->modules, name.get());
  if (bootstrap.isUndefined()) bootstrap = dictGetStr(t.isolate->modules, intern(*t.isolate, "_frozen_importlib"));
  if (bootstrap.defined()) return callMethod_py(t, bootstrap, intern(*t.isolate, "_module_repr"), v);
  Value module_name = dictGetStr(module(v)->dict, t.names().d_name);
  return strFormat(t, "<module %s>", module_name.defined() ? reprText_py(t, module_name).c_str() : "'?'");
}
// ref: _Py_module_getattro_impl.
static Ref moduleGetAttr(Thread& t, Value v, Str* name) {
  Value direct = module(v)->dict != nullptr ? dictGetStr(module(v)->dict, name) : Value();
  if (direct.defined() && typeLookup(typeOfHeap(v), name).isUndefined()) return Ref::of(direct);
  Ref r = genericGetAttr_py(t, v, name);
  if (r || !pendingMatches(t, errors(t).attribute_error)) return r;
  Value getattr = dictGetStr(module(v)->dict, t.names().d_getattr);
  if (getattr.defined()) {
    clearException(t);
    Value arg = name;
    return call_py(t, getattr, &arg, 1);
  }
  clearException(t);
  return raiseNoModuleAttribute(t, v, name);
}
static Ref moduleDict(Thread&, Value v) { return Ref::of(module(v)->dict); }
static Ref moduleDir(Thread& t, const Value* a) {
  Ref shown = TRY(getAttr_py(t, a[0], t.names().d_dict));
  if (!isDict(shown.get())) return raiseTypeError(t, "<module>.__dict__ is not a dictionary");
  Value custom = dictGetStr(shown.as<Dict>(), t.names().d_dir);
  if (custom.defined()) return call_py(t, custom, nullptr, 0);
  return dictKeysList(t, shown.as<Dict>());
}
static Ref moduleAnnotations(Thread& t, Value v) {
  Dict* d = module(v)->dict;
  Value found = dictGetStr(d, t.names().d_annotations);
  if (found.defined()) return Ref::of(found);
  Value annotate = dictGetStr(d, t.names().d_annotate);
  Ref r;
  if (annotate.defined() && isCallable(t, annotate)) {
    Value one = Value::fromInt(1);
    r = TRY(call_py(t, annotate, &one, 1));
  } else {
    r = newDict(t);
  }
  dictSetStr(d, t.names().d_annotations, r.get());
  return r;
}
static Status moduleSetAnnotations(Thread& t, Value v, Value x) {
  Dict* d = module(v)->dict;
  if (x.defined()) dictSetStr(d, t.names().d_annotations, x);
  else if (!dictDeleteStr(d, t.names().d_annotations)) return raise(t, errors(t).attribute_error, "__annotations__");
  dictDeleteStr(d, t.names().d_annotate);
  return kDone;
}
static Ref moduleAnnotate(Thread& t, Value v) {
  Dict* d = module(v)->dict;
  Value found = dictGetStr(d, t.names().d_annotate);
  if (found.defined()) return Ref::of(found);
  dictSetStr(d, t.names().d_annotate, Value::none());
  return Ref::none();
}
static Status moduleSetAnnotate(Thread& t, Value v, Value x) {
  if (x.isUndefined()) return raiseTypeError(t, "cannot delete __annotate__ attribute");
  if (!x.isNone() && !isCallable(t, x)) return raiseTypeError(t, "__annotate__ must be callable or None");
  dictSetStr(module(v)->dict, t.names().d_annotate, x);
  if (!x.isNone()) dictDeleteStr(module(v)->dict, t.names().d_annotations);
  return kDone;
}
static const GetSetDef kModuleGetSets[] = {{"__dict__", moduleDict, readOnlyMember}, {"__annotations__", moduleAnnotations, moduleSetAnnotations}, {"__annotate__", moduleAnnotate, moduleSetAnnotate}, {nullptr, nullptr}};
static const NativeDef kModuleMethods[] = {{"__dir__", "($self, /)", moduleDir}, {nullptr, nullptr, nullptr}};
void initModuleType(Isolate& isolate) {
  Type* type = isolate.types.module = makeType(isolate, {.name = "module", .id = TypeId::kModule, .size = sizeof(Module),
      .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable, .methods = kModuleMethods, .getsets = kModuleGetSets, .dict_offset = offsetof(Module, dict)});
  Slots& s = type->slots;
  s.dealloc = moduleDealloc;
  s.traverse = moduleTraverse;
  s.clear = moduleClear;
  s.make = moduleMake;
  s.init = moduleInit;
  s.repr = moduleRepr;
  s.get_attr = moduleGetAttr;
}

}  // namespace krait::object
