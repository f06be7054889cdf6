// How functions take a C number: beside toInt64_py and toCInt_py (object/int.h), whose messages name the C type.
#pragma once

#include "runtime/object/int.h"

namespace krait::object {

// As the unit "i" of argument formats: OverflowError "signed integer is greater than maximum" beyond an int,
// "Python int too large to convert to C long" beyond a long. ref: getargs.c, convertsimple.
Fallible<int> toFormatInt_py(Thread& t, Value v);
// As a number of items: OverflowError "cannot fit 'int' into an index-sized integer". ref: PyNumber_AsSsize_t.
Fallible<int64_t> toSize_py(Thread& t, Value v);
// As a long: OverflowError "Python int too large to convert to C long". ref: PyLong_AsLong.
Fallible<int64_t> toLong_py(Thread& t, Value v);

}  // namespace krait::object
