// Members after a dot: what the checker knows of the type, else what names alone tell.
#include <algorithm>
#include <cctype>

#include "lsp/class_tree.h"
#include "lsp/completion/completion.h"
#include "lsp/completion/wanted.h"
#include "lsp/type_queries.h"

namespace krait::lsp {

using namespace krait::syntax;
using semantic::ScopeId;

static void addClassMembers(Workspace& workspace, const Target& cls, int rank, Items& items) {
  if (rank > 8) return;
  SourceModule& module = *cls.module;
  const Ast& ast = module.ast();
  ScopeId scope = module.model().scopeOf(cls.owner);
  if (scope.valid()) addScopeNames(workspace, module, scope, rank, items);
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

// `super().|`: what the bases have.
static bool addOfSuper(const CompletionPlace& place, Items& items) {
  std::string_view before = place.module.text().substr(0, place.dot);
  size_t open = before.rfind('(');
  if (!before.ends_with(')') || open == std::string_view::npos || !before.substr(0, open).ends_with("super")) return false;
  const Ast& ast = place.module.ast();
  std::vector<NodeId> path = nodesAt(ast, place.dot);
  auto cls = std::find_if(path.rbegin(), path.rend(), [&](NodeId node) { return ast.is(node, NodeKind::kClassDef); });
  if (cls == path.rend()) return false;
  int rank = 1;
  for (const Target& base : ancestorsOf(place.server.workspace(), {&place.module, ast.as<ClassDef>(*cls).name(), *cls})) addClassMembers(place.server.workspace(), base, std::min(rank++, 7), items);
  return !items.list.empty();
}

static void addByNames(const CompletionPlace& place, Items& items) {
  Workspace& workspace = place.server.workspace();
  if (addOfSuper(place, items)) return;
  NodeId expr = expressionEndingAt(place.module.ast(), place.dot);
  std::vector<Target> targets;
  if (expr.valid()) targets = typeOfLiteral(workspace, place.module.ast(), expr);
  if (targets.empty() && expr.valid()) targets = valueTargets(workspace, place.module, expr);
  if (targets.empty()) {
    // The tree may have no such expression where the text is broken.
    std::string_view text = place.module.text();
    uint32_t begin = place.dot;
    auto isPart = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || static_cast<unsigned char>(c) >= 0x80; };
    while (begin > 0 && isPart(text[begin - 1])) --begin;
    if (begin < place.dot) targets = dottedTargets(workspace, place.module, begin, text.substr(begin, place.dot - begin));
  }
  for (const Target& target : targets) {
    if (target.module->ast().is(target.owner, NodeKind::kModule)) addModuleMembers(workspace, *target.module, 1, items);
    else if (target.module->ast().is(target.owner, NodeKind::kClassDef)) addClassMembers(workspace, target, 1, items);
  }
}

static void addByType(const CompletionPlace& place, const TypedPlace& typed, Items& items) {
  for (const program::Member& member : membersOf(typed)) {
    int kind = member.is_method && member.is_of_module ? kFunctionItem : member.is_method ? kMethodItem : member.is_module ? kModuleItem : member.is_of_module && !member.is_class ? kVariableItem : member.is_class ? kClassItem : member.is_property ? kPropertyItem : kFieldItem;
    // What object has comes last, and private names go behind public ones.
    bool is_dunder = member.name.starts_with("__") && member.name.ends_with("__");
    Json* item = items.add(member.name, kind, is_dunder ? 8 : std::min((member.is_partial ? 4 : 1) + member.depth, 7));
    if (item != nullptr && member.is_deprecated) (*item)["tags"] = {1}, (*item)["deprecated"] = true;
  }
}

static void addMembersOfValue(const CompletionPlace& place, Items& items) {
  Workspace& workspace = place.server.workspace();
  // At a module's level names come first: what a statement there binds others may see, so that asking the checker about
  // each letter would make it look at everything again.
  bool is_quoted = place.ends.in_string || place.ends.in_comment;
  if (is_quoted) return addByNames(place, items);
  bool is_inside = place.line_before.starts_with(" ") || place.line_before.starts_with("\t");
  if (!is_inside) addByNames(place, items);
  for (Asking asking : {Asking::kWhatIsThere, Asking::kWithRepair}) {
    if (!items.list.empty()) return;
    TypedPlace typed = typedBefore(workspace, place.module, place.dot, place.cursor, "x", asking);
    if (typed.valid()) addByType(place, typed, items);
  }
  if (items.list.empty()) addByNames(place, items);
}

// `a.|` behind `import a.b`: what the imports of the file bring to the package.
static void addImported(const CompletionPlace& place, Items& items) {
  std::string_view text = place.module.text();
  uint32_t begin = place.dot;
  while (begin > 0 && (std::isalnum(static_cast<unsigned char>(text[begin - 1])) || text[begin - 1] == '_' || text[begin - 1] == '.')) --begin;
  std::string package = std::string(text.substr(begin, place.dot - begin)) + ".";
  const Ast& ast = place.module.ast();
  if (package.size() < 2) return;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    auto import = ast.tryAs<Import>(NodeId(i));
    for (NodeId node : import ? import->names() : NodeList()) {
      Alias alias = ast.as<Alias>(node);
      std::string_view name = nameText(ast, alias.name());
      if (alias.asname().valid() || !name.starts_with(package)) continue;
      name.remove_prefix(package.size());
      items.add(name.substr(0, name.find('.')), kModuleItem, 1);
    }
  }
}

void addMembers(const CompletionPlace& place, Items& items) {
  addMembersOfValue(place, items);
  if (!place.ends.in_comment) addImported(place, items);
}

}  // namespace krait::lsp
