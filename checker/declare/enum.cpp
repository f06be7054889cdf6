// Enum classes: which names of the body are members. ref: typing specification, "Defining members"
#include "checker/declare/declare.h"

namespace krait::declare {

// Is the assigned value something that does not become a member (a function, a class, a descriptor, nonmember())?
static bool isNonMember(World& w, ClassId cls, const Ast& ast, NodeId value) {
  if (ast.is(value, NodeKind::kLambda)) return true;
  if (auto call = ast.tryAs<syntax::Call>(value)) {
    std::string callee = fullNameAt(w, w.classes[cls].module, w.classes[cls].scope, ast, call->func());
    return callee == "enum.nonmember" || callee == "builtins.staticmethod" || callee == "builtins.classmethod" ||
           callee == "builtins.property" || callee == "functools.partial";
  }
  // A function is a method, whatever it is called.
  if (ast.is(value, NodeKind::kName)) {
    SymbolId named = lookupName(w, w.classes[cls].scope, syntax::nameOf(ast, value));
    if (named.valid()) named = followImports(w, named);
    return named.valid() && w.symbols[named].kind == SymbolKind::kFunction;
  }
  return false;
}

// `B = A` after `A = 1`: another name of the member A.
static SymbolId aliasedMember(World& w, ClassId cls, const Ast& ast, NodeId value) {
  if (!ast.is(value, NodeKind::kName)) return SymbolId::none();
  SymbolId named = w.scopes[w.classes[cls].scope].names.find(syntax::nameOf(ast, value));
  return named.valid() && w.symbols[named].has(kIsEnumMember) ? named : SymbolId::none();
}

static NodeId valueOf(const Ast& ast, const Definition& definition) {
  if (definition.kind == DefinitionKind::kAnnotated) return ast.as<syntax::AnnAssign>(definition.node).value();
  return definition.kind == DefinitionKind::kAssign ? ast.as<syntax::Assign>(definition.node).value() : NodeId::none();
}

static void makeMember(World& w, ClassId cls, SymbolId id) {
  TypeId instance = w.types.instance(cls);
  TypeId literal = w.types.literal(LiteralKind::kEnum, w.text(w.symbols[id].name), instance);
  Symbol& symbol = w.symbols[id];
  symbol.kind = SymbolKind::kVariable;
  symbol.resolved = Progress::kDone;
  symbol.typed = Progress::kDone;
  symbol.type = w.types.instance(cls, {}, literal);
  symbol.set(kIsEnumMember);
  symbol.set(kIsInitializedInClass);
  symbol.set(kIsFinal);
  symbol.set(kIsReady);
}

// @member above a function or class makes a member of it.
static bool isDecoratedMember(World& w, ClassId cls, const Ast& ast, NodeId node) {
  NodeList decorators;
  if (auto def = ast.tryAs<syntax::FunctionDef>(node)) decorators = def->decorators();
  if (auto def = ast.tryAs<syntax::ClassDef>(node)) decorators = def->decorators();
  for (NodeId decorator : decorators) {
    if (fullNameAt(w, w.classes[cls].module, w.classes[cls].scope, ast, decorator) == "enum.member") return true;
  }
  return false;
}

void transformEnum(World& w, ClassId cls) {
  const Module& module = w.modules[w.classes[cls].module];
  if (!w.classes[cls].node.valid() || !module.ast->is(w.classes[cls].node, NodeKind::kClassDef)) return;
  const Ast& ast = *module.ast;
  std::vector<SymbolId> symbols = w.scopes[w.classes[cls].scope].names.in_order;
  for (SymbolId id : symbols) {
    Symbol& symbol = w.symbols[id];
    if (symbol.definitions.empty()) continue;
    std::string_view name = w.text(symbol.name);
    bool dunder = name.starts_with("__") && name.ends_with("__");
    bool sunder = name.size() > 2 && name.starts_with("_") && name.ends_with("_");
    bool is_private = name.starts_with("__") && !name.ends_with("__");
    if (dunder || sunder || is_private) continue;
    const Definition first = symbol.definitions[0];
    if (isDecoratedMember(w, cls, ast, first.node)) {
      makeMember(w, cls, id);
      continue;
    }
    if (symbol.kind != SymbolKind::kVariable) continue;
    NodeId value = valueOf(ast, first);
    if (!value.valid() || isNonMember(w, cls, ast, value)) continue;
    makeMember(w, cls, id);
    SymbolId original = aliasedMember(w, cls, ast, value);
    if (!original.valid() || original == id || !follows(w.options, Divergence::kEnumAliases)) continue;
    w.symbols[id].type = w.symbols[original].type;
    w.symbols[id].clear(kIsEnumMember);
    w.symbols[id].set(kIsEnumAlias);
  }
}

}  // namespace krait::declare
