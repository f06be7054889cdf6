// C420: a dict comprehension that gives every key the same value. ref: flake8-comprehensions
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// A value that all keys may share: it cannot be changed, and it does not name the loop's variable.
static bool isConstantLike(const Ast& ast, NodeId value) {
  return !anyOver(ast, value, [&](NodeId node) {
    switch (ast.kind(node)) {
      case NodeKind::kConstant:
      case NodeKind::kName:
      case NodeKind::kIdentifier:
      case NodeKind::kAttribute:
      case NodeKind::kSubscript:
      case NodeKind::kSlice:
      case NodeKind::kTuple:
      case NodeKind::kUnaryOp:
      case NodeKind::kBinOp:
      case NodeKind::kBoolOp:
      case NodeKind::kIfExp:
      case NodeKind::kCompare:
      case NodeKind::kJoinedStr:
      case NodeKind::kFormattedValue:
      case NodeKind::kTemplateStr:
      case NodeKind::kInterpolation:
        return false;
      default:
        return true;
    }
  });
}

static bool mentionsAnyOf(const Ast& ast, NodeId target, NodeId value) {
  return anyOver(ast, target, [&](NodeId node) {
    return ast.is(node, NodeKind::kName) && mentionsName(ast, value, ast.as<syntax::Name>(node).name());
  });
}

void checkDictFromKeys(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto comprehension = ast.as<syntax::DictComp>(node);
  if (comprehension.generators().size() != 1) return;
  auto loop = ast.as<syntax::Comprehension>(comprehension.generators()[0]);
  NodeId value = comprehension.value();
  if (loop.isAsync() || !loop.ifs().empty() || !isSameExpr(ast, comprehension.key(), loop.target())) return;
  bool has_other_target = anyOver(ast, loop.target(), [&](NodeId part) {
    return ast.is(part, NodeKind::kAttribute) || ast.is(part, NodeKind::kSubscript) || ast.is(part, NodeKind::kStarred);
  });
  if (has_other_target || !isConstantLike(ast, value) || mentionsAnyOf(ast, loop.target(), value)) return;
  auto finding = context.sink.begin("C420"_rule, ast.range(node));
  if (!isBuiltinAvailable(context, node, "dict")) return;
  bool is_none = isNone(ast, value);
  std::string text = generatedCall(ast, "dict.fromkeys", loop.iter());
  if (!is_none) text = "dict.fromkeys(" + generatedOperand(ast, loop.iter(), Operand::kArgument) + ", " + generatedOperand(ast, value, Operand::kArgument) + ")";
  uint32_t begin = ast.range(node).begin;
  char before = begin > 0 ? ast.text()[begin - 1] : ' ';
  if ((before >= 'a' && before <= 'z') || before == '_') text = " " + text;
  finding.fix(is_none ? "Replace with `dict.fromkeys(iterable, value)`)" : "Replace with `dict.fromkeys(iterable)`)",
              {{ast.range(node), text}},
              hasComment(context, ast.range(node)) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

}  // namespace krait::lint
