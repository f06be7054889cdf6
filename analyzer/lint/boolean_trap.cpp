#include "analyzer/lint/boolean_trap.h"

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/qualified_names.h"

namespace krait::lint {

// Methods that operators call.
static bool isOperatorMethod(std::string_view name) {
  if (!name.starts_with("__") || !name.ends_with("__") || name.size() < 5) return false;
  std::string_view inner = name.substr(2, name.size() - 4);
  if (isOneOf(inner, {"contains", "getitem", "setitem", "delitem", "eq", "ne", "lt", "le", "gt", "ge", "neg", "pos", "invert"})) return true;
  if (inner == "post_init") return true;
  static constexpr std::string_view kBinary[] = {"add", "and", "floordiv", "lshift", "matmul", "mod", "mul", "or", "pow", "rshift", "sub", "truediv", "xor"};
  for (std::string_view binary : kBinary) {
    if (inner == binary) return true;
    if (inner.size() == binary.size() + 1 && (inner[0] == 'r' || inner[0] == 'i') && inner.substr(1) == binary) return true;
  }
  return false;
}

bool mayTakeBooleans(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  std::string_view name = syntax::nameText(ast, function.name());
  if (isOperatorMethod(name)) return true;
  for (NodeId decorator : function.decorators()) {
    if (typingName(context, decorator) == "override") return true;
    // `@x.setter def x`.
    auto attribute = ast.tryAs<syntax::Attribute>(decorator);
    bool is_setter = attribute && syntax::nameText(ast, attribute->attr()) == "setter" && syntax::nameText(ast, attribute->value()) == name;
    if (is_setter) return true;
  }
  return false;
}

}  // namespace krait::lint
