// The `sys` module, and the standard streams in their first form: text files over the C library's streams.
// ref: Python/sysmodule.c.
#include <unistd.h>

#include <cstdio>

#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/exception.h"
#include "runtime/object/frame.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/instance.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"
#include "runtime/object/str_methods.h"

namespace krait::modules {

// --- streams
struct Stream : Object {
  FILE* file;
  const char* name;
};
static Ref streamWrite(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "write() argument must be str, not %s", typeNameOf(t, a[1]));
  std::string handler = a[0].as<Stream>()->file == stderr ? "backslashreplace" : "strict";
  Ref bytes_free = Ref::none();
  std::string text;
  Str* s = a[1].as<Str>();
  for (int64_t i = 0; i < s->length; ++i) {
    char32_t c = s->at(i);
    if (c >= 0xD800 && c < 0xE000) {
      if (handler == "strict") {
        Ref encoded = TRY(encode_py(t, a[1], Value(), Value()));  // raises UnicodeEncodeError
      }
      text += format("\\u%04x", static_cast<unsigned>(c));
    } else {
      appendUtf8(text, c);
    }
  }
  if (std::fwrite(text.data(), 1, text.size(), a[0].as<Stream>()->file) != text.size()) return raiseOSError(t, errno);
  return newIntSmall(s->length);
}
static Ref streamFlush(Thread& t, const Value* a) {
  if (std::fflush(a[0].as<Stream>()->file) != 0) return raiseOSError(t, errno);
  return Ref::none();
}
static Ref streamFileno(Thread& t, const Value* a) { return newInt(t, fileno(a[0].as<Stream>()->file)); }
static Ref streamIsatty(Thread&, const Value* a) { return Ref::boolean(isatty(fileno(a[0].as<Stream>()->file))); }
static Ref streamReadline(Thread& t, const Value* a) {
  std::string line;
  for (int c; (c = std::fgetc(a[0].as<Stream>()->file)) != EOF;) {
    line += static_cast<char>(c);
    if (c == '\n') break;
  }
  return newStr(t, line);
}
static Ref streamRead(Thread& t, const Value* a) {
  std::string text;
  char buffer[4096];
  for (size_t n; (n = std::fread(buffer, 1, sizeof buffer, a[0].as<Stream>()->file)) > 0;) text.append(buffer, n);
  return newStr(t, text);
}
static Ref streamName(Thread& t, Value v) { return newStr(t, v.as<Stream>()->name); }
static Ref streamEncoding(Thread& t, Value) { return newStr(t, "utf-8"); }
static Ref streamErrors(Thread& t, Value v) { return newStr(t, v.as<Stream>()->file == stderr ? "backslashreplace" : "strict"); }
static Ref streamClosed(Thread&, Value) { return Ref::boolean(false); }
static Ref streamNext(Thread& t, Value v) {
  Ref line = streamReadline(t, &v);
  if (line && line.as<Str>()->length == 0) return Ref();
  return line;
}
static Ref iterSelf(Thread&, Value v) { return Ref::of(v); }
static const NativeDef kStreamMethods[] = {{"write", "($self, text, /)", streamWrite}, {"flush", "($self, /)", streamFlush}, {"fileno", "($self, /)", streamFileno},
    {"isatty", "($self, /)", streamIsatty}, {"readline", "($self, size=-1, /)", streamReadline}, {"read", "($self, size=-1, /)", streamRead}, {nullptr, nullptr, nullptr}};
static const GetSetDef kStreamGetSets[] = {{"name", streamName}, {"encoding", streamEncoding}, {"errors", streamErrors}, {"closed", streamClosed}, {nullptr, nullptr}};
static Ref newStream(Type* type, FILE* file, const char* name) {
  Stream* s = allocate<Stream>(type);
  s->file = file;
  s->name = name;
  return Ref::steal(s);
}

