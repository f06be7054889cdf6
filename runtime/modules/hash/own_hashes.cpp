// ref: Modules/md5module.c, sha1module.c, sha2module.c, sha3module.c.
#include "runtime/modules/hash/hash.h"
#include "runtime/object/bytes.h"
#include "runtime/object/error.h"
#include "runtime/object/int.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

#include <vector>

namespace krait::modules {

// The classes in the order of this table; those of `_sha3` are constructors, too.
struct OwnHash {
  const char *name, *attribute, *openssl;
  bool is_extendable = false;
};
static constexpr OwnHash kOwnHashes[] = {{"_md5.md5", "MD5Type", "MD5"}, {"_sha1.sha1", "SHA1Type", "SHA1"}, {"_sha2.SHA224Type", "SHA224Type", "SHA224"},
    {"_sha2.SHA256Type", "SHA256Type", "SHA256"}, {"_sha2.SHA384Type", "SHA384Type", "SHA384"}, {"_sha2.SHA512Type", "SHA512Type", "SHA512"},
    {"_sha3.sha3_224", "sha3_224", "SHA3-224"}, {"_sha3.sha3_256", "sha3_256", "SHA3-256"}, {"_sha3.sha3_384", "sha3_384", "SHA3-384"},
    {"_sha3.sha3_512", "sha3_512", "SHA3-512"}, {"_sha3.shake_128", "shake_128", "SHAKE128", true}, {"_sha3.shake_256", "shake_256", "SHAKE256", true}};
constexpr int kFirstSha3 = 6, kOwnCount = 12;
static Type* types[kOwnCount];

template <int Index>
static Ref make(Thread& t, const Value* a) {
  return newHash(t, EVP_get_digestbyname(kOwnHashes[Index].openssl), TRY(hashDataOf(t, a)), types[Index]);
}
static Ref makeSha3(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, shortTypeName(type), HASH_ARGS, args, nargs, keywords, a));
  int index = kFirstSha3;
  while (types[index] != type) ++index;
  Value all[3] = {a[0], a[1], a[2]};
  return newHash(t, EVP_get_digestbyname(kOwnHashes[index].openssl), TRY(hashDataOf(t, all)), type);
}

// --- how many bytes an extendable digest is to have. ref: _PyLong_UnsignedLong_Converter, _SHAKE_digest
static Fallible<int64_t> lengthOf_py(Thread& t, Value v) {
  Ref number = TRY(toIndex_py(t, v));
  int64_t n = 0;
  if (intIsNegative(number.get())) return raiseValueError(t, "Cannot convert negative int");
  if (!intFits(number.get(), n)) return raiseOverflowError(t, "Python int too large for C unsigned long");
  if (n >= 1 << 29) return raiseValueError(t, "length is too large");
  return n;
}
static Ref shakeDigest(Thread& t, const Value* a) { return newBytes(t, finishHash(a[0], TRY(lengthOf_py(t, a[1])))); }
static Ref shakeHex(Thread& t, const Value* a) { return newStr(t, hexOf(finishHash(a[0], TRY(lengthOf_py(t, a[1]))))); }

// --- the sponge of SHA-3: 1600 bits, of which a block is one part
static int64_t rateOf(Value v) { return int64_t{8} * EVP_MD_get_block_size(EVP_MD_CTX_get0_md(v.as<Hash>()->context)); }
static Ref getRate(Thread&, Value v) { return newIntSmall(rateOf(v)); }
static Ref getCapacity(Thread&, Value v) { return newIntSmall(1600 - rateOf(v)); }
static Ref getSuffix(Thread& t, Value v) {
  return newBytes(t, EVP_MD_get_flags(EVP_MD_CTX_get0_md(v.as<Hash>()->context)) & EVP_MD_FLAG_XOF ? "\x1f" : "\x06");
}

#define COPY {"copy", "($self, /)", copyHash, "Return a copy of the hash object."}
#define DIGESTS(signature, digest, hex)                                       \
  {"digest", signature, digest, "Return the digest value as a bytes object."}, \
      {"hexdigest", signature, hex, "Return the digest value as a string of hexadecimal digits."}
