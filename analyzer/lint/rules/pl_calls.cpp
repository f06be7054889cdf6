// PLE1132, PLE1310, PLE1507, PLW1501, PLW1507, PLW1508, PLW1509, PLW0177, PLR1722: calls with arguments that cannot be
// right. ref: pylint
#include <algorithm>
#include <string>
#include <vector>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/paths.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/value_types.h"

namespace krait::lint {

void checkRepeatedKeywords(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::vector<std::string_view> seen;
  auto isSeen = [&](std::string_view name) { return std::find(seen.begin(), seen.end(), name) != seen.end(); };
  NodeList args = ast.as<syntax::Call>(node).args();
  for (NodeId arg : args) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    if (keyword && keyword->arg().valid()) seen.push_back(syntax::nameText(ast, keyword->arg()));
  }
  for (NodeId arg : args) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    auto dict = keyword && !keyword->arg().valid() ? ast.tryAs<syntax::Dict>(keyword->value()) : std::nullopt;
    if (!dict) continue;
    for (NodeId key : dict->keys()) {
      auto name = key.valid() ? syntax::stringValue(ast, key) : std::nullopt;
      if (!name) continue;
      if (isSeen(*name)) context.sink.begin("PLE1132"_rule, ast.range(key), {*name});
      seen.push_back(*name);
    }
  }
}

static bool hasRepeatedCharacter(std::string_view text) {
  std::vector<std::string_view> characters;
  for (size_t i = 0; i < text.size();) {
    size_t end = i + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    std::string_view one = text.substr(i, end - i);
    if (std::find(characters.begin(), characters.end(), one) != characters.end()) return true;
    characters.push_back(one);
    i = end;
  }
  return false;
}

void checkStripCalls(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  auto method = ast.tryAs<syntax::Attribute>(call.func());
  if (!method || call.args().size() != 1) return;
  std::string_view name = syntax::nameText(ast, method->attr());
  if (!isOneOf(name, {"strip", "lstrip", "rstrip"})) return;
  ValueType type = valueTypeOf(ast, method->value());
  if (isKnownAs(context, method->value(), Container::kStr)) type = ValueType::kStr;
  if (isKnownAs(context, method->value(), Container::kBytes)) type = ValueType::kBytes;
  if (type != ValueType::kStr && type != ValueType::kBytes) return;
  auto constant = ast.tryAs<syntax::Constant>(call.args()[0]);
  auto wanted = type == ValueType::kStr ? syntax::ConstantKind::kStr : syntax::ConstantKind::kBytes;
  if (!constant || constant->constantKind() != wanted || !hasRepeatedCharacter(ast.string(constant->payload()))) return;
  TextRange range = ast.range(call.args()[0]);
  if (name == "strip" || context.options.target_minor < 9) {
    context.sink.begin("PLE1310"_rule, range, {name});
  } else {
    context.sink.begin("PLE1310Suggest"_rule, range, {name, name == "lstrip" ? "removeprefix" : "removesuffix"});
  }
}

static bool isNotStr(const Ast& ast, NodeId value, bool allows_none) {
  ValueTypes types = valueTypesOf(ast, value);
  if (types.first != types.second) return true;
  for (ValueType type : {types.first, types.second}) {
    if (type != ValueType::kUnknown && type != ValueType::kStr && !(allows_none && type == ValueType::kNone)) return true;
  }
  return false;
}

static void checkGetenv(LintContext& context, NodeId node, bool is_getenv) {
  const Ast& ast = context.ast;
  NodeId key = is_getenv ? argumentOf(ast, node, "key", 0) : NodeId::none();
  if (key.valid() && isNotStr(ast, key, false)) context.sink.begin("PLE1507"_rule, ast.range(key));
  NodeId fallback = argumentOf(ast, node, "default", 1);
  if (fallback.valid() && isNotStr(ast, fallback, true)) context.sink.begin("PLW1508"_rule, ast.range(fallback));
}

static bool isOpenMode(std::string_view mode) {
  uint32_t actions = 0, texts = 0, pluses = 0, universals = 0;
  bool has_read = false;
  std::string seen;
  for (char c : mode) {
    if (seen.find(c) != std::string::npos) return false;
    seen += c;
    switch (c) {
      case 'r':
      case 'w':
      case 'a':
      case 'x':
        ++actions;
        has_read |= c == 'r';
        break;
      case 'b':
      case 't': ++texts; break;
      case '+': ++pluses; break;
      case 'U': ++universals; break;
      default: return false;
    }
  }
  if (universals > 0) return (actions == 0 || (actions == 1 && has_read)) && pluses == 0 && texts <= 1;
  return actions == 1 && texts <= 1;
}

static void checkOpen(LintContext& context, NodeId node, uint32_t position) {
  const Ast& ast = context.ast;
  NodeId mode = argumentOf(ast, node, "mode", position);
  if (!mode.valid()) return;
  auto text = syntax::stringValue(ast, mode);
  if (text && !isOpenMode(*text)) context.sink.begin("PLW1501"_rule, ast.range(mode), {*text});
}

