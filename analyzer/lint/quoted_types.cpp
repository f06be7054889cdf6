#include "analyzer/lint/quoted_types.h"

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rewrites.h"

namespace krait::lint {

NodeId wholeType(const Ast& ast, NodeId part) {
  for (NodeId parent = ast.parent(part);; parent = ast.parent(part)) {
    auto subscript = ast.tryAs<syntax::Subscript>(parent);
    auto call = ast.tryAs<syntax::Call>(parent);
    auto both = ast.tryAs<syntax::BinOp>(parent);
    bool is_part = (subscript && subscript->value() == part) || ast.is(parent, NodeKind::kAttribute) || (call && call->func() == part) ||
                   (both && both->op() == syntax::BinaryOp::kBitOr);
    if (!is_part) return part;
    part = parent;
  }
}

std::string quotedType(const LintContext& context, NodeId type) {
  const Ast& ast = context.ast;
  std::string quote = inPreferredQuotes(context, "").substr(0, 1), inner = quote == "'" ? "\"" : "'";
  std::string out;
  TextRange whole = ast.range(type);
  uint32_t at = whole.begin;
  anyOver(ast, type, [&](NodeId node) {
    auto text = syntax::stringValue(ast, node);
    if (!text || ast.range(node).begin < at) return false;
    TextRange range = ast.range(node);
    out += ast.text({at, range.begin});
    bool is_type = isTypeDefinition(context, node);
    if (is_type) out += *text;
    if (!is_type) out += inner + std::string(*text) + inner;
    at = range.end;
    return false;
  });
  out += ast.text({at, whole.end});
  std::string line;
  for (char c : out) {
    bool is_blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!is_blank) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  return quote + line + quote;
}

}  // namespace krait::lint
