// Displays, unpacking, formatting and patterns. ref: Python/ceval.c (unpack_iterable, match_class, match_keys).
#include <span>
#include <string>

#include "runtime/interp/slow.h"
#include "runtime/object/int.h"
#include "runtime/object/str.h"

namespace krait::interp {

static void forget(Frame* f, uint16_t first, uint32_t n) {
  for (uint32_t i = 0; i < n; ++i) reg(f, static_cast<uint16_t>(first + i)) = Value();
}
static void drop(Frame* f, uint16_t first, uint32_t n) {
  for (uint32_t i = 0; i < n; ++i) freeReg(f, static_cast<uint16_t>(first + i));
}

bool BuildTupleSlow(Thread& t, Frame* f, const Instruction* pc) {
  Ref r = tupleFromSteal(t, &reg(f, pc->b), pc->c);
  forget(f, pc->b, pc->c);
  return finish(f, pc, std::move(r));
}
bool BuildListSlow(Thread& t, Frame* f, const Instruction* pc) {
  Ref r = listFromSteal(t, &reg(f, pc->b), pc->c);
  forget(f, pc->b, pc->c);
  return finish(f, pc, std::move(r));
}
bool BuildSetSlow(Thread& t, Frame* f, const Instruction* pc) {
  Ref r = newSet(t);
  for (uint32_t i = 0; i < pc->c; ++i) {
    if (setAdd_py(t, r.as<Set>(), reg(f, static_cast<uint16_t>(pc->b + i))).failed) return false;
  }
  drop(f, pc->b, pc->c);
  return finish(f, pc, std::move(r));
}
bool BuildMapSlow(Thread& t, Frame* f, const Instruction* pc) {
  Ref r = newDict(t);
  for (uint32_t i = 0; i < pc->c; ++i) {
    Value key = reg(f, static_cast<uint16_t>(pc->b + 2 * i)), value = reg(f, static_cast<uint16_t>(pc->b + 2 * i + 1));
    if (dictSet_py(t, r.as<Dict>(), key, value).failed) return false;
  }
  drop(f, pc->b, pc->c * 2u);
  return finish(f, pc, std::move(r));
}
bool BuildStringSlow(Thread& t, Frame* f, const Instruction* pc) {
  int64_t length = 0;
  char32_t widest = 0;
  for (uint32_t i = 0; i < pc->c; ++i) {
    Str* s = reg(f, static_cast<uint16_t>(pc->b + i)).as<Str>();
    length += s->length;
    widest |= s->is_ascii ? 0x7F : s->kind == 1 ? 0xFF : s->kind == 2 ? 0xFFFF : 0x10FFFF;
  }
  Ref r = newStrBuffer(t, length, widest);
  if (!r) return finish(f, pc, std::move(r));
  int64_t at = 0;
  for (uint32_t i = 0; i < pc->c; ++i) {
    Str* s = reg(f, static_cast<uint16_t>(pc->b + i)).as<Str>();
    copyChars(r.as<Str>(), at, s);
    at += s->length;
  }
  drop(f, pc->b, pc->c);
  return finish(f, pc, std::move(r));
}

bool ListAppendSlow(Thread&, Frame* f, const Instruction* pc) {
  listAppend(reg(f, pc->a).as<List>(), reg(f, pc->b));
  if (pc->flags & bytecode::kFreeB) freeReg(f, pc->b);
  return true;
}
bool SetAddSlow(Thread& t, Frame* f, const Instruction* pc) {
  return finishStatus(f, pc, setAdd_py(t, reg(f, pc->a).as<Set>(), reg(f, pc->b)));
}
bool MapAddSlow(Thread& t, Frame* f, const Instruction* pc) {
  return finishStatus(f, pc, dictSet_py(t, reg(f, pc->a).as<Dict>(), reg(f, pc->b), reg(f, pc->c)));
}
bool ListExtendSlow(Thread& t, Frame* f, const Instruction* pc) {
  Value v = reg(f, pc->b);
  Status s = listExtend_py(t, reg(f, pc->a).as<List>(), v);
  if (s.failed && pendingMatches(t, errors(t).type_error) && typeOf(t, v)->slots.iter == nullptr && typeOf(t, v)->slots.get_item == nullptr) {
    clearException(t);
    (void)raiseTypeError(t, "Value after * must be an iterable, not %s", typeNameOf(t, v));
  }
  return finishStatus(f, pc, s);
}
bool SetUpdateSlow(Thread& t, Frame* f, const Instruction* pc) {
  return finishStatus(f, pc, setUpdate_py(t, reg(f, pc->a).as<Set>(), reg(f, pc->b)));
}
bool DictUpdateSlow(Thread& t, Frame* f, const Instruction* pc) {
  Value v = reg(f, pc->b);
  Ref keys = isDict(v) ? Ref::none() : findAttr_py(t, v, t.names().keys);
  if (!keys && !isPending(t)) (void)raiseTypeError(t, "'%s' object is not a mapping", typeNameOf(t, v));
  if (!keys) return false;
  Status s = dictMerge_py(t, reg(f, pc->a).as<Dict>(), v);
  return finishStatus(f, pc, s);
}

std::string calleeText(Thread& t, Value callee) {
  Ref name = findAttr_py(t, callee, t.names().d_qualname);
  clearException(t);
  if (!name || !isStr(name.get())) return reprText_py(t, callee);
  std::string text = toUtf8(name.as<Str>());
  Ref module = findAttr_py(t, callee, t.names().d_module);
  clearException(t);
  if (module && isStr(module.get()) && !strEquals(module.as<Str>(), "builtins")) text = toUtf8(module.as<Str>()) + "." + text;
  return text + "()";
}
bool DictMergeSlow(Thread& t, Frame* f, const Instruction* pc) {
  Value v = reg(f, pc->b);
  Ref keys_method = isDict(v) ? Ref::none() : findAttr_py(t, v, t.names().keys);
  if (!keys_method) {
    if (!isPending(t)) (void)raiseTypeError(t, "%s argument after ** must be a mapping, not %s", calleeText(t, reg(f, pc->c)).c_str(), typeNameOf(t, v));
    return false;
  }
  if (!dictMerge_py(t, reg(f, pc->a).as<Dict>(), v, 2).failed) {
    if (pc->flags & bytecode::kFreeB) freeReg(f, pc->b);
    return true;
  }
  if (!pendingMatches(t, errors(t).key_error)) return false;
  Ref e = takeException(t);
  Ref args = getAttr_py(t, e.get(), t.names().args);
  Value key = args && args.as<Tuple>()->size == 1 ? args.as<Tuple>()->items()[0] : Value();
  if (isStr(key)) (void)raiseTypeError(t, "%s got multiple values for keyword argument '%s'", calleeText(t, reg(f, pc->c)).c_str(), toUtf8(key.as<Str>()).c_str());
  else (void)raiseTypeError(t, "keywords must be strings");
  return false;
}
bool ListToTupleSlow(Thread& t, Frame* f, const Instruction* pc) {
  List* list = reg(f, pc->b).as<List>();
  Ref r = tupleFrom(t, list->items, list->size);
  freeReg(f, pc->b);
  return finish(f, pc, std::move(r));
}

static Ref convert(Thread& t, Value v, uint32_t conversion) {
  if (conversion == 's') return str_py(t, v);
  if (conversion == 'r') return repr_py(t, v);
  return conversion == 'a' ? ascii_py(t, v) : Ref::of(v);
}
bool FormatValueSlow(Thread& t, Frame* f, const Instruction* pc) {
  uint32_t conversion = pc->c & 0xFF;
  Ref v = convert(t, reg(f, pc->b), conversion);
  if (v && !(pc->c & 0x100)) v = isExactStr(v.get()) ? std::move(v) : format_py(t, v.get(), Value());
  return finish(f, pc, std::move(v));
}
bool FormatWithSpecSlow(Thread& t, Frame* f, const Instruction* pc) { return finish(f, pc, format_py(t, reg(f, pc->b), reg(f, pc->c))); }

// --- unpacking
static void store(Frame* f, uint32_t r, Ref v) {
  Value old = reg(f, static_cast<uint16_t>(r));
  reg(f, static_cast<uint16_t>(r)) = v.release();
  decref(old);
}
static Ref iterForUnpack(Thread& t, Value v) {
  Ref it = iter_py(t, v);
  if (!it && pendingMatches(t, errors(t).type_error) && typeOf(t, v)->slots.iter == nullptr && typeOf(t, v)->slots.get_item == nullptr) {
    clearException(t);
    (void)raiseTypeError(t, "cannot unpack non-iterable %s object", typeNameOf(t, v));
  }
  return it;
}
static bool unpackItems(Thread& t, Frame* f, const Instruction* pc, const Value* items, int64_t size) {
  if (size < pc->c) {
    (void)raiseValueError(t, "not enough values to unpack (expected %d, got %ld)", pc->c, static_cast<long>(size));
    return false;
  }
  if (size > pc->c) {
    (void)raiseValueError(t, "too many values to unpack (expected %d, got %ld)", pc->c, static_cast<long>(size));
    return false;
  }
  for (uint32_t i = 0; i < pc->c; ++i) store(f, pc->a + i, Ref::of(items[i]));
  return true;
}
bool UnpackSequenceSlow(Thread& t, Frame* f, const Instruction* pc) {
  Ref v = Ref::of(reg(f, pc->b));
  if (pc->flags & bytecode::kFreeB) freeReg(f, pc->b);
  if (isExact(v.get(), TypeId::kTuple) && v.get().object()->refs == 1 && v.as<Tuple>()->size == pc->c) {  // its last holder takes its items
    for (uint32_t i = 0; i < pc->c; ++i) {
      Value item = v.as<Tuple>()->items()[i];
      v.as<Tuple>()->items()[i] = Value::none();
      store(f, pc->a + i, Ref::steal(item));
    }
    return true;
  }
  if (isExact(v.get(), TypeId::kTuple)) return unpackItems(t, f, pc, v.as<Tuple>()->items(), v.as<Tuple>()->size);
  if (isExact(v.get(), TypeId::kList)) return unpackItems(t, f, pc, v.as<List>()->items, v.as<List>()->size);
  Ref it = iterForUnpack(t, v.get());
  if (!it) return false;
  Ref items = newList(t, pc->c);
  for (uint32_t i = 0; i < pc->c; ++i) {
    Ref item = next_py(t, it.get());
    if (!item) {
      if (!isPending(t)) (void)raiseValueError(t, "not enough values to unpack (expected %d, got %u)", pc->c, i);
      return false;
    }
    listAppend(items.as<List>(), item.get());
  }
  Ref extra = next_py(t, it.get());
  if (extra) {
    Fallible<int64_t> n = isDict(v.get()) ? length_py(t, v.get()) : Fallible<int64_t>(-1);
    if (n.value >= 0) (void)raiseValueError(t, "too many values to unpack (expected %d, got %ld)", pc->c, static_cast<long>(n.value));
    else (void)raiseValueError(t, "too many values to unpack (expected %d)", pc->c);
  }
  if (isPending(t)) return false;
  return unpackItems(t, f, pc, items.as<List>()->items, items.as<List>()->size);
}
bool UnpackExSlow(Thread& t, Frame* f, const Instruction* pc) {
  Ref v = Ref::of(reg(f, pc->b));
  if (pc->flags & bytecode::kFreeB) freeReg(f, pc->b);
  uint32_t before = pc->c & 0xFF, after = pc->c >> 8;
  if (isExact(v.get(), TypeId::kTuple) && v.as<Tuple>()->size >= before + after) {
    const Value* items = v.as<Tuple>()->items();
    int64_t middle = v.as<Tuple>()->size - before - after;
    for (uint32_t i = 0; i < before; ++i) store(f, pc->a + i, Ref::of(items[i]));
    store(f, pc->a + before, listFrom(t, items + before, middle));
    for (uint32_t i = 0; i < after; ++i) store(f, pc->a + before + 1 + i, Ref::of(items[before + middle + i]));
    return true;
  }
  Ref it = iterForUnpack(t, v.get());
  if (!it) return false;
  Ref all = newList(t);
  for (;;) {
    Ref item = next_py(t, it.get());
    if (!item) break;
    listAppendSteal(all.as<List>(), item.release());
  }
  if (isPending(t)) return false;
  List* items = all.as<List>();
  if (items->size < before + after) {
    (void)raiseValueError(t, "not enough values to unpack (expected at least %u, got %ld)", before + after, static_cast<long>(items->size));
    return false;
  }
  for (uint32_t i = 0; i < before; ++i) store(f, pc->a + i, Ref::of(items->items[i]));
  store(f, pc->a + before, listFrom(t, items->items + before, items->size - before - after));
  for (uint32_t i = 0; i < after; ++i) store(f, pc->a + before + 1 + i, Ref::of(items->items[items->size - after + i]));
  return true;
}

// --- patterns
bool MatchSequenceSlow(Thread& t, Frame* f, const Instruction* pc) {
  bool is_sequence = typeOf(t, reg(f, pc->b))->has(kTypeMatchSequence);
  if (!is_sequence || pc->c == 0) return finish(f, pc, Ref::boolean(is_sequence));
  Fallible<int64_t> n = length_py(t, reg(f, pc->b));
  if (n.failed) return false;
  return finish(f, pc, Ref::boolean(bytecode::fitsLength(pc->c, n.value)));
}
bool MatchMappingSlow(Thread& t, Frame* f, const Instruction* pc) {
  return finish(f, pc, Ref::boolean(typeOf(t, reg(f, pc->b))->has(kTypeMatchMapping)));
}
bool GetLengthSlow(Thread& t, Frame* f, const Instruction* pc) {
  Fallible<int64_t> n = length_py(t, reg(f, pc->b));
  if (n.failed) return false;
  return finish(f, pc, newIntSmall(n.value));
}

// The values of a plain dictionary for keys of which no two are equal; None when one is missing.
static Ref valuesOf(Thread& t, Dict* map, Tuple* keys) {
  Ref values = newTuple(t, keys->size);
  for (int64_t i = 0; i < keys->size; ++i) {
    Value found = object::dictGet_py(t, map, keys->items()[i]);
    if (found.isUndefined()) return isPending(t) ? Ref() : Ref::none();
    values.as<Tuple>()->items()[i] = share(found);
  }
  return values;
}
static bool areDifferentStrings(Tuple* keys) {
  for (int64_t i = 0; i < keys->size; ++i) {
    if (!isExactStr(keys->items()[i])) return keys->size == 1 && !keys->items()[i].isHeap();
    for (int64_t k = 0; k < i; ++k) {
      if (strEqual(keys->items()[i].as<Str>(), keys->items()[k].as<Str>())) return false;
    }
  }
  return true;
}
static Ref matchKeys(Thread& t, Value map, Tuple* keys) {
  if (isExact(map, TypeId::kDict) && areDifferentStrings(keys)) return valuesOf(t, map.as<Dict>(), keys);
  Ref seen = newSet(t), values = newTuple(t, keys->size);
  Ref get = TRY(getAttr_py(t, map, t.names().get));
  for (int64_t i = 0; i < keys->size; ++i) {
    Value key = keys->items()[i];
    if (TRY(setContains_py(t, seen.as<Set>(), key))) {
      return raiseValueError(t, "mapping pattern checks duplicate key (%s)", reprText_py(t, key).c_str());
    }
    TRY(setAdd_py(t, seen.as<Set>(), key));
    Ref marker = newList(t);
    Value args[2] = {key, marker.get()};
    Ref v = TRY(call_py(t, get.get(), args, 2));
    if (v.get() == marker.get()) return Ref::none();
    values.as<Tuple>()->items()[i] = v.release();
  }
  return values;
}
bool MatchKeysSlow(Thread& t, Frame* f, const Instruction* pc) {
  return finish(f, pc, matchKeys(t, reg(f, pc->b), reg(f, pc->c).as<Tuple>()));
}

static bool isAmong(const Value* names, int64_t count, Value name) {
  for (int64_t i = 0; i < count; ++i) {
    if (names[i] == name || strEqual(names[i].as<Str>(), name.as<Str>())) return true;
  }
  return false;
}
// One attribute of a class pattern; empty without exception when absent. `before`: the names asked for so far, in two parts.
// ref: match_class_attr.
static Ref classAttribute(Thread& t, Value subject, Type* cls, Value name, std::span<const Value> first, std::span<const Value> second) {
  if (isAmong(first.data(), static_cast<int64_t>(first.size()), name) || isAmong(second.data(), static_cast<int64_t>(second.size()), name)) {
    return raiseTypeError(t, "%s() got multiple sub-patterns for attribute %s", typeName(cls), reprText_py(t, name).c_str());
  }
  return findAttr_py(t, subject, name.as<Str>());
}
static Ref matchClass(Thread& t, Value subject, Value cls_value, Tuple* names, int64_t positional) {
  if (!isType(cls_value)) return raiseTypeError(t, "called match pattern must be a class");
  Type* cls = cls_value.as<Type>();
  if (!TRY(isInstance_py(t, subject, cls_value))) return Ref::none();
  if (positional + names->size == 0) return newTuple(t, 0);
  Ref out = newTuple(t, positional + names->size), args;
  Value* found = out.as<Tuple>()->items();
  bool match_self = false;
  if (positional > 0) {
    args = findAttr_py(t, cls_value, t.names().d_match_args);
    if (!args && isPending(t)) return Ref();
    if (args) {
      if (!isExact(args.get(), TypeId::kTuple)) return raiseTypeError(t, "%s.__match_args__ must be a tuple (got %s)", typeName(cls), typeNameOf(t, args.get()));
    } else {
      args = newTuple(t, 0);
      match_self = cls->has(kTypeMatchSelf);
    }
    int64_t allowed = match_self ? 1 : args.as<Tuple>()->size;
    if (allowed < positional) {
      return raiseTypeError(t, "%s() accepts %ld positional sub-pattern%s (%ld given)", typeName(cls), static_cast<long>(allowed), allowed == 1 ? "" : "s", static_cast<long>(positional));
    }
    if (match_self) found[0] = share(subject);
    for (int64_t i = 0; !match_self && i < positional; ++i) {
      Value name = args.as<Tuple>()->items()[i];
      if (!isStr(name)) return raiseTypeError(t, "__match_args__ elements must be strings (got %s)", typeNameOf(t, name));
      Ref v = classAttribute(t, subject, cls, name, {args.as<Tuple>()->items(), static_cast<size_t>(i)}, {});
      if (!v) return isPending(t) ? Ref() : Ref::none();
      found[i] = v.release();
    }
  }
  std::span<const Value> by_place;
  if (positional > 0 && !match_self) by_place = {args.as<Tuple>()->items(), static_cast<size_t>(positional)};
  for (int64_t i = 0; i < names->size; ++i) {
    Ref v = classAttribute(t, subject, cls, names->items()[i], by_place, {names->items(), static_cast<size_t>(i)});
    if (!v) return isPending(t) ? Ref() : Ref::none();
    found[positional + i] = v.release();
  }
  return out;
}
bool MatchClassSlow(Thread& t, Frame* f, const Instruction* pc) {
  Value* in = &reg(f, pc->b);
  Ref r = matchClass(t, in[0], in[1], in[2].as<Tuple>(), pc->c);
  if (!r) return false;
  freeReg(f, static_cast<uint16_t>(pc->b + 1));
  freeReg(f, static_cast<uint16_t>(pc->b + 2));
  return finish(f, pc, std::move(r));
}

}  // namespace krait::interp
