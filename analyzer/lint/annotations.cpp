#include "analyzer/lint/annotations.h"

#include "analyzer/lint/qualified_names.h"

namespace krait::lint {

std::string typingName(const LintContext& context, NodeId expr) {
  std::string name = qualifiedName(context, expr);
  for (std::string_view module : {"typing.", "typing_extensions."}) {
    if (name.starts_with(module)) return name.substr(module.size());
  }
  return {};
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
  if (!ast.is(owner, NodeKind::kAnnAssign) || !ast.as<syntax::AnnAssign>(owner).isSimple()) return false;
  for (NodeId around = ast.parent(owner); around.valid(); around = ast.parent(around)) {
    if (ast.is(around, NodeKind::kClassDef)) return false;
    if (ast.is(around, NodeKind::kFunctionDef)) return true;
  }
  return false;
}

static bool takesTypes(const LintContext& context, NodeId value) {
  std::string name = qualifiedName(context, value);
  if (name.starts_with("typing.") || name.starts_with("typing_extensions.")) return !name.ends_with(".Literal");
  return name.starts_with("collections.") || name.starts_with("contextlib.") ||
         isOneOf(name, {"builtins.list", "builtins.dict", "builtins.set", "builtins.frozenset", "builtins.tuple", "builtins.type",
                        "re.Pattern", "re.Match"});
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
      case NodeKind::kCall: {
        auto call = ast.as<syntax::Call>(parent);
        std::string name = typingName(context, call.func());
        if (name == "cast") return !call.args().empty() && call.args()[0] == child;
        if (name == "TypeVar" || name == "NewType") return !call.args().empty() && call.args()[0] != child;
        return false;
      }
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
