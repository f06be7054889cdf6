// S108: a path in a directory for temporary files. ref: bandit B108
#include <algorithm>

#include "analyzer/lint/calls.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/string_text.h"

namespace krait::lint {

static bool beginsWithListed(const LintContext& context, std::string_view key, std::string_view text) {
  const std::vector<std::string>* folders = context.options.list(key);
  return folders != nullptr && std::any_of(folders->begin(), folders->end(), [&](const std::string& folder) { return text.starts_with(folder); });
}

static bool isInTemporaryFolder(const LintContext& context, std::string_view text) {
  if (beginsWithListed(context, "flake8-bandit.hardcoded-tmp-directory-extend", text)) return true;
  if (context.options.list("flake8-bandit.hardcoded-tmp-directory") != nullptr) return beginsWithListed(context, "flake8-bandit.hardcoded-tmp-directory", text);
  return text.starts_with("/tmp") || text.starts_with("/var/tmp") || text.starts_with("/dev/shm");
}

void checkTemporaryPaths(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto text = syntax::stringValue(ast, node);
  bool is_joined = ast.is(ast.parent(node), NodeKind::kJoinedStr) || ast.is(ast.parent(node), NodeKind::kTemplateStr);
  if (!text || (!is_joined && !isInTemporaryFolder(context, *text))) return;
  NodeId parent = ast.parent(node);
  if (ast.is(parent, NodeKind::kKeyword)) parent = ast.parent(parent);
  if (ast.is(parent, NodeKind::kCall) && calleeName(context, parent).starts_with("tempfile.")) return;
  for (const TextPiece& piece : textPieces(context, node)) {
    if (isInTemporaryFolder(context, piece.value)) context.sink.begin("S108"_rule, piece.range, {shownText(piece.value)});
  }
}

}  // namespace krait::lint
