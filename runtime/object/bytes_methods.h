// Methods of bytes and bytearray that give positions, tests and padded or mapped copies; bytes_type.cpp puts them into
// the two method tables.
#pragma once

#include "runtime/object/native.h"

namespace krait::object {

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
