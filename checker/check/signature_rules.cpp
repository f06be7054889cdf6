// What signatures must hold beyond their types' being right.
#include "checker/check/check.h"

namespace krait::check {

// The parameter that a guard speaks of; none: there is no positional one.
static TypeId guardedParameter(World& w, const FunctionInfo& function, const CallableView& view, bool skips_self) {
  size_t at = skips_self && function.owner.valid() && !function.has(kFnStatic) ? 1 : 0;
  if (at >= view.paramCount()) return TypeId::none();
  ParamKind kind = view.params()[at].kind;
  return kind == ParamKind::kPos || kind == ParamKind::kOpt || kind == ParamKind::kStar ? view.types()[at] : TypeId::none();
}

// PEP 647 and PEP 742: a guard has a subject, and TypeIs narrows it.
static void checkGuard(Checker& c, const FunctionInfo& function, const CallableView& view) {
  World& w = c.w;
  if (!view.guard().valid()) return;
  bool is_type_is = view.has(kTypeIs);
  TypeId subject = guardedParameter(w, function, view, true);
  if (!subject.valid()) {
    fail(c, function.node, Code::kMisc, std::string(is_type_is ? "\"TypeIs\"" : "TypeGuard") + " functions must have a positional argument");
    return;
  }
  if (is_type_is && !isSubtype(w, view.guard(), subject)) {
    fail(c, function.node, Code::kNarrowedTypeNotSubtype,
         "Narrowed type " + formatType(w, view.guard()) + " is not a subtype of input type " + formatType(w, subject));
  }
}

static bool isOneOf(World& w, TypeId type, std::initializer_list<const char*> names) {
  if (w.types.is(type, TypeKind::kAny)) return true;
  if (!w.types.is(type, TypeKind::kInstance)) return false;
  for (const char* name : names) {
    if (isNamed(w, type, name)) return true;
  }
  return false;
}

// Is a generator of that kind a value of the declared result?
static void checkGenerator(Checker& c, const FunctionInfo& function, TypeId ret) {
  World& w = c.w;
  if (!function.has(kFnGenerator) || function.has(kFnUnannotated)) return;
  bool is_async = function.has(kFnAsync);
  for (TypeId item : unionItems(w, ret)) {
    bool fits = is_async ? isOneOf(w, item, {"typing.AsyncGenerator", "typing.AsyncIterator", "typing.AsyncIterable", "builtins.object"})
                         : isOneOf(w, item, {"typing.Generator", "typing.Iterator", "typing.Iterable", "builtins.object", "typing.AwaitableGenerator"});
    if (fits) return;
    // A protocol of the user's own may fit as well.
    TypeId generator = namedType(w, "typing", is_async ? "AsyncGenerator" : "Generator");
    if (w.types.is(item, TypeKind::kInstance) && w.header(w.types[item].cls()).has(kClassProtocol) && isSubtype(w, generator, item)) return;
  }
  fail(c, function.node, Code::kMisc,
       is_async ? "The return type of an async generator function should be \"AsyncGenerator\" or one of its supertypes"
                : "The return type of a generator function should be \"Generator\" or one of its supertypes");
}

// @final is for methods; for overloads see checkOverloads.
static void checkFinal(Checker& c, FunctionId id) {
  World& w = c.w;
  const FunctionInfo& function = w.functions[id];
  if (!function.has(kFnFinal)) return;
  NodeId where = function.node;
  if (function.owner.valid()) {
    if (!function.has(kFnAbstract)) return;
    where = c.ast->as<syntax::FunctionDef>(function.node).decorators()[0];
    fail(c, where, Code::kMisc, "Method " + std::string(w.text(function.name)) + " is both abstract and final");
    return;
  }
  for (NodeId decorator : c.ast->as<syntax::FunctionDef>(function.node).decorators()) {
    bool is_name = c.ast->is(decorator, NodeKind::kName) || c.ast->is(decorator, NodeKind::kAttribute);
    if (is_name && fullNameAt(w, c.module, function.parent, *c.ast, decorator).ends_with(".final")) where = decorator;
  }
  fail(c, where, Code::kMisc, "@final cannot be used with non-method functions");
}

// `self: C[U, T]` in __init__ may not say of the class's own T and U that they stand for each other.
static void checkInitSelf(Checker& c, FunctionId id, const CallableView& view) {
  World& w = c.w;
  const FunctionInfo& function = w.functions[id];
  if (function.name != w.names.__init__ || !function.owner.valid() || view.paramCount() == 0) return;
  if (!follows(*c.options, Divergence::kConstructorSelfVariables)) return;
  TypeId self = proper(w, view.types()[0]);
  if (!w.types.is(self, TypeKind::kInstance) || w.types[self].cls() != function.owner) return;
  const std::vector<TypeVarId> variables = w.header(function.owner).type_vars;
  for (size_t i = 0; i < variables.size() && i < w.types[self].count; ++i) {
    TypeId arg = proper(w, w.types[self].items[i]);
    if (!isPlainTypeVar(w, arg) || typeVarOf(w, arg).class_scope != function.owner || w.types[arg].ref == variables[i].value) continue;
    NodeId first = c.ast->as<syntax::Parameters>(c.ast->as<syntax::FunctionDef>(function.node).params()).params()[0];
    fail(c, first, Code::kMisc, "Type variables of the class cannot stand for others in the annotation of \"self\"");
    return;
  }
}

// What a declared self may be at most: a type variable's bound, without other type variables.
static TypeId erasedSelf(World& w, TypeId declared) {
  TypeId plain = proper(w, declared);
  if (isPlainTypeVar(w, plain)) plain = upperBound(w, TypeVarId(w.types[plain].ref));
  if (w.types.is(plain, TypeKind::kTypeType)) {
    TypeId item = proper(w, w.types[plain].items[0]);
    if (isPlainTypeVar(w, item)) plain = w.types.typeType(upperBound(w, TypeVarId(w.types[item].ref)));
  }
  return proper(w, eraseTypeVars(w, plain, nullptr, w.types.any(AnyKind::kSpecialForm)));
}

static bool isProtocol(World& w, TypeId type) {
  if (w.types.is(type, TypeKind::kTypeType)) type = proper(w, w.types[type].items[0]);
  return w.types.is(type, TypeKind::kInstance) && w.header(w.types[type].cls()).has(kClassProtocol);
}

// A method has a first parameter, and its own class fits what that is declared to be. ref: mypy checker.check_func_def
static void checkSelfParameter(Checker& c, FunctionId id, const CallableView& view) {
  World& w = c.w;
  const FunctionInfo& function = w.functions[id];
  bool is_creator = function.name == w.names.__new__;
  if (!function.owner.valid() || (function.has(kFnStatic) && !is_creator)) return;
  FunctionId around = enclosingFunction(w, function.parent);
  bool is_unchecked = around.valid() && w.functions[around].has(kFnUnannotated) && !c.options->check_untyped_defs && function.has(kFnUnannotated);
  if (is_unchecked || w.classes[function.owner].has(kClassTypedDict)) return;
  if (view.paramCount() == 0) {
    if (!follows(*c.options, Divergence::kSelfParameter)) fail(c, function.node, Code::kMisc, "Method must have at least one argument. Did you forget the \"self\" argument?");
    return;
  }
  auto first = c.ast->as<syntax::Parameter>(c.ast->as<syntax::Parameters>(c.ast->as<syntax::FunctionDef>(function.node).params()).params()[0]);
  if (!first.annotation().valid() || isStar(view.params()[0].kind)) return;
  TypeId own = selfTypeOf(w, function.owner);
  if (function.has(kFnClass) || is_creator) own = w.types.typeType(own);
  TypeId declared = erasedSelf(w, view.types()[0]);
  if (isSameType(w, view.types()[0], own) || isProtocol(w, declared) || isSubtype(w, own, declared) || isSubtype(w, eraseType(w, own), declared)) return;
  std::string_view name = syntax::nameText(*c.ast, first.name());
  if (name == "self" || name == "cls") {
    fail(c, function.node, Code::kMisc,
         "The erased type of self \"" + revealType(w, declared) + "\" is not a supertype of its class \"" + revealType(w, own) + "\"");
  } else {
    fail(c, function.node, Code::kMisc, "\"self\" parameter missing for a non-static method (or an invalid type for self)");
  }
}

static void checkSetter(Checker& c, const FunctionInfo& function, const CallableView& view) {
  if (!function.has(kFnSetter) || !c.w.symbols[function.symbol].has(kIsProperty)) return;
  bool fits = view.paramCount() == 2 && !isStar(view.params()[0].kind) && !isStar(view.params()[1].kind);
  if (!fits) fail(c, function.node, Code::kMisc, "Invalid property setter signature");
}

// What a decorator makes of a constructor is still called.
static void checkDecoratedConstructor(Checker& c, const FunctionInfo& function) {
  World& w = c.w;
  bool is_constructor = function.name == w.names.__init__ || function.name == w.names.__new__;
  if (!is_constructor || !function.owner.valid() || !function.has(kFnDecorated) || !function.symbol.valid()) return;
  TypeId type = w.hooks.symbol_type(w, function.symbol);
  if (!type.valid()) return;
  TypeKind kind = w.types.kind(proper(w, type));
  if (kind == TypeKind::kCallable || kind == TypeKind::kOverloaded || kind == TypeKind::kAny) return;
  fail(c, c.ast->as<syntax::FunctionDef>(function.node).decorators()[0], Code::kMisc, "Unsupported decorated constructor type");
}

// @property and its like are for methods.
static void checkAccessor(Checker& c, const FunctionInfo& function) {
  bool is_accessor = function.has(kFnProperty) || function.has(kFnStatic) || function.has(kFnClass) || function.has(kFnAbstract);
  if (!is_accessor || function.owner.valid() || follows(*c.options, Divergence::kAccessors)) return;
  const char* name = function.has(kFnProperty) ? "property" : function.has(kFnStatic) ? "staticmethod" : function.has(kFnClass) ? "classmethod" : "abstractmethod";
  NodeList decorators = c.ast->as<syntax::FunctionDef>(function.node).decorators();
  if (!decorators.empty()) fail(c, decorators[0], Code::kMisc, std::string("\"") + name + "\" used with a non-method");
}

void checkSignatureRules(Checker& c, FunctionId id, TypeId signature) {
  const FunctionInfo& function = c.w.functions[id];
  checkAccessor(c, function);
  CallableView view = c.w.types.callable(signature);
  checkFinal(c, id);
  checkInitSelf(c, id, view);
  checkSelfParameter(c, id, view);
  checkSetter(c, function, view);
  checkDecoratedConstructor(c, function);
  bool is_hook = !function.has(kFnDecorated) && !enclosingFunction(c.w, function.parent).valid();
  if (is_hook) checkAttributeHook(c, function.name, signature, function.node, !function.owner.valid());
  checkGuard(c, function, view);
  checkGenerator(c, function, proper(c.w, view.ret()));
  checkExitResult(c, id, view.ret());
}

}  // namespace krait::check
