// PLE1205, PLE1206, PLE1300, PLE1307: format strings and what is put into them. ref: pylint
#include <string>
#include <vector>

#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/format_strings.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/value_types.h"

namespace krait::lint {

namespace {
struct Placeholder {
  std::string key;  // of `%(key)s`; empty for positional ones
  char type = 0;
  uint32_t stars = 0;
  std::string_view written = {};  // the type's character, of one byte or more
};
struct ModuloFormat {
  bool is_valid = true;
  std::vector<Placeholder> placeholders;
};
}  // namespace

// ref: library reference, "printf-style String Formatting".
static ModuloFormat parsePercent(std::string_view text) {
  ModuloFormat out;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') continue;
    Placeholder placeholder;
    if (++at < text.size() && text[at] == '(') {
      // A key may have pairs of parentheses in it.
      size_t close = at, depth = 0;
      for (; close < text.size(); ++close) {
        depth += text[close] == '(' ? 1 : 0;
        if (text[close] == ')' && --depth == 0) break;
      }
      if (close == text.size()) return {.is_valid = false, .placeholders = {}};
      placeholder.key = text.substr(at + 1, close - at - 1);
      at = close + 1;
    }
    while (at < text.size() && std::string_view("#0- +").find(text[at]) != std::string_view::npos) ++at;
    auto skipNumber = [&] {
      if (at < text.size() && text[at] == '*') {
        ++placeholder.stars;
        ++at;
      }
      while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    };
    skipNumber();
    if (at < text.size() && text[at] == '.') {
      ++at;
      skipNumber();
    }
    if (at < text.size() && (text[at] == 'h' || text[at] == 'l' || text[at] == 'L')) ++at;
    if (at >= text.size()) return {.is_valid = false, .placeholders = {}};
    placeholder.type = text[at];
    size_t next = at + 1;
    while (next < text.size() && (text[next] & 0xC0) == 0x80) ++next;
    placeholder.written = text.substr(at, next - at);
    if (placeholder.type != '%') out.placeholders.push_back(placeholder);
  }
  return out;
}

static bool isPercentType(char c) { return std::string_view("diouxXeEfFgGcrsa%").find(c) != std::string_view::npos; }

void checkLoggingArguments(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (hasStarredArgument(ast, node) || call.args().empty()) return;
  auto text = syntax::stringValue(ast, call.args()[0]);
  if (!text) return;
  auto logging = loggingCall(context, node);
  if (!logging || logging->level == "log") return;
  ModuloFormat format = parsePercent(*text);
  if (!format.is_valid) return;
  uint32_t wanted = 0;
  for (const Placeholder& placeholder : format.placeholders) {
    if (!isPercentType(placeholder.type) || !placeholder.key.empty()) return;
    // How wide it is stands among the arguments: they are not counted.
    if (placeholder.stars > 0) return;
    ++wanted;
  }
  uint32_t given = positionalCount(ast, node) - 1;
  if (given > wanted) context.sink.begin("PLE1205"_rule, ast.range(call.func()));
  bool has_keywords = call.args().size() > given + 1;
  if (given > 0 && given < wanted && !has_keywords) context.sink.begin("PLE1206"_rule, ast.range(call.func()));
}

// Does the value of the type fit the placeholder?
static bool fits(char placeholder, ValueType type) {
  if (type == ValueType::kUnknown || type == ValueType::kError) return true;
  switch (placeholder) {
    case 'd':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': return type == ValueType::kInt || type == ValueType::kBool || type == ValueType::kFloat;
    case 'o':
    case 'x':
    case 'X': return type == ValueType::kInt || type == ValueType::kBool;
    case 'c': return type == ValueType::kInt || type == ValueType::kBool || type == ValueType::kStr;
    default: return true;
  }
}

static bool fitsExpr(const Ast& ast, char placeholder, NodeId value) {
  // `%c` takes a character.
  auto text = placeholder == 'c' ? syntax::stringValue(ast, value) : std::nullopt;
  if (text) return countUnits(*text, ColumnUnit::kUtf32) == 1;
  ValueTypes types = valueTypesOf(ast, value);
  return fits(placeholder, types.first) && fits(placeholder, types.second);
}

