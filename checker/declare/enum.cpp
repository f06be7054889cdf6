// Enum classes: which names of the body are members.
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
    if (dunder || sunder || is_private || symbol.kind != SymbolKind::kVariable) continue;
    const Definition first = symbol.definitions[0];
    NodeId value;
    if (first.kind == DefinitionKind::kAssign) value = ast.as<syntax::Assign>(first.node).value();
    if (first.kind == DefinitionKind::kAnnotated) {
      if (module.is_stub) {
        // In stubs `x: int` was the old way to write a member.
        value = ast.as<syntax::AnnAssign>(first.node).value();
        if (!value.valid()) continue;
      } else {
        value = ast.as<syntax::AnnAssign>(first.node).value();
      }
    }
    if (!value.valid() || isNonMember(w, cls, ast, value)) continue;
    TypeId instance = w.types.instance(cls);
    TypeId literal = w.types.literal(LiteralKind::kEnum, name, instance);
    symbol.resolved = Progress::kDone;
    symbol.typed = Progress::kDone;
    symbol.type = w.types.instance(cls, {}, literal);
    symbol.set(kIsEnumMember);
    symbol.set(kIsInitializedInClass);
    symbol.set(kIsFinal);
    symbol.set(kIsReady);
  }
}

}  // namespace krait::declare
