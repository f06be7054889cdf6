// RUF022, RUF023, RUF068: `__all__` and `__slots__` in order and without doubles.
#include <algorithm>
#include <set>

#include "analyzer/lint/assignments.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/natural_order.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

// Constants, then classes, then the rest, as isort groups the names of an import.
static int groupOf(std::string_view name) {
  bool has_lower = std::any_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  bool has_upper = std::any_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (has_upper && !has_lower && name.size() > 1) return 0;
  return !name.empty() && name[0] >= 'A' && name[0] <= 'Z' ? 1 : 2;
}

static bool comesBefore(std::string_view a, std::string_view b, bool is_grouped) {
  if (is_grouped && groupOf(a) != groupOf(b)) return groupOf(a) < groupOf(b);
  return compareNatural(a, b) < 0;
}

namespace {
struct Names {
  NodeId display;
  std::vector<NodeId> nodes;
  std::vector<std::string_view> values;
};
}  // namespace

static std::optional<Names> readNames(const Ast& ast, NodeId display) {
  Names out{.display = display, .nodes = {}, .values = {}};
  NodeKind kind = ast.kind(display);
  if (kind == NodeKind::kDict) {
    auto dict = ast.as<syntax::Dict>(display);
    for (NodeId key : dict.keys()) {
      std::optional<std::string_view> text = key.valid() ? syntax::stringValue(ast, key) : std::nullopt;
      if (!text) return std::nullopt;
      out.nodes.push_back(key);
      out.values.push_back(*text);
    }
    return out;
  }
  if (kind != NodeKind::kList && kind != NodeKind::kTuple && kind != NodeKind::kSet) return std::nullopt;
  for (NodeId elt : ast.list(display, 0)) {
    std::optional<std::string_view> text = syntax::stringValue(ast, elt);
    if (!text) return std::nullopt;
    out.nodes.push_back(elt);
    out.values.push_back(*text);
  }
  return out;
}

static bool isSorted(const Names& names, bool is_grouped) {
  for (size_t i = 1; i < names.values.size(); ++i) {
    if (comesBefore(names.values[i], names.values[i - 1], is_grouped)) return false;
  }
  return true;
}

// One line stays one line; of several, each element gets its own.
static std::optional<FixEdit> sortedEdit(const LintContext& context, const Names& names, bool is_grouped) {
  const Ast& ast = context.ast;
  if (ast.is(names.display, NodeKind::kDict) || hasComment(context, ast.range(names.display))) return std::nullopt;
  std::vector<size_t> order(names.values.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return comesBefore(names.values[a], names.values[b], is_grouped); });
  std::string_view whole = ast.text(names.display);
  bool is_multiline = isMultiline(context, ast.range(names.display));
  bool has_brackets = whole[0] == '[' || whole[0] == '(' || whole[0] == '{';
  std::string text(has_brackets ? whole.substr(0, 1) : "");
  bool has_comma = has_brackets && whole.substr(0, whole.size() - 1).find_last_not_of(" \t\r\n") != std::string_view::npos &&
                   whole[whole.substr(0, whole.size() - 1).find_last_not_of(" \t\r\n")] == ',';
  if (!is_multiline) {
    for (size_t i = 0; i < order.size(); ++i) text += (i > 0 ? ", " : "") + std::string(ast.text(names.nodes[order[i]]));
    if (has_comma) text += ",";
  } else {
    std::string outer(indentAt(context, ast.range(names.display).begin));
    std::string inner = outer + "    ";
    if (!has_brackets) return std::nullopt;
    for (size_t i = 0; i < order.size(); ++i) {
      text += "\n" + inner + std::string(ast.text(names.nodes[order[i]])) + ",";
    }
    text += "\n" + outer;
  }
  if (has_brackets) text += whole.back();
  return FixEdit{ast.range(names.display), text};
}

static void checkDoubles(LintContext& context, const Names& names) {
  std::set<std::string_view> seen;
  for (size_t i = 0; i < names.values.size(); ++i) {
    if (!seen.insert(names.values[i]).second) {
      TextRange gap{context.ast.range(names.nodes[i - 1]).end, context.ast.range(names.nodes[i]).end};
      auto finding = context.sink.begin("RUF068"_rule, context.ast.range(names.nodes[i]), {names.values[i]});
      if (!hasComment(context, gap)) finding.fix("Remove duplicate entries from `__all__`", {{gap, ""}});
    }
  }
}

static void checkAll(LintContext& context, NodeId value) {
  std::optional<Names> names = readNames(context.ast, value);
  if (!names || context.ast.is(value, NodeKind::kDict) || context.ast.is(value, NodeKind::kSet)) return;
  checkDoubles(context, *names);
  if (names->values.size() < 2 || isSorted(*names, true)) return;
  auto finding = context.sink.begin("RUF022"_rule, context.ast.range(value));
  if (std::optional<FixEdit> edit = sortedEdit(context, *names, true)) finding.fix("Apply an isort-style sorting to `__all__`", {*edit});
}

static void checkSlots(LintContext& context, NodeId statement, NodeId value) {
  const Ast& ast = context.ast;
  auto cls = ast.tryAs<syntax::ClassDef>(ast.parent(statement));
  std::optional<Names> names = cls ? readNames(ast, value) : std::nullopt;
  if (!names || names->values.size() < 2 || isSorted(*names, false)) return;
  std::string shown = std::string(syntax::nameText(ast, cls->name())) + ".__slots__";
  auto finding = context.sink.begin("RUF023"_rule, ast.range(value), {shown});
  if (std::optional<FixEdit> edit = sortedEdit(context, *names, false)) finding.fix("Apply a natural sort to `" + shown + "`", {*edit});
}

void checkUnsortedNames(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto [target, value] = soleAssignment(ast, node);
  if (auto added = ast.tryAs<syntax::AugAssign>(node)) {
    if (added->op() != syntax::BinaryOp::kAdd) return;
    target = added->target();
    value = added->value();
  } else if (auto statement = ast.tryAs<syntax::ExprStmt>(node)) {
    auto call = ast.tryAs<syntax::Call>(statement->value());
    auto method = call ? ast.tryAs<syntax::Attribute>(call->func()) : std::nullopt;
    if (!method || syntax::nameText(ast, method->attr()) != "extend" || call->args().size() != 1) return;
    target = method->value();
    value = call->args()[0];
  }
  if (!value.valid() || !ast.is(target, NodeKind::kName)) return;
  std::string_view name = syntax::nameText(ast, target);
  if (name == "__slots__") return checkSlots(context, node, value);
  bool is_module_level = context.model.enclosingScope(node) == SemanticModel::kModuleScope;
  if (name == "__all__" && is_module_level) checkAll(context, value);
}

}  // namespace krait::lint
