// C400 to C406, C409 to C411: list(), set(), dict() and tuple() around what a display or comprehension says by itself.
// ref: flake8-comprehensions
#include <algorithm>
#include <string>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

namespace {
// A call with one argument, and the text of both.
struct WrapperCall {
  NodeId node, argument;
  TextRange range, inner;
};
}  // namespace

// Braces right beside those of a replacement field need a blank.
static std::string open(const LintContext& context, const WrapperCall& call, std::string brace) {
  return paddedInField(context.ast, call.node, call.range, std::move(brace));
}

static std::string close(const LintContext& context, const WrapperCall& call, std::string brace) {
  return paddedInField(context.ast, call.node, call.range, std::move(brace));
}

// The iterable of `x for x in iterable`, or none.
static NodeId copiedIterable(const Ast& ast, NodeId element, NodeList generators) {
  if (generators.size() != 1) return {};
  auto loop = ast.as<syntax::Comprehension>(generators[0]);
  bool is_copy = !loop.isAsync() && loop.ifs().empty() && isSameExpr(ast, element, loop.target());
  return is_copy ? loop.iter() : NodeId();
}

// Where the call's arguments begin, after its parenthesis.
static uint32_t argumentsBegin(const Ast& ast, const WrapperCall& call) {
  return static_cast<uint32_t>(ast.text().find('(', ast.range(ast.as<syntax::Call>(call.node).func()).end)) + 1;
}

// Where the call ends for its argument: at the comma behind it or at the closing parenthesis.
static uint32_t argumentsEnd(const Ast& ast, const WrapperCall& call, uint32_t end) {
  uint32_t comma = skipTrivia(ast.text(), end);
  return ast.text()[comma] == ',' ? comma : call.range.end - 1;
}

// list(x for x in y), set(x for x in y).
static void checkGenerator(LintContext& context, const WrapperCall& call, std::string_view name) {
  const Ast& ast = context.ast;
  bool is_list = name == "list";
  auto generator = ast.as<syntax::GeneratorExp>(call.argument);
  Rule rule = is_list ? "C400"_rule : "C401"_rule;
  std::string shown(name);
  if (NodeId iterable = copiedIterable(ast, generator.elt(), generator.generators()); iterable.valid()) {
    std::string using_call = "using `" + shown + "()`";
    context.sink.begin(rule, call.range, {using_call})
        .fix("Rewrite " + using_call, {{call.range, shown + "(" + std::string(ast.text(parenthesizedRange(ast, iterable))) + ")"}},
             FixSafety::kUnsafe);
    return;
  }
  std::string what = "as a " + shown + " comprehension";
  // The generator's range holds its parentheses, which may be the call's own; what stands around its own ones stays.
  uint32_t begin = argumentsBegin(ast, call);
  std::string left = open(context, call, is_list ? "[" : "{"), right = close(context, call, is_list ? "]" : "}");
  std::vector<FixEdit> edits = {{{call.range.begin, begin}, left}};
  if (call.inner.begin >= begin) {
    edits.push_back({{call.inner.begin, call.inner.begin + 1}, ""});
    edits.push_back({{call.inner.end - 1, call.inner.end}, ""});
    edits.push_back({{argumentsEnd(ast, call, call.inner.end), call.range.end}, right});
  } else {
    edits.push_back({{call.range.end - 1, call.range.end}, right});
  }
  context.sink.begin(rule, call.range, {what}).fix("Rewrite " + what, std::move(edits), FixSafety::kUnsafe);
}

// What stands between the argument and the closing parenthesis when no comma does.
static std::string blanksBehind(const Ast& ast, const WrapperCall& call, uint32_t end) {
  return ast.text()[skipTrivia(ast.text(), end)] == ',' ? std::string() : std::string(ast.text({end, call.range.end - 1}));
}

