// UP017: `datetime.timezone.utc` has the short name `datetime.UTC` since Python 3.11.
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkUtcAlias(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto attribute = ast.as<syntax::Attribute>(node);
  if (context.options.target_minor < 11 || syntax::nameText(ast, attribute.attr()) != "utc") return;
  if (qualifiedName(context, node) != "datetime.timezone.utc") return;
  auto finding = context.sink.begin("UP017"_rule, ast.range(node));
  std::optional<ImportedName> imported = importName(context, "datetime", "UTC", node, true);
  if (!imported) return;
  std::vector<FixEdit> edits = {{ast.range(node), imported->text}};
  if (imported->edit) edits.push_back(*imported->edit);
  finding.fix("Convert to `datetime.UTC` alias", std::move(edits));
}

}  // namespace krait::lint