// --- functions
static Ref excInfo(Thread& t, const Value*) {
  Value e = handledException(t);
  if (e.isUndefined() || e.isNone()) return tupleOf(t, {Value::none(), Value::none(), Value::none()});
  Value tb = e.as<BaseException>()->traceback;
  return tupleOf(t, {typeOfHeap(e), e, tb.defined() ? tb : Value::none()});
}
static Ref exceptionFn(Thread& t, const Value*) {
  Value e = handledException(t);
  return e.defined() ? Ref::of(e) : Ref::none();
}
static Ref exitFn(Thread& t, const Value* a) {
  Ref e = TRY(newException_py(t, errors(t).system_exit, a, a[0].isNone() ? 0 : 1));
  return raiseException(t, e.get());
}
static Ref getFrame(Thread& t, const Value* a) {
  int64_t depth = TRY(toInt64_py(t, a[0]));
  Frame* f = t.frame;
  while (f != nullptr && depth-- > 0) f = f->back;
  if (f == nullptr) return raiseValueError(t, "call stack is not deep enough");
  return Ref::of(frameObject(t, f));
}
static Ref getRecursionLimit(Thread& t, const Value*) { return newInt(t, t.recursion_limit); }
static Ref setRecursionLimit(Thread& t, const Value* a) {
  int limit = TRY(toCInt_py(t, a[0]));
  if (limit < 1) return raiseValueError(t, "recursion limit must be greater or equal than 1");
  if (limit <= t.depth) return raise(t, errors(t).recursion_error, "cannot set the recursion limit to %d at the recursion depth %d: the limit is too low", limit, t.depth);
  t.recursion_limit = limit;
  return Ref::none();
}
static Ref internFn(Thread& t, const Value* a) {
  if (!isExactStr(a[0])) return raiseTypeError(t, "can't intern %s", typeNameOf(t, a[0]));
  return Ref::of(internStr(*t.isolate, a[0].as<Str>()));
}
static Ref getRefCount(Thread& t, const Value* a) { return newInt(t, a[0].isHeap() ? a[0].object()->refs : kImmortalRefs); }
static Ref getSizeOf(Thread& t, const Value* a) { return newInt(t, a[0].isHeap() ? static_cast<int64_t>(objectSize(a[0].object())) : 8); }
static Ref getDefaultEncoding(Thread& t, const Value*) { return newStr(t, "utf-8"); }
static Ref displayHook(Thread& t, const Value* a) {
  if (a[0].isNone()) return Ref::none();
  Ref text = TRY(repr_py(t, a[0]));
  std::string line = toUtf8(text.as<Str>()) + "\n";
  std::fwrite(line.data(), 1, line.size(), stdout);
  dictSetStr(t.isolate->builtins, t.names().underscore, a[0]);
  return Ref::none();
}
static Ref unraisableHook(Thread& t, const Value* a) {
  std::string text = isStr(a[3]) ? toUtf8(a[3].as<Str>()) : "Exception ignored in: ";
  if (!a[4].isNone()) text += reprText_py(t, a[4]);
  text += "\n" + std::string(isType(a[0]) ? typeName(a[0].as<Type>()) : "Exception");
  Ref message = str_py(t, a[1]);
  clearException(t);
  if (message && message.as<Str>()->length > 0) text += ": " + toUtf8(message.as<Str>());
  std::fprintf(stderr, "%s\n", text.c_str());
  return Ref::none();
}
static Ref getDigits(Thread& t, const Value*) { return newInt(t, t.isolate->int_max_str_digits); }
static Ref setDigits(Thread& t, const Value* a) {
  int64_t n = TRY(toInt64_py(t, a[0]));
  if (n != 0 && n < 640) return raiseValueError(t, "maxdigits must be >= 640 or 0 for unlimited");
  t.isolate->int_max_str_digits = n;
  return Ref::none();
}
static Ref collect(Thread& t, const Value*) { return newInt(t, gcCollect_py(t, 2)); }
static const NativeDef kFunctions[] = {
    {"exc_info", "()", excInfo}, {"exception", "()", exceptionFn}, {"exit", "(status=None, /)", exitFn}, {"_getframe", "(depth=0, /)", getFrame},
    {"getrecursionlimit", "()", getRecursionLimit}, {"setrecursionlimit", "(limit, /)", setRecursionLimit}, {"intern", "(string, /)", internFn},
    {"getrefcount", "(object, /)", getRefCount}, {"getsizeof", "(object, default=<unset>)", getSizeOf}, {"getdefaultencoding", "()", getDefaultEncoding},
    {"getfilesystemencoding", "()", getDefaultEncoding},
    {"getfilesystemencodeerrors", "()", [](Thread& t, const Value*) -> Ref { return newStr(t, "surrogateescape"); }},
    {"is_finalizing", "()", [](Thread& t, const Value*) -> Ref { return Ref::boolean(t.isolate->finalizing); }},
    {"_get_cpu_count_config", "()", [](Thread&, const Value*) -> Ref { return newIntSmall(-1); }},
    {"audit", "(event, /, *args)", [](Thread&, const Value*) -> Ref { return Ref::none(); }},
    {"displayhook", "(object, /)", displayHook},
    {"unraisablehook", "(exc_type, exc_value, exc_traceback, err_msg, object, /)", unraisableHook},
    {"get_int_max_str_digits", "()", getDigits}, {"set_int_max_str_digits", "(maxdigits)", setDigits}, {"_collect", "()", collect}, {nullptr, nullptr, nullptr}};

