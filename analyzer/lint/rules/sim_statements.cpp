// SIM110, SIM113, SIM114, SIM401: statements that a call or operator replaces. ref: flake8-simplify
#include <string>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::CompareOperator;
using syntax::ConstantKind;

// The next statement of the same block, or none.
static NodeId nextStatement(const Ast& ast, NodeId statement) {
  NodeList block = blockOf(ast, statement);
  for (size_t i = 0; i + 1 < block.size(); ++i) {
    if (block[i] == statement) return block[i + 1];
  }
  return NodeId::none();
}

// 1 for `return True`, 0 for `return False`, -1 for anything else.
static int returnedBool(const Ast& ast, NodeId statement) {
  auto result = ast.tryAs<syntax::Return>(statement);
  if (!result || !isBool(ast, result->value())) return -1;
  return isConstant(ast, result->value(), ConstantKind::kTrue) ? 1 : 0;
}

static std::string_view inverted(CompareOperator op) {
  switch (op) {
    case CompareOperator::kEq: return "!=";
    case CompareOperator::kNotEq: return "==";
    case CompareOperator::kLt: return ">=";
    case CompareOperator::kLtE: return ">";
    case CompareOperator::kGt: return "<=";
    case CompareOperator::kGtE: return "<";
    case CompareOperator::kIs: return "is not";
    case CompareOperator::kIsNot: return "is";
    case CompareOperator::kIn: return "not in";
    case CompareOperator::kNotIn: return "in";
  }
  return {};
}

// The source of an expression on one line.
static std::string flatText(const Ast& ast, NodeId expr) {
  std::string_view text = ast.text(expr);
  if (text.find('\n') == std::string_view::npos) return std::string(text);
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\n' && text[i] != '\r') {
      out += text[i];
      continue;
    }
    while (!out.empty() && (out.back() == ' ' || out.back() == '\\')) out.pop_back();
    while (i + 1 < text.size() && (text[i + 1] == ' ' || text[i + 1] == '\t' || text[i + 1] == '\n')) ++i;
    bool is_tight = !out.empty() && (out.back() == '(' || out.back() == '[' || out.back() == '{');
    bool closes = i + 1 < text.size() && (text[i + 1] == ')' || text[i + 1] == ']' || text[i + 1] == '}');
    if (closes && !out.empty() && out.back() == ',') out.pop_back();
    if (!is_tight && !closes) out += ' ';
  }
  return out;
}

static std::string negatedText(const Ast& ast, NodeId test) {
  auto unary = ast.tryAs<syntax::UnaryOp>(test);
  if (unary && unary->op() == syntax::UnaryOperator::kNot) return flatText(ast, unary->operand());
  auto compare = ast.tryAs<syntax::Compare>(test);
  if (compare && compare->comparators().size() == 1) {
    auto op = static_cast<CompareOperator>(compare->ops()[0].value);
    return flatText(ast, compare->left()) + " " + std::string(inverted(op)) + " " + flatText(ast, compare->comparators()[0]);
  }
  std::string text = flatText(ast, test);
  bool is_weak = needsParentheses(ast, test) && !compare;
  return is_weak ? "not (" + text + ")" : "not " + text;
}

static uint32_t columnOf(const LintContext& context, uint32_t offset) {
  return context.file.lines.locate(offset, ColumnUnit::kUtf32).column;
}

static constexpr uint32_t kLineLength = 88;

void checkSearchLoops(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto loop = ast.as<syntax::For>(node);
  if (loop.isAsync() || loop.body().size() != 1) return;
  auto test = ast.tryAs<syntax::If>(loop.body()[0]);
  if (!test || !test->orelse().empty() || test->body().size() != 1) return;
  int found = returnedBool(ast, test->body()[0]);
  if (found < 0 || loop.orelse().size() > 1) return;
  NodeId next = loop.orelse().empty() ? nextStatement(ast, node) : loop.orelse()[0];
  if (!next.valid() || returnedBool(ast, next) != 1 - found) return;
  bool has_await = anyOver(ast, test->test(), [&](NodeId at) {
    return ast.is(at, NodeKind::kAwait) || ast.is(at, NodeKind::kYield) || ast.is(at, NodeKind::kYieldFrom);
  });
  if (has_await || ast.is(loop.iter(), NodeKind::kAwait)) return;
  std::string condition = found == 1 ? flatText(ast, test->test()) : negatedText(ast, test->test());
  std::string iter = flatText(ast, loop.iter());
  if (ast.is(loop.iter(), NodeKind::kIfExp) || ast.is(loop.iter(), NodeKind::kLambda)) iter = "(" + iter + ")";
  std::string_view name = found == 1 ? "any" : "all";
  std::string text = "return " + std::string(name) + "(" + condition + " for " + flatText(ast, loop.target()) + " in " + iter + ")";
  TextRange range{ast.range(node).begin, ast.range(next).end};
  if (columnOf(context, range.begin) + countUnits(text, ColumnUnit::kUtf32) > kLineLength) return;
  auto finding = context.sink.begin("SIM110"_rule, range, {text});
  if (isBuiltinAvailable(context, node, name)) finding.fix("Replace with `" + text + "`", {{range, text}}, FixSafety::kUnsafe);
}

