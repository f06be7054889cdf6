// The builtin exception classes: one layout, made from exceptions.def. Attributes that belong to some classes only are
// tables below. ref: Objects/exceptions.c.
#include "runtime/object/exception.h"

#include <cerrno>
#include <cstring>

#include "runtime/object/builtin_docs.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/instance.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/int.h"
#include "runtime/object/suggestions.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

static BaseException* self(Value v) { return v.as<BaseException>(); }

static void dealloc(Object* o) {
  BaseException* e = static_cast<BaseException*>(o);
  for (Value v : {e->args, e->traceback, e->cause, e->context}) decref(v);
  for (Value v : e->extra) decref(v);
  if (e->dict != nullptr) decref(static_cast<Object*>(e->dict));
}
static void traverse(Object* o, Visitor visitor, void* context) {
  BaseException* e = static_cast<BaseException*>(o);
  for (Value v : {e->args, e->traceback, e->cause, e->context}) visit(v, visitor, context);
  for (Value v : e->extra) visit(v, visitor, context);
  visit(e->dict, visitor, context);
}
static void clear(Object* o) {
  BaseException* e = static_cast<BaseException*>(o);
  for (Value* v : {&e->args, &e->traceback, &e->cause, &e->context}) clearField(*v);
  for (Value& v : e->extra) clearField(v);
}

static Ref make(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple*) {
  BaseException* e = allocate<BaseException>(type);
  e->traceback = e->cause = e->context = Value();
  for (Value* v = e->extra; v < reinterpret_cast<Value*>(reinterpret_cast<char*>(e) + objectSize(e)); ++v) *v = Value();
  e->args = tupleFrom(t, args, nargs).release();
  gcTrack(e);
  return Ref::steal(e);
}

static void setArgs(Thread& t, Value v, const Value* args, uint32_t nargs) {
  Value old = self(v)->args;
  self(v)->args = tupleFrom(t, args, nargs).release();
  decref(old);
}

static Status init(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (keywords != nullptr && keywords->size > 0) return raiseTypeError(t, "%s() takes no keyword arguments", typeNameOf(t, v));
  setArgs(t, v, args, nargs);
  return kDone;
}

static void setExtra(Value v, int index, Value value) {
  Value& field = self(v)->extra[index];
  Value old = field;
  field = share(value);
  decref(old);
}

// --- constructors of the classes with attributes
static Status initNamed(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords, const char* known, std::initializer_list<const char*> names,
                        std::initializer_list<int> indices) {
  setArgs(t, v, args, nargs);
  if (keywords != nullptr && static_cast<size_t>(keywords->size) > names.size()) {
    return raiseTypeError(t, "%s() takes at most %zu keyword argument%s (%ld given)", known, names.size(), names.size() == 1 ? "" : "s", static_cast<long>(keywords->size));
  }
  for (int64_t k = 0; keywords != nullptr && k < keywords->size; ++k) {
    Str* key = keywords->items()[k].as<Str>();
    bool found = false;
    auto index = indices.begin();
    for (const char* name : names) {
      if (strEquals(key, name)) {
        setExtra(v, *index, args[nargs + k]);
        found = true;
      }
      ++index;
    }
    if (!found) return raiseTypeError(t, "%s", unexpectedKeywordText(known, toUtf8(key), {names.begin(), names.end()}).c_str());
  }
  return kDone;
}
static Status initAttribute(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* kw) {
  return initNamed(t, v, args, nargs, kw, "AttributeError", {"name", "obj"}, {kExtraName, kExtraObj});
}
static Status initName(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* kw) {
  return initNamed(t, v, args, nargs, kw, "NameError", {"name"}, {kExtraName});
}
static Status initImport(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* kw) {
  for (int field : {kImportMsg, kImportName, kImportPath, kImportNameFrom}) setExtra(v, field, Value());
  TRY(initNamed(t, v, args, nargs, kw, "ImportError", {"name", "path", "name_from"}, {kImportName, kImportPath, kImportNameFrom}));
  if (nargs == 1) setExtra(v, kImportMsg, args[0]);
  return kDone;
}
static Status initStop(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* kw) {
  TRY(init(t, v, args, nargs, kw));
  setExtra(v, kStopValue, nargs > 0 ? args[0] : Value::none());
  return kDone;
}
static Status initSystemExit(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* kw) {
  TRY(init(t, v, args, nargs, kw));
  if (nargs == 1) setExtra(v, kExitCode, args[0]);
  else if (nargs > 1) setExtra(v, kExitCode, self(v)->args);
  return kDone;
}
static Status initSyntax(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* kw) {
  TRY(init(t, v, args, nargs, kw));
  if (nargs >= 1) setExtra(v, kSyntaxMsg, args[0]);
  if (nargs != 2) return kDone;
  Ref info = TRY(tupleFromIterable_py(t, args[1]));
  Tuple* fields = info.as<Tuple>();
  if (fields->size < 4) return raiseTypeError(t, "function takes at least 4 arguments (%ld given)", static_cast<long>(fields->size));
  if (fields->size > 7) return raiseTypeError(t, "function takes at most 7 arguments (%ld given)", static_cast<long>(fields->size));
  static constexpr int kFields[] = {kSyntaxFilename, kSyntaxLineno, kSyntaxOffset, kSyntaxText, kSyntaxEndLineno, kSyntaxEndOffset};
  if (fields->size == 5) return raiseTypeError(t, "end_offset must be provided when end_lineno is provided");
  for (int64_t i = 0; i < fields->size && i < 6; ++i) setExtra(v, kFields[i], fields->items()[i]);
  return kDone;
}

