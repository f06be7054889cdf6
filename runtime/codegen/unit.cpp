#include "runtime/codegen/unit.h"

#include <algorithm>

#include "runtime/codegen/names.h"
#include "runtime/codegen/watch.h"

namespace krait::codegen {

namespace {
// A register that inlined comprehensions share by name.
struct ComprehensionRegister {
  NameId name;
  uint16_t reg;
  bool in_use;
};
}  // namespace

static uint16_t addLocal(CompileContext& c, UnitContext& u, NameId name) {
  u.code->local_names.push_back(c.names.text(name));
  return static_cast<uint16_t>(u.code->local_names.size() - 1);
}

static void addCell(UnitContext& u, std::string_view name, uint16_t reg) {
  for (uint32_t r : u.code->cell_registers) {
    if (r == reg) return;
  }
  u.code->cell_names.push_back(name);
  u.code->cell_registers.push_back(reg);
}

static void noteDefinitions(CompileContext& c, UnitContext& u, SymbolId symbol, uint16_t reg) {
  if (u.is_walrus_target.size() <= reg) u.is_walrus_target.resize(reg + 1u, false);
  for (const semantic::Definition& d : c.model.definitions(c.model.resolve(symbol))) {
    if (d.kind == semantic::DefinitionKind::kNamedExpr) u.is_walrus_target[reg] = true;
    if (d.kind == semantic::DefinitionKind::kDelete || d.kind == semantic::DefinitionKind::kExcept) u.deletable.add(reg);
  }
}

static bool isOwnVariable(const Symbol& symbol) {
  bool is_local = symbol.binding == Binding::kLocal || symbol.binding == Binding::kCell;
  return is_local && !(symbol.flags & (semantic::kFromComprehension | semantic::kRemoved));
}

static void addVariable(CompileContext& c, UnitContext& u, SymbolId id) {
  const Symbol& symbol = c.model[id];
  uint16_t reg = addLocal(c, u, symbol.name);
  c.register_of[id.value] = reg;
  noteDefinitions(c, u, id, reg);
  if (symbol.binding == Binding::kCell) addCell(u, c.names.text(symbol.name), reg);
}

static void layOutComprehension(CompileContext& c, UnitContext& u, ScopeId scope, std::vector<ComprehensionRegister>& shared) {
  std::vector<size_t> taken;
  for (SymbolId id : c.model.symbolsOf(scope)) {
    const Symbol& symbol = c.model[id];
    if (!isOwnVariable(symbol)) continue;
    size_t i = 0;
    while (i < shared.size() && (shared[i].name != symbol.name || shared[i].in_use)) ++i;
    if (i == shared.size()) shared.push_back({symbol.name, addLocal(c, u, symbol.name), false});
    shared[i].in_use = true;
    taken.push_back(i);
    c.register_of[id.value] = shared[i].reg;
    noteDefinitions(c, u, id, shared[i].reg);
  }
  for (ScopeId child = c.model[scope].first_child; child.valid(); child = c.model[child].next_sibling) {
    if (c.model[child].has(semantic::kInlined)) layOutComprehension(c, u, child, shared);
  }
  for (size_t i : taken) shared[i].in_use = false;
}

static void layOutLocals(CompileContext& c, UnitContext& u, const UnitSpec& spec) {
  if (spec.implicit_parameter.valid()) addLocal(c, u, spec.implicit_parameter);
  if (!spec.scope.valid()) return;
  if (u.is_function) {
    for (bool parameters : {true, false}) {
      for (SymbolId id : c.model.symbolsOf(spec.scope)) {
        bool is_parameter = (c.model[id].flags & semantic::kDefParam) != 0;
        if (is_parameter == parameters && isOwnVariable(c.model[id])) addVariable(c, u, id);
      }
    }
  }
  if (u.kind == ScopeKind::kClass) {
    auto implicit = [&](semantic::ScopeFlags flag, NameId name) {
      if (!c.model[spec.scope].has(flag)) return;
      uint16_t reg = addLocal(c, u, name);
      addCell(u, c.names.text(name), reg);
      u.cells.push_back({name, reg});
    };
    implicit(semantic::kNeedsClassCell, c.special.dunder_class);
    implicit(semantic::kNeedsClassDict, c.special.classdict);
    implicit(semantic::kConditionalAnnotations, c.special.conditional_annotations);
  }
  std::vector<ComprehensionRegister> shared;
  for (ScopeId child = c.model[spec.scope].first_child; child.valid(); child = c.model[child].next_sibling) {
    if (c.model[child].has(semantic::kInlined)) layOutComprehension(c, u, child, shared);
  }
}

static void layOutFree(CompileContext& c, UnitContext& u, const UnitSpec& spec) {
  if (spec.scope.valid()) {
    for (SymbolId id : c.model.symbolsOf(spec.scope)) {
      // A class passes on what its methods need from outside even when it binds the name itself.
      bool is_free = c.model[id].binding == Binding::kFree || (c.model[id].flags & semantic::kFreeClass);
      if (is_free) u.free.push_back({c.model[id].name, 0});
    }
  }
  if (spec.extra_free.valid()) u.free.push_back({spec.extra_free, 0});
  std::sort(u.free.begin(), u.free.end(),
            [&](const FreeVariable& x, const FreeVariable& y) { return c.names.text(x.name) < c.names.text(y.name); });
  uint16_t reg = static_cast<uint16_t>(u.code->local_names.size());
  for (FreeVariable& f : u.free) {
    f.reg = reg++;
    u.code->free_names.push_back(c.names.text(f.name));
  }
}

static void countParameters(CompileContext& c, UnitContext& u, const UnitSpec& spec) {
  CodeUnit& code = *u.code;
  if (spec.implicit_parameter.valid()) code.arg_count = code.positional_only = 1;
  if (spec.kind == ScopeKind::kTypeParameters) {
    for (SymbolId id : c.model.symbolsOf(spec.scope)) code.arg_count += (c.model[id].flags & semantic::kDefParam) != 0;
  }
  if (!spec.params.valid()) return;
  for (NodeId id : c.ast.as<syntax::Parameters>(spec.params).params()) {
    switch (c.ast.as<syntax::Parameter>(id).parameterKind()) {
      case syntax::ParameterKind::kPositionalOnly: ++code.positional_only; [[fallthrough]];
      case syntax::ParameterKind::kPositionalOrKeyword: ++code.arg_count; break;
      case syntax::ParameterKind::kKeywordOnly:
        // The marker of `def f(*, a)` has no name.
        if (syntax::nameOf(c.ast, c.ast.as<syntax::Parameter>(id).name()).valid()) ++code.keyword_only;
        break;
      case syntax::ParameterKind::kVarPositional:
        if (syntax::nameOf(c.ast, c.ast.as<syntax::Parameter>(id).name()).valid()) code.flags |= bytecode::kCodeVarargs;
        break;
      case syntax::ParameterKind::kVarKeyword: code.flags |= bytecode::kCodeVarkeywords; break;
    }
  }
}

static void setFlags(CompileContext& c, UnitContext& u, const UnitSpec& spec) {
  uint32_t& flags = u.code->flags;
  flags |= spec.extra_flags;
  if (c.future_annotations) flags |= bytecode::kCodeFutureAnnotations;
  if (spec.kind == ScopeKind::kModule && c.options.awaits_at_top && c.model[spec.scope].has(semantic::kCoroutine)) {
    flags |= bytecode::kCodeCoroutine;
    u.is_generator = true;
  }
  if (!u.is_function) return;
  flags |= bytecode::kCodeOptimized | bytecode::kCodeNewLocals;
  if (!spec.scope.valid()) return;
  const Scope& scope = c.model[spec.scope];
  if (scope.has(semantic::kNested)) flags |= bytecode::kCodeNested;
  bool generator = scope.has(semantic::kGeneratorCode), coroutine = scope.has(semantic::kCoroutine);
  if (spec.kind != ScopeKind::kFunction && spec.kind != ScopeKind::kLambda && !semantic::isComprehension(spec.kind)) return;
  if (generator) flags |= coroutine ? bytecode::kCodeAsyncGenerator : bytecode::kCodeGenerator;
  else if (coroutine) flags |= bytecode::kCodeCoroutine;
  u.is_generator = generator || coroutine;
  u.is_async = generator && coroutine;
}

// ref: compiler_set_qualname.
static std::string qualifiedName(CompileContext& c, const UnitSpec& spec) {
  UnitContext* parent = c.u;
  if (parent != nullptr && parent->kind == ScopeKind::kTypeParameters) parent = parent->outer;
  if (parent == nullptr || parent->kind == ScopeKind::kModule) return std::string(spec.name);
  if (spec.name_node.valid()) {
    SymbolId symbol = c.model.symbolAt(spec.name_node);
    if (symbol.valid() && c.model[symbol].binding == Binding::kGlobalExplicit) return std::string(spec.name);
  }
  bool is_function = parent->kind == ScopeKind::kFunction || parent->kind == ScopeKind::kLambda;
  return parent->code->qualname + (is_function ? ".<locals>." : ".") + std::string(spec.name);
}

static void emitPrologue(CompileContext& c) {
  UnitContext& u = *c.u;
  watchParameters(c);  // before they move into cells
  uint16_t local_count = static_cast<uint16_t>(u.code->local_names.size());
  for (size_t i = 0; i < u.free.size(); ++i) emit(c, Op::kLoadClosure, local_count + i, i);
  for (uint32_t r : u.code->cell_registers) emit(c, Op::kMakeCell, r);
  if (u.is_generator) emit(c, Op::kReturnGenerator);
}

void beginUnit(CompileContext& c, UnitContext& u, const UnitSpec& spec, bool long_jumps) {
  CodeUnit& code = *u.code;
  u.scope = spec.scope;
  u.kind = spec.kind;
  u.node = spec.node;
  u.is_function = semantic::isFunctionLike(spec.kind);
  u.long_jumps = long_jumps;
  u.private_class = c.u != nullptr ? c.u->private_class : NameId::none();
  code.name = spec.name;
  code.qualname = qualifiedName(c, spec);
  uint32_t offset = spec.first_line_offset != 0xffffffffu ? spec.first_line_offset : c.ast.range(spec.node).begin;
  code.first_line = spec.kind == ScopeKind::kModule ? 1 : c.lines.lineOf(offset) + 1;
  countParameters(c, u, spec);
  setFlags(c, u, spec);
  layOutLocals(c, u, spec);
  layOutFree(c, u, spec);
  uint32_t fixed = static_cast<uint32_t>(code.local_names.size() + code.free_names.size());
  u.outer = c.u;
  c.u = &u;
  if (fixed > 30000) return fail(c, spec.node, "too many local variables in one code block");
  u.first_temp = u.top = static_cast<uint16_t>(fixed);
  u.max_top = fixed;
  uint32_t bound = code.arg_count + code.keyword_only + ((code.flags & bytecode::kCodeVarargs) != 0) + ((code.flags & bytecode::kCodeVarkeywords) != 0);
  for (uint32_t r = 0; r < bound; ++r) markBound(c, static_cast<uint16_t>(r));
  at(c, TextRange{offset, offset});
  emitPrologue(c);
}

bool endUnit(CompileContext& c) {
  bool done = finishUnit(c);
  c.u = c.u->outer;
  return done;
}

uint32_t attachUnit(CompileContext& c, UnitContext& u) {
  if (c.u == nullptr) return 0;
  std::vector<std::unique_ptr<CodeUnit>>& children = c.u->code->children;
  children.push_back(std::move(u.code));
  return static_cast<uint32_t>(children.size() - 1);
}

// The end of a body belongs to its last statement, or to whichever statement comes here.
void emitReturnNone(CompileContext& c) {
  UnitContext& u = *c.u;
  if (u.last_bound == static_cast<int64_t>(u.code->instructions.size())) atNothing(c);
  else if (!u.ranges.empty()) at(c, u.ranges.back());
  if (c.u->is_reachable && watchesResult(c)) {
    TempScope temps(c);
    uint16_t reg = allocTemp(c);
    loadConstant(c, Constant{}, reg);
    watchResult(c, reg);
    return emit(c, Op::kReturn, reg, 0, 0, bytecode::kFreeA);
  }
  emit(c, Op::kReturnConst, c.u->is_reachable ? addConstant(c, Constant{}) : 0);
}

void makeFunction(CompileContext& c, uint32_t index, uint16_t dst) {
  if (!c.u->is_reachable || c.failed) return;
  const CodeUnit& child = *c.u->code->children[index];
  Constant code;
  code.kind = ConstantKind::kCode;
  code.integer = index;
  emitWide(c, Op::kLoadConst, dst, addConstant(c, code));
  emit(c, Op::kMakeFunction, dst, dst, 0, bytecode::kFreeB);
  if (child.free_names.empty()) return;
  TempScope temps(c);
  uint16_t first = allocTemp(c, static_cast<uint32_t>(child.free_names.size()));
  for (size_t i = 0; i < child.free_names.size(); ++i) {
    uint16_t cell = cellForChild(c, c.names.find(child.free_names[i]));
    if (cell == kNoRegister) return fail(c, c.u->node, "internal error: free variable without a cell");
    emit(c, Op::kMove, first + i, cell);
  }
  emit(c, Op::kBuildTuple, first, first, child.free_names.size());
  emit(c, Op::kSetFunction, dst, first, static_cast<uint32_t>(bytecode::FunctionPart::kClosure), bytecode::kFreeB);
}

}  // namespace krait::codegen
