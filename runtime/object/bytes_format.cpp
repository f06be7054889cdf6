// bytes % args (PEP 461): numbers are formatted as for str; %s and %b take bytes, %a and %r an ASCII repr, %c a byte.
// ref: Objects/bytesobject.c (_PyBytes_FormatEx).
#include <algorithm>
#include <cstdlib>
#include <string>

#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/bytes_methods.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/format.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

namespace {
struct Arguments {
  Value all;
  bool is_tuple, is_mapping;
  int64_t next = 0;
};
}  // namespace

static Ref nextArgument(Thread& t, Arguments& a) {
  int64_t count = a.is_tuple ? a.all.as<Tuple>()->size : 1;
  if (a.next >= count) return raiseTypeError(t, "not enough arguments for format string");
  return Ref::of(a.is_tuple ? a.all.as<Tuple>()->items()[a.next++] : (++a.next, a.all));
}
static Status bytesOf_py(Thread& t, Value v, std::string& out) {
  if (isBytesLike(v)) return bytesCollect_py(t, v, out);
  Ref method = findSpecial_py(t, v, t.names().d_bytes);
  if (!method) {
    if (isPending(t)) return kRaised;
    return raiseTypeError(t, "%%b requires a bytes-like object, or an object that implements __bytes__, not '%s'", typeNameOf(t, v));
  }
  Ref bytes = call_py(t, method.get(), nullptr, 0);
  if (!bytes) return kRaised;
  if (!isBytes(bytes.get())) return raiseTypeError(t, "__bytes__ returned non-bytes (type %s)", typeNameOf(t, bytes.get()));
  out = bytes.as<Bytes>()->view();
  return kDone;
}
static Status oneByte_py(Thread& t, Value v, std::string& out) {
  if ((isBytes(v) && v.as<Bytes>()->size == 1) || (isByteArray(v) && v.as<ByteArray>()->size == 1)) return bytesOf_py(t, v, out);
  int64_t n;
  if (isIntLike(v)) {
    if (!intFits(v, n) || n < 0 || n > 255) return raiseOverflowError(t, "%%c arg not in range(256)");
    out = std::string(1, static_cast<char>(n));
    return kDone;
  }
  return raiseTypeError(t, "%%c requires an integer in range(256) or a single byte, not %s", typeNameOf(t, v));
}
// One conversion: `spec` is its text without key, stars replaced.
static Status convert_py(Thread& t, const std::string& spec, char code, Value v, std::string& out) {
  if (code != 's' && code != 'b' && code != 'c' && code != 'a' && code != 'r') {
    Ref format = newStr(t, spec + code), args = tupleOf(t, {v});
    Ref text = percentFormat_py(t, format.as<Str>(), args.get());
    if (!text) return kRaised;
    out = toUtf8(text.as<Str>());
    return kDone;
  }
  if (code == 'c') {
    TRY(oneByte_py(t, v, out));
  } else if (code == 'a' || code == 'r') {
    Ref text = ascii_py(t, v);
    if (!text) return kRaised;
    out = toUtf8(text.as<Str>());
  } else {
    TRY(bytesOf_py(t, v, out));
  }
  size_t dot = spec.find('.');
  if (dot != std::string::npos && code != 'c') out.resize(std::min(out.size(), static_cast<size_t>(std::atoll(spec.c_str() + dot + 1))));
  bool left = spec.find('-') != std::string::npos;
  size_t width_at = spec.find_first_of("123456789");
  size_t width = width_at < dot && width_at != std::string::npos ? static_cast<size_t>(std::atoll(spec.c_str() + width_at)) : 0;
  if (out.size() < width) out.insert(left ? out.size() : 0, width - out.size(), ' ');
  return kDone;
}
static Status oneSpec_py(Thread& t, std::string_view f, size_t& at, Arguments& args, std::string& out) {
  Ref keyed;
  if (at < f.size() && f[at] == '(') {
    size_t end = at + 1;
    for (int depth = 1; end < f.size() && depth > 0; ++end) depth += f[end] == '(' ? 1 : f[end] == ')' ? -1 : 0;
    if (!args.is_mapping) return raiseTypeError(t, "format requires a mapping");
    Ref key = newBytes(t, f.substr(at + 1, end - at - 2));
    keyed = getItem_py(t, args.all, key.get());
    if (!keyed) return kRaised;
    args.next = 1;
    at = end;
  }
  std::string spec = "%";
  for (; at < f.size(); ++at) {
    char c = f[at];
    if (c == '*') {
      Ref n = nextArgument(t, args);
      if (!n) return kRaised;
      if (!isIntLike(n.get())) return raiseTypeError(t, "* wants int");
      bool is_precision = spec.find('.') != std::string::npos;
      int64_t size;
      if (!intFits(n.get(), size) || (is_precision && (size > INT32_MAX || size < INT32_MIN))) {
        return raiseOverflowError(t, "Python int too large to convert to C %s", is_precision ? "int" : "ssize_t");
      }
      if (size > int64_t{1} << 32 || size < -(int64_t{1} << 32)) return raiseMemoryError(t);
      spec += std::to_string(is_precision && size < 0 ? 0 : size);
    } else if ((c >= '0' && c <= '9') || c == '-' || c == '+' || c == ' ' || c == '#' || c == '.') {
      spec += c;
    } else if (c != 'h' && c != 'l' && c != 'L') {
      break;
    }
  }
  if (at >= f.size()) return raiseValueError(t, "incomplete format");
  char code = f[at++];
  if (code == '%') {
    out += '%';
    return kDone;
  }
  Ref v = keyed ? std::move(keyed) : nextArgument(t, args);
  if (!v) return kRaised;
  if (std::string_view("sbcardiuoxXeEfFgG").find(code) == std::string_view::npos) {
    return raiseValueError(t, "unsupported format character '%c' (0x%x) at index %zu", code, static_cast<unsigned char>(code), at - 1);
  }
  std::string text;
  TRY(convert_py(t, spec, code, v.get(), text));
  out += text;
  return kDone;
}

Ref bytesPercent_py(Thread& t, Value self, Value values) {
  std::string format(isBytes(self) ? self.as<Bytes>()->view() : self.as<ByteArray>()->view()), out;
  bool is_mapping = typeOf(t, values)->slots.get_item != nullptr && !isTuple(values) && !isBytes(values) && !isStr(values) && !isByteArray(values);
  Arguments args{values, isTuple(values), is_mapping};
  for (size_t at = 0; at < format.size();) {
    if (format[at] != '%') {
      out += format[at++];
      continue;
    }
    TRY(oneSpec_py(t, format, ++at, args, out));
  }
  int64_t count = args.is_tuple ? values.as<Tuple>()->size : 1;
  if (args.next < count && !is_mapping) return raiseTypeError(t, "not all arguments converted during bytes formatting");
  return isBytes(self) ? newBytes(t, out) : newByteArray(t, out);
}

}  // namespace krait::object
