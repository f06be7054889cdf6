// PD002 to PD101: pandas written in ways that its users advise against. ref: pandas-vet
#include <algorithm>
#include <string>

#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

using syntax::CompareOperator;

enum class Origin : uint8_t { kOther, kValue, kPandas };

// May the expression hold a frame or a series: a value made here, a parameter, or pandas itself?
static Origin originOf(const LintContext& context, NodeId expr) {
  const Ast& ast = context.ast;
  if (!ast.is(expr, NodeKind::kName)) {
    switch (ast.kind(expr)) {
      case NodeKind::kConstant: case NodeKind::kTuple: case NodeKind::kList: case NodeKind::kSet: case NodeKind::kDict:
      case NodeKind::kListComp: case NodeKind::kSetComp: case NodeKind::kDictComp: case NodeKind::kGeneratorExp: return Origin::kOther;
      default: return Origin::kValue;
    }
  }
  const NameFlow& flow = context.tokens.nameFlow(context);
  uint32_t at = expr.value < flow.resolved.size() ? flow.resolved[expr.value] : kNoBinding;
  if (at == kNoBinding) return Origin::kOther;
  switch (flow.bindings[at].kind) {
    case BindKind::kParameter: {
      std::string_view name = syntax::nameText(ast, expr);
      return name == "self" || name == "cls" ? Origin::kOther : Origin::kValue;
    }
    case BindKind::kAnnotation: case BindKind::kAssignment: case BindKind::kNamedExpr: case BindKind::kLoopVar:
    case BindKind::kGlobal: case BindKind::kNonlocal: return Origin::kValue;
    case BindKind::kImport: return qualifiedName(context, expr) == "pandas" ? Origin::kPandas : Origin::kOther;
    default: return Origin::kOther;
  }
}

static bool importsPandas(const LintContext& context) {
  const Ast& ast = context.ast;
  const NameFlow& flow = context.tokens.nameFlow(context);
  return std::any_of(flow.bindings.begin(), flow.bindings.end(), [&](const FlowBinding& binding) {
    if (!isImportKind(binding.kind)) return false;
    if (auto from = ast.tryAs<syntax::ImportFrom>(binding.statement)) {
      std::string_view module = from->module().valid() ? syntax::nameText(ast, from->module()) : std::string_view();
      return module == "pandas" || module.starts_with("pandas.");
    }
    NodeId alias = ast.parent(binding.node);
    std::string_view name = ast.is(alias, NodeKind::kAlias) ? syntax::nameText(ast, ast.as<syntax::Alias>(alias).name()) : std::string_view();
    return name == "pandas" || name.starts_with("pandas.");
  });
}

static void checkInplace(LintContext& context, syntax::Call call, syntax::Attribute method) {
  const Ast& ast = context.ast;
  static constexpr std::string_view kMethods[] = {
      "backfill", "bfill", "clip", "drop", "drop_duplicates", "dropna", "eval", "ffill", "fillna", "interpolate", "mask", "pad", "query", "rename",
      "rename_axis", "rename_categories", "reorder_categories", "add_categories", "remove_categories", "remove_unused_categories", "set_categories",
      "as_ordered", "as_unordered", "replace", "reset_index", "set_axis", "set_index", "set_names", "sort_index", "sort_values", "where"};
  if (std::find(std::begin(kMethods), std::end(kMethods), syntax::nameText(ast, method.attr())) == std::end(kMethods)) return;
  std::string name = qualifiedName(context, call.func());
  if (!name.empty() && !name.starts_with("pandas.")) return;
  NodeId inplace = keywordNodeOf(ast, call.id, "inplace");
  if (!inplace.valid() || !isConstant(ast, ast.as<syntax::Keyword>(inplace).value(), syntax::ConstantKind::kTrue)) return;
  bool is_overridden = false, is_after = false;
  for (NodeId arg : call.args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    is_overridden |= is_after && keyword && !keyword->arg().valid();
    is_after |= arg == inplace;
  }
  auto finding = context.sink.begin("PD002"_rule, ast.range(inplace));
  NodeKind owner = ast.kind(method.value());
  bool is_target = owner == NodeKind::kName || owner == NodeKind::kAttribute || owner == NodeKind::kSubscript;
  if (is_overridden || !is_target || !ast.is(ast.parent(call.id), NodeKind::kExprStmt)) return;
  uint32_t begin = parenthesizedRange(context, call.id).begin;
  finding.fix("Assign to variable; remove `inplace` arg", {{{begin, begin}, std::string(ast.text(method.value())) + " = "}, removeArgument(context, call.id, inplace)},
              FixSafety::kUnsafe);
}

