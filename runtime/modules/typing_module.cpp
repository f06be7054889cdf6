// The `_typing` module: TypeVar, ParamSpec, TypeVarTuple, TypeAliasType, Generic and what the compiler's type-parameter
// syntax calls. Bounds, constraints, defaults and alias values are computed when first asked for (PEP 649, 695, 696).
// ref: Objects/typevarobject.c, Modules/_typingmodule.c.
#include "runtime/modules/module_table.h"
#include "runtime/object/containers.h"
#include "runtime/object/descriptor.h"
#include "runtime/object/error.h"
#include "runtime/object/frame.h"
#include "runtime/object/gc.h"
#include "runtime/object/heap.h"
#include "runtime/object/import.h"
#include "runtime/object/int.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str.h"

namespace krait::object {
Ref uniteTypes_py(Thread& t, const Value* items, int64_t n);
}

namespace krait::modules {

// A value that may have to be computed: `evaluate` is called with the format 1 (VALUE) on first use.
struct Lazy {
  Value value, evaluate;
};
struct TypeParam : Object {  // TypeVar, ParamSpec and TypeVarTuple
  Dict* dict;
  Value name;
  Lazy bound, constraints, default_value;
  bool covariant, contravariant, infer_variance;
};
struct TypeAlias : Object {
  Value name, type_params, module;
  Lazy value;
};
struct ParamSpecPart : Object {
  Value origin;
};
struct ConstEvaluator : Object {
  Value value;
};
// The module's own types and its NoDefault, found through the module object.
struct TypingState {
  Type *type_var, *param_spec, *type_var_tuple, *alias, *args, *kwargs, *generic, *evaluator;
  Value no_default;
};
static TypingState* state;

static TypeParam* param(Value v) { return v.as<TypeParam>(); }
static TypeAlias* alias(Value v) { return v.as<TypeAlias>(); }
static bool isOf(Thread& t, Value v, Type* type) { return typeOf(t, v) == type; }

template <class... Args>
static Ref callTyping(Thread& t, const char* function, Args... args) {
  Ref callee = TRY(importAttr_py(t, "typing", function));
  return callArgs_py(t, callee.get(), args...);
}
static Ref unpacked(Thread& t, Value v) {
  Ref form = TRY(importAttr_py(t, "typing", "Unpack"));
  return getItem_py(t, form.get(), v);
}
static Ref callerModule(Thread& t) {
  Value name = t.frame != nullptr && t.frame->globals != nullptr ? dictGetStr(t.frame->globals, t.names().d_name) : Value();
  return name.defined() ? Ref::of(name) : Ref::none();
}

// --- lazily evaluated parts
static Ref lazyValue_py(Thread& t, Lazy& lazy, Value absent) {
  if (lazy.value.defined()) return Ref::of(lazy.value);
  if (lazy.evaluate.isUndefined()) return Ref::of(absent);
  Ref held = Ref::of(lazy.evaluate);
  Ref value = TRY(callArgs_py(t, held.get(), Value::fromInt(1)));
  if (lazy.value.isUndefined()) lazy.value = share(value.get());
  return value;
}
static Ref newConstEvaluator(Value value) {
  ConstEvaluator* e = allocate<ConstEvaluator>(state->evaluator);
  e->value = share(value);
  gcTrack(e);
  return Ref::steal(e);
}
static Ref lazyEvaluator(Thread&, const Lazy& lazy) {
  if (lazy.evaluate.defined()) return Ref::of(lazy.evaluate);
  return lazy.value.defined() ? newConstEvaluator(lazy.value) : Ref::none();
}
static Ref typeReprOf(Thread& t, Value v) {
  Ref callee = TRY(importAttr_py(t, "annotationlib", "type_repr"));
  return callArgs_py(t, callee.get(), v);
}
static Ref evaluatorCall(Thread& t, Value v, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "constevaluator.__call__", "(format, /)", args, nargs, keywords, a));
  int64_t format = TRY(toInt64_py(t, a[0]));
  Value value = v.as<ConstEvaluator>()->value;
  if (format != 4) return Ref::of(value);
  if (!isTuple(value)) return typeReprOf(t, value);
  std::string out = "(";
  Tuple* items = value.as<Tuple>();
  for (int64_t i = 0; i < items->size; ++i) {
    Ref text = TRY(typeReprOf(t, items->items()[i]));
    out += (i > 0 ? ", " : "") + toUtf8(text.as<Str>());
  }
  return newStr(t, out + (items->size == 1 ? ",)" : ")"));
}
static Ref evaluatorRepr(Thread& t, Value v) { return newStr(t, "<constevaluator " + reprText_py(t, v.as<ConstEvaluator>()->value) + ">"); }

