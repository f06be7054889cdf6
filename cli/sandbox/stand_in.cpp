#include "cli/sandbox/stand_in.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace krait::cli {

static constexpr size_t kLongestRequest = size_t{1} << 20;
static constexpr time_t kPatience = 5;  // seconds
static constexpr long kDay = 86400;

std::optional<StandInPage> readStandIn(std::string_view url, std::string body) {
  StandInPage page;
  page.is_secure = url.starts_with("https://");
  if (!page.is_secure && !url.starts_with("http://")) return std::nullopt;
  url.remove_prefix(page.is_secure ? 8 : 7);
  size_t slash = std::min(url.find_first_of("/?"), url.size());
  std::string_view host = url.substr(0, slash);
  page.path = slash < url.size() && url[slash] == '/' ? std::string(url.substr(slash)) : "/" + std::string(url.substr(slash));
  size_t colon = host.find(':');
  int port = page.is_secure ? 443 : 80;
  if (colon != std::string_view::npos) port = std::atoi(std::string(host.substr(colon + 1)).c_str());
  host = host.substr(0, colon);
  auto is_host = [](char c) { return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '.' || c == '-'; };
  if (host.empty() || port < 1 || port > 65535 || !std::all_of(host.begin(), host.end(), is_host)) return std::nullopt;
  page.address = {std::string(host), static_cast<uint16_t>(port)};
  page.body = std::move(body);
  return page;
}

struct StandIns::Keys {
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  SSL_CTX* context = nullptr;

  ~Keys() {
    SSL_CTX_free(context);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
};

static bool addExtension(X509* certificate, int kind, const std::string& text) {
  X509V3_CTX context = {};
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, text.c_str());
  bool is_fine = extension != nullptr && X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return is_fine;
}

// A certificate that signs itself, for all the hosts. ref: RFC 5280, 4.2
static bool describe(X509* certificate, EVP_PKEY* key, const std::vector<NetAddress>& addresses) {
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 365 * kDay);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  auto text = reinterpret_cast<const unsigned char*>("a stand-in of krait verify");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  std::string hosts;
  for (const NetAddress& address : addresses) {
    bool is_number = address.host.find_first_not_of("0123456789.") == std::string::npos;
    hosts += (hosts.empty() ? "" : ",") + std::string(is_number ? "IP:" : "DNS:") + address.host;
  }
  return addExtension(certificate, NID_basic_constraints, "critical,CA:TRUE") && addExtension(certificate, NID_key_usage, "critical,digitalSignature,keyCertSign") &&
         addExtension(certificate, NID_subject_key_identifier, "hash") && addExtension(certificate, NID_authority_key_identifier, "keyid:always") &&
         addExtension(certificate, NID_subject_alt_name, hosts) && X509_sign(certificate, key, EVP_sha256()) > 0;
}

static std::string inPem(X509* certificate) {
  BIO* memory = BIO_new(BIO_s_mem());
  std::string out;
  if (memory != nullptr && PEM_write_bio_X509(memory, certificate) == 1) {
    char* data = nullptr;
    long size = BIO_ctrl(memory, BIO_CTRL_INFO, 0, reinterpret_cast<char*>(&data));
    if (size > 0) out.assign(data, static_cast<size_t>(size));
  }
  BIO_free(memory);
  return out;
}

StandIns::StandIns(std::vector<StandInPage> pages) : pages_(std::move(pages)) {
  bool is_secure = false;
  for (const StandInPage& page : pages_) {
    is_secure |= page.is_secure;
    bool is_known = std::any_of(addresses_.begin(), addresses_.end(), [&](const NetAddress& other) { return other.host == page.address.host && other.port == page.address.port; });
    if (!is_known) addresses_.push_back(page.address);
  }
  if (!is_secure) return;
  keys_ = std::make_unique<Keys>();
  keys_->key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
  keys_->certificate = X509_new();
  if (keys_->key == nullptr || keys_->certificate == nullptr || !describe(keys_->certificate, keys_->key, addresses_)) return;
  keys_->context = SSL_CTX_new(TLS_server_method());
  if (keys_->context == nullptr) return;
  bool is_fine = SSL_CTX_use_certificate(keys_->context, keys_->certificate) == 1 && SSL_CTX_use_PrivateKey(keys_->context, keys_->key) == 1;
  if (is_fine) certificate_ = inPem(keys_->certificate);
}

