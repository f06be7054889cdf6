// PT007, PT008, PT009, PT015, PT016, PT027, PT029, PT030: assertions and expectations as pytest has them.
// ref: flake8-pytest-style
#include <optional>
#include <string>
#include <vector>

#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/truthiness.h"

namespace krait::lint {

namespace {
enum class Form : uint8_t { kTest, kNotTest, kOperator, kNone, kInstance, kNotInstance, kRegex, kNotRegex, kOther };
struct Assertion {
  std::string_view name;
  Form form;
  std::string_view op;
  std::string_view first, second;  // the names of its arguments
};
}  // namespace

static constexpr Assertion kAssertions[] = {
    {"assertTrue", Form::kTest, "", "expr", ""},
    {"failUnless", Form::kTest, "", "expr", ""},
    {"assert_", Form::kOther, "", "", ""},
    {"assertFalse", Form::kNotTest, "", "expr", ""},
    {"failIf", Form::kNotTest, "", "expr", ""},
    {"assertEqual", Form::kOperator, "==", "first", "second"},
    {"assertEquals", Form::kOperator, "==", "first", "second"},
    {"failUnlessEqual", Form::kOperator, "==", "first", "second"},
    {"assertNotEqual", Form::kOperator, "!=", "first", "second"},
    {"assertNotEquals", Form::kOperator, "!=", "first", "second"},
    {"failIfEqual", Form::kOperator, "!=", "first", "second"},
    {"assertGreater", Form::kOperator, ">", "first", "second"},
    {"assertGreaterEqual", Form::kOperator, ">=", "first", "second"},
    {"assertLess", Form::kOperator, "<", "first", "second"},
    {"assertLessEqual", Form::kOperator, "<=", "first", "second"},
    {"assertIn", Form::kOperator, "in", "member", "container"},
    {"assertNotIn", Form::kOperator, "not in", "member", "container"},
    {"assertIs", Form::kOperator, "is", "expr1", "expr2"},
    {"assertIsNot", Form::kOperator, "is not", "expr1", "expr2"},
    {"assertIsNone", Form::kNone, "is", "expr", ""},
    {"assertIsNotNone", Form::kNone, "is not", "expr", ""},
    {"assertIsInstance", Form::kInstance, "", "obj", "cls"},
    {"assertNotIsInstance", Form::kNotInstance, "", "obj", "cls"},
    {"assertRegex", Form::kRegex, "", "text", "regex"},
    {"assertRegexpMatches", Form::kRegex, "", "text", "regex"},
    {"assertNotRegex", Form::kNotRegex, "", "text", "regex"},
    {"assertNotRegexpMatches", Form::kNotRegex, "", "text", "regex"},
    {"assertAlmostEqual", Form::kOther, "", "", ""},
    {"assertAlmostEquals", Form::kOther, "", "", ""},
    {"assertNotAlmostEqual", Form::kOther, "", "", ""},
    {"assertNotAlmostEquals", Form::kOther, "", "", ""},
    {"assertCountEqual", Form::kOther, "", "", ""},
    {"assertDictContainsSubset", Form::kOther, "", "", ""},
    {"assertDictEqual", Form::kOther, "", "", ""},
    {"assertListEqual", Form::kOther, "", "", ""},
    {"assertMultiLineEqual", Form::kOther, "", "", ""},
    {"assertSequenceEqual", Form::kOther, "", "", ""},
    {"assertSetEqual", Form::kOther, "", "", ""},
    {"assertTupleEqual", Form::kOther, "", "", ""},
    {"failIfAlmostEqual", Form::kOther, "", "", ""},
    {"failUnlessAlmostEqual", Form::kOther, "", "", ""},
};

static std::string operandText(const Ast& ast, NodeId expr) { return generatedOperand(ast, expr, Operand::kComparison); }

// The test that the assertion makes; none where an argument is missing.
static std::optional<std::string> testOf(const Ast& ast, NodeId call, const Assertion& assertion) {
  NodeId first = argumentOf(ast, call, assertion.first, 0);
  if (!first.valid()) return std::nullopt;
  std::string text = generatedOperand(ast, first, Operand::kArgument);
  if (assertion.form == Form::kTest) return text;
  if (assertion.form == Form::kNotTest) return "not " + (ast.is(first, NodeKind::kBoolOp) || ast.is(first, NodeKind::kIfExp) || ast.is(first, NodeKind::kLambda) ? "(" + text + ")" : text);
  if (assertion.form == Form::kNone) return operandText(ast, first) + " " + std::string(assertion.op) + " None";
  NodeId second = argumentOf(ast, call, assertion.second, 1);
  if (!second.valid()) return std::nullopt;
  std::string other = generatedOperand(ast, second, Operand::kArgument);
  switch (assertion.form) {
    case Form::kOperator: return operandText(ast, first) + " " + std::string(assertion.op) + " " + operandText(ast, second);
    case Form::kInstance: return "isinstance(" + text + ", " + other + ")";
    case Form::kNotInstance: return "not isinstance(" + text + ", " + other + ")";
    case Form::kRegex: return "re.search(" + other + ", " + text + ")";
    case Form::kNotRegex: return "not re.search(" + other + ", " + text + ")";
    default: return std::nullopt;
  }
}

// Is every argument one that the assertion knows?
static bool knowsArguments(const Ast& ast, NodeId call, const Assertion& assertion) {
  for (NodeId arg : ast.as<syntax::Call>(call).args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (!keyword) continue;
    std::string_view name = syntax::nameText(ast, keyword->arg());
    if (name != assertion.first && name != assertion.second && name != "msg") return false;
  }
  return true;
}

static bool hasUnpacking(const Ast& ast, NodeId call) {
  for (NodeId arg : ast.as<syntax::Call>(call).args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (ast.is(arg, NodeKind::kStarred) || (keyword && !keyword->arg().valid())) return true;
  }
  return false;
}

static void checkAssertion(LintContext& context, NodeId node, const Assertion& assertion) {
  const Ast& ast = context.ast;
  auto finding = context.sink.begin("PT009"_rule, ast.range(ast.as<syntax::Call>(node).func()), {assertion.name});
  bool is_statement = ast.is(ast.parent(node), NodeKind::kExprStmt);
  if (assertion.form == Form::kOther || !is_statement || hasUnpacking(ast, node) || hasComment(ast, ast.range(node))) return;
  auto test = knowsArguments(ast, node, assertion) ? testOf(ast, node, assertion) : std::nullopt;
  if (!test) return;
  NodeId message = argumentOf(ast, node, "msg", assertion.second.empty() ? 1 : 2);
  std::string text = "assert " + *test + (message.valid() ? ", " + generatedOperand(ast, message, Operand::kArgument) : "");
  finding.fix("Replace `" + std::string(assertion.name) + "(...)` with `assert ...`", {{parenthesizedRange(ast, node), text}}, FixSafety::kUnsafe);
}

static void checkRaises(LintContext& context, NodeId node, std::string_view name) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  auto finding = context.sink.begin("PT027"_rule, ast.range(call.func()), {name});
  bool has_regex = name == "assertRaisesRegex" || name == "assertRaisesRegexp";
  NodeId expected = argumentOf(ast, node, "expected_exception", 0), regex = argumentOf(ast, node, "expected_regex", 1);
  if (!expected.valid() || hasUnpacking(ast, node) || call.args().size() != (has_regex ? 2u : 1u) || (has_regex && !regex.valid())) return;
  auto imported = importName(context, "pytest", "raises", node, true);
  if (!imported) return;
  std::vector<FixEdit> edits;
  if (imported->edit) edits.push_back(*imported->edit);
  std::string text = imported->text + "(" + std::string(ast.text(expected)) + (has_regex ? ", match=" + std::string(ast.text(regex)) : "") + ")";
  edits.push_back({ast.range(node), text});
  // What the `with` statement binds has the exception under another name.
  auto item = ast.tryAs<syntax::WithItem>(ast.parent(node));
  const NameFlow& flow = context.tokens.nameFlow(context);
  uint32_t bound = item && ast.is(item->optionalVars(), NodeKind::kName) ? flow.madeBy(item->optionalVars()) : kNoBinding;
  uint32_t at = bound == kNoBinding ? kNoBinding : flow.bindings[bound].references;
  for (; at != kNoBinding; at = flow.references[at].next) {
    NodeId use = flow.references[at].node;
    auto attribute = ast.tryAs<syntax::Attribute>(ast.parent(use));
    if (attribute && attribute->value() == use && syntax::nameText(ast, attribute->attr()) == "exception") edits.push_back({ast.range(attribute->attr()), "value"});
  }
  finding.fix("Replace `" + std::string(name) + "` with `pytest.raises`", std::move(edits), FixSafety::kUnsafe);
}

