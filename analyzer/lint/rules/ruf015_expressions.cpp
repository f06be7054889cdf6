// RUF007, RUF015, RUF017, RUF021, RUF024, RUF026, RUF034, RUF058: expressions that say less than they cost.
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

using syntax::ConstantKind;

static bool isIntOf(const Ast& ast, NodeId node, int64_t value) {
  auto constant = ast.tryAs<syntax::Constant>(node);
  return constant && constant->constantKind() == ConstantKind::kInt && ast.integer(constant->payload()).value == value;
}

// The iterable inside `list(x)`, `[a for a in x]`, as it would stand in `iter(...)`; empty for other expressions.
static std::string iterableOf(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (auto call = ast.tryAs<syntax::Call>(node)) {
    if (call->args().size() != 1 || ast.is(call->args()[0], NodeKind::kKeyword)) return {};
    bool is_list = isBuiltin(context, call->func(), "list") || isBuiltin(context, call->func(), "tuple");
    if (!is_list) return {};
    NodeId arg = call->args()[0];
    if (auto generator = ast.tryAs<syntax::GeneratorExp>(arg)) {
      auto part = ast.as<syntax::Comprehension>(generator->generators()[0]);
      bool is_copy = generator->generators().size() == 1 && part.ifs().empty() && !part.isAsync() && ast.is(part.target(), NodeKind::kName) &&
                     ast.is(generator->elt(), NodeKind::kName) && syntax::nameOf(ast, part.target()) == syntax::nameOf(ast, generator->elt());
      if (is_copy) return "iter(" + std::string(ast.text(part.iter())) + ")";
      return "(" + std::string(argumentText(ast, node, arg)) + ")";
    }
    if (ast.is(arg, NodeKind::kListComp)) return iterableOf(context, arg);
    // Iterators need no `iter`.
    auto maker = ast.tryAs<syntax::Call>(arg);
    std::string_view name = maker ? syntax::nameText(ast, maker->func()) : std::string_view();
    bool is_iterator = isOneOf(name, {"enumerate", "filter", "iter", "map", "reversed", "zip"}) && isBuiltin(context, maker->func(), name);
    return is_iterator ? "(" + std::string(ast.text(arg)) + ")" : "iter(" + std::string(ast.text(arg)) + ")";
  }
  if (auto list = ast.tryAs<syntax::ListComp>(node)) {
    auto part = ast.as<syntax::Comprehension>(list->generators()[0]);
    bool is_copy = list->generators().size() == 1 && part.ifs().empty() && !part.isAsync() && ast.is(part.target(), NodeKind::kName) && ast.is(list->elt(), NodeKind::kName) &&
                   syntax::nameOf(ast, part.target()) == syntax::nameOf(ast, list->elt());
    if (is_copy) return "iter(" + std::string(ast.text(part.iter())) + ")";
    std::string text(ast.text(node));
    return "(" + text.substr(1, text.size() - 2) + ")";
  }
  if (auto list = ast.tryAs<syntax::List>(node)) {
    if (list->elts().size() != 1 || !ast.is(list->elts()[0], NodeKind::kStarred)) return {};
    NodeId value = ast.as<syntax::Starred>(list->elts()[0]).value();
    return "iter(" + std::string(ast.text(value)) + ")";
  }
  return {};
}

void checkFirstElement(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId value;
  TextRange range = ast.range(node);
  if (auto subscript = ast.tryAs<syntax::Subscript>(node)) {
    if (!isIntOf(ast, subscript->slice(), 0)) return;
    value = subscript->value();
  } else {
    auto call = ast.as<syntax::Call>(node);
    auto method = ast.tryAs<syntax::Attribute>(call.func());
    if (!method || syntax::nameText(ast, method->attr()) != "pop" || call.args().size() != 1 || !isIntOf(ast, call.args()[0], 0)) return;
    value = method->value();
  }
  std::string iterable = iterableOf(context, value);
  if (iterable.empty()) return;
  std::string text = iterable.starts_with("(") ? "next" + iterable : "next(" + iterable + ")";
  std::string shown = iterable.find('\n') == std::string::npos && countUnits(iterable, ColumnUnit::kUtf32) <= 50 ? text : "next(...)";
  auto finding = context.sink.begin("RUF015"_rule, range, {shown});
  // What is assigned to or deleted can be no call.
  auto subscript = ast.tryAs<syntax::Subscript>(node);
  if (subscript && subscript->context() != syntax::ExprContext::kLoad) return;
  finding.fix("Replace with `" + shown + "`", {{range, text}}, FixSafety::kUnsafe);
}

