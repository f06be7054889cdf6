// textDocument/completion (LSP 3.17): members after a dot, modules in imports, else the names in scope, the builtins and
// the keywords.
#include <algorithm>
#include <set>

#include "lsp/locate.h"
#include "lsp/render_signature.h"
#include "lsp/server.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;
using semantic::ScopeId;
using semantic::SemanticModel;
using semantic::SymbolId;

namespace {

// CompletionItemKind of the protocol.
enum ItemKind : int { kMethodItem = 2, kFunctionItem = 3, kFieldItem = 5, kVariableItem = 6, kClassItem = 7, kModuleItem = 9,
                      kPropertyItem = 10, kKeywordItem = 14 };

constexpr const char* kKeywords[] = {
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "case", "class", "continue", "def", "del", "elif",
    "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "match", "nonlocal", "not", "or",
    "pass", "raise", "return", "try", "type", "while", "with", "yield"};

// The items found so far; a name is listed once, with the rank of the nearest scope.
struct Items {
  Json list = Json::array();
  std::set<std::string, std::less<>> seen;

  void add(std::string_view label, int kind, int rank, std::string detail = {}) {
    if (label.empty() || !seen.insert(std::string(label)).second) return;
    // Private names go last within their rank.
    std::string sort = std::to_string(rank) + (label[0] == '_' ? "z" : "a") + std::string(label);
    Json item = {{"label", std::string(label)}, {"kind", kind}, {"sortText", std::move(sort)}};
    if (!detail.empty()) item["detail"] = std::move(detail);
    list.push_back(std::move(item));
  }
};

// What stands before the cursor: the part of a name already typed, and the dot's place if one precedes it.
struct Typed {
  uint32_t word_begin = 0;
  uint32_t dot = 0xffffffffu;
  std::string_view line_before;  // from the line's start to the word
};

}  // namespace

static bool isNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

static Typed typedAt(SourceModule& module, uint32_t offset) {
  std::string_view text = module.text();
  Typed out;
  out.word_begin = offset;
  while (out.word_begin > 0 && isNameByte(text[out.word_begin - 1])) --out.word_begin;
  uint32_t line = module.lines().lineStart(module.lines().lineOf(offset));
  if (out.word_begin > line && text[out.word_begin - 1] == '.') out.dot = out.word_begin - 1;
  out.line_before = text.substr(line, out.word_begin - line);
  return out;
}

static int kindOf(SourceModule& module, SymbolId owner) {
  std::span<const semantic::Definition> definitions = module.model().definitions(owner);
  if (definitions.empty()) return kVariableItem;
  switch (definitions[0].kind) {
    case semantic::DefinitionKind::kFunction:
      return module.ast().is(module.ast().parent(definitions[0].owner), NodeKind::kClassDef) ? kMethodItem : kFunctionItem;
    case semantic::DefinitionKind::kClass: return kClassItem;
    case semantic::DefinitionKind::kImport: return kModuleItem;
    default: return kVariableItem;
  }
}

static void addScope(SourceModule& module, ScopeId scope, int rank, Items& items) {
  const SemanticModel& model = module.model();
  for (SymbolId symbol : model.symbolsOf(scope)) {
    SymbolId owner = model.resolve(symbol);
    if (owner == symbol && model.isBound(owner)) items.add(model.nameOf(symbol), kindOf(module, owner), rank);
  }
}

