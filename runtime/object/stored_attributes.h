// Class attributes that a program stores over and over (counters, registries). Each change of a class gives it another version, which
// ends all that was remembered about it; a store to one of these leaves the version alone, because nothing remembers their values:
// typeLookup and the inline caches ask `isStoredOften` before they do. Only plain values count: what is no descriptor.
#pragma once

#include "runtime/object/type.h"

namespace krait::object {

// To be called when a class's own plain attribute is about to get another plain value: true when the class may keep its version.
// Whoever gets false calls typeModified.
bool keepsVersion(Type* type, Str* name);
// Whether nothing may remember the value of this attribute of the class's own dictionary.
bool isStoredOften(const Type* type, const Str* name);
// The same for what a lookup on the class finds, wherever that is.
bool isFoundStoredOften(const Type* type, Str* name);
// The class is about to die.
void forgetStores(Type* type);

}  // namespace krait::object