static void checkSum(LintContext& context, NodeId node, syntax::Call call) {
  const Ast& ast = context.ast;
  NodeId start = argumentOf(ast, node, "start", 1), iterable = argumentOf(ast, node, "iterable", 0);
  if (!start.valid() || !iterable.valid()) return;
  auto list = ast.tryAs<syntax::List>(start);
  auto empty_call = ast.tryAs<syntax::Call>(start);
  bool is_empty = (list && list->elts().empty()) || (empty_call && empty_call->args().empty() && isBuiltin(context, empty_call->func(), "list"));
  if (!is_empty) return;
  auto finding = context.sink.begin("RUF017"_rule, ast.range(node));
  std::optional<ImportedName> reduce = importName(context, "functools", "reduce", node, true);
  std::optional<ImportedName> iadd = importName(context, "operator", "iadd", node, true);
  if (!reduce || !iadd) return;
  std::vector<FixEdit> edits = {{ast.range(node), reduce->text + "(" + iadd->text + ", " + std::string(ast.text(parenthesizedRange(ast, iterable))) + ", [])"}};
  if (reduce->edit) edits.push_back(*reduce->edit);
  if (iadd->edit) {
    if (reduce->edit && reduce->edit->range == iadd->edit->range) {
      edits.back().replacement += iadd->edit->replacement;
    } else {
      edits.push_back(*iadd->edit);
    }
  }
  finding.fix("Replace with `functools.reduce`", std::move(edits), FixSafety::kUnsafe);
}

namespace {
// `x[2:]`: a name and where its slice begins.
struct SlicedName {
  NodeId name;
  int64_t start = 0;
};
}  // namespace

static std::optional<SlicedName> slicedName(const Ast& ast, NodeId node) {
  if (ast.is(node, NodeKind::kName)) return SlicedName{node, 0};
  auto subscript = ast.tryAs<syntax::Subscript>(node);
  auto slice = subscript ? ast.tryAs<syntax::Slice>(subscript->slice()) : std::nullopt;
  if (!slice || !ast.is(subscript->value(), NodeKind::kName)) return std::nullopt;
  if (slice->step().valid() && !isIntOf(ast, slice->step(), 1)) return std::nullopt;
  if (!slice->lower().valid()) return SlicedName{subscript->value(), 0};
  std::optional<int64_t> start = intValue(ast, slice->lower());
  if (!start || *start < 0) return std::nullopt;
  return SlicedName{subscript->value(), *start};
}

static void checkPairwise(LintContext& context, NodeId node, syntax::Call call) {
  const Ast& ast = context.ast;
  if (positionalCount(ast, node) != 2 || context.options.target_minor < 10) return;
  std::optional<SlicedName> head = slicedName(ast, call.args()[0]), rest = slicedName(ast, call.args()[1]);
  bool is_pair = head && rest && syntax::nameOf(ast, head->name) == syntax::nameOf(ast, rest->name) && rest->start - head->start == 1 &&
                 ast.is(call.args()[1], NodeKind::kSubscript);
  if (!is_pair) return;
  NodeId first = head->name;
  auto finding = context.sink.begin("RUF007"_rule, ast.range(call.func()));
  std::optional<ImportedName> pairwise = importName(context, "itertools", "pairwise", node, true);
  if (!pairwise) return;
  std::vector<FixEdit> edits = {{ast.range(node), pairwise->text + "(" + std::string(ast.text(first)) + ")"}};
  if (pairwise->edit) edits.push_back(*pairwise->edit);
  finding.fix("Replace `zip()` with `itertools.pairwise()`", std::move(edits), FixSafety::kUnsafe);
}

