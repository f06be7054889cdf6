#include "analyzer/semantic/flow/condition.h"

#include <algorithm>
#include <optional>

namespace krait::semantic {

using namespace syntax;

Truth negated(Truth truth) {
  switch (truth) {
    case Truth::kTrue: return Truth::kFalse;
    case Truth::kFalse: return Truth::kTrue;
    case Truth::kCheckingTrue: return Truth::kCheckingFalse;
    case Truth::kCheckingFalse: return Truth::kCheckingTrue;
    case Truth::kUnknown: return Truth::kUnknown;
  }
  UNREACHABLE("all truths are listed");
}

Target targetOf(const config::Options& options) {
  Target target;
  target.major = options.version.major;
  target.minor = options.version.minor;
  target.platform = options.platform;
  if (!options.mypy) target.os_name = options.platform == "win32" ? "nt" : "posix";
  target.always_true = options.always_true;
  target.always_false = options.always_false;
  return target;
}

static Truth truth(bool value) { return value ? Truth::kTrue : Truth::kFalse; }

static bool isModuleAttribute(const Ast& ast, NodeId node, std::string_view module, std::string_view attribute) {
  auto expr = ast.tryAs<Attribute>(node);
  return expr && nameText(ast, expr->attr()) == attribute && ast.is(expr->value(), NodeKind::kName) &&
         nameText(ast, expr->value()) == module;
}

static bool isSysAttribute(const Ast& ast, NodeId node, std::string_view attribute) { return isModuleAttribute(ast, node, "sys", attribute); }

static std::optional<int64_t> intValue(const Ast& ast, NodeId node) {
  auto constant = ast.tryAs<Constant>(node);
  if (!constant || constant->constantKind() != ConstantKind::kInt) return std::nullopt;
  const IntConstant& value = ast.integer(constant->payload());
  return value.fits ? std::optional<int64_t>(value.value) : std::nullopt;
}

// What a comparison says of sys.version_info: one element of it, or a slice.
namespace {
struct VersionPart {
  bool is_slice = false;
  int64_t index = 0;
  int64_t begin = 0;
  int64_t end = 2;
};
}  // namespace

static std::optional<VersionPart> versionPart(const Ast& ast, NodeId node) {
  VersionPart part;
  if (isSysAttribute(ast, node, "version_info")) {
    part.is_slice = true;
    return part;
  }
  auto subscript = ast.tryAs<Subscript>(node);
  if (!subscript || !isSysAttribute(ast, subscript->value(), "version_info")) return std::nullopt;
  if (auto slice = ast.tryAs<Slice>(subscript->slice())) {
    part.is_slice = true;
    if (slice->step().valid() && intValue(ast, slice->step()) != 1) return std::nullopt;
    if (slice->lower().valid()) {
      auto lower = intValue(ast, slice->lower());
      if (!lower) return std::nullopt;
      part.begin = *lower;
    }
    if (slice->upper().valid()) {
      auto upper = intValue(ast, slice->upper());
      if (!upper) return std::nullopt;
      part.end = *upper;
    }
    return part;
  }
  auto index = intValue(ast, subscript->slice());
  if (!index) return std::nullopt;
  part.index = *index;
  return part;
}

template <class T>
static Truth compare(const T& left, CompareOperator op, const T& right) {
  switch (op) {
    case CompareOperator::kEq: return truth(left == right);
    case CompareOperator::kNotEq: return truth(!(left == right));
    case CompareOperator::kLt: return truth(left < right);
    case CompareOperator::kLtE: return truth(left <= right);
    case CompareOperator::kGt: return truth(left > right);
    case CompareOperator::kGtE: return truth(left >= right);
    default: return Truth::kUnknown;
  }
}

static CompareOperator mirrored(CompareOperator op) {
  switch (op) {
    case CompareOperator::kLt: return CompareOperator::kGt;
    case CompareOperator::kLtE: return CompareOperator::kGtE;
    case CompareOperator::kGt: return CompareOperator::kLt;
    case CompareOperator::kGtE: return CompareOperator::kLtE;
    default: return op;
  }
}

static Truth compareVersion(const Ast& ast, const VersionPart& part, CompareOperator op, NodeId other,
                            const Target& target) {
  std::vector<int64_t> version = {target.major, target.minor};
  if (!part.is_slice) {
    auto value = intValue(ast, other);
    if (!value || part.index < 0 || part.index > 1) return Truth::kUnknown;
    return compare<int64_t>(version[part.index], op, *value);
  }
  auto tuple = ast.tryAs<Tuple>(other);
  if (!tuple || part.begin < 0 || part.begin >= part.end || part.end > 2) return Truth::kUnknown;
  std::vector<int64_t> wanted;
  for (NodeId element : tuple->elts()) {
    auto value = intValue(ast, element);
    if (!value) return Truth::kUnknown;
    wanted.push_back(*value);
  }
  std::vector<int64_t> ours(version.begin() + part.begin, version.begin() + part.end);
  // version_info has five elements: a longer or equal tuple compares with elements that are not known here.
  bool is_equality = op == CompareOperator::kEq || op == CompareOperator::kNotEq;
  if (ours.size() != wanted.size() && (ours.size() < wanted.size() || is_equality)) return Truth::kUnknown;
  return compare(ours, op, wanted);
}

static Truth truthOfCompare(const Ast& ast, NodeId node, const Target& target) {
  auto comparison = ast.as<Compare>(node);
  if (comparison.comparators().size() != 1) return Truth::kUnknown;
  auto op = static_cast<CompareOperator>(comparison.ops()[0].value);
  NodeId left = comparison.left();
  NodeId right = comparison.comparators()[0];
  if (auto part = versionPart(ast, left)) return compareVersion(ast, *part, op, right, target);
  if (auto part = versionPart(ast, right)) return compareVersion(ast, *part, mirrored(op), left, target);
  if (isSysAttribute(ast, left, "platform") && (op == CompareOperator::kEq || op == CompareOperator::kNotEq)) {
    auto name = stringValue(ast, right);
    if (name) return compare<std::string_view>(target.platform, op, *name);
  }
  if (!target.os_name.empty() && isModuleAttribute(ast, left, "os", "name") && (op == CompareOperator::kEq || op == CompareOperator::kNotEq)) {
    auto name = stringValue(ast, right);
    if (name) return compare<std::string_view>(target.os_name, op, *name);
  }
  return Truth::kUnknown;
}

// sys.platform.startswith("…")
static Truth truthOfCall(const Ast& ast, NodeId node, const Target& target) {
  auto call = ast.as<Call>(node);
  auto method = ast.tryAs<Attribute>(call.func());
  if (!method || call.args().size() != 1 || nameText(ast, method->attr()) != "startswith") return Truth::kUnknown;
  auto prefix = stringValue(ast, call.args()[0]);
  if (!prefix || !isSysAttribute(ast, method->value(), "platform")) return Truth::kUnknown;
  return truth(std::string_view(target.platform).starts_with(*prefix));
}

static Truth truthOfName(std::string_view name, const Target& target) {
  if (name == "PY2") return Truth::kFalse;
  if (name == "PY3") return Truth::kTrue;
  if (name == "MYPY" || name == "TYPE_CHECKING") return Truth::kCheckingTrue;
  auto listed = [&](const std::vector<std::string>& list) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  if (listed(target.always_true)) return Truth::kTrue;
  if (listed(target.always_false)) return Truth::kFalse;
  return Truth::kUnknown;
}

static Truth both(Truth left, Truth right) {
  if (left == Truth::kFalse || right == Truth::kFalse) return Truth::kFalse;
  if (left == Truth::kCheckingFalse || right == Truth::kCheckingFalse) return Truth::kCheckingFalse;
  if (left == Truth::kTrue && right == Truth::kTrue) return Truth::kTrue;
  if (isTrue(left) && isTrue(right)) return Truth::kCheckingTrue;
  return Truth::kUnknown;
}

static Truth truthOfConstant(const Ast& ast, NodeId node) {
  auto constant = ast.as<Constant>(node);
  switch (constant.constantKind()) {
    case ConstantKind::kNone:
    case ConstantKind::kFalse: return Truth::kFalse;
    case ConstantKind::kTrue:
    case ConstantKind::kEllipsis: return Truth::kTrue;
    case ConstantKind::kInt: {
      const IntConstant& value = ast.integer(constant.payload());
      return truth(!value.fits || value.value != 0);
    }
    case ConstantKind::kFloat:
    case ConstantKind::kComplex: return truth(ast.floating(constant.payload()) != 0);
    case ConstantKind::kStr:
    case ConstantKind::kBytes: return truth(!ast.string(constant.payload()).empty());
  }
  UNREACHABLE("all constant kinds are listed");
}

// True and False are names that --always-true and --always-false may list.
static Truth truthOfListed(const Ast& ast, NodeId node, const Target& target) {
  ConstantKind kind = ast.as<Constant>(node).constantKind();
  if (kind != ConstantKind::kTrue && kind != ConstantKind::kFalse) return Truth::kUnknown;
  return truthOfName(kind == ConstantKind::kTrue ? "True" : "False", target);
}

Truth truthOf(const Ast& ast, NodeId condition, const Target& target) {
  switch (ast.kind(condition)) {
    case NodeKind::kUnaryOp: {
      auto unary = ast.as<UnaryOp>(condition);
      if (unary.op() != UnaryOperator::kNot) return Truth::kUnknown;
      return negated(truthOf(ast, unary.operand(), target));
    }
    case NodeKind::kBoolOp: {
      // a or b  =  not (not a and not b); longer chains nest to the left.
      auto bool_op = ast.as<BoolOp>(condition);
      bool is_and = bool_op.op() == BoolOperator::kAnd;
      Truth result = Truth::kTrue;
      bool is_first = true;
      for (NodeId value : bool_op.values()) {
        Truth next = truthOf(ast, value, target);
        if (!is_and) next = negated(next);
        result = is_first ? next : both(result, next);
        is_first = false;
      }
      return is_and ? result : negated(result);
    }
    case NodeKind::kCompare: return truthOfCompare(ast, condition, target);
    case NodeKind::kCall: return truthOfCall(ast, condition, target);
    case NodeKind::kName: return truthOfName(nameText(ast, condition), target);
    case NodeKind::kAttribute: return truthOfName(nameText(ast, ast.as<Attribute>(condition).attr()), target);
    case NodeKind::kConstant:
      return target.constants == ConstantConditions::kKnown ? truthOfConstant(ast, condition) : truthOfListed(ast, condition, target);
    default: return Truth::kUnknown;
  }
}

}  // namespace krait::semantic
