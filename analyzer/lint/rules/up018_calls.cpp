// UP003, UP012, UP015, UP018, UP020, UP021, UP022: calls that say something simpler. ref: pyupgrade
#include <algorithm>

#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

using syntax::ConstantKind;

static std::string_view literalType(const Ast& ast, NodeId node) {
  auto constant = ast.tryAs<syntax::Constant>(node);
  if (ast.is(node, NodeKind::kJoinedStr)) return "str";
  if (!constant) return {};
  switch (constant->constantKind()) {
    case ConstantKind::kStr:
      return "str";
    case ConstantKind::kBytes:
      return "bytes";
    case ConstantKind::kInt:
      return "int";
    case ConstantKind::kFloat:
      return "float";
    case ConstantKind::kComplex:
      return "complex";
    case ConstantKind::kTrue:
    case ConstantKind::kFalse:
      return "bool";
    default:
      return {};
  }
}

static void checkTypeCall(LintContext& context, NodeId node, NodeList args) {
  const Ast& ast = context.ast;
  if (positionalCount(ast, node) != 1) return;
  std::string type(literalType(ast, args[0]));
  if (type.empty() || ast.is(args[0], NodeKind::kJoinedStr)) return;
  auto finding = context.sink.begin("UP003"_rule, ast.range(node), {type});
  if (isBuiltinAvailable(context, node, type)) finding.fix("Replace `type(...)` with `" + type + "`", {{ast.range(node), padded(ast, ast.range(node), type)}});
}

static std::string_view emptyLiteral(std::string_view type) {
  if (type == "str") return "\"\"";
  if (type == "bytes") return "b\"\"";
  if (type == "int") return "0";
  if (type == "float") return "0.0";
  if (type == "complex") return "0j";
  return "False";
}

// Does what is around the call bind its parts closer than a sign does? `int(-1) ** 2` is `(-1) ** 2`.
static bool bindsCloser(const Ast& ast, NodeId call) {
  NodeId around = ast.parent(call);
  switch (ast.kind(around)) {
    case NodeKind::kBinOp: return ast.as<syntax::BinOp>(around).op() == syntax::BinaryOp::kPow;
    case NodeKind::kKeyword: return ast.is(ast.parent(around), NodeKind::kCall);
    case NodeKind::kAttribute:
    case NodeKind::kAwait:
    case NodeKind::kCall:
    case NodeKind::kComprehension:
    case NodeKind::kDict:
    case NodeKind::kDictComp:
    case NodeKind::kFormattedValue:
    case NodeKind::kInterpolation:
    case NodeKind::kGeneratorExp:
    case NodeKind::kList:
    case NodeKind::kListComp:
    case NodeKind::kSet:
    case NodeKind::kSetComp:
    case NodeKind::kSlice:
    case NodeKind::kSubscript:
    case NodeKind::kTuple: return true;
    default: return false;
  }
}

static void checkNativeLiteral(LintContext& context, NodeId node, NodeList args, std::string_view type) {
  const Ast& ast = context.ast;
  if (args.size() > 1) return;
  std::string title = "Replace with " + std::string(type == "str" ? "string" : type == "int" ? "integer" : type == "bool" ? "boolean" : type) + " literal";
  TextRange range = ast.range(node);
  bool is_attribute = ast.is(ast.parent(node), NodeKind::kAttribute);
  if (args.empty()) {
    std::string text(emptyLiteral(type));
    if (type == "str") text = inPreferredQuotes(context, "");
    if (type == "bytes") text = "b" + inPreferredQuotes(context, "");
    if (is_attribute && type == "int") text = "(0)";
    context.sink.begin("UP018"_rule, range, {type}).fix(title, {{range, text}});
    return;
  }
  NodeId arg = args[0];
  if (auto keyword = ast.tryAs<syntax::Keyword>(arg); keyword && type == "str" && syntax::nameText(ast, keyword->arg()) == "object") arg = keyword->value();
  if (ast.is(arg, NodeKind::kKeyword) || ast.is(arg, NodeKind::kStarred) || ast.is(arg, NodeKind::kJoinedStr)) return;
  NodeId literal = arg;
  if (auto unary = ast.tryAs<syntax::UnaryOp>(arg)) {
    bool is_sign = unary->op() == syntax::UnaryOperator::kUSub || unary->op() == syntax::UnaryOperator::kUAdd;
    if (is_sign && (type == "int" || type == "float" || type == "complex")) literal = unary->operand();
  }
  if (literalType(ast, literal) != type) return;
  std::string text(ast.text(arg));
  bool is_multiline = isMultiline(context, ast.range(arg));
  if (is_multiline) {
    bool is_joined = text.find("\"\"\"") == std::string::npos && text.find("'''") == std::string::npos;
    if (is_joined) text = "(" + text + ")";
  }
  if ((is_attribute && type == "int") || (literal != arg && bindsCloser(ast, node))) text = "(" + text + ")";
  bool has_comment = hasComment(context, range);
  std::string_view rest = ast.text().substr(range.end);
  if (!rest.empty() && ((rest[0] >= 'a' && rest[0] <= 'z') || (rest[0] >= 'A' && rest[0] <= 'Z') || rest[0] == '_')) text += " ";
  context.sink.begin("UP018"_rule, range, {type}).fix(title, {{range, text}}, has_comment ? FixSafety::kUnsafe : FixSafety::kSafe);
}

