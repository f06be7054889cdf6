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

// Is it a method of a protocol that only says how it is called?
static bool isProtocolMember(const Ast& ast, NodeId cls, NodeId function) {
  NodeList bases = ast.as<ClassDef>(cls).args();
  bool is_protocol = std::any_of(bases.begin(), bases.end(), [&](NodeId base) {
    if (auto subscript = ast.tryAs<Subscript>(base)) base = subscript->value();
    return nameText(ast, ast.is(base, NodeKind::kAttribute) ? ast.as<Attribute>(base).attr() : base) == "Protocol";
  });
  NodeList body = ast.as<FunctionDef>(function).body();
  return is_protocol && std::all_of(body.begin(), body.end(), [&](NodeId one) {
    return ast.is(one, NodeKind::kExprStmt) && ast.is(ast.as<ExprStmt>(one).value(), NodeKind::kConstant);
  });
}

// The name that a class's statement gives a value to, or "".
static std::string_view assignedName(const Ast& ast, NodeId statement) {
  NodeId target;
  if (auto assign = ast.tryAs<Assign>(statement)) target = assign->targets()[0];
  if (auto assign = ast.tryAs<AnnAssign>(statement); assign && assign->value().valid()) target = assign->target();
  return ast.is(target, NodeKind::kName) ? nameText(ast, target) : std::string_view();
}

static bool isPlaceholder(const Ast& ast, NodeId statement) {
  auto expression = ast.tryAs<ExprStmt>(statement);
  return ast.is(statement, NodeKind::kPass) || (expression && ast.text(expression->value()) == "...");
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
      if (std::string_view name = assignedName(other, statement); !name.empty()) known.insert(std::string(name));
      if (!function || !known.insert(std::string(nameText(other, function->name()))).second) continue;
      if (one == cls || (!isDecorated(other, statement, "abstract") && !isProtocolMember(other, one.owner, statement))) continue;
      text += "\n" + implementationOf(other, statement, indent);
      ++count;
    }
  }
  if (count == 0) return;
  // A lone `pass` gives way.
  NodeList body = bodyOf(ast, node);
  NodeId last = body.back();
  bool is_on_line = module.lines().lineOf(ast.range(last).begin) == module.lines().lineOf(ast.range(body[0]).begin) && body.size() > 1;
  bool is_own_line = !is_on_line && module.lines().lineOf(ast.range(last).begin) != module.lines().lineOf(ast.range(node).begin);
  bool is_replaced = isPlaceholder(ast, last) && is_own_line;
  uint32_t end = ast.range(last).end;
  uint32_t next = module.lines().lineOf(end) + 1;
  bool is_last = next >= module.lines().lineCount();
  uint32_t place = is_last ? static_cast<uint32_t>(module.text().size()) : module.lines().lineStart(next);
  uint32_t begin = is_replaced ? module.lines().lineStart(module.lines().lineOf(ast.range(last).begin)) : place;
  actions.add("Implement " + std::to_string(count) + (count == 1 ? " abstract member" : " abstract members"), "quickfix",
              {{&module, {begin, place}, (is_last && !is_replaced ? "\n" : "") + text.substr(is_replaced && body.size() == 1 ? 1 : 0)}});
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
    std::vector<Edit> edits = importEdits(actions.server.workspace(), module, "typing", "override");
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
