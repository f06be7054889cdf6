// Names: of scopes, builtins, modules in imports, keywords, keyword arguments, and names that an import would bring.
#include <algorithm>
#include <cctype>

#include "lsp/class_tree.h"
#include "lsp/completion/completion.h"
#include "lsp/render_signature.h"
#include "lsp/scope_place.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;
using semantic::ScopeId;
using semantic::SemanticModel;
using semantic::SymbolId;

static constexpr const char* kKeywords[] = {
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "case", "class", "continue", "def", "del", "elif",
    "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "match", "nonlocal", "not", "or",
    "pass", "raise", "return", "try", "type", "while", "with", "yield"};

// What every module has. ref: datamodel 3.2.9
static constexpr const char* kModuleAttributes[] = {"__name__", "__file__", "__doc__", "__dict__", "__package__", "__path__", "__spec__", "__loader__"};

// Names that imports would bring: as many as are useful in one list.
static constexpr size_t kMostAutoImports = 60;

static int kindOf(SourceModule& module, SymbolId owner) {
  std::span<const semantic::Definition> definitions = module.model().definitions(owner);
  if (definitions.empty()) return kVariableItem;
  switch (definitions[0].kind) {
    case semantic::DefinitionKind::kFunction:
      return module.ast().is(module.ast().parent(definitions[0].owner), NodeKind::kClassDef) ? kMethodItem : kFunctionItem;
    case semantic::DefinitionKind::kClass: return kClassItem;
    case semantic::DefinitionKind::kImport: return kModuleItem;
    case semantic::DefinitionKind::kImportFrom: {
      // What it is there nobody asks for each letter that is typed: classes are written so.
      std::string_view name = module.model().nameOf(owner);
      bool is_class = std::isupper(static_cast<unsigned char>(name[0])) && std::any_of(name.begin(), name.end(), [](unsigned char c) { return std::islower(c) != 0; });
      return is_class ? kClassItem : kVariableItem;
    }
    default: return kVariableItem;
  }
}

static bool isDeprecated(SourceModule& module, SymbolId owner) {
  std::span<const semantic::Definition> definitions = module.model().definitions(owner);
  if (definitions.empty()) return false;
  NodeId owner_node = definitions[0].owner;
  const Ast& ast = module.ast();
  NodeList decorators = ast.is(owner_node, NodeKind::kFunctionDef) ? ast.as<FunctionDef>(owner_node).decorators()
                        : ast.is(owner_node, NodeKind::kClassDef)  ? ast.as<ClassDef>(owner_node).decorators()
                                                                   : NodeList();
  return std::any_of(decorators.begin(), decorators.end(), [&](NodeId one) { return ast.text(one).find("deprecated(") != std::string_view::npos; });
}

// A stub's own imports and private helpers are not there for others, unless it says `import x as x`.
static bool isHiddenInStub(SourceModule& module, SymbolId owner) {
  const Ast& ast = module.ast();
  std::string_view name = module.model().nameOf(owner);
  for (const semantic::Definition& definition : module.model().definitions(owner)) {
    auto alias = ast.tryAs<Alias>(definition.owner);
    if (!alias) return name[0] == '_' && !name.starts_with("__");
    if (alias->asname().valid() && nameText(ast, alias->asname()) == nameText(ast, alias->name())) return false;
  }
  return true;
}

// `x: int` alone declares what stubs have, and what instances have.
static bool isBoundOrDeclared(const SemanticModel& model, SymbolId owner) {
  std::span<const semantic::Definition> definitions = model.definitions(owner);
  return model.isBound(owner) ||
         std::any_of(definitions.begin(), definitions.end(), [](const semantic::Definition& one) { return one.kind == semantic::DefinitionKind::kAnnotation; });
}

// Is every definition of it for other versions or platforms?
static bool isForOthers(Workspace& workspace, SourceModule& module, SymbolId owner) {
  std::span<const semantic::Definition> definitions = module.model().definitions(owner);
  return std::all_of(definitions.begin(), definitions.end(), [&](const semantic::Definition& one) { return isForOthers(workspace, module, module.ast(), one.node); });
}

