// Functions: parameters, defaults, bodies, missing returns; decorators.
#include <algorithm>

#include "analyzer/semantic/flow/condition.h"
#include "checker/check/any_rules.h"
#include "checker/check/check.h"
#include "checker/check/inner_functions.h"
#include "checker/declare/function_groups.h"

namespace krait::check {

static TypeId any(Checker& c, AnyKind kind = AnyKind::kFromError) { return c.w.types.any(kind); }

static void setParameters(Checker& c, FunctionId id, TypeId signature) {
  World& w = c.w;
  const FunctionInfo& function = w.functions[id];
  NodeList params = c.ast->as<syntax::Parameters>(c.ast->as<syntax::FunctionDef>(function.node).params()).params();
  CallableView view = w.types.callable(signature);
  for (size_t i = 0; i < params.size() && i < view.paramCount(); ++i) {
    auto param = c.ast->as<syntax::Parameter>(params[i]);
    TypeId type = view.types()[i];
    ParamKind kind = view.params()[i].kind;
    bool is_bare_self = i == 0 && function.owner.valid() && !function.has(kFnStatic) && !param.annotation().valid();
    bool says_self = c.facts != nullptr || (follows(*c.options, Divergence::kBareSelf) && c.ast->text(function.node).find("Self") != std::string_view::npos);
    if (is_bare_self && says_self) {
      // Annotations in the body that say Self mean this parameter's own type.
      bool is_class = function.has(kFnClass) || function.name == w.names.__new__;
      TypeId self = selfVariable(w, function.owner);
      type = is_class ? w.types.typeType(self) : self;
    }
    if (kind == ParamKind::kStar) {
      if (w.types.is(type, TypeKind::kUnpack)) {
        TypeId inner = proper(w, w.types[type].items[0]);
        type = isTypeVarTuple(w, inner) ? w.types.tuple(std::span<const TypeId>(&type, 1), builtinType(w, "tuple")) : inner;
      } else if (!isParamSpec(w, type)) {
        type = builtinType(w, "tuple", type);
      }
    }
    if (kind == ParamKind::kStar2 && !isParamSpec(w, type) && !view.has(kUnpackKwargs)) {
      TypeId args[] = {builtinType(w, "str"), type};
      type = builtinType(w, "dict", args);
    }
    SymbolId symbol = w.scopes[function.scope].names.find(syntax::nameOf(*c.ast, param.name()));
    if (!symbol.valid()) continue;
    w.symbols[symbol].type = type;
    w.symbols[symbol].typed = Progress::kDone;
    w.symbols[symbol].set(kIsDeclared);
  }
}

static void checkDefaults(Checker& c, FunctionId id, TypeId signature) {
  World& w = c.w;
  NodeList params = c.ast->as<syntax::Parameters>(c.ast->as<syntax::FunctionDef>(w.functions[id].node).params()).params();
  CallableView view = w.types.callable(signature);
  for (size_t i = 0; i < params.size() && i < view.paramCount(); ++i) {
    auto param = c.ast->as<syntax::Parameter>(params[i]);
    NodeId value = param.defaultValue();
    if (!value.valid()) continue;
    TypeId wanted = view.types()[i];
    if (auto constant = c.ast->tryAs<syntax::Constant>(value)) {
      bool stub_like = w.modules[c.module].is_stub || w.functions[id].has(kFnTrivialBody) || w.functions[id].has(kFnOverload);
      if (constant->constantKind() == syntax::ConstantKind::kEllipsis && stub_like) continue;
    }
    Watch watch = startWatch(c);
    TypeId type = inferExpr(c, value, w.types.is(proper(w, wanted), TypeKind::kAny) ? TypeId::none() : wanted);
    if (isDynamic(c)) {
      // Types are not checked here; names are.
      std::vector<Message> found = takeBack(c, watch);
      std::erase_if(found, [](const Message& message) { return message.code != Code::kNameDefined; });
      putBack(c, std::move(found));
    }
    if (w.functions[id].has(kFnUnannotated)) continue;
    std::string name(syntax::nameText(*c.ast, param.name()));
    TypeId erased = wanted;
    bool was = c.function.is_dynamic;
    c.function.is_dynamic = false;
    bool fits = checkSubtype(c, type, erased, value, "Incompatible default for parameter \"" + name + "\"", "default has type", "parameter has type", Code::kAssignment);
    if (!fits && c.ast->is(value, NodeKind::kConstant) && w.types.is(proper(w, type), TypeKind::kNone)) {
      note(c, value, Code::kAssignment, "PEP 484 prohibits implicit Optional. Accordingly, mypy has changed its default to no_implicit_optional=True");
      note(c, value, Code::kAssignment, "Use https://github.com/hauntsaninja/no_implicit_optional to automatically upgrade your codebase");
    }
    c.function.is_dynamic = was;
  }
}

// The types that yield, send and return give in a generator declared with this return type.
static void generatorTypes(Checker& c, TypeId declared, FunctionState& state) {
  World& w = c.w;
  TypeId plain = proper(w, declared);
  TypeId unknown = any(c, AnyKind::kSpecialForm);
  state.yield_type = state.send_type = unknown;
  state.declared_return = unknown;
  std::vector<TypeId> items = unionItems(w, plain);
  for (TypeId item : items) {
    if (!w.types.is(item, TypeKind::kInstance)) continue;
    const std::string& name = w.classes[w.types[item].cls()].fullname;
    const Type& record = w.types[item];
    if (record.count >= 1) state.yield_type = record.items[0];
    bool generator = name == "typing.Generator" || name == "typing.AsyncGenerator";
    state.send_type = generator && record.count >= 2 ? record.items[1] : w.types.none();
    state.declared_return = name == "typing.Generator" && record.count >= 3 ? record.items[2] : w.types.none();
    if (name == "typing.Generator" && record.count < 3) state.declared_return = unknown;
    bool is_known = generator || name == "typing.Iterator" || name == "typing.Iterable" || name == "typing.AsyncIterator" ||
                    name == "typing.AsyncIterable" || name == "typing.AwaitableGenerator" || w.header(record.cls()).has(kClassProtocol);
    if (!is_known) {
      // No generator at all: reported at the signature.
      state.yield_type = state.send_type = state.declared_return = unknown;
      continue;
    }
    if (!generator && name != "typing.AsyncGenerator") {
      state.send_type = w.types.none();
      if (name == "typing.Iterator" || name == "typing.Iterable" || name == "typing.AsyncIterator" || name == "typing.AsyncIterable") state.declared_return = unknown;
    }
  }
}

// Is there a `return` with a value in the function itself?
static bool returnsValue(const Ast& ast, NodeId node) {
  if (auto view = ast.tryAs<syntax::Return>(node)) {
    auto constant = view->value().valid() ? ast.tryAs<syntax::Constant>(view->value()) : std::nullopt;
    return view->value().valid() && !(constant && constant->constantKind() == syntax::ConstantKind::kNone);
  }
  if (ast.is(node, NodeKind::kFunctionDef) || ast.is(node, NodeKind::kClassDef) || ast.is(node, NodeKind::kLambda)) return false;
  bool found = false;
  syntax::forEachChild(ast, node, [&](NodeId child) { found = found || returnsValue(ast, child); });
  return found;
}

static void untypedDefinition(Checker& c, FunctionId id) {
  World& w = c.w;
  const FunctionInfo& function = w.functions[id];
  const CheckOptions& options = *c.options;
  if (function.has(kFnNoTypeCheck)) return;
  bool was = c.function.is_dynamic;
  c.function.is_dynamic = false;
  auto def = c.ast->as<syntax::FunctionDef>(function.node);
  NodeList params = c.ast->as<syntax::Parameters>(def.params()).params();
  size_t missing = 0, counted = 0;
  for (size_t i = 0; i < params.size(); ++i) {
    bool is_self = i == 0 && function.owner.valid() && !(function.has(kFnStatic) && function.name != w.names.__new__);
    if (is_self) continue;
    ++counted;
    if (!c.ast->as<syntax::Parameter>(params[i]).annotation().valid()) ++missing;
  }
  bool no_return = !def.returns().valid();
  if (function.has(kFnUnannotated)) {
    if (options.disallow_untyped_defs) {
      if (counted == 0) {
        fail(c, function.node, Code::kNoUntypedDef, "Function is missing a return type annotation");
        bool gives_nothing = !function.has(kFnGenerator);
        for (NodeId statement : def.body()) gives_nothing = gives_nothing && !returnsValue(*c.ast, statement);
        if (gives_nothing) note(c, function.node, Code::kNoUntypedDef, "Use \"-> None\" if function does not return a value");
      } else {
        fail(c, function.node, Code::kNoUntypedDef, "Function is missing a type annotation");
      }
    }
  } else if (options.disallow_untyped_defs || options.disallow_incomplete_defs) {
    bool init = function.name == w.names.__init__ || function.name == w.names.__init_subclass__;
    if (no_return && !init) fail(c, function.node, Code::kNoUntypedDef, "Function is missing a return type annotation");
    if (missing > 0) fail(c, function.node, Code::kNoUntypedDef, "Function is missing a type annotation for one or more parameters");
  }
  c.function.is_dynamic = was;
}

// Does nothing tell a function that speaks of Self what it is: a static method, or one that says itself what self is?
static bool lacksSelf(Checker& c, FunctionId id) {
  const FunctionInfo& function = c.w.functions[id];
  if (follows(*c.options, Divergence::kBareSelf) || !function.owner.valid()) return false;
  if (function.has(kFnStatic)) return true;
  NodeList params = c.ast->as<syntax::Parameters>(c.ast->as<syntax::FunctionDef>(function.node).params()).params();
  return !params.empty() && c.ast->as<syntax::Parameter>(params[0]).annotation().valid();
}

// Results that a signature may not declare.
static void checkDeclaredReturn(Checker& c, FunctionId id, TypeId signature) {
  World& w = c.w;
  const FunctionInfo& function = w.functions[id];
  if (function.has(kFnUnannotated)) return;
  TypeId ret = proper(w, w.types.callable(signature).ret());
  bool initialiser = function.owner.valid() && (function.name == w.names.__init__ || function.name == w.names.__init_subclass__);
  bool nothing = w.types.is(ret, TypeKind::kNone) || w.types.is(ret, TypeKind::kNever);
  if (initialiser && !nothing && !(w.types.is(ret, TypeKind::kAny) && !c.ast->as<syntax::FunctionDef>(function.node).returns().valid())) {
    fail(c, function.node, Code::kMisc, "The return type of \"" + std::string(w.text(function.name)) + "\" must be None");
  }
  checkOperatorMethod(c, id, signature);
  if (function.owner.valid() && function.name == w.names.__new__ && w.types.callable(signature).paramCount() > 0) {
    TypeId self = eraseType(w, selfTypeOf(w, function.owner));
    TypeId bound = proper(w, w.types.callable(bindSelf(w, signature, w.types.typeType(self), true)).ret());
    bool is_instance = w.types.is(bound, TypeKind::kAny) || w.types.is(bound, TypeKind::kInstance) || w.types.is(bound, TypeKind::kTuple) ||
                       w.types.is(bound, TypeKind::kNever) || w.types.is(bound, TypeKind::kLiteral) || w.types.is(bound, TypeKind::kTypedDict);
    TypeId wanted = isMetaclass(w, function.owner) ? builtinType(w, "type") : self;
    if (!is_instance && !isMetaclass(w, function.owner)) {
      if (!follows(*c.options, Divergence::kAnyNew)) fail(c, function.node, Code::kMisc, "\"__new__\" must return a class instance (got " + formatType(w, bound) + ")");
    } else if (!follows(*c.options, Divergence::kAnyNew) && !isSubtype(w, bound, wanted)) {
      auto texts = formatTwo(w, bound, wanted);
      fail(c, function.node, Code::kMisc, "Incompatible return type for \"__new__\" (returns " + texts.first + ", but must return a subtype of " + texts.second + ")");
    }
  }
  if (!isPlainTypeVar(w, ret) || (typeVarOf(w, ret).is_self ? !lacksSelf(c, id) : typeVarOf(w, ret).function_scope != id)) return;
  std::vector<TypeVarId> only{TypeVarId(w.types[ret].ref)};
  for (TypeId type : w.types.callable(signature).types()) {
    if (eraseTypeVars(w, type, &only, w.types.any()) != type) return;
  }
  NodeId where = c.ast->as<syntax::FunctionDef>(function.node).returns();
  fail(c, where, Code::kTypeVar, "A function returning TypeVar should receive at least one argument containing the same TypeVar");
  TypeId bound = upperBound(w, only[0]);
  if (!isObject(w, bound)) note(c, where, Code::kTypeVar, "Consider using the upper bound " + formatType(w, bound) + " instead");
}

// Does the statement stand under `if TYPE_CHECKING`? Its functions never run.
static bool isForCheckersOnly(Checker& c, NodeId node) {
  semantic::Target target = semantic::targetOf(*c.options);
  for (NodeId at = node, parent = c.ast->parent(at); parent.valid(); at = parent, parent = c.ast->parent(at)) {
    auto branch = c.ast->tryAs<syntax::If>(parent);
    if (!branch || semantic::truthOf(*c.ast, branch->test(), target) != semantic::Truth::kCheckingTrue) continue;
    for (NodeId statement : branch->body()) {
      if (statement == at) return true;
    }
  }
  return false;
}

// Is the body an ellipsis alone, behind a docstring at most: a stub?
static bool isStubBody(const Ast& ast, NodeId function) {
  syntax::NodeList body = ast.as<syntax::FunctionDef>(function).body();
  auto last = ast.tryAs<syntax::ExprStmt>(body[body.size() - 1]);
  auto constant = last ? ast.tryAs<syntax::Constant>(last->value()) : std::nullopt;
  return constant && constant->constantKind() == syntax::ConstantKind::kEllipsis;
}

// An overload whose body does not count. One that stands alone is a function as any other.
static bool isOverloadOfMany(Checker& c, FunctionId id) {
  if (!c.w.functions[id].has(kFnOverload)) return false;
  if (follows(*c.options, Divergence::kSeparateParts)) return true;
  NodeId node = c.w.functions[id].node;
  declare::FunctionGroup group = declare::functionGroup(c.w, c.module, node);
  return group.overloads > 1 || group.has_implementation;
}

static void missingReturn(Checker& c, FunctionId id, TypeId declared, bool is_reachable) {
  World& w = c.w;
  const FunctionInfo& function = w.functions[id];
  if (!is_reachable || isDynamic(c) || !c.options->warn_no_return) return;
  if (w.modules[c.module].is_stub || !declared.valid() || isOverloadOfMany(c, id)) return;
  TypeId plain = proper(w, declared);
  bool abstract = function.has(kFnAbstract) || (function.owner.valid() && w.classes[function.owner].has(kClassProtocol));
  bool trivial = function.has(kFnTrivialBody);
  if (trivial && (abstract || c.options->allow_empty_bodies || isForCheckersOnly(c, function.node))) return;
  if (trivial && follows(*c.options, Divergence::kEmptyBodies) && isStubBody(*c.ast, function.node)) return;
  if (w.types.is(plain, TypeKind::kNone) || w.types.is(plain, TypeKind::kAny)) return;
  bool none_allowed = isSubtype(w, w.types.none(), plain);
  if (w.types.is(plain, TypeKind::kNever)) {
    fail(c, function.node, Code::kMisc, "Implicit return in function which does not return");
    return;
  }
  if (none_allowed && !w.types.is(plain, TypeKind::kNone)) {
    // An Optional result may be left out only on purpose, by an explicit return.
    if (isObject(w, plain)) return;
    if (trivial) return;
    fail(c, function.node, Code::kReturn, "Missing return statement");
    return;
  }
  if (trivial) {
    fail(c, function.node, Code::kEmptyBody, "Missing return statement");
    if (function.owner.valid()) {
      TypeId metaclass = w.header(function.owner).metaclass;
      bool could_be_abstract = metaclass.valid() && isSubclass(w, w.types[metaclass].cls(), "abc.ABCMeta");
      if (could_be_abstract) {
        note(c, function.node, Code::kEmptyBody, "If the method is meant to be abstract, use @abc.abstractmethod");
      }
    }
    return;
  }
  fail(c, function.node, Code::kReturn, "Missing return statement");
}

// What `return` and `yield` must give in a function of this signature.
static void setResults(Checker& c, FunctionId id, TypeId signature) {
  World& w = c.w;
  TypeId ret = w.types.callable(signature).ret();
  if (c.function.is_generator) {
    generatorTypes(c, ret, c.function);
  } else if (c.function.is_async) {
    TypeId plain = proper(w, ret);
    c.function.declared_return = w.types.is(plain, TypeKind::kInstance) && w.types[plain].count == 3 ? w.types[plain].items[2] : any(c, AnyKind::kSpecialForm);
  } else {
    c.function.declared_return = ret;
  }
}

// The statements, for one choice of values of the type variables.
bool checkStatementsOf(Checker& c, FunctionId id, TypeId signature) {
  World& w = c.w;
  Binder binder = binderFor(c);
  Binder* around = c.binder;
  c.binder = &binder;
  if (around != nullptr) putKnown(c, keptKnown(c, *around, id));
  bool is_outermost = around == nullptr || !enclosingFunction(w, w.functions[id].parent).valid();
  if (is_outermost && follows(*c.options, Divergence::kSharedVariables)) collectSharing(c, w.functions[id].node);
  std::vector<InnerCheck> outer_checks = std::exchange(c.inner_checks, {});
  // What can not be for one choice may be for another.
  if (!c.values.empty()) binder.suppressWarnings();
  signature = c.withValues(signature);
  setParameters(c, id, signature);
  beginParameters(c, id, around);
  setResults(c, id, signature);
  enterPartialScope(c, PartialScopeKind::kFunction);
  findRedefinitions(c, w.functions[id].node);
  checkBody(c, c.ast->as<syntax::FunctionDef>(w.functions[id].node).body());
  bool reachable = !binder.isUnreachable();
  checkInnerAgain(c);
  c.inner_checks = std::move(outer_checks);
  leavePartialScope(c);
  if (c.facts == nullptr) missingReturn(c, id, c.function.declared_return, reachable);
  c.binder = around;
  return reachable;
}

static void checkChoices(Checker& c, FunctionId id, TypeId signature) {
  Substitution outer = c.values;
  std::vector<Substitution> choices = valueChoices(c.w, id, outer);
  Watch watch = startWatch(c);
  for (size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) forgetLocals(c, c.scope);
    c.values = choices[i];
    checkStatementsOf(c, id, signature);
  }
  c.values = outer;
  if (choices.size() > 1) {
    forgetLocals(c, c.scope);
    dropRepeated(c, watch);
  }
}

