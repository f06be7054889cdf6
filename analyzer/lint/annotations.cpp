#include "analyzer/lint/annotations.h"
#include "analyzer/lint/name_settings.h"

#include <algorithm>
#include <array>

#include "analyzer/lint/expressions.h"
#include "analyzer/lint/qualified_names.h"
#include "analyzer/lint/shared_tokens.h"
#include "analyzer/syntax/quoted_types.h"

namespace krait::lint {

std::string typingName(const LintContext& context, NodeId expr) {
  std::string name = qualifiedName(context, expr);
  for (std::string_view module : {"typing.", "typing_extensions."}) {
    if (name.starts_with(module)) return name.substr(module.size());
  }
  const std::vector<std::string>* own = name.empty() ? nullptr : context.options.list("typing-modules");
  if (own == nullptr) return {};
  size_t dot = name.rfind('.');
  bool is_own = dot != std::string::npos && std::find(own->begin(), own->end(), name.substr(0, dot)) != own->end();
  return is_own ? name.substr(dot + 1) : std::string();
}

// The annotation that holds the node, and its owner; none when there is none.
static NodeId annotationAround(const Ast& ast, NodeId node) {
  for (NodeId child = node, parent = ast.parent(node); parent.valid(); child = parent, parent = ast.parent(parent)) {
    switch (ast.kind(parent)) {
      case NodeKind::kParameter:
        return ast.as<syntax::Parameter>(parent).annotation() == child ? child : NodeId::none();
      case NodeKind::kFunctionDef:
        return ast.as<syntax::FunctionDef>(parent).returns() == child ? child : NodeId::none();
      case NodeKind::kAnnAssign:
        return ast.as<syntax::AnnAssign>(parent).annotation() == child ? child : NodeId::none();
      case NodeKind::kLambda:
        return NodeId::none();
      default:
        if (syntax::isStatement(ast, parent)) return NodeId::none();
    }
  }
  return NodeId::none();
}

bool isInAnnotation(const LintContext& context, NodeId node) { return annotationAround(context.ast, node).valid(); }

bool isDeferredAnnotation(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  NodeId annotation = annotationAround(ast, node);
  if (!annotation.valid()) return false;
  if (context.model.hasFutureAnnotations() || context.options.target_minor >= 14 || context.is_stub) return true;
  // Annotations of local variables are not evaluated.
  NodeId owner = ast.parent(annotation);
  if (!ast.is(owner, NodeKind::kAnnAssign)) return false;
  for (NodeId around = ast.parent(owner); around.valid(); around = ast.parent(around)) {
    if (ast.is(around, NodeKind::kClassDef)) return false;
    if (ast.is(around, NodeKind::kFunctionDef)) return true;
  }
  return false;
}

static bool takesTypes(const LintContext& context, NodeId value) {
  std::string name = qualifiedName(context, value);
  if (name.starts_with("typing.") || name.starts_with("typing_extensions.")) return !name.ends_with(".Literal");
  const std::vector<std::string>* generics = context.options.list("pyflakes.extend-generics");
  if (generics != nullptr && !name.empty() && std::find(generics->begin(), generics->end(), name) != generics->end()) return true;
  return name.starts_with("collections.") || name.starts_with("contextlib.") ||
         isOneOf(name, {"builtins.list", "builtins.dict", "builtins.set", "builtins.frozenset", "builtins.tuple", "builtins.type",
                        "re.Pattern", "re.Match"});
}

// Where below `call` the node stands: the argument that holds it, and what holds it inside the argument, one and two
// levels down.
static std::array<NodeId, 3> pathBelow(const Ast& ast, NodeId call, NodeId node) {
  std::array<NodeId, 3> path = {};
  for (; node.valid() && node != call; node = ast.parent(node)) path = {node, path[0], path[1]};
  return path;
}

// Is the node in an argument that typing's functions take for a type?
static bool isTypeArgument(const LintContext& context, NodeId node_of_call, NodeId node) {
  const Ast& ast = context.ast;
  auto call = ast.as<syntax::Call>(node_of_call);
  if (!isOneOf(lastName(ast, call.func()), {"cast", "TypeVar", "NewType", "TypeAliasType", "NamedTuple", "TypedDict"}) &&
      !ast.is(call.func(), NodeKind::kName)) {
    return false;
  }
  std::string name = typingName(context, call.func());
  if (name.empty()) return false;
  std::array<NodeId, 3> path = pathBelow(ast, node_of_call, node);
  size_t at = 0;
  while (at < call.args().size() && call.args()[at] != path[0]) ++at;
  if (at == call.args().size()) return false;
  std::string_view keyword;
  if (auto named = ast.tryAs<syntax::Keyword>(path[0])) {
    keyword = syntax::nameText(ast, named->arg());
    at = call.args().size();
  }
  if (name == "cast") return at == 0 || keyword == "typ";
  if (name == "NewType") return keyword.empty() ? at >= 1 : keyword == "tp";
  if (name == "TypeVar") return keyword.empty() ? at >= 1 : keyword == "bound" || keyword == "default";
  if (name == "TypeAliasType") return keyword.empty() ? at == 1 : keyword == "value";
  if (name == "TypedDict") {
    if (!keyword.empty()) {
      size_t positional = 0;
      while (positional < call.args().size() && !ast.is(call.args()[positional], NodeKind::kKeyword)) ++positional;
      bool is_field = positional == 1 && keyword != "total" && keyword != "closed";
      return is_field || (positional > 0 && keyword == "extra_items");
    }
    auto dict = ast.tryAs<syntax::Dict>(path[0]);
    return dict && at >= 1 && std::find(dict->values().begin(), dict->values().end(), path[1]) != dict->values().end();
  }
  if (name == "NamedTuple") {
    if (!keyword.empty()) return true;
    bool is_fields = at >= 1 && (ast.is(path[0], NodeKind::kList) || ast.is(path[0], NodeKind::kTuple));
    NodeList field;
    if (auto tuple = ast.tryAs<syntax::Tuple>(path[1])) field = tuple->elts();
    if (auto list = ast.tryAs<syntax::List>(path[1])) field = list->elts();
    return is_fields && field.size() == 2 && field[1] == path[2];
  }
  return false;
}

// Is the node in `Annotated[X, ...]`, after the type?
static bool isAnnotatedMetadata(const LintContext& context, NodeId subscript, NodeId node) {
  auto tuple = context.ast.tryAs<syntax::Tuple>(context.ast.as<syntax::Subscript>(subscript).slice());
  if (!tuple || tuple->elts().empty()) return false;
  if (context.ast.range(node).begin < context.ast.range(tuple->elts()[0]).end) return false;
  return typingName(context, context.ast.as<syntax::Subscript>(subscript).value()) == "Annotated";
}

bool isTypeDefinition(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  for (NodeId child = node, parent = ast.parent(node); parent.valid(); child = parent, parent = ast.parent(parent)) {
    switch (ast.kind(parent)) {
      case NodeKind::kSubscript:
        if (ast.as<syntax::Subscript>(parent).slice() != child) break;
        if (typingName(context, ast.as<syntax::Subscript>(parent).value()) == "Literal") return false;
        if (isAnnotatedMetadata(context, parent, node)) return false;
        if (takesTypes(context, ast.as<syntax::Subscript>(parent).value())) return true;
        break;
      case NodeKind::kTypeAlias:
      case NodeKind::kTypeVar:
        return true;
      case NodeKind::kCall: return isTypeArgument(context, parent, node);
      case NodeKind::kAnnAssign: {
        auto assign = ast.as<syntax::AnnAssign>(parent);
        return assign.annotation() == child || (assign.value() == child && typingName(context, assign.annotation()) == "TypeAlias");
      }
      default:
        break;
    }
    if (syntax::isStatement(ast, parent)) break;
  }
  return isInAnnotation(context, node);
}

bool hasTypingDecorator(const LintContext& context, NodeId definition, std::string_view name) {
  NodeList decorators = context.ast.list(definition, 0);
  return std::any_of(decorators.begin(), decorators.end(), [&](NodeId decorator) { return typingName(context, decorator) == name; });
}

NodeId unquoted(const LintContext& context, NodeId annotation) {
  NodeId type = annotation.valid() ? context.tokens.quotedTypes().typeOf(annotation) : NodeId::none();
  return type.valid() ? type : annotation;
}

bool isTypingBlock(const LintContext& context, NodeId node) {
  auto branch = context.ast.tryAs<syntax::If>(node);
  if (!branch || branch->isElif()) return false;
  return lastName(context.ast, branch->test()) == "TYPE_CHECKING" || typingName(context, branch->test()) == "TYPE_CHECKING";
}

bool isTypingOnly(const LintContext& context, NodeId node) {
  const Ast& ast = context.ast;
  if (isDeferredAnnotation(context, node)) return true;
  for (NodeId child = node, parent = ast.parent(node); parent.valid(); child = parent, parent = ast.parent(parent)) {
    if (ast.is(parent, NodeKind::kConstant)) return true;
    if (!isTypingBlock(context, parent)) continue;
    auto branch = ast.tryAs<syntax::If>(parent);
    if (std::find(branch->body().begin(), branch->body().end(), child) != branch->body().end()) return true;
  }
  return false;
}

static bool holdsStatements(const Ast& ast, NodeId node) {
  return syntax::isStatement(ast, node) || ast.is(node, NodeKind::kExceptHandler) || ast.is(node, NodeKind::kMatchCase);
}

// The last definition that is read with the node: its own, or one inside that no function's body defers.
static NodeId lastDefinitionIn(const Ast& ast, NodeId node) {
  NodeId last = ast.is(node, NodeKind::kFunctionDef) || ast.is(node, NodeKind::kClassDef) ? node : NodeId::none();
  if (ast.is(node, NodeKind::kFunctionDef)) return last;
  syntax::forEachChild(ast, node, [&](NodeId child) {
    NodeId inner = holdsStatements(ast, child) ? lastDefinitionIn(ast, child) : NodeId::none();
    if (inner.valid()) last = inner;
  });
  return last;
}

// The definition that is read last before the node, in the same function or outside of all; none for a function's first.
static NodeId definitionBefore(const Ast& ast, NodeId node) {
  for (NodeId parent = ast.parent(node); parent.valid(); node = parent, parent = ast.parent(parent)) {
    NodeId last;
    bool is_before = true;
    syntax::forEachChild(ast, parent, [&](NodeId child) {
      is_before = is_before && child != node;
      NodeId inner = is_before && holdsStatements(ast, child) ? lastDefinitionIn(ast, child) : NodeId::none();
      if (inner.valid()) last = inner;
    });
    if (last.valid() || ast.is(parent, NodeKind::kFunctionDef)) return last;
    if (ast.is(parent, NodeKind::kClassDef)) return parent;
  }
  return NodeId::none();
}

bool isOverloadImplementation(const LintContext& context, NodeId function) {
  const Ast& ast = context.ast;
  if (hasTypingDecorator(context, function, "overload")) return false;
  NodeId before = definitionBefore(ast, function);
  return ast.is(before, NodeKind::kFunctionDef) && definedName(ast, before) == definedName(ast, function) &&
         hasTypingDecorator(context, before, "overload");
}

bool isIgnoredAsUntyped(const LintContext& context, NodeId node) {
  if (!context.options.flag("flake8-annotations.ignore-fully-untyped")) return false;
  auto function = context.ast.as<syntax::FunctionDef>(node);
  if (function.returns().valid()) return false;
  for (NodeId param : context.ast.as<syntax::Parameters>(function.params()).params()) {
    if (context.ast.as<syntax::Parameter>(param).annotation().valid()) return false;
  }
  return true;
}

bool isIgnoredDummy(const LintContext& context, std::string_view param) {
  return context.options.flag("flake8-annotations.suppress-dummy-args") && isDummy(context, param);
}

std::vector<NodeId> findQuotedTypes(const LintContext& context) {
  std::vector<NodeId> found;
  const Ast& ast = context.ast;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    NodeId node(i);
    if (!ast.is(node, NodeKind::kConstant) || !syntax::stringValue(ast, node)) continue;
    NodeKind around = ast.kind(ast.parent(node));
    bool is_text = around == NodeKind::kExprStmt || around == NodeKind::kJoinedStr || around == NodeKind::kTemplateStr ||
                   around == NodeKind::kFormattedValue || around == NodeKind::kAssign;
    if (!is_text && isTypeDefinition(context, node)) found.push_back(node);
  }
  return found;
}

