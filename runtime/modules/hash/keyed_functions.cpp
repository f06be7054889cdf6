// HMAC, PBKDF2 and scrypt of `_hashlib` on OpenSSL. ref: Modules/_hashopenssl.c.
#include <openssl/hmac.h>

#include "runtime/modules/hash/hash.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/int_conversions.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

struct Hmac : Object {
  HMAC_CTX* context;
  const EVP_MD* digest;
};
static Type* hmac_type;
static Type* unsupported_error;
static Hmac* self(Value v) { return v.as<Hmac>(); }

// A digest from its name, or from a constructor of this module such as openssl_sha256.
static Fallible<const EVP_MD*> digestFrom(Thread& t, Value v) {
  std::string name;
  if (isStr(v)) name = toUtf8(v.as<Str>());
  else if (isExact(v, TypeId::kNativeFunction)) name = v.as<NativeFunction>()->def->name;
  if (name.starts_with("openssl_")) name = name.substr(8);
  const EVP_MD* found = name.empty() ? nullptr : findDigest(name);
  if (found == nullptr || (EVP_MD_get_flags(found) & EVP_MD_FLAG_XOF)) {
    if (isStr(v)) (void)raise(t, unsupported_error, "Unsupported digestmod %s", name.c_str());
    else (void)raise(t, unsupported_error, "Unsupported digestmod %s", reprText_py(t, v).c_str());
    return kRaised;
  }
  return found;
}
static Status feed(Thread& t, Hmac* h, Value data) {
  if (data.isUndefined() || data.isNone()) return kDone;
  if (isStr(data)) return raiseTypeError(t, "Strings must be encoded before hashing");
  Buffer buffer;
  TRY(buffer.acquire(t, data));
  HMAC_Update(h->context, buffer.data(), static_cast<size_t>(buffer.size()));
  return kDone;
}
static Ref newHmac(Thread& t, const Value* a) {
  Buffer key;
  TRY(key.acquire(t, a[0]));
  if (a[2].isUndefined()) return raiseTypeError(t, "Missing required parameter 'digestmod'.");
  const EVP_MD* digest = TRY(digestFrom(t, a[2]));
  Hmac* h = allocate<Hmac>(hmac_type);
  Ref r = Ref::steal(h);
  h->digest = digest;
  h->context = HMAC_CTX_new();
  HMAC_Init_ex(h->context, key.data(), static_cast<int>(key.size()), digest, nullptr);
  TRY(feed(t, h, a[1]));
  return r;
}
static std::string finish(Hmac* h) {
  HMAC_CTX* own = HMAC_CTX_new();
  HMAC_CTX_copy(own, h->context);
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC_Final(own, out, &size);
  HMAC_CTX_free(own);
  return {reinterpret_cast<char*>(out), size};
}
static Ref update(Thread& t, const Value* a) {
  TRY(feed(t, self(a[0]), a[1]));
  return Ref::none();
}
static Ref digest(Thread& t, const Value* a) { return newBytes(t, finish(self(a[0]))); }
static Ref hexDigest(Thread& t, const Value* a) {
  Ref bytes = digest(t, a);
  return callMethod_py(t, bytes.get(), intern(*t.isolate, "hex"));
}
static Ref copy(Thread&, const Value* a) {
  Hmac* h = allocate<Hmac>(hmac_type);
  h->digest = self(a[0])->digest;
  h->context = HMAC_CTX_new();
  HMAC_CTX_copy(h->context, self(a[0])->context);
  return Ref::steal(h);
}
static Ref getName(Thread& t, Value v) { return newStr(t, "hmac-" + digestName(self(v)->digest)); }
static Ref getDigestSize(Thread&, Value v) { return newIntSmall(EVP_MD_get_size(self(v)->digest)); }
static Ref getBlockSize(Thread&, Value v) { return newIntSmall(EVP_MD_get_block_size(self(v)->digest)); }
static Ref repr(Thread& t, Value v) {
  return newStr(t, format("<%s HMAC object @ %p>", digestName(self(v)->digest).c_str(), static_cast<void*>(v.object())));
}
static const NativeDef kHmacMethods[] = {{"update", "($self, msg)", update}, {"digest", "($self, /)", digest}, {"hexdigest", "($self, /)", hexDigest},
    {"copy", "($self, /)", copy}, {nullptr, nullptr, nullptr}};
static const GetSetDef kHmacGetSets[] = {{"name", getName}, {"digest_size", getDigestSize}, {"block_size", getBlockSize}, {nullptr, nullptr}};

