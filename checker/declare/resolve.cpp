// What a symbol is: imports followed, assignments classified (type alias, type variable, NewType, functional named
// tuple, TypedDict or Enum, or a plain variable), and the hooks that give symbols and functions their types.
#include "analyzer/semantic/imports/import_resolver.h"
#include "checker/declare/annotation_internal.h"

namespace krait::declare {

static void resolveImport(World& w, SymbolId id) {
  Symbol& symbol = w.symbols[id];
  const Definition definition = symbol.definitions[0];
  const Module& own = w.modules[symbol.module];
  const Ast& ast = *own.ast;
  auto alias = ast.as<syntax::Alias>(definition.target);
  std::string name(syntax::nameText(ast, alias.name()));
  if (definition.kind == DefinitionKind::kImport) {
    if (!alias.asname().valid()) name = name.substr(0, name.find('.'));
    ModuleId module = w.hooks.find_module(w, name);
    Symbol& again = w.symbols[id];
    if (!module.valid()) {
      again.set(kIsMissingImport);
      return;
    }
    again.kind = SymbolKind::kModule;
    again.target_module = module;
    return;
  }
  auto from = ast.as<syntax::ImportFrom>(definition.node);
  std::string_view written = from.module().valid() ? syntax::nameText(ast, from.module()) : std::string_view();
  std::string source = from.level() == 0 ? std::string(written)
                                         : semantic::absoluteModule(w.text(own.name), own.is_package, from.level(), written);
  ModuleId module = w.hooks.find_module(w, source);
  if (!module.valid()) {
    w.symbols[id].set(kIsMissingImport);
    return;
  }
  SymbolId link;
  bool is_self = module == w.symbols[id].module;
  if (!is_self) {
    SymbolId found = moduleAttribute(w, module, w.name(name));
    if (found.valid()) link = found;
  }
  if (!link.valid()) {
    ModuleId submodule = w.hooks.find_module(w, source + "." + name);
    if (submodule.valid()) {
      w.symbols[id].kind = SymbolKind::kModule;
      w.symbols[id].target_module = submodule;
      return;
    }
  }
  if (!link.valid()) {
    w.symbols[id].set(kIsMissingImport);
    if (!is_self) w.symbols[id].target_module = module;
    return;
  }
  w.symbols[id].link = link;
  if (!w.symbols[id].owner.valid() || follows(w.options, Divergence::kClassImports)) return;
  SymbolId target = followImports(w, link);
  if (w.modules[module].options.follow_imports == "skip") return;
  if (!target.valid() || w.resolved(target).kind != SymbolKind::kFunction) return;
  report(w, w.symbols[id].module, definition.node, Code::kMisc, "Unsupported class scoped import");
  Symbol& member = w.symbols[id];
  member.kind = SymbolKind::kVariable;
  member.type = w.types.any(AnyKind::kFromError);
  member.typed = Progress::kDone;
  member.set(kIsReady);
}

static bool isTypingModule(World& w, ModuleId module) {
  std::string_view name = w.text(w.modules[module].name);
  return name == "typing" || name == "typing_extensions" || name == "mypy_extensions" || name == "_typeshed";
}

// Is the value of an unannotated assignment one that makes the target an alias?
static bool mayBeAlias(World& w, const Symbol& symbol, const Ast& ast, NodeId value) {
  bool nested = symbol.owner.valid() || enclosingFunction(w, symbol.scope).valid();
  switch (ast.kind(value)) {
    case NodeKind::kName:
    case NodeKind::kAttribute: return !nested;
    case NodeKind::kSubscript: return true;
    case NodeKind::kBinOp: return ast.as<syntax::BinOp>(value).op() == syntax::BinaryOp::kBitOr;
    default: return false;
  }
}

bool isTypeExpression(World& w, ModuleId module, ScopeId scope, const Ast& ast, NodeId node) {
  switch (ast.kind(node)) {
    case NodeKind::kName:
    case NodeKind::kAttribute: {
      SymbolId symbol = lookupDotted(w, module, scope, ast, node);
      if (symbol.valid()) symbol = followImports(w, symbol);
      if (!symbol.valid()) return false;
      const Symbol& info = w.resolved(symbol);
      return info.kind == SymbolKind::kClass || info.kind == SymbolKind::kAlias || info.kind == SymbolKind::kSpecialForm ||
             info.kind == SymbolKind::kTypeVar;
    }
    case NodeKind::kSubscript: {
      auto subscript = ast.as<syntax::Subscript>(node);
      if (!isTypeExpression(w, module, scope, ast, subscript.value())) return false;
      // An enum is indexed by the name of a member.
      SymbolId symbol = followImports(w, lookupDotted(w, module, scope, ast, subscript.value()));
      if (!symbol.valid() || w.resolved(symbol).kind != SymbolKind::kClass) return true;
      const ClassInfo& info = w.header(w.symbols[symbol].cls);
      return !info.has(kClassEnum) || !info.type_vars.empty();
    }
    case NodeKind::kBinOp: {
      auto op = ast.as<syntax::BinOp>(node);
      // A sentinel by itself is a value; in a union it is a type.
      auto isItem = [&](NodeId item) {
        if (isTypeExpression(w, module, scope, ast, item)) return true;
        if (!ast.is(item, NodeKind::kName) && !ast.is(item, NodeKind::kAttribute)) return false;
        SymbolId symbol = lookupDotted(w, module, scope, ast, item);
        if (symbol.valid()) symbol = followImports(w, symbol);
        return symbol.valid() && sentinelType(w, symbol).valid();
      };
      return op.op() == syntax::BinaryOp::kBitOr && isItem(op.left()) && isItem(op.right());
    }
    case NodeKind::kConstant:
      return ast.as<syntax::Constant>(node).constantKind() == syntax::ConstantKind::kNone;
    default: return false;
  }
}

static AliasId makeAlias(World& w, SymbolId id, NodeId value, NodeId statement) {
  Symbol& symbol = w.symbols[id];
  AliasInfo alias;
  alias.name = symbol.name;
  alias.fullname = fullNameOf(w, id);
  alias.module = symbol.module;
  alias.scope = symbol.scope;
  alias.node = value;
  alias.statement = statement;
  alias.symbol = id;
  AliasId made = w.aliases.add(std::move(alias));
  Symbol& again = w.symbols[id];
  again.kind = SymbolKind::kAlias;
  again.alias = made;
  return made;
}

// X = TypeAliasType("X", value, type_params=(T, …)).
static bool resolveTypeAliasCall(World& w, SymbolId id, const Ast& ast, NodeId call_node, const std::string& callee) {
  if (callee != "typing.TypeAliasType" && callee != "typing_extensions.TypeAliasType") return false;
  const Symbol symbol = w.symbols[id];
  auto call = ast.as<syntax::Call>(call_node);
  std::vector<NodeId> positional;
  NodeId type_params;
  for (NodeId arg : call.args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (!keyword) {
      positional.push_back(arg);
    } else if (keyword->arg().valid() && syntax::nameText(ast, keyword->arg()) == "type_params") {
      type_params = keyword->value();
    } else if (keyword->arg().valid() && syntax::nameText(ast, keyword->arg()) == "value") {
      positional.push_back(keyword->value());
    }
  }
  if (positional.size() != 2) return false;
  auto name = syntax::stringValue(ast, positional[0]);
  if (!name) {
    report(w, symbol.module, call_node, Code::kMisc, "TypeAliasType() expects a string literal as first argument");
    return false;
  }
  if (*name != w.text(symbol.name)) {
    report(w, symbol.module, call_node, Code::kMisc,
           "String argument 1 \"" + std::string(*name) + "\" to TypeAliasType(...) does not match variable name \"" +
               std::string(w.text(symbol.name)) + "\"");
    return false;
  }
  AliasId alias = makeAlias(w, id, positional[1], call_node);
  w.aliases[alias].is_new_style = true;
  w.aliases[alias].type_params = type_params;
  return true;
}

static bool resolveCall(World& w, SymbolId id, const Ast& ast, NodeId call) {
  const Symbol& symbol = w.symbols[id];
  NodeId func = ast.as<syntax::Call>(call).func();
  if (!ast.is(func, NodeKind::kName) && !ast.is(func, NodeKind::kAttribute)) return false;
  std::string callee = calleeNameAt(w, symbol.module, symbol.scope, ast, func);
  if (callee.empty()) return false;
  return resolveTypeVarCall(w, id, ast, call, callee) || resolveTypeAliasCall(w, id, ast, call, callee) || resolveNewType(w, id, ast, call, callee) ||
         resolveNamedTupleCall(w, id, ast, call, callee) || resolveTypedDictCall(w, id, ast, call, callee) ||
         resolveEnumCall(w, id, ast, call, callee) || resolveSentinelCall(w, id, ast, call, callee);
}

// `X: T = NewType(…)` and `X: T = TypeVar(…)`: what these make has no declared type. True: it is made all the same.
static bool declaresDefinition(World& w, SymbolId id, const Ast& ast, NodeId value, const syntax::Call& call) {
  const Symbol& symbol = w.symbols[id];
  if (!ast.is(call.func(), NodeKind::kName) && !ast.is(call.func(), NodeKind::kAttribute)) return false;
  std::string callee = fullNameAt(w, symbol.module, symbol.scope, ast, call.func());
  std::string_view form = std::string_view(callee).substr(callee.rfind('.') + 1);
  if (!callee.starts_with("typing")) return false;
  if (form == "TypeVar" || form == "ParamSpec" || form == "TypeVarTuple") {
    report(w, symbol.module, value, Code::kMisc, "Cannot declare the type of a TypeVar or similar construct");
    return false;
  }
  if (form != "NewType") return false;
  report(w, symbol.module, value, Code::kMisc, "Cannot declare the type of a NewType declaration");
  return resolveNewType(w, id, ast, value, callee);
}

// `g = f` in a class body, where f is a property of the class: g is one, too.
static bool namesProperty(World& w, SymbolId id, const Ast& ast, NodeId value) {
  const Symbol& symbol = w.symbols[id];
  if (!symbol.owner.valid() || symbol.definitions.size() != 1 || w.modules[symbol.module].is_library || !ast.is(value, NodeKind::kName)) return false;
  SymbolId named = w.scopes[symbol.scope].names.find(syntax::nameOf(ast, value));
  if (!named.valid() || named == id || w.resolved(named).kind != SymbolKind::kFunction || w.symbols[named].functions.empty()) return false;
  FunctionId getter = w.symbols[named].functions[0];
  readDecorators(w, getter);
  if (!w.functions[getter].has(kFnProperty)) return false;
  w.symbols[id].kind = SymbolKind::kFunction;
  w.symbols[id].functions = w.symbols[named].functions;
  return true;
}

static void classifyAssignment(World& w, SymbolId id, const Definition& definition) {
  const Symbol& symbol = w.symbols[id];
  const Ast& ast = *w.modules[symbol.module].ast;
  if (definition.kind == DefinitionKind::kAssign) {
    auto assign = ast.as<syntax::Assign>(definition.node);
    NodeId value = assign.value();
    bool single = assign.targets().size() == 1 && assign.targets()[0] == definition.target;
    if (!single) return;
    if (ast.is(value, NodeKind::kCall)) {
      resolveCall(w, id, ast, value);
      return;
    }
    if (namesProperty(w, id, ast, value)) return;
    if (w.modules[symbol.module].is_stub && isTypingModule(w, symbol.module) && ast.is(value, NodeKind::kConstant)) return;
    size_t assignments = 0;
    for (const Definition& other : symbol.definitions) assignments += other.kind == DefinitionKind::kAssign ? 1 : 0;
    if (assignments > 1 && ast.is(value, NodeKind::kConstant)) return;
    if (mayBeAlias(w, symbol, ast, value) && isTypeExpression(w, symbol.module, symbol.scope, ast, value)) {
      // X = T for a type variable is no alias.
      if (ast.is(value, NodeKind::kName) || ast.is(value, NodeKind::kAttribute)) {
        SymbolId target = followImports(w, lookupDotted(w, symbol.module, symbol.scope, ast, value));
        if (target.valid() && w.resolved(target).kind == SymbolKind::kTypeVar) {
          report(w, w.symbols[id].module, value, Code::kValidType, "Type variable \"" + fullNameOf(w, target) + "\" is invalid as target for type alias");
          return;
        }
        if (target.valid() && w.symbols[target].kind == SymbolKind::kSpecialForm) {
          std::string_view form = w.text(w.symbols[target].special);
          if (form == "Generic" || form == "Protocol" || form == "NamedTuple" || form == "TypedDict" || form == "Final") return;
          if (form == "ClassVar" || form == "TypeAlias" || form == "Annotated" || form == "Optional") return;
        }
      }
      makeAlias(w, id, value, definition.node);
    }
    return;
  }
  if (definition.kind == DefinitionKind::kAnnotated) {
    auto assign = ast.as<syntax::AnnAssign>(definition.node);
    w.symbols[id].set(kIsDeclared);
    NodeId annotation = assign.annotation();
    if (!assign.value().valid()) return;
    if (auto call = ast.tryAs<syntax::Call>(assign.value()); call && declaresDefinition(w, id, ast, assign.value(), *call)) return;
    if (ast.is(annotation, NodeKind::kName) || ast.is(annotation, NodeKind::kAttribute)) {
      std::string name = fullNameAt(w, symbol.module, symbol.scope, ast, annotation);
      if (name == "typing.TypeAlias" || name == "typing_extensions.TypeAlias") {
        AliasId alias = makeAlias(w, id, assign.value(), definition.node);
        w.aliases[alias].is_explicit = true;
      }
    }
    return;
  }
  if (definition.kind == DefinitionKind::kTypeAlias) {
    auto statement = ast.as<syntax::TypeAlias>(definition.node);
    AliasId alias = makeAlias(w, id, statement.value(), definition.node);
    w.aliases[alias].is_new_style = true;
    if (!statement.typeParams().empty()) {
      Scope params;
      params.kind = ScopeKind::kTypeParams;
      params.parent = w.symbols[id].scope;
      params.module = w.symbols[id].module;
      params.node = definition.node;
      params.collected = Progress::kDone;
      ScopeId scope = w.scopes.add(std::move(params));
      w.aliases[alias].scope = scope;
      addTypeParams(w, w.symbols[id].module, scope, statement.typeParams(), ClassId::none(), FunctionId::none(), alias);
    }
  }
}

void resolveSymbol(World& w, SymbolId id) {
  Symbol& symbol = w.symbols[id];
  if (symbol.resolved != Progress::kNot) return;
  symbol.resolved = Progress::kRunning;
  if (w.scopes[symbol.scope].kind == ScopeKind::kModule && isTypingModule(w, symbol.module) &&
      isSpecialFormName(w.text(symbol.name)) && symbol.kind != SymbolKind::kImport) {
    symbol.kind = SymbolKind::kSpecialForm;
    symbol.special = symbol.name;
  } else if (symbol.kind == SymbolKind::kImport) {
    if (!symbol.link.valid()) resolveImport(w, id);
  } else if (symbol.kind == SymbolKind::kVariable && !symbol.definitions.empty()) {
    Definition first = symbol.definitions[0];
    classifyAssignment(w, id, first);
  }
  if (symbol.owner.valid() && w.symbols[id].kind == SymbolKind::kVariable) w.symbols[id].set(kIsInitializedInClass);
  w.symbols[id].resolved = Progress::kDone;
}

// Does the definition bind the name, so that an annotation behind it declares nothing? ref: mypy semanal.analyze_name_lvalue
static bool bindsAlready(World& w, const Symbol& symbol, const Definition& definition) {
  if (mayRedefine(w.modules[symbol.module].options)) return false;
  const Ast& ast = *w.modules[symbol.module].ast;
  switch (definition.kind) {
    case DefinitionKind::kAssign:
    case DefinitionKind::kFor:
    case DefinitionKind::kWith:
    case DefinitionKind::kNamed:
    case DefinitionKind::kMatch:
    case DefinitionKind::kParameter: break;
    default: return false;
  }
  // What a function assigns to a global name is read after the module.
  ScopeKind kind = w.scopes[symbol.scope].kind;
  if (kind != ScopeKind::kModule && kind != ScopeKind::kClass) return true;
  for (NodeId at = definition.node; at.valid(); at = ast.parent(at)) {
    if (ast.is(at, NodeKind::kFunctionDef) || ast.is(at, NodeKind::kLambda)) return false;
  }
  return true;
}

TypeId declaredVariableType(World& w, SymbolId id) {
  Symbol& symbol = w.resolved(id);
  if (symbol.typed == Progress::kDone && symbol.has(kIsDeclared)) return symbol.type;
  if (symbol.has(kIsBeingDeclared)) return w.types.any(AnyKind::kFromError);
  for (const Definition definition : std::vector<Definition>(symbol.definitions)) {
    const Ast& ast = *w.modules[symbol.module].ast;
    bool is_self = definition.kind == DefinitionKind::kSelf && ast.is(definition.node, NodeKind::kAnnAssign);
    if (definition.kind != DefinitionKind::kAnnotated && !is_self) {
      if (bindsAlready(w, symbol, definition)) return TypeId::none();
      continue;
    }
    auto assign = ast.as<syntax::AnnAssign>(definition.node);
    ScopeId scope = symbol.scope;
    if (is_self && symbol.self_function.valid()) {
      collectFunction(w, symbol.self_function);
      declaredSignature(w, symbol.self_function);
      scope = w.functions[symbol.self_function].scope;
    }
    AnnotationContext c{w, symbol.module, scope, &ast};
    c.allows_final = true;
    c.allows_class_var = true;
    bool is_typed_dict = symbol.owner.valid() && w.classes[symbol.owner].has(kClassTypedDict);
    c.allows_required = is_typed_dict;
    w.symbols[id].set(kIsBeingDeclared);
    TypeId type = analyzeType(c, assign.annotation());
    Symbol& again = w.symbols[id];
    again.clear(kIsBeingDeclared);
    again.set(kIsDeclared);
    if (c.is_final) again.set(kIsFinal);
    if (c.is_class_var) again.set(kIsClassVar);
    if (c.is_class_var && (!symbol.owner.valid() || is_self)) {
      report(w, symbol.module, definition.node, Code::kMisc, "ClassVar can only be used for assignments in class body");
    }
    bool has_variables = type.valid() && w.types[type].has(kHasTypeVars) && !w.types[type].has(kHasSelf);
    if (c.is_class_var && has_variables && follows(w.options, Divergence::kGenericClassVar)) {
      report(w, symbol.module, definition.node, Code::kMisc, "ClassVar cannot contain type variables");
    }
    if (c.is_final && !type.valid()) {
      // x: Final = 1 takes its value's type.
      again.clear(kIsDeclared);
      if (!assign.value().valid()) again.set(kIsFinalUnset);
      return TypeId::none();
    }
    if (c.is_final && !assign.value().valid()) again.set(kIsFinalUnset);
    auto constant = assign.value().valid() ? ast.tryAs<syntax::Constant>(assign.value()) : std::nullopt;
    bool is_none = constant && constant->constantKind() == syntax::ConstantKind::kNone;
    if (c.is_class_var && !type.valid() && assign.value().valid() && !is_none) {
      // So does x: ClassVar = 1; what begins as None becomes anything.
      again.clear(kIsDeclared);
      return TypeId::none();
    }
    if (!type.valid()) type = w.types.any(AnyKind::kSpecialForm);
    return type;
  }
  return TypeId::none();
}

// Does some module that is read say `import types` or `from types import …`?
static bool importsTypes(World& w) {
  for (uint32_t i = 0; i < w.modules.size(); ++i) {
    const Module& module = w.modules[ModuleId(i)];
    if (module.ast == nullptr || w.text(module.name) == "types") continue;
    const Ast& ast = *module.ast;
    for (NodeId statement : ast.as<syntax::Module>(ast.root()).body()) {
      if (auto from = ast.tryAs<syntax::ImportFrom>(statement); from && from->level() == 0 && from->module().valid()) {
        if (syntax::nameText(ast, from->module()) == "types") return true;
      } else if (auto import = ast.tryAs<syntax::Import>(statement)) {
        for (NodeId item : import->names()) {
          if (syntax::nameText(ast, ast.as<syntax::Alias>(item).name()) == "types") return true;
        }
      }
    }
  }
  return false;
}

TypeId moduleClass(World& w) {
  if (!w.options.test_lib_stub.empty() && !importsTypes(w)) return objectType(w);
  return namedType(w, "types", "ModuleType");
}

static TypeId computeType(World& w, SymbolId id) {
  Symbol& symbol = w.symbols[id];
  switch (symbol.kind) {
    case SymbolKind::kClass: {
      ClassId cls = symbol.cls;
      TypeId made = w.hooks.infer_decorated_class != nullptr ? w.hooks.infer_decorated_class(w, cls) : TypeId::none();
      return made.valid() ? made : classCallable(w, cls);
    }
    case SymbolKind::kFunction: return typeOfFunctionSymbol(w, id);
    case SymbolKind::kModule: return w.types.module(symbol.target_module, moduleClass(w));
    case SymbolKind::kTypeVar:
    case SymbolKind::kSpecialForm: return namedType(w, "typing", "_SpecialForm");
    case SymbolKind::kAlias: {
      if (w.aliases[symbol.alias].resolved == Progress::kNot) resolveAlias(w, symbol.alias);
      return w.types.any(AnyKind::kSpecialForm);
    }
    case SymbolKind::kImport: {
      SymbolId target = followImports(w, id);
      if (!target.valid() || target == id) return w.types.any(AnyKind::kFromUnimported);
      return w.hooks.symbol_type(w, target);
    }
    case SymbolKind::kVariable: {
      TypeId declared = declaredVariableType(w, id);
      if (declared.valid()) return declared;
      return w.hooks.infer_variable != nullptr ? w.hooks.infer_variable(w, id) : w.types.any();
    }
  }
  return w.types.any();
}

static TypeId symbolType(World& w, SymbolId id) {
  Symbol& symbol = w.resolved(id);
  if (symbol.typed == Progress::kDone) return symbol.type;
  if (w.hooks.infer_attribute != nullptr && isInferredAttribute(w, id)) return w.hooks.infer_attribute(w, id);
  if (symbol.typed == Progress::kRunning) return TypeId::none();
  symbol.typed = Progress::kRunning;
  TypeId type = computeType(w, id);
  Symbol& again = w.symbols[id];
  if (again.typed == Progress::kDone) return again.type;  // completed on the way (a partial type, a walk of its body)
  if (again.typed == Progress::kNot) return type;         // that is for this asker alone
  if (type.valid()) {
    again.type = type;
    again.typed = Progress::kDone;
  } else {
    again.typed = Progress::kNot;
  }
  return type;
}

void installHooks(World& w) {
  w.hooks.resolve_symbol = resolveSymbol;
  w.hooks.symbol_type = symbolType;
  w.hooks.complete_class = completeClass;
  w.hooks.complete_members = completeMembers;
  w.hooks.complete_self_attributes = completeSelfAttributes;
  w.hooks.complete_abstract = completeAbstract;
  w.hooks.resolve_type_var = resolveTypeVar;
  w.hooks.resolve_alias = resolveAlias;
}

}  // namespace krait::declare