static Ref namespaceOf(Thread& t, std::initializer_list<std::pair<const char*, Value>> items) {
  Ref n = call_py(t, t.types().simple_namespace, nullptr, 0);
  for (auto& [name, value] : items) dictSetStr(objectDict(t, n.get().object()), intern(*t.isolate, name), value);
  return n;
}
static Status init(Thread& t, Module* module) {
  Dict* dict = t.isolate->sys;
  TRY(dictMerge_py(t, dict, module->dict));
  Dict* old = module->dict;
  module->dict = share(Value(dict)).as<Dict>();
  decref(static_cast<Object*>(old));
  auto set = [&](const char* name, Ref v) { moduleSet(t, module, name, v.get()); };
  Type* stream = makeType(*t.isolate, {.name = "_io.TextIOWrapper", .size = sizeof(Stream), .flags = kTypeDisallowNew, .methods = kStreamMethods, .getsets = kStreamGetSets});
  stream->slots.iter = iterSelf;
  stream->slots.next = streamNext;
  readyType(*t.isolate, stream);
  struct Standard {
    const char* name;
    FILE* file;
    const char* shown;
  };
  for (auto [name, file, shown] : {Standard{"stdout", stdout, "<stdout>"}, {"stderr", stderr, "<stderr>"}, {"stdin", stdin, "<stdin>"}}) {
    Ref s = newStream(stream, file, shown);
    moduleSet(t, module, name, s.get());
    moduleSet(t, module, ("__" + std::string(name) + "__").c_str(), s.get());
  }
  set("modules", Ref::of(t.isolate->modules));
  set("path", newList(t));
  set("argv", newList(t));
  set("meta_path", newList(t));
  set("path_hooks", newList(t));
  set("path_importer_cache", newDict(t));
  set("builtin_module_names", nativeModuleNames(t));
  set("platform", newStr(t, "linux"));
  set("byteorder", newStr(t, "little"));
  set("maxsize", newInt(t, INT64_MAX));
  set("maxunicode", newIntSmall(0x10FFFF));
  set("version", newStr(t, "3.14.0 (krait " KRAIT_VERSION ")"));
  set("copyright", newStr(t, ""));
  set("prefix", newStr(t, "/usr"));
  set("exec_prefix", newStr(t, "/usr"));
  set("base_prefix", newStr(t, "/usr"));
  set("base_exec_prefix", newStr(t, "/usr"));
  set("executable", newStr(t, ""));
  set("dont_write_bytecode", Ref::boolean(true));
  set("hexversion", newIntSmall(0x030E00F0));
  Ref release = newStr(t, "final");
  Ref version = tupleOf(t, {Value::fromInt(3), Value::fromInt(14), Value::fromInt(0), release.get(), Value::fromInt(0)});
  set("version_info", Ref::of(version.get()));
  Ref name = newStr(t, "krait"), tag = newStr(t, "krait-314");
  set("implementation", namespaceOf(t, {{"name", name.get()}, {"cache_tag", tag.get()}, {"version", version.get()}, {"hexversion", Value::fromInt(0x030E00F0)}}));
  set("flags", namespaceOf(t, {{"debug", Value::fromInt(0)}, {"optimize", Value::fromInt(0)}, {"utf8_mode", Value::fromInt(1)}, {"verbose", Value::fromInt(0)},
                               {"dev_mode", Value::fromBool(false)}, {"ignore_environment", Value::fromInt(0)}, {"no_site", Value::fromInt(1)},
                               {"bytes_warning", Value::fromInt(0)}, {"safe_path", Value::fromBool(false)}, {"context_aware_warnings", Value::fromInt(0)},
                               {"thread_inherit_context", Value::fromInt(0)}}));
  set("warnoptions", newList(t));
  set("float_repr_style", newStr(t, "short"));
  return kDone;
}

extern const NativeModule kSysModule;
const NativeModule kSysModule = {"sys", "This module provides access to some objects used or maintained by the\ninterpreter and to functions that interact strongly with the interpreter.", kFunctions, init};

}  // namespace krait::modules
