// Methods of bytes and bytearray that give positions, tests and padded or mapped copies; bytes_type.cpp puts them into
// the two method tables.
#pragma once

#include "runtime/object/buffer.h"
#include "runtime/object/bytes.h"
#include "runtime/object/native.h"

namespace krait::object {

// The memory of any bytes-like object, as it is now: nothing holds it.
inline std::string_view bytesView(Value v) {
  if (isBytes(v)) return v.as<Bytes>()->view();
  if (isByteArray(v)) return v.as<ByteArray>()->view();
  Buffer buffer;
  if (!buffer.acquire(*current_thread, v).failed) return buffer.view();
  current_thread->pending = Value();
  return {};
}
// The bytes that bytes(source) holds.
Status bytesCollect_py(Thread& t, Value source, std::string& out);
Ref bytesJoin(Thread& t, const Value* a);
Ref bytesSplit(Thread& t, const Value* a);
Ref bytesStrip(Thread& t, const Value* a);
Ref bytesReplace(Thread& t, const Value* a);
Ref bytesStartsWith(Thread& t, const Value* a);
Ref bytesEndsWith(Thread& t, const Value* a);
Ref bytesRSplit(Thread& t, const Value* a);
Ref bytesIsTitle(Thread& t, const Value* a);
Ref bytesHex(Thread& t, const Value* a);
// bytearray (bytearray_methods.cpp)
Status byteArrayResize(Thread& t, ByteArray* b, int64_t size);
Status byteArraySplice(Thread& t, ByteArray* b, int64_t at, int64_t removed, std::string_view with);
Ref byteArrayAppend(Thread& t, const Value* a);
Ref byteArrayInsert(Thread& t, const Value* a);
Ref byteArrayPop(Thread& t, const Value* a);
Ref byteArrayRemove(Thread& t, const Value* a);
Ref byteArrayReverse(Thread& t, const Value* a);
Ref byteArrayClear(Thread& t, const Value* a);
Ref byteArrayResizeMethod(Thread& t, const Value* a);
Ref byteArrayCopy(Thread& t, const Value* a);
Ref byteArrayExtend(Thread& t, const Value* a);
Ref byteArrayReduce(Thread& t, const Value* a);
Ref byteArrayReduceEx(Thread& t, const Value* a);
Ref byteArrayAlloc(Thread& t, const Value* a);

Ref bytesTranslate(Thread& t, const Value* a);
Ref bytesMakeTrans(Thread& t, const Value* a);
Ref bytesCount(Thread& t, const Value* a);
Ref bytesFind(Thread& t, const Value* a);
Ref bytesRFind(Thread& t, const Value* a);
Ref bytesIndex(Thread& t, const Value* a);
Ref bytesRIndex(Thread& t, const Value* a);
Ref bytesLStrip(Thread& t, const Value* a);
Ref bytesRStrip(Thread& t, const Value* a);
Ref bytesPartition(Thread& t, const Value* a);
Ref bytesRPartition(Thread& t, const Value* a);
Ref bytesRemovePrefix(Thread& t, const Value* a);
Ref bytesRemoveSuffix(Thread& t, const Value* a);
Ref bytesSplitLines(Thread& t, const Value* a);
Ref bytesLJust(Thread& t, const Value* a);
Ref bytesRJust(Thread& t, const Value* a);
Ref bytesCenter(Thread& t, const Value* a);
Ref bytesZFill(Thread& t, const Value* a);
Ref bytesIsAlpha(Thread& t, const Value* a);
Ref bytesIsDigit(Thread& t, const Value* a);
Ref bytesIsAlnum(Thread& t, const Value* a);
Ref bytesIsSpace(Thread& t, const Value* a);
Ref bytesIsLower(Thread& t, const Value* a);
Ref bytesIsUpper(Thread& t, const Value* a);
Ref bytesIsAscii(Thread& t, const Value* a);
Ref bytesSwapCase(Thread& t, const Value* a);
Ref bytesCapitalize(Thread& t, const Value* a);
Ref bytesTitle(Thread& t, const Value* a);

// bytes % values (bytes_format.cpp).
Ref bytesPercent_py(Thread& t, Value self, Value values);

}  // namespace krait::object
