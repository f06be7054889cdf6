// C419: any(), all() and in the preview sum(), min(), max() around a list comprehension. ref: flake8-comprehensions
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

void checkComprehensionInAnyAll(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  std::string_view name = syntax::nameText(ast, call.func());
  bool is_reduction = context.options.preview && isOneOf(name, {"sum", "min", "max"});
  if ((!is_reduction && !isOneOf(name, {"any", "all"})) || !isBuiltin(context, call.func(), name)) return;
  if (call.args().empty() || positionalCount(ast, node) < call.args().size()) return;
  NodeId arg = call.args()[0];
  // A set has each value once.
  if (name == "sum" && ast.is(arg, NodeKind::kSetComp)) return;
  if (ast.is(arg, NodeKind::kListComp) || ast.is(arg, NodeKind::kSetComp)) {
    // An asynchronous generator is no iterable to them.
    bool is_async = anyOver(ast, arg, [&](NodeId part) {
      auto loop = ast.tryAs<syntax::Comprehension>(part);
      return ast.is(part, NodeKind::kAwait) || (loop && loop->isAsync());
    });
    if (is_async) return;
    TextRange range = ast.range(arg), whole = ast.range(node);
    auto finding = context.sink.begin("C419"_rule, range, {ast.is(arg, NodeKind::kListComp) ? "list" : "set"});
    if (call.args().size() > 1) {
      finding.fix("Remove unnecessary comprehension", {{{range.begin, range.begin + 1}, "("}, {{range.end - 1, range.end}, ")"}}, FixSafety::kUnsafe);
      return;
    }
    std::string_view inside = ast.text({range.begin + 1, range.end - 1});
    size_t begin = inside.find_first_not_of(" \t\r\n"), end = inside.find_last_not_of(" \t\r\n");
    if (hasComment(ast, range)) return;
    // Comments beside the brackets keep their places.
    if (hasComment(ast, whole)) {
      finding.fix("Remove unnecessary comprehension", {{{range.begin, range.begin + 1}, ""}, {{range.end - 1, range.end}, ""}}, FixSafety::kUnsafe);
      return;
    }
    // A comma behind the only argument goes.
    std::string after(ast.text({range.end, whole.end}));
    if (size_t comma = after.find(','); comma != std::string::npos) after.erase(comma, 1);
    std::string text = std::string(ast.text({whole.begin, range.begin})) + std::string(inside.substr(begin, end + 1 - begin)) + after;
    finding.fix("Remove unnecessary comprehension", {{whole, text}}, FixSafety::kUnsafe);
  }
}

}  // namespace krait::lint
