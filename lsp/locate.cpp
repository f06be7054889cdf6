#include "lsp/locate.h"

#include <algorithm>

#include "analyzer/semantic/flow/condition.h"
#include "analyzer/semantic/imports/import_resolver.h"
#include "lsp/functional_fields.h"
#include "lsp/pytest_fixtures.h"
#include "lsp/scope_place.h"
#include "lsp/symbol_list.h"

namespace krait::lsp {

using namespace krait::syntax;
using semantic::Definition;
using semantic::DefinitionKind;
using semantic::ScopeId;
using semantic::SemanticModel;
using semantic::SymbolId;

// A chain of imports longer than this is a cycle.
static constexpr int kMostImportSteps = 12;

std::vector<NodeId> nodesAt(const Ast& ast, uint32_t offset) {
  std::vector<NodeId> path = {ast.root()};
  while (true) {
    NodeId inside;
    forEachChild(ast, path.back(), [&](NodeId child) {
      TextRange range = fullRange(ast, child);
      // At a border the later node wins, but a name beats the punctuation before it.
      if (range.begin <= offset && offset <= range.end && range.size() > 0) inside = child;
    });
    if (inside.isNone()) return path;
    path.push_back(inside);
  }
}

NodeId nameAt(const Ast& ast, uint32_t offset) {
  for (uint32_t at : {offset, offset > 0 ? offset - 1 : offset}) {
    std::vector<NodeId> path = nodesAt(ast, at);
    NodeId last = path.back();
    TextRange range = ast.range(last);
    bool is_name = ast.is(last, NodeKind::kName) || ast.is(last, NodeKind::kIdentifier);
    if (is_name && range.begin <= offset && offset <= range.end) return last;
  }
  return NodeId::none();
}

std::string importedModule(SourceModule& module, NodeId import_from) {
  ImportFrom node = module.ast().as<ImportFrom>(import_from);
  bool is_package = module.path().ends_with("/__init__.py") || module.path().ends_with("/__init__.pyi");
  // Beside a file in no package stand modules of their own.
  bool is_alone = !is_package && !module.module_name.empty() && module.module_name.find('.') == std::string::npos;
  if (is_alone && node.level() == 1) return std::string(nameText(module.ast(), node.module()));
  return semantic::absoluteModule(module.module_name, is_package, node.level(), nameText(module.ast(), node.module()));
}

static void append(std::vector<Target>* to, std::vector<Target> more) {
  for (Target& target : more) {
    if (std::find(to->begin(), to->end(), target) == to->end()) to->push_back(target);
  }
}

static std::vector<Target> wholeModule(Workspace& workspace, std::string_view name) {
  SourceModule* module = workspace.loadModule(name);
  if (module == nullptr) return {};
  return {{module, NodeId::none(), module->ast().root()}};
}

// What an import binding means in its source module.
static std::vector<Target> followImport(Workspace& workspace, SourceModule& module, const Definition& definition, int depth) {
  const Ast& ast = module.ast();
  Alias alias = ast.as<Alias>(definition.owner);
  std::string_view name = nameText(ast, alias.name());
  if (definition.kind == DefinitionKind::kImport) {
    // `import a.b` binds a; `import a.b as c` binds a.b.
    return wholeModule(workspace, alias.asname().valid() ? name : name.substr(0, name.find('.')));
  }
  std::string source = importedModule(module, ast.parent(definition.owner));
  std::vector<Target> found;
  // A package that imports from itself means the module below it.
  if (SourceModule* from = workspace.loadModule(source); from != nullptr && from != &module) {
    found = moduleMember(workspace, *from, name, FollowImports::kYes, depth + 1);
  }
  // `from . import name` beside modules in no package.
  bool is_beside = source.empty() && ast.as<ImportFrom>(ast.parent(definition.owner)).level() == 1 && !ast.as<ImportFrom>(ast.parent(definition.owner)).module().valid();
  if (found.empty()) found = wholeModule(workspace, is_beside ? std::string(name) : source + "." + std::string(name));
  return found;
}

// Does the scope say what the name is: by a binding, or by a declaration alone (`x: int`, as stubs have them)?
static bool isDefined(const SemanticModel& model, SymbolId symbol) {
  return symbol.valid() && (model.isBound(model.resolve(symbol)) || !model.definitions(model.resolve(symbol)).empty());
}

bool isForOthers(Workspace& workspace, const SourceModule& module, const Ast& ast, NodeId node) {
  NodeId child = node;
  for (NodeId parent = ast.parent(node); parent.valid(); child = parent, parent = ast.parent(parent)) {
    auto branch = ast.tryAs<If>(parent);
    if (!branch || child == branch->test()) continue;
    semantic::Truth truth = semantic::truthOf(ast, branch->test(), semantic::targetOf(workspace.configOf(module.path()).base));
    bool is_body = std::find(branch->body().begin(), branch->body().end(), child) != branch->body().end();
    if (is_body ? semantic::isFalse(truth) : semantic::isTrue(truth)) return true;
  }
  return false;
}

static std::vector<Target> definitionsOf(Workspace& workspace, SourceModule& module, SymbolId owner, FollowImports follow, int depth) {
  std::vector<Target> out;
  const SemanticModel& model = module.model();
  bool is_stub = module.path().ends_with(".pyi");
  for (const Definition& definition : model.definitions(owner)) {
    if (definition.kind == DefinitionKind::kDelete || (is_stub && isForOthers(workspace, module, module.ast(), definition.node))) continue;
    bool is_import = definition.kind == DefinitionKind::kImport || definition.kind == DefinitionKind::kImportFrom;
    if (is_import && follow == FollowImports::kYes && depth < kMostImportSteps) {
      std::vector<Target> followed = followImport(workspace, module, definition, depth);
      if (!followed.empty()) {
        append(&out, std::move(followed));
        continue;
      }
    }
    append(&out, {{&module, definition.node, definition.owner}});
  }
  return out;
}

std::vector<Target> moduleMember(Workspace& workspace, SourceModule& module, std::string_view name, FollowImports follow, int depth) {
  Asker asker(workspace, module);
  if (depth > kMostImportSteps) return {};
  // Analysed first: only then are the module's names interned.
  const SemanticModel& model = module.model();
  NameId id = workspace.names().find(name);
  if (id.isNone()) return {};
  SymbolId symbol = model.find(SemanticModel::kModuleScope, id);
  if (isDefined(model, symbol)) {
    return definitionsOf(workspace, module, model.resolve(symbol), follow, depth);
  }
  // A star import may bring it.
  for (NodeId statement : module.ast().as<Module>(module.ast().root()).body()) {
    auto import = module.ast().tryAs<ImportFrom>(statement);
    if (!import || import->names().empty()) continue;
    if (nameText(module.ast(), module.ast().as<Alias>(import->names()[0]).name()) != "*") continue;
    SourceModule* from = workspace.loadModule(importedModule(module, statement));
    if (from == nullptr || from == &module) continue;
    std::vector<Target> found = moduleMember(workspace, *from, name, follow, depth + 1);
    if (!found.empty()) return found;
  }
  return {};
}

static NodeId enclosingClass(const Ast& ast, NodeId node) {
  for (NodeId at = ast.parent(node); at.valid(); at = ast.parent(at)) {
    if (ast.is(at, NodeKind::kClassDef)) return at;
  }
  return NodeId::none();
}

// Is the name the first parameter of a method? Then the method's class, else none.
static NodeId classOfSelf(SourceModule& module, NodeId name) {
  const Ast& ast = module.ast();
  SymbolId owner = module.model().ownerAt(name);
  if (owner.isNone()) return NodeId::none();
  for (const Definition& definition : module.model().definitions(owner)) {
    if (definition.kind != DefinitionKind::kParameter) continue;
    NodeId parameters = ast.parent(definition.owner);
    NodeId function = ast.parent(parameters);
    if (!ast.is(function, NodeKind::kFunctionDef) || ast.as<Parameters>(parameters).params()[0] != definition.owner) continue;
    if (ast.is(ast.parent(function), NodeKind::kClassDef)) return ast.parent(function);
  }
  return NodeId::none();
}

// Where the class's methods give the attribute to self first.
static std::vector<Target> selfAttributes(SourceModule& module, NodeId cls, std::string_view name) {
  const Ast& ast = module.ast();
  for (NodeId node : selfAssignments(ast, ast.as<ClassDef>(cls).body())) {
    NodeId attribute = ast.as<Attribute>(node).attr();
    if (nameText(ast, attribute) == name) return {{&module, attribute, ast.parent(node)}};
  }
  return {};
}

// A class statement, or a call that makes a class with fields.
static bool isClassLike(const Target& target) {
  const Ast& ast = target.module->ast();
  return ast.is(target.owner, NodeKind::kClassDef) || functionalCall(ast, target.owner).valid();
}

std::vector<Target> classMember(Workspace& workspace, const Target& cls, std::string_view name, int depth) {
  // What a stub calls a class may be a function in its source.
  if (depth > kMostImportSteps || cls.module == nullptr) return {};
  SourceModule& module = *cls.module;
  Asker asker(workspace, module);
  if (NodeId call = functionalCall(module.ast(), cls.owner); call.valid()) {
    Target field = functionalField(module, call, name);
    return field.module == nullptr ? std::vector<Target>() : std::vector<Target>{field};
  }
  if (!module.ast().is(cls.owner, NodeKind::kClassDef)) return {};
  const SemanticModel& model = module.model();
  NameId id = workspace.names().find(name);
  ScopeId scope = model.scopeOf(cls.owner);
  if (id.isNone() || scope.isNone()) return {};
  SymbolId symbol = model.find(scope, id);
  if (isDefined(model, symbol)) {
    return definitionsOf(workspace, module, model.resolve(symbol), FollowImports::kYes, depth);
  }
  std::vector<Target> found = selfAttributes(module, cls.owner, name);
  if (!found.empty()) return found;
  for (NodeId base : module.ast().as<ClassDef>(cls.owner).args()) {
    if (module.ast().is(base, NodeKind::kKeyword)) continue;
    if (module.ast().is(base, NodeKind::kSubscript)) base = module.ast().as<Subscript>(base).value();
    for (const Target& target : valueTargets(workspace, module, base, depth + 1)) {
      if (!isClassLike(target) || target == cls) continue;
      found = classMember(workspace, target, name, depth + 1);
      if (!found.empty()) return found;
    }
  }
  return {};
}

// Values that a function without an annotation returns, as far as anybody looks.
static constexpr size_t kMostReturns = 6;

static std::vector<NodeId> returnedValues(const Ast& ast, FunctionDef function) {
  std::vector<NodeId> out;
  std::vector<NodeId> pending(function.body().begin(), function.body().end());
  while (!pending.empty() && out.size() < kMostReturns) {
    NodeId node = pending.back();
    pending.pop_back();
    NodeKind kind = ast.kind(node);
    if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef || kind == NodeKind::kLambda) continue;
    if (auto statement = ast.tryAs<Return>(node); statement && statement->value().valid()) out.push_back(statement->value());
    forEachChild(ast, node, [&](NodeId child) { pending.push_back(child); });
  }
  return out;
}