static void checkSysExit(LintContext& context, NodeId node, std::string_view name) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  TextRange func = ast.range(call.func());
  std::string old(name);
  auto finding = context.sink.begin("PLR1722"_rule, func, {old});
  auto imported = importName(context, "sys", "exit", node, true);
  if (!imported) return;
  std::vector<FixEdit> edits;
  if (imported->edit) edits.push_back(*imported->edit);
  edits.push_back({func, imported->text});
  if (call.args().size() == 1) {
    auto keyword = ast.tryAs<syntax::Keyword>(call.args()[0]);
    if (keyword && syntax::nameText(ast, keyword->arg()) != "code") return;
    if (keyword) edits.push_back({ast.range(keyword->id), std::string(ast.text(keyword->value()))});
  }
  finding.fix("Replace `" + old + "` with `sys.exit()`", std::move(edits), FixSafety::kUnsafe);
}

void checkKnownCalls(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  std::string name(calleeName(context, node));
  auto call = ast.as<syntax::Call>(node);
  if (name.empty()) {
    auto method = ast.tryAs<syntax::Attribute>(call.func());
    if (method && syntax::nameText(ast, method->attr()) == "open" && isPlainPath(context, method->value())) checkOpen(context, node, 0);
    return;
  }
  if (name == "os.getenv" || name == "os.environ.get") return checkGetenv(context, node, name == "os.getenv");
  if (name == "builtins.open") return checkOpen(context, node, 1);
  if (name == "builtins.exit" || name == "builtins.quit") return checkSysExit(context, node, name.substr(9));
  if (name == "copy.copy") {
    if (call.args().size() != 1 || qualifiedName(context, call.args()[0]) != "os.environ") return;
    context.sink.begin("PLW1507"_rule, ast.range(node))
        .fix("Replace with `os.environ.copy()`", {{ast.range(node), std::string(ast.text(call.args()[0])) + ".copy()"}}, FixSafety::kUnsafe);
    return;
  }
  if (name == "subprocess.Popen") {
    NodeId preexec = keywordNodeOf(ast, node, "preexec_fn");
    if (preexec.valid() && !isNone(ast, ast.as<syntax::Keyword>(preexec).value())) context.sink.begin("PLW1509"_rule, ast.range(preexec));
  }
}

static std::string_view nanTest(const LintContext& context, NodeId expr) {
  const Ast& ast = context.ast;
  if (auto call = ast.tryAs<syntax::Call>(expr)) {
    if (call->args().size() != 1 || !isBuiltin(context, call->func(), "float")) return {};
    auto text = syntax::stringValue(ast, call->args()[0]);
    if (!text) return {};
    std::string lower;
    for (char c : *text) {
      if (c != ' ') lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return isOneOf(lower, {"nan", "-nan", "+nan"}) ? "math.isnan" : "";
  }
  std::string_view last = lastName(ast, expr);
  if (!isOneOf(last, {"nan", "NaN", "NAN"})) return {};
  std::string name = qualifiedName(context, expr);
  if (name == "math.nan") return "math.isnan";
  return isOneOf(name, {"numpy.nan", "numpy.NaN", "numpy.NAN"}) ? "np.isnan" : "";
}

void checkNanCompare(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto compare = ast.as<syntax::Compare>(node);
  auto check = [&](NodeId expr) {
    std::string_view test = nanTest(context, expr);
    if (!test.empty()) context.sink.begin("PLW0177"_rule, ast.range(expr), {test});
  };
  check(compare.left());
  for (NodeId right : compare.comparators()) check(right);
}

// As it is shown: ints in decimal.
static bool isComparableConstant(const Ast& ast, NodeId expr) { return ast.is(expr, NodeKind::kConstant); }

// A name, or a call of id, type, int… with one.
static bool isComparedName(const LintContext& context, NodeId expr) {
  const Ast& ast = context.ast;
  if (ast.is(expr, NodeKind::kName)) return true;
  auto call = ast.tryAs<syntax::Call>(expr);
  if (!call || call->args().size() != 1 || !ast.is(call->args()[0], NodeKind::kName)) return false;
  std::string_view name = syntax::nameText(ast, call->func());
  return isOneOf(name, {"id", "len", "type", "int", "bool", "str", "repr", "bytes"}) && isBuiltin(context, call->func(), name);
}

void checkOddCompares(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto compare = ast.as<syntax::Compare>(node);
  NodeId left = compare.left();
  for (size_t i = 0; i < compare.comparators().size(); ++i) {
    NodeId right = compare.comparators()[i];
    std::string_view op = syntax::spelling(static_cast<syntax::CompareOperator>(compare.ops()[i].value));
    if (isComparableConstant(ast, left) && isComparableConstant(ast, right)) {
      context.sink.begin("PLR0133"_rule, ast.range(left), {generatedCode(ast, left), op, generatedCode(ast, right)});
    } else if (isSameExpr(ast, left, right) && isComparedName(context, left)) {
      std::string text = std::string(ast.text(left)) + " " + std::string(op) + " " + std::string(ast.text(right));
      context.sink.begin("PLR0124"_rule, ast.range(left), {text});
    }
    left = right;
  }
}

}  // namespace krait::lint
