// UP031: `"%s" % x` where `"{}".format(x)` says the same. ref: pyupgrade printf
#include <set>

#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/format_strings.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/syntax/keywords.h"
#include "analyzer/syntax/string_literal.h"

namespace krait::lint {

namespace {
struct Conversion {
  std::string text;  // the literals with braces for percent signs
  bool is_possible = true;
  uint32_t positional = 0, named = 0;
  TextRange strings;  // from the first literal to the last
};
}  // namespace

static void convertPart(const PercentPart& part, bool is_dict, Conversion& out) {
  if (part.is_literal) {
    for (char c : part.text) {
      if (c == '{' || c == '}') out.text += c;
      out.text += c;
    }
    return;
  }
  char type = part.conversion;
  bool is_modified = !part.flags.empty() || !part.width.empty() || part.has_precision;
  bool is_impossible = part.width == "*" || part.precision == "*" || std::string_view("diuc").find(type) != std::string_view::npos ||
                       (part.key && part.key->empty()) || (is_modified && std::string_view("%ar").find(type) != std::string_view::npos) ||
                       (!part.width.empty() && type == 's');
  // `%.4x` asks for four digits, which `{:04x}` says; braces have no word for a width beside that, nor for a prefix.
  bool is_digits = part.has_precision && std::string_view("oxX").find(type) != std::string_view::npos;
  is_impossible = is_impossible || (is_digits && (!part.width.empty() || part.flags.find_first_of("-#") != std::string_view::npos));
  if (type == '%') {
    if (is_impossible) out.is_possible = false;
    out.text += '%';
    return;
  }
  if (is_dict && !part.key) is_impossible = true;
  if (is_impossible) out.is_possible = false;
  ++(part.key ? out.named : out.positional);
  out.text += '{';
  if (part.key) out.text += *part.key;
  if (type == 'r' || type == 'a') (out.text += '!') += type;
  std::string spec;
  if (part.flags.find('-') != std::string_view::npos) spec += '<';
  for (char flag : std::string_view("+ #0")) {
    if (part.flags.find(flag) != std::string_view::npos) spec += flag;
  }
  spec += part.width;
  size_t zeros = std::min(part.precision.find_first_not_of('0'), part.precision.size());
  std::string_view precision = part.precision.substr(zeros);
  if (part.has_precision) (spec += is_digits ? '0' : '.') += precision.empty() ? "0" : precision;
  if (type != 's' && type != 'r' && type != 'a') spec += type;
  if (!spec.empty()) (out.text += ':') += spec;
  out.text += '}';
}

// The strings of the left side, each as it is written with its percent signs turned into braces.
static std::optional<Conversion> convertStrings(const LintContext& context, TextRange range, bool is_dict) {
  Conversion out;
  const std::vector<Token>& tokens = context.tokens.all();
  uint32_t done = range.begin;
  for (size_t i = context.tokens.firstAt(range.begin); i < tokens.size() && tokens[i].begin < range.end; ++i) {
    if (tokens[i].kind != TokenKind::kString) continue;
    std::string_view literal = context.ast.text(tokens[i].range());
    syntax::StringPrefix prefix = syntax::parseStringPrefix(literal);
    uint32_t head = prefix.prefix_size + prefix.quote_size;
    PercentFormat format = parsePercentFormat(literal.substr(head, literal.size() - head - prefix.quote_size));
    if (!format.error.empty() || !format.bad_character.empty()) return std::nullopt;
    for (const PercentPart& part : format.parts) {
      // `%5%` is a percent sign only.
      if (!part.is_literal && part.conversion == '%' && part.text != "%%") return std::nullopt;
    }
    out.text += context.ast.text({done, tokens[i].begin});
    out.text += literal.substr(0, head);
    for (const PercentPart& part : format.parts) convertPart(part, is_dict, out);
    out.text += literal.substr(literal.size() - prefix.quote_size);
    if (out.strings.end == 0) out.strings.begin = tokens[i].begin;
    out.strings.end = done = tokens[i].end;
  }
  return out;
}

// `(a=1, b=2)` for `{"a": 1, "b": 2}`; empty when the keys are no names.
static std::string keywordsOf(const LintContext& context, NodeId right) {
  const Ast& ast = context.ast;
  auto dict = ast.as<syntax::Dict>(right);
  std::set<std::string_view> seen;
  std::vector<std::string> items;
  bool is_multiline = isMultiline(context, ast.range(right));
  for (size_t i = 0; i < dict.values().size(); ++i) {
    NodeId key = dict.keys()[i];
    NodeId item = dict.values()[i];
    bool needs_parentheses = ast.is(item, NodeKind::kNamedExpr) || ast.is(item, NodeKind::kYield) || ast.is(item, NodeKind::kYieldFrom);
    std::string_view value = ast.text(needs_parentheses ? parenthesizedRange(context, item) : ast.range(item));
    if (!key.valid()) {
      items.push_back("**" + std::string(value));
      continue;
    }
    std::optional<std::string_view> name = syntax::stringValue(ast, key);
    bool is_name = name && !name->empty() && syntax::wordKind(*name) == TokenKind::kName && seen.insert(*name).second;
    for (size_t c = 0; is_name && c < name->size(); ++c) {
      char letter = (*name)[c];
      is_name = letter == '_' || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (c > 0 && letter >= '0' && letter <= '9');
    }
    if (!is_name) return {};
    items.push_back(std::string(*name) + "=" + std::string(value));
  }
  if (items.empty()) return {};
  std::string out = "(";
  std::string indent = "\n" + std::string(dict.keys()[0].valid() ? indentAt(context, ast.range(dict.keys()[0]).begin) : "");
  for (size_t i = 0; i < items.size(); ++i) out += (is_multiline ? indent : i > 0 ? " " : "") + items[i] + (is_multiline || i + 1 < items.size() ? "," : "");
  if (is_multiline) {
    // The closing bracket stands where the closing brace stood.
    uint32_t brace = ast.range(right).end - 1;
    std::string_view blanks = ast.text({lineBegin(context, brace), brace});
    bool is_alone = blanks.find_first_not_of(" \t") == std::string_view::npos;
    out += "\n" + std::string(is_alone ? blanks : indentAt(context, ast.range(right).begin));
  }
  return out + ")";
}

static std::string argumentsOf(const LintContext& context, NodeId right, const Conversion& conversion) {
  const Ast& ast = context.ast;
  switch (ast.kind(right)) {
    case NodeKind::kConstant:
    case NodeKind::kJoinedStr:
      return "(" + std::string(ast.text(right)) + ")";
    case NodeKind::kTuple: {
      std::string text(ast.text(right));
      if (!text.starts_with("(")) return "(" + text + ")";
      if (ast.as<syntax::Tuple>(right).elts().size() == 1) {
        size_t comma = text.rfind(',');
        bool is_multiline = text.find('\n') != std::string::npos;
        if (comma != std::string::npos && !is_multiline) text.erase(comma, 1);
      }
      return text;
    }
    case NodeKind::kDict:
      return keywordsOf(context, right);
    case NodeKind::kName:
    case NodeKind::kAttribute:
    case NodeKind::kSubscript:
    case NodeKind::kCall:
      if (conversion.named > 0) return "(**" + std::string(ast.text(right)) + ")";
      return (conversion.positional > 1 ? "(*" : "(") + std::string(ast.text(right)) + ")";
    default:
      return {};
  }
}

void checkPercentOperators(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto operation = ast.as<syntax::BinOp>(node);
  if (operation.op() != syntax::BinaryOp::kMod || !syntax::stringValue(ast, operation.left())) return;
  NodeId right = operation.right();
  std::optional<Conversion> conversion = convertStrings(context, ast.range(operation.left()), ast.is(right, NodeKind::kDict));
  if (!conversion) return;
  NodeKind kind = ast.kind(right);
  bool is_readable = kind == NodeKind::kTuple || kind == NodeKind::kDict || kind == NodeKind::kConstant || kind == NodeKind::kJoinedStr || kind == NodeKind::kName ||
                     kind == NodeKind::kAttribute || kind == NodeKind::kSubscript || kind == NodeKind::kCall;
  // What cannot be written otherwise is said whatever stands on the right.
  if (!is_readable && conversion->is_possible) return;
  std::string arguments = conversion->is_possible ? argumentsOf(context, right, *conversion) : "";
  bool is_whole = conversion->is_possible && !(kind == NodeKind::kDict && arguments.empty());
  auto finding = context.sink.begin("UP031"_rule, is_whole ? ast.range(node) : conversion->strings);
  if (arguments.empty()) return;
  TextRange left = parenthesizedRange(context, operation.left()), strings = ast.range(operation.left());
  std::string text = std::string(ast.text({left.begin, strings.begin})) + conversion->text + std::string(ast.text({strings.end, left.end}));
  finding.fix("Replace with format specifiers", {{ast.range(node), text + ".format" + arguments}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