// Is the name what the statement assigns to, not a part of a tuple of targets?
static bool isWholeTarget(const Ast& ast, NodeId name, NodeId assign) {
  NodeId parent = ast.parent(name);
  return parent == assign || (ast.is(parent, NodeKind::kAttribute) && ast.parent(parent) == assign);
}

// `T = TypeVar("T")`: an annotation T does not speak of the class TypeVar.
static bool makesTypeVariable(const Ast& ast, NodeId value) {
  auto call = ast.tryAs<Call>(value);
  if (!call) return false;
  auto attribute = ast.tryAs<Attribute>(call->func());
  std::string_view name = nameText(ast, attribute ? attribute->attr() : call->func());
  return name == "TypeVar" || name == "ParamSpec" || name == "TypeVarTuple";
}

// Expressions that tell of what class the values of a definition are: its annotation, or the values that it is given.
static std::vector<NodeId> typeSources(const Target& target) {
  const Ast& ast = target.module->ast();
  NodeId annotation, value;
  if (auto parameter = ast.tryAs<Parameter>(target.owner)) annotation = parameter->annotation();
  if (auto assign = ast.tryAs<AnnAssign>(target.owner)) annotation = assign->annotation();
  if (auto item = ast.tryAs<WithItem>(target.owner)) value = item->contextExpr();
  if (auto assign = ast.tryAs<Assign>(target.owner); assign && isWholeTarget(ast, target.name, target.owner)) value = assign->value();
  if (makesTypeVariable(ast, value)) return {};
  if (auto function = ast.tryAs<FunctionDef>(target.owner)) {
    annotation = function->returns();
    if (annotation.isNone()) return returnedValues(ast, *function);
  }
  if (auto subscript = ast.tryAs<Subscript>(annotation)) {
    std::string_view outer = ast.text(subscript->value());
    bool is_class = outer == "type" || outer.ends_with("Type");
    annotation = is_class ? subscript->slice() : subscript->value();
  }
  if (annotation.valid()) return {annotation};
  return value.valid() ? std::vector<NodeId>{value} : std::vector<NodeId>();
}

