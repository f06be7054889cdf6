// PLR1714: a chain of comparisons with one value. ref: pylint consider-using-in
#include <string>
#include <utility>
#include <vector>

#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::CompareOperator;

void checkRepeatedEquality(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto bool_op = ast.as<syntax::BoolOp>(node);
  bool is_or = bool_op.op() == syntax::BoolOperator::kOr;
  CompareOperator wanted = is_or ? CompareOperator::kEq : CompareOperator::kNotEq;
  std::vector<std::string_view> subjects;
  std::vector<std::string> values;
  for (NodeId value : bool_op.values()) {
    auto compare = ast.tryAs<syntax::Compare>(value);
    bool fits = compare && compare->comparators().size() == 1 &&
                static_cast<CompareOperator>(compare->ops()[0].value) == wanted;
    NodeId subject = fits ? compare->left() : NodeId::none();
    NodeId other = fits ? compare->comparators()[0] : NodeId::none();
    if (fits && !ast.is(subject, NodeKind::kName) && !ast.is(subject, NodeKind::kAttribute) && ast.is(other, NodeKind::kName)) {
      std::swap(subject, other);
    }
    bool is_simple = fits && (ast.is(subject, NodeKind::kName) || ast.is(subject, NodeKind::kAttribute));
    if (!is_simple) {
      subjects.push_back({});
      values.emplace_back();
      continue;
    }
    subjects.push_back(ast.text(subject));
    values.emplace_back(ast.text(other));
  }
  for (size_t i = 0; i < subjects.size(); ++i) {
    if (subjects[i].empty()) continue;
    std::string list = values[i];
    size_t count = 1;
    for (size_t j = i + 1; j < subjects.size() && subjects[j] == subjects[i]; ++j) {
      list += ", " + values[j];
      ++count;
    }
    if (count < 2) continue;
    std::string text = std::string(subjects[i]) + (is_or ? " in (" : " not in (") + list + ")";
    context.sink.begin(Rule::kPLR1714, ast.range(node), {text});
    return;
  }
}

}  // namespace krait::lint
