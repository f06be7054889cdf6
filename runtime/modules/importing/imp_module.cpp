// The `_imp` module: builtin and frozen modules for the library's importlib. ref: Python/import.c.
#include <vector>

#include "runtime/modules/importing/frozen.h"
#include "runtime/modules/importing/marshal.h"
#include "runtime/modules/module_table.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/frame.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules::importing {

static int64_t lock_depth = 0;

static Ref acquireLock(Thread&, const Value*) {
  ++lock_depth;
  return Ref::none();
}
static Ref releaseLock(Thread& t, const Value*) {
  if (lock_depth == 0) return raiseRuntimeError(t, "not holding the import lock");
  --lock_depth;
  return Ref::none();
}
static Ref lockHeld(Thread&, const Value*) { return Ref::boolean(lock_depth > 0); }

static Fallible<std::string> nameArg(Thread& t, Value v, const char* function) {
  if (!isStr(v)) return raiseTypeError(t, "%s() argument must be str, not %s", function, typeNameOf(t, v));
  return toUtf8(v.as<Str>());
}
static Ref isBuiltin(Thread& t, const Value* a) {
  std::string name = TRY(nameArg(t, a[0], "is_builtin"));
  const NativeModule* m = findNativeModule(name);
  return newIntSmall(m == nullptr ? 0 : name == "sys" || name == "builtins" ? -1 : 1);
}
static Ref createBuiltin(Thread& t, const Value* a) {
  Ref name = TRY(getAttr_py(t, a[0], t.names().name));
  std::string text = TRY(nameArg(t, name.get(), "create_builtin"));
  if (text == "sys" || text == "builtins" || text == "_io") {
    Value known = dictGet_py(t, t.isolate->modules, name.get());
    if (known.defined()) return Ref::of(known);
  }
  const NativeModule* m = findNativeModule(text);
  if (m == nullptr) return Ref::none();
  return makeNativeModule_py(t, *m);
}
static Ref execNothing(Thread&, const Value*) { return newIntSmall(0); }

static Ref frozenError(Thread& t, const std::string& name) {
  Ref text = newStr(t, "No such frozen object named " + name), key = newStr(t, name), names = tupleOf(t, {t.names().name});
  Value args[2] = {text.get(), key.get()};
  Ref e = TRY(call_py(t, errors(t).import_error, args, 1, names.as<Tuple>()));
  return raiseException(t, e.get());
}
static Ref isFrozen(Thread& t, const Value* a) { return Ref::boolean(findFrozen(TRY(nameArg(t, a[0], "is_frozen"))) != nullptr); }
static Ref isFrozenPackage(Thread& t, const Value* a) {
  std::string name = TRY(nameArg(t, a[0], "is_frozen_package"));
  const FrozenModule* m = findFrozen(name);
  if (m == nullptr) return frozenError(t, name);
  return Ref::boolean(m->is_package);
}
static Ref findFrozenFn(Thread& t, const Value* a) {
  const FrozenModule* m = findFrozen(TRY(nameArg(t, a[0], "find_frozen")));
  if (m == nullptr) return Ref::none();
  Ref original = newStr(t, m->original), data = TRY(isTrue_py(t, a[1])) ? newBytes(t, m->code) : Ref::none();
  return tupleOf(t, {data.get(), Value::fromBool(m->is_package), original.get()});
}
static Ref getFrozenObject(Thread& t, const Value* a) {
  std::string name = TRY(nameArg(t, a[0], "get_frozen_object"));
  if (!a[1].isNone()) {
    Buffer data;
    TRY(data.acquire(t, a[1]));
    return marshalRead_py(t, data.view(), true, nullptr);
  }
  const FrozenModule* m = findFrozen(name);
  if (m == nullptr) return frozenError(t, name);
  return frozenCode_py(t, *m);
}
static Ref frozenModuleNames(Thread& t, const Value*) {
  Ref list = newList(t);
  for (std::string_view name : frozenNames()) listAppendSteal(list.as<List>(), newStr(t, name).release());
  return list;
}
static Ref extensionSuffixes(Thread& t, const Value*) { return newList(t); }
static Ref createDynamic(Thread& t, const Value*) { return raise(t, errors(t).import_error, "extension modules cannot be loaded"); }

