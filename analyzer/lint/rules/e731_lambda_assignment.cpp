// E731: a lambda bound to a name. ref: pycodestyle comparison_type, PEP 8
#include <optional>
#include <utility>

#include "analyzer/lint/assignments.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// The types of the parameters and of the result in `Callable[[A, B], C]`.
static std::optional<std::pair<NodeList, NodeId>> typesOf(const LintContext& context, NodeId annotation) {
  const Ast& ast = context.ast;
  auto subscript = ast.tryAs<syntax::Subscript>(annotation);
  if (!subscript || !isOneOf(qualifiedName(context, subscript->value()), {"typing.Callable", "collections.abc.Callable"})) return std::nullopt;
  auto parts = ast.tryAs<syntax::Tuple>(subscript->slice());
  if (!parts || parts->elts().size() != 2) return std::nullopt;
  NodeId params = parts->elts()[0];
  if (auto list = ast.tryAs<syntax::List>(params)) return std::pair(list->elts(), parts->elts()[1]);
  if (isEllipsis(ast, params)) return std::pair(NodeList(), parts->elts()[1]);
  return std::nullopt;
}

// The parameters as they are written, each positional one with its type.
static std::string typedParameters(const Ast& ast, TextRange range, NodeList params, NodeList types) {
  std::string out;
  uint32_t done = range.begin;
  size_t at = 0;
  for (NodeId id : params) {
    auto param = ast.as<syntax::Parameter>(id);
    if (param.parameterKind() > syntax::ParameterKind::kPositionalOrKeyword || at >= types.size()) continue;
    uint32_t end = ast.range(param.name()).end;
    out += std::string(ast.text({done, end})) + ": " + std::string(ast.text(types[at++]));
    done = end;
    if (!param.defaultValue().valid()) continue;
    out += " = " + std::string(ast.text(param.defaultValue()));
    done = ast.range(param.defaultValue()).end;
  }
  return out + std::string(ast.text({done, range.end}));
}

void checkLambdaAssignments(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto [target, value] = soleAssignment(ast, node);
  // The annotation of a class attribute may be what makes it a field.
  if (ast.is(node, NodeKind::kAnnAssign) && ast.is(ast.parent(node), NodeKind::kClassDef)) return;
  if (!ast.is(target, NodeKind::kName) || !ast.is(value, NodeKind::kLambda)) return;
  auto finding = context.sink.begin("E731"_rule, ast.range(node));
  // A definition needs a line of its own.
  uint32_t begin = ast.range(node).begin;
  std::string indent(indentationAt(context, begin));
  bool is_alone = begin - lineBegin(context, begin) == indent.size() && !ast.hasFlag(value, syntax::kParenthesized);
  if (!is_alone) return;
  auto lambda = ast.as<syntax::Lambda>(value);
  std::string name(syntax::nameText(ast, target));
  std::string end(lineEndText(context));
  TextRange params = ast.range(lambda.params());
  NodeList list = ast.as<syntax::Parameters>(lambda.params()).params();
  std::string shown = list.empty() ? "" : std::string(ast.text({params.begin, params.end}));
  std::string returns;
  if (auto annotated = ast.tryAs<syntax::AnnAssign>(node)) {
    if (auto types = typesOf(context, annotated->annotation())) {
      shown = typedParameters(ast, params, list, types->first);
      returns = " -> " + std::string(ast.text(types->second));
    }
  }
  std::string text = "def " + name + "(" + shown + ")" + returns + ":" + end + indent + "    return " + std::string(ast.text(lambda.body()));
  finding.fix("Rewrite `" + name + "` as a `def`", {{ast.range(node), text}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
