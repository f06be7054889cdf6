// The types behind t-strings: string.templatelib's Template and Interpolation, as the module `_string_templatelib` that
// the compiler's code reaches them by. ref: PEP 750, Objects/templateobject.c, interpolationobject.c.
#include <vector>

#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/import.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"
#include "runtime/object/type_names.h"

namespace krait::modules {

struct Interpolation : Object {
  Value parts[4];  // value, expression, conversion, format_spec
};
struct Template : Object {
  Tuple *strings, *interpolations;  // strings: one more than interpolations
};
struct TemplateIterator : Object {
  Value owner;
  int64_t at;  // even: a string, odd: an interpolation
};
struct TemplateState {
  Type *interpolation, *template_type, *iterator;
};
static TemplateState* state;
static Template* self(Value v) { return v.as<Template>(); }
static Value part(Value v, int i) { return v.as<Interpolation>()->parts[i]; }
static bool isInterpolation(Value v) { return v.isHeap() && v.object()->type == state->interpolation; }

// --- Interpolation
static Ref newInterpolation(Value value, Value expression, Value conversion, Value spec) {
  Interpolation* i = allocate<Interpolation>(state->interpolation);
  Value parts[4] = {value, expression, conversion, spec};
  for (int k = 0; k < 4; ++k) i->parts[k] = share(parts[k]);
  gcTrack(i);
  return Ref::steal(i);
}
static Ref interpolationMake(Thread& t, Type*, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "Interpolation", "(value, expression='', conversion=None, format_spec='')", args, nargs, keywords, a));
  if (!isStr(a[1])) return raiseTypeError(t, "Interpolation() argument 'expression' must be str, not %s", typeNameOf(t, a[1]));
  if (!isStr(a[3])) return raiseTypeError(t, "Interpolation() argument 'format_spec' must be str, not %s", typeNameOf(t, a[3]));
  if (!a[2].isNone()) {
    if (!isStr(a[2])) return raiseTypeError(t, "Interpolation() argument 'conversion' must be str, not %s", typeNameOf(t, a[2]));
    std::string c = toUtf8(a[2].as<Str>());
    if (c != "s" && c != "a" && c != "r") return raiseValueError(t, "Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'");
  }
  return newInterpolation(a[0], a[1], a[2], a[3]);
}
static void interpolationDealloc(Object* o) {
  for (Value v : static_cast<Interpolation*>(o)->parts) decref(v);
}
static void interpolationTraverse(Object* o, Visitor visitor, void* context) {
  for (Value v : static_cast<Interpolation*>(o)->parts) visit(v, visitor, context);
}
static Ref interpolationRepr(Thread& t, Value v) {
  std::string out = std::string(shortTypeName(typeOf(t, v))) + "(";
  for (int i = 0; i < 4; ++i) {
    Ref text = TRY(repr_py(t, part(v, i)));
    out += (i > 0 ? ", " : "") + toUtf8(text.as<Str>());
  }
  return newStr(t, out + ")");
}
static Ref interpolationReduce(Thread& t, const Value* a) {
  Ref args = tupleFrom(t, a[0].as<Interpolation>()->parts, 4);
  return tupleOf(t, {Value(state->interpolation), args.get()});
}
template <int I>
static Ref getPart(Thread&, Value v) { return Ref::of(part(v, I)); }
static Ref aliasFor(Thread& t, const Value* a) { return callArgs_py(t, t.types().generic_alias, a[0], a[1]); }

