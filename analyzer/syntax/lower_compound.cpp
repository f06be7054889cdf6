// Compound statements but definitions and match.
#include "analyzer/syntax/lower_context.h"

namespace krait::syntax::lowering {

static NodeId addStmt(LowerContext& context, TextRange range, NodeKind kind, std::initializer_list<uint32_t> fields,
                      uint8_t detail = 0) {
  return context.builder.add(kind, range, fields, detail);
}

static NodeId lowerCondition(LowerContext& context, const TreeNode& node) {
  context.allowWalrus(node);
  return lowerExpr(context, node);
}

static uint32_t lowerElse(LowerContext& context, const TreeNode& clause, int32_t column) {
  if (!exists(clause)) return AstBuilder::kEmptyList;
  checkClauseColumn(context, clause, column);
  Children children(context.reader(), clause);
  return lowerBlock(context, children.find(Field::kBody), column);
}

// `if` with its `elif` chain: each elif is the only statement of the orelse before it. Built from the last backwards.
static NodeId lowerIf(LowerContext& context, const TreeNode& node, int32_t column) {
  Children children(context.reader(), node);
  struct Branch {
    uint32_t begin;
    NodeId test;
    uint32_t body;
  };
  std::vector<Branch> branches;
  NodeId test = lowerCondition(context, children.find(Field::kCondition));
  branches.push_back({node.begin, test, lowerBlock(context, children.find(Field::kConsequence), column)});
  uint32_t orelse = AstBuilder::kEmptyList;
  for (uint32_t i = 0; i < children.size(); ++i) {
    TreeNode child = children[i];
    if (child.symbol == Symbol::k_elif_clause) {
      checkClauseColumn(context, child, column);
      Children parts(context.reader(), child);
      NodeId elif_test = lowerCondition(context, parts.find(Field::kCondition));
      branches.push_back({child.begin, elif_test, lowerBlock(context, parts.find(Field::kConsequence), column)});
    } else if (child.symbol == Symbol::k_else_clause) {
      orelse = lowerElse(context, child, column);
    } else if (child.symbol == Symbol::kError) {
      context.suspect();
    }
  }
  for (size_t i = branches.size(); i-- > 1;) {
    NodeId nested = addStmt(context, compoundRange(context, {branches[i].begin, node.end}, {branches[i].body, orelse}), NodeKind::kIf,
                            {branches[i].test.value, branches[i].body, orelse}, true);
    orelse = context.builder.list({nested});
  }
  return addStmt(context, compoundRange(context, node.range(), {branches[0].body, orelse}), NodeKind::kIf,
                 {branches[0].test.value, branches[0].body, orelse});
}

static NodeId lowerWhile(LowerContext& context, const TreeNode& node, int32_t column) {
  Children children(context.reader(), node);
  NodeId test = lowerCondition(context, children.find(Field::kCondition));
  uint32_t body = lowerBlock(context, children.find(Field::kBody), column);
  uint32_t orelse = lowerElse(context, children.find(Field::kAlternative), column);
  return addStmt(context, compoundRange(context, node.range(), {body, orelse}), NodeKind::kWhile,
                 {test.value, body, orelse});
}

static NodeId lowerFor(LowerContext& context, const TreeNode& node, int32_t column) {
  Children children(context.reader(), node);
  NodeId target = lowerTarget(context, children.find(Field::kLeft), ExprContext::kStore);
  TreeNode right = children.find(Field::kRight);
  NodeId iter;
  if (right.symbol == Symbol::k_expression_list) {
    Children parts(context.reader(), right);
    iter = lowerExprList(context, parts, 0, parts.size());
  } else {
    iter = lowerExpr(context, right);
  }
  uint32_t body = lowerBlock(context, children.find(Field::kBody), column);
  uint32_t orelse = lowerElse(context, children.find(Field::kAlternative), column);
  bool is_async = children.has(Symbol::kTokenAsync);
  return addStmt(context, compoundRange(context, node.range(), {body, orelse}), NodeKind::kFor,
                 {target.value, iter.value, body, orelse}, is_async);
}

// What a conditional or a lambda ends with; there the tree puts a with item's `as`.
static TreeNode lastPart(LowerContext& context, TreeNode node) {
  while (node.symbol == Symbol::k_conditional_expression || node.symbol == Symbol::k_lambda) {
    Children children(context.reader(), node);
    node = TreeNode();
    for (uint32_t i = 0; i < children.size(); ++i) {
      if (children[i].is_named) node = children[i];
    }
  }
  return node;
}
static NodeId lowerWithItem(LowerContext& context, const TreeNode& item, bool is_alone) {
  Children parts(context.reader(), item);
  TreeNode value = parts.firstNamed();
  // `with (a as b):` with the parentheses read as the item's own.
  if (value.symbol == Symbol::k_parenthesized_expression) {
    Children inner(context.reader(), value);
    if (lastPart(context, inner.firstNamed()).symbol == Symbol::k_as_pattern) value = inner.firstNamed();
  }
  // `with (a,):` and `with (a as b,):`: one item in parentheses, where it stands alone and an item may look like that.
  if (value.symbol == Symbol::k_tuple && is_alone) {
    Children inner(context.reader(), value);
    TreeNode only = inner.firstNamed();
    bool is_item = inner.namedCount() == 1 && only.symbol != Symbol::k_list_splat && only.symbol != Symbol::k_named_expression;
    if (is_item) value = only;
  }
  TreeNode as = lastPart(context, value);
  if (as.symbol != Symbol::k_as_pattern) {
    NodeId expr = lowerExpr(context, value);
    return context.builder.add(NodeKind::kWithItem, item.range(), {expr.value, NodeId::kNone});
  }
  Children sides(context.reader(), as);
  context.item_as_at = as.begin;
  context.item_as_end = as.end;
  context.item_value_end = sides.firstNamed().end;
  NodeId expr = lowerExpr(context, value);
  context.item_as_at = 0xffffffffu;
  Children alias(context.reader(), sides.find(Field::kAlias));
  NodeId target = lowerTarget(context, alias.firstNamed(), ExprContext::kStore);
  return context.builder.add(NodeKind::kWithItem, item.range(), {expr.value, target.value});
}

static NodeId lowerWith(LowerContext& context, const TreeNode& node, int32_t column) {
  Children children(context.reader(), node);
  ListScope items(context);
  for (uint32_t i = 0; i < children.size(); ++i) {
    if (children[i].symbol != Symbol::k_with_clause) continue;
    Children clause(context.reader(), children[i]);
    uint32_t last = clause.size();
    for (uint32_t k = 0; k < last; ++k) {
      if (clause[k].symbol == Symbol::k_with_item) items.add(lowerWithItem(context, clause[k], clause.namedCount() == 1));
    }
    // A trailing comma is only fine inside parentheses.
    if (last > 0 && clause.symbol(last - 1) == Symbol::kTokenComma) context.suspect();
  }
  uint32_t stored = items.store();
  uint32_t body = lowerBlock(context, children.find(Field::kBody), column);
  return addStmt(context, compoundRange(context, node.range(), {body}), NodeKind::kWith, {stored, body},
                 children.has(Symbol::kTokenAsync));
}

static NodeId lowerHandler(LowerContext& context, const TreeNode& node, int32_t column, bool* is_star) {
  checkClauseColumn(context, node, column);
  Children children(context.reader(), node);
  NodeId type;
  NodeId name;
  ListScope types(context);
  TreeNode block;
  TextRange types_range;
  for (uint32_t i = 0; i < children.size(); ++i) {
    TreeNode child = children[i];
    if (child.symbol == Symbol::kTokenStar) *is_star = true;
    if (child.symbol == Symbol::k_block) block = child;
    if (child.field == Field::kAlias) {
      if (child.symbol == Symbol::k_identifier) name = addIdentifier(context, child);
      else context.suspect();
    }
    if (child.field != Field::kValue) continue;
    if (types.size() == 0) types_range.begin = child.begin;
    types_range.end = child.end;
    if (child.symbol != Symbol::k_as_pattern) {
      types.add(lowerExpr(context, child));
      continue;
    }
    Children sides(context.reader(), child);
    types.add(lowerExpr(context, sides.firstNamed()));
    Children alias(context.reader(), sides.find(Field::kAlias));
    TreeNode target = alias.firstNamed();
    if (types.size() > 1 || target.symbol != Symbol::k_identifier) context.suspect();
    if (exists(target)) name = addIdentifier(context, target);
  }
  if (*is_star && types.size() == 0) context.suspect();
  if (types.size() == 1) type = types.items()[0];
  if (types.size() > 1) type = addExpr(context, NodeKind::kTuple, types_range, {types.store()});
  uint32_t body = lowerBlock(context, block, column);
  return context.builder.add(NodeKind::kExceptHandler, compoundRange(context, node.range(), {body}),
                             {type.value, name.value, body});
}

static NodeId lowerTry(LowerContext& context, const TreeNode& node, int32_t column) {
  Children children(context.reader(), node);
  uint32_t body = lowerBlock(context, children.find(Field::kBody), column);
  ListScope handlers(context);
  uint32_t orelse = AstBuilder::kEmptyList;
  uint32_t finalbody = AstBuilder::kEmptyList;
  bool is_star = false;
  uint32_t star_count = 0;
  for (uint32_t i = 0; i < children.size(); ++i) {
    TreeNode child = children[i];
    if (child.symbol == Symbol::k_except_clause) {
      bool this_star = false;
      handlers.add(lowerHandler(context, child, column, &this_star));
      star_count += this_star;
      is_star |= this_star;
    } else if (child.symbol == Symbol::k_else_clause) {
      orelse = lowerElse(context, child, column);
      if (handlers.size() == 0) context.suspect();
    } else if (child.symbol == Symbol::k_finally_clause) {
      checkClauseColumn(context, child, column);
      Children parts(context.reader(), child);
      finalbody = lowerBlock(context, parts.firstNamed(), column);
    } else if (child.symbol == Symbol::kError) {
      context.suspect();
    }
  }
  if (star_count != 0 && star_count != handlers.size()) context.suspect();
  if (handlers.size() == 0 && finalbody == AstBuilder::kEmptyList) context.suspect();
  uint32_t stored = handlers.store();
  return addStmt(context, compoundRange(context, node.range(), {body, stored, orelse, finalbody}), NodeKind::kTry,
                 {body, stored, orelse, finalbody}, is_star);
}

static NodeId lowerDecorated(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  ListScope decorators(context);
  int32_t column = columnIfFirst(context, node.begin);
  for (uint32_t i = 0; i < children.size(); ++i) {
    TreeNode child = children[i];
    if (!child.is_named) continue;
    if (child.begin != node.begin) checkClauseColumn(context, child, column);
    if (child.symbol == Symbol::k_decorator) {
      Children parts(context.reader(), child);
      if (!exists(parts.firstNamed())) {
        context.suspect();
        continue;
      }
      NodeId decorator = lowerExpr(context, parts.firstNamed());
      if (context.builder.ast().is(decorator, NodeKind::kStarred)) context.suspect();
      decorators.add(decorator);
    } else if (child.symbol == Symbol::k_function_definition) {
      return lowerFunction(context, child, decorators.store(), column);
    } else if (child.symbol == Symbol::k_class_definition) {
      return lowerClass(context, child, decorators.store(), column);
    }
  }
  return lowerErrorStatement(context, node);
}

NodeId lowerCompoundStatement(LowerContext& context, const TreeNode& node, int32_t column) {
  switch (node.symbol) {
    case Symbol::k_if_statement: return lowerIf(context, node, column);
    case Symbol::k_for_statement: return lowerFor(context, node, column);
    case Symbol::k_while_statement: return lowerWhile(context, node, column);
    case Symbol::k_try_statement: return lowerTry(context, node, column);
    case Symbol::k_with_statement: return lowerWith(context, node, column);
    case Symbol::k_function_definition:
      return lowerFunction(context, node, AstBuilder::kEmptyList, column);
    case Symbol::k_class_definition: return lowerClass(context, node, AstBuilder::kEmptyList, column);
    case Symbol::k_decorated_definition: return lowerDecorated(context, node);
    case Symbol::k_match_statement: return lowerMatch(context, node, column);
    default: return NodeId::none();
  }
}

}  // namespace krait::syntax::lowering