void checkUnittestCalls(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto method = ast.tryAs<syntax::Attribute>(ast.as<syntax::Call>(node).func());
  if (!method) return;
  std::string_view name = syntax::nameText(ast, method->attr());
  if (!name.starts_with("assert") && !name.starts_with("fail")) return;
  if (isOneOf(name, {"assertRaises", "failUnlessRaises", "assertRaisesRegex", "assertRaisesRegexp"})) return checkRaises(context, node, name);
  for (const Assertion& assertion : kAssertions) {
    if (assertion.name == name) checkAssertion(context, node, assertion);
  }
}

void checkAlwaysFails(LintContext& context, NodeId node) {
  if (isFalsy(truthOf(context, context.ast.as<syntax::Assert>(node).test()))) context.sink.begin("PT015"_rule, context.ast.range(node));
}

static bool saysNothing(const Ast& ast, NodeId expr) {
  if (auto joined = ast.tryAs<syntax::JoinedStr>(expr)) return joined->values().empty();
  auto text = syntax::stringValue(ast, expr);
  return isNone(ast, expr) || (text && text->empty());
}

static void checkPatch(LintContext& context, NodeId node, std::string_view name) {
  const Ast& ast = context.ast;
  bool is_object = name.ends_with(".object");
  NodeId made = argumentOf(ast, node, "new", is_object ? 2 : 1);
  auto lambda = ast.tryAs<syntax::Lambda>(made);
  if (!lambda || keywordOf(ast, node, "return_value").valid()) return;
  for (NodeId id : ast.as<syntax::Parameters>(lambda->params()).params()) {
    if (mentionsName(ast, lambda->body(), syntax::nameOf(ast, ast.as<syntax::Parameter>(id).name()))) return;
  }
  context.sink.begin("PT008"_rule, ast.range(ast.as<syntax::Call>(node).func()));
}

