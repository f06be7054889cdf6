// The `_warnings` module: warnings that code issues are looked up in the filters and shown by the module `warnings`, which is
// imported when the first one has to be shown. While `warnings` is there its filters, default action and registry of those
// shown once are asked; before, those that the module itself keeps. ref: Python/_warnings.c.
#include "runtime/modules/contextvars.h"
#include "runtime/modules/io/standard_streams.h"
#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/error.h"
#include "runtime/object/frame.h"
#include "runtime/object/import.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

struct WarningsState {
  Ref filters, once, default_action, context, lock;
  int64_t version = 0;  // of the filters: registries that were written under another one are forgotten
};
static WarningsState* state = nullptr;

// What is known of one warning while it is looked up; borrowed.
struct Warning {
  Value category, text, message, filename, module, registry, source;
  int64_t line;
};

// An attribute of `warnings` when that is imported, or what was last seen there; empty: it could not be asked for (pending).
static Ref setting_py(Thread& t, const char* name, Ref& own) {
  Ref module = Ref::of(dictGetStr(t.isolate->modules, intern(*t.isolate, "warnings")));
  if (module) {
    Ref found = findAttr_py(t, module.get(), intern(*t.isolate, name));
    if (isPending(t)) return Ref();
    if (found) own = std::move(found);
  }
  return Ref::of(own.get());
}

// --- registries
// Whether the key is there; a registry of other filters is emptied first. ref: already_warned.
static Fallible<bool> isKnown_py(Thread& t, Value registry, Value key, bool note) {
  Dict* dict = registry.as<Dict>();
  Str* version = intern(*t.isolate, "version");
  Value own = dictGetStr(dict, version);
  if (!own.isInt() || own.asInt() != state->version) {
    dictClear(dict);
    dictSetStr(dict, version, Value::fromInt(state->version));
  } else {
    Ref found = Ref::of(dictGet_py(t, dict, key));
    if (found) return isTrue_py(t, found.get());
    if (isPending(t)) return kRaised;
  }
  if (note) TRY(dictSet_py(t, dict, key, Value::fromBool(true)));
  return false;
}
static Ref onceRegistry_py(Thread& t) {
  Ref once = TRY(setting_py(t, "onceregistry", state->once));
  if (!isDict(once.get())) return raiseTypeError(t, "_warnings.onceregistry must be a dict, not '%s'", typeNameOf(t, once.get()));
  return once;
}

// --- filters
// None fits everything, a text itself, anything else what its match() says. ref: check_matched.
static Fallible<bool> fits_py(Thread& t, Value pattern, Value text) {
  if (pattern.isNone()) return true;
  if (isExactStr(pattern)) return equals_py(t, pattern, text);
  Ref match = TRY(callMethod_py(t, pattern, intern(*t.isolate, "match"), text));
  return isTrue_py(t, match.get());
}
static Ref filterAction_py(Thread& t, Value filters, const Warning& w, Ref& item) {
  for (int64_t i = 0; i < filters.as<List>()->size; ++i) {
    Ref entry = Ref::of(filters.as<List>()->items[i]);
    if (!isTuple(entry.get()) || entry.as<Tuple>()->size != 5) return raiseValueError(t, "warnings.filters item %ld isn't a 5-tuple", static_cast<long>(i));
    Value* parts = entry.as<Tuple>()->items();
    if (!isStr(parts[0])) return raiseTypeError(t, "action must be a string, not '%s'", typeNameOf(t, parts[0]));
    bool fits = TRY(fits_py(t, parts[1], w.text)) && TRY(isSubclass_py(t, w.category, parts[2])) && TRY(fits_py(t, parts[3], w.module));
    int64_t line = TRY(toInt64_py(t, parts[4]));  // even of one that does not fit
    if (!fits || (line != 0 && line != w.line)) continue;
    item = std::move(entry);
    return Ref::of(parts[0]);
  }
  return Ref();
}
// The action of the first filter that fits, of the context's own filters where it has some. ref: get_filter.
static Ref action_py(Thread& t, const Warning& w, Ref& item) {
  Ref context = Ref::of(contextVariable(t, state->context.get())), filters;
  if (context) filters = TRY(getAttrNamed_py(t, context.get(), "_filters"));
  else filters = TRY(setting_py(t, "filters", state->filters));
  if (!isList(filters.get())) return raiseValueError(t, context ? "_warnings_context._filters must be a list" : "_warnings.filters must be a list");
  Ref action = filterAction_py(t, filters.get(), w, item);
  if (action || isPending(t)) return action;
  action = TRY(setting_py(t, "defaultaction", state->default_action));
  if (!isStr(action.get())) return raiseTypeError(t, "_warnings.defaultaction must be a string, not '%s'", typeNameOf(t, action.get()));
  item = Ref::none();
  return action;
}

