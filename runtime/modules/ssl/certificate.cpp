// Certificates as dictionaries. ref: _decode_certificate in Modules/_ssl.c.
#include <arpa/inet.h>

#include "runtime/modules/ssl/ssl.h"

namespace krait::modules::ssl {

static void put(Thread& t, Ref& dict, const char* name, Ref value) { dictSetStr(dict.as<Dict>(), intern(*t.isolate, name), value.get()); }

static std::string objectName(const ASN1_OBJECT* object) {
  int nid = OBJ_obj2nid(object);
  if (nid != NID_undef && OBJ_nid2ln(nid) != nullptr) return OBJ_nid2ln(nid);
  char text[128];
  int size = OBJ_obj2txt(text, sizeof text, object, 1);
  return {text, static_cast<size_t>(size < 0 ? 0 : size)};
}
static Ref asn1Text(Thread& t, const ASN1_STRING* value) {
  unsigned char* utf8 = nullptr;
  int size = ASN1_STRING_to_UTF8(&utf8, value);
  if (size < 0) return raiseSsl(t);
  Ref text = newStr(t, {reinterpret_cast<char*>(utf8), static_cast<size_t>(size)});
  OPENSSL_free(utf8);
  return text;
}
// (((name, value), …), …): one inner tuple for each relative distinguished name.
static Ref nameTuple(Thread& t, X509_NAME* name) {
  Ref all = newList(t), current = newList(t);
  int level = -1;
  for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
    X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, i);
    if (level >= 0 && X509_NAME_ENTRY_set(entry) != level) {
      Ref done = tupleFrom(t, current.as<List>()->items, current.as<List>()->size);
      listAppend(all.as<List>(), done.get());
      current = newList(t);
    }
    level = X509_NAME_ENTRY_set(entry);
    Ref key = newStr(t, objectName(X509_NAME_ENTRY_get_object(entry))), value = TRY(asn1Text(t, X509_NAME_ENTRY_get_data(entry)));
    Ref pair = tupleOf(t, {key.get(), value.get()});
    listAppend(current.as<List>(), pair.get());
  }
  if (current.as<List>()->size > 0) {
    Ref done = tupleFrom(t, current.as<List>()->items, current.as<List>()->size);
    listAppend(all.as<List>(), done.get());
  }
  return tupleFrom(t, all.as<List>()->items, all.as<List>()->size);
}
static std::string bioText(BIO* bio) {
  char* data = nullptr;
  long size = BIO_get_mem_data(bio, &data);
  std::string out(data, static_cast<size_t>(size));
  BIO_free(bio);
  return out;
}
static Ref printed(Thread& t, int (*print)(BIO*, const ASN1_TIME*), const ASN1_TIME* time) {
  BIO* bio = BIO_new(BIO_s_mem());
  print(bio, time);
  return newStr(t, bioText(bio));
}
static std::string serialText(X509* certificate) {
  BIO* bio = BIO_new(BIO_s_mem());
  i2a_ASN1_INTEGER(bio, X509_get_serialNumber(certificate));
  return bioText(bio);
}
static std::string addressText(const ASN1_OCTET_STRING* address) {
  const unsigned char* data = ASN1_STRING_get0_data(address);
  char text[64] = "<invalid>";
  if (ASN1_STRING_length(address) == 4) snprintf(text, sizeof text, "%d.%d.%d.%d", data[0], data[1], data[2], data[3]);
  else if (ASN1_STRING_length(address) == 16) {
    std::string out;
    for (int i = 0; i < 8; ++i) {
      snprintf(text, sizeof text, "%s%X", i > 0 ? ":" : "", data[2 * i] << 8 | data[2 * i + 1]);
      out += text;
    }
    return out;
  }
  return text;
}
static Ref generalName(Thread& t, const GENERAL_NAME* name) {
  auto pair = [&](const char* kind, Ref value) -> Ref {
    if (!value) return value;
    Ref key = newStr(t, kind);
    return tupleOf(t, {key.get(), value.get()});
  };
  auto text = [&](const ASN1_STRING* s) { return newStr(t, {reinterpret_cast<const char*>(ASN1_STRING_get0_data(s)), static_cast<size_t>(ASN1_STRING_length(s))}); };
  switch (name->type) {
    case GEN_DIRNAME: return pair("DirName", nameTuple(t, name->d.dirn));
    case GEN_EMAIL: return pair("email", text(name->d.rfc822Name));
    case GEN_DNS: return pair("DNS", text(name->d.dNSName));
    case GEN_URI: return pair("URI", text(name->d.uniformResourceIdentifier));
    case GEN_RID: {
      char oid[128];
      int size = OBJ_obj2txt(oid, sizeof oid, name->d.registeredID, 0);
      return pair("Registered ID", newStr(t, {oid, static_cast<size_t>(size < 0 ? 0 : size)}));
    }
    case GEN_IPADD: return pair("IP Address", newStr(t, addressText(name->d.iPAddress)));
    default: {
      BIO* bio = BIO_new(BIO_s_mem());
      GENERAL_NAME_print(bio, const_cast<GENERAL_NAME*>(name));
      std::string printed_name = bioText(bio);
      size_t colon = printed_name.find(':');
      return pair(printed_name.substr(0, colon).c_str(), newStr(t, colon == std::string::npos ? "" : printed_name.substr(colon + 1)));
    }
  }
}
static Ref alternativeNames(Thread& t, X509* certificate) {
  GENERAL_NAMES* names = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  if (names == nullptr) return Ref::none();
  Ref list = newList(t);
  bool failed = false;
  for (int i = 0; i < sk_GENERAL_NAME_num(names) && !failed; ++i) {
    Ref one = generalName(t, sk_GENERAL_NAME_value(names, i));
    failed = !one;
    if (one) listAppend(list.as<List>(), one.get());
  }
  GENERAL_NAMES_free(names);
  if (failed) return Ref();
  return tupleFrom(t, list.as<List>()->items, list.as<List>()->size);
}
static Ref uriTuple(Thread& t, Ref list) {
  if (list.as<List>()->size == 0) return Ref::none();
  return tupleFrom(t, list.as<List>()->items, list.as<List>()->size);
}
static Ref accessUris(Thread& t, X509* certificate, int method) {
  AUTHORITY_INFO_ACCESS* info = static_cast<AUTHORITY_INFO_ACCESS*>(X509_get_ext_d2i(certificate, NID_info_access, nullptr, nullptr));
  Ref list = newList(t);
  for (int i = 0; info != nullptr && i < sk_ACCESS_DESCRIPTION_num(info); ++i) {
    ACCESS_DESCRIPTION* access = sk_ACCESS_DESCRIPTION_value(info, i);
    if (OBJ_obj2nid(access->method) != method || access->location->type != GEN_URI) continue;
    ASN1_IA5STRING* uri = access->location->d.uniformResourceIdentifier;
    listAppendSteal(list.as<List>(), newStr(t, {reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)), static_cast<size_t>(ASN1_STRING_length(uri))}).release());
  }
  AUTHORITY_INFO_ACCESS_free(info);
  return uriTuple(t, std::move(list));
}
static Ref revocationUris(Thread& t, X509* certificate) {
  CRL_DIST_POINTS* points = static_cast<CRL_DIST_POINTS*>(X509_get_ext_d2i(certificate, NID_crl_distribution_points, nullptr, nullptr));
  Ref list = newList(t);
  for (int i = 0; points != nullptr && i < sk_DIST_POINT_num(points); ++i) {
    DIST_POINT* point = sk_DIST_POINT_value(points, i);
    if (point->distpoint == nullptr || point->distpoint->type != 0) continue;
    GENERAL_NAMES* names = point->distpoint->name.fullname;
    for (int k = 0; k < sk_GENERAL_NAME_num(names); ++k) {
      GENERAL_NAME* name = sk_GENERAL_NAME_value(names, k);
      if (name->type != GEN_URI) continue;
      ASN1_IA5STRING* uri = name->d.uniformResourceIdentifier;
      listAppendSteal(list.as<List>(), newStr(t, {reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)), static_cast<size_t>(ASN1_STRING_length(uri))}).release());
    }
  }
  CRL_DIST_POINTS_free(points);
  return uriTuple(t, std::move(list));
}
Ref certificateDict(Thread& t, X509* certificate) {
  Ref dict = newDict(t);
  put(t, dict, "subject", TRY(nameTuple(t, X509_get_subject_name(certificate))));
  put(t, dict, "issuer", TRY(nameTuple(t, X509_get_issuer_name(certificate))));
  put(t, dict, "version", newIntSmall(X509_get_version(certificate) + 1));
  put(t, dict, "serialNumber", newStr(t, serialText(certificate)));
  put(t, dict, "notBefore", printed(t, ASN1_TIME_print, X509_get0_notBefore(certificate)));
  put(t, dict, "notAfter", printed(t, ASN1_TIME_print, X509_get0_notAfter(certificate)));
  auto optional = [&](const char* name, Ref value) -> bool {
    if (!value) return false;
    if (!value.get().isNone()) put(t, dict, name, std::move(value));
    return true;
  };
  bool ok = optional("subjectAltName", alternativeNames(t, certificate)) && optional("OCSP", accessUris(t, certificate, NID_ad_OCSP)) &&
            optional("caIssuers", accessUris(t, certificate, NID_ad_ca_issuers)) && optional("crlDistributionPoints", revocationUris(t, certificate));
  if (!ok) return Ref();
  return dict;
}
Ref certificateBytes(Thread& t, X509* certificate) {
  unsigned char* data = nullptr;
  int size = i2d_X509(certificate, &data);
  if (size < 0) return raiseSsl(t);
  Ref out = newBytes(t, {reinterpret_cast<char*>(data), static_cast<size_t>(size)});
  OPENSSL_free(data);
  return out;
}

