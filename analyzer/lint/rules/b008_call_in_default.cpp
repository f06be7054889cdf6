// B008: a call in a default value. ref: flake8-bugbear B008
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool makesImmutable(const LintContext& context, NodeId func) {
  if (isListed(context, "flake8-bugbear.extend-immutable-calls", qualifiedName(context, func))) return true;
  return isOneOf(qualifiedName(context, func),
                 {"builtins.bool", "builtins.bytes", "builtins.complex", "builtins.float", "builtins.frozenset",
                  "builtins.int", "builtins.str", "builtins.tuple", "datetime.date", "datetime.datetime",
                  "datetime.timedelta", "decimal.Decimal", "fractions.Fraction", "operator.attrgetter",
                  "operator.itemgetter", "operator.methodcaller", "pathlib.Path", "types.MappingProxyType",
                  "re.compile", "builtins.dict", "builtins.list", "builtins.set", "collections.Counter",
                  "collections.OrderedDict", "collections.defaultdict", "collections.deque"});
}

static void checkDefault(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (ast.is(node, NodeKind::kLambda)) return;
  if (auto call = ast.tryAs<syntax::Call>(node)) {
    bool is_range = isBuiltin(context, call->func(), "range");
    if (!makesImmutable(context, call->func()) && !is_range) {
      context.sink.begin(Rule::kB008, ast.range(node), {ast.text(call->func())});
    }
  }
  syntax::forEachChild(ast, node, [&](NodeId child) { checkDefault(context, child); });
}

void checkCallsInDefaults(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId id : ast.as<syntax::Parameters>(ast.as<syntax::FunctionDef>(node).params()).params()) {
    NodeId value = ast.as<syntax::Parameter>(id).defaultValue();
    if (value.valid()) checkDefault(context, value);
  }
}

}  // namespace krait::lint