// SipHash-1-3 of the source under the key, as in hash-based .pyc files. ref: _imp_source_hash_impl.
static uint64_t rotate(uint64_t x, int b) { return x << b | x >> (64 - b); }
static uint64_t sipHash(uint64_t key, std::string_view data) {
  uint64_t v0 = key ^ 0x736f6d6570736575ull, v1 = 0x646f72616e646f6dull, v2 = key ^ 0x6c7967656e657261ull, v3 = 0x7465646279746573ull;
  auto round = [&] {
    v0 += v1, v1 = rotate(v1, 13) ^ v0, v0 = rotate(v0, 32), v2 += v3, v3 = rotate(v3, 16) ^ v2;
    v0 += v3, v3 = rotate(v3, 21) ^ v0, v2 += v1, v1 = rotate(v1, 17) ^ v2, v2 = rotate(v2, 32);
  };
  uint64_t length = static_cast<uint64_t>(data.size()) << 56;
  while (data.size() >= 8) {
    uint64_t word;
    __builtin_memcpy(&word, data.data(), 8);
    v3 ^= word;
    round();
    v0 ^= word;
    data.remove_prefix(8);
  }
  for (size_t i = 0; i < data.size(); ++i) length |= static_cast<uint64_t>(static_cast<unsigned char>(data[i])) << (8 * i);
  v3 ^= length;
  round();
  v0 ^= length;
  v2 ^= 0xff;
  for (int i = 0; i < 3; ++i) round();
  return v0 ^ v1 ^ v2 ^ v3;
}
static Ref sourceHash(Thread& t, const Value* a) {
  uint64_t key = 0;
  if (!isIntLike(a[0]) || !intFitsUnsigned(a[0], key)) return raiseOverflowError(t, "key out of range");
  Buffer source;
  TRY(source.acquire(t, a[1]));
  uint64_t hash = sipHash(key, source.view());
  return newBytes(t, {reinterpret_cast<const char*>(&hash), sizeof hash});
}

// Code read from a .pyc shows the file that it was found at. ref: update_compiled_module.
static void setFilename(Code* c, Str* from, Str* to) {
  std::vector<Code*> work = {c};
  while (!work.empty()) {
    Code* code = work.back();
    work.pop_back();
    if (!strEqual(code->filename, from)) continue;
    Str* old = code->filename;
    code->filename = share(Value(to)).as<Str>();
    for (uint32_t i = 0; i < code->constant_count; ++i) {
      if (isExact(code->constants[i], TypeId::kCode)) work.push_back(code->constants[i].as<Code>());
    }
    decref(static_cast<Object*>(old));
  }
}
static Ref fixFilename(Thread& t, const Value* a) {
  if (!isExact(a[0], TypeId::kCode)) return raiseTypeError(t, "_fix_co_filename() argument 1 must be code, not %s", typeNameOf(t, a[0]));
  if (!isStr(a[1])) return raiseTypeError(t, "_fix_co_filename() argument 2 must be str, not %s", typeNameOf(t, a[1]));
  Code* c = a[0].as<Code>();
  Ref old = Ref::of(Value(c->filename));
  if (!strEqual(old.as<Str>(), a[1].as<Str>())) setFilename(c, old.as<Str>(), a[1].as<Str>());
  return Ref::none();
}
static Ref overrideCheck(Thread&, const Value*) { return newIntSmall(0); }

static const NativeDef kFunctions[] = {{"acquire_lock", "()", acquireLock}, {"release_lock", "()", releaseLock}, {"lock_held", "()", lockHeld}, {"is_builtin", "(name, /)", isBuiltin},
    {"create_builtin", "(spec, /)", createBuiltin}, {"exec_builtin", "(mod, /)", execNothing}, {"create_dynamic", "(spec, file=None, /)", createDynamic}, {"exec_dynamic", "(mod, /)", execNothing},
    {"is_frozen", "(name, /)", isFrozen}, {"is_frozen_package", "(name, /)", isFrozenPackage}, {"find_frozen", "(name, /, *, withdata=False)", findFrozenFn},
    {"get_frozen_object", "(name, data=None, /)", getFrozenObject}, {"_frozen_module_names", "()", frozenModuleNames}, {"extension_suffixes", "()", extensionSuffixes},
    {"source_hash", "(key, source)", sourceHash}, {"_fix_co_filename", "(code, path, /)", fixFilename}, {"_override_multi_interp_extensions_check", "(override, /)", overrideCheck},
    {"_override_frozen_modules_for_tests", "(override, /)", overrideCheck}, {nullptr, nullptr, nullptr}};
static Status init(Thread& t, Module* m) {
  Ref text = newStr(t, "default"), token = newInt(t, codeStamp());
  moduleSet(t, m, "check_hash_based_pycs", text.get());
  moduleSet(t, m, "pyc_magic_number_token", token.get());
  return kDone;
}

}  // namespace krait::modules::importing

namespace krait::modules {
extern const NativeModule kImpModule;
const NativeModule kImpModule = {"_imp", "(Extremely) low-level import machinery bits as used by importlib.", importing::kFunctions, importing::init};
}  // namespace krait::modules
