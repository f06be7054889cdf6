// Names: the ids of the names that the checker itself knows (names.def), made once per program.
#pragma once

#include "analyzer/base/interner.h"

namespace krait::types {

struct Names {
  explicit Names(Interner& interner);
#define NAME(field, text) NameId field;
#include "checker/types/names.def"
};

}  // namespace krait::types
