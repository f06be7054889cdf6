// Assignment in all its forms, and del.
#include "runtime/codegen/annotations.h"
#include "runtime/codegen/names.h"
#include "runtime/codegen/stmt.h"
#include "runtime/codegen/watch.h"

namespace krait::codegen {

// `self.X = …` in a method adds X to the class's __static_attributes__. ref: _PyCompile_MaybeAddStaticAttributeToClass.
static void noteStaticAttribute(CompileContext& c, const syntax::Attribute& attribute) {
  if (!c.ast.is(attribute.value(), NodeKind::kName)) return;
  if (c.ast.as<syntax::Name>(attribute.value()).name() != c.special.self) return;
  for (UnitContext* u = c.u->outer; u != nullptr; u = u->outer) {
    if (u->kind != ScopeKind::kClass) continue;
    u->static_attributes.push_back(syntax::nameOf(c.ast, attribute.attr()));
    return;
  }
}

static NameId attributeName(CompileContext& c, const syntax::Attribute& attribute) {
  return mangled(c, syntax::nameOf(c.ast, attribute.attr()));
}

uint16_t directTarget(CompileContext& c, NodeId target) {
  if (!c.ast.is(target, NodeKind::kName)) return kNoRegister;
  if (isTestedVariable(c, target)) return kNoRegister;
  return directRegister(placeOfNode(c, target, false));
}

static NodeList targetElements(CompileContext& c, NodeId target) { return c.ast.list(target, 0); }

static void unpackTo(CompileContext& c, NodeId target, const Operand& value) {
  NodeList elements = targetElements(c, target);
  size_t star = elements.size();
  for (size_t i = 0; i < elements.size(); ++i) {
    if (c.ast.is(elements[i], NodeKind::kStarred)) star = i;
  }
  TempScope temps(c);
  // Locals side by side take the items directly.
  uint16_t first_local = elements.empty() ? kNoRegister : directTarget(c, elements[0]);
  bool direct = first_local != kNoRegister && star == elements.size();
  for (size_t i = 1; direct && i < elements.size(); ++i) direct = directTarget(c, elements[i]) == first_local + i;
  uint16_t first = direct ? first_local : allocTemp(c, static_cast<uint32_t>(elements.size()));
  at(c, target);
  if (star == elements.size()) {
    emit(c, Op::kUnpackSequence, first, value.reg, elements.size(), freeB(value));
  } else {
    size_t after = elements.size() - star - 1;
    if (star > 255 || after > 255) return fail(c, target, "too many expressions in star-unpacking assignment");
    emit(c, Op::kUnpackEx, first, value.reg, star | after << 8, freeB(value));
  }
  for (size_t i = 0; i < elements.size(); ++i) {
    if (direct) {
      markBound(c, static_cast<uint16_t>(first + i));
      continue;
    }
    NodeId element = elements[i];
    if (i == star) element = c.ast.as<syntax::Starred>(element).value();
    assignTo(c, element, {static_cast<uint16_t>(first + i), true, false});
  }
}

void assignTo(CompileContext& c, NodeId target, const Operand& value) {
  DepthGuard guard(c, target);
  if (!guard.ok()) return;
  at(c, target);
  switch (c.ast.kind(target)) {
    case NodeKind::kName: return storeName(c, target, value);
    case NodeKind::kAttribute: {
      auto attribute = c.ast.as<syntax::Attribute>(target);
      noteStaticAttribute(c, attribute);
      TempScope temps(c);
      Operand object = operandOf(c, attribute.value());
      at(c, target);
      testAttribute(c, attribute, object.reg, value.reg);
      return emit(c, Op::kStoreAttr, object.reg, value.reg, addCache(c, attributeName(c, attribute)),
                  static_cast<uint8_t>(freeA(object) | freeB(value)));
    }
    case NodeKind::kSubscript: {
      auto subscript = c.ast.as<syntax::Subscript>(target);
      TempScope temps(c);
      Operand object = operandOf(c, subscript.value());
      if (isSimpleSlice(c, subscript.slice())) {
        uint16_t bounds = sliceBounds(c, subscript.slice());
        at(c, target);
        return emit(c, Op::kSetSlice, object.reg, bounds, value.reg, static_cast<uint8_t>(freeA(object) | freeC(value)));
      }
      Operand key = operandOf(c, subscript.slice());
      at(c, target);
      return emit(c, Op::kSetItem, object.reg, key.reg, value.reg,
                  static_cast<uint8_t>(freeA(object) | freeB(key) | freeC(value)));
    }
    case NodeKind::kTuple:
    case NodeKind::kList: return unpackTo(c, target, value);
    case NodeKind::kStarred: return assignTo(c, c.ast.as<syntax::Starred>(target).value(), value);
    default: return fail(c, target, "invalid syntax");
  }
}

// `a, b = x, y`: element by element, without a tuple.
static bool assignPairwise(CompileContext& c, NodeId target, NodeId value) {
  NodeKind kind = c.ast.kind(target);
  if ((kind != NodeKind::kTuple && kind != NodeKind::kList) || !c.ast.is(value, NodeKind::kTuple)) return false;
  NodeList targets = targetElements(c, target), values = c.ast.as<syntax::Tuple>(value).elts();
  if (targets.size() != values.size() || targets.empty() || targets.size() > 30) return false;
  for (size_t i = 0; i < targets.size(); ++i) {
    if (c.ast.is(targets[i], NodeKind::kStarred) || c.ast.is(values[i], NodeKind::kStarred)) return false;
  }
  TempScope temps(c);
  uint16_t first = c.u->top;
  for (NodeId element : values) exprToTemp(c, element);
  for (size_t i = 0; i < targets.size(); ++i) assignTo(c, targets[i], {static_cast<uint16_t>(first + i), true, false});
  return true;
}

void assignStatement(CompileContext& c, NodeId node) {
  auto assign = c.ast.as<syntax::Assign>(node);
  NodeList targets = assign.targets();
  if (targets.size() == 1) {
    uint16_t direct = directTarget(c, targets[0]);
    if (direct != kNoRegister) {
      exprTo(c, assign.value(), direct);
      return markBound(c, direct);
    }
    if (assignPairwise(c, targets[0], assign.value())) return;
  }
  TempScope temps(c);
  Operand value = operandOf(c, assign.value());
  for (size_t i = 0; i < targets.size(); ++i) {
    bool is_last = i + 1 == targets.size();
    assignTo(c, targets[i], {value.reg, is_last && value.is_temp, false});
  }
}

static void augAssignName(CompileContext& c, const syntax::AugAssign& aug) {
  Place load = placeOfNode(c, aug.target(), true);
  TempScope temps(c);
  at(c, aug.target());
  Operand left;
  uint16_t direct = directTarget(c, aug.target());
  if (direct != kNoRegister && readInPlace(c, load, left)) {
    Operand right = operandOrConstant(c, aug.value());
    at(c, aug.id);
    emitBinary(c, aug.op(), direct, left, right, bytecode::kInplace);
    return markBound(c, direct);
  }
  uint16_t work = allocTemp(c);
  loadPlace(c, load, work);
  Operand right = operandOrConstant(c, aug.value());
  at(c, aug.id);
  emitBinary(c, aug.op(), work, {work, true, false}, right, bytecode::kInplace);
  at(c, aug.target());
  storeName(c, aug.target(), {work, true, false});
}

static void augAssignAttribute(CompileContext& c, const syntax::AugAssign& aug) {
  auto attribute = c.ast.as<syntax::Attribute>(aug.target());
  noteStaticAttribute(c, attribute);
  TempScope temps(c);
  Operand object = operandOf(c, attribute.value());
  at(c, aug.target());
  uint16_t work = allocTemp(c);
  emit(c, Op::kLoadAttr, work, object.reg, addCache(c, attributeName(c, attribute)));
  Operand right = operandOrConstant(c, aug.value());
  at(c, aug.id);
  emitBinary(c, aug.op(), work, {work, true, false}, right, bytecode::kInplace);
  at(c, aug.target());
  testAttribute(c, attribute, object.reg, work);
  emit(c, Op::kStoreAttr, object.reg, work, addCache(c, attributeName(c, attribute)),
       static_cast<uint8_t>(freeA(object) | bytecode::kFreeB));
}

static void augAssignSubscript(CompileContext& c, const syntax::AugAssign& aug) {
  auto subscript = c.ast.as<syntax::Subscript>(aug.target());
  TempScope temps(c);
  Operand object = operandOf(c, subscript.value());
  Operand key = operandOf(c, subscript.slice());
  at(c, aug.target());
  uint16_t work = allocTemp(c);
  emit(c, Op::kGetItem, work, object.reg, key.reg);
  Operand right = operandOrConstant(c, aug.value());
  at(c, aug.id);
  emitBinary(c, aug.op(), work, {work, true, false}, right, bytecode::kInplace);
  at(c, aug.target());
  emit(c, Op::kSetItem, object.reg, key.reg, work, static_cast<uint8_t>(freeA(object) | freeB(key) | bytecode::kFreeC));
}

void augAssignStatement(CompileContext& c, NodeId node) {
  auto aug = c.ast.as<syntax::AugAssign>(node);
  switch (c.ast.kind(aug.target())) {
    case NodeKind::kName: return augAssignName(c, aug);
    case NodeKind::kAttribute: return augAssignAttribute(c, aug);
    case NodeKind::kSubscript: return augAssignSubscript(c, aug);
    default: return fail(c, node, "illegal expression for augmented assignment");
  }
}

void annAssignStatement(CompileContext& c, NodeId node) {
  auto assign = c.ast.as<syntax::AnnAssign>(node);
  if (assign.value().valid()) {
    uint16_t direct = directTarget(c, assign.target());
    if (direct != kNoRegister) {
      exprTo(c, assign.value(), direct);
      markBound(c, direct);
    } else {
      TempScope temps(c);
      Operand value = operandOf(c, assign.value());
      if (c.ast.is(assign.target(), NodeKind::kSubscript)) testDeclared(c, assign.annotation(), value.reg);
      assignTo(c, assign.target(), value);
    }
  }
  if (c.ast.is(assign.target(), NodeKind::kName)) {
    if (assign.isSimple()) noteAnnotation(c, node);
    return;
  }
  if (assign.value().valid()) return;
  // The target's parts are evaluated, nothing is stored. ref: compiler_annassign.
  if (auto attribute = c.ast.tryAs<syntax::Attribute>(assign.target())) {
    exprDiscard(c, attribute->value());
  } else if (auto subscript = c.ast.tryAs<syntax::Subscript>(assign.target())) {
    exprDiscard(c, subscript->value());
    exprDiscard(c, subscript->slice());
  }
}

static void deleteTarget(CompileContext& c, NodeId target) {
  at(c, target);
  TempScope temps(c);
  switch (c.ast.kind(target)) {
    case NodeKind::kName: return deletePlace(c, placeOfNode(c, target, false));
    case NodeKind::kAttribute: {
      auto attribute = c.ast.as<syntax::Attribute>(target);
      Operand object = operandOf(c, attribute.value());
      at(c, target);
      return emit(c, Op::kDeleteAttr, object.reg, 0, sharedCache(c, attributeName(c, attribute)), freeA(object));
    }
    case NodeKind::kSubscript: {
      auto subscript = c.ast.as<syntax::Subscript>(target);
      Operand object = operandOf(c, subscript.value());
      Operand key = operandOf(c, subscript.slice());
      at(c, target);
      return emit(c, Op::kDeleteItem, object.reg, key.reg, 0, static_cast<uint8_t>(freeA(object) | freeB(key)));
    }
    case NodeKind::kTuple:
    case NodeKind::kList:
      for (NodeId element : targetElements(c, target)) deleteTarget(c, element);
      return;
    default: return fail(c, target, "invalid syntax");
  }
}

void deleteStatement(CompileContext& c, NodeId node) {
  for (NodeId target : c.ast.as<syntax::Delete>(node).targets()) deleteTarget(c, target);
}

}  // namespace krait::codegen
