// The `marshal` module.
#include <algorithm>
#include <cstring>

#include "runtime/modules/audit.h"
#include "runtime/modules/importing/marshal.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/code_replace.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules::importing {

static Ref dumps(Thread& t, const Value* a) {
  TRY(audit_py(t, "marshal.dumps", {a[0], a[1]}));
  std::string out;
  TRY(marshalWrite_py(t, a[0], TRY(toCInt_py(t, a[1])), TRY(isTrue_py(t, a[2])), out));
  return newBytes(t, out);
}
static Ref dump(Thread& t, const Value* a) {
  Value args[3] = {a[0], a[2], a[3]};
  Ref data = TRY(dumps(t, args));
  return callMethod_py(t, a[1], t.names().write, data.get());
}
static Ref loads(Thread& t, const Value* a) {
  Buffer data;
  TRY(data.acquire(t, a[0]));
  TRY(audit_py(t, "marshal.loads", {a[0]}));
  return marshalRead_py(t, data.view(), TRY(isTrue_py(t, a[1])), nullptr);
}
// A file of our own that can seek: reads all that is left, then goes back behind the object.
static Ref loadAhead(Thread& t, Value file, Value at, bool allow_code) {
  Ref data = TRY(callMethod_py(t, file, t.names().read));
  if (!isBytes(data.get())) return raiseTypeError(t, "file.read() returned not bytes but %s", typeNameOf(t, data.get()));
  size_t used = 0;
  Ref v = TRY(marshalRead_py(t, data.as<Bytes>()->view(), allow_code, &used));
  Ref target = TRY(binary_py(t, at, Value::fromInt(static_cast<int64_t>(used)), BinaryOp::kAdd));
  Ref moved = TRY(callMethod_py(t, file, intern(*t.isolate, "seek"), target.get()));
  return v;
}
// Adds `count` bytes of the file to `data`; false at its end.
static Fallible<bool> readMore_py(Thread& t, Value file, size_t count, std::string& data) {
  Ref memory = TRY(newByteArray(t, std::string(count, '\0')));
  Ref given = TRY(callMethod_py(t, file, intern(*t.isolate, "readinto"), memory.get()));
  int64_t n = given.get().isNone() ? 0 : TRY(toInt64_py(t, given.get()));
  if (n > static_cast<int64_t>(count)) {
    return raiseValueError(t, "read() returned too much data: %zu bytes requested, %ld returned", count, static_cast<long>(n));
  }
  Buffer bytes;
  TRY(bytes.acquire(t, memory.get()));
  data += bytes.view().substr(0, static_cast<size_t>(std::max<int64_t>(n, 0)));
  return n == static_cast<int64_t>(count);
}
// Any other file is asked for just what the object needs, so that it stands behind it afterwards. ref: r_string.
static Ref loadExactly(Thread& t, Value file, bool allow_code) {
  Ref probe = TRY(callMethod_py(t, file, t.names().read, Value::fromInt(0)));
  if (!isBytes(probe.get())) return raiseTypeError(t, "file.read() returned not bytes but %s", typeNameOf(t, probe.get()));
  std::string data;
  size_t missing = 1;
  for (;;) {
    bool has_more = TRY(readMore_py(t, file, missing, data));
    missing = 0;
    Ref v = marshalRead_py(t, data, allow_code, nullptr, false, &missing);
    if (v || missing == 0 || !has_more || !pendingMatches(t, errors(t).eof_error)) return v;
    clearException(t);
  }
}
static Ref load(Thread& t, const Value* a) {
  TRY(audit_py(t, "marshal.load"));
  bool allow_code = TRY(isTrue_py(t, a[1])), is_ours = (typeOf(t, a[0])->flags & kTypeHeap) == 0;
  Ref at = is_ours ? callMethod_py(t, a[0], intern(*t.isolate, "tell")) : Ref();
  if (at) return loadAhead(t, a[0], at.get(), allow_code);
  clearException(t);
  return loadExactly(t, a[0], allow_code);
}
static const NativeDef kFunctions[] = {{"dumps", "(value, version=5, /, *, allow_code=True)", dumps}, {"dump", "(value, file, version=5, /, *, allow_code=True)", dump},
    {"loads", "(bytes, /, *, allow_code=True)", loads}, {"load", "(file, /, *, allow_code=True)", load}, {nullptr, nullptr, nullptr}};
// What co_exceptiontable holds: of this build's code objects only.
static Status writeImage(Thread& t, Value code, std::string& out) {
  uint32_t stamp = codeStamp();
  out.append(reinterpret_cast<const char*>(&stamp), sizeof stamp);
  return marshalWrite_py(t, code, kMarshalVersion, true, out);
}
static Ref readImage(Thread& t, std::string_view image) {
  uint32_t stamp;
  if (image.size() < sizeof stamp) return raiseValueError(t, "bad marshal data");
  std::memcpy(&stamp, image.data(), sizeof stamp);
  if (stamp != codeStamp()) return raiseValueError(t, "bad marshal data");
  return marshalRead_py(t, image.substr(sizeof stamp), true, nullptr);
}
static Status init(Thread& t, Module* m) {
  code_images = {writeImage, readImage};
  moduleSet(t, m, "version", Value::fromInt(kMarshalVersion));
  return kDone;
}

}  // namespace krait::modules::importing

namespace krait::modules {
extern const NativeModule kMarshalModule;
const NativeModule kMarshalModule = {"marshal", "This module contains functions that can read and write Python values in\na binary format.", importing::kFunctions, importing::init};
}  // namespace krait::modules
