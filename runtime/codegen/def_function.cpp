// def, async def and lambda.
#include "runtime/codegen/annotations.h"
#include "runtime/codegen/def.h"
#include "runtime/codegen/fold.h"
#include "runtime/codegen/names.h"
#include "runtime/codegen/stmt.h"

namespace krait::codegen {

using bytecode::FunctionPart;

Decorators beginDecorators(CompileContext& c, NodeList decorators) {
  Decorators out;
  out.nodes = decorators;
  for (NodeId decorator : decorators) {
    uint16_t window = allocTemp(c);
    exprTo(c, decorator, window);
    reserveTo(c, window + kWindowHeader);
    out.windows.push_back(window);
  }
  out.value = allocTemp(c);
  return out;
}

uint16_t applyDecorators(CompileContext& c, const Decorators& decorators) {
  uint16_t value = decorators.value;
  for (size_t i = decorators.windows.size(); i-- > 0;) {
    at(c, decorators.nodes[i]);
    uint16_t window = decorators.windows[i];
    emitCall(c, window, window, 1);
    // Windows nest: this one begins where the next decorator expects its argument.
    value = window;
  }
  return value;
}

Defaults evaluateDefaults(CompileContext& c, NodeId params) {
  Defaults out;
  std::vector<NodeId> positional, keyword;
  for (NodeId id : c.ast.as<syntax::Parameters>(params).params()) {
    auto parameter = c.ast.as<syntax::Parameter>(id);
    if (!parameter.defaultValue().valid()) continue;
    if (parameter.parameterKind() == syntax::ParameterKind::kKeywordOnly) keyword.push_back(id);
    else positional.push_back(parameter.defaultValue());
  }
  if (!positional.empty()) {
    out.positional = allocTemp(c);
    Constant value = makeKind(ConstantKind::kTuple);
    bool all = true;
    for (NodeId node : positional) all = all && foldConstant(c, node, value.items.emplace_back());
    if (all) loadConstant(c, value, out.positional);
    else tupleTo(c, positional, out.positional);
  }
  if (!keyword.empty()) {
    out.keyword = allocTemp(c);
    TempScope temps(c);
    uint16_t first = c.u->top;
    for (NodeId id : keyword) {
      auto parameter = c.ast.as<syntax::Parameter>(id);
      loadString(c, c.names.text(mangled(c, syntax::nameOf(c.ast, parameter.name()))), allocTemp(c));
      exprToTemp(c, parameter.defaultValue());
    }
    emit(c, Op::kBuildMap, out.keyword, first, keyword.size());
  }
  return out;
}

void setFunctionPart(CompileContext& c, uint16_t function, FunctionPart part, uint16_t value) {
  if (value != kNoRegister) emit(c, Op::kSetFunction, function, value, static_cast<uint32_t>(part), bytecode::kFreeB);
}

static void functionBody(CompileContext& c, const syntax::FunctionDef& function) {
  NodeList body = function.body();
  NodeId docstring = syntax::docstringOf(c.ast, body);
  if (docstring.valid() && c.options.optimize < 2) {
    addConstant(c, makeString(cleanDocstring(*syntax::stringValue(c.ast, docstring))));
    c.u->code->flags |= bytecode::kCodeHasDocstring;
  }
  statements(c, docstring.valid() ? body.subspan(1) : body);
  // The position is that of the last statement.
  emitReturnNone(c);
}

static uint32_t firstLineOffset(CompileContext& c, NodeId node) {
  NodeList decorators = c.ast.list(node, 0);
  return decorators.empty() ? c.ast.range(node).begin : c.ast.range(decorators[0]).begin;
}

void functionTo(CompileContext& c, NodeId node, const Defaults& defaults, uint16_t dst) {
  auto function = c.ast.as<syntax::FunctionDef>(node);
  ScopeId scope = c.model.scopeOf(node);
  TempScope temps(c);
  uint16_t annotate = annotateFunction(c, scope, node, function.params(), function.returns());
  UnitSpec spec{.scope = scope, .kind = ScopeKind::kFunction, .node = node, .name = syntax::nameText(c.ast, function.name())};
  spec.params = function.params();
  spec.name_node = function.name();
  spec.first_line_offset = firstLineOffset(c, node);
  bool in_class = c.u->kind == ScopeKind::kClass || (c.u->kind == ScopeKind::kTypeParameters && c.u->outer->kind == ScopeKind::kClass);
  if (in_class) spec.extra_flags |= bytecode::kCodeMethod;
  uint32_t child = compileChild(c, spec, [&] { functionBody(c, function); });
  at(c, node);
  makeFunction(c, child, dst);
  setFunctionPart(c, dst, FunctionPart::kAnnotate, annotate);
  setFunctionPart(c, dst, FunctionPart::kKeywordDefaults, defaults.keyword);
  setFunctionPart(c, dst, FunctionPart::kDefaults, defaults.positional);
}

// `def f[T](…)`: a function that makes the type parameters and then f is called at once; the defaults, evaluated outside, are
// its arguments.
static void genericFunctionTo(CompileContext& c, NodeId node, uint16_t dst) {
  auto function = c.ast.as<syntax::FunctionDef>(node);
  ScopeId scope = c.model[c.model.scopeOf(node)].parent;
  Defaults defaults = evaluateDefaults(c, function.params());
  std::string name = genericName(c, function.name());
  UnitSpec spec{.scope = scope, .kind = ScopeKind::kTypeParameters, .node = node, .name = c.names.text(c.names.intern(name))};
  spec.first_line_offset = firstLineOffset(c, node);
  uint32_t child = compileChild(c, spec, [&] {
    TempScope temps(c);
    uint16_t params = allocTemp(c), value = allocTemp(c);
    typeParamsTo(c, function.typeParams(), params);
    // Parameters of this unit: the tuple of defaults, and the dict of keyword defaults when there is one.
    Defaults inner;
    if (defaults.positional != kNoRegister) {
      inner.positional = allocTemp(c);
      emit(c, Op::kMove, inner.positional, 0);
    }
    if (defaults.keyword != kNoRegister) {
      inner.keyword = allocTemp(c);
      emit(c, Op::kMove, inner.keyword, 1);
    }
    functionTo(c, node, inner, value);
    setFunctionPart(c, value, FunctionPart::kTypeParams, params);
    at(c, node);
    emit(c, Op::kReturn, value, 0, 0, bytecode::kFreeA);
  });
  TempScope temps(c);
  uint16_t window = allocTemp(c);
  at(c, node);
  makeFunction(c, child, window);
  reserveTo(c, window + kWindowHeader);
  // The symbol table always has a parameter for the positional defaults.
  uint16_t argument = allocTemp(c);
  if (defaults.positional != kNoRegister) emit(c, Op::kTake, argument, defaults.positional);
  else loadConstant(c, makeKind(ConstantKind::kTuple), argument);
  uint32_t count = 1;
  if (defaults.keyword != kNoRegister) {
    emit(c, Op::kTake, allocTemp(c), defaults.keyword);
    ++count;
  }
  emitCall(c, dst, window, count);
}

void functionStatement(CompileContext& c, NodeId node) {
  auto function = c.ast.as<syntax::FunctionDef>(node);
  TempScope temps(c);
  Decorators decorators = beginDecorators(c, function.decorators());
  {
    TempScope value_temps(c);
    if (!function.typeParams().empty()) {
      genericFunctionTo(c, node, decorators.value);
    } else {
      Defaults defaults = evaluateDefaults(c, function.params());
      functionTo(c, node, defaults, decorators.value);
    }
  }
  uint16_t value = applyDecorators(c, decorators);
  at(c, node);
  storeName(c, function.name(), {value, true, false});
}

void lambdaTo(CompileContext& c, NodeId node, uint16_t dst) {
  auto lambda = c.ast.as<syntax::Lambda>(node);
  TempScope temps(c);
  uint16_t work = workRegister(c, dst);
  Defaults defaults = evaluateDefaults(c, lambda.params());
  UnitSpec spec{.scope = c.model.scopeOf(node), .kind = ScopeKind::kLambda, .node = node, .name = c.names.text(c.special.lambda_name)};
  spec.params = lambda.params();
  uint32_t child = compileChild(c, spec, [&] {
    TempScope body_temps(c);
    Operand value = operandOf(c, lambda.body());
    at(c, lambda.body());
    if (c.u->is_async || (c.u->code->flags & bytecode::kCodeAsyncGenerator)) {
      if (value.is_temp) emit(c, Op::kClear, value.reg);
      return emitReturnNone(c);
    }
    emit(c, Op::kReturn, value.reg, 0, 0, freeA(value));
  });
  at(c, node);
  makeFunction(c, child, work);
  setFunctionPart(c, work, FunctionPart::kKeywordDefaults, defaults.keyword);
  setFunctionPart(c, work, FunctionPart::kDefaults, defaults.positional);
  settle(c, work, dst);
}

}  // namespace krait::codegen
