#include "analyzer/semantic/semantic_model.h"

#include "analyzer/semantic/binder_context.h"

namespace krait::semantic {

const char* spelling(ScopeKind kind) {
  static constexpr const char* kNames[] = {"module",     "class",           "function",    "lambda",
                                           "list comprehension", "set comprehension", "dict comprehension",
                                           "generator expression", "annotations", "type variable", "type alias",
                                           "type parameters"};
  return kNames[static_cast<int>(kind)];
}

const char* spelling(DefinitionKind kind) {
  static constexpr const char* kNames[] = {
      "parameter", "assign", "ann-assign", "annotation", "aug-assign", "for",     "comprehension", "with",   "import",
      "import-from", "function", "class",  "except",     "named-expr", "pattern", "type-param",    "type-alias", "delete"};
  return kNames[static_cast<int>(kind)];
}

const char* spelling(Binding binding) {
  static constexpr const char* kNames[] = {"unknown", "local", "global explicit", "global implicit", "free", "cell"};
  return kNames[static_cast<int>(binding)];
}

static size_t tableSizeFor(size_t symbols) {
  size_t size = 64;
  while (size < symbols * 2) size *= 2;
  return size;
}

void ModelBuilder::init(const Ast& ast) {
  model.ast_ = &ast;
  model.node_entity_.assign(ast.nodeCount(), 0xffffffffu);
  size_t guess = ast.nodeCount() / 12;
  model.table_.resize(tableSizeFor(guess));
  model.symbols_.reserve(guess);
  model.all_references_.reserve(ast.nodeCount() / 5);
  model.all_definitions_.reserve(ast.nodeCount() / 16);
}

void ModelBuilder::grow() {
  std::vector<SemanticModel::Slot> old(model.table_.size() * 2);
  old.swap(model.table_);
  for (const SemanticModel::Slot& slot : old) {
    if (slot.scope != SemanticModel::Slot{}.scope) *slotOf(ScopeId(slot.scope), NameId(slot.name)) = slot;
  }
}

// Groups `items` by the owner of their symbol, keeping their order.
template <class Item>
static void groupByOwner(const SemanticModel& model, std::vector<Symbol>& symbols, const std::vector<Item>& items,
                         std::vector<Item>& grouped, uint32_t Symbol::* start, uint32_t Symbol::* count) {
  for (const Item& item : items) ++(symbols[model.resolve(item.symbol).value].*count);
  uint32_t at = 0;
  for (Symbol& symbol : symbols) {
    symbol.*start = at;
    at += symbol.*count;
  }
  grouped.resize(items.size());
  std::vector<uint32_t> fill(symbols.size(), 0);
  for (const Item& item : items) {
    uint32_t owner = model.resolve(item.symbol).value;
    grouped[symbols[owner].*start + fill[owner]++] = item;
  }
}

void ModelBuilder::finish() {
  std::vector<Symbol>& symbols = model.symbols_;
  for (const Symbol& symbol : symbols) {
    if (!(symbol.flags & kRemoved)) ++model.scopes_[symbol.scope.value].symbol_count;
  }
  uint32_t at = 0;
  for (Scope& scope : model.scopes_) {
    scope.symbols = at;
    at += scope.symbol_count;
  }
  model.scope_symbols_.resize(at);
  std::vector<uint32_t> fill(model.scopes_.size(), 0);
  for (uint32_t i = 0; i < symbols.size(); ++i) {
    if (symbols[i].flags & kRemoved) continue;
    uint32_t scope = symbols[i].scope.value;
    model.scope_symbols_[model.scopes_[scope].symbols + fill[scope]++] = SymbolId(i);
  }
  // Targets point straight at the owner.
  for (Symbol& symbol : symbols) {
    while (symbol.target.valid() && symbols[symbol.target.value].target.valid() &&
           symbols[symbol.target.value].target != symbol.target) {
      symbol.target = symbols[symbol.target.value].target;
    }
    symbol.flags &= ~static_cast<uint32_t>(kWhileBinding & ~kRemoved);
  }
  groupByOwner(model, symbols, model.all_definitions_, model.definitions_, &Symbol::definitions,
               &Symbol::definition_count);
  groupByOwner(model, symbols, model.all_references_, model.references_, &Symbol::references,
               &Symbol::reference_count);
}

SymbolId SemanticModel::find(ScopeId scope, NameId name) const {
  size_t mask = table_.size() - 1;
  size_t i = mixBits(uint64_t{scope.value} << 32 | name.value) & mask;
  while (table_[i].scope != Slot{}.scope) {
    if (table_[i].scope == scope.value && table_[i].name == name.value) return SymbolId(table_[i].symbol);
    i = (i + 1) & mask;
  }
  return SymbolId::none();
}

SymbolId SemanticModel::lookup(ScopeId scope, NameId name) const {
  bool sees_class = true;
  for (ScopeId id = scope; id.valid(); id = scopes_[id.value].parent) {
    const Scope& record = scopes_[id.value];
    if (record.kind == ScopeKind::kClass && !sees_class) continue;
    sees_class = record.has(kSeesClass);
    SymbolId found = find(id, name);
    if (!found.valid() || (symbols_[found.value].flags & (kFromComprehension | kRemoved))) continue;
    if ((symbols_[found.value].flags & kCPythonMask) == 0) continue;  // only passed through to a child
    return resolve(found);
  }
  return SymbolId::none();
}

SymbolId SemanticModel::symbolAt(NodeId node) const {
  NodeKind kind = ast_->kind(node);
  if (kind != NodeKind::kName && kind != NodeKind::kIdentifier) return SymbolId::none();
  return SymbolId(node_entity_[node.value]);
}

ScopeId SemanticModel::scopeOf(NodeId node) const {
  NodeKind kind = ast_->kind(node);
  if (kind == NodeKind::kName || kind == NodeKind::kIdentifier) return ScopeId::none();
  return ScopeId(node_entity_[node.value]);
}

static bool contains(NodeList list, NodeId node) {
  for (NodeId item : list) {
    if (item == node) return true;
  }
  return false;
}

// The scope in which `child`, a direct child of `node`, is evaluated, when `node` opens scopes; none otherwise.
static ScopeId scopeOfChild(const SemanticModel& model, NodeId node, NodeId child) {
  const Ast& ast = model.ast();
  ScopeId inner = model.scopeOf(node);
  if (!inner.valid()) return ScopeId::none();
  ScopeId outer = model[inner].parent;
  bool has_type_params = outer.valid() && model[outer].kind == ScopeKind::kTypeParameters && model[outer].node == node;
  ScopeId outside = has_type_params ? model[outer].parent : outer;
  if (auto function = ast.tryAs<syntax::FunctionDef>(node)) {
    if (contains(function->decorators(), child) || child == function->name()) return outside;
    if (contains(function->typeParams(), child)) return outer;
    if (child == function->returns() && model[inner].own_annotations.valid()) return model[inner].own_annotations;
    return inner;
  }
  if (auto cls = ast.tryAs<syntax::ClassDef>(node)) {
    if (contains(cls->decorators(), child) || child == cls->name()) return outside;
    if (contains(cls->typeParams(), child) || contains(cls->args(), child)) return outer;
    return inner;
  }
  if (auto alias = ast.tryAs<syntax::TypeAlias>(node)) {
    if (child == alias->name()) return outside;
    return child == alias->value() ? inner : outer;
  }
  return inner;
}

ScopeId SemanticModel::enclosingScope(NodeId node) const {
  if (SymbolId symbol = symbolAt(node); symbol.valid()) {
    // A definition's name is bound where the definition stands; any name is looked up in its symbol's scope.
    return symbols_[symbol.value].scope;
  }
  NodeId child = node;
  for (NodeId parent = ast_->parent(node); parent.valid(); child = parent, parent = ast_->parent(parent)) {
    NodeKind kind = ast_->kind(parent);
    if (kind == NodeKind::kParameter) {
      // Default values belong outside the function, annotations to the annotation scope.
      NodeId params = ast_->parent(parent);
      NodeId function = ast_->parent(params);
      ScopeId inner = scopeOf(function);
      if (!inner.valid()) continue;
      auto param = ast_->as<syntax::Parameter>(parent);
      if (child == param.annotation() && scopes_[inner.value].own_annotations.valid()) {
        return scopes_[inner.value].own_annotations;
      }
      if (child == param.name()) return inner;
      ScopeId outer = scopes_[inner.value].parent;
      bool has_type_params = scopes_[outer.value].kind == ScopeKind::kTypeParameters &&
                             scopes_[outer.value].node == function;
      return has_type_params ? scopes_[outer.value].parent : outer;
    }
    if (kind == NodeKind::kComprehension) {
      NodeId whole = ast_->parent(parent);
      ScopeId inner = scopeOf(whole);
      if (!inner.valid()) continue;
      NodeList generators = ast_->list(whole, ast_->is(whole, NodeKind::kDictComp) ? 2 : 1);
      bool is_first_iter = parent == generators[0] && child == ast_->as<syntax::Comprehension>(parent).iter();
      return is_first_iter ? scopes_[inner.value].parent : inner;
    }
    if (kind == NodeKind::kAnnAssign && child == ast_->as<syntax::AnnAssign>(parent).annotation()) {
      ScopeId frame = enclosingScope(parent);
      ScopeId annotations = scopes_[frame.value].annotations;
      return annotations.valid() ? annotations : frame;
    }
    if (ScopeId found = scopeOfChild(*this, parent, child); found.valid()) return found;
  }
  return kModuleScope;
}

ScopeId SemanticModel::enclosingFrame(ScopeId scope) const {
  while (scope.valid()) {
    ScopeKind kind = scopes_[scope.value].kind;
    if (kind <= ScopeKind::kLambda) break;
    scope = scopes_[scope.value].parent;
  }
  return scope;
}

bool SemanticModel::isBound(SymbolId owner) const {
  for (const Definition& definition : definitions(owner)) {
    if (isBinding(definition.kind)) return true;
  }
  return false;
}

size_t SemanticModel::memoryBytes() const {
  return scopes_.capacity() * sizeof(Scope) + symbols_.capacity() * sizeof(Symbol) +
         scope_symbols_.capacity() * sizeof(SymbolId) +
         (all_definitions_.capacity() + definitions_.capacity()) * sizeof(Definition) +
         (all_references_.capacity() + references_.capacity()) * sizeof(Reference) +
         node_entity_.capacity() * sizeof(uint32_t) + table_.capacity() * sizeof(Slot);
}

}  // namespace krait::semantic
