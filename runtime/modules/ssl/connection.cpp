// _SSLSocket: a TLS connection over a socket or two memory BIOs. OpenSSL is entered without the isolate's lock; its callbacks
// take the lock for as long as they run Python code.
#include <arpa/inet.h>
#include <poll.h>

#include "runtime/modules/ssl/ssl.h"
#include "runtime/modules/thread/thread.h"
#include "runtime/modules/weakref_types.h"
#include "runtime/object/float.h"
#include "runtime/object/weakref.h"

namespace krait::modules::ssl {

// --- waiting
namespace {
struct Waiting {
  int fd = -1;             // -1: over memory BIOs
  int64_t deadline = -1;   // monotonic; -1: none
  bool blocks = false;     // waits for the socket when OpenSSL wants to
};
struct Outcome {
  int result;
  int error;       // SSL_get_error's
  int system_error;
};
}  // namespace
// The socket, or empty over memory BIOs. Raises when it is gone.
static Fallible<Waiting> waitingOf_py(Thread& t, Connection* c) {
  Waiting w;
  if (c->socket.isUndefined()) return w;
  Ref socket = weakrefGet(c->socket.as<Weakref>());
  if (socket.get().isNone()) {
    (void)raiseSslText(t, types.error, 4, "Underlying socket connection gone");
    return kRaised;
  }
  w.fd = TRY(toDescriptor_py(t, socket.get()));
  Ref timeout = TRY(callMethod_py(t, socket.get(), intern(*t.isolate, "gettimeout")));
  if (timeout.get().isNone()) {
    w.blocks = true;
    return w;
  }
  double seconds = TRY(toDouble_py(t, timeout.get()));
  w.blocks = seconds > 0;
  w.deadline = thread::monotonicNanos() + static_cast<int64_t>(seconds * 1e9);
  return w;
}
// Runs `call` until it is done or wants what will not come; `what` for "The … operation timed out".
template <class Call>
static Fallible<Outcome> drive_py(Thread& t, Connection* c, const Waiting& w, const char* what, Call call) {
  for (;;) {
    Outcome o;
    Thread* outer = c->running;
    c->running = &t;
    {
      WithoutLock unlocked(t);
      ERR_clear_error();
      errno = 0;
      o.result = call();
      o.system_error = errno;
      o.error = SSL_get_error(c->ssl, o.result);
    }
    c->running = outer;
    if (c->callback_error.defined()) {
      restoreException(t, Ref::steal(c->callback_error));
      c->callback_error = Value();
      ERR_clear_error();
      return kRaised;
    }
    TRY(checkSignals_py(t));
    bool wants = o.error == SSL_ERROR_WANT_READ || o.error == SSL_ERROR_WANT_WRITE;
    if (!wants || !w.blocks || w.fd < 0) return o;
    pollfd p = {w.fd, static_cast<short>(o.error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT), 0};
    int64_t left = w.deadline < 0 ? -1 : std::max<int64_t>(0, (w.deadline - thread::monotonicNanos() + 999999) / 1000000);
    int ready;
    {
      WithoutLock unlocked(t);
      ready = poll(&p, 1, static_cast<int>(std::min<int64_t>(left, INT32_MAX)));
    }
    TRY(checkSignals_py(t));
    if (ready == 0) {
      (void)raise(t, errors(t).timeout_error, "The %s operation timed out", what);
      return kRaised;
    }
  }
}
// ref: PySSL_SetError.
static Ref raiseOutcome(Thread& t, Connection* c, const Outcome& o) {
  switch (o.error) {
    case SSL_ERROR_ZERO_RETURN: return raiseSslText(t, types.zero_return, kZeroReturn, "TLS/SSL connection has been closed (EOF)");
    case SSL_ERROR_WANT_READ: return raiseSslText(t, types.want_read, kWantRead, "The operation did not complete (read)");
    case SSL_ERROR_WANT_WRITE: return raiseSslText(t, types.want_write, kWantWrite, "The operation did not complete (write)");
    case SSL_ERROR_WANT_X509_LOOKUP: return raiseSslText(t, types.error, kWantX509, "The operation did not complete (X509 lookup)");
    case SSL_ERROR_WANT_CONNECT: return raiseSslText(t, types.error, kWantConnect, "The operation did not complete (connect)");
    case SSL_ERROR_SYSCALL: {
      if (ERR_peek_last_error() != 0) return raiseSsl(t, types.syscall, c);
      if (o.result == 0 || c->socket.isUndefined() || o.system_error == 0) return raiseSslText(t, types.eof, kEofError, "EOF occurred in violation of protocol");
      return raiseOSError(t, o.system_error);
    }
    case SSL_ERROR_SSL: return raiseSsl(t, nullptr, c);
    default: return raiseSslText(t, types.error, kInvalidErrno, "Invalid error code");
  }
}

// --- making one
static Status setHostname(Thread& t, Connection* c, Value hostname) {
  if (hostname.isNone() || hostname.isUndefined()) return kDone;
  std::string name;
  if (isStr(hostname)) name = toUtf8(hostname.as<Str>());
  else if (isBytes(hostname)) name = hostname.as<Bytes>()->view();
  else return raiseTypeError(t, "server_hostname must be str or None, not %s", typeNameOf(t, hostname));
  if (name.empty() || name[0] == '.') return raiseValueError(t, "server_hostname cannot be an empty string or start with a leading dot.");
  if (name.find('\0') != std::string::npos) return raiseTypeError(t, "embedded null character");
  c->server_hostname = newStr(t, name).release();
  in6_addr address;
  bool is_address = inet_pton(AF_INET, name.c_str(), &address) == 1 || inet_pton(AF_INET6, name.c_str(), &address) == 1;
  if (!is_address && SSL_set_tlsext_host_name(c->ssl, name.c_str()) == 0) return raiseSsl(t);
  if (!contextOf(c->context)->checks_hostname) return kDone;
  X509_VERIFY_PARAM* param = SSL_get0_param(c->ssl);
  int ok = is_address ? X509_VERIFY_PARAM_set1_ip_asc(param, name.c_str()) : X509_VERIFY_PARAM_set1_host(param, name.c_str(), name.size());
  if (ok == 0) return raiseSsl(t);
  return kDone;
}
// A session as it is written down: one that a connection uses cannot be resumed any more when the connection breaks off.
// ref: _ssl_session_dup.
static SSL_SESSION* copySession(SSL_SESSION* session) {
  unsigned char* data = nullptr;
  int size = i2d_SSL_SESSION(session, &data);
  if (size <= 0) return nullptr;
  const unsigned char* at = data;
  SSL_SESSION* copy = d2i_SSL_SESSION(nullptr, &at, size);
  OPENSSL_free(data);
  return copy;
}
static Status setSession(Thread& t, Value v, Value session) {
  Connection* c = connectionOf(v);
  if (session.isNone() || session.isUndefined()) return kDone;
  if (!isInstanceOf(t, session, types.session)) return raiseTypeError(t, "Value is not a SSLSession.");
  if (session.as<Session>()->context != c->context) return raiseValueError(t, "Session refers to a different SSLContext.");
  if (c->is_server) return raiseValueError(t, "Cannot set session for server-side SSLSocket.");
  if (SSL_is_init_finished(c->ssl)) return raiseValueError(t, "Cannot set session after handshake.");
  SSL_SESSION* copy = copySession(session.as<Session>()->session);
  bool is_set = copy != nullptr && SSL_set_session(c->ssl, copy) != 0;
  SSL_SESSION_free(copy);
  if (!is_set) return raiseSsl(t);
  return kDone;
}
Ref newConnection_py(Thread& t, Value context, Value socket, MemoryBio* incoming, MemoryBio* outgoing, bool is_server, Value hostname, Value owner, Value session) {
  Context* from = contextOf(context);
  if (from->protocol == kTlsServer && !is_server) return raiseSslText(t, types.error, 0, "Cannot create a client socket with a PROTOCOL_TLS_SERVER context");
  if (from->protocol == kTlsClient && is_server) return raiseSslText(t, types.error, 0, "Cannot create a server socket with a PROTOCOL_TLS_CLIENT context");
  SSL* ssl = SSL_new(from->ctx);
  if (ssl == nullptr) return raiseSsl(t);
  Connection* c = allocate<Connection>(types.connection);
  Ref r = Ref::steal(c);
  gcTrack(c);
  c->ssl = ssl;
  c->context = share(context);
  c->server_hostname = Value::none();
  c->is_server = is_server;
  SSL_set_app_data(ssl, c);
  if (socket.defined()) {
    c->socket = TRY(weakReferenceTo_py(t, socket, Value())).release();
    SSL_set_fd(ssl, TRY(toDescriptor_py(t, socket)));
  } else {
    BIO_up_ref(incoming->bio);
    BIO_up_ref(outgoing->bio);
    SSL_set_bio(ssl, incoming->bio, outgoing->bio);
  }
  SSL_set_mode(ssl, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY);
  if (from->wants_post_handshake && is_server) {
    int mode = SSL_get_verify_mode(ssl);
    if (mode & SSL_VERIFY_PEER) SSL_set_verify(ssl, mode | SSL_VERIFY_POST_HANDSHAKE, SSL_get_verify_callback(ssl));
  } else if (from->wants_post_handshake) {
    SSL_set_post_handshake_auth(ssl, 1);
  }
  TRY(setHostname(t, c, hostname));
  if (is_server) SSL_set_accept_state(ssl);
  else SSL_set_connect_state(ssl);
  if (owner.defined() && !owner.isNone()) c->owner = TRY(weakReferenceTo_py(t, owner, Value())).release();
  TRY(setSession(t, r.get(), session));
  return r;
}

// --- work
static Ref handshake(Thread& t, const Value* a) {
  Connection* c = connectionOf(a[0]);
  Waiting w = TRY(waitingOf_py(t, c));
  Outcome o = TRY(drive_py(t, c, w, "handshake", [&] { return SSL_do_handshake(c->ssl); }));
  if (o.result < 1) return raiseOutcome(t, c, o);
  return Ref::none();
}
static Ref write(Thread& t, const Value* a) {
  Connection* c = connectionOf(a[0]);
  Buffer data;
  TRY(data.acquire(t, a[1]));
  Waiting w = TRY(waitingOf_py(t, c));
  size_t put = 0;
  Outcome o = TRY(drive_py(t, c, w, "write", [&] { return SSL_write_ex(c->ssl, data.data(), static_cast<size_t>(data.size()), &put); }));
  if (o.result == 0) return raiseOutcome(t, c, o);
  return newInt(t, static_cast<int64_t>(put));
}
static Ref read(Thread& t, const Value* a) {
  Connection* c = connectionOf(a[0]);
  int64_t size = TRY(toInt64_py(t, a[1]));
  Buffer into;
  Ref out;
  bool has_buffer = a[2].defined() && !a[2].isNone();
  if (has_buffer) {
    TRY(into.acquireWritable(t, a[2]));
    if (size <= 0 || size > into.size()) size = into.size();
  } else {
    if (size < 0) return raiseValueError(t, "size should not be negative");
    if (!canAllocate(static_cast<size_t>(size))) return raiseMemoryError(t);
    out = newBytesBuffer(t, size);
  }
  if (size == 0) return has_buffer ? newIntSmall(0) : out.take();
  uint8_t* memory = has_buffer ? into.data() : out.as<Bytes>()->data();
  Waiting w = TRY(waitingOf_py(t, c));
  size_t got = 0;
  Outcome o = TRY(drive_py(t, c, w, "read", [&] { return SSL_read_ex(c->ssl, memory, static_cast<size_t>(size), &got); }));
  bool is_end = o.error == SSL_ERROR_ZERO_RETURN && SSL_get_shutdown(c->ssl) == SSL_RECEIVED_SHUTDOWN;
  if (o.result == 0 && !is_end) return raiseOutcome(t, c, o);
  if (is_end) got = 0;
  if (has_buffer) return newInt(t, static_cast<int64_t>(got));
  return newBytes(t, {reinterpret_cast<char*>(memory), got});
}
static Ref shutdown(Thread& t, const Value* a) {
  Connection* c = connectionOf(a[0]);
  Waiting w = TRY(waitingOf_py(t, c));
  Outcome o;
  for (int zeros = 0;;) {
    if (c->saw_shutdown) SSL_set_read_ahead(c->ssl, 0);
    o = TRY(drive_py(t, c, w, "read", [&] { return SSL_shutdown(c->ssl); }));
    if (o.result != 0 || ++zeros > 1) break;
    c->saw_shutdown = true;
  }
  if (o.result < 0) return raiseOutcome(t, c, o);
  if (c->socket.isUndefined()) return Ref::none();
  return weakrefGet(c->socket.as<Weakref>());
}
static Ref pending(Thread&, const Value* a) { return newIntSmall(SSL_pending(connectionOf(a[0])->ssl)); }

// --- what is known
static Ref peerCertificate(Thread& t, const Value* a) {
  Connection* c = connectionOf(a[0]);
  bool binary = TRY(isTrue_py(t, a[1]));
  if (!SSL_is_init_finished(c->ssl)) return raiseValueError(t, "handshake not done yet");
  X509* certificate = SSL_get1_peer_certificate(c->ssl);
  if (certificate == nullptr) return Ref::none();
  Ref out = binary ? certificateBytes(t, certificate) : SSL_get_verify_mode(c->ssl) & SSL_VERIFY_PEER ? certificateDict(t, certificate) : newDict(t);
  X509_free(certificate);
  return out;
}
static Ref chainOf(Thread& t, STACK_OF(X509)* chain) {
  if (chain == nullptr) return Ref::none();
  Ref list = newList(t);
  for (int i = 0; i < sk_X509_num(chain); ++i) listAppendSteal(list.as<List>(), newCertificate(t, sk_X509_value(chain, i)).release());
  return list;
}
static Ref verifiedChain(Thread& t, const Value* a) { return chainOf(t, SSL_get0_verified_chain(connectionOf(a[0])->ssl)); }
static Ref unverifiedChain(Thread& t, const Value* a) {
  Connection* c = connectionOf(a[0]);
  Ref list = TRY(chainOf(t, SSL_get_peer_cert_chain(c->ssl)));
  X509* own = c->is_server && isList(list.get()) ? SSL_get1_peer_certificate(c->ssl) : nullptr;
  if (own == nullptr) return list;
  Ref first = newCertificate(t, own);
  X509_free(own);
  if (first) listInsert(list.as<List>(), 0, first.get());
  return list;
}
static Ref cipher(Thread& t, const Value* a) { return cipherTuple(t, SSL_get_current_cipher(connectionOf(a[0])->ssl)); }
static Ref sharedCiphers(Thread& t, const Value* a) {
  SSL* ssl = connectionOf(a[0])->ssl;
  STACK_OF(SSL_CIPHER) *theirs = SSL_get_client_ciphers(ssl), *ours = SSL_get_ciphers(ssl);
  if (theirs == nullptr || ours == nullptr) return Ref::none();
  Ref list = newList(t);
  for (int i = 0; i < sk_SSL_CIPHER_num(ours); ++i) {
    const SSL_CIPHER* one = sk_SSL_CIPHER_value(ours, i);
    if (sk_SSL_CIPHER_find(theirs, const_cast<SSL_CIPHER*>(one)) >= 0) listAppendSteal(list.as<List>(), cipherTuple(t, one).release());
  }
  return list;
}
static Ref version(Thread& t, const Value* a) {
  SSL* ssl = connectionOf(a[0])->ssl;
  if (!SSL_is_init_finished(ssl)) return Ref::none();
  const char* name = SSL_get_version(ssl);
  return std::string_view(name) == "unknown" ? Ref::none() : newStr(t, name);
}
static Ref chosenProtocol(Thread& t, const Value* a) {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(connectionOf(a[0])->ssl, &name, &size);
  return name == nullptr ? Ref::none() : newStr(t, {reinterpret_cast<const char*>(name), size});
}
static Ref compression(Thread&, const Value*) { return Ref::none(); }
static Ref channelBinding(Thread& t, const Value* a) {
  if (!isStr(a[1]) || !strEquals(a[1].as<Str>(), "tls-unique")) return raiseValueError(t, "'%s' channel binding type not implemented", isStr(a[1]) ? toUtf8(a[1].as<Str>()).c_str() : "?");
  Connection* c = connectionOf(a[0]);
  char data[128];
  bool is_own = (SSL_session_reused(c->ssl) != 0) != !c->is_server;
  size_t size = is_own ? SSL_get_peer_finished(c->ssl, data, sizeof data) : SSL_get_finished(c->ssl, data, sizeof data);
  return size == 0 ? Ref::none() : newBytes(t, {data, size});
}
static Ref verifyClientLater(Thread& t, const Value* a) {
  Connection* c = connectionOf(a[0]);
  if (SSL_verify_client_post_handshake(c->ssl) == 0) return raiseSsl(t);
  return Ref::none();
}
static const NativeDef kMethods[] = {{"do_handshake", "($self, /)", handshake}, {"write", "($self, b, /)", write}, {"read", "($self, size, buffer=None, /)", read}, {"pending", "($self, /)", pending},
    {"shutdown", "($self, /)", shutdown}, {"getpeercert", "($self, binary_mode=False, /)", peerCertificate}, {"get_verified_chain", "($self, /)", verifiedChain},
    {"get_unverified_chain", "($self, /)", unverifiedChain}, {"cipher", "($self, /)", cipher}, {"shared_ciphers", "($self, /)", sharedCiphers}, {"version", "($self, /)", version},
    {"selected_alpn_protocol", "($self, /)", chosenProtocol}, {"compression", "($self, /)", compression}, {"get_channel_binding", "($self, /, cb_type='tls-unique')", channelBinding},
    {"verify_client_post_handshake", "($self, /)", verifyClientLater}, {nullptr, nullptr, nullptr}};

static Ref getContext(Thread&, Value v) { return Ref::of(connectionOf(v)->context); }
static Status setContext(Thread& t, Value v, Value context) {
  Connection* c = connectionOf(v);
  if (!isInstanceOf(t, context, types.context)) return raiseTypeError(t, "The value must be a SSLContext");
  Value old = c->context;
  c->context = share(context);
  decref(old);
  SSL_set_SSL_CTX(c->ssl, contextOf(context)->ctx);
  SSL_set_verify(c->ssl, SSL_CTX_get_verify_mode(contextOf(context)->ctx), nullptr);
  return kDone;
}
static Ref getServerSide(Thread&, Value v) { return Ref::boolean(connectionOf(v)->is_server); }
static Ref getHostname(Thread&, Value v) { return Ref::of(connectionOf(v)->server_hostname); }
static Ref getOwner(Thread&, Value v) { return connectionOf(v)->owner.defined() ? weakrefGet(connectionOf(v)->owner.as<Weakref>()) : Ref::none(); }
static Status setOwner(Thread& t, Value v, Value owner) {
  Ref made = owner.isNone() ? Ref() : TRY(weakReferenceTo_py(t, owner, Value()));
  Value old = connectionOf(v)->owner;
  connectionOf(v)->owner = made.release();
  decref(old);
  return kDone;
}
static Ref getSession(Thread& t, Value v) {
  SSL_SESSION* current = SSL_get_session(connectionOf(v)->ssl);
  if (current == nullptr) return Ref::none();
  SSL_SESSION* session = copySession(current);
  if (session == nullptr) return raiseSsl(t);
  Session* s = allocate<Session>(types.session);
  s->session = session;
  s->context = share(connectionOf(v)->context);
  return Ref::steal(s);
}
static Ref getReused(Thread&, Value v) { return Ref::boolean(SSL_session_reused(connectionOf(v)->ssl) != 0); }
static const GetSetDef kGetSets[] = {{"context", getContext, setContext}, {"server_side", getServerSide}, {"server_hostname", getHostname}, {"owner", getOwner, setOwner},
    {"session", getSession, setSession}, {"session_reused", getReused}, {nullptr, nullptr}};

void addConnectionType(Thread& t, Module* m) {
  Type* type = types.connection = addType(t, m, {.name = "_ssl._SSLSocket", .size = sizeof(Connection), .flags = kTypeGc | kTypeDisallowNew | kTypeWeakrefable, .methods = kMethods, .getsets = kGetSets}, nullptr);
  type->slots.dealloc = [](Object* o) {
    Connection* c = static_cast<Connection*>(o);
    SSL_set_app_data(c->ssl, nullptr);
    SSL_free(c->ssl);
    for (Value v : {c->context, c->socket, c->owner, c->server_hostname, c->callback_error}) decref(v);
  };
  type->slots.traverse = [](Object* o, Visitor visitor, void* context) { visit(static_cast<Connection*>(o)->context, visitor, context); };
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
}

}  // namespace krait::modules::ssl
