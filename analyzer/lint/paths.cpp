#include "analyzer/lint/paths.h"

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/qualified_names.h"

namespace krait::lint {

static bool isPathClass(const LintContext& context, NodeId expr) {
  return isOneOf(qualifiedName(context, expr), {"pathlib.Path", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.PurePath",
                                                "pathlib.PurePosixPath", "pathlib.PureWindowsPath"});
}

bool isPath(const LintContext& context, NodeId expr) {
  if (auto call = context.ast.tryAs<syntax::Call>(expr)) return isPathClass(context, call->func());
  const Definition* definition = onlyDefinition(context, expr);
  if (definition == nullptr) return false;
  NodeId annotation = definedAnnotation(context, *definition);
  if (annotation.valid()) return isPathClass(context, annotation);
  NodeId value = definedValue(context, *definition);
  auto call = context.ast.tryAs<syntax::Call>(value);
  return call && isPathClass(context, call->func());
}

}  // namespace krait::lint