static const NativeDef kMethods[] = {COPY, DIGESTS("($self, /)", hashDigest, hashHexDigest),
    {"update", "($self, obj, /)", updateHash, "Update this hash object's state with the provided string."}, {nullptr, nullptr, nullptr}};
#define SHA3_UPDATE {"update", "($self, data, /)", updateHash, "Update this hash object's state with the provided bytes-like object."}
static const NativeDef kSha3Methods[] = {COPY, DIGESTS("($self, /)", hashDigest, hashHexDigest), SHA3_UPDATE, {nullptr, nullptr, nullptr}};
static const NativeDef kShakeMethods[] = {COPY, DIGESTS("($self, /, length)", shakeDigest, shakeHex), SHA3_UPDATE, {nullptr, nullptr, nullptr}};

// Makes the classes of a module and puts them there.
static Status addTypes(Thread& t, Module* m, int first, int end) {
  static const std::vector<GetSetDef> kSha3GetSets = [] {
    std::vector<GetSetDef> all;
    for (const GetSetDef* one = kHashGetSets; one->name != nullptr; ++one) all.push_back(*one);
    for (GetSetDef more : {GetSetDef{"_capacity_bits", getCapacity}, {"_rate_bits", getRate}, {"_suffix", getSuffix}, {nullptr, nullptr}}) all.push_back(more);
    return all;
  }();
  for (int i = first; i < end; ++i) {
    bool is_sha3 = i >= kFirstSha3;
    Type* type = types[i] = makeType(*t.isolate, {.name = kOwnHashes[i].name, .size = sizeof(Hash), .flags = is_sha3 ? 0u : uint32_t{kTypeDisallowNew},
        .methods = kOwnHashes[i].is_extendable ? kShakeMethods : is_sha3 ? kSha3Methods : kMethods, .getsets = is_sha3 ? kSha3GetSets.data() : kHashGetSets});
    type->slots.dealloc = deallocHash;
    if (is_sha3) type->slots.make = makeSha3;
    readyType(*t.isolate, type);
    moduleSet(t, m, kOwnHashes[i].attribute, type);
  }
  moduleSet(t, m, "_GIL_MINSIZE", Value::fromInt(2048));
  return kDone;
}
static Status initMd5(Thread& t, Module* m) { return addTypes(t, m, 0, 1); }
static Status initSha1(Thread& t, Module* m) { return addTypes(t, m, 1, 2); }
static Status initSha2(Thread& t, Module* m) { return addTypes(t, m, 2, kFirstSha3); }
static Status initSha3(Thread& t, Module* m) {
  moduleSet(t, m, "implementation", newStr(t, "HACL").get());
  return addTypes(t, m, kFirstSha3, kOwnCount);
}
static const NativeDef kMd5Functions[] = {{"md5", HASH_ARGS, make<0>}, {nullptr, nullptr, nullptr}};
static const NativeDef kSha1Functions[] = {{"sha1", HASH_ARGS, make<1>}, {nullptr, nullptr, nullptr}};
static const NativeDef kSha2Functions[] = {{"sha224", HASH_ARGS, make<2>}, {"sha256", HASH_ARGS, make<3>}, {"sha384", HASH_ARGS, make<4>},
    {"sha512", HASH_ARGS, make<5>}, {nullptr, nullptr, nullptr}};
extern const NativeModule kMd5Module, kSha1Module, kSha2Module, kSha3Module;
const NativeModule kMd5Module = {"_md5", nullptr, kMd5Functions, initMd5};
const NativeModule kSha1Module = {"_sha1", nullptr, kSha1Functions, initSha1};
const NativeModule kSha2Module = {"_sha2", nullptr, kSha2Functions, initSha2};
const NativeModule kSha3Module = {"_sha3", nullptr, nullptr, initSha3};

}  // namespace krait::modules
