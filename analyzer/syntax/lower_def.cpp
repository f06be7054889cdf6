// Definitions: functions, classes, their parameters and type parameters.
#include "analyzer/syntax/lower_context.h"

namespace krait::syntax::lowering {

NodeId lowerFunction(LowerContext& context, const TreeNode& node, uint32_t decorators, int32_t column) {
  Children children(context.reader(), node);
  NodeId name = addIdentifier(context, children.find(Field::kName));
  uint32_t type_params = lowerTypeParameters(context, children.find(Field::kTypeParameters));
  TreeNode parameters = children.find(Field::kParameters);
  NodeId params = lowerParameters(context, parameters, parameters.begin);
  TreeNode return_type = children.find(Field::kReturnType);
  NodeId returns = exists(return_type) ? lowerType(context, return_type) : NodeId::none();
  if (returns.valid() && context.builder.ast().is(returns, NodeKind::kStarred)) context.suspect();
  uint32_t body = lowerBlock(context, children.find(Field::kBody), column);
  return context.builder.add(NodeKind::kFunctionDef, compoundRange(context, node.range(), {body}),
                             {decorators, name.value, type_params, params.value, returns.value, body},
                             children.has(Symbol::kTokenAsync));
}

NodeId lowerClass(LowerContext& context, const TreeNode& node, uint32_t decorators, int32_t column) {
  Children children(context.reader(), node);
  NodeId name = addIdentifier(context, children.find(Field::kName));
  uint32_t type_params = lowerTypeParameters(context, children.find(Field::kTypeParameters));
  TreeNode superclasses = children.find(Field::kSuperclasses);
  uint32_t args = exists(superclasses) ? lowerArguments(context, superclasses) : AstBuilder::kEmptyList;
  uint32_t body = lowerBlock(context, children.find(Field::kBody), column);
  return context.builder.add(NodeKind::kClassDef, compoundRange(context, node.range(), {body}),
                             {decorators, name.value, type_params, args, body});
}

namespace {

// Where the parameter list is: what may still follow.
struct ParameterState {
  bool seen_slash = false;
  bool seen_star = false;       // `*` or `*args`
  bool bare_star_open = false;  // a bare `*` that no parameter followed yet
  bool seen_double_star = false;
  bool seen_default = false;
};

struct ParsedParameter {
  TreeNode name;
  ParameterKind kind = ParameterKind::kPositionalOrKeyword;
  TreeNode annotation;
  TreeNode default_value;
};

}  // namespace

// The identifier in `*args`, `**kwargs` or itself.
static TreeNode unwrapName(LowerContext& context, const TreeNode& node, ParameterKind* kind) {
  if (node.symbol == Symbol::k_list_splat_pattern) *kind = ParameterKind::kVarPositional;
  else if (node.symbol == Symbol::k_dictionary_splat_pattern) *kind = ParameterKind::kVarKeyword;
  else return node;
  Children children(context.reader(), node);
  return children.firstNamed();
}

static ParsedParameter readParameter(LowerContext& context, const TreeNode& node) {
  ParsedParameter out;
  if (node.symbol == Symbol::k_identifier || node.symbol == Symbol::k_list_splat_pattern ||
      node.symbol == Symbol::k_dictionary_splat_pattern) {
    out.name = unwrapName(context, node, &out.kind);
    return out;
  }
  Children children(context.reader(), node);
  if (node.symbol == Symbol::k_typed_parameter) {
    out.name = unwrapName(context, children.firstNamed(), &out.kind);
    out.annotation = children.find(Field::kType);
  } else if (node.symbol == Symbol::k_default_parameter || node.symbol == Symbol::k_typed_default_parameter) {
    out.name = children.find(Field::kName);
    out.annotation = children.find(Field::kType);
    out.default_value = children.find(Field::kValue);
  }
  return out;
}

static void lowerParameter(LowerContext& context, const TreeNode& node, ParameterState& state, ListScope& out) {
  ParsedParameter parsed = readParameter(context, node);
  if (parsed.name.symbol != Symbol::k_identifier) {
    context.suspect();
    return;
  }
  bool has_default = exists(parsed.default_value);
  if (state.seen_double_star) context.suspect();
  if (parsed.kind == ParameterKind::kVarPositional) {
    if (state.seen_star) context.suspect();
    state.seen_star = true;
  } else if (parsed.kind == ParameterKind::kVarKeyword) {
    if (state.bare_star_open) context.suspect();
    state.seen_double_star = true;
  } else if (state.seen_star) {
    parsed.kind = ParameterKind::kKeywordOnly;
    state.bare_star_open = false;
  } else {
    if (state.seen_default && !has_default) context.suspect();
    state.seen_default |= has_default;
  }
  NodeId name = addIdentifier(context, parsed.name);
  NodeId annotation = exists(parsed.annotation) ? lowerType(context, parsed.annotation) : NodeId::none();
  if (annotation.valid() && context.builder.ast().is(annotation, NodeKind::kStarred) &&
      parsed.kind != ParameterKind::kVarPositional) {
    context.suspect();
  }
  NodeId value = has_default ? lowerExpr(context, parsed.default_value) : NodeId::none();
  TextRange range{parsed.name.begin, node.end};
  out.add(context.builder.add(NodeKind::kParameter, range, {name.value, annotation.value, value.value},
                              static_cast<uint8_t>(parsed.kind)));
}

NodeId lowerParameters(LowerContext& context, const TreeNode& node, uint32_t at) {
  if (!exists(node)) {
    return context.builder.add(NodeKind::kParameters, {at, at}, {AstBuilder::kEmptyList});
  }
  Children children(context.reader(), node);
  ListScope params(context);
  ParameterState state;
  for (uint32_t i = 0; i < children.size(); ++i) {
    TreeNode child = children[i];
    if (child.symbol == Symbol::k_positional_separator) {
      if (state.seen_slash || state.seen_star || params.size() == 0 || state.seen_double_star) context.suspect();
      state.seen_slash = true;
      for (NodeId param : params.items()) {
        context.builder.setDetail(param, static_cast<uint8_t>(ParameterKind::kPositionalOnly));
      }
    } else if (child.symbol == Symbol::k_keyword_separator) {
      if (state.seen_star || state.seen_double_star) context.suspect();
      state.seen_star = state.bare_star_open = true;
    } else if (child.is_named) {
      lowerParameter(context, child, state, params);
    }
  }
  if (state.bare_star_open) context.suspect();
  NodeId out = context.builder.add(NodeKind::kParameters, node.range(), {params.store()});
  uint32_t count = children.size();
  uint32_t closing = node.symbol == Symbol::k_lambda_parameters ? 0 : 1;
  bool trailing = count > closing && children.symbol(count - closing - 1) == Symbol::kTokenComma;
  if (trailing) context.builder.setFlag(out, kHasTrailingComma);
  return out;
}

static NodeId lowerTypeParameter(LowerContext& context, const TreeNode& type) {
  Children parts(context.reader(), type);
  TreeNode inner = parts.firstNamed();
  if (inner.symbol == Symbol::k_identifier) {
    NodeId name = addIdentifier(context, inner);
    return context.builder.add(NodeKind::kTypeVar, inner.range(), {name.value, NodeId::kNone, NodeId::kNone});
  }
  Children sides(context.reader(), inner);
  if (inner.symbol == Symbol::k_splat_type || inner.symbol == Symbol::k_list_splat) {
    TreeNode name_node = sides.firstNamed();
    if (name_node.symbol == Symbol::k_identifier) {
      NodeKind kind = sides.has(Symbol::kTokenDoubleStar) ? NodeKind::kParamSpec : NodeKind::kTypeVarTuple;
      NodeId name = addIdentifier(context, name_node);
      return context.builder.add(kind, inner.range(), {name.value, NodeId::kNone});
    }
  } else if (inner.symbol == Symbol::k_constrained_type && sides.size() == 3) {
    Children name_parts(context.reader(), sides[0]);
    TreeNode name_node = name_parts.firstNamed();
    if (name_node.symbol == Symbol::k_identifier) {
      NodeId name = addIdentifier(context, name_node);
      NodeId bound = lowerType(context, sides[2]);
      return context.builder.add(NodeKind::kTypeVar, inner.range(), {name.value, bound.value, NodeId::kNone});
    }
  }
  context.suspect();
  return NodeId::none();
}

uint32_t lowerTypeParameters(LowerContext& context, const TreeNode& node) {
  if (!exists(node)) return AstBuilder::kEmptyList;
  Children children(context.reader(), node);
  ListScope params(context);
  for (uint32_t i = 0; i < children.size(); ++i) {
    if (!children[i].is_named) continue;
    NodeId param = lowerTypeParameter(context, children[i]);
    if (param.isNone()) continue;
    params.add(param);
  }
  return params.store();
}

}  // namespace krait::syntax::lowering
