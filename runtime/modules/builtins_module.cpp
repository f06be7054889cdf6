// The `builtins` module. ref: Python/bltinmodule.c.
#include <cstdio>

#include "runtime/modules/audit.h"
#include "runtime/modules/builtins_parts.h"
#include "runtime/modules/compile_hook.h"
#include "runtime/modules/io/io.h"
#include "runtime/modules/module_table.h"
#include "runtime/modules/os_support.h"
#include "runtime/object/bytes.h"
#include "runtime/object/bytes_methods.h"
#include "runtime/object/containers.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/error.h"
#include "runtime/object/frame.h"
#include "runtime/object/instance.h"
#include "runtime/object/int.h"
#include "runtime/object/iterators.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {
Ref newCallableIterator(Thread& t, Value callable, Value sentinel);
Ref frameLocals(Thread& t, FrameObject* o);
}  // namespace krait::object

namespace krait::modules {

// --- classes. ref: builtin___build_class__.
static Ref resolveBases(Thread& t, Tuple* bases) {
  bool changed = false;
  Ref out = newList(t);
  for (int64_t i = 0; i < bases->size; ++i) {
    Value base = bases->items()[i];
    Ref entries = isType(base) ? Ref() : findAttr_py(t, base, t.names().d_mro_entries);
    if (!entries) {
      if (isPending(t)) return Ref();
      listAppend(out.as<List>(), base);
      continue;
    }
    changed = true;
    Value arg = bases;
    Ref replacement = TRY(call_py(t, entries.get(), &arg, 1));
    if (!isTuple(replacement.get())) return raiseTypeError(t, "__mro_entries__ must return a tuple");
    TRY(listExtend_py(t, out.as<List>(), replacement.get()));
  }
  if (!changed) return Ref::of(bases);
  return tupleFrom(t, out.as<List>()->items, out.as<List>()->size);
}
// The cell behind __class__ must have got the class: a metaclass may have lost it.
static Status checkClassCell(Thread& t, Value cls, Value name, Value cell) {
  if (!isType(cls) || cell.isUndefined() || !isExact(cell, TypeId::kCell)) return kDone;
  Value now = cell.as<Cell>()->value;
  if (now == cls) return kDone;
  std::string shown_name = reprText_py(t, name), shown = reprText_py(t, cls);
  if (now.isUndefined()) return raiseRuntimeError(t, "__class__ not set defining %s as %s. Was __classcell__ propagated to type.__new__?", shown_name.c_str(), shown.c_str());
  return raiseTypeError(t, "__class__ set to %s defining %s as %s", reprText_py(t, now).c_str(), shown_name.c_str(), shown.c_str());
}
static Ref buildClass(Thread& t, const Value* a) {
  Value function = a[0], name = a[1];
  Ref original = Ref::of(a[2]);
  if (!isExact(function, TypeId::kFunction)) return raiseTypeError(t, "__build_class__: func must be a function");
  if (!isStr(name)) return raiseTypeError(t, "__build_class__: name is not a string");
  Ref bases = TRY(resolveBases(t, original.as<Tuple>()));
  Dict* keywords = a[3].as<Dict>();
  Ref meta = dictPop_py(t, keywords, t.names().metaclass);
  if (!meta) meta = Ref::of(bases.as<Tuple>()->size > 0 ? Value(typeOf(t, bases.as<Tuple>()->items()[0])) : Value(t.types().type));
  if (isType(meta.get())) {
    Type* winner = calculateMetatype(t, meta.as<Type>(), bases.as<Tuple>());
    if (winner == nullptr) return Ref();
    meta = Ref::of(winner);
  }
  Ref call_args = tupleOf(t, {name, bases.get()});
  Ref prepare = findAttr_py(t, meta.get(), t.names().d_prepare);
  if (!prepare && isPending(t)) return Ref();
  Ref ns = prepare ? TRY(callTuple_py(t, prepare.get(), call_args.as<Tuple>(), keywords)) : newDict(t);
  if (typeOf(t, ns.get())->slots.get_item == nullptr) {
    return raiseTypeError(t, "%s.__prepare__() must return a mapping, not %s", isType(meta.get()) ? typeName(meta.as<Type>()) : "<metaclass>", typeNameOf(t, ns.get()));
  }
  Function* f = function.as<Function>();
  Ref done = TRY(run_hooks.run(t, f->code, f->globals, ns.get(), f->closure));
  if (bases.get() != original.get()) TRY(setItem_py(t, ns.get(), t.names().d_orig_bases, original.get()));
  Ref args = tupleOf(t, {name, bases.get(), ns.get()});
  Ref cell = Ref::of(isDict(ns.get()) ? dictGetStr(ns.as<Dict>(), t.names().d_classcell) : Value());
  Ref cls = TRY(callTuple_py(t, meta.get(), args.as<Tuple>(), keywords));
  TRY(checkClassCell(t, cls.get(), name, cell.get()));
  return cls;
}

// --- output
static Ref print(Thread& t, const Value* a) {
  Tuple* items = a[0].as<Tuple>();
  Value sep = a[1], end = a[2], file = a[3];
  for (auto [v, name] : {std::pair{sep, "sep"}, {end, "end"}}) {
    if (!v.isNone() && !isStr(v)) return raiseTypeError(t, "%s must be None or a string, not %s", name, typeNameOf(t, v));
  }
  Ref held = Ref::of(file);
  if (file.isNone()) {
    held = Ref::of(dictGetStr(t.isolate->sys, t.names().stdout_));
    if (!held) return raiseRuntimeError(t, "lost sys.stdout");
    if (held.get().isNone()) return Ref::none();
  }
  bool is_plain = held.get().isHeap() && held.get().object()->type == io::types.text;
  Ref write = is_plain ? Ref() : TRY(getAttr_py(t, held.get(), t.names().write));
  auto put = [&](Value text) -> Ref {
    if (!is_plain) return call_py(t, write.get(), &text, 1);
    return io::textWrite_py(t, held.get(), text).failed ? Ref() : Ref::none();
  };
  Ref space = newStr(t, " "), newline = newStr(t, "\n"), r;
  for (int64_t i = 0; i < items->size; ++i) {
    if (i > 0) r = TRY(put(sep.isNone() ? space.get() : sep));
    Ref text = TRY(str_py(t, items->items()[i]));
    r = TRY(put(text.get()));
  }
  r = TRY(put(end.isNone() ? newline.get() : end));
  if (TRY(isTrue_py(t, a[4]))) r = TRY(callMethod_py(t, held.get(), t.names().flush));
  return Ref::none();
}

// --- plain functions
static Ref len(Thread& t, const Value* a) { return newInt(t, TRY(length_py(t, a[0]))); }
static Ref repr(Thread& t, const Value* a) { return repr_py(t, a[0]); }
static Ref ascii(Thread& t, const Value* a) { return ascii_py(t, a[0]); }
static Ref hash(Thread& t, const Value* a) { return newInt(t, TRY(hash_py(t, a[0]))); }
static Ref id(Thread& t, const Value* a) {
  Ref number = newIntUnsigned(t, a[0].bits);
  TRY(audit_py(t, "builtins.id", {number.get()}));
  return number;
}
static Ref callable(Thread& t, const Value* a) { return Ref::boolean(isCallable(t, a[0])); }
static Ref absolute(Thread& t, const Value* a) { return absolute_py(t, a[0]); }
static Ref divMod(Thread& t, const Value* a) { return binary_py(t, a[0], a[1], object::BinaryOp::kDivMod); }
static Ref power(Thread& t, const Value* a) { return power_py(t, a[0], a[1], a[2]); }
static Ref isInstance(Thread& t, const Value* a) { return Ref::boolean(TRY(isInstance_py(t, a[0], a[1]))); }
static Ref isSubclass(Thread& t, const Value* a) { return Ref::boolean(TRY(isSubclass_py(t, a[0], a[1]))); }
static Ref formatFn(Thread& t, const Value* a) {
  if (a[1].defined() && !isStr(a[1])) return raiseTypeError(t, "format() argument 2 must be str, not %s", typeNameOf(t, a[1]));
  return format_py(t, a[0], a[1]);
}
static Ref chr(Thread& t, const Value* a) {
  Ref n = TRY(toIndex_py(t, a[0]));
  int64_t c = -1;
  if (!intFits(n.get(), c)) c = -1;
  if (c < 0 || c > 0x10FFFF) return raiseValueError(t, "chr() arg not in range(0x110000)");
  return strFromChar(t, static_cast<char32_t>(c));
}
static Ref ord(Thread& t, const Value* a) {
  if (isStr(a[0])) {
    if (a[0].as<Str>()->length == 1) return newIntSmall(a[0].as<Str>()->at(0));
    return raiseTypeError(t, "ord() expected a character, but string of length %ld found", static_cast<long>(a[0].as<Str>()->length));
  }
  if (isBytes(a[0]) || isByteArray(a[0])) {
    std::string_view bytes = bytesView(a[0]);
    if (bytes.size() == 1) return newIntSmall(static_cast<unsigned char>(bytes[0]));
    return raiseTypeError(t, "ord() expected a character, but string of length %zu found", bytes.size());
  }
  return raiseTypeError(t, "ord() expected string of length 1, but %s found", typeNameOf(t, a[0]));
}
static Ref based(Thread& t, Value v, int base, const char* prefix) {
  Ref i = TRY(toIndex_py(t, v));
  std::string text = intToText(i.get(), base);
  return newStr(t, text[0] == '-' ? "-" + std::string(prefix) + text.substr(1) : prefix + text);
}
static Ref bin(Thread& t, const Value* a) { return based(t, a[0], 2, "0b"); }
static Ref oct(Thread& t, const Value* a) { return based(t, a[0], 8, "0o"); }
static Ref hex(Thread& t, const Value* a) { return based(t, a[0], 16, "0x"); }
static Ref roundFn(Thread& t, const Value* a) {
  Value found = typeLookup(typeOf(t, a[0]), t.names().d_round);
  if (isExact(found, TypeId::kNativeDescriptor)) return object::callNative_py(t, found.as<object::NativeFunction>(), a, a[1].isNone() ? 1 : 2, nullptr);
  Ref method = findSpecial_py(t, a[0], t.names().d_round);
  if (!method) return isPending(t) ? Ref() : Ref(raiseTypeError(t, "type %s doesn't define __round__ method", typeNameOf(t, a[0])));
  return a[1].isNone() ? call_py(t, method.get(), nullptr, 0) : call_py(t, method.get(), &a[1], 1);
}
static Ref sum(Thread& t, const Value* a) {
  if (isStr(a[1])) return raiseTypeError(t, "sum() can't sum strings [use ''.join(seq) instead]");
  if (isBytes(a[1])) return raiseTypeError(t, "sum() can't sum bytes [use b''.join(seq) instead]");
  if (isByteArray(a[1])) return raiseTypeError(t, "sum() can't sum bytearray [use b''.join(seq) instead]");
  Ref total = Ref::of(a[1]);
  Iteration it(t, a[0]);
  // Floats are added with compensation. ref: builtin_sum_impl (Neumaier).
  while (it.next()) {
    if (total.get().isFloat() && (it.value().isFloat() || it.value().isInt())) {
      double x = total.get().asDouble(), c = 0;
      do {
        if (!it.value().isFloat() && !it.value().isInt()) {
          total = Ref::steal(Value::fromDouble(c != 0 && c - c == 0 ? x + c : x));
          total = TRY(binary_py(t, total.get(), it.value(), object::BinaryOp::kAdd));
          goto next_item;
        }
        double y = it.value().isFloat() ? it.value().asDouble() : static_cast<double>(it.value().asInt()), s = x + y;
        c += (x < 0 ? -x : x) >= (y < 0 ? -y : y) ? (x - s) + y : (y - s) + x;
        x = s;
      } while (it.next());
      if (it.raised()) return Ref();
      return Ref::steal(Value::fromDouble(c != 0 && c - c == 0 ? x + c : x));
    }
    if (total.get().isInt() && it.value().isInt()) {
      int64_t x = total.get().asInt() + it.value().asInt();
      bool more = true;
      while (Value::fitsInt(x) && (more = it.next()) && it.value().isInt()) x += it.value().asInt();
      total = newInt(t, x);
      if (!more) break;
      if (it.value().isInt()) continue;
    }
    total = TRY(binary_py(t, total.get(), it.value(), object::BinaryOp::kAdd));
  next_item:;
  }
  if (it.raised()) return Ref();
  return total;
}
static Ref allFn(Thread& t, const Value* a) {
  Iteration it(t, a[0]);
  while (it.next()) {
    if (!TRY(isTrue_py(t, it.value()))) return Ref::boolean(false);
  }
  if (it.raised()) return Ref();
  return Ref::boolean(true);
}
static Ref anyFn(Thread& t, const Value* a) {
  Iteration it(t, a[0]);
  while (it.next()) {
    if (TRY(isTrue_py(t, it.value()))) return Ref::boolean(true);
  }
  if (it.raised()) return Ref();
  return Ref::boolean(false);
}
static Ref extreme(Thread& t, const Value* a, CompareOp op, const char* name) {
  Tuple* args = a[0].as<Tuple>();
  Value key = a[1], fallback = a[2];
  if (args->size == 0) return raiseTypeError(t, "%s expected at least 1 argument, got 0", name);
  if (args->size > 1 && fallback.defined()) return raiseTypeError(t, "Cannot specify a default for %s() with multiple positional arguments", name);
  if (args->size == 2 && key.isNone() && args->items()[0].isInt() && args->items()[1].isInt()) {
    int64_t x = args->items()[0].asInt(), y = args->items()[1].asInt();
    return newIntSmall((op == CompareOp::kLt ? y < x : y > x) ? y : x);
  }
  Iteration it(t, args->size == 1 ? args->items()[0] : Value(args));
  Ref best, best_key;
  while (it.next()) {
    Value v = it.value();
    Ref k = key.isNone() ? Ref::of(v) : TRY(call_py(t, key, &v, 1));
    if (best && !TRY(compareTrue_py(t, k.get(), best_key.get(), op))) continue;
    best = Ref::of(v);
    best_key = std::move(k);
  }
  if (it.raised()) return Ref();
  if (best) return best;
  if (fallback.defined()) return Ref::of(fallback);
  return raiseValueError(t, "%s() iterable argument is empty", name);
}
static Ref minFn(Thread& t, const Value* a) { return extreme(t, a, CompareOp::kLt, "min"); }
static Ref maxFn(Thread& t, const Value* a) { return extreme(t, a, CompareOp::kGt, "max"); }
static Ref sorted(Thread& t, const Value* a) {
  Tuple* args = a[0].as<Tuple>();
  if (args->size != 1) return raiseTypeError(t, "sorted expected 1 argument, got %ld", static_cast<long>(args->size));
  Ref list = TRY(listFromIterable_py(t, args->items()[0]));
  TRY(listSort_py(t, list.as<List>(), a[1], TRY(isTrue_py(t, a[2]))));
  return list;
}
static Ref iterFn(Thread& t, const Value* a) {
  if (a[1].isUndefined()) return iter_py(t, a[0]);
  if (!isCallable(t, a[0])) return raiseTypeError(t, "iter(v, w): v must be callable");
  return newCallableIterator(t, a[0], a[1]);
}
static Ref nextFn(Thread& t, const Value* a) {
  if (typeOf(t, a[0])->slots.next == nullptr) return raiseTypeError(t, "'%s' object is not an iterator", typeNameOf(t, a[0]));
  Ref r = nextOrStop_py(t, a[0]);
  if (r) return r;
  if (a[1].defined() && (!isPending(t) || pendingMatches(t, errors(t).stop_iteration))) {
    clearException(t);
    return Ref::of(a[1]);
  }
  if (!isPending(t)) return raiseStopIteration(t, Value::none());
  return r;
}

// --- attributes and scopes
static Fallible<Str*> attributeName(Thread& t, Value v, const char* function) {
  (void)function;
  if (!isStr(v)) return raiseTypeError(t, "attribute name must be string, not '%s'", typeNameOf(t, v));
  return internStr(*t.isolate, v.as<Str>());
}
static Ref getAttr(Thread& t, const Value* a) {
  Str* name = TRY(attributeName(t, a[1], "getattr"));
  if (a[2].isUndefined()) return getAttr_py(t, a[0], name);
  Ref r = findAttr_py(t, a[0], name);
  if (r || isPending(t)) return r;
  return Ref::of(a[2]);
}
static Ref setAttr(Thread& t, const Value* a) {
  TRY(setAttr_py(t, a[0], TRY(attributeName(t, a[1], "setattr")), a[2]));
  return Ref::none();
}
static Ref delAttr(Thread& t, const Value* a) {
  TRY(setAttr_py(t, a[0], TRY(attributeName(t, a[1], "delattr")), Value()));
  return Ref::none();
}
static Ref hasAttr(Thread& t, const Value* a) {
  Ref r = findAttr_py(t, a[0], TRY(attributeName(t, a[1], "hasattr")));
  if (!r && isPending(t)) return r;
  return Ref::boolean(r.get().defined());
}
static Ref globals(Thread& t, const Value*) { return t.frame != nullptr ? Ref::of(t.frame->globals) : Ref::none(); }
// Of a function: its variables, and what was set through f_locals beside them.
static Ref currentLocals(Thread& t) {
  FrameObject* o = frameObject(t, t.frame);
  Ref all = frameLocals(t, o);
  if (o->local_dict != nullptr) TRY(dictMerge_py(t, all.as<Dict>(), o->local_dict));
  return all;
}
static Ref locals(Thread& t, const Value*) { return currentLocals(t); }
static Ref vars(Thread& t, const Value* a) {
  if (a[0].isUndefined()) return currentLocals(t);
  Ref r = findAttr_py(t, a[0], t.names().d_dict);
  if (r || isPending(t)) return r;
  return raiseTypeError(t, "vars() argument must have __dict__ attribute");
}
static Ref dir(Thread& t, const Value* a) {
  Ref names;
  if (a[0].isUndefined()) {
    Ref scope = TRY(currentLocals(t));
    names = TRY(callMethod_py(t, scope.get(), t.names().keys));
  } else {
    Ref method = findSpecial_py(t, a[0], t.names().d_dir);
    if (!method) return Ref();
    names = TRY(call_py(t, method.get(), nullptr, 0));
  }
  Ref list = TRY(listFromIterable_py(t, names.get()));
  TRY(listSort_py(t, list.as<List>(), Value::none(), false));
  return list;
}

// --- code
static Ref compileFn(Thread& t, const Value* a) {
  Ref file = TRY(fspath_py(t, a[1]));
  if (isBytes(file.get())) file = TRY(fsDecode(t, file.as<Bytes>()->view()));
  if (!isStr(a[2])) return raiseTypeError(t, "compile() argument 'mode' must be str, not %s", typeNameOf(t, a[2]));
  TRY(audit_py(t, "compile", {a[0], file.get()}));
  return compileSource_py(t, a[0], file.get(), toUtf8(a[2].as<Str>()), TRY(toCInt_py(t, a[3])), TRY(isTrue_py(t, a[4])), TRY(toCInt_py(t, a[5])),
                          TRY(toCInt_py(t, a[6])));
}
static Status namespaces(Thread& t, const char* name, Value& globals_value, Value& locals_value, Ref& held) {
  if (globals_value.isNone()) {
    globals_value = t.frame->globals;
    if (locals_value.isNone()) {
      held = TRY(currentLocals(t));
      locals_value = held.get();
    }
  }
  if (locals_value.isNone()) locals_value = globals_value;
  if (std::string_view(name) == "eval") {
    if (locals_value != globals_value && typeOf(t, locals_value)->slots.get_item == nullptr) return raiseTypeError(t, "locals must be a mapping");
    bool is_mapping = typeOf(t, globals_value)->slots.get_item != nullptr;
    if (!isDict(globals_value)) return raiseTypeError(t, is_mapping ? "globals must be a real dict; try eval(expr, {}, mapping)" : "globals must be a dict");
  }
  if (!isDict(globals_value)) return raiseTypeError(t, "%s() globals must be a dict, not %s", name, typeNameOf(t, globals_value));
  if (typeOf(t, locals_value)->slots.get_item == nullptr) return raiseTypeError(t, "%s() locals must be a mapping or None, not %s", name, typeNameOf(t, locals_value));
  if (dictGetStr(globals_value.as<Dict>(), t.names().d_builtins).isUndefined()) dictSetStr(globals_value.as<Dict>(), t.names().d_builtins, t.isolate->builtins);
  return kDone;
}
static Status checkClosure(Thread& t, const Code* code, Value closure, const char* name, bool takes_closure) {
  int64_t wanted = code->free_count;
  if (!takes_closure || (closure.isNone() && wanted == 0)) {
    if (wanted == 0) return kDone;
    return raiseTypeError(t, "code object passed to %s() may not contain free variables", name);
  }
  if (wanted == 0) return raiseTypeError(t, "cannot use a closure with this code object");
  bool fits = isExact(closure, TypeId::kTuple) && closure.as<Tuple>()->size == wanted;
  for (int64_t i = 0; fits && i < wanted; ++i) fits = isExact(closure.as<Tuple>()->items()[i], TypeId::kCell);
  if (!fits) return raiseTypeError(t, "code object requires a closure of exactly length %ld", static_cast<long>(wanted));
  return kDone;
}
static Ref runSource(Thread& t, const Value* a, const char* name, const char* mode) {
  Value globals_value = a[1], locals_value = a[2];
  Ref held;
  TRY(namespaces(t, name, globals_value, locals_value, held));
  Ref code = Ref::of(a[0]);
  if (!isExact(a[0], TypeId::kCode)) {
    if (!isStr(a[0])) {
      Buffer data;
      if (!isBytesLike(a[0]) || data.acquire(t, a[0]).failed) {
        clearException(t);
        return raiseTypeError(t, "%s() arg 1 must be a string, bytes or code object", name);
      }
    }
    Ref filename = newStr(t, "<string>"), source = Ref::of(a[0]);
    if (mode[1] == 'v') {  // eval: leading blanks do not count
      Ref blanks = isStr(a[0]) ? newStr(t, " \t") : newBytes(t, " \t");
      if (!isStr(a[0])) source = TRY(call_py(t, t.types().bytes, a, 1));
      source = TRY(callMethod_py(t, source.get(), intern(*t.isolate, "lstrip"), blanks.get()));
    }
    TRY(audit_py(t, "compile", {a[0], filename.get()}));
    code = TRY(compileSource_py(t, source.get(), filename.get(), mode, 0, false));
  } else {
    TRY(checkClosure(t, code.as<Code>(), a[3], name, mode[1] == 'x'));
  }
  if (!isExact(a[0], TypeId::kCode) && !a[3].isNone()) return raiseTypeError(t, "closure can only be used when source is a code object");
  TRY(audit_py(t, "exec", {code.get()}));
  return run_hooks.run(t, code.as<Code>(), globals_value.as<Dict>(), locals_value, a[3].isNone() ? Value() : a[3]);
}
static Ref evalFn(Thread& t, const Value* a) {
  Value args[4] = {a[0], a[1], a[2], Value::none()};
  return runSource(t, args, "eval", "eval");
}
static Ref execFn(Thread& t, const Value* a) {
  Ref r = TRY(runSource(t, a, "exec", "exec"));
  return Ref::none();
}
static Ref importFn(Thread& t, const Value* a) { return importModule_py(t, a[0], a[1], a[2], a[3], a[4]); }
static const NativeDef kFunctions[] = {
    {"__build_class__", "(func, name, /, *bases, **kwds)", buildClass}, {"__import__", "(name, globals=None, locals=None, fromlist=None, level=0)", importFn},
    {"print", "(*args, sep=' ', end='\n', file=None, flush=False)", print, "Prints the values to a stream, or to sys.stdout by default."},
    {"len", "(obj, /)", len, "Return the number of items in a container."}, {"repr", "(obj, /)", repr, "Return the canonical string representation of the object."},
    {"ascii", "(obj, /)", ascii}, {"hash", "(obj, /)", hash}, {"id", "(obj, /)", id}, {"callable", "(obj, /)", callable}, {"abs", "(number, /)", absolute},
    {"divmod", "(x, y, /)", divMod}, {"pow", "(base, exp, mod=None)", power}, {"isinstance", "(obj, class_or_tuple, /)", isInstance},
    {"issubclass", "(cls, class_or_tuple, /)", isSubclass}, {"format", "(value, format_spec=<unset>, /)", formatFn}, {"chr", "(i, /)", chr}, {"ord", "(character, /)", ord},
    {"bin", "(number, /)", bin}, {"oct", "(number, /)", oct}, {"hex", "(number, /)", hex}, {"round", "(number, ndigits=None)", roundFn},
    {"sum", "(iterable, /, start=0)", sum}, {"all", "(iterable, /)", allFn}, {"any", "(iterable, /)", anyFn},
    {"min", "(*args, key=None, default=<unset>)", minFn, "min(iterable, *[, default=obj, key=func]) -> value\nmin(arg1, arg2, *args, *[, key=func]) -> value\n\nThe least of the items or arguments."},
    {"max", "(*args, key=None, default=<unset>)", maxFn, "max(iterable, *[, default=obj, key=func]) -> value\nmax(arg1, arg2, *args, *[, key=func]) -> value\n\nThe greatest of the items or arguments."},
    {"sorted", "(*args, key=None, reverse=False)", sorted}, {"iter", "(object, sentinel=<unset>, /)", iterFn}, {"next", "(iterator, default=<unset>, /)", nextFn},
    {"getattr", "(object, name, default=<unset>, /)", getAttr}, {"setattr", "(obj, name, value, /)", setAttr}, {"delattr", "(obj, name, /)", delAttr},
    {"hasattr", "(obj, name, /)", hasAttr}, {"globals", "()", globals}, {"locals", "()", locals}, {"vars", "(object=<unset>, /)", vars}, {"dir", "(object=<unset>, /)", dir},
    {"compile", "(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)", compileFn},
    {"eval", "(source, /, globals=None, locals=None)", evalFn}, {"exec", "(source, /, globals=None, locals=None, *, closure=None)", execFn},
    {nullptr, nullptr, nullptr}};

static void addFunctions(Thread& t, Module* module, const NativeDef* table) {
  Ref name = newStr(t, "builtins");
  for (const NativeDef* f = table; f->name != nullptr; ++f) moduleSet(t, module, f->name, newNativeFunction(t, f, Value(module), name.get()).get());
}
void addIterationTypes(Thread& t, Module* module);
void addMemoryViewType(Thread& t, Module* module);

static Status init(Thread& t, Module* module) {
  // The isolate's dictionary holds the exceptions already: it becomes the module's.
  Dict* dict = t.isolate->builtins;
  TRY(dictMerge_py(t, dict, module->dict));
  Dict* old = module->dict;
  module->dict = share(Value(dict)).as<Dict>();
  decref(static_cast<Object*>(old));
  addFunctions(t, module, kAsyncBuiltins);
  addFunctions(t, module, kInteractiveBuiltins);
  addAsyncBuiltinTypes(t);
  const Types& types = t.types();
  for (Type* type : {types.object, types.type, types.int_, types.bool_, types.float_, types.complex, types.str, types.bytes, types.bytearray, types.tuple,
                     types.list, types.dict, types.set, types.frozenset, types.slice, types.range, types.class_method, types.static_method, types.property,
                     types.super, types.reversed}) {
    moduleSetType(t, module, type);
  }
  moduleSet(t, module, "None", Value::none());
  moduleSet(t, module, "True", Value::fromBool(true));
  moduleSet(t, module, "False", Value::fromBool(false));
  moduleSet(t, module, "Ellipsis", Value::ellipsis());
  moduleSet(t, module, "NotImplemented", Value::notImplemented());
  moduleSet(t, module, "__debug__", Value::fromBool(true));
  addIterationTypes(t, module);
  addMemoryViewType(t, module);
  return kDone;
}

extern const NativeModule kBuiltinsModule;
const NativeModule kBuiltinsModule = {"builtins", "Built-in functions, types, exceptions, and other objects.", kFunctions, init};

}  // namespace krait::modules