// OSError(errno, …) makes the subclass that the number stands for. ref: oserror_new.
static Type* osErrorClass(Thread& t, int number) {
  Errors& e = errors(t);
  switch (number) {
    case EAGAIN: case EALREADY: case EINPROGRESS: return e.blocking_io_error;
    case EPIPE: case ESHUTDOWN: return e.broken_pipe_error;
    case ECHILD: return e.child_process_error;
    case ECONNABORTED: return e.connection_aborted_error;
    case ECONNREFUSED: return e.connection_refused_error;
    case ECONNRESET: return e.connection_reset_error;
    case EEXIST: return e.file_exists_error;
    case ENOENT: return e.file_not_found_error;
    case EISDIR: return e.is_a_directory_error;
    case ENOTDIR: return e.not_a_directory_error;
    case EINTR: return e.interrupted_error;
    case EACCES: case EPERM: return e.permission_error;
    case ESRCH: return e.process_lookup_error;
    case ETIMEDOUT: return e.timeout_error;
    default: return e.os_error;
  }
}
static Status parseOS(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* kw) {
  if (kw != nullptr && kw->size > 0) return raiseTypeError(t, "%s() takes no keyword arguments", typeNameOf(t, v));
  setArgs(t, v, args, nargs);
  if (nargs < 2 || nargs > 5) return kDone;
  setExtra(v, kOsErrno, args[0]);
  setExtra(v, kOsStrerror, args[1]);
  if (nargs >= 3 && !args[2].isNone()) {
    if (typeOf(t, v) == errors(t).blocking_io_error && args[2].isInt()) {
      setExtra(v, kOsWritten, args[2]);
      return kDone;
    }
    setExtra(v, kOsFilename, args[2]);
    if (nargs == 5) setExtra(v, kOsFilename2, args[4]);
    setArgs(t, v, args, 2);
  }
  return kDone;
}
// A class that has an __init__ of its own, and no __new__, gets its arguments there; any other in __new__. ref: oserror_use_init.
static Ref makeOS(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* kw);
static Status initOS(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* kw);
static bool readsInInit(const Type* type) { return type->slots.init != initOS && type->slots.make == makeOS; }
static Status initOS(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* kw) {
  return readsInInit(typeOf(t, v)) ? parseOS(t, v, args, nargs, kw) : kDone;
}
static Ref makeOS(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* kw) {
  if (type == errors(t).os_error && nargs >= 2 && nargs <= 5 && args[0].isInt()) type = osErrorClass(t, static_cast<int>(args[0].asInt()));
  bool later = readsInInit(type);
  Ref r = TRY(make(t, type, args, later ? 0 : nargs, nullptr));
  if (!later) TRY(parseOS(t, r.get(), args, nargs, kw));
  return r;
}
// Sets the fields object, start, end and reason to the arguments from `first` (from 0) on.
static Status setUnicodeFields_py(Thread& t, Value v, const Value* args, int first, bool is_bytes) {
  if (first == 1 && !isStr(args[0])) return raiseTypeError(t, "argument 1 must be str, not %s", typeNameOf(t, args[0]));
  if (!is_bytes && !isStr(args[first])) return raiseTypeError(t, "argument %d must be str, not %s", first + 1, typeNameOf(t, args[first]));
  Ref places[2];
  for (int i = 1; i < 3; ++i) places[i - 1] = newInt(t, TRY(toInt64_py(t, args[first + i])));
  if (!isStr(args[first + 3])) return raiseTypeError(t, "argument %d must be str, not %s", first + 4, typeNameOf(t, args[first + 3]));
  int to = kUnicodeObject;
  setExtra(v, to, args[first]);
  setExtra(v, to + 1, places[0].get());
  setExtra(v, to + 2, places[1].get());
  setExtra(v, to + 3, args[first + 3]);
  return kDone;
}
static Status initUnicode(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* kw) {
  TRY(init(t, v, args, nargs, kw));
  if (nargs != 5) return raiseTypeError(t, "function takes exactly 5 arguments (%u given)", nargs);
  bool is_decode = isInstanceOf(t, v, errors(t).unicode_decode_error);
  TRY(setUnicodeFields_py(t, v, args, 1, is_decode));
  setExtra(v, 0, args[0]);
  if (!is_decode || isBytes(args[1])) return kDone;
  Buffer buffer;
  TRY(buffer.acquire(t, args[1]));
  setExtra(v, kUnicodeObject, newBytes(t, buffer.view()).get());
  return kDone;
}
static Status initUnicodeTranslate(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* kw) {
  TRY(init(t, v, args, nargs, kw));
  if (nargs != 4) return raiseTypeError(t, "function takes exactly 4 arguments (%u given)", nargs);
  TRY(setUnicodeFields_py(t, v, args, 0, false));
  return kDone;
}
#define initPlain init
#define initKey init

