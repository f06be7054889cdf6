// What a context loads (certificates, keys, ciphers, protocols) and tells about, and how connections are made from it.
#include <vector>

#include "runtime/modules/audit.h"
#include "runtime/modules/ssl/ssl.h"

namespace krait::modules::ssl {

static SSL_CTX* ctxOf(const Value* a) { return contextOf(a[0])->ctx; }

static Ref wrapSocket(Thread& t, const Value* a) {
  bool is_server = TRY(isTrue_py(t, a[2]));
  return newConnection_py(t, a[0], a[1], nullptr, nullptr, is_server, a[3], a[4], a[5]);
}
static Ref wrapBio(Thread& t, const Value* a) {
  if (!isInstanceOf(t, a[1], types.memory_bio) || !isInstanceOf(t, a[2], types.memory_bio)) {
    return raiseTypeError(t, "_wrap_bio() argument %d must be _ssl.MemoryBIO, not %s", isInstanceOf(t, a[1], types.memory_bio) ? 2 : 1,
                          typeNameOf(t, isInstanceOf(t, a[1], types.memory_bio) ? a[2] : a[1]));
  }
  bool is_server = TRY(isTrue_py(t, a[3]));
  return newConnection_py(t, a[0], Value(), a[1].as<MemoryBio>(), a[2].as<MemoryBio>(), is_server, a[4], a[5], a[6]);
}
static Ref setCiphers(Thread& t, const Value* a) {
  if (!isStr(a[1])) return raiseTypeError(t, "set_ciphers() argument must be str, not %s", typeNameOf(t, a[1]));
  if (SSL_CTX_set_cipher_list(ctxOf(a), toUtf8(a[1].as<Str>()).c_str()) != 0) return Ref::none();
  ERR_clear_error();
  return raiseSslText(t, types.error, 0, "No cipher can be selected.");
}
static Ref getCiphers(Thread& t, const Value* a) {
  SSL* ssl = SSL_new(ctxOf(a));
  if (ssl == nullptr) return raiseSsl(t);
  Ref list = newList(t);
  STACK_OF(SSL_CIPHER)* ciphers = SSL_get_ciphers(ssl);
  for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); ++i) listAppendSteal(list.as<List>(), cipherDict(t, sk_SSL_CIPHER_value(ciphers, i)).release());
  SSL_free(ssl);
  return list;
}
static int selectProtocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* theirs, unsigned size, void* context) {
  const std::string& ours = *static_cast<Context*>(context)->alpn;
  unsigned char* chosen = nullptr;
  int result = SSL_select_next_proto(&chosen, out_size, reinterpret_cast<const unsigned char*>(ours.data()), static_cast<unsigned>(ours.size()), theirs, size);
  *out = chosen;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}
static Ref setAlpn(Thread& t, const Value* a) {
  Buffer protocols;
  TRY(protocols.acquire(t, a[1]));
  Context* c = contextOf(a[0]);
  *c->alpn = protocols.view();
  if (SSL_CTX_set_alpn_protos(c->ctx, reinterpret_cast<const unsigned char*>(c->alpn->data()), static_cast<unsigned>(c->alpn->size())) != 0) return raiseMemoryError(t);
  SSL_CTX_set_alpn_select_cb(c->ctx, selectProtocol, c);
  return Ref::none();
}

