// Sentinels: NAME = Sentinel("…") at the top level of a module or of a class there (PEP 661). The name is a type of its
// own, with one value: a literal whose text is its full name.
#include "checker/declare/annotation_internal.h"

namespace krait::declare {

bool resolveSentinelCall(World& w, SymbolId id, const Ast& ast, NodeId call, const std::string& callee) {
  if (callee != "typing_extensions.Sentinel" && callee != "typing_extensions.sentinel" && callee != "builtins.sentinel") return false;
  const Symbol symbol = w.symbols[id];
  if (enclosingFunction(w, symbol.scope).valid()) return false;
  NodeList args = ast.as<syntax::Call>(call).args();
  if (args.empty() || !syntax::stringValue(ast, args[0])) return false;
  ClassId cls = callee.starts_with("builtins.") ? lookupClass(w, "builtins", "sentinel") : lookupClass(w, "typing_extensions", "Sentinel");
  if (!cls.valid()) return false;
  std::string module(w.text(w.modules[symbol.module].name));
  std::string full = fullNameOf(w, id);
  std::string text = module + ":" + (full.starts_with(module + ".") ? full.substr(module.size() + 1) : full);
  TypeId literal = w.types.literal(LiteralKind::kSentinel, text, w.types.instance(cls));
  Symbol& again = w.symbols[id];
  again.type = w.types.instance(cls, {}, literal);
  again.typed = Progress::kDone;
  again.final_value = literal;
  again.set(kIsFinal);
  return true;
}

TypeId sentinelType(World& w, SymbolId id) {
  TypeId value = w.resolved(id).final_value;
  bool is_sentinel = value.valid() && w.types.is(value, TypeKind::kLiteral) && w.types.literalValue(value).kind == LiteralKind::kSentinel;
  return is_sentinel ? value : TypeId::none();
}

}  // namespace krait::declare
