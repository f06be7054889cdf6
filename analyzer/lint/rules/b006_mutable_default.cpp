// B006: a mutable default value. ref: flake8-bugbear B006
#include <algorithm>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/immutable_types.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

static bool isMutable(const LintContext& context, NodeId node) {
  switch (context.ast.kind(node)) {
    case NodeKind::kList:
    case NodeKind::kDict:
    case NodeKind::kSet:
    case NodeKind::kListComp:
    case NodeKind::kDictComp:
    case NodeKind::kSetComp: return true;
    case NodeKind::kGeneratorExp: return context.options.preview;
    case NodeKind::kTuple: {
      // The tuple stays as it is, but not what it holds.
      NodeList elements = context.ast.as<syntax::Tuple>(node).elts();
      return context.options.preview && std::any_of(elements.begin(), elements.end(), [&](NodeId element) { return isMutable(context, element); });
    }
    case NodeKind::kCall:
      return isMutableCall(context, context.ast.as<syntax::Call>(node).func());
    default: return false;
  }
}

// What gives the parameter its value at the body's start. The preview keeps the default's own words.
static std::string initialization(const LintContext& context, syntax::Parameter param, std::string_view indent) {
  std::string end(lineEndText(context)), name(syntax::nameText(context.ast, param.name()));
  std::string value = context.options.preview ? std::string(context.ast.text(parenthesizedRange(context, param.defaultValue())))
                                              : generatedCode(context.ast, param.defaultValue());
  std::string text = "if " + name + " is None:" + end + std::string(indentStep(context)) + name + " = " + value + end;
  std::string out;
  for (size_t at = 0; at < text.size();) {
    size_t next = std::min(text.find('\n', at), text.size() - 1) + 1;
    std::string_view line = std::string_view(text).substr(at, next - at);
    if (line.find_first_not_of(" \t\f\r\n") != std::string_view::npos) out += indent;
    out += line;
    at = next;
  }
  return out;
}

// Where it stands: behind the docstring and imports that have their lines for themselves.
static FixEdit initializationEdit(const LintContext& context, NodeList body, std::string text) {
  const Ast& ast = context.ast;
  uint32_t place = lineBegin(context, syntax::fullRange(ast, body[0]).begin);
  for (size_t i = 0; i < body.size(); ++i) {
    auto string = ast.tryAs<syntax::ExprStmt>(body[i]);
    bool is_head = (string && isStr(ast, string->value())) || ast.is(body[i], NodeKind::kImport) || ast.is(body[i], NodeKind::kImportFrom);
    if (!is_head) break;
    if (i + 1 < body.size()) {
      if (!sharesLine(context, body[i])) place = lineBegin(context, syntax::fullRange(ast, body[i + 1]).begin);
      continue;
    }
    place = nextLineBegin(context, ast.range(body[i]).end);
    bool is_open_end = place == ast.text().size() && ast.text().back() != '\n' && ast.text().back() != '\r';
    if (is_open_end) text.insert(0, lineEndText(context));
  }
  return {{place, place}, std::move(text)};
}

// `NotImplementedError` or a call of it: the body only says that there is none.
static bool isNotImplemented(const LintContext& context, NodeId exception) {
  if (auto call = exception.valid() ? context.ast.tryAs<syntax::Call>(exception) : std::nullopt) exception = call->func();
  return exception.valid() && isBuiltin(context, exception, "NotImplementedError");
}

// `None` as the default, and the value given at the body's start.
static std::vector<FixEdit> withoutDefault(const LintContext& context, syntax::FunctionDef function, syntax::Parameter param) {
  const Ast& ast = context.ast;
  NodeList body = function.body();
  uint32_t first = syntax::fullRange(ast, body[0]).begin;
  if (isPrecededInLine(context, body[0])) return {};
  std::vector<FixEdit> edits = {{parenthesizedRange(context, param.defaultValue()), "None"}};
  bool is_stub = std::all_of(body.begin(), body.end(), [&](NodeId statement) {
    auto expr = ast.tryAs<syntax::ExprStmt>(statement);
    if (auto raise = ast.tryAs<syntax::Raise>(statement)) return isNotImplemented(context, raise->exc());
    return ast.is(statement, NodeKind::kPass) || (expr && (isStr(ast, expr->value()) || isEllipsis(ast, expr->value())));
  });
  if (!is_stub) edits.push_back(initializationEdit(context, body, initialization(context, param, indentationAt(context, first))));
  return edits;
}

void checkMutableDefaults(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  for (NodeId id : ast.as<syntax::Parameters>(function.params()).params()) {
    auto param = ast.as<syntax::Parameter>(id);
    NodeId value = param.defaultValue();
    if (!value.valid() || !isMutable(context, value) || isImmutableAnnotation(context, param.annotation())) continue;
    auto finding = context.sink.begin("B006"_rule, ast.range(value));
    std::vector<FixEdit> edits = withoutDefault(context, function, param);
    if (!edits.empty()) finding.fix("Replace with `None`; initialize within function", std::move(edits), FixSafety::kUnsafe);
  }
}

}  // namespace krait::lint