void checkPandasCalls(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  auto method = ast.tryAs<syntax::Attribute>(call.func());
  if (!method) return;
  std::string_view name = syntax::nameText(ast, method->attr());
  bool is_merge = name == "merge" && ast.is(method->value(), NodeKind::kName) && syntax::nameText(ast, method->value()) == "pd";
  bool has_inplace = keywordNodeOf(ast, node, "inplace").valid();
  if (!is_merge && !has_inplace && !isOneOf(std::string(name), {"isnull", "notnull", "pivot", "unstack", "stack", "read_table"})) return;
  if (!importsPandas(context)) return;
  if (has_inplace) checkInplace(context, call, *method);
  TextRange range = ast.range(call.func());
  if (is_merge) context.sink.begin("PD015"_rule, range);
  if (name == "read_table") {
    if (qualifiedName(context, call.func()) == "pandas.read_table" && syntax::stringValue(ast, keywordOf(ast, node, "sep")) == ",") context.sink.begin("PD012"_rule, range);
    return;
  }
  if (originOf(context, method->value()) == Origin::kOther) return;
  if (name == "isnull") context.sink.begin("PD003"_rule, range);
  if (name == "notnull") context.sink.begin("PD004"_rule, range);
  if (name == "pivot" || name == "unstack") context.sink.begin("PD010"_rule, range);
  if (name == "stack") context.sink.begin("PD013"_rule, range);
}

void checkPandasSubscripts(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto attribute = ast.tryAs<syntax::Attribute>(ast.as<syntax::Subscript>(node).value());
  if (!attribute) return;
  std::string_view name = syntax::nameText(ast, attribute->attr());
  if ((name != "ix" && name != "at" && name != "iat") || !importsPandas(context) || originOf(context, attribute->value()) != Origin::kValue) return;
  context.sink.begin(name == "ix" ? "PD007"_rule : name == "at" ? "PD008"_rule : "PD009"_rule, ast.range(node));
}

void checkPandasValues(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto attribute = ast.as<syntax::Attribute>(node);
  if (syntax::nameText(ast, attribute.attr()) != "values" || attribute.context() != syntax::ExprContext::kLoad || !importsPandas(context)) return;
  auto call = ast.tryAs<syntax::Call>(ast.parent(node));
  bool is_called = call && call->func() == node;
  if (!is_called && originOf(context, attribute.value()) == Origin::kValue) context.sink.begin("PD011"_rule, ast.range(node));
}

void checkPandasNunique(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto compare = ast.as<syntax::Compare>(node);
  auto call = ast.tryAs<syntax::Call>(compare.left());
  auto method = call && compare.comparators().size() == 1 ? ast.tryAs<syntax::Attribute>(call->func()) : std::nullopt;
  if (!method || syntax::nameText(ast, method->attr()) != "nunique" || !importsPandas(context)) return;
  auto op = static_cast<CompareOperator>(compare.ops()[0].value);
  bool is_asking = op == CompareOperator::kEq || op == CompareOperator::kNotEq || op == CompareOperator::kLtE || op == CompareOperator::kGt;
  bool is_one = isConstant(ast, compare.comparators()[0], syntax::ConstantKind::kInt) && intValue(ast, compare.comparators()[0]) == 1;
  if (is_asking && is_one && originOf(context, method->value()) == Origin::kValue) context.sink.begin("PD101"_rule, ast.range(node));
}

}  // namespace krait::lint
