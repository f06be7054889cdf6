// Simple statements.
#include <algorithm>

#include "analyzer/syntax/lower_context.h"

namespace krait::syntax::lowering {

static NodeId addStmt(LowerContext& context, const TreeNode& node, NodeKind kind,
                      std::initializer_list<uint32_t> fields, uint8_t detail = 0) {
  return context.builder.add(kind, node.range(), fields, detail);
}

// Whether a `yield` may stand there bare: as a statement, or at the right of an assignment.
static NodeId lowerValue(LowerContext& context, const TreeNode& node) {
  if (node.symbol == Symbol::k_expression_list || node.symbol == Symbol::k_pattern_list) {
    Children children(context.reader(), node);
    return lowerExprList(context, children, 0, children.size());
  }
  return lowerExpr(context, node);
}

static NodeId lowerAnnAssign(LowerContext& context, const TreeNode& node, const Children& children) {
  NodeId target = lowerTarget(context, children.find(Field::kLeft), ExprContext::kStore);
  const Ast& ast = context.builder.ast();
  NodeKind kind = ast.kind(target);
  bool is_simple = kind == NodeKind::kName && !ast.hasFlag(target, kParenthesized);
  if (kind != NodeKind::kName && kind != NodeKind::kAttribute && kind != NodeKind::kSubscript) context.suspect();
  NodeId annotation = lowerType(context, children.find(Field::kType));
  TreeNode right = children.find(Field::kRight);
  if (right.symbol == Symbol::k_assignment || right.symbol == Symbol::k_augmented_assignment) context.suspect();
  NodeId value = exists(right) ? lowerValue(context, right) : NodeId::none();
  return addStmt(context, node, NodeKind::kAnnAssign, {target.value, annotation.value, value.value}, is_simple);
}

static NodeId lowerAssign(LowerContext& context, const TreeNode& node) {
  ListScope targets(context);
  TreeNode current = node;
  while (true) {
    Children children(context.reader(), current);
    if (children.has(Field::kType)) {
      if (targets.size() == 0) return lowerAnnAssign(context, node, children);
      context.suspect();
    }
    targets.add(lowerTarget(context, children.find(Field::kLeft), ExprContext::kStore));
    TreeNode right = children.find(Field::kRight);
    if (right.symbol == Symbol::k_assignment) {
      current = right;
      continue;
    }
    if (!exists(right) || right.symbol == Symbol::k_augmented_assignment) return lowerErrorStatement(context, node);
    NodeId value = lowerValue(context, right);
    return addStmt(context, node, NodeKind::kAssign, {targets.store(), value.value});
  }
}

static BinaryOp augmentedOp(std::string_view text) {
  switch (text[0]) {
    case '+': return BinaryOp::kAdd;
    case '-': return BinaryOp::kSub;
    case '*': return text[1] == '*' ? BinaryOp::kPow : BinaryOp::kMult;
    case '/': return text[1] == '/' ? BinaryOp::kFloorDiv : BinaryOp::kDiv;
    case '@': return BinaryOp::kMatMult;
    case '%': return BinaryOp::kMod;
    case '>': return BinaryOp::kRShift;
    case '<': return BinaryOp::kLShift;
    case '&': return BinaryOp::kBitAnd;
    case '^': return BinaryOp::kBitXor;
    default: return BinaryOp::kBitOr;
  }
}

static NodeId lowerAugAssign(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  NodeId target = lowerTarget(context, children.find(Field::kLeft), ExprContext::kStore);
  NodeKind kind = context.builder.ast().kind(target);
  if (kind != NodeKind::kName && kind != NodeKind::kAttribute && kind != NodeKind::kSubscript) context.suspect();
  TreeNode right = children.find(Field::kRight);
  if (right.symbol == Symbol::k_assignment || right.symbol == Symbol::k_augmented_assignment) context.suspect();
  BinaryOp op = augmentedOp(context.textOf(children.find(Field::kOperator).range()));
  NodeId value = lowerValue(context, right);
  return addStmt(context, node, NodeKind::kAugAssign, {target.value, value.value}, static_cast<uint8_t>(op));
}

static NodeId lowerExpressionStatement(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  if (children.namedCount() == 1) {
    TreeNode only = children.firstNamed();
    if (only.symbol == Symbol::k_assignment) return lowerAssign(context, only);
    if (only.symbol == Symbol::k_augmented_assignment) return lowerAugAssign(context, only);
    if (only.symbol == Symbol::k_named_expression || only.symbol == Symbol::k_as_pattern) context.suspect();
  }
  NodeId value = lowerExprList(context, children, 0, children.size());
  return addStmt(context, node, NodeKind::kExprStmt, {value.value});
}

// `print x` is an error that the exact check words; `print >>f, x` is the tuple (print >> f, x).
static NodeId lowerPrint(LowerContext& context, const TreeNode& node) {
  context.suspect();
  Children children(context.reader(), node);
  TreeNode chevron = children.firstNamed();
  if (chevron.symbol != Symbol::k_chevron) return lowerErrorStatement(context, node);
  TextRange print_range{node.begin, node.begin + 5};
  NodeId print = addExpr(context, NodeKind::kName, print_range, {internName(context, print_range).value});
  ListScope elements(context);
  {
    Children parts(context.reader(), chevron);
    NodeId file = lowerExpr(context, parts.firstNamed());
    elements.add(addExpr(context, NodeKind::kBinOp, {node.begin, chevron.end}, {print.value, file.value},
                         static_cast<uint8_t>(BinaryOp::kRShift)));
  }
  for (uint32_t i = 0; i < children.size(); ++i) {
    if (children[i].field == Field::kArgument) elements.add(lowerExpr(context, children[i]));
  }
  NodeId value = elements.items()[0];
  if (elements.size() > 1) value = addExpr(context, NodeKind::kTuple, node.range(), {elements.store()});
  return addStmt(context, node, NodeKind::kExprStmt, {value.value});
}

static NodeId lowerReturn(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  TreeNode value = children.firstNamed();
  NodeId lowered = exists(value) ? lowerValue(context, value) : NodeId::none();
  return addStmt(context, node, NodeKind::kReturn, {lowered.value});
}

static NodeId lowerDelete(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  TreeNode value = children.firstNamed();
  ListScope targets(context);
  if (value.symbol == Symbol::k_expression_list) {
    Children parts(context.reader(), value);
    for (uint32_t i = 0; i < parts.size(); ++i) {
      if (parts[i].is_named) targets.add(lowerTarget(context, parts[i], ExprContext::kDel));
    }
  } else if (exists(value)) {
    targets.add(lowerTarget(context, value, ExprContext::kDel));
  }
  return addStmt(context, node, NodeKind::kDelete, {targets.store()});
}

static NodeId lowerRaise(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  NodeId exc;
  NodeId cause;
  for (uint32_t i = 0; i < children.size(); ++i) {
    TreeNode child = children[i];
    if (!child.is_named) continue;
    if (child.symbol == Symbol::k_expression_list) context.suspect();
    (child.field == Field::kCause ? cause : exc) = lowerValue(context, child);
  }
  if (cause.valid() && exc.isNone()) context.suspect();
  return addStmt(context, node, NodeKind::kRaise, {exc.value, cause.value});
}

static NodeId lowerAssert(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  NodeId parts[2];
  uint32_t count = 0;
  for (uint32_t i = 0; i < children.size(); ++i) {
    if (!children[i].is_named) continue;
    if (count == 2) {
      context.suspect();
      break;
    }
    parts[count++] = lowerExpr(context, children[i]);
  }
  if (count == 0) return lowerErrorStatement(context, node);
  return addStmt(context, node, NodeKind::kAssert, {parts[0].value, parts[1].value});
}

static NodeId lowerAlias(LowerContext& context, const TreeNode& node, bool is_from) {
  TreeNode name = node;
  NodeId asname;
  if (node.symbol == Symbol::k_aliased_import) {
    Children children(context.reader(), node);
    name = children.find(Field::kName);
    asname = addIdentifier(context, children.find(Field::kAlias));
  }
  NodeId identifier = addDottedIdentifier(context, name);
  if (is_from && context.textOf(name.range()).find('.') != std::string_view::npos) context.suspect();
  return context.builder.add(NodeKind::kAlias, node.range(), {identifier.value, asname.value});
}

static NodeId lowerImport(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  ListScope names(context);
  for (uint32_t i = 0; i < children.size(); ++i) {
    if (children[i].is_named) names.add(lowerAlias(context, children[i], false));
  }
  if (children.size() > 0 && children.symbol(children.size() - 1) == Symbol::kTokenComma) context.suspect();
  return addStmt(context, node, NodeKind::kImport, {names.store()});
}

static NodeId lowerModuleName(LowerContext& context, const TreeNode& node, uint32_t* level) {
  if (node.symbol != Symbol::k_relative_import) return addDottedIdentifier(context, node);
  Children children(context.reader(), node);
  NodeId module;
  for (uint32_t i = 0; i < children.size(); ++i) {
    if (children[i].symbol == Symbol::k_import_prefix) {
      std::string_view dots = context.textOf(children[i].range());
      *level = static_cast<uint32_t>(std::count(dots.begin(), dots.end(), '.'));
    } else if (children[i].symbol == Symbol::k_dotted_name) {
      module = addDottedIdentifier(context, children[i]);
    }
  }
  return module;
}

static NodeId lowerImportFrom(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  uint32_t level = 0;
  NodeId module;
  ListScope names(context);
  bool is_parenthesized = false;
  for (uint32_t i = 0; i < children.size(); ++i) {
    TreeNode child = children[i];
    if (child.field == Field::kModuleName) {
      module = lowerModuleName(context, child, &level);
    } else if (child.symbol == Symbol::k_wildcard_import) {
      NodeId star = context.builder.add(NodeKind::kIdentifier, child.range(), {context.names.intern("*").value});
      names.add(context.builder.add(NodeKind::kAlias, child.range(), {star.value, NodeId::kNone}));
    } else if (child.symbol == Symbol::kTokenOpenParen) {
      is_parenthesized = true;
    } else if (child.field == Field::kName) {
      names.add(lowerAlias(context, child, true));
    } else if (!child.is_named && context.textOf(child.range()) == "__future__") {
      module = addIdentifier(context, child);
      // What barry_as_FLUFL changes is in the tokens.
      if (context.textOf(node.range()).find("barry") != std::string_view::npos) context.suspect();
    }
  }
  uint32_t count = children.size();
  if (!is_parenthesized && count > 0 && children.symbol(count - 1) == Symbol::kTokenComma) context.suspect();
  if (names.size() == 0) context.suspect();
  return addStmt(context, node, NodeKind::kImportFrom, {module.value, names.store(), level});
}

static NodeId lowerScopeDeclaration(LowerContext& context, const TreeNode& node, NodeKind kind) {
  Children children(context.reader(), node);
  ListScope names(context);
  for (uint32_t i = 0; i < children.size(); ++i) {
    if (children[i].symbol == Symbol::k_identifier) names.add(addIdentifier(context, children[i]));
  }
  return addStmt(context, node, kind, {names.store()});
}

// `type(x).a = y`, which tree-sitter reads as a type alias. The nodes on the target's left edge start at `type`.
static NodeId lowerTypeAssign(LowerContext& context, const TreeNode& node, const TreeNode& left, const TreeNode& right) {
  context.type_call_at = left.begin;
  context.type_name_at = node.begin;
  NodeId target = lowerExpr(context, left);
  if (context.type_call_at == left.begin) {
    context.type_call_at = 0xffffffffu;
    return lowerErrorStatement(context, node);
  }
  const Ast& ast = context.builder.ast();
  for (NodeId edge = target; ast.range(edge).begin == left.begin; edge = ast.child(edge, 0)) {
    context.builder.setRange(edge, {node.begin, ast.range(edge).end});
  }
  setContext(context, target, ExprContext::kStore);
  NodeId value = lowerType(context, right);
  return addStmt(context, node, NodeKind::kAssign, {context.builder.list({target}), value.value});
}

static NodeId lowerTypeAlias(LowerContext& context, const TreeNode& node) {
  Children children(context.reader(), node);
  TreeNode left = children.find(Field::kLeft);
  Children left_parts(context.reader(), left);
  TreeNode name = left_parts.firstNamed();
  uint32_t type_params = AstBuilder::kEmptyList;
  NodeId lowered_name;
  if (name.symbol == Symbol::k_generic_type) {
    Children parts(context.reader(), name);
    lowered_name = lowerDottedName(context, parts[0]);
    type_params = lowerTypeParameters(context, parts[parts.size() - 1]);
  } else if (name.symbol == Symbol::k_identifier) {
    lowered_name = lowerDottedName(context, name);
  } else {
    return lowerTypeAssign(context, node, name, children.find(Field::kRight));
  }
  setContext(context, lowered_name, ExprContext::kStore);
  NodeId value = lowerType(context, children.find(Field::kRight));
  return addStmt(context, node, NodeKind::kTypeAlias, {lowered_name.value, type_params, value.value});
}

NodeId lowerErrorStatement(LowerContext& context, const TreeNode& node) {
  context.suspect();
  context.has_errors = true;
  return context.builder.add(NodeKind::kErrorStmt, node.range(), {AstBuilder::kEmptyList});
}

// An ERROR node among statements: what can be read inside it is kept, each part as a statement of its own.
static void lowerErrorRegion(LowerContext& context, const TreeNode& node, int32_t column, ListScope& out) {
  context.suspect();
  DepthScope depth(context);
  Children children(context.reader(), node);
  for (uint32_t i = 0; i < children.size(); ++i) {
    TreeNode child = children[i];
    switch (child.symbol) {
      case Symbol::k_expression_statement: case Symbol::k_import_statement: case Symbol::k_import_from_statement:
      case Symbol::k_function_definition: case Symbol::k_class_definition: case Symbol::k_decorated_definition:
      case Symbol::k_if_statement: case Symbol::k_for_statement: case Symbol::k_while_statement:
      case Symbol::k_try_statement: case Symbol::k_with_statement: case Symbol::k_return_statement:
      case Symbol::k_pass_statement: case Symbol::k_raise_statement:
        if (!depth.tooDeep()) lowerStatement(context, child, column, out);
        break;
      case Symbol::k_block: case Symbol::kError:
        if (!depth.tooDeep()) lowerErrorRegion(context, child, column, out);
        break;
      case Symbol::k_call: case Symbol::k_attribute: case Symbol::k_identifier: case Symbol::k_subscript:
      case Symbol::k_binary_operator: case Symbol::k_string: case Symbol::k_assignment: {
        NodeId value = child.symbol == Symbol::k_assignment ? NodeId::none() : lowerExpr(context, child);
        out.add(value.isNone() ? lowerAssign(context, child)
                               : context.builder.add(NodeKind::kExprStmt, child.range(), {value.value}));
        break;
      }
      default: break;
    }
  }
}

NodeId lowerSimpleStatement(LowerContext& context, const TreeNode& node) {
  switch (node.symbol) {
    case Symbol::k_expression_statement: return lowerExpressionStatement(context, node);
    case Symbol::k_return_statement: return lowerReturn(context, node);
    case Symbol::k_pass_statement: return addStmt(context, node, NodeKind::kPass, {});
    case Symbol::k_break_statement: return addStmt(context, node, NodeKind::kBreak, {});
    case Symbol::k_continue_statement: return addStmt(context, node, NodeKind::kContinue, {});
    case Symbol::k_import_statement: return lowerImport(context, node);
    case Symbol::k_import_from_statement:
    case Symbol::k_future_import_statement: return lowerImportFrom(context, node);
    case Symbol::k_raise_statement: return lowerRaise(context, node);
    case Symbol::k_assert_statement: return lowerAssert(context, node);
    case Symbol::k_delete_statement: return lowerDelete(context, node);
    case Symbol::k_global_statement: return lowerScopeDeclaration(context, node, NodeKind::kGlobal);
    case Symbol::k_nonlocal_statement: return lowerScopeDeclaration(context, node, NodeKind::kNonlocal);
    case Symbol::k_type_alias_statement: return lowerTypeAlias(context, node);
    case Symbol::k_print_statement: return lowerPrint(context, node);
    default: return lowerErrorStatement(context, node);
  }
}

void lowerStatement(LowerContext& context, const TreeNode& node, int32_t column, ListScope& out) {
  DepthScope depth(context);
  if (depth.tooDeep()) {
    out.add(lowerErrorStatement(context, node));
    return;
  }
  if (node.symbol == Symbol::kError) {
    ListScope recovered(context);
    lowerErrorRegion(context, node, column, recovered);
    uint32_t parts = recovered.store();
    out.add(context.builder.add(NodeKind::kErrorStmt, node.range(), {parts}));
    return;
  }
  if (node.is_missing) context.suspect();
  NodeId compound = lowerCompoundStatement(context, node, column);
  out.add(compound.valid() ? compound : lowerSimpleStatement(context, node));
}

}  // namespace krait::syntax::lowering
