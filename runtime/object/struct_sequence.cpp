// The hidden fields live in a dictionary that the instance has behind its items; the visible ones are the tuple's items.
#include "runtime/object/struct_sequence.h"

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "runtime/object/descriptor.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/instance.h"
#include "runtime/object/int.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

// The definition of a type is found through a capsule-like int in its dictionary: the address.
static const StructSequenceDef& defOf(const Type* type) {
  Value v = dictGetStr(type->dict, intern(*current_thread->isolate, "_structseq"));
  return *reinterpret_cast<const StructSequenceDef*>(static_cast<uintptr_t>(v.asInt()));
}

template <int I>
static Ref getField(Thread&, Value v) { return Ref::of(v.as<Tuple>()->items()[I]); }
// A field behind the visible ones.
template <int I>
static Ref getHidden(Thread& t, Value v) {
  const StructSequenceDef& def = defOf(v.object()->type);
  Value found = dictGetStr(objectDict(t, v.object()), intern(*t.isolate, def.fields[I]));
  return found.defined() ? Ref::of(found) : Ref::none();
}
template <int... I>
static constexpr auto makeGetters(std::integer_sequence<int, I...>) {
  struct Table {
    Ref (*get[sizeof...(I)])(Thread&, Value);
    Ref (*hidden[sizeof...(I)])(Thread&, Value);
  };
  return Table{{getField<I>...}, {getHidden<I>...}};
}
static constexpr auto kGetters = makeGetters(std::make_integer_sequence<int, kMaxSequenceFields>());

static Ref allocateSequence(Type* type, int visible) {
  Tuple* s = allocate<Tuple>(type, static_cast<size_t>(visible) * sizeof(Value) + sizeof(Dict*));
  s->size = visible;
  return Ref::steal(s);
}

Ref structSequenceSteal(Thread& t, Type* type, Value* values, int total) {
  const StructSequenceDef& def = defOf(type);
  Ref made = allocateSequence(type, def.visible);
  Tuple* s = made.as<Tuple>();
  for (int i = 0; i < def.visible; ++i) s->items()[i] = values[i];
  for (int i = def.visible; i < total; ++i) {
    Ref value = Ref::steal(values[i]);
    if (def.fields[i] != nullptr) dictSetStr(objectDict(t, s), intern(*t.isolate, def.fields[i]), value.get());
  }
  gcTrack(s);
  return made;
}

// T(sequence, dict={}). ref: structseq_new_impl.
static Ref make(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  const StructSequenceDef& def = defOf(type);
  BoundArguments a;
  TRY(bindArguments_py(t, "structseq", "(sequence, dict=<unset>)", args, nargs, keywords, a));
  if (a[1].defined() && !isDict(a[1])) {
    return raiseTypeError(t, "%s() takes a dict as second arg, if any", def.name);
  }
  Ref list = listFromIterable_py(t, a[0]);
  if (!list) {
    if (!pendingMatches(t, errors(t).type_error)) return Ref();
    clearException(t);
    return raiseTypeError(t, "constructor requires a sequence");
  }
  int64_t n = list.as<List>()->size;
  if (n < def.visible || n > def.total) {
    bool is_fixed = def.visible == def.total, is_few = n < def.visible;
    return raiseTypeError(t, "%s() takes %s%d-sequence (%ld-sequence given)", def.name,
                          is_fixed ? "a " : is_few ? "an at least " : "an at most ",
                          is_few ? def.visible : def.total, static_cast<long>(n));
  }
  // Only fields that the sequence left out.
  int64_t known = 0;
  for (int64_t i = n; i < def.total && isDict(a[1]); ++i) known += def.fields[i] != nullptr && dictGetStr(a[1].as<Dict>(), intern(*t.isolate, def.fields[i])).defined();
  if (isDict(a[1]) && a[1].as<Dict>()->used > known) return raiseTypeError(t, "%s() got duplicate or unexpected field name(s)", def.name);
  Value values[kMaxSequenceFields];
  for (int i = 0; i < def.total; ++i) {
    Value v = i < n ? list.as<List>()->items[i] : Value::none();
    if (i >= n && def.fields[i] != nullptr && isDict(a[1])) {
      Value given = dictGetStr(a[1].as<Dict>(), intern(*t.isolate, def.fields[i]));
      if (given.defined()) v = given;
    }
    values[i] = share(v);
  }
  return structSequenceSteal(t, type, values, def.total);
}

// The names of the fields in order, without the unnamed ones.
static std::vector<const char*> namesOf(const StructSequenceDef& def) {
  std::vector<const char*> out;
  for (int i = 0; i < def.total; ++i) {
    if (def.fields[i] != nullptr) out.push_back(def.fields[i]);
  }
  return out;
}