static Ref hmacDigest(Thread& t, const Value* a) {
  Buffer key, message;
  TRY(key.acquire(t, a[0]));
  TRY(message.acquire(t, a[1]));
  const EVP_MD* found = TRY(digestFrom(t, a[2]));
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(found, key.data(), static_cast<int>(key.size()), message.data(), static_cast<size_t>(message.size()), out, &size);
  return newBytes(t, {reinterpret_cast<char*>(out), size});
}
static Ref pbkdf2(Thread& t, const Value* a) {
  if (!isStr(a[0])) return raiseTypeError(t, "pbkdf2_hmac() argument 'hash_name' must be str, not %s", typeNameOf(t, a[0]));
  const EVP_MD* found = findDigest(toUtf8(a[0].as<Str>()));
  if (found == nullptr) return raise(t, unsupported_error, "Unsupported digestmod %s", toUtf8(a[0].as<Str>()).c_str());
  Buffer password, salt;
  TRY(password.acquire(t, a[1]));
  TRY(salt.acquire(t, a[2]));
  int64_t iterations = TRY(toLong_py(t, a[3])), length = a[4].isNone() ? EVP_MD_get_size(found) : TRY(toInt64_py(t, a[4]));
  if (iterations < 1) return raiseValueError(t, "iteration value must be greater than 0.");
  if (iterations > INT32_MAX) return raiseOverflowError(t, "iteration value is too great.");
  if (length < 1) return raiseValueError(t, "key length must be greater than 0.");
  if (length > INT32_MAX) return raiseOverflowError(t, "key length is too great.");
  Ref out = TRY(newBytesBuffer(t, length));
  PKCS5_PBKDF2_HMAC(reinterpret_cast<const char*>(password.data()), static_cast<int>(password.size()), salt.data(), static_cast<int>(salt.size()),
                    static_cast<int>(iterations), found, static_cast<int>(length), out.as<Bytes>()->data());
  return out;
}
static Ref scrypt(Thread& t, const Value* a) {
  Buffer password, salt;
  TRY(password.acquire(t, a[0]));
  for (int i = 1; i < 5; ++i) {
    static constexpr const char* kNames[] = {"", "salt is required", "n is required and must be an unsigned int", "r is required and must be an unsigned int",
                                             "p is required and must be an unsigned int"};
    if (a[i].isUndefined() || a[i].isNone()) return raiseTypeError(t, "%s", kNames[i]);
  }
  TRY(salt.acquire(t, a[1]));
  int64_t n = TRY(toInt64_py(t, a[2])), r = TRY(toInt64_py(t, a[3])), p = TRY(toInt64_py(t, a[4])), memory = TRY(toInt64_py(t, a[5])), length = TRY(toInt64_py(t, a[6]));
  if (n < 2 || (n & (n - 1)) != 0) return raiseValueError(t, "n must be a power of 2.");
  if (memory < 0 || memory > INT32_MAX) return raiseValueError(t, "maxmem must be positive and smaller than 2147483647");
  if (length < 1 || length > INT32_MAX) return raiseValueError(t, "dklen must be greater than 0 and smaller than 2147483647");
  Ref out = TRY(newBytesBuffer(t, length));
  int ok = EVP_PBE_scrypt(reinterpret_cast<const char*>(password.data()), static_cast<size_t>(password.size()), salt.data(), static_cast<size_t>(salt.size()),
                          static_cast<uint64_t>(n), static_cast<uint64_t>(r), static_cast<uint64_t>(p), static_cast<uint64_t>(memory), out.as<Bytes>()->data(),
                          static_cast<size_t>(length));
  return ok == 1 ? std::move(out) : Ref(raiseValueError(t, "Invalid parameter combination for n, r, p, maxmem."));
}
static const NativeDef kKeyedFunctions[] = {{"hmac_new", "(key, msg=b'', digestmod=<unset>)", newHmac}, {"hmac_digest", "(key, msg, digest)", hmacDigest},
    {"pbkdf2_hmac", "(hash_name, password, salt, iterations, dklen=None)", pbkdf2},
    {"scrypt", "(password, *, salt=<unset>, n=<unset>, r=<unset>, p=<unset>, maxmem=0, dklen=64)", scrypt}, {nullptr, nullptr, nullptr}};

void addKeyedFunctions(Thread& t, Module* m) {
  hmac_type = makeType(*t.isolate, {.name = "_hashlib.HMAC", .size = sizeof(Hmac), .flags = kTypeDisallowNew, .methods = kHmacMethods, .getsets = kHmacGetSets});
  hmac_type->slots.dealloc = [](Object* o) { HMAC_CTX_free(static_cast<Hmac*>(o)->context); };
  hmac_type->slots.repr = repr;
  readyType(*t.isolate, hmac_type);
  moduleSetType(t, m, hmac_type);
  Ref name = newStr(t, "UnsupportedDigestmodError"), bases = tupleOf(t, {errors(t).value_error}), ns = newDict(t), module = newStr(t, "_hashlib");
  dictSetStr(ns.as<Dict>(), t.names().d_module, module.get());
  Ref error = callArgs_py(t, t.types().type, name.get(), bases.get(), ns.get());
  unsupported_error = error.as<Type>();
  moduleSet(t, m, "UnsupportedDigestmodError", error.release());
  for (const NativeDef* f = kKeyedFunctions; f->name != nullptr; ++f) moduleSet(t, m, f->name, newNativeFunction(t, f, m, module.get()).get());
}

}  // namespace krait::modules
