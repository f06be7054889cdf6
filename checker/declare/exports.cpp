// `__all__`: what a star import takes, and which imports a module passes on although it does not rename them.
// ref: mypy semanal.adjust_public_exports; typing specification, "Library interface"
#include "checker/declare/declare.h"

namespace krait::declare {

namespace {
struct AllReader {
  World& w;
  ModuleId module;
  const Ast& ast;
  std::vector<NameId> names;

  // `[…]`, `(…)`, `a + b`, `list(…)`-free forms; `m.__all__` of an imported module.
  void add(NodeId value) {
    NodeList elements;
    if (auto list = ast.tryAs<syntax::List>(value)) elements = list->elts();
    if (auto tuple = ast.tryAs<syntax::Tuple>(value)) elements = tuple->elts();
    for (NodeId element : elements) {
      if (auto text = syntax::stringValue(ast, element)) names.push_back(w.name(*text));
    }
    if (auto sum = ast.tryAs<syntax::BinOp>(value); sum && sum->op() == syntax::BinaryOp::kAdd) {
      add(sum->left());
      add(sum->right());
    }
    auto attribute = ast.tryAs<syntax::Attribute>(value);
    if (!attribute || syntax::nameOf(ast, attribute->attr()) != w.names.__all__) return;
    SymbolId other = lookupDotted(w, module, w.modules[module].scope, ast, attribute->value());
    if (other.valid()) other = followImports(w, other);
    if (!other.valid() || w.resolved(other).kind != SymbolKind::kModule || w.symbols[other].target_module == module) return;
    if (auto more = namesInAll(w, w.symbols[other].target_module)) names.insert(names.end(), more->begin(), more->end());
  }

  // `__all__.extend([…])`, `.append("x")`, `.remove("x")` at module level.
  void change(NodeId statement) {
    auto expression = ast.tryAs<syntax::ExprStmt>(statement);
    auto call = expression ? ast.tryAs<syntax::Call>(expression->value()) : std::nullopt;
    auto method = call ? ast.tryAs<syntax::Attribute>(call->func()) : std::nullopt;
    if (!method || call->args().size() != 1 || !ast.is(method->value(), NodeKind::kName)) return;
    if (syntax::nameOf(ast, method->value()) != w.names.__all__) return;
    std::string_view name = syntax::nameText(ast, method->attr());
    NodeId argument = call->args()[0];
    if (name == "extend") return add(argument);
    auto text = syntax::stringValue(ast, argument);
    if (!text) return;
    if (name == "append") names.push_back(w.name(*text));
    if (name == "remove") std::erase(names, w.name(*text));
  }
};
}  // namespace

std::optional<std::vector<NameId>> namesInAll(World& w, ModuleId module) {
  const Module& info = w.modules[module];
  if (!info.scope.valid()) return std::nullopt;
  SymbolId all = w.scopes[info.scope].names.find(w.names.__all__);
  if (!all.valid()) return std::nullopt;
  AllReader reader{w, module, *info.ast, {}};
  bool is_literal = false;
  for (const Definition& definition : std::vector<Definition>(w.symbols[all].definitions)) {
    NodeId value;
    if (definition.kind == DefinitionKind::kAssign) value = reader.ast.as<syntax::Assign>(definition.node).value();
    if (definition.kind == DefinitionKind::kAnnotated) value = reader.ast.as<syntax::AnnAssign>(definition.node).value();
    if (definition.kind == DefinitionKind::kAugmented) value = reader.ast.as<syntax::AugAssign>(definition.node).value();
    if (!value.valid()) continue;
    is_literal = is_literal || reader.ast.is(value, NodeKind::kList) || reader.ast.is(value, NodeKind::kTuple) || reader.ast.is(value, NodeKind::kBinOp);
    reader.add(value);
  }
  if (!is_literal) return std::nullopt;
  for (NodeId statement : reader.ast.as<syntax::Module>(reader.ast.root()).body()) reader.change(statement);
  return std::move(reader.names);
}

void applyAll(World& w, ModuleId module) {
  auto names = namesInAll(w, module);
  if (!names) return;
  for (NameId name : *names) {
    SymbolId symbol = w.scopes[w.modules[module].scope].names.find(name);
    if (symbol.valid()) w.symbols[symbol].flags &= ~static_cast<uint32_t>(kIsPrivateImport);
  }
}

}  // namespace krait::declare
