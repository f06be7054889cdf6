#include "analyzer/semantic/binder.h"

#include <string>

#include "analyzer/semantic/binder_context.h"

namespace krait::semantic {

SpecialNames::SpecialNames(Interner& names)
    : top(names.intern("top")),
      lambda(names.intern("lambda")),
      genexpr(names.intern("genexpr")),
      listcomp(names.intern("listcomp")),
      setcomp(names.intern("setcomp")),
      dictcomp(names.intern("dictcomp")),
      annotate(names.intern("__annotate__")),
      dunder_class(names.intern("__class__")),
      classdict(names.intern("__classdict__")),
      conditional_annotations(names.intern("__conditional_annotations__")),
      type_params(names.intern("__type_params__")),
      dot_type_params(names.intern(".type_params")),
      generic_base(names.intern(".generic_base")),
      defaults(names.intern(".defaults")),
      kwdefaults(names.intern(".kwdefaults")),
      super(names.intern("super")),
      star(names.intern("*")),
      locals(names.intern("locals")) {}

NameId mangle(Interner& names, std::string_view class_name, NameId name) {
  std::string_view text = names.text(name);
  if (!text.starts_with("__") || text.ends_with("__") || text.find('.') != std::string_view::npos) return name;
  size_t first = class_name.find_first_not_of('_');
  if (first == std::string_view::npos) return name;
  std::string mangled = "_";
  mangled += class_name.substr(first);
  mangled += text;
  return names.intern(mangled);
}

ScopeId enterScope(BindContext& c, ScopeKind kind, NodeId node, NameId name, uint32_t flags) {
  std::vector<Scope>& scopes = c.builder.scopes();
  ScopeId id(static_cast<uint32_t>(scopes.size()));
  Scope scope;
  scope.kind = kind;
  scope.flags = flags;
  scope.node = node;
  scope.name = name;
  scope.parent = c.scope;
  if (c.scope.valid()) {
    Scope& parent = scopes[c.scope.value];
    if (parent.has(kNested) || isFunctionLike(parent.kind)) scope.flags |= kNested;
    if (parent.has(kDetached)) scope.flags |= kDetached;
    ScopeId& last = c.last_child[c.scope.value];
    (last.valid() ? scopes[last.value].next_sibling : parent.first_child) = id;
    last = id;
  }
  scopes.push_back(scope);
  c.last_child.push_back(ScopeId::none());
  c.scope = id;
  return id;
}

void leaveScope(BindContext& c) { c.scope = c.current().parent; }

// The name as the symbol table stores it. In the type-parameter scope of a generic class only the parameters' own
// names are mangled, because the bases are evaluated outside the class.
static NameId mangled(BindContext& c, NameId name) {
  if (!c.private_class.valid()) return name;
  std::string_view text = c.names.text(name);
  if (text.size() < 3 || text[0] != '_' || text[1] != '_') return name;
  if (c.mangled_scope.valid()) {
    ScopeId scope = c.scope;
    while (scope.valid() && scope != c.mangled_scope && c.at(scope).kind != ScopeKind::kClass) {
      scope = c.at(scope).parent;
    }
    if (scope == c.mangled_scope) {
      bool is_param = false;
      for (NameId param : c.mangled_type_params) is_param |= param == name;
      if (!is_param) return name;
    }
  }
  return mangle(c.names, c.names.text(c.private_class), name);
}

SymbolId addSymbol(BindContext& c, ScopeId scope, NameId name, uint32_t flags) {
  SymbolId id = c.builder.intern(scope, mangled(c, name));
  c.builder.symbols()[id.value].flags |= flags;
  return id;
}

SymbolId define(BindContext& c, NodeId node, NodeId owner, DefinitionKind kind, uint32_t flags) {
  NameId name = syntax::nameOf(c.ast, node);
  if (c.is_iteration_target) flags |= kCompIter;
  SymbolId symbol = addSymbol(c, c.scope, name, flags);
  c.builder.setEntity(node, symbol.value);
  c.builder.definitions().push_back({node, owner, symbol, kind});
  return symbol;
}

// `from __future__ import annotations` among the file's first statements.
static bool importsFutureAnnotations(const Ast& ast) {
  for (NodeId id : syntax::bodyOf(ast, ast.root())) {
    auto import = ast.tryAs<syntax::ImportFrom>(id);
    if (!import) {
      auto expr = ast.tryAs<syntax::ExprStmt>(id);
      if (expr && ast.is(expr->value(), NodeKind::kConstant)) continue;
      return false;
    }
    if (syntax::nameText(ast, import->module()) != "__future__" || import->level() != 0) return false;
    for (NodeId alias : import->names()) {
      if (syntax::nameText(ast, ast.as<syntax::Alias>(alias).name()) == "annotations") return true;
    }
  }
  return false;
}

SemanticModel bind(const Ast& ast, Interner& names) { return bind(ast, names, nullptr); }

SemanticModel bind(const Ast& ast, Interner& names, const syntax::QuotedTypes* quoted) {
  SemanticModel model;
  BindContext c(ast, names, model);
  c.quoted = quoted;
  c.builder.init(ast);
  if (importsFutureAnnotations(ast)) c.builder.setFutureAnnotations();
  NodeList body = syntax::bodyOf(ast, ast.root());
  enterScope(c, ScopeKind::kModule, ast.root(), c.special.top);
  c.builder.setEntity(ast.root(), c.scope.value);
  if (syntax::docstringOf(ast, body).valid()) c.current().flags |= kHasDocstring;
  bindStatements(c, body);
  leaveScope(c);
  analyzeScopes(c);
  c.builder.finish();
  return model;
}

}  // namespace krait::semantic
