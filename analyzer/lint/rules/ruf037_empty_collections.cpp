// RUF037, RUF043, RUF060, RUF064: empty collections, patterns and modes that are not what they seem. ref: ruff
#include <string>

#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/paths.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/syntax/string_literal.h"

namespace krait::lint {

using syntax::ConstantKind;

static bool isEmptyText(const Ast& ast, NodeId expr) {
  auto constant = ast.tryAs<syntax::Constant>(expr);
  if (constant && (constant->constantKind() == ConstantKind::kStr || constant->constantKind() == ConstantKind::kBytes)) return ast.string(constant->payload()).empty();
  auto joined = ast.tryAs<syntax::JoinedStr>(expr);
  if (!joined) return false;
  for (NodeId value : joined->values()) {
    if (!isEmptyText(ast, value)) return false;
  }
  return true;
}

static bool isEmptyDisplay(const Ast& ast, NodeId expr) {
  NodeKind kind = ast.kind(expr);
  if (kind == NodeKind::kList || kind == NodeKind::kTuple) return ast.list(expr, 0).empty();
  if (auto dict = ast.tryAs<syntax::Dict>(expr)) return dict->values().empty();
  return isEmptyText(ast, expr);
}

static bool isEmptyMaking(const LintContext& context, NodeId expr, std::initializer_list<std::string_view> names) {
  auto call = context.ast.tryAs<syntax::Call>(expr);
  if (!call) return false;
  for (std::string_view name : names) {
    if (!isBuiltin(context, call->func(), name)) continue;
    return call->args().empty();
  }
  return false;
}

void checkEmptyDeque(LintContext& context, NodeId node) {
  if (calleeName(context, node) != "collections.deque") return;
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  NodeId iterable = argumentOf(ast, node, "iterable", 0), limit = argumentOf(ast, node, "maxlen", 1);
  if (!iterable.valid() || call.args().size() > 2) return;
  if (!isEmptyDisplay(ast, iterable) && !isEmptyMaking(context, iterable, {"set", "list", "dict", "tuple", "str"})) return;
  auto finding = context.sink.begin("RUF037"_rule, ast.range(node));
  for (NodeId arg : call.args()) {
    if (ast.is(arg, NodeKind::kStarred)) return;
  }
  std::string title = "Replace with `deque(" + std::string(limit.valid() ? "maxlen=..." : "") + ")`";
  FixSafety safety = hasComment(ast, ast.range(node)) ? FixSafety::kUnsafe : FixSafety::kSafe;
  for (NodeId arg : call.args()) {
    bool is_unpacked = ast.is(arg, NodeKind::kKeyword) && !ast.as<syntax::Keyword>(arg).arg().valid();
    if (!is_unpacked) continue;
    finding.fix(title, {removeArgument(context, node, call.args()[0])}, FixSafety::kUnsafe);
    return;
  }
  uint32_t open = ast.range(call.func()).end;
  if (limit.valid()) {
    finding.fix(title, {{ast.range(node), std::string(ast.text(call.func())) + "(maxlen=" + std::string(ast.text(limit)) + ")"}}, safety);
  } else {
    finding.fix(title, {{{open, ast.range(node).end}, "()"}}, safety);
  }
}

void checkEmptyMembership(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto compare = ast.as<syntax::Compare>(node);
  auto op = static_cast<syntax::CompareOperator>(compare.ops()[0].value);
  bool is_membership = op == syntax::CompareOperator::kIn || op == syntax::CompareOperator::kNotIn;
  if (compare.comparators().size() != 1 || !is_membership) return;
  NodeId right = compare.comparators()[0];
  bool is_empty = isEmptyDisplay(ast, right) || isEmptyMaking(context, right, {"set", "list", "dict", "tuple", "frozenset", "str", "bytes", "bytearray"});
  auto call = ast.tryAs<syntax::Call>(right);
  if (!is_empty && call && call->args().size() == 1) {
    for (std::string_view name : {"set", "frozenset"}) {
      if (isBuiltin(context, call->func(), name)) is_empty = isEmptyDisplay(ast, call->args()[0]);
    }
  }
  if (is_empty) context.sink.begin("RUF060"_rule, ast.range(node));
}

// Does the pattern hold signs that mean more than themselves, none of them escaped?
static bool hasMetacharacter(std::string_view text) {
  bool is_escaped = false;
  for (char c : text) {
    if (is_escaped) {
      is_escaped = false;
      if (std::string_view("AbBdDsSwWZ0123456789").find(c) != std::string_view::npos) return true;
      continue;
    }
    if (c == '\\') {
      is_escaped = true;
    } else if (std::string_view(".^$*+?{[|(").find(c) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

void checkMatchPattern(LintContext& context, NodeId node) {
  if (calleeName(context, node) != "pytest.raises") return;
  const Ast& ast = context.ast;
  NodeId match = keywordOf(ast, node, "match");
  auto text = match.valid() ? syntax::stringValue(ast, match) : std::nullopt;
  if (!text || syntax::parseStringPrefix(ast.text(match)).is_raw || !hasMetacharacter(*text)) return;
  context.sink.begin("RUF043"_rule, ast.range(match));
}

namespace {
struct ModeCall {
  std::string_view name;
  uint32_t position;
};
}  // namespace

static constexpr ModeCall kModeCalls[] = {{"os.chmod", 1},     {"os.fchmod", 1},   {"os.lchmod", 1},     {"os.mkdir", 1},    {"os.makedirs", 1}, {"os.mkfifo", 1},
                                          {"os.mknod", 1},     {"os.open", 2},     {"dbm.open", 2},      {"dbm.gnu.open", 2}, {"dbm.ndbm.open", 2}};

static NodeId modeOf(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::string_view name = calleeName(context, node);
  if (name == "os.umask") return argumentOf(ast, node, "mode", 0);
  for (const ModeCall& call : kModeCalls) {
    if (call.name == name) return argumentOf(ast, node, "mode", call.position);
  }
  auto method = ast.tryAs<syntax::Attribute>(ast.as<syntax::Call>(node).func());
  if (!method || !isOneOf(syntax::nameText(ast, method->attr()), {"chmod", "lchmod", "mkdir", "touch"})) return NodeId::none();
  return isMadePath(context, method->value()) ? argumentOf(ast, node, "mode", 0) : NodeId::none();
}

static std::string octalText(int64_t value) {
  std::string digits;
  for (; value > 0; value /= 8) digits.insert(digits.begin(), static_cast<char>('0' + value % 8));
  return "0o" + digits;
}

// What was meant: the same digits read as octal, or the value itself where it is a usual mode.
static std::string intendedMode(std::string_view digits, int64_t value) {
  if (digits.size() > 1 && digits.find_first_not_of('0') == std::string_view::npos) return "0o" + std::string(digits);
  for (int64_t usual : {0600, 0640, 0644, 0660, 0664, 0666, 0700, 0750, 0755, 0770, 0775, 0777}) {
    if (value == usual) return octalText(value);
  }
  bool is_octal = digits.size() == 3 && digits.find_first_not_of("01234567") == std::string_view::npos;
  return is_octal ? "0o" + std::string(digits) : std::string();
}

void checkOctalMode(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId mode = modeOf(context, node);
  if (!mode.valid() || !isConstant(ast, mode, ConstantKind::kInt)) return;
  std::string_view text = ast.text(mode);
  auto value = intValue(ast, mode);
  bool is_octal = text.starts_with("0o") || text.starts_with("0O"), has_prefix = text.size() > 1 && text[0] == '0' && !(text[1] >= '0' && text[1] <= '9');
  if (!value || text == "0" || is_octal) return;
  auto finding = context.sink.begin("RUF064"_rule, ast.range(mode));
  std::string better = has_prefix ? std::string() : intendedMode(text, *value);
  if (!better.empty()) finding.fix("Replace with octal literal", {{ast.range(mode), better}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
