// TypedDicts in the relations: a TypedDict is compared key by key, and a key that one of the two does not name is what
// its rest says: `ReadOnly[NotRequired[object]]` where it is open, `NotRequired[Never]` where it is closed, or the type
// of its extra items. ref: PEP 705, PEP 728
#include "checker/relations/subtype_internal.h"

namespace krait::relations {

TypedDictItem restOf(World& w, TypeId dict) {
  TypedDictItem rest;
  rest.required = false;
  const TypedDictShape& shape = w.types.typedDictShape(dict);
  if (shape.has_extra) {
    rest.type = w.types.typedDictExtra(dict);
    rest.read_only = shape.extra_read_only;
  } else if (shape.is_closed) {
    rest.type = w.types.never();
  } else {
    rest.type = objectType(w);
    rest.read_only = true;
  }
  return rest;
}

static bool isOpen(World& w, TypeId dict) {
  const TypedDictShape& shape = w.types.typedDictShape(dict);
  return !shape.is_closed && !shape.has_extra;
}

static const TypedDictItem& itemOr(const std::vector<TypedDictItem>& items, NameId name, const TypedDictItem& rest) {
  for (const TypedDictItem& item : items) {
    if (item.name == name) return item;
  }
  return rest;
}

static bool fits(World& w, const TypedDictItem& given, const TypedDictItem& wanted, const SubtypeOptions& o) {
  if (wanted.read_only) return (given.required || !wanted.required) && isSubtype(w, given.type, wanted.type, o);
  if (given.read_only || given.required != wanted.required) return false;
  return o.proper ? isSameType(w, given.type, wanted.type) : isEquivalent(w, given.type, wanted.type, o);
}

// A TypedDict whose items are all known is a Mapping of what they are, and a dict where each may be changed and
// deleted. ref: PEP 728
static bool fitsMapping(World& w, TypeId dict, TypeId mapping, const SubtypeOptions& o) {
  const std::string& name = w.classes[w.types[mapping].cls()].fullname;
  bool is_dict = name == "builtins.dict";
  if (isOpen(w, dict) || w.types[mapping].count != 2 || !(is_dict || name == "typing.Mapping")) return false;
  if (!isSubtype(w, builtinType(w, "str"), w.types[mapping].items[0], o)) return false;
  TypeId wanted = w.types[mapping].items[1];
  std::vector<TypedDictItem> items = w.types.typedDictItems(dict);
  items.push_back(restOf(w, dict));
  if (is_dict && w.types.typedDictShape(dict).is_closed) return false;
  for (const TypedDictItem& item : items) {
    if (is_dict ? item.required || item.read_only || !isEquivalent(w, item.type, wanted, o) : !isSubtype(w, item.type, wanted, o)) return false;
  }
  return true;
}

bool leftTypedDict(World& w, TypeId left, TypeId right, const SubtypeOptions& o) {
  if (w.types.is(right, TypeKind::kInstance)) return isSubtype(w, w.types[left].extra, right, o) || fitsMapping(w, left, right, o);
  if (!w.types.is(right, TypeKind::kTypedDict)) return false;
  std::vector<TypedDictItem> left_items = w.types.typedDictItems(left);
  std::vector<TypedDictItem> right_items = w.types.typedDictItems(right);
  TypedDictItem left_rest = restOf(w, left);
  TypedDictItem right_rest = restOf(w, right);
  for (const TypedDictItem& wanted : right_items) {
    if (!fits(w, itemOr(left_items, wanted.name, left_rest), wanted, o)) return false;
  }
  if (isOpen(w, right)) return true;
  for (const TypedDictItem& given : left_items) {
    const TypedDictItem& wanted = itemOr(right_items, given.name, right_rest);
    if (&wanted == &right_rest && !fits(w, given, wanted, o)) return false;
  }
  return fits(w, left_rest, right_rest, o);
}

// The names of both, those of the first one first.
static std::vector<NameId> allNames(const std::vector<TypedDictItem>& a, const std::vector<TypedDictItem>& b) {
  std::vector<NameId> names;
  for (const std::vector<TypedDictItem>* items : {&a, &b}) {
    for (const TypedDictItem& item : *items) {
      bool seen = false;
      for (NameId name : names) seen = seen || name == item.name;
      if (!seen) names.push_back(item.name);
    }
  }
  return names;
}

static TypeId anonymousFallback(World& w) {
  TypeId base = namedType(w, "typing", "_TypedDict");
  return w.types.is(base, TypeKind::kInstance) ? base : namedType(w, "typing", "Mapping");
}

static TypedDictItem joinItems(World& w, NameId name, const TypedDictItem& a, const TypedDictItem& b) {
  TypedDictItem item;
  item.name = name;
  item.required = a.required && b.required;
  item.read_only = a.read_only || b.read_only || a.required != b.required || !isEquivalent(w, a.type, b.type);
  item.type = join(w, a.type, b.type);
  return item;
}

TypeId joinTypedDicts(World& w, TypeId a, TypeId b) {
  std::vector<TypedDictItem> a_items = w.types.typedDictItems(a);
  std::vector<TypedDictItem> b_items = w.types.typedDictItems(b);
  TypedDictItem a_rest = restOf(w, a);
  TypedDictItem b_rest = restOf(w, b);
  std::vector<TypedDictItem> items;
  for (NameId name : allNames(a_items, b_items)) {
    const TypedDictItem& x = itemOr(a_items, name, a_rest);
    const TypedDictItem& y = itemOr(b_items, name, b_rest);
    if ((&x == &a_rest && isOpen(w, a)) || (&y == &b_rest && isOpen(w, b))) continue;
    items.push_back(joinItems(w, name, x, y));
  }
  const TypedDictShape& shape_a = w.types.typedDictShape(a);
  const TypedDictShape& shape_b = w.types.typedDictShape(b);
  bool closed = shape_a.is_closed && shape_b.is_closed;
  TypeId extra;
  bool extra_read_only = false;
  if (shape_a.has_extra && shape_b.has_extra) {
    TypedDictItem rest = joinItems(w, NameId::none(), a_rest, b_rest);
    extra = rest.type;
    extra_read_only = rest.read_only;
  }
  return w.types.typedDict(items, anonymousFallback(w), closed, extra, extra_read_only);
}

// False: no value can be in both.
static bool meetItems(World& w, const TypedDictItem& a, const TypedDictItem& b, TypedDictItem& item) {
  if (!a.read_only && !b.read_only) {
    if (a.required != b.required || !isEquivalent(w, a.type, b.type)) return false;
    item.required = a.required;
    item.type = meet(w, a.type, b.type);
    return true;
  }
  if (a.read_only && b.read_only) {
    item.read_only = true;
    item.required = a.required || b.required;
    item.type = meet(w, a.type, b.type);
    return !item.required || !w.types.is(proper(w, item.type), TypeKind::kNever);
  }
  const TypedDictItem& variable = a.read_only ? b : a;
  const TypedDictItem& fixed = a.read_only ? a : b;
  if (fixed.required && !variable.required) return false;
  if (!isSubtype(w, variable.type, fixed.type)) return false;
  item.required = variable.required;
  item.type = meet(w, variable.type, fixed.type);
  return true;
}

TypeId meetTypedDicts(World& w, TypeId a, TypeId b) {
  std::vector<TypedDictItem> a_items = w.types.typedDictItems(a);
  std::vector<TypedDictItem> b_items = w.types.typedDictItems(b);
  TypedDictItem a_rest = restOf(w, a);
  TypedDictItem b_rest = restOf(w, b);
  std::vector<TypedDictItem> items;
  for (NameId name : allNames(a_items, b_items)) {
    const TypedDictItem& x = itemOr(a_items, name, a_rest);
    const TypedDictItem& y = itemOr(b_items, name, b_rest);
    TypedDictItem item;
    item.name = name;
    if (&x == &a_rest && isOpen(w, a)) {
      item = y;
    } else if (&y == &b_rest && isOpen(w, b)) {
      item = x;
    } else if (!meetItems(w, x, y, item)) {
      return TypeId::none();
    }
    items.push_back(item);
  }
  bool closed = w.types.typedDictShape(a).is_closed || w.types.typedDictShape(b).is_closed;
  TypeId extra;
  bool extra_read_only = false;
  if (!closed && !(isOpen(w, a) && isOpen(w, b))) {
    TypedDictItem rest;
    if (!meetItems(w, a_rest, b_rest, rest)) return TypeId::none();
    extra = rest.type;
    extra_read_only = rest.read_only;
  }
  return w.types.typedDict(items, anonymousFallback(w), closed, extra, extra_read_only);
}

}  // namespace krait::relations