void addScopeNames(Workspace& workspace, SourceModule& module, ScopeId scope, int rank, Items& items) {
  const SemanticModel& model = module.model();
  bool is_stub = scope == SemanticModel::kModuleScope && !module.is_open && module.path().ends_with(".pyi");
  for (SymbolId symbol : model.symbolsOf(scope)) {
    SymbolId owner = model.resolve(symbol);
    if (owner != symbol || !isBoundOrDeclared(model, owner) || (is_stub && (isHiddenInStub(module, owner) || isForOthers(workspace, module, owner)))) continue;
    Json* item = items.add(model.nameOf(symbol), kindOf(module, owner), rank);
    if (item != nullptr && isDeprecated(module, owner)) (*item)["tags"] = {1}, (*item)["deprecated"] = true;
  }
}

void addModuleMembers(Workspace& workspace, SourceModule& module, int rank, Items& items) {
  addImportableNames(workspace, module, rank, items);
  for (const char* name : kModuleAttributes) items.add(name, kVariableItem, 8);
}

void addImportableNames(Workspace& workspace, SourceModule& module, int rank, Items& items) {
  addScopeNames(workspace, module, SemanticModel::kModuleScope, rank, items);
  bool is_package = module.path().ends_with("/__init__.py") || module.path().ends_with("/__init__.pyi");
  if (!is_package) return;
  for (const std::string& child : workspace.resolver().childrenOf(module.module_name)) items.add(child, kModuleItem, rank + 1);
}

static bool isInPackage(const SourceModule& module) { return module.path().ends_with("/__init__.py") || module.path().ends_with("/__init__.pyi"); }

// The folder of a module that is in no package: what `from . import` would mean there, nobody can tell but by looking.
static std::string folderOf(const SourceModule& module) { return module.path().substr(0, module.path().rfind('/') + 1); }

// Modules that stand beside a file that is in no package.
static void addNeighbours(const CompletionPlace& place, Items& items) {
  Workspace& workspace = place.server.workspace();
  std::string folder = folderOf(place.module);
  for (const std::string& path : workspace.projectFiles()) {
    if (!path.starts_with(folder) || path == place.module.path()) continue;
    std::string_view rest = std::string_view(path).substr(folder.size());
    size_t slash = rest.find('/'), end = slash != std::string_view::npos ? slash : rest.rfind('.');
    bool is_module = slash == std::string_view::npos || rest.substr(slash + 1).starts_with("__init__.py");
    if (is_module) items.add(rest.substr(0, end), kModuleItem, 1);
  }
}

// The absolute name of a relative one; "": there is none. Beside a file in no package stand modules of their own.
static std::string absoluteOf(const CompletionPlace& place, std::string_view relative) {
  uint32_t level = 0;
  while (level < relative.size() && relative[level] == '.') ++level;
  bool is_alone = !isInPackage(place.module) && place.module.module_name.find('.') == std::string::npos;
  if (is_alone && level == 1) return std::string(relative.substr(1));
  return semantic::absoluteModule(place.module.module_name, isInPackage(place.module), level, relative.substr(level));
}

// `import a.b|`, `from a.b|`: the modules below what is typed.
static bool addModules(const CompletionPlace& place, std::string_view line, Items& items) {
  std::string_view rest;
  if (line.starts_with("import ")) rest = line.substr(line.find_last_of(" ,") + 1);
  else if (line.starts_with("from ") && line.find(" import") == std::string_view::npos) rest = line.substr(5);
  else return false;
  // `from a imp|`: the name is complete.
  if (line.starts_with("from ") && rest.find_first_not_of(' ') != std::string_view::npos && rest.back() == ' ') {
    items.add("import", kKeywordItem, 0);
    return true;
  }
  std::string parent(rest);
  if (!rest.empty() && rest[0] == '.') {
    parent = absoluteOf(place, rest);
    if (parent.empty()) {
      if (rest == ".") addNeighbours(place, items);
      return true;
    }
  }
  while (!parent.empty() && (parent.back() == '.' || parent.back() == ' ')) parent.pop_back();
  for (const std::string& child : place.server.workspace().resolver().childrenOf(parent)) items.add(child, kModuleItem, 1);
  return true;
}

