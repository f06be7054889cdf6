// UP036: a branch on Python's version that all supported versions take alike. ref: pyupgrade
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

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
  switch (op) {
    case CompareOperator::kEq:
      return major == 3 ? Verdict::kAlways : major < 3 ? Verdict::kNever : Verdict::kUnknown;
    case CompareOperator::kNotEq:
      return major == 2 ? Verdict::kAlways : Verdict::kUnknown;
    case CompareOperator::kLt:
      return major <= 3 ? Verdict::kNever : Verdict::kUnknown;
    case CompareOperator::kLtE:
      return major < 3 ? Verdict::kNever : Verdict::kUnknown;
    case CompareOperator::kGt:
      return major < 3 ? Verdict::kAlways : Verdict::kUnknown;
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
    std::string name = qualifiedName(context, test);
    return name == "six.PY2" ? Verdict::kNever : name == "six.PY3" ? Verdict::kAlways : Verdict::kUnknown;
  }
  if (compare->comparators().size() != 1) return Verdict::kUnknown;
  auto op = static_cast<CompareOperator>(compare->ops()[0].value);
  NodeId left = compare->left();
  auto subscript = ast.tryAs<syntax::Subscript>(left);
  std::string name = qualifiedName(context, subscript ? subscript->value() : left);
  bool is_major = name == "sys.version_info.major" && !subscript;
  bool is_slice = false;
  if (subscript) {
    if (name != "sys.version_info") return Verdict::kUnknown;
    is_slice = ast.is(subscript->slice(), NodeKind::kSlice);
    is_major = !is_slice && intOf(ast, subscript->slice()) == 0;
    if (!is_slice && !is_major) return Verdict::kUnknown;
  }
  if (is_major) {
    std::optional<int64_t> major = intOf(ast, compare->comparators()[0]);
    return major ? compareMajor(op, *major) : Verdict::kUnknown;
  }
  if (name != "sys.version_info") return Verdict::kUnknown;
  std::optional<Version> version = versionOf(ast, compare->comparators()[0]);
  return version ? compareVersion(op, *version, context.options.target_minor) : Verdict::kUnknown;
}

void checkOutdatedVersionBlock(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto branch = ast.as<syntax::If>(node);
  Verdict verdict = verdictOf(context, branch.test());
  if (verdict == Verdict::kUnknown) return;
  auto finding = context.sink.begin(Rule::kUP036, ast.range(branch.test()));
  // A block of its own that is never run, or whose body alone remains.
  if (branch.isElif() || hasComment(context, ast.range(node))) return;
  if (verdict == Verdict::kNever && branch.orelse().empty()) {
    finding.fix("Remove outdated version block", {removeStatement(context, node)}, FixSafety::kUnsafe);
  }
}

}  // namespace krait::lint
