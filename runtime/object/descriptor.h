// The descriptors behind attributes of builtin types, and classmethod, staticmethod, property.
#pragma once

#include "runtime/object/native.h"
#include "runtime/object/type.h"

namespace krait::object {

// One special method and the slot it stands for; the table is in type_slots.cpp.
struct SlotDef {
  const char* name;
  uint32_t offset;    // of the function pointer in Slots
  void* generic;      // calls the Python-level method
  Ref (*wrap)(Thread& t, const SlotDef& def, void* slot, Value self, const Value* args, uint32_t nargs, Tuple* keywords);
  const char* signature;
  int detail = 0;     // binary operator, comparison …
};

// "slot wrapper": a builtin type's special method as an object.
struct WrapperDescriptor : Object {
  const SlotDef* def;
  void* slot;
  Type* owner;
};
// __reduce__ of the descriptors that getattr(owner, name) gives back. ref: descr_reduce.
Ref descriptorReduce(Thread& t, const Value* a);
// The docstring of the special method `name`; empty: none is known.
std::string_view wrapperDocOf(std::string_view name);
struct MethodWrapper : Object {
  WrapperDescriptor* descriptor;
  Value self;
};
struct GetSetDescriptor : Object {
  const GetSetDef* def;
  Type* owner;
};
struct ClassMethod : Object {  // and staticmethod
  Value callable;
  Dict* dict;
};
struct Property : Object {
  Value get, set, del, doc, name;
  Dict* dict;
  bool has_getter_doc;  // the doc came from the getter
};
inline Value propertyGetter(Value property) { return property.as<Property>()->get; }
// A bound method.
struct Method : Object {
  Value function;
  Value self;
};

// Of an attribute whose setter is readOnlyMember: a member_descriptor, as CPython has it for fields of its C structures.
Ref newGetSet(Isolate& isolate, const GetSetDef* def, Type* owner);
Status readOnlyMember(Thread& t, Value object, Value value);
Ref newWrapper(Isolate& isolate, const SlotDef* def, void* slot, Type* owner);
Ref newClassMethod(Thread& t, Value callable);
Ref newStaticMethod(Thread& t, Value callable);
Ref newMethod(Thread& t, Value function, Value self);

}  // namespace krait::object