// --- the three kinds of parameter
static void paramDealloc(Object* o) {
  TypeParam* p = static_cast<TypeParam*>(o);
  for (Value v : {p->name, p->bound.value, p->bound.evaluate, p->constraints.value, p->constraints.evaluate, p->default_value.value,
                  p->default_value.evaluate}) decref(v);
  if (p->dict != nullptr) decref(static_cast<Object*>(p->dict));
}
static void paramTraverse(Object* o, Visitor visitor, void* context) {
  TypeParam* p = static_cast<TypeParam*>(o);
  for (Value v : {p->bound.value, p->bound.evaluate, p->constraints.value, p->constraints.evaluate, p->default_value.value,
                  p->default_value.evaluate}) visit(v, visitor, context);
  visit(p->dict, visitor, context);
}
static void paramClear(Object* o) {
  TypeParam* p = static_cast<TypeParam*>(o);
  for (Value* v : {&p->bound.value, &p->bound.evaluate, &p->constraints.value, &p->constraints.evaluate, &p->default_value.value,
                   &p->default_value.evaluate}) clearField(*v);
  clearField(p->dict);
}
static Ref newParam(Thread& t, Type* type, Value name) {
  TypeParam* p = allocate<TypeParam>(type);
  Ref r = Ref::steal(p);
  p->name = share(name);
  gcTrack(p);
  Ref module = callerModule(t);
  p->dict = newDict(t).release().as<Dict>();
  dictSetStr(p->dict, t.names().d_module, module.get());
  return r;
}
static Status setVariance_py(Thread& t, TypeParam* p, Value covariant, Value contravariant, Value infer) {
  p->covariant = TRY(isTrue_py(t, covariant));
  p->contravariant = TRY(isTrue_py(t, contravariant));
  p->infer_variance = TRY(isTrue_py(t, infer));
  if (p->covariant && p->contravariant) return raiseValueError(t, "Bivariant types are not supported.");
  if (p->infer_variance && (p->covariant || p->contravariant)) return raiseValueError(t, "Variance cannot be specified with infer_variance.");
  return kDone;
}
static Status setBound_py(Thread& t, TypeParam* p, Value bound) {
  if (bound.isNone()) return kDone;
  Ref message = newStr(t, "Bound must be a type.");
  p->bound.value = TRY(callTyping(t, "_type_check", bound, message.get())).release();
  return kDone;
}
static Status needStr(Thread& t, const char* function, Value name) {
  if (isStr(name)) return kDone;
  return raiseTypeError(t, "%s() argument 'name' must be str, not %s", function, typeNameOf(t, name));
}
static Ref typeVarMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "typevar", "(name, *constraints, bound=None, default=<unset>, covariant=False, contravariant=False, infer_variance=False)",
                       args, nargs, keywords, a));
  TRY(needStr(t, "typevar", a[0]));
  Ref r = newParam(t, type, a[0]);
  TypeParam* p = param(r.get());
  TRY(setVariance_py(t, p, a[4], a[5], a[6]));
  TRY(setBound_py(t, p, a[2]));
  Tuple* constraints = a[1].as<Tuple>();
  if (constraints->size == 1) return raiseTypeError(t, "A single constraint is not allowed");
  if (constraints->size > 1 && !a[2].isNone()) return raiseTypeError(t, "Constraints cannot be combined with bound=...");
  if (constraints->size > 1) p->constraints.value = share(a[1]);
  p->default_value.value = share(a[3].defined() ? a[3] : state->no_default);
  return r;
}
static Ref paramSpecMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "paramspec", "(name, *, bound=None, default=<unset>, covariant=False, contravariant=False, infer_variance=False)", args,
                       nargs, keywords, a));
  TRY(needStr(t, "paramspec", a[0]));
  Ref r = newParam(t, type, a[0]);
  TRY(setVariance_py(t, param(r.get()), a[3], a[4], a[5]));
  TRY(setBound_py(t, param(r.get()), a[1]));
  if (a[1].isNone()) param(r.get())->bound.value = share(Value(typeOf(t, a[1])));  // None is checked as a type, too. ref: paramspec_new_impl
  param(r.get())->default_value.value = share(a[2].defined() ? a[2] : state->no_default);
  return r;
}
static Ref typeVarTupleMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "typevartuple", "(name, *, default=<unset>)", args, nargs, keywords, a));
  TRY(needStr(t, "typevartuple", a[0]));
  Ref r = newParam(t, type, a[0]);
  param(r.get())->default_value.value = share(a[1].defined() ? a[1] : state->no_default);
  return r;
}
static Ref paramRepr(Thread& t, Value v) {
  TypeParam* p = param(v);
  const char* sign = isOf(t, v, state->type_var_tuple) || p->infer_variance ? "" : p->covariant ? "+" : p->contravariant ? "-" : "~";
  return newStr(t, sign + toUtf8(p->name.as<Str>()));
}
static Ref orUnion(Thread& t, Value a, Value b) {
  Value items[2] = {a, b};
  return uniteTypes_py(t, items, 2);
}
static Ref paramSubst(Thread& t, const Value* a) {
  if (isOf(t, a[0], state->type_var)) return callTyping(t, "_typevar_subst", a[0], a[1]);
  if (isOf(t, a[0], state->param_spec)) return callTyping(t, "_paramspec_subst", a[0], a[1]);
  return raiseTypeError(t, "Substitution of bare TypeVarTuple is not supported");
}
static Ref paramPrepare_py(Thread& t, const Value* a) {
  if (isOf(t, a[0], state->param_spec)) return callTyping(t, "_paramspec_prepare_subst", a[0], a[1], a[2]);
  if (isOf(t, a[0], state->type_var_tuple)) return callTyping(t, "_typevartuple_prepare_subst", a[0], a[1], a[2]);
  Ref params = TRY(getAttr_py(t, a[1], t.names().d_parameters)), args = TRY(tupleFromIterable_py(t, a[2]));
  Ref found = TRY(callMethod_py(t, params.get(), intern(*t.isolate, "index"), a[0]));
  int64_t index = TRY(toInt64_py(t, found.get())), size = args.as<Tuple>()->size;
  if (index < size) return args;
  if (index == size) {
    Ref value = TRY(lazyValue_py(t, param(a[0])->default_value, state->no_default));
    if (value.get() != state->no_default) {
      Ref more = tupleOf(t, {value.get()});
      return binary_py(t, args.get(), more.get(), BinaryOp::kAdd);
    }
  }
  Ref text = TRY(str_py(t, a[1]));
  return raiseTypeError(t, "Too few arguments for %s; actual %ld, expected at least %ld", toUtf8(text.as<Str>()).c_str(), static_cast<long>(size), static_cast<long>(index) + 1);
}
static Ref paramReduce(Thread&, const Value* a) { return Ref::of(param(a[0])->name); }
static Ref hasDefault(Thread&, const Value* a) {
  const Lazy& d = param(a[0])->default_value;
  return Ref::boolean(d.evaluate.defined() || (d.value.defined() && d.value != state->no_default));
}
static Ref noSubclass(Thread& t, const Value* a) {
  return raiseTypeError(t, "Cannot subclass an instance of %s", shortTypeName(typeOf(t, a[0])));
}
static Ref tupleIter(Thread& t, Value v) {
  Ref one = TRY(unpacked(t, v)), items = tupleOf(t, {one.get()});
  return iter_py(t, items.get());
}

