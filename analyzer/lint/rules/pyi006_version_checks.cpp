// PYI002 to PYI008, PYI066: tests of Python's version and platform that type checkers read. ref: flake8-pyi, typing
// specification "Version and platform checking"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::CompareOperator;

static std::optional<int64_t> intOf(const Ast& ast, NodeId node) {
  auto constant = ast.tryAs<syntax::Constant>(node);
  if (!constant || constant->constantKind() != syntax::ConstantKind::kInt) return std::nullopt;
  return ast.integer(constant->payload()).value;
}

static void checkTuple(LintContext& context, NodeId node, NodeId comparator, CompareOperator op, uint32_t length) {
  const Ast& ast = context.ast;
  auto tuple = ast.tryAs<syntax::Tuple>(comparator);
  bool is_fine = tuple && !tuple->elts().empty();
  for (size_t i = 0; is_fine && i < tuple->elts().size(); ++i) is_fine = intOf(ast, tuple->elts()[i]).has_value();
  if (!is_fine) {
    if (context.is_stub) context.sink.begin("PYI003"_rule, ast.range(node));
    return;
  }
  if (!context.is_stub) return;
  if (tuple->elts().size() > 2) {
    context.sink.begin("PYI004"_rule, ast.range(node));
  } else if (length == 0 && tuple->elts().size() == 1 && (op == CompareOperator::kEq || op == CompareOperator::kNotEq)) {
    context.sink.begin("PYI005"_rule, ast.range(node), {"2"});
  } else if (length != 0 && tuple->elts().size() != length) {
    context.sink.begin("PYI005"_rule, ast.range(node), {std::to_string(length)});
  }
}

static void checkVersion(LintContext& context, NodeId node, NodeId left, CompareOperator op, NodeId comparator) {
  const Ast& ast = context.ast;
  auto subscript = ast.tryAs<syntax::Subscript>(left);
  if (!subscript) {
    bool is_ordered = op == CompareOperator::kLt || op == CompareOperator::kGtE;
    bool is_compared = op != CompareOperator::kIs && op != CompareOperator::kIsNot && op != CompareOperator::kIn && op != CompareOperator::kNotIn;
    if (is_compared && !is_ordered && (context.is_stub || op == CompareOperator::kGt || op == CompareOperator::kLtE || op == CompareOperator::kEq || op == CompareOperator::kNotEq)) {
      context.sink.begin("PYI006"_rule, ast.range(node));
    }
    checkTuple(context, node, comparator, op, 0);
    return;
  }
  if (!context.is_stub) return;
  if (std::optional<int64_t> index = intOf(ast, subscript->slice())) {
    bool is_known = *index == 0 && intOf(ast, comparator) && (op == CompareOperator::kEq || op == CompareOperator::kNotEq);
    if (!is_known) context.sink.begin("PYI003"_rule, ast.range(node));
    return;
  }
  auto slice = ast.tryAs<syntax::Slice>(subscript->slice());
  std::optional<int64_t> upper = slice && slice->upper().valid() ? intOf(ast, slice->upper()) : std::nullopt;
  if (!slice || slice->lower().valid() || slice->step().valid() || !upper || (*upper != 1 && *upper != 2)) {
    context.sink.begin("PYI003"_rule, ast.range(node));
    return;
  }
  checkTuple(context, node, comparator, op, static_cast<uint32_t>(*upper));
}

static void checkPlatform(LintContext& context, NodeId node, CompareOperator op, NodeId comparator) {
  const Ast& ast = context.ast;
  if (!context.is_stub) return;
  std::optional<std::string_view> text = syntax::stringValue(ast, comparator);
  if ((op != CompareOperator::kEq && op != CompareOperator::kNotEq) || !text) {
    context.sink.begin("PYI007"_rule, ast.range(node));
  } else if (!isOneOf(*text, {"linux", "win32", "cygwin", "darwin"})) {
    context.sink.begin("PYI008"_rule, ast.range(comparator), {*text});
  }
}

// One part of the condition of an `if`.
static void checkCondition(LintContext& context, NodeId test) {
  const Ast& ast = context.ast;
  auto compare = ast.tryAs<syntax::Compare>(test);
  if (!compare || compare->comparators().size() != 1) {
    if (context.is_stub && !qualifiedName(context, test).ends_with(".TYPE_CHECKING")) context.sink.begin("PYI002"_rule, ast.range(test));
    return;
  }
  auto op = static_cast<CompareOperator>(compare->ops()[0].value);
  NodeId base = compare->left();
  if (auto subscript = ast.tryAs<syntax::Subscript>(base)) base = subscript->value();
  std::string name = qualifiedName(context, base);
  if (name == "sys.version_info") {
    checkVersion(context, test, compare->left(), op, compare->comparators()[0]);
  } else if (name == "sys.platform") {
    checkPlatform(context, test, op, compare->comparators()[0]);
  } else if (context.is_stub) {
    context.sink.begin("PYI002"_rule, ast.range(test));
  }
}

void checkVersionTests(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId test = ast.as<syntax::If>(node).test();
  auto both = ast.tryAs<syntax::BoolOp>(test);
  if (both) {
    for (NodeId value : both->values()) checkCondition(context, value);
  } else {
    checkCondition(context, test);
  }
  if ((!context.is_stub && !context.options.preview) || ast.as<syntax::If>(node).orelse().empty()) return;
  auto compare = ast.tryAs<syntax::Compare>(test);
  bool is_version = compare && compare->comparators().size() == 1 && qualifiedName(context, compare->left()) == "sys.version_info";
  if (is_version && static_cast<CompareOperator>(compare->ops()[0].value) == CompareOperator::kLt) {
    context.sink.begin("PYI066"_rule, ast.range(test));
  }
}

}  // namespace krait::lint
