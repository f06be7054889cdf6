// The `marshal` module.
#include "runtime/modules/audit.h"
#include "runtime/modules/importing/marshal.h"
#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
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
// Reads all that is left, then goes back behind the object: streams that cannot seek lose the rest.
static Ref load(Thread& t, const Value* a) {
  TRY(audit_py(t, "marshal.load"));
  Ref at = callMethod_py(t, a[0], intern(*t.isolate, "tell"));
  if (!at) clearException(t);
  Ref data = TRY(callMethod_py(t, a[0], t.names().read));
  if (!isBytes(data.get())) return raiseTypeError(t, "file.read() returned not bytes but %s", typeNameOf(t, data.get()));
  size_t used = 0;
  Ref v = TRY(marshalRead_py(t, data.as<Bytes>()->view(), TRY(isTrue_py(t, a[1])), &used));
  if (at) {
    Ref target = TRY(binary_py(t, at.get(), Value::fromInt(static_cast<int64_t>(used)), BinaryOp::kAdd));
    Ref moved = TRY(callMethod_py(t, a[0], intern(*t.isolate, "seek"), target.get()));
  }
  return v;
}
static const NativeDef kFunctions[] = {{"dumps", "(value, version=5, /, *, allow_code=True)", dumps}, {"dump", "(value, file, version=5, /, *, allow_code=True)", dump},
    {"loads", "(bytes, /, *, allow_code=True)", loads}, {"load", "(file, /, *, allow_code=True)", load}, {nullptr, nullptr, nullptr}};
static Status init(Thread& t, Module* m) {
  moduleSet(t, m, "version", Value::fromInt(kMarshalVersion));
  return kDone;
}

}  // namespace krait::modules::importing

namespace krait::modules {
extern const NativeModule kMarshalModule;
const NativeModule kMarshalModule = {"marshal", "This module contains functions that can read and write Python values in\na binary format.", importing::kFunctions, importing::init};
}  // namespace krait::modules
