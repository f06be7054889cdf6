// FURB113, FURB131, FURB140, FURB142, FURB145, FURB148: loops and calls that a method of the container does. ref: refurb
#include <string>
#include <vector>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

namespace {
struct Append {
  NodeId statement, list, value;
};
}  // namespace

static std::optional<Append> readAppend(const LintContext& context, NodeId statement) {
  const Ast& ast = context.ast;
  auto expr = ast.tryAs<syntax::ExprStmt>(statement);
  auto call = expr ? ast.tryAs<syntax::Call>(expr->value()) : std::nullopt;
  auto method = call && call->args().size() == 1 ? ast.tryAs<syntax::Attribute>(call->func()) : std::nullopt;
  if (!method || syntax::nameText(ast, method->attr()) != "append" || !ast.is(method->value(), NodeKind::kName)) return std::nullopt;
  NodeId value = call->args()[0];
  if (ast.is(value, NodeKind::kKeyword) || !isKnownInScope(context, method->value(), Container::kList)) return std::nullopt;
  return Append{statement, method->value(), value};
}

static void reportAppends(LintContext& context, const std::vector<Append>& appends, size_t first) {
  const Ast& ast = context.ast;
  std::string_view name = syntax::nameText(ast, appends[first].list);
  std::string values;
  size_t count = 0, last = first;
  for (size_t i = first; i < appends.size(); ++i) {
    if (syntax::nameText(ast, appends[i].list) != name) continue;
    values += (count++ > 0 ? ", " : "") + generatedOperand(ast, appends[i].value, Operand::kArgument);
    last = i;
  }
  if (count < 2) return;
  std::string call = std::string(name) + ".extend((" + values + "))";
  TextRange range{ast.range(appends[first].statement).begin, ast.range(appends[last].statement).end};
  bool is_short = call.size() <= 50 && call.find('\n') == std::string::npos;
  auto finding = context.sink.begin("FURB113"_rule, range, {is_short ? call : std::string(name) + ".extend(...)", name});
  // With others in between, the order of what happens would change.
  if (last - first + 1 == count && !hasComment(ast, range)) finding.fix("Replace with `" + call + "`", {{range, call}}, FixSafety::kUnsafe);
}

void checkRepeatedAppends(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (!readAppend(context, node)) return;
  NodeList block = blockOf(ast, node);
  size_t at = 0;
  while (at < block.size() && block[at] != node) ++at;
  if (at > 0 && readAppend(context, block[at - 1])) return;
  std::vector<Append> appends;
  for (; at < block.size(); ++at) {
    std::optional<Append> append = readAppend(context, block[at]);
    if (!append) break;
    appends.push_back(*append);
  }
  for (size_t i = 0; i < appends.size(); ++i) {
    bool is_first = true;
    for (size_t k = 0; k < i; ++k) is_first &= syntax::nameText(ast, appends[k].list) != syntax::nameText(ast, appends[i].list);
    if (is_first) reportAppends(context, appends, i);
  }
}

// `name[:]`: the name, or none.
static NodeId wholeSliceOf(const Ast& ast, NodeId node) {
  auto subscript = ast.tryAs<syntax::Subscript>(node);
  auto slice = subscript ? ast.tryAs<syntax::Slice>(subscript->slice()) : std::nullopt;
  bool is_whole = slice && !slice->lower().valid() && !slice->upper().valid() && !slice->step().valid();
  if (!is_whole || !ast.is(subscript->value(), NodeKind::kName)) return NodeId::none();
  return subscript->value();
}

void checkDeletedSlice(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeList targets = ast.as<syntax::Delete>(node).targets();
  for (NodeId target : targets) {
    NodeId name = wholeSliceOf(ast, target);
    if (!name.valid() || !isKnownAs(context, name, Container::kList)) continue;
    auto finding = context.sink.begin("FURB131"_rule, ast.range(node));
    if (targets.size() == 1) finding.fix("Replace with `clear()`", {{ast.range(node), std::string(ast.text(name)) + ".clear()"}}, FixSafety::kUnsafe);
  }
}

void checkCopiedSlice(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId name = wholeSliceOf(ast, node);
  if (!name.valid() || !isKnownInScope(context, name, Container::kList) || ast.as<syntax::Subscript>(node).context() != syntax::ExprContext::kLoad) return;
  context.sink.begin("FURB145"_rule, ast.range(node)).fix("Replace with `copy()`", {{ast.range(node), std::string(ast.text(name)) + ".copy()"}});
}

