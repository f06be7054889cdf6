// The `_contextvars` module: Context, ContextVar, Token. A context is a dictionary from variable to value; the thread keeps
// the current one. copy_context copies it. ref: Python/context.c (whose contexts are persistent maps: same behaviour).
#include "runtime/modules/contextvars.h"
#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/error.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::modules {

struct Context : Object {
  Dict* values;
  Value previous;  // the context to go back to, while entered
  bool is_entered;
};
struct ContextVar : Object {
  Value name, default_value;
};
struct Token : Object {
  Value context, variable, old_value;  // old_value: Undefined for MISSING
  bool is_used;
};
struct ContextTypes {
  Type *context, *variable, *token, *missing;
  Value missing_value;
};
static ContextTypes* types;

static Context* context(Value v) { return v.as<Context>(); }
static Token* token(Value v) { return v.as<Token>(); }

static Ref newContext(Thread& t, Dict* values) {
  Context* c = allocate<Context>(types->context);
  Ref r = Ref::steal(c);
  c->values = (values == nullptr ? newDict(t) : dictCopy(t, values)).release().as<Dict>();
  gcTrack(c);
  return r;
}
// The thread's current context, borrowed; made on first use.
static Context* current(Thread& t) {
  if (t.context.isUndefined()) {
    t.context = newContext(t, nullptr).release();
    context(t.context)->is_entered = true;
  }
  return context(t.context);
}
static Ref noSubclassing(Thread& t, const Value* a) { return callArgs_py(t, t.types().generic_alias, a[0], a[1]); }

// --- Context
static Ref contextMake(Thread& t, Type*, const Value*, uint32_t nargs, Tuple* keywords) {
  if (nargs > 0 || keywords != nullptr) return raiseTypeError(t, "Context() does not accept any arguments");
  return newContext(t, nullptr);
}
static void contextDealloc(Object* o) {
  decref(static_cast<Object*>(static_cast<Context*>(o)->values));
  decref(static_cast<Context*>(o)->previous);
}
static void contextTraverse(Object* o, Visitor visitor, void* c) {
  visit(static_cast<Context*>(o)->values, visitor, c);
  visit(static_cast<Context*>(o)->previous, visitor, c);
}
static void contextClear(Object* o) { dictClear(static_cast<Context*>(o)->values); }
Status enterContext(Thread& t, Value v) {
  if (!isInstanceOf(t, v, types->context)) return raiseTypeError(t, "an instance of Context was expected");
  Context* c = context(v);
  if (c->is_entered) return raiseRuntimeError(t, "cannot enter context: %s is already entered", reprText_py(t, v).c_str());
  current(t);
  c->previous = t.context;
  c->is_entered = true;
  t.context = share(v);
  return kDone;
}
void leaveContext(Thread& t, Value v) {
  Context* c = context(v);
  Value own = t.context;
  t.context = c->previous;
  c->previous = Value();
  c->is_entered = false;
  decref(own);
}
static Ref contextRun_py(Thread& t, const Value* a) {
  Tuple* args = a[1].as<Tuple>();
  if (args->size == 0) return raiseTypeError(t, "run() missing 1 required positional argument");
  TRY(enterContext(t, a[0]));
  Ref rest = tupleFrom(t, args->items() + 1, args->size - 1);
  Ref result = callTuple_py(t, args->items()[0], rest.as<Tuple>(), a[2].as<Dict>());
  leaveContext(t, a[0]);
  return result;
}
static Ref contextCopy(Thread& t, const Value* a) { return newContext(t, context(a[0])->values); }
static Status checkKey(Thread& t, Value key) {
  if (typeOf(t, key) == types->variable) return kDone;
  return raiseTypeError(t, "a ContextVar key was expected, got %s", reprText_py(t, key).c_str());
}
static Ref contextGetItem(Thread& t, Value v, Value key) {
  TRY(checkKey(t, key));
  Value found = dictGet_py(t, context(v)->values, key);
  return found.defined() ? Ref::of(found) : Ref(raiseKeyError(t, key));
}
static Fallible<bool> contextContains(Thread& t, Value v, Value key) {
  TRY(checkKey(t, key));
  return dictGet_py(t, context(v)->values, key).defined();
}
static Fallible<int64_t> contextLength(Thread&, Value v) { return context(v)->values->used; }
static Ref contextIter(Thread& t, Value v) { return iter_py(t, context(v)->values); }
static Ref contextGet(Thread& t, const Value* a) {
  TRY(checkKey(t, a[1]));
  Value found = dictGet_py(t, context(a[0])->values, a[1]);
  return Ref::of(found.defined() ? found : a[2]);
}
static Ref view(Thread& t, const Value* a, const char* name) { return callMethod_py(t, context(a[0])->values, intern(*t.isolate, name)); }
static Ref contextKeys(Thread& t, const Value* a) { return view(t, a, "keys"); }
static Ref contextValues(Thread& t, const Value* a) { return view(t, a, "values"); }
static Ref contextItems(Thread& t, const Value* a) { return view(t, a, "items"); }
static Ref contextCompare(Thread& t, Value a, Value b, CompareOp op) {
  if (typeOf(t, b) != types->context || (op != CompareOp::kEq && op != CompareOp::kNe)) return Ref::notImplemented();
  return compare_py(t, context(a)->values, context(b)->values, op);
}
static const NativeDef kContextMethods[] = {{"run", "($self, *args, **kwargs)", contextRun_py}, {"copy", "($self, /)", contextCopy},
    {"get", "($self, key, default=None, /)", contextGet}, {"keys", "($self, /)", contextKeys}, {"values", "($self, /)", contextValues},
    {"items", "($self, /)", contextItems}, {nullptr, nullptr, nullptr}};

