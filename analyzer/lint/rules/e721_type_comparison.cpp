// E721: comparison of types with == or !=. ref: pycodestyle comparison_type
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::CompareOperator;

static bool isTypeName(std::string_view name) {
  if (isOneOf(name, {"bool", "bytearray", "bytes", "classmethod", "complex", "dict", "enumerate", "filter", "float", "frozenset", "int", "list",
                     "map", "memoryview", "object", "property", "range", "reversed", "set", "slice", "staticmethod", "str", "super", "tuple",
                     "type", "zip"})) {
    return true;
  }
  // Exceptions that Python has had for long.
  if (isOneOf(name, {"WindowsError", "PythonFinalizationError", "EncodingWarning"})) return false;
  return isOneOf(name, {"BaseException", "Exception", "GeneratorExit", "KeyboardInterrupt", "StopAsyncIteration", "StopIteration", "SystemExit"}) ||
         name.ends_with("Error") || name.ends_with("Warning");
}

static bool isType(const LintContext& context, NodeId node) {
  if (auto call = context.ast.tryAs<syntax::Call>(node)) {
    return isBuiltin(context, call->func(), "type");
  }
  if (!context.ast.is(node, NodeKind::kName)) return false;
  std::string_view name = syntax::nameText(context.ast, node);
  return isTypeName(name) && isBuiltin(context, node, name);
}

// Arrays compare their element types with ==.
static bool isDtype(const Ast& ast, NodeId node) {
  auto attribute = ast.tryAs<syntax::Attribute>(node);
  return attribute && syntax::nameText(ast, attribute->attr()) == "dtype";
}

void checkTypeComparisons(LintContext& context, NodeId node) {
  auto compare = context.ast.as<syntax::Compare>(node);
  NodeId left = compare.left();
  for (size_t i = 0; i < compare.comparators().size(); ++i) {
    NodeId right = compare.comparators()[i];
    auto op = static_cast<CompareOperator>(compare.ops()[i].value);
    bool is_equality = op == CompareOperator::kEq || op == CompareOperator::kNotEq;
    if (is_equality && (isType(context, left) || isType(context, right)) && !isDtype(context.ast, left) &&
        !isDtype(context.ast, right)) {
      context.sink.begin("E721"_rule, context.ast.range(node));
    }
    left = right;
  }
}

}  // namespace krait::lint