static Ref getName(Thread&, Value v) { return Ref::of(param(v)->name); }
static Ref getCovariant(Thread&, Value v) { return Ref::boolean(param(v)->covariant); }
static Ref getContravariant(Thread&, Value v) { return Ref::boolean(param(v)->contravariant); }
static Ref getInfer(Thread&, Value v) { return Ref::boolean(param(v)->infer_variance); }
static Ref getBound(Thread& t, Value v) { return lazyValue_py(t, param(v)->bound, Value::none()); }
static Ref getConstraints(Thread& t, Value v) { return lazyValue_py(t, param(v)->constraints, t.isolate->empty_tuple); }
static Ref getDefault(Thread& t, Value v) { return lazyValue_py(t, param(v)->default_value, state->no_default); }
static Ref getEvaluateBound(Thread& t, Value v) { return lazyEvaluator(t, param(v)->bound); }
static Ref getEvaluateConstraints(Thread& t, Value v) { return lazyEvaluator(t, param(v)->constraints); }
static Ref getEvaluateDefault(Thread& t, Value v) { return lazyEvaluator(t, param(v)->default_value); }
static Ref newPart(Type* type, Value origin) {
  ParamSpecPart* p = allocate<ParamSpecPart>(type);
  p->origin = share(origin);
  gcTrack(p);
  return Ref::steal(p);
}
static Ref getArgs(Thread&, Value v) { return newPart(state->args, v); }
static Ref getKwargs(Thread&, Value v) { return newPart(state->kwargs, v); }
static Ref getDict(Thread&, Value v) { return Ref::of(param(v)->dict); }

