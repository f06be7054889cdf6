// B006: a mutable default value. ref: flake8-bugbear B006
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isMutable(const LintContext& context, NodeId node) {
  switch (context.ast.kind(node)) {
    case NodeKind::kList:
    case NodeKind::kDict:
    case NodeKind::kSet:
    case NodeKind::kListComp:
    case NodeKind::kDictComp:
    case NodeKind::kSetComp: return true;
    case NodeKind::kCall:
      return isOneOf(qualifiedName(context, context.ast.as<syntax::Call>(node).func()),
                     {"builtins.dict", "builtins.list", "builtins.set", "collections.Counter", "collections.OrderedDict",
                      "collections.defaultdict", "collections.deque"});
    default: return false;
  }
}

static bool isImmutableAnnotation(const LintContext& context, NodeId annotation) {
  if (!annotation.valid()) return false;
  auto subscript = context.ast.tryAs<syntax::Subscript>(annotation);
  std::string name = qualifiedName(context, subscript ? subscript->value() : annotation);
  return isOneOf(name, {"typing.Sequence", "typing.Mapping", "typing.Iterable", "typing.Collection", "typing.Container",
                        "collections.abc.Sequence", "collections.abc.Mapping", "collections.abc.Iterable",
                        "collections.abc.Collection", "collections.abc.Container", "collections.abc.Set",
                        "typing.AbstractSet", "typing.FrozenSet", "builtins.frozenset", "builtins.tuple", "typing.Tuple"});
}

void checkMutableDefaults(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  for (NodeId id : ast.as<syntax::Parameters>(function.params()).params()) {
    auto param = ast.as<syntax::Parameter>(id);
    NodeId value = param.defaultValue();
    if (!value.valid() || !isMutable(context, value) || isImmutableAnnotation(context, param.annotation())) continue;
    context.sink.begin(Rule::kB006, ast.range(value));
  }
}

}  // namespace krait::lint