static void addClassMembers(Workspace& workspace, const Target& cls, int rank, Items& items) {
  if (rank > 8) return;
  SourceModule& module = *cls.module;
  const Ast& ast = module.ast();
  ScopeId scope = module.model().scopeOf(cls.owner);
  if (scope.valid()) addScope(module, scope, rank, items);
  // Attributes that methods give to self.
  for (NodeId statement : ast.as<ClassDef>(cls.owner).body()) {
    auto function = ast.tryAs<FunctionDef>(statement);
    if (!function || ast.as<Parameters>(function->params()).params().empty()) continue;
    NameId self = nameOf(ast, ast.as<Parameter>(ast.as<Parameters>(function->params()).params()[0]).name());
    std::vector<NodeId> pending(function->body().begin(), function->body().end());
    while (!pending.empty()) {
      NodeId node = pending.back();
      pending.pop_back();
      auto attribute = ast.tryAs<Attribute>(node);
      if (attribute && attribute->context() == ExprContext::kStore && nameOf(ast, attribute->value()) == self) {
        items.add(nameText(ast, attribute->attr()), kFieldItem, rank);
      }
      forEachChild(ast, node, [&](NodeId child) { pending.push_back(child); });
    }
  }
  bool has_base = false;
  for (NodeId base : ast.as<ClassDef>(cls.owner).args()) {
    if (ast.is(base, NodeKind::kKeyword)) continue;
    if (ast.is(base, NodeKind::kSubscript)) base = ast.as<Subscript>(base).value();
    for (const Target& target : valueTargets(workspace, module, base)) {
      if (!target.module->ast().is(target.owner, NodeKind::kClassDef) || target == cls) continue;
      has_base = true;
      addClassMembers(workspace, target, rank + 1, items);
    }
  }
  if (has_base || workspace.builtins() == nullptr) return;
  for (const Target& object : moduleMember(workspace, *workspace.builtins(), "object", FollowImports::kYes)) {
    if (!(object == cls)) addClassMembers(workspace, object, 8, items);
  }
}

static void addModuleMembers(Workspace& workspace, SourceModule& module, int rank, Items& items) {
  addScope(module, SemanticModel::kModuleScope, rank, items);
  bool is_package = module.path().ends_with("/__init__.py") || module.path().ends_with("/__init__.pyi");
  if (!is_package) return;
  for (const std::string& child : workspace.resolver().childrenOf(module.module_name)) items.add(child, kModuleItem, rank + 1);
}

// The expression that ends just before the dot.
static NodeId exprBefore(const Ast& ast, uint32_t dot) {
  NodeId found;
  for (NodeId node : nodesAt(ast, dot)) {
    TextRange range = ast.range(node);
    bool fits = range.end == dot && (isExpression(ast, node) || ast.is(node, NodeKind::kIdentifier));
    if (fits && found.isNone()) found = node;
  }
  return found;
}

static std::vector<Target> typeOfLiteral(Workspace& workspace, const Ast& ast, NodeId expr) {
  const char* name = nullptr;
  switch (ast.kind(expr)) {
    case NodeKind::kJoinedStr: name = "str"; break;
    case NodeKind::kList: case NodeKind::kListComp: name = "list"; break;
    case NodeKind::kDict: case NodeKind::kDictComp: name = "dict"; break;
    case NodeKind::kSet: case NodeKind::kSetComp: name = "set"; break;
    case NodeKind::kTuple: name = "tuple"; break;
    case NodeKind::kConstant: {
      ConstantKind kind = ast.as<Constant>(expr).constantKind();
      name = kind == ConstantKind::kStr ? "str" : kind == ConstantKind::kBytes ? "bytes" : kind == ConstantKind::kInt ? "int"
             : kind == ConstantKind::kFloat ? "float" : nullptr;
      break;
    }
    default: break;
  }
  if (name == nullptr || workspace.builtins() == nullptr) return {};
  return moduleMember(workspace, *workspace.builtins(), name, FollowImports::kYes);
}

static void addMembers(Workspace& workspace, SourceModule& module, uint32_t dot, Items& items) {
  // The text up to the dot may not parse: ask the tree for what ends there.
  NodeId expr = exprBefore(module.ast(), dot);
  if (expr.isNone()) return;
  std::vector<program::Member> members = membersAfter(workspace, module, expr);
  for (const program::Member& member : members) {
    int kind = member.is_method ? kMethodItem : member.is_class ? kClassItem : member.is_property ? kPropertyItem : kFieldItem;
    bool is_dunder = member.name.starts_with("__");
    items.add(member.name, kind, is_dunder ? 8 : std::min(1 + member.depth, 7));
  }
  if (!members.empty()) return;
  std::vector<Target> targets = typeOfLiteral(workspace, module.ast(), expr);
  if (targets.empty()) targets = valueTargets(workspace, module, expr);
  for (const Target& target : targets) {
    if (target.module->ast().is(target.owner, NodeKind::kModule)) addModuleMembers(workspace, *target.module, 1, items);
    else if (target.module->ast().is(target.owner, NodeKind::kClassDef)) addClassMembers(workspace, target, 1, items);
  }
}

