// UP030, UP032: calls of str.format that an f-string replaces, and positions that count by themselves. ref: pyupgrade
#include <map>

#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/format_strings.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/syntax/string_literal.h"

namespace krait::lint {

namespace {
struct FormatCall {
  NodeId node;
  TextRange strings;                      // the literal, or several in a row
  std::vector<TextRange> literals;        // of each string token
  std::vector<NodeId> positional;
  std::map<std::string_view, NodeId> keywords;
  bool has_unpacked = false;  // `*args` or `**kwargs`
};
}  // namespace

static std::optional<FormatCall> readCall(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  auto method = ast.tryAs<syntax::Attribute>(call.func());
  if (!method || syntax::nameText(ast, method->attr()) != "format") return std::nullopt;
  if (!syntax::stringValue(ast, method->value())) return std::nullopt;
  FormatCall out{.node = node, .strings = ast.range(method->value())};
  for (NodeId arg : call.args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (ast.is(arg, NodeKind::kStarred)) {
      out.has_unpacked = true;
    } else if (!keyword) {
      out.positional.push_back(arg);
    } else if (keyword->arg().valid()) {
      out.keywords[syntax::nameText(ast, keyword->arg())] = keyword->value();
    } else {
      out.has_unpacked = true;
    }
  }
  const std::vector<Token>& tokens = context.tokens.all();
  for (size_t i = context.tokens.firstAt(out.strings.begin); i < tokens.size() && tokens[i].begin < out.strings.end; ++i) {
    if (tokens[i].kind == TokenKind::kString) out.literals.push_back(tokens[i].range());
  }
  return out;
}

// Does the expression need parentheses inside a replacement field?
static bool needsParentheses(const Ast& ast, NodeId node, bool has_accessor) {
  switch (ast.kind(node)) {
    case NodeKind::kBinOp:
    case NodeKind::kUnaryOp:
    case NodeKind::kBoolOp:
    case NodeKind::kCompare:
    case NodeKind::kAwait:
      return has_accessor;
    case NodeKind::kIfExp:
      return has_accessor;
    case NodeKind::kNamedExpr:
    case NodeKind::kLambda:
    case NodeKind::kDict:
    case NodeKind::kSet:
    case NodeKind::kDictComp:
    case NodeKind::kSetComp:
      return true;
    case NodeKind::kGeneratorExp:
      return false;
    case NodeKind::kConstant:
      return has_accessor && ast.as<syntax::Constant>(node).constantKind() == syntax::ConstantKind::kInt;
    default:
      return false;
  }
}

namespace {
struct FStringBuilder {
  const LintContext& context;
  const FormatCall& call;
  std::map<NodeId, uint32_t, bool (*)(NodeId, NodeId)> uses{[](NodeId a, NodeId b) { return a.value < b.value; }};
  uint32_t next = 0;
};
}  // namespace

// The argument's text between braces; empty when it cannot stand there.
static std::string fieldText(FStringBuilder& builder, const BracePart& part, char quote) {
  const Ast& ast = builder.context.ast;
  NodeId argument;
  if (part.name.empty()) {
    if (builder.next >= builder.call.positional.size()) return {};
    argument = builder.call.positional[builder.next++];
  } else if (isDigits(part.name)) {
    uint32_t index = part.name.size() < 6 ? static_cast<uint32_t>(std::stoul(std::string(part.name))) : 0xffffu;
    if (index >= builder.call.positional.size()) return {};
    argument = builder.call.positional[index];
  } else {
    auto found = builder.call.keywords.find(part.name);
    if (found == builder.call.keywords.end()) return {};
    argument = found->second;
  }
  bool is_plain = ast.is(argument, NodeKind::kName) || ast.is(argument, NodeKind::kAttribute) || ast.is(argument, NodeKind::kConstant);
  if (++builder.uses[argument] > 1 && !is_plain) return {};
  std::string text(ast.text(argument));
  if (text.find_first_of("\\\n\r") != std::string::npos || text.find_first_of("'\"") != std::string::npos) return {};
  if (ast.is(argument, NodeKind::kStarred)) return {};
  if (needsParentheses(ast, argument, !part.accessors.empty())) text = "(" + text + ")";
  // `[key]` without quotes is text in a format call.
  std::string_view accessors = part.accessors;
  while (!accessors.empty()) {
    if (accessors[0] == '.') {
      size_t end = std::min(accessors.find_first_of(".[", 1), accessors.size());
      bool is_name = end > 1 && accessors.substr(1, end - 1).find_first_of("()'\" ") == std::string_view::npos;
      if (!is_name) return {};
      text += accessors.substr(0, end);
      accessors.remove_prefix(end);
    } else if (accessors[0] == '[' && accessors.find(']') != std::string_view::npos) {
      size_t end = accessors.find(']');
      std::string_view key = accessors.substr(1, end - 1);
      if (key.find_first_of("'\"") != std::string_view::npos) return {};
      if (key.empty()) return {};
      char other = quote == '"' ? '\'' : '"';
      text += isDigits(key) ? "[" + std::string(key) + "]" : std::string("[") + other + std::string(key) + other + "]";
      accessors.remove_prefix(end + 1);
    } else {
      return {};
    }
  }
  bool needs_space = text.starts_with("{");
  return (needs_space ? " " : "") + text;
}

static constexpr char kHiddenOpen = '\1', kHiddenClose = '\2';

// The braces of `\N{EM DASH}` are none of a field.
static void hideNames(std::string& content) {
  for (size_t at = 0; (at = content.find('\\', at)) != std::string::npos; at += 2) {
    size_t close = content.compare(at, 3, "\\N{") == 0 ? content.find('}', at) : std::string::npos;
    if (close == std::string::npos) continue;
    content[at + 2] = kHiddenOpen;
    content[close] = kHiddenClose;
  }
}

static std::optional<std::string> fString(FStringBuilder& builder, TextRange literal, bool* has_field) {
  std::string_view whole = builder.context.ast.text(literal);
  syntax::StringPrefix prefix = syntax::parseStringPrefix(whole);
  uint32_t head = prefix.prefix_size + prefix.quote_size;
  std::string content(whole.substr(head, whole.size() - head - prefix.quote_size));
  if (!prefix.is_raw) hideNames(content);
  BraceFormat format = parseBraceFormat(content);
  if (!format.error.empty()) return std::nullopt;
  std::string text;
  bool is_format = false;
  for (const BracePart& part : format.parts) is_format |= !part.is_literal;
  for (const BracePart& part : format.parts) {
    if (part.is_literal) {
      if (is_format) {
        text += part.text;
        continue;
      }
      for (size_t i = 0; i < part.text.size(); ++i) {
        text += part.text[i];
        if (part.text[i] == '{' || part.text[i] == '}') ++i;
      }
      continue;
    }
    std::string field = fieldText(builder, part, whole[prefix.prefix_size]);
    bool is_conversion = part.conversion.empty() || isOneOf(part.conversion, {"!r", "!s", "!a"});
    if (!is_conversion || field.empty() || part.spec.find('{') != std::string_view::npos) return std::nullopt;
    text += "{" + field + std::string(part.conversion) + (part.has_spec && !part.spec.empty() ? ":" + std::string(part.spec) : "") + "}";
  }
  *has_field |= is_format;
  for (char& c : text) c = c == kHiddenOpen ? '{' : c == kHiddenClose ? '}' : c;
  std::string letters(prefix.is_unicode ? "" : std::string(whole.substr(0, prefix.prefix_size)));
  return letters + (is_format ? "f" : "") + std::string(whole.substr(prefix.prefix_size, prefix.quote_size)) + text +
         std::string(whole.substr(whole.size() - prefix.quote_size));
}

static void checkFString(LintContext& context, const FormatCall& call) {
  const Ast& ast = context.ast;
  if (call.positional.empty() && call.keywords.empty()) return;
  TextRange range = ast.range(call.node);
  FStringBuilder builder{context, call};
  std::string text;
  bool has_field = false;
  uint32_t done = call.strings.begin;
  for (TextRange literal : call.literals) {
    // What is used twice in one literal is computed twice; each literal counts for itself.
    builder.uses.clear();
    std::optional<std::string> converted = fString(builder, literal, &has_field);
    if (!converted) return;
    // Empty literals are left out, with what is before them.
    syntax::StringPrefix prefix = syntax::parseStringPrefix(ast.text(literal));
    bool is_empty = !text.empty() && literal.end - literal.begin == prefix.prefix_size + 2 * prefix.quote_size;
    if (!is_empty) text += ast.text({done, literal.begin});
    if (!is_empty) text += *converted;
    done = literal.end;
  }
  // Text between the strings and `.format`: parentheses of several strings stay.
  std::string_view after = ast.text({call.strings.end, ast.range(ast.as<syntax::Attribute>(ast.as<syntax::Call>(call.node).func()).attr()).begin});
  std::string_view before = ast.text({range.begin, call.strings.begin});
  size_t dot = after.rfind('.');
  text = std::string(before) + text + std::string(after.substr(0, dot));
  char previous = range.begin > 0 ? ast.text()[range.begin - 1] : ' ';
  bool is_word = (previous >= 'a' && previous <= 'z') || (previous >= 'A' && previous <= 'Z') || previous == '_';
  auto finding = context.sink.begin("UP032"_rule, range);
  if (!hasComment(context, argumentsRange(context, call.node))) finding.fix("Convert to f-string", {{range, (is_word ? " " : "") + text}});
}

// `{0} {1}`: all fields numbered from 0 in order, each once.
static void checkNumbers(LintContext& context, const FormatCall& call) {
  const Ast& ast = context.ast;
  std::vector<uint32_t> order;
  std::string text;
  uint32_t done = call.strings.begin;
  for (TextRange literal : call.literals) {
    std::string_view whole = ast.text(literal);
    syntax::StringPrefix prefix = syntax::parseStringPrefix(whole);
    uint32_t head = prefix.prefix_size + prefix.quote_size;
    BraceFormat format = parseBraceFormat(whole.substr(head, whole.size() - head - prefix.quote_size));
    if (!format.error.empty()) return;
    text += ast.text({done, literal.begin});
    text += whole.substr(0, head);
    for (const BracePart& part : format.parts) {
      if (part.is_literal) {
        text += part.text;
        continue;
      }
      if (!isDigits(part.name) || part.name.size() > 5 || part.spec.find('{') != std::string_view::npos) return;
      order.push_back(static_cast<uint32_t>(std::stoul(std::string(part.name))));
      text += "{" + std::string(part.text.substr(1 + part.name.size()));
    }
    text += whole.substr(whole.size() - prefix.quote_size);
    done = literal.end;
  }
  if (order.empty()) return;
  std::vector<uint32_t> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (uint32_t i = 0; i < sorted.size(); ++i) {
    if (sorted[i] != i) return;
  }
  bool is_ordered = sorted == order;
  if (call.has_unpacked && !is_ordered) return;
  auto finding = context.sink.begin("UP030"_rule, ast.range(call.node));
  bool has_values = !call.positional.empty() && call.positional.size() >= order.size();
  std::vector<FixEdit> edits = {{{call.strings.begin, done}, text}};
  if (!is_ordered) {
    if (!has_values || call.positional.size() != order.size()) return;
    for (size_t i = 0; i < order.size(); ++i) {
      edits.push_back({ast.range(call.positional[i]), std::string(ast.text(call.positional[order[i]]))});
    }
  }
  finding.fix("Remove explicit positional indices", std::move(edits), FixSafety::kUnsafe);
}

void checkFormatCalls(LintContext& context, NodeId node) {
  std::optional<FormatCall> call = readCall(context, node);
  if (!call || mixesNumbering(*syntax::stringValue(context.ast, context.ast.as<syntax::Attribute>(context.ast.as<syntax::Call>(node).func()).value()))) return;
  checkNumbers(context, *call);
  if (!call->has_unpacked) checkFString(context, *call);
}

}  // namespace krait::lint
