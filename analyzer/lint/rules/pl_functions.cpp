// PLR1711, PLW0108, PLR0402, PLC2401, PLR1716, PLC0208: things written longer than needed, and names. ref: pylint
#include <string>
#include <vector>

#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::CompareOperator;
using syntax::ParameterKind;

// Functions inside have their own.
static bool hasReturn(const Ast& ast, NodeId node) {
  if (ast.is(node, NodeKind::kReturn)) return true;
  if (ast.is(node, NodeKind::kFunctionDef) || ast.is(node, NodeKind::kClassDef)) return false;
  bool is_found = false;
  syntax::forEachChild(ast, node, [&](NodeId child) { is_found = is_found || hasReturn(ast, child); });
  return is_found;
}

void checkUselessReturn(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  NodeList body = function.body();
  auto last = ast.tryAs<syntax::Return>(body.back());
  if (!last || body.size() < 2 || (last->value().valid() && !isNone(ast, last->value()))) return;
  if (function.returns().valid() && !isNone(ast, function.returns())) return;
  if (body.size() == 2) {
    auto first = ast.tryAs<syntax::ExprStmt>(body[0]);
    if (first && isStr(ast, first->value())) return;
  }
  bool has_return = false;
  for (NodeId statement : body) {
    if (statement == last->id) continue;
    has_return = has_return || hasReturn(ast, statement);
  }
  if (has_return) return;
  // A comment behind it stays.
  uint32_t after = ast.range(last->id).end;
  while (after < ast.text().size() && (ast.text()[after] == ' ' || ast.text()[after] == '\t')) ++after;
  bool has_comment = after < ast.text().size() && ast.text()[after] == '#';
  FixEdit removal = has_comment ? FixEdit{{ast.range(last->id).begin, after}, ""} : deleteStatement(context, last->id);
  context.sink.begin("PLR1711"_rule, ast.range(last->id)).fix("Remove useless `return` statement", {removal});
}

// Do the call's arguments repeat the lambda's parameters, in order?
static bool passesOn(const Ast& ast, NodeList params, NodeList args) {
  if (params.size() != args.size()) return false;
  for (size_t i = 0; i < params.size(); ++i) {
    auto param = ast.as<syntax::Parameter>(params[i]);
    if (param.defaultValue().valid()) return false;
    NodeId value = args[i];
    bool fits = false;
    switch (param.parameterKind()) {
      case ParameterKind::kPositionalOnly: break;
      case ParameterKind::kPositionalOrKeyword: fits = ast.is(value, NodeKind::kName); break;
      case ParameterKind::kVarPositional:
        if (auto starred = ast.tryAs<syntax::Starred>(value)) {
          value = starred->value();
          fits = true;
        }
        break;
      case ParameterKind::kVarKeyword:
        if (auto keyword = ast.tryAs<syntax::Keyword>(value)) {
          fits = !keyword->arg().valid();
          value = keyword->value();
        }
        break;
      case ParameterKind::kKeywordOnly: break;
    }
    if (!fits || !ast.is(value, NodeKind::kName) || syntax::nameText(ast, value) != definedName(ast, params[i])) return false;
  }
  return true;
}

void checkUnnecessaryLambda(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto lambda = ast.as<syntax::Lambda>(node);
  auto call = ast.tryAs<syntax::Call>(lambda.body());
  if (!call) return;
  // A method of what a call gives is looked at anew each time.
  NodeId func = call->func();
  auto method = ast.tryAs<syntax::Attribute>(func);
  if (method && ast.is(method->value(), NodeKind::kCall)) return;
  NodeList params = ast.as<syntax::Parameters>(lambda.params()).params();
  if (!passesOn(ast, params, call->args())) return;
  for (NodeId param : params) {
    NameId name = syntax::nameOf(ast, ast.as<syntax::Parameter>(param).name());
    if (mentionsName(ast, func, name)) return;
  }
  std::string text(ast.text(func));
  if (ast.is(func, NodeKind::kNamedExpr)) text = "(" + text + ")";
  bool needs = ast.is(func, NodeKind::kLambda) && ast.is(ast.parent(node), NodeKind::kCall) && ast.as<syntax::Call>(ast.parent(node)).func() == node;
  context.sink.begin("PLW0108"_rule, ast.range(node))
      .fix("Inline function call", {{ast.range(node), needs ? "(" + text + ")" : text}}, FixSafety::kUnsafe);
}

void checkManualFromImport(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto alias = ast.as<syntax::Alias>(node);
  NodeId statement = ast.parent(node);
  if (!alias.asname().valid() || !ast.is(statement, NodeKind::kImport)) return;
  std::string_view name = syntax::nameText(ast, alias.name());
  size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || name.substr(dot + 1) != syntax::nameText(ast, alias.asname())) return;
  std::string module(name.substr(0, dot)), member(name.substr(dot + 1));
  auto finding = context.sink.begin("PLR0402"_rule, ast.range(node), {module, member});
  if (ast.as<syntax::Import>(statement).names().size() > 1) return;
  std::string text = "from " + module + " import " + member;
  finding.fix("Replace with `" + text + "`", {{ast.range(statement), text}});
}

