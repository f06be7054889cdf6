#include "analyzer/format/equivalence.h"

#include <string>
#include <utility>
#include <vector>

namespace krait::format {

using syntax::Ast;
using syntax::FieldKind;
using syntax::NodeId;
using syntax::NodeKind;

namespace {
struct CompareContext {
  const Ast& left;
  const Ast& right;
  std::vector<std::pair<NodeId, NodeId>> pending = {};
};
}  // namespace

// The text without blanks at the ends of its lines and of itself.
static std::string withoutBlanks(std::string_view text) {
  std::string out;
  for (size_t begin = 0; begin <= text.size();) {
    size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    for (char c : line) {
      if (c != ' ' && c != '\t' && c != '\f' && c != '\v' && c != '\r') out += c;
    }
    if (end < text.size() && !out.empty()) out += '\n';
    begin = end + 1;
  }
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

static bool isStatementString(const Ast& ast, NodeId id) { return ast.is(ast.parent(id), NodeKind::kExprStmt); }

static bool areEqualConstants(const CompareContext& context, NodeId left_id, NodeId right_id) {
  auto left = context.left.as<syntax::Constant>(left_id);
  auto right = context.right.as<syntax::Constant>(right_id);
  switch (left.constantKind()) {
    case syntax::ConstantKind::kStr:
    case syntax::ConstantKind::kBytes: {
      std::string_view left_text = context.left.string(left.payload());
      std::string_view right_text = context.right.string(right.payload());
      if (left_text == right_text) return true;
      return isStatementString(context.left, left_id) && withoutBlanks(left_text) == withoutBlanks(right_text);
    }
    case syntax::ConstantKind::kInt: {
      const syntax::IntConstant& left_value = context.left.integer(left.payload());
      const syntax::IntConstant& right_value = context.right.integer(right.payload());
      if (left_value.fits != right_value.fits) return false;
      if (left_value.fits) return left_value.value == right_value.value;
      std::string left_digits(left_value.digits), right_digits(right_value.digits);
      for (std::string* digits : {&left_digits, &right_digits}) {
        for (char& c : *digits) c = c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
      }
      return left_value.base == right_value.base && left_digits == right_digits;
    }
    case syntax::ConstantKind::kFloat:
    case syntax::ConstantKind::kComplex:
      return context.left.floating(left.payload()) == context.right.floating(right.payload());
    default: return true;
  }
}

static bool pairUp(CompareContext& context, syntax::NodeList left, syntax::NodeList right) {
  if (left.size() != right.size()) return false;
  for (size_t i = 0; i < left.size(); ++i) {
    if (left[i].valid() != right[i].valid()) return false;
    if (left[i].valid()) context.pending.push_back({left[i], right[i]});
  }
  return true;
}

static bool areEqualFields(CompareContext& context, NodeId left, NodeId right, uint32_t index, FieldKind kind) {
  switch (kind) {
    case FieldKind::kNode:
    case FieldKind::kOpt: {
      NodeId left_child = context.left.child(left, index), right_child = context.right.child(right, index);
      if (left_child.valid() && right_child.valid()) context.pending.push_back({left_child, right_child});
      return left_child.valid() == right_child.valid();
    }
    case FieldKind::kList:
    case FieldKind::kOpts: return pairUp(context, context.left.list(left, index), context.right.list(right, index));
    case FieldKind::kValues: {
      syntax::NodeList left_values = context.left.list(left, index), right_values = context.right.list(right, index);
      return std::equal(left_values.begin(), left_values.end(), right_values.begin(), right_values.end());
    }
    case FieldKind::kName:
    case FieldKind::kInt: return context.left.slot(left, index) == context.right.slot(right, index);
  }
  return false;
}

// What `del` deletes: `del (a, b)` and `del a, b` are the same.
static std::vector<NodeId> deletedBy(const Ast& ast, NodeId statement) {
  std::vector<NodeId> targets;
  for (NodeId target : ast.as<syntax::Delete>(statement).targets()) {
    if (!ast.is(target, NodeKind::kTuple)) {
      targets.push_back(target);
      continue;
    }
    for (NodeId element : ast.as<syntax::Tuple>(target).elts()) targets.push_back(element);
  }
  return targets;
}

static bool areEqualNodes(CompareContext& context, NodeId left, NodeId right) {
  if (context.left.kind(left) != context.right.kind(right)) return false;
  NodeKind kind = context.left.kind(left);
  if (context.left[left].detail != context.right[right].detail) return false;
  if (kind == NodeKind::kConstant) return areEqualConstants(context, left, right);
  if (kind == NodeKind::kDelete) {
    return pairUp(context, deletedBy(context.left, left), deletedBy(context.right, right));
  }
  std::span<const syntax::FieldInfo> fields = syntax::fieldsOf(kind);
  for (uint32_t i = 0; i < fields.size(); ++i) {
    // The source of a template's field is a place among the strings; the field's parts say the same.
    if (kind == NodeKind::kInterpolation && i == 1) continue;
    if (!areEqualFields(context, left, right, i, fields[i].kind)) return false;
  }
  return true;
}

bool areEquivalent(const Ast& left, const Ast& right) {
  CompareContext context{left, right};
  context.pending.push_back({left.root(), right.root()});
  while (!context.pending.empty()) {
    auto [left_id, right_id] = context.pending.back();
    context.pending.pop_back();
    if (!areEqualNodes(context, left_id, right_id)) return false;
  }
  return true;
}

}  // namespace krait::format
