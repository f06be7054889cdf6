// Code objects as a whole: opening a unit for a scope, giving its symbols registers, closing it.
#include <algorithm>

#include "runtime/compile/compiler.h"

namespace krait::compile {

using semantic::Binding;
using semantic::ScopeKind;
using semantic::Symbol;

void Compiler::fail(NodeId node, const std::string& message) {
  if (!error_.empty()) return;
  error_ = message;
  error_range_ = ast_.range(node);
}

void Compiler::position(NodeId node) {
  TextRange r = ast_.range(node);
  LineColumn begin = lines_.locate(r.begin), end = lines_.locate(r.end);
  auto column = [](uint32_t c) { return static_cast<uint16_t>(c < 0xFFFF ? c : 0xFFFF); };
  code().at({begin.line + 1, end.line + 1, column(begin.column), column(end.column)});
}

std::vector<NameId> Compiler::freeNames(ScopeId scope) const {
  std::vector<NameId> out;
  for (SymbolId id : model_.symbolsOf(scope)) {
    const Symbol& s = model_[id];
    if (s.binding == Binding::kFree && !(s.flags & semantic::kRemoved)) out.push_back(s.name);
  }
  // A class passes on what its methods need from around it even where it binds the name itself.
  std::sort(out.begin(), out.end(), [&](NameId a, NameId b) { return ast_.name(a) < ast_.name(b); });
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

const SymbolHome* Compiler::homeNamed(NameId name) const {
  for (size_t i = unit_->homes.size(); i-- > 0;) {
    const SymbolHome& h = unit_->homes[i];
    if (h.name == name && h.place.access != Access::kGlobal) return &h;
  }
  return nullptr;
}

bool Compiler::closureFor(const std::vector<NameId>& names, Operand& out) {
  if (names.empty()) return false;
  uint32_t depth = code().depth();
  uint16_t first = code().temp(static_cast<uint32_t>(names.size()));
  for (size_t i = 0; i < names.size(); ++i) {
    const SymbolHome* home = homeNamed(names[i]);
    CHECK(home != nullptr && (home->place.access == Access::kCell || home->place.access == Access::kFree), "a free variable has a cell around it");
    code().emit(Op::kMove, first + i, home->place.reg);
  }
  code().emit(Op::kBuildTuple, first, first, static_cast<uint32_t>(names.size()));
  code().freeTo(depth + 1);
  out = {first, true};
  return true;
}

// Gives the scope's own variables registers: parameters and locals, then (after them) free variables.
void Compiler::declareSymbols(Unit& unit, ScopeId scope) {
  const Scope& record = model_[scope];
  bool function_like = semantic::isFunctionLike(record.kind);
  uint32_t next = unit.leading_parameters;
  auto addLocal = [&](NameId name, SymbolId symbol, bool is_cell) {
    Str* text = this->name(name);
    unit.code.parts.local_names.push_back(text);
    if (is_cell) {
      unit.code.parts.cell_names.push_back(text);
      unit.code.parts.cell_registers.push_back(next);
    }
    unit.homes.push_back({name, symbol, {is_cell ? Access::kCell : Access::kFast, static_cast<uint16_t>(next)}});
    ++next;
  };
  if (function_like) {
    for (SymbolId id : model_.symbolsOf(scope)) {
      const Symbol& s = model_[id];
      if (s.flags & semantic::kFromComprehension) continue;
      if (s.binding == Binding::kLocal || s.binding == Binding::kCell) addLocal(s.name, id, s.binding == Binding::kCell);
    }
  }
  if (record.kind == ScopeKind::kClass) {
    for (auto [flag, text] : {std::pair{semantic::kNeedsClassCell, "__class__"}, {semantic::kNeedsClassDict, "__classdict__"}}) {
      NameId id = special(text);
      if ((record.flags & flag) && id.valid()) addLocal(id, SymbolId::none(), true);
    }
  }
  unit.bound.assign(next, false);
  unit.may_unbind.assign(next, false);
  for (NameId name : freeNames(scope)) {
    unit.code.parts.free_names.push_back(this->name(name));
    unit.homes.push_back({name, SymbolId::none(), {Access::kFree, static_cast<uint16_t>(next++)}});
  }
  unit.code.parts.register_count = next;
}

static uint32_t countFixed(const SemanticModel& model, ScopeId scope, size_t free_count) {
  const Scope& record = model[scope];
  uint32_t n = static_cast<uint32_t>(free_count);
  if (semantic::isFunctionLike(record.kind)) {
    for (SymbolId id : model.symbolsOf(scope)) {
      const Symbol& s = model[id];
      n += !(s.flags & semantic::kFromComprehension) && (s.binding == Binding::kLocal || s.binding == Binding::kCell);
    }
  }
  if (record.kind == ScopeKind::kClass) {
    n += (record.flags & semantic::kNeedsClassCell) != 0;
    n += (record.flags & semantic::kNeedsClassDict) != 0;
  }
  return n;
}
uint32_t fixedRegisters(const SemanticModel& model, ScopeId scope, size_t free_count) { return countFixed(model, scope, free_count); }

void Compiler::enterUnit(Unit& unit, ScopeId scope, std::string_view name, NodeId node) {
  const Scope& record = model_[scope];
  unit.outer = unit_;
  if (unit_ != nullptr) unit.class_name = unit_->class_name;
  unit.is_function = semantic::isFunctionLike(record.kind);
  unit.is_class = record.kind == ScopeKind::kClass;
  unit.is_async = record.has(semantic::kCoroutine);
  unit.is_generator = record.has(semantic::kGeneratorCode) || record.kind == ScopeKind::kGenerator;
  unit.sees_class_dict = record.has(semantic::kSeesClass);
  declareSymbols(unit, scope);
  for (SymbolId id : model_.symbolsOf(scope)) {
    if (model_.resolve(id) != id) continue;
    for (const semantic::Definition& d : model_.definitions(id)) {
      if (d.kind != semantic::DefinitionKind::kDelete && d.kind != semantic::DefinitionKind::kExcept) continue;
      for (const SymbolHome& h : unit.homes) {
        if (h.symbol == id && h.place.access == Access::kFast) unit.may_unbind[h.place.reg] = true;
      }
    }
  }
  unit_ = &unit;
  if (node.valid()) position(node);
  uint32_t local_count = static_cast<uint32_t>(unit.code.parts.local_names.size());
  for (uint32_t r : unit.code.parts.cell_registers) code().emit(Op::kMakeCell, r);
  for (size_t i = 0; i < unit.code.parts.free_names.size(); ++i) code().emit(Op::kLoadClosure, local_count + i, static_cast<uint32_t>(i));
  if (unit.is_function && (unit.is_generator || unit.is_async)) code().emit(Op::kReturnGenerator);
}

Ref Compiler::leaveUnit(Unit& unit, std::string_view name, uint32_t first_line) {
  CodeParts& parts = unit.code.parts;
  const Scope& record = model_[unit.scope];
  uint32_t flags = flags_;
  if (unit.is_function) {
    flags |= kCodeOptimized | kCodeNewLocals;
    if (record.has(semantic::kNested)) flags |= kCodeNested;
    if (unit.is_generator && unit.is_async) flags |= kCodeAsyncGenerator;
    else if (unit.is_async) flags |= kCodeCoroutine;
    else if (unit.is_generator) flags |= kCodeGenerator;
    if (record.has(semantic::kVarArgs)) flags |= kCodeVarargs;
    if (record.has(semantic::kVarKeywords)) flags |= kCodeVarkeywords;
    if (record.has(semantic::kHasDocstring) && record.kind == ScopeKind::kFunction) flags |= kCodeHasDocstring;
  }
  parts.flags |= flags;
  parts.first_line = first_line;
  Ref name_ref = newStr(t_, name), qualname = newStr(t_, unit.qualname);
  parts.name = internStr(*t_.isolate, name_ref.as<Str>());
  parts.qualname = internStr(*t_.isolate, qualname.as<Str>());
  parts.filename = filename_;
  std::string error;
  Ref code = unit.code.finish(error);
  if (!code && error_.empty()) error_ = error;
  unit_ = unit.outer;
  return code;
}

Ref Compiler::compile(Mode mode) {
  mode_ = mode;
  ScopeId scope = SemanticModel::kModuleScope;
  Unit unit(t_, fixedRegisters(model_, scope, 0), scope);
  unit.qualname = "<module>";
  if (mode == Mode::kExec || mode == Mode::kSingle) {
    enterUnit(unit, scope, "<module>", NodeId::none());
    code().at({0, 1, 0, 0});
    NodeList statements = ast_.as<ast::Module>(ast_.root()).body();
    code().at({1, 1, 0, 0});
    body(statements);
    finishAnnotations(scope);
    code().emit(Op::kReturnConst, code().constant(Value::none()));
  } else {
    enterUnit(unit, scope, "<module>", NodeId::none());
    NodeList statements = ast_.as<ast::Module>(ast_.root()).body();
    NodeId value = ast_.as<ast::ExprStmt>(statements[0]).value();
    Operand o = exprInTemp(value);
    code().emit(Op::kReturn, o.reg);
  }
  Ref r = leaveUnit(unit, "<module>", 1);
  if (!error_.empty()) return Ref();
  return r;
}

}  // namespace krait::compile
