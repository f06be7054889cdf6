// SIM110, SIM113, SIM114, SIM401: statements that a call or operator replaces. ref: flake8-simplify
#include <string>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/value_types.h"

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

static std::string negatedText(const Ast& ast, NodeId test) {
  auto unary = ast.tryAs<syntax::UnaryOp>(test);
  if (unary && unary->op() == syntax::UnaryOperator::kNot) return generatedOperand(ast, unary->operand(), Operand::kArgument);
  auto compare = ast.tryAs<syntax::Compare>(test);
  if (compare && compare->comparators().size() == 1) {
    auto op = static_cast<CompareOperator>(compare->ops()[0].value);
    return generatedOperand(ast, compare->left(), Operand::kComparison) + " " + std::string(inverted(op)) + " " +
           generatedOperand(ast, compare->comparators()[0], Operand::kComparison);
  }
  std::string text = generatedCode(ast, test);
  bool is_weak = needsParentheses(ast, test) && !compare;
  return is_weak ? "not (" + text + ")" : "not " + text;
}

static uint32_t columnOf(const LintContext& context, uint32_t offset) {
  return context.file.lines.locate(offset, ColumnUnit::kUtf32).column;
}

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
  if (has_await) return;
  std::string condition = found == 1 ? generatedOperand(ast, test->test(), Operand::kArgument) : negatedText(ast, test->test());
  std::string iter = generatedOperand(ast, loop.iter(), Operand::kChoice);
  std::string_view name = found == 1 ? "any" : "all";
  std::string text = "return " + std::string(name) + "(" + condition + " for " + generatedCode(ast, loop.target()) + " in " + iter + ")";
  TextRange range{ast.range(node).begin, ast.range(next).end};
  if (columnOf(context, range.begin) + countUnits(text, ColumnUnit::kUtf32) > context.options.line_length) return;
  auto finding = context.sink.begin("SIM110"_rule, range, {text});
  if (isBuiltinAvailable(context, node, name)) finding.fix("Replace with `" + text + "`", {{range, text}}, FixSafety::kUnsafe);
}

static bool mayContinue(const Ast& ast, NodeList body) {
  for (NodeId statement : body) {
    if (ast.is(statement, NodeKind::kContinue)) return true;
    NodeKind kind = ast.kind(statement);
    if (kind == NodeKind::kFunctionDef || kind == NodeKind::kClassDef) continue;
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

// The binding that the target makes, or kNoBinding.
static uint32_t bindingOf(const LintContext& context, const NameFlow& flow, NodeId target) {
  SymbolId symbol = context.model.symbolAt(target);
  uint32_t id = symbol.valid() ? flow.latest[symbol.value] : kNoBinding;
  while (id != kNoBinding && flow.bindings[id].node != target) id = flow.bindings[id].shadowed;
  return id;
}

// The value that a binding gives, by itself or as one of several.
static NodeId valueOf(const LintContext& context, const FlowBinding& binding) {
  for (const Definition& definition : context.model.definitions(context.model.ownerAt(binding.node))) {
    if (definition.node == binding.node) return definedValue(context, definition);
  }
  return NodeId::none();
}

// Is the counter, once begun, read outside of the loop, or bound in it elsewhere too?
static bool isUsedElsewhere(const LintContext& context, const NameFlow& flow, uint32_t step, TextRange loop) {
  const Ast& ast = context.ast;
  uint32_t init = ast.range(flow.bindings[flow.bindings[step].shadowed].node).begin;
  for (uint32_t id = flow.bindings[step].references; id != kNoBinding; id = flow.references[id].next) {
    uint32_t at = ast.range(flow.references[id].node).begin;
    if (at > init && !loop.contains(at)) return true;
  }
  for (uint32_t id = flow.latest[flow.bindings[step].symbol.value]; id != kNoBinding; id = flow.bindings[id].shadowed) {
    bool is_inside = flow.bindings[id].node.valid() && loop.contains(ast.range(flow.bindings[id].node).begin);
    if (id != step && is_inside) return true;
  }
  return false;
}

// What counting begins with: zero, in the preview any whole number.
static bool isFirstCount(const LintContext& context, NodeId value) {
  if (!value.valid()) return false;
  return context.options.preview ? valueTypeOf(context.ast, value) == ValueType::kInt : intValue(context.ast, value) == 0;
}

void checkManualCounters(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto loop = ast.as<syntax::For>(node);
  if (loop.isAsync() || mayContinue(ast, loop.body())) return;
  for (NodeId statement : loop.body()) {
    auto step = ast.tryAs<syntax::AugAssign>(statement);
    if (!step || step->op() != syntax::BinaryOp::kAdd || !ast.is(step->target(), NodeKind::kName) || intValue(ast, step->value()) != 1) continue;
    const NameFlow& flow = context.tokens.nameFlow(context);
    uint32_t counter = bindingOf(context, flow, step->target());
    uint32_t init = counter == kNoBinding ? kNoBinding : flow.bindings[counter].shadowed;
    if (init == kNoBinding || flow.bindings[init].kind != BindKind::kAssignment) continue;
    if (flow.bindings[counter].is_global || flow.bindings[counter].is_nonlocal || !isFirstCount(context, valueOf(context, flow.bindings[init]))) continue;
    if (blockOf(ast, flow.bindings[init].statement).data() != blockOf(ast, node).data()) continue;
    if (isUsedElsewhere(context, flow, counter, ast.range(node))) continue;
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
