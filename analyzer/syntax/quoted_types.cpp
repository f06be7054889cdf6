#include "analyzer/syntax/quoted_types.h"

#include <algorithm>
#include <string>

#include "analyzer/syntax/ast_builder.h"
#include "analyzer/syntax/string_literal.h"
#include "analyzer/syntax/syntax_errors.h"
#include "analyzer/syntax/token_parser/token_parser.h"

namespace krait::syntax {

// Types in quotes inside types in quotes, and so on: deeper ones stay text.
static constexpr uint32_t kMaxQuoteDepth = 8;

QuotedText quotedTextOf(const Ast& ast, NodeId constant) {
  std::string_view literal = ast.text(constant);
  QuotedText quoted{.value = ast.string(ast.as<Constant>(constant).payload())};
  StringPrefix prefix = parseStringPrefix(literal);
  uint32_t head = prefix.prefix_size + prefix.quote_size;
  if (literal.size() < head + prefix.quote_size) return quoted;
  quoted.is_plain = literal.substr(head, literal.size() - head - prefix.quote_size) == quoted.value;
  quoted.begin = ast.range(constant).begin + head;
  quoted.is_bracketed = quoted.is_plain && prefix.quote_size == 3;
  return quoted;
}

// The text is one expression, and no star stands alone in it.
static bool isExpressionText(std::string_view value, bool is_bracketed) {
  size_t first = value.find_first_not_of(is_bracketed ? " \t\n\r\f" : "\n\r");
  return first != std::string_view::npos && value[first] != ' ' && value[first] != '\t' && value[first] != '#' &&
         value.find(';') == std::string_view::npos;
}

// Nodes made from the private text get their places in the file.
static void placeNodes(AstBuilder& builder, uint32_t first, const QuotedText& quoted, TextRange whole, uint32_t shift) {
  for (uint32_t i = first; i < builder.ast().nodeCount(); ++i) {
    TextRange range = builder.ast().range(NodeId(i));
    bool is_inside = quoted.is_plain && range.begin >= shift && quoted.begin + range.end - shift <= whole.end;
    builder.setRange(NodeId(i), is_inside ? TextRange{quoted.begin + range.begin - shift, quoted.begin + range.end - shift} : whole);
  }
}

static bool isAlone(const Ast& ast, NodeId type) {
  NodeKind kind = ast.kind(type);
  if (kind == NodeKind::kStarred || kind == NodeKind::kErrorExpr) return false;
  auto tuple = ast.tryAs<Tuple>(type);
  if (!tuple) return true;
  for (NodeId elt : tuple->elts()) {
    if (ast.is(elt, NodeKind::kStarred)) return false;
  }
  return true;
}

static void collectConstants(const Ast& ast, NodeId root, std::vector<NodeId>& out) {
  std::vector<NodeId> pending = {root};
  while (!pending.empty()) {
    NodeId node = pending.back();
    pending.pop_back();
    if (stringValue(ast, node)) out.push_back(node);
    auto subscript = ast.tryAs<Subscript>(node);
    if (subscript) {
      NodeId value = subscript->value();
      if (auto attribute = ast.tryAs<Attribute>(value)) value = attribute->attr();
      if (nameText(ast, value) == "Literal") continue;
      auto tuple = ast.tryAs<Tuple>(subscript->slice());
      if (nameText(ast, value) == "Annotated" && tuple && !tuple->elts().empty()) {
        pending.push_back(tuple->elts()[0]);
        continue;
      }
    }
    if (ast.is(node, NodeKind::kCall) || ast.is(node, NodeKind::kJoinedStr)) continue;
    forEachChild(ast, node, [&](NodeId child) { pending.push_back(child); });
  }
}

void QuotedTypes::set(std::vector<QuotedType> types) {
  types_ = std::move(types);
  std::sort(types_.begin(), types_.end(), [](const QuotedType& a, const QuotedType& b) { return a.constant < b.constant; });
}

static const QuotedType* findType(std::span<const QuotedType> types, NodeId constant) {
  auto found = std::lower_bound(types.begin(), types.end(), constant,
                                [](const QuotedType& quoted, NodeId id) { return quoted.constant < id; });
  return found != types.end() && found->constant == constant ? &*found : nullptr;
}

NodeId QuotedTypes::typeOf(NodeId constant) const {
  const QuotedType* found = types_.empty() ? nullptr : findType(types_, constant);
  return found != nullptr ? found->type : NodeId::none();
}

bool QuotedTypes::isInComplex(const Ast& ast, NodeId node) const {
  if (types_.empty()) return false;
  for (NodeId at = ast.parent(node); at.valid() && !isStatement(ast, at); at = ast.parent(at)) {
    const QuotedType* found = ast.is(at, NodeKind::kConstant) ? findType(types_, at) : nullptr;
    if (found != nullptr) return !found->is_plain;
  }
  return false;
}

Ast addQuotedTypes(Ast ast, Interner& names, std::span<const NodeId> constants, QuotedTypes& types) {
  NodeId root = ast.root();
  lowering::LowerContext context(ast.text(), names);
  context.builder = AstBuilder(std::move(ast));
  std::vector<NodeId> pending(constants.begin(), constants.end());
  std::vector<QuotedType> found;
  std::vector<uint32_t> depths(pending.size(), 0);
  for (size_t i = 0; i < pending.size(); ++i) {
    NodeId constant = pending[i];
    QuotedText quoted = quotedTextOf(context.builder.ast(), constant);
    if (!isExpressionText(quoted.value, quoted.is_bracketed)) continue;
    std::string source = quoted.is_bracketed ? "(" + std::string(quoted.value) + "\n)" : std::string(quoted.value);
    if (findSyntaxError(source)) continue;
    std::string_view kept = context.builder.keep(source);
    context.text = kept;
    uint32_t first = context.builder.ast().nodeCount();
    NodeId type = lowering::TokenParser(context).parseAlone();
    if (!type.valid() || !isAlone(context.builder.ast(), type)) {
      context.builder.dropNodesFrom(first);
      continue;
    }
    placeNodes(context.builder, first, quoted, context.builder.ast().range(constant), quoted.is_bracketed ? 1 : 0);
    if (quoted.is_bracketed) context.builder.clearFlags(type);
    context.builder.hang(type, constant);
    found.push_back({constant, type, quoted.is_plain});
    if (depths[i] + 1 >= kMaxQuoteDepth) continue;
    collectConstants(context.builder.ast(), type, pending);
    depths.resize(pending.size(), depths[i] + 1);
  }
  types.set(std::move(found));
  return context.builder.finish(root);
}

}  // namespace krait::syntax
