// ISC004: joined string literals as an element of a collection, where a comma may be missing.
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

static bool isJoined(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  bool is_string = syntax::stringValue(ast, node).has_value() || ast.is(node, NodeKind::kJoinedStr) ||
                   (ast.is(node, NodeKind::kConstant) &&
                    ast.as<syntax::Constant>(node).constantKind() == syntax::ConstantKind::kBytes);
  if (!is_string) return false;
  TextRange range = ast.range(node);
  const std::vector<Token>& tokens = context.tokens.all();
  uint32_t depth = 0, strings = 0;
  for (size_t i = context.tokens.firstAt(range.begin); i < tokens.size() && tokens[i].end <= range.end; ++i) {
    if (tokens[i].kind == TokenKind::kFStringStart) strings += depth++ == 0;
    if (tokens[i].kind == TokenKind::kFStringEnd) --depth;
    if (tokens[i].kind == TokenKind::kString && depth == 0) ++strings;
  }
  return strings > 1;
}

void checkImplicitConcatenation(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeList elts = ast.list(node, 0);
  for (NodeId elt : elts) {
    if (ast.hasFlag(elt, syntax::kParenthesized) || !isJoined(context, elt)) continue;
    TextRange range = ast.range(elt);
    context.sink.begin("ISC004"_rule, range)
        .fix("Did you forget a comma?", {{{range.begin, range.begin}, "("}, {{range.end, range.end}, ")"}}, FixSafety::kUnsafe);
  }
}

}  // namespace krait::lint
