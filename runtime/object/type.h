// Type: a Python class, builtin or user-defined: its method resolution order, its slots (the C++ functions behind the
// operators) and its dictionary. A slot is set exactly when the type or a base defines the matching special method;
// assigning to a class attribute keeps the slots of the class and all subclasses right (type_slots.cpp).
#pragma once

#include <cstdint>

#include "runtime/object/thread.h"

namespace krait::object {

enum class TypeId : uint16_t {
#define TYPE(field, Id) k##Id,
#include "runtime/object/types.def"
  kOther,
};

enum class CompareOp : uint8_t { kLt, kLe, kEq, kNe, kGt, kGe };
enum class BinaryOp : uint8_t {
  kAdd, kSub, kMul, kTrueDiv, kFloorDiv, kMod, kPow, kLShift, kRShift, kAnd, kOr, kXor, kMatMul, kDivMod,
};
constexpr int kBinaryOpCount = 14;

enum TypeFlag : uint32_t {
  kTypeHeap = 1,             // made by a class statement or type(): mutable
  kTypeBaseable = 2,         // may be subclassed
  kTypeHasDict = 4,          // instances have a __dict__
  kTypeHasShape = 8,         // ... kept as a Shape and inline slots (Instance)
  kTypeWeakrefable = 16,
  kTypeGc = 32,              // instances can be part of a reference cycle
  kTypeAbstract = 64,        // __abstractmethods__ is not empty
  kTypeMatchSequence = 128,  // patterns: matches a sequence pattern
  kTypeMatchMapping = 256,
  kTypeMatchSelf = 512,      // patterns: one positional subpattern matches the value itself
  kTypeMethodDescriptor = 1024,  // obj.f(...) may pass obj as first argument instead of binding
  kTypeDisallowNew = 2048,   // cannot be instantiated from Python
  kTypeSlotsDict = 4096,
  kTypeImmutable = 8192,
  // Its finalizer, and those of derived classes, run after the others of the same garbage, youngest object first: a buffer or
  // a descriptor waits for what still writes into it.
  kTypeFinalizesLate = 16384,
};

struct Shape;
struct TypeSpec;
struct NativeDef;
struct GetSetDef;
struct BufferInfo;

// Called for every reference that an object holds.
using Visitor = void (*)(Object*, void* context);

struct Slots {
  void (*dealloc)(Object*) = nullptr;  // releases the contents; memory and header are the caller's
  void (*traverse)(Object*, Visitor, void* context) = nullptr;
  void (*clear)(Object*) = nullptr;    // drops references that can close a cycle
  Status (*finalize)(Thread&, Value) = nullptr;
  Ref (*make)(Thread&, Type*, const Value* args, uint32_t nargs, Tuple* keywords) = nullptr;  // __new__
  Status (*init)(Thread&, Value, const Value* args, uint32_t nargs, Tuple* keywords) = nullptr;
  Ref (*call)(Thread&, Value, const Value* args, uint32_t nargs, Tuple* keywords) = nullptr;
  Ref (*repr)(Thread&, Value) = nullptr;
  Ref (*str)(Thread&, Value) = nullptr;
  Fallible<int64_t> (*hash)(Thread&, Value) = nullptr;
  Ref (*get_attr)(Thread&, Value, Str*) = nullptr;
  Status (*set_attr)(Thread&, Value, Str*, Value) = nullptr;  // Undefined deletes
  Ref (*compare)(Thread&, Value, Value, CompareOp) = nullptr;
  Ref (*iter)(Thread&, Value) = nullptr;
  Ref (*next)(Thread&, Value) = nullptr;  // empty without a pending exception: exhausted
  // Of builtin iterators over pairs: the two items without a tuple around them, owned. 1: here they are; 0: as `next` when it is
  // empty; -1: ask `next`.
  int (*next_pair)(Thread&, Value, Value out[2]) = nullptr;
  Ref (*descr_get)(Thread&, Value descr, Value object, Value type) = nullptr;  // object may be Undefined
  Status (*descr_set)(Thread&, Value descr, Value object, Value value) = nullptr;  // Undefined deletes
  Ref (*binary[kBinaryOpCount])(Thread&, Value, Value) = {};
  Ref (*inplace[kBinaryOpCount])(Thread&, Value, Value) = {};
  Ref (*power)(Thread&, Value, Value, Value) = nullptr;  // three-argument pow
  Ref (*negative)(Thread&, Value) = nullptr;
  Ref (*positive)(Thread&, Value) = nullptr;
  Ref (*absolute)(Thread&, Value) = nullptr;
  Ref (*invert)(Thread&, Value) = nullptr;
  Fallible<bool> (*truth)(Thread&, Value) = nullptr;
  Ref (*to_int)(Thread&, Value) = nullptr;
  Ref (*to_float)(Thread&, Value) = nullptr;
  Ref (*index)(Thread&, Value) = nullptr;
  Fallible<int64_t> (*length)(Thread&, Value) = nullptr;
  Ref (*get_item)(Thread&, Value, Value key) = nullptr;
  Status (*set_item)(Thread&, Value, Value key, Value value) = nullptr;  // Undefined deletes
  Fallible<bool> (*contains)(Thread&, Value, Value) = nullptr;
  Ref (*concat)(Thread&, Value, Value) = nullptr;   // sequence +
  Ref (*repeat)(Thread&, Value, Value) = nullptr;   // sequence *; the second operand has __index__
  Ref (*inplace_concat)(Thread&, Value, Value) = nullptr;
  Ref (*inplace_repeat)(Thread&, Value, Value) = nullptr;
  Ref (*await)(Thread&, Value) = nullptr;
  Ref (*aiter)(Thread&, Value) = nullptr;
  Ref (*anext)(Thread&, Value) = nullptr;
  // Direct memory access (buffer.h): raises when there is none now; every success is followed by one release.
  Status (*get_buffer)(Thread&, Value, BufferInfo& out) = nullptr;
  void (*release_buffer)(Value) = nullptr;
};

struct Type : Object {
  TypeId id = TypeId::kOther;      // this very type, when C++ names it
  TypeId layout = TypeId::kObject; // the nearest base that C++ code knows the memory layout of
  uint32_t flags = 0;
  uint32_t basic_size = 0;         // bytes of an instance before inline attributes
  uint32_t dict_offset = 0;        // of the Dict* behind __dict__, when it is not a Shape; 0: none
  uint32_t version = 0;            // changes with every change of the type or a base; 0: none assigned yet
  uint32_t inline_slots = 0;       // attributes kept inside an Instance
  uint32_t fixed_size = 0;         // bytes of every instance's block; 0: they differ, ask objectSize
  Slots slots;
  Str* name = nullptr;             // __name__
  Str* qualname = nullptr;
  Type* base = nullptr;
  Tuple* bases = nullptr;
  Tuple* mro = nullptr;
  Dict* dict = nullptr;
  Shape* root_shape = nullptr;
  const char* doc = nullptr;
  const char* native_name = nullptr;       // "module.name" of builtin types made outside builtins
  const char* module_name = "builtins";  // of builtin types; heap types have __module__ in dict
  struct Subclasses* subclasses = nullptr;
  TypeSpec* spec = nullptr; // of a builtin type, until readyType
  Value new_function;              // borrowed cache: what __new__ resolves to in a heap type
  Value init_function;             // borrowed: a Python function found as __init__, valid for `init_version`
  uint32_t init_version = 0;
  bool ready = false;

