// class: the body is a function that __build_class__ runs with the class's namespace as its locals.
#include <algorithm>

#include "runtime/codegen/annotations.h"
#include "runtime/codegen/def.h"
#include "runtime/codegen/fold.h"
#include "runtime/codegen/names.h"
#include "runtime/codegen/stmt.h"

namespace krait::codegen {

static void storeNamed(CompileContext& c, NameId name, const Operand& value) {
  storePlace(c, {Access::kName, kNoRegister, name}, value);
}

static void storeConstant(CompileContext& c, NameId name, const Constant& value) {
  TempScope temps(c);
  uint16_t reg = allocTemp(c);
  loadConstant(c, value, reg);
  storeNamed(c, name, {reg, true, false});
}

static uint16_t implicitCell(CompileContext& c, NameId name) {
  for (const FreeVariable& f : c.u->cells) {
    if (f.name == name) return f.reg;
  }
  return kNoRegister;
}

static void classHead(CompileContext& c, NodeId node, bool is_generic) {
  TempScope temps(c);
  uint16_t reg = allocTemp(c);
  emit(c, Op::kLoadName, reg, 0, sharedCache(c, c.special.name));
  storeNamed(c, c.special.module, {reg, true, false});
  storeConstant(c, c.special.qualname, makeString(c.u->code->qualname));
  storeConstant(c, c.special.firstlineno, makeInt(c.u->code->first_line));
  if (is_generic) {
    loadPlace(c, placeOfSpecial(c, c.special.dot_type_params), reg);
    storeNamed(c, c.special.type_params, {reg, true, false});
  }
  uint16_t class_dict = implicitCell(c, c.special.classdict);
  if (class_dict != kNoRegister) {
    emit(c, Op::kLoadLocals, reg);
    emit(c, Op::kStoreDeref, reg, class_dict, 0, bytecode::kFreeA);
  }
  setUpAnnotations(c, node);
}

static void classTail(CompileContext& c, NodeId node) {
  at(c, node);
  finishAnnotations(c, node);
  atNothing(c);
  std::vector<std::string_view> attributes;
  for (NameId name : c.u->static_attributes) attributes.push_back(c.names.text(name));
  std::sort(attributes.begin(), attributes.end());
  attributes.erase(std::unique(attributes.begin(), attributes.end()), attributes.end());
  Constant names = makeKind(ConstantKind::kTuple);
  for (std::string_view name : attributes) names.items.push_back(makeString(name));
  storeConstant(c, c.special.static_attributes, names);
  uint16_t class_dict = implicitCell(c, c.special.classdict);
  if (class_dict != kNoRegister) storeNamed(c, c.special.classdictcell, {class_dict, false, false});
  uint16_t class_cell = implicitCell(c, c.special.dunder_class);
  if (class_cell == kNoRegister) return emitReturnNone(c);
  storeNamed(c, c.special.classcell, {class_cell, false, false});
  TempScope temps(c);
  uint16_t result = allocTemp(c);
  emit(c, Op::kMove, result, class_cell);
  emit(c, Op::kReturn, result, 0, 0, bytecode::kFreeA);
}

static void classBody(CompileContext& c, NodeId node) {
  auto cls = c.ast.as<syntax::ClassDef>(node);
  c.u->private_class = syntax::nameOf(c.ast, cls.name());
  classHead(c, node, !cls.typeParams().empty());
  NodeList body = cls.body();
  NodeId docstring = syntax::docstringOf(c.ast, body);
  if (docstring.valid()) {
    at(c, docstring);
    if (c.options.optimize < 2) storeConstant(c, c.special.doc, makeString(cleanDocstring(*syntax::stringValue(c.ast, docstring))));
    body = body.subspan(1);
  }
  statements(c, body);
  classTail(c, node);
}

static uint32_t firstLineOffset(CompileContext& c, NodeId node) {
  NodeList decorators = c.ast.list(node, 0);
  return decorators.empty() ? c.ast.range(node).begin : c.ast.range(decorators[0]).begin;
}

// dst = __build_class__(body, name, *bases, **keywords); `generic_base`: one more base, in a register that is consumed.
static void buildClassTo(CompileContext& c, NodeId node, uint16_t generic_base, uint16_t dst) {
  auto cls = c.ast.as<syntax::ClassDef>(node);
  std::string_view name = syntax::nameText(c.ast, cls.name());
  UnitSpec spec{.scope = c.model.scopeOf(node), .kind = ScopeKind::kClass, .node = node, .name = name};
  spec.name_node = cls.name();
  spec.first_line_offset = firstLineOffset(c, node);
  uint32_t child = compileChild(c, spec, [&] { classBody(c, node); });
  TempScope temps(c);
  uint16_t window = allocTemp(c);
  at(c, node);
  emit(c, Op::kLoadBuildClass, window);
  reserveTo(c, window + kWindowHeader);
  makeFunction(c, child, allocTemp(c));
  loadString(c, name, allocTemp(c));
  callWithArguments(c, window, 2, cls.args(), false, dst, node, generic_base);
}

// `class C[T](…)`: a function makes the type parameters, the base Generic[T] and then the class.
static void genericClassTo(CompileContext& c, NodeId node, uint16_t dst) {
  auto cls = c.ast.as<syntax::ClassDef>(node);
  std::string name = genericName(c, cls.name());
  UnitSpec spec{.scope = c.model[c.model.scopeOf(node)].parent, .kind = ScopeKind::kTypeParameters, .node = node,
                .name = c.names.text(c.names.intern(name))};
  spec.first_line_offset = firstLineOffset(c, node);
  uint32_t child = compileChild(c, spec, [&] {
    TempScope temps(c);
    uint16_t params = allocTemp(c), value = allocTemp(c);
    NameId outer_private = c.u->private_class;
    c.u->private_class = syntax::nameOf(c.ast, cls.name());
    typeParamsTo(c, cls.typeParams(), params);
    c.u->private_class = outer_private;
    storePlace(c, placeOfSpecial(c, c.special.dot_type_params), {params, false, false});
    uint16_t base = allocTemp(c);
    emit(c, Op::kIntrinsic, base, params, static_cast<uint32_t>(bytecode::Intrinsic::kSubscriptGeneric), bytecode::kFreeB);
    buildClassTo(c, node, base, value);
    at(c, node);
    emit(c, Op::kReturn, value, 0, 0, bytecode::kFreeA);
  });
  TempScope temps(c);
  uint16_t window = allocTemp(c);
  at(c, node);
  makeFunction(c, child, window);
  reserveTo(c, window + kWindowHeader);
  emitCall(c, dst, window, 0);
}

void classStatement(CompileContext& c, NodeId node) {
  auto cls = c.ast.as<syntax::ClassDef>(node);
  TempScope temps(c);
  Decorators decorators = beginDecorators(c, cls.decorators());
  if (cls.typeParams().empty()) buildClassTo(c, node, kNoRegister, decorators.value);
  else genericClassTo(c, node, decorators.value);
  uint16_t value = applyDecorators(c, decorators);
  at(c, node);
  storeName(c, cls.name(), {value, true, false});
}

}  // namespace krait::codegen
