// RUF061: pytest.raises and its kin that are given a function to call instead of standing in a `with`. ref: ruff
#include <string>

#include "analyzer/lint/calls.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

namespace {
struct CalledForm {
  std::string_view name;      // "raises"
  std::string_view expected;  // the name of its first argument, empty: none
  NodeId function;
  NodeId exception;
};
}  // namespace

static std::string argumentsText(const Ast& ast, NodeId call, const CalledForm& form) {
  std::string out;
  for (NodeId arg : ast.as<syntax::Call>(call).args()) {
    NodeId value = ast.is(arg, NodeKind::kKeyword) ? ast.as<syntax::Keyword>(arg).value() : arg;
    if (value == form.function || value == form.exception) continue;
    out += (out.empty() ? "" : ", ") + generatedOperand(ast, arg, Operand::kArgument);
  }
  return out;
}

static void addFix(LintContext& context, NodeId node, const CalledForm& form, DiagnosticBuilder& finding) {
  const Ast& ast = context.ast;
  NodeId outer = node;
  std::string match;
  auto method = ast.tryAs<syntax::Attribute>(ast.parent(node));
  if (method && syntax::nameText(ast, method->attr()) == "match" && form.name == "raises") {
    auto call = ast.tryAs<syntax::Call>(ast.parent(method->id));
    if (!call || call->args().size() != 1) return;
    match = ", match=" + generatedOperand(ast, call->args()[0], Operand::kArgument);
    outer = call->id;
  }
  NodeId statement = ast.parent(outer);
  std::string target;
  if (auto assign = ast.tryAs<syntax::Assign>(statement)) {
    if (assign->targets().size() != 1 || assign->value() != outer) return;
    target = generatedCode(ast, assign->targets()[0]);
  } else if (!ast.is(statement, NodeKind::kExprStmt)) {
    return;
  }
  // The statement becomes two lines.
  uint32_t begin = ast.range(statement).begin;
  bool is_alone = lineBegin(context, begin) + indentationAt(context, begin).size() == begin &&
                  context.tokens.nextCode(ast.range(statement).end).kind != TokenKind::kSemicolon;
  if (!is_alone) return;
  auto call = ast.as<syntax::Call>(node);
  std::string with = "with " + generatedOperand(ast, call.func(), Operand::kAtom) + "(" + (form.exception.valid() ? generatedOperand(ast, form.exception, Operand::kArgument) : "") + match + ")";
  std::string body = generatedOperand(ast, form.function, Operand::kAtom) + "(" + argumentsText(ast, node, form) + ")";
  if (!target.empty() && form.name == "raises") with += " as " + target;
  if (!target.empty() && form.name != "raises") body = target + " = " + body;
  std::string indent(indentationAt(context, ast.range(statement).begin));
  finding.fix("Use `pytest." + std::string(form.name) + "()` as a context-manager", {{ast.range(statement), with + ":" + std::string(lineEndText(context)) + indent + std::string(indentStep(context)) + body}}, FixSafety::kUnsafe);
}

void checkCalledExpectation(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::string_view name = calleeName(context, node);
  CalledForm form;
  if (name == "pytest.raises") form = {"raises", "expected_exception", {}, {}};
  if (name == "pytest.warns") form = {"warns", "expected_warning", {}, {}};
  if (name == "pytest.deprecated_call") form = {"deprecated_call", "", {}, {}};
  if (form.name.empty()) return;
  bool has_type = !form.expected.empty();
  // `raises` alone may be given its function by name.
  form.function = form.name == "raises" ? argumentOf(ast, node, "func", 1) : positionalAt(ast, node, has_type ? 1 : 0);
  if (has_type) form.exception = argumentOf(ast, node, form.expected, 0);
  if (!form.function.valid() || (has_type && !form.exception.valid())) return;
  auto finding = context.sink.begin("RUF061"_rule, ast.range(node), {form.name});
  addFix(context, node, form, finding);
}

}  // namespace krait::lint
