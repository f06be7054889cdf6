// TypeForm (PEP 747): expressions that denote types, where a TypeForm is wanted.
#include "checker/infer/infer.h"

namespace krait::infer {

static bool hasString(const Ast& ast, NodeId node) {
  if (syntax::stringValue(ast, node)) return true;
  bool found = false;
  syntax::forEachChild(ast, node, [&](NodeId child) { found = found || hasString(ast, child); });
  return found;
}

// A quoted type is recognised as the whole of what is assigned, returned or passed.
static bool allowsQuoted(const Ast& ast, NodeId node) {
  NodeId parent = ast.parent(node);
  switch (ast.kind(parent)) {
    case NodeKind::kAssign:
    case NodeKind::kAnnAssign:
    case NodeKind::kReturn:
    case NodeKind::kKeyword: return true;
    case NodeKind::kCall: return ast.as<syntax::Call>(parent).func() != node;
    default: return false;
  }
}

static bool looksLikeType(Checker& c, NodeId node) {
  World& w = c.w;
  if (syntax::stringValue(*c.ast, node)) return allowsQuoted(*c.ast, node);
  if (!isTypeExpression(w, c.module, c.scope, *c.ast, node)) return false;
  if (!c.ast->is(node, NodeKind::kName) && !c.ast->is(node, NodeKind::kAttribute)) return true;
  SymbolId symbol = followImports(w, lookupDotted(w, c.module, c.scope, *c.ast, node));
  return symbol.valid() && w.resolved(symbol).kind != SymbolKind::kTypeVar;
}

// The type that the expression denotes; none: it is no type.
static TypeId denotedType(Checker& c, NodeId node) {
  if (!looksLikeType(c, node)) return TypeId::none();
  bool has_failed = false;
  AnnotationContext context{c.w, c.module, c.scope, c.ast};
  context.is_silent = true;
  context.has_failed = &has_failed;
  TypeId type = analyzeType(context, node);
  return has_failed ? TypeId::none() : c.withValues(type);
}

TypeId typeFormInContext(Checker& c, NodeId node, TypeId context) {
  World& w = c.w;
  TypeKind kind = w.types.kind(context);
  if (kind != TypeKind::kTypeType && kind != TypeKind::kUnion) return TypeId::none();
  std::vector<TypeId> wanted;
  for (TypeId item : unionItems(w, context)) {
    if (w.types.isTypeForm(item)) wanted.push_back(item);
  }
  if (wanted.empty()) return TypeId::none();
  if (TypeId type = denotedType(c, node); type.valid()) {
    TypeId made = w.types.typeForm(type);
    if (kind == TypeKind::kTypeType) return made;
    for (TypeId item : wanted) {
      if (isSubtype(w, made, item)) return made;
    }
    return TypeId::none();
  }
  bool is_whole = syntax::stringValue(*c.ast, node) && allowsQuoted(*c.ast, node);
  if (!is_whole && hasString(*c.ast, node) && !c.ast->is(node, NodeKind::kCall)) {
    fail(c, node, Code::kMaybeUnrecognizedStrTypeform,
         "TypeForm containing a string annotation cannot be recognized here. Surround with TypeForm(...) to recognize.");
  }
  return TypeId::none();
}

}  // namespace krait::infer
