// B004, B005, B022, B026, B034, B039, B911, B912: calls that do not do what they look like. ref: flake8-bugbear
#include <string>

#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

static void checkCallable(LintContext& context, syntax::Call call, std::string_view name) {
  const Ast& ast = context.ast;
  if ((name != "hasattr" && name != "getattr") || call.args().size() < 2 || call.args().size() > (name == "hasattr" ? 2u : 3u)) return;
  if (syntax::stringValue(ast, call.args()[1]) != "__call__" || !isBuiltin(context, call.func(), name)) return;
  auto finding = context.sink.begin("B004"_rule, ast.range(call.id));
  if (name == "getattr") return;
  // The builtin must not be hidden where the call stands.
  for (const Symbol& symbol : context.model.symbols()) {
    if (ast.name(symbol.name) == "callable" && (symbol.flags & semantic::kBoundMask) != 0 && symbol.scope != SemanticModel::kModuleScope) return;
  }
  finding.fix("Replace with `callable()`", {{ast.range(call.id), "callable(" + std::string(ast.text(call.args()[0])) + ")"}},
              hasComment(ast, ast.range(call.id)) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

static void checkStrip(LintContext& context, syntax::Call call) {
  const Ast& ast = context.ast;
  auto method = ast.as<syntax::Attribute>(call.func());
  if (!isOneOf(syntax::nameText(ast, method.attr()), {"strip", "lstrip", "rstrip"}) || call.args().size() != 1) return;
  auto text = syntax::stringValue(ast, call.args()[0]);
  if (!text || countUnits(*text, ColumnUnit::kUtf32) < 2) return;
  std::vector<std::string_view> characters;
  for (size_t i = 0; i < text->size();) {
    size_t end = i + 1;
    while (end < text->size() && (static_cast<unsigned char>((*text)[end]) & 0xC0) == 0x80) ++end;
    std::string_view one = text->substr(i, end - i);
    for (std::string_view other : characters) {
      if (other != one) continue;
      bool is_exact = context.options.preview;
      TextRange range = is_exact ? TextRange{ast.range(method.attr()).begin, ast.range(call.id).end} : ast.range(call.id);
      context.sink.begin("B005"_rule, range, {is_exact ? syntax::nameText(ast, method.attr()) : "strip"});
      return;
    }
    characters.push_back(one);
    i = end;
  }
}

static void checkStarAfterKeyword(LintContext& context, syntax::Call call) {
  const Ast& ast = context.ast;
  bool has_keyword = false;
  for (NodeId arg : call.args()) {
    has_keyword |= ast.is(arg, NodeKind::kKeyword);
    if (has_keyword && ast.is(arg, NodeKind::kStarred)) context.sink.begin("B026"_rule, ast.range(arg));
  }
}

static void checkRegexCount(LintContext& context, syntax::Call call, std::string_view name) {
  const Ast& ast = context.ast;
  name.remove_prefix(3);
  bool is_split = name == "split";
  if (!is_split && name != "sub" && name != "subn") return;
  uint32_t allowed = is_split ? 2 : 3, count = 0;
  for (NodeId arg : call.args()) {
    count += !ast.is(arg, NodeKind::kKeyword);
  }
  if (count <= allowed) return;
  context.sink.begin("B034"_rule, ast.range(call.id), {"re." + std::string(name), is_split ? "maxsplit" : "count"});
}

static bool isMutableDefault(const LintContext& context, NodeId value) {
  const Ast& ast = context.ast;
  switch (ast.kind(value)) {
    case NodeKind::kList:
    case NodeKind::kDict:
    case NodeKind::kSet:
    case NodeKind::kListComp:
    case NodeKind::kDictComp:
    case NodeKind::kSetComp: return true;
    case NodeKind::kCall: {
      std::string name = qualifiedName(context, ast.as<syntax::Call>(value).func());
      return !isOneOf(name, {"builtins.tuple", "builtins.frozenset", "builtins.bool", "builtins.bytes", "builtins.complex",
                             "builtins.float", "builtins.int", "builtins.str", "types.MappingProxyType", "datetime.date",
                             "datetime.datetime", "datetime.timedelta", "decimal.Decimal", "fractions.Fraction",
                             "operator.attrgetter", "operator.itemgetter", "operator.methodcaller", "pathlib.Path", "re.compile"});
    }
    default: return false;
  }
}

static void checkContextVar(LintContext& context, NodeId node) {
  NodeId value = keywordOf(context.ast, node, "default");
  if (value.valid() && isMutableDefault(context, value)) context.sink.begin("B039"_rule, context.ast.range(value));
}

// itertools.count, cycle, and repeat without a number never end.
static bool isEndless(const LintContext& context, NodeId arg) {
  auto call = context.ast.tryAs<syntax::Call>(arg);
  if (!call) return false;
  std::string name = qualifiedName(context, call->func());
  if (name == "itertools.count" || name == "itertools.cycle") return true;
  if (name != "itertools.repeat") return false;
  if (call->args().size() == 1) return true;
  NodeId times = argumentOf(context.ast, arg, "times", 1);
  return isNone(context.ast, times);
}

static void checkBatched(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (context.options.target_minor < 13 || keywordOf(ast, node, "strict").valid()) return;
  NodeId iterable = positionalAt(ast, node, 0);
  if (iterable.valid() && isEndless(context, iterable)) return;
  context.sink.begin("B911"_rule, ast.range(node));
}

static void checkMap(LintContext& context, syntax::Call call) {
  const Ast& ast = context.ast;
  if (context.options.target_minor < 14 || !isBuiltin(context, call.func(), "map") || keywordOf(ast, call.id, "strict").valid()) return;
  uint32_t positional = 0;
  bool is_endless = false, has_star = false, has_unpacking = false;
  for (NodeId arg : call.args()) {
    auto keyword = ast.tryAs<syntax::Keyword>(arg);
    has_unpacking |= keyword && !keyword->arg().valid();
    if (keyword) continue;
    if (positional++ > 0) is_endless |= isEndless(context, arg);
    has_star |= ast.is(arg, NodeKind::kStarred);
  }
  if (is_endless || has_unpacking || positional < 2 || (positional == 2 && !has_star)) return;
  uint32_t end = parenthesizedRange(ast, call.args().back()).end;
  context.sink.begin("B912"_rule, ast.range(call.id)).fix("Add explicit value for parameter `strict=`", {{{end, end}, ", strict=False"}});
}

void checkMisleadingCalls(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  checkStarAfterKeyword(context, call);
  if (ast.is(call.func(), NodeKind::kAttribute)) checkStrip(context, call);
  auto generic = ast.tryAs<syntax::Subscript>(call.func());
  if (generic && qualifiedName(context, generic->value()) == "contextvars.ContextVar") return checkContextVar(context, node);
  std::string_view last = lastName(ast, call.func());
  if (last == "map") return checkMap(context, call);
  std::string_view name = calleeName(context, node);
  if (name.starts_with("builtins.")) return checkCallable(context, call, name.substr(9));
  if (name.starts_with("re.")) return checkRegexCount(context, call, name);
  if (name == "contextvars.ContextVar") return checkContextVar(context, node);
  if (name == "itertools.batched") return checkBatched(context, node);
  if (name == "contextlib.suppress" && positionalCount(ast, node) == 0) context.sink.begin("B022"_rule, ast.range(node));
}

}  // namespace krait::lint
