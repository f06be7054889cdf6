// FURB105, 122, 129, 157, 161, 162, 163, 166, 181, 192: calls that a simpler one replaces. ref: refurb
#include <string>
#include <vector>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::ConstantKind;

static std::string textOf(const Ast& ast, NodeId node) { return std::string(ast.text(node)); }
static bool isEmptyString(const Ast& ast, NodeId expr) {
  auto format = ast.tryAs<syntax::JoinedStr>(expr);
  return format ? format->values().empty() : syntax::stringValue(ast, expr) == "";
}

// The call with only these arguments.
static std::string callText(const Ast& ast, syntax::Call call, const std::vector<NodeId>& args) {
  std::string text = textOf(ast, call.func()) + "(";
  for (size_t i = 0; i < args.size(); ++i) text += (i > 0 ? ", " : "") + textOf(ast, args[i]);
  return text + ")";
}

void checkPrintEmpty(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (!isBuiltin(context, call.func(), "print") || call.args().empty()) return;
  std::vector<NodeId> positional, kept;
  NodeId separator;
  bool has_star = false;
  for (NodeId arg : call.args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    has_star |= ast.is(arg, NodeKind::kStarred);
    if (!keyword) positional.push_back(arg);
    if (keyword && syntax::nameText(ast, keyword->arg()) == "sep") separator = keyword->value();
  }
  // How many arguments a starred one gives is not known: only what an empty separator makes needless goes.
  if (has_star && (!separator.valid() || !isEmptyString(ast, separator) || positional.size() == 1)) return;
  std::vector<NodeId> strings;
  bool drops_separator = separator.valid() && positional.size() <= 1;
  bool has_empty = positional.size() == 1 && isEmptyString(ast, positional[0]);
  // With an empty separator, empty strings among the arguments vanish as well.
  bool drops_empties = separator.valid() && isEmptyString(ast, separator) && positional.size() > 1;
  if (drops_empties) {
    for (NodeId arg : positional) has_empty |= isEmptyString(ast, arg);
    if (!has_empty) return;
    for (NodeId arg : positional) {
      if (!isEmptyString(ast, arg)) strings.push_back(arg);
    }
    drops_separator = strings.size() <= 1 && !has_star;
  } else if (!has_empty) {
    strings = positional;
  }
  if (!has_empty && !drops_separator) return;
  kept = strings;
  for (NodeId arg : call.args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (keyword && !(drops_separator && syntax::nameText(ast, keyword->arg()) == "sep")) kept.push_back(arg);
  }
  Rule rule = has_empty ? (drops_separator ? "FURB105Both"_rule : "FURB105"_rule) : "FURB105Separator"_rule;
  std::string title = has_empty ? (drops_separator ? "Remove empty string and separator" : "Remove empty string") : "Remove separator";
  context.sink.begin(rule, ast.range(node))
      .fix(title, {{ast.range(node), callText(ast, call, kept)}}, hasComment(ast, ast.range(node)) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

// The annotation of a parameter that is one file, or of a variable that gets a value.
static bool isAnnotatedAsFile(const LintContext& context, NodeId annotation) {
  const Ast& ast = context.ast;
  auto parameter = ast.tryAs<syntax::Parameter>(ast.parent(annotation));
  auto variable = ast.tryAs<syntax::AnnAssign>(ast.parent(annotation));
  bool is_one = parameter ? parameter->parameterKind() != syntax::ParameterKind::kVarPositional && parameter->parameterKind() != syntax::ParameterKind::kVarKeyword
                          : variable && variable->value().valid();
  if (!is_one) return false;
  return isOneOf(qualifiedName(context, annotation),
                 {"io.BufferedIOBase", "io.BufferedRandom", "io.BufferedReader", "io.BufferedRWPair", "io.BufferedWriter", "io.BytesIO", "io.FileIO", "io.IOBase",
                  "io.RawIOBase", "io.StringIO", "io.TextIOBase", "io.TextIOWrapper", "typing.BinaryIO", "typing.IO", "typing.TextIO"});
}

// A name that an open file was bound to last, or the call that opens one.
static bool isOpenFile(const LintContext& context, NodeId expr) {
  const Ast& ast = context.ast;
  auto call = ast.tryAs<syntax::Call>(expr);
  if (!call) {
    const Definition* definition = ast.is(expr, NodeKind::kName) ? lastDefinition(context, expr) : nullptr;
    if (definition == nullptr) return false;
    NodeId annotation = definedAnnotation(context, *definition);
    if (annotation.valid()) return isAnnotatedAsFile(context, annotation);
    NodeId value = definedValue(context, *definition);
    call = ast.tryAs<syntax::Call>(value);
    if (!call) return false;
  }
  if (isOneOf(qualifiedName(context, call->func()), {"builtins.open", "io.open", "io.open_code"})) return true;
  auto method = ast.tryAs<syntax::Attribute>(call->func());
  auto made = method && syntax::nameText(ast, method->attr()) == "open" ? ast.tryAs<syntax::Call>(method->value()) : std::nullopt;
  return made && qualifiedName(context, made->func()) == "pathlib.Path";
}

void checkReadlines(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId iter = ast.is(node, NodeKind::kFor) ? ast.as<syntax::For>(node).iter() : ast.as<syntax::Comprehension>(node).iter();
  auto call = ast.tryAs<syntax::Call>(iter);
  auto method = call && call->args().empty() ? ast.tryAs<syntax::Attribute>(call->func()) : std::nullopt;
  if (!method || syntax::nameText(ast, method->attr()) != "readlines" || !isOpenFile(context, method->value())) return;
  TextRange rest{parenthesizedRange(ast, method->value()).end, ast.range(iter).end};
  context.sink.begin("FURB129"_rule, ast.range(iter)).fix("Remove `readlines()`", {{rest, ""}});
}

// Is a name of the loop's target read after it, before it is bound again?
static bool isReadAfter(const LintContext& context, syntax::For loop) {
  const Ast& ast = context.ast;
  uint32_t end = ast.range(loop.id).end;
  return anyOver(ast, loop.target(), [&](NodeId target) {
    SymbolId owner = ast.is(target, NodeKind::kName) ? context.model.ownerAt(target) : SymbolId::none();
    if (!owner.valid()) return false;
    // A name that was bound before has a meaning outside the loop.
    for (const Definition& definition : context.model.definitions(owner)) {
      if (ast.range(definition.node).begin < ast.range(target).begin) return true;
    }
    for (const Reference& reference : context.model.references(owner)) {
      uint32_t at = ast.range(reference.node).begin;
      bool is_rebound = at < end;
      for (const Definition& definition : context.model.definitions(owner)) {
        uint32_t bound = ast.range(definition.node).begin;
        is_rebound |= bound >= end && bound < at;
      }
      if (!is_rebound) return true;
    }
    return false;
  });
}

void checkForWrites(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto loop = ast.as<syntax::For>(node);
  if (loop.isAsync() || !loop.orelse().empty() || loop.body().size() != 1) return;
  auto statement = ast.tryAs<syntax::ExprStmt>(loop.body()[0]);
  auto call = statement ? ast.tryAs<syntax::Call>(statement->value()) : std::nullopt;
  auto method = call && call->args().size() == 1 ? ast.tryAs<syntax::Attribute>(call->func()) : std::nullopt;
  if (!method || syntax::nameText(ast, method->attr()) != "write" || !ast.is(method->value(), NodeKind::kName)) return;
  NodeId arg = call->args()[0];
  if (ast.is(arg, NodeKind::kKeyword) || ast.is(arg, NodeKind::kStarred)) return;
  if (!isOpenFile(context, method->value()) || isReadAfter(context, loop)) return;
  std::string name = textOf(ast, method->value()), iter(ast.text(parenthesizedRange(ast, loop.iter())));
  bool is_same = ast.is(arg, NodeKind::kName) && ast.is(loop.target(), NodeKind::kName) &&
                 syntax::nameOf(ast, arg) == syntax::nameOf(ast, loop.target());
  std::string text = name + ".writelines(";
  if (is_same) {
    bool is_bare = ast.is(loop.iter(), NodeKind::kTuple) && !iter.starts_with("(");
    text += is_bare ? "(" + iter + ")" : iter;
  } else {
    text += textOf(ast, arg) + (loop.isAsync() ? " async" : "") + " for " + textOf(ast, loop.target()) + " in " + iter;
  }
  text += ")";
  context.sink.begin("FURB122"_rule, ast.range(node), {name})
      .fix("Replace with `" + name + ".writelines`", {{ast.range(node), text}},
           hasComment(ast, ast.range(node)) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

// The value of `Decimal("…")` as a number literal, or empty.
static std::string decimalLiteral(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || (text.front() >= '\t' && text.front() <= '\r'))) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || (text.back() >= '\t' && text.back() <= '\r'))) text.remove_suffix(1);
  std::string sign;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    sign = text[0];
    text.remove_prefix(1);
  }
  while (!text.empty() && text[0] == '_') text.remove_prefix(1);
  while (text.size() > 1 && (text[0] == '0' || text[0] == '_')) text.remove_prefix(1);
  while (!text.empty() && text.back() == '_') text.remove_suffix(1);
  std::string digits;
  for (char c : text) {
    if (!(c >= '0' && c <= '9') && c != '_') return {};
    if (c == '_' && !digits.empty() && digits.back() == '_') continue;
    digits += c;
  }
  bool is_minus_zero = sign == "-" && digits.find_first_not_of("0_") == std::string::npos;
  return digits.empty() || is_minus_zero ? std::string() : sign + digits;
}

