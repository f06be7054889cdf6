// The `binascii` module: hexadecimal, base64, CRC-32. ref: Modules/binascii.c.
// Not here: uuencoding, quoted-printable, crc_hqx, and the strict mode of base64.
#include <string>

#include "runtime/modules/module_table.h"
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
  else if (allows_text) return raiseTypeError(t, "argument should be bytes, buffer or ASCII string, not '%s'", typeNameOf(t, v));
  else return raiseTypeError(t, "a bytes-like object is required, not '%s'", typeNameOf(t, v));
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

// Characters outside the alphabet are passed over; padding ends the data when a group is complete.
static Ref fromBase64(Thread& t, const Value* a) {
  std::string_view data;
  TRY(dataOf(t, a[1], true, &data));
  if (TRY(isTrue_py(t, a[2]))) return raise(t, errors(t).not_implemented_error, "a2b_base64() in strict mode is not implemented");
  std::string out;
  uint32_t group = 0;
  int count = 0, pads = 0;
  for (char c : data) {
    if (c == '=') {
      if (count >= 2 && count + ++pads >= 4) return newBytes(t, out);
      continue;
    }
    size_t value = std::string_view(kBase64, 64).find(c);
    if (value == std::string_view::npos) continue;
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
    {"crc32", "($self, data, crc=0, /)", crc32, "Compute CRC-32 incrementally."},
    {nullptr, nullptr, nullptr}};

extern const NativeModule kBinasciiModule;
const NativeModule kBinasciiModule = {"binascii", "Conversion between binary data and ASCII", kFunctions, init};

}  // namespace krait::modules