#define PARAM_METHODS                                                                                                        \
  {"__typing_subst__", "($self, arg, /)", paramSubst}, {"__typing_prepare_subst__", "($self, alias, args, /)", paramPrepare_py}, \
  {"__reduce__", "($self, /)", paramReduce}, {"has_default", "($self, /)", hasDefault}, {"__mro_entries__", "($self, bases, /)", noSubclass}
static const NativeDef kParamMethods[] = {PARAM_METHODS, {nullptr, nullptr, nullptr}};
static const GetSetDef kTypeVarGetSets[] = {{"__name__", getName, readOnlyMember}, {"__covariant__", getCovariant, readOnlyMember}, {"__contravariant__", getContravariant, readOnlyMember},
    {"__infer_variance__", getInfer, readOnlyMember}, {"__bound__", getBound}, {"__constraints__", getConstraints}, {"__default__", getDefault},
    {"evaluate_bound", getEvaluateBound}, {"evaluate_constraints", getEvaluateConstraints}, {"evaluate_default", getEvaluateDefault},
    {"__dict__", getDict}, {nullptr, nullptr}};
static const GetSetDef kParamSpecGetSets[] = {{"__name__", getName, readOnlyMember}, {"__covariant__", getCovariant, readOnlyMember}, {"__contravariant__", getContravariant, readOnlyMember},
    {"__infer_variance__", getInfer, readOnlyMember}, {"__bound__", getBound}, {"__default__", getDefault}, {"evaluate_default", getEvaluateDefault},
    {"args", getArgs}, {"kwargs", getKwargs}, {"__dict__", getDict}, {nullptr, nullptr}};
static const GetSetDef kTupleGetSets[] = {{"__name__", getName, readOnlyMember}, {"__default__", getDefault}, {"evaluate_default", getEvaluateDefault},
    {"__dict__", getDict}, {nullptr, nullptr}};