static void checkWarns(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (call.args().empty()) context.sink.begin("PT029"_rule, ast.range(call.func()));
  NodeId expected = argumentOf(ast, node, "expected_warning", 0), match = keywordOf(ast, node, "match");
  if (!expected.valid() || (match.valid() && !saysNothing(ast, match))) return;
  std::string name = qualifiedName(context, expected);
  if (name.empty()) return;
  if (name.starts_with("builtins.")) name.erase(0, 9);
  bool has_own = context.options.list("flake8-pytest-style.warns-require-match-for") != nullptr;
  bool is_broad = has_own ? matchesListed(context, "flake8-pytest-style.warns-require-match-for", name) : isOneOf(name, {"Warning", "UserWarning", "DeprecationWarning"});
  if (is_broad || matchesListed(context, "flake8-pytest-style.warns-extend-require-match-for", name)) context.sink.begin("PT030"_rule, ast.range(expected), {name});
}

void checkPytestCalls(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::string name(calleeName(context, node));
  if (name == "pytest.fail") {
    NodeId reason = argumentOf(ast, node, "reason", 0);
    if (!reason.valid()) reason = keywordOf(ast, node, "msg");
    if (!reason.valid() || saysNothing(ast, reason)) context.sink.begin("PT016"_rule, ast.range(ast.as<syntax::Call>(node).func()));
  } else if (name == "pytest.warns") {
    checkWarns(context, node);
  }
  std::string dotted = dottedText(ast, ast.as<syntax::Call>(node).func());
  std::string_view path = dotted;
  if (isOneOf(path, {"mocker.patch", "class_mocker.patch", "module_mocker.patch", "package_mocker.patch", "session_mocker.patch", "mock.patch",
                     "unittest.mock.patch", "mocker.patch.object", "class_mocker.patch.object", "module_mocker.patch.object",
                     "package_mocker.patch.object", "session_mocker.patch.object", "mock.patch.object", "unittest.mock.patch.object"})) {
    checkPatch(context, node, path);
  }
}

