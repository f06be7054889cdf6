// Methods of str whose answers come from the Unicode tables; str_methods.cpp puts them into str's method table.
#pragma once

#include "runtime/object/native.h"

namespace krait::object {

Ref strLower(Thread& t, const Value* a);
Ref strUpper(Thread& t, const Value* a);
Ref strCaseFold(Thread& t, const Value* a);
Ref strSwapCase(Thread& t, const Value* a);
Ref strCapitalize(Thread& t, const Value* a);
Ref strTitle(Thread& t, const Value* a);
Ref strIsAlpha(Thread& t, const Value* a);
Ref strIsDecimal(Thread& t, const Value* a);
Ref strIsDigit(Thread& t, const Value* a);
Ref strIsNumeric(Thread& t, const Value* a);
Ref strIsAlnum(Thread& t, const Value* a);
Ref strIsSpace(Thread& t, const Value* a);
Ref strIsPrintable(Thread& t, const Value* a);
Ref strIsLower(Thread& t, const Value* a);
Ref strIsUpper(Thread& t, const Value* a);
Ref strIsTitle(Thread& t, const Value* a);
Ref strIsIdentifier(Thread& t, const Value* a);

}  // namespace krait::object