namespace {
// Names lead to values and values to names: each question may ask so many others, and no more.
struct StepCounter {
  static constexpr int kMost = 500;
  static thread_local int steps;
  bool is_first = steps == 0;
  StepCounter() { ++steps; }
  ~StepCounter() {
    if (is_first) steps = 0;
  }
};
thread_local int StepCounter::steps = 0;
}  // namespace

// Expressions one of which gives the value: `a or b`, `a if c else b`, `await a`, `(x := a)`.
static std::vector<NodeId> alternativesOf(const Ast& ast, NodeId expr) {
  if (auto either = ast.tryAs<BoolOp>(expr)) return {either->values().begin(), either->values().end()};
  if (auto either = ast.tryAs<IfExp>(expr)) return {either->body(), either->orelse()};
  if (auto waiting = ast.tryAs<Await>(expr)) return {waiting->value()};
  if (auto named = ast.tryAs<NamedExpr>(expr)) return {named->value()};
  return {};
}

std::vector<Target> valueTargets(Workspace& workspace, SourceModule& module, NodeId expr, int depth) {
  Asker asker(workspace, module);
  StepCounter counter;
  if (depth > kMostImportSteps || StepCounter::steps > StepCounter::kMost) return {};
  const Ast& ast = module.ast();
  std::vector<Target> out;
  if (ast.is(expr, NodeKind::kName)) {
    NodeId self_class = classOfSelf(module, expr);
    if (self_class.valid()) return {{&module, ast.as<ClassDef>(self_class).name(), self_class}};
  }
  if (auto call = ast.tryAs<Call>(expr)) {
    if (nameText(ast, call->func()) == "super" && enclosingClass(ast, expr).valid()) {
      for (NodeId base : ast.as<ClassDef>(enclosingClass(ast, expr)).args()) append(&out, valueTargets(workspace, module, base, depth + 1));
      return out;
    }
    bool is_type_of = nameText(ast, call->func()) == "type" && call->args().size() == 1;
    NodeId made = functionalCall(ast, expr);
    if (Target cls = made.valid() ? functionalClass(module, made) : Target(); cls.module != nullptr) out.push_back(cls);
    append(&out, valueTargets(workspace, module, is_type_of ? call->args()[0] : call->func(), depth + 1));
    return out;
  }
  for (NodeId part : alternativesOf(ast, expr)) append(&out, valueTargets(workspace, module, part, depth + 1));
  if (!out.empty()) return out;
  NodeId name = ast.is(expr, NodeKind::kName) ? expr : NodeId::none();
  if (auto attribute = ast.tryAs<Attribute>(expr)) {
    if (nameText(ast, attribute->attr()) == "__class__") return valueTargets(workspace, module, attribute->value(), depth + 1);
    name = attribute->attr();
  }
  if (name.isNone()) return {};
  for (const Target& target : targetsOf(workspace, module, name, FollowImports::kYes, depth + 1)) {
    const Ast& other = target.module->ast();
    if (other.is(target.owner, NodeKind::kClassDef) || other.is(target.owner, NodeKind::kModule)) {
      append(&out, {target});
      continue;
    }
    for (NodeId source : typeSources(target)) append(&out, valueTargets(workspace, *target.module, source, depth + 1));
    auto parameter = other.tryAs<Parameter>(target.owner);
    Target fixture = parameter && !parameter->annotation().valid() ? fixtureOf(workspace, *target.module, target.owner) : Target();
    for (NodeId source : fixture.module != nullptr ? fixtureValues(fixture) : std::vector<NodeId>()) {
      const Ast& giving = fixture.module->ast();
      // `-> "Database"`
      std::optional<std::string_view> quoted = giving.is(source, NodeKind::kConstant) && giving.as<FunctionDef>(fixture.owner).returns() == source ? stringValue(giving, source) : std::nullopt;
      if (quoted) append(&out, dottedTargets(workspace, *fixture.module, giving.range(source).begin, *quoted));
      auto subscript = giving.tryAs<Subscript>(source);
      append(&out, valueTargets(workspace, *fixture.module, subscript ? subscript->value() : source, depth + 1));
    }
  }
  return out;
}