// --- ContextVar
static Ref variableMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "ContextVar", "(name, /, *, default=<unset>)", args, nargs, keywords, a));
  if (!isStr(a[0])) return raiseTypeError(t, "context variable name must be a str");
  ContextVar* v = allocate<ContextVar>(type);
  v->name = share(a[0]);
  v->default_value = share(a[1]);
  gcTrack(v);
  return Ref::steal(v);
}
Value contextVariable(Thread& t, Value variable) { return t.context.defined() ? dictGet_py(t, context(t.context)->values, variable) : Value(); }
static Ref variableGet(Thread& t, const Value* a) {
  ContextVar* v = a[0].as<ContextVar>();
  if (Value found = contextVariable(t, a[0]); found.defined()) return Ref::of(found);
  if (a[1].defined()) return Ref::of(a[1]);
  if (v->default_value.defined()) return Ref::of(v->default_value);
  return raiseWith(t, errors(t).lookup_error, a[0]);
}
static Ref variableSet(Thread& t, const Value* a) {
  Context* c = current(t);
  Token* made = allocate<Token>(types->token);
  Ref r = Ref::steal(made);
  made->context = share(t.context);
  made->variable = share(a[0]);
  made->old_value = share(dictGet_py(t, c->values, a[0]));
  gcTrack(made);
  TRY(dictSet_py(t, c->values, a[0], a[1]));
  return r;
}
static Ref variableReset(Thread& t, const Value* a) {
  if (typeOf(t, a[1]) != types->token) return raiseTypeError(t, "expected an instance of Token, got %s", reprText_py(t, a[1]).c_str());
  Token* k = token(a[1]);
  if (k->is_used) return raiseRuntimeError(t, "%s has already been used once", reprText_py(t, a[1]).c_str());
  if (k->variable != a[0]) return raiseValueError(t, "%s was created by a different ContextVar", reprText_py(t, a[1]).c_str());
  if (k->context != Value(current(t))) return raiseValueError(t, "%s was created in a different Context", reprText_py(t, a[1]).c_str());
  k->is_used = true;
  if (k->old_value.defined()) TRY(dictSet_py(t, current(t)->values, a[0], k->old_value));
  else (void)TRY(dictDelete_py(t, current(t)->values, a[0]));
  return Ref::none();
}
static Ref variableRepr(Thread& t, Value v) {
  ContextVar* var = v.as<ContextVar>();
  std::string out = "<ContextVar name=" + reprText_py(t, var->name);
  if (var->default_value.defined()) out += " default=" + reprText_py(t, var->default_value);
  return newStr(t, out + format(" at %p>", static_cast<void*>(var)));
}
static Ref variableName(Thread&, Value v) { return Ref::of(v.as<ContextVar>()->name); }
static const NativeDef kVariableMethods[] = {{"get", "($self, default=<unset>, /)", variableGet}, {"set", "($self, value, /)", variableSet},
    {"reset", "($self, token, /)", variableReset}, {"__class_getitem__", "($type, object, /)", noSubclassing, "See PEP 585"}, {nullptr, nullptr, nullptr}};
static const GetSetDef kVariableGetSets[] = {{"name", variableName, readOnlyMember}, {nullptr, nullptr}};

