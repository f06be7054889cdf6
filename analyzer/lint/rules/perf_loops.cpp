// PERF101, PERF102, PERF401, PERF402, PERF403: loops that a comprehension, a copy or another view replaces. ref: perflint
#include <string>
#include <vector>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

static bool isDisplay(const Ast& ast, NodeId expr) {
  return ast.is(expr, NodeKind::kTuple) || ast.is(expr, NodeKind::kList) || ast.is(expr, NodeKind::kSet);
}

// Does a statement of the body change the list: call a method of it that does, or assign to it or its items?
static bool isChangedIn(const Ast& ast, NodeList body, NameId name) {
  auto isList = [&](NodeId node) { return ast.is(node, NodeKind::kName) && syntax::nameOf(ast, node) == name; };
  for (NodeId statement : body) {
    bool is_changed = anyOver(ast, statement, [&](NodeId node) {
      if (auto expr = ast.tryAs<syntax::ExprStmt>(node)) {
        auto call = ast.tryAs<syntax::Call>(expr->value());
        auto method = call ? ast.tryAs<syntax::Attribute>(call->func()) : std::nullopt;
        return method && isList(method->value()) &&
               isOneOf(syntax::nameText(ast, method->attr()), {"append", "extend", "insert", "remove", "pop", "clear", "reverse", "sort"});
      }
      auto subscript = ast.tryAs<syntax::Subscript>(node);
      if (subscript) return subscript->context() != syntax::ExprContext::kLoad && isList(subscript->value());
      auto named = ast.tryAs<syntax::Name>(node);
      return named && named->context() != syntax::ExprContext::kLoad && named->name() == name && !ast.is(ast.parent(node), NodeKind::kAssign);
    });
    if (is_changed) return true;
  }
  return false;
}

void checkListCast(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto loop = ast.as<syntax::For>(node);
  auto call = ast.tryAs<syntax::Call>(loop.iter());
  if (!call || call->args().size() != 1 || !isBuiltin(context, call->func(), "list")) return;
  NodeId arg = call->args()[0];
  bool is_display = isDisplay(ast, arg);
  if (!is_display && ast.is(arg, NodeKind::kName)) {
    const Definition* last = lastDefinition(context, arg);
    NodeId value = last != nullptr ? definedValue(context, *last) : NodeId::none();
    is_display = value.valid() && isDisplay(ast, value) && !isChangedIn(ast, loop.body(), syntax::nameOf(ast, arg));
  }
  if (!is_display) return;
  TextRange range = ast.range(loop.iter());
  context.sink.begin("PERF101"_rule, range)
      .fix("Remove `list()` cast", {{range, std::string(ast.text(parenthesizedRange(ast, arg)))}},
           hasComment(ast, range) ? FixSafety::kUnsafe : FixSafety::kSafe);
}

// Is nothing in the target read anywhere?
static bool isUnused(const LintContext& context, NodeId target) {
  const Ast& ast = context.ast;
  if (auto tuple = ast.tryAs<syntax::Tuple>(target)) {
    for (NodeId element : tuple->elts()) {
      if (!isUnused(context, element)) return false;
    }
    return true;
  }
  if (!ast.is(target, NodeKind::kName)) return false;
  SymbolId owner = context.model.ownerAt(target);
  if (!owner.valid()) return false;
  return context.model.references(owner).empty();
}

static void checkItems(LintContext& context, NodeId targets, NodeId iter) {
  const Ast& ast = context.ast;
  auto target = ast.tryAs<syntax::Tuple>(targets);
  auto call = ast.tryAs<syntax::Call>(iter);
  if (!target || target->elts().size() != 2 || !call || !call->args().empty()) return;
  auto method = ast.tryAs<syntax::Attribute>(call->func());
  if (!method || syntax::nameText(ast, method->attr()) != "items") return;
  bool no_key = isUnused(context, target->elts()[0]), no_value = isUnused(context, target->elts()[1]);
  if (no_key == no_value) return;
  std::string what = no_key ? "values" : "keys";
  NodeId kept = target->elts()[no_key ? 1 : 0];
  context.sink.begin("PERF102"_rule, ast.range(method->id), {what, what})
      .fix("Replace `.items()` with `." + what + "()`",
           {{parenthesizedRange(ast, target->id), std::string(ast.text(kept))}, {ast.range(method->attr()), what}}, FixSafety::kUnsafe);
}

void checkDictIterator(LintContext& context, NodeId node) {
  auto loop = context.ast.as<syntax::For>(node);
  checkItems(context, loop.target(), loop.iter());
}

void checkDictIteratorInComprehension(LintContext& context, NodeId node) {
  auto loop = context.ast.as<syntax::Comprehension>(node);
  if (context.options.preview) checkItems(context, loop.target(), loop.iter());
}

// The only statement of the loop, through one `if` without else; the `if` comes back in `test`.
static NodeId onlyStatement(const Ast& ast, syntax::For loop, NodeId& test) {
  if (loop.body().size() != 1) return NodeId::none();
  auto condition = ast.tryAs<syntax::If>(loop.body()[0]);
  if (!condition) return loop.body()[0];
  if (!condition->orelse().empty() || condition->body().size() != 1) return NodeId::none();
  test = condition->test();
  return condition->body()[0];
}