static std::vector<Target> attributeTargets(Workspace& workspace, SourceModule& module, Attribute attribute, FollowImports follow, int depth) {
  std::vector<Target> out;
  std::string_view name = nameText(module.ast(), attribute.attr());
  for (const Target& value : valueTargets(workspace, module, attribute.value(), depth + 1)) {
    const Ast& other = value.module->ast();
    if (other.is(value.owner, NodeKind::kModule)) {
      std::vector<Target> found = moduleMember(workspace, *value.module, name, follow);
      if (found.empty()) found = wholeModule(workspace, value.module->module_name + "." + std::string(name));
      append(&out, std::move(found));
    } else if (isClassLike(value)) {
      append(&out, classMember(workspace, value, name));
    }
  }
  return out;
}

// What the name means as a builtin: what their stub imports for itself is none.
static std::vector<Target> builtinMember(Workspace& workspace, std::string_view name) {
  if (workspace.builtins() == nullptr) return {};
  std::vector<Target> found = moduleMember(workspace, *workspace.builtins(), name, FollowImports::kNo);
  std::erase_if(found, [](const Target& one) { return one.module->ast().is(one.owner, NodeKind::kAlias); });
  return found;
}

// `a.b.c` behind `import a.b.c`, where the packages are folders without a file of their own.
static std::vector<Target> importedByDots(Workspace& workspace, SourceModule& module, NodeId expr) {
  const Ast& ast = module.ast();
  NodeId root = expr;
  while (auto attribute = ast.tryAs<Attribute>(root)) root = attribute->value();
  SymbolId owner = ast.is(root, NodeKind::kName) ? module.model().ownerAt(root) : SymbolId::none();
  if (owner.isNone()) return {};
  std::span<const Definition> definitions = module.model().definitions(owner);
  bool is_import = std::any_of(definitions.begin(), definitions.end(), [&](const Definition& one) {
    auto alias = ast.tryAs<Alias>(one.owner);
    return one.kind == DefinitionKind::kImport && alias && !alias->asname().valid();
  });
  return is_import ? wholeModule(workspace, ast.text(expr)) : std::vector<Target>();
}

