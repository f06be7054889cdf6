// TC006: the type given to `typing.cast` without quotes. ref: flake8-type-checking
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/quoted_types.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkCastType(LintContext& context, NodeId node) {
  if (!isOneOf(calleeName(context, node), {"typing.cast", "typing_extensions.cast"})) return;
  const Ast& ast = context.ast;
  NodeId type = keywordOf(ast, node, "typ");
  NodeList args = ast.as<syntax::Call>(node).args();
  if (!type.valid() && !args.empty() && !ast.is(args[0], NodeKind::kKeyword)) type = args[0];
  if (!type.valid() || isStr(ast, type)) return;
  TextRange range = ast.range(type);
  context.sink.begin("TC006"_rule, range)
      .fix("Add quotes", {{range, quotedType(context, type)}}, hasComment(ast, range) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

}  // namespace krait::lint
