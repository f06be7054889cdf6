// The hash modules: hash_object.cpp is the object around an OpenSSL digest that `_hashlib`, `_md5`, `_sha1`, `_sha2` and `_sha3`
// share; blake2.cpp is BLAKE2 with all its parameters; keyed_functions.cpp holds keyed hashing and key derivation.
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
// A hash object over `data` (any bytes-like, or Undefined).
Ref newHash(Thread& t, const EVP_MD* digest, Value data);
// HMAC, hmac_new, hmac_digest, pbkdf2_hmac, scrypt, UnsupportedDigestmodError.
void addKeyedFunctions(Thread& t, Module* m);

}  // namespace krait::modules
