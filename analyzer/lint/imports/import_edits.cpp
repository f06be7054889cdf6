#include "analyzer/lint/imports/import_edits.h"

#include <algorithm>

#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

std::string importedModule(const Ast& ast, NodeId node) {
  NodeId alias = ast.parent(node);
  std::string name(syntax::nameText(ast, ast.as<syntax::Alias>(alias).name()));
  auto from = ast.tryAs<syntax::ImportFrom>(ast.parent(alias));
  if (!from) return name;
  std::string module(from->level(), '.');
  if (from->module().valid()) module += std::string(syntax::nameText(ast, from->module()));
  bool needs_dot = !module.empty() && module.back() != '.';
  return module + (needs_dot ? "." : "") + name;
}

std::optional<FixEdit> withoutAliases(const LintContext& context, NodeId statement, std::span<const NodeId> aliases) {
  const Ast& ast = context.ast;
  NodeList names = ast.is(statement, NodeKind::kImport) ? ast.as<syntax::Import>(statement).names()
                                                        : ast.as<syntax::ImportFrom>(statement).names();
  std::vector<NodeId> kept;
  for (NodeId name : names) {
    if (std::find(aliases.begin(), aliases.end(), name) == aliases.end()) kept.push_back(name);
  }
  if (kept.empty()) return deleteStatement(context, statement);
  // Each name keeps what stands between it and the next one; the last one that stays gets what the last one had.
  TextRange range = ast.range(statement);
  std::string text(ast.text({range.begin, ast.range(names[0]).begin}));
  for (size_t i = 0; i < names.size(); ++i) {
    if (std::find(kept.begin(), kept.end(), names[i]) == kept.end()) continue;
    bool is_last = names[i] == kept.back();
    uint32_t end = is_last || i + 1 == names.size() ? ast.range(names[i]).end : ast.range(names[i + 1]).begin;
    text += ast.text({ast.range(names[i]).begin, end});
  }
  text += ast.text({ast.range(names.back()).end, range.end});
  return FixEdit{range, text};
}

}  // namespace krait::lint
