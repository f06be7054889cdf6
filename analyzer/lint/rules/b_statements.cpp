// B002, B003, B017, B021, B032, B035: statements and operators that look like something else. ref: flake8-bugbear
#include <string>
#include <vector>

#include "analyzer/lint/calls.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::UnaryOperator;

void checkDoubleSigns(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto outer = ast.as<syntax::UnaryOp>(node);
  auto inner = ast.tryAs<syntax::UnaryOp>(outer.operand());
  if (!inner || inner->op() != outer.op()) return;
  if (outer.op() == UnaryOperator::kUAdd) context.sink.begin("B002"_rule, ast.range(node), {"increment", "++"});
  if (outer.op() == UnaryOperator::kUSub) context.sink.begin("B002"_rule, ast.range(node), {"decrement", "--"});
}

void checkEnvironAssign(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto assign = ast.as<syntax::Assign>(node);
  auto target = assign.targets().size() == 1 ? ast.tryAs<syntax::Attribute>(assign.targets()[0]) : std::nullopt;
  if (!target || syntax::nameText(ast, target->attr()) != "environ" || syntax::nameText(ast, target->value()) != "os") return;
  context.sink.begin("B003"_rule, ast.range(target->id));
}

static void checkBlindRaises(LintContext& context, NodeId node, bool is_item) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node);
  auto method = ast.tryAs<syntax::Attribute>(call.func());
  bool is_unittest = method && syntax::nameText(ast, method->attr()) == "assertRaises";
  bool is_pytest = !is_unittest && calleeName(context, node) == "pytest.raises";
  if ((!is_unittest && !is_pytest) || (is_pytest && keywordOf(ast, node, "match").valid())) return;
  NodeId expected = argumentOf(ast, node, is_pytest ? "expected_exception" : "exception", 0);
  if (!expected.valid() || (!is_item && call.args().size() < 2)) return;
  std::string name = qualifiedName(context, expected);
  if (name != "builtins.Exception" && name != "builtins.BaseException") return;
  context.sink.begin("B017"_rule, ast.range(node), {std::string_view(name).substr(9)});
}

void checkBlindRaisesItems(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId id : ast.as<syntax::With>(node).items()) {
    auto item = ast.as<syntax::WithItem>(id);
    if (!item.optionalVars().valid() && ast.is(item.contextExpr(), NodeKind::kCall)) checkBlindRaises(context, item.contextExpr(), true);
  }
}

void checkBlindRaisesCalls(LintContext& context, NodeId node) {
  if (!context.ast.is(context.ast.parent(node), NodeKind::kWithItem)) checkBlindRaises(context, node, false);
}

void checkFStringDocstring(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId parent = ast.parent(node);
  NodeKind kind = ast.kind(parent);
  if (kind != NodeKind::kModule && kind != NodeKind::kClassDef && kind != NodeKind::kFunctionDef) return;
  NodeId value = ast.as<syntax::ExprStmt>(node).value();
  if (!ast.is(value, NodeKind::kJoinedStr) || syntax::bodyOf(ast, parent)[0] != node) return;
  context.sink.begin("B021"_rule, ast.range(node));
}

void checkUnintendedAnnotation(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto statement = ast.as<syntax::AnnAssign>(node);
  if (statement.value().valid()) return;
  auto subscript = ast.tryAs<syntax::Subscript>(statement.target());
  auto attribute = ast.tryAs<syntax::Attribute>(statement.target());
  NodeId base = subscript ? subscript->value() : attribute ? attribute->value() : NodeId::none();
  if (!ast.is(base, NodeKind::kName)) return;
  if (attribute && syntax::nameText(ast, base) == "self") return;
  context.sink.begin("B032"_rule, ast.range(node));
}

static void collectTargets(const Ast& ast, NodeId target, std::vector<NameId>& out) {
  anyOver(ast, target, [&](NodeId node) {
    // `for x.a in y` binds no name.
    bool is_target = ast.is(node, NodeKind::kName) && !ast.is(ast.parent(node), NodeKind::kAttribute) && !ast.is(ast.parent(node), NodeKind::kSubscript);
    if (is_target) out.push_back(syntax::nameOf(ast, node));
    return false;
  });
}

static bool isStatic(const Ast& ast, NodeId key, const std::vector<NameId>& names) {
  auto all = [&](NodeList list) {
    for (NodeId node : list) {
      if (!isStatic(ast, node, names)) return false;
    }
    return true;
  };
  switch (ast.kind(key)) {
    case NodeKind::kConstant: return true;
    case NodeKind::kTuple: return all(ast.as<syntax::Tuple>(key).elts());
    case NodeKind::kBoolOp: return all(ast.as<syntax::BoolOp>(key).values());
    case NodeKind::kName:
      for (NameId name : names) {
        if (name == syntax::nameOf(ast, key)) return false;
      }
      return true;
    case NodeKind::kAttribute: return isStatic(ast, ast.as<syntax::Attribute>(key).value(), names);
    case NodeKind::kSubscript:
      return isStatic(ast, ast.as<syntax::Subscript>(key).value(), names) && isStatic(ast, ast.as<syntax::Subscript>(key).slice(), names);
    case NodeKind::kBinOp:
      return isStatic(ast, ast.as<syntax::BinOp>(key).left(), names) && isStatic(ast, ast.as<syntax::BinOp>(key).right(), names);
    case NodeKind::kUnaryOp: return isStatic(ast, ast.as<syntax::UnaryOp>(key).operand(), names);
    default: return false;
  }
}

void checkStaticKeys(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto comprehension = ast.as<syntax::DictComp>(node);
  std::vector<NameId> names;
  for (NodeId generator : comprehension.generators()) collectTargets(ast, ast.as<syntax::Comprehension>(generator).target(), names);
  auto add = [&](NodeId part) {
    if (auto named = ast.tryAs<syntax::NamedExpr>(part)) names.push_back(syntax::nameOf(ast, named->target()));
    return false;
  };
  for (NodeId generator : comprehension.generators()) anyOver(ast, generator, add);
  if (!isStatic(ast, comprehension.key(), names)) return;
  context.sink.begin("B035"_rule, ast.range(comprehension.key()), {ast.text(comprehension.key())});
}

}  // namespace krait::lint
