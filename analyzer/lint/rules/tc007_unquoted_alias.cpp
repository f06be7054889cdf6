// TC007: a type alias that evaluates names of a type-checking block. ref: flake8-type-checking
#include "analyzer/lint/annotations.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static bool isUnderTypeChecking(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId child = node, parent = ast.parent(node); parent.valid(); child = parent, parent = ast.parent(parent)) {
    auto branch = ast.tryAs<syntax::If>(parent);
    if (!branch || typingName(context, branch->test()) != "TYPE_CHECKING") continue;
    for (NodeId statement : branch->body()) {
      if (statement == child) return true;
    }
  }
  return false;
}

static bool isMadeForTyping(const LintContext& context, NodeId name) {
  auto definitions = context.model.definitions(context.model.ownerAt(name));
  if (definitions.empty()) return false;
  const Definition& last = definitions[definitions.size() - 1];
  return isUnderTypeChecking(context, last.owner);
}

// The type as one line of text, strings that name types taken out of their quotes.
static std::string typeText(const LintContext& context, NodeId type) {
  const Ast& ast = context.ast;
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
    if (!is_type) out += "'" + std::string(*text) + "'";
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
  return line;
}

void checkUnquotedTypeAlias(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto assign = ast.as<syntax::AnnAssign>(node);
  if (!assign.value().valid() || typingName(context, assign.annotation()) != "TypeAlias" || context.is_stub) return;
  if (isUnderTypeChecking(context, node)) return;
  std::vector<NodeId> names;
  anyOver(ast, assign.value(), [&](NodeId part) {
    if (ast.is(part, NodeKind::kName) && isMadeForTyping(context, part)) names.push_back(part);
    return false;
  });
  if (names.empty()) return;
  std::string text = "\"" + typeText(context, assign.value()) + "\"";
  for (NodeId name : names) {
    context.sink.begin("TC007"_rule, ast.range(name)).fix("Add quotes", {{ast.range(assign.value()), text}});
  }
}

}  // namespace krait::lint