// The mode without what says nothing, or none when it is no mode or says nothing twice. ref: io.open
static std::optional<std::string> shorterMode(std::string_view mode) {
  auto has = [&](char c) { return mode.find(c) != std::string_view::npos; };
  for (size_t i = 0; i < mode.size(); ++i) {
    bool is_known = std::string_view("rwxabtU+").find(mode[i]) != std::string_view::npos;
    if (!is_known || mode.find(mode[i], i + 1) != std::string_view::npos) return std::nullopt;
  }
  bool is_written = has('w') || has('x') || has('a');
  int kinds = (has('r') || has('U') ? 1 : 0) + (has('w') ? 1 : 0) + (has('x') ? 1 : 0) + (has('a') ? 1 : 0);
  if (kinds != 1 || (has('b') && has('t')) || (has('U') && is_written)) return std::nullopt;
  bool is_default = mode == "r" || mode == "rt" || mode == "tr";
  if (!has('t') && !has('U') && !is_default) return std::nullopt;
  std::string out = has('w') ? "w" : has('x') ? "x" : has('a') ? "a" : "r";
  if (has('b')) out += 'b';
  if (has('+')) out += '+';
  return out;
}

static void checkOpenMode(LintContext& context, NodeId node, NodeList args) {
  const Ast& ast = context.ast;
  NodeId mode = argumentOf(ast, node, "mode", 1);
  std::optional<std::string_view> text = mode.valid() ? syntax::stringValue(ast, mode) : std::nullopt;
  if (!text) return;
  std::optional<std::string> shorter = shorterMode(*text);
  if (!shorter) return;
  if (*shorter == "r") {
    auto finding = context.sink.begin("UP015"_rule, ast.range(mode));
    NodeId argument = ast.is(ast.parent(mode), NodeKind::kKeyword) ? ast.parent(mode) : mode;
    TextRange range = ast.range(argument);
    const Token& before = context.tokens.all()[static_cast<size_t>(std::max<ptrdiff_t>(context.tokens.lastBefore(range.begin), 0))];
    // With the comma before it; the first argument up to the next one.
    if (before.kind == TokenKind::kComma) {
      range.begin = before.begin;
    } else if (args.size() > 1 && args[0] == argument) {
      range = {before.end, ast.range(args[1]).begin};
    } else {
      return;
    }
    finding.fix("Remove mode argument", {{range, ""}});
    return;
  }
  context.sink.begin("UP015Shorter"_rule, ast.range(mode), {*shorter})
      .fix("Replace with `" + *shorter + "`", {{ast.range(mode), inPreferredQuotes(context, *shorter)}});
}

static void checkSubprocess(LintContext& context, NodeId node, NodeList args) {
  const Ast& ast = context.ast;
  NodeId stdout_keyword, stderr_keyword;
  bool has_text = keywordOf(ast, node, "text").valid();
  TextRange parens = argumentsRange(context, node);
  for (NodeId arg : args) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (!keyword || !keyword->arg().valid()) continue;
    std::string_view name = syntax::nameText(ast, keyword->arg());
    bool is_pipe = qualifiedName(context, keyword->value()) == "subprocess.PIPE";
    if (name == "stdout" && is_pipe) stdout_keyword = arg;
    if (name == "stderr" && is_pipe) stderr_keyword = arg;
    if (name != "universal_newlines") continue;
    auto finding = context.sink.begin("UP021"_rule, ast.range(keyword->arg()));
    if (has_text) {
      finding.fix("Replace with `text` keyword argument", {removeArgument(context, args, arg, parens.begin, parens.end)});
    } else {
      finding.fix("Replace with `text` keyword argument", {{ast.range(keyword->arg()), "text"}});
    }
  }
  if (!stdout_keyword.valid() || !stderr_keyword.valid()) return;
  if (keywordOf(ast, node, "capture_output").valid()) {
    context.sink.begin("UP022"_rule, ast.range(node));
    return;
  }
  bool is_first = ast.range(stdout_keyword).begin < ast.range(stderr_keyword).begin;
  NodeId first = is_first ? stdout_keyword : stderr_keyword, second = is_first ? stderr_keyword : stdout_keyword;
  context.sink.begin("UP022"_rule, ast.range(node))
      .fix("Replace with `capture_output` keyword argument",
           {{ast.range(first), "capture_output=True"}, removeArgument(context, args, second, parens.begin, parens.end)}, FixSafety::kUnsafe);
}

