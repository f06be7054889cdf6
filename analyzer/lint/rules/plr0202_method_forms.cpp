// PLR0202, PLR0203, PLR6301: methods that say too late what they are, and methods without a use for their object. ref: pylint
#include <string>

#include "analyzer/lint/annotations.h"
#include "analyzer/lint/expressions.h"
#include "analyzer/lint/nodes.h"
#include "analyzer/lint/name_flow.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/rule.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/lint/statement_edits.h"

namespace krait::lint {

// `name = classmethod(name)`: the name, or none.
static NodeId wrappedName(const LintContext& context, NodeId statement, std::string_view wrapper) {
  const Ast& ast = context.ast;
  auto assign = ast.tryAs<syntax::Assign>(statement);
  auto call = assign && assign->targets().size() == 1 ? ast.tryAs<syntax::Call>(assign->value()) : std::nullopt;
  if (!call || positionalCount(ast, call->id) != 1 || !isBuiltin(context, call->func(), wrapper)) return NodeId::none();
  NodeId target = assign->targets()[0], argument = call->args()[0];
  bool is_same = ast.is(target, NodeKind::kName) && ast.is(argument, NodeKind::kName) && syntax::nameOf(ast, target) == syntax::nameOf(ast, argument);
  return is_same ? target : NodeId::none();
}

static void checkWrapped(LintContext& context, syntax::ClassDef cls, Rule rule, std::string_view wrapper) {
  const Ast& ast = context.ast;
  for (NodeId statement : cls.body()) {
    auto function = ast.tryAs<syntax::FunctionDef>(statement);
    if (!function) continue;
    NodeId wrap;
    for (NodeId other : cls.body()) {
      NodeId name = wrappedName(context, other, wrapper);
      if (name.valid() && syntax::nameOf(ast, name) == syntax::nameOf(ast, function->name())) wrap = other;
    }
    bool is_decorated = false;
    for (NodeId decorator : function->decorators()) is_decorated |= ast.is(decorator, NodeKind::kName) && isBuiltin(context, decorator, wrapper);
    if (!wrap.valid() || is_decorated) continue;
    uint32_t begin = ast.range(statement).begin;
    if (!function->decorators().empty()) {
      begin = decoratorRange(ast, function->decorators()[0]).begin;
    }
    std::string text = "@" + std::string(wrapper) + std::string(lineEndText(context)) + std::string(indentationAt(context, begin));
    context.sink.begin(rule, {begin, begin})
        .fix("Add @" + std::string(wrapper) + " decorator", {{{begin, begin}, std::move(text)}, deleteStatement(context, wrap)});
  }
}

void checkWrappedMethods(LintContext& context, NodeId node) {
  auto cls = context.ast.as<syntax::ClassDef>(node);
  checkWrapped(context, cls, "PLR0202"_rule, "classmethod");
  checkWrapped(context, cls, "PLR0203"_rule, "staticmethod");
}

// Do decorators say that others call the method, as they call its object's?
static bool isBoundByDecorators(const LintContext& context, NodeId function) {
  const Ast& ast = context.ast;
  if (hasTypingDecorator(context, function, "override") || hasTypingDecorator(context, function, "overload")) return true;
  for (NodeId decorator : ast.as<syntax::FunctionDef>(function).decorators()) {
    NodeId func = decorator;
    // `@x.validator` of an attribute of attrs.
    auto attribute = ast.tryAs<syntax::Attribute>(decorator);
    bool is_validator = attribute && syntax::nameText(ast, attribute->attr()) == "validator" && ast.is(attribute->value(), NodeKind::kName);
    SymbolId owner = is_validator ? context.model.find(context.model.scopeOf(classOfMethod(ast, function)), syntax::nameOf(ast, attribute->value())) : SymbolId::none();
    if (owner.valid() && !context.model.definitions(owner).empty()) return true;
    if (auto call = ast.tryAs<syntax::Call>(decorator)) func = call->func();
    std::string name = qualifiedName(context, func);
    if (isOneOf(name, {"builtins.property", "functools.cached_property", "abc.abstractproperty", "abc.abstractmethod", "abc.abstractclassmethod",
                       "abc.abstractstaticmethod", "enum.property", "types.DynamicClassAttribute"})) {
      return true;
    }
    if (name.starts_with("pydantic.") && name.find("valid") != std::string::npos) return true;
  }
  return false;
}

void checkNoSelfUse(LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  auto function = ast.as<syntax::FunctionDef>(node);
  std::string_view name = syntax::nameText(ast, function.name());
  if (methodKind(context, node) != MethodKind::kInstance || isDunder(name)) return;
  // A body of nothing but a docstring and placeholders is a stub; one that raises is not.
  if (isEmptyBody(context, function.body()) || isBoundByDecorators(context, node)) return;
  NodeList params = ast.as<syntax::Parameters>(function.params()).params();
  if (params.empty()) return;
  auto first = ast.as<syntax::Parameter>(params[0]);
  bool is_plain = first.parameterKind() == syntax::ParameterKind::kPositionalOnly || first.parameterKind() == syntax::ParameterKind::kPositionalOrKeyword;
  if (!is_plain || syntax::nameText(ast, first.name()) != "self") return;
  SymbolId owner = context.model.ownerAt(first.name());
  const NameFlow& flow = context.tokens.nameFlow(context);
  if (!owner.valid() || context.isUsed(owner)) return;
  uint32_t latest = flow.latest[owner.value];
  if (latest == kNoBinding || flow.bindings[latest].kind != BindKind::kParameter || flow.bindings[latest].isUsed()) return;
  // `super()` looks at the object behind the scenes.
  ScopeId own = context.model.scopeOf(node);
  bool asks_super = anyOver(ast, node, [&](NodeId at) {
    return ast.is(at, NodeKind::kName) && syntax::nameText(ast, at) == "super" && context.model.enclosingScope(at) == own;
  });
  if (asks_super) return;
  context.sink.begin("PLR6301"_rule, ast.range(function.name()), {name});
}

}  // namespace krait::lint