static bool isAscii(std::string_view text) {
  for (char c : text) {
    if (c & 0x80) return false;
  }
  return true;
}

void checkNonAsciiNames(LintContext& context) {
  const Ast& ast = context.ast;
  for (const Definition& definition : context.model.allDefinitions()) {
    std::string_view name = ast.text(definition.node);
    if (isAscii(name)) continue;
    std::string_view kind;
    switch (definition.kind) {
      case DefinitionKind::kAssign:
      case DefinitionKind::kFor:
      case DefinitionKind::kWith:
      case DefinitionKind::kPattern:
      case DefinitionKind::kNamedExpr:
      case DefinitionKind::kAnnotation:
      case DefinitionKind::kAnnAssign: kind = "Variable"; break;
      case DefinitionKind::kParameter: kind = "Argument"; break;
      case DefinitionKind::kFunction: kind = "Function"; break;
      case DefinitionKind::kClass: kind = "Class"; break;
      default: continue;
    }
    std::string shown(name);
    context.sink.begin("PLC2401"_rule, ast.range(definition.node), {kind, shown});
  }
}

static bool pointsSameWay(CompareOperator a, CompareOperator b) {
  auto isLess = [](CompareOperator op) { return op == CompareOperator::kLt || op == CompareOperator::kLtE; };
  auto isGreater = [](CompareOperator op) { return op == CompareOperator::kGt || op == CompareOperator::kGtE; };
  return (isLess(a) && isLess(b)) || (isGreater(a) && isGreater(b));
}

void checkChainedComparison(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto op = ast.as<syntax::BoolOp>(node);
  if (op.op() != syntax::BoolOperator::kAnd) return;
  for (NodeId value : op.values()) {
    if (!ast.is(value, NodeKind::kCompare)) return;
  }
  for (size_t i = 0; i + 1 < op.values().size(); ++i) {
    auto left = ast.tryAs<syntax::Compare>(op.values()[i]);
    auto right = ast.tryAs<syntax::Compare>(op.values()[i + 1]);
    if (!left || !right) return;
    NodeId middle = left->comparators().back(), again = right->left();
    bool is_same = ast.is(middle, NodeKind::kName) && ast.is(again, NodeKind::kName) && syntax::nameOf(ast, middle) == syntax::nameOf(ast, again);
    if (!is_same) continue;
    bool is_chain = true;
    for (size_t k = 0; k < left->ops().size() && is_chain; ++k) {
      for (size_t j = 0; j < right->ops().size() && is_chain; ++j) {
        is_chain = pointsSameWay(static_cast<CompareOperator>(left->ops()[k].value), static_cast<CompareOperator>(right->ops()[j].value));
      }
    }
    if (!is_chain) continue;
    TextRange range{ast.range(left->id).begin, ast.range(right->id).end};
    bool left_wrapped = ast.hasFlag(left->id, syntax::kParenthesized), right_wrapped = ast.hasFlag(right->id, syntax::kParenthesized);
    std::vector<FixEdit> edits;
    if (right_wrapped && !left_wrapped) edits.push_back({{range.begin, range.begin}, "("});
    edits.push_back({{ast.range(middle).begin, ast.range(again).end}, std::string(ast.text(middle))});
    if (left_wrapped && !right_wrapped) edits.push_back({{range.end, range.end}, ")"});
    context.sink.begin("PLR1716"_rule, range).fix("Use a single compare expression", std::move(edits));
  }
}

void checkSetIteration(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId iter = ast.is(node, NodeKind::kFor) ? ast.as<syntax::For>(node).iter() : ast.as<syntax::Comprehension>(node).iter();
  auto set = ast.tryAs<syntax::Set>(iter);
  if (!set) return;
  NodeList elements = set->elts();
  for (size_t i = 0; i < elements.size(); ++i) {
    if (!ast.is(elements[i], NodeKind::kConstant)) return;
    for (size_t j = 0; j < i; ++j) {
      if (isSameExpr(ast, elements[i], elements[j])) return;
    }
  }
  std::string_view text = ast.text(iter);
  std::string inner(text.substr(1, text.size() - 2));
  if (elements.size() == 1 && !ast.hasFlag(iter, syntax::kHasTrailingComma)) inner += ",";
  context.sink.begin("PLC0208"_rule, ast.range(iter)).fix("Convert to `tuple`", {{ast.range(iter), "(" + inner + ")"}});
}

}  // namespace krait::lint
