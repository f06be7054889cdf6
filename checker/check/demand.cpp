// Checking on demand: a module's top level, a function, or one variable, when another target asks for its type.
#include "checker/check/check.h"
#include "checker/check/fact_questions.h"
#include "checker/declare/field_transform.h"
#include "checker/infer/library.h"

#include <algorithm>
#include <utility>

namespace krait::check {

// Keys of narrowable expressions: one table for a thread, as symbols are unique in a program.
static thread_local KeyTable key_table;

Checker checkerFor(World& w, ModuleId module) {
  Checker c{.w = w, .keys = key_table};
  Module& info = w.modules[module];
  c.module = module;
  c.ast = info.ast.get();
  c.scope = info.scope;
  c.options = &info.options;
  c.messages = &info.messages;
  if (info.node_types.empty()) info.node_types.resize(info.ast->nodeCount());
  return c;
}

// What a top level asks of others may be asked before those have come to it: the order of a cycle must be the same in
// every worker, and whichever of its modules is needed first.
static void checkCycleOf(World& w, ModuleId module) {
  auto cycle = w.cycle_of.find(module.value);
  if (cycle == w.cycle_of.end()) return;
  for (ModuleId each : std::exchange(w.import_cycles[cycle->second], {})) {
    ModuleId loaded = w.hooks.find_module(w, std::string(w.text(w.modules[each].name)));
    if (loaded == each && w.modules[each].ast != nullptr) checkTopLevel(w, each);
  }
}

void checkTopLevel(World& w, ModuleId module) {
  if (w.modules[module].checked == Progress::kNot) checkCycleOf(w, module);
  if (w.modules[module].checked != Progress::kNot) return;
  w.modules[module].checked = Progress::kRunning;
  FactsBarrier barrier(w);
  NoneRules rules(w, module);
  Checker c = checkerFor(w, module);
  Binder binder = binderFor(c);
  c.binder = &binder;
  FunctionId asker = std::exchange(w.target, FunctionId::none());
  enterPartialScope(c, PartialScopeKind::kModule);
  findRedefinitions(c, c.ast->root());
  checkBody(c, c.ast->as<syntax::Module>(c.ast->root()).body());
  leavePartialScope(c);
  widenByFunctions(c);
  w.target = asker;
  w.modules[module].checked = Progress::kDone;
}

void checkFunction(World& w, FunctionId id) {
  if (w.functions[id].checked != Progress::kNot) return;
  FactsBarrier barrier(w);
  NoneRules rules(w, w.functions[id].module);
  Checker c = checkerFor(w, w.functions[id].module);
  c.scope = w.functions[id].parent;
  c.cls = enclosingClass(w, c.scope);
  FunctionId asker = std::exchange(w.target, id);
  checkFunctionBody(c, id);
  w.target = asker;
}

// Does the function assign `self.name`?
static bool assignsOwn(const Ast& ast, NodeId node, NameId self, NameId name) {
  if (auto attribute = ast.tryAs<syntax::Attribute>(node)) {
    bool is_own = ast.is(attribute->value(), NodeKind::kName) && syntax::nameOf(ast, attribute->value()) == self;
    if (is_own && attribute->context() == syntax::ExprContext::kStore && syntax::nameOf(ast, attribute->attr()) == name) return true;
  }
  bool found = false;
  syntax::forEachChild(ast, node, [&](NodeId child) { found = found || assignsOwn(ast, child, self, name); });
  return found;
}

static bool completes(Checker& c, FunctionId id) {
  World& w = c.w;
  const FunctionInfo& function = w.functions[id];
  auto isGlobal = [&](NameId name) {
    const std::vector<NameId>& names = w.scopes[function.scope].globals;
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const PartialVariable& partial : c.partials) {
    if (partial.cls.valid()) continue;
    const Symbol& symbol = w.symbols[partial.symbol];
    if (!symbol.owner.valid() && isGlobal(symbol.name)) return true;
    if (!symbol.owner.valid() || symbol.owner != function.owner || function.has(kFnStatic)) continue;
    NodeList params = c.ast->as<syntax::Parameters>(c.ast->as<syntax::FunctionDef>(function.node).params()).params();
    if (params.empty()) continue;
    NameId self = syntax::nameOf(*c.ast, c.ast->as<syntax::Parameter>(params[0]).name());
    if (assignsOwn(*c.ast, function.node, self, symbol.name)) return true;
  }
  if (!mayRedefine(*c.options)) return false;
  for (NameId name : w.scopes[function.scope].globals) {
    SymbolId symbol = w.scopes[w.modules[c.module].scope].names.find(name);
    if (symbol.valid() && w.symbols[symbol].typed == Progress::kDone && w.types.is(w.symbols[symbol].type, TypeKind::kNone)) return true;
  }
  return false;
}

void checkIfItCompletes(Checker& c, FunctionId id) {
  World& w = c.w;
  if (w.functions[id].checked != Progress::kNot || !c.ast->is(w.functions[id].node, NodeKind::kFunctionDef)) return;
  if (c.partials.empty() && !mayRedefine(*c.options)) return;
  collectFunction(w, id);
  if (!completes(c, id)) return;
  FactsBarrier barrier(w);
  if (w.functions[id].has(kFnUnannotated) && !c.options->check_untyped_defs && !follows(*c.options, Divergence::kUnannotatedBodies)) {
    // Its body is not checked: it may assign anything.
    for (const PartialVariable& partial : std::vector<PartialVariable>(c.partials)) {
      const std::vector<NameId>& names = w.scopes[w.functions[id].scope].globals;
      bool is_global = std::find(names.begin(), names.end(), w.symbols[partial.symbol].name) != names.end();
      if (partial.cls.valid() || w.symbols[partial.symbol].owner.valid() || !is_global) continue;
      TypeId both[] = {w.types.any(AnyKind::kUnannotated), w.types.none()};
      closePartial(c, partial.symbol, w.types.unionOf(both));
    }
    return;
  }
  Checker inner = checkerFor(w, c.module);
  inner.scope = w.functions[id].parent;
  inner.cls = enclosingClass(w, inner.scope);
  inner.partials = c.partials;
  inner.partial_scopes = c.partial_scopes;
  inner.silent = c.silent;
  std::vector<NameId> globals = w.scopes[w.functions[id].scope].globals;
  FunctionId asker = std::exchange(w.target, id);
  checkFunctionBody(inner, id);
  w.target = asker;
  std::erase_if(c.partials, [&](const PartialVariable& partial) { return !w.types.is(w.symbols[partial.symbol].type, TypeKind::kPartial); });
  // What flow knew of them may not hold any more.
  for (NameId name : globals) {
    SymbolId symbol = w.scopes[w.modules[c.module].scope].names.find(name);
    if (symbol.valid()) c.binder->forget(c.keys.variable(symbol));
  }
}

void checkModule(World& w, ModuleId module) {
  checkTopLevel(w, module);
  // Functions that stand at module or class level, in source order.
  std::vector<std::pair<uint32_t, FunctionId>> ordered(w.modules[module].functions.begin(), w.modules[module].functions.end());
  std::vector<std::pair<uint32_t, FunctionId>> targets;
  for (const auto& entry : ordered) {
    const FunctionInfo& function = w.functions[entry.second];
    if (function.has(kFnLambda) || enclosingFunction(w, function.parent).valid()) continue;
    targets.push_back({(*w.modules[module].ast)[function.node].begin, entry.second});
  }
  std::sort(targets.begin(), targets.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& target : targets) checkFunction(w, target.second);
  checkDefinedness(w, module);
}

// The value that a definition assigns, if it is a plain one.
static NodeId valueOf(const Ast& ast, const Definition& definition) {
  if (definition.kind == DefinitionKind::kAssign && definition.node == definition.target) return definition.node;  // a computed base class
  if (ast.is(definition.node, NodeKind::kAssign)) {
    auto assign = ast.as<syntax::Assign>(definition.node);
    for (NodeId target : assign.targets()) {
      if (target == definition.target) return assign.value();
    }
    return NodeId::none();
  }
  if (ast.is(definition.node, NodeKind::kAnnAssign)) return ast.as<syntax::AnnAssign>(definition.node).value();
  return NodeId::none();
}

// Is the variable one of a body that is being evaluated? What it holds is forgotten with the other names of the body.
static bool isOfEvaluation(World& w, const Symbol& symbol) {
  const std::vector<FunctionId>& evaluated = w.body_facts.evaluated;
  for (FunctionId function = enclosingFunction(w, symbol.scope); function.valid(); function = enclosingFunction(w, w.functions[function].parent)) {
    if (std::find(evaluated.begin(), evaluated.end(), function) != evaluated.end()) return true;
  }
  return false;
}

// Infers one variable from its first value alone, without findings.
static TypeId inferAlone(World& w, SymbolId id) {
  const Symbol symbol = w.symbols[id];
  if (symbol.definitions.empty()) return w.types.any();
  const Definition definition = symbol.definitions[0];
  const Ast& ast = *w.modules[symbol.module].ast;
  if (definition.kind == DefinitionKind::kExcept || definition.kind == DefinitionKind::kFor || definition.kind == DefinitionKind::kWith) return w.types.any();
  NodeId value = valueOf(ast, definition);
  if (!value.valid()) return w.types.any(AnyKind::kUnannotated);
  NoneRules rules(w, symbol.module);
  Checker c = checkerFor(w, symbol.module);
  Binder binder = binderFor(c);
  c.binder = &binder;
  c.silent = 1;
  c.scope = symbol.scope;
  c.cls = enclosingClass(w, symbol.scope);
  if (symbol.self_function.valid()) {
    collectFunction(w, symbol.self_function);
    declaredSignature(w, symbol.self_function);
    c.scope = w.functions[symbol.self_function].scope;
    bool is_checked = c.options->check_untyped_defs || follows(*c.options, Divergence::kUnannotatedBodies);
    if (w.functions[symbol.self_function].has(kFnUnannotated) && !is_checked) return w.types.any(AnyKind::kUnannotated);
  }
  TypeId type = inferExpr(c, value);
  if (!w.symbols[id].has(kIsFinal) && w.symbols[id].name != w.names.__match_args__) type = removeLastKnownValues(w, type);
  if (w.types.is(type, TypeKind::kNone)) return symbol.has(kIsFinal) ? type : type;
  return type;
}

// Is its first value a plain number, text or bool?
static bool isLiteralValue(const Ast& ast, const Symbol& symbol) {
  NodeId value = symbol.definitions.empty() ? NodeId::none() : valueOf(ast, symbol.definitions[0]);
  auto constant = value.valid() ? ast.tryAs<syntax::Constant>(value) : std::nullopt;
  if (!constant) return false;
  syntax::ConstantKind kind = constant->constantKind();
  return kind != syntax::ConstantKind::kNone && kind != syntax::ConstantKind::kEllipsis;
}

static TypeId inferVariableHook(World& w, SymbolId id) {
  const Symbol& symbol = w.symbols[id];
  Module& module = w.modules[symbol.module];
  bool is_library = module.is_library || module.is_stub;
  FunctionId function = enclosingFunction(w, symbol.scope);
  if (!is_library) {
    w.symbols[id].typed = Progress::kNot;
    if (symbol.has(kIsSelfAttribute) && symbol.self_function.valid() && !enclosingFunction(w, w.functions[symbol.self_function].parent).valid()) {
      FunctionId method = symbol.self_function;
      if (w.functions[method].checked == Progress::kNot) {
        ModuleId owner = symbol.module;
        if (w.modules[owner].checked == Progress::kNot) checkTopLevel(w, owner);
        if (w.symbols[id].typed != Progress::kDone) checkFunction(w, method);
      }
    } else if (!function.valid() && module.checked == Progress::kNot) {
      checkTopLevel(w, symbol.module);
    } else if (!function.valid() && !symbol.owner.valid() && module.checked == Progress::kRunning && !w.target.valid() && module.options.mypy &&
               !isLiteralValue(*module.ast, symbol)) {
      // The top level reads what it assigns further down; only literals tell. ref: mypy handle_cannot_determine_type
      return w.symbols[id].typed == Progress::kDone ? w.symbols[id].type : TypeId::none();
    }
    if (w.symbols[id].typed == Progress::kDone) return w.symbols[id].type;
  }
  w.symbols[id].typed = Progress::kRunning;
  if (isOfEvaluation(w, symbol)) return inferAlone(w, id);
  bool is_early = !is_library && !function.valid() && !symbol.owner.valid() && module.checked == Progress::kRunning;
  FactsBarrier barrier(w);
  TypeId type = inferAlone(w, id);
  if (!is_library && function.valid() && follows(module.options, Divergence::kSharedVariables)) w.symbols[id].set(kIsInferred);
  if (!is_early) return type;
  // A cycle of imports asks before the top level has come to the assignment: that one decides what the variable is.
  w.symbols[id].typed = Progress::kNot;
  return asSeen(w, type);
}

// Does a decorator of that type say nothing about what it makes? ref: mypy checker.is_untyped_decorator
static bool isUntypedDecorator(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  switch (w.types.kind(plain)) {
    case TypeKind::kCallable: {
      CallableView view = w.types.callable(plain);
      auto isSilent = [&](TypeId each) {
        TypeId part = proper(w, each);
        return w.types.is(part, TypeKind::kAny) && static_cast<AnyKind>(w.types[part].sub) == AnyKind::kUnannotated;
      };
      bool all = isSilent(view.ret());
      for (TypeId each : view.types()) all = all && isSilent(each);
      return all || view.has(kImplicit);
    }
    case TypeKind::kOverloaded:
      for (TypeId item : std::vector<TypeId>(w.types[plain].args().begin(), w.types[plain].args().end())) {
        if (isUntypedDecorator(w, item)) return true;
      }
      return false;
    case TypeKind::kInstance: {
      if (!findMember(w, w.types[plain].cls(), w.names.__call__).found()) return false;
      TypeId call = findMemberType(w, w.names.__call__, plain, plain);
      return !call.valid() || isUntypedDecorator(w, call);
    }
    default: return true;
  }
}

// Of a decorator without annotations nobody knows more than that it gives something like the function, unless what is
// inferred for it is known in all its parts.
static bool keepsFunction(Checker& c, TypeId decorator, TypeId made) {
  World& w = c.w;
  if (!follows(*c.options, Divergence::kUntypedDecorators) || !w.types[made].has(kHasAny)) return false;
  for (TypeId item : unionItems(w, proper(w, decorator))) {
    TypeId plain = proper(w, item);
    if (w.types.is(plain, TypeKind::kCallable) && !w.types.callable(plain).isTypeObject() && w.types.callable(plain).has(kImplicit)) return true;
  }
  return false;
}

static TypeId applyDecorators(World& w, FunctionId id) {
  const FunctionInfo function = w.functions[id];
  TypeId type = declaredSignature(w, id);
  if (!type.valid()) return type;
  FactsBarrier barrier(w);
  type = withInferredResult(w, type);
  NoneRules rules(w, function.module);
  Checker c = checkerFor(w, function.module);
  Binder binder = binderFor(c);
  c.binder = &binder;
  c.scope = function.parent;
  c.cls = enclosingClass(w, c.scope);
  if (w.modules[function.module].is_library) c.silent = 1;
  auto def = c.ast->as<syntax::FunctionDef>(function.node);
  NodeList decorators = def.decorators();
  for (size_t i = decorators.size(); i-- > 0;) {
    NodeId decorator = decorators[i];
    NodeId name_node = decorator;
    if (auto call = c.ast->tryAs<syntax::Call>(decorator)) name_node = call->func();
    std::string name = fullNameAt(w, function.module, function.parent, *c.ast, name_node);
    static constexpr std::string_view kKnown[] = {"typing.overload", "typing_extensions.overload", "builtins.staticmethod", "builtins.classmethod",
                                                  "builtins.property", "abc.abstractproperty", "abc.abstractmethod", "typing.final",
                                                  "typing_extensions.final", "typing.override", "typing_extensions.override", "typing.no_type_check",
                                                  "functools.cached_property", "warnings.deprecated", "typing_extensions.deprecated", "enum.property",
                                                  "types.DynamicClassAttribute"};
    bool known = false;
    for (std::string_view one : kKnown) known = known || name == one;
    // Without its reason it is a call with the function for the reason.
    if (name.ends_with(".deprecated") && !c.ast->is(decorator, NodeKind::kCall)) known = false;
    if (auto attribute = c.ast->tryAs<syntax::Attribute>(decorator)) {
      NameId attr = syntax::nameOf(*c.ast, attribute->attr());
      if (syntax::nameOf(*c.ast, attribute->value()) == function.name && (attr == w.names.setter || attr == w.names.deleter || attr == w.names.getter)) known = true;
    }
    if (name == "functools.singledispatch") checkSingledispatch(c, id);
    if (!known && checkRegistration(c, decorator, id)) continue;
    if (known || isTransformName(name) || isFieldDecorator(w, function, decorator)) continue;
    TypeId callee = inferExpr(c, decorator);
    CallSite site;
    site.node = decorator;
    site.args.push_back({NodeId::none(), ArgKind::kPos, NameId::none(), type});
    bool unannotated = w.functions[id].has(kFnUnannotated);
    if (w.modules[function.module].options.disallow_untyped_decorators && !unannotated && isUntypedDecorator(w, callee)) {
      fail(c, decorator, Code::kUntypedDecorator, "Untyped decorator makes function \"" + std::string(w.text(function.name)) + "\" untyped");
    }
    TypeId made = checkCall(c, callee, site).ret;
    if (!keepsFunction(c, callee, made)) {
      type = made;
    } else if (unannotated && w.types.is(proper(w, type), TypeKind::kCallable) && w.types.callable(proper(w, type)).has(kImplicit)) {
      type = declaredSignature(w, id);  // what it gives is the decorator's to say
    }
  }
  // What a decorator made of the function is still called by its name.
  TypeId plain = proper(w, type);
  TypeId declared = declaredSignature(w, id);
  if (w.types.is(plain, TypeKind::kCallable) && plain != declared && plain != proper(w, withInferredResult(w, declared)) && w.types.is(declared, TypeKind::kCallable)) {
    CallableParts parts = w.types.parts(plain);
    if (!parts.has(kTypeObject)) {
      parts.name = w.types.callable(declared).shape->name;
      type = w.types.callable(parts);
    }
  }
  return type;
}

// Is it the class, or what may be any class below it?
static bool isClassItself(World& w, ClassId cls, TypeId type) {
  TypeId plain = proper(w, type);
  if (plain == classCallable(w, cls)) return true;
  if (w.types.is(plain, TypeKind::kOverloaded)) plain = w.types[plain].items[0];
  TypeId made;
  if (w.types.is(plain, TypeKind::kTypeType)) made = proper(w, w.types[plain].items[0]);
  if (w.types.is(plain, TypeKind::kCallable) && w.types.callable(plain).isTypeObject()) made = proper(w, w.types.callable(plain).made());
  if (w.types.is(made, TypeKind::kTuple)) made = tupleFallback(w, made);
  return w.types.is(made, TypeKind::kInstance) && w.types[made].cls() == cls;
}

// Does the type say nothing that its author wrote, or no more than that it is some class?
static bool isUnknown(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  if (isNamed(w, plain, "builtins.type")) return true;
  if (w.types.is(plain, TypeKind::kTypeType)) return w.types.is(proper(w, w.types[plain].items[0]), TypeKind::kAny);
  return w.types.is(plain, TypeKind::kAny) && static_cast<AnyKind>(w.types[plain].sub) != AnyKind::kExplicit;
}

// What decorators make of a class: what each gives for what the one below it gave. One that is not called rightly, or that says
// too little of what it gives, leaves what it takes.
static TypeId applyClassDecorators(World& w, ClassId cls, const syntax::ClassDef& def) {
  FactsBarrier barrier(w);
  const ClassInfo& info = w.classes[cls];
  Checker c = checkerFor(w, info.module);
  Binder binder = binderFor(c);
  c.binder = &binder;
  c.scope = def.typeParams().empty() ? info.parent : w.scopes[info.parent].parent;
  c.cls = enclosingClass(w, c.scope);
  c.silent = 1;
  auto transform = findTransform(w, cls);
  TypeId type;
  for (size_t i = def.decorators().size(); i-- > 0;) {
    NodeId decorator = def.decorators()[i];
    // It makes a dataclass of the class, whatever it says that it gives.
    if (transform && transform->reason == decorator) continue;
    auto call = c.ast->tryAs<syntax::Call>(decorator);
    SymbolId symbol = lookupDotted(w, c.module, c.scope, *c.ast, call ? call->func() : decorator);
    if (symbol.valid()) symbol = followImports(w, symbol);
    // The library's decorators give the class.
    if (!symbol.valid() || w.modules[w.symbols[symbol].module].is_stub) continue;
    Watch watch = startWatch(c);
    TypeId callee = inferExpr(c, decorator);
    CallSite site;
    site.node = decorator;
    site.args.push_back({NodeId::none(), ArgKind::kPos, NameId::none(), type.valid() ? type : classCallable(w, cls)});
    c.silent = 0;
    TypeId made = checkCall(c, callee, site).ret;
    bool failed = hasNewErrors(c, watch);
    c.silent = 1;
    takeBack(c, watch);
    TypeId plain = proper(w, callee);
    bool is_untyped = w.types.is(plain, TypeKind::kCallable) && w.types.callable(plain).has(kImplicit);
    if (failed || is_untyped || isUnknown(w, callee) || isUnknown(w, made)) continue;
    type = isClassItself(w, cls, made) ? TypeId::none() : made;
  }
  return type;
}

// The type of a class's name where decorators make something else of the class; none: it is the class.
static TypeId inferDecoratedClass(World& w, ClassId cls) {
  const ClassInfo& info = w.classes[cls];
  const Module& module = w.modules[info.module];
  if (!info.node.valid() || module.ast == nullptr || module.is_stub || !follows(module.options, Divergence::kClassDecorators)) return TypeId::none();
  auto def = module.ast->tryAs<syntax::ClassDef>(info.node);
  if (!def || def->decorators().empty()) return TypeId::none();
  FunctionId asker = std::exchange(w.target, World::kDeclaration);
  TypeId type = applyClassDecorators(w, cls, *def);
  w.target = asker;
  return type;
}

static TypeId inferDecorated(World& w, FunctionId id) {
  FunctionId asker = std::exchange(w.target, World::kDeclaration);
  TypeId type = applyDecorators(w, id);
  w.target = asker;
  return type;
}

static bool basesAgree(Checker& c, ClassId cls) {
  Watch watch = startWatch(c);
  int silent = c.silent;
  c.silent = 0;
  checkBases(c, cls);
  c.silent = silent;
  bool agree = !hasNewErrors(c, watch);
  takeBack(c, watch);
  return agree;
}

void installHooks(World& w) {
  w.hooks.infer_value = inferAlone;
  w.hooks.infer_result = inferResult;
  w.hooks.infer_call_result = inferCallResult;
  w.hooks.infer_attribute = inferInferredAttribute;
  w.hooks.infer_variable = inferVariableHook;
  w.hooks.infer_decorated = inferDecorated;
  w.hooks.infer_decorated_class = inferDecoratedClass;
  w.hooks.unify_callable = unifyCallable;
  w.hooks.solve_pattern = solvePattern;
  w.hooks.infer_variance = inferVariance;
  assign_hook = assignTo;
  bases_agree_hook = basesAgree;
}

}  // namespace krait::check