// --- str
static Ref plainStr(Thread& t, Value v) {
  Tuple* args = self(v)->args.as<Tuple>();
  if (args->size == 0) return Ref::of(t.isolate->empty_str);
  if (args->size == 1) return str_py(t, args->items()[0]);
  return str_py(t, self(v)->args);
}
static Ref keyStr(Thread& t, Value v) {
  Tuple* args = self(v)->args.as<Tuple>();
  return args->size == 1 ? repr_py(t, args->items()[0]) : plainStr(t, v);
}
static Ref importStr(Thread& t, Value v) {
  Value msg = self(v)->extra[kImportMsg];
  return isExactStr(msg) ? Ref::of(msg) : plainStr(t, v);
}
static std::string textOf(Thread& t, Value v) {
  Ref s = str_py(t, v);
  if (!s) clearException(t);
  return s ? toUtf8(s.as<Str>()) : std::string();
}
static Ref osStr(Thread& t, Value v) {
  Value* extra = self(v)->extra;
  if (extra[kOsFilename].defined()) {
    std::string text = "[Errno " + textOf(t, extra[kOsErrno].defined() ? extra[kOsErrno] : Value::none()) + "] " +
                       textOf(t, extra[kOsStrerror]) + ": " + reprText_py(t, extra[kOsFilename]);
    if (extra[kOsFilename2].defined()) text += " -> " + reprText_py(t, extra[kOsFilename2]);
    return newStr(t, text);
  }
  if (extra[kOsErrno].defined() && extra[kOsStrerror].defined()) {
    return newStr(t, "[Errno " + textOf(t, extra[kOsErrno]) + "] " + textOf(t, extra[kOsStrerror]));
  }
  return plainStr(t, v);
}
static Ref syntaxStr(Thread& t, Value v) {
  Value* extra = self(v)->extra;
  std::string text = textOf(t, extra[kSyntaxMsg].defined() ? extra[kSyntaxMsg] : Value::none());
  std::string file;
  bool has_file = isStr(extra[kSyntaxFilename]);
  if (has_file) {
    file = toUtf8(extra[kSyntaxFilename].as<Str>());
    size_t slash = file.rfind('/');
    if (slash != std::string::npos) file = file.substr(slash + 1);
  }
  bool has_line = extra[kSyntaxLineno].isInt();
  if (!has_file && !has_line) return newStr(t, text);
  std::string line = has_line ? std::to_string(extra[kSyntaxLineno].asInt()) : "";
  if (has_file && has_line) return newStr(t, text + " (" + file + ", line " + line + ")");
  return newStr(t, has_file ? text + " (" + file + ")" : text + " (line " + line + ")");
}

