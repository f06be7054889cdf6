#include "analyzer/lint/paths.h"

#include <vector>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/bindings.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"

namespace krait::lint {

static bool isPathClass(const LintContext& context, NodeId expr) {
  return isOneOf(qualifiedName(context, expr), {"pathlib.Path", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.PurePath",
                                                "pathlib.PurePosixPath", "pathlib.PureWindowsPath"});
}

// `Path`, `Path | None`, `Optional[Path]`.
static bool isPathAnnotation(const LintContext& context, NodeId annotation) {
  auto subscript = context.ast.tryAs<syntax::Subscript>(annotation);
  if (subscript && typingName(context, subscript->value()) == "Optional") annotation = subscript->slice();
  std::vector<NodeId> members;
  unionMembers(context, annotation, members);
  bool is_path = false;
  for (NodeId member : members) {
    if (isNone(context.ast, member)) continue;
    if (!isPathClass(context, member)) return false;
    is_path = true;
  }
  return is_path;
}

bool isMadePath(const LintContext& context, NodeId expr) {
  if (context.ast.is(expr, NodeKind::kName)) {
    const Definition* definition = onlyDefinition(context, expr);
    expr = definition != nullptr ? definedValue(context, *definition) : NodeId::none();
  }
  auto call = context.ast.tryAs<syntax::Call>(expr);
  return call && isPathClass(context, call->func());
}

bool isPath(const LintContext& context, NodeId expr) {
  if (auto call = context.ast.tryAs<syntax::Call>(expr)) return isPathClass(context, call->func());
  const Definition* definition = onlyDefinition(context, expr);
  if (definition == nullptr) return false;
  NodeId annotation = definedAnnotation(context, *definition);
  if (annotation.valid()) return isPathAnnotation(context, annotation);
  NodeId value = definedValue(context, *definition);
  auto call = context.ast.tryAs<syntax::Call>(value);
  return call && isPathClass(context, call->func());
}

bool isFileDescriptor(const LintContext& context, NodeId expr) {
  if (!expr.valid()) return false;
  if (isConstant(context.ast, expr, syntax::ConstantKind::kInt)) return true;
  return context.ast.is(expr, NodeKind::kName) && isKnownAs(context, expr, Container::kInt);
}

}  // namespace krait::lint