// --- the type
namespace {
struct Certificate : Object {
  X509* x509;
};
}  // namespace
static Type* certificate_type = nullptr;
constexpr int kPem = 1, kDer = 2;
Ref newCertificate(Thread&, X509* certificate) {
  Certificate* c = allocate<Certificate>(certificate_type);
  X509_up_ref(certificate);
  c->x509 = certificate;
  return Ref::steal(c);
}
static Ref publicBytes(Thread& t, const Value* a) {
  int format = TRY(toCInt_py(t, a[1]));
  if (format == kDer) return certificateBytes(t, a[0].as<Certificate>()->x509);
  if (format != kPem) return raiseValueError(t, "Unsupported format");
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, a[0].as<Certificate>()->x509);
  return newStr(t, bioText(bio));
}
static Ref getInfo(Thread& t, const Value* a) { return certificateDict(t, a[0].as<Certificate>()->x509); }
static Ref certificateRepr(Thread& t, Value v) {
  BIO* bio = BIO_new(BIO_s_mem());
  X509_NAME_print_ex(bio, X509_get_subject_name(v.as<Certificate>()->x509), 0, XN_FLAG_RFC2253);
  return strFormat(t, "<_ssl.Certificate '%s'>", bioText(bio).c_str());
}
static Fallible<int64_t> certificateHash(Thread&, Value v) { return static_cast<int64_t>(X509_subject_name_hash(v.as<Certificate>()->x509)); }
static Ref compareCertificates(Thread& t, Value a, Value b, CompareOp op) {
  if (!isInstanceOf(t, b, certificate_type) || (op != CompareOp::kEq && op != CompareOp::kNe)) return Ref::notImplemented();
  return Ref::boolean((X509_cmp(a.as<Certificate>()->x509, b.as<Certificate>()->x509) == 0) == (op == CompareOp::kEq));
}
static const NativeDef kCertificateMethods[] = {{"public_bytes", "($self, /, format=1)", publicBytes}, {"get_info", "($self, /)", getInfo}, {nullptr, nullptr, nullptr}};
void addCertificateType(Thread& t, Module* m) {
  Type* type = certificate_type = makeType(*t.isolate, {.name = "_ssl.Certificate", .size = sizeof(Certificate), .flags = kTypeDisallowNew, .methods = kCertificateMethods});
  type->slots.dealloc = [](Object* o) { X509_free(static_cast<Certificate*>(o)->x509); };
  type->slots.repr = certificateRepr;
  type->slots.hash = certificateHash;
  type->slots.compare = compareCertificates;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
}

