// The match statement and its patterns (language reference 8.6, PEP 634).
#include "analyzer/syntax/lower_context.h"

namespace krait::syntax::lowering {

static NodeId addPattern(LowerContext& context, TextRange range, NodeKind kind, std::initializer_list<uint32_t> fields,
                         uint8_t detail = 0) {
  return context.builder.add(kind, range, fields, detail);
}

static NodeId lowerErrorPattern(LowerContext& context, const TreeNode& node) {
  context.suspect();
  return addPattern(context, node.range(), NodeKind::kMatchAs, {NodeId::kNone, NodeId::kNone});
}

static NodeId lowerSequence(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  ListScope patterns(context);
  bool has_comma = false;
  for (uint32_t i = 0; i < children.size(); ++i) {
    if (children.symbol(i) == Symbol::kTokenComma) has_comma = true;
    else if (children[i].is_named) patterns.add(lowerPattern(context, children[i]));
  }
  if (node.symbol == Symbol::k_tuple_pattern && patterns.size() == 1 && !has_comma) {
    NodeId only = patterns.items()[0];
    if (context.builder.ast().is(only, NodeKind::kMatchStar)) context.suspect();
    context.builder.setFlag(only, kParenthesized);
    return only;
  }
  return addPattern(context, node.range(), NodeKind::kMatchSequence, {patterns.store()});
}

// `*name`, `*_`; `**rest` only inside a mapping, where lowerMapping reads it.
static NodeId lowerStarPattern(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  if (children.has(Symbol::kTokenDoubleStar)) return lowerErrorPattern(context, node);
  TreeNode name = children.firstNamed();
  NodeId lowered;
  if (exists(name) && context.textOf(name.range()) != "_") lowered = addIdentifier(context, name);
  return addPattern(context, node.range(), NodeKind::kMatchStar, {lowered.value});
}

static NodeId lowerMapping(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  ListScope keys(context);
  std::vector<NodeId> patterns;
  NodeId rest;
  for (uint32_t i = 0; i < children.size(); ++i) {
    TreeNode child = children[i];
    if (!child.is_named && child.field == Field::kNone) continue;
    if (rest.valid()) context.suspect();
    if (child.symbol == Symbol::k_splat_pattern) {
      Children parts(context.reader(), child);
      TreeNode name = parts.firstNamed();
      if (!parts.has(Symbol::kTokenDoubleStar) || !exists(name) || context.textOf(name.range()) == "_") {
        context.suspect();
        continue;
      }
      rest = addIdentifier(context, name);
    } else if (child.field == Field::kKey) {
      if (keys.size() != patterns.size()) continue;  // the second token of a key such as -1
      TreeNode key = child;
      NodeId lowered;
      if (context.text[child.begin] == '-' && !child.is_named && i + 1 < children.size()) {
        NodeId operand = lowerExpr(context, children[++i]);
        lowered = addExpr(context, NodeKind::kUnaryOp, {child.begin, children[i].end}, {operand.value},
                          static_cast<uint8_t>(UnaryOperator::kUSub));
      } else if (key.symbol == Symbol::k_complex_pattern) {
        NodeId pattern = lowerPattern(context, key);
        lowered = context.builder.ast().is(pattern, NodeKind::kMatchValue)
                      ? context.builder.ast().as<MatchValue>(pattern).value()
                      : lowerErrorExpr(context, key);
      } else {
        lowered = lowerExpr(context, key);
        NodeKind kind = context.builder.ast().kind(lowered);
        if (kind != NodeKind::kConstant && kind != NodeKind::kAttribute) context.suspect();
      }
      keys.add(lowered);
    } else if (child.field == Field::kValue) {
      patterns.push_back(lowerPattern(context, child));
    }
  }
  if (keys.size() != patterns.size()) return lowerErrorPattern(context, node);
  uint32_t stored = keys.store();
  return addPattern(context, node.range(), NodeKind::kMatchMapping, {stored, context.builder.list(patterns), rest.value});
}

static NodeId lowerClassPattern(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  NodeId cls = lowerDottedName(context, children[0]);
  ListScope patterns(context);
  std::vector<NodeId> attrs;
  std::vector<NodeId> attr_patterns;
  for (uint32_t i = 1; i < children.size(); ++i) {
    TreeNode child = children[i];
    if (!child.is_named) continue;
    Children parts(context.reader(), child);
    TreeNode inner = parts.firstNamed();
    if (inner.symbol != Symbol::k_keyword_pattern) {
      if (!attrs.empty() || inner.symbol == Symbol::k_splat_pattern) context.suspect();
      patterns.add(lowerPattern(context, child));
      continue;
    }
    Children sides(context.reader(), inner);
    attrs.push_back(addIdentifier(context, sides[0]));
    TreeNode value = sides[sides.size() - 1];
    if (context.text[sides[1].end] == '-' || (sides.size() > 3 && sides.symbol(2) == Symbol::kTokenMinus)) {
      context.suspect();
    }
    attr_patterns.push_back(lowerPattern(context, value));
    if (context.builder.ast().is(attr_patterns.back(), NodeKind::kMatchStar)) context.suspect();
  }
  uint32_t stored = patterns.store();
  uint32_t stored_attrs = context.builder.list(attrs);
  uint32_t stored_attr_patterns = context.builder.list(attr_patterns);
  return addPattern(context, node.range(), NodeKind::kMatchClass, {cls.value, stored, stored_attrs, stored_attr_patterns});
}

static NodeId lowerOr(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  ListScope patterns(context);
  for (uint32_t i = 0; i < children.size(); ++i) {
    TreeNode child = children[i];
    if (child.symbol == Symbol::kTokenMinus && i + 1 < children.size()) {
      NodeId operand = lowerExpr(context, children[i + 1]);
      NodeId negated = addExpr(context, NodeKind::kUnaryOp, {child.begin, children[i + 1].end}, {operand.value},
                               static_cast<uint8_t>(UnaryOperator::kUSub));
      patterns.add(addPattern(context, {child.begin, children[i + 1].end}, NodeKind::kMatchValue, {negated.value}));
      ++i;
    } else if (child.is_named || child.symbol == Symbol::kTokenUnderscore) {
      patterns.add(lowerPattern(context, child));
    }
  }
  return addPattern(context, node.range(), NodeKind::kMatchOr, {patterns.store()});
}

static NodeId lowerAs(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  NodeId pattern = lowerPattern(context, children[0]);
  TreeNode name = children[children.size() - 1];
  NodeKind kind = context.builder.ast().kind(pattern);
  bool is_odd = kind == NodeKind::kMatchStar || (kind == NodeKind::kMatchAs && context.builder.ast().as<MatchAs>(pattern).pattern().valid());
  if (is_odd || context.textOf(name.range()) == "_") context.suspect();
  NodeId lowered = addIdentifier(context, name);
  return addPattern(context, node.range(), NodeKind::kMatchAs, {pattern.value, lowered.value});
}

// `[-] number (+|-) number`, the last one imaginary.
static NodeId lowerComplex(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  NodeId left;
  NodeId right;
  bool is_negative = false;
  BinaryOp op = BinaryOp::kAdd;
  for (uint32_t i = 0; i < children.size(); ++i) {
    TreeNode child = children[i];
    if (!child.is_named) {
      if (left.isNone()) is_negative = true;
      else op = context.text[child.begin] == '-' ? BinaryOp::kSub : BinaryOp::kAdd;
      continue;
    }
    NodeId number = lowerNumber(context, child.range());
    if (left.valid()) {
      right = number;
    } else if (is_negative) {
      left = addExpr(context, NodeKind::kUnaryOp, {node.begin, child.end}, {number.value},
                     static_cast<uint8_t>(UnaryOperator::kUSub));
    } else {
      left = number;
    }
  }
  if (left.isNone() || right.isNone()) return lowerErrorPattern(context, node);
  const Ast& ast = context.builder.ast();
  if (ast[right].detail != static_cast<uint8_t>(ConstantKind::kComplex)) context.suspect();
  NodeId real = is_negative ? ast.as<UnaryOp>(left).operand() : left;
  if (ast[real].detail == static_cast<uint8_t>(ConstantKind::kComplex)) context.suspect();
  NodeId value = addExpr(context, NodeKind::kBinOp, node.range(), {left.value, right.value}, static_cast<uint8_t>(op));
  return addPattern(context, node.range(), NodeKind::kMatchValue, {value.value});
}

// A name is a capture, a dotted name a value.
static NodeId lowerNamePattern(LowerContext& context, const TreeNode& node) {
  std::string_view text = context.textOf(node.range());
  if (text == "_") return addPattern(context, node.range(), NodeKind::kMatchAs, {NodeId::kNone, NodeId::kNone});
  if (text.find('.') != std::string_view::npos) {
    NodeId value = lowerDottedName(context, node);
    return addPattern(context, node.range(), NodeKind::kMatchValue, {value.value});
  }
  NodeId name = addDottedIdentifier(context, node);
  return addPattern(context, node.range(), NodeKind::kMatchAs, {NodeId::kNone, name.value});
}

static NodeId lowerValuePattern(LowerContext& context, const TreeNode& node) {
  NodeId value = lowerExpr(context, node);
  NodeKind kind = context.builder.ast().kind(value);
  if (kind == NodeKind::kJoinedStr || kind == NodeKind::kTemplateStr) context.suspect();
  return addPattern(context, node.range(), NodeKind::kMatchValue, {value.value});
}

static NodeId lowerCasePattern(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  if (children.size() == 0) return lowerNamePattern(context, node);
  TreeNode first = children[0];
  if (first.symbol == Symbol::kTokenMinus && children.size() == 2) {
    NodeId operand = lowerExpr(context, children[1]);
    NodeId negated = addExpr(context, NodeKind::kUnaryOp, node.range(), {operand.value},
                             static_cast<uint8_t>(UnaryOperator::kUSub));
    return addPattern(context, node.range(), NodeKind::kMatchValue, {negated.value});
  }
  return lowerPattern(context, first);
}

NodeId lowerPattern(LowerContext& context, const TreeNode& node) {
  DepthScope depth(context);
  if (depth.tooDeep()) return lowerErrorPattern(context, node);
  auto singleton = [&](ConstantKind kind) {
    return addPattern(context, node.range(), NodeKind::kMatchSingleton, {}, static_cast<uint8_t>(kind));
  };
  switch (node.symbol) {
    case Symbol::k_case_pattern: return lowerCasePattern(context, node);
    case Symbol::k_as_pattern: return lowerAs(context, node);
    case Symbol::k_union_pattern: return lowerOr(context, node);
    case Symbol::k_list_pattern: case Symbol::k_tuple_pattern: return lowerSequence(context, node);
    case Symbol::k_dict_pattern: return lowerMapping(context, node);
    case Symbol::k_class_pattern: return lowerClassPattern(context, node);
    case Symbol::k_splat_pattern: return lowerStarPattern(context, node);
    case Symbol::k_complex_pattern: return lowerComplex(context, node);
    case Symbol::k_dotted_name: case Symbol::k_identifier: case Symbol::kTokenUnderscore:
      return lowerNamePattern(context, node);
    case Symbol::k_true: return singleton(ConstantKind::kTrue);
    case Symbol::k_false: return singleton(ConstantKind::kFalse);
    case Symbol::k_none: return singleton(ConstantKind::kNone);
    case Symbol::k_string: case Symbol::k_concatenated_string: case Symbol::k_integer: case Symbol::k_float:
      return lowerValuePattern(context, node);
    default: return lowerErrorPattern(context, node);
  }
}

static NodeId lowerCase(LowerContext& context, const TreeNode& node, int32_t column) {
  checkClauseColumn(context, node, column);
  Children children(context.reader(), node);
  ListScope patterns(context);
  TextRange range{node.begin, node.begin};
  bool has_comma = false;
  for (uint32_t i = 0; i < children.size(); ++i) {
    TreeNode child = children[i];
    if (child.symbol == Symbol::kTokenComma) {
      has_comma = true;
      range.end = child.end;
    } else if (child.symbol == Symbol::k_case_pattern) {
      if (patterns.size() == 0) range.begin = child.begin;
      range.end = child.end;
      patterns.add(lowerPattern(context, child));
    }
  }
  NodeId pattern = patterns.size() > 0 ? patterns.items()[0] : lowerErrorPattern(context, node);
  if (has_comma) pattern = addPattern(context, range, NodeKind::kMatchSequence, {patterns.store()});
  if (context.builder.ast().is(pattern, NodeKind::kMatchStar)) context.suspect();
  NodeId guard;
  TreeNode guard_node = children.find(Field::kGuard);
  if (exists(guard_node)) {
    Children parts(context.reader(), guard_node);
    context.allowWalrus(parts.firstNamed());
    guard = lowerExpr(context, parts.firstNamed());
  }
  uint32_t body = lowerBlock(context, children.find(Field::kConsequence), column);
  return context.builder.add(NodeKind::kMatchCase, compoundRange(context, node.range(), {body}),
                             {pattern.value, guard.value, body});
}

NodeId lowerMatch(LowerContext& context, const TreeNode& node, int32_t column) {
  Children children(context.reader(), node);
  uint32_t last = 0;
  while (last < children.size() && children[last].field != Field::kBody) ++last;
  uint32_t colon = last;
  while (colon > 0 && children.symbol(colon - 1) == Symbol::kTokenColon) --colon;
  context.allowWalrus(children.firstNamed());
  NodeId subject = lowerExprList(context, children, 0, colon);
  ListScope cases(context);
  if (last < children.size()) {
    Children clauses(context.reader(), children[last]);
    int32_t case_column = -1;
    for (uint32_t i = 0; i < clauses.size(); ++i) {
      TreeNode clause = clauses[i];
      if (clause.symbol != Symbol::k_case_clause) {
        if (clause.is_named || clause.symbol == Symbol::kError) context.suspect();
        continue;
      }
      if (cases.size() == 0) {
        case_column = columnIfFirst(context, clause.begin);
        if (case_column <= column) context.suspect();
      }
      cases.add(lowerCase(context, clause, case_column));
    }
  }
  if (cases.size() == 0) context.suspect();
  uint32_t stored = cases.store();
  return context.builder.add(NodeKind::kMatch, compoundRange(context, node.range(), {stored}), {subject.value, stored});
}

}  // namespace krait::syntax::lowering
