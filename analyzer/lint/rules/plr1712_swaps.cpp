// PLR1712: two names that change places through a third. ref: pylint R1712
#include <string>

#include "analyzer/lint/assignments.h"
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

// `target = value` with a name on each side.
static bool isNamesOnly(const Ast& ast, const SoleAssignment& assignment) {
  return ast.is(assignment.target, NodeKind::kName) && ast.is(assignment.value, NodeKind::kName);
}

// Is the reader all that ever uses the name, whatever else is bound to it?
static bool isUsedOnceBy(LintContext& context, NodeId target, NodeId reader) {
  const NameFlow& flow = context.tokens.nameFlow(context);
  for (const FlowBinding& binding : flow.bindings) {
    if (binding.node != target) continue;
    if (binding.is_global || binding.is_nonlocal) return false;
    uint32_t latest = flow.latest[binding.symbol.value];
    uint32_t at = latest == kNoBinding ? kNoBinding : flow.bindings[latest].references;
    bool is_read = false, is_other = false;
    for (; at != kNoBinding; at = flow.references[at].next) {
      // References of older bindings stand in the list, too.
      if (flow.resolved[flow.references[at].node.value] != latest) continue;
      (flow.references[at].node == reader ? is_read : is_other) = true;
    }
    return is_read && !is_other;
  }
  return false;
}

void checkSwaps(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  SoleAssignment save = soleAssignment(ast, node);
  if (!isNamesOnly(ast, save)) return;
  NodeList block = blockOf(ast, node);
  size_t at = 0;
  while (at < block.size() && block[at] != node) ++at;
  if (at + 2 >= block.size()) return;
  SoleAssignment move = soleAssignment(ast, block[at + 1]), restore = soleAssignment(ast, block[at + 2]);
  if (!isNamesOnly(ast, move) || !isNamesOnly(ast, restore)) return;
  std::string first(ast.text(save.value)), second(ast.text(move.value)), kept(ast.text(save.target));
  if (ast.text(move.target) != first || ast.text(restore.target) != second || ast.text(restore.value) != kept) return;
  if (kept == first || !isUsedOnceBy(context, save.target, restore.value)) return;
  TextRange range{ast.range(node).begin, ast.range(block[at + 2]).end};
  auto finding = context.sink.begin("PLR1712"_rule, range);
  std::string text = first + ", " + second + " = " + second + ", " + first;
  finding.fix("Use `" + text + "` instead", {{range, text}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
