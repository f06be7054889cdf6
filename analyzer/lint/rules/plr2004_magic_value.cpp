// PLR2004: an unnamed constant in a comparison. ref: pylint magic-value-comparison
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::ConstantKind;

static NodeId withoutSign(const Ast& ast, NodeId node) {
  auto unary = ast.tryAs<syntax::UnaryOp>(node);
  return unary && (unary->op() == syntax::UnaryOperator::kUSub || unary->op() == syntax::UnaryOperator::kUAdd ||
                   unary->op() == syntax::UnaryOperator::kInvert)
             ? unary->operand()
             : node;
}

static bool isLiteral(const Ast& ast, NodeId node) {
  return ast.is(withoutSign(ast, node), NodeKind::kConstant) || ast.is(node, NodeKind::kJoinedStr);
}

// Is the type one that `allow-magic-value-types` lets pass?
static bool isAllowedType(const LintContext& context, std::string_view type) {
  bool is_set = context.options.list("pylint.allow-magic-value-types") != nullptr;
  return is_set ? isListed(context, "pylint.allow-magic-value-types", type) : type == "str" || type == "bytes";
}

// Calls `is_it` for each of `allow-magic-values`, or what they are by default, and `extend-allow-magic-values`.
template <class Is>
static bool anyAllowedValue(const LintContext& context, Is&& is_it) {
  static constexpr std::string_view kUsual[] = {"-1", "0", "1", "-1.0", "0.0", "1.0", "", "__main__"};
  const std::vector<std::string>* own = context.options.list("pylint.allow-magic-values");
  const std::vector<std::string>* more = context.options.list("pylint.extend-allow-magic-values");
  if (own == nullptr && std::any_of(std::begin(kUsual), std::end(kUsual), is_it)) return true;
  return (own != nullptr && std::any_of(own->begin(), own->end(), is_it)) || (more != nullptr && std::any_of(more->begin(), more->end(), is_it));
}

static bool isWholeNumber(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

static bool isAllowedInt(const LintContext& context, const syntax::IntConstant& value, bool is_negative) {
  if (!value.fits) return false;
  std::string text = (is_negative && value.value != 0 ? "-" : "") + std::to_string(value.value);
  return anyAllowedValue(context, [&](std::string_view allowed) { return allowed == text; });
}

// Zero and minus zero are two values.
static bool isAllowedFloat(const LintContext& context, double value) {
  return anyAllowedValue(context, [&](std::string_view allowed) {
    std::string text(allowed);
    char* end = nullptr;
    double number = std::strtod(text.c_str(), &end);
    bool is_float = !text.empty() && *end == '\0' && !isWholeNumber(allowed);
    return is_float && number == value && std::signbit(number) == std::signbit(value);
  });
}

// Is the value of no allowed type, and none of the allowed values? A value is written with its sign, `~` makes it another.
static bool isMagic(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto unary = ast.tryAs<syntax::UnaryOp>(node);
  auto constant = ast.tryAs<syntax::Constant>(withoutSign(ast, node));
  if (!constant) return false;
  bool is_negative = unary && unary->op() == syntax::UnaryOperator::kUSub, is_inverted = unary && unary->op() == syntax::UnaryOperator::kInvert;
  switch (constant->constantKind()) {
    case ConstantKind::kInt: {
      if (isAllowedType(context, "int")) return false;
      return is_inverted || !isAllowedInt(context, ast.integer(constant->payload()), is_negative);
    }
    case ConstantKind::kFloat: {
      double value = ast.floating(constant->payload());
      return !isAllowedType(context, "float") && (is_inverted || !isAllowedFloat(context, is_negative ? -value : value));
    }
    case ConstantKind::kComplex: return !isAllowedType(context, "complex");
    case ConstantKind::kBytes: return !isAllowedType(context, "bytes");
    case ConstantKind::kStr: {
      std::string_view text = ast.string(constant->payload());
      return !isAllowedType(context, "str") && !anyAllowedValue(context, [&](std::string_view allowed) { return allowed == text; });
    }
    default: return false;
  }
}

// `sys.version_info`, or a part of it.
static bool isVersionInfo(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (auto subscript = ast.tryAs<syntax::Subscript>(node)) node = subscript->value();
  return qualifiedName(context, node).starts_with("sys.version_info");
}

void checkMagicValues(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto compare = ast.as<syntax::Compare>(node);
  NodeId left = compare.left();
  for (NodeId right : compare.comparators()) {
    if (isLiteral(ast, left) && isLiteral(ast, right)) return;
    left = right;
  }
  if (isVersionInfo(context, compare.left())) return;
  if (isMagic(context, compare.left())) {
    context.sink.begin("PLR2004"_rule, ast.range(compare.left()), {ast.text(compare.left())});
  }
  for (NodeId right : compare.comparators()) {
    if (isMagic(context, right)) context.sink.begin("PLR2004"_rule, ast.range(right), {ast.text(right)});
  }
}

}  // namespace krait::lint
