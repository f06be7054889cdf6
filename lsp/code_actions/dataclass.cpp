// A class whose __init__ only stores its parameters becomes a dataclass. Offered where that changes nothing but the
// class's repr: equality stays identity (eq=False) unless the class defines it itself.
#include <algorithm>

#include "lsp/code_actions/action_list.h"

namespace krait::lsp {

using namespace krait::syntax;

namespace {
struct StoredField {
  std::string name, annotation, value;  // value: "" where there is no default
};
}  // namespace

static bool isImmutable(const Ast& ast, NodeId value) {
  if (ast.is(value, NodeKind::kConstant)) return true;
  auto unary = ast.tryAs<UnaryOp>(value);
  return unary && ast.is(unary->operand(), NodeKind::kConstant);
}

// `self.x = x`: the name, or "".
static std::string_view storedName(const Ast& ast, NodeId statement, std::string_view self) {
  auto assign = ast.tryAs<Assign>(statement);
  if (!assign || assign->targets().size() != 1) return {};
  auto target = ast.tryAs<Attribute>(assign->targets()[0]);
  if (!target || nameText(ast, target->value()) != self || !ast.is(target->value(), NodeKind::kName)) return {};
  std::string_view name = nameText(ast, target->attr());
  return ast.is(assign->value(), NodeKind::kName) && nameText(ast, assign->value()) == name ? name : std::string_view();
}

// The fields in the order of the parameters; none: the function does something else.
static std::vector<StoredField> fieldsStoredBy(const Ast& ast, NodeId init) {
  FunctionDef def = ast.as<FunctionDef>(init);
  NodeList params = ast.as<Parameters>(def.params()).params();
  if (params.size() < 2 || !def.decorators().empty() || def.isAsync()) return {};
  std::string_view self = nameText(ast, ast.as<Parameter>(params[0]).name());
  std::vector<StoredField> out;
  for (size_t i = 1; i < params.size(); ++i) {
    Parameter parameter = ast.as<Parameter>(params[i]);
    NodeId value = parameter.defaultValue();
    if (parameter.parameterKind() != ParameterKind::kPositionalOrKeyword || parameter.annotation().isNone()) return {};
    if (value.valid() && !isImmutable(ast, value)) return {};
    out.push_back({std::string(nameText(ast, parameter.name())), std::string(ast.text(parameter.annotation())),
                   value.valid() ? std::string(ast.text(value)) : std::string()});
  }
  std::vector<std::string_view> stored;
  for (NodeId statement : def.body()) {
    std::string_view name = storedName(ast, statement, self);
    if (name.empty()) return {};
    stored.push_back(name);
  }
  bool is_all = stored.size() == out.size() && std::all_of(out.begin(), out.end(), [&](const StoredField& field) {
    return std::count(stored.begin(), stored.end(), field.name) == 1;
  });
  return is_all ? out : std::vector<StoredField>();
}

// The class's own statements besides __init__ must not meet the fields: no names of theirs, no annotations (they would
// become fields, too).
static bool leavesRoom(const Ast& ast, NodeList body, const std::vector<StoredField>& fields) {
  return std::all_of(body.begin(), body.end(), [&](NodeId statement) {
    if (ast.is(statement, NodeKind::kAnnAssign)) return false;
    auto function = ast.tryAs<FunctionDef>(statement);
    if (!function) return ast.is(statement, NodeKind::kPass) || ast.is(statement, NodeKind::kExprStmt);
    std::string_view name = nameText(ast, function->name());
    return std::none_of(fields.begin(), fields.end(), [&](const StoredField& field) { return field.name == name; });
  });
}

void addDataclassAction(ActionList& actions) {
  SourceModule& module = actions.module;
  const Ast& ast = module.ast();
  NodeId cls;
  for (NodeId node : nodesAt(ast, actions.selection.begin)) {
    if (ast.is(node, NodeKind::kClassDef) && actions.selection.begin < ast.range(bodyOf(ast, node)[0]).begin) cls = node;
  }
  if (cls.isNone()) return;
  ClassDef def = ast.as<ClassDef>(cls);
  if (!def.args().empty() || !def.decorators().empty()) return;
  NodeId init;
  bool defines_equality = false;
  for (NodeId statement : def.body()) {
    auto function = ast.tryAs<FunctionDef>(statement);
    if (!function) continue;
    if (nameText(ast, function->name()) == "__init__") init = init.isNone() ? statement : NodeId::none();
    defines_equality |= nameText(ast, function->name()) == "__eq__";
  }
  if (init.isNone()) return;
  std::vector<StoredField> fields = fieldsStoredBy(ast, init);
  if (fields.empty() || !leavesRoom(ast, def.body(), fields)) return;
  std::string indent = indentAt(module, ast.range(init).begin), text;
  for (const StoredField& field : fields) {
    text += (text.empty() ? "" : "\n" + indent) + field.name + ": " + field.annotation + (field.value.empty() ? "" : " = " + field.value);
  }
  uint32_t begin = fullRange(ast, cls).begin;
  std::vector<Edit> edits = importEdits(actions.server.workspace(), module, "dataclasses", "dataclass");
  edits.push_back({&module, {begin, begin}, std::string(defines_equality ? "@dataclass\n" : "@dataclass(eq=False)\n") + indentAt(module, begin)});
  edits.push_back({&module, fullRange(ast, init), text});
  actions.add("Convert to a dataclass", "refactor.rewrite", edits);
}

}  // namespace krait::lsp