static bool isUsedAfter(const LintContext& context, NodeId target, uint32_t end) {
  const Ast& ast = context.ast;
  return anyOver(ast, target, [&](NodeId node) {
    SymbolId owner = ast.is(node, NodeKind::kName) ? context.model.ownerAt(node) : SymbolId::none();
    if (!owner.valid()) return false;
    for (const Reference& reference : context.model.references(owner)) {
      uint32_t at = ast.range(reference.node).begin;
      if (at < end) continue;
      // A later binding before the read is another matter.
      bool is_rebound = false;
      for (const Definition& definition : context.model.definitions(owner)) {
        uint32_t bound = ast.range(definition.node).begin;
        is_rebound |= bound >= end && bound < at;
      }
      if (!is_rebound) return true;
    }
    return false;
  });
}

// Is the container made empty in the loop's own block, and not used between that and the loop? Then the loop is all that
// fills it.
static bool isMadeEmptyBefore(const LintContext& context, const Definition& definition, NodeId name, NodeId loop) {
  const Ast& ast = context.ast;
  NodeId made = definedValue(context, definition);
  auto list = ast.tryAs<syntax::List>(made);
  auto dict = ast.tryAs<syntax::Dict>(made);
  auto call = ast.tryAs<syntax::Call>(made);
  auto assign = ast.tryAs<syntax::Assign>(definition.owner);
  bool is_empty = (list && list->elts().empty()) || (dict && dict->values().empty()) || (call && call->args().empty());
  if (!is_empty || (assign && (assign->targets().size() != 1 || assign->targets()[0] != definition.node)) || blockOf(ast, definition.owner).data() != blockOf(ast, loop).data()) return false;
  for (const Reference& reference : context.model.references(context.model.ownerAt(name))) {
    uint32_t at = ast.range(reference.node).begin;
    if (at > ast.range(definition.owner).end && at < ast.range(loop).begin) return false;
  }
  return true;
}

// The comments in the range, each with what stands before the next line's code.
static std::string commentsIn(const LintContext& context, TextRange range, const std::string& gap) {
  std::string out;
  for (const syntax::Comment& comment : context.ast.comments()) {
    if (comment.begin >= range.begin && comment.begin < range.end) out += std::string(context.ast.text({comment.begin, comment.end})) + gap;
  }
  return out;
}

// The `for … in … if …` of a comprehension that does what the loop does.
static std::string clauseText(const Ast& ast, syntax::For loop, NodeId test) {
  auto grouped = [&](NodeId expr, bool is_open) {
    TextRange range = parenthesizedRange(ast, expr);
    bool has_own = range.begin != ast.range(expr).begin;
    std::string text(ast.text(range));
    return is_open && !has_own && !text.starts_with("(") ? "(" + text + ")" : text;
  };
  std::string iter = grouped(loop.iter(), ast.is(loop.iter(), NodeKind::kTuple));
  std::string condition;
  if (test.valid()) {
    bool is_weak = ast.is(test, NodeKind::kNamedExpr) || ast.is(test, NodeKind::kIfExp) || ast.is(test, NodeKind::kLambda);
    condition = " if " + (is_weak ? "(" + std::string(ast.text(test)) + ")" : std::string(ast.text(test)));
  }
  return std::string(loop.isAsync() ? "async for " : "for ") + std::string(ast.text(parenthesizedRange(ast, loop.target()))) + " in " + iter + condition;
}

// The loop as one statement: where the container is made empty just before, its value is the comprehension (in these
// brackets), else `extended`. Comments go in front.
static std::vector<FixEdit> loopEdits(const LintContext& context, syntax::For loop, NodeId statement, const Definition& definition, bool is_near,
                                      const std::string& comprehension, const std::string& extended) {
  const Ast& ast = context.ast;
  TextRange range = ast.range(loop.id);
  std::string gap = std::string(lineEndText(context)) + std::string(indentationAt(context, range.begin));
  std::string comments = commentsIn(context, {range.begin, ast.range(statement).end}, gap);
  if (!is_near) return {{range, comments + extended}};
  FixEdit removed = deleteStatement(context, definition.owner);
  TextRange made = ast.range(definition.owner);
  comments = commentsIn(context, {made.end, removed.range.end}, gap) + comments;
  auto annotated = ast.tryAs<syntax::AnnAssign>(definition.owner);
  std::string target(ast.text({made.begin, annotated ? ast.range(annotated->annotation()).end : ast.range(definition.node).end}));
  return {removed, {range, comments + target + " = " + comprehension}};
}

