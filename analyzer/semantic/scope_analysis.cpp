// Where each name lives. Follows the decisions of Python/symtable.c (analyze_block and what it calls), with lookups
// instead of its sets of names:
//
//   Step 1, for each symbol on its own: declared global or nonlocal, bound here, or else found by walking outwards to
//   the scope that binds it. Only flags of the walk are read, so the order does not matter.
//   Step 2, for each scope, innermost first: the names that children leave free pass through to the scope that owns
//   them and make them cells; inlined comprehensions merge their symbols into their parent's.
//
// Example: in `def f(x): return [lambda: x for y in x]` step 1 finds x free in the lambda and in the comprehension,
// owned by f. In step 2 the comprehension hands its y to f (it is inlined), and x, free in a child of the
// comprehension, stays free and so becomes a cell of f.
#include "analyzer/semantic/binder_context.h"

namespace krait::semantic {

namespace {

struct Analysis {
  BindContext& c;
  std::vector<uint32_t> first;  // by scope: its first symbol
  std::vector<uint32_t> last;
  std::vector<uint32_t> next;  // by symbol: the next one of the same scope
  static constexpr uint32_t kEnd = 0xffffffffu;

  Symbol& symbol(uint32_t id) { return c.builder.symbols()[id]; }
  Symbol& symbol(SymbolId id) { return c.builder.symbols()[id.value]; }