// What @property is put on takes self alone.
static void checkPropertyArguments(Checker& c, FunctionId id, TypeId signature) {
  World& w = c.w;
  const FunctionInfo& function = w.functions[id];
  if (!function.has(kFnProperty) || function.has(kFnSetter) || function.has(kFnDeleter)) return;
  TypeId type = function.has(kFnDecorated) ? proper(w, w.hooks.infer_decorated(w, id)) : signature;
  if (!w.types.is(type, TypeKind::kCallable)) return;
  size_t required = 0;
  for (const ParamShape& param : w.types.callable(type).params()) required += isRequired(param.kind) ? 1 : 0;
  if (required > 1) fail(c, c.ast->as<syntax::FunctionDef>(w.functions[id].node).decorators()[0], Code::kMisc, "Too many arguments for property");
}

void checkFunctionBody(Checker& c, FunctionId id) {
  World& w = c.w;
  w.functions[id].checked = Progress::kRunning;
  TypeId signature = declaredSignature(w, id);
  if (!signature.valid()) return;
  FunctionState outer = c.function;
  ScopeId outer_scope = c.scope;
  Binder* outer_binder = c.binder;
  Binder binder = binderFor(c);
  c.binder = &binder;
  bool is_method = w.functions[id].owner.valid();
  ClassId outer_cls = c.cls;
  if (is_method) c.cls = w.functions[id].owner;
  c.function = FunctionState{};
  c.function.id = id;
  c.function.is_async = w.functions[id].has(kFnAsync);
  c.function.is_generator = w.functions[id].has(kFnGenerator);
  bool unannotated = w.functions[id].has(kFnUnannotated);
  c.function.is_dynamic = (unannotated && !c.options->check_untyped_defs) || w.functions[id].has(kFnNoTypeCheck);
  if (unannotated && follows(*c.options, Divergence::kUnannotatedBodies) && !c.options->check_untyped_defs) c.function.is_dynamic = false;
  setParameters(c, id, signature);
  setResults(c, id, signature);
  {
    ScopeId definition_scope = w.functions[id].parent;
    c.scope = definition_scope;
    c.binder = outer_binder != nullptr ? outer_binder : &binder;
    FunctionState inner = c.function;
    checkDefaults(c, id, signature);
    c.function = inner;
    c.binder = &binder;
  }
  if (outer_binder != nullptr && outer.id.valid()) putKnown(c, keptKnown(c, *outer_binder, id));
  c.scope = w.functions[id].scope;
  checkDeclaredReturn(c, id, signature);
  checkSignatureRules(c, id, signature);
  checkSignatureAny(c, id, signature);
  checkDecoratedAny(c, id);
  checkFunctionTypeParams(c, id);
  if (!w.functions[id].has(kFnUnannotated)) checkSignatureVariance(c, id, signature);
  checkPropertyArguments(c, id, signature);
  untypedDefinition(c, id);
  if (c.function.is_dynamic) {
    checkNamesOnly(c, c.ast->as<syntax::FunctionDef>(w.functions[id].node).body());
  } else {
    checkChoices(c, id, signature);
  }
  c.binder = outer_binder;
  c.scope = outer_scope;
  c.function = outer;
  c.cls = outer_cls;
  w.functions[id].checked = Progress::kDone;
}

