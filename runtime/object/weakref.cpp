// Weak references: the table from objects to their references.
#include "runtime/object/gc.h"

namespace krait::object {

void clearWeakrefs_py(Object* object) { object->gc &= ~static_cast<uint32_t>(kHasWeakrefs); }

}  // namespace krait::object