// ref: UnicodeEncodeError_str, UnicodeDecodeError_str.
static Ref unicodeStr(Thread& t, Value v) {
  Value* extra = self(v)->extra;
  if (extra[kUnicodeObject].isUndefined()) return Ref::of(t.isolate->empty_str);
  bool is_decode = isInstanceOf(t, v, errors(t).unicode_decode_error);
  bool is_translate = isInstanceOf(t, v, errors(t).unicode_translate_error);
  int64_t start = extra[kUnicodeStart].isInt() ? extra[kUnicodeStart].asInt() : 0, end = extra[kUnicodeEnd].isInt() ? extra[kUnicodeEnd].asInt() : 0;
  std::string reason = textOf(t, extra[kUnicodeReason]), encoding = is_translate ? "" : textOf(t, extra[kUnicodeEncoding]);
  std::string head = is_translate ? "can't translate " : "'" + encoding + "' codec can't " + (is_decode ? "decode " : "encode ");
  std::string what = is_decode ? "byte" : "character";
  if (end == start + 1) {
    Ref item = getItem_py(t, extra[kUnicodeObject], extra[kUnicodeStart]);
    if (!item) {
      clearException(t);
    } else {
      unsigned c = isStr(item.get()) ? static_cast<unsigned>(item.as<Str>()->at(0)) : static_cast<unsigned>(item.get().asInt());
      std::string shown = is_decode ? format("byte 0x%02x", c) : format(c < 0x100 ? "character '\\x%02x'" : c < 0x10000 ? "character '\\u%04x'" : "character '\\U%08x'", c);
      return newStr(t, head + shown + " in position " + std::to_string(start) + ": " + reason);
    }
  }
  return newStr(t, head + what + "s in position " + std::to_string(start) + "-" + std::to_string(end - 1) + ": " + reason);
}

static Ref repr(Thread& t, Value v) {
  Tuple* args = self(v)->args.as<Tuple>();
  Ref inner = TRY(repr_py(t, args->size == 1 ? args->items()[0] : self(v)->args));
  StrBuilder out;
  out.add(typeOf(t, v)->name);
  if (args->size == 1) out.add('(');
  out.add(inner.as<Str>());
  if (args->size == 1) out.add(')');
  return out.finish(t);
}

// --- common attributes
static Ref getArgs(Thread&, Value v) { return Ref::of(self(v)->args); }
static Status setArgsAttr(Thread& t, Value v, Value value) {
  if (value.isUndefined()) return raiseTypeError(t, "args may not be deleted");
  Ref tuple = TRY(tupleFromIterable_py(t, value));
  Value old = self(v)->args;
  self(v)->args = tuple.release();
  decref(old);
  return kDone;
}
static Ref orNone(Value v) { return v.defined() ? Ref::of(v) : Ref::none(); }
static void store(Value& field, Value v) {
  Value old = field;
  field = v.isNone() ? Value() : share(v);
  decref(old);
}
static Ref getTraceback(Thread&, Value v) { return orNone(self(v)->traceback); }
static Status setTraceback(Thread& t, Value v, Value value) {
  if (value.isUndefined()) return raiseTypeError(t, "__traceback__ may not be deleted");
  if (!value.isNone() && !isExact(value, TypeId::kTraceback)) return raiseTypeError(t, "__traceback__ must be a traceback or None");
  store(self(v)->traceback, value);
  return kDone;
}
static Ref getCause(Thread&, Value v) { return orNone(self(v)->cause); }
static Status setCauseAttr(Thread& t, Value v, Value value) {
  if (value.isUndefined()) return raiseTypeError(t, "__cause__ may not be deleted");
  if (!value.isNone() && !isException(value)) return raiseTypeError(t, "exception cause must be None or derive from BaseException");
  store(self(v)->cause, value);
  self(v)->suppress_context = true;
  return kDone;
}
static Ref getContext(Thread&, Value v) { return orNone(self(v)->context); }
static Status setContextAttr(Thread& t, Value v, Value value) {
  if (value.isUndefined()) return raiseTypeError(t, "__context__ may not be deleted");
  if (!value.isNone() && !isException(value)) return raiseTypeError(t, "exception context must be None or derive from BaseException");
  store(self(v)->context, value);
  return kDone;
}
static Ref getSuppress(Thread&, Value v) { return Ref::boolean(self(v)->suppress_context); }
static Status setSuppress(Thread& t, Value v, Value value) {
  if (value.isUndefined()) return raiseTypeError(t, "can't delete numeric/char attribute");
  if (!value.isBool()) return raiseTypeError(t, "attribute value type must be bool");
  self(v)->suppress_context = value.isTrue();
  return kDone;
}
static Ref getDict(Thread& t, Value v) { return Ref::of(objectDict(t, v.object())); }
static Status setDict(Thread& t, Value v, Value value) { return replaceObjectDict(t, v, value); }

