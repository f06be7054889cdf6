// PLR1714: a chain of comparisons with one value. ref: pylint consider-using-in
#include <algorithm>
#include <vector>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::CompareOperator;

namespace {
// One value and what it is compared with, by the positions of the comparisons in the chain.
struct Subject {
  NodeId node;
  std::vector<NodeId> others;
  std::vector<size_t> places;
};
}  // namespace

static bool isReadable(const LintContext& context, NodeId expr) {
  if (hasEffect(context, expr)) return false;
  return !isOneOf(qualifiedName(context, expr), {"sys.platform", "sys.version_info", "sys.version", "sys.hexversion", "sys.implementation"});
}

static void addSide(const Ast& ast, std::vector<Subject>& subjects, NodeId subject, NodeId other, size_t place) {
  if (!ast.is(subject, NodeKind::kName) && !ast.is(subject, NodeKind::kAttribute)) return;
  for (Subject& known : subjects) {
    if (!isSameExpr(ast, known.node, subject)) continue;
    bool is_repeated = std::any_of(known.others.begin(), known.others.end(), [&](NodeId id) { return isSameExpr(ast, id, other); });
    if (!is_repeated) known.others.push_back(other);
    known.places.push_back(place);
    return;
  }
  subjects.push_back({subject, {other}, {place}});
}

static bool isHashableLiteral(const Ast& ast, NodeId expr) { return ast.is(expr, NodeKind::kConstant); }

// The comparison with all of them: as it is shown, or as it is written into the file.
static std::string mergedText(const Ast& ast, const Subject& subject, bool is_or, bool is_set, bool is_shown) {
  std::string list;
  for (NodeId other : subject.others) {
    list += (list.empty() ? "" : ", ") + (is_shown ? std::string(ast.text(other)) : generatedOperand(ast, other, Operand::kArgument));
  }
  return std::string(ast.text(subject.node)) + (is_or ? " in " : " not in ") + (is_set ? "{" : "(") + list + (is_set ? "}" : ")");
}

static void report(LintContext& context, NodeId node, const Subject& subject, bool is_or) {
  const Ast& ast = context.ast;
  auto bool_op = ast.as<syntax::BoolOp>(node);
  bool is_set = std::all_of(subject.others.begin(), subject.others.end(), [&](NodeId id) { return isHashableLiteral(ast, id); });
  std::string text = mergedText(ast, subject, is_or, is_set, false), shown = mergedText(ast, subject, is_or, is_set, true);
  bool is_short = shown.size() <= 50 && shown.find('\n') == std::string::npos;
  shown = is_short ? ": `" + shown + "`." : ".";
  if (!is_set) shown += " Use a `set` if the elements are hashable.";
  auto finding = context.sink.begin("PLR1714"_rule, ast.range(node), {shown});
  size_t first = subject.places.front(), last = subject.places.back();
  std::string whole;
  for (size_t i = 0; i < bool_op.values().size(); ++i) {
    if (i > first && i <= last) continue;
    if (!whole.empty()) whole += is_or ? " or " : " and ";
    whole += i == first ? text : generatedOperand(ast, bool_op.values()[i], is_or ? Operand::kOr : Operand::kAnd);
  }
  finding.fix("Merge multiple comparisons", {{ast.range(node), whole}}, FixSafety::kUnsafe);
}

void checkRepeatedEquality(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto bool_op = ast.as<syntax::BoolOp>(node);
  bool is_or = bool_op.op() == syntax::BoolOperator::kOr;
  CompareOperator wanted = is_or ? CompareOperator::kEq : CompareOperator::kNotEq;
  std::vector<Subject> subjects;
  for (size_t i = 0; i < bool_op.values().size(); ++i) {
    auto compare = ast.tryAs<syntax::Compare>(bool_op.values()[i]);
    bool fits = compare && compare->comparators().size() == 1 && static_cast<CompareOperator>(compare->ops()[0].value) == wanted;
    if (!fits) continue;
    NodeId left = compare->left(), right = compare->comparators()[0];
    if (isSameExpr(ast, left, right) || !isReadable(context, left) || !isReadable(context, right)) continue;
    addSide(ast, subjects, left, right, i);
    addSide(ast, subjects, right, left, i);
  }
  for (const Subject& subject : subjects) {
    bool is_run = subject.places.back() - subject.places.front() + 1 == subject.places.size();
    if (subject.others.size() > 1 && is_run) report(context, node, subject, is_or);
  }
}

}  // namespace krait::lint
