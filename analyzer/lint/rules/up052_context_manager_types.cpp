// UP052: a context manager made of a generator that is annotated as an iterator. ref: pyupgrade, typeshed's contextlib
#include <string>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkContextManagerTypes(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  if (!function.returns().valid()) return;
  std::string_view maker = function.isAsync() ? "contextlib.asynccontextmanager" : "contextlib.contextmanager";
  bool is_manager = false;
  for (NodeId decorator : function.decorators()) is_manager |= qualifiedName(context, decorator) == maker;
  if (!is_manager) return;
  auto subscript = ast.tryAs<syntax::Subscript>(unquoted(context, function.returns()));
  if (!subscript || ast.is(subscript->slice(), NodeKind::kTuple)) return;
  std::string name = qualifiedName(context, subscript->value());
  std::string iterator = function.isAsync() ? "AsyncIterator" : "Iterator", generator = function.isAsync() ? "AsyncGenerator" : "Generator";
  std::string module = name.substr(0, name.rfind('.'));
  if (!isOneOf(module, {"typing", "typing_extensions", "collections.abc"}) || name != module + "." + iterator) return;
  if (!isGenerator(ast, node)) return;
  auto finding = context.sink.begin("UP052"_rule, ast.range(subscript->id), {generator, iterator});
  std::optional<ImportedName> imported = importName(context, module, generator, node);
  if (!imported) return;
  std::vector<FixEdit> edits;
  if (imported->edit) edits.push_back(*imported->edit);
  edits.push_back({ast.range(subscript->value()), imported->text});
  // What is sent and returned need not be said since Python 3.13.
  uint32_t end = parenthesizedRange(context, subscript->slice()).end;
  if (context.options.target_minor < 13) edits.push_back({{end, end}, function.isAsync() ? ", None" : ", None, None"});
  finding.fix("Replace with `" + generator + "`", std::move(edits));
}

}  // namespace krait::lint
