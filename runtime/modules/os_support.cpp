#include "runtime/modules/os_support.h"

#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>

#include "runtime/object/exception.h"
#include "runtime/object/float.h"
#include "runtime/object/int.h"
#include "runtime/object/sandbox_note.h"
#include "runtime/object/str_methods.h"
#include "runtime/object/type_names.h"

namespace krait::modules {

Fallible<std::string> fsEncode_py(Thread& t, Value str) {
  Str* s = str.as<Str>();
  if (s->is_ascii) return std::string(s->ascii());
  Ref handler = Ref::of(intern(*t.isolate, "surrogateescape"));
  Ref bytes = encode_py(t, str, t.names().utf8, handler.get());
  if (!bytes) return kRaised;
  return std::string(bytes.as<Bytes>()->view());
}

Ref fsDecode(Thread& t, std::string_view bytes) {
  for (char c : bytes) {
    if (static_cast<unsigned char>(c) < 0x80) continue;
    Ref data = newBytes(t, bytes), handler = Ref::of(intern(*t.isolate, "surrogateescape"));
    return decode_py(t, data.get(), t.names().utf8, handler.get());
  }
  return newStr(t, bytes);
}

Ref fspath_py(Thread& t, Value v) {
  if (isStr(v) || isBytes(v)) return Ref::of(v);
  Ref method = findSpecial_py(t, v, t.names().d_fspath);
  if (!method) {
    if (isPending(t)) return Ref();
    return raiseTypeError(t, "expected str, bytes or os.PathLike object, not %s", typeNameOf(t, v));
  }
  Ref path = TRY(call_py(t, method.get(), nullptr, 0));
  if (isStr(path.get()) || isBytes(path.get())) return path;
  return raiseTypeError(t, "expected %s.__fspath__() to return str or bytes, not %s", typeNameOf(t, v), typeNameOf(t, path.get()));
}

static RaisedTag wrongType(Thread& t, Value v, int flags, const char* function, const char* name) {
  const char* kinds = (flags & kAllowFd) && (flags & kNullable) ? "string, bytes, os.PathLike, integer or None"
                      : flags & kAllowFd                        ? "string, bytes, os.PathLike or integer"
                      : flags & kNullable                       ? "string, bytes, os.PathLike or None"
                                                                : "string, bytes or os.PathLike";
  return raiseTypeError(t, "%s%s%s should be %s, not %s", function, *function ? ": " : "", name, kinds, typeNameOf(t, v));
}

Status pathArg_py(Thread& t, Value v, int flags, const char* function, const char* name, PathArg& out) {
  out.object = Ref::of(v);
  if (v.isNone() && (flags & kNullable)) {
    out.is_null = true;
    return kDone;
  }
  if ((flags & kAllowFd) && (v.isInt() || v.isBool() || (!isStr(v) && !isBytes(v) && typeOf(t, v)->slots.index != nullptr))) {
    int64_t fd = TRY(toInt64_py(t, v));
    if (fd > INT32_MAX) return raiseOverflowError(t, "fd is greater than maximum");
    if (fd < INT32_MIN) return raiseOverflowError(t, "fd is less than minimum");
    out.fd = static_cast<int>(fd);
    out.is_fd = true;
    return kDone;
  }
  Ref path = Ref::of(v);
  if (!isStr(v) && !isBytes(v)) {
    Ref method = findSpecial_py(t, v, t.names().d_fspath);
    if (!method) {
      if (isPending(t)) return kRaised;
      return wrongType(t, v, flags, function, name);
    }
    path = TRY(call_py(t, method.get(), nullptr, 0));
    if (!isStr(path.get()) && !isBytes(path.get())) {
      return raiseTypeError(t, "expected %s.__fspath__() to return str or bytes, not %s", typeNameOf(t, v), typeNameOf(t, path.get()));
    }
    out.object = Ref::of(path.get());
  }
  out.is_bytes = isBytes(path.get());
  out.text = out.is_bytes ? std::string(path.as<Bytes>()->view()) : TRY(fsEncode_py(t, path.get()));
  if (out.text.find('\0') != std::string::npos) {
    return raiseValueError(t, "%s%sembedded null %s%s%s", function, *function ? ": " : "", out.is_bytes && !*function ? "byte" : "character",
                           *function ? " in " : "", *function ? name : "");
  }
  return kDone;
}

Status checkMayRun_py(Thread& t, const std::vector<std::string>& candidates, Value name) {
  bool is_there = false;
  for (const std::string& path : candidates) {
    if (mayRun(path)) return kDone;
    is_there = is_there || access(path.c_str(), F_OK) == 0;
  }
  int error = is_there ? EACCES : ENOENT;
  Ref text = newStr(t, std::strerror(error));
  Value args[3] = {Value::fromInt(error), text.get(), name};
  Ref e = newException_py(t, errors(t).os_error, args, 3);
  if (!e) return kRaised;
  std::string shown = isStr(name) ? toUtf8(name.as<Str>()) : isBytes(name) ? std::string(name.as<Bytes>()->view()) : candidates.empty() ? "" : candidates[0];
  Ref said = newStr(t, runNote(shown));
  if (!callMethod_py(t, e.get(), intern(*t.isolate, "add_note"), said.get())) return kRaised;
  return raiseException(t, e.get());
}

RaisedTag raisePathError(Thread& t, const PathArg& path) { return raiseOSError(t, errno, path.object.get()); }
RaisedTag raisePathError(Thread& t, const PathArg& path, const PathArg& second) {
  return raiseOSError(t, errno, path.object.get(), second.object.get());
}

Fallible<int> toDescriptor_py(Thread& t, Value v) {
  int64_t fd;
  if (isIntLike(v)) {
    fd = TRY(toCInt_py(t, v));
  } else {
    Ref method = findAttr_py(t, v, t.names().fileno_);
    if (!method) {
      if (isPending(t)) return kRaised;
      return raiseTypeError(t, "argument must be an int, or have a fileno() method.");
    }
    Ref result = call_py(t, method.get(), nullptr, 0);
    if (!result) return kRaised;
    if (!isIntLike(result.get())) return raiseTypeError(t, "fileno() returned a non-integer");
    fd = TRY(toCInt_py(t, result.get()));
  }
  if (fd < 0) return raiseValueError(t, "file descriptor cannot be a negative integer (%ld)", static_cast<long>(fd));
  return static_cast<int>(fd);
}

// ref: _PyTime_FromSecondsObject.
Fallible<int64_t> durationOf_py(Thread& t, Value v) {
  if (isFloatLike(v)) {
    double d = TRY(toDouble_py(t, v));
    if (d != d) return raiseValueError(t, "Invalid value NaN (not a number)");
    double scaled = d * 1e9;
    scaled = scaled >= 0 ? std::ceil(scaled) : std::floor(scaled);
    if (!(scaled >= -9223372036854775808.0 && scaled < 9223372036854775808.0)) return raiseOverflowError(t, "timestamp out of range for platform time_t");
    return static_cast<int64_t>(scaled);
  }
  if (typeOf(t, v)->slots.index == nullptr) return raiseTypeError(t, "'%s' object cannot be interpreted as an integer or float", fullTypeName(t, v).c_str());
  Ref number = TRY(toIndex_py(t, v));
  int64_t n, out;
  if (!intFits(number.get(), n) || __builtin_mul_overflow(n, int64_t{1000000000}, &out)) return raiseOverflowError(t, "timestamp too large to convert to C PyTime_t");
  return out;
}

// ref: _Py_Uid_Converter, _Py_Gid_Converter.
Fallible<uint32_t> idArg_py(Thread& t, Value v, const char* what) {
  if (typeOf(t, v)->slots.index == nullptr && !isIntLike(v)) return raiseTypeError(t, "%s should be integer, not %s", what, typeNameOf(t, v));
  Ref number = TRY(toIndex_py(t, v));
  int64_t id = 0;
  bool fits = intFits(number.get(), id);
  if (intIsNegative(number.get()) && !(fits && id == -1)) return raiseOverflowError(t, "%s is less than minimum", what);
  if (!fits || id > UINT32_MAX) return raiseOverflowError(t, "%s is greater than maximum", what);
  return static_cast<uint32_t>(id);
}

}  // namespace krait::modules
