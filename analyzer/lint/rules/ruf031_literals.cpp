// RUF031, RUF038, RUF039, RUF065, RUF069, RUF071, PLC1901: expressions that a reader or Python takes for something else.
#include <string>
#include <vector>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/format_strings.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

using syntax::CompareOperator;
using syntax::ConstantKind;

// Is the node part of a class's bases or keywords?
static bool isInClassHead(const Ast& ast, NodeId node) {
  while (node.valid() && !syntax::isStatement(ast, ast.parent(node))) node = ast.parent(node);
  auto cls = node.valid() ? ast.tryAs<syntax::ClassDef>(ast.parent(node)) : std::nullopt;
  return cls && std::find(cls->args().begin(), cls->args().end(), node) != cls->args().end();
}

void checkSubscriptTuple(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto tuple = ast.tryAs<syntax::Tuple>(ast.as<syntax::Subscript>(node).slice());
  if (!tuple || tuple->elts().empty() || isTypeDefinition(context, node) || isInClassHead(ast, node)) return;
  bool wants = context.options.flag("ruff.parenthesize-tuple-in-subscript");
  TextRange whole = ast.range(tuple->id);
  bool has = ast.hasFlag(tuple->id, syntax::kParenthesized) || ast.text()[whole.begin] == '(';
  // `(a), b` begins with a parenthesis that is not the tuple's.
  has = has && ast.range(tuple->elts()[0]).begin > whole.begin && parenthesizedRange(ast, tuple->elts()[0]).begin > whole.begin;
  if (has == wants) return;
  if (wants) {
    for (NodeId element : tuple->elts()) {
      if (ast.is(element, NodeKind::kSlice)) return;
    }
    context.sink.begin("RUF031Wanted"_rule, whole).fix("Parenthesize tuple", {{whole, "(" + std::string(ast.text(whole)) + ")"}});
    return;
  }
  for (NodeId element : tuple->elts()) {
    if (ast.is(element, NodeKind::kStarred) && context.options.target_minor < 11) return;
  }
  TextRange inner{whole.begin + 1, whole.end - 1};
  context.sink.begin("RUF031"_rule, whole).fix("Remove parentheses", {{whole, std::string(ast.text(inner))}});
}

static void literalMembers(const LintContext& context, NodeId node, std::vector<NodeId>& out) {
  const Ast& ast = context.ast;
  if (auto tuple = ast.tryAs<syntax::Tuple>(node)) {
    for (NodeId element : tuple->elts()) literalMembers(context, element, out);
    return;
  }
  auto subscript = ast.tryAs<syntax::Subscript>(node);
  if (subscript && typingName(context, subscript->value()) == "Literal") return literalMembers(context, subscript->slice(), out);
  out.push_back(node);
}

void checkBoolLiteral(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (typingName(context, ast.as<syntax::Subscript>(node).value()) != "Literal") return;
  for (NodeId at = ast.parent(node); at.valid() && syntax::isExpression(ast, at); at = ast.parent(at)) {
    auto outer = ast.tryAs<syntax::Subscript>(at);
    if (outer && typingName(context, outer->value()) == "Literal") return;
  }
  std::vector<NodeId> members;
  literalMembers(context, node, members);
  bool has_true = false, has_false = false, has_other = false;
  for (NodeId member : members) {
    bool is_true = isConstant(ast, member, ConstantKind::kTrue), is_false = isConstant(ast, member, ConstantKind::kFalse);
    has_true |= is_true;
    has_false |= is_false;
    has_other |= !is_true && !is_false;
  }
  if (!has_true || !has_false) return;
  if (has_other) {
    context.sink.begin("RUF038"_rule, ast.range(node));
    return;
  }
  auto finding = context.sink.begin("RUF038Only"_rule, ast.range(node));
  FixSafety safety = hasComment(ast, ast.range(node)) ? FixSafety::kUnsafe : FixSafety::kSafe;
  if (isBuiltinAvailable(context, node, "bool")) finding.fix("Replace with `bool`", {{ast.range(node), "bool"}}, safety);
}

// Does the text between the quotes mean the same as a raw pattern? Escapes that the pattern language has too may stay.
static bool meansSameRaw(std::string_view body, bool is_bytes) {
  for (size_t at = body.find('\\'); at != std::string_view::npos; at = body.find('\\', at + 2)) {
    std::string_view known = is_bytes ? "afnrtvx" : "afnrtvxuU";
    if (at + 1 >= body.size() || known.find(body[at + 1]) == std::string_view::npos) return false;
  }
  return true;
}

