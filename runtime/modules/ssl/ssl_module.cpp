// The `_ssl` module: its exceptions, constants and functions. The library's ssl.py is ours too (runtime/library).
#include <openssl/objects.h>
#include <openssl/rand.h>

#include "runtime/modules/ssl/ssl.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/float.h"

namespace krait::modules::ssl {

SslTypes types;

// str(SSLError) is the message alone. ref: SSLError_str.
static Ref errorText(Thread& t, const Value* a) {
  Ref text = TRY(getAttrNamed_py(t, a[0], "strerror"));
  if (isStr(text.get())) return text;
  Ref args = TRY(getAttrNamed_py(t, a[0], "args"));
  return str_py(t, args.get());
}
static const NativeDef kErrorText = {"__str__", "($self, /)", errorText};
static Type* addError(Thread& t, Module* m, const char* name, std::initializer_list<Value> parents) {
  Ref text = newStr(t, name), bases = tupleOf(t, parents), ns = newDict(t), module = newStr(t, "ssl");
  dictSetStr(ns.as<Dict>(), t.names().d_module, module.get());
  if (types.error == nullptr) {
    Ref show = newNativeDescriptor(*t.isolate, &kErrorText, errors(t).os_error);
    dictSetStr(ns.as<Dict>(), t.names().d_str, show.get());
    for (const char* field : {"reason", "library"}) dictSetStr(ns.as<Dict>(), intern(*t.isolate, field), Value::none());
  }
  Ref made = callArgs_py(t, t.types().type, text.get(), bases.get(), ns.get());
  if (!made) return nullptr;
  Type* type = made.as<Type>();
  moduleSet(t, m, name, made.release());
  return type;
}

// --- functions
static Ref objectTuple(Thread& t, const ASN1_OBJECT* object) {
  int nid = OBJ_obj2nid(object);
  if (nid == NID_undef) return raiseValueError(t, "Unknown object");
  char oid[128] = "";
  int size = OBJ_obj2txt(oid, sizeof oid, object, 1);
  Ref short_name = newStr(t, OBJ_nid2sn(nid)), long_name = newStr(t, OBJ_nid2ln(nid));
  Ref text = size > 0 ? newStr(t, {oid, static_cast<size_t>(size)}) : Ref::none();
  return tupleOf(t, {Value::fromInt(nid), short_name.get(), long_name.get(), text.get()});
}
static Ref textToObject(Thread& t, const Value* a) {
  if (!isStr(a[0])) return raiseTypeError(t, "txt2obj() argument 'txt' must be str, not %s", typeNameOf(t, a[0]));
  std::string text = toUtf8(a[0].as<Str>());
  ASN1_OBJECT* object = OBJ_txt2obj(text.c_str(), TRY(isTrue_py(t, a[1])) ? 0 : 1);
  if (object == nullptr) {
    ERR_clear_error();
    return raiseValueError(t, "unknown object '%.100s'", text.c_str());
  }
  Ref out = objectTuple(t, object);
  ASN1_OBJECT_free(object);
  return out;
}
static Ref nidToObject(Thread& t, const Value* a) {
  int nid = TRY(toCInt_py(t, a[0]));
  if (nid < NID_undef) return raiseValueError(t, "NID must be positive");
  ASN1_OBJECT* object = OBJ_nid2obj(nid);
  if (object == nullptr || nid == NID_undef) {
    ERR_clear_error();
    return raiseValueError(t, "unknown NID %d", nid);
  }
  return objectTuple(t, object);
}
static Ref verifyPaths(Thread& t, const Value*) {
  Ref parts[4] = {newStr(t, X509_get_default_cert_file_env()), newStr(t, X509_get_default_cert_file()), newStr(t, X509_get_default_cert_dir_env()), newStr(t, X509_get_default_cert_dir())};
  return tupleOf(t, {parts[0].get(), parts[1].get(), parts[2].get(), parts[3].get()});
}
static Ref randomStatus(Thread&, const Value*) { return Ref::boolean(RAND_status() == 1); }
static Ref randomAdd(Thread& t, const Value* a) {
  Buffer data;
  std::string text;
  double entropy = TRY(toDouble_py(t, a[1]));
  if (isStr(a[0])) text = toUtf8(a[0].as<Str>());
  else {
    TRY(data.acquire(t, a[0]));
    text = data.view();
  }
  RAND_add(text.data(), static_cast<int>(text.size()), entropy);
  return Ref::none();
}
static Ref randomBytes(Thread& t, const Value* a) {
  int64_t size = TRY(toInt64_py(t, a[0]));
  if (size < 0) return raiseValueError(t, "num must be positive");
  Ref out = TRY(newBytesBuffer(t, size));
  if (RAND_bytes(out.as<Bytes>()->data(), static_cast<int>(size)) != 1) return raiseSsl(t);
  return out;
}
static Ref decodeFile(Thread& t, const Value* a) {
  PathArg path;
  TRY(pathArg_py(t, a[0], kPathOnly, "_test_decode_cert", "path", path));
  BIO* bio = BIO_new_file(path.c(), "r");
  if (bio == nullptr) return raiseSslText(t, types.error, 0, "Can't open file");
  X509* certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  if (certificate == nullptr) return raiseSslText(t, types.error, 0, "Error decoding PEM-encoded file");
  Ref out = certificateDict(t, certificate);
  X509_free(certificate);
  return out;
}
static const NativeDef kFunctions[] = {{"txt2obj", "(txt, name=False)", textToObject}, {"nid2obj", "(nid, /)", nidToObject}, {"get_default_verify_paths", "()", verifyPaths},
    {"RAND_status", "()", randomStatus}, {"RAND_add", "(string, entropy, /)", randomAdd}, {"RAND_bytes", "(n, /)", randomBytes}, {"_test_decode_cert", "(path, /)", decodeFile}, {nullptr, nullptr, nullptr}};

static Status init(Thread& t, Module* m) {
  types.error = nullptr;
  types.error = addError(t, m, "SSLError", {Value(errors(t).os_error)});
  if (types.error == nullptr) return kRaised;
  types.error->flags |= kTypeImmutable;
  types.zero_return = addError(t, m, "SSLZeroReturnError", {Value(types.error)});
  types.want_read = addError(t, m, "SSLWantReadError", {Value(types.error)});
  types.want_write = addError(t, m, "SSLWantWriteError", {Value(types.error)});
  types.syscall = addError(t, m, "SSLSyscallError", {Value(types.error)});
  types.eof = addError(t, m, "SSLEOFError", {Value(types.error)});
  types.verification = addError(t, m, "SSLCertVerificationError", {Value(types.error), Value(errors(t).value_error)});
  addContextType(t, m);
  addConnectionType(t, m);
  addMemoryTypes(t, m);
  addCertificateType(t, m);
  addConstants(t, m);
  return kDone;
}

}  // namespace krait::modules::ssl

namespace krait::modules {
extern const NativeModule kSslModule;
const NativeModule kSslModule = {"_ssl", "Implementation module for SSL socket operations.  See the socket module\nfor documentation.", ssl::kFunctions, ssl::init};
}  // namespace krait::modules
