// PLE0237, PLE0241: attributes that the slots do not have, bases named twice. ref: pylint
#include <set>
#include <string>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"

namespace krait::lint {

using Names = std::set<std::string, std::less<>>;

// Adds the names that a display for `__slots__` holds; false when it holds what only running tells.
static bool addSlots(const Ast& ast, NodeId value, Names& out) {
  auto add = [&](NodeId expr) {
    auto text = expr.valid() ? syntax::stringValue(ast, expr) : std::nullopt;
    if (text) out.emplace(*text);
    return text.has_value();
  };
  NodeList elements;
  switch (ast.kind(value)) {
    case NodeKind::kTuple:
    case NodeKind::kList:
    case NodeKind::kSet: elements = ast.list(value, 0); break;
    case NodeKind::kDict: elements = ast.as<syntax::Dict>(value).keys(); break;
    default: return true;
  }
  bool is_known = true;
  for (NodeId element : elements) is_known = add(element) && is_known;
  return is_known;
}

static bool isSlots(const Ast& ast, NodeId target) {
  return ast.is(target, NodeKind::kName) && syntax::nameText(ast, target) == "__slots__";
}

// Nothing when what is assigned is not known; what is added counts where it is.
static Names slotsOf(const Ast& ast, NodeList body) {
  Names slots;
  for (NodeId statement : body) {
    NodeId target, value;
    auto added = ast.tryAs<syntax::AugAssign>(statement);
    if (auto assign = ast.tryAs<syntax::Assign>(statement); assign && assign->targets().size() == 1) {
      target = assign->targets()[0];
      value = assign->value();
    } else if (auto annotated = ast.tryAs<syntax::AnnAssign>(statement)) {
      target = annotated->target();
      value = annotated->value();
    } else if (added) {
      target = added->target();
      value = added->value();
    }
    bool is_slots = value.valid() && isSlots(ast, target);
    if (is_slots && !addSlots(ast, value, slots) && !added) return {};
  }
  return slots;
}

static void addSetters(const Ast& ast, NodeList body, Names& out) {
  for (NodeId statement : body) {
    auto function = ast.tryAs<syntax::FunctionDef>(statement);
    if (!function) continue;
    for (NodeId decorator : function->decorators()) {
      auto attribute = ast.tryAs<syntax::Attribute>(decorator);
      if (attribute && syntax::nameText(ast, attribute->attr()) == "setter") out.emplace(lastName(ast, attribute->value()));
    }
  }
}

static void checkTarget(LintContext& context, NodeId target, const Names& slots) {
  const Ast& ast = context.ast;
  auto attribute = ast.tryAs<syntax::Attribute>(target);
  if (!attribute || !ast.is(attribute->value(), NodeKind::kName) || syntax::nameText(ast, attribute->value()) != "self") return;
  std::string_view name = syntax::nameText(ast, attribute->attr());
  if (!slots.contains(name)) context.sink.begin("PLE0237"_rule, ast.range(target), {name});
}

static void checkSlots(LintContext& context, NodeList body) {
  const Ast& ast = context.ast;
  Names slots = slotsOf(ast, body);
  if (slots.empty() || slots.contains("__dict__")) return;
  addSetters(ast, body, slots);
  for (NodeId statement : body) {
    auto function = ast.tryAs<syntax::FunctionDef>(statement);
    if (!function || syntax::nameText(ast, function->name()) != "__init__") continue;
    for (NodeId inner : function->body()) {
      if (auto assign = ast.tryAs<syntax::Assign>(inner)) {
        if (assign->targets().size() == 1) checkTarget(context, assign->targets()[0], slots);
      } else if (ast.is(inner, NodeKind::kAnnAssign) || ast.is(inner, NodeKind::kAugAssign)) {
        checkTarget(context, ast.child(inner, 0), slots);
      }
    }
  }
}

void checkClassSlots(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto cls = ast.as<syntax::ClassDef>(node);
  bool is_plain = true;
  std::set<NameId> seen;
  for (NodeId base : cls.args()) {
    if (ast.is(base, NodeKind::kKeyword)) continue;
    is_plain = is_plain && isBuiltin(context, base, "object");
    if (!ast.is(base, NodeKind::kName) || seen.insert(syntax::nameOf(ast, base)).second) continue;
    std::string_view name = syntax::nameText(ast, base);
    uint32_t open = context.tokens.nextCode(ast.range(cls.args()[0]).begin).begin;
    while (ast.text()[open] != '(') --open;
    uint32_t close = context.tokens.nextCode(ast.range(cls.args().back()).end).begin;
    FixEdit edit = removeArgument(context, cls.args(), base, open, close + 1, true);
    context.sink.begin("PLE0241"_rule, ast.range(base), {name, syntax::nameText(ast, cls.name())})
        .fix("Remove duplicate base", {edit}, hasComment(context, edit.range) ? FixSafety::kUnsafe : FixSafety::kSafe);
  }
  if (is_plain) checkSlots(context, cls.body());
}

}  // namespace krait::lint