// The decorators of a property's parts: nothing stands on top of @property, and a later part begins with @f.setter or
// @f.deleter (reported; true: it is no part of it at all).
static bool checkPropertyDecorators(Checker& c, FunctionId id) {
  World& w = c.w;
  const FunctionInfo& function = w.functions[id];
  const Ast& ast = *c.ast;
  NodeList decorators = ast.as<syntax::FunctionDef>(function.node).decorators();
  const Symbol& symbol = w.symbols[function.symbol];
  if (decorators.empty() || !symbol.owner.valid() || symbol.kind != SymbolKind::kFunction || symbol.functions.empty()) return false;
  FunctionId first = symbol.functions[0];
  readDecorators(w, first);
  if (!w.functions[first].has(kFnProperty)) return false;
  auto nameAt = [&](NodeId node) { return fullNameAt(w, c.module, function.parent, ast, node); };
  if (first == id) {
    static constexpr std::string_view kPlain[] = {"abc.abstractmethod", "typing.override", "typing.final", "typing_extensions.override",
                                                  "typing_extensions.final", "typing.no_type_check", "warnings.deprecated",
                                                  "typing_extensions.deprecated"};
    auto call = ast.tryAs<syntax::Call>(decorators[0]);
    std::string top = nameAt(call ? call->func() : decorators[0]);
    bool is_plain = false;
    for (std::string_view plain : kPlain) is_plain = is_plain || top == plain;
    bool below = false;
    for (size_t i = 1; i < decorators.size(); ++i) {
      bool named = ast.is(decorators[i], NodeKind::kName) || ast.is(decorators[i], NodeKind::kAttribute);
      below = below || (named && nameAt(decorators[i]) == "builtins.property");
    }
    bool is_shared = function.has(kFnStatic) || function.has(kFnClass);
    if (is_shared) fail(c, decorators[0], Code::kMisc, "Only instance methods can be decorated with @property");
    if (below && !is_plain && !is_shared) fail(c, decorators[0], Code::kPropDecorator, "Decorators on top of @property are not supported");
    return false;
  }
  bool is_strict = w.functions[first].node.valid() && !follows(*c.options, Divergence::kSeparateParts);
  if (is_strict && functionGroup(w, c.module, w.functions[first].node).first != functionGroup(w, c.module, function.node).first) return false;
  auto accessor = ast.tryAs<syntax::Attribute>(decorators[0]);
  bool is_accessor = false;
  if (accessor && ast.is(accessor->value(), NodeKind::kName) && syntax::nameOf(ast, accessor->value()) == symbol.name) {
    NameId part = syntax::nameOf(ast, accessor->attr());
    is_accessor = part == w.names.setter || part == w.names.deleter || part == w.names.getter;
  }
  if (is_accessor) return false;
  bool is_part = std::find(symbol.functions.begin(), symbol.functions.end(), id) != symbol.functions.end();
  NodeKind around = ast.kind(ast.parent(function.node));
  // In another branch the whole property is defined again.
  if (!is_part && (around == NodeKind::kIf || around == NodeKind::kTry || around == NodeKind::kExceptHandler) && function.has(kFnProperty)) return true;
  std::string name(w.text(symbol.name));
  fail(c, decorators[0], Code::kMisc, "Only supported top decorators are \"@" + name + ".setter\" and \"@" + name + ".deleter\"");
  return !is_part;
}

