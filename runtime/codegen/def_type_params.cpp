// Type parameters and `type` aliases (PEP 695, 696). Bounds, constraints, defaults and alias values are evaluated when asked
// for: each is a function of one argument, the format (PEP 649).
#include "runtime/codegen/annotations.h"
#include "runtime/codegen/def.h"
#include "runtime/codegen/fold.h"
#include "runtime/codegen/names.h"
#include "runtime/codegen/stmt.h"

namespace krait::codegen {

using bytecode::Intrinsic;

std::string genericName(CompileContext& c, NodeId name) {
  return "<generic parameters of " + std::string(syntax::nameText(c.ast, name)) + ">";
}

void evaluatorTo(CompileContext& c, ScopeId scope, NodeId expr, std::string_view name, uint16_t dst) {
  UnitSpec spec{.scope = scope, .kind = ScopeKind::kTypeAlias, .node = expr, .name = name};
  spec.implicit_parameter = c.special.dot_format;
  uint32_t child = compileChild(c, spec, [&] {
    checkFormat(c);
    TempScope temps(c);
    bool starred = c.ast.is(expr, NodeKind::kStarred);  // the default of `*Ts`
    Operand value = operandOf(c, starred ? c.ast.as<syntax::Starred>(expr).value() : expr);
    at(c, expr);
    if (starred) {
      uint16_t only = allocTemp(c);
      emit(c, Op::kUnpackSequence, only, value.reg, 1, freeB(value));
      value = {only, true, false};
    }
    emit(c, Op::kReturn, value.reg, 0, 0, freeA(value));
  });
  at(c, expr);
  makeFunction(c, child, dst);
  TempScope temps(c);
  Constant defaults = makeKind(ConstantKind::kTuple);
  defaults.items.push_back(makeInt(1));
  uint16_t value = allocTemp(c);
  loadConstant(c, defaults, value);
  setFunctionPart(c, dst, bytecode::FunctionPart::kDefaults, value);
}

// The scope of a parameter's bound or default: the `index`th scope below the current one that belongs to it.
static ScopeId partScope(CompileContext& c, NodeId param, int index) {
  for (ScopeId id = c.model[c.u->scope].first_child; id.valid(); id = c.model[id].next_sibling) {
    if (c.model[id].kind == ScopeKind::kTypeVariable && c.model[id].node == param && index-- == 0) return id;
  }
  return ScopeId::none();
}

// reg = helper(reg, evaluator of `part`)
static void addPart(CompileContext& c, NodeId param, int index, NodeId part, std::string_view name, Intrinsic helper, uint16_t reg) {
  TempScope temps(c);
  uint16_t pair = allocTemp(c, 2);
  emit(c, Op::kTake, pair, reg);
  evaluatorTo(c, partScope(c, param, index), part, name, static_cast<uint16_t>(pair + 1));
  at(c, param);
  emit(c, Op::kIntrinsic2, reg, pair, static_cast<uint32_t>(helper), bytecode::kFreeB);
}

static void typeParamTo(CompileContext& c, NodeId param, uint16_t reg) {
  NodeId name_node = c.ast.child(param, 0);
  std::string_view name = syntax::nameText(c.ast, name_node);
  at(c, param);
  loadString(c, name, reg);
  NodeId default_value;
  int parts = 0;
  if (auto type_var = c.ast.tryAs<syntax::TypeVar>(param)) {
    default_value = type_var->defaultValue();
    if (type_var->bound().valid()) {
      bool constraints = c.ast.is(type_var->bound(), NodeKind::kTuple);
      addPart(c, param, parts++, type_var->bound(), name,
              constraints ? Intrinsic::kTypeVarWithConstraints : Intrinsic::kTypeVarWithBound, reg);
    } else {
      emit(c, Op::kIntrinsic, reg, reg, static_cast<uint32_t>(Intrinsic::kTypeVar), bytecode::kFreeB);
    }
  } else {
    default_value = c.ast.child(param, 1);
    Intrinsic helper = c.ast.is(param, NodeKind::kParamSpec) ? Intrinsic::kParamSpec : Intrinsic::kTypeVarTuple;
    emit(c, Op::kIntrinsic, reg, reg, static_cast<uint32_t>(helper), bytecode::kFreeB);
  }
  if (default_value.valid()) addPart(c, param, parts, default_value, name, Intrinsic::kSetDefault, reg);
  at(c, param);
  storeName(c, name_node, {reg, false, false});
}

void typeParamsTo(CompileContext& c, NodeList params, uint16_t dst) {
  TempScope temps(c);
  uint16_t first = c.u->top;
  for (NodeId param : params) typeParamTo(c, param, allocTemp(c));
  emit(c, Op::kBuildTuple, dst, first, params.size());
}

// reg = TypeAliasType; the parameters are made here when the alias has any.
static void aliasTo(CompileContext& c, NodeId node, uint16_t reg) {
  auto alias = c.ast.as<syntax::TypeAlias>(node);
  std::string_view name = syntax::nameText(c.ast, alias.name());
  TempScope temps(c);
  uint16_t parts = allocTemp(c, 3);
  at(c, node);
  loadString(c, name, parts);
  if (alias.typeParams().empty()) loadNone(c, static_cast<uint16_t>(parts + 1));
  else typeParamsTo(c, alias.typeParams(), static_cast<uint16_t>(parts + 1));
  evaluatorTo(c, c.model.scopeOf(node), alias.value(), name, static_cast<uint16_t>(parts + 2));
  at(c, node);
  emit(c, Op::kBuildTuple, parts, parts, 3);
  emit(c, Op::kIntrinsic, reg, parts, static_cast<uint32_t>(Intrinsic::kTypeAlias), bytecode::kFreeB);
}

void typeAliasStatement(CompileContext& c, NodeId node) {
  auto alias = c.ast.as<syntax::TypeAlias>(node);
  TempScope temps(c);
  uint16_t value = allocTemp(c);
  if (alias.typeParams().empty()) {
    aliasTo(c, node, value);
  } else {
    std::string name = genericName(c, alias.name());
    UnitSpec spec{.scope = c.model[c.model.scopeOf(node)].parent, .kind = ScopeKind::kTypeParameters, .node = node,
                  .name = c.names.text(c.names.intern(name))};
    uint32_t child = compileChild(c, spec, [&] {
      TempScope inner_temps(c);
      uint16_t result = allocTemp(c);
      aliasTo(c, node, result);
      emit(c, Op::kReturn, result, 0, 0, bytecode::kFreeA);
    });
    at(c, node);
    makeFunction(c, child, value);
    reserveTo(c, value + kWindowHeader);
    emitCall(c, value, value, 0);
  }
  storeName(c, alias.name(), {value, true, false});
}

}  // namespace krait::codegen
