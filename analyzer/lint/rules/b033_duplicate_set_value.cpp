// B033: a set literal with equal elements. ref: flake8-bugbear B033
#include <optional>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

// The number that a constant equals; nothing for other kinds.
static std::optional<double> numberOf(const Ast& ast, syntax::Constant constant) {
  switch (constant.constantKind()) {
    case syntax::ConstantKind::kTrue: return 1;
    case syntax::ConstantKind::kFalse: return 0;
    case syntax::ConstantKind::kFloat: return ast.floating(constant.payload());
    case syntax::ConstantKind::kInt: {
      const syntax::IntConstant& value = ast.integer(constant.payload());
      return value.fits ? std::optional<double>(static_cast<double>(value.value)) : std::nullopt;
    }
    default: return std::nullopt;
  }
}

static bool isEqualConstant(const Ast& ast, NodeId a, NodeId b) {
  auto first = ast.as<syntax::Constant>(a), second = ast.as<syntax::Constant>(b);
  std::optional<double> x = numberOf(ast, first), y = numberOf(ast, second);
  if (x || y) return x == y;
  if (first.constantKind() != second.constantKind()) return false;
  bool is_text = first.constantKind() == syntax::ConstantKind::kStr || first.constantKind() == syntax::ConstantKind::kBytes;
  return is_text ? ast.string(first.payload()) == ast.string(second.payload()) : ast.text(a) == ast.text(b);
}

void checkDuplicateSetValues(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeList elements = ast.as<syntax::Set>(node).elts();
  for (size_t i = 0; i < elements.size(); ++i) {
    if (!ast.is(elements[i], NodeKind::kConstant)) continue;
    for (size_t j = i; j-- > 0;) {
      if (!ast.is(elements[j], NodeKind::kConstant) || !isEqualConstant(ast, elements[i], elements[j])) continue;
      // Only one of several goes with the comma beside it.
      TextRange range = ast.range(elements[i]);
      bool is_last = i + 1 == elements.size();
      TextRange own = parenthesizedRange(ast, elements[i]), beside = parenthesizedRange(ast, elements[is_last ? i - 1 : i + 1]);
      FixEdit edit = is_last ? FixEdit{{skipTrivia(ast.text(), beside.end), own.end}, ""} : FixEdit{{own.begin, beside.begin}, ""};
      std::string first = generatedCode(ast, elements[j]), second = generatedCode(ast, elements[i]);
      auto finding = first == second ? context.sink.begin("B033"_rule, range, {second}) : context.sink.begin("B033Equal"_rule, range, {first, second});
      finding.fix("Remove duplicate item", {edit});
      break;
    }
  }
}

}  // namespace krait::lint
