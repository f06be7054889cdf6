// Displays: tuples, lists, sets, dictionaries; subscripts and slices.
#include "analyzer/syntax/lower_context.h"

namespace krait::syntax::lowering {

static const Ast& astOf(const LowerContext& context) { return context.builder.ast(); }

NodeId lowerSlice(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  NodeId parts[3];
  uint32_t at = 0;
  for (uint32_t i = 0; i < children.size(); ++i) {
    if (children.symbol(i) == Symbol::kTokenColon) ++at;
    else if (children[i].is_named && at < 3) parts[at] = lowerExpr(context, children[i]);
  }
  for (NodeId part : parts) {
    if (part.valid() && astOf(context).is(part, NodeKind::kNamedExpr)) context.suspect();
    if (part.valid() && astOf(context).is(part, NodeKind::kStarred)) context.suspect();
  }
  return addExpr(context, NodeKind::kSlice, node.range(), {parts[0].value, parts[1].value, parts[2].value});
}

NodeId lowerSubscript(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  NodeId value = lowerExpr(context, children.find(Field::kValue));
  ListScope items(context);
  TextRange range{node.end, node.end};
  bool has_comma = false;
  for (uint32_t i = 0; i < children.size(); ++i) {
    TreeNode child = children[i];
    if (child.field == Field::kSubscript) {
      if (items.size() == 0) range.begin = child.begin;
      range.end = child.end;
      context.allowWalrus(child);
      items.add(lowerExpr(context, child));
    } else if (child.symbol == Symbol::kTokenComma) {
      has_comma = true;
      range.end = child.end;
    }
  }
  if (items.size() == 0) return lowerErrorExpr(context, node);
  NodeId slice = items.items()[0];
  bool is_starred = astOf(context).is(slice, NodeKind::kStarred);
  // x[(a, b)] is told from x[a, b].
  if (!has_comma && astOf(context).is(slice, NodeKind::kTuple)) context.builder.setFlag(slice, kParenthesized);
  if (has_comma || is_starred) slice = addExpr(context, NodeKind::kTuple, range, {items.store()});
  NodeId out = addExpr(context, NodeKind::kSubscript, node.range(), {value.value, slice.value});
  return hoistStar(context, value, out, 0);
}

NodeId lowerDisplay(LowerContext& context, const TreeNode& node, NodeKind kind) {
  Children children(context.reader(), node);
  ListScope elements(context);
  for (uint32_t i = 0; i < children.size(); ++i) {
    TreeNode child = children[i];
    if (!child.is_named && child.symbol != Symbol::kError) continue;
    if (child.symbol == Symbol::k_yield) context.suspect();
    context.allowWalrus(child);
    elements.add(lowerExpr(context, child));
  }
  uint32_t count = children.size();
  bool trailing = count > 1 && children.symbol(count - 2) == Symbol::kTokenComma;
  // `(*x)` comes as a tuple, too.
  if (kind == NodeKind::kTuple && elements.size() == 1 && !trailing) context.suspect();
  NodeId out = addExpr(context, kind, node.range(), {elements.store()});
  if (trailing) context.builder.setFlag(out, kHasTrailingComma);
  return out;
}

NodeId lowerDictionary(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  ListScope keys(context);
  std::vector<NodeId> values;
  for (uint32_t i = 0; i < children.size(); ++i) {
    TreeNode child = children[i];
    if (child.symbol == Symbol::k_pair) {
      Children pair(context.reader(), child);
      NodeId key = lowerExpr(context, pair.find(Field::kKey));
      NodeId value = lowerExpr(context, pair.find(Field::kValue));
      const Ast& ast = astOf(context);
      if (ast.is(key, NodeKind::kStarred) || ast.is(value, NodeKind::kStarred) || ast.is(key, NodeKind::kNamedExpr) ||
          ast.is(value, NodeKind::kNamedExpr)) {
        context.suspect();
      }
      keys.add(key);
      values.push_back(value);
    } else if (child.symbol == Symbol::k_dictionary_splat) {
      Children splat(context.reader(), child);
      NodeId value = lowerExpr(context, splat.firstNamed());
      NodeKind kind = astOf(context).kind(value);
      // The grammar wants a bitwise_or after `**` in a display.
      if (!astOf(context).hasFlag(value, kParenthesized) &&
          (kind == NodeKind::kIfExp || kind == NodeKind::kLambda || kind == NodeKind::kBoolOp ||
           kind == NodeKind::kCompare || kind == NodeKind::kNamedExpr || kind == NodeKind::kUnaryOp)) {
        context.suspect();
      }
      keys.add(NodeId::none());
      values.push_back(value);
    } else if (child.symbol == Symbol::kError) {
      context.suspect();
    }
  }
  uint32_t count = children.size();
  bool trailing = count > 1 && children.symbol(count - 2) == Symbol::kTokenComma;
  if (count > 1 && children.symbol(1) == Symbol::kTokenComma) context.suspect();
  uint32_t stored_keys = keys.store();
  NodeId out = addExpr(context, NodeKind::kDict, node.range(), {stored_keys, context.builder.list(values)});
  if (trailing) context.builder.setFlag(out, kHasTrailingComma);
  return out;
}

NodeId lowerTupleDisplay(LowerContext& context, const TreeNode& node) {
  bool has_comma = false;
  {
    Children children(context.reader(), node);
    if (node.symbol == Symbol::k_tuple_pattern && children.namedCount() == 1) {
      has_comma = children.has(Symbol::kTokenComma);
      if (!has_comma) {
        NodeId only = lowerExpr(context, children.firstNamed());
        context.builder.setFlag(only, kParenthesized);
        if (astOf(context).is(only, NodeKind::kStarred)) context.suspect();
        return only;
      }
    }
  }
  return lowerDisplay(context, node, NodeKind::kTuple);
}

}  // namespace krait::syntax::lowering
