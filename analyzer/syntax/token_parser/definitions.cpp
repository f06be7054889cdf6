// Functions, classes, their parameters and type parameters.
#include "analyzer/syntax/token_parser/token_parser.h"

namespace krait::syntax::lowering {

using enum TokenKind;

NodeId TokenParser::decorated() {
  ListScope decorators(context_);
  while (take(kAt)) {
    NodeId decorator = namedExpression();
    decorators.add(decorator);
    take(kNewline);
  }
  uint32_t stored = decorators.store(), at = begin();
  if (is(kKwClass)) return classDefinition(stored);
  bool is_async = take(kKwAsync);
  return function(at, stored, is_async);
}

NodeId TokenParser::function(uint32_t at, uint32_t decorators, bool is_async) {
  advance();
  NodeId name = identifier();
  uint32_t type_params = typeParameters();
  NodeId params = parameters(kRightParen);
  NodeId returns = take(kArrow) ? expression() : NodeId::none();
  uint32_t body = block();
  return close(NodeKind::kFunctionDef, at, {body}, {decorators, name.value, type_params, params.value, returns.value, body}, is_async);
}

NodeId TokenParser::classDefinition(uint32_t decorators) {
  uint32_t at = begin();
  advance();
  NodeId name = identifier();
  uint32_t type_params = typeParameters();
  uint32_t args = is(kLeftParen) ? arguments() : AstBuilder::kEmptyList;
  uint32_t body = block();
  return close(NodeKind::kClassDef, at, {body}, {decorators, name.value, type_params, args, body});
}

NodeId TokenParser::annotation() { return is(kStar) ? starred(false) : expression(); }

NodeId TokenParser::parameter(bool has_annotations, ParameterKind parameter_kind) {
  uint32_t at = begin();
  NodeId name = identifier();
  NodeId type = has_annotations && take(kColon) ? annotation() : NodeId::none();
  NodeId value = take(kEqual) ? expression() : NodeId::none();
  return add(NodeKind::kParameter, at, {name.value, type.value, value.value}, static_cast<uint8_t>(parameter_kind));
}

// Those of a function with their parentheses (`closing` is the second one); those of a lambda up to its colon.
NodeId TokenParser::parameters(TokenKind closing) {
  uint32_t at = begin();
  bool is_function = closing == kRightParen;
  if (is_function) advance();
  ListScope params(context_);
  ParameterKind current = ParameterKind::kPositionalOrKeyword;
  bool trailing = false;
  while (!is(closing) && !is(kEndMarker)) {
    if (take(kSlash)) {
      for (NodeId param : params.items()) context_.builder.setDetail(param, static_cast<uint8_t>(ParameterKind::kPositionalOnly));
    } else if (take(kStar)) {
      current = ParameterKind::kKeywordOnly;
      if (!is(kComma)) params.add(parameter(is_function, ParameterKind::kVarPositional));
    } else {
      bool takes_rest = take(kDoubleStar);
      params.add(parameter(is_function, takes_rest ? ParameterKind::kVarKeyword : current));
    }
    trailing = take(kComma);
  }
  if (is_function) take(closing);
  NodeId out = add(NodeKind::kParameters, at, {params.store()});
  if (trailing) context_.builder.setFlag(out, kHasTrailingComma);
  return out;
}

uint32_t TokenParser::typeParameters() {
  if (!take(kLeftBracket)) return AstBuilder::kEmptyList;
  ListScope params(context_);
  while (!is(kRightBracket) && !is(kEndMarker)) {
    NodeId param = typeParameter();
    params.add(param);
    take(kComma);
  }
  take(kRightBracket);
  return params.store();
}

NodeId TokenParser::typeParameter() {
  uint32_t at = begin();
  bool is_tuple = take(kStar);
  bool is_spec = !is_tuple && take(kDoubleStar);
  NodeId name = identifier();
  NodeId bound = take(kColon) ? expression() : NodeId::none();
  NodeId value = take(kEqual) ? starExpression() : NodeId::none();
  if (is_tuple || is_spec) return add(is_tuple ? NodeKind::kTypeVarTuple : NodeKind::kParamSpec, at, {name.value, value.value});
  return add(NodeKind::kTypeVar, at, {name.value, bound.value, value.value});
}

}  // namespace krait::syntax::lowering
