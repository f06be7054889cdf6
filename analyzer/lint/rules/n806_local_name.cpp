// N806: a local variable with capitals. ref: pep8-naming
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool makesType(const LintContext& context, const Definition& definition) {
  NodeId value;
  if (auto assign = context.ast.tryAs<syntax::Assign>(definition.owner)) value = assign->value();
  auto call = context.ast.tryAs<syntax::Call>(value);
  if (!call) return false;
  // Django's `Model = apps.get_model("app", "Model")`.
  auto method = context.ast.tryAs<syntax::Attribute>(call->func());
  if (method && syntax::nameText(context.ast, method->attr()) == "get_model" && call->args().size() > 1) {
    auto text = syntax::stringValue(context.ast, call->args().back());
    if (!text || *text == syntax::nameText(context.ast, definition.node)) return true;
  }
  return isOneOf(qualifiedName(context, call->func()),
                 {"collections.namedtuple", "typing.NamedTuple", "typing.TypedDict", "typing.NewType", "typing.TypeVar",
                  "typing_extensions.TypeVar", "typing_extensions.NewType", "typing_extensions.TypedDict", "typing_extensions.NamedTuple"});
}

void checkLocalNames(LintContext& context) {
  for (const Definition& definition : context.model.allDefinitions()) {
    DefinitionKind kind = definition.kind;
    bool is_variable = kind == DefinitionKind::kAssign || kind == DefinitionKind::kAnnAssign ||
                       kind == DefinitionKind::kFor || kind == DefinitionKind::kWith ||
                       kind == DefinitionKind::kNamedExpr || kind == DefinitionKind::kAugAssign ||
                       kind == DefinitionKind::kAnnotation || kind == DefinitionKind::kPattern;
    if (!is_variable) continue;
    auto annotated = context.ast.tryAs<syntax::AnnAssign>(definition.owner);
    if (annotated && typingName(context, annotated->annotation()) == "TypeAlias") continue;
    const Symbol& symbol = context.model[definition.symbol];
    if (context.model[symbol.scope].kind != ScopeKind::kFunction || (symbol.flags & semantic::kDefGlobal)) continue;
    std::string_view name = syntax::nameText(context.ast, definition.node);
    if (isLowerName(name) || makesType(context, definition) || isIgnoredName(context, name)) continue;
    context.sink.begin("N806"_rule, context.ast.range(definition.node), {name});
  }
}

}  // namespace krait::lint
