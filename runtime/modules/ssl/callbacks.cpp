// What OpenSSL calls while a connection runs: the callbacks for server names and for messages, and the log of keys. They run
// without the isolate's lock and take it for as long as they run Python code.
#include <cstdio>

#include "runtime/modules/ssl/ssl.h"
#include "runtime/object/weakref.h"

namespace krait::modules::ssl {

// --- server names
static int callServerName_py(Thread& t, Connection* c, Context* from, int* alert) {
  Ref owner = c->owner.defined() ? weakrefGet(c->owner.as<Weakref>()) : Ref::of(Value(c));
  const char* name = SSL_get_servername(c->ssl, TLSEXT_NAMETYPE_host_name);
  Ref shown = name == nullptr ? Ref::none() : newStr(t, name), callback = Ref::of(from->sni_callback);
  *alert = SSL_AD_HANDSHAKE_FAILURE;
  if (owner.get().isNone()) return SSL_TLSEXT_ERR_ALERT_FATAL;
  Ref result = callArgs_py(t, callback.get(), owner.get(), shown.get(), Value(from));
  if (!result) {
    writeUnraisable_py(t, "Exception ignored in ssl servername callback", callback.get());
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  if (result.get().isNone()) return SSL_TLSEXT_ERR_OK;
  Fallible<int64_t> number = toInt64_py(t, result.get());
  if (number.raised()) {
    writeUnraisable_py(t, "Exception ignored in ssl servername callback", result.get());
    *alert = SSL_AD_INTERNAL_ERROR;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *alert = static_cast<int>(number.value);
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}
static int onServerName(SSL* ssl, int* alert, void* context) {
  Connection* c = static_cast<Connection*>(SSL_get_app_data(ssl));
  Context* from = static_cast<Context*>(context);
  if (c == nullptr || c->running == nullptr || from->sni_callback.isUndefined()) return SSL_TLSEXT_ERR_OK;
  Thread& t = *c->running;
  takeLock(t);
  int result = callServerName_py(t, c, from, alert);
  giveLock(t);
  return result;
}

Ref getSniCallback(Thread&, Value v) { return contextOf(v)->sni_callback.defined() ? Ref::of(contextOf(v)->sni_callback) : Ref::none(); }
Status setSniCallback(Thread& t, Value v, Value callback) {
  if (contextOf(v)->protocol == kTlsClient) return raiseValueError(t, "sni_callback cannot be set on TLS_CLIENT context");
  clearField(contextOf(v)->sni_callback);
  if (callback.isNone()) {
    SSL_CTX_set_tlsext_servername_callback(contextOf(v)->ctx, nullptr);
    return kDone;
  }
  if (!isCallable(t, callback)) return raiseTypeError(t, "not a callable object");
  contextOf(v)->sni_callback = share(callback);
  SSL_CTX_set_tlsext_servername_callback(contextOf(v)->ctx, onServerName);
  SSL_CTX_set_tlsext_servername_arg(contextOf(v)->ctx, contextOf(v));
  return kDone;
}

// --- messages. ref: _PySSL_msg_callback.
static int messageTypeOf(int content_type, const uint8_t* data, size_t size) {
  switch (content_type) {
    case SSL3_RT_CHANGE_CIPHER_SPEC: return SSL3_MT_CHANGE_CIPHER_SPEC;
    case SSL3_RT_ALERT: return size > 1 ? data[1] : -1;  // after the level
    case SSL3_RT_HANDSHAKE:
    case SSL3_RT_HEADER:
    case SSL3_RT_INNER_CONTENT_TYPE: return size > 0 ? data[0] : -1;
    default: return -1;
  }
}
static void tellMessage_py(Thread& t, Connection* c, bool is_written, int version, int content_type, int message_type, std::string_view data) {
  Value shown = c->owner.defined() ? c->owner : c->socket;
  Ref owner = shown.defined() ? weakrefGet(shown.as<Weakref>()) : Ref::of(Value(c));
  Ref callback = Ref::of(contextOf(c->context)->message_callback), direction = newStr(t, is_written ? "write" : "read"), bytes = newBytes(t, data);
  Value args[] = {owner.get(), direction.get(), Value::fromInt(version), Value::fromInt(content_type), Value::fromInt(message_type), bytes.get()};
  if (call_py(t, callback.get(), args, 6)) return;
  Ref raised = takeException(t);
  if (c->callback_error.isUndefined()) c->callback_error = raised.release();
}
static void onMessage(int is_written, int version, int content_type, const void* data, size_t size, SSL* ssl, void*) {
  Connection* c = static_cast<Connection*>(SSL_get_app_data(ssl));
  if (c == nullptr || c->running == nullptr) return;
  const uint8_t* bytes = static_cast<const uint8_t*>(data);
  if (content_type == SSL3_RT_HEADER && size > 2) version = bytes[1] << 8 | bytes[2];
  Thread& t = *c->running;
  takeLock(t);
  if (contextOf(c->context)->message_callback.defined()) {
    tellMessage_py(t, c, is_written != 0, version, content_type, messageTypeOf(content_type, bytes, size), {static_cast<const char*>(data), size});
  }
  giveLock(t);
}
Ref getMessageCallback(Thread&, Value v) { return contextOf(v)->message_callback.defined() ? Ref::of(contextOf(v)->message_callback) : Ref::none(); }
Status setMessageCallback(Thread& t, Value v, Value callback) {
  if (callback.isUndefined()) return raiseTypeError(t, "cannot delete attribute");
  SSL_CTX_set_msg_callback(contextOf(v)->ctx, nullptr);
  clearField(contextOf(v)->message_callback);
  if (callback.isNone()) return kDone;
  if (!isCallable(t, callback)) return raiseTypeError(t, "not a callable object");
  contextOf(v)->message_callback = share(callback);
  SSL_CTX_set_msg_callback(contextOf(v)->ctx, onMessage);
  return kDone;
}

// --- the log of keys
static void onKeyLine(const SSL* ssl, const char* line) {
  Context* c = static_cast<Context*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  if (c->keylog == nullptr) return;
  std::string text = std::string(line) + "\n";
  BIO_write(c->keylog, text.data(), static_cast<int>(text.size()));
  (void)BIO_flush(c->keylog);
}
Ref getKeylog(Thread&, Value v) { return contextOf(v)->keylog_name.defined() ? Ref::of(contextOf(v)->keylog_name) : Ref::none(); }
Status setKeylog(Thread& t, Value v, Value name) {
  Context* c = contextOf(v);
  SSL_CTX_set_keylog_callback(c->ctx, nullptr);
  if (c->keylog != nullptr) BIO_free_all(c->keylog);
  c->keylog = nullptr;
  clearField(c->keylog_name);
  if (name.isNone() || name.isUndefined()) return kDone;
  PathArg path;
  TRY(pathArg_py(t, name, kPathOnly, "keylog_filename", "path", path));
  c->keylog = BIO_new_file(path.c(), "a");
  if (c->keylog == nullptr) {
    ERR_clear_error();
    return raisePathError(t, path);
  }
  FILE* file = nullptr;
  BIO_get_fp(c->keylog, &file);
  std::fseek(file, 0, SEEK_END);
  if (std::ftell(file) == 0) BIO_puts(c->keylog, "# TLS secrets log file, generated by OpenSSL / Python\n");
  (void)BIO_flush(c->keylog);
  c->keylog_name = share(name);
  SSL_CTX_set_keylog_callback(c->ctx, onKeyLine);
  return kDone;
}

}  // namespace krait::modules::ssl
