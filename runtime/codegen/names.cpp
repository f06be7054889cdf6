#include "runtime/codegen/names.h"

#include "analyzer/semantic/binder.h"
#include "runtime/codegen/watch.h"

namespace krait::codegen {

// The scope whose code object holds the scope's code.
static ScopeId frameScope(const SemanticModel& model, ScopeId scope) {
  while (model[scope].has(semantic::kInlined)) scope = model[scope].parent;
  return scope;
}

static uint16_t findFree(const UnitContext& u, NameId name) {
  for (const FreeVariable& f : u.free) {
    if (f.name == name) return f.reg;
  }
  for (const FreeVariable& f : u.cells) {
    if (f.name == name) return f.reg;
  }
  return kNoRegister;
}

static Place placeOfFree(CompileContext& c, SymbolId symbol, bool loading) {
  const Symbol& record = c.model[symbol];
  SymbolId owner = c.model.resolve(symbol);
  const Symbol& owned = c.model[owner];
  Place place{Access::kCell, kNoRegister, record.name};
  if (frameScope(c.model, owned.scope) == c.u->scope && c.register_of[owner.value] != kNoRegister) {
    place.reg = c.register_of[owner.value];
    if (owned.binding != Binding::kCell) place.access = Access::kFast;
    return place;
  }
  place.reg = findFree(*c.u, record.name);
  if (place.reg == kNoRegister) {
    place.access = Access::kGlobal;
  } else if (loading && c.u->comprehensions.empty() && c.u->kind == ScopeKind::kClass) {
    place.access = Access::kClassOrCell;
  } else if (loading && c.model[c.u->scope].has(semantic::kSeesClass) && record.name != c.special.classdict) {
    place.access = Access::kClassOrCell;
  }
  return place;
}

Place placeOf(CompileContext& c, SymbolId symbol, bool loading) {
  if (!symbol.valid()) return Place{};
  const Symbol& record = c.model[symbol];
  bool in_class_comprehension = c.u->kind == ScopeKind::kClass && !c.u->comprehensions.empty();
  switch (record.binding) {
    case Binding::kLocal:
    case Binding::kCell: {
      uint16_t reg = c.register_of[symbol.value];
      if (reg == kNoRegister && c.u->is_function) reg = c.register_of[c.model.resolve(symbol).value];
      if (reg == kNoRegister) return {Access::kName, kNoRegister, record.name};
      return {record.binding == Binding::kCell ? Access::kCell : Access::kFast, reg, record.name};
    }
    case Binding::kFree: return placeOfFree(c, symbol, loading);
    case Binding::kGlobalExplicit: return {Access::kGlobal, kNoRegister, record.name};
    default:
      if (loading && c.model[record.scope].has(semantic::kSeesClass)) return {Access::kClassOrGlobal, kNoRegister, record.name};
      if (c.u->is_function || in_class_comprehension) return {Access::kGlobal, kNoRegister, record.name};
      return {Access::kName, kNoRegister, record.name};
  }
}

Place placeOfSpecial(CompileContext& c, NameId name) {
  uint16_t reg = findFree(*c.u, name);
  if (reg != kNoRegister) return {Access::kCell, reg, name};
  SymbolId symbol = c.model.find(c.u->scope, name);
  if (symbol.valid()) return placeOf(c, symbol, false);
  return {c.u->is_function ? Access::kGlobal : Access::kName, kNoRegister, name};
}

uint16_t cellForChild(CompileContext& c, NameId name) {
  // Innermost inlined comprehension first, then the unit's own scope.
  for (size_t i = c.u->comprehensions.size() + 1; i-- > 0;) {
    ScopeId scope = i > 0 ? c.u->comprehensions[i - 1] : c.u->scope;
    SymbolId symbol = c.model.find(scope, name);
    if (!symbol.valid()) continue;
    const Symbol& record = c.model[symbol];
    if (record.binding == Binding::kCell && c.register_of[symbol.value] != kNoRegister) return c.register_of[symbol.value];
    if (record.binding == Binding::kFree) {
      Place place = placeOfFree(c, symbol, false);
      if (place.access == Access::kCell) return place.reg;
    }
  }
  return findFree(*c.u, name);
}

static void checkBound(CompileContext& c, uint16_t reg) {
  if (c.u->bound.has(reg) || isTemp(c, reg)) return;
  emit(c, Op::kCheckBound, reg);
  markBound(c, reg);
}

void markBound(CompileContext& c, uint16_t reg) {
  c.u->bound.add(reg);
}

static void loadThroughClass(CompileContext& c, const Place& place, uint16_t dst) {
  TempScope temps(c);
  uint16_t mapping = allocTemp(c);
  if (c.u->kind == ScopeKind::kClass) {
    emit(c, Op::kLoadLocals, mapping);
  } else {
    emit(c, Op::kLoadDeref, mapping, findFree(*c.u, c.special.classdict));
  }
  if (place.access == Access::kClassOrCell) {
    emit(c, Op::kLoadFromDictOrDeref, dst, mapping, place.reg, bytecode::kFreeB);
  } else {
    emit(c, Op::kLoadFromDictOrGlobals, dst, mapping, sharedCache(c, place.name), bytecode::kFreeB);
  }
}

void loadPlace(CompileContext& c, const Place& place, uint16_t dst) {
  switch (place.access) {
    case Access::kFast:
      checkBound(c, place.reg);
      if (dst != place.reg) emit(c, Op::kMove, dst, place.reg);
      return;
    case Access::kCell: return emit(c, Op::kLoadDeref, dst, place.reg);
    case Access::kGlobal: return emit(c, Op::kLoadGlobal, dst, 0, addCache(c, place.name));
    case Access::kName: return emit(c, Op::kLoadName, dst, 0, addCache(c, place.name));
    default: return loadThroughClass(c, place, dst);
  }
}

void storePlace(CompileContext& c, const Place& place, const Operand& value) {
  switch (place.access) {
    case Access::kFast:
      moveTo(c, value, place.reg);
      return markBound(c, place.reg);
    case Access::kCell:
    case Access::kClassOrCell: return emit(c, Op::kStoreDeref, value.reg, place.reg, 0, freeA(value));
    case Access::kGlobal:
    case Access::kClassOrGlobal: return emit(c, Op::kStoreGlobal, value.reg, 0, sharedCache(c, place.name), freeA(value));
    case Access::kName: return emit(c, Op::kStoreName, value.reg, 0, sharedCache(c, place.name), freeA(value));
  }
}

void deletePlace(CompileContext& c, const Place& place) {
  switch (place.access) {
    case Access::kFast:
      emit(c, Op::kDeleteFast, place.reg);
      return c.u->bound.remove(place.reg);
    case Access::kCell:
    case Access::kClassOrCell: return emit(c, Op::kDeleteDeref, place.reg);
    case Access::kGlobal:
    case Access::kClassOrGlobal: return emit(c, Op::kDeleteGlobal, 0, 0, sharedCache(c, place.name));
    case Access::kName: return emit(c, Op::kDeleteName, 0, 0, sharedCache(c, place.name));
  }
}

bool readInPlace(CompileContext& c, const Place& place, Operand& out) {
  if (place.access != Access::kFast) return false;
  if (place.reg < c.u->is_walrus_target.size() && c.u->is_walrus_target[place.reg]) return false;
  checkBound(c, place.reg);
  out = {place.reg, false, false};
  return true;
}

uint16_t directRegister(const Place& place) { return place.access == Access::kFast ? place.reg : kNoRegister; }

Place placeOfNode(CompileContext& c, NodeId node, bool loading) {
  SymbolId symbol = c.model.symbolAt(node);
  if (symbol.valid()) return placeOf(c, symbol, loading);
  Place place;
  place.name = mangled(c, syntax::nameOf(c.ast, node));
  place.access = c.u->is_function ? Access::kGlobal : Access::kName;
  return place;
}

void storeName(CompileContext& c, NodeId node, const Operand& value) {
  testVariable(c, node, value.reg);
  storePlace(c, placeOfNode(c, node, false), value);
}

void unbindName(CompileContext& c, NodeId node) {
  Place place = placeOfNode(c, node, false);
  if (place.access == Access::kFast) {
    emit(c, Op::kClear, place.reg);
    return c.u->bound.remove(place.reg);
  }
  TempScope temps(c);
  uint16_t none = allocTemp(c);
  loadNone(c, none);
  storePlace(c, place, {none, true, false});
  deletePlace(c, place);
}

NameId mangled(CompileContext& c, NameId name) {
  if (!c.u->private_class.valid()) return name;
  std::string_view text = c.names.text(name);
  if (text.size() < 3 || text[0] != '_' || text[1] != '_') return name;
  return semantic::mangle(c.names, c.names.text(c.u->private_class), name);
}

}  // namespace krait::codegen