// --- Template
static Ref newTemplate(Ref strings, Ref interpolations) {
  Template* made = allocate<Template>(state->template_type);
  made->strings = strings.release().as<Tuple>();
  made->interpolations = interpolations.release().as<Tuple>();
  gcTrack(made);
  return Ref::steal(made);
}
// A template of parts in any order: neighbouring strings are joined, missing ones are empty.
static Ref fromParts(Thread& t, const Value* parts, int64_t n) {
  Ref strings = newList(t), interpolations = newList(t);
  StrBuilder text;
  for (int64_t i = 0; i < n; ++i) {
    if (isStr(parts[i])) {
      text.add(parts[i].as<Str>());
    } else if (isInterpolation(parts[i])) {
      listAppendSteal(strings.as<List>(), text.finish(t).release());
      text.clear();
      listAppend(interpolations.as<List>(), parts[i]);
    } else {
      return raiseTypeError(t, "Template.__new__ *args need to be of type 'str' or 'Interpolation', got %s", typeNameOf(t, parts[i]));
    }
  }
  listAppendSteal(strings.as<List>(), text.finish(t).release());
  List *s = strings.as<List>(), *k = interpolations.as<List>();
  return newTemplate(tupleFrom(t, s->items, s->size), tupleFrom(t, k->items, k->size));
}
static Ref templateMake(Thread& t, Type*, const Value* args, uint32_t nargs, Tuple* keywords) {
  if (keywords != nullptr && keywords->size > 0) return raiseTypeError(t, "Template.__new__ only accepts *args arguments");
  return fromParts(t, args, nargs);
}
static void templateDealloc(Object* o) {
  decref(static_cast<Object*>(static_cast<Template*>(o)->strings));
  decref(static_cast<Object*>(static_cast<Template*>(o)->interpolations));
}
static void templateTraverse(Object* o, Visitor visitor, void* context) { visit(static_cast<Template*>(o)->interpolations, visitor, context); }
static Ref templateRepr(Thread& t, Value v) {
  Ref strings = TRY(repr_py(t, self(v)->strings)), interpolations = TRY(repr_py(t, self(v)->interpolations));
  return newStr(t, std::string(shortTypeName(typeOf(t, v))) + "(strings=" + toUtf8(strings.as<Str>()) + ", interpolations=" + toUtf8(interpolations.as<Str>()) + ")");
}
static Ref templateAdd(Thread& t, Value a, Value b) {
  if (typeOf(t, a) != state->template_type || typeOf(t, b) != state->template_type) {
    return raiseTypeError(t, "can only concatenate string.templatelib.Template (not \"%s\") to string.templatelib.Template", fullTypeName(t, b).c_str());
  }
  std::vector<Value> parts;
  for (Value v : {a, b}) {
    Tuple *strings = self(v)->strings, *interpolations = self(v)->interpolations;
    for (int64_t i = 0; i < strings->size; ++i) {
      parts.push_back(strings->items()[i]);
      if (i < interpolations->size) parts.push_back(interpolations->items()[i]);
    }
  }
  return fromParts(t, parts.data(), static_cast<int64_t>(parts.size()));
}
static Ref templateIter(Thread&, Value v) {
  TemplateIterator* it = allocate<TemplateIterator>(state->iterator);
  it->owner = share(v);
  gcTrack(it);
  return Ref::steal(it);
}
static Ref iteratorNext(Thread&, Value v) {
  TemplateIterator* it = v.as<TemplateIterator>();
  for (;;) {
    int64_t at = it->at++;
    Tuple* from = at % 2 == 0 ? self(it->owner)->strings : self(it->owner)->interpolations;
    if (at / 2 >= from->size) {
      --it->at;
      return Ref();
    }
    Value item = from->items()[at / 2];
    if (at % 2 == 1 || item.as<Str>()->length > 0) return Ref::of(item);
  }
}
static Ref templateReduce(Thread& t, const Value* a) {
  Ref function = TRY(importAttr_py(t, "string.templatelib", "_template_unpickle"));
  Ref parts = tupleOf(t, {self(a[0])->strings, self(a[0])->interpolations});
  return tupleOf(t, {function.get(), parts.get()});
}
static Ref getStrings(Thread&, Value v) { return Ref::of(self(v)->strings); }
static Ref getInterpolations(Thread&, Value v) { return Ref::of(self(v)->interpolations); }
static Ref getValues(Thread& t, Value v) {
  Tuple* from = self(v)->interpolations;
  Ref out = newTuple(t, from->size);
  for (int64_t i = 0; i < from->size; ++i) out.as<Tuple>()->items()[i] = share(part(from->items()[i], 0));
  return out;
}

static const NativeDef kInterpolationMethods[] = {{"__reduce__", "($self, /)", interpolationReduce},
    {"__class_getitem__", "($type, object, /)", aliasFor, "See PEP 585"}, {nullptr, nullptr, nullptr}};
static const GetSetDef kInterpolationGetSets[] = {{"value", getPart<0>, readOnlyMember}, {"expression", getPart<1>, readOnlyMember}, {"conversion", getPart<2>, readOnlyMember},
    {"format_spec", getPart<3>, readOnlyMember}, {nullptr, nullptr}};
static const NativeDef kTemplateMethods[] = {{"__reduce__", "($self, /)", templateReduce}, {"__class_getitem__", "($type, object, /)", aliasFor, "See PEP 585"},
    {nullptr, nullptr, nullptr}};
static const GetSetDef kTemplateGetSets[] = {{"strings", getStrings, readOnlyMember}, {"interpolations", getInterpolations, readOnlyMember}, {"values", getValues}, {nullptr, nullptr}};

static Status initModule(Thread& t, Module* m) {
  state = new TemplateState();
  Type* i = state->interpolation = makeType(*t.isolate, {.name = "string.templatelib.Interpolation", .size = sizeof(Interpolation), .flags = kTypeGc,
                                                         .methods = kInterpolationMethods, .getsets = kInterpolationGetSets});
  i->slots.dealloc = interpolationDealloc;
  i->slots.traverse = interpolationTraverse;
  i->slots.make = interpolationMake;
  i->slots.repr = interpolationRepr;
  readyType(*t.isolate, i);
  Ref match = tupleOf(t, {intern(*t.isolate, "value"), intern(*t.isolate, "expression"), intern(*t.isolate, "conversion"), intern(*t.isolate, "format_spec")});
  dictSetStr(i->dict, t.names().d_match_args, match.get());
  Type* type = state->template_type = makeType(*t.isolate, {.name = "string.templatelib.Template", .size = sizeof(Template), .flags = kTypeGc,
                                                            .methods = kTemplateMethods, .getsets = kTemplateGetSets, .doc = "Template object"});
  type->slots.dealloc = templateDealloc;
  type->slots.traverse = templateTraverse;
  type->slots.make = templateMake;
  type->slots.repr = templateRepr;
  type->slots.iter = templateIter;
  type->slots.concat = templateAdd;
  readyType(*t.isolate, type);
  Type* it = state->iterator = makeType(*t.isolate, {.name = "string.templatelib.TemplateIter", .size = sizeof(TemplateIterator), .flags = kTypeGc | kTypeDisallowNew});
  it->slots.dealloc = [](Object* o) { decref(static_cast<TemplateIterator*>(o)->owner); };
  it->slots.traverse = [](Object* o, Visitor visitor, void* context) { visit(static_cast<TemplateIterator*>(o)->owner, visitor, context); };
  it->slots.iter = [](Thread&, Value v) -> Ref { return Ref::of(v); };
  it->slots.next = iteratorNext;
  readyType(*t.isolate, it);
  moduleSetType(t, m, i);
  moduleSetType(t, m, type);
  return kDone;
}
extern const NativeModule kTemplatelibModule;
const NativeModule kTemplatelibModule = {"_string_templatelib", nullptr, nullptr, initModule};

}  // namespace krait::modules
