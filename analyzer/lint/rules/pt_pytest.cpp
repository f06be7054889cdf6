// PT006, PT010 to PT014, PT017, PT018, PT020, PT025, PT026, PT028, PT031: how tests are written for pytest.
// ref: flake8-pytest-style
#include <algorithm>
#include <string>
#include <vector>

#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/string_text.h"

namespace krait::lint {

using syntax::BoolOperator;
using syntax::UnaryOperator;

static std::string textOf(const Ast& ast, NodeId node) { return std::string(ast.text(node)); }

static void checkBroadRaises(LintContext& context, NodeId call, NodeId expected) {
  const Ast& ast = context.ast;
  NodeId match = keywordOf(ast, call, "match");
  auto text = match.valid() ? syntax::stringValue(ast, match) : std::nullopt;
  auto joined_text = match.valid() ? ast.tryAs<syntax::JoinedStr>(match) : std::nullopt;
  bool is_empty = (text && text->empty()) || (joined_text && joined_text->values().empty());
  bool says_nothing = !match.valid() || isNone(ast, match) || is_empty;
  if (!says_nothing) return;
  for (NodeId type : {expected}) {
    std::string name = qualifiedName(context, type);
    if (name.empty()) continue;
    if (name.starts_with("builtins.")) name.erase(0, 9);
    bool has_own = context.options.list("flake8-pytest-style.raises-require-match-for") != nullptr;
    bool is_broad = has_own ? matchesListed(context, "flake8-pytest-style.raises-require-match-for", name)
                            : isOneOf(name, {"BaseException", "Exception", "ValueError", "OSError", "IOError", "EnvironmentError", "socket.error"});
    if (!is_broad && !matchesListed(context, "flake8-pytest-style.raises-extend-require-match-for", name)) continue;
    context.sink.begin("PT011"_rule, ast.range(type), {name});
  }
}

void checkPytestRaises(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (calleeName(context, node) != "pytest.raises") return;
  auto call = ast.as<syntax::Call>(node);
  NodeId expected = argumentOf(ast, node, "expected_exception", 0);
  bool says_more = keywordOf(ast, node, "match").valid() || keywordOf(ast, node, "check").valid();
  if (!expected.valid() && !says_more) context.sink.begin("PT010"_rule, ast.range(call.func()));
  // The form with a function to call is another matter.
  bool is_called = positionalCount(ast, node) > 1 || keywordOf(ast, node, "func").valid();
  if (expected.valid() && !is_called) checkBroadRaises(context, node, expected);
}

static bool isEmptyStatement(const Ast& ast, NodeId statement) {
  if (ast.is(statement, NodeKind::kPass)) return true;
  auto expr = ast.tryAs<syntax::ExprStmt>(statement);
  return expr && isEllipsis(ast, expr->value());
}

// Is the one statement of the block compound, so that it hides which part is meant?
static bool isCompound(const Ast& ast, NodeId statement) {
  switch (ast.kind(statement)) {
    case NodeKind::kIf:
    case NodeKind::kTry:
    case NodeKind::kWhile:
    case NodeKind::kMatch: return true;
    case NodeKind::kFor: {
      NodeList body = ast.as<syntax::For>(statement).body();
      return !(body.size() == 1 && isEmptyStatement(ast, body[0]));
    }
    default: return false;
  }
}

void checkPytestBlocks(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto with = ast.as<syntax::With>(node);
  bool has_raises = false, has_warns = false;
  for (NodeId item : with.items()) {
    auto call = ast.tryAs<syntax::Call>(ast.as<syntax::WithItem>(item).contextExpr());
    if (!call) continue;
    std::string name = qualifiedName(context, call->func());
    has_raises |= name == "pytest.raises";
    has_warns |= name == "pytest.warns";
  }
  if (!has_raises && !has_warns) return;
  NodeList body = with.body();
  bool is_complex = body.size() > 1 || isCompound(ast, body[0]);
  if (auto inner = ast.tryAs<syntax::With>(body[0]); inner && body.size() == 1) {
    is_complex = inner->body().size() > 1 || isCompound(ast, inner->body()[0]);
  }
  if (!is_complex) return;
  if (has_raises) context.sink.begin("PT012"_rule, ast.range(node));
  if (has_warns) context.sink.begin("PT031"_rule, ast.range(node));
}

void checkPytestImport(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (auto import = ast.tryAs<syntax::Import>(node)) {
    for (NodeId id : import->names()) {
      auto alias = ast.as<syntax::Alias>(id);
      bool is_renamed = alias.asname().valid() && syntax::nameText(ast, alias.asname()) != "pytest";
      std::string_view name = syntax::nameText(ast, alias.name());
      if ((name == "pytest" || name.starts_with("pytest.")) && is_renamed) context.sink.begin("PT013"_rule, ast.range(node));
    }
    return;
  }
  auto from = ast.as<syntax::ImportFrom>(node);
  if (from.level() == 0 && from.module().valid() && syntax::nameText(ast, from.module()) == "pytest") {
    context.sink.begin("PT013"_rule, ast.range(node));
  }
}

static std::vector<std::string> splitNames(std::string_view text) {
  std::vector<std::string> out;
  for (size_t begin = 0; begin <= text.size();) {
    size_t end = std::min(text.find(',', begin), text.size());
    std::string_view part = text.substr(begin, end - begin);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    if (!part.empty()) out.emplace_back(part);
    begin = end + 1;
  }
  return out;
}

// `[(1,), (2,)]` becomes `[1, 2]` when the names become one. False when some row is no display of one value.
static bool unpackValues(const Ast& ast, NodeId values, std::vector<FixEdit>& edits) {
  if (!ast.is(values, NodeKind::kList) && !ast.is(values, NodeKind::kTuple)) return false;
  for (NodeId row : ast.list(values, 0)) {
    if (!ast.is(row, NodeKind::kTuple) && !ast.is(row, NodeKind::kList)) return false;
    NodeList cells = ast.list(row, 0);
    if (cells.size() != 1 || ast.is(cells[0], NodeKind::kStarred)) return false;
    edits.push_back({ast.range(row), textOf(ast, cells[0])});
  }
  return true;
}

static std::string joined(const std::vector<std::string>& parts, std::string_view open, std::string_view close) {
  std::string out(open);
  for (size_t i = 0; i < parts.size(); ++i) out += (i > 0 ? ", " : "") + parts[i];
  return out + std::string(close);
}

// The names as `parametrize-names-type` wants them; `shown` are quoted names or other expressions; plain names
// for one string.
static void reportNames(LintContext& context, TextRange range, const std::string& wanted, const std::vector<std::string>& shown, bool is_fixable) {
  auto finding = context.sink.begin("PT006"_rule, range, {wanted == "csv" ? "a string of comma-separated values" : "`" + wanted + "`"});
  if (!is_fixable) return;
  std::string text;
  if (wanted == "csv") {
    text = inPreferredQuotes(context, joined(shown, "", ""));
  } else {
    text = wanted == "list" ? joined(shown, "[", "]") : joined(shown, "(", ")");
  }
  finding.fix("Use a " + (wanted == "csv" ? std::string("string of comma-separated values") : "`" + wanted + "`") + " for the first argument",
              {{range, text}}, FixSafety::kUnsafe);
}

static void checkParametrizeNames(LintContext& context, NodeId names, NodeId values) {
  const Ast& ast = context.ast;
  std::string wanted = context.options.text("flake8-pytest-style.parametrize-names-type", "tuple");
  std::vector<std::string> shown;
  if (auto text = syntax::stringValue(ast, names)) {
    for (const std::string& part : splitNames(*text)) shown.push_back(inPreferredQuotes(context, part));
    if (shown.size() > 1 && wanted != "csv") reportNames(context, parenthesizedRange(ast, names), wanted, shown, true);
    return;
  }
  bool is_tuple = ast.is(names, NodeKind::kTuple);
  if (!is_tuple && !ast.is(names, NodeKind::kList)) return;
  NodeList elements = ast.list(names, 0);
  if (elements.size() == 1) {
    std::vector<FixEdit> edits = {{ast.range(names), textOf(ast, elements[0])}};
    bool is_fixable = !values.valid() || unpackValues(ast, values, edits);
    auto finding = context.sink.begin("PT006"_rule, ast.range(names), {"`str`"});
    if (is_fixable) finding.fix("Use a string for the first argument", std::move(edits), FixSafety::kUnsafe);
    return;
  }
  if (wanted == (is_tuple ? "tuple" : "list")) return;
  bool is_text = true;
  for (NodeId element : elements) {
    is_text &= isStr(ast, element);
    auto name = wanted == "csv" ? syntax::stringValue(ast, element) : std::nullopt;
    shown.push_back(name ? std::string(*name) : textOf(ast, element));
  }
  reportNames(context, ast.range(names), wanted, shown, wanted != "csv" || is_text);
}

static void checkParametrizeCases(LintContext& context, NodeId values) {
  const Ast& ast = context.ast;
  if (!values.valid() || (!ast.is(values, NodeKind::kList) && !ast.is(values, NodeKind::kTuple))) return;
  NodeList cases = ast.list(values, 0);
  for (size_t i = 0; i < cases.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (!isSameExpr(ast, cases[i], cases[j])) continue;
      auto finding = context.sink.begin("PT014"_rule, ast.range(cases[i]), {std::to_string(j)});
      uint32_t begin = parenthesizedRange(ast, cases[i - 1]).end, end = parenthesizedRange(ast, cases[i]).end;
      if (!hasComment(ast, {begin, end})) finding.fix("Remove duplicate test case", {{{begin, end}, ""}}, FixSafety::kUnsafe);
      break;
    }
  }
}

