// OpenSSL's errors as exceptions. ref: fill_and_set_sslerror.
#include "runtime/modules/ssl/ssl.h"

namespace krait::modules::ssl {

static const char* libraryName(int number) {
  switch (number) {
    case ERR_LIB_SSL: return "SSL";
    case ERR_LIB_X509: return "X509";
    case ERR_LIB_X509V3: return "X509V3";
    case ERR_LIB_PEM: return "PEM";
    case ERR_LIB_RSA: return "RSA";
    case ERR_LIB_EVP: return "EVP";
    case ERR_LIB_BIO: return "BIO";
    case ERR_LIB_ASN1: return "ASN1";
    case ERR_LIB_CONF: return "CONF";
    case ERR_LIB_CRYPTO: return "CRYPTO";
    case ERR_LIB_EC: return "EC";
    case ERR_LIB_DH: return "DH";
    case ERR_LIB_SYS: return "SYS";
    case ERR_LIB_PKCS12: return "PKCS12";
    case ERR_LIB_OSSL_STORE: return "OSSL_STORE";
    default: return nullptr;
  }
}
// OpenSSL's names of reasons are the texts in capitals.
static std::string mnemonic(const char* text) {
  std::string out;
  for (; *text != 0; ++text) out += *text == ' ' || *text == '-' || *text == '/' ? '_' : static_cast<char>(*text >= 'a' && *text <= 'z' ? *text - 32 : *text);
  return out;
}
static void setText(Thread& t, Value e, const char* name, const std::string& text) {
  Ref value = text.empty() ? Ref::none() : newStr(t, text);
  Status done = setAttr_py(t, e, intern(*t.isolate, name), value.get());
  if (done.raised()) clearException(t);
}
static RaisedTag raiseFilled(Thread& t, Type* type, int number, const char* text, unsigned long code, Connection* connection) {
  const char* library = code != 0 ? libraryName(ERR_GET_LIB(code)) : nullptr;
  const char* reason_text = code != 0 ? ERR_reason_error_string(code) : nullptr;
  std::string reason = reason_text != nullptr && ERR_GET_LIB(code) != ERR_LIB_SYS ? mnemonic(reason_text) : "";
  if (text == nullptr) text = reason_text != nullptr ? reason_text : "unknown error";
  bool failed_check = type == types.verification && connection != nullptr;
  long verify_code = failed_check ? SSL_get_verify_result(connection->ssl) : 0;
  std::string verify_text;
  if (failed_check) {
    std::string host = isStr(connection->server_hostname) ? toUtf8(connection->server_hostname.as<Str>()) : "";
    if (verify_code == X509_V_ERR_HOSTNAME_MISMATCH) verify_text = "Hostname mismatch, certificate is not valid for '" + host + "'.";
    else if (verify_code == X509_V_ERR_IP_ADDRESS_MISMATCH) verify_text = "IP address mismatch, certificate is not valid for '" + host + "'.";
    else verify_text = X509_verify_cert_error_string(verify_code);
  }
  std::string head = library != nullptr && !reason.empty() ? std::string("[") + library + ": " + reason + "] " : library != nullptr ? std::string("[") + library + "] " : "";
  Ref message = newStr(t, head + text + (verify_text.empty() ? "" : ": " + verify_text) + " (_ssl.c:" + std::to_string(__LINE__) + ")");
  Ref e = callArgs_py(t, type, Value::fromInt(number), message.get());
  if (!e) return kRaised;
  setText(t, e.get(), "reason", reason);
  setText(t, e.get(), "library", library == nullptr ? "" : library);
  if (failed_check) {
    Status done = setAttr_py(t, e.get(), intern(*t.isolate, "verify_code"), Value::fromInt(verify_code));
    if (done.raised()) clearException(t);
    setText(t, e.get(), "verify_message", verify_text);
  }
  ERR_clear_error();
  return raiseException(t, e.get());
}
RaisedTag raiseSslText(Thread& t, Type* type, int number, const char* text) { return raiseFilled(t, type, number, text, 0, nullptr); }
RaisedTag raiseSsl(Thread& t, Type* type, Connection* connection) {
  unsigned long code = ERR_peek_last_error();
  int number = code != 0 ? ERR_GET_REASON(code) : 0;
  if (type == nullptr) type = types.error;
  bool is_check = connection != nullptr && ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_CERTIFICATE_VERIFY_FAILED;
  if (is_check) return raiseFilled(t, types.verification, kErrorSsl, nullptr, code, connection);
  bool is_cut = connection != nullptr && ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
  if (is_cut) return raiseFilled(t, types.eof, kEofError, "EOF occurred in violation of protocol", code, connection);
  return raiseFilled(t, type, connection != nullptr ? static_cast<int>(kErrorSsl) : number, nullptr, code, connection);
}

}  // namespace krait::modules::ssl
