// UP036: a branch on Python's version that all supported versions take alike. ref: pyupgrade
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/reindent.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

using syntax::CompareOperator;

namespace {
struct Version {
  int64_t parts[2] = {0, 0};
  size_t size = 0;
};
}  // namespace

static std::optional<int64_t> intOf(const Ast& ast, NodeId node) {
  auto constant = ast.tryAs<syntax::Constant>(node);
  if (!constant || constant->constantKind() != syntax::ConstantKind::kInt) return std::nullopt;
  return ast.integer(constant->payload()).value;
}

static std::optional<Version> versionOf(const Ast& ast, NodeId node) {
  auto tuple = ast.tryAs<syntax::Tuple>(node);
  if (!tuple || tuple->elts().empty()) return std::nullopt;
  Version version;
  for (NodeId elt : tuple->elts()) {
    std::optional<int64_t> part = intOf(ast, elt);
    if (!part) return std::nullopt;
    if (version.size < 2) version.parts[version.size] = *part;
    ++version.size;
  }
  return version;
}

enum class Verdict : uint8_t { kUnknown, kAlways, kNever };

static Verdict compareVersion(CompareOperator op, const Version& version, int64_t minor) {
  // Of the versions 3.minor and later, all or none fulfil the comparison.
  bool is_older = version.parts[0] < 3 || (version.parts[0] == 3 && (version.size < 2 || version.parts[1] < minor));
  bool is_equal = version.size >= 2 && version.parts[0] == 3 && version.parts[1] == minor;
  switch (op) {
    case CompareOperator::kLt:
      return is_older || (is_equal && version.size == 2) ? Verdict::kNever : Verdict::kUnknown;
    case CompareOperator::kLtE:
      return is_older ? Verdict::kNever : Verdict::kUnknown;
    case CompareOperator::kGt:
      return is_older ? Verdict::kAlways : Verdict::kUnknown;
    case CompareOperator::kGtE:
      return is_older || (is_equal && version.size == 2) ? Verdict::kAlways : Verdict::kUnknown;
    default:
      return Verdict::kUnknown;
  }
}

static Verdict compareMajor(CompareOperator op, int64_t major) {
  // No Python was written for these: it is a minor version that somebody asks for.
  if (major < 2) return Verdict::kUnknown;
  switch (op) {
    case CompareOperator::kEq:
      return major == 3 ? Verdict::kAlways : major < 3 ? Verdict::kNever : Verdict::kUnknown;
    case CompareOperator::kNotEq:
      return major == 2 ? Verdict::kAlways : major == 3 ? Verdict::kNever : Verdict::kUnknown;
    case CompareOperator::kLt:
      return major <= 3 ? Verdict::kNever : Verdict::kUnknown;
    case CompareOperator::kLtE:
      return major < 3 ? Verdict::kNever : major == 3 ? Verdict::kAlways : Verdict::kUnknown;
    case CompareOperator::kGt:
      return major < 3 ? Verdict::kAlways : major == 3 ? Verdict::kNever : Verdict::kUnknown;
    case CompareOperator::kGtE:
      return major <= 3 ? Verdict::kAlways : Verdict::kUnknown;
    default:
      return Verdict::kUnknown;
  }
}

static Verdict verdictOf(const LintContext& context, NodeId test) {
  const Ast& ast = context.ast;
  auto compare = ast.tryAs<syntax::Compare>(test);
  if (!compare) {
    return Verdict::kUnknown;
  }
  if (compare->comparators().size() != 1) return Verdict::kUnknown;
  auto op = static_cast<CompareOperator>(compare->ops()[0].value);
  NodeId left = compare->left();
  auto subscript = ast.tryAs<syntax::Subscript>(left);
  std::string name = qualifiedName(context, subscript ? subscript->value() : left);
  bool is_major = name == "sys.version_info.major" && !subscript;
  if (!is_major && name != "sys.version_info") return Verdict::kUnknown;
  // One number is compared as the major version, whatever stands on the left.
  if (std::optional<int64_t> major = intOf(ast, compare->comparators()[0])) return compareMajor(op, *major);
  if (is_major) return Verdict::kUnknown;
  std::optional<Version> version = versionOf(ast, compare->comparators()[0]);
  return version ? compareVersion(op, *version, context.options.target_minor) : Verdict::kUnknown;
}

// The statements in place of the whole `if`, at its indentation.
static FixEdit keepBody(const LintContext& context, NodeId node, NodeList body) {
  const Ast& ast = context.ast;
  uint32_t begin = syntax::fullRange(ast, body[0]).begin, end = ast.range(body.back()).end;
  uint32_t line = lineBegin(context, begin), start = lineBegin(context, ast.range(node).begin);
  std::string_view indent = ast.text({line, begin});
  bool is_block = indent.find_first_not_of(" \t\f") == std::string_view::npos;
  if (!is_block) return {ast.range(node), std::string(ast.text({begin, end}))};
  return {{start, ast.range(node).end}, reindented(context, {line, end}, indent, indentationAt(context, ast.range(node).begin))};
}

// Where the branch after the body begins: its `elif` or `else`.
static uint32_t nextBranch(const Ast& ast, syntax::If branch) {
  uint32_t at = skipTrivia(ast.text(), ast.range(branch.body().back()).end);
  while (at < ast.text().size() && ast.text()[at] == ';') at = skipTrivia(ast.text(), at + 1);
  return at;
}

static FixEdit dropBranch(const LintContext& context, NodeId node, syntax::If branch) {
  const Ast& ast = context.ast;
  TextRange range = ast.range(node);
  if (branch.isElif()) return {{range.begin, branch.orelse().empty() ? range.end : nextBranch(ast, branch)}, ""};
  if (branch.orelse().empty()) return removeStatement(context, node);
  auto next = ast.tryAs<syntax::If>(branch.orelse()[0]);
  // `elif` becomes the `if`.
  if (next && next->isElif()) return {{range.begin, ast.range(next->id).begin + 2}, ""};
  return keepBody(context, node, branch.orelse());
}

static FixEdit takeBranch(const LintContext& context, NodeId node, syntax::If branch) {
  const Ast& ast = context.ast;
  if (!branch.isElif()) return keepBody(context, node, branch.body());
  uint32_t colon = skipTrivia(ast.text(), ast.range(branch.test()).end);
  while (ast.text()[colon] == ')') colon = skipTrivia(ast.text(), colon + 1);
  return {ast.range(node), "else" + std::string(ast.text({colon, ast.range(branch.body().back()).end}))};
}

void checkOutdatedVersionBlock(LintContext& context, NodeId node) {
  auto branch = context.ast.as<syntax::If>(node);
  Verdict verdict = verdictOf(context, branch.test());
  if (verdict == Verdict::kUnknown) return;
  FixEdit edit = verdict == Verdict::kNever ? dropBranch(context, node, branch) : takeBranch(context, node, branch);
  context.sink.begin("UP036"_rule, context.ast.range(branch.test())).fix("Remove outdated version block", {std::move(edit)}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