static Ref withTraceback(Thread& t, const Value* a) {
  TRY(setTraceback(t, a[0], a[1]));
  return Ref::of(a[0]);
}
static Ref addNote(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "add_note() argument must be str, not %s", typeNameOf(t, a[1]));
  Ref notes = findAttr_py(t, a[0], t.names().d_notes);
  if (!notes) {
    if (isPending(t)) return Ref();
    notes = newList(t);
    TRY(setAttr_py(t, a[0], t.names().d_notes, notes.get()));
  }
  if (!isList(notes.get())) return raiseTypeError(t, "Cannot add note: __notes__ is not a list");
  listAppend(notes.as<List>(), a[1]);
  return Ref::none();
}
// The attributes of an ImportError are part of its state. ref: ImportError_reduce.
static Ref importState(Thread& t, Value v) {
  Dict* own = self(v)->dict;
  Ref state = own != nullptr ? dictCopy(t, own) : newDict(t);
  for (auto [name, field] : {std::pair{"name", int{kImportName}}, {"path", int{kImportPath}}, {"name_from", int{kImportNameFrom}}}) {
    Value value = self(v)->extra[field];
    if (value.defined() && !value.isNone()) dictSetStr(state.as<Dict>(), intern(*t.isolate, name), value);
  }
  return state;
}
// ref: AttributeError_getstate: the object may be one that cannot be pickled.
static Ref attributeState(Thread& t, Value v) {
  Ref state = self(v)->dict != nullptr ? dictCopy(t, self(v)->dict) : newDict(t);
  Value name = self(v)->extra[kExtraName];
  if (name.defined() && !name.isNone()) dictSetStr(state.as<Dict>(), intern(*t.isolate, "name"), name);
  dictSetStr(state.as<Dict>(), t.names().args, self(v)->args);
  return state;
}
// The file names stand behind errno and strerror again. ref: OSError_reduce.
static Ref osArgs(Thread& t, Value v) {
  BaseException* e = self(v);
  Tuple* args = e->args.as<Tuple>();
  Value first = e->extra[kOsFilename], second = e->extra[kOsFilename2];
  if (args->size != 2 || first.isUndefined() || first.isNone()) return Ref::of(e->args);
  if (second.isUndefined() || second.isNone()) return tupleOf(t, {(*args)[0], (*args)[1], first});
  return tupleOf(t, {(*args)[0], (*args)[1], first, Value::none(), second});
}
static Ref reduce(Thread& t, const Value* a) {
  if (isInstanceOf(t, a[0], errors(t).attribute_error)) {
    Ref state = attributeState(t, a[0]);
    return tupleOf(t, {Value(typeOf(t, a[0])), self(a[0])->args, state.get()});
  }
  if (isInstanceOf(t, a[0], errors(t).import_error)) {
    Ref state = importState(t, a[0]);
    if (state.as<Dict>()->used > 0) return tupleOf(t, {Value(typeOf(t, a[0])), self(a[0])->args, state.get()});
  }
  BaseException* e = self(a[0]);
  Ref args = isInstanceOf(t, a[0], errors(t).os_error) ? osArgs(t, a[0]) : Ref::of(e->args);
  if (e->dict != nullptr && e->dict->used > 0) return tupleOf(t, {e->type, args.get(), e->dict});
  return tupleOf(t, {e->type, args.get()});
}
static Ref setState(Thread& t, const Value* a) {
  if (a[1].isNone()) return Ref::none();
  if (!isDict(a[1])) return raiseTypeError(t, "state is not a dictionary");
  Value key, value;
  for (int64_t at = 0; dictNext(a[1].as<Dict>(), at, key, value);) {
    Ref held = Ref::of(key), held_value = Ref::of(value);
    if (!isStr(key)) return raiseTypeError(t, "attribute name must be string, not '%s'", typeNameOf(t, key));
    TRY(setAttr_py(t, a[0], key.as<Str>(), value));
  }
  return Ref::none();
}

