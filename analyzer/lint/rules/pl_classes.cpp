// PLC0105, PLC0131, PLC0132, PLC0205, PLE1519, PLE1520, PLR0206, PLR0917, PLR1704, PLW0211, PLW0642, PLW1641: classes,
// functions and type variables. ref: pylint
#include <string>
#include <vector>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/name_settings.h"
#include "analyzer/lint/calls.h"
#include "analyzer/lint/rewrites.h"
#include "analyzer/lint/statement_edits.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/rule.h"

namespace krait::lint {

using syntax::ConstantKind;
using syntax::ParameterKind;

void checkTypeVariables(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId target, value;
  if (auto assign = ast.tryAs<syntax::Assign>(node)) {
    if (assign->targets().size() == 1) target = assign->targets()[0];
    value = assign->value();
  } else {
    target = ast.as<syntax::AnnAssign>(node).target();
    value = ast.as<syntax::AnnAssign>(node).value();
  }
  auto call = ast.tryAs<syntax::Call>(value);
  if (!call) return;
  std::string made = qualifiedName(context, call->func());
  size_t dot = made.rfind('.');
  if (dot == std::string::npos || (made.compare(0, dot, "typing") != 0 && made.compare(0, dot, "typing_extensions") != 0)) return;
  std::string kind = made.substr(dot + 1);
  if (!isOneOf(kind, {"TypeVar", "ParamSpec", "TypeVarTuple", "NewType"})) return;
  NodeId name_node = argumentOf(ast, value, "name", 0);
  if (!name_node.valid()) return;
  auto name = syntax::stringValue(ast, name_node);
  if (!name) return;
  std::string_view variable = ast.is(target, NodeKind::kName) && ast.is(node, NodeKind::kAssign) ? syntax::nameText(ast, target) : std::string_view();
  if (!variable.empty() && variable != *name) context.sink.begin("PLC0132"_rule, ast.range(value), {kind, *name, variable});
  if (kind != "TypeVar" && kind != "ParamSpec") return;
  bool is_covariant = isConstant(ast, keywordOf(ast, value, "covariant"), ConstantKind::kTrue);
  bool is_contravariant = isConstant(ast, keywordOf(ast, value, "contravariant"), ConstantKind::kTrue);
  TextRange func = ast.range(call->func());
  if (!ast.is(node, NodeKind::kAssign)) return;
  if (is_covariant && is_contravariant) {
    context.sink.begin("PLC0131"_rule, func, {kind, *name});
    return;
  }
  std::string root(*name);
  bool has_co = name->ends_with("_co"), has_contra = name->ends_with("_contra");
  if (has_co) root.resize(root.size() - 3);
  if (has_contra) root.resize(root.size() - 7);
  bool fits = is_covariant ? has_co : is_contravariant ? has_contra : !has_co && !has_contra;
  if (fits) return;
  std::string variance = is_covariant ? "covariance" : is_contravariant ? "contravariance" : "invariance";
  std::string better = root + (is_covariant ? "_co" : is_contravariant ? "_contra" : "");
  context.sink.begin("PLC0105"_rule, func, {kind, *name, variance, better});
}

void checkSingleSlots(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId statement : ast.as<syntax::ClassDef>(node).body()) {
    NodeId value;
    bool is_slots = false;
    if (auto assign = ast.tryAs<syntax::Assign>(statement)) {
      for (NodeId target : assign->targets()) is_slots |= syntax::nameText(ast, target) == "__slots__";
      value = assign->value();
    } else if (auto annotated = ast.tryAs<syntax::AnnAssign>(statement)) {
      is_slots = syntax::nameText(ast, annotated->target()) == "__slots__";
      value = annotated->value();
    }
    if (is_slots && value.valid() && (isStr(ast, value) || ast.is(value, NodeKind::kJoinedStr))) {
      context.sink.begin("PLC0205"_rule, ast.range(statement));
    }
  }
}

