// Arrays of ctypes: what their items are as Python sees them. `Array[c_int]` gives and takes int as well as c_int; the
// stub can only say Any. ref: mypy plugins/ctypes.py
#include "checker/infer/library.h"

namespace krait::infer {

// The element type where the instance is an array; none: it is not.
static TypeId elementOf(World& w, TypeId instance) {
  instance = proper(w, instance);
  if (!w.types.is(instance, TypeKind::kInstance)) return TypeId::none();
  for (ClassId cls : w.header(w.types[instance].cls()).mro) {
    if (!isNamed(w, cls, "_ctypes.Array")) continue;
    TypeId mapped = mapToSupertype(w, instance, cls);
    return w.types[mapped].count == 1 ? w.types[mapped].items[0] : TypeId::none();
  }
  return TypeId::none();
}

// What _SimpleCData[T], a base of the type, is made from: T; none: it is no simple type.
static TypeId simpleValue(World& w, TypeId type, bool is_direct) {
  if (!w.types.is(type, TypeKind::kInstance)) return TypeId::none();
  if (is_direct) {
    for (TypeId base : w.header(w.types[type].cls()).bases) {
      if (isNamed(w, base, "_ctypes._SimpleCData") && w.types[base].count == 1) return w.types[base].items[0];
    }
    return TypeId::none();
  }
  for (ClassId cls : w.header(w.types[type].cls()).mro) {
    if (!isNamed(w, cls, "_ctypes._SimpleCData")) continue;
    TypeId mapped = mapToSupertype(w, type, cls);
    return w.types[mapped].count == 1 ? w.types[mapped].items[0] : TypeId::none();
  }
  return TypeId::none();
}

// What reading an item gives.
static TypeId unboxed(World& w, TypeId element) {
  std::vector<TypeId> items;
  for (TypeId item : unionItems(w, element)) {
    TypeId value = simpleValue(w, item, true);
    items.push_back(value.valid() ? value : item);
  }
  return simplifiedUnion(w, items);
}

// What may be stored as an item.
static TypeId storable(World& w, TypeId element) {
  std::vector<TypeId> items;
  for (TypeId item : unionItems(w, element)) {
    items.push_back(item);
    TypeId value = simpleValue(w, item, false);
    if (!value.valid()) continue;
    items.push_back(value);
    if (!isSubclass(w, w.types[item].cls(), "ctypes._PointerLike") && !isSubclass(w, w.types[item].cls(), "_ctypes._PointerLike")) continue;
    items.push_back(builtinType(w, "int"));
    items.push_back(w.types.none());
  }
  return simplifiedUnion(w, items);
}

// `value` and `raw`: of arrays of characters only.
static TypeId text(Checker& c, TypeId element, NameId name, NodeId node) {
  World& w = c.w;
  bool is_raw = w.text(name) == "raw";
  std::vector<TypeId> types;
  for (TypeId item : unionItems(w, element)) {
    if (w.types.is(item, TypeKind::kAny)) {
      types.push_back(is_raw ? builtinType(w, "bytes") : item);
    } else if (isNamed(w, item, "ctypes.c_char")) {
      types.push_back(builtinType(w, "bytes"));
    } else if (!is_raw && isNamed(w, item, "ctypes.c_wchar")) {
      types.push_back(builtinType(w, "str"));
    } else {
      fail(c, node, Code::kMisc,
           "Array attribute \"" + std::string(w.text(name)) + "\" is only available with element type \"c_char\"" +
               (is_raw ? "" : " or \"c_wchar\"") + ", not " + formatType(w, element));
      return w.types.any();
    }
  }
  return simplifiedUnion(w, types);
}

// A method with what the stub leaves open filled in.
static TypeId filled(World& w, TypeId method, TypeId element, std::string_view name) {
  CallableParts parts = w.types.parts(method);
  bool is_slice = !parts.types.empty() && isNamed(w, proper(w, parts.types[0]), "builtins.slice");
  if (name == "__iter__") {
    TypeId item = unboxed(w, element);
    parts.ret = namedType(w, "typing", "Iterator", std::span<const TypeId>(&item, 1));
  } else if (name == "__getitem__") {
    parts.ret = is_slice ? builtinType(w, "list", unboxed(w, element)) : unboxed(w, element);
  } else if (name == "__setitem__" && parts.types.size() == 2) {
    parts.types[1] = is_slice ? builtinType(w, "list", storable(w, element)) : storable(w, element);
  }
  return w.types.callable(parts);
}

TypeId arrayAttribute(Checker& c, TypeId instance, const AttributeSite& site, TypeId type) {
  World& w = c.w;
  std::string_view name = w.text(site.name);
  bool is_text = name == "value" || name == "raw";
  if (!is_text && name != "__iter__" && name != "__getitem__" && name != "__setitem__") return type;
  TypeId element = elementOf(w, instance);
  if (!element.valid()) return type;
  if (is_text) return site.is_lvalue ? type : text(c, element, site.name, site.node);
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kCallable)) return filled(w, plain, element, name);
  if (!w.types.is(plain, TypeKind::kOverloaded)) return type;
  std::vector<TypeId> items;
  for (TypeId item : std::vector<TypeId>(w.types[plain].args().begin(), w.types[plain].args().end())) items.push_back(filled(w, item, element, name));
  return w.types.overloaded(items);
}

void checkArrayConstructor(Checker& c, TypeId made, const CallSite& site) {
  World& w = c.w;
  TypeId element = elementOf(w, made);
  if (!element.valid()) return;
  TypeId wanted = storable(w, element);
  for (size_t i = 0; i < site.args.size(); ++i) {
    const Arg& arg = site.args[i];
    TypeId type = arg.node.valid() ? c.nodeType(arg.node) : arg.type;
    if (arg.kind != ArgKind::kPos || !type.valid() || isSubtype(w, type, wanted)) continue;
    fail(c, site.node, Code::kMisc,
         "Array constructor argument " + std::to_string(i + 1) + " of type " + formatType(w, type) +
             " is not convertible to the array element type " + formatType(w, element));
  }
}

}  // namespace krait::infer