std::vector<Target> targetsOf(Workspace& workspace, SourceModule& module, NodeId name, FollowImports follow, int depth) {
  Asker asker(workspace, module);
  const Ast& ast = module.ast();
  NodeId parent = ast.parent(name);
  if (auto attribute = ast.tryAs<Attribute>(parent); attribute && attribute->attr() == name) {
    std::vector<Target> found = attributeTargets(workspace, module, *attribute, follow, depth);
    if (found.empty()) found = importedByDots(workspace, module, parent);
    if (found.empty() && attribute->context() == ExprContext::kStore) found.push_back({&module, name, ast.parent(parent)});
    return found;
  }
  if (ast.is(parent, NodeKind::kImportFrom)) return wholeModule(workspace, importedModule(module, parent));
  if (auto alias = ast.tryAs<Alias>(parent)) {
    NodeId import = ast.parent(parent);
    std::string_view text = nameText(ast, alias->name());
    if (ast.is(import, NodeKind::kImport)) return wholeModule(workspace, text);
    Definition definition{name, parent, SymbolId(), DefinitionKind::kImportFrom};
    return followImport(workspace, module, definition, 0);
  }
  if (auto pattern = ast.tryAs<MatchClass>(parent); pattern && pattern->cls() != name) {
    // `case Point(x=0)`: an attribute of the class.
    std::vector<Target> out;
    for (const Target& cls : valueTargets(workspace, module, pattern->cls(), depth + 1)) append(&out, classMember(workspace, cls, nameText(ast, name)));
    return out;
  }
  if (auto keyword = ast.tryAs<Keyword>(parent); keyword && keyword->arg() == name) {
    // The parameter of that name in what is called.
    std::vector<Target> out;
    auto call = ast.tryAs<Call>(ast.parent(parent));
    if (!call) return out;
    NodeId callee = call->func();
    if (auto attribute = ast.tryAs<Attribute>(callee)) callee = attribute->attr();
    if (!ast.is(callee, NodeKind::kName) && !ast.is(callee, NodeKind::kIdentifier)) return out;
    std::vector<Target> callees = targetsOf(workspace, module, callee, FollowImports::kYes, depth + 1);
    for (Target target : callees) {
      if (target.module->ast().is(target.owner, NodeKind::kClassDef)) {
        std::vector<Target> init = classMember(workspace, target, "__init__");
        if (init.empty()) continue;
        target = init[0];
      }
      auto function = target.module->ast().tryAs<FunctionDef>(target.owner);
      if (!function) continue;
      for (NodeId parameter : target.module->ast().as<Parameters>(function->params()).params()) {
        NodeId own = target.module->ast().as<Parameter>(parameter).name();
        if (nameText(target.module->ast(), own) == nameText(ast, name)) out.push_back({target.module, own, parameter});
      }
    }
    // The fields of a dataclass or named tuple are its parameters.
    for (const Target& target : callees) {
      if (!out.empty() || !isClassLike(target)) continue;
      std::vector<Target> fields = classMember(workspace, target, nameText(ast, name));
      std::erase_if(fields, [](const Target& one) { return one.part.size() == 0 && !one.module->ast().is(one.owner, NodeKind::kAnnAssign); });
      append(&out, std::move(fields));
    }
    return out;
  }
  SymbolId owner = module.model().ownerAt(name);
  if (owner.isNone()) return {};
  if (isDefined(module.model(), owner)) {
    return definitionsOf(workspace, module, owner, follow, 0);
  }
  std::string_view text = module.model().nameOf(owner);
  std::vector<Target> found = moduleMember(workspace, module, text, follow);
  if (found.empty()) found = builtinMember(workspace, text);
  return found;
}

