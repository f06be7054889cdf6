// Type parameters of classes and functions: what Generic[…] and Protocol[…] list, the order of defaults, PEP 695 lists
// that must be complete and must not repeat an outer one, bounds and defaults that are analysed even where nobody asks.
#include <algorithm>

#include "checker/check/check.h"

namespace krait::check {

static NodeList itemsOf(Checker& c, NodeId slice, NodeId* single) {
  if (auto tuple = c.ast->tryAs<syntax::Tuple>(slice)) return tuple->elts();
  *single = slice;
  return NodeList(single, 1);
}

// The type variable that an item of Generic[…] names; none: it is something else.
static TypeVarId variableOf(Checker& c, NodeId node) {
  World& w = c.w;
  if (auto starred = c.ast->tryAs<syntax::Starred>(node)) node = starred->value();
  if (auto subscript = c.ast->tryAs<syntax::Subscript>(node)) {
    std::string name = fullNameAt(w, c.module, c.scope, *c.ast, subscript->value());
    if (name == "typing.Unpack" || name == "typing_extensions.Unpack") node = subscript->slice();
  }
  if (!c.ast->is(node, NodeKind::kName) && !c.ast->is(node, NodeKind::kAttribute)) return TypeVarId::none();
  SymbolId symbol = lookupDotted(w, c.module, c.scope, *c.ast, node);
  if (symbol.valid()) symbol = followImports(w, symbol);
  if (!symbol.valid() || w.resolved(symbol).kind != SymbolKind::kTypeVar) return TypeVarId::none();
  return w.symbols[symbol].type_var;
}

static void checkListed(Checker& c, NodeId base, const std::string& form) {
  World& w = c.w;
  auto subscript = c.ast->as<syntax::Subscript>(base);
  NodeId single;
  std::vector<TypeVarId> seen;
  size_t variadic = 0;
  for (NodeId item : itemsOf(c, subscript.slice(), &single)) {
    TypeVarId variable = variableOf(c, item);
    if (!variable.valid()) {
      fail(c, base, Code::kMisc, "Free type variable expected in " + form + "[...]");
      return;
    }
    bool is_bare = c.ast->is(item, NodeKind::kName) || c.ast->is(item, NodeKind::kAttribute);
    if (w.type_vars[variable].kind == TypeVarKind::kTypeVarTuple) {
      ++variadic;
      if (is_bare) {
        fail(c, base, Code::kMisc, "Free type variable expected in " + form + "[...]");
        return;
      }
    }
    if (std::find(seen.begin(), seen.end(), variable) != seen.end()) {
      fail(c, base, Code::kMisc, "Duplicate type variables in Generic[...] or Protocol[...]");
      return;
    }
    seen.push_back(variable);
  }
  if (variadic > 1) fail(c, base, Code::kMisc, "Can only use one type var tuple in a class def");
}

static void checkBases(Checker& c, ClassId cls, NodeList args) {
  World& w = c.w;
  bool has_params = w.classes[cls].has(kClassHasTypeParams);
  size_t listing = 0;
  for (NodeId base : args) {
    NodeId name_node = base;
    if (auto subscript = c.ast->tryAs<syntax::Subscript>(base)) name_node = subscript->value();
    if (!c.ast->is(name_node, NodeKind::kName) && !c.ast->is(name_node, NodeKind::kAttribute)) continue;
    std::string name = fullNameAt(w, c.module, c.scope, *c.ast, name_node);
    bool generic = name == "typing.Generic" || name == "typing_extensions.Generic";
    bool protocol = name == "typing.Protocol" || name == "typing_extensions.Protocol";
    if (generic || protocol) {
      if (name_node == base) {
        if (generic && follows(*c.options, Divergence::kBareGeneric)) fail(c, base, Code::kMisc, "Free type variable expected in Generic[...]");
        continue;
      }
      if (++listing == 2) fail(c, base, Code::kMisc, "Only single Generic[...] or Protocol[...] can be in bases");
      if (has_params) {
        fail(c, w.classes[cls].node, Code::kMisc,
             generic ? "Generic[...] base class is redundant" : "No arguments expected for \"Protocol\" base class");
      } else {
        checkListed(c, base, generic ? "Generic" : "Protocol");
      }
      continue;
    }
    SymbolId symbol = lookupDotted(w, c.module, c.scope, *c.ast, name_node);
    if (symbol.valid()) symbol = followImports(w, symbol);
    if (symbol.valid() && w.resolved(symbol).kind == SymbolKind::kAlias && w.aliases[w.symbols[symbol].alias].is_new_style) {
      fail(c, base, Code::kMisc, "Type alias defined using \"type\" statement not valid as base class");
    }
  }
}

// Does the default as it was written speak of a variable that is not bound before?
static bool isOutOfScope(World& w, TypeId type, const std::vector<TypeVarId>& before) {
  const Type& record = w.types[type];
  if (!record.has(kHasTypeVars)) return false;
  if (record.kind == TypeKind::kTypeVar) {
    TypeVarId variable(record.ref);
    // A variable that stands for a definition is bound somewhere around.
    bool is_written = !w.type_vars[variable].definition.valid();
    if (is_written && std::find(before.begin(), before.end(), variable) == before.end()) return true;
  }
  for (TypeId arg : record.args()) {
    if (isOutOfScope(w, arg, before)) return true;
  }
  return false;
}

void checkTypeParamOrder(Checker& c, const std::vector<TypeVarId>& variables, NodeId node) {
  World& w = c.w;
  std::string last_default;
  bool after_variadic = false;
  std::vector<TypeVarId> before;
  for (TypeVarId variable : variables) {
    upperBound(w, variable);
    const TypeVarInfo& info = w.type_vars[variable];
    TypeVarId definition = info.definition.valid() ? info.definition : variable;
    TypeId written = defaultOf(w, definition);
    std::string name(w.text(info.name));
    if (!written.valid()) {
      if (!last_default.empty()) {
        fail(c, node, Code::kMisc,
             "\"" + name + "\" cannot appear after \"" + last_default + "\" in type parameter list because it has no default type");
      }
    } else {
      if (isOutOfScope(w, written, before)) {
        fail(c, node, Code::kMisc, "Type parameter \"" + name + "\" has a default type that refers to one or more type variables that are out of scope");
      }
      if (after_variadic && info.kind == TypeVarKind::kTypeVar) fail(c, node, Code::kMisc, "A type variable with default cannot follow TypeVarTuple");
      last_default = name;
    }
    after_variadic = after_variadic || info.kind == TypeVarKind::kTypeVarTuple;
    before.push_back(definition);
  }
}

static NodeId nameOfParam(Checker& c, NodeId param) {
  switch (c.ast->kind(param)) {
    case NodeKind::kTypeVar: return c.ast->as<syntax::TypeVar>(param).name();
    case NodeKind::kParamSpec: return c.ast->as<syntax::ParamSpec>(param).name();
    default: return c.ast->as<syntax::TypeVarTuple>(param).name();
  }
}

// PEP 695: each name once, and not one that is a type parameter around.
static void checkNames(Checker& c, NodeList params, ScopeId own, NodeId node) {
  World& w = c.w;
  std::vector<NameId> seen;
  for (NodeId param : params) {
    NameId name = syntax::nameOf(*c.ast, nameOfParam(c, param));
    bool repeated = std::find(seen.begin(), seen.end(), name) != seen.end();
    for (ScopeId at = own; at.valid() && !repeated; at = w.scopes[at].parent) {
      if (at == own || w.scopes[at].kind != ScopeKind::kTypeParams) continue;
      repeated = w.scopes[at].names.find(name).valid();
    }
    if (repeated) fail(c, node, Code::kMisc, "\"" + std::string(w.text(name)) + "\" already defined as a type parameter");
    seen.push_back(name);
  }
}

void checkClassTypeParams(Checker& c, ClassId cls, NodeId node) {
  World& w = c.w;
  if (w.header(cls).has(kClassProtocol)) {
    for (TypeId base : std::vector<TypeId>(w.classes[cls].bases)) {
      if (!w.types.is(base, TypeKind::kInstance) || isObject(w, base)) continue;
      if (!w.header(w.types[base].cls()).has(kClassProtocol)) fail(c, node, Code::kMisc, "All bases of a protocol must be protocols");
    }
  }
  auto def = c.ast->as<syntax::ClassDef>(node);
  checkBases(c, cls, def.args());
  std::vector<TypeVarId> variables = w.header(cls).type_vars;
  checkTypeParamOrder(c, variables, node);
  for (TypeVarId variable : variables) {
    TypeVarId definition = w.type_vars[variable].definition;
    if (!definition.valid() || !findEnclosing(w, w.classes[cls].parent, definition, true).valid()) continue;
    fail(c, node, Code::kMisc, "Type variable \"" + std::string(w.text(w.type_vars[variable].name)) + "\" is bound by an outer class");
  }
  size_t variadic = 0;
  for (TypeVarId variable : variables) variadic += w.type_vars[variable].kind == TypeVarKind::kTypeVarTuple ? 1 : 0;
  if (!def.typeParams().empty()) {
    if (variadic > 1) fail(c, node, Code::kMisc, "Can only use one type var tuple in a class def");
    checkNames(c, def.typeParams(), w.classes[cls].parent, node);
  }
}

void checkFunctionTypeParams(Checker& c, FunctionId id) {
  World& w = c.w;
  const FunctionInfo& function = w.functions[id];
  auto def = c.ast->as<syntax::FunctionDef>(function.node);
  std::string undeclared;
  for (TypeVarId variable : std::vector<TypeVarId>(function.type_vars)) {
    upperBound(w, variable);
    if (!w.type_vars[variable].definition.valid() || def.typeParams().empty()) continue;
    undeclared += (undeclared.empty() ? "\"" : ", \"") + std::string(w.text(w.type_vars[variable].name)) + "\"";
  }
  if (def.typeParams().empty()) return;
  if (!undeclared.empty()) fail(c, function.node, Code::kMisc, "All type parameters should be declared (" + undeclared + " not declared)");
  checkTypeParamOrder(c, std::vector<TypeVarId>(w.functions[id].type_vars), function.node);
  ScopeId own = w.scopes[w.functions[id].scope].parent;
  checkNames(c, def.typeParams(), own, w.functions[id].node);
}

}  // namespace krait::check
