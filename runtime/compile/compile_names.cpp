// Names: where each lives, loading, storing, deleting.
#include "runtime/compile/compiler.h"

namespace krait::compile {

using semantic::Binding;
using semantic::Symbol;

Place Compiler::placeOfSymbol(SymbolId id) {
  const Symbol& s = model_[id];
  const Scope& scope = model_[s.scope];
  bool registers = semantic::isFunctionLike(scope.kind);
  switch (s.binding) {
    case Binding::kLocal:
    case Binding::kCell:
      if (registers) {
        for (size_t i = unit_->homes.size(); i-- > 0;) {
          if (unit_->homes[i].symbol == id) return unit_->homes[i].place;
        }
      }
      return {Access::kName, 0};
    case Binding::kFree: {
      const SymbolHome* home = homeNamed(s.name);
      if (home == nullptr) return {Access::kGlobal, 0};
      if (scope.kind == semantic::ScopeKind::kClass) {  // the class namespace comes first
        return unit_->is_class ? Place{Access::kClassDictOrCell, home->place.reg} : home->place;
      }
      return home->place;
    }
    case Binding::kGlobalExplicit:
      return {Access::kGlobal, 0};
    default:
      if (s.flags & semantic::kFromClass) return {Access::kClassDictOrGlobal, 0};
      if (registers && semantic::isComprehension(scope.kind) && !unit_->is_function && !unit_->is_class) return {Access::kName, 0};
      return {registers ? Access::kGlobal : Access::kName, 0};
  }
}

Place Compiler::placeOf(NodeId node) {
  SymbolId id = model_.symbolAt(node);
  if (!id.valid()) return {unit_->is_function ? Access::kGlobal : Access::kName, 0};
  return placeOfSymbol(id);
}

Str* Compiler::mangled(NameId id) {
  std::string_view text = ast_.name(id);
  bool is_private = text.size() > 2 && text.starts_with("__") && !text.ends_with("__") && text.find('.') == std::string_view::npos;
  if (!is_private || unit_->class_name.empty()) return name(id);
  std::string_view cls = unit_->class_name;
  while (!cls.empty() && cls.front() == '_') cls.remove_prefix(1);
  if (cls.empty()) return name(id);
  return intern(*t_.isolate, "_" + std::string(cls) + std::string(text));
}

void Compiler::markBound(uint16_t reg) {
  if (reg < unit_->bound.size()) unit_->bound[reg] = true;
}
bool Compiler::isBound(uint16_t reg) const {
  if (reg >= unit_->bound.size()) return true;
  return unit_->bound[reg] && !unit_->may_unbind[reg];
}

Operand Compiler::loadName(NodeId node, NameId id) {
  Place p = placeOf(node);
  if (p.access == Access::kFast) {
    if (!isBound(p.reg)) {
      code().emit(Op::kCheckBound, p.reg);
      markBound(p.reg);
    }
    return {p.reg, false};
  }
  Operand o = fresh();
  loadNameTo(node, id, o.reg);
  return o;
}

void Compiler::loadNameTo(NodeId node, NameId id, uint16_t dst) {
  Place p = placeOf(node);
  auto cached = [&](Op op, uint32_t b = 0) { code().emit(op, dst, b, code().cache(mangled(id))); };
  switch (p.access) {
    case Access::kFast:
      if (!isBound(p.reg)) code().emit(Op::kCheckBound, p.reg);
      markBound(p.reg);
      code().emit(Op::kMove, dst, p.reg);
      return;
    case Access::kCell:
    case Access::kFree: code().emit(Op::kLoadDeref, dst, p.reg); return;
    case Access::kGlobal: return cached(Op::kLoadGlobal);
    case Access::kName: return cached(Op::kLoadName);
    case Access::kClassDictOrCell:
      if (unit_->is_class) {
        uint16_t ns = code().temp();
        code().emit(Op::kLoadLocals, ns);
        code().emit(Op::kLoadFromDictOrDeref, dst, ns, p.reg, dst == ns ? 0 : bytecode::kFreeB);
        code().freeTo(ns);
        return;
      }
      [[fallthrough]];
    case Access::kClassDictOrGlobal: {
      const SymbolHome* home = homeNamed(special("__classdict__"));
      if (home == nullptr) return cached(Op::kLoadGlobal);
      uint16_t ns = code().temp();
      code().emit(Op::kLoadDeref, ns, home->place.reg);
      code().emit(Op::kLoadFromDictOrGlobals, dst, ns, code().cache(mangled(id)), dst == ns ? 0 : bytecode::kFreeB);
      code().freeTo(ns);
      return;
    }
  }
}

void Compiler::storeName(NodeId node, NameId id, Operand value) { storeNamed(node, mangled(id), value); }

void Compiler::storeNamed(NodeId node, Str* name, Operand value) {
  Place p = placeOf(node);
  uint8_t free_flag = value.is_temp ? bytecode::kFreeA : 0;
  switch (p.access) {
    case Access::kFast:
      if (p.reg != value.reg) code().emit(value.is_temp ? Op::kTake : Op::kMove, p.reg, value.reg);
      markBound(p.reg);
      return;
    case Access::kCell:
    case Access::kFree: code().emit(Op::kStoreDeref, value.reg, p.reg, 0, free_flag); return;
    case Access::kGlobal: code().emit(Op::kStoreGlobal, value.reg, 0, code().cache(name), free_flag); return;
    default: code().emit(Op::kStoreName, value.reg, 0, code().cache(name), free_flag); return;
  }
}

void Compiler::deleteName(NodeId node, NameId id) {
  Place p = placeOf(node);
  switch (p.access) {
    case Access::kFast: code().emit(Op::kDeleteFast, p.reg); return;
    case Access::kCell:
    case Access::kFree: code().emit(Op::kDeleteDeref, p.reg); return;
    case Access::kGlobal: code().emit(Op::kDeleteGlobal, 0, 0, code().cache(mangled(id))); return;
    default: code().emit(Op::kDeleteName, 0, 0, code().cache(mangled(id))); return;
  }
}

}  // namespace krait::compile
