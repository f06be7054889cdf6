// FURB152, FURB154, FURB156: constants that a module has, and statements that repeat one another. ref: refurb
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::ConstantKind;

// Is the value the constant, cut or rounded after two digits or more?
static bool isNear(double constant, double value) {
  for (int digits = 2; digits <= 15; ++digits) {
    double scale = std::pow(10.0, digits);
    if (std::abs(std::round(constant * scale) / scale - value) < 2.220446049250313e-16) return true;
    if (std::abs(std::floor(constant * scale) / scale - value) < 2.220446049250313e-16) return true;
  }
  return false;
}

static void replaceByName(LintContext& context, NodeId node, DiagnosticBuilder finding, std::string_view module, std::string_view name,
                          std::string_view title = "Use") {
  std::optional<ImportedName> imported = importName(context, module, name, node, true);
  if (!imported) return;
  std::vector<FixEdit> edits = {{context.ast.range(node), imported->text}};
  if (imported->edit) edits.push_back(*imported->edit);
  finding.fix(std::string(title) + " `" + std::string(module) + "." + std::string(name) + "`", std::move(edits));
}

void checkMathConstant(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto constant = ast.as<syntax::Constant>(node);
  if (constant.constantKind() != ConstantKind::kFloat) return;
  double value = ast.floating(constant.payload());
  std::string_view name;
  if (value >= 3.14 && value < 3.15 && isNear(std::numbers::pi, value)) name = "pi";
  if (value >= 2.71 && value < 2.72 && isNear(std::numbers::e, value)) name = "e";
  if (value >= 6.28 && value < 6.29 && isNear(2 * std::numbers::pi, value)) name = "tau";
  if (name.empty()) return;
  replaceByName(context, node, context.sink.begin("FURB152"_rule, ast.range(node), {ast.text(node), name}), "math", name);
}

void checkStringCharset(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::optional<std::string_view> value = syntax::stringValue(ast, node);
  if (!value || value->size() < 6) return;
  static constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz", kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", kDigits = "0123456789";
  static constexpr std::string_view kPunctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", kSpace = " \t\n\r\v\f";
  static const std::string letters = std::string(kLower) + std::string(kUpper);
  static const std::string printable = std::string(kDigits) + letters + std::string(kPunctuation) + std::string(kSpace);
  std::string_view name;
  if (*value == kLower) name = "ascii_lowercase";
  else if (*value == kUpper) name = "ascii_uppercase";
  else if (*value == letters) name = "ascii_letters";
  else if (*value == kDigits) name = "digits";
  else if (*value == "0123456789abcdefABCDEF") name = "hexdigits";
  else if (*value == "01234567") name = "octdigits";
  else if (*value == kPunctuation) name = "punctuation";
  else if (*value == kSpace) name = "whitespace";
  else if (*value == printable) name = "printable";
  if (name.empty() || ast.is(ast.parent(node), NodeKind::kJoinedStr)) return;
  // A docstring and a string in parts are written for other reasons.
  NodeId statement = ast.parent(node);
  if (ast.is(statement, NodeKind::kExprStmt)) {
    NodeId owner = ast.parent(statement);
    bool may_have = ast.is(owner, NodeKind::kModule) || ast.is(owner, NodeKind::kClassDef) || ast.is(owner, NodeKind::kFunctionDef);
    if (may_have && syntax::docstringOf(ast, syntax::bodyOf(ast, owner)) == node) return;
  }
  std::string_view text = ast.text(node);
  char quote = text.back();
  if (text.size() < 2 || text.find(std::string(1, quote) + " ") != std::string_view::npos) {
    if (text.find(std::string(1, quote) + " " + quote) != std::string_view::npos) return;
  }
  replaceByName(context, node, context.sink.begin("FURB156"_rule, ast.range(node)), "string", name, "Replace hardcoded charset with");
}

void checkRepeatedGlobals(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeKind kind = ast.kind(node);
  NodeList block = blockOf(ast, node);
  size_t at = 0;
  while (at < block.size() && block[at] != node) ++at;
  if (at > 0 && ast.kind(block[at - 1]) == kind) return;
  std::string names;
  size_t last = at;
  for (size_t i = at; i < block.size() && ast.kind(block[i]) == kind; ++i) {
    for (NodeId name : ast.list(block[i], 0)) names += (names.empty() ? "" : ", ") + std::string(syntax::nameText(ast, name));
    last = i;
  }
  if (last == at) return;
  std::string word = kind == NodeKind::kGlobal ? "global" : "nonlocal";
  TextRange range{ast.range(node).begin, ast.range(block[last]).end};
  context.sink.begin("FURB154"_rule, range, {word}).fix("Merge `" + word + "` statements", {{range, word + " " + names}});
}

}  // namespace krait::lint