// Replaces the decorator's name by its sibling in functools.
static void reportDispatch(LintContext& context, NodeId function, Rule rule, std::string_view wrong, std::string_view right) {
  const Ast& ast = context.ast;
  for (NodeId decorator : ast.as<syntax::FunctionDef>(function).decorators()) {
    if (qualifiedName(context, decorator) != "functools." + std::string(wrong)) continue;
    auto finding = context.sink.begin(rule, decoratorRange(ast, decorator));
    auto imported = importName(context, "functools", right, function, true);
    if (!imported) continue;
    std::vector<FixEdit> edits;
    if (imported->edit) edits.push_back(*imported->edit);
    edits.push_back({ast.range(decorator), imported->text});
    finding.fix("Replace with `@" + std::string(right) + "`", std::move(edits), FixSafety::kUnsafe);
  }
}

void checkSingleDispatch(LintContext& context, NodeId node) {
  if (context.ast.as<syntax::FunctionDef>(node).decorators().empty()) return;
  if (classOfMethod(context.ast, node).valid()) {
    reportDispatch(context, node, "PLE1519"_rule, "singledispatch", "singledispatchmethod");
  } else {
    reportDispatch(context, node, "PLE1520"_rule, "singledispatchmethod", "singledispatch");
  }
}

void checkPropertyParameters(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  bool is_property = false;
  for (NodeId decorator : ast.as<syntax::FunctionDef>(node).decorators()) {
    auto made = ast.tryAs<syntax::Call>(decorator);
    is_property = is_property || isOneOf(qualifiedName(context, made ? made->func() : decorator), {"builtins.property", "functools.cached_property", "abc.abstractproperty"});
  }
  if (!is_property) return;
  if (ast.as<syntax::Parameters>(ast.as<syntax::FunctionDef>(node).params()).params().size() > 1) {
    context.sink.begin("PLR0206"_rule, nameRange(ast, node));
  }
}

void checkPositionalCount(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  uint32_t count = 0, seen = 0;
  MethodKind kind = methodKind(context, node);
  bool has_self = kind == MethodKind::kInstance || kind == MethodKind::kClass || (kind == MethodKind::kStatic && definedName(ast, node) == "__new__");
  for (NodeId id : ast.as<syntax::Parameters>(ast.as<syntax::FunctionDef>(node).params()).params()) {
    auto param = ast.as<syntax::Parameter>(id);
    bool is_positional = param.parameterKind() == ParameterKind::kPositionalOnly || param.parameterKind() == ParameterKind::kPositionalOrKeyword;
    if (!is_positional) continue;
    if (seen++ == 0 && has_self) continue;
    count += !isDummy(context, definedName(ast, id));
  }
  uint32_t limit = context.options.number("pylint.max-positional-args", context.options.number("pylint.max-args", 5));
  if (count <= limit || hasTypingDecorator(context, node, "overload")) return;
  for (NodeId decorator : ast.as<syntax::FunctionDef>(node).decorators()) {
    if (isOneOf(qualifiedName(context, decorator), {"typing.override", "typing_extensions.override"})) return;
  }
  context.sink.begin("PLR0917"_rule, nameRange(ast, node), {std::to_string(count), std::to_string(limit)});
}

// A loop, `with` or handler that binds a parameter's name anew, of its own function or of one around it.
void checkRedefinedArguments(LintContext& context) {
  const NameFlow& flow = context.tokens.nameFlow(context);
  auto isLocal = [](BindKind kind) { return kind == BindKind::kLoopVar || kind == BindKind::kWithItem || kind == BindKind::kException; };
  for (uint32_t latest : flow.latest) {
    if (latest == kNoBinding || context.model[flow.bindings[latest].scope].kind != ScopeKind::kFunction) continue;
    for (uint32_t at = latest; at != kNoBinding; at = flow.bindings[at].shadowed) {
      const FlowBinding& binding = flow.bindings[at];
      uint32_t hidden = binding.shadowed != kNoBinding || at != latest ? binding.shadowed : binding.outer;
      bool is_redefined = isLocal(binding.kind) && hidden != kNoBinding && flow.bindings[hidden].kind == BindKind::kParameter;
      std::string_view name = context.model.nameOf(binding.symbol);
      if (is_redefined && !isDummy(context, name)) context.sink.begin("PLR1704"_rule, context.ast.range(binding.node), {name});
    }
  }
}

