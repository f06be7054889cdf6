// RUF016: a literal that cannot be an index of a literal. ref: ruff
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// The type of a literal or display by its form, or empty.
static std::string_view typeOf(const Ast& ast, NodeId expr) {
  switch (ast.kind(expr)) {
    case NodeKind::kJoinedStr: return "str";
    case NodeKind::kTemplateStr: return "Template";
    case NodeKind::kList: return "list";
    case NodeKind::kTuple: return "tuple";
    case NodeKind::kSet: return "set";
    case NodeKind::kDict: return "dict";
    case NodeKind::kListComp: return "list comprehension";
    case NodeKind::kSetComp: return "set comprehension";
    case NodeKind::kDictComp: return "dict comprehension";
    case NodeKind::kGeneratorExp: return "generator";
    case NodeKind::kLambda: return "lambda";
    case NodeKind::kSlice: return "slice";
    case NodeKind::kConstant: break;
    default: return {};
  }
  switch (ast.as<syntax::Constant>(expr).constantKind()) {
    case syntax::ConstantKind::kNone: return "None";
    case syntax::ConstantKind::kTrue:
    case syntax::ConstantKind::kFalse: return "bool";
    case syntax::ConstantKind::kEllipsis: return "ellipsis";
    case syntax::ConstantKind::kStr: return "str";
    case syntax::ConstantKind::kBytes: return "bytes";
    case syntax::ConstantKind::kInt: return "int";
    case syntax::ConstantKind::kFloat: return "float";
    case syntax::ConstantKind::kComplex: return "complex";
  }
  return {};
}

static bool isSequence(std::string_view type) {
  return type == "str" || type == "bytes" || type == "list" || type == "tuple" || type == "list comprehension";
}

void checkIndexType(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto subscript = ast.as<syntax::Subscript>(node);
  std::string_view value = typeOf(ast, subscript.value());
  if (!isSequence(value)) return;
  std::string_view index = typeOf(ast, subscript.slice());
  if (index.empty() || index == "int" || index == "bool") return;
  if (index != "slice") {
    context.sink.begin("RUF016"_rule, ast.range(subscript.slice()), {value, index});
    return;
  }
  auto slice = ast.as<syntax::Slice>(subscript.slice());
  for (NodeId bound : {slice.lower(), slice.upper(), slice.step()}) {
    std::string_view type = bound.valid() ? typeOf(ast, bound) : std::string_view("int");
    if (type.empty() || type == "int" || type == "bool" || type == "None") continue;
    context.sink.begin("RUF016Slice"_rule, ast.range(bound), {value, type});
  }
}

}  // namespace krait::lint
