// RUF005: collections joined with `+` where unpacking says what the result holds.
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

enum class Shape : uint8_t { kNone, kList, kTuple };

static Shape shapeOf(const Ast& ast, NodeId node) {
  return ast.is(node, NodeKind::kList) ? Shape::kList : ast.is(node, NodeKind::kTuple) ? Shape::kTuple : Shape::kNone;
}

namespace {
// A display that a concatenation gives, or an operand that is none.
struct Joined {
  Shape shape = Shape::kNone;
  std::vector<std::string> items;
  NodeId operand;
};
}  // namespace

// What is unpacked without a doubt that it can be iterated over.
static bool canUnpack(const Ast& ast, NodeId node) {
  if (!node.valid()) return false;
  if (auto subscript = ast.tryAs<syntax::Subscript>(node)) return ast.is(subscript->slice(), NodeKind::kSlice);
  return ast.is(node, NodeKind::kName) || ast.is(node, NodeKind::kAttribute) || ast.is(node, NodeKind::kCall);
}

static Joined joined(const Ast& ast, NodeId node);

// Two operands: one must be a display, the other one of the same kind or something to unpack.
static Joined joinedPair(const Ast& ast, NodeId node, Joined left, Joined right) {
  Shape shape = left.shape != Shape::kNone ? left.shape : right.shape;
  Joined none{.operand = node};
  if (shape == Shape::kNone) return none;
  Joined out{.shape = shape};
  for (Joined* part : {&left, &right}) {
    if (part->shape == shape) {
      out.items.insert(out.items.end(), part->items.begin(), part->items.end());
    } else if (part->shape == Shape::kNone && canUnpack(ast, part->operand)) {
      out.items.push_back("*" + generatedOperand(ast, part->operand, Operand::kAtom));
    } else {
      return none;
    }
  }
  return out;
}

static Joined joined(const Ast& ast, NodeId node) {
  auto operation = ast.tryAs<syntax::BinOp>(node);
  if (operation && operation->op() == syntax::BinaryOp::kAdd) {
    return joinedPair(ast, node, joined(ast, operation->left()), joined(ast, operation->right()));
  }
  Joined out{.shape = shapeOf(ast, node), .operand = node};
  if (out.shape == Shape::kNone) return out;
  for (NodeId elt : ast.list(node, 0)) out.items.push_back(generatedOperand(ast, elt, Operand::kArgument));
  return out;
}

void checkCollectionConcatenation(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto operation = ast.as<syntax::BinOp>(node);
  if (operation.op() != syntax::BinaryOp::kAdd) return;
  auto parent = ast.tryAs<syntax::BinOp>(ast.parent(node));
  if (parent && parent->op() == syntax::BinaryOp::kAdd) return;
  Joined whole = joined(ast, node);
  if (whole.shape == Shape::kNone) return;
  bool is_list = whole.shape == Shape::kList;
  std::string text = is_list ? "[" : "(";
  for (size_t i = 0; i < whole.items.size(); ++i) text += (i > 0 ? ", " : "") + whole.items[i];
  if (!is_list && whole.items.size() == 1) text += ",";
  text += is_list ? "]" : ")";
  TextRange range = ast.range(node);
  bool is_shown = text.find('\n') == std::string::npos && text.size() <= 50;
  bool has_comment = hasCommentAround(context, range);
  DiagnosticBuilder finding = is_shown ? context.sink.begin("RUF005"_rule, range, {text}) : context.sink.begin("RUF005Long"_rule, range);
  if (!has_comment) finding.fix(is_shown ? "Replace with `" + text + "`" : "Replace with iterable unpacking", {{range, text}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