  void link(uint32_t id) {
    uint32_t scope = symbol(id).scope.value;
    (last[scope] == kEnd ? first[scope] : next[last[scope]]) = id;
    last[scope] = id;
  }
  SymbolId add(ScopeId scope, NameId name) {
    SymbolId id = c.builder.intern(scope, name);
    next.push_back(kEnd);
    link(id.value);
    return id;
  }
  SymbolId find(ScopeId scope, NameId name) const {
    SymbolId id = c.builder.model.find(scope, name);
    return id.valid() && (c.builder.symbols()[id.value].flags & kRemoved) ? SymbolId::none() : id;
  }
};

bool isSpecialOfClass(const BindContext& c, NameId name) {
  return name == c.special.dunder_class || name == c.special.classdict || name == c.special.conditional_annotations;
}

}  // namespace

static void makeGlobal(Analysis& a, SymbolId id, Binding binding) {
  Symbol& symbol = a.symbol(id);
  symbol.binding = binding;
  symbol.target = a.find(SemanticModel::kModuleScope, symbol.name);
}

// The class in whose namespace an annotation scope looks names up first, or none.
static ScopeId seenClass(BindContext& c, ScopeId scope) {
  while (scope.valid() && c.at(scope).has(kSeesClass)) scope = c.at(scope).parent;
  return scope.valid() && c.at(scope).kind == ScopeKind::kClass ? scope : ScopeId::none();
}

// Walks outwards for the scope that binds the name for a child. True when it is a function-like scope (target is its
// symbol) or a class's implicit name (target stays none); false: the name is global.
static bool findOuterBinding(Analysis& a, ScopeId scope, NameId name, SymbolId& target) {
  for (ScopeId id = a.c.at(scope).parent; id.valid(); id = a.c.at(id).parent) {
    const Scope& outer = a.c.at(id);
    if (outer.kind == ScopeKind::kModule) return false;
    if (outer.kind == ScopeKind::kClass) {
      if (isSpecialOfClass(a.c, name)) return true;
      continue;
    }
    SymbolId found = a.find(id, name);
    if (!found.valid()) continue;
    uint32_t flags = a.symbol(found).flags;
    if (flags & kDefGlobal) return false;
    if (flags & kDefNonlocal) continue;
    if (flags & kBoundMask) {
      target = found;
      return true;
    }
  }
  return false;
}

static void classify(Analysis& a, SymbolId id) {
  Symbol& symbol = a.symbol(id);
  if (symbol.flags & kDefGlobal) return makeGlobal(a, id, Binding::kGlobalExplicit);
  SymbolId target;
  if (symbol.flags & kDefNonlocal) {
    if (findOuterBinding(a, symbol.scope, symbol.name, target)) {
      symbol.binding = Binding::kFree;
      symbol.target = target;
      symbol.flags |= kInFree;
    } else {
      symbol.binding = Binding::kLocal;
    }
    return;
  }
  if (symbol.flags & kBoundMask) {
    symbol.binding = Binding::kLocal;
    return;
  }
  if (a.c.at(symbol.scope).has(kSeesClass)) {
    ScopeId cls = seenClass(a.c, symbol.scope);
    SymbolId in_class = cls.valid() ? a.find(cls, symbol.name) : SymbolId::none();
    uint32_t flags = in_class.valid() ? a.symbol(in_class).flags : 0;
    if (flags & kDefGlobal) return makeGlobal(a, id, Binding::kGlobalExplicit);
    if ((flags & kBoundMask) && !(flags & kDefNonlocal)) {
      symbol.binding = Binding::kGlobalImplicit;
      symbol.flags |= kFromClass;
      symbol.target = in_class;
      return;
    }
  }
  if (findOuterBinding(a, symbol.scope, symbol.name, target)) {
    symbol.binding = Binding::kFree;
    symbol.target = target;
    symbol.flags |= kInFree;
    return;
  }
  makeGlobal(a, id, Binding::kGlobalImplicit);
}

// Is the name free in a scope that stays a child of the comprehension (inlined ones hand up their own children)?
static bool isFreeInAnyChild(Analysis& a, ScopeId scope, NameId name) {
  for (ScopeId child = a.c.at(scope).first_child; child.valid(); child = a.c.at(child).next_sibling) {
    if (a.c.at(child).has(kInlined)) {
      if (isFreeInAnyChild(a, child, name)) return true;
      continue;
    }
    SymbolId found = a.find(child, name);
    if (found.valid() && a.symbol(found).binding == Binding::kFree) return true;
  }
  return false;
}

static void inlineComprehension(Analysis& a, ScopeId scope, ScopeId comprehension) {
  bool is_class = a.c.at(scope).kind == ScopeKind::kClass;
  for (uint32_t i = a.first[comprehension.value]; i != Analysis::kEnd; i = a.next[i]) {
    Symbol inner = a.symbol(i);
    if (inner.flags & kRemoved) continue;
    SymbolId found = a.find(scope, inner.name);
    bool is_cell = inner.binding == Binding::kCell || (inner.flags & kCompCell);
    Binding binding = inner.binding;
    if (binding == Binding::kFree && is_class && inner.name == a.c.special.dunder_class) {
      // A class's own scope never sees __class__.
      binding = Binding::kGlobalImplicit;
      a.symbol(i).flags = (a.symbol(i).flags & ~kInFree) | kRemoved;
    }
    if (!found.valid() || (a.symbol(found).flags & kPending)) {
      SymbolId copy = found.valid() ? found : a.add(scope, inner.name);
      Symbol& symbol = a.symbol(copy);
      symbol.flags = (symbol.flags & kNewFree) | (inner.flags & kCPythonMask) | kFromComprehension;
      symbol.binding = binding;
      symbol.target = inner.target.valid() ? inner.target : SymbolId(i);
      found = copy;
    } else if ((a.symbol(found).flags & kBoundMask) && !is_class) {
      // Free in the comprehension and local here: the comprehension runs in this frame and needs no cell, unless a
      // function inside it does.
      if (!isFreeInAnyChild(a, comprehension, inner.name)) a.symbol(i).flags &= ~kInFree;
    }
    if (is_cell) a.symbol(found).flags |= kInlinedCell;
  }
}

// Takes over the names that a child leaves free.
static void receiveFreeNames(Analysis& a, ScopeId scope, ScopeId child) {
  bool is_class = a.c.at(scope).kind == ScopeKind::kClass;
  for (uint32_t i = a.first[child.value]; i != Analysis::kEnd; i = a.next[i]) {
    Symbol inner = a.symbol(i);
    if (!(inner.flags & kInFree) || (inner.flags & kRemoved)) continue;
    if (is_class && isSpecialOfClass(a.c, inner.name)) {
      uint32_t flag = inner.name == a.c.special.dunder_class ? kNeedsClassCell
                      : inner.name == a.c.special.classdict  ? kNeedsClassDict
                                                             : kConditionalAnnotations;
      a.c.at(scope).flags |= flag;
      continue;
    }
    SymbolId found = a.find(scope, inner.name);
    if (!found.valid()) {
      found = a.add(scope, inner.name);
      Symbol& symbol = a.symbol(found);
      symbol.flags = kPending;
      symbol.binding = Binding::kFree;
      symbol.target = inner.target;
    }
    a.symbol(found).flags |= kNewFree;
  }
}

static void finishScope(Analysis& a, ScopeId scope) {
  const Scope& record = a.c.at(scope);
  bool function_like = isFunctionLike(record.kind);
  bool class_flag = record.kind == ScopeKind::kClass || record.has(kSeesClass);
  for (uint32_t i = a.first[scope.value]; i != Analysis::kEnd; i = a.next[i]) {
    Symbol& symbol = a.symbol(i);
    if (symbol.flags & kInlinedCell) symbol.flags |= kCompCell;
    if (function_like && symbol.binding == Binding::kLocal && (symbol.flags & (kNewFree | kInlinedCell))) {
      symbol.binding = Binding::kCell;
      symbol.flags &= ~kNewFree;
    }
    if (!(symbol.flags & kNewFree)) continue;
    if (class_flag && !(symbol.flags & kPending)) symbol.flags |= kFreeClass;
    symbol.flags |= kInFree;
  }
}

void analyzeScopes(BindContext& c) {
  uint32_t count = static_cast<uint32_t>(c.builder.symbols().size());
  for (uint32_t i = 0; i < count; ++i) {
    Analysis walk{c, {}, {}, {}};
    classify(walk, SymbolId(i));
  }
  uint32_t scope_count = static_cast<uint32_t>(c.builder.scopes().size());
  Analysis a{c, std::vector<uint32_t>(scope_count, Analysis::kEnd), std::vector<uint32_t>(scope_count, Analysis::kEnd),
             std::vector<uint32_t>(count, Analysis::kEnd)};
  for (uint32_t i = 0; i < count; ++i) a.link(i);
  for (uint32_t s = scope_count; s-- > 0;) {
    ScopeId scope(s);
    if (c.at(scope).has(kDetached)) continue;
    for (ScopeId child = c.at(scope).first_child; child.valid(); child = c.at(child).next_sibling) {
      Scope& record = c.at(child);
      if (record.has(kDetached)) continue;
      bool is_inlined = isComprehension(record.kind) && record.kind != ScopeKind::kGenerator &&
                        !c.at(scope).has(kSeesClass);
      if (is_inlined) {
        record.flags |= kInlined;
        inlineComprehension(a, scope, child);
      }
      receiveFreeNames(a, scope, child);
    }
    finishScope(a, scope);
  }
}

}  // namespace krait::semantic