// Functions that define a name again: a group of them is one definition, whatever it lacks. Their decorators are looked
// at, those that would continue what they do not belong to as well.
static void checkDefinedAgain(Checker& c, SymbolId symbol, FunctionId id) {
  World& w = c.w;
  NodeId node = w.functions[id].node;
  declare::FunctionGroup group = declare::functionGroup(w, c.module, node);
  bool is_overload = w.functions[id].has(kFnOverload);
  auto leader = w.modules[c.module].functions.find(group.first.value);
  bool is_known = leader != w.modules[c.module].functions.end();
  if (is_known) readDecorators(w, leader->second);
  if (!is_known || !w.functions[leader->second].has(kFnOverload)) group.overloads = 0;  // only called so
  NodeId definition = w.symbols[symbol].definitions[0].node;
  bool is_of_first = c.ast->is(definition, NodeKind::kFunctionDef) && declare::functionGroup(w, c.module, definition).first == group.first;
  if (group.first == node || (group.overloads == 0 && is_of_first)) {
    reportRedefinition(c, symbol, node, node);
  } else if (group.overloads == 0) {
    NodeId begin = c.ast->as<syntax::FunctionDef>(group.first).decorators()[0];
    NodeList own = c.ast->as<syntax::FunctionDef>(node).decorators();
    fail(c, own.empty() ? node : own[0], Code::kNoRedef, "Name \"" + std::string(w.text(w.functions[id].name)) + "\" already defined on line " + std::to_string(lineOf(w, c.module, begin)));
  }
  NodeList decorators = c.ast->as<syntax::FunctionDef>(node).decorators();
  if (is_overload && group.first == node && group.overloads == 1) {
    fail(c, decorators[0], Code::kMisc, "Single overload definition, multiple required");
  } else if (is_overload && group.first == node && !group.has_implementation && !w.modules[c.module].is_stub) {
    fail(c, decorators[0], Code::kNoOverloadImpl, "An overloaded function outside a stub file must have an implementation");
  }
  if (follows(*c.options, Divergence::kSeparateParts)) return;
  for (NodeId decorator : decorators) {
    auto accessor = c.ast->tryAs<syntax::Attribute>(decorator);
    if (accessor && syntax::nameOf(*c.ast, accessor->value()) == w.functions[id].name) inferExpr(c, decorator);
  }
  if (w.functions[id].has(kFnDecorated)) w.hooks.infer_decorated(w, id);
}