static void checkAppend(LintContext& context, syntax::For loop, NodeId statement, NodeId test) {
  const Ast& ast = context.ast;
  auto call = ast.tryAs<syntax::Call>(ast.as<syntax::ExprStmt>(statement).value());
  auto method = call && call->args().size() == 1 ? ast.tryAs<syntax::Attribute>(call->func()) : std::nullopt;
  if (!method || syntax::nameText(ast, method->attr()) != "append" || !ast.is(method->value(), NodeKind::kName)) return;
  NodeId arg = call->args()[0];
  if (ast.is(arg, NodeKind::kKeyword)) return;
  NameId list = syntax::nameOf(ast, method->value());
  bool is_copy = ast.is(arg, NodeKind::kName) && ast.is(loop.target(), NodeKind::kName) &&
                 syntax::nameOf(ast, arg) == syntax::nameOf(ast, loop.target());
  if (mentionsName(ast, arg, list)) return;
  if (!isKnownAs(context, method->value(), Container::kList)) return;
  // The function that says `global` makes the list itself.
  const NameFlow& flow = context.tokens.nameFlow(context);
  uint32_t binding = flow.resolved[method->value().value];
  if (binding != kNoBinding && flow.bindings[binding].is_global && flow.bindings[binding].kind == BindKind::kAssignment) return;
  const Definition* definition = onlyDefinition(context, method->value());
  if (is_copy && !test.valid() && !loop.isAsync()) {
    context.sink.begin("PERF402"_rule, ast.range(statement));
    return;
  }
  if (test.valid() && mentionsName(ast, test, list)) return;
  if (isUsedAfter(context, loop.target(), ast.range(loop.id).end)) return;
  if (!ast.is(loop.target(), NodeKind::kName)) return;
  bool is_near = isMadeEmptyBefore(context, *definition, method->value(), loop.id);
  std::string_view what = is_near ? (loop.isAsync() ? "an async list comprehension" : "a list comprehension")
                                  : (loop.isAsync() ? "`list.extend` with an async comprehension" : "`list.extend`");
  auto finding = context.sink.begin("PERF401"_rule, ast.range(statement), {what});
  if (!context.options.preview) return;
  std::string element = std::string(ast.text(ast.is(arg, NodeKind::kTuple) ? parenthesizedRange(ast, arg) : ast.range(arg))) + " " + clauseText(ast, loop, test);
  // `extend` takes no asynchronous generator.
  std::string extended = std::string(ast.text(method->value())) + (loop.isAsync() ? ".extend([" + element + "])" : ".extend(" + element + ")");
  finding.fix(is_near ? "Replace for loop with list comprehension" : "Replace for loop with list.extend",
              loopEdits(context, loop, statement, *definition, is_near, "[" + element + "]", extended), FixSafety::kUnsafe);
}

static void checkStore(LintContext& context, syntax::For loop, NodeId statement, NodeId test) {
  const Ast& ast = context.ast;
  auto assign = ast.as<syntax::Assign>(statement);
  auto item = assign.targets().size() == 1 ? ast.tryAs<syntax::Subscript>(assign.targets()[0]) : std::nullopt;
  if (!item || !ast.is(item->value(), NodeKind::kName)) return;
  auto isTarget = [&](NodeId expr) {
    return ast.is(expr, NodeKind::kName) && mentionsName(ast, loop.target(), syntax::nameOf(ast, expr));
  };
  if (!isTarget(item->slice()) || !isTarget(assign.value())) return;
  if (!ast.is(loop.target(), NodeKind::kTuple) && !ast.is(loop.target(), NodeKind::kName)) return;
  NameId dict = syntax::nameOf(ast, item->value());
  if (test.valid() && mentionsName(ast, test, dict)) return;
  if (mentionsName(ast, loop.target(), dict)) return;
  if (!isKnownAs(context, item->value(), Container::kDict)) return;
  const Definition* definition = onlyDefinition(context, item->value());
  if (isUsedAfter(context, loop.target(), ast.range(loop.id).end)) return;
  bool is_new = !context.options.preview || isMadeEmptyBefore(context, *definition, item->value(), loop.id);
  auto finding = context.sink.begin("PERF403"_rule, ast.range(statement), {is_new ? "a dictionary comprehension" : "`dict.update`", loop.isAsync() ? "an async for-loop" : "a for-loop"});
  if (!context.options.preview) return;
  std::string made = "{" + std::string(ast.text(item->slice())) + ": " + std::string(ast.text(assign.value())) + " " + clauseText(ast, loop, test) + "}";
  std::string extended = std::string(ast.text(item->value())) + ".update(" + made + ")";
  finding.fix(std::string(loop.isAsync() ? "Replace async for loop with " : "Replace for loop with ") + (is_new ? "dict comprehension" : "`dict.update`"),
              loopEdits(context, loop, statement, *definition, is_new, made, extended), FixSafety::kUnsafe);
}

void checkBuildingLoops(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto loop = ast.as<syntax::For>(node);
  NodeId test;
  NodeId statement = onlyStatement(ast, loop, test);
  if (ast.is(statement, NodeKind::kExprStmt)) checkAppend(context, loop, statement, test);
  if (ast.is(statement, NodeKind::kAssign)) checkStore(context, loop, statement, test);
}

}  // namespace krait::lint
