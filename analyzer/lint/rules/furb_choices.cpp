// FURB132, 136, 167, 168, 169, 177, 187, 188, PLR1730: conditions and assignments that one call or operator replaces.
// ref: refurb, pylint
#include <string>
#include <vector>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::CompareOperator;

static std::string textOf(const Ast& ast, NodeId node) { return std::string(ast.text(node)); }

void checkRemoveFromSet(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::If>(node);
  auto compare = ast.tryAs<syntax::Compare>(statement.test());
  if (!compare || compare->comparators().size() != 1 || statement.body().size() != 1 || !statement.orelse().empty() || statement.isElif()) return;
  if (static_cast<CompareOperator>(compare->ops()[0].value) != CompareOperator::kIn) return;
  auto expr = ast.tryAs<syntax::ExprStmt>(statement.body()[0]);
  auto call = expr ? ast.tryAs<syntax::Call>(expr->value()) : std::nullopt;
  auto method = call && call->args().size() == 1 ? ast.tryAs<syntax::Attribute>(call->func()) : std::nullopt;
  if (!method || syntax::nameText(ast, method->attr()) != "remove" || !ast.is(method->value(), NodeKind::kName)) return;
  NodeId set = compare->comparators()[0];
  if (!isSameExpr(ast, set, method->value()) || !isSameExpr(ast, compare->left(), call->args()[0])) return;
  if (hasEffect(context, compare->left()) || !isKnownAs(context, set, Container::kSet)) return;
  std::string text = textOf(ast, set) + ".discard(" + textOf(ast, compare->left()) + ")";
  context.sink.begin("FURB132"_rule, ast.range(node), {text})
      .fix("Replace with `" + text + "`", {{ast.range(node), text}}, hasComment(ast, ast.range(node)) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

void checkIfExpMinMax(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto choice = ast.as<syntax::IfExp>(node);
  auto compare = ast.tryAs<syntax::Compare>(choice.test());
  if (!compare || compare->comparators().size() != 1) return;
  auto op = static_cast<CompareOperator>(compare->ops()[0].value);
  bool is_less = op == CompareOperator::kLt || op == CompareOperator::kLtE;
  bool is_greater = op == CompareOperator::kGt || op == CompareOperator::kGtE;
  bool is_strict = op == CompareOperator::kLt || op == CompareOperator::kGt;
  if (!is_less && !is_greater) return;
  NodeId left = compare->left(), right = compare->comparators()[0];
  bool is_straight = isSameExpr(ast, choice.body(), left) && isSameExpr(ast, choice.orelse(), right);
  bool is_crossed = isSameExpr(ast, choice.body(), right) && isSameExpr(ast, choice.orelse(), left);
  if (!is_straight && !is_crossed) return;
  bool is_min = is_straight == is_less;
  // min and max give the first of equal arguments: the order keeps which one that is.
  NodeId first = is_strict == is_straight ? right : left, second = is_strict == is_straight ? left : right;
  std::string text = std::string(is_min ? "min" : "max") + "(" + generatedOperand(ast, first, Operand::kArgument) + ", " + generatedOperand(ast, second, Operand::kArgument) + ")";
  auto finding = context.sink.begin("FURB136"_rule, ast.range(node), {shownText(ast, node), text});
  if (!isBuiltinAvailable(context, node, is_min ? "min" : "max")) return;
  finding.fix("Replace with `" + text + "`", {{ast.range(node), text}},
              hasComment(ast, ast.range(node)) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

void checkIfMinMax(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::If>(node);
  if (statement.isElif() || statement.body().size() != 1 || !statement.orelse().empty()) return;
  auto assign = ast.tryAs<syntax::Assign>(statement.body()[0]);
  auto compare = ast.tryAs<syntax::Compare>(statement.test());
  if (!assign || assign->targets().size() != 1 || !compare || compare->comparators().size() != 1) return;
  auto op = static_cast<CompareOperator>(compare->ops()[0].value);
  bool is_less = op == CompareOperator::kLt || op == CompareOperator::kLtE;
  bool is_greater = op == CompareOperator::kGt || op == CompareOperator::kGtE;
  bool is_strict = op == CompareOperator::kLt || op == CompareOperator::kGt;
  if (!is_less && !is_greater) return;
  NodeId target = assign->targets()[0], left = compare->left(), right = compare->comparators()[0];
  if (!ast.is(target, NodeKind::kName) && !ast.is(target, NodeKind::kAttribute) && !ast.is(target, NodeKind::kSubscript)) return;
  bool is_straight = isSameExpr(ast, target, left) && isSameExpr(ast, assign->value(), right);
  bool is_crossed = isSameExpr(ast, target, right) && isSameExpr(ast, assign->value(), left);
  if (!is_straight && !is_crossed) return;
  bool is_min = is_straight ? is_greater : is_less;
  // As the test writes them: a tuple has its parentheses there.
  NodeId old_value = is_straight ? left : right, new_value = is_straight ? right : left;
  std::string first = textOf(ast, is_strict ? old_value : new_value), second = textOf(ast, is_strict ? new_value : old_value);
  std::string text = textOf(ast, target) + " = " + (is_min ? "min" : "max") + "(" + first + ", " + second + ")";
  bool is_short = text.find('\n') == std::string::npos && text.size() <= 50;
  std::string shown = is_short ? "`" + text + "`" : std::string(is_min ? "`min` call" : "`max` call");
  auto finding = context.sink.begin("PLR1730"_rule, ast.range(node), {shown});
  finding.fix("Replace with " + shown, {{ast.range(node), text}},
              hasComment(ast, ast.range(node)) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

static std::string_view regexFlag(std::string_view alias) {
  if (alias.size() != 1) return {};
  switch (alias[0]) {
    case 'A': return "ASCII";
    case 'I': return "IGNORECASE";
    case 'L': return "LOCALE";
    case 'M': return "MULTILINE";
    case 'S': return "DOTALL";
    case 'T': return "TEMPLATE";
    case 'U': return "UNICODE";
    case 'X': return "VERBOSE";
    default: return {};
  }
}

void checkRegexAlias(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::string_view last = lastName(ast, node);
  auto name = ast.tryAs<syntax::Name>(node);
  if (last.size() != 1 && !name) return;
  if (name && name->context() != syntax::ExprContext::kLoad) return;
  if (name) {
    SymbolId owner = context.model.ownerAt(node);
    if (!owner.valid() || context.model.definitions(owner).empty()) return;
    if (context.model.definitions(owner).back().kind != DefinitionKind::kImportFrom) return;
  }
  std::string full = qualifiedName(context, node);
  if (!full.starts_with("re.")) return;
  std::string_view alias = std::string_view(full).substr(3);
  std::string flag(regexFlag(alias));
  if (flag.empty()) return;
  auto finding = context.sink.begin("FURB167"_rule, ast.range(node), {alias});
  auto imported = importName(context, "re", flag, node, true);
  if (!imported) return;
  std::vector<FixEdit> edits;
  if (imported->edit) edits.push_back(*imported->edit);
  edits.push_back({ast.range(node), imported->text});
  finding.fix("Replace with `re." + flag + "`", std::move(edits));
}

// `type(None)`.
static bool isTypeOfNone(const LintContext& context, NodeId expr) {
  auto call = context.ast.tryAs<syntax::Call>(expr);
  return call && call->args().size() == 1 && isNone(context.ast, call->args()[0]) && isBuiltin(context, call->func(), "type");
}

static bool isOnlyNone(const LintContext& context, NodeId types) {
  const Ast& ast = context.ast;
  if (isTypeOfNone(context, types)) return true;
  if (auto tuple = ast.tryAs<syntax::Tuple>(types)) {
    bool has_type = false;
    for (NodeId element : tuple->elts()) {
      if (!isOnlyNone(context, element)) return false;
      has_type = true;
    }
    return has_type;
  }
  auto either = ast.tryAs<syntax::BinOp>(types);
  if (!either || either->op() != syntax::BinaryOp::kBitOr) return false;
  bool left = isNone(ast, either->left()) || isOnlyNone(context, either->left());
  bool right = isNone(ast, either->right()) || isOnlyNone(context, either->right());
  return left && right && !(isNone(ast, either->left()) && isNone(ast, either->right()));
}

// Is the expression a part of another one, in a statement of any kind?
static bool isInExpression(const Ast& ast, NodeId node) {
  for (NodeId at = ast.parent(node); at.valid() && syntax::categoryOf(ast.kind(at)) != syntax::NodeCategory::kStmt; at = ast.parent(at)) {
    if (syntax::isExpression(ast, at)) return true;
  }
  return false;
}

void checkIsinstanceNone(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (call.args().size() != 2 || !isBuiltin(context, call.func(), "isinstance")) return;
  if (ast.is(call.args()[0], NodeKind::kKeyword) || ast.is(call.args()[1], NodeKind::kKeyword)) return;
  if (!isOnlyNone(context, call.args()[1])) return;
  NodeId value = call.args()[0];
  std::string text = textOf(ast, value);
  if (needsParentheses(ast, value)) text = "(" + text + ")";
  text += " is None";
  if (isInExpression(ast, node)) text = "(" + text + ")";
  context.sink.begin("FURB168"_rule, ast.range(node))
      .fix("Replace with `is` operator", {{ast.range(node), text}}, hasComment(ast, ast.range(node)) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

void checkTypeNoneCompare(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto compare = ast.as<syntax::Compare>(node);
  if (compare.comparators().size() != 1) return;
  auto op = static_cast<CompareOperator>(compare.ops()[0].value);
  bool is_equal = op == CompareOperator::kEq || op == CompareOperator::kIs;
  if (!is_equal && op != CompareOperator::kNotEq && op != CompareOperator::kIsNot) return;
  auto typeArgument = [&](NodeId expr) {
    auto call = ast.tryAs<syntax::Call>(expr);
    bool is_type = call && call->args().size() == 1 && !ast.is(call->args()[0], NodeKind::kKeyword) && isBuiltin(context, call->func(), "type");
    return is_type ? call->args()[0] : NodeId::none();
  };
  NodeId left = typeArgument(compare.left()), right = typeArgument(compare.comparators()[0]);
  if (!left.valid() || !right.valid() || (!isNone(ast, left) && !isNone(ast, right))) return;
  NodeId other = isNone(ast, right) ? left : right;
  std::string text = textOf(ast, other);
  if (needsParentheses(ast, other)) text = "(" + text + ")";
  std::string what = is_equal ? "is" : "is not";
  text += " " + what + " None";
  if (isInExpression(ast, node)) text = "(" + text + ")";
  context.sink.begin("FURB169"_rule, ast.range(node), {what})
      .fix("Replace with `" + what + " None`", {{ast.range(node), text}},
           hasComment(ast, ast.range(node)) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

void checkImplicitCwd(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  auto method = call.args().empty() ? ast.tryAs<syntax::Attribute>(call.func()) : std::nullopt;
  if (!method || syntax::nameText(ast, method->attr()) != "resolve") return;
  auto made = ast.tryAs<syntax::Call>(method->value());
  if (!made || made->args().size() > 1 || qualifiedName(context, made->func()) != "pathlib.Path") return;
  if (made->args().size() == 1) {
    auto text = syntax::stringValue(ast, made->args()[0]);
    if (!text || (*text != "" && *text != ".")) return;
  }
  std::string shown = "Path().resolve()";
  auto finding = context.sink.begin("FURB177"_rule, ast.range(node), {shown});
  auto imported = importName(context, "pathlib", "Path", node, true);
  if (!imported) return;
  std::vector<FixEdit> edits;
  if (imported->edit) edits.push_back(*imported->edit);
  edits.push_back({ast.range(node), imported->text + ".cwd()"});
  finding.fix("Replace `" + shown + "` with `Path.cwd()`", std::move(edits), FixSafety::kUnsafe);
}

// The name that a value reverses, or none: `reversed(x)`, `list(reversed(x))`, `x[::-1]`.
static NodeId reversedName(const LintContext& context, NodeId value) {
  const Ast& ast = context.ast;
  if (auto call = ast.tryAs<syntax::Call>(value)) {
    if (call->args().size() != 1) return NodeId::none();
    if (isBuiltin(context, call->func(), "list")) {
      auto inner = ast.tryAs<syntax::Call>(call->args()[0]);
      if (!inner || inner->args().size() != 1 || !isBuiltin(context, inner->func(), "reversed")) return NodeId::none();
      return inner->args()[0];
    }
    return isBuiltin(context, call->func(), "reversed") ? call->args()[0] : NodeId::none();
  }
  auto subscript = ast.tryAs<syntax::Subscript>(value);
  auto slice = subscript ? ast.tryAs<syntax::Slice>(subscript->slice()) : std::nullopt;
  bool is_reversal = slice && !slice->lower().valid() && !slice->upper().valid() && slice->step().valid() && intValue(ast, slice->step()) == -1;
  return is_reversal ? subscript->value() : NodeId::none();
}

void checkListReverse(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto assign = ast.as<syntax::Assign>(node);
  NodeId target = assign.targets()[0];
  if (assign.targets().size() != 1 || !ast.is(target, NodeKind::kName)) return;
  NodeId value = reversedName(context, assign.value());
  if (!ast.is(value, NodeKind::kName) || syntax::nameOf(ast, value) != syntax::nameOf(ast, target)) return;
  // What the name was before this assignment.
  SymbolId owner = context.model.ownerAt(target);
  if (!owner.valid()) return;
  const Definition* before = nullptr;
  for (const Definition& definition : context.model.definitions(owner)) {
    if (ast.range(definition.node).begin >= ast.range(target).begin) continue;
    if (before != nullptr) return;
    before = &definition;
  }
  if (before == nullptr || before->kind == DefinitionKind::kAnnotation || !isDefinedAs(context, *before, Container::kList)) return;
  std::string name = textOf(ast, target);
  context.sink.begin("FURB187"_rule, ast.range(node), {name})
      .fix("Replace with `" + name + ".reverse()`", {{ast.range(node), name + ".reverse()"}}, FixSafety::kUnsafe);
}

namespace {
struct AffixTest {
  NodeId subject;
  NodeId affix;
  bool is_prefix = false;
};
}  // namespace

static std::optional<AffixTest> affixTest(const Ast& ast, NodeId test) {
  auto call = ast.tryAs<syntax::Call>(test);
  auto method = call && call->args().size() == 1 ? ast.tryAs<syntax::Attribute>(call->func()) : std::nullopt;
  if (!method || ast.is(call->args()[0], NodeKind::kKeyword) || ast.is(call->args()[0], NodeKind::kStarred)) return std::nullopt;
  std::string_view name = syntax::nameText(ast, method->attr());
  if (name != "startswith" && name != "endswith") return std::nullopt;
  return AffixTest{method->value(), call->args()[0], name == "startswith"};
}

static bool isLengthOf(const LintContext& context, NodeId expr, NodeId affix) {
  const Ast& ast = context.ast;
  auto text = syntax::stringValue(ast, affix);
  if (text && intValue(ast, expr) == static_cast<int64_t>(countUnits(*text, ColumnUnit::kUtf32))) return true;
  auto call = ast.tryAs<syntax::Call>(expr);
  return call && call->args().size() == 1 && isBuiltin(context, call->func(), "len") && isSameExpr(ast, call->args()[0], affix);
}

// Does the value cut exactly the affix off the subject?
static bool cutsAffix(const LintContext& context, NodeId value, const AffixTest& test) {
  const Ast& ast = context.ast;
  auto subscript = ast.tryAs<syntax::Subscript>(value);
  auto slice = subscript ? ast.tryAs<syntax::Slice>(subscript->slice()) : std::nullopt;
  if (!slice || !isSameExpr(ast, subscript->value(), test.subject) || ast.is(test.affix, NodeKind::kTuple)) return false;
  if (slice->step().valid() && !isNone(ast, slice->step()) && intValue(ast, slice->step()) != 1) return false;
  if (test.is_prefix) return slice->lower().valid() && !slice->upper().valid() && isLengthOf(context, slice->lower(), test.affix);
  auto negated = ast.tryAs<syntax::UnaryOp>(slice->upper());
  if (slice->lower().valid() || !negated || negated->op() != syntax::UnaryOperator::kUSub) return false;
  return isLengthOf(context, negated->operand(), test.affix);
}

static void reportAffix(LintContext& context, NodeId node, const AffixTest& test, std::string_view prefix, std::string_view kind) {
  const Ast& ast = context.ast;
  std::string method = test.is_prefix ? "removeprefix" : "removesuffix";
  std::string text = std::string(prefix) + textOf(ast, test.subject) + "." + method + "(" + textOf(ast, test.affix) + ")";
  std::string shown = "str." + method + "()";
  context.sink.begin("FURB188"_rule, ast.range(node), {shown})
      .fix("Use " + method + " instead of " + std::string(kind) + " conditional upon " + (test.is_prefix ? "startswith" : "endswith") + ".",
           {{ast.range(node), text}}, hasComment(ast, ast.range(node)) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

void checkAffixChoice(LintContext& context, NodeId node) {
  if (context.options.target_minor < 9) return;
  auto choice = context.ast.as<syntax::IfExp>(node);
  auto test = affixTest(context.ast, choice.test());
  if (!test || !isSameExpr(context.ast, choice.orelse(), test->subject) || !cutsAffix(context, choice.body(), *test)) return;
  reportAffix(context, node, *test, "", "ternary expression");
}

void checkAffixStatement(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::If>(node);
  if (context.options.target_minor < 9 || statement.isElif() || !statement.orelse().empty() || statement.body().size() != 1) return;
  auto assign = ast.tryAs<syntax::Assign>(statement.body()[0]);
  auto test = affixTest(ast, statement.test());
  if (!assign || !test || assign->targets().size() != 1 || !isSameExpr(ast, assign->targets()[0], test->subject)) return;
  if (!cutsAffix(context, assign->value(), *test)) return;
  reportAffix(context, node, *test, textOf(ast, test->subject) + " = ", "assignment");
}

}  // namespace krait::lint
