// Instance: an object of a class without a builtin layout below it; Shape: which attributes such an object has, in
// which order and where. Objects of one class that got the same attributes in the same order share a Shape, so that a
// cached (shape, slot) answers an attribute access. An instance whose __dict__ was taken, or that outgrew its inline
// slots, keeps its attributes in a Dict (shape null) for the rest of its life.
#pragma once

#include "runtime/object/type.h"

namespace krait::object {

struct ShapeTransition {
  Str* key;
  Shape* to;
};

// Shapes live as long as the isolate; transitions are append-only.
struct Shape {
  Type* owner;
  uint32_t count;
  uint32_t transition_count, transition_capacity;
  ShapeTransition* transitions;
  Str** keys;  // [count], interned
};

struct Instance : Object {
  Shape* shape;
  Dict* dict;
  Value slots[];
};

constexpr uint32_t kMaxInlineSlots = 64;

Ref newInstance(Thread& t, Type* type);
Shape* rootShape(Type* type);
// The slot of an interned key, or -1.
int shapeFind(const Shape* shape, const Str* key);
// The shape after adding `key`, or null when there is no room inline.
Shape* shapeAdd(Shape* shape, Str* key);
// The instance's own attribute, borrowed, Undefined when absent.
Value instanceGet(Object* object, Str* key);
// Sets or (Undefined) deletes; false when deleting what is not there.
bool instanceSet(Thread& t, Object* object, Str* key, Value value);
// The __dict__ of any object that has one (borrowed, made on demand); null when its type has none.
Dict* objectDict(Thread& t, Object* object);
// As objectDict, but null when there is none yet; null for shaped instances.
Dict** dictSlot(Object* object);
Status setObjectDict(Thread& t, Object* object, Value dict);
// The setter of a builtin class's `__dict__`, which cannot be deleted. ref: PyObject_GenericSetDict.
Status replaceObjectDict(Thread& t, Value v, Value dict);

// Where a class with __slots__ keeps one of them: at `offset`, or under its name in the instance's dictionary; a builtin
// class's member may be read by a function.
constexpr uint32_t kSlotInDict = 0xFFFFFFFFu, kReadByFunction = 0xFFFFFFFEu;
struct MemberDescriptor : Object {
  Type* owner;
  Str* name;
  uint32_t offset;
};

// An instance may get a class whose instances have another size (__class__ assignment): its attributes are then in a
// dictionary for good, and the size of its block is noted here until it is freed.
bool isPlainShaped(const Type* type);  // instances hold nothing but attributes
void noteBlockSize(Object* object, size_t size);
size_t takeBlockSize(Object* object);

void deallocInstance(Object* object);
void traverseInstance(Object* object, Visitor visitor, void* context);
void clearInstance(Object* object);

}  // namespace krait::object