// Are the arguments what the target unpacks, in order?
static bool passesTarget(const Ast& ast, NodeList args, NodeId target) {
  if (ast.is(target, NodeKind::kName)) {
    auto starred = args.size() == 1 ? ast.tryAs<syntax::Starred>(args[0]) : std::nullopt;
    return starred && ast.is(starred->value(), NodeKind::kName) && syntax::nameOf(ast, starred->value()) == syntax::nameOf(ast, target);
  }
  auto tuple = ast.tryAs<syntax::Tuple>(target);
  if (!tuple || tuple->elts().size() != args.size() || args.empty()) return false;
  for (size_t i = 0; i < args.size(); ++i) {
    NodeId a = args[i], b = tuple->elts()[i];
    if (ast.kind(a) != ast.kind(b)) return false;
    if (auto starred = ast.tryAs<syntax::Starred>(a)) {
      a = starred->value();
      b = ast.as<syntax::Starred>(b).value();
    }
    if (!ast.is(a, NodeKind::kName) || !ast.is(b, NodeKind::kName) || syntax::nameOf(ast, a) != syntax::nameOf(ast, b)) return false;
  }
  return true;
}

void checkStarmap(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeKind kind = ast.kind(node);
  NodeList generators = kind == NodeKind::kListComp ? ast.as<syntax::ListComp>(node).generators()
                        : kind == NodeKind::kSetComp ? ast.as<syntax::SetComp>(node).generators()
                                                     : ast.as<syntax::GeneratorExp>(node).generators();
  if (generators.size() != 1) return;
  auto loop = ast.as<syntax::Comprehension>(generators[0]);
  auto call = ast.tryAs<syntax::Call>(ast.child(node, 0));
  if (!call || loop.isAsync() || !loop.ifs().empty() || !passesTarget(ast, call->args(), loop.target())) return;
  bool is_bound = anyOver(ast, loop.target(), [&](NodeId at) { return ast.is(at, NodeKind::kName) && mentionsName(ast, call->func(), syntax::nameOf(ast, at)); });
  if (is_bound) return;
  TextRange range = ast.range(node);
  // The parentheses of a generator that is a call's only argument are the call's.
  bool is_bare = kind == NodeKind::kGeneratorExp && ast.is(ast.parent(node), NodeKind::kCall) && ast.as<syntax::Call>(ast.parent(node)).args().size() == 1 &&
                 ast.text()[range.begin] == '(' && range.end == ast.range(ast.parent(node)).end;
  if (is_bare) range = {ast.range(call->id).begin, ast.range(loop.iter()).end};
  auto finding = context.sink.begin("FURB140"_rule, range);
  std::optional<ImportedName> starmap = importName(context, "itertools", "starmap", node);
  std::string around = kind == NodeKind::kListComp ? "list" : kind == NodeKind::kSetComp ? "set" : "";
  if (!starmap || (!around.empty() && !isBuiltinAvailable(context, node, around))) return;
  std::string text = starmap->text + "(" + generatedOperand(ast, call->func(), Operand::kArgument) + ", " + generatedOperand(ast, loop.iter(), Operand::kArgument) + ")";
  if (!around.empty()) text = around + "(" + text + ")";
  std::vector<FixEdit> edits = {{range, std::move(text)}};
  if (starmap->edit) edits.push_back(*starmap->edit);
  finding.fix("Replace with `itertools.starmap`", std::move(edits));
}

