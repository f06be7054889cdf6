// BaseExceptionGroup: construction, derive, subgroup, split. ref: PEP 654, Objects/exceptions.c BaseExceptionGroup.
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/exception.h"
#include "runtime/object/native.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {

static BaseException* self(Value v) { return v.as<BaseException>(); }
static Tuple* members(Value v) { return self(v)->extra[kGroupExceptions].as<Tuple>(); }

Ref groupMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  (void)keywords;
  Errors& e = errors(t);
  if (nargs != 2) return raiseTypeError(t, "BaseExceptionGroup.__new__() takes exactly 2 arguments (%u given)", nargs);
  if (!isStr(args[0])) return raiseTypeError(t, "BaseExceptionGroup.__new__() argument 1 must be str, not %s", typeNameOf(t, args[0]));
  if (typeOf(t, args[1])->slots.get_item == nullptr || isDict(args[1]) || isSet(args[1])) return raiseTypeError(t, "second argument (exceptions) must be a sequence");
  Ref list = TRY(tupleFromIterable_py(t, args[1]));
  Tuple* items = list.as<Tuple>();
  if (items->size == 0) return raiseValueError(t, "second argument (exceptions) must be a non-empty sequence");
  bool all_plain = true;
  for (int64_t i = 0; i < items->size; ++i) {
    if (!isException(items->items()[i])) return raiseValueError(t, "Item %ld of second argument (exceptions) is not an exception", static_cast<long>(i));
    if (!isInstanceOf(t, items->items()[i], e.exception)) all_plain = false;
  }
  if (type == e.base_exception_group && all_plain) type = e.exception_group;
  if (type == e.exception_group && !all_plain) return raiseTypeError(t, "Cannot nest BaseExceptions in an ExceptionGroup");
  if (isSubtype(type, e.exception) && type != e.exception_group && !all_plain) {
    return raiseTypeError(t, "Cannot nest BaseExceptions in '%s'", typeName(type));
  }
  Ref r = TRY(e.base_exception->slots.make(t, type, args, nargs, nullptr));
  self(r.get())->extra[kGroupMessage] = share(args[0]);
  self(r.get())->extra[kGroupExceptions] = list.release();
  return r;
}

Status groupInit(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  return errors(t).base_exception->slots.init(t, v, args, nargs, keywords);
}

Ref groupStr(Thread& t, Value v) {
  int64_t n = members(v)->size;
  return strFormat(t, "%s (%ld sub-exception%s)", toUtf8(self(v)->extra[kGroupMessage].as<Str>()).c_str(), static_cast<long>(n), n == 1 ? "" : "s");
}

Ref groupRepr(Thread& t, Value v) {
  Tuple* args = self(v)->args.as<Tuple>();
  Value shown = args->size == 2 ? args->items()[1] : Value(members(v));
  Ref message = TRY(repr_py(t, self(v)->extra[kGroupMessage])), list = TRY(repr_py(t, shown));
  return strFormat(t, "%s(%s, %s)", typeNameOf(t, v), toUtf8(message.as<Str>()).c_str(), toUtf8(list.as<Str>()).c_str());
}

static Ref derive(Thread& t, const Value* a) {
  Value args[2] = {self(a[0])->extra[kGroupMessage], a[1]};
  return call_py(t, errors(t).base_exception_group, args, 2);
}

// A group of `list` with the metadata of `from`. ref: exceptiongroup_subset.
static Ref subset(Thread& t, Value from, List* list) {
  if (list->size == 0) return Ref::none();
  Ref r = TRY(callMethod_py(t, from, intern(*t.isolate, "derive"), list));
  if (!isInstanceOf(t, r.get(), errors(t).base_exception_group)) return raiseTypeError(t, "derive must return an instance of BaseExceptionGroup");
  BaseException *to = self(r.get()), *source = self(from);
  auto copy = [](Value& field, Value v) {
    Value old = field;
    field = share(v);
    decref(old);
  };
  copy(to->traceback, source->traceback);
  copy(to->context, source->context);
  copy(to->cause, source->cause);
  to->suppress_context = true;  // as setting a cause does
  Ref notes = findAttr_py(t, from, t.names().d_notes);
  if (!notes && isPending(t)) return Ref();
  if (notes && isList(notes.get())) {
    Ref copied = listFrom(t, notes.as<List>()->items, notes.as<List>()->size);
    TRY(setAttr_py(t, r.get(), t.names().d_notes, copied.get()));
  }
  return r;
}