StandIns::~StandIns() = default;

// The page itself, else the longest one above it.
const StandInPage* StandIns::find(const NetAddress& address, std::string_view path) const {
  const StandInPage* best = nullptr;
  for (const StandInPage& page : pages_) {
    if (page.address.host != address.host || page.address.port != address.port) continue;
    if (page.path == path) return &page;
    bool is_above = page.path.ends_with("/") && path.starts_with(page.path);
    bool is_query = path.size() > page.path.size() && path.starts_with(page.path) && path[page.path.size()] == '?';
    if ((is_above || is_query) && (best == nullptr || page.path.size() > best->path.size())) best = &page;
  }
  return best;
}

static std::string_view typeOf(std::string_view body) {
  size_t first = std::min(body.find_first_not_of(" \t\r\n"), body.size());
  char c = first < body.size() ? body[first] : ' ';
  return c == '{' || c == '[' ? "application/json" : c == '<' ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
}

std::string StandIns::answer(const NetAddress& address, std::string_view request) const {
  size_t space = request.find(' '), end = space == std::string_view::npos ? space : request.find(' ', space + 1);
  const StandInPage* page = end == std::string_view::npos ? nullptr : find(address, request.substr(space + 1, end - space - 1));
  std::string body = page != nullptr ? page->body : "no stand-in for this page\n";
  std::string out = page != nullptr ? "HTTP/1.1 200 OK\r\n" : "HTTP/1.1 404 Not Found\r\n";
  out += "Content-Type: " + std::string(typeOf(body)) + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n";
  return request.starts_with("HEAD ") ? out : out + body;
}

// Is all of it there: the head, and as much behind it as the head says?
static bool isWhole(const std::string& request) {
  size_t head = request.find("\r\n\r\n");
  if (head == std::string::npos) return false;
  std::string lower;
  for (char c : request.substr(0, head)) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (lower.find("transfer-encoding: chunked") != std::string::npos) return request.ends_with("0\r\n\r\n");
  size_t length = lower.find("content-length: ");
  if (length == std::string::npos) return true;
  return request.size() - head - 4 >= std::strtoul(lower.c_str() + length + 16, nullptr, 10);
}

void StandIns::serve(int connection, const NetAddress& address) const {
  timeval patience = {kPatience, 0};
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  bool is_secure = std::any_of(pages_.begin(), pages_.end(), [&](const StandInPage& page) { return page.is_secure && page.address.host == address.host && page.address.port == address.port; });
  SSL* tls = is_secure && keys_ && keys_->context != nullptr ? SSL_new(keys_->context) : nullptr;
  if (tls != nullptr) SSL_set_fd(tls, connection);
  bool is_fine = !is_secure || (tls != nullptr && SSL_accept(tls) == 1);
  std::string request;
  char buffer[16384];
  while (is_fine && !isWhole(request) && request.size() < kLongestRequest) {
    auto got = tls != nullptr ? static_cast<ssize_t>(SSL_read(tls, buffer, sizeof buffer)) : recv(connection, buffer, sizeof buffer, 0);
    is_fine = got > 0;
    if (is_fine) request.append(buffer, static_cast<size_t>(got));
  }
  std::string text = is_fine ? answer(address, request) : "";
  for (size_t at = 0; is_fine && at < text.size();) {
    auto sent = tls != nullptr ? static_cast<ssize_t>(SSL_write(tls, text.data() + at, static_cast<int>(text.size() - at))) : send(connection, text.data() + at, text.size() - at, MSG_NOSIGNAL);
    is_fine = sent > 0;
    if (is_fine) at += static_cast<size_t>(sent);
  }
  if (tls != nullptr) {
    if (is_fine) SSL_shutdown(tls);
    SSL_free(tls);
  }
  shutdown(connection, SHUT_WR);
  close(connection);
}

}  // namespace krait::cli