// --- ParamSpecArgs and ParamSpecKwargs
static Value originOf(Value v) { return v.as<ParamSpecPart>()->origin; }
static void partDealloc(Object* o) { decref(static_cast<ParamSpecPart*>(o)->origin); }
static void partTraverse(Object* o, Visitor visitor, void* context) { visit(static_cast<ParamSpecPart*>(o)->origin, visitor, context); }
static Ref partMake(Thread& t, Type* type, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, shortTypeName(type), "(origin)", args, nargs, keywords, a));
  return newPart(type, a[0]);
}
static Ref partRepr(Thread& t, Value v) {
  const char* suffix = isOf(t, v, state->args) ? ".args" : ".kwargs";
  if (isOf(t, originOf(v), state->param_spec)) return newStr(t, toUtf8(param(originOf(v))->name.as<Str>()) + suffix);
  return newStr(t, reprText_py(t, originOf(v)) + suffix);
}
static Ref partCompare(Thread& t, Value a, Value b, CompareOp op) {
  if (typeOf(t, a) != typeOf(t, b) || (op != CompareOp::kEq && op != CompareOp::kNe)) return Ref::notImplemented();
  return compare_py(t, originOf(a), originOf(b), op);
}
static Fallible<int64_t> partHash(Thread& t, Value v) { return hash_py(t, originOf(v)); }
static Ref getOrigin(Thread&, Value v) { return Ref::of(originOf(v)); }
static const NativeDef kPartMethods[] = {{"__mro_entries__", "($self, bases, /)", noSubclass}, {nullptr, nullptr, nullptr}};
static const GetSetDef kPartGetSets[] = {{"__origin__", getOrigin, readOnlyMember}, {nullptr, nullptr}};

// --- TypeAliasType
static void aliasDealloc(Object* o) {
  TypeAlias* a = static_cast<TypeAlias*>(o);
  for (Value v : {a->name, a->type_params, a->module, a->value.value, a->value.evaluate}) decref(v);
}
static void aliasTraverse(Object* o, Visitor visitor, void* context) {
  TypeAlias* a = static_cast<TypeAlias*>(o);
  for (Value v : {a->type_params, a->value.value, a->value.evaluate}) visit(v, visitor, context);
}
static void aliasClear(Object* o) {
  clearField(static_cast<TypeAlias*>(o)->value.value);
  clearField(static_cast<TypeAlias*>(o)->value.evaluate);
}
static Ref newAlias(Thread& t, Value name, Value type_params) {
  TypeAlias* a = allocate<TypeAlias>(state->alias);
  a->name = share(name);
  a->type_params = share(type_params.isNone() ? Value(t.isolate->empty_tuple) : type_params);
  a->module = callerModule(t).release();
  gcTrack(a);
  return Ref::steal(a);
}
static Ref aliasMake(Thread& t, Type*, const Value* args, uint32_t nargs, Tuple* keywords) {
  BoundArguments a;
  TRY(bindArguments_py(t, "typealias", "(name, value, *, type_params=None)", args, nargs, keywords, a));
  TRY(needStr(t, "typealias", a[0]));
  if (!a[2].isNone() && !isTuple(a[2])) return raiseTypeError(t, "type_params must be a tuple");
  bool with_default = false;
  for (int64_t i = 0; isTuple(a[2]) && i < a[2].as<Tuple>()->size; ++i) {
    Value p = a[2].as<Tuple>()->items()[i];
    if (!isOf(t, p, state->type_var) && !isOf(t, p, state->param_spec) && !isOf(t, p, state->type_var_tuple)) {
      return raiseTypeError(t, "Expected a type param, got %s", reprText_py(t, p).c_str());
    }
    bool has = hasDefault(t, &p).get().isTrue();
    if (with_default && !has) return raiseTypeError(t, "non-default type parameter '%s' follows default type parameter", reprText_py(t, p).c_str());
    with_default = has;
  }
  Ref r = newAlias(t, a[0], a[2]);
  alias(r.get())->value.value = share(a[1]);
  return r;
}
static Ref aliasRepr(Thread&, Value v) { return Ref::of(alias(v)->name); }
static Ref aliasGetItem(Thread& t, Value v, Value key) {
  if (alias(v)->type_params.as<Tuple>()->size == 0) return raiseTypeError(t, "Only generic type aliases are subscriptable");
  Ref args = isTuple(key) ? Ref::of(key) : tupleOf(t, {key});
  return callArgs_py(t, t.types().generic_alias, v, args.get());
}
static Ref unpackTuples(Thread& t, Tuple* params) {
  Ref out = newList(t);
  for (int64_t i = 0; i < params->size; ++i) {
    Value p = params->items()[i];
    Ref item = isOf(t, p, state->type_var_tuple) ? TRY(unpacked(t, p)) : Ref::of(p);
    listAppend(out.as<List>(), item.get());
  }
  return tupleFrom(t, out.as<List>()->items, out.as<List>()->size);
}
static Ref aliasReduce(Thread&, const Value* a) { return Ref::of(alias(a[0])->name); }
static Ref aliasName(Thread&, Value v) { return Ref::of(alias(v)->name); }
static Ref aliasModule(Thread&, Value v) { return Ref::of(alias(v)->module); }
static Ref aliasTypeParams(Thread&, Value v) { return Ref::of(alias(v)->type_params); }
static Ref aliasParameters(Thread& t, Value v) { return unpackTuples(t, alias(v)->type_params.as<Tuple>()); }
static Ref aliasValue(Thread& t, Value v) { return lazyValue_py(t, alias(v)->value, Value::none()); }
static Ref aliasEvaluate(Thread& t, Value v) { return lazyEvaluator(t, alias(v)->value); }
static const NativeDef kAliasMethods[] = {{"__reduce__", "($self, /)", aliasReduce}, {nullptr, nullptr, nullptr}};
static const GetSetDef kAliasGetSets[] = {{"__name__", aliasName, readOnlyMember}, {"__module__", aliasModule}, {"__type_params__", aliasTypeParams},
    {"__parameters__", aliasParameters}, {"__value__", aliasValue}, {"evaluate_value", aliasEvaluate}, {nullptr, nullptr}};

