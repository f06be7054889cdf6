// ref: Modules/_hashopenssl.c.
#include "runtime/modules/hash/hash.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/heap.h"
#include "runtime/object/import.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

#include <utility>
#include <vector>

namespace krait::modules {

static Hash* self(Value v) { return v.as<Hash>(); }

static constexpr struct { const char *python, *openssl; } kDigests[] = {{"md5", "MD5"}, {"sha1", "SHA1"}, {"sha224", "SHA224"}, {"sha256", "SHA256"},
    {"sha384", "SHA384"}, {"sha512", "SHA512"}, {"sha3_224", "SHA3-224"}, {"sha3_256", "SHA3-256"}, {"sha3_384", "SHA3-384"}, {"sha3_512", "SHA3-512"},
    {"shake_128", "SHAKE128"}, {"shake_256", "SHAKE256"}, {"blake2b", "BLAKE2B512"}, {"blake2s", "BLAKE2S256"}, {"sha512_224", "SHA512-224"},
    {"sha512_256", "SHA512-256"}, {"ripemd160", "RIPEMD160"}, {"sm3", "SM3"}, {"md5-sha1", "MD5-SHA1"}};

const EVP_MD* findDigest(const std::string& name) {
  std::string lower = name;
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  for (auto& d : kDigests) {
    if (lower == d.python) return EVP_get_digestbyname(d.openssl);
  }
  return EVP_get_digestbyname(name.c_str());
}
std::string digestName(const EVP_MD* digest) {
  for (auto& d : kDigests) {
    if (EVP_MD_is_a(digest, d.openssl)) return d.python;
  }
  std::string name = EVP_MD_get0_name(digest);
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return name;
}
static const EVP_MD* digestOf(Value v) { return EVP_MD_CTX_get0_md(self(v)->context); }

static Status feed(Thread& t, Value hash, Value data) {
  if (data.isUndefined()) return kDone;
  if (isStr(data)) return raiseTypeError(t, "Strings must be encoded before hashing");
  if (!isBytesLike(data)) return raiseTypeError(t, "object supporting the buffer API required");
  Buffer buffer;
  TRY(buffer.acquire(t, data));
  EVP_DigestUpdate(self(hash)->context, buffer.data(), static_cast<size_t>(buffer.size()));
  return kDone;
}
// The digest as its provider has it: found once, and not again by each context that is made for it.
static const EVP_MD* fetched(const EVP_MD* digest) {
  static std::vector<std::pair<const EVP_MD*, const EVP_MD*>> known;
  for (auto& [named, found] : known) {
    if (named == digest || found == digest) return found;
  }
  const EVP_MD* found = EVP_MD_fetch(nullptr, EVP_MD_get0_name(digest), nullptr);
  if (found == nullptr) return digest;
  known.emplace_back(digest, found);
  return found;
}
Ref newHash(Thread& t, const EVP_MD* digest, Value data, Type* type) {
  digest = fetched(digest);
  bool extendable = EVP_MD_get_flags(digest) & EVP_MD_FLAG_XOF;
  Hash* h = allocate<Hash>(type != nullptr ? type : extendable ? hashTypes(t).extendable : hashTypes(t).hash);
  Ref r = Ref::steal(h);
  h->context = EVP_MD_CTX_new();
  if (EVP_DigestInit_ex(h->context, digest, nullptr) != 1) return raiseValueError(t, "unsupported hash type %s", digestName(digest).c_str());
  TRY(feed(t, r.get(), data));
  return r;
}
Ref updateHash(Thread& t, const Value* a) {
  TRY(feed(t, a[0], a[1]));
  return Ref::none();
}
Ref copyHash(Thread&, const Value* a) {
  Hash* h = allocate<Hash>(self(a[0])->type);
  h->context = EVP_MD_CTX_new();
  EVP_MD_CTX_copy_ex(h->context, self(a[0])->context);
  return Ref::steal(h);
}
std::string finishHash(Value v, int64_t length) {
  EVP_MD_CTX* own = EVP_MD_CTX_new();
  EVP_MD_CTX_copy_ex(own, self(v)->context);
  std::string out(static_cast<size_t>(length < 0 ? EVP_MD_get_size(digestOf(v)) : length), '\0');
  unsigned char* at = reinterpret_cast<unsigned char*>(out.data());
  if (length < 0) EVP_DigestFinal_ex(own, at, nullptr);
  else if (length > 0) EVP_DigestFinalXOF(own, at, out.size());
  EVP_MD_CTX_free(own);
  return out;
}
std::string hexOf(std::string_view bytes) {
  std::string out(bytes.size() * 2, '\0');
  size_t at = 0;
  for (unsigned char c : bytes) {
    out[at++] = "0123456789abcdef"[c >> 4];
    out[at++] = "0123456789abcdef"[c & 15];
  }
  return out;
}
Ref hashDigest(Thread& t, const Value* a) { return newBytes(t, finishHash(a[0], -1)); }
Ref hashHexDigest(Thread& t, const Value* a) { return newStr(t, hexOf(finishHash(a[0], -1))); }
static Fallible<int64_t> outputLength(Thread& t, Value v) {
  int64_t n = TRY(toInt64_py(t, v));
  if (n < 0) return raiseValueError(t, "length must be positive");
  if (n >= 1 << 29) return raiseValueError(t, "length is too large");
  return n;
}
static Ref extendedDigest(Thread& t, const Value* a) { return newBytes(t, finishHash(a[0], TRY(outputLength(t, a[1])))); }
static Ref extendedHex(Thread& t, const Value* a) { return newStr(t, hexOf(finishHash(a[0], TRY(outputLength(t, a[1]))))); }
static Ref getName(Thread& t, Value v) { return newStr(t, digestName(digestOf(v))); }
static Ref getDigestSize(Thread&, Value v) { return newIntSmall(EVP_MD_get_flags(digestOf(v)) & EVP_MD_FLAG_XOF ? 0 : EVP_MD_get_size(digestOf(v))); }
static Ref getBlockSize(Thread&, Value v) { return newIntSmall(EVP_MD_get_block_size(digestOf(v))); }
static Ref repr(Thread& t, Value v) {
  return newStr(t, format("<%s _hashlib.%s object @ %p>", digestName(digestOf(v)).c_str(), shortTypeName(typeOf(t, v)), static_cast<void*>(v.object())));
}
static const NativeDef kMethods[] = {{"update", "($self, obj, /)", updateHash, "Update this hash object's state with the provided string."},
    {"digest", "($self, /)", hashDigest, "Return the digest value as a bytes object."}, {"hexdigest", "($self, /)", hashHexDigest}, {"copy", "($self, /)", copyHash},
    {nullptr, nullptr, nullptr}};
static const NativeDef kExtendableMethods[] = {{"digest", "($self, length)", extendedDigest}, {"hexdigest", "($self, length)", extendedHex}, {nullptr, nullptr, nullptr}};
const GetSetDef kHashGetSets[] = {{"name", getName}, {"digest_size", getDigestSize}, {"block_size", getBlockSize}, {nullptr, nullptr}};

void deallocHash(Object* o) { EVP_MD_CTX_free(static_cast<Hash*>(o)->context); }
HashTypes& hashTypes(Thread& t) {
  static HashTypes types;
  if (types.hash != nullptr) return types;
  types.hash = makeType(*t.isolate, {.name = "_hashlib.HASH", .size = sizeof(Hash), .flags = kTypeDisallowNew | kTypeBaseable, .methods = kMethods, .getsets = kHashGetSets});
  types.hash->slots.dealloc = deallocHash;
  types.hash->slots.repr = repr;
  readyType(*t.isolate, types.hash);
  types.extendable = makeType(*t.isolate, {.name = "_hashlib.HASHXOF", .size = sizeof(Hash), .flags = kTypeDisallowNew, .base = types.hash, .methods = kExtendableMethods});
  readyType(*t.isolate, types.extendable);
  return types;
}

// --- constructors
Fallible<Value> hashDataOf(Thread& t, const Value* a) {
  if (a[0].defined() && a[2].defined()) {
    (void)raiseTypeError(t, "'data' and 'string' are mutually exclusive and support for 'string' keyword parameter is slated for removal in a future version.");
    return kRaised;
  }
  return a[0].defined() ? a[0] : a[2];
}
template <int Index>
static Ref make(Thread& t, const Value* a) {
  return newHash(t, EVP_get_digestbyname(kDigests[Index].openssl), TRY(hashDataOf(t, a)));
}
static Ref newFn(Thread& t, const Value* a) {
  if (!isStr(a[0])) return raiseTypeError(t, "new() argument 'name' must be str, not %s", typeNameOf(t, a[0]));
  std::string name = toUtf8(a[0].as<Str>());
  const EVP_MD* found = findDigest(name);
  if (found == nullptr) return raiseValueError(t, "unsupported hash type %s", name.c_str());
  return newHash(t, found, TRY(hashDataOf(t, a + 1)));
}
static Ref compareDigest(Thread& t, const Value* a) {
  Ref function = TRY(importAttr_py(t, "_operator", "_compare_digest"));
  return callArgs_py(t, function.get(), a[0], a[1]);
}
static Ref fipsMode(Thread&, const Value*) { return newIntSmall(0); }
static const NativeDef kHashlibFunctions[] = {
    {"openssl_md5", HASH_ARGS, make<0>}, {"openssl_sha1", HASH_ARGS, make<1>}, {"openssl_sha224", HASH_ARGS, make<2>}, {"openssl_sha256", HASH_ARGS, make<3>},
    {"openssl_sha384", HASH_ARGS, make<4>}, {"openssl_sha512", HASH_ARGS, make<5>}, {"openssl_sha3_224", HASH_ARGS, make<6>},
    {"openssl_sha3_256", HASH_ARGS, make<7>}, {"openssl_sha3_384", HASH_ARGS, make<8>}, {"openssl_sha3_512", HASH_ARGS, make<9>},
    {"openssl_shake_128", HASH_ARGS, make<10>}, {"openssl_shake_256", HASH_ARGS, make<11>},
    {"new", "(name, data=<unset>, *, usedforsecurity=True, string=<unset>)", newFn}, {"compare_digest", "(a, b, /)", compareDigest},
    {"get_fips_mode", "()", fipsMode}, {nullptr, nullptr, nullptr}};

static Status initHashlib(Thread& t, Module* m) {
  HashTypes& types = hashTypes(t);
  moduleSetType(t, m, types.hash);
  moduleSetType(t, m, types.extendable);
  Ref names = newSet(t);
  for (auto& d : kDigests) {
    Ref name = newStr(t, d.python);
    TRY(setAdd_py(t, names.as<Set>(), name.get()));
  }
  Ref frozen = TRY(setFromIterable_py(t, t.types().frozenset, names.get()));
  moduleSet(t, m, "openssl_md_meth_names", frozen.get());
  moduleSet(t, m, "_GIL_MINSIZE", Value::fromInt(2048));
  addKeyedFunctions(t, m);
  return kDone;
}
extern const NativeModule kHashlibModule;
const NativeModule kHashlibModule = {"_hashlib", "OpenSSL interface for hashlib module", kHashlibFunctions, initHashlib};

}  // namespace krait::modules