// What stands before the word on its line; in the brackets of an import that takes several lines on the first of them.
static std::string_view importLine(const CompletionPlace& place) {
  if (place.ends.opens.empty() || place.ends.in_string) return place.line_before;
  const LineIndex& lines = place.module.lines();
  uint32_t open = place.ends.opens.back();
  std::string_view before = lines.lineText(lines.lineOf(open)).substr(0, open - lines.lineStart(lines.lineOf(open)));
  size_t first = std::min(before.find_first_not_of(" \t"), before.size());
  bool is_import = before.substr(first).starts_with("from ") && before.find(" import") != std::string_view::npos;
  return is_import ? before : place.line_before;
}

bool addImportParts(const CompletionPlace& place, Items& items) {
  std::string_view line = importLine(place);
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  if (!namesSomethingNew(place) && addModules(place, line, items)) return true;
  size_t import = line.find(" import");
  if (!line.starts_with("from ") || import == std::string_view::npos || import < 5) return false;
  std::string_view name = line.substr(5, import - 5);
  while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
  std::string absolute(name);
  if (name.starts_with(".")) {
    absolute = absoluteOf(place, name);
    if (absolute.empty()) {
      if (name == ".") addNeighbours(place, items);
      return true;
    }
  }
  Workspace& workspace = place.server.workspace();
  if (SourceModule* from = workspace.loadModule(absolute)) addImportableNames(workspace, *from, 1, items);
  else for (const std::string& child : workspace.resolver().childrenOf(absolute)) items.add(child, kModuleItem, 1);
  return true;
}

void addNamesInScope(const CompletionPlace& place, Items& items) {
  Workspace& workspace = place.server.workspace();
  const SemanticModel& model = place.module.model();
  int rank = 1;
  for (const std::string& name : namesOfStatement(place.module, place.cursor)) items.add(name, kVariableItem, rank);
  // Class scopes are seen from their own statements and annotations, not from the functions inside them.
  bool sees_class = true;
  for (ScopeId scope = scopeAt(place.module, place.cursor); scope.valid(); scope = model[scope].parent) {
    semantic::ScopeKind kind = model[scope].kind;
    if (kind != semantic::ScopeKind::kClass || sees_class) addScopeNames(workspace, place.module, scope, rank++, items);
    sees_class &= kind >= semantic::ScopeKind::kAnnotations;
  }
  for (const char* name : kModuleAttributes) items.add(name, kVariableItem, 8);
  if (workspace.builtins() != nullptr) addScopeNames(workspace, *workspace.builtins(), SemanticModel::kModuleScope, 6, items);
  for (const char* keyword : kKeywords) items.add(keyword, kKeywordItem, 7);
}

// Of what nobody wrote as a function: a dataclass, a NamedTuple, a Callable.
static void addKnownKeywords(const CallPlace& call, size_t by_position, Items& items) {
  for (const program::SignatureText& signature : call.known) {
    size_t taken = by_position;
    for (const program::SignatureText::Parameter& parameter : signature.parameters) {
      bool is_taken = taken > 0;
      taken -= is_taken ? 1 : 0;
      bool is_given = std::find(call.given.begin(), call.given.end(), parameter.name) != call.given.end();
      if (!parameter.name.empty() && !types::isStar(parameter.kind) && !is_taken && !is_given) items.add(parameter.name + "=", kVariableItem, 0, parameter.type);
    }
  }
}

void addKeywordArguments(const CompletionPlace& place, const CallPlace& call, Items& items) {
  if (!call.is_argument_start) return;
  size_t by_position = call.index - std::min(call.index, call.given.size());
  if (call.callees.empty()) addKnownKeywords(call, by_position, items);
  for (const Target& callee : call.callees) {
    const Ast& ast = callee.module->ast();
    auto function = ast.tryAs<FunctionDef>(callee.owner);
    if (!function) continue;
    size_t taken = by_position + (call.hides_first ? 1 : 0);
    for (NodeId id : ast.as<Parameters>(function->params()).params()) {
      Parameter parameter = ast.as<Parameter>(id);
      bool is_taken = taken > 0;
      taken -= is_taken ? 1 : 0;
      bool can_be_named = parameter.parameterKind() == ParameterKind::kPositionalOrKeyword || parameter.parameterKind() == ParameterKind::kKeywordOnly;
      std::string name(nameText(ast, parameter.name()));
      bool is_given = std::find(call.given.begin(), call.given.end(), name) != call.given.end();
      if (can_be_named && !is_taken && !is_given) items.add(name + "=", kVariableItem, 0, parameter.annotation().valid() ? std::string(ast.text(parameter.annotation())) : "");
    }
  }
}

