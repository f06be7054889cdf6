#include "checker/types/names.h"

namespace krait::types {

Names::Names(Interner& interner) {
#define NAME(field, text) field = interner.intern(text);
#include "checker/types/names.def"
}

}  // namespace krait::types
