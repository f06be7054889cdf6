// _SSLContext: making one and its settings.
#include "runtime/modules/ssl/ssl.h"

namespace krait::modules::ssl {

constexpr int kMinimumSupported = -2, kMaximumSupported = -1;
constexpr const char* kDefaultCiphers = "@SECLEVEL=2:ECDH+AESGCM:ECDH+CHACHA20:ECDH+AES:DHE+AES:!aNULL:!eNULL:!aDSS:!SHA1:!AESCCM";

static const SSL_METHOD* methodOf(int protocol) {
  switch (protocol) {
    case 3: return TLSv1_method();
    case 4: return TLSv1_1_method();
    case 5: return TLSv1_2_method();
    case kTls: return TLS_method();
    case kTlsClient: return TLS_client_method();
    case kTlsServer: return TLS_server_method();
    default: return nullptr;
  }
}
static Status warnProtocol(Thread& t, int protocol) {
  const char* name = protocol == kTls ? "TLS" : protocol == 3 ? "TLSv1" : protocol == 4 ? "TLSv1_1" : protocol == 5 ? "TLSv1_2" : nullptr;
  if (name == nullptr) return kDone;
  return warn_py(t, errors(t).deprecation_warning, 2, "ssl.PROTOCOL_%s is deprecated", name);
}
static Ref makeContext(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "_SSLContext", "(protocol, /)", args, nargs, keywords, a));
  int protocol = TRY(toCInt_py(t, a[0]));
  const SSL_METHOD* method = methodOf(protocol);
  if (method == nullptr) return raiseValueError(t, "invalid or unsupported protocol version");
  TRY(warnProtocol(t, protocol));
  SSL_CTX* ctx = SSL_CTX_new(method);
  if (ctx == nullptr) return raiseSsl(t);
  Context* c = allocate<Context>(type);
  Ref r = Ref::steal(c);
  gcTrack(c);
  c->ctx = ctx;
  c->protocol = protocol;
  c->alpn = new std::string;
  c->host_flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
  c->checks_hostname = protocol == kTlsClient;
  SSL_CTX_set_verify(ctx, protocol == kTlsClient ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT : SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_options(ctx, (SSL_OP_ALL & ~SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS) | SSL_OP_NO_SSLv3 | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                               SSL_OP_SINGLE_DH_USE | SSL_OP_SINGLE_ECDH_USE | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_min_proto_version(ctx, protocol == 3 ? TLS1_VERSION : protocol == 4 ? TLS1_1_VERSION : TLS1_2_VERSION);
  if (SSL_CTX_set_cipher_list(ctx, kDefaultCiphers) == 0) {
    ERR_clear_error();
    return raiseSslText(t, types.error, 0, "No cipher can be selected.");
  }
  SSL_CTX_set_session_id_context(ctx, reinterpret_cast<const unsigned char*>("Python"), 6);
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(ctx), X509_V_FLAG_TRUSTED_FIRST);
  X509_VERIFY_PARAM_set_hostflags(SSL_CTX_get0_param(ctx), c->host_flags);
  SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_app_data(ctx, c);
  return r;
}