void checkUnrawPattern(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId pattern = positionalAt(ast, node, 0);
  if (!isConstant(ast, pattern, ConstantKind::kStr) && !isConstant(ast, pattern, ConstantKind::kBytes)) return;
  std::string name(calleeName(context, node));
  size_t dot = name.find('.');
  if (dot == std::string::npos) return;
  std::string module = name.substr(0, dot), function = name.substr(dot + 1);
  bool is_known = isOneOf(function, {"compile", "findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn"});
  bool is_more = module == "regex" && isOneOf(function, {"splititer", "subf", "subfn", "template"});
  if ((module != "re" && module != "regex") || (!is_known && !is_more)) return;
  TextRange range = ast.range(pattern);
  const std::vector<Token>& tokens = context.tokens.all();
  for (size_t i = context.tokens.firstAt(range.begin); i < tokens.size() && tokens[i].begin < range.end; ++i) {
    if (tokens[i].kind != TokenKind::kString) continue;
    std::string_view text = ast.text(tokens[i].range());
    size_t quote = text.find_first_of("'\"");
    std::string_view prefix = text.substr(0, quote);
    if (prefix.find_first_of("rR") != std::string_view::npos) continue;
    bool is_bytes = prefix.find_first_of("bB") != std::string_view::npos;
    auto finding = context.sink.begin(is_bytes ? "RUF039Bytes"_rule : "RUF039"_rule, tokens[i].range(), {name + "()"});
    bool is_plain = prefix.find_first_of("uU") == std::string_view::npos;
    if (is_plain && meansSameRaw(text.substr(quote), is_bytes)) {
      finding.fix(is_bytes ? "Replace with raw bytes literal" : "Replace with raw string", {{{tokens[i].begin, tokens[i].begin}, "r"}});
    }
  }
}

// The conversions of a percent format in order, `%%` left out; nothing where names or stars stand in it.
static std::vector<std::string> conversionsOf(std::string_view format) {
  std::vector<std::string> out;
  for (size_t at = format.find('%'); at != std::string_view::npos; at = format.find('%', at)) {
    size_t end = at + 1;
    while (end < format.size() && std::string_view("#0- +.123456789").find(format[end]) != std::string_view::npos) ++end;
    while (end < format.size() && std::string_view("hlL").find(format[end]) != std::string_view::npos) ++end;
    if (end >= format.size() || format[end] == '(' || format[end] == '*') return {};
    if (format[end] != '%') out.emplace_back(format.substr(at, end + 1 - at));
    at = end + 1;
  }
  return out;
}

void checkLoggingConversions(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  std::optional<LoggingCall> logging = loggingCall(context, node);
  if (!logging || !logging->message.valid()) return;
  std::optional<std::string_view> format = syntax::stringValue(ast, logging->message);
  if (!format || logging->level == "warn") {
    if (!format) return;
  }
  std::vector<std::string> conversions = conversionsOf(*format);
  size_t first = 0;
  while (first < call.args().size() && call.args()[first] != logging->message) ++first;
  for (size_t i = 0; i < conversions.size() && first + 1 + i < call.args().size(); ++i) {
    NodeId argument = call.args()[first + 1 + i];
    if (ast.is(argument, NodeKind::kStarred) || ast.is(argument, NodeKind::kKeyword)) return;
    auto inner = ast.tryAs<syntax::Call>(argument);
    if (!inner || conversions[i].back() != 's') continue;
    if (isBuiltin(context, inner->func(), "str")) {
      bool is_plain = inner->args().size() == 1 && !ast.is(inner->args()[0], NodeKind::kStarred);
      if (is_plain) context.sink.begin("RUF065"_rule, ast.range(argument), {"str", "s"});
    } else if (isBuiltin(context, inner->func(), "repr")) {
      context.sink.begin("RUF065Other"_rule, ast.range(argument), {"repr", "%r"});
    } else if (isBuiltin(context, inner->func(), "ascii")) {
      context.sink.begin("RUF065Other"_rule, ast.range(argument), {"ascii", "%a"});
    } else if (isBuiltin(context, inner->func(), "oct")) {
      context.sink.begin("RUF065Other"_rule, ast.range(argument), {"oct", "%#o"});
    } else if (isBuiltin(context, inner->func(), "hex")) {
      context.sink.begin("RUF065Other"_rule, ast.range(argument), {"hex", "%#x"});
    }
  }
}

static bool isNumber(const Ast& ast, NodeId node) {
  if (auto unary = ast.tryAs<syntax::UnaryOp>(node)) return unary->op() != syntax::UnaryOperator::kNot && isNumber(ast, unary->operand());
  return isConstant(ast, node, ConstantKind::kInt) || isConstant(ast, node, ConstantKind::kFloat);
}

