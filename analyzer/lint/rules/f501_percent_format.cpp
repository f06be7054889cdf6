// F501 to F509: a percent format that does not fit its operands. ref: pyflakes PercentFormat…
#include <set>
#include <string>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/format_strings.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/value_types.h"

namespace krait::lint {

namespace {
struct Summary {
  uint32_t positional = 0;
  bool has_star = false;
  std::set<std::string_view> keys;
};
}  // namespace

static Summary summarize(const PercentFormat& format) {
  Summary out;
  for (const PercentPart& part : format.parts) {
    if (part.is_literal || part.conversion == '%') continue;
    for (std::string_view amount : {part.width, part.precision}) {
      if (amount != "*") continue;
      ++out.positional;
      out.has_star = true;
    }
    if (part.key) {
      out.keys.insert(*part.key);
    } else {
      ++out.positional;
    }
  }
  return out;
}

static std::string joined(const std::set<std::string_view>& names) {
  std::string out;
  for (std::string_view name : names) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

// The dict without these keys; the entries that stay keep their commas.
static FixEdit withoutKeys(const LintContext& context, NodeId node, const std::set<std::string_view>& removed) {
  const Ast& ast = context.ast;
  auto dict = ast.as<syntax::Dict>(node);
  TextRange range = ast.range(node);
  uint32_t begin = parenthesizedRange(ast, dict.keys()[0]).begin;
  std::string out(ast.text({range.begin, begin}));
  bool is_last_kept = false;
  for (size_t i = 0; i < dict.keys().size(); ++i) {
    bool is_last = i + 1 == dict.keys().size();
    uint32_t next = is_last ? range.end : parenthesizedRange(ast, dict.keys()[i + 1]).begin;
    std::optional<std::string_view> text = syntax::stringValue(ast, dict.keys()[i]);
    is_last_kept = !text || !removed.contains(*text);
    if (is_last_kept) out += ast.text({begin, next});
    begin = next;
  }
  if (is_last_kept) return {range, out};
  // What stands between the last entry and the brace stays, unless a comma does.
  uint32_t end = parenthesizedRange(ast, dict.values().back()).end;
  bool has_comma = ast.text()[skipTrivia(ast.text(), end)] == ',';
  return {range, out + (has_comma ? "}" : std::string(ast.text({end, range.end})))};
}

static void checkKeys(LintContext& context, NodeId node, const Summary& summary, NodeId right) {
  const Ast& ast = context.ast;
  auto dict = ast.as<syntax::Dict>(right);
  std::set<std::string_view> given, extra, missing = summary.keys;
  bool has_unknown = false;
  for (NodeId key : dict.keys()) {
    if (!key.valid()) return;
    std::optional<std::string_view> text = syntax::stringValue(ast, key);
    has_unknown |= !text;
    if (!text) continue;
    given.insert(*text);
    missing.erase(*text);
    if (!summary.keys.contains(*text)) extra.insert(*text);
  }
  if (!extra.empty()) {
    auto finding = context.sink.begin("F504"_rule, ast.range(node), {joined(extra)});
    finding.fix("Remove extra named arguments: " + joined(extra), {withoutKeys(context, right, extra)});
  }
  if (!missing.empty() && !has_unknown) context.sink.begin("F505"_rule, ast.range(node), {joined(missing)});
}

// Is it sure that the value is no tuple?
static bool isNoTuple(const Ast& ast, NodeId expr) {
  if (auto named = ast.tryAs<syntax::NamedExpr>(expr)) return isNoTuple(ast, named->value());
  ValueTypes types = valueTypesOf(ast, expr);
  auto isOther = [](ValueType type) { return type != ValueType::kUnknown && type != ValueType::kError && type != ValueType::kTuple; };
  return isOther(types.first) && isOther(types.second);
}

static void checkCounts(LintContext& context, NodeId node, const Summary& summary, NodeId right) {
  const Ast& ast = context.ast;
  size_t given = 0;
  if (auto tuple = ast.tryAs<syntax::Tuple>(right)) {
    for (NodeId elt : tuple->elts()) {
      if (ast.is(elt, NodeKind::kStarred)) return;
    }
    given = tuple->elts().size();
  } else if (ast.is(right, NodeKind::kConstant) || ast.is(right, NodeKind::kJoinedStr) || summary.positional == 0 || isNoTuple(ast, right)) {
    given = 1;
  } else {
    return;
  }
  if (given != summary.positional) {
    context.sink.begin("F507"_rule, ast.range(node), {std::to_string(summary.positional), std::to_string(given)});
  }
}

static bool isSequence(NodeKind kind) {
  return kind == NodeKind::kTuple || kind == NodeKind::kList || kind == NodeKind::kSet || kind == NodeKind::kListComp ||
         kind == NodeKind::kSetComp || kind == NodeKind::kGeneratorExp;
}

void checkPercentFormats(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto operation = ast.as<syntax::BinOp>(node);
  if (operation.op() != syntax::BinaryOp::kMod) return;
  std::optional<std::string_view> text = syntax::stringValue(ast, operation.left());
  if (!text) return;
  PercentFormat format = parsePercentFormat(*text);
  TextRange range = ast.range(node);
  if (!format.error.empty()) {
    context.sink.begin("F501"_rule, range, {format.error});
    return;
  }
  if (!format.bad_character.empty()) {
    context.sink.begin("F509"_rule, range, {format.bad_character});
    return;
  }
  Summary summary = summarize(format);
  NodeId right = operation.right();
  NodeKind kind = ast.kind(right);
  bool is_mapping = kind == NodeKind::kDict || kind == NodeKind::kDictComp;
  if (!summary.keys.empty() && summary.positional > 0) context.sink.begin("F506"_rule, range);
  if (!summary.keys.empty() && isSequence(kind)) context.sink.begin("F502"_rule, range);
  if (summary.positional > 1 && is_mapping) context.sink.begin("F503"_rule, range);
  if (summary.has_star && is_mapping) context.sink.begin("F508"_rule, range);
  if (summary.keys.empty() && summary.positional == 0 && kind == NodeKind::kDict) {
    checkKeys(context, node, summary, right);
  }
  if (summary.keys.empty()) {
    checkCounts(context, node, summary, right);
  } else if (summary.positional == 0 && kind == NodeKind::kDict) {
    checkKeys(context, node, summary, right);
  }
}

}  // namespace krait::lint