// `import a.b|`, `from a.b|`: the modules below what is typed. Returns whether the line is one.
static bool addImportedModules(Workspace& workspace, std::string_view line, Items& items) {
  size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return false;
  line.remove_prefix(begin);
  std::string_view rest;
  if (line.starts_with("import ")) rest = line.substr(line.find_last_of(" ,") + 1);
  else if (line.starts_with("from ") && line.find(" import") == std::string_view::npos) rest = line.substr(5);
  else return false;
  while (!rest.empty() && (rest.back() == '.' || rest.back() == ' ')) rest.remove_suffix(1);
  for (const std::string& child : workspace.resolver().childrenOf(rest)) items.add(child, kModuleItem, 1);
  return true;
}

// `from a import |`.
static bool addImportedNames(Workspace& workspace, SourceModule& module, uint32_t offset, std::string_view line, Items& items) {
  size_t begin = line.find_first_not_of(" \t");
  size_t import = line.find(" import");
  if (begin == std::string_view::npos || import == std::string_view::npos || line.substr(begin, 5) != "from ") return false;
  std::string_view name = line.substr(begin + 5, import - begin - 5);
  std::string absolute(name);
  uint32_t level = 0;
  while (level < name.size() && name[level] == '.') ++level;
  if (level > 0) {
    bool is_package = module.path().ends_with("/__init__.py");
    absolute = semantic::absoluteModule(module.module_name, is_package, level, name.substr(level));
  }
  if (SourceModule* from = workspace.loadModule(absolute)) addModuleMembers(workspace, *from, 1, items);
  return true;
}

static void addNamesInScope(Workspace& workspace, SourceModule& module, uint32_t offset, Items& items) {
  const SemanticModel& model = module.model();
  NodeId innermost = nodesAt(module.ast(), offset).back();
  int rank = 1;
  bool is_first = true;
  for (ScopeId scope = model.enclosingScope(innermost); scope.valid(); scope = model[scope].parent) {
    // Class scopes are not seen from the functions inside them.
    if (model[scope].kind != semantic::ScopeKind::kClass || is_first) addScope(module, scope, rank++, items);
    is_first = false;
  }
  if (workspace.builtins() != nullptr) addScope(*workspace.builtins(), SemanticModel::kModuleScope, 6, items);
  for (const char* keyword : kKeywords) items.add(keyword, kKeywordItem, 7);
}

// Inside a comment or a plain string nothing is offered.
static bool isInText(const Ast& ast, uint32_t offset) {
  for (const Comment& comment : ast.comments()) {
    if (comment.begin < offset && offset <= comment.end) return true;
  }
  NodeId innermost = nodesAt(ast, offset).back();
  TextRange range = ast.range(innermost);
  return ast.is(innermost, NodeKind::kConstant) && stringValue(ast, innermost) && range.begin < offset && offset < range.end;
}

Json completion(Server& server, const Json& params) {
  SourceModule* module = server.documentOf(params);
  if (module == nullptr) return nullptr;
  uint32_t offset = server.offsetOf(*module, member(params, "position"));
  Items items;
  if (isInText(module->ast(), offset)) return Json{{"isIncomplete", false}, {"items", Json::array()}};
  Typed typed = typedAt(*module, offset);
  Workspace& workspace = server.workspace();
  if (!addImportedModules(workspace, typed.line_before, items) &&
      !addImportedNames(workspace, *module, offset, typed.line_before, items)) {
    if (typed.dot != 0xffffffffu) addMembers(workspace, *module, typed.dot, items);
    else addNamesInScope(workspace, *module, offset, items);
  }
  return {{"isIncomplete", false}, {"items", std::move(items.list)}};
}

}  // namespace krait::lsp
