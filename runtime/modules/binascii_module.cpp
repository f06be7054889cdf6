// The `binascii` module: hexadecimal, base64, uuencoding, quoted-printable, CRCs. ref: Modules/binascii.c.
#include <string>

#include "runtime/modules/module_table.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

// a[0] is the module: it holds the exception class.
static RaisedTag raiseError(Thread& t, Value module, const char* message) {
  Value type = dictGetStr(module.as<Module>()->dict, intern(*t.isolate, "Error"));
  return raise(t, isType(type) ? type.as<Type>() : errors(t).value_error, "%s", message);
}

// Bytes, or ASCII text where `allows_text`.
static Status dataOf(Thread& t, Value v, bool allows_text, std::string_view* out) {
  if (isBytes(v)) *out = v.as<Bytes>()->view();
  else if (isByteArray(v)) *out = v.as<ByteArray>()->view();
  else if (isStr(v) && allows_text && v.as<Str>()->is_ascii) *out = v.as<Str>()->ascii();
  else if (isStr(v) && allows_text) return raiseValueError(t, "string argument should contain only ASCII characters");
  else if (isBytesLike(v)) {  // the caller's argument keeps the memory where it is
    BufferInfo info;
    TRY(getBuffer(t, v, info));
    releaseBuffer(v);
    *out = {reinterpret_cast<const char*>(info.data), static_cast<size_t>(info.size)};
  } else if (allows_text) {
    return raiseTypeError(t, "argument should be bytes, buffer or ASCII string, not '%s'", typeNameOf(t, v));
  } else return raiseTypeError(t, "a bytes-like object is required, not '%s'", typeNameOf(t, v));
  return kDone;
}

static Ref hexlify(Thread& t, const Value* a) {
  std::string_view data;
  TRY(dataOf(t, a[1], false, &data));
  Ref bytes = newBytes(t, data);
  Value arguments[2] = {a[2], a[3]};
  Ref text = a[2].isUndefined() ? callMethod_py(t, bytes.get(), intern(*t.isolate, "hex"))
                                : callMethodArgs_py(t, bytes.get(), intern(*t.isolate, "hex"), arguments, 2);
  if (!text) return kRaised;
  return newBytes(t, toUtf8(text.as<Str>()));
}

static int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  char lower = static_cast<char>(c | 32);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}
static Ref unhexlify(Thread& t, const Value* a) {
  std::string_view data;
  TRY(dataOf(t, a[1], true, &data));
  if (data.size() % 2 != 0) return raiseError(t, a[0], "Odd-length string");
  std::string out;
  for (size_t i = 0; i < data.size(); i += 2) {
    int high = hexDigit(data[i]), low = hexDigit(data[i + 1]);
    if (high < 0 || low < 0) return raiseError(t, a[0], "Non-hexadecimal digit found");
    out += static_cast<char>(high << 4 | low);
  }
  return newBytes(t, out);
}

static constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static Ref toBase64(Thread& t, const Value* a) {
  std::string_view data;
  TRY(dataOf(t, a[1], false, &data));
  std::string out;
  for (size_t i = 0; i < data.size(); i += 3) {
    size_t count = data.size() - i < 3 ? data.size() - i : 3;
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) group = group << 8 | (k < count ? static_cast<unsigned char>(data[i + k]) : 0);
    for (size_t k = 0; k < 4; ++k) out += k <= count ? kBase64[group >> (18 - 6 * k) & 63] : '=';
  }
  if (TRY(isTrue_py(t, a[2]))) out += '\n';
  return newBytes(t, out);
}

static int base64Digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}
// Characters outside the alphabet are passed over, unless in strict mode; padding ends the data when a group is complete.
static Ref fromBase64(Thread& t, const Value* a) {
  std::string_view data;
  TRY(dataOf(t, a[1], true, &data));
  bool is_strict = TRY(isTrue_py(t, a[2])), has_padding = false;
  if (is_strict && !data.empty() && data[0] == '=') return raiseError(t, a[0], "Leading padding not allowed");
  std::string out;
  out.reserve(data.size() / 4 * 3 + 3);
  uint32_t group = 0;
  int count = 0, pads = 0;
  for (size_t i = 0; i < data.size(); ++i) {
    if (data[i] == '=') {
      has_padding = true;
      if (is_strict && count == 0) return raiseError(t, a[0], "Excess padding not allowed");
      if (count >= 2 && count + ++pads >= 4) {
        if (is_strict && i + 1 < data.size()) return raiseError(t, a[0], "Excess data after padding");
        return newBytes(t, out);
      }
      continue;
    }
    int value = base64Digit(data[i]);
    if (value < 0) {
      if (is_strict) return raiseError(t, a[0], "Only base64 data is allowed");
      continue;
    }
    if (is_strict && has_padding) return raiseError(t, a[0], "Discontinuous padding not allowed");
    pads = 0;
    group = group << 6 | static_cast<uint32_t>(value);
    ++count;
    if (count > 1) out += static_cast<char>(group >> (8 - 2 * count));
    if (count == 4) group = 0, count = 0;
  }
  if (count == 0) return newBytes(t, out);
  if (count == 1) {
    return raiseError(t, a[0], format("Invalid base64-encoded string: number of data characters (%zu) cannot be 1 more than a multiple of 4",
                                      out.size() / 3 * 4 + 1).c_str());
  }
  return raiseError(t, a[0], "Incorrect padding");
}

