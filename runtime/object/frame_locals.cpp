// FrameLocalsProxy: frame.f_locals of a function, which reads and writes the variables themselves (PEP 667). Names that the code
// does not know are kept in a dictionary of the frame. ref: Objects/frameobject.c.
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/frame.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/repr_guard.h"
#include "runtime/object/str.h"

namespace krait::object {

Ref frameLocals(Thread& t, FrameObject* o);  // frame_type.cpp
Ref newLocalsProxy(Thread& t, FrameObject* frame);

namespace {
struct LocalsProxy : Object {
  FrameObject* frame;  // owned
};
}  // namespace
static Type* proxy_type = nullptr;
static FrameObject* frameOf(Value v) { return v.as<LocalsProxy>()->frame; }

// The register of the variable, or null; a cell's contents are what counts.
static Value* variable(FrameObject* o, Str* name) {
  Value* values = o->frame != nullptr ? o->frame->registers() : o->values;
  uint32_t n = o->frame != nullptr ? o->code->local_count + o->code->free_count : o->value_count;
  for (uint32_t i = 0; i < n; ++i) {
    Value own = i < o->code->local_count ? o->code->local_names->items()[i] : o->code->free_names->items()[i - o->code->local_count];
    if (!strEqual(own.as<Str>(), name)) continue;
    bool is_cell = i >= o->code->local_count;
    for (int64_t k = 0; k < o->code->cell_names->size; ++k) is_cell = is_cell || o->code->cell_registers[k] == i;
    return is_cell && isExact(values[i], TypeId::kCell) ? &values[i].as<Cell>()->value : &values[i];
  }
  return nullptr;
}
static Value find_py(Thread& t, Value v, Value key) {
  FrameObject* o = frameOf(v);
  Value* slot = isStr(key) ? variable(o, key.as<Str>()) : nullptr;
  if (slot != nullptr) return *slot;
  if (o->local_dict != nullptr) return dictGet_py(t, o->local_dict, key);
  if (hash_py(t, key).raised()) return Value();
  return Value();
}
static Ref getItem(Thread& t, Value v, Value key) {
  Value found = find_py(t, v, key);
  if (found.defined()) return Ref::of(found);
  if (isPending(t)) return Ref();
  return raise(t, errors(t).key_error, "local variable '%s' is not defined", reprText_py(t, key).c_str());
}
static Status setItem(Thread& t, Value v, Value key, Value value) {
  FrameObject* o = frameOf(v);
  Value* slot = isStr(key) ? variable(o, key.as<Str>()) : nullptr;
  if (slot != nullptr && value.isUndefined()) return raiseValueError(t, "cannot remove local variables from FrameLocalsProxy");
  if (slot != nullptr) {
    Value old = *slot;
    *slot = share(value);
    decref(old);
    return kDone;
  }
  if (value.isUndefined()) {
    bool deleted = o->local_dict != nullptr && TRY(dictDelete_py(t, o->local_dict, key));
    if (!deleted) return raiseKeyError(t, key);
    return kDone;
  }
  if (o->local_dict == nullptr) o->local_dict = newDict(t).release().as<Dict>();
  return dictSet_py(t, o->local_dict, key, value);
}
static Fallible<bool> contains(Thread& t, Value v, Value key) {
  bool found = find_py(t, v, key).defined();
  if (isPending(t)) return kRaised;
  return found;
}
static Ref snapshot(Thread& t, Value v) {
  Ref all = frameLocals(t, frameOf(v));
  if (frameOf(v)->local_dict != nullptr) TRY(dictMerge_py(t, all.as<Dict>(), frameOf(v)->local_dict));
  return all;
}
static Fallible<int64_t> length(Thread& t, Value v) {
  Ref all = TRY(snapshot(t, v));
  return all.as<Dict>()->used;
}
static Ref iterate(Thread& t, Value v) {
  Ref all = TRY(snapshot(t, v)), keys = dictKeysList(t, all.as<Dict>());
  return iter_py(t, keys.get());
}
static Ref repr(Thread& t, Value v) {
  ReprGuard guard(t, v);
  if (guard.isNested()) return newStr(t, "{...}");
  Ref all = TRY(snapshot(t, v));
  return repr_py(t, all.get());
}
static Ref compare(Thread& t, Value a, Value b, CompareOp op) {
  bool is_proxy = b.isHeap() && typeOfHeap(b) == proxy_type;
  if ((!is_proxy && !isDict(b)) || (op != CompareOp::kEq && op != CompareOp::kNe)) return Ref::notImplemented();
  if (is_proxy) return Ref::boolean((frameOf(a) == frameOf(b)) == (op == CompareOp::kEq));
  Ref all = TRY(snapshot(t, a));
  return compare_py(t, all.get(), b, op);
}
static Ref unite(Thread& t, Value a, Value b) {
  bool is_left = a.isHeap() && typeOfHeap(a) == proxy_type, is_right = b.isHeap() && typeOfHeap(b) == proxy_type;
  if ((!is_left && !isDict(a)) || (!is_right && !isDict(b))) return Ref::notImplemented();
  Ref left = is_left ? TRY(snapshot(t, a)) : dictCopy(t, a.as<Dict>()), right = is_right ? TRY(snapshot(t, b)) : Ref::of(b);
  TRY(dictMerge_py(t, left.as<Dict>(), right.get()));
  return left;
}
static Status update_py(Thread& t, Value v, Value other) {
  Ref all = newDict(t);
  bool is_proxy = other.isHeap() && typeOfHeap(other) == proxy_type;
  if (!is_proxy && !isDict(other)) return raiseTypeError(t, "update() argument must be dict or another FrameLocalsProxy");
  Ref source = is_proxy ? TRY(snapshot(t, other)) : Ref::of(other);
  TRY(dictMerge_py(t, all.as<Dict>(), source.get()));
  Value key, value;
  for (int64_t at = 0; dictNext(all.as<Dict>(), at, key, value);) TRY(setItem(t, v, key, value));
  return kDone;
}
static Ref uniteInPlace(Thread& t, Value a, Value b) {
  if (!isDict(b) && !(b.isHeap() && typeOfHeap(b) == proxy_type)) return Ref::notImplemented();
  TRY(update_py(t, a, b));
  return Ref::of(a);
}
static Ref part_py(Thread& t, Value v, const char* method) {
  Ref all = TRY(snapshot(t, v)), view = TRY(callMethod_py(t, all.get(), intern(*t.isolate, method)));
  return listFromIterable_py(t, view.get());
}
static Ref keys(Thread& t, const Value* a) { return part_py(t, a[0], "keys"); }
static Ref values(Thread& t, const Value* a) { return part_py(t, a[0], "values"); }
static Ref items(Thread& t, const Value* a) { return part_py(t, a[0], "items"); }
static Ref copy(Thread& t, const Value* a) { return snapshot(t, a[0]); }
static Ref reversed(Thread& t, const Value* a) {
  Ref all = TRY(snapshot(t, a[0]));
  return callMethod_py(t, all.get(), t.names().d_reversed);
}
static Ref get(Thread& t, const Value* a) {
  Value found = find_py(t, a[0], a[1]);
  if (isPending(t)) return Ref();
  return Ref::of(found.defined() ? found : a[2]);
}
static Ref setDefault(Thread& t, const Value* a) {
  Value found = find_py(t, a[0], a[1]);
  if (isPending(t)) return Ref();
  if (found.defined()) return Ref::of(found);
  TRY(setItem(t, a[0], a[1], a[2]));
  return Ref::of(a[2]);
}
static Ref pop(Thread& t, const Value* a) {
  FrameObject* o = frameOf(a[0]);
  if (isStr(a[1]) && variable(o, a[1].as<Str>()) != nullptr) return raiseValueError(t, "cannot remove local variables from FrameLocalsProxy");
  Ref value = o->local_dict != nullptr ? dictPop_py(t, o->local_dict, a[1]) : Ref();
  if (value || isPending(t)) return value;
  if (a[2].defined()) return Ref::of(a[2]);
  return raiseKeyError(t, a[1]);
}
static Ref update(Thread& t, const Value* a) {
  TRY(update_py(t, a[0], a[1]));
  return Ref::none();
}
static const NativeDef kMethods[] = {{"keys", "($self, /)", keys}, {"values", "($self, /)", values}, {"items", "($self, /)", items}, {"copy", "($self, /)", copy},
    {"__reversed__", "($self, /)", reversed}, {"get", "($self, key, default=None, /)", get}, {"setdefault", "($self, key, default=None, /)", setDefault},
    {"pop", "($self, key, default=<unset>, /)", pop}, {"update", "($self, other, /)", update}, {nullptr, nullptr, nullptr}};

static Ref makeProxy(Thread& t, Type*, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (keywords != nullptr && keywords->size > 0) return raiseTypeError(t, "FrameLocalsProxy takes no keyword arguments");
  if (nargs != 1) return raiseTypeError(t, "FrameLocalsProxy expected 1 argument, got %u", nargs);
  if (!isExact(args[0], TypeId::kFrame)) return raiseTypeError(t, "expect frame, not %s", typeNameOf(t, args[0]));
  return newLocalsProxy(t, args[0].as<FrameObject>());
}
static Type* proxyType(Isolate& isolate) {
  if (proxy_type != nullptr) return proxy_type;
  Type* type = proxy_type = makeType(isolate, {.name = "FrameLocalsProxy", .size = sizeof(LocalsProxy), .flags = kTypeGc | kTypeMatchMapping, .methods = kMethods});
  Slots& s = type->slots;
  s.dealloc = [](Object* o) { decref(static_cast<Object*>(static_cast<LocalsProxy*>(o)->frame)); };
  s.traverse = [](Object* o, Visitor visitor, void* context) { visit(static_cast<LocalsProxy*>(o)->frame, visitor, context); };
  s.make = makeProxy;
  s.get_item = getItem;
  s.set_item = setItem;
  s.contains = contains;
  s.length = length;
  s.iter = iterate;
  s.repr = repr;
  s.compare = compare;
  s.binary[static_cast<int>(BinaryOp::kOr)] = unite;
  s.inplace[static_cast<int>(BinaryOp::kOr)] = uniteInPlace;
  readyType(isolate, type);
  return type;
}
Ref newLocalsProxy(Thread& t, FrameObject* frame) {
  LocalsProxy* p = allocate<LocalsProxy>(proxyType(*t.isolate));
  p->frame = share(Value(frame)).as<FrameObject>();
  gcTrack(p);
  return Ref::steal(p);
}

}  // namespace krait::object
