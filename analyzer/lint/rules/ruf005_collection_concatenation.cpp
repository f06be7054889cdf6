// RUF005: collections joined with `+` where unpacking says what the result holds.
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

enum class Shape : uint8_t { kNone, kList, kTuple };

static Shape shapeOf(const Ast& ast, NodeId node) {
  return ast.is(node, NodeKind::kList) ? Shape::kList : ast.is(node, NodeKind::kTuple) ? Shape::kTuple : Shape::kNone;
}

namespace {
struct Joined {
  Shape shape = Shape::kNone;
  std::vector<std::string> items;
  bool is_fine = true;
};
}  // namespace

static void addOperand(const LintContext& context, NodeId node, Joined& out) {
  const Ast& ast = context.ast;
  if (shapeOf(ast, node) != Shape::kNone) {
    for (NodeId elt : ast.list(node, 0)) out.items.emplace_back(ast.text(parenthesizedRange(context, elt)));
    return;
  }
  bool can_unpack = ast.is(node, NodeKind::kName) || ast.is(node, NodeKind::kAttribute) || ast.is(node, NodeKind::kCall) ||
                    ast.is(node, NodeKind::kSubscript);
  if (ast.is(node, NodeKind::kSubscript)) {
    auto subscript = ast.as<syntax::Subscript>(node);
    can_unpack = ast.is(subscript.slice(), NodeKind::kSlice);
  }
  out.is_fine &= can_unpack;
  out.items.push_back("*" + std::string(ast.text(node)));
}

// The whole chain of additions, left to right; the shape is that of its displays, which must agree.
static bool readChain(const LintContext& context, NodeId node, Joined& out) {
  const Ast& ast = context.ast;
  auto operation = ast.tryAs<syntax::BinOp>(node);
  if (operation && operation->op() == syntax::BinaryOp::kAdd) {
    return readChain(context, operation->left(), out) && readChain(context, operation->right(), out);
  }
  Shape shape = shapeOf(ast, node);
  if (shape != Shape::kNone) {
    if (out.shape != Shape::kNone && out.shape != shape) return false;
    out.shape = shape;
  }
  addOperand(context, node, out);
  return true;
}

void checkCollectionConcatenation(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto operation = ast.as<syntax::BinOp>(node);
  if (operation.op() != syntax::BinaryOp::kAdd) return;
  auto parent = ast.tryAs<syntax::BinOp>(ast.parent(node));
  if (parent && parent->op() == syntax::BinaryOp::kAdd) return;
  Joined joined;
  if (!readChain(context, node, joined) || !joined.is_fine || joined.shape == Shape::kNone) return;
  bool is_list = joined.shape == Shape::kList;
  std::string text = is_list ? "[" : "(";
  for (size_t i = 0; i < joined.items.size(); ++i) text += (i > 0 ? ", " : "") + joined.items[i];
  if (!is_list && joined.items.size() == 1) text += ",";
  text += is_list ? "]" : ")";
  TextRange range = ast.range(node);
  bool is_shown = text.find('\n') == std::string::npos && text.size() <= 50;
  bool has_comment = hasComment(context, range);
  DiagnosticBuilder finding = is_shown ? context.sink.begin(Rule::kRUF005, range, {text}) : context.sink.begin(Rule::kRUF005Long, range);
  if (!has_comment) finding.fix(is_shown ? "Replace with `" + text + "`" : "Replace with iterable unpacking", {{range, text}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
