#include "analyzer/syntax/verify_ast.h"

namespace krait::syntax {

static std::string describe(const Ast& ast, NodeId id) {
  TextRange range = ast.range(id);
  return std::string(kindName(ast.kind(id))) + " at " + std::to_string(range.begin) + "-" + std::to_string(range.end);
}

static bool isDefinition(const Ast& ast, NodeId id) {
  return ast.is(id, NodeKind::kFunctionDef) || ast.is(id, NodeKind::kClassDef);
}

// Alias names, targets split by tree-sitter and empty nodes aside, a field's children follow one another.
static std::string verifyChildren(const Ast& ast, NodeId id) {
  TextRange range = ast.range(id);
  std::span<const FieldInfo> fields = fieldsOf(ast.kind(id));
  std::string problem;
  for (uint32_t i = 0; i < fields.size() && problem.empty(); ++i) {
    bool is_decorators = isDefinition(ast, id) && i == 0;
    auto check = [&](NodeId child) {
      if (ast.parent(child) != id) problem = describe(ast, child) + " has another parent than " + describe(ast, id);
      TextRange inner = ast.range(child);
      bool is_empty = inner.begin == inner.end;
      if (!is_decorators && !is_empty && (inner.begin < range.begin || inner.end > range.end)) {
        problem = describe(ast, child) + " lies outside " + describe(ast, id);
      }
    };
    if (fields[i].kind == FieldKind::kNode) {
      if (ast.child(id, i).isNone()) problem = describe(ast, id) + " lacks " + fields[i].name;
      else check(ast.child(id, i));
    } else if (fields[i].kind == FieldKind::kOpt) {
      if (ast.child(id, i).valid()) check(ast.child(id, i));
    } else if (fields[i].kind == FieldKind::kList || fields[i].kind == FieldKind::kOpts) {
      uint32_t last = 0;
      for (NodeId child : ast.list(id, i)) {
        if (child.isNone()) continue;
        check(child);
        // The text that `{x=}` stands for starts inside the field that follows it, as in CPython.
        bool may_overlap = ast.is(id, NodeKind::kJoinedStr) || ast.is(id, NodeKind::kTemplateStr);
        if (!may_overlap && ast.range(child).begin < last) problem = describe(ast, child) + " comes before its elder sibling";
        last = ast.range(child).begin;
      }
    }
  }
  return problem;
}

std::string verifyAst(const Ast& ast) {
  if (ast.root().isNone()) return "the tree has no root";
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId id(i);
    TextRange range = ast.range(id);
    if (range.begin > range.end || range.end > ast.text().size()) return describe(ast, id) + " lies outside the text";
    // Nodes that recovery dropped hang nowhere and bind nothing.
    if (ast.parent(id).isNone() && id != ast.root()) continue;
    std::string problem = verifyChildren(ast, id);
    if (!problem.empty()) return problem;
  }
  return {};
}

}  // namespace krait::syntax