void checkParametrize(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (calleeName(context, node) != "pytest.mark.parametrize") return;
  NodeId names = argumentOf(ast, node, "argnames", 0), values = argumentOf(ast, node, "argvalues", 1);
  if (names.valid()) checkParametrizeNames(context, names, values);
  checkParametrizeCases(context, values);
}

static void collectAsserts(const Ast& ast, NodeId node, std::vector<NodeId>& out) {
  NodeKind kind = ast.kind(node);
  if (kind == NodeKind::kAssert) return out.push_back(node);
  syntax::forEachChild(ast, node, [&](NodeId child) {
    NodeKind child_kind = ast.kind(child);
    if (syntax::isStatement(ast, child) || child_kind == NodeKind::kExceptHandler || child_kind == NodeKind::kMatchCase) collectAsserts(ast, child, out);
  });
}

void checkAssertInExcept(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto handler = ast.as<syntax::ExceptHandler>(node);
  if (!handler.name().valid()) return;
  std::vector<NodeId> asserts;
  for (NodeId statement : handler.body()) collectAsserts(ast, statement, asserts);
  for (NodeId id : asserts) {
    auto statement = ast.as<syntax::Assert>(id);
    NameId name = syntax::nameOf(ast, handler.name());
    bool is_mentioned = mentionsName(ast, statement.test(), name) || (statement.msg().valid() && mentionsName(ast, statement.msg(), name));
    if (!is_mentioned) continue;
    context.sink.begin("PT017"_rule, ast.range(id), {ast.name(name)});
  }
}

