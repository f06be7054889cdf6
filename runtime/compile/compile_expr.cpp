// Expressions: constants, operators, attributes, items, displays, conditions.
#include "runtime/compile/compiler.h"
#include "runtime/object/float.h"
#include "runtime/object/int.h"
#include "runtime/object/bytes.h"
#include "runtime/object/protocol.h"

namespace krait::compile {

using bytecode::kFreeA;
using bytecode::kFreeB;
using bytecode::kFreeC;
using bytecode::kInplace;
using bytecode::kWhenTrue;

void Compiler::free(Operand o) {
  if (o.is_temp) code().freeTo(o.reg);
}
void Compiler::moveTo(Operand o, uint16_t dst) {
  if (o.reg != dst) code().emit(o.is_temp ? Op::kTake : Op::kMove, dst, o.reg);
}

// --- constants
Ref Compiler::constantValue(NodeId node) {
  auto c = ast_.as<ast::Constant>(node);
  switch (c.constantKind()) {
    case ast::ConstantKind::kNone: return Ref::none();
    case ast::ConstantKind::kTrue: return Ref::boolean(true);
    case ast::ConstantKind::kFalse: return Ref::boolean(false);
    case ast::ConstantKind::kEllipsis: return Ref::steal(Value::ellipsis());
    case ast::ConstantKind::kInt: {
      const ast::IntConstant& i = ast_.integer(c.payload());
      return i.fits ? newInt(t_, i.value) : intFromDigits(t_, i.digits, i.base, false);
    }
    case ast::ConstantKind::kFloat: return newFloat(ast_.floating(c.payload()));
    case ast::ConstantKind::kComplex: return newComplex(t_, 0, ast_.floating(c.payload()));
    case ast::ConstantKind::kStr: {
      std::string_view text = ast_.string(c.payload());
      Ref s = newStr(t_, text);
      bool name_like = text.size() < 64;
      for (char ch : text) name_like = name_like && (ch == '_' || (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z'));
      return name_like ? Ref::of(internStr(*t_.isolate, s.as<Str>())) : std::move(s);
    }
    case ast::ConstantKind::kBytes: return newBytes(t_, ast_.string(c.payload()));
  }
  return Ref();
}

// The value of an expression that is known now; empty otherwise. ref: Python/ast_preprocess.c, flowgraph.c folding.
Ref Compiler::fold(NodeId node) {
  switch (ast_.kind(node)) {
    case NodeKind::kConstant: return constantValue(node);
    case NodeKind::kUnaryOp: {
      auto op = ast_.as<ast::UnaryOp>(node);
      if (op.op() == ast::UnaryOperator::kNot) return Ref();
      Ref v = fold(op.operand());
      if (!v || !(isIntLike(v.get()) || v.get().isFloat() || isExact(v.get(), TypeId::kComplex))) return Ref();
      Ref r = op.op() == ast::UnaryOperator::kUSub ? negative_py(t_, v.get()) : op.op() == ast::UnaryOperator::kUAdd ? positive_py(t_, v.get()) : invert_py(t_, v.get());
      if (!r) clearException(t_);
      return r;
    }
    case NodeKind::kBinOp: {
      auto op = ast_.as<ast::BinOp>(node);
      Ref a = fold(op.left());
      if (!a || !(isExactInt(a.get()) || a.get().isFloat() || isExact(a.get(), TypeId::kComplex))) return Ref();
      Ref b = fold(op.right());
      if (!b || !(isExactInt(b.get()) || b.get().isFloat() || isExact(b.get(), TypeId::kComplex))) return Ref();
      using BO = ast::BinaryOp;
      if (op.op() == BO::kPow || op.op() == BO::kLShift) {
        int64_t n;
        if (!b.get().isInt() || b.get().asInt() < 0 || b.get().asInt() > 128 || (isExactInt(a.get()) && !intFits(a.get(), n))) return Ref();
      }
      static constexpr object::BinaryOp kOps[] = {object::BinaryOp::kAdd, object::BinaryOp::kSub, object::BinaryOp::kMul, object::BinaryOp::kMatMul,
          object::BinaryOp::kTrueDiv, object::BinaryOp::kMod, object::BinaryOp::kPow, object::BinaryOp::kLShift, object::BinaryOp::kRShift,
          object::BinaryOp::kOr, object::BinaryOp::kXor, object::BinaryOp::kAnd, object::BinaryOp::kFloorDiv};
      if (op.op() == BO::kMatMult) return Ref();
      Ref r = binary_py(t_, a.get(), b.get(), kOps[static_cast<int>(op.op())]);
      if (!r) clearException(t_);
      return r;
    }
    case NodeKind::kTuple: {
      auto tuple = ast_.as<ast::Tuple>(node);
      if (tuple.context() != ast::ExprContext::kLoad) return Ref();
      std::vector<Ref> items;
      for (NodeId e : tuple.elts()) {
        Ref v = fold(e);
        if (!v) return Ref();
        items.push_back(std::move(v));
      }
      Ref r = newTuple(t_, static_cast<int64_t>(items.size()));
      for (size_t i = 0; i < items.size(); ++i) r.as<Tuple>()->items()[i] = items[i].release();
      return r;
    }
    case NodeKind::kName:
      if (ast::nameText(ast_, node) == "__debug__") return Ref::boolean(true);
      return Ref();
    default: return Ref();
  }
}

void Compiler::constantTo(Value v, uint16_t dst) {
  if (v.isNone()) {
    code().emit(Op::kLoadNone, dst);
  } else if (v.isInt() && v.asInt() == static_cast<int16_t>(v.asInt())) {
    code().emit(Op::kLoadInt, dst, static_cast<uint16_t>(v.asInt()));
  } else {
    code().emitBc(Op::kLoadConst, dst, static_cast<int32_t>(code().constant(v)));
  }
}

// --- dispatch
Operand Compiler::expr(NodeId node) {
  if (ast_.kind(node) == NodeKind::kName) {
    position(node);
    if (ast::nameText(ast_, node) != "__debug__") return loadName(node, ast_.as<ast::Name>(node).name());
  }
  return exprInTemp(node);
}
Operand Compiler::exprInTemp(NodeId node) {
  Operand o = fresh();
  exprTo(node, o.reg);
  code().freeTo(o.reg + 1u);
  return o;
}
void Compiler::exprDrop(NodeId node) {
  Operand o = exprInTemp(node);
  code().emit(Op::kClear, o.reg);
  free(o);
}

void Compiler::exprTo(NodeId node, uint16_t dst) {
  if (!error_.empty()) return;
  SourcePosition outer = code().position();
  position(node);
  if (Ref v = fold(node)) {
    constantTo(v.get(), dst);
    code().at(outer);
    return;
  }
  uint32_t depth = code().depth();
  switch (ast_.kind(node)) {
    case NodeKind::kName: loadNameTo(node, ast_.as<ast::Name>(node).name(), dst); break;
    case NodeKind::kBinOp: binaryTo(node, dst); break;
    case NodeKind::kUnaryOp: unaryTo(node, dst); break;
    case NodeKind::kCompare: compareTo(node, dst); break;
    case NodeKind::kBoolOp: boolOpTo(node, dst); break;
    case NodeKind::kIfExp: ifExpTo(node, dst); break;
    case NodeKind::kAttribute: attributeTo(node, dst); break;
    case NodeKind::kSubscript: subscriptTo(node, dst); break;
    case NodeKind::kSlice: sliceTo(node, dst); break;
    case NodeKind::kList:
    case NodeKind::kTuple:
    case NodeKind::kSet: displayTo(node, dst); break;
    case NodeKind::kDict: dictTo(node, dst); break;
    case NodeKind::kCall: callTo(node, dst); break;
    case NodeKind::kLambda: lambdaTo(node, dst); break;
    case NodeKind::kNamedExpr: namedExprTo(node, dst); break;
    case NodeKind::kJoinedStr: joinedTo(node, dst); break;
    case NodeKind::kFormattedValue: formattedTo(node, dst); break;
    case NodeKind::kTemplateStr: templateTo(node, dst); break;
    case NodeKind::kListComp:
    case NodeKind::kSetComp:
    case NodeKind::kDictComp:
    case NodeKind::kGeneratorExp: comprehensionTo(node, dst); break;
    case NodeKind::kYield: yieldTo(node, dst); break;
    case NodeKind::kYieldFrom: yieldFromTo(node, dst); break;
    case NodeKind::kAwait: awaitTo(node, dst); break;
    case NodeKind::kStarred: fail(node, "can't use starred expression here"); break;
    default: fail(node, "invalid syntax"); break;
  }
  code().freeTo(depth);
  code().at(outer);
}

// Does evaluating the node possibly write a local register that an earlier operand is read from in place?
bool Compiler::mayWrite(NodeId node) const {
  switch (ast_.kind(node)) {
    case NodeKind::kNamedExpr: return true;
    case NodeKind::kName:
    case NodeKind::kConstant:
    case NodeKind::kLambda: return false;
    default: break;
  }
  bool found = false;
  ast::forEachChild(ast_, node, [&](NodeId child) { found = found || mayWrite(child); });
  return found;
}

// --- operators
static Op opFor(ast::BinaryOp op) {
  static constexpr Op kOps[] = {Op::kAdd, Op::kSub, Op::kMul, Op::kMatMul, Op::kTrueDiv, Op::kMod, Op::kPow, Op::kLShift, Op::kRShift,
                                Op::kOr, Op::kXor, Op::kAnd, Op::kFloorDiv};
  return kOps[static_cast<int>(op)];
}
static Op constantForm(Op op) { return static_cast<Op>(static_cast<int>(op) + 1); }

void Compiler::emitBinary(ast::BinaryOp op, Operand a, NodeId right, uint16_t dst, bool inplace) {
  uint8_t flags = (inplace ? kInplace : 0) | (a.is_temp && a.reg != dst ? kFreeB : 0);
  SourcePosition here = code().position();
  if (Ref k = fold(right)) {
    uint32_t index = code().constant(k.get());
    if (index <= 0xFFFF) {
      code().emit(constantForm(opFor(op)), dst, a.reg, index, flags);
      return;
    }
  }
  Operand b = expr(right);
  code().at(here);
  if (b.is_temp && b.reg != dst) flags |= kFreeC;
  code().emit(opFor(op), dst, a.reg, b.reg, flags);
  free(b);
}

void Compiler::binaryTo(NodeId node, uint16_t dst) {
  // A chain of left operands is walked with a list: `a + b + …` may be long.
  std::vector<NodeId> chain;
  NodeId at = node;
  while (ast_.is(at, NodeKind::kBinOp) && !(at != node && fold(at))) {
    chain.push_back(at);
    at = ast_.as<ast::BinOp>(at).left();
  }
  bool in_temp = mayWrite(ast_.as<ast::BinOp>(chain.back()).right());
  Operand a = in_temp ? exprInTemp(at) : expr(at);
  for (size_t i = chain.size(); i-- > 0;) {
    auto op = ast_.as<ast::BinOp>(chain[i]);
    position(chain[i]);
    bool last = i == 0;
    if (!last && !a.is_temp) {
      Operand t = fresh();
      emitBinary(op.op(), a, op.right(), t.reg, false);
      a = t;
      continue;
    }
    emitBinary(op.op(), a, op.right(), last ? dst : a.reg, false);
  }
  free(a);
}

void Compiler::unaryTo(NodeId node, uint16_t dst) {
  auto op = ast_.as<ast::UnaryOp>(node);
  static constexpr Op kOps[] = {Op::kInvert, Op::kNot, Op::kPositive, Op::kNegative};
  SourcePosition here = code().position();
  Operand v = expr(op.operand());
  code().at(here);
  code().emit(kOps[static_cast<int>(op.op())], dst, v.reg, 0, v.is_temp && v.reg != dst ? kFreeB : 0);
  free(v);
}

static Op compareOp(ast::CompareOperator op) {
  static constexpr Op kOps[] = {Op::kEq, Op::kNe, Op::kLt, Op::kLe, Op::kGt, Op::kGe, Op::kIs, Op::kIsNot, Op::kIn, Op::kNotIn};
  return kOps[static_cast<int>(op)];
}
static bool hasConstantForm(ast::CompareOperator op) { return op <= ast::CompareOperator::kGtE; }

void Compiler::compareTo(NodeId node, uint16_t dst) {
  auto c = ast_.as<ast::Compare>(node);
  size_t n = c.comparators().size();
  SourcePosition here = code().position();
  auto operatorAt = [&](size_t i) { return static_cast<ast::CompareOperator>(c.ops()[i].value); };
  bool in_temp = mayWrite(c.comparators()[0]);
  Operand left = in_temp ? exprInTemp(c.left()) : expr(c.left());
  if (n == 1) {
    uint8_t flags = left.is_temp && left.reg != dst ? kFreeB : 0;
    Ref k = hasConstantForm(operatorAt(0)) ? fold(c.comparators()[0]) : Ref();
    if (k && code().constant(k.get()) <= 0xFFFF) {
      code().emit(constantForm(compareOp(operatorAt(0))), dst, left.reg, code().constant(k.get()), flags);
    } else {
      Operand right = expr(c.comparators()[0]);
      code().at(here);
      if (right.is_temp && right.reg != dst) flags |= kFreeC;
      code().emit(compareOp(operatorAt(0)), dst, left.reg, right.reg, flags);
      free(right);
    }
    free(left);
    return;
  }
  // a < b < c: dst = a < b; if it is false stop; …
  Label end = code().label(), done = code().label();
  Operand result = fresh();
  Operand previous = left;
  for (size_t i = 0; i < n; ++i) {
    Operand right = i + 1 < n ? exprInTemp(c.comparators()[i]) : expr(c.comparators()[i]);
    code().at(here);
    code().emit(compareOp(operatorAt(i)), result.reg, previous.reg, right.reg);
    if (previous.is_temp) code().emit(Op::kClear, previous.reg);
    if (i + 1 < n) {
      code().jumpIf(Op::kJumpIf, result.reg, end, 0);
    } else if (right.is_temp) {
      code().emit(Op::kClear, right.reg);
    }
    previous = right;
  }
  code().jump(done);
  code().bind(end);
  for (uint32_t r = result.reg + 1u; r <= previous.reg && previous.is_temp; ++r) code().emit(Op::kClear, r);
  if (left.is_temp) code().emit(Op::kClear, left.reg);
  for (uint32_t r = result.reg + 1u; r < code().depth(); ++r) code().emit(Op::kClear, r);
  code().bind(done);
  code().emit(Op::kTake, dst, result.reg);
  free(result);
  free(left);
}

void Compiler::boolOpTo(NodeId node, uint16_t dst) {
  auto b = ast_.as<ast::BoolOp>(node);
  Label end = code().label();
  Operand t = fresh();
  std::vector<bool> saved;
  for (size_t i = 0; i < b.values().size(); ++i) {
    exprTo(b.values()[i], t.reg);
    if (i == 0) saved = unit_->bound;
    if (i + 1 == b.values().size()) break;
    code().jumpIf(Op::kJumpIf, t.reg, end, b.op() == ast::BoolOperator::kOr ? kWhenTrue : 0);
  }
  unit_->bound = saved;
  code().bind(end);
  code().emit(Op::kTake, dst, t.reg);
  free(t);
}

void Compiler::ifExpTo(NodeId node, uint16_t dst) {
  auto e = ast_.as<ast::IfExp>(node);
  Label otherwise = code().label(), end = code().label();
  Operand t = fresh();
  jumpIf(e.test(), otherwise, false);
  std::vector<bool> saved = unit_->bound;
  exprTo(e.body(), t.reg);
  unit_->bound = saved;
  code().jump(end);
  code().bind(otherwise);
  exprTo(e.orelse(), t.reg);
  unit_->bound = saved;
  code().bind(end);
  code().emit(Op::kTake, dst, t.reg);
  free(t);
}

// --- conditions
void Compiler::jumpIfCompare(NodeId node, Label target, bool when) {
  auto c = ast_.as<ast::Compare>(node);
  auto op = static_cast<ast::CompareOperator>(c.ops()[0].value);
  NodeId right_node = c.comparators()[0];
  uint8_t flags = when ? kWhenTrue : 0;
  if (op == ast::CompareOperator::kIs || op == ast::CompareOperator::kIsNot) {
    bool wanted = (op == ast::CompareOperator::kIs) == when;
    Operand left = mayWrite(right_node) ? exprInTemp(c.left()) : expr(c.left());
    uint8_t f = (wanted ? kWhenTrue : 0) | (left.is_temp ? kFreeA : 0);
    bool is_none = ast_.is(right_node, NodeKind::kConstant) && ast_.as<ast::Constant>(right_node).constantKind() == ast::ConstantKind::kNone;
    if (is_none) {
      code().jumpIf(Op::kJumpIfNone, left.reg, target, f);
    } else {
      Operand right = expr(right_node);
      code().jumpCompare(Op::kJumpIfIs, left.reg, right.reg, target, f | (right.is_temp ? kFreeB : 0));
      free(right);
    }
    free(left);
    return;
  }
  static constexpr Op kJumps[] = {Op::kJumpIfEq, Op::kJumpIfNe, Op::kJumpIfLt, Op::kJumpIfLe, Op::kJumpIfGt, Op::kJumpIfGe};
  SourcePosition here = code().position();
  Operand left = mayWrite(right_node) ? exprInTemp(c.left()) : expr(c.left());
  if (left.is_temp) flags |= kFreeA;
  Op jump = kJumps[static_cast<int>(op)];
  Ref k = fold(right_node);
  code().at(here);
  if (k && code().constant(k.get()) <= 0xFFFF) {
    code().jumpCompare(constantForm(jump), left.reg, code().constant(k.get()), target, flags);
  } else {
    Operand right = expr(right_node);
    code().at(here);
    code().jumpCompare(jump, left.reg, right.reg, target, flags | (right.is_temp ? kFreeB : 0));
    free(right);
  }
  free(left);
}

void Compiler::jumpIf(NodeId node, Label target, bool when) {
  position(node);
  switch (ast_.kind(node)) {
    case NodeKind::kUnaryOp:
      if (ast_.as<ast::UnaryOp>(node).op() == ast::UnaryOperator::kNot) return jumpIf(ast_.as<ast::UnaryOp>(node).operand(), target, !when);
      break;
    case NodeKind::kBoolOp: {
      auto b = ast_.as<ast::BoolOp>(node);
      bool is_or = b.op() == ast::BoolOperator::kOr;
      std::vector<bool> saved;
      if (is_or == when) {
        for (size_t i = 0; i < b.values().size(); ++i) {
          jumpIf(b.values()[i], target, when);
          if (i == 0) saved = unit_->bound;
        }
      } else {
        Label skip = code().label();
        for (size_t i = 0; i < b.values().size(); ++i) {
          bool last = i + 1 == b.values().size();
          jumpIf(b.values()[i], last ? target : skip, last ? when : !when);
          if (i == 0) saved = unit_->bound;
        }
        code().bind(skip);
      }
      unit_->bound = saved;
      return;
    }
    case NodeKind::kCompare: {
      auto c = ast_.as<ast::Compare>(node);
      if (c.comparators().size() == 1 && static_cast<ast::CompareOperator>(c.ops()[0].value) < ast::CompareOperator::kIn) return jumpIfCompare(node, target, when);
      break;
    }
    default: break;
  }
  Operand v = expr(node);
  code().jumpIf(Op::kJumpIf, v.reg, target, (when ? kWhenTrue : 0) | (v.is_temp ? kFreeA : 0));
  free(v);
}

// --- attributes and items
void Compiler::attributeTo(NodeId node, uint16_t dst) {
  auto a = ast_.as<ast::Attribute>(node);
  SourcePosition here = code().position();
  Operand v = expr(a.value());
  code().at(here);
  code().emit(Op::kLoadAttr, dst, v.reg, code().cache(mangled(ast::nameOf(ast_, a.attr()))), v.is_temp && v.reg != dst ? kFreeB : 0);
  free(v);
}

void Compiler::sliceTo(NodeId node, uint16_t dst) {
  auto s = ast_.as<ast::Slice>(node);
  uint32_t count = s.step().valid() ? 3 : 2;
  uint16_t first = code().temp(count);
  code().freeTo(first);
  uint32_t i = 0;
  for (NodeId part : {s.lower(), s.upper(), s.step()}) {
    if (i == count) break;
    uint16_t r = code().temp();
    if (part.valid()) exprTo(part, r);
    else code().emit(Op::kLoadNone, r);
    ++i;
  }
  code().emit(Op::kBuildSlice, dst, first, count);
  code().freeTo(first);
}

void Compiler::subscriptTo(NodeId node, uint16_t dst) {
  auto s = ast_.as<ast::Subscript>(node);
  SourcePosition here = code().position();
  Operand v = mayWrite(s.slice()) ? exprInTemp(s.value()) : expr(s.value());
  uint8_t flags = v.is_temp && v.reg != dst ? kFreeB : 0;
  Ref k = ast_.is(s.slice(), NodeKind::kSlice) ? Ref() : fold(s.slice());
  if (k && code().constant(k.get()) <= 0xFFFF) {
    code().at(here);
    code().emit(Op::kGetItemK, dst, v.reg, code().constant(k.get()), flags);
  } else {
    Operand key = expr(s.slice());
    code().at(here);
    code().emit(Op::kGetItem, dst, v.reg, key.reg, flags | (key.is_temp && key.reg != dst ? kFreeC : 0));
    free(key);
  }
  free(v);
}

// --- displays
void Compiler::elementsTo(NodeList elements, uint16_t dst, NodeKind kind) {
  bool starred = elements.size() > 1000;
  for (NodeId e : elements) starred = starred || ast_.is(e, NodeKind::kStarred);
  if (!starred) {
    uint16_t first = code().temp(static_cast<uint32_t>(elements.size()) + 1);
    code().freeTo(first);
    for (NodeId e : elements) {
      uint16_t r = code().temp();
      exprTo(e, r);
    }
    code().emit(kind == NodeKind::kList ? Op::kBuildList : kind == NodeKind::kSet ? Op::kBuildSet : Op::kBuildTuple, dst, first,
                static_cast<uint32_t>(elements.size()));
    code().freeTo(first);
    return;
  }
  Operand list = fresh();
  bool is_set = kind == NodeKind::kSet;
  code().emit(is_set ? Op::kBuildSet : Op::kBuildList, list.reg, list.reg, 0);
  for (NodeId e : elements) {
    bool star = ast_.is(e, NodeKind::kStarred);
    Operand v = exprInTemp(star ? ast_.as<ast::Starred>(e).value() : e);
    Op op = is_set ? (star ? Op::kSetUpdate : Op::kSetAdd) : (star ? Op::kListExtend : Op::kListAppend);
    code().emit(op, list.reg, v.reg, 0, kFreeB);
    free(v);
  }
  if (kind == NodeKind::kTuple) code().emit(Op::kListToTuple, list.reg, list.reg);
  code().emit(Op::kTake, dst, list.reg);
  free(list);
}
void Compiler::displayTo(NodeId node, uint16_t dst) { elementsTo(ast_.list(node, 0), dst, ast_.kind(node)); }

void Compiler::dictTo(NodeId node, uint16_t dst) {
  auto d = ast_.as<ast::Dict>(node);
  size_t n = d.values().size();
  bool plain = n <= 30;
  for (NodeId k : d.keys()) plain = plain && k.valid();
  if (plain) {
    uint16_t first = code().temp(static_cast<uint32_t>(2 * n) + 1);
    code().freeTo(first);
    for (size_t i = 0; i < n; ++i) {
      uint16_t k = code().temp();
      exprTo(d.keys()[i], k);
      uint16_t v = code().temp();
      exprTo(d.values()[i], v);
    }
    code().emit(Op::kBuildMap, dst, first, static_cast<uint32_t>(n));
    code().freeTo(first);
    return;
  }
  Operand map = fresh();
  code().emit(Op::kBuildMap, map.reg, map.reg, 0);
  for (size_t i = 0; i < n; ++i) {
    if (!d.keys()[i].valid()) {
      Operand v = exprInTemp(d.values()[i]);
      code().emit(Op::kDictUpdate, map.reg, v.reg, 0, kFreeB);
      free(v);
      continue;
    }
    Operand k = exprInTemp(d.keys()[i]);
    Operand v = exprInTemp(d.values()[i]);
    code().emit(Op::kMapAdd, map.reg, k.reg, v.reg, kFreeB | kFreeC);
    free(k);
  }
  code().emit(Op::kTake, dst, map.reg);
  free(map);
}

// --- strings
void Compiler::formattedTo(NodeId node, uint16_t dst) {
  auto f = ast_.as<ast::FormattedValue>(node);
  uint32_t conversion = f.conversion() == 0xffffffffu ? 0 : f.conversion();
  SourcePosition here = code().position();
  Operand v = f.formatSpec().valid() ? exprInTemp(f.value()) : expr(f.value());
  code().at(here);
  if (!f.formatSpec().valid()) {
    code().emit(Op::kFormatValue, dst, v.reg, conversion, v.is_temp && v.reg != dst ? kFreeB : 0);
    free(v);
    return;
  }
  if (conversion != 0) code().emit(Op::kFormatValue, v.reg, v.reg, conversion | 0x100);
  Operand spec = exprInTemp(f.formatSpec());
  code().at(here);
  code().emit(Op::kFormatWithSpec, dst, v.reg, spec.reg, (v.reg != dst ? kFreeB : 0) | (spec.reg != dst ? kFreeC : 0));
  free(v);
}

void Compiler::joinedTo(NodeId node, uint16_t dst) {
  NodeList values = ast_.as<ast::JoinedStr>(node).values();
  if (values.empty()) return constantTo(t_.isolate->empty_str, dst);
  if (values.size() == 1) return exprTo(values[0], dst);
  uint16_t first = code().temp(static_cast<uint32_t>(values.size()));
  code().freeTo(first);
  for (NodeId v : values) {
    uint16_t r = code().temp();
    exprTo(v, r);
  }
  code().emit(Op::kBuildString, dst, first, static_cast<uint32_t>(values.size()));
  code().freeTo(first);
}

// t-strings: Template(*parts), each Interpolation(value, text, conversion, spec).
void Compiler::templateTo(NodeId node, uint16_t dst) {
  NodeList values = ast_.as<ast::TemplateStr>(node).values();
  uint16_t first = code().temp(static_cast<uint32_t>(values.size()) + 1);
  code().freeTo(first);
  for (NodeId v : values) {
    uint16_t r = code().temp();
    auto i = ast_.tryAs<ast::Interpolation>(v);
    if (!i) {
      exprTo(v, r);
      continue;
    }
    uint16_t parts = code().temp(4);
    code().freeTo(parts);
    exprTo(i->value(), code().temp());
    constantTo(newStr(t_, ast_.string(i->source())).get(), code().temp());
    uint16_t conversion = code().temp();
    if (i->conversion() == 0xffffffffu) code().emit(Op::kLoadNone, conversion);
    else constantTo(strFromChar(t_, i->conversion()).get(), conversion);
    uint16_t spec = code().temp();
    if (i->formatSpec().valid()) exprTo(i->formatSpec(), spec);
    else constantTo(t_.isolate->empty_str, spec);
    code().emit(Op::kBuildTuple, r, parts, 4);
    code().emit(Op::kIntrinsic, r, r, static_cast<uint32_t>(bytecode::Intrinsic::kInterpolation));
    code().freeTo(r + 1u);
  }
  code().emit(Op::kBuildTuple, first, first, static_cast<uint32_t>(values.size()));
  code().emit(Op::kIntrinsic, dst, first, static_cast<uint32_t>(bytecode::Intrinsic::kTemplate), dst == first ? 0 : kFreeB);
  code().freeTo(first);
}

void Compiler::namedExprTo(NodeId node, uint16_t dst) {
  auto n = ast_.as<ast::NamedExpr>(node);
  Operand v = exprInTemp(n.value());
  assign(n.target(), {v.reg, false});
  moveTo(v, dst);
  free(v);
}

}  // namespace krait::compile