void checkVerboseDecimal(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (calleeName(context, node) != "decimal.Decimal") return;
  NodeId value = argumentOf(ast, node, "value", 0);
  if (!value.valid()) return;
  std::string fixed;
  if (auto text = syntax::stringValue(ast, value)) {
    fixed = decimalLiteral(*text);
  } else if (auto call = ast.tryAs<syntax::Call>(value)) {
    if (call->args().size() != 1 || !isBuiltin(context, call->func(), "float")) return;
    auto special = syntax::stringValue(ast, call->args()[0]);
    if (!special) return;
    std::string lower;
    for (char c : *special) {
      if (c != ' ') lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    if (!isOneOf(lower, {"inf", "-inf", "+inf", "infinity", "-infinity", "+infinity", "nan", "-nan", "+nan"})) return;
    fixed = lower == "-nan" ? "\"nan\"" : std::string(ast.text(call->args()[0]));
  }
  if (fixed.empty()) return;
  context.sink.begin("FURB157"_rule, ast.range(value)).fix("Replace with `" + fixed + "`", {{ast.range(value), fixed}});
}

void checkBitCount(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  auto method = ast.tryAs<syntax::Attribute>(call.func());
  if (!method || syntax::nameText(ast, method->attr()) != "count" || call.args().size() != 1 || context.options.target_minor < 10) return;
  auto inner = ast.tryAs<syntax::Call>(method->value());
  if (syntax::stringValue(ast, call.args()[0]) != "1" || !inner || inner->args().size() != 1) return;
  NodeId arg = inner->args()[0];
  if (!isBuiltin(context, inner->func(), "bin") || ast.is(arg, NodeKind::kKeyword) || ast.is(arg, NodeKind::kStarred)) return;
  std::string text = textOf(ast, arg);
  NodeKind kind = ast.kind(arg);
  bool is_prefixed = kind == NodeKind::kConstant && text.size() > 1 && text[0] == '0' && text[1] >= 'A';
  bool is_plain = is_prefixed || isBool(ast, arg) || isStr(ast, arg) || kind == NodeKind::kCall || kind == NodeKind::kSubscript || kind == NodeKind::kAttribute;
  std::string fixed = (is_plain ? text : "(" + text + ")") + ".bit_count()";
  bool is_int = kind == NodeKind::kConstant && !isStr(ast, arg);
  context.sink.begin("FURB161"_rule, ast.range(node), {text})
      .fix("Replace with `" + fixed + "`", {{ast.range(node), fixed}}, is_int ? FixSafety::kSafe : FixSafety::kUnsafe);
}

static bool isZeroOffset(std::string_view text) {
  return isOneOf(text, {"+00:00", "-00:00", "+0000", "-0000", "+00", "-00"});
}

// The value that is stripped of its Z, or none: `x.replace("Z", "+00:00")`, `x[:-1] + "+00:00"`, `x.rstrip("Z") + …`.
static NodeId withoutZone(const Ast& ast, NodeId expr) {
  if (auto call = ast.tryAs<syntax::Call>(expr)) {
    auto method = ast.tryAs<syntax::Attribute>(call->func());
    if (!method || syntax::nameText(ast, method->attr()) != "replace" || call->args().size() != 2) return NodeId::none();
    auto offset = syntax::stringValue(ast, call->args()[1]);
    bool is_zone = syntax::stringValue(ast, call->args()[0]) == "Z" && offset && isZeroOffset(*offset);
    return is_zone ? method->value() : NodeId::none();
  }
  auto sum = ast.tryAs<syntax::BinOp>(expr);
  auto offset = sum && sum->op() == syntax::BinaryOp::kAdd ? syntax::stringValue(ast, sum->right()) : std::nullopt;
  if (!offset || !isZeroOffset(*offset)) return NodeId::none();
  if (auto subscript = ast.tryAs<syntax::Subscript>(sum->left())) {
    auto slice = ast.tryAs<syntax::Slice>(subscript->slice());
    bool is_last = slice && !slice->lower().valid() && !slice->step().valid() && slice->upper().valid() && intValue(ast, slice->upper()) == -1;
    return is_last ? subscript->value() : NodeId::none();
  }
  auto call = ast.tryAs<syntax::Call>(sum->left());
  auto method = call && call->args().size() == 1 ? ast.tryAs<syntax::Attribute>(call->func()) : std::nullopt;
  if (!method || !isOneOf(syntax::nameText(ast, method->attr()), {"strip", "rstrip"})) return NodeId::none();
  return syntax::stringValue(ast, call->args()[0]) == "Z" ? method->value() : NodeId::none();
}

void checkIsoformatZone(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (context.options.target_minor < 11 || call.args().size() != 1 || calleeName(context, node) != "datetime.datetime.fromisoformat") return;
  NodeId arg = call.args()[0];
  NodeId kept = withoutZone(ast, arg);
  if (!kept.valid()) return;
  context.sink.begin("FURB162"_rule, ast.range(arg))
      .fix("Remove `.replace()` call", {{{parenthesizedRange(ast, kept).end, ast.range(arg).end}, ""}}, FixSafety::kUnsafe);
}

void checkRedundantBase(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (call.args().size() != 2 || calleeName(context, node) != "math.log") return;
  NodeId base = call.args()[1], arg = call.args()[0];
  if (ast.is(arg, NodeKind::kKeyword) || ast.is(base, NodeKind::kKeyword)) return;
  std::string name;
  auto constant = ast.tryAs<syntax::Constant>(base);
  bool is_float = constant && constant->constantKind() == ConstantKind::kFloat;
  double value = is_float ? ast.floating(constant->payload()) : static_cast<double>(intValue(ast, base).value_or(0));
  if (value == 2) name = "log2";
  if (value == 10) name = "log10";
  if (!constant && qualifiedName(context, base) == "math.e") name = "log";
  if (name.empty()) return;
  auto imported = importName(context, "math", name, node, true);
  std::string shown = "math." + name + "(" + textOf(ast, arg) + ")";
  auto finding = context.sink.begin("FURB163"_rule, ast.range(node), {shown});
  if (!imported) return;
  std::string text = imported->text + "(" + std::string(ast.text(parenthesizedRange(ast, arg))) + ")";
  std::vector<FixEdit> edits;
  if (imported->edit) edits.push_back(*imported->edit);
  edits.push_back({ast.range(node), text});
  finding.fix("Replace with `" + shown + "`", std::move(edits), is_float || hasComment(ast, ast.range(node)) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

void checkIntOnSlice(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (call.args().size() != 2 || !isBuiltin(context, call.func(), "int")) return;
  NodeId base = argumentOf(ast, node, "base", 1);
  if (!base.valid() || ast.is(call.args()[0], NodeKind::kKeyword)) return;
  auto number = intValue(ast, base);
  auto subscript = ast.tryAs<syntax::Subscript>(call.args()[0]);
  auto slice = subscript ? ast.tryAs<syntax::Slice>(subscript->slice()) : std::nullopt;
  if (!slice || !number || (*number != 2 && *number != 8 && *number != 16)) return;
  if (!slice->lower().valid() || slice->upper().valid() || slice->step().valid() || intValue(ast, slice->lower()) != 2) return;
  std::string text(ast.text(subscript->value()));
  context.sink.begin("FURB166"_rule, ast.range(node), {std::to_string(*number)})
      .fix("Replace with `base=0`", {{ast.range(subscript->id), text}, {ast.range(base), "0"}}, FixSafety::kUnsafe);
}

void checkDigestHex(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  auto hex = call.args().empty() ? ast.tryAs<syntax::Attribute>(call.func()) : std::nullopt;
  if (!hex || syntax::nameText(ast, hex->attr()) != "hex") return;
  auto digest_call = ast.tryAs<syntax::Call>(hex->value());
  auto digest = digest_call ? ast.tryAs<syntax::Attribute>(digest_call->func()) : std::nullopt;
  if (!digest || syntax::nameText(ast, digest->attr()) != "digest") return;
  auto made = ast.tryAs<syntax::Call>(digest->value());
  if (!made) return;
  std::string name = qualifiedName(context, made->func());
  if (!isOneOf(name, {"hashlib.md5", "hashlib.sha1", "hashlib.sha224", "hashlib.sha256", "hashlib.sha384", "hashlib.sha512",
                      "hashlib.blake2b", "hashlib.blake2s", "hashlib.sha3_224", "hashlib.sha3_256", "hashlib.sha3_384",
                      "hashlib.sha3_512", "hashlib.shake_128", "hashlib.shake_256"})) {
    return;
  }
  auto finding = context.sink.begin("FURB181"_rule, ast.range(node));
  if (!digest_call->args().empty()) return;
  TextRange range{parenthesizedRange(ast, digest->value()).end, ast.range(hex->id).end};
  // `(h.digest()).hex()`: the parenthesis between them would go.
  if (parenthesizedRange(ast, digest_call->id).end != ast.range(digest_call->id).end) return;
  finding.fix("Replace with `.hexdigest()`", {{range, ".hexdigest"}}, hasComment(ast, ast.range(node)) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

void checkSortedEnds(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto subscript = ast.as<syntax::Subscript>(node);
  auto call = ast.tryAs<syntax::Call>(subscript.value());
  auto index = intValue(ast, subscript.slice());
  if (!call || !index || (*index != 0 && *index != -1) || subscript.context() != syntax::ExprContext::kLoad) return;
  if (positionalCount(ast, call->id) != 1 || !isBuiltin(context, call->func(), "sorted")) return;
  bool is_reversed = false;
  std::string args(ast.is(call->args()[0], NodeKind::kGeneratorExp) ? std::string(argumentText(ast, call->id, call->args()[0])) : textOf(ast, call->args()[0]));
  for (NodeId arg : call->args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (!keyword) continue;
    std::string_view name = syntax::nameText(ast, keyword->arg());
    if (name == "key") {
      args += ", " + textOf(ast, arg);
    } else if (name == "reverse" && isBool(ast, keyword->value())) {
      is_reversed = isConstant(ast, keyword->value(), ConstantKind::kTrue);
    } else {
      return;
    }
  }
  bool is_min = (*index == 0) != is_reversed;
  std::string name = is_min ? "min" : "max";
  context.sink.begin("FURB192"_rule, ast.range(node), {name, is_min ? "minimum" : "maximum"})
      .fix("Replace with `" + name + "`", {{ast.range(node), name + "(" + args + ")"}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