// --- Generic
static Ref genericItem(Thread& t, const Value* a) {
  Ref callee = TRY(importAttr_py(t, "typing", "_generic_class_getitem"));
  return callArgs_py(t, callee.get(), a[0], a[1]);
}
static Ref genericSubclass(Thread& t, const Value* a) {
  Ref first = tupleOf(t, {a[0]});
  Ref callee = TRY(importAttr_py(t, "typing", "_generic_init_subclass"));
  Ref args = TRY(binary_py(t, first.get(), a[1], BinaryOp::kAdd));
  return callTuple_py(t, callee.get(), args.as<Tuple>(), a[2].as<Dict>());
}
static const NativeDef kGenericMethods[] = {{"__class_getitem__", "($type, args, /)", genericItem, "Parameterizes a generic class."},
    {"__init_subclass__", "($type, *args, **kwargs)", genericSubclass, "Function to initialize subclasses."}, {nullptr, nullptr, nullptr}};

// --- what the compiler calls
static Ref withInferred(Thread& t, Type* type, Value name) {
  TRY(needStr(t, "_typevar", name));
  Ref r = newParam(t, type, name);
  param(r.get())->infer_variance = type == state->type_var;
  return r;
}
static Ref internalTypeVar(Thread& t, const Value* a) { return withInferred(t, state->type_var, a[0]); }
static Ref internalParamSpec(Thread& t, const Value* a) {
  Ref r = TRY(withInferred(t, state->param_spec, a[0]));
  param(r.get())->infer_variance = true;
  return r;
}
static Ref internalTypeVarTuple(Thread& t, const Value* a) { return withInferred(t, state->type_var_tuple, a[0]); }
static Ref withBound(Thread& t, const Value* a) {
  Ref r = TRY(withInferred(t, state->type_var, a[0]));
  param(r.get())->bound.evaluate = share(a[1]);
  return r;
}
static Ref withConstraints(Thread& t, const Value* a) {
  Ref r = TRY(withInferred(t, state->type_var, a[0]));
  param(r.get())->constraints.evaluate = share(a[1]);
  return r;
}
static Ref setParamDefault(Thread& t, const Value* a) {
  bool is_param = isOf(t, a[0], state->type_var) || isOf(t, a[0], state->param_spec) || isOf(t, a[0], state->type_var_tuple);
  if (!is_param) return raiseTypeError(t, "Expected a type param, got %s", reprText_py(t, a[0]).c_str());
  param(a[0])->default_value.evaluate = share(a[1]);
  return Ref::of(a[0]);
}
static Ref makeAlias(Thread& t, const Value* a) {
  TRY(needStr(t, "typealias", a[0]));
  if (!isTuple(a[1]) && !a[1].isNone() && a[1].defined()) return raiseTypeError(t, "type_params must be a tuple");
  Ref r = newAlias(t, a[0], a[1]);
  alias(r.get())->value.evaluate = share(a[2]);
  return r;
}
static Ref subscriptGeneric(Thread& t, const Value* a) {
  if (!isTuple(a[0])) return raiseTypeError(t, "_subscript_generic() argument must be tuple, not %s", typeNameOf(t, a[0]));
  Ref params = TRY(unpackTuples(t, a[0].as<Tuple>()));
  return callTyping(t, "_GenericAlias", Value(state->generic), params.get());
}
static Ref idFunction(Thread&, const Value* a) { return Ref::of(a[0]); }
static const NativeDef kFunctions[] = {{"_idfunc", "(x, /)", idFunction}, {"_typevar", "(name, /)", internalTypeVar},
    {"_paramspec", "(name, /)", internalParamSpec}, {"_typevartuple", "(name, /)", internalTypeVarTuple},
    {"_typevar_with_bound", "(name, evaluate, /)", withBound}, {"_typevar_with_constraints", "(name, evaluate, /)", withConstraints},
    {"_set_typeparam_default", "(param, evaluate, /)", setParamDefault}, {"_make_alias", "(name, type_params, evaluate, /)", makeAlias},
    {"_subscript_generic", "(params, /)", subscriptGeneric}, {nullptr, nullptr, nullptr}};

