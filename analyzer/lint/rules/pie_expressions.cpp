// PIE800, PIE804, PIE807, PIE808: displays, keyword arguments and lambdas that say more than they need. ref: flake8-pie
#include <algorithm>
#include <string>
#include <vector>

#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/syntax/tokens/token.h"

namespace krait::lint {

// Takes out the `**` and braces of an inner dict, and the comma that would be left over.
static std::vector<FixEdit> spreadEdits(const Ast& ast, NodeId inner) {
  std::string_view text = ast.text();
  auto dict = ast.as<syntax::Dict>(inner);
  TextRange range = ast.range(inner);
  TextRange outer = parenthesizedRange(ast, inner);
  uint32_t stars = static_cast<uint32_t>(text.rfind("**", outer.begin - 1));
  // The blanks around stay.
  std::vector<FixEdit> edits = {{{stars, stars + 2}, ""}};
  for (uint32_t at = stars + 2; at <= range.begin; ++at) {
    if (text[at] == '(' || text[at] == '{') edits.push_back({{at, at + 1}, ""});
  }
  uint32_t close = range.end - 1;
  uint32_t comma = dict.values().empty() ? range.begin + 1 : skipTrivia(text, parenthesizedRange(ast, dict.values().back()).end);
  if (comma < close && text[comma] == ',') edits.push_back({{comma, comma + 1}, ""});
  uint32_t end = outer.end;
  if (dict.values().empty()) {
    uint32_t next = skipTrivia(text, end);
    if (next < text.size() && text[next] == ',') end = next + 1;
  }
  edits.push_back({{close, end}, ""});
  return edits;
}

void checkUnnecessarySpread(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto dict = ast.as<syntax::Dict>(node);
  for (size_t i = 0; i < dict.values().size(); ++i) {
    NodeId value = dict.values()[i];
    if (dict.keys()[i].valid() || !ast.is(value, NodeKind::kDict)) continue;
    context.sink.begin("PIE800"_rule, ast.range(value)).fix("Remove unnecessary dict", spreadEdits(ast, value));
  }
}

static bool isKeywordName(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  for (char c : text) {
    bool is_part = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80);
    if (!is_part) return false;
  }
  return syntax::wordKind(text) == syntax::TokenKind::kName;
}

static void checkDictKeyword(LintContext& context, NodeId call, NodeId argument) {
  const Ast& ast = context.ast;
  auto dict = ast.as<syntax::Dict>(ast.as<syntax::Keyword>(argument).value());
  TextRange range = ast.range(argument);
  if (dict.values().empty()) {
    context.sink.begin("PIE804"_rule, range).fix("Remove unnecessary kwargs", {removeArgument(context, call, argument)});
    return;
  }
  std::string text;
  bool is_repeated = false;
  if (dict.values().size() == 1 && !dict.keys()[0].valid()) {
    text = "**" + std::string(ast.text(dict.values()[0]));
  } else {
    for (size_t i = 0; i < dict.values().size(); ++i) {
      auto key = dict.keys()[i].valid() ? syntax::stringValue(ast, dict.keys()[i]) : std::nullopt;
      if (!key || !isKeywordName(*key)) return;
      for (NodeId other : ast.as<syntax::Call>(call).args()) {
        if (!ast.is(other, NodeKind::kKeyword)) continue;
        is_repeated |= definedName(ast, other) == *key;
        auto inner = ast.tryAs<syntax::Dict>(ast.as<syntax::Keyword>(other).value());
        if (other == argument || !inner || ast.as<syntax::Keyword>(other).arg().valid()) continue;
        for (NodeId each : inner->keys()) is_repeated |= each.valid() && syntax::stringValue(ast, each) == *key;
      }
      for (size_t j = 0; j < i; ++j) is_repeated |= syntax::stringValue(ast, dict.keys()[j]) == *key;
      text += (text.empty() ? "" : ", ") + std::string(*key) + "=" + std::string(ast.text(parenthesizedRange(ast, dict.values()[i])));
    }
  }
  auto finding = context.sink.begin("PIE804"_rule, range);
  if (!is_repeated) finding.fix("Remove unnecessary kwargs", {{range, text}}, hasComment(ast, range) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

void checkDictKeywords(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId arg : ast.as<syntax::Call>(node).args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (keyword && !keyword->arg().valid() && ast.is(keyword->value(), NodeKind::kDict)) checkDictKeyword(context, node, arg);
  }
}

void checkContainerLambdas(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto lambda = ast.as<syntax::Lambda>(node);
  if (!ast.as<syntax::Parameters>(lambda.params()).params().empty()) return;
  auto list = ast.tryAs<syntax::List>(lambda.body());
  auto dict = ast.tryAs<syntax::Dict>(lambda.body());
  bool is_empty = (list && list->elts().empty()) || (dict && dict->values().empty());
  if (!is_empty) return;
  std::string name = list ? "list" : "dict";
  auto finding = context.sink.begin("PIE807"_rule, ast.range(node), {name});
  std::optional<ImportedName> imported = builtinName(context, node, name);
  if (!imported) return;
  std::vector<FixEdit> edits = {{ast.range(node), imported->text}};
  if (imported->edit) edits.push_back(*imported->edit);
  finding.fix("Replace with `lambda` with `" + name + "`", std::move(edits));
}

void checkRangeStart(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (call.args().size() != 2 || !isBuiltin(context, call.func(), "range")) return;
  if (ast.is(call.args()[1], NodeKind::kKeyword)) return;
  auto zero = ast.tryAs<syntax::Constant>(call.args()[0]);
  if (!zero || zero->constantKind() != syntax::ConstantKind::kInt || intValue(ast, zero->id) != 0) return;
  context.sink.begin("PIE808"_rule, ast.range(zero->id)).fix("Remove `start` argument", {removeArgument(context, node, zero->id)});
}

}  // namespace krait::lint