static const NativeDef kMethods[] = {
    {"with_traceback", "($self, object, /)", withTraceback, "Set self.__traceback__ to tb and return self."},
    {"add_note", "($self, object, /)", addNote, "Add a note to the exception"},
    {"__reduce__", "($self, /)", reduce}, {"__setstate__", "($self, object, /)", setState}, {nullptr, nullptr, nullptr}};
static const GetSetDef kGetSets[] = {{"args", getArgs, setArgsAttr}, {"__traceback__", getTraceback, setTraceback},
    {"__cause__", getCause, setCauseAttr}, {"__context__", getContext, setContextAttr},
    {"__suppress_context__", getSuppress, setSuppress}, {"__dict__", getDict, setDict}, {nullptr, nullptr}};

// --- attributes kept in `extra`
template <int I>
static Ref getExtra(Thread&, Value v) { return orNone(self(v)->extra[I]); }
template <int I>
static Status setExtraAttr(Thread&, Value v, Value value) {
  setExtra(v, I, value);
  return kDone;
}
#define EXTRA(name, i) {name, getExtra<i>, setExtraAttr<i>}
static const GetSetDef kAttributeGetSets[] = {EXTRA("name", 0), EXTRA("obj", 1), {nullptr, nullptr}};
static const GetSetDef kNameGetSets[] = {EXTRA("name", 0), {nullptr, nullptr}};
static const GetSetDef kImportGetSets[] = {EXTRA("msg", 0), EXTRA("name", 1), EXTRA("path", 2), EXTRA("name_from", 3), {nullptr, nullptr}};
// Of BlockingIOError only where it is known. ref: OSError_written_get.
static Ref getWritten(Thread& t, Value v) {
  Value written = v.as<BaseException>()->extra[kOsWritten];
  return written.isInt() ? Ref::of(written) : raise(t, errors(t).attribute_error, "characters_written");
}
static Status setWritten(Thread& t, Value v, Value value) {
  if (value.isUndefined()) {
    if (!v.as<BaseException>()->extra[kOsWritten].isInt()) return raise(t, errors(t).attribute_error, "characters_written");
    setExtra(v, kOsWritten, Value());
    return kDone;
  }
  setExtra(v, kOsWritten, Value::fromInt(TRY(toInt64_py(t, value))));
  return kDone;
}
static const GetSetDef kOSGetSets[] = {EXTRA("errno", 0), EXTRA("strerror", 1), EXTRA("filename", 2), EXTRA("filename2", 3),
    {"characters_written", getWritten, setWritten}, {nullptr, nullptr}};
static const GetSetDef kSyntaxGetSets[] = {EXTRA("msg", 0), EXTRA("filename", 1), EXTRA("lineno", 2), EXTRA("offset", 3), EXTRA("text", 4),
    EXTRA("end_lineno", 5), EXTRA("end_offset", 6), EXTRA("print_file_and_line", 7), {nullptr, nullptr}};
static const GetSetDef kStopGetSets[] = {EXTRA("value", 0), {nullptr, nullptr}};
static const GetSetDef kSystemExitGetSets[] = {EXTRA("code", 0), {nullptr, nullptr}};
// Members that are numbers of C. ref: PyMember_SetOne for Py_T_PYSSIZET.
template <int I>
static Ref getPlace(Thread&, Value v) { return self(v)->extra[I].defined() ? Ref::of(self(v)->extra[I]) : newIntSmall(0); }
template <int I>
static Status setPlace(Thread& t, Value v, Value value) {
  if (value.isUndefined()) return raiseTypeError(t, "can't delete numeric/char attribute");
  if (!isIntLike(value)) return raiseTypeError(t, "an integer is required");
  Ref number = newInt(t, TRY(toInt64_py(t, value)));
  setExtra(v, I, number.get());
  return kDone;
}
static const GetSetDef kUnicodeGetSets[] = {EXTRA("encoding", 0), EXTRA("object", 1), {"start", getPlace<2>, setPlace<2>}, {"end", getPlace<3>, setPlace<3>}, EXTRA("reason", 4), {nullptr, nullptr}};
static const GetSetDef kGroupGetSets[] = {{"message", getExtra<0>}, {"exceptions", getExtra<1>}, {nullptr, nullptr}};
static const GetSetDef* const kPlainGetSets = nullptr;
static const GetSetDef* const kKeyGetSets = nullptr;
static const GetSetDef* const kUnicodeTranslateGetSets = kUnicodeGetSets;

