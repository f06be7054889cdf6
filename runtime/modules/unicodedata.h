// The functions of the `unicodedata` module, for the module itself and for its database of Unicode 3.2.
#pragma once

#include "analyzer/base/unicode/normalize.h"
#include "runtime/modules/module_table.h"

namespace krait::modules {

namespace ucd {
// Each takes the arguments of its entry in the module's table.
Ref category(Thread& t, const Value* a);
Ref bidirectional(Thread& t, const Value* a);
Ref combining(Thread& t, const Value* a);
Ref mirrored(Thread& t, const Value* a);
Ref eastAsianWidth(Thread& t, const Value* a);
Ref decimal(Thread& t, const Value* a);
Ref digit(Thread& t, const Value* a);
Ref numeric(Thread& t, const Value* a);
Ref decomposition(Thread& t, const Value* a);
Ref normalize(Thread& t, const Value* a);
Ref isNormalized(Thread& t, const Value* a);
Ref name(Thread& t, const Value* a);
Ref lookup(Thread& t, const Value* a);
// "NFC" … ; TypeError and ValueError in the name of `function`.
Fallible<unicode::NormalForm> toForm(Thread& t, Value v, const char* function);
}  // namespace ucd

extern const NativeDef kOldUnicodeFunctions[];  // of ucd_3_2_0

}  // namespace krait::modules