// --- the module
static Type* makeParamType(Thread& t, const char* name, const GetSetDef* getsets, Ref (*make)(Thread&, Type*, const Value*, uint32_t, Tuple*)) {
  Type* type = makeType(*t.isolate, {.name = name, .size = sizeof(TypeParam), .flags = kTypeGc | kTypeWeakrefable, .methods = kParamMethods,
                                     .getsets = getsets, .dict_offset = sizeof(Object)});
  Slots& s = type->slots;
  s.dealloc = paramDealloc;
  s.traverse = paramTraverse;
  s.clear = paramClear;
  s.repr = paramRepr;
  s.make = make;
  if (make != typeVarTupleMake) s.binary[static_cast<int>(BinaryOp::kOr)] = orUnion;
  else s.iter = tupleIter;
  readyType(*t.isolate, type);
  return type;
}
static Type* makePartType(Thread& t, const char* name) {
  Type* type = makeType(*t.isolate, {.name = name, .size = sizeof(ParamSpecPart), .flags = kTypeGc | kTypeWeakrefable, .methods = kPartMethods, .getsets = kPartGetSets});
  Slots& s = type->slots;
  s.dealloc = partDealloc;
  s.traverse = partTraverse;
  s.make = partMake;
  s.repr = partRepr;
  s.compare = partCompare;
  s.hash = partHash;
  readyType(*t.isolate, type);
  return type;
}
// An alias unites with types alone. ref: _Py_union_type_or.
static Ref aliasOr(Thread& t, Value a, Value b) {
  for (Value v : {a, b}) {
    bool is_alias = typeOf(t, v)->slots.binary[static_cast<int>(BinaryOp::kOr)] == aliasOr;
    if (!is_alias && !v.isNone() && !isType(v) && !hasLayout(v, TypeId::kGenericAlias) && !isExact(v, TypeId::kUnion)) return Ref::notImplemented();
  }
  return orUnion(t, a, b);
}
static Type* makeAliasType(Thread& t) {
  Type* type = makeType(*t.isolate, {.name = "typing.TypeAliasType", .size = sizeof(TypeAlias), .flags = kTypeGc | kTypeWeakrefable, .methods = kAliasMethods,
                                     .getsets = kAliasGetSets});
  Slots& s = type->slots;
  s.dealloc = aliasDealloc;
  s.traverse = aliasTraverse;
  s.clear = aliasClear;
  s.make = aliasMake;
  s.repr = aliasRepr;
  s.get_item = aliasGetItem;
  s.iter = tupleIter;
  s.binary[static_cast<int>(BinaryOp::kOr)] = aliasOr;
  readyType(*t.isolate, type);
  return type;
}
static Ref noDefaultRepr(Thread& t, Value) { return newStr(t, "typing.NoDefault"); }
static Ref noDefaultReduce(Thread& t, const Value*) { return newStr(t, "NoDefault"); }
static Ref noDefaultMake(Thread& t, Type*, const Value*, uint32_t nargs, Tuple* keywords) {
  if (nargs > 0 || keywords != nullptr) return raiseTypeError(t, "NoDefaultType takes no arguments");
  return Ref::of(state->no_default);
}
static const NativeDef kNoDefaultMethods[] = {{"__reduce__", "($self, /)", noDefaultReduce}, {nullptr, nullptr, nullptr}};

