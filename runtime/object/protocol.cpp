// Attributes, calls, conversions and iteration for any value. ref: Objects/object.c, Objects/abstract.c, Objects/call.c.
#include "runtime/object/protocol.h"

#include <cstring>

#include "runtime/object/containers.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/exception.h"
#include "runtime/object/float.h"
#include "runtime/object/format.h"
#include "runtime/object/instance.h"
#include "runtime/object/int.h"
#include "runtime/object/str.h"

namespace krait::object {

// --- attributes
// An AttributeError that does not say of what gets to know it. ref: set_attribute_error_context.
__attribute__((noinline)) void noteAttribute(Thread& t, Value object, Str* name) {
  if (!pendingMatches(t, errors(t).attribute_error)) return;
  BaseException* e = t.pending.as<BaseException>();
  if (e->extra[kExtraName].defined() || e->extra[kExtraObj].defined()) return;
  e->extra[kExtraName] = share(Value(name));
  e->extra[kExtraObj] = share(object);
}
Ref getAttr_py(Thread& t, Value v, Str* name) {
  Ref r = typeOf(t, v)->slots.get_attr(t, v, name);
  if (__builtin_expect(!r, 0)) noteAttribute(t, v, name);
  return r;
}

Ref getAttrNamed_py(Thread& t, Value v, const char* name) { return getAttr_py(t, v, intern(*t.isolate, name)); }

Status setAttr_py(Thread& t, Value v, Str* name, Value value) {
  Type* type = typeOf(t, v);
  if (!name->is_interned) name = internStr(*t.isolate, name);
  return type->slots.set_attr(t, v, name, value);
}

// The lookup of object.__getattribute__; with `quiet`, absence is an empty Ref without exception.
static Ref lookupAttr(Thread& t, Value v, Str* name, bool quiet) {
  Type* type = typeOf(t, v);
  Ref descr = Ref::of(typeLookup(type, name));
  Type* descr_type = descr ? typeOf(t, descr.get()) : nullptr;
  if (descr && descr_type->slots.descr_get != nullptr && descr_type->slots.descr_set != nullptr) {
    return descr_type->slots.descr_get(t, descr.get(), v, type);
  }
  if (v.isHeap() && type->has(kTypeHasDict)) {  // of a class, taken as any object, what stands in its dictionary
    bool is_builtin = isType(v) && !v.as<Type>()->has(kTypeHeap);  // those keep theirs elsewhere
    Value own = is_builtin ? Value() : isType(v) ? dictGetStr(v.as<Type>()->dict, name) : instanceGet(v.object(), name);
    if (own.defined()) return Ref::of(own);
  }
  if (descr) {
    if (descr_type->slots.descr_get != nullptr) return descr_type->slots.descr_get(t, descr.get(), v, type);
    return descr;
  }
  if (quiet) return Ref();
  return raiseNoAttribute(t, v, name);
}

Ref genericGetAttr_py(Thread& t, Value v, Str* name) { return lookupAttr(t, v, name, false); }

Ref findAttr_py(Thread& t, Value v, Str* name) {
  if (typeOf(t, v)->slots.get_attr == genericGetAttr_py) {
    Ref r = lookupAttr(t, v, name, true);
    if (!r && pendingMatches(t, errors(t).attribute_error)) clearException(t);
    return r;
  }
  Ref r = getAttr_py(t, v, name);
  if (!r && pendingMatches(t, errors(t).attribute_error)) clearException(t);
  return r;
}

Status genericSetAttr_py(Thread& t, Value v, Str* name, Value value) {
  Type* type = typeOf(t, v);
  Ref descr = Ref::of(typeLookup(type, name));
  if (descr && typeOf(t, descr.get())->slots.descr_set != nullptr) {
    return typeOf(t, descr.get())->slots.descr_set(t, descr.get(), v, value);
  }
  if (v.isHeap() && type->has(kTypeHasDict)) {
    if (instanceSet(t, v.object(), name, value)) return kDone;
    return raiseNoAttribute(t, v, name);
  }
  if (descr) {
    return raiseAttributeError(t, v, name, "'" + std::string(typeName(type)) + "' object attribute '" + toUtf8(name) + "' is read-only");
  }
  if (type->slots.set_attr != genericSetAttr_py || !type->has(kTypeHeap)) {
    return raiseAttributeError(t, v, name, "'" + std::string(typeName(type)) + "' object has no attribute '" + toUtf8(name) + "'" +
        (type->has(kTypeHasDict) ? "" : " and no __dict__ for setting new attributes"));
  }
  return raiseAttributeError(t, v, name, "'" + std::string(typeName(type)) + "' object has no attribute '" + toUtf8(name) + "' and no __dict__ for setting new attributes");
}

Ref findSpecial_py(Thread& t, Value v, Str* name) {
  Type* type = typeOf(t, v);
  Ref found = Ref::of(typeLookup(type, name));
  if (!found) return Ref();
  Type* found_type = typeOf(t, found.get());
  if (found_type->slots.descr_get != nullptr) return found_type->slots.descr_get(t, found.get(), v, type);
  return found;
}

// --- calls
Ref call_py(Thread& t, Value callee, const Value* args, uint32_t nargs, Tuple* keywords) {
  Type* type = typeOf(t, callee);
  if (type->slots.call == nullptr) return raiseTypeError(t, "'%s' object is not callable", typeName(type));
  TRY(checkRecursion(t, " while calling a Python object"));
  return type->slots.call(t, callee, args, nargs, keywords);
}

bool isCallable(const Thread& t, Value v) { return typeOf(t, v)->slots.call != nullptr; }

Ref callMethodArgs_py(Thread& t, Value object, Str* name, const Value* args, uint32_t nargs) {
  Ref method = TRY(getAttr_py(t, object, name));
  return call_py(t, method.get(), args, nargs);
}

Ref callTuple_py(Thread& t, Value callee, Tuple* args, Dict* kwargs) {
  if (kwargs == nullptr || kwargs->used == 0) return call_py(t, callee, args->items(), static_cast<uint32_t>(args->size));
  int64_t total = args->size + kwargs->used;
  Ref values = newTuple(t, total), names = newTuple(t, kwargs->used);
  Value* out = values.as<Tuple>()->items();
  for (int64_t i = 0; i < args->size; ++i) out[i] = share(args->items()[i]);
  Value key, value;
  int64_t n = 0;
  for (int64_t at = 0; dictNext(kwargs, at, key, value); ++n) {
    if (!isStr(key)) return raiseTypeError(t, "keywords must be strings");
    out[args->size + n] = share(value);
    names.as<Tuple>()->items()[n] = share(key);
  }
  return call_py(t, callee, out, static_cast<uint32_t>(args->size), names.as<Tuple>());
}

// --- conversion
Fallible<bool> isTrue_py(Thread& t, Value v) {
  if (v.isBool()) return v.isTrue();
  if (v.isNone()) return false;
  if (v.isInt()) return v.asInt() != 0;
  if (v.isFloat()) return v.asDouble() != 0;
  const Slots& slots = typeOf(t, v)->slots;
  if (slots.truth != nullptr) return slots.truth(t, v);
  if (slots.length != nullptr) return TRY(slots.length(t, v)) != 0;
  return true;
}

static Ref checkText(Thread& t, Ref r, const char* what) {
  if (r && !isStr(r.get())) return raiseTypeError(t, "%s returned non-string (type %s)", what, typeNameOf(t, r.get()));
  return r;
}

Ref repr_py(Thread& t, Value v) {
  TRY(checkRecursion(t, " while getting the repr of an object"));
  return checkText(t, typeOf(t, v)->slots.repr(t, v), "__repr__");
}

Ref str_py(Thread& t, Value v) {
  if (isExactStr(v)) return Ref::of(v);
  TRY(checkRecursion(t, " while getting the str of an object"));
  const Slots& slots = typeOf(t, v)->slots;
  if (slots.str == nullptr) return repr_py(t, v);
  return checkText(t, slots.str(t, v), "__str__");
}

Ref ascii_py(Thread& t, Value v) {
  Ref r = TRY(repr_py(t, v));
  Str* s = r.as<Str>();
  if (s->is_ascii) return r;
  std::string out;
  for (int64_t i = 0; i < s->length; ++i) {
    char32_t c = s->at(i);
    if (c < 0x80) out += static_cast<char>(c);
    else out += format(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", static_cast<unsigned>(c));
  }
  return newStr(t, out);
}

Ref format_py(Thread& t, Value v, Value spec) {
  if (spec.isUndefined()) spec = t.isolate->empty_str;
  if (spec.as<Str>()->length == 0) {
    if (isExactStr(v)) return Ref::of(v);
    if (v.isInt()) return str_py(t, v);
  }
  if (v.isFloat()) return formatFloat_py(t, v, spec);
  if (v.isInt()) return formatInt_py(t, v, spec);
  if (isExactStr(v)) return formatStr_py(t, v, spec);
  Ref method = findSpecial_py(t, v, t.names().d_format);
  if (!method) {
    if (isPending(t)) return Ref();
    return raiseTypeError(t, "Type %s doesn't define __format__", typeNameOf(t, v));
  }
  Ref r = TRY(call_py(t, method.get(), &spec, 1));
  if (!isStr(r.get())) return raiseTypeError(t, "__format__ must return a str, not %s", typeNameOf(t, r.get()));
  return r;
}

Fallible<int64_t> hash_py(Thread& t, Value v) {
  if (isExactStr(v)) return strHash(v.as<Str>());
  if (v.isInt()) return intHash(v);
  Type* type = typeOf(t, v);
  if (type->slots.hash == nullptr) return raiseTypeError(t, "unhashable type: '%s'", typeName(type));
  return type->slots.hash(t, v);
}

// --- comparison
static constexpr CompareOp kSwapped[] = {CompareOp::kGt, CompareOp::kGe, CompareOp::kEq, CompareOp::kNe, CompareOp::kLt, CompareOp::kLe};
static constexpr const char* kCompareText[] = {"<", "<=", "==", "!=", ">", ">="};

static Ref compareSlow(Thread& t, Value a, Value b, CompareOp op) {
  Type *ta = typeOf(t, a), *tb = typeOf(t, b);
  bool tried_reflected = false;
  if (ta != tb && tb->slots.compare != nullptr && isSubtype(tb, ta)) {
    tried_reflected = true;
    Ref r = tb->slots.compare(t, b, a, kSwapped[static_cast<int>(op)]);
    if (!r || !r.get().isNotImplemented()) return r;
  }
  if (ta->slots.compare != nullptr) {
    Ref r = ta->slots.compare(t, a, b, op);
    if (!r || !r.get().isNotImplemented()) return r;
  }
  if (!tried_reflected && tb->slots.compare != nullptr) {
    Ref r = tb->slots.compare(t, b, a, kSwapped[static_cast<int>(op)]);
    if (!r || !r.get().isNotImplemented()) return r;
  }
  if (op == CompareOp::kEq) return Ref::boolean(a == b);
  if (op == CompareOp::kNe) return Ref::boolean(a != b);
  return raiseTypeError(t, "'%s' not supported between instances of '%s' and '%s'", kCompareText[static_cast<int>(op)], typeName(ta), typeName(tb));
}

template <class T>
static bool holds(T a, T b, CompareOp op) {
  switch (op) {
    case CompareOp::kLt: return a < b;
    case CompareOp::kLe: return a <= b;
    case CompareOp::kEq: return a == b;
    case CompareOp::kNe: return a != b;
    case CompareOp::kGt: return a > b;
    case CompareOp::kGe: return a >= b;
  }
  return false;
}

Ref compare_py(Thread& t, Value a, Value b, CompareOp op) {
  if (a.isInt() && b.isInt()) return Ref::boolean(holds(a.asInt(), b.asInt(), op));
  if (a.isFloat() && b.isFloat()) return Ref::boolean(holds(a.asDouble(), b.asDouble(), op));
  TRY(checkRecursion(t, " in comparison"));
  return compareSlow(t, a, b, op);
}

Fallible<bool> compareTrue_py(Thread& t, Value a, Value b, CompareOp op) {
  if (a.isInt() && b.isInt()) return holds(a.asInt(), b.asInt(), op);
  if (isExactStr(a) && isExactStr(b)) {
    if (op == CompareOp::kEq) return strEqual(a.as<Str>(), b.as<Str>());
    if (op == CompareOp::kNe) return !strEqual(a.as<Str>(), b.as<Str>());
    return holds(strCompare(a.as<Str>(), b.as<Str>()), 0, op);
  }
  if (a.isFloat() && b.isFloat()) return holds(a.asDouble(), b.asDouble(), op);
  Ref r = TRY(compare_py(t, a, b, op));
  return isTrue_py(t, r.get());
}

static int quickEqualItems(Value a, Value b) {
  if (a == b && !a.isFloat()) return 1;
  if (a.isInt() && b.isInt()) return 0;
  if (isExactStr(a) && isExactStr(b)) return strEqual(a.as<Str>(), b.as<Str>());
  return -1;
}
int quickEqual(Value a, Value b) {
  int same = quickEqualItems(a, b);
  if (same >= 0 || !isExact(a, TypeId::kTuple) || !isExact(b, TypeId::kTuple)) return same;
  const Tuple *x = a.as<Tuple>(), *y = b.as<Tuple>();
  if (x->size != y->size) return 0;
  for (int64_t i = 0; i < x->size; ++i) {
    same = quickEqualItems(x->items()[i], y->items()[i]);
    if (same != 1) return same;
  }
  return 1;
}

Fallible<bool> equals_py(Thread& t, Value a, Value b) {
  if (a == b) return true;
  return compareTrue_py(t, a, b, CompareOp::kEq);
}

Fallible<bool> contains_py(Thread& t, Value container, Value item) {
  Type* type = typeOf(t, container);
  if (type->slots.contains != nullptr) return type->slots.contains(t, container, item);
  if (type->slots.iter == nullptr && type->slots.get_item == nullptr) {
    return raiseTypeError(t, "argument of type '%s' is not a container or iterable", typeName(type));
  }
  Iteration it(t, container);
  while (it.next()) {
    if (TRY(equals_py(t, it.value(), item))) return true;
  }
  if (it.raised()) return kRaised;
  return false;
}

Fallible<bool> (*meta_check_hook)(Thread& t, Value method, Value cls, Value v, bool& known) = nullptr;
static Fallible<bool> askHook(Thread& t, Value cls, Value v, Str* name, bool& known) {
  known = false;
  if (meta_check_hook == nullptr || !isType(cls)) return false;
  return meta_check_hook(t, typeLookup(typeOfHeap(cls), name), cls, v, known);
}

// ref: object_isinstance, recursive_isinstance.
static Fallible<bool> plainIsInstance(Thread& t, Value v, Value cls) {
  if (isType(cls)) {
    if (isInstanceOf(t, v, cls.as<Type>())) return true;
    Type* type = typeOf(t, v);
    bool is_plain = type->slots.get_attr == genericGetAttr_py;
    if (is_plain && !type->has(kTypeHeap)) return false;  // none of them says that it is something else
    if (is_plain && typeLookup(type, t.names().d_class) == typeLookup(t.types().object, t.names().d_class)) return false;
    Ref own = findAttr_py(t, v, t.names().d_class);
    if (!own && isPending(t)) return kRaised;
    return own && isType(own.get()) && own.get() != Value(typeOf(t, v)) && isSubtype(own.as<Type>(), cls.as<Type>());
  }
  Ref bases = findAttr_py(t, cls, t.names().d_bases);
  if (!bases && isPending(t)) return kRaised;
  if (!bases || !isTuple(bases.get())) return raiseTypeError(t, "isinstance() arg 2 must be a type, a tuple of types, or a union");
  Ref own = findAttr_py(t, v, t.names().d_class);
  if (!own) {
    if (isPending(t)) return kRaised;
    return false;
  }
  return isSubclass_py(t, own.get(), cls);
}

Fallible<bool> isInstance_py(Thread& t, Value v, Value cls) {
  if (cls == Value(typeOf(t, v))) return true;
  if (cls.isHeap() && typeOfHeap(cls) == t.types().type) return plainIsInstance(t, v, cls);
  if (isTuple(cls)) {
    Tuple* plain = cls.as<Tuple>();
    bool all_plain = true;
    for (int64_t i = 0; i < plain->size && all_plain; ++i) {
      Value one = plain->items()[i];
      all_plain = one.isHeap() && typeOfHeap(one) == t.types().type;
      if (all_plain && isInstanceOf(t, v, one.as<Type>())) return true;
    }
    TRY(checkRecursion(t, " in __instancecheck__"));
    Tuple* classes = cls.as<Tuple>();
    for (int64_t i = 0; i < classes->size; ++i) {
      if (TRY(isInstance_py(t, v, classes->items()[i]))) return true;
    }
    return false;
  }
  bool known;
  Fallible<bool> answer = askHook(t, cls, v, t.names().d_instancecheck, known);
  if (known) return answer;
  Ref check = findSpecial_py(t, cls, t.names().d_instancecheck);
  if (check) {
    TRY(checkRecursion(t, " in __instancecheck__"));
    Ref r = TRY(call_py(t, check.get(), &v, 1));
    return isTrue_py(t, r.get());
  }
  if (isPending(t)) return kRaised;
  return plainIsInstance(t, v, cls);
}

static Fallible<bool> abstractIsSubclass(Thread& t, Value derived, Value cls) {
  if (derived == cls) return true;
  Ref bases = findAttr_py(t, derived, t.names().d_bases);
  if (!bases) {
    if (isPending(t)) return kRaised;
    return false;
  }
  if (!isTuple(bases.get())) return false;
  TRY(checkRecursion(t, " in __issubclass__"));
  for (int64_t i = 0; i < bases.as<Tuple>()->size; ++i) {
    if (TRY(abstractIsSubclass(t, bases.as<Tuple>()->items()[i], cls))) return true;
  }
  return false;
}

Fallible<bool> plainIsSubclass_py(Thread& t, Value derived, Value cls) {
  if (isType(cls) && isType(derived)) return isSubtype(derived.as<Type>(), cls.as<Type>());
  for (Value v : {derived, cls}) {
    Ref bases = findAttr_py(t, v, t.names().d_bases);
    if (!bases && isPending(t)) return kRaised;
    if (bases && isTuple(bases.get())) continue;
    return raiseTypeError(t, v == derived ? "issubclass() arg 1 must be a class" : "issubclass() arg 2 must be a class, a tuple of classes, or a union");
  }
  return abstractIsSubclass(t, derived, cls);
}
Fallible<bool> plainIsInstance_py(Thread& t, Value v, Value cls) { return plainIsInstance(t, v, cls); }

Fallible<bool> isSubclass_py(Thread& t, Value derived, Value cls) {
  if (cls.isHeap() && typeOfHeap(cls) == t.types().type) {
    if (derived == cls) return true;
    return plainIsSubclass_py(t, derived, cls);
  }
  if (isTuple(cls)) {
    TRY(checkRecursion(t, " in __subclasscheck__"));
    for (int64_t i = 0; i < cls.as<Tuple>()->size; ++i) {
      if (TRY(isSubclass_py(t, derived, cls.as<Tuple>()->items()[i]))) return true;
    }
    return false;
  }
  bool known;
  Fallible<bool> answer = askHook(t, cls, derived, t.names().d_subclasscheck, known);
  if (known) return answer;
  Ref check = findSpecial_py(t, cls, t.names().d_subclasscheck);
  if (check) {
    TRY(checkRecursion(t, " in __subclasscheck__"));
    Ref r = TRY(call_py(t, check.get(), &derived, 1));
    return isTrue_py(t, r.get());
  }
  if (isPending(t)) return kRaised;
  return plainIsSubclass_py(t, derived, cls);
}

// --- items and iteration
Ref getItem_py(Thread& t, Value v, Value key) {
  Type* type = typeOf(t, v);
  if (type->slots.get_item != nullptr) return type->slots.get_item(t, v, key);
  if (isType(v)) {
    if (v == Value(t.types().type)) {
      Value args[2] = {v, key};
      return call_py(t, t.types().generic_alias, args, 2);
    }
    Ref method = findAttr_py(t, v, t.names().d_class_getitem);
    if (method && !method.get().isNone()) return call_py(t, method.get(), &key, 1);
    if (isPending(t)) return Ref();
    return raiseTypeError(t, "type '%s' is not subscriptable", typeName(v.as<Type>()));
  }
  return raiseTypeError(t, "'%s' object is not subscriptable", typeName(type));
}

Status setItem_py(Thread& t, Value v, Value key, Value value) {
  Type* type = typeOf(t, v);
  if (type->slots.set_item != nullptr) return type->slots.set_item(t, v, key, value);
  if (value.defined()) return raiseTypeError(t, "'%s' object does not support item assignment", typeName(type));
  bool is_sequence = (type->slots.get_item != nullptr || type->has(kTypeHeap)) && (isIntLike(key) || typeOf(t, key)->slots.index != nullptr);
  return raiseTypeError(t, "'%s' object %s support item deletion", typeName(type), is_sequence ? "doesn't" : "does not");
}

Fallible<int64_t> length_py(Thread& t, Value v) {
  Type* type = typeOf(t, v);
  if (type->slots.length == nullptr) return raiseTypeError(t, "object of type '%s' has no len()", typeName(type));
  return type->slots.length(t, v);
}

Fallible<int64_t> lengthHint_py(Thread& t, Value v, int64_t fallback) {
  Type* type = typeOf(t, v);
  if (type->slots.length != nullptr) {
    Fallible<int64_t> n = type->slots.length(t, v);
    if (!n.failed) return n;
    if (!pendingMatches(t, errors(t).type_error)) return kRaised;
    clearException(t);
  }
  Ref hint = findSpecial_py(t, v, t.names().d_length_hint);
  if (!hint) {
    if (isPending(t)) return kRaised;
    return fallback;
  }
  Ref r = call_py(t, hint.get(), nullptr, 0);
  if (!r) {
    if (!pendingMatches(t, errors(t).type_error)) return kRaised;
    clearException(t);
    return fallback;
  }
  if (r.get().isNotImplemented()) return fallback;
  if (!isIntLike(r.get())) return raiseTypeError(t, "__length_hint__ must be an integer, not %s", typeNameOf(t, r.get()));
  int64_t n;
  if (!intFits(r.get(), n)) return raiseOverflowError(t, "Python int too large to convert to C ssize_t");
  if (n < 0) return raiseValueError(t, "__length_hint__() should return >= 0");
  return n;
}

Ref newSequenceIterator(Thread& t, Value sequence);

Ref iter_py(Thread& t, Value v) {
  Type* type = typeOf(t, v);
  if (type->slots.iter != nullptr) {
    Ref r = TRY(type->slots.iter(t, v));
    if (typeOf(t, r.get())->slots.next == nullptr) {
      return raiseTypeError(t, "iter() returned non-iterator of type '%s'", typeNameOf(t, r.get()));
    }
    return r;
  }
  if (type->slots.get_item != nullptr && !isDict(v) && type->id != TypeId::kUnion) return newSequenceIterator(t, v);
  return raiseTypeError(t, "'%s' object is not iterable", typeName(type));
}

Ref next_py(Thread& t, Value iterator) {
  Ref r = nextOrStop_py(t, iterator);
  if (__builtin_expect(!r && pendingMatches(t, errors(t).stop_iteration), 0)) clearException(t);
  return r;
}
Ref nextOrStop_py(Thread& t, Value iterator) {
  auto next = typeOf(t, iterator)->slots.next;
  if (next == nullptr) return raiseTypeError(t, "'%s' object is not an iterator", typeNameOf(t, iterator));
  // An iterator over an iterator over ...: only the native stack ends.
  char here;
  if (__builtin_expect(&here <= t.c_stack_limit, 0)) TRY(checkRecursion(t, ""));
  return next(t, iterator);
}

Fallible<int64_t> checkIndex_py(Thread& t, Value key, int64_t length, const char* message) {
  int64_t i;
  if (key.isInt()) {
    i = key.asInt();
  } else {
    Ref index = TRY(toIndex_py(t, key));
    if (!intFits(index.get(), i)) return raiseIndexError(t, "cannot fit '%s' into an index-sized integer", typeNameOf(t, key));
  }
  if (i < 0) i += length;
  if (i < 0 || i >= length) return raiseIndexError(t, "%s", message);
  return i;
}

}  // namespace krait::object