// --- Token
static Ref tokenMake(Thread& t, Type*, const Value*, uint32_t, Tuple*) { return raiseRuntimeError(t, "Tokens can only be created by ContextVars"); }
static Ref tokenRepr(Thread& t, Value v) {
  return newStr(t, std::string("<Token") + (token(v)->is_used ? " used" : "") + " var=" + reprText_py(t, token(v)->variable) +
                       format(" at %p>", static_cast<void*>(v.object())));
}
static Ref tokenVariable(Thread&, Value v) { return Ref::of(token(v)->variable); }
static Ref tokenOld(Thread&, Value v) { return Ref::of(token(v)->old_value.defined() ? token(v)->old_value : types->missing_value); }
static Ref tokenEnter(Thread&, const Value* a) { return Ref::of(a[0]); }
static Ref tokenExit(Thread& t, const Value* a) {
  Value args[2] = {token(a[0])->variable, a[0]};
  return variableReset(t, args);
}
static const NativeDef kTokenMethods[] = {{"__enter__", "($self, /)", tokenEnter}, {"__exit__", "($self, type, value, traceback, /)", tokenExit},
    {"__class_getitem__", "($type, object, /)", noSubclassing, "See PEP 585"}, {nullptr, nullptr, nullptr}};
static const GetSetDef kTokenGetSets[] = {{"var", tokenVariable}, {"old_value", tokenOld}, {nullptr, nullptr}};

Ref copyCurrentContext(Thread& t) { return newContext(t, current(t)->values); }
static Ref copyContext(Thread& t, const Value*) { return copyCurrentContext(t); }
static const NativeDef kFunctions[] = {{"copy_context", "()", copyContext}, {nullptr, nullptr, nullptr}};
static Fallible<int64_t> identityHash(Thread&, Value v) { return static_cast<int64_t>(v.bits >> 4); }

static void makeContextType(Thread& t) {
  Type* type = types->context = makeType(*t.isolate, {.name = "_contextvars.Context", .size = sizeof(Context), .flags = kTypeGc | kTypeWeakrefable | kTypeMatchMapping,
                                                      .methods = kContextMethods});
  Slots& s = type->slots;
  s.dealloc = contextDealloc;
  s.traverse = contextTraverse;
  s.clear = contextClear;
  s.make = contextMake;
  s.get_item = contextGetItem;
  s.contains = contextContains;
  s.length = contextLength;
  s.iter = contextIter;
  s.compare = contextCompare;
  readyType(*t.isolate, type);
}
static Status initModule(Thread& t, Module* m) {
  types = new ContextTypes();
  makeContextType(t);
  Type* variable = types->variable = makeType(*t.isolate, {.name = "_contextvars.ContextVar", .size = sizeof(ContextVar), .flags = kTypeGc,
                                                           .methods = kVariableMethods, .getsets = kVariableGetSets});
  variable->slots.dealloc = [](Object* o) {
    decref(static_cast<ContextVar*>(o)->name);
    decref(static_cast<ContextVar*>(o)->default_value);
  };
  variable->slots.traverse = [](Object* o, Visitor visitor, void* c) { visit(static_cast<ContextVar*>(o)->default_value, visitor, c); };
  variable->slots.make = variableMake;
  variable->slots.repr = variableRepr;
  variable->slots.hash = identityHash;
  readyType(*t.isolate, variable);
  Type* token_type = types->token = makeType(*t.isolate, {.name = "_contextvars.Token", .size = sizeof(Token), .flags = kTypeGc, .methods = kTokenMethods,
                                                          .getsets = kTokenGetSets});
  token_type->slots.dealloc = [](Object* o) {
    for (Value v : {static_cast<Token*>(o)->context, static_cast<Token*>(o)->variable, static_cast<Token*>(o)->old_value}) decref(v);
  };
  token_type->slots.traverse = [](Object* o, Visitor visitor, void* c) {
    for (Value v : {static_cast<Token*>(o)->context, static_cast<Token*>(o)->variable, static_cast<Token*>(o)->old_value}) visit(v, visitor, c);
  };
  token_type->slots.make = tokenMake;
  token_type->slots.repr = tokenRepr;
  readyType(*t.isolate, token_type);
  types->missing = makeType(*t.isolate, {.name = "_contextvars.Token.MISSING", .flags = kTypeDisallowNew});
  types->missing->slots.repr = [](Thread& thread, Value) -> Ref { return newStr(thread, "<Token.MISSING>"); };
  readyType(*t.isolate, types->missing);
  types->missing_value = allocate<Object>(types->missing);
  dictSetStr(token_type->dict, intern(*t.isolate, "MISSING"), types->missing_value);
  for (Type* type : {types->context, types->variable, types->token}) moduleSetType(t, m, type);
  return kDone;
}
extern const NativeModule kContextVarsModule;
const NativeModule kContextVarsModule = {"_contextvars", "Context Variables", kFunctions, initModule};

}  // namespace krait::modules