static bool fitsAll(const Ast& ast, const ModuloFormat& format, NodeId value) {
  // Each star takes a whole number of its own, before the value.
  std::vector<Placeholder> wanted;
  for (const Placeholder& placeholder : format.placeholders) {
    for (uint32_t i = 0; i < placeholder.stars; ++i) wanted.push_back({.type = 'd'});
    wanted.push_back(placeholder);
  }
  if (auto tuple = ast.tryAs<syntax::Tuple>(value)) {
    if (tuple->elts().size() < wanted.size()) return true;
    for (size_t i = 0; i < tuple->elts().size() && i < wanted.size(); ++i) {
      if (ast.is(tuple->elts()[i], NodeKind::kStarred)) return true;
      if (wanted[i].key.empty() && !fitsExpr(ast, wanted[i].type, tuple->elts()[i])) return false;
    }
    return true;
  }
  auto dict = ast.tryAs<syntax::Dict>(value);
  bool is_mapping = !wanted.empty() && !wanted[0].key.empty();
  if (dict && is_mapping) {
    for (size_t i = 0; i < dict->values().size(); ++i) {
      auto key = dict->keys()[i].valid() ? syntax::stringValue(ast, dict->keys()[i]) : std::nullopt;
      if (!key) continue;
      for (const Placeholder& placeholder : wanted) {
        if (placeholder.key == *key && !fitsExpr(ast, placeholder.type, dict->values()[i])) return false;
      }
    }
    return true;
  }
  if (dict || is_mapping || wanted.size() != 1) return true;
  return fitsExpr(ast, wanted[0].type, value);
}

void checkPercentTypes(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto op = ast.as<syntax::BinOp>(node);
  if (op.op() != syntax::BinaryOp::kMod) return;
  auto text = syntax::stringValue(ast, op.left());
  if (!text) return;
  ModuloFormat format = parsePercent(*text);
  if (!format.is_valid) return;
  for (const Placeholder& placeholder : format.placeholders) {
    if (isPercentType(placeholder.type)) continue;
    context.sink.begin("PLE1300"_rule, ast.range(node), {placeholder.written});
    return;
  }
  if (!fitsAll(ast, format, op.right())) context.sink.begin("PLE1307"_rule, ast.range(node));
}

// Skips digits; false when they say more than fits a size.
static bool skipNumber(std::string_view& spec) {
  size_t count = std::min(spec.find_first_not_of("0123456789"), spec.size());
  size_t leading = std::min(spec.find_first_not_of('0'), count);
  std::string_view digits = spec.substr(leading, count - leading);
  spec.remove_prefix(count);
  return digits.size() < 19;
}

static std::string_view firstCharacter(std::string_view text) {
  return text.substr(0, bytesOfUnits(text, 1, ColumnUnit::kUtf32));
}

// The character that stands where a format specification has its type, when no builtin knows it; else empty. A `z` counts as one.
// ref: library reference, "Format Specification Mini-Language".
static std::string_view unknownType(std::string_view spec) {
  if (spec.size() > 1 && spec[0] == '!') spec.remove_prefix(2);
  auto isAlign = [&](size_t at) { return at < spec.size() && std::string_view("<>=^").find(spec[at]) != std::string_view::npos; };
  size_t fill = firstCharacter(spec).size();
  spec.remove_prefix(isAlign(fill) ? fill + 1 : isAlign(0) ? 1 : 0);
  if (!spec.empty() && std::string_view("+- ").find(spec[0]) != std::string_view::npos) spec.remove_prefix(1);
  if (spec.starts_with('#')) spec.remove_prefix(1);
  if (!skipNumber(spec)) return {};
  if (spec.starts_with(',') || spec.starts_with('_')) spec.remove_prefix(1);
  if (spec.size() > 1 && spec[0] == '.' && spec[1] >= '0' && spec[1] <= '9') {
    spec.remove_prefix(1);
    size_t before = spec.size();
    if (!skipNumber(spec) || before - spec.size() > 10) return {};
  }
  if (spec.empty() || std::string_view("bcdeEfFgGnosxX%").find(spec[0]) != std::string_view::npos) return {};
  return firstCharacter(spec);
}

// As `unknownType`; where the specification has fields of its own, of those.
static std::string_view unknownTypeWithin(std::string_view spec) {
  if (spec.find('{') == std::string_view::npos) return unknownType(spec);
  for (const BracePart& part : parseBraceFormat(spec).parts) {
    std::string_view unknown = part.is_literal ? std::string_view() : unknownType(part.spec);
    if (!unknown.empty()) return unknown;
  }
  return {};
}

void checkFormatTypes(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto method = ast.tryAs<syntax::Attribute>(ast.as<syntax::Call>(node).func());
  if (!method || syntax::nameText(ast, method->attr()) != "format") return;
  auto text = syntax::stringValue(ast, method->value());
  if (!text) return;
  BraceFormat format = parseBraceFormat(*text);
  if (!format.error.empty()) return;
  for (const BracePart& part : format.parts) {
    std::string_view unknown = part.is_literal ? std::string_view() : unknownTypeWithin(part.spec);
    if (!unknown.empty()) context.sink.begin("PLE1300"_rule, ast.range(node), {unknown});
  }
}

}  // namespace krait::lint
