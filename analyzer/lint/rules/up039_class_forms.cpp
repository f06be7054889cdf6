// UP001, UP039, UP042, UP050: classes that say more than they need. ref: pyupgrade
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

// The parentheses after the class's name or type parameters; empty when there are none.
static TextRange parensOf(const LintContext& context, syntax::ClassDef cls) {
  const Ast& ast = context.ast;
  uint32_t from = ast.range(cls.name()).end;
  const std::vector<Token>& tokens = context.tokens.all();
  size_t at = context.tokens.firstAt(from);
  uint32_t base = tokens[at].kind == TokenKind::kLeftBracket ? tokens[at].depth - 1u : tokens[at].depth;
  if (tokens[at].kind == TokenKind::kLeftBracket) {
    while (at + 1 < tokens.size() && !(tokens[at].kind == TokenKind::kRightBracket && tokens[at].depth == base)) ++at;
    ++at;
  }
  if (tokens[at].kind != TokenKind::kLeftParen) return {from, from};
  uint32_t begin = tokens[at].begin;
  uint32_t depth = tokens[at].depth;
  while (at + 1 < tokens.size() && !(tokens[at].kind == TokenKind::kRightParen && tokens[at].depth < depth)) ++at;
  return {begin, tokens[at].end};
}

void checkClassForms(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto cls = ast.as<syntax::ClassDef>(node);
  TextRange parens = parensOf(context, cls);
  if (cls.args().empty() && parens.size() > 0) {
    context.sink.begin("UP039"_rule, parens).fix("Remove parentheses", {{parens, ""}});
    return;
  }
  NodeId text_base, enum_base;
  for (NodeId arg : cls.args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (keyword && syntax::nameText(ast, keyword->arg()) == "metaclass" && isBuiltin(context, keyword->value(), "type")) {
      context.sink.begin("UP050"_rule, ast.range(arg), {syntax::nameText(ast, cls.name())})
          .fix("Remove `metaclass=type`", {removeArgument(context, cls.args(), arg, parens.begin, parens.end, true)});
    }
    if (keyword) continue;
    std::string name = qualifiedName(context, arg);
    if (name == "builtins.str") text_base = arg;
    if (name == "enum.Enum") enum_base = arg;
  }
  if (context.options.target_minor < 11 || !text_base.valid() || !enum_base.valid()) return;
  auto finding = context.sink.begin("UP042"_rule, ast.range(cls.name()), {syntax::nameText(ast, cls.name())});
  if (cls.args().size() != 2) return;
  if (std::optional<ImportedName> imported = importName(context, "enum", "StrEnum", node)) {
    std::vector<FixEdit> edits = {{parens, "(" + imported->text + ")"}};
    if (imported->edit) edits.push_back(*imported->edit);
    finding.fix("Inherit from `enum.StrEnum`", std::move(edits), FixSafety::kUnsafe);
  }
}

void checkMetaclassAssignments(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto assign = ast.as<syntax::Assign>(node);
  if (assign.targets().size() != 1 || syntax::nameText(ast, assign.targets()[0]) != "__metaclass__") return;
  if (!isBuiltin(context, assign.value(), "type")) return;
  context.sink.begin("UP001"_rule, ast.range(node)).fix("Remove `__metaclass__ = type`", {removeStatement(context, node)});
}

}  // namespace krait::lint