SymbolId nameSymbol(SourceModule& module, uint32_t offset, std::string_view text) {
  const SemanticModel& model = module.model();
  NameId name = module.names().find(text);
  if (name.isNone()) return SymbolId::none();
  SymbolId symbol = model.lookup(scopeAt(module, offset), name);
  return symbol.valid() ? model.resolve(symbol) : symbol;
}

std::vector<Target> nameTargets(Workspace& workspace, SourceModule& module, uint32_t offset, std::string_view text) {
  Asker asker(workspace, module);
  if (workspace.names().find(text).isNone()) return {};
  SymbolId symbol = nameSymbol(module, offset, text);
  std::vector<Target> out;
  if (symbol.valid()) out = definitionsOf(workspace, module, symbol, FollowImports::kYes, 0);
  if (out.empty()) out = moduleMember(workspace, module, text, FollowImports::kYes);
  if (out.empty()) out = builtinMember(workspace, text);
  return out;
}

std::vector<Target> dottedTargets(Workspace& workspace, SourceModule& module, uint32_t offset, std::string_view dotted) {
  Asker asker(workspace, module);
  size_t dot = dotted.find('.');
  std::vector<Target> targets = nameTargets(workspace, module, offset, dotted.substr(0, dot));
  while (dot != std::string_view::npos) {
    size_t next = dotted.find('.', dot + 1);
    std::string_view part = dotted.substr(dot + 1, next == std::string_view::npos ? next : next - dot - 1);
    std::vector<Target> members;
    for (const Target& target : targets) {
      NodeKind kind = target.module->ast().kind(target.owner);
      std::vector<Target> more;
      if (kind == NodeKind::kModule) more = moduleMember(workspace, *target.module, part, FollowImports::kYes);
      if (kind == NodeKind::kClassDef) more = classMember(workspace, target, part);
      SourceModule* below = more.empty() && kind == NodeKind::kModule ? workspace.loadModule(target.module->module_name + "." + std::string(part)) : nullptr;
      if (below != nullptr) more = {{below, NodeId::none(), below->ast().root()}};
      members.insert(members.end(), more.begin(), more.end());
    }
    targets = std::move(members);
    dot = next;
  }
  return targets;
}

bool isProperty(const Ast& ast, NodeId definition) {
  auto function = ast.tryAs<FunctionDef>(definition);
  if (!function) return false;
  NodeList decorators = function->decorators();
  return std::any_of(decorators.begin(), decorators.end(), [&](NodeId one) {
    auto attribute = ast.tryAs<Attribute>(one);
    std::string_view text = nameText(ast, attribute ? attribute->attr() : one);
    return text.ends_with("property") || text == "setter" || text == "deleter" || text == "getter" || text == "_magic_enum_attr" || text == "DynamicClassAttribute";
  });
}

bool isOverload(const Target& target) {
  const Ast& ast = target.module->ast();
  auto function = ast.tryAs<FunctionDef>(target.owner);
  if (!function) return false;
  NodeList decorators = function->decorators();
  return std::any_of(decorators.begin(), decorators.end(), [&](NodeId one) {
    auto attribute = ast.tryAs<Attribute>(one);
    return nameText(ast, attribute ? attribute->attr() : one) == "overload";
  });
}

TextRange targetRange(const Target& target) {
  if (target.part.size() > 0) return target.part;
  if (target.name.valid()) return target.module->ast().range(target.name);
  return {0, 0};
}

std::string_view targetName(const Target& target) {
  const Ast& ast = target.module->ast();
  return target.part.size() > 0 ? ast.text(target.part) : target.name.valid() ? nameText(ast, target.name) : std::string_view();
}

}  // namespace krait::lsp
