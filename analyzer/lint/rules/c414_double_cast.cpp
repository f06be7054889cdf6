// C414: nested calls that make a list or set. ref: flake8-comprehensions
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isIdle(std::string_view outer, std::string_view inner) {
  if (outer == "set") return isOneOf(inner, {"list", "tuple", "reversed", "set", "sorted"});
  if (outer == "list" || outer == "tuple") return isOneOf(inner, {"list", "tuple"});
  return outer == "sorted" && isOneOf(inner, {"list", "tuple", "reversed", "sorted"});
}

// Are the two sorts the same: neither or both with a key that is the same, and the same for the order?
static bool isSameSort(const Ast& ast, NodeId outer, NodeId inner) {
  for (std::string_view name : {"key", "reverse"}) {
    NodeId a = keywordNodeOf(ast, outer, name), b = keywordNodeOf(ast, inner, name);
    if (a.valid() != b.valid()) return false;
    if (a.valid() && !isSameExpr(ast, ast.as<syntax::Keyword>(a).value(), ast.as<syntax::Keyword>(b).value())) return false;
  }
  return true;
}

void checkDoubleCast(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  std::string_view name = syntax::nameText(ast, call.func());
  if (!isOneOf(name, {"list", "tuple", "set", "sorted"}) || call.args().empty()) return;
  auto inner = ast.tryAs<syntax::Call>(call.args()[0]);
  if (!inner) return;
  std::string_view other = syntax::nameText(ast, inner->func());
  if (!isIdle(name, other) || !isBuiltin(context, call.func(), name) || !isBuiltin(context, inner->func(), other)) return;
  if (name == "sorted" && other == "sorted" && !isSameSort(ast, node, call.args()[0])) return;
  TextRange range = ast.range(node), wrapped = parenthesizedRange(context, call.args()[0]);
  std::string text(ast.text({range.begin, wrapped.begin}));
  bool has_argument = !inner->args().empty() && !ast.is(inner->args()[0], NodeKind::kKeyword);
  if (has_argument) {
    TextRange argument = parenthesizedRange(ast, inner->args()[0]);
    bool is_bare = ast.is(inner->args()[0], NodeKind::kGeneratorExp) && ast.text()[argument.begin] == '(' && argument.end == ast.range(call.args()[0]).end;
    text += is_bare ? ast.text({argument.begin + 1, argument.end - 1}) : ast.text(argument);
  }
  // Without an argument there, what follows moves up.
  uint32_t next = call.args().size() > 1 ? ast.range(call.args()[1]).begin : range.end - 1;
  text += ast.text({has_argument ? wrapped.end : next, range.end});
  context.sink.begin("C414"_rule, range, {other, name})
      .fix("Remove the inner `" + std::string(other) + "()` call", {{range, text}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