// --- certificates and keys
namespace {
struct Password {
  Thread* t;
  Value source;  // callable, or Undefined
  std::string text;
  bool failed = false;
};
}  // namespace
static Status takePassword(Thread& t, Value v, std::string& out, const char* wrong) {
  if (isStr(v)) out = toUtf8(v.as<Str>());
  else if (isBytes(v)) out = v.as<Bytes>()->view();
  else if (isByteArray(v)) out = v.as<ByteArray>()->view();
  else return raiseTypeError(t, "%s", wrong);
  return kDone;
}
static int onPassword(char* buffer, int size, int, void* data) {
  Password& p = *static_cast<Password*>(data);
  if (p.source.defined()) {
    Ref given = callArgs_py(*p.t, p.source);
    p.failed = !given || takePassword(*p.t, given.get(), p.text, "password callback must return a string").raised();
    if (p.failed) return -1;
  }
  if (static_cast<int>(p.text.size()) > size) {
    (void)raiseValueError(*p.t, "password cannot be longer than %d bytes", size);
    p.failed = true;
    return -1;
  }
  std::copy(p.text.begin(), p.text.end(), buffer);
  return static_cast<int>(p.text.size());
}
static Ref raiseLoading(Thread& t, const Password& password) {
  if (password.failed || isPending(t)) {
    ERR_clear_error();
    return Ref();
  }
  unsigned long code = ERR_peek_last_error();
  if (ERR_GET_LIB(code) == ERR_LIB_SYS || errno == ENOENT || errno == EACCES) {
    int number = errno;
    ERR_clear_error();
    return raiseOSError(t, number);
  }
  return raiseSsl(t);
}
static Ref loadChain(Thread& t, const Value* a) {
  PathArg certificate, key;
  auto path = [&](Value v, const char* what, PathArg& out) -> Status {
    if (!pathArg_py(t, v, kPathOnly, "load_cert_chain", what, out).raised()) return kDone;
    if (!pendingMatches(t, errors(t).type_error)) return kRaised;
    clearException(t);
    return raiseTypeError(t, "%s should be a valid filesystem path", what);
  };
  TRY(path(a[1], "certfile", certificate));
  if (!a[2].isNone()) TRY(path(a[2], "keyfile", key));
  Password password{&t, Value(), "", false};
  bool has_password = !a[3].isNone();
  if (has_password && isCallable(t, a[3])) password.source = a[3];
  else if (has_password) TRY(takePassword(t, a[3], password.text, "password should be a string or callable"));
  SSL_CTX* ctx = ctxOf(a);
  pem_password_cb* old_callback = SSL_CTX_get_default_passwd_cb(ctx);
  void* old_data = SSL_CTX_get_default_passwd_cb_userdata(ctx);
  if (has_password) SSL_CTX_set_default_passwd_cb(ctx, onPassword), SSL_CTX_set_default_passwd_cb_userdata(ctx, &password);
  errno = 0;
  ERR_clear_error();
  bool ok = SSL_CTX_use_certificate_chain_file(ctx, certificate.c()) == 1 &&
            SSL_CTX_use_PrivateKey_file(ctx, a[2].isNone() ? certificate.c() : key.c(), SSL_FILETYPE_PEM) == 1 && SSL_CTX_check_private_key(ctx) == 1;
  SSL_CTX_set_default_passwd_cb(ctx, old_callback);
  SSL_CTX_set_default_passwd_cb_userdata(ctx, old_data);
  if (!ok) return raiseLoading(t, password);
  return Ref::none();
}
static Ref loadData(Thread& t, SSL_CTX* ctx, std::string_view data, bool is_der) {
  BIO* bio = BIO_new_mem_buf(data.data(), static_cast<int>(data.size()));
  X509_STORE* store = SSL_CTX_get_cert_store(ctx);
  int loaded = 0;
  ERR_clear_error();
  for (;;) {
    X509* certificate = is_der ? d2i_X509_bio(bio, nullptr) : PEM_read_bio_X509(bio, nullptr, SSL_CTX_get_default_passwd_cb(ctx), SSL_CTX_get_default_passwd_cb_userdata(ctx));
    if (certificate == nullptr) break;
    int ok = X509_STORE_add_cert(store, certificate);
    X509_free(certificate);
    if (ok == 0) break;
    ++loaded;
  }
  unsigned long code = ERR_peek_last_error();
  bool is_end = is_der ? BIO_eof(bio) : (ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE);
  BIO_free(bio);
  if (loaded == 0) {
    const char* text = is_der ? "not enough data: cadata does not contain a certificate" : "no start line: cadata does not contain a certificate";
    ERR_clear_error();
    return raiseSslText(t, types.error, 0, text);
  }
  if (!is_end && code != 0) return raiseSsl(t);
  ERR_clear_error();
  return Ref::none();
}
static Ref loadVerify(Thread& t, const Value* a) {
  if (a[1].isNone() && a[2].isNone() && a[3].isNone()) return raiseTypeError(t, "cafile, capath and cadata cannot be all omitted");
  PathArg file, folder;
  auto path = [&](Value v, const char* what, PathArg& out) -> Status {
    if (!pathArg_py(t, v, kPathOnly, "load_verify_locations", what, out).raised()) return kDone;
    if (!pendingMatches(t, errors(t).type_error)) return kRaised;
    clearException(t);
    return raiseTypeError(t, "%s should be a valid filesystem path", what);
  };
  if (!a[1].isNone()) TRY(path(a[1], "cafile", file));
  if (!a[2].isNone()) TRY(path(a[2], "capath", folder));
  if (isStr(a[3])) {
    std::string text = toUtf8(a[3].as<Str>());
    if (!a[3].as<Str>()->is_ascii) return raiseTypeError(t, "cadata should be an ASCII string or a bytes-like object");
    if (text.empty()) return raiseValueError(t, "Empty certificate data");
    Ref done = TRY(loadData(t, ctxOf(a), text, false));
  } else if (!a[3].isNone()) {
    Buffer data;
    if (!isBytesLike(a[3])) return raiseTypeError(t, "cadata should be an ASCII string or a bytes-like object");
    TRY(data.acquire(t, a[3]));
    if (data.size() == 0) return raiseValueError(t, "Empty certificate data");
    Ref done = TRY(loadData(t, ctxOf(a), data.view(), true));
  }
  if (a[1].isNone() && a[2].isNone()) return Ref::none();
  errno = 0;
  ERR_clear_error();
  if (SSL_CTX_load_verify_locations(ctxOf(a), a[1].isNone() ? nullptr : file.c(), a[2].isNone() ? nullptr : folder.c()) == 1) return Ref::none();
  return raiseLoading(t, Password{});
}
static Ref loadDefaults(Thread& t, const Value* a) {
  if (SSL_CTX_set_default_verify_paths(ctxOf(a)) == 0) return raiseSsl(t);
  return Ref::none();
}
static Ref loadDhParams(Thread& t, const Value* a) {
  PathArg path;
  TRY(pathArg_py(t, a[1], kPathOnly, "load_dh_params", "filepath", path));
  TRY(audit_py(t, "open", {a[1], newStr(t, "rb").get(), newIntSmall(0).get()}));
  BIO* bio = BIO_new_file(path.c(), "r");
  if (bio == nullptr) {
    ERR_clear_error();
    return raisePathError(t, path);
  }
  ERR_clear_error();
  DH* parameters = PEM_read_bio_DHparams(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  if (parameters == nullptr) return raiseSsl(t);
  long ok = SSL_CTX_set_tmp_dh(ctxOf(a), parameters);
  DH_free(parameters);
  if (ok == 0) return raiseSsl(t);
  return Ref::none();
}
static Ref setCurve(Thread& t, const Value* a) {
  std::string name;
  if (isStr(a[1])) name = toUtf8(a[1].as<Str>());
  else if (isBytes(a[1])) name = a[1].as<Bytes>()->view();
  else return raiseTypeError(t, "expected str, bytes or os.PathLike object, not %s", typeNameOf(t, a[1]));
  int nid = OBJ_sn2nid(name.c_str());
  if (nid == 0) return raiseValueError(t, "unknown elliptic curve name %s", reprText_py(t, a[1]).c_str());
  if (SSL_CTX_set1_groups(ctxOf(a), &nid, 1) == 0) return raiseSsl(t);
  return Ref::none();
}

// --- what it has
static Ref storeStats(Thread& t, const Value* a) {
  int x509 = 0, crl = 0, ca = 0;
  STACK_OF(X509_OBJECT)* objects = X509_STORE_get0_objects(SSL_CTX_get_cert_store(ctxOf(a)));
  for (int i = 0; i < sk_X509_OBJECT_num(objects); ++i) {
    X509_OBJECT* o = sk_X509_OBJECT_value(objects, i);
    if (X509_OBJECT_get_type(o) == X509_LU_X509) {
      ++x509;
      if (X509_check_ca(X509_OBJECT_get0_X509(o)) != 0) ++ca;
    } else if (X509_OBJECT_get_type(o) == X509_LU_CRL) {
      ++crl;
    }
  }
  Ref dict = newDict(t);
  auto put = [&](const char* name, int n) { dictSetStr(dict.as<Dict>(), intern(*t.isolate, name), Value::fromInt(n)); };
  put("x509", x509), put("crl", crl), put("x509_ca", ca);
  return dict;
}
static Ref caCerts(Thread& t, const Value* a) {
  bool binary = TRY(isTrue_py(t, a[1]));
  Ref list = newList(t);
  STACK_OF(X509_OBJECT)* objects = X509_STORE_get0_objects(SSL_CTX_get_cert_store(ctxOf(a)));
  for (int i = 0; i < sk_X509_OBJECT_num(objects); ++i) {
    X509_OBJECT* o = sk_X509_OBJECT_value(objects, i);
    if (X509_OBJECT_get_type(o) != X509_LU_X509 || X509_check_ca(X509_OBJECT_get0_X509(o)) == 0) continue;
    Ref one = TRY(binary ? certificateBytes(t, X509_OBJECT_get0_X509(o)) : certificateDict(t, X509_OBJECT_get0_X509(o)));
    listAppend(list.as<List>(), one.get());
  }
  return list;
}
static Ref sessionStats(Thread& t, const Value* a) {
  Ref dict = newDict(t);
  auto put = [&](const char* name, long n) { dictSetStr(dict.as<Dict>(), intern(*t.isolate, name), Value::fromInt(n)); };
  SSL_CTX* c = ctxOf(a);
  put("number", SSL_CTX_sess_number(c)), put("connect", SSL_CTX_sess_connect(c)), put("connect_good", SSL_CTX_sess_connect_good(c));
  put("connect_renegotiate", SSL_CTX_sess_connect_renegotiate(c)), put("accept", SSL_CTX_sess_accept(c)), put("accept_good", SSL_CTX_sess_accept_good(c));
  put("accept_renegotiate", SSL_CTX_sess_accept_renegotiate(c)), put("hits", SSL_CTX_sess_hits(c)), put("misses", SSL_CTX_sess_misses(c));
  put("timeouts", SSL_CTX_sess_timeouts(c)), put("cache_full", SSL_CTX_sess_cache_full(c));
  return dict;
}
const NativeDef kLoadingMethods[] = {{"_wrap_socket", "($self, /, sock, server_side, server_hostname=None, *, owner=None, session=None)", wrapSocket},
    {"_wrap_bio", "($self, /, incoming, outgoing, server_side, server_hostname=None, *, owner=None, session=None)", wrapBio},
    {"set_ciphers", "($self, cipherlist, /)", setCiphers}, {"get_ciphers", "($self, /)", getCiphers}, {"_set_alpn_protocols", "($self, protos, /)", setAlpn},
    {"load_cert_chain", "($self, /, certfile, keyfile=None, password=None)", loadChain}, {"load_verify_locations", "($self, /, cafile=None, capath=None, cadata=None)", loadVerify},
    {"set_default_verify_paths", "($self, /)", loadDefaults}, {"load_dh_params", "($self, filepath, /)", loadDhParams}, {"set_ecdh_curve", "($self, name, /)", setCurve},
    {"cert_store_stats", "($self, /)", storeStats}, {"get_ca_certs", "($self, /, binary_form=False)", caCerts}, {"session_stats", "($self, /)", sessionStats}, {nullptr, nullptr, nullptr}};

}  // namespace krait::modules::ssl
