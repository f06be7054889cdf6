// PLR2004: an unnamed constant in a comparison. ref: pylint magic-value-comparison
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

// Numbers other than 0 and 1; text, where the settings say so, that is more than nothing and not `__main__`.
static bool isMagic(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto constant = ast.tryAs<syntax::Constant>(withoutSign(ast, node));
  if (!constant) return false;
  switch (constant->constantKind()) {
    case ConstantKind::kInt: {
      const syntax::IntConstant& value = ast.integer(constant->payload());
      return (!value.fits || (value.value != 0 && value.value != 1)) && !isAllowedType(context, "int");
    }
    case ConstantKind::kFloat: {
      double value = ast.floating(constant->payload());
      return value != 0 && value != 1 && !isAllowedType(context, "float");
    }
    case ConstantKind::kComplex: return !isAllowedType(context, "complex");
    case ConstantKind::kBytes: return !ast.string(constant->payload()).empty() && !isAllowedType(context, "bytes");
    case ConstantKind::kStr: {
      std::string_view text = ast.string(constant->payload());
      return !text.empty() && text != "__main__" && !isAllowedType(context, "str");
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