// Is it a plain function right behind the parts of a property of its name?
static bool followsProperty(Checker& c, const Symbol& symbol, NodeId node) {
  if (symbol.kind != SymbolKind::kFunction || symbol.functions.empty() || !c.w.functions[symbol.functions[0]].has(kFnProperty)) return false;
  if (!c.ast->as<syntax::FunctionDef>(node).decorators().empty()) return false;
  bool is_open = false;
  for (NodeId statement : syntax::bodyOf(*c.ast, c.ast->parent(node))) {
    if (statement == node) return is_open;
    auto def = c.ast->tryAs<syntax::FunctionDef>(statement);
    is_open = def && syntax::nameOf(*c.ast, def->name()) == symbol.name && (is_open || statement == symbol.definitions[0].node);
  }
  return false;
}

void checkNestedFunction(Checker& c, NodeId node) {
  World& w = c.w;
  auto found = w.modules[c.module].functions.find(node.value);
  if (found == w.modules[c.module].functions.end()) return;
  FunctionId id = found->second;
  SymbolId symbol = w.functions[id].symbol;
  readDecorators(w, id);
  NodeList decorators = c.ast->as<syntax::FunctionDef>(node).decorators();
  bool is_both = decorators.size() > 1 && w.functions[id].has(kFnStatic) && w.functions[id].has(kFnClass) && !w.text(w.functions[id].name).starts_with("__");
  if (is_both) fail(c, decorators[0], Code::kMisc, "Cannot have both classmethod and staticmethod");
  bool in_overloads = false;
  bool is_first = false;
  if (symbol.valid()) {
    const std::vector<FunctionId>& functions = w.symbols[symbol].functions;
    // What begins as neither overloads nor a property is one function alone.
    if (!functions.empty()) readDecorators(w, functions[0]);
    bool has_parts = !functions.empty() && (w.functions[functions[0]].has(kFnOverload) || w.functions[functions[0]].has(kFnProperty) ||
                                            follows(*c.options, Divergence::kSeparateParts));
    for (size_t i = 0; i < functions.size(); ++i) {
      if (functions[i] == id && (i == 0 || has_parts)) {
        in_overloads = true;
        is_first = i == 0;
      }
    }
    bool is_misnamed = checkPropertyDecorators(c, id);
    bool redefined = !is_misnamed && !in_overloads && !w.symbols[symbol].definitions.empty() && w.symbols[symbol].definitions[0].node != node;
    if (redefined) {
      // A function defined again under a condition must look the same.
      NodeId parent = c.ast->parent(node);
      NodeKind kind = c.ast->kind(parent);
      bool conditional = kind == NodeKind::kIf || kind == NodeKind::kTry || kind == NodeKind::kExceptHandler || kind == NodeKind::kFor || kind == NodeKind::kWhile || kind == NodeKind::kWith ||
                         (kind == NodeKind::kMatchCase && !follows(*c.options, Divergence::kRedefinition));
      TypeId original = w.hooks.symbol_type(w, symbol);
      bool is_strict = conditional && !follows(*c.options, Divergence::kSeparateParts);
      declare::FunctionGroup group = is_strict ? declare::functionGroup(w, c.module, node) : declare::FunctionGroup{};
      bool in_group = group.overloads > 1 || (group.overloads == 1 && group.has_implementation);
      if (group.overloads == 1 && !in_group && w.functions[id].has(kFnOverload)) fail(c, decorators[0], Code::kMisc, "Single overload definition, multiple required");
      if (conditional && original.valid() && !in_group) {
        TypeId own = w.functions[id].has(kFnDecorated) ? w.hooks.infer_decorated(w, id) : declaredSignature(w, id);
        bool function_first = w.symbols[symbol].kind == SymbolKind::kFunction;
        bool is_plain = function_first && !w.symbols[symbol].functions.empty() && !w.functions[w.symbols[symbol].functions[0]].has(kFnDecorated) &&
                        !(is_strict && w.functions[w.symbols[symbol].functions[0]].has(kFnOverload));
        if (own.valid() && is_plain && !isSameType(w, own, original) && !isDynamic(c)) {
          fail(c, node, Code::kMisc, "All conditional function variants must have identical signatures");
          note(c, node, Code::kMisc, "Original:");
          if (w.types.is(original, TypeKind::kCallable)) note(c, node, Code::kMisc, "    " + prettyCallable(w, original));
          note(c, node, Code::kMisc, "Redefinition:");
          if (w.types.is(own, TypeKind::kCallable)) note(c, node, Code::kMisc, "    " + prettyCallable(w, own));
        }
        bool over_variable = (function_first && !is_plain) || (w.symbols[symbol].kind == SymbolKind::kVariable && w.symbols[symbol].typed == Progress::kDone);
        if (over_variable && own.valid() && w.types.is(original, TypeKind::kPartial) && !ClassId(w.types[original].ref).valid()) {
          // `f = None` before: the function is what the variable holds.
          original = w.symbols[symbol].type = own;
        }
        if (own.valid() && over_variable && !isDynamic(c)) {
          checkSubtype(c, own, original, node, "Incompatible redefinition", "redefinition with type", "original type", Code::kMisc);
        }
      } else if (followsProperty(c, w.symbols[symbol], node)) {
        fail(c, node, Code::kMisc, "Unexpected definition for property \"" + std::string(w.text(w.functions[id].name)) + "\"");
      } else if (w.text(w.functions[id].name) != "_") {
        checkDefinedAgain(c, symbol, id);
      } else if (w.functions[id].has(kFnDecorated) && !follows(*c.options, Divergence::kSeparateParts)) {
        w.hooks.infer_decorated(w, id);
      }
    }
    if (is_first) w.hooks.symbol_type(w, symbol);
  }
  // Inside a function, bodies are checked where they stand; elsewhere after the top level.
  if (c.function.id.valid()) {
    checkInnerBody(c, id);
  } else {
    checkIfItCompletes(c, id);
  }
  if (is_first && symbol.valid()) checkOverloads(c, symbol, node);
}

