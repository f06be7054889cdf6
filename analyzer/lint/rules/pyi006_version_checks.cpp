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

static bool isEquality(CompareOperator op) { return op == CompareOperator::kEq || op == CompareOperator::kNotEq; }

static bool isIntTuple(const Ast& ast, NodeId expr) {
  auto tuple = ast.tryAs<syntax::Tuple>(expr);
  for (size_t i = 0; tuple && i < tuple->elts().size(); ++i) {
    if (!isConstant(ast, tuple->elts()[i], syntax::ConstantKind::kInt)) return false;
  }
  return tuple.has_value();
}

// How long the tuple must be that the left side is compared with: 0 for any length. None where stubs compare it with
// something else, or not at all.
static std::optional<uint32_t> tupleLength(const Ast& ast, NodeId left) {
  auto subscript = ast.tryAs<syntax::Subscript>(left);
  if (!subscript) return 0;
  auto slice = ast.tryAs<syntax::Slice>(subscript->slice());
  if (!slice || slice->lower().valid() || slice->step().valid() || !slice->upper().valid()) return std::nullopt;
  std::optional<int64_t> upper = intOf(ast, slice->upper());
  if (!upper || (*upper != 1 && *upper != 2)) return std::nullopt;
  return static_cast<uint32_t>(*upper);
}

static void checkVersion(LintContext& context, NodeId node, NodeId left, CompareOperator op, NodeId comparator) {
  const Ast& ast = context.ast;
  auto subscript = ast.tryAs<syntax::Subscript>(left);
  bool is_major = subscript && intOf(ast, subscript->slice()) == 0;
  std::optional<uint32_t> length = tupleLength(ast, left);
  if (is_major || !length || !ast.is(comparator, NodeKind::kTuple)) {
    bool is_known = is_major && isConstant(ast, comparator, syntax::ConstantKind::kInt);
    if (!is_known) context.sink.begin("PYI003"_rule, ast.range(node));
    return;
  }
  size_t size = ast.as<syntax::Tuple>(comparator).elts().size();
  if (!isIntTuple(ast, comparator)) {
    context.sink.begin("PYI003"_rule, ast.range(node));
  } else if (size > 2) {
    context.sink.begin("PYI004"_rule, ast.range(node));
  }
  if (isEquality(op) && *length != 0 && size != *length) context.sink.begin("PYI005"_rule, ast.range(node), {std::to_string(*length)});
}

static void checkPlatform(LintContext& context, NodeId node, CompareOperator op, NodeId comparator) {
  const Ast& ast = context.ast;
  std::optional<std::string_view> text = syntax::stringValue(ast, comparator);
  if (!isEquality(op) || !text) {
    context.sink.begin("PYI007"_rule, ast.range(node));
  } else if (!isOneOf(*text, {"linux", "win32", "cygwin", "darwin"})) {
    context.sink.begin("PYI008"_rule, ast.range(comparator), {*text});
  }
}

// One part of the condition of an `if` in a stub.
static void checkStubCondition(LintContext& context, NodeId test) {
  const Ast& ast = context.ast;
  auto compare = ast.tryAs<syntax::Compare>(test);
  if (!compare || compare->comparators().size() != 1) {
    context.sink.begin("PYI002"_rule, ast.range(test));
    return;
  }
  auto op = static_cast<CompareOperator>(compare->ops()[0].value);
  auto subscript = ast.tryAs<syntax::Subscript>(compare->left());
  std::string name = qualifiedName(context, subscript ? subscript->value() : compare->left());
  if (name == "sys.version_info") {
    checkVersion(context, test, compare->left(), op, compare->comparators()[0]);
  } else if (name == "sys.platform" && !subscript) {
    checkPlatform(context, test, op, compare->comparators()[0]);
  } else if (!subscript) {
    context.sink.begin("PYI002"_rule, ast.range(test));
  }
}

// PYI006 and PYI066 for one part of a condition; an `else` stands at the end of its chain or not.
static void checkVersionOrder(LintContext& context, NodeId test, bool has_else) {
  const Ast& ast = context.ast;
  auto compare = ast.tryAs<syntax::Compare>(test);
  if (!compare || compare->comparators().size() != 1 || qualifiedName(context, compare->left()) != "sys.version_info") return;
  auto op = static_cast<CompareOperator>(compare->ops()[0].value);
  if (op == CompareOperator::kLt) {
    if (has_else && (context.is_stub || context.options.preview)) context.sink.begin("PYI066"_rule, ast.range(test));
  } else if (op != CompareOperator::kGtE) {
    context.sink.begin("PYI006"_rule, ast.range(test));
  }
}

static bool endsInElse(const Ast& ast, NodeId node) {
  for (auto statement = ast.as<syntax::If>(node);;) {
    if (statement.orelse().empty()) return false;
    auto next = ast.tryAs<syntax::If>(statement.orelse()[0]);
    if (!next || !next->isElif()) return true;
    statement = *next;
  }
}

void checkVersionTests(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::If>(node);
  bool has_else = endsInElse(ast, node);
  auto check = [&](NodeId test) {
    if (context.is_stub && !statement.isElif()) checkStubCondition(context, test);
    checkVersionOrder(context, test, has_else);
  };
  auto both = ast.tryAs<syntax::BoolOp>(statement.test());
  if (!both) return check(statement.test());
  for (NodeId value : both->values()) check(value);
}

}  // namespace krait::lint
