// F841: a local variable that is assigned and never read. ref: pyflakes UnusedVariable
#include <algorithm>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

// The name as one that says it is not used.
static std::optional<FixEdit> marked(const LintContext& context, TextRange name) {
  std::string renamed = "_" + std::string(context.ast.text(name));
  return isDummy(context, renamed) ? std::optional(FixEdit{name, renamed}) : std::nullopt;
}

// Takes the binding away and leaves what evaluating the value does.
static std::optional<FixEdit> withoutBinding(const LintContext& context, const FlowBinding& definition) {
  const Ast& ast = context.ast;
  TextRange name = ast.range(definition.node);
  if (definition.kind == BindKind::kException) {
    auto handler = ast.as<syntax::ExceptHandler>(ast.parent(definition.node));
    size_t colon = ast.text().find_first_not_of(" \t\f", name.end);
    return FixEdit{{parenthesizedRange(ast, handler.type()).end, static_cast<uint32_t>(colon)}, ""};
  }
  if (definition.kind == BindKind::kWithItem) {
    auto item = ast.tryAs<syntax::WithItem>(ast.parent(definition.node));
    if (!item) return std::nullopt;
    return FixEdit{{parenthesizedRange(ast, item->contextExpr()).end, parenthesizedRange(ast, definition.node).end}, ""};
  }
  // What an assignment binds on its way to the value keeps its place.
  if (definition.kind == BindKind::kNamedExpr && ast.is(definition.statement, NodeKind::kAssign)) return marked(context, name);
  if (definition.kind != BindKind::kAssignment) return std::nullopt;
  NodeId statement = ast.parent(definition.node);
  if (ast.is(statement, NodeKind::kStarred)) statement = ast.parent(statement);
  // One of a pair of displays keeps its place.
  if (ast.is(statement, NodeKind::kTuple) || ast.is(statement, NodeKind::kList)) return marked(context, name);
  if (auto assign = ast.tryAs<syntax::Assign>(statement)) {
    size_t at = 0;
    while (at < assign->targets().size() && assign->targets()[at] != definition.node) ++at;
    if (at == assign->targets().size()) return std::nullopt;
    bool is_last = at + 1 == assign->targets().size();
    NodeId next = is_last ? assign->value() : assign->targets()[at + 1];
    if (assign->targets().size() == 1 && !hasEffect(context, assign->value())) return deleteStatement(context, statement);
    return FixEdit{{parenthesizedRange(ast, definition.node).begin, parenthesizedRange(ast, next).begin}, ""};
  }
  if (auto annotated = ast.tryAs<syntax::AnnAssign>(statement); annotated && annotated->value().valid()) {
    if (!hasEffect(context, annotated->value())) return deleteStatement(context, statement);
    return FixEdit{{ast.range(statement).begin, parenthesizedRange(ast, annotated->value()).begin}, ""};
  }
  return std::nullopt;
}

static void report(LintContext& context, const FlowBinding& binding) {
  std::string_view name = context.model.nameOf(binding.symbol);
  auto finding = context.sink.begin("F841"_rule, context.ast.range(binding.node), {name});
  if (auto edit = withoutBinding(context, binding)) {
    finding.fix("Remove assignment to unused variable `" + std::string(name) + "`", {*edit}, FixSafety::kUnsafe);
  }
}

// Is the scope a lambda's? Those inside of classes do not count.
static bool isLambda(const LintContext& context, ScopeId scope) {
  if (context.model[scope].kind != ScopeKind::kLambda) return false;
  for (ScopeId at = scope; at.valid(); at = context.model[at].parent) {
    if (context.model[at].kind == ScopeKind::kClass) return false;
  }
  return true;
}

void checkUnusedVariables(LintContext& context) {
  const NameFlow& flow = context.tokens.nameFlow(context);
  for (uint32_t id : flow.unused_exceptions) report(context, flow.bindings[id]);
  for (uint32_t latest : flow.latest) {
    if (latest == kNoBinding) continue;
    const FlowBinding& binding = flow.bindings[latest];
    bool is_variable = binding.kind == BindKind::kAssignment || binding.kind == BindKind::kNamedExpr || binding.kind == BindKind::kWithItem;
    if (!is_variable || binding.is_unpacked || binding.isUsed() || binding.is_global || binding.is_nonlocal) continue;
    bool is_function = context.model[binding.scope].kind == ScopeKind::kFunction && !flow.uses_locals[binding.scope.value];
    if (!is_function && !isLambda(context, binding.scope)) continue;
    std::string_view name = context.model.nameOf(binding.symbol);
    bool is_meant = isDummy(context, name) || name == "__tracebackhide__" || name == "__traceback_info__" ||
                    name == "__traceback_supplement__" || name == "__debuggerskip__";
    if (!is_meant) report(context, binding);
  }
}

}  // namespace krait::lint