namespace {
// How the operands of a split assertion are written: negated where the whole was, in the parentheses of the whole with the
// blanks inside of them.
struct Split {
  bool is_negated = false;
  std::string_view open, close;
};
}  // namespace

static std::string splitText(const Ast& ast, NodeId operand, const Split& split) {
  auto inner = split.is_negated ? ast.tryAs<syntax::UnaryOp>(operand) : std::nullopt;
  if (inner && inner->op() == UnaryOperator::kNot) return std::string(ast.text(parenthesizedRange(ast, inner->operand())));
  std::string text(ast.text(parenthesizedRange(ast, operand)));
  bool is_plain = ast.is(operand, NodeKind::kName) || ast.is(operand, NodeKind::kConstant);
  if (!is_plain) text = std::string(split.open) + text + std::string(split.close);
  return split.is_negated ? "not " + text : text;
}

void checkCompositeAssert(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::Assert>(node);
  auto negation = ast.tryAs<syntax::UnaryOp>(statement.test());
  bool is_negated = negation && negation->op() == UnaryOperator::kNot;
  auto op = ast.tryAs<syntax::BoolOp>(is_negated ? negation->operand() : statement.test());
  if (!op || op->op() != (is_negated ? BoolOperator::kOr : BoolOperator::kAnd)) return;
  bool is_mixed = false;
  for (NodeId value : op->values()) {
    auto inner = ast.tryAs<syntax::BoolOp>(value);
    is_mixed |= is_negated && inner && inner->op() == BoolOperator::kAnd;
  }
  auto finding = context.sink.begin("PT018"_rule, ast.range(node));
  uint32_t begin = lineBegin(context, ast.range(node).begin), end = nextLineBegin(context, ast.range(node).end);
  std::string_view indent = indentationAt(context, ast.range(node).begin);
  std::string_view rest = ast.text({ast.range(node).end, end});
  size_t behind = rest.find_first_not_of(" \t\r\n");
  bool is_alone = begin + indent.size() == ast.range(node).begin && (behind == std::string_view::npos || rest[behind] == '#');
  if (statement.msg().valid() || is_mixed || !is_alone) return;
  // The preview's fix gives up what comments are inside.
  if (hasComment(ast, ast.range(node)) && !context.options.preview) return;
  NodeList values = op->values();
  // The last operand stands alone, what is before it stays together, as `a and b and c` is read from the left.
  TextRange whole = parenthesizedRange(ast, op->id);
  Split split{is_negated, {}, {}};
  if (whole.begin < parenthesizedRange(ast, values[0]).begin) {
    std::string_view inside = ast.text({whole.begin + 1, whole.end - 1});
    split.open = ast.text({whole.begin, whole.begin + 1 + static_cast<uint32_t>(inside.find_first_not_of(" \t\r\n"))});
    split.close = ast.text({whole.begin + 2 + static_cast<uint32_t>(inside.find_last_not_of(" \t\r\n")), whole.end});
    if (inside.starts_with('(') && inside.ends_with(')')) split.open = "(", split.close = ")";
  }
  std::string first;
  if (values.size() == 2) {
    first = splitText(ast, values[0], split);
  } else {
    TextRange before{parenthesizedRange(ast, values[0]).begin, parenthesizedRange(ast, values[values.size() - 2]).end};
    first = (is_negated ? "not " : "") + std::string(split.open) + std::string(ast.text(before)) + std::string(split.close);
  }
  std::string line_end(lineEndText(context));
  std::string text = std::string(indent) + "assert " + first + line_end + std::string(indent) + "assert " +
                     splitText(ast, values.back(), split) + line_end;
  finding.fix("Break down assertion into multiple parts", {{{begin, end}, text}}, FixSafety::kUnsafe);
}

