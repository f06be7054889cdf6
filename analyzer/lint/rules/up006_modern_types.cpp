// UP006, UP007, UP019, UP037, UP044, UP045: types in their present spelling. ref: PEP 585, PEP 604, PEP 646, pyupgrade
#include <algorithm>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/imports/import_edits.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/syntax/quoted_types.h"

namespace krait::lint {

namespace {
struct Renamed {
  std::string_view old_name, module, name;
};
}  // namespace

static constexpr Renamed kRenamed[] = {
    {"Dict", "", "dict"}, {"FrozenSet", "", "frozenset"}, {"List", "", "list"}, {"Set", "", "set"}, {"Tuple", "", "tuple"},
    {"Type", "", "type"}, {"Deque", "collections", "deque"}, {"DefaultDict", "collections", "defaultdict"}};

// Is the type's present spelling allowed here, which Python knows since this version and in annotations that it keeps
// as text before?
static bool isAllowedHere(const LintContext& context, NodeId node, uint32_t minor) {
  if (context.is_stub || context.options.target_minor >= minor) return true;
  bool is_text = context.model.hasFutureAnnotations() || (context.options.preview && mayDeferAnnotations(context));
  return is_text && !context.options.flag("pyupgrade.keep-runtime-typing") && isInAnnotation(context, node);
}

// The edits, and the import that makes annotations text where the present spelling needs that.
static std::vector<FixEdit> withFuture(const LintContext& context, uint32_t minor, std::vector<FixEdit> edits) {
  bool is_needed = !context.is_stub && context.options.target_minor < minor && mayDeferAnnotations(context);
  if (is_needed) edits.insert(edits.begin(), futureAnnotationsEdit(context));
  return edits;
}

void checkTypeNames(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  bool is_attribute = ast.is(node, NodeKind::kAttribute);
  auto expr_context = is_attribute ? ast.as<syntax::Attribute>(node).context() : ast.as<syntax::Name>(node).context();
  if (expr_context != syntax::ExprContext::kLoad) return;
  if (is_attribute && !ast.is(ast.as<syntax::Attribute>(node).value(), NodeKind::kName)) return;
  std::string qualified = qualifiedName(context, node);
  std::string_view name = qualified;
  bool is_extension = name.starts_with("typing_extensions.");
  if (!is_extension && !name.starts_with("typing.")) return;
  name.remove_prefix(is_extension ? 18 : 7);
  if (name == "Text") {
    auto finding = context.sink.begin(is_extension ? "UP019Extensions"_rule : "UP019"_rule, ast.range(node));
    if (std::optional<ImportedName> imported = builtinName(context, node, "str")) {
      std::vector<FixEdit> edits = {{ast.range(node), imported->text}};
      if (imported->edit) edits.push_back(*imported->edit);
      finding.fix("Replace with `str`", std::move(edits));
    }
    return;
  }
  for (const Renamed& renamed : kRenamed) {
    if (renamed.old_name != name || (is_extension && !isOneOf(name, {"Type", "Deque", "DefaultDict"}))) continue;
    if (!isAllowedHere(context, node, 9)) return;
    std::string to = renamed.module.empty() ? std::string(renamed.name) : std::string(renamed.module) + "." + std::string(renamed.name);
    bool is_complex = context.tokens.quotedTypes().isInComplex(ast, node);
    std::string shown = is_complex ? dottedText(ast, node) : std::string(ast.text(node));
    auto finding = context.sink.begin("UP006"_rule, ast.range(node), {to, shown});
    if (is_complex) return;
    FixSafety safety = context.options.target_minor >= 10 ? FixSafety::kSafe : FixSafety::kUnsafe;
    std::optional<ImportedName> imported =
        renamed.module.empty() ? builtinName(context, node, renamed.name) : importName(context, renamed.module, renamed.name, node);
    if (imported) {
      std::vector<FixEdit> edits = {{ast.range(node), imported->text}};
      if (imported->edit) edits.push_back(*imported->edit);
      finding.fix("Replace with `" + to + "`", withFuture(context, 9, std::move(edits)), safety);
    }
    return;
  }
}

// May the expression stand beside `|`?
static bool isAllowedOperand(const Ast& ast, NodeId node) {
  switch (ast.kind(node)) {
    case NodeKind::kNamedExpr:
    case NodeKind::kLambda:
    case NodeKind::kYield:
    case NodeKind::kYieldFrom:
    case NodeKind::kStarred:
    case NodeKind::kSlice:
    case NodeKind::kAwait:
      return false;
    default:
      return true;
  }
}

// A space where the text would run into a word before it.
static std::string behindWord(const LintContext& context, uint32_t begin, std::string text) {
  char before = begin > 0 ? context.ast.text()[begin - 1] : ' ';
  bool is_word = (before >= 'a' && before <= 'z') || (before >= 'A' && before <= 'Z') || before == '_' || (before >= '0' && before <= '9');
  return is_word ? " " + text : text;
}

// The expression as an operand of `|`: what binds weaker takes parentheses, behind the operator another `|` too.
static std::string operandText(const Ast& ast, NodeId expr, bool is_first) {
  auto operation = ast.tryAs<syntax::BinOp>(expr);
  bool is_union = operation && operation->op() == syntax::BinaryOp::kBitOr;
  std::string text = generatedOperand(ast, expr, Operand::kComparison);
  return is_union && !is_first ? "(" + text + ")" : text;
}

// Is one of the operands of `|` None?
static bool holdsNone(const Ast& ast, NodeId expr) {
  if (isNone(ast, expr)) return true;
  auto operation = ast.tryAs<syntax::BinOp>(expr);
  return operation && operation->op() == syntax::BinaryOp::kBitOr && (holdsNone(ast, operation->left()) || holdsNone(ast, operation->right()));
}

static void reportUnion(LintContext& context, NodeId node, NodeId slice) {
  const Ast& ast = context.ast;
  auto finding = context.sink.begin("UP007"_rule, ast.range(node));
  if (!isTypeDefinition(context, node)) return;
  std::string text;
  auto tuple = ast.tryAs<syntax::Tuple>(slice);
  // A tuple whose text begins with the parenthesis of its first item has none of its own.
  bool is_bare = tuple && !tuple->elts().empty() && parenthesizedRange(ast, tuple->elts()[0]).begin == ast.range(slice).begin;
  if (tuple && !is_bare && !ast.hasFlag(slice, syntax::kParenthesized) && ast.text(slice).starts_with("(")) tuple.reset();
  if (tuple) {
    if (tuple->elts().empty()) text = "()";
    for (NodeId elt : tuple->elts()) {
      if (!isAllowedOperand(ast, elt)) return;
      text += (text.empty() ? "" : " | ") + operandText(ast, elt, text.empty());
    }
  } else {
    if (!isAllowedOperand(ast, slice)) return;
    text = generatedCode(ast, slice);
  }
  bool has_comment = hasComment(context, ast.range(node));
  finding.fix("Convert to `X | Y`", withFuture(context, 10, {{ast.range(node), behindWord(context, ast.range(node).begin, text)}}), has_comment ? FixSafety::kUnsafe : FixSafety::kSafe);
}

void checkUnionTypes(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto subscript = ast.as<syntax::Subscript>(node);
  std::string name = typingName(context, subscript.value());
  if (name.empty()) return;
  NodeId slice = subscript.slice();
  if (name == "Unpack") {
    bool is_name = ast.is(slice, NodeKind::kName) || ast.is(slice, NodeKind::kAttribute) || ast.is(slice, NodeKind::kSubscript);
    if (context.options.target_minor < 11 || !is_name) return;
    NodeId parent = ast.parent(node);
    NodeId element = ast.is(parent, NodeKind::kTuple) ? parent : node;
    auto outer = ast.tryAs<syntax::Subscript>(ast.parent(element));
    bool is_in_subscript = outer && outer->slice() == element;
    bool is_star_parameter = ast.is(parent, NodeKind::kParameter) &&
                             ast.as<syntax::Parameter>(parent).parameterKind() == syntax::ParameterKind::kVarPositional;
    if (!is_in_subscript && !is_star_parameter) return;
    context.sink.begin("UP044"_rule, ast.range(node))
        .fix("Convert to `*` for unpacking", {{ast.range(node), "*" + std::string(ast.text(slice))}}, FixSafety::kUnsafe);
    return;
  }
  if (name != "Union" && name != "Optional") return;
  if (context.tokens.quotedTypes().isInComplex(ast, node)) return;
  if (!isAllowedHere(context, node, 10) || !isReplaceableUnion(context, node)) return;
  if (name == "Union") return reportUnion(context, node, slice);
  auto finding = context.sink.begin("UP045"_rule, ast.range(node));
  // Of nested ones one is enough.
  for (auto inner = ast.tryAs<syntax::Subscript>(slice); inner && typingName(context, inner->value()) == "Optional"; inner = ast.tryAs<syntax::Subscript>(slice)) {
    slice = inner->slice();
  }
  bool is_fixable = isTypeDefinition(context, node) && isAllowedOperand(ast, slice) && !ast.is(slice, NodeKind::kTuple) && !isNone(ast, slice);
  if (!is_fixable) return;
  std::string text = operandText(ast, slice, true) + (holdsNone(ast, slice) ? "" : " | None");
  bool has_comment = hasComment(context, ast.range(node));
  finding.fix("Convert to `X | None`", withFuture(context, 10, {{ast.range(node), behindWord(context, ast.range(node).begin, text)}}), has_comment ? FixSafety::kUnsafe : FixSafety::kSafe);
}

static bool isInParameter(const Ast& ast, NodeId node) {
  for (NodeId at = node; at.valid() && !syntax::isStatement(ast, at); at = ast.parent(at)) {
    if (ast.is(at, NodeKind::kParameter)) return true;
  }
  return false;
}

void checkQuotedAnnotations(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (!context.tokens.quotedTypes().typeOf(node).valid()) return;
  bool is_deferred = context.is_stub || isDeferredAnnotation(context, node);
  if (!is_deferred && !(mayDeferAnnotations(context) && isInAnnotation(context, node))) return;
  Rule rule = context.is_stub ? "PYI020"_rule : "UP037"_rule;
  std::string replacement(*syntax::stringValue(ast, node));
  size_t last_line = replacement.rfind('\n');
  bool ends_in_comment = replacement.find('#', last_line == std::string::npos ? 0 : last_line) != std::string::npos;
  if (ends_in_comment) {
    replacement = "(" + replacement + "\n)";
  } else if (last_line != std::string::npos && !isInParameter(ast, node)) {
    replacement = "(" + replacement + ")";
  }
  std::vector<FixEdit> edits = {{ast.range(node), replacement}};
  if (!is_deferred) edits.insert(edits.begin(), futureAnnotationsEdit(context));
  context.sink.begin(rule, ast.range(node)).fix("Remove quotes", std::move(edits), is_deferred ? FixSafety::kSafe : FixSafety::kUnsafe);
}

}  // namespace krait::lint