extern const NativeDef kExceptionGroupMethods[];
Ref groupMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords);
Status groupInit(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords);
Ref groupStr(Thread& t, Value v);
Ref groupRepr(Thread& t, Value v);

enum class ExceptionLayout { kPlain, kGroup, kSystemExit, kAttribute, kImport, kName, kOS, kStop, kSyntax, kUnicode, kUnicodeTranslate, kKey };
#define initGroup groupInit

static void setLayoutSlots(Type* type, ExceptionLayout layout) {
  Slots& s = type->slots;
  switch (layout) {
    case ExceptionLayout::kPlain: break;
    case ExceptionLayout::kKey: s.str = keyStr; break;
    case ExceptionLayout::kGroup: s.make = groupMake; s.init = groupInit; s.str = groupStr; s.repr = groupRepr; break;
    case ExceptionLayout::kSystemExit: s.init = initSystemExit; break;
    case ExceptionLayout::kAttribute: s.init = initAttribute; break;
    case ExceptionLayout::kImport: s.init = initImport; s.str = importStr; break;
    case ExceptionLayout::kName: s.init = initName; break;
    case ExceptionLayout::kOS: s.init = initOS; s.make = makeOS; s.str = osStr; break;
    case ExceptionLayout::kStop: s.init = initStop; break;
    case ExceptionLayout::kSyntax: s.init = initSyntax; s.str = syntaxStr; break;
    case ExceptionLayout::kUnicode: s.init = initUnicode; s.str = unicodeStr; break;
    case ExceptionLayout::kUnicodeTranslate: s.init = initUnicodeTranslate; s.str = unicodeStr; break;
  }
}

void initBaseExceptionType(Isolate& isolate) {
  Type* type = isolate.types.base_exception = makeType(isolate, {.name = "BaseException", .id = TypeId::kBaseException,
      .size = sizeof(BaseException), .flags = kTypeGc | kTypeBaseable, .methods = kMethods, .getsets = kGetSets,
      .doc = "Common base class for all exceptions.", .dict_offset = offsetof(BaseException, dict)});
  type->slots.dealloc = dealloc;
  type->slots.traverse = traverse;
  type->slots.clear = clear;
  type->slots.make = make;
  type->slots.init = init;
  type->slots.repr = repr;
  type->slots.str = plainStr;
}

// Makes and readies the others, once BaseException is ready; publishes them in builtins' dictionary.
void makeExceptionTypes(Isolate& isolate) {
  Errors& e = errors(isolate.main_thread);
  e.base_exception = isolate.types.base_exception;
#define EXCEPTION(field, Name, base_field, layout)                                                                      \
  if (e.field == nullptr) {                                                                                             \
    e.field = makeType(isolate, {.name = #Name, .flags = kTypeGc | kTypeBaseable, .base = e.base_field, \
                                 .methods = ExceptionLayout::k##layout == ExceptionLayout::kGroup ? kExceptionGroupMethods : nullptr, \
                                 .getsets = e.base_field->slots.init == init##layout && ExceptionLayout::k##layout != ExceptionLayout::kPlain ? nullptr : k##layout##GetSets, \
                                 .doc = builtinDoc(#Name, "")}); \
    setLayoutSlots(e.field, ExceptionLayout::k##layout);                                                                \
    if (std::strcmp(#Name, "ExceptionGroup") != 0) readyType(isolate, e.field);                                         \
  }                                                                                                                     \
  dictSetStr(isolate.builtins, intern(isolate, #Name), e.field);
#include "runtime/object/exceptions.def"
  dictSetStr(isolate.builtins, intern(isolate, "EnvironmentError"), e.os_error);
  dictSetStr(isolate.builtins, intern(isolate, "IOError"), e.os_error);
  // class ExceptionGroup(BaseExceptionGroup, Exception)
  Type* group = e.exception_group;
  readyType(isolate, group);
  Thread& t = isolate.main_thread;
  group->bases = tupleOf(t, {e.base_exception_group, e.exception}).release().as<Tuple>();
  group->mro = tupleOf(t, {group, e.base_exception_group, e.exception, e.base_exception, isolate.types.object}).release().as<Tuple>();
}

Ref newException_py(Thread& t, Type* type, const Value* args, uint32_t nargs) {
  Ref e = TRY(type->slots.make(t, type, args, nargs, nullptr));
  TRY(typeOfHeap(e.get())->slots.init(t, e.get(), args, nargs, nullptr));
  return e;
}

}  // namespace krait::object
