// Instances and shapes: attribute storage of user-defined classes.
#include "runtime/object/instance.h"

#include <unordered_map>

#include <cstring>

#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/int.h"
#include "runtime/object/str.h"

namespace krait::object {

constexpr uint32_t kDictAtEnd = 0xFFFFFFFFu;

static size_t sizeWithoutDict(const Object* object) {
  switch (object->type->layout) {
    case TypeId::kStr: {
      const Str* s = static_cast<const Str*>(object);
      return sizeof(Str) + static_cast<size_t>(s->length + 1) * s->kind;
    }
    case TypeId::kTuple: return sizeof(Tuple) + static_cast<const Tuple*>(object)->size * sizeof(Value);
    case TypeId::kInt: return sizeof(Int) + static_cast<const Int*>(object)->size * 8;
    default: return object->type->basic_size;
  }
}

// Sizes that only the type's own file knows are stored in the object: see setObjectSizeFunction users.
size_t bytesObjectSize(const Object* object);
size_t generatorObjectSize(const Object* object);

size_t objectSize(const Object* object) {
  const Type* type = object->type;
  size_t size;
  if (type->layout == TypeId::kBytes) size = bytesObjectSize(object);
  else if (type->layout == TypeId::kGenerator) size = generatorObjectSize(object);
  else size = sizeWithoutDict(object);
  if (type->dict_offset == kDictAtEnd) size = ((size + 7) & ~size_t{7}) + sizeof(Dict*);
  return size;
}

void noteFixedSize(Type* type) {
  TypeId l = type->layout;
  bool varies = l == TypeId::kStr || l == TypeId::kTuple || l == TypeId::kInt || l == TypeId::kBytes || l == TypeId::kGenerator || type->dict_offset == kDictAtEnd;
  type->fixed_size = varies ? 0 : type->basic_size;
}

Shape* rootShape(Type* type) {
  if (type->root_shape == nullptr) {
    Shape* shape = static_cast<Shape*>(std::calloc(1, sizeof(Shape)));
    shape->owner = type;
    type->root_shape = shape;
  }
  return type->root_shape;
}

int shapeFind(const Shape* shape, const Str* key) {
  for (uint32_t i = 0; i < shape->count; ++i) {
    if (shape->keys[i] == key) return static_cast<int>(i);
  }
  return -1;
}

static constexpr uint32_t kMaxTransitions = 64;
// What adding or, when the shape has it, taking away a key leads to.
static void addTransition(Shape* shape, Str* key, Shape* to) {
  if (shape->transition_count == shape->transition_capacity) {
    shape->transition_capacity = shape->transition_capacity * 2 + 2;
    shape->transitions = static_cast<ShapeTransition*>(std::realloc(shape->transitions, shape->transition_capacity * sizeof(ShapeTransition)));
  }
  shape->transitions[shape->transition_count++] = {key, to};
}
Shape* shapeAdd(Shape* shape, Str* key) {
  for (uint32_t i = 0; i < shape->transition_count; ++i) {
    if (shape->transitions[i].key == key) return shape->transitions[i].to;
  }
  if (shape->count >= shape->owner->inline_slots || shape->transition_count >= kMaxTransitions) return nullptr;
  Shape* next = static_cast<Shape*>(std::calloc(1, sizeof(Shape)));
  next->owner = shape->owner;
  next->count = shape->count + 1;
  next->keys = static_cast<Str**>(std::malloc(next->count * sizeof(Str*)));
  if (shape->count > 0) std::memcpy(next->keys, shape->keys, shape->count * sizeof(Str*));
  next->keys[shape->count] = key;
  addTransition(shape, key, next);
  return next;
}

// The shape after taking a key away: that of an instance which got the others only, in their order. Null when there is none.
static Shape* shapeRemove(Shape* shape, uint32_t slot) {
  Str* key = shape->keys[slot];
  for (uint32_t i = 0; i < shape->transition_count; ++i) {
    if (shape->transitions[i].key == key) return shape->transitions[i].to;
  }
  Shape* next = rootShape(shape->owner);
  for (uint32_t i = 0; i < shape->count && next != nullptr; ++i) {
    if (i != slot) next = shapeAdd(next, shape->keys[i]);
  }
  if (next != nullptr && shape->transition_count < kMaxTransitions) addTransition(shape, key, next);
  return next;
}

Ref newInstance(Thread& t, Type* type) {
  size_t size = type->basic_size;
  Object* object = static_cast<Object*>(allocateBytes(size));
  initHeader(object, type);
  if (type->has(kTypeHasShape)) {
    Instance* instance = static_cast<Instance*>(object);
    instance->shape = rootShape(type);
    instance->dict = nullptr;
    for (size_t i = 0; i < (size - sizeof(Instance)) / sizeof(Value); ++i) instance->slots[i] = Value();
  } else {
    Value* words = reinterpret_cast<Value*>(object + 1);
    for (size_t i = 0; i < (size - sizeof(Object)) / sizeof(Value); ++i) words[i] = Value();
    if (type->dict_offset != 0) *dictSlot(object) = nullptr;
  }
  if (type->has(kTypeGc)) gcTrack(object);
  return Ref::steal(object);
}

Dict** dictSlot(Object* object) {
  Type* type = object->type;
  if (type->has(kTypeHasShape)) return &static_cast<Instance*>(object)->dict;
  if (type->dict_offset == 0) return nullptr;
  char* base = reinterpret_cast<char*>(object);
  if (type->dict_offset == kDictAtEnd) return reinterpret_cast<Dict**>(base + objectSize(object) - sizeof(Dict*));
  return reinterpret_cast<Dict**>(base + type->dict_offset);
}

static Instance* shaped(Object* object) {
  if (!object->type->has(kTypeHasShape)) return nullptr;
  Instance* instance = static_cast<Instance*>(object);
  return instance->shape != nullptr ? instance : nullptr;
}

static void materialise(Thread& t, Instance* instance) {
  Ref dict = newDict(t);
  Shape* shape = instance->shape;
  for (uint32_t i = 0; i < shape->count; ++i) {
    if (instance->slots[i].defined()) dictSetStr(dict.as<Dict>(), shape->keys[i], instance->slots[i]);
  }
  instance->dict = dict.release().as<Dict>();
  instance->shape = nullptr;
  for (uint32_t i = 0; i < shape->count; ++i) clearField(instance->slots[i]);
}

Dict* objectDict(Thread& t, Object* object) {
  if (Instance* instance = shaped(object)) materialise(t, instance);
  Dict** slot = dictSlot(object);
  if (slot == nullptr) return nullptr;
  if (*slot == nullptr) *slot = newDict(t).release().as<Dict>();
  return *slot;
}

Status replaceObjectDict(Thread& t, Value v, Value dict) {
  if (dict.isUndefined()) return raiseTypeError(t, "cannot delete __dict__");
  return setObjectDict(t, v.object(), dict);
}

Status setObjectDict(Thread& t, Object* object, Value dict) {
  if (dict.defined() && !isDict(dict)) {
    return raiseTypeError(t, "__dict__ must be set to a dictionary, not a '%s'", typeNameOf(t, dict));
  }
  objectDict(t, object);
  Dict** slot = dictSlot(object);
  Dict* old = *slot;
  *slot = dict.defined() ? share(dict).as<Dict>() : nullptr;
  if (old != nullptr) decref(old);
  return kDone;
}

Value instanceGet(Object* object, Str* key) {
  if (!key->is_interned) key = internStr(*current_thread->isolate, key);
  if (Instance* instance = shaped(object)) {
    int slot = shapeFind(instance->shape, key);
    return slot < 0 ? Value() : instance->slots[slot];
  }
  Dict** slot = dictSlot(object);
  return slot == nullptr || *slot == nullptr ? Value() : dictGetStr(*slot, key);
}

static bool shapedSet(Thread& t, Instance* instance, Str* key, Value value, bool& handled) {
  handled = true;
  int slot = shapeFind(instance->shape, key);
  if (value.isUndefined()) {
    if (slot < 0 || instance->slots[slot].isUndefined()) return false;
    Shape* next = shapeRemove(instance->shape, static_cast<uint32_t>(slot));
    if (next == nullptr) {
      materialise(t, instance);
      handled = false;
      return true;
    }
    Value old = instance->slots[slot];
    uint32_t last = instance->shape->count - 1;
    for (uint32_t i = static_cast<uint32_t>(slot); i < last; ++i) instance->slots[i] = instance->slots[i + 1];
    instance->slots[last] = Value();
    instance->shape = next;
    decref(old);
    return true;
  }
  if (slot < 0) {
    Shape* next = shapeAdd(instance->shape, key);
    if (next == nullptr) {
      materialise(t, instance);
      handled = false;
      return true;
    }
    slot = static_cast<int>(instance->shape->count);
    instance->shape = next;
  }
  Value old = instance->slots[slot];
  instance->slots[slot] = share(value);
  decref(old);
  return true;
}

bool instanceSet(Thread& t, Object* object, Str* key, Value value) {
  if (Instance* instance = shaped(object)) {
    bool handled;
    bool ok = shapedSet(t, instance, internStr(*t.isolate, key), value, handled);
    if (handled) return ok;
  }
  Dict** slot = dictSlot(object);
  if (value.isUndefined()) return *slot != nullptr && dictDeleteStr(*slot, key);
  if (*slot == nullptr) *slot = newDict(t).release().as<Dict>();
  dictSetStr(*slot, key, value);
  return true;
}

bool isPlainShaped(const Type* type) {
  return type->has(kTypeHeap) && type->has(kTypeHasShape) && type->layout == TypeId::kObject && type->basic_size == sizeof(Instance) + type->inline_slots * sizeof(Value);
}
static std::unordered_map<const Object*, size_t> block_sizes;
void noteBlockSize(Object* object, size_t size) {
  if (object->gc & kGcResized) return;
  object->gc |= kGcResized;
  block_sizes[object] = size;
}
size_t takeBlockSize(Object* object) {
  size_t size = block_sizes[object];
  block_sizes.erase(object);
  return size;
}

// The words of the object that hold Values of __slots__ or inline attributes, beyond a builtin layout.
template <class Visit>
static void forEachField(Object* object, Visit visit) {
  Type* type = object->type;
  if (type->has(kTypeHasShape)) {
    if (object->gc & kGcResized) return;
    Instance* instance = static_cast<Instance*>(object);
    size_t n = (type->basic_size - sizeof(Instance)) / sizeof(Value);
    for (size_t i = 0; i < n; ++i) visit(instance->slots[i]);
    return;
  }
  Type* layout = type;
  while (layout->has(kTypeHeap)) layout = layout->base;
  if (layout->id == TypeId::kStr || layout->id == TypeId::kTuple || layout->id == TypeId::kInt || layout->id == TypeId::kBytes) return;
  char* begin = reinterpret_cast<char*>(object) + layout->basic_size;
  char* end = reinterpret_cast<char*>(object) + type->basic_size;
  char* skip = type->dict_offset != 0 ? reinterpret_cast<char*>(dictSlot(object)) : nullptr;
  for (; begin < end; begin += sizeof(Value)) {
    if (begin != skip) visit(*reinterpret_cast<Value*>(begin));
  }
}

static Type* nativeBase(Type* type) {
  while (type->has(kTypeHeap)) type = type->base;
  return type;
}

void deallocInstance(Object* object) {
  Dict** slot = dictSlot(object);
  Type* native = nativeBase(object->type);
  if (slot != nullptr && native->dict_offset == 0 && *slot != nullptr) decref(*slot);
  forEachField(object, [](Value& v) { decref(v); });
  if (native->slots.dealloc != nullptr) native->slots.dealloc(object);
}

void traverseInstance(Object* object, Visitor visitor, void* context) {
  Dict** slot = dictSlot(object);
  Type* native = nativeBase(object->type);
  if (slot != nullptr && native->dict_offset == 0) visit(*slot, visitor, context);
  forEachField(object, [&](Value& v) { visit(v, visitor, context); });
  visit(object->type, visitor, context);
  if (native->slots.traverse != nullptr) native->slots.traverse(object, visitor, context);
}

void clearInstance(Object* object) {
  Dict** slot = dictSlot(object);
  Type* native = nativeBase(object->type);
  if (slot != nullptr && native->dict_offset == 0) clearField(*slot);
  forEachField(object, [](Value& v) { clearField(v); });
  if (native->slots.clear != nullptr) native->slots.clear(object);
}

}  // namespace krait::object
