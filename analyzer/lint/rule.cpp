#include "analyzer/lint/rule.h"

#include <algorithm>

namespace krait::lint {

bool LintContext::isUsed(SymbolId owner) const {
  if (!model.references(owner).empty()) return true;
  NameId name = model[owner].name;
  return model[owner].scope == SemanticModel::kModuleScope && exports.isInAll(name);
}

bool isDummyName(std::string_view name) {
  if (!name.empty() && name.find_first_not_of('_') == std::string_view::npos) return true;
  return name.size() > 1 && name[0] == '_' && name.back() != '_';
}

NodeList blockOf(const Ast& ast, NodeId statement) {
  NodeId parent = ast.parent(statement);
  if (!parent.valid()) return {};
  std::span<const syntax::FieldInfo> fields = syntax::fieldsOf(ast.kind(parent));
  for (uint32_t i = 0; i < fields.size(); ++i) {
    if (fields[i].kind != syntax::FieldKind::kList) continue;
    NodeList list = ast.list(parent, i);
    if (std::find(list.begin(), list.end(), statement) != list.end()) return list;
  }
  return {};
}

NodeId statementOf(const Ast& ast, NodeId node) {
  while (node.valid() && !syntax::isStatement(ast, node)) node = ast.parent(node);
  return node;
}

}  // namespace krait::lint