void checkStaticFirstArgument(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  bool is_new = definedName(ast, node) == "__new__";
  if (!classOfMethod(ast, node).valid() || !(is_new || hasDecorator(ast, node, "staticmethod"))) return;
  NodeList params = ast.as<syntax::Parameters>(ast.as<syntax::FunctionDef>(node).params()).params();
  if (params.empty()) return;
  auto first = ast.as<syntax::Parameter>(params[0]);
  std::string_view name = definedName(ast, params[0]);
  bool is_positional = first.parameterKind() == ParameterKind::kPositionalOnly || first.parameterKind() == ParameterKind::kPositionalOrKeyword;
  if (is_positional && (name == "self" || (name == "cls" && !is_new))) context.sink.begin("PLW0211"_rule, ast.range(params[0]), {name});
}

static void reportSelf(LintContext& context, NodeId target, std::string_view name, std::string_view kind) {
  const Ast& ast = context.ast;
  if (ast.is(target, NodeKind::kTuple) || ast.is(target, NodeKind::kList)) {
    for (NodeId element : ast.list(target, 0)) reportSelf(context, element, name, kind);
    return;
  }
  if (auto starred = ast.tryAs<syntax::Starred>(target)) return reportSelf(context, starred->value(), name, kind);
  if (ast.is(target, NodeKind::kName) && syntax::nameText(ast, target) == name) {
    context.sink.begin("PLW0642"_rule, ast.range(target), {name, kind});
  }
}

void checkSelfReassigned(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId function = enclosingFunction(ast, node);
  if (!ast.is(function, NodeKind::kFunctionDef)) return;
  MethodKind method = methodKind(context, function);
  bool is_new = definedName(ast, function) == "__new__" && classOfMethod(ast, function).valid();
  if (method == MethodKind::kFunction || (method == MethodKind::kStatic && !is_new)) return;
  NodeList params = ast.as<syntax::Parameters>(ast.as<syntax::FunctionDef>(function).params()).params();
  if (params.empty()) return;
  auto kind = ast.as<syntax::Parameter>(params[0]).parameterKind();
  if (kind != ParameterKind::kPositionalOnly && kind != ParameterKind::kPositionalOrKeyword) return;
  std::string_view name = definedName(ast, params[0]);
  if (name != (method == MethodKind::kInstance ? "self" : "cls")) return;
  std::string_view shown = is_new ? "`__new__`" : method == MethodKind::kClass ? "class" : "instance";
  if (auto assign = ast.tryAs<syntax::Assign>(node)) {
    for (NodeId target : assign->targets()) reportSelf(context, target, name, shown);
  } else {
    reportSelf(context, ast.as<syntax::AnnAssign>(node).target(), name, shown);
  }
}

static bool isBoundIn(const LintContext& context, ScopeId scope, std::string_view name) {
  for (SymbolId symbol : context.model.symbolsOf(scope)) {
    if (context.model.nameOf(symbol) == name) return !context.model.definitions(context.model.resolve(symbol)).empty();
  }
  return false;
}

void checkEqWithoutHash(LintContext& context, NodeId node) {
  ScopeId scope = context.model.scopeOf(node);
  if (!scope.valid() || !isBoundIn(context, scope, "__eq__") || isBoundIn(context, scope, "__hash__")) return;
  context.sink.begin("PLW1641"_rule, nameRange(context.ast, node));
}

}  // namespace krait::lint
