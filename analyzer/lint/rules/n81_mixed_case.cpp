// N815, N816: mixedCase names of class attributes and globals. ref: pep8-naming N815, N816
#include "analyzer/base/unicode/character.h"
#include "analyzer/base/unicode/utf8.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/class_bases.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// One leading underscore is private; then a lowercase letter, and an uppercase one anywhere.
static bool isMixedCase(std::string_view name) {
  if (name.starts_with("_")) name.remove_prefix(1);
  size_t at = 0;
  if (name.empty() || !unicode::isLower(unicode::decodeUtf8(name, at))) return false;
  while (at < name.size()) {
    if (unicode::isUpper(unicode::decodeUtf8(name, at))) return true;
  }
  return false;
}

static bool isNamedPlace(DefinitionKind kind) {
  switch (kind) {
    case DefinitionKind::kAssign:
    case DefinitionKind::kAnnAssign:
    case DefinitionKind::kAnnotation:
    case DefinitionKind::kAugAssign:
    case DefinitionKind::kFor:
    case DefinitionKind::kWith:
    case DefinitionKind::kNamedExpr:
    case DefinitionKind::kPattern:
    case DefinitionKind::kTypeAlias: return true;
    default: return false;
  }
}

static bool isNamedTuple(const LintContext& context, const Definition& definition) {
  auto assign = context.ast.tryAs<syntax::Assign>(definition.owner);
  auto call = assign ? context.ast.tryAs<syntax::Call>(assign->value()) : std::nullopt;
  return call && isOneOf(qualifiedName(context, call->func()), {"collections.namedtuple", "typing.NamedTuple"});
}

void checkMixedCase(LintContext& context) {
  const SemanticModel& model = context.model;
  for (const Definition& definition : model.allDefinitions()) {
    if (!isNamedPlace(definition.kind)) continue;
    const Scope& scope = model[model[definition.symbol].scope];
    if (scope.kind != ScopeKind::kModule && scope.kind != ScopeKind::kClass) continue;
    std::string_view name = syntax::nameText(context.ast, definition.node);
    if (!isMixedCase(name) || isIgnoredName(context, name) || isNamedTuple(context, definition)) continue;
    if (scope.kind == ScopeKind::kClass) {
      if (hasBase(context, scope.node, {"typing.TypedDict", "typing_extensions.TypedDict"})) continue;
      context.sink.begin("N815"_rule, context.ast.range(definition.node), {name});
    } else {
      context.sink.begin("N816"_rule, context.ast.range(definition.node), {name});
    }
  }
}

}  // namespace krait::lint
