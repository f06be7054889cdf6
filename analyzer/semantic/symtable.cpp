#include "analyzer/semantic/symtable.h"

#include <algorithm>

namespace krait::semantic {

static int blockType(ScopeKind kind) {
  switch (kind) {
    case ScopeKind::kClass: return 1;
    case ScopeKind::kModule: return 2;
    case ScopeKind::kAnnotations: return 3;
    case ScopeKind::kTypeAlias: return 4;
    case ScopeKind::kTypeParameters: return 5;
    case ScopeKind::kTypeVariable: return 6;
    default: return 0;
  }
}
static uint32_t lineOf(const Ast& ast, NodeId node) {
  std::string_view before = ast.text().substr(0, ast.range(node).begin);
  return 1 + static_cast<uint32_t>(std::count(before.begin(), before.end(), '\n'));
}
static constexpr uint32_t symtableFlags(uint32_t flags, Binding binding) { return flags | static_cast<uint32_t>(binding) << 12; }
static constexpr uint32_t kFormatFlags = symtableFlags(kDefParam | kUsed, Binding::kLocal);

// CPython opens an annotation block for each function, annotated or not; the model only for annotated ones.
static SymtableBlock emptyAnnotations(const Scope& parent, bool sees_class, uint32_t line) {
  SymtableBlock block{.type = 3, .name = "__annotate__", .is_nested = parent.has(kNested) || isFunctionLike(parent.kind), .line = line};
  block.symbols.push_back({".format", kFormatFlags});
  if (sees_class) block.symbols.push_back({"__classdict__", symtableFlags(kUsed, Binding::kFree)});
  block.parameters.push_back(".format");
  return block;
}

static SymtableBlock blockOf(const SemanticModel& model, ScopeId id);

static void addChildren(const SemanticModel& model, ScopeId id, std::vector<SymtableBlock>& out) {
  const Scope& scope = model[id];
  for (ScopeId child = scope.first_child; child.valid(); child = model[child].next_sibling) {
    const Scope& record = model[child];
    uint32_t line = lineOf(model.ast(), record.node);
    if (record.has(kDetached)) {
      // Annotations of local variables: CPython has the block and nothing in it.
      if (!model.hasFutureAnnotations()) out.push_back(emptyAnnotations(scope, false, line));
      continue;
    }
    if (record.has(kInlined)) {
      addChildren(model, child, out);
      continue;
    }
    if (record.kind == ScopeKind::kFunction && !record.own_annotations.valid() && !model.hasFutureAnnotations()) {
      out.push_back(emptyAnnotations(scope, scope.kind == ScopeKind::kClass || scope.has(kSeesClass), line));
    }
    out.push_back(blockOf(model, child));
  }
}

static SymtableBlock blockOf(const SemanticModel& model, ScopeId id) {
  const Scope& scope = model[id];
  SymtableBlock block{.type = blockType(scope.kind), .name = std::string(model.ast().name(scope.name)), .is_nested = scope.has(kNested)};
  if (scope.kind != ScopeKind::kModule) block.line = lineOf(model.ast(), scope.node);
  bool has_format = scope.kind == ScopeKind::kAnnotations || scope.kind == ScopeKind::kTypeVariable || scope.kind == ScopeKind::kTypeAlias;
  if (has_format) block.symbols.push_back({".format", kFormatFlags});
  if (isComprehension(scope.kind)) block.symbols.push_back({".0", symtableFlags(kDefParam, Binding::kLocal)});
  for (SymbolId symbol_id : model.symbolsOf(id)) {
    const Symbol& symbol = model[symbol_id];
    block.symbols.push_back({std::string(model.ast().name(symbol.name)), symtableFlags(symbol.flags & kCPythonMask, symbol.binding)});
  }
  for (const auto& [name, flags] : block.symbols) {
    if (flags & kDefParam) block.parameters.push_back(name);
  }
  addChildren(model, id, block.children);
  return block;
}

SymtableBlock symtableOf(const SemanticModel& model) { return blockOf(model, SemanticModel::kModuleScope); }

}  // namespace krait::semantic
