// Collecting names: one walk over the statements of a scope that makes a symbol for each name bound there. Nested
// functions and classes get their FunctionInfo and ClassInfo, their insides are collected when they are asked for.
#include <algorithm>

#include "analyzer/semantic/imports/import_resolver.h"
#include "analyzer/semantic/open_names.h"
#include "checker/declare/function_groups.h"
#include "checker/declare/recollect.h"

namespace krait::declare {

using syntax::NodeKind;

namespace {

struct Collector {
  World& w;
  ModuleId module;
  ScopeId scope;
  const Ast& ast;
  bool has_walrus;

  SymbolId bind(NameId name, Definition definition);
  void target(NodeId node, DefinitionKind kind, NodeId statement);
  void body(NodeList statements);
  void statement(NodeId node);
  void function(NodeId node);
  void classDef(NodeId node);
  void importModule(NodeId node);
  void importFrom(NodeId node);
  void pattern(NodeId node, NodeId statement);
  void expression(NodeId node);
  ScopeId scopeFor(NameId name);

  std::vector<NodeId> left_out = {};  // if statements whose overloads are not merged
};

bool contains(const std::vector<NameId>& names, NameId name) {
  for (NameId other : names) {
    if (other == name) return true;
  }
  return false;
}

}  // namespace

bool isUnreachable(World& w, ModuleId module, NodeId statement) {
  const std::vector<bool>& marks = w.modules[module].unreachable;
  return statement.value < marks.size() && marks[statement.value];
}

ScopeId Collector::scopeFor(NameId name) {
  const Scope& own = w.scopes[scope];
  if (contains(own.globals, name)) return w.modules[module].scope;
  if (contains(own.nonlocals, name)) {
    for (ScopeId at = own.parent; at.valid(); at = w.scopes[at].parent) {
      if (w.scopes[at].kind == ScopeKind::kFunction && w.scopes[at].names.find(name).valid()) return at;
    }
  }
  return scope;
}

// Does the definition take the place of a name that `from m import *` brought along? An import, a function or a class
// that surely runs does; a variable may be made of what it replaces.
static bool replacesStarImport(const World& w, ModuleId module, const Ast& ast, const Symbol& known, const Definition& definition) {
  bool is_from_star = known.definitions.size() == 1 && known.definitions[0].kind == DefinitionKind::kImportFrom && ast.is(known.definitions[0].target, NodeKind::kAlias) &&
                      syntax::nameText(ast, ast.as<syntax::Alias>(known.definitions[0].target).name()) == "*";
  if (!is_from_star || !follows(w.modules[module].options, Divergence::kRedefinition) || ast.parent(definition.node) != ast.root()) return false;
  DefinitionKind kind = definition.kind;
  return kind == DefinitionKind::kImport || kind == DefinitionKind::kImportFrom || kind == DefinitionKind::kFunction || kind == DefinitionKind::kClass;
}

SymbolId Collector::bind(NameId name, Definition definition) {
  ScopeId where = scopeFor(name);
  Scope& owner = w.scopes[where];
  SymbolId found = owner.names.find(name);
  if (found.valid() && replacesStarImport(w, module, ast, w.symbols[found], definition)) {
    Symbol fresh;
    fresh.name = name;
    fresh.scope = where;
    fresh.module = module;
    w.symbols[found] = std::move(fresh);
  }
  if (found.valid()) {
    w.symbols[found].definitions.push_back(definition);
    return found;
  }
  Symbol symbol;
  symbol.name = name;
  symbol.scope = where;
  symbol.module = module;
  if (owner.kind == ScopeKind::kClass) symbol.owner = owner.cls;
  symbol.definitions.push_back(definition);
  SymbolId id = w.symbols.add(std::move(symbol));
  w.scopes[where].names.add(name, id);
  return id;
}

void Collector::target(NodeId node, DefinitionKind kind, NodeId statement) {
  switch (ast.kind(node)) {
    case NodeKind::kName: bind(ast.as<syntax::Name>(node).name(), {kind, statement, node}); break;
    case NodeKind::kTuple:
      for (NodeId item : ast.as<syntax::Tuple>(node).elts()) target(item, kind, statement);
      break;
    case NodeKind::kList:
      for (NodeId item : ast.as<syntax::List>(node).elts()) target(item, kind, statement);
      break;
    case NodeKind::kStarred: target(ast.as<syntax::Starred>(node).value(), kind, statement); break;
    default: expression(node); break;
  }
}

void Collector::expression(NodeId node) {
  if (!has_walrus || !node.valid()) return;
  if (ast.is(node, NodeKind::kLambda)) return;
  if (auto named = ast.tryAs<syntax::NamedExpr>(node)) target(named->target(), DefinitionKind::kNamed, node);
  syntax::forEachChild(ast, node, [&](NodeId child) { expression(child); });
}

void Collector::function(NodeId node) {
  auto def = ast.as<syntax::FunctionDef>(node);
  for (NodeId decorator : def.decorators()) expression(decorator);
  NameId name = syntax::nameOf(ast, def.name());
  FunctionInfo info;
  info.name = name;
  info.module = module;
  info.node = node;
  info.parent = scope;
  if (w.scopes[scope].kind == ScopeKind::kClass) info.owner = w.scopes[scope].cls;
  if (def.isAsync()) info.set(kFnAsync);
  FunctionId id = w.functions.add(std::move(info));
  w.modules[module].functions[node.value] = id;
  SymbolId symbol = bind(name, {DefinitionKind::kFunction, node, def.name()});
  w.functions[id].symbol = symbol;
  Symbol& owner = w.symbols[symbol];
  if (owner.definitions.size() == 1) {
    owner.kind = SymbolKind::kFunction;
    owner.resolved = Progress::kDone;
    owner.functions.push_back(id);
    return;
  }
  // A later def joins the first as an overload, a setter or a deleter; else it is a redefinition.
  if (owner.kind != SymbolKind::kFunction || owner.definitions[owner.definitions.size() - 2].kind != DefinitionKind::kFunction) return;
  auto isAccessor = [&](NodeId decorator) {
    auto attribute = ast.tryAs<syntax::Attribute>(decorator);
    if (!attribute || syntax::nameOf(ast, attribute->value()) != name) return false;
    NameId attr = syntax::nameOf(ast, attribute->attr());
    return attr == w.names.setter || attr == w.names.deleter || attr == w.names.getter;
  };
  NodeId first = owner.definitions[0].node;
  NodeId previous = owner.definitions[owner.definitions.size() - 2].node;
  bool is_strict = !w.modules[module].is_library && !follows(w.modules[module].options, Divergence::kSeparateParts);
  if (is_strict && functionGroup(w, module, first).first != functionGroup(w, module, node).first) return;
  // An overload behind the implementation is one in the wrong place, or the implementation is.
  bool is_late = isSpelledOverload(ast, first) && (is_strict || isSpelledOverload(ast, node));
  bool is_accessor = std::any_of(def.decorators().begin(), def.decorators().end(), isAccessor);
  if (is_late || is_accessor || isSpelledOverload(ast, previous)) owner.functions.push_back(id);
}

void Collector::classDef(NodeId node) {
  auto def = ast.as<syntax::ClassDef>(node);
  for (NodeId decorator : def.decorators()) expression(decorator);
  NameId name = syntax::nameOf(ast, def.name());
  SymbolId symbol = bind(name, {DefinitionKind::kClass, node, def.name()});
  ClassInfo info;
  info.name = name;
  info.module = module;
  info.node = node;
  info.parent = scope;
  info.symbol = symbol;
  info.line = static_cast<int>(lineOf(w, module, node));
  const Scope& outer = w.scopes[scope];
  if (outer.kind == ScopeKind::kClass) {
    info.fullname = w.classes[outer.cls].fullname + ".";
    info.in_function = w.classes[outer.cls].in_function;
  } else {
    info.fullname = std::string(w.text(w.modules[module].name)) + ".";
    info.in_function = enclosingFunction(w, scope).valid();
  }
  info.fullname += w.text(name);
  ClassId id = w.classes.add(std::move(info));
  ScopeId outer_scope = scope;
  if (!def.typeParams().empty()) {
    Scope params;
    params.kind = ScopeKind::kTypeParams;
    params.parent = scope;
    params.module = module;
    params.cls = id;
    params.node = node;
    params.collected = Progress::kDone;
    outer_scope = w.scopes.add(std::move(params));
    w.classes[id].parent = outer_scope;
  }
  Scope body_scope;
  body_scope.kind = ScopeKind::kClass;
  body_scope.parent = outer_scope;
  body_scope.module = module;
  body_scope.cls = id;
  body_scope.node = node;
  w.classes[id].scope = w.scopes.add(std::move(body_scope));
  w.modules[module].classes[node.value] = id;
  Symbol& owner = w.symbols[symbol];
  if (owner.definitions.size() == 1) {
    owner.kind = SymbolKind::kClass;
    owner.cls = id;
    owner.resolved = Progress::kDone;
  }
}

static void noteImported(World& w, std::string_view dotted) {
  for (size_t dot = 0; dot != std::string_view::npos;) {
    dot = dotted.find('.', dot + 1);
    w.imported_names[w.name(dotted.substr(0, dot))] = true;
  }
}

void Collector::importModule(NodeId node) {
  for (NodeId item : ast.as<syntax::Import>(node).names()) {
    auto alias = ast.as<syntax::Alias>(item);
    std::string_view dotted = syntax::nameText(ast, alias.name());
    noteImported(w, dotted);
    NameId bound = alias.asname().valid() ? syntax::nameOf(ast, alias.asname()) : w.name(dotted.substr(0, dotted.find('.')));
    SymbolId symbol = bind(bound, {DefinitionKind::kImport, node, item});
    Symbol& owner = w.symbols[symbol];
    if (owner.definitions.size() == 1) {
      owner.kind = SymbolKind::kImport;
      bool reexported = alias.asname().valid() && syntax::nameText(ast, alias.asname()) == dotted;
      if (w.modules[module].is_stub && !reexported) owner.set(kIsPrivateImport);
      if (!w.modules[module].is_stub && !w.modules[module].options.implicit_reexport && !reexported) owner.set(kIsPrivateImport);
    }
  }
}

void Collector::importFrom(NodeId node) {
  auto from = ast.as<syntax::ImportFrom>(node);
  const Module& own = w.modules[module];
  std::string_view written = from.module().valid() ? syntax::nameText(ast, from.module()) : std::string_view();
  std::string target_name = from.level() == 0 ? std::string(written)
                                              : semantic::absoluteModule(w.text(own.name), own.is_package, from.level(), written);
  if (!target_name.empty()) noteImported(w, target_name);
  for (NodeId item : from.names()) {
    auto alias = ast.as<syntax::Alias>(item);
    std::string_view name = syntax::nameText(ast, alias.name());
    if (name == "*") {
      ModuleId source = w.hooks.find_module(w, target_name);
      // A package without a file of its own brings no names.
      if (!source.valid() || !w.modules[source].scope.valid()) continue;
      if (w.modules[source].has_open_names && !namesInAll(w, source)) w.modules[module].has_open_names = true;
      std::vector<NameId> exported;
      if (const auto& all = namesInAll(w, source)) {
        exported = *all;
      } else {
        // What has no leading underscore.
        for (SymbolId symbol : w.scopes[w.modules[source].scope].names.in_order) {
          if (w.text(w.symbols[symbol].name).starts_with("_") || w.symbols[symbol].has(kIsPrivateImport)) continue;
          exported.push_back(w.symbols[symbol].name);
        }
      }
      for (NameId exported_name : exported) {
        SymbolId link = moduleAttribute(w, source, exported_name);
        if (!link.valid()) continue;
        SymbolId existing = w.scopes[scope].names.find(exported_name);
        if (existing.valid()) continue;
        SymbolId symbol = bind(exported_name, {DefinitionKind::kImportFrom, node, item});
        w.symbols[symbol].kind = SymbolKind::kImport;
        w.symbols[symbol].link = link;
        w.symbols[symbol].resolved = Progress::kDone;
      }
      continue;
    }
    w.imported_names[w.name(target_name + "." + std::string(name))] = true;
    NameId bound = alias.asname().valid() ? syntax::nameOf(ast, alias.asname()) : w.name(name);
    SymbolId symbol = bind(bound, {DefinitionKind::kImportFrom, node, item});
    Symbol& owner = w.symbols[symbol];
    if (owner.definitions.size() == 1) {
      owner.kind = SymbolKind::kImport;
      bool reexported = alias.asname().valid() && syntax::nameText(ast, alias.asname()) == name;
      bool own_submodule = own.is_package && target_name == w.text(own.name);
      if (own.is_stub && !reexported && !own_submodule) owner.set(kIsPrivateImport);
      if (!own.is_stub && !own.options.implicit_reexport && !reexported) owner.set(kIsPrivateImport);
    }
  }
}

void Collector::pattern(NodeId node, NodeId statement) {
  NodeId name;
  if (auto as = ast.tryAs<syntax::MatchAs>(node)) name = as->name();
  if (auto star = ast.tryAs<syntax::MatchStar>(node)) name = star->name();
  if (auto mapping = ast.tryAs<syntax::MatchMapping>(node)) name = mapping->rest();
  syntax::forEachChild(ast, node, [&](NodeId child) {
    if (syntax::categoryOf(ast.kind(child)) == syntax::NodeCategory::kPattern) pattern(child, statement);
  });
  if (name.valid()) bind(syntax::nameOf(ast, name), {DefinitionKind::kMatch, node, name});
}

void Collector::body(NodeList statements) {
  bool has_if = false;
  for (NodeId node : statements) has_if = has_if || ast.is(node, NodeKind::kIf);
  if (has_if && !follows(w.modules[module].options, Divergence::kConditionalOverloads)) {
    for (const UnmergedOverloads& each : unmergedOverloads(w, module, statements)) {
      if (isUnreachable(w, module, each.statement)) continue;
      left_out.push_back(each.statement);
      report(w, module, each.unknown, Code::kMisc, "Condition can't be inferred, unable to merge overloads");
    }
  }
  for (NodeId node : statements) statement(node);
}

void Collector::statement(NodeId node) {
  if (isUnreachable(w, module, node)) return;
  switch (ast.kind(node)) {
    case NodeKind::kFunctionDef: function(node); break;
    case NodeKind::kClassDef: classDef(node); break;
    case NodeKind::kAssign: {
      auto assign = ast.as<syntax::Assign>(node);
      expression(assign.value());
      // `X = X` of a module names again what it names. ref: mypy semanal.analyze_identity_global_assignment
      bool is_plain = assign.targets().size() == 1 && ast.is(assign.targets()[0], NodeKind::kName) && ast.is(assign.value(), NodeKind::kName);
      if (is_plain && scope == w.modules[module].scope && syntax::nameOf(ast, assign.targets()[0]) == syntax::nameOf(ast, assign.value())) break;
      for (NodeId each : assign.targets()) target(each, DefinitionKind::kAssign, node);
      break;
    }
    case NodeKind::kAnnAssign: {
      auto assign = ast.as<syntax::AnnAssign>(node);
      if (assign.value().valid()) expression(assign.value());
      if (ast.is(assign.target(), NodeKind::kName)) target(assign.target(), DefinitionKind::kAnnotated, node);
      break;
    }
    case NodeKind::kAugAssign: {
      auto assign = ast.as<syntax::AugAssign>(node);
      expression(assign.value());
      if (ast.is(assign.target(), NodeKind::kName)) target(assign.target(), DefinitionKind::kAugmented, node);
      break;
    }
    case NodeKind::kTypeAlias: target(ast.as<syntax::TypeAlias>(node).name(), DefinitionKind::kTypeAlias, node); break;
    case NodeKind::kFor: {
      auto loop = ast.as<syntax::For>(node);
      expression(loop.iter());
      target(loop.target(), DefinitionKind::kFor, node);
      body(loop.body());
      body(loop.orelse());
      break;
    }
    case NodeKind::kWhile: {
      auto loop = ast.as<syntax::While>(node);
      expression(loop.test());
      body(loop.body());
      body(loop.orelse());
      break;
    }
    case NodeKind::kIf: {
      auto branch = ast.as<syntax::If>(node);
      expression(branch.test());
      if (std::find(left_out.begin(), left_out.end(), node) != left_out.end()) break;
      body(branch.body());
      body(branch.orelse());
      break;
    }
    case NodeKind::kWith: {
      auto with = ast.as<syntax::With>(node);
      for (NodeId item : with.items()) {
        auto part = ast.as<syntax::WithItem>(item);
        expression(part.contextExpr());
        if (part.optionalVars().valid()) target(part.optionalVars(), DefinitionKind::kWith, item);
      }
      body(with.body());
      break;
    }
    case NodeKind::kTry: {
      auto attempt = ast.as<syntax::Try>(node);
      body(attempt.body());
      for (NodeId item : attempt.handlers()) {
        auto handler = ast.as<syntax::ExceptHandler>(item);
        if (handler.name().valid()) bind(syntax::nameOf(ast, handler.name()), {DefinitionKind::kExcept, item, handler.name()});
        body(handler.body());
      }
      body(attempt.orelse());
      body(attempt.finalbody());
      break;
    }
    case NodeKind::kMatch: {
      auto match = ast.as<syntax::Match>(node);
      expression(match.subject());
      for (NodeId item : match.cases()) {
        auto part = ast.as<syntax::MatchCase>(item);
        pattern(part.pattern(), node);
        if (part.guard().valid()) expression(part.guard());
        body(part.body());
      }
      break;
    }
    case NodeKind::kImport: importModule(node); break;
    case NodeKind::kImportFrom: importFrom(node); break;
    case NodeKind::kGlobal:
      for (NodeId name : ast.as<syntax::Global>(node).names()) w.scopes[scope].globals.push_back(syntax::nameOf(ast, name));
      break;
    case NodeKind::kNonlocal:
      for (NodeId name : ast.as<syntax::Nonlocal>(node).names()) w.scopes[scope].nonlocals.push_back(syntax::nameOf(ast, name));
      break;
    default:
      if (has_walrus) expression(node);
      break;
  }
}

static Collector collectorFor(World& w, ScopeId scope) {
  ModuleId module = w.scopes[scope].module;
  const Ast& ast = *w.modules[module].ast;
  NodeId node = w.scopes[scope].node;
  std::string_view text = node.valid() ? ast.text(node) : ast.text();
  return Collector{w, module, scope, ast, text.find(":=") != std::string_view::npos};
}

void collectModule(World& w, ModuleId module) {
  Module& info = w.modules[module];
  Scope scope;
  scope.kind = ScopeKind::kModule;
  scope.module = module;
  scope.node = info.ast->root();
  scope.collected = Progress::kRunning;
  info.scope = w.scopes.add(std::move(scope));
  info.has_open_names = !info.is_stub && follows(info.options, Divergence::kOpenNames) && semantic::opensItsNames(*info.ast);
  Collector collector = collectorFor(w, info.scope);
  collector.body(info.ast->as<syntax::Module>(info.ast->root()).body());
  w.scopes[info.scope].collected = Progress::kDone;
  applyAll(w, module);
  info.is_dynamic = w.scopes[info.scope].names.find(w.names.__getattr__).valid();
}

void collectClass(World& w, ClassId cls) {
  const ClassInfo& info = w.classes[cls];
  Scope& scope = w.scopes[info.scope];
  if (scope.collected != Progress::kNot) return;
  scope.collected = Progress::kRunning;
  if (info.node.valid() && w.modules[info.module].ast->is(info.node, NodeKind::kClassDef)) {
    Collector collector = collectorFor(w, info.scope);
    collector.body(w.modules[info.module].ast->as<syntax::ClassDef>(info.node).body());
  }
  w.scopes[w.classes[cls].scope].collected = Progress::kDone;
}

void collectStatements(World& w, ScopeId scope, std::span<const NodeId> statements) {
  Collector collector = collectorFor(w, scope);
  for (NodeId node : statements) collector.statement(node);
}

void collectFunction(World& w, FunctionId function) {
  FunctionInfo& info = w.functions[function];
  if (info.scope.valid() || !info.node.valid()) return;
  const Ast& ast = *w.modules[info.module].ast;
  Scope scope;
  scope.kind = ScopeKind::kFunction;
  scope.parent = info.parent;
  scope.module = info.module;
  scope.function = function;
  scope.node = info.node;
  scope.collected = Progress::kDone;
  bool is_lambda = ast.is(info.node, NodeKind::kLambda);
  if (!is_lambda && !ast.as<syntax::FunctionDef>(info.node).typeParams().empty()) {
    Scope params;
    params.kind = ScopeKind::kTypeParams;
    params.parent = info.parent;
    params.module = info.module;
    params.function = function;
    params.node = info.node;
    params.collected = Progress::kDone;
    scope.parent = w.scopes.add(std::move(params));
    w.functions[function].scope = scope.parent;
    addTypeParams(w, info.module, scope.parent, ast.as<syntax::FunctionDef>(info.node).typeParams(), ClassId::none(), function,
                  AliasId::none());
  }
  info.scope = w.scopes.add(std::move(scope));
  Collector collector = collectorFor(w, info.scope);
  NodeId params = is_lambda ? ast.as<syntax::Lambda>(info.node).params() : ast.as<syntax::FunctionDef>(info.node).params();
  for (NodeId param : ast.as<syntax::Parameters>(params).params()) {
    NodeId name = ast.as<syntax::Parameter>(param).name();
    SymbolId symbol = collector.bind(syntax::nameOf(ast, name), {DefinitionKind::kParameter, param, name});
    w.symbols[symbol].set(kIsParameter);
    w.symbols[symbol].resolved = Progress::kDone;
  }
  if (!is_lambda) collector.body(ast.as<syntax::FunctionDef>(info.node).body());
}

ScopeId comprehensionScope(World& w, ModuleId module, ScopeId parent, NodeId node) {
  Scope scope;
  scope.kind = ScopeKind::kComprehension;
  scope.parent = parent;
  scope.module = module;
  scope.node = node;
  scope.collected = Progress::kDone;
  ScopeId id = w.scopes.add(std::move(scope));
  Collector collector = collectorFor(w, id);
  collector.has_walrus = false;
  const Ast& ast = collector.ast;
  uint32_t at = ast.is(node, NodeKind::kDictComp) ? 2 : 1;
  for (NodeId generator : ast.list(node, at)) {
    collector.target(ast.as<syntax::Comprehension>(generator).target(), DefinitionKind::kFor, generator);
  }
  for (SymbolId symbol : w.scopes[id].names.in_order) w.symbols[symbol].resolved = Progress::kDone;
  return id;
}

}  // namespace krait::declare
