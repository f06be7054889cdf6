// PLC0206, PLR1733, PLR1736: values looked up that the loop has already. ref: pylint
#include <algorithm>
#include <string>
#include <vector>

#include "analyzer/lint/bindings.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/generated_code.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::ExprContext;

namespace {
struct Loop {
  NodeId container;  // what is looked up in
  NodeId index;
  NodeId value;
};
}  // namespace

static bool isName(const Ast& ast, NodeId expr, NameId name) {
  return ast.is(expr, NodeKind::kName) && syntax::nameOf(ast, expr) == name;
}

// Collects `container[index]` where it is read; stops the search where one of them changes.
static void collectLookups(const Ast& ast, NodeId node, const Loop& loop, bool& is_changed, std::vector<NodeId>& out) {
  if (is_changed) return;
  NameId index = syntax::nameOf(ast, loop.index);
  auto isLookup = [&](NodeId expr) {
    auto subscript = ast.tryAs<syntax::Subscript>(expr);
    return subscript && isName(ast, subscript->slice(), index) && isSameExpr(ast, subscript->value(), loop.container);
  };
  auto changes = [&](NodeId target) {
    return isLookup(target) || isName(ast, target, index) || isSameExpr(ast, target, loop.container) ||
           (loop.value.valid() && isName(ast, target, syntax::nameOf(ast, loop.value)));
  };
  if (auto assign = ast.tryAs<syntax::Assign>(node)) {
    for (NodeId target : assign->targets()) is_changed = is_changed || changes(target);
    collectLookups(ast, assign->value(), loop, is_changed, out);
    return;
  }
  if (auto annotated = ast.tryAs<syntax::AnnAssign>(node)) {
    is_changed = is_changed || changes(annotated->target());
    if (annotated->value().valid()) collectLookups(ast, annotated->value(), loop, is_changed, out);
    return;
  }
  if (auto augmented = ast.tryAs<syntax::AugAssign>(node)) {
    collectLookups(ast, augmented->value(), loop, is_changed, out);
    is_changed = is_changed || changes(augmented->target());
    return;
  }
  if (auto deletion = ast.tryAs<syntax::Delete>(node)) {
    for (NodeId target : deletion->targets()) is_changed = is_changed || changes(target);
    return;
  }
  if (isLookup(node)) return out.push_back(node);
  syntax::forEachChild(ast, node, [&](NodeId child) { collectLookups(ast, child, loop, is_changed, out); });
}

static std::optional<Loop> pairLoop(const LintContext& context, NodeId target, NodeId iter, bool is_dict) {
  const Ast& ast = context.ast;
  auto tuple = ast.tryAs<syntax::Tuple>(target);
  auto call = ast.tryAs<syntax::Call>(iter);
  if (!tuple || tuple->elts().size() != 2 || !call) return std::nullopt;
  NodeId index = tuple->elts()[0], value = tuple->elts()[1];
  if (!ast.is(index, NodeKind::kName) || !ast.is(value, NodeKind::kName)) return std::nullopt;
  if (syntax::nameText(ast, value) == "_" || syntax::nameText(ast, index) == "_") return std::nullopt;
  if (is_dict) {
    auto method = call->args().empty() ? ast.tryAs<syntax::Attribute>(call->func()) : std::nullopt;
    bool is_items = method && syntax::nameText(ast, method->attr()) == "items" && ast.is(method->value(), NodeKind::kName);
    return is_items ? std::optional(Loop{method->value(), index, value}) : std::nullopt;
  }
  if (call->args().empty() || call->args().size() > 2 || !isBuiltin(context, call->func(), "enumerate")) return std::nullopt;
  NodeId start = argumentOf(ast, iter, "start", 1);
  if (start.valid() && intValue(ast, start) != 0) return std::nullopt;
  if (!ast.is(call->args()[0], NodeKind::kName)) return std::nullopt;
  return Loop{call->args()[0], index, value};
}

static void report(LintContext& context, const Loop& loop, const std::vector<NodeId>& found, bool is_dict) {
  const Ast& ast = context.ast;
  std::string value(ast.text(loop.value));
  for (NodeId node : found) {
    std::string title = is_dict ? "Use existing variable" : "Use the loop variable directly";
    context.sink.begin(is_dict ? "PLR1733"_rule : "PLR1736"_rule, ast.range(node)).fix(title, {{ast.range(node), value}});
  }
}

static void checkPairLookups(LintContext& context, NodeId node, bool is_dict) {
  const Ast& ast = context.ast;
  std::vector<NodeId> found;
  bool is_changed = false;
  if (auto statement = ast.tryAs<syntax::For>(node)) {
    auto loop = pairLoop(context, statement->target(), statement->iter(), is_dict);
    if (!loop) return;
    for (NodeId child : statement->body()) collectLookups(ast, child, *loop, is_changed, found);
    return report(context, *loop, found, is_dict);
  }
  bool is_dict_comp = ast.is(node, NodeKind::kDictComp);
  for (NodeId generator : ast.list(node, is_dict_comp ? 2 : 1)) {
    auto comprehension = ast.as<syntax::Comprehension>(generator);
    auto loop = pairLoop(context, comprehension.target(), comprehension.iter(), is_dict);
    if (!loop) continue;
    found.clear();
    collectLookups(ast, ast.child(node, is_dict_comp ? 1 : 0), *loop, is_changed, found);
    for (NodeId condition : is_dict ? comprehension.ifs() : NodeList{}) collectLookups(ast, condition, *loop, is_changed, found);
    report(context, *loop, found, is_dict);
  }
}

void checkDictLookups(LintContext& context, NodeId node) { checkPairLookups(context, node, true); }
void checkListLookups(LintContext& context, NodeId node) { checkPairLookups(context, node, false); }

static bool isSameKey(const Ast& ast, NodeId slice, NodeId target) {
  return ast.kind(slice) == ast.kind(target) && generatedCode(ast, slice) == generatedCode(ast, target);
}

// Is the dictionary's item of the loop's key read? Of other subscripts only those of names are looked into.
static bool looksUp(const Ast& ast, NodeId node, NameId dict, NodeId key) {
  if (auto subscript = ast.tryAs<syntax::Subscript>(node)) {
    if (!ast.is(subscript->value(), NodeKind::kName)) return false;
    if (!isName(ast, subscript->value(), dict)) return looksUp(ast, subscript->slice(), dict, key);
    bool is_read = subscript->context() == ExprContext::kLoad && !ast.is(ast.parent(node), NodeKind::kAugAssign);
    return is_read && isSameKey(ast, subscript->slice(), key);
  }
  bool is_found = false;
  syntax::forEachChild(ast, node, [&](NodeId child) { is_found = is_found || looksUp(ast, child, dict, key); });
  return is_found;
}

void checkMissingItems(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto loop = ast.as<syntax::For>(node);
  NodeId dict = loop.iter();
  if (auto call = ast.tryAs<syntax::Call>(dict)) {
    auto method = call->args().empty() ? ast.tryAs<syntax::Attribute>(call->func()) : std::nullopt;
    if (!method || syntax::nameText(ast, method->attr()) != "keys") return;
    dict = method->value();
  }
  if (!ast.is(dict, NodeKind::kName) || !isKnownAs(context, dict, Container::kDict)) return;
  bool has_lookup = false;
  for (NodeId statement : loop.body()) has_lookup = has_lookup || looksUp(ast, statement, syntax::nameOf(ast, dict), loop.target());
  if (has_lookup) context.sink.begin("PLC0206"_rule, {ast.range(loop.target()).begin, ast.range(loop.iter()).end});
}

}  // namespace krait::lint
