// SIM109, SIM112, SIM116, SIM212, SIM910: equalities, conditions and lookups that have a shorter form.
// ref: flake8-simplify
#include <set>
#include <string>
#include <vector>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/syntax/string_literal.h"

namespace krait::lint {

namespace {
struct Equality {
  NodeId subject;
  NodeId value;
};
}  // namespace

// `name == other_name`
static std::optional<Equality> nameEquality(const Ast& ast, NodeId expr) {
  auto compare = ast.tryAs<syntax::Compare>(expr);
  if (!compare || compare->comparators().size() != 1) return std::nullopt;
  if (static_cast<syntax::CompareOperator>(compare->ops()[0].value) != syntax::CompareOperator::kEq) return std::nullopt;
  NodeId value = compare->comparators()[0];
  if (!ast.is(compare->left(), NodeKind::kName) || !ast.is(value, NodeKind::kName)) return std::nullopt;
  return Equality{compare->left(), value};
}

static void reportEqualities(LintContext& context, NodeId node, NameId name) {
  const Ast& ast = context.ast;
  std::string members, text;
  for (NodeId value : ast.as<syntax::BoolOp>(node).values()) {
    auto equality = nameEquality(ast, value);
    if (equality && syntax::nameOf(ast, equality->subject) == name) members += (members.empty() ? "" : ", ") + std::string(ast.text(equality->value));
  }
  std::string shown = std::string(ast.name(name)) + " in (" + members + ")";
  bool is_written = false;
  for (NodeId value : ast.as<syntax::BoolOp>(node).values()) {
    auto equality = nameEquality(ast, value);
    bool is_part = equality && syntax::nameOf(ast, equality->subject) == name;
    if (is_part && is_written) continue;
    if (!text.empty()) text += " or ";
    text += is_part ? shown : std::string(ast.text(parenthesizedRange(ast, value)));
    is_written |= is_part;
  }
  if (hasComment(ast, ast.range(node))) return;
  context.sink.begin("SIM109"_rule, ast.range(node), {shown}).fix("Replace with `" + shown + "`", {{ast.range(node), text}}, FixSafety::kUnsafe);
}

void checkRepeatedNameEquality(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto choice = ast.as<syntax::BoolOp>(node);
  if (choice.op() != syntax::BoolOperator::kOr) return;
  std::vector<NameId> names;
  std::vector<uint32_t> counts;
  for (NodeId value : choice.values()) {
    auto equality = nameEquality(ast, value);
    if (!equality) continue;
    NameId name = syntax::nameOf(ast, equality->subject);
    size_t at = static_cast<size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    if (at == names.size()) {
      names.push_back(name);
      counts.push_back(0);
    }
    ++counts[at];
  }
  for (size_t i = 0; i < names.size(); ++i) {
    if (counts[i] > 1) reportEqualities(context, node, names[i]);
  }
}

static std::string capitalized(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return out;
}

static void checkVariableName(LintContext& context, NodeId expr, bool has_fix) {
  auto name = syntax::stringValue(context.ast, expr);
  if (!name || isOneOf(*name, {"http_proxy", "https_proxy", "no_proxy"})) return;
  std::string good = capitalized(*name);
  if (good == *name) return;
  TextRange range = context.ast.range(expr);
  auto finding = context.sink.begin("SIM112"_rule, range, {good, *name});
  char letter = context.ast.text(expr)[0];
  std::string text = (letter == 'u' || letter == 'U' ? "u" : "") + inPreferredQuotes(context, good);
  if (has_fix) finding.fix("Replace `" + std::string(*name) + "` with `" + good + "`", {{range, text}}, FixSafety::kUnsafe);
}

void checkEnvironmentItem(LintContext& context, NodeId node) {
  auto subscript = context.ast.as<syntax::Subscript>(node);
  if (context.ast.is(subscript.value(), NodeKind::kAttribute) && dottedText(context.ast, subscript.value()) == "os.environ" &&
      qualifiedName(context, subscript.value()) == "os.environ") {
    checkVariableName(context, subscript.slice(), true);
  }
}

void checkEnvironmentCall(LintContext& context, NodeId node) {
  if (!isOneOf(calleeName(context, node), {"os.environ.get", "os.getenv"})) return;
  NodeId name = positionalAt(context.ast, node, 0);
  if (name.valid()) checkVariableName(context, name, false);
}

// The only statement when it is a `return` of something that calls nothing.
static bool returnsPlainly(const LintContext& context, NodeList body) {
  auto statement = body.size() == 1 ? context.ast.tryAs<syntax::Return>(body[0]) : std::nullopt;
  return statement && (!statement->value().valid() || !hasEffect(context, statement->value()));
}

void checkReturnTable(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::If>(node);
  if (statement.isElif()) return;
  std::set<std::string, std::less<>> constants;
  NameId subject;
  while (true) {
    auto compare = ast.tryAs<syntax::Compare>(statement.test());
    if (!compare || compare->comparators().size() != 1 || !ast.is(compare->left(), NodeKind::kName)) return;
    if (static_cast<syntax::CompareOperator>(compare->ops()[0].value) != syntax::CompareOperator::kEq) return;
    NameId name = syntax::nameOf(ast, compare->left());
    if (!constants.empty() && name != subject) return;
    subject = name;
    if (!isLiteral(ast, compare->comparators()[0]) || !returnsPlainly(context, statement.body())) return;
    constants.emplace(ast.text(compare->comparators()[0]));
    NodeList rest = statement.orelse();
    auto next = rest.size() == 1 ? ast.tryAs<syntax::If>(rest[0]) : std::nullopt;
    if (next && next->isElif()) {
      statement = *next;
      continue;
    }
    if (!rest.empty() && !returnsPlainly(context, rest)) return;
    break;
  }
  if (constants.size() >= 3) context.sink.begin("SIM116"_rule, ast.range(node));
}

void checkTwistedArms(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto choice = ast.as<syntax::IfExp>(node);
  auto negation = ast.tryAs<syntax::UnaryOp>(choice.test());
  if (!negation || negation->op() != syntax::UnaryOperator::kNot) return;
  NodeId test = negation->operand(), orelse = choice.orelse(), body = choice.body();
  if (!ast.is(test, NodeKind::kName) || !ast.is(orelse, NodeKind::kName) || syntax::nameOf(ast, test) != syntax::nameOf(ast, orelse)) return;
  std::string good(ast.text(orelse)), other = generatedCode(ast, body);
  std::string text = good + " if " + good + " else " + generatedOperand(ast, body, Operand::kElse);
  context.sink.begin("SIM212"_rule, ast.range(node), {good, good, other, other, good, good})
      .fix("Replace with `" + good + " if " + good + " else " + other + "`", {{ast.range(node), text}}, FixSafety::kUnsafe);
}

void checkNoneDefault(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  auto method = ast.tryAs<syntax::Attribute>(call.func());
  if (!method || syntax::nameText(ast, method->attr()) != "get" || call.args().size() != 2) return;
  NodeId key = call.args()[0], fallback = call.args()[1], dict = method->value();
  if (ast.is(key, NodeKind::kKeyword) || !isNone(ast, fallback)) return;
  bool is_dict = ast.is(dict, NodeKind::kDict) || (ast.is(dict, NodeKind::kName) && isLastKnownAs(context, dict, Container::kDict));
  if (!is_dict) return;
  std::string text = std::string(ast.text(dict)) + ".get(" + std::string(ast.text(key)) + ")";
  std::string_view shown = ast.text(node);
  auto isShort = [](std::string_view code) { return code.size() <= 50 && code.find('\n') == std::string_view::npos; };
  bool is_shown = isShort(text) && isShort(shown);
  auto finding = is_shown ? context.sink.begin("SIM910"_rule, ast.range(node), {text, shown}) : context.sink.begin("SIM910Long"_rule, ast.range(node));
  std::string title = is_shown ? "Replace `" + std::string(shown) + "` with `" + text + "`" : "Remove default value";
  finding.fix(title, {{ast.range(node), text}}, hasComment(ast, ast.range(node)) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

}  // namespace krait::lint
