// C408: dict(), list() or tuple() where a display says the same. ref: flake8-comprehensions
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

// The quote of the f-string around the node, 0 when there is none.
static char quoteAround(const Ast& ast, NodeId node) {
  for (NodeId parent = ast.parent(node); parent.valid() && !syntax::isStatement(ast, parent); parent = ast.parent(parent)) {
    if (!ast.is(parent, NodeKind::kJoinedStr) && !ast.is(parent, NodeKind::kTemplateStr)) continue;
    size_t at = ast.text(parent).find_first_of("'\"");
    return at == std::string_view::npos ? 0 : ast.text(parent)[at];
  }
  return 0;
}

// `dict(a=1)` as `{"a": 1}`, layout and comments kept.
static std::string dictText(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  char outer = quoteAround(ast, node);
  uint32_t at = ast.range(call.func()).end;
  while (ast.text()[at] != '(') ++at;
  std::string text = "{";
  ++at;
  for (NodeId arg : call.args()) {
    auto keyword = ast.as<syntax::Keyword>(arg);
    text += ast.text({at, ast.range(arg).begin});
    std::string name(syntax::nameText(ast, keyword.arg()));
    std::string quoted = outer == 0 ? inPreferredQuotes(context, name) : outer == '"' ? "'" + name + "'" : "\"" + name + "\"";
    TextRange value = parenthesizedRange(ast, keyword.value());
    text += quoted + ": " + std::string(ast.text(value));
    at = value.end;
  }
  return text + std::string(ast.text({at, ast.range(node).end - 1})) + "}";
}

void checkLiteralCalls(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  std::string_view name = syntax::nameText(ast, call.func());
  if (!isOneOf(name, {"dict", "list", "tuple"}) || (name != "dict" && !call.args().empty())) return;
  for (NodeId arg : call.args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (!keyword || !keyword->arg().valid()) return;
  }
  if (!isBuiltin(context, call.func(), name)) return;
  if (!call.args().empty() && context.options.flag("flake8-comprehensions.allow-dict-calls-with-keyword-arguments")) return;
  TextRange range = ast.range(node);
  std::vector<FixEdit> edits;
  if (call.args().empty()) {
    std::string open = name == "dict" ? "{" : name == "list" ? "[" : "(", close = name == "dict" ? "}" : name == "list" ? "]" : ")";
    uint32_t paren = ast.range(call.func()).end;
    while (ast.text()[paren] != '(') ++paren;
    edits = {{{range.begin, paren + 1}, paddedInField(ast, node, range, open)}, {{range.end - 1, range.end}, paddedInField(ast, node, range, close)}};
  } else {
    edits = {{range, paddedInField(ast, node, range, dictText(context, node))}};
  }
  context.sink.begin("C408"_rule, range, {name}).fix("Rewrite as a literal", std::move(edits), FixSafety::kUnsafe);
}

}  // namespace krait::lint