// dict() around a generator or list comprehension of pairs.
static void checkPairs(LintContext& context, const WrapperCall& call) {
  const Ast& ast = context.ast;
  bool is_list = ast.is(call.argument, NodeKind::kListComp);
  NodeId element = ast.child(call.argument, 0);
  auto pair = ast.tryAs<syntax::Tuple>(element);
  if (!pair || pair->elts().size() != 2) return;
  for (NodeId part : pair->elts()) {
    if (ast.is(part, NodeKind::kStarred)) return;
  }
  NodeList generators = ast.list(call.argument, 1);
  TextRange key = parenthesizedRange(ast, pair->elts()[0]), value = parenthesizedRange(ast, pair->elts()[1]);
  uint32_t end = ast.range(generators[generators.size() - 1]).end;
  NodeId last_part = generators[generators.size() - 1];
  auto loop = ast.as<syntax::Comprehension>(last_part);
  NodeId last = loop.ifs().empty() ? loop.iter() : loop.ifs()[loop.ifs().size() - 1];
  end = std::max(end, parenthesizedRange(ast, last).end);
  TextRange tuple = parenthesizedRange(ast, element);
  std::string text = std::string(ast.text(key)) + ": " + std::string(ast.text(value)) + std::string(ast.text({tuple.end, end}));
  // What stands around the argument stays around its pairs; a generator's own range may be the call's parentheses.
  uint32_t begin = argumentsBegin(ast, call);
  bool is_bare = call.inner.begin < begin;
  std::string before(ast.text({begin, is_bare ? tuple.begin : call.inner.begin}));
  std::string after = blanksBehind(ast, call, is_bare ? end : call.inner.end);
  context.sink.begin(is_list ? "C404"_rule : "C402"_rule, call.range)
      .fix("Rewrite as a dict comprehension", {{call.range, open(context, call, "{") + before + text + after + close(context, call, "}")}}, FixSafety::kUnsafe);
}

// dict([(a, b), (c, d)]).
static void checkPairDisplay(LintContext& context, const WrapperCall& call) {
  const Ast& ast = context.ast;
  bool is_list = ast.is(call.argument, NodeKind::kList);
  NodeList elements = ast.list(call.argument, 0);
  for (NodeId element : elements) {
    auto pair = ast.tryAs<syntax::Tuple>(element);
    if (!pair || pair->elts().size() != 2) return;
  }
  auto finding = context.sink.begin("C406"_rule, call.range, {is_list ? "list" : "tuple"});
  std::string text;
  for (size_t i = 0; i < elements.size(); ++i) {
    auto pair = ast.as<syntax::Tuple>(elements[i]);
    if (ast.is(pair.elts()[0], NodeKind::kStarred) || ast.is(pair.elts()[1], NodeKind::kStarred)) return;
    text += std::string(ast.text(parenthesizedRange(ast, pair.elts()[0]))) + ": " + std::string(ast.text(parenthesizedRange(ast, pair.elts()[1])));
    uint32_t end = parenthesizedRange(ast, elements[i]).end;
    if (i + 1 < elements.size()) {
      text += ast.text({end, parenthesizedRange(ast, elements[i + 1]).begin});
    } else if (ast.hasFlag(call.argument, syntax::kHasTrailingComma)) {
      text += ast.text({end, skipTrivia(ast.text(), end) + 1});
    }
  }
  std::string before(ast.text({argumentsBegin(ast, call), call.inner.begin}));
  finding.fix("Rewrite as a dict literal", {{call.range, open(context, call, "{") + before + text + blanksBehind(ast, call, call.inner.end) + close(context, call, "}")}},
              FixSafety::kUnsafe);
}

// set([1, 2]), set((1, 2)).
static void checkSetDisplay(LintContext& context, const WrapperCall& call) {
  const Ast& ast = context.ast;
  bool is_list = ast.is(call.argument, NodeKind::kList);
  auto finding = context.sink.begin("C405"_rule, call.range, {is_list ? "list" : "tuple"});
  NodeList elements = ast.list(call.argument, 0);
  if (elements.empty()) {
    finding.fix("Rewrite as a set literal", {{call.range, "set()"}}, FixSafety::kUnsafe);
    return;
  }
  // A comma right before the parenthesis goes with it.
  bool drops_comma = !is_list && elements.size() == 1 && ast.text()[call.inner.end - 2] == ',';
  uint32_t end = call.inner.end - (drops_comma ? 2 : 1);
  finding.fix("Rewrite as a set literal",
              {{{call.range.begin, call.inner.begin + 1}, open(context, call, "{")}, {{end, call.range.end}, close(context, call, "}")}},
              FixSafety::kUnsafe);
}

