// UP011, UP033: decorators of functools.lru_cache that say more than they need. ref: pyupgrade
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkLruCache(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId decorator : ast.as<syntax::FunctionDef>(node).decorators()) {
    auto call = ast.tryAs<syntax::Call>(decorator);
    if (!call || call->args().size() > 1 || qualifiedName(context, call->func()) != "functools.lru_cache") continue;
    TextRange parens{ast.range(call->func()).end, ast.range(decorator).end};
    if (call->args().empty() && context.options.target_minor < 8) continue;
    if (call->args().empty()) {
      context.sink.begin("UP011"_rule, parens).fix("Remove unnecessary parentheses", {{parens, ""}});
      continue;
    }
    if (context.options.target_minor < 9) continue;
    auto keyword = ast.tryAs<syntax::Keyword>(call->args()[0]);
    if (!keyword || syntax::nameText(ast, keyword->arg()) != "maxsize" || !isNone(ast, keyword->value())) continue;
    auto finding = context.sink.begin("UP033"_rule, parens);
    bool is_attribute = ast.is(call->func(), NodeKind::kAttribute);
    std::optional<ImportedName> imported = importName(context, "functools", "cache", decorator);
    if (is_attribute) {
      std::string text = std::string(ast.text(ast.as<syntax::Attribute>(call->func()).value())) + ".cache";
      finding.fix("Rewrite with `@functools.cache", {{ast.range(decorator), text}});
    } else if (imported) {
      std::vector<FixEdit> edits = {{ast.range(decorator), imported->text}};
      if (imported->edit) edits.push_back(*imported->edit);
      finding.fix("Rewrite with `@functools.cache", std::move(edits));
    }
  }
}

}  // namespace krait::lint