void checkSimplerCalls(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  std::string name = qualifiedName(context, call.func());
  if (name.empty()) return;
  if (name == "builtins.type") return checkTypeCall(context, node, call.args());
  if (isOneOf(name, {"builtins.str", "builtins.bytes", "builtins.int", "builtins.float", "builtins.bool", "builtins.complex"})) {
    return checkNativeLiteral(context, node, call.args(), std::string_view(name).substr(9));
  }
  if (name == "builtins.open" || name == "aiofiles.open") checkOpenMode(context, node, call.args());
  if (name == "io.open") {
    auto finding = context.sink.begin("UP020"_rule, ast.range(node));
    if (std::optional<ImportedName> imported = builtinName(context, node, "open")) {
      std::vector<FixEdit> edits = {{ast.range(call.func()), imported->text}};
      if (imported->edit) edits.push_back(*imported->edit);
      finding.fix("Replace with builtin `open`", std::move(edits));
    }
  }
  if (name == "subprocess.run" || isOneOf(name, {"subprocess.Popen", "subprocess.call", "subprocess.check_call", "subprocess.check_output"})) {
    if (name == "subprocess.run") checkSubprocess(context, node, call.args());
  }
}

static bool isUtf8Name(std::string_view text) {
  std::string lower;
  for (char c : text) {
    if (c == '_') c = '-';
    lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return isOneOf(lower, {"utf-8", "utf8", "u8", "utf", "cp65001"});
}

// Does a literal of the expression that is not raw have an escape that bytes do not know: `\N{…}`, `\u0041`, `\U00000041`?
static bool hasTextEscape(const LintContext& context, NodeId expr) {
  TextRange range = context.ast.range(expr);
  const std::vector<Token>& tokens = context.tokens.all();
  for (size_t i = context.tokens.firstAt(range.begin); i < tokens.size() && tokens[i].begin < range.end; ++i) {
    if (tokens[i].kind != TokenKind::kString) continue;
    std::string_view literal = context.ast.text(tokens[i].range());
    if (literal.substr(0, literal.find_first_of("'\"")).find_first_of("rR") != std::string_view::npos) continue;
    for (size_t at = literal.find('\\'); at != std::string_view::npos && at + 1 < literal.size(); at = literal.find('\\', at + 2)) {
      if (std::string_view("NuU").find(literal[at + 1]) != std::string_view::npos) return true;
    }
  }
  return false;
}

void checkEncodeUtf8(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  auto method = ast.tryAs<syntax::Attribute>(call.func());
  if (!method || syntax::nameText(ast, method->attr()) != "encode" || call.args().size() > 1) return;
  NodeId encoding;
  if (!call.args().empty()) {
    NodeId arg = call.args()[0];
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (keyword && syntax::nameText(ast, keyword->arg()) != "encoding") return;
    encoding = keyword ? keyword->value() : arg;
    std::optional<std::string_view> text = syntax::stringValue(ast, encoding);
    if (!text || !isUtf8Name(*text)) return;
  }
  TextRange parens = argumentsRange(context, node);
  FixEdit no_arguments{{parens.begin, parens.end}, "()"};
  NodeId receiver = method->value();
  if (ast.is(receiver, NodeKind::kJoinedStr)) {
    if (encoding.valid()) {
      context.sink.begin("UP012Argument"_rule, ast.range(node)).fix("Remove unnecessary `encoding` argument", {no_arguments});
    }
    return;
  }
  std::optional<std::string_view> value = syntax::stringValue(ast, receiver);
  if (!value) return;
  bool is_ascii = true;
  for (char c : *value) is_ascii &= static_cast<unsigned char>(c) < 128;
  if (hasTextEscape(context, receiver)) return;
  if (!is_ascii) {
    if (encoding.valid()) {
      context.sink.begin("UP012Argument"_rule, ast.range(node)).fix("Remove unnecessary `encoding` argument", {no_arguments});
    }
    return;
  }
  std::string bytes;
  uint32_t done = ast.range(receiver).begin;
  const std::vector<Token>& tokens = context.tokens.all();
  for (size_t i = context.tokens.firstAt(done); i < tokens.size() && tokens[i].begin < ast.range(receiver).end; ++i) {
    if (tokens[i].kind != TokenKind::kString) continue;
    bytes += ast.text({done, tokens[i].begin});
    std::string_view literal = ast.text(tokens[i].range());
    bytes += "b";
    bytes += literal.substr(literal[0] == 'u' || literal[0] == 'U' ? 1 : 0);
    done = tokens[i].end;
  }
  TextRange range = ast.range(node);
  std::string literals = std::string(ast.text({range.begin, ast.range(receiver).begin})) + bytes + std::string(ast.text({done, parenthesizedRange(context, receiver).end}));
  context.sink.begin("UP012"_rule, range).fix("Rewrite as bytes literal", {{range, padded(ast, range, std::move(literals))}});
}

}  // namespace krait::lint