// --- showing
static Status show_py(Thread& t, const Warning& w) {
  Ref module = importByName_py(t, "warnings");
  Ref shower = module ? findAttr_py(t, module.get(), intern(*t.isolate, "_showwarnmsg")) : Ref();
  if (!shower) {  // by ourselves then
    clearException(t);
    std::string category = isType(w.category) ? shortTypeName(w.category.as<Type>()) : "Warning";
    Ref text = TRY(str_py(t, w.text)), file = TRY(str_py(t, w.filename));
    io::writeStderr_py(t, toUtf8(file.as<Str>()) + ":" + std::to_string(w.line) + ": " + category + ": " + toUtf8(text.as<Str>()) + "\n");
    return kDone;
  }
  if (!isCallable(t, shower.get())) return raiseTypeError(t, "warnings._showwarnmsg() must be set to a callable");
  Ref maker = findAttr_py(t, module.get(), intern(*t.isolate, "WarningMessage"));
  if (!maker) return isPending(t) ? Status(kRaised) : Status(raiseRuntimeError(t, "unable to get warnings.WarningMessage"));
  Value parts[] = {w.message, w.category, w.filename, Value::fromInt(w.line), Value::none(), Value::none(), w.source};
  Ref made = TRY(call_py(t, maker.get(), parts, w.source.defined() ? 7 : 6));
  TRY(callArgs_py(t, shower.get(), made.get()));
  return kDone;
}

// Looks the warning up and does what the filters say. ref: warn_explicit.
static Status issue_py(Thread& t, Warning& w) {
  if (w.module.isNone()) return kDone;  // late while the program ends
  if (w.registry.defined() && !w.registry.isNone() && !isDict(w.registry)) return raiseTypeError(t, "'registry' must be a dict or None");
  Value registry = isDict(w.registry) ? w.registry : Value();
  Ref text, message;
  if (TRY(isInstance_py(t, w.message, errors(t).warning))) {
    text = TRY(str_py(t, w.message));
    message = Ref::of(w.message);
    w.category = Value(typeOf(t, w.message));
  } else {
    text = Ref::of(w.message);
    message = TRY(callArgs_py(t, w.category, w.message));
  }
  w.text = text.get();
  w.message = message.get();
  if (w.source.defined() && w.source.isNone()) w.source = Value();
  Ref key = tupleOf(t, {w.text, w.category, Value::fromInt(w.line)});
  if (registry.defined() && TRY(isKnown_py(t, registry, key.get(), false))) return kDone;
  Ref item, action = TRY(action_py(t, w, item));
  std::string what = toUtf8(action.as<Str>());
  if (what == "ignore") return kDone;
  if (what == "error") return raiseException(t, w.message);
  if (what == "always" || what == "all") return show_py(t, w);
  if (registry.defined()) TRY(dictSet_py(t, registry.as<Dict>(), key.get(), Value::fromBool(true)));
  if (what == "once" || what == "module") {
    Ref where = what == "module" ? Ref::of(registry) : TRY(onceRegistry_py(t));
    Ref wide = what == "once" ? tupleOf(t, {w.text, w.category}) : tupleOf(t, {w.text, w.category, Value::fromInt(0)});
    if (where && TRY(isKnown_py(t, where.get(), wide.get(), true))) return kDone;
  } else if (what != "default") {
    return raiseRuntimeError(t, "Unrecognized action (%s) in warnings.filters:\n %s", reprText_py(t, action.get()).c_str(), reprText_py(t, item.get()).c_str());
  }
  return show_py(t, w);
}

