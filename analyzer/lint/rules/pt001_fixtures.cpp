// PT001, PT002, PT003, PT019, PT021, PT022, PT023, PT024: fixtures and marks of pytest. ref: flake8-pytest-style
#include <string>
#include <vector>

#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

namespace {
// What a fixture's own body does; functions inside it are others.
struct FixtureBody {
  NodeId finalizer;  // the last call of request.addfinalizer
  uint32_t yields = 0;
};
}  // namespace

static NodeId calleeOf(const Ast& ast, NodeId decorator) {
  auto call = ast.tryAs<syntax::Call>(decorator);
  return call ? call->func() : decorator;
}

static bool isFixture(const LintContext& context, NodeId decorator) {
  return isOneOf(qualifiedName(context, calleeOf(context.ast, decorator)), {"pytest.fixture", "pytest.yield_fixture"});
}

// Empty parentheses that say nothing, or their lack where the configuration wants them.
static void checkParentheses(LintContext& context, NodeId decorator, bool wants, Rule rule, std::string_view mark) {
  const Ast& ast = context.ast;
  auto call = ast.tryAs<syntax::Call>(decorator);
  if (call && (wants || !call->args().empty())) return;
  if (!call && !wants) return;
  TextRange range = decoratorRange(ast, decorator);
  std::string_view good = wants ? "()" : "", bad = wants ? "" : "()";
  auto finding = mark.empty() ? context.sink.begin(rule, range, {good, bad}) : context.sink.begin(rule, range, {mark, good, mark, bad});
  TextRange parentheses{call ? ast.range(call->func()).end : range.end, range.end};
  finding.fix(wants ? "Add parentheses" : "Remove parentheses", {{parentheses, std::string(good)}}, hasComment(ast, parentheses) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

static void lookIntoBody(const Ast& ast, NodeId node, FixtureBody& out) {
  NodeKind kind = ast.kind(node);
  if (kind == NodeKind::kFunctionDef) return;
  if (kind == NodeKind::kYield) ++out.yields;
  auto call = ast.tryAs<syntax::Call>(node);
  if (call && dottedText(ast, call->func()) == "request.addfinalizer") out.finalizer = node;
  syntax::forEachChild(ast, node, [&](NodeId child) { lookIntoBody(ast, child, out); });
}

static bool hasParameter(const Ast& ast, NodeId function, std::string_view name) {
  for (NodeId id : ast.as<syntax::Parameters>(ast.as<syntax::FunctionDef>(function).params()).params()) {
    if (syntax::nameText(ast, ast.as<syntax::Parameter>(id).name()) == name) return true;
  }
  return false;
}

static void checkLastYield(LintContext& context, NodeId function, const FixtureBody& body) {
  const Ast& ast = context.ast;
  auto definition = ast.as<syntax::FunctionDef>(function);
  auto last = ast.tryAs<syntax::ExprStmt>(definition.body().back());
  if (!last || !ast.is(last->value(), NodeKind::kYield) || body.yields != 1) return;
  TextRange range = ast.range(last->id);
  std::vector<FixEdit> edits;
  auto type = ast.tryAs<syntax::Subscript>(definition.returns());
  if (type && isOneOf(qualifiedName(context, type->value()), {"typing.Generator", "collections.abc.Generator", "typing.AsyncGenerator", "collections.abc.AsyncGenerator"})) {
    NodeId item = type->slice();
    if (auto tuple = ast.tryAs<syntax::Tuple>(item)) item = tuple->elts()[0];
    edits.push_back({ast.range(definition.returns()), std::string(ast.text(item))});
  }
  edits.push_back({{range.begin, range.begin + 5}, "return"});
  context.sink.begin("PT022"_rule, range, {syntax::nameText(ast, definition.name())}).fix("Replace `yield` with `return`", std::move(edits));
}

static void checkFixture(LintContext& context, NodeId function, NodeId decorator) {
  const Ast& ast = context.ast;
  auto definition = ast.as<syntax::FunctionDef>(function);
  checkParentheses(context, decorator, context.options.flag("flake8-pytest-style.fixture-parentheses"), "PT001"_rule, "");
  if (ast.is(decorator, NodeKind::kCall)) {
    if (positionalCount(ast, decorator) > 0) context.sink.begin("PT002"_rule, decoratorRange(ast, decorator), {syntax::nameText(ast, definition.name())});
    NodeId scope = keywordNodeOf(ast, decorator, "scope");
    if (scope.valid() && syntax::stringValue(ast, ast.as<syntax::Keyword>(scope).value()) == "function") {
      context.sink.begin("PT003"_rule, ast.range(scope)).fix("Remove implied `scope` argument", {removeArgument(context, decorator, scope)}, FixSafety::kUnsafe);
    }
  }
  FixtureBody body;
  for (NodeId statement : definition.body()) lookIntoBody(ast, statement, body);
  if (body.finalizer.valid() && hasParameter(ast, function, "request")) context.sink.begin("PT021"_rule, ast.range(body.finalizer));
  checkLastYield(context, function, body);
}

// None where they are computed.
static std::optional<std::vector<std::string>> parametrizedNames(const LintContext& context, NodeId function) {
  const Ast& ast = context.ast;
  std::vector<std::string> names;
  bool is_known = true;
  auto add = [&](NodeId expr) {
    std::string word;
    is_known = is_known && (isStr(ast, expr) || ast.is(expr, NodeKind::kJoinedStr));
    for (char c : std::string(syntax::stringValue(ast, expr).value_or("")) + ",") {
      if (c == ' ') continue;
      if (c != ',') {
        word += c;
      } else if (!word.empty()) {
        names.push_back(std::move(word));
        word.clear();
      }
    }
  };
  for (NodeId decorator : ast.as<syntax::FunctionDef>(function).decorators()) {
    if (!ast.is(decorator, NodeKind::kCall) || qualifiedName(context, calleeOf(ast, decorator)) != "pytest.mark.parametrize") continue;
    NodeId argument = argumentOf(ast, decorator, "argnames", 0);
    if (!argument.valid()) continue;
    if (ast.is(argument, NodeKind::kTuple) || ast.is(argument, NodeKind::kList)) {
      for (NodeId element : ast.list(argument, 0)) add(element);
    } else {
      add(argument);
    }
  }
  if (!is_known) return std::nullopt;
  return names;
}

static void checkTestParameters(LintContext& context, NodeId function) {
  const Ast& ast = context.ast;
  auto definition = ast.as<syntax::FunctionDef>(function);
  if (!syntax::nameText(ast, definition.name()).starts_with("test_")) return;
  std::optional<std::vector<std::string>> given = parametrizedNames(context, function);
  if (!given) return;
  for (NodeId id : ast.as<syntax::Parameters>(definition.params()).params()) {
    auto param = ast.as<syntax::Parameter>(id);
    std::string_view name = syntax::nameText(ast, param.name());
    bool is_variadic = param.parameterKind() == syntax::ParameterKind::kVarPositional || param.parameterKind() == syntax::ParameterKind::kVarKeyword;
    if (is_variadic || !name.starts_with('_') || std::find(given->begin(), given->end(), name) != given->end()) continue;
    context.sink.begin("PT019"_rule, ast.range(id), {name});
  }
}

void checkPytestFunction(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  bool is_fixture = false;
  NodeList decorators = ast.as<syntax::FunctionDef>(node).decorators();
  for (NodeId decorator : decorators) {
    if (is_fixture || !isFixture(context, decorator)) continue;
    is_fixture = true;
    checkFixture(context, node, decorator);
  }
  for (NodeId decorator : decorators) {
    if (!is_fixture || qualifiedName(context, calleeOf(ast, decorator)) != "pytest.mark.asyncio") continue;
    TextRange range = decoratorRange(ast, decorator);
    context.sink.begin("PT024"_rule, range)
        .fix("Remove `pytest.mark.asyncio`", {{{lineBegin(context, range.begin), nextLineBegin(context, range.end)}, ""}});
  }
  checkTestParameters(context, node);
}

void checkPytestMarks(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeList decorators = ast.is(node, NodeKind::kClassDef) ? ast.as<syntax::ClassDef>(node).decorators() : ast.as<syntax::FunctionDef>(node).decorators();
  for (NodeId decorator : decorators) {
    std::string name = qualifiedName(context, calleeOf(ast, decorator));
    if (!name.starts_with("pytest.mark.") || name.find('.', 12) != std::string::npos) continue;
    checkParentheses(context, decorator, context.options.flag("flake8-pytest-style.mark-parentheses"), "PT023"_rule, std::string_view(name).substr(12));
  }
}

}  // namespace krait::lint
