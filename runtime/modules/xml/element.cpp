// Element, its iterator and SubElement().
#include "runtime/modules/xml/element_tree.h"
#include "runtime/object/import.h"
#include "runtime/object/plain_key.h"

namespace krait::modules::element_tree {

static Element* self(Value v) { return v.as<Element>(); }
static Ref orNone(Value v) { return v.defined() ? Ref::of(v) : Ref::none(); }

Ref newElement(Thread&, Value tag, Value attrib) {
  Element* e = allocate<Element>(state.element);
  e->tag = share(tag);
  e->text = e->tail = Value::none();
  e->attrib = share(attrib);
  gcTrack(e);
  return Ref::steal(e);
}
void addChild(Thread& t, Element* parent, Value child) {
  if (parent->children == nullptr) parent->children = newList(t).release().as<List>();
  listAppend(parent->children, child);
}
static List* childrenOf(Thread& t, Element* e) {
  if (e->children == nullptr) e->children = newList(t).release().as<List>();
  return e->children;
}
static Dict* attribOf(Thread& t, Element* e) {
  if (e->attrib.isUndefined()) e->attrib = newDict(t).release();
  return e->attrib.as<Dict>();
}
static Status needElement(Thread& t, Value v, const char* where) {
  if (isElement(v)) return kDone;
  return raiseTypeError(t, "%s must be xml.etree.ElementTree.Element, not %s", where, typeNameOf(t, v));
}
static Status needMember(Thread& t, Value v) {
  if (isElement(v)) return kDone;
  return raiseTypeError(t, "expected an Element, not \"%s\"", typeNameOf(t, v));
}

// --- making one
// The attributes: a copy of the positional or named dict, with the other keywords. Undefined: none were given.
static Ref attributesFrom_py(Thread& t, Value given, const Value* values, Tuple* keywords) {
  Ref dict = given.defined() ? dictCopy(t, given.as<Dict>()) : Ref();
  for (int64_t i = 0; keywords != nullptr && i < keywords->size; ++i) {
    Str* name = keywords->items()[i].as<Str>();
    if (strEquals(name, "attrib") && given.isUndefined()) {
      if (!isDict(values[i])) return raiseTypeError(t, "attrib must be dict, not %s", typeNameOf(t, values[i]));
      Ref own = dictCopy(t, values[i].as<Dict>());
      if (dict) TRY(dictMerge_py(t, own.as<Dict>(), dict.get()));
      dict = std::move(own);
      continue;
    }
    if (!dict) dict = newDict(t);
    dictSetStr(dict.as<Dict>(), internStr(*t.isolate, name), values[i]);
  }
  return dict;
}
static Status needArguments(Thread& t, const char* name, uint32_t nargs, uint32_t least, const Value* attrib) {
  if (nargs < least) return raiseTypeError(t, "%s() takes at least %u argument%s (%u given)", name, least, least == 1 ? "" : "s", nargs);
  if (nargs > least + 1) return raiseTypeError(t, "%s() takes at most %u arguments (%u given)", name, least + 1, nargs);
  if (nargs > least && !isDict(*attrib)) return raiseTypeError(t, "%s() argument %u must be dict, not %s", name, least + 1, typeNameOf(t, *attrib));
  return kDone;
}
static Ref make(Thread&, Type* type, const Value*, uint32_t, Tuple*) {
  Element* e = allocate<Element>(type);
  e->tag = e->text = e->tail = Value::none();
  gcTrack(e);
  return Ref::steal(e);
}
static Status init(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  TRY(needArguments(t, "Element", nargs, 1, args + 1));
  Ref attrib = attributesFrom_py(t, nargs > 1 ? args[1] : Value(), args + nargs, keywords);
  if (!attrib && isPending(t)) return kRaised;
  store(self(v)->attrib, attrib.get());
  store(self(v)->tag, args[0]);
  store(self(v)->text, Value::none());
  store(self(v)->tail, Value::none());
  return kDone;
}
static Ref subElement(Thread& t, const Value* a) {
  Tuple* args = a[0].as<Tuple>();
  uint32_t nargs = static_cast<uint32_t>(args->size);
  if (nargs > 0) TRY(needElement(t, (*args)[0], "SubElement() argument 1"));
  TRY(needArguments(t, "SubElement", nargs, 2, args->items() + 2));
  Dict* keywords = a[1].as<Dict>();
  Ref names = newTuple(t, keywords->used), values = newTuple(t, keywords->used);
  Value key, value;
  int64_t i = 0;
  for (int64_t at = 0; dictNext(keywords, at, key, value); ++i) {
    names.as<Tuple>()->items()[i] = share(key);
    values.as<Tuple>()->items()[i] = share(value);
  }
  Ref attrib = attributesFrom_py(t, nargs > 2 ? (*args)[2] : Value(), values.as<Tuple>()->items(), names.as<Tuple>());
  if (!attrib && isPending(t)) return kRaised;
  Ref made = newElement(t, (*args)[1], attrib.get());
  addChild(t, self((*args)[0]), made.get());
  return made;
}
const NativeDef kSubElement = {"SubElement", "(*args, **attributes)", subElement, "Make an element as the last child of another."};

// --- as a sequence
static Fallible<int64_t> length(Thread&, Value v) { return self(v)->count(); }
static Ref getItem(Thread& t, Value v, Value key) {
  Element* e = self(v);
  if (isExact(key, TypeId::kSlice)) {
    Ref plain = TRY(plainKey_py(t, key));  // may run code that empties the element
    return getItem_py(t, childrenOf(t, e), plain.get());
  }
  if (!isIntLike(key) && typeOf(t, key)->slots.index == nullptr) return raiseTypeError(t, "element indices must be integers");
  int64_t i = TRY(toInt64_py(t, key));
  if (i < 0) i += e->count();
  if (i < 0 || i >= e->count()) return raiseIndexError(t, "child index out of range");
  return Ref::of(e->children->items[i]);
}
static Status setItem(Thread& t, Value v, Value key, Value value) {
  Ref held = Ref::of(v), given;
  Element* e = self(v);
  if (!isExact(key, TypeId::kSlice)) {
    if (!isIntLike(key) && typeOf(t, key)->slots.index == nullptr) return raiseTypeError(t, "element indices must be integers");
    int64_t i = TRY(toInt64_py(t, key));
    if (i < 0) i += e->count();
    if (i < 0 || i >= e->count()) return raiseIndexError(t, "child assignment index out of range");
    if (value.defined()) TRY(needMember(t, value));
    return setItem_py(t, e->children, Value::fromInt(i), value);
  }
  if (value.defined()) {
    given = listFromIterable_py(t, value);
    if (!given) return kRaised;
    for (int64_t i = 0; i < given.as<List>()->size; ++i) TRY(needMember(t, given.as<List>()->items[i]));
  }
  Ref plain = TRY(plainKey_py(t, key));
  return setItem_py(t, childrenOf(t, e), plain.get(), given.get());
}
static Fallible<bool> truth(Thread& t, Value v) {
  TRY(warn_py(t, errors(t).deprecation_warning, 1, "Testing an element's truth value will always return True in future versions.  Use specific 'len(elem)' or 'elem is not None' test instead."));
  return self(v)->count() > 0;
}
static Ref append(Thread& t, const Value* a) {
  TRY(needElement(t, a[1], "append() argument 1"));
  addChild(t, self(a[0]), a[1]);
  return Ref::none();
}
static Ref extend(Thread& t, const Value* a) {
  Ref list = listFromIterable_py(t, a[1]);
  if (!list && pendingMatches(t, errors(t).type_error) && typeOf(t, a[1])->slots.iter == nullptr) {
    clearException(t);
    return raiseTypeError(t, "'elements' must be an iterable");
  }
  if (!list) return Ref();
  for (int64_t i = 0; i < list.as<List>()->size; ++i) {
    TRY(needMember(t, list.as<List>()->items[i]));
    addChild(t, self(a[0]), list.as<List>()->items[i]);
  }
  return Ref::none();
}
static Ref insert(Thread& t, const Value* a) {
  int64_t at = TRY(toInt64_py(t, a[1]));
  TRY(needElement(t, a[2], "insert() argument 2"));
  listInsert(childrenOf(t, self(a[0])), at, a[2]);
  return Ref::none();
}
static Ref remove(Thread& t, const Value* a) {
  TRY(needElement(t, a[1], "remove() argument"));
  Element* e = self(a[0]);
  int64_t found = -1;
  for (int64_t i = 0; i < e->count() && found < 0; ++i) {
    if (e->children->items[i] == a[1]) found = i;
  }
  for (int64_t i = 0; i < e->count() && found < 0; ++i) {  // a comparison may change the children
    Ref child = Ref::of(e->children->items[i]);
    if (TRY(compareTrue_py(t, child.get(), a[1], CompareOp::kEq))) found = i;
  }
  if (found < 0 || found >= e->count()) return raiseValueError(t, "Element.remove(x): element not found");
  TRY(setItem_py(t, e->children, Value::fromInt(found), Value()));
  return Ref::none();
}
static Ref clear(Thread&, const Value* a) {
  Element* e = self(a[0]);
  clearField(e->attrib);
  clearField(e->children);
  store(e->text, Value::none());
  store(e->tail, Value::none());
  return Ref::none();
}

// --- attributes
static Ref get(Thread& t, const Value* a) {
  if (self(a[0])->attrib.isUndefined()) return Ref::of(a[2]);
  Value found = dictGet_py(t, self(a[0])->attrib.as<Dict>(), a[1]);
  if (found.isUndefined() && isPending(t)) return Ref();
  return Ref::of(found.defined() ? found : a[2]);
}
static Ref set(Thread& t, const Value* a) {
  TRY(dictSet_py(t, attribOf(t, self(a[0])), a[1], a[2]));
  return Ref::none();
}
static Ref listOf_py(Thread& t, Value v, const char* method) {
  Ref dict = Ref::of(Value(attribOf(t, self(v)))), view = TRY(callMethod_py(t, dict.get(), intern(*t.isolate, method)));
  return listFromIterable_py(t, view.get());
}
static Ref items(Thread& t, const Value* a) { return self(a[0])->attrib.isUndefined() ? newList(t) : listOf_py(t, a[0], "items"); }
static Ref keys(Thread& t, const Value* a) { return self(a[0])->attrib.isUndefined() ? newList(t) : listOf_py(t, a[0], "keys"); }
static Ref makeElement(Thread& t, const Value* a) {
  Tuple* args = a[1].as<Tuple>();
  if (args->size != 2) return raiseTypeError(t, "makeelement() takes exactly 2 positional arguments (%ld given)", static_cast<long>(args->size));
  if (!isDict((*args)[1])) return raiseTypeError(t, "makeelement() argument 2 must be dict, not %s", typeNameOf(t, (*args)[1]));
  Ref attrib = dictCopy(t, (*args)[1].as<Dict>());
  return newElement(t, (*args)[0], attrib.get());
}

// --- finding
// Whether the path is more than a tag, so that ElementPath must read it. ref: checkpath.
static bool isPath(Value path) {
  if (!isStr(path)) return true;
  Str* s = path.as<Str>();
  bool is_outside = true;
  if (s->length > 1 && s->at(0) == '{' && (s->at(1) == '}' || (s->length > 2 && s->at(1) == '*' && s->at(2) == '}'))) return true;
  for (int64_t i = 0; i < s->length; ++i) {
    char32_t c = s->at(i);
    if (c == '{') is_outside = false;
    else if (c == '}') is_outside = true;
    else if (is_outside && (c == '/' || c == '*' || c == '[' || c == '@' || c == '.')) return true;
  }
  return false;
}
static Ref askPath_py(Thread& t, const char* function, std::initializer_list<Value> args) {
  Ref module = TRY(importByName_py(t, "xml.etree.ElementPath")), callee = TRY(getAttrNamed_py(t, module.get(), function));
  return call_py(t, callee.get(), args.begin(), static_cast<uint32_t>(args.size()));
}
static Fallible<bool> hasTag_py(Thread& t, Value child, Value tag) {
  if (!isElement(child)) return false;
  Ref own = Ref::of(self(child)->tag);
  return equals_py(t, own.get(), tag);
}
static Ref find(Thread& t, const Value* a) {
  if (isPath(a[1]) || !a[2].isNone()) return askPath_py(t, "find", {a[0], a[1], a[2]});
  for (int64_t i = 0; i < self(a[0])->count(); ++i) {
    Ref child = Ref::of(self(a[0])->children->items[i]);
    if (TRY(hasTag_py(t, child.get(), a[1]))) return child;
  }
  return Ref::none();
}
static Ref findText(Thread& t, const Value* a) {
  if (isPath(a[1]) || !a[3].isNone()) return askPath_py(t, "findtext", {a[0], a[1], a[2], a[3]});
  for (int64_t i = 0; i < self(a[0])->count(); ++i) {
    Ref child = Ref::of(self(a[0])->children->items[i]);
    if (!TRY(hasTag_py(t, child.get(), a[1]))) continue;
    Ref text = TRY(getAttrNamed_py(t, child.get(), "text"));
    return text.get().isNone() ? Ref::of(t.isolate->empty_str) : std::move(text);
  }
  return Ref::of(a[2]);
}
static Ref findAll(Thread& t, const Value* a) {
  if (isPath(a[1]) || !a[2].isNone()) return askPath_py(t, "findall", {a[0], a[1], a[2]});
  Ref out = newList(t);
  for (int64_t i = 0; i < self(a[0])->count(); ++i) {
    Ref child = Ref::of(self(a[0])->children->items[i]);
    if (TRY(hasTag_py(t, child.get(), a[1]))) listAppend(out.as<List>(), child.get());
  }
  return out;
}
static Ref iterFind(Thread& t, const Value* a) { return askPath_py(t, "iterfind", {a[0], a[1], a[2]}); }

// --- walking: first the element, then its children
struct Walk : Object {
  List* path;        // the elements from the root to the one that is walked
  Value root, wanted;  // root: until it was given; wanted: a tag, or None
  std::vector<int64_t>* places;  // of the next child, for each element of the path
  bool gives_text;
};
static Ref newWalk(Thread& t, Value root, Value tag, bool gives_text) {
  Walk* w = allocate<Walk>(state.iterator);
  w->path = newList(t).release().as<List>();
  w->root = share(root);
  w->wanted = share(tag);
  w->places = new std::vector<int64_t>;
  w->gives_text = gives_text;
  gcTrack(w);
  return Ref::steal(w);
}
static Ref iter(Thread& t, const Value* a) {
  bool is_any = isStr(a[1]) && strEquals(a[1].as<Str>(), "*");
  return newWalk(t, a[0], is_any ? Value::none() : a[1], false);
}
static Ref iterText(Thread& t, const Value* a) { return newWalk(t, a[0], Value::none(), true); }
static void enter(Walk* w, Value element) {
  listAppend(w->path, element);
  w->places->push_back(0);
}
// What the walk gives for an element that it comes to; empty without an exception: nothing.
static Ref arrive_py(Thread& t, Walk* w, Value element) {
  if (!w->gives_text) {
    Ref tag = Ref::of(self(element)->tag);
    enter(w, element);
    if (w->wanted.isNone() || TRY(equals_py(t, tag.get(), w->wanted))) return Ref::of(element);
    return Ref();
  }
  enter(w, element);
  Ref text = TRY(getAttrNamed_py(t, element, "text"));
  return TRY(isTrue_py(t, text.get())) ? std::move(text) : Ref();
}
static Ref walkNext(Thread& t, Value v) {
  Walk* w = v.as<Walk>();
  Ref held = Ref::of(v);
  if (w->root.defined()) {
    Ref root = Ref::steal(w->root);
    w->root = Value();
    Ref r = arrive_py(t, w, root.get());
    if (r || isPending(t)) return r;
  }
  while (w->path->size > 0) {
    Ref top = Ref::of(w->path->items[w->path->size - 1]);
    int64_t& place = w->places->back();
    if (place < self(top.get())->count()) {
      Ref child = Ref::of(self(top.get())->children->items[place++]);
      if (!isElement(child.get())) return raise(t, errors(t).attribute_error, "'%s' object has no attribute 'iter'", typeNameOf(t, child.get()));
      Ref r = arrive_py(t, w, child.get());
      if (r || isPending(t)) return r;
      continue;
    }
    w->places->pop_back();
    TRY(setItem_py(t, w->path, Value::fromInt(w->path->size - 1), Value()));
    if (w->path->size == 0) break;
    if (!w->gives_text) continue;
    Ref tail = TRY(getAttrNamed_py(t, top.get(), "tail"));
    if (TRY(isTrue_py(t, tail.get()))) return tail;
  }
  return Ref();
}

// --- copies and pickling
static Ref copyOf_py(Thread& t, const Value* a) {
  Element* e = self(a[0]);
  Ref attrib = e->attrib.defined() ? dictCopy(t, e->attrib.as<Dict>()) : Ref(), made = newElement(t, e->tag, attrib.get());
  store(self(made.get())->text, e->text);
  store(self(made.get())->tail, e->tail);
  for (int64_t i = 0; i < e->count(); ++i) addChild(t, self(made.get()), e->children->items[i]);
  return made;
}
static Ref deepOf_py(Thread& t, Value v, Value memo) {
  if (v.isUndefined() || v.isNone() || isExactStr(v)) return Ref::of(v);
  Ref module = TRY(importByName_py(t, "copy")), deep = TRY(getAttrNamed_py(t, module.get(), "deepcopy"));
  return callArgs_py(t, deep.get(), v, memo);
}
static Ref deepCopy(Thread& t, const Value* a) {
  TRY(checkRecursion(t, ""));
  if (!isDict(a[1])) return raiseTypeError(t, "__deepcopy__() argument must be dict, not %s", typeNameOf(t, a[1]));
  Element* e = self(a[0]);
  Ref tag = TRY(deepOf_py(t, Ref::of(e->tag).get(), a[1])), attrib;
  if (e->attrib.defined()) attrib = TRY(deepOf_py(t, Ref::of(e->attrib).get(), a[1]));
  Ref made = newElement(t, tag.get(), attrib && isDict(attrib.get()) ? attrib.get() : Value());
  Ref text = TRY(deepOf_py(t, Ref::of(e->text).get(), a[1])), tail = TRY(deepOf_py(t, Ref::of(e->tail).get(), a[1]));
  store(self(made.get())->text, text.get());
  store(self(made.get())->tail, tail.get());
  for (int64_t i = 0; i < e->count(); ++i) {
    Ref child = Ref::of(e->children->items[i]);
    Value args[2] = {child.get(), a[1]};
    Ref own = TRY(isExactElement(child.get()) ? deepCopy(t, args) : deepOf_py(t, child.get(), a[1]));
    TRY(needMember(t, own.get()));
    addChild(t, self(made.get()), own.get());
  }
  Ref builtins = Ref::of(dictGetStr(t.isolate->builtins, intern(*t.isolate, "id"))), identity = TRY(callArgs_py(t, builtins.get(), a[0]));
  TRY(dictSet_py(t, a[1].as<Dict>(), identity.get(), made.get()));
  return made;
}
static Ref getState(Thread& t, const Value* a) {
  Element* e = self(a[0]);
  Ref out = newDict(t), children = e->children != nullptr ? listFrom(t, e->children->items, e->count()) : newList(t);
  Ref attrib = e->attrib.defined() ? Ref::of(e->attrib) : newDict(t);
  auto set = [&](const char* name, Value v) { dictSetStr(out.as<Dict>(), intern(*t.isolate, name), v); };
  set("tag", e->tag);
  set("_children", children.get());
  set("attrib", attrib.get());
  set("text", e->text);
  set("tail", e->tail);
  return out;
}
static Ref setState(Thread& t, const Value* a) {
  if (!isDict(a[1])) return raiseTypeError(t, "Don't know how to unpickle \"%s\" as an Element", reprText_py(t, a[1]).c_str());
  auto given = [&](const char* name) { return dictGetStr(a[1].as<Dict>(), intern(*t.isolate, name)); };
  Value children = given("_children"), attrib = given("attrib"), tag = given("tag"), text = given("text"), tail = given("tail");
  if (children.defined() && !isList(children)) return raiseTypeError(t, "'_children' is not a list");
  for (int64_t i = 0; children.defined() && i < children.as<List>()->size; ++i) TRY(needMember(t, children.as<List>()->items[i]));
  Element* e = self(a[0]);
  store(e->tag, tag.defined() ? tag : Value::none());
  store(e->text, text.defined() ? text : Value::none());
  store(e->tail, tail.defined() ? tail : Value::none());
  if (attrib.defined() && !attrib.isNone() && !isDict(attrib)) return raiseTypeError(t, "attrib must be dict, not %s", typeNameOf(t, attrib));
  store(e->attrib, attrib.defined() && isDict(attrib) ? attrib : Value());
  clearField(e->children);
  if (children.defined() && children.as<List>()->size > 0) e->children = listFrom(t, children.as<List>()->items, children.as<List>()->size).release().as<List>();
  return Ref::none();
}
static Ref sizeOf(Thread&, const Value* a) {
  int64_t room = self(a[0])->children != nullptr ? self(a[0])->children->capacity : 0;
  return newIntSmall(static_cast<int64_t>(sizeof(Element)) + room * 8);
}

// --- fields
template <Value Element::*Field>
static Ref getField(Thread&, Value v) { return orNone(self(v)->*Field); }
template <Value Element::*Field>
static Status setField(Thread& t, Value v, Value value) {
  if (value.isUndefined()) return raise(t, errors(t).attribute_error, "can't delete element attribute");
  store(self(v)->*Field, value);
  return kDone;
}
static Ref getAttrib(Thread& t, Value v) { return Ref::of(Value(attribOf(t, self(v)))); }
static Status setAttrib(Thread& t, Value v, Value value) {
  if (value.isUndefined()) return raise(t, errors(t).attribute_error, "can't delete element attribute");
  if (!isDict(value)) return raiseTypeError(t, "attrib must be dict, not %s", typeNameOf(t, value));
  store(self(v)->attrib, value);
  return kDone;
}
static const GetSetDef kGetSets[] = {{"tag", getField<&Element::tag>, setField<&Element::tag>, "A string identifying what kind of data this element represents"},
    {"text", getField<&Element::text>, setField<&Element::text>, "A string of text directly after the start tag, or None"},
    {"tail", getField<&Element::tail>, setField<&Element::tail>, "A string of text directly after the end tag, or None"},
    {"attrib", getAttrib, setAttrib, "A dictionary containing the element's attributes"}, {nullptr, nullptr}};
static const NativeDef kMethods[] = {{"clear", "($self, /)", clear}, {"get", "($self, /, key, default=None)", get}, {"set", "($self, key, value, /)", set},
    {"find", "($self, /, path, namespaces=None)", find}, {"findtext", "($self, /, path, default=None, namespaces=None)", findText},
    {"findall", "($self, /, path, namespaces=None)", findAll}, {"iterfind", "($self, /, path, namespaces=None)", iterFind}, {"append", "($self, subelement, /)", append},
    {"extend", "($self, elements, /)", extend}, {"insert", "($self, index, subelement, /)", insert}, {"remove", "($self, subelement, /)", remove},
    {"iter", "($self, /, tag=None)", iter}, {"itertext", "($self, /)", iterText}, {"items", "($self, /)", items}, {"keys", "($self, /)", keys},
    {"makeelement", "($self, /, *args)", makeElement}, {"__copy__", "($self, /)", copyOf_py}, {"__deepcopy__", "($self, memo, /)", deepCopy},
    {"__getstate__", "($self, /)", getState}, {"__setstate__", "($self, state, /)", setState}, {"__sizeof__", "($self, /)", sizeOf}, {nullptr, nullptr, nullptr}};

static Ref repr(Thread& t, Value v) {
  if (self(v)->tag.isNone()) return strFormat(t, "<Element at %p>", static_cast<void*>(v.object()));
  Ref tag = Ref::of(self(v)->tag), shown = TRY(repr_py(t, tag.get()));
  return strFormat(t, "<Element %s at %p>", toUtf8(shown.as<Str>()).c_str(), static_cast<void*>(v.object()));
}
static void drop(Object* o) {
  Element* e = static_cast<Element*>(o);
  for (Value* v : {&e->tag, &e->text, &e->tail, &e->attrib}) clearField(*v);
  clearField(e->children);
}
static void clearCycle(Object* o) {
  Element* e = static_cast<Element*>(o);
  clearField(e->attrib);
  clearField(e->children);
  for (Value* v : {&e->tag, &e->text, &e->tail}) {
    Value old = *v;
    *v = Value::none();
    decref(old);
  }
}

void addElementTypes(Thread& t, Module* m) {
  Type* type = state.element = makeType(*t.isolate, {.name = "xml.etree.ElementTree.Element", .size = sizeof(Element), .flags = kTypeGc | kTypeBaseable | kTypeWeakrefable, .methods = kMethods, .getsets = kGetSets});
  Slots& s = type->slots;
  s.make = make;
  s.init = init;
  s.dealloc = drop;
  s.clear = clearCycle;
  s.traverse = [](Object* o, Visitor visitor, void* context) {
    Element* e = static_cast<Element*>(o);
    for (Value v : {e->tag, e->text, e->tail, e->attrib}) visit(v, visitor, context);
    visit(e->children, visitor, context);
  };
  s.repr = repr;
  s.length = length;
  s.truth = truth;
  s.get_item = getItem;
  s.set_item = setItem;
  readyType(*t.isolate, type);
  moduleSetType(t, m, type);
  Type* walk = state.iterator = makeType(*t.isolate, {.name = "_elementtree._element_iterator", .size = sizeof(Walk), .flags = kTypeGc | kTypeDisallowNew});
  walk->slots.dealloc = [](Object* o) {
    Walk* w = static_cast<Walk*>(o);
    for (Value* v : {&w->root, &w->wanted}) clearField(*v);
    clearField(w->path);
    delete w->places;
  };
  walk->slots.traverse = [](Object* o, Visitor visitor, void* context) {
    Walk* w = static_cast<Walk*>(o);
    for (Value v : {w->root, w->wanted}) visit(v, visitor, context);
    visit(w->path, visitor, context);
  };
  walk->slots.iter = [](Thread&, Value v) { return Ref::of(v); };
  walk->slots.next = walkNext;
  readyType(*t.isolate, walk);
}

}  // namespace krait::modules::element_tree