// --- where a warning comes from
static bool isInternal(const Frame* f) {
  std::string file = toUtf8(f->code->filename);
  return file.find("importlib") != std::string::npos && file.find("_bootstrap") != std::string::npos;
}
static const Frame* nextExternal(const Frame* f, Tuple* prefixes) {
  for (f = f->back; f != nullptr; f = f->back) {
    bool skipped = isInternal(f);
    for (int64_t i = 0; !skipped && prefixes != nullptr && i < prefixes->size; ++i) {
      skipped = toUtf8(f->code->filename).starts_with(toUtf8((*prefixes)[i].as<Str>()));
    }
    if (!skipped) break;
  }
  return f;
}
// ref: do_warn, setup_context.
static Status warnAt_py(Thread& t, Value message, Value category, int64_t level, Value source, Tuple* prefixes) {
  const Frame* f = t.frame;
  if (level <= 0 || (f != nullptr && isInternal(f))) {
    while (--level > 0 && f != nullptr) f = f->back;
  } else {
    while (--level > 0 && f != nullptr) f = nextExternal(f, prefixes);
  }
  Ref globals = Ref::of(f == nullptr ? Value(t.isolate->sys) : Value(f->globals));
  Ref filename = f == nullptr ? newStr(t, "<sys>") : Ref::of(Value(f->code->filename));
  int64_t line = f == nullptr ? 0 : lineOf(f->code, f->pc);
  Str* name = intern(*t.isolate, "__warningregistry__");
  Ref registry = Ref::of(dictGetStr(globals.as<Dict>(), name));
  if (!registry) {
    registry = newDict(t);
    dictSetStr(globals.as<Dict>(), name, registry.get());
  }
  Ref module = Ref::of(dictGetStr(globals.as<Dict>(), t.names().d_name));
  if (!module || !(module.get().isNone() || isStr(module.get()))) module = newStr(t, "<string>");
  Warning w{.category = category, .text = Value(), .message = message, .filename = filename.get(), .module = module.get(), .registry = registry.get(), .source = source, .line = line};
  return issue_py(t, w);
}
static Ref warnFn(Thread& t, const Value* a) {
  Ref category = a[1].isNone() ? Ref::of(Value(errors(t).user_warning)) : Ref::of(a[1]);
  if (TRY(isInstance_py(t, a[0], errors(t).warning))) category = Ref::of(Value(typeOf(t, a[0])));
  bool fits = isType(category.get()) && isSubtype(category.as<Type>(), errors(t).warning);
  if (!fits) return raiseTypeError(t, "category must be a Warning subclass, not '%s'", typeNameOf(t, category.get()));
  int64_t level = TRY(toInt64_py(t, a[2]));
  Tuple* prefixes = nullptr;
  if (a[4].defined()) {
    if (!isTuple(a[4])) return raiseTypeError(t, "warn() argument 'skip_file_prefixes' must be tuple, not %s", typeNameOf(t, a[4]));
    prefixes = a[4].as<Tuple>();
    for (int64_t i = 0; i < prefixes->size; ++i) {
      if (!isStr((*prefixes)[i])) return raiseTypeError(t, "Found non-str '%s' in skip_file_prefixes.", typeNameOf(t, (*prefixes)[i]));
    }
    if (prefixes->size > 0 && level < 2) level = 2;
  }
  TRY(warnAt_py(t, a[0], category.get(), level, a[3], prefixes));
  return Ref::none();
}

