// super(): the member of the first class behind a given one in the MRO of the instance's class. Follows mypy's
// visit_super_expr; PEP 3135 for the form without arguments.
#include "checker/infer/infer.h"

namespace krait::infer {

static TypeId any(Checker& c, AnyKind kind = AnyKind::kFromError) { return c.w.types.any(kind); }

// What super() is about: the class to look behind, and the object (an instance or type[…]).
struct SuperArguments {
  TypeId type;
  TypeId object;
};

static bool isClassObject(World& w, TypeId type) {
  if (w.types.is(type, TypeKind::kOverloaded)) type = w.types[type].items[0];
  return w.types.is(type, TypeKind::kCallable) && w.types.callable(type).isTypeObject();
}

// The class that a type speaks of; none: of no single class.
static ClassId classOf(World& w, TypeId type) {
  type = proper(w, type);
  if (isPlainTypeVar(w, type)) return classOf(w, upperBound(w, TypeVarId(w.types[type].ref)));
  if (w.types.is(type, TypeKind::kTypeType)) return classOf(w, w.types[type].items[0]);
  if (isClassObject(w, type)) {
    if (w.types.is(type, TypeKind::kOverloaded)) type = w.types[type].items[0];
    return classOf(w, w.types.callable(type).made());
  }
  if (w.types.is(type, TypeKind::kTuple)) type = tupleFallback(w, type);
  if (w.types.is(type, TypeKind::kTypedDict)) type = w.types[type].extra;
  return w.types.is(type, TypeKind::kInstance) ? w.types[type].cls() : ClassId::none();
}

// The type of the first parameter of the method around; none: it has none.
static TypeId ownObject(Checker& c, FunctionId method) {
  World& w = c.w;
  NodeId node = w.functions[method].node;
  auto lambda = c.ast->tryAs<syntax::Lambda>(node);
  if (!lambda && !c.ast->is(node, NodeKind::kFunctionDef)) return selfTypeOf(w, c.cls);
  NodeId parameters = lambda ? lambda->params() : c.ast->as<syntax::FunctionDef>(node).params();
  NodeList params = parameters.valid() ? c.ast->as<syntax::Parameters>(parameters).params() : NodeList();
  if (params.empty()) return TypeId::none();
  NodeId name = c.ast->as<syntax::Parameter>(params[0]).name();
  SymbolId self = w.scopes[w.functions[method].scope].names.find(syntax::nameOf(*c.ast, name));
  readDecorators(w, method);
  bool is_class = w.functions[method].has(kFnClass) || w.functions[method].name == w.names.__new__;
  TypeId usual = selfTypeOf(w, c.cls);
  if (is_class) usual = w.types.typeType(usual);
  if (!self.valid() || !w.symbols[self].type.valid()) return usual;
  TypeId type = proper(w, w.symbols[self].type);
  return w.types.is(type, TypeKind::kAny) ? usual : type;
}

static bool readArguments(Checker& c, NodeId node, NodeList args, SuperArguments& out) {
  World& w = c.w;
  auto reject = [&](const char* text) {
    fail(c, node, Code::kMisc, text);
    return false;
  };
  for (NodeId arg : args) {
    if (c.ast->is(arg, NodeKind::kStarred)) return reject("Varargs not supported with \"super\"");
  }
  for (NodeId arg : args) {
    if (c.ast->is(arg, NodeKind::kKeyword)) return reject("\"super\" only accepts positional arguments");
  }
  if (args.empty()) {
    if (!c.cls.valid()) return reject("\"super\" used outside class");
    if (!c.function.id.valid()) return reject("super() outside of a method is not supported");
    out.type = w.types.typeType(selfTypeOf(w, c.cls));
    // A nested function's or lambda's first parameter counts, as at run time.
    ScopeId around = c.scope;
    while (around.valid() && w.scopes[around].kind != ScopeKind::kFunction) around = w.scopes[around].parent;
    out.object = ownObject(c, around.valid() ? w.scopes[around].function : c.function.id);
    if (!out.object.valid()) return reject("\"super()\" requires one or two positional arguments in enclosing function");
    return true;
  }
  if (args.size() == 1) return reject("\"super\" with a single argument not supported");
  if (args.size() > 2) return reject("Too many arguments for \"super\"");
  out.type = proper(w, inferExpr(c, args[0]));
  out.object = proper(w, inferExpr(c, args[1]));
  return true;
}

// Any stands for the class around.
static bool settleAny(Checker& c, NodeId node, SuperArguments& args) {
  World& w = c.w;
  auto isAny = [&](TypeId type) {
    type = proper(w, type);
    if (w.types.is(type, TypeKind::kTypeType)) type = proper(w, w.types[type].items[0]);
    return w.types.is(type, TypeKind::kAny);
  };
  if (isAny(args.type)) {
    if (!c.cls.valid()) return false;
    args.type = w.types.typeType(selfTypeOf(w, c.cls));
  }
  TypeId type = proper(w, args.type);
  if (!w.types.is(type, TypeKind::kTypeType) && !isClassObject(w, type)) {
    std::string shown = w.types.is(type, TypeKind::kInstance) ? "a non-type instance" : formatType(w, type);
    fail(c, node, Code::kArgType, "Argument 1 for \"super\" must be a type object; got " + shown);
    return false;
  }
  if (isAny(args.object)) {
    if (!c.cls.valid()) return false;
    bool is_class = w.types.is(proper(w, args.object), TypeKind::kTypeType);
    args.object = is_class ? w.types.typeType(selfTypeOf(w, c.cls)) : selfTypeOf(w, c.cls);
  }
  return true;
}

// A call of an abstract method whose body does nothing.
static void checkTrivialBody(Checker& c, SymbolId symbol, ClassId owner, NodeId node) {
  World& w = c.w;
  const Symbol& info = w.symbols[symbol];
  if (info.kind != SymbolKind::kFunction || info.functions.empty() || w.modules[w.classes[owner].module].is_stub) return;
  FunctionId target = info.functions.back();
  readDecorators(w, target);
  const FunctionInfo& function = w.functions[target];
  if (!function.has(kFnTrivialBody) || !(function.has(kFnAbstract) || w.classes[owner].has(kClassProtocol))) return;
  TypeId type = declaredSignature(w, target);
  TypeId ret = type.valid() && w.types.is(type, TypeKind::kCallable) ? proper(w, w.types.callable(type).ret()) : any(c);
  bool takes_none = isSubtype(w, w.types.none(), ret);
  if (takes_none && !c.options->strict_optional) {
    // Any type takes None then: it must be named.
    takes_none = false;
    for (TypeId item : unionItems(w, ret)) takes_none = takes_none || w.types.is(item, TypeKind::kNone) || w.types.is(item, TypeKind::kAny) || isNamed(w, item, "builtins.object");
  }
  if (takes_none) return;
  fail(c, node, Code::kSafeSuper, "Call to abstract method \"" + std::string(w.text(info.name)) + "\" of \"" +
                                      std::string(w.text(w.classes[owner].name)) + "\" with trivial body via super() is unsafe");
}

void checkAbstractCall(Checker& c, NodeId func, TypeId callee) {
  World& w = c.w;
  if (!w.types.is(callee, TypeKind::kCallable) || !follows(*c.options, Divergence::kAbstractCalls)) return;
  FunctionId definition = w.types.callable(callee).shape->definition;
  if (!definition.valid()) return;
  const FunctionInfo& function = w.functions[definition];
  bool is_of_class = function.has(kFnClass) || function.has(kFnStatic);
  if (!is_of_class || !function.has(kFnAbstract) || !function.has(kFnTrivialBody) || w.modules[function.module].is_stub) return;
  TypeId object = c.nodeType(c.ast->as<syntax::Attribute>(func).value());
  object = object.valid() ? proper(w, object) : object;
  bool is_class = w.types.is(object, TypeKind::kCallable) && w.types.callable(object).isTypeObject() && !w.types.callable(object).has(kFromTypeType);
  if (!is_class) return;
  fail(c, func, Code::kAbstract, "Cannot call abstract method \"" + std::string(w.text(function.name)) + "\" of \"" +
                                     std::string(w.text(w.classes[function.owner].name)) + "\" with trivial body on the class");
}

static TypeId memberOf(Checker& c, NodeId node, NameId name, TypeId object, ClassId owner) {
  World& w = c.w;
  TypeId plain = proper(w, object);
  bool is_class = w.types.is(plain, TypeKind::kTypeType) || isClassObject(w, plain);
  TypeId instance = plain;
  if (w.types.is(plain, TypeKind::kTypeType)) instance = proper(w, w.types[plain].items[0]);
  if (isClassObject(w, plain)) {
    TypeId first = w.types.is(plain, TypeKind::kOverloaded) ? w.types[plain].items[0] : plain;
    instance = proper(w, w.types.callable(first).ret());
  }
  TypeId self_type = instance;
  if (isPlainTypeVar(w, instance)) instance = proper(w, upperBound(w, TypeVarId(w.types[instance].ref)));
  if (w.types.is(instance, TypeKind::kTuple)) instance = tupleFallback(w, instance);
  bool in_mro = w.types.is(instance, TypeKind::kInstance) && isSubclass(w, w.types[instance].cls(), owner);
  TypeId mapped = in_mro ? mapToSupertype(w, instance, owner) : selfInstanceOf(w, owner);
  AttributeSite site;
  site.node = node;
  site.name = name;
  site.is_super = true;
  site.original = mapped;
  site.self_type = self_type;
  return attributeType(c, is_class ? w.types.typeType(mapped) : mapped, site);
}

TypeId superValue(Checker& c, NodeId call) {
  World& w = c.w;
  NodeList args = c.ast->as<syntax::Call>(call).args();
  if (args.size() == 1 || args.size() > 2) return TypeId::none();
  auto target = c.ast->tryAs<syntax::Attribute>(c.ast->parent(call));
  if (target && target->context() == syntax::ExprContext::kStore) return TypeId::none();
  for (NodeId arg : args) {
    if (c.ast->is(arg, NodeKind::kStarred) || c.ast->is(arg, NodeKind::kKeyword)) return TypeId::none();
  }
  SuperArguments about;
  if (isDynamic(c) || !readArguments(c, call, args, about)) return any(c);
  ClassId start = classOf(w, about.type);
  ClassId object_class = classOf(w, about.object);
  if (!start.valid() || !object_class.valid() || w.header(object_class).has(kClassFallbackToAny)) return any(c);
  const std::vector<ClassId> mro = w.header(object_class).mro;
  size_t at = 0;
  while (at < mro.size() && mro[at] != start) ++at;
  if (at + 1 >= mro.size()) return any(c);
  TypeId mapped = mapToSupertype(w, selfInstanceOf(w, object_class), mro[at + 1]);
  TypeId object = proper(w, about.object);
  return w.types.is(object, TypeKind::kTypeType) || isClassObject(w, object) ? w.types.typeType(mapped) : mapped;
}

// super().name, where the node is the attribute.
TypeId inferSuper(Checker& c, NodeId node) {
  World& w = c.w;
  auto attribute = c.ast->as<syntax::Attribute>(node);
  NodeList args = c.ast->as<syntax::Call>(attribute.value()).args();
  NameId name = syntax::nameOf(*c.ast, attribute.attr());
  if (isDynamic(c)) return any(c, AnyKind::kUnannotated);
  SuperArguments about;
  if (!readArguments(c, node, args, about) || !settleAny(c, node, about)) return any(c);
  ClassId start = classOf(w, about.type);
  ClassId object_class = classOf(w, about.object);
  if (!start.valid() || !object_class.valid()) {
    fail(c, node, Code::kMisc, start.valid() ? "Unsupported argument 2 for \"super\"" : "Unsupported argument 1 for \"super\"");
    return any(c);
  }
  std::vector<ClassId> mro = w.header(object_class).mro;
  TypeId self_like = proper(w, about.object);
  if (w.types.is(self_like, TypeKind::kTypeType)) self_like = proper(w, w.types[self_like].items[0]);
  if (!isSubclass(w, object_class, start) && isPlainTypeVar(w, self_like) && c.cls.valid() && c.function.id.valid() && isSubclass(w, c.cls, start)) {
    // A self type that is wider than the class: the class's own MRO counts.
    mro = w.header(c.cls).mro;
  }
  size_t at = 0;
  while (at < mro.size() && mro[at] != start) ++at;
  if (at == mro.size()) {
    bool is_mixin = w.header(object_class).has(kClassProtocol) && !w.header(start).has(kClassProtocol);
    if (!is_mixin) {
      fail(c, node, Code::kArgType, "Argument 2 for \"super\" not an instance of argument 1");
      return any(c);
    }
    at = static_cast<size_t>(-1);
  }
  if (at + 1 == mro.size()) {
    fail(c, node, Code::kMisc, "Target class has no base class");
    return any(c);
  }
  for (size_t i = at + 1; i < mro.size(); ++i) {
    SymbolId symbol = ownMember(w, mro[i], name);
    if (!symbol.valid()) continue;
    bool is_last = i + 1 == mro.size();
    if (is_last && c.cls.valid() && w.classes[c.cls].has(kClassFallbackToAny)) return any(c, AnyKind::kSpecialForm);
    checkTrivialBody(c, symbol, mro[i], node);
    return memberOf(c, node, name, about.object, mro[i]);
  }
  if (c.cls.valid() && w.classes[c.cls].has(kClassFallbackToAny)) return any(c, AnyKind::kSpecialForm);
  fail(c, node, Code::kMisc, "\"" + std::string(w.text(name)) + "\" undefined in superclass");
  return any(c);
}

}  // namespace krait::infer