static void checkTupleDisplay(LintContext& context, const WrapperCall& call) {
  const Ast& ast = context.ast;
  bool is_list = ast.is(call.argument, NodeKind::kList);
  auto finding = context.sink.begin("C409"_rule, call.range,
                                    {is_list ? "list" : "tuple", is_list ? "rewrite as a tuple literal" : "remove the outer call to `tuple()`"});
  NodeList elements = ast.list(call.argument, 0);
  bool needs_comma = is_list && elements.size() == 1 && !ast.hasFlag(call.argument, syntax::kHasTrailingComma);
  if (is_list && elements.size() == 1) {
    std::string_view tail = ast.text({parenthesizedRange(ast, elements[0]).end, call.inner.end});
    needs_comma = tail.find(',') == std::string_view::npos;
  }
  finding.fix(is_list ? "Rewrite as a tuple literal" : "Remove the outer call to `tuple()`",
              {{{call.range.begin, call.inner.begin + 1}, "("}, {{call.inner.end - 1, call.range.end}, needs_comma ? ",)" : ")"}},
              FixSafety::kUnsafe);
}

static void checkListDisplay(LintContext& context, const WrapperCall& call) {
  bool is_list = context.ast.is(call.argument, NodeKind::kList);
  auto finding = context.sink.begin("C410"_rule, call.range,
                                    {is_list ? "list" : "tuple", is_list ? "remove the outer call to `list()`" : "rewrite as a single list literal"});
  std::vector<FixEdit> edits = {{{call.range.begin, call.inner.begin}, ""}};
  if (!is_list) {
    edits.push_back({{call.inner.begin, call.inner.begin + 1}, "["});
    edits.push_back({{call.inner.end - 1, call.inner.end}, "]"});
  }
  edits.push_back({{call.inner.end, call.range.end}, ""});
  finding.fix(is_list ? "Remove outer `list()` call" : "Rewrite as a single list literal", std::move(edits), FixSafety::kUnsafe);
}

static void checkSetOfListComp(LintContext& context, const WrapperCall& call) {
  std::string before(context.ast.text({argumentsBegin(context.ast, call), call.inner.begin}));
  // The comma goes with what stands behind it.
  std::string after(context.ast.text({call.inner.end, argumentsEnd(context.ast, call, call.inner.end)}));
  context.sink.begin("C403"_rule, call.range)
      .fix("Rewrite as a set comprehension",
           {{{call.range.begin, call.inner.begin + 1}, open(context, call, "{") + before}, {{call.inner.end - 1, call.range.end}, after + close(context, call, "}")}},
           FixSafety::kUnsafe);
}

void checkCollectionCalls(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  if (call.args().size() != 1) return;
  std::string_view name = syntax::nameText(ast, call.func());
  if (!isOneOf(name, {"list", "set", "dict", "tuple"})) return;
  NodeId argument = call.args()[0];
  // A generator of pairs says itself that the name is no other function's.
  bool is_pairs = name == "dict" && ast.is(argument, NodeKind::kGeneratorExp);
  if (!is_pairs && !isBuiltin(context, call.func(), name)) return;
  WrapperCall wrapper{node, argument, ast.range(node), ast.range(argument)};
  NodeKind kind = ast.kind(argument);
  bool is_display = kind == NodeKind::kList || kind == NodeKind::kTuple;
  if (name == "dict") {
    if (kind == NodeKind::kGeneratorExp || kind == NodeKind::kListComp) checkPairs(context, wrapper);
    if (is_display) checkPairDisplay(context, wrapper);
  } else if (kind == NodeKind::kGeneratorExp) {
    if (name != "tuple") checkGenerator(context, wrapper, name);
  } else if (kind == NodeKind::kListComp) {
    if (name == "set") checkSetOfListComp(context, wrapper);
    if (name == "list") {
      context.sink.begin("C411"_rule, wrapper.range).fix("Remove outer `list()` call", {{wrapper.range, std::string(ast.text(argument))}}, FixSafety::kUnsafe);
    }
  } else if (is_display) {
    if (name == "set") checkSetDisplay(context, wrapper);
    if (name == "tuple") checkTupleDisplay(context, wrapper);
    if (name == "list") checkListDisplay(context, wrapper);
  }
}

}  // namespace krait::lint