// --- uuencoding: a line of up to 45 bytes, its length first
static Ref fromUu(Thread& t, const Value* a) {
  std::string_view data;
  TRY(dataOf(t, a[1], true, &data));
  if (data.empty()) return newBytes(t, std::string(32, '\0'));
  size_t length = static_cast<size_t>(data[0] - ' ') & 077, at = 1;
  std::string out;
  uint32_t group = 0;
  int bits = 0;
  while (out.size() < length) {
    char c = at < data.size() ? data[at] : '\n';
    bool is_cut = c == '\n' || c == '\r';
    if (!is_cut) ++at;
    uint32_t value = 0;  // lines cut at the end count as zeros
    if (!is_cut && (c < ' ' || c > ' ' + 64)) return raiseError(t, a[0], "Illegal char");
    if (!is_cut) value = static_cast<uint32_t>(c - ' ') & 077;
    group = (group << 6 | value) & 0xffff;
    bits += 6;
    if (bits >= 8) out += static_cast<char>(group >> (bits -= 8));
  }
  for (; at < data.size(); ++at) {
    char c = data[at];
    if (c != ' ' && c != ' ' + 64 && c != '\n' && c != '\r') return raiseError(t, a[0], "Trailing garbage");
  }
  return newBytes(t, out);
}
static Ref toUu(Thread& t, const Value* a) {
  std::string_view data;
  TRY(dataOf(t, a[1], false, &data));
  bool backtick = TRY(isTrue_py(t, a[2]));
  if (data.size() > 45) return raiseError(t, a[0], "At most 45 bytes at once");
  auto letter = [&](uint32_t v) { return backtick && v == 0 ? '`' : static_cast<char>(v + ' '); };
  std::string out(1, letter(static_cast<uint32_t>(data.size())));
  for (size_t i = 0; i < data.size(); i += 3) {
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) group = group << 8 | (i + k < data.size() ? static_cast<unsigned char>(data[i + k]) : 0);
    for (int k = 3; k >= 0; --k) out += letter(group >> (6 * k) & 077);
  }
  return newBytes(t, out + "\n");
}

// --- quoted-printable (RFC 1521, 1522)
static Ref fromQuoted(Thread& t, const Value* a) {
  std::string_view data;
  TRY(dataOf(t, a[1], true, &data));
  bool is_header = TRY(isTrue_py(t, a[2]));
  std::string out;
  for (size_t i = 0; i < data.size();) {
    if (data[i] != '=') {
      out += is_header && data[i] == '_' ? ' ' : data[i];
      ++i;
      continue;
    }
    if (++i >= data.size()) break;
    if (data[i] == '\n' || data[i] == '\r') {  // a soft line break
      i = data.find('\n', i);
      if (i == std::string_view::npos) break;
      ++i;
    } else if (data[i] == '=') {  // broken software writes this
      out += '=';
      ++i;
    } else if (i + 1 < data.size() && hexDigit(data[i]) >= 0 && hexDigit(data[i + 1]) >= 0) {
      out += static_cast<char>(hexDigit(data[i]) << 4 | hexDigit(data[i + 1]));
      i += 2;
    } else {
      out += '=';
    }
  }
  return newBytes(t, out);
}
static Ref toQuoted(Thread& t, const Value* a) {
  std::string_view data;
  TRY(dataOf(t, a[1], false, &data));
  bool quotes_tabs = TRY(isTrue_py(t, a[2])), is_text = TRY(isTrue_py(t, a[3])), is_header = TRY(isTrue_py(t, a[4]));
  size_t first_newline = data.find('\n');
  bool crlf = first_newline != std::string_view::npos && first_newline > 0 && data[first_newline - 1] == '\r';
  const char* line_end = crlf ? "\r\n" : "\n";
  constexpr size_t kMostColumns = 76;
  std::string out;
  size_t column = 0;
  auto at = [&](size_t i) { return i < data.size() ? data[i] : '\0'; };
  auto hex = [&](char c) { out += format("=%02X", static_cast<unsigned char>(c)); };
  for (size_t i = 0; i < data.size();) {
    char c = data[i];
    bool ends_line = i + 1 == data.size();
    bool is_quoted = static_cast<unsigned char>(c) > 126 || c == '=' || (is_header && c == '_') || (c == '.' && column == 0 && (ends_line || at(i + 1) == '\n' || at(i + 1) == '\r' || at(i + 1) == 0)) ||
                     (!is_text && (c == '\r' || c == '\n')) || ((c == '\t' || c == ' ') && ends_line) || (static_cast<unsigned char>(c) < 33 && c != '\r' && c != '\n' && c != '\t' && c != ' ') ||
                     (static_cast<unsigned char>(c) < 33 && c != '\r' && c != '\n' && (quotes_tabs || (!quotes_tabs && c != '\t' && c != ' ')));
    if (is_quoted) {
      if (column + 3 >= kMostColumns) {
        out += "=";
        out += line_end;
        column = 0;
      }
      hex(c);
      column += 3;
      ++i;
    } else if (is_text && (c == '\n' || (c == '\r' && at(i + 1) == '\n'))) {
      column = 0;
      if (!out.empty() && (out.back() == ' ' || out.back() == '\t')) {  // space at the end of a line would be lost
        char last = out.back();
        out.pop_back();
        hex(last);
      }
      out += line_end;
      i += c == '\r' ? 2 : 1;
    } else {
      if (!ends_line && at(i + 1) != '\n' && column + 1 >= kMostColumns) {
        out += "=";
        out += line_end;
        column = 0;
      }
      ++column;
      out += is_header && c == ' ' ? '_' : c;
      ++i;
    }
  }
  return newBytes(t, out);
}
// CRC-CCITT, as BinHex uses it.
static Ref crcHqx(Thread& t, const Value* a) {
  std::string_view data;
  TRY(dataOf(t, a[1], false, &data));
  Ref start = TRY(toIndex_py(t, a[2]));
  Ref low = TRY(intBitwise(t, start.get(), Value::fromInt(0xffff), '&'));
  uint32_t crc = static_cast<uint32_t>(low.get().asInt());
  for (unsigned char c : data) {
    crc ^= static_cast<uint32_t>(c) << 8;
    for (int bit = 0; bit < 8; ++bit) crc = (crc << 1 ^ (crc & 0x8000 ? 0x1021u : 0u)) & 0xffff;
  }
  return newInt(t, crc);
}

