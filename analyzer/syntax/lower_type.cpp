// Annotations: tree-sitter's `type` nodes, which have forms of their own for subscripts, unions and attributes.
#include "analyzer/syntax/lower_context.h"

namespace krait::syntax::lowering {

static const Ast& astOf(const LowerContext& context) { return context.builder.ast(); }

NodeId lowerType(LowerContext& context, const TreeNode& node) {
  DepthScope depth(context);
  if (depth.tooDeep()) return lowerErrorExpr(context, node);
  Children children(context.reader(), node);
  switch (node.symbol) {
    case Symbol::k_type: {
      TreeNode inner = children.firstNamed();
      if (!exists(inner)) return lowerErrorExpr(context, node);
      switch (inner.symbol) {
        case Symbol::k_generic_type: case Symbol::k_union_type: case Symbol::k_member_type:
        case Symbol::k_constrained_type: case Symbol::k_splat_type: return lowerType(context, inner);
        default: {
          NodeId out = lowerExpr(context, inner);
          if (astOf(context).is(out, NodeKind::kNamedExpr)) context.suspect();
          return out;
        }
      }
    }
    case Symbol::k_generic_type: {
      NodeId value = lowerDottedName(context, children[0]);
      Children types(context.reader(), children[children.size() - 1]);
      ListScope items(context);
      TextRange range;
      bool has_comma = false;
      for (uint32_t i = 0; i < types.size(); ++i) {
        if (types.symbol(i) == Symbol::kTokenComma) {
          has_comma = true;
          range.end = types[i].end;
        } else if (types[i].is_named) {
          if (items.size() == 0) range.begin = types[i].begin;
          range.end = types[i].end;
          items.add(lowerType(context, types[i]));
        }
      }
      if (items.size() == 0) return lowerErrorExpr(context, node);
      NodeId slice = items.items()[0];
      if (!has_comma && astOf(context).is(slice, NodeKind::kTuple)) context.builder.setFlag(slice, kParenthesized);
      if (has_comma || astOf(context).is(slice, NodeKind::kStarred)) {
        slice = addExpr(context, NodeKind::kTuple, range, {items.store()});
      }
      return addExpr(context, NodeKind::kSubscript, node.range(), {value.value, slice.value});
    }
    case Symbol::k_union_type: {
      NodeId left = lowerType(context, children[0]);
      NodeId right = lowerType(context, children[children.size() - 1]);
      return joinTypeUnion(context, left, right, node.range());
    }
    case Symbol::k_member_type: {
      NodeId value = lowerType(context, children[0]);
      NodeId attr = addIdentifier(context, children[children.size() - 1]);
      return addExpr(context, NodeKind::kAttribute, node.range(), {value.value, attr.value});
    }
    case Symbol::k_constrained_type: {
      context.suspect();
      NodeId lower_bound = lowerType(context, children[0]);
      NodeId upper_bound = lowerType(context, children[children.size() - 1]);
      return addExpr(context, NodeKind::kSlice, node.range(), {lower_bound.value, upper_bound.value, NodeId::kNone});
    }
    case Symbol::k_splat_type: {
      if (children.has(Symbol::kTokenDoubleStar)) context.suspect();
      NodeId value = lowerExpr(context, children.firstNamed());
      return addExpr(context, NodeKind::kStarred, node.range(), {value.value});
    }
    default: return lowerExpr(context, node);
  }
}

}  // namespace krait::syntax::lowering
