// What assignments of all kinds ask of their targets.
#pragma once

#include "checker/check/check.h"

namespace krait::check {

// A value fits where it is assigned, and is no abstract class where type[…] of one is to be called.
void checkAssigned(Checker& c, TypeId type, TypeId declared, NodeId node);
// Final attributes are not assigned to: neither those of the class nor what a base class has under the name.
void checkFinalMember(Checker& c, NodeId target, TypeId base);
// A class with __slots__ all the way up takes no other attributes.
void checkSlots(Checker& c, NodeId target, TypeId instance);
// Is it a value of an enum that is one of its members?
bool isEnumMember(World& w, TypeId type);
// The type of the name or attribute that is assigned to; Final ones and missing slots are reported. Any for other targets.
TypeId targetType(Checker& c, NodeId target);
// Reports an assignment to a name that is declared Final.
void checkFinalName(Checker& c, NodeId target);

}  // namespace krait::check