static Ref crc32(Thread& t, const Value* a) {
  std::string_view data;
  TRY(dataOf(t, a[1], false, &data));
  uint64_t start = 0;
  if (!isIntLike(a[2])) return raiseTypeError(t, "'%s' object cannot be interpreted as an integer", typeNameOf(t, a[2]));
  if (!intFitsUnsigned(a[2], start)) start = static_cast<uint64_t>(TRY(toInt64_py(t, a[2])));
  uint32_t crc = ~static_cast<uint32_t>(start);
  for (unsigned char c : data) {
    crc ^= c;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
  }
  return newInt(t, ~crc);
}

static Status addException(Thread& t, Module* module, const char* name, Type* base) {
  Ref title = newStr(t, name), bases = tupleOf(t, {base}), body = newDict(t), owner = newStr(t, "binascii");
  dictSetStr(body.as<Dict>(), intern(*t.isolate, "__module__"), owner.get());
  Ref type = TRY(callArgs_py(t, t.types().type, title.get(), bases.get(), body.get()));
  moduleSet(t, module, name, type.get());
  return kDone;
}
static Status init(Thread& t, Module* module) {
  TRY(addException(t, module, "Error", errors(t).value_error));
  return addException(t, module, "Incomplete", errors(t).exception);
}

static const NativeDef kFunctions[] = {
    {"hexlify", "($self, /, data, sep=<unset>, bytes_per_sep=1)", hexlify, "Hexadecimal representation of binary data."},
    {"b2a_hex", "($self, /, data, sep=<unset>, bytes_per_sep=1)", hexlify, "Hexadecimal representation of binary data."},
    {"unhexlify", "($self, hexstr, /)", unhexlify, "Binary data of hexadecimal representation."},
    {"a2b_hex", "($self, hexstr, /)", unhexlify, "Binary data of hexadecimal representation."},
    {"b2a_base64", "($self, data, /, *, newline=True)", toBase64, "Base64-code line of data."},
    {"a2b_base64", "($self, data, /, *, strict_mode=False)", fromBase64, "Decode a line of base64 data."},
    {"b2a_uu", "($self, data, /, *, backtick=False)", toUu, "Uuencode line of data."},
    {"a2b_uu", "($self, data, /)", fromUu, "Decode a line of uuencoded data."},
    {"b2a_qp", "($self, /, data, quotetabs=False, istext=True, header=False)", toQuoted, "Encode a string using quoted-printable encoding."},
    {"a2b_qp", "($self, /, data, header=False)", fromQuoted, "Decode a string of qp-encoded data."},
    {"crc_hqx", "($self, data, crc, /)", crcHqx, "Compute CRC-CCITT incrementally."},
    {"crc32", "($self, data, crc=0, /)", crc32, "Compute CRC-32 incrementally."},
    {nullptr, nullptr, nullptr}};

extern const NativeModule kBinasciiModule;
const NativeModule kBinasciiModule = {"binascii", "Conversion between binary data and ASCII", kFunctions, init};

}  // namespace krait::modules
