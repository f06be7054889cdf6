// Abstract members to implement, and overriding methods to mark with @override (PEP 698).
#include <algorithm>
#include <set>

#include "lsp/class_tree.h"
#include "lsp/code_actions/action_list.h"
#include "lsp/render_signature.h"

namespace krait::lsp {

using namespace krait::syntax;

static std::string_view decoratorName(const Ast& ast, NodeId decorator) {
  if (auto call = ast.tryAs<Call>(decorator)) decorator = call->func();
  if (auto attribute = ast.tryAs<Attribute>(decorator)) return nameText(ast, attribute->attr());
  return nameText(ast, decorator);
}

static bool isDecorated(const Ast& ast, NodeId function, std::string_view wanted) {
  NodeList decorators = ast.as<FunctionDef>(function).decorators();
  return std::any_of(decorators.begin(), decorators.end(), [&](NodeId one) { return decoratorName(ast, one).find(wanted) != std::string_view::npos; });
}

// The class or function definition whose header the selection is in, or none.
static NodeId headerAt(const Ast& ast, TextRange selection, NodeKind kind) {
  for (NodeId node : nodesAt(ast, selection.begin)) {
    if (!ast.is(node, kind)) continue;
    NodeList body = bodyOf(ast, node);
    if (!body.empty() && selection.begin < ast.range(body[0]).begin) return node;
  }
  return NodeId::none();
}

// What an implementation of the method looks like, indented by `indent`.
static std::string implementationOf(const Ast& ast, NodeId function, const std::string& indent) {
  std::string out;
  for (NodeId decorator : ast.as<FunctionDef>(function).decorators()) {
    std::string_view name = decoratorName(ast, decorator);
    if (name == "property" || name == "classmethod" || name == "staticmethod") out += indent + "@" + std::string(name) + "\n";
  }
  out += indent + renderSignature(ast, function, SelfParameter::kShown).label + ":\n";
  return out + indent + "    raise NotImplementedError\n";
}

static void addAbstractMembers(ActionList& actions) {
  SourceModule& module = actions.module;
  const Ast& ast = module.ast();
  NodeId node = headerAt(ast, actions.selection, NodeKind::kClassDef);
  if (node.isNone()) return;
  Target cls{&module, ast.as<ClassDef>(node).name(), node};
  std::set<std::string, std::less<>> known;
  std::string text, indent = indentAt(module, ast.range(node).begin) + "    ";
  std::vector<Target> line = {cls};
  for (const Target& above : ancestorsOf(actions.server.workspace(), cls)) line.push_back(above);
  size_t count = 0;
  for (const Target& one : line) {
    const Ast& other = one.module->ast();
    for (NodeId statement : other.as<ClassDef>(one.owner).body()) {
      auto function = other.tryAs<FunctionDef>(statement);
      if (!function || !known.insert(std::string(nameText(other, function->name()))).second) continue;
      if (one == cls || !isDecorated(other, statement, "abstract")) continue;
      text += "\n" + implementationOf(other, statement, indent);
      ++count;
    }
  }
  if (count == 0) return;
  uint32_t end = ast.range(bodyOf(ast, node).back()).end;
  uint32_t next = module.lines().lineOf(end) + 1;
  bool is_last = next >= module.lines().lineCount();
  uint32_t place = is_last ? static_cast<uint32_t>(module.text().size()) : module.lines().lineStart(next);
  actions.add("Implement " + std::to_string(count) + (count == 1 ? " abstract member" : " abstract members"), "quickfix",
              {{&module, {place, place}, (is_last ? "\n" : "") + text}});
}

static void addOverrideMark(ActionList& actions) {
  SourceModule& module = actions.module;
  const Ast& ast = module.ast();
  NodeId node = headerAt(ast, actions.selection, NodeKind::kFunctionDef);
  if (node.isNone() || !ast.is(ast.parent(node), NodeKind::kClassDef) || isDecorated(ast, node, "override")) return;
  std::string name(nameText(ast, ast.as<FunctionDef>(node).name()));
  if (name == "__init__" || name == "__new__") return;
  Target cls{&module, ast.as<ClassDef>(ast.parent(node)).name(), ast.parent(node)};
  for (const Target& above : ancestorsOf(actions.server.workspace(), cls)) {
    if (ownMember(above, name).empty() || nameText(above.module->ast(), above.name) == "object") continue;
    uint32_t begin = fullRange(ast, node).begin;
    std::vector<Edit> edits = importEdits(module, "typing", "override");
    edits.push_back({&module, {begin, begin}, "@override\n" + indentAt(module, begin)});
    actions.add("Mark `" + name + "` with @override", "refactor.rewrite", edits);
    return;
  }
}

void addMemberActions(ActionList& actions) {
  if (actions.wants("quickfix")) addAbstractMembers(actions);
  if (actions.wants("refactor.rewrite")) addOverrideMark(actions);
}

}  // namespace krait::lsp
