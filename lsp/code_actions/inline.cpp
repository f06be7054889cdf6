// Inline a variable: its value where it is read.
#include <algorithm>

#include "lsp/code_actions/action_list.h"
#include "lsp/occurrences.h"

namespace krait::lsp {

using namespace krait::syntax;
using semantic::SymbolId;

// Does the expression need parentheses wherever it is put?
static bool needsParentheses(const Ast& ast, NodeId value) {
  switch (ast.kind(value)) {
    case NodeKind::kBinOp: case NodeKind::kBoolOp: case NodeKind::kCompare: case NodeKind::kUnaryOp: case NodeKind::kLambda:
    case NodeKind::kIfExp: case NodeKind::kNamedExpr: case NodeKind::kAwait: case NodeKind::kGeneratorExp: return true;
    case NodeKind::kTuple: return ast.text(value).empty() || ast.text(value)[0] != '(';
    default: return false;
  }
}

// May a name that the value reads mean something else where the value is put?
static bool isRebound(SourceModule& module, NodeId value) {
  const Ast& ast = module.ast();
  const semantic::SemanticModel& model = module.model();
  TextRange range = ast.range(value);
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    bool is_read = ast.is(node, NodeKind::kName) && range.begin <= ast.range(node).begin && ast.range(node).end <= range.end;
    SymbolId owner = is_read ? model.ownerAt(node) : SymbolId::none();
    if (owner.isNone()) continue;
    for (const semantic::Definition& definition : model.definitions(owner)) {
      if (ast.range(definition.node).begin > range.end) return true;
    }
  }
  return false;
}

// Would the block be empty, or does something else stand on the lines?
static bool isAlone(SourceModule& module, NodeId statement) {
  const Ast& ast = module.ast();
  uint32_t first = module.lines().lineOf(ast.range(statement).begin), last = module.lines().lineOf(ast.range(statement).end);
  bool has_brother = false;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    if (node == statement || ast.parent(node).isNone() || !isStatement(ast, node) || ast.parent(node) != ast.parent(statement)) continue;
    uint32_t begin = module.lines().lineOf(fullRange(ast, node).begin), end = module.lines().lineOf(ast.range(node).end);
    if (begin <= last && end >= first) return true;
    has_brother |= indentAt(module, ast.range(node).begin) == indentAt(module, ast.range(statement).begin);
  }
  // `if a: x = 1`
  bool is_first_on_line = module.lines().lineStart(first) + indentAt(module, ast.range(statement).begin).size() == ast.range(statement).begin;
  bool is_in_branch = !ast.is(ast.parent(statement), NodeKind::kFunctionDef) && !ast.is(ast.parent(statement), NodeKind::kModule) && !ast.is(ast.parent(statement), NodeKind::kClassDef);
  return !is_first_on_line || !has_brother || is_in_branch;
}

void addInlineAction(ActionList& actions) {
  if (!actions.wants("refactor.inline")) return;
  SourceModule& module = actions.module;
  const Ast& ast = module.ast();
  NodeId name = nameAt(ast, actions.selection.begin);
  if (!ast.is(name, NodeKind::kName)) return;
  const semantic::SemanticModel& model = module.model();
  SymbolId owner = model.ownerAt(name);
  if (owner.isNone() || model.definitions(owner).size() != 1) return;
  const semantic::Definition& definition = model.definitions(owner)[0];
  auto assign = ast.tryAs<Assign>(definition.owner);
  bool is_fit = assign && assign->targets().size() == 1 && assign->targets()[0] == definition.node && !model.references(owner).empty();
  if (!is_fit || ast.is(assign->value(), NodeKind::kYield) || ast.is(assign->value(), NodeKind::kAwait)) return;
  if (isRebound(module, assign->value()) || isAlone(module, definition.owner)) return;
  // Other files may know a module's name.
  if (model[model[owner].scope].kind == semantic::ScopeKind::kModule) {
    for (const Occurrence& found : occurrencesOf(actions.server.workspace(), module, name, SearchArea::kWorkspace)) {
      if (found.module != &module) return;
    }
  }
  std::string value(ast.text(assign->value()));
  if (needsParentheses(ast, assign->value())) value = "(" + value + ")";
  TextRange statement = ast.range(definition.owner);
  uint32_t line = module.lines().lineOf(statement.begin);
  uint32_t next = module.lines().lineOf(statement.end) + 1;
  uint32_t end = next < module.lines().lineCount() ? module.lines().lineStart(next) : static_cast<uint32_t>(module.text().size());
  std::vector<Edit> edits = {{&module, {module.lines().lineStart(line), end}, ""}};
  for (const semantic::Reference& reference : model.references(owner)) edits.push_back({&module, ast.range(reference.node), value});
  actions.add("Inline `" + std::string(nameText(ast, name)) + "`", "refactor.inline", edits);
}

}  // namespace krait::lsp
