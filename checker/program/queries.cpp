#include "checker/program/queries.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "checker/declare/declare.h"
#include "checker/relations/relations.h"
#include "checker/types/printer.h"

namespace krait::program {

using namespace types;
namespace syn = krait::syntax;
using syn::NodeKind;
using syn::NodeList;

// Is the child of a function (or lambda) a part of it that is looked up inside: its body, or the name of a parameter?
static bool isInside(const Ast& ast, NodeId child, NodeId node) {
  if (ast.is(child, NodeKind::kParameters)) {
    auto parameter = ast.tryAs<syn::Parameter>(ast.parent(node));
    return parameter && parameter->name() == node;
  }
  if (auto function = ast.tryAs<syn::FunctionDef>(ast.parent(child))) {
    return std::find(function->body().begin(), function->body().end(), child) != function->body().end();
  }
  return true;
}

// The scope that a node stands in, as far as functions and classes make scopes.
static ScopeId scopeAround(World& w, ModuleId id, NodeId node) {
  const Module& module = w.modules[id];
  const Ast& ast = *module.ast;
  NodeId child = node;
  for (NodeId at = ast.parent(node); at.valid(); child = at, at = ast.parent(at)) {
    if (ast.is(at, NodeKind::kFunctionDef) || ast.is(at, NodeKind::kLambda)) {
      auto function = module.functions.find(at.value);
      bool is_known = function != module.functions.end() && w.functions[function->second].scope.valid();
      if (is_known && isInside(ast, child, node)) return w.functions[function->second].scope;
    } else if (ast.is(at, NodeKind::kClassDef)) {
      auto cls = module.classes.find(at.value);
      NodeList body = ast.as<syn::ClassDef>(at).body();
      bool is_inside = std::find(body.begin(), body.end(), child) != body.end();
      if (cls != module.classes.end() && is_inside) return w.classes[cls->second].scope;
    }
  }
  return module.scope;
}

static TypeId variableType(World& w, ModuleId id, NodeId node, NameId name) {
  for (ScopeId scope = scopeAround(w, id, node); scope.valid(); scope = w.scopes[scope].parent) {
    SymbolId symbol = w.scopes[scope].names.find(name);
    if (!symbol.valid()) continue;
    w.resolved(symbol);
    if (w.symbols[symbol].kind == SymbolKind::kImport || w.symbols[symbol].kind == SymbolKind::kModule) return TypeId::none();
    return w.symbols[symbol].typed == Progress::kRunning ? TypeId::none() : w.hooks.symbol_type(w, symbol);
  }
  return TypeId::none();
}

static std::vector<TypeId> partsOf(World& w, TypeId given);
static SymbolId memberOf(World& w, TypeId part, NameId name);

// `x` in `@x.setter`: there it is the property itself.
static bool isPropertyPart(const Ast& ast, NodeId node) {
  auto attribute = ast.tryAs<syn::Attribute>(ast.parent(node));
  auto function = attribute ? ast.tryAs<syn::FunctionDef>(ast.parent(ast.parent(node))) : std::nullopt;
  if (!function || attribute->value() != node) return false;
  return std::find(function->decorators().begin(), function->decorators().end(), ast.parent(node)) != function->decorators().end();
}

static TypeId propertyType(World& w, ModuleId id, NodeId node) {
  const Ast& ast = *w.modules[id].ast;
  // The scope that the decorated function itself stands in.
  ScopeId scope = scopeAround(w, id, ast.as<syn::FunctionDef>(ast.parent(ast.parent(node))).name());
  SymbolId symbol = w.scopes[scope].names.find(syn::nameOf(ast, node));
  if (!symbol.valid() || !w.symbols[symbol].has(kIsProperty)) return TypeId::none();
  ClassId cls = lookupClass(w, "builtins", "property");
  return cls.valid() ? w.types.instance(cls) : TypeId::none();
}

TypeId typeAt(World& w, ModuleId id, NodeId node) {
  const Module& module = w.modules[id];
  const Ast& ast = *module.ast;
  if (ast.is(node, NodeKind::kIdentifier)) {
    NodeId parent = ast.parent(node);
    auto attribute = ast.tryAs<syn::Attribute>(parent);
    if (attribute && attribute->attr() == node) {
      if (parent.value < module.node_types.size() && module.node_types[parent.value].valid()) return module.node_types[parent.value];
      TypeId object = typeAt(w, id, attribute->value());
      if (!object.valid()) return object;
      for (TypeId part : partsOf(w, object)) {
        SymbolId found = memberOf(w, part, syn::nameOf(ast, node));
        if (found.valid()) return w.hooks.symbol_type(w, found);
      }
      return TypeId::none();
    }
    bool is_keyword = ast.is(parent, NodeKind::kKeyword);
    return is_keyword ? TypeId::none() : variableType(w, id, node, syn::nameOf(ast, node));
  }
  if (ast.is(node, NodeKind::kName) && isPropertyPart(ast, node)) {
    if (TypeId property = propertyType(w, id, node); property.valid()) return property;
  }
  if (node.value < module.node_types.size() && module.node_types[node.value].valid()) return module.node_types[node.value];
  if (ast.is(node, NodeKind::kName)) return variableType(w, id, node, syn::nameOf(ast, node));
  return TypeId::none();
}

NodeId expressionAt(World& w, ModuleId id, uint32_t begin, std::string_view text) {
  const Ast& ast = *w.modules[id].ast;
  for (uint32_t i = 0; i < ast.nodeCount(); ++i) {
    if (ast[NodeId(i)].begin == begin && syn::isExpression(ast, NodeId(i)) && ast.text(NodeId(i)) == text) return NodeId(i);
  }
  return NodeId::none();
}

bool isOfStub(World& w, ModuleId id, NodeId callee) {
  const Ast& ast = *w.modules[id].ast;
  SymbolId symbol = declare::lookupDotted(w, id, scopeAround(w, id, callee), ast, callee);
  if (symbol.valid()) return w.modules[w.symbols[symbol].module].is_stub;
  auto attribute = ast.tryAs<syn::Attribute>(callee);
  TypeId value = attribute ? typeAt(w, id, attribute->value()) : TypeId::none();
  if (!value.valid() || !w.types.is(relations::proper(w, value), TypeKind::kInstance)) return false;
  return w.modules[w.classes[w.types[relations::proper(w, value)].cls()].module].is_stub;
}

std::string typeText(World& w, TypeId type) {
  TypeId plain = proper(w, type);
  if (w.types.is(plain, TypeKind::kCallable)) return prettyCallable(w, plain);
  return formatTypeBare(w, type);
}

static void addScope(World& w, ScopeId scope, int depth, bool is_module, std::vector<Member>& out, std::unordered_set<uint32_t>& seen) {
  std::vector<SymbolId> symbols = w.scopes[scope].names.in_order;
  for (SymbolId symbol : symbols) {
    w.resolved(symbol);
    SymbolId meant = followImports(w, symbol);
    if (is_module && w.symbols[symbol].has(kIsPrivateImport)) continue;
    if (!seen.insert(w.symbols[symbol].name.value).second) continue;
    Member member{.name = std::string(w.text(w.symbols[symbol].name)), .symbol = symbol};
    const Symbol& info = w.symbols[meant.valid() ? meant : symbol];
    member.is_module = info.kind == SymbolKind::kModule;
    member.is_of_module = is_module;
    member.is_property = info.has(kIsProperty);
    member.is_method = info.kind == SymbolKind::kFunction && !member.is_property;
    member.is_class = info.kind == SymbolKind::kClass;
    member.depth = depth;
    for (FunctionId function : info.functions) member.is_deprecated |= !w.functions[function].deprecated.empty();
    if (info.kind == SymbolKind::kClass && info.cls.valid()) member.is_deprecated = !w.classes[info.cls].deprecated.empty();
    out.push_back(std::move(member));
  }
}

// The class whose members a value of the type has; of a class as a value, the class itself.
static ClassId classOf(World& w, TypeId type) {
  const Type& info = w.types[type];
  switch (info.kind) {
    case TypeKind::kInstance: return info.cls();
    case TypeKind::kTypeVar: {
      TypeId bound = proper(w, upperBound(w, TypeVarId(info.ref)));
      return bound != type ? classOf(w, bound) : ClassId::none();
    }
    case TypeKind::kTuple:
    case TypeKind::kTypedDict:
    case TypeKind::kLiteral: return info.extra.valid() ? classOf(w, proper(w, info.extra)) : ClassId::none();
    case TypeKind::kTypeType: return classOf(w, proper(w, info.items[0]));
    case TypeKind::kCallable: {
      CallableView view = w.types.callable(type);
      if (view.isTypeObject()) return classOf(w, proper(w, view.made()));
      return lookupClass(w, "types", "FunctionType");
    }
    case TypeKind::kOverloaded: return classOf(w, info.items[0]);
    case TypeKind::kNone: return lookupClass(w, "types", "NoneType");
    default: return ClassId::none();
  }
}

// Is the value a class?
static bool isClassValue(World& w, TypeId type) {
  switch (w.types.kind(type)) {
    case TypeKind::kTypeType: return true;
    case TypeKind::kCallable: return w.types.callable(type).isTypeObject();
    case TypeKind::kOverloaded: return isClassValue(w, w.types[type].items[0]);
    default: return false;
  }
}

// The classes in which members of a value of the type are looked for: behind those of a class stand its metaclass's.
static std::vector<ClassId> lookupLine(World& w, TypeId type) {
  ClassId cls = classOf(w, type);
  if (!cls.valid()) return {};
  std::vector<ClassId> line = w.header(cls).mro;
  if (!isClassValue(w, type)) return line;
  ClassId meta = w.types[relations::metaclassOf(w, cls)].cls();
  for (ClassId above : std::vector<ClassId>(w.header(meta).mro)) {
    if (std::find(line.begin(), line.end(), above) == line.end()) line.push_back(above);
  }
  return line;
}

// The parts of a union, or the type alone.
static std::vector<TypeId> partsOf(World& w, TypeId given) {
  TypeId type = proper(w, given);
  if (!type.valid()) return {};
  if (!w.types.is(type, TypeKind::kUnion)) return {type};
  return {w.types[type].args().begin(), w.types[type].args().end()};
}

// The member of that name of a type that is no union, or none.
static SymbolId memberOf(World& w, TypeId part, NameId name) {
  TypeId type = proper(w, part);
  if (!type.valid()) return SymbolId::none();
  if (w.types.is(type, TypeKind::kModule)) {
    ScopeId scope = w.modules[ModuleId(w.types[type].ref)].scope;
    return scope.valid() ? w.scopes[scope].names.find(name) : SymbolId::none();
  }
  for (ClassId base : lookupLine(w, type)) {
    w.members(base);
    if (w.classes[base].self_attributes == Progress::kNot) w.hooks.complete_self_attributes(w, base);
    SymbolId found = w.scopes[w.classes[base].scope].names.find(name);
    if (found.valid()) return found;
  }
  return SymbolId::none();
}

static std::vector<Member> membersOfClasses(World& w, const std::vector<ClassId>& line) {
  std::vector<Member> out;
  std::unordered_set<uint32_t> seen;
  int depth = 0;
  for (ClassId cls : line) {
    w.members(cls);
    if (w.classes[cls].self_attributes == Progress::kNot) w.hooks.complete_self_attributes(w, cls);
    addScope(w, w.classes[cls].scope, depth++, false, out, seen);
  }
  return out;
}

static std::vector<Member> membersOfPart(World& w, TypeId type) {
  if (w.types.is(type, TypeKind::kTypedDict)) {
    // Its keys are declared like attributes, and are none.
    std::vector<Member> members = membersOfClasses(w, lookupLine(w, type));
    const auto& keys = w.types.typedDictShape(type).names;
    std::erase_if(members, [&](const Member& member) { return std::any_of(keys.begin(), keys.end(), [&](NameId key) { return w.text(key) == member.name; }); });
    return members;
  }
  if (!w.types.is(type, TypeKind::kModule)) return membersOfClasses(w, lookupLine(w, type));
  std::vector<Member> out;
  std::unordered_set<uint32_t> seen;
  ScopeId scope = w.modules[ModuleId(w.types[type].ref)].scope;
  if (scope.valid()) addScope(w, scope, 0, true, out, seen);
  // What every module has; a stub's `name: type` means the module's own.
  ClassId cls = lookupClass(w, "types", "ModuleType");
  if (cls.valid()) {
    w.members(cls);
    addScope(w, w.classes[cls].scope, 8, false, out, seen);
  }
  return out;
}

std::vector<Member> membersOf(World& w, TypeId given) {
  std::vector<TypeId> parts = partsOf(w, given);
  std::vector<Member> out;
  std::unordered_map<std::string, size_t> places, counts;
  size_t asked = 0;
  for (TypeId part : parts) {
    TypeId type = proper(w, part);
    // `x: C | None`: the members of C are what the user means, though None lacks them.
    if (parts.size() > 1 && w.types.is(type, TypeKind::kNone)) continue;
    ++asked;
    for (Member& member : membersOfPart(w, type)) {
      ++counts[member.name];
      if (places.try_emplace(member.name, out.size()).second) out.push_back(std::move(member));
    }
  }
  for (Member& member : out) member.is_partial = counts[member.name] < asked;
  return out;
}

TypeId memberType(World& w, TypeId type, NameId name) {
  SymbolId member = memberOf(w, type, name);
  return member.valid() ? w.hooks.symbol_type(w, member) : TypeId::none();
}

std::vector<std::string> keysOf(World& w, TypeId given) {
  std::vector<std::string> out;
  for (TypeId part : partsOf(w, given)) {
    TypeId type = proper(w, part);
    if (!w.types.is(type, TypeKind::kTypedDict)) continue;
    for (NameId name : w.types.typedDictShape(type).names) {
      std::string text(w.text(name));
      if (std::find(out.begin(), out.end(), text) == out.end()) out.push_back(std::move(text));
    }
  }
  return out;
}

std::vector<std::string> literalTextsOf(World& w, TypeId given) {
  std::vector<std::string> out;
  for (TypeId part : partsOf(w, given)) {
    TypeId type = proper(w, part);
    if (!w.types.is(type, TypeKind::kLiteral)) continue;
    const LiteralValue& value = w.types.literalValue(type);
    if (value.kind == LiteralKind::kStr) out.emplace_back(value.text);
  }
  return out;
}

static DefinitionPlace placeOf(World& w, SymbolId symbol, const Definition& definition) {
  const Module& module = w.modules[w.symbols[symbol].module];
  NodeId node = definition.target.valid() ? definition.target : definition.node;
  if (auto function = module.ast->tryAs<syn::FunctionDef>(node)) node = function->name();
  if (auto cls = module.ast->tryAs<syn::ClassDef>(node)) node = cls->name();
  if (auto attribute = module.ast->tryAs<syn::Attribute>(node)) node = attribute->attr();
  return {module.path, module.ast->range(node)};
}

std::vector<DefinitionPlace> definitionsOf(World& w, TypeId type, NameId name) {
  std::vector<DefinitionPlace> out;
  for (TypeId part : partsOf(w, type)) {
    SymbolId member = memberOf(w, part, name);
    if (!member.valid()) continue;
    w.resolved(member);
    SymbolId symbol = followImports(w, member);
    if (!symbol.valid()) continue;
    const Symbol& info = w.symbols[symbol];
    // Every overload; of a property what reads it.
    bool is_function = info.kind == SymbolKind::kFunction && !info.has(kIsProperty);
    for (size_t i = 0; i < info.definitions.size() && (i == 0 || is_function); ++i) out.push_back(placeOf(w, symbol, info.definitions[i]));
  }
  return out;
}

std::vector<DefinitionPlace> classDefinitionsOf(World& w, TypeId type) {
  std::vector<DefinitionPlace> out;
  std::vector<TypeId> parts = partsOf(w, type);
  for (TypeId part : parts) {
    TypeId plain = proper(w, part);
    if (w.types.is(plain, TypeKind::kNone) && parts.size() > 1) continue;
    ClassId cls = classOf(w, plain);
    if (!cls.valid() || !w.classes[cls].node.valid()) continue;
    const Module& module = w.modules[w.classes[cls].module];
    auto def = module.ast->tryAs<syn::ClassDef>(w.classes[cls].node);
    if (def) out.push_back({module.path, module.ast->range(def->name())});
    // `P = NamedTuple("P", …)`: the name that is given to what the call makes.
    auto assign = module.ast->tryAs<syn::Assign>(module.ast->parent(w.classes[cls].node));
    if (assign && module.ast->is(w.classes[cls].node, syn::NodeKind::kCall)) out.push_back({module.path, module.ast->range(assign->targets()[0])});
  }
  return out;
}

}  // namespace krait::program