static bool isMutableValue(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeKind kind = ast.kind(node);
  if (kind == NodeKind::kCall) {
    return isOneOf(qualifiedName(context, ast.as<syntax::Call>(node).func()), {"builtins.list", "builtins.dict", "builtins.set", "collections.deque", "collections.defaultdict"});
  }
  return kind == NodeKind::kList || kind == NodeKind::kDict || kind == NodeKind::kSet || kind == NodeKind::kListComp || kind == NodeKind::kDictComp ||
         kind == NodeKind::kSetComp;
}

void checkCostlyCalls(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  std::string name = qualifiedName(context, call.func());
  if (name == "builtins.sum") return checkSum(context, node, call);
  if (name == "builtins.zip") return checkPairwise(context, node, call);
  if (name == "builtins.dict.fromkeys" && call.args().size() == 2 && isMutableValue(context, call.args()[1])) {
    NodeKind kind = ast.kind(call.args()[0]);
    bool is_loose = kind == NodeKind::kLambda || kind == NodeKind::kIfExp || kind == NodeKind::kNamedExpr || kind == NodeKind::kYield || kind == NodeKind::kYieldFrom;
    std::string keys(ast.text(call.args()[0]));
    if (is_loose) keys = "(" + keys + ")";
    auto finding = context.sink.begin("RUF024"_rule, ast.range(node));
    if (kind == NodeKind::kStarred) return;
    finding.fix("Replace with comprehension", {{ast.range(node), "{key: " + std::string(ast.text(call.args()[1])) + " for key in " + keys + "}"}}, FixSafety::kUnsafe);
  }
  if (name == "collections.defaultdict") {
    for (NodeId arg : call.args()) {
      auto keyword = ast.tryAs<syntax::Keyword>(arg);
      if (!keyword || syntax::nameText(ast, keyword->arg()) != "default_factory" || positionalCount(ast, node) > 0) continue;
      NodeId value = keyword->value();
      bool is_shown = ast.text(arg).find('\n') == std::string_view::npos;
      std::string title = is_shown ? "Replace with `defaultdict(" + std::string(ast.text(arg)) + ")`" : "Use positional argument";
      bool is_callable = ast.is(value, NodeKind::kCall) || ast.is(value, NodeKind::kLambda) || ast.is(value, NodeKind::kName) || ast.is(value, NodeKind::kAttribute);
      if (!is_callable) continue;
      // It comes first; the others follow.
      std::string first(ast.text(value)), rest;
      for (NodeId other : call.args()) rest += other == arg ? "" : ", " + std::string(ast.text(other));
      FixEdit edit = call.args().size() == 1 ? FixEdit{ast.range(arg), first} : FixEdit{{ast.range(call.args()[0]).begin, ast.range(call.args().back()).end}, first + rest};
      context.sink.begin("RUF026"_rule, ast.range(node)).fix(title, {edit}, FixSafety::kUnsafe);
    }
  }
  if (name == "itertools.starmap" && call.args().size() == 2) {
    auto zip = ast.tryAs<syntax::Call>(call.args()[1]);
    if (zip && isBuiltin(context, zip->func(), "zip") && !keywordOf(ast, call.args()[1], "strict").valid() && !hasStarredArgument(ast, call.args()[1])) {
      std::string arguments;
      for (NodeId arg : zip->args()) arguments += ", " + std::string(ast.text(arg));
      context.sink.begin("RUF058"_rule, ast.range(node))
          .fix("Use `map` instead", {{ast.range(node), "map(" + std::string(ast.text(call.args()[0])) + arguments + ")"}});
    }
  }
}

void checkChainedOperators(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto operation = ast.as<syntax::BoolOp>(node);
  if (operation.op() != syntax::BoolOperator::kOr) return;
  for (NodeId value : operation.values()) {
    auto inner = ast.tryAs<syntax::BoolOp>(value);
    if (!inner || inner->op() != syntax::BoolOperator::kAnd || ast.hasFlag(value, syntax::kParenthesized)) continue;
    TextRange range = ast.range(value);
    context.sink.begin("RUF021"_rule, range)
        .fix("Parenthesize the `and` subexpression", {{{range.begin, range.begin}, "("}, {{range.end, range.end}, ")"}});
  }
}

void checkUselessIfExpression(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto choice = ast.as<syntax::IfExp>(node);
  if (ast.text(choice.body()) == ast.text(choice.orelse())) context.sink.begin("RUF034"_rule, ast.range(node));
}

}  // namespace krait::lint