static bool isQuotedMember(const Ast& ast, NodeId slice) {
  if (auto tuple = ast.tryAs<syntax::Tuple>(slice)) {
    return std::any_of(tuple->elts().begin(), tuple->elts().end(), [&](NodeId elt) { return isQuotedMember(ast, elt); });
  }
  return syntax::stringValue(ast, slice).has_value();
}

static bool isStarredMember(const Ast& ast, NodeId slice) {
  if (auto tuple = ast.tryAs<syntax::Tuple>(slice)) {
    return std::any_of(tuple->elts().begin(), tuple->elts().end(), [&](NodeId elt) { return isStarredMember(ast, elt); });
  }
  return ast.is(slice, NodeKind::kStarred);
}

bool isReplaceableUnion(const LintContext& context, NodeId subscript) {
  const Ast& ast = context.ast;
  NodeId slice = ast.as<syntax::Subscript>(subscript).slice();
  return !isStarredMember(ast, slice) && (!isQuotedMember(ast, slice) || isTypingOnly(context, subscript));
}

void unionMembers(const LintContext& context, NodeId type, std::vector<NodeId>& out) {
  const Ast& ast = context.ast;
  auto operation = ast.tryAs<syntax::BinOp>(type);
  if (operation && operation->op() == syntax::BinaryOp::kBitOr) {
    unionMembers(context, operation->left(), out);
    unionMembers(context, operation->right(), out);
    return;
  }
  auto subscript = ast.tryAs<syntax::Subscript>(type);
  if (subscript && typingName(context, subscript->value()) == "Union") {
    if (auto tuple = ast.tryAs<syntax::Tuple>(subscript->slice())) {
      for (NodeId elt : tuple->elts()) unionMembers(context, elt, out);
    } else {
      unionMembers(context, subscript->slice(), out);
    }
    return;
  }
  out.push_back(type);
}

}  // namespace krait::lint
