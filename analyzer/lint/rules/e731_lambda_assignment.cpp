// E731: a lambda bound to a name. ref: pycodestyle comparison_type, PEP 8
#include <optional>
#include <utility>

#include "analyzer/lint/assignments.h"
#include "analyzer/lint/bindings.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/reindent.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

using syntax::ParameterKind;

// Is it `P` of `P = ParamSpec("P")`, or `Concatenate[…]`?
static bool isParamSpec(const LintContext& context, NodeId type) {
  const Ast& ast = context.ast;
  if (auto subscript = ast.tryAs<syntax::Subscript>(type)) {
    return isOneOf(qualifiedName(context, subscript->value()), {"typing.Concatenate", "typing_extensions.Concatenate"});
  }
  auto call = ast.is(type, NodeKind::kName) ? ast.tryAs<syntax::Call>(assignedValue(context, type)) : std::nullopt;
  return call && isOneOf(qualifiedName(context, call->func()), {"typing.ParamSpec", "typing_extensions.ParamSpec"});
}

// The types of the parameters, as far as they are listed, and of the result in `Callable[[A, B], C]`.
static std::optional<std::pair<NodeList, NodeId>> typesOf(const LintContext& context, NodeId annotation) {
  const Ast& ast = context.ast;
  auto subscript = ast.tryAs<syntax::Subscript>(annotation);
  if (!subscript || !isOneOf(qualifiedName(context, subscript->value()), {"typing.Callable", "collections.abc.Callable"})) return std::nullopt;
  auto parts = ast.tryAs<syntax::Tuple>(subscript->slice());
  if (!parts || parts->elts().size() != 2) return std::nullopt;
  NodeId params = parts->elts()[0];
  if (auto list = ast.tryAs<syntax::List>(params)) return std::pair(list->elts(), parts->elts()[1]);
  bool is_open = isEllipsis(ast, params) || isParamSpec(context, params);
  if (is_open) return std::pair(NodeList(), parts->elts()[1]);
  return std::nullopt;
}

// The parameters, each positional one with its type.
static std::string parametersText(const Ast& ast, NodeList params, NodeList types) {
  std::string out;
  size_t at = 0;
  bool has_star = false;
  for (size_t i = 0; i < params.size(); ++i) {
    auto param = ast.as<syntax::Parameter>(params[i]);
    ParameterKind kind = param.parameterKind();
    if (!out.empty()) out += ", ";
    if (kind == ParameterKind::kKeywordOnly && !has_star) out += "*, ";
    has_star |= kind == ParameterKind::kKeywordOnly || kind == ParameterKind::kVarPositional;
    if (kind == ParameterKind::kVarPositional) out += "*";
    if (kind == ParameterKind::kVarKeyword) out += "**";
    out += ast.text(param.name());
    bool is_typed = kind <= ParameterKind::kPositionalOrKeyword && at < types.size();
    if (is_typed) out += ": " + generatedCode(ast, types[at++]);
    if (param.defaultValue().valid()) out += "=" + generatedOperand(ast, param.defaultValue(), Operand::kArgument);
    bool ends_positional = kind == ParameterKind::kPositionalOnly &&
                           (i + 1 == params.size() || ast.as<syntax::Parameter>(params[i + 1]).parameterKind() != ParameterKind::kPositionalOnly);
    if (ends_positional) out += ", /";
  }
  return out;
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
  bool is_alone = begin - lineBegin(context, begin) == indent.size() && context.tokens.nextCode(ast.range(node).end).kind != TokenKind::kSemicolon;
  if (!is_alone) return;
  auto lambda = ast.as<syntax::Lambda>(value);
  std::string name(syntax::nameText(ast, target));
  std::string end(lineEndText(context));
  NodeList list = ast.as<syntax::Parameters>(lambda.params()).params(), types;
  std::string returns;
  if (auto annotated = ast.tryAs<syntax::AnnAssign>(node)) {
    if (auto found = typesOf(context, annotated->annotation())) {
      types = found->first;
      returns = " -> " + generatedCode(ast, found->second);
    }
  }
  // Further lines of the body move by the statement's own indentation.
  TextRange body_range = parenthesizedRange(ast, lambda.body());
  std::string_view raw = ast.text(body_range);
  size_t first_line = std::min(raw.find('\n'), raw.size() - 1) + 1;
  std::string body(raw.substr(0, first_line));
  body += reindented(context, {body_range.begin + static_cast<uint32_t>(first_line), body_range.end}, "", indent);
  bool takes_parentheses = ast.hasFlag(value, syntax::kParenthesized);
  if (takes_parentheses) body = "(" + body + ")";
  std::string text = "def " + name + "(" + parametersText(ast, list, types) + ")" + returns + ":" + end + indent + std::string(indentStep(context)) + "return " + body;
  finding.fix("Rewrite `" + name + "` as a `def`", {{ast.range(node), text}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