  bool has(TypeFlag flag) const { return (flags & flag) != 0; }
};

// What describes a builtin type: see makeType.
struct TypeSpec {
  const char* name;  // "module.name" or "name" (builtins)
  TypeId id = TypeId::kOther;
  uint32_t size = 0;
  uint32_t flags = 0;
  Type* base = nullptr;            // object when null
  const NativeDef* methods = nullptr;
  const GetSetDef* getsets = nullptr;
  const char* doc = nullptr;
  uint32_t dict_offset = 0;
  Type* metatype = nullptr;
};

// Makes a builtin type. The caller fills `slots`; readyType then inherits the missing ones, computes the MRO and publishes
// slot wrappers, methods and attributes in the type's dictionary. For the types of types.def, init<Id>Type only makes and
// fills; starting the isolate readies them all in order. Types made later (modules) call readyType themselves.
Type* makeType(Isolate& isolate, const TypeSpec& spec);
void readyType(Isolate& isolate, Type* type);
// Fills fixed_size, once the layout is settled.
void noteFixedSize(Type* type);

inline Type* typeOfHeap(Value v) { return v.object()->type; }
// The class of any defined Value.
inline Type* typeOf(const Thread& t, Value v) {
  if (v.isHeap()) return v.object()->type;
  const Types& types = t.types();
  if (v.isInt()) return types.int_;
  if (v.isFloat()) return types.float_;
  if (v.isNone()) return types.none;
  if (v.isBool()) return types.bool_;
  return v.isEllipsis() ? types.ellipsis : types.not_implemented;
}

inline bool isExact(Value v, TypeId id) { return v.isHeap() && v.object()->type->id == id; }
inline bool hasLayout(Value v, TypeId layout) { return v.isHeap() && v.object()->type->layout == layout; }

inline bool isType(Value v) { return hasLayout(v, TypeId::kType); }
inline bool isStr(Value v) { return hasLayout(v, TypeId::kStr); }
inline bool isExactStr(Value v) { return isExact(v, TypeId::kStr); }
inline bool isTuple(Value v) { return hasLayout(v, TypeId::kTuple); }
inline bool isList(Value v) { return hasLayout(v, TypeId::kList); }
inline bool isDict(Value v) { return hasLayout(v, TypeId::kDict); }
inline bool isBytes(Value v) { return hasLayout(v, TypeId::kBytes); }
inline bool isByteArray(Value v) { return hasLayout(v, TypeId::kByteArray); }
inline bool isSet(Value v) { return hasLayout(v, TypeId::kSet) || hasLayout(v, TypeId::kFrozenSet); }
inline bool isException(Value v) { return hasLayout(v, TypeId::kBaseException); }

bool isSubtype(const Type* type, const Type* base);
inline bool isInstanceOf(const Thread& t, Value v, const Type* type) {
  const Type* own = typeOf(t, v);
  return own == type || isSubtype(own, type);
}

// The attribute in the MRO, borrowed; Undefined when absent. Cached by (type version, name).
Value typeLookup(Type* type, Str* name);
// The type's version, assigning one when there is none.
uint32_t typeVersion(Type* type);
// To be called after any change to type->dict, bases or slots.
void typeModified(Type* type);
// Class attribute assignment (Undefined deletes), with slot updates. ref: type_setattro.
Status typeSetAttr_py(Thread& t, Type* type, Str* name, Value value);
// The three-argument type(): ref: type_new.
Ref typeNew_py(Thread& t, Type* metatype, Str* name, Tuple* bases, Dict* ns, const Value* kw_values, Tuple* kw_names);
// What error messages call a class (tp_name): native classes outside builtins with their module, Python's by __name__.
// UTF-8, valid while the type lives.
const char* typeNameOf(const Thread& t, Value v);
const char* typeName(const Type* type);
// The last part only, as reprs show it.
const char* shortTypeName(const Type* type);
// Sets the slots that `name` (or every name, when null) stands for from the dictionaries in the MRO.
void updateSlots(Isolate& isolate, Type* type, Str* name);
void inheritSlots(Type* type);
void addSlotWrappers(Isolate& isolate, Type* type);
// Adds `type` to its bases' lists of subclasses.
void registerSubclass(Type* type);
// The most derived metatype of `bases`, or raises. ref: _PyType_CalculateMetaclass.
Type* calculateMetatype(Thread& t, Type* metatype, Tuple* bases);
Ref mroOf_py(Thread& t, Type* type);
Ref typeGetAttr_py(Thread& t, Value type, Str* name);

}  // namespace krait::object
