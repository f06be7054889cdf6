// What the files of `_ssl` share: contexts, connections and memory BIOs on OpenSSL, and how its errors become exceptions.
// OpenSSL's calls that may wait are made without the isolate's lock. ref: Modules/_ssl.c.
#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <string>

#include "runtime/modules/os_support.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"

namespace krait::modules::ssl {

struct SslTypes {
  Type *context, *connection, *memory_bio, *session;
  Type *error, *zero_return, *want_read, *want_write, *syscall, *eof, *verification;
};
extern SslTypes types;

struct Context : Object {
  SSL_CTX* ctx;
  int protocol;
  bool checks_hostname, wants_post_handshake;
  unsigned host_flags;
  std::string* alpn;      // protocols in wire form
  Value sni_callback;     // owned, or Undefined
  Value message_callback; // owned, or Undefined
  Value keylog_name;      // owned str, or Undefined
  BIO* keylog;
};
struct Connection : Object {
  SSL* ssl;
  Value context;          // owned
  Value socket;           // owned weak reference; Undefined over memory BIOs
  Value owner;            // owned weak reference, or Undefined
  Value server_hostname;  // owned str or None
  Thread* running;        // the thread that is inside OpenSSL
  Value callback_error;   // owned: what a callback raised
  bool is_server, saw_shutdown;
};
struct MemoryBio : Object {
  BIO* bio;
  bool got_eof;
};
struct Session : Object {
  SSL_SESSION* session;
  Value context;  // owned
};
inline Context* contextOf(Value v) { return v.as<Context>(); }
inline Connection* connectionOf(Value v) { return v.as<Connection>(); }

enum SslErrno { kErrorSsl = 1, kWantRead = 2, kWantWrite = 3, kWantX509 = 4, kSyscall = 5, kZeroReturn = 6, kWantConnect = 7, kEofError = 8, kInvalidErrno = 10 };
constexpr int kTls = 2, kTlsClient = 16, kTlsServer = 17;

// Raises SSLError (or `type`) with the oldest error of the thread's queue, and empties it. `connection` may be null.
RaisedTag raiseSsl(Thread& t, Type* type = nullptr, Connection* connection = nullptr);
RaisedTag raiseSslText(Thread& t, Type* type, int number, const char* text);

Ref newConnection_py(Thread& t, Value context, Value socket, MemoryBio* incoming, MemoryBio* outgoing, bool is_server, Value hostname, Value owner, Value session);
void addContextType(Thread& t, Module* m);     // context.cpp
void addContextMethods(Type* type);            // context_loading.cpp
void addConnectionType(Thread& t, Module* m);  // connection.cpp
void addMemoryTypes(Thread& t, Module* m);     // memory_bio.cpp
void addConstants(Thread& t, Module* m);       // constants.cpp
extern const NativeDef kLoadingMethods[];      // of _SSLContext
// A certificate as the dictionary of getpeercert(), or its DER bytes.
Ref certificateDict(Thread& t, X509* certificate);
Ref certificateBytes(Thread& t, X509* certificate);
Ref newCertificate(Thread& t, X509* certificate);  // an _ssl.Certificate, with a reference of its own
void addCertificateType(Thread& t, Module* m);
Ref cipherDict(Thread& t, const SSL_CIPHER* cipher);
Ref cipherTuple(Thread& t, const SSL_CIPHER* cipher);
// Attributes of _SSLContext that are callbacks (callbacks.cpp).
Ref getSniCallback(Thread& t, Value context);
Status setSniCallback(Thread& t, Value context, Value callback);
Ref getMessageCallback(Thread& t, Value context);
Status setMessageCallback(Thread& t, Value context, Value callback);
Ref getKeylog(Thread& t, Value context);
Status setKeylog(Thread& t, Value context, Value name);

inline Type* addType(Thread& t, Module* m, const TypeSpec& spec, decltype(Slots::make) make) {
  Type* type = makeType(*t.isolate, spec);
  if (make != nullptr) type->slots.make = make;
  type->slots.init = [](Thread&, Value, const Value*, uint32_t, Tuple*) -> Status { return kDone; };
  return type;
}

}  // namespace krait::modules::ssl