// Is the result certainly a float: a literal, a conversion, arithmetic with one? Infinity compares exactly.
static bool isFloat(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (isConstant(ast, node, ConstantKind::kFloat) || isConstant(ast, node, ConstantKind::kComplex)) return true;
  if (auto unary = ast.tryAs<syntax::UnaryOp>(node)) return unary->op() != syntax::UnaryOperator::kNot && isFloat(context, unary->operand());
  if (auto operation = ast.tryAs<syntax::BinOp>(node)) {
    if (operation->op() == syntax::BinaryOp::kDiv && isNumber(ast, operation->left()) && isNumber(ast, operation->right())) return true;
    return isFloat(context, operation->left()) || isFloat(context, operation->right());
  }
  auto call = ast.tryAs<syntax::Call>(node);
  if (!call) return false;
  if (isBuiltin(context, call->func(), "complex")) return true;
  if (!isBuiltin(context, call->func(), "float")) return false;
  std::string text(syntax::stringValue(ast, positionalAt(ast, node, 0)).value_or(""));
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  size_t begin = text.find_first_not_of(" +-");
  std::string bare = begin == std::string::npos ? "" : text.substr(begin);
  return bare != "inf" && bare != "infinity";
}

static bool isApproximate(const LintContext& context, NodeId node) {
  auto call = context.ast.tryAs<syntax::Call>(node);
  return call && qualifiedName(context, call->func()) == "pytest.approx";
}

void checkFloatEquality(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto compare = ast.as<syntax::Compare>(node);
  NodeId left = compare.left();
  for (size_t i = 0; i < compare.comparators().size(); ++i) {
    NodeId right = compare.comparators()[i];
    auto op = static_cast<CompareOperator>(compare.ops()[i].value);
    if ((op == CompareOperator::kEq || op == CompareOperator::kNotEq) && (isFloat(context, left) || isFloat(context, right)) && !isApproximate(context, left) &&
        !isApproximate(context, right)) {
      TextRange range{ast.range(left).begin, ast.range(right).end};
      std::string shown = std::string(ast.text(left)) + " " + syntax::spelling(op) + " " + std::string(ast.text(right));
      context.sink.begin("RUF069"_rule, range, {shown});
    }
    left = right;
  }
}

void checkCommonPrefix(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (calleeName(context, node) != "os.path.commonprefix") return;
  auto finding = context.sink.begin("RUF071"_rule, ast.range(call.func()));
  std::optional<ImportedName> common = importName(context, "os.path", "commonpath", node);
  if (!common) return;
  std::vector<FixEdit> edits = {{ast.range(call.func()), common->text}};
  if (common->edit) edits.push_back(*common->edit);
  finding.fix("Use `os.path.commonpath()` instead", std::move(edits), FixSafety::kUnsafe);
}

void checkEmptyStringComparison(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId at = node; ast.parent(at).valid() && syntax::isExpression(ast, ast.parent(at)); at = ast.parent(at)) {
    auto subscript = ast.tryAs<syntax::Subscript>(ast.parent(at));
    if (subscript && subscript->slice() == at) return;
  }
  auto compare = ast.as<syntax::Compare>(node);
  auto isEmpty = [&](NodeId expr) { return syntax::stringValue(ast, expr) == ""; };
  bool is_first = true;
  NodeId left = compare.left();
  for (size_t i = 0; i < compare.comparators().size(); ++i) {
    NodeId right = compare.comparators()[i];
    auto op = static_cast<CompareOperator>(compare.ops()[i].value);
    bool is_equal = op == CompareOperator::kEq || op == CompareOperator::kIs, is_unequal = op == CompareOperator::kNotEq || op == CompareOperator::kIsNot;
    auto report = [&](NodeId empty, NodeId other, bool empty_first) {
      std::string empty_text(ast.text(empty)), other_text = generatedOperand(ast, other, Operand::kComparison);
      std::string shown = (empty_first ? empty_text : other_text) + " " + syntax::spelling(op) + " " + (empty_first ? other_text : empty_text);
      context.sink.begin("PLC1901"_rule, ast.range(empty), {shown, (is_equal ? "not " : "") + other_text});
    };
    if (is_equal || is_unequal) {
      if (is_first && isEmpty(left)) report(left, right, true);
      is_first = false;
      if (isEmpty(right)) report(right, left, false);
    }
    left = right;
  }
}

}  // namespace krait::lint