static Ref repr(Thread& t, Value v) {
  const StructSequenceDef& def = defOf(v.object()->type);
  std::vector<const char*> names = namesOf(def);
  std::string text = std::string(def.name) + "(";
  for (int i = 0; i < def.visible; ++i) {
    Ref item = TRY(repr_py(t, v.as<Tuple>()->items()[i]));
    text += (i > 0 ? ", " : "") + std::string(names[static_cast<size_t>(i)]) + "=" + toUtf8(item.as<Str>());
  }
  return newStr(t, text + ")");
}

static Ref reduce(Thread& t, const Value* a) {
  Tuple* s = a[0].as<Tuple>();
  Ref items = tupleFrom(t, s->items(), s->size), dict = dictCopy(t, objectDict(t, s));
  Ref args = tupleOf(t, {items.get(), dict.get()});
  return tupleOf(t, {s->type, args.get()});
}

// ref: structseq_replace.
static Ref replace(Thread& t, const Value* a) {
  Tuple* s = a[0].as<Tuple>();
  const StructSequenceDef& def = defOf(s->type);
  Ref changes = dictCopy(t, a[1].as<Dict>()), own = dictCopy(t, objectDict(t, s));
  Value values[kMaxSequenceFields];
  for (int i = 0; i < def.total; ++i) {
    if (def.fields[i] == nullptr) return raiseTypeError(t, "__replace__() is not supported for %s because it has unnamed field(s)", def.name);
  }
  for (int i = 0; i < def.total; ++i) {
    Str* name = intern(*t.isolate, def.fields[i]);
    Value changed = dictGetStr(changes.as<Dict>(), name);
    Value kept = i < def.visible ? s->items()[i] : dictGetStr(own.as<Dict>(), name);
    values[i] = share(changed.defined() ? changed : kept.defined() ? kept : Value::none());
    if (changed.defined()) dictDeleteStr(changes.as<Dict>(), name);
  }
  Ref made = structSequenceSteal(t, s->type, values, def.total);
  if (changes.as<Dict>()->used == 0) return made;
  Ref keys = dictKeysList(t, changes.as<Dict>());
  return raiseTypeError(t, "Got unexpected field name(s): %s", reprText_py(t, keys.get()).c_str());
}

static Status refuseSet(Thread& t, Value v, Str* name, Value) {
  Ref found = Ref::of(typeLookup(v.object()->type, name));
  if (found) return raiseAttributeError(t, v, name, "readonly attribute");
  return raiseNoAttribute(t, v, name);
}

static const NativeDef kMethods[] = {{"__reduce__", "($self, /)", reduce}, {"__replace__", "($self, /, **changes)", replace}, {nullptr, nullptr, nullptr}};

Type* makeStructSequence(Isolate& isolate, const StructSequenceDef& def) {
  Thread& t = isolate.main_thread;
  GetSetDef* getsets = new GetSetDef[static_cast<size_t>(def.total) + 1]();
  int count = 0;
  for (int i = 0; i < def.total; ++i) {
    if (def.fields[i] != nullptr) getsets[count++] = {def.fields[i], i < def.visible ? kGetters.get[i] : kGetters.hidden[i]};
  }
  getsets[count] = {nullptr, nullptr};
  constexpr uint32_t kDictAtEnd = 0xFFFFFFFFu;
  Type* type = makeType(isolate, {.name = def.name, .flags = kTypeGc, .base = isolate.types.tuple, .methods = kMethods,
                                  .getsets = getsets, .doc = def.doc, .dict_offset = kDictAtEnd});
  type->slots.make = make;
  type->slots.repr = repr;
  type->slots.set_attr = refuseSet;
  type->slots.dealloc = [](Object* o) {
    Tuple* s = static_cast<Tuple*>(o);
    for (int64_t i = 0; i < s->size; ++i) decref(s->items()[i]);
    if (Dict** slot = dictSlot(o); slot != nullptr && *slot != nullptr) decref(static_cast<Object*>(*slot));
  };
  readyType(isolate, type);
  auto set = [&](const char* name, Value v) { dictSetStr(type->dict, intern(isolate, name), v); };
  set("_structseq", Value::fromInt(static_cast<int64_t>(reinterpret_cast<uintptr_t>(&def))));
  set("n_fields", Value::fromInt(def.total));
  set("n_sequence_fields", Value::fromInt(def.visible));
  std::vector<const char*> names = namesOf(def);
  set("n_unnamed_fields", Value::fromInt(def.total - static_cast<int64_t>(names.size())));
  Ref match = newTuple(t, 0);
  Ref list = newList(t);
  for (int i = 0; i < def.visible && def.fields[i] != nullptr; ++i) listAppend(list.as<List>(), intern(isolate, def.fields[i]));
  match = tupleFrom(t, list.as<List>()->items, list.as<List>()->size);
  set("__match_args__", match.get());
  typeModified(type);
  return type;
}

}  // namespace krait::object
