// PLC0207: a string split into all its parts for the sake of the first or last. ref: pylint
#include <string>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

// The only value that the body of the class gives an attribute, or none.
static NodeId classAttribute(const Ast& ast, NodeId cls, std::string_view name) {
  for (NodeId statement : ast.as<syntax::ClassDef>(cls).body()) {
    auto assign = ast.tryAs<syntax::Assign>(statement);
    bool is_named = assign && assign->targets().size() == 1 && ast.is(assign->targets()[0], NodeKind::kName);
    if (is_named && syntax::nameText(ast, assign->targets()[0]) == name) return assign->value();
  }
  return NodeId::none();
}

static bool isText(const LintContext& context, NodeId expr) {
  const Ast& ast = context.ast;
  if (isStr(ast, expr)) return true;
  if (auto attribute = ast.tryAs<syntax::Attribute>(expr)) {
    const Definition* definition = onlyDefinition(context, attribute->value());
    if (definition == nullptr || definition->kind != DefinitionKind::kClass) return false;
    NodeId value = classAttribute(ast, definition->owner, syntax::nameText(ast, attribute->attr()));
    return value.valid() && isStr(ast, value);
  }
  return ast.is(expr, NodeKind::kName) && isKnownAs(context, expr, Container::kStr);
}

// Puts `maxsplit=1` behind the positional arguments.
static FixEdit limitSplit(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId last;
  NodeList args = ast.as<syntax::Call>(node).args();
  for (NodeId arg : args) {
    if (!ast.is(arg, NodeKind::kKeyword)) last = arg;
  }
  if (last.valid()) return {{ast.range(last).end, ast.range(last).end}, ", maxsplit=1"};
  uint32_t at = context.tokens.nextCode(ast.range(ast.as<syntax::Call>(node).func()).end).end;
  return {{at, at}, args.empty() ? "maxsplit=1" : "maxsplit=1, "};
}

void checkMissingMaxsplit(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto subscript = ast.as<syntax::Subscript>(node);
  auto index = intValue(ast, subscript.slice());
  auto call = ast.tryAs<syntax::Call>(subscript.value());
  auto method = call ? ast.tryAs<syntax::Attribute>(call->func()) : std::nullopt;
  if (!method || (index != 0 && index != -1)) return;
  std::string_view name = syntax::nameText(ast, method->attr());
  if ((name != "split" && name != "rsplit") || !isText(context, method->value())) return;
  if (argumentOf(ast, call->id, "maxsplit", 1).valid()) return;
  std::string better = index == 0 ? "split" : "rsplit";
  std::vector<FixEdit> edits;
  if (better != name) edits.push_back({ast.range(method->attr()), better});
  edits.push_back(limitSplit(context, call->id));
  std::string title = better != name ? "Use `str." + better + "()` and pass `maxsplit=1`" : "Pass `maxsplit=1` into `str." + better + "()`";
  context.sink.begin("PLC0207"_rule, ast.range(node)).fix(title, std::move(edits));
}

}  // namespace krait::lint