void checkSetMutationLoop(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto loop = ast.as<syntax::For>(node);
  if (loop.isAsync() || !loop.orelse().empty() || loop.body().size() != 1) return;
  auto expr = ast.tryAs<syntax::ExprStmt>(loop.body()[0]);
  auto call = expr ? ast.tryAs<syntax::Call>(expr->value()) : std::nullopt;
  auto method = call && call->args().size() == 1 && !ast.is(call->args()[0], NodeKind::kKeyword) ? ast.tryAs<syntax::Attribute>(call->func()) : std::nullopt;
  if (!method || !ast.is(method->value(), NodeKind::kName)) return;
  std::string_view name = syntax::nameText(ast, method->attr());
  if ((name != "add" && name != "discard") || !isLastKnownAs(context, method->value(), Container::kSet)) return;
  NodeId argument = call->args()[0];
  std::string iter(ast.text(parenthesizedRange(ast, loop.iter())));
  auto tuple = ast.tryAs<syntax::Tuple>(loop.iter());
  if (tuple && iter[0] != '(') iter = "(" + iter + ")";
  std::string text = std::string(ast.text(method->value())) + (name == "add" ? ".update(" : ".difference_update(");
  bool is_same = ast.is(argument, NodeKind::kName) && ast.is(loop.target(), NodeKind::kName) && syntax::nameOf(ast, argument) == syntax::nameOf(ast, loop.target());
  if (is_same) {
    text += iter + ")";
  } else {
    bool is_loose = ast.is(loop.iter(), NodeKind::kIfExp) || ast.is(loop.iter(), NodeKind::kLambda);
    if (is_loose && iter[0] != '(') iter = "(" + iter + ")";
    text += std::string(ast.text(parenthesizedRange(ast, argument))) + " for " + std::string(ast.text(parenthesizedRange(ast, loop.target()))) + " in " + iter + ")";
  }
  FixSafety safety = hasComment(ast, ast.range(node)) ? FixSafety::kUnsafe : FixSafety::kSafe;
  auto finding = context.sink.begin("FURB142"_rule, ast.range(node), {name});
  // A generator neither unpacks nor yields.
  if (ast.is(argument, NodeKind::kStarred) || ast.is(argument, NodeKind::kYield) || ast.is(argument, NodeKind::kYieldFrom)) return;
  finding.fix("Replace with `." + std::string(name == "add" ? "update" : "difference_update") + "()`", {{ast.range(node), std::move(text)}}, safety);
}

// Nothing reads the target, or what the name is bound to after it.
static bool isUnusedTarget(const LintContext& context, const NameFlow& flow, NodeId target) {
  const Ast& ast = context.ast;
  if (auto tuple = ast.tryAs<syntax::Tuple>(target)) {
    for (NodeId element : tuple->elts()) {
      if (!isUnusedTarget(context, flow, element)) return false;
    }
    return true;
  }
  if (!ast.is(target, NodeKind::kName)) return false;
  SymbolId symbol = context.model.symbolAt(target);
  for (const FlowBinding& binding : flow.bindings) {
    if (binding.symbol == symbol && ast.range(binding.node).begin >= ast.range(target).begin && binding.isUsed()) return false;
  }
  return true;
}

void checkUnnecessaryEnumerate(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto loop = ast.as<syntax::For>(node);
  auto call = ast.tryAs<syntax::Call>(loop.iter());
  auto pair = ast.tryAs<syntax::Tuple>(loop.target());
  if (!call || !pair || pair->elts().size() != 2 || loop.isAsync() || call->args().empty() || !isBuiltin(context, call->func(), "enumerate")) return;
  NodeId sequence = call->args()[0];
  // Only what a name holds, as the peer has it.
  if (!ast.is(sequence, NodeKind::kName)) return;
  const NameFlow& flow = context.tokens.nameFlow(context);
  bool is_index_unused = isUnusedTarget(context, flow, pair->elts()[0]), is_value_unused = isUnusedTarget(context, flow, pair->elts()[1]);
  if (is_index_unused == is_value_unused) return;
  TextRange target = parenthesizedRange(ast, loop.target());
  if (is_index_unused) {
    context.sink.begin("FURB148Index"_rule, ast.range(call->func()))
        .fix("Remove `enumerate`", {{target, padded(ast, target, std::string(ast.text(parenthesizedRange(ast, pair->elts()[1]))))}, {ast.range(call->id), std::string(ast.text(sequence))}}, FixSafety::kUnsafe);
    return;
  }
  bool is_sized = ast.is(sequence, NodeKind::kName) && (isKnownAs(context, sequence, Container::kList) || isKnownAs(context, sequence, Container::kDict) ||
                                                        isKnownAs(context, sequence, Container::kSet) || isKnownAs(context, sequence, Container::kTuple));
  if (!is_sized) return;
  auto finding = context.sink.begin("FURB148Value"_rule, ast.range(call->func()));
  NodeId start = argumentOf(ast, call->id, "start", 1);
  bool can_fix = !start.valid() || intValue(ast, start) == 0;
  if (!can_fix || !isBuiltinAvailable(context, node, "range") || !isBuiltinAvailable(context, node, "len")) return;
  finding.fix("Replace with `range(len(...))`", {{target, padded(ast, target, std::string(ast.text(parenthesizedRange(ast, pair->elts()[0]))))},
                                                 {ast.range(call->id), "range(len(" + std::string(ast.text(sequence)) + "))"}}, FixSafety::kUnsafe);
}

}  // namespace krait::lint