// --- ciphers
Ref cipherTuple(Thread& t, const SSL_CIPHER* cipher) {
  if (cipher == nullptr) return Ref::none();
  Ref name = newStr(t, SSL_CIPHER_get_name(cipher)), version = newStr(t, SSL_CIPHER_get_version(cipher));
  return tupleOf(t, {name.get(), version.get(), Value::fromInt(SSL_CIPHER_get_bits(cipher, nullptr))});
}
static const char* shortName(int nid) { return nid == NID_undef ? nullptr : OBJ_nid2ln(nid); }
Ref cipherDict(Thread& t, const SSL_CIPHER* cipher) {
  Ref dict = newDict(t);
  char description[256] = "";
  SSL_CIPHER_description(cipher, description, sizeof description);
  std::string text = description;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  int algorithm_bits = 0, strength = SSL_CIPHER_get_bits(cipher, &algorithm_bits);
  auto putName = [&](const char* key, int nid) { put(t, dict, key, shortName(nid) == nullptr ? Ref::none() : newStr(t, shortName(nid))); };
  put(t, dict, "id", newIntSmall(static_cast<int64_t>(SSL_CIPHER_get_id(cipher))));
  put(t, dict, "name", newStr(t, SSL_CIPHER_get_name(cipher)));
  put(t, dict, "protocol", newStr(t, SSL_CIPHER_get_version(cipher)));
  put(t, dict, "description", newStr(t, text));
  put(t, dict, "strength_bits", newIntSmall(strength));
  put(t, dict, "alg_bits", newIntSmall(algorithm_bits));
  put(t, dict, "aead", Ref::boolean(SSL_CIPHER_is_aead(cipher) != 0));
  putName("symmetric", SSL_CIPHER_get_cipher_nid(cipher));
  putName("digest", SSL_CIPHER_get_digest_nid(cipher));
  putName("kea", SSL_CIPHER_get_kx_nid(cipher));
  putName("auth", SSL_CIPHER_get_auth_nid(cipher));
  return dict;
}

}  // namespace krait::modules::ssl