// The brackets of a display made others; what stands before the closing one keeps its comma only where it must.
static std::vector<FixEdit> otherBrackets(const LintContext& context, NodeId node, bool makes_tuple) {
  const Ast& ast = context.ast;
  TextRange range = ast.range(node);
  NodeList elements = ast.list(node, 0);
  uint32_t close = range.end - 1;
  std::string_view before = ast.text({range.begin, close});
  std::string end = makes_tuple ? ")" : "]";
  bool is_tight = before.ends_with(",") && !makes_tuple;
  if (makes_tuple && elements.size() == 1 && !before.ends_with(",")) end = ",)";
  uint32_t from = close;
  if (is_tight && elements.size() == 1) from = close - 1;
  return {{{range.begin, range.begin + 1}, makes_tuple ? "(" : "["}, {{from, range.end}, end}};
}

static void reportValues(LintContext& context, NodeId node, bool makes_tuple, bool has_rows, std::string_view values, std::string_view rows) {
  auto finding = has_rows ? context.sink.begin("PT007Rows"_rule, context.ast.range(node), {values, rows}) : context.sink.begin("PT007"_rule, context.ast.range(node), {values});
  std::string kind = has_rows ? "`" + std::string(values) + "` of `" + std::string(rows) + "`" : "`" + std::string(values) + "`";
  finding.fix("Use " + kind + " for parameter values", otherBrackets(context, node, makes_tuple), FixSafety::kUnsafe);
}

static bool namesSeveral(const Ast& ast, NodeId names) {
  auto text = syntax::stringValue(ast, names);
  if (!text) return true;
  size_t comma = text->find(',');
  return comma != std::string_view::npos && text->find_first_not_of(" ,", comma) != std::string_view::npos;
}

void checkParametrizeValues(LintContext& context, NodeId node) {
  if (calleeName(context, node) != "pytest.mark.parametrize") return;
  const Ast& ast = context.ast;
  NodeId names = argumentOf(ast, node, "argnames", 0), values = argumentOf(ast, node, "argvalues", 1);
  if (!names.valid() || !values.valid()) return;
  bool is_tuple = ast.is(values, NodeKind::kTuple), has_rows = namesSeveral(ast, names);
  if (!is_tuple && !ast.is(values, NodeKind::kList)) return;
  bool wants_tuple = context.options.text("flake8-pytest-style.parametrize-values-type", "list") == "tuple";
  bool wants_tuple_rows = context.options.text("flake8-pytest-style.parametrize-values-row-type", "tuple") == "tuple";
  std::string_view kind = wants_tuple ? "tuple" : "list", row_kind = wants_tuple_rows ? "tuple" : "list";
  if (is_tuple != wants_tuple) reportValues(context, values, wants_tuple, has_rows, kind, row_kind);
  for (NodeId row : ast.list(values, 0)) {
    bool is_row_tuple = ast.is(row, NodeKind::kTuple);
    if (!has_rows || (!is_row_tuple && !ast.is(row, NodeKind::kList)) || is_row_tuple == wants_tuple_rows) continue;
    reportValues(context, row, wants_tuple_rows, true, kind, row_kind);
  }
}

}  // namespace krait::lint