static bool mayContinue(const Ast& ast, NodeList body) {
  for (NodeId statement : body) {
    if (ast.is(statement, NodeKind::kContinue)) return true;
    NodeKind kind = ast.kind(statement);
    if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef || kind == NodeKind::kFor || kind == NodeKind::kWhile) continue;
    bool is_found = false;
    syntax::forEachChild(ast, statement, [&](NodeId child) {
      NodeKind child_kind = ast.kind(child);
      if (!syntax::isStatement(ast, child) && child_kind != NodeKind::kExceptHandler && child_kind != NodeKind::kMatchCase) return;
      NodeId one[] = {child};
      if (child_kind == NodeKind::kExceptHandler) {
        is_found = is_found || mayContinue(ast, ast.as<syntax::ExceptHandler>(child).body());
      } else if (child_kind == NodeKind::kMatchCase) {
        is_found = is_found || mayContinue(ast, ast.as<syntax::MatchCase>(child).body());
      } else {
        is_found = is_found || mayContinue(ast, one);
      }
    });
    if (is_found) return true;
  }
  return false;
}

// The definition that the name has when control comes to the offset in a straight line.
static const Definition* definitionBefore(std::span<const Definition> definitions, const Ast& ast, uint32_t offset) {
  const Definition* last = nullptr;
  for (const Definition& definition : definitions) {
    if (ast.range(definition.node).begin >= offset) continue;
    if (last == nullptr || ast.range(definition.node).begin > ast.range(last->node).begin) last = &definition;
  }
  return last;
}

static bool isUsedOutside(const LintContext& context, SymbolId owner, TextRange loop, uint32_t init) {
  const Ast& ast = context.ast;
  // The next binding after the loop ends what the counter means.
  uint32_t limit = static_cast<uint32_t>(ast.text().size());
  bool is_read = false;
  for (const Definition& definition : context.model.definitions(owner)) {
    uint32_t at = ast.range(definition.node).begin;
    if (at < loop.end || at >= limit) continue;
    limit = at;
    // `x += 1` reads what it binds.
    is_read = ast.is(definition.owner, NodeKind::kAugAssign);
  }
  if (is_read) return true;
  for (const Reference& reference : context.model.references(owner)) {
    uint32_t at = ast.range(reference.node).begin;
    if (at > init && at <= limit && !loop.contains(at)) return true;
  }
  return false;
}

void checkManualCounters(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto loop = ast.as<syntax::For>(node);
  if (loop.isAsync() || mayContinue(ast, loop.body())) return;
  for (NodeId statement : loop.body()) {
    auto step = ast.tryAs<syntax::AugAssign>(statement);
    if (!step || step->op() != syntax::BinaryOp::kAdd || !ast.is(step->target(), NodeKind::kName) || intValue(ast, step->value()) != 1) continue;
    SymbolId symbol = context.model.symbolAt(step->target());
    SymbolId owner = context.model.ownerAt(step->target());
    if (!owner.valid() || owner != symbol) continue;
    const Definition* init = definitionBefore(context.model.definitions(owner), ast, ast.range(step->target()).begin);
    bool is_assigned = init != nullptr && (ast.is(init->owner, NodeKind::kAssign) || ast.is(init->owner, NodeKind::kAnnAssign));
    if (!is_assigned || intValue(ast, definedValue(context, *init)) != 0) continue;
    if (ast.parent(init->owner) != ast.parent(node) || blockOf(ast, init->owner).data() != blockOf(ast, node).data()) continue;
    if (isUsedOutside(context, owner, ast.range(node), ast.range(init->node).end)) continue;
    context.sink.begin("SIM113"_rule, ast.range(statement), {syntax::nameText(ast, step->target())});
  }
}

static bool isSameBody(const Ast& ast, NodeList a, NodeList b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!isSameExpr(ast, a[i], b[i])) return false;
  }
  return true;
}

// From the colon of a branch to the end of its last line, comments included.
static std::vector<std::string_view> commentsOf(const LintContext& context, NodeId test, NodeList body) {
  const Ast& ast = context.ast;
  uint32_t begin = nextLineBegin(context, ast.range(test).end), end = nextLineBegin(context, ast.range(body.back()).end);
  std::vector<std::string_view> out;
  for (const syntax::Comment& comment : ast.comments()) {
    if (comment.begin >= end) break;
    if (comment.begin >= begin) out.push_back(ast.text({comment.begin, comment.end}));
  }
  return out;
}

static std::string operandText(const Ast& ast, NodeId test) {
  std::string text(ast.text(parenthesizedRange(ast, test)));
  bool is_weak = ast.is(test, NodeKind::kIfExp) || ast.is(test, NodeKind::kLambda) || ast.is(test, NodeKind::kNamedExpr);
  return is_weak && !ast.hasFlag(test, syntax::kParenthesized) ? "(" + text + ")" : text;
}

void checkSameArms(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto first = ast.as<syntax::If>(node);
  auto second = first.orelse().size() == 1 ? ast.tryAs<syntax::If>(first.orelse()[0]) : std::nullopt;
  if (!second || !second->isElif() || !isSameBody(ast, first.body(), second->body())) return;
  if (commentsOf(context, first.test(), first.body()) != commentsOf(context, second->test(), second->body())) return;
  TextRange range{ast.range(node).begin, ast.range(second->body().back()).end};
  std::vector<FixEdit> edits;
  TextRange test = parenthesizedRange(ast, first.test());
  std::string own = operandText(ast, first.test());
  if (own != ast.text(test)) edits.push_back({test, own});
  edits.push_back({{test.end, test.end}, " or " + operandText(ast, second->test())});
  edits.push_back({{nextLineBegin(context, ast.range(first.body().back()).end), nextLineBegin(context, range.end)}, ""});
  if (edits[0].range == test && edits.size() == 3) {
    edits[0].replacement += edits[1].replacement;
    edits.erase(edits.begin() + 1);
  }
  context.sink.begin("SIM114"_rule, range).fix("Combine `if` branches", std::move(edits));
}

}  // namespace krait::lint
