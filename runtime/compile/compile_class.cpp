// Classes, generic definitions and type aliases. ref: PEP 695, 696; reference 8.8 and 8.10.
#include "runtime/compile/compiler.h"

namespace krait::compile {

using bytecode::FunctionPart;
using bytecode::Intrinsic;
using bytecode::kFreeA;
using bytecode::kFreeB;
using semantic::ScopeKind;

uint32_t fixedRegisters(const SemanticModel& model, ScopeId scope, size_t free_count);

// --- type parameters
// A value that is computed when asked for: a function of one argument (the annotation format).
void Compiler::lazyScope(NodeId node, ScopeId scope, std::string_view name, uint16_t dst) {
  std::vector<NameId> names = freeNames(scope);
  Ref made;
  {
    Unit unit(t_, fixedRegisters(model_, scope, names.size()) + 1, scope);
    unit.qualname = childQualname(name, scope, SymbolId::none());
    unit.code.parts.local_names.push_back(intern(*t_.isolate, "format"));
    unit.code.parts.arg_count = unit.code.parts.positional_only = 1;
    unit.leading_parameters = 1;
    enterUnit(unit, scope, name, node);
    checkFormat();
    Operand v;
    if (auto star = ast_.tryAs<ast::Starred>(node)) {
      Operand it = exprInTemp(star->value());
      v = fresh();
      code().emit(Op::kUnpackSequence, v.reg, it.reg, 1, kFreeB);
    } else {
      v = expr(node);
    }
    code().emit(Op::kReturn, v.reg);
    made = leaveUnit(unit, name, lineOf(node));
  }
  uint32_t depth = code().depth();
  makeFunction(std::move(made), names, dst);
  Operand one = fresh();
  constantTo(tupleOf(t_, {Value::fromInt(1)}).get(), one.reg);
  code().emit(Op::kSetFunction, dst, one.reg, static_cast<uint32_t>(FunctionPart::kDefaults), kFreeB);
  code().freeTo(depth);
}

// The scopes of a parameter's bound and default, in this order.
static std::vector<ScopeId> scopesOf(const SemanticModel& model, ScopeId parent, NodeId param) {
  std::vector<ScopeId> out;
  for (ScopeId c = model[parent].first_child; c.valid(); c = model[c].next_sibling) {
    if (model[c].kind == ScopeKind::kTypeVariable && model[c].node == param) out.push_back(c);
  }
  return out;
}

void Compiler::typeParamTo(NodeId node, uint16_t dst) {
  std::vector<ScopeId> scopes = scopesOf(model_, unit_->scope, node);
  size_t next = 0;
  NodeId name_node = ast_.child(node, 0), bound, default_value;
  Intrinsic make = Intrinsic::kTypeVar;
  if (auto v = ast_.tryAs<ast::TypeVar>(node)) {
    bound = v->bound();
    default_value = v->defaultValue();
  } else {
    default_value = ast_.child(node, 1);
    make = ast_.is(node, NodeKind::kParamSpec) ? Intrinsic::kParamSpec : Intrinsic::kTypeVarTuple;
  }
  std::string_view text = ast::nameText(ast_, name_node);
  uint16_t pair = code().temp(2);
  constantTo(intern(*t_.isolate, text), pair);
  if (bound.valid()) {
    lazyScope(bound, scopes[next++], text, static_cast<uint16_t>(pair + 1));
    Intrinsic with = ast_.is(bound, NodeKind::kTuple) ? Intrinsic::kTypeVarWithConstraints : Intrinsic::kTypeVarWithBound;
    code().emit(Op::kIntrinsic2, pair, pair, static_cast<uint32_t>(with));
  } else {
    code().emit(Op::kIntrinsic, pair, pair, static_cast<uint32_t>(make));
  }
  if (default_value.valid()) {
    lazyScope(default_value, scopes[next], text, static_cast<uint16_t>(pair + 1));
    code().emit(Op::kIntrinsic2, pair, pair, static_cast<uint32_t>(Intrinsic::kSetDefault));
  }
  assign(name_node, {pair, false});
  code().emit(Op::kTake, dst, pair);
  code().freeTo(pair);
}

void Compiler::typeParamsTo(NodeList params, uint16_t dst) {
  uint16_t first = code().temp(static_cast<uint32_t>(params.size()));
  for (size_t i = 0; i < params.size(); ++i) typeParamTo(params[i], static_cast<uint16_t>(first + i));
  code().emit(Op::kBuildTuple, dst, first, static_cast<uint32_t>(params.size()));
  code().freeTo(first);
}

// Runs `inside` in a unit for the type parameters' scope, called at once; its result ends in dst. `arguments`: owned temps
// handed over as the unit's leading parameters.
template <class Inside>
void Compiler::typeParamsUnit(NodeId node, ScopeId scope, std::string_view of, const std::vector<Operand>& arguments, uint16_t dst, Inside inside) {
  std::vector<NameId> names = freeNames(scope);
  std::string name = "<generic parameters of " + std::string(of) + ">";
  Ref made;
  {
    uint32_t n = static_cast<uint32_t>(arguments.size());
    Unit unit(t_, fixedRegisters(model_, scope, names.size()) + n, scope);
    unit.qualname = childQualname(name, scope, SymbolId::none());
    for (uint32_t i = 0; i < n; ++i) unit.code.parts.local_names.push_back(intern(*t_.isolate, i == 0 ? ".values" : ".kwvalues"));
    unit.code.parts.arg_count = n;
    unit.leading_parameters = n;
    enterUnit(unit, scope, name, node);
    Operand result = fresh();
    inside(result.reg);
    code().emit(Op::kReturn, result.reg);
    made = leaveUnit(unit, name, lineOf(node));
  }
  uint32_t depth = code().depth();
  uint16_t window = code().temp(kFrameWords + static_cast<uint32_t>(arguments.size()) + 4);
  makeFunction(std::move(made), names, window);
  for (size_t i = 0; i < arguments.size(); ++i) {
    uint32_t r = window + kFrameWords + static_cast<uint32_t>(i);
    if (arguments[i].is_temp) code().emit(Op::kTake, r, arguments[i].reg);
    else code().emit(Op::kLoadNone, r);
  }
  code().emit(Op::kCall, dst, window, static_cast<uint32_t>(arguments.size()));
  code().freeTo(depth);
}

void Compiler::genericFunction(NodeId node, uint16_t dst, Operand defaults, Operand kw_defaults) {
  auto f = ast_.as<ast::FunctionDef>(node);
  ScopeId scope = model_[model_.scopeOf(node)].parent;
  typeParamsUnit(node, scope, ast::nameText(ast_, f.name()), {defaults, kw_defaults}, dst, [&](uint16_t result) {
    Operand params = fresh();
    typeParamsTo(f.typeParams(), params.reg);
    functionObject(node, result, {}, {});
    if (defaults.is_temp) code().emit(Op::kSetFunction, result, 0, static_cast<uint32_t>(FunctionPart::kDefaults));
    if (kw_defaults.is_temp) code().emit(Op::kSetFunction, result, 1, static_cast<uint32_t>(FunctionPart::kKeywordDefaults));
    code().emit(Op::kSetFunction, result, params.reg, static_cast<uint32_t>(FunctionPart::kTypeParams), kFreeB);
    free(params);
  });
}

void Compiler::typeAlias(NodeId node) {
  auto a = ast_.as<ast::TypeAlias>(node);
  std::string_view text = ast::nameText(ast_, a.name());
  uint32_t depth = code().depth();
  Operand value = fresh();
  auto make = [&](uint16_t result, bool generic) {
    uint16_t first = code().temp(3);
    constantTo(intern(*t_.isolate, text), first);
    if (generic) typeParamsTo(a.typeParams(), static_cast<uint16_t>(first + 1));
    else code().emit(Op::kLoadNone, first + 1u);
    lazyScope(a.value(), model_.scopeOf(node), text, static_cast<uint16_t>(first + 2));
    code().emit(Op::kBuildTuple, first, first, 3);
    code().emit(Op::kIntrinsic, result, first, static_cast<uint32_t>(Intrinsic::kTypeAlias), kFreeB);
    code().freeTo(first);
  };
  if (a.typeParams().empty()) {
    make(value.reg, false);
  } else {
    typeParamsUnit(node, model_[model_.scopeOf(node)].parent, text, {}, value.reg, [&](uint16_t r) { make(r, true); });
  }
  assign(a.name(), value);
  code().freeTo(depth);
}

// --- class
Ref Compiler::classCode(NodeId node) {
  auto c = ast_.as<ast::ClassDef>(node);
  std::string_view name = ast::nameText(ast_, c.name());
  ScopeId scope = model_.scopeOf(node);
  std::vector<NameId> names = freeNames(scope);
  Unit unit(t_, fixedRegisters(model_, scope, names.size()), scope);
  unit.qualname = childQualname(name, scope, model_.symbolAt(c.name()));
  enterUnit(unit, scope, name, node);
  unit.class_name = name;
  auto store = [&](Str* key, uint16_t r) { code().emit(Op::kStoreName, r, 0, code().cache(key), kFreeA); };
  Operand v = fresh();
  code().emit(Op::kLoadName, v.reg, 0, code().cache(t_.names().d_name));
  store(t_.names().d_module, v.reg);
  constantTo(newStr(t_, unit.qualname).get(), v.reg);
  store(t_.names().d_qualname, v.reg);
  constantTo(Value::fromInt(lineOf(c.decorators().empty() ? node : c.decorators()[0])), v.reg);
  store(t_.names().d_firstlineno, v.reg);
  if (const SymbolHome* params = homeNamed(special(".type_params")); params != nullptr && !c.typeParams().empty()) {
    code().emit(Op::kLoadDeref, v.reg, params->place.reg);
    store(t_.names().d_type_params, v.reg);
  }
  const SymbolHome* dict_cell = homeNamed(special("__classdict__"));
  if (dict_cell != nullptr && dict_cell->place.access == Access::kCell) {
    code().emit(Op::kLoadLocals, v.reg);
    code().emit(Op::kStoreDeref, v.reg, dict_cell->place.reg, 0, kFreeA);
  }
  if (NodeId doc = ast::docstringOf(ast_, c.body()); doc.valid()) {
    constantTo(constantValue(doc).get(), v.reg);
    store(t_.names().d_doc, v.reg);
  }
  free(v);
  body(c.body());
  finishAnnotations(scope);
  v = fresh();
  std::vector<Value> attributes;
  for (Str* s : unit.static_attributes) {
    bool seen = false;
    for (Value a : attributes) seen = seen || a == Value(s);
    if (!seen) attributes.push_back(s);
  }
  constantTo(tupleFrom(t_, attributes.data(), static_cast<int64_t>(attributes.size())).get(), v.reg);
  store(t_.names().d_static_attributes, v.reg);
  if (model_[scope].has(semantic::kNeedsClassCell)) {
    code().emit(Op::kMove, v.reg, homeNamed(special("__class__"))->place.reg);
    store(t_.names().d_classcell, v.reg);
  }
  code().emit(Op::kReturnConst, code().constant(Value::none()));
  return leaveUnit(unit, name, lineOf(c.decorators().empty() ? node : c.decorators()[0]));
}

// __build_class__(body, name, *bases, **keywords); `generic_base`: an extra base in a temp, or none.
void Compiler::classObject(NodeId node, uint16_t dst, Operand generic_base) {
  auto c = ast_.as<ast::ClassDef>(node);
  uint32_t depth = code().depth();
  Ref made = classCode(node);
  std::vector<NameId> names = freeNames(model_.scopeOf(node));
  bool starred = generic_base.is_temp;
  for (NodeId a : c.args()) starred = starred || ast_.is(a, NodeKind::kStarred) || (ast_.is(a, NodeKind::kKeyword) && !ast_.as<ast::Keyword>(a).arg().valid());
  uint16_t window = code().temp(kFrameWords + 6);
  position(node);
  code().emit(Op::kLoadBuildClass, window);
  uint32_t first = window + kFrameWords + (starred ? 2 : 0);
  makeFunction(std::move(made), names, static_cast<uint16_t>(first));
  constantTo(intern(*t_.isolate, ast::nameText(ast_, c.name())), static_cast<uint16_t>(first + 1));
  if (starred) {
    if (generic_base.is_temp) class_extra_base_ = generic_base;
    callStarred(c.args(), window, dst, 2);
    class_extra_base_ = {};
  } else {
    callArguments(c.args(), window, 2, false, dst);
    code().parts.instructions.back().c += 2;
  }
  code().freeTo(depth);
}

void Compiler::classDef(NodeId node) {
  auto c = ast_.as<ast::ClassDef>(node);
  uint32_t depth = code().depth();
  std::vector<Operand> decorator_values = decorators(c.decorators());
  position(node);
  Operand value = fresh();
  if (c.typeParams().empty()) {
    classObject(node, value.reg, {});
  } else {
    typeParamsUnit(node, model_[model_.scopeOf(node)].parent, ast::nameText(ast_, c.name()), {}, value.reg, [&](uint16_t result) {
      std::string saved = unit_->class_name;
      unit_->class_name = ast::nameText(ast_, c.name());
      Operand params = fresh();
      typeParamsTo(c.typeParams(), params.reg);
      if (const SymbolHome* home = homeNamed(special(".type_params"))) {
        if (home->place.access == Access::kCell) code().emit(Op::kStoreDeref, params.reg, home->place.reg);
        else code().emit(Op::kMove, home->place.reg, params.reg);
      }
      Operand base = fresh();
      code().emit(Op::kIntrinsic, base.reg, params.reg, static_cast<uint32_t>(Intrinsic::kSubscriptGeneric));
      classObject(node, result, base);
      code().emit(Op::kClear, params.reg);
      free(params);
      unit_->class_name = saved;
    });
  }
  decorate(c.decorators(), decorator_values, value.reg);
  position(node);
  assign(c.name(), value);
  code().freeTo(depth);
}

}  // namespace krait::compile
