// Objects that say how they are made again (__reduce_ex__), and classes and functions by name.
#include <cstdarg>

#include "runtime/modules/pickle/pickle.h"

namespace krait::modules::pickle {

RaisedTag addNote_py(Thread& t, const char* pattern, ...) {
  char text[1024];
  va_list args;
  va_start(args, pattern);
  vsnprintf(text, sizeof text, pattern, args);
  va_end(args);
  Ref exception = takeException(t);
  Ref note = newStr(t, text);
  if (!callMethod_py(t, exception.get(), intern(*t.isolate, "add_note"), note.get())) clearException(t);
  restoreException(t, std::move(exception));
  return kRaised;
}
std::string classText_py(Thread& t, Value v) {
  Ref saved = isPending(t) ? takeException(t) : Ref();
  Type* type = typeOf(t, v);
  std::string name = toUtf8(type->qualname);
  Ref module = findAttr_py(t, type, intern(*t.isolate, "__module__"));
  if (!module) clearException(t);
  else if (isStr(module.get()) && !strEquals(module.as<Str>(), "builtins") && !strEquals(module.as<Str>(), "__main__")) name = toUtf8(module.as<Str>()) + "." + name;
  if (saved) restoreException(t, std::move(saved));
  return name;
}

// The attribute at the end of a dotted path; empty without exception when there is none. `parent` is what has it.
static Ref follow_py(Thread& t, Value from, const std::vector<std::string>& path, Ref* parent) {
  Ref at = Ref::of(from);
  for (const std::string& name : path) {
    Ref next = findAttr_py(t, at.get(), intern(*t.isolate, name));
    if (!next) return Ref();
    if (parent != nullptr) *parent = std::move(at);
    at = std::move(next);
  }
  return at;
}
static std::vector<std::string> dotted(const std::string& name) {
  std::vector<std::string> path;
  for (size_t at = 0;;) {
    size_t dot = name.find('.', at);
    path.push_back(name.substr(at, dot - at));
    if (dot == std::string::npos) return path;
    at = dot + 1;
  }
}
static Ref sysModules_py(Thread& t) {
  Ref name = newStr(t, "sys");
  Ref sys = TRY(importModule_py(t, name.get(), Value::none(), Value::none(), Value::none(), Value::fromInt(0)));
  return getAttrNamed_py(t, sys.get(), "modules");
}
// The name of the module that has `v` under `path`. ref: whichmodule.
static Ref moduleNameOf_py(Thread& t, Value v, const std::string& name, const std::vector<std::string>& path) {
  for (const std::string& part : path) {
    if (part == "<locals>") return raise(t, state.pickling_error, "Can't pickle local object %s", reprText_py(t, v).c_str());
  }
  Ref module_name = findAttr_py(t, v, intern(*t.isolate, "__module__"));
  if (!module_name && isPending(t)) return kRaised;
  if (!module_name || module_name.get().isNone()) {
    Ref modules = TRY(sysModules_py(t));
    Ref copy = TRY(callMethod_py(t, modules.get(), intern(*t.isolate, "copy")));
    module_name = newStr(t, "__main__");
    Value key, module;
    for (int64_t at = 0; isDict(copy.get()) && dictNext(copy.as<Dict>(), at, key, module);) {
      if (module.isNone() || !isStr(key) || strEquals(key.as<Str>(), "__main__") || strEquals(key.as<Str>(), "__mp_main__")) continue;
      Ref found = follow_py(t, module, path, nullptr);
      if (!found && isPending(t)) clearException(t);
      if (found && found.get() == v) {
        module_name = Ref::of(key);
        break;
      }
    }
  }
  if (!isStr(module_name.get())) return module_name;
  Ref from = tupleOf(t, {}), list = newList(t);
  Ref imported = importModule_py(t, module_name.get(), Value::none(), Value::none(), list.get(), Value::fromInt(0));
  Ref module;
  if (imported) {
    Ref modules = TRY(sysModules_py(t));
    module = getItem_py(t, modules.get(), module_name.get());
  }
  if (!module) {
    if (!pendingMatches(t, errors(t).import_error) && !pendingMatches(t, errors(t).value_error) && !pendingMatches(t, errors(t).key_error)) return kRaised;
    Ref e = takeException(t);
    Ref text = TRY(str_py(t, e.get()));
    (void)raise(t, state.pickling_error, "Can't pickle %s: %s", reprText_py(t, v).c_str(), toUtf8(text.as<Str>()).c_str());
    return kRaised;
  }
  std::string where = toUtf8(module_name.as<Str>());
  Ref found = follow_py(t, module.get(), path, nullptr);
  if (!found) {
    if (isPending(t) && !pendingMatches(t, errors(t).attribute_error)) return kRaised;
    clearException(t);
    return raise(t, state.pickling_error, "Can't pickle %s: it's not found as %s.%s", reprText_py(t, v).c_str(), where.c_str(), name.c_str());
  }
  if (found.get() != v) return raise(t, state.pickling_error, "Can't pickle %s: it's not the same object as %s.%s", reprText_py(t, v).c_str(), where.c_str(), name.c_str());
  return module_name;
}

// module and name as two lines, by the names of Python 2 where that is asked for.
static Status putByName_py(Thread& t, Pickler* p, Value module_name, Value name) {
  Ref module = Ref::of(module_name), attribute = Ref::of(name);
  if (p->d->fix_imports && p->d->proto < 3) {
    Ref key = tupleOf(t, {module.get(), attribute.get()});
    if (Value mapped = dictGet_py(t, state.name_3to2.as<Dict>(), key.get()); mapped.defined() && isTuple(mapped)) {
      module = Ref::of(mapped.as<Tuple>()->items()[0]);
      attribute = Ref::of(mapped.as<Tuple>()->items()[1]);
    } else if (Value other = dictGet_py(t, state.import_3to2.as<Dict>(), module.get()); other.defined()) {
      module = Ref::of(other);
    }
  }
  std::string code(1, kGlobal);
  for (const Ref* part : {&module, &attribute}) {
    Str* s = part->as<Str>();
    if (p->d->proto < 3 && !s->is_ascii) {
      return raise(t, state.pickling_error, "can't pickle %s identifier '%s' using pickle protocol %d", part == &module ? "module" : "global", toUtf8(s).c_str(), p->d->proto);
    }
    code += toUtf8(s) + "\n";
  }
  put(p, code);
  return kDone;
}
static Fallible<bool> putExtension_py(Thread& t, Pickler* p, Value module_name, Value name) {
  Ref key = tupleOf(t, {module_name, name});
  Value code = dictGet_py(t, state.extension_registry.as<Dict>(), key.get());
  if (code.isUndefined()) return isPending(t) ? Fallible<bool>(kRaised) : Fallible<bool>(false);
  int64_t n = TRY(toInt64_py(t, code));
  if (n <= 0 || n > 0x7fffffff) return raise(t, errors(t).runtime_error, "extension code %lld is out of range", static_cast<long long>(n));
  int bytes = n < 256 ? 1 : n < 65536 ? 2 : 4;
  std::string out(1, bytes == 1 ? kExt1 : bytes == 2 ? kExt2 : kExt4);
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(n >> (8 * i));
  put(p, out);
  return true;
}
Status saveGlobal_py(Thread& t, Pickler* p, Value v, Value given) {
  Ref name = given.defined() ? Ref::of(given) : findAttr_py(t, v, intern(*t.isolate, "__qualname__"));
  if (!name && isPending(t)) return kRaised;
  if (!name) name = TRY(getAttrNamed_py(t, v, "__name__"));
  if (!isStr(name.get())) return raise(t, state.pickling_error, "Can't pickle %s: its name is not a str", reprText_py(t, v).c_str());
  std::string text = toUtf8(name.as<Str>());
  std::vector<std::string> path = dotted(text);
  Ref module_name = TRY(moduleNameOf_py(t, v, text, path));
  if (p->d->proto >= 2 && TRY(putExtension_py(t, p, module_name.get(), name.get()))) return kDone;
  if (p->d->proto >= 4) {
    TRY(save_py(t, p, module_name.get()));
    TRY(save_py(t, p, name.get()));
    put(p, kStackGlobal);
  } else if (path.size() > 1) {
    bool is_old = p->d->proto < 2;
    for (size_t i = 1; i < path.size(); ++i) {
      TRY(save_py(t, p, state.getattr_function));
      if (is_old) put(p, kMark);
    }
    Ref first = newStr(t, path[0]);
    TRY(putByName_py(t, p, module_name.get(), first.get()));
    for (size_t i = 1; i < path.size(); ++i) {
      Ref attribute = Ref::of(intern(*t.isolate, path[i]));
      TRY(save_py(t, p, attribute.get()));
      put(p, is_old ? kTuple : kTuple2);
      put(p, kReduce);
    }
  } else {
    TRY(putByName_py(t, p, module_name.get(), name.get()));
  }
  putMemo(p, v);
  return kDone;
}

// The class and arguments of __newobj__ and __newobj_ex__, checked.
static Status checkClass_py(Thread& t, Value cls, Value object, const char* function) {
  Ref maker = findAttr_py(t, cls, intern(*t.isolate, "__new__"));
  if (!maker) {
    if (isPending(t)) return kRaised;
    return raise(t, state.pickling_error, "first argument to %s() has no __new__", function);
  }
  if (object.isUndefined()) return kDone;
  Ref own = TRY(getAttrNamed_py(t, object, "__class__"));
  if (own.get() != cls) return raise(t, state.pickling_error, "first argument to %s() must be %s, not %s", function, reprText_py(t, own.get()).c_str(), reprText_py(t, cls).c_str());
  return kDone;
}
#define NOTED(expression, what) \
  if ((expression).failed) return addNote_py(t, "when serializing %s %s", classText_py(t, object).c_str(), what)

static Status saveMaker_py(Thread& t, Pickler* p, Value callee, Value args, Value object) {
  std::string name;
  if (p->d->proto >= 2) {
    Ref found = findAttr_py(t, callee, t.names().d_name);
    if (!found && isPending(t)) return kRaised;
    if (found && isStr(found.get())) name = toUtf8(found.as<Str>());
  }
  Tuple* items = args.as<Tuple>();
  if (name == "__newobj_ex__") {
    if (items->size != 3) return raise(t, state.pickling_error, "__newobj_ex__ expected 3 arguments, got %lld", static_cast<long long>(items->size));
    Value cls = (*items)[0];
    TRY(checkClass_py(t, cls, object, "__newobj_ex__"));
    if (!isTuple((*items)[1])) return raise(t, state.pickling_error, "second argument to __newobj_ex__() must be a tuple, not %s", classText_py(t, (*items)[1]).c_str());
    if (!isDict((*items)[2])) return raise(t, state.pickling_error, "third argument to __newobj_ex__() must be a dict, not %s", classText_py(t, (*items)[2]).c_str());
    if (p->d->proto >= 4) {
      NOTED(save_py(t, p, cls), "class");
      NOTED(save_py(t, p, (*items)[1]), "__new__ arguments");
      NOTED(save_py(t, p, (*items)[2]), "__new__ arguments");
      put(p, kNewObjEx);
      return kDone;
    }
    Ref maker = TRY(getAttrNamed_py(t, cls, "__new__"));
    Tuple* positional = (*items)[1].as<Tuple>();
    Ref all = newTuple(t, positional->size + 2);
    Value* into = all.as<Tuple>()->items();
    into[0] = share(maker.get());
    into[1] = share(cls);
    for (int64_t i = 0; i < positional->size; ++i) into[i + 2] = share((*positional)[i]);
    Ref made = TRY(callTuple_py(t, state.partial, all.as<Tuple>(), (*items)[2].as<Dict>()));
    NOTED(save_py(t, p, made.get()), "reconstructor");
    Ref none = newTuple(t, 0);
    TRY(save_py(t, p, none.get()));
    put(p, kReduce);
    return kDone;
  }
  if (name == "__newobj__") {
    if (items->size < 1) return raise(t, state.pickling_error, "__newobj__ expected at least 1 argument, got 0");
    Value cls = (*items)[0];
    TRY(checkClass_py(t, cls, object, "__newobj__"));
    NOTED(save_py(t, p, cls), "class");
    Ref rest = tupleFrom(t, items->items() + 1, items->size - 1);
    NOTED(save_py(t, p, rest.get()), "__new__ arguments");
    put(p, kNewObj);
    return kDone;
  }
  NOTED(save_py(t, p, callee), "reconstructor");
  NOTED(save_py(t, p, args), "reconstructor arguments");
  put(p, kReduce);
  return kDone;
}
static void memoizeMade(Thread& t, Pickler* p, Value object) {
  if (object.isUndefined()) return;
  int64_t known = canBeMemoized(object) ? p->d->memo.find(object.object()) : -1;
  if (known >= 0) {  // an argument led back to the object
    put(p, kPop);
    (void)putGet(t, p, object, known);
  } else {
    putMemo(p, object);
  }
}
Status saveReduce_py(Thread& t, Pickler* p, Value callee, Value args, Value object) {
  TRY(saveMaker_py(t, p, callee, args, object));
  memoizeMade(t, p, object);
  return kDone;
}
static Status saveParts_py(Thread& t, Pickler* p, Tuple* parts, Value object) {
  auto part = [&](int64_t i) { return i < parts->size && !(*parts)[i].isNone() ? (*parts)[i] : Value(); };
  Value callee = (*parts)[0], args = (*parts)[1], object_state = part(2), items = part(3), pairs = part(4), setter = part(5);
  if (!isCallable(t, callee)) return raise(t, state.pickling_error, "first item of the tuple returned by __reduce__ must be callable, not %s", classText_py(t, callee).c_str());
  if (!isTuple(args)) return raise(t, state.pickling_error, "second item of the tuple returned by __reduce__ must be a tuple, not %s", classText_py(t, args).c_str());
  auto isIterator = [&](Value v) { return typeOf(t, v)->slots.next != nullptr; };
  if (items.defined() && !isIterator(items)) return raise(t, state.pickling_error, "fourth item of the tuple returned by __reduce__ must be an iterator, not %s", classText_py(t, items).c_str());
  if (pairs.defined() && !isIterator(pairs)) return raise(t, state.pickling_error, "fifth item of the tuple returned by __reduce__ must be an iterator, not %s", classText_py(t, pairs).c_str());
  if (setter.defined() && !isCallable(t, setter)) return raise(t, state.pickling_error, "sixth item of the tuple returned by __reduce__ must be callable, not %s", classText_py(t, setter).c_str());
  TRY(saveReduce_py(t, p, callee, args, object));
  if (items.defined()) TRY(saveListItems_py(t, p, items, object));
  if (pairs.defined()) TRY(saveDictItems_py(t, p, pairs, object));
  if (object_state.isUndefined()) return kDone;
  if (setter.isUndefined()) {
    NOTED(save_py(t, p, object_state), "state");
    put(p, kBuild);
    return kDone;
  }
  NOTED(save_py(t, p, setter), "state setter");
  TRY(save_py(t, p, object));
  NOTED(save_py(t, p, object_state), "state");
  put(p, kTuple2);
  put(p, kReduce);
  put(p, kPop);
  return kDone;
}
Status saveReduced_py(Thread& t, Pickler* p, Value reduced, Value object) {
  if (isStr(reduced)) return saveGlobal_py(t, p, object, reduced);
  Status done = kDone;
  if (!isTuple(reduced)) done = raise(t, state.pickling_error, "__reduce__ must return a string or tuple, not %s", classText_py(t, reduced).c_str());
  else if (reduced.as<Tuple>()->size < 2 || reduced.as<Tuple>()->size > 6) done = raise(t, state.pickling_error, "tuple returned by __reduce__ must contain 2 through 6 elements");
  else done = saveParts_py(t, p, reduced.as<Tuple>(), object);
  NOTED(done, "object");
  return kDone;
}

}  // namespace krait::modules::pickle