static Fallible<bool> matches(Thread& t, Value exception, Value condition) {
  if (isType(condition) || isTuple(condition)) return isInstance_py(t, exception, condition);
  Ref r = TRY(call_py(t, condition, &exception, 1));
  return isTrue_py(t, r.get());
}

// (matching part or None, the rest or None).
static Ref splitInto(Thread& t, Value group, Value condition) {
  if (TRY(matches(t, group, condition))) return tupleOf(t, {group, Value::none()});
  TRY(checkRecursion(t, " in exceptiongroup_split_recursive"));
  Ref yes = newList(t), no = newList(t);
  Tuple* items = members(group);
  for (int64_t i = 0; i < items->size; ++i) {
    Value e = items->items()[i];
    if (isInstanceOf(t, e, errors(t).base_exception_group)) {
      Ref parts = TRY(splitInto(t, e, condition));
      Tuple* pair = parts.as<Tuple>();
      if (!pair->items()[0].isNone()) listAppend(yes.as<List>(), pair->items()[0]);
      if (!pair->items()[1].isNone()) listAppend(no.as<List>(), pair->items()[1]);
      continue;
    }
    listAppend(TRY(matches(t, e, condition)) ? yes.as<List>() : no.as<List>(), e);
  }
  Ref a = TRY(subset(t, group, yes.as<List>()));
  Ref b = TRY(subset(t, group, no.as<List>()));
  return tupleOf(t, {a.get(), b.get()});
}
Ref exceptionGroupSplit_py(Thread& t, Value group, Value condition) { return splitInto(t, group, condition); }

// The leaves of a group, those of groups in it included.
static void addLeaves(Thread& t, Value group, List* out) {
  Tuple* inside = members(group);
  for (int64_t i = 0; i < inside->size; ++i) {
    Value e = inside->items()[i];
    if (isInstanceOf(t, e, errors(t).base_exception_group)) addLeaves(t, e, out);
    else listAppend(out, e);
  }
}
// What is left of `group` when only leaves of `parts` stay, each at its place. ref: exception_group_projection.
static Ref projectOnto(Thread& t, Value group, List* leaves) {
  TRY(checkRecursion(t, " in exception_group_projection"));
  Ref kept = newList(t);
  for (int64_t i = 0; i < members(group)->size; ++i) {
    Value e = members(group)->items()[i];
    if (isInstanceOf(t, e, errors(t).base_exception_group)) {
      Ref part = TRY(projectOnto(t, e, leaves));
      if (!part.get().isNone()) listAppend(kept.as<List>(), part.get());
      continue;
    }
    for (int64_t j = 0; j < leaves->size; ++j) {
      if (leaves->items[j] != e) continue;
      listAppend(kept.as<List>(), e);
      break;
    }
  }
  return subset(t, group, kept.as<List>());
}
Ref exceptionGroupProject_py(Thread& t, Value group, List* parts) {
  Ref leaves = newList(t);
  for (int64_t i = 0; i < parts->size; ++i) addLeaves(t, parts->items[i], leaves.as<List>());
  return projectOnto(t, group, leaves.as<List>());
}

static Status checkCondition(Thread& t, Value v) {
  bool ok = isType(v) ? isSubtype(v.as<Type>(), errors(t).base_exception) : isTuple(v) || isCallable(t, v);
  for (int64_t i = 0; ok && isTuple(v) && i < v.as<Tuple>()->size; ++i) ok = isType(v.as<Tuple>()->items()[i]);
  if (ok) return kDone;
  return raiseTypeError(t, "expected an exception type, a tuple of exception types, or a callable (other than a class)");
}
static Ref split(Thread& t, const Value* a) {
  TRY(checkCondition(t, a[1]));
  return splitInto(t, a[0], a[1]);
}
static Ref subgroup(Thread& t, const Value* a) {
  TRY(checkCondition(t, a[1]));
  Ref parts = TRY(splitInto(t, a[0], a[1]));
  return Ref::of(parts.as<Tuple>()->items()[0]);
}
static Ref classGetItem(Thread& t, const Value* a) {
  Value args[2] = {a[0], a[1]};
  return call_py(t, t.types().generic_alias, args, 2);
}

extern const NativeDef kExceptionGroupMethods[];
const NativeDef kExceptionGroupMethods[] = {{"derive", "($self, excs, /)", derive}, {"split", "($self, matcher_value, /)", split},
    {"subgroup", "($self, matcher_value, /)", subgroup}, {"__class_getitem__", "($type, object, /)", classGetItem}, {nullptr, nullptr, nullptr}};

}  // namespace krait::object