// In a function that is not checked only what stands in it for itself is looked at: functions, classes, reveal_type().
static void namesIn(Checker& c, NodeId node) {
  World& w = c.w;
  const Ast& ast = *c.ast;
  switch (ast.kind(node)) {
    // Nor is it said that a name is not defined. ref: mypy semanal.in_checked_function
    case NodeKind::kName: return;
    case NodeKind::kFunctionDef: {
      auto found = w.modules[c.module].functions.find(node.value);
      if (found != w.modules[c.module].functions.end()) checkFunctionBody(c, found->second);
      return;
    }
    case NodeKind::kClassDef: checkClass(c, node); return;
    case NodeKind::kReturn:
    case NodeKind::kBreak:
    case NodeKind::kContinue: checkLeaving(c, node); break;
    case NodeKind::kCall: {
      auto call = ast.as<syntax::Call>(node);
      NodeId func = call.func();
      if (ast.is(func, NodeKind::kName)) {
        std::string name = fullNameAt(w, c.module, c.scope, ast, func);
        if (name.empty() && syntax::nameOf(ast, func) == w.names.reveal_type) name = "builtins.reveal_type";
        TypeId result;
        bool revealing = name.ends_with(".reveal_type") || name.ends_with(".assert_type");
        if (revealing && specialCall(c, node, name, TypeId::none(), result)) return;
      }
      break;
    }
    case NodeKind::kAnnAssign: {
      auto assign = ast.as<syntax::AnnAssign>(node);
      if (assign.value().valid()) namesIn(c, assign.value());
      SymbolId symbol = ast.is(assign.target(), NodeKind::kName) ? symbolAt(c, assign.target()) : SymbolId::none();
      if (symbol.valid()) declaredVariableType(w, symbol);
      if (!follows(*c.options, Divergence::kUnannotatedBodies)) {
        size_t before = c.messages->size();
        note(c, node, Code::kAnnotationUnchecked, "By default the bodies of untyped functions are not checked, consider using --check-untyped-defs");
        if (c.messages->size() > before) c.messages->back().shows_code = true;
      }
      return;
    }
    case NodeKind::kLambda: {
      FunctionInfo info;
      info.module = c.module;
      info.node = node;
      info.parent = c.scope;
      info.set(kFnLambda);
      FunctionId id = w.functions.add(std::move(info));
      collectFunction(w, id);
      for (SymbolId symbol : w.scopes[w.functions[id].scope].names.in_order) {
        w.symbols[symbol].type = any(c, AnyKind::kUnannotated);
        w.symbols[symbol].typed = Progress::kDone;
      }
      ScopeId outer = c.scope;
      c.scope = w.functions[id].scope;
      namesIn(c, ast.as<syntax::Lambda>(node).body());
      c.scope = outer;
      return;
    }
    case NodeKind::kListComp:
    case NodeKind::kSetComp:
    case NodeKind::kDictComp:
    case NodeKind::kGeneratorExp: {
      ScopeId outer = c.scope;
      ScopeId inner = comprehensionScopeOf(c, node);
      for (SymbolId symbol : w.scopes[inner].names.in_order) {
        w.symbols[symbol].type = any(c, AnyKind::kUnannotated);
        w.symbols[symbol].typed = Progress::kDone;
      }
      c.scope = inner;
      syntax::forEachChild(ast, node, [&](NodeId child) { namesIn(c, child); });
      c.scope = outer;
      return;
    }
    default: break;
  }
  syntax::forEachChild(ast, node, [&](NodeId child) { namesIn(c, child); });
}

void checkNamesOnly(Checker& c, NodeList statements) {
  World& w = c.w;
  for (SymbolId symbol : w.scopes[c.scope].names.in_order) {
    if (w.resolved(symbol).kind == SymbolKind::kVariable && w.symbols[symbol].typed != Progress::kDone) {
      w.symbols[symbol].type = any(c, AnyKind::kUnannotated);
      w.symbols[symbol].typed = Progress::kDone;
    }
  }
  for (NodeId node : statements) {
    if (!isUnreachable(w, c.module, node)) namesIn(c, node);
  }
}

}  // namespace krait::check
