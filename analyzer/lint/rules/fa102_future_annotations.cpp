// FA100, FA102: annotations that `from __future__ import annotations` would allow in the oldest version that the code is
// for. ref: flake8-future-annotations
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/imports/import_edits.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static FixEdit futureImport(const LintContext& context) {
  return importAtStart(context, "from __future__ import annotations");
}

void checkFutureUnions(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (context.model.hasFutureAnnotations() || context.is_stub || context.options.target_minor >= 10) return;
  auto operation = ast.as<syntax::BinOp>(node);
  if (operation.op() != syntax::BinaryOp::kBitOr || !isInAnnotation(context, node)) return;
  auto parent = ast.tryAs<syntax::BinOp>(ast.parent(node));
  if (parent && parent->op() == syntax::BinaryOp::kBitOr) return;
  context.sink.begin("FA102"_rule, ast.range(node), {"PEP 604 union"}).fix("Add `from __future__ import annotations`", {futureImport(context)}, FixSafety::kUnsafe);
}

void checkFutureTypes(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (context.model.hasFutureAnnotations() || context.is_stub) return;
  auto subscript = ast.as<syntax::Subscript>(node);
  std::string name = qualifiedName(context, subscript.value());
  if (!isInAnnotation(context, node)) return;
  bool is_builtin = isOneOf(name, {"builtins.list", "builtins.dict", "builtins.set", "builtins.frozenset", "builtins.tuple", "builtins.type"});
  if (is_builtin && context.options.target_minor < 9) {
    context.sink.begin("FA102"_rule, ast.range(subscript.value()), {"PEP 585 collection"})
        .fix("Add `from __future__ import annotations`", {futureImport(context)}, FixSafety::kUnsafe);
  }
  bool is_generic = isOneOf(name, {"typing.List", "typing.Dict", "typing.Set", "typing.FrozenSet", "typing.Tuple", "typing.Type", "typing.Deque", "typing.DefaultDict"});
  bool is_union = isOneOf(name, {"typing.Optional", "typing.Union"});
  if ((is_generic && context.options.target_minor < 9) || (is_union && context.options.target_minor < 10)) {
    context.sink.begin("FA100"_rule, ast.range(subscript.value()), {name}).fix("Add `from __future__ import annotations`", {futureImport(context)}, FixSafety::kUnsafe);
  }
}

}  // namespace krait::lint
