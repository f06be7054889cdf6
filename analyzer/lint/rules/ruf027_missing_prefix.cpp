// RUF027: a text that names variables in braces as an f-string does, without the `f`.
#include <set>
#include <string>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/bound_names.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/syntax/parser.h"

namespace krait::lint {

using Names = std::set<std::string_view>;

// Is the text what `__format__` of Python's own types takes? ref: library reference "Format Specification Mini-Language"
static bool isFormatSpec(std::string_view spec) {
  auto isAlign = [](char c) { return c == '<' || c == '>' || c == '=' || c == '^'; };
  size_t at = 0;
  auto skip = [&](std::string_view choices) {
    if (at < spec.size() && choices.find(spec[at]) != std::string_view::npos) ++at;
  };
  auto skipDigits = [&] {
    size_t begin = at;
    while (at < spec.size() && spec[at] >= '0' && spec[at] <= '9') ++at;
    return at > begin;
  };
  if (spec.size() > 1 && isAlign(spec[1])) {
    at = 2;
  } else if (!spec.empty() && isAlign(spec[0])) {
    at = 1;
  }
  skip("+- ");
  skip("z");
  skip("#");
  skip("0");
  skipDigits();
  skip(",_");
  if (at < spec.size() && spec[at] == '.') {
    ++at;
    if (!skipDigits()) return false;
  }
  skip("bcdeEfFgGnosxX%");
  return at == spec.size();
}

// Is the name a parameter of a lambda that the text stands in?
static bool isLambdaParameter(const Ast& ast, NodeId at, std::string_view name) {
  for (NodeId node = ast.parent(at); node.valid() && !syntax::isStatement(ast, node); node = ast.parent(node)) {
    auto lambda = ast.tryAs<syntax::Lambda>(node);
    if (!lambda) continue;
    for (NodeId param : ast.as<syntax::Parameters>(lambda->params()).params()) {
      if (definedName(ast, param) == name) return true;
    }
  }
  return false;
}

namespace {
// What stands around a text that tells what becomes of it.
struct Place {
  bool is_other_use = false;  // formatted elsewhere, logged, translated, no value at all
  Names given;                // names that a call around it has as arguments
};
}  // namespace

static Place placeOf(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  Place place;
  for (NodeId child = node, parent = ast.parent(node); parent.valid(); child = parent, parent = ast.parent(parent)) {
    if (ast.is(parent, NodeKind::kExprStmt) && child == node) place.is_other_use = true;
    if (auto method = ast.tryAs<syntax::Attribute>(parent); method && child == node) {
      auto call = ast.tryAs<syntax::Call>(ast.parent(parent));
      if (call && call->func() == parent) place.is_other_use = true;
    }
    if (auto call = ast.tryAs<syntax::Call>(parent)) {
      bool is_argument = call->func() != child;
      bool is_logged = is_argument && (loggingCall(context, parent) || calleeName(context, parent).starts_with("logging."));
      if (is_logged || (is_argument && isGettextCall(context, parent))) place.is_other_use = true;
      for (NodeId arg : call->args()) {
        if (auto keyword = ast.tryAs<syntax::Keyword>(arg); keyword && keyword->arg().valid()) place.given.insert(syntax::nameText(ast, keyword->arg()));
        if (ast.is(arg, NodeKind::kName)) place.given.insert(syntax::nameText(ast, arg));
      }
    }
    if (syntax::isStatement(ast, parent)) break;
  }
  return place;
}

// Would the literal with an `f` read variables that are there?
static bool wouldFormat(LintContext& context, NodeId node, std::string_view literal, const Names& given) {
  Interner names;
  syntax::ParsedModule parsed = syntax::parseModule("f" + std::string(literal), names);
  if (parsed.error) return false;
  NodeList body = syntax::bodyOf(parsed.ast, parsed.ast.root());
  auto statement = body.size() == 1 ? parsed.ast.tryAs<syntax::ExprStmt>(body[0]) : std::nullopt;
  auto joined = statement ? parsed.ast.tryAs<syntax::JoinedStr>(statement->value()) : std::nullopt;
  bool has_name = false;
  for (size_t i = 0; joined && i < joined->values().size(); ++i) {
    auto field = parsed.ast.tryAs<syntax::FormattedValue>(joined->values()[i]);
    if (!field) continue;
    if (parsed.ast.is(field->value(), NodeKind::kName)) {
      std::string_view name = syntax::nameText(parsed.ast, field->value());
      if (given.contains(name) || isLambdaParameter(context.ast, node, name) || !isBoundAt(context, node, name)) return false;
      has_name = true;
    }
    auto spec = parsed.ast.tryAs<syntax::JoinedStr>(field->formatSpec());
    if (!spec) continue;
    std::string text;
    bool is_nested = false;
    for (NodeId part : spec->values()) {
      if (auto piece = syntax::stringValue(parsed.ast, part)) text += *piece;
      is_nested |= parsed.ast.is(part, NodeKind::kFormattedValue);
    }
    if (!is_nested && !isFormatSpec(text)) return false;
  }
  return has_name;
}

// The string tokens of a literal that may stand in several pieces.
static void checkPieces(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  TextRange range = ast.range(node);
  std::optional<Place> place;
  const std::vector<Token>& tokens = context.tokens.all();
  int depth = 0;  // of f-strings, whose own strings are nodes of their own
  for (size_t i = context.tokens.firstAt(range.begin); i < tokens.size() && tokens[i].begin < range.end; ++i) {
    depth += tokens[i].kind == TokenKind::kFStringStart ? 1 : tokens[i].kind == TokenKind::kFStringEnd ? -1 : 0;
    if (tokens[i].kind != TokenKind::kString || depth > 0) continue;
    std::string_view text = ast.text({tokens[i].begin, tokens[i].end});
    size_t quote = text.find_first_of("'\"");
    if (text.substr(0, quote).find_first_of("bBuUtTfF") != std::string_view::npos) continue;
    if (text.find('{') == std::string_view::npos || text.find('}') == std::string_view::npos) continue;
    if (!place) place = placeOf(context, node);
    if (place->is_other_use) return;
    if (!wouldFormat(context, node, text, place->given)) continue;
    context.sink.begin("RUF027"_rule, {tokens[i].begin, tokens[i].end}).fix("Add `f` prefix", {{{tokens[i].begin, tokens[i].begin}, "f"}}, FixSafety::kUnsafe);
  }
}

void checkMissingPrefix(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (ast.is(node, NodeKind::kConstant) && !isStr(ast, node)) return;
  NodeId parent = ast.parent(node);
  // The pieces of an f-string are its own.
  if (ast.is(parent, NodeKind::kJoinedStr) || ast.is(parent, NodeKind::kTemplateStr)) return;
  std::string_view text = ast.text(node);
  if (text.find('{') == std::string_view::npos || isInAnnotation(context, node)) return;
  checkPieces(context, node);
}

}  // namespace krait::lint
