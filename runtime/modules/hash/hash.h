// The hash modules: hash_object.cpp is the object around an OpenSSL digest that `_hashlib` gives, and own_hashes.cpp its classes of
// `_md5`, `_sha1`, `_sha2` and `_sha3`; blake2.cpp is BLAKE2 with all its parameters; keyed_functions.cpp holds keyed hashing and key derivation.
#pragma once

#include <openssl/evp.h>

#include <string>

#include "runtime/modules/module_table.h"

namespace krait::modules {

// A digest by any of the names that Python and OpenSSL use; null when there is none.
const EVP_MD* findDigest(const std::string& name);
// Python's name of a digest ("sha256").
std::string digestName(const EVP_MD* digest);
// The types, made on first use: plain and extendable-output hashes.
struct HashTypes {
  Type *hash, *extendable;
};
HashTypes& hashTypes(Thread& t);
struct Hash : Object {
  EVP_MD_CTX* context;
};
// A hash object over `data` (any bytes-like, or Undefined), of `type` or else of one of `_hashlib`.
Ref newHash(Thread& t, const EVP_MD* digest, Value data, Type* type = nullptr);
// What the classes are made of. Constructors take HASH_ARGS; hashDataOf is the data among them, or Undefined.
#define HASH_ARGS "(data=<unset>, *, usedforsecurity=True, string=<unset>)"
Fallible<Value> hashDataOf(Thread& t, const Value* a);
void deallocHash(Object* o);
Ref updateHash(Thread& t, const Value* a);
Ref copyHash(Thread& t, const Value* a);
Ref hashDigest(Thread& t, const Value* a);
Ref hashHexDigest(Thread& t, const Value* a);
extern const GetSetDef kHashGetSets[];
// So many bytes of an extendable digest, all of another one (-1).
std::string finishHash(Value v, int64_t length);
std::string hexOf(std::string_view bytes);
// HMAC, hmac_new, hmac_digest, pbkdf2_hmac, scrypt, UnsupportedDigestmodError.
void addKeyedFunctions(Thread& t, Module* m);

}  // namespace krait::modules