// The loader's source is asked for here as CPython does, for its errors; the line is linecache's. ref: get_source_line.
static Status checkLoader_py(Thread& t, Value globals) {
  if (!isDict(globals)) return raiseTypeError(t, "module_globals must be a dict, not '%s'", typeNameOf(t, globals));
  Ref loader = Ref::of(dictGetStr(globals.as<Dict>(), t.names().d_loader)), name = Ref::of(dictGetStr(globals.as<Dict>(), t.names().d_name));
  if (!loader || !name || loader.get().isNone()) return kDone;
  Ref get_source = findAttr_py(t, loader.get(), intern(*t.isolate, "get_source"));
  if (!get_source) return isPending(t) ? Status(kRaised) : kDone;
  Ref source = TRY(callArgs_py(t, get_source.get(), name.get()));
  if (!source.get().isNone() && !isStr(source.get())) return raiseTypeError(t, "must be str, not %s", typeNameOf(t, source.get()));
  return kDone;
}
static Ref warnExplicit(Thread& t, const Value* a) {
  if (!isStr(a[2])) return raiseTypeError(t, "warn_explicit() argument 'filename' must be str, not %s", typeNameOf(t, a[2]));
  int64_t line = TRY(toInt64_py(t, a[3]));
  Ref module = Ref::of(a[4]);
  if (a[4].isUndefined()) {  // ref: normalize_module
    std::string name = toUtf8(a[2].as<Str>());
    if (name.ends_with(".py")) name.resize(name.size() - 3);
    module = newStr(t, name.empty() ? "<unknown>" : name);
  }
  if (a[6].defined() && !a[6].isNone()) TRY(checkLoader_py(t, a[6]));
  Warning w{.category = a[1], .text = Value(), .message = a[0], .filename = a[2], .module = module.get(), .registry = a[5], .source = a[7], .line = line};
  TRY(issue_py(t, w));
  return Ref::none();
}

// --- the lock that the filters are changed under
static Ref acquireLock(Thread& t, const Value*) {
  if (!state->lock) {
    Ref threads = TRY(importByName_py(t, "_thread")), made = TRY(callMethod_py(t, threads.get(), intern(*t.isolate, "RLock")));
    if (!state->lock) state->lock = std::move(made);
  }
  TRY(callMethod_py(t, state->lock.get(), intern(*t.isolate, "acquire")));
  return Ref::none();
}
static Ref releaseLock(Thread& t, const Value*) {
  Ref done = state->lock ? callMethod_py(t, state->lock.get(), intern(*t.isolate, "release")) : Ref();
  if (done) return Ref::none();
  clearException(t);
  return raiseRuntimeError(t, "cannot release un-acquired lock");
}
static Ref filtersMutated(Thread&, const Value*) {
  ++state->version;
  return Ref::none();
}
static const NativeDef kFunctions[] = {
    {"warn", "(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=<unset>)", warnFn, "Issue a warning, or maybe ignore it or raise an exception."},
    {"warn_explicit", "(message, category, filename, lineno, module=<unset>, registry=None, module_globals=None, source=None)", warnExplicit,
     "Issue a warning, or maybe ignore it or raise an exception, at a place that is given."},
    {"_acquire_lock", "()", acquireLock}, {"_release_lock", "()", releaseLock}, {"_filters_mutated_lock_held", "()", filtersMutated}, {nullptr, nullptr, nullptr}};

static Status initModule(Thread& t, Module* m) {
  if (state == nullptr) state = new WarningsState();
  Errors& e = errors(t);
  state->filters = newList(t);
  auto add = [&](const char* action, Type* category, Value module) {
    Ref entry = tupleOf(t, {intern(*t.isolate, action), Value::none(), Value(category), module, Value::fromInt(0)});
    listAppend(state->filters.as<List>(), entry.get());
  };
  add("default", e.deprecation_warning, intern(*t.isolate, "__main__"));
  add("ignore", e.deprecation_warning, Value::none());
  add("ignore", e.pending_deprecation_warning, Value::none());
  add("ignore", e.import_warning, Value::none());
  add("ignore", e.resource_warning, Value::none());
  state->once = newDict(t);
  state->default_action = Ref::of(Value(intern(*t.isolate, "default")));
  Ref contextvars = TRY(makeNativeModule_py(t, *findNativeModule("_contextvars"))), name = newStr(t, "warnings_context");
  Ref maker = TRY(getAttrNamed_py(t, contextvars.get(), "ContextVar"));
  state->context = TRY(callArgs_py(t, maker.get(), name.get()));
  moduleSet(t, m, "filters", state->filters.get());
  moduleSet(t, m, "_onceregistry", state->once.get());
  moduleSet(t, m, "_defaultaction", state->default_action.get());
  moduleSet(t, m, "_warnings_context", state->context.get());
  return kDone;
}
extern const NativeModule kWarningsModule;
const NativeModule kWarningsModule = {"_warnings", "_warnings provides basic warning filtering support.\nIt is a helper module to speed up interpreter start-up.", kFunctions, initModule};

}  // namespace krait::modules