static std::string decoratorName(const LintContext& context, NodeId decorator) {
  if (auto call = context.ast.tryAs<syntax::Call>(decorator)) decorator = call->func();
  return qualifiedName(context, decorator);
}

static void checkYieldFixture(LintContext& context, NodeId decorator) {
  const Ast& ast = context.ast;
  auto finding = context.sink.begin("PT020"_rule, decoratorRange(ast, decorator));
  auto call = ast.tryAs<syntax::Call>(decorator);
  NodeId callee = call ? call->func() : decorator;
  auto name = context.options.preview ? importName(context, "pytest", "fixture", callee, true) : std::nullopt;
  if (!name) return;
  std::vector<FixEdit> edits = {{ast.range(callee), name->text}};
  if (name->edit) edits.push_back(*name->edit);
  finding.fix("Replace with `pytest.fixture`", std::move(edits));
}

void checkPytestDecorators(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeList decorators = ast.as<syntax::FunctionDef>(node).decorators();
  bool is_fixture = false;
  for (NodeId decorator : decorators) {
    std::string name = decoratorName(context, decorator);
    if (name == "pytest.yield_fixture") checkYieldFixture(context, decorator);
    is_fixture |= name == "pytest.fixture" || name == "pytest.yield_fixture";
  }
  for (NodeId decorator : decorators) {
    if (decoratorName(context, decorator) != "pytest.mark.usefixtures") continue;
    TextRange range = decoratorRange(ast, decorator);
    if (is_fixture) {
      TextRange lines{lineBegin(context, range.begin), nextLineBegin(context, range.end)};
      context.sink.begin("PT025"_rule, range).fix("Remove `pytest.mark.usefixtures`", {{lines, ""}});
    }
    auto call = ast.tryAs<syntax::Call>(decorator);
    if (call && !call->args().empty()) continue;
    context.sink.begin("PT026"_rule, range).fix("Remove `usefixtures` decorator or pass parameters", {{range, ""}}, FixSafety::kUnsafe);
  }
}

void checkTestDefaults(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (!definedName(ast, node).starts_with("test")) return;
  NodeId cls = classOfMethod(ast, node);
  if (!cls.valid() && enclosingFunction(ast, node).valid()) return;
  if (cls.valid() && !definedName(ast, cls).starts_with("Test")) return;
  for (NodeId id : ast.as<syntax::Parameters>(ast.as<syntax::FunctionDef>(node).params()).params()) {
    auto param = ast.as<syntax::Parameter>(id);
    if (!param.defaultValue().valid()) continue;
    TextRange value = ast.range(param.defaultValue());
    uint32_t begin = param.annotation().valid() ? ast.range(param.annotation()).end : ast.range(param.name()).end;
    context.sink.begin("PT028"_rule, value, {definedName(ast, id)})
        .fix("Remove default argument", {{{begin, parenthesizedRange(ast, param.defaultValue()).end}, ""}}, FixSafety::kDisplayOnly);
  }
}

}  // namespace krait::lint