static Status initModule(Thread& t, Module* m) {
  state = new TypingState();
  state->type_var = makeParamType(t, "typing.TypeVar", kTypeVarGetSets, typeVarMake);
  state->param_spec = makeParamType(t, "typing.ParamSpec", kParamSpecGetSets, paramSpecMake);
  state->type_var_tuple = makeParamType(t, "typing.TypeVarTuple", kTupleGetSets, typeVarTupleMake);
  state->args = makePartType(t, "typing.ParamSpecArgs");
  state->kwargs = makePartType(t, "typing.ParamSpecKwargs");
  state->alias = makeAliasType(t);
  state->generic = makeType(*t.isolate, {.name = "typing.Generic", .flags = kTypeGc | kTypeBaseable, .methods = kGenericMethods,
                                         .doc = "Abstract base class for generic types."});
  readyType(*t.isolate, state->generic);
  state->generic->slots.make = t.types().object->slots.make;
  state->evaluator = makeType(*t.isolate, {.name = "_typing._ConstEvaluator", .size = sizeof(ConstEvaluator), .flags = kTypeGc | kTypeDisallowNew});
  state->evaluator->slots.dealloc = [](Object* o) { decref(static_cast<ConstEvaluator*>(o)->value); };
  state->evaluator->slots.traverse = [](Object* o, Visitor visitor, void* context) { visit(static_cast<ConstEvaluator*>(o)->value, visitor, context); };
  state->evaluator->slots.call = evaluatorCall;
  state->evaluator->slots.repr = evaluatorRepr;
  readyType(*t.isolate, state->evaluator);
  Type* no_default = makeType(*t.isolate, {.name = "typing.NoDefaultType", .methods = kNoDefaultMethods});
  no_default->slots.repr = noDefaultRepr;
  no_default->slots.make = noDefaultMake;
  readyType(*t.isolate, no_default);
  state->no_default = allocate<Object>(no_default);
  for (Type* type : {state->type_var, state->param_spec, state->type_var_tuple, state->alias, state->args, state->kwargs, state->generic}) {
    moduleSetType(t, m, type);
  }
  moduleSet(t, m, "Union", t.types().union_);
  moduleSet(t, m, "NoDefault", state->no_default);
  return kDone;
}
extern const NativeModule kTypingModule;
const NativeModule kTypingModule = {"_typing", "Primitives and accelerators for the typing module.", kFunctions, initModule};

}  // namespace krait::modules