// The last word of what stands before the place on its line.
static std::string_view lastWord(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text.substr(text.find_last_of(" \t\n") + 1);
}

bool namesSomethingNew(const CompletionPlace& place) {
  std::string_view text = place.module.text(), line = place.line_before;
  std::string_view word = lastWord(line);
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  if (word == "class" || (word == "def" && line.ends_with(' '))) return true;
  bool gives_name = line.starts_with("import ") || line.starts_with("from ") || line.starts_with("with ") || line.starts_with("except ") || line.starts_with("case ");
  if (word == "as" && gives_name) return true;
  // A parameter of `def f(`: its name, not its annotation or value.
  if (place.ends.parentheses.empty() || place.ends.closers.empty() || place.ends.closers[0] != ')') return false;
  uint32_t open = place.ends.parentheses[0], begin = open;
  auto isName = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80; };
  while (begin > 0 && isName(text[begin - 1])) --begin;
  if (begin == open || lastWord(text.substr(0, begin)) != "def") return false;
  size_t last = text.find_last_not_of(" \t\n\r*", place.word_begin == 0 ? 0 : place.word_begin - 1);
  return last != std::string_view::npos && (text[last] == ',' || last == open);
}

void addAutoImports(const CompletionPlace& place, Items& items) {
  if (!place.server.settings.auto_imports || place.word().size() < 2) return;
  ImportIndex& index = place.server.imports;
  std::vector<const ImportIndex::Entry*> found = index.startingWith(place.word(), kMostAutoImports);
  items.is_incomplete |= found.size() == kMostAutoImports || !place.server.imports_ready;
  for (const ImportIndex::Entry* entry : found) {
    const std::string& module = index.moduleOf(*entry);
    if (module == place.module.module_name || module == "builtins") continue;
    bool is_module = entry->kind == ImportIndex::Kind::kModule;
    int kind = is_module ? kModuleItem : entry->kind == ImportIndex::Kind::kClass ? kClassItem : entry->kind == ImportIndex::Kind::kFunction ? kFunctionItem : kVariableItem;
    size_t dot = module.rfind('.');
    std::string from = !is_module ? module : dot == std::string::npos ? std::string() : module.substr(0, dot);
    Json* item = items.add(entry->name, kind, entry->is_own ? 9 : 9, from.empty() ? "import " + module : "from " + from);
    if (item != nullptr) (*item)["data"] = {{"uri", place.module.uri}, {"module", from.empty() ? module : from}, {"name", from.empty() ? std::string() : entry->name}};
  }
}

// The class whose body the line is in, by indentation.
static Target classAtLine(SourceModule& module, uint32_t line) {
  auto indentOf = [&](uint32_t at) { return module.lines().lineText(at).find_first_not_of(" \t"); };
  size_t own = indentOf(line);
  while (line-- > 0) {
    size_t indent = indentOf(line);
    if (indent == std::string_view::npos || indent >= own) continue;
    if (module.lines().lineText(line).substr(indent, 6) != "class ") return {};
    NodeId name = nameAt(module.ast(), module.lines().lineStart(line) + static_cast<uint32_t>(indent) + 6);
    if (name.isNone() || !module.ast().is(module.ast().parent(name), NodeKind::kClassDef)) return {};
    return {&module, name, module.ast().parent(name)};
  }
  return {};
}

static bool hasDecorator(const Ast& ast, NodeId function, std::string_view name) {
  NodeList decorators = ast.as<FunctionDef>(function).decorators();
  return std::any_of(decorators.begin(), decorators.end(), [&](NodeId one) { return ast.text(one) == name; });
}

