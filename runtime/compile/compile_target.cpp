// Assignment targets: storing, unpacking, augmented assignment, del.
#include "runtime/compile/compiler.h"

namespace krait::compile {

using bytecode::kFreeA;
using bytecode::kFreeB;
using bytecode::kFreeC;

// Stores the value; a temporary is consumed (its register is free afterwards, in the caller's hands).
void Compiler::assign(NodeId target, Operand value) {
  SourcePosition outer = code().position();
  position(target);
  switch (ast_.kind(target)) {
    case NodeKind::kName: storeName(target, ast_.as<ast::Name>(target).name(), value); break;
    case NodeKind::kIdentifier: storeName(target, ast_.as<ast::Identifier>(target).name(), value); break;
    case NodeKind::kAttribute: {
      auto a = ast_.as<ast::Attribute>(target);
      Operand object = expr(a.value());
      position(target);
      Str* attr = mangled(ast::nameOf(ast_, a.attr()));
      bool on_first = ast_.is(a.value(), NodeKind::kName) && object.reg == 0 && !object.is_temp && unit_->code.parts.arg_count > 0;
      if (on_first && unit_->is_function && unit_->outer != nullptr && unit_->outer->is_class) unit_->outer->static_attributes.push_back(attr);
      code().emit(Op::kStoreAttr, object.reg, value.reg, code().cache(attr), (object.is_temp ? kFreeA : 0) | (value.is_temp ? kFreeB : 0));
      free(object);
      break;
    }
    case NodeKind::kSubscript: {
      auto s = ast_.as<ast::Subscript>(target);
      Operand object = mayWrite(s.slice()) ? exprInTemp(s.value()) : expr(s.value());
      Operand key = expr(s.slice());
      position(target);
      code().emit(Op::kSetItem, object.reg, key.reg, value.reg, (object.is_temp ? kFreeA : 0) | (key.is_temp ? kFreeB : 0) | (value.is_temp ? kFreeC : 0));
      free(key);
      free(object);
      break;
    }
    case NodeKind::kList:
    case NodeKind::kTuple: unpackTo(ast_.list(target, 0), value); break;
    case NodeKind::kStarred: assign(ast_.as<ast::Starred>(target).value(), value); break;
    default: fail(target, "cannot assign to expression"); break;
  }
  code().at(outer);
}

void Compiler::unpackTo(NodeList targets, Operand value) {
  uint32_t n = static_cast<uint32_t>(targets.size());
  uint32_t star = n;
  for (uint32_t i = 0; i < n; ++i) {
    if (ast_.is(targets[i], NodeKind::kStarred)) star = i;
  }
  uint16_t first = code().temp(n + 1);
  uint8_t flags = value.is_temp ? kFreeB : 0;
  if (star < n && (star > 255 || n - star - 1 > 255)) return fail(targets[star], "too many expressions in star-unpacking assignment");
  if (star < n) code().emit(Op::kUnpackEx, first, value.reg, star | (n - star - 1) << 8, flags);
  else code().emit(Op::kUnpackSequence, first, value.reg, n, flags);
  for (uint32_t i = 0; i < n; ++i) assign(targets[i], {static_cast<uint16_t>(first + i), true});
  code().freeTo(first);
}

void Compiler::augAssign(NodeId node) {
  auto a = ast_.as<ast::AugAssign>(node);
  NodeId target = a.target();
  switch (ast_.kind(target)) {
    case NodeKind::kName: {
      NameId id = ast_.as<ast::Name>(target).name();
      Place p = placeOf(target);
      position(target);
      if (p.access == Access::kFast && !mayWrite(a.value())) {
        Operand v = loadName(target, id);
        position(node);
        emitBinary(a.op(), v, a.value(), v.reg, true);
        return;
      }
      Operand v = fresh();
      loadNameTo(target, id, v.reg);
      position(node);
      emitBinary(a.op(), v, a.value(), v.reg, true);
      storeName(target, id, v);
      free(v);
      return;
    }
    case NodeKind::kAttribute: {
      auto attr = ast_.as<ast::Attribute>(target);
      Operand object = mayWrite(a.value()) ? exprInTemp(attr.value()) : expr(attr.value());
      Operand v = fresh();
      Str* name = mangled(ast::nameOf(ast_, attr.attr()));
      position(target);
      code().emit(Op::kLoadAttr, v.reg, object.reg, code().cache(name));
      position(node);
      emitBinary(a.op(), v, a.value(), v.reg, true);
      position(target);
      code().emit(Op::kStoreAttr, object.reg, v.reg, code().cache(name), kFreeB | (object.is_temp ? kFreeA : 0));
      code().freeTo(object.is_temp ? object.reg : v.reg);
      return;
    }
    case NodeKind::kSubscript: {
      auto s = ast_.as<ast::Subscript>(target);
      bool writes = mayWrite(a.value()) || mayWrite(s.slice());
      uint32_t depth = code().depth();
      Operand object = writes ? exprInTemp(s.value()) : expr(s.value());
      Operand key = writes ? exprInTemp(s.slice()) : expr(s.slice());
      Operand v = fresh();
      position(target);
      code().emit(Op::kGetItem, v.reg, object.reg, key.reg);
      position(node);
      emitBinary(a.op(), v, a.value(), v.reg, true);
      position(target);
      code().emit(Op::kSetItem, object.reg, key.reg, v.reg, kFreeC | (object.is_temp ? kFreeA : 0) | (key.is_temp ? kFreeB : 0));
      code().freeTo(depth);
      return;
    }
    default: fail(target, "illegal expression for augmented assignment");
  }
}

void Compiler::deleteTarget(NodeId target) {
  position(target);
  switch (ast_.kind(target)) {
    case NodeKind::kName: deleteName(target, ast_.as<ast::Name>(target).name()); return;
    case NodeKind::kAttribute: {
      auto a = ast_.as<ast::Attribute>(target);
      Operand object = expr(a.value());
      position(target);
      code().emit(Op::kDeleteAttr, object.reg, 0, code().cache(mangled(ast::nameOf(ast_, a.attr()))), object.is_temp ? kFreeA : 0);
      free(object);
      return;
    }
    case NodeKind::kSubscript: {
      auto s = ast_.as<ast::Subscript>(target);
      Operand object = mayWrite(s.slice()) ? exprInTemp(s.value()) : expr(s.value());
      Operand key = expr(s.slice());
      position(target);
      code().emit(Op::kDeleteItem, object.reg, key.reg, 0, (object.is_temp ? kFreeA : 0) | (key.is_temp ? kFreeB : 0));
      free(key);
      free(object);
      return;
    }
    case NodeKind::kList:
    case NodeKind::kTuple:
      for (NodeId e : ast_.list(target, 0)) deleteTarget(e);
      return;
    default: fail(target, "cannot delete expression");
  }
}

}  // namespace krait::compile
