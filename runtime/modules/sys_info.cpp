#include "runtime/modules/sys_info.h"

#include <cfloat>

#include "runtime/modules/io/standard_streams.h"
#include "runtime/modules/os_support.h"
#include "runtime/modules/python_config.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/exception.h"
#include "runtime/object/import.h"
#include "runtime/object/instance.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"
#include "runtime/object/struct_sequence.h"

#define KRAIT_TEXT_OF(x) #x
#define KRAIT_TEXT(x) KRAIT_TEXT_OF(x)
#if defined(__clang_major__)
#define KRAIT_CLANG KRAIT_TEXT(__clang_major__) "." KRAIT_TEXT(__clang_minor__)
#else
#define KRAIT_CLANG "0"
#endif

namespace krait::object {
std::string qualifiedTypeName(Thread& t, Type* type);  // object_type.cpp
}
namespace krait::modules {

PythonConfig python_config;
std::string (*exception_text_hook)(Thread& t, Value exception, Value traceback) = nullptr;

std::string (*traceback_text_hook)(Thread& t, Value traceback) = nullptr;

// ref: write_unraisable_exc_file.
std::string unraisableText_py(Thread& t, Value type, Value exception, Value traceback) {
  std::string out = isExact(traceback, TypeId::kTraceback) ? traceback_text_hook(t, traceback) : "";
  if (!isType(type)) return out + (type.isNone() ? "" : reprText_py(t, type) + "\n");
  std::string name = qualifiedTypeName(t, type.as<Type>());
  out += name.starts_with("__main__.") ? name.substr(9) : name;
  if (exception.isNone()) return out + "\n";
  Ref text = str_py(t, exception);
  if (!text) clearException(t);
  return out + ": " + (text ? toUtf8(text.as<Str>()) : "<exception str() failed>") + "\n";
}

void displayException_py(Thread& t, Value exception, Value traceback) {
  Value stream = dictGetStr(t.isolate->sys, t.names().stderr_);
  if (!stream.isNone()) printException_py(t, exception, traceback);
}

void printException_py(Thread& t, Value exception, Value traceback) {
  if (isException(exception) && isExact(traceback, TypeId::kTraceback) && !exception.as<BaseException>()->traceback.defined())
    exception.as<BaseException>()->traceback = share(traceback);
  Ref print = importAttr_py(t, "traceback", "_print_exception_bltin");
  Ref done = print ? callArgs_py(t, print.get(), exception) : Ref();
  if (!done) {
    clearException(t);
    io::writeStderr_py(t, isException(exception) ? exception_text_hook(t, exception, traceback)
                                                 : std::string("TypeError: print_exception(): Exception expected for value, ") + typeNameOf(t, exception) + " found\n");
  }
  Ref stream = Ref::of(dictGetStr(t.isolate->sys, t.names().stderr_));
  Ref flushed = stream && !stream.get().isNone() ? callMethod_py(t, stream.get(), t.names().flush) : Ref();
  clearException(t);
}

static const StructSequenceDef kFlags = {"sys.flags", 18, 21,
    {"debug", "inspect", "interactive", "optimize", "dont_write_bytecode", "no_user_site", "no_site", "ignore_environment", "verbose", "bytes_warning", "quiet",
     "hash_randomization", "isolated", "dev_mode", "utf8_mode", "warn_default_encoding", "safe_path", "int_max_str_digits", "gil", "thread_inherit_context",
     "context_aware_warnings"},
    "sys.flags\n\nFlags provided through command line arguments or environment vars."};
static const StructSequenceDef kVersion = {"sys.version_info", 5, 5, {"major", "minor", "micro", "releaselevel", "serial"}, "sys.version_info\n\nVersion information as a named tuple."};
static const StructSequenceDef kFloat = {"sys.float_info", 11, 11,
    {"max", "max_exp", "max_10_exp", "min", "min_exp", "min_10_exp", "dig", "mant_dig", "epsilon", "radix", "rounds"}, "sys.float_info"};
static const StructSequenceDef kInt = {"sys.int_info", 4, 4, {"bits_per_digit", "sizeof_digit", "default_max_str_digits", "str_digits_check_threshold"}, "sys.int_info"};
static const StructSequenceDef kHash = {"sys.hash_info", 9, 9, {"width", "modulus", "inf", "nan", "imag", "algorithm", "hash_bits", "seed_bits", "cutoff"}, "hash_info"};
static const StructSequenceDef kThread = {"sys.thread_info", 3, 3, {"name", "lock", "version"}, "sys.thread_info"};
static const StructSequenceDef kUnraisable = {"UnraisableHookArgs", 5, 5, {"exc_type", "exc_value", "exc_traceback", "err_msg", "object"}, "UnraisableHookArgs"};

static Ref sequence(Thread& t, const StructSequenceDef& def, std::initializer_list<Value> values) {
  Value items[kMaxSequenceFields];
  int n = 0;
  for (Value v : values) items[n++] = v;
  Type* type = makeStructSequence(*t.isolate, def);
  Ref made = structSequenceSteal(t, type, items, n);
  type->flags |= kTypeDisallowNew;
  type->slots.make = nullptr;
  dictDeleteStr(type->dict, t.names().d_new);
  return made;
}
static Value number(int64_t n) { return Value::fromInt(n); }
static Value text(Thread& t, std::string_view s) { return newStr(t, s).release(); }

static Ref stdlibNames(Thread& t) {
  static constexpr const char* kModules[] = {
#define NAME(module) #module,
#include "runtime/modules/stdlib_names.def"
  };
  Ref names = newFrozenSet(t);
  for (const char* name : kModules) (void)setAdd_py(t, names.as<Set>(), newStr(t, name).get());
  return names;
}
static Ref flags(Thread& t, bool is_quiet) {
  const PythonConfig& c = python_config;
  return sequence(t, kFlags, {number(c.debug), number(c.inspect), number(c.interactive), number(c.optimize), number(c.dont_write_bytecode), number(c.no_user_site),
      number(c.no_site), number(c.ignore_environment), number(is_quiet ? 0 : c.verbose), number(c.bytes_warning), number(c.quiet), number(c.hash_randomization), number(c.isolated),
      Value::fromBool(c.dev_mode), number(c.utf8_mode), number(c.warn_default_encoding), Value::fromBool(c.safe_path), number(c.int_max_str_digits), number(1), number(c.inherits_context),
      number(c.context_warnings)});
}
static Ref texts(Thread& t, const std::vector<std::string>& items) {
  Ref list = newList(t);
  for (const std::string& s : items) listAppendSteal(list.as<List>(), fsDecode(t, s).release());
  return list;
}
static Ref xOptions(Thread& t) {
  Ref dict = newDict(t);
  for (const std::string& option : python_config.x_options) {
    size_t equals = option.find('=');
    Ref value = equals == std::string::npos ? Ref::boolean(true) : fsDecode(t, option.substr(equals + 1));
    dictSetStr(dict.as<Dict>(), intern(*t.isolate, option.substr(0, equals)), value.get());
  }
  return dict;
}
static Ref implementation(Thread& t, Value version) {
  Ref n = call_py(t, t.types().simple_namespace, nullptr, 0);
  auto set = [&](const char* name, Ref v) { dictSetStr(objectDict(t, n.get().object()), intern(*t.isolate, name), v.get()); };
  set("name", newStr(t, "krait"));
  set("cache_tag", newStr(t, "krait-314"));
  set("version", Ref::of(version));
  set("hexversion", newIntSmall(0x030E00F0));
  set("supports_isolated_interpreters", Ref::boolean(false));
  set("_multiarch", newStr(t, "x86_64-linux-gnu"));
  return n;
}

Status addSysInfo(Thread& t, Module* module) {
  const PythonConfig& c = python_config;
  auto set = [&](const char* name, Ref v) { moduleSet(t, module, name, v.get()); };
  set("path", texts(t, c.path));
  set("argv", texts(t, c.argv));
  set("orig_argv", texts(t, c.orig_argv));
  set("warnoptions", texts(t, c.warn_options));
  set("_xoptions", xOptions(t));
  set("meta_path", newList(t));
  set("path_hooks", newList(t));
  set("path_importer_cache", newDict(t));
  set("builtin_module_names", nativeModuleNames(t));
  set("executable", fsDecode(t, c.executable));
  set("_base_executable", fsDecode(t, c.base_executable));
  for (const char* name : {"prefix", "exec_prefix"}) set(name, fsDecode(t, c.prefix));
  for (const char* name : {"base_prefix", "base_exec_prefix"}) set(name, fsDecode(t, c.base_prefix));
  set("platlibdir", newStr(t, "lib"));
  set("_stdlib_dir", newStr(t, c.library));
  set("pycache_prefix", c.pycache_prefix.empty() ? Ref::none() : newStr(t, c.pycache_prefix));
  set("dont_write_bytecode", Ref::boolean(c.dont_write_bytecode));
  set("flags", flags(t, true));
  set("platform", newStr(t, "linux"));
  set("byteorder", newStr(t, "little"));
  set("maxsize", newInt(t, INT64_MAX));
  set("maxunicode", newIntSmall(0x10FFFF));
  set("hexversion", newIntSmall(0x030E00F0));
  set("api_version", newIntSmall(1013));
  set("version", newStr(t, "3.14.0 (krait " KRAIT_VERSION ", Jan  1 2026, 00:00:00) [Clang " KRAIT_CLANG "]"));
  set("copyright", newStr(t, "Copyright (c) the Krait project."));
  set("abiflags", newStr(t, ""));
  set("float_repr_style", newStr(t, "short"));
  set("_git", tupleOf(t, {newStr(t, "krait").get(), newStr(t, "").get(), newStr(t, "").get()}));
  set("_framework", newStr(t, ""));
  Ref version = sequence(t, kVersion, {number(3), number(14), number(0), text(t, "final"), number(0)});
  set("version_info", Ref::of(version.get()));
  set("implementation", implementation(t, version.get()));
  set("float_info", sequence(t, kFloat, {Value::fromDouble(DBL_MAX), number(DBL_MAX_EXP), number(DBL_MAX_10_EXP), Value::fromDouble(DBL_MIN), number(DBL_MIN_EXP),
      number(DBL_MIN_10_EXP), number(DBL_DIG), number(DBL_MANT_DIG), Value::fromDouble(DBL_EPSILON), number(FLT_RADIX), number(1)}));
  set("int_info", sequence(t, kInt, {number(30), number(4), number(4300), number(640)}));
  set("hash_info", sequence(t, kHash, {number(64), newInt(t, (int64_t{1} << 61) - 1).release(), number(314159), number(0), number(1000003), text(t, "siphash13"), number(64), number(128), number(0)}));
  set("thread_info", sequence(t, kThread, {text(t, "pthread"), text(t, "semaphore"), text(t, "NPTL 2.36")}));
  moduleSet(t, module, "UnraisableHookArgs", makeStructSequence(*t.isolate, kUnraisable));
  t.isolate->int_max_str_digits = c.int_max_str_digits;
  for (const char* name : {"excepthook", "displayhook", "unraisablehook", "breakpointhook"}) {
    Value v = dictGetStr(module->dict, intern(*t.isolate, name));
    if (v.defined()) moduleSet(t, module, ("__" + std::string(name) + "__").c_str(), v);
  }
  set("stdlib_module_names", stdlibNames(t));
  return kDone;
}

void setVerboseFlags(Thread& t) {
  if (python_config.verbose > 0) dictSetStr(t.isolate->sys, intern(*t.isolate, "flags"), flags(t, false).get());
}

}  // namespace krait::modules