// What stands before the `def` that overrides: `async`, and the decorator that makes it what the base's is.
static Json overrideHead(const CompletionPlace& place, const Ast& ast, NodeId function) {
  size_t indent = std::min(place.line_before.find_first_not_of(" \t"), place.line_before.size());
  const LineIndex& lines = place.module.lines();
  uint32_t line = lines.lineOf(place.cursor), begin = lines.lineStart(line) + static_cast<uint32_t>(indent);
  std::string text;
  for (std::string_view decorator : {"property", "staticmethod", "classmethod"}) {
    std::string_view above = line == 0 ? std::string_view() : lines.lineText(line - 1);
    bool is_there = above.find("@" + std::string(decorator)) != std::string_view::npos;
    if (hasDecorator(ast, function, decorator) && !is_there) text += "@" + std::string(decorator) + "\n" + std::string(place.line_before.substr(0, indent));
  }
  bool is_async = place.line_before.find("async ") != std::string_view::npos;
  if (ast.as<FunctionDef>(function).isAsync() && !is_async) text += "async ";
  return text.empty() ? Json::array() : Json::array({{{"range", place.server.rangeJson(place.module, {begin, begin})}, {"newText", text}}});
}

// The rest of an overriding definition behind `def `: signature and a body that calls the base's.
static std::string overrideText(const Ast& ast, NodeId function, std::string_view indent) {
  FunctionDef def = ast.as<FunctionDef>(function);
  std::string label = renderSignature(ast, function, SelfParameter::kShown).label;
  std::string text = label.substr(label.find("def ") + 4) + ":\n" + std::string(indent) + "    ";
  std::string arguments;
  bool is_first = true;
  for (NodeId id : ast.as<Parameters>(def.params()).params()) {
    Parameter parameter = ast.as<Parameter>(id);
    std::string name(nameText(ast, parameter.name()));
    ParameterKind kind = parameter.parameterKind();
    if (kind == ParameterKind::kVarPositional) name = "*" + name;
    if (kind == ParameterKind::kVarKeyword) name = "**" + name;
    if (kind == ParameterKind::kKeywordOnly) name += "=" + name;
    bool is_static = hasDecorator(ast, function, "staticmethod");
    if (!is_first || is_static) arguments += (arguments.empty() ? "" : ", ") + name;
    is_first = false;
  }
  bool is_none = def.returns().valid() && ast.text(def.returns()) == "None";
  if (isProperty(ast, function)) return text + "return super()." + std::string(nameText(ast, def.name()));
  return text + (is_none ? "" : "return ") + (def.isAsync() ? "await " : "") + "super()." + std::string(nameText(ast, def.name())) + "(" + arguments + ")";
}

bool addOverrides(const CompletionPlace& place, Items& items) {
  std::string_view line = place.line_before;
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  if (line != "def " && line != "async def ") return false;
  Target cls = classAtLine(place.module, place.module.lines().lineOf(place.cursor));
  if (cls.module == nullptr) return true;
  std::vector<Target> above = ancestorsOf(place.server.workspace(), cls);
  if (Workspace& workspace = place.server.workspace(); workspace.builtins() != nullptr) {
    for (const Target& object : moduleMember(workspace, *workspace.builtins(), "object", FollowImports::kYes)) above.push_back(object);
  }
  int rank = 1;
  for (const Target& base : above) {
    const Ast& ast = base.module->ast();
    for (NodeId statement : ast.as<ClassDef>(base.owner).body()) {
      auto function = ast.tryAs<FunctionDef>(statement);
      if (!function) continue;
      std::string name(nameText(ast, function->name()));
      if (!ownMember(cls, name).empty()) continue;
      Json* item = items.add(name, kMethodItem, std::min(rank, 8));
      if (item == nullptr) continue;
      (*item)["detail"] = "overrides " + std::string(nameText(ast, base.name)) + "." + name;
      if (Json head = overrideHead(place, ast, statement); !head.empty()) (*item)["additionalTextEdits"] = std::move(head);
      (*item)["insertText"] = overrideText(ast, statement, place.line_before.substr(0, std::min(place.line_before.find_first_not_of(" \t"), place.line_before.size())));
    }
    ++rank;
  }
  return true;
}

}  // namespace krait::lsp