// --- settings
static Ref getCheckHostname(Thread&, Value v) { return Ref::boolean(contextOf(v)->checks_hostname); }
static Status setCheckHostname(Thread& t, Value v, Value wanted) {
  bool on = TRY(isTrue_py(t, wanted));
  if (on && SSL_CTX_get_verify_mode(contextOf(v)->ctx) == SSL_VERIFY_NONE) SSL_CTX_set_verify(contextOf(v)->ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  contextOf(v)->checks_hostname = on;
  return kDone;
}
static Ref getVerifyMode(Thread&, Value v) {
  int mode = SSL_CTX_get_verify_mode(contextOf(v)->ctx) & (SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT);
  return newIntSmall(mode == SSL_VERIFY_NONE ? 0 : mode == SSL_VERIFY_PEER ? 1 : 2);
}
static Status setVerifyMode(Thread& t, Value v, Value wanted) {
  int mode = TRY(toCInt_py(t, wanted));
  if (mode < 0 || mode > 2) return raiseValueError(t, "invalid value for verify_mode");
  if (mode == 0 && contextOf(v)->checks_hostname) return raiseValueError(t, "Cannot set verify_mode to CERT_NONE when check_hostname is enabled.");
  int flags = mode == 0 ? SSL_VERIFY_NONE : mode == 1 ? SSL_VERIFY_PEER : SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  if (contextOf(v)->wants_post_handshake && contextOf(v)->protocol == kTlsServer) flags |= SSL_VERIFY_POST_HANDSHAKE;
  SSL_CTX_set_verify(contextOf(v)->ctx, flags, nullptr);
  return kDone;
}
static Ref getOptions(Thread& t, Value v) { return newIntUnsigned(t, SSL_CTX_get_options(contextOf(v)->ctx)); }
static Status setOptions(Thread& t, Value v, Value wanted) {
  Ref index = TRY(toIndex_py(t, wanted));
  uint64_t options, old = SSL_CTX_get_options(contextOf(v)->ctx);
  if (intIsNegative(index.get()) || !intFitsUnsigned(index.get(), options)) return raiseOverflowError(t, "can't convert negative value to unsigned int");
  constexpr uint64_t kDeprecated = SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_TLSv1_2 | SSL_OP_NO_TLSv1_3;
  if (options & ~old & kDeprecated) TRY(warn_py(t, errors(t).deprecation_warning, 2, "ssl.OP_NO_SSL*/ssl.OP_NO_TLS* options are deprecated"));
  SSL_CTX_clear_options(contextOf(v)->ctx, old & ~options);
  SSL_CTX_set_options(contextOf(v)->ctx, options & ~old);
  return kDone;
}
static Ref getVerifyFlags(Thread&, Value v) { return newIntSmall(static_cast<int64_t>(X509_VERIFY_PARAM_get_flags(SSL_CTX_get0_param(contextOf(v)->ctx)))); }
static Status setVerifyFlags(Thread& t, Value v, Value wanted) {
  int64_t flags = TRY(toInt64_py(t, wanted));
  X509_VERIFY_PARAM* param = SSL_CTX_get0_param(contextOf(v)->ctx);
  unsigned long old = X509_VERIFY_PARAM_get_flags(param), now = static_cast<unsigned long>(flags);
  X509_VERIFY_PARAM_clear_flags(param, old & ~now);
  X509_VERIFY_PARAM_set_flags(param, now & ~old);
  return kDone;
}
static Ref getHostFlags(Thread&, Value v) { return newIntSmall(contextOf(v)->host_flags); }
static Status setHostFlags(Thread& t, Value v, Value wanted) {
  contextOf(v)->host_flags = static_cast<unsigned>(TRY(toInt64_py(t, wanted)));
  X509_VERIFY_PARAM_set_hostflags(SSL_CTX_get0_param(contextOf(v)->ctx), contextOf(v)->host_flags);
  return kDone;
}
template <bool kIsMaximum>
static Ref getVersion(Thread&, Value v) {
  long version = kIsMaximum ? SSL_CTX_get_max_proto_version(contextOf(v)->ctx) : SSL_CTX_get_min_proto_version(contextOf(v)->ctx);
  return newIntSmall(version == 0 ? (kIsMaximum ? kMaximumSupported : kMinimumSupported) : version);
}
template <bool kIsMaximum>
static Status setVersion(Thread& t, Value v, Value wanted) {
  int64_t version = TRY(toInt64_py(t, wanted));
  if (contextOf(v)->protocol < kTlsClient && contextOf(v)->protocol != kTls) return raiseValueError(t, "The context's protocol doesn't support modification of highest and lowest version.");
  bool is_known = version == kMinimumSupported || version == kMaximumSupported || (version >= SSL3_VERSION && version <= TLS1_3_VERSION);
  if (!is_known) return raiseValueError(t, "Unsupported TLS/SSL version 0x%x", static_cast<unsigned>(version));
  const char* old = version == SSL3_VERSION ? "SSLv3" : version == TLS1_VERSION ? "TLSv1" : version == TLS1_1_VERSION ? "TLSv1_1" : nullptr;
  if (old != nullptr) TRY(warn_py(t, errors(t).deprecation_warning, 2, "ssl.TLSVersion.%s is deprecated", old));
  long number = version == kMinimumSupported ? (kIsMaximum ? TLS1_VERSION : 0) : version == kMaximumSupported ? (kIsMaximum ? 0 : TLS1_3_VERSION) : static_cast<long>(version);
  int ok = kIsMaximum ? SSL_CTX_set_max_proto_version(contextOf(v)->ctx, static_cast<int>(number)) : SSL_CTX_set_min_proto_version(contextOf(v)->ctx, static_cast<int>(number));
  if (ok == 0) return raiseValueError(t, "Unsupported protocol version 0x%x", static_cast<unsigned>(number));
  return kDone;
}
static Ref getTickets(Thread&, Value v) { return newIntSmall(static_cast<int64_t>(SSL_CTX_get_num_tickets(contextOf(v)->ctx))); }
static Status setTickets(Thread& t, Value v, Value wanted) {
  int64_t n = TRY(toInt64_py(t, wanted));
  if (n < 0) return raiseValueError(t, "value must be non-negative");
  if (contextOf(v)->protocol != kTlsServer) return raiseValueError(t, "SSLContext is not a server context.");
  SSL_CTX_set_num_tickets(contextOf(v)->ctx, static_cast<size_t>(n));
  return kDone;
}
static Ref getPostHandshake(Thread&, Value v) { return Ref::boolean(contextOf(v)->wants_post_handshake); }
static Status setPostHandshake(Thread& t, Value v, Value wanted) {
  if (wanted.isUndefined()) return raiseTypeError(t, "cannot delete attribute");
  contextOf(v)->wants_post_handshake = TRY(isTrue_py(t, wanted));
  SSL_CTX_set_post_handshake_auth(contextOf(v)->ctx, contextOf(v)->wants_post_handshake);
  return kDone;
}
static Ref getProtocol(Thread&, Value v) { return newIntSmall(contextOf(v)->protocol); }
static Ref getSecurityLevel(Thread&, Value v) { return newIntSmall(SSL_CTX_get_security_level(contextOf(v)->ctx)); }

static const GetSetDef kGetSets[] = {{"check_hostname", getCheckHostname, setCheckHostname}, {"verify_mode", getVerifyMode, setVerifyMode}, {"options", getOptions, setOptions},
    {"verify_flags", getVerifyFlags, setVerifyFlags}, {"_host_flags", getHostFlags, setHostFlags}, {"minimum_version", getVersion<false>, setVersion<false>},
    {"maximum_version", getVersion<true>, setVersion<true>}, {"num_tickets", getTickets, setTickets}, {"post_handshake_auth", getPostHandshake, setPostHandshake},
    {"protocol", getProtocol}, {"security_level", getSecurityLevel}, {"sni_callback", getSniCallback, setSniCallback}, {"keylog_filename", getKeylog, setKeylog},
    {"_msg_callback", getMessageCallback, setMessageCallback}, {nullptr, nullptr}};

void addContextType(Thread& t, Module* m) {
  Type* type = types.context = addType(t, m, {.name = "_ssl._SSLContext", .size = sizeof(Context), .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable, .methods = kLoadingMethods, .getsets = kGetSets}, makeContext);
  type->slots.dealloc = [](Object* o) {
    Context* c = static_cast<Context*>(o);
    SSL_CTX_set_tlsext_servername_callback(c->ctx, nullptr);  // a connection that was switched to another context still asks the first one
    SSL_CTX_set_keylog_callback(c->ctx, nullptr);
    SSL_CTX_free(c->ctx);
    if (c->keylog != nullptr) BIO_free_all(c->keylog);
    delete c->alpn;
    decref(c->sni_callback);
    decref(c->message_callback);
    decref(c->keylog_name);
  };
  type->slots.traverse = [](Object* o, Visitor visitor, void* context) {
    for (Value v : {static_cast<Context*>(o)->sni_callback, static_cast<Context*>(o)->message_callback}) visit(v, visitor, context);
  };
  type->slots.clear = [](Object* o) {
    for (Value* v : {&static_cast<Context*>(o)->sni_callback, &static_cast<Context*>(o)->message_callback}) clearField(*v);
  };
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
}

}  // namespace krait::modules::ssl
