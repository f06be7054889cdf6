// What the files about attribute access share.
#pragma once

#include "checker/infer/forms.h"

namespace krait::infer {

// One access: the question as it was asked, carried through unions, variables and fallbacks.
struct Access {
  Context& c;
  NameId name;
  NodeId at;
  MemberOptions options;
  TypeId original;  // what errors speak of
  TypeId self;      // what `self` is bound to
  bool in_union = false;
};

TypeId accessMember(Access& a, TypeId type);
TypeId accessInstance(Access& a, TypeId instance);
// none: the class has no such attribute (its metaclass may).
TypeId accessClass(Access& a, TypeId instance, TypeId metaclass, const std::vector<TypeId>* original_vars);
TypeId accessDescriptor(Access& a, TypeId type);
TypeId missingMember(Access& a, TypeId type);
// Overloads whose first parameter does not take `self` are left out; none left is an error.
TypeId checkSelfArgument(Access& a, TypeId callee, TypeId self, bool is_classmethod);
TypeId expandSelfType(World& w, TypeId type, ClassId owner, TypeId self);
void failMember(Access& a, Code code, std::string text);
// The callables of a callable or an overload.
std::vector<TypeId> callableItems(World& w, TypeId type);
bool isTypeObject(World& w, TypeId type);
TypeId freshenAll(World& w, TypeId type);
void checkFinalMember(Access& a, ClassId cls);

}  // namespace krait::infer
